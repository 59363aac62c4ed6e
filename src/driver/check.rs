//! The line up to the type checker, for all the packages that are named: what is wrong with them, in full.

use std::collections::BTreeMap;
use std::sync::Arc;

use load::Graph;
use source::{Diagnostic, Diagnostics, FileSet, Pos, SourceFile};
use syntax::scanner::Scanner;
use types::{Checker, PackageId, PackageSource};

use crate::build;
use crate::config::Config;
use crate::error::Error;
use crate::{directives, overlay};

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
    let graph = build::load_graph(config, patterns, &overlay, work.path(), &files, tests)?;
    let found = check_graph(config, &graph, &files);
    let mut packages = Vec::new();
    for (package, errors) in graph.packages.iter().zip(found) {
        let mut diagnostics = if options.all { Diagnostics::unlimited() } else { Diagnostics::default() };
        diagnostics.extend(&files, errors);
        if !diagnostics.is_empty() {
            packages.push((package.path.clone(), diagnostics));
        }
    }
    Ok(Checked { files, packages, warnings: graph.warnings })
}

/// What is wrong with each package of the graph.
fn check_graph(config: &Config, graph: &Graph, files: &Arc<FileSet>) -> Vec<Vec<Diagnostic>> {
    let mut checker = Checker::new(files.clone(), build::sizes(&config.target));
    let mut found: Vec<Vec<Diagnostic>> = graph.packages.iter().map(|_| Vec::new()).collect();
    for (i, errors) in found.iter_mut().enumerate() {
        *errors = graph.errors_of(i);
    }
    // `None`: not checked, because of its own syntax errors or because of what it imports.
    let mut ids: Vec<Option<PackageId>> = Vec::with_capacity(graph.packages.len());
    for (i, package) in graph.packages.iter().enumerate() {
        if package.path == "unsafe" {
            ids.push(Some(PackageId::UNSAFE));
            continue;
        }
        let imports: Option<BTreeMap<String, PackageId>> =
            package.imports.iter().map(|(path, &index)| Some((path.clone(), ids[index]?))).collect();
        let Some(imports) = imports.filter(|_| !found[i].iter().any(Diagnostic::is_syntax_error)) else {
            ids.push(None);
            continue;
        };
        let full = package.named || !package.standard;
        let id = checker.add_package(PackageSource {
            path: if package.name == "main" && package.named {
                "main".to_owned()
            } else {
                package.path.split(" [").next().unwrap_or_default().to_owned()
            },
            files: package.files.iter().map(|(_, file)| file.clone()).collect(),
            imports,
            go_version: (1, package.go_minor),
            is_user: full,
        });
        if full {
            checker.check_all(id);
        } else {
            checker.declare(id);
        }
        found[i].append(&mut checker.take_errors());
        if found[i].is_empty() && !package.standard {
            found[i] = directives::check(package, files);
        }
        if found[i].is_empty() && package.named && package.name == "main" && !is_test(&package.path) {
            found[i].extend(no_main(&checker, id));
        }
        ids.push(found[i].is_empty().then_some(id));
    }
    found
}

/// The variant of a package with its tests, as the go command names it: `p [p.test]`.
fn is_test(path: &str) -> bool {
    path.ends_with(".test]")
}

/// A program starts somewhere; in Go it is the linker that misses it.
fn no_main(checker: &Checker, id: PackageId) -> Option<Diagnostic> {
    let object = checker.store.package(id).lookup(source::Name::MAIN);
    let declared = object.is_some_and(|object| checker.store.obj(object).func().is_some());
    let message = "runtime.main_main·f: function main is undeclared in the main package";
    (!declared).then(|| Diagnostic::error(Pos::NONE, message))
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
