//! The program as a graph, and what is known of it in the end.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ir::{Const, FuncId, GlobalId, Inst, Kind, Op, Program, RType, RTypeId, Type, TypeData, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use super::cells::{SCALARS, Shapes, cell, is_cell};
use super::graph::{Graph, Item, Node, Rule, UNKNOWN_NODES, unknown_memory};
use super::items::{Items, UNKNOWN, What};
use crate::flow::{SWITCHES, UNSEEN};
use crate::reach::callbacks;

/// Compares the methods of a type with those of an interface: `func(inter, typ *_type) (tab *itab, missing string)`.
pub(super) const FIND_TABLE: &str = "runtime.findItab";
/// Finds the pointer type to a type, if need be in the table of all types, or makes one: `func (t *rtype) ptrTo() *abi.Type`.
pub(super) const POINTER_TO: &str = "reflect.(*rtype).ptrTo";
/// Programs in which more than this is known are left as they are.
const MOST_FACTS: usize = 1_000_000;

/// What each signature of functions whose address is taken is given, and what it gives; those that descriptors name are
/// apart.
pub(super) type Signatures = FxHashMap<(bool, Vec<Type>, Vec<Type>), (Vec<Node>, Vec<Node>)>;

/// The nodes of a value: one for each slot.
pub(super) type Nodes = Range<Node>;

#[derive(PartialEq, Eq, Hash)]
pub(super) enum Key {
    Global(GlobalId),
    Field(Type, u32),
    /// What a function has captured, by its place in the record.
    Captured(FuncId, u32),
    /// What an instruction makes, in a body.
    Made(u32, Inst),
}

/// A function: the first node of each value, and behind the last; the nodes of the results.
pub(super) struct Body {
    pub(super) values: Vec<Node>,
    pub(super) params: Vec<Nodes>,
    pub(super) results: Vec<Nodes>,
}

/// A function that is looked at: its body, and how many calls it is away from one that stands for itself.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) id: FuncId,
    pub(super) body: u32,
    pub(super) depth: u32,
}

/// A call through an interface: the operands without the type, the results.
pub(super) struct Site {
    pub(super) iface: RTypeId,
    pub(super) index: u32,
    pub(super) args: Vec<Nodes>,
    pub(super) results: Vec<Nodes>,
}

/// The types of which a part of the descriptor is read.
pub(super) struct Uses {
    /// The name.
    pub(super) named: BTreeSet<RTypeId>,
    /// What is behind the head.
    pub(super) opened: BTreeSet<RTypeId>,
    /// The methods.
    pub(super) asked: BTreeSet<RTypeId>,
}

pub(super) struct Analysis<'a> {
    pub(super) program: &'a Program,
    pub(super) graph: Graph,
    pub(super) items: Items,
    pub(super) shapes: Shapes,
    pub(super) cells: FxHashMap<Key, Node>,
    pub(super) cell_types: FxHashMap<Node, Type>,
    pub(super) bodies: Vec<Body>,
    /// That which stands for all calls of a function.
    pub(super) body_of: FxHashMap<FuncId, u32>,
    pub(super) signatures: Signatures,
    pub(super) sites: Vec<Site>,
    pub(super) linked: FxHashSet<(u32, FuncId)>,
    /// The types of the records that `make_closure` makes.
    pub(super) records: FxHashMap<(FuncId, Inst), Type>,
    pub(super) callbacks: BTreeMap<&'a str, FuncId>,
    /// What has to be an address of something.
    pub(super) addresses: Vec<Node>,
    pub(super) uses: Uses,
    /// Opened types whose values have not been joined with memory of which nothing is known.
    pub(super) fresh: Vec<RTypeId>,
    /// Rules that apply to items for an interface type once package reflect has seen that.
    pub(super) waiting: FxHashMap<RTypeId, Vec<(Rule, Item)>>,
    pub(super) leaked: FxHashSet<Item>,
    pub(super) implements: RefCell<FxHashMap<(RTypeId, RTypeId), bool>>,
    /// Of each type the pointer type to it.
    pub(super) pointers: FxHashMap<RTypeId, RTypeId>,
    /// `abi.Type`
    pub(super) head: Type,
}

