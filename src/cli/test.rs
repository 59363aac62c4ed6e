//! `tinygo test`: builds the test programs of packages, runs them, and reports as `go test` does.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use driver::test::Package;
use driver::{Built, Config, emulate, output::Output};

use crate::args::Parsed;
use crate::test_events::{self, Events};
use crate::{build, options, report, test_parts};

/// How long a test program may go on after its own time limit.
const GRACE: Duration = Duration::from_secs(60);

/// Bytes of the stack of tests in WebAssembly. Those of compress/flate have frames of 4 MB without optimisation.
const TEST_STACK: u64 = 8 << 20;

/// The stacks of the first goroutines of tests on hosts with narrow addresses.
const TEST_STACK_32: u64 = 32 << 20;

/// The parts of a chip's memory that the stack of a test may take, and that of a goroutine that it starts, where the
/// board's goroutines have less. fmt goes 800 calls of Scan deep, and without optimisation each takes 2 KB.
const TEST_STACK_OF_RAM: u64 = 48;
const STACK_OF_RAM: u64 = 3072;

/// What the flags ask for.
pub struct Wanted {
    /// Arguments of the test programs.
    args: Vec<String>,
    /// All that the tests print is shown, passed or not.
    pub all: bool,
    /// Printed as it comes.
    pub stream: bool,
    /// Events instead of text.
    pub json: bool,
    compile_only: bool,
    output: Option<PathBuf>,
    size: report::SizeForm,
    /// No time limit if none.
    pub limit: Option<Duration>,
    jobs: usize,
}

pub fn command(parsed: &Parsed) -> Result<u8> {
    let mut patterns = parsed.positional();
    let mut args = Vec::new();
    if let Some(at) = patterns.iter().position(|arg| arg == "--args") {
        args = patterns.split_off(at).split_off(1);
    }
    let here = patterns.is_empty();
    if here {
        patterns.push(".".to_owned());
    }
    let mut flags = options::options(parsed)?;
    flags.emulated = true;
    let mut config = options::config(flags)?;
    if parsed.value("stack-size").is_none() {
        deepen(&mut config);
    }
    let packages = driver::test::packages(&config, &patterns)?;
    let mut wanted = wanted(&config, parsed, args, here, packages.len())?;
    if config.target.is_baremetal() && parsed.value("bench").is_some() {
        config.options.set_strings.push(("testing.withBenchmarks".to_owned(), "1".to_owned()));
    }
    if emulate::build_in_args(&mut config, &wanted.args) {
        wanted.args.clear();
    }
    if wanted.output.is_some() && packages.len() > 1 && !wanted.output.as_ref().is_some_and(|o| o.is_dir()) {
        bail!("with multiple packages, -o must refer to a directory");
    }
    let failed = test_all(&config, &packages, &wanted, parsed);
    if failed && !here && !wanted.json {
        println!("FAIL");
    }
    Ok(u8::from(failed))
}

/// Tests go deeper than programs.
fn deepen(config: &mut Config) {
    if config.is_wasm() {
        // All goroutines share the one stack.
        config.stack_size = config.stack_size.max(TEST_STACK);
    } else if let Some(ram) = config.target.region("ram").filter(|_| config.target.is_baremetal()) {
        // Tests are few at a time, but each may start many goroutines.
        let part = |of: u64| (ram.length / of) & !15;
        let test = part(TEST_STACK_OF_RAM);
        config.test_stack_size = if test > config.stack_size { test } else { 0 };
        config.stack_size = config.stack_size.max(part(STACK_OF_RAM));
    } else if config.target.kind == board::Kind::Host && config.target.pointer_bits == 32 {
        // There is not address space for many stacks as large as tests want them.
        config.test_stack_size = if TEST_STACK_32 > config.stack_size { TEST_STACK_32 } else { 0 };
    }
}

