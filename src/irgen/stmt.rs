//! Function bodies and simple statements.

use ir::{Aux, Op, Value, Values};
use syntax::ast::{DeclKind, ExprId, ExprKind, ExprList, StmtId, StmtKind, StmtList};
use types::{ObjId, TypeId};

use crate::func::{FuncGen, Local, ResultSlot};

impl FuncGen<'_, '_, '_> {
    /// Generates a whole function: parameters (receiver first), results, body.
    pub fn function(&mut self, params: &[ObjId], results: &[ObjId], body: StmtId) {
        let has_defer = crate::defer::contains_defer(self.tree, body);
        let in_memory = has_defer || self.contains_range_func(body);
        let values = self.params();
        for (&obj, value) in params.iter().zip(values) {
            if self.is_named(obj) {
                let local = self.declare(obj);
                self.store_place(local.addr, value);
            }
        }
        let any_named = results.iter().any(|&obj| self.is_named(obj));
        for &obj in results {
            let ty = self.g.checker.store.obj(obj).ty;
            let ty = self.subst(ty);
            let named = self.is_named(obj);
            // A blank result has a place too where the others have: `return 1, 2` for `(_, x int)`.
            let addr = (named || in_memory || any_named).then(|| self.declare(obj).addr);
            self.results.push(ResultSlot { ty, addr });
            if has_defer {
                self.keep.extend(addr);
            }
        }
        if has_defer {
            self.exit = Some(self.new_block());
        }
        let (stmts, rbrace) = self.tree.block(body);
        for &stmt in stmts {
            self.stmt(stmt);
        }
        self.at(rbrace);
        if !self.terminated() {
            if self.results.iter().all(|r| r.addr.is_some()) { self.leave() } else { self.b().unreachable() }
        }
        if let Some(exit) = self.exit {
            self.enter(exit);
            self.g.needs(Op::RunDefers);
            self.b().effect(Op::RunDefers, [], Aux::None);
            self.ret_results();
        }
    }

    fn is_named(&self, obj: ObjId) -> bool {
        let name = self.g.checker.store.obj(obj).name;
        !name.is_empty() && !name.is_blank()
    }

    /// Makes a zeroed variable.
    pub fn declare(&mut self, obj: ObjId) -> Local {
        let ty = self.g.checker.store.obj(obj).ty;
        let ty = self.subst(ty);
        let repr = self.repr(ty);
        let local = Local { addr: self.alloc(repr), ty };
        self.locals.insert(obj, local);
        local
    }

    /// Returns the results that are in memory.
    pub fn leave(&mut self) {
        match self.exit {
            Some(exit) => self.jump(exit),
            None => self.ret_results(),
        }
    }

    fn ret_results(&mut self) {
        let values: Values = self
            .results
            .clone()
            .into_iter()
            .map(|slot| match slot.addr {
                Some(addr) => self.load_place(addr, slot.ty),
                None => self.zero_of(slot.ty),
            })
            .collect();
        self.b().ret(values);
    }

    fn return_stmt(&mut self, results: ExprList) {
        let exprs = self.tree.exprs(results);
        if exprs.is_empty() {
            return self.return_here();
        }
        let slots = self.return_slots();
        let mut values = Vec::new();
        if exprs.len() == 1 && slots.len() != 1 {
            for ((value, from), slot) in self.values(exprs[0], slots.len()).into_iter().zip(&slots) {
                values.push(self.assign_conv(value, from, slot.ty));
            }
        } else {
            // In `return x, x.fill()` the specification leaves open which comes first ("Order of evaluation"); programs
            // rely on Go's compiler, for which a variable has its value after the calls.
            let late = |f: &Self, e: ExprId| matches!(f.tree[f.tree.unparen(e)].kind, ExprKind::Name(_));
            let mut found = vec![None; exprs.len()];
            for last in [false, true] {
                for (i, (&e, slot)) in exprs.iter().zip(&slots).enumerate() {
                    if late(self, e) == last {
                        found[i] = Some(self.expr_as(e, slot.ty));
                    }
                }
            }
            values.extend(found.into_iter().flatten());
        }
        if slots.iter().any(|slot| slot.addr.is_some()) {
            for (value, slot) in values.into_iter().zip(&slots) {
                if let Some(addr) = slot.addr {
                    self.store_place(addr, value);
                }
            }
            return self.return_here();
        }
        if self.exit.is_some() {
            return self.return_here();
        }
        self.b().ret(values);
    }

    /// A return whose results are stored: of this function, or through the loop whose body this is.
    pub fn return_here(&mut self) {
        if self.yield_body.is_some() { self.yield_return() } else { self.leave() }
    }

    pub fn stmts(&mut self, list: StmtList) {
        for &stmt in self.tree.stmts(list) {
            self.stmt(stmt);
        }
    }

    pub fn block_stmt(&mut self, block: StmtId) {
        let (stmts, _) = self.tree.block(block);
        for &stmt in stmts {
            self.stmt(stmt);
        }
    }

    pub fn stmt(&mut self, id: StmtId) {
        if self.terminated() {
            self.enter_dead();
        }
        let stmt = self.tree[id];
        self.at(stmt.pos);
        match stmt.kind {
            StmtKind::Bad | StmtKind::Empty => {}
            StmtKind::Decl(decls) => {
                for &decl in self.tree.decls(decls) {
                    if let DeclKind::Var { names, values, .. } = self.tree[decl].kind {
                        self.var_decl(names, values);
                    }
                }
            }
            StmtKind::Expr(e) => self.effect(e),
            StmtKind::Send { chan, value } => self.send(chan, value),
            StmtKind::IncDec { x, inc } => {
                let op = if inc { syntax::ast::BinaryOp::Add } else { syntax::ast::BinaryOp::Sub };
                self.op_assign(op, x, None);
            }
            StmtKind::Assign { lhs, rhs } => self.assign_stmt(lhs, rhs),
            StmtKind::Define { lhs, rhs } => self.define_stmt(lhs, rhs),
            StmtKind::OpAssign { op, x, y } => self.op_assign(op, x, Some(y)),
            StmtKind::Go { call } => self.go_stmt(call, stmt.pos),
            StmtKind::Defer { call } => self.defer_stmt(call),
            StmtKind::Return { results } => self.return_stmt(results),
            StmtKind::Branch { kind, label } => self.branch_stmt(id, kind, label),
            StmtKind::Block { stmts, .. } => self.stmts(stmts),
            StmtKind::If { init, cond, then, els } => self.if_stmt(init, cond, then, els),
            StmtKind::Switch { init, tag, cases, .. } => self.switch_stmt(id, init, tag, cases),
            StmtKind::TypeSwitch { init, guard, cases, .. } => self.type_switch_stmt(id, init, guard, cases),
            StmtKind::Select { cases, .. } => self.select_stmt(id, cases),
            StmtKind::For { init, cond, post, body } => self.for_stmt(id, init, cond, post, body),
            StmtKind::Range { define, lhs, x, body } => self.range_stmt(id, define, lhs, x, body),
            StmtKind::Labeled { stmt, .. } => {
                let block = self.label_block(id);
                self.jump(block);
                self.enter(block);
                self.stmt(stmt);
            }
        }
    }

    fn var_decl(&mut self, names: ExprList, values: ExprList) {
        let names = self.tree.exprs(names);
        let values = self.tree.exprs(values);
        if values.is_empty() {
            for &name in names {
                if let Some(obj) = self.new_variable(name) {
                    self.declare(obj);
                }
            }
            return;
        }
        self.define(names, values);
    }

    fn define_stmt(&mut self, lhs: ExprList, rhs: ExprList) {
        self.define(self.tree.exprs(lhs), self.tree.exprs(rhs));
    }

    /// The variable that a name on the left of a declaration makes; none for `_` and for variables that exist.
    pub fn new_variable(&self, name: ExprId) -> Option<ObjId> {
        let text = self.tree.name(name)?;
        let obj = self.info.object(name)?;
        (!text.is_blank() && self.g.checker.store.obj(obj).pos == self.tree[name].pos).then_some(obj)
    }

    fn define(&mut self, names: &[ExprId], values: &[ExprId]) {
        if let ([name], [value]) = (names, values) {
            match self.new_variable(*name) {
                Some(obj) => {
                    let ty = self.g.checker.store.obj(obj).ty;
                    let ty = self.subst(ty);
                    let repr = self.repr(ty);
                    let addr = self.alloc(repr);
                    self.init_place(addr, ty, *value);
                    self.locals.insert(obj, Local { addr, ty });
                }
                None => self.blank_value(*name, *value),
            }
            return;
        }
        let mut list = Vec::new();
        if let [value] = values {
            list = self.values(*value, names.len());
        } else {
            for (&value, &name) in values.iter().zip(names) {
                let to = match self.info.object(name).filter(|_| !self.is_blank(name)) {
                    Some(obj) => {
                        let ty = self.g.checker.store.obj(obj).ty;
                        self.subst(ty)
                    }
                    None => self.ty(value),
                };
                list.push((self.expr_as(value, to), to));
            }
        }
        self.define_names(names, list);
    }

    /// `var _ T = x`: the conversion to T may panic only if it were an assertion, so the value alone is evaluated.
    fn blank_value(&mut self, name: ExprId, value: ExprId) {
        if self.is_blank(name) {
            return self.effect(value);
        }
        let ty = self.ty(name);
        let addr = self.addr(name);
        let value = self.expr_as(value, ty);
        self.store_place(addr, value);
    }

    fn is_blank(&self, name: ExprId) -> bool {
        self.tree.name(name).is_some_and(|n| n.is_blank())
    }

    pub fn define_values(&mut self, lhs: ExprList, values: Vec<(Value, TypeId)>) {
        self.define_names(self.tree.exprs(lhs), values);
    }

    /// Gives new variables (and old ones among them) their values.
    fn define_names(&mut self, names: &[ExprId], values: Vec<(Value, TypeId)>) {
        for (&name, (value, from)) in names.iter().zip(values) {
            if self.is_blank(name) {
                continue;
            }
            let local = match self.new_variable(name) {
                Some(obj) => self.declare(obj),
                None => {
                    let ty = self.ty(name);
                    Local { addr: self.addr(name), ty }
                }
            };
            let value = self.assign_conv(value, from, local.ty);
            self.store_place(local.addr, value);
        }
    }
}
