//! From a program to bytes: build the module, check it, optimise it, write it.
#![allow(unsafe_code)] // LLVM's diagnostic handler, names of values in a module

use std::cell::RefCell;
use std::ffi::{CStr, c_void};

use inkwell::context::{AsContextRef, Context};
use inkwell::llvm_sys::LLVMDiagnosticSeverity;
use inkwell::llvm_sys::core::{
    LLVMContextSetDiagnosticHandler, LLVMDisposeMessage, LLVMGetDiagInfoDescription, LLVMGetDiagInfoSeverity,
};
use inkwell::llvm_sys::prelude::LLVMDiagnosticInfoRef;
use inkwell::module::{Linkage, Module};
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::{FileType, TargetMachine};
use ir::{Level, Program};

use crate::body;
use crate::compares;
use crate::error::Error;
use crate::machine::{Arch, Opt, Options, share_options};
use crate::unit::{Part, Unit};

/// The whole program as one object file.
pub fn emit(program: &Program, options: &Options) -> Result<Vec<u8>, Error> {
    emit_part(program, options, &Part::Whole, Output::File(FileType::Object))
}

/// The optimised program as assembler text.
pub fn emit_asm(program: &Program, options: &Options) -> Result<Vec<u8>, Error> {
    emit_part(program, options, &Part::Whole, Output::File(FileType::Assembly))
}

