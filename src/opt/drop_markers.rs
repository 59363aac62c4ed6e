//! Removes the calls of markers, which have kept alive what they stand for and do nothing.
//!
//! ```text
//! call @interrupt.New.16()     ->    (nothing)
//! ```

use ir::{Aux, Op, Program};

use crate::parallel;
use crate::pipeline::{Options, Result};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let markers: Vec<bool> = program.funcs.values().map(|func| func.attrs.marker).collect();
    if !markers.contains(&true) {
        return Ok(());
    }
    parallel::each_alone(program, |func| {
        ir::edit::remove_insts(
            func,
            |_, data| matches!((data.op, &data.aux), (Op::Call, Aux::Func(callee)) if markers[callee.0 as usize]),
        );
    });
    Ok(())
}
