//! `tests/bench/*.go`: how fast compiled programs are beside what Go's own compiler makes of them, on the host and under
//! wasmtime, at `-opt=2` and at the default. What counts is CPU time, of runs in turn, so that a busy machine slows all
//! alike; that the `tinygo` command is a debug build makes no difference to what it compiles. Prints a table
//! (`cargo test -p tests --test suite bench -- --nocapture`). `TINYGO_TEST_BENCH_RUNS`: of how many runs the median is taken.
//! `TINYGO_TEST_BENCH=exact` holds the figures to the bars themselves; else there is room for machines of other kinds.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

/// How often a program is measured anew that seems too slow: a machine with other work to do is not always fair.
const TRIES: usize = 3;

/// What the bars are widened by where nobody asks for them exactly.
const ROOM: f64 = 1.4;
/// Without the processor's own instructions for it, SHA-256 is compared with Go's vector code.
const SHA_IN_SOFTWARE: f64 = 8.0;

const OPTS: [&str; 2] = ["2", "z"];

/// A system, and how many times Go's CPU time a program may take there at most.
struct Bar {
    system: &'static str,
    /// Of `measure.py`.
    kind: &'static str,
    /// Geometric mean, at each of `OPTS`.
    mean: [f64; 2],
    /// Any one program.
    most: f64,
    /// Programs for which Go has assembly.
    assembly: &'static [(&'static str, f64)],
}

const BARS: [Bar; 2] = [
    Bar { system: "host", kind: "native", mean: [1.0, 1.1], most: 1.5, assembly: &[("sha", 4.0)] },
    Bar { system: "wasip1", kind: "wasm", mean: [0.5, 0.6], most: 1.0, assembly: &[] },
];

pub fn trials(root: &Path) -> Vec<Trial> {
    let trial = |bar: &'static Bar| {
        let folder = root.join("bench");
        Trial::test(format!("bench::{}", bar.system), move || judge(bar, &folder).map_err(Failed::from))
    };
    BARS.iter().map(trial).collect()
}

fn judge(bar: &Bar, folder: &Path) -> Result<(), String> {
    let work = tempfile::tempdir().map_err(|e| e.to_string())?;
    let mut table =
        format!("{:<10} {:>8} {:>8} {:>6} {:>8} {:>6}\n", bar.system, "go", "-opt=2", "", "-opt=z", "");
    let mut logs = [0.0; OPTS.len()];
    let mut slow = Vec::new();
    let programs = crate::files(folder, "go");
    let exact = std::env::var_os("TINYGO_TEST_BENCH").is_some_and(|value| value == "exact");
    let room = if exact { 1.0 } else { ROOM };
    for source in &programs {
        let name = source.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let limit =
            bar.assembly.iter().find(|(which, _)| *which == name).map_or(bar.most, |&(_, limit)| limit)
                * room;
        let limit = if name == "sha" && !has_sha() { limit.max(SHA_IN_SOFTWARE) } else { limit };
        let binaries = build(bar, source, &name, work.path())?;
        let mut best: Option<Times> = None;
        for _ in 0..TRIES {
            let times = measure(bar, folder, &binaries).map_err(|e| format!("{name}: {e}"))?;
            if best.as_ref().is_none_or(|best| times.worst() < best.worst()) {
                best = Some(times);
            }
            if best.as_ref().is_some_and(|best| best.worst() <= limit) {
                break;
            }
        }
        let Some(times) = best else { continue };
        table.push_str(&format!("{name:<10} {:>8.3}", times.go));
        for (i, ratio) in times.ratios().into_iter().enumerate() {
            table.push_str(&format!(" {:>8.3} {ratio:>6.2}", times.ours[i]));
            logs[i] += ratio.ln();
            if ratio > limit {
                slow.push(format!(
                    "{name} at -opt={}: {ratio:.2} times Go's time, the bar is {limit:.2}",
                    OPTS[i]
                ));
            }
        }
        table.push('\n');
    }
    table.push_str(&format!("{:<19}", "geometric mean"));
    for (i, sum) in logs.into_iter().enumerate() {
        let mean = (sum / programs.len() as f64).exp();
        table.push_str(&format!(" {mean:>15.2}"));
        if mean > bar.mean[i] * room {
            slow.push(format!(
                "geometric mean at -opt={}: {mean:.2}, the bar is {:.2}",
                OPTS[i],
                bar.mean[i] * room
            ));
        }
    }
    println!("{table}");
    if slow.is_empty() { Ok(()) } else { Err(format!("too slow:\n{}\n{table}", slow.join("\n"))) }
}

