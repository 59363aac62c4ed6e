//! The scanner: bytes to tokens, with automatic semicolons (specification: "Lexical elements").

mod comment;
mod literal;

use crate::ast::{BinaryOp, Directive, LitKind};
use crate::token::{Op, Token, keyword};
use crate::unicode;
use source::{Diagnostic, LineDirective, Name, Pos};
use std::sync::Arc;

/// What a semicolon token was in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Semi {
    Semicolon,
    Newline,
    Eof,
}

impl Semi {
    pub fn as_str(self) -> &'static str {
        match self {
            Semi::Semicolon => "semicolon",
            Semi::Newline => "newline",
            Semi::Eof => "EOF",
        }
    }
}

/// The scanner's state is the current token; [`next`](Scanner::next) replaces it by the following one.
pub struct Scanner<'a> {
    text: &'a str,
    src: &'a [u8],
    /// Position of `src[0]`.
    base: u32,
    /// Offset of the first byte not read yet.
    at: usize,
    /// Whether a newline here is a semicolon.
    newline_is_semi: bool,

    pub tok: Token,
    /// Offset of the token's first byte.
    start: usize,
    /// Of `Operator`, `AssignOp`, `IncOp`, `Star`.
    pub op: Op,
    /// Of `Operator` and `Star`: binary precedence, 0 if it is not a binary operator.
    pub prec: u8,
    /// Of `Name`.
    pub name: Name,
    /// Of `Literal`.
    pub lit_kind: LitKind,
    pub lit_bad: bool,
    /// Of `Semi`.
    pub semi: Semi,

    pub errors: Vec<Diagnostic>,
    pub directives: Vec<Directive>,
    pub lines: Vec<LineDirective>,
    /// The file's own name, for relative names in line directives.
    display: Arc<str>,
}

impl<'a> Scanner<'a> {
    /// A scanner before the first token of `text`, whose first byte has the position `base`.
    pub fn new(text: &'a str, base: u32, display: Arc<str>) -> Scanner<'a> {
        Scanner {
            text,
            src: text.as_bytes(),
            base,
            at: 0,
            newline_is_semi: false,
            tok: Token::Eof,
            start: 0,
            op: Op::Not,
            prec: 0,
            name: Name::EMPTY,
            lit_kind: LitKind::Int,
            lit_bad: false,
            semi: Semi::Semicolon,
            errors: Vec::new(),
            directives: Vec::new(),
            lines: Vec::new(),
            display,
        }
    }

    pub fn base(&self) -> u32 {
        self.base
    }

    /// Where the current token begins.
    pub fn pos(&self) -> Pos {
        self.pos_at(self.start)
    }

    /// Where it ends.
    pub fn end(&self) -> Pos {
        self.pos_at(self.at)
    }

    pub fn start_offset(&self) -> usize {
        self.start
    }

    /// The current token's text.
    pub fn lit(&self) -> &'a str {
        self.text.get(self.start..self.at).unwrap_or("")
    }

    fn pos_at(&self, offset: usize) -> Pos {
        Pos(self.base + offset as u32)
    }

    /// The byte at an offset; 0 at the end, and where an invalid byte was blanked.
    fn byte(&self, offset: usize) -> u8 {
        self.src.get(offset).copied().unwrap_or(0)
    }

    fn at_end(&self) -> bool {
        self.at >= self.src.len()
    }

    fn char_at(&self, offset: usize) -> Option<char> {
        self.text.get(offset..)?.chars().next()
    }

    fn error(&mut self, offset: usize, message: impl Into<String>) {
        let pos = self.pos_at(offset);
        self.errors.push(Diagnostic::error(pos, message));
    }

    /// Goes on behind a skipped function body, that is, behind the brace that ends at this offset, and returns the
    /// brace's position.
    pub fn resume_after_brace(&mut self, offset: usize) -> Pos {
        self.at = offset;
        self.newline_is_semi = true;
        self.next();
        self.pos_at(offset - 1)
    }

    /// Gives up: only the end of the file follows.
    pub fn stop(&mut self) {
        self.at = self.src.len();
        self.start = self.at;
        self.newline_is_semi = false;
        self.tok = Token::Eof;
    }

