//! The line up to the type checker, for all the packages that are named: what is wrong with them, in full.

use std::sync::Arc;
use std::time::{Duration, Instant};

use source::{Diagnostics, FileSet, Pos, SourceFile};
use syntax::scanner::Scanner;

use crate::build;
use crate::check_graph::check_graph;
use crate::config::Config;
use crate::error::Error;
use crate::overlay;

/// What to check, and how much of what is found is kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckOptions {
    /// All errors instead of the first ten of a package.
    pub all: bool,
    /// The packages with their tests.
    pub tests: bool,
}

/// What was found.
pub struct Checked {
    pub files: Arc<FileSet>,
    /// Import paths and diagnostics of the packages with errors, dependencies first.
    pub packages: Vec<(String, Diagnostics)>,
    /// What the go command says besides.
    pub warnings: Vec<String>,
    /// What the go command took, reading and parsing, and checking.
    pub listing: Duration,
    pub parsing: Duration,
    pub checking: Duration,
}

/// Checks the packages that the patterns name, and those of the user that they import, in full.
///
/// As in `go build`, a package with syntax errors is not checked for others, and whatever imports a package with errors
/// is not checked at all.
pub fn check(config: &Config, patterns: &[String], options: CheckOptions) -> Result<Checked, Error> {
    let work = build::work_folder()?;
    let overlay = overlay::overlay(config)?;
    let files = Arc::new(FileSet::default());
    let tests = if options.tests { load::Tests::Included } else { load::Tests::None };
    let start = Instant::now();
    let graph = build::load_graph(config, patterns, &overlay, work.path(), &files, tests, None)?;
    let parsing = start.elapsed().saturating_sub(graph.listing);
    let start = Instant::now();
    let found = check_graph(&graph, &files, build::sizes(&config.target));
    let checking = start.elapsed();
    let mut packages = Vec::new();
    for (package, errors) in graph.packages.iter().zip(found) {
        let mut diagnostics = if options.all { Diagnostics::unlimited() } else { Diagnostics::default() };
        diagnostics.extend(&files, errors);
        if !diagnostics.is_empty() {
            packages.push((package.path.clone(), diagnostics));
        }
    }
    Ok(Checked { files, packages, warnings: graph.warnings, listing: graph.listing, parsing, checking })
}

/// Where the token at a position ends, so that an editor or a terminal can underline it.
pub fn token_end(file: &SourceFile, pos: Pos) -> Pos {
    let offset = file.offset(pos) as usize;
    let rest = String::from_utf8_lossy(file.bytes.get(offset..).unwrap_or_default());
    let mut scanner = Scanner::new(&rest, pos.0, file.display.clone());
    scanner.next();
    let at_least = (pos.0 + 1).min(file.end().0);
    Pos(scanner.end().0.clamp(at_least, file.end().0))
}
