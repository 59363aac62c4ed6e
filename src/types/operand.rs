//! Operands: what an expression evaluates to while it is being checked, and how messages describe it.

use crate::constant::{self, Value};
use crate::ctx::Ctx;
use crate::ty::*;
use crate::universe::Builtin;
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
}

impl Operand {
    pub fn new(mode: OpMode, ty: TypeId, expr: ExprId) -> Operand {
        Operand { mode, ty, expr }
    }

    pub fn invalid(expr: ExprId) -> Operand {
        Operand { mode: OpMode::Invalid, ty: TypeId::INVALID, expr }
    }

    pub fn value(ty: TypeId, expr: ExprId) -> Operand {
        Operand { mode: OpMode::Value, ty, expr }
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
        let expr = self.es(x.expr);
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
        if let OpMode::Const(value) = &x.mode {
            let text = self.constant_string(value, x.ty);
            if text != expr {
                out.push(' ');
                out.push_str(&text);
            }
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
                }
            }
        }
        out.push(')');
        out
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
        self.c.store.basic(t).filter(|&b| b != Basic::Invalid).map(|b| b.as_str().to_owned())
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
            Some(b) if b.is_float() || b.is_complex() => constant::as_float(value),
            _ => value.to_string(),
        }
    }
}
