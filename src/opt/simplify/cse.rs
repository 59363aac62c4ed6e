//! Common subexpressions: a pure instruction that a dominating one already computed.

use std::hash::{Hash, Hasher};
use std::mem::discriminant;

use ir::edit::Replacements;
use ir::{Aux, Block, Func, Inst, InstData, OpKind};
use rustc_hash::{FxHashMap, FxHasher};

use super::Graph;

/// Instructions by what they compute, the last one found last.
#[derive(Default)]
struct Known {
    by_hash: FxHashMap<u64, Vec<Inst>>,
}

impl Known {
    /// An instruction that computes the same; without one this is it.
    fn find_or_add(&mut self, func: &Func, inst: Inst) -> Option<Inst> {
        let data = &func.insts[inst];
        let same = self.by_hash.entry(hash(data)).or_default();
        let found = same.iter().copied().find(|&other| computes_same(&func.insts[other], data));
        if found.is_none() {
            same.push(inst);
        }
        found
    }

    /// Takes back what was added, the last first.
    fn forget(&mut self, func: &Func, inst: Inst) {
        if let Some(same) = self.by_hash.get_mut(&hash(&func.insts[inst])) {
            same.retain(|&other| other != inst);
        }
    }
}

fn computes_same(a: &InstData, b: &InstData) -> bool {
    (a.op, a.ty) == (b.op, b.ty) && a.args == b.args && a.aux == b.aux
}

fn hash(data: &InstData) -> u64 {
    let mut hasher = FxHasher::default();
    (data.op, data.ty, &data.args[..], discriminant(&data.aux)).hash(&mut hasher);
    match &data.aux {
        Aux::Int(number) => number.hash(&mut hasher),
        Aux::Float(bits) => bits.hash(&mut hasher),
        Aux::Func(id) => id.hash(&mut hasher),
        Aux::Global(id) => id.hash(&mut hasher),
        Aux::Type(ty) => ty.hash(&mut hasher),
        Aux::Field(ty, index) => (ty, index).hash(&mut hasher),
        Aux::RType(id) => id.hash(&mut hasher),
        Aux::Convert { from, to } => (from, to).hash(&mut hasher),
        Aux::Cond(cond) => cond.hash(&mut hasher),
        Aux::FloatCond(cond) => cond.hash(&mut hasher),
        // The others are compared in full where all else is the same.
        _ => {}
    }
    hasher.finish()
}

pub(super) fn run(func: &mut Func, graph: &mut Graph) -> bool {
    let local = super::runs_defers(func);
    let (_, dom) = graph.with_dominators(func);
    let mut known = Known::default();
    let mut replacements = Replacements::default();
    enum Step {
        Enter(Block),
        Leave(Vec<Inst>),
    }
    let mut stack = vec![Step::Enter(func.entry())];
    while let Some(step) = stack.pop() {
        let block = match step {
            Step::Leave(added) => {
                added.into_iter().for_each(|inst| known.forget(func, inst));
                continue;
            }
            Step::Enter(block) => block,
        };
        let mut added = Vec::new();
        // Constants are shared within a block only: LLVM has them for nothing, and a constant that lives across a
        // function costs a register.
        let mut constants = Known::default();
        for index in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[index];
            if !replacements.is_empty() {
                func.insts[inst].for_each_use_mut(|value| *value = replacements.resolve(*value));
            }
            let data = &func.insts[inst];
            if data.op.kind() != OpKind::Pure {
                continue;
            }
            let is_constant = data.args.is_empty();
            let table = if is_constant { &mut constants } else { &mut known };
            match table.find_or_add(func, inst) {
                Some(first) => replacements.add(func.insts[inst].result(), func.insts[first].result()),
                None if is_constant => {}
                None => added.push(inst),
            }
        }
        if local {
            added.into_iter().for_each(|inst| known.forget(func, inst));
        } else {
            stack.push(Step::Leave(added));
        }
        stack.extend(dom.children(block).iter().map(|&child| Step::Enter(child)));
    }
    replacements.apply(func);
    !replacements.is_empty()
}
