//! The tests of a package that do not fit onto a chip at once: programs with a part of them each, one after another.

use std::collections::{BTreeSet, VecDeque};
use std::io::{Read as _, Write as _};
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
    if !choose(config, parsed) {
        return Ok(None);
    }
    let names = driver::test::names(config, &package.path)?;
    let (run, skip) = (parsed.value("run").map(firsts), parsed.value("skip").map(alone));
    let stays = |name: &String| {
        let matches = |patterns: &[Regex]| patterns.iter().any(|pattern| pattern.is_match(name));
        run.iter().flatten().all(|patterns| matches(patterns))
            && !skip.iter().any(|patterns| matches(patterns))
    };
    Ok(Some(names.into_iter().filter(stays).collect()))
}

/// Whether the tests are chosen here.
pub fn choose(config: &Config, parsed: &Parsed) -> bool {
    config.target.is_baremetal() && parsed.value("bench").is_none()
}

/// What is left of a flag for the program to choose by: parts of tests. Regular expressions take more memory than many
/// tests.
pub fn left(name: &str, pattern: &str) -> Option<String> {
    let done = match name {
        "run" => firsts(pattern).is_some() && !pattern.contains('/'),
        "skip" => {
            let parts = split(pattern, '|').into_iter().filter(|part| !is_done(part)).collect::<Vec<_>>();
            return (!parts.is_empty()).then(|| parts.join("|"));
        }
        _ => false,
    };
    (!done).then(|| pattern.to_owned())
}

/// Whether an alternative of `-skip` is about whole tests, and it is certain which.
fn is_done(part: &str) -> bool {
    split(part, '/').len() == 1 && Regex::new(part).is_ok()
}

/// What decides about tests themselves in each alternative of `-run`: what stands before the first slash. None if it is
/// not certain what the program will make of it.
fn firsts(pattern: &str) -> Option<Vec<Regex>> {
    split(pattern, '|').iter().map(|part| Regex::new(split(part, '/')[0]).ok()).collect()
}

/// The alternatives of `-skip` that leave out whole tests.
fn alone(pattern: &str) -> Vec<Regex> {
    if pattern.is_empty() {
        return Vec::new();
    }
    split(pattern, '|')
        .into_iter()
        .filter(|part| is_done(part))
        .filter_map(|part| Regex::new(part).ok())
        .collect()
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

/// What a program says that needs more memory than the chip has.
const OUT_OF_MEMORY: &str = "fatal error: out of memory";

/// Runs tests in one program, which may be built already, or in as many as they need to fit.
pub fn run(
    config: &Config,
    package: &Package,
    wanted: &Wanted,
    tests: Vec<String>,
    built: Result<Built, Error>,
    text: &mut String,
) -> Result<bool> {
    let start = Instant::now();
    let path = &package.path;
    let mut report = Report {
        events: wanted.json.then(|| Events::start(path, std::io::stdout(), test::now)),
        stream: wanted.stream,
        all: wanted.all,
        text,
    };
    let mut ok = true;
    let mut images = 0;
    let mut parts = false;
    let mut queue: VecDeque<(Vec<String>, Option<Result<Built, Error>>)> = [(tests, Some(built))].into();
    while let Some((part, built)) = queue.pop_front() {
        let built = built.unwrap_or_else(|| {
            let kept: BTreeSet<String> = part.iter().cloned().collect();
            driver::build::build_tests(config, path, Some(&kept), Output::Linked)
        });
        let (smaller, why) = match built {
            Ok(built) => {
                let (status, printed) = run_one(config, &built, package, wanted, &mut report)?;
                images += 1;
                if status.is_none_or(|status| !status.success())
                    && part.len() > 1
                    && printed.contains(OUT_OF_MEMORY)
                {
                    report.print(&printed, true);
                    (Some(rest(&part, &printed)), "out of memory".to_owned())
                } else {
                    ok &= report.ended(status, &printed);
                    (None, String::new())
                }
            }
            Err(error) if helps(&error) && part.len() > 1 => {
                (Some(pieces(config, &error, &part)), first_line(&error))
            }
            Err(error) if helps(&error) => {
                ok = false;
                let why = error.to_string().trim_end().replace('\n', "\n    ");
                let run = if wanted.all { format!("=== RUN   {}\n", part[0]) } else { String::new() };
                report.live(&format!("{run}--- FAIL: {} (0.00s)\n    {why}\n", part[0]));
                report.print(&format!("{run}--- FAIL: {} (0.00s)\n    {why}\n", part[0]), false);
                (None, String::new())
            }
            Err(error) => return Err(error.into()),
        };
        if smaller.is_some() && !parts {
            parts = true;
            if !wanted.json {
                eprintln!("{path}: {why}: testing it in parts");
            }
        }
        for part in smaller.into_iter().flatten().rev() {
            queue.push_front((part, None));
        }
    }
    if parts && !wanted.json {
        eprintln!("{path}: its tests took {images} programs");
    }
    report.finish(path, ok, start.elapsed().as_secs_f64());
    Ok(ok)
}

/// The parts to try instead of tests that ran out of memory together: those that had not ended by then, in a heap of
/// their own. Where the first of them did not end, or nobody knows, they are taken apart.
fn rest(part: &[String], printed: &str) -> Vec<Vec<String>> {
    let ended: BTreeSet<&str> = printed
        .lines()
        .filter_map(|line| {
            let line = line.trim_start_matches('\u{16}').strip_prefix("--- ")?;
            line.split(' ').nth(1)
        })
        .collect();
    let rest: Vec<String> = part.iter().filter(|test| !ended.contains(test.as_str())).cloned().collect();
    if rest.len() < part.len() {
        return vec![rest];
    }
    if printed.contains("=== RUN") {
        return vec![part[..1].to_vec(), part[1..].to_vec()];
    }
    halves(part)
}

/// Where output goes.
struct Report<'a> {
    events: Option<Events<'a, std::io::Stdout>>,
    stream: bool,
    all: bool,
    text: &'a mut String,
}

