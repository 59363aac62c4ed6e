//! Interfaces without a name that refer to themselves (`type T interface { m() interface { T } }`), which Go's compiler
//! refuses in programs that are valid otherwise.

use crate::Checker;
use crate::info::Info;
use crate::package::PackageId;
use crate::store::Store;
use crate::ty::*;
use rustc_hash::FxHashMap;
use source::Pos;
use syntax::ast::{ExprId, ExprKind, Tree};

/// Reports each such interface of a package at the outermost interface type that leads to it.
pub(crate) fn report(c: &mut Checker, pkg: PackageId) {
    let mut literals: Vec<(Pos, TypeId)> = Vec::new();
    let package = c.store.package(pkg);
    for file in &package.files {
        interface_types(&file.file.tree, &c.infos[file.info.0 as usize], &mut literals);
    }
    for func in &package.funcs {
        let Some(body) = c.bodies.get(func) else { continue };
        if let Some(parsed) = body.file.0.func(body.decl).parsed_body() {
            interface_types(&parsed.tree, &body.info, &mut literals);
        }
    }
    literals.sort_by_key(|&(pos, _)| pos);
    // Whether an interface is being visited. One that was visited without finding a cycle is never part of one.
    let mut open: FxHashMap<TypeId, bool> = FxHashMap::default();
    for (pos, ty) in literals {
        if leads_to_cycle(&mut c.store, ty, &mut open) {
            let what = "invalid recursive type: anonymous interface refers to itself";
            c.error(pos, format!("{what} (see https://go.dev/issue/56103)"));
            // Each cycle is reported once.
            open.values_mut().for_each(|open| *open = false);
        }
    }
}

/// Interface types with elements that are not part of others.
fn interface_types(tree: &Tree, info: &Info, found: &mut Vec<(Pos, TypeId)>) {
    let mut spans: Vec<(Pos, Pos, TypeId)> = Vec::new();
    for e in (1..tree.expr_count()).filter_map(ExprId::from_index) {
        if let ExprKind::InterfaceType { elems, rbrace } = tree[e].kind
            && !elems.is_empty()
        {
            spans.push((tree[e].pos, rbrace, info.ty(e)));
        }
    }
    spans.sort_by_key(|&(pos, ..)| pos);
    let mut end = Pos::NONE;
    for (pos, rbrace, ty) in spans {
        if pos > end {
            end = rbrace;
            found.push((pos, ty));
        }
    }
}

fn leads_to_cycle(store: &mut Store, interface: TypeId, open: &mut FxHashMap<TypeId, bool>) -> bool {
    let methods = store.type_set(interface).methods.clone();
    methods.iter().any(|method| reaches_open(store, method.sig, open))
}

/// Whether the types that a type is made of, as far as they have no names, are interfaces that are being visited.
fn reaches_open(store: &mut Store, t: TypeId, open: &mut FxHashMap<TypeId, bool>) -> bool {
    let t = store.unalias(t);
    match store.kind(t) {
        TypeKind::Named(_) => false,
        TypeKind::Interface(interface) if interface.methods.is_empty() && interface.embeds.is_empty() => {
            false
        }
        TypeKind::Interface(_) => {
            if let Some(&open) = open.get(&t) {
                return open;
            }
            open.insert(t, true);
            let cyclic = leads_to_cycle(store, t, open);
            if !cyclic {
                open.insert(t, false);
            }
            cyclic
        }
        _ => store.parts(t).into_iter().any(|part| reaches_open(store, part, open)),
    }
}
