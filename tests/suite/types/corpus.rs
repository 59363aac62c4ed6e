//! The checker's own corpus of the installed Go (`internal/types/testdata`): how many of its expected errors are
//! found, and how many are reported that it does not expect. Printed; nothing may crash.

use super::{World, say};
use libtest_mimic::Failed;
use regex::Regex;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

pub fn counts() -> Result<(), Failed> {
    let output = Command::new("go").args(["env", "GOROOT"]).output()?;
    let root =
        PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()).join("src/internal/types/testdata");
    let marker = Regex::new(r#"(?:/\*|//)\s*(ERRORx?)\s+("(?:\\.|[^"\\])*"|`[^`]*`)"#)?;
    let import = Regex::new(r#"(?m)^\s*(?:import\s+)?(?:\w+\s+|\. )?"([a-z][a-z0-9/.]*)"\s*$"#)?;
    let (mut cases, mut right, mut expected, mut matched, mut extra) = (0, 0, 0, 0, 0);
    for folder in ["check", "examples", "fixedbugs", "spec"] {
        for case in entries(&root.join(folder)) {
            let paths = if case.is_dir() { entries(&case) } else { vec![case] };
            let mut sources = Vec::new();
            for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "go")) {
                sources.push((path.to_string_lossy().into_owned(), std::fs::read(path)?));
            }
            if sources.is_empty() {
                continue;
            }
            cases += 1;
            let (e, m, x) = check(&marker, &import, sources)?;
            expected += e;
            matched += m;
            extra += x;
            right += usize::from(e == m && x == 0);
        }
    }
    say(&format!(
        "types::corpus: {right} of {cases} cases right; {matched} of {expected} expected errors found, {extra} others reported"
    ));
    Ok(())
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    all.sort();
    all
}

/// Expected, matched and further errors of one package.
fn check(
    marker: &Regex,
    import: &Regex,
    sources: Vec<(String, Vec<u8>)>,
) -> Result<(usize, usize, usize), Failed> {
    let mut wanted: Vec<(String, u32, Regex)> = Vec::new();
    let mut imports: BTreeSet<String> = BTreeSet::new();
    let mut version = (1, 27);
    for (name, bytes) in &sources {
        let text = String::from_utf8_lossy(bytes);
        if let Some(lang) = text.lines().next().and_then(|l| l.split_once("-lang=go1.")) {
            let digits: String = lang.1.chars().take_while(char::is_ascii_digit).collect();
            version = (1, digits.parse().unwrap_or(27));
        }
        for capture in marker.captures_iter(&text) {
            let at = capture.get(0).map_or(0, |m| m.start());
            let line = text[..at].matches('\n').count() as u32 + 1;
            let pattern = types::constant::unquote(&capture[2]).unwrap_or_default();
            let pattern = String::from_utf8_lossy(&pattern).into_owned();
            // Go's regexps take a brace that repeats nothing literally.
            let pattern = if &capture[1] == "ERRORx" {
                pattern.replace('{', r"\{").replace('}', r"\}").replace(r"\\{", r"\{").replace(r"\\}", r"\}")
            } else {
                regex::escape(&pattern)
            };
            let pattern = Regex::new(&pattern).map_err(|e| format!("{name}:{line}: {e}"))?;
            wanted.push((name.clone(), line, pattern));
        }
        imports.extend(import.captures_iter(&text).map(|c| c[1].to_owned()));
    }
    imports.remove("unsafe");
    let mut world = World::new();
    if !imports.is_empty() {
        // Some imports are wrong on purpose.
        let list: Vec<&str> = imports.iter().map(String::as_str).collect();
        if world.import(&list).is_err() {
            for path in list {
                let _ = world.import(&[path]);
            }
        }
        world.checker.take_errors();
    }
    let expected = wanted.len();
    let errors = world.check_user(sources, version);
    let mut extra = 0;
    for error in &errors {
        let Some(place) = world.files.physical(error.pos) else { continue };
        let hit = wanted.iter().position(|(file, line, r)| {
            **file == *place.file && *line == place.line && r.is_match(&error.message)
        });
        match hit {
            Some(i) => {
                wanted.swap_remove(i);
            }
            None => extra += 1,
        }
    }
    Ok((expected, expected - wanted.len(), extra))
}
