//! The front-end cases of Go's own `test/` tree, in place: what must compile, and what must be refused with errors on the
//! lines of `// ERROR "regexp"` comments and on no other. `scripts/setup.sh` fetches the tree.

use super::expectation::literal_braces;
use super::{World, say};
use libtest_mimic::Failed;
use regex::Regex;
use source::{Diagnostic, Diagnostics, render};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syntax::Mode;
use syntax::build::Constraint;
use types::{PackageId, PackageSource};

/// The folders that Go's own runner visits.
const FOLDERS: &[&str] = &[
    "",
    "ken",
    "chan",
    "interface",
    "syntax",
    "fixedbugs",
    "abi",
    "typeparam",
    "typeparam/mdempsky",
    "dwarf",
];
/// Kind of case, fewest that there are, hundredths of a per cent that must be right.
const KINDS: &[(Kind, usize, usize)] =
    &[(Kind::Errors, 541, 9981), (Kind::Compile, 680, 10000), (Kind::ErrorsDir, 19, 10000)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// `errorcheck`, and no flag that asks the back end something.
    Errors,
    /// `compile`, `compiledir`, `build`.
    Compile,
    ErrorsDir,
}

struct Case {
    name: String,
    kind: Kind,
    path: PathBuf,
    version: (u32, u32),
    /// `-s`: every file of a directory is a package of its own.
    single: bool,
}

pub fn judge() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/go-tests/test");
    let Ok(root) = root.canonicalize() else {
        say(
            "types::go-tests: Go's test tree is not below .tools/go-tests: scripts/setup.sh fetches it (on Debian)",
        );
        return Ok(());
    };
    let mut cases = Vec::new();
    for folder in FOLDERS {
        for path in crate::files(&root.join(folder), "go") {
            cases.extend(case(&root, path)?);
        }
    }
    let skipped = super::skip_list("go-tests.skip")?;
    cases.retain(|c| !skipped.contains_key(&c.name));
    let mut world = imported(&root, &cases)?;
    let mut list = String::new();
    let mut failed = String::new();
    for &(kind, fewest, least) in KINDS {
        let (mut all, mut right) = (0, 0);
        for case in cases.iter().filter(|c| c.kind == kind) {
            all += 1;
            let problems = check(&mut world, case)?;
            right += usize::from(problems.is_empty());
            for problem in problems {
                let _ = writeln!(list, "{kind:?} {}: {problem}", case.name);
            }
        }
        let skipped = skipped.len();
        say(&format!(
            "types::go-tests: {kind:?}: {right} of {all} cases right ({skipped} of all kinds skipped)"
        ));
        if all < fewest || right * 10000 < least * all {
            let _ = writeln!(
                failed,
                "{kind:?}: {right} of {all} right; at least {fewest}, {least} in 10000 expected"
            );
        }
    }
    if let Ok(path) = std::env::var("TINYGO_TEST_LIST") {
        std::fs::write(path, &list)?;
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("{failed}{list}").into()) }
}

/// What the first comment of a file says that is to be done with it.
fn case(root: &Path, path: PathBuf) -> Result<Option<Case>, Failed> {
    let bytes = std::fs::read(&path)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut action = "";
    for line in text.lines() {
        let Some(comment) = line.strip_prefix("//") else {
            if line.trim().is_empty() {
                continue;
            }
            break;
        };
        let directive = line.starts_with("//go:build") || line.starts_with("// +build");
        if directive {
            if !enabled(line) {
                return Ok(None);
            }
        } else if action.is_empty() {
            action = comment.trim();
        }
    }
    let mut words = action.split_whitespace();
    let kind = match words.next() {
        Some("errorcheck") => Kind::Errors,
        Some("errorcheckdir") => Kind::ErrorsDir,
        Some("compile" | "compiledir" | "build") => Kind::Compile,
        _ => return Ok(None),
    };
    let (mut version, mut single) = ((1, 27), false);
    let mut flags = words.peekable();
    while let Some(flag) = flags.next() {
        if let Some(minor) = flag.strip_prefix("-lang=go1.") {
            version = (1, minor.parse().unwrap_or(27));
        } else if flag == "-s" {
            single = true;
        } else if flag == "-t" || flag == "-goexperiment" {
            flags.next();
        } else if kind != Kind::Compile && !matches!(flag, "-0" | "-d=panic" | "-e" | "-e=0" | "-C") {
            // Flags that ask the back end something, and those of the compilation of the standard library.
            return Ok(None);
        }
    }
    let path = if action.contains("dir") { path.with_extension("dir") } else { path };
    let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
    Ok(Some(Case { name, kind, path, version, single }))
}

