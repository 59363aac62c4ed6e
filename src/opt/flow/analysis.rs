//! What flows where: the operations of live code as edges and rules of the graph.
//!
//! Objects are type descriptors, functions, globals and what the operations that allocate give, one object each. An
//! integer is followed as far as an address may be hidden in it. Memory whose address comes from nowhere (a system call,
//! a linker symbol as a number) is one object.
//!
//! The call graph grows with the solution: a block is looked at when something live jumps to it, a function when it is
//! called.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ir::{Block, Func, FuncId, Op, Program, RTypeId, Type, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use super::graph::{ANY_NUMBER, Graph, Location, Node, is_number};
use super::memory::{Head, Layout, Memory, Object};
use super::objects::is_all_told;
use super::shape::Shapes;
use crate::descriptor::TYPE_TABLE;
use crate::lower_defer::runtime_struct;
use crate::reach::{Kinds, ONLY_WITH, callbacks};

/// Gives memory that nothing has written to.
pub(crate) const ALLOC: &str = "runtime.alloc";
/// The slow path of append.
pub(crate) const GROW: &str = "runtime.growslice";
/// Where a goroutine starts, with what the first was given.
pub(super) const NEW_GOROUTINE: &str = "runtime.newproc";
pub(super) const START_GOROUTINE: &str = "runtime.startg";
/// They save a pointer where they are told, or hand on what they are given.
pub(crate) const SWITCHES: &[&str] =
    &["runtime.swapStack", "runtime.runGoroutine", "runtime.runNested", "runtime.newStack"];
/// Descriptors name them.
const OF_DESCRIPTORS: &[&str] = &["runtime.memequal", "runtime.memhash"];
/// They return bytes that stand beside type descriptors, and lead nowhere.
pub(crate) const NAMES: &[&str] = &["runtime.nameString", "internal/abi.Name.Name", "internal/abi.Name.Tag"];
/// Programs in which more than this is known, where everything may be anywhere, are left as they are.
const MOST_FACTS: usize = 500_000;
/// Nobody has seen the analysis come to an end in a program of so many instructions.
const MOST_INSTRUCTIONS: usize = 90_000;
/// With these, package reflect goes ways that no operation shows.
pub(crate) const UNSEEN: &[&str] = &[
    "reflect.ArrayOf",
    "reflect.ChanOf",
    "reflect.FuncOf",
    "reflect.MapOf",
    "reflect.SliceOf",
    "reflect.StructOf",
    "reflect.callsOf",
    "reflect.MakeFunc",
    "reflect.Value.Method",
    "reflect.(*rtype).Method",
];

/// The places of a value: `count` from `first`.
pub(super) type Places = Range<Node>;

/// A live function.
pub(super) struct Body {
    /// The first place of each value, and behind the last.
    pub(super) values: Vec<Node>,
    pub(super) results: Vec<Places>,
    pub(super) live: FxHashSet<Block>,
    /// The blocks that jump to each.
    pub(super) before: Vec<Vec<Block>>,
}

/// A call whose callees are found on the way.
pub(super) struct Site {
    pub(super) args: Vec<Places>,
    pub(super) arg_types: Vec<Type>,
    pub(super) results: Vec<Places>,
    pub(super) result_types: Vec<Type>,
    /// For calls through an interface.
    pub(super) method: Option<(RTypeId, u32)>,
}

pub(super) struct Assertion {
    pub(super) to: RTypeId,
    pub(super) data: Node,
    pub(super) results: Places,
    /// Type and data word of the interface that results.
    pub(super) interface: bool,
}

/// When a branch may be taken: what there has to be among the types that get to it.
pub(super) enum When {
    Type(RTypeId),
    Kind(i64),
    /// A type with the methods of this interface.
    Implements(RTypeId),
    /// A type that passes none of these assertions.
    NoneOf(Vec<RTypeId>),
    Number(i64),
    NoneOfNumbers(Vec<i64>),
}

/// An operation on numbers.
pub(super) struct Computation {
    pub(super) op: Op,
    pub(super) cond: Option<ir::Cond>,
    /// Of the operands and of the result.
    pub(super) from: Type,
    pub(super) to: Type,
    pub(super) args: Vec<Node>,
    pub(super) result: Node,
}

pub(super) struct Conditional {
    pub(super) func: FuncId,
    pub(super) from: Block,
    pub(super) target: usize,
    pub(super) when: When,
}

