//! Exact constant values: `i64` where it suffices, big integers, rationals, 512-bit floats, complex pairs.

mod arith;
mod format;
mod literal;
mod represent;
mod text;

pub(crate) use arith::square_vanishes;
pub use arith::{binary, compare, shift, unary};
pub(crate) use format::as_float;
pub use literal::{MAX_LITERAL, quote, unquote};
pub use represent::representable;
pub use text::Text;

use dashu::base::{BitTest, Sign};
use dashu::float::{FBig, round::mode::HalfEven};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use std::sync::Arc;

/// A 512-bit binary float, as Go's compiler uses where rationals become too large.
pub type Float = FBig<HalfEven, 2>;

/// Precision of [`Float`] in bits.
pub const FLOAT_PRECISION: usize = 512;

/// Numerators and denominators of more bits become floats.
const MAX_RAT_BITS: usize = 4 << 10;

/// The value of a constant expression. Numbers are in the smallest form that holds them: integral rationals and
/// floats are `Int` or `Big`, complex numbers without imaginary part are real (the type says what they mean).
#[derive(Clone, Debug)]
pub enum Value {
    /// After an error; every operation on it is unknown too.
    Unknown,
    Bool(bool),
    Str(Text),
    Int(i64),
    /// Never fits `Int`.
    Big(Arc<IBig>),
    /// Never integral.
    Rat(Arc<RBig>),
    Float(Arc<Float>),
    /// Real and imaginary part, neither of them complex; the imaginary part is not zero.
    Complex(Arc<(Value, Value)>),
}

/// See [`Value::key`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Text(Text),
    Other(String),
}

impl Value {
    pub fn str(text: &str) -> Value {
        Value::Str(text.as_bytes().to_vec().into())
    }

    pub fn from_big(n: IBig) -> Value {
        match i64::try_from(&n) {
            Ok(small) => Value::Int(small),
            Err(_) => Value::Big(Arc::new(n)),
        }
    }

    pub(crate) fn from_u64(n: u64) -> Value {
        Value::from_big(IBig::from(n))
    }

    fn from_rat(r: RBig) -> Value {
        if r.denominator().is_one() {
            return Value::from_big(r.into_parts().0);
        }
        if r.numerator().bit_len() < MAX_RAT_BITS && r.denominator().bit_len() < MAX_RAT_BITS {
            return Value::Rat(Arc::new(r));
        }
        Value::from_float(rat_to_float(&r))
    }

    fn from_float(f: Float) -> Value {
        if f.repr().is_infinite() {
            return Value::Unknown;
        }
        let f = f.with_precision(FLOAT_PRECISION).value();
        let exponent = f.repr().exponent();
        // Of a mantissa between 1/2 and 1.
        let normal = exponent + f.repr().significand().bit_len() as isize;
        if i32::try_from(normal).is_err() {
            return if exponent < 0 { Value::Int(0) } else { Value::Unknown };
        }
        // Small ones are exact rationals, of which arithmetic makes fewer errors.
        if exponent.unsigned_abs() < MAX_RAT_BITS - FLOAT_PRECISION {
            return Value::from_rat(float_to_rat(&f));
        }
        Value::Float(Arc::new(f))
    }

    fn from_parts(re: Value, im: Value) -> Value {
        match (&re, &im) {
            (Value::Unknown, _) | (_, Value::Unknown) => Value::Unknown,
            (_, Value::Int(0)) => re,
            _ => Value::Complex(Arc::new((re, im))),
        }
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(b) = self { Some(*b) } else { None }
    }

    pub fn as_text(&self) -> Option<&Text> {
        if let Value::Str(s) = self { Some(s) } else { None }
    }

    /// The bytes of a string, not necessarily UTF-8.
    pub fn as_bytes(&self) -> Option<Arc<[u8]>> {
        self.as_text().map(Text::bytes)
    }

    /// What is the same for two constants of one type if they are equal (and for no two others, but for unknown ones).
    pub(crate) fn key(&self) -> Key {
        match self {
            Value::Str(text) => Key::Text(text.clone()),
            _ => Key::Other(format!("{self:?}")),
        }
    }

