//! Values of literals, and Go's quoting of strings.

use super::{FLOAT_PRECISION, Float, Value};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
use syntax::ast::LitKind;

/// Longer number literals are refused ("excessively long constant").
pub const MAX_LITERAL: usize = 10_000;

impl Value {
    /// The value of a well-formed literal; `Unknown` if it is too large for any constant.
    pub fn from_literal(kind: LitKind, text: &str) -> Value {
        match kind {
            LitKind::Int => integer(text),
            LitKind::Float => float(text),
            LitKind::Imag => {
                let number = text.strip_suffix('i').unwrap_or(text);
                Value::from_parts(Value::Int(0), imaginary(number))
            }
            LitKind::Rune => rune(text).map_or(Value::Unknown, |r| Value::Int(i64::from(r))),
            LitKind::String => unquote(text).map_or(Value::Unknown, |s| Value::Str(s.into())),
        }
    }
}

fn integer(text: &str) -> Value {
    let digits: String = text.chars().filter(|&c| c != '_').collect();
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, &digits[..]),
    };
    if let Ok(n) = i64::from_str_radix(digits, radix) {
        return Value::Int(n);
    }
    IBig::from_str_radix(digits, radix).map_or(Value::Unknown, Value::from_big)
}

/// "For backward compatibility, an imaginary literal's integer part consisting entirely of decimal digits (and
/// possibly underscores) is considered a decimal integer, even if it starts with a leading 0."
fn imaginary(text: &str) -> Value {
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        return IBig::from_str_radix(&digits, 10).map_or(Value::Unknown, Value::from_big);
    }
    if text.starts_with("0x") || text.starts_with("0X") {
        return if text.contains(['p', 'P', '.']) { float(text) } else { integer(text) };
    }
    if text.starts_with("0b") || text.starts_with("0B") || text.starts_with("0o") || text.starts_with("0O") {
        return integer(text);
    }
    float(text)
}

fn float(text: &str) -> Value {
    let text: String = text.chars().filter(|&c| c != '_').collect();
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (radix, body, marks): (u32, &str, &[char]) = match hex {
        Some(body) => (16, body, &['p', 'P']),
        None => (10, &text, &['e', 'E']),
    };
    let (mantissa, exponent) = body.split_once(marks).unwrap_or((body, "0"));
    let Ok(mut exponent) = exponent.parse::<i64>() else { return Value::Unknown };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let Ok(n) = UBig::from_str_radix(if digits.is_empty() { "0" } else { &digits }, radix) else {
        return Value::Unknown;
    };
    if n.is_zero() {
        return Value::Int(0);
    }
    exponent -= fraction.len() as i64 * if radix == 16 { 4 } else { 1 };
    let base = if radix == 16 { 2u8 } else { 10 };
    // Exponents that rationals can hold are exact.
    if exponent.unsigned_abs() < 1200 {
        let power = UBig::from(base).pow(exponent.unsigned_abs() as usize);
        let n = IBig::from(n);
        return if exponent >= 0 {
            Value::from_big(n * IBig::from(power))
        } else {
            Value::from_rat(RBig::from_parts(n, power))
        };
    }
    // Surely beyond 2 to the power of 2^31, where Go's own exponents end.
    if exponent.unsigned_abs() > if radix == 16 { 2_200_000_000 } else { 700_000_000 } {
        return if exponent < 0 { Value::Int(0) } else { Value::Unknown };
    }
    let precision = FLOAT_PRECISION + 64;
    let power = float_power(base, exponent.unsigned_abs(), precision);
    let n = Float::from(IBig::from(n)).with_precision(precision).value();
    Value::from_float(if exponent >= 0 { n * power } else { n / power })
}

fn float_power(base: u8, mut exponent: u64, precision: usize) -> Float {
    let mut square = Float::from(base).with_precision(precision).value();
    let mut power = Float::ONE.with_precision(precision).value();
    while exponent > 0 {
        if exponent & 1 == 1 {
            power *= square.clone();
        }
        square = square.clone() * square;
        exponent >>= 1;
    }
    power
}

fn rune(text: &str) -> Option<u32> {
    let body = text.strip_prefix('\'')?.strip_suffix('\'')?;
    if let Some(escape) = body.strip_prefix('\\') {
        let mut rest = escape;
        return match unescape(&mut rest)? {
            Unit::Byte(b) => Some(u32::from(b)),
            Unit::Char(c) => Some(c),
        };
    }
    body.chars().next().map(u32::from)
}

enum Unit {
    /// `\x` and octal escapes: a byte of a string.
    Byte(u8),
    Char(u32),
}

/// Reads an escape behind its backslash.
fn unescape(rest: &mut &str) -> Option<Unit> {
    let c = rest.chars().next()?;
    *rest = &rest[c.len_utf8()..];
    let mut digits = |n: usize, radix: u32| -> Option<u32> {
        let value = u32::from_str_radix(rest.get(..n)?, radix).ok()?;
        *rest = &rest[n..];
        Some(value)
    };
    Some(match c {
        'a' => Unit::Char(7),
        'b' => Unit::Char(8),
        'f' => Unit::Char(12),
        'n' => Unit::Char(10),
        'r' => Unit::Char(13),
        't' => Unit::Char(9),
        'v' => Unit::Char(11),
        '\\' | '\'' | '"' => Unit::Char(u32::from(c)),
        'x' => Unit::Byte(digits(2, 16)? as u8),
        'u' => Unit::Char(digits(4, 16)?),
        'U' => Unit::Char(digits(8, 16)?),
        '0'..='7' => {
            let low = digits(2, 8)?;
            Unit::Byte(((u32::from(c) - u32::from('0')) * 64 + low) as u8)
        }
        _ => return None,
    })
}

/// The bytes of a string literal, quotes included in the argument.
pub fn unquote(text: &str) -> Option<Vec<u8>> {
    if let Some(raw) = text.strip_prefix('`') {
        // "Carriage return characters ('\r') inside raw string literals are discarded".
        return Some(raw.strip_suffix('`')?.bytes().filter(|&b| b != b'\r').collect());
    }
    let mut rest = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = Vec::with_capacity(rest.len());
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        match unescape(&mut rest)? {
            Unit::Byte(b) => out.push(b),
            Unit::Char(c) => {
                let c = char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
    out.extend_from_slice(rest.as_bytes());
    Some(out)
}

/// Whether a character is shown as it is: letters, marks, numbers, punctuation, symbols and the plain space.
fn is_printable(c: char) -> bool {
    // Behind a letter, so that marks are not taken for something to escape.
    c.is_ascii() || !c.is_whitespace() && !format!("{:?}", format!("a{c}")).contains("\\u{")
}

/// Bytes as a Go string literal in double quotes.
pub fn quote(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                '\r' => out.push_str("\\r"),
                '\u{7}' => out.push_str("\\a"),
                '\u{8}' => out.push_str("\\b"),
                '\u{b}' => out.push_str("\\v"),
                '\u{c}' => out.push_str("\\f"),
                c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                    let _ = write!(out, "\\x{:02x}", c as u32);
                }
                c if !is_printable(c) && (c as u32) < 0x10000 => {
                    let _ = write!(out, "\\u{:04x}", c as u32);
                }
                c if !is_printable(c) => {
                    let _ = write!(out, "\\U{:08x}", c as u32);
                }
                c => out.push(c),
            }
        }
        for b in chunk.invalid() {
            let _ = write!(out, "\\x{b:02x}");
        }
    }
    out.push('"');
    out
}
