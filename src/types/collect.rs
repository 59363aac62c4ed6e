//! Collects the objects of a package: file and package scopes, methods by receiver, imports.

use crate::Checker;
use crate::constant;
use crate::ctx::Ctx;
use crate::decl::{DeclInfo, Declared};
use crate::info::Info;
use crate::init_order::VarInit;
use crate::object::{Func, ObjId, ObjKind, Object, Var, VarKind};
use crate::package::{Package, PackageFile, PackageId, PackageSource};
use crate::ty::TypeId;
use rustc_hash::FxHashMap;
use source::{Diagnostic, Name, Pos};
use std::sync::Arc;
use syntax::ast::{DeclId, DeclKind, ExprId, ExprKind, File, FuncId, Tree};

pub(crate) fn collect_objects(c: &mut Checker, source: PackageSource) -> PackageId {
    let pkg = PackageId(c.store.packages.len() as u32);
    let name = source.files.first().map_or(Name::EMPTY, |f| f.package.name);
    let mut package = Package::new(&source.path, name);
    package.go_version = source.go_version;
    package.is_user = source.is_user;
    package.import_map = source.imports;
    c.store.packages.push(package);
    for file in source.files {
        let info = c.add_info(Info::for_tree(&file.tree));
        // "A file with a build constraint that implies go1.N gets max(N, 1.21)".
        let go_version = file.go_version.map_or(source.go_version, |v| v.max((1, 21)));
        c.store.packages[pkg.index()].files.push(PackageFile {
            file,
            info,
            scope: FxHashMap::default(),
            imports: Vec::new(),
            dot_imported: Vec::new(),
            go_version,
        });
    }
    for index in 0..c.store.package(pkg).files.len() {
        let file = c.store.package(pkg).files[index].file.clone();
        collect_file(c, pkg, index as u32, &file);
    }
    methods_of_aliases(c, pkg);
    check_imports_against_package(c, pkg);
    pkg
}

/// A receiver may name its type by an alias: its methods belong to what the alias stands for, if that is a type or a pointer
/// to one, named plainly.
fn methods_of_aliases(c: &mut Checker, pkg: PackageId) {
    let mut names: Vec<Name> = c.store.package(pkg).methods.keys().copied().collect();
    names.sort();
    for name in names {
        let Some(methods) = c.store.packages[pkg.index()].methods.remove(&name) else { continue };
        for method in methods {
            if let Some(base) = method_base(c, pkg, name, method) {
                c.store.packages[pkg.index()].methods.entry(base).or_default().push(method);
            }
        }
    }
}

/// The name of the defined type that a method belongs to: through aliases at most one pointer leads to it.
fn method_base(c: &Checker, pkg: PackageId, mut name: Name, method: ObjId) -> Option<Name> {
    let func = c.store.obj(method).func()?;
    let file = &c.store.package(pkg).files[func.file as usize].file;
    let recv = file.func(func.decl).recv?;
    let mut pointer = matches!(file.tree[file.tree.unparen(recv.ty)].kind, ExprKind::Star(_));
    // Longer chains are cycles, which are reported elsewhere.
    for _ in 0..100 {
        let info = c.decls.get(&c.store.package(pkg).lookup(name)?)?;
        let tree = &c.store.package(pkg).files[info.file as usize].file.tree;
        let DeclKind::Type { alias: true, ty, .. } = tree[info.decl].kind else { return Some(name) };
        let mut e = tree.unparen(ty);
        if let ExprKind::Star(x) = tree[e].kind {
            if std::mem::replace(&mut pointer, true) {
                return None;
            }
            e = tree.unparen(x);
        }
        let ExprKind::Name(next) = tree[e].kind else { return None };
        name = next;
    }
    None
}

