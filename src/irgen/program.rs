//! The state of a run: the program under construction, the worklist, and who asked for what.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use ir::{Const, Func, FuncId, Global, GlobalId, LocId, Op, Program, Type};
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Diagnostic, FileId, FileSet, Name, Pos, SourceFile};
use types::{Checker, ObjId, PackageId, TypeId};

use crate::func::Env;
use crate::iface::Dispatch;
use crate::init::Inits;
use crate::intrinsic::KnownFuncs;
use crate::lift_ahead::LiftAhead;
use crate::pragma::Symbols;
use crate::purity::Purity;
use crate::rtype::RTypes;
use crate::{Config, Error};

/// A function that was asked for and has no body yet.
pub(crate) struct Work {
    pub id: FuncId,
    pub obj: ObjId,
    pub env: Rc<Env>,
}

/// Who asked for a function first.
#[derive(Clone, Copy, Default)]
pub(crate) struct Origin {
    pub from: Option<FuncId>,
}

pub(crate) struct Gen<'c> {
    pub checker: &'c mut Checker,
    pub files: &'c FileSet,
    pub config: &'c Config,
    pub main: PackageId,
    pub program: Program,
    pub diagnostics: Vec<Diagnostic>,
    pub reprs: FxHashMap<TypeId, Type>,
    pub queue: VecDeque<Work>,
    /// How many bodies at the front of the queue are parsed, or being parsed on other threads.
    pub parsed_ahead: usize,
    /// The function for panics that are no texts, until the rest is known.
    pub other_panics: Option<Work>,
    /// Functions by object and type arguments.
    pub funcs: FxHashMap<(ObjId, Arc<[TypeId]>), FuncId>,
    pub origins: Vec<Origin>,
    /// The function whose body is being generated.
    pub current: Origin,
    /// The variable whose initial value is made.
    pub initialised: Option<GlobalId>,
    pub globals: FxHashMap<ObjId, GlobalId>,
    pub symbols: Symbols,
    pub rtypes: RTypes,
    pub dispatch: Dispatch,
    pub inits: Inits,
    pub purity: Purity,
    pub known_funcs: KnownFuncs,
    runtime_funcs: FxHashMap<String, Option<FuncId>>,
    needed: FxHashSet<Op>,
    strings: FxHashMap<Vec<u8>, GlobalId>,
    /// Helper functions by name: thunks, wrappers, bound methods.
    pub helpers: FxHashMap<String, FuncId>,
    /// Types by name, for `type_key`.
    pub type_keys: FxHashMap<String, Vec<TypeId>>,
    pub func_values: FxHashMap<FuncId, GlobalId>,
    locs: FxHashMap<Pos, LocId>,
    file_numbers: FxHashMap<FileId, u32>,
    reported: FxHashSet<String>,
    pub lifting: LiftAhead,
}

