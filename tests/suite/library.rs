//! The tests of the packages of Go's own library: `tinygo test -short` of each that `docs/std.md` calls passing must pass.
//!
//! `-short` is what Go's own builders test with. `std/skip.txt` names single tests that cannot pass for a reason that is
//! not ours, and packages that have nothing to do with this compiler; they are left out by `-skip`, and the table says so.
//! The programs are built with `-opt=0`, which takes a third of the default's time; those for the smallest chip and a few
//! for the host with `-opt=z`, and some rows in a way of their own (`VARIANTS`).
//!
//! Among all suites a sample runs; `suite std/` (or a longer filter), or `STD=all`, selects everything. `BLESS=1` runs
//! packages that fail, too, and writes what comes out into the table; a filter limits that to some rows.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use regex::Regex;

use crate::process::{Limits, execute_within};

mod table;
mod zones;

use table::{Cell, Table};

/// Every column of the table.
const TARGETS: &[Target] = &[
    Target {
        name: "host",
        title: "linux/amd64",
        passing: 230,
        sample: 12,
        packages: &[],
        flags: &["-opt=0"],
    },
    Target {
        name: "wasip1",
        title: "wasip1",
        passing: 125,
        sample: 12,
        packages: &[],
        flags: &["-opt=0", "-target=wasip1"],
    },
    Target {
        name: "riscv-qemu",
        title: "riscv-qemu",
        passing: 13,
        sample: 6,
        packages: ON_CHIPS,
        // No files: zones must be in the program.
        flags: &["-opt=0", "-target=riscv-qemu", "-tags=timetzdata"],
    },
    Target {
        name: "cortex-m-qemu",
        title: "cortex-m-qemu",
        passing: 13,
        sample: 7,
        packages: ON_CHIPS,
        flags: &["-opt=z", "-target=cortex-m-qemu"],
    },
];

/// Some packages at the default level; the table has no column for it. All others that pass on the host did so at that
/// level, too, when last tried; these take a minute together, and each has what the others have little of.
static OPTIMISED: Target = Target {
    name: "host-z",
    title: "linux/amd64 at the default level",
    passing: 0,
    sample: 1,
    packages: &[
        "encoding/binary", // structs by reflection, bytes to numbers
        "internal/sync",   // memory seen as other types, goroutines, weak pointers
        "iter",            // coroutines, panics through them
        "log",             // positions of callers
        "mime/multipart",  // readers in readers, kept in what is returned
        "slices",          // generic functions, inlined
        "strconv",         // numbers at the ends of their ranges
        "text/template",   // methods by name, maps, recovered panics
    ],
    flags: &[],
};

/// What people use on microcontrollers.
const ON_CHIPS: &[&str] = &[
    "bytes",
    "container/heap",
    "container/list",
    "container/ring",
    "encoding/json",
    "errors",
    "fmt",
    "math",
    "sort",
    "strconv",
    "strings",
    "time",
    "unicode/utf8",
];

/// Of the tests of a package, by package testing itself; what it takes to build them comes on top.
const TEST_LIMIT: &str = "300s";
const LIMITS: Limits = Limits { time: Duration::from_secs(600), memory: 4 << 30 };

/// Packages that no sample has, as their tests take minutes.
const SLOW: &[&str] = &[
    "archive/tar",
    "bytes",
    "compress/gzip",
    "crypto/",
    "encoding/gob",
    "internal/synctest",
    "net",
    "strings",
    "time",
];

/// The rows that are built in another way than the rest of their column. No sample has them.
const VARIANTS: &[Variant] = &[
    Variant {
        target: "wasip1",
        packages: &["encoding/asn1", "encoding/xml", "go/parser", "path/filepath"],
        flags: &["-opt=z", "-stack-size=64MB", "-target=wasip1"],
        environment: &[],
        zones: Zones::All,
        why: "their tests go so deep that, without optimisation, an engine's own stack for WebAssembly is too small \
              for them, and the program's stack with it",
    },
    Variant {
        target: "cortex-m-qemu",
        packages: &["encoding/json"],
        flags: &["-opt=z", "-stack-size=8KB", "-target=cortex-m-qemu"],
        environment: &[("GOEXPERIMENT", "nojsonv2")],
        zones: Zones::All,
        why: "with the second version of the package even a program that reads and writes a single map takes 263 KB \
              of flash, and the chip has 256 KB; the tests are those of the first version, which Go 1.26 has by \
              default, and its decoder needs more than the 4 KB of stack that a goroutine has there by default",
    },
    Variant {
        target: "cortex-m-qemu",
        packages: &["time"],
        // Chips have no files: zones must be in the program.
        flags: &["-opt=z", "-tags=timetzdata", "-target=cortex-m-qemu"],
        environment: &[("GOEXPERIMENT", "nojsonv2")],
        zones: Zones::Named,
        why: "the zones of package time/tzdata take 408 KB of flash, and the chip has 256 KB: the programs have those \
              22 of them that the tests name, and the first version of encoding/json",
    },
];

/// Packages whose tests ask for `localhost` by name. They are ignored on a machine that does not know it: a bare
/// Debian has no `/etc/hosts`.
const ASK_FOR_LOCALHOST: &[&str] = &["context"];

