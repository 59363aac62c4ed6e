//! Go's own `test/` tree: its `// run` cases, compiled and run on the host and under WASI, must print and exit as Go's
//! own runner demands: standard output and error together equal the `.out` file (nothing, where there is none), and the
//! status is 0.
//!
//! `scripts/setup.sh` fetches the tree. Of the cases, those without arguments take part that neither start processes nor
//! look into package runtime: tier A imports nothing (but unsafe and errors), B the plain packages of the library, C also
//! what works with the system, reflection and concurrency. `gotree/skip.txt` lists what fails, each with its reason, and
//! may only shrink; `-- --ignored` runs these, and complains about those that pass.
//!
//! Among all suites a sample runs; `suite gotree/` (or a longer filter), or `GOTREE=all`, selects everything.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use regex::Regex;

use crate::process::{Outcome, execute_together};

/// The folders that Go's own runner visits.
const FOLDERS: &[&str] = &[
    "",
    "ken",
    "chan",
    "interface",
    "internal/runtime/sys",
    "syntax",
    "dwarf",
    "fixedbugs",
    "codegen",
    "abi",
    "typeparam",
    "typeparam/mdempsky",
    "arenas",
    "simd",
];

const TARGETS: &[Target] = &[
    Target { name: "host", tags: &["linux", "amd64", "unix", "gc"], sample: 8, from: 0, may_fail: 3.0 },
    Target { name: "wasip1", tags: &["wasip1", "wasm", "gc"], sample: 8, from: 4, may_fail: 7.0 },
];

/// Flags that a case needs: its name, the target, the flag. `stack` recurses 8,000 deep, where Go has 250 MB.
const FLAGS: &[(&str, &str, &str)] = &[("stack", "wasip1", "-stack-size=4MB")];

/// A build and a run take a second or two; on a busy machine some ten.
const BUILD_LIMIT: Duration = Duration::from_secs(120);
const RUN_LIMIT: Duration = Duration::from_secs(60);

struct Target {
    name: &'static str,
    tags: &'static [&'static str],
    /// Of how many cases one is in the sample, and the number of the first.
    sample: usize,
    from: usize,
    /// How many may fail in all, in percent.
    may_fail: f64,
}

struct Case {
    /// Path below the tree, without `.go`.
    name: String,
    text: String,
}

pub fn trials(root: &Path, args: &Arguments) -> Vec<Trial> {
    let tree = root.join("../.tools/go-tests/test");
    if !tree.is_dir() {
        let text = "Go's test tree is not below .tools/go-tests: scripts/setup.sh fetches it (on Debian)";
        return vec![Trial::test("gotree/tree", move || Err(text.into()))];
    }
    let named = args.filter.as_ref().is_some_and(|filter| filter.starts_with("gotree/"));
    let all = named || std::env::var_os("GOTREE").is_some_and(|value| value == "all");
    let cases = cases(&tree);
    let (skips, mut complaints) = skip_list(&root.join("gotree/skip.txt"));
    let mut trials = Vec::new();
    let mut used = BTreeMap::new();
    for target in TARGETS {
        let cases: Vec<&Case> = cases.iter().filter(|case| enabled(&case.text, target.tags)).collect();
        let mut known = 0;
        for (number, case) in cases.iter().enumerate() {
            let key = (case.name.clone(), target.name.to_owned());
            let known_to_fail = skips.contains_key(&key);
            used.insert(key, ());
            known += usize::from(known_to_fail);
            let source = tree.join(&case.name).with_extension("go");
            let wanted = all || number % target.sample == target.from;
            if !wanted {
                continue;
            }
            let flags = FLAGS.iter().filter(|(name, on, _)| *name == case.name && *on == target.name);
            let flag = flags.map(|(.., flag)| *flag).next();
            let trial = Trial::test(format!("gotree/{}/{}", target.name, case.name), move || {
                match (known_to_fail, check(&source, target.name, flag)) {
                    (true, Ok(())) => Err("passes now: take it off tests/gotree/skip.txt".into()),
                    (true, Err(_)) => Ok(()),
                    (false, result) => result,
                }
            });
            trials.push(trial.with_ignored_flag(known_to_fail));
        }
        let share = 100.0 * known as f64 / cases.len().max(1) as f64;
        println!("gotree: {} of {} cases run on {}", cases.len() - known, cases.len(), target.name);
        if share > target.may_fail {
            let (name, limit) = (target.name, target.may_fail);
            complaints.push(format!("{share:.1} % of the cases fail on {name}, more than {limit} %"));
        }
    }
    let unused = skips.keys().filter(|key| !used.contains_key(*key));
    complaints.extend(unused.map(|(name, target)| format!("there is no case {name} on {target}")));
    trials.push(Trial::test("gotree/skip.txt", move || {
        if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n").into()) }
    }));
    trials
}

/// The `run` cases of the tiers A to C, sorted.
fn cases(tree: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in FOLDERS {
        for path in super::files(&tree.join(folder), "go") {
            let Ok(bytes) = fs::read(&path) else { continue };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let Ok(name) = path.strip_prefix(tree) else { continue };
            if directive(&text) == Some("run") && takes_part(&text) {
                cases.push(Case { name: name.with_extension("").to_string_lossy().into_owned(), text });
            }
        }
    }
    cases
}

