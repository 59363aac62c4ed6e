//! What a part of a program refers to: the declarations of its module, in an order that the part alone decides.

use ir::{Aux, Const, FuncId, GlobalId, Program};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::builtins::is_memory_builtin;
use crate::unit::{Part, global_symbol, symbol};

/// Functions and globals, each once: what the part defines first, then the rest as it appears.
#[derive(Default)]
pub struct Uses {
    pub funcs: Vec<FuncId>,
    pub globals: Vec<GlobalId>,
    /// Whether the program, here or elsewhere, brings the memory functions that LLVM makes of loops.
    pub memory_builtins: bool,
    seen_funcs: FxHashSet<FuncId>,
    seen_globals: FxHashSet<GlobalId>,
}

/// The definitions behind symbols that are also declared: a declaration means them.
#[derive(Default)]
pub struct Definitions<'p> {
    funcs: FxHashMap<&'p str, FuncId>,
    globals: FxHashMap<&'p str, GlobalId>,
    memory_builtins: bool,
}

impl<'p> Definitions<'p> {
    pub fn of(program: &'p Program) -> Definitions<'p> {
        let (defined, declared): (Vec<_>, Vec<_>) =
            program.funcs.iter().partition(|(_, func)| func.has_body());
        let mut wanted: FxHashSet<&str> = declared.iter().map(|&(id, _)| symbol(program, id)).collect();
        wanted.extend(
            program
                .globals
                .iter()
                .filter(|(_, global)| global.external)
                .map(|(id, _)| global_symbol(program, id)),
        );
        let funcs = defined.iter().map(|&(id, _)| (symbol(program, id), id));
        let globals = program.globals.iter().filter(|(_, global)| !global.external);
        let globals = globals.map(|(id, _)| (global_symbol(program, id), id));
        Definitions {
            funcs: funcs.filter(|(symbol, _)| wanted.contains(symbol)).collect(),
            globals: globals.filter(|(symbol, _)| wanted.contains(symbol)).collect(),
            memory_builtins: defines_memory_builtins(program),
        }
    }
}

impl Uses {
    pub fn of(program: &Program, part: &Part) -> Uses {
        match part {
            Part::Whole => Uses {
                funcs: program.funcs.keys().collect(),
                globals: program.globals.keys().collect(),
                memory_builtins: defines_memory_builtins(program),
                ..Uses::default()
            },
            Part::Unit { funcs, globals, definitions } => {
                let mut uses = Uses { memory_builtins: definitions.memory_builtins, ..Uses::default() };
                funcs.iter().for_each(|&id| uses.func(program, definitions, id));
                globals.iter().for_each(|&id| uses.global(program, definitions, id));
                funcs.iter().for_each(|&id| uses.body(program, definitions, id));
                globals.iter().for_each(|&id| uses.value(program, definitions, &program.globals[id].init));
                uses
            }
        }
    }

    fn func(&mut self, program: &Program, definitions: &Definitions, id: FuncId) {
        if !self.seen_funcs.insert(id) {
            return;
        }
        self.funcs.push(id);
        if !program.funcs[id].has_body()
            && let Some(&definition) = definitions.funcs.get(symbol(program, id))
        {
            self.func(program, definitions, definition);
        }
    }

    fn global(&mut self, program: &Program, definitions: &Definitions, id: GlobalId) {
        if !self.seen_globals.insert(id) {
            return;
        }
        self.globals.push(id);
        if program.globals[id].external {
            let symbol = global_symbol(program, id);
            if let Some(&definition) = definitions.funcs.get(symbol) {
                self.func(program, definitions, definition);
            }
            if let Some(&definition) = definitions.globals.get(symbol) {
                self.global(program, definitions, definition);
            }
        }
    }

    fn body(&mut self, program: &Program, definitions: &Definitions, id: FuncId) {
        let func = &program.funcs[id];
        for &block in &func.order {
            for &inst in &func.blocks[block].insts {
                match func.insts[inst].aux {
                    Aux::Func(id) => self.func(program, definitions, id),
                    Aux::Global(id) => self.global(program, definitions, id),
                    _ => {}
                }
            }
        }
    }

    fn value(&mut self, program: &Program, definitions: &Definitions, value: &Const) {
        match *value {
            Const::Addr(id, _) | Const::AddrInt(id, _) => self.global(program, definitions, id),
            Const::Code(id) | Const::CodeInt(id) => self.func(program, definitions, id),
            Const::Aggregate(ref parts) => {
                parts.iter().for_each(|part| self.value(program, definitions, part));
            }
            Const::Zero | Const::Int(_) | Const::Float(_) | Const::Bytes(_) | Const::RType(_) => {}
        }
    }
}

fn defines_memory_builtins(program: &Program) -> bool {
    let mut defined = program.funcs.iter().filter(|(_, func)| func.has_body());
    defined.any(|(id, _)| is_memory_builtin(symbol(program, id)))
}
