//! Objects and their parts. A location is an object and an offset in it; at each location are two places, one for pointers
//! and one for integers. The elements of an array are one.
//!
//! An object that is addressed in a way its layout does not explain has a location that stands for any in it: what is
//! stored there may be found at all others, and what is stored at any other is found there.

use ir::ty::round_up;
use ir::{Type, TypeData, Types};
use rustc_hash::FxHashMap;

use super::graph::{ANY_NUMBER, Graph, Location, Node};
use super::shape::{Held, is_narrow};

/// Something that memory is in.
pub(super) type Object = u32;

/// The offset of the location that stands for any.
const ANYWHERE: u64 = u64::MAX;

/// How the offsets in an object are told apart.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Layout {
    /// Not at all.
    Whole,
    One(Type),
    /// Any number of elements.
    Elements(Type),
    /// Any number of elements of this size in bytes.
    ElementsOf(u64),
    /// All of them, up to a size in bytes.
    Plain(u64),
    /// Those in the head of a type descriptor; what follows is all in one place.
    Descriptor(Head),
}

/// Where in a type descriptor, an `abi.Type`, is what is told apart.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Head {
    pub(super) kind: u64,
    pub(super) equal: u64,
    pub(super) name: u64,
    pub(super) ptr_to: u64,
    pub(super) size: u64,
}

impl Head {
    pub(super) fn of(types: &Types) -> Head {
        // Two words, the hash, four bytes of which the kind is last, two pointers, two offsets.
        let word = types.size(Type::PTR);
        Head {
            kind: 2 * word + 7,
            equal: 2 * word + 8,
            name: 4 * word + 8,
            ptr_to: 4 * word + 12,
            size: 4 * word + 16,
        }
    }
}

/// What an object holds from an offset on, another one holds, too.
#[derive(Clone, Copy, PartialEq)]
struct Mirror {
    from: u64,
    /// How many bytes, where that is known.
    len: Option<u64>,
    object: Object,
    to: u64,
}

struct Content {
    layout: Layout,
    /// All of it is zero at first.
    zeroed: bool,
    /// The locations that have places.
    used: Vec<Location>,
    mirrors: Vec<Mirror>,
}

pub(super) struct Memory {
    objects: Vec<Content>,
    locations: Vec<(Object, u64)>,
    ids: FxHashMap<(Object, u64), Location>,
    /// Of each location the place for pointers; that for integers follows.
    places: Vec<Option<Node>>,
    /// What was found to be at locations whose layout does not say it.
    noted: FxHashMap<Location, Type>,
}

impl Memory {
    /// Objects of these layouts, and whether they are zero at first; the location where an object begins has its number.
    pub(super) fn new(layouts: impl Iterator<Item = (Layout, bool)>) -> Memory {
        let mut memory = Memory {
            objects: Vec::new(),
            locations: Vec::new(),
            ids: FxHashMap::default(),
            places: Vec::new(),
            noted: FxHashMap::default(),
        };
        layouts.for_each(|(layout, zeroed)| {
            memory.add(layout, zeroed);
        });
        memory
    }

    /// A new object, by the location where it begins.
    pub(super) fn add(&mut self, layout: Layout, zeroed: bool) -> Location {
        let object = self.objects.len() as Object;
        self.objects.push(Content { layout, zeroed, used: Vec::new(), mirrors: Vec::new() });
        self.intern(object, 0)
    }

    fn intern(&mut self, object: Object, offset: u64) -> Location {
        *self.ids.entry((object, offset)).or_insert_with(|| {
            self.locations.push((object, offset));
            self.places.push(None);
            self.locations.len() as Location - 1
        })
    }

    pub(super) fn object(&self, location: Location) -> Object {
        self.locations[location as usize].0
    }

    /// The location `by` bytes behind another, if the object is as large as that.
    pub(super) fn offset(&mut self, types: &Types, location: Location, by: i64) -> Option<Location> {
        let (object, offset) = self.locations[location as usize];
        if offset == ANYWHERE {
            return Some(location);
        }
        let at = canonical(types, self.objects[object as usize].layout, offset.checked_add_signed(by)?)?;
        Some(self.intern(object, at))
    }

    /// An element of the array that begins at a location, the element's size given in bytes. If the layout knows of no such
    /// array (package unsafe makes an array of a struct's fields), it may be anywhere in the object.
    pub(super) fn element(&mut self, types: &Types, location: Location, size: u64) -> Location {
        let (object, offset) = self.locations[location as usize];
        let fits = match self.objects[object as usize].layout {
            Layout::Whole => true,
            Layout::One(ty) => has_elements(types, ty, offset, size),
            Layout::Elements(ty) => {
                offset == 0 && types.size(ty) == size || has_elements(types, ty, offset, size)
            }
            Layout::ElementsOf(own) => offset == 0 && own == size,
            // Arrays are all in the one place behind the head.
            Layout::Descriptor(head) => offset == head.size,
            Layout::Plain(_) => false,
        };
        if fits { location } else { self.anywhere(location) }
    }

