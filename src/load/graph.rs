//! The packages of a program, read and parsed, dependencies first.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use source::{Diagnostic, FileId, FileSet, Pos};
use syntax::{Mode, ast};

use crate::error::Error;
use crate::golist::{self, Listed, Query};
use crate::listing::{self, Circumstances, Store};
use crate::overlay::Overlay;
use crate::test_main;
use crate::toolchain::{Toolchain, minor_version};

/// What to load.
pub struct Request<'a> {
    pub toolchain: &'a Toolchain,
    /// The working directory: patterns are relative to it.
    pub dir: &'a Path,
    pub goos: &'a str,
    pub goarch: &'a str,
    pub tags: &'a [String],
    pub overlay: &'a Overlay,
    /// Where the overlay's JSON file may be written.
    pub work: &'a Path,
    /// Flags for `go list`: `-mod=…` and so on.
    pub flags: &'a [String],
    /// Packages or Go files, as on Go's command line.
    pub patterns: &'a [String],
    /// Import paths that the program needs although nothing in it names them: `runtime`, `machine`.
    pub implied: &'a [String],
    pub tests: Tests,
    /// The tests, fuzz tests and examples that a program of tests has, without benchmarks; all if none.
    pub kept_tests: Option<&'a BTreeSet<String>>,
    /// A package that is written to measure, once it is known who imports it.
    pub generated: Option<Generated<'a>>,
    /// Told the commands that are run.
    pub trace: Option<fn(&str)>,
    /// Where what go list says is kept.
    pub listings: Option<&'a dyn Store>,
}

/// Which tests come with the packages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tests {
    #[default]
    None,
    /// Packages come with their tests, as `go vet` sees them.
    Included,
    /// What is meant are the programs that run the tests.
    Main,
}

/// A package whose files are made of the names that its importers select.
///
/// The overlay holds a file of it that has all its imports, so that go list knows it.
pub struct Generated<'a> {
    pub path: &'a str,
    /// The names that stand behind a dot in the importing packages -> file names and texts.
    pub make: &'a (dyn Fn(&BTreeSet<String>) -> Result<Vec<(String, Vec<u8>)>, String> + Sync),
}

/// A package with its parsed files.
pub struct Package {
    pub path: String,
    pub name: String,
    pub dir: PathBuf,
    /// Part of Go's library (ours in it included).
    pub standard: bool,
    /// Named on the command line: all its errors are shown.
    pub named: bool,
    pub files: Vec<(FileId, Arc<ast::File>)>,
    /// It has assembly, so functions may lack a body.
    pub assembly: bool,
    /// Files for `//go:embed`, relative to `dir`.
    pub embed: Vec<String>,
    /// Import path in the source to index in [`Graph::packages`].
    pub imports: BTreeMap<String, usize>,
    /// The language version 1.N of its files.
    pub go_minor: u32,
}

/// All packages; those that a package imports stand before it.
pub struct Graph {
    pub packages: Vec<Package>,
    /// What was found wrong while parsing, by package.
    pub errors: Vec<(usize, Vec<Diagnostic>)>,
    /// What the go command says besides.
    pub warnings: Vec<String>,
    /// What the go command took.
    pub listing: Duration,
}

impl Graph {
    /// The packages of the patterns, without the implied ones.
    pub fn named(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.named)
    }

    /// The package that a position is in.
    pub fn package_at(&self, pos: Pos) -> Option<usize> {
        let holds = |file: &ast::File| (file.package.pos..=file.eof).contains(&pos);
        self.packages.iter().position(|package| package.files.iter().any(|(_, file)| holds(file)))
    }

    /// The shortest way from a named package to another one: `package a`, `imports b`, `imports c`.
    pub fn import_chain(&self, to: usize) -> Vec<String> {
        // By package, who imports it on the way.
        let mut from: Vec<Option<usize>> = vec![None; self.packages.len()];
        let mut queue: VecDeque<usize> =
            (0..self.packages.len()).filter(|&i| self.packages[i].named).collect();
        while let Some(at) = queue.pop_front() {
            for &imported in self.packages[at].imports.values() {
                if from[imported].is_none() && !self.packages[imported].named {
                    from[imported] = Some(at);
                    queue.push_back(imported);
                }
            }
        }
        let mut chain = vec![to];
        while let Some(importer) = from[chain[chain.len() - 1]] {
            chain.push(importer);
        }
        let lines = chain.iter().rev().enumerate();
        lines
            .map(|(index, &i)| {
                let word = if index == 0 { "package" } else { "imports" };
                format!("{word} {}", self.packages[i].path)
            })
            .collect()
    }

    /// What parsing found wrong with a package.
    pub fn errors_of(&self, package: usize) -> Vec<Diagnostic> {
        self.errors.iter().filter(|(i, _)| *i == package).flat_map(|(_, errors)| errors.clone()).collect()
    }

    pub fn find(&self, path: &str) -> Option<usize> {
        self.packages.iter().position(|package| package.path == path)
    }
}