pub(super) struct Analysis<'a> {
    pub(super) program: &'a Program,
    pub(super) graph: Graph,
    pub(super) shapes: Shapes,
    pub(super) bodies: FxHashMap<FuncId, Body>,
    pub(super) memory: Memory,
    /// Descriptors and globals whose contents are known to the graph.
    pub(super) filled: FxHashSet<Object>,
    /// Type descriptors of which more than the head is read.
    pub(super) opened: FxHashSet<Object>,
    /// Those of which the name is read.
    pub(super) named: FxHashSet<Object>,
    /// Objects that somebody outside of the program writes to.
    pub(super) clobbered: FxHashSet<Object>,
    pub(super) sites: Vec<Site>,
    pub(super) linked: FxHashSet<(u32, FuncId)>,
    pub(super) assertions: Vec<Assertion>,
    pub(super) conditionals: Vec<Conditional>,
    pub(super) computations: Vec<Computation>,
    pub(super) taken: FxHashSet<(FuncId, Block, usize)>,
    pub(super) blocks: Vec<(FuncId, Block)>,
    /// Pointers made from integers, and from outside.
    pub(super) made: Vec<Node>,
    /// What branches depend on.
    pub(super) asked_numbers: Vec<Node>,
    /// A frame and a record of deferred calls.
    pub(super) deferred: Option<(Location, Location)>,
    pub(super) callbacks: BTreeMap<&'a str, FuncId>,
    pub(super) kinds: Kinds,
    pub(super) implements: RefCell<FxHashMap<(RTypeId, RTypeId), bool>>,
    pub(super) unseen: FxHashSet<FuncId>,
    pub(super) ignored: FxHashSet<FuncId>,
    pub(super) names: FxHashSet<FuncId>,
    pub(super) alloc: Option<FuncId>,
    pub(super) grow: Option<FuncId>,
    /// Methods that are called, and which of which type.
    pub(super) methods: BTreeSet<(RTypeId, usize)>,
    pub(super) gave_up: bool,
}

