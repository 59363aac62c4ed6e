//! Expressions that are data: initial values of variables and constant tables, without code.

use ir::Const;
use syntax::ast::{ExprId, ExprKind, Tree, UnaryOp};
use types::{Info, Mode, ObjKind, TypeId, TypeKind};

use crate::arith::Num;
use crate::func::Env;
use crate::program::Gen;

/// A tree and the facts about it.
#[derive(Clone, Copy)]
pub(crate) struct Source<'u> {
    pub tree: &'u Tree,
    pub info: &'u Info,
}

impl Source<'_> {
    /// Elements of an array or slice literal with their indices.
    pub fn array_elems(&self, e: ExprId) -> Vec<(u64, ExprId)> {
        let ExprKind::Composite { elems, .. } = self.tree[e].kind else { return Vec::new() };
        let mut next = 0;
        let mut out = Vec::new();
        for &elem in self.tree.exprs(elems) {
            let value = match self.tree[elem].kind {
                ExprKind::KeyValue { key, value } => {
                    if let Some(index) = self.info.value(key).and_then(types::Value::as_u64) {
                        next = index;
                    }
                    value
                }
                _ => elem,
            };
            out.push((next, value));
            next += 1;
        }
        out
    }

    /// Whether a key of a struct literal is a promoted field (since Go 1.27).
    pub fn has_promoted(&self, e: ExprId) -> bool {
        let ExprKind::Composite { elems, .. } = self.tree[e].kind else { return false };
        self.tree.exprs(elems).iter().any(|&elem| self.field_path(elem).len() > 1)
    }

    /// The way to the field that an element of a struct literal with keys is for.
    pub fn field_path(&self, elem: ExprId) -> &[u32] {
        match self.tree[elem].kind {
            ExprKind::KeyValue { key, .. } => self.info.selection(key).map_or(&[], |s| &s.path),
            _ => &[],
        }
    }

    /// Fields of a struct literal: index and value.
    pub fn struct_elems(&self, e: ExprId, fields: &[types::Field]) -> Vec<(usize, ExprId)> {
        let ExprKind::Composite { elems, .. } = self.tree[e].kind else { return Vec::new() };
        let mut out = Vec::new();
        for (i, &elem) in self.tree.exprs(elems).iter().enumerate() {
            match self.tree[elem].kind {
                ExprKind::KeyValue { key, value } => {
                    let name = self.tree.name(key);
                    if let Some(index) = fields.iter().position(|f| Some(f.name) == name) {
                        out.push((index, value));
                    }
                }
                _ => out.push((i, elem)),
            }
        }
        out
    }
}

