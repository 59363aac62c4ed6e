//! Substitution of type arguments for type parameters.

use crate::store::Store;
use crate::ty::*;
use std::sync::Arc;

impl Store {
    /// Replaces each of `params` by the argument of the same index. Types without parameters come back as they are.
    pub fn subst(&mut self, t: TypeId, params: &[TypeId], args: &[TypeId]) -> TypeId {
        if params.is_empty() || !self.is_parameterized(t) {
            return t;
        }
        match self.spelled_kind(t).clone() {
            TypeKind::Basic(_) => t,
            TypeKind::TypeParam(_) => match params.iter().position(|&p| p == t) {
                Some(i) => args.get(i).copied().unwrap_or(TypeId::INVALID),
                None => t,
            },
            TypeKind::Pointer(e) => {
                let e = self.subst(e, params, args);
                self.intern(TypeKind::Pointer(e))
            }
            TypeKind::Slice(e) => {
                let e = self.subst(e, params, args);
                self.intern(TypeKind::Slice(e))
            }
            TypeKind::Array { elem, len } => {
                let elem = self.subst(elem, params, args);
                self.intern(TypeKind::Array { elem, len })
            }
            TypeKind::Chan { dir, elem } => {
                let elem = self.subst(elem, params, args);
                self.intern(TypeKind::Chan { dir, elem })
            }
            TypeKind::Map { key, value } => {
                let (key, value) = (self.subst(key, params, args), self.subst(value, params, args));
                self.intern(TypeKind::Map { key, value })
            }
            TypeKind::Struct(fields) => {
                let fields = fields
                    .iter()
                    .map(|f| Field { ty: self.subst(f.ty, params, args), ..f.clone() })
                    .collect();
                self.intern(TypeKind::Struct(fields))
            }
            TypeKind::Tuple(types) => {
                let types = self.subst_all(&types, params, args);
                self.intern(TypeKind::Tuple(types))
            }
            TypeKind::Signature(sig) => {
                let sig = self.subst_signature(&sig, params, args);
                self.intern(TypeKind::Signature(Arc::new(sig)))
            }
            TypeKind::Interface(i) => {
                let methods = i
                    .methods
                    .iter()
                    .map(|m| Method { sig: self.subst(m.sig, params, args), ..m.clone() })
                    .collect();
                let embeds = self.subst_all(&i.embeds, params, args);
                let interface = Interface { methods, embeds, ..(*i).clone() };
                self.intern(TypeKind::Interface(Arc::new(interface)))
            }
            TypeKind::Union(terms) => {
                let terms = terms.iter().map(|x| Term { ty: self.subst(x.ty, params, args), ..*x }).collect();
                self.intern(TypeKind::Union(terms))
            }
            TypeKind::Named(_) => self.subst_named(t, params, args),
            TypeKind::Alias(_) => {
                let target = self.unalias(t);
                self.subst(target, params, args)
            }
        }
    }

    fn subst_named(&mut self, t: TypeId, params: &[TypeId], args: &[TypeId]) -> TypeId {
        let Some(named) = self.named(t) else { return t };
        // A generic type without arguments stands for itself applied to its own parameters.
        let old = if named.targs.is_empty() { named.tparams.clone() } else { named.targs.clone() };
        let origin = named.origin;
        if self.named(origin).is_some_and(|n| n.tparams.len() != old.len()) {
            return TypeId::INVALID;
        }
        let new = self.subst_all(&old, params, args);
        if new == old { t } else { self.instantiate(origin, &new) }
    }

    /// Whether one of these type parameters occurs in a type.
    pub(crate) fn mentions(&mut self, t: TypeId, params: &[TypeId]) -> bool {
        if !self.is_parameterized(t) {
            return false;
        }
        // Replacing them by something else changes the type if they occur.
        let marks = vec![TypeId::INVALID; params.len()];
        self.subst(t, params, &marks) != t
    }

    pub fn subst_all(&mut self, types: &[TypeId], params: &[TypeId], args: &[TypeId]) -> Arc<[TypeId]> {
        types.iter().map(|&t| self.subst(t, params, args)).collect()
    }

    /// The signature with types replaced; its own type parameters remain (they are not among `params`, or the caller
    /// drops them).
    pub fn subst_signature(&mut self, sig: &Signature, params: &[TypeId], args: &[TypeId]) -> Signature {
        let mut list = |list: &[Param]| -> Arc<[Param]> {
            list.iter().map(|p| Param { name: p.name, ty: self.subst(p.ty, params, args) }).collect()
        };
        let (ps, results) = (list(&sig.params), list(&sig.results));
        Signature { type_params: sig.type_params.clone(), params: ps, results, variadic: sig.variadic }
    }

    /// The type of a generic function for these type arguments.
    pub fn instantiate_signature(&mut self, sig: &Signature, args: &[TypeId]) -> TypeId {
        let tparams = sig.type_params.clone();
        let mut sig = self.subst_signature(sig, &tparams, args);
        sig.type_params = Arc::default();
        self.intern(TypeKind::Signature(Arc::new(sig)))
    }

    /// The types that a type is made of directly; a defined type is made of its type arguments (a generic one, which
    /// stands for itself applied to its own parameters, of these).
    pub(crate) fn parts(&self, t: TypeId) -> Vec<TypeId> {
        let params = |list: &[Param]| list.iter().map(|p| p.ty).collect::<Vec<_>>();
        match self.kind(t) {
            TypeKind::Basic(_) | TypeKind::TypeParam(_) | TypeKind::Alias(_) => Vec::new(),
            &TypeKind::Pointer(e) | &TypeKind::Slice(e) => vec![e],
            &TypeKind::Array { elem, .. } | &TypeKind::Chan { elem, .. } => vec![elem],
            &TypeKind::Map { key, value } => vec![key, value],
            TypeKind::Struct(fields) => fields.iter().map(|f| f.ty).collect(),
            TypeKind::Tuple(types) => types.to_vec(),
            TypeKind::Signature(sig) => [params(&sig.params), params(&sig.results)].concat(),
            TypeKind::Interface(i) => {
                i.methods.iter().map(|m| m.sig).chain(i.embeds.iter().copied()).collect()
            }
            TypeKind::Union(terms) => terms.iter().map(|x| x.ty).collect(),
            TypeKind::Named(_) => match self.named(t) {
                Some(n) if n.targs.is_empty() && !n.implicit => n.tparams.to_vec(),
                Some(n) => n.targs.to_vec(),
                None => Vec::new(),
            },
        }
    }
}
