//! Channels: send, receive, and the `select` statement.

use ir::{Cond, Type, Value};
use syntax::ast::{CommList, ExprId, ExprKind, ExprList, StmtId, StmtKind, UnaryOp};
use types::{TypeId, TypeKind};

use crate::assign::Place;
use crate::func::{Breakable, FuncGen};

/// What happens when a case of a `select` is chosen.
enum Chosen {
    Send,
    /// The received value is in memory.
    Receive {
        elem: TypeId,
        slot: Value,
    },
    Default,
}

impl FuncGen<'_, '_, '_> {
    pub fn chan_elem(&mut self, ty: TypeId) -> TypeId {
        match self.g.under(ty) {
            TypeKind::Chan { elem, .. } => self.g.canonical(elem),
            _ => ty,
        }
    }

    /// `<-c`: the value (of type `elem`) and whether it was sent.
    pub fn receive(&mut self, chan: Value, elem: TypeId) -> (Value, Value) {
        let repr = self.repr(elem);
        let slot = self.temp(repr);
        let ok = self.rt1("runtime.chanrecv", Type::I1, [chan, slot]);
        (self.load_place(slot, elem), ok)
    }

    /// `c <- v`
    pub fn send(&mut self, chan: ExprId, value: ExprId) {
        let chan_ty = self.ty(chan);
        let elem = self.chan_elem(chan_ty);
        let chan = self.expr(chan);
        let value = self.expr_as(value, elem);
        let slot = self.temp_with(value);
        self.rt("runtime.chansend", [chan, slot]);
    }

    /// `make(chan T, size)`
    pub fn make_chan(&mut self, ty: TypeId, size: Value) -> Value {
        let elem = self.chan_elem(ty);
        let repr = self.repr(elem);
        let (bytes, layout) = (self.size_const(repr), self.layout_const(repr));
        self.rt1("runtime.makechan", Type::PTR, [bytes, layout, size])
    }

    /// Specification, "Select statements": channels and values to send are evaluated in order, one case is chosen, then
    /// its left sides are evaluated and assigned.
    pub fn select_stmt(&mut self, stmt: StmtId, cases: CommList) {
        let clauses = self.tree.comms(cases);
        let count = clauses.iter().filter(|c| c.comm.is_some()).count() as u64;
        let has_default = count as usize != clauses.len();
        let scase = self.g.program.types.structure(&[Type::PTR, Type::PTR, Type::I1]);
        let array = self.g.program.types.array(scase, count.max(1));
        let records = self.temp(array);
        let mut chosen = Vec::new();
        let mut number = 0;
        for clause in clauses {
            let Some(comm) = clause.comm else {
                chosen.push((-1, Chosen::Default));
                continue;
            };
            let (chan, slot, send, what) = self.select_operands(comm);
            let index = self.word_const(number);
            let record = self.b().elem_addr(scase, records, index);
            let is_send = self.bool_const(send);
            for (field, value) in [chan, slot, is_send].into_iter().enumerate() {
                let addr = self.field_addr(scase, record, field as u32);
                self.store(addr, value);
            }
            chosen.push((number, what));
            number += 1;
        }
        let n = self.int_const(count as i64);
        let block = self.bool_const(!has_default);
        let results = self.rt("runtime.selectgo", [records, n, block]);
        let &[which, ok] = &results[..] else {
            if !self.terminated() {
                self.b().unreachable();
            }
            return;
        };
        let done = self.new_block();
        self.breakables.push(Breakable { stmt, brk: done, cont: None });
        let bodies: Vec<ir::Block> = clauses.iter().map(|_| self.new_block()).collect();
        for ((number, _), &body) in chosen.iter().zip(&bodies) {
            let next = self.new_block();
            let constant = self.int_const(*number);
            let this = self.b().icmp(Cond::Eq, which, constant);
            self.br(this, body, next);
            self.enter(next);
        }
        // Only cases of the statement are chosen; without any it blocks for ever.
        self.b().unreachable();
        for ((clause, (_, what)), &body) in clauses.iter().zip(chosen).zip(&bodies) {
            self.enter(body);
            if let (Some(comm), Chosen::Receive { elem, slot }) = (clause.comm, what) {
                self.select_assign(comm, elem, slot, ok);
            }
            self.stmts(clause.body);
            self.jump(done);
        }
        self.breakables.pop();
        self.enter(done);
    }

    /// The channel, the address of what is sent or received, whether it is a send.
    fn select_operands(&mut self, comm: StmtId) -> (Value, Value, bool, Chosen) {
        let receive = match self.tree[comm].kind {
            StmtKind::Send { chan, value } => {
                let chan_ty = self.ty(chan);
                let elem = self.chan_elem(chan_ty);
                let chan = self.expr(chan);
                let value = self.expr_as(value, elem);
                let slot = self.temp_with(value);
                return (chan, slot, true, Chosen::Send);
            }
            StmtKind::Expr(x) => x,
            StmtKind::Assign { rhs, .. } | StmtKind::Define { rhs, .. } => self.tree.exprs(rhs)[0],
            _ => return (self.null(), self.null(), false, Chosen::Default),
        };
        let receive = self.tree.unparen(receive);
        let ExprKind::Unary { op: UnaryOp::Recv, x } = self.tree[receive].kind else {
            return (self.null(), self.null(), false, Chosen::Default);
        };
        let chan_ty = self.ty(x);
        let elem = self.chan_elem(chan_ty);
        let chan = self.expr(x);
        let repr = self.repr(elem);
        let slot = self.temp(repr);
        (chan, slot, false, Chosen::Receive { elem, slot })
    }

    fn select_assign(&mut self, comm: StmtId, elem: TypeId, slot: Value, ok: Value) {
        let bool_ty = types::Basic::Bool.id();
        let parts = |f: &mut Self| vec![(f.load_place(slot, elem), elem), (ok, bool_ty)];
        match self.tree[comm].kind {
            StmtKind::Define { lhs, .. } => {
                let values = parts(self);
                self.define_values(lhs, values);
            }
            StmtKind::Assign { lhs, .. } => {
                let values = parts(self);
                self.assign_values(lhs, values);
            }
            _ => {}
        }
    }

    /// Assigns values that are at hand to left sides.
    pub fn assign_values(&mut self, lhs: ExprList, values: Vec<(Value, TypeId)>) {
        let lhs = self.tree.exprs(lhs);
        let places: Vec<Place> = lhs.iter().map(|&e| self.place(e)).collect();
        for ((place, &left), (value, from)) in places.into_iter().zip(lhs).zip(values) {
            if let Place::Blank = place {
                continue;
            }
            let to = self.ty(left);
            let value = self.assign_conv(value, from, to);
            self.assign(place, value);
        }
    }
}
