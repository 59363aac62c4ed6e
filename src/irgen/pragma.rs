//! Pragmas of functions and variables, and symbol names: who implements what by `//go:linkname`.

use ir::{Func, FuncId, Signature};
use rustc_hash::FxHashMap;
use source::Name;
use syntax::ast::{DeclKind, Directive};
use types::{Checker, ObjId, ObjKind, PackageId};

use crate::func::Env;
use crate::program::Gen;

/// Objects by symbol name, across packages.
#[derive(Default)]
pub(crate) struct Symbols {
    packages: FxHashMap<String, PackageId>,
    /// `//go:linkname local symbol` on a function with a body: the symbol is this function.
    pushed: FxHashMap<String, ObjId>,
    /// `//go:linkname local symbol` on anything: the symbol that the object wants to be.
    wanted: FxHashMap<ObjId, String>,
}

impl Symbols {
    pub fn collect(g: &Gen<'_>) -> Symbols {
        let store = &g.checker.store;
        let mut symbols = Symbols::default();
        for pkg in store.package_ids() {
            let package = store.package(pkg);
            symbols.packages.insert(g.link_path(pkg), pkg);
            for file in &package.files {
                for directive in &file.file.directives {
                    if !matches!(directive.verb(), "go:linkname" | "go:linknamestd") {
                        continue;
                    }
                    let mut args = directive.args().split_whitespace();
                    let (Some(local), Some(symbol)) = (args.next(), args.next()) else { continue };
                    let Some(obj) = package.lookup(Name::new(local)) else { continue };
                    let has_body = store.obj(obj).func().is_some_and(|f| f.has_body);
                    if has_body || store.obj(obj).var().is_some() {
                        symbols.pushed.entry(symbol.to_owned()).or_insert(obj);
                    }
                    symbols.wanted.insert(obj, symbol.to_owned());
                }
            }
        }
        symbols
    }

    /// The object that a symbol is: pushed by some package, or named so (`pkg.f`, `pkg.(*T).m`).
    pub fn object(&self, checker: &Checker, symbol: &str) -> Option<ObjId> {
        if let Some(&obj) = self.pushed.get(symbol) {
            return Some(obj);
        }
        self.declared(checker, symbol)
    }

    /// The object that is declared under a symbol's name.
    fn declared(&self, checker: &Checker, symbol: &str) -> Option<ObjId> {
        let slash = symbol.rfind('/').map_or(0, |at| at + 1);
        let dot = slash + symbol[slash..].find('.')?;
        let (path, name) = (&symbol[..dot], &symbol[dot + 1..]);
        let package = checker.store.package(*self.packages.get(path)?);
        if let Some(obj) = package.lookup(Name::new(name)) {
            return Some(obj);
        }
        let (recv, method) = name.rsplit_once('.')?;
        let base = recv.trim_start_matches("(*").trim_end_matches(')');
        let type_name = package.lookup(Name::new(base))?;
        let method = Name::new(method);
        let methods = checker.store.methods_of(checker.store.obj(type_name).ty);
        methods.iter().copied().find(|&m| checker.store.obj(m).name == method)
    }
}