/// Packages whose tests ask `go list` in GOROOT for other packages. It takes those for parts of our module if they are
/// below it, so it is shown the tree under another name.
const LIST_PACKAGES: &[&str] = &["go/"];

struct Target {
    /// In filters.
    name: &'static str,
    title: &'static str,
    /// How many packages pass at least.
    passing: usize,
    /// Of how many one is in the sample.
    sample: usize,
    /// All if none are named.
    packages: &'static [&'static str],
    flags: &'static [&'static str],
}

/// How some packages are built on a target, and why not like the others.
struct Variant {
    target: &'static str,
    packages: &'static [&'static str],
    /// Instead of the target's.
    flags: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
    zones: Zones,
    why: &'static str,
}

/// The time zones that package time/tzdata has.
#[derive(PartialEq)]
enum Zones {
    All,
    /// Those whose names are in the tests of package time.
    Named,
}

impl Variant {
    fn of(package: &str, target: &Target) -> Option<&'static Variant> {
        VARIANTS.iter().find(|variant| variant.target == target.name && variant.packages.contains(&package))
    }
}

/// A test that is left out; `*` for the whole package.
struct Skip {
    package: String,
    test: String,
    target: String,
    reason: String,
}

pub fn trials(root: &Path, args: &Arguments) -> Vec<Trial> {
    let (skips, mut complaints) = skip_list(&root.join("std/skip.txt"));
    let skips = Arc::new(skips);
    let path = root.join("../docs/std.md");
    let table = Table::read(&path);
    let bless = std::env::var_os("BLESS").is_some();
    let named = args.filter.as_ref().is_some_and(|filter| filter.starts_with("std/"));
    let all = named || std::env::var_os("STD").is_some_and(|value| value == "all");
    if bless && !named {
        return Vec::new(); // other suites are blessed
    }
    let go = root.join("../.tools/go/go/bin");
    if !go.join("go").is_file() {
        let text = "Go 1.27 is not below .tools/go: scripts/setup.sh tests fetches it";
        return vec![Trial::test("std/go", move || Err(text.into()))];
    }
    let packages = if bless { list(&go) } else { table.packages() };
    let table = Arc::new(Mutex::new(table));
    let mut trials = Vec::new();
    for (column, target) in TARGETS.iter().enumerate() {
        let passes = |package: &String| {
            table.lock().is_ok_and(|table| matches!(table.cell(package, column), Cell::Pass))
        };
        let tried =
            |package: &&String| target.packages.is_empty() || target.packages.contains(&package.as_str());
        let passing: Vec<&String> =
            packages.iter().filter(tried).filter(|package| bless || passes(package)).collect();
        if !bless {
            println!("std: the tests of {} packages pass on {}", passing.len(), target.title);
            if passing.len() < target.passing {
                complaints.push(format!("{} packages pass on {}", passing.len(), target.title));
            }
        }
        for (number, package) in passing.into_iter().enumerate() {
            // Each target has its own part of the packages.
            let sampled = (number + column * target.sample / 2).is_multiple_of(target.sample);
            let slow =
                SLOW.iter().any(|slow| package.starts_with(slow)) || Variant::of(package, target).is_some();
            if !all && (slow || !sampled) {
                continue;
            }
            let (package, go) = (package.clone(), go.clone());
            let (table, skips, path) = (table.clone(), skips.clone(), path.clone());
            let lost = ASK_FOR_LOCALHOST.contains(&package.as_str()) && !knows_localhost();
            let trial = Trial::test(format!("std/{}/{package}", target.name), move || {
                let cell = measure(&package, target, &go, &skips)?;
                if bless {
                    let mut table = table.lock().map_err(|error| error.to_string())?;
                    table.set(&package, column, cell);
                    return Ok(table.write(&path, &skips)?);
                }
                match cell {
                    Cell::Pass => Ok(()),
                    Cell::Fail(why) => Err(why.into()),
                    Cell::None => Err("there are no tests".into()),
                }
            });
            trials.push(trial.with_ignored_flag(lost));
        }
    }
    if !bless {
        for &package in OPTIMISED.packages {
            let (go, skips) = (go.clone(), skips.clone());
            trials.push(Trial::test(format!("std/{}/{package}", OPTIMISED.name), move || {
                match measure(package, &OPTIMISED, &go, &skips)? {
                    Cell::Fail(why) => Err(why.into()),
                    Cell::Pass | Cell::None => Ok(()),
                }
            }));
        }
        trials.push(Trial::test("std/skip.txt", move || {
            if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n").into()) }
        }));
    }
    trials
}

/// The packages of the library that have tests.
fn list(go: &Path) -> Vec<String> {
    let format = "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}";
    let output = Command::new(go.join("go")).args(["list", "-f", format, "std"]).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().filter(|path| !path.starts_with("vendor/")).map(str::to_owned).collect()
}

