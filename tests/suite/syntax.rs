//! Scanner and parser: case files, the corpora of the installed Go, mutated inputs, speed.

mod cases;
mod corpus;
pub mod fuzz;
mod gc_testdata;

use libtest_mimic::Trial;
use source::{Diagnostics, FileSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use syntax::Mode;

pub fn trials() -> Vec<Trial> {
    let mut all = cases::trials();
    all.extend(gc_testdata::trials());
    all.extend(corpus::trials());
    all.extend(fuzz::trials());
    all
}

/// The Go trees to test with: the installed one, and those in `TINYGO_TEST_GOROOTS` (separated by colons).
fn go_roots() -> Result<Vec<PathBuf>, String> {
    let output = Command::new("go").args(["env", "GOROOT"]).output();
    let output = output.map_err(|e| format!("go env GOROOT: {e}; install Go and put it on the PATH"))?;
    let mut roots = vec![PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())];
    if let Ok(more) = std::env::var("TINYGO_TEST_GOROOTS") {
        roots.extend(std::env::split_paths(&more));
    }
    Ok(roots)
}

/// All Go files below a directory, sorted.
fn go_files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|e| e == "go") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))
}

/// What the compiler would say about the syntax of a program: `line:column: message`, sorted.
fn messages(source: Vec<u8>) -> Vec<String> {
    let files = FileSet::default();
    let file = files.file(files.add("case.go", "FILE", source));
    let mut errors = Vec::new();
    syntax::parse_file(&file, Mode::Full, &mut errors);
    let mut collected = Diagnostics::unlimited();
    collected.extend(&files, errors);
    let text = |d: &source::Diagnostic| {
        let p = file.physical(d.pos);
        format!("{}:{}: {}", p.line, p.column, d.message)
    };
    collected.sorted().iter().map(text).collect()
}
