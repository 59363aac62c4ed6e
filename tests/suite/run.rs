//! `tests/run/*.go`: programs that are compiled and run on every target, at `-opt=0` and `-opt=z`, and must print and
//! exit as they do when Go itself builds them.
//!
//! The comment above `package main` says on which targets a program runs (`// run: host pico`), why not on others
//! (`// not pico: …`), with which status it ends (`// exit: 2`), and where one optimisation level is enough
//! (`// opt: z`). On the targets of a line `// stress: host wasip1` it also runs with a collection every few allocations
//! (`-tags=gc.stress`). What it prints stands beside it in `x.out`; `BLESS=1` has the installed Go write that.
//! `run/skip.txt` lists what is known to fail; `-- --ignored` runs these, and complains about those that pass.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Failed, Trial};

use crate::process::execute;

/// Every target that a header may name, and `host`.
const TARGETS: &[&str] = &[
    "host",
    "linux/386",
    "linux/arm",
    "linux/arm64",
    "linux/riscv64",
    "wasip1",
    "cortex-m-qemu",
    "riscv-qemu",
    "microbit",
    "pico",
    "arduino",
];
const OPTS: &[&str] = &["0", "z"];
/// In place of a level: `-opt=z`, and collections all the time.
const STRESS: &str = "stress";
const LIMIT: Duration = Duration::from_secs(60);

/// The first Go whose print and panic texts are the expected ones.
const ORACLE: (u32, u32) = (1, 26);

/// A program and what its header says.
#[derive(Clone)]
struct Program {
    path: PathBuf,
    name: String,
    targets: Vec<String>,
    opts: Vec<String>,
    /// Where it runs under stress too.
    stress: Vec<String>,
    exit: i32,
}

pub fn trials(root: &Path) -> Vec<Trial> {
    let folder = root.join("run");
    let skipped = skip_list(&folder.join("skip.txt"));
    let bless = std::env::var_os("BLESS").is_some();
    let mut trials = Vec::new();
    let mut unused: Vec<&Skip> = skipped.iter().collect();
    for path in super::files(&folder, "go") {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let program = match header(path, &name) {
            Ok(program) => program,
            Err(text) => {
                trials.push(Trial::test(format!("run/{name}"), move || Err(text.into())));
                continue;
            }
        };
        if bless {
            trials.push(Trial::test(format!("run/{name}"), move || ask_go(&program)));
            continue;
        }
        for target in &program.targets {
            let stress = program.stress.contains(target).then(|| STRESS.to_owned());
            for opt in program.opts.iter().chain(&stress) {
                let skip = skipped.iter().find(|skip| skip.covers(&name, target, opt));
                unused.retain(|other| !other.covers(&name, target, opt));
                let (program, target, opt) = (program.clone(), target.clone(), opt.clone());
                let known_to_fail = skip.is_some();
                let trial = Trial::test(format!("run/{name}/{target}/{opt}"), move || {
                    let result = run(&program, &target, &opt);
                    match (known_to_fail, result) {
                        (true, Ok(())) => Err("passes now: take it off tests/run/skip.txt".into()),
                        (true, Err(_)) => Ok(()),
                        (false, result) => result,
                    }
                });
                trials.push(trial.with_ignored_flag(known_to_fail));
            }
        }
    }
    if !bless {
        let unused: Vec<String> = unused.iter().map(|skip| skip.line.clone()).collect();
        trials.push(Trial::test("run/skip.txt", move || match unused.first() {
            None => Ok(()),
            Some(line) => Err(format!("skip.txt: no test is called {line:?}").into()),
        }));
    }
    trials
}

fn header(path: PathBuf, name: &str) -> Result<Program, String> {
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let value = |key: &str| {
        let lines = text.lines().take_while(|line| line.starts_with("//"));
        let mut values =
            lines.filter_map(|line| line.strip_prefix("// ")?.strip_prefix(key)?.strip_prefix(": "));
        values.next()
    };
    let words =
        |key: &str| value(key).map(|v| v.split_whitespace().map(String::from).collect::<Vec<String>>());
    let targets =
        words("run").ok_or_else(|| format!("{name}.go: no line \"// run: …\" names its targets"))?;
    if let Some(unknown) = targets.iter().find(|target| !TARGETS.contains(&target.as_str())) {
        return Err(format!("{name}.go: unknown target {unknown}; known are {}", TARGETS.join(" ")));
    }
    let stress = words("stress").unwrap_or_default();
    if let Some(other) = stress.iter().find(|target| !targets.contains(target)) {
        return Err(format!("{name}.go: \"// stress:\" names {other}, on which the program does not run"));
    }
    let opts = words("opt").unwrap_or_else(|| OPTS.iter().map(|&opt| opt.to_owned()).collect());
    let exit = match value("exit").map(str::parse) {
        None => 0,
        Some(Ok(status)) => status,
        Some(Err(_)) => return Err(format!("{name}.go: \"// exit:\" needs a number")),
    };
    Ok(Program { path, name: name.to_owned(), targets, opts, stress, exit })
}