/// Runs the tests of a package.
fn measure(package: &str, target: &Target, go: &Path, skips: &[Skip]) -> Result<Cell, Failed> {
    let here = |skip: &&Skip| skip.package == package && (skip.target == "*" || skip.target == target.name);
    if let Some(skip) = skips.iter().filter(here).find(|skip| skip.test == "*") {
        return Ok(Cell::Fail(skip.reason.clone()));
    }
    let mut command = Command::new(super::tinygo());
    let goroot = go.parent().unwrap_or(go);
    let mut go = go.to_owned();
    if LIST_PACKAGES.iter().any(|part| package.starts_with(part)) {
        go = elsewhere(&go)?;
        command.env("GOROOT", go.parent().unwrap_or(&go));
    }
    let path = std::env::join_paths(
        std::iter::once(go).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )?;
    let variant = Variant::of(package, target);
    command.args(["test", "-short", "-v", "-p=1", "-timeout", TEST_LIMIT]);
    command.args(variant.map_or(target.flags, |variant| variant.flags));
    command.env("PATH", path).env("GOTOOLCHAIN", "local");
    let folder = tempfile::tempdir()?;
    if let Some(variant) = variant {
        command.envs(variant.environment.iter().copied());
        if variant.zones == Zones::Named {
            command.arg("-overlay").arg(zones::overlay(goroot, folder.path())?);
        }
    }
    command.env("TINYGOROOT", Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("..")));
    let left_out: Vec<String> = skips.iter().filter(here).map(|skip| pattern(&skip.test)).collect();
    if !left_out.is_empty() {
        command.arg(format!("-skip={}", left_out.join("|")));
    }
    let done = execute_within(command.arg(package), LIMITS)?;
    Ok(match done.status {
        Some(0) if done.stdout.contains("[no test files]") => Cell::None,
        Some(0) => Cell::Pass,
        _ if done.stdout.contains("build constraints exclude all Go files") => Cell::None,
        status => Cell::Fail(why(&done.stdout, status)),
    })
}

/// The same folder by a path outside of our module; the name is always the same, as caches know it.
fn elsewhere(go: &Path) -> std::io::Result<PathBuf> {
    let root = go.parent().unwrap_or(go).canonicalize()?;
    let mut name = std::hash::DefaultHasher::new();
    root.hash(&mut name);
    let link = std::env::temp_dir().join(format!("tinygo-tests-{:016x}", name.finish()));
    match std::os::unix::fs::symlink(&root, &link) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ if link.canonicalize()? != root => {
            Err(std::io::Error::other(format!("{} is in the way", link.display())))
        }
        _ => Ok(link.join("bin")),
    }
}

/// Exactly this test, in the form that `-skip` takes apart at slashes.
fn pattern(test: &str) -> String {
    test.split('/').map(|part| format!("^{}$", regex::escape(part))).collect::<Vec<_>>().join("/")
}

/// What of the output says why tests failed, on one line.
fn why(printed: &str, status: Option<i32>) -> String {
    let find = |pattern: &str| -> Vec<String> {
        let Ok(pattern) = Regex::new(pattern) else { return Vec::new() };
        pattern
            .captures_iter(printed)
            .filter_map(|c| c.get(1))
            .map(|m| m.as_str().trim_end().to_owned())
            .collect()
    };
    if printed.contains("[build failed]") || printed.contains("[setup failed]") {
        let message =
            find(r"(?m)^(?:\S+:\d+:\d+: )?(.*(?:no body|undefined|error|not support|too large).*)$");
        return format!("does not build: {}", message.first().map_or("", |m| m.as_str()));
    }
    let mut parts = find(r"(?m)^--- FAIL: (\S+)");
    let last = find(r"(?m)^=== RUN +(\S+)").pop().unwrap_or_else(|| "its beginning".to_owned());
    if status.is_none() || printed.contains("Test killed") || printed.contains("panic: test timed out") {
        parts.push(format!("not done in time or memory, in {last}"));
    } else if let Some(message) = find(r"(?m)^((?:panic|fatal error|signal|runtime): .*)$").pop() {
        parts.push(format!("{message} in {last}"));
    }
    if parts.is_empty() { "the test program fails".to_owned() } else { parts.join(", ") }
}

fn knows_localhost() -> bool {
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    hosts.lines().any(|line| line.split_whitespace().skip(1).any(|name| name == "localhost"))
}

/// Lines of package, test, target and reason; and what is wrong with the list.
fn skip_list(path: &Path) -> (Vec<Skip>, Vec<String>) {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let (mut skips, mut wrong) = (Vec::new(), Vec::new());
    let mut seen = BTreeMap::new();
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let words: Vec<&str> = line.splitn(4, ' ').collect();
        let [package, test, target, reason] = words[..] else {
            wrong.push(format!("not package, test, target and reason: {line:?}"));
            continue;
        };
        if target != "*" && !TARGETS.iter().any(|known| known.name == target) {
            wrong.push(format!("no such target: {line:?}"));
        }
        if seen.insert((package, test, target), ()).is_some() {
            wrong.push(format!("twice: {line:?}"));
        }
        skips.push(Skip {
            package: package.to_owned(),
            test: test.to_owned(),
            target: target.to_owned(),
            reason: reason.to_owned(),
        });
    }
    (skips, wrong)
}
