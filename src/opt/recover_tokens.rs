//! Lets only functions that are deferred themselves recover.
//!
//! The runtime sets `runtime.recoverToken` before it calls a deferred function, and a function that recovers takes the
//! token at its entry. A deferred function that does not recover, but may call one that does, drops it here:
//!
//! ```text
//! func @main.cleanup() {         func @main.cleanup() {
//! b0:                            b0:
//!   call @main.recovers()   ->     store @runtime.recoverToken, 0
//!                                  call @main.recovers()
//! ```
//!
//! A function none of whose deferred functions recovers is never gone on in (`unrecovered`).
//!
//! Functions that irgen makes for the call of a delayed function with its operands are no functions of the program:
//! what they call is what was deferred.

use std::collections::BTreeSet;

use ir::names::is_transparent;
use ir::{Aux, Const, Func, FuncId, GlobalId, IndexVec, InstData, LocId, Op, Program, Type};

use crate::call_targets::address_taken;
use crate::callers::{Calls, leading_to};
use crate::parallel;
use crate::pipeline::{Options, Result};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let Some(token) = program.global_named("runtime.recoverToken") else { return Ok(()) };
    if !crate::runtime_flags::uses(program, Op::Recover) {
        return Ok(());
    }
    let taken: Vec<FuncId> =
        address_taken(program).iter().filter(|(_, taken)| **taken).map(|(id, _)| id).collect();
    mark_unrecovered(program, &taken);
    let reaches = may_recover(program);
    for func in deferred(program, &taken) {
        if reaches[func] && !program.funcs[func].attrs.recovers && program.funcs[func].has_body() {
            drop_token(program, func, token);
        }
    }
    Ok(())
}

/// The function that a `defer` statement names, if it tells.
fn target(program: &Program, func: &Func, data: &InstData) -> Option<FuncId> {
    func.def(data.args[0]).and_then(|def| match (def.op, &def.aux) {
        (Op::MakeClosure, &Aux::Func(target)) => Some(target),
        (Op::GlobalAddr, &Aux::Global(global)) => record_code(program, global),
        _ => None,
    })
}

fn defers(func: &Func) -> impl Iterator<Item = &InstData> {
    func.placed().filter(|data| data.op == Op::Defer)
}

/// The functions that `defer` statements name, seen through those that irgen made.
fn deferred(program: &Program, taken: &[FuncId]) -> BTreeSet<FuncId> {
    let targets = parallel::look_at_each(program, |func| {
        Some(defers(func).map(|data| target(program, func, data)).collect::<Vec<Option<FuncId>>>())
    });
    let targets: BTreeSet<Option<FuncId>> = targets.into_iter().flat_map(|(_, targets)| targets).collect();
    let mut found: BTreeSet<FuncId> = targets.iter().copied().flatten().collect();
    if targets.contains(&None) {
        let fits = |id: FuncId| {
            let sig = &program.funcs[id].sig;
            sig.params == [Type::PTR] && sig.results.is_empty()
        };
        found.extend(taken.iter().copied().filter(|&id| fits(id)));
    }
    seen_through(program, found, taken)
}

/// Functions themselves, or in place of those that irgen made for the call of a delayed function what they call.
fn seen_through(
    program: &Program,
    funcs: impl IntoIterator<Item = FuncId>,
    taken: &[FuncId],
) -> BTreeSet<FuncId> {
    let mut seen = BTreeSet::new();
    let mut work: Vec<FuncId> = funcs.into_iter().collect();
    let mut result = BTreeSet::new();
    while let Some(func) = work.pop() {
        if !seen.insert(func) {
            continue;
        }
        if is_transparent(&program.funcs[func].name) {
            // Func values and methods may be any function whose address is taken.
            let calls = Calls::of(&program.funcs[func], &[Op::CallClosure, Op::CallMethod]);
            work.extend(calls.direct);
            if calls.indirect {
                work.extend(taken);
            }
        } else {
            result.insert(func);
        }
    }
    result
}

/// Marks the functions that defer, but nothing that recovers.
fn mark_unrecovered(program: &mut Program, taken: &[FuncId]) {
    let is_left = |func: &Func| {
        // Loop bodies that are functions of their own defer for the function that they belong to.
        let shared = |&inst: &ir::Inst| func.insts[inst].op == Op::DeferFrame;
        if func.order.iter().flat_map(|&b| &func.blocks[b].insts).any(shared) {
            return false;
        }
        let mut own = defers(func).filter(|data| data.args.len() == 1).peekable();
        own.peek().is_some()
            && own.all(|data| match target(program, func, data) {
                Some(target) => !seen_through(program, [target], taken)
                    .into_iter()
                    .any(|callee| program.funcs[callee].attrs.recovers),
                None => false,
            })
    };
    let left = parallel::look_at_each(program, |func| is_left(func).then_some(()));
    left.into_iter().for_each(|(id, ())| program.funcs[id].attrs.unrecovered = true);
}

fn record_code(program: &Program, global: GlobalId) -> Option<FuncId> {
    match &program.globals[global].init {
        Const::Aggregate(parts) => match parts.first() {
            Some(&Const::Code(func)) => Some(func),
            _ => None,
        },
        _ => None,
    }
}

/// The functions that may call one that recovers.
fn may_recover(program: &Program) -> IndexVec<FuncId, bool> {
    let recover = program.funcs.iter().filter(|(_, func)| func.attrs.recovers).map(|(id, _)| id);
    let indirect = [Op::CallClosure, Op::CallMethod, Op::CallIndirect];
    leading_to(program, recover, |_, func| Calls::of(func, &indirect)).0
}

fn drop_token(program: &mut Program, id: FuncId, token: GlobalId) {
    let ty = program.globals[token].ty;
    let func = &mut program.funcs[id];
    let place = func.make_inst(Op::GlobalAddr, Type::PTR, [], Aux::Global(token), &[Type::PTR], LocId(0));
    let zero = func.make_inst(Op::Zero, ty, [], Aux::None, &[ty], LocId(0));
    let args = vec![func.insts[place].result(), func.insts[zero].result()];
    let store = func.make_inst(Op::Store, Type::VOID, args, Aux::None, &[], LocId(0));
    let entry = func.entry();
    func.blocks[entry].insts.splice(0..0, [place, zero, store]);
}
