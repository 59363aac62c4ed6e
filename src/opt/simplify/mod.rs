//! Makes functions smaller without changing what they do: constant folding, algebra, branches on constants, merging of
//! blocks, common subexpressions, dead code.
//!
//! ```text
//! v1 = iconst.i32 2
//! v2 = mul.i32 v0, v1       ->   v2 = add ... (folded by the code generator)
//! v3 = sub.i32 v1, v1       ->   v3 = iconst.i32 0
//! br true, b1, b2           ->   jump b1
//! ```
//!
//! Functions that run deferred functions keep the block with `run_defers` apart, and share no values between blocks:
//! a recovered panic continues there from anywhere.

mod blocks;
mod cse;
mod fold;

pub(crate) use fold::{eval_binary, eval_compare, extend, int};

use ir::cfg::{Cfg, Dominators};
use ir::edit::{Replacements, use_counts};
use ir::{Func, Inst, InstData, Op, OpKind, Program, Value};

use crate::parallel;
use crate::pipeline::{Options, Result};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    parallel::each_body(program, simplify_body);
    Ok(())
}

/// Simplifies one function until nothing changes, within reason.
pub(crate) fn simplify_body(program: &Program, func: &mut Func) {
    const STEPS: usize = 4;
    let mut graph = Graph::default();
    // How many steps in a row have nothing to do.
    let mut idle = 0;
    for step in 0..8 * STEPS {
        let (changed, to_its_end) = match step % STEPS {
            0 => (fold_all(program, func, &mut graph), false),
            1 => (blocks::simplify(func, &mut graph), false),
            2 => (cse::run(func, &mut graph), false),
            _ => (remove_dead(func), true),
        };
        // A step that goes on to its end leaves nothing for itself.
        idle = if changed { usize::from(to_its_end) } else { idle + 1 };
        if idle == STEPS {
            break;
        }
    }
}

/// The control-flow graph of a function and its dominators, computed when asked for and kept until a step changes where
/// blocks lead.
#[derive(Default)]
struct Graph {
    cfg: Option<Cfg>,
    dominators: Option<Dominators>,
}

impl Graph {
    fn cfg(&mut self, func: &Func) -> &Cfg {
        self.cfg.get_or_insert_with(|| Cfg::compute(func))
    }

    fn with_dominators(&mut self, func: &Func) -> (&Cfg, &Dominators) {
        let cfg = self.cfg.get_or_insert_with(|| Cfg::compute(func));
        (cfg, self.dominators.get_or_insert_with(|| Dominators::compute(func, cfg)))
    }

    fn changed(&mut self) {
        *self = Graph::default();
    }
}

/// Whether a recovered panic may continue in the middle of the function.
pub(crate) fn runs_defers(func: &Func) -> bool {
    func.order.iter().any(|&b| func.blocks[b].insts.iter().any(|&i| func.insts[i].op == Op::RunDefers))
}

fn fold_all(program: &Program, func: &mut Func, graph: &mut Graph) -> bool {
    let (mut changed, mut leads_elsewhere) = (false, false);
    let mut replacements = Replacements::default();
    // Reverse postorder: operands mostly come first.
    for block in graph.cfg(func).reverse_postorder() {
        for index in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[index];
            if !replacements.is_empty() {
                func.insts[inst].for_each_use_mut(|value| *value = replacements.resolve(*value));
            }
            match fold::fold(program, func, inst) {
                fold::Folded::Keep => {}
                fold::Folded::Value(value) => {
                    let old = func.insts[inst].result();
                    if old != value {
                        replacements.add(old, value);
                        changed = true;
                    }
                }
                fold::Folded::Op(op, args, aux) => {
                    let data = &mut func.insts[inst];
                    leads_elsewhere |= !data.targets().is_empty();
                    (data.op, data.args, data.aux) = (op, args, aux);
                    changed = true;
                }
            }
        }
    }
    replacements.apply(func);
    if leads_elsewhere {
        graph.changed();
    }
    // Replaced instructions are unused now; `remove_dead` takes those without effect.
    changed
}

/// Removes instructions without effect whose results nothing uses, and stores to such allocations.
pub(crate) fn remove_dead(func: &mut Func) -> bool {
    let mut changed = false;
    let mut counts = use_counts(func);
    loop {
        let mut dead: Vec<Inst> = Vec::new();
        let mut allocates = false;
        for &block in &func.order {
            for &inst in &func.blocks[block].insts {
                let data = &func.insts[inst];
                allocates |= is_alloc(data);
                let removable = matches!(data.op.kind(), OpKind::Pure | OpKind::Read | OpKind::Alloc);
                if removable && data.results.iter().all(|&v| counts[v] == 0) {
                    dead.push(inst);
                }
            }
        }
        if allocates {
            dead.extend(stores_to_unread(func, &counts));
        }
        if dead.is_empty() {
            return changed;
        }
        changed = true;
        for &inst in &dead {
            for value in func.insts[inst].uses() {
                counts[value] -= 1;
            }
        }
        dead.sort_unstable();
        ir::edit::remove_insts(func, |inst, _| dead.binary_search(&inst).is_ok());
    }
}

fn is_alloc(data: &InstData) -> bool {
    data.op.kind() == OpKind::Alloc && data.op != Op::MakeIface
}

/// Stores straight into an allocation that has no other use than to be stored into.
fn stores_to_unread(func: &Func, counts: &ir::IndexVec<Value, u32>) -> Vec<Inst> {
    let mut stores: std::collections::BTreeMap<Value, Vec<Inst>> = Default::default();
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            if data.op == Op::Store && data.args[0] != data.args[1] {
                let place = data.args[0];
                if func.def(place).is_some_and(is_alloc) {
                    stores.entry(place).or_default().push(inst);
                }
            }
        }
    }
    stores
        .into_iter()
        .filter(|(place, list)| counts[*place] as usize == list.len())
        .flat_map(|(_, l)| l)
        .collect()
}
