//! Expressions (specification: "Expressions"): the dispatch by context and kind, names, literals, untyped operands.

use crate::constant::{self, Value, representable};
use crate::ctx::{Ctx, MAX_DEPTH};
use crate::info::Mode;
use crate::object::{ObjId, ObjKind};
use crate::operand::{OpMode, Operand, Wanted};
use crate::ty::*;
use source::{Name, Pos};
use syntax::ast::{BinaryOp, ExprId, ExprKind, LitKind, Text, UnaryOp};

/// Untyped integers of more bits are refused.
const MAX_UNTYPED_BITS: usize = 512;

impl Ctx<'_> {
    // ---------------------------------------------------------------------------------- entry points by context

    /// A single value. `hint` is the type of an enclosing composite literal whose element type is elided.
    pub fn expr(&mut self, e: ExprId, hint: Option<TypeId>) -> Operand {
        let mut x = self.raw_expr(e, hint, None, false);
        self.exclude(&mut x, true, true);
        self.single_value(&mut x);
        x
    }

    /// A single value for something of a function type: a generic function may take its type arguments from there.
    pub fn expr_for(&mut self, e: ExprId, wanted: Option<Wanted>) -> Operand {
        let mut x = self.raw_expr(e, None, wanted, false);
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
        let called = match self.tree[self.tree.unparen(x.expr)].kind {
            ExprKind::Call { fun, .. } if x.mode == OpMode::NoValue => self.facts().exprs[fun.index()].ty,
            _ if x.mode == OpMode::Type => x.ty,
            _ => TypeId::INVALID,
        };
        x.invalidate();
        // That is how messages about arguments show it.
        x.ty = called;
    }

    pub fn single_value(&mut self, x: &mut Operand) {
        if x.mode == OpMode::Value
            && let TypeKind::Tuple(types) = self.c.store.kind(x.ty)
            && types.len() != 1
        {
            let (text, results) = (self.operand_text(x), self.results_string(x));
            let message = format!("multiple-value {text} (value of type {results}) in single-value context");
            self.error_at(x.expr, message);
            x.invalidate();
        }
    }

    /// The results of a call as a tuple, under the names that its function gives them.
    fn results_string(&mut self, x: &Operand) -> String {
        if let ExprKind::Call { fun, .. } = self.tree[self.tree.unparen(x.expr)].kind
            && let ty = self.facts().exprs[fun.index()].ty
            && let Some(sig) = self.c.store.signature(ty)
        {
            return self.c.store.results_string(&sig, crate::Qualify::Relative(self.pkg));
        }
        self.ts(x.ty)
    }

    /// Checks and records an expression whatever it is.
    pub fn raw_expr(
        &mut self,
        e: ExprId,
        hint: Option<TypeId>,
        wanted: Option<Wanted>,
        allow_generic: bool,
    ) -> Operand {
        self.depth += 1;
        let mut x = if self.depth > MAX_DEPTH {
            self.error_at(e, "expression nested too deeply");
            Operand::invalid(e)
        } else {
            self.expr_internal(e, hint, wanted)
        };
        self.depth -= 1;
        if !allow_generic {
            self.non_generic(&mut x, wanted);
        }
        x.expr = e;
        self.record(&x);
        x
    }

    /// A generic type or function must have its arguments here; a function may infer them from what is wanted.
    pub fn non_generic(&mut self, x: &mut Operand, wanted: Option<Wanted>) {
        let what = match (&x.mode, self.c.store.kind(x.ty)) {
            (OpMode::Type, _) if self.c.store.is_generic(x.ty) && self.applied_generic != Some(x.ty) => {
                "type"
            }
            (OpMode::Value, TypeKind::Signature(s)) if !s.type_params.is_empty() => {
                if wanted.is_some() {
                    *x = self.instantiate_function(x.clone(), None, wanted, true).0;
                    return;
                }
                "function"
            }
            _ => return,
        };
        let name = self.es(x.expr);
        self.error_at(x.expr, format!("cannot use generic {what} {name} without instantiation"));
        x.invalidate();
    }

    fn expr_internal(&mut self, e: ExprId, hint: Option<TypeId>, wanted: Option<Wanted>) -> Operand {
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
                // Inference does not go past parentheses.
                let mut x = self.raw_expr(x, None, None, false);
                x.expr = e;
                x
            }
            ExprKind::Selector { x, sel } => {
                self.applied_generic = None;
                self.selector(e, x, sel, false)
            }
            ExprKind::Index { x, args, .. } => self.index_expr(e, x, args, wanted),
            ExprKind::Slice { full, x, lo, hi, max } => self.slice_expr(e, full, x, [lo, hi, max]),
            ExprKind::Assert { x, ty, .. } => self.type_assertion(e, x, ty),
            ExprKind::TypeGuard { x, .. } => {
                self.error_at(e, "invalid syntax tree: use of .(type) outside type switch");
                self.use_exprs(&[x]);
                Operand::invalid(e)
            }
            ExprKind::Call { dots, fun, args, .. } => self.call_expr(e, dots, fun, args),
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
        let (ty, pkg) = (self.c.store.obj(obj).ty, self.c.store.obj(obj).pkg);
        if (ty == self.c.store.any || ty == self.c.store.comparable) && pkg == crate::PackageId::UNIVERSE {
            let pos = self.tree[e].pos;
            if !self.require((1, 18), pos, |_| format!("predeclared {name}")) {
                return Operand::invalid(e);
            }
        }
        self.mark_dot_import(pkg, name);
        if let ObjKind::PackageName { .. } = self.c.store.obj(obj).kind {
            let message = if want_type {
                format!("{name} (package name) is not a type")
            } else {
                format!("use of package {name} not in selector")
            };
            self.error_at(e, message);
            return Operand::invalid(e);
        }
        let is_type = matches!(self.c.store.obj(obj).kind, ObjKind::TypeName);
        if want_type && !is_type {
            let what = self.object_kind(obj);
            if let ObjKind::Var(_) = self.c.store.obj(obj).kind {
                self.use_var(obj);
            }
            self.error_at(e, format!("{name} ({what}) is not a type"));
            return Operand::invalid(e);
        }
        // Where a value may stand, a type that is being declared is as good as any.
        if self.c.store.obj(obj).ty.is_invalid() || want_type {
            self.c.resolve(obj);
        }
        self.object_operand(e, obj)
    }

    /// What kind of object it is, for messages.
    pub fn object_kind(&self, obj: ObjId) -> &'static str {
        match &self.c.store.obj(obj).kind {
            ObjKind::PackageName { .. } => "package name",
            ObjKind::Const(_) => "constant",
            ObjKind::TypeName => "defined type",
            ObjKind::Var(var) => match var.kind {
                crate::VarKind::Package => "package-level variable",
                crate::VarKind::Local => "local variable",
                crate::VarKind::Param => "parameter",
                crate::VarKind::Result => "result variable",
                crate::VarKind::Receiver => "receiver",
            },
            ObjKind::Func(f) => {
                if f.recv.is_some() {
                    "method"
                } else {
                    "function"
                }
            }
            ObjKind::Builtin(_) => "built-in function",
            ObjKind::Nil => "untyped nil",
        }
    }

    /// The operand that using an object gives.
    pub fn object_operand(&mut self, e: ExprId, obj: ObjId) -> Operand {
        let object = self.c.store.obj(obj);
        let (ty, pkg, object_name) = (object.ty, object.pkg, object.name);
        let is_iota = object_name.as_str() == "iota";
        match object.kind.clone() {
            ObjKind::Const(value) => {
                if is_iota && pkg == crate::PackageId::UNIVERSE {
                    let Some(iota) = self.iota else {
                        self.error_at(e, "cannot use iota outside constant declaration");
                        return Operand::invalid(e);
                    };
                    return Operand::new(OpMode::Const(Value::Int(iota)), ty, e);
                }
                if pkg == self.pkg && self.c.store.package(pkg).lookup(object_name) == Some(obj) {
                    self.depend_on(obj);
                    // A function literal inside a constant declaration may mention the constant itself.
                    self.c.value_cycle |= !self.funcs.is_empty() && self.decl == Some(obj);
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
                if ty.is_invalid() { Operand::invalid(e) } else { Operand::value(ty, e) }
            }
            ObjKind::Builtin(b) => Operand::new(OpMode::Builtin(b), TypeId::INVALID, e),
            ObjKind::Nil => Operand::new(OpMode::Nil, ty, e),
            ObjKind::PackageName { .. } => Operand::invalid(e),
        }
    }

    /// An object of another package that a bare name denotes came through `import .`.
    fn mark_dot_import(&mut self, pkg: crate::PackageId, name: Name) {
        if pkg == self.pkg || pkg == crate::PackageId::UNIVERSE {
            return;
        }
        let file = &self.c.store.package(self.pkg).files[self.file as usize];
        let Some(&(_, import)) = file.dot_imported.iter().find(|d| d.0 == name) else { return };
        if let ObjKind::PackageName { used, .. } = &mut self.c.store.obj_mut(import).kind {
            *used = true;
        }
    }

    fn basic_lit(&mut self, e: ExprId, kind: LitKind, bad: bool, text: Text) -> Operand {
        if bad {
            return Operand::invalid(e);
        }
        let source = self.tree.text(text);
        self.literal_version(e, kind, source);
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

    /// The forms of numbers that go1.13 brought.
    fn literal_version(&mut self, e: ExprId, kind: LitKind, source: &str) {
        if self.go_version >= (1, 13) || matches!(kind, LitKind::String | LitKind::Rune) {
            return;
        }
        let what = match source.as_bytes() {
            [_, _, _, ..] if source.contains('_') => "underscore in numeric literal",
            [b'0', b'b' | b'B', _, ..] => "binary literal",
            [b'0', b'o' | b'O', _, ..] => "0o/0O-style octal literal",
            [b'0', b'x' | b'X', _, ..] if kind != LitKind::Int => "hexadecimal floating-point literal",
            _ => return,
        };
        let pos = self.tree[e].pos;
        self.require((1, 13), pos, |_| what.to_owned());
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

    /// Gives an untyped expression, and the untyped operands that it consists of, another type. `last` says that
    /// nothing will change it again.
    pub fn update_type(&mut self, e: ExprId, ty: TypeId, last: bool) {
        self.update_operand_type(e, ty, last, false);
    }

    /// The same; inside parentheses a constant keeps its exact value.
    fn update_operand_type(&mut self, e: ExprId, ty: TypeId, last: bool, inner: bool) {
        let known = self.facts().exprs[e.index()];
        if known.mode == Mode::None || !self.c.store.is_untyped(known.ty) {
            return;
        }
        let is_const = known.mode == Mode::Const;
        match self.tree[e].kind {
            ExprKind::Paren { x, .. } => self.update_operand_type(x, ty, last, true),
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
            && !inner
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