impl<'a> Analysis<'a> {
    /// None if package reflect goes ways that no operation shows, or if there is too much to follow.
    pub(super) fn of(program: &'a mut Program) -> Option<Uses> {
        if UNSEEN.iter().any(|name| program.func_named(name).is_some()) {
            return None;
        }
        let records = records(program);
        let head = crate::descriptor::head_type(program);
        let program = &*program;
        let mut graph = Graph::default();
        let unknown = graph.add_nodes(UNKNOWN_NODES as usize);
        (unknown..unknown + UNKNOWN_NODES).for_each(|node| graph.add(node, UNKNOWN));
        let mut analysis = Analysis {
            program,
            graph,
            items: Items::default(),
            shapes: Shapes::default(),
            cells: FxHashMap::default(),
            cell_types: FxHashMap::default(),
            bodies: Vec::new(),
            body_of: FxHashMap::default(),
            signatures: Signatures::default(),
            sites: Vec::new(),
            linked: FxHashSet::default(),
            records,
            callbacks: callbacks(program),
            addresses: Vec::new(),
            uses: Uses { named: BTreeSet::new(), opened: BTreeSet::new(), asked: BTreeSet::new() },
            fresh: Vec::new(),
            waiting: FxHashMap::default(),
            leaked: FxHashSet::default(),
            implements: RefCell::default(),
            pointers: program
                .rtypes
                .iter()
                .filter_map(|(id, rtype)| Some((pointer_elem(rtype)?, id)))
                .collect(),
            head,
        };
        analysis.functions();
        analysis.globals();
        for id in program.funcs.keys() {
            let body = analysis.body_of[&id];
            analysis.look_at(Frame { id, body, depth: 0 });
        }
        analysis.solve().then_some(analysis.uses)
    }

    fn functions(&mut self) {
        let program = self.program;
        for (id, func) in program.funcs.iter() {
            let body = self.new_body(id);
            self.body_of.insert(id, body);
            let Body { params, results, .. } = &self.bodies[body as usize];
            let (params, results) = (params.clone(), results.clone());
            if func.name == FIND_TABLE {
                let (inter, typ) = (params[0].start, params[1].start);
                self.rule(inter, Rule::Methods);
                self.rule(typ, Rule::Methods);
                // A table is known by its type.
                self.graph.copy(typ, results[0].start);
            }
            if func.name == POINTER_TO {
                self.rule(params[0].start, Rule::PointerTo { to: results[0].start });
            }
            if !func.has_body() && !SWITCHES.contains(&func.name.as_str()) {
                self.outside(&params, &results);
            }
            if func.attrs.exported || func.attrs.wasm_export || func.attrs.interrupt {
                params.iter().cloned().flatten().for_each(|node| self.graph.add(node, UNKNOWN));
            }
        }
        for (own, func) in program.funcs.iter().filter(|(_, func)| !func.has_body()) {
            for symbol in &func.attrs.calls {
                if let Some(&callback) = self.callbacks.get(symbol.as_str()) {
                    self.hand_on(own, callback);
                }
            }
        }
        for id in taken(program) {
            self.take_address(id, false);
        }
        for id in program.rtypes.values().flat_map(|rtype| rtype.equal.into_iter().chain(rtype.hash)) {
            self.take_address(id, true);
        }
    }

