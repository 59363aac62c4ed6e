//! Range clauses (specification: "For statements with range clause").

use crate::ctx::Ctx;
use crate::object::{ObjKind, VarKind};
use crate::operand::Operand;
use crate::ty::*;
use syntax::ast::{ExprId, ExprList};

/// What ranging over a type yields.
struct Yield {
    key: Option<TypeId>,
    value: Option<TypeId>,
    /// Integer ranges: the iteration variable takes the type of the operand.
    integer: bool,
}

impl Ctx<'_> {
    pub fn range_clause(&mut self, define: bool, lhs: ExprList, range: ExprId) {
        let lhs = self.tree.exprs(lhs);
        let mut x = self.expr(range, None);
        let mut yields = None;
        if !x.is_invalid() {
            yields = self.range_over(&x);
        }
        if let Some(&extra) = lhs.get(2) {
            self.error_at(extra, "range clause permits at most two iteration variables");
        }
        if let Some(y) = &yields {
            let permitted = [y.key, y.value].iter().flatten().count();
            if let Some(&extra) = lhs.get(permitted).filter(|_| lhs.len() <= 2) {
                let what = self.os(&x);
                let number =
                    if permitted == 0 { "no iteration variables" } else { "only one iteration variable" };
                self.error_at(extra, format!("range over {what} permits {number}"));
            }
        }
        let types = match &yields {
            Some(y) => [y.key, y.value],
            None => [None, None],
        };
        let integer = yields.as_ref().is_some_and(|y| y.integer);
        if define {
            self.define_range_vars(lhs, types, integer, &mut x);
        } else {
            self.assign_range_vars(lhs, types, integer, &mut x);
        }
        if integer && self.c.store.is_untyped(x.ty) {
            let ty = self.c.store.default_type(x.ty);
            self.convert_untyped(&mut x, ty);
        }
        if !integer && x.is_const() && self.c.store.is_untyped(x.ty) {
            let ty = self.c.store.default_type(x.ty);
            self.update_type(range, ty, true);
        }
    }

    fn define_range_vars(
        &mut self,
        lhs: &[ExprId],
        types: [Option<TypeId>; 2],
        integer: bool,
        x: &mut Operand,
    ) {
        let (mut vars, mut valid) = (Vec::new(), true);
        for (i, &e) in lhs.iter().enumerate().take(2) {
            let Some(ident) = self.ident(e) else {
                let text = self.es(e);
                self.error_at(e, format!("non-name {text} on left side of :="));
                continue;
            };
            let obj = self.new_local(e, ident.name, TypeId::INVALID, VarKind::Local);
            match types[i] {
                Some(ty) if integer => {
                    let mut x = x.clone();
                    x.expr = self.tree.unparen(x.expr);
                    let ty = self.c.store.default_type(ty);
                    self.c.store.obj_mut(obj).ty = ty;
                    self.assignment(&mut x, Some(ty), "range clause");
                    valid &= !x.is_invalid();
                }
                Some(ty) => self.c.store.obj_mut(obj).ty = ty,
                None => {
                    // An error that is reported.
                    if let ObjKind::Var(v) = &mut self.c.store.obj_mut(obj).kind {
                        v.used = true;
                    }
                }
            }
            vars.push(obj);
        }
        for obj in vars {
            self.declare(obj);
        }
        if !valid {
            x.invalidate();
        }
    }

    fn assign_range_vars(
        &mut self,
        lhs: &[ExprId],
        types: [Option<TypeId>; 2],
        integer: bool,
        x: &mut Operand,
    ) {
        for (i, &e) in lhs.iter().enumerate().take(2) {
            match types[i] {
                Some(_) if integer => match self.lhs_type(e) {
                    Ok(Some(ty)) => {
                        self.assignment(x, Some(ty), "range clause");
                    }
                    _ => self.assignment(x, None, "range clause"),
                },
                Some(ty) => {
                    let mut y = Operand::value(ty, e);
                    if let Ok(Some(to)) = self.lhs_type(e) {
                        self.assignment(&mut y, Some(to), "assignment");
                    }
                }
                None => {
                    let _ = self.lhs_type(e);
                }
            }
        }
    }

    fn range_over(&mut self, x: &Operand) -> Option<Yield> {
        let problem = match self.c.store.core_type(x.ty) {
            None => match self.no_common_underlying(x.ty) {
                why if why.is_empty() => ": no core type".to_owned(),
                why => why,
            },
            Some(core) => match self.range_over_core(x, core) {
                Ok(y) => return Some(y),
                Err(why) => why,
            },
        };
        let what = self.os(x);
        self.error_at(x.expr, format!("cannot range over {what}{problem}"));
        None
    }

    fn range_over_core(&mut self, x: &Operand, core: TypeId) -> Result<Yield, String> {
        let int = Some(Basic::Int.id());
        let plain = |key, value| Ok(Yield { key, value, integer: false });
        match self.c.store.kind(core).clone() {
            TypeKind::Basic(b) if b.is_string() => plain(int, Some(self.c.store.rune)),
            TypeKind::Basic(b) if b.is_integer() => {
                self.range_version((1, 22))?;
                Ok(Yield { key: Some(x.ty), value: None, integer: true })
            }
            TypeKind::Array { elem, .. } | TypeKind::Slice(elem) => plain(int, Some(elem)),
            TypeKind::Pointer(p) => match *self.c.store.underlying_kind(p) {
                TypeKind::Array { elem, .. } => plain(int, Some(elem)),
                _ => Err(String::new()),
            },
            TypeKind::Map { key, value } => plain(Some(key), Some(value)),
            TypeKind::Chan { dir: ChanDir::Send, .. } => {
                Err(format!(": receive from send-only channel {}", self.ts(x.ty)))
            }
            TypeKind::Chan { elem, .. } => plain(Some(elem), None),
            TypeKind::Signature(sig) => {
                self.range_version((1, 23))?;
                self.range_over_func(&sig)
            }
            _ => Err(String::new()),
        }
    }

    fn range_version(&mut self, version: (u32, u32)) -> Result<(), String> {
        if self.go_version >= version {
            return Ok(());
        }
        let declared = self.c.store.package(self.pkg).files[self.file as usize].file.go_version;
        let reason = match declared {
            Some((major, minor)) => format!("file declares //go:build go{major}.{minor}"),
            None => format!("-lang was set to go{}.{}; check go.mod", self.go_version.0, self.go_version.1),
        };
        Err(format!(": requires go{}.{} or later ({reason})", version.0, version.1))
    }

    fn range_over_func(&mut self, sig: &Signature) -> Result<Yield, String> {
        let err = |why: &str| Err(format!(": func must be func(yield func(...) bool): {why}"));
        if sig.params.len() != 1 {
            return err("wrong argument count");
        }
        if !sig.results.is_empty() {
            return err("unexpected results");
        }
        let core = self.c.store.core_type(sig.params[0].ty);
        let Some(inner) = core.and_then(|t| self.c.store.signature(t)) else {
            return err("argument is not func");
        };
        if inner.params.len() > 2 {
            return err("yield func has too many parameters");
        }
        if inner.results.len() != 1 || !self.c.store.is_boolean(inner.results[0].ty) {
            return err("yield func does not return bool");
        }
        let ty = |i: usize| inner.params.get(i).map(|p| p.ty);
        Ok(Yield { key: ty(0), value: ty(1), integer: false })
    }
}
