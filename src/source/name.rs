//! Interned names: a `u32` per distinct string, shared by all threads, never freed.

use rustc_hash::{FxBuildHasher, FxHashMap};
use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU32, Ordering as Atomic};
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};

/// An interned string. Equality and hashing are those of the number; ordering is that of the *text*, because the
/// numbers depend on which thread came first and must never reach output.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(u32);

/// Names with fixed numbers, in order; see the constants of [`Name`].
const FIXED: [&str; 4] = ["", "_", "init", "main"];

impl Name {
    /// The empty string, where a name is absent.
    pub const EMPTY: Name = Name(0);
    /// The blank identifier.
    pub const BLANK: Name = Name(1);
    pub const INIT: Name = Name(2);
    pub const MAIN: Name = Name(3);

    /// The name for this text; the same number whenever and wherever it is asked for.
    pub fn new(text: &str) -> Name {
        Name::with_hash(text, text.bytes().fold(0, Name::hash_step))
    }

    /// The hash that [`with_hash`](Name::with_hash) wants is this, folded over the bytes from 0: a scanner has it for
    /// nothing while it looks for the end of an identifier.
    pub fn hash_step(hash: u32, byte: u8) -> u32 {
        (hash.rotate_left(5) ^ u32::from(byte)).wrapping_mul(0x9E37_79B9)
    }

    /// As [`new`](Name::new), given the hash of the text; another hash costs time but changes nothing else.
    pub fn with_hash(text: &str, hash: u32) -> Name {
        RECENT.with(|recent| {
            let slot = &recent[(hash >> 16) as usize % RECENT_SLOTS];
            let (known, name) = slot.get();
            if known == text {
                return name;
            }
            let name = Name::shared(text);
            slot.set((name.as_str(), name));
            name
        })
    }

    /// Looks the text up where all threads do.
    fn shared(text: &str) -> Name {
        let interner = &*INTERNER;
        let hash = FxBuildHasher.hash_one(text);
        // The low bits choose the slot inside the shard's table, so take the shard from high ones.
        let shard = &interner.shards[(hash >> 55) as usize % SHARDS];
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&name) = shard.get(text) {
            return name;
        }
        let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
        let name = Name(interner.next.fetch_add(1, Atomic::Relaxed));
        interner.set(name, text);
        shard.insert(text, name);
        name
    }

    pub fn as_str(self) -> &'static str {
        INTERNER.get(self)
    }

    pub fn is_empty(self) -> bool {
        self == Name::EMPTY
    }

    pub fn is_blank(self) -> bool {
        self == Name::BLANK
    }

    /// The raw number, for dense tables; it differs from run to run.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// Whether the name begins with an upper-case letter (specification: "Exported identifiers").
    pub fn is_exported(self) -> bool {
        self.as_str().chars().next().is_some_and(char::is_uppercase)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> Ordering {
        if self == other { Ordering::Equal } else { self.as_str().cmp(other.as_str()) }
    }
}

/// Recently used names of this thread, so that few lookups take a lock.
const RECENT_SLOTS: usize = 4096;

thread_local! {
    static RECENT: Box<[Cell<(&'static str, Name)>]> =
        vec![const { Cell::new(("", Name::EMPTY)) }; RECENT_SLOTS].into_boxed_slice();
}

const SHARDS: usize = 64;

/// Chunk `k` holds `FIRST_CHUNK << k` texts, so 22 chunks cover every `u32` that can occur.
const FIRST_CHUNK: u32 = 1024;
const CHUNKS: usize = 22;

type Chunk = OnceLock<Box<[OnceLock<&'static str>]>>;

struct Interner {
    shards: [Mutex<FxHashMap<&'static str, Name>>; SHARDS],
    next: AtomicU32,
    /// Texts by number: append-only, so that reading takes no lock.
    chunks: [Chunk; CHUNKS],
}

static INTERNER: LazyLock<Interner> = LazyLock::new(|| {
    let interner = Interner {
        shards: std::array::from_fn(|_| Mutex::default()),
        next: AtomicU32::new(FIXED.len() as u32),
        chunks: [const { OnceLock::new() }; CHUNKS],
    };
    for (number, text) in FIXED.into_iter().enumerate() {
        let name = Name(number as u32);
        interner.set(name, text);
        let hash = FxBuildHasher.hash_one(text);
        let mut shard =
            interner.shards[(hash >> 55) as usize % SHARDS].lock().unwrap_or_else(PoisonError::into_inner);
        shard.insert(text, name);
    }
    interner
});

impl Interner {
    fn place(name: Name) -> (usize, usize) {
        let n = name.0 / FIRST_CHUNK + 1;
        let chunk = n.ilog2();
        let first = (FIRST_CHUNK << chunk) - FIRST_CHUNK;
        (chunk as usize, (name.0 - first) as usize)
    }

    fn set(&self, name: Name, text: &'static str) {
        let (chunk, slot) = Self::place(name);
        let size = (FIRST_CHUNK as usize) << chunk;
        let chunk = self.chunks[chunk].get_or_init(|| vec![OnceLock::new(); size].into_boxed_slice());
        chunk[slot].get_or_init(|| text);
    }

    fn get(&self, name: Name) -> &'static str {
        let (chunk, slot) = Self::place(name);
        self.chunks[chunk].get().and_then(|c| c[slot].get()).copied().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_text_same_name_on_all_threads() {
        let words: Vec<String> = (0..5000).map(|i| format!("w{i}")).collect();
        let all: Vec<Vec<Name>> = std::thread::scope(|s| {
            let threads: Vec<_> =
                (0..4).map(|_| s.spawn(|| words.iter().map(|w| Name::new(w)).collect::<Vec<_>>())).collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        for names in &all {
            assert_eq!(names, &all[0]);
        }
        for (word, name) in words.iter().zip(&all[0]) {
            assert_eq!(name.as_str(), word);
        }
    }

    #[test]
    fn fixed_names() {
        assert_eq!(Name::new("_"), Name::BLANK);
        assert_eq!(Name::new(""), Name::EMPTY);
        assert_eq!(Name::new("init"), Name::INIT);
        assert_eq!(Name::MAIN.as_str(), "main");
    }

    #[test]
    fn order_is_that_of_the_text() {
        let (z, a) = (Name::new("zz-order"), Name::new("aa-order"));
        assert!(a < z);
    }
}
