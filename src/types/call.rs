//! Calls (specification: "Calls", "Passing arguments to ... parameters", "Instantiations").

use crate::ctx::Ctx;
use crate::delayed::Delayed;
use crate::infer::Inference;
use crate::operand::{Label, OpMode, Operand, Wanted};
use crate::ty::*;
use source::Pos;
use std::sync::Arc;
use syntax::ast::{ExprId, ExprKind, ExprList};

/// Where the parts of a call stand.
#[derive(Clone, Copy)]
struct Call {
    e: ExprId,
    fun: ExprId,
    dots: bool,
    /// Number of argument expressions.
    written: usize,
}

impl Ctx<'_> {
    pub fn call_expr(&mut self, e: ExprId, dots: bool, fun: ExprId, args: ExprList) -> Operand {
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
            OpMode::Type => self.conversion_call(e, dots, x, args),
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
                self.error_at(fun, format!("{what} used as value or type"));
                self.use_exprs(args);
                Operand::invalid(e)
            }
            _ => self.function_call(e, dots, fun, x, explicit, args),
        }
    }

    fn raw_callee(&mut self, fun: ExprId) -> Operand {
        let mut x = self.raw_expr(fun, None, None, true);
        if let OpMode::Value = x.mode {
            self.single_value(&mut x);
        }
        if x.mode == OpMode::Type {
            self.non_generic(&mut x, None);
        }
        x
    }

    /// Evaluates expressions only for their uses, after an error elsewhere.
    pub fn use_exprs(&mut self, list: &[ExprId]) -> bool {
        let mut valid = true;
        for &e in list {
            let blank = matches!(self.tree[self.tree.unparen(e)].kind, ExprKind::Name(n) if n.is_blank());
            valid &= blank || !self.raw_expr(e, None, None, true).is_invalid();
        }
        valid
    }

    fn conversion_call(&mut self, e: ExprId, dots: bool, x: Operand, args: &[ExprId]) -> Operand {
        let ty = x.ty;
        if !self.is_complete(ty) {
            return Operand::invalid(e);
        }
        let name = self.ts(ty);
        match *args {
            [] => {
                self.error_at(e, format!("missing argument in conversion to {name}"));
                Operand::invalid(e)
            }
            [arg] => {
                let wanted = self.wanted(Some(ty), Label::Text("conversion"));
                let x = self.expr_for(arg, wanted);
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

    fn function_call(
        &mut self,
        e: ExprId,
        dots: bool,
        fun: ExprId,
        x: Operand,
        explicit: Option<ExprList>,
        args: &[ExprId],
    ) -> Operand {
        let sig = match self.callee_signature(x.ty) {
            Ok(sig) => sig,
            // The arguments are not looked at.
            Err(_) if self.c.store.underlying(x.ty).is_invalid() => return Operand::invalid(e),
            Err(why) => {
                let what = self.os(&x);
                self.error_at(fun, format!("invalid operation: cannot call {what}: {why}"));
                return Operand::invalid(e);
            }
        };
        let (mut sig, mut targs) = (sig, Vec::new());
        let generic = !sig.type_params.is_empty();
        if let Some(list) = explicit {
            let Some((applied, known)) = self.explicit_call(fun, &sig, list) else {
                self.use_exprs(args);
                return Operand::invalid(e);
            };
            (sig, targs) = (applied, known);
        }
        let (operands, partial) = self.arguments_list(args);
        let call = Call { e, fun, dots, written: args.len() };
        let sig = self.arguments(call, &sig, targs, operands, &partial).unwrap_or(sig);
        if generic && sig.type_params.is_empty() {
            // The function has its type arguments now.
            let ty = self.c.store.intern(TypeKind::Signature(sig.clone()));
            self.facts().exprs[fun.index()] = crate::info::TypeAndMode { mode: crate::info::Mode::Value, ty };
        }
        self.has_call_or_recv = true;
        let result = match &*sig.results {
            [] => return Operand::new(OpMode::NoValue, self.c.store.empty_tuple, e),
            [result] if !self.is_complete(result.ty) => return Operand::invalid(e),
            [result] => result.ty,
            results => {
                let types: Vec<TypeId> = results.iter().map(|r| r.ty).collect();
                self.c.store.tuple(&types)
            }
        };
        // Without type arguments there is no type of the result, either.
        if !sig.type_params.is_empty() && self.c.store.mentions(result, &sig.type_params) {
            return Operand::invalid(e);
        }
        Operand::value(result, e)
    }

    /// The signature of what is called; all types of a type parameter's type set must have it.
    fn callee_signature(&mut self, t: TypeId) -> Result<Arc<Signature>, String> {
        for ty in self.c.store.specific_types(t) {
            if !matches!(self.c.store.underlying_kind(ty), TypeKind::Signature(_)) {
                return Err(format!("{} is not a function", self.ts(ty)));
            }
        }
        let u = self.c.store.common_underlying(t).map_err(|why| self.no_common(why))?;
        self.c.store.signature(u).ok_or_else(|| "no function".to_owned())
    }

    /// Explicit type arguments of a call: the signature with all of them, or the one that lacks the rest.
    fn explicit_call(
        &mut self,
        fun: ExprId,
        sig: &Arc<Signature>,
        list: ExprList,
    ) -> Option<(Arc<Signature>, Vec<Option<TypeId>>)> {
        let exprs = self.tree.exprs(list);
        let targs = self.type_list(exprs)?;
        let (got, want) = (targs.len(), sig.type_params.len());
        if got > want {
            self.error_at(exprs[want], format!("got {got} type arguments but want {want}"));
            return None;
        }
        if got < want {
            return Some((sig.clone(), targs.into_iter().map(Some).collect()));
        }
        let pos = self.tree[fun].pos;
        self.require((1, 18), self.tree.start(self.tree.unparen(fun)), |_| {
            "function instantiation".to_owned()
        });
        let ty = self.instantiate_signature(pos, fun, sig, &targs, exprs);
        Some((self.c.store.signature(ty)?, Vec::new()))
    }

    /// Evaluates arguments; a single call with several results becomes several operands. Generic functions may lack
    /// type arguments: those that are given come along.
    fn arguments_list(&mut self, args: &[ExprId]) -> (Vec<Operand>, Vec<Vec<TypeId>>) {
        if let [single] = *args {
            let (mut x, targs) = self.generic_argument(single);
            self.exclude(&mut x, true, true);
            return (self.unpack(x), vec![targs]);
        }
        let mut operands = Vec::with_capacity(args.len());
        let mut partial = Vec::with_capacity(args.len());
        for &arg in args {
            let (mut x, targs) = self.generic_argument(arg);
            self.exclude(&mut x, true, true);
            self.single_value(&mut x);
            operands.push(x);
            partial.push(targs);
        }
        (operands, partial)
    }

    fn generic_argument(&mut self, e: ExprId) -> (Operand, Vec<TypeId>) {
        let ExprKind::Index { x, args, .. } = self.tree[e].kind else {
            return (self.raw_expr(e, None, None, true), Vec::new());
        };
        let fun = self.raw_expr(x, None, None, true);
        let (mut x, targs) = if fun.mode == OpMode::Value && self.is_generic_signature(fun.ty) {
            // Before go1.21 nothing is inferred from the parameter.
            let infer = self.go_version < (1, 21);
            self.instantiate_function(Operand { expr: e, ..fun }, Some(args), None, infer)
        } else {
            (self.index_operand(e, fun, x, args, None), Vec::new())
        };
        x.expr = e;
        self.record(&x);
        (x, targs)
    }

    /// The values of a call with several results; any other operand alone.
    pub fn unpack(&mut self, x: Operand) -> Vec<Operand> {
        if let (OpMode::Value, TypeKind::Tuple(types)) = (&x.mode, self.c.store.kind(x.ty)) {
            return types.clone().iter().map(|&ty| Operand::value(ty, x.expr)).collect();
        }
        vec![x]
    }

    /// Matches arguments with parameters, and infers type arguments; gives the signature without type parameters, or
    /// none after an error.
    fn arguments(
        &mut self,
        call: Call,
        sig: &Arc<Signature>,
        mut targs: Vec<Option<TypeId>>,
        mut args: Vec<Operand>,
        partial: &[Vec<TypeId>],
    ) -> Option<Arc<Signature>> {
        let Call { e, fun, dots, written } = call;
        let mut params: Vec<TypeId> = sig.params.iter().map(|p| p.ty).collect();
        if sig.variadic {
            if dots {
                if written == 1 && args.len() > 1 {
                    let (n, call) = (args.len(), self.es(args[0].expr));
                    self.error_at(e, format!("cannot use ... with {n}-valued {call}"));
                    return None;
                }
            } else if let Some(last) = params.pop()
                && args.len() >= params.len()
            {
                let elem = match self.c.store.underlying_kind(last) {
                    TypeKind::Slice(elem) => *elem,
                    _ => TypeId::INVALID,
                };
                params.resize(args.len(), elem);
            }
        } else if dots {
            let name = self.es(fun);
            self.error_at(e, format!("cannot use ... in call to non-variadic {name}"));
            return None;
        }
        if args.len() != params.len() {
            self.argument_count_error(fun, sig, params.len(), &args, dots);
            return None;
        }
        // The type parameters of the function, then those of generic functions among the arguments.
        let own = sig.type_params.len();
        let mut tparams: Vec<TypeId> = sig.type_params.to_vec();
        if own > 0 {
            if self.go_version < (1, 18) {
                let indexed = matches!(self.tree[fun].kind, ExprKind::Index { .. });
                let (at, what) = if indexed { (fun, "function") } else { (e, "implicit function") };
                let pos = self.tree.start(at);
                self.require((1, 18), pos, |_| format!("{what} instantiation"));
            }
            if tparams.iter().any(|t| self.tparams.contains(t)) {
                tparams = self.rename_type_params(&sig.type_params);
                for p in &mut params {
                    *p = self.c.store.subst(*p, &sig.type_params, &tparams);
                }
            }
        }
        targs.resize(own, None);
        let generic_args = self.rename_generic_arguments(&mut args, partial, &mut tparams, &mut targs);
        if let Some(&first) = generic_args.first() {
            let pos = self.tree.start(args[first].expr);
            self.require((1, 21), pos, |_| "implicitly instantiated function as argument".to_owned());
        }
        let mut result = sig.clone();
        if !tparams.is_empty() {
            let pos = self.tree[e].pos;
            let job = Inference {
                pos,
                tparams: &tparams,
                targs,
                params: params.clone(),
                args: &args,
                reverse: false,
            };
            let all = match self.infer(job) {
                Ok(all) => all,
                Err(failure) => {
                    if let Some((pos, why)) = failure {
                        let name = self.es(fun);
                        self.error(pos, format!("in call to {name}, {why}"));
                    }
                    return None;
                }
            };
            if own > 0 {
                let written = match self.tree[fun].kind {
                    ExprKind::Index { args, .. } => self.tree.exprs(args),
                    _ => &[],
                };
                let ty = self.instantiate_signature(pos, fun, sig, &all[..own], written);
                result = self.c.store.signature(ty)?;
                for p in &mut params {
                    *p = self.c.store.subst(*p, &tparams[..own], &all[..own]);
                }
            }
            let mut next = own;
            for i in generic_args {
                let Some(arg_sig) = self.c.store.signature(args[i].ty) else { continue };
                let end = next + arg_sig.type_params.len();
                let expr = args[i].expr;
                args[i].ty = self.instantiate_signature(pos, expr, &arg_sig, &all[next..end], &[]);
                let x = args[i].clone();
                self.record(&x);
                next = end;
            }
        }
        let context = format!("argument to {}", self.es(fun));
        for (x, &ty) in args.iter_mut().zip(&params) {
            self.assignment(x, Some(ty), &context);
        }
        Some(result)
    }

    /// Gives generic functions among arguments type parameters of their own (`f(g, g)`); their indices.
    fn rename_generic_arguments(
        &mut self,
        args: &mut [Operand],
        partial: &[Vec<TypeId>],
        tparams: &mut Vec<TypeId>,
        targs: &mut Vec<Option<TypeId>>,
    ) -> Vec<usize> {
        let mut indices = Vec::new();
        for (i, x) in args.iter_mut().enumerate() {
            let Some(sig) = self.c.store.signature(x.ty).filter(|s| !s.type_params.is_empty()) else {
                continue;
            };
            let fresh = self.rename_type_params(&sig.type_params);
            let mut renamed = self.c.store.subst_signature(&sig, &sig.type_params, &fresh);
            renamed.type_params = fresh.clone().into();
            x.ty = self.c.store.intern(TypeKind::Signature(Arc::new(renamed)));
            tparams.extend(fresh);
            targs.extend(partial.get(i).into_iter().flatten().map(|&t| Some(t)));
            targs.resize(tparams.len(), None);
            indices.push(i);
        }
        indices
    }

    fn argument_count_error(
        &mut self,
        fun: ExprId,
        sig: &Signature,
        wanted: usize,
        args: &[Operand],
        dots: bool,
    ) {
        let (pos, qualifier) = if args.len() > wanted {
            (self.tree.start(args[wanted].expr), "too many")
        } else {
            // At the last argument given.
            (self.tree.start(args.last().map_or(fun, |a| a.expr)), "not enough")
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
            let mut part = if t.is_invalid() {
                "unknown type".to_owned()
            } else if self.c.store.is_untyped(t) {
                match self.c.store.basic(t) {
                    Some(b) if b.is_numeric() => "number".to_owned(),
                    _ => self.ts(t).replace("untyped ", ""),
                }
            } else {
                self.ts(t)
            };
            if last && variadic {
                if let &TypeKind::Slice(elem) = self.c.store.kind(t) {
                    part = self.ts(elem);
                }
                part = format!("...{part}");
            } else if last && dots {
                part.push_str("...");
            }
            parts.push(part);
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
        // The function in `f[int]` stays generic.
        let mut e = fun;
        loop {
            self.facts().exprs[e.index()] = crate::info::TypeAndMode { mode: crate::info::Mode::Value, ty };
            match self.tree[e].kind {
                ExprKind::Paren { x, .. } => e = x,
                _ => break,
            }
        }
    }

    /// The callee `x[args]`: a generic function and its explicit type arguments, or whatever else it is.
    fn indexed_callee(&mut self, e: ExprId, x: ExprId, args: ExprList) -> (Operand, Option<ExprList>) {
        let fun = self.raw_expr(x, None, None, true);
        if fun.mode == OpMode::Value && self.is_generic_signature(fun.ty) {
            let fun = Operand { expr: e, ..fun };
            self.record(&fun);
            return (fun, Some(args));
        }
        let mut x = self.index_operand(e, fun, x, args, None);
        x.expr = e;
        self.record(&x);
        (x, None)
    }

    pub fn is_generic_signature(&self, t: TypeId) -> bool {
        matches!(self.c.store.kind(t), TypeKind::Signature(s) if !s.type_params.is_empty())
    }

    /// Type arguments; `None` after an error.
    pub fn type_list(&mut self, exprs: &[ExprId]) -> Option<Vec<TypeId>> {
        let types: Vec<TypeId> = exprs.iter().map(|&e| self.var_type(e)).collect();
        types.iter().all(|t| !t.is_invalid()).then_some(types)
    }

    /// A generic function `x` that is not called, with the type arguments `list` if there are any. What lacks is
    /// inferred from what is wanted and from constraints; unless `infer`: then those given come back.
    pub fn instantiate_function(
        &mut self,
        mut x: Operand,
        list: Option<ExprList>,
        wanted: Option<Wanted>,
        infer: bool,
    ) -> (Operand, Vec<TypeId>) {
        let e = x.expr;
        let pos = self.tree[e].pos;
        let known = self.require((1, 18), pos, |_| "function instantiation".to_owned());
        let exprs = list.map_or(&[][..], |list| self.tree.exprs(list));
        let (Some(mut targs), Some(sig)) = (self.type_list(exprs), self.c.store.signature(x.ty)) else {
            return (Operand::invalid(e), Vec::new());
        };
        let (got, want) = (targs.len(), sig.type_params.len());
        if got > want {
            self.error_at(exprs[got - 1], format!("got {got} type arguments but want {want}"));
            return (Operand::invalid(e), Vec::new());
        }
        if got < want {
            if !infer {
                return (x, targs);
            }
            // `var v T = x` is treated as a call `g(v)` of a function `g` with the type parameters of `x` and one
            // parameter of its type.
            let (mut params, mut args) = (Vec::new(), Vec::new());
            if let Some(wanted) = wanted {
                if known && self.go_version < (1, 21) {
                    let how = if list.is_some() { "partially" } else { "implicitly" };
                    self.require((1, 21), pos, |_| format!("{how} instantiated function in assignment"));
                }
                let bare = Signature { type_params: Arc::default(), ..(*sig).clone() };
                params.push(self.c.store.intern(TypeKind::Signature(Arc::new(bare))));
                args.push(Operand { label: wanted.label, ..Operand::value(wanted.ty, e) });
            }
            let fresh = self.rename_type_params(&sig.type_params);
            for p in &mut params {
                *p = self.c.store.subst(*p, &sig.type_params, &fresh);
            }
            let known = targs.iter().copied().map(Some).collect();
            let reverse = !args.is_empty();
            let job = Inference { pos, tparams: &fresh, targs: known, params, args: &args, reverse };
            match self.infer(job) {
                Ok(all) => targs = all,
                Err(failure) => {
                    if let Some((pos, why)) = failure {
                        self.error(pos, why);
                    }
                    return (Operand::invalid(e), Vec::new());
                }
            }
        }
        x.ty = self.instantiate_signature(pos, e, &sig, &targs, exprs);
        x.mode = OpMode::Value;
        (x, Vec::new())
    }

    /// The signature with these type arguments, recorded at `e`; constraints are checked later.
    fn instantiate_signature(
        &mut self,
        at: Pos,
        e: ExprId,
        sig: &Arc<Signature>,
        targs: &[TypeId],
        exprs: &[ExprId],
    ) -> TypeId {
        let ty = self.c.store.instantiate_signature(sig, targs);
        self.record_instance(e, targs, ty);
        let pos = exprs.iter().map(|&a| self.tree.start(a)).collect();
        let (tparams, pkg) = (sig.type_params.clone(), self.pkg);
        self.c.delayed.push(Delayed::Instance { tparams, targs: targs.into(), pos, at, pkg });
        ty
    }
}
