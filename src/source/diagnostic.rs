//! Diagnostics as data, and the collector that keeps gc's rules about repetition and number.

use crate::{FileSet, Pos};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
}

/// One message about one place. A message that begins with `syntax error` obeys the rule of one per line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub pos: Pos,
    pub severity: Severity,
    /// May have several lines; the renderer indents all but the first by a tab.
    pub message: String,
    /// Related places, shown below as tab-indented lines with their own positions.
    pub related: Vec<(Pos, String)>,
}

impl Diagnostic {
    pub fn error(pos: Pos, message: impl Into<String>) -> Diagnostic {
        Diagnostic { pos, severity: Severity::Error, message: message.into(), related: Vec::new() }
    }

    pub fn warning(pos: Pos, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(pos, message) }
    }

    /// Adds a related place, as in `other declaration of x`.
    #[must_use]
    pub fn with_related(mut self, pos: Pos, message: impl Into<String>) -> Diagnostic {
        self.related.push((pos, message.into()));
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    fn says_the_same(&self, other: &Diagnostic) -> bool {
        (self.severity, &self.message, &self.related) == (other.severity, &other.message, &other.related)
    }

    /// Whether it is an error of the grammar. (Those of single tokens, such as unfinished strings, and of labels are not.)
    pub fn is_syntax_error(&self) -> bool {
        self.message.starts_with("syntax error")
    }
}

/// Collects the diagnostics of one package with gc's rules: one syntax error per line, equal messages on one line
/// once, and nothing after the tenth error unless all are wanted (`-e`).
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    errors: usize,
    all: bool,
    too_many: Option<Pos>,
    /// File base and line of the last syntax error.
    last_syntax_line: Option<(u32, u32)>,
    /// Those of the last other error, and its place in the list.
    last_other: Option<((u32, u32), usize)>,
}

/// Number of errors after which the compiler stops.
pub const ERROR_LIMIT: usize = 10;

impl Diagnostics {
    /// A collector without the ten-error limit.
    pub fn unlimited() -> Diagnostics {
        Diagnostics { all: true, ..Diagnostics::default() }
    }

    /// Takes a diagnostic; returns false once the error limit is reached, when the caller should stop.
    pub fn report(&mut self, files: &FileSet, diagnostic: Diagnostic) -> bool {
        if self.too_many.is_some() {
            return false;
        }
        let line = files.file_of(diagnostic.pos).map(|f| (f.base, f.line_column(f.offset(diagnostic.pos)).0));
        if diagnostic.is_syntax_error() {
            if line.is_some() && line == self.last_syntax_line {
                return true;
            }
            self.last_syntax_line = line;
        } else if let Some(line) = line {
            if let Some((last_line, index)) = self.last_other
                && last_line == line
                && self.list[index].says_the_same(&diagnostic)
            {
                return true;
            }
            self.last_other = Some((line, self.list.len()));
        }
        let (pos, is_error) = (diagnostic.pos, diagnostic.is_error());
        self.list.push(diagnostic);
        if is_error {
            self.errors += 1;
            if self.errors >= ERROR_LIMIT && !self.all {
                self.too_many = Some(pos);
                return false;
            }
        }
        true
    }

    /// Takes several, stopping at the limit.
    pub fn extend(&mut self, files: &FileSet, diagnostics: impl IntoIterator<Item = Diagnostic>) -> bool {
        diagnostics.into_iter().all(|d| self.report(files, d))
    }

    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    pub fn error_count(&self) -> usize {
        self.errors
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Where the limit was reached, if it was: the position of the tenth error reported.
    pub fn too_many(&self) -> Option<Pos> {
        self.too_many
    }

    /// What was reported, sorted by position (stable), adjacent equal messages once.
    pub fn sorted(&self) -> Vec<Diagnostic> {
        let mut list = self.list.clone();
        list.sort_by_key(|d| d.pos);
        list.dedup();
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> FileSet {
        let files = FileSet::default();
        files.add("a.go", "./a.go", b"0123456789\n0123456789\n".to_vec());
        files
    }

    #[test]
    fn one_syntax_error_per_line() {
        let (files, mut d) = (files(), Diagnostics::default());
        d.report(&files, Diagnostic::error(Pos(1), "syntax error: a"));
        d.report(&files, Diagnostic::error(Pos(5), "syntax error: b"));
        d.report(&files, Diagnostic::error(Pos(6), "invalid character"));
        d.report(&files, Diagnostic::error(Pos(14), "syntax error: c"));
        let messages: Vec<_> = d.sorted().into_iter().map(|d| d.message).collect();
        assert_eq!(messages, ["syntax error: a", "invalid character", "syntax error: c"]);
    }

    #[test]
    fn equal_messages_once_a_line() {
        let (files, mut d) = (files(), Diagnostics::default());
        for (pos, message) in
            [(1, "undefined: a"), (3, "undefined: a"), (4, "undefined: b"), (14, "undefined: b")]
        {
            d.report(&files, Diagnostic::error(Pos(pos), message));
        }
        assert_eq!(d.sorted().iter().map(|d| d.pos.0).collect::<Vec<_>>(), [1, 4, 14]);
    }

    #[test]
    fn stops_at_ten() {
        let (files, mut d) = (files(), Diagnostics::default());
        let taken =
            (1..=12).filter(|&i| d.report(&files, Diagnostic::error(Pos(i), format!("x{i}")))).count();
        assert_eq!((taken, d.sorted().len(), d.too_many()), (9, 10, Some(Pos(10))));
        let mut d = Diagnostics::unlimited();
        assert!((1..=12).all(|i| d.report(&files, Diagnostic::error(Pos(i), format!("x{i}")))));
    }
}
