//! Drops stores to variables that nothing reads but to count them on, like statistics of the allocator that a program
//! does not ask for.
//!
//! ```text
//! v1 = global @runtime.mallocCount
//! v2 = load.i64 v1
//! v3 = add v2, v0
//! store v1, v3             ; dropped
//! ```
//!
//! Only numbers whose address is used for nothing but plain loads and stores.

use std::collections::BTreeSet;

use ir::{Aux, Func, GlobalId, IndexVec, Inst, Op, OpKind, Program, Value};

use crate::constant_globals::note_addresses;
use crate::parallel;
use crate::pipeline::{Options, Result};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let mut read: IndexVec<GlobalId, bool> = IndexVec::filled(false, program.globals.len());
    for (id, global) in program.globals.iter() {
        // Others may look at these: objects, the linker script; and the collector at pointers.
        let number = global.ty.is_int() || global.ty.is_float();
        if global.exported || global.external || global.section.is_some() || !number {
            read[id] = true;
        }
        note_addresses(&global.init, &mut read);
    }
    let found = parallel::look_at_each(program, |func| Some(read_by(func)));
    found.into_iter().flat_map(|(_, globals)| globals).for_each(|global| read[global] = true);
    parallel::each_alone(program, |func| {
        let unread: BTreeSet<Inst> = func
            .insts
            .iter()
            .filter(|(_, data)| {
                data.op == Op::Store && global_at(func, data.args[0]).is_some_and(|g| !read[g])
            })
            .map(|(inst, _)| inst)
            .collect();
        if !unread.is_empty() {
            for block in func.order.clone() {
                func.blocks[block].insts.retain(|inst| !unread.contains(inst));
            }
        }
    });
    Ok(())
}

/// The variable that an address is of.
fn global_at(func: &Func, address: Value) -> Option<GlobalId> {
    match func.def(address)? {
        ir::InstData { op: Op::GlobalAddr, aux: Aux::Global(global), .. } => Some(*global),
        _ => None,
    }
}

/// The variables that a function does more with than to count in them.
fn read_by(func: &Func) -> Vec<GlobalId> {
    let mut read = Vec::new();
    if !func.placed().any(|data| data.op == Op::GlobalAddr) {
        return read;
    }
    // The variable that each value was computed from, as far as it is one.
    let mut from: IndexVec<Value, Option<GlobalId>> = IndexVec::filled(None, func.values.len());
    // Blocks may stand in any order: until nothing is new.
    loop {
        let mut changed = false;
        for data in func.placed() {
            let of = match data.op {
                Op::Load => global_at(func, data.args[0]),
                Op::GlobalAddr => None,
                op if op.kind() == OpKind::Pure => data.args.iter().find_map(|&arg| from[arg]),
                _ => None,
            };
            let Some(of) = of else { continue };
            // A value that comes from two variables counts as a look at both.
            if data.args.iter().any(|&arg| from[arg].is_some_and(|other| other != of)) {
                data.args.iter().filter_map(|&arg| from[arg]).for_each(|other| read.push(other));
            }
            for &result in &data.results {
                changed |= from[result].replace(of) != Some(of);
            }
        }
        if !changed {
            break;
        }
    }
    for data in func.placed() {
        let target = if data.op == Op::Store { global_at(func, data.args[0]) } else { None };
        let plain = matches!(data.op, Op::Load | Op::Store);
        for (index, value) in data.uses().enumerate() {
            let addressed = plain && index == 0;
            if let Some(global) = global_at(func, value)
                && !addressed
            {
                read.push(global);
            }
            let computes = data.op != Op::Load && data.op.kind() == OpKind::Pure;
            if let Some(global) = from[value]
                && !computes
                && !(target == Some(global) && !addressed)
            {
                read.push(global);
            }
        }
    }
    read
}
