//! The type checker over all packages of a graph: declarations in the order of imports, bodies on all threads.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use load::{Graph, Package};
use source::{Diagnostic, FileSet, Pos};
use types::{Checker, Declared, PackageId, PackageSource, Sizes};

use crate::directives;

/// What is wrong with each package of the graph. The library's own packages are checked only as far as they are named.
pub fn check_graph(graph: &Graph, files: &Arc<FileSet>, sizes: Sizes) -> Vec<Vec<Diagnostic>> {
    let mut checker = Checker::new(files.clone(), sizes);
    let mut found: Vec<Vec<Diagnostic>> = (0..graph.packages.len()).map(|i| graph.errors_of(i)).collect();
    // `None`: not checked, because of its own syntax errors or because of what it imports.
    let mut ids: Vec<Option<PackageId>> = Vec::with_capacity(graph.packages.len());
    let mut waiting: Vec<(usize, Declared)> = Vec::new();
    for (i, package) in graph.packages.iter().enumerate() {
        if package.path == "unsafe" {
            ids.push(Some(PackageId::UNSAFE));
            continue;
        }
        let imports: Option<BTreeMap<String, PackageId>> =
            package.imports.iter().map(|(path, &index)| Some((path.clone(), ids[index]?))).collect();
        if imports.is_some() && !package.standard {
            directives::while_parsing(package, &mut found[i]);
        }
        let Some(imports) = imports.filter(|_| !found[i].iter().any(Diagnostic::is_syntax_error)) else {
            ids.push(None);
            continue;
        };
        let full = package.named || !package.standard;
        let id = checker.add_package(package_source(package, imports, full));
        let mut failed = !found[i].is_empty();
        if full {
            let declared = checker.declare_first(id);
            failed |= !declared.errors().is_empty();
            waiting.push((i, declared));
        } else {
            checker.declare(id);
            found[i].append(&mut checker.take_errors());
            failed = !found[i].is_empty();
        }
        ids.push((!failed).then_some(id));
    }
    for (i, mut errors) in check_bodies(&mut checker, files, graph, waiting) {
        found[i].append(&mut errors);
    }
    for (i, package) in graph.packages.iter().enumerate() {
        // A package that was declared before the bodies of one that it imports were found wrong.
        if package.imports.values().any(|&index| ids[index].is_none()) {
            if ids[i].take().is_some() {
                found[i] = graph.errors_of(i);
            }
            continue;
        }
        let Some(id) = ids[i] else { continue };
        if found[i].is_empty() && !package.standard {
            found[i] = directives::after_types(package);
        }
        if found[i].is_empty() && package.named && package.name == "main" && !is_test(&package.path) {
            found[i].extend(no_main(&checker, id));
        }
        if !found[i].is_empty() {
            ids[i] = None;
        }
    }
    found
}

/// Checks what is left of packages that are declared, on as many threads as there are for work in parallel.
///
/// A body changes nothing outside of itself but the tables of types, so each thread has a copy of the checker to itself.
fn check_bodies(
    checker: &mut Checker,
    files: &Arc<FileSet>,
    graph: &Graph,
    mut waiting: Vec<(usize, Declared)>,
) -> Vec<(usize, Vec<Diagnostic>)> {
    // The largest first: whichever is last is short.
    waiting.sort_by_key(|(i, _)| std::cmp::Reverse(length(&graph.packages[*i], files)));
    let threads = rayon::current_num_threads().min(waiting.len());
    let waiting: Vec<Mutex<Option<(usize, Declared)>>> =
        waiting.into_iter().map(|declared| Mutex::new(Some(declared))).collect();
    let next = AtomicUsize::new(0);
    let work = |checker: &mut Checker| {
        let mut found = Vec::new();
        while let Some(slot) = waiting.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Some((i, declared)) = slot.lock().unwrap_or_else(PoisonError::into_inner).take() else {
                continue;
            };
            checker.check_rest(declared);
            found.push((i, checker.take_errors()));
            checker.forget_bodies();
        }
        found
    };
    std::thread::scope(|scope| {
        let mut others = Vec::new();
        for _ in 1..threads {
            let mut fork = checker.fork(files.clone());
            let thread = std::thread::Builder::new().stack_size(STACK);
            // Without another thread this one does all.
            others.extend(thread.spawn_scoped(scope, move || work(&mut fork)));
        }
        let mut found = work(checker);
        for other in others {
            match other.join() {
                Ok(more) => found.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        found
    })
}

/// The import path of a package, as the checker knows it.
pub(crate) fn path_in_source(package: &Package) -> String {
    if package.name == "main" && package.named {
        "main".to_owned()
    } else {
        // `p [p.test]`, with its tests, is p all the same.
        package.path.split(" [").next().unwrap_or_default().to_owned()
    }
}

/// A package as the checker takes it.
pub(crate) fn package_source(
    package: &Package,
    imports: BTreeMap<String, PackageId>,
    is_user: bool,
) -> PackageSource {
    PackageSource {
        path: path_in_source(package),
        files: package.files.iter().map(|(_, file)| file.clone()).collect(),
        imports,
        go_version: (1, package.go_minor),
        is_user,
    }
}

/// As much as a main thread has: how deeply types and expressions may be nested must not depend on the thread.
const STACK: usize = 8 << 20;

/// Bytes of source.
fn length(package: &Package, files: &FileSet) -> usize {
    package.files.iter().map(|(id, _)| files.file(*id).bytes.len()).sum()
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