/// Loads the packages of a request; file positions go to `files`.
pub fn load(request: &Request, files: &FileSet) -> Result<Graph, Error> {
    let overlay = write_overlay(request)?;
    // Files on the command line are a package of their own and cannot be listed together with import paths.
    let circumstances = request.listings.map(|store| Circumstances {
        store,
        goroot: &request.toolchain.goroot,
        version: &request.toolchain.version,
        overlay: request.overlay,
        work: request.work,
    });
    let query =
        |patterns: &[String]| listing::list(&query(request, patterns, &overlay), circumstances.as_ref());
    let start = Instant::now();
    let are_files = request.patterns.iter().any(|pattern| pattern.ends_with(".go"));
    let (mut listed, warnings);
    if are_files {
        let (first, second) = rayon::join(|| query(request.patterns), || query(request.implied));
        let named;
        (named, warnings) = first?;
        listed = second?.0;
        listed.iter_mut().for_each(|package| package.dep_only = true);
        for package in named {
            if !listed.iter().any(|other| other.import_path == package.import_path) {
                listed.push(package);
            }
        }
    } else {
        let patterns: Vec<String> = request.patterns.iter().chain(request.implied).cloned().collect();
        (listed, warnings) = query(&patterns)?;
        for package in &mut listed {
            if request.implied.contains(&package.import_path) {
                package.dep_only = true;
            }
        }
    }
    let listing = start.elapsed();
    let messages = golist::messages(&listed);
    if !messages.is_empty() {
        return Err(Error::Packages(messages));
    }
    match request.tests {
        Tests::None => {}
        Tests::Included => {
            with_tests(&mut listed);
            keep_needed(&mut listed, request.implied);
        }
        Tests::Main => {
            for package in &mut listed {
                package.dep_only |= !is_test_main(package);
            }
            listed = merge_variants(listed);
        }
    }
    Ok(Graph { warnings, listing, ..read(request, &listed, files)? })
}

/// The packages of a request, and whether they have tests.
pub fn tested(request: &Request) -> Result<Vec<golist::Tested>, Error> {
    let overlay = write_overlay(request)?;
    golist::list_tested(&query(request, request.patterns, &overlay))
}

/// Writes the file that tells go list about our packages.
fn write_overlay(request: &Request) -> Result<PathBuf, Error> {
    let path = request.work.join("overlay.json");
    let text = request.overlay.json(&request.toolchain.goroot)?;
    std::fs::write(&path, text).map_err(|error| Error::Io { path: path.display().to_string(), error })?;
    Ok(path)
}

fn query<'a>(request: &'a Request, patterns: &'a [String], overlay: &'a Path) -> Query<'a> {
    Query {
        dir: request.dir,
        goos: request.goos,
        goarch: request.goarch,
        go: &request.toolchain.command,
        tests: request.tests != Tests::None,
        tags: request.tags,
        overlay: Some(overlay),
        flags: request.flags,
        patterns,
        trace: request.trace,
    }
}

/// A program that the go command wrote to run tests.
fn is_test_main(package: &Listed) -> bool {
    package.name == "main" && package.import_path.ends_with(".test")
}

