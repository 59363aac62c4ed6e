//! Type sets of interfaces (specification: "Interface types").

use crate::package::PackageId;
use crate::store::Store;
use crate::ty::*;
use source::Name;
use std::sync::Arc;

/// What an interface contains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeSet {
    /// All methods, embedded ones included, sorted: exported ones by name, then the others by name and package path.
    pub methods: Arc<[Method]>,
    /// The types of the set; `None` if they are not restricted.
    pub terms: Option<Arc<[Term]>>,
    /// Only comparable types.
    pub comparable: bool,
}

impl TypeSet {
    /// Whether it restricts more than the methods, so that it can only be a constraint.
    pub fn is_constraint(&self) -> bool {
        self.terms.is_some() || self.comparable
    }

    pub fn is_all(&self) -> bool {
        self.methods.is_empty() && !self.is_constraint()
    }

    pub fn is_empty(&self) -> bool {
        self.terms.as_ref().is_some_and(|t| t.is_empty())
    }

    /// Index of a method in `methods`.
    pub fn method(&self, pkg: PackageId, name: Name) -> Option<usize> {
        let exported = name.is_exported();
        self.methods.iter().position(|m| m.name == name && (exported || m.pkg == pkg))
    }
}

/// A set of types as intersections are computed.
type Terms = Option<Vec<Term>>;

impl Store {
    /// The type set of an interface, or of a type parameter's constraint; of any other type the set of its methods is
    /// empty.
    pub fn type_set(&mut self, t: TypeId) -> Arc<TypeSet> {
        self.type_set_if_complete(t)
            .unwrap_or_else(|| Arc::new(TypeSet { methods: Arc::default(), terms: None, comparable: false }))
    }

    /// `None` while something that it embeds is still being declared.
    pub(crate) fn type_set_if_complete(&mut self, t: TypeId) -> Option<Arc<TypeSet>> {
        let mut visiting = Vec::new();
        self.type_set_of(t, &mut visiting)
    }

    fn type_set_of(&mut self, t: TypeId, visiting: &mut Vec<TypeId>) -> Option<Arc<TypeSet>> {
        let u = self.underlying(t);
        if let Some(set) = self.type_sets.get(&u) {
            return Some(set.clone());
        }
        let TypeKind::Interface(interface) = self.kind(u).clone() else { return None };
        if visiting.contains(&u) || visiting.len() > 100 {
            return None;
        }
        visiting.push(u);
        let set = self.compute_type_set(&interface, visiting);
        visiting.pop();
        let set = Arc::new(set?);
        self.type_sets.insert(u, set.clone());
        Some(set)
    }

    fn compute_type_set(&mut self, interface: &Interface, visiting: &mut Vec<TypeId>) -> Option<TypeSet> {
        let mut methods: Vec<Method> = interface.methods.to_vec();
        let mut terms: Terms = None;
        let mut comparable = interface.comparable;
        for &embed in interface.embeds.iter() {
            let u = self.underlying(embed);
            let other: Terms = match self.kind(u).clone() {
                TypeKind::Interface(_) => {
                    let set = self.type_set_of(embed, visiting)?;
                    comparable |= set.comparable;
                    for m in set.methods.iter() {
                        if !methods.iter().any(|o| o.name == m.name && o.pkg == m.pkg) {
                            methods.push(m.clone());
                        }
                    }
                    set.terms.as_ref().map(|t| t.to_vec())
                }
                TypeKind::Union(union) => self.terms_of_union(&union, visiting)?,
                TypeKind::Basic(Basic::Invalid) => {
                    let declared = self.unalias(embed).is_invalid();
                    if !declared {
                        return None;
                    }
                    None
                }
                _ => Some(vec![Term { tilde: false, ty: embed }]),
            };
            terms = self.intersect(terms, other);
        }
        if comparable && let Some(list) = terms.take() {
            let kept = list.into_iter().filter(|x| self.is_comparable_term(x.ty)).collect();
            terms = Some(kept);
            comparable = false;
        }
        self.sort_methods(&mut methods);
        Some(TypeSet { methods: methods.into(), terms: terms.map(Into::into), comparable })
    }

    fn is_comparable_term(&mut self, t: TypeId) -> bool {
        self.is_strictly_comparable(t)
    }

