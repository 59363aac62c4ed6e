//! Attributes and linkage of functions.

use inkwell::GlobalVisibility;
use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::context::Context;
use inkwell::module::Linkage;
use inkwell::values::FunctionValue;
use ir::{Func, Type};

use crate::abi::{Abi, Pass};
use crate::layouts::Layouts;
use crate::machine::{Arch, Opt, Options};

pub fn enum_attribute(ctx: &Context, name: &str, value: u64) -> Attribute {
    ctx.create_enum_attribute(Attribute::get_named_enum_kind_id(name), value)
}

/// What LLVM must know about a function, whether it is defined here or not. `library`: the program defines the memory
/// functions that LLVM makes of loops.
#[allow(clippy::too_many_arguments)] // one fact each
pub fn describe<'c>(
    layouts: &Layouts<'c, '_>,
    value: FunctionValue<'c>,
    func: &Func,
    symbol: &str,
    abi: &Abi<'c>,
    arch: Arch,
    options: &Options,
    library: bool,
) {
    let ctx = layouts.ctx;
    let set = |name: &str| value.add_attribute(AttributeLoc::Function, enum_attribute(ctx, name, 0));
    let set_text = |name: &str, text: &str| {
        value.add_attribute(AttributeLoc::Function, ctx.create_string_attribute(name, text));
    };
    let attrs = &func.attrs;
    // Panics do not unwind through LLVM's tables.
    set("nounwind");
    if attrs.noreturn {
        set("noreturn");
    }
    if attrs.returns_twice {
        set("returns_twice");
    }
    if attrs.cold {
        set("cold");
    }
    if let Some((module, name)) = &attrs.wasm_import {
        set_text("wasm-import-module", module);
        set_text("wasm-import-name", name);
    }
    if attrs.wasm_export {
        set_text("wasm-export-name", symbol);
    }
    describe_passing(layouts, value, func, abi);
    if !func.has_body() {
        return;
    }
    if attrs.naked {
        set("naked");
    }
    if attrs.checks_stack || options.exact_calls {
        set_text("disable-tail-calls", "true");
    }
    if attrs.resumable {
        // Nor specialised for constant arguments: the copy would have another frame.
        set("noduplicate");
    }
    // A naked body refers to its arguments by register, an interrupt has a prologue of its own.
    if attrs.noinline || attrs.naked || attrs.interrupt || attrs.resumable {
        set("noinline");
    } else if attrs.always_inline {
        set("alwaysinline");
    }
    match options.opt {
        Opt::None | Opt::O1 | Opt::O2 if attrs.cold => set("optsize"),
        Opt::None | Opt::O1 | Opt::O2 => {}
        Opt::Size => set("optsize"),
        Opt::MinSize => {
            set("optsize");
            set("minsize");
        }
    }
    if attrs.interrupt {
        match arch {
            Arch::Avr => set_text("signal", ""),
            Arch::Riscv32 | Arch::Riscv64 => set_text("interrupt", "machine"),
            // On Cortex-M the hardware saves what the calling convention does not.
            Arch::Arm | Arch::Aarch64 | Arch::X86 | Arch::X86_64 | Arch::Wasm32 => {}
        }
    }
    if library {
        // A loop that copies must not become a call of the copying function that it is, or is called by.
        set_text("no-builtins", "");
    }
    if arch == Arch::Avr {
        // The back end cannot select them. It says so in a global of LLVM's alone, which a back end for another machine
        // on another thread overwrites, as does lld.
        set_text("no-jump-tables", "true");
    }
    // Loops that look for a zero byte stay loops: there is no C library.
    set_text("no-builtin-strlen", "");
    set_text("no-builtin-wcslen", "");
    set_text("frame-pointer", "none");
}

/// Attributes of parameters and results.
fn describe_passing<'c>(layouts: &Layouts<'c, '_>, value: FunctionValue<'c>, func: &Func, abi: &Abi<'c>) {
    let ctx = layouts.ctx;
    let set = |loc, name: &str| value.add_attribute(loc, enum_attribute(ctx, name, 0));
    for loc in abi.marks.places() {
        set(loc, "inreg");
    }
    let mut index = 0;
    for (&ty, _) in func.sig.results.iter().zip(&abi.results).filter(|(_, pass)| **pass == Pass::Indirect) {
        let loc = AttributeLoc::Param(index);
        index += 1;
        set(loc, "noalias");
        // `captures(none)` is the number 0.
        set(loc, "captures");
        set(loc, "writeonly");
        value.add_attribute(loc, enum_attribute(ctx, "align", layouts.align(ty).into()));
        value.add_attribute(loc, enum_attribute(ctx, "dereferenceable", layouts.types.size(ty)));
    }
    for (&ty, pass) in func.sig.params.iter().zip(&abi.params) {
        let loc = AttributeLoc::Param(index);
        match pass {
            Pass::Empty => continue,
            Pass::Indirect => {
                for name in ["noalias", "captures", "readonly"] {
                    set(loc, name);
                }
                value.add_attribute(loc, enum_attribute(ctx, "align", layouts.align(ty).into()));
                value.add_attribute(loc, enum_attribute(ctx, "dereferenceable", layouts.types.size(ty)));
            }
            // C's bool arrives as 0 or 1 in a whole register.
            Pass::Direct if ty == Type::I1 => set(loc, "zeroext"),
            Pass::Direct => {}
        }
        index += 1;
    }
    if func.sig.results.as_slice() == [Type::I1] {
        set(AttributeLoc::Return, "zeroext");
    }
}

/// Linkage and visibility. In a program of several units, what would be internal is hidden instead.
pub fn link<'c>(value: FunctionValue<'c>, func: &Func, root: bool, split: bool) {
    let global = value.as_global_value();
    if root || func.attrs.exported || func.attrs.wasm_export || !func.has_body() {
        value.set_linkage(Linkage::External);
    } else if split {
        value.set_linkage(Linkage::External);
        global.set_visibility(GlobalVisibility::Hidden);
    } else {
        value.set_linkage(Linkage::Internal);
    }
    if let Some(section) = &func.attrs.section {
        global.set_section(Some(section));
    }
}
