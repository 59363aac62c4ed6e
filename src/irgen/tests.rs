//! `tests/irgen/*.go`: programs on our own package runtime, for pointers of 32 and 64 bits: no diagnostics, and the verifier is content.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ir::TargetLayout;
use source::FileSet;
use syntax::ast::File;
use types::{Checker, PackageId, PackageSource, Sizes};

const TAGS: &[&str] =
    &["linux", "amd64", "tinygo", "gc.conservative", "scheduler.tasks", "serial.none", "unix"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn parse(files: &FileSet, path: &Path) -> Arc<File> {
    parse_text(files, &path.display().to_string(), std::fs::read(path).unwrap())
}

fn parse_text(files: &FileSet, name: &str, bytes: Vec<u8>) -> Arc<File> {
    let id = files.add(name, name, bytes);
    let mut errors = Vec::new();
    let file = syntax::parse_file(&files.file(id), syntax::Mode::LazyBodies, &mut errors);
    assert!(errors.is_empty(), "{name}: {errors:?}");
    Arc::new(file)
}

/// The files of package runtime for Linux.
fn runtime(files: &FileSet) -> Vec<Arc<File>> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root().join("runtime")).unwrap().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let mut has = |tag: &str| TAGS.contains(&tag) || tag.starts_with("go1.");
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.ends_with(".go") && syntax::build::file_name_matches(&name, &mut has)
    });
    let mut list = Vec::new();
    for path in paths {
        let file = parse(files, &path);
        if file.build.as_ref().is_none_or(|build| build.eval(&mut has)) {
            list.push(file);
        }
    }
    list
}

fn build(path: &Path, layout: TargetLayout) -> ir::Program {
    let files = Arc::new(FileSet::default());
    let sizes = Sizes { pointer: layout.ptr_bytes, int: layout.int_bytes, max_align: layout.max_align };
    let mut checker = Checker::new(files.clone(), sizes);
    let mut imports = BTreeMap::new();
    let mut add = |checker: &mut Checker, path: &str, list: Vec<Arc<File>>| -> PackageId {
        let id = checker.add_package(PackageSource {
            path: path.to_owned(),
            files: list,
            imports: imports.clone(),
            go_version: (1, 26),
            is_user: path == "main",
        });
        checker.check_all(id);
        let errors = checker.take_errors();
        assert!(errors.is_empty(), "{path}: {errors:?}");
        imports.insert(path.to_owned(), id);
        id
    };
    // All that our runtime imports.
    for (path, text) in [
        ("internal/goarch", "package goarch; const GOARCH = \"amd64\""),
        ("internal/goos", "package goos; const GOOS = \"linux\""),
    ] {
        let list = vec![parse_text(&files, path, text.as_bytes().to_vec())];
        add(&mut checker, path, list);
    }
    add(&mut checker, "runtime", runtime(&files));
    let main = vec![parse(&files, path)];
    let main = add(&mut checker, "main", main);
    let config = crate::Config::new(layout);
    match crate::build(&mut checker, &files, main, &config) {
        Ok(program) => program,
        Err(error) => panic!("{}: {:?}", path.display(), error.diagnostics),
    }
}

#[test]
fn programs_verify() {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root().join("tests/irgen")).unwrap().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        for layout in [TargetLayout::BITS64, TargetLayout::BITS32] {
            let program = build(&path, layout);
            if let Err(errors) = ir::verify::verify(&program) {
                let list: Vec<String> = errors.iter().take(5).map(ToString::to_string).collect();
                panic!("{} with {layout:?}:\n{}", path.display(), list.join("\n"));
            }
            assert!(program.func_named("main.main").is_some());
        }
    }
}

#[test]
fn two_runs_give_the_same_program() {
    let path = root().join("tests/irgen/language.go");
    let text = || ir::text::print_program(&build(&path, TargetLayout::BITS32));
    assert!(text() == text());
}