    /// The location that stands for any in the object.
    pub(super) fn anywhere(&mut self, location: Location) -> Location {
        let (object, _) = self.locations[location as usize];
        let offset = if self.objects[object as usize].layout == Layout::Whole { 0 } else { ANYWHERE };
        self.intern(object, offset)
    }

    /// The machine type of what is at a location, where the layout explains it.
    fn scalar(&self, types: &Types, location: Location) -> Option<Type> {
        let (object, offset) = self.locations[location as usize];
        match self.objects[object as usize].layout {
            _ if offset == ANYWHERE => None,
            Layout::One(ty) | Layout::Elements(ty) => scalar_at(types, ty, offset),
            Layout::Plain(_) => self.noted.get(&location).copied(),
            Layout::Descriptor(head) => (offset == head.kind).then_some(Type::I8),
            Layout::Whole | Layout::ElementsOf(_) => None,
        }
    }

    /// Whether a location is in what follows the head of a type descriptor, or may be.
    pub(super) fn is_behind_head(&self, location: Location) -> bool {
        let (object, offset) = self.locations[location as usize];
        matches!(self.objects[object as usize].layout, Layout::Descriptor(head) if offset >= head.size)
    }

    /// Whether a location is that of the name in a type descriptor, or may be.
    pub(super) fn is_name(&self, location: Location) -> bool {
        let (object, offset) = self.locations[location as usize];
        let may = |head: Head| offset == head.name || offset == ANYWHERE;
        matches!(self.objects[object as usize].layout, Layout::Descriptor(head) if may(head))
    }

    /// Whether values like this one, and no others, are at a location.
    pub(super) fn holds(&self, types: &Types, location: Location, held: Held) -> bool {
        let scalar = self.scalar(types, location);
        match held {
            Held::Pointer => matches!(scalar, Some(Type::PTR | Type::CODE)),
            Held::Number(ty) => scalar == Some(ty),
            Held::Numbers => false,
        }
    }

    /// Whether an object is zero at first.
    pub(super) fn is_zeroed(&self, location: Location) -> bool {
        self.objects[self.object(location) as usize].zeroed
    }

    /// What is put into a new object tells what it consists of.
    pub(super) fn note_type(&mut self, location: Location, held: Held) {
        let ty = match held {
            Held::Pointer => Type::PTR,
            Held::Number(ty) => ty,
            Held::Numbers => return,
        };
        self.noted.entry(location).or_insert(ty);
    }

    /// All numbers in an object may be any, all pointers nil or not.
    pub(super) fn spoil(&mut self, graph: &mut Graph, types: &Types, location: Location) {
        let anywhere = self.anywhere(location);
        let node = self.write(graph, types, anywhere);
        graph.add(node, ANY_NUMBER);
        graph.add(node + 1, ANY_NUMBER);
    }

    /// The place for pointers to read at a location; that for integers follows.
    pub(super) fn read(&mut self, graph: &mut Graph, types: &Types, location: Location) -> Node {
        if let Some(node) = self.places[location as usize] {
            return node;
        }
        let (object, offset) = self.locations[location as usize];
        // Behind the places to read at any location are those to write there.
        let node = graph.add_places(if offset == ANYWHERE { 4 } else { 2 });
        self.places[location as usize] = Some(node);
        if self.scalar(types, location).is_some_and(|ty| is_narrow(types, ty)) {
            graph.narrow(node + 1);
        }
        // Memory is zero at first. Other numbers that it begins with are added to that, so that what nobody has looked at
        // needs no place.
        if matches!(self.objects[object as usize].layout, Layout::Descriptor(_)) {
            graph.add(node, ANY_NUMBER);
        } else if self.objects[object as usize].zeroed && offset != ANYWHERE {
            let zero = graph.number(0);
            graph.add(node, zero);
            graph.add(node + 1, zero);
        }
        if offset == ANYWHERE {
            both(graph, node + 2, node);
            for other in self.objects[object as usize].used.clone() {
                if let Some(other) = self.places[other as usize] {
                    both(graph, other, node);
                    both(graph, node + 2, other);
                }
            }
        } else if let Some(&any) = self.ids.get(&(object, ANYWHERE))
            && let Some(any) = self.places[any as usize]
        {
            both(graph, node, any);
            both(graph, any + 2, node);
        }
        self.objects[object as usize].used.push(location);
        for mirror in self.objects[object as usize].mirrors.clone() {
            self.reflect(graph, types, location, mirror);
        }
        node
    }

    /// The place for pointers to write at a location; that for integers follows.
    pub(super) fn write(&mut self, graph: &mut Graph, types: &Types, location: Location) -> Node {
        let node = self.read(graph, types, location);
        if self.locations[location as usize].1 == ANYWHERE { node + 2 } else { node }
    }

