//! The cache folder: products by the hash of what they were made from.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::Error;

/// A folder below the user's cache directory. Entries are written whole or not at all, so that builds can share it.
#[derive(Clone, Debug)]
pub struct Cache {
    dir: PathBuf,
}

impl Cache {
    /// `$XDG_CACHE_HOME/tinygo`, or `~/.cache/tinygo`.
    pub fn open() -> Result<Cache, Error> {
        let base = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|dir| dir.is_absolute())
            .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
            .ok_or_else(|| Error::Other("no cache folder: set HOME or XDG_CACHE_HOME".to_owned()))?;
        Cache::at(&base.join("tinygo"))
    }

    pub fn at(dir: &Path) -> Result<Cache, Error> {
        std::fs::create_dir_all(dir).map_err(|error| Error::io(dir, error))?;
        Ok(Cache { dir: dir.to_owned() })
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub fn get(&self, kind: &str, key: &Key) -> Option<Vec<u8>> {
        std::fs::read(self.path(kind, key)).ok()
    }

    pub fn put(&self, kind: &str, key: &Key, bytes: &[u8]) -> Result<PathBuf, Error> {
        let path = self.path(kind, key);
        self.write(&path, bytes)?;
        Ok(path)
    }

    /// Where an entry is, or would be.
    pub fn path(&self, kind: &str, key: &Key) -> PathBuf {
        self.dir.join(kind).join(&key.0)
    }

    /// Writes a file through a temporary one beside it.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let fail = |error| Error::io(path, error);
        let dir = path.parent().unwrap_or(&self.dir);
        std::fs::create_dir_all(dir).map_err(fail)?;
        let mut file = tempfile::NamedTempFile::new_in(dir).map_err(fail)?;
        std::io::Write::write_all(&mut file, bytes).map_err(fail)?;
        file.persist(path).map_err(|error| fail(error.error))?;
        Ok(())
    }

    /// Removes everything.
    pub fn clean(&self) -> Result<(), Error> {
        match std::fs::remove_dir_all(&self.dir) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io(&self.dir, error)),
            _ => Ok(()),
        }
    }
}

/// The name of an entry: a hash of everything that the product depends on, this compiler included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

/// Collects what a product depends on.
pub struct KeyBuilder(Sha256);

impl KeyBuilder {
    /// `stage` names the kind of product and the version of its form.
    pub fn new(stage: &str) -> KeyBuilder {
        let mut key = KeyBuilder(Sha256::new());
        key.add(stage.as_bytes());
        key.add(env!("CARGO_PKG_VERSION").as_bytes());
        key
    }

    /// Adds one input; its length goes in too, so that inputs cannot run into each other.
    pub fn add(&mut self, bytes: &[u8]) -> &mut KeyBuilder {
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    pub fn finish(self) -> Key {
        Key(self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_inputs_apart() {
        let key = |parts: &[&str]| {
            let mut key = KeyBuilder::new("test");
            parts.iter().for_each(|part| {
                key.add(part.as_bytes());
            });
            key.finish()
        };
        assert_eq!(key(&["a", "b"]), key(&["a", "b"]));
        assert_ne!(key(&["ab", ""]), key(&["a", "b"]));
    }

    #[test]
    fn entries_come_back_and_go() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(&dir.path().join("c")).unwrap();
        let key = KeyBuilder::new("test").finish();
        assert_eq!(cache.get("objects", &key), None);
        cache.put("objects", &key, b"x").unwrap();
        assert_eq!(cache.get("objects", &key).as_deref(), Some(&b"x"[..]));
        cache.clean().unwrap();
        assert_eq!(cache.get("objects", &key), None);
    }
}