/// The program in LLVM's language, optimised as `options` say.
pub fn emit_llvm_ir(program: &Program, options: &Options) -> Result<String, Error> {
    let text = emit_part(program, options, &Part::Whole, Output::Text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// A part of the program as an object file. What it needs from other parts are hidden symbols.
pub fn emit_unit(program: &Program, options: &Options, part: &Part) -> Result<Vec<u8>, Error> {
    emit_part(program, options, part, Output::File(FileType::Object))
}

enum Output {
    File(FileType),
    /// LLVM's language.
    Text,
}

fn emit_part(program: &Program, options: &Options, part: &Part, output: Output) -> Result<Vec<u8>, Error> {
    if program.level != Level::Lowered {
        let text = "the program still has operations of Go: lower it first".to_string();
        return Err(Error::Invalid { func: "program".into(), text });
    }
    // The pipeline verifies after each pass where that is affordable, that of which this is a part among them; a
    // builder's mistake would be a panic below.
    if cfg!(debug_assertions)
        && matches!(part, Part::Whole)
        && let Err(errors) = ir::verify::verify(program)
    {
        let text =
            errors.iter().map(|e| format!("{}: {}", e.place, e.message)).collect::<Vec<_>>().join("; ");
        return Err(Error::Invalid { func: "program".into(), text });
    }
    let _shared = share_options();
    let ctx = Context::create();
    let diagnostics = Diagnostics::install(&ctx);
    let unit = Unit::new(&ctx, program, options, part)?;
    for &id in &unit.defined {
        body::emit(&unit, id)?;
    }
    if let Some(debug) = &unit.debug {
        debug.finish();
    }
    verify(&unit)?;
    optimise(&unit)?;
    if unit.arch == Arch::Avr {
        compares::narrow(&ctx, &unit.module).map_err(|e| Error::Llvm(vec![e.to_string()]))?;
    }
    if options.function_sections && options.machine.is_elf() {
        give_sections(&unit, part);
    }
    let bytes = match output {
        Output::Text => Ok(unit.module.print_to_string().to_bytes().to_vec()),
        Output::File(file_type) => write(&unit.machine, &unit.module, file_type),
    };
    diagnostics.check()?;
    bytes
}

/// LLVM ends the process on malformed modules, so they are found here and the function is named.
fn verify(unit: &Unit) -> Result<(), Error> {
    let Err(message) = unit.module.verify() else { return Ok(()) };
    let culprit = unit.defined.iter().find(|&&id| !unit.func(id).value.verify(false));
    let func = culprit.map_or("program".to_string(), |&id| unit.program.funcs[id].name.clone());
    Err(Error::Invalid { func, text: message.to_string() })
}

fn optimise(unit: &Unit) -> Result<(), Error> {
    let opt = unit.options.opt;
    let passes = match opt {
        Opt::None => "default<O0>",
        Opt::O1 => "default<O1>",
        Opt::O2 => "default<O2>",
        Opt::Size => "default<Os>",
        Opt::MinSize => "default<Oz>",
    };
    let wide = matches!(unit.arch, Arch::X86_64 | Arch::Aarch64) && opt == Opt::O2;
    let options = PassBuilderOptions::create();
    options.set_loop_vectorization(wide);
    options.set_loop_slp_vectorization(wide);
    options.set_loop_interleaving(wide);
    let smallest = matches!(opt, Opt::Size | Opt::MinSize);
    options.set_merge_functions(smallest && !unit.options.exact_calls);
    unit.module.run_passes(passes, &unit.machine, options).map_err(|e| Error::Llvm(vec![e.to_string()]))
}

/// A section of its own for each function and variable that has none. After the passes: some of them (merging of equal
/// constants) leave alone what has a section.
fn give_sections(unit: &Unit, part: &Part) {
    // LLVM shares sequences of instructions among functions only where these have no sections. In the whole program, none is
    // there without use.
    let outlines = unit.options.opt == Opt::MinSize
        && matches!(part, Part::Whole)
        && !unit.options.library
        && !unit.options.exact_calls
        && matches!(unit.arch, Arch::Arm | Arch::Aarch64 | Arch::Riscv32 | Arch::Riscv64);
    for func in unit.module.get_functions().filter(|f| f.count_basic_blocks() > 0 && !outlines) {
        let global = func.as_global_value();
        if global.get_section().is_none_or(CStr::is_empty) {
            let name = global.get_name().to_string_lossy().into_owned();
            global.set_section(Some(&format!(".text.{name}")));
        }
    }
    // Only the back ends for these machines do, and what lies together is dropped together or not at all.
    let merges = unit.options.opt == Opt::MinSize
        && matches!(unit.arch, Arch::Arm | Arch::Aarch64 | Arch::Riscv32 | Arch::Riscv64);
    for global in unit.module.get_globals() {
        let Some(init) = global.get_initializer() else { continue };
        // In sections of their own, LLVM cannot put variables side by side that are used together.
        let merged = merges && global.get_linkage() == Linkage::Internal;
        if !global.get_section().is_none_or(CStr::is_empty) || !global.is_constant() && merged {
            continue;
        }
        let zero = match init {
            inkwell::values::BasicValueEnum::ArrayValue(v) => v.is_null(),
            inkwell::values::BasicValueEnum::StructValue(v) => v.is_null(),
            inkwell::values::BasicValueEnum::IntValue(v) => v.is_null(),
            inkwell::values::BasicValueEnum::PointerValue(v) => v.is_null(),
            inkwell::values::BasicValueEnum::FloatValue(v) => v.is_null(),
            _ => false,
        };
        let kind = match (global.is_constant(), zero) {
            (true, _) => ".rodata",
            (false, true) => ".bss",
            (false, false) => ".data",
        };
        let name = global.get_name().to_string_lossy().into_owned();
        global.set_section(Some(&format!("{kind}.{name}")));
    }
}

pub(crate) fn write(machine: &TargetMachine, module: &Module, file_type: FileType) -> Result<Vec<u8>, Error> {
    let buffer =
        machine.write_to_memory_buffer(module, file_type).map_err(|e| Error::Llvm(vec![e.to_string()]))?;
    Ok(buffer.as_slice().to_vec())
}

/// Collects what LLVM reports; without a handler it prints errors and ends the process.
pub(crate) struct Diagnostics(Box<RefCell<Vec<String>>>);

impl Diagnostics {
    pub fn install(ctx: &Context) -> Diagnostics {
        let texts: Box<RefCell<Vec<String>>> = Box::default();
        let address: *const RefCell<Vec<String>> = &*texts;
        // SAFETY: the box outlives every use of the context by the callers in this crate, which check it last.
        unsafe {
            LLVMContextSetDiagnosticHandler(
                ctx.as_ctx_ref(),
                Some(collect),
                address.cast_mut().cast::<c_void>(),
            );
        }
        Diagnostics(texts)
    }

    /// The errors so far.
    pub fn check(&self) -> Result<(), Error> {
        let texts = self.0.take();
        if texts.is_empty() { Ok(()) } else { Err(Error::Llvm(texts)) }
    }
}

extern "C" fn collect(info: LLVMDiagnosticInfoRef, texts: *mut c_void) {
    // SAFETY: `texts` is the list that `install` passed; LLVM calls on the thread that uses the context.
    unsafe {
        if LLVMGetDiagInfoSeverity(info) != LLVMDiagnosticSeverity::LLVMDSError {
            return;
        }
        let message = LLVMGetDiagInfoDescription(info);
        let text = CStr::from_ptr(message).to_string_lossy().into_owned();
        LLVMDisposeMessage(message);
        (*texts.cast::<RefCell<Vec<String>>>()).borrow_mut().push(text);
    }
}
