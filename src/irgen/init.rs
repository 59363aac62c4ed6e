//! Package initialisation: `runtime.initAll` runs the initialisers of reached variables and all `init` functions, package
//! by package (specification, "Package initialization").
//!
//! An initialiser of a variable that nobody reaches is dropped if evaluating it has no effect.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use ir::builder::Builder;
use ir::{Func, FuncId, Op, Signature};
use rustc_hash::FxHashMap;
use syntax::ast::ExprId;
use types::{Info, Initializer, ObjId, PackageId};

use crate::func::{Env, FuncGen};
use crate::program::{Gen, Origin};
use crate::statics::Source;

/// What became of an initialiser.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Unreached,
    Queued,
    /// Initial data of the variable.
    Data,
    Code(FuncId),
}

#[derive(Default)]
pub(crate) struct Inits {
    packages: Vec<(PackageId, Arc<[Initializer]>)>,
    states: Vec<Vec<State>>,
    by_var: FxHashMap<ObjId, (usize, usize)>,
    queue: Vec<(usize, usize)>,
    init_all: Option<FuncId>,
    facts: FxHashMap<(usize, usize), Arc<Info>>,
    /// Packages of `Config::init_when_used` that nobody has used so far, as indices.
    unused: Vec<usize>,
    /// Packages that something is reached of.
    used: BTreeSet<PackageId>,
}

impl Gen<'_> {
    /// Reads the order of initialisation and queues what must run in any case.
    pub fn add_init_roots(&mut self) {
        for pkg in self.checker.store.package_ids().collect::<Vec<_>>() {
            let order = self.checker.init_order(pkg);
            self.take_checker_errors();
            let index = self.inits.packages.len();
            for (i, init) in order.iter().enumerate() {
                for &obj in &init.lhs {
                    self.inits.by_var.insert(obj, (index, i));
                }
            }
            self.inits.states.push(vec![State::Unreached; order.len()]);
            self.inits.packages.push((pkg, order.clone()));
            if self.config.init_when_used.contains(&self.checker.store.package(pkg).path) {
                self.inits.unused.push(index);
            } else {
                self.initialize_package(index);
            }
            // A variable that is reached already waits for its initialiser.
            for (i, init) in order.iter().enumerate() {
                if init.lhs.iter().any(|obj| self.globals.contains_key(obj)) {
                    self.queue_initializer(index, i);
                }
            }
        }
    }

    /// Queues what a package does when it is initialised, whoever uses its variables.
    fn initialize_package(&mut self, index: usize) {
        let (pkg, order) = self.inits.packages[index].clone();
        for (i, init) in order.iter().enumerate() {
            if !self.is_pure_initializer(pkg, init) && !self.is_of_tests(pkg, init) {
                self.queue_initializer(index, i);
            }
        }
        for obj in self.checker.store.package(pkg).inits.clone() {
            self.func_id(obj, &[]);
        }
    }

    /// Whether only those tests miss an initialiser that look at its variables.
    fn is_of_tests(&self, pkg: PackageId, init: &Initializer) -> bool {
        if !self.config.some_tests {
            return false;
        }
        let file = self.checker.store.package(pkg).files[init.file as usize].file.id;
        let blank = |&obj: &ObjId| self.checker.store.obj(obj).name.is_blank();
        self.source(file).path.ends_with("_test.go") && !init.lhs.is_empty() && !init.lhs.iter().any(blank)
    }

    /// Something of a package is reached.
    pub fn package_used(&mut self, pkg: PackageId) {
        self.inits.used.insert(pkg);
    }

    /// Initialises packages that have turned out to be used. Returns whether there were any.
    pub fn initialize_used_packages(&mut self) -> bool {
        let unused = std::mem::take(&mut self.inits.unused);
        let (used, unused): (Vec<_>, Vec<_>) =
            unused.into_iter().partition(|&index| self.inits.used.contains(&self.inits.packages[index].0));
        self.inits.unused = unused;
        for &index in &used {
            self.initialize_package(index);
        }
        !used.is_empty()
    }

    fn queue_initializer(&mut self, package: usize, index: usize) {
        let state = &mut self.inits.states[package][index];
        if *state == State::Unreached {
            *state = State::Queued;
            self.inits.queue.push((package, index));
        }
    }

    /// A variable is part of the program.
    pub fn variable_reached(&mut self, obj: ObjId) {
        if let Some(&(package, index)) = self.inits.by_var.get(&obj) {
            self.queue_initializer(package, index);
        }
    }

    /// Generates queued initialisers. Returns whether there were any.
    pub fn generate_initializers(&mut self) -> bool {
        let queue = std::mem::take(&mut self.inits.queue);
        let any = !queue.is_empty();
        for (package, index) in queue {
            let (pkg, order) = self.inits.packages[package].clone();
            let state = self.generate_initializer(pkg, &order[index]);
            self.inits.states[package][index] = state;
        }
        any
    }

    fn generate_initializer(&mut self, pkg: PackageId, init: &Initializer) -> State {
        let package_file = &self.checker.store.package(pkg).files[init.file as usize];
        let (file, version) = (package_file.file.clone(), package_file.go_version);
        let info = self.file_facts(pkg, init.file as usize);
        let source = Source { tree: &file.tree, info: &info };
        let env = Env::default();
        if let [obj] = init.lhs[..]
            && !self.checker.store.obj(obj).name.is_blank()
        {
            let Some(global) = self.global(obj) else { return State::Data };
            if self.is_given(obj) {
                return State::Data;
            }
            let ty = self.checker.store.obj(obj).ty;
            let ty = self.canonical(ty);
            self.initialised = Some(global);
            let data = self.static_data(source, &env, init.rhs, ty, true);
            self.initialised = None;
            if let Some(data) = data {
                let repr = self.repr(ty);
                if self.program.types.size(repr) != 0 {
                    self.program.globals[global].init = data;
                }
                return State::Data;
            }
        }
        let name = match init.lhs.first() {
            Some(&obj) => format!("{}$init", self.object_name(obj)),
            None => format!("{}.init$", self.link_path(pkg)),
        };
        let id = self.add_func(Func::new(name, Signature::default()));
        self.current = Origin { from: Some(id) };
        let func = self.program.funcs[id].clone();
        let source_file = self.source(file.id);
        let mut f = FuncGen::new(self, &file.tree, &info, source_file, version, Rc::new(env), func);
        f.id = Some(id);
        f.initializer(&init.lhs, init.rhs);
        f.finish_as(id);
        self.current = Origin::default();
        State::Code(id)
    }

    fn is_given(&mut self, obj: ObjId) -> bool {
        let name = self.object_name(obj);
        self.config.strings.contains_key(&name) || self.config.ints.contains_key(&name)
    }

    /// Number of an `init` function among those of its package.
    pub fn init_number(&self, obj: ObjId) -> usize {
        let pkg = self.checker.store.obj(obj).pkg;
        self.checker.store.package(pkg).inits.iter().position(|&o| o == obj).unwrap_or(0)
    }

    pub fn declare_init_all(&mut self) -> FuncId {
        if let Some(id) = self.inits.init_all {
            return id;
        }
        let id = self.add_func(Func::new("runtime.initAll", Signature::default()));
        self.inits.init_all = Some(id);
        id
    }

    /// Writes the body of `runtime.initAll`.
    pub fn define_init_all(&mut self) {
        let Some(id) = self.inits.init_all else { return };
        let mut calls = Vec::new();
        for (index, (pkg, order)) in self.inits.packages.clone().into_iter().enumerate() {
            for i in 0..order.len() {
                if let State::Code(func) = self.inits.states[index][i] {
                    calls.push(func);
                }
            }
            if self.inits.unused.contains(&index) {
                continue;
            }
            for obj in self.checker.store.package(pkg).inits.clone() {
                calls.extend(self.func_id(obj, &[]));
            }
        }
        let mut func = Func::new("runtime.initAll", Signature::default());
        let entry = func.add_block();
        let mut b = Builder::new(&mut func, entry);
        for call in calls {
            b.call(call, &Signature::default(), []);
        }
        b.ret([]);
        self.define(id, func);
    }

    /// Errors that the checker found in library code on the way.
    pub fn take_checker_errors(&mut self) {
        for diagnostic in self.checker.take_errors() {
            if diagnostic.is_error() && !self.diagnostics.contains(&diagnostic) {
                self.diagnostics.push(diagnostic);
            }
        }
    }

    /// The facts about a file's package level, to be held while bodies are checked.
    pub fn file_facts(&mut self, pkg: PackageId, file: usize) -> Arc<Info> {
        if let Some(info) = self.inits.facts.get(&(pkg.index(), file)) {
            return info.clone();
        }
        let info = Arc::new(self.checker.file_info(pkg, file).clone());
        self.inits.facts.insert((pkg.index(), file), info.clone());
        info
    }
}

