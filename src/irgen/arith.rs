//! Arithmetic operators, with Go's rules for shifts, division and overflow.

use ir::{Aux, Check, Cond, FloatCond, Op, Type, Value};
use syntax::ast::{BinaryOp, UnaryOp};
use types::TypeId;

use crate::func::FuncGen;

/// What kind of number (or string) an operand is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Num {
    Bool,
    Int { signed: bool },
    Float,
    Complex,
    String,
    Other,
}

impl FuncGen<'_, '_, '_> {
    /// `x op y` on two operands of one type; not for shifts, comparisons and the logical operators.
    pub fn binary_op(&mut self, op: BinaryOp, ty: TypeId, x: Value, y: Value) -> Value {
        match self.g.num(ty) {
            Num::Int { signed } => self.int_op(op, signed, x, y),
            Num::Float => {
                let op = match op {
                    BinaryOp::Add => Op::Fadd,
                    BinaryOp::Sub => Op::Fsub,
                    BinaryOp::Mul => Op::Fmul,
                    _ => Op::Fdiv,
                };
                self.b().binary(op, x, y)
            }
            Num::Complex => self.complex_op(op, x, y),
            Num::String => self.concat(&[x, y]),
            Num::Bool | Num::Other => x,
        }
    }

    fn int_op(&mut self, op: BinaryOp, signed: bool, x: Value, y: Value) -> Value {
        let op = match op {
            BinaryOp::Add => Op::Add,
            BinaryOp::Sub => Op::Sub,
            BinaryOp::Mul => Op::Mul,
            BinaryOp::And => Op::And,
            BinaryOp::Or => Op::Or,
            BinaryOp::Xor => Op::Xor,
            BinaryOp::AndNot => {
                let ty = self.value_ty(y);
                let ones = self.iconst(ty, -1);
                let y = self.b().binary(Op::Xor, y, ones);
                return self.b().binary(Op::And, x, y);
            }
            BinaryOp::Div | BinaryOp::Rem => {
                // Specification, "Integer operators": a zero divisor panics.
                if self.known_int(y).is_none_or(|v| v == 0) {
                    self.g.needs(Op::CheckDiv);
                    self.b().effect(Op::CheckDiv, [y], Aux::None);
                }
                match (op, signed) {
                    (BinaryOp::Div, true) => Op::Sdiv,
                    (BinaryOp::Div, false) => Op::Udiv,
                    (_, true) => Op::Srem,
                    (_, false) => Op::Urem,
                }
            }
            _ => return x,
        };
        self.b().binary(op, x, y)
    }

    /// `x << y` or `x >> y` (specification, "Integer operators"): counts of any size, a negative one panics.
    pub fn shift(&mut self, left: bool, signed: bool, x: Value, y: Value, count_signed: bool) -> Value {
        let ty = self.value_ty(x);
        let width = i64::from(ty.bits());
        let op = match (left, signed) {
            (true, _) => Op::Shl,
            (false, true) => Op::Ashr,
            (false, false) => Op::Lshr,
        };
        if let Some(count) = self.known_int(y) {
            let huge = count < 0 || count >= width;
            if huge && op != Op::Ashr {
                return self.zero(ty);
            }
            let count = self.iconst(ty, if huge { width - 1 } else { count });
            return self.b().binary(op, x, count);
        }
        let count_ty = self.value_ty(y);
        if count_signed {
            self.g.needs(Op::CheckShift);
            self.b().effect(Op::CheckShift, [y], Aux::None);
        }
        let limit = self.iconst(count_ty, width);
        let in_range = self.b().icmp(Cond::Ult, y, limit);
        let count = self.resize(y, ty, false);
        if op == Op::Ashr {
            let most = self.iconst(ty, width - 1);
            let count = self.b().select(in_range, count, most);
            return self.b().binary(op, x, count);
        }
        let mask = self.iconst(ty, width - 1);
        let count = self.b().binary(Op::And, count, mask);
        let shifted = self.b().binary(op, x, count);
        let zero = self.zero(ty);
        self.b().select(in_range, shifted, zero)
    }

    fn complex_op(&mut self, op: BinaryOp, x: Value, y: Value) -> Value {
        let ty = self.value_ty(x);
        let (a, b) = (self.extract(x, 0), self.extract(x, 1));
        let (c, d) = (self.extract(y, 0), self.extract(y, 1));
        let (re, im) = match op {
            BinaryOp::Add => (self.b().binary(Op::Fadd, a, c), self.b().binary(Op::Fadd, b, d)),
            BinaryOp::Sub => (self.b().binary(Op::Fsub, a, c), self.b().binary(Op::Fsub, b, d)),
            BinaryOp::Mul => {
                let (ac, bd) = (self.b().binary(Op::Fmul, a, c), self.b().binary(Op::Fmul, b, d));
                let (ad, bc) = (self.b().binary(Op::Fmul, a, d), self.b().binary(Op::Fmul, b, c));
                (self.b().binary(Op::Fsub, ac, bd), self.b().binary(Op::Fadd, ad, bc))
            }
            _ => {
                let wide = self.g.program.types.structure(&[Type::F64, Type::F64]);
                let (x, y) = (self.complex_resize(x, wide), self.complex_resize(y, wide));
                let quotient = self.rt1("runtime.complex128div", wide, [x, y]);
                return self.complex_resize(quotient, ty);
            }
        };
        self.aggregate(ty, [re, im])
    }

    /// A complex number as one of another size.
    pub fn complex_resize(&mut self, value: Value, to: Type) -> Value {
        if self.value_ty(value) == to {
            return value;
        }
        let part = self.part_type(to, 0);
        let (re, im) = (self.extract(value, 0), self.extract(value, 1));
        let (re, im) = (self.float_resize(re, part), self.float_resize(im, part));
        self.aggregate(to, [re, im])
    }

    pub fn float_resize(&mut self, value: Value, to: Type) -> Value {
        match (self.value_ty(value), to) {
            (Type::F32, Type::F64) => self.b().convert(Op::Fpext, to, value),
            (Type::F64, Type::F32) => self.b().convert(Op::Fptrunc, to, value),
            _ => value,
        }
    }

    /// `-x`, `^x`, `!x`, `+x`.
    pub fn unary_op(&mut self, op: UnaryOp, ty: TypeId, x: Value) -> Value {
        let repr = self.value_ty(x);
        match (op, self.g.num(ty)) {
            (UnaryOp::Not, _) => self.not(x),
            (UnaryOp::Xor, _) => {
                let ones = self.iconst(repr, -1);
                self.b().binary(Op::Xor, x, ones)
            }
            (UnaryOp::Neg, Num::Float) => self.b().value(Op::Fneg, repr, [x], Aux::None),
            (UnaryOp::Neg, Num::Complex) => {
                let (re, im) = (self.extract(x, 0), self.extract(x, 1));
                let part = self.value_ty(re);
                let re = self.b().value(Op::Fneg, part, [re], Aux::None);
                let im = self.b().value(Op::Fneg, part, [im], Aux::None);
                self.aggregate(repr, [re, im])
            }
            (UnaryOp::Neg, _) => {
                let zero = self.zero(repr);
                self.b().binary(Op::Sub, zero, x)
            }
            _ => x,
        }
    }

    /// Emits a run-time check of an index or bound, unless constants prove it.
    pub fn check(&mut self, check: Check, a: Value, b: Value, signed: bool) {
        if self.nobounds {
            return;
        }
        if let (Some(x), Some(y)) = (self.known_int(a), self.known_int(b)) {
            let holds = if check == Check::Index { x < y } else { x <= y };
            if x >= 0 && holds {
                return;
            }
        }
        if check != Check::Index && a == b {
            return;
        }
        self.g.needs(Op::Check);
        self.b().effect(Op::Check, [a, b], Aux::Check { check, signed });
    }

    /// Smaller (or larger) of two values of an ordered type, for the built-ins `min` and `max`.
    pub fn min_max(&mut self, max: bool, ty: TypeId, x: Value, y: Value) -> Value {
        match self.g.num(ty) {
            Num::Int { signed } => {
                let cond = match (max, signed) {
                    (true, true) => Cond::Sgt,
                    (true, false) => Cond::Ugt,
                    (false, true) => Cond::Slt,
                    (false, false) => Cond::Ult,
                };
                let first = self.b().icmp(cond, x, y);
                self.b().select(first, x, y)
            }
            Num::Float => self.float_min_max(max, x, y),
            _ => {
                let int = self.int();
                let order = self.rt1("runtime.stringCompare", int, [x, y]);
                let zero = self.zero(int);
                // Of equal strings the first.
                let cond = if max { Cond::Sge } else { Cond::Sle };
                let first = self.b().icmp(cond, order, zero);
                self.b().select(first, x, y)
            }
        }
    }

    /// Specification, "Min and max": NaN wins, and -0 is smaller than 0.
    fn float_min_max(&mut self, max: bool, x: Value, y: Value) -> Value {
        let ty = self.value_ty(x);
        let cond = if max { FloatCond::Gt } else { FloatCond::Lt };
        let first = self.b().fcmp(cond, x, y);
        let picked = self.b().select(first, x, y);
        // Equal numbers may be zeros of different sign: `or` of the bits is -0 if one is, `and` only if both are.
        let equal = self.b().fcmp(FloatCond::Eq, x, y);
        let bits = Type::int(ty.bits());
        let (xb, yb) = (self.b().convert(Op::Bitcast, bits, x), self.b().convert(Op::Bitcast, bits, y));
        let both = self.b().binary(if max { Op::And } else { Op::Or }, xb, yb);
        let both = self.b().convert(Op::Bitcast, ty, both);
        let picked = self.b().select(equal, both, picked);
        let x_nan = self.b().fcmp(FloatCond::Ne, x, x);
        self.b().select(x_nan, x, picked)
    }
}
