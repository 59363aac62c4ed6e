//! Comments: skipped, except directives.

use super::Scanner;
use crate::ast::Directive;
use memchr::memchr;
use source::LineDirective;
use std::path::{Component, Path, PathBuf};

impl Scanner<'_> {
    /// A `//` comment; the first slash is consumed. The newline stays, for it may be a semicolon.
    pub(super) fn line_comment(&mut self) {
        let body = self.start + 2;
        let rest = &self.src[body..];
        self.at = body + memchr(b'\n', rest).unwrap_or(rest.len());
        match self.byte(body) {
            b'g' if self.src[body..].starts_with(b"go:") => self.directive(),
            b'e' if self.src[body..].starts_with(b"export ") => self.directive(),
            b'l' if self.src[body..].starts_with(b"line ") => {
                let line_start = self.start == 0 || self.byte(self.start - 1) == b'\n';
                if line_start {
                    let end = trim_return(self.src, self.at);
                    self.line_directive(body + 5, end, (self.at + 1).min(self.src.len()));
                }
            }
            _ => {}
        }
    }

    fn directive(&mut self) {
        let text = self.text.get(self.start + 2..self.at).unwrap_or("");
        let before = self.src[..self.start].iter().rev().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        let own_line = matches!(before, None | Some(b'\n'));
        let pos = self.pos();
        self.directives.push(Directive { pos, text: text.trim_end().into(), own_line });
    }

    /// A `/* */` comment; the slash is consumed. Returns whether it spans lines.
    pub(super) fn full_comment(&mut self) -> bool {
        let body = self.start + 2;
        // The star of the opening cannot be that of the closing.
        let mut from = body;
        let end = loop {
            match memchr(b'/', &self.src[from..]) {
                Some(slash) if slash + from > body && self.byte(from + slash - 1) == b'*' => {
                    break Some(from + slash + 1);
                }
                Some(slash) => from += slash + 1,
                None => break None,
            }
        };
        let Some(end) = end else {
            self.error(self.start, "comment not terminated");
            self.at = self.src.len();
            return memchr(b'\n', &self.src[body..]).is_some();
        };
        self.at = end;
        let multi_line = memchr(b'\n', &self.src[body..end]).is_some();
        if !multi_line && self.src[body..].starts_with(b"line ") {
            self.line_directive(body + 5, end - 2, end);
        }
        multi_line
    }

    /// `filename:line` or `filename:line:column`, in `src[from..to]`, for what begins at `applies`.
    fn line_directive(&mut self, from: usize, to: usize, applies: usize) {
        let Some(text) = self.text.get(from..to) else { return };
        let Some((rest, last)) = text.rsplit_once(':') else { return };
        let last_at = from + rest.len() + 1;
        let number = |s: &str| s.parse::<u32>().ok().filter(|&n| n > 0 && n <= MAX_LINE);
        let Ok(_) = last.parse::<u64>() else {
            return self.error(last_at, format!("invalid line number: {last}"));
        };
        let with_column = rest.rsplit_once(':').filter(|(_, line)| line.parse::<u64>().is_ok());
        let (file, line, line_at, column) = match with_column {
            Some((file, line)) => match number(last) {
                Some(column) => (file, line, from + file.len() + 1, column),
                None => return self.error(last_at, format!("invalid column number: {last}")),
            },
            None => (rest, last, last_at, 0),
        };
        let Some(number) = number(line) else {
            let tail = self.text.get(line_at..to).unwrap_or(line).to_owned();
            return self.error(line_at, format!("invalid line number: {tail}"));
        };
        let file = match file {
            "" if column > 0 => self.lines.last().map_or(self.display.clone(), |d| d.file.clone()),
            "" => "".into(),
            _ => relative_to(&self.display, file).into(),
        };
        self.lines.push(LineDirective { offset: applies as u32, file, line: number, column });
    }

    /// The offset after the brace that closes the one at `open`, comments and literals properly skipped; `None` if there
    /// is none. Line directives on the way count; other directives inside bodies mean nothing.
    pub fn skip_braces(&mut self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        let mut at = open;
        loop {
            at += self.src.get(at..)?.iter().position(|&b| STOPS[b as usize])?;
            match self.src[at] {
                b'{' => depth += 1,
                b'}' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(at + 1);
                    }
                }
                b'`' => at += 1 + memchr(b'`', &self.src[at + 1..])?,
                quote @ (b'"' | b'\'') => at = self.skip_quoted(at, quote)?,
                // A slash: a division, or a comment.
                _ => match self.byte(at + 1) {
                    b'/' => {
                        self.start = at;
                        self.line_comment_in_body();
                        at = self.at;
                        continue;
                    }
                    b'*' => {
                        self.start = at;
                        let errors = self.errors.len();
                        self.full_comment();
                        if self.errors.len() > errors {
                            self.errors.truncate(errors);
                            return None;
                        }
                        at = self.at;
                        continue;
                    }
                    _ => {}
                },
            }
            at += 1;
        }
    }

    fn line_comment_in_body(&mut self) {
        let directives = self.directives.len();
        self.line_comment();
        self.directives.truncate(directives);
    }

    /// The offset of the closing quote; `None` if the line ends before.
    fn skip_quoted(&self, open: usize, quote: u8) -> Option<usize> {
        let mut at = open + 1;
        loop {
            match *self.src.get(at)? {
                b'\\' => at += 2,
                b'\n' => return None,
                byte if byte == quote => return Some(at),
                _ => at += 1,
            }
        }
    }
}

/// Bytes at which skipping a body must look closer.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    stops[b'{' as usize] = true;
    stops[b'}' as usize] = true;
    stops[b'"' as usize] = true;
    stops[b'\'' as usize] = true;
    stops[b'`' as usize] = true;
    stops[b'/' as usize] = true;
    stops
};

/// Larger numbers in line directives are errors.
const MAX_LINE: u32 = 1 << 30;

fn trim_return(src: &[u8], end: usize) -> usize {
    if end > 0 && src[end - 1] == b'\r' { end - 1 } else { end }
}

/// A relative name in a line directive is relative to the file that has the directive.
fn relative_to(display: &str, name: &str) -> String {
    let path = Path::new(name);
    let joined = match Path::new(display).parent() {
        Some(dir) if path.is_relative() => dir.join(path),
        _ => path.to_owned(),
    };
    let mut clean = PathBuf::new();
    for component in joined.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(clean.components().next_back(), Some(Component::Normal(_))) => {
                clean.pop();
            }
            _ => clean.push(component),
        }
    }
    let clean = clean.to_string_lossy().into_owned();
    // Beside a file of the working directory, which messages call `./x.go`.
    let here = display.starts_with("./") && path.is_relative() && !clean.contains('/');
    if here { format!("./{clean}") } else { clean }
}
