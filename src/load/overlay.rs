//! Our packages laid over Go's library: the JSON file that `go list -overlay` takes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Packages of ours, by import path.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    pub packages: BTreeMap<String, OverlayPackage>,
    /// The user's own (`-overlay`): absolute path of a file to the file that stands for it, or to nothing.
    pub replace: BTreeMap<PathBuf, PathBuf>,
}

/// One package of ours.
#[derive(Clone, Debug, Default)]
pub struct OverlayPackage {
    /// Whether Go's files of the package are hidden; otherwise ours are added, and win where the names are equal.
    pub replace: bool,
    /// File name to where the file is on disk.
    pub files: BTreeMap<String, PathBuf>,
    /// Files of Go's package that stay even so.
    pub keep: Vec<String>,
    /// Files of Go's package that are hidden although the others stay.
    pub hide: Vec<String>,
    /// Declarations of Go's files that are taken out, as ours replace them: `Name`, or `Type.Method` for methods of
    /// both kinds of receivers.
    pub without: Vec<String>,
}

impl Overlay {
    /// The JSON text: each path below GOROOT/src to its replacement, or to nothing.
    pub fn json(&self, goroot: &Path) -> Result<String, Error> {
        let mut replace = self.replace.clone();
        for (path, package) in &self.packages {
            let dir = goroot.join("src").join(path);
            if package.replace || !package.hide.is_empty() {
                for name in go_files(&dir)? {
                    if package.hide.contains(&name) || package.replace && !package.keep.contains(&name) {
                        replace.insert(dir.join(name), PathBuf::new());
                    }
                }
            }
            for (name, file) in &package.files {
                replace.insert(dir.join(name), file.clone());
            }
        }
        let text = serde_json::json!({ "Replace": replace });
        Ok(text.to_string())
    }
}

/// Reads the file of `-overlay`, whose form is the go command's: `{"Replace": {"file": "file that stands for it"}}`.
pub fn read_replacements(path: &Path, dir: &Path) -> Result<BTreeMap<PathBuf, PathBuf>, Error> {
    #[derive(serde::Deserialize)]
    struct File {
        #[serde(rename = "Replace", default)]
        replace: BTreeMap<PathBuf, PathBuf>,
    }
    let text = std::fs::read_to_string(dir.join(path))
        .map_err(|error| Error::Io { path: format!("-overlay: {}", path.display()), error })?;
    let file: File = serde_json::from_str(&text)
        .map_err(|error| Error::Overlay(format!("{}: {error}", path.display())))?;
    let absolute = |path: PathBuf| {
        if path.as_os_str().is_empty() { path } else { clean(&dir.join(path)) }
    };
    Ok(file.replace.into_iter().map(|(from, to)| (absolute(from), absolute(to))).collect())
}

/// A path without `.` and `..`.
fn clean(path: &Path) -> PathBuf {
    let mut done = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                done.pop();
            }
            part => done.push(part),
        }
    }
    done
}

/// The Go and assembly files of a folder, sorted; none if there is no folder.
fn go_files(dir: &Path) -> Result<Vec<String>, Error> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::Io { path: dir.display().to_string(), error }),
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| [".go", ".s", ".S", ".h"].iter().any(|suffix| name.ends_with(suffix)))
        .collect();
    names.sort();
    Ok(names)
}
