//! Range clauses (specification: "For statements with range clause").

use crate::ctx::Ctx;
use crate::object::{ObjKind, VarKind};
use crate::operand::Operand;
use crate::ty::*;
use source::Pos;
use syntax::ast::{ExprId, ExprList};

/// What ranging over a type yields.
struct Yield {
    key: Option<TypeId>,
    value: Option<TypeId>,
    /// Integer ranges: the iteration variable takes the type of the operand.
    integer: bool,
}

impl Ctx<'_> {
    pub fn range_clause(&mut self, pos: Pos, define: bool, lhs: ExprList, range: ExprId) {
        let lhs = self.tree.exprs(lhs);
        let mut x = self.expr(range, None);
        let mut yields = None;
        if !x.is_invalid() {
            yields = self.range_over(&x);
        }
        if let Some(y) = &yields {
            let permitted = [y.key, y.value].iter().flatten().count();
            if let Some(&extra) = lhs.get(permitted.min(2)) {
                let what = self.os(&x);
                let message = match permitted {
                    0 => format!("range over {what} permits no iteration variables"),
                    1 => format!("range over {what} permits only one iteration variable"),
                    _ => "range clause permits at most two iteration variables".to_owned(),
                };
                self.error_at(extra, message);
            }
        }
        let types = match &yields {
            Some(y) => [y.key, y.value],
            None => [None, None],
        };
        let integer = yields.as_ref().is_some_and(|y| y.integer);
        if define {
            self.define_range_vars(lhs, types, integer, &x, pos);
        } else {
            self.assign_range_vars(lhs, types, integer, &mut x);
        }
        if integer && lhs.is_empty() {
            self.assignment(&mut x, None, "range clause");
        }
    }

    fn define_range_vars(
        &mut self,
        lhs: &[ExprId],
        types: [Option<TypeId>; 2],
        integer: bool,
        x: &Operand,
        pos: Pos,
    ) {
        let mut vars = Vec::new();
        for (i, &e) in lhs.iter().enumerate().take(2) {
            let obj = match self.ident(e) {
                Some(ident) => {
                    let obj = self.new_local(e, ident.name, TypeId::INVALID, VarKind::Local);
                    if !ident.name.is_blank() {
                        vars.push(obj);
                    }
                    obj
                }
                None => {
                    let text = self.es(e);
                    self.error_at(e, format!("invalid syntax tree: cannot declare {text}"));
                    let var = crate::object::Var::new(VarKind::Param, self.func_depth());
                    self.new_object(source::Name::BLANK, self.tree[e].pos, TypeId::INVALID, ObjKind::Var(var))
                }
            };
            match types[i] {
                Some(_) if integer => {
                    let mut x = x.clone();
                    x.expr = self.tree.unparen(x.expr);
                    self.init_var(obj, x, "range clause");
                }
                Some(ty) => self.c.store.obj_mut(obj).ty = ty,
                None => {
                    // An error that is reported.
                    if let ObjKind::Var(v) = &mut self.c.store.obj_mut(obj).kind {
                        v.used = true;
                    }
                }
            }
        }
        if vars.is_empty() {
            self.error(pos, "no new variables on left side of :=");
        }
        for obj in vars {
            self.declare(obj);
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
                        if !x.is_invalid() && !self.c.store.all_basic(x.ty, Basic::is_integer) {
                            let name = self.ts(x.ty);
                            self.error_at(e, format!("cannot use iteration variable of type {name}"));
                        }
                    }
                    _ => self.assignment(x, None, "range clause"),
                },
                Some(ty) => {
                    let mut y = Operand::value(ty, e);
                    if let Ok(Some(to)) = self.lhs_type(e) {
                        self.assignment(&mut y, Some(to), "assignment");
                    }
                }
                // An error that is reported.
                None => {}
            }
        }
    }

    fn range_over(&mut self, x: &Operand) -> Option<Yield> {
        let send_only =
            self.c.store.specific_types(x.ty).into_iter().find(|&t| {
                matches!(self.c.store.underlying_kind(t), TypeKind::Chan { dir: ChanDir::Send, .. })
            });
        let problem = match (send_only, self.c.store.common_underlying(x.ty)) {
            (Some(t), _) => format!(": receive from send-only channel {}", self.ts(t)),
            (_, Err(why)) => format!(": {}", self.no_common(why)),
            (_, Ok(core)) => match self.range_over_core(x, core) {
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
        let reason = self.c.version_reason(self.pkg, self.file);
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
        let core = match self.c.store.common_underlying(sig.params[0].ty) {
            Ok(core) => core,
            Err(why) => return err(&format!("in yield type, {}", self.no_common(why))),
        };
        let Some(inner) = self.c.store.signature(core) else { return err("argument is not func") };
        if inner.params.len() > 2 {
            return err("yield func has too many parameters");
        }
        match *inner.results {
            [Param { ty, .. }] if self.c.store.identical(ty, Basic::Bool.id()) => {}
            [Param { ty, .. }] if self.c.store.is_boolean(ty) => {
                return err("yield func returns user-defined boolean, not bool");
            }
            _ => return err("yield func does not return bool"),
        }
        if inner.variadic {
            return Err(format!(": yield func of type {} cannot be variadic", self.ts(core)));
        }
        let ty = |i: usize| inner.params.get(i).map(|p| p.ty);
        Ok(Yield { key: ty(0), value: ty(1), integer: false })
    }
}
