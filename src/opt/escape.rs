//! Puts allocations on the stack whose addresses do not outlive the function.
//!
//! ```text
//! v1 = alloc i32            v1 = stackalloc i32
//! store v1, v0         ->   store v1, v0
//! call @main.read(v1)       call @main.read(v1)        main.read keeps no copy of its argument
//! ```
//!
//! The analysis is flow-insensitive and unification-based (after Steensgaard): values that may hold the same address
//! share a node, and each node has one node for what lies in the memory it points to. What a function does with its
//! parameters is summarised, and summaries grow until nothing changes. An indirect call does what any function does
//! whose address is taken and whose signature fits: the program is closed.
//!
//! In a loop the same slot is reused, so there an address must not live on into the next round: it may be neither
//! stored nor passed to a block.
//!
//! Relies on: interfaces and closures lowered, so that boxes and records are `alloc`s, and `defer` not yet lowered.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use ir::cfg::{Cfg, on_cycle};
use ir::{Aux, Func, FuncId, IndexVec, InstData, Intrinsic, Op, Program, Signature, Type, Value};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::call_targets::address_taken;
use crate::parallel;
use crate::pipeline::{Options, Result};

/// Reachable from somewhere that outlives the function.
const ESCAPES: u8 = 1;
/// Returned to the caller.
const RETURNED: u8 = 2;
/// In memory that belongs to the caller.
const OUTER: u8 = 4;
/// Passed to a block parameter.
const PASSED: u8 = 8;
/// Held in memory.
const STORED: u8 = 16;

/// Held in memory whose address is returned.
const BEHIND_RETURNED: u8 = 32;

/// What a function does with a parameter and with what lies behind it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Summary {
    escapes: bool,
    returned: bool,
    content_escapes: bool,
    content_returned: bool,
    /// What lies behind the parameter may change its distance from it (`p.a.b = p.b`), or is returned from further
    /// behind (`return **p`).
    levels_mix: bool,
}

impl Summary {
    const WORST: Summary = Summary {
        escapes: true,
        returned: true,
        content_escapes: true,
        content_returned: true,
        levels_mix: true,
    };

    fn join(&mut self, other: Summary) {
        self.escapes |= other.escapes;
        self.returned |= other.returned;
        self.content_escapes |= other.content_escapes;
        self.content_returned |= other.content_returned;
        self.levels_mix |= other.levels_mix;
    }
}

struct Summaries {
    funcs: IndexVec<FuncId, Vec<Summary>>,
    /// Functions that an indirect call of this signature may reach.
    indirect: BTreeMap<(Vec<Type>, Vec<Type>), Vec<FuncId>>,
}

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let mut summaries = start(program);
    summaries.solve(program);
    // Larger objects would overflow small stacks.
    let limit = if program.types.target.ptr_bytes == 2 { 256 } else { 1024 };
    let found = parallel::look_at_each(program, |func| {
        func.placed().find(|data| data.op == Op::Alloc)?;
        Some(Analysis::new(program, func, &summaries).local_allocs(limit))
    });
    for (id, local) in found {
        for inst in local {
            program.funcs[id].insts[inst].op = Op::StackAlloc;
        }
    }
    Ok(())
}

/// `noescape(p)`, `abi.NoEscape(p)`: the address itself, of which its programmer promises that nobody keeps it.
pub(crate) fn hides_address(func: &Func) -> bool {
    let name = func.name.rsplit('.').next().unwrap_or_default();
    name.eq_ignore_ascii_case("noescape")
        && *func.sig.params == [Type::PTR]
        && *func.sig.results == [Type::PTR]
        && func.order.iter().flat_map(|&block| &func.blocks[block].insts).all(|&inst| {
            matches!(func.insts[inst].op, Op::Ptrtoint | Op::Iconst | Op::Xor | Op::Inttoptr | Op::Ret)
        })
}