    fn new_body(&mut self, id: FuncId) -> u32 {
        let program = self.program;
        let func = &program.funcs[id];
        let mut values = Vec::with_capacity(func.values.len() + 1);
        let mut count = 0;
        for value in func.values.values() {
            values.push(count);
            count += self.shapes.slots(&program.types, value.ty);
        }
        values.push(count);
        let first = self.graph.add_nodes(count as usize);
        values.iter_mut().for_each(|node| *node += first);
        let results = self.new_nodes(&func.sig.results);
        let params = match func.order.first() {
            Some(&entry) if func.name != FIND_TABLE => {
                let nodes = |param: &Value| values[param.0 as usize]..values[param.0 as usize + 1];
                func.blocks[entry].params.iter().map(nodes).collect()
            }
            _ => self.new_nodes(&func.sig.params),
        };
        self.bodies.push(Body { values, params, results });
        self.bodies.len() as u32 - 1
    }

    /// A body of its own for one call of a function.
    pub(super) fn instance(&mut self, id: FuncId, depth: u32) -> u32 {
        let body = self.new_body(id);
        self.look_at(Frame { id, body, depth });
        body
    }

    fn look_at(&mut self, frame: Frame) {
        let func = &self.program.funcs[frame.id];
        for &block in &func.order {
            func.blocks[block].insts.iter().for_each(|&inst| self.inst(frame, inst));
        }
    }

    pub(super) fn params(&self, id: FuncId) -> Vec<Node> {
        self.bodies[self.body_of[&id] as usize].params.iter().cloned().flatten().collect()
    }

    /// Assembly: what it is given gets out, and may be what it gives.
    fn outside(&mut self, params: &[Nodes], results: &[Nodes]) {
        for node in params.iter().cloned().flatten() {
            self.rule(node, Rule::Leak);
            for result in results.iter().cloned().flatten() {
                self.graph.copy(node, result);
                self.graph.add(result, UNKNOWN);
            }
        }
    }

    /// Any operand may be any parameter of a function that assembly calls.
    fn hand_on(&mut self, from: FuncId, callback: FuncId) {
        let args = self.params(from);
        let params = self.params(callback);
        for &param in &params {
            args.iter().for_each(|&arg| self.graph.copy(arg, param));
        }
    }

    fn take_address(&mut self, id: FuncId, described: bool) {
        let sig = &self.program.funcs[id].sig;
        let (given, gives) = self.signature(described, &sig.params, &sig.results);
        let body = &self.bodies[self.body_of[&id] as usize];
        let params: Vec<Node> = body.params.iter().cloned().flatten().collect();
        let results: Vec<Node> = body.results.iter().cloned().flatten().collect();
        given.into_iter().zip(params).for_each(|(from, to)| self.graph.copy(from, to));
        results.into_iter().zip(gives).for_each(|(from, to)| self.graph.copy(from, to));
    }

    /// What all functions of a signature are given when they are called by their addresses, and what they give.
    pub(super) fn signature(
        &mut self,
        described: bool,
        params: &[Type],
        results: &[Type],
    ) -> (Vec<Node>, Vec<Node>) {
        let key = (described, params.to_vec(), results.to_vec());
        if !self.signatures.contains_key(&key) {
            let params = self.new_nodes(params).into_iter().flatten().collect();
            let results = self.new_nodes(results).into_iter().flatten().collect();
            self.signatures.insert(key.clone(), (params, results));
        }
        self.signatures[&key].clone()
    }

    fn new_nodes(&mut self, types: &[Type]) -> Vec<Nodes> {
        let mut all = Vec::new();
        for &ty in types {
            let count = self.shapes.slots(&self.program.types, ty);
            let first = self.graph.add_nodes(count as usize);
            all.push(first..first + count);
        }
        all
    }

    pub(super) fn nodes(&self, body: u32, value: Value) -> Nodes {
        let values = &self.bodies[body as usize].values;
        values[value.0 as usize]..values[value.0 as usize + 1]
    }

    /// The first node of a cell of this type.
    pub(super) fn cell(&mut self, key: Key, ty: Type) -> Node {
        let node = self.untyped_cell(key);
        self.cell_types.insert(node, ty);
        node
    }

    /// That of a cell of which nobody says what it holds.
    pub(super) fn untyped_cell(&mut self, key: Key) -> Node {
        let graph = &mut self.graph;
        // Behind the cell is room for what may be asked of it by mistake.
        *self.cells.entry(key).or_insert_with(|| graph.add_nodes(2 * SCALARS))
    }

