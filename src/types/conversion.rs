//! Implicit conversion of untyped operands, and explicit conversions (specification: "Conversions").

use crate::constant::{Value, representable};
use crate::ctx::Ctx;
use crate::operand::{OpMode, Operand};
use crate::ty::*;
use syntax::ast::ExprId;

/// Why an untyped operand does not convert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConversionError {
    Truncated,
    Overflows,
    Other,
}

impl Ctx<'_> {
    pub fn representation_error(&mut self, x: &Operand, basic: Basic) -> ConversionError {
        let numeric = self.c.store.basic(x.ty).is_some_and(Basic::is_numeric) && basic.is_numeric();
        if !numeric {
            ConversionError::Other
        } else if !self.c.store.is_integer(x.ty) && basic.is_integer() {
            ConversionError::Truncated
        } else {
            ConversionError::Overflows
        }
    }

    pub fn invalid_conversion(&mut self, why: ConversionError, x: &Operand, ty: TypeId) {
        // What an operand does not fit is what the type stands for.
        let (why, shown) = match self.c.store.named(ty) {
            _ if self.c.store.is_type_param(ty) => (ConversionError::Other, ty),
            Some(_) => (why, self.c.store.underlying(ty)),
            None => (why, ty),
        };
        let (what, name) = (self.os(x), self.ts(shown));
        let message = match why {
            ConversionError::Truncated => format!("{what} truncated to {name}"),
            ConversionError::Overflows => format!("{what} overflows {name}"),
            ConversionError::Other => format!("cannot convert {what} to type {name}"),
        };
        self.error_at(x.expr, message);
    }

    /// Converts an untyped operand to `target`, reporting what is wrong.
    pub fn convert_untyped(&mut self, x: &mut Operand, target: TypeId) {
        if let Err(why) = self.try_convert_untyped(x, target) {
            self.invalid_conversion(why, x, target);
            x.invalidate();
        }
    }

    /// Converts an untyped operand to `target` (or its default type for interfaces); others stay.
    pub fn try_convert_untyped(&mut self, x: &mut Operand, target: TypeId) -> Result<(), ConversionError> {
        let (ty, value) = self.implicit_type(x, target)?;
        if let Some(value) = value {
            x.mode = OpMode::Const(value);
        }
        if ty != x.ty {
            x.ty = ty;
            if x.is_nil() {
                self.record_nil(x.expr, ty);
            } else {
                let last = !self.c.store.is_untyped(ty);
                self.update_type(x.expr, ty, last);
            }
        }
        Ok(())
    }

    fn record_nil(&mut self, e: ExprId, ty: TypeId) {
        self.facts().exprs[e.index()].ty = ty;
        if let syntax::ast::ExprKind::Paren { x, .. } = self.tree[e].kind {
            self.record_nil(x, ty);
        }
    }

    /// The type (and value) that an untyped operand gets where a `target` is wanted.
    pub fn implicit_type(
        &mut self,
        x: &Operand,
        target: TypeId,
    ) -> Result<(TypeId, Option<Value>), ConversionError> {
        if x.is_invalid() || !self.c.store.is_untyped(x.ty) || target.is_invalid() {
            return Ok((x.ty, None));
        }
        if self.c.store.is_untyped(target) {
            return self.larger_untyped(x, target);
        }
        if x.is_nil() {
            return if self.c.store.has_nil(target) {
                Ok((target, None))
            } else {
                Err(ConversionError::Other)
            };
        }
        if self.c.store.is_type_param(target) {
            let terms = self.c.store.type_param_terms(target).ok_or(ConversionError::Other)?;
            for term in terms.iter() {
                // Which of the types it does not fit, and how, is not said.
                self.implicit_type(x, term.ty).map_err(|_| ConversionError::Other)?;
            }
            return if terms.is_empty() { Err(ConversionError::Other) } else { Ok((target, None)) };
        }
        match self.c.store.underlying_kind(target).clone() {
            TypeKind::Basic(basic) => {
                if let OpMode::Const(value) = &x.mode {
                    return match representable(value, basic, &self.c.store.sizes) {
                        Some(v) => Ok((target, Some(v))),
                        None => Err(self.representation_error(x, basic)),
                    };
                }
                // Non-constant untyped values come from comparisons and shifts.
                let fits = match self.c.store.basic(x.ty) {
                    Some(Basic::UntypedBool) => basic.is_boolean(),
                    Some(Basic::UntypedString) => basic.is_string(),
                    _ => basic.is_numeric(),
                };
                if fits { Ok((target, None)) } else { Err(ConversionError::Other) }
            }
            // "Values must have concrete dynamic types": the default one.
            TypeKind::Interface(_) => {
                if self.c.store.type_set(target).is_all() {
                    let ty = self.c.store.default_type(x.ty);
                    let value = match (&x.mode, self.c.store.basic(ty)) {
                        (OpMode::Const(v), Some(basic)) => {
                            match representable(v, basic, &self.c.store.sizes) {
                                Some(v) => Some(v),
                                None => return Err(self.representation_error(x, basic)),
                            }
                        }
                        _ => None,
                    };
                    Ok((ty, value))
                } else {
                    Err(ConversionError::Other)
                }
            }
            _ => Err(ConversionError::Other),
        }
    }

    /// "If the operands of a binary operation are different kinds of untyped constants, the result is of the operand's
    /// kind that appears later in this list: integer, rune, floating-point, complex."
    fn larger_untyped(
        &mut self,
        x: &Operand,
        target: TypeId,
    ) -> Result<(TypeId, Option<Value>), ConversionError> {
        if let Some(ty) = self.c.store.larger_untyped(x.ty, target) {
            return Ok((ty, None));
        }
        Err(ConversionError::Other)
    }

    /// Specification: "Conversions": `T(x)`.
    pub fn conversion(&mut self, mut x: Operand, ty: TypeId, e: ExprId) -> Operand {
        let wrong = [x.ty, ty].iter().any(|&t| self.c.store.underlying(t).is_invalid());
        if wrong && !x.is_nil() && !x.is_const() {
            // Which has been said.
            return Operand::value(ty, e);
        }
        let constant = x.is_const() && self.c.store.is_const_type(ty);
        let const_value = x.constant().cloned();
        let (mut ok, mut cause) = (false, String::new());
        if let (true, Some(value)) = (constant, &const_value) {
            if let Some(v) = self.const_conversion(value, x.ty, ty) {
                ok = true;
                x.mode = OpMode::Const(v);
            } else if self.c.store.is_integer(x.ty) && self.c.store.is_integer(ty) {
                let (value, name) = (value.to_string(), self.ts(ty));
                self.error_at(x.expr, format!("constant {value} overflows {name}"));
                return Operand::invalid(e);
            }
        } else if let (Some(value), true) = (&const_value, self.c.store.is_type_param(ty)) {
            match self.const_to_param(&x, value, ty) {
                Ok(()) => ok = true,
                Err(why) => cause = why,
            }
            x.mode = OpMode::Value;
        } else if self.is_any_constant(&x, ty) || self.convertible(&x, ty, &mut cause) {
            ok = true;
            if !x.is_nil() {
                x.mode = OpMode::Value;
            }
        }
        if !ok {
            // What is an integer but too large for one is shown in full.
            let to_integer = self.c.store.basic(ty).is_some_and(Basic::is_integer);
            let what = match const_value.as_ref().filter(|_| to_integer).and_then(Value::as_integer) {
                Some(n) => self.os_of_value(&x, &n.to_string()),
                None => self.os(&x),
            };
            let name = self.ts(ty);
            let why = if cause.is_empty() { String::new() } else { format!(": {cause}") };
            self.error_at(x.expr, format!("cannot convert {what} to type {name}{why}"));
            return Operand::invalid(e);
        }
        if self.c.store.is_untyped(x.ty) {
            let last = if x.is_nil() {
                ty
            } else if self.c.store.is_interface(ty)
                || const_value.is_some() && !self.c.store.is_const_type(ty)
            {
                // "x's type is its default type": `any(1)`, and constants converted to type parameters.
                self.c.store.default_type(x.ty)
            } else if const_value.is_some()
                && self.c.store.is_integer(x.ty)
                && self.c.store.all_basic(ty, Basic::is_string)
            {
                // `string(65)`: the operand is a rune in its own right.
                x.ty
            } else {
                ty
            };
            if x.is_nil() {
                self.record_nil(x.expr, last);
                x.mode = OpMode::Value;
            } else {
                if let Some(value) = const_value.filter(|_| self.c.store.is_interface(ty)) {
                    // It may not fit its default type.
                    self.convert_untyped(&mut Operand::new(OpMode::Const(value), x.ty, x.expr), last);
                }
                self.update_type(x.expr, last, true);
            }
        }
        Operand::new(x.mode, ty, e)
    }

    /// A constant converts to a type parameter if it converts to each type of its type set.
    fn const_to_param(&mut self, x: &Operand, value: &Value, ty: TypeId) -> Result<(), String> {
        let terms = self.c.store.type_param_terms(ty).filter(|t| !t.is_empty());
        let Some(terms) = terms else {
            return Err(format!("{} does not contain specific types", self.ts(ty)));
        };
        for term in terms.iter() {
            let u = self.c.store.underlying(term.ty);
            let bytes = matches!(self.c.store.slice_of_basic(u), Some(Basic::Uint8 | Basic::Int32));
            if self.c.store.is_string(x.ty) && bytes {
                continue;
            }
            if self.const_conversion(value, x.ty, u).is_none() {
                // A byte is called so.
                let basic = matches!(self.c.store.kind(term.ty), TypeKind::Basic(_));
                let (name, param) = (self.ts(if basic { term.ty } else { u }), self.ts(ty));
                return Err(if self.c.store.is_integer(x.ty) && self.c.store.is_integer(u) {
                    format!("constant {value} overflows {name} (in {param})")
                } else {
                    format!("cannot convert {} to type {name} (in {param})", self.os(x))
                });
            }
        }
        Ok(())
    }

    fn const_conversion(&mut self, value: &Value, from: TypeId, to: TypeId) -> Option<Value> {
        let basic = self.c.store.basic(to)?;
        if let Some(v) = representable(value, basic, &self.c.store.sizes) {
            return Some(v);
        }
        // "Converting a constant integer value to a string type yields the UTF-8 of the code point."
        if self.c.store.is_integer(from) && basic.is_string() {
            let c = value.as_i64().and_then(|n| u32::try_from(n).ok()).and_then(char::from_u32);
            return Some(Value::str(c.unwrap_or(char::REPLACEMENT_CHARACTER).encode_utf8(&mut [0; 4])));
        }
        None
    }

    /// Whether a non-constant operand converts to a type.
    fn convertible(&mut self, x: &Operand, ty: TypeId, cause: &mut String) -> bool {
        match self.assignable(x, ty) {
            Ok(()) => return true,
            Err(why) if !why.is_empty() => *cause = why,
            Err(_) => {}
        }
        let (vp, tp) = (self.c.store.is_type_param(x.ty), self.c.store.is_type_param(ty));
        if vp || tp {
            return self.convertible_params(x, ty, (vp, tp), cause);
        }
        let (vu, tu) = (self.c.store.underlying(x.ty), self.c.store.underlying(ty));
        // "ignoring struct tags"
        if self.identical_ignoring_tags(vu, tu) {
            return true;
        }
        if let (Some(v), Some(t)) = (self.unnamed_pointer_elem(x.ty), self.unnamed_pointer_elem(ty)) {
            let (v, t) = (self.c.store.underlying(v), self.c.store.underlying(t));
            if self.identical_ignoring_tags(v, t) {
                return true;
            }
        }
        let (vb, tb) = (self.c.store.basic(x.ty), self.c.store.basic(ty));
        if let (Some(v), Some(t)) = (vb, tb) {
            let real = |b: Basic| b.is_integer() || b.is_float();
            if real(v) && real(t) || v.is_complex() && t.is_complex() {
                return true;
            }
            if t.is_string() && v.is_integer() {
                return true;
            }
            if t.is_string() && v.is_string() {
                return true;
            }
        }
        let bytes_or_runes = |b| matches!(b, Some(Basic::Uint8 | Basic::Int32));
        if tb.is_some_and(Basic::is_string) && bytes_or_runes(self.c.store.slice_of_basic(x.ty)) {
            return true;
        }
        if vb.is_some_and(Basic::is_string) && bytes_or_runes(self.c.store.slice_of_basic(ty)) {
            return true;
        }
        if self.unsafe_convertible(vu, tu, vb, tb) {
            return true;
        }
        self.slice_to_array(vu, ty, cause)
    }

    fn unnamed_pointer_elem(&mut self, t: TypeId) -> Option<TypeId> {
        if let TypeKind::Pointer(e) = *self.c.store.kind(t) { Some(e) } else { None }
    }

    fn unsafe_convertible(&mut self, vu: TypeId, tu: TypeId, vb: Option<Basic>, tb: Option<Basic>) -> bool {
        let pointer = |c: &mut Self, t| matches!(c.c.store.kind(t), TypeKind::Pointer(_));
        let (is_unsafe, is_uintptr) = (|b| b == Some(Basic::UnsafePointer), |b| b == Some(Basic::Uintptr));
        is_unsafe(tb) && (pointer(self, vu) || is_uintptr(vb))
            || is_unsafe(vb) && (pointer(self, tu) || is_uintptr(tb))
    }

    /// Specification: "Conversions from slice to array or array pointer".
    fn slice_to_array(&mut self, vu: TypeId, ty: TypeId, cause: &mut String) -> bool {
        let TypeKind::Slice(elem) = *self.c.store.kind(vu) else { return false };
        let (array, version, what) = match *self.c.store.underlying_kind(ty) {
            TypeKind::Array { elem, .. } => (Some(elem), (1, 20), "conversion of slice to array"),
            TypeKind::Pointer(p) => match *self.c.store.underlying_kind(p) {
                TypeKind::Array { elem, .. } => (Some(elem), (1, 17), "conversion of slice to array pointer"),
                _ => (None, (0, 0), ""),
            },
            _ => (None, (0, 0), ""),
        };
        let Some(array) = array else { return false };
        if !self.c.store.identical(elem, array) {
            return false;
        }
        if self.go_version < version {
            *cause = format!("{what} requires go{}.{} or later", version.0, version.1);
            return false;
        }
        true
    }

    fn convertible_params(
        &mut self,
        x: &Operand,
        ty: TypeId,
        (vp, tp): (bool, bool),
        cause: &mut String,
    ) -> bool {
        let list = |c: &mut Self, t: TypeId, is_param: bool| -> Option<Vec<TypeId>> {
            if !is_param {
                return Some(vec![t]);
            }
            let terms = c.c.store.type_param_terms(t)?;
            Some(terms.iter().map(|x| x.ty).collect())
        };
        let (Some(vs), Some(ts)) = (list(self, x.ty, vp), list(self, ty, tp)) else { return false };
        if vs.is_empty() || ts.is_empty() {
            return false;
        }
        for &v in &vs {
            for &t in &ts {
                let operand = Operand { ty: v, ..x.clone() };
                if !self.convertible(&operand, t, cause) {
                    let (v_name, t_name) = (self.ts(v), self.ts(t));
                    let what = match (vp, tp) {
                        (true, true) => {
                            let (v_param, t_param) = (self.ts(x.ty), self.ts(ty));
                            format!("cannot convert {v_name} (in {v_param}) to type {t_name} (in {t_param})")
                        }
                        (true, false) => {
                            format!("cannot convert {v_name} (in {}) to type {t_name}", self.ts(x.ty))
                        }
                        _ => format!("cannot convert {v_name} to type {t_name} (in {})", self.ts(ty)),
                    };
                    *cause = if cause.is_empty() { what } else { format!("{what}\n\t{cause}") };
                    return false;
                }
            }
        }
        true
    }

    /// Identity of types when the tags of struct fields do not count.
    fn identical_ignoring_tags(&mut self, a: TypeId, b: TypeId) -> bool {
        if self.c.store.identical(a, b) {
            return true;
        }
        let (a, b) = (self.c.store.untagged(a, 0), self.c.store.untagged(b, 0));
        self.c.store.identical(a, b)
    }
}

