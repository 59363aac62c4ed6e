//! Answers of `go list`, kept from one build to the next: an edit hardly ever changes what a package consists of, and
//! asking takes longer than reading all of it.
//!
//! An answer holds as long as everything that it was made from is the same: the question and the environment (the key),
//! the files that make modules, and of each folder outside of Go's library the names of the Go files, their build
//! constraints and their imports. Answers with errors or messages, with embedded files or with patterns of many packages
//! (`./...`) are not kept, nor are those that files were written under meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use source::FileSet;
use syntax::Mode;
use syntax::ast::ExprKind;

use crate::error::Error;
use crate::golist::{self, Listed, Query};
use crate::overlay::Overlay;

/// Where answers are kept.
pub trait Store: Sync {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>>;
    /// May fail silently: the answer is then asked for again.
    fn put(&self, key: &[u8], answer: &[u8]);
}

/// What an answer depends on beside the question.
pub(crate) struct Circumstances<'a> {
    pub store: &'a dyn Store,
    pub goroot: &'a Path,
    pub version: &'a str,
    pub overlay: &'a Overlay,
    /// The folder for this build alone: its name is of no importance.
    pub work: &'a Path,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    /// What go list printed.
    packages: String,
    /// Fingerprints of the folders with Go files, and of the files about modules.
    folders: BTreeMap<PathBuf, u64>,
    files: BTreeMap<PathBuf, u64>,
}

/// The files that say what a module is, in its folder; those of all folders above count.
const OF_MODULES: [&str; 5] = ["go.mod", "go.sum", "go.work", "go.work.sum", "vendor/modules.txt"];

/// The packages that the patterns name, and all that they import: as before, or from the go command.
pub(crate) fn list(
    query: &Query,
    circumstances: Option<&Circumstances>,
) -> Result<(Vec<Listed>, Vec<String>), Error> {
    // Whoever wants to see the commands wants them to run.
    let usable = query.trace.is_none() && !query.patterns.iter().any(|pattern| pattern.contains("..."));
    let Some(about) = circumstances.filter(|_| usable) else { return golist::list(query) };
    let Some(key) = key(query, about) else { return golist::list(query) };
    if let Some(bytes) = about.store.get(&key)
        && let Ok(answer) = serde_json::from_slice::<Answer>(&bytes)
        && holds(&answer)
    {
        return Ok((golist::parse(answer.packages.as_bytes())?, Vec::new()));
    }
    let start = SystemTime::now();
    let (text, said) = golist::ask(query)?;
    let listed = golist::parse(&text)?;
    if said.is_empty()
        && let Ok(packages) = String::from_utf8(text)
        && let Some(answer) = answer(query, &listed, packages, start)
        && let Ok(bytes) = serde_json::to_vec(&answer)
    {
        about.store.put(&key, &bytes);
    }
    Ok((listed, said))
}

/// Everything of the question. None if something cannot be read.
fn key(query: &Query, about: &Circumstances) -> Option<Vec<u8>> {
    let environment: BTreeMap<_, _> = std::env::vars_os()
        .filter(|(name, _)| name.to_string_lossy().starts_with("GO") || name == "HOME" || name == "PATH")
        .collect();
    let mut ours = Vec::new();
    for (path, package) in &about.overlay.packages {
        ours.push(format!("{path} {} {:?} {:?}", package.replace, package.keep, package.hide));
        for (name, file) in &package.files {
            let print = if file.starts_with(about.work) {
                fingerprint_file(file)
            } else {
                fingerprint_metadata(file)?
            };
            ours.push(format!("{name} {print:x}"));
        }
    }
    for (path, file) in &about.overlay.replace {
        ours.push(format!("{} {} {:x}", path.display(), file.display(), fingerprint_file(file)));
    }
    let text = format!(
        "{} {} {:x} {} {} {} {} {:?} {:?} {:?} {environment:?} {ours:?}",
        about.goroot.display(),
        about.version,
        fingerprint_metadata(&about.goroot.join("VERSION")).unwrap_or(0),
        query.dir.display(),
        query.goos,
        query.goarch,
        query.tests,
        query.tags,
        query.flags,
        query.patterns,
    );
    Some(text.into_bytes())
}

/// What an answer to keep consists of; none for one that is not to be kept.
fn answer(query: &Query, listed: &[Listed], packages: String, start: SystemTime) -> Option<Answer> {
    let mut folders = BTreeMap::new();
    let mut modules: BTreeSet<PathBuf> = query.dir.ancestors().map(Path::to_owned).collect();
    for package in listed {
        if package.error.is_some() || !package.deps_errors.is_empty() {
            return None;
        }
        if package.standard {
            continue;
        }
        if !package.embed_files.is_empty() || !package.cgo_files.is_empty() {
            return None;
        }
        modules.extend(package.dir.ancestors().map(Path::to_owned));
        if !folders.contains_key(&package.dir) {
            folders.insert(package.dir.clone(), fingerprint_folder(&package.dir, Some(start))?);
        }
    }
    let files = modules
        .iter()
        .flat_map(|folder| OF_MODULES.map(|name| folder.join(name)))
        .map(|file| (file.clone(), fingerprint_file(&file)));
    let files: BTreeMap<PathBuf, u64> = files.collect();
    let written =
        |file: &PathBuf| fs::metadata(file).and_then(|data| data.modified()).is_ok_and(|at| at >= start);
    if files.keys().any(written) {
        return None;
    }
    Some(Answer { packages, folders, files })
}

fn holds(answer: &Answer) -> bool {
    let folder = |(path, print): (&PathBuf, &u64)| fingerprint_folder(path, None) == Some(*print);
    let file = |(path, print): (&PathBuf, &u64)| fingerprint_file(path) == *print;
    answer.files.iter().all(file) && answer.folders.iter().all(folder)
}

