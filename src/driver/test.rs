//! Which packages `tinygo test` is about. The program that runs the tests of one is made by [`crate::build::build_tests`].

use std::path::PathBuf;

use crate::config::Config;
use crate::error::Error;
use crate::{build, overlay};

/// A package that the command line names.
pub struct Package {
    pub path: String,
    pub dir: PathBuf,
    pub has_tests: bool,
    /// Why there is no such package.
    pub error: Option<String>,
}

/// The packages that the patterns name, in the order of the go command.
pub fn packages(config: &Config, patterns: &[String]) -> Result<Vec<Package>, Error> {
    let work = build::work_folder()?;
    let overlay = overlay::overlay(config)?;
    let request = load::Request {
        toolchain: &config.toolchain,
        dir: &config.dir,
        goos: &config.target.goos,
        goarch: &config.target.goarch,
        tags: &config.tags,
        overlay: &overlay,
        work: work.path(),
        flags: &config.options.mod_flags,
        patterns,
        implied: &[],
        tests: load::Tests::None,
        generated: None,
        trace: config.options.trace,
    };
    let packages = load::tested(&request)?.into_iter();
    Ok(packages
        .map(|package| Package {
            has_tests: package.has_tests(),
            error: package.error().map(str::to_owned),
            path: package.import_path,
            dir: package.dir,
        })
        .collect())
}
