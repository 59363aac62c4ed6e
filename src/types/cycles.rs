//! Cycles among declarations (specification: "Type declarations"): objects that need themselves to be resolved, types that
//! are nothing but each other's names, types that contain themselves.

use crate::Checker;
use crate::ctx::Ctx;
use crate::object::{ObjId, ObjKind};
use crate::package::PackageId;
use crate::ty::*;
use crate::type_string::Qualify;
use source::{Diagnostic, Pos};
use syntax::ast::{DeclKind, ExprKind};

impl Checker {
    /// An object is needed while it is being resolved. Types may refer to themselves through definitions; cycles of
    /// only constants and variables are left to the initialisation order, which reports them better.
    pub(crate) fn check_cycle(&mut self, obj: ObjId) {
        if let ObjKind::Func(_) = self.store.obj(obj).kind {
            // A function in its own signature: it is a function there, and that is what is wrong with it.
            if self.store.obj(obj).ty.is_invalid() {
                let sig = self.store.empty_signature();
                self.store.obj_mut(obj).ty = sig;
            }
            return;
        }
        if !self.valid_cycle(obj) {
            self.store.obj_mut(obj).ty = TypeId::INVALID;
        }
    }

    fn valid_cycle(&mut self, obj: ObjId) -> bool {
        let start = self.resolving.iter().position(|&o| o == obj).unwrap_or(0);
        let cycle = self.resolving[start..].to_vec();
        let (mut values, mut definitions) = (0, 0);
        for &o in &cycle {
            let object = self.store.obj(o);
            match &object.kind {
                ObjKind::Const(_) | ObjKind::Var(_) => values += 1,
                ObjKind::TypeName => {
                    // `type T[P T[P]] …`: a generic type in type parameter lists is no cycle.
                    if self.in_type_params && self.store.is_generic(object.ty) {
                        return true;
                    }
                    if self.store.alias(object.ty).is_none() {
                        definitions += 1;
                    }
                }
                _ => {}
            }
        }
        if values == cycle.len() {
            self.value_cycle = true;
            return true;
        }
        if values == 0 && definitions > 0 {
            return true;
        }
        self.report_cycle(&cycle, self.first_in_source(&cycle));
        false
    }

    fn first_in_source(&self, cycle: &[ObjId]) -> usize {
        (0..cycle.len()).min_by_key(|&i| self.store.obj(cycle[i]).pos).unwrap_or(0)
    }

    /// Reports a cycle of declarations at the object with this index.
    pub(crate) fn report_cycle(&mut self, cycle: &[ObjId], first: usize) {
        let object = self.store.obj(cycle[first]);
        let (ty, is_type) = (object.ty, matches!(object.kind, ObjKind::TypeName));
        if let Some(alias) = self.store.alias_mut(ty) {
            // It stands for nothing, so that its uses are not reported, too.
            alias.target = TypeId::INVALID;
        }
        let mut places: Vec<(Pos, String)> = cycle
            .iter()
            .map(|&o| (self.store.obj(o).pos, self.store.obj(o).name.as_str().to_owned()))
            .collect();
        places.rotate_left(first);
        self.report_places(&places, is_type);
    }

    fn report_places(&mut self, cycle: &[(Pos, String)], is_type: bool) {
        let [(pos, name), others @ ..] = cycle else { return };
        if others.is_empty() {
            let what = if is_type { "invalid recursive type" } else { "invalid cycle in declaration" };
            return self.error(*pos, format!("{what}: {name} refers to itself"));
        }
        let what = if is_type { "invalid recursive type" } else { "invalid cycle in declaration of" };
        let mut diagnostic = Diagnostic::error(*pos, format!("{what} {name}"));
        for (i, (at, from)) in cycle.iter().enumerate() {
            let to = &cycle[(i + 1) % cycle.len()].1;
            diagnostic = diagnostic.with_related(*at, format!("{from} refers to {to}"));
        }
        self.report(diagnostic);
    }

