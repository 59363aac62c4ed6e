//! The tree of files that the tool brings along: boards/, svd/, runtime/, machine/ and examples/.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Where the tool's own files come from. Names are relative and use forward slashes: `boards/arduino.yaml`.
#[derive(Debug, Clone)]
pub enum Root {
    /// The files compiled into this binary, sorted by name.
    Embedded,
    /// A folder on disk: TINYGOROOT, or the source tree in a debug build.
    Dir(PathBuf),
    /// Files held in memory, for tests.
    Memory(BTreeMap<String, Vec<u8>>),
}

impl Root {
    /// The root that TINYGOROOT names, or else the files that belong to this binary.
    ///
    /// `tinygoroot` is the value of the environment variable; empty counts as unset. A folder without `boards/` in it
    /// is an error, so that a stale variable does not look like a missing board.
    pub fn open(tinygoroot: Option<&Path>) -> io::Result<Root> {
        match tinygoroot.filter(|dir| !dir.as_os_str().is_empty()) {
            Some(dir) if dir.join("boards").is_dir() => Ok(Root::Dir(dir.to_path_buf())),
            Some(dir) => Err(io::Error::new(
                io::ErrorKind::NotFound,
                format!(
                    "TINYGOROOT is {}, but there is no folder boards in it; unset TINYGOROOT to use the built-in files",
                    dir.display()
                ),
            )),
            None => Ok(Root::own()),
        }
    }

    /// The files that belong to this binary: embedded, or in a debug build the source tree.
    pub fn own() -> Root {
        match SOURCE_TREE {
            Some(dir) => Root::Dir(PathBuf::from(dir)),
            None => Root::Embedded,
        }
    }

    /// The folder on disk that holds the files, where there is one.
    pub fn dir(&self) -> Option<&Path> {
        match self {
            Root::Dir(dir) => Some(dir),
            Root::Embedded | Root::Memory(_) => None,
        }
    }

    /// The content of one file. `None` if there is no such file, or the name leaves the tree.
    pub fn read(&self, name: &str) -> Option<Cow<'_, [u8]>> {
        if !stays_inside(name) {
            return None;
        }
        match self {
            Root::Embedded => {
                let at = FILES.binary_search_by(|(n, _)| (*n).cmp(name)).ok()?;
                Some(Cow::Borrowed(FILES[at].1))
            }
            Root::Dir(dir) => fs::read(dir.join(name)).ok().map(Cow::Owned),
            Root::Memory(files) => files.get(name).map(|bytes| Cow::Borrowed(bytes.as_slice())),
        }
    }

    /// One file as text, or an error that names it.
    pub fn text(&self, name: &str) -> io::Result<String> {
        let bytes = self.read(name).ok_or_else(|| {
            io::Error::new(io::ErrorKind::NotFound, format!("{name}: no such file in {}", self.describe()))
        })?;
        String::from_utf8(bytes.into_owned())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, format!("{name}: not UTF-8 text")))
    }

    /// The names in one folder, sorted; folders end in `/`. Empty if there is no such folder.
    pub fn list(&self, folder: &str) -> Vec<String> {
        let folder = folder.trim_end_matches('/');
        if !stays_inside(folder) {
            return Vec::new();
        }
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let below = |names: &mut dyn Iterator<Item = &str>| -> BTreeSet<String> {
            names
                .filter_map(|name| name.strip_prefix(&prefix))
                .map(|rest| match rest.find('/') {
                    Some(slash) => rest[..=slash].to_owned(),
                    None => rest.to_owned(),
                })
                .collect()
        };
        let names = match self {
            Root::Embedded => below(&mut FILES.iter().map(|(name, _)| *name)),
            Root::Memory(files) => below(&mut files.keys().map(String::as_str)),
            Root::Dir(dir) => list_dir(&dir.join(folder)),
        };
        names.into_iter().collect()
    }

    /// All files below a folder, as full names, sorted.
    pub fn walk(&self, folder: &str) -> Vec<String> {
        let folder = folder.trim_end_matches('/');
        let mut found = Vec::new();
        for name in self.list(folder) {
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            match path.strip_suffix('/') {
                Some(sub) => found.extend(self.walk(sub)),
                None => found.push(path),
            }
        }
        found
    }

    /// What to call this root in a message.
    pub fn describe(&self) -> String {
        match self {
            Root::Embedded => "the built-in files".to_owned(),
            Root::Dir(dir) => dir.display().to_string(),
            Root::Memory(_) => "memory".to_owned(),
        }
    }
}

fn list_dir(dir: &Path) -> BTreeSet<String> {
    let Ok(entries) = fs::read_dir(dir) else { return BTreeSet::new() };
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let is_dir = entry.path().is_dir();
            Some(if is_dir { format!("{name}/") } else { name })
        })
        .collect()
}

/// Whether a relative name has no `..`, no root and no drive in it.
fn stays_inside(name: &str) -> bool {
    Path::new(name).components().all(|c| matches!(c, Component::Normal(_) | Component::CurDir))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(names: &[&str]) -> Root {
        Root::Memory(names.iter().map(|n| ((*n).to_owned(), n.as_bytes().to_vec())).collect())
    }

    #[test]
    fn lists_files_and_folders_sorted() {
        let root = memory(&["boards/b.yaml", "boards/a.yaml", "boards/chips/c.yaml", "svd/x"]);
        assert_eq!(root.list("boards"), ["a.yaml", "b.yaml", "chips/"]);
        assert_eq!(root.list("boards/"), root.list("boards"));
        assert_eq!(root.list(""), ["boards/", "svd/"]);
        assert!(root.list("none").is_empty());
        assert_eq!(root.walk("boards"), ["boards/a.yaml", "boards/b.yaml", "boards/chips/c.yaml"]);
    }

    #[test]
    fn never_leaves_the_tree() {
        let root = Root::own();
        assert!(root.read("../etc/passwd").is_none());
        assert!(root.read("/etc/passwd").is_none());
        assert!(root.list("..").is_empty());
    }

    #[test]
    fn own_files_are_there() {
        let root = Root::own();
        assert!(root.read("boards/arduino.yaml").is_some());
        assert!(root.list("boards").contains(&"arduino.yaml".to_owned()));
        let text = root.text("boards/none.yaml").unwrap_err().to_string();
        assert!(text.starts_with("boards/none.yaml: no such file in "), "{text}");
    }

    #[test]
    fn a_wrong_tinygoroot_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let text = Root::open(Some(dir.path())).unwrap_err().to_string();
        assert!(text.contains("TINYGOROOT"), "{text}");
        assert!(Root::open(None).is_ok() && Root::open(Some(Path::new(""))).is_ok());
    }

    #[test]
    fn the_embedded_table_is_sorted() {
        assert!(FILES.windows(2).all(|w| w[0].0 < w[1].0));
    }
}
