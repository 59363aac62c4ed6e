//! Operators (specification: "Operators"): unary, binary, comparisons, shifts, channel receive, addresses.

use crate::constant::{self, Value, representable};

use crate::ctx::Ctx;
use crate::operand::{OpMode, Operand};
use crate::ty::*;
use syntax::ast::{BinaryOp, ExprId, ExprKind, UnaryOp};

/// Largest count of a constant shift: expresses the smallest float64.
const MAX_SHIFT: u64 = 1023 - 1 + 52;

/// Bytes of a constant string.
const MAX_STRING: usize = 2_000_000_000;

impl Ctx<'_> {
    pub fn star(&mut self, e: ExprId, inner: ExprId) -> Operand {
        let x = self.expr_or_type(inner, false);
        match x.mode {
            OpMode::Invalid => Operand::invalid(e),
            OpMode::Type => {
                let (ty, pos, pkg) = (x.ty, self.tree.start(inner), self.pkg);
                self.c.delayed.push(crate::delayed::Delayed::VarType { ty, pos, pkg });
                Operand::new(OpMode::Type, self.c.store.pointer(x.ty), e)
            }
            OpMode::Nil => {
                self.error_at(inner, "invalid operation: cannot indirect nil");
                Operand::invalid(e)
            }
            _ => match self.pointer_base(&x) {
                Some(base) if self.is_complete(base) => Operand::new(OpMode::Variable, base, e),
                _ => Operand::invalid(e),
            },
        }
    }

    /// What a pointer points to; all pointers of a type parameter's type set must point to the same.
    fn pointer_base(&mut self, x: &Operand) -> Option<TypeId> {
        let mut base = None;
        for ty in self.c.store.specific_types(x.ty) {
            let Some(elem) = self.c.store.pointer_elem(ty) else {
                base = None;
                break;
            };
            if let Some(other) = base
                && !self.c.store.identical(other, elem)
            {
                let what = self.os(x);
                let message = format!("invalid operation: pointers of {what} must have identical base types");
                self.error_at(x.expr, message);
                return None;
            }
            base = Some(elem);
        }
        let is_builtin = matches!(x.mode, OpMode::Builtin(_));
        if base.is_none() && (is_builtin || !self.c.store.underlying(x.ty).is_invalid()) {
            let what = self.os(x);
            self.error_at(x.expr, format!("invalid operation: cannot indirect {what}"));
        }
        base
    }

    pub fn unary(&mut self, e: ExprId, op: UnaryOp, inner: ExprId) -> Operand {
        match op {
            UnaryOp::Addr => return self.address_of(e, inner),
            UnaryOp::Recv => return self.receive(e, inner),
            UnaryOp::Tilde => {
                let x = self.expr_or_type(inner, false);
                let hint = if self.c.store.all_basic(x.ty, Basic::is_integer) {
                    " (use ^ for bitwise complement)"
                } else {
                    ""
                };
                self.error_at(e, format!("cannot use ~ outside of interface or type constraint{hint}"));
                return Operand::invalid(e);
            }
            _ => {}
        }
        let mut x = self.expr(inner, None);
        if x.is_invalid() {
            return Operand::invalid(e);
        }
        let accepts: fn(Basic) -> bool = match op {
            UnaryOp::Not => Basic::is_boolean,
            UnaryOp::Xor => Basic::is_integer,
            _ => Basic::is_numeric,
        };
        if !self.c.store.all_basic(x.ty, accepts) || x.is_nil() {
            let what = self.os(&x);
            self.error_at(
                inner,
                format!("invalid operation: operator {} not defined on {what}", op.as_str()),
            );
            return Operand::invalid(e);
        }
        if let OpMode::Const(value) = &x.mode {
            if value.is_unknown() {
                x.expr = e;
                return x;
            }
            let basic = self.c.store.basic(x.ty).filter(|b| b.is_unsigned());
            let bits = basic.map(|b| self.c.store.sizes.bits(b));
            x.mode = OpMode::Const(constant::unary(op, value, bits));
            x.expr = e;
            let pos = self.tree[e].pos;
            self.overflow(&mut x, pos);
            return x;
        }
        x.mode = OpMode::Value;
        x.expr = e;
        x
    }

    /// Specification: "Address operators".
    fn address_of(&mut self, e: ExprId, inner: ExprId) -> Operand {
        let x = self.expr(inner, None);
        if x.is_invalid() {
            return Operand::invalid(e);
        }
        // "As an exception to the addressability requirement, x may also be a (possibly parenthesized) composite
        // literal."
        let literal = matches!(self.tree[self.tree.unparen(inner)].kind, ExprKind::Composite { .. });
        if !literal && x.mode != OpMode::Variable {
            let what = self.os(&x);
            self.error_at(inner, format!("invalid operation: cannot take address of {what}"));
            return Operand::invalid(e);
        }
        self.mark_address_taken(inner);
        Operand::value(self.c.store.pointer(x.ty), e)
    }

    /// Specification: "Receive operator".
    fn receive(&mut self, e: ExprId, inner: ExprId) -> Operand {
        let x = self.expr(inner, None);
        if x.is_invalid() {
            return Operand::invalid(e);
        }
        match self.chan_elem(&x, ChanDir::Recv) {
            Some(elem) if self.is_complete(elem) => {
                self.has_call_or_recv = true;
                Operand::new(OpMode::CommaOk, elem, e)
            }
            _ => Operand::invalid(e),
        }
    }

    /// The element type of a channel that can be used in this direction; reports an error otherwise.
    pub fn chan_elem(&mut self, x: &Operand, dir: ChanDir) -> Option<TypeId> {
        let types: Vec<TypeId> = match self.c.store.type_param_terms(x.ty) {
            Some(terms) if !terms.is_empty() => terms.iter().map(|t| t.ty).collect(),
            _ => vec![x.ty],
        };
        let is_param = self.c.store.is_type_param(x.ty);
        let (verb, wrong, preposition) = match dir {
            ChanDir::Recv => ("receive", "send", "from"),
            _ => ("send", "receive", "to"),
        };
        let mut elem = None;
        let first = types[0];
        for ty in types {
            let &TypeKind::Chan { dir: have, elem: this } = self.c.store.underlying_kind(ty) else {
                if is_param {
                    let (what, name) = (self.os(x), self.ts(ty));
                    let why = if ty == x.ty {
                        "no specific channel type".to_owned()
                    } else {
                        format!("non-channel {name}")
                    };
                    let message = format!("invalid operation: cannot {verb} {preposition} {what}: {why}");
                    self.error_at(x.expr, message);
                    return None;
                }
                let what =
                    if x.is_nil() { "nil".to_owned() } else { format!("{} {}", self.ts(x.ty), self.os(x)) };
                self.error_at(
                    x.expr,
                    format!("invalid operation: cannot {verb} {preposition} non-channel {what}"),
                );
                return None;
            };
            if have != ChanDir::Both && have != dir && is_param {
                let (what, name) = (self.os(x), self.ts(ty));
                let message = format!(
                    "invalid operation: cannot {verb} {preposition} {what}: {wrong}-only channel {name}"
                );
                self.error_at(x.expr, message);
                return None;
            }
            if have != ChanDir::Both && have != dir {
                let what = format!("{} {}", self.ts(x.ty), self.os(x));
                let message =
                    format!("invalid operation: cannot {verb} {preposition} {wrong}-only channel {what}");
                self.error_at(x.expr, message);
                return None;
            }
            if let Some(other) = elem
                && !self.c.store.identical(other, this)
            {
                let what = self.os(x);
                let (a, b) = (self.ts(first), self.ts(ty));
                let message = format!(
                    "invalid operation: cannot {verb} {preposition} {what}: channels {a} and {b} have different element types"
                );
                self.error_at(x.expr, message);
                return None;
            }
            elem = Some(this);
        }
        elem
    }

    pub fn binary(&mut self, e: ExprId, op: BinaryOp, lhs: ExprId, rhs: ExprId) -> Operand {
        // Long chains nest to the left, `"a" + "b" + ...`: walked without recursion.
        let mut chain = vec![(e, op, lhs, rhs)];
        let mut first = lhs;
        while let ExprKind::Binary { op, x, y } = self.tree[first].kind {
            chain.push((first, op, x, y));
            first = x;
        }
        let mut left = self.expr(first, None);
        while let Some((node, op, lhs, rhs)) = chain.pop() {
            let right = self.expr(rhs, None);
            left = self.binary_operands(Some(node), op, left, right, lhs);
            left.expr = node;
            if node != e {
                self.record(&left);
            }
        }
        left
    }

    /// `x op y`. Without `e` it is the assignment `x op= y`, whose result stands at `lhs`.
    pub fn binary_operands(
        &mut self,
        e: Option<ExprId>,
        op: BinaryOp,
        mut x: Operand,
        mut y: Operand,
        lhs: ExprId,
    ) -> Operand {
        let at = e.unwrap_or(lhs);
        if x.is_invalid() || y.is_invalid() {
            return Operand::invalid(at);
        }
        if op.is_shift() {
            return self.shift(e, op, x, y, lhs);
        }
        // Messages about a call show its arguments with the types that they would have.
        let invalid = Operand { ty: x.ty, ..Operand::invalid(at) };
        if !self.match_types(&mut x, &mut y) {
            return invalid;
        }
        if op.is_comparison() {
            return self.comparison(at, op, x, y, false);
        }
        if !self.c.store.identical(x.ty, y.ty) {
            if !x.ty.is_invalid() && !y.ty.is_invalid() {
                self.mismatched(e, op, (lhs, x.ty), (y.expr, y.ty));
            }
            return invalid;
        }
        if !self.defines(&x, op) {
            return invalid;
        }
        if matches!(op, BinaryOp::Div | BinaryOp::Rem)
            && (x.is_const() || self.c.store.all_basic(x.ty, Basic::is_integer))
            && y.constant().is_some_and(|v| v.is_number() && v.sign() == 0)
        {
            self.error_at(y.expr, "invalid operation: division by zero");
            return invalid;
        }
        if let (OpMode::Const(a), OpMode::Const(b)) = (&x.mode, &y.mode) {
            if a.is_unknown() || b.is_unknown() {
                return Operand::new(OpMode::Const(Value::Unknown), x.ty, at);
            }
            if op == BinaryOp::Div
                && self.c.store.all_basic(x.ty, Basic::is_complex)
                && constant::square_vanishes(b)
            {
                self.error_at(y.expr, "invalid operation: division by zero");
                return invalid;
            }
            if let (Some(s), Some(t)) = (a.as_text(), b.as_text())
                && s.len() + t.len() > MAX_STRING
            {
                let len = s.len() + t.len();
                let message = format!("constant string too long ({len} bytes > {MAX_STRING} bytes)");
                self.error(self.tree[at].pos, message);
                return Operand::new(OpMode::Const(Value::Unknown), x.ty, at);
            }
            let integer = op == BinaryOp::Div && self.c.store.is_integer(x.ty);
            x.mode = OpMode::Const(constant::binary(op, a, b, integer));
            x.expr = at;
            let pos = self.tree[at].pos;
            self.overflow(&mut x, pos);
            return x;
        }
        Operand::value(x.ty, at)
    }

    fn mismatched(&mut self, e: Option<ExprId>, op: BinaryOp, x: (ExprId, TypeId), y: (ExprId, TypeId)) {
        let text = match e {
            Some(e) => self.es(e),
            None => format!("{} {}= {}", self.es(x.0), op.as_str(), self.es(y.0)),
        };
        let (xt, yt) = (self.ts(x.1), self.ts(y.1));
        self.error_at(x.0, format!("invalid operation: {text} (mismatched types {xt} and {yt})"));
    }

    fn defines(&mut self, x: &Operand, op: BinaryOp) -> bool {
        let accepts: fn(Basic) -> bool = match op {
            BinaryOp::Add => |b| b.is_numeric() || b.is_string(),
            BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => Basic::is_numeric,
            BinaryOp::AndAnd | BinaryOp::OrOr => Basic::is_boolean,
            _ => Basic::is_integer,
        };
        if self.c.store.all_basic(x.ty, accepts) && !x.is_nil() {
            return true;
        }
        let what = self.os(x);
        self.error_at(x.expr, format!("invalid operation: operator {} not defined on {what}", op.as_str()));
        false
    }

    /// Converts untyped operands to the type of the other one, where that may be meant; false if it is reported that they
    /// do not convert.
    pub fn match_types(&mut self, x: &mut Operand, y: &mut Operand) -> bool {
        if !self.may_convert(x, y) {
            return true;
        }
        self.convert_untyped(x, y.ty);
        if !x.is_invalid() {
            self.convert_untyped(y, x.ty);
        }
        !x.is_invalid() && !y.is_invalid()
    }

    fn may_convert(&mut self, x: &Operand, y: &Operand) -> bool {
        let store = &mut self.c.store;
        if !store.is_untyped(x.ty) && !store.is_untyped(y.ty) {
            return false;
        }
        let same = |store: &mut crate::Store, f: fn(Basic) -> bool| {
            store.all_basic(x.ty, f) == store.all_basic(y.ty, f)
        };
        // An interface and a number are left to what may be assigned to what.
        if !same(store, Basic::is_numeric) {
            return false;
        }
        if store.is_interface(x.ty) || store.is_interface(y.ty) {
            return true;
        }
        if !same(store, Basic::is_boolean) || !same(store, Basic::is_string) {
            return false;
        }
        if x.is_nil() {
            return store.has_nil(y.ty);
        }
        if y.is_nil() {
            return store.has_nil(x.ty);
        }
        store.pointer_elem(x.ty).is_none() && store.pointer_elem(y.ty).is_none()
    }

    /// Specification: "Comparison operators". `is_case` words messages for the clause of a switch.
    pub fn comparison(&mut self, e: ExprId, op: BinaryOp, x: Operand, y: Operand, is_case: bool) -> Operand {
        if x.ty.is_invalid() || y.ty.is_invalid() {
            return Operand::invalid(e);
        }
        let assignable = self.goes_with(&x, y.ty) || self.goes_with(&y, x.ty);
        let problem = if !assignable {
            let (xt, yt) = (self.ts(x.ty), self.ts(y.ty));
            Some((&y, format!("mismatched types {xt} and {yt}")))
        } else if matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            if x.is_nil() || y.is_nil() {
                let ty = if x.is_nil() { y.ty } else { x.ty };
                if x.is_nil() && y.is_nil() || !self.c.store.has_nil(ty) {
                    Some((&y, String::new()))
                } else {
                    None
                }
            } else if !self.c.store.is_comparable(x.ty) {
                Some((&x, self.incomparable_cause(x.ty)))
            } else if !self.c.store.is_comparable(y.ty) {
                Some((&y, self.incomparable_cause(y.ty)))
            } else {
                None
            }
        } else if !self.c.store.all_basic(x.ty, Basic::is_ordered) {
            Some((&x, String::new()))
        } else if !self.c.store.all_basic(y.ty, Basic::is_ordered) {
            Some((&y, String::new()))
        } else {
            None
        };
        if let Some((culprit, cause)) = problem {
            let culprit = culprit.clone();
            self.comparison_error(op, &x, &y, culprit, cause, is_case);
            return Operand { ty: x.ty, ..Operand::invalid(e) };
        }
        if let (OpMode::Const(a), OpMode::Const(b)) = (&x.mode, &y.mode) {
            let value = if a.is_unknown() || b.is_unknown() {
                Value::Unknown
            } else {
                Value::Bool(constant::compare(op, a, b))
            };
            return Operand::new(OpMode::Const(value), Basic::UntypedBool.id(), e);
        }
        // Untyped operands end here: nothing will give them another type.
        for operand in [x, y] {
            let ty = self.c.store.default_type(operand.ty);
            if operand.is_const() {
                self.convert_untyped(&mut operand.clone(), ty);
            }
            self.update_type(operand.expr, ty, true);
        }
        Operand::value(Basic::UntypedBool.id(), e)
    }

    /// "In any comparison, the first operand must be assignable to the type of the second operand, or vice versa." Whether
    /// a constant fits its default type beside an interface is seen later.
    fn goes_with(&mut self, x: &Operand, ty: TypeId) -> bool {
        self.is_any_constant(x, ty) || self.assignable(x, ty).is_ok()
    }

    /// Whether it is an untyped constant for an interface without methods, where it gets its default type.
    pub fn is_any_constant(&mut self, x: &Operand, ty: TypeId) -> bool {
        let any = self.c.store.is_interface(ty) && self.c.store.type_set(ty).is_all();
        any && x.is_const() && self.c.store.is_untyped(x.ty)
    }

    fn comparison_error(
        &mut self,
        op: BinaryOp,
        x: &Operand,
        y: &Operand,
        mut culprit: Operand,
        mut cause: String,
        is_case: bool,
    ) {
        if cause.is_empty() {
            let params = [x.ty, y.ty].map(|t| self.c.store.is_type_param(t));
            if params[0] || params[1] {
                if !params[0] {
                    culprit = y.clone();
                }
                let ty = self.ts(culprit.ty);
                cause = format!("type parameter {ty} cannot use operator {}", op.as_str());
            } else {
                let mut what = self.composite_kind(culprit.ty).to_owned();
                if what.is_empty() {
                    what = self.ts(culprit.ty);
                }
                cause = format!("operator {} not defined on {what}", op.as_str());
            }
        }
        let (xs, ys) = (self.es(x.expr), self.es(y.expr));
        if is_case {
            self.error_at(x.expr, format!("invalid case {xs} in switch on {ys} ({cause})"));
        } else {
            let op = op.as_str();
            self.error_at(culprit.expr, format!("invalid operation: {xs} {op} {ys} ({cause})"));
        }
    }

    /// Why values of a type cannot be compared.
    pub fn incomparable_cause(&mut self, t: TypeId) -> String {
        match self.c.store.underlying_kind(t).clone() {
            TypeKind::Slice(_) | TypeKind::Signature(_) | TypeKind::Map { .. } => {
                format!("{} can only be compared to nil", self.composite_kind(t))
            }
            TypeKind::Struct(fields) => {
                let field = fields.iter().find(|f| !self.c.store.is_comparable(f.ty));
                field.map_or(String::new(), |f| {
                    format!("struct containing {} cannot be compared", self.ts(f.ty))
                })
            }
            TypeKind::Array { .. } => format!("{} cannot be compared", self.ts(t)),
            TypeKind::Interface(_) => {
                if self.c.store.type_set(t).is_empty() {
                    "empty type set".to_owned()
                } else {
                    "incomparable types in type set".to_owned()
                }
            }
            _ => String::new(),
        }
    }

    /// Specification: "Shift operators".
    fn shift(
        &mut self,
        e: Option<ExprId>,
        op: BinaryOp,
        mut x: Operand,
        mut y: Operand,
        lhs: ExprId,
    ) -> Operand {
        let at = e.unwrap_or(lhs);
        let untyped = self.c.store.is_untyped(x.ty);
        let integer_value =
            x.constant().and_then(|v| representable(v, Basic::UntypedInt, &self.c.store.sizes));
        let integer = self.c.store.all_basic(x.ty, Basic::is_integer);
        if !(integer || untyped && integer_value.is_some()) || x.is_nil() {
            let what = self.os(&x);
            self.error_at(x.expr, format!("invalid operation: shifted operand {what} must be integer"));
            return Operand::invalid(at);
        }
        if !self.check_shift_count(&mut y) {
            return Operand::invalid(at);
        }
        if let (Some(value), true) = (&integer_value, x.is_const()) {
            if let Some(count) = y.constant() {
                if value.is_unknown() || count.is_unknown() {
                    return Operand::new(OpMode::Const(Value::Unknown), x.ty, at);
                }
                let count =
                    representable(count, Basic::UntypedInt, &self.c.store.sizes).and_then(|v| v.as_u64());
                let Some(count) = count.filter(|&n| n <= MAX_SHIFT) else {
                    let what = self.os(&y);
                    self.error_at(y.expr, format!("invalid operation: invalid shift count {what}"));
                    return Operand::invalid(at);
                };
                if !self.c.store.is_integer(x.ty) {
                    x.ty = Basic::UntypedInt.id();
                }
                x.mode = OpMode::Const(constant::shift(op, value, count as u32));
                x.expr = at;
                let pos = self.tree[at].pos;
                self.overflow(&mut x, pos);
                return x;
            }
            // "If the left operand of a non-constant shift expression is an untyped constant, it is first implicitly
            // converted to the type it would assume if the shift expression were replaced by its left operand alone."
            if untyped {
                self.shift_operands.insert(x.expr);
                return Operand::value(x.ty, at);
            }
        }
        if !integer {
            let what = self.os(&x);
            self.error_at(x.expr, format!("invalid operation: shifted operand {what} must be integer"));
            return Operand::invalid(at);
        }
        Operand::value(x.ty, at)
    }

    fn check_shift_count(&mut self, y: &mut Operand) -> bool {
        if let Some(value) = y.constant() {
            let value = representable(value, Basic::UntypedInt, &self.c.store.sizes);
            let integral = value.is_some();
            if value.is_some_and(|v| v.is_number() && v.sign() < 0) {
                let what = self.os(y);
                self.error_at(y.expr, format!("invalid operation: negative shift count {what}"));
                return false;
            }
            if self.c.store.is_untyped(y.ty) {
                self.check_representable(y, Basic::Uint, Basic::Uint.id());
                if y.is_invalid() {
                    return false;
                }
                // Integers stay untyped, as in go/types; what is written otherwise (`x << 1.0`) is an integer here.
                if !matches!(self.c.store.basic(y.ty), Some(Basic::UntypedInt | Basic::UntypedRune)) {
                    self.update_type(y.expr, Basic::Uint.id(), true);
                }
            } else if !self.c.store.all_basic(y.ty, Basic::is_integer) && !integral {
                let what = self.os(y);
                self.error_at(y.expr, format!("invalid operation: shift count {what} must be integer"));
                return false;
            }
            return true;
        }
        if self.c.store.all_basic(y.ty, Basic::is_integer) && !self.c.store.is_untyped(y.ty) {
            if !self.c.store.all_basic(y.ty, Basic::is_unsigned) && self.go_version < (1, 13) {
                let what = self.os(y);
                let pos = self.tree.start(y.expr);
                return self
                    .require((1, 13), pos, |_| format!("invalid operation: signed shift count {what}"));
            }
            return true;
        }
        if self.c.store.is_untyped(y.ty) {
            self.convert_untyped(y, Basic::Uint.id());
            return !y.is_invalid();
        }
        let what = self.os(y);
        self.error_at(y.expr, format!("invalid operation: shift count {what} must be integer"));
        false
    }
}