impl<'c> Gen<'c> {
    pub fn new(checker: &'c mut Checker, files: &'c FileSet, main: PackageId, config: &'c Config) -> Gen<'c> {
        let mut g = Gen {
            checker,
            files,
            config,
            main,
            program: Program::new(config.layout),
            diagnostics: Vec::new(),
            reprs: FxHashMap::default(),
            queue: VecDeque::new(),
            parsed_ahead: 0,
            other_panics: None,
            funcs: FxHashMap::default(),
            origins: Vec::new(),
            current: Origin::default(),
            initialised: None,
            globals: FxHashMap::default(),
            symbols: Symbols::default(),
            rtypes: RTypes::default(),
            dispatch: Dispatch::default(),
            inits: Inits::default(),
            purity: Purity::default(),
            known_funcs: KnownFuncs::default(),
            runtime_funcs: FxHashMap::default(),
            needed: FxHashSet::default(),
            strings: FxHashMap::default(),
            helpers: FxHashMap::default(),
            type_keys: FxHashMap::default(),
            func_values: FxHashMap::default(),
            locs: FxHashMap::default(),
            file_numbers: FxHashMap::default(),
            reported: FxHashSet::default(),
            lifting: LiftAhead::default(),
        };
        g.symbols = Symbols::collect(&g);
        g
    }

    /// The program, or what is wrong with it.
    pub fn result(self) -> Result<Program, Error> {
        if self.diagnostics.is_empty() {
            Ok(self.program)
        } else {
            Err(Error { diagnostics: self.diagnostics })
        }
    }

    pub fn error(&mut self, pos: Pos, message: String) {
        if self.reported.insert(message.clone()) {
            self.diagnostics.push(Diagnostic::error(pos, message));
        }
    }

    /// An error with the chain of packages and functions that drag in what it is about: a function, or something in
    /// the one at hand.
    pub fn error_with_chain(&mut self, pos: Pos, function: Option<&str>, message: String) {
        const SHOWN: usize = 8;
        if !self.reported.insert(message.clone()) {
            return;
        }
        let mut chain: Vec<&str> = function.into_iter().collect();
        let mut at = self.current.from;
        while let Some(func) = at {
            chain.push(&self.program.funcs[func].name);
            at = self.origins[func.0 as usize].from;
        }
        // Up to where the program begins: package runtime starts it, but nobody imports it for that.
        let mut packages: Vec<&str> = chain.iter().map(|name| package_of(name)).collect();
        packages.dedup();
        while packages.len() > 1 && packages.last() == Some(&"runtime") {
            packages.pop();
        }
        let mut diagnostic = Diagnostic::error(pos, message);
        if packages.len() == 1 {
            // The chain of functions says it all.
            packages.clear();
        }
        for (index, package) in packages.iter().rev().enumerate() {
            let word = if index == 0 { "package" } else { "imports" };
            diagnostic = diagnostic.with_related(Pos::NONE, format!("{word} {package}"));
        }
        let users = &chain[usize::from(function.is_some())..];
        for name in users.iter().take(SHOWN) {
            diagnostic = diagnostic.with_related(Pos::NONE, format!("needed by {name}"));
        }
        if users.len() > SHOWN {
            diagnostic = diagnostic.with_related(Pos::NONE, "…");
        }
        self.diagnostics.push(diagnostic);
    }

    // Functions.

    /// Adds a function under a name that is made unique, remembering who asked.
    pub fn add_func(&mut self, mut func: Func) -> FuncId {
        if self.program.func_named(&func.name).is_some() {
            let base = func.name.clone();
            let mut n = 2;
            while self.program.func_named(&func.name).is_some() {
                func.name = format!("{base}#{n}");
                n += 1;
            }
        }
        let origin = self.current;
        let id = self.program.add_func(func);
        self.origins.push(origin);
        id
    }

    /// Puts a generated body in the place that `add_func` made.
    pub fn define(&mut self, id: FuncId, func: Func) {
        self.program.funcs[id] = func;
    }

    /// A helper function, made once per name: declared, so that its body may refer to itself, then generated.
    pub fn helper(
        &mut self,
        name: String,
        sig: ir::Signature,
        build: impl FnOnce(&mut Gen<'c>, Func) -> Func,
    ) -> FuncId {
        if let Some(&id) = self.helpers.get(&name) {
            return id;
        }
        let id = self.add_func(Func::new(name.clone(), sig));
        self.helpers.insert(name, id);
        let saved = std::mem::replace(&mut self.current, Origin { from: Some(id) });
        let func = self.program.funcs[id].clone();
        let func = build(self, func);
        self.define(id, func);
        self.current = saved;
        id
    }

    /// The function `runtime.x`; reports its absence.
    pub fn runtime_func(&mut self, name: &str) -> Option<FuncId> {
        if let Some(&id) = self.runtime_funcs.get(name) {
            return id;
        }
        let id = match self.symbols.object(self.checker, name) {
            Some(obj) => self.func_id(obj, &[]),
            None => {
                self.error_with_chain(
                    Pos::NONE,
                    None,
                    format!("package runtime has no function {name}, which compiled code calls"),
                );
                None
            }
        };
        self.runtime_funcs.insert(name.to_owned(), id);
        id
    }

    /// An operation is used: what its lowering calls becomes reachable.
    pub fn needs(&mut self, op: Op) {
        if self.needed.insert(op) {
            for name in ir::contract::needed_by(op) {
                self.runtime_func(name);
            }
            let save = ir::contract::SAVE_CONTEXT;
            if op == Op::Recover && self.symbols.object(self.checker, save).is_some() {
                self.runtime_func(save);
            }
        }
    }

    // Globals.

    pub fn add_global(&mut self, mut global: Global) -> GlobalId {
        if self.program.global_named(&global.name).is_some() {
            let base = global.name.clone();
            let mut n = 2;
            while self.program.global_named(&global.name).is_some() {
                global.name = format!("{base}#{n}");
                n += 1;
            }
        }
        self.program.add_global(global)
    }

    /// A name for what the source does not name, by the function or variable that has it: it stays the same whatever
    /// else the program holds, so that code that refers to it can be kept from one build to the next.
    pub fn owned_name(&self, what: &str) -> String {
        let owner = match (self.current.from, self.initialised) {
            (Some(func), _) => &self.program.funcs[func].name,
            (None, Some(global)) => &self.program.globals[global].name,
            (None, None) => return what.to_owned(),
        };
        format!("{owner}·{what}")
    }

    /// A constant under the name `stem`, made unique.
    pub fn constant(&mut self, stem: &str, ty: Type, init: Const) -> GlobalId {
        self.add_global(Global { constant: true, init, ..Global::new(stem, ty) })
    }

    /// The bytes of a string constant; equal strings share them.
    pub fn string_data(&mut self, bytes: &[u8]) -> GlobalId {
        if let Some(&id) = self.strings.get(bytes) {
            return id;
        }
        let ty = self.program.types.array(Type::I8, bytes.len() as u64);
        let name = ir::content_name("string", bytes);
        let id = self.constant(&name, ty, Const::Bytes(bytes.to_vec()));
        self.strings.insert(bytes.to_vec(), id);
        id
    }

    // Positions and names.

    pub fn source(&self, id: FileId) -> Arc<SourceFile> {
        self.files.file(id)
    }

    pub fn loc(&mut self, file: &SourceFile, pos: Pos) -> LocId {
        if let Some(&loc) = self.locs.get(&pos) {
            return loc;
        }
        let position = file.position(pos);
        let number = *self.file_numbers.entry(file.id).or_insert_with(|| {
            self.program.files.push(file.path.to_string());
            self.program.files.len() as u32 - 1
        });
        let loc = ir::Loc { file: number, line: position.line, col: position.column, inlined: None };
        let id = self.program.locs.push(loc);
        self.locs.insert(pos, id);
        id
    }

    /// The path of a package in symbol names: `main` for the main package.
    pub fn link_path(&self, pkg: PackageId) -> String {
        let package = self.checker.store.package(pkg);
        if package.name == Name::MAIN { "main".to_owned() } else { package.path.clone() }
    }

    /// Name of an object in the program, e.g. `main.f`, `main.(*T).M`.
    pub fn object_name(&mut self, obj: ObjId) -> String {
        let object = self.checker.store.obj(obj);
        let (name, pkg) = (object.name, object.pkg);
        let recv = object.func().and_then(|f| f.recv);
        let path = self.link_path(pkg);
        match recv {
            None => format!("{path}.{name}"),
            Some(recv) => {
                let base = match self.named(recv.base) {
                    Some(named) => self.checker.store.obj(named.obj).name,
                    None => Name::BLANK,
                };
                if recv.pointer {
                    format!("{path}.(*{base}).{name}")
                } else {
                    format!("{path}.{base}.{name}")
                }
            }
        }
    }
}

/// The import path in a function's name: `net` of `net.(*Conn).Read`, `a.b/c` of `a.b/c.f[d.e/g.T]`.
fn package_of(name: &str) -> &str {
    let plain = &name[..name.find('[').unwrap_or(name.len())];
    let name = plain.strip_prefix("(*").or(plain.strip_prefix('(')).unwrap_or(plain);
    let last = name.rfind('/').map_or(0, |at| at + 1);
    let end = name[last..].find('.').map_or(name.len(), |at| last + at);
    &name[..end]
}
