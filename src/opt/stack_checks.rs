//! Stops recursion without end: tests in every cycle of calls whether the stack has room.
//!
//! ```text
//! func @f(v0: i32) {            func @f(v0: i32) {
//! b0:                           b0:
//!   call @f(v0)                   v1 = intrinsic.ptr stack_pointer(); v2 = ptrtoint v1
//!   ret                    ->     v3 = load.i32 @runtime.stackLimit
//! }                               br ult v2, v3, b1, b2
//!                               b1:
//!                                 call @runtime.stackCheck(); jump b2
//!                               b2:
//!                                 call @f(v0); ret
//! ```
//!
//! The call graph is searched depth first; the functions that an edge leads back to are tested, as every cycle has one. So
//! programs without recursion pay nothing. Between two tests the stack grows by a chain of calls without a cycle, for
//! which the runtime keeps a reserve below the limit (runtime/stack.go).
//!
//! Nor is a tested function's recursion made a loop, which would run for ever.
//!
//! On WebAssembly the engine keeps a stack of its own, which the program cannot see. There a tested function takes some
//! room on the stack in linear memory, so that this one is used up first.

use ir::builder::Builder;
use ir::edit::split_block;
use ir::{Aux, Cond, Func, FuncId, GlobalId, IndexVec, Intrinsic, Op, Program, Type};

use crate::call_targets::CallTargets;
use crate::lower_defer::RUN_PANIC;
use crate::parallel;
use crate::pipeline::{OptLevel, Options, Result};
use crate::unwind::PANICS;

/// A call of it, by the runtime's start, keeps the check alive up to here.
const MARKER: &str = "runtime.stackChecks";
const CHECK: &str = "runtime.stackCheck";
const LIMIT: &str = "runtime.stackLimit";
const RAISE: &str = "runtime.gopanic";
/// About what an activation takes on an engine's own stack, optimised and not.
const ENGINE_FRAMES: (u64, u64) = (96, 512);

pub(crate) fn run(program: &mut Program, options: &Options) -> Result<()> {
    let Some(check) = program.func_named(CHECK) else { return Ok(()) };
    let limit = program.global_named(LIMIT);
    drop_marker(program);
    let Some(limit) = limit else { return Ok(()) };
    for id in on_back_edges(program, check) {
        let frame = if options.opt == OptLevel::Zero { ENGINE_FRAMES.1 } else { ENGINE_FRAMES.0 };
        add_check(program, id, check, limit, options.wasm.then_some(frame));
    }
    Ok(())
}

fn drop_marker(program: &mut Program) {
    let Some(marker) = program.func_named(MARKER) else { return };
    parallel::each_alone(program, |func| {
        ir::edit::remove_insts(func, |_, data| data.op == Op::Call && data.aux == Aux::Func(marker));
    });
}

/// Functions to which an edge of a depth-first search of the call graph leads back. Whatever can fail may run what was
/// deferred: those cycles are cut where that is done.
fn on_back_edges(program: &Program, check: FuncId) -> Vec<FuncId> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let targets = CallTargets::of(program);
    let run_panic = program.func_named(RUN_PANIC);
    let mut callees = parallel::of_each(program, |_, func| callees(program, func, &targets));
    let mut state = IndexVec::filled(State::New, program.funcs.len());
    let mut found: IndexVec<FuncId, bool> = IndexVec::filled(false, program.funcs.len());
    state[check] = State::Done;
    for root in run_panic.into_iter().chain(program.funcs.keys()) {
        if state[root] != State::New {
            continue;
        }
        state[root] = State::Open;
        let mut stack = vec![(root, std::mem::take(&mut callees[root]))];
        while let Some((id, rest)) = stack.last_mut() {
            let Some(next) = rest.pop() else {
                state[*id] = State::Done;
                stack.pop();
                continue;
            };
            match state[next] {
                State::New => {
                    state[next] = State::Open;
                    stack.push((next, std::mem::take(&mut callees[next])));
                }
                State::Open => found[next] = true,
                State::Done => {}
            }
        }
    }
    found.iter().filter(|(_, found)| **found).map(|(id, _)| id).collect()
}

fn callees(program: &Program, func: &Func, targets: &CallTargets) -> Vec<FuncId> {
    // They print and stop, or run what was deferred.
    if PANICS.contains(&func.name.as_str()) {
        let next = if func.name == RAISE { RUN_PANIC } else { RAISE };
        return program.func_named(next).into_iter().collect();
    }
    let mut list = Vec::new();
    for &inst in func.order.iter().flat_map(|&b| &func.blocks[b].insts) {
        let data = &func.insts[inst];
        match (data.op, &data.aux) {
            (Op::Call, &Aux::Func(callee)) if program.funcs[callee].has_body() => list.push(callee),
            (Op::CallIndirect, Aux::Signature(sig)) => list.extend(targets.indirect(func, sig)),
            _ => {}
        }
    }
    list.sort();
    list.dedup();
    list
}

fn add_check(program: &mut Program, id: FuncId, check: FuncId, limit: GlobalId, frame: Option<u64>) {
    let word = program.types.target.word();
    let room = frame.map(|size| program.types.array(word, size / program.types.size(word)));
    let func = &mut program.funcs[id];
    func.attrs.checks_stack = true;
    let entry = func.entry();
    let loc = func.loc;
    let body = split_block(func, entry, 0);
    let cold = func.add_block();
    let mut b = Builder { func, block: entry, loc };
    if let Some(room) = room {
        let slot = b.value(Op::StackSlot, Type::PTR, [], Aux::Type(room));
        b.intrinsic_effect(Intrinsic::KeepAlive, [slot]);
    }
    let sp = b.intrinsic(Intrinsic::StackPointer, Type::PTR, []);
    let sp = b.convert(Op::Ptrtoint, word, sp);
    let place = b.global(limit);
    let limit = b.load(word, place);
    let low = b.icmp(Cond::Ult, sp, limit);
    b.br(low, cold, body);
    b.block = cold;
    b.call(check, &ir::Signature::default(), []);
    b.jump(body, []);
}
