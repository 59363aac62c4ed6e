//! How long packages take, and how much memory, beside what Go's own checker needs for the same in the same minute.
//!
//! Figures mean something in release builds only: `cargo test --release -p tests --test suite check::speed`. Others leave
//! them out; with `--include-ignored` they print theirs, bound to nothing.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use source::FileSet;
use types::Sizes;

/// A package with everything that the checker finds hard behind it.
const PACKAGE: &str = "net/http";

/// Seconds of one thread, in those of go/types.
const ONE_THREAD: f64 = 1.0;
/// Seconds on the clock with two threads, in those of go/types.
const TWO_THREADS: f64 = 0.6;
/// Peak of the whole process.
const MEMORY: u64 = 300 << 20;
/// A program that imports fmt, with our runtime.
const FMT: Duration = Duration::from_millis(80);

pub fn trials() -> Vec<Trial> {
    let trials = vec![Trial::test("check::speed/net-http", net_http), Trial::test("check::speed/fmt", fmt)];
    trials.into_iter().map(|trial| trial.with_ignored_flag(cfg!(debug_assertions))).collect()
}

/// Loads and checks in full; the time of the processor and that on the clock, without the go command's.
fn check(toolchain: &load::Toolchain, threads: usize) -> Result<(f64, f64), Failed> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let pool = pool.build()?;
    pool.install(|| {
        let files = Arc::new(FileSet::default());
        let (cpu, start) = (thread_seconds()?, Instant::now());
        let mut graph = super::load(toolchain, ("linux", "amd64"), &[PACKAGE], false, &files)?;
        graph.packages.iter_mut().for_each(|package| package.named = true);
        let found = driver::check_graph(&graph, &files, Sizes::for_pointer_size(8));
        if let Some(error) = found.iter().flatten().next() {
            return Err(error.message.clone().into());
        }
        Ok((thread_seconds()? - cpu, (start.elapsed() - graph.listing).as_secs_f64()))
    })
}

fn net_http() -> Result<(), Failed> {
    let toolchain = load::Toolchain::find().map_err(|error| error.to_string())?;
    let folder = tempfile::tempdir()?;
    let oracle = folder.path().join("oracle");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("check/oracle/main.go");
    let status = Command::new("go").args(["build", "-o"]).arg(&oracle).arg(source).status()?;
    if !status.success() {
        return Err("go build of check/oracle failed".into());
    }
    // The best of several, each beside its counterpart: other work on the machine only adds.
    let (mut go, mut one, mut two) = (f64::MAX, f64::MAX, f64::MAX);
    let mut peak = 0;
    for round in 0..3 {
        let output = Command::new(&oracle).arg(PACKAGE).env("GOMAXPROCS", "1").output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        go = go.min(text.trim().parse().map_err(|_| format!("oracle: {text}"))?);
        one = one.min(check(&toolchain, 1)?.0);
        two = two.min(check(&toolchain, 2)?.1);
        if round == 0 {
            // Of one check after the other; later ones find what the allocator keeps for the threads before them.
            peak = super::peak_memory()?;
        }
    }
    super::say(&format!(
        "check::speed: {PACKAGE} in full: go/types {go:.2} s; one thread {one:.2} s, {:.2} of it; two threads {two:.2} s, {:.2} of it; peak {} MB",
        one / go,
        two / go,
        peak >> 20
    ));
    if cfg!(debug_assertions) {
        return Ok(());
    }
    if one > ONE_THREAD * go || two > TWO_THREADS * go || peak > MEMORY {
        return Err(format!(
            "more than {ONE_THREAD} and {TWO_THREADS} of go/types, or than {} MB",
            MEMORY >> 20
        )
        .into());
    }
    Ok(())
}

fn fmt() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    std::fs::write(
        folder.path().join("main.go"),
        "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(1) }\n",
    )?;
    let config = driver::Config::resolve(driver::Options::default(), folder.path())?;
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let checked =
            driver::check::check(&config, &["main.go".to_owned()], driver::check::CheckOptions::default())?;
        if let Some((path, _)) = checked.packages.first() {
            return Err(format!("errors in {path}").into());
        }
        best = best.min(checked.parsing + checked.checking);
    }
    super::say(&format!("check::speed: a program with fmt: {best:.1?}"));
    if !cfg!(debug_assertions) && best > FMT {
        return Err(format!("more than {FMT:?}").into());
    }
    Ok(())
}

/// What this thread has used of the processor: the first number of its scheduling statistics, in nanoseconds.
fn thread_seconds() -> Result<f64, Failed> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}
