//! Drops what no value leads to, value by value: of each interface the analysis knows which types may be in it, of each
//! call through an interface or a func value which functions it may reach. `reach` asks the same of the program as a whole.
//!
//! A case of a type switch is dead if its type is in none of the interfaces that get there; a method, a closure, a
//! function are dead if nothing live calls them. What is dead is cut off here, and removed by the next `reach`.
//!
//! ```text
//! fmt.Println("n =", 42)      printArg's switch has two cases; what prints all other values, by reflection, is dead
//! ```

mod analysis;
mod assertions;
mod branches;
mod calls;
mod graph;
mod memory;
mod objects;
mod operations;
mod rules;
mod shape;

pub(crate) use analysis::{ALLOC, GROW, NAMES, SWITCHES, UNSEEN};
pub(crate) use shape::is_narrow;

use std::collections::BTreeSet;

use ir::edit::{Replacements, remove_unreachable};
use ir::{Aux, Block, Func, FuncId, LocId, Op, Program, RTypeId, Switch, Value};

use crate::pipeline::{Options, Result};
use crate::reach::never_called;
use analysis::Analysis;
use assertions::{Asserted, compare_types};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let Some(analysis) = Analysis::of(program) else { return Ok(()) };
    let mut cuts: Vec<(FuncId, Cut)> = Vec::new();
    for (id, func) in program.funcs.iter().filter(|(_, func)| func.has_body()) {
        if !analysis.is_live(id) {
            cuts.push((id, Cut::Whole));
            continue;
        }
        for &block in func.order.iter().filter(|&&block| analysis.is_live_block(id, block)) {
            let targets = func.terminator(block).map_or(0, |data| data.targets().len());
            let taken: Vec<bool> = (0..targets).map(|at| analysis.is_taken(id, block, at)).collect();
            if taken.contains(&false) {
                cuts.push((id, Cut::Targets(block, taken)));
            }
        }
        let numbers = analysis.numbers(id, func);
        if !numbers.is_empty() {
            cuts.push((id, Cut::Numbers(numbers)));
        }
        let assertions = analysis.assertions_of(id, func);
        if !assertions.is_empty() {
            cuts.push((id, Cut::Assertions(assertions)));
        }
    }
    let in_keys = parts_of_keys(program);
    let (opened, named) = analysis.types_read();
    let methods = analysis.methods;
    for (id, rtype) in program.rtypes.iter_mut() {
        rtype.unopened |= !opened.contains(&id);
        rtype.unnamed |= !named.contains(&id);
        rtype.unasked |= !opened.contains(&id);
        if rtype.unopened && !in_keys.contains(&id) {
            rtype.drop_parts();
        }
        for (index, method) in rtype.methods.iter_mut().enumerate() {
            if !methods.contains(&(id, index)) {
                method.code = None;
            }
        }
    }
    for (id, cut) in cuts {
        let func = &mut program.funcs[id];
        match cut {
            Cut::Assertions(assertions) => compare_types(program, id, assertions),
            Cut::Whole => never_called(func),
            Cut::Targets(block, taken) => cut_targets(func, block, &taken),
            Cut::Numbers(numbers) => put_numbers(func, numbers),
        }
    }
    for (_, func) in program.funcs.iter_mut() {
        remove_unreachable(func);
    }
    Ok(())
}

/// The keys of maps, and what they consist of, tell how keys are hashed.
pub(crate) fn parts_of_keys(program: &Program) -> BTreeSet<RTypeId> {
    let mut found = BTreeSet::new();
    let mut work: Vec<RTypeId> = program.rtypes.values().filter_map(|rtype| rtype.key).collect();
    while let Some(id) = work.pop() {
        if found.insert(id) {
            let rtype = &program.rtypes[id];
            work.extend(rtype.elem.iter().copied().chain(rtype.fields.iter().map(|field| field.ty)));
        }
    }
    found
}

enum Cut {
    Whole,
    /// The successors of a block that are never reached from it.
    Targets(Block, Vec<bool>),
    /// Values that can be one number only.
    Numbers(Vec<(Value, i64)>),
    Assertions(Vec<Asserted>),
}

fn cut_targets(func: &mut Func, block: Block, taken: &[bool]) {
    let Some(&last) = func.blocks[block].insts.last() else { return };
    let data = &mut func.insts[last];
    let mut keep = taken.iter().copied();
    let targets = match &mut data.aux {
        Aux::Targets(targets) => {
            targets.retain(|_| keep.next().unwrap_or(true));
            targets
        }
        Aux::Switch(switch) => {
            let Switch { cases, targets } = &mut **switch;
            cases.retain(|_| keep.next().unwrap_or(true));
            let mut keep = taken.iter().copied();
            targets.retain(|_| keep.next().unwrap_or(true));
            // Where it is never the default, the last case needs no test.
            if cases.len() == targets.len() {
                cases.pop();
            }
            targets
        }
        _ => return,
    };
    match targets.len() {
        0 => {
            data.op = Op::Unreachable;
            data.aux = Aux::None;
            data.args.clear();
        }
        1 => {
            data.aux = Aux::Targets(std::mem::take(targets));
            data.op = Op::Jump;
            data.args.clear();
        }
        _ => {}
    }
}

/// Values that can only be one number are that number.
fn put_numbers(func: &mut Func, numbers: Vec<(Value, i64)>) {
    let entry = func.entry();
    let mut replaced = Replacements::default();
    for (at, (value, number)) in numbers.into_iter().enumerate() {
        let ty = func.ty(value);
        let inst = func.make_inst(Op::Iconst, ty, Vec::new(), Aux::Int(number), &[ty], LocId::default());
        func.blocks[entry].insts.insert(at, inst);
        let constant = func.insts[inst].result();
        replaced.add(value, constant);
    }
    replaced.apply(func);
}
