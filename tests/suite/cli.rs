//! What the user sees: arguments and files in, exact output and exit status out. `tests/cli/*.txt` are the cases.
//!
//! A case is the command lines (`$ tinygo …`) with what they print, then the files of the folder that they run in:
//!
//! ```text
//! $ tinygo build -target=arduno .
//! ! unknown target "arduno"; did you mean "arduino"?
//! 1
//! -- go.mod --
//! module example
//! ```
//!
//! Lines with `! ` are standard error, lines with `> ` standard output, the last is the exit status. Lines before the
//! first command set the environment (`PATH=bin:$PATH`, where `$WORK` is the case's folder). In expectations, `{N}`
//! stands for a number and `{*}` for any text in a line. `BLESS=1` rewrites the cases that fail.

mod formats;
mod listing;
mod port;
mod rebuild;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Failed, Trial};
use regex::Regex;

use crate::process::execute;

/// No command of a case takes longer, or it hangs. Generous: the first build for a chip compiles its library.
const LIMIT: Duration = Duration::from_secs(120);

pub fn trials(root: &Path) -> Vec<Trial> {
    let mut trials: Vec<Trial> = super::files(&root.join("cli"), "txt")
        .into_iter()
        .map(|path| {
            let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Trial::test(format!("cli::{stem}"), move || run_file(&path).map_err(Failed::from))
        })
        .collect();
    trials.extend(formats::trials());
    trials.extend(listing::trials());
    trials.extend(port::trials());
    trials.extend(rebuild::trials());
    trials.push(Trial::test("cli::closed_pipe", || closed_pipe().map_err(Failed::from)));
    trials
}

/// What a command left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

/// Runs a command in a folder to its end; a hang or a panic of it is an error.
pub fn run(
    folder: &Path,
    environment: &BTreeMap<String, String>,
    arguments: &[String],
) -> Result<Ended, String> {
    let command = super::tinygo();
    let outcome =
        execute(Command::new(&command).args(arguments).current_dir(folder).envs(environment), LIMIT)
            .map_err(|e| super::not_started(&command, &e))?;
    let Some(status) = outcome.status else {
        return Err(format!("tinygo {} hangs", arguments.join(" ")));
    };
    let ended = Ended { stdout: outcome.stdout, stderr: outcome.stderr, status };
    if ended.stderr.contains("panicked at") || ended.status == 101 || ended.status < 0 {
        return Err(format!("tinygo {} crashed:\n{}", arguments.join(" "), ended.stderr));
    }
    Ok(ended)
}

/// A reader that goes away ends the command without a word.
fn closed_pipe() -> Result<(), String> {
    let (reader, writer) = std::io::pipe().map_err(|e| e.to_string())?;
    drop(reader);
    let output = Command::new(super::tinygo())
        .arg("targets")
        .stdout(writer)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .map_err(|e| e.to_string())?;
    match (output.status.code(), output.stderr.is_empty()) {
        (Some(141), true) => Ok(()),
        _ => Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr))),
    }
}

/// One command of a case.
#[derive(Default)]
struct Step {
    line: String,
    expected: Ended,
}

#[derive(Default)]
struct Case {
    comments: String,
    environment: Vec<String>,
    steps: Vec<Step>,
    /// The rest of the file: `-- name --` and what the file holds.
    files: Vec<(String, String)>,
}

fn parse(text: &str) -> Result<Case, String> {
    let mut case = Case::default();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            case.files.push((name.to_owned(), String::new()));
        } else if let Some((_, file)) = case.files.last_mut() {
            let _ = writeln!(file, "{line}");
        } else if line.starts_with('#') {
            let _ = writeln!(case.comments, "{line}");
        } else if let Some(command) = line.strip_prefix("$ tinygo") {
            case.steps.push(Step { line: command.trim().to_owned(), ..Step::default() });
        } else if let Some(step) = case.steps.last_mut() {
            let cut =
                |prefix: char| line.strip_prefix(prefix).map(|rest| rest.strip_prefix(' ').unwrap_or(rest));
            if let Some(line) = cut('!') {
                let _ = writeln!(step.expected.stderr, "{line}");
            } else if let Some(line) = cut('>') {
                let _ = writeln!(step.expected.stdout, "{line}");
            } else if !line.is_empty() {
                step.expected.status = line.parse().map_err(|_| format!("not understood: {line:?}"))?;
            }
        } else if !line.is_empty() {
            case.environment.push(line.to_owned());
        }
    }
    Ok(case)
}

