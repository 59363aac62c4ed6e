//! Sizes of finished programs against their bars, two builds against each other, and the time that a build takes. The
//! figures are printed as tables (`cargo test -p tests sizes -- --nocapture`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use object::{Object, ObjectSection};

use Go::{V26, V27};
use Program::{Blinky, Empty, Fmt, Goroutines, Hello, Json, Mix, Printf};

use crate::cli::run;
use crate::process::{Limits, execute_within};

/// A program, how it is built, and what it may take at most.
struct Bar {
    /// Whose library.
    go: Go,
    program: Program,
    flags: &'static [&'static str],
    limit: Limit,
    /// What the original takes, where it was measured.
    original: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Go {
    /// The one on the PATH, of this minor version.
    V27,
    /// That of `scripts/go-1.26.txt`, which the figures of the original are from. Its package encoding/json is half as
    /// large as Go 1.27's; with its package os, fmt takes 4,000 bytes more.
    V26,
}

#[derive(Clone, Copy)]
enum Program {
    Blinky,
    Hello,
    Empty,
    Fmt,
    Goroutines,
    Json,
    /// Formats that are constants, with numbers, errors and `String` methods.
    Printf,
    /// Maps, strings, sort, strconv.
    Mix,
}

enum Limit {
    /// Bytes of flash, and of RAM beside the reserved stack.
    Memory { flash: u64, ram: u64 },
    /// Bytes of the file.
    File(u64),
}

const ANY: u64 = u64::MAX;

const fn bar(
    go: Go,
    program: Program,
    flags: &'static [&'static str],
    limit: Limit,
    original: &'static str,
) -> Bar {
    Bar { go, program, flags, limit, original }
}

const fn flash(limit: u64) -> Limit {
    Limit::Memory { flash: limit, ram: ANY }
}

const fn file(limit: u64) -> Limit {
    Limit::File(limit)
}

/// At default flags; the collector and the scheduler are the board's.
const BARS: &[Bar] = &[
    bar(V27, Blinky, &["-target=arduino"], Limit::Memory { flash: 500, ram: 32 }, "880/46"),
    bar(V27, Blinky, &["-target=pico", "-serial=uart"], flash(2500), "5900"),
    bar(V27, Blinky, &["-target=hifive1b"], flash(1600), "4416"),
    bar(V27, Hello, &["-target=microbit"], flash(1400), "2860"),
    bar(V27, Hello, &["-target=cortex-m-qemu"], flash(1400), "2972"),
    bar(V27, Empty, &["-target=wasip1", "-no-debug"], file(600), "18264"),
    bar(V27, Empty, &["-no-debug"], file(3 << 10), "17648"),
    bar(V27, Fmt, &["-no-debug"], file(17_200), "50736"),
    bar(V27, Fmt, &["-target=wasip1", "-no-debug"], file(28_500), "84062"),
    bar(V27, Fmt, &["-target=cortex-m-qemu"], flash(9_800), "46956"),
    bar(V27, Fmt, &["-target=riscv-qemu"], flash(11_100), "13080"),
    bar(V27, Goroutines, &["-no-debug"], file(9_300), "27072"),
    bar(V27, Goroutines, &["-target=pico", "-serial=uart"], flash(4_500), "10252"),
    bar(V27, Json, &["-no-debug"], file(430_000), "290400"),
    bar(V27, Json, &["-target=wasip1", "-no-debug"], file(505_000), "365734"),
    bar(V27, Printf, &["-target=cortex-m-qemu"], flash(23_000), ""),
    bar(V27, Mix, &["-target=cortex-m-qemu"], flash(19_300), "47940"),
    bar(V26, Fmt, &["-no-debug"], file(15_500), "50736"),
    bar(V26, Fmt, &["-target=wasip1", "-no-debug"], file(26_500), "84062"),
    bar(V26, Fmt, &["-target=cortex-m-qemu", "-no-debug"], flash(8_400), "13080"),
    bar(V26, Fmt, &["-target=riscv-qemu", "-no-debug"], flash(9_500), "13080"),
    bar(V26, Json, &["-no-debug"], file(155_000), "290400"),
    bar(V26, Json, &["-target=wasip1", "-no-debug"], file(178_000), "365734"),
    bar(V26, Json, &["-target=cortex-m-qemu", "-no-debug"], flash(90_000), "125664"),
    bar(V26, Mix, &["-target=cortex-m-qemu", "-no-debug"], flash(18_500), "47940"),
    bar(V26, Goroutines, &["-no-debug"], file(9_300), "27072"),
    bar(V26, Goroutines, &["-target=pico", "-serial=uart", "-no-debug"], flash(4_500), "10252"),
];

/// Every target of this tool, for two builds.
const TARGETS: &[&str] = &[
    "arduino",
    "arduino-mega2560",
    "microbit",
    "pico",
    "hifive1b",
    "cortex-m-qemu",
    "riscv-qemu",
    "wasip1",
    "",
];

