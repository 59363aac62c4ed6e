//! What of a package its importers get to know. Go's compiler reads the export data of an imported package, in which a name
//! that is not exported is only as part of the types, and of the short function bodies, of those that are; other names are
//! undefined to it. Here it only words messages.

use crate::Checker;
use crate::object::{ObjId, ObjKind};
use crate::package::PackageId;
use crate::ty::*;
use rustc_hash::FxHashSet;
use syntax::ast::{ExprId, ExprKind};

/// Bodies with no more expressions are taken for those that Go's compiler would inline, which is roughly so.
const SHORT_BODY: usize = 40;

/// Whether an object at the level of an imported package is known to whoever imports it.
pub(crate) fn reaches(c: &mut Checker, pkg: PackageId, wanted: ObjId) -> bool {
    let objects = &c.store.package(pkg).objects;
    let mut rest: Vec<ObjId> =
        objects.iter().copied().filter(|&o| c.store.obj(o).name.is_exported()).collect();
    let mut seen: FxHashSet<ObjId> = rest.iter().copied().collect();
    let mut types: FxHashSet<TypeId> = FxHashSet::default();
    while let Some(obj) = rest.pop() {
        if obj == wanted {
            return true;
        }
        let mut found = Vec::new();
        c.resolve(obj);
        types_of(c, c.store.obj(obj).ty, &mut types, &mut found);
        if let ObjKind::Func(_) = c.store.obj(obj).kind {
            mentioned(c, pkg, obj, &mut found);
        }
        rest.extend(found.into_iter().filter(|&o| c.store.obj(o).pkg == pkg && seen.insert(o)));
    }
    false
}

/// The defined types that a type is made of, with their methods.
fn types_of(c: &Checker, t: TypeId, seen: &mut FxHashSet<TypeId>, found: &mut Vec<ObjId>) {
    if !seen.insert(t) {
        return;
    }
    if let Some(alias) = c.store.alias(t) {
        found.push(alias.obj);
        types_of(c, alias.target, seen, found);
    }
    if let Some(named) = c.store.named(t) {
        found.push(named.obj);
        found.extend(c.store.methods_of(t));
        if named.rhs != TypeId::NONE {
            types_of(c, named.rhs, seen, found);
        }
    }
    if let Some(param) = c.store.type_param(t) {
        types_of(c, param.bound, seen, found);
    }
    for part in c.store.parts(t) {
        types_of(c, part, seen, found);
    }
}

/// The objects of the package that the body of a short function mentions.
fn mentioned(c: &Checker, pkg: PackageId, func: ObjId, found: &mut Vec<ObjId>) {
    let package = c.store.package(pkg);
    let Some(f) = c.store.obj(func).func() else { return };
    let file = &package.files[f.file as usize].file;
    let source = c.files.file(file.id);
    let Some(body) = file.func(f.decl).parse_body(&source.bytes) else { return };
    if body.tree.expr_count() > SHORT_BODY {
        return;
    }
    for e in (1..body.tree.expr_count()).filter_map(ExprId::from_index) {
        if let ExprKind::Name(name) = body.tree[e].kind {
            found.extend(package.lookup(name));
        }
    }
}
