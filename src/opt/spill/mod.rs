//! WebAssembly: keeps pointers where the collector sees them.
//!
//! Locals of a WebAssembly function are in no memory. So every pointer that is live across a call that may collect is
//! stored, where it is defined, into a slot of the stack in linear memory, which the collector scans:
//!
//! ```text
//! b0(v0: ptr):                    b0(v0: ptr):
//!                                   v9 = stackslot [1 x ptr]
//!                                   intrinsic keep_alive(v9)         its memory may be read from here on
//!                                   store v9, v0
//!   v1 = call.ptr @runtime.alloc    v1 = call.ptr @runtime.alloc
//!   store v0, v1                    store v0, v1
//! ```
//!
//! Two pointers share a slot where neither is stored while the other is live. Addresses of variables and of stack
//! objects need none; `objects.rs` looks after the pointers in these. Which calls may collect follows from the call graph.
//!
//! Relies on: everything lowered, so that all calls are there.

mod objects;

use std::collections::BTreeMap;

use ir::cfg::Cfg;
use ir::{
    Aux, Block, Func, FuncId, IndexVec, Inst, InstData, Intrinsic, LocId, Op, Program, Type, TypeData, Value,
    ValueDef,
};

use crate::callers::{Calls, leading_to};
use crate::pipeline::{Options, Result};

/// Searches the stacks during a collection.
pub(crate) const SCAN: &str = "runtime.scanStacks";

pub(crate) fn run(program: &mut Program, options: &Options) -> Result<()> {
    // Without it there is nobody to hide from.
    let Some(scan) = program.func_named(SCAN).filter(|_| options.wasm) else { return Ok(()) };
    let (collects, indirect) = may_reach(program, scan);
    for id in program.funcs.keys().collect::<Vec<_>>() {
        if program.funcs[id].has_body() {
            let mut func = std::mem::take(&mut program.funcs[id]);
            spill(program, &mut func, &collects, indirect);
            program.funcs[id] = func;
        }
    }
    Ok(())
}

/// The functions that can call `goal` before they return, and whether an indirect call can.
fn may_reach(program: &Program, goal: FuncId) -> (IndexVec<FuncId, bool>, bool) {
    let exports = program.funcs.iter().filter(|(_, func)| func.attrs.wasm_export).map(|(id, _)| id);
    let exports: Vec<FuncId> = exports.collect();
    leading_to(program, [goal], |_, func| match func.attrs.wasm_import {
        // The host may call exported functions while an imported one runs.
        Some(_) => Calls { direct: exports.clone(), indirect: false },
        None => Calls::of(func, &[Op::CallIndirect]),
    })
}

fn is_collecting(data: &InstData, collects: &IndexVec<FuncId, bool>, indirect: bool) -> bool {
    match (data.op, &data.aux) {
        (Op::Call, &Aux::Func(callee)) => collects[callee],
        (Op::CallIndirect, _) => indirect,
        _ => false,
    }
}

/// A set of candidates.
pub(crate) type Set = Vec<u64>;

fn insert(set: &mut Set, bit: usize) {
    set[bit / 64] |= 1 << (bit % 64);
}

fn remove(set: &mut Set, bit: usize) {
    set[bit / 64] &= !(1 << (bit % 64));
}

pub(crate) fn members(set: &Set) -> impl Iterator<Item = usize> {
    set.iter().enumerate().flat_map(|(word, &bits)| {
        (0..64).filter(move |bit| bits >> bit & 1 != 0).map(move |bit| word * 64 + bit)
    })
}

