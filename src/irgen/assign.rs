//! Assignments (specification, "Assignment statements"): first the operands on the left and the values on the right in
//! order, then the stores from left to right.

use ir::{Intrinsic, Type, Value};
use syntax::ast::{BinaryOp, ExprId, ExprKind, ExprList};
use types::{TypeId, TypeKind};

use crate::func::FuncGen;

/// Objects from this size on are copied in memory instead of through a value.
const BIG_BYTES: u64 = 128;

/// The left side of an assignment with its operands evaluated.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// `_`
    Blank,
    Addr(Value),
    /// `*p`: checked when it is stored to.
    Pointer(Value),
    /// `p.f`: checked when it is stored to.
    Field {
        base: Value,
        of: Type,
        index: u32,
    },
    /// `x[i]`: checked when it is used.
    Elem {
        base: Value,
        len: Value,
        index: Value,
        signed: bool,
        elem: Type,
        nil_check: bool,
    },
    /// `m[k]`; the key is in memory.
    Map {
        map: Value,
        ty: TypeId,
        key: Value,
    },
}

impl FuncGen<'_, '_, '_> {
    /// Evaluates the operands of a left side.
    pub fn place(&mut self, e: ExprId) -> Place {
        let e = self.tree.unparen(e);
        let pos = self.tree[e].pos;
        self.at(pos);
        match self.tree[e].kind {
            ExprKind::Name(name) if name.is_blank() => Place::Blank,
            ExprKind::Star(x) => Place::Pointer(self.expr(x)),
            ExprKind::Index { x, args, .. } => {
                let index = self.tree.exprs(args)[0];
                let x_ty = self.ty(x);
                match self.g.under(x_ty) {
                    TypeKind::Map { key, .. } => {
                        let key_ty = self.g.canonical(key);
                        let map = self.expr(x);
                        let key = self.expr_as(index, key_ty);
                        Place::Map { map, ty: x_ty, key }
                    }
                    _ => self.index_place(x, index),
                }
            }
            ExprKind::Selector { x, .. } => match self.field_place(e, x) {
                Some(place) => place,
                None => Place::Addr(self.addr(e)),
            },
            _ => Place::Addr(self.addr(e)),
        }
    }

    /// `p.f` for a pointer p that is dereferenced for the field itself.
    fn field_place(&mut self, e: ExprId, x: ExprId) -> Option<Place> {
        let &[index] = &*self.info.selection(e)?.path else { return None };
        let x_ty = self.ty(x);
        let TypeKind::Pointer(elem) = self.g.under(x_ty) else { return None };
        let elem = self.g.canonical(elem);
        let of = self.repr(elem);
        Some(Place::Field { base: self.expr(x), of, index })
    }

    /// The address of a place, after its checks. Not for map elements.
    pub fn place_addr(&mut self, place: Place) -> Value {
        match place {
            Place::Blank | Place::Map { .. } => self.null(),
            Place::Addr(addr) => addr,
            Place::Pointer(ptr) => {
                self.nil_check(ptr);
                ptr
            }
            Place::Field { base, of, index } => {
                self.nil_check(base);
                self.field_addr(of, base, index)
            }
            Place::Elem { base, len, index, signed, elem, nil_check } => {
                if nil_check {
                    self.nil_check(base);
                }
                self.check_index(index, len, signed);
                self.elem_addr(elem, base, index)
            }
        }
    }

    /// Stores to a place.
    pub fn assign(&mut self, place: Place, value: Value) {
        match place {
            Place::Blank => {}
            Place::Map { map, ty, key } => self.map_store(map, ty, key, value),
            _ => {
                let addr = self.place_addr(place);
                self.store_place(addr, value);
            }
        }
    }

    /// Type of a left side; that of the right one for `_`.
    fn place_type(&mut self, e: ExprId, right: TypeId) -> TypeId {
        let inner = self.tree.unparen(e);
        if self.tree.name(inner).is_some_and(|n| n.is_blank()) { right } else { self.ty(e) }
    }

    /// `a, b = c, d`
    pub fn assign_stmt(&mut self, lhs: ExprList, rhs: ExprList) {
        let (lhs, rhs) = (self.tree.exprs(lhs), self.tree.exprs(rhs));
        if let ([left], [right]) = (lhs, rhs) {
            return self.assign_one(*left, *right);
        }
        let places: Vec<Place> = lhs.iter().map(|&e| self.place(e)).collect();
        let mut values = Vec::new();
        if let [right] = rhs {
            for ((value, from), &left) in self.values(*right, lhs.len()).into_iter().zip(lhs) {
                let to = self.place_type(left, from);
                values.push(self.assign_conv(value, from, to));
            }
        } else {
            for (&right, &left) in rhs.iter().zip(lhs) {
                let from = self.ty(right);
                let to = self.place_type(left, from);
                values.push(self.expr_as(right, to));
            }
        }
        for (place, value) in places.into_iter().zip(values) {
            self.assign(place, value);
        }
    }

    fn assign_one(&mut self, left: ExprId, right: ExprId) {
        if self.tree.name(self.tree.unparen(left)).is_some_and(|n| n.is_blank()) {
            return self.effect(right);
        }
        let ty = self.ty(left);
        let place = self.place(left);
        if self.is_big(ty) && self.is_addressable(right) && !matches!(place, Place::Map { .. } | Place::Blank)
        {
            let from = self.addr(right);
            let to = self.place_addr(place);
            let repr = self.repr(ty);
            let size = self.size_const(repr);
            self.b().intrinsic_effect(Intrinsic::Memmove, [to, from, size]);
            return;
        }
        let value = self.expr_as(right, ty);
        self.assign(place, value);
    }

    pub fn is_big(&mut self, ty: TypeId) -> bool {
        let repr = self.repr(ty);
        self.g.program.types.size(repr) >= BIG_BYTES
    }

    /// A fresh variable's memory gets its first value; composite literals are built in place.
    pub fn init_place(&mut self, addr: Value, ty: TypeId, e: ExprId) {
        let inner = self.tree.unparen(e);
        if let ExprKind::Composite { .. } = self.tree[inner].kind
            && self.ty(inner) == ty
            && matches!(self.g.under(ty), TypeKind::Struct(_) | TypeKind::Array { .. })
        {
            return self.composite_into(inner, ty, addr);
        }
        if self.is_big(ty) && self.is_addressable(e) && self.ty(e) == ty {
            let from = self.addr(e);
            let repr = self.repr(ty);
            let size = self.size_const(repr);
            self.b().intrinsic_effect(Intrinsic::Memmove, [addr, from, size]);
            return;
        }
        let value = self.expr_as(e, ty);
        self.store_place(addr, value);
    }

    /// `x op= y`, `x++`: the operands of x are evaluated once.
    pub fn op_assign(&mut self, op: BinaryOp, x: ExprId, y: Option<ExprId>) {
        let ty = self.ty(x);
        let place = self.place(x);
        let old = |f: &mut Self, place: Place| match place {
            Place::Map { map, ty: map_ty, key } => (None, f.map_load_key(map, map_ty, key)),
            _ => {
                let addr = f.place_addr(place);
                (Some(addr), f.load_place(addr, ty))
            }
        };
        let (addr, left, value) = match y {
            None => {
                let (addr, value) = old(self, place);
                let one = self.one(ty);
                (addr, value, one)
            }
            Some(y) if op.is_shift() => {
                let count_ty = self.ty(y);
                let (signed, count_signed) = (!self.g.is_unsigned(ty), !self.g.is_unsigned(count_ty));
                let count = self.expr(y);
                let (addr, value) = old(self, place);
                let shifted = self.shift(op == BinaryOp::Shl, signed, value, count, count_signed);
                return self.finish_op_assign(place, addr, shifted);
            }
            Some(y) => {
                // The right operand may call a function that changes x.
                let operand = self.expr_as(y, ty);
                let (addr, value) = old(self, place);
                (addr, value, operand)
            }
        };
        let result = self.binary_op(op, ty, left, value);
        self.finish_op_assign(place, addr, result);
    }

    fn finish_op_assign(&mut self, place: Place, addr: Option<Value>, value: Value) {
        match addr {
            Some(addr) => self.store_place(addr, value),
            None => self.assign(place, value),
        }
    }

    /// The number 1 of a numeric type.
    fn one(&mut self, ty: TypeId) -> Value {
        let one = types::Value::Int(1);
        self.const_value(&one, ty)
    }
}