fn collect_file(c: &mut Checker, pkg: PackageId, index: u32, file: &Arc<File>) {
    let name = c.store.package(pkg).name;
    if file.package.name != name && !file.package.name.is_empty() {
        c.error(file.package.pos, format!("package {}; expected package {name}", file.package.name));
    }
    if file.package.name.is_blank() {
        c.error(file.package.pos, "invalid package name _");
    }
    let info = c.store.package(pkg).files[index as usize].info;
    for &decl in &file.decls {
        let mut cx = Ctx::new(c, &file.tree, info, (pkg, index), None);
        match file.tree[decl].kind {
            DeclKind::Import { local, path } => {
                cx.import(local.map(|l| (l.name, l.pos)), path);
            }
            DeclKind::Const { names, .. } => {
                for (i, &e) in file.tree.exprs(names).iter().enumerate() {
                    let kind = ObjKind::Const(constant::Value::Unknown);
                    let what = Declared::Const { index: i as u32 };
                    cx.declare_package_object(decl, e, kind, what);
                }
            }
            DeclKind::Var { names, values, .. } => cx.collect_vars(decl, names, values),
            DeclKind::Type { name, .. } => {
                cx.declare_package_object(decl, name, ObjKind::TypeName, Declared::Type);
            }
            DeclKind::Func(id) => cx.collect_func(decl, id, file),
        }
    }
}

