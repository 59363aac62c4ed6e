//! How a program is cut for LLVM, which works on the pieces in parallel.
//!
//! Functions of different pieces are not inlined into each other any more (our own passes have done so before), which
//! costs some size. So programs that are to be small are left whole: those for boards, and those without debug
//! information.

use ir::{FuncId, Program};

use crate::config::Config;

/// Pieces: no more than these, on any machine, as the bytes of a program must not depend on where it was built.
const UNITS: usize = 4;

/// Instructions that are worth a piece: LLVM takes some 100 ms for them.
const WORTH: usize = 15_000;

/// The functions of each piece; one piece is the whole program.
pub fn cut(program: &Program, config: &Config) -> Vec<Vec<FuncId>> {
    let all: Vec<FuncId> = program.funcs.keys().collect();
    if config.options.no_debug || config.target.is_baremetal() || config.is_wasm() {
        return vec![all];
    }
    let size = |id: FuncId| program.funcs[id].insts.len();
    let total: usize = all.iter().map(|&id| size(id)).sum();
    let count = (total / WORTH).clamp(1, UNITS);
    let mut units = vec![Vec::new(); count];
    let mut done = 0;
    for id in all {
        units[(done * count / total.max(1)).min(count - 1)].push(id);
        done += size(id);
    }
    units
}