impl Report<'_> {
    /// Text as it comes.
    fn live(&mut self, piece: &str) {
        if let Some(events) = &mut self.events {
            events.print(piece.as_bytes());
        } else if self.stream {
            print!("{piece}");
            let _ = std::io::stdout().flush();
        }
    }

    /// All that a program printed, where it is not told as it comes.
    fn print(&mut self, printed: &str, passed: bool) {
        if self.events.is_none() && !self.stream && (self.all || !passed) {
            self.text.push_str(printed);
        }
    }

    /// What came of a program; whether it passed.
    fn ended(&mut self, status: Option<ExitStatus>, printed: &str) -> bool {
        let passed = status.is_some_and(|status| status.success());
        self.print(printed, passed);
        let why = match status {
            None => "*** Test killed: ran too long.\n".to_owned(),
            Some(status) if !passed && (self.stream || printed.is_empty()) && self.events.is_none() => {
                format!("{}\n", test::reason(status))
            }
            Some(_) => String::new(),
        };
        self.live(&why);
        self.print(&why, passed);
        passed
    }

    /// The last lines, which are for all programs.
    fn finish(mut self, path: &str, ok: bool, seconds: f64) {
        let (mark, word) = if ok { ("PASS\n", "ok  ") } else { ("FAIL\n", "FAIL") };
        self.live(mark);
        self.print(mark, ok);
        let last = format!("{word}\t{path}\t{seconds:.3}s\n");
        match self.events {
            Some(mut events) => {
                events.print_own(&last);
                events.finish(ok, seconds, "");
            }
            None => self.text.push_str(&last),
        }
    }
}

