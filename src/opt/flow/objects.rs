//! Objects by number: type descriptors, functions, globals, memory from outside, in this order, then what is allocated.
//! The location where one begins has its number, but for those that are allocated. And what the first of them hold.

use ir::{Const, FuncId, Global, GlobalId, RTypeId, Type, TypeData};

use super::analysis::{Analysis, Places};
use super::graph::{ANY_NUMBER, Location, Node, Rule};
use super::memory::{Head, Layout, Object};
use super::shape::{Held, Slot};
use crate::descriptor::TYPE_TABLE;
use crate::simplify::extend;

impl Analysis<'_> {
    pub(super) fn type_object(&self, id: RTypeId) -> Location {
        id.0
    }

    pub(super) fn func_object(&self, id: FuncId) -> Location {
        self.program.rtypes.len() as Location + id.0
    }

    pub(super) fn global_object(&self, id: GlobalId) -> Location {
        (self.program.rtypes.len() + self.program.funcs.len()) as Location + id.0
    }

    pub(super) fn outside(&self) -> Location {
        (self.program.rtypes.len() + self.program.funcs.len() + self.program.globals.len()) as Location
    }

    pub(super) fn as_type(&self, location: Location) -> Option<RTypeId> {
        ((location as usize) < self.program.rtypes.len()).then_some(RTypeId(location))
    }

    pub(super) fn as_func(&self, location: Location) -> Option<FuncId> {
        let id = (location as usize).checked_sub(self.program.rtypes.len())?;
        (id < self.program.funcs.len()).then_some(FuncId(id as u32))
    }

    pub(super) fn offset(&mut self, location: Location, by: i64) -> Option<Location> {
        self.memory.offset(&self.program.types, location, by)
    }

    /// The place to read what a location holds.
    pub(super) fn read(&mut self, location: Location, integer: bool) -> Node {
        if self.memory.is_behind_head(location) {
            self.opened.insert(self.memory.object(location));
        }
        if self.memory.is_name(location) {
            self.named.insert(self.memory.object(location));
        }
        self.fill_object(self.memory.object(location));
        self.memory.read(&mut self.graph, &self.program.types, location) + Node::from(integer)
    }

    /// The place to write what a location holds.
    pub(super) fn write(&mut self, location: Location, integer: bool) -> Node {
        self.fill_object(self.memory.object(location));
        self.memory.write(&mut self.graph, &self.program.types, location) + Node::from(integer)
    }

    pub(super) fn fill_object(&mut self, object: Object) {
        let program = self.program;
        let globals = (program.rtypes.len() + program.funcs.len()) as Object;
        if object > self.outside() || !self.filled.insert(object) {
            return;
        }
        if let Some(id) = self.as_type(object) {
            self.fill_type(id);
        } else if object >= globals && object < self.outside() {
            let global = &program.globals[GlobalId(object - globals)];
            let location = self.global_object(GlobalId(object - globals));
            if is_written_elsewhere(global) {
                self.spoil(location);
            }
            self.fill(&global.init, global.ty, location, 0);
        } else if object == self.outside() {
            let node = self.write(object, false);
            self.graph.add(node, object);
            self.graph.add(node, ANY_NUMBER);
            self.graph.add(node + 1, ANY_NUMBER);
        }
    }

    /// What a descriptor, and what belongs to it, leads to. What stands behind its head is all in one place.
    pub(super) fn fill_type(&mut self, id: RTypeId) {
        let rtype = &self.program.rtypes[id];
        let keys =
            rtype.key.iter().flat_map(|&key| [self.program.rtypes[key].hash, self.program.rtypes[key].equal]);
        let funcs = [rtype.hash].into_iter().chain(keys).flatten();
        let mut parts: Vec<Location> = rtype.parts().map(|id| self.type_object(id)).collect();
        parts.extend(funcs.map(|id| self.func_object(id)));
        let head = Head::of(&self.program.types);
        let at = |this: &mut Self, offset: u64, integer: bool, held: Location| {
            if let Some(location) = this.offset(id.0, offset as i64) {
                let node = this.write(location, integer);
                this.graph.add(node, held);
            }
        };
        let kind = self.graph.number(rtype.kind as i64);
        at(self, head.kind, true, kind);
        if let Some(equal) = rtype.equal {
            at(self, head.equal, false, self.func_object(equal));
        }
        if let Some(pointer) = rtype.ptr_to {
            at(self, head.ptr_to, true, self.type_object(pointer));
        }
        // Arrays of parts are there as well.
        parts.extend(self.offset(id.0, head.size as i64));
        for part in parts {
            at(self, head.size, false, part);
            at(self, head.size, true, part);
        }
    }

    pub(super) fn fill(&mut self, value: &Const, ty: Type, object: Location, at: u64) {
        let program = self.program;
        let (held, integer) = match value {
            &Const::Addr(global, offset) => (self.offset(self.global_object(global), offset), false),
            &Const::AddrInt(global, offset) => (self.offset(self.global_object(global), offset), true),
            Const::Code(func) => (Some(self.func_object(*func)), false),
            Const::CodeInt(func) => (Some(self.func_object(*func)), true),
            Const::RType(id) => (Some(self.type_object(*id)), false),
            Const::Aggregate(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    let (ty, offset) = match program.types.data(ty) {
                        TypeData::Array(elem, _) => (*elem, index as u64 * program.types.size(*elem)),
                        _ => (program.types.fields(ty)[index], program.types.field_offset(ty, index)),
                    };
                    self.fill(part, ty, object, at + offset);
                }
                return;
            }
            Const::Int(0) if !ty.is_int() => (Some(self.graph.number(0)), false),
            Const::Int(_) if ty == Type::PTR => (Some(self.outside()), false),
            &Const::Int(number) if ty.is_int() => (Some(self.graph.number(extend(number, ty))), true),
            Const::Int(_) | Const::Float(_) | Const::Bytes(_) => (Some(ANY_NUMBER), true),
            Const::Zero => return,
        };
        let (Some(location), Some(held)) = (self.offset(object, at as i64), held) else { return };
        let node = self.write(location, integer);
        self.graph.add(node, held);
    }

    /// Where a slot of a value at an address is: what is not taken apart may be anywhere in the object.
    fn slot_address(&mut self, address: Node, slot: Slot, offset: u64) -> (Node, u32) {
        if slot != Slot::Any {
            return (address, offset as u32);
        }
        let to = self.graph.add_places(1);
        self.add_rule(address, Rule::Anywhere { to });
        (to, 0)
    }

    pub(super) fn load(&mut self, address: Node, ty: Type, to: Places) {
        for ((slot, offset), to) in self.shapes.of(&self.program.types, ty).to_vec().into_iter().zip(to) {
            let (address, by) = self.slot_address(address, slot, offset);
            for held in slot.held() {
                self.add_rule(address, Rule::Load { to, by, held });
            }
        }
    }

    pub(super) fn store(&mut self, address: Node, ty: Type, from: Places) {
        for ((slot, offset), from) in self.shapes.of(&self.program.types, ty).to_vec().into_iter().zip(from) {
            let (address, by) = self.slot_address(address, slot, offset);
            for held in slot.held() {
                self.add_rule(address, Rule::Store { from, by, held });
            }
        }
    }

    /// Memory is copied from one place to another.
    pub(super) fn move_memory(&mut self, to: Node, from: Node, len: Option<u64>) {
        let buffer = self.memory.add(Layout::Plain(u64::MAX), false);
        self.add_rule(from, Rule::MoveFrom { buffer, len });
        self.add_rule(to, Rule::MoveTo { buffer, len });
    }

    /// The result is a new object, zero at first.
    pub(super) fn allocate(&mut self, to: Places, layout: Layout) -> Location {
        self.put_object(to, layout, true)
    }

    /// The result is a new object that is filled at once.
    pub(super) fn allocate_full(&mut self, to: Places, layout: Layout) -> Location {
        self.put_object(to, layout, false)
    }

    fn put_object(&mut self, to: Places, layout: Layout, zeroed: bool) -> Location {
        let object = self.memory.add(layout, zeroed);
        if let Some(node) = to.into_iter().next() {
            self.graph.add(node, object);
        }
        object
    }

    /// A new object holds a value at an offset.
    pub(super) fn hold(&mut self, object: Location, at: u64, ty: Type, from: Places) {
        for ((slot, offset), from) in self.shapes.of(&self.program.types, ty).to_vec().into_iter().zip(from) {
            let location = match slot {
                Slot::Any => Some(self.memory.anywhere(object)),
                _ => self.offset(object, (at + offset) as i64),
            };
            let Some(location) = location else { continue };
            for held in slot.held() {
                self.memory.note_type(location, held);
                self.store_at(location, held, from);
            }
        }
    }

    /// A location holds what is at a place. What is of another type than is there otherwise makes all in the object any.
    pub(super) fn store_at(&mut self, at: Location, held: Held, from: Node) {
        let to = self.write(at, held != Held::Pointer);
        self.graph.copy(from, to);
        if !self.memory.holds(&self.program.types, at, held) {
            self.spoil(at);
        }
    }

    /// Whether a location is in memory that nobody writes to.
    pub(super) fn is_constant(&self, location: Location) -> bool {
        let object = self.memory.object(location);
        let globals = (self.program.rtypes.len() + self.program.funcs.len()) as Object;
        let is_global = object >= globals && object < self.outside();
        object < globals || is_global && self.program.globals[GlobalId(object - globals)].constant
    }

    /// All numbers in an object may be any, all pointers nil or not.
    pub(super) fn spoil(&mut self, location: Location) {
        self.fill_object(self.memory.object(location));
        self.memory.spoil(&mut self.graph, &self.program.types, location);
    }

    /// Somebody outside of the program writes to an object. What it writes to constants is of no interest.
    pub(super) fn clobber(&mut self, location: Location, deep: bool) {
        let object = self.memory.object(location);
        if self.as_type(object).is_some() {
            self.opened.insert(object);
            self.named.insert(object);
        }
        if self.is_constant(location) || object == self.outside() {
            return;
        }
        if !deep {
            let to = self.write(location, false);
            self.graph.add(to, ANY_NUMBER);
            self.graph.add(to + 1, ANY_NUMBER);
            return;
        }
        self.spoil(location);
        if self.clobbered.insert(object) {
            let anywhere = self.memory.anywhere(location);
            let from = self.read(anywhere, false);
            self.add_rule(from, Rule::Clobber { deep });
            self.add_rule(from + 1, Rule::Clobber { deep });
        }
    }

    /// What is at a place gets out of the program.
    pub(super) fn escapes(&mut self, from: Places, deep: bool) {
        from.for_each(|node| self.add_rule(node, Rule::Clobber { deep }));
    }
}

/// Whether an initial value says of all of a variable what it is.
pub(super) fn is_all_told(value: &Const) -> bool {
    match value {
        Const::Zero => false,
        Const::Aggregate(parts) => parts.iter().all(is_all_told),
        _ => true,
    }
}

/// Whether more than the operations of the program write to a variable: other objects, the linker script, later passes.
fn is_written_elsewhere(global: &Global) -> bool {
    let named = [ir::contract::UNWINDING, "runtime.recoverToken", "runtime.pinned", TYPE_TABLE];
    let placed = global.symbol.is_some() || global.section.is_some();
    global.exported || global.external || placed || named.contains(&global.name.as_str())
}
