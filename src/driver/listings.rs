//! Answers of `go list` in the cache.

use crate::cache::{Cache, KeyBuilder};

pub(crate) struct Listings<'a> {
    pub cache: &'a Cache,
}

/// Entries of the cache.
const KIND: &str = "listings";

fn name(key: &[u8]) -> Option<crate::cache::Key> {
    // Another compiler may ask for other fields.
    let mut name = KeyBuilder::new("listing");
    name.add(&KeyBuilder::compiler()?).add(key);
    Some(name.finish())
}

impl load::Store for Listings<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.cache.get(KIND, &name(key)?)
    }

    fn put(&self, key: &[u8], answer: &[u8]) {
        if let Some(key) = name(key) {
            // A full disk is noticed when the program is written.
            let _ = self.cache.put(KIND, &key, answer);
            let _ = self.cache.trim(KIND);
        }
    }
}
