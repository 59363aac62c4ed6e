//! Calls in two steps: `prepare` evaluates the function and the arguments in order, `perform` does the call. Deferred
//! calls and goroutines do the second step in a function of their own.

use std::sync::Arc;

use ir::{Aux, FuncId, Op, Value, Values};
use syntax::ast::{ExprId, ExprKind};
use types::{Builtin, Mode, ObjId, ObjKind, SelectionKind, Signature, TypeId, TypeKind};

use crate::format::Formatted;
use crate::func::FuncGen;

/// What is called, its operands kept apart.
#[derive(Clone)]
pub(crate) enum Callee {
    Func(FuncId),
    /// The first operand is the func value.
    Closure(ir::Signature),
    /// The first operand is the interface value.
    Method {
        iface: TypeId,
        index: u32,
        sig: ir::Signature,
    },
    /// A function that the compiler expands in place.
    Intrinsic {
        obj: ObjId,
        call: ExprId,
    },
    Builtin {
        which: Builtin,
        types: Vec<TypeId>,
    },
    /// A call of package fmt whose format is known.
    Formatted(Arc<Formatted>),
}

/// A call whose operands are evaluated.
#[derive(Clone)]
pub(crate) struct Prepared {
    pub callee: Callee,
    pub operands: Vec<Value>,
    pub results: Vec<TypeId>,
}

