//! Diagnostics for people: each message with its source line and the place underlined.

use crate::{Diagnostics, FileSet, Pos, Severity, SourceFile, render};
use std::fmt::Write;

/// How to show them.
pub struct Style<'a> {
    /// Escape sequences for colours: only for terminals.
    pub colours: bool,
    /// Where what stands at a position ends.
    pub end: &'a dyn Fn(&SourceFile, Pos) -> Pos,
}

const TAB: &str = "    ";

impl Style<'_> {
    fn paint(&self, code: &str, text: &str) -> String {
        if self.colours { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// All diagnostics of one package below its `# import/path` header, sorted, with the lines that they are about.
pub fn package(files: &FileSet, package: &str, diagnostics: &Diagnostics, style: &Style) -> String {
    let mut out = String::new();
    if diagnostics.is_empty() {
        return out;
    }
    let _ = writeln!(out, "# {package}");
    for diagnostic in diagnostics.sorted() {
        let (severity, colour) = match diagnostic.severity {
            Severity::Error => ("error", "1;31"),
            Severity::Warning => ("warning", "1;33"),
        };
        let place = match diagnostic.pos.is_known() {
            true => format!("{}: ", render::position(files, diagnostic.pos)),
            false => String::new(),
        };
        let mut lines = diagnostic.message.lines();
        let first = style.paint("1", lines.next().unwrap_or_default());
        let _ = writeln!(out, "{place}{}: {first}", style.paint(colour, severity));
        for line in lines {
            let _ = writeln!(out, "{TAB}{}", line.trim_start_matches('\t').replace('\t', TAB));
        }
        excerpt(&mut out, files, diagnostic.pos, style, ('^', colour));
        for (pos, message) in &diagnostic.related {
            let place = match pos.is_known() {
                true => format!("{}: ", render::position(files, *pos)),
                false => String::new(),
            };
            let _ = writeln!(out, "{place}{}: {message}", style.paint("1;36", "note"));
            excerpt(&mut out, files, *pos, style, ('-', "1;36"));
        }
    }
    if diagnostics.too_many().is_some() {
        out.push_str("too many errors; -e shows all\n");
    }
    out
}

/// The line of a position and below it the mark, as wide as what stands there; of more than one line the first.
fn excerpt(out: &mut String, files: &FileSet, pos: Pos, style: &Style, (mark, colour): (char, &str)) {
    let Some(file) = files.file_of(pos) else { return };
    let (line, column) = file.line_column(file.offset(pos));
    let start = file.offset(pos) as usize - (column as usize - 1);
    let rest = &file.bytes[start..];
    let length = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
    let bytes = &rest[..length];
    let from = (column as usize - 1).min(length);
    let to = (file.offset((style.end)(&file, pos)) as usize).saturating_sub(start).clamp(from, length);
    let shown = |part: &[u8]| String::from_utf8_lossy(part).trim_end_matches('\r').replace('\t', TAB);
    let number = line.to_string();
    let bar = style.paint("2", "|");
    let _ = writeln!(out, "{number:>5} {bar} {}", shown(bytes));
    let before = " ".repeat(shown(&bytes[..from]).chars().count());
    let width = shown(&bytes[from..to]).chars().count().max(1);
    let _ = writeln!(out, "{:>5} {bar} {before}{}", "", style.paint(colour, &mark.to_string().repeat(width)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Diagnostic;

    fn show(colours: bool) -> String {
        let files = FileSet::default();
        files.add("/m/a.go", "./a.go", "package p\n\tvar ä, abc int\nvar abc int".into());
        let mut d = Diagnostics::default();
        let error = Diagnostic::error(Pos(32), "abc redeclared\n\tin this block");
        d.report(&files, error.with_related(Pos(20), "other declaration of abc"));
        let end = |file: &SourceFile, pos: Pos| file.pos(file.offset(pos) + 3);
        package(&files, "p", &d, &Style { colours, end: &end })
    }

    #[test]
    fn lines_and_marks() {
        let expected = "# p\n./a.go:3:5: error: abc redeclared\n    in this block\n    3 | var abc int\n      |     ^^^\n\
            ./a.go:2:10: note: other declaration of abc\n    2 |     var ä, abc int\n      |            ---\n";
        assert_eq!(show(false), expected);
        assert!(show(true).contains("\x1b[1;31merror\x1b[0m"));
    }
}
