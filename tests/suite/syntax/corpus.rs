//! Every Go file of the installed Go parses, quickly, and a body that is parsed later is the same as one parsed at once.

use super::{go_files, go_roots, read};
use libtest_mimic::{Failed, Trial};
use source::{FileSet, SourceFile};
use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};
use syntax::Mode;
use syntax::ast::{Directive, FuncDecl, Tree};

/// Files that are meant not to parse, by path below `src`, each with its reason.
const SKIP: &str = include_str!("../../syntax/goroot-parse.skip");

/// What an edit-and-run loop needs; Go's own parser does 1.67 million.
const LINES_PER_SECOND: f64 = 1.5e6;

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("syntax::goroot-parse", all_parse),
        Trial::test("syntax::lazy-bodies", lazy_bodies),
        // Speed is a property of optimised code on a quiet machine.
        Trial::test("syntax::bench", bench).with_ignored_flag(cfg!(debug_assertions)),
    ]
}

fn load(root: &Path, files: &FileSet) -> Result<Vec<(String, Arc<SourceFile>)>, String> {
    let src = root.join("src");
    let paths = go_files(&src);
    if paths.len() < 1000 {
        return Err(format!(
            "{}: only {} Go files; is the Go installation complete?",
            src.display(),
            paths.len()
        ));
    }
    paths
        .iter()
        .map(|path| {
            let name = path.strip_prefix(&src).unwrap_or(path).to_string_lossy().into_owned();
            Ok((name, files.file(files.add("", &path.to_string_lossy(), read(path)?))))
        })
        .collect()
}

fn skipped() -> Vec<&'static str> {
    SKIP.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_whitespace().next()).collect()
}

fn all_parse() -> Result<(), Failed> {
    let skip = skipped();
    let mut wrong = String::new();
    for root in go_roots()? {
        let files = FileSet::default();
        for (name, file) in load(&root, &files)? {
            if name.starts_with("cmd/compile/internal/syntax/testdata/") {
                continue; // the suite gc-testdata looks at these more closely
            }
            let mut errors = Vec::new();
            syntax::parse_file(&file, Mode::Full, &mut errors);
            match (skip.contains(&name.as_str()), errors.first()) {
                (false, Some(error)) => wrong.push_str(&source::render::diagnostic(&files, error)),
                (true, None) => {
                    let _ = writeln!(wrong, "{name} parses: remove it from goroot-parse.skip");
                }
                _ => {}
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// A tree as text. Where in the list of directives a declaration's own stand depends on those of bodies before it.
fn without_pragmas(tree: &Tree) -> String {
    let text = format!("{tree:?}");
    let mut parts = text.split("pragmas: Pragmas {");
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.filter_map(|part| part.split_once('}')).map(|(_, rest)| rest).collect::<String>()
}

fn lazy_bodies() -> Result<(), Failed> {
    let files = FileSet::default();
    let mut wrong = String::new();
    for (name, file) in load(&go_roots()?[0], &files)? {
        let mut errors = Vec::new();
        let full = syntax::parse_file(&file, Mode::Full, &mut errors);
        if !errors.is_empty() {
            continue;
        }
        let lazy = syntax::parse_file(&file, Mode::LazyBodies, &mut errors);
        let inside = |directive: &Directive| {
            full.funcs
                .iter()
                .filter_map(FuncDecl::body_span)
                .any(|(l, r)| l < directive.pos && directive.pos < r)
        };
        // The directives of bodies are known of bodies that are parsed at once only.
        let same_directives = full.directives.iter().filter(|d| !inside(d)).eq(&lazy.directives)
            && (full.tree.all_decls().zip(lazy.tree.all_decls()))
                .all(|(a, b)| full.pragmas(full.decl(a).pragmas) == lazy.pragmas(lazy.decl(b).pragmas));
        let same_outside = same_directives
            && without_pragmas(&full.tree) == without_pragmas(&lazy.tree)
            && full.funcs.len() == lazy.funcs.len();
        let same_bodies = full.funcs.iter().zip(&lazy.funcs).all(|(full, lazy)| {
            let bodies = (full.body(&file.bytes), lazy.body(&file.bytes));
            full.body_span() == lazy.body_span()
                && match bodies {
                    (Some(full), Some(lazy)) => {
                        lazy.errors.is_empty() && without_pragmas(&full.tree) == without_pragmas(&lazy.tree)
                    }
                    (full, lazy) => full.is_none() && lazy.is_none(),
                }
        });
        if !same_outside || !same_bodies || !errors.is_empty() {
            let _ = writeln!(wrong, "{name}: parsing bodies on demand gives another tree");
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

fn bench() -> Result<(), Failed> {
    let files = FileSet::default();
    let loaded = load(&go_roots()?[0], &files)?;
    let lines: usize = loaded.iter().map(|(_, f)| f.bytes.iter().filter(|b| **b == b'\n').count()).sum();
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let start = cpu_time();
        for (_, file) in &loaded {
            std::hint::black_box(syntax::parse_file(file, Mode::Full, &mut Vec::new()));
        }
        best = best.min(cpu_time() - start);
    }
    let speed = lines as f64 / best.as_secs_f64();
    if speed < LINES_PER_SECOND {
        return Err(format!(
            "{:.2} million lines a second, expected {:.2}",
            speed / 1e6,
            LINES_PER_SECOND / 1e6
        )
        .into());
    }
    Ok(())
}

/// What this thread has used of a processor; where the system does not say so, time.
fn cpu_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let nanoseconds = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = nanoseconds.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}