fn enabled(line: &str) -> bool {
    let Some(text) = line.strip_prefix("//go:build ") else { return true };
    let has = |tag: &str| {
        matches!(tag, "linux" | "amd64" | "gc" | "unix" | "cgo")
            || tag.strip_prefix("go1.").and_then(|n| n.parse().ok()).is_some_and(|n: u32| n <= 27)
    };
    Constraint::parse(text).is_ok_and(|c| c.eval(&mut { has }))
}

/// A world with all packages of the library that the cases import.
fn imported(root: &Path, cases: &[Case]) -> Result<World, Failed> {
    let import = Regex::new(r#"(?m)^\s*(?:import\s+)?(?:[\w.]+\s+)?"([a-z][a-z0-9/]*)"\s*(?:;|/|$)"#)?;
    let mut paths: BTreeSet<String> = BTreeSet::new();
    for case in cases {
        let files = if case.path.is_dir() { crate::files(&case.path, "go") } else { vec![case.path.clone()] };
        for file in files {
            let text = String::from_utf8_lossy(&std::fs::read(file)?).into_owned();
            paths.extend(import.captures_iter(&text).map(|c| c[1].to_owned()));
        }
    }
    let library = super::go_root()?.join("src");
    let exists = |p: &String| p != "unsafe" && library.join(p).is_dir() && !root.join(p).exists();
    let mut world = World::new();
    world.import_existing(&paths.into_iter().filter(exists).collect::<Vec<_>>())?;
    world.checker.take_errors();
    Ok(world)
}

type Sources = Vec<(String, String)>;

/// What is wrong with a case.
fn check(world: &mut World, case: &Case) -> Result<Vec<String>, Failed> {
    let mut packages: Vec<(String, Sources)> = Vec::new();
    if case.path.is_dir() {
        for path in crate::files(&case.path, "go") {
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
            let name = package_name(&text);
            let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let source = (path.to_string_lossy().into_owned(), text);
            match packages.iter_mut().find(|p| p.0 == name && !case.single) {
                Some(package) => package.1.push(source),
                None if case.single => packages.push((file, vec![source])),
                None => packages.push((name, vec![source])),
            }
        }
    } else {
        let text = String::from_utf8_lossy(&std::fs::read(&case.path)?).into_owned();
        packages.push(("p".to_owned(), vec![(case.path.to_string_lossy().into_owned(), text)]));
    }
    let mut known = world.known.clone();
    let mut problems = Vec::new();
    for (name, sources) in packages {
        let first = Path::new(&sources[0].0).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (id, messages) = messages(world, case, &first, &sources, &known);
        // Others import it by its name or by that of one of its files.
        let stems = sources.iter().filter_map(|s| Path::new(&s.0).file_stem()).map(|s| s.to_string_lossy());
        for name in stems.map(|s| s.into_owned()).chain([name]) {
            known.insert(format!("./{name}"), id);
            known.insert(format!("test/{name}"), id);
        }
        if case.kind == Kind::Compile {
            problems.extend(messages);
        } else {
            problems.extend(compare(&sources, messages)?);
        }
    }
    Ok(problems)
}

fn package_name(text: &str) -> String {
    let line = text.lines().find_map(|l| l.trim().strip_prefix("package ")).unwrap_or("p");
    line.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// What is reported about a package, as the compiler prints it without columns.
fn messages(
    world: &mut World,
    case: &Case,
    name: &str,
    sources: &Sources,
    known: &BTreeMap<String, PackageId>,
) -> (PackageId, Vec<String>) {
    let mut errors = Vec::new();
    let files = sources
        .iter()
        .map(|(path, text)| world.parse(path, text.as_bytes().to_vec(), Mode::Full, &mut errors))
        .collect::<Vec<Arc<_>>>();
    files.iter().for_each(|file| driver::directives::in_file(file, &mut errors));
    // Other errors of the parser do not keep the compiler from checking types.
    let syntax = errors.iter().any(|e| e.message.starts_with("syntax error"));
    let id = world.checker.add_package(PackageSource {
        path: if case.path.is_dir() { format!("test/{name}") } else { name.to_owned() },
        files: files.clone(),
        imports: known.clone(),
        go_version: case.version,
        is_user: true,
    });
    if syntax {
        world.checker.take_errors();
    } else {
        world.checker.check_all(id);
        errors.extend(world.checker.take_errors());
    }
    if errors.is_empty() {
        let files: Vec<&syntax::ast::File> = files.iter().map(|file| &**file).collect();
        // Without the go command, the compiler lets every body be in assembly.
        errors = driver::directives::in_files(&files, case.version.1, true);
    }
    let mut collected = Diagnostics::unlimited();
    collected.extend(&world.files, errors);
    let mut lines: Vec<String> = Vec::new();
    // Places inside messages are short, too.
    let inner = Regex::new(r"([\w.-]+\.go):(\d+):\d+").ok();
    let folders = format!("{}/", case.path.parent().unwrap_or(&case.path).display());
    for error in collected.sorted() {
        let text = without_column(world, &error);
        let text = match text.split_once(": ") {
            Some((place, message)) => format!("{place}: {}", message.replace(&folders, "")),
            None => text,
        };
        let text = match (&inner, text.split_once(": ")) {
            // The type checker writes them with columns, the parser as it is told to.
            (Some(inner), Some((place, message))) => {
                let short = if message.starts_with("goto ") { "$1:$2" } else { "$0" };
                format!("{place}: {}", inner.replace_all(message, short))
            }
            _ => text,
        };
        if lines.last() != Some(&text) {
            lines.push(text);
        }
    }
    (id, lines)
}

fn without_column(world: &World, error: &Diagnostic) -> String {
    let line = |pos| match world.files.position(pos) {
        Some(place) => format!("{}:{}", place.file, place.line),
        None => "<unknown line number>".to_owned(),
    };
    let mut text = format!("{}: {}", line(error.pos), error.message);
    for (pos, related) in &error.related {
        let _ = write!(text, "\n\t{}: {related}", render::position(&world.files, *pos));
    }
    text
}

/// Every pattern must match a message of its line, and every message be matched.
fn compare(sources: &Sources, mut messages: Vec<String>) -> Result<Vec<String>, Failed> {
    let comment = Regex::new(r"// (?:GC_)?ERROR (.*)")?;
    let quoted = Regex::new(r#""([^"]*)""#)?;
    let place = Regex::new(r"LINE(?:([+-])(\d+))?")?;
    let mut problems = Vec::new();
    for (path, text) in sources {
        for (i, line) in text.lines().enumerate() {
            let Some(patterns) = comment.captures(line).filter(|_| !line.contains("////")) else { continue };
            let number = i + 1;
            // As Go's runner does, without regard to folders, which a `//line` directive may change.
            let prefix = format!("{}:{number}: ", base(path));
            for pattern in quoted.captures_iter(&patterns[1]) {
                let pattern = place.replace_all(&pattern[1], |c: &regex::Captures| {
                    let n: usize = c.get(2).and_then(|n| n.as_str().parse().ok()).unwrap_or(0);
                    let line =
                        if c.get(1).is_some_and(|s| s.as_str() == "-") { number - n } else { number + n };
                    format!("{}:{line}", base(path))
                });
                let regex = Regex::new(&literal_braces(&pattern)).map_err(|e| format!("{prefix}{e}"))?;
                let before = messages.len();
                let text = |m: &str| base_place(m).strip_prefix(&prefix).map(str::to_owned);
                let on_line = messages.iter().any(|m| text(m).is_some());
                messages.retain(|m| text(m).is_none_or(|text| !regex.is_match(&text)));
                if messages.len() == before {
                    let what = if on_line { "not matched" } else { "missing" };
                    problems.push(format!("{number}: {what}: {pattern}"));
                }
            }
        }
    }
    problems.extend(messages.iter().map(|m| format!("not expected: {m}")));
    Ok(problems)
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or("")
}

/// A message that begins with its file without the folder.
fn base_place(message: &str) -> &str {
    let place = message.find(':').unwrap_or(0);
    &message[message[..place].rfind('/').map_or(0, |at| at + 1)..]
}
