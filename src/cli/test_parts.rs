//! The tests of a package that do not fit onto a chip at once: programs with a part of them each, one after another.

use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::io::Write as _;
use std::process::ExitStatus;
use std::time::Instant;

use anyhow::{Context, Result};
use driver::test::Package;
use driver::{Built, Config, Error, output::Output};
use regex::Regex;

use crate::args::Parsed;
use crate::test::{self, Wanted};
use crate::test_events::Events;

/// The tests that the program for a chip has: those that `-run` and `-skip` leave, as its arguments are known when it is
/// built. On other targets, and with benchmarks, the program itself chooses.
pub fn chosen(config: &Config, package: &Package, parsed: &Parsed) -> Result<Option<Vec<String>>> {
    if !config.target.is_baremetal() || parsed.value("bench").is_some() {
        return Ok(None);
    }
    let names = driver::test::names(config, &package.path)?;
    let (run, skip) = (parsed.value("run").map(firsts), parsed.value("skip").map(alone));
    let stays = |name: &String| {
        let matches = |patterns: &[Regex]| patterns.iter().any(|pattern| pattern.is_match(name));
        run.iter().flatten().all(|patterns| matches(patterns))
            && !skip.iter().flatten().any(|patterns| matches(patterns))
    };
    Ok(Some(names.into_iter().filter(stays).collect()))
}

/// What decides about tests themselves in each alternative of `-run`: what stands before the first slash. None if it is
/// not certain what the program will make of it.
fn firsts(pattern: &str) -> Option<Vec<Regex>> {
    split(pattern, '|').iter().map(|part| Regex::new(split(part, '/')[0]).ok()).collect()
}

/// The alternatives of `-skip` that leave out whole tests: those without a slash.
fn alone(pattern: &str) -> Option<Vec<Regex>> {
    let parts = split(pattern, '|');
    parts.iter().filter(|part| split(part, '/').len() == 1).map(|part| Regex::new(part).ok()).collect()
}

/// Splits where a separator stands outside of brackets.
fn split(pattern: &str, at: char) -> Vec<&str> {
    let (mut parts, mut start, mut square, mut round, mut escaped) = (Vec::new(), 0, 0, 0, false);
    for (i, c) in pattern.char_indices() {
        match c {
            _ if escaped => {}
            '[' => square += 1,
            ']' => square = (square - 1).max(0),
            '(' if square == 0 => round += 1,
            ')' if square == 0 => round -= 1,
            c if c == at && square == 0 && round == 0 => {
                parts.push(&pattern[start..i]);
                start = i + c.len_utf8();
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(&pattern[start..]);
    parts
}

/// Whether a program with fewer tests may do without what stopped this build.
pub fn helps(error: &Error) -> bool {
    matches!(error, Error::TooLarge { .. } | Error::Unavailable(_))
}

/// Tests in programs that fit; `error` is what was wrong with the one that has all tests.
pub fn run(
    config: &Config,
    package: &Package,
    wanted: &Wanted,
    tests: Vec<String>,
    error: &Error,
    text: &mut String,
) -> Result<bool> {
    let start = Instant::now();
    let path = &package.path;
    if !wanted.json {
        eprintln!("{path}: {}: testing it in parts", first_line(error));
    }
    let mut report = Report {
        events: wanted.json.then(|| Events::start(path, std::io::stdout(), test::now)),
        stream: wanted.stream,
        all: wanted.all,
        text,
    };
    let mut ok = true;
    let mut images = 0;
    let mut queue: VecDeque<Vec<String>> = pieces(config, error, &tests).into();
    while let Some(part) = queue.pop_front() {
        let kept: BTreeSet<String> = part.iter().cloned().collect();
        let smaller = match driver::build::build_tests(config, path, Some(&kept), Output::Linked) {
            Ok(built) => {
                let (status, mut printed) = run_one(config, &built, package, wanted)?;
                let passed = status.is_some_and(|status| status.success());
                if !passed && part.len() > 1 && printed.contains("fatal error: out of memory") {
                    Some(halves(&part))
                } else {
                    images += 1;
                    ok &= passed;
                    // The last line is for all of them.
                    let last = if passed { "PASS" } else { "FAIL" };
                    let body = printed.trim_end().strip_suffix(last).map(str::len);
                    printed.truncate(body.unwrap_or(printed.len()));
                    if status.is_none() {
                        printed.push_str("*** Test killed: ran too long.\n");
                    }
                    report.print(&printed, passed);
                    None
                }
            }
            Err(error) if helps(&error) && part.len() > 1 => Some(pieces(config, &error, &part)),
            Err(error) if helps(&error) => {
                ok = false;
                let why = error.to_string().trim_end().replace('\n', "\n    ");
                let run = if wanted.all { format!("=== RUN   {}\n", part[0]) } else { String::new() };
                report.print(&format!("{run}--- FAIL: {} (0.00s)\n    {why}\n", part[0]), false);
                None
            }
            Err(error) => return Err(error.into()),
        };
        for part in smaller.into_iter().flatten().rev() {
            queue.push_front(part);
        }
    }
    if !wanted.json {
        eprintln!("{path}: its tests took {images} programs");
    }
    let seconds = start.elapsed().as_secs_f64();
    let (mark, word) = if ok { ("PASS\n", "ok  ") } else { ("FAIL\n", "FAIL") };
    report.print(mark, ok);
    let last = format!("{word}\t{path}\t{seconds:.3}s\n");
    match report.events {
        Some(mut events) => {
            events.print_own(&last);
            events.finish(ok, seconds, "");
        }
        None => report.text.push_str(&last),
    }
    Ok(ok)
}

/// Where output goes.
struct Report<'a> {
    events: Option<Events<'a, std::io::Stdout>>,
    stream: bool,
    all: bool,
    text: &'a mut String,
}

impl Report<'_> {
    fn print(&mut self, printed: &str, passed: bool) {
        if let Some(events) = &mut self.events {
            events.print(printed.as_bytes());
        } else if self.all || !passed {
            if self.stream {
                print!("{printed}");
                let _ = std::io::stdout().flush();
            } else {
                self.text.push_str(printed);
            }
        }
    }
}

/// Runs one of the programs to its end; no status if its time is up.
fn run_one(
    config: &Config,
    built: &Built,
    package: &Package,
    wanted: &Wanted,
) -> Result<(Option<ExitStatus>, String)> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let (mut command, tool) = test::prepare(config, built, package, wanted, folder.path())?;
    let output = folder.path().join("output");
    let file = File::create(&output).with_context(|| format!("cannot write {}", output.display()))?;
    command.stdout(file.try_clone()?);
    let status =
        test::wait(config, command, file, wanted.limit).with_context(|| format!("cannot run {tool}"))?;
    Ok((status, String::from_utf8_lossy(&std::fs::read(&output)?).into_owned()))
}

