//! Blocks that come to life, and the conditions on which they jump to others.

use ir::{Aux, Block, Cond, Func, FuncId, Kind, Op, RTypeId, Value};

use super::analysis::*;
use super::graph::{Location, Node, Rule, is_number};
use crate::reach::{Needs, needs};

impl Analysis<'_> {
    pub(super) fn activate(&mut self, id: FuncId, block: Block) {
        if self.bodies.get_mut(&id).is_some_and(|body| body.live.insert(block)) {
            self.blocks.push((id, block));
        }
    }

    pub(super) fn block(&mut self, id: FuncId, block: Block) {
        let func = &self.program.funcs[id];
        for &inst in &func.blocks[block].insts {
            self.inst(id, func, inst);
        }
        for target in 0..func.terminator(block).map_or(0, |data| data.targets().len()) {
            match self.condition(id, func, block, target) {
                None => self.take(id, block, target),
                Some((asked, when)) => {
                    if matches!(when, When::Number(_) | When::NoneOfNumbers(_)) {
                        self.asked_numbers.push(asked);
                    }
                    self.conditionals.push(Conditional { func: id, from: block, target, when });
                    let rule = Rule::Branch(self.conditionals.len() as u32 - 1);
                    self.add_rule(asked, rule);
                }
            }
        }
    }

    pub(super) fn take(&mut self, id: FuncId, block: Block, target: usize) {
        if !self.taken.insert((id, block, target)) {
            return;
        }
        let func = &self.program.funcs[id];
        let Some(target) = func.terminator(block).and_then(|data| data.targets().get(target)) else { return };
        for (&arg, &param) in target.args.iter().zip(&func.blocks[target.block].params) {
            self.copy(self.places(id, arg), self.places(id, param));
        }
        self.activate(id, target.block);
    }

    pub(super) fn add_rule(&mut self, node: Node, rule: Rule) {
        for location in self.graph.rule(node, rule) {
            self.apply(rule, location);
        }
    }

    /// The condition on which a block jumps to a successor, and the type word that it depends on; none if it may in any
    /// case.
    pub(super) fn condition(
        &self,
        id: FuncId,
        func: &Func,
        block: Block,
        target: usize,
    ) -> Option<(Node, When)> {
        let type_word =
            |value: Value| Some(self.places(id, value)).filter(|places| places.len() >= 2).map(|p| p.start);
        match needs(self.program, &self.kinds, func, block).get(target).copied().flatten() {
            Some(Needs::Kind(0)) => return None,
            Some(Needs::Kind(kind)) => {
                // Of `reflect.Value.Kind`; `flag.kind` has no type.
                let mut asked = func.def(func.terminator(block)?.args[0])?;
                if asked.op == Op::Icmp {
                    asked = func.def(asked.args[0])?;
                }
                return Some((type_word(*asked.args.first()?)?, When::Kind(kind)));
            }
            _ => {}
        }
        let branch = func.terminator(block)?;
        let Some((value, to)) = asserted(func, block) else {
            let when = match (branch.op, &branch.aux) {
                (Op::Br, _) => When::Number(i64::from(target == 0)),
                (Op::Switch, Aux::Switch(switch)) => match switch.cases.get(target) {
                    Some(&case) => When::Number(case),
                    None => When::NoneOfNumbers(switch.cases.clone()),
                },
                _ => return None,
            };
            return Some((self.places(id, branch.args[0]).start, when));
        };
        if target == 0 {
            let interface = self.program.rtypes[to].kind == Kind::Interface;
            return Some((type_word(value)?, if interface { When::Implements(to) } else { When::Type(to) }));
        }
        // What has passed no assertion on the way here, and is not nil.
        let mut failed = vec![to];
        let (mut at, mut not_nil) = (block, false);
        while let &[before] = &self.bodies[&id].before[at.0 as usize][..] {
            let side = func.terminator(before)?.targets().iter().position(|target| target.block == at)?;
            match asserted(func, before) {
                Some((other, to)) if other == value && side == 1 => failed.push(to),
                _ => not_nil |= compared_to_nil(func, before, value) == Some(side == 0),
            }
            at = before;
            if at == block {
                return None;
            }
        }
        not_nil.then_some((type_word(value)?, When::NoneOf(failed)))
    }

    pub(super) fn branch(&mut self, conditional: u32, location: Location) {
        let found = self.as_type(location);
        let &Conditional { func, from, target, ref when } = &self.conditionals[conditional as usize];
        let number = is_number(location).then(|| self.graph.as_number(location));
        let met = match (when, found) {
            (&When::Number(wanted), _) => {
                number.is_some_and(|number| number.is_none_or(|number| number == wanted))
            }
            (When::NoneOfNumbers(wanted), _) => {
                number.is_some_and(|number| number.is_none_or(|number| !wanted.contains(&number)))
            }
            _ if number.is_some() => false,
            (&When::Type(wanted), _) => found == Some(wanted),
            // Slices of arrays, and pointers to what is there, are types that reflect makes itself.
            (&When::Kind(wanted), Some(found)) => {
                let kinds = [self.program.rtypes[found].kind, Kind::Slice, Kind::Pointer];
                kinds.iter().any(|&kind| wanted == kind as i64)
            }
            (&When::Implements(iface), Some(found)) => self.implements(found, iface),
            (When::NoneOf(wanted), Some(found)) => {
                let is = |&wanted: &RTypeId| match self.program.rtypes[wanted].kind {
                    Kind::Interface => self.implements(found, wanted),
                    _ => wanted == found,
                };
                !wanted.iter().any(is)
            }
            // A type that was made at run time.
            (When::Implements(_) | When::NoneOf(_) | When::Kind(_), None) => true,
        };
        if met {
            self.take(func, from, target);
        }
    }
}

/// The interface and the type where a block ends in a branch on a type assertion.
fn asserted(func: &Func, block: Block) -> Option<(Value, RTypeId)> {
    let branch = func.terminator(block).filter(|data| data.op == Op::Br)?;
    let asked = func.def(branch.args[0])?;
    match asked.aux {
        Aux::Assert { to, ok: true, .. } if asked.results.get(1) == Some(&branch.args[0]) => {
            Some((asked.args[0], to))
        }
        _ => None,
    }
}

/// Where a block ends in a branch on whether an interface is nil: whether the first side is that where it is not.
fn compared_to_nil(func: &Func, block: Block, iface: Value) -> Option<bool> {
    let branch = func.terminator(block).filter(|data| data.op == Op::Br)?;
    let asked = func.def(branch.args[0])?;
    let word = func.def(*asked.args.first()?)?;
    let of_iface = (word.op, &word.aux) == (Op::Extract, &Aux::Int(0)) && word.args[0] == iface;
    let nil = func.def(*asked.args.get(1)?)?.op == Op::Zero;
    match asked.aux {
        Aux::Cond(Cond::Eq) if of_iface && nil => Some(false),
        Aux::Cond(Cond::Ne) if of_iface && nil => Some(true),
        _ => None,
    }
}