pub fn trials(root: &Path) -> Vec<Trial> {
    let go_1_26 = root.join("../.tools/go-1.26/go/bin");
    let bar = |bar: &'static Bar| {
        let release = if bar.go == Go::V26 { "::go1.26" } else { "" };
        let name = format!("sizes::{}::{}{release}", bar.program.name(), target_name(bar.flags));
        let go = (bar.go == Go::V26).then(|| go_1_26.clone());
        Trial::test(name, move || measure(bar, go.as_deref()).map_err(Failed::from))
    };
    let mut trials: Vec<Trial> = BARS.iter().map(bar).collect();
    for &target in TARGETS {
        let name = format!("sizes::twice_the_same::{}", if target.is_empty() { "host" } else { target });
        trials.push(Trial::test(name, move || twice(target).map_err(Failed::from)));
    }
    trials.push(Trial::test("sizes::build_time::arduino", || build_time().map_err(Failed::from)));
    for (program, text, cold, edited) in EDITED {
        let trial = move || edit_time(program, text, cold, edited).map_err(Failed::from);
        trials.push(Trial::test(format!("sizes::build_time::{}", program.name()), trial));
    }
    trials
}

fn target_name(flags: &[&str]) -> String {
    flags.iter().find_map(|flag| flag.strip_prefix("-target=")).unwrap_or("host").to_owned()
}

impl Program {
    fn name(self) -> &'static str {
        match self {
            Program::Blinky => "blinky",
            Program::Hello => "hello",
            Program::Empty => "empty",
            Program::Fmt => "fmt",
            Program::Goroutines => "goroutines",
            Program::Json => "json",
            Program::Printf => "printf",
            Program::Mix => "stdmix",
        }
    }

    /// Puts the program into a folder and gives the argument that names it.
    fn put(self, folder: &Path) -> Result<String, String> {
        let text = match self {
            Program::Blinky => return Ok("examples/blinky".to_owned()),
            Program::Hello => "package main\n\nfunc main() { println(\"hello\") }\n",
            Program::Empty => "package main\n\nfunc main() {}\n",
            Program::Fmt => "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\", 42) }\n",
            Program::Goroutines => include_str!("../sizes/goroutines.go"),
            Program::Json => include_str!("../sizes/json.go"),
            Program::Printf => include_str!("../sizes/printf.go"),
            Program::Mix => include_str!("../sizes/stdmix.go"),
        };
        std::fs::write(folder.join("program.go"), text).map_err(|e| e.to_string())?;
        Ok("program.go".to_owned())
    }
}

/// Builds in this folder; gives the file and how long it took.
fn build(
    folder: &Path,
    program: Program,
    flags: &[&str],
    name: &str,
    environment: &BTreeMap<String, String>,
) -> Result<(PathBuf, Duration), String> {
    let program = program.put(folder)?;
    let mut arguments = vec!["build".to_owned()];
    arguments.extend(flags.iter().filter(|flag| !flag.is_empty()).map(|flag| (*flag).to_owned()));
    arguments.extend(["-o".to_owned(), name.to_owned(), program]);
    let start = Instant::now();
    let ended = run(folder, environment, &arguments)?;
    let time = start.elapsed();
    if ended.status != 0 {
        return Err(format!("tinygo {}: {}{}", arguments.join(" "), ended.stdout, ended.stderr));
    }
    Ok((folder.join(name), time))
}

/// Bytes of flash and of RAM beside the reserved stack, as an ELF file's sections have them.
fn memory(bytes: &[u8]) -> Result<(u64, u64), String> {
    let file = object::File::parse(bytes).map_err(|e| e.to_string())?;
    let sizes = link::sizes::measure(bytes)?;
    let stack: u64 =
        file.sections().filter(|s| s.name().is_ok_and(|n| n.starts_with(".stack"))).map(|s| s.size()).sum();
    Ok((sizes.flash(), sizes.ram() - stack))
}

/// The environment in which the Go of this folder is used, if one is named.
fn environment(go: Option<&Path>) -> Result<BTreeMap<String, String>, String> {
    let Some(go) = go else { return Ok(BTreeMap::new()) };
    let go = go
        .canonicalize()
        .map_err(|_| "Go 1.26 is not below .tools/go-1.26: scripts/setup.sh tests fetches it")?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(go).chain(std::env::split_paths(&path)));
    let path = path.map_err(|e| e.to_string())?.into_string().map_err(|_| "PATH is no text")?;
    Ok(BTreeMap::from([("PATH".to_owned(), path), ("GOTOOLCHAIN".to_owned(), "local".to_owned())]))
}

fn measure(bar: &Bar, go: Option<&Path>) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let suffix = if target_name(bar.flags) == "wasip1" { "a.wasm" } else { "a.elf" };
    let (path, _) = build(folder.path(), bar.program, bar.flags, suffix, &environment(go)?)?;
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    let (figures, fits) = match bar.limit {
        Limit::Memory { flash, ram } => {
            let (found_flash, found_ram) = memory(&bytes)?;
            let limits = if ram == ANY { format!("{flash}") } else { format!("{flash}/{ram}") };
            (
                format!("flash {found_flash:>6} ram {found_ram:>6}   bar {limits:>8}"),
                found_flash <= flash && found_ram <= ram,
            )
        }
        Limit::File(limit) => (
            format!("file  {:>6}              bar {limit:>8}", bytes.len()),
            u64::try_from(bytes.len()).is_ok_and(|size| size <= limit),
        ),
    };
    let line = format!(
        "{:<8} {:<28} {figures}   the original {:>8}",
        bar.program.name(),
        bar.flags.join(" "),
        bar.original
    );
    println!("{line}");
    if fits { Ok(()) } else { Err(format!("too large: {line}")) }
}

