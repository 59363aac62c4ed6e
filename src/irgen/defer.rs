//! `defer` and `go`: the operands are evaluated now, the call is made by a function without parameters.

use ir::{Aux, Func, Op, Type, Value};
use source::Pos;
use syntax::ast::{ExprId, ExprKind, StmtId, StmtKind, Tree};
use types::Builtin;

use crate::call::{Callee, Prepared};
use crate::func::FuncGen;
use crate::program::Origin;

impl FuncGen<'_, '_, '_> {
    pub fn defer_stmt(&mut self, call: ExprId) {
        let Some(func) = self.delayed_call(call, "deferred") else { return };
        self.g.needs(Op::Defer);
        let mut operands = vec![func];
        operands.extend(self.defer_frame());
        self.b().effect(Op::Defer, operands, Aux::None);
    }

    pub fn go_stmt(&mut self, call: ExprId, pos: Pos) {
        if !self.g.config.scheduler {
            self.g.error_with_chain(
                pos,
                None,
                "attempted to start a goroutine without a scheduler".to_owned(),
            );
            return;
        }
        let Some(func) = self.delayed_call(call, "goroutine") else { return };
        self.g.needs(Op::Go);
        self.b().effect(Op::Go, [func], Aux::None);
    }

    /// A func value of a `func()` that does the call with the operands of now.
    fn delayed_call(&mut self, call: ExprId, what: &str) -> Option<Value> {
        let call = self.tree.unparen(call);
        let ExprKind::Call { fun, args, .. } = self.tree[call].kind else { return None };
        if self.info.expr(self.tree.unparen(fun)).mode == types::Mode::Type {
            self.effect(self.tree.exprs(args)[0]);
            return None;
        }
        let prepared = self.prepare(call);
        let simple = prepared.results.is_empty();
        match &prepared.callee {
            Callee::Closure(_) if simple && prepared.operands.len() == 1 => {
                let func = prepared.operands[0];
                if what == "goroutine" {
                    self.nil_check(func);
                    return Some(func);
                }
                // A nil function panics when the deferred call happens, not here: the closure's call sees to that.
                let known = |def: &ir::InstData| matches!(def.op, Op::GlobalAddr | Op::MakeClosure);
                if self.func.def(func).is_some_and(known) {
                    return Some(func);
                }
            }
            Callee::Func(id) if simple && prepared.operands.is_empty() => {
                let global = self.g.func_value(*id);
                return Some(self.b().global(global));
            }
            // Specification, "Handling panics": only a function called by a deferred one recovers; `recover` that is
            // deferred itself does nothing.
            Callee::Builtin { which: Builtin::Recover, .. } => return None,
            Callee::Method { .. } => {
                let table = self.extract(prepared.operands[0], 0);
                self.nil_check(table);
            }
            _ => {}
        }
        Some(self.call_later(&prepared, what))
    }

    /// A closure that holds the operands of a call and does it.
    fn call_later(&mut self, call: &Prepared, what: &str) -> Value {
        let name = self.child_name(what);
        let sig = ir::Signature { params: vec![Type::PTR], results: vec![] };
        let mut func = Func::new(name, sig);
        func.loc = self.loc;
        let id = self.g.add_func(func.clone());
        let outer = std::mem::replace(&mut self.g.current, Origin { from: Some(id) });
        let types: Vec<Type> = call.operands.iter().map(|&v| self.func.ty(v)).collect();
        let mut f = FuncGen::new(
            &mut *self.g,
            self.tree,
            self.info,
            self.file.clone(),
            self.version,
            self.env.clone(),
            func,
        );
        f.loc = self.loc;
        let ctx = f.params()[0];
        let operands = f.captured(&types, ctx);
        f.perform(&Prepared { operands, ..call.clone() });
        if !f.terminated() {
            f.b().ret([]);
        }
        f.finish_as(id);
        self.g.current = outer;
        self.make_closure(id, call.operands.clone())
    }
}

/// Whether a statement defers in the function it belongs to; function literals are functions of their own.
pub(crate) fn contains_defer(tree: &Tree, stmt: StmtId) -> bool {
    let mut found = matches!(tree[stmt].kind, StmtKind::Defer { .. });
    crate::range_func::for_each_child(tree, stmt, &mut |child| found = found || contains_defer(tree, child));
    found
}