impl FuncGen<'_, '_, '_> {
    /// The value of a call, conversion or built-in with one result.
    pub fn call_value(&mut self, e: ExprId) -> Value {
        let ExprKind::Call { fun, args, dots, .. } = self.tree[e].kind else { return self.null() };
        match self.info.expr(self.tree.unparen(fun)).mode {
            Mode::Type => {
                let ty = self.ty(e);
                return self.conversion(self.tree.exprs(args)[0], ty);
            }
            Mode::Builtin(which) => return self.builtin_value(e, which, self.tree.exprs(args), dots),
            _ => {}
        }
        let pos = self.tree[e].pos;
        let prepared = self.prepare(e);
        self.at(pos);
        match self.perform(&prepared).first() {
            Some(&value) => value,
            None => {
                let ty = self.ty(e);
                self.zero_of(ty)
            }
        }
    }

    /// All results of a call.
    pub fn call_values(&mut self, e: ExprId) -> Vec<(Value, TypeId)> {
        let ExprKind::Call { fun, .. } = self.tree[e].kind else { return Vec::new() };
        if matches!(self.info.expr(self.tree.unparen(fun)).mode, Mode::Type | Mode::Builtin(_)) {
            let ty = self.ty(e);
            return vec![(self.expr(e), ty)];
        }
        let pos = self.tree[e].pos;
        let prepared = self.prepare(e);
        self.at(pos);
        let values = self.perform(&prepared);
        values.into_iter().zip(prepared.results).collect()
    }

    /// A call as a statement.
    pub fn call_statement(&mut self, e: ExprId) {
        let ExprKind::Call { fun, .. } = self.tree[e].kind else { return };
        let pos = self.tree[e].pos;
        match self.info.expr(self.tree.unparen(fun)).mode {
            // A conversion may panic, as that of a slice to an array does.
            Mode::Type => {
                self.expr(e);
            }
            Mode::Builtin(which) if !is_statement(which) => {
                self.expr(e);
            }
            _ => {
                let prepared = self.prepare(e);
                self.at(pos);
                self.perform(&prepared);
            }
        }
    }

    /// Evaluates what is called and the arguments.
    pub fn prepare(&mut self, e: ExprId) -> Prepared {
        let ExprKind::Call { fun, args, dots, .. } = self.tree[e].kind else {
            return Prepared {
                callee: Callee::Closure(ir::Signature::default()),
                operands: vec![],
                results: vec![],
            };
        };
        if let Some(formatted) = self.prepare_formatted(e) {
            return formatted;
        }
        let args = self.tree.exprs(args);
        let fun = self.tree.unparen(fun);
        if let Mode::Builtin(which) = self.info.expr(fun).mode {
            return self.prepare_builtin(e, which, args, dots);
        }
        let fun_ty = self.ty(fun);
        let Some(sig) = self.g.signature(fun_ty) else {
            self.broken(self.tree[e].pos, "a call of something that is no function");
            return Prepared {
                callee: Callee::Closure(ir::Signature::default()),
                operands: vec![],
                results: vec![],
            };
        };
        let results = self.g.param_types(&sig.results);
        let (callee, mut operands) = self.callee(e, fun, &sig);
        let as_text = matches!(&callee, Callee::Intrinsic { obj, .. } if self.g.reads_arguments(*obj));
        if !as_text {
            self.args(&sig, args, dots, &mut operands);
        }
        Prepared { callee, operands, results }
    }

    /// What is called, with its receiver or func value as the first operand.
    fn callee(&mut self, call: ExprId, fun: ExprId, sig: &Signature) -> (Callee, Vec<Value>) {
        // `f[int](x)`: the name has the type arguments.
        let mut name = fun;
        while let ExprKind::Index { x, .. } = self.tree[name].kind {
            if !matches!(self.g.store().underlying_kind(self.info.ty(name)), TypeKind::Signature(_))
                || self.info.instance(self.tree.unparen(x)).is_none()
            {
                break;
            }
            name = self.tree.unparen(x);
        }
        if let Some(selection) = self.info.selection(name).cloned()
            && let ExprKind::Selector { x, sel } = self.tree[name].kind
        {
            match selection.kind {
                SelectionKind::Method { .. } | SelectionKind::InterfaceMethod { .. } => {
                    return self.method_callee(name, x, sel, &selection, sig);
                }
                SelectionKind::MethodExpr { .. } | SelectionKind::InterfaceMethodExpr { .. } => {
                    let func = self.method_expr_func(name);
                    if let Some(func) = func {
                        return (Callee::Func(func), Vec::new());
                    }
                }
                SelectionKind::Field => {}
            }
        } else if let Some(obj) = self.info.object(name)
            && let ObjKind::Func(_) = self.g.checker.store.obj(obj).kind
        {
            if self.g.is_intrinsic(obj) {
                return (Callee::Intrinsic { obj, call }, Vec::new());
            }
            let targs = self.instance_args(name);
            if let Some(id) = self.g.func_id(obj, &targs) {
                return (Callee::Func(id), Vec::new());
            }
            let sig = self.g.machine_signature(None, sig);
            let null = self.null();
            return (Callee::Closure(sig), vec![null]);
        }
        let value = self.expr(fun);
        let sig = self.g.machine_signature(None, sig);
        (Callee::Closure(sig), vec![value])
    }

    /// Closed type arguments of the generic function that a name denotes.
    pub fn instance_args(&mut self, name: ExprId) -> Vec<TypeId> {
        match self.info.instance(name).cloned() {
            Some(args) => args.iter().map(|&ty| self.subst(ty)).collect(),
            None => Vec::new(),
        }
    }

    /// Arguments as the parameters want them (specification, "Calls", "Passing arguments to ... parameters").
    fn args(&mut self, sig: &Arc<Signature>, args: &[ExprId], dots: bool, out: &mut Vec<Value>) {
        let params = self.g.param_types(&sig.params);
        // `f(g())` with several results.
        if let [only] = args
            && self.is_multi_call(*only)
        {
            let values = self.values(*only, 0);
            return self.spread_args(sig, &params, values, out);
        }
        let fixed = if sig.variadic && !dots { params.len() - 1 } else { params.len() };
        for (&arg, &ty) in args.iter().zip(&params[..fixed]) {
            let value = self.expr_as(arg, ty);
            out.push(value);
        }
        if sig.variadic && !dots {
            let slice_ty = params[fixed];
            let elem = self.slice_elem(slice_ty);
            let values: Vec<Value> =
                args[fixed.min(args.len())..].iter().map(|&arg| self.expr_as(arg, elem)).collect();
            let rest = self.variadic_slice(slice_ty, elem, values);
            out.push(rest);
        }
    }

    pub fn is_multi_call(&mut self, e: ExprId) -> bool {
        let e = self.tree.unparen(e);
        matches!(self.tree[e].kind, ExprKind::Call { .. })
            && matches!(self.g.checker.store.kind(self.info.ty(e)), TypeKind::Tuple(_))
    }

    fn spread_args(
        &mut self,
        sig: &Signature,
        params: &[TypeId],
        values: Vec<(Value, TypeId)>,
        out: &mut Vec<Value>,
    ) {
        let fixed = params.len() - usize::from(sig.variadic);
        let mut rest = Vec::new();
        for (i, (value, from)) in values.into_iter().enumerate() {
            if i < fixed {
                let value = self.assign_conv(value, from, params[i]);
                out.push(value);
            } else {
                let elem = self.slice_elem(params[fixed]);
                let value = self.assign_conv(value, from, elem);
                rest.push(value);
            }
        }
        if sig.variadic {
            let elem = self.slice_elem(params[fixed]);
            let slice = self.variadic_slice(params[fixed], elem, rest);
            out.push(slice);
        }
    }

    pub fn slice_elem(&mut self, ty: TypeId) -> TypeId {
        match self.g.under(ty) {
            TypeKind::Slice(elem) => self.g.canonical(elem),
            // append([]byte, string...)
            _ => types::Basic::Uint8.id(),
        }
    }

    /// A slice of the extra arguments; nil if there are none.
    fn variadic_slice(&mut self, slice_ty: TypeId, elem: TypeId, values: Vec<Value>) -> Value {
        if values.is_empty() {
            return self.zero_of(slice_ty);
        }
        let repr = self.repr(elem);
        let array = self.g.program.types.array(repr, values.len() as u64);
        let object = self.alloc(array);
        let len = self.int_const(values.len() as i64);
        for (i, value) in values.into_iter().enumerate() {
            let index = self.word_const(i as i64);
            let addr = self.b().elem_addr(repr, object, index);
            self.store_place(addr, value);
        }
        self.make_slice(object, len, len)
    }

    /// Does a prepared call.
    pub fn perform(&mut self, call: &Prepared) -> Values {
        match &call.callee {
            Callee::Func(id) => self.call(*id, &call.operands),
            Callee::Closure(sig) => {
                self.g.needs(Op::CallClosure);
                let aux = Aux::Signature(Box::new(sig.clone()));
                self.b().call_op(Op::CallClosure, aux, &sig.results, &call.operands)
            }
            Callee::Method { iface, index, sig } => {
                self.g.needs(Op::CallMethod);
                self.g.method_called(*iface, *index);
                if !self.func.name.starts_with("reflect.") {
                    self.g.type_method_called(*iface, *index);
                }
                let aux = Aux::Method { iface: self.rtype(*iface), index: *index };
                self.b().call_op(Op::CallMethod, aux, &sig.results, &call.operands)
            }
            Callee::Intrinsic { obj, call: e } => self.intrinsic(*obj, *e, &call.operands, &call.results),
            Callee::Formatted(formatted) => self.perform_formatted(formatted, &call.operands),
            Callee::Builtin { which, types } => {
                self.perform_builtin(*which, types, &call.operands);
                Values::new()
            }
        }
    }

    /// Ends the block after something that does not return.
    pub fn unreachable(&mut self) {
        if !self.terminated() {
            self.b().unreachable();
            self.enter_dead();
        }
    }
}

/// Built-ins that may stand as statements.
fn is_statement(which: Builtin) -> bool {
    matches!(
        which,
        Builtin::Clear
            | Builtin::Close
            | Builtin::Copy
            | Builtin::Delete
            | Builtin::Panic
            | Builtin::Print
            | Builtin::Println
            | Builtin::Recover
    )
}
