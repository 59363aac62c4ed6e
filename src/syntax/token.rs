//! Tokens, operators, and the perfect hash that finds keywords.

use crate::ast::BinaryOp;

/// The kind of a token. Operators that behave alike share one, and the scanner says which operator it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Token {
    Eof,
    Name,
    Literal,
    /// An operator, `*` excepted.
    Operator,
    /// `op=`
    AssignOp,
    /// `++`, `--`
    IncOp,
    Assign,
    Define,
    Arrow,
    Star,
    Lparen,
    Lbrack,
    Lbrace,
    Rparen,
    Rbrack,
    Rbrace,
    Comma,
    Semi,
    Colon,
    Dot,
    DotDotDot,
    Break,
    Case,
    Chan,
    Const,
    Continue,
    Default,
    Defer,
    Else,
    Fallthrough,
    For,
    Func,
    Go,
    Goto,
    If,
    Import,
    Interface,
    Map,
    Package,
    Range,
    Return,
    Select,
    Struct,
    Switch,
    Type,
    Var,
}

/// Spellings, in the order of [`Token`].
const SPELLING: [&str; 46] = [
    "EOF",
    "name",
    "literal",
    "op",
    "op=",
    "opop",
    "=",
    ":=",
    "<-",
    "*",
    "(",
    "[",
    "{",
    ")",
    "]",
    "}",
    ",",
    ";",
    ":",
    ".",
    "...",
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

const KEYWORDS: [Token; 25] = [
    Token::Break,
    Token::Case,
    Token::Chan,
    Token::Const,
    Token::Continue,
    Token::Default,
    Token::Defer,
    Token::Else,
    Token::Fallthrough,
    Token::For,
    Token::Func,
    Token::Go,
    Token::Goto,
    Token::If,
    Token::Import,
    Token::Interface,
    Token::Map,
    Token::Package,
    Token::Range,
    Token::Return,
    Token::Select,
    Token::Struct,
    Token::Switch,
    Token::Type,
    Token::Var,
];

impl Token {
    pub fn spelling(self) -> &'static str {
        SPELLING[self as usize]
    }

    pub fn is_keyword(self) -> bool {
        self as u8 >= Token::Break as u8
    }

    /// What messages call it.
    pub fn describe(self) -> String {
        match self {
            Token::Comma => "comma".to_owned(),
            Token::Semi => "semicolon or newline".to_owned(),
            _ if self.is_keyword() => format!("keyword {}", self.spelling()),
            _ => self.spelling().to_owned(),
        }
    }

    /// For sets of tokens.
    pub const fn bit(self) -> u64 {
        1 << self as u8
    }
}

/// The multipliers are such that no two keywords collide, which building the table checks.
const fn hash(first: u8, second: u8, len: usize) -> usize {
    (first as usize * 4 + second as usize * 48 + len) % 64
}

const TABLE: [Option<Token>; 64] = {
    let mut table = [None; 64];
    let mut i = 0;
    while i < KEYWORDS.len() {
        let word = SPELLING[KEYWORDS[i] as usize].as_bytes();
        let slot = hash(word[0], word[1], word.len());
        assert!(table[slot].is_none(), "two keywords have the same hash");
        table[slot] = Some(KEYWORDS[i]);
        i += 1;
    }
    table
};

/// The keyword that this identifier is, if it is one.
pub fn keyword(word: &[u8]) -> Option<Token> {
    let [first, second, ..] = *word else { return None };
    let token = TABLE[hash(first, second, word.len())]?;
    (token.spelling().as_bytes() == word).then_some(token)
}

/// The operator of an `Operator`, `AssignOp` or `IncOp` token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Not,
    Tilde,
    Binary(BinaryOp),
}

impl Op {
    pub fn as_str(self) -> &'static str {
        match self {
            Op::Not => "!",
            Op::Tilde => "~",
            Op::Binary(op) => op.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords() {
        for token in KEYWORDS {
            assert_eq!(keyword(token.spelling().as_bytes()), Some(token));
        }
        assert!(
            [&b"brea"[..], b"breakx", b"x", b"", b"iff", b"int", b"casf"]
                .iter()
                .all(|w| keyword(w).is_none())
        );
        assert_eq!(
            (Token::Var.spelling(), Token::Break.spelling(), Token::DotDotDot.spelling()),
            ("var", "break", "...")
        );
    }
}