/// The content of a file, or that there is none.
fn fingerprint_file(path: &Path) -> u64 {
    hash(&fs::read(path).ok())
}

/// Length and time of a file that only its installation changes.
fn fingerprint_metadata(path: &Path) -> Option<u64> {
    let data = fs::metadata(path).ok()?;
    Some(hash(&(data.len(), data.modified().ok()?)))
}

/// The Go files of a folder as the go command sees them. None if one cannot be read, has files embedded, or was written
/// since `start`.
fn fingerprint_folder(dir: &Path, start: Option<SystemTime>) -> Option<u64> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).ok()? {
        let entry = entry.ok()?;
        let name = entry.file_name().into_string().ok()?;
        if [".go", ".s", ".S", ".h", ".c"].iter().any(|suffix| name.ends_with(suffix)) {
            let written = entry.metadata().ok()?.modified().ok()?;
            if start.is_some_and(|start| written >= start) {
                return None;
            }
            files.push((name, entry.path()));
        }
    }
    files.sort();
    let heads: Option<Vec<(Vec<String>, &str)>> =
        files.iter().map(|(name, path)| Some((head(name, path)?, name.as_str()))).collect();
    Some(hash(&heads?))
}

/// What decides whether a Go file belongs to a package, and what it imports.
fn head(name: &str, path: &Path) -> Option<Vec<String>> {
    if !name.ends_with(".go") {
        return Some(Vec::new());
    }
    let bytes = fs::read(path).ok()?;
    if bytes.windows(10).any(|window| window == b"//go:embed") {
        return None;
    }
    let files = FileSet::default();
    let id = files.add(name, name, bytes);
    let source = files.file(id);
    let mut errors = Vec::new();
    let file = syntax::parse_file(&source, Mode::LazyBodies, &mut errors);
    if !errors.is_empty() {
        return None;
    }
    // Build constraints stand before the package clause.
    let before = &source.bytes[..source.offset(file.package.pos) as usize];
    let mut head = vec![String::from_utf8_lossy(before).into_owned(), file.package.name.as_str().to_owned()];
    head.extend(file.imports().map(|(_, _, path)| match file.tree[path].kind {
        ExprKind::Literal { text, .. } => file.tree.text(text).to_owned(),
        _ => String::new(),
    }));
    Some(head)
}

fn hash<T: Hash>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a file as if it were old.
    fn write(dir: &Path, name: &str, text: &str) {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::File::open(&path).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    }

    fn folder(dir: &Path) -> Option<u64> {
        fingerprint_folder(dir, Some(SystemTime::now()))
    }

    #[test]
    fn an_edit_of_a_body_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "a.go", "package a\n\nimport \"fmt\"\n\nfunc F() { fmt.Println(1) }\n");
        let before = folder(dir.path()).unwrap();
        write(
            dir.path(),
            "a.go",
            "package a\n\nimport \"fmt\"\n\nfunc F() { fmt.Println(2) }\n\nfunc G() {}\n",
        );
        write(dir.path(), "notes.txt", "nothing to do with it");
        assert_eq!(folder(dir.path()), Some(before));
    }

    #[test]
    fn what_go_list_looks_at_counts() {
        let dir = tempfile::tempdir().unwrap();
        write(dir.path(), "a.go", "package a\n\nimport \"fmt\"\n");
        let before = folder(dir.path()).unwrap();
        for (name, text) in [
            ("a.go", "package a\n\nimport \"os\"\n"),
            ("a.go", "package b\n\nimport \"fmt\"\n"),
            ("a.go", "//go:build linux\n\npackage a\n\nimport \"fmt\"\n"),
            ("b.go", "package a\n"),
            ("b_test.go", "package a\n"),
            ("a.s", ""),
        ] {
            let other = tempfile::tempdir().unwrap();
            write(other.path(), "a.go", "package a\n\nimport \"fmt\"\n");
            assert_eq!(folder(other.path()), Some(before));
            write(other.path(), name, text);
            assert_ne!(folder(other.path()), Some(before), "{name}: {text}");
        }
    }

    #[test]
    fn what_is_not_kept() {
        let dir = tempfile::tempdir().unwrap();
        let start = SystemTime::now();
        write(dir.path(), "a.go", "package a\n\nimport _ \"embed\"\n\n//go:embed x\nvar x string\n");
        assert_eq!(folder(dir.path()), None, "embedded files");
        write(dir.path(), "a.go", "package a\n\nfunc {\n");
        assert_eq!(folder(dir.path()), None, "errors");
        fs::write(dir.path().join("a.go"), "package a\n").unwrap();
        fs::File::open(dir.path().join("a.go")).unwrap().set_modified(start).unwrap();
        assert_eq!(fingerprint_folder(dir.path(), Some(start)), None, "written meanwhile");
        assert_eq!(folder(&dir.path().join("gone")), None);
    }

    #[test]
    fn files_of_modules_count() {
        let dir = tempfile::tempdir().unwrap();
        let go_mod = dir.path().join("go.mod");
        let of = || Answer {
            packages: String::new(),
            folders: BTreeMap::new(),
            files: BTreeMap::from([(go_mod.clone(), fingerprint_file(&go_mod))]),
        };
        let without = of();
        assert!(holds(&without));
        write(dir.path(), "go.mod", "module a\n");
        assert!(!holds(&without));
        let with = of();
        assert!(holds(&with));
        write(dir.path(), "go.mod", "module a\n\ngo 1.26\n");
        assert!(!holds(&with));
    }
}
