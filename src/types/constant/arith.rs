//! Arithmetic on constants (specification: "Constant expressions").

use super::{Value, float_to_rat};
use dashu::integer::IBig;
use std::cmp::Ordering;
use std::sync::Arc;
use syntax::ast::{BinaryOp, UnaryOp};

/// `op x`. For `^` of an unsigned type `bits` is its size: the result stays within it.
pub fn unary(op: UnaryOp, x: &Value, bits: Option<u32>) -> Value {
    match (op, x) {
        (UnaryOp::Plus, _) if x.is_number() => x.clone(),
        (UnaryOp::Not, Value::Bool(b)) => Value::Bool(!b),
        (UnaryOp::Neg, Value::Int(n)) => match n.checked_neg() {
            Some(n) => Value::Int(n),
            None => Value::from_big(-IBig::from(*n)),
        },
        (UnaryOp::Neg, Value::Big(n)) => Value::from_big(-(**n).clone()),
        (UnaryOp::Neg, Value::Rat(r)) => Value::Rat(Arc::new(-(**r).clone())),
        (UnaryOp::Neg, Value::Float(f)) => Value::Float(Arc::new(-(**f).clone())),
        (UnaryOp::Neg, Value::Complex(c)) => Value::from_parts(unary(op, &c.0, None), unary(op, &c.1, None)),
        (UnaryOp::Xor, Value::Int(_) | Value::Big(_)) => {
            let Some(n) = x.as_integer() else { return Value::Unknown };
            match bits {
                // `^x` is `x ^ m` with all bits of the type set in m.
                Some(bits) => Value::from_big(((IBig::ONE << bits as usize) - IBig::ONE) ^ n),
                None => Value::from_big(!n),
            }
        }
        _ => Value::Unknown,
    }
}

/// `x op y` for all operators but shifts and comparisons. `integer` asks `/` to truncate. The divisor must not be zero.
pub fn binary(op: BinaryOp, x: &Value, y: &Value, integer: bool) -> Value {
    match (x, y) {
        (Value::Bool(a), Value::Bool(b)) => match op {
            BinaryOp::AndAnd => Value::Bool(*a && *b),
            BinaryOp::OrOr => Value::Bool(*a || *b),
            _ => Value::Unknown,
        },
        (Value::Str(a), Value::Str(b)) if op == BinaryOp::Add => Value::Str(a.join(b)),
        (Value::Int(a), Value::Int(b)) => match small(op, *a, *b, integer) {
            Some(v) => v,
            None => big(op, x, y, integer),
        },
        (Value::Complex(_), _) | (_, Value::Complex(_)) if x.is_number() && y.is_number() => {
            complex(op, x, y)
        }
        _ if x.is_number() && y.is_number() => big(op, x, y, integer),
        _ => Value::Unknown,
    }
}

fn small(op: BinaryOp, a: i64, b: i64, integer: bool) -> Option<Value> {
    let n = match op {
        BinaryOp::Add => a.checked_add(b)?,
        BinaryOp::Sub => a.checked_sub(b)?,
        BinaryOp::Mul => a.checked_mul(b)?,
        BinaryOp::Div if integer => a.checked_div(b)?,
        BinaryOp::Div if b != 0 && a.checked_rem(b) == Some(0) => a.checked_div(b)?,
        BinaryOp::Rem => a.checked_rem(b)?,
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        BinaryOp::AndNot => a & !b,
        _ => return None,
    };
    Some(Value::Int(n))
}

fn big(op: BinaryOp, x: &Value, y: &Value, integer: bool) -> Value {
    if y.sign() == 0 && matches!(op, BinaryOp::Div | BinaryOp::Rem) {
        return Value::Unknown;
    }
    if let (Some(a), Some(b)) = (x.as_integer(), y.as_integer()) {
        let n = match op {
            BinaryOp::Add => a + b,
            BinaryOp::Sub => a - b,
            BinaryOp::Mul => a * b,
            BinaryOp::Div if integer => a / b,
            BinaryOp::Rem => a % b,
            BinaryOp::And => a & b,
            BinaryOp::Or => a | b,
            BinaryOp::Xor => a ^ b,
            BinaryOp::AndNot => a & !b,
            _ => return rational(op, x, y),
        };
        return Value::from_big(n);
    }
    rational(op, x, y)
}