fn wanted(
    config: &Config,
    parsed: &Parsed,
    rest: Vec<String>,
    here: bool,
    packages: usize,
) -> Result<Wanted> {
    let mut args = Vec::new();
    let json = parsed.flag("json");
    if json {
        args.push("-test.v=test2json".to_owned());
    } else if parsed.flag("v") {
        args.push("-test.v=true".to_owned());
    }
    for name in ["short", "failfast", "benchmem", "fullpath"] {
        if parsed.flag(name) {
            args.push(format!("-test.{name}=true"));
        }
    }
    for name in ["run", "skip", "count", "bench", "benchtime", "list", "shuffle", "parallel", "cpu"] {
        let left = match parsed.value(name) {
            Some(value) if test_parts::choose(config, parsed) => test_parts::left(name, value),
            value => value.map(str::to_owned),
        };
        args.extend(left.map(|value| format!("-test.{name}={value}")));
    }
    let limit = match parsed.value("timeout") {
        None => Some(Duration::from_secs(600)),
        Some(text) => Some(duration(text)?).filter(|limit| !limit.is_zero()),
    };
    // The program prints where each goroutine is when its own limit is over, so it is told.
    let own = limit.unwrap_or_default();
    args.push(format!("-test.timeout={}ns", own.as_nanos()));
    args.extend(rest);
    let jobs = match parsed.value("p") {
        Some(jobs) => jobs.parse().unwrap_or(1),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    let all = parsed.flag("v") || parsed.value("list").is_some();
    let stream = json || here || parsed.value("bench").is_some() || all && (packages == 1 || jobs == 1);
    Ok(Wanted {
        args,
        all,
        stream,
        json,
        compile_only: parsed.flag("c"),
        size: report::SizeForm::parse(parsed.value("size").unwrap_or("none"))?,
        output: parsed.value("o").map(PathBuf::from),
        limit: limit.map(|limit| limit + GRACE),
        // What is shown as it comes must not be mixed.
        jobs: if stream && !json { 1 } else { jobs.min(packages.max(1)) },
    })
}

/// Go's notation of a duration: `90s`, `1m30s`, `1.5h`, `100ms`.
fn duration(text: &str) -> Result<Duration> {
    let wrong = || format!("invalid value {text:?} for flag -timeout: write 90s or 1m30s");
    let mut rest = text;
    let mut sum = 0.0;
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').with_context(wrong)?;
        let number: f64 = rest[..digits].parse().ok().with_context(wrong)?;
        rest = &rest[digits..];
        let unit = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        sum += number
            * match &rest[..unit] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" => 1e-6,
                "ns" => 1e-9,
                _ => bail!(wrong()),
            };
        rest = &rest[unit..];
    }
    if text.is_empty() { bail!(wrong()) } else { Ok(Duration::from_secs_f64(sum)) }
}

/// Tests the packages, several at a time, and prints what came of each in their order. Whether any failed.
fn test_all(config: &Config, packages: &[Package], wanted: &Wanted, parsed: &Parsed) -> bool {
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    // Reports that wait for those before them, and how many are printed.
    let done: Mutex<(Vec<Option<String>>, usize)> = Mutex::new((packages.iter().map(|_| None).collect(), 0));
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(package) = packages.get(at) else { return };
            let mut text = String::new();
            let ok = test(config, package, wanted, parsed, &mut text).unwrap_or_else(|error| {
                not_built(package, wanted, &report::text(&error), "build", &mut text);
                false
            });
            if !ok {
                failed.store(true, Ordering::Relaxed);
            }
            let Ok(mut done) = done.lock() else { return };
            done.0[at] = Some(text);
            while let Some(Some(text)) = done.0.get(done.1) {
                print!("{text}");
                let _ = std::io::stdout().flush();
                done.1 += 1;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..wanted.jobs {
            scope.spawn(work);
        }
        work();
    });
    failed.load(Ordering::Relaxed)
}

