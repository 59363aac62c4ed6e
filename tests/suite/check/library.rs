//! Go's library has no errors: every package with its tests, in full, for three systems.

use std::sync::Arc;
use std::time::Instant;

use libtest_mimic::{Failed, Trial};
use source::{Diagnostics, FileSet, render};
use types::Sizes;

/// GOOS, GOARCH, and the sizes that Go has there.
const SYSTEMS: [(&str, &str, Sizes); 3] = [
    ("linux", "amd64", Sizes { pointer: 8, int: 8, max_align: 8 }),
    ("linux", "arm", Sizes { pointer: 4, int: 4, max_align: 4 }),
    ("wasip1", "wasm", Sizes { pointer: 8, int: 8, max_align: 8 }),
];

pub fn trials() -> Vec<Trial> {
    SYSTEMS
        .iter()
        .map(|&(goos, goarch, sizes)| {
            Trial::test(format!("check::std/{goos}-{goarch}"), move || library(goos, goarch, sizes))
        })
        .collect()
}

fn library(goos: &str, goarch: &str, sizes: Sizes) -> Result<(), Failed> {
    let mut wrong = String::new();
    for toolchain in super::toolchains()? {
        let start = Instant::now();
        let files = Arc::new(FileSet::default());
        let graph = super::load(&toolchain, (goos, goarch), &["std"], true, &files)?;
        let found = driver::check_graph(&graph, &files, sizes);
        let mut errors = 0;
        for (package, found) in graph.packages.iter().zip(found) {
            errors += found.len();
            let mut diagnostics = Diagnostics::unlimited();
            diagnostics.extend(&files, found);
            wrong += &render::package(&files, &package.path, &diagnostics);
        }
        let packages = graph.named().count();
        super::say(&format!(
            "check::std: {} {goos}/{goarch}: {packages} packages with their tests, {errors} false errors, {:.1?}",
            toolchain.version,
            start.elapsed()
        ));
        if packages < 200 {
            return Err(format!("only {packages} packages in std").into());
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}
