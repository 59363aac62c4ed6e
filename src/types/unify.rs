//! Unification of types (specification: "Type unification").

use crate::store::Store;
use crate::ty::*;
use std::sync::Arc;

/// Type parameters and what they are bound to so far.
pub(crate) struct Unifier {
    pub params: Arc<[TypeId]>,
    /// Index of the representative of each parameter: joined ones share a binding.
    joined: Vec<usize>,
    bound: Vec<Option<TypeId>>,
    depth: u32,
}

/// Types that unify nest no deeper.
const MAX_DEPTH: u32 = 100;

impl Unifier {
    pub fn new(params: Arc<[TypeId]>, known: &[TypeId]) -> Unifier {
        let n = params.len();
        let mut bound = vec![None; n];
        for (slot, &t) in bound.iter_mut().zip(known) {
            *slot = Some(t);
        }
        Unifier { params, joined: (0..n).collect(), bound, depth: 0 }
    }

    fn index(&self, store: &Store, t: TypeId) -> Option<usize> {
        let t = store.unalias(t);
        let i = self.params.iter().position(|&p| p == t)?;
        Some(self.root(i))
    }

    fn root(&self, mut i: usize) -> usize {
        while self.joined[i] != i {
            i = self.joined[i];
        }
        i
    }

    pub fn get(&self, i: usize) -> Option<TypeId> {
        self.bound[self.root(i)]
    }

    pub fn set(&mut self, i: usize, t: TypeId) {
        let root = self.root(i);
        self.bound[root] = Some(t);
    }

    /// Makes two types equal by binding parameters. `exact` forbids what assignability would allow at the top level.
    pub fn unify(&mut self, store: &mut Store, x: TypeId, y: TypeId, exact: bool) -> bool {
        if self.depth > MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let ok = self.unify_types(store, x, y, exact);
        self.depth -= 1;
        ok
    }

    fn unify_types(&mut self, store: &mut Store, x: TypeId, y: TypeId, exact: bool) -> bool {
        let (mut x, mut y) = (store.unalias(x), store.unalias(y));
        if x == y {
            return true;
        }
        match (self.index(store, x), self.index(store, y)) {
            (Some(i), Some(j)) => return self.join(store, i, j, exact),
            (Some(i), None) => return self.bind(store, i, y, exact),
            (None, Some(j)) => return self.bind(store, j, x, exact),
            (None, None) => {}
        }
        // "if exact unification fails ... and exactly one type is a defined type, use its underlying type"
        if !exact {
            let (nx, ny) = (store.named(x).is_some(), store.named(y).is_some());
            if nx != ny && !store.is_type_param(x) && !store.is_type_param(y) {
                if nx && !matches!(store.kind(y), TypeKind::Basic(_)) {
                    x = store.underlying(x);
                } else if ny && !matches!(store.kind(x), TypeKind::Basic(_)) {
                    y = store.underlying(y);
                }
            }
        }
        // A type parameter that is not to be inferred stands for its core type.
        if !exact && store.is_type_param(x) != store.is_type_param(y) {
            let (param, other) = if store.is_type_param(x) { (x, y) } else { (y, x) };
            return match store.core_type(param) {
                Some(core) if store.type_param_terms(param).is_some() => {
                    self.unify(store, core, other, false)
                }
                _ => false,
            };
        }
        // A value may have more methods than the interface that it is assigned to.
        if !exact && !store.is_type_param(x) && !store.is_type_param(y) {
            match (store.is_interface(x), store.is_interface(y)) {
                (true, false) => return self.methods(store, x, y),
                (false, true) => return self.methods(store, y, x),
                _ => {}
            }
        }
        if !store.is_parameterized(x) && !store.is_parameterized(y) {
            return store.identical(x, y) || !exact && self.directions_differ(store, x, y);
        }
        self.structure(store, x, y, exact)
    }

    fn directions_differ(&self, store: &mut Store, x: TypeId, y: TypeId) -> bool {
        let (&TypeKind::Chan { dir: dx, elem: ex }, &TypeKind::Chan { dir: dy, elem: ey }) =
            (store.kind(x), store.kind(y))
        else {
            return false;
        };
        (dx == ChanDir::Both || dy == ChanDir::Both) && store.identical(ex, ey)
    }

    fn join(&mut self, store: &mut Store, i: usize, j: usize, exact: bool) -> bool {
        if i == j {
            return true;
        }
        match (self.bound[i], self.bound[j]) {
            (Some(a), Some(b)) => return self.unify(store, a, b, exact),
            (Some(_), None) => self.joined[j] = i,
            _ => self.joined[i] = j,
        }
        true
    }

