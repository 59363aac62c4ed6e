//! Type inference (specification: "Type inference").

use crate::ctx::Ctx;
use crate::operand::Operand;
use crate::ty::*;
use crate::unify::{Match, Unifier};
use source::Pos;

/// What is to be inferred, and from what.
pub(crate) struct Inference<'a> {
    /// Where failures are reported that no argument is to blame for.
    pub pos: Pos,
    pub tparams: &'a [TypeId],
    /// Those that are known; the others are `None` or missing.
    pub targs: Vec<Option<TypeId>>,
    pub params: Vec<TypeId>,
    pub args: &'a [Operand],
    /// The argument is the target of an assignment, the parameter the function assigned to it.
    pub reverse: bool,
}

/// Where and why inference failed; nothing if that was reported before.
pub(crate) type Failure = Option<(Pos, String)>;

impl Ctx<'_> {
    /// All type arguments, or why there are none.
    pub fn infer(&mut self, job: Inference) -> Result<Vec<TypeId>, Failure> {
        let Inference { pos, tparams, mut targs, mut params, args, reverse } = job;
        targs.resize(tparams.len(), None);
        if let Some(all) = targs.iter().copied().collect::<Option<Vec<TypeId>>>() {
            return Ok(all);
        }
        if args.iter().any(Operand::is_invalid) {
            return Err(None);
        }
        // Parameters whose types are known already are checked as arguments.
        for p in &mut params {
            *p = self.replace_known(*p, tparams, &targs);
        }
        let mut u = Unifier::new(tparams, &targs, self.go_version >= (1, 21));
        let mut untyped: Vec<(usize, &Operand)> = Vec::new();
        for (x, &param) in args.iter().zip(&params) {
            if !self.c.store.mentions(param, tparams) && !self.c.store.mentions(x.ty, tparams) {
                continue;
            }
            if !self.c.store.is_untyped(x.ty) {
                if !u.unify(self.c, param, x.ty, Match::Assign) {
                    return Err(Some(self.mismatch(&u, tparams, param, x, reverse)));
                }
            } else if let Some(i) = tparams.iter().position(|&t| t == param)
                && !x.is_nil()
            {
                // Of untyped operands only those for a bare type parameter say anything.
                untyped.push((i, x));
            }
        }
        self.use_constraints(&mut u, pos, tparams)?;
        self.use_untyped(&mut u, tparams, &untyped)?;
        self.simplify(&u, pos, tparams)
    }

    fn replace_known(&mut self, t: TypeId, tparams: &[TypeId], targs: &[Option<TypeId>]) -> TypeId {
        let all: Vec<TypeId> = tparams.iter().zip(targs).map(|(&p, a)| a.unwrap_or(p)).collect();
        self.c.store.subst(t, tparams, &all)
    }

    /// Uses constraints: core types, and methods of bound types. Repeats while that binds another parameter.
    fn use_constraints(&mut self, u: &mut Unifier, pos: Pos, tparams: &[TypeId]) -> Result<(), Failure> {
        loop {
            let unknown = u.unknowns();
            for (i, &tparam) in tparams.iter().enumerate() {
                let bound = u.get(i);
                if let Some((core, single)) = self.core_term(tparam) {
                    match bound {
                        Some(t) if u.unify(self.c, t, core.ty, Match::Loose) => {}
                        Some(t) => return Err(Some((pos, self.unsatisfied(tparam, t, "")))),
                        None if single && !core.tilde => u.set(i, core.ty),
                        None => {}
                    }
                }
                if let Some(t) = bound
                    && !self.c.store.mentions(t, tparams)
                {
                    let constraint = self.c.store.underlying(tparam);
                    let pkg = self.pkg;
                    let mut same = |c: &mut crate::Checker, x, y| u.unify(c, x, y, Match::Exact);
                    if let Some(cause) = self.c.missing_method_by(t, constraint, pkg, &mut same) {
                        return Err(Some((pos, self.unsatisfied(tparam, t, &format!(" {cause}")))));
                    }
                }
            }
            if u.unknowns() == unknown {
                return Ok(());
            }
        }
    }

    fn unsatisfied(&mut self, tparam: TypeId, t: TypeId, cause: &str) -> String {
        let bound = self.c.store.type_param(tparam).map_or(TypeId::INVALID, |p| p.bound);
        format!("{} (type {}) does not satisfy {}{cause}", self.ts(tparam), self.ts(t), self.ts(bound))
    }

    /// The core type of a constraint with its tilde, and whether it is the only type that is written there.
    fn core_term(&mut self, tparam: TypeId) -> Option<(Term, bool)> {
        let terms = self.c.store.type_param_terms(tparam)?;
        if let [single] = *terms {
            return Some((single, true));
        }
        let ty = self.c.store.core_type(tparam)?;
        Some((Term { tilde: terms.iter().any(|t| t.tilde), ty }, false))
    }

    /// "If there are still type parameters without type arguments, the default types of untyped constants".
    fn use_untyped(
        &mut self,
        u: &mut Unifier,
        tparams: &[TypeId],
        untyped: &[(usize, &Operand)],
    ) -> Result<(), Failure> {
        let mut kinds: Vec<Option<TypeId>> = vec![None; tparams.len()];
        for &(i, x) in untyped {
            if u.get(i).is_some() {
                continue;
            }
            kinds[i] = Some(match kinds[i] {
                None => x.ty,
                Some(other) => match self.c.store.larger_untyped(other, x.ty) {
                    Some(larger) => larger,
                    None => {
                        let (a, b, param) = (self.ts(other), self.ts(x.ty), self.ts(tparams[i]));
                        let why = format!("mismatched types {a} and {b} (cannot infer {param})");
                        return Err(Some((self.tree.start(x.expr), why)));
                    }
                },
            });
        }
        for (i, kind) in kinds.into_iter().enumerate() {
            if let Some(kind) = kind {
                let ty = self.c.store.default_type(kind);
                u.set(i, ty);
            }
        }
        Ok(())
    }

    /// Replaces the parameters in what was inferred, until none is left.
    fn simplify(&mut self, u: &Unifier, pos: Pos, tparams: &[TypeId]) -> Result<Vec<TypeId>, Failure> {
        let mut targs = u.bindings();
        for &t in tparams {
            self.end_cycles(t, tparams, &mut targs, &mut Vec::new());
        }
        for _ in 0..=tparams.len() {
            let next: Vec<Option<TypeId>> = targs
                .iter()
                .map(|t| {
                    let t = self.replace_known((*t)?, tparams, &targs);
                    Some(self.without_type_params(t, tparams))
                })
                .collect();
            if next == targs {
                break;
            }
            targs = next;
        }
        let mut all = Vec::with_capacity(tparams.len());
        for (&tparam, &targ) in tparams.iter().zip(&targs) {
            match targ.filter(|&t| !self.c.store.mentions(t, tparams)) {
                Some(t) => all.push(t),
                None => {
                    let obj = self.c.store.type_param(tparam).map(|p| self.c.store.obj(p.obj));
                    let (name, at) = obj.map_or((source::Name::EMPTY, Pos::NONE), |o| (o.name, o.pos));
                    let at = self.position(at);
                    return Err(Some((pos, format!("cannot infer {name} (declared at {at})"))));
                }
            }
        }
        Ok(all)
    }

    /// A generic function whose type parameters are all replaced is generic no more.
    fn without_type_params(&mut self, t: TypeId, tparams: &[TypeId]) -> TypeId {
        match self.c.store.signature(t) {
            Some(sig) if !sig.type_params.is_empty() && !self.c.store.mentions(t, tparams) => {
                let sig = Signature { type_params: Default::default(), ..(*sig).clone() };
                self.c.store.intern(TypeKind::Signature(sig.into()))
            }
            _ => t,
        }
    }

    /// Unbinds parameters whose bindings lead back to them: replacing them would never end.
    fn end_cycles(
        &mut self,
        t: TypeId,
        tparams: &[TypeId],
        targs: &mut [Option<TypeId>],
        path: &mut Vec<TypeId>,
    ) {
        let t = self.c.store.unalias(t);
        let index = tparams.iter().position(|&p| p == t);
        if path.contains(&t) {
            if let Some(i) = index {
                targs[i] = None;
            }
            return;
        }
        path.push(t);
        match index {
            Some(i) => {
                if let Some(targ) = targs[i] {
                    self.end_cycles(targ, tparams, targs, path);
                }
            }
            None => {
                for part in self.c.store.parts(t) {
                    self.end_cycles(part, tparams, targs, path);
                }
            }
        }
        path.pop();
    }

    fn mismatch(
        &mut self,
        u: &Unifier,
        tparams: &[TypeId],
        param: TypeId,
        x: &Operand,
        reverse: bool,
    ) -> (Pos, String) {
        let (have, text, want) = (self.ts(x.ty), self.operand_text(x), self.ts(param));
        let bindings = u.bindings();
        let pos = self.tree.start(x.expr);
        if bindings.iter().all(Option::is_none) {
            let names: Vec<String> = tparams.iter().map(|&t| self.ts(t)).collect();
            let list = match names.as_slice() {
                [a] => a.clone(),
                [a, b] => format!("{a} and {b}"),
                [init @ .., last] => format!("{}, and {last}", init.join(", ")),
                [] => String::new(),
            };
            return (pos, format!("type {have} of {text} does not match {want} (cannot infer {list})"));
        }
        let inferred = self.replace_known(param, tparams, &bindings);
        let message = if inferred == param {
            format!("type {have} of {text} does not match {want}")
        } else {
            let inferred = self.ts(inferred);
            if reverse {
                format!("inferred type {inferred} for {want} does not match type {have} of {text}")
            } else {
                format!("type {have} of {text} does not match inferred type {inferred} for {want}")
            }
        };
        (pos, message)
    }

    /// New type parameters of the same names, constraints included: those of a function that calls itself must be told
    /// from those in its arguments.
    pub fn rename_type_params(&mut self, tparams: &[TypeId]) -> Vec<TypeId> {
        let mut fresh = Vec::with_capacity(tparams.len());
        for &t in tparams {
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
        fresh
    }
}