impl crate::Store {
    /// The type without struct tags at any depth that belongs to its identity.
    fn untagged(&mut self, t: TypeId, depth: u32) -> TypeId {
        if depth > 100 {
            return t;
        }
        let d = depth + 1;
        match self.kind(t).clone() {
            TypeKind::Pointer(e) => {
                let e = self.untagged(e, d);
                self.intern(TypeKind::Pointer(e))
            }
            TypeKind::Slice(e) => {
                let e = self.untagged(e, d);
                self.intern(TypeKind::Slice(e))
            }
            TypeKind::Array { elem, len } => {
                let elem = self.untagged(elem, d);
                self.intern(TypeKind::Array { elem, len })
            }
            TypeKind::Map { key, value } => {
                let (key, value) = (self.untagged(key, d), self.untagged(value, d));
                self.intern(TypeKind::Map { key, value })
            }
            TypeKind::Chan { dir, elem } => {
                let elem = self.untagged(elem, d);
                self.intern(TypeKind::Chan { dir, elem })
            }
            TypeKind::Struct(fields) => {
                let fields = fields
                    .iter()
                    .map(|f| Field { ty: self.untagged(f.ty, d), tag: source::Name::EMPTY, ..f.clone() })
                    .collect();
                self.intern(TypeKind::Struct(fields))
            }
            TypeKind::Signature(sig) => {
                let mut list = |list: &[Param]| -> std::sync::Arc<[Param]> {
                    list.iter().map(|p| Param { ty: self.untagged(p.ty, d), ..p.clone() }).collect()
                };
                let (params, results) = (list(&sig.params), list(&sig.results));
                let sig = Signature {
                    params,
                    results,
                    type_params: sig.type_params.clone(),
                    variadic: sig.variadic,
                };
                self.intern(TypeKind::Signature(std::sync::Arc::new(sig)))
            }
            _ => t,
        }
    }
}