/// Runs one of the programs to its end; no status if its time is up. Gives what it printed, less the last line, which
/// says what became of its tests and is told as it comes neither.
fn run_one(
    config: &Config,
    built: &Built,
    package: &Package,
    wanted: &Wanted,
    report: &mut Report,
) -> Result<(Option<ExitStatus>, String)> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let (mut command, tool) = test::prepare(config, built, package, wanted, folder.path())?;
    let (mut reader, writer) = std::io::pipe().context("cannot make a pipe")?;
    command.stdout(writer.try_clone()?);
    let mut printed = Vec::new();
    let status = std::thread::scope(|scope| -> Result<_> {
        // The command goes with the thread, and with it the pipe's other end.
        let child = scope.spawn(move || test::wait(config, command, writer, wanted.limit));
        let (mut piece, mut told) = ([0; 4096], 0);
        loop {
            let n = reader.read(&mut piece)?;
            printed.extend_from_slice(&piece[..n]);
            let end = if n == 0 { without_verdict(&printed) } else { whole_lines(&printed) };
            if end > told {
                report.live(&String::from_utf8_lossy(&printed[told..end]));
                told = end;
            }
            if n == 0 {
                break;
            }
        }
        let status = child.join().map_err(|_| anyhow::anyhow!("waiting for {tool} failed"))?;
        status.with_context(|| format!("cannot run {tool}"))
    })?;
    printed.truncate(without_verdict(&printed));
    Ok((status, String::from_utf8_lossy(&printed).into_owned()))
}

/// How much of the output are whole lines, less a last one that may be the verdict.
fn whole_lines(printed: &[u8]) -> usize {
    let end = printed.iter().rposition(|&c| c == b'\n').map_or(0, |at| at + 1);
    without_verdict(&printed[..end])
}

/// How much of the output stands before its last line, if that is the verdict about all tests.
fn without_verdict(printed: &[u8]) -> usize {
    let line = printed.trim_ascii_end(); // consoles want \r\n
    let start = line.iter().rposition(|&c| c == b'\n').map_or(0, |at| at + 1);
    match &line[start..] {
        b"PASS" | b"FAIL" | b"\x16PASS" | b"\x16FAIL" if printed.ends_with(b"\n") => start,
        _ => printed.len(),
    }
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
    fn verdicts() {
        assert_eq!(without_verdict(b"a\nPASS\n"), 2);
        assert_eq!(without_verdict(b"a\r\nFAIL\r\n"), 3);
        assert_eq!(without_verdict(b"\x16FAIL\n"), 0);
        assert_eq!(without_verdict(b"aPASS\n"), 6);
        assert_eq!(whole_lines(b"a\nb\nc"), 4);
        assert_eq!(whole_lines(b"a\nPASS\nc"), 2, "as long as no whole line follows");
    }

    #[test]
    fn rests() {
        let part = ["TestA", "TestB", "TestC"].map(str::to_owned);
        let parts = |printed| rest(&part, printed).iter().map(|part| part.join(" ")).collect::<Vec<_>>();
        assert_eq!(parts("=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n"), ["TestB TestC"]);
        assert_eq!(parts("\u{16}=== RUN   TestA\n"), ["TestA", "TestB TestC"]);
        assert_eq!(parts("fatal error: out of memory\n"), ["TestA TestB", "TestC"]);
    }

    #[test]
    fn patterns() {
        assert_eq!(split("A|B[|]/c|(d|e)\\|", '|'), ["A", "B[|]/c", "(d|e)\\|"]);
        assert_eq!(matches(firsts("^TestA$/sub|B"), "TestA"), Some(true));
        assert_eq!(matches(firsts("^TestA$/sub|B"), "TestAB"), Some(true));
        assert_eq!(matches(firsts("^TestA$/sub|B"), "TestAC"), Some(false));
        assert_eq!(
            matches(Some(alone("TestA/sub|B$")), "TestA"),
            Some(false),
            "only a part of it is left out"
        );
        assert_eq!(matches(Some(alone("TestA/sub|B$")), "TestB"), Some(true));
        assert_eq!(left("skip", "TestA/sub|B$|C\\Q|D"), Some("TestA/sub|C\\Q".to_owned()));
        assert_eq!(matches(Some(alone("")), "TestA"), Some(false), "as if it was not given");
        assert_eq!(left("skip", "TestA|B$"), None);
        assert_eq!(left("run", "TestA|B$"), None);
        assert_eq!(left("run", "TestA|B/c"), Some("TestA|B/c".to_owned()));
        assert_eq!(left("run", "A\\Q"), Some("A\\Q".to_owned()));
        assert_eq!(left("count", "2"), Some("2".to_owned()));
        assert_eq!(matches(firsts("A\\Q"), "A"), None, "not known here: the program chooses");
        assert_eq!(matches(firsts("(?P<"), "A"), None, "the program complains");
    }
}
