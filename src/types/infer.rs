//! Type inference (specification: "Type inference").

use crate::ctx::Ctx;
use crate::operand::Operand;
use crate::ty::*;
use crate::unify::Unifier;
use source::Diagnostic;
use std::sync::Arc;
use syntax::ast::ExprId;

impl Ctx<'_> {
    /// Type arguments of a call: `known` ones, the rest from the arguments. Gives them and the instantiated signature,
    /// and replaces type parameters in `params`.
    pub fn infer_call(
        &mut self,
        e: ExprId,
        fun: ExprId,
        sig: &Arc<Signature>,
        known: &[TypeId],
        params: &mut [TypeId],
        args: &[Operand],
    ) -> Option<(Vec<TypeId>, TypeId)> {
        if args.iter().any(Operand::is_invalid) {
            return None;
        }
        let original = sig.type_params.clone();
        let (tparams, fresh_params) = self.rename_own(&original, params);
        let targs = self.infer(e, fun, &tparams, known, &fresh_params, args)?;
        for p in params.iter_mut() {
            *p = self.c.store.subst(*p, &original, &targs);
        }
        let pkg = self.pkg;
        if known.len() < original.len()
            && let Err((_, cause)) = self.c.verify_type_args(&original, &targs, pkg)
        {
            self.error(self.tree[e].pos, cause);
            return None;
        }
        let ty = self.c.store.instantiate_signature(sig, &targs);
        Some((targs, ty))
    }

    /// A function that calls itself has its own type parameters in its arguments: the called one gets others.
    fn rename_own(&mut self, tparams: &Arc<[TypeId]>, params: &[TypeId]) -> (Arc<[TypeId]>, Vec<TypeId>) {
        if !tparams.iter().any(|t| self.tparams.contains(t)) {
            return (tparams.clone(), params.to_vec());
        }
        let mut fresh = Vec::with_capacity(tparams.len());
        for &t in tparams.iter() {
            self.c.store.underlying(t);
            let Some(p) = self.c.store.type_param(t).cloned() else { continue };
            fresh.push(self.c.store.new_type_param(p.obj, p.index, p.bound));
        }
        for &t in &fresh {
            if let Some(bound) = self.c.store.type_param(t).map(|p| p.bound) {
                let bound = self.c.store.subst(bound, tparams, &fresh);
                self.c.store.set_bound(t, bound);
            }
        }
        let params = params.iter().map(|&p| self.c.store.subst(p, tparams, &fresh)).collect();
        (fresh.into(), params)
    }

    fn infer(
        &mut self,
        e: ExprId,
        fun: ExprId,
        tparams: &Arc<[TypeId]>,
        known: &[TypeId],
        params: &[TypeId],
        args: &[Operand],
    ) -> Option<Vec<TypeId>> {
        if known.len() == tparams.len() {
            return Some(known.to_vec());
        }
        let mut u = Unifier::new(tparams.clone(), known);
        let name = self.es(fun);
        // Parameters whose types are known already are checked as arguments.
        let count = known.len();
        let params: Vec<TypeId> =
            params.iter().map(|&p| self.c.store.subst(p, &tparams[..count], known)).collect();
        let mut untyped: Vec<(usize, &Operand)> = Vec::new();
        for (x, &param) in args.iter().zip(&params) {
            if !self.c.store.mentions(param, tparams) {
                continue;
            }
            if let TypeKind::Signature(s) = self.c.store.kind(x.ty)
                && !s.type_params.is_empty()
            {
                // A generic function as argument takes its type arguments from the parameter, later.
                continue;
            }
            if self.c.store.is_untyped(x.ty) {
                if x.is_nil() {
                    continue;
                }
                let bare = self.c.store.unalias(param);
                if let Some(i) = tparams.iter().position(|&t| t == bare) {
                    untyped.push((i, x));
                }
                continue;
            }
            if !u.unify(&mut self.c.store, param, x.ty, false) {
                self.mismatch(&name, &u, tparams, param, x);
                return None;
            }
        }
        if !self.core_types(&mut u, tparams) {
            return self.cannot_infer(e, &name, &u, tparams);
        }
        // "If there are still type parameters without type arguments, the default types of untyped constants".
        let mut kinds: Vec<Option<TypeId>> = vec![None; tparams.len()];
        for (i, x) in untyped {
            if u.get(i).is_some() {
                continue;
            }
            kinds[i] = Some(match kinds[i] {
                None => x.ty,
                Some(other) if other == x.ty => other,
                Some(other) => {
                    let numeric = |c: &mut Self, t| c.c.store.basic(t).is_some_and(Basic::is_numeric);
                    if !numeric(self, other) || !numeric(self, x.ty) {
                        let (a, b) = (self.ts(other), self.ts(x.ty));
                        let param = self.ts(tparams[i]);
                        let message =
                            format!("in call to {name}, mismatched types {a} and {b} (cannot infer {param})");
                        self.error_at(x.expr, message);
                        return None;
                    }
                    other.max(x.ty)
                }
            });
        }
        for (i, kind) in kinds.into_iter().enumerate() {
            if let Some(kind) = kind
                && u.get(i).is_none()
            {
                let ty = self.c.store.default_type(kind);
                u.set(i, ty);
            }
        }
        match self.simplify(&u, tparams) {
            Some(targs) => Some(targs),
            None => self.cannot_infer(e, &name, &u, tparams),
        }
    }

    /// Uses constraints: core types, and methods of bound types. Repeats while that finds something.
    fn core_types(&mut self, u: &mut Unifier, tparams: &[TypeId]) -> bool {
        for _ in 0..=tparams.len() {
            let before: Vec<Option<TypeId>> = (0..tparams.len()).map(|i| u.get(i)).collect();
            for (i, &tparam) in tparams.iter().enumerate() {
                let set = self.c.store.type_set(tparam);
                let terms = set.terms.clone();
                let core = terms.as_ref().and_then(|_| self.c.store.core_type(tparam));
                if let (Some(core), Some(terms)) = (core, &terms) {
                    let tilde = terms.iter().any(|t| t.tilde) || terms.len() > 1;
                    match u.get(i) {
                        Some(bound) => {
                            // A core type of a constraint with `~` compares with the underlying type.
                            let plain = tilde && !self.c.store.is_type_param(bound);
                            let bound = if plain { self.c.store.underlying(bound) } else { bound };
                            if !u.unify(&mut self.c.store, bound, core, false) {
                                return false;
                            }
                        }
                        None if !tilde => u.set(i, terms[0].ty),
                        None => {}
                    }
                } else if let Some(bound) = u.get(i)
                    && !set.methods.is_empty()
                    && !self.c.store.is_type_param(bound)
                {
                    self.resolve_methods(bound);
                    u.methods(&mut self.c.store, tparam, bound);
                }
            }
            let after: Vec<Option<TypeId>> = (0..tparams.len()).map(|i| u.get(i)).collect();
            if after == before {
                break;
            }
        }
        true
    }

    fn resolve_methods(&mut self, t: TypeId) {
        let (base, _) = self.c.store.deref(t);
        for m in self.c.store.methods_of(base).to_vec() {
            self.c.resolve(m);
        }
    }

    /// Bindings that mention other parameters get those replaced; `None` if one remains.
    fn simplify(&mut self, u: &Unifier, tparams: &[TypeId]) -> Option<Vec<TypeId>> {
        let mut targs: Vec<TypeId> = (0..tparams.len()).map(|i| u.get(i)).collect::<Option<_>>()?;
        for _ in 0..tparams.len() {
            let next: Vec<TypeId> = targs.iter().map(|&t| self.c.store.subst(t, tparams, &targs)).collect();
            if next == targs {
                break;
            }
            targs = next;
        }
        Some(targs)
    }

    fn cannot_infer(
        &mut self,
        e: ExprId,
        name: &str,
        u: &Unifier,
        tparams: &[TypeId],
    ) -> Option<Vec<TypeId>> {
        let missing = (0..tparams.len()).find(|&i| u.get(i).is_none()).unwrap_or(0);
        let obj = self.c.store.type_param(tparams[missing]).map(|p| p.obj)?;
        let (param, at) = (self.c.store.obj(obj).name, self.c.store.obj(obj).pos);
        let at = self.position(at);
        let pos = self.tree[e].pos;
        self.c.report(Diagnostic::error(
            pos,
            format!("in call to {name}, cannot infer {param} (declared at {at})"),
        ));
        None
    }

    fn mismatch(&mut self, name: &str, u: &Unifier, tparams: &[TypeId], param: TypeId, x: &Operand) {
        let (have, text, want) = (self.ts(x.ty), self.es(x.expr), self.ts(param));
        let bound: Vec<TypeId> = (0..tparams.len()).map(|i| u.get(i).unwrap_or(tparams[i])).collect();
        let inferred = self.c.store.subst(param, tparams, &bound);
        let message = if (0..tparams.len()).all(|i| u.get(i).is_none()) {
            let names: Vec<String> = tparams.iter().map(|&t| self.ts(t)).collect();
            let list = match names.as_slice() {
                [a] => a.clone(),
                [a, b] => format!("{a} and {b}"),
                [init @ .., last] => format!("{}, and {last}", init.join(", ")),
                [] => String::new(),
            };
            format!("type {have} of {text} does not match {want} (cannot infer {list})")
        } else if inferred != param {
            let inferred = self.ts(inferred);
            format!("type {have} of {text} does not match inferred type {inferred} for {want}")
        } else {
            format!("type {have} of {text} does not match {want}")
        };
        self.error_at(x.expr, format!("in call to {name}, {message}"));
    }

    /// Type arguments such that the instantiated function can be assigned to `target`.
    pub fn infer_from_target(
        &mut self,
        sig: &Arc<Signature>,
        known: &[TypeId],
        target: TypeId,
    ) -> Option<Vec<TypeId>> {
        let tparams = sig.type_params.clone();
        let mut u = Unifier::new(tparams.clone(), known);
        let bare = Signature { type_params: Arc::default(), ..(**sig).clone() };
        let bare = self.c.store.intern(TypeKind::Signature(Arc::new(bare)));
        if !u.unify(&mut self.c.store, bare, target, false) || !self.core_types(&mut u, &tparams) {
            return None;
        }
        self.simplify(&u, &tparams)
    }

    /// Type arguments that explicit ones and the constraints determine.
    pub fn infer_from_constraints(&mut self, sig: &Arc<Signature>, known: &[TypeId]) -> Option<Vec<TypeId>> {
        let tparams = sig.type_params.clone();
        let mut u = Unifier::new(tparams.clone(), known);
        if !self.core_types(&mut u, &tparams) {
            return None;
        }
        self.simplify(&u, &tparams)
    }
}
