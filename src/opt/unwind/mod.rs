//! Makes panics unwind: a function whose deferred call recovers goes on at its `deferReturn`.
//!
//! Deferred functions run on top of the panicking stack; only a successful recover unwinds it, to the frame of the
//! function that deferred. It goes on at its `deferReturn`, which runs the deferred functions that are left. A deferred
//! function may panic itself, and the next recover, so that goes for `deferReturn` too.
//!
//! How control gets there is up to the target: where package runtime has a function `saveContext`, by a jump
//! (`by_jump`), else by returns (`by_tests`). Where nothing recovers, the panicking functions do not return.

mod by_jump;
mod by_tests;

use ir::contract::SAVE_CONTEXT;
use ir::{Aux, Block, FuncId, Inst, Op, Program, Value};

use crate::pipeline::{Options, Result};

/// They return only to unwind, if at all.
pub(crate) const PANICS: &[&str] = &[
    "runtime.gopanic",
    "runtime.panicBounds",
    "runtime.panicBoundsWide",
    "runtime.panicNil",
    "runtime.panicDivide",
    "runtime.panicShift",
    "runtime.panicdottype",
    "runtime.panicUnsafeSlice",
    "runtime.panicRangeState",
];

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let panics: Vec<FuncId> = PANICS.iter().filter_map(|name| program.func_named(name)).collect();
    for &id in &panics {
        program.funcs[id].attrs.cold = true;
        program.funcs[id].attrs.noinline = true;
    }
    let recovers = recovers(program);
    let save = program.func_named(SAVE_CONTEXT);
    if recovers && save.is_none() {
        return by_tests::run(program, &panics);
    }
    for &id in &panics {
        program.funcs[id].attrs.noreturn = true;
    }
    if let Some(save) = save.filter(|_| recovers) {
        by_jump::run(program, save);
    }
    Ok(())
}

fn recovers(program: &Program) -> bool {
    let Some(recover) = program.func_named("runtime.gorecover") else { return false };
    program.funcs.values().any(|func| {
        func.order.iter().flat_map(|&b| &func.blocks[b].insts).any(|&inst| {
            let data = &func.insts[inst];
            data.op == Op::Call && data.aux == Aux::Func(recover)
        })
    })
}

/// The frame of a function that defers, and the block that starts with its deferReturn.
fn frame_of(program: &Program, id: FuncId) -> Option<(Value, Block)> {
    let leave = program.func_named("runtime.deferReturn")?;
    let func = &program.funcs[id];
    func.order.iter().find_map(|&block| {
        let first = &func.insts[*func.blocks[block].insts.first()?];
        (first.op == Op::Call && first.aux == Aux::Func(leave)).then(|| (first.args[0], block))
    })
}

/// The block and the index of the `deferEnter` of a frame.
fn enter_of(program: &Program, id: FuncId, frame: Value) -> Option<(Block, usize)> {
    let enter = program.func_named("runtime.deferEnter")?;
    let func = &program.funcs[id];
    let enters = |&inst: &Inst| {
        let data = &func.insts[inst];
        data.op == Op::Call && data.aux == Aux::Func(enter) && data.args.first() == Some(&frame)
    };
    func.order.iter().find_map(|&block| Some((block, func.blocks[block].insts.iter().position(enters)?)))
}