fn spill(program: &mut Program, func: &mut Func, collects: &IndexVec<FuncId, bool>, indirect: bool) {
    let calls = func
        .order
        .iter()
        .flat_map(|&b| &func.blocks[b].insts)
        .any(|&inst| is_collecting(&func.insts[inst], collects, indirect));
    if !calls {
        return;
    }
    objects::expose(program, func, |data| is_collecting(data, collects, indirect));
    // Candidates: placed values that hold pointers into the heap.
    let mut number: BTreeMap<Value, usize> = BTreeMap::new();
    for &block in &func.order {
        let results = func.blocks[block].insts.iter().flat_map(|&inst| &func.insts[inst].results);
        for &value in func.blocks[block].params.iter().chain(results) {
            if program.types.has_pointers(func.ty(value)) && !needs_no_slot(func, value, 0) {
                let next = number.len();
                number.insert(value, next);
            }
        }
    }
    let words = number.len().div_ceil(64);
    let live_out = liveness(func, &number, words);

    // Which candidates are live across a collecting call, and which are live where another one is defined.
    let mut spilled: Set = vec![0; words];
    let mut beside: Vec<Set> = vec![vec![0; words]; number.len()];
    for &block in &func.order {
        let mut live = live_out[block].clone();
        for &inst in func.blocks[block].insts.iter().rev() {
            let data = &func.insts[inst];
            for result in data.results.iter().filter_map(|v| number.get(v)) {
                remove(&mut live, *result);
                note_beside(&mut beside, *result, &live);
            }
            if is_collecting(data, collects, indirect) {
                for (all, now) in spilled.iter_mut().zip(&live) {
                    *all |= now;
                }
            }
            for value in data.uses().filter_map(|v| number.get(&v)) {
                insert(&mut live, *value);
            }
        }
        let params: Vec<usize> =
            func.blocks[block].params.iter().filter_map(|v| number.get(v).copied()).collect();
        for &param in &params {
            // The parameters of a block are defined at once.
            for &other in params.iter().filter(|&&other| other != param) {
                insert(&mut beside[param], other);
            }
            let mut others = live.clone();
            remove(&mut others, param);
            note_beside(&mut beside, param, &others);
        }
    }
    let values: Vec<Value> = {
        let mut list = vec![Value(0); number.len()];
        number.iter().for_each(|(&value, &index)| list[index] = value);
        list
    };
    let (slots, count) = color(program, func, &values, &spilled, &beside);
    if count > 0 {
        place(program, func, &slots, count);
    }
}

fn note_beside(beside: &mut [Set], defined: usize, live: &Set) {
    for other in members(live).collect::<Vec<_>>() {
        insert(&mut beside[other], defined);
        insert(&mut beside[defined], other);
    }
}

/// Addresses of what is not in the heap.
fn needs_no_slot(func: &Func, value: Value, depth: u32) -> bool {
    let Some(data) = func.def(value) else { return false };
    match data.op {
        Op::GlobalAddr | Op::StackAlloc | Op::StackSlot | Op::Zero => true,
        Op::FieldAddr | Op::ElemAddr | Op::PtrAdd => {
            depth < 50 && needs_no_slot(func, data.args[0], depth + 1)
        }
        Op::Aggregate => {
            data.args.iter().all(|&arg| func.ty(arg).is_int() || needs_no_slot(func, arg, depth + 1))
        }
        _ => false,
    }
}

/// Which numbered values are live at the end of each block.
pub(crate) fn liveness(func: &Func, number: &BTreeMap<Value, usize>, words: usize) -> IndexVec<Block, Set> {
    let params = |block: Block, live: &mut Set| {
        let params = func.blocks[block].params.iter();
        params.filter_map(|v| number.get(v)).for_each(|&bit| remove(live, bit));
    };
    flow(func, words, params, |data, live| {
        data.results.iter().filter_map(|v| number.get(v)).for_each(|&bit| remove(live, bit));
        data.uses().filter_map(|v| number.get(&v)).for_each(|&bit| insert(live, bit));
    })
}

/// Sets at the end of each block, where `step` leads back over an instruction, `enter` over a block's parameters, and
/// paths unite.
fn flow(
    func: &Func,
    words: usize,
    enter: impl Fn(Block, &mut Set),
    step: impl Fn(&InstData, &mut Set),
) -> IndexVec<Block, Set> {
    let mut live_in: IndexVec<Block, Set> = IndexVec::filled(vec![0; words], func.blocks.len());
    let mut live_out = live_in.clone();
    let cfg = Cfg::compute(func);
    let mut changed = true;
    while changed {
        changed = false;
        for &block in &cfg.postorder {
            let mut live: Set = vec![0; words];
            for next in ir::cfg::successors(func, block) {
                for (all, more) in live.iter_mut().zip(&live_in[next]) {
                    *all |= more;
                }
            }
            live_out[block] = live.clone();
            for &inst in func.blocks[block].insts.iter().rev() {
                step(&func.insts[inst], &mut live);
            }
            enter(block, &mut live);
            if live != live_in[block] {
                live_in[block] = live;
                changed = true;
            }
        }
    }
    live_out
}