/// Of a package and its variant with the tests in it the latter is meant. The mains of the tests are left out: the go
/// command writes them when it builds.
fn with_tests(listed: &mut Vec<Listed>) {
    listed.retain(|package| !is_test_main(package));
    let tested: BTreeSet<String> = listed.iter().map(|package| package.for_test.clone()).collect();
    for package in listed {
        if tested.contains(&package.import_path) {
            package.dep_only = true;
        }
    }
}

/// One of each package for a program that runs tests: the variant that is compiled anew for them, `p [p.test]`, takes the
/// place and the name of `p`.
fn merge_variants(mut listed: Vec<Listed>) -> Vec<Listed> {
    let own = |path: &str| path.split(" [").next().unwrap_or_default().to_owned();
    let variants: BTreeSet<String> = listed
        .iter()
        .filter(|package| package.import_path.ends_with(']'))
        .map(|package| own(&package.import_path))
        .collect();
    listed.retain(|package| !variants.contains(&package.import_path));
    for package in &mut listed {
        package.import_path = own(&package.import_path);
        package.imports.iter_mut().chain(package.import_map.values_mut()).for_each(|path| *path = own(path));
    }
    dependencies_first(listed)
}

/// Sorts packages so that those that one imports stand before it, and leaves their order otherwise.
fn dependencies_first(listed: Vec<Listed>) -> Vec<Listed> {
    let index: BTreeMap<&str, usize> =
        listed.iter().enumerate().map(|(i, package)| (package.import_path.as_str(), i)).collect();
    let needs: Vec<Vec<usize>> = listed
        .iter()
        .map(|package| package.imports.iter().chain(package.import_map.values()))
        .map(|paths| paths.filter_map(|path| index.get(path.as_str()).copied()).collect())
        .collect();
    let mut order = Vec::with_capacity(listed.len());
    let mut seen = vec![false; listed.len()];
    for root in 0..listed.len() {
        // A package, and how many of those that it needs are done.
        let mut path = vec![(root, 0)];
        while let Some((at, done)) = path.last_mut() {
            if *done == 0 && std::mem::replace(&mut seen[*at], true) {
                path.pop();
                continue;
            }
            match needs[*at].get(*done) {
                Some(&next) => {
                    *done += 1;
                    if !seen[next] {
                        path.push((next, 0));
                    }
                }
                None => {
                    order.push(*at);
                    path.pop();
                }
            }
        }
    }
    let mut slots: Vec<Option<Listed>> = listed.into_iter().map(Some).collect();
    order.into_iter().filter_map(|i| slots[i].take()).collect()
}

/// Leaves out what only the mains of the tests import.
fn keep_needed(listed: &mut Vec<Listed>, implied: &[String]) {
    let mut needed: BTreeSet<String> = BTreeSet::new();
    // Whoever imports a package stands behind it.
    for package in listed.iter().rev() {
        let path = &package.import_path;
        if !package.dep_only || implied.contains(path) || needed.contains(path) {
            needed.insert(path.clone());
            needed.extend(package.imports.iter().chain(package.import_map.values()).cloned());
        }
    }
    listed.retain(|package| needed.contains(&package.import_path));
}

