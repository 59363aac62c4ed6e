//! `for range` over integers, slices, arrays, strings, maps and channels.

use ir::{Aux, Block, Cond, Op, Type, Value};
use syntax::ast::{ExprId, ExprKind, ExprList, StmtId, UnaryOp};
use types::{Basic, Mode, TypeId, TypeKind};

use crate::assign::Place;
use crate::func::{Breakable, FuncGen};

/// The parts of a `for range` statement.
#[derive(Clone, Copy)]
pub(crate) struct Range<'u> {
    pub stmt: StmtId,
    pub define: bool,
    pub lhs: &'u [ExprId],
    pub body: StmtId,
}

impl Range<'_> {
    fn has(&self, index: usize) -> bool {
        self.lhs.len() > index
    }
}

impl<'u> FuncGen<'_, '_, 'u> {
    pub fn range_stmt(&mut self, stmt: StmtId, define: bool, lhs: ExprList, x: ExprId, body: StmtId) {
        let range = Range { stmt, define, lhs: self.tree.exprs(lhs), body };
        let ty = self.ty(x);
        // Before Go 1.22 there is one set of variables for all iterations.
        if define && self.version < (1, 22) {
            for &name in range.lhs {
                if let Some(obj) = self.new_variable(name) {
                    self.declare(obj);
                }
            }
        }
        match self.g.under(ty) {
            TypeKind::Slice(elem) => {
                // The bytes of a string need no copy to be read.
                let x = self.string_of_bytes(x).unwrap_or(x);
                let slice = self.expr(x);
                let (data, len) = (self.extract(slice, 0), self.len_of(slice));
                self.range_elems(range, data, len, elem, false);
            }
            TypeKind::Pointer(array) => {
                let TypeKind::Array { elem, len } = self.g.under(array) else { return };
                let ptr = self.expr(x);
                let len = self.int_const(len as i64);
                self.range_elems(range, ptr, len, elem, true);
            }
            TypeKind::Array { elem, len } => self.range_array(range, x, ty, elem, len),
            TypeKind::Basic(basic) if basic.is_integer() => self.range_int(range, x, ty),
            TypeKind::Basic(_) => {
                let string = self.expr(x);
                self.range_string(range, string);
            }
            TypeKind::Map { key, value } => {
                let map = self.expr(x);
                self.range_map(range, map, ty, key, value);
            }
            TypeKind::Chan { elem, .. } => {
                let chan = self.expr(x);
                let elem = self.g.canonical(elem);
                self.range_chan(range, chan, elem);
            }
            TypeKind::Signature(sig) => {
                let func = self.expr(x);
                self.range_func(range, func, &sig);
            }
            _ => self.broken(self.tree[x].pos, "a range over something unknown"),
        }
    }

    /// Stores the iteration values to the variables on the left.
    pub fn range_vars(&mut self, range: Range<'u>, values: &[(Value, TypeId)]) {
        if !range.define {
            // All operands on the left come before the first assignment.
            let places: Vec<Place> = range.lhs.iter().map(|&e| self.place(e)).collect();
            for ((place, &left), &(value, from)) in places.into_iter().zip(range.lhs).zip(values) {
                if let Place::Blank = place {
                    continue;
                }
                let to = self.ty(left);
                let value = self.assign_conv(value, from, to);
                self.assign(place, value);
            }
            return;
        }
        for (&name, &(value, from)) in range.lhs.iter().zip(values) {
            let is_blank = self.tree.name(name).is_some_and(|n| n.is_blank());
            if is_blank {
                continue;
            }
            let Some(obj) = self.new_variable(name) else { continue };
            let local = match self.locals.get(&obj).copied().filter(|_| self.version < (1, 22)) {
                Some(local) => local,
                None => self.declare(obj),
            };
            let value = self.assign_conv(value, from, local.ty);
            self.store_place(local.addr, value);
        }
    }

    fn wants(&self, range: Range<'u>, index: usize) -> bool {
        range.has(index) && !self.tree.name(range.lhs[index]).is_some_and(|n| n.is_blank())
    }

