//! The whole front end, from packages to diagnostics: the mistakes of `check/*.txt`, Go's library, damaged files, speed.

mod damage;
mod go_build;
mod library;
mod mistakes;
mod speed;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use load::{Graph, Overlay, Request, Tests, Toolchain};
use source::FileSet;

pub fn trials(root: &Path) -> Vec<Trial> {
    let mut trials = mistakes::trials(root);
    trials.extend(library::trials());
    trials.extend(speed::trials());
    trials.extend(go_build::trials());
    trials.extend(damage::trials());
    trials
}

/// The Go installations to test with: that on the PATH, and those in `TINYGO_TEST_GOROOTS` (separated by colons).
fn toolchains() -> Result<Vec<Toolchain>, String> {
    let mut all = vec![Toolchain::find().map_err(|error| error.to_string())?];
    for root in std::env::var_os("TINYGO_TEST_GOROOTS").iter().flat_map(std::env::split_paths) {
        let command: PathBuf = root.join("bin/go");
        all.push(Toolchain::at(command).map_err(|error| format!("{}: {error}", root.display()))?);
    }
    Ok(all)
}

/// Loads packages of a Go installation as they are, without anything of ours laid over them.
fn load(
    toolchain: &Toolchain,
    (goos, goarch): (&str, &str),
    patterns: &[&str],
    tests: bool,
    files: &Arc<FileSet>,
) -> Result<Graph, String> {
    let work = tempfile::tempdir().map_err(|error| error.to_string())?;
    let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
    let request = Request {
        toolchain,
        dir: &toolchain.goroot.join("src"),
        goos,
        goarch,
        tags: &[],
        overlay: &Overlay::default(),
        work: work.path(),
        flags: &[],
        patterns: &patterns,
        implied: &[],
        tests: if tests { Tests::Included } else { Tests::None },
        kept_tests: None,
        generated: None,
        trace: None,
        listings: None,
    };
    load::load(&request, files).map_err(|error| error.to_string())
}

/// Prints a line about what was found.
fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The most memory that this process ever had.
fn peak_memory() -> Result<u64, Failed> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes << 10)
}
