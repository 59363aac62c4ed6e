//! One LLVM module: what it declares and what of it is defined here.

use std::collections::{BTreeMap, BTreeSet};

use inkwell::context::Context;
use inkwell::module::Module;
use inkwell::targets::TargetMachine;
use inkwell::values::{FunctionValue, PointerValue};
use ir::entity::Entity;
use ir::{FuncId, GlobalId, Program};

use crate::abi::Abi;
use crate::builtins::is_memory_builtin;
use crate::debug::DebugInfo;
use crate::error::Error;
use crate::layouts::Layouts;
use crate::machine::{Arch, Opt, Options};
use crate::{attributes, globals};

/// Which part of the program a module holds.
pub enum Part<'a> {
    /// Everything, internal where it can be.
    Whole,
    /// Some functions; the globals as well if `globals`. What other parts define is hidden, not internal.
    Unit { funcs: &'a [FuncId], globals: bool },
}

pub struct Unit<'c, 'p> {
    pub program: &'p Program,
    pub options: &'p Options,
    pub arch: Arch,
    pub machine: TargetMachine,
    pub module: Module<'c>,
    pub layouts: Layouts<'c, 'p>,
    pub debug: Option<DebugInfo<'c, 'p>>,
    pub funcs: Vec<Declared<'c>>,
    /// Addresses of the globals.
    pub globals: Vec<PointerValue<'c>>,
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
        let layouts = Layouts::new(ctx, &program.types, arch);
        check_pointer_size(&layouts, &machine, options)?;

        let optimised = options.opt != Opt::None;
        let debug = options.debug.then(|| DebugInfo::new(ctx, &module, program, optimised));

        let all: Vec<FuncId> = program.funcs.keys().collect();
        let funcs = match part {
            Part::Whole => &all,
            Part::Unit { funcs, .. } => *funcs,
        };
        let defined: Vec<FuncId> = funcs.iter().copied().filter(|&id| program.funcs[id].has_body()).collect();
        let mut unit = Unit {
            program,
            options,
            arch,
            machine,
            module,
            layouts,
            debug,
            funcs: Vec::new(),
            globals: Vec::new(),
            defined,
        };
        unit.declare_funcs(matches!(part, Part::Unit { .. }))?;
        globals::declare(&mut unit, part)?;
        Ok(unit)
    }

    pub fn func(&self, id: FuncId) -> &Declared<'c> {
        &self.funcs[id.index()]
    }

    fn declare_funcs(&mut self, split: bool) -> Result<(), Error> {
        let program = self.program;
        let handlers: BTreeSet<FuncId> = program.interrupts.values().copied().collect();
        // A symbol may be declared in one place and defined in another: definitions first, then both share one value.
        let (with_body, without): (Vec<FuncId>, Vec<FuncId>) =
            program.funcs.keys().partition(|&id| program.funcs[id].has_body());
        let library = with_body.iter().any(|&id| is_memory_builtin(symbol(program, id)));
        let mut by_symbol: BTreeMap<&str, FunctionValue<'c>> = BTreeMap::new();
        let mut declared: Vec<Option<Declared<'c>>> = program.funcs.keys().map(|_| None).collect();
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
                        library,
                    );
                    attributes::link(value, func, handlers.contains(&id), split);
                    by_symbol.insert(symbol, value);
                    value
                }
            };
            declared[id.index()] = Some(Declared { value, abi });
        }
        self.funcs = declared.into_iter().flatten().collect();
        // A declaration that nothing here defines cannot be internal.
        if split {
            let here: BTreeSet<FuncId> = self.defined.iter().copied().collect();
            for (id, func) in program.funcs.iter() {
                if func.has_body() && !here.contains(&id) {
                    self.func(id).value.as_global_value().set_section(None);
                }
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
