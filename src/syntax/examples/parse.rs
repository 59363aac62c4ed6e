//! Parses all Go files below the given directories, prints what is wrong with them, and how fast it went:
//! `cargo run --release -p syntax --example parse -- [-lazy [-bodies]] [-rounds=N] DIR...`
#![allow(clippy::print_stdout)] // it is a command

use source::FileSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use syntax::Mode;

fn main() {
    let mut mode = Mode::Full;
    let mut bodies = false;
    let mut rounds = 1;
    let mut paths = Vec::new();
    for arg in std::env::args().skip(1) {
        match arg.strip_prefix("-rounds=") {
            Some(n) => rounds = n.parse().unwrap_or(1),
            None if arg == "-lazy" => mode = Mode::LazyBodies,
            None if arg == "-bodies" => bodies = true,
            None => collect(Path::new(&arg), &mut paths),
        }
    }
    paths.sort();
    let files = FileSet::default();
    let ids: Vec<_> = paths
        .iter()
        .filter_map(|path| Some(files.add("", &path.to_string_lossy(), std::fs::read(path).ok()?)))
        .map(|id| files.file(id))
        .collect();
    let bytes: usize = ids.iter().map(|f| f.bytes.len()).sum();
    let lines: usize = ids.iter().map(|f| f.bytes.iter().filter(|b| **b == b'\n').count()).sum();
    let mut best = Duration::MAX;
    let mut wrong = 0;
    for round in 0..rounds {
        let start = Instant::now();
        for file in &ids {
            let mut errors = Vec::new();
            let parsed = syntax::parse_file(file, mode, &mut errors);
            if bodies {
                parsed.funcs.iter().for_each(|func| drop(std::hint::black_box(func.parse_body(&file.bytes))));
            }
            std::hint::black_box(&parsed);
            if round == 0 {
                wrong += usize::from(!errors.is_empty());
                for error in &errors {
                    print!("{}", source::render::diagnostic(&files, error));
                }
            }
        }
        best = best.min(start.elapsed());
    }
    let seconds = best.as_secs_f64();
    println!(
        "{} files, {lines} lines, {wrong} with errors: {:.0} ms, {:.2} M lines/s, {:.0} MB/s",
        ids.len(),
        seconds * 1e3,
        lines as f64 / seconds / 1e6,
        bytes as f64 / seconds / 1e6
    );
}

fn collect(path: &Path, paths: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.for_each(|entry| collect(&entry.path(), paths));
    } else if path.extension().is_some_and(|e| e == "go") {
        paths.push(path.to_owned());
    }
}
