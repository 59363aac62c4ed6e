//! Calls (specification: "Calls", "Passing arguments to ... parameters", "Instantiations").

use crate::ctx::Ctx;
use crate::delayed::Delayed;
use crate::operand::{OpMode, Operand};
use crate::ty::*;
use source::Pos;
use std::sync::Arc;
use syntax::ast::{ExprId, ExprKind, ExprList};

impl Ctx<'_> {
    pub fn call_expr(&mut self, e: ExprId, dots: bool, fun: ExprId, args: ExprList, rparen: Pos) -> Operand {
        let args = self.tree.exprs(args);
        // Explicit type arguments may be fewer than the function has: the call supplies the rest.
        let (x, explicit) = match self.tree[fun].kind {
            ExprKind::Index { x, args, .. } => self.indexed_callee(fun, x, args),
            _ => (self.raw_callee(fun), None),
        };
        match x.mode {
            OpMode::Invalid => {
                self.use_exprs(args);
                Operand::invalid(e)
            }
            OpMode::Type => self.conversion_call(e, dots, x, args, rparen),
            OpMode::Builtin(b) => {
                let mut y = self.builtin_call(e, dots, b, args);
                y.expr = e;
                if !y.is_invalid() && !y.is_const() {
                    self.has_call_or_recv = true;
                }
                y
            }
            OpMode::NoValue => {
                let what = self.os(&x);
                self.error_at(fun, format!("{what} used as value"));
                self.use_exprs(args);
                Operand::invalid(e)
            }
            _ => self.function_call(e, dots, fun, x, explicit, args, rparen),
        }
    }

    fn raw_callee(&mut self, fun: ExprId) -> Operand {
        let mut x = self.raw_expr(fun, None, None, true);
        if let OpMode::Value = x.mode {
            self.single_value(&mut x);
        }
        if x.mode == OpMode::Type && self.c.store.is_generic(x.ty) && self.applied_generic != Some(x.ty) {
            let name = self.c.store.generic_type_string(x.ty, crate::Qualify::Relative(self.pkg));
            self.error_at(fun, format!("cannot use generic type {name} without instantiation"));
            x.invalidate();
        }
        x
    }

    /// Evaluates expressions only for their uses, after an error elsewhere.
    pub fn use_exprs(&mut self, list: &[ExprId]) {
        for &e in list {
            self.raw_expr(e, None, None, true);
        }
    }

    fn conversion_call(
        &mut self,
        e: ExprId,
        dots: bool,
        x: Operand,
        args: &[ExprId],
        rparen: Pos,
    ) -> Operand {
        let ty = x.ty;
        let name = self.ts(ty);
        match *args {
            [] => {
                self.error(rparen, format!("missing argument in conversion to {name}"));
                Operand::invalid(e)
            }
            [arg] => {
                let x = self.expr_for(arg, Some(ty));
                if x.is_invalid() {
                    return Operand::invalid(e);
                }
                if self.c.store.is_interface(ty) && self.c.store.type_set(ty).is_constraint() {
                    let message = format!(
                        "cannot use interface {name} in conversion (contains specific type constraints or is comparable)"
                    );
                    self.error_at(e, message);
                    return Operand::invalid(e);
                }
                if dots {
                    self.error_at(arg, format!("invalid use of ... in conversion to {name}"));
                    return Operand::invalid(e);
                }
                self.conversion(x, ty, e)
            }
            [.., last] => {
                self.use_exprs(args);
                self.error_at(last, format!("too many arguments in conversion to {name}"));
                Operand::invalid(e)
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one call expression")]
    fn function_call(
        &mut self,
        e: ExprId,
        dots: bool,
        fun: ExprId,
        x: Operand,
        explicit: Option<Vec<TypeId>>,
        args: &[ExprId],
        rparen: Pos,
    ) -> Operand {
        let core = self.c.store.core_type(x.ty);
        let Some(sig) = core.and_then(|t| self.c.store.signature(t)) else {
            let what = self.os(&x);
            let why = match self.c.store.type_param_terms(x.ty) {
                Some(terms) if !terms.is_empty() => format!("{} is not a function", self.ts(terms[0].ty)),
                _ if self.c.store.is_type_param(x.ty) => "no specific type".to_owned(),
                _ => format!("{} is not a function", self.ts(x.ty)),
            };
            self.error_at(fun, format!("invalid operation: cannot call {what}: {why}"));
            self.use_exprs(args);
            return Operand::invalid(e);
        };
        let operands = self.arguments_list(args);
        self.has_call_or_recv = true;
        let sig = self.arguments(e, fun, dots, sig, explicit, operands, args.len(), rparen);
        let Some(sig) = sig else { return Operand::invalid(e) };
        match &*sig.results {
            [] => Operand::new(OpMode::NoValue, self.c.store.empty_tuple, e),
            [result] => {
                if result.ty.is_invalid() {
                    return Operand::invalid(e);
                }
                Operand::value(result.ty, e)
            }
            results => {
                let types: Vec<TypeId> = results.iter().map(|r| r.ty).collect();
                Operand::value(self.c.store.tuple(&types), e)
            }
        }
    }

    /// Evaluates arguments; a single call with several results becomes several operands.
    fn arguments_list(&mut self, args: &[ExprId]) -> Vec<Operand> {
        if let [single] = *args {
            let mut x = self.raw_expr(single, None, None, true);
            self.exclude_values(&mut x);
            return self.unpack(x);
        }
        args.iter().map(|&a| self.generic_expr(a)).collect()
    }

    fn exclude_values(&mut self, x: &mut Operand) {
        let problem = match x.mode {
            OpMode::NoValue => "used as value",
            OpMode::Builtin(_) => "must be called",
            OpMode::Type => "is not an expression",
            _ => return,
        };
        let what = self.os(x);
        self.error_at(x.expr, format!("{what} {problem}"));
        x.invalidate();
    }

    /// The values of a call with several results; any other operand alone.
    pub fn unpack(&mut self, x: Operand) -> Vec<Operand> {
        if let (OpMode::Value, TypeKind::Tuple(types)) = (&x.mode, self.c.store.kind(x.ty)) {
            return types.clone().iter().map(|&ty| Operand::value(ty, x.expr)).collect();
        }
        vec![x]
    }

    /// Matches arguments with parameters; gives the signature without type parameters.
    #[expect(clippy::too_many_arguments, reason = "the parts of one call expression")]
    fn arguments(
        &mut self,
        e: ExprId,
        fun: ExprId,
        dots: bool,
        sig: Arc<Signature>,
        explicit: Option<Vec<TypeId>>,
        mut args: Vec<Operand>,
        written: usize,
        rparen: Pos,
    ) -> Option<Arc<Signature>> {
        let mut params: Vec<TypeId> = sig.params.iter().map(|p| p.ty).collect();
        let mut matches = args.len() == params.len();
        if sig.variadic {
            if dots {
                if written == 1 && args.len() > 1 {
                    let call = self.es(args[0].expr);
                    self.error_at(
                        args[0].expr,
                        format!("cannot use ... with multi-valued expression {call}"),
                    );
                    return None;
                }
            } else if args.len() + 1 >= params.len()
                && let Some(last) = params.pop()
            {
                let elem = match self.c.store.underlying_kind(last) {
                    TypeKind::Slice(elem) => *elem,
                    _ => TypeId::INVALID,
                };
                params.resize(args.len(), elem);
                matches = true;
            }
        } else if dots {
            let name = self.es(fun);
            self.error_at(e, format!("cannot use ... in call to non-variadic {name}"));
            return None;
        }
        if !matches {
            self.argument_count_error(fun, &sig, &params, &args, dots, rparen);
            return None;
        }
        let mut result = sig.clone();
        if !sig.type_params.is_empty() {
            let known = explicit.unwrap_or_default();
            let (targs, instantiated) = self.infer_call(e, fun, &sig, &known, &mut params, &args)?;
            self.record_instance(fun, &targs, instantiated);
            result = self.c.store.signature(instantiated)?;
        }
        let name = self.es(fun);
        let context = format!("argument to {name}");
        for (x, &ty) in args.iter_mut().zip(&params) {
            if let TypeKind::Signature(s) = self.c.store.kind(x.ty)
                && !s.type_params.is_empty()
                && x.mode == OpMode::Value
            {
                if self.instantiate_for_target(x, ty) {
                    let x = x.clone();
                    self.record(&x);
                }
                if x.is_invalid() {
                    continue;
                }
            }
            if x.is_invalid() {
                continue;
            }
            self.assignment(x, Some(ty), &context);
        }
        Some(result)
    }

    fn argument_count_error(
        &mut self,
        fun: ExprId,
        sig: &Signature,
        params: &[TypeId],
        args: &[Operand],
        dots: bool,
        rparen: Pos,
    ) {
        if args.iter().any(Operand::is_invalid) {
            return;
        }
        let (pos, qualifier) = if args.len() > params.len() {
            (self.tree.start(args[params.len()].expr), "too many")
        } else {
            // Behind the last argument given, or where it should be.
            (args.last().map_or(rparen, |a| self.tree.start(a.expr)), "not enough")
        };
        let have: Vec<TypeId> = args.iter().map(|a| a.ty).collect();
        let want: Vec<TypeId> = sig.params.iter().map(|p| p.ty).collect();
        let (have, want) =
            (self.types_summary(&have, false, dots), self.types_summary(&want, sig.variadic, false));
        let name = self.es(fun);
        let message = format!("{qualifier} arguments in call to {name}\n\thave {have}\n\twant {want}");
        self.error(pos, message);
    }

    /// Types as the lines "have" and "want" show them: untyped numbers are just numbers.
    pub fn types_summary(&mut self, types: &[TypeId], variadic: bool, dots: bool) -> String {
        let mut parts = Vec::with_capacity(types.len());
        for (i, &t) in types.iter().enumerate() {
            let last = i + 1 == types.len();
            parts.push(if t.is_invalid() {
                "unknown type".to_owned()
            } else if self.c.store.is_untyped(t) {
                match self.c.store.basic(t) {
                    Some(b) if b.is_numeric() => "number".to_owned(),
                    _ => self.ts(t).replace("untyped ", ""),
                }
            } else if variadic && last {
                match *self.c.store.underlying_kind(t) {
                    TypeKind::Slice(elem) => format!("...{}", self.ts(elem)),
                    _ => self.ts(t),
                }
            } else if dots && last {
                format!("{}...", self.ts(t))
            } else {
                self.ts(t)
            });
        }
        format!("({})", parts.join(", "))
    }

    // ---------------------------------------------------------------------------------------------- instantiation

    /// The expression that denotes a function inside parentheses and type arguments.
    fn function_name(&self, e: ExprId) -> ExprId {
        match self.tree[e].kind {
            ExprKind::Paren { x, .. } | ExprKind::Index { x, .. } => self.function_name(x),
            _ => e,
        }
    }

    fn record_instance(&mut self, fun: ExprId, targs: &[TypeId], ty: TypeId) {
        let name = self.function_name(fun);
        let canonical: Arc<[TypeId]> = targs.iter().map(|&t| self.c.store.canonical(t)).collect();
        self.facts().instances.insert(name, canonical);
        let mut e = fun;
        loop {
            self.facts().exprs[e.index()] = crate::info::TypeAndMode { mode: crate::info::Mode::Value, ty };
            match self.tree[e].kind {
                ExprKind::Paren { x, .. } | ExprKind::Index { x, .. } => e = x,
                _ => break,
            }
        }
    }

    /// The callee `x[args]`: a generic function and its explicit type arguments, or whatever else it is.
    fn indexed_callee(&mut self, e: ExprId, x: ExprId, args: ExprList) -> (Operand, Option<Vec<TypeId>>) {
        let fun = self.raw_expr(x, None, None, true);
        if fun.mode == OpMode::Value && self.is_generic_signature(fun.ty) {
            return match self.explicit_type_args(&fun, x, args) {
                Some(targs) => (Operand { expr: e, ..fun }, Some(targs)),
                None => (Operand::invalid(e), None),
            };
        }
        let mut x = self.index_operand(e, fun, x, args, None);
        x.expr = e;
        self.record(&x);
        (x, None)
    }

    pub fn is_generic_signature(&self, t: TypeId) -> bool {
        matches!(self.c.store.kind(t), TypeKind::Signature(s) if !s.type_params.is_empty())
    }

    fn explicit_type_args(&mut self, fun: &Operand, x: ExprId, args: ExprList) -> Option<Vec<TypeId>> {
        let exprs = self.tree.exprs(args);
        let targs: Vec<TypeId> = exprs.iter().map(|&a| self.typ(a)).collect();
        let sig = self.c.store.signature(fun.ty)?;
        let (have, want) = (targs.len(), sig.type_params.len());
        if have > want {
            let name = self.es(x);
            let message = format!("got {have} type arguments but {name} has {want} type parameters");
            self.error_at(exprs[want], message);
            return None;
        }
        if targs.iter().any(|t| t.is_invalid()) {
            return None;
        }
        if have == want {
            let pos = exprs.iter().map(|&a| self.tree.start(a)).collect();
            let (tparams, pkg) = (sig.type_params.clone(), self.pkg);
            let targs: Arc<[TypeId]> = targs.clone().into();
            self.c.delayed.push(Delayed::Instance { tparams, targs, pos, pkg });
            self.c.process_delayed();
        }
        Some(targs)
    }

    /// `f[A]` that is not called.
    pub fn function_instance(
        &mut self,
        e: ExprId,
        fun: &Operand,
        x: ExprId,
        args: ExprList,
        target: Option<TypeId>,
    ) -> Operand {
        let Some(mut targs) = self.explicit_type_args(fun, x, args) else { return Operand::invalid(e) };
        let Some(sig) = self.c.store.signature(fun.ty) else { return Operand::invalid(e) };
        if targs.len() < sig.type_params.len() {
            let inferred = target.and_then(|t| self.infer_from_target(&sig, &targs, t));
            let inferred = inferred.or_else(|| self.infer_from_constraints(&sig, &targs));
            let Some(all) = inferred else {
                let index = targs.len();
                let name =
                    self.c.store.type_param(sig.type_params[index]).map(|p| self.c.store.obj(p.obj).name);
                let (text, pos) = (self.es(e), self.tree[e].pos);
                let name = name.map_or("", |n| n.as_str());
                self.error(pos, format!("in use of {text}, cannot infer {name}"));
                return Operand::invalid(e);
            };
            targs = all;
        }
        let ty = self.c.store.instantiate_signature(&sig, &targs);
        self.record_instance(e, &targs, ty);
        Operand::value(ty, e)
    }

    /// A generic function where a function of type `target` is wanted: takes its type arguments from there. False if
    /// the target is no function.
    pub fn instantiate_for_target(&mut self, x: &mut Operand, target: TypeId) -> bool {
        let Some(sig) = self.c.store.signature(x.ty) else { return false };
        let u = self.c.store.underlying(target);
        if self.c.store.signature(u).is_none() {
            return false;
        }
        let Some(targs) = self.infer_from_target(&sig, &[], target) else {
            let (name, want) = (self.es(x.expr), self.ts(target));
            let have = self.ts(x.ty);
            self.error_at(x.expr, format!("type {have} of {name} does not match {want}"));
            x.invalidate();
            return false;
        };
        let (tparams, pkg) = (sig.type_params.clone(), self.pkg);
        if let Err((_, cause)) = self.c.verify_type_args(&tparams, &targs, pkg) {
            self.error_at(x.expr, cause);
            x.invalidate();
            return false;
        }
        x.ty = self.c.store.instantiate_signature(&sig, &targs);
        let (e, ty) = (x.expr, x.ty);
        self.record_instance(e, &targs, ty);
        true
    }
}