    /// Where a type is declared, or, if it is generic, instantiated, and how messages call it.
    fn type_place(&self, t: TypeId, pkg: PackageId) -> (Pos, String) {
        let Some(named) = self.store.named(t) else { return (Pos::NONE, String::new()) };
        let object = self.store.obj(named.obj);
        match self.instance_pos.get(&t) {
            Some(&pos) => (pos, self.store.type_string(t, Qualify::Relative(pkg))),
            None => (object.pos, object.name.as_str().to_owned()),
        }
    }

    // ------------------------------------------------------------------------------- types that contain themselves

    /// Reports a type that contains itself by value.
    pub(crate) fn valid_type(&mut self, ty: TypeId) -> bool {
        self.is_finite(ty, &mut Vec::new(), &mut Vec::new())
    }

    /// `nest` are the types whose memory this one is part of, `path` those through which it was reached, type arguments
    /// included. The arguments of the innermost type stand for its type parameters.
    fn is_finite(&mut self, t: TypeId, nest: &mut Vec<TypeId>, path: &mut Vec<TypeId>) -> bool {
        let t = self.store.unalias(t);
        match self.store.kind(t).clone() {
            TypeKind::Array { elem, .. } => self.is_finite(elem, nest, path),
            TypeKind::Struct(fields) => fields.iter().all(|f| self.is_finite(f.ty, nest, path)),
            TypeKind::Union(terms) => terms.iter().all(|x| self.is_finite(x.ty, nest, path)),
            TypeKind::Interface(i) => i.embeds.iter().all(|&e| self.is_finite(e, nest, path)),
            TypeKind::Named(_) => self.is_finite_named(t, nest, path),
            TypeKind::TypeParam(_) => {
                let Some(&instance) = nest.last() else { return true };
                let argument = self.store.type_args_of(instance).and_then(|(params, args)| {
                    let i = params.iter().position(|&p| p == t)?;
                    args.get(i).copied()
                });
                let Some(argument) = argument else { return true };
                // The argument is part of what the instance is part of.
                nest.pop();
                let finite = self.is_finite(argument, nest, path);
                nest.push(instance);
                finite
            }
            _ => true,
        }
    }

    fn is_finite_named(&mut self, t: TypeId, nest: &mut Vec<TypeId>, path: &mut Vec<TypeId>) -> bool {
        let Some(named) = self.store.named(t) else { return true };
        let (named_obj, origin, plain) = (named.obj, named.origin, named.targs.is_empty());
        if plain && self.valid_types.contains(&t) || path.len() > 500 {
            return true;
        }
        if nest.contains(&t) {
            if let Some(named) = self.store.named_mut(origin) {
                named.rhs = TypeId::INVALID;
                named.underlying = TypeId::INVALID;
            }
            let start = path.iter().position(|&p| p == t).unwrap_or(0);
            let pkg = self.store.obj(self.store.named(path[0]).map_or(named_obj, |n| n.obj)).pkg;
            let cycle: Vec<(Pos, String)> = path[start..].iter().map(|&p| self.type_place(p, pkg)).collect();
            self.report_places(&cycle, true);
            return false;
        }
        let rhs = self.store.named(origin).map_or(TypeId::NONE, |n| n.rhs);
        if rhs == TypeId::NONE {
            return true;
        }
        nest.push(t);
        path.push(t);
        let finite = self.is_finite(rhs, nest, path);
        path.pop();
        nest.pop();
        if finite && plain && !self.store.is_generic(t) {
            self.valid_types.insert(t);
        }
        finite
    }
}

/// Reports types that are declared as nothing but each other's names (`type A B; type B A`), before they are resolved.
pub(crate) fn direct_cycles(c: &mut Checker, pkg: PackageId) {
    let mut done: rustc_hash::FxHashSet<ObjId> = Default::default();
    for first in c.store.package(pkg).objects.clone() {
        let mut path: Vec<ObjId> = Vec::new();
        let mut next = Some(first).filter(|&o| matches!(c.store.obj(o).kind, ObjKind::TypeName));
        while let Some(obj) = next.filter(|o| !done.contains(o)) {
            if let Some(start) = path.iter().position(|&o| o == obj) {
                let cycle = path[start..].to_vec();
                c.report_cycle(&cycle, c.first_in_source(&cycle));
                c.store.obj_mut(obj).ty = TypeId::INVALID;
                c.decls.remove(&obj);
                break;
            }
            path.push(obj);
            next = named_right_side(c, pkg, obj);
        }
        done.extend(path);
    }
}