fn rational(op: BinaryOp, x: &Value, y: &Value) -> Value {
    if let (Some(a), Some(b)) = (x.to_rat(), y.to_rat()) {
        return match op {
            BinaryOp::Add => Value::from_rat(a + b),
            BinaryOp::Sub => Value::from_rat(a - b),
            BinaryOp::Mul => Value::from_rat(a * b),
            BinaryOp::Div => Value::from_rat(a / b),
            _ => Value::Unknown,
        };
    }
    let (Some(a), Some(b)) = (x.to_float(), y.to_float()) else { return Value::Unknown };
    match op {
        BinaryOp::Add => Value::from_float(a + b),
        BinaryOp::Sub => Value::from_float(a - b),
        BinaryOp::Mul => Value::from_float(a * b),
        BinaryOp::Div => Value::from_float(a / b),
        _ => Value::Unknown,
    }
}

fn complex(op: BinaryOp, x: &Value, y: &Value) -> Value {
    let real = |op, a: &Value, b: &Value| binary(op, a, b, false);
    let (a, b, c, d) = (x.real(), x.imag(), y.real(), y.imag());
    let (mul, add, sub) = (BinaryOp::Mul, BinaryOp::Add, BinaryOp::Sub);
    match op {
        BinaryOp::Add | BinaryOp::Sub => Value::from_parts(real(op, &a, &c), real(op, &b, &d)),
        BinaryOp::Mul => Value::from_parts(
            real(sub, &real(mul, &a, &c), &real(mul, &b, &d)),
            real(add, &real(mul, &b, &c), &real(mul, &a, &d)),
        ),
        BinaryOp::Div => {
            let s = real(add, &real(mul, &c, &c), &real(mul, &d, &d));
            if s.sign() == 0 {
                return Value::Unknown;
            }
            let re = real(add, &real(mul, &a, &c), &real(mul, &b, &d));
            let im = real(sub, &real(mul, &b, &c), &real(mul, &a, &d));
            Value::from_parts(real(BinaryOp::Div, &re, &s), real(BinaryOp::Div, &im, &s))
        }
        _ => Value::Unknown,
    }
}

/// Whether a complex number is so small that nothing can be divided by it: its absolute value, squared, is zero.
pub(crate) fn square_vanishes(x: &Value) -> bool {
    [x.real(), x.imag()].iter().all(|part| binary(BinaryOp::Mul, part, part, false).sign() == 0)
}

/// `x << count` or `x >> count` of an integer.
pub fn shift(op: BinaryOp, x: &Value, count: u32) -> Value {
    if op == BinaryOp::Shr {
        return match x {
            Value::Int(n) => Value::Int(n >> count.min(63)),
            _ => x.as_integer().map_or(Value::Unknown, |n| Value::from_big(n >> count as usize)),
        };
    }
    match x {
        Value::Int(0) => Value::Int(0),
        Value::Int(n) if x.bit_len() + (count as usize) < 63 => Value::Int(n << count),
        _ => x.as_integer().map_or(Value::Unknown, |n| Value::from_big(n << count as usize)),
    }
}

/// `x op y` for comparisons; false if the values cannot be compared.
pub fn compare(op: BinaryOp, x: &Value, y: &Value) -> bool {
    let order = match (x, y) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Str(a), Value::Str(b)) => a.cmp(b),
        (Value::Complex(_), _) | (_, Value::Complex(_)) => {
            let equal = x == y;
            return if op == BinaryOp::Ne { !equal } else { op == BinaryOp::Eq && equal };
        }
        _ => match number_order(x, y) {
            Some(order) => order,
            None => return false,
        },
    };
    match op {
        BinaryOp::Eq => order == Ordering::Equal,
        BinaryOp::Ne => order != Ordering::Equal,
        BinaryOp::Lt => order == Ordering::Less,
        BinaryOp::Le => order != Ordering::Greater,
        BinaryOp::Gt => order == Ordering::Greater,
        BinaryOp::Ge => order != Ordering::Less,
        _ => false,
    }
}

fn number_order(x: &Value, y: &Value) -> Option<Ordering> {
    if let (Value::Int(a), Value::Int(b)) = (x, y) {
        return Some(a.cmp(b));
    }
    if let (Some(a), Some(b)) = (x.to_rat(), y.to_rat()) {
        return Some(a.cmp(&b));
    }
    if let (Value::Float(a), Value::Float(b)) = (x, y) {
        return Some(a.cmp(b));
    }
    // One of them has an exponent beyond all rationals in use: its sign and magnitude decide.
    let (float, other, flip) = match (x, y) {
        (Value::Float(f), o) => (f, o, false),
        (o, Value::Float(f)) => (f, o, true),
        _ => return None,
    };
    let order = if float.repr().exponent() > 0 {
        if float.repr().sign() == dashu::base::Sign::Negative { Ordering::Less } else { Ordering::Greater }
    } else {
        match other.sign() {
            0 => (**float).cmp(&super::Float::ZERO),
            _ => float_to_rat(float).cmp(&other.to_rat()?),
        }
    };
    Some(if flip { order.reverse() } else { order })
}