fn start(program: &Program) -> Summaries {
    let mut funcs = IndexVec::new();
    for func in program.funcs.values() {
        // The host does not keep what imported functions get; of other foreign code nothing is known.
        let foreign = !func.has_body() && func.attrs.wasm_import.is_none();
        let one = if foreign { Summary::WORST } else { Summary::default() };
        funcs.push(vec![one; func.sig.params.len()]);
    }
    let mut indirect: BTreeMap<(Vec<Type>, Vec<Type>), Vec<FuncId>> = BTreeMap::new();
    for (id, _) in address_taken(program).iter().filter(|(_, taken)| **taken) {
        let sig = &program.funcs[id].sig;
        indirect.entry((sig.params.clone(), sig.results.clone())).or_default().push(id);
    }
    Summaries { funcs, indirect }
}

/// Which functions ask for the summary of others.
struct Callers {
    direct: IndexVec<FuncId, Vec<FuncId>>,
    /// By the signature of an indirect call.
    indirect: BTreeMap<(Vec<Type>, Vec<Type>), Vec<FuncId>>,
}

impl Callers {
    fn of(program: &Program) -> Callers {
        let mut callers =
            Callers { direct: IndexVec::filled(Vec::new(), program.funcs.len()), indirect: BTreeMap::new() };
        let deferred = (vec![Type::PTR], vec![]);
        for (id, func) in program.funcs.iter() {
            for &inst in func.order.iter().flat_map(|&block| &func.blocks[block].insts) {
                let data = &func.insts[inst];
                let list = match (data.op, &data.aux) {
                    (Op::Call, &Aux::Func(callee)) => &mut callers.direct[callee],
                    (Op::CallIndirect, Aux::Signature(sig)) => {
                        callers.indirect.entry((sig.params.clone(), sig.results.clone())).or_default()
                    }
                    (Op::Defer, _) => callers.indirect.entry(deferred.clone()).or_default(),
                    _ => continue,
                };
                if list.last() != Some(&id) {
                    list.push(id);
                }
            }
        }
        callers
    }

    fn of_func(&self, program: &Program, id: FuncId) -> impl Iterator<Item = FuncId> {
        let sig = &program.funcs[id].sig;
        let indirect = self.indirect.get(&(sig.params.clone(), sig.results.clone()));
        self.direct[id].iter().chain(indirect.into_iter().flatten()).copied()
    }
}

impl Summaries {
    /// Lets the summaries grow until nothing changes, in rounds: whom the last one concerns is looked at anew.
    fn solve(&mut self, program: &Program) {
        let callers = Callers::of(program);
        let open = |id: &FuncId| program.funcs[*id].has_body() && !hides_address(&program.funcs[*id]);
        let mut round: Vec<FuncId> = program.funcs.keys().filter(open).collect();
        while !round.is_empty() {
            let summaries = &*self;
            let look = |&id: &FuncId| Analysis::new(program, &program.funcs[id], summaries).summary();
            let new: Vec<Vec<Summary>> = round.par_iter().with_max_len(16).map(look).collect();
            let mut next = BTreeSet::new();
            for (id, new) in round.into_iter().zip(new) {
                if new != self.funcs[id] {
                    self.funcs[id] = new;
                    next.extend(callers.of_func(program, id).filter(open));
                }
            }
            round = next.into_iter().collect();
        }
    }

    fn of_indirect(&self, sig: &Signature) -> Vec<Summary> {
        let mut joined = vec![Summary::default(); sig.params.len()];
        let callees = self.indirect.get(&(sig.params.clone(), sig.results.clone()));
        for &callee in callees.into_iter().flatten() {
            for (all, &one) in joined.iter_mut().zip(&self.funcs[callee]) {
                all.join(one);
            }
        }
        joined
    }
}

#[derive(Clone, Default)]
struct Node {
    parent: Option<u32>,
    content: Option<u32>,
    flags: u8,
}

struct Analysis<'a> {
    program: &'a Program,
    func: &'a Func,
    summaries: &'a Summaries,
    /// The first ones belong to the values.
    nodes: Vec<Node>,
    /// Blocks that are run again.
    cycle: OnceCell<IndexVec<ir::Block, bool>>,
}

