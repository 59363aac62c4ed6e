//! `if`, `for`, labels and branches, `switch`, type switches.

use ir::{Aux, Block, Cond, Op, Switch, Target, Type, Value};
use syntax::ast::{BinaryOp, BranchKind, CaseClause, CaseList, ExprId, ExprKind, Ident, StmtId, StmtKind};
use types::{Mode, ObjId, TypeId};

use crate::arith::Num;
use crate::func::{Breakable, FuncGen, Local};

/// Switches on integers with at least this many constant cases become one `switch` instruction.
const SWITCH_CASES: usize = 3;

impl FuncGen<'_, '_, '_> {
    pub fn if_stmt(&mut self, init: Option<StmtId>, cond: ExprId, then: StmtId, els: Option<StmtId>) {
        if let Some(init) = init {
            self.stmt(init);
        }
        // What a constant rules out (`runtime.GOOS == "aix"`) must not count as reached. No jump leads into a block.
        if let Some(holds) = self.info.value(cond).and_then(types::Value::as_bool) {
            return match (holds, els) {
                (true, _) => self.block_stmt(then),
                (false, Some(els)) => self.stmt(els),
                (false, None) => {}
            };
        }
        let then_block = self.new_block();
        let done = self.new_block();
        let else_block = if els.is_some() { self.new_block() } else { done };
        self.condition(cond, then_block, else_block);
        self.enter(then_block);
        self.block_stmt(then);
        self.jump(done);
        if let Some(els) = els {
            self.enter(else_block);
            self.stmt(els);
            self.jump(done);
        }
        self.enter(done);
    }

    pub fn label_block(&mut self, labeled: StmtId) -> Block {
        if let Some(&block) = self.labels.get(&labeled) {
            return block;
        }
        let block = self.new_block();
        self.labels.insert(labeled, block);
        block
    }

    pub fn branch_stmt(&mut self, id: StmtId, kind: BranchKind, label: Option<Ident>) {
        let target = self.info.branch_target(id);
        match (kind, target) {
            (BranchKind::Fallthrough, _) => {
                if let Some(next) = self.fall {
                    self.jump(next);
                }
            }
            (BranchKind::Goto, Some(target)) => self.go_to(target),
            (BranchKind::Break | BranchKind::Continue, Some(target)) => {
                self.leave_loop(target, kind == BranchKind::Continue);
            }
            (_, None) => {
                let found =
                    self.breakables.iter().rev().find(|b| kind == BranchKind::Break || b.cont.is_some());
                match (found.map(|b| b.stmt), label) {
                    (Some(stmt), None) => self.leave_loop(stmt, kind == BranchKind::Continue),
                    _ => self.broken(self.tree[id].pos, "a branch without a target"),
                }
            }
        }
    }

    /// `break` or `continue` of a statement around.
    pub fn leave_loop(&mut self, target: StmtId, cont: bool) {
        match self.breakables.iter().rev().find(|b| b.stmt == target).copied() {
            Some(b) => self.jump(if cont { b.cont.unwrap_or(b.brk) } else { b.brk }),
            None => self.yield_branch(target, cont),
        }
    }

    /// `goto` a label of this function, or of one around the loop whose body this is.
    pub fn go_to(&mut self, target: StmtId) {
        if self.yield_body.as_ref().is_some_and(|y| !y.contains(target)) {
            return self.yield_goto(target);
        }
        let block = self.label_block(target);
        self.jump(block);
    }

    /// An `if` whose condition is constantly false.
    fn is_dead(&self, stmt: StmtId) -> bool {
        let StmtKind::If { cond, els: None, .. } = self.tree[stmt].kind else { return false };
        self.info.value(cond).and_then(|value| value.as_bool()) == Some(false)
    }

    fn has_call(&self, e: ExprId) -> bool {
        match self.tree[e].kind {
            ExprKind::Call { .. } => true,
            ExprKind::Paren { x, .. } | ExprKind::Unary { x, .. } => self.has_call(x),
            ExprKind::Binary { x, y, .. } => self.has_call(x) || self.has_call(y),
            _ => false,
        }
    }

    pub fn for_stmt(
        &mut self,
        id: StmtId,
        init: Option<StmtId>,
        cond: Option<ExprId>,
        post: Option<StmtId>,
        body: StmtId,
    ) {
        if let Some(init) = init {
            self.stmt(init);
        }
        // Since Go 1.22 each iteration has its own variables, which matters only if their addresses survive.
        let own = if self.version >= (1, 22) { self.shared_loop_vars(init) } else { Vec::new() };
        let cells: Vec<(ObjId, Local, Value)> = own
            .into_iter()
            .map(|(obj, local)| {
                let cell = self.alloc(Type::PTR);
                self.store(cell, local.addr);
                (obj, local, cell)
            })
            .collect();
        let (head, body_block, next, done) =
            (self.new_block(), self.new_block(), self.new_block(), self.new_block());
        self.jump(head);
        self.enter(head);
        for &(obj, local, cell) in &cells {
            let addr = self.load(Type::PTR, cell);
            self.locals.insert(obj, Local { addr, ..local });
        }
        match cond {
            Some(cond) => self.condition(cond, body_block, done),
            None => self.jump(body_block),
        }
        self.enter(body_block);
        self.breakables.push(Breakable { stmt: id, brk: done, cont: Some(next) });
        self.block_stmt(body);
        self.breakables.pop();
        self.jump(next);
        self.enter(next);
        // A loop that only asks waits for another goroutine, which nothing else would let run.
        if self.g.config.spins_yield
            && self.tree.block(body).0.iter().all(|&stmt| self.is_dead(stmt))
            && cond.is_some_and(|cond| self.has_call(cond))
        {
            self.rt("runtime.spin", []);
        }
        for &(obj, local, cell) in &cells {
            let old = self.load(Type::PTR, cell);
            let value = self.load_place(old, local.ty);
            let repr = self.repr(local.ty);
            let addr = self.alloc(repr);
            self.store_place(addr, value);
            self.store(cell, addr);
            self.locals.insert(obj, Local { addr, ..local });
        }
        if let Some(post) = post {
            self.stmt(post);
        }
        self.jump(head);
        self.enter(done);
    }

    /// Variables that a `for` clause declares and whose address outlives an iteration.
    fn shared_loop_vars(&mut self, init: Option<StmtId>) -> Vec<(ObjId, Local)> {
        let Some(StmtKind::Define { lhs, .. }) = init.map(|s| self.tree[s].kind) else { return Vec::new() };
        let mut out = Vec::new();
        for &name in self.tree.exprs(lhs) {
            let Some(obj) = self.new_variable(name) else { continue };
            let var = self.g.checker.store.obj(obj).var().copied();
            if var.is_some_and(|v| v.captured || v.address_taken)
                && let Some(&local) = self.locals.get(&obj)
            {
                out.push((obj, local));
            }
        }
        out
    }

    pub fn switch_stmt(&mut self, id: StmtId, init: Option<StmtId>, tag: Option<ExprId>, cases: CaseList) {
        if let Some(init) = init {
            self.stmt(init);
        }
        let clauses = self.tree.cases(cases);
        let bodies: Vec<Block> = clauses.iter().map(|_| self.new_block()).collect();
        let done = self.new_block();
        let default = clauses.iter().position(|c| c.is_default).map_or(done, |i| bodies[i]);
        match tag {
            None => {
                for (clause, &body) in clauses.iter().zip(&bodies) {
                    for &e in self.tree.exprs(clause.exprs) {
                        let next = self.new_block();
                        let ty = self.ty(e);
                        if self.g.is_interface(ty) {
                            let value = self.bool_const(true);
                            let equal = self.case_equal(value, types::Basic::Bool.id(), e);
                            self.br(equal, body, next);
                        } else {
                            self.condition(e, body, next);
                        }
                        self.enter(next);
                    }
                }
                self.jump(default);
            }
            Some(tag) => self.switch_on(tag, clauses, &bodies, default),
        }
        self.breakables.push(Breakable { stmt: id, brk: done, cont: None });
        let fall = self.fall;
        for (i, (clause, &body)) in clauses.iter().zip(&bodies).enumerate() {
            self.enter(body);
            self.fall = bodies.get(i + 1).copied();
            self.stmts(clause.body);
            self.jump(done);
        }
        self.fall = fall;
        self.breakables.pop();
        self.enter(done);
    }

    fn switch_on(&mut self, tag: ExprId, clauses: &[CaseClause], bodies: &[Block], default: Block) {
        let tag_ty = self.ty(tag);
        let value = self.expr(tag);
        if let Some((cases, targets)) = self.constant_cases(tag_ty, clauses, bodies) {
            let mut targets: Vec<Target> = targets.into_iter().map(|block| Target::new(block, [])).collect();
            targets.push(Target::new(default, []));
            self.b().effect(Op::Switch, [value], Aux::Switch(Box::new(Switch { cases, targets })));
            return;
        }
        for (clause, &body) in clauses.iter().zip(bodies) {
            for &e in self.tree.exprs(clause.exprs) {
                self.at(self.tree[e].pos);
                let equal = self.case_equal(value, tag_ty, e);
                let next = self.new_block();
                self.br(equal, body, next);
                self.enter(next);
            }
        }
        self.jump(default);
    }

    fn case_equal(&mut self, value: Value, tag_ty: TypeId, e: ExprId) -> Value {
        if self.info.expr(e).mode == Mode::Nil {
            return self.equal_nil(value, tag_ty);
        }
        let ty = self.ty(e);
        let case = self.expr(e);
        match (self.g.is_interface(tag_ty), self.g.is_interface(ty)) {
            (true, false) => self.equal_to_concrete(value, tag_ty, case, ty),
            (false, true) => self.equal_to_concrete(case, ty, value, tag_ty),
            (true, true) if tag_ty != ty => {
                let any = self.g.any_type();
                let (a, b) = (self.change_iface(value, tag_ty, any), self.change_iface(case, ty, any));
                self.compare(BinaryOp::Eq, any, a, b)
            }
            _ => self.compare(BinaryOp::Eq, tag_ty, value, case),
        }
    }

    /// The cases of a switch on an integer if all are constant and there are enough of them.
    fn constant_cases(
        &mut self,
        tag_ty: TypeId,
        clauses: &[CaseClause],
        bodies: &[Block],
    ) -> Option<(Vec<i64>, Vec<Block>)> {
        if !matches!(self.g.num(tag_ty), Num::Int { .. }) {
            return None;
        }
        let repr = self.repr(tag_ty);
        let (mut cases, mut targets) = (Vec::new(), Vec::new());
        for (clause, &body) in clauses.iter().zip(bodies) {
            for &e in self.tree.exprs(clause.exprs) {
                if self.info.expr(e).mode != Mode::Const {
                    return None;
                }
                let bits = crate::constant::int_bits(self.info.value(e)?);
                let case = crate::constant::sign_extend(bits, repr);
                if !cases.contains(&case) {
                    cases.push(case);
                    targets.push(body);
                }
            }
        }
        (cases.len() >= SWITCH_CASES).then_some((cases, targets))
    }

    pub fn type_switch_stmt(&mut self, id: StmtId, init: Option<StmtId>, guard: ExprId, cases: CaseList) {
        if let Some(init) = init {
            self.stmt(init);
        }
        let ExprKind::TypeGuard { x, .. } = self.tree[guard].kind else { return };
        let from = self.ty(x);
        let value = self.expr(x);
        let clauses = self.tree.cases(cases);
        let done = self.new_block();
        let bodies: Vec<Block> = clauses.iter().map(|_| self.new_block()).collect();
        let default = clauses.iter().position(|c| c.is_default).map_or(done, |i| bodies[i]);
        for (i, (clause, &body)) in clauses.iter().zip(&bodies).enumerate() {
            let exprs = self.tree.exprs(clause.exprs);
            let var = self.info.type_switch_var(id, i);
            for &e in exprs {
                let next = self.new_block();
                self.at(self.tree[e].pos);
                if self.info.expr(e).mode == Mode::Nil {
                    let is_nil = self.equal_nil(value, from);
                    self.br(is_nil, body, next);
                } else {
                    let to = self.ty(e);
                    let (held, ok) = self.type_assert_ok(value, from, to);
                    match var.filter(|_| exprs.len() == 1) {
                        // The variable has the case's type; its slot is filled on the way in.
                        Some(obj) => {
                            let hit = self.new_block();
                            self.br(ok, hit, next);
                            self.enter(hit);
                            let local = self.declare(obj);
                            self.store_place(local.addr, held);
                            self.jump(body);
                        }
                        None => self.br(ok, body, next),
                    }
                }
                self.enter(next);
            }
        }
        self.jump(default);
        self.breakables.push(Breakable { stmt: id, brk: done, cont: None });
        for (i, (clause, &body)) in clauses.iter().zip(&bodies).enumerate() {
            self.enter(body);
            if let Some(obj) = self.info.type_switch_var(id, i)
                && !self.locals.contains_key(&obj)
            {
                let local = self.declare(obj);
                self.store_place(local.addr, value);
            }
            self.stmts(clause.body);
            self.jump(done);
        }
        self.breakables.pop();
        self.enter(done);
    }

    /// `a < b` of signed integers, for loops that irgen makes.
    pub fn less(&mut self, a: Value, b: Value) -> Value {
        self.b().icmp(Cond::Slt, a, b)
    }
}
