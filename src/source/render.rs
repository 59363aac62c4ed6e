//! The one renderer: diagnostics to text, in the format of Go's own compiler.

use crate::{Diagnostic, Diagnostics, FileSet, Pos, Position, Severity};
use std::fmt::Write;

/// `file:line:col`, as [`place`]; messages without a position say so.
pub fn position(files: &FileSet, pos: Pos) -> String {
    files.position(pos).map_or_else(|| UNKNOWN.to_owned(), |p| place(&p))
}

const UNKNOWN: &str = "<unknown line number>";

/// `file:line:col`; the column is left out where a `//line` directive has none.
pub fn place(position: &Position) -> String {
    let Position { file, line, column } = position;
    if *column == 0 { format!("{file}:{line}") } else { format!("{file}:{line}:{column}") }
}

/// A place at the beginning of a message: Go's compiler does not count columns further than this.
fn short(position: &Position) -> String {
    let column = if position.column < 255 { position.column } else { 0 };
    place(&Position { column, ..position.clone() })
}

/// One diagnostic, `./file.go:L:C: message`, with continuation lines indented by a tab. Ends in a newline.
pub fn diagnostic(files: &FileSet, diagnostic: &Diagnostic) -> String {
    let mut out = String::new();
    if diagnostic.pos.is_known() {
        let place = files.position(diagnostic.pos).map_or_else(|| UNKNOWN.to_owned(), |p| short(&p));
        let _ = write!(out, "{place}: ");
    }
    if diagnostic.severity == Severity::Warning {
        out.push_str("warning: ");
    }
    if diagnostic.message.starts_with("syntax error") {
        // Such a message may quote a raw string, which is shown as it stands.
        let _ = writeln!(out, "{}", diagnostic.message);
        return out;
    }
    let mut lines = diagnostic.message.lines();
    out.push_str(lines.next().unwrap_or(""));
    out.push('\n');
    for line in lines {
        // Messages may already carry the tab that gc gives continuation lines.
        let indent = if line.starts_with('\t') { "" } else { "\t" };
        let _ = writeln!(out, "{indent}{line}");
    }
    for (pos, message) in &diagnostic.related {
        let place = if pos.is_known() { position(files, *pos) + ": " } else { String::new() };
        let _ = writeln!(out, "\t{place}{}", message.replace('\n', "\n\t"));
    }
    out
}

/// All diagnostics of one package below its `# import/path` header (none if `package` is empty or there is nothing
/// to say), sorted, and closed by `too many errors` where the limit was reached.
pub fn package(files: &FileSet, package: &str, diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    if diagnostics.is_empty() {
        return out;
    }
    if !package.is_empty() {
        let _ = writeln!(out, "# {package}");
    }
    let mut previous = String::new();
    for d in diagnostics.sorted() {
        let text = diagnostic(files, &d);
        if text != previous {
            out.push_str(&text);
        }
        previous = text;
    }
    if let Some(pos) = diagnostics.too_many() {
        let _ = writeln!(out, "{}: too many errors", position(files, pos));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_gc() {
        let files = FileSet::default();
        files.add("/m/a.go", "./a.go", b"package p\nvar a int\nvar a int\n".to_vec());
        let mut d = Diagnostics::default();
        d.report(
            &files,
            Diagnostic::error(Pos(25), "a redeclared in this block")
                .with_related(Pos(15), "other declaration of a"),
        );
        d.report(&files, Diagnostic::error(Pos(1), "not enough arguments\nhave (number)\n\twant (int)"));
        let expected = "# p\n./a.go:1:1: not enough arguments\n\thave (number)\n\twant (int)\n\
            ./a.go:3:5: a redeclared in this block\n\t./a.go:2:5: other declaration of a\n";
        assert_eq!(package(&files, "p", &d), expected);
    }
}
