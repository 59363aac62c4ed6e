//! Which functions lead to others: the closure of their callers, for passes that ask what a call may bring about.

use ir::{Aux, Func, FuncId, IndexVec, Op, Program};

use crate::call_targets::address_taken;
use crate::parallel;

/// What a function calls.
pub(crate) struct Calls {
    pub direct: Vec<FuncId>,
    /// Some function that is not known here.
    pub indirect: bool,
}

impl Calls {
    /// The calls in a body; `indirect` are the operations that call what they are given.
    pub(crate) fn of(func: &Func, indirect: &[Op]) -> Calls {
        let mut calls = Calls { direct: Vec::new(), indirect: false };
        for &inst in func.order.iter().flat_map(|&block| &func.blocks[block].insts) {
            let data = &func.insts[inst];
            match (data.op, &data.aux) {
                (Op::Call, &Aux::Func(callee)) => calls.direct.push(callee),
                (op, _) => calls.indirect |= indirect.contains(&op),
            }
        }
        calls
    }
}

/// The functions that may call one of `goals` before they return, the goals among them, and whether an indirect call may
/// lead to one: that is so if the address of one of them is taken.
pub(crate) fn leading_to(
    program: &Program,
    goals: impl IntoIterator<Item = FuncId>,
    calls: impl Fn(FuncId, &Func) -> Calls + Sync,
) -> (IndexVec<FuncId, bool>, bool) {
    let taken = address_taken(program);
    let mut callers: IndexVec<FuncId, Vec<FuncId>> = IndexVec::filled(Vec::new(), program.funcs.len());
    let mut open = Vec::new();
    for (id, calls) in parallel::of_each(program, calls).iter() {
        calls.direct.iter().for_each(|&callee| callers[callee].push(id));
        if calls.indirect {
            open.push(id);
        }
    }
    let mut leads = IndexVec::filled(false, program.funcs.len());
    let mut indirect = false;
    let mut work: Vec<FuncId> = goals.into_iter().collect();
    while let Some(id) = work.pop() {
        if std::mem::replace(&mut leads[id], true) {
            continue;
        }
        work.extend(&callers[id]);
        if taken[id] && !std::mem::replace(&mut indirect, true) {
            work.extend(&open);
        }
    }
    (leads, indirect)
}
