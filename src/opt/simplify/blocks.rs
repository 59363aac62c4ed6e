//! The control-flow graph made smaller: dead blocks, straight lines merged, empty blocks skipped, parameters that are
//! always the same value removed.

use ir::cfg::Cfg;
use ir::edit::{Replacements, remove_param, use_counts};
use ir::{Aux, Block, Func, Op, Target, Value, Values};

use super::Graph;

pub(super) fn simplify(func: &mut Func, graph: &mut Graph) -> bool {
    let mut changed = remove_unreachable(func, graph);
    if skip_empty(func) {
        graph.changed();
        remove_unreachable(func, graph);
        changed = true;
    }
    changed |= same_params(func, graph);
    if merge(func, graph) {
        graph.changed();
        changed = true;
    }
    changed
}

/// The graph has no other blocks.
fn remove_unreachable(func: &mut Func, graph: &mut Graph) -> bool {
    let cfg = graph.cfg(func);
    !func.order.iter().all(|&block| cfg.is_reachable(block)) && ir::edit::remove_unreachable(func)
}

/// Jumps to a block that only jumps on go to where it leads.
fn skip_empty(func: &mut Func) -> bool {
    let mut changed = false;
    for block in func.order.clone() {
        let Some(&last) = func.blocks[block].insts.last() else { continue };
        for index in 0..func.insts[last].targets().len() {
            for _ in 0..8 {
                let target = func.insts[last].targets()[index].clone();
                let Some(next) = forward(func, &target).filter(|next| next.block != target.block) else {
                    break;
                };
                if next.block == func.entry() {
                    break;
                }
                func.insts[last].targets_mut()[index] = next;
                changed = true;
            }
        }
    }
    changed
}

/// Where a jump ends up if its target is empty but for a jump, whose arguments are parameters of that block or come
/// from above it.
fn forward(func: &Func, target: &Target) -> Option<Target> {
    let data = &func.blocks[target.block];
    let &[only] = data.insts.as_slice() else { return None };
    if func.insts[only].op != Op::Jump {
        return None;
    }
    let next = &func.insts[only].targets()[0];
    if next.block == target.block {
        return None;
    }
    // A parameter that other blocks use as well must stay.
    if !data.params.is_empty() {
        let counts = use_counts(func);
        let here = |v: Value| next.args.iter().filter(|&&a| a == v).count() as u32;
        if data.params.iter().any(|&p| counts[p] != here(p)) {
            return None;
        }
    }
    let args: Values = next
        .args
        .iter()
        .map(|&arg| data.params.iter().position(|&p| p == arg).map_or(arg, |i| target.args[i]))
        .collect();
    Some(Target::new(next.block, args))
}

/// A parameter that gets one value from everywhere (or itself, around a loop) is that value. Unused ones go, too.
fn same_params(func: &mut Func, graph: &mut Graph) -> bool {
    if func.order.iter().skip(1).all(|&block| func.blocks[block].params.is_empty()) {
        return false;
    }
    let mut changed = false;
    let (cfg, dom) = graph.with_dominators(func);
    let home = ir::edit::block_of_insts(func);
    let mut replacements = Replacements::default();
    let mut remove: Vec<(Block, usize)> = Vec::new();
    let counts = use_counts(func);
    for &block in &func.order {
        if block == func.entry() {
            continue;
        }
        for (index, &param) in func.blocks[block].params.iter().enumerate() {
            if counts[param] == 0 {
                remove.push((block, index));
                continue;
            }
            let mut values: Vec<Value> = incoming(func, cfg, block, index);
            values.retain(|&value| value != param);
            values.sort_unstable();
            values.dedup();
            let &[value] = values.as_slice() else { continue };
            // The value must itself be defined above, which a chain of parameters around a loop may not be.
            let above = match func.values[value].def {
                ir::ValueDef::Param(b, _) => dom.dominates(b, block) && b != block,
                ir::ValueDef::Result(inst, _) => {
                    home[inst].is_some_and(|b| dom.dominates(b, block) && b != block)
                }
            };
            // One at a time where a replacement could be replaced itself.
            if above && replacements.resolve(value) == value && !remove.contains(&(block, index)) {
                replacements.add(param, value);
                remove.push((block, index));
            }
        }
    }
    replacements.apply(func);
    for &(block, index) in remove.iter().rev() {
        remove_param(func, block, index);
        changed = true;
    }
    changed
}

fn incoming(func: &Func, cfg: &Cfg, block: Block, index: usize) -> Vec<Value> {
    let mut values = Vec::new();
    for &pred in &cfg.preds[block] {
        if let Some(last) = func.terminator(pred) {
            values.extend(last.targets().iter().filter(|t| t.block == block).map(|t| t.args[index]));
        }
    }
    values
}

/// Appends a block to its only predecessor if that has no other successor.
fn merge(func: &mut Func, graph: &mut Graph) -> bool {
    if func.order.len() == 1 {
        return false;
    }
    let mut changed = false;
    let cfg = graph.cfg(func);
    let mut replacements = Replacements::default();
    let apart = |func: &Func, block: Block| {
        func.blocks[block].insts.iter().any(|&inst| func.insts[inst].op == Op::RunDefers)
    };
    let mut merged_into: std::collections::BTreeMap<Block, Block> = Default::default();
    for block in cfg.reverse_postorder().collect::<Vec<_>>() {
        let &[pred] = &cfg.preds[block] else { continue };
        if block == func.entry() || apart(func, block) {
            continue;
        }
        let pred = *merged_into.get(&pred).unwrap_or(&pred);
        if pred == block || apart(func, pred) {
            continue;
        }
        let Some(&last) = func.blocks[pred].insts.last() else { continue };
        if func.insts[last].op != Op::Jump {
            continue;
        }
        let Aux::Targets(targets) = func.insts[last].aux.clone() else { continue };
        for (&param, &arg) in func.blocks[block].params.iter().zip(&targets[0].args) {
            replacements.add(param, arg);
        }
        func.blocks[pred].insts.pop();
        let mut insts = std::mem::take(&mut func.blocks[block].insts);
        func.blocks[pred].insts.append(&mut insts);
        func.blocks[block].params.clear();
        // Later blocks whose predecessor this was have another one now.
        for target in merged_into.values_mut().filter(|t| **t == block) {
            *target = pred;
        }
        merged_into.insert(block, pred);
        func.order.retain(|&b| b != block);
        changed = true;
    }
    replacements.apply(func);
    changed
}
