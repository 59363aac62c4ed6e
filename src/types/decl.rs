//! Declarations at package level, resolved when first needed, and the cycles that this finds.

use crate::Checker;
use crate::constant::Value;
use crate::ctx::Ctx;
use crate::object::{ObjId, ObjKind};
use crate::operand::OpMode;
use crate::package::PackageId;
use crate::ty::*;
use source::{Diagnostic, Name};
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
    // Types first: methods find their receivers through them.
    let objects = c.store.package(pkg).objects.clone();
    for &obj in &objects {
        if matches!(c.store.obj(obj).kind, ObjKind::TypeName) {
            c.resolve(obj);
        }
    }
    for obj in objects {
        c.resolve(obj);
    }
    for func in c.store.package(pkg).funcs.clone() {
        c.resolve(func);
    }
    c.process_delayed();
}

impl Checker {
    /// Makes sure that an object has its type; for local and predeclared objects nothing is to do.
    pub(crate) fn resolve(&mut self, obj: ObjId) {
        let Some(info) = self.decls.get_mut(&obj) else { return };
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
        let mut cx = Ctx::new(self, &file.tree, facts, (pkg, info.file), Some(obj));
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
        self.resolving.pop();
        self.decls.remove(&obj);
        if self.resolving.is_empty() {
            self.process_delayed();
        }
    }

    /// An object is needed while it is being resolved. Types may refer to themselves through definitions; cycles of
    /// only constants and variables are left to the initialisation order, which reports them better.
    fn check_cycle(&mut self, obj: ObjId) {
        if let ObjKind::Func(_) = self.store.obj(obj).kind {
            // A function in its own signature: it is a function there, and that is what is wrong with it.
            if self.store.obj(obj).ty.is_invalid() {
                let empty = Signature {
                    type_params: Arc::default(),
                    params: Arc::default(),
                    results: Arc::default(),
                    variadic: false,
                };
                let sig = self.store.intern(TypeKind::Signature(Arc::new(empty)));
                self.store.obj_mut(obj).ty = sig;
            }
            return;
        }
        let start = self.resolving.iter().position(|&o| o == obj).unwrap_or(0);
        let cycle = self.resolving[start..].to_vec();
        let (mut values, mut definitions) = (0, 0);
        for &o in &cycle {
            match &self.store.obj(o).kind {
                ObjKind::Const(_) | ObjKind::Var(_) => values += 1,
                ObjKind::TypeName
                    if !matches!(self.store.spelled_kind(self.store.obj(o).ty), TypeKind::Alias(_)) =>
                {
                    definitions += 1;
                }
                ObjKind::Func(_) => definitions += usize::from(cycle.len() > 1),
                _ => {}
            }
        }
        if values == cycle.len() || values == 0 && definitions > 0 {
            return;
        }
        self.report_cycle(&cycle);
        self.store.obj_mut(obj).ty = TypeId::INVALID;
    }

    /// Reports a cycle of declarations at the object that comes first in the source.
    pub(crate) fn report_cycle(&mut self, cycle: &[ObjId]) {
        let first = (0..cycle.len()).min_by_key(|&i| self.store.obj(cycle[i]).pos).unwrap_or(0);
        let object = self.store.obj(cycle[first]);
        let (name, pos) = (object.name, object.pos);
        let is_type = matches!(object.kind, ObjKind::TypeName);
        if cycle.len() == 1 {
            let what = if is_type { "invalid recursive type" } else { "invalid cycle in declaration" };
            return self.error(pos, format!("{what}: {name} refers to itself"));
        }
        let what = if is_type { "invalid recursive type" } else { "invalid cycle in declaration of" };
        let mut diagnostic = Diagnostic::error(pos, format!("{what} {name}"));
        for i in 0..cycle.len() {
            let from = self.store.obj(cycle[(first + i) % cycle.len()]);
            let to = self.store.obj(cycle[(first + i + 1) % cycle.len()]);
            diagnostic = diagnostic.with_related(from.pos, format!("{} refers to {}", from.name, to.name));
        }
        self.report(diagnostic);
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
        if inherited {
            self.error_pos = Some(self.c.store.obj(obj).pos);
        }
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
            self.c.store.obj_mut(obj).ty = TypeId::INVALID;
            return;
        }
        if !x.is_const() {
            let what = self.os(&x);
            self.error_at(x.expr, format!("{what} is not constant"));
            self.c.store.obj_mut(obj).ty = TypeId::INVALID;
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
            let t = self.var_type(e);
            self.c.store.obj_mut(obj).ty = t;
        }
        if values.is_empty() {
            return;
        }
        if values.len() == names.len() {
            let target = ty.map(|_| self.c.store.obj(obj).ty);
            let x = self.expr_for(values[index], target);
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
            let pos = self.c.store.obj(obj).pos;
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
        self.c.delayed.push(crate::delayed::Delayed::NamedType { ty: named });
    }

    fn alias_decl(&mut self, obj: ObjId, params: FieldList, ty: ExprId) {
        let pos = self.c.store.obj(obj).pos;
        self.require((1, 9), pos, |_| "type alias".to_owned());
        let alias = self.c.store.new_alias(obj, TypeId::INVALID);
        self.c.store.obj_mut(obj).ty = alias;
        self.open_scope();
        let mut tparams: Arc<[TypeId]> = Arc::default();
        if !params.is_empty() {
            self.require((1, 23), pos, |_| "generic type alias".to_owned());
            tparams = self.declare_type_params(params);
            self.type_param_bounds(params, &tparams);
        }
        let target = self.typ(ty);
        self.close_scope();
        if self.c.store.obj(obj).ty.is_invalid() {
            // A cycle, which is reported.
            return;
        }
        // `type A = A` through parentheses or instances would loop.
        let mut end = target;
        while let TypeKind::Alias(_) = self.c.store.spelled_kind(end) {
            if end == alias {
                self.c.report_cycle(&[obj]);
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
            let bound = self.c.store.any;
            let ty = self.c.store.new_type_param(obj, i as u32, bound);
            self.c.store.obj_mut(obj).ty = ty;
            self.record_object(e, obj);
            self.declare(obj);
            types.push(ty);
        }
        types.into()
    }

    /// Evaluates the constraints of type parameters.
    pub fn type_param_bounds(&mut self, params: FieldList, tparams: &[TypeId]) {
        let mut previous: Option<(ExprId, TypeId)> = None;
        for (field, &tparam) in self.tree.fields(params).iter().zip(tparams) {
            let bound = match previous {
                Some((e, bound)) if e == field.ty => bound,
                _ => self.constraint(field.ty),
            };
            previous = Some((field.ty, bound));
            self.c.store.set_bound(tparam, bound);
        }
    }

    fn constraint(&mut self, e: ExprId) -> TypeId {
        let bound = self.constraint_element(e);
        if self.c.store.is_type_param(bound) {
            let name = self.ts(bound);
            self.error_at(e, format!("cannot use a type parameter as constraint: {name}"));
            return self.c.store.any;
        }
        match self.c.store.kind(bound) {
            TypeKind::Interface(_) | TypeKind::Named(_) => bound,
            _ if bound.is_invalid() => self.c.store.any,
            _ => self.c.store.implicit_interface(bound),
        }
    }
}
