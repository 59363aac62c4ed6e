//! What follows when an item arrives at a node.

use ir::{Kind, RTypeId, Type, TypeData, Types};

use super::analysis::Analysis;
use super::cells::{SCALARS, cell, is_cell, is_single};
use super::graph::{Item, Node, Rule, unknown_memory};
use super::items::{UNKNOWN, What};
use crate::descriptor::flat;

/// Indices of the fields of `abi.Type`: the name, the pointer type.
const NAME: u32 = 9;
const PTR_TO: u32 = 10;
const HEAD_FIELDS: usize = 11;

impl Analysis<'_> {
    pub(super) fn apply(&mut self, rule: Rule, item: Item) {
        let what = self.items.what(item);
        match (rule, what) {
            (Rule::Load { to, by, ty }, What::Cell(node)) => {
                let from = self.scalar_in(node, ty, by);
                from.into_iter().for_each(|from| self.graph.copy(from, to));
            }
            (Rule::Store { from, by, ty }, What::Cell(node)) => {
                let to = self.scalar_in(node, ty, by);
                to.into_iter().for_each(|to| self.graph.copy(from, to));
            }
            // The only word may be the second of what others store or load there.
            (Rule::Load { to, ty, .. }, What::Unknown) if ty.is_int() => self.graph.add(to, UNKNOWN),
            (Rule::Load { to, by, ty }, What::Unknown) => {
                self.graph.copy(unknown_memory(by), to);
                if is_single(&self.program.types, ty) {
                    self.graph.copy(unknown_memory(1), to);
                }
            }
            (Rule::Store { from, by, ty }, What::Unknown) => {
                self.graph.copy(from, unknown_memory(by));
                if is_single(&self.program.types, ty) {
                    self.graph.copy(from, unknown_memory(1));
                }
            }
            (Rule::Load { to, by, ty }, What::Behind(_) | What::Methods(_)) => {
                if holds_type(&self.program.types, ty, by) {
                    self.read(what, to);
                } else if by == 0 {
                    self.graph.add(to, item);
                }
            }
            (Rule::Load { to, .. }, What::Holds(id)) => self.add(to, What::Type(id)),
            (Rule::Described { to, count, ty }, What::Behind(_) | What::Methods(_)) => {
                let holds = (0..count).filter(|&at| holds_type(&self.program.types, ty, at));
                for at in holds {
                    self.read(what, to + at);
                }
            }
            (Rule::Described { to, count, ty }, What::Type(id)) if self.begins_with_head(ty) => {
                self.open_all(id);
                for node in to..to + count {
                    self.read(What::Behind(id), node);
                    self.read(What::Methods(id), node);
                }
            }
            (Rule::Field { to, ty, field }, What::Cell(node)) => {
                if cell(&self.program.types, ty).is_some() {
                    self.add(to, What::Cell(node + field));
                }
            }
            (Rule::Field { to, ty, field }, What::Type(id)) => self.descriptor_field(id, ty, field, to),
            (Rule::Field { to, ty, field }, What::New) if self.begins_with_head(ty) => {
                if is_cell(&self.program.types, self.program.types.fields(ty)[field as usize]) {
                    let node = self.field(ty, field);
                    self.add(to, What::Cell(node));
                } else {
                    self.graph.add(to, item);
                }
            }
            (Rule::Field { to, ty, field }, What::Table(id, iface)) => {
                let fields = self.program.types.fields(ty);
                if fields.len() >= 3 && fields[..3] == [Type::PTR, Type::PTR, Type::I32] {
                    match field {
                        0 => self.add(to, What::Holds(iface)),
                        1 => self.add(to, What::Holds(id)),
                        _ => {}
                    }
                }
            }
            (Rule::Element { to, is_cell: true }, What::Cell(_)) => self.graph.add(to, item),
            (Rule::Load { to, .. }, What::List(id)) => self.add(to, What::Behind(id)),
            (Rule::Field { to, ty, field: 0 }, What::Behind(id)) if is_list(&self.program.types, ty) => {
                self.add(to, What::List(id));
            }
            (Rule::Field { to, ty, field }, What::Behind(_) | What::Methods(_)) => {
                if holds_type(&self.program.types, ty, field) {
                    self.graph.add(to, item);
                }
            }
            // A field of another struct is a cell of its own.
            (Rule::Field { to, ty, .. }, What::Unknown) => {
                if cell(&self.program.types, ty).is_some() {
                    self.graph.add(to, item);
                }
            }
            (
                Rule::Element { to, .. } | Rule::Away { to, .. },
                What::Behind(_) | What::Methods(_) | What::Unknown,
            ) => self.graph.add(to, item),
            (Rule::Away { of_values: true, .. }, What::Type(_)) => {}
            (Rule::Away { to, .. }, What::Type(id)) => {
                self.open_all(id);
                self.add(to, What::Behind(id));
                self.add(to, What::Methods(id));
            }
            // In the cell, or near it.
            (Rule::Away { to, .. }, What::Cell(node)) => {
                self.graph.add(to, item);
                self.graph.add(to, UNKNOWN);
                if self.cell_types.get(&node).is_some_and(|&own| !is_single(&self.program.types, own)) {
                    self.add(to, What::Cell(node + 1));
                }
            }
            (Rule::Convert { from, .. }, What::Table(id, own)) if own != from => {
                // Package reflect looks at interfaces of all types with methods as if they were of one type with a method
                // that nobody has.
                let methods = !self.program.rtypes[from].imethods.is_empty();
                if methods && !self.implements(id, from) {
                    if self.uses.opened.contains(&own) {
                        self.convert_as(rule, id);
                    } else {
                        self.waiting.entry(own).or_default().push((rule, item));
                    }
                }
            }
            (Rule::Convert { .. }, What::Type(id) | What::Table(id, _)) => self.convert_as(rule, id),
            (Rule::TypeOf { to, .. }, What::Type(id)) => self.add(to, What::Type(id)),
            (Rule::TypeOf { to, from }, What::Table(id, own)) if from.is_none_or(|from| own == from) => {
                self.add(to, What::Type(id));
            }
            (Rule::PointerTo { to }, What::Type(id)) => {
                self.uses.named.insert(id);
                if let Some(&pointer) = self.pointers.get(&id) {
                    self.uses.named.insert(pointer);
                    self.open(pointer);
                    self.add(to, What::Type(pointer));
                }
            }
            (Rule::Method(site), What::Type(id)) => self.select(site, id),
            (Rule::Method(site), What::Table(id, iface)) if iface == self.sites[site as usize].iface => {
                self.select(site, id);
            }
            (Rule::MoveFrom { buffer }, What::Cell(node)) => {
                (0..SCALARS as Node).for_each(|by| self.graph.copy(node + by, buffer + by));
            }
            (Rule::MoveTo { buffer }, What::Cell(node)) => {
                (0..SCALARS as Node).for_each(|by| self.graph.copy(buffer + by, node + by));
            }
            (Rule::MoveFrom { buffer }, What::Unknown) => {
                for by in 0..SCALARS as Node {
                    self.graph.copy(unknown_memory(by), buffer + by);
                }
            }
            (Rule::MoveTo { buffer }, What::Unknown) => {
                for by in 0..SCALARS as Node {
                    self.graph.copy(buffer + by, unknown_memory(by));
                }
            }
            (Rule::MoveFrom { buffer }, What::Behind(id) | What::Methods(id)) => {
                self.open_all(id);
                for node in buffer..buffer + SCALARS as Node {
                    self.read(What::Behind(id), node);
                    self.read(What::Methods(id), node);
                }
            }
            (Rule::Address { to }, What::Cell(_) | What::Unknown) => self.graph.add(to, item),
            (Rule::Leak, _) => self.leak(item),
            (Rule::Methods, What::Type(id)) => {
                self.uses.asked.insert(id);
                if self.program.rtypes[id].kind == Kind::Interface {
                    self.open(id);
                }
            }
            _ => {}
        }
    }

    pub(super) fn add(&mut self, node: Node, what: What) {
        let item = self.items.id(what);
        self.graph.add(node, item);
    }

    /// Where in a cell scalar number `by` of a value of a type is. Nowhere if such a value is not what the cell holds: that
    /// address is one that gets there only as far as is known here.
    fn scalar_in(&self, node: Node, ty: Type, by: u32) -> Option<Node> {
        let types = &self.program.types;
        let Some(&own) = self.cell_types.get(&node).filter(|_| !is_single(types, ty)) else {
            return Some(node + by);
        };
        match types.data(own) {
            // Its elements are one.
            TypeData::Array(..) if is_single(types, own) => Some(node),
            TypeData::Array(elem, _) => self.alike(*elem, ty).then_some(node + by),
            _ => self.alike(own, ty).then_some(node + by),
        }
    }

    /// Whether cells of these types have pointers at the same places, as strings and slices have.
    fn alike(&self, a: Type, b: Type) -> bool {
        let types = &self.program.types;
        let is_pointer = |ty: &Type| matches!(types.data(*ty), TypeData::Ptr | TypeData::Code);
        let (a, b) = (types.fields(a), types.fields(b));
        a.len().min(b.len()) > 1 && a.iter().zip(b).all(|(a, b)| is_pointer(a) == is_pointer(b))
    }

    /// What the parts of a descriptor behind the head lead to is all in one place.
    fn read(&mut self, what: What, to: Node) {
        let program = self.program;
        match what {
            What::Behind(id) => {
                program.rtypes[id].made_of().for_each(|part| self.add(to, What::Type(part)));
            }
            What::Methods(id) => {
                program.rtypes[id].methods.iter().for_each(|method| self.add(to, What::Type(method.ty)));
            }
            _ => {}
        }
    }

    fn open_all(&mut self, id: RTypeId) {
        self.open(id);
        self.uses.named.insert(id);
        self.uses.asked.insert(id);
    }

    fn descriptor_field(&mut self, id: RTypeId, ty: Type, field: u32, to: Node) {
        let types = &self.program.types;
        if ty == self.head {
            match field {
                NAME => {
                    self.uses.named.insert(id);
                }
                PTR_TO => {
                    let pointer = self.program.rtypes[id].ptr_to;
                    pointer.into_iter().for_each(|pointer| self.add(to, What::Holds(pointer)));
                }
                _ => {}
            }
            return;
        }
        // A struct that begins with `abi.Type`, or one of a program's own that looks like it.
        let alike =
            flat(types, ty).iter().zip(types.fields(self.head)).take(4).filter(|(a, b)| a == b).count();
        match (self.begins_with_head(ty), field) {
            (true, 0) => self.add(to, What::Type(id)),
            (true, _) => match part(types, ty, self.head) {
                Part::Methods(kinds) if kinds.may_be(self.program.rtypes[id].kind) => {
                    self.uses.asked.insert(id);
                    self.add(to, What::Methods(id));
                }
                // The name of the package.
                Part::Kind(Kinds(Some([Kind::Struct, Kind::Interface]))) if field == 1 => {}
                Part::Kind(kinds) if kinds.may_be(self.program.rtypes[id].kind) => {
                    self.open(id);
                    self.add(to, What::Behind(id));
                }
                _ => {}
            },
            (false, _) if alike == 4 => {
                self.open_all(id);
                self.add(to, What::Behind(id));
                self.add(to, What::Methods(id));
            }
            _ => {}
        }
    }

    /// Whether an `abi.Type` is the first of what a struct consists of.
    pub(super) fn begins_with_head(&self, ty: Type) -> bool {
        let types = &self.program.types;
        let mut first = ty;
        while first != self.head
            && let ir::TypeData::Struct(fields) = types.data(first)
            && let Some(&inner) = fields.first()
        {
            first = inner;
        }
        first == self.head
    }

    pub(super) fn open(&mut self, id: RTypeId) {
        if !self.uses.opened.insert(id) {
            return;
        }
        self.fresh.push(id);
        for (rule, item) in self.waiting.remove(&id).unwrap_or_default() {
            self.apply(rule, item);
        }
    }

    pub(super) fn leak(&mut self, item: Item) {
        if !self.leaked.insert(item) {
            return;
        }
        match self.items.what(item) {
            What::Type(id) | What::Table(id, _) => self.open_all(id),
            What::Cell(node) => {
                for by in 0..SCALARS as Node {
                    let unknown = unknown_memory(by);
                    self.graph.copy(node + by, unknown);
                    self.graph.copy(unknown, node + by);
                }
            }
            What::Behind(_) | What::Methods(_) | What::List(_) | What::Holds(_) => {}
            What::New | What::Unknown => {}
        }
    }

    fn convert_as(&mut self, rule: Rule, id: RTypeId) {
        let Rule::Convert { to, iface, .. } = rule else { return };
        if !self.implements(id, iface) {
            return;
        }
        if self.program.rtypes[iface].imethods.is_empty() {
            self.add(to, What::Type(id));
            return;
        }
        self.uses.asked.insert(id);
        self.add(to, What::Table(id, iface));
    }

    fn implements(&self, id: RTypeId, iface: RTypeId) -> bool {
        if let Some(&known) = self.implements.borrow().get(&(id, iface)) {
            return known;
        }
        let implements = self.program.rtypes[id].implements(&self.program.rtypes[iface]);
        self.implements.borrow_mut().insert((id, iface), implements);
        implements
    }

    fn select(&mut self, site: u32, id: RTypeId) {
        let (iface, index) = (self.sites[site as usize].iface, self.sites[site as usize].index);
        if !self.implements(id, iface) {
            return;
        }
        let wanted = &self.program.rtypes[iface].imethods[index as usize];
        let rtype = &self.program.rtypes[id];
        let code = rtype.find_method(wanted).and_then(|at| rtype.methods[at].code);
        if let Some(code) = code
            && self.linked.insert((site, code))
        {
            let site = &self.sites[site as usize];
            let (args, results) = (site.args.clone(), site.results.clone());
            self.link(&args, &results, code);
        }
    }
}

