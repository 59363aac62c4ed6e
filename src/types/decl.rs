//! Declarations at package level, resolved when first needed, and the cycles that this finds.

use crate::Checker;
use crate::constant::Value;
use crate::ctx::Ctx;
use crate::object::{ObjId, ObjKind};
use crate::operand::{Label, OpMode};
use crate::package::PackageId;
use crate::ty::*;
use source::Name;
use std::sync::Arc;
use syntax::ast::{DeclId, DeclKind, ExprId, ExprList, FieldList};

/// Where an object is declared, and whether its resolution has begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeclInfo {
    pub file: u32,
    pub decl: DeclId,
    pub kind: Declared,
    pub started: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Declared {
    /// The name at this index of a constant declaration.
    Const {
        index: u32,
    },
    Var {
        index: u32,
    },
    Type,
    Func,
}

/// Resolves all objects of a package, and methods.
pub(crate) fn package_declarations(c: &mut Checker, pkg: PackageId) {
    if std::mem::replace(&mut c.store.packages[pkg.index()].declared, true) {
        return;
    }
    crate::cycles::direct_cycles(c, pkg);
    // Types first: methods find their receivers through them. Aliases are needed complete, so what they may stand for
    // comes before them.
    let objects = c.store.package(pkg).objects.clone();
    for aliases in [false, true] {
        for &obj in &objects {
            if c.declared_alias(obj) == Some(aliases) {
                c.resolve(obj);
            }
        }
    }
    for obj in objects {
        c.resolve(obj);
    }
    for func in c.store.package(pkg).funcs.clone() {
        c.resolve(func);
    }
    c.process_delayed(0);
}

impl Checker {
    /// Whether a type name whose declaration is not resolved yet is an alias; `None` for other objects.
    fn declared_alias(&self, obj: ObjId) -> Option<bool> {
        let info = self.decls.get(&obj)?;
        let file = &self.store.package(self.store.obj(obj).pkg).files[info.file as usize].file;
        if let DeclKind::Type { alias, .. } = file.tree[info.decl].kind { Some(alias) } else { None }
    }

    /// Makes sure that an object has its type; for local and predeclared objects nothing is to do.
    pub(crate) fn resolve(&mut self, obj: ObjId) {
        let Some(info) = self.decls.get_mut(&obj) else {
            if self.resolving.contains(&obj) {
                // A local type.
                self.check_cycle(obj);
            }
            return;
        };
        if std::mem::replace(&mut info.started, true) {
            self.check_cycle(obj);
            return;
        }
        let info = *info;
        let pkg = self.store.obj(obj).pkg;
        let (file, facts) = {
            let f = &self.store.package(pkg).files[info.file as usize];
            (f.file.clone(), f.info)
        };
        self.resolving.push(obj);
        let in_type_params = std::mem::take(&mut self.in_type_params);
        // Only what initialisers mention is a dependency of theirs.
        let is_value = matches!(info.kind, Declared::Const { .. } | Declared::Var { .. });
        let mut cx = Ctx::new(self, &file.tree, facts, (pkg, info.file), is_value.then_some(obj));
        match (info.kind, file.tree[info.decl].kind) {
            (Declared::Const { index }, _) => cx.package_const(obj, info.decl, index as usize),
            (Declared::Var { index }, DeclKind::Var { names, ty, values }) => {
                cx.package_var(obj, index as usize, names, ty, values);
            }
            (Declared::Type, DeclKind::Type { params, alias, ty, .. }) => {
                cx.type_decl(obj, params, alias, ty);
            }
            (Declared::Func, DeclKind::Func(id)) => cx.func_decl(obj, file.func(id)),
            _ => {}
        }
        self.in_type_params = in_type_params;
        self.resolving.pop();
        self.decls.remove(&obj);
    }
}

