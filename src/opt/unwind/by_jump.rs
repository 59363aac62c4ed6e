//! Unwinding by a jump: behind its `deferEnter`, a function saves its registers in the frame; the runtime takes them up
//! again (`runtime.resume`), so that the call that saved them returns for a second time.
//!
//! ```text
//! call @runtime.deferEnter(v1)    ->   call @runtime.deferEnter(v1); v3 = fieldaddr {…} 2, v1
//! v2 = call @f()                       v4 = call.word @runtime.saveContext(v3)    0 at first
//!                                      br v4 != 0, b8, b2                         b8: call @runtime.deferReturn(v1)
//!                                      b2: v2 = call @f()
//! ```
//!
//! What is needed from there on was computed before, or is in memory that the call exposes: each call behind it may be the
//! one that does not come back, so that everything stored before it has to be there.

use std::collections::BTreeSet;

use ir::builder::Builder;
use ir::cfg::blocks_from;
use ir::edit::split_block;
use ir::{Aux, Block, Cond, Func, FuncId, Inst, Intrinsic, Op, Program, Value, ValueDef};

use super::{enter_of, frame_of};

/// The index of the field `context` of a `deferFrame`.
const CONTEXT: u32 = 2;

pub(super) fn run(program: &mut Program, save: FuncId) {
    program.funcs[save].attrs.returns_twice = true;
    for id in program.funcs.keys().collect::<Vec<_>>() {
        if program.funcs[id].attrs.unrecovered {
            continue;
        }
        if let Some((frame, exit)) = frame_of(program, id) {
            let exposed = slots_used(program, id, &blocks_from(&program.funcs[id], [exit]));
            let Some((block, enter)) = enter_of(program, id, frame) else { continue };
            let sig = program.funcs[save].sig.clone();
            let func = &mut program.funcs[id];
            let Some(Aux::Type(frame_type)) = func.def(frame).map(|def| def.aux.clone()) else { continue };
            let at = next_call(func, block, enter);
            let rest = split_block(func, block, at);
            let mut b = Builder::new(func, block);
            for slot in exposed.into_iter().filter(|&slot| slot != frame) {
                b.intrinsic_effect(Intrinsic::KeepAlive, [slot]);
            }
            let context = b.field_addr(frame_type, frame, CONTEXT);
            let resumed = b.call(save, &sig, [context])[0];
            let zero = b.iconst(sig.results[0], 0);
            let resumed = b.icmp(Cond::Ne, resumed, zero);
            b.br(resumed, exit, rest);
        }
    }
}

/// The first call behind the instruction at some index, or the end of the block: what is computed before it may be used
/// at the exit.
fn next_call(func: &Func, block: Block, index: usize) -> usize {
    let insts = &func.blocks[block].insts;
    let ends = |&inst: &Inst| {
        let data = &func.insts[inst];
        data.op.is_terminator() || matches!(data.op, Op::Call | Op::CallIndirect)
    };
    insts[index + 1..].iter().position(ends).map_or(insts.len(), |at| index + 1 + at)
}

/// The objects on the stack that some blocks use.
fn slots_used(program: &Program, id: FuncId, blocks: &[Block]) -> BTreeSet<Value> {
    let func = &program.funcs[id];
    let mut slots = BTreeSet::new();
    for &inst in blocks.iter().flat_map(|&block| &func.blocks[block].insts) {
        for mut value in func.insts[inst].uses() {
            while let ValueDef::Result(inst, _) = func.values[value].def {
                let data = &func.insts[inst];
                match data.op {
                    Op::StackAlloc | Op::StackSlot => {
                        slots.insert(value);
                    }
                    Op::FieldAddr | Op::ElemAddr | Op::PtrAdd => {
                        value = data.args[0];
                        continue;
                    }
                    _ => {}
                }
                break;
            }
        }
    }
    slots
}