    /// The cell that is a field of all structs of a type.
    pub(super) fn field(&mut self, ty: Type, field: u32) -> Node {
        self.cell(Key::Field(ty, field), self.program.types.fields(ty)[field as usize])
    }

    fn globals(&mut self) {
        let program = self.program;
        for (id, global) in program.globals.iter() {
            let own = is_cell(&program.types, global.ty).then(|| self.cell(Key::Global(id), global.ty));
            let placed = global.symbol.is_some() || global.section.is_some();
            if let Some(node) = own
                && (global.exported || global.external || placed)
            {
                self.graph.add(node, UNKNOWN);
            }
            self.fill(&global.init, global.ty, own);
        }
    }

    /// What an initial value puts into memory: of cells that have no field, into this one.
    fn fill(&mut self, value: &Const, ty: Type, home: Option<Node>) {
        let program = self.program;
        if let Some(count) = cell(&program.types, ty) {
            let Some(node) = home else { return };
            match value {
                Const::Aggregate(parts) => {
                    for (part, at) in parts.iter().zip(0..count) {
                        self.fill_scalar(part, node + at);
                    }
                }
                _ => self.fill_scalar(value, node),
            }
            return;
        }
        let Const::Aggregate(parts) = value else { return };
        for (index, part) in parts.iter().enumerate() {
            match program.types.data(ty) {
                TypeData::Struct(fields) => {
                    let field = fields[index];
                    let own = is_cell(&program.types, field).then(|| self.field(ty, index as u32));
                    self.fill(part, field, own);
                }
                &TypeData::Array(elem, _) => self.fill(part, elem, home),
                _ => {}
            }
        }
    }

    fn fill_scalar(&mut self, value: &Const, node: Node) {
        let item = match *value {
            Const::Addr(global, offset) | Const::AddrInt(global, offset) => self.address(global, offset),
            Const::RType(id) => Some(self.items.id(What::Type(id))),
            _ => None,
        };
        item.into_iter().for_each(|item| self.graph.add(node, item));
    }

    /// The address of a cell in a global.
    pub(super) fn address(&mut self, global: GlobalId, offset: i64) -> Option<Item> {
        let types = &self.program.types;
        let mut ty = self.program.globals[global].ty;
        let mut offset = u64::try_from(offset).ok()?;
        let mut key = Key::Global(global);
        loop {
            match types.data(ty) {
                _ if cell(types, ty).is_some() => break,
                TypeData::Struct(fields) => {
                    let starts = (0..fields.len()).rev().map(|at| (at, types.field_offset(ty, at)));
                    let (at, start) = starts.into_iter().find(|&(at, start)| {
                        start <= offset && (offset - start < types.size(fields[at]) || start == offset)
                    })?;
                    offset -= start;
                    key = Key::Field(ty, at as u32);
                    ty = fields[at];
                }
                &TypeData::Array(elem, _) => {
                    offset = offset.checked_rem(types.size(elem))?;
                    ty = elem;
                }
                _ => return None,
            }
        }
        let by = (0..types.fields(ty).len()).rev().find(|&at| types.field_offset(ty, at) <= offset);
        let own = match key {
            Key::Field(ty, field) => types.fields(ty)[field as usize],
            _ => self.program.globals[global].ty,
        };
        let node = self.cell(key, own) + by.unwrap_or(0) as Node;
        Some(self.items.id(What::Cell(node)))
    }

    pub(super) fn rule(&mut self, node: Node, rule: Rule) {
        for item in self.graph.rule(node, rule) {
            self.apply(rule, item);
        }
    }