/// A line of the skip list: program, target and level, any of them `*`, and the reason.
struct Skip {
    line: String,
}

impl Skip {
    fn covers(&self, name: &str, target: &str, opt: &str) -> bool {
        let mut words = self.line.split_whitespace();
        [name, target, opt]
            .into_iter()
            .all(|want| words.next().is_some_and(|word| word == want || word == "*"))
    }
}

fn skip_list(path: &Path) -> Vec<Skip> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| Skip { line: line.to_owned() }).collect()
}

/// Compiles and runs a program and compares what it did.
fn run(program: &Program, target: &str, opt: &str) -> Result<(), Failed> {
    let tinygo = super::tinygo();
    let mut command = Command::new(tinygo);
    command.arg("run");
    match opt {
        STRESS => command.args(["-opt=z", "-tags=gc.stress"]),
        level => command.arg(format!("-opt={level}")),
    };
    // Nothing is built twice.
    command.arg("-a").args(super::further_flags());
    match target.split_once('/') {
        Some((goos, goarch)) => drop(command.env("GOOS", goos).env("GOARCH", goarch)),
        None if target == "host" => {}
        None => drop(command.arg(format!("-target={target}"))),
    }
    command.arg(&program.path).current_dir(program.path.parent().unwrap_or(Path::new(".")));
    command.env("TINYGOROOT", Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("..")));
    let outcome = execute(&mut command, LIMIT)?;
    // println writes to standard error where there is one; a board has its serial port, which is standard output here,
    // and emulators have messages of their own for standard error.
    let has_system = matches!(target, "host" | "wasip1") || target.starts_with("linux/");
    let printed = if has_system { &outcome.stderr } else { &outcome.stdout };
    let actual = normal(printed);
    let expected_at = program.path.with_extension("out");
    let expected = fs::read_to_string(&expected_at)
        .map_err(|error| format!("{}: {error}; BLESS=1 makes it", expected_at.display()))?;
    let status = match outcome.status {
        Some(status) => status,
        None => return Err(format!("not done after {LIMIT:?}; printed so far:\n{actual}").into()),
    };
    if actual != expected {
        let extra = if printed.is_empty() { outcome.stderr.as_str() } else { "" };
        return Err(format!("status {status}; {}\n{extra}", difference(&expected, &actual)).into());
    }
    if status != program.exit {
        return Err(format!("exit status {status}, not {}\n{}", program.exit, outcome.stderr).into());
    }
    Ok(())
}

/// What a program printed without what no two systems have in common: line ends, stack traces, addresses of signals,
/// sizes of stacks.
fn normal(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let traces = ["\n\ngoroutine ", "\n\nruntime stack:"];
    let end = traces.iter().filter_map(|trace| text.find(trace)).min().map_or(text.len(), |at| at + 1);
    let own = |line: &&str| !["[signal ", "runtime: sp="].iter().any(|start| line.starts_with(start));
    let size = "runtime: goroutine stack exceeds ";
    let lines = text[..end].lines().filter(own);
    lines.map(|line| format!("{}\n", if line.starts_with(size) { size } else { line })).collect()
}

/// Writes the expected output, as the installed Go has it.
fn ask_go(program: &Program) -> Result<(), Failed> {
    let version = Command::new("go").args(["env", "GOVERSION"]).output()?;
    let version = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let mut numbers = version.trim_start_matches("go").split('.').map_while(|part| part.parse::<u32>().ok());
    if (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) < ORACLE {
        return Err(format!("BLESS=1 needs Go {}.{} or later, not {version}", ORACLE.0, ORACLE.1).into());
    }
    let folder = tempfile::tempdir()?;
    let binary = folder.path().join(&program.name);
    let build = Command::new("go").arg("build").arg("-o").arg(&binary).arg(&program.path).output()?;
    if !build.status.success() {
        return Err(String::from_utf8_lossy(&build.stderr).into_owned().into());
    }
    let outcome = execute(&mut Command::new(&binary), LIMIT)?;
    if outcome.status != Some(program.exit) {
        let status = outcome.status;
        return Err(format!("Go ends with {status:?}, not {}:\n{}", program.exit, outcome.stderr).into());
    }
    fs::write(program.path.with_extension("out"), normal(&outcome.stderr))?;
    Ok(())
}

/// The first lines that differ.
pub(crate) fn difference(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let show = |sign: char, lines: &[&str]| -> String {
        lines.iter().skip(same).take(12).map(|line| format!("{sign} {line}\n")).collect()
    };
    format!("from line {} (- expected, + printed):\n{}{}", same + 1, show('-', &old), show('+', &new))
}
