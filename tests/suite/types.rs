//! The type checker: case files, the standard library, the corpus of the installed Go, mutated inputs.

mod asserts;
mod cases;
mod corpus;
mod expectation;
mod facts;
mod fuzz;
mod go_tests;
mod std_library;

use libtest_mimic::{Failed, Trial};
use source::{Diagnostic, FileSet};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use syntax::Mode;
use types::{Checker, PackageId, PackageSource, Sizes};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("types::check", cases::check_files),
        Trial::test("types::std", std_library::checks),
        Trial::test("types::corpus", corpus::counts),
        Trial::test("types::facts", facts::agree),
        Trial::test("types::go-tests", go_tests::judge),
        Trial::test("types::mutated", fuzz::mutated),
    ]
}

/// The Go command whose library and corpora the suites walk: that of the set-up, or the one on the PATH.
pub(crate) fn go_command() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/go/go/bin/go");
    if installed.exists() { installed } else { PathBuf::from("go") }
}

fn go_root() -> Result<PathBuf, String> {
    let output = Command::new(go_command())
        .args(["env", "GOROOT"])
        .env("GOTOOLCHAIN", "local")
        .output()
        .map_err(|e| format!("go env: {e}; install Go and put it on the PATH"))?;
    Ok(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()))
}

/// A checker and the library packages in it.
struct World {
    files: Arc<FileSet>,
    checker: Checker,
    known: BTreeMap<String, PackageId>,
    lines: usize,
}

/// What a template makes `go list` print: path, directory, files, renamed imports.
const LIST: &str =
    "{{.ImportPath}}\t{{.Dir}}\t{{join .GoFiles \",\"}}\t{{range $k, $v := .ImportMap}}{{$k}}={{$v}},{{end}}";

impl World {
    fn new() -> World {
        let files = Arc::new(FileSet::default());
        let checker = Checker::new(files.clone(), Sizes::for_pointer_size(8));
        World { files, checker, known: BTreeMap::new(), lines: 0 }
    }

    /// Adds packages of the installed Go and what they import; gives the paths of the new ones.
    fn import(&mut self, patterns: &[&str]) -> Result<Vec<String>, String> {
        self.list(&["list", "-deps", "-f", LIST], patterns)
    }

    /// Adds those of the packages that exist.
    fn import_existing(&mut self, paths: &[String]) -> Result<Vec<String>, String> {
        let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
        self.list(&["list", "-e", "-deps", "-f", LIST], &paths)
    }

    fn list(&mut self, command: &[&str], patterns: &[&str]) -> Result<Vec<String>, String> {
        let output = Command::new(go_command())
            .args(command)
            .args(patterns)
            .env("CGO_ENABLED", "0")
            .env("GOTOOLCHAIN", "local")
            .output()
            .map_err(|e| format!("go list: {e}; install Go and put it on the PATH"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let mut added = Vec::new();
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            let &[path, dir, names, map] = fields.as_slice() else { return Err(format!("go list: {line}")) };
            if path == "unsafe" || dir.is_empty() || self.known.contains_key(path) {
                continue;
            }
            let mut imports = self.known.clone();
            for (from, to) in map.split(',').filter_map(|pair| pair.split_once('=')) {
                if let Some(&id) = self.known.get(to) {
                    imports.insert(from.to_owned(), id);
                }
            }
            let mut files = Vec::new();
            for name in names.split(',').filter(|n| !n.is_empty()) {
                let bytes =
                    std::fs::read(Path::new(dir).join(name)).map_err(|e| format!("{dir}/{name}: {e}"))?;
                self.lines += bytes.iter().filter(|b| **b == b'\n').count();
                let mut errors = Vec::new();
                files.push(self.parse(&format!("{dir}/{name}"), bytes, Mode::LazyBodies, &mut errors));
            }
            let source =
                PackageSource { path: path.to_owned(), files, imports, go_version: (1, 27), is_user: false };
            let id = self.checker.add_package(source);
            self.known.insert(path.to_owned(), id);
            added.push(path.to_owned());
        }
        Ok(added)
    }

    fn parse(
        &self,
        name: &str,
        bytes: Vec<u8>,
        mode: Mode,
        errors: &mut Vec<Diagnostic>,
    ) -> Arc<syntax::ast::File> {
        let id = self.files.add(name, name, bytes);
        Arc::new(syntax::parse_file(&self.files.file(id), mode, errors))
    }

    /// Checks files as one package of the user; everything found wrong, syntax included.
    fn check_user(&mut self, sources: Vec<(String, Vec<u8>)>, go_version: (u32, u32)) -> Vec<Diagnostic> {
        self.check_package(sources, go_version).1
    }

    /// The same, and the package.
    fn check_package(
        &mut self,
        sources: Vec<(String, Vec<u8>)>,
        go_version: (u32, u32),
    ) -> (PackageId, Vec<Diagnostic>) {
        let mut errors = Vec::new();
        let files = sources
            .into_iter()
            .map(|(name, bytes)| self.parse(&name, bytes, Mode::Full, &mut errors))
            .collect();
        let imports = self.known.clone();
        let source = PackageSource { path: "p".to_owned(), files, imports, go_version, is_user: true };
        let id = self.checker.add_package(source);
        self.checker.check_all(id);
        errors.extend(self.checker.take_errors());
        (id, errors)
    }
}

/// Cases that are not run, with the reason.
fn skip_list(name: &str) -> Result<BTreeMap<String, String>, Failed> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("types").join(name))?;
    let lines = text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines
        .map(|l| {
            let (case, reason) =
                l.split_once(char::is_whitespace).ok_or_else(|| format!("{name}: no reason: {l}"))?;
            Ok((case.to_owned(), reason.trim().to_owned()))
        })
        .collect()
}

/// Prints a line about what was found.
fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{text}");
}