/// Reads and parses the files of all packages.
fn read(request: &Request, listed: &[Listed], files: &FileSet) -> Result<Graph, Error> {
    let goroot_src = request.toolchain.goroot.join("src");
    let index: BTreeMap<&str, usize> =
        listed.iter().enumerate().map(|(i, package)| (package.import_path.as_str(), i)).collect();

    let jobs: Vec<(usize, &String)> = listed
        .iter()
        .enumerate()
        .flat_map(|(i, package)| package.go_files.iter().map(move |f| (i, f)))
        .collect();
    let texts: Vec<(PathBuf, Vec<u8>)> = jobs
        .par_iter()
        .map(|&(i, name)| {
            let package = &listed[i];
            let path = real_path(request, &goroot_src, package, name);
            let read = request.overlay.replace.get(&path).unwrap_or(&path);
            let mut bytes =
                std::fs::read(read).map_err(|error| Error::Io { path: read.display().to_string(), error })?;
            if let (Some(kept), true) = (request.kept_tests, is_test_main(package)) {
                bytes = test_main::keep(&String::from_utf8_lossy(&bytes), kept).into_bytes();
            }
            Ok((path, bytes))
        })
        .collect::<Result<_, Error>>()?;
    let made = generate(request, listed, &jobs, &texts)?;
    let jobs: Vec<usize> = jobs.iter().map(|&(i, _)| i).chain(made.iter().map(|&(i, ..)| i)).collect();
    // Positions are handed out in one order, whatever the parallel reading did.
    let ids: Vec<FileId> = texts
        .into_iter()
        .chain(made.into_iter().map(|(_, path, bytes)| (path, bytes)))
        .map(|(path, bytes)| files.add(&path.display().to_string(), &display(request.dir, &path), bytes))
        .collect();
    let parsed: Vec<(ast::File, Vec<Diagnostic>)> = jobs
        .par_iter()
        .zip(&ids)
        .map(|(&i, &id)| {
            let mode = if listed[i].dep_only && listed[i].standard { Mode::LazyBodies } else { Mode::Full };
            let mut errors = Vec::new();
            let mut file = syntax::parse_file(&files.file(id), mode, &mut errors);
            take_out(request.overlay, &listed[i], &files.file(id).path, &mut file);
            (file, errors)
        })
        .collect();

    let mut graph =
        Graph { packages: Vec::new(), errors: Vec::new(), warnings: Vec::new(), listing: Duration::ZERO };
    let mut errors: Vec<Vec<Diagnostic>> = listed.iter().map(|_| Vec::new()).collect();
    let mut package_files: Vec<Vec<(FileId, Arc<ast::File>)>> = listed.iter().map(|_| Vec::new()).collect();
    for ((&i, (file, mut found)), id) in jobs.iter().zip(parsed).zip(ids) {
        errors[i].append(&mut found);
        package_files[i].push((id, Arc::new(file)));
    }
    for (i, (package, (files, errors))) in
        listed.iter().zip(package_files.into_iter().zip(errors)).enumerate()
    {
        if !errors.is_empty() {
            graph.errors.push((i, errors));
        }
        graph.packages.push(Package {
            path: package.import_path.clone(),
            name: package.name.clone(),
            dir: package.dir.clone(),
            standard: package.standard,
            named: !package.dep_only,
            files,
            assembly: !package.s_files.is_empty(),
            embed: package.embed_files.clone(),
            imports: imports(package, &index),
            go_minor: language_version(request, package),
        });
    }
    Ok(graph)
}

/// Takes the declarations out of one of Go's files that files of ours replace.
fn take_out(overlay: &Overlay, package: &Listed, path: &str, file: &mut ast::File) {
    let Some(ours) = overlay.packages.get(&package.import_path).filter(|_| package.standard) else { return };
    if ours.without.is_empty() || ours.files.values().any(|own| own == Path::new(path)) {
        return;
    }
    file.retain_decls(|name| !ours.without.iter().any(|without| without == name));
}

/// The files of the generated package: index of the package, path, text.
fn generate(
    request: &Request,
    listed: &[Listed],
    jobs: &[(usize, &String)],
    texts: &[(PathBuf, Vec<u8>)],
) -> Result<Vec<(usize, PathBuf, Vec<u8>)>, Error> {
    let Some(generated) = &request.generated else { return Ok(Vec::new()) };
    let Some(at) = listed.iter().position(|package| package.import_path == generated.path) else {
        return Ok(Vec::new());
    };
    let imports_it = |i: usize| i == at || listed[i].imports.iter().any(|path| path == generated.path);
    let mut wanted = BTreeSet::new();
    for (&(i, _), (_, text)) in jobs.iter().zip(texts) {
        if i == at {
            // Its hand-written part uses the names without a qualifier.
            wanted.extend(words(text).map(|(_, word)| word));
        } else if imports_it(i) {
            wanted.extend(words(text).filter(|&(selected, _)| selected).map(|(_, word)| word));
        }
    }
    let made = (generated.make)(&wanted)
        .map_err(|text| Error::Go { command: format!("generating {}", generated.path), text })?;
    Ok(made.into_iter().map(|(name, text)| (at, Path::new(generated.path).join(name), text)).collect())
}

