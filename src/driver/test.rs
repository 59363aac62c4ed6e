//! Which packages `tinygo test` is about. The program that runs the tests of one is made by [`crate::build::build_tests`].

use std::path::PathBuf;

use source::FileSet;

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
        kept_tests: None,
        generated: None,
        trace: config.options.trace,
        listings: None,
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

/// The tests, fuzz tests and examples of a package, in the order in which they run.
pub fn names(config: &Config, package: &str) -> Result<Vec<String>, Error> {
    let (work, files) = (build::work_folder()?, FileSet::default());
    let overlay = overlay::overlay(config)?;
    let patterns = [package.to_owned()];
    let graph = build::load_graph(config, &patterns, &overlay, work.path(), &files, load::Tests::Main, None)?;
    let main = graph.named().flat_map(|main| &main.files);
    Ok(main
        .flat_map(|(file, _)| load::test_main::names(&String::from_utf8_lossy(&files.file(*file).bytes)))
        .collect())
}
