//! Comparison operators (specification, "Comparison operators").

use ir::{Aux, Cond, FloatCond, Op, Type, Value, Values};
use syntax::ast::{BinaryOp, ExprId};
use types::{TypeId, TypeKind};

use crate::arith::Num;
use crate::func::FuncGen;

/// Arrays of more elements are compared through their equality function.
const UNROLLED_ELEMENTS: u64 = 4;

impl FuncGen<'_, '_, '_> {
    /// `x op y`
    pub fn comparison(&mut self, op: BinaryOp, x: ExprId, y: ExprId) -> Value {
        let nil = types::Mode::Nil;
        if self.info.expr(y).mode == nil || self.info.expr(x).mode == nil {
            let other = if self.info.expr(y).mode == nil { x } else { y };
            let ty = self.ty(other);
            let value = self.expr(other);
            let equal = self.equal_nil(value, ty);
            return if op == BinaryOp::Ne { self.not(equal) } else { equal };
        }
        let (tx, ty) = (self.ty(x), self.ty(y));
        // A constant operand recorded with an interface type stands for its default type.
        match (self.g.is_interface(tx), self.g.is_interface(ty)) {
            (true, false) | (false, true) => {
                let iface = if self.g.is_interface(tx) { tx } else { ty };
                let (a, b) = (self.expr(x), self.expr(y));
                let (boxed, concrete, concrete_ty) = if iface == tx { (a, b, ty) } else { (b, a, tx) };
                let equal = self.equal_to_concrete(boxed, iface, concrete, concrete_ty);
                if op == BinaryOp::Ne { self.not(equal) } else { equal }
            }
            _ => {
                let (a, b) = self.passing_strings(x, y);
                let (a, b, ty) = self.common_interface(a, tx, b, ty);
                self.compare(op, ty, a, b)
            }
        }
    }

    /// Two operands of different interface types are compared as `any`.
    fn common_interface(&mut self, a: Value, tx: TypeId, b: Value, ty: TypeId) -> (Value, Value, TypeId) {
        if tx == ty || !self.g.is_interface(tx) {
            return (a, b, tx);
        }
        let any = self.g.any_type();
        (self.change_iface(a, tx, any), self.change_iface(b, ty, any), any)
    }

    /// Compares two values of one type.
    pub fn compare(&mut self, op: BinaryOp, ty: TypeId, a: Value, b: Value) -> Value {
        match op {
            BinaryOp::Eq => return self.equal(ty, a, b),
            BinaryOp::Ne => {
                if self.g.num(ty) == Num::Float {
                    return self.b().fcmp(FloatCond::Ne, a, b);
                }
                if let (Num::Int { .. } | Num::Bool, _) | (_, TypeKind::Pointer(_)) =
                    (self.g.num(ty), self.g.under(ty))
                {
                    return self.b().icmp(Cond::Ne, a, b);
                }
                let equal = self.equal(ty, a, b);
                return self.not(equal);
            }
            _ => {}
        }
        match self.g.num(ty) {
            Num::Float => {
                let cond = match op {
                    BinaryOp::Lt => FloatCond::Lt,
                    BinaryOp::Le => FloatCond::Le,
                    BinaryOp::Gt => FloatCond::Gt,
                    _ => FloatCond::Ge,
                };
                self.b().fcmp(cond, a, b)
            }
            Num::String => {
                let int = self.int();
                let order = self.rt1("runtime.stringCompare", int, [a, b]);
                let zero = self.zero(int);
                self.b().icmp(int_cond(op, true), order, zero)
            }
            Num::Int { signed } => self.b().icmp(int_cond(op, signed), a, b),
            _ => self.bool_const(false),
        }
    }

    /// `a == b`
    pub fn equal(&mut self, ty: TypeId, a: Value, b: Value) -> Value {
        match self.g.num(ty) {
            Num::Bool | Num::Int { .. } => return self.b().icmp(Cond::Eq, a, b),
            Num::Float => return self.b().fcmp(FloatCond::Eq, a, b),
            Num::Complex => {
                let (ar, ai) = (self.extract(a, 0), self.extract(a, 1));
                let (br, bi) = (self.extract(b, 0), self.extract(b, 1));
                let (re, im) = (self.b().fcmp(FloatCond::Eq, ar, br), self.b().fcmp(FloatCond::Eq, ai, bi));
                return self.b().binary(Op::And, re, im);
            }
            Num::String => return self.equal_strings(a, b),
            Num::Other => {}
        }
        match self.g.under(ty) {
            TypeKind::Interface(_) => {
                let any = self.g.any_type();
                let (a, b) = (self.change_iface(a, ty, any), self.change_iface(b, ty, any));
                self.g.interfaces_compared();
                self.rt1("runtime.efaceeq", Type::I1, [a, b])
            }
            TypeKind::Struct(fields) => {
                if fields.len() as u64 > UNROLLED_ELEMENTS {
                    return self.equal_in_memory(ty, a, b);
                }
                // Left to right, stopping at the first difference: comparing interfaces may panic.
                let mut parts = Vec::new();
                for (i, field) in fields.iter().enumerate().filter(|(_, f)| !f.name.is_blank()) {
                    let field_ty = self.g.canonical(field.ty);
                    parts.push((i as u32, field_ty));
                }
                self.equal_parts(&parts, a, b)
            }
            TypeKind::Array { elem, len } => {
                if len > UNROLLED_ELEMENTS {
                    return self.equal_in_memory(ty, a, b);
                }
                let elem = self.g.canonical(elem);
                let parts: Vec<_> = (0..len as u32).map(|i| (i, elem)).collect();
                self.equal_parts(&parts, a, b)
            }
            // Pointers, channels, unsafe pointers.
            _ => self.b().icmp(Cond::Eq, a, b),
        }
    }

    fn equal_parts(&mut self, parts: &[(u32, TypeId)], a: Value, b: Value) -> Value {
        let Some(((last, last_ty), init)) = parts.split_last() else { return self.bool_const(true) };
        if init.is_empty() {
            let (x, y) = (self.extract(a, *last), self.extract(b, *last));
            return self.equal(*last_ty, x, y);
        }
        let simple = parts.iter().all(|(_, ty)| {
            matches!(self.g.num(*ty), Num::Bool | Num::Int { .. } | Num::Float)
                || matches!(self.g.under(*ty), TypeKind::Pointer(_) | TypeKind::Chan { .. })
        });
        if simple {
            let mut all = None;
            for (i, ty) in parts {
                let (x, y) = (self.extract(a, *i), self.extract(b, *i));
                let equal = self.equal(*ty, x, y);
                all = Some(match all {
                    Some(all) => self.b().binary(Op::And, all, equal),
                    None => equal,
                });
            }
            return all.unwrap_or(a);
        }
        let result = self.alloc(Type::I1);
        let done = self.new_block();
        for (i, ty) in parts {
            let (x, y) = (self.extract(a, *i), self.extract(b, *i));
            let equal = self.equal(*ty, x, y);
            self.store(result, equal);
            let next = self.new_block();
            self.br(equal, next, done);
            self.enter(next);
        }
        self.jump(done);
        self.enter(done);
        self.load(Type::I1, result)
    }

    /// Compares large values through the equality function of their type.
    fn equal_in_memory(&mut self, ty: TypeId, a: Value, b: Value) -> Value {
        let (p, q) = (self.temp_with(a), self.temp_with(b));
        self.equal_at(ty, p, q)
    }

    /// Compares two values in memory.
    pub fn equal_at(&mut self, ty: TypeId, p: Value, q: Value) -> Value {
        match self.g.equal_func(ty) {
            Some(func) => self.call(func, [p, q]).first().copied().unwrap_or(p),
            None => {
                let repr = self.repr(ty);
                let size = self.size_const(repr);
                self.rt1("runtime.memequal", Type::I1, [p, q, size])
            }
        }
    }

    fn equal_strings(&mut self, a: Value, b: Value) -> Value {
        for (constant, other) in [(a, b), (b, a)] {
            if self.func.def(constant).is_some_and(|def| def.op == Op::Zero) {
                let len = self.extract(other, 1);
                let zero = self.word_const(0);
                return self.b().icmp(Cond::Eq, len, zero);
            }
        }
        self.rt1("runtime.stringEqual", Type::I1, [a, b])
    }

    /// `a == nil`
    pub fn equal_nil(&mut self, value: Value, ty: TypeId) -> Value {
        let ptr = match self.g.under(ty) {
            TypeKind::Interface(_) | TypeKind::Slice(_) => self.extract(value, 0),
            _ => value,
        };
        self.is_null(ptr)
    }

    /// Compares an interface value with a concrete one without boxing the latter.
    pub fn equal_to_concrete(&mut self, iface: Value, iface_ty: TypeId, value: Value, ty: TypeId) -> Value {
        let (held, ok) = self.type_assert_ok(iface, iface_ty, ty);
        let result = self.alloc(Type::I1);
        self.store(result, ok);
        let (compare, done) = (self.new_block(), self.new_block());
        self.br(ok, compare, done);
        self.enter(compare);
        let equal = self.equal(ty, held, value);
        self.store(result, equal);
        self.jump(done);
        self.enter(done);
        self.load(Type::I1, result)
    }

    /// `x.(T)` with a second result instead of a panic.
    pub fn type_assert_ok(&mut self, value: Value, from: TypeId, to: TypeId) -> (Value, Value) {
        let results = self.type_assert_op(value, from, to, true);
        (results[0], results[1])
    }

    /// `x.(T)`
    pub fn type_assert(&mut self, value: Value, from: TypeId, to: TypeId) -> Value {
        self.type_assert_op(value, from, to, false)[0]
    }

    fn type_assert_op(&mut self, value: Value, from: TypeId, to: TypeId, ok: bool) -> Values {
        let aux = Aux::Assert { from: self.rtype(from), to: self.rtype(to), ok };
        let repr = self.repr(to);
        self.g.needs(Op::TypeAssert);
        if self.g.is_interface(to) {
            self.g.methods_asserted(to);
        }
        let results = if ok { vec![repr, Type::I1] } else { vec![repr] };
        self.b().call_op(Op::TypeAssert, aux, &results, [value])
    }
}

pub(crate) fn int_cond(op: BinaryOp, signed: bool) -> Cond {
    match (op, signed) {
        (BinaryOp::Eq, _) => Cond::Eq,
        (BinaryOp::Ne, _) => Cond::Ne,
        (BinaryOp::Lt, true) => Cond::Slt,
        (BinaryOp::Lt, false) => Cond::Ult,
        (BinaryOp::Le, true) => Cond::Sle,
        (BinaryOp::Le, false) => Cond::Ule,
        (BinaryOp::Gt, true) => Cond::Sgt,
        (BinaryOp::Gt, false) => Cond::Ugt,
        (_, true) => Cond::Sge,
        (_, false) => Cond::Uge,
    }
}
