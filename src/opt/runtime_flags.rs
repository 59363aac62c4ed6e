//! Tells package runtime what the program does not do, through constants: `runtime.hasRecover` (a call of recover is
//! live), `runtime.hasDefers` and `runtime.hasGoroutines` (a defer or go statement is live). Code that depends on them folds away.

use ir::{Const, Op, Program, Type};

use crate::parallel;
use crate::pipeline::{Options, Panic, Result};

pub(crate) fn run(program: &mut Program, options: &Options) -> Result<()> {
    let recovers = options.panic != Panic::Trap && uses(program, Op::Recover);
    let goroutines = uses(program, Op::Go);
    let defers = uses(program, Op::Defer);
    for (name, value) in [
        ("runtime.hasRecover", recovers),
        ("runtime.hasDefers", defers),
        ("runtime.hasGoroutines", goroutines),
    ] {
        let Some(id) = program.global_named(name) else { continue };
        let global = &mut program.globals[id];
        if global.ty == Type::I1 || global.ty == Type::I8 {
            global.init = Const::Int(value.into());
            global.constant = true;
        }
    }
    Ok(())
}

pub(crate) fn uses(program: &Program, op: Op) -> bool {
    parallel::any_inst(program, |data| data.op == op)
}
