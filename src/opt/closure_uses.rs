//! Tells functions that only `go` or only `defer` statements take the address of from all other func values.
//!
//! ```text
//! func @main.main.func1(v0: ptr) {          func @main.main.func1(v0: ptr) only_go {
//! ...                                       ...
//!   v1 = make_closure @main.main.func1  ->    v1 = make_closure @main.main.func1
//!   go v1                                     go v1
//! ```
//!
//! Both are a `func()`, as are most callbacks: without this every call of a callback would seem to call what goroutines
//! do, and every deferred call too. The functions of the runtime that call them say so where no other func value is
//! started or deferred (`calls_only_go`, `calls_only_deferred`).
//!
//! Relies on: `go` and `defer` not yet lowered, and their operands still beside them.

use ir::{Aux, Const, Func, FuncId, GlobalId, IndexVec, Op, Program, Value};

use crate::lower_defer::RUN_PANIC;
use crate::parallel;
use crate::pipeline::{Options, Result};

const GO: u8 = 1;
const DEFER: u8 = 2;
const OTHER: u8 = 4;

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let mut funcs: IndexVec<FuncId, u8> = IndexVec::filled(0, program.funcs.len());
    let mut globals: IndexVec<GlobalId, u8> = IndexVec::filled(0, program.globals.len());
    // What the operands of go and defer statements are, apart from closures that are seen right there.
    let mut open = 0;
    for (_, found) in parallel::look_at_each(program, |func| Some(Uses::of(program, func))) {
        open |= found.open;
        found.funcs.into_iter().for_each(|(target, uses)| funcs[target] |= uses);
        found.globals.into_iter().for_each(|(global, uses)| globals[global] |= uses);
    }
    for global in program.globals.values() {
        refer(&global.init, &mut globals);
    }
    for (id, global) in program.globals.iter() {
        let uses = if is_record(program, id) { globals[id] } else { OTHER };
        take(&global.init, uses, &mut funcs);
    }
    for rtype in program.rtypes.values() {
        for func in rtype.funcs() {
            funcs[func] |= OTHER;
        }
    }
    for (id, &uses) in funcs.iter() {
        program.funcs[id].attrs.only_go = uses == GO;
        program.funcs[id].attrs.only_deferred = uses == DEFER;
        // Who is called in several ways is called by each of them.
        if uses != GO && uses & GO != 0 {
            open |= GO;
        }
        if uses != DEFER && uses & DEFER != 0 {
            open |= DEFER;
        }
    }
    for (bit, names) in [(GO, &["runtime.startg"][..]), (DEFER, &["runtime.deferReturn", RUN_PANIC][..])] {
        for name in names.iter().filter(|_| open & bit == 0) {
            let Some(id) = program.func_named(name) else { continue };
            let attrs = &mut program.funcs[id].attrs;
            *(if bit == GO { &mut attrs.calls_only_go } else { &mut attrs.calls_only_deferred }) = true;
        }
    }
    Ok(())
}

/// What a function does with others and with variables.
#[derive(Default)]
struct Uses {
    funcs: Vec<(FuncId, u8)>,
    globals: Vec<(GlobalId, u8)>,
    open: u8,
}

impl Uses {
    fn of(program: &Program, func: &Func) -> Uses {
        let mut found = Uses::default();
        let uses = value_uses(func);
        for data in func.placed() {
            match (data.op, &data.aux) {
                (Op::MakeClosure, &Aux::Func(target)) => found.funcs.push((target, uses[data.result()])),
                (Op::FuncAddr, &Aux::Func(target)) => found.funcs.push((target, OTHER)),
                (Op::GlobalAddr, &Aux::Global(global)) => found.globals.push((global, uses[data.result()])),
                (Op::Go | Op::Defer, _) => {
                    let known = func.def(data.args[0]).is_some_and(|def| match (def.op, &def.aux) {
                        (Op::MakeClosure, _) => true,
                        (Op::GlobalAddr, &Aux::Global(global)) => is_record(program, global),
                        _ => false,
                    });
                    if !known {
                        found.open |= if data.op == Op::Go { GO } else { DEFER };
                    }
                }
                _ => {}
            }
        }
        found
    }
}

/// How each value of a function is used.
fn value_uses(func: &Func) -> IndexVec<Value, u8> {
    let mut uses = IndexVec::filled(0, func.values.len());
    for &inst in func.order.iter().flat_map(|&b| &func.blocks[b].insts) {
        let data = &func.insts[inst];
        let kind = match data.op {
            Op::Go => GO,
            Op::Defer => DEFER,
            _ => OTHER,
        };
        for value in data.uses() {
            uses[value] |= kind;
        }
    }
    uses
}

/// Whether a global is the func value of a function: its code and nothing else.
fn is_record(program: &Program, global: GlobalId) -> bool {
    matches!(&program.globals[global].init, Const::Aggregate(parts) if matches!(parts[..], [Const::Code(_)]))
}

/// Globals whose address is part of another one's initial value.
fn refer(value: &Const, globals: &mut IndexVec<GlobalId, u8>) {
    match value {
        Const::Addr(global, _) | Const::AddrInt(global, _) => globals[*global] |= OTHER,
        Const::Aggregate(parts) => parts.iter().for_each(|part| refer(part, globals)),
        _ => {}
    }
}

fn take(value: &Const, uses: u8, funcs: &mut IndexVec<FuncId, u8>) {
    match value {
        Const::Code(func) | Const::CodeInt(func) => funcs[*func] |= uses,
        Const::Aggregate(parts) => parts.iter().for_each(|part| take(part, uses, funcs)),
        _ => {}
    }
}
