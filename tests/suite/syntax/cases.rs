//! `tests/syntax/*.go`: programs and the exact messages of Go's compiler.
//!
//! A file holds many programs. Each begins with `// CASE name`, followed by a line `// ERROR "line:column: message"` per
//! message; the program is what comes next, and its lines count from 1. `<NUL>`, `<BOM>` and `<U+2028>` stand for these
//! characters. `BLESS=1` rewrites the ERROR lines.

use super::messages;
use libtest_mimic::{Failed, Trial};
use std::fmt::Write;
use std::path::{Path, PathBuf};

pub fn trials() -> Vec<Trial> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("syntax");
    let mut files = super::go_files(&dir);
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Trial::test(format!("syntax::{name}"), move || check(file))
        })
        .collect()
}

struct Case {
    name: String,
    expected: Vec<String>,
    program: String,
}

fn check(file: PathBuf) -> Result<(), Failed> {
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    let (header, cases) = split(&text);
    if cases.is_empty() {
        return Err(format!("{}: no `// CASE` line", file.display()).into());
    }
    let mut blessed = header.to_owned();
    let mut wrong = String::new();
    for case in &cases {
        let program =
            case.program.replace("<NUL>", "\0").replace("<BOM>", "\u{FEFF}").replace("<U+2028>", "\u{2028}");
        let got = messages(program.into_bytes());
        if got != case.expected {
            let _ = writeln!(wrong, "{}:\n  expected {:#?}\n  got {got:#?}", case.name, case.expected);
        }
        let _ = writeln!(blessed, "// CASE {}", case.name);
        for message in got {
            let _ = writeln!(blessed, "// ERROR \"{message}\"");
        }
        blessed.push_str(&case.program);
    }
    if wrong.is_empty() {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, blessed).map_err(|e| format!("{}: {e}", file.display()))?;
        return Ok(());
    }
    Err(wrong.into())
}

/// What stands above the first case, and the cases.
fn split(text: &str) -> (&str, Vec<Case>) {
    let start = if text.starts_with("// CASE ") {
        0
    } else {
        text.find("\n// CASE ").map_or(text.len(), |at| at + 1)
    };
    let mut cases: Vec<Case> = Vec::new();
    let mut in_header = false;
    for line in text[start..].split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("// CASE ") {
            cases.push(Case {
                name: name.trim_end().to_owned(),
                expected: Vec::new(),
                program: String::new(),
            });
            in_header = true;
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        let error = line.trim_end().strip_prefix("// ERROR \"").and_then(|rest| rest.strip_suffix('"'));
        match error {
            Some(error) if in_header => case.expected.push(error.to_owned()),
            _ => {
                in_header = false;
                case.program.push_str(line);
            }
        }
    }
    (&text[..start], cases)
}