/// The type whose name is the right side of a type's declaration.
fn named_right_side(c: &Checker, pkg: PackageId, obj: ObjId) -> Option<ObjId> {
    let info = c.decls.get(&obj)?;
    let tree = &c.store.package(pkg).files[info.file as usize].file.tree;
    let DeclKind::Type { ty, .. } = tree[info.decl].kind else { return None };
    let ExprKind::Name(name) = tree[ty].kind else { return None };
    let other = c.store.package(pkg).lookup(name)?;
    matches!(c.store.obj(other).kind, ObjKind::TypeName).then_some(other)
}

impl Ctx<'_> {
    /// Whether the structure of a type is known, which values need; reports a cycle if it is being declared.
    pub fn is_complete(&mut self, mut t: TypeId) -> bool {
        loop {
            let (obj, rhs) = match (self.c.store.alias(t), self.c.store.named(t)) {
                (Some(alias), _) => (alias.obj, alias.target),
                // Instances are completed when needed.
                (None, Some(named)) if named.origin != self.c.store.unalias(t) => return true,
                (None, Some(named)) => (named.obj, named.rhs),
                _ => return true,
            };
            if let Some(start) = self.c.resolving.iter().position(|&o| o == obj) {
                let cycle = self.c.resolving[start..].to_vec();
                self.c.report_cycle(&cycle, self.c.first_in_source(&cycle));
                return false;
            }
            if rhs == TypeId::NONE {
                return true;
            }
            t = rhs;
        }
    }

    /// Whether the size of values of a type depends on type parameters. It does, for all that a size can say, in types
    /// whose size is being asked for already: such a cycle is reported.
    pub fn has_variable_size(&mut self, t: TypeId) -> bool {
        self.is_variable_size(t, &mut Vec::new())
    }

    /// `path` are the named types that the type is part of.
    fn is_variable_size(&mut self, t: TypeId, path: &mut Vec<TypeId>) -> bool {
        let t = self.c.store.unalias(t);
        match self.c.store.kind(t).clone() {
            TypeKind::Array { elem, .. } => self.is_variable_size(elem, path),
            TypeKind::Struct(fields) => fields.iter().any(|f| self.is_variable_size(f.ty, path)),
            TypeKind::TypeParam(_) => true,
            TypeKind::Named(_) => {
                if let Some(&known) = self.c.variable_sizes.get(&t) {
                    return known;
                }
                if self.reports_size_cycle(t, path) {
                    return true;
                }
                let origin = self.c.store.named(t).map_or(t, |n| n.origin);
                let rhs = self.c.store.named(origin).map_or(TypeId::NONE, |n| n.rhs);
                if rhs == TypeId::NONE {
                    return false;
                }
                let rhs = if origin == t { rhs } else { self.c.store.underlying(t) };
                path.push(t);
                let variable = self.is_variable_size(rhs, path);
                path.pop();
                self.c.variable_sizes.insert(t, variable);
                variable
            }
            _ => false,
        }
    }

    fn reports_size_cycle(&mut self, t: TypeId, path: &[TypeId]) -> bool {
        let (resolving, outer) = match path.iter().position(|&p| p == t) {
            Some(start) => (Vec::new(), &path[start..]),
            None => match self.c.resolving.iter().position(|&o| self.c.store.obj(o).ty == t) {
                Some(start) => (self.c.resolving[start..].to_vec(), path),
                None => return false,
            },
        };
        let place = |&o: &ObjId| (self.c.store.obj(o).pos, self.c.store.obj(o).name.as_str().to_owned());
        let mut places: Vec<(Pos, String)> = resolving.iter().map(place).collect();
        places.extend(outer.iter().map(|&t| self.c.type_place(t, self.pkg)));
        let first = (0..places.len()).min_by_key(|&i| places[i].0).unwrap_or(0);
        places.rotate_left(first);
        self.c.report_places(&places, true);
        true
    }
}
