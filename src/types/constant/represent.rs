//! Whether a constant fits a type (specification: "Representability").

use super::Value;
use crate::sizes::Sizes;
use crate::ty::Basic;

/// The value as one of this type: rounded for floating-point types, checked for integers. `None` if it does not fit.
pub fn representable(v: &Value, basic: Basic, sizes: &Sizes) -> Option<Value> {
    if v.is_unknown() {
        return Some(Value::Unknown);
    }
    if basic.is_integer() {
        return integer(v, basic, sizes);
    }
    match basic {
        Basic::Bool | Basic::UntypedBool => v.as_bool().map(Value::Bool),
        Basic::String | Basic::UntypedString => v.as_text().cloned().map(Value::Str),
        Basic::UntypedFloat if matches!(v, Value::Complex(_)) => None,
        Basic::UntypedFloat | Basic::UntypedComplex => v.is_number().then(|| v.clone()),
        Basic::Float32 if !matches!(v, Value::Complex(_)) => round32(v),
        Basic::Float64 if !matches!(v, Value::Complex(_)) => round64(v),
        Basic::Complex64 => Some(Value::complex(&round32(&v.real())?, &round32(&v.imag())?)),
        Basic::Complex128 => Some(Value::complex(&round64(&v.real())?, &round64(&v.imag())?)),
        _ => None,
    }
}

fn integer(v: &Value, basic: Basic, sizes: &Sizes) -> Option<Value> {
    let v = match v {
        Value::Int(_) | Value::Big(_) => v.clone(),
        Value::Float(_) => Value::from_big(v.as_integer()?),
        _ => return None,
    };
    if basic.is_untyped() {
        return Some(v);
    }
    let bits = sizes.bits(basic);
    let fits = if basic.is_unsigned() {
        v.sign() >= 0 && v.bit_len() <= bits as usize
    } else {
        match v {
            Value::Int(n) => bits == 64 || (-(1i64 << (bits - 1))..1i64 << (bits - 1)).contains(&n),
            _ => false,
        }
    };
    fits.then_some(v)
}

fn round32(v: &Value) -> Option<Value> {
    if !v.is_number() {
        return None;
    }
    // Integers below 2^24 are exact.
    if let Value::Int(n) = v
        && n.unsigned_abs() <= 1 << 24
    {
        return Some(v.clone());
    }
    let f = v.to_f32();
    f.is_finite().then(|| from_f64(f64::from(f)))
}

fn round64(v: &Value) -> Option<Value> {
    if !v.is_number() {
        return None;
    }
    if let Value::Int(n) = v
        && n.unsigned_abs() <= 1 << 53
    {
        return Some(v.clone());
    }
    let f = v.to_f64();
    f.is_finite().then(|| from_f64(f))
}

/// The exact value of a finite float.
fn from_f64(f: f64) -> Value {
    match super::Float::try_from(f) {
        Ok(float) => Value::from_rat(super::float_to_rat(&float)),
        Err(_) => Value::Unknown,
    }
}
