//! `tests/soak/*.go`: programs that work for long, or with much, and say `flat` at the end if their memory did not grow
//! and nothing in it was damaged. `TINYGO_TEST_SOAK` is for how many seconds each works (3): 600 is what a release has to
//! stand.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use libtest_mimic::{Failed, Trial};

use crate::process::execute_together;

/// Programs and targets.
const TRIALS: [(&str, &str); 5] = [
    ("goroutines", "host"),
    ("allocation", "host"),
    ("allocation", "linux/386"),
    ("allocation", "wasip1"),
    ("allocation", "cortex-m-qemu"),
];

/// For building and what comes before and after.
const MARGIN: Duration = Duration::from_secs(120);

pub fn trials(root: &Path) -> Vec<Trial> {
    let trial = |(name, target): (&'static str, &'static str)| {
        let source = root.join("soak").join(name).with_extension("go");
        Trial::test(format!("soak::{name}::{target}"), move || soak(&source, target).map_err(Failed::from))
    };
    TRIALS.into_iter().map(trial).collect()
}

fn soak(source: &Path, target: &str) -> Result<(), String> {
    let seconds = std::env::var("TINYGO_TEST_SOAK").unwrap_or_else(|_| "3".to_owned());
    let length =
        seconds.parse().map_err(|_| format!("TINYGO_TEST_SOAK: {seconds:?} is no number of seconds"))?;
    let mut command = Command::new(crate::tinygo());
    command.arg("run");
    match target.split_once('/') {
        Some((goos, goarch)) => drop(command.env("GOOS", goos).env("GOARCH", goarch)),
        None if target == "host" => {}
        None => drop(command.arg(format!("-target={target}"))),
    }
    command.arg(format!("-ldflags=-X main.seconds={seconds}")).arg(source);
    command.env("TINYGOROOT", Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    let outcome = execute_together(&mut command, Duration::from_secs(length) + MARGIN)
        .map_err(|e| crate::not_started(&crate::tinygo(), &e))?;
    // An emulator may have said something before.
    let printed = outcome.stdout.trim();
    match (outcome.status, printed.lines().next_back()) {
        (Some(0), Some("flat")) => Ok(()),
        (None, _) => Err(format!("not done {MARGIN:?} after its time; printed {printed:?}")),
        (Some(status), _) => Err(format!("ends with {status} and prints:\n{printed}")),
    }
}