/// Tests one package; the report goes to `text`.
fn test(
    config: &Config,
    package: &Package,
    wanted: &Wanted,
    parsed: &Parsed,
    text: &mut String,
) -> Result<bool> {
    if let Some(error) = &package.error {
        not_built(package, wanted, &format!("# {}\n{error}", package.path), "setup", text);
        return Ok(false);
    }
    if !package.has_tests {
        not_run(package, wanted, &format!("?   \t{}\t[no test files]\n", package.path), true, text);
        return Ok(true);
    }
    let chosen = test_parts::chosen(config, package, parsed)?;
    let kept = chosen.as_ref().map(|tests| tests.iter().cloned().collect());
    let built = driver::build::build_tests(config, &package.path, kept.as_ref(), Output::Linked);
    if let Ok(built) = &built {
        report::dumps(built);
        if parsed.flag("timing") {
            report::times(&built.times);
            report::passes(&built.pass_times);
        }
    }
    let whole = wanted.compile_only || wanted.output.is_some();
    if let Some(tests) = chosen.filter(|tests| tests.len() > 1 && !whole) {
        return test_parts::run(config, package, wanted, tests, built, text);
    }
    let built = built?;
    if !wanted.json {
        report::built(&built, wanted.size)?;
    }
    if wanted.compile_only || wanted.output.is_some() {
        let name = format!("{}{}", built.name, config.target.default_suffix());
        let path = match &wanted.output {
            None => PathBuf::from(name),
            Some(folder) if folder.is_dir() => folder.join(name),
            Some(file) => file.clone(),
        };
        build::write(&path, built.output(), true)?;
        if wanted.compile_only {
            return Ok(true);
        }
    }
    if wanted.json {
        return run_for_events(config, &built, package, wanted);
    }
    run(config, &built, package, wanted, text)
}

/// Tells why there is no test program, and which stage failed.
fn not_built(package: &Package, wanted: &Wanted, message: &str, stage: &str, text: &mut String) {
    if wanted.json {
        test_events::build_failed(&package.path, message, std::io::stdout());
    } else {
        eprintln!("{message}");
    }
    not_run(package, wanted, &format!("FAIL\t{} [{stage} failed]\n", package.path), false, text);
}

/// The whole report about a package whose tests do not run.
fn not_run(package: &Package, wanted: &Wanted, line: &str, ok: bool, text: &mut String) {
    if !wanted.json {
        return text.push_str(line);
    }
    let mut events = Events::start(&package.path, std::io::stdout(), now);
    events.print(line.as_bytes());
    events.finish(ok, 0.0, if ok { "" } else { &package.path });
}

/// The command that runs the tests of a package in its folder, and what to call it.
pub fn prepare(
    config: &Config,
    built: &Built,
    package: &Package,
    wanted: &Wanted,
    folder: &Path,
) -> Result<(Command, String)> {
    let (mut command, tool) = emulate::command(&config.target, built, folder)?;
    command.args(&wanted.args).current_dir(&package.dir).env("PWD", &package.dir).stdin(Stdio::null());
    // As with go test, tests that ask for Go's tree or run the go command find the one that builds them.
    let goroot = &config.toolchain.goroot;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(goroot.join("bin")).chain(std::env::split_paths(&path));
    command.env("GOROOT", goroot).env("PATH", std::env::join_paths(folders)?);
    if config.is_wasm() {
        command.env("TINYGO_WASI_ROOT", "/");
    }
    Ok((command, tool))
}

/// The moment as events have it.
pub fn now() -> String {
    jiff::Timestamp::now().to_string()
}