/// Two builds give the same bytes: with warm caches, and with none.
fn twice(target: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let flag = if target.is_empty() { String::new() } else { format!("-target={target}") };
    let fresh = folder.path().join("cache").display().to_string();
    let mut files = Vec::new();
    for (name, environment) in
        [("a", BTreeMap::new()), ("b", BTreeMap::from([("XDG_CACHE_HOME".to_owned(), fresh)]))]
    {
        let (path, _) = build(folder.path(), Program::Hello, &[&flag], name, &environment)?;
        files.push(std::fs::read(path).map_err(|e| e.to_string())?);
    }
    if files[0] == files[1] {
        return Ok(());
    }
    let at = files[0].iter().zip(&files[1]).position(|(a, b)| a != b);
    Err(format!("the files differ: {} and {} bytes, first at {at:?}", files[0].len(), files[1].len()))
}

/// Programs for this machine, a text in them to edit, and what a build takes at most: of everything, and after the edit.
/// These bars are for a release build of the compiler (`TINYGO`) on an idle machine: `TINYGO_TEST_BUILD_TIMES=1` asks
/// for them.
const EDITED: [(Program, &str, Duration, Duration); 2] = [
    (Fmt, "hello", Duration::from_millis(1_500), Duration::from_millis(300)),
    (Json, "origin", Duration::from_secs(4), Duration::from_millis(600)),
];

/// Bytes that a process of a build may hold.
const MEMORY: u64 = 500 << 20;

/// Prints what a build takes, the shortest of two of everything and of ten after an edit.
fn edit_time(program: Program, text: &str, cold: Duration, edited: Duration) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let path = folder.path().join(program.put(folder.path())?);
    let source = std::fs::read_to_string(&path).map_err(|e| e.to_string())?;
    let quoted = format!("\"{text}\"");
    if !source.contains(&quoted) {
        return Err(format!("there is no {quoted} to edit"));
    }
    let build = |number: usize| {
        let edit = source.replace(&quoted, &format!("\"{text}{number:03}\""));
        std::fs::write(&path, edit).map_err(|e| e.to_string())?;
        let mut command = Command::new(crate::tinygo());
        command.args(["build", "-o", "program"]).arg(&path).current_dir(folder.path());
        command.env("XDG_CACHE_HOME", folder.path().join("cache"));
        let limits = Limits { time: Duration::from_secs(120), memory: MEMORY };
        let start = Instant::now();
        let outcome = execute_within(&mut command, limits);
        let (outcome, time) =
            (outcome.map_err(|e| crate::not_started(&crate::tinygo(), &e))?, start.elapsed());
        match outcome.status {
            Some(0) => Ok(time),
            Some(_) => Err(format!("{}{}", outcome.stdout, outcome.stderr)),
            None => Err("takes more than 120 s, or more than 500 MB".to_owned()),
        }
    };
    let least = |numbers: std::ops::Range<usize>, anew: bool| {
        let mut least = Duration::MAX;
        for number in numbers {
            if anew {
                // The first build finds none.
                let _ = std::fs::remove_dir_all(folder.path().join("cache"));
            }
            least = least.min(build(number)?);
        }
        Ok::<_, String>(least)
    };
    let times = [least(0..2, true)?, least(2..12, false)?];
    let [all, after] = times.map(|time| time.as_secs_f64());
    println!("{:<8} {:<20} cold {all:.2} s   after an edit {after:.2} s", program.name(), "");
    let wanted = std::env::var_os("TINYGO_TEST_BUILD_TIMES").is_some();
    if wanted && (times[0] > cold || times[1] > edited) {
        return Err(format!(
            "cold {all:.2} s (at most {cold:?}), after an edit {after:.2} s (at most {edited:?})"
        ));
    }
    Ok(())
}

/// Prints what blinky for the Arduino takes with caches warm and cold. The bars of a finished tool are half a second
/// and two seconds; a debug build on a busy machine may take many times that, so only a runaway fails.
fn build_time() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let cache = folder.path().join("cache").display().to_string();
    let environment = BTreeMap::from([("XDG_CACHE_HOME".to_owned(), cache)]);
    let mut times = Vec::new();
    for _ in 0..4 {
        times.push(build(folder.path(), Program::Blinky, &["-target=arduino"], "a.hex", &environment)?.1);
    }
    let (cold, warm) = (times[0], times[1..].iter().min().copied().unwrap_or_default());
    println!(
        "blinky   -target=arduino   cold {:.2} s   warm {:.2} s",
        cold.as_secs_f64(),
        warm.as_secs_f64()
    );
    if cold > Duration::from_secs(90) || warm > Duration::from_secs(45) {
        return Err(format!("cold {cold:?}, warm {warm:?}"));
    }
    Ok(())
}
