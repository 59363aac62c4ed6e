//! Instantiation cycles: generic code that would need infinitely many instances (`func f[T any]() { f[*T]() }`).
//!
//! A graph has the type parameters (and the local types of generic functions, which depend on them) as nodes, and an edge
//! for each type argument that mentions one, of weight 1 if the argument is more than the bare parameter. A cycle of
//! positive weight never ends.

use crate::checker::Checker;
use crate::object::ObjId;
use crate::package::PackageId;
use crate::store::Store;
use crate::ty::*;
use crate::type_string::Qualify;
use rustc_hash::FxHashMap;
use source::{Diagnostic, Pos};

#[derive(Clone, Default)]
pub(crate) struct Instantiations {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    index: FxHashMap<ObjId, usize>,
}

/// A type parameter or local type, and the heaviest path to it so far.
#[derive(Clone)]
struct Node {
    obj: ObjId,
    weight: u32,
    length: usize,
    /// The path's last edge.
    edge: usize,
}

#[derive(Clone)]
struct Edge {
    from: usize,
    to: usize,
    weight: u32,
    pos: Pos,
    /// The type argument.
    ty: TypeId,
}

impl Instantiations {
    /// Notes type arguments of one instance. Only those of the package itself can be part of a cycle.
    pub fn record(
        &mut self,
        store: &Store,
        pkg: PackageId,
        tparams: &[TypeId],
        targs: &[TypeId],
        pos: &[Pos],
        at: Pos,
    ) {
        if !store.package(pkg).is_user {
            return;
        }
        for (i, (&tparam, &targ)) in tparams.iter().zip(targs).enumerate() {
            let Some(obj) = store.type_param(tparam).map(|p| p.obj) else { continue };
            if store.obj(obj).pkg == pkg {
                let pos = pos.get(i).copied().unwrap_or(at);
                self.flow(store, pkg, obj, targ, targ, pos, 0);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a walk over one type argument")]
    fn flow(
        &mut self,
        store: &Store,
        pkg: PackageId,
        to: ObjId,
        targ: TypeId,
        part: TypeId,
        pos: Pos,
        depth: u32,
    ) {
        let part = store.unalias(part);
        if depth > 100 || !store.is_parameterized(part) && store.named(part).is_none() {
            return;
        }
        let weight = u32::from(part != store.unalias(targ));
        if let Some(param) = store.type_param(part) {
            self.edge(param.obj, to, weight, pos, targ);
            return;
        }
        if let Some(named) = store.named(part).filter(|n| n.implicit && !n.tparams.is_empty()) {
            let obj = named.obj;
            if store.obj(obj).pkg == pkg {
                self.local_type(store, obj, named.origin);
                self.edge(obj, to, weight, pos, targ);
            }
            return;
        }
        for inner in store.parts(part) {
            self.flow(store, pkg, to, targ, inner, pos, depth + 1);
        }
    }

    /// A local type depends on all type parameters of the functions around it.
    fn local_type(&mut self, store: &Store, obj: ObjId, origin: TypeId) {
        if self.index.contains_key(&obj) {
            return;
        }
        let tparams = store.named(origin).map(|n| n.tparams.clone()).unwrap_or_default();
        let pos = store.obj(obj).pos;
        for &tparam in tparams.iter() {
            if let Some(param) = store.type_param(tparam) {
                self.edge(param.obj, obj, 1, pos, tparam);
            }
        }
    }

    fn node(&mut self, obj: ObjId) -> usize {
        let nodes = &mut self.nodes;
        *self.index.entry(obj).or_insert_with(|| {
            nodes.push(Node { obj, weight: 0, length: 0, edge: 0 });
            nodes.len() - 1
        })
    }

    fn edge(&mut self, from: ObjId, to: ObjId, weight: u32, pos: Pos, ty: TypeId) {
        let (from, to) = (self.node(from), self.node(to));
        self.edges.push(Edge { from, to, weight, pos, ty });
    }

    /// The edges of a cycle, last one first, if there is one (Bellman and Ford's algorithm for heaviest paths).
    fn cycle(&mut self) -> Option<Vec<usize>> {
        loop {
            let mut again = false;
            for i in 0..self.edges.len() {
                let Edge { from, to, weight, .. } = self.edges[i];
                let (weight, length) = (self.nodes[from].weight + weight, self.nodes[from].length + 1);
                if weight <= self.nodes[to].weight {
                    continue;
                }
                self.nodes[to].edge = i;
                self.nodes[to].length = length;
                if length >= self.nodes.len() {
                    return Some(self.walk_back(to));
                }
                self.nodes[to].weight = weight;
                again = true;
            }
            if !again {
                return None;
            }
        }
    }

    fn walk_back(&self, mut node: usize) -> Vec<usize> {
        let mut path: Vec<usize> = Vec::new();
        while !path.contains(&node) {
            path.push(node);
            node = self.edges[self.nodes[node].edge].from;
        }
        let start = path.iter().position(|&n| n == node).unwrap_or(0);
        path[start..].iter().map(|&n| self.nodes[n].edge).collect()
    }
}

/// Reports an instantiation cycle of a package, whose instances were all recorded, and forgets them.
pub(crate) fn report_cycle(c: &mut Checker, pkg: PackageId) {
    let mut graph = std::mem::take(&mut c.instantiations);
    let Some(cycle) = graph.cycle() else { return };
    let object = |node: usize| c.store.obj(graph.nodes[node].obj);
    let Some(&first) = cycle.first() else { return };
    let mut diagnostic = Diagnostic::error(object(graph.edges[first].to).pos, "instantiation cycle:");
    for i in cycle {
        let edge = &graph.edges[i];
        let to = object(edge.to);
        let ty = c.store.type_string(edge.ty, Qualify::Relative(pkg));
        let how =
            if c.store.is_type_param(to.ty) { "instantiated as" } else { "implicitly parameterized by" };
        diagnostic = diagnostic.with_related(edge.pos, format!("{} {how} {ty}", to.name));
    }
    c.report(diagnostic);
}
