//! Selectors: fields through embedding, qualified identifiers, method values and method expressions.

use ir::Value;
use syntax::ast::{ExprId, ExprKind};
use types::{SelectionKind, TypeId, TypeKind};

use crate::func::FuncGen;

/// A struct (or what stands in for it) on the way along a path of fields.
#[derive(Clone, Copy)]
pub(crate) enum Operand {
    /// In memory, at this address.
    Addr(Value),
    Value(Value),
}

impl FuncGen<'_, '_, '_> {
    /// `x.f` as a value.
    pub fn selector(&mut self, e: ExprId) -> Value {
        let Some(selection) = self.info.selection(e) else { return self.name(e) };
        let ExprKind::Selector { x, .. } = self.tree[e].kind else { return self.name(e) };
        match selection.kind {
            SelectionKind::Field => {
                let (operand, ty) = self.operand(x);
                let (operand, ty) = self.walk(operand, ty, &selection.path);
                self.operand_value(operand, ty)
            }
            SelectionKind::Method { .. } | SelectionKind::InterfaceMethod { .. } => self.method_value(e, x),
            SelectionKind::MethodExpr { .. } | SelectionKind::InterfaceMethodExpr { .. } => {
                self.method_expr(e)
            }
        }
    }

    /// Address of the field `x.f`, or of a qualified variable.
    pub fn selector_addr(&mut self, e: ExprId) -> Value {
        let Some(selection) = self.info.selection(e) else {
            return match self.info.object(e).and_then(|obj| self.variable(obj)) {
                Some(addr) => addr,
                None => self.null(),
            };
        };
        let ExprKind::Selector { x, .. } = self.tree[e].kind else { return self.null() };
        let (operand, ty) = self.operand(x);
        match self.walk(operand, ty, &selection.path).0 {
            Operand::Addr(addr) => addr,
            Operand::Value(value) => self.temp_with(value),
        }
    }

    /// An expression in memory if it is there, else its value; with its type.
    pub fn operand(&mut self, x: ExprId) -> (Operand, TypeId) {
        let ty = self.ty(x);
        let is_pointer = matches!(self.g.under(ty), TypeKind::Pointer(_));
        if self.is_addressable(x) && !is_pointer {
            (Operand::Addr(self.addr(x)), ty)
        } else {
            (Operand::Value(self.expr(x)), ty)
        }
    }

    pub fn operand_value(&mut self, operand: Operand, ty: TypeId) -> Value {
        match operand {
            Operand::Addr(addr) => self.load_place(addr, ty),
            Operand::Value(value) => value,
        }
    }

    /// Follows field indices, dereferencing pointers on the way.
    pub fn walk(&mut self, operand: Operand, ty: TypeId, path: &[u32]) -> (Operand, TypeId) {
        let (mut operand, mut ty) = (operand, ty);
        for &index in path {
            (operand, ty) = self.deref(operand, ty);
            let TypeKind::Struct(fields) = self.g.under(ty) else { return (operand, ty) };
            let repr = self.repr(ty);
            operand = match operand {
                Operand::Addr(addr) => Operand::Addr(self.field_addr(repr, addr, index)),
                Operand::Value(value) => Operand::Value(self.extract(value, index)),
            };
            ty = self.g.canonical(fields[index as usize].ty);
        }
        (operand, ty)
    }

    /// What a pointer points to; anything else as it is.
    pub fn deref(&mut self, operand: Operand, ty: TypeId) -> (Operand, TypeId) {
        let TypeKind::Pointer(elem) = self.g.under(ty) else { return (operand, ty) };
        let elem = self.g.canonical(elem);
        let ptr = self.operand_value(operand, ty);
        self.nil_check(ptr);
        (Operand::Addr(ptr), elem)
    }
}
