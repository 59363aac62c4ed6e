//! The cache folder: products by the hash of what they were made from.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

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

    /// An entry, if there is one. [`Cache::trim`] removes those that nobody has asked for in long.
    pub fn get(&self, kind: &str, key: &Key) -> Option<Vec<u8>> {
        let mut file = std::fs::File::open(self.path(kind, key)).ok()?;
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut bytes).ok()?;
        // Whoever may read only, gets the entry as well.
        let now = SystemTime::now();
        let used = file.metadata().and_then(|data| data.modified()).unwrap_or(now);
        if now.duration_since(used).is_ok_and(|age| age > HOUR) {
            let _ = file.set_modified(now);
        }
        Some(bytes)
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

    /// Once an hour: removes entries of this kind, the longest unused first, until those that are left were used in the
    /// last days and take no more than [`MOST`].
    pub fn trim(&self, kind: &str) -> Result<(), Error> {
        let dir = self.dir.join(kind);
        let marker = self.dir.join(format!("{kind}-trimmed"));
        let now = SystemTime::now();
        let age = |time: SystemTime| now.duration_since(time).unwrap_or_default();
        let trimmed = std::fs::metadata(&marker).and_then(|data| data.modified());
        if trimmed.is_ok_and(|time| age(time) < HOUR) || !dir.exists() {
            return Ok(());
        }
        self.write(&marker, b"")?;
        let mut entries = Vec::new();
        for entry in std::fs::read_dir(&dir).map_err(|error| Error::io(&dir, error))?.flatten() {
            // Another build may have removed it.
            let Ok(data) = entry.metadata() else { continue };
            entries.push((age(data.modified().unwrap_or(now)), entry.path(), data.len()));
        }
        entries.sort();
        let mut kept = 0;
        for (age, path, size) in entries {
            kept += size;
            if age > UNUSED || kept > MOST {
                let _ = std::fs::remove_file(path);
            }
        }
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

const HOUR: Duration = Duration::from_secs(60 * 60);

/// As long as the Go command keeps what it has compiled.
const UNUSED: Duration = Duration::from_secs(5 * 24 * 60 * 60);

/// Bytes of one kind of entries.
pub const MOST: u64 = 1 << 30;

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

    /// What tells this compiler from another one of the same version: the length of its file and when it was written.
    pub fn compiler() -> Option<[u8; 24]> {
        let data = std::env::current_exe().and_then(std::fs::metadata).ok()?;
        let written = data.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&data.len().to_le_bytes());
        bytes[8..].copy_from_slice(&written.as_nanos().to_le_bytes());
        Some(bytes)
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

    #[test]
    fn what_nobody_uses_goes_in_time() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::at(dir.path()).unwrap();
        let keys = ["a", "b", "c"].map(|name| KeyBuilder::new(name).finish());
        let put = |key: &Key, age: Duration| {
            let path = cache.put("units", key, b"x").unwrap();
            let file = std::fs::File::options().write(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        };
        put(&keys[0], UNUSED + HOUR);
        put(&keys[1], UNUSED - HOUR);
        cache.trim("units").unwrap();
        assert_eq!(cache.get("units", &keys[0]), None);
        assert!(cache.get("units", &keys[1]).is_some());
        // It was used just now. Within the hour nobody looks again.
        put(&keys[2], UNUSED + HOUR);
        cache.trim("units").unwrap();
        assert!(cache.path("units", &keys[2]).exists());
        let data = std::fs::metadata(cache.path("units", &keys[1])).unwrap();
        assert!(data.modified().unwrap().elapsed().unwrap_or_default() < HOUR);
    }
}
