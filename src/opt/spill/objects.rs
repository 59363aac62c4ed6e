//! Keeps the pointers in stack objects in memory.
//!
//! LLVM keeps objects whose address goes nowhere in locals, and drops stores that only the collector would read:
//!
//! ```text
//!   v1 = stackalloc {ptr, i32}      v1 = stackalloc {ptr, i32}
//!                                   intrinsic keep_alive(v1)       its memory may be read from here on
//!   store v1, v0                    store v1, v0
//!   v2 = call @runtime.alloc(8, 1)  v2 = call @runtime.alloc(8, 1)
//!   v3 = load.{ptr, i32} v1         v3 = load.{ptr, i32} v1
//! ```
//!
//! An object that is only stored to and loaded from stays LLVM's, where no collection comes between the two.

use std::collections::{BTreeMap, BTreeSet};

use ir::{Aux, Func, Inst, InstData, Intrinsic, Op, Program, Type, Value};

use super::{Set, flow, insert, remove};

/// Marks the objects that must be in memory during a call for which `collects` holds.
pub(super) fn expose(program: &Program, func: &mut Func, collects: impl Fn(&InstData) -> bool) {
    let objects = Objects::of(program, func);
    if objects.made.is_empty() {
        return;
    }
    let words = objects.made.len().div_ceil(64);
    let live_out = flow(func, words, |_, _| {}, |data, live| objects.step(data, live));
    let mut exposed: BTreeSet<Inst> = BTreeSet::new();
    for &block in &func.order {
        let mut live = live_out[block].clone();
        for &inst in func.blocks[block].insts.iter().rev() {
            let data = &func.insts[inst];
            if collects(data) {
                let held = super::members(&live).map(|object| objects.made[object]);
                exposed.extend(held);
            }
            objects.step(data, &mut live);
        }
    }
    exposed.extend(objects.passed.iter().map(|&object| objects.made[object]));
    for block in func.order.clone() {
        let mut insts = Vec::new();
        for inst in std::mem::take(&mut func.blocks[block].insts) {
            insts.push(inst);
            if exposed.contains(&inst) {
                let (address, loc) = (func.insts[inst].result(), func.insts[inst].loc);
                let aux = Aux::Intrinsic(Intrinsic::KeepAlive);
                insts.push(func.make_inst(Op::Intrinsic, Type::VOID, [address], aux, &[], loc));
            }
        }
        func.blocks[block].insts = insts;
    }
}

/// The stack objects of a function that hold pointers.
struct Objects {
    /// What makes each.
    made: Vec<Inst>,
    /// Addresses into them.
    addresses: BTreeMap<Value, usize>,
    /// Those whose address is used for more than loads and stores.
    passed: BTreeSet<usize>,
}

impl Objects {
    fn of(program: &Program, func: &Func) -> Objects {
        let mut objects = Objects { made: Vec::new(), addresses: BTreeMap::new(), passed: BTreeSet::new() };
        let insts: Vec<Inst> = func.order.iter().flat_map(|&b| &func.blocks[b].insts).copied().collect();
        for &inst in &insts {
            let data = &func.insts[inst];
            if let (Op::StackAlloc | Op::StackSlot, &Aux::Type(ty)) = (data.op, &data.aux)
                && program.types.has_pointers(ty)
            {
                objects.addresses.insert(data.result(), objects.made.len());
                objects.made.push(inst);
            }
        }
        // Blocks need not stand in the order of dominance.
        loop {
            let known = objects.addresses.len();
            for &inst in &insts {
                let data = &func.insts[inst];
                if let Op::FieldAddr | Op::ElemAddr | Op::PtrAdd = data.op
                    && let Some(&object) = objects.addresses.get(&data.args[0])
                {
                    objects.addresses.insert(data.result(), object);
                }
            }
            if objects.addresses.len() == known {
                break;
            }
        }
        for &inst in &insts {
            let data = &func.insts[inst];
            let plain = usize::from(matches!(
                data.op,
                Op::FieldAddr
                    | Op::ElemAddr
                    | Op::PtrAdd
                    | Op::Load
                    | Op::VolatileLoad
                    | Op::Store
                    | Op::VolatileStore
            ));
            for value in data.uses().skip(plain) {
                objects.passed.extend(objects.addresses.get(&value));
            }
        }
        objects
    }

    /// From what is loaded later behind an instruction to what is before it.
    fn step(&self, data: &InstData, live: &mut Set) {
        match data.op {
            Op::StackAlloc | Op::StackSlot => {
                if let Some(&object) = self.addresses.get(&data.result()) {
                    remove(live, object);
                }
            }
            Op::Load | Op::VolatileLoad => {
                if let Some(&object) = self.addresses.get(&data.args[0]) {
                    insert(live, object);
                }
            }
            _ => {}
        }
    }
}
