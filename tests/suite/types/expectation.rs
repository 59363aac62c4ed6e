//! The `ERROR` comments in the corpora of Go's type checkers: `/* ERROR "text" */` or `// ERRORx "regexp"`, each directly
//! behind the token at which the error is reported.

use regex::Regex;
use source::SourceFile;
use syntax::scanner::{Scanner, Semi};
use syntax::token::Token;

/// One expected error.
pub struct Expectation {
    pub line: u32,
    pub column: u32,
    pub text: String,
    pattern: Pattern,
}

enum Pattern {
    Contains(String),
    Matches(Regex),
}

impl Expectation {
    pub fn accepts(&self, message: &str) -> bool {
        match &self.pattern {
            Pattern::Contains(text) => message.contains(text.as_str()),
            Pattern::Matches(regex) => regex.is_match(message),
        }
    }
}

/// All expectations of a file, in order.
pub fn expectations(file: &SourceFile) -> Result<Vec<Expectation>, String> {
    let text = String::from_utf8_lossy(&file.bytes);
    let mut scanner = Scanner::new(&text, file.base, "".into());
    let (mut found, mut previous, mut end) = (Vec::new(), (0, 0), 0);
    loop {
        scanner.next();
        let automatic = scanner.tok == Token::Semi && scanner.semi != Semi::Semicolon;
        // The text of a newline that ends a statement belongs to the gap before the next token.
        let start = file.offset(scanner.pos()) as usize;
        if !automatic {
            for comment in comments(&text[end..start.max(end)]) {
                found.extend(expectation(comment, previous).map_err(|e| format!("{}: {e}", file.display))?);
            }
            previous = file.line_column(start as u32);
            end = file.offset(scanner.end()) as usize;
        }
        if scanner.tok == Token::Eof {
            return Ok(found);
        }
    }
}

/// The comments in the text between two tokens, without their delimiters.
fn comments(mut gap: &str) -> Vec<&str> {
    let mut found = Vec::new();
    while let Some(at) = gap.find('/') {
        gap = &gap[at..];
        let (length, body) = if let Some(text) = gap.strip_prefix("//") {
            let end = text.find('\n').unwrap_or(text.len());
            (end + 2, &text[..end])
        } else if let Some(text) = gap.strip_prefix("/*") {
            let end = text.find("*/").unwrap_or(text.len());
            ((end + 4).min(gap.len()), &text[..end])
        } else {
            (1, "")
        };
        found.push(body);
        gap = &gap[length..];
    }
    found
}

fn expectation(comment: &str, (line, column): (u32, u32)) -> Result<Option<Expectation>, String> {
    let (regex, quoted) = match (comment.strip_prefix(" ERROR "), comment.strip_prefix(" ERRORx ")) {
        (Some(text), _) => (false, text),
        (_, Some(text)) => (true, text),
        _ => return Ok(None),
    };
    let bytes =
        types::constant::unquote(quoted.trim()).ok_or_else(|| format!("{line}: quoting: {quoted}"))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let pattern = if regex {
        Pattern::Matches(Regex::new(&literal_braces(&text)).map_err(|e| format!("{line}: {e}"))?)
    } else {
        Pattern::Contains(text.clone())
    };
    Ok(Some(Expectation { line, column, text, pattern }))
}

/// Go's regular expressions take a brace that repeats nothing for itself.
pub fn literal_braces(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '{' => repetition(rest),
            _ => c.len_utf8(),
        };
        match length {
            0 => out.push_str("\\{"),
            _ if c == '}' => out.push_str("\\}"),
            _ => out.push_str(&rest[..length]),
        }
        rest = &rest[length.max(1)..];
    }
    out
}

/// The length of `{2}`, `{2,}` or `{2,3}` at the beginning of a text, otherwise 0.
fn repetition(text: &str) -> usize {
    let Some(end) = text.find('}') else { return 0 };
    let numbers = &text[1..end];
    let plain = numbers.starts_with(|c: char| c.is_ascii_digit())
        && numbers.chars().all(|c| c.is_ascii_digit() || c == ',');
    if plain { end + 1 } else { 0 }
}
