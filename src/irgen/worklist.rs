//! The worklist: functions are declared when something refers to them and generated until nothing is missing.

use std::rc::Rc;
use std::sync::Arc;

use ir::{Func, FuncId};
use source::{Name, Pos};
use types::{ObjId, TypeId};

use crate::format::PRINTS_OTHERS;
use crate::func::{Env, FuncGen};
use crate::program::{Gen, Origin, Work};

/// So few bodies are not worth the way to another thread.
const FEW: usize = 8;

impl<'c> Gen<'c> {
    /// Everything that is kept whoever refers to it.
    pub fn add_roots(&mut self) {
        for pkg in self.checker.store.package_ids().collect::<Vec<_>>() {
            if self.config.library && pkg != self.main {
                continue;
            }
            for obj in self.checker.store.package(pkg).funcs.clone() {
                let Some(func) = self.checker.store.obj(obj).func().copied() else { continue };
                if func.has_body && self.is_root(obj) {
                    self.func_id(obj, &[]);
                }
            }
        }
        if self.config.library {
            return;
        }
        for symbol in self.config.roots.clone() {
            match self.symbols.object(self.checker, &symbol) {
                Some(obj) => {
                    self.func_id(obj, &[]);
                }
                None => self.error(Pos::NONE, format!("no package defines {symbol}, which the target needs")),
            }
        }
        let main = self.checker.store.package(self.main).lookup(Name::MAIN);
        match main {
            Some(obj) if self.checker.store.obj(obj).func().is_some() => {
                self.func_id(obj, &[]);
            }
            _ => self.error(Pos::NONE, "function main is undeclared in the main package".to_owned()),
        }
        self.add_init_roots();
    }

    /// Generates until the worklist is empty.
    pub fn run(&mut self) {
        loop {
            while let Some(work) = self.queue.pop_front() {
                self.parse_ahead();
                self.generate(&work);
            }
            let more = self.generate_wrappers()
                || self.generate_method_exprs()
                || self.generate_initializers()
                || self.complete_rtypes();
            if !more && !self.initialize_used_packages() && !self.print_other_panics() {
                break;
            }
        }
        self.define_init_all();
        self.lift_all();
    }

    /// Has the bodies of the functions that come next parsed on another thread.
    fn parse_ahead(&mut self) {
        self.parsed_ahead = self.parsed_ahead.saturating_sub(1);
        let new = self.queue.len() - self.parsed_ahead.min(self.queue.len());
        if self.parsed_ahead >= FEW || new < FEW {
            return;
        }
        let store = &self.checker.store;
        let parsed = |work: &Work| {
            let object = store.obj(work.obj);
            let func = object.func()?;
            let file = store.package(object.pkg).files[func.file as usize].file.clone();
            Some((self.files.file(file.id), file, func.decl))
        };
        let bodies: Vec<_> = self.queue.iter().skip(self.parsed_ahead).filter_map(parsed).collect();
        self.parsed_ahead = self.queue.len();
        rayon::spawn_fifo(move || {
            for (source, file, decl) in bodies {
                file.func(decl).body(&source.bytes);
                // The table of the file's lines is made with the first place that is asked for.
                source.line_column(0);
            }
        });
    }

    /// Generates what prints panics that are no texts, if there are such.
    fn print_other_panics(&mut self) -> bool {
        let Some(work) = self.other_panics.take() else { return false };
        self.lift_all();
        let error = self.checker.store.error;
        let error = self.rtype(error);
        if crate::panics::only_texts(&self.program, error) {
            let func = self.program.funcs[work.id].clone();
            let func = crate::method::build_plain(self, func, |f| f.b().unreachable());
            self.define(work.id, func);
            return false;
        }
        self.queue.push_back(work);
        true
    }

    /// The function that an object is, for these type arguments (those of the receiver first). `None` if it has no
    /// body anywhere, which is reported.
    pub fn func_id(&mut self, obj: ObjId, targs: &[TypeId]) -> Option<FuncId> {
        let key = (obj, Arc::<[TypeId]>::from(targs));
        if let Some(&id) = self.funcs.get(&key) {
            return Some(id);
        }
        let func = self.checker.store.obj(obj).func().copied()?;
        if func.has_body {
            self.package_used(self.checker.store.obj(obj).pkg);
        }
        let id = if func.has_body { self.declare(obj, targs) } else { self.resolve_bodyless(obj)? };
        self.funcs.insert(key, id);
        Some(id)
    }

