//! `docs/std.md`: the table of packages and targets, read and written.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

use super::{Skip, TARGETS, VARIANTS};

/// What came of the tests of a package on a target.
#[derive(Clone, PartialEq)]
pub enum Cell {
    Pass,
    /// Why not, on one line.
    Fail(String),
    /// No tests, or not measured.
    None,
}

/// The rows by package.
pub struct Table(BTreeMap<String, Vec<Cell>>);

impl Table {
    /// What a file says; nothing if there is none.
    pub fn read(path: &Path) -> Table {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let mut rows = BTreeMap::new();
        for line in text.lines().skip_while(|line| !line.starts_with("| package |")).skip(2) {
            let Some(line) = line.strip_prefix("| ") else { break };
            let mut words = line.trim_end_matches(" |").split(" | ");
            let Some(package) = words.next() else { continue };
            rows.insert(package.to_owned(), words.map(cell).collect());
        }
        Table(rows)
    }

    pub fn packages(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    pub fn cell(&self, package: &str, column: usize) -> &Cell {
        self.0.get(package).and_then(|row| row.get(column)).unwrap_or(&Cell::None)
    }

    pub fn set(&mut self, package: &str, column: usize, cell: Cell) {
        let row = self.0.entry(package.to_owned()).or_default();
        row.resize(row.len().max(TARGETS.len()), Cell::None);
        row[column] = cell;
    }

    pub fn write(&self, path: &Path, skips: &[Skip]) -> io::Result<()> {
        let mut out = String::from(
            "# Go's library and its tests\n\n\
             What comes of `tinygo test -short` of each package of Go's library that has tests (Go 1.27.3, programs built\n\
             with `-opt=0`, for cortex-m-qemu with `-opt=z`). Single tests that are left out stand below, with a reason each;\n\
             a package passes when all others do. Written by `BLESS=1 cargo test -p tests --test suite std/`.\n\n",
        );
        for (column, target) in TARGETS.iter().enumerate() {
            let count = |wanted: fn(&Cell) -> bool| {
                self.0.keys().filter(|package| wanted(self.cell(package, column))).count()
            };
            let (pass, fail) =
                (count(|cell| *cell == Cell::Pass), count(|cell| matches!(cell, Cell::Fail(_))));
            let _ = writeln!(out, "- {}: {pass} pass, {fail} fail", target.title);
        }
        out.push_str("\nSome rows are built in another way:\n\n");
        for variant in VARIANTS {
            let environment: String =
                variant.environment.iter().map(|(name, value)| format!("{name}={value} ")).collect();
            let _ = writeln!(
                out,
                "- {} on {}, with `{environment}{}`: {}",
                variant.packages.join(", "),
                variant.target,
                variant.flags.join(" "),
                variant.why
            );
        }
        let titles: Vec<&str> = TARGETS.iter().map(|target| target.title).collect();
        let _ = writeln!(out, "\n| package | {} |", titles.join(" | "));
        let _ = writeln!(out, "|---|{}", "---|".repeat(titles.len()));
        for package in self.0.keys() {
            let _ = write!(out, "| {package} |");
            for (column, target) in TARGETS.iter().enumerate() {
                let text = self.text(package, column, target.name, skips);
                let _ = write!(out, " {text} |");
            }
            out.push('\n');
        }
        out.push_str(
            "\n## Tests that are left out\n\n| package | test | target | reason |\n|---|---|---|---|\n",
        );
        for skip in skips.iter().filter(|skip| skip.test != "*") {
            let target = if skip.target == "*" { "all" } else { &skip.target };
            let _ = writeln!(out, "| {} | {} | {target} | {} |", skip.package, skip.test, skip.reason);
        }
        std::fs::write(path, out)
    }

    fn text(&self, package: &str, column: usize, target: &str, skips: &[Skip]) -> String {
        match self.cell(package, column) {
            Cell::None => "–".to_owned(),
            Cell::Fail(why) => format!("fail: {why}").replace('|', "\\|"),
            Cell::Pass => {
                let here =
                    |skip: &&Skip| skip.package == package && (skip.target == "*" || skip.target == target);
                match skips.iter().filter(here).count() {
                    0 => "pass".to_owned(),
                    n => format!("pass, {n} left out"),
                }
            }
        }
    }
}

fn cell(text: &str) -> Cell {
    match text.strip_prefix("fail: ") {
        Some(why) => Cell::Fail(why.replace("\\|", "|")),
        None if text.starts_with("pass") => Cell::Pass,
        None => Cell::None,
    }
}
