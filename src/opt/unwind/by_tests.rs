//! Unwinding where no program can set its stack pointer, on WebAssembly, or where saving registers costs more than it
//! brings: after a call that may unwind, the global `runtime.unwinding` is tested.
//!
//! The runtime sets it to the frame of the function that goes on, and returns. Every function on the way returns zeros
//! at once; the one that owns the frame clears the variable and goes on at its `deferReturn`.
//!
//! ```text
//! v1 = call.i32 @f()    ->   v1 = call.i32 @f()
//!                            v2 = global @runtime.unwinding; v3 = load.ptr v2
//!                            v4 = icmp ne v3, null
//!                            br v4, b8, b2               b8: ret 0
//! ```
//!
//! Tests stand only after calls that can reach a panic: the closure of the callers of the panicking functions, and
//! indirect calls if any function whose address is taken is among them.

use std::collections::{BTreeMap, BTreeSet};

use ir::cfg::blocks_from;
use ir::{Aux, Block, Cond, FuncId, GlobalId, IndexVec, Op, Program, Type, Value, Values};

use crate::callers::{Calls, leading_to};
use crate::expand::{Expander, expand_func};
use crate::pipeline::{Error, Result};

use super::{enter_of, frame_of};

pub(super) fn run(program: &mut Program, panics: &[FuncId]) -> Result<()> {
    let name = ir::contract::UNWINDING;
    let Some(unwinding) = program.global_named(name) else {
        return Err(Error::Runtime {
            name: name.into(),
            why: "this variable is not part of the program".into(),
        });
    };
    let (unwinds, indirect) = may_unwind(program, panics);
    // It looks after itself: it is what sets the variable.
    let raise = program.func_named("runtime.gopanic");
    for id in program.funcs.keys().collect::<Vec<_>>() {
        if Some(id) != raise {
            test_after_calls(program, id, unwinding, &unwinds, indirect, panics)?;
        }
    }
    Ok(())
}

/// Which functions can return while unwinding, and whether an indirect call can.
fn may_unwind(program: &Program, panics: &[FuncId]) -> (IndexVec<FuncId, bool>, bool) {
    // Allocating never panics. Variables are allocated at the entry of a function, before the frame that would catch.
    let alloc = program.func_named("runtime.alloc");
    leading_to(program, panics.iter().copied(), |id, func| match Some(id) == alloc {
        true => Calls { direct: Vec::new(), indirect: false },
        false => Calls::of(func, &[Op::CallIndirect]),
    })
}

fn test_after_calls(
    program: &mut Program,
    id: FuncId,
    unwinding: GlobalId,
    unwinds: &IndexVec<FuncId, bool>,
    indirect: bool,
    panics: &[FuncId],
) -> Result<()> {
    let callee = |data: &ir::InstData| match (data.op, &data.aux) {
        (Op::Call, &Aux::Func(callee)) => Some(callee),
        _ => None,
    };
    let wanted = |data: &ir::InstData| match data.op {
        Op::Call => callee(data).is_some_and(|callee| unwinds[callee]),
        Op::CallIndirect => indirect,
        _ => false,
    };
    let frame = frame_of(program, id).filter(|_| !program.funcs[id].attrs.unrecovered);
    let leave = program.func_named("runtime.deferReturn");
    // Beyond the frame, behind the deferReturn and up to the deferEnter, what unwinds goes to the caller.
    let beyond = frame.map(|(_, exit)| blocks_from(&program.funcs[id], [exit])).unwrap_or_default();
    let before = frame.map(|(frame, _)| insts_before(program, id, frame)).unwrap_or_default();
    let results = program.funcs[id].sig.results.clone();
    let mut returns: Option<Block> = None;
    let mut catches: Option<Block> = None;
    let mut origin: BTreeMap<ir::Inst, Block> = BTreeMap::new();
    for &block in &program.funcs[id].order {
        for &inst in &program.funcs[id].blocks[block].insts {
            origin.insert(inst, block);
        }
    }
    expand_func(program, id, wanted, |_, _, x, inst| {
        let always = callee(&x.func.insts[inst]).is_some_and(|callee| panics.contains(&callee));
        let here = x.block;
        x.func.blocks[here].insts.push(inst);
        let leaves = leave.is_some() && callee(&x.func.insts[inst]) == leave;
        let inside = frame.filter(|_| {
            let outside = |block| beyond.contains(block);
            leaves || !before.contains(&inst) && !origin.get(&inst).is_some_and(outside)
        });
        let target = match inside {
            None => *returns.get_or_insert_with(|| x.cold(|x, _| return_zeros(x, &results))),
            Some((frame, exit)) => *catches.get_or_insert_with(|| {
                let out = x.cold(|x, _| return_zeros(x, &results));
                x.cold(|x, _| {
                    let (place, target) = load_unwinding(x, unwinding);
                    let mine = x.b().icmp(Cond::Eq, target, frame);
                    let take = x.new_block();
                    x.b().br(mine, take, out);
                    x.enter_cold(take);
                    let null = x.null();
                    x.b().store(place, null);
                    x.b().jump(exit, []);
                })
            }),
        };
        if always {
            x.b().jump(target, []);
            // The unreachable behind it goes with its block.
            let rest = x.new_block();
            x.enter(rest);
            return Ok(true);
        }
        let (_, value) = load_unwinding(x, unwinding);
        let null = x.null();
        let set = x.b().icmp(Cond::Ne, value, null);
        x.branch_cold(set, target, vec![]);
        Ok(true)
    })
}

fn load_unwinding(x: &mut Expander, unwinding: GlobalId) -> (Value, Value) {
    let place = x.b().global(unwinding);
    (place, x.b().load(Type::PTR, place))
}

fn return_zeros(x: &mut Expander, results: &[Type]) {
    let zeros: Values = results.iter().map(|&ty| x.b().zero(ty)).collect();
    x.b().ret(zeros);
}

/// The instructions that run before a function enters its frame: the places of its results are allocated there. What
/// precedes the frame is one path without loops.
fn insts_before(program: &Program, id: FuncId, frame: Value) -> BTreeSet<ir::Inst> {
    let Some((home, enter)) = enter_of(program, id, frame) else { return BTreeSet::new() };
    let func = &program.funcs[id];
    let after = blocks_from(func, [home]);
    let earlier = func.order.iter().filter(|block| !after.contains(block));
    let here = &func.blocks[home].insts[..enter];
    earlier.flat_map(|&block| &func.blocks[block].insts).chain(here).copied().collect()
}
