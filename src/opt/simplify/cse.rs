//! Common subexpressions: a pure instruction that a dominating one already computed.

use std::collections::BTreeMap;

use ir::cfg::{Cfg, Dominators};
use ir::edit::Replacements;
use ir::{Aux, Block, Func, InstData, Op, OpKind, Type, Value};

/// What makes two instructions compute the same. Constants are left out: LLVM has them for nothing, and a constant
/// that lives across a function costs a register.
type Key = (Op, Type, Vec<Value>, String);

fn key(data: &InstData) -> Option<Key> {
    if data.op.kind() != OpKind::Pure || data.args.is_empty() {
        return None;
    }
    let aux = match &data.aux {
        Aux::None => String::new(),
        aux => format!("{aux:?}"),
    };
    Some((data.op, data.ty, data.args.clone(), aux))
}

pub(super) fn run(func: &mut Func) -> bool {
    let local = super::runs_defers(func);
    let cfg = Cfg::compute(func);
    let dom = Dominators::compute(func, &cfg);
    let mut known: BTreeMap<Key, Value> = BTreeMap::new();
    let mut constants: BTreeMap<(Block, Op, Type, String), Value> = BTreeMap::new();
    let mut replacements = Replacements::default();
    enum Step {
        Enter(Block),
        Leave(Vec<Key>),
    }
    let mut stack = vec![Step::Enter(func.entry())];
    while let Some(step) = stack.pop() {
        let block = match step {
            Step::Leave(keys) => {
                for key in keys {
                    known.remove(&key);
                }
                continue;
            }
            Step::Enter(block) => block,
        };
        let mut added = Vec::new();
        for index in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[index];
            func.insts[inst].for_each_use_mut(|value| *value = replacements.resolve(*value));
            let data = &func.insts[inst];
            if data.op.kind() == OpKind::Pure && data.args.is_empty() {
                // Constants are shared within a block only.
                let key = (block, data.op, data.ty, format!("{:?}", data.aux));
                let value = data.result();
                let first = *constants.entry(key).or_insert(value);
                if first != value {
                    replacements.add(value, first);
                }
                continue;
            }
            let Some(key) = key(data) else { continue };
            let value = data.result();
            match known.get(&key) {
                Some(&first) => replacements.add(value, first),
                None => {
                    known.insert(key.clone(), value);
                    added.push(key);
                }
            }
        }
        if local {
            for key in added {
                known.remove(&key);
            }
        } else {
            stack.push(Step::Leave(added));
        }
        stack.extend(dom.children(block).iter().map(|&child| Step::Enter(child)));
    }
    replacements.apply(func);
    !replacements.is_empty()
}