impl Ctx<'_> {
    fn package_mut(&mut self) -> &mut Package {
        let pkg = self.pkg;
        &mut self.c.store.packages[pkg.index()]
    }

    /// Creates an object at package level and enters it into the package's scope.
    fn declare_package_object(
        &mut self,
        decl: DeclId,
        e: ExprId,
        kind: ObjKind,
        what: Declared,
    ) -> Option<ObjId> {
        let ident = self.ident(e)?;
        let is_func = matches!(kind, ObjKind::Func(_));
        let obj = self.new_object(ident.name, ident.pos, TypeId::INVALID, kind);
        self.record_object(e, obj);
        let info = DeclInfo { file: self.file, decl, kind: what, started: false };
        self.c.decls.insert(obj, info);
        if ident.name == Name::INIT || (ident.name == Name::MAIN && self.is_main_package()) {
            if !is_func {
                self.error(ident.pos, format!("cannot declare {} - must be func", ident.name));
                return Some(obj);
            }
            if ident.name == Name::INIT {
                return Some(obj);
            }
        }
        if !ident.name.is_blank() {
            self.enter_package_scope(ident.name, ident.pos, obj);
        } else if !is_func {
            self.package_mut().objects.push(obj);
        }
        Some(obj)
    }

    fn is_main_package(&self) -> bool {
        self.c.store.package(self.pkg).name == Name::MAIN
    }

    fn enter_package_scope(&mut self, name: Name, pos: Pos, obj: ObjId) {
        if let Some(other) = self.c.store.package(self.pkg).lookup(name) {
            let at = self.c.store.obj(other).pos;
            let related = format!("other declaration of {name}");
            self.error_related(pos, format!("{name} redeclared in this block"), at, related);
            self.package_mut().objects.push(obj);
            return;
        }
        let package = self.package_mut();
        package.scope.insert(name, obj);
        package.objects.push(obj);
    }

    fn collect_vars(&mut self, decl: DeclId, names: syntax::ast::ExprList, values: syntax::ast::ExprList) {
        let (names, values) = (self.tree.exprs(names), self.tree.exprs(values));
        let mut objs = Vec::with_capacity(names.len());
        for (i, &e) in names.iter().enumerate() {
            let kind = ObjKind::Var(Var::new(VarKind::Package, 0));
            objs.extend(self.declare_package_object(decl, e, kind, Declared::Var { index: i as u32 }));
        }
        let file = self.file;
        if values.len() == 1 && objs.len() > 1 {
            let init = VarInit { lhs: objs, rhs: values[0], file };
            self.package_mut().inits_of_vars.push(init);
        } else {
            for (&obj, &rhs) in objs.iter().zip(values) {
                self.package_mut().inits_of_vars.push(VarInit { lhs: vec![obj], rhs, file });
            }
        }
    }

    fn collect_func(&mut self, decl: DeclId, id: FuncId, file: &File) {
        let func = file.func(id);
        let data = Func { file: self.file, decl: id, recv: None, has_body: func.has_body() };
        let Some(ident) = self.ident(func.name) else { return };
        let obj = match func.recv {
            None => self.declare_package_object(decl, func.name, ObjKind::Func(data), Declared::Func),
            Some(recv) => {
                let obj = self.new_object(ident.name, ident.pos, TypeId::INVALID, ObjKind::Func(data));
                self.record_object(func.name, obj);
                let info = DeclInfo { file: self.file, decl, kind: Declared::Func, started: false };
                self.c.decls.insert(obj, info);
                if let Some(base) = receiver_base_name(self.tree, recv.ty)
                    && !ident.name.is_blank()
                {
                    self.package_mut().methods.entry(base).or_default().push(obj);
                }
                Some(obj)
            }
        };
        let Some(obj) = obj else { return };
        self.package_mut().funcs.push(obj);
        if func.recv.is_none() {
            let is_entry = ident.name == Name::INIT || (ident.name == Name::MAIN && self.is_main_package());
            if ident.name == Name::INIT {
                self.package_mut().inits.push(obj);
            }
            if is_entry {
                self.check_entry_function(ident.name, ident.pos, func);
            }
        }
    }

    fn check_entry_function(&mut self, name: Name, pos: Pos, func: &syntax::ast::FuncDecl) {
        if let Some(first) = self.tree.fields(func.type_params).first() {
            let at = first.name.map_or(pos, |name| self.tree.start(name));
            self.error(at, format!("func {name} must have no type parameters"));
        }
        if let ExprKind::FuncType { params, results } = self.tree[func.ty].kind
            && (!params.is_empty() || !results.is_empty())
        {
            self.error(pos, format!("func {name} must have no arguments and no return values"));
        }
        if !func.has_body() && name == Name::INIT {
            self.error(pos, format!("func {name} must have a body"));
        }
    }

    fn import(&mut self, local: Option<(Name, Pos)>, path: ExprId) {
        let pos = self.tree[path].pos;
        let ExprKind::Literal { text, bad: false, .. } = self.tree[path].kind else { return };
        let Some(bytes) = constant::unquote(self.tree.text(text)) else { return };
        let path = String::from_utf8_lossy(&bytes).into_owned();
        if path.is_empty() {
            return self.error(pos, "invalid import path (empty string)");
        }
        if let Some(bad) = path.chars().find(|&c| is_bad_in_path(c)) {
            let shown = if bad.is_control() { String::new() } else { format!(" '{bad}'") };
            let message = format!("invalid import path (invalid character U+{:04X}{shown})", bad as u32);
            return self.error(pos, message);
        }
        if let Some((_, at)) = local.filter(|_| path == "C") {
            return self.error(at, "cannot rename import \"C\"");
        }
        let clean: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let problem = if path.starts_with('/') {
            Some("import path cannot be absolute path".to_owned())
        } else if clean.join("/") != path {
            Some(format!("non-canonical import path {path:?} (should be {:?})", clean.join("/")))
        } else {
            None
        };
        if let Some(problem) = problem {
            self.error(pos, format!("could not import {path} ({problem})"));
            return self.fake_import(&path, local.map(|l| l.0), pos);
        }
        let imported = match path.as_str() {
            "unsafe" => Some(PackageId::UNSAFE),
            _ => self.c.store.package(self.pkg).import_map.get(&path).copied(),
        };
        let Some(imported) = imported else {
            if path == self.c.store.package(self.pkg).path {
                let message = format!(
                    "could not import {path} (import \"{path}\" while compiling that package (import cycle))"
                );
                return self.error(pos, message);
            }
            self.error(pos, format!("could not import {path} (package was not loaded)"));
            if local.is_none() && path == Name::INIT.as_str() {
                return self.error(pos, "cannot import package as init - init must be a func");
            }
            return self.fake_import(&path, local.map(|l| l.0), pos);
        };
        let package = self.package_mut();
        if !package.imports.contains(&imported) {
            package.imports.push(imported);
        }
        let imported_name = self.c.store.package(imported).name;
        let name = local.map_or(imported_name, |l| l.0);
        if name == Name::INIT {
            return self
                .error(local.map_or(pos, |l| l.1), "cannot import package as init - init must be a func");
        }
        if name.is_blank() {
            return;
        }
        if name.as_str() == "." {
            return self.dot_import(imported, local.map_or(pos, |l| l.1));
        }
        let at = local.map_or(pos, |l| l.1);
        let kind = ObjKind::PackageName { imported, used: false };
        let obj = self.new_object(name, at, TypeId::INVALID, kind);
        let file = self.file as usize;
        let scope = &mut self.package_mut().files[file].scope;
        if let Some(&other) = scope.get(&name) {
            let at_other = self.c.store.obj(other).pos;
            let related = format!("other declaration of {name}");
            self.error_related(at, format!("{name} redeclared in this block"), at_other, related);
        } else {
            scope.insert(name, obj);
        }
        self.package_mut().files[file].imports.push(obj);
    }

    /// Declares the name of a package that could not be imported, so that its uses are not reported, too.
    fn fake_import(&mut self, path: &str, local: Option<Name>, pos: Pos) {
        let name = local.unwrap_or_else(|| Name::new(path.rsplit('/').next().unwrap_or("")));
        let imported = PackageId(self.c.store.packages.len() as u32);
        let mut package = Package::new(path, name);
        package.fake = true;
        self.c.store.packages.push(package);
        let kind = ObjKind::PackageName { imported, used: true };
        let obj = self.new_object(name, pos, TypeId::INVALID, kind);
        let file = self.file as usize;
        self.package_mut().files[file].scope.entry(name).or_insert(obj);
    }

    fn dot_import(&mut self, imported: PackageId, pos: Pos) {
        let objects: Vec<(Name, ObjId)> = {
            let package = self.c.store.package(imported);
            package
                .objects
                .iter()
                .map(|&o| (self.c.store.obj(o).name, o))
                .filter(|(n, _)| n.is_exported())
                .collect()
        };
        let name = Name::new(".");
        let marker =
            self.new_object(name, pos, TypeId::INVALID, ObjKind::PackageName { imported, used: false });
        let file = self.file as usize;
        for (name, obj) in objects {
            self.package_mut().files[file].scope.entry(name).or_insert(obj);
            self.package_mut().files[file].dot_imported.push((name, marker));
        }
        self.package_mut().files[file].imports.push(marker);
    }
}

