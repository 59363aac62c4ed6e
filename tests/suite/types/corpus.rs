//! The corpus of Go's own type checkers, in place: `internal/types/testdata`. Its figures may only improve.

use super::expectation::{Expectation, expectations};
use super::{World, say};
use libtest_mimic::Failed;
use regex::Regex;
use source::{Diagnostic, render};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The folders with the distance in columns that Go's compiler allows itself there.
const FOLDERS: &[(&str, u32)] = &[("check", 50), ("examples", 125), ("fixedbugs", 100), ("spec", 20)];

/// Shares, in hundredths of a per cent, below which the suite fails.
const BY_LINE: usize = 9993;
const BY_COLUMN: usize = 9993;
const BY_MESSAGE: usize = 9993;
/// More errors that are not expected, and more cases with any difference, are a failure.
const UNEXPECTED: usize = 0;
const DIFFERENT: usize = 1;
/// Fewer mean that the corpus was not found.
const EXPECTED: usize = 3000;

/// `assert` and `trace` are predeclared for these tests alone; what `assert` finds, `asserts::failed` does.
const PRELUDE: &[(&str, &str)] = &[
    ("assert", "func assert(x bool) bool { return x }"),
    ("trace", "func trace[T any](x T) T { return x }"),
];

#[derive(Default)]
struct Figures {
    cases: usize,
    different: usize,
    expected: usize,
    line: usize,
    column: usize,
    message: usize,
    unexpected: usize,
    /// Every difference, one a line.
    list: String,
}

struct Case {
    name: String,
    tolerance: u32,
    files: Vec<PathBuf>,
}

pub fn counts() -> Result<(), Failed> {
    let root = super::go_root()?.join("src/internal/types/testdata");
    let skipped = super::skip_list("corpus.skip")?;
    let mut cases = Vec::new();
    for &(folder, tolerance) in FOLDERS {
        for path in entries(&root.join(folder)) {
            let mut files = if path.is_dir() { entries(&path) } else { vec![path.clone()] };
            files.retain(|f| f.extension().is_some_and(|e| e == "go"));
            let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().into_owned();
            if !files.is_empty() && !skipped.contains_key(&name) {
                cases.push(Case { name, tolerance, files });
            }
        }
    }
    let mut figures = Figures::default();
    let mut world = imported(&cases)?;
    for case in &cases {
        check(case, &mut world, &mut figures)?;
    }
    if let Ok(path) = std::env::var("TINYGO_TEST_LIST") {
        std::fs::write(path, &figures.list)?;
    }
    figures.judge(skipped.len())
}

impl Figures {
    fn judge(&self, skipped: usize) -> Result<(), Failed> {
        let share = |n: usize| n * 10000 / self.expected.max(1);
        let show = |n: usize| format!("{n} ({}.{:02} %)", share(n) / 100, share(n) % 100);
        say(&format!(
            "types::corpus: {} of {} cases right, {skipped} skipped; of {} expected errors found by line {}, by column {}, \
             by message {}; {} others reported",
            self.cases - self.different,
            self.cases,
            self.expected,
            show(self.line),
            show(self.column),
            show(self.message),
            self.unexpected
        ));
        let good = self.expected >= EXPECTED
            && share(self.line) >= BY_LINE
            && share(self.column) >= BY_COLUMN
            && share(self.message) >= BY_MESSAGE
            && self.unexpected <= UNEXPECTED
            && self.different <= DIFFERENT;
        if good { Ok(()) } else { Err(format!("worse than before:\n{}", self.list).into()) }
    }
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    all.sort();
    all
}

