//! Puts variables without pointers into sections of their own, which the collector does not search.
//!
//! ```text
//! global @main.table: [512 x i32]    ->    global @main.table: [512 x i32] section ".noptrbss"
//! ```
//!
//! That saves its time, and numbers that look like addresses keep nothing alive: a table of random numbers can fill a
//! small heap so.

use ir::{Const, Program};

use crate::pipeline::{Options, Result};

pub(crate) const DATA: &str = ".noptrdata";
pub(crate) const ZERO: &str = ".noptrbss";

/// Bytes from which on a variable is worth it.
const LEAST: u64 = 32;

pub(crate) fn run(program: &mut Program, options: &Options) -> Result<()> {
    if !options.separate {
        return Ok(());
    }
    let types = &program.types;
    for (_, global) in program.globals.iter_mut() {
        let placed = global.constant || global.external || global.exported || global.section.is_some();
        // What the evaluator allocated may hold more than its type says; it is aligned for anything.
        let of_unknown_type = global.align != 0;
        if placed || of_unknown_type || types.size(global.ty) < LEAST || types.has_pointers(global.ty) {
            continue;
        }
        let section = if global.init == Const::Zero { ZERO } else { DATA };
        global.section = Some(section.to_owned());
    }
    Ok(())
}