impl Gen<'_> {
    /// The data that an expression of type `ty` is. With `once` the expression is evaluated once in the program, so that
    /// `&T{}` and slices may be variables of their own.
    pub fn static_data(
        &mut self,
        s: Source<'_>,
        env: &Env,
        e: ExprId,
        ty: TypeId,
        once: bool,
    ) -> Option<Const> {
        let e = s.tree.unparen(e);
        let tm = s.info.expr(e);
        if tm.mode == Mode::Nil {
            return Some(Const::Zero);
        }
        let own = self.default_type(tm.ty);
        let own = self.close(own, env);
        if self.is_interface(ty) && (!self.is_interface(own) || tm.mode == Mode::Const) {
            return self.static_eface(s, env, e, own, ty, once);
        }
        if tm.mode == Mode::Const {
            let value = s.info.value(e)?;
            return self.const_data(value, ty);
        }
        match s.tree[e].kind {
            ExprKind::Composite { ty: written, .. } => {
                // A literal whose type is left out has the element's type, or `&` of what that points to.
                let ty = if written.is_some() { own } else { ty };
                self.static_composite(s, env, e, ty, once)
            }
            ExprKind::Unary { op: UnaryOp::Addr, x } if once => self.static_address(s, env, x),
            ExprKind::FuncLit { .. } if once => None,
            ExprKind::Name(_) | ExprKind::Selector { .. } => {
                if s.info.instance(e).is_some() || s.info.selection(e).is_some() {
                    return None;
                }
                let obj = s.info.object(e)?;
                let is_func = matches!(self.checker.store.obj(obj).kind, ObjKind::Func(_));
                if !is_func || self.is_intrinsic(obj) {
                    return None;
                }
                let func = self.func_id(obj, &[])?;
                let value = self.func_value(func);
                Some(Const::Addr(value, 0))
            }
            ExprKind::Call { fun, args, .. } if s.info.expr(fun).mode == Mode::Type => {
                let [arg] = s.tree.exprs(args) else { return None };
                let arg_ty = self.close(s.info.ty(*arg), env);
                // A register's address, `(*UART_Type)(unsafe.Pointer(uintptr(0x40002000)))`: start-up code uses such
                // variables before any initialiser runs.
                let same_bits = self.is_address(own) && self.is_address(arg_ty)
                    || self.is_unsafe_pointer(own) && s.info.expr(*arg).mode == Mode::Const;
                if !same_bits && self.underlying(arg_ty) != self.underlying(own) {
                    return None;
                }
                self.static_data(s, env, *arg, arg_ty, once)
            }
            ExprKind::Slice { x, lo: None, hi: None, max: None, .. } if once => {
                let x_ty = self.close(s.info.ty(x), env);
                let TypeKind::Array { len, .. } = self.under(x_ty) else { return None };
                let base = self.static_address(s, env, x)?;
                let len = Const::Int(self.word_data(len as i64));
                Some(Const::Aggregate(vec![base, len.clone(), len]))
            }
            _ => None,
        }
    }

    fn static_composite(
        &mut self,
        s: Source<'_>,
        env: &Env,
        e: ExprId,
        ty: TypeId,
        once: bool,
    ) -> Option<Const> {
        match self.under(ty) {
            TypeKind::Struct(_) if s.has_promoted(e) => None,
            TypeKind::Struct(fields) => {
                let mut parts = vec![Const::Zero; fields.len()];
                for (index, value) in s.struct_elems(e, &fields) {
                    let field_ty = self.close(fields[index].ty, env);
                    let data = self.static_data(s, env, value, field_ty, once)?;
                    // A blank field stays zero.
                    if !fields[index].name.is_blank() {
                        parts[index] = data;
                    }
                }
                Some(simplify(parts))
            }
            TypeKind::Array { elem, len } => {
                let elem = self.close(elem, env);
                self.static_array(s, env, e, elem, len, once)
            }
            TypeKind::Slice(elem) if once => {
                let elem = self.close(elem, env);
                let len = s.array_elems(e).iter().map(|(i, _)| i + 1).max().unwrap_or(0);
                let data = self.static_array(s, env, e, elem, len, once)?;
                let repr = self.repr(elem);
                let array = self.program.types.array(repr, len);
                let name = self.owned_name("backing");
                let global = self.add_global(ir::Global { init: data, ..ir::Global::new(name, array) });
                let len = Const::Int(self.word_data(len as i64));
                Some(Const::Aggregate(vec![Const::Addr(global, 0), len.clone(), len]))
            }
            TypeKind::Pointer(elem) if once => {
                let elem = self.close(elem, env);
                let data = self.static_composite(s, env, e, elem, once)?;
                Some(self.static_object(elem, data))
            }
            _ => None,
        }
    }

    /// The elements of an array or slice literal as an array of `len` elements.
    pub fn static_array(
        &mut self,
        s: Source<'_>,
        env: &Env,
        e: ExprId,
        elem: TypeId,
        len: u64,
        once: bool,
    ) -> Option<Const> {
        let elems = s.array_elems(e);
        if elems.is_empty() || len > 1 << 24 {
            return (len <= 1 << 24).then_some(Const::Zero);
        }
        let mut parts = vec![Const::Zero; len as usize];
        for (index, value) in elems {
            *parts.get_mut(index as usize)? = self.static_data(s, env, value, elem, once)?;
        }
        let repr = self.repr(elem);
        if repr == ir::Type::I8 {
            let bytes: Option<Vec<u8>> = parts
                .iter()
                .map(|part| match part {
                    Const::Int(v) => Some(*v as u8),
                    Const::Zero => Some(0),
                    _ => None,
                })
                .collect();
            return bytes.map(Const::Bytes);
        }
        Some(simplify(parts))
    }

    fn static_address(&mut self, s: Source<'_>, env: &Env, x: ExprId) -> Option<Const> {
        let x = s.tree.unparen(x);
        match s.tree[x].kind {
            ExprKind::Composite { .. } => {
                let ty = self.close(s.info.ty(x), env);
                let data = self.static_composite(s, env, x, ty, true)?;
                Some(self.static_object(ty, data))
            }
            ExprKind::Name(_) => {
                let obj = s.info.object(x)?;
                let var = self.checker.store.obj(obj).var().copied()?;
                if var.kind != types::VarKind::Package {
                    return None;
                }
                let global = self.global(obj)?;
                Some(Const::Addr(global, 0))
            }
            ExprKind::Selector { .. } if s.info.selection(x).is_none() => {
                let obj = s.info.object(x)?;
                let global = self.global(obj)?;
                Some(Const::Addr(global, 0))
            }
            _ => None,
        }
    }

    fn static_object(&mut self, ty: TypeId, data: Const) -> Const {
        let repr = self.repr(ty);
        let name = self.owned_name("object");
        let global = self.add_global(ir::Global { init: data, ..ir::Global::new(name, repr) });
        Const::Addr(global, 0)
    }

    /// A constant in an interface without methods; those with methods need a method table, which is made later.
    fn static_eface(
        &mut self,
        s: Source<'_>,
        env: &Env,
        e: ExprId,
        own: TypeId,
        to: TypeId,
        once: bool,
    ) -> Option<Const> {
        if !once || !self.iface_methods(to).is_empty() || self.num(own) == Num::Other {
            return None;
        }
        let data = self.static_data(s, env, e, own, once)?;
        let repr = self.repr(own);
        self.converted_to_interface(own);
        let rtype = self.rtype(own);
        let boxed = self.constant(&self.owned_name("box"), repr, data);
        Some(Const::Aggregate(vec![Const::RType(rtype), Const::Addr(boxed, 0)]))
    }
}

/// Parts that are all zero are just zero.
fn simplify(parts: Vec<Const>) -> Const {
    let zero = |c: &Const| matches!(c, Const::Zero | Const::Int(0) | Const::Float(0));
    if parts.iter().all(zero) { Const::Zero } else { Const::Aggregate(parts) }
}
