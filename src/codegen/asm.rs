//! Assembles GNU-syntax text for a machine through LLVM's own assembler: start-up code and the like.

use inkwell::context::Context;
use inkwell::targets::FileType;

use crate::error::Error;
use crate::machine::{Machine, Opt, share_options};
use crate::output::{Diagnostics, write};

/// An object file from assembler text. There is no C preprocessor.
pub fn assemble(text: &str, machine: &Machine) -> Result<Vec<u8>, Error> {
    let _shared = share_options();
    let tm = machine.target_machine(Opt::MinSize)?;
    let ctx = Context::create();
    let diagnostics = Diagnostics::install(&ctx);
    let module = ctx.create_module("assembly");
    module.set_triple(&tm.get_triple());
    module.set_data_layout(&tm.get_target_data().get_data_layout());
    module.set_inline_assembly(text);
    let object = write(&tm, &module, FileType::Object);
    diagnostics.check()?;
    object
}
