//! One LLVM module: what it declares and what of it is defined here.

use std::collections::{BTreeMap, BTreeSet};

use inkwell::context::Context;
use inkwell::module::{FlagBehavior, Module};
use inkwell::targets::TargetMachine;
use inkwell::values::{FunctionValue, PointerValue};
use ir::entity::Entity;
use ir::{FuncId, GlobalId, Program};

use crate::abi::{Abi, X86_REGISTERS};
use crate::debug::DebugInfo;
use crate::error::Error;
use crate::layouts::Layouts;
use crate::machine::{Arch, Opt, Options};
use crate::uses::{Definitions, Uses};
use crate::{attributes, globals};

/// Which part of the program a module holds.
pub enum Part<'a> {
    /// Everything, internal where it can be.
    Whole,
    /// Some functions with a body and some globals. What several parts know is hidden, not internal, so that each part
    /// can be made, and kept, on its own: its object file depends on nothing but what [`crate::fingerprint`] writes.
    Unit { funcs: &'a [FuncId], globals: &'a [GlobalId], definitions: &'a Definitions<'a> },
}

pub struct Unit<'c, 'p> {
    pub program: &'p Program,
    pub options: &'p Options,
    pub arch: Arch,
    pub machine: TargetMachine,
    pub module: Module<'c>,
    pub layouts: Layouts<'c, 'p>,
    pub debug: Option<DebugInfo<'c, 'p>>,
    /// By function; none for those that this module has no use for.
    pub funcs: Vec<Option<Declared<'c>>>,
    /// Addresses by global, likewise.
    pub globals: Vec<Option<PointerValue<'c>>>,
    /// The functions whose bodies belong here.
    pub defined: Vec<FuncId>,
}

pub struct Declared<'c> {
    pub value: FunctionValue<'c>,
    pub abi: Abi<'c>,
}

/// The name of a function in object files.
pub fn symbol(program: &Program, id: FuncId) -> &str {
    let func = &program.funcs[id];
    func.attrs.symbol.as_deref().unwrap_or(&func.name)
}

/// The name of a global in object files.
pub fn global_symbol(program: &Program, id: GlobalId) -> &str {
    let global = &program.globals[id];
    global.symbol.as_deref().unwrap_or(&global.name)
}

impl<'c, 'p> Unit<'c, 'p> {
    /// A module with everything declared and the globals of this part defined.
    pub fn new(
        ctx: &'c Context,
        program: &'p Program,
        options: &'p Options,
        part: &Part,
    ) -> Result<Unit<'c, 'p>, Error> {
        let arch = options.machine.arch()?;
        let machine = options.machine.target_machine(options.opt)?;
        let module = ctx.create_module("program");
        // Before any function: the data layout says which address space functions live in.
        module.set_triple(&machine.get_triple());
        module.set_data_layout(&machine.get_target_data().get_data_layout());
        if arch == Arch::X86 {
            // Ours are marked one by one; this is for the functions that LLVM calls on its own.
            let flag = |name, value| {
                let value = ctx.i32_type().const_int(value, false);
                module.add_basic_value_flag(name, FlagBehavior::Error, value);
            };
            flag("NumRegisterParameters", X86_REGISTERS.into());
            // As in Go's own code: C's 16 bytes fill up almost every frame, and are of use to vectors only.
            flag("override-stack-alignment", 4);
        }
        let layouts = Layouts::new(ctx, &program.types, arch);
        check_pointer_size(&layouts, &machine, options)?;

        let optimised = options.opt != Opt::None;
        let uses = Uses::of(program, part);
        let funcs = match part {
            Part::Whole => uses.funcs.as_slice(),
            Part::Unit { funcs, .. } => funcs,
        };
        let defined: Vec<FuncId> = funcs.iter().copied().filter(|&id| program.funcs[id].has_body()).collect();
        let first = defined.first().copied();
        let debug = options.debug.then(|| DebugInfo::new(ctx, &module, program, first, optimised));
        let mut unit = Unit {
            program,
            options,
            arch,
            machine,
            module,
            layouts,
            debug,
            funcs: program.funcs.keys().map(|_| None).collect(),
            globals: program.globals.keys().map(|_| None).collect(),
            defined,
        };
        unit.declare_funcs(&uses, matches!(part, Part::Unit { .. }))?;
        globals::declare(&mut unit, &uses, part)?;
        Ok(unit)
    }

    pub fn func(&self, id: FuncId) -> &Declared<'c> {
        self.funcs[id.index()].as_ref().expect("what a part uses is declared")
    }

    pub fn global(&self, id: GlobalId) -> PointerValue<'c> {
        self.globals[id.index()].expect("what a part uses is declared")
    }

    fn declare_funcs(&mut self, uses: &Uses, split: bool) -> Result<(), Error> {
        let program = self.program;
        let handlers: BTreeSet<FuncId> = program.interrupts.values().copied().collect();
        // A symbol may be declared in one place and defined in another: definitions first, then both share one value.
        let (with_body, without): (Vec<FuncId>, Vec<FuncId>) =
            uses.funcs.iter().partition(|&&id| program.funcs[id].has_body());
        let mut by_symbol: BTreeMap<&str, FunctionValue<'c>> = BTreeMap::new();
        for id in with_body.into_iter().chain(without) {
            let func = &program.funcs[id];
            let symbol = symbol(program, id);
            let abi = Abi::new(&self.layouts, &func.sig);
            let value = match by_symbol.get(symbol) {
                Some(_) if func.has_body() => {
                    return Err(Error::Invalid {
                        func: func.name.clone(),
                        text: format!("symbol {symbol} is defined twice"),
                    });
                }
                Some(&value) => value,
                None => {
                    let value = self.module.add_function(symbol, abi.ty, None);
                    attributes::describe(
                        &self.layouts,
                        value,
                        func,
                        symbol,
                        &abi,
                        self.arch,
                        self.options,
                        uses.memory_builtins,
                    );
                    attributes::link(value, func, handlers.contains(&id), split);
                    by_symbol.insert(symbol, value);
                    value
                }
            };
            self.funcs[id.index()] = Some(Declared { value, abi });
        }
        // A declaration that nothing here defines cannot be internal.
        if split {
            let here: BTreeSet<FuncId> = self.defined.iter().copied().collect();
            for &id in uses.funcs.iter().filter(|id| program.funcs[**id].has_body() && !here.contains(id)) {
                self.func(id).value.as_global_value().set_section(None);
            }
        }
        Ok(())
    }
}

/// The program's layout and the machine's must agree on the size of a pointer.
fn check_pointer_size(layouts: &Layouts, machine: &TargetMachine, options: &Options) -> Result<(), Error> {
    let theirs = u64::from(machine.get_target_data().get_pointer_byte_size(None));
    let ours = layouts.types.target.ptr_bytes;
    if ours == theirs {
        return Ok(());
    }
    Err(Error::UnknownTarget {
        triple: options.machine.triple.clone(),
        reason: format!("its pointers have {theirs} bytes, but the program was compiled for {ours}"),
    })
}