    fn bind(&mut self, store: &mut Store, i: usize, t: TypeId, exact: bool) -> bool {
        let Some(known) = self.bound[i] else {
            self.bound[i] = Some(t);
            return true;
        };
        if !self.unify(store, known, t, exact) {
            return false;
        }
        // A defined type is the better binding, and so is the more general channel.
        if store.named(t).is_some() && store.named(known).is_none() {
            self.bound[i] = Some(t);
        } else if let (TypeKind::Chan { dir: a, .. }, TypeKind::Chan { dir: b, .. }) =
            (store.kind(known), store.kind(t))
            && *a == ChanDir::Both
            && *b != ChanDir::Both
        {
            self.bound[i] = Some(t);
        }
        true
    }

    fn structure(&mut self, store: &mut Store, x: TypeId, y: TypeId, exact: bool) -> bool {
        match (store.kind(x).clone(), store.kind(y).clone()) {
            (TypeKind::Pointer(a), TypeKind::Pointer(b)) | (TypeKind::Slice(a), TypeKind::Slice(b)) => {
                self.unify(store, a, b, true)
            }
            (TypeKind::Array { elem: a, len: m }, TypeKind::Array { elem: b, len: n }) => {
                m == n && self.unify(store, a, b, true)
            }
            (TypeKind::Map { key: k, value: v }, TypeKind::Map { key: l, value: w }) => {
                self.unify(store, k, l, true) && self.unify(store, v, w, true)
            }
            (TypeKind::Chan { dir: d, elem: a }, TypeKind::Chan { dir: f, elem: b }) => {
                (d == f || !exact && (d == ChanDir::Both || f == ChanDir::Both))
                    && self.unify(store, a, b, true)
            }
            (TypeKind::Struct(a), TypeKind::Struct(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b.iter()).all(|(f, g)| {
                        f.name == g.name
                            && f.embedded == g.embedded
                            && f.tag == g.tag
                            && f.pkg == g.pkg
                            && self.unify(store, f.ty, g.ty, true)
                    })
            }
            (TypeKind::Tuple(a), TypeKind::Tuple(b)) => self.all(store, &a, &b),
            (TypeKind::Signature(a), TypeKind::Signature(b)) => {
                let types = |list: &[Param]| list.iter().map(|p| p.ty).collect::<Vec<_>>();
                a.variadic == b.variadic
                    && a.type_params.len() == b.type_params.len()
                    && self.all(store, &types(&a.params), &types(&b.params))
                    && self.all(store, &types(&a.results), &types(&b.results))
            }
            (TypeKind::Interface(_), TypeKind::Interface(_)) => {
                let (a, b) = (store.type_set(x), store.type_set(y));
                a.methods.len() == b.methods.len()
                    && a.terms.is_some() == b.terms.is_some()
                    && a.methods.iter().zip(b.methods.iter()).all(|(m, n)| {
                        m.name == n.name && m.pkg == n.pkg && self.unify(store, m.sig, n.sig, true)
                    })
            }
            (TypeKind::Named(_), TypeKind::Named(_)) => self.named(store, x, y, exact),
            _ => false,
        }
    }

    fn named(&mut self, store: &mut Store, x: TypeId, y: TypeId, exact: bool) -> bool {
        let (Some(a), Some(b)) = (store.named(x).cloned(), store.named(y).cloned()) else { return false };
        if a.origin == b.origin {
            // A generic type without arguments is applied to its own parameters.
            let args = |n: NamedType| if n.targs.is_empty() { n.tparams } else { n.targs };
            return self.all(store, &args(a), &args(b));
        }
        // "if both types are interfaces ... their methods unify"; a value may have more methods than its interface.
        if exact {
            return false;
        }
        let (xi, yi) = (store.is_interface(x), store.is_interface(y));
        match (xi, yi) {
            (false, false) => false,
            (true, false) => self.methods(store, x, y),
            (false, true) => self.methods(store, y, x),
            (true, true) => {
                let (mx, my) = (store.type_set(x).methods.len(), store.type_set(y).methods.len());
                if mx <= my { self.methods(store, x, y) } else { self.methods(store, y, x) }
            }
        }
    }

    /// Unifies the methods of an interface with those of the same name of a type.
    pub fn methods(&mut self, store: &mut Store, interface: TypeId, t: TypeId) -> bool {
        let set = store.type_set(interface);
        set.methods.clone().iter().all(|m| match store.lookup_field_or_method(t, m.pkg, m.name) {
            crate::Lookup::Method(found) => {
                let sig = store.method_signature(&found);
                !sig.is_invalid() && self.unify(store, m.sig, sig, true)
            }
            _ => false,
        })
    }

    fn all(&mut self, store: &mut Store, a: &[TypeId], b: &[TypeId]) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(&x, &y)| self.unify(store, x, y, true))
    }
}
