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
    let mut stuck = std::mem::take(&mut c.value_cycle);
    // After a cycle (which is an error) nothing is ready: take the first that is left.
    while let Some(next) = ready.pop_first().or_else(|| {
        stuck |= !left.is_empty();
        left.first().copied()
    }) {
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
    let own_cycle = waits.iter().enumerate().any(|(i, set)| set.contains(&i));
    if stuck || own_cycle {
        report_cycles(c, pkg);
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

/// Reports cycles among constants and variables (through functions). Which of several comes first depends on the order in
/// which what is left with the fewest dependencies is taken, constants before variables.
fn report_cycles(c: &mut Checker, pkg: PackageId) {
    let is_value = |c: &Checker, o: ObjId| matches!(c.store.obj(o).kind, ObjKind::Const(_) | ObjKind::Var(_));
    let values: Vec<ObjId> =
        c.store.package(pkg).objects.iter().copied().filter(|&o| is_value(c, o)).collect();
    let mut left: FxHashMap<ObjId, usize> = FxHashMap::default();
    let mut users: FxHashMap<ObjId, Vec<ObjId>> = FxHashMap::default();
    for &value in &values {
        // What it depends on, functions replaced by what they depend on.
        let mut found: BTreeSet<ObjId> = BTreeSet::new();
        let mut seen: FxHashSet<ObjId> = FxHashSet::default();
        let mut stack = vec![value];
        while let Some(obj) = stack.pop() {
            for dep in dependencies(c, obj) {
                if is_value(c, dep) {
                    found.insert(dep);
                } else if matches!(c.store.obj(dep).kind, ObjKind::Func(_)) && seen.insert(dep) {
                    stack.push(dep);
                }
            }
        }
        left.insert(value, found.len());
        for dep in found {
            users.entry(dep).or_default().push(value);
        }
    }
    let key = |c: &Checker, o: ObjId, n: usize| (matches!(c.store.obj(o).kind, ObjKind::Var(_)), n, o);
    let mut queue: BTreeSet<(bool, usize, ObjId)> = values.iter().map(|&o| key(c, o, left[&o])).collect();
    while let Some((_, open, obj)) = queue.pop_first() {
        if open > 0
            && let Some(cycle) = find_path(c, obj)
        {
            report_cycle(c, obj, &cycle);
        }
        for &user in users.get(&obj).into_iter().flatten() {
            let Some(n) = left.get_mut(&user).filter(|n| **n > 0) else { continue };
            *n -= 1;
            let n = *n;
            if queue.remove(&key(c, user, n + 1)) {
                queue.insert(key(c, user, n));
            }
        }
    }
}

/// What lies between an object and itself, itself last.
fn find_path(c: &mut Checker, start: ObjId) -> Option<Vec<ObjId>> {
    let mut seen: FxHashSet<ObjId> = FxHashSet::default();
    // An explicit stack: call graphs may be deep.
    let mut stack = vec![sorted_dependencies(c, start).into_iter()];
    let mut path: Vec<ObjId> = Vec::new();
    seen.insert(start);
    while let Some(deps) = stack.last_mut() {
        let Some(dep) = deps.next() else {
            stack.pop();
            path.pop();
            continue;
        };
        if dep == start {
            path.push(dep);
            return Some(path);
        }
        if seen.insert(dep) {
            path.push(dep);
            stack.push(sorted_dependencies(c, dep).into_iter());
        }
    }
    None
}

fn sorted_dependencies(c: &mut Checker, obj: ObjId) -> Vec<ObjId> {
    let mut deps = dependencies(c, obj);
    deps.sort();
    deps
}

fn report_cycle(c: &mut Checker, obj: ObjId, cycle: &[ObjId]) {
    let (name, pos) = (c.store.obj(obj).name, c.store.obj(obj).pos);
    if cycle.len() == 1 {
        return c.error(pos, format!("initialization cycle: {name} refers to itself"));
    }
    let mut diagnostic = Diagnostic::error(pos, format!("initialization cycle for {name}"));
    let mut from = obj;
    for &to in cycle {
        let message = format!("{} refers to {}", c.store.obj(from).name, c.store.obj(to).name);
        diagnostic = diagnostic.with_related(c.store.obj(from).pos, message);
        from = to;
    }
    c.report(diagnostic);
}
