//! The whole program: functions, globals, run-time types, source locations.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::entity::{FuncId, GlobalId, IndexVec, LocId, RTypeId};
use crate::func::Func;
use crate::rtype::RType;
use crate::ty::{TargetLayout, Type, Types};

/// Which operations are legal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Go's operations: allocation, checks, interfaces, closures, defer.
    Go,
    /// Integers, floats, pointers, aggregates, calls: what LLVM gets.
    Lowered,
}

#[derive(Clone, Debug)]
pub struct Program {
    pub level: Level,
    pub types: Types,
    pub funcs: IndexVec<FuncId, Func>,
    pub globals: IndexVec<GlobalId, Global>,
    pub rtypes: IndexVec<RTypeId, RType>,
    /// Names of source files, as diagnostics and debug information show them.
    pub files: Vec<String>,
    /// Interned locations; entry 0 is "unknown".
    pub locs: IndexVec<LocId, Loc>,
    /// Handlers by interrupt number, from `interrupt.New`.
    pub interrupts: BTreeMap<u32, FuncId>,
    pub(crate) func_names: FxHashMap<String, FuncId>,
    pub(crate) global_names: FxHashMap<String, GlobalId>,
}

/// A position in the source, inside a chain of inlined calls.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Loc {
    /// Index into `Program::files`.
    pub file: u32,
    /// From 1; 0 is unknown.
    pub line: u32,
    pub col: u32,
    /// The call that was replaced by the callee's body, and the callee.
    pub inlined: Option<(LocId, FuncId)>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Global {
    /// Unique in the program, e.g. `main.counter`, `main.f·str1`.
    pub name: String,
    /// Name in the object file where it is not `name` (`//go:extern`, `//export`).
    pub symbol: Option<String>,
    pub ty: Type,
    /// Never written: may live in flash and be merged with equal ones.
    pub constant: bool,
    /// Defined elsewhere (linker script, assembly): no initial value.
    pub external: bool,
    /// Kept even if nothing in the program refers to it.
    pub exported: bool,
    pub section: Option<String>,
    /// Least alignment in bytes; 0 = that of the type.
    pub align: u64,
    pub init: Const,
}

/// An initial value, read together with the type of its place.
#[derive(Clone, PartialEq, Debug)]
pub enum Const {
    Zero,
    Int(i64),
    /// Bits of an f64, as in `Aux::Float`.
    Float(u64),
    /// For arrays of i8.
    Bytes(Vec<u8>),
    /// Fields of a struct or elements of an array.
    Aggregate(Vec<Const>),
    /// Address of a global plus an offset in bytes.
    Addr(GlobalId, i64),
    Code(FuncId),
    /// The address of a global plus an offset, as an integer of the place's width (zero-extended or cut): the
    /// `NameOff` and `TypeOff` of type descriptors. Static images lie below 2 GB.
    AddrInt(GlobalId, i64),
    /// The address of a function as an integer of the place's width (`TextOff`).
    CodeInt(FuncId),
    /// Address of a type descriptor (`Level::Go` only).
    RType(RTypeId),
}

/// Inline assembly.
#[derive(Clone, PartialEq, Debug)]
pub struct Asm {
    /// LLVM's template syntax (`$0` …).
    pub template: String,
    /// LLVM's constraint string.
    pub constraints: String,
}

impl Program {
    pub fn new(target: TargetLayout) -> Program {
        let mut locs = IndexVec::new();
        locs.push(Loc::default());
        Program {
            level: Level::Go,
            types: Types::new(target),
            funcs: IndexVec::new(),
            globals: IndexVec::new(),
            rtypes: IndexVec::new(),
            files: Vec::new(),
            locs,
            interrupts: BTreeMap::new(),
            func_names: FxHashMap::default(),
            global_names: FxHashMap::default(),
        }
    }

    /// Adds a function; its name must be new.
    pub fn add_func(&mut self, func: Func) -> FuncId {
        let id = self.funcs.next_key();
        let old = self.func_names.insert(func.name.clone(), id);
        assert!(old.is_none(), "function {} added twice", func.name);
        self.funcs.push(func)
    }

    /// Adds a global; its name must be new.
    pub fn add_global(&mut self, global: Global) -> GlobalId {
        let id = self.globals.next_key();
        let old = self.global_names.insert(global.name.clone(), id);
        assert!(old.is_none(), "global {} added twice", global.name);
        self.globals.push(global)
    }

    /// Keeps the marked items only; the ids inside them, and those of names, are renumbered by [`crate::edit::retain`].
    pub(crate) fn retain_items(
        &mut self,
        funcs: &IndexVec<FuncId, bool>,
        globals: &IndexVec<GlobalId, bool>,
        rtypes: &IndexVec<RTypeId, bool>,
    ) {
        self.funcs.retain(|id| funcs[id]);
        self.globals.retain(|id| globals[id]);
        self.rtypes.retain(|id| rtypes[id]);
    }

    pub fn func_named(&self, name: &str) -> Option<FuncId> {
        self.func_names.get(name).copied()
    }

    pub fn global_named(&self, name: &str) -> Option<GlobalId> {
        self.global_names.get(name).copied()
    }
}

/// A name for a constant that the source does not name, by what is in it: it stays the same whatever else the program
/// holds, so that code that refers to it can be kept from one build to the next.
pub fn content_name(stem: &str, content: &[u8]) -> String {
    // Whoever adds the constant deals with names that are taken.
    format!("{stem}·{:016x}", stable_hash(content))
}

/// FNV-1a, 64 bits: the same in every build, on every machine.
pub fn stable_hash(bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    bytes.iter().fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

impl Global {
    /// A zeroed variable.
    pub fn new(name: impl Into<String>, ty: Type) -> Global {
        Global {
            name: name.into(),
            symbol: None,
            ty,
            constant: false,
            external: false,
            exported: false,
            section: None,
            align: 0,
            init: Const::Zero,
        }
    }
}