    /// The value as an integer, if it is one.
    pub fn as_integer(&self) -> Option<IBig> {
        match self {
            Value::Int(n) => Some(IBig::from(*n)),
            Value::Big(n) => Some((**n).clone()),
            // Larger ones would not fit into memory, and not into any integer type either.
            Value::Float(f) if (0..MAX_RAT_BITS as isize).contains(&f.repr().exponent()) => {
                let (significand, exponent) = f.repr().clone().into_parts();
                Some(significand << exponent as usize)
            }
            _ => None,
        }
    }

    pub fn as_i64(&self) -> Option<i64> {
        if let Value::Int(n) = self { Some(*n) } else { None }
    }

    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Value::Int(n) => u64::try_from(*n).ok(),
            Value::Big(n) => u64::try_from(&**n).ok(),
            _ => None,
        }
    }

    /// The low 64 bits of an integer in two's complement: how a value of any integer type is stored.
    pub fn as_bits(&self) -> Option<u64> {
        match self {
            Value::Int(n) => Some(*n as u64),
            _ => self.as_u64(),
        }
    }

    /// The nearest `float64`; of a complex number the real part.
    pub fn to_f64(&self) -> f64 {
        match self {
            Value::Int(n) => *n as f64,
            Value::Big(n) => n.to_f64().value(),
            Value::Rat(r) => r.to_f64().value(),
            Value::Float(f) => f.to_f64().value(),
            Value::Complex(c) => c.0.to_f64(),
            _ => 0.0,
        }
    }

    /// The nearest `float32`; of a complex number the real part.
    pub fn to_f32(&self) -> f32 {
        match self {
            Value::Int(n) => *n as f32,
            Value::Big(n) => n.to_f32().value(),
            Value::Rat(r) => r.to_f32().value(),
            Value::Float(f) => f.to_f32().value(),
            Value::Complex(c) => c.0.to_f32(),
            _ => 0.0,
        }
    }

    /// Real part of a number.
    pub fn real(&self) -> Value {
        if let Value::Complex(c) = self { c.0.clone() } else { self.clone() }
    }

    /// Imaginary part of a number.
    pub fn imag(&self) -> Value {
        match self {
            Value::Complex(c) => c.1.clone(),
            Value::Unknown => Value::Unknown,
            _ => Value::Int(0),
        }
    }

    /// `complex(re, im)` of two real numbers.
    pub fn complex(re: &Value, im: &Value) -> Value {
        Value::from_parts(re.clone(), im.clone())
    }

    /// -1, 0 or 1; of a complex number 1 unless it is zero.
    pub fn sign(&self) -> i32 {
        match self {
            Value::Int(n) => n.signum() as i32,
            Value::Big(n) => sign(n.sign()),
            Value::Rat(r) => sign(r.numerator().sign()),
            Value::Float(f) => sign(f.repr().sign()),
            _ => 1,
        }
    }

    pub(crate) fn is_number(&self) -> bool {
        !matches!(self, Value::Unknown | Value::Bool(_) | Value::Str(_))
    }

    /// Bits of the magnitude of an integer.
    pub fn bit_len(&self) -> usize {
        match self {
            Value::Int(n) => 64 - n.unsigned_abs().leading_zeros() as usize,
            Value::Big(n) => n.bit_len(),
            _ => 0,
        }
    }

    fn to_rat(&self) -> Option<RBig> {
        match self {
            Value::Int(n) => Some(RBig::from(*n)),
            Value::Big(n) => Some(RBig::from((**n).clone())),
            Value::Rat(r) => Some((**r).clone()),
            _ => None,
        }
    }

    fn to_float(&self) -> Option<Float> {
        match self {
            Value::Int(_) | Value::Big(_) => {
                Some(Float::from(self.as_integer()?).with_precision(FLOAT_PRECISION).value())
            }
            Value::Rat(r) => Some(rat_to_float(r)),
            Value::Float(f) => Some((**f).clone()),
            _ => None,
        }
    }
}

impl PartialEq for Value {
    /// Equality of values of one type.
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Big(a), Value::Big(b)) => a == b,
            (Value::Rat(a), Value::Rat(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Complex(a), Value::Complex(b)) => a == b,
            _ => false,
        }
    }
}

