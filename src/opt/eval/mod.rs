//! Runs package initialisers at compile time.
//!
//! `runtime.initAll` calls them in Go's order. Each one that can be run here is replaced by what it leaves in memory:
//! initial values of variables, and a variable per object that it allocated. One that cannot (it reads registers,
//! calls something without a body, prints, starts goroutines, takes too long) is rolled back and stays; from then on
//! all memory that it may touch counts as unknown, so that later initialisers still see the right values or stay, too.
//!
//! ```text
//! global @main.x: i32                     global @main.x: i32 = 42
//! func @main.init() {                ->   func @runtime.initAll() { ret }
//!   store @main.x, 42
//! func @runtime.initAll() {
//!   call @main.init()
//! ```
//!
//! Variables of package runtime count as unknown: start-up code has run before the initialisers.
//!
//! Relies on: everything lowered but allocations, whose types make better variables than bytes would.

mod commit;
mod machine;
mod memory;

use std::collections::BTreeSet;

use ir::{Aux, Const, FuncId, GlobalId, IndexVec, Inst, InstData, Op, Program};

use crate::constant_globals::note_addresses;
use crate::parallel;
use crate::pipeline::{Options, Result};
use machine::Machine;

/// Calls the initialisers; irgen writes its body.
pub(crate) const INIT: &str = "runtime.initAll";

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let Some(init) = program.func_named(INIT).filter(|&id| program.funcs[id].has_body()) else {
        return Ok(());
    };
    // Straight-line calls in the first block; what comes after a branch is left alone.
    let block = program.funcs[init].entry();
    let calls: Vec<(Inst, FuncId)> = {
        let func = &program.funcs[init];
        func.blocks[block]
            .insts
            .iter()
            .filter_map(|&inst| match (func.insts[inst].op, &func.insts[inst].aux) {
                (Op::Call, &Aux::Func(callee)) => Some((inst, callee)),
                _ => None,
            })
            .collect()
    };
    let simple = {
        let func = &program.funcs[init];
        func.blocks[block]
            .insts
            .iter()
            .all(|&inst| matches!(func.insts[inst].op, Op::Call | Op::Ret | Op::Jump | Op::Unreachable))
    };
    if !simple {
        return Ok(());
    }
    let unread = unread(program, &calls.iter().map(|&(_, callee)| callee).collect());
    let mut done: BTreeSet<Inst> = BTreeSet::new();
    let mut machine = Machine::new(program);
    for (inst, callee) in calls {
        let nothing_passed =
            program.funcs[callee].sig.params.is_empty() && program.funcs[callee].sig.results.is_empty();
        let snapshot = machine.snapshot();
        if nothing_passed && machine.run(program, callee).is_ok() && machine.small_enough(&unread) {
            done.insert(inst);
        } else {
            machine.restore(snapshot);
            for global in touched(program, &machine, callee) {
                machine.forget(program, global);
            }
        }
    }
    commit::write_back(program, machine);
    ir::edit::remove_insts(&mut program.funcs[init], |inst, _| done.contains(&inst));
    Ok(())
}

/// The globals that nothing but initialisers names, such as a variable of tests that are not in the program.
fn unread(program: &Program, initialisers: &BTreeSet<FuncId>) -> BTreeSet<GlobalId> {
    let mut read: IndexVec<GlobalId, bool> = IndexVec::filled(false, program.globals.len());
    let named = parallel::look_at_each(program, |func| {
        let named = |data: &InstData| if let Aux::Global(global) = data.aux { Some(global) } else { None };
        Some(func.placed().filter_map(named).collect::<Vec<GlobalId>>())
    });
    for (_, globals) in named.into_iter().filter(|(id, _)| !initialisers.contains(id)) {
        globals.into_iter().for_each(|global| read[global] = true);
    }
    for (id, global) in program.globals.iter() {
        note_addresses(&global.init, &mut read);
        read[id] |= global.exported;
    }
    program.globals.keys().filter(|&id| !read[id]).collect()
}

/// The functions and globals whose addresses a constant has.
fn walk(value: &Const, funcs: &mut Vec<FuncId>, globals: &mut Vec<GlobalId>) {
    match value {
        Const::Addr(global, _) | Const::AddrInt(global, _) => globals.push(*global),
        Const::Code(func) | Const::CodeInt(func) => funcs.push(*func),
        Const::Aggregate(parts) => parts.iter().for_each(|part| walk(part, funcs, globals)),
        _ => {}
    }
}

/// The globals that a function may reach, through everything it may call. An indirect call can only reach functions
/// whose addresses are in what it reaches.
fn touched(program: &Program, machine: &Machine, root: FuncId) -> Vec<GlobalId> {
    let mut funcs: IndexVec<FuncId, bool> = IndexVec::filled(false, program.funcs.len());
    let mut globals: IndexVec<GlobalId, bool> = IndexVec::filled(false, program.globals.len());
    funcs[root] = true;
    let mut work = vec![root];
    let mut global_work: Vec<GlobalId> = Vec::new();
    loop {
        let mut new_funcs = Vec::new();
        let mut new_globals = Vec::new();
        if let Some(id) = work.pop() {
            let func = &program.funcs[id];
            for &inst in func.order.iter().flat_map(|&b| &func.blocks[b].insts) {
                match &func.insts[inst].aux {
                    Aux::Func(callee) => new_funcs.push(*callee),
                    Aux::Global(global) => new_globals.push(*global),
                    _ => {}
                }
            }
        } else if let Some(id) = global_work.pop() {
            walk(&program.globals[id].init, &mut new_funcs, &mut new_globals);
            // And what initialisers that ran here have put there.
            let (held_globals, held_funcs) = machine.held(id);
            new_globals.extend(held_globals);
            new_funcs.extend(held_funcs);
        } else {
            return globals.iter().filter(|(_, touched)| **touched).map(|(id, _)| id).collect();
        }
        new_funcs.retain(|&func| !std::mem::replace(&mut funcs[func], true));
        work.extend(new_funcs);
        new_globals.retain(|&global| !std::mem::replace(&mut globals[global], true));
        global_work.extend(new_globals);
    }
}

/// What a function of integers returns, for tests of other passes.
#[cfg(test)]
pub(crate) fn run_with(program: &Program, func: FuncId, args: &[i64]) -> Option<Vec<i64>> {
    let args = args.iter().map(|&number| memory::Val::Int(number)).collect();
    let results = Machine::new(program).call(program, func, args, 0).ok()?;
    results
        .into_iter()
        .map(|value| match value {
            memory::Val::Int(number) => Some(number),
            _ => None,
        })
        .collect()
}
