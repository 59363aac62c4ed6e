//! What indirect calls may reach: functions of the same signature whose address is taken, less those that only `go` or
//! `defer` statements name (see `closure_uses`).

use std::collections::BTreeMap;

use ir::{Aux, Const, Func, FuncId, IndexVec, InstData, Op, Program, Signature, Type};

use crate::lower_defer::RUN_PANIC;
use crate::parallel;

/// Calls what `go` statements name.
const START: &str = "runtime.startg";
/// Call what `defer` statements name.
const RUN_DEFERRED: &[&str] = &["runtime.deferReturn", RUN_PANIC];

pub(crate) struct CallTargets {
    taken: BTreeMap<(Vec<Type>, Vec<Type>), Vec<FuncId>>,
    go: Vec<FuncId>,
    deferred: Vec<FuncId>,
}

impl CallTargets {
    pub(crate) fn of(program: &Program) -> CallTargets {
        let mut targets = CallTargets { taken: BTreeMap::new(), go: Vec::new(), deferred: Vec::new() };
        for (id, _) in address_taken(program).iter().filter(|(_, taken)| **taken) {
            let func = &program.funcs[id];
            if func.attrs.only_go {
                targets.go.push(id);
            } else if func.attrs.only_deferred {
                targets.deferred.push(id);
            } else {
                let key = (func.sig.params.clone(), func.sig.results.clone());
                targets.taken.entry(key).or_default().push(id);
            }
        }
        targets
    }

    /// The functions that an indirect call in `caller` may reach.
    pub(crate) fn indirect(&self, caller: &Func, sig: &Signature) -> impl Iterator<Item = FuncId> {
        let own = match caller.name.as_str() {
            START => &self.go[..],
            name if RUN_DEFERRED.contains(&name) => &self.deferred,
            _ => &[],
        };
        let known = caller.attrs.calls_only_go || caller.attrs.calls_only_deferred;
        let any = self.taken.get(&(sig.params.clone(), sig.results.clone())).filter(|_| !known);
        own.iter().chain(any.into_iter().flatten()).copied()
    }
}

/// The functions that an indirect call may reach.
pub(crate) fn address_taken(program: &Program) -> IndexVec<FuncId, bool> {
    fn walk(value: &Const, taken: &mut IndexVec<FuncId, bool>) {
        match value {
            Const::Code(func) | Const::CodeInt(func) => taken[*func] = true,
            Const::Aggregate(parts) => parts.iter().for_each(|part| walk(part, taken)),
            _ => {}
        }
    }
    let mut taken = IndexVec::filled(false, program.funcs.len());
    for global in program.globals.values() {
        walk(&global.init, &mut taken);
    }
    for rtype in program.rtypes.values() {
        for func in rtype.funcs() {
            taken[func] = true;
        }
    }
    let by_body = parallel::look_at_each(program, |func| {
        let taken = |data: &InstData| match (data.op, &data.aux) {
            (Op::FuncAddr | Op::MakeClosure, &Aux::Func(callee)) => Some(callee),
            _ => None,
        };
        Some(func.placed().filter_map(taken).collect::<Vec<FuncId>>())
    });
    by_body.into_iter().flat_map(|(_, funcs)| funcs).for_each(|callee| taken[callee] = true);
    taken
}