/// A world with all packages that the cases import.
fn imported(cases: &[Case]) -> Result<World, Failed> {
    let import = Regex::new(r#"(?m)^\s*(?:import\s+)?(?:\w+\s+|\. )?"([a-z][a-z0-9/.]*)"\s*(?:;|/|$)"#)?;
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for file in cases.iter().flat_map(|c| &c.files) {
        let text = String::from_utf8_lossy(&std::fs::read(file)?).into_owned();
        paths.extend(import.captures_iter(&text).map(|c| c[1].to_owned()));
    }
    let mut world = World::new();
    world.import_existing(&paths.into_iter().filter(|p| p != "unsafe").collect::<Vec<_>>())?;
    world.checker.take_errors();
    Ok(world)
}

/// The language version that the flags in a file's first line ask for.
fn language(text: &str) -> (u32, u32) {
    let line = text.lines().next().filter(|l| l.trim_start_matches('/').trim_start().starts_with('-'));
    let version = line.and_then(|l| l.split_once("-lang=go1.")).map(|(_, rest)| rest);
    let digits: String = version.unwrap_or("").chars().take_while(char::is_ascii_digit).collect();
    (1, digits.parse().unwrap_or(27))
}

fn check(case: &Case, world: &mut World, figures: &mut Figures) -> Result<(), Failed> {
    let mut sources = Vec::new();
    let mut all = String::new();
    for path in &case.files {
        let bytes = std::fs::read(path)?;
        all.push_str(&String::from_utf8_lossy(&bytes));
        sources.push((path.to_string_lossy().into_owned(), bytes));
    }
    let version = language(&all);
    let package = all.lines().find_map(|l| l.strip_prefix("package ")).unwrap_or("p");
    let package: String = package.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    for (name, declaration) in PRELUDE {
        if all.contains(&format!("{name}(")) {
            let text = format!("package {package}\n{declaration}\n");
            sources.push((format!("{name}.go"), text.into_bytes()));
        }
    }
    let mut wanted: BTreeMap<(String, u32), Vec<Expectation>> = BTreeMap::new();
    let before = figures.list.len();
    for (name, bytes) in &sources {
        let set = source::FileSet::default();
        let file = set.file(set.add(name, name, bytes.clone()));
        for e in expectations(&file)? {
            figures.expected += 1;
            wanted.entry((name.clone(), e.line)).or_default().push(e);
        }
    }
    let (id, mut errors) = world.check_package(sources, version);
    errors.extend(super::asserts::failed(world, id));
    errors.sort_by_key(|e| e.pos);
    // A call of a function is no constant, as one of the predeclared `assert` would be.
    errors.retain(|e| !(e.message.starts_with("assert(") && e.message.ends_with("is not constant")));
    // That is a rule of the compiler, behind its type checker.
    errors.retain(|e| !e.message.contains("anonymous interface refers to itself"));
    let mut wrong: BTreeMap<(String, u32), Vec<String>> = BTreeMap::new();
    for error in &errors {
        let Some(place) = world.files.physical(error.pos) else { continue };
        let message = full_message(world, error);
        let key = (place.file.to_string(), place.line);
        let candidates = wanted.get_mut(&key);
        let best = candidates.as_deref().and_then(|list| {
            let hits = (0..list.len()).filter(|&i| list[i].accepts(&message));
            hits.min_by_key(|&i| list[i].column.abs_diff(place.column))
        });
        let Some((list, i)) = candidates.zip(best) else {
            wrong.entry(key).or_default().push(format!("{}: {message}", place.column));
            continue;
        };
        let expected = list.remove(i);
        figures.line += 1;
        figures.message += 1;
        if expected.column.abs_diff(place.column) <= case.tolerance {
            figures.column += 1;
        } else {
            let (line, column, want) = (place.line, place.column, expected.column);
            let _ = writeln!(figures.list, "{}:{line}:{column}: column {want}: {message}", case.name);
        }
    }
    // What is left on a line is the right error with other words, or only one of the two.
    for (key, messages) in wrong {
        let mut left = wanted.remove(&key).unwrap_or_default().into_iter();
        for message in messages {
            figures.unexpected += 1;
            match left.next() {
                Some(e) => {
                    figures.line += 1;
                    figures.column += 1;
                    let _ = writeln!(figures.list, "{}:{}:{message}\n\t\twant {}", case.name, key.1, e.text);
                }
                None => {
                    let _ = writeln!(figures.list, "{}:{}:{message}\n\t\tunexpected", case.name, key.1);
                }
            }
        }
        for e in left {
            let _ = writeln!(figures.list, "{}:{}:{}: missing: {}", case.name, e.line, e.column, e.text);
        }
    }
    for e in wanted.into_values().flatten() {
        let _ = writeln!(figures.list, "{}:{}:{}: missing: {}", case.name, e.line, e.column, e.text);
    }
    figures.cases += 1;
    figures.different += usize::from(figures.list.len() > before);
    Ok(())
}

/// The compiler's parser finds what is wrong with labels, and has its own words for it; `assert` and `trace` are no
/// built-ins here.
const OTHER_WORDS: &[(&str, &str)] = &[
    (r"^label (\S+) defined and not used", "label $1 declared and not used"),
    (r"^label (\S+) already defined", "label $1 already declared"),
    (r"^label (\S+) not defined", "label $1 not declared"),
    (r"^(break|continue) label not defined: (\S+)", "invalid $1 label $2"),
    (
        r"^cannot use (.*) as bool value in argument to assert$",
        "invalid argument: $1 is not a boolean constant",
    ),
    (r"^cannot use \.\.\. in call to non-variadic (assert|trace)$", "invalid use of ... with built-in $1"),
    (r"^(goto \S+ jumps over) declaration of \S+ at .*?:(\d+):\d+", "$1 variable declaration at line $2"),
];

/// A message with the related places below it, as one text, in the words of the type checker.
fn full_message(world: &World, error: &Diagnostic) -> String {
    let mut text = error.message.clone();
    for (theirs, ours) in OTHER_WORDS {
        if let Ok(regex) = Regex::new(theirs) {
            text = regex.replace(&text, *ours).into_owned();
        }
    }
    for (pos, related) in &error.related {
        let _ = write!(text, "\n\t{}: {related}", render::position(&world.files, *pos));
    }
    text
}