    /// Reads the next token.
    pub fn next(&mut self) {
        let newline_is_semi = std::mem::take(&mut self.newline_is_semi);
        loop {
            while matches!(self.byte(self.at), b' ' | b'\t' | b'\r')
                || self.byte(self.at) == b'\n' && !newline_is_semi
            {
                self.at += 1;
            }
            self.start = self.at;
            let byte = self.byte(self.at);
            if CLASS[byte as usize] & LETTER != 0 {
                return self.ident();
            }
            self.at += 1;
            match byte {
                b'(' => return self.tok = Token::Lparen,
                b'[' => return self.tok = Token::Lbrack,
                b'{' => return self.tok = Token::Lbrace,
                b',' => return self.tok = Token::Comma,
                b')' => return self.closing(Token::Rparen),
                b']' => return self.closing(Token::Rbrack),
                b'}' => return self.closing(Token::Rbrace),
                b'\n' => return self.semicolon(Semi::Newline),
                b';' => return self.semicolon(Semi::Semicolon),
                b'0'..=b'9' => return self.number(),
                b'"' => return self.string(),
                b'`' => return self.raw_string(),
                b'\'' => return self.rune(),
                b':' => return self.one_or_two(b'=', Token::Colon, Token::Define),
                b'.' => return self.dot(),
                b'+' => return self.add_or_inc(b'+', BinaryOp::Add),
                b'-' => return self.add_or_inc(b'-', BinaryOp::Sub),
                b'*' => {
                    self.operator(BinaryOp::Mul);
                    if self.tok == Token::Operator {
                        self.tok = Token::Star;
                    }
                    return;
                }
                b'/' => match self.byte(self.at) {
                    b'/' => self.line_comment(),
                    b'*' => {
                        let multi_line = self.full_comment();
                        if multi_line && newline_is_semi {
                            return self.semicolon(Semi::Newline);
                        }
                    }
                    _ => return self.operator(BinaryOp::Div),
                },
                b'%' => return self.operator(BinaryOp::Rem),
                b'&' => {
                    return match self.byte(self.at) {
                        b'&' => self.two(BinaryOp::AndAnd),
                        b'^' => {
                            self.at += 1;
                            self.operator(BinaryOp::AndNot)
                        }
                        _ => self.operator(BinaryOp::And),
                    };
                }
                b'|' => {
                    return match self.byte(self.at) {
                        b'|' => self.two(BinaryOp::OrOr),
                        _ => self.operator(BinaryOp::Or),
                    };
                }
                b'^' => return self.operator(BinaryOp::Xor),
                b'<' => {
                    return match self.byte(self.at) {
                        b'=' => self.two(BinaryOp::Le),
                        b'<' => {
                            self.at += 1;
                            self.operator(BinaryOp::Shl)
                        }
                        b'-' => {
                            self.at += 1;
                            self.tok = Token::Arrow
                        }
                        _ => self.binary(BinaryOp::Lt),
                    };
                }
                b'>' => {
                    return match self.byte(self.at) {
                        b'=' => self.two(BinaryOp::Ge),
                        b'>' => {
                            self.at += 1;
                            self.operator(BinaryOp::Shr)
                        }
                        _ => self.binary(BinaryOp::Gt),
                    };
                }
                b'=' => {
                    return match self.byte(self.at) {
                        b'=' => self.two(BinaryOp::Eq),
                        _ => self.tok = Token::Assign,
                    };
                }
                b'!' => {
                    return match self.byte(self.at) {
                        b'=' => self.two(BinaryOp::Ne),
                        _ => self.unary(Op::Not),
                    };
                }
                b'~' => return self.unary(Op::Tilde),
                0 if self.start >= self.src.len() => {
                    self.at = self.src.len();
                    return if newline_is_semi { self.semicolon(Semi::Eof) } else { self.tok = Token::Eof };
                }
                // A byte that was reported already and blanked.
                0 => {}
                0x80.. => {
                    self.at = self.start;
                    if self.ident_char(true) {
                        return self.ident();
                    }
                    self.at += 1;
                }
                _ => self.error(self.start, format!("invalid character {}", unicode_name(char::from(byte)))),
            }
        }
    }

    fn semicolon(&mut self, semi: Semi) {
        self.semi = semi;
        self.tok = Token::Semi;
    }