    /// Declares a function with a body and queues it.
    fn declare(&mut self, obj: ObjId, targs: &[TypeId]) -> FuncId {
        let env = Rc::new(self.env_of(obj, targs));
        let mut name = self.object_name(obj);
        if self.checker.store.obj(obj).name == Name::INIT
            && self.checker.store.obj(obj).func().is_some_and(|f| f.recv.is_none())
        {
            name = format!("{name}.{}", self.init_number(obj));
        }
        if !targs.is_empty() {
            let args: Vec<String> = targs.iter().map(|&t| self.type_name(t)).collect();
            name = format!("{name}[{}]", args.join(","));
        }
        let missing = self.config.missing.get(&name);
        if let Some(what) = missing {
            let message = format!("{name} needs {what}");
            self.error_with_chain(self.checker.store.obj(obj).pos, Some(&name), message);
        }
        let sig = self.func_signature(obj, &env);
        let mut func = Func::new(name, sig);
        self.apply_func_pragmas(obj, &mut func);
        if matches!(func.name.as_str(), "reflect.packEface" | "reflect.valueInterface") {
            self.dispatch.reflects = true;
        }
        let calls_methods = func.name == "reflect.methodReceiver";
        let id = self.add_func(func);
        let work = Work { id, obj, env };
        if self.program.funcs[id].name == PRINTS_OTHERS {
            // It is asked for when descriptors are complete.
            let error = self.checker.store.error;
            self.rtype(error);
            self.other_panics = Some(work);
        } else if missing.is_none() {
            self.queue.push_back(work);
        }
        if calls_methods {
            self.exported_methods_called();
        }
        id
    }

    /// The type arguments by type parameter: those of the receiver's type, then the function's own.
    pub fn env_of(&mut self, obj: ObjId, targs: &[TypeId]) -> Env {
        if targs.is_empty() {
            return Env::default();
        }
        let object = self.checker.store.obj(obj).clone();
        let mut params: Vec<TypeId> = Vec::new();
        if let Some(recv) = object.func().and_then(|f| f.recv)
            && let Some(named) = self.named(recv.base)
        {
            params.extend(named.tparams.iter());
        }
        if let Some(sig) = self.checker.store.signature(object.ty) {
            params.extend(sig.type_params.iter());
        }
        Env { params, args: targs.to_vec() }
    }

    /// Type of a method's receiver in terms of its type's own parameters.
    pub fn receiver_type(&mut self, obj: ObjId) -> Option<TypeId> {
        let recv = self.checker.store.obj(obj).func()?.recv?;
        Some(if recv.pointer { self.store().pointer(recv.base) } else { recv.base })
    }

    /// The machine signature of a declared function, receiver first.
    pub fn func_signature(&mut self, obj: ObjId, env: &Env) -> ir::Signature {
        let recv = self.receiver_type(obj).map(|ty| self.close(ty, env));
        let ty = self.checker.store.obj(obj).ty;
        let Some(sig) = self.checker.store.signature(ty) else { return ir::Signature::default() };
        let mut params: Vec<ir::Type> = recv.map(|ty| self.repr(ty)).into_iter().collect();
        let mut results = Vec::new();
        for param in sig.params.iter() {
            let ty = self.close(param.ty, env);
            params.push(self.repr(ty));
        }
        for result in sig.results.iter() {
            let ty = self.close(result.ty, env);
            results.push(self.repr(ty));
        }
        ir::Signature { params, results }
    }

    fn generate(&mut self, work: &Work) {
        if self.config.library && self.checker.store.obj(work.obj).pkg != self.main {
            return; // the program has it, or the optimiser finds that nobody needs it
        }
        let body = self.checker.check_func_body(work.obj);
        self.take_checker_errors();
        let file = self.source(body.file.0.id);
        let decl = body.file.0.func(body.decl);
        let Some(text) = decl.body(&file.bytes) else { return };
        self.current = Origin { from: Some(work.id) };
        let version = self.file_version(work.obj);
        let mut func = self.program.funcs[work.id].clone();
        func.loc = self.loc(&file, decl.pos);
        let loc = func.loc;
        let mut f = FuncGen::new(self, &text.tree, &body.info, file, version, work.env.clone(), func);
        f.id = Some(work.id);
        f.loc = loc;
        let params: Vec<ObjId> = body.recv.iter().chain(&body.params).copied().collect();
        f.function(&params, &body.results, text.block);
        f.finish_as(work.id);
        self.current = Origin::default();
    }

    /// Language version of the file that declares a function.
    fn file_version(&self, obj: ObjId) -> (u32, u32) {
        let object = self.checker.store.obj(obj);
        let Some(func) = object.func() else { return (1, 26) };
        self.checker.store.package(object.pkg).files[func.file as usize].go_version
    }

    /// A name for a type. Types that functions declare may share it.
    pub fn type_name(&mut self, ty: TypeId) -> String {
        self.checker.store.type_string(ty, types::Qualify::Path)
    }

    /// A name for a type that no other type has.
    pub fn type_key(&mut self, ty: TypeId) -> String {
        let ty = self.canonical(ty);
        let name = self.type_name(ty);
        let same = self.type_keys.entry(name.clone()).or_default();
        let number = same.iter().position(|&other| other == ty).unwrap_or_else(|| {
            same.push(ty);
            same.len() - 1
        });
        if number == 0 { name } else { format!("{name}#{}", number + 1) }
    }
}