fn sign(sign: Sign) -> i32 {
    if sign == Sign::Negative { -1 } else { 1 }
}

fn rat_to_float(r: &RBig) -> Float {
    let float = |n: IBig| Float::from(n).with_precision(FLOAT_PRECISION + 64).value();
    let quotient = float(r.numerator().clone()) / float(IBig::from(r.denominator().clone()));
    quotient.with_precision(FLOAT_PRECISION).value()
}

fn float_to_rat(f: &Float) -> RBig {
    let (significand, exponent) = f.repr().clone().into_parts();
    if exponent >= 0 {
        RBig::from(significand << exponent as usize)
    } else {
        RBig::from_parts(significand, UBig::ONE << exponent.unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sizes::Sizes;
    use crate::ty::Basic;
    use syntax::ast::{BinaryOp, LitKind, UnaryOp};

    fn float(text: &str) -> Value {
        Value::from_literal(LitKind::Float, text)
    }

    #[test]
    fn floats_round_like_the_machine() {
        for text in [
            "0.1",
            "1e23",
            "5e-324",
            "2.2250738585072011e-308",
            "1.7976931348623157e308",
            "9007199254740993.0",
        ] {
            assert_eq!(float(text).to_f64(), text.parse::<f64>().unwrap(), "{text}");
            assert_eq!(float(text).to_f32(), text.parse::<f32>().unwrap(), "{text}");
        }
        assert_eq!(float("0x1p-2").to_f64(), 0.25);
        assert_eq!(float("0x.8p1").to_f64(), 1.0);
    }

    #[test]
    fn arithmetic_is_exact() {
        let third = binary(BinaryOp::Div, &Value::Int(1), &Value::Int(3), false);
        assert_eq!(binary(BinaryOp::Mul, &third, &Value::Int(3), false), Value::Int(1));
        assert_eq!(binary(BinaryOp::Div, &Value::Int(-7), &Value::Int(2), true), Value::Int(-3));
        assert_eq!(binary(BinaryOp::Rem, &Value::Int(-7), &Value::Int(2), true), Value::Int(-1));
        let big = shift(BinaryOp::Shl, &Value::Int(1), 100);
        assert_eq!(shift(BinaryOp::Shr, &big, 99), Value::Int(2));
        assert_eq!(binary(BinaryOp::Sub, &big, &big, false), Value::Int(0));
        let min = binary(BinaryOp::Sub, &Value::Int(i64::MIN), &Value::Int(1), false);
        assert_eq!(unary(UnaryOp::Neg, &Value::Int(i64::MIN), None).to_string(), "9223372036854775808");
        assert!(compare(BinaryOp::Lt, &min, &Value::Int(i64::MIN)));
        assert_eq!(unary(UnaryOp::Xor, &Value::Int(1), Some(8)), Value::Int(254));
    }

    #[test]
    fn representability_depends_on_the_target() {
        let (avr, wide) = (Sizes::for_pointer_size(2), Sizes::for_pointer_size(8));
        let v = Value::Int(1 << 31);
        assert!(representable(&v, Basic::Int, &avr).is_none());
        assert!(representable(&v, Basic::Int, &wide).is_some());
        assert!(representable(&Value::Int(65536), Basic::Uintptr, &avr).is_none());
        assert!(representable(&Value::Int(-1), Basic::Uint64, &wide).is_none());
        assert!(representable(&float("1.5"), Basic::Int, &wide).is_none());
        assert!(representable(&float("2.0"), Basic::Int, &wide).is_some());
    }

    #[test]
    fn strings_quote_and_unquote() {
        let bytes = unquote(r#""a\x00\377\u00e9\n""#).unwrap();
        assert_eq!(bytes, b"a\x00\xff\xc3\xa9\n");
        assert_eq!(quote(&bytes), r#""a\x00\xffé\n""#);
        assert_eq!(unquote("`a\r\nb`").unwrap(), b"a\nb");
    }

    #[test]
    fn shown_shortened() {
        assert_eq!(float("1e100").to_string().len(), 101);
        assert_eq!(as_float(&float("1e100")), "1e+100");
        assert_eq!(float("0.1").to_string(), "0.1");
        assert_eq!(float("1234567.5").to_string(), "1.23457e+06");
    }
}