/// Characters that no import path has (specification: "Import declarations").
fn is_bad_in_path(c: char) -> bool {
    "!\"#$%&'()*,:;<=>?[\\]^`{|}\u{FFFD}".contains(c) || c.is_whitespace() || c.is_control()
}

/// The name of the type in a receiver: `T` of `*T`, `(T)`, `T[P]`, `*T[P]`.
pub(crate) fn receiver_base_name(tree: &Tree, mut e: ExprId) -> Option<Name> {
    loop {
        match tree[e].kind {
            ExprKind::Paren { x, .. } | ExprKind::Star(x) | ExprKind::Index { x, .. } => e = x,
            ExprKind::Name(name) => return Some(name),
            _ => return None,
        }
    }
}

/// "no identifier may be declared in both the file and package block".
fn check_imports_against_package(c: &mut Checker, pkg: PackageId) {
    for index in 0..c.store.package(pkg).files.len() {
        for import in c.store.package(pkg).files[index].imports.clone() {
            let (name, pos) = (c.store.obj(import).name, c.store.obj(import).pos);
            let Some(other) = c.store.package(pkg).lookup(name) else { continue };
            let at = c.store.obj(other).pos;
            let message =
                format!("{name} already declared through import of package {}", described(c, import));
            let related = format!("other declaration of {name}");
            c.report(Diagnostic::error(at, message).with_related(pos, related));
        }
        for (name, import) in c.store.package(pkg).files[index].dot_imported.clone() {
            let Some(other) = c.store.package(pkg).lookup(name) else { continue };
            let at = c.store.obj(other).pos;
            let package = described(c, import);
            let imported = c.store.package(pkg).files[index].scope.get(&name).map(|&o| c.store.obj(o).pos);
            let message = format!("{name} already declared through dot-import of package {package}");
            let diagnostic = Diagnostic::error(at, message);
            let related = format!("other declaration of {name}");
            c.report(match imported {
                Some(pos) => diagnostic.with_related(pos, related),
                None => diagnostic,
            });
        }
    }
}

/// `rand ("math/rand")`
fn described(c: &Checker, import: ObjId) -> String {
    let ObjKind::PackageName { imported, .. } = c.store.obj(import).kind else { return String::new() };
    let package = c.store.package(imported);
    format!("{} ({:?})", package.name, package.path)
}

/// Reports imports that nothing used.
pub(crate) fn unused_imports(c: &mut Checker, pkg: PackageId) {
    for index in 0..c.store.package(pkg).files.len() {
        for import in c.store.package(pkg).files[index].imports.clone() {
            let Object { name, pos, kind, .. } = c.store.obj(import);
            let &ObjKind::PackageName { imported, used: false } = kind else { continue };
            let (name, pos) = (*name, *pos);
            let package = c.store.package(imported);
            let last = package.path.rsplit('/').next().unwrap_or("");
            let message = if name.as_str() == last || name.as_str() == "." {
                format!("{:?} imported and not used", package.path)
            } else {
                format!("{:?} imported as {name} and not used", package.path)
            };
            c.error(pos, message);
        }
    }
}