impl Gen<'_> {
    /// The directives above a function's declaration.
    pub fn func_directives(&self, obj: ObjId) -> Vec<Directive> {
        let object = self.checker.store.obj(obj);
        let Some(func) = object.func() else { return Vec::new() };
        let file = &self.checker.store.package(object.pkg).files[func.file as usize].file;
        let decl = file.func(func.decl);
        file.pragmas(file.decl(decl.decl).pragmas).to_vec()
    }

    /// Whether a function is kept whoever refers to it.
    pub fn is_root(&self, obj: ObjId) -> bool {
        let symbol = self.func_directives(obj).into_iter().find_map(|d| {
            matches!(d.verb(), "export" | "go:export" | "go:wasmexport").then(|| d.args().to_owned())
        });
        let callback = self.func_directives(obj).iter().any(|d| d.verb() == "go:callback");
        !callback && symbol.is_some_and(|symbol| self.config.keep_export(&symbol))
    }

    pub fn apply_func_pragmas(&mut self, obj: ObjId, func: &mut Func) {
        let has_body = self.checker.store.obj(obj).func().is_some_and(|f| f.has_body);
        let mut exported = None;
        for directive in self.func_directives(obj) {
            let attrs = &mut func.attrs;
            match directive.verb() {
                "export" | "go:export" => {
                    let symbol = directive.args().split_whitespace().next().unwrap_or_default();
                    exported.get_or_insert(symbol.to_owned());
                }
                "go:wasmexport" if self.config.wasm => {
                    exported = Some(directive.args().to_owned());
                    attrs.wasm_export = true;
                }
                "go:wasmimport" if self.config.wasm && !has_body => {
                    let mut args = directive.args().split_whitespace();
                    if let (Some(module), Some(name)) = (args.next(), args.next()) {
                        attrs.wasm_import = Some((module.to_owned(), name.to_owned()));
                        attrs.c_abi = true;
                    }
                }
                "go:noinline" => attrs.noinline = true,
                "go:inline" => attrs.always_inline = true,
                "go:nobounds" => attrs.nobounds = true,
                "go:interrupt" => attrs.interrupt = true,
                "go:section" => {
                    attrs.section = Some(directive.args().to_owned());
                    attrs.noinline = true;
                }
                "go:callback" => attrs.callback = true,
                "go:noreturn" => attrs.noreturn = true,
                "go:cold" => attrs.cold = true,
                "go:naked" => attrs.naked = true,
                _ => {}
            }
        }
        if let Some(symbol) = exported {
            func.attrs.symbol = Some(symbol);
            func.attrs.exported = has_body;
            func.attrs.c_abi = true;
        }
    }

    /// The function that stands behind a declaration without a body.
    pub fn resolve_bodyless(&mut self, obj: ObjId) -> Option<FuncId> {
        let name = self.object_name(obj);
        if name == "runtime.initAll" {
            return Some(self.declare_init_all());
        }
        let symbol = self.symbols.wanted.get(&obj).cloned().unwrap_or_else(|| name.clone());
        let found = self.symbols.object(self.checker, &symbol).filter(|&o| o != obj);
        if let Some(found) = found
            && matches!(self.checker.store.obj(found).kind, ObjKind::Func(_))
        {
            let implements = self.checker.store.obj(found).func().is_some_and(|f| f.has_body);
            if implements || self.is_intrinsic(found) {
                let id = if implements { self.func_id(found, &[])? } else { self.intrinsic_func(found)? };
                self.check_same_signature(obj, &symbol, id);
                return Some(id);
            }
        }
        if self.is_intrinsic(obj) {
            return self.intrinsic_func(obj);
        }
        let sig = self.func_signature(obj, &Env::default());
        let sig = if self.is_wasm_import(obj) { flatten_strings(&sig, &self.program.types) } else { sig };
        let mut func = Func::new(name.clone(), sig);
        self.apply_func_pragmas(obj, &mut func);
        func.attrs.c_abi = true;
        if func.attrs.wasm_import.is_some() || func.attrs.symbol.is_some() {
            // `//go:calls runtime.f`: the assembly comes back to it.
            for directive in self.func_directives(obj).into_iter().filter(|d| d.verb() == "go:calls") {
                let name = directive.args();
                match self.symbols.object(self.checker, name) {
                    Some(callback) => {
                        let id = self.func_id(callback, &[])?;
                        func.attrs.calls.extend(self.program.funcs[id].attrs.symbol.clone());
                    }
                    None => self.error_with_chain(
                        source::Pos::NONE,
                        None,
                        format!("//go:calls: there is no {name}"),
                    ),
                }
            }
            return Some(self.add_func(func));
        }
        let pos = self.checker.store.obj(obj).pos;
        let what = if symbol == name {
            format!("{name} has no body, and no package provides it")
        } else {
            format!("{name} stands for {symbol}, which no package provides")
        };
        self.error_with_chain(pos, Some(&name), what);
        None
    }

    pub fn is_wasm_import(&self, obj: ObjId) -> bool {
        self.func_directives(obj).iter().any(|d| d.verb() == "go:wasmimport")
    }

    /// Declaration and implementation meet only by name: their machine signatures must agree.
    fn check_same_signature(&mut self, obj: ObjId, symbol: &str, id: FuncId) {
        let declared = self.func_signature(obj, &Env::default());
        if self.program.funcs[id].sig != declared {
            let pos = self.checker.store.obj(obj).pos;
            let text = |g: &Gen<'_>, sig: &Signature| {
                let list =
                    |tys: &[ir::Type]| tys.iter().map(|&t| g.type_text(t)).collect::<Vec<_>>().join(", ");
                format!("({}) ({})", list(&sig.params), list(&sig.results))
            };
            let (want, have) = (text(self, &declared), text(self, &self.program.funcs[id].sig.clone()));
            self.error_with_chain(
                pos,
                Some(symbol),
                format!(
                    "the declaration of {symbol} by linkname differs from its body: {want} here, {have} there"
                ),
            );
        }
    }

    /// The variable that stands behind one with `//go:linkname`.
    pub fn linked_variable(&mut self, obj: ObjId) -> Option<ObjId> {
        let symbol = self.symbols.wanted.get(&obj)?.clone();
        let found = self
            .symbols
            .declared(self.checker, &symbol)
            .or_else(|| self.symbols.pushed.get(&symbol).copied())?;
        (found != obj && self.checker.store.obj(found).var().is_some()).then_some(found)
    }

    /// The directives above a variable's declaration.
    pub fn var_directives(&self, obj: ObjId) -> Vec<Directive> {
        let object = self.checker.store.obj(obj);
        for file in &self.checker.store.package(object.pkg).files {
            let file = &file.file;
            if object.pos > file.eof {
                continue;
            }
            for &decl in &file.decls {
                if let DeclKind::Var { names, .. } = file.decl(decl).kind
                    && file.tree.exprs(names).iter().any(|&n| file.tree[n].pos == object.pos)
                {
                    return file.pragmas(file.decl(decl).pragmas).to_vec();
                }
            }
        }
        Vec::new()
    }
}

/// WebAssembly has no strings: a string parameter becomes address and length.
pub(crate) fn flatten_strings(sig: &Signature, types: &ir::Types) -> Signature {
    let mut out = Signature { params: Vec::new(), results: sig.results.clone() };
    for &param in &sig.params {
        match types.fields(param) {
            [] => out.params.push(param),
            fields => out.params.extend_from_slice(fields),
        }
    }
    out
}
