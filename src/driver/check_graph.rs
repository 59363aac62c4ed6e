//! The type checker over all packages of a graph.

use std::collections::BTreeMap;
use std::sync::Arc;

use load::Graph;
use source::{Diagnostic, FileSet, Pos};
use types::{Checker, PackageId, PackageSource, Sizes};

use crate::directives;

/// What is wrong with each package of the graph. The library's own packages are checked only as far as they are named.
pub fn check_graph(graph: &Graph, files: &Arc<FileSet>, sizes: Sizes) -> Vec<Vec<Diagnostic>> {
    let mut checker = Checker::new(files.clone(), sizes);
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