impl<'a> Analysis<'a> {
    fn new(program: &'a Program, func: &'a Func, summaries: &'a Summaries) -> Analysis<'a> {
        let nodes = vec![Node::default(); func.values.len()];
        let mut analysis = Analysis { program, func, summaries, nodes, cycle: OnceCell::new() };
        for &param in &func.blocks[func.entry()].params {
            if analysis.tracked(param) {
                let content = analysis.content(param.0);
                analysis.flag(content, OUTER);
            }
        }
        for &block in &func.order {
            for &inst in &func.blocks[block].insts {
                analysis.inst(block, &func.insts[inst]);
            }
        }
        analysis.propagate();
        analysis
    }

    fn in_loop(&self, block: ir::Block) -> bool {
        self.cycle.get_or_init(|| on_cycle(self.func, &Cfg::compute(self.func)))[block]
    }

    /// Whether a value can hold an address.
    fn tracked(&self, value: Value) -> bool {
        self.program.types.has_pointers(self.func.ty(value))
    }

    fn find(&self, mut node: u32) -> u32 {
        while let Some(parent) = self.nodes[node as usize].parent {
            node = parent;
        }
        node
    }

    fn flag(&mut self, node: u32, flags: u8) {
        let root = self.find(node);
        self.nodes[root as usize].flags |= flags;
    }

    fn flags(&self, node: u32) -> u8 {
        self.nodes[self.find(node) as usize].flags
    }

    /// The node of what lies in memory behind the addresses of a node.
    fn content(&mut self, node: u32) -> u32 {
        let root = self.find(node);
        if let Some(content) = self.nodes[root as usize].content {
            return self.find(content);
        }
        let content = self.nodes.len() as u32;
        self.nodes.push(Node { flags: STORED, ..Node::default() });
        self.nodes[root as usize].content = Some(content);
        content
    }

    fn union(&mut self, a: u32, b: u32) {
        let mut work = vec![(a, b)];
        while let Some((a, b)) = work.pop() {
            let (a, b) = (self.find(a), self.find(b));
            if a == b {
                continue;
            }
            let merged = self.nodes[b as usize].clone();
            self.nodes[b as usize].parent = Some(a);
            let node = &mut self.nodes[a as usize];
            node.flags |= merged.flags;
            match (node.content, merged.content) {
                (Some(x), Some(y)) => work.push((x, y)),
                (None, Some(y)) => node.content = Some(y),
                _ => {}
            }
        }
    }

    /// Both values may hold the same address.
    fn same(&mut self, a: Value, b: Value) {
        if self.tracked(a) && self.tracked(b) {
            self.union(a.0, b.0);
        }
    }

    fn escape(&mut self, value: Value) {
        if self.tracked(value) {
            self.flag(value.0, ESCAPES);
        }
    }

    /// A value from somewhere else: what is stored behind it escapes.
    fn foreign(&mut self, value: Value) {
        if self.tracked(value) {
            let content = self.content(value.0);
            self.flag(content, ESCAPES);
        }
    }

    fn read(&mut self, place: Value, result: Value) {
        if self.tracked(result) {
            let content = self.content(place.0);
            self.union(content, result.0);
        }
    }

    fn write(&mut self, place: Value, value: Value) {
        if self.tracked(value) {
            let content = self.content(place.0);
            self.union(content, value.0);
        }
    }

    fn inst(&mut self, block: ir::Block, data: &InstData) {
        for target in data.targets() {
            let params = &self.func.blocks[target.block].params;
            for (&param, &arg) in params.iter().zip(&target.args) {
                self.same(param, arg);
                if self.tracked(param) {
                    self.flag(param.0, PASSED);
                }
            }
        }
        match data.op {
            Op::FieldAddr | Op::ElemAddr | Op::PtrAdd | Op::Extract | Op::Bitcast => {
                self.same(data.result(), data.args[0]);
            }
            Op::Select | Op::Aggregate | Op::Insert => {
                for &arg in &data.args {
                    self.same(data.result(), arg);
                }
            }
            Op::GlobalAddr | Op::RTypeAddr | Op::Recover | Op::VolatileLoad => {
                data.results.iter().for_each(|&v| self.foreign(v));
            }
            Op::Inttoptr => {
                self.foreign(data.result());
                for source in self.sources(data.args[0]) {
                    self.same(data.result(), source);
                }
            }
            Op::Load => self.read(data.args[0], data.result()),
            Op::Store => self.write(data.args[0], data.args[1]),
            Op::VolatileStore => self.escape(data.args[1]),
            Op::Ret => {
                for &arg in &data.args {
                    if self.tracked(arg) {
                        self.flag(arg.0, RETURNED);
                    }
                }
            }
            Op::Call => {
                let Aux::Func(callee) = data.aux else { return };
                let summaries = self.summaries.funcs[callee].clone();
                self.call(&data.args, &data.results, &summaries);
            }
            Op::CallIndirect => {
                let Aux::Signature(sig) = &data.aux else { return };
                let summaries = self.summaries.of_indirect(sig);
                self.call(&data.args[1..], &data.results, &summaries);
            }
            Op::Defer => {
                // The record is needed until the function returns; in a loop there are many. The function that a
                // second operand stands for returns later.
                let sig = Signature { params: vec![Type::PTR], results: vec![] };
                let summaries = self.summaries.of_indirect(&sig);
                self.call(&data.args[..1], &[], &summaries);
                if data.args.len() > 1 || self.in_loop(block) {
                    self.escape(data.args[0]);
                }
            }
            Op::Intrinsic => self.intrinsic(data),
            // These look at addresses but do not keep them. An address that becomes a number and stays one is its
            // programmer's business, as in Go.
            Op::Alloc
            | Op::StackAlloc
            | Op::StackSlot
            | Op::MakeSlice
            | Op::Zero
            | Op::Icmp
            | Op::Ptrtoint
            | Op::NilCheck
            | Op::Check
            | Op::CheckDiv
            | Op::CheckShift
            | Op::Jump
            | Op::Br
            | Op::Switch
            | Op::RunDefers
            | Op::Unreachable => {}
            _ => {
                for &value in data.args.iter().chain(&data.results) {
                    self.escape(value);
                    self.foreign(value);
                }
            }
        }
    }

    /// The addresses that a number was calculated from (package unsafe, "Pointer", pattern 3), as far as it was nowhere
    /// else in the meantime.
    fn sources(&self, number: Value) -> Vec<Value> {
        let (mut sources, mut seen, mut work) = (Vec::new(), Vec::new(), vec![number]);
        while let Some(value) = work.pop() {
            if seen.contains(&value) {
                continue;
            }
            seen.push(value);
            let Some(data) = self.func.def(value) else { continue };
            match data.op {
                Op::Ptrtoint => sources.push(data.args[0]),
                Op::Add | Op::Sub | Op::And | Op::Or | Op::Xor | Op::Zext | Op::Trunc => {
                    work.extend(&data.args)
                }
                _ => {}
            }
        }
        sources
    }

    fn call(&mut self, args: &[Value], results: &[Value], summaries: &[Summary]) {
        for &result in results {
            self.foreign(result);
        }
        for (&arg, summary) in args.iter().zip(summaries) {
            if !self.tracked(arg) {
                continue;
            }
            if summary.escapes {
                self.flag(arg.0, ESCAPES);
            }
            let content = self.content(arg.0);
            if summary.content_escapes {
                self.flag(content, ESCAPES);
            }
            if summary.levels_mix {
                let further = self.content(content);
                self.union(content, further);
            }
            for &result in results.iter().filter(|&&result| self.tracked(result)).collect::<Vec<_>>() {
                if summary.returned {
                    self.union(arg.0, result.0);
                }
                if summary.content_returned {
                    self.union(content, result.0);
                }
            }
        }
    }

    fn intrinsic(&mut self, data: &InstData) {
        let Aux::Intrinsic(which) = data.aux else { return };
        match which {
            Intrinsic::Memcpy | Intrinsic::Memmove => {
                let (to, from) = (self.content(data.args[0].0), self.content(data.args[1].0));
                self.union(to, from);
            }
            Intrinsic::AtomicLoad => self.read(data.args[0], data.result()),
            Intrinsic::AtomicStore => self.write(data.args[0], data.args[1]),
            Intrinsic::AtomicSwap => {
                self.write(data.args[0], data.args[1]);
                self.read(data.args[0], data.result());
            }
            Intrinsic::AtomicCas => {
                self.write(data.args[0], data.args[1]);
                self.write(data.args[0], data.args[2]);
            }
            Intrinsic::FrameAddress | Intrinsic::ReturnAddress | Intrinsic::StackPointer => {
                self.foreign(data.result());
            }
            _ => {}
        }
    }

    /// What is behind an address goes where the address goes.
    fn propagate(&mut self) {
        loop {
            let mut changed = false;
            for node in 0..self.nodes.len() {
                if self.nodes[node].parent.is_some() {
                    continue;
                }
                let Some(content) = self.nodes[node].content else { continue };
                let content = self.find(content) as usize;
                let mut flags = self.nodes[node].flags & (ESCAPES | BEHIND_RETURNED | OUTER);
                if self.nodes[node].flags & RETURNED != 0 {
                    flags |= BEHIND_RETURNED;
                }
                if self.nodes[content].flags | flags != self.nodes[content].flags {
                    self.nodes[content].flags |= flags;
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// The nodes behind a node, nearest first, and whether the last one leads back to one of them.
    fn behind(&self, node: u32) -> (Vec<u32>, bool) {
        let mut chain = Vec::new();
        let mut next = self.nodes[self.find(node) as usize].content;
        while let Some(content) = next.map(|content| self.find(content)) {
            if chain.contains(&content) {
                return (chain, true);
            }
            chain.push(content);
            next = self.nodes[content as usize].content;
        }
        (chain, false)
    }

    fn summary(&self) -> Vec<Summary> {
        let params = &self.func.blocks[self.func.entry()].params;
        let chains: Vec<(Vec<u32>, bool)> = params
            .iter()
            .map(|&param| if self.tracked(param) { self.behind(param.0) } else { (vec![], false) })
            .collect();
        let mut list = Vec::new();
        for (index, &param) in params.iter().enumerate() {
            if !self.tracked(param) {
                list.push(Summary::default());
                continue;
            }
            let flags = self.flags(param.0);
            let (chain, cyclic) = &chains[index];
            let content = chain.iter().fold(0, |flags, &node| flags | self.flags(node));
            // What lies behind one parameter may have gone behind another.
            let shared = chains
                .iter()
                .enumerate()
                .any(|(other, (nodes, _))| other != index && nodes.iter().any(|node| chain.contains(node)));
            list.push(Summary {
                escapes: flags & (ESCAPES | OUTER | BEHIND_RETURNED) != 0,
                returned: flags & RETURNED != 0,
                content_escapes: content & (ESCAPES | BEHIND_RETURNED) != 0 || shared,
                content_returned: content & RETURNED != 0,
                levels_mix: *cyclic || chain.iter().skip(1).any(|&node| self.flags(node) & RETURNED != 0),
            });
        }
        list
    }

    fn local_allocs(&self, limit: u64) -> Vec<ir::Inst> {
        let func = self.func;
        let mut local = Vec::new();
        for &block in &func.order {
            for &inst in &func.blocks[block].insts {
                let data = &func.insts[inst];
                let (Op::Alloc, &Aux::Type(ty)) = (data.op, &data.aux) else { continue };
                let flags = self.flags(data.result().0);
                let in_loop = if self.in_loop(block) { PASSED | STORED } else { 0 };
                let forbidden = ESCAPES | RETURNED | BEHIND_RETURNED | OUTER | in_loop;
                if flags & forbidden == 0 && self.program.types.size(ty) <= limit {
                    local.push(inst);
                }
            }
        }
        local
    }
}
