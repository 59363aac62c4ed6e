//! Index and slice expressions.

use ir::{Check, Type, Value};
use syntax::ast::ExprId;
use types::{Mode, TypeId, TypeKind};

use crate::arith::Num;
use crate::assign::Place;
use crate::func::FuncGen;

impl FuncGen<'_, '_, '_> {
    /// `x[i]` as a value; also an instance of a generic function.
    pub fn index(&mut self, e: ExprId, x: ExprId, index: ExprId) -> Value {
        if let TypeKind::Signature(_) = self.g.store().underlying_kind(self.info.ty(x)) {
            return self.expr(x);
        }
        let (x_ty, ty) = (self.ty(x), self.ty(e));
        match self.g.under(x_ty) {
            TypeKind::Map { value, .. } => {
                let value_ty = self.g.canonical(value);
                let map = self.expr(x);
                let value = self.map_load(map, x_ty, value_ty, index);
                return value;
            }
            TypeKind::Basic(_) => return self.index_string(x, index),
            TypeKind::Array { elem, len } if !self.is_addressable(x) => {
                return self.index_array_value(x, elem, len, index);
            }
            _ => {}
        }
        let place = self.index_place(x, index);
        let addr = self.place_addr(place);
        self.load_place(addr, ty)
    }

    fn index_string(&mut self, x: ExprId, index: ExprId) -> Value {
        let string = self.expr(x);
        let (i, signed) = self.index_value(index);
        let len = self.len_of(string);
        self.check_index(i, len, signed);
        let data = self.extract(string, 0);
        let addr = self.elem_addr(Type::I8, data, i);
        self.load(Type::I8, addr)
    }

    /// Indexing of an array that is not in memory, for instance the result of a call.
    fn index_array_value(&mut self, x: ExprId, elem: TypeId, len: u64, index: ExprId) -> Value {
        let elem = self.g.canonical(elem);
        let repr = self.repr(elem);
        let base = match self.constant_composite(x) {
            Some(global) => self.b().global(global),
            None => {
                let array = self.expr(x);
                if let Some(i) = self.const_index(index)
                    && i < len
                {
                    return self.extract(array, i as u32);
                }
                self.temp_with(array)
            }
        };
        let (i, signed) = self.index_value(index);
        let len = self.int_const(len as i64);
        self.check_index(i, len, signed);
        let addr = self.elem_addr(repr, base, i);
        self.load_place(addr, elem)
    }

    /// The index if it is constant.
    fn const_index(&self, index: ExprId) -> Option<u64> {
        match self.info.expr(index).mode {
            Mode::Const => self.info.value(index).and_then(types::Value::as_u64),
            _ => None,
        }
    }

    /// An index or length operand, at least as wide as `int`, and whether it is signed. Untyped constants are `int`.
    pub fn index_value(&mut self, index: ExprId) -> (Value, bool) {
        let ty = self.ty(index);
        let int = self.int();
        if self.info.expr(index).mode == Mode::Const
            && let Some(constant) = self.info.value(index).and_then(types::Value::as_i64)
        {
            return (self.iconst(int, crate::constant::sign_extend(constant as u64, int)), true);
        }
        let value = self.expr(index);
        let signed = self.g.num(ty) == (Num::Int { signed: true });
        if self.value_ty(value).bits() < int.bits() {
            return (self.resize(value, int, signed), true);
        }
        (value, signed)
    }

    /// `i < len`, where `i` may be wider than `int`.
    pub fn check_index(&mut self, i: Value, len: Value, signed: bool) {
        let len = self.resize(len, self.value_ty(i), true);
        self.check(Check::Index, i, len, signed);
    }

    /// The element `x[i]` of a slice, array in memory, or pointer to array; checked when it is used.
    pub fn index_place(&mut self, x: ExprId, index: ExprId) -> Place {
        let x_ty = self.ty(x);
        let (base, len, elem, array) = match self.g.under(x_ty) {
            TypeKind::Slice(elem) => {
                let slice = self.expr(x);
                let (data, len) = (self.extract(slice, 0), self.len_of(slice));
                (data, len, elem, false)
            }
            TypeKind::Pointer(array) => {
                let TypeKind::Array { elem, len } = self.g.under(array) else { return Place::Blank };
                let ptr = self.expr(x);
                (ptr, self.int_const(len as i64), elem, true)
            }
            TypeKind::Array { elem, len } => {
                let addr = self.addr(x);
                (addr, self.int_const(len as i64), elem, false)
            }
            _ => return Place::Blank,
        };
        let (index, signed) = self.index_value(index);
        let elem = self.g.canonical(elem);
        let elem = self.repr(elem);
        Place::Elem { base, len, index, signed, elem, nil_check: array }
    }

    /// `x[lo:hi]`, `x[lo:hi:max]` (specification, "Slice expressions").
    pub fn slice_expr(
        &mut self,
        x: ExprId,
        lo: Option<ExprId>,
        hi: Option<ExprId>,
        max: Option<ExprId>,
    ) -> Value {
        let x_ty = self.ty(x);
        let (data, len, cap, elem, array) = match self.g.under(x_ty) {
            TypeKind::Basic(_) => {
                let string = self.expr(x);
                let (data, len) = (self.extract(string, 0), self.len_of(string));
                return self.slice_string(data, len, lo, hi);
            }
            TypeKind::Slice(elem) => {
                let slice = self.expr(x);
                let (data, len, cap) = (self.extract(slice, 0), self.len_of(slice), self.cap_of(slice));
                (data, len, cap, elem, false)
            }
            TypeKind::Pointer(array) => {
                let TypeKind::Array { elem, len } = self.g.under(array) else { return self.null() };
                let ptr = self.expr(x);
                self.nil_check(ptr);
                let len = self.int_const(len as i64);
                (ptr, len, len, elem, true)
            }
            TypeKind::Array { elem, len } => {
                let addr = self.addr(x);
                let len = self.int_const(len as i64);
                (addr, len, len, elem, true)
            }
            _ => return self.null(),
        };
        let lo = lo.map(|e| self.index_value(e));
        let hi = hi.map(|e| self.index_value(e));
        let max = max.map(|e| self.index_value(e));
        let elem = self.g.canonical(elem);
        let elem = self.repr(elem);
        let int = self.int();
        let zero = self.int_const(0);
        let new_cap = match max {
            Some((max, signed)) => {
                self.check_bound(if array { Check::Slice3Alen } else { Check::Slice3Acap }, max, cap, signed);
                self.resize(max, int, true)
            }
            None => cap,
        };
        let new_hi = match hi {
            Some((hi, signed)) => {
                let check = match (max.is_some(), array) {
                    (true, _) => Check::Slice3B,
                    (false, true) => Check::SliceAlen,
                    (false, false) => Check::SliceAcap,
                };
                self.check_bound(check, hi, new_cap, signed);
                self.resize(hi, int, true)
            }
            None => len,
        };
        let new_lo = match lo {
            Some((lo, signed)) => {
                let check = if max.is_some() { Check::Slice3C } else { Check::SliceB };
                self.check_bound(check, lo, new_hi, signed);
                self.resize(lo, int, true)
            }
            None => zero,
        };
        if self.known_int(new_lo) == Some(0) {
            return self.make_slice(data, new_hi, new_cap);
        }
        let len = self.b().binary(ir::Op::Sub, new_hi, new_lo);
        let cap = self.b().binary(ir::Op::Sub, new_cap, new_lo);
        let data = self.advance(data, elem, new_lo, cap);
        self.make_slice(data, len, cap)
    }

    /// `data + lo * size`, but `data` itself if nothing is left, so that no pointer leaves its object.
    fn advance(&mut self, data: Value, elem: Type, lo: Value, left: Value) -> Value {
        let zero = self.int_const(0);
        let empty = self.b().icmp(ir::Cond::Eq, left, zero);
        let step = self.b().select(empty, zero, lo);
        self.elem_addr(elem, data, step)
    }

    fn slice_string(&mut self, data: Value, len: Value, lo: Option<ExprId>, hi: Option<ExprId>) -> Value {
        let lo = lo.map(|e| self.index_value(e));
        let hi = hi.map(|e| self.index_value(e));
        let int = self.int();
        let new_hi = match hi {
            Some((hi, signed)) => {
                self.check_bound(Check::SliceAlen, hi, len, signed);
                self.resize(hi, int, true)
            }
            None => len,
        };
        let Some((lo, signed)) = lo else { return self.make_string(data, new_hi) };
        self.check_bound(Check::SliceB, lo, new_hi, signed);
        let lo = self.resize(lo, int, true);
        if self.known_int(lo) == Some(0) {
            return self.make_string(data, new_hi);
        }
        let len = self.b().binary(ir::Op::Sub, new_hi, lo);
        let data = self.advance(data, Type::I8, lo, len);
        self.make_string(data, len)
    }

    /// A check of slicing with operands brought to one width.
    fn check_bound(&mut self, check: Check, a: Value, b: Value, signed: bool) {
        let wide = if self.value_ty(a).bits() >= self.value_ty(b).bits() {
            self.value_ty(a)
        } else {
            self.value_ty(b)
        };
        let a = self.resize(a, wide, signed);
        let b = self.resize(b, wide, true);
        self.check(check, a, b, signed);
    }
}