/// Runs the tests and tells of them as they go.
fn run_for_events(config: &Config, built: &Built, package: &Package, wanted: &Wanted) -> Result<bool> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let (mut command, tool) = prepare(config, built, package, wanted, folder.path())?;
    let (mut reader, writer) = std::io::pipe().context("cannot make a pipe")?;
    command.stdout(writer.try_clone()?);
    let start = Instant::now();
    let mut events = Events::start(&package.path, std::io::stdout(), now);
    let status = std::thread::scope(|scope| -> Result<_> {
        // The command goes with the thread, and with it the pipe's other end.
        let child = scope.spawn(move || wait(config, command, writer, wanted.limit));
        let mut piece = [0; 4096];
        loop {
            match reader.read(&mut piece)? {
                0 => break,
                n => events.print(&piece[..n]),
            }
        }
        let status = child.join().map_err(|_| anyhow::anyhow!("waiting for {tool} failed"))?;
        status.with_context(|| format!("cannot run {tool}"))
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let path = &package.path;
    let ok = status.is_some_and(|status| status.success());
    let last = match status {
        Some(_) if ok => format!("ok  \t{path}\t{seconds:.3}s\n"),
        Some(_) => format!("FAIL\t{path}\t{seconds:.3}s\n"),
        None => {
            format!("*** Test killed: ran too long ({seconds:.3}s).\nFAIL\t{path}\t{seconds:.3}s\n")
        }
    };
    events.print_own(&last);
    events.finish(ok, seconds, "");
    Ok(ok)
}

fn run(
    config: &Config,
    built: &Built,
    package: &Package,
    wanted: &Wanted,
    text: &mut String,
) -> Result<bool> {
    let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
    let (mut command, tool) = prepare(config, built, package, wanted, folder.path())?;
    let output = folder.path().join("output");
    let start = Instant::now();
    let status = if wanted.stream {
        // Standard error too, as with go test.
        wait(config, command, std::io::stdout(), wanted.limit)
    } else {
        let file = File::create(&output).with_context(|| format!("cannot write {}", output.display()))?;
        command.stdout(file.try_clone()?);
        wait(config, command, file, wanted.limit)
    };
    let status = status.with_context(|| format!("cannot run {tool}"))?;
    let took = format!("{:.3}s", start.elapsed().as_secs_f64());
    let mut printed = Vec::new();
    if !wanted.stream {
        File::open(&output)?.read_to_end(&mut printed)?;
    }
    let printed = String::from_utf8_lossy(&printed);
    let path = &package.path;
    if status.is_some_and(|status| status.success()) {
        if wanted.all {
            text.push_str(&printed);
        }
        let none = "testing: warning: no tests to run\n";
        let none = if printed.starts_with(none) || printed.contains(&format!("\n{none}")) {
            " [no tests to run]"
        } else {
            ""
        };
        writeln!(text, "ok  \t{path}\t{took}{none}")?;
        return Ok(true);
    }
    text.push_str(&printed);
    match status {
        None => writeln!(text, "*** Test killed: ran too long ({took}).")?,
        Some(status) if printed.is_empty() => writeln!(text, "{}", reason(status))?,
        Some(_) if !printed.ends_with('\n') => text.push('\n'),
        Some(_) => {}
    }
    writeln!(text, "FAIL\t{path}\t{took}")?;
    Ok(false)
}

/// Runs a command to its end, or kills it when its time is up; then there is no status.
pub fn wait(
    config: &Config,
    command: Command,
    errors: impl Into<Stdio> + Write + Send + 'static,
    limit: Option<Duration>,
) -> std::io::Result<Option<ExitStatus>> {
    emulate::wait(&config.target, command, errors, |command| within(command, limit))
}

fn within(command: &mut Command, limit: Option<Duration>) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    let mut child = command.spawn()?;
    let mut pause = Duration::from_millis(1);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if limit.is_some_and(|limit| start.elapsed() > limit) {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// How Go words what ended a process.
pub fn reason(status: ExitStatus) -> String {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return format!("signal: {signal}");
        }
    }
    format!("exit status {}", status.code().unwrap_or(-1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("1m30s").unwrap(), Duration::from_secs(90));
        assert_eq!(duration("1.5s").unwrap(), Duration::from_millis(1500));
        assert_eq!(duration("0").unwrap(), Duration::ZERO);
        for wrong in ["", "5", "s", "1x", "m1"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
