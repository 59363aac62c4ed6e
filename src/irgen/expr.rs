//! Expressions: the value of each kind, in Go's order of evaluation (specification, "Order of evaluation").

use ir::{Op, Type, Value};
use syntax::ast::{BinaryOp, ExprId, ExprKind, UnaryOp};
use types::{Mode, ObjId, ObjKind, TypeId, TypeKind};

use crate::func::FuncGen;

impl FuncGen<'_, '_, '_> {
    /// The value of an expression with one value.
    pub fn expr(&mut self, e: ExprId) -> Value {
        let pos = self.tree[e].pos;
        let saved = self.loc;
        self.at(pos);
        let value = self.expr_here(e);
        self.loc = saved;
        value
    }

    fn expr_here(&mut self, e: ExprId) -> Value {
        let mode = self.info.expr(e).mode;
        if mode == Mode::Const
            && let Some(constant) = self.info.value(e)
        {
            let ty = self.ty(e);
            return self.const_value(constant, ty);
        }
        if mode == Mode::Nil {
            let ty = self.ty(e);
            return self.zero_of(ty);
        }
        match self.tree[e].kind {
            ExprKind::Name(_) => self.name(e),
            ExprKind::Paren { x, .. } => self.expr(x),
            ExprKind::FuncLit { .. } => self.func_lit(e),
            ExprKind::Composite { .. } => self.composite_value(e),
            ExprKind::Selector { .. } => self.selector(e),
            ExprKind::Index { x, args, .. } => self.index(e, x, self.tree.exprs(args)[0]),
            ExprKind::Slice { x, lo, hi, max, .. } => self.slice_expr(x, lo, hi, max),
            ExprKind::Assert { x, .. } => {
                let (from, to) = (self.ty(x), self.ty(e));
                let value = self.expr(x);
                self.type_assert(value, from, to)
            }
            ExprKind::Call { .. } => self.call_value(e),
            ExprKind::Star(x) => {
                let ty = self.ty(e);
                let ptr = self.expr(x);
                self.nil_check(ptr);
                self.load_place(ptr, ty)
            }
            ExprKind::Unary { op, x } => self.unary(e, op, x),
            ExprKind::Binary { op, x, y } => self.binary(e, op, x, y),
            _ => {
                self.broken(self.tree[e].pos, "an expression that has no value");
                let ty = self.ty(e);
                self.zero_of(ty)
            }
        }
    }

    /// Loads a value of a Go type; values without size need no load.
    pub fn load_place(&mut self, ptr: Value, ty: TypeId) -> Value {
        let repr = self.repr(ty);
        if self.g.program.types.size(repr) == 0 { self.zero(repr) } else { self.load(repr, ptr) }
    }

    pub fn store_place(&mut self, ptr: Value, value: Value) {
        if self.g.program.types.size(self.value_ty(value)) != 0 {
            self.store(ptr, value);
        }
    }

    /// An identifier or qualified identifier.
    pub fn name(&mut self, e: ExprId) -> Value {
        let Some(obj) = self.info.object(e) else {
            self.broken(self.tree[e].pos, "a name without an object");
            let ty = self.ty(e);
            return self.zero_of(ty);
        };
        match self.g.checker.store.obj(obj).kind {
            ObjKind::Func(_) => self.func_as_value(e, obj),
            ObjKind::Var(_) => {
                let ty = self.ty(e);
                match self.variable(obj) {
                    Some(addr) => self.load_place(addr, ty),
                    None => self.zero_of(ty),
                }
            }
            _ => {
                let ty = self.ty(e);
                self.zero_of(ty)
            }
        }
    }

    /// Address of a variable.
    pub fn variable(&mut self, obj: ObjId) -> Option<Value> {
        if let Some(local) = self.local(obj) {
            return Some(local.addr);
        }
        let object = self.g.checker.store.obj(obj);
        if object.var().is_some_and(|v| v.kind == types::VarKind::Package) {
            let global = self.g.global(obj)?;
            return Some(self.b().global(global));
        }
        let (pos, name) = (object.pos, object.name);
        self.broken(pos, &format!("variable {name} is used where it does not live"));
        None
    }

    fn unary(&mut self, e: ExprId, op: UnaryOp, x: ExprId) -> Value {
        match op {
            UnaryOp::Addr => self.address_of(x),
            UnaryOp::Recv => {
                let chan = self.expr(x);
                let ty = self.ty(e);
                self.receive(chan, ty).0
            }
            _ => {
                let ty = self.ty(e);
                let value = self.expr(x);
                self.unary_op(op, ty, value)
            }
        }
    }

    fn binary(&mut self, e: ExprId, op: BinaryOp, x: ExprId, y: ExprId) -> Value {
        match op {
            BinaryOp::AndAnd | BinaryOp::OrOr => self.logical(op == BinaryOp::AndAnd, x, y),
            _ if op.is_comparison() => self.comparison(op, x, y),
            _ if op.is_shift() => {
                let ty = self.ty(e);
                let value = self.expr_as(x, ty);
                let count_ty = self.ty(y);
                let count = self.expr(y);
                let (signed, count_signed) = (!self.g.is_unsigned(ty), !self.g.is_unsigned(count_ty));
                self.shift(op == BinaryOp::Shl, signed, value, count, count_signed)
            }
            BinaryOp::Add if self.is_string(e) => {
                let mut parts = Vec::new();
                self.concat_operands(e, &mut parts);
                // Of one part and otherwise empty ones the part itself is the result, which must then last.
                let grows = parts.iter().any(|&part| self.is_text(part));
                let values: Vec<Value> = (0..parts.len())
                    .map(|i| match grows {
                        true => self.passing_string(parts[i], &parts[i + 1..]),
                        false => self.expr(parts[i]),
                    })
                    .collect();
                self.concat(&values)
            }
            _ => {
                let ty = self.ty(e);
                let a = self.expr(x);
                let b = self.expr(y);
                self.binary_op(op, ty, a, b)
            }
        }
    }

    fn is_string(&mut self, e: ExprId) -> bool {
        let ty = self.ty(e);
        self.g.num(ty) == crate::arith::Num::String
    }

    /// A constant string that is not empty.
    fn is_text(&self, e: ExprId) -> bool {
        self.info.value(e).and_then(|value| value.as_bytes()).is_some_and(|bytes| !bytes.is_empty())
    }

    /// The operands of a chain `a + b + c` of strings.
    fn concat_operands(&mut self, e: ExprId, out: &mut Vec<ExprId>) {
        let constant = self.info.expr(e).mode == Mode::Const;
        match self.tree[e].kind {
            ExprKind::Binary { op: BinaryOp::Add, x, y } if !constant => {
                self.concat_operands(x, out);
                self.concat_operands(y, out);
            }
            ExprKind::Paren { x, .. } if !constant => self.concat_operands(x, out),
            _ => out.push(e),
        }
    }

    pub fn concat(&mut self, parts: &[Value]) -> Value {
        let string = self.g.program.types.string();
        let array = self.g.program.types.array(string, parts.len() as u64);
        let slot = self.temp(array);
        for (i, &part) in parts.iter().enumerate() {
            let index = self.word_const(i as i64);
            let addr = self.b().elem_addr(string, slot, index);
            self.store(addr, part);
        }
        let n = self.int_const(parts.len() as i64);
        self.rt1("runtime.concatstrings", string, [slot, n])
    }

    /// `x && y`, `x || y`
    fn logical(&mut self, and: bool, x: ExprId, y: ExprId) -> Value {
        let result = self.alloc(Type::I1);
        let a = self.expr(x);
        self.store(result, a);
        let (more, done) = (self.new_block(), self.new_block());
        if and {
            self.br(a, more, done)
        } else {
            self.br(a, done, more)
        }
        self.enter(more);
        let b = self.expr(y);
        self.store(result, b);
        self.jump(done);
        self.enter(done);
        self.load(Type::I1, result)
    }

    /// Branches on a condition without making a value of `&&`, `||` and `!`.
    pub fn condition(&mut self, e: ExprId, then: ir::Block, other: ir::Block) {
        if self.info.expr(e).mode != Mode::Const {
            match self.tree[e].kind {
                ExprKind::Paren { x, .. } => return self.condition(x, then, other),
                ExprKind::Unary { op: UnaryOp::Not, x } => return self.condition(x, other, then),
                ExprKind::Binary { op: BinaryOp::AndAnd, x, y } => {
                    let more = self.new_block();
                    self.condition(x, more, other);
                    self.enter(more);
                    return self.condition(y, then, other);
                }
                ExprKind::Binary { op: BinaryOp::OrOr, x, y } => {
                    let more = self.new_block();
                    self.condition(x, then, more);
                    self.enter(more);
                    return self.condition(y, then, other);
                }
                _ => {}
            }
        }
        let value = self.expr(e);
        match self.known_int(value) {
            Some(constant) => self.jump(if constant != 0 { then } else { other }),
            None => self.br(value, then, other),
        }
    }

    /// The values of an expression that stands for several: a call, or a comma-ok form if two are wanted.
    pub fn values(&mut self, e: ExprId, wanted: usize) -> Vec<(Value, TypeId)> {
        let inner = self.tree.unparen(e);
        if let ExprKind::Call { .. } = self.tree[inner].kind
            && wanted != 1
            && matches!(self.info.expr(inner).mode, Mode::Value | Mode::NoValue)
        {
            return self.call_values(inner);
        }
        if wanted == 2
            && let Some(values) = self.comma_ok(inner)
        {
            return values;
        }
        let ty = self.ty(e);
        vec![(self.expr(e), ty)]
    }

    /// `v, ok := m[k]`, `<-c`, `x.(T)`
    fn comma_ok(&mut self, e: ExprId) -> Option<Vec<(Value, TypeId)>> {
        let pos = self.tree[e].pos;
        self.at(pos);
        let bool_ty = types::Basic::Bool.id();
        let ty = self.comma_ok_type(e);
        match self.tree[e].kind {
            ExprKind::Assert { x, ty: to, .. } => {
                let (from, to) = (self.ty(x), self.ty(to));
                let value = self.expr(x);
                let (value, ok) = self.type_assert_ok(value, from, to);
                Some(vec![(value, to), (ok, bool_ty)])
            }
            ExprKind::Unary { op: UnaryOp::Recv, x } => {
                let chan = self.expr(x);
                let (value, ok) = self.receive(chan, ty);
                Some(vec![(value, ty), (ok, bool_ty)])
            }
            ExprKind::Index { x, args, .. } => {
                let map_ty = self.ty(x);
                let TypeKind::Map { value, .. } = self.g.under(map_ty) else { return None };
                let value_ty = self.g.canonical(value);
                let map = self.expr(x);
                let (value, ok) = self.map_lookup(map, map_ty, self.tree.exprs(args)[0]);
                Some(vec![(value, value_ty), (ok, bool_ty)])
            }
            _ => None,
        }
    }

    /// Type of the first value of a comma-ok form, which may be recorded as a pair.
    fn comma_ok_type(&mut self, e: ExprId) -> TypeId {
        let ty = self.ty(e);
        match self.g.checker.store.kind(ty).clone() {
            TypeKind::Tuple(parts) if !parts.is_empty() => self.g.canonical(parts[0]),
            _ => ty,
        }
    }

    /// `&x`
    fn address_of(&mut self, x: ExprId) -> Value {
        let x = self.tree.unparen(x);
        if let ExprKind::Composite { .. } = self.tree[x].kind {
            let ty = self.ty(x);
            let repr = self.repr(ty);
            let object = self.alloc(repr);
            self.composite_into(x, ty, object);
            return object;
        }
        self.addr(x)
    }

    /// Address of an addressable expression.
    pub fn addr(&mut self, e: ExprId) -> Value {
        let pos = self.tree[e].pos;
        self.at(pos);
        match self.tree[e].kind {
            ExprKind::Name(_) => match self.info.object(e).and_then(|obj| self.variable(obj)) {
                Some(addr) => addr,
                None => self.null(),
            },
            ExprKind::Paren { x, .. } => self.addr(x),
            ExprKind::Star(x) => {
                let ptr = self.expr(x);
                self.nil_check(ptr);
                ptr
            }
            ExprKind::Selector { .. } => self.selector_addr(e),
            ExprKind::Index { x, args, .. } => {
                let index = self.tree.exprs(args)[0];
                let place = self.index_place(x, index);
                self.place_addr(place)
            }
            _ => {
                // A value where an address is wanted: composite literals that are sliced or whose method is called.
                let value = self.expr(e);
                let ty = self.value_ty(value);
                let slot = self.alloc(ty);
                self.store(slot, value);
                slot
            }
        }
    }

    /// Whether `e` denotes a variable, so that `addr` gives its place.
    pub fn is_addressable(&self, e: ExprId) -> bool {
        self.info.expr(e).mode == Mode::Variable
    }

    /// Evaluates for the effects only.
    pub fn effect(&mut self, e: ExprId) {
        let inner = self.tree.unparen(e);
        match self.tree[inner].kind {
            ExprKind::Call { .. } if self.info.expr(inner).mode != Mode::Const => {
                self.call_statement(inner);
            }
            _ => {
                self.expr(e);
            }
        }
    }

    /// A machine operation whose results are those of a call.
    pub fn op_value(&mut self, op: Op, ty: Type, args: impl AsRef<[Value]>, aux: ir::Aux) -> Value {
        self.b().value(op, ty, args, aux)
    }
}
