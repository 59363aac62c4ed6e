//! Marks variables that nothing writes as constants, so that loads from them fold.
//!
//! A variable is never written if its address is used for nothing but loads and comparisons with nil.

use ir::{Aux, Const, Func, GlobalId, IndexVec, Op, Program, Value};

use crate::descriptor::TYPE_TABLE;
use crate::pipeline::{Options, Result};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let mut written: IndexVec<GlobalId, bool> = IndexVec::filled(false, program.globals.len());
    for (id, global) in program.globals.iter() {
        // Somebody else may write these: other objects, the linker script, later passes.
        let ours =
            [ir::contract::UNWINDING, "runtime.recoverToken", TYPE_TABLE].contains(&global.name.as_str());
        if global.exported || global.external || global.section.is_some() || ours {
            written[id] = true;
        }
        note_addresses(&global.init, &mut written);
    }
    for func in program.funcs.values() {
        note_func(func, &mut written);
    }
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

fn note_func(func: &Func, written: &mut IndexVec<GlobalId, bool>) {
    // The global that each address belongs to. Operands come first but in odd block orders; then the use below is of
    // a value without a global, which counts as a write through the address it is made from.
    let mut base: IndexVec<Value, Option<GlobalId>> = IndexVec::filled(None, func.values.len());
    for data in func.placed() {
        if let (Op::GlobalAddr, &Aux::Global(global)) = (data.op, &data.aux) {
            base[data.result()] = Some(global);
        }
    }
    for data in func.placed() {
        if matches!(data.op, Op::FieldAddr | Op::ElemAddr | Op::PtrAdd) && base[data.result()].is_none() {
            base[data.result()] = base[data.args[0]];
        }
    }
    for data in func.placed() {
        match data.op {
            Op::Load | Op::Icmp | Op::NilCheck | Op::VolatileLoad => {}
            Op::FieldAddr | Op::ElemAddr | Op::PtrAdd if base[data.result()].is_some() => {}
            _ => {
                for global in data.uses().filter_map(|value| base[value]) {
                    written[global] = true;
                }
            }
        }
    }
}