    fn terms_of_union(&mut self, union: &[Term], visiting: &mut Vec<TypeId>) -> Option<Terms> {
        let mut all = Vec::new();
        for term in union {
            let u = self.underlying(term.ty);
            match self.kind(u) {
                TypeKind::Interface(_) => match &self.type_set_of(term.ty, visiting)?.terms {
                    // One unrestricted term makes the union unrestricted.
                    None => return Some(None),
                    Some(terms) => all.extend(terms.iter().copied()),
                },
                TypeKind::Basic(Basic::Invalid) => {}
                _ => all.push(*term),
            }
        }
        Some(Some(self.normalize(all)))
    }

    /// Drops terms that others include.
    fn normalize(&mut self, terms: Vec<Term>) -> Vec<Term> {
        let mut kept: Vec<Term> = Vec::with_capacity(terms.len());
        for term in terms {
            if kept.iter().any(|&k| self.term_includes(k, term)) {
                continue;
            }
            kept.retain(|&k| !self.term_includes(term, k));
            kept.push(term);
        }
        kept
    }

    /// Whether every type of `inner` is one of `outer`.
    pub(crate) fn term_includes(&mut self, outer: Term, inner: Term) -> bool {
        if outer.tilde {
            let u = self.underlying(inner.ty);
            let o = self.underlying(outer.ty);
            self.identical(o, u)
        } else {
            !inner.tilde && self.identical(outer.ty, inner.ty)
        }
    }

    fn intersect(&mut self, a: Terms, b: Terms) -> Terms {
        let (a, b) = match (a, b) {
            (None, other) | (other, None) => return other,
            (Some(a), Some(b)) => (a, b),
        };
        let mut both = Vec::new();
        for &x in &a {
            for &y in &b {
                if self.term_includes(x, y) {
                    both.push(y);
                } else if self.term_includes(y, x) {
                    both.push(x);
                }
            }
        }
        Some(self.normalize(both))
    }

    /// Go's order of methods: exported ones by name, then the others by name and package path.
    pub(crate) fn sort_methods(&self, methods: &mut [Method]) {
        methods.sort_by(|a, b| {
            let key = |m: &Method| (!m.name.is_exported(), m.name.as_str());
            key(a).cmp(&key(b)).then_with(|| self.package(a.pkg).path.cmp(&self.package(b.pkg).path))
        });
    }

    /// The terms of a type parameter's constraint; `None` for other types and for unrestricted parameters.
    pub fn type_param_terms(&mut self, t: TypeId) -> Option<Arc<[Term]>> {
        self.type_param(t)?;
        self.type_set(t).terms.clone()
    }

    /// The one underlying type of all types in a type parameter's type set (for channels of differing direction
    /// the more restricted one); the underlying type of other types. `None` if there is none.
    pub fn core_type(&mut self, t: TypeId) -> Option<TypeId> {
        if self.type_param(t).is_none() {
            let u = self.underlying(t);
            if let TypeKind::Interface(_) = self.kind(u) {
                return match self.type_set(u).terms.clone() {
                    None => Some(u),
                    Some(terms) => self.core_of_terms(&terms),
                };
            }
            return Some(u);
        }
        let terms = self.type_set(t).terms.clone()?;
        self.core_of_terms(&terms)
    }

    fn core_of_terms(&mut self, terms: &[Term]) -> Option<TypeId> {
        let mut core: Option<TypeId> = None;
        for term in terms {
            let u = self.underlying(term.ty);
            core = Some(match core {
                None => u,
                Some(c) if self.identical(c, u) => c,
                Some(c) => self.common_chan(c, u)?,
            });
        }
        core
    }

    fn common_chan(&mut self, a: TypeId, b: TypeId) -> Option<TypeId> {
        let (&TypeKind::Chan { dir: da, elem: ea }, &TypeKind::Chan { dir: db, elem: eb }) =
            (self.kind(a), self.kind(b))
        else {
            return None;
        };
        if !self.identical(ea, eb) {
            return None;
        }
        match (da, db) {
            (ChanDir::Both, _) => Some(b),
            (_, ChanDir::Both) => Some(a),
            _ => None,
        }
    }
}
