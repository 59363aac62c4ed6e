//! Which items may be at which nodes: the least sets that satisfy all edges and rules, found by handing on what is new.

use rustc_hash::FxHashSet;

/// A scalar: of an SSA value, or of memory.
pub(super) type Node = u32;

/// What may be at a node, see [`super::items`].
pub(super) type Item = u32;

/// The first nodes stand for memory of which nothing is known: the first words of what is stored there, and the others.
pub(super) const UNKNOWN_NODES: Node = 2;

/// Where in such memory scalar number `by` of a value is.
pub(super) fn unknown_memory(by: u32) -> Node {
    Node::from(by > 0)
}

/// Items with this bit are addresses of cells. In memory of which nothing is known there is none of them: what the cell
/// holds may be anywhere in that memory instead.
pub(super) const CELL: Item = 1 << 31;
/// Items with this bit are addresses in descriptors, which nobody puts into such memory.
pub(super) const INNER: Item = 1 << 30;

/// What happens when an item arrives at a node.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// A value of this type is loaded: its scalar number `by`, and that of the cell, is at the node.
    Load {
        to: Node,
        by: u32,
        ty: ir::Type,
    },
    /// A value is stored whose scalar number `by` is at the node.
    Store {
        from: Node,
        by: u32,
        ty: ir::Type,
    },
    /// A value of a type that is no cell is loaded to so many nodes: what a descriptor holds is at each.
    Described {
        to: Node,
        count: u32,
        ty: ir::Type,
    },
    /// The address of a field.
    Field {
        to: Node,
        ty: ir::Type,
        field: u32,
    },
    /// The address of an element; of one that is a cell the cell.
    Element {
        to: Node,
        is_cell: bool,
    },
    /// An address so many bytes away; whether only ones of values are computed there, not of descriptors.
    Away {
        to: Node,
        of_values: bool,
    },
    /// The item becomes that for the same type in an interface of this type, if the type implements it.
    Convert {
        to: Node,
        from: ir::RTypeId,
        iface: ir::RTypeId,
    },
    /// The item, if it is for this interface type, becomes the descriptor of the type.
    TypeOf {
        to: Node,
        from: Option<ir::RTypeId>,
    },
    /// The type becomes the pointer type to it.
    PointerTo {
        to: Node,
    },
    /// A method of the type is called.
    Method(u32),
    /// Memory is copied from there to three nodes, or from these to there.
    MoveFrom {
        buffer: Node,
    },
    MoveTo {
        buffer: Node,
    },
    /// It is there as well if it is the address of a variable.
    Address {
        to: Node,
    },
    /// It gets out of the program.
    Leak,
    /// Its methods are compared with those of an interface.
    Methods,
}

#[derive(Default)]
struct Place {
    items: Vec<Item>,
    /// How many of them have been handed on.
    done: usize,
    copies: Vec<Node>,
    rules: Vec<Rule>,
    queued: bool,
}

#[derive(Default)]
pub(super) struct Graph {
    places: Vec<Place>,
    holds: FxHashSet<(Node, Item)>,
    edges: FxHashSet<(Node, Node)>,
    work: Vec<Node>,
    /// Addresses of cells that got into memory of which nothing is known.
    pub(super) leaking: Vec<Item>,
}

impl Graph {
    /// How many facts there are: what may be where, and what is copied where.
    pub(super) fn size(&self) -> usize {
        self.holds.len() + self.edges.len()
    }

    pub(super) fn add_nodes(&mut self, count: usize) -> Node {
        let first = self.places.len() as Node;
        self.places.resize_with(self.places.len() + count, Place::default);
        first
    }

    pub(super) fn items(&self, node: Node) -> &[Item] {
        &self.places[node as usize].items
    }

    pub(super) fn add(&mut self, node: Node, item: Item) {
        if node < UNKNOWN_NODES && item & (CELL | INNER) != 0 {
            if item & CELL != 0 {
                self.leaking.push(item);
            }
            return;
        }
        if !self.holds.insert((node, item)) {
            return;
        }
        let place = &mut self.places[node as usize];
        place.items.push(item);
        if !std::mem::replace(&mut place.queued, true) {
            self.work.push(node);
        }
    }

    /// What is at `from` is at `to`, too.
    pub(super) fn copy(&mut self, from: Node, to: Node) {
        if from == to || !self.edges.insert((from, to)) {
            return;
        }
        self.places[from as usize].copies.push(to);
        for at in 0..self.places[from as usize].done {
            let item = self.places[from as usize].items[at];
            self.add(to, item);
        }
    }

    /// Adds a rule; returns the items that have been handed on already.
    pub(super) fn rule(&mut self, node: Node, rule: Rule) -> Vec<Item> {
        let place = &mut self.places[node as usize];
        place.rules.push(rule);
        place.items[..place.done].to_vec()
    }

    /// Hands on what is new at some node; returns the rules to apply to it, or nothing if nothing is new anywhere.
    pub(super) fn step(&mut self) -> Option<(Vec<Rule>, Vec<Item>)> {
        let node = self.work.pop()?;
        let place = &mut self.places[node as usize];
        place.queued = false;
        let new = place.items[place.done..].to_vec();
        place.done = place.items.len();
        let rules = place.rules.clone();
        for at in 0..self.places[node as usize].copies.len() {
            let to = self.places[node as usize].copies[at];
            new.iter().for_each(|&item| self.add(to, item));
        }
        Some((rules, new))
    }
}
