//! Removes the calls of markers, which have kept alive what they stand for and do nothing.
//!
//! ```text
//! call @interrupt.New.16()     ->    (nothing)
//! ```

use ir::{Aux, Op, Program};

use crate::pipeline::{Options, Result};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let markers: Vec<bool> = program.funcs.values().map(|func| func.attrs.marker).collect();
    for (_, func) in program.funcs.iter_mut() {
        for block in func.order.clone() {
            let insts = &func.insts;
            func.blocks[block].insts.retain(|&inst| {
                let data = &insts[inst];
                !matches!((data.op, &data.aux), (Op::Call, Aux::Func(callee)) if markers[callee.0 as usize])
            });
        }
    }
    Ok(())
}