/// The parts to try instead of tests that are too large together: the more, the more is lacking. What tests share takes
/// most of the flash of a small chip, so that a quarter of it is taken for room.
fn pieces(config: &Config, error: &Error, tests: &[String]) -> Vec<Vec<String>> {
    let Error::TooLarge { error: link::Error::TooLarge(overflows), .. } = error else { return halves(tests) };
    let wanted = overflows.iter().map(|overflow| {
        let region = config.target.memory.iter().find(|region| region.name == overflow.region);
        let room = region.map_or(u64::MAX, |region| region.length / 4).max(1);
        usize::try_from(1 + overflow.by_bytes.div_ceil(room)).unwrap_or(usize::MAX)
    });
    let count = wanted.max().unwrap_or(2).clamp(2, tests.len().max(2));
    tests.chunks(tests.len().div_ceil(count).max(1)).map(<[String]>::to_vec).collect()
}

fn halves(tests: &[String]) -> Vec<Vec<String>> {
    tests.chunks(tests.len().div_ceil(2).max(1)).map(<[String]>::to_vec).collect()
}

fn first_line(error: &Error) -> String {
    let text = error.to_string();
    text.lines().find(|line| !line.starts_with('#')).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(patterns: Option<Vec<Regex>>, name: &str) -> Option<bool> {
        patterns.map(|patterns| patterns.iter().any(|pattern| pattern.is_match(name)))
    }

    #[test]
    fn patterns() {
        assert_eq!(split("A|B[|]/c|(d|e)\\|", '|'), ["A", "B[|]/c", "(d|e)\\|"]);
        assert_eq!(matches(firsts("^TestA$/sub|B"), "TestA"), Some(true));
        assert_eq!(matches(firsts("^TestA$/sub|B"), "TestAB"), Some(true));
        assert_eq!(matches(firsts("^TestA$/sub|B"), "TestAC"), Some(false));
        assert_eq!(matches(alone("TestA/sub|B$"), "TestA"), Some(false), "only a part of it is left out");
        assert_eq!(matches(alone("TestA/sub|B$"), "TestB"), Some(true));
        assert_eq!(matches(firsts("A\\Q"), "A"), None, "not known here: the program chooses");
        assert_eq!(matches(firsts("(?P<"), "A"), None, "the program complains");
    }
}
