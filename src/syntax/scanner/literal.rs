//! Numbers, runes, strings (specification: "Integer literals" to "String literals"). Literals with errors are still
//! literals, marked bad.

use super::{CLASS, HEX, Scanner};
use crate::ast::LitKind;
use crate::token::Token;
use memchr::{memchr, memchr3};

/// What a run of digits contained.
#[derive(Clone, Copy, Default)]
struct Digits {
    any: bool,
    separators: bool,
    /// Offset of the first digit that is too large for the base.
    invalid: Option<usize>,
}

impl Scanner<'_> {
    fn literal(&mut self, kind: LitKind, ok: bool) {
        self.newline_is_semi = true;
        self.tok = Token::Literal;
        self.lit_kind = kind;
        self.lit_bad = !ok;
    }

    /// A number; its first byte, a digit or a point, is consumed.
    pub(super) fn number(&mut self) {
        let first = self.byte(self.start);
        let next = self.byte(self.at);
        // The most frequent numbers by far: one or more decimal digits and nothing else.
        if first != b'.' && (first != b'0' || CLASS[next as usize] == 0) {
            let mut at = self.at;
            while self.byte(at).is_ascii_digit() {
                at += 1;
            }
            if !matches!(self.byte(at), b'.' | b'_' | b'e' | b'E' | b'p' | b'P' | b'i') {
                self.at = at;
                return self.literal(LitKind::Int, true);
            }
        }
        self.any_number();
    }

    fn any_number(&mut self) {
        let errors = self.errors.len();
        let (mut base, mut prefix) = (10, 0);
        let mut kind = LitKind::Int;
        let mut digits = Digits::default();
        let mut point = self.byte(self.start) == b'.';
        self.at = self.start + 1;
        if !point {
            if self.byte(self.start) == b'0' {
                prefix = self.byte(self.at).to_ascii_lowercase();
                base = match prefix {
                    b'x' => 16,
                    b'o' => 8,
                    b'b' => 2,
                    _ => 0,
                };
                if base == 0 {
                    (base, prefix, digits.any) = (8, b'0', true);
                } else {
                    self.at += 1;
                }
            } else {
                digits.any = true;
            }
            self.digits(base, &mut digits);
            if self.byte(self.at) == b'.' {
                if matches!(prefix, b'o' | b'b') {
                    self.error(self.at, format!("invalid radix point in {} literal", base_name(base)));
                }
                self.at += 1;
                point = true;
            }
        }
        if point {
            kind = LitKind::Float;
            self.digits(base, &mut digits);
        }
        if !digits.any && self.errors.len() == errors {
            self.error(self.at, format!("{} literal has no digits", base_name(base)));
        }
        self.exponent(&mut kind, prefix, &mut digits, errors);
        if self.byte(self.at) == b'i' {
            kind = LitKind::Imag;
            self.at += 1;
        }
        if let (LitKind::Int, Some(invalid), true) = (kind, digits.invalid, self.errors.len() == errors) {
            let digit = char::from(self.byte(invalid));
            self.error(invalid, format!("invalid digit '{digit}' in {} literal", base_name(base)));
        }
        if digits.separators
            && self.errors.len() == errors
            && let Some(at) = invalid_separator(&self.src[self.start..self.at])
        {
            self.error(self.start + at, "'_' must separate successive digits");
        }
        self.literal(kind, self.errors.len() == errors);
    }

    fn exponent(&mut self, kind: &mut LitKind, prefix: u8, digits: &mut Digits, errors: usize) {
        let e = self.byte(self.at);
        match e.to_ascii_lowercase() {
            b'e' | b'p' => {}
            _ if prefix == b'x' && *kind == LitKind::Float && self.errors.len() == errors => {
                return self.error(self.at, "hexadecimal mantissa requires a 'p' exponent");
            }
            _ => return,
        }
        if self.errors.len() == errors {
            let e = char::from(e);
            match (e.to_ascii_lowercase(), prefix) {
                ('e', b'x' | b'o' | b'b') => {
                    self.error(self.at, format!("'{e}' exponent requires decimal mantissa"));
                }
                ('p', prefix) if prefix != b'x' => {
                    self.error(self.at, format!("'{e}' exponent requires hexadecimal mantissa"));
                }
                _ => {}
            }
        }
        self.at += 1;
        *kind = LitKind::Float;
        if matches!(self.byte(self.at), b'+' | b'-') {
            self.at += 1;
        }
        let mut exponent = Digits::default();
        self.digits(10, &mut exponent);
        digits.separators |= exponent.separators;
        if !exponent.any && self.errors.len() == errors {
            self.error(self.at, "exponent has no digits");
        }
    }

    /// Digits and separators. Any decimal digit is taken in bases up to ten, so that it can be complained about.
    fn digits(&mut self, base: u8, digits: &mut Digits) {
        loop {
            let byte = self.byte(self.at);
            match byte {
                b'_' => digits.separators = true,
                b'0'..=b'9' => {
                    if byte - b'0' >= base && digits.invalid.is_none() {
                        digits.invalid = Some(self.at);
                    }
                    digits.any = true;
                }
                _ if base == 16 && CLASS[byte as usize] & HEX != 0 => digits.any = true,
                _ => return,
            }
            self.at += 1;
        }
    }

    /// A string in double quotes; the opening one is consumed.
    pub(super) fn string(&mut self) {
        let mut ok = true;
        loop {
            let Some(stop) = memchr3(b'"', b'\\', b'\n', &self.src[self.at..]) else {
                self.at = self.src.len();
                self.error(self.start, "string not terminated");
                return self.literal(LitKind::String, false);
            };
            self.at += stop;
            match self.src[self.at] {
                b'"' => {
                    self.at += 1;
                    return self.literal(LitKind::String, ok);
                }
                b'\\' => {
                    self.at += 1;
                    ok &= self.escape(b'"');
                }
                _ => {
                    self.error(self.at, "newline in string");
                    return self.literal(LitKind::String, false);
                }
            }
        }
    }

    /// A string in back quotes; the opening one is consumed.
    pub(super) fn raw_string(&mut self) {
        match memchr(b'`', &self.src[self.at..]) {
            Some(close) => {
                self.at += close + 1;
                self.literal(LitKind::String, true);
            }
            None => {
                self.at = self.src.len();
                self.error(self.start, "string not terminated");
                self.literal(LitKind::String, false);
            }
        }
    }

    /// A rune; the opening quote is consumed.
    pub(super) fn rune(&mut self) {
        let mut ok = true;
        let mut count = 0;
        loop {
            match self.byte(self.at) {
                b'\'' => {
                    if ok && count == 0 {
                        self.error(self.at, "empty rune literal or unescaped '");
                        ok = false;
                    } else if ok && count > 1 {
                        self.error(self.start, "more than one character in rune literal");
                        ok = false;
                    }
                    self.at += 1;
                    break;
                }
                b'\\' => {
                    self.at += 1;
                    ok &= self.escape(b'\'');
                }
                b'\n' => {
                    if ok {
                        self.error(self.at, "newline in rune literal");
                        ok = false;
                    }
                    break;
                }
                0 if self.at_end() => {
                    if ok {
                        self.error(self.start, "rune literal not terminated");
                        ok = false;
                    }
                    break;
                }
                // A blanked byte is no character.
                0 => {
                    self.at += 1;
                    continue;
                }
                _ => self.at += self.char_at(self.at).map_or(1, char::len_utf8),
            }
            count += 1;
        }
        self.literal(LitKind::Rune, ok);
    }

    /// What follows a backslash. At the end of the file the caller complains.
    fn escape(&mut self, quote: u8) -> bool {
        let (len, base, max) = match self.byte(self.at) {
            b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' => {
                self.at += 1;
                return true;
            }
            byte if byte == quote => {
                self.at += 1;
                return true;
            }
            b'0'..=b'7' => (3, 8, 255),
            b'x' => (2, 16, 255),
            b'u' => (4, 16, u32::from(char::MAX)),
            b'U' => (8, 16, u32::from(char::MAX)),
            _ if self.at_end() => return true,
            _ => {
                self.error(self.at, "unknown escape");
                return false;
            }
        };
        if base == 16 {
            self.at += 1;
        }
        let mut value = 0u32;
        for _ in 0..len {
            if self.at_end() {
                return true;
            }
            match char::from(self.byte(self.at)).to_digit(base) {
                Some(digit) => value = value.wrapping_mul(base) | digit,
                None => {
                    let c = self.char_at(self.at).unwrap_or('\0');
                    let c = go_quoted(c);
                    self.error(self.at, format!("invalid character {c} in {} escape", base_name(base as u8)));
                    return false;
                }
            }
            self.at += 1;
        }
        if base == 8 && value > max {
            self.error(self.at, format!("octal escape value {value} > 255"));
            return false;
        }
        if value > max || char::from_u32(value).is_none() {
            self.error(self.at, format!("escape is invalid Unicode code point U+{value:04X}"));
            return false;
        }
        true
    }
}

