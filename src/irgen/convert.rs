//! Conversions: explicit ones (specification, "Conversions"), and the implicit ones of assignments.

use ir::{Aux, Check, Op, Type, Value};
use syntax::ast::{ExprId, ExprKind};
use types::{Basic, Mode, TypeId, TypeKind};

use crate::arith::Num;
use crate::func::FuncGen;

impl FuncGen<'_, '_, '_> {
    /// An expression's value as a value of type `to`, to which it is assignable.
    pub fn expr_as(&mut self, e: ExprId, to: TypeId) -> Value {
        if self.info.expr(e).mode == types::Mode::Nil {
            return self.zero_of(to);
        }
        let from = self.ty(e);
        if self.g.is_interface(to)
            && !self.g.is_interface(from)
            && let Some(boxed) = self.constant_as_interface(e, from, to)
        {
            return boxed;
        }
        let value = self.expr(e);
        self.assign_conv(value, from, to)
    }

    /// A constant that the checker typed as an interface has its default type in it.
    fn constant_as_interface(&mut self, e: ExprId, from: TypeId, to: TypeId) -> Option<Value> {
        let value = self.info.value(e)?.clone();
        let value = self.const_value(&value, from);
        Some(self.make_iface(value, from, to))
    }

    /// A value of type `from` where one of type `to` is wanted, by the rules of assignability.
    pub fn assign_conv(&mut self, value: Value, from: TypeId, to: TypeId) -> Value {
        if from == to || !self.g.is_interface(to) {
            return value;
        }
        if self.g.is_interface(from) {
            self.change_iface(value, from, to)
        } else {
            self.make_iface(value, from, to)
        }
    }

    /// `T(x)`
    pub fn conversion(&mut self, e: ExprId, to: TypeId) -> Value {
        if self.info.expr(e).mode == types::Mode::Nil {
            return self.zero_of(to);
        }
        let from = self.ty(e);
        let constant = self.info.value(e).cloned();
        if let Some(constant) = constant
            && self.g.num(to) != Num::Other
            && let Some(value) = self.g.convert_const(&constant, from, to)
        {
            return self.const_value(&value, to);
        }
        let value = self.expr(e);
        self.convert(value, from, to)
    }

    /// A value of type `from` converted to type `to`.
    pub fn convert(&mut self, value: Value, from: TypeId, to: TypeId) -> Value {
        if from == to {
            return value;
        }
        if self.g.is_interface(to) {
            return self.assign_conv(value, from, to);
        }
        let repr = self.repr(to);
        match (self.g.num(from), self.g.num(to)) {
            (Num::Int { signed }, Num::Int { .. }) => self.resize(value, repr, signed),
            (Num::Int { signed }, Num::Float) => {
                self.b().convert(if signed { Op::Sitofp } else { Op::Uitofp }, repr, value)
            }
            (Num::Float, Num::Int { signed }) => self.float_to_int(value, repr, signed),
            (Num::Float, Num::Float) => self.float_resize(value, repr),
            (Num::Complex, Num::Complex) => self.complex_resize(value, repr),
            (Num::Int { signed }, Num::String) => {
                let wide = self.int_to_rune(value, signed);
                self.rt1("runtime.intstring", repr, [wide])
            }
            (Num::String, Num::Other) => {
                let name = if self.elem_is_byte(to) {
                    "runtime.stringtoslicebyte"
                } else {
                    "runtime.stringtoslicerune"
                };
                self.rt1(name, repr, [value])
            }
            (Num::Other, Num::String) => {
                let name = if self.elem_is_byte(from) {
                    "runtime.slicebytetostring"
                } else {
                    "runtime.slicerunetostring"
                };
                self.rt1(name, repr, [value])
            }
            _ => self.convert_other(value, from, to),
        }
    }

    /// A string that is read at once and kept nowhere: of `string(bytes)` the bytes themselves, unless what is evaluated
    /// `between` now and then may change them.
    pub fn passing_string(&mut self, e: ExprId, between: &[ExprId]) -> Value {
        match self.converted(e, Num::Other, Num::String) {
            Some(bytes) if !between.iter().any(|&other| self.may_write(other)) => {
                let slice = self.expr(bytes);
                let (ptr, len) = (self.extract(slice, 0), self.len_of(slice));
                self.make_string(ptr, len)
            }
            _ => self.expr(e),
        }
    }

    /// Both operands of a comparison. Bytes are converted last, as Go's compiler does it, so that calls cannot change them.
    pub fn passing_strings(&mut self, x: ExprId, y: ExprId) -> (Value, Value) {
        if self.converted(x, Num::Other, Num::String).is_some_and(|bytes| !self.calls(bytes)) {
            let b = self.passing_string(y, &[]);
            return (self.passing_string(x, &[]), b);
        }
        (self.passing_string(x, &[y]), self.passing_string(y, &[]))
    }

    /// The string of `[]byte(string)`, whose bytes are read only.
    pub fn string_of_bytes(&mut self, e: ExprId) -> Option<ExprId> {
        self.converted(e, Num::String, Num::Other)
    }

    /// The operand of a conversion between strings and slices of bytes.
    fn converted(&mut self, e: ExprId, from: Num, to: Num) -> Option<ExprId> {
        let ExprKind::Call { fun, args, .. } = self.tree[self.tree.unparen(e)].kind else { return None };
        let (Mode::Type, &[operand]) = (self.info.expr(self.tree.unparen(fun)).mode, self.tree.exprs(args))
        else {
            return None;
        };
        let (operand_ty, ty) = (self.ty(operand), self.ty(e));
        let bytes = if from == Num::Other { operand_ty } else { ty };
        let fits = self.info.value(operand).is_none()
            && (self.g.num(operand_ty), self.g.num(ty)) == (from, to)
            && self.elem_is_byte(bytes);
        fits.then_some(operand)
    }

    /// Whether evaluating an expression may run code that writes to memory.
    fn may_write(&mut self, e: ExprId) -> bool {
        let e = self.converted(e, Num::Other, Num::String).unwrap_or(e);
        self.calls(e)
    }

    /// Integers of more than 64 bits of range do not exist, but a large unsigned one must not turn into a valid rune.
    fn int_to_rune(&mut self, value: Value, signed: bool) -> Value {
        self.resize(value, Type::I64, signed)
    }

    fn elem_is_byte(&mut self, ty: TypeId) -> bool {
        match self.g.under(ty) {
            TypeKind::Slice(elem) => matches!(self.g.under(elem), TypeKind::Basic(Basic::Uint8)),
            _ => false,
        }
    }

    fn convert_other(&mut self, value: Value, from: TypeId, to: TypeId) -> Value {
        match (self.g.under(from), self.g.under(to)) {
            // unsafe.Pointer to and from uintptr
            (TypeKind::Basic(Basic::UnsafePointer), TypeKind::Basic(Basic::Uintptr)) => {
                let word = self.word();
                self.b().convert(Op::Ptrtoint, word, value)
            }
            (TypeKind::Basic(Basic::Uintptr), TypeKind::Basic(Basic::UnsafePointer)) => {
                self.b().convert(Op::Inttoptr, Type::PTR, value)
            }
            (TypeKind::Slice(_), TypeKind::Pointer(array)) => self.slice_to_array_pointer(value, array),
            (TypeKind::Slice(_), TypeKind::Array { .. }) => {
                let ptr = self.slice_to_array_pointer(value, to);
                let repr = self.repr(to);
                if self.g.program.types.size(repr) == 0 { self.zero(repr) } else { self.load(repr, ptr) }
            }
            // Types with identical underlying types have one representation.
            _ => value,
        }
    }

    /// Specification, "Conversions from slice to array or array pointer".
    fn slice_to_array_pointer(&mut self, slice: Value, array: TypeId) -> Value {
        let TypeKind::Array { len, .. } = self.g.under(array) else { return self.null() };
        let (want, have) = (self.int_const(len as i64), self.len_of(slice));
        self.check(Check::SliceConvert, want, have, true);
        self.extract(slice, 0)
    }

    /// Out of range the result is any number; small types go through int32 as Go's own compiler does.
    fn float_to_int(&mut self, value: Value, to: Type, signed: bool) -> Value {
        match (to.bits(), signed) {
            (64, false) => self.b().convert(Op::Fptoui, to, value),
            (32, false) if self.g.target().int_bytes == 8 => {
                let wide = self.b().convert(Op::Fptosi, Type::I64, value);
                self.resize(wide, to, true)
            }
            (32, false) => self.b().convert(Op::Fptoui, to, value),
            (32 | 64, true) => self.b().convert(Op::Fptosi, to, value),
            _ => {
                let wide = self.b().convert(Op::Fptosi, Type::I32, value);
                self.resize(wide, to, true)
            }
        }
    }

    /// Boxes a concrete value.
    pub fn make_iface(&mut self, value: Value, from: TypeId, to: TypeId) -> Value {
        self.g.converted_to_interface(from);
        let aux = Aux::Convert { from: self.rtype(from), to: self.rtype(to) };
        let ty = self.g.program.types.iface();
        self.g.needs(Op::MakeIface);
        self.b().value(Op::MakeIface, ty, [value], aux)
    }

    /// An interface value as one of another interface type that needs no check.
    pub fn change_iface(&mut self, value: Value, from: TypeId, to: TypeId) -> Value {
        let (f, t) = (self.g.underlying(from), self.g.underlying(to));
        if f == t || (self.g.iface_methods(f).is_empty() && self.g.iface_methods(t).is_empty()) {
            return value;
        }
        let aux = Aux::Convert { from: self.rtype(from), to: self.rtype(to) };
        let ty = self.g.program.types.iface();
        self.g.needs(Op::ChangeIface);
        self.g.methods_asserted(to);
        self.b().value(Op::ChangeIface, ty, [value], aux)
    }
}