    /// False if there is too much to follow.
    fn solve(&mut self) -> bool {
        loop {
            loop {
                for item in std::mem::take(&mut self.graph.leaking) {
                    self.leak(item);
                }
                let Some((rules, new)) = self.graph.step() else { break };
                if self.graph.size() > MOST_FACTS {
                    return false;
                }
                for rule in rules {
                    new.iter().for_each(|&item| self.apply(rule, item));
                }
            }
            let changed = self.join_opened() | self.assume_unknown();
            if !changed {
                return true;
            }
        }
    }

    /// Package reflect reads and writes the values of types that it has opened by addresses of which nothing is known.
    fn join_opened(&mut self) -> bool {
        let fresh = std::mem::take(&mut self.fresh);
        let program = self.program;
        for &id in fresh.iter().filter(|&&id| program.rtypes[id].kind == Kind::Struct) {
            let repr = program.rtypes[id].repr;
            for (index, field) in program.rtypes[id].fields.iter().enumerate() {
                let ty = program.types.fields(repr)[index];
                if !is_cell(&program.types, ty) {
                    continue;
                }
                let interfaces = self.is_interface(field.ty);
                let node = self.field(repr, index as u32);
                for by in 0..SCALARS as Node {
                    let unknown = unknown_memory(by);
                    if interfaces {
                        self.graph.copy(node + by, unknown);
                        self.graph.copy(unknown, node + by);
                    } else {
                        self.rule(node + by, Rule::Address { to: unknown });
                        self.rule(unknown, Rule::Address { to: node + by });
                    }
                }
            }
        }
        !fresh.is_empty()
    }

    /// Whether values of a type are interfaces, or arrays of them.
    fn is_interface(&self, id: RTypeId) -> bool {
        let rtype = &self.program.rtypes[id];
        match rtype.kind {
            Kind::Array => rtype.elem.is_none_or(|elem| self.is_interface(elem)),
            kind => kind == Kind::Interface,
        }
    }

    /// An address that leads nowhere leads to memory of which nothing is known.
    fn assume_unknown(&mut self) -> bool {
        let mut changed = false;
        for node in self.addresses.clone() {
            let leads =
                |&item: &Item| !matches!(self.items.what(item), What::Type(_) | What::Table(..) | What::New);
            if !self.graph.items(node).iter().any(leads) {
                self.graph.add(node, UNKNOWN);
                changed = true;
            }
        }
        changed
    }
}

/// What a pointer type without a name points to.
fn pointer_elem(rtype: &RType) -> Option<RTypeId> {
    rtype.elem.filter(|_| rtype.kind == Kind::Pointer && rtype.name.is_empty())
}

/// The type of the record of each `make_closure`: the code, what is captured, see `lower_closures`.
fn records(program: &mut Program) -> FxHashMap<(FuncId, Inst), Type> {
    let mut found = Vec::new();
    for (id, func) in program.funcs.iter() {
        for inst in func.order.iter().flat_map(|&block| &func.blocks[block].insts) {
            let data = &func.insts[*inst];
            if data.op == Op::MakeClosure {
                let captured = data.args.iter().map(|&value| func.ty(value));
                found.push(((id, *inst), std::iter::once(Type::CODE).chain(captured).collect::<Vec<Type>>()));
            }
        }
    }
    found.into_iter().map(|(key, fields)| (key, program.types.structure(&fields))).collect()
}

/// The functions that may be called by their addresses. Those of method tables are called as methods only.
fn taken(program: &Program) -> BTreeSet<FuncId> {
    fn of_const(value: &Const, found: &mut BTreeSet<FuncId>) {
        match value {
            Const::Code(id) | Const::CodeInt(id) => {
                found.insert(*id);
            }
            Const::Aggregate(parts) => parts.iter().for_each(|part| of_const(part, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    for global in program.globals.values() {
        of_const(&global.init, &mut found);
    }
    for func in program.funcs.values() {
        for inst in func.order.iter().flat_map(|&block| &func.blocks[block].insts) {
            let data = &func.insts[*inst];
            if let (Op::FuncAddr | Op::MakeClosure, ir::Aux::Func(id)) = (data.op, &data.aux) {
                found.insert(*id);
            }
        }
    }
    found
}