    fn range_body(&mut self, range: Range<'u>, next: Block, done: Block) {
        self.breakables.push(Breakable { stmt: range.stmt, brk: done, cont: Some(next) });
        self.block_stmt(range.body);
        self.breakables.pop();
        self.jump(next);
    }

    /// A loop that counts from 0 to `len`; `each` gets the counter and sets the variables.
    fn counted(
        &mut self,
        range: Range<'u>,
        ty: Type,
        len: Value,
        less: Cond,
        each: impl FnOnce(&mut Self, Value),
    ) {
        let counter = self.alloc(ty);
        let (head, body, next, done) =
            (self.new_block(), self.new_block(), self.new_block(), self.new_block());
        self.jump(head);
        self.enter(head);
        let i = self.load(ty, counter);
        let more = self.b().icmp(less, i, len);
        self.br(more, body, done);
        self.enter(body);
        each(self, i);
        self.range_body(range, next, done);
        self.enter(next);
        let i = self.load(ty, counter);
        let one = self.iconst(ty, 1);
        let i = self.b().binary(Op::Add, i, one);
        self.store(counter, i);
        self.jump(head);
        self.enter(done);
    }

    fn range_int(&mut self, range: Range<'u>, x: ExprId, ty: TypeId) {
        // An untyped constant has the type of the iteration variable.
        let ty = match range.lhs.first() {
            Some(&name) if self.info.expr(x).mode == Mode::Const && self.wants(range, 0) => {
                let var = self.info.object(name).map(|obj| self.g.checker.store.obj(obj).ty);
                match var {
                    Some(ty) => self.subst(ty),
                    None => self.ty(name),
                }
            }
            _ => ty,
        };
        let n = self.expr_as(x, ty);
        let n = {
            let repr = self.repr(ty);
            if self.value_ty(n).is_int() && self.value_ty(n) != repr { self.resize(n, repr, true) } else { n }
        };
        let less = if self.g.is_unsigned(ty) { Cond::Ult } else { Cond::Slt };
        let repr = self.value_ty(n);
        self.counted(range, repr, n, less, |f, i| f.range_vars(range, &[(i, ty)]));
    }

    fn range_array(&mut self, range: Range<'u>, x: ExprId, ty: TypeId, elem: TypeId, len: u64) {
        let count = self.int_const(len as i64);
        if !self.wants(range, 1) {
            // Specification: not evaluated if its length is constant, which takes that it calls nothing.
            if self.calls(x) {
                self.effect(x);
            }
            let null = self.null();
            return self.range_elems(range, null, count, elem, false);
        }
        // The loop goes over a copy (specification, "For statements with range clause").
        let base = match self.constant_composite(x) {
            Some(global) => self.b().global(global),
            None => {
                let repr = self.repr(ty);
                let copy = self.alloc(repr);
                self.init_place(copy, ty, x);
                copy
            }
        };
        self.range_elems(range, base, count, elem, false);
    }

    /// Whether an expression contains a call or a receive operation (specification, "Length and capacity").
    pub fn calls(&self, e: ExprId) -> bool {
        match self.tree[e].kind {
            ExprKind::Call { .. } => self.info.expr(e).mode != Mode::Const,
            ExprKind::Unary { op: UnaryOp::Recv, .. } => true,
            ExprKind::Paren { x, .. }
            | ExprKind::Unary { x, .. }
            | ExprKind::Star(x)
            | ExprKind::Selector { x, .. }
            | ExprKind::Assert { x, .. } => self.calls(x),
            ExprKind::KeyValue { value, .. } => self.calls(value),
            ExprKind::Binary { x, y, .. } => self.calls(x) || self.calls(y),
            ExprKind::Index { x, args, .. } => {
                self.calls(x) || self.tree.exprs(args).iter().any(|&e| self.calls(e))
            }
            ExprKind::Composite { elems, .. } => self.tree.exprs(elems).iter().any(|&e| self.calls(e)),
            _ => false,
        }
    }

