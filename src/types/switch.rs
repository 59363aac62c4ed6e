//! Switches (specification: "Switch statements").

use crate::constant::{Key, Value};
use crate::ctx::Ctx;
use crate::object::{ObjId, ObjKind, Var, VarKind};
use crate::operand::{OpMode, Operand};
use crate::ty::*;
use rustc_hash::FxHashMap;
use source::Pos;
use syntax::ast::{BinaryOp, CaseClause, CaseList, ExprId, ExprKind, StmtId};

impl Ctx<'_> {
    pub fn switch_stmt(&mut self, init: Option<StmtId>, tag: Option<ExprId>, cases: CaseList) {
        self.open_scope();
        if let Some(init) = init {
            self.stmt(init);
        }
        let x = tag.map(|tag| self.switch_tag(tag));
        let clauses = self.tree.cases(cases).to_vec();
        self.clause_defaults(&clauses);
        let mut seen: FxHashMap<(Key, TypeId), Pos> = FxHashMap::default();
        for clause in &clauses {
            for &e in self.tree.exprs(clause.exprs) {
                self.case_value(x.as_ref(), e, &mut seen);
            }
            self.open_scope();
            let body = self.tree.stmts(clause.body).to_vec();
            self.stmt_list(&body);
            self.close_scope();
        }
        self.close_scope();
    }

    fn clause_defaults(&mut self, clauses: &[CaseClause]) {
        let defaults: Vec<Pos> = clauses.iter().filter(|c| c.is_default).map(|c| c.pos).collect();
        self.multiple_defaults(&defaults);
    }

    fn switch_tag(&mut self, tag: ExprId) -> Operand {
        let mut x = self.expr(tag, None);
        if x.is_invalid() {
            return x;
        }
        self.assignment(&mut x, None, "switch expression");
        if !x.is_invalid() && !self.c.store.is_comparable(x.ty) && !self.c.store.has_nil(x.ty) {
            let (what, ty) = (self.os(&x), self.ts(x.ty));
            self.error_at(tag, format!("cannot switch on {what} ({ty} is not comparable)"));
            x.invalidate();
        }
        // The tag is evaluated once; cases compare with its value.
        x
    }

    fn case_value(&mut self, x: Option<&Operand>, e: ExprId, seen: &mut FxHashMap<(Key, TypeId), Pos>) {
        let mut v = self.expr(e, None);
        if v.is_invalid() {
            return;
        }
        let Some(x) = x else {
            // "A missing switch expression is equivalent to the boolean value true."
            self.convert_untyped(&mut v, Basic::Bool.id());
            if v.is_invalid() {
                return;
            }
            // An interface that bool implements compares with it.
            let value_true = Operand { ty: Basic::Bool.id(), mode: OpMode::Value, ..v.clone() };
            let holds_bool = self.c.store.is_interface(v.ty) && self.assignable(&value_true, v.ty).is_ok();
            if !holds_bool && !self.c.store.identical(v.ty, Basic::Bool.id()) {
                let (text, ty) = (self.es(e), self.ts(v.ty));
                let message =
                    format!("invalid case {text} in switch on true (mismatched types {ty} and bool)");
                self.error_at(e, message);
                return;
            }
            self.duplicate_case(&v, e, seen);
            return;
        };
        if x.is_invalid() {
            return;
        }
        let mut tag = x.clone();
        if self.c.store.is_untyped(v.ty) {
            self.convert_untyped(&mut v, tag.ty);
            if v.is_invalid() {
                return;
            }
        }
        if tag.is_const() {
            tag.mode = OpMode::Value;
        }
        let known = self.facts().exprs[e.index()];
        let result = self.comparison(e, BinaryOp::Eq, v.clone(), tag, true);
        self.facts().exprs[e.index()] = known;
        if !result.is_invalid() {
            self.duplicate_case(&v, e, seen);
        }
    }

    fn duplicate_case(&mut self, v: &Operand, e: ExprId, seen: &mut FxHashMap<(Key, TypeId), Pos>) {
        // Like Go's compiler: `case a == b` may well be the same constant twice.
        let plain = |v: &&Value| !matches!(v, Value::Unknown | Value::Bool(_) | Value::Complex(_));
        let Some(value) = v.constant().filter(plain) else { return };
        let key = value.key();
        let ty = self.c.store.canonical(v.ty);
        let pos = self.tree.start(e);
        let operator = self.tree[e].pos;
        if let Some(&previous) = seen.get(&(key.clone(), ty)) {
            let what = self.os(v);
            let message = format!("duplicate case {what} in expression switch");
            self.error_related(pos, message, previous, "previous case".to_owned());
            return;
        }
        seen.insert((key, ty), operator);
    }

    pub fn type_switch_stmt(
        &mut self,
        s: StmtId,
        init: Option<StmtId>,
        bind: Option<ExprId>,
        guard: ExprId,
        cases: CaseList,
    ) {
        self.open_scope();
        if let Some(init) = init {
            self.stmt(init);
        }
        let ExprKind::TypeGuard { x: inner, .. } = self.tree[guard].kind else {
            return self.close_scope();
        };
        let bind = bind.and_then(|e| Some((e, self.ident(e)?)));
        if let Some((e, ident)) = bind
            && ident.name.is_blank()
        {
            self.error_at(e, "no new variable on left side of :=");
        }
        let x = self.expr(inner, None);
        let subject = self.type_switch_subject(&x);
        let clauses = self.tree.cases(cases).to_vec();
        self.clause_defaults(&clauses);
        let mut vars: Vec<ObjId> = Vec::new();
        let mut seen: Vec<(Option<TypeId>, Pos)> = Vec::new();
        for (i, clause) in clauses.iter().enumerate() {
            let exprs = self.tree.exprs(clause.exprs).to_vec();
            let ty = self.case_types(&x, subject, &exprs, &mut seen);
            self.open_scope();
            if let Some((_, ident)) = bind {
                // "In clauses with a case listing exactly one type, the variable has that type; otherwise, the variable
                // has the type of the expression in the TypeSwitchGuard."
                let ty = match (exprs.len(), ty) {
                    (1, Some(ty)) => ty,
                    _ if subject => x.ty,
                    _ => TypeId::INVALID,
                };
                let var = Var::new(VarKind::Local, self.func_depth());
                let obj = self.new_object(ident.name, ident.pos, ty, ObjKind::Var(var));
                self.facts().implicits.insert((s, i as u32), obj);
                if !ident.name.is_blank() {
                    self.locals.push((ident.name, obj));
                }
                vars.push(obj);
            }
            let body = self.tree.stmts(clause.body).to_vec();
            self.stmt_list(&body);
            self.close_scope();
        }
        if let Some((_, ident)) = bind
            && !ident.name.is_blank()
            && vars.iter().all(|&v| self.c.is_unused_var(v))
        {
            self.error(ident.pos, format!("{} declared and not used", ident.name));
        }
        self.close_scope();
    }

    fn type_switch_subject(&mut self, x: &Operand) -> bool {
        if x.is_invalid() {
            return false;
        }
        if self.c.store.is_type_param(x.ty) {
            let what = self.os(x);
            self.error_at(x.expr, format!("cannot use type switch on type parameter value {what}"));
            return false;
        }
        if !self.c.store.is_interface(x.ty) {
            let what = self.os(x);
            self.error_at(x.expr, format!("{what} is not an interface"));
            return false;
        }
        true
    }

    /// Whether an expression is the predeclared `nil`.
    fn is_nil(&mut self, e: ExprId) -> bool {
        let object = self.ident(self.tree.unparen(e)).and_then(|ident| self.lookup(ident.name));
        object.is_some_and(|object| matches!(self.c.store.obj(object).kind, ObjKind::Nil))
    }

    /// Checks the types of a clause; the last of them (none for `nil`).
    fn case_types(
        &mut self,
        x: &Operand,
        subject: bool,
        exprs: &[ExprId],
        seen: &mut Vec<(Option<TypeId>, Pos)>,
    ) -> Option<TypeId> {
        let mut last = None;
        for &e in exprs {
            let ty = if self.is_nil(e) {
                self.expr(e, None);
                None
            } else {
                Some(self.var_type(e))
            };
            last = ty;
            if ty == Some(TypeId::INVALID) {
                continue;
            }
            let pos = self.tree.start(e);
            let key = ty.map(|t| self.c.store.canonical(t));
            if let Some(&(_, previous)) = seen.iter().find(|s| s.0 == key) {
                let name = ty.map_or("nil".to_owned(), |t| self.ts(t));
                let message = format!("duplicate case {name} in type switch");
                self.error_related(pos, message, previous, "previous case".to_owned());
                continue;
            }
            seen.push((key, pos));
            if let (true, Some(ty)) = (subject, ty)
                && !self.c.store.is_interface(ty)
                && !self.c.store.is_type_param(ty)
                && let Some(missing) = self.c.missing_method(ty, x.ty, self.pkg)
            {
                let (text, what, name) = (self.es(e), self.os(x), self.ts(ty));
                let message = format!(
                    "impossible type switch case: {text}\n\t{what} cannot have dynamic type {name} {missing}"
                );
                self.error(pos, message);
            }
        }
        last
    }
}
