//! Unification of types (specification: "Type unification").

use crate::Checker;
use crate::lookup::{FoundMethod, Lookup};
use crate::ty::*;

/// How strictly two types must match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    /// As the two sides of an assignment: loosely at the top, their elements exactly.
    Assign,
    /// Loosely all the way down: a type argument and the core type of its constraint.
    Loose,
    Exact,
}

impl Match {
    fn is_exact(self) -> bool {
        self == Match::Exact
    }

    /// For the elements of two types.
    fn elements(self) -> Match {
        if self == Match::Assign { Match::Exact } else { self }
    }
}

/// Type parameters and what they are bound to so far.
pub(crate) struct Unifier {
    pub params: Vec<TypeId>,
    /// Index of the representative of each parameter: joined ones share a binding.
    joined: Vec<usize>,
    bound: Vec<Option<TypeId>>,
    depth: u32,
    /// Since go1.21 a type unifies with an interface whose methods it has.
    by_methods: bool,
    /// Pairs of interfaces being compared: they may contain themselves.
    pairs: Vec<(TypeId, TypeId)>,
}

/// Types that unify nest no deeper.
const MAX_DEPTH: u32 = 50;

impl Unifier {
    pub fn new(params: &[TypeId], bound: &[Option<TypeId>], by_methods: bool) -> Unifier {
        let mut bound = bound.to_vec();
        bound.resize(params.len(), None);
        let joined = (0..params.len()).collect();
        Unifier { params: params.to_vec(), joined, bound, depth: 0, by_methods, pairs: Vec::new() }
    }