/// What the first comment that is no build constraint says.
fn directive(text: &str) -> Option<&str> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("//go:build"));
    Some(lines.next()?.strip_prefix("//")?.trim())
}

/// Not: processes, system calls, object files, package runtime, C.
fn takes_part(text: &str) -> bool {
    const OUT: &[&str] = &["C", "runtime", "os/exec", "syscall", "go/build"];
    let beyond = |path: &str| ["runtime/", "internal/", "debug/"].iter().any(|p| path.starts_with(p));
    imports(text).into_iter().all(|path| !OUT.contains(&path) && !beyond(path))
}

fn imports(text: &str) -> Vec<&str> {
    static DECL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?m)^import\s*(?:\(([^)]*)\)|[\w.]*\s*(["`][^"`]+["`]))"#).expect("a fixed pattern")
    });
    static PATH: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"["`]([^"`\n]+)["`]"#).expect("a fixed pattern"));
    DECL.captures_iter(text)
        .filter_map(|decl| decl.get(1).or_else(|| decl.get(2)))
        .flat_map(|paths| PATH.captures_iter(paths.as_str()).filter_map(|path| path.get(1)))
        .map(|path| path.as_str())
        .collect()
}

/// Whether the `//go:build` line holds with these tags, and all of `go1.N`.
fn enabled(text: &str, tags: &[&str]) -> bool {
    static TOKEN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\w.]+|&&|\|\||[!()]").expect("a fixed pattern"));
    let Some(line) = text.lines().find_map(|line| line.strip_prefix("//go:build ")) else { return true };
    let line = line.split("//").next().unwrap_or(line);
    let tokens: Vec<&str> = TOKEN.find_iter(line).map(|token| token.as_str()).collect();
    any_of(&mut tokens.as_slice(), tags)
}

fn any_of(tokens: &mut &[&str], tags: &[&str]) -> bool {
    let mut holds = all_of(tokens, tags);
    while let ["||", rest @ ..] = *tokens {
        *tokens = rest;
        holds |= all_of(tokens, tags);
    }
    holds
}

fn all_of(tokens: &mut &[&str], tags: &[&str]) -> bool {
    let mut holds = term(tokens, tags);
    while let ["&&", rest @ ..] = *tokens {
        *tokens = rest;
        holds &= term(tokens, tags);
    }
    holds
}

fn term(tokens: &mut &[&str], tags: &[&str]) -> bool {
    let Some((&token, rest)) = tokens.split_first() else { return false };
    *tokens = rest;
    match token {
        "!" => !term(tokens, tags),
        "(" => {
            let holds = any_of(tokens, tags);
            *tokens = tokens.get(1..).unwrap_or_default();
            holds
        }
        tag => tags.contains(&tag) || tag.starts_with("go1."),
    }
}

type Skips = BTreeMap<(String, String), String>;

/// Lines of case, target (`*` for all) and reason; and what is wrong with the list.
fn skip_list(path: &Path) -> (Skips, Vec<String>) {
    let text = fs::read_to_string(path).unwrap_or_default();
    let (mut skips, mut wrong) = (Skips::new(), Vec::new());
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let words: Vec<&str> = line.splitn(3, ' ').collect();
        let [name, target, reason] = words[..] else {
            wrong.push(format!("not case, target and reason: {line:?}"));
            continue;
        };
        for known in TARGETS.iter().filter(|known| target == "*" || target == known.name) {
            skips.insert((name.to_owned(), known.name.to_owned()), reason.to_owned());
        }
    }
    (skips, wrong)
}

fn check(source: &Path, target: &str, flag: Option<&str>) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let program = folder.path().join("program");
    let tinygo = super::tinygo();
    let tool = || {
        let mut command = Command::new(&tinygo);
        command.env("TINYGOROOT", Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("..")));
        command
    };
    let mut command = tool();
    let flags = crate::further_flags().chain(flag.map(String::from));
    if target == "host" {
        command.arg("build").args(flags).arg("-o").arg(&program).arg(source);
        let built = execute(command, source, BUILD_LIMIT)?;
        if built.status != Some(0) {
            return Err(built.stdout.into());
        }
        command = Command::new(&program);
    } else {
        command.arg("run").args(flags).arg(format!("-target={target}")).arg(source);
    }
    let done = execute(command, source, RUN_LIMIT)?;
    let expected = fs::read(source.with_extension("out")).unwrap_or_default();
    let expected = String::from_utf8_lossy(&expected).into_owned();
    match done.status {
        None => Err(format!("not done after {RUN_LIMIT:?}; printed so far:\n{}", done.stdout).into()),
        Some(_) if done.stdout != expected => Err(super::run::difference(&expected, &done.stdout).into()),
        Some(0) => Ok(()),
        Some(status) => Err(format!("exit status {status}").into()),
    }
}

/// Runs a command, and all that it starts, in the folder of a case.
fn execute(mut command: Command, source: &Path, limit: Duration) -> Result<Outcome, Failed> {
    let folder = source.parent().unwrap_or(Path::new("."));
    Ok(execute_together(command.current_dir(folder), limit)?)
}
