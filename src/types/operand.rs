//! Operands: what an expression evaluates to while it is being checked, and how messages describe it.

use crate::constant::{self, Value};
use crate::ctx::Ctx;
use crate::ty::*;
use crate::universe::Builtin;
use source::Name;
use syntax::ast::ExprId;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OpMode {
    Invalid,
    NoValue,
    Builtin(Builtin),
    Type,
    Const(Value),
    Variable,
    MapIndex,
    Value,
    Nil,
    CommaOk,
}

#[derive(Clone, Debug)]
pub(crate) struct Operand {
    pub mode: OpMode,
    pub ty: TypeId,
    pub expr: ExprId,
    pub label: Label,
}

/// What an operand is called in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// By its expression.
    Expr,
    /// By another expression: the left side that it is assigned to.
    Other(ExprId),
    Name(Name),
    Text(&'static str),
    /// A result of a call with several, by index.
    Result(u32),
}

/// A function type for which a generic function may take its type arguments, and what has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub ty: TypeId,
    pub label: Label,
}

impl Operand {
    pub fn new(mode: OpMode, ty: TypeId, expr: ExprId) -> Operand {
        Operand { mode, ty, expr, label: Label::Expr }
    }

    pub fn invalid(expr: ExprId) -> Operand {
        Operand::new(OpMode::Invalid, TypeId::INVALID, expr)
    }

    pub fn value(ty: TypeId, expr: ExprId) -> Operand {
        Operand::new(OpMode::Value, ty, expr)
    }

    pub fn is_invalid(&self) -> bool {
        self.mode == OpMode::Invalid
    }

    pub fn invalidate(&mut self) {
        self.mode = OpMode::Invalid;
        self.ty = TypeId::INVALID;
    }

    pub fn is_const(&self) -> bool {
        matches!(self.mode, OpMode::Const(_))
    }

    pub fn constant(&self) -> Option<&Value> {
        if let OpMode::Const(v) = &self.mode { Some(v) } else { None }
    }

    pub fn is_nil(&self) -> bool {
        self.mode == OpMode::Nil
    }
}