    fn index(&self, c: &Checker, t: TypeId) -> Option<usize> {
        let t = c.store.unalias(t);
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

    pub fn unknowns(&self) -> usize {
        (0..self.params.len()).filter(|&i| self.get(i).is_none()).count()
    }

    pub fn bindings(&self) -> Vec<Option<TypeId>> {
        (0..self.params.len()).map(|i| self.get(i)).collect()
    }

    /// Makes two types match by binding parameters.
    pub fn unify(&mut self, c: &mut Checker, x: TypeId, y: TypeId, how: Match) -> bool {
        if self.depth > MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let ok = self.unify_types(c, x, y, how);
        self.depth -= 1;
        ok
    }

    fn unify_types(&mut self, c: &mut Checker, mut x: TypeId, mut y: TypeId, how: Match) -> bool {
        let same = |c: &Checker, x, y| c.store.unalias(x) == c.store.unalias(y);
        if same(c, x, y) {
            return true;
        }
        // A defined type goes to the right, a parameter to the left.
        if c.store.named(x).is_some() || self.index(c, y).is_some() {
            std::mem::swap(&mut x, &mut y);
        }
        // "If exact unification is not required and exactly one type is a defined type, its underlying type counts".
        let literal = c.store.named(x).is_none() && !c.store.is_type_param(x);
        if !how.is_exact()
            && literal
            && c.store.named(y).is_some()
            && !(self.by_methods && c.store.is_interface(x))
        {
            y = c.store.underlying(y);
            if same(c, x, y) {
                return true;
            }
        }
        match (self.index(c, x), self.index(c, y)) {
            (Some(i), Some(j)) => return self.join(c, i, j, how),
            (Some(i), None) => return self.bind(c, i, y, how),
            _ => {}
        }
        if self.by_methods && !how.is_exact() {
            match (c.store.is_interface(x), c.store.is_interface(y)) {
                (true, true) => return self.interfaces(c, x, y, false),
                (true, false) => return self.methods(c, x, y),
                (false, true) => return self.methods(c, y, x),
                _ => {}
            }
        }
        // A type parameter that is not to be inferred stands for its core type.
        if c.store.is_type_param(y) {
            std::mem::swap(&mut x, &mut y);
        }
        if c.store.is_type_param(x) {
            return match c.store.core_type(x) {
                Some(core) => self.unify(c, core, y, Match::Assign),
                None => false,
            };
        }
        if !c.store.is_parameterized(x) && !c.store.is_parameterized(y) && c.store.identical(x, y) {
            return true;
        }
        self.structure(c, x, y, how)
    }

    fn join(&mut self, c: &mut Checker, i: usize, j: usize, how: Match) -> bool {
        if i == j {
            return true;
        }
        match (self.bound[i], self.bound[j]) {
            (Some(a), Some(b)) => return self.unify(c, a, b, how),
            (Some(_), None) => self.joined[j] = i,
            _ => self.joined[i] = j,
        }
        true
    }

    fn bind(&mut self, c: &mut Checker, i: usize, y: TypeId, how: Match) -> bool {
        let Some(x) = self.bound[i] else {
            self.bound[i] = Some(y);
            return true;
        };
        if !self.unify(c, x, y, how) {
            return false;
        }
        let (x_named, y_named) = (c.store.named(x).is_some(), c.store.named(y).is_some());
        match (c.store.is_interface(x), c.store.is_interface(y)) {
            (true, true) if x_named && y_named => return c.store.identical(x, y),
            (true, true) => {
                if c.store.type_set(x).methods.len() != c.store.type_set(y).methods.len() {
                    return false;
                }
            }
            (false, false) => {}
            // Either could be meant: which one must not depend on the order of arguments.
            _ => return false,
        }
        if how.is_exact() || x_named {
            return true;
        }
        // A defined type is the better binding, and so is the channel with a direction.
        let directed =
            matches!(c.store.underlying_kind(y), TypeKind::Chan { dir, .. } if *dir != ChanDir::Both);
        if y_named || directed {
            self.set(i, y);
        }
        true
    }

    fn structure(&mut self, c: &mut Checker, x: TypeId, y: TypeId, how: Match) -> bool {
        let inner = how.elements();
        match (c.store.kind(x).clone(), c.store.kind(y).clone()) {
            (TypeKind::Pointer(a), TypeKind::Pointer(b)) | (TypeKind::Slice(a), TypeKind::Slice(b)) => {
                self.unify(c, a, b, inner)
            }
            (TypeKind::Array { elem: a, len: m }, TypeKind::Array { elem: b, len: n }) => {
                m == n && self.unify(c, a, b, inner)
            }
            (TypeKind::Map { key: k, value: v }, TypeKind::Map { key: l, value: w }) => {
                self.unify(c, k, l, inner) && self.unify(c, v, w, inner)
            }
            (TypeKind::Chan { dir: d, elem: a }, TypeKind::Chan { dir: e, elem: b }) => {
                (d == e || !how.is_exact()) && self.unify(c, a, b, inner)
            }
            (TypeKind::Struct(a), TypeKind::Struct(b)) => {
                a.len() == b.len()
                    && a.iter().zip(b.iter()).all(|(f, g)| {
                        (f.name, f.pkg, f.embedded, f.tag) == (g.name, g.pkg, g.embedded, g.tag)
                            && self.unify(c, f.ty, g.ty, inner)
                    })
            }
            (TypeKind::Tuple(a), TypeKind::Tuple(b)) => self.all(c, &a, &b, how),
            (TypeKind::Signature(a), TypeKind::Signature(b)) => {
                let types = |list: &[Param]| list.iter().map(|p| p.ty).collect::<Vec<_>>();
                a.variadic == b.variadic
                    && self.all(c, &types(&a.params), &types(&b.params), inner)
                    && self.all(c, &types(&a.results), &types(&b.results), inner)
            }
            (TypeKind::Interface(_), TypeKind::Interface(_)) => self.interfaces(c, x, y, true),
            (TypeKind::Named(_), TypeKind::Named(_)) => self.named(c, x, y, how),
            _ => false,
        }
    }

    fn named(&mut self, c: &mut Checker, x: TypeId, y: TypeId, how: Match) -> bool {
        let (Some(a), Some(b)) = (c.store.named(x).cloned(), c.store.named(y).cloned()) else { return false };
        // A generic type without arguments is applied to its own parameters.
        let args = |n: &NamedType| if n.targs.is_empty() { n.tparams.clone() } else { n.targs.clone() };
        // The arguments come first: they are bound even if the types differ, for better messages.
        self.all(c, &args(&a), &args(&b), how) && a.origin == b.origin
    }

    /// Two interfaces: with the same methods, or, unless `exact`, with those of one among those of the other.
    fn interfaces(&mut self, c: &mut Checker, x: TypeId, y: TypeId, exact: bool) -> bool {
        let (mut a, mut b) = (c.store.type_set(x), c.store.type_set(y));
        if a.comparable != b.comparable || !c.store.equal_terms(&a.terms, &b.terms) {
            return false;
        }
        if exact && a.methods.len() != b.methods.len() {
            return false;
        }
        if self.pairs.contains(&(x, y)) || self.pairs.contains(&(y, x)) {
            return true;
        }
        if a.methods.len() > b.methods.len() {
            std::mem::swap(&mut a, &mut b);
        }
        self.pairs.push((x, y));
        let ok = a.methods.iter().all(|m| {
            let other = b.methods.iter().find(|n| (n.name, n.pkg) == (m.name, m.pkg));
            other.is_some_and(|n| self.unify(c, m.sig, n.sig, Match::Exact))
        });
        self.pairs.pop();
        ok
    }

    /// Unifies the methods of an interface with those of the same name of a type.
    fn methods(&mut self, c: &mut Checker, interface: TypeId, t: TypeId) -> bool {
        let set = c.store.type_set(interface);
        set.methods.iter().all(|m| {
            let Lookup::Method(found) = c.store.lookup_field_or_method(t, m.pkg, m.name) else {
                return false;
            };
            if let FoundMethod::Declared(obj) = found.method {
                c.resolve(obj);
                if c.store.has_pointer_receiver(obj) && !found.indirect {
                    return false;
                }
            }
            let sig = c.store.method_signature(&found);
            // Generic methods never implement interface methods.
            let plain = c.store.signature(sig).is_some_and(|s| s.type_params.is_empty());
            plain && self.unify(c, m.sig, sig, Match::Exact)
        })
    }

    fn all(&mut self, c: &mut Checker, a: &[TypeId], b: &[TypeId], how: Match) -> bool {
        a.len() == b.len() && a.iter().zip(b).all(|(&x, &y)| self.unify(c, x, y, how))
    }
}