impl Ctx<'_> {
    fn package_const(&mut self, obj: ObjId, decl: DeclId, index: usize) {
        let DeclKind::Const { names, ty, values, iota, implicit } = self.tree[decl].kind else { return };
        let (ty, values) = self.const_source(ty, values, implicit);
        self.const_arity(names, values, implicit.is_some(), index);
        let value = self.tree.exprs(values).get(index).copied();
        self.const_decl(obj, ty, value, iota, implicit.is_some());
    }

    /// Type and values of a constant declaration: its own, or those of the line that it repeats.
    pub fn const_source(
        &self,
        ty: Option<ExprId>,
        values: ExprList,
        implicit: Option<DeclId>,
    ) -> (Option<ExprId>, ExprList) {
        match implicit.map(|d| self.tree[d].kind) {
            Some(DeclKind::Const { ty, values, .. }) => (ty, values),
            _ => (ty, values),
        }
    }

    /// Reports names without values and values without names.
    pub fn const_arity(&mut self, names: ExprList, values: ExprList, inherited: bool, index: usize) {
        let (names, values) = (self.tree.exprs(names), self.tree.exprs(values));
        if index >= values.len() {
            let name = self.es(names[index]);
            self.error_at(names[index], format!("missing init expr for {name}"));
        } else if index + 1 == names.len() && values.len() > names.len() {
            if inherited {
                let at = self.position(self.tree.start(values[names.len()]));
                self.error_at(names[0], format!("extra init expr at {at}"));
            } else {
                let extra = values[names.len()];
                let text = self.es(extra);
                self.error_at(extra, format!("extra init expr {text}"));
            }
        }
    }

    /// Evaluates a constant declaration and completes its object.
    pub fn const_decl(
        &mut self,
        obj: ObjId,
        ty: Option<ExprId>,
        value: Option<ExprId>,
        iota: u32,
        inherited: bool,
    ) {
        let outer = self.iota.replace(i64::from(iota));
        let outer_pos = self.error_pos;
        let mut typ = None;
        if let Some(e) = ty {
            let t = self.typ(e);
            if !self.c.store.is_const_type(t) {
                let u = self.c.store.underlying(t);
                if !u.is_invalid() {
                    let t = self.ts(t);
                    self.error_at(e, format!("invalid constant type {t}"));
                }
                self.c.store.obj_mut(obj).ty = TypeId::INVALID;
                self.iota = outer;
                self.error_pos = outer_pos;
                return;
            }
            typ = Some(t);
        }
        if inherited {
            self.error_pos = Some(self.c.store.obj(obj).pos);
        }
        if let Some(e) = value {
            let x = self.expr(e, None);
            self.init_const(obj, typ, x);
        } else {
            self.c.store.obj_mut(obj).ty = TypeId::INVALID;
        }
        self.iota = outer;
        self.error_pos = outer_pos;
    }

    fn init_const(&mut self, obj: ObjId, typ: Option<TypeId>, mut x: crate::operand::Operand) {
        if x.is_invalid() || x.ty.is_invalid() {
            self.c.store.obj_mut(obj).ty = typ.unwrap_or(TypeId::INVALID);
            return;
        }
        if !x.is_const() {
            let what = self.os(&x);
            self.error_at(x.expr, format!("{what} is not constant"));
            self.c.store.obj_mut(obj).ty = typ.unwrap_or(TypeId::INVALID);
            return;
        }
        let ty = typ.unwrap_or(x.ty);
        self.assignment(&mut x, Some(ty), "constant declaration");
        let object = self.c.store.obj_mut(obj);
        object.ty = if x.is_invalid() && typ.is_none() { TypeId::INVALID } else { ty };
        object.kind = ObjKind::Const(match x.mode {
            OpMode::Const(v) => v,
            _ => Value::Unknown,
        });
    }

    fn package_var(
        &mut self,
        obj: ObjId,
        index: usize,
        names: ExprList,
        ty: Option<ExprId>,
        values: ExprList,
    ) {
        let (names, values) = (self.tree.exprs(names), self.tree.exprs(values));
        if let Some(e) = ty {
            // With one value for several names the type was evaluated with the first of them.
            let known = self.facts().exprs[e.index()];
            let again = values.len() == 1 && names.len() > 1 && known.mode == crate::info::Mode::Type;
            let t = if again { known.ty } else { self.var_type(e) };
            self.c.store.obj_mut(obj).ty = t;
        }
        if values.is_empty() {
            return;
        }
        if values.len() == names.len() {
            let (name, target) = (self.c.store.obj(obj).name, ty.map(|_| self.c.store.obj(obj).ty));
            let wanted = self.wanted(target, Label::Name(name));
            let x = self.expr_for(values[index], wanted);
            self.init_var(obj, x, "variable declaration");
            return;
        }
        let lhs: Vec<ObjId> =
            names.iter().filter_map(|e| self.c.infos[self.info.0 as usize].objs[e.index()]).collect();
        if values.len() != 1 {
            if index == 0 {
                self.package_var_arity(names, values);
            }
            return;
        }
        // `var a, b = f()`: one evaluation gives all their types.
        if ty.is_some() {
            for &other in &lhs {
                let t = self.c.store.obj(obj).ty;
                self.c.store.obj_mut(other).ty = t;
            }
        }
        if self.facts().exprs[values[0].index()].mode == crate::info::Mode::None {
            self.init_vars(&lhs, values, None);
            // The others are complete now; their dependencies are the same.
            for &other in &lhs {
                if other != obj && !self.c.resolving.contains(&other) {
                    self.c.decls.remove(&other);
                    let deps = self.c.deps.get(&obj).cloned().unwrap_or_default();
                    self.c.deps.insert(other, deps);
                }
            }
        }
    }

    pub fn package_var_arity(&mut self, names: &[ExprId], values: &[ExprId]) {
        if values.len() < names.len() {
            let name = self.es(names[values.len()]);
            self.error_at(names[values.len()], format!("missing init expr for {name}"));
        } else {
            let text = self.es(values[names.len()]);
            self.error_at(values[names.len()], format!("extra init expr {text}"));
        }
    }

    /// Specification: "Type declarations". Also for local types, whose object is in scope already.
    pub fn type_decl(&mut self, obj: ObjId, params: FieldList, alias: bool, ty: ExprId) {
        if alias {
            return self.alias_decl(obj, params, ty);
        }
        let named = self.c.store.new_named(obj);
        self.c.store.obj_mut(obj).ty = named;
        self.c.delayed.push(crate::delayed::Delayed::NamedType { ty: named });
        let (name, pkg) = (self.c.store.obj(obj).name, self.pkg);
        if self.funcs.is_empty()
            && let Some(methods) = self.c.store.packages[pkg.index()].methods.remove(&name)
            && let Some(data) = self.c.store.named_mut(named)
        {
            data.methods = methods;
        }
        self.open_scope();
        if params.is_empty() {
            let tparams = self.tparams.clone();
            if let Some(data) = self.c.store.named_mut(named) {
                data.implicit = !tparams.is_empty();
                data.tparams = tparams;
            }
        } else {
            let first = self.tree.fields(params).first().and_then(|field| field.name);
            let pos = first.map_or(self.c.store.obj(obj).pos, |e| self.tree[e].pos);
            self.require((1, 18), pos, |_| "type parameter".to_owned());
            // Known before the bounds are, which may mention the type itself.
            let tparams = self.declare_type_params(params);
            if let Some(data) = self.c.store.named_mut(named) {
                data.tparams = tparams.clone();
            }
            self.type_param_bounds(params, &tparams);
        }
        let mut rhs = self.typ(ty);
        self.close_scope();
        if self.c.store.is_type_param(rhs) {
            self.error_at(ty, "cannot use a type parameter as RHS in type declaration");
            rhs = TypeId::INVALID;
        }
        if let Some(data) = self.c.store.named_mut(named) {
            data.rhs = rhs;
        }
    }

    fn alias_decl(&mut self, obj: ObjId, params: FieldList, ty: ExprId) {
        let pos = self.c.store.obj(obj).pos;
        // The higher requirement first: meeting it meets the other.
        let first = self.tree.fields(params).first().and_then(|field| field.name);
        let first = first.map_or(pos, |e| self.tree[e].pos);
        if params.is_empty() || self.require((1, 23), first, |_| "generic type alias".to_owned()) {
            self.require((1, 9), pos, |_| "type alias".to_owned());
        }
        let alias = self.c.store.new_alias(obj, TypeId::INVALID);
        self.c.store.obj_mut(obj).ty = alias;
        self.open_scope();
        let mut tparams: Arc<[TypeId]> = Arc::default();
        if !params.is_empty() {
            tparams = self.declare_type_params(params);
            self.type_param_bounds(params, &tparams);
        }
        let mut target = self.typ(ty);
        self.close_scope();
        if tparams.contains(&target) {
            self.error_at(ty, "cannot use type parameter declared in alias declaration as RHS");
            target = TypeId::INVALID;
        }
        if self.c.store.obj(obj).ty.is_invalid() {
            // A cycle, which is reported.
            return;
        }
        // `type A = A` through parentheses or instances would loop.
        let mut end = target;
        while let TypeKind::Alias(_) = self.c.store.spelled_kind(end) {
            if end == alias {
                self.c.report_cycle(&[obj], 0);
                self.c.store.obj_mut(obj).ty = TypeId::INVALID;
                return;
            }
            end = self.c.store.alias(end).map_or(TypeId::INVALID, |a| a.target);
        }
        if let Some(data) = self.c.store.alias_mut(alias) {
            data.target = target;
            data.tparams = tparams;
        }
    }

    /// Creates the objects and types of type parameters and enters them into the scope; bounds come later.
    pub fn declare_type_params(&mut self, params: FieldList) -> Arc<[TypeId]> {
        let mut types = Vec::with_capacity(params.len());
        for (i, field) in self.tree.fields(params).iter().enumerate() {
            let Some(e) = field.name else { continue };
            let (name, pos) = self.ident(e).map_or((Name::BLANK, self.tree[e].pos), |n| (n.name, n.pos));
            let obj = self.new_object(name, pos, TypeId::INVALID, ObjKind::TypeName);
            let ty = self.c.store.new_type_param(obj, i as u32, TypeId::INVALID);
            self.c.store.obj_mut(obj).ty = ty;
            self.record_object(e, obj);
            self.declare(obj);
            types.push(ty);
        }
        types.into()
    }

    /// Evaluates the constraints of type parameters.
    pub fn type_param_bounds(&mut self, params: FieldList, tparams: &[TypeId]) {
        self.c.in_type_params = true;
        let mut previous: Option<(ExprId, TypeId)> = None;
        for (field, &tparam) in self.tree.fields(params).iter().zip(tparams) {
            let bound = match previous {
                Some((e, bound)) if e == field.ty => bound,
                _ => self.constraint(field.ty),
            };
            previous = Some((field.ty, bound));
            self.c.store.set_bound(tparam, bound);
        }
        self.c.in_type_params = false;
    }

    fn constraint(&mut self, e: ExprId) -> TypeId {
        let bound = self.constraint_element(e);
        if self.c.store.is_type_param(bound) {
            self.error_at(e, "cannot use a type parameter as constraint");
            return TypeId::INVALID;
        }
        match self.c.store.kind(bound) {
            TypeKind::Interface(_) | TypeKind::Named(_) => bound,
            _ if bound.is_invalid() => bound,
            _ => self.c.store.implicit_interface(bound),
        }
    }
}