impl Ctx<'_> {
    /// The operand as messages show it: `x (variable of type int)`.
    pub fn os(&mut self, x: &Operand) -> String {
        let value = match &x.mode {
            OpMode::Const(value) => self.constant_string(value, x.ty),
            _ => String::new(),
        };
        self.os_of_value(x, &value)
    }

    /// The same, with this text for the value of a constant.
    pub fn os_of_value(&mut self, x: &Operand, value: &str) -> String {
        let expr = self.operand_text(x);
        if x.is_nil() {
            return if x.ty == Basic::UntypedNil.id() || x.ty.is_invalid() {
                "nil".to_owned()
            } else {
                format!("nil (of type {})", self.ts(x.ty))
            };
        }
        let untyped = self.c.store.is_untyped(x.ty);
        let mut out = format!("{expr} (");
        if untyped && !matches!(x.mode, OpMode::Invalid | OpMode::NoValue | OpMode::Type | OpMode::Builtin(_))
        {
            out.push_str(&self.ts(x.ty));
            out.push(' ');
        }
        out.push_str(match &x.mode {
            OpMode::Invalid => "invalid operand",
            OpMode::NoValue => "no value",
            OpMode::Builtin(_) => "built-in",
            OpMode::Type => "type",
            OpMode::Const(_) => "constant",
            OpMode::Variable => "variable",
            OpMode::MapIndex => "map index expression",
            OpMode::Value => "value",
            OpMode::Nil => "nil",
            OpMode::CommaOk => "comma, ok expression",
        });
        if x.is_const() && value != expr {
            out.push(' ');
            out.push_str(value);
        }
        let typed = !untyped
            && !matches!(x.mode, OpMode::Invalid | OpMode::NoValue | OpMode::Type | OpMode::Builtin(_));
        if typed {
            if x.ty.is_invalid() {
                out.push_str(" with invalid type");
            } else {
                out.push_str(" of ");
                if self.is_generic_function(x.ty) {
                    out.push_str("generic ");
                }
                if let Some(kind) = self.structure_of_name(x.ty) {
                    out.push_str(&kind);
                    out.push(' ');
                }
                out.push_str("type ");
                out.push_str(&self.ts(x.ty));
                if let Some(param) = self.c.store.type_param(x.ty) {
                    let bound = param.bound;
                    out.push_str(" constrained by ");
                    out.push_str(&self.ts(bound));
                    if self.c.store.type_set(x.ty).is_empty() {
                        out.push_str(" with empty type set");
                    }
                }
            }
        }
        out.push(')');
        out
    }

    /// What an operand is called in messages, without its type.
    pub fn operand_text(&self, x: &Operand) -> String {
        match x.label {
            Label::Expr => self.es(x.expr),
            Label::Other(e) => self.es(e),
            Label::Name(name) => name.to_string(),
            Label::Text(text) => text.to_owned(),
            Label::Result(i) => {
                let n = i + 1;
                let ending = match (n % 10, n % 100) {
                    (_, 11..=13) => "th",
                    (1, _) => "st",
                    (2, _) => "nd",
                    (3, _) => "rd",
                    _ => "th",
                };
                format!("{n}{ending} function result")
            }
        }
    }

    /// The function type that a generic function may take its type arguments from, if `ty` is one.
    pub fn wanted(&mut self, ty: Option<TypeId>, label: Label) -> Option<Wanted> {
        let u = self.c.store.core_type(ty?)?;
        matches!(self.c.store.kind(u), TypeKind::Signature(_)).then_some(Wanted { ty: u, label })
    }

    fn is_generic_function(&self, t: TypeId) -> bool {
        matches!(self.c.store.kind(t), TypeKind::Signature(s) if !s.type_params.is_empty())
    }

    /// `struct` of `type T struct{…}`, `int` of `type M int`; nothing for types that show their structure.
    fn structure_of_name(&mut self, t: TypeId) -> Option<String> {
        if self.c.store.type_param(t).is_some()
            || !matches!(self.c.store.spelled_kind(t), TypeKind::Named(_) | TypeKind::Alias(_))
            || t == self.c.store.byte
            || t == self.c.store.rune
        {
            return None;
        }
        let kind = self.composite_kind(t);
        if !kind.is_empty() {
            return Some(kind.to_owned());
        }
        let basic = self.c.store.basic(t).filter(|&b| b != Basic::Invalid)?;
        Some(basic.as_str().trim_start_matches("unsafe.").to_owned())
    }

    /// The word for a type's structure; empty for basic types.
    pub fn composite_kind(&mut self, t: TypeId) -> &'static str {
        match self.c.store.underlying_kind(t) {
            TypeKind::Array { .. } => "array",
            TypeKind::Slice(_) => "slice",
            TypeKind::Struct(_) => "struct",
            TypeKind::Pointer(_) => "pointer",
            TypeKind::Signature(_) => "func",
            TypeKind::Interface(_) => {
                if self.c.store.type_param(t).is_some() {
                    "type parameter"
                } else {
                    "interface"
                }
            }
            TypeKind::Map { .. } => "map",
            TypeKind::Chan { .. } => "chan",
            TypeKind::Tuple(_) => "tuple",
            _ => "",
        }
    }

    /// A constant of a type as messages show it.
    pub fn constant_string(&mut self, value: &Value, ty: TypeId) -> String {
        match self.c.store.basic(ty) {
            Some(b) if b.is_complex() && value.is_number() => {
                format!("({} + {}i)", constant::as_float(&value.real()), constant::as_float(&value.imag()))
            }
            Some(b) if b.is_float() => constant::as_float(value),
            _ => value.to_string(),
        }
    }
}
