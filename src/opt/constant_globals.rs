//! Marks variables that nothing writes as constants, so that loads from them fold, and that they stay in flash.
//!
//! The address of a variable is followed through the values of the program, into the functions that it is passed to and
//! back, and from constants that hold it to where it is loaded. A variable is written if something is stored to such an
//! address, or if the address gets out of sight: into memory, out of the program. A call of a code pointer may reach each
//! function with that signature whose address is taken. What is loaded from memory that is written has been stored there, and so is out of sight already, or was
//! there when the program started.
//!
//! ```text
//! global @main.table·backing: [3 x i16] = {1, 2, 3}        constant: find only reads what it is passed
//! global @main.table: {ptr, i32} = {@main.table·backing, 3}
//!   v0 = global @main.table
//!   v1 = load.{ptr, i32} v0
//!   v2 = extract.ptr 0, v1
//!   v3 = call.i1 @main.find(v2)
//! ```

use ir::{
    Aux, Const, Func, FuncId, GlobalId, IndexVec, InstData, Intrinsic, Level, Op, Program, Signature, Value,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::descriptor::TYPE_TABLE;
use crate::pipeline::{Options, Result};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let written = Addresses::of(program).solve();
    for (id, global) in program.globals.iter_mut() {
        if !written[id] {
            global.constant = true;
        }
    }
    Ok(())
}

/// Notes the variables whose addresses are in an initial value: an address in memory may go anywhere.
pub(crate) fn note_addresses(value: &Const, noted: &mut IndexVec<GlobalId, bool>) {
    match value {
        Const::Addr(global, _) | Const::AddrInt(global, _) => noted[*global] = true,
        Const::Aggregate(parts) => parts.iter().for_each(|part| note_addresses(part, noted)),
        _ => {}
    }
}

/// Calls `found` with the variables and functions whose addresses are in an initial value.
fn each_address(value: &Const, found: &mut impl FnMut(Option<GlobalId>, Option<FuncId>)) {
    match value {
        Const::Addr(global, _) | Const::AddrInt(global, _) => found(Some(*global), None),
        Const::Code(func) | Const::CodeInt(func) => found(None, Some(*func)),
        Const::Aggregate(parts) => parts.iter().for_each(|part| each_address(part, found)),
        _ => {}
    }
}

/// Notes the variables whose addresses are numbers in an initial value.
fn note_numbers(value: &Const, noted: &mut Vec<GlobalId>) {
    match value {
        Const::AddrInt(global, _) => noted.push(*global),
        Const::Aggregate(parts) => parts.iter().for_each(|part| note_numbers(part, noted)),
        _ => {}
    }
}

/// A value of a function, or a result: whatever an address may be in.
type Node = u32;

/// What happens to addresses at a node.
const WRITES: u8 = 1;
/// They get out of sight.
const ESCAPES: u8 = 2;
/// What is at them gets out of sight.
const CONTENT_ESCAPES: u8 = 4;

#[derive(Clone, Copy)]
enum Edge {
    /// The address is at the other node, too.
    Copy,
    /// What is at the address is at the other node.
    Load,
}

struct Addresses<'a> {
    program: &'a Program,
    /// The node of the first value of each function; those of its results follow its values.
    first: IndexVec<FuncId, Node>,
    /// The nodes of what is passed to code pointers, by what they point to.
    passed: FxHashMap<&'a Signature, Vec<Node>>,
    does: Vec<u8>,
    edges: Vec<(Node, Edge, Node)>,
    /// Where addresses come from.
    sources: Vec<(Node, GlobalId)>,
    /// The variables whose addresses a variable holds at first.
    held: IndexVec<GlobalId, Vec<GlobalId>>,
    /// Those whose addresses are somewhere as numbers.
    numbered: Vec<GlobalId>,
    written: IndexVec<GlobalId, bool>,
    escaped: IndexVec<GlobalId, bool>,
    /// The nodes of the operands and the results of the instruction at hand.
    buffers: [Vec<Node>; 2],
}

