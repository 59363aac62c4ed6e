//! What indirect calls may reach: functions of the same signature whose address is taken, less those that only `go` or
//! `defer` statements name (see `closure_uses`).

use std::collections::BTreeMap;

use ir::{Func, FuncId, Program, Signature, Type};

use crate::lower_defer::RUN_PANIC;
use crate::unwind::address_taken;

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