impl<'a> Analysis<'a> {
    /// Follows everything from the roots of the program; none if package reflect goes unseen ways, or if
    /// there is too much to follow.
    pub(super) fn of(program: &'a Program) -> Option<Analysis<'a>> {
        if program.funcs.values().map(|func| func.insts.len()).sum::<usize>() > MOST_INSTRUCTIONS {
            return None;
        }
        let named = |names: &[&str]| names.iter().filter_map(|name| program.func_named(name)).collect();
        let held: Vec<&str> = ONLY_WITH.iter().map(|(name, _)| *name).collect();
        let head = Head::of(&program.types);
        let layouts = program
            .rtypes
            .keys()
            .map(|_| (Layout::Descriptor(head), false))
            .chain(program.funcs.keys().map(|_| (Layout::Whole, false)));
        let globals =
            program.globals.values().map(|global| (Layout::One(global.ty), !is_all_told(&global.init)));
        let mut analysis = Analysis {
            program,
            graph: Graph::default(),
            shapes: Shapes::default(),
            bodies: FxHashMap::default(),
            memory: Memory::new(layouts.chain(globals).chain([(Layout::Whole, true)])),
            filled: FxHashSet::default(),
            opened: FxHashSet::default(),
            named: FxHashSet::default(),
            clobbered: FxHashSet::default(),
            sites: Vec::new(),
            linked: FxHashSet::default(),
            assertions: Vec::new(),
            conditionals: Vec::new(),
            computations: Vec::new(),
            taken: FxHashSet::default(),
            blocks: Vec::new(),
            made: Vec::new(),
            asked_numbers: Vec::new(),
            deferred: None,
            callbacks: callbacks(program),
            kinds: Kinds::of(program),
            implements: RefCell::default(),
            unseen: named(UNSEEN),
            ignored: named(&held),
            names: named(NAMES),
            alloc: program.func_named(ALLOC),
            grow: program.func_named(GROW),
            methods: BTreeSet::new(),
            gave_up: false,
        };
        let frame = runtime_struct(program, "runtime.deferFrame", "runtime.deferEnter", 0);
        if let (Ok(frame), Ok(record)) =
            (frame, runtime_struct(program, "runtime.deferRecord", "runtime.deferPush", 1))
        {
            let frame = analysis.memory.add(Layout::One(frame), true);
            analysis.deferred = Some((frame, analysis.memory.add(Layout::One(record), true)));
        }
        // A value is one place or two.
        analysis.graph.reserve(program.funcs.values().map(|func| func.values.len()).sum());
        analysis.roots();
        analysis.solve();
        (!analysis.gave_up).then_some(analysis)
    }

    /// The types of whose descriptors more is read than what all types have, and those whose names are.
    pub(super) fn types_read(&self) -> (BTreeSet<RTypeId>, BTreeSet<RTypeId>) {
        let read =
            |objects: &FxHashSet<Object>| objects.iter().filter_map(|&object| self.as_type(object)).collect();
        let (mut opened, mut named): (BTreeSet<RTypeId>, BTreeSet<RTypeId>) =
            (read(&self.opened), read(&self.named));
        // The table of types that package reflect looks through leads to all types without names, and to their parts.
        let table = self.program.global_named(TYPE_TABLE).map(|id| self.global_object(id));
        if table.is_some_and(|object| self.filled.contains(&object)) {
            let mut work: Vec<RTypeId> =
                self.program.rtypes.iter().filter(|(_, t)| t.name.is_empty()).map(|(id, _)| id).collect();
            let mut seen = BTreeSet::new();
            while let Some(id) = work.pop() {
                if seen.insert(id) {
                    work.extend(self.program.rtypes[id].parts());
                }
            }
            opened.extend(&seen);
            named.extend(&seen);
        }
        (opened, named)
    }

    pub(super) fn is_live(&self, func: FuncId) -> bool {
        self.bodies.contains_key(&func)
    }

    /// Whether a block may jump to its successor of this number.
    pub(super) fn is_taken(&self, func: FuncId, block: Block, target: usize) -> bool {
        self.taken.contains(&(func, block, target))
    }

    pub(super) fn is_live_block(&self, func: FuncId, block: Block) -> bool {
        self.bodies.get(&func).is_some_and(|body| body.live.contains(&block))
    }

    /// The values of a function that can only be one number.
    pub(super) fn numbers(&self, id: FuncId, func: &Func) -> Vec<(Value, i64)> {
        let mut known = Vec::new();
        for block in func.order.iter().filter(|&&block| self.is_live_block(id, block)) {
            let results = func.blocks[*block].insts.iter().filter(|&&inst| func.insts[inst].op != Op::Iconst);
            let results = results.flat_map(|&inst| &func.insts[inst].results);
            for &value in func.blocks[*block].params.iter().chain(results) {
                if func.ty(value).is_int()
                    && let [number] = self.graph.numbers(self.places(id, value).start).unwrap_or_default()[..]
                {
                    known.push((value, number));
                }
            }
        }
        known
    }

    pub(super) fn roots(&mut self) {
        for (id, func) in self.program.funcs.iter() {
            let root = func.attrs.exported || func.attrs.wasm_export || func.attrs.interrupt;
            if root && !func.attrs.callback {
                self.reach(id);
                self.pass_unknown(id);
                let results = self.bodies.get(&id).map(|body| body.results.clone());
                results.into_iter().flatten().for_each(|places| self.escapes(places, true));
            }
        }
        for &handler in self.program.interrupts.values() {
            self.reach(handler);
            self.pass_unknown(handler);
        }
        for name in OF_DESCRIPTORS {
            if let Some(id) = self.program.func_named(name) {
                self.reach(id);
                self.pass_unknown(id);
            }
        }
    }

    /// A function is called with what nobody knows.
    pub(super) fn pass_unknown(&mut self, id: FuncId) {
        let outside = self.outside();
        for node in self.params(id).into_iter().flatten() {
            self.graph.add(node, outside);
            self.graph.add(node, ANY_NUMBER);
        }
    }

    /// A function is called with any numbers, and what else comes from elsewhere.
    pub(super) fn pass_numbers(&mut self, id: FuncId) {
        for node in self.params(id).into_iter().flatten() {
            self.graph.add(node, ANY_NUMBER);
        }
    }

    pub(super) fn solve(&mut self) {
        let (mut rules, mut new) = (Vec::new(), Vec::new());
        while !self.gave_up {
            self.gave_up = self.graph.size() > MOST_FACTS;
            if let Some((id, block)) = self.blocks.pop() {
                self.block(id, block);
            } else if self.graph.step(&mut rules, &mut new) {
                for &rule in &rules {
                    new.iter().for_each(|&location| self.apply(rule, location));
                }
            } else {
                if !self.assume_unknown() {
                    return;
                }
            }
        }
    }

    /// What nothing is known of is memory from outside, or any number; whether that is news.
    pub(super) fn assume_unknown(&mut self) -> bool {
        let outside = self.outside();
        let is_empty = |this: &Self, node: Node| this.graph.locations(node).iter().all(|&l| is_number(l));
        let made = std::mem::take(&mut self.made);
        let unknown: Vec<Node> = made.into_iter().filter(|&node| is_empty(self, node)).collect();
        unknown.iter().for_each(|&node| self.graph.add(node, outside));
        let undecided: Vec<Node> = self
            .asked_numbers
            .iter()
            .copied()
            .filter(|&node| self.graph.locations(node).is_empty())
            .collect();
        undecided.iter().for_each(|&node| self.graph.add(node, ANY_NUMBER));
        !unknown.is_empty() || !undecided.is_empty()
    }
}
