//! Expressions (specification: "Expressions"): the dispatch, names, literals, unary and binary operators.

use crate::constant::{self, Value, representable};
use crate::conversion::ConversionError;
use crate::ctx::{Ctx, MAX_DEPTH};
use crate::info::Mode;
use crate::object::{ObjId, ObjKind};
use crate::operand::{OpMode, Operand};
use crate::ty::*;
use source::{Name, Pos};
use syntax::ast::{BinaryOp, ExprId, ExprKind, LitKind, Text, UnaryOp};

/// Untyped integers of more bits are refused.
const MAX_UNTYPED_BITS: usize = 512;

/// Largest count of a constant shift: expresses the smallest float64.
const MAX_SHIFT: u64 = 1023 - 1 + 52;

impl Ctx<'_> {
    // ---------------------------------------------------------------------------------- entry points by context

    /// A single value. `hint` is the type of an enclosing composite literal whose element type is elided.
    pub fn expr(&mut self, e: ExprId, hint: Option<TypeId>) -> Operand {
        let mut x = self.raw_expr(e, hint, None, false);
        self.exclude(&mut x, true, true);
        self.single_value(&mut x);
        x
    }

    /// A single value that will be assigned to a variable of type `target`: a generic function may take its type
    /// arguments from there.
    pub fn expr_for(&mut self, e: ExprId, target: Option<TypeId>) -> Operand {
        let mut x = self.raw_expr(e, None, target, false);
        self.exclude(&mut x, true, true);
        self.single_value(&mut x);
        x
    }

    /// A single value, which may be a generic function.
    pub fn generic_expr(&mut self, e: ExprId) -> Operand {
        let mut x = self.raw_expr(e, None, None, true);
        self.exclude(&mut x, true, true);
        self.single_value(&mut x);
        x
    }

    /// One or several values (the tuple of a call).
    pub fn multi_expr(&mut self, e: ExprId) -> Operand {
        let mut x = self.raw_expr(e, None, None, false);
        self.exclude(&mut x, true, true);
        x
    }

    /// A value or a type.
    pub fn expr_or_type(&mut self, e: ExprId, allow_generic: bool) -> Operand {
        let mut x = self.raw_expr(e, None, None, allow_generic);
        self.exclude(&mut x, false, false);
        self.single_value(&mut x);
        x
    }

    /// Refuses calls without value and, unless a built-in or type may stand here, those.
    pub fn exclude(&mut self, x: &mut Operand, builtins: bool, types: bool) {
        let problem = match x.mode {
            OpMode::NoValue if !types => "used as value or type",
            OpMode::NoValue => "used as value",
            OpMode::Builtin(_) if builtins => "must be called",
            OpMode::Type if types => "is not an expression",
            _ => return,
        };
        let what = self.os(x);
        self.error_at(x.expr, format!("{what} {problem}"));
        x.invalidate();
    }

    pub fn single_value(&mut self, x: &mut Operand) {
        if x.mode == OpMode::Value
            && let TypeKind::Tuple(types) = self.c.store.kind(x.ty)
            && types.len() != 1
        {
            let what = self.os(x);
            self.error_at(x.expr, format!("multiple-value {what} in single-value context"));
            x.invalidate();
        }
    }

    /// Checks and records an expression whatever it is.
    pub fn raw_expr(
        &mut self,
        e: ExprId,
        hint: Option<TypeId>,
        target: Option<TypeId>,
        allow_generic: bool,
    ) -> Operand {
        self.depth += 1;
        let mut x = if self.depth > MAX_DEPTH {
            self.error_at(e, "expression nested too deeply");
            Operand::invalid(e)
        } else {
            self.expr_internal(e, hint, target, allow_generic)
        };
        self.depth -= 1;
        if !allow_generic {
            self.non_generic(&mut x, target);
        }
        x.expr = e;
        self.record(&x);
        x
    }

    /// A generic type or function must have its arguments here.
    fn non_generic(&mut self, x: &mut Operand, target: Option<TypeId>) {
        let what = match (&x.mode, self.c.store.kind(x.ty)) {
            (OpMode::Type, _) if self.c.store.is_generic(x.ty) && self.applied_generic != Some(x.ty) => {
                "type"
            }
            (OpMode::Value, TypeKind::Signature(s)) if !s.type_params.is_empty() => {
                if let Some(target) = target
                    && self.instantiate_for_target(x, target)
                {
                    return;
                }
                if x.is_invalid() {
                    return;
                }
                "function"
            }
            _ => return,
        };
        let name = if what == "type" {
            self.c.store.generic_type_string(x.ty, crate::Qualify::Relative(self.pkg))
        } else {
            self.es(x.expr)
        };
        self.error_at(x.expr, format!("cannot use generic {what} {name} without instantiation"));
        x.invalidate();
    }

    fn expr_internal(
        &mut self,
        e: ExprId,
        hint: Option<TypeId>,
        target: Option<TypeId>,
        allow_generic: bool,
    ) -> Operand {
        match self.tree[e].kind {
            ExprKind::Bad => Operand::invalid(e),
            ExprKind::Name(name) => {
                self.applied_generic = None;
                self.name(e, name, false)
            }
            ExprKind::Literal { kind, bad, text } => self.basic_lit(e, kind, bad, text),
            ExprKind::Composite { ty, elems, rbrace } => self.composite_lit(e, ty, elems, rbrace, hint),
            ExprKind::KeyValue { .. } => {
                self.error_at(e, "no key:value expected");
                Operand::invalid(e)
            }
            ExprKind::FuncLit { ty, .. } => self.func_lit(e, ty),
            ExprKind::Paren { x, .. } => {
                let mut x = self.raw_expr(x, None, target, allow_generic);
                x.expr = e;
                x
            }
            ExprKind::Selector { x, sel } => {
                self.applied_generic = None;
                self.selector(e, x, sel, false)
            }
            ExprKind::Index { x, args, .. } => self.index_expr(e, x, args, target),
            ExprKind::Slice { full, x, lo, hi, max } => self.slice_expr(e, full, x, [lo, hi, max]),
            ExprKind::Assert { x, ty, .. } => self.type_assertion(e, x, ty),
            ExprKind::TypeGuard { x, .. } => {
                self.error_at(e, "invalid syntax tree: use of .(type) outside type switch");
                self.expr(x, None);
                Operand::invalid(e)
            }
            ExprKind::Call { dots, fun, args, rparen } => self.call_expr(e, dots, fun, args, rparen),
            ExprKind::Star(x) => self.star(e, x),
            ExprKind::Unary { op, x } => self.unary(e, op, x),
            ExprKind::Binary { op, x, y } => self.binary(e, op, x, y),
            ExprKind::ArrayType { .. }
            | ExprKind::SliceType { .. }
            | ExprKind::StructType { .. }
            | ExprKind::FuncType { .. }
            | ExprKind::InterfaceType { .. }
            | ExprKind::MapType { .. }
            | ExprKind::ChanType { .. } => {
                let ty = self.typ(e);
                if ty.is_invalid() { Operand::invalid(e) } else { Operand::new(OpMode::Type, ty, e) }
            }
            ExprKind::Dots(_) => {
                self.error_at(e, "invalid use of ...");
                Operand::invalid(e)
            }
        }
    }

    // ------------------------------------------------------------------------------------------- names, literals

    /// A name that is used. `want_type` only words the message for variables that stand for types.
    pub fn name(&mut self, e: ExprId, name: Name, want_type: bool) -> Operand {
        if name.is_blank() {
            self.error_at(e, "cannot use _ as value or type");
            return Operand::invalid(e);
        }
        let Some(obj) = self.lookup(name) else {
            self.error_at(e, format!("undefined: {name}"));
            return Operand::invalid(e);
        };
        self.record_object(e, obj);
        if let ObjKind::PackageName { .. } = self.c.store.obj(obj).kind {
            let message = if want_type {
                format!("{name} (package name) is not a type")
            } else {
                format!("use of package {name} not in selector")
            };
            self.error_at(e, message);
            return Operand::invalid(e);
        }
        if want_type && let ObjKind::Var(var) = self.c.store.obj(obj).kind {
            let what = match var.kind {
                crate::VarKind::Package => "package-level variable",
                crate::VarKind::Local => "local variable",
                crate::VarKind::Param => "parameter",
                crate::VarKind::Result => "result parameter",
                crate::VarKind::Receiver => "receiver",
            };
            self.use_var(obj);
            self.error_at(e, format!("{name} ({what}) is not a type"));
            return Operand::invalid(e);
        }
        self.object_operand(e, obj)
    }

    /// The operand that using an object gives.
    pub fn object_operand(&mut self, e: ExprId, obj: ObjId) -> Operand {
        self.c.resolve(obj);
        let object = self.c.store.obj(obj);
        let (ty, pkg, is_iota) = (object.ty, object.pkg, object.name.as_str() == "iota");
        match object.kind.clone() {
            ObjKind::Const(value) => {
                if is_iota && pkg == crate::PackageId::UNIVERSE {
                    let Some(iota) = self.iota else {
                        self.error_at(e, "cannot use iota outside constant declaration");
                        return Operand::invalid(e);
                    };
                    return Operand::new(OpMode::Const(Value::Int(iota)), ty, e);
                }
                if ty.is_invalid() {
                    return Operand::invalid(e);
                }
                Operand::new(OpMode::Const(value), ty, e)
            }
            ObjKind::TypeName => {
                if ty.is_invalid() {
                    return Operand::invalid(e);
                }
                Operand::new(OpMode::Type, ty, e)
            }
            ObjKind::Var(var) => {
                if pkg == self.pkg && var.kind == crate::VarKind::Package {
                    self.depend_on(obj);
                }
                self.mark_dot_import(obj, pkg);
                self.use_var(obj);
                if ty.is_invalid() {
                    return Operand::invalid(e);
                }
                Operand::new(OpMode::Variable, ty, e)
            }
            ObjKind::Func(_) => {
                if pkg == self.pkg {
                    self.depend_on(obj);
                }
                self.mark_dot_import(obj, pkg);
                if ty.is_invalid() { Operand::invalid(e) } else { Operand::value(ty, e) }
            }
            ObjKind::Builtin(b) => Operand::new(OpMode::Builtin(b), TypeId::INVALID, e),
            ObjKind::Nil => Operand::new(OpMode::Nil, ty, e),
            ObjKind::PackageName { .. } => Operand::invalid(e),
        }
    }

    /// An object of another package that a bare name denotes came through `import .`.
    fn mark_dot_import(&mut self, _: ObjId, pkg: crate::PackageId) {
        if pkg == self.pkg || pkg == crate::PackageId::UNIVERSE {
            return;
        }
        let imports = self.c.store.package(self.pkg).files[self.file as usize].imports.clone();
        for import in imports {
            let object = self.c.store.obj_mut(import);
            if let ObjKind::PackageName { imported, used } = &mut object.kind
                && *imported == pkg
                && object.name.as_str() == "."
            {
                *used = true;
            }
        }
    }

    fn basic_lit(&mut self, e: ExprId, kind: LitKind, bad: bool, text: Text) -> Operand {
        if bad {
            return Operand::invalid(e);
        }
        let source = self.tree.text(text);
        if kind != LitKind::String && source.len() > constant::MAX_LITERAL {
            self.error_at(
                e,
                format!("excessively long constant: {}... ({} chars)", &source[..10], source.len()),
            );
            return Operand::invalid(e);
        }
        let value = Value::from_literal(kind, source);
        let basic = match kind {
            LitKind::Int => Basic::UntypedInt,
            LitKind::Float => Basic::UntypedFloat,
            LitKind::Imag => Basic::UntypedComplex,
            LitKind::Rune => Basic::UntypedRune,
            LitKind::String => Basic::UntypedString,
        };
        if value.is_unknown() {
            let text = source.to_owned();
            self.error_at(e, format!("malformed constant: {text}"));
            return Operand::invalid(e);
        }
        let mut x = Operand::new(OpMode::Const(value), basic.id(), e);
        self.overflow(&mut x, self.tree[e].pos);
        x
    }

    // ---------------------------------------------------------------------------------------------- constants

    /// Specification: "Constant expressions ... are evaluated exactly"; typed ones must fit, untyped integers must not
    /// grow without bound.
    pub fn overflow(&mut self, x: &mut Operand, pos: Pos) {
        let Some(value) = x.constant() else { return };
        if value.is_unknown() {
            self.error(pos, "constant result is not representable");
            x.mode = OpMode::Const(Value::Unknown);
            return;
        }
        if !self.c.store.is_untyped(x.ty) {
            if let Some(basic) = self.c.store.basic(x.ty) {
                self.check_representable(x, basic, x.ty);
            }
            return;
        }
        let too_long = matches!(value, Value::Big(_)) && value.bit_len() > MAX_UNTYPED_BITS;
        if too_long && self.c.store.is_integer(x.ty) {
            let op = self.op_name(x.expr);
            self.error(pos, format!("constant {op}overflow"));
            x.mode = OpMode::Const(Value::Unknown);
        }
    }

    /// The word for an operation that overflowed, with a space behind it.
    fn op_name(&self, e: ExprId) -> &'static str {
        match self.tree[e].kind {
            ExprKind::Binary { op, .. } => match op {
                BinaryOp::Add => "addition ",
                BinaryOp::Sub => "subtraction ",
                BinaryOp::Xor => "bitwise XOR ",
                BinaryOp::Mul => "multiplication ",
                BinaryOp::Shl => "shift ",
                _ => "",
            },
            ExprKind::Unary { op: UnaryOp::Xor, .. } => "bitwise complement ",
            _ => "",
        }
    }

    /// Rounds a constant to a basic type, or reports that it does not fit; `ty` names the type in the message.
    pub fn check_representable(&mut self, x: &mut Operand, basic: Basic, ty: TypeId) {
        let Some(value) = x.constant() else { return };
        match representable(value, basic, &self.c.store.sizes) {
            Some(v) => x.mode = OpMode::Const(v),
            None => {
                let why = self.representation_error(x, basic);
                self.invalid_conversion(why, x, ty);
                x.invalidate();
            }
        }
    }

    // ----------------------------------------------------------------------------------------------- operators

    fn star(&mut self, e: ExprId, inner: ExprId) -> Operand {
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
            _ => {
                let base = self.c.store.core_type(x.ty).and_then(|u| self.c.store.pointer_elem(u));
                match base {
                    Some(base) => Operand::new(OpMode::Variable, base, e),
                    None => {
                        let what = self.os(&x);
                        self.error_at(inner, format!("invalid operation: cannot indirect {what}"));
                        Operand::invalid(e)
                    }
                }
            }
        }
    }

    fn unary(&mut self, e: ExprId, op: UnaryOp, inner: ExprId) -> Operand {
        match op {
            UnaryOp::Addr => return self.address_of(e, inner),
            UnaryOp::Recv => return self.receive(e, inner),
            UnaryOp::Tilde => {
                self.expr_or_type(inner, false);
                self.error_at(
                    e,
                    "cannot use ~ outside of interface or type constraint (use ^ for bitwise complement)",
                );
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
        let x = self.expr_or_type(inner, false);
        let mut x = x;
        self.exclude(&mut x, true, true);
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
            Some(elem) => {
                self.has_call_or_recv = true;
                Operand::new(OpMode::CommaOk, elem, e)
            }
            None => Operand::invalid(e),
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

    fn binary(&mut self, e: ExprId, op: BinaryOp, lhs: ExprId, rhs: ExprId) -> Operand {
        // Long chains nest to the left: `"a" + "b" + ...`.
        let x = self.expr(lhs, None);
        let y = self.expr(rhs, None);
        self.binary_operands(Some(e), op, x, y, lhs)
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
        let before = (x.clone(), y.clone());
        if let Err(why) = self.match_types(&mut x, &mut y) {
            let (bad, target) =
                if x.is_invalid() { (&before.0, before.1.ty) } else { (&before.1, before.0.ty) };
            if why == ConversionError::Other {
                self.mismatched(e, op, (lhs, before.0.ty), (y.expr, before.1.ty));
            } else {
                self.invalid_conversion(why, bad, target);
            }
            return Operand::invalid(at);
        }
        if op.is_comparison() {
            return self.comparison(at, op, x, y, None);
        }
        if !self.c.store.identical(x.ty, y.ty) {
            if !x.ty.is_invalid() && !y.ty.is_invalid() {
                self.mismatched(e, op, (lhs, x.ty), (y.expr, y.ty));
            }
            return Operand::invalid(at);
        }
        if !self.defines(&x, op) {
            return Operand::invalid(at);
        }
        if matches!(op, BinaryOp::Div | BinaryOp::Rem)
            && (x.is_const() || self.c.store.all_basic(x.ty, Basic::is_integer))
            && y.constant().is_some_and(|v| v.is_number() && v.sign() == 0)
        {
            self.error_at(y.expr, "invalid operation: division by zero");
            return Operand::invalid(at);
        }
        if let (OpMode::Const(a), OpMode::Const(b)) = (&x.mode, &y.mode) {
            if a.is_unknown() || b.is_unknown() {
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

    /// Converts untyped operands to the type of the other one. Nothing is reported.
    pub fn match_types(&mut self, x: &mut Operand, y: &mut Operand) -> Result<(), ConversionError> {
        if !self.may_convert(x, y) {
            return Ok(());
        }
        let (x_type, y_type) = (x.ty, y.ty);
        for (operand, target) in [(&mut *x, y_type), (&mut *y, x_type)] {
            // The first conversion may have changed the target: both are untyped then, and the larger kind is known.
            let Err(why) = self.try_convert_untyped(operand, target) else { continue };
            operand.invalidate();
            return Err(why);
        }
        Ok(())
    }

    fn may_convert(&mut self, x: &Operand, y: &Operand) -> bool {
        let store = &mut self.c.store;
        if !store.is_untyped(x.ty) && !store.is_untyped(y.ty) {
            return false;
        }
        if store.is_interface(x.ty) || store.is_interface(y.ty) {
            return true;
        }
        let same = |store: &mut crate::Store, f: fn(Basic) -> bool| {
            store.all_basic(x.ty, f) == store.all_basic(y.ty, f)
        };
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

    /// Specification: "Comparison operators". `case` is the clause of an expression switch, if it is one.
    pub fn comparison(
        &mut self,
        e: ExprId,
        op: BinaryOp,
        x: Operand,
        y: Operand,
        case: Option<()>,
    ) -> Operand {
        let assignable = self.assignable(&x, y.ty).is_ok() || self.assignable(&y, x.ty).is_ok();
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
            self.comparison_error(op, &x, &y, culprit, cause, case);
            return Operand::invalid(e);
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
        for operand in [&x, &y] {
            let ty = self.c.store.default_type(operand.ty);
            self.update_type(operand.expr, ty, true);
        }
        Operand::value(Basic::UntypedBool.id(), e)
    }

    fn comparison_error(
        &mut self,
        op: BinaryOp,
        x: &Operand,
        y: &Operand,
        mut culprit: Operand,
        mut cause: String,
        case: Option<()>,
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
        if case.is_some() {
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
                // Values that are kept have a type in the end.
                self.update_type(y.expr, Basic::Uint.id(), true);
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
        if self.c.store.is_untyped(y.ty) && !y.is_nil() {
            self.convert_untyped(y, Basic::Uint.id());
            return !y.is_invalid();
        }
        let what = self.os(y);
        self.error_at(y.expr, format!("invalid operation: shift count {what} must be integer"));
        false
    }

    /// Gives an untyped expression, and the untyped operands that it consists of, another type. `last` says that
    /// nothing will change it again.
    pub fn update_type(&mut self, e: ExprId, ty: TypeId, last: bool) {
        let known = self.facts().exprs[e.index()];
        if known.mode == Mode::None || !self.c.store.is_untyped(known.ty) {
            return;
        }
        let is_const = known.mode == Mode::Const;
        match self.tree[e].kind {
            ExprKind::Paren { x, .. } => self.update_type(x, ty, last),
            // The operands of a constant expression do not matter any more.
            _ if is_const => {}
            ExprKind::Unary { op, x } if !matches!(op, UnaryOp::Addr | UnaryOp::Recv) => {
                self.update_type(x, ty, last);
            }
            // The result is an untyped boolean, the operands have their types.
            ExprKind::Binary { op, .. } if op.is_comparison() => {}
            ExprKind::Binary { op, x, .. } if op.is_shift() => self.update_type(x, ty, last),
            ExprKind::Binary { x, y, .. } => {
                self.update_type(x, ty, last);
                self.update_type(y, ty, last);
            }
            _ => {}
        }
        if last && self.shift_operands.remove(&e) && !self.c.store.all_basic(ty, Basic::is_integer) {
            let (text, name) = (self.es(e), self.ts(ty));
            let message = format!("invalid operation: shifted operand {text} (type {name}) must be integer");
            self.error_at(e, message);
            self.facts().exprs[e.index()].ty = TypeId::INVALID;
            return;
        }
        if is_const
            && !self.c.store.is_untyped(ty)
            && let Some(basic) = self.c.store.basic(ty)
        {
            let sizes = self.c.store.sizes;
            let rounded = self.facts().values.get(&e).and_then(|v| representable(v, basic, &sizes));
            if let Some(v) = rounded {
                self.facts().values.insert(e, v);
            } else if let Some(v) = self.facts().values.get(&e).cloned() {
                let mut x = Operand::new(OpMode::Const(v), known.ty, e);
                self.check_representable(&mut x, basic, ty);
                return;
            }
        }
        self.facts().exprs[e.index()].ty = ty;
    }
}
