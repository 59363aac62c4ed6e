//! Runs every suite of case files; `tests/README.md` is the manual.

mod bench;
mod board;
mod boards;
mod check;
mod cli;
mod codegen;
mod flash;
mod gotree;
mod library;
mod opt;
mod process;
mod run;
mod sizes;
mod soak;
mod syntax;
mod types;

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Trial};

fn main() {
    let args = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trials: Vec<Trial> = Vec::new();
    trials.extend(bench::trials(root));
    trials.extend(board::trials());
    trials.extend(boards::trials());
    trials.extend(check::trials(root));
    trials.extend(cli::trials(root));
    trials.extend(codegen::trials(root));
    trials.extend(flash::trials());
    trials.extend(gotree::trials(root, &args));
    trials.extend(library::trials(root, &args));
    trials.extend(opt::trials());
    trials.extend(run::trials(root));
    trials.extend(sizes::trials(root));
    trials.extend(soak::trials(root));
    trials.extend(syntax::trials());
    trials.extend(types::trials());
    libtest_mimic::run(&args, trials).exit();
}

/// The `tinygo` command: `TINYGO`, or the one that cargo built beside this runner.
fn tinygo() -> PathBuf {
    let beside = std::env::current_exe().unwrap_or_default();
    let beside = beside.ancestors().nth(2).unwrap_or(Path::new(".")).join("tinygo");
    std::env::var_os("TINYGO").map_or(beside, PathBuf::from)
}

/// `TINYGO_TEST_FLAGS`: what the programs of `run` and `gotree` are built with besides.
fn further_flags() -> impl Iterator<Item = String> {
    let flags = std::env::var("TINYGO_TEST_FLAGS").unwrap_or_default();
    flags.split_whitespace().map(String::from).collect::<Vec<_>>().into_iter()
}

/// Why a command could not be started.
fn not_started(command: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}; build it first: cargo build (`make test` does it)", command.display())
}

/// The files of a folder with this extension, sorted.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    paths.sort();
    paths
}