/// Whether field `index` of a struct behind the head of a descriptor may be an address of another descriptor, or lead to one:
/// of the entries of fields and methods only the type is.
fn holds_type(types: &Types, ty: Type, index: u32) -> bool {
    match flat(types, ty)[..] {
        [Type::PTR, Type::PTR, a] if a.is_int() => index == 1,
        [Type::I32, Type::I32] | [Type::I32, Type::I32, Type::I32, Type::I32] => index == 1,
        _ if is_list(types, ty) => false,
        [Type::I32, Type::I16, Type::I16, Type::I32, Type::I32] => false,
        _ => true,
    }
}

/// Whether a type is that of slices.
fn is_list(types: &Types, ty: Type) -> bool {
    matches!(flat(types, ty)[..], [Type::PTR, a, b] if a.is_int() && b.is_int())
}

/// What follows the head in a struct that describes types.
enum Part {
    /// What types of some kinds have there.
    Kind(Kinds),
    /// What types of some kinds with methods have behind that.
    Methods(Kinds),
}

/// The kinds of types that have a part; none for any.
struct Kinds(Option<&'static [Kind]>);

impl Kinds {
    fn may_be(&self, kind: Kind) -> bool {
        self.0.is_none_or(|kinds| kinds.contains(&kind))
    }
}

/// What a struct with an `abi.Type` at its beginning has behind that: see `crate::descriptor`.
fn part(types: &Types, ty: Type, head: Type) -> Part {
    let fields = types.fields(ty);
    let is_uncommon = |ty: &Type| flat(types, *ty) == [Type::I32, Type::I16, Type::I16, Type::I32, Type::I32];
    match fields.get(1).is_some_and(is_uncommon) {
        true if fields[0] == head => Part::Methods(Kinds(None)),
        true => Part::Methods(kinds(types, fields[0])),
        false => Part::Kind(kinds(types, ty)),
    }
}

fn kinds(types: &Types, ty: Type) -> Kinds {
    let all = flat(types, ty);
    Kinds(match &all[HEAD_FIELDS.min(all.len())..] {
        [Type::PTR] => Some(&[Kind::Pointer, Kind::Slice, Kind::Array, Kind::Chan]),
        [Type::PTR, a] if a.is_int() => Some(&[Kind::Chan]),
        [Type::PTR, Type::PTR, a] if a.is_int() => Some(&[Kind::Array]),
        [Type::PTR, Type::PTR, a, b] if a.is_int() && b.is_int() => Some(&[Kind::Struct, Kind::Interface]),
        [Type::PTR, Type::PTR, Type::PTR, ..] => Some(&[Kind::Map]),
        [Type::I16, Type::I16, ..] => Some(&[Kind::Func]),
        _ => None,
    })
}
