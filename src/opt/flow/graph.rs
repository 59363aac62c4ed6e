//! Which locations and numbers places may hold (nil is the number zero), as a graph: nodes are places, edges say that what is in one is in another, too. The
//! least sets that satisfy all edges are found by handing new members on until nothing is new (Andersen's inclusion-based
//! points-to analysis).

use rustc_hash::{FxHashMap, FxHashSet};

use super::shape::Held;

/// A place: a scalar of an SSA value, or what a location holds.
pub(super) type Node = u32;

/// Something that can be pointed to, or a number.
pub(super) type Location = u32;

/// Numbers begin here.
const NUMBERS: Location = 1 << 31;
/// Any number.
pub(super) const ANY_NUMBER: Location = Location::MAX;
/// At a place of more different numbers than this may be any.
const MOST_NUMBERS: u8 = 8;

pub(super) fn is_number(location: Location) -> bool {
    location >= NUMBERS
}

/// What happens when a location arrives at a place. Offsets and sizes are in bytes; the other numbers are the caller's.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// What is held so many bytes behind the location is at the place.
    Load {
        to: Node,
        by: u32,
        held: Held,
    },
    /// What is at the place is held so many bytes behind the location.
    Store {
        from: Node,
        by: u32,
        held: Held,
    },
    /// The location so many bytes behind it, or an element of the array there, or one anywhere in the location, is at the
    /// place.
    Offset {
        to: Node,
        by: i64,
    },
    /// As `Offset`, of a pointer: where it may be any, so may be the result.
    Field {
        to: Node,
        by: i64,
    },
    Element {
        to: Node,
        size: u64,
    },
    Anywhere {
        to: Node,
    },
    /// What is at and behind the location is copied to a buffer, or from there.
    MoveFrom {
        buffer: Location,
        len: Option<u64>,
    },
    MoveTo {
        buffer: Location,
        len: Option<u64>,
    },
    /// Somebody outside of the program may write a number there, or, if `deep`, anything to the whole object and to all that
    /// it leads to.
    Clobber {
        deep: bool,
    },
    /// The location is called, as code or as a func value.
    CallCode(u32),
    CallFunc(u32),
    /// The location is the code of this func value, which is called.
    CallRecord {
        site: u32,
        record: Location,
    },
    /// A method of the type whose descriptor it is is called.
    CallMethod(u32),
    /// The type whose descriptor it is passes a type assertion.
    Assert(u32),
    /// What is there becomes zero.
    Zero,
    /// A number becomes a pointer: nil if it is zero.
    Pointer {
        to: Node,
    },
    /// An operation on numbers has this operand.
    Compute(u32),
    /// A comparison of pointers has it.
    Compare(u32),
    /// A branch may be taken if it is the descriptor of the type in question, or the number.
    Branch(u32),
}

/// Numbers in the order in which they came, each once.
#[derive(Default)]
struct Set {
    list: Vec<u32>,
    /// The same, where the list is long.
    table: Option<Box<FxHashSet<u32>>>,
}

/// A list of as many is looked through.
const SHORT: usize = 16;

impl Set {
    fn contains(&self, member: u32) -> bool {
        self.table.as_ref().map_or_else(|| self.list.contains(&member), |table| table.contains(&member))
    }

    /// Adds what is not there yet.
    fn push(&mut self, member: u32) {
        self.list.push(member);
        match &mut self.table {
            Some(table) => {
                table.insert(member);
            }
            None if self.list.len() > SHORT => {
                self.table = Some(Box::new(self.list.iter().copied().collect()))
            }
            None => {}
        }
    }
}

#[derive(Default)]
struct Place {
    locations: Set,
    /// How many of them have been handed on.
    done: u32,
    copies: Set,
    rules: Vec<Rule>,
    queued: bool,
    numbers: u8,
    any_number: bool,
    /// Zero, or nil, may be there; something else may be.
    zero: bool,
    other: bool,
    /// No address fits.
    narrow: bool,
}

#[derive(Default)]
pub(super) struct Graph {
    places: Vec<Place>,
    /// How many locations and copies the places have.
    facts: usize,
    work: Vec<Node>,
    numbers: Vec<i64>,
    number_ids: FxHashMap<i64, Location>,
}

