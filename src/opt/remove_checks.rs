//! Removes checks that cannot fail: nil checks of addresses of variables and fields, and any check that an equal one
//! dominates.
//!
//! ```text
//! v1 = alloc i32
//! nilcheck v1          ; removed
//! nilcheck v2
//! v3 = fieldaddr {i32, i32}.1, v2
//! nilcheck v3          ; removed: v2 is not nil here
//! nilcheck v2          ; removed
//! ```

use std::collections::BTreeSet;

use ir::cfg::{Cfg, Dominators};
use ir::{Aux, Block, Cond, Func, Inst, Op, Program, Type, Value};

use crate::parallel;
use crate::pipeline::{Options, Result};

/// A fact that holds from some point on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    NotNil(Value),
    /// A bounds check (its code and sign) has passed.
    Bounds(u8, bool, Value, Value),
    NotZero(Value),
    NotNegative(Value),
}

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    parallel::each_alone(program, remove);
    Ok(())
}

fn remove(func: &mut Func) {
    let cfg = Cfg::compute(func);
    let dom = Dominators::compute(func, &cfg);
    let mut facts: BTreeSet<Fact> = BTreeSet::new();
    let mut dead: BTreeSet<Inst> = BTreeSet::new();
    // Depth-first over the dominator tree; each frame remembers the facts to forget when it is left.
    enum Step {
        Enter(Block),
        Leave(Vec<Fact>),
    }
    let mut stack = vec![Step::Enter(func.entry())];
    while let Some(step) = stack.pop() {
        let block = match step {
            Step::Leave(learnt) => {
                for fact in learnt {
                    facts.remove(&fact);
                }
                continue;
            }
            Step::Enter(block) => block,
        };
        let mut learnt = Vec::new();
        if let Some(fact) = known_from_branch(func, &cfg, block)
            && facts.insert(fact)
        {
            learnt.push(fact);
        }
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            let (fact, holds) = match (data.op, &data.aux) {
                (Op::NilCheck, _) => (Fact::NotNil(data.args[0]), not_nil(func, &facts, data.args[0], 0)),
                (Op::Check, &Aux::Check { check, signed }) => {
                    let fact = Fact::Bounds(check as u8, signed, data.args[0], data.args[1]);
                    (fact, facts.contains(&fact))
                }
                (Op::CheckDiv, _) => {
                    let nonzero = constant(func, data.args[0]).is_some_and(|c| c != 0);
                    (Fact::NotZero(data.args[0]), nonzero)
                }
                (Op::CheckShift, _) => {
                    let fine = constant(func, data.args[0]).is_some_and(|c| c >= 0)
                        || func.def(data.args[0]).is_some_and(|d| d.op == Op::Zext);
                    (Fact::NotNegative(data.args[0]), fine)
                }
                _ => continue,
            };
            if holds || facts.contains(&fact) {
                dead.insert(inst);
            } else {
                facts.insert(fact);
                learnt.push(fact);
            }
        }
        stack.push(Step::Leave(learnt));
        stack.extend(dom.children(block).iter().map(|&child| Step::Enter(child)));
    }
    if !dead.is_empty() {
        ir::edit::remove_insts(func, |inst, _| dead.contains(&inst));
    }
}

fn constant(func: &Func, value: Value) -> Option<i64> {
    match func.def(value)?.aux {
        Aux::Int(number) if func.def(value)?.op == Op::Iconst => Some(number),
        _ => None,
    }
}

fn not_nil(func: &Func, facts: &BTreeSet<Fact>, value: Value, depth: u32) -> bool {
    if facts.contains(&Fact::NotNil(value)) {
        return true;
    }
    let Some(data) = func.def(value) else { return false };
    match data.op {
        Op::Alloc | Op::StackAlloc | Op::StackSlot | Op::GlobalAddr | Op::RTypeAddr | Op::MakeClosure => true,
        Op::FieldAddr | Op::ElemAddr | Op::PtrAdd => {
            depth < 50 && not_nil(func, facts, data.args[0], depth + 1)
        }
        _ => false,
    }
}

/// What the only way into a block says: it is the side of `v == nil` on which v is not nil.
fn known_from_branch(func: &Func, cfg: &Cfg, block: Block) -> Option<Fact> {
    let &[from] = &cfg.preds[block] else { return None };
    let branch = func.terminator(from).filter(|data| data.op == Op::Br)?;
    let [then, other] = branch.targets() else { return None };
    if then.block == other.block {
        return None;
    }
    let compare = func.def(branch.args[0]).filter(|data| data.op == Op::Icmp)?;
    let [a, b] = compare.args[..] else { return None };
    let is_null = |v: Value| func.def(v).is_some_and(|d| d.op == Op::Zero && d.ty == Type::PTR);
    let value = if is_null(b) {
        a
    } else if is_null(a) {
        b
    } else {
        return None;
    };
    match compare.aux {
        Aux::Cond(Cond::Eq) if other.block == block => Some(Fact::NotNil(value)),
        Aux::Cond(Cond::Ne) if then.block == block => Some(Fact::NotNil(value)),
        _ => None,
    }
}