/// First slots of the spilled values (an aggregate takes one per pointer), and the number of slots.
fn color(
    program: &Program,
    func: &Func,
    values: &[Value],
    spilled: &Set,
    beside: &[Set],
) -> (BTreeMap<Value, u64>, u64) {
    let mut slots: BTreeMap<Value, u64> = BTreeMap::new();
    let mut count = 0;
    for index in members(spilled) {
        let size = leaves(program, func.ty(values[index])).len() as u64;
        let taken: Vec<(u64, u64)> = members(&beside[index])
            .filter_map(|other| {
                let start = *slots.get(&values[other])?;
                Some((start, start + leaves(program, func.ty(values[other])).len() as u64))
            })
            .collect();
        let mut start = 0;
        while let Some(&(_, end)) = taken.iter().find(|&&(from, to)| from < start + size && start < to) {
            start = end;
        }
        slots.insert(values[index], start);
        count = count.max(start + size);
    }
    (slots, count)
}

/// Paths to the pointers inside a type.
fn leaves(program: &Program, ty: Type) -> Vec<Vec<(u32, Type)>> {
    let types = &program.types;
    let parts: Vec<Type> = match types.data(ty) {
        TypeData::Ptr => return vec![vec![]],
        TypeData::Struct(fields) => fields.clone(),
        // Arrays in registers are short.
        TypeData::Array(elem, len) => vec![*elem; *len as usize],
        _ => return vec![],
    };
    let mut list = Vec::new();
    for (index, part) in parts.into_iter().enumerate() {
        for path in leaves(program, part) {
            let mut whole = vec![(index as u32, part)];
            whole.extend(path);
            list.push(whole);
        }
    }
    list
}

fn place(program: &mut Program, func: &mut Func, slots: &BTreeMap<Value, u64>, count: u64) {
    let array = program.types.array(Type::PTR, count);
    let word = program.types.target.word();
    let frame_inst = func.make_inst(Op::StackSlot, Type::PTR, [], Aux::Type(array), &[Type::PTR], LocId(0));
    let frame = func.insts[frame_inst].result();
    let keep = func.make_inst(
        Op::Intrinsic,
        Type::VOID,
        [frame],
        Aux::Intrinsic(Intrinsic::KeepAlive),
        &[],
        LocId(0),
    );
    let mut stores: BTreeMap<Value, Vec<Inst>> = BTreeMap::new();
    for (&value, &first) in slots {
        let mut list = Vec::new();
        for (slot, path) in leaves(program, func.ty(value)).into_iter().enumerate() {
            let mut pointer = value;
            for (index, ty) in path {
                let aux = Aux::Int(index.into());
                let inst = func.make_inst(Op::Extract, ty, [pointer], aux, &[ty], LocId(0));
                pointer = func.insts[inst].result();
                list.push(inst);
            }
            let index = (first + slot as u64) as i64;
            let number = func.make_inst(Op::Iconst, word, [], Aux::Int(index), &[word], LocId(0));
            let number_value = func.insts[number].result();
            let address = func.make_inst(
                Op::ElemAddr,
                Type::PTR,
                [frame, number_value],
                Aux::Type(Type::PTR),
                &[Type::PTR],
                LocId(0),
            );
            let address_value = func.insts[address].result();
            let store =
                func.make_inst(Op::Store, Type::VOID, [address_value, pointer], Aux::None, &[], LocId(0));
            list.extend([number, address, store]);
        }
        stores.insert(value, list);
    }
    for block in func.order.clone() {
        let mut insts = Vec::new();
        if block == func.entry() {
            insts.extend([frame_inst, keep]);
        }
        for param in &func.blocks[block].params {
            insts.extend(stores.get(param).into_iter().flatten());
        }
        for &inst in &func.blocks[block].insts {
            insts.push(inst);
            for result in &func.insts[inst].results {
                debug_assert!(matches!(func.values[*result].def, ValueDef::Result(..)));
                insts.extend(stores.get(result).into_iter().flatten());
            }
        }
        func.blocks[block].insts = insts;
    }
}