impl Graph {
    /// How many facts there are: what may be where, and what is copied where.
    pub(super) fn size(&self) -> usize {
        self.facts
    }

    /// Makes room for as many places.
    pub(super) fn reserve(&mut self, count: usize) {
        self.places.reserve(count);
    }

    pub(super) fn add_places(&mut self, count: usize) -> Node {
        let first = self.places.len() as Node;
        self.places.resize_with(self.places.len() + count, Place::default);
        first
    }

    /// A place for what is too narrow for an address.
    pub(super) fn narrow(&mut self, node: Node) {
        self.places[node as usize].narrow = true;
    }

    pub(super) fn locations(&self, node: Node) -> &[Location] {
        &self.places[node as usize].locations.list
    }

    pub(super) fn number(&mut self, number: i64) -> Location {
        *self.number_ids.entry(number).or_insert_with(|| {
            self.numbers.push(number);
            NUMBERS + self.numbers.len() as Location - 1
        })
    }

    /// The number that a location stands for; none for any.
    pub(super) fn as_number(&self, location: Location) -> Option<i64> {
        (location != ANY_NUMBER).then(|| self.numbers[(location - NUMBERS) as usize])
    }

    /// The numbers at a place; none where any may be there.
    pub(super) fn numbers(&self, node: Node) -> Option<Vec<i64>> {
        let place = &self.places[node as usize];
        let numbers = place.locations.list.iter().filter(|&&location| is_number(location));
        (!place.any_number).then(|| numbers.map(|&id| self.numbers[(id - NUMBERS) as usize]).collect())
    }

    /// Whether zero or nil may be at a place, and whether something else may be.
    pub(super) fn is_zero(&self, node: Node) -> (bool, bool) {
        let place = &self.places[node as usize];
        (place.zero, place.other)
    }

    pub(super) fn add(&mut self, node: Node, location: Location) {
        self.add_all(node, &[location]);
    }

    fn add_all(&mut self, node: Node, locations: &[Location]) {
        let place = &mut self.places[node as usize];
        let before = place.locations.list.len();
        for &location in locations {
            let mut location = location;
            if is_number(location) && place.any_number || !is_number(location) && place.narrow {
                continue;
            }
            if place.locations.contains(location) {
                continue;
            }
            if is_number(location) {
                if place.numbers == MOST_NUMBERS {
                    location = ANY_NUMBER;
                }
                place.numbers += 1;
                place.any_number |= location == ANY_NUMBER;
            }
            let number = (is_number(location) && location != ANY_NUMBER)
                .then(|| self.numbers[(location - NUMBERS) as usize]);
            place.zero |= location == ANY_NUMBER || number == Some(0);
            place.other |= number != Some(0);
            place.locations.push(location);
        }
        let added = place.locations.list.len() - before;
        self.facts += added;
        if added > 0 && !std::mem::replace(&mut place.queued, true) {
            self.work.push(node);
        }
    }

    /// What is at `from` is at `to`, too.
    pub(super) fn copy(&mut self, from: Node, to: Node) {
        let place = &mut self.places[from as usize];
        if from == to || place.copies.contains(to) {
            return;
        }
        place.copies.push(to);
        self.facts += 1;
        for at in 0..self.places[from as usize].done as usize {
            let location = self.places[from as usize].locations.list[at];
            self.add(to, location);
        }
    }

    /// Adds a rule; returns the locations that have arrived already.
    pub(super) fn rule(&mut self, node: Node, rule: Rule) -> Vec<Location> {
        let place = &mut self.places[node as usize];
        place.rules.push(rule);
        place.locations.list[..place.done as usize].to_vec()
    }

    /// Hands on what is new at some place, and says which rules to apply to it; false if nothing is new anywhere.
    pub(super) fn step(&mut self, rules: &mut Vec<Rule>, new: &mut Vec<Location>) -> bool {
        let Some(node) = self.work.pop() else { return false };
        let place = &mut self.places[node as usize];
        place.queued = false;
        new.clear();
        new.extend(&place.locations.list[place.done as usize..]);
        place.done = place.locations.list.len() as u32;
        rules.clear();
        rules.extend(&place.rules);
        for at in 0..self.places[node as usize].copies.list.len() {
            let to = self.places[node as usize].copies.list[at];
            self.add_all(to, new);
        }
        true
    }
}
