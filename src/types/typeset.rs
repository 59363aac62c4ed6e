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

    /// How many terms a union has, those of its interfaces included.
    pub(crate) fn count_terms(&mut self, union: &[Term]) -> usize {
        self.terms_of_union(union, &mut Vec::new()).flatten().map_or(0, |terms| terms.len())
    }

    fn terms_of_union(&mut self, union: &[Term], visiting: &mut Vec<TypeId>) -> Option<Terms> {
        let mut all = Vec::new();
        for term in union {
            let u = self.underlying(term.ty);
            // No type has an underlying type that is not one.
            let none = term.tilde && !self.identical(u, term.ty);
            match self.kind(u) {
                TypeKind::Interface(_) => match &self.type_set_of(term.ty, visiting)?.terms {
                    // One unrestricted term makes the union unrestricted.
                    None => return Some(None),
                    Some(terms) => all.extend(terms.iter().copied()),
                },
                TypeKind::Basic(Basic::Invalid) => {}
                _ if none => {}
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

    /// The types of a type parameter's type set, none if they are not restricted; any other type alone.
    pub(crate) fn specific_types(&mut self, t: TypeId) -> Vec<TypeId> {
        if self.type_param(t).is_none() {
            return vec![t];
        }
        self.type_param_terms(t).map_or(Vec::new(), |terms| terms.iter().map(|x| x.ty).collect())
    }

    /// The one underlying type of all types in a type parameter's type set (for channels of differing direction
    /// the more restricted one); the underlying type of other types.
    pub(crate) fn common_underlying(&mut self, t: TypeId) -> Result<TypeId, NoCommonType> {
        let mut common: Option<(TypeId, TypeId)> = None;
        for ty in self.specific_types(t) {
            let u = self.underlying(ty);
            let Some((other, c)) = common else {
                common = Some((ty, u));
                continue;
            };
            if let (&TypeKind::Chan { dir: d, elem: x }, &TypeKind::Chan { dir: e, elem: y }) =
                (self.kind(c), self.kind(u))
            {
                if !self.identical(x, y) {
                    return Err(NoCommonType::Elements(other, ty));
                }
                match (d, e) {
                    _ if d == e => {}
                    (ChanDir::Both, _) => common = Some((ty, u)),
                    (_, ChanDir::Both) => {}
                    _ => return Err(NoCommonType::Directions(other, ty)),
                }
            } else if !self.identical(c, u) {
                return Err(NoCommonType::Different(other, ty));
            }
        }
        common.map(|c| c.1).ok_or(NoCommonType::Unspecific)
    }

    /// [`common_underlying`](Self::common_underlying), if there is one.
    pub fn core_type(&mut self, t: TypeId) -> Option<TypeId> {
        self.common_underlying(t).ok()
    }

    /// Whether two type sets restrict their types in the same way.
    pub(crate) fn equal_terms(&mut self, a: &Option<Arc<[Term]>>, b: &Option<Arc<[Term]>>) -> bool {
        match (a, b) {
            (None, None) => true,
            (Some(a), Some(b)) => self.includes_all(a, b) && self.includes_all(b, a),
            _ => false,
        }
    }

    fn includes_all(&mut self, outer: &[Term], inner: &[Term]) -> bool {
        inner.iter().all(|&x| outer.iter().any(|&y| self.term_includes(y, x)))
    }
}

/// Why the types of a type set have no common underlying type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NoCommonType {
    /// There are no specific types.
    Unspecific,
    Different(TypeId, TypeId),
    /// Channels with different elements.
    Elements(TypeId, TypeId),
    Directions(TypeId, TypeId),
}

impl crate::ctx::Ctx<'_> {
    /// The words for it.
    pub(crate) fn no_common(&self, why: NoCommonType) -> String {
        match why {
            NoCommonType::Unspecific => "no specific type".to_owned(),
            NoCommonType::Different(a, b) => {
                format!("{} and {} have different underlying types", self.ts(a), self.ts(b))
            }
            NoCommonType::Elements(a, b) => {
                format!("channels {} and {} have different element types", self.ts(a), self.ts(b))
            }
            NoCommonType::Directions(a, b) => {
                format!("channels {} and {} have conflicting directions", self.ts(a), self.ts(b))
            }
        }
    }
}
