//! Statements (specification: "Statements").

use crate::constant::Value;
use crate::ctx::{Ctx, Target};
use crate::object::ObjKind;
use crate::operand::OpMode;
use crate::ty::*;
use source::Pos;
use syntax::ast::{
    BinaryOp, BranchKind, DeclId, DeclKind, ExprId, ExprKind, Ident, StmtId, StmtKind, UnaryOp,
};

impl Ctx<'_> {
    pub fn stmt_list(&mut self, list: &[StmtId]) {
        for &s in list {
            self.stmt(s);
        }
    }

    fn block(&mut self, s: StmtId) {
        let (stmts, _) = self.tree.block(s);
        let stmts = stmts.to_vec();
        self.open_scope();
        self.stmt_list(&stmts);
        self.close_scope();
    }

    pub fn stmt(&mut self, s: StmtId) {
        let delayed = self.c.delayed.len();
        self.depth += 1;
        if self.depth > crate::ctx::MAX_DEPTH {
            self.error(self.tree[s].pos, "statement nested too deeply");
        } else {
            self.stmt_pos = self.tree.stmt_start(s);
            self.stmt_kind(s);
        }
        self.depth -= 1;
        self.c.process_delayed(delayed);
    }

    fn stmt_kind(&mut self, s: StmtId) {
        let pos = self.tree[s].pos;
        // Only the statement right behind a label carries it.
        let label = self.pending_label.take();
        match self.tree[s].kind {
            StmtKind::Bad | StmtKind::Empty => {}
            StmtKind::Decl(decls) => {
                for &d in self.tree.decls(decls) {
                    self.local_decl(d);
                }
            }
            StmtKind::Expr(e) => self.expr_stmt(e),
            StmtKind::Send { chan, value } => self.send_stmt(chan, value),
            StmtKind::IncDec { x, .. } => self.inc_dec(s, x),
            StmtKind::Assign { lhs, rhs } => self.assign_stmt(lhs, rhs),
            StmtKind::Define { lhs, rhs } => self.short_var_decl(pos, lhs, rhs),
            StmtKind::OpAssign { op, x, y } => self.op_assign(op, x, y),
            StmtKind::Go { call } => self.go_defer("go", call),
            StmtKind::Defer { call } => self.go_defer("defer", call),
            StmtKind::Return { results } => self.return_stmt(pos, results),
            StmtKind::Branch { kind, label } => self.branch(s, kind, label),
            StmtKind::Block { .. } => self.block(s),
            StmtKind::If { init, cond, then, els } => {
                self.open_scope();
                if let Some(init) = init {
                    self.stmt(init);
                }
                self.condition(cond, "if");
                self.block(then);
                if let Some(els) = els {
                    self.stmt(els);
                }
                self.close_scope();
            }
            StmtKind::Switch { init, tag, cases, .. } => {
                self.targets.push(Target { stmt: s, is_loop: false, label });
                self.switch_stmt(init, tag, cases);
                self.targets.pop();
            }
            StmtKind::TypeSwitch { init, bind, guard, cases, .. } => {
                self.targets.push(Target { stmt: s, is_loop: false, label });
                self.type_switch_stmt(s, init, bind, guard, cases);
                self.targets.pop();
            }
            StmtKind::Select { cases, .. } => {
                self.targets.push(Target { stmt: s, is_loop: false, label });
                self.select_stmt(cases);
                self.targets.pop();
            }
            StmtKind::For { init, cond, post, body } => {
                self.open_scope();
                if let Some(init) = init {
                    self.stmt(init);
                }
                if let Some(cond) = cond {
                    self.condition(cond, "for");
                }
                if let Some(post) = post {
                    self.stmt(post);
                    // The parser has refused the declaration of a variable.
                    if let StmtKind::Define { lhs, .. } = self.tree[post].kind {
                        self.use_exprs(self.tree.exprs(lhs));
                    }
                }
                self.targets.push(Target { stmt: s, is_loop: true, label });
                self.block(body);
                self.targets.pop();
                self.close_scope();
            }
            StmtKind::Range { define, lhs, x, body } => {
                self.open_scope();
                self.range_clause(pos, define, lhs, x);
                self.targets.push(Target { stmt: s, is_loop: true, label });
                self.block(body);
                self.targets.pop();
                self.close_scope();
            }
            StmtKind::Labeled { label, stmt } => {
                self.pending_label = Some(label.name);
                self.stmt(stmt);
                self.pending_label = None;
            }
        }
    }

    fn condition(&mut self, cond: ExprId, what: &str) {
        let x = self.expr(cond, None);
        if !x.is_invalid() && !self.c.store.all_basic(x.ty, Basic::is_boolean) {
            self.error_at(cond, format!("non-boolean condition in {what} statement"));
        }
    }

    fn local_decl(&mut self, d: DeclId) {
        self.stmt_pos = self.tree[d].pos;
        match self.tree[d].kind {
            DeclKind::Const { names, ty, values, iota, implicit } => {
                let (ty, values) = self.const_source(ty, values, implicit);
                let list = self.tree.exprs(names);
                let mut objs = Vec::with_capacity(list.len());
                for (i, &e) in list.iter().enumerate() {
                    let Some(ident) = self.ident(e) else { continue };
                    let kind = ObjKind::Const(Value::Unknown);
                    let obj = self.new_object(ident.name, ident.pos, TypeId::INVALID, kind);
                    self.record_object(e, obj);
                    let value = self.tree.exprs(values).get(i).copied();
                    self.const_decl(obj, ty, value, iota, implicit.is_some());
                    self.const_arity(names, values, implicit.is_some(), i);
                    objs.push(obj);
                }
                for obj in objs {
                    self.declare(obj);
                }
            }
            DeclKind::Var { names, ty, values } => self.local_var_decl(names, ty, values),
            DeclKind::Type { name, params, alias, ty } => {
                let Some(ident) = self.ident(name) else { return };
                let obj = self.new_object(ident.name, ident.pos, TypeId::INVALID, ObjKind::TypeName);
                self.record_object(name, obj);
                // "The scope of a type identifier declared inside a function begins at the identifier".
                self.declare(obj);
                self.c.resolving.push(obj);
                self.local_types += 1;
                self.type_decl(obj, params, alias, ty);
                self.local_types -= 1;
                self.c.resolving.pop();
                if self.local_types == 0 {
                    self.check_late_literals();
                }
            }
            DeclKind::Import { .. } | DeclKind::Func(_) => {}
        }
    }

    // Specification: "Expression statements".
    fn expr_stmt(&mut self, e: ExprId) {
        let x = self.raw_expr(e, None, None, false);
        let problem = match x.mode {
            OpMode::Invalid | OpMode::NoValue => return,
            OpMode::Builtin(_) => "must be called",
            OpMode::Type => "is not an expression",
            _ => {
                if self.may_stand_alone(e) {
                    return;
                }
                "is not used"
            }
        };
        let what = self.os(&x);
        self.error_at(e, format!("{what} {problem}"));
    }

    /// Calls of functions and receive operations.
    fn may_stand_alone(&mut self, e: ExprId) -> bool {
        match self.tree[self.tree.unparen(e)].kind {
            ExprKind::Call { fun, .. } => match self.facts().exprs[fun.index()].mode {
                crate::Mode::Type => false,
                crate::Mode::Builtin(b) => b.is_statement(),
                _ => true,
            },
            ExprKind::Unary { op: UnaryOp::Recv, .. } => true,
            _ => false,
        }
    }

    fn send_stmt(&mut self, chan: ExprId, value: ExprId) {
        let ch = self.expr(chan, None);
        if ch.is_invalid() {
            self.expr(value, None);
            return;
        }
        match self.chan_elem(&ch, ChanDir::Send) {
            Some(elem) => {
                let mut x = self.generic_expr(value);
                if !x.is_invalid() {
                    self.assignment(&mut x, Some(elem), "send");
                }
            }
            None => {
                self.expr(value, None);
            }
        }
    }

    fn inc_dec(&mut self, s: StmtId, e: ExprId) {
        let x = self.expr(e, None);
        if x.is_invalid() {
            return;
        }
        if !self.c.store.all_basic(x.ty, Basic::is_numeric) {
            let StmtKind::IncDec { inc, .. } = self.tree[s].kind else { return };
            let (text, ty) = (self.es(e), self.ts(x.ty));
            let op = if inc { "++" } else { "--" };
            self.error_at(e, format!("invalid operation: {text}{op} (non-numeric type {ty})"));
            return;
        }
        let _ = self.lhs_type(e);
    }

    fn op_assign(&mut self, op: BinaryOp, lhs: ExprId, rhs: ExprId) {
        let x = self.expr(lhs, None);
        let y = self.expr(rhs, None);
        let before = self.facts().exprs[lhs.index()];
        let mut z = self.binary_operands(None, op, x, y, lhs);
        let blank = matches!(self.tree[lhs].kind, ExprKind::Name(name) if name.is_blank());
        if blank {
            return;
        }
        if z.is_const() {
            z.mode = OpMode::Value;
        }
        match self.lhs_type(lhs) {
            Ok(Some(ty)) if !z.is_invalid() => self.assignment(&mut z, Some(ty), "assignment operation"),
            Ok(Some(_)) => {}
            _ => self.facts().exprs[lhs.index()] = before,
        }
    }

    fn go_defer(&mut self, what: &str, call: ExprId) {
        let inner = self.tree.unparen(call);
        let ExprKind::Call { .. } = self.tree[inner].kind else {
            self.raw_expr(call, None, None, true);
            self.error_at(call, format!("expression in {what} must be function call"));
            return;
        };
        if inner != call {
            self.error_at(call, format!("expression in {what} must not be parenthesized"));
        }
        let x = self.raw_expr(inner, None, None, false);
        let problem = match self.tree[inner].kind {
            ExprKind::Call { fun, .. } => match self.facts().exprs[fun.index()].mode {
                crate::Mode::Type => "requires function call, not conversion",
                crate::Mode::Builtin(b) if !b.is_statement() => "discards result of",
                _ => return,
            },
            _ => return,
        };
        if x.is_invalid() {
            return;
        }
        let shown = self.os(&x);
        self.error_at(call, format!("{what} {problem} {shown}"));
    }

    fn return_stmt(&mut self, pos: Pos, results: syntax::ast::ExprList) {
        let values = self.tree.exprs(results);
        let Some(func) = self.funcs.last() else { return };
        let (params, objs) = (func.results.clone(), func.result_objs.clone());
        if params.is_empty() {
            if let Some(&first) = values.first() {
                let mut have = Vec::new();
                for &v in values {
                    let x = self.multi_expr(v);
                    if x.is_invalid() {
                        return;
                    }
                    have.extend(self.unpack(x).iter().map(|x| x.ty));
                }
                let have = self.types_summary(&have, false, false);
                self.error_at(first, format!("too many return values\n\thave {have}\n\twant ()"));
            }
            return;
        }
        if !values.is_empty() {
            return self.return_values(pos, &objs, values);
        }
        if params[0].name.is_empty() {
            let types: Vec<TypeId> = params.iter().map(|p| p.ty).collect();
            let want = self.types_summary(&types, false, false);
            self.error(pos, format!("not enough return values\n\thave ()\n\twant {want}"));
            return;
        }
        // "an implementation may disallow an empty expression list ... if a different entity with the same name as a
        // result parameter is in scope"
        for obj in objs {
            let name = self.c.store.obj(obj).name;
            if name.is_blank() {
                continue;
            }
            if let Some(other) = self.lookup(name)
                && other != obj
            {
                let at = self.c.store.obj(other).pos;
                let kind = self.object_string(other);
                let related = format!("inner declaration of {kind}");
                self.error_related(
                    pos,
                    format!("result parameter {name} not in scope at return"),
                    at,
                    related,
                );
            }
        }
    }

    /// `var x int`, `const c untyped int`, `type T struct{…}`.
    fn object_string(&mut self, obj: crate::ObjId) -> String {
        let object = self.c.store.obj(obj);
        let (name, ty) = (object.name, object.ty);
        match object.kind {
            ObjKind::Var(_) => format!("var {name} {}", self.ts(ty)),
            ObjKind::Const(_) => format!("const {name} {}", self.ts(ty)),
            ObjKind::TypeName => {
                let u = self.c.store.underlying(ty);
                format!("type {name} {}", self.ts(u))
            }
            _ => name.to_string(),
        }
    }

    fn branch(&mut self, s: StmtId, kind: BranchKind, label: Option<Ident>) {
        if let Some(label) = label {
            let target = self.targets.iter().rev().find(|t| t.label == Some(label.name)).copied();
            if let Some(target) = target
                && (kind == BranchKind::Break || kind == BranchKind::Continue && target.is_loop)
            {
                self.facts().branches.insert(s, target.stmt);
            }
            return;
        }
        // Jumps that lead nowhere were reported with the syntax.
        let target = match kind {
            BranchKind::Break => self.targets.last(),
            BranchKind::Continue => self.targets.iter().rev().find(|t| t.is_loop),
            BranchKind::Goto | BranchKind::Fallthrough => None,
        };
        if let Some(stmt) = target.map(|t| t.stmt) {
            self.facts().branches.insert(s, stmt);
        }
    }

    // Specification: "Select statements".
    fn select_stmt(&mut self, cases: syntax::ast::CommList) {
        let clauses = self.tree.comms(cases).to_vec();
        let defaults: Vec<Pos> = clauses.iter().filter(|c| c.comm.is_none()).map(|c| c.pos).collect();
        self.multiple_defaults(&defaults);
        for clause in clauses {
            self.open_scope();
            let valid = clause.comm.is_none_or(|s| self.is_communication(s));
            if let (false, Some(s)) = (valid, clause.comm) {
                let pos = match self.tree[s].kind {
                    StmtKind::Expr(e) => self.tree[e].pos,
                    _ => self.tree.stmt_start(s),
                };
                // What it does is not looked at.
                self.error(pos, "select case must be send or receive (possibly with assignment)");
            } else {
                if let Some(s) = clause.comm {
                    self.stmt(s);
                }
                let body = self.tree.stmts(clause.body).to_vec();
                self.stmt_list(&body);
            }
            self.close_scope();
        }
    }

    fn is_communication(&self, s: StmtId) -> bool {
        let rhs = match self.tree[s].kind {
            StmtKind::Send { .. } => return true,
            StmtKind::Expr(e) => e,
            StmtKind::Assign { rhs, .. } | StmtKind::Define { rhs, .. } => match *self.tree.exprs(rhs) {
                [e] => e,
                _ => return false,
            },
            _ => return false,
        };
        matches!(self.tree[self.tree.unparen(rhs)].kind, ExprKind::Unary { op: UnaryOp::Recv, .. })
    }

    pub fn multiple_defaults(&mut self, defaults: &[Pos]) {
        if let [first, rest @ ..] = defaults {
            for &pos in rest {
                let at = self.position(*first);
                self.error(pos, format!("multiple defaults (first at {at})"));
            }
        }
    }
}