impl<'a> Addresses<'a> {
    fn of(program: &'a Program) -> Addresses<'a> {
        let mut count = 0;
        let mut first = IndexVec::filled(0, program.funcs.len());
        for (id, func) in program.funcs.iter() {
            first[id] = count;
            count += (func.values.len() + func.sig.results.len()) as Node;
        }
        let globals = program.globals.len();
        let mut this = Addresses {
            program,
            first,
            passed: FxHashMap::default(),
            does: vec![0; count as usize],
            edges: Vec::new(),
            sources: Vec::new(),
            held: IndexVec::filled(Vec::new(), globals),
            numbered: Vec::new(),
            written: IndexVec::filled(false, globals),
            escaped: IndexVec::filled(false, globals),
            buffers: Default::default(),
        };
        let mut elsewhere = this.called_elsewhere();
        for (id, global) in program.globals.iter() {
            let mut held = Vec::new();
            note_numbers(&global.init, &mut this.numbered);
            each_address(&global.init, &mut |global, func| {
                held.extend(global);
                func.into_iter().for_each(|func| elsewhere[func] = true);
            });
            held.sort_unstable();
            held.dedup();
            this.held[id] = held;
        }
        for (id, func) in program.funcs.iter() {
            for data in func.placed() {
                match (data.op, &data.aux) {
                    (Op::Call, _) => {}
                    (_, &Aux::Func(callee)) => elsewhere[callee] = true,
                    _ => {}
                }
                this.inst(id, func, data);
            }
        }
        for (id, func) in program.funcs.iter().filter(|&(id, _)| elsewhere[id]) {
            this.called_by_address(id, func);
            (0..func.sig.results.len()).for_each(|index| {
                let result = this.result_of(id, index);
                this.note(result, ESCAPES);
            });
        }
        this
    }

    /// The functions that more than what names them may call, as far as it is known without looking at operations.
    fn called_elsewhere(&self) -> IndexVec<FuncId, bool> {
        let mut found = IndexVec::filled(false, self.program.funcs.len());
        for (id, func) in self.program.funcs.iter() {
            let attrs = &func.attrs;
            let seen =
                !is_plain(func) || attrs.exported || attrs.wasm_export || attrs.interrupt || attrs.callback;
            // Lowering calls functions of the runtime.
            let lowers = self.program.level == Level::Go && func.name.starts_with("runtime.");
            found[id] = seen || lowers || attrs.symbol.is_some();
        }
        for rtype in self.program.rtypes.values() {
            let methods = rtype.methods.iter().filter_map(|method| method.code);
            methods.chain(rtype.equal).chain(rtype.hash).for_each(|id| found[id] = true);
        }
        self.program.interrupts.values().for_each(|&id| found[id] = true);
        found
    }

    fn node(&self, func: FuncId, value: Value) -> Node {
        self.first[func] + value.0
    }

    fn result_of(&self, func: FuncId, index: usize) -> Node {
        self.first[func] + (self.program.funcs[func].values.len() + index) as Node
    }

    fn note(&mut self, node: Node, what: u8) {
        self.does[node as usize] |= what;
    }

    fn inst(&mut self, id: FuncId, func: &'a Func, data: &'a InstData) {
        let types = &self.program.types;
        let node = |value: &Value| self.first[id] + value.0;
        let [mut args, mut results] = std::mem::take(&mut self.buffers);
        args.clear();
        args.extend(data.args.iter().map(node));
        results.clear();
        results.extend(data.results.iter().map(node));
        for target in data.targets() {
            for (&arg, &param) in target.args.iter().zip(&func.blocks[target.block].params) {
                self.edges.push((self.node(id, arg), Edge::Copy, self.node(id, param)));
            }
        }
        match (data.op, &data.aux) {
            (Op::GlobalAddr, &Aux::Global(global)) => self.sources.push((results[0], global)),
            (Op::Load | Op::VolatileLoad, _) => self.load(func, data, args[0], results[0]),
            (Op::Store | Op::VolatileStore, _) => {
                self.note(args[0], WRITES);
                self.note(args[1], ESCAPES);
            }
            (Op::Call, &Aux::Func(callee)) => self.call(callee, &args, &results),
            (Op::CallIndirect, Aux::Signature(sig)) if is_of_program(func, data.args[0]) => {
                self.call_indirect(sig, &args[1..]);
            }
            (Op::Ret, _) => {
                for (index, &arg) in args.iter().enumerate() {
                    self.edges.push((arg, Edge::Copy, self.result_of(id, index)));
                }
            }
            (Op::Intrinsic, &Aux::Intrinsic(intrinsic)) => {
                self.intrinsic(func, data, intrinsic, &args, &results)
            }
            (Op::Icmp | Op::NilCheck | Op::Check | Op::Jump | Op::Br | Op::Switch | Op::Unreachable, _) => {}
            // Numbers that were made of addresses are not followed through memory, nor as parts of other values.
            (Op::Extract, _) if !types.has_pointers(data.ty) => {}
            (Op::Insert | Op::Aggregate, _) => {
                for (&arg, &value) in args.iter().zip(&data.args) {
                    match types.has_pointers(func.ty(value)) {
                        true => self.edges.push((arg, Edge::Copy, results[0])),
                        false => self.note(arg, ESCAPES),
                    }
                }
            }
            (op, _) if is_computed(op) => {
                args.iter().for_each(|&arg| self.edges.push((arg, Edge::Copy, results[0])));
            }
            _ => args.iter().for_each(|&arg| self.note(arg, ESCAPES)),
        }
        self.buffers = [args, results];
    }

    fn load(&mut self, func: &Func, data: &InstData, from: Node, to: Node) {
        let types = &self.program.types;
        if types.has_pointers(data.ty) {
            self.edges.push((from, Edge::Load, to));
            return;
        }
        // A number beside pointers is one. Otherwise it may be a part of a pointer, as where memory is copied in words.
        let address = func.def(data.args[0]).map(|data| (data.op, &data.aux));
        let is_number = matches!(address, Some((Op::FieldAddr, &Aux::Field(ty, field)))
            if types.has_pointers(ty) && types.fields(ty)[field as usize] == data.ty);
        if !is_number {
            self.note(from, CONTENT_ESCAPES);
        }
    }

    fn call(&mut self, callee: FuncId, args: &[Node], results: &[Node]) {
        let func = &self.program.funcs[callee];
        if !is_plain(func) {
            args.iter().for_each(|&arg| self.note(arg, ESCAPES));
            return;
        }
        for (&arg, &param) in args.iter().zip(&func.blocks[func.entry()].params) {
            self.edges.push((arg, Edge::Copy, self.node(callee, param)));
        }
        for (index, &result) in results.iter().enumerate() {
            self.edges.push((self.result_of(callee, index), Edge::Copy, result));
        }
    }

    /// The nodes of what is passed to code pointers of a signature.
    fn passed(&mut self, sig: &'a Signature) -> Vec<Node> {
        let first = self.does.len() as Node;
        let new = || (first..).take(sig.params.len()).collect();
        let nodes: Vec<Node> = self.passed.entry(sig).or_insert_with(new).clone();
        let end = nodes.last().map_or(0, |&last| last as usize + 1);
        self.does.resize(self.does.len().max(end), 0);
        nodes
    }

    fn call_indirect(&mut self, sig: &'a Signature, args: &[Node]) {
        for (&arg, param) in args.iter().zip(self.passed(sig)) {
            self.edges.push((arg, Edge::Copy, param));
        }
    }

    fn called_by_address(&mut self, id: FuncId, func: &'a Func) {
        let passed = self.passed(&func.sig);
        if !is_plain(func) {
            passed.into_iter().for_each(|node| self.note(node, ESCAPES));
            return;
        }
        for (from, &param) in passed.into_iter().zip(&func.blocks[func.entry()].params) {
            self.edges.push((from, Edge::Copy, self.node(id, param)));
        }
    }

    fn intrinsic(
        &mut self,
        func: &Func,
        data: &InstData,
        intrinsic: Intrinsic,
        args: &[Node],
        results: &[Node],
    ) {
        match intrinsic {
            Intrinsic::Memcpy | Intrinsic::Memmove => {
                self.note(args[0], WRITES);
                self.note(args[1], CONTENT_ESCAPES);
            }
            Intrinsic::Memzero => self.note(args[0], WRITES),
            Intrinsic::AtomicLoad => self.load(func, data, args[0], results[0]),
            Intrinsic::AtomicStore
            | Intrinsic::AtomicAdd
            | Intrinsic::AtomicAnd
            | Intrinsic::AtomicOr
            | Intrinsic::AtomicSwap
            | Intrinsic::AtomicCas => {
                self.note(args[0], WRITES);
                args[1..].iter().for_each(|&arg| self.note(arg, ESCAPES));
                results.iter().for_each(|&result| self.load(func, data, args[0], result));
            }
            Intrinsic::KeepAlive => {}
            _ => args.iter().for_each(|&arg| self.note(arg, ESCAPES)),
        }
    }

    /// The variables that are written.
    fn solve(mut self) -> IndexVec<GlobalId, bool> {
        for (id, global) in self.program.globals.iter() {
            // Somebody else may write these: other objects, the linker script, later passes.
            let ours =
                [ir::contract::UNWINDING, "runtime.recoverToken", TYPE_TABLE].contains(&global.name.as_str());
            if global.exported || global.external || global.section.is_some() || ours {
                self.escape(id);
            }
        }
        std::mem::take(&mut self.numbered).into_iter().for_each(|global| self.escape(global));
        let (starts, edges) = self.edges_by_node();
        let mut seen: FxHashSet<(Node, GlobalId)> = FxHashSet::default();
        let mut work = std::mem::take(&mut self.sources);
        while let Some((node, global)) = work.pop() {
            // Nothing is to be found out about constants that lead nowhere.
            let known = self.program.globals[global].constant && self.held[global].is_empty();
            if known || self.escaped[global] || !seen.insert((node, global)) {
                continue;
            }
            let does = self.does[node as usize];
            if does & ESCAPES != 0 {
                self.escape(global);
                continue;
            }
            self.written[global] |= does & WRITES != 0;
            if does & CONTENT_ESCAPES != 0 {
                self.held[global].clone().into_iter().for_each(|held| self.escape(held));
            }
            let range = starts[node as usize] as usize..starts[node as usize + 1] as usize;
            for &(edge, to) in &edges[range] {
                match edge {
                    Edge::Copy => work.push((to, global)),
                    Edge::Load => work.extend(self.held[global].iter().map(|&held| (to, held))),
                }
            }
        }
        self.written
    }

    /// All edges in the order of the nodes that they begin at, and where those of each node begin.
    fn edges_by_node(&mut self) -> (Vec<u32>, Vec<(Edge, Node)>) {
        let edges = std::mem::take(&mut self.edges);
        // Of each node at first where its edges end: they are put in from the end.
        let mut starts: Vec<u32> = vec![0; self.does.len() + 1];
        edges.iter().for_each(|&(from, ..)| starts[from as usize] += 1);
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut ordered = vec![(Edge::Copy, 0); edges.len()];
        for (from, edge, to) in edges {
            starts[from as usize] -= 1;
            ordered[starts[from as usize] as usize] = (edge, to);
        }
        (starts, ordered)
    }

    /// The address of a variable gets out of sight, and with it the addresses that it leads to.
    fn escape(&mut self, global: GlobalId) {
        let mut work = vec![global];
        while let Some(global) = work.pop() {
            if !std::mem::replace(&mut self.escaped[global], true) {
                self.written[global] = true;
                work.extend(&self.held[global]);
            }
        }
    }
}

/// Whether a code pointer is to a function of the program: not one that was made from a number, like those of functions
/// in the chip's ROM.
fn is_of_program(func: &Func, code: Value) -> bool {
    func.def(code).is_none_or(|data| matches!(data.op, Op::Load | Op::FuncAddr | Op::Extract | Op::Select))
}

/// Whether the operations of a function say what it does.
fn is_plain(func: &Func) -> bool {
    func.has_body() && !func.attrs.naked
}

/// Whether the result is computed from nothing but the operands.
fn is_computed(op: Op) -> bool {
    op.is_int_binary()
        || matches!(
            op,
            Op::FieldAddr
                | Op::ElemAddr
                | Op::PtrAdd
                | Op::Select
                | Op::Extract
                | Op::Bitcast
                | Op::Ptrtoint
                | Op::Inttoptr
                | Op::Trunc
                | Op::Zext
                | Op::Sext
        )
}
