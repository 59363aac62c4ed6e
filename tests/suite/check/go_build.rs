//! Go's own type checker tests as programs: for each case of `internal/types/testdata`, what `go build -gcflags=-e` says is
//! what `tinygo check -e` says.
//!
//! Every eighth case; `TINYGO_TEST_GO_BUILD=all` takes them all, and `TINYGO_TEST_LIST=FILE` writes every difference.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Failed, Trial};
use rayon::prelude::*;

use crate::{cli, process};

const FOLDERS: [&str; 4] = ["check", "examples", "fixedbugs", "spec"];

/// How long Go may take for a case: it builds what it finds right, and of one file makes more than any machine holds.
const LIMIT: Duration = Duration::from_secs(30);

/// One case of so many, unless all are asked for.
const SAMPLE: usize = 8;

/// Shares, in hundredths of a per cent, of the reports of either side that are on the same line of both, and that are the
/// same altogether.
const BY_LINE: usize = 9950;
const BY_MESSAGE: usize = 9900;

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("check::go_build", run)]
}

#[derive(Default)]
struct Figures {
    reports: usize,
    line: usize,
    message: usize,
    equal: usize,
    list: String,
}

fn run() -> Result<(), Failed> {
    let root = load::Toolchain::find().map_err(|e| e.to_string())?.goroot.join("src/internal/types/testdata");
    let all = std::env::var("TINYGO_TEST_GO_BUILD").is_ok_and(|value| value == "all");
    let cases: Vec<Vec<PathBuf>> = FOLDERS
        .iter()
        .flat_map(|folder| cases(&root.join(folder)))
        .enumerate()
        .filter(|(i, _)| all || i % SAMPLE == 0)
        .map(|(_, case)| case)
        .collect();
    let answers: Result<Vec<(Option<String>, String)>, String> =
        cases.par_iter().map(|case| Ok((go_build(&root, case)?, tinygo_check(&root, case)?))).collect();
    let mut figures = Figures::default();
    for (case, (go, tinygo)) in cases.iter().zip(answers?) {
        let name = case[0].strip_prefix(&root).unwrap_or(&case[0]).display().to_string();
        match go {
            Some(go) => figures.compare(&name, &go, &tinygo),
            None => super::say(&format!("check::go_build: go build takes more than {LIMIT:?} for {name}")),
        }
    }
    if let Ok(path) = std::env::var("TINYGO_TEST_LIST") {
        std::fs::write(path, &figures.list)?;
    }
    let share = |n: usize| n * 10000 / figures.reports.max(1);
    let show = |n: usize| format!("{n} ({}.{:02} %)", share(n) / 100, share(n) % 100);
    super::say(&format!(
        "check::go_build: {} of {} cases equal; of {} reports {} are on the same line and {} the same altogether",
        figures.equal,
        cases.len(),
        figures.reports,
        show(figures.line),
        show(figures.message)
    ));
    if share(figures.line) < BY_LINE || share(figures.message) < BY_MESSAGE {
        return Err(figures.list.into());
    }
    Ok(())
}

/// The files of each case: one, or those of a folder.
fn cases(folder: &Path) -> Vec<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in crate::files(folder, "go") {
        all.push(vec![path]);
    }
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    all.extend(folders.iter().map(|folder| crate::files(folder, "go")).filter(|files| !files.is_empty()));
    all
}

/// `None` where it did not end in time.
fn go_build(root: &Path, case: &[PathBuf]) -> Result<Option<String>, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut command = Command::new("go");
    command.args(["build", "-gcflags=-e", "-o"]).arg(folder.path().join("out")).args(case).current_dir(root);
    command.envs([("GOTOOLCHAIN", "local"), ("GOPROXY", "off"), ("CGO_ENABLED", "0")]);
    let outcome = process::execute(&mut command, LIMIT).map_err(|e| format!("go: {e}"))?;
    Ok(outcome.status.map(|_| outcome.stderr))
}

fn tinygo_check(root: &Path, case: &[PathBuf]) -> Result<String, String> {
    let mut arguments = vec!["check".to_owned(), "-e".to_owned()];
    arguments.extend(case.iter().map(|path| path.display().to_string()));
    Ok(cli::run(root, &BTreeMap::new(), &arguments)?.stderr)
}

impl Figures {
    fn compare(&mut self, name: &str, go: &str, tinygo: &str) {
        let (theirs, ours) = (reports(go), reports(tinygo));
        self.equal += usize::from(go == tinygo);
        let both = |key: fn(&str) -> String| {
            let mut left: BTreeMap<String, usize> = BTreeMap::new();
            ours.iter().for_each(|report| *left.entry(key(report)).or_default() += 1);
            let mut take = |report: &&String| match left.get_mut(&key(report)) {
                Some(n) if *n > 0 => {
                    *n -= 1;
                    true
                }
                _ => false,
            };
            theirs.iter().filter(|report| take(report)).count()
        };
        self.reports += theirs.len().max(ours.len());
        self.line += both(line);
        self.message += both(str::to_owned);
        for report in theirs.iter().filter(|report| !ours.contains(report)) {
            let _ = writeln!(self.list, "{name}: Go     {report}");
        }
        for report in ours.iter().filter(|report| !theirs.contains(report)) {
            let _ = writeln!(self.list, "{name}: tinygo {report}");
        }
    }
}

/// Each report with the lines that belong to it, without the package's header.
fn reports(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        match all.last_mut() {
            Some(report) if line.starts_with('\t') => {
                let _ = write!(report, "\n{line}");
            }
            _ => all.push(line.to_owned()),
        }
    }
    all
}

/// `file:line` of a report, or all of it where it has no place.
fn line(report: &str) -> String {
    let mut parts = report.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(line), Some(_)) if line.parse::<u32>().is_ok() => format!("{file}:{line}"),
        _ => report.to_owned(),
    }
}