    /// What is at `from` and behind it, `len` bytes of it if that is known, is at `to` as well.
    pub(super) fn mirror(
        &mut self,
        graph: &mut Graph,
        types: &Types,
        from: Location,
        to: Location,
        len: Option<u64>,
    ) {
        let (source, start) = self.locations[from as usize];
        let (object, at) = self.locations[to as usize];
        let mirror = Mirror { from: start, len, object, to: at };
        let content = &mut self.objects[source as usize];
        if content.mirrors.contains(&mirror) {
            return;
        }
        content.mirrors.push(mirror);
        for location in content.used.clone() {
            self.reflect(graph, types, location, mirror);
        }
        if start == ANYWHERE {
            self.read(graph, types, from);
        }
    }

    /// A location of an object with a mirror is in use.
    fn reflect(&mut self, graph: &mut Graph, types: &Types, location: Location, mirror: Mirror) {
        let (source, offset) = self.locations[location as usize];
        let Mirror { from, len, object, to } = mirror;
        let (own, layout) = (self.objects[source as usize].layout, self.objects[object as usize].layout);
        let somewhere = own == Layout::Whole || from == ANYWHERE || to == ANYWHERE || offset == ANYWHERE;
        let target = if somewhere {
            let start = self.intern(object, 0);
            self.anywhere(start)
        } else {
            let elements = matches!(own, Layout::Elements(_) | Layout::ElementsOf(_));
            let inside = offset >= from && len.is_none_or(|len| offset - from < len || elements);
            let Some(at) = inside.then(|| canonical(types, layout, to + (offset - from))).flatten() else {
                return;
            };
            self.intern(object, at)
        };
        if matches!(layout, Layout::Plain(_))
            && let Some(ty) = self.scalar(types, location)
        {
            self.noted.entry(target).or_insert(ty);
        }
        let alike = self.scalar(types, location).is_some_and(|ty| self.scalar(types, target) == Some(ty));
        // Numbers written anywhere are any already.
        if !alike && (offset != ANYWHERE || from == ANYWHERE) {
            self.spoil(graph, types, target);
        }
        let node = self.read(graph, types, location);
        // All there is comes from the other locations; what is written anywhere is not at any of them alone.
        let from = if offset == ANYWHERE && from != ANYWHERE { node + 2 } else { node };
        let to = self.write(graph, types, target);
        both(graph, from, to);
    }
}

/// Copies pointers and integers.
fn both(graph: &mut Graph, from: Node, to: Node) {
    graph.copy(from, to);
    graph.copy(from + 1, to + 1);
}

/// The offset by which a location is known; none if it is not in the object.
fn canonical(types: &Types, layout: Layout, offset: u64) -> Option<u64> {
    match layout {
        Layout::Whole => Some(0),
        // There is a location behind the end, but nothing in it.
        Layout::One(ty) if offset == types.size(ty) => Some(offset),
        Layout::One(ty) => (offset < types.size(ty)).then(|| in_type(types, ty, offset)),
        Layout::Elements(ty) => match types.size(ty) {
            0 => Some(0),
            size => Some(in_type(types, ty, offset % size)),
        },
        Layout::ElementsOf(size) => Some(offset % size.max(1)),
        Layout::Plain(size) => (offset <= size).then_some(offset),
        Layout::Descriptor(head) => Some(match offset {
            0 => 0,
            _ if [head.kind, head.equal, head.name, head.ptr_to].contains(&offset) => offset,
            _ if offset < head.size => 1,
            _ => head.size,
        }),
    }
}

/// The scalar that begins at an offset.
fn scalar_at(types: &Types, ty: Type, offset: u64) -> Option<Type> {
    match types.data(ty) {
        TypeData::Struct(_) => {
            let (field, start) = field_at(types, ty, offset)?;
            scalar_at(types, field, offset - start)
        }
        TypeData::Array(elem, _) => scalar_at(types, *elem, offset.checked_rem(types.size(*elem))?),
        TypeData::Void => None,
        _ => (offset == 0).then_some(ty),
    }
}

/// The field of a struct type that an offset is in, and where that begins.
fn field_at(types: &Types, ty: Type, offset: u64) -> Option<(Type, u64)> {
    let mut start = 0;
    for &field in types.fields(ty) {
        let layout = types.layout(field);
        start = round_up(start, layout.align);
        if offset >= start && offset < start + layout.size {
            return Some((field, start));
        }
        start += layout.size;
    }
    None
}

/// Elements of arrays are known as the first.
fn in_type(types: &Types, ty: Type, offset: u64) -> u64 {
    match types.data(ty) {
        TypeData::Struct(_) => match field_at(types, ty, offset) {
            Some((field, start)) => start + in_type(types, field, offset - start),
            None => offset,
        },
        TypeData::Array(elem, _) => match types.size(*elem) {
            0 => 0,
            size => in_type(types, *elem, offset % size),
        },
        _ => offset,
    }
}

/// Whether an array of elements of this size begins at an offset.
fn has_elements(types: &Types, ty: Type, offset: u64, size: u64) -> bool {
    match types.data(ty) {
        TypeData::Struct(_) => field_at(types, ty, offset)
            .is_some_and(|(field, start)| has_elements(types, field, offset - start, size)),
        TypeData::Array(elem, _) => {
            let own = types.size(*elem);
            offset == 0 && own == size || own != 0 && has_elements(types, *elem, offset % own, size)
        }
        _ => false,
    }
}