fn print(case: &Case) -> String {
    let mut text = case.comments.clone();
    for line in &case.environment {
        let _ = writeln!(text, "{line}");
    }
    for step in &case.steps {
        let _ = writeln!(text, "{}", format!("$ tinygo {}", step.line).trim_end());
        for (mark, lines) in [('>', &step.expected.stdout), ('!', &step.expected.stderr)] {
            for line in lines.lines() {
                let _ = writeln!(text, "{}", format!("{mark} {line}").trim_end());
            }
        }
        if step.expected.status != 0 {
            let _ = writeln!(text, "{}", step.expected.status);
        }
    }
    for (name, file) in &case.files {
        let _ = write!(text, "-- {name} --\n{file}");
    }
    text
}

fn run_file(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let mut case = parse(&text)?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    // Some systems reach their temporary folder through a link; messages have the real path.
    let folder = folder.path().canonicalize().map_err(|e| e.to_string()).map(|path| (path, folder))?;
    let work = &folder.0;
    for (name, file) in &case.files {
        write(&work.join(name), file)?;
    }
    let mut environment = BTreeMap::new();
    for line in &case.environment {
        let (name, value) = line.split_once('=').ok_or_else(|| format!("not understood: {line:?}"))?;
        let path = std::env::var("PATH").unwrap_or_default();
        let value = value.replace("$WORK", &work.display().to_string()).replace("$PATH", &path);
        environment.insert(name.to_owned(), value);
    }
    let mut wrong = String::new();
    for step in &mut case.steps {
        let arguments = words(&step.line.replace("$WORK", &work.display().to_string()));
        let mut got = run(work, &environment, &arguments)?;
        for text in [&mut got.stdout, &mut got.stderr] {
            *text = text.replace(&work.display().to_string(), "$WORK");
        }
        let expected = &step.expected;
        let fits = |expected: &str, got: &str| pattern(expected).is_match(got);
        if got.status != expected.status
            || !fits(&expected.stdout, &got.stdout)
            || !fits(&expected.stderr, &got.stderr)
        {
            let _ = writeln!(
                wrong,
                "tinygo {}\nexpected status {}\n{}{}got status {}\n{}{}",
                step.line,
                expected.status,
                expected.stdout,
                expected.stderr,
                got.status,
                got.stdout,
                got.stderr
            );
            step.expected = got;
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(path, print(&case)).map_err(|e| e.to_string());
    }
    Err(wrong)
}

/// The words of a command line; single quotes keep blanks.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in line.chars() {
        if c == '\'' {
            quoted = !quoted;
            word.get_or_insert_default();
        } else if c.is_whitespace() && !quoted {
            words.extend(word.take());
        } else {
            word.get_or_insert_default().push(c);
        }
    }
    words.extend(word);
    words
}

/// The expression that an expected text stands for; blanks at the ends of lines do not count.
fn pattern(expected: &str) -> Regex {
    let lines: Vec<String> = expected
        .lines()
        .map(|line| {
            let escaped = regex::escape(line.trim_end());
            escaped.replace(r"\{N\}", r"\d+").replace(r"\{\*\}", ".*") + "[ \t]*\n?"
        })
        .collect();
    Regex::new(&format!("^{}$", lines.concat())).unwrap_or_else(|e| panic!("{e}"))
}

/// Writes a file of a case; what starts as a script may be run.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("{}: {e}", path.display());
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(fail)?;
    }
    std::fs::write(path, text).map_err(fail)?;
    #[cfg(unix)]
    if text.starts_with("#!") {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).map_err(fail)?;
    }
    Ok(())
}