impl FuncGen<'_, '_, '_> {
    /// `lhs = rhs` at package level.
    fn initializer(&mut self, lhs: &[ObjId], rhs: ExprId) {
        let pos = self.tree[rhs].pos;
        self.at(pos);
        self.func.loc = self.loc;
        if let [obj] = lhs {
            let object = self.g.checker.store.obj(*obj);
            let (ty, blank) = (object.ty, object.name.is_blank());
            let ty = self.subst(ty);
            match self.g.global(*obj).filter(|_| !blank) {
                Some(global) => {
                    let addr = self.b().global(global);
                    self.init_place(addr, ty, rhs);
                }
                None => self.effect(rhs),
            }
        } else {
            let values = self.values(rhs, lhs.len());
            for (&obj, (value, from)) in lhs.iter().zip(values) {
                let object = self.g.checker.store.obj(obj);
                let (ty, blank) = (object.ty, object.name.is_blank());
                if blank {
                    continue;
                }
                let ty = self.subst(ty);
                let value = self.assign_conv(value, from, ty);
                if let Some(global) = self.g.global(obj) {
                    let addr = self.b().global(global);
                    self.store_place(addr, value);
                }
            }
        }
        self.b().ret([]);
    }

    /// An operation without result.
    pub fn op_effect(&mut self, op: Op, args: Vec<ir::Value>) {
        self.b().effect(op, args, ir::Aux::None);
    }
}
