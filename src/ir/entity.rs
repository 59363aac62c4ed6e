//! Entity references: `u32` newtypes whose `Display` is the text syntax, and the vector they index.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A reference into an [`IndexVec`].
pub trait Entity: Copy + Eq {
    fn from_index(index: usize) -> Self;
    fn index(self) -> usize;
}

macro_rules! entity {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u32);

        impl Entity for $name {
            fn from_index(index: usize) -> Self {
                $name(u32::try_from(index).expect("more than 2^32 entities"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

entity!(/// An SSA value: a block parameter or a result of an instruction.
    Value, "v");
entity!(/// A basic block of a function.
    Block, "b");
entity!(/// An instruction of a function.
    Inst, "i");
entity!(/// A function of the program; its text form is its name (`@main.main`).
    FuncId, "@#f");
entity!(/// A global variable or constant of the program; its text form is its name.
    GlobalId, "@#g");
entity!(/// A Go type as the running program sees it; its text form is its name.
    RTypeId, "%#t");
entity!(/// A source location, see [`crate::Loc`]. `LocId(0)` is "unknown".
    LocId, "!");

/// A vector indexed by an entity.
#[derive(Clone)]
pub struct IndexVec<K, V> {
    items: Vec<V>,
    key: PhantomData<fn(K)>,
}

impl<K: Entity, V> IndexVec<K, V> {
    pub const fn new() -> Self {
        IndexVec { items: Vec::new(), key: PhantomData }
    }
    pub fn push(&mut self, value: V) -> K {
        let key = K::from_index(self.items.len());
        self.items.push(value);
        key
    }
    pub fn len(&self) -> usize {
        self.items.len()
    }
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
    pub fn get(&self, key: K) -> Option<&V> {
        self.items.get(key.index())
    }
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (K, &V)> {
        self.items.iter().enumerate().map(|(i, v)| (K::from_index(i), v))
    }
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (K, &mut V)> {
        self.items.iter_mut().enumerate().map(|(i, v)| (K::from_index(i), v))
    }
    pub fn values(&self) -> std::slice::Iter<'_, V> {
        self.items.iter()
    }
    pub fn as_mut_slice(&mut self) -> &mut [V] {
        &mut self.items
    }
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = K> + use<K, V> {
        (0..self.items.len()).map(K::from_index)
    }
    /// Drops what `keep` rejects; the keys of the rest change.
    pub fn retain(&mut self, mut keep: impl FnMut(K) -> bool) {
        let mut index = 0;
        self.items.retain(|_| {
            index += 1;
            keep(K::from_index(index - 1))
        });
    }
    /// `len` items, all equal.
    pub fn filled(value: V, len: usize) -> Self
    where
        V: Clone,
    {
        IndexVec { items: vec![value; len], key: PhantomData }
    }
    /// The key that the next `push` returns.
    pub fn next_key(&self) -> K {
        K::from_index(self.items.len())
    }
}

impl<K: Entity, V> FromIterator<V> for IndexVec<K, V> {
    fn from_iter<I: IntoIterator<Item = V>>(items: I) -> Self {
        IndexVec { items: items.into_iter().collect(), key: PhantomData }
    }
}

impl<K: Entity, V> IntoIterator for IndexVec<K, V> {
    type Item = V;
    type IntoIter = std::vec::IntoIter<V>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<K: Entity, V> Default for IndexVec<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Entity, V> Index<K> for IndexVec<K, V> {
    type Output = V;
    fn index(&self, key: K) -> &V {
        &self.items[key.index()]
    }
}

impl<K: Entity, V> IndexMut<K> for IndexVec<K, V> {
    fn index_mut(&mut self, key: K) -> &mut V {
        &mut self.items[key.index()]
    }
}

impl<K, V: fmt::Debug> fmt::Debug for IndexVec<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.items).finish()
    }
}
