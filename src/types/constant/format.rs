//! Constants as messages show them: shortened.

use super::{Text, Value, literal::quote};
use std::fmt;

/// Strings are cut after so many characters.
const MAX_TEXT: usize = 72;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Unknown => f.write_str("unknown"),
            Value::Bool(b) => write!(f, "{b}"),
            Value::Str(s) => f.write_str(&text(s)),
            Value::Int(n) => write!(f, "{n}"),
            Value::Big(n) => write!(f, "{n}"),
            Value::Rat(_) => {
                let near = self.to_f64();
                match self.to_float().filter(|_| near == 0.0) {
                    Some(x) => f.write_str(&beyond_f64(&x)),
                    None => f.write_str(&fraction(near)),
                }
            }
            Value::Float(x) => {
                let near = self.to_f64();
                if near != 0.0 && near.is_finite() {
                    let shown = if x.repr().exponent() < 0 { fraction(near) } else { general(near) };
                    return f.write_str(&shown);
                }
                f.write_str(&beyond_f64(x))
            }
            Value::Complex(c) => write!(f, "({} + {}i)", c.0, c.1),
        }
    }
}

fn text(text: &Text) -> String {
    // No byte is quoted as less than one character, four of them at most make one.
    let quoted = quote(&text.start(4 * MAX_TEXT));
    if quoted.chars().count() <= MAX_TEXT {
        return quoted;
    }
    quoted.chars().take(MAX_TEXT - 3).chain("...".chars()).collect()
}

/// An integer-valued constant of a floating-point type, as messages show it.
pub(crate) fn as_float(v: &Value) -> String {
    match v {
        Value::Int(n) if n.unsigned_abs() < 1 << 53 => general(*n as f64),
        Value::Big(_) | Value::Int(_) => {
            let near = v.to_f64();
            if near.is_finite() {
                general(near)
            } else {
                v.to_float().map_or(String::new(), |x| beyond_f64(&x))
            }
        }
        _ => v.to_string(),
    }
}

/// A number that is no integer: so short that it looks like one it is not shown.
fn fraction(x: f64) -> String {
    let short = general(x);
    if short.contains('.') { short } else { shortest(x) }
}

/// As many digits as tell a number from all others, in the forms of Go's `%g`.
fn shortest(x: f64) -> String {
    let scientific = format!("{x:e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return x.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

/// C's `%.6g`.
fn general(x: f64) -> String {
    let scientific = format!("{x:.5e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |s: &str| -> String {
        if s.contains('.') { s.trim_end_matches('0').trim_end_matches('.').to_owned() } else { s.to_owned() }
    };
    if (-4..6).contains(&exponent) {
        return trim(&format!("{x:.*}", (5 - exponent).max(0) as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trim(mantissa), exponent.abs())
}

/// A number whose exponent no float64 has: mantissa and decimal exponent from the logarithm, as Go prints them.
fn beyond_f64(x: &super::Float) -> String {
    let (significand, exponent) = x.repr().clone().into_parts();
    let negative = significand.sign() == dashu::base::Sign::Negative;
    let magnitude: f64 = significand.to_f64().value().abs();
    let log = magnitude.log10() + exponent as f64 * std::f64::consts::LOG10_2;
    let power = log.floor();
    let mantissa = general(10f64.powf(log - power));
    let sign = if negative { "-" } else { "" };
    // Rounding may have made it ten.
    let (mantissa, power) = if mantissa == "10" { ("1", power + 1.0) } else { (&*mantissa, power) };
    format!("{sign}{mantissa}e{:+}", power as i64)
}