    fn closing(&mut self, tok: Token) {
        self.newline_is_semi = true;
        self.tok = tok;
    }

    fn one_or_two(&mut self, second: u8, one: Token, two: Token) {
        self.tok = one;
        if self.byte(self.at) == second {
            self.at += 1;
            self.tok = two;
        }
    }

    fn binary(&mut self, op: BinaryOp) {
        self.op = Op::Binary(op);
        self.prec = op.precedence();
        self.tok = Token::Operator;
    }

    fn two(&mut self, op: BinaryOp) {
        self.at += 1;
        self.binary(op);
    }

    fn unary(&mut self, op: Op) {
        self.op = op;
        self.prec = 0;
        self.tok = Token::Operator;
    }

    /// An operator that has an assigning form.
    fn operator(&mut self, op: BinaryOp) {
        self.binary(op);
        if self.byte(self.at) == b'=' {
            self.at += 1;
            self.tok = Token::AssignOp;
        }
    }

    fn add_or_inc(&mut self, again: u8, op: BinaryOp) {
        if self.byte(self.at) == again {
            self.at += 1;
            self.binary(op);
            self.closing(Token::IncOp);
        } else {
            self.operator(op);
        }
    }

    fn dot(&mut self) {
        if self.byte(self.at).is_ascii_digit() {
            return self.number();
        }
        self.tok = Token::Dot;
        if self.byte(self.at) == b'.' && self.byte(self.at + 1) == b'.' {
            self.at += 2;
            self.tok = Token::DotDotDot;
        }
    }

    fn ident(&mut self) {
        let mut hash = 0u32;
        let mut at = self.at;
        while let Some(&byte) = self.src.get(at)
            && CLASS[byte as usize] & (LETTER | DIGIT) != 0
        {
            hash = Name::hash_step(hash, byte);
            at += 1;
        }
        self.at = at;
        let next = self.byte(at);
        if next >= 0x80 || next == 0 && at < self.src.len() {
            while self.ident_char(false) {}
        }
        // Cannot fail: identifiers end between characters.
        let word = self.text.get(self.start..self.at).unwrap_or("");
        if let Some(tok) = keyword(word.as_bytes()) {
            const ENDS: u64 =
                Token::Break.bit() | Token::Continue.bit() | Token::Fallthrough.bit() | Token::Return.bit();
            self.newline_is_semi = ENDS & tok.bit() != 0;
            self.tok = tok;
            return;
        }
        self.newline_is_semi = true;
        self.tok = Token::Name;
        self.name = Name::with_hash(word, hash);
    }

    /// Whether an identifier goes on with the character here, which is then consumed. Characters that cannot be part of
    /// one but are not ASCII are reported and taken along, as is a digit at the beginning.
    fn ident_char(&mut self, first: bool) -> bool {
        let byte = self.byte(self.at);
        if byte < 0x80 {
            let part = CLASS[byte as usize] & (LETTER | DIGIT) != 0 || byte == 0 && !self.at_end();
            self.at += usize::from(part);
            return part;
        }
        let Some(c) = self.char_at(self.at) else { return false };
        if unicode::is_digit(c) {
            if first {
                self.error(self.at, format!("identifier cannot begin with digit {}", unicode_name(c)));
            }
        } else if !unicode::is_letter(c) {
            self.error(self.at, format!("invalid character {} in identifier", unicode_name(c)));
        }
        self.at += c.len_utf8();
        true
    }
}

/// `U+0040 '@'`; characters that do not print have no quoted form.
fn unicode_name(c: char) -> String {
    let quoted: String = c.escape_debug().collect();
    if quoted.starts_with('\\') && !matches!(c, '\\' | '\'' | '"') {
        return format!("U+{:04X}", u32::from(c));
    }
    format!("U+{:04X} '{c}'", u32::from(c))
}

const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const HEX: u8 = 4;

const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        let b = byte as u8;
        if b.is_ascii_alphabetic() || b == b'_' {
            class[byte] |= LETTER;
        }
        if b.is_ascii_digit() {
            class[byte] |= DIGIT;
        }
        if b.is_ascii_hexdigit() {
            class[byte] |= HEX;
        }
        byte += 1;
    }
    class
};