/// The identifiers of a text (ASCII ones), and whether a dot stands before each. Comments count too: a name too many is
/// no harm.
fn words(text: &[u8]) -> impl Iterator<Item = (bool, String)> + '_ {
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].iter().position(is_word)?;
        let end = text[start..].iter().position(|b| !is_word(b)).map_or(text.len(), |n| start + n);
        at = end;
        let selected = start > 0 && text[start - 1] == b'.';
        Some((selected, String::from_utf8_lossy(&text[start..end]).into_owned()))
    })
}

/// The imports of a package as its sources spell them.
fn imports(package: &Listed, index: &BTreeMap<&str, usize>) -> BTreeMap<String, usize> {
    let mut imports = BTreeMap::new();
    for path in &package.imports {
        if let Some(&i) = index.get(path.as_str()) {
            imports.insert(path.clone(), i);
        }
    }
    for (spelled, path) in &package.import_map {
        if let Some(&i) = index.get(path.as_str()) {
            imports.insert(spelled.clone(), i);
        }
    }
    imports
}

/// Where a file is on disk: the overlay's, if it has one for that place.
fn real_path(request: &Request, goroot_src: &Path, package: &Listed, name: &str) -> PathBuf {
    if let Ok(relative) = package.dir.strip_prefix(goroot_src)
        && let Some(own) = relative.to_str().and_then(|path| request.overlay.packages.get(path))
        && let Some(file) = own.files.get(name)
    {
        return file.clone();
    }
    package.dir.join(name)
}

/// The path as diagnostics show it: `./x.go` in the working directory, `y/x.go` below, `../z/x.go` near it, and the whole
/// path where that is shorter.
fn display(dir: &Path, path: &Path) -> String {
    if let Ok(below) = path.strip_prefix(dir) {
        let here = below.components().count() == 1;
        return format!("{}{}", if here { "./" } else { "" }, below.display());
    }
    let whole = path.display().to_string();
    let common = dir.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = dir.components().count() - common;
    let relative: PathBuf = std::iter::repeat_n(std::path::Component::ParentDir, up)
        .chain(path.components().skip(common))
        .collect();
    let relative = relative.display().to_string();
    if relative.len() < whole.len() { relative } else { whole }
}

/// The N of the language version go1.N: that of the module, for the library and for files without a module that of the
/// toolchain.
fn language_version(request: &Request, package: &Listed) -> u32 {
    match &package.module {
        Some(module) if !package.standard => match &module.go_version {
            Some(version) => minor_version(&format!("go{version}")).unwrap_or(request.toolchain.minor),
            // Go modules reference, "go directive": without one it is go 1.16.
            None => 16,
        },
        _ => request.toolchain.minor,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(path: &str, imports: &[&str]) -> Listed {
        let json = serde_json::json!({ "ImportPath": path, "Imports": imports });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn tests_have_one_of_each_package() {
        // `a` is tested, which `b` imports; the runtime is there for other reasons and was compiled with the plain `a`.
        let merged = merge_variants(vec![
            listed("a", &[]),
            listed("runtime", &["a"]),
            listed("c", &[]),
            listed("a [a.test]", &["c"]),
            listed("b [a.test]", &["a [a.test]"]),
            listed("a_test [a.test]", &["a [a.test]", "b [a.test]"]),
            listed("a.test", &["a [a.test]", "a_test [a.test]"]),
        ]);
        let paths: Vec<&str> = merged.iter().map(|package| package.import_path.as_str()).collect();
        assert_eq!(paths, ["c", "a", "runtime", "b", "a_test", "a.test"]);
        assert_eq!(merged[4].imports, ["a", "b"]);
    }

    #[test]
    fn paths_as_messages_show_them() {
        let shown = |path: &str| display(Path::new("/home/me/project/cmd"), Path::new(path));
        assert_eq!(shown("/home/me/project/cmd/a.go"), "./a.go");
        assert_eq!(shown("/home/me/project/cmd/b/a.go"), "b/a.go");
        assert_eq!(shown("/home/me/project/lib/a.go"), "../lib/a.go");
        assert_eq!(shown("/home/me/a.go"), "../../a.go");
        assert_eq!(shown("/usr/a.go"), "/usr/a.go");
    }
}
