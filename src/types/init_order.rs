//! The order of package initialisation (specification: "Package initialization").

use crate::Checker;
use crate::object::{ObjId, ObjKind};
use crate::package::{Initializer, PackageId};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Diagnostic;
use std::collections::BTreeSet;
use std::sync::Arc;
use syntax::ast::ExprId;

/// A variable declaration with one initialiser expression.
#[derive(Clone, Debug)]
pub(crate) struct VarInit {
    pub(crate) lhs: Vec<ObjId>,
    pub(crate) rhs: ExprId,
    pub(crate) file: u32,
}

/// "the next package-level variable that is earliest in declaration order and ready for initialization", repeatedly.
///
/// Go's own compiler lets variables without initialiser have their turn like the others: what uses one that is declared
/// later comes after everything that is ready and declared before that. So do we.
pub(crate) fn init_order(c: &mut Checker, pkg: PackageId) -> Arc<[Initializer]> {
    let inits = c.store.package(pkg).inits_of_vars.clone();
    let mut init_of: FxHashMap<ObjId, usize> = FxHashMap::default();
    for (i, init) in inits.iter().enumerate() {
        for &obj in &init.lhs {
            init_of.insert(obj, i);
        }
    }
    // In declaration order; a declaration of several variables by one expression is one node.
    let mut node_of: FxHashMap<ObjId, usize> = FxHashMap::default();
    let mut nodes: Vec<ObjId> = Vec::new();
    for obj in c.store.package(pkg).objects.clone() {
        if !matches!(c.store.obj(obj).kind, ObjKind::Var(_)) {
            continue;
        }
        let first = init_of.get(&obj).and_then(|&i| inits[i].lhs.first());
        match first.and_then(|first| node_of.get(first)) {
            Some(&node) => node_of.insert(obj, node),
            None => {
                nodes.push(obj);
                node_of.insert(obj, nodes.len() - 1)
            }
        };
    }
    // Which nodes each one waits for, through functions.
    let mut waits: Vec<BTreeSet<usize>> = Vec::with_capacity(nodes.len());
    for &obj in &nodes {
        let mut set = BTreeSet::new();
        let mut seen: FxHashSet<ObjId> = FxHashSet::default();
        let mut stack: Vec<ObjId> = vec![obj];
        while let Some(obj) = stack.pop() {
            for dep in dependencies(c, obj) {
                if let Some(&other) = node_of.get(&dep) {
                    set.insert(other);
                } else if matches!(c.store.obj(dep).kind, ObjKind::Func(_)) && seen.insert(dep) {
                    stack.push(dep);
                }
            }
        }
        waits.push(set);
    }
    report_cycles(c, &inits, &init_of);
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut open: Vec<usize> = Vec::with_capacity(nodes.len());
    for (i, set) in waits.iter().enumerate() {
        open.push(set.iter().filter(|&&d| d != i).count());
        for &d in set {
            users[d].push(i);
        }
    }
    let mut ready: BTreeSet<usize> = (0..nodes.len()).filter(|&i| open[i] == 0).collect();
    let mut left: BTreeSet<usize> = (0..nodes.len()).collect();
    let mut order = Vec::with_capacity(inits.len());
    // After a cycle (which is an error) nothing is ready: take the first that is left.
    while let Some(next) = ready.pop_first().or_else(|| left.first().copied()) {
        if !left.remove(&next) {
            continue;
        }
        order.extend(init_of.get(&nodes[next]).copied());
        for &user in &users[next] {
            open[user] = open[user].saturating_sub(1);
            if open[user] == 0 {
                ready.insert(user);
            }
        }
    }
    order
        .into_iter()
        .map(|i| Initializer { lhs: inits[i].lhs.clone(), rhs: inits[i].rhs, file: inits[i].file })
        .collect()
}

/// What an object mentions; the body of a function is checked for it.
fn dependencies(c: &mut Checker, obj: ObjId) -> Vec<ObjId> {
    if let ObjKind::Func(f) = &c.store.obj(obj).kind
        && f.has_body
    {
        c.check_func_body(obj);
    }
    c.deps.get(&obj).cloned().unwrap_or_default()
}

/// Reports one cycle among variables (through functions).
fn report_cycles(c: &mut Checker, inits: &[VarInit], init_of: &FxHashMap<ObjId, usize>) {
    let mut done: FxHashSet<ObjId> = FxHashSet::default();
    let vars: Vec<ObjId> = inits.iter().flat_map(|i| i.lhs.iter().copied()).collect();
    for var in vars {
        let mut path = Vec::new();
        if let Some(cycle) = find_cycle(c, var, &mut path, &mut done) {
            // Functions that call each other are no cycle of initialisation.
            if cycle.iter().any(|o| init_of.contains_key(o)) {
                report_cycle(c, &cycle);
            }
        }
    }
}

fn find_cycle(
    c: &mut Checker,
    start: ObjId,
    path: &mut Vec<ObjId>,
    done: &mut FxHashSet<ObjId>,
) -> Option<Vec<ObjId>> {
    // An explicit stack: call graphs may be deep.
    let mut stack: Vec<(ObjId, Vec<ObjId>, usize)> = Vec::new();
    if done.contains(&start) {
        return None;
    }
    let deps = dependencies(c, start);
    stack.push((start, deps, 0));
    path.push(start);
    while let Some((obj, deps, next)) = stack.last_mut() {
        let Some(&dep) = deps.get(*next) else {
            done.insert(*obj);
            path.pop();
            stack.pop();
            continue;
        };
        *next += 1;
        if let Some(at) = path.iter().position(|&p| p == dep) {
            let is_var = |o: &ObjId| matches!(c.store.obj(*o).kind, ObjKind::Var(_));
            if path[at..].iter().any(is_var) {
                return Some(path[at..].to_vec());
            }
            continue;
        }
        if done.contains(&dep) || !matches!(c.store.obj(dep).kind, ObjKind::Var(_) | ObjKind::Func(_)) {
            continue;
        }
        let deps = dependencies(c, dep);
        path.push(dep);
        stack.push((dep, deps, 0));
    }
    None
}

fn report_cycle(c: &mut Checker, cycle: &[ObjId]) {
    let name = |c: &Checker, o: ObjId| c.store.obj(o).name;
    // Begin with the first variable in the source.
    let is_var = |c: &Checker, o: ObjId| matches!(c.store.obj(o).kind, ObjKind::Var(_));
    let first = (0..cycle.len())
        .filter(|&i| is_var(c, cycle[i]))
        .min_by_key(|&i| c.store.obj(cycle[i]).pos)
        .unwrap_or(0);
    let (obj, pos) = (cycle[first], c.store.obj(cycle[first]).pos);
    if cycle.len() == 1 {
        let name = name(c, obj);
        return c.error(pos, format!("initialization cycle: {name} refers to itself"));
    }
    let mut diagnostic = Diagnostic::error(pos, format!("initialization cycle for {}", name(c, obj)));
    for i in 0..cycle.len() {
        let from = cycle[(first + i) % cycle.len()];
        let to = cycle[(first + i + 1) % cycle.len()];
        let message = format!("{} refers to {}", name(c, from), name(c, to));
        diagnostic = diagnostic.with_related(c.store.obj(from).pos, message);
    }
    c.report(diagnostic);
}
