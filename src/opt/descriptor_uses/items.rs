//! What may be at a node, as a number: descriptors and what leads to them, cells, memory of which nothing is known.

use ir::RTypeId;
use rustc_hash::FxHashMap;

use super::graph::{CELL, INNER, Item, Node};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum What {
    /// The descriptor of a type.
    Type(RTypeId),
    /// The method table of a type for an interface type.
    Table(RTypeId, RTypeId),
    /// An address behind the head of a descriptor, or of what belongs to it.
    Behind(RTypeId),
    /// An address in what describes the methods.
    Methods(RTypeId),
    /// Where the address of a list of what belongs to a descriptor is.
    List(RTypeId),
    /// A descriptor that package reflect makes.
    New,
    /// Where the address of the descriptor is.
    Holds(RTypeId),
    /// The address of a scalar in a cell.
    Cell(Node),
    /// The address of any memory that is not known otherwise.
    Unknown,
}

/// All at once: memory that nothing is known of.
pub(super) const UNKNOWN: Item = 0;

pub(super) struct Items {
    known: Vec<What>,
    ids: FxHashMap<What, Item>,
}

impl Default for Items {
    fn default() -> Items {
        Items { known: vec![What::Unknown], ids: FxHashMap::default() }
    }
}

impl Items {
    pub(super) fn id(&mut self, what: What) -> Item {
        match what {
            What::Cell(node) => CELL | node,
            What::Unknown => UNKNOWN,
            _ => *self.ids.entry(what).or_insert_with(|| {
                self.known.push(what);
                let id = self.known.len() as Item - 1;
                let inner = matches!(what, What::Behind(_) | What::Methods(_) | What::List(_));
                if inner { id | INNER } else { id }
            }),
        }
    }

    pub(super) fn what(&self, item: Item) -> What {
        if item & CELL != 0 { What::Cell(item & !CELL) } else { self.known[(item & !INNER) as usize] }
    }
}
