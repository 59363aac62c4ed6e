//! The parser tests of Go's own compiler, in place: `cmd/compile/internal/syntax/testdata`.
//!
//! `/* ERROR rx */` demands an error at the token that follows, `// ERROR rx` one on the line; each once, and no other.

use super::{go_files, go_roots, read};
use libtest_mimic::{Failed, Trial};
use regex::Regex;
use source::{FileSet, SourceFile};
use std::collections::BTreeMap;
use std::fmt::Write;
use syntax::Mode;
use syntax::scanner::Scanner;
use syntax::token::Token;

/// How many files there are; fewer means that they were not found.
const AT_LEAST: usize = 31;

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("syntax::gc-testdata", run)]
}

fn run() -> Result<(), Failed> {
    let mut wrong = String::new();
    for root in go_roots()? {
        let files = go_files(&root.join("src/cmd/compile/internal/syntax/testdata"));
        if files.len() < AT_LEAST {
            let _ = writeln!(wrong, "{}: {} parser tests, expected {AT_LEAST}", root.display(), files.len());
        }
        for path in files {
            let set = FileSet::default();
            let file = set.file(set.add("", &path.to_string_lossy(), read(&path)?));
            check(&file, &mut wrong)?;
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

fn check(file: &SourceFile, wrong: &mut String) -> Result<(), Failed> {
    let mut expected = expectations(file)?;
    let mut errors = Vec::new();
    syntax::parse_file(file, Mode::Full, &mut errors);
    for error in errors {
        let place = file.physical(error.pos);
        let (exact, line) = ((place.line, place.column), (place.line, 0));
        let key = if expected.contains_key(&exact) { exact } else { line };
        match expected.remove(&key) {
            Some(rx) if rx.is_match(&error.message) => {}
            Some(rx) => {
                let _ =
                    writeln!(wrong, "{}:{exact:?}: {:?} does not match {rx}", file.display, error.message);
            }
            None => {
                let _ = writeln!(wrong, "{}:{exact:?}: unexpected: {}", file.display, error.message);
            }
        }
    }
    for (place, rx) in expected {
        let _ = writeln!(wrong, "{}:{place:?}: no error matches {rx}", file.display);
    }
    Ok(())
}

/// The patterns by line and column, column 0 standing for all of the line.
fn expectations(file: &SourceFile) -> Result<BTreeMap<(u32, u32), Regex>, Failed> {
    let text = String::from_utf8_lossy(&file.bytes);
    let mut scanner = Scanner::new(&text, file.base, "".into());
    let mut expected = BTreeMap::new();
    let mut gap_start = 0;
    loop {
        scanner.next();
        let gap_end = file.offset(scanner.pos()) as usize;
        for (at, pattern) in error_comments(&text[gap_start..gap_end]) {
            let place = match at {
                Some(offset) => (file.line_column((gap_start + offset) as u32).0, 0),
                None => file.line_column(gap_end as u32),
            };
            // Go's regular expressions take a brace that repeats nothing for itself.
            let rx =
                Regex::new(&pattern.replace('{', r"\{")).map_err(|e| format!("{}: {e}", file.display))?;
            expected.insert(place, rx);
        }
        gap_start = file.offset(scanner.end()) as usize;
        if scanner.tok == Token::Eof {
            return Ok(expected);
        }
    }
}

/// The patterns in the comments between two tokens, with their offsets if they are for the line.
fn error_comments(gap: &str) -> Vec<(Option<usize>, String)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = gap[at..].find('/').map(|i| at + i) {
        let comment = &gap[start..];
        let line_comment = comment.starts_with("//");
        let len = match line_comment {
            true => comment.find('\n').unwrap_or(comment.len()),
            false => comment.find("*/").map_or(comment.len(), |i| i + 2),
        };
        let body = comment[..len].trim_end_matches("*/");
        if let Some(pattern) = body[2..].strip_prefix(" ERROR ") {
            found.push((line_comment.then_some(start), pattern.trim().to_owned()));
        }
        at = start + len;
    }
    found
}
