//! `tests/check/*.txt`: programs with the mistakes that people make, and what `go build ./...` says about them, which
//! `tinygo check ./...` says byte for byte.
//!
//! ```text
//! // What the mistake is.
//! # example
//! ./main.go:3:8: "os" imported and not used
//! -- main.go --
//! package main
//! ```
//!
//! Without a `go.mod` the module is `example` in the language of Go 1.24. `$WORK` is the folder of the case, `$GOROOT` that
//! of Go. With `TINYGO_TEST_ORACLE=1` the installed Go is asked, which must be the newest one, and `BLESS=1` writes what
//! it says. `check/skip.txt` lists the cases that are known to fail, each with its reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::cli;

const MODULE: &str = "module example\n\ngo 1.24\n";

/// How many mistakes there are at least.
const AT_LEAST: usize = 60;

pub fn trials(root: &Path) -> Vec<Trial> {
    let skipped = std::fs::read_to_string(root.join("check/skip.txt")).unwrap_or_default();
    let skipped: Vec<String> = skipped
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    let cases = crate::files(&root.join("check"), "txt");
    let cases = cases.into_iter().filter(|path| !path.ends_with("skip.txt"));
    let mut trials: Vec<Trial> = cases
        .map(|path| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let ignored = skipped.contains(&stem);
            Trial::test(format!("check::mistakes/{stem}"), move || run(&path).map_err(Failed::from))
                .with_ignored_flag(ignored)
        })
        .collect();
    let count = trials.len();
    trials.push(Trial::test("check::mistakes", move || match count {
        AT_LEAST.. => Ok(()),
        _ => Err(format!("only {count} cases").into()),
    }));
    trials
}

struct Case {
    comment: String,
    expected: String,
    /// `-- name --` and what the file holds.
    files: Vec<(String, String)>,
}

fn parse(text: &str) -> Case {
    let mut case = Case { comment: String::new(), expected: String::new(), files: Vec::new() };
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            case.files.push((name.to_owned(), String::new()));
        } else if let Some((_, file)) = case.files.last_mut() {
            let _ = writeln!(file, "{line}");
        } else if line.starts_with("//") {
            let _ = writeln!(case.comment, "{line}");
        } else {
            let _ = writeln!(case.expected, "{line}");
        }
    }
    case
}

fn run(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let case = parse(&text);
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let work = folder.path().canonicalize().map_err(|e| e.to_string())?;
    if !case.files.iter().any(|(name, _)| name == "go.mod") {
        cli::write(&work.join("go.mod"), MODULE)?;
    }
    for (name, file) in &case.files {
        cli::write(&work.join(name), file)?;
    }
    let goroot = load::Toolchain::find().map_err(|e| e.to_string())?.goroot.display().to_string();
    let shown = |text: &str| text.replace(&work.display().to_string(), "$WORK").replace(&goroot, "$GOROOT");
    let mut expected = case.expected.clone();
    let set = |name| std::env::var_os(name).is_some();
    if set("TINYGO_TEST_ORACLE") {
        expected = shown(&go_build(&work)?);
        if set("BLESS") && expected != case.expected {
            let files: Vec<String> =
                case.files.iter().map(|(name, file)| format!("-- {name} --\n{file}")).collect();
            std::fs::write(path, format!("{}{expected}{}", case.comment, files.concat()))
                .map_err(|e| e.to_string())?;
        }
    }
    let arguments = ["check", "./..."].map(str::to_owned);
    let ended = cli::run(&work, &BTreeMap::new(), &arguments)?;
    let got = shown(&ended.stderr);
    if got != expected {
        return Err(format!("Go says:\n{expected}tinygo says:\n{got}"));
    }
    let warns_only = expected.lines().all(|line| line.starts_with("go: warning"));
    if (ended.status == 0) != warns_only || !ended.stdout.is_empty() {
        return Err(format!("status {}, printed {:?}", ended.status, ended.stdout));
    }
    Ok(())
}

/// What Go says. One package after the other, so that the order is always the same.
fn go_build(work: &Path) -> Result<String, String> {
    let output = Command::new("go")
        .args(["build", "-p=1", "./..."])
        .current_dir(work)
        .env("GOTOOLCHAIN", "local")
        .env("GOPROXY", "off")
        .env("CGO_ENABLED", "0")
        .output()
        .map_err(|e| format!("go: {e}"))?;
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}