/// A character in single quotes as Go writes it.
fn go_quoted(c: char) -> String {
    match c {
        '\'' => r"'\''".to_owned(),
        '\\' => r"'\\'".to_owned(),
        '"' => "'\"'".to_owned(),
        '\x07' => r"'\a'".to_owned(),
        '\x08' => r"'\b'".to_owned(),
        '\x0b' => r"'\v'".to_owned(),
        '\x0c' => r"'\f'".to_owned(),
        '\n' | '\r' | '\t' => format!("'{}'", c.escape_default()),
        c if c.is_control() && (c as u32) < 0x80 => format!("'\\x{:02x}'", c as u32),
        c => format!("'{c}'"),
    }
}

fn base_name(base: u8) -> &'static str {
    match base {
        2 => "binary",
        8 => "octal",
        16 => "hexadecimal",
        _ => "decimal",
    }
}

/// Offset of the first separator that is not between digits (a base prefix counts as a digit).
fn invalid_separator(literal: &[u8]) -> Option<usize> {
    let prefixed =
        literal.len() >= 2 && literal[0] == b'0' && matches!(literal[1] | 0x20, b'x' | b'o' | b'b');
    let hex = prefixed && literal[1] | 0x20 == b'x';
    let is_digit = |b: u8| b.is_ascii_digit() || hex && b.is_ascii_hexdigit();
    let first = if prefixed { 2 } else { 0 };
    for (i, &byte) in literal.iter().enumerate().skip(first) {
        if byte == b'_' {
            let before = i == first && prefixed || i > first && is_digit(literal[i - 1]);
            let after = literal.get(i + 1).is_some_and(|&b| is_digit(b));
            // A run of separators is reported at its second one, a trailing one at itself.
            if !before || !after && literal.get(i + 1) != Some(&b'_') {
                return Some(i);
            }
        }
    }
    None
}
