//! Tokens of the text form.

use super::{Error, is_name_char};

#[derive(Clone, PartialEq, Debug)]
pub enum Token {
    /// A word: letters, digits and `_`, starting with a letter or `_`.
    Word(String),
    /// A number as it is written, with its sign.
    Number(String),
    /// Bytes of a quoted string.
    Str(Vec<u8>),
    /// `@name`
    At(String),
    /// `%name`
    Percent(String),
    /// `!7`
    Loc(u32),
    /// Punctuation: one of `( ) { } [ ] , : = . +`, or `>` for `->`.
    Punct(char),
    End,
}

#[derive(Clone, Debug)]
pub struct Spanned {
    pub token: Token,
    pub line: u32,
    pub col: u32,
}

struct Lexer<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
    line: u32,
    col: u32,
}

pub fn lex(text: &str) -> Result<Vec<Spanned>, Error> {
    let mut lexer = Lexer { chars: text.chars().peekable(), line: 1, col: 1 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks();
        let (line, col) = (lexer.line, lexer.col);
        let token = lexer.token()?;
        let end = token == Token::End;
        tokens.push(Spanned { token, line, col });
        if end {
            return Ok(tokens);
        }
    }
}

impl Lexer<'_> {
    fn bump(&mut self) -> Option<char> {
        let c = self.chars.next()?;
        if c == '\n' {
            self.line += 1;
            self.col = 1;
        } else {
            self.col += 1;
        }
        Some(c)
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().copied()
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T, Error> {
        Err(Error { line: self.line, col: self.col, message: message.into() })
    }

    fn skip_blanks(&mut self) {
        while let Some(c) = self.peek() {
            if c == ';' {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.bump();
                }
            } else if c.is_whitespace() {
                self.bump();
            } else {
                return;
            }
        }
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(c) = self.peek().filter(|&c| accept(c)) {
            text.push(c);
            self.bump();
        }
        text
    }

    fn token(&mut self) -> Result<Token, Error> {
        let Some(c) = self.peek() else { return Ok(Token::End) };
        if c.is_ascii_alphabetic() || c == '_' {
            return Ok(Token::Word(self.take_while(|c| c.is_ascii_alphanumeric() || c == '_')));
        }
        if c.is_ascii_digit() {
            return Ok(Token::Number(self.number()));
        }
        match c {
            '"' => Ok(Token::Str(self.string()?)),
            '-' => {
                self.bump();
                match self.peek() {
                    Some('>') => {
                        self.bump();
                        Ok(Token::Punct('>'))
                    }
                    Some(c) if c.is_ascii_digit() => Ok(Token::Number(format!("-{}", self.number()))),
                    _ => self.error("expected a number or `>` after `-`"),
                }
            }
            '@' | '%' => {
                self.bump();
                let name = self.name()?;
                Ok(if c == '@' { Token::At(name) } else { Token::Percent(name) })
            }
            '!' => {
                self.bump();
                let digits = self.take_while(|c| c.is_ascii_digit());
                match digits.parse() {
                    Ok(id) => Ok(Token::Loc(id)),
                    Err(_) => self.error("expected the number of a location after `!`"),
                }
            }
            '(' | ')' | '{' | '}' | '[' | ']' | ',' | ':' | '=' | '.' | '+' => {
                self.bump();
                Ok(Token::Punct(c))
            }
            _ => self.error(format!("unexpected character {c:?}")),
        }
    }

    /// Digits, hexadecimal digits after `0x`, fraction and exponent.
    fn number(&mut self) -> String {
        let mut text = self.take_while(|c| c.is_ascii_alphanumeric());
        let decimal = !text.starts_with("0x");
        if decimal && !text.contains(['e', 'E']) && self.peek() == Some('.') {
            let mut rest = self.chars.clone();
            rest.next();
            if rest.next().is_some_and(|c| c.is_ascii_digit()) {
                text.push('.');
                self.bump();
                text += &self.take_while(|c| c.is_ascii_alphanumeric());
            }
        }
        if decimal && text.ends_with(['e', 'E']) && self.peek() == Some('-') {
            text.push('-');
            self.bump();
            text += &self.take_while(|c| c.is_ascii_digit());
        }
        text
    }

    fn name(&mut self) -> Result<String, Error> {
        if self.peek() == Some('"') {
            let bytes = self.string()?;
            return String::from_utf8(bytes).or_else(|_| self.error("a name must be valid UTF-8"));
        }
        let name = self.take_while(is_name_char);
        if name.is_empty() { self.error("expected a name") } else { Ok(name) }
    }

    fn string(&mut self) -> Result<Vec<u8>, Error> {
        self.bump();
        let mut bytes = Vec::new();
        loop {
            match self.bump() {
                None => return self.error("string is not closed"),
                Some('"') => return Ok(bytes),
                Some('\\') => match self.bump() {
                    Some('n') => bytes.push(b'\n'),
                    Some('t') => bytes.push(b'\t'),
                    Some('x') => {
                        let digits: String = [self.bump(), self.bump()].into_iter().flatten().collect();
                        match u8::from_str_radix(&digits, 16) {
                            Ok(byte) => bytes.push(byte),
                            Err(_) => return self.error("expected two hexadecimal digits after `\\x`"),
                        }
                    }
                    Some(c @ ('"' | '\\')) => bytes.push(c as u8),
                    _ => return self.error("unknown escape in string"),
                },
                Some(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }
}
