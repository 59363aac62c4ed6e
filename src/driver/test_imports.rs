//! Packages that a program of tests has only because test files import them by name.
//!
//! Where a program has some tests of a package only, such a package is initialised when one of these uses it: that of
//! encoding/json has tests with a server of net/http, and no chip could have the others otherwise.

use std::collections::BTreeSet;

use load::Graph;
use source::FileSet;
use syntax::ast::{self, ExprKind};

/// Their import paths. A blank import is there for its initialisation, and so is what other packages import.
pub(crate) fn named(graph: &Graph, files: &FileSet) -> BTreeSet<String> {
    let mut initialised = vec![false; graph.packages.len()];
    let is_root = |path: &str| path == "runtime" || path == "machine";
    let mut work: Vec<usize> = (0..graph.packages.len())
        .filter(|&i| graph.packages[i].named || is_root(&graph.packages[i].path))
        .collect();
    while let Some(at) = work.pop() {
        if std::mem::replace(&mut initialised[at], true) {
            continue;
        }
        let package = &graph.packages[at];
        for (id, file) in &package.files {
            let of_tests = files.file(*id).path.ends_with("_test.go");
            for (_, local, path) in file.imports() {
                let named = local.is_none_or(|local| !local.name.is_blank());
                if !(of_tests && named) {
                    work.extend(text(file, path).and_then(|path| package.imports.get(path)));
                }
            }
        }
    }
    let packages = graph.packages.iter().zip(initialised);
    packages.filter(|(_, initialised)| !initialised).map(|(package, _)| package.path.clone()).collect()
}

fn text(file: &ast::File, path: ast::ExprId) -> Option<&str> {
    match file.tree[path].kind {
        ExprKind::Literal { text, .. } => Some(file.tree.text(text).trim_matches(['"', '`'])),
        _ => None,
    }
}
