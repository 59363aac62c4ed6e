//! DWARF: files, functions, and the position of every instruction with the chain of calls it was inlined through.

use std::cell::RefCell;

use inkwell::debug_info::{
    AsDIScope, DICompileUnit, DIFile, DIFlags, DIFlagsConstants, DILocation, DIScope, DISubprogram,
    DWARFEmissionKind, DWARFSourceLanguage, DebugInfoBuilder, debug_metadata_version,
};
use inkwell::module::{FlagBehavior, Module};
use inkwell::values::FunctionValue;
use ir::{FuncId, LocId, Program};
use rustc_hash::FxHashMap;

use crate::unit::symbol;

/// The oldest version that every debugger for these chips reads, and that LLVM's passes serve well.
const DWARF_VERSION: u64 = 4;

pub struct DebugInfo<'c, 'p> {
    program: &'p Program,
    ctx: &'c inkwell::context::Context,
    builder: DebugInfoBuilder<'c>,
    unit: DICompileUnit<'c>,
    files: Vec<DIFile<'c>>,
    optimised: bool,
    functions: RefCell<FxHashMap<FuncId, DISubprogram<'c>>>,
    /// Positions by the function whose code they are in.
    locations: RefCell<FxHashMap<(FuncId, LocId), DILocation<'c>>>,
    /// Scopes of functions whose code has positions in another file than theirs.
    other_files: RefCell<FxHashMap<(FuncId, u32), DIScope<'c>>>,
}

/// The file that a function comes from.
pub fn source_file(program: &Program, id: FuncId) -> &str {
    let loc = program.locs.get(program.funcs[id].loc).copied().unwrap_or_default();
    program.files.get(loc.file as usize).map_or("program", String::as_str)
}

impl<'c, 'p> DebugInfo<'c, 'p> {
    /// The compilation unit has its name from its first function.
    pub fn new(
        ctx: &'c inkwell::context::Context,
        module: &Module<'c>,
        program: &'p Program,
        first: Option<FuncId>,
        optimised: bool,
    ) -> DebugInfo<'c, 'p> {
        let number = |value: u64| ctx.i32_type().const_int(value, false);
        let version = number(debug_metadata_version().into());
        module.add_basic_value_flag("Debug Info Version", FlagBehavior::Warning, version);
        module.add_basic_value_flag("Dwarf Version", FlagBehavior::Warning, number(DWARF_VERSION));
        let main = first.map_or("program", |id| source_file(program, id));
        let (builder, unit) = module.create_debug_info_builder(
            true,
            DWARFSourceLanguage::Go,
            main,
            "",
            "tinygo",
            optimised,
            "",
            0,
            "",
            DWARFEmissionKind::Full,
            0,
            false,
            false,
            "",
            "",
        );
        let files = program.files.iter().map(|file| builder.create_file(file, "")).collect();
        DebugInfo {
            program,
            ctx,
            builder,
            unit,
            files,
            optimised,
            functions: RefCell::default(),
            locations: RefCell::default(),
            other_files: RefCell::default(),
        }
    }

    /// Says that this is the code of that function.
    pub fn attach(&self, id: FuncId, value: FunctionValue<'c>) {
        value.set_subprogram(self.function(id));
    }

    /// The position of an instruction in the code of `func`; unknown ones get line 0, as LLVM wants a position at every
    /// call that it may inline.
    pub fn location(&self, func: FuncId, loc: LocId) -> DILocation<'c> {
        if let Some(&location) = self.locations.borrow().get(&(func, loc)) {
            return location;
        }
        let data = self.program.locs.get(loc).copied().unwrap_or_default();
        let (owner, call) = match data.inlined {
            Some((call, callee)) => (callee, Some(self.location(func, call))),
            None => (func, None),
        };
        let scope = if data.line == 0 {
            self.function(owner).as_debug_info_scope()
        } else {
            self.scope(owner, data.file)
        };
        let location = self.builder.create_debug_location(self.ctx, data.line, data.col, scope, call);
        self.locations.borrow_mut().insert((func, loc), location);
        location
    }

    pub fn finish(&self) {
        self.builder.finalize();
    }

    fn file(&self, index: u32) -> DIFile<'c> {
        self.files.get(index as usize).copied().unwrap_or_else(|| self.unit.get_file())
    }

    /// The function's scope as far as it lies in that file.
    fn scope(&self, func: FuncId, file: u32) -> DIScope<'c> {
        let function = self.function(func).as_debug_info_scope();
        let home = self.program.locs.get(self.program.funcs[func].loc).copied().unwrap_or_default();
        if home.file == file {
            return function;
        }
        *self.other_files.borrow_mut().entry((func, file)).or_insert_with(|| {
            self.builder.create_lexical_block(function, self.file(file), 0, 0).as_debug_info_scope()
        })
    }

    fn function(&self, id: FuncId) -> DISubprogram<'c> {
        *self.functions.borrow_mut().entry(id).or_insert_with(|| {
            let func = &self.program.funcs[id];
            let loc = self.program.locs.get(func.loc).copied().unwrap_or_default();
            let file = self.file(loc.file);
            let ty = self.builder.create_subroutine_type(file, None, &[], DIFlags::ZERO);
            self.builder.create_function(
                file.as_debug_info_scope(),
                &func.name,
                Some(symbol(self.program, id)),
                file,
                loc.line,
                ty,
                !func.attrs.exported,
                true,
                loc.line,
                DIFlags::ZERO,
                self.optimised,
            )
        })
    }
}