/// Whether the processor has instructions for SHA-256.
fn has_sha() -> bool {
    std::fs::read_to_string("/proc/cpuinfo").is_ok_and(|text| text.contains("sha_ni"))
}

/// Medians, in seconds.
struct Times {
    go: f64,
    ours: [f64; OPTS.len()],
}

impl Times {
    fn ratios(&self) -> [f64; OPTS.len()] {
        self.ours.map(|time| time / self.go)
    }

    fn worst(&self) -> f64 {
        self.ratios().into_iter().fold(0.0, f64::max)
    }
}

/// The program as Go builds it, then at each of our levels.
fn build(bar: &Bar, source: &Path, name: &str, work: &Path) -> Result<Vec<PathBuf>, String> {
    let host = bar.system == "host";
    let mut binaries = Vec::new();
    let file = |by: &str| work.join(format!("{name}-{by}.{}", if host { "elf" } else { "wasm" }));
    let mut go = Command::new(crate::types::go_command());
    go.args(["build", "-o"]).arg(file("go")).arg(source).env("GOTOOLCHAIN", "local").env("CGO_ENABLED", "0");
    if !host {
        go.env("GOOS", "wasip1").env("GOARCH", "wasm");
    }
    succeed(&mut go)?;
    binaries.push(file("go"));
    for opt in OPTS {
        let mut command = Command::new(crate::tinygo());
        command.args(["build", "-a"]).arg(format!("-opt={opt}"));
        if !host {
            command.arg(format!("-target={}", bar.system));
        }
        command.arg("-o").arg(file(opt)).arg(source);
        command.env("TINYGOROOT", Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
        succeed(&mut command)?;
        binaries.push(file(opt));
    }
    Ok(binaries)
}

fn succeed(command: &mut Command) -> Result<Vec<u8>, String> {
    let output = command.output().map_err(|e| format!("{}: {e}", command.get_program().to_string_lossy()))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)))
}

/// Runs Go's program and ours in turn; they must print the same.
fn measure(bar: &Bar, folder: &Path, binaries: &[PathBuf]) -> Result<Times, String> {
    let runs = std::env::var("TINYGO_TEST_BENCH_RUNS").unwrap_or_else(|_| "3".to_owned());
    let mut command = Command::new("python3");
    command.arg(folder.join("measure.py")).args([bar.kind, &runs]).args(binaries);
    let results: Value = serde_json::from_slice(&succeed(&mut command)?).map_err(|e| e.to_string())?;
    let all = results.as_array().filter(|all| all.len() == binaries.len()).ok_or("measure.py: no list")?;
    let mut medians = Vec::new();
    for (result, binary) in all.iter().zip(binaries) {
        let (output, expected) = (result["output"].as_str(), all[0]["output"].as_str());
        if output != expected || result["status"] != 0 {
            let (output, expected) = (output.unwrap_or(""), expected.unwrap_or(""));
            let name = binary.display();
            return Err(format!(
                "{name} ends with {}; {}",
                result["status"],
                crate::run::difference(expected, output)
            ));
        }
        let mut times: Vec<f64> =
            result["times"].as_array().into_iter().flatten().flat_map(Value::as_f64).collect();
        times.sort_by(f64::total_cmp);
        medians.push(*times.get(times.len() / 2).ok_or("TINYGO_TEST_BENCH_RUNS must be a number above 0")?);
    }
    Ok(Times { go: medians[0], ours: [medians[1], medians[2]] })
}