    fn range_elems(&mut self, range: Range<'u>, data: Value, len: Value, elem: TypeId, nil_check: bool) {
        let elem = self.g.canonical(elem);
        let repr = self.repr(elem);
        let int = self.int();
        let wants_value = self.wants(range, 1);
        self.counted(range, int, len, Cond::Slt, |f, i| {
            let mut values = vec![(i, Basic::Int.id())];
            if wants_value {
                if nil_check {
                    f.nil_check(data);
                }
                let addr = f.elem_addr(repr, data, i);
                values.push((f.load_place(addr, elem), elem));
            }
            f.range_vars(range, &values);
        });
    }

    /// Runes of a string: ASCII in place, the rest through the runtime.
    fn range_string(&mut self, range: Range<'u>, string: Value) {
        let int = self.int();
        let (data, len) = (self.extract(string, 0), self.len_of(string));
        let (at, after, rune) = (self.alloc(int), self.alloc(int), self.alloc(Type::I32));
        let (head, body, next, done) =
            (self.new_block(), self.new_block(), self.new_block(), self.new_block());
        let (wide, ready) = (self.new_block(), self.new_block());
        self.jump(head);
        self.enter(head);
        let i = self.load(int, at);
        let more = self.less(i, len);
        self.br(more, body, done);
        self.enter(body);
        let addr = self.elem_addr(Type::I8, data, i);
        let byte = self.load(Type::I8, addr);
        let r = self.resize(byte, Type::I32, false);
        let one = self.int_const(1);
        let following = self.b().binary(Op::Add, i, one);
        self.store(rune, r);
        self.store(after, following);
        let limit = self.iconst(Type::I32, 0x80);
        let ascii = self.b().icmp(Cond::Ult, r, limit);
        self.br(ascii, ready, wide);
        self.enter(wide);
        let decoded = self.rt("runtime.decoderune", [string, i]);
        if let [r, following] = decoded[..] {
            self.store(rune, r);
            self.store(after, following);
        }
        self.jump(ready);
        self.enter(ready);
        let r = self.load(Type::I32, rune);
        self.range_vars(range, &[(i, Basic::Int.id()), (r, Basic::Int32.id())]);
        self.range_body(range, next, done);
        self.enter(next);
        let following = self.load(int, after);
        self.store(at, following);
        self.jump(head);
        self.enter(done);
    }

    fn range_map(&mut self, range: Range<'u>, map: Value, ty: TypeId, key: TypeId, value: TypeId) {
        let (key, value) = (self.g.canonical(key), self.g.canonical(value));
        let Some(iter_ty) = self.g.runtime_type("runtime.hiter") else { return };
        let iter_repr = self.repr(iter_ty);
        let iter = self.op_value(Op::StackAlloc, Type::PTR, vec![], Aux::Type(iter_repr));
        let descriptor = self.map_descriptor(ty);
        self.rt("runtime.mapiterinit", [descriptor, map, iter]);
        let (head, body, next, done) =
            (self.new_block(), self.new_block(), self.new_block(), self.new_block());
        self.jump(head);
        self.enter(head);
        let key_addr = self.field_addr(iter_repr, iter, 0);
        let key_addr = self.load(Type::PTR, key_addr);
        let end = self.is_null(key_addr);
        self.br(end, done, body);
        self.enter(body);
        let mut values = Vec::new();
        if range.has(0) {
            values.push((self.load_place(key_addr, key), key));
        }
        if range.has(1) {
            let elem_addr = self.field_addr(iter_repr, iter, 1);
            let elem_addr = self.load(Type::PTR, elem_addr);
            values.push((self.load_place(elem_addr, value), value));
        }
        self.range_vars(range, &values);
        self.range_body(range, next, done);
        self.enter(next);
        self.rt("runtime.mapiternext", [iter]);
        self.jump(head);
        self.enter(done);
    }

    fn range_chan(&mut self, range: Range<'u>, chan: Value, elem: TypeId) {
        let (head, body, done) = (self.new_block(), self.new_block(), self.new_block());
        self.jump(head);
        self.enter(head);
        let (value, ok) = self.receive(chan, elem);
        self.br(ok, body, done);
        self.enter(body);
        self.range_vars(range, &[(value, elem)]);
        self.range_body(range, head, done);
        self.enter(done);
    }
}
