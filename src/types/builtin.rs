//! Calls of built-in functions (specification: "Built-in functions", "Package unsafe").

use crate::constant::{self, Value, representable};
use crate::ctx::Ctx;
use crate::info::SelectionKind;
use crate::lookup::Lookup;
use crate::operand::{OpMode, Operand};
use crate::ty::*;
use crate::universe::Builtin;
use syntax::ast::{BinaryOp, ExprId, ExprKind};

/// Where the parts of a call stand.
#[derive(Clone, Copy)]
struct Call<'s> {
    e: ExprId,
    dots: bool,
    args: &'s [ExprId],
}

impl Ctx<'_> {
    pub fn builtin_call(&mut self, e: ExprId, dots: bool, b: Builtin, args: &[ExprId]) -> Operand {
        let call = Call { e, dots, args };
        let name = self.builtin_name(b);
        if dots && b != Builtin::Append {
            let name = name.rsplit('.').next().unwrap_or_default();
            self.error_at(e, format!("invalid operation: invalid use of ... with built-in {name}"));
            self.use_exprs(args);
            return Operand::invalid(e);
        }
        // `len` and `cap` are constants if their argument has no calls; what is outside does not matter.
        let outer = std::mem::replace(&mut self.has_call_or_recv, false);
        let mut operands = Vec::new();
        if !matches!(b, Builtin::Make | Builtin::New | Builtin::UnsafeOffsetof) {
            operands = self.builtin_args(args);
            if operands.iter().any(Operand::is_invalid) {
                self.has_call_or_recv |= outer;
                return Operand::invalid(e);
            }
        }
        let count = if operands.is_empty() { args.len() } else { operands.len() };
        let (min, variadic) = b.arity();
        let problem = if count < min {
            "not enough"
        } else if !variadic && count > min {
            "too many"
        } else {
            ""
        };
        if !problem.is_empty() {
            let text = self.es(e);
            let message =
                format!("invalid operation: {problem} arguments for {text} (expected {min}, found {count})");
            self.error_at(e, message);
            self.has_call_or_recv |= outer;
            return Operand::invalid(e);
        }
        let x = self.builtin_by_kind(b, call, operands);
        self.has_call_or_recv |= outer;
        x
    }

    fn builtin_name(&self, b: Builtin) -> String {
        if b.in_unsafe() { format!("unsafe.{}", b.name()) } else { b.name().to_owned() }
    }

    fn builtin_args(&mut self, args: &[ExprId]) -> Vec<Operand> {
        if let [single] = *args {
            let x = self.multi_expr(single);
            let mut values = self.unpack(x);
            self.number_results(&mut values);
            return values;
        }
        args.iter().map(|&a| self.expr(a, None)).collect()
    }

    fn builtin_by_kind(&mut self, b: Builtin, call: Call, mut xs: Vec<Operand>) -> Operand {
        let e = call.e;
        match b {
            Builtin::Append => self.append(call, xs),
            Builtin::Cap | Builtin::Len => self.len_cap(b, e, xs.swap_remove(0)),
            Builtin::Clear => self.clear(e, &xs[0]),
            Builtin::Close => self.close(e, &xs[0]),
            Builtin::Complex => self.complex(e, xs),
            Builtin::Copy => self.copy(e, &xs),
            Builtin::Delete => self.delete(e, xs),
            Builtin::Imag | Builtin::Real => self.real_imag(b, e, xs.swap_remove(0)),
            Builtin::Make => self.make(call),
            Builtin::Max | Builtin::Min => self.min_max(b, e, xs),
            Builtin::New => self.new_builtin(call),
            Builtin::Panic => {
                let any = self.c.store.any;
                self.assignment(&mut xs[0], Some(any), "argument to panic");
                self.no_value(e)
            }
            Builtin::Print | Builtin::Println => {
                let context = format!("argument to built-in {}", b.name());
                for x in &mut xs {
                    self.assignment(x, None, &context);
                }
                self.no_value(e)
            }
            Builtin::Recover => Operand::value(self.c.store.empty_interface, e),
            _ => self.unsafe_builtin(b, call, xs),
        }
    }

    fn no_value(&self, e: ExprId) -> Operand {
        Operand::new(OpMode::NoValue, self.c.store.empty_tuple, e)
    }

    // Specification: "Appending to and copying slices".
    fn append(&mut self, call: Call, mut xs: Vec<Operand>) -> Operand {
        let e = call.e;
        let ty = xs[0].ty;
        if xs[0].is_nil() {
            self.error_at(xs[0].expr, "invalid append: argument must be a slice; have untyped nil");
            return Operand::invalid(e);
        }
        let Some(elem) = self.slice_elem(&xs[0]) else { return Operand::invalid(e) };
        if call.dots {
            if call.args.len() == 1 && xs.len() > 1 {
                let (n, text) = (xs.len(), self.es(call.args[0]));
                self.error_at(e, format!("cannot use ... with {n}-valued {text}"));
                return Operand::value(ty, e);
            }
            if xs.len() != 2 {
                let have: Vec<TypeId> = xs.iter().map(|x| x.ty).collect();
                let slice = self.c.store.slice(elem);
                let have = self.types_summary(&have, false, true);
                let want = self.types_summary(&[ty, slice], true, false);
                let (at, problem) = match xs.get(2) {
                    Some(extra) => (extra.expr, "too many"),
                    None => (xs[0].expr, "not enough"),
                };
                let message = format!("{problem} arguments in call to append\n\thave {have}\n\twant {want}");
                self.error_at(at, message);
                return Operand::invalid(e);
            }
            // "As a special case, append also accepts a slice whose type set contains only byte slices with a second
            // argument of string type followed by ..."
            let is_bytes = self.c.store.basic(elem) == Some(Basic::Uint8);
            let string =
                self.c.store.all_basic(xs[1].ty, Basic::is_string) || self.is_bytes_or_string_param(xs[1].ty);
            if is_bytes && string {
                return Operand::value(ty, e);
            }
            let slice = self.c.store.slice(elem);
            self.assignment(&mut xs[1], Some(slice), "argument to append");
            return Operand::value(ty, e);
        }
        for x in &mut xs[1..] {
            if !x.is_invalid() {
                self.assignment(x, Some(elem), "argument to append");
            }
        }
        Operand::value(ty, e)
    }

    /// The element type of a slice; all types of a type parameter's type set must be slices of the same.
    fn slice_elem(&mut self, x: &Operand) -> Option<TypeId> {
        let mut elem = None;
        let types = self.c.store.specific_types(x.ty);
        for &ty in &types {
            let &TypeKind::Slice(this) = self.c.store.underlying_kind(ty) else {
                elem = None;
                break;
            };
            if let Some(other) = elem
                && !self.c.store.identical(other, this)
            {
                let (a, b, what) = (self.ts(other), self.ts(this), self.os(x));
                let message = format!("invalid append: mismatched slice element types {a} and {b} in {what}");
                self.error_at(x.expr, message);
                return None;
            }
            elem = Some(this);
        }
        if elem.is_none() {
            let what = self.os(x);
            self.error_at(x.expr, format!("invalid append: argument must be a slice; have {what}"));
        }
        elem
    }

    fn is_bytes_or_string_param(&mut self, t: TypeId) -> bool {
        let Some(terms) = self.c.store.type_param_terms(t) else { return false };
        !terms.is_empty()
            && terms.iter().all(|x| {
                self.c.store.basic(x.ty).is_some_and(Basic::is_string)
                    || self.c.store.slice_of_basic(x.ty) == Some(Basic::Uint8)
            })
    }

    // Specification: "Length and capacity".
    fn len_cap(&mut self, b: Builtin, e: ExprId, x: Operand) -> Operand {
        let int = Basic::Int.id();
        if !self.has_length(b, x.ty) || x.is_nil() {
            if !self.c.store.underlying(x.ty).is_invalid() {
                let what = self.os(&x);
                self.error_at(x.expr, format!("invalid argument: {what} for built-in {}", b.name()));
            }
            return Operand::invalid(e);
        }
        if let Some(text) = x.constant().and_then(|v| v.as_text()) {
            return Operand::new(OpMode::Const(Value::Int(text.len() as i64)), int, e);
        }
        if !self.has_call_or_recv && !self.c.store.is_type_param(x.ty) {
            let array = match *self.c.store.underlying_kind(x.ty) {
                TypeKind::Pointer(p) => p,
                _ => x.ty,
            };
            if let TypeKind::Array { len, .. } = *self.c.store.underlying_kind(array) {
                return Operand::new(OpMode::Const(Value::from_u64(len)), int, e);
            }
        }
        Operand::value(int, e)
    }

    fn has_length(&mut self, b: Builtin, t: TypeId) -> bool {
        if self.c.store.is_type_param(t) {
            let Some(terms) = self.c.store.type_param_terms(t) else { return false };
            return !terms.is_empty() && terms.iter().all(|x| self.has_length(b, x.ty));
        }
        match *self.c.store.underlying_kind(t) {
            TypeKind::Basic(basic) => b == Builtin::Len && basic.is_string(),
            TypeKind::Array { .. } | TypeKind::Slice(_) | TypeKind::Chan { .. } => true,
            TypeKind::Map { .. } => b == Builtin::Len,
            TypeKind::Pointer(p) => matches!(self.c.store.underlying_kind(p), TypeKind::Array { .. }),
            _ => false,
        }
    }

    fn clear(&mut self, e: ExprId, x: &Operand) -> Operand {
        self.require((1, 21), self.tree.start(e), |_| "clear".to_owned());
        let types = self.terms_or_self(x.ty);
        let ok = types
            .iter()
            .all(|&t| matches!(self.c.store.underlying_kind(t), TypeKind::Map { .. } | TypeKind::Slice(_)));
        if !ok || types.is_empty() {
            let what = self.os(x);
            let message = format!(
                "invalid argument: cannot clear {what}: argument must be (or constrained by) map or slice"
            );
            self.error_at(x.expr, message);
            return Operand::invalid(e);
        }
        self.no_value(e)
    }

    fn terms_or_self(&mut self, t: TypeId) -> Vec<TypeId> {
        if !self.c.store.is_type_param(t) {
            return vec![t];
        }
        self.c.store.type_param_terms(t).map_or(Vec::new(), |terms| terms.iter().map(|x| x.ty).collect())
    }

    fn close(&mut self, e: ExprId, x: &Operand) -> Operand {
        let types = self.terms_or_self(x.ty);
        for &t in &types {
            let problem = match self.c.store.underlying_kind(t) {
                TypeKind::Chan { dir: ChanDir::Recv, .. } => "receive-only channel",
                TypeKind::Chan { .. } => continue,
                _ => "non-channel",
            };
            let what = self.os(x);
            self.error_at(x.expr, format!("invalid operation: cannot close {problem} {what}"));
            return Operand::invalid(e);
        }
        if types.is_empty() {
            let what = self.os(x);
            self.error_at(x.expr, format!("invalid operation: cannot close non-channel {what}"));
            return Operand::invalid(e);
        }
        self.no_value(e)
    }

    // Specification: "Manipulating complex numbers".
    fn complex(&mut self, e: ExprId, mut xs: Vec<Operand>) -> Operand {
        let Some(mut y) = xs.pop() else { return Operand::invalid(e) };
        let Some(mut x) = xs.pop() else { return Operand::invalid(e) };
        let untyped = [&x, &y].map(|o| self.c.store.is_untyped(o.ty));
        match untyped {
            [true, false] => self.convert_untyped(&mut x, y.ty),
            [false, true] => self.convert_untyped(&mut y, x.ty),
            [true, true] if x.is_const() && y.is_const() => {
                for operand in [&mut x, &mut y] {
                    let real =
                        operand.constant().is_some_and(|v| v.is_number() && !matches!(v, Value::Complex(_)));
                    if real {
                        operand.ty = Basic::UntypedFloat.id();
                    }
                }
            }
            [true, true] => {
                // Non-constant untyped values come from shifts: they are given the type float64.
                self.convert_untyped(&mut x, Basic::Float64.id());
                self.convert_untyped(&mut y, Basic::Float64.id());
            }
            [false, false] => {}
        }
        if x.is_invalid() || y.is_invalid() {
            return Operand::invalid(e);
        }
        if !self.c.store.identical(x.ty, y.ty) {
            let (text, a, b) = (self.es(e), self.ts(x.ty), self.ts(y.ty));
            self.error_at(x.expr, format!("invalid operation: {text} (mismatched types {a} and {b})"));
            return Operand::invalid(e);
        }
        if self.unsupported_param(Builtin::Complex, &x, |b| b.is_float()) {
            return Operand::invalid(e);
        }
        let result = match self.c.store.basic(x.ty) {
            Some(Basic::Float32) => Basic::Complex64,
            Some(Basic::Float64) => Basic::Complex128,
            Some(Basic::UntypedFloat) => Basic::UntypedComplex,
            _ => {
                let name = self.ts(x.ty);
                let message =
                    format!("invalid argument: arguments have type {name}, expected floating-point");
                self.error_at(x.expr, message);
                return Operand::invalid(e);
            }
        };
        match (x.constant(), y.constant()) {
            (Some(re), Some(im)) => Operand::new(OpMode::Const(Value::complex(re, im)), result.id(), e),
            _ => Operand::value(result.id(), e),
        }
    }

    /// Reports a type parameter of the right types, of which the language does not say yet what the result is.
    fn unsupported_param(&mut self, b: Builtin, x: &Operand, accepts: fn(Basic) -> bool) -> bool {
        if !self.c.store.is_type_param(x.ty) || !self.c.store.all_basic(x.ty, accepts) {
            return false;
        }
        let what = self.os(x);
        let name = b.name();
        self.error_at(
            x.expr,
            format!(
                "{what} not supported as argument to built-in {name} for go1.18 (see go.dev/issue/50937)"
            ),
        );
        true
    }

    fn real_imag(&mut self, b: Builtin, e: ExprId, mut x: Operand) -> Operand {
        if self.c.store.is_untyped(x.ty) {
            if x.constant().is_some_and(Value::is_number) {
                x.ty = Basic::UntypedComplex.id();
            } else if !x.is_const() && !x.is_nil() {
                self.convert_untyped(&mut x, Basic::Complex128.id());
                if x.is_invalid() {
                    return Operand::invalid(e);
                }
            }
        }
        if self.unsupported_param(b, &x, |b| b.is_complex()) {
            return Operand::invalid(e);
        }
        let result = match self.c.store.basic(x.ty) {
            Some(Basic::Complex64) => Basic::Float32,
            Some(Basic::Complex128) => Basic::Float64,
            Some(Basic::UntypedComplex) => Basic::UntypedFloat,
            _ => {
                let name = self.ts(x.ty);
                let message = format!("invalid argument: argument has type {name}, expected complex type");
                self.error_at(x.expr, message);
                return Operand::invalid(e);
            }
        };
        match x.constant() {
            Some(v) => {
                let v = if b == Builtin::Real { v.real() } else { v.imag() };
                Operand::new(OpMode::Const(v), result.id(), e)
            }
            None => Operand::value(result.id(), e),
        }
    }

    fn copy(&mut self, e: ExprId, xs: &[Operand]) -> Operand {
        let elem = |c: &mut Self, x: &Operand| -> Option<TypeId> {
            if x.is_nil() {
                return None;
            }
            if c.c.store.all_basic(x.ty, Basic::is_string) || c.is_bytes_or_string_param(x.ty) {
                return Some(c.c.store.byte);
            }
            let core = c.c.store.core_type(x.ty)?;
            if let TypeKind::Slice(elem) = *c.c.store.kind(core) { Some(elem) } else { None }
        };
        let types = self.c.store.specific_types(xs[0].ty);
        let dst_is_slice =
            types.iter().all(|&t| matches!(self.c.store.underlying_kind(t), TypeKind::Slice(_)));
        let (dst, src) = (elem(self, &xs[0]).filter(|_| dst_is_slice), elem(self, &xs[1]));
        let (Some(dst), Some(src)) = (dst, src) else {
            let culprit = if dst.is_none() { &xs[0] } else { &xs[1] };
            let what = if culprit.is_nil() { "untyped nil".to_owned() } else { self.os(culprit) };
            let message = format!("invalid copy: argument must be a slice; have {what}");
            self.error_at(culprit.expr, message);
            return Operand::invalid(e);
        };
        if !self.c.store.identical(dst, src) {
            let (a, b) = (self.os(&xs[0]), self.os(&xs[1]));
            let (d, s) = (self.ts(dst), self.ts(src));
            let message =
                format!("invalid copy: arguments {a} and {b} have different element types {d} and {s}");
            self.error_at(xs[0].expr, message);
            return Operand::invalid(e);
        }
        Operand::value(Basic::Int.id(), e)
    }

    fn delete(&mut self, e: ExprId, mut xs: Vec<Operand>) -> Operand {
        let map = xs[0].ty;
        let mut key = None;
        for t in self.terms_or_self(map) {
            let &TypeKind::Map { key: this, .. } = self.c.store.underlying_kind(t) else {
                key = None;
                break;
            };
            if let Some(other) = key
                && !self.c.store.identical(other, this)
            {
                let what = self.os(&xs[0]);
                let message = format!("invalid argument: maps of {what} must have identical key types");
                self.error_at(xs[0].expr, message);
                return Operand::invalid(e);
            }
            key = Some(this);
        }
        let Some(key) = key else {
            let what = self.os(&xs[0]);
            self.error_at(xs[0].expr, format!("invalid argument: {what} is not a map"));
            return Operand::invalid(e);
        };
        self.assignment(&mut xs[1], Some(key), "argument to delete");
        if xs[1].is_invalid() { Operand::invalid(e) } else { self.no_value(e) }
    }

    // Specification: "Making slices, maps and channels".
    fn make(&mut self, call: Call) -> Operand {
        let Call { e, args, .. } = call;
        let ty = self.var_type(args[0]);
        if ty.is_invalid() {
            self.use_exprs(&args[1..]);
            return Operand::invalid(e);
        }
        let makes =
            |k: &TypeKind| matches!(k, TypeKind::Slice(_) | TypeKind::Map { .. } | TypeKind::Chan { .. });
        let types = self.c.store.specific_types(ty);
        let core = if types.iter().all(|&t| makes(self.c.store.underlying_kind(t))) {
            self.c.store.common_underlying(ty).map_err(|why| self.no_common(why))
        } else {
            Err("type must be slice, map, or channel".to_owned())
        };
        let min = match core {
            Ok(core) if matches!(self.c.store.kind(core), TypeKind::Slice(_)) => 2,
            Ok(_) => 1,
            Err(why) => {
                let text = self.es(args[0]);
                self.error_at(args[0], format!("invalid argument: cannot make {text}: {why}"));
                self.use_exprs(&args[1..]);
                return Operand::invalid(e);
            }
        };
        if args.len() < min || args.len() > min + 1 {
            let text = self.es(e);
            let message = format!(
                "invalid operation: {text} expects {min} or {} arguments; found {}",
                min + 1,
                args.len()
            );
            self.error_at(e, message);
            return Operand::invalid(e);
        }
        let sizes: Vec<Option<i64>> = args[1..].iter().map(|&a| self.index(a, None)).collect();
        if let [Some(len), Some(cap)] = sizes[..]
            && len > cap
        {
            self.error_at(args[1], "invalid argument: length and capacity swapped");
        }
        Operand::value(ty, e)
    }

    // Specification: "Min and max".
    fn min_max(&mut self, b: Builtin, e: ExprId, xs: Vec<Operand>) -> Operand {
        self.require((1, 21), self.tree.start(e), |_| format!("built-in {}", b.name()));
        let op = if b == Builtin::Max { BinaryOp::Gt } else { BinaryOp::Lt };
        let mut operands = xs.into_iter();
        let Some(mut x) = operands.next() else { return Operand::invalid(e) };
        if !self.is_ordered_argument(&x) {
            return Operand::invalid(e);
        }
        let mut parts = vec![x.expr];
        for mut y in operands {
            parts.push(y.expr);
            if !self.is_ordered_argument(&y) || !self.match_types(&mut x, &mut y) {
                return Operand::invalid(e);
            }
            if !self.c.store.identical(x.ty, y.ty) {
                let (a, b, text) = (self.ts(x.ty), self.ts(y.ty), self.es(y.expr));
                let message = format!(
                    "invalid argument: mismatched types {a} (previous argument) and {b} (type of {text})"
                );
                self.error_at(y.expr, message);
                return Operand::invalid(e);
            }
            if let (Some(v), Some(w)) = (x.constant(), y.constant()) {
                if constant::compare(op, w, v) {
                    x.mode = y.mode.clone();
                }
            } else {
                x.mode = OpMode::Value;
            }
        }
        if !x.is_const() {
            x.mode = OpMode::Value;
            // "the result is ... not a constant": untyped operands get the type of the others, or their default.
            let ty = self.c.store.default_type(x.ty);
            x.ty = ty;
        }
        if !self.c.store.is_untyped(x.ty) {
            for part in parts {
                self.update_type(part, x.ty, true);
            }
        }
        Operand::new(x.mode, x.ty, e)
    }

    fn is_ordered_argument(&mut self, x: &Operand) -> bool {
        let ordered = self.c.store.all_basic(x.ty, Basic::is_ordered) && !x.is_nil();
        if !ordered {
            let what = self.os(x);
            self.error_at(x.expr, format!("invalid argument: {what} cannot be ordered"));
        }
        ordered
    }

    fn new_builtin(&mut self, call: Call) -> Operand {
        let Call { e, args, .. } = call;
        let mut x = self.expr_or_type(args[0], false);
        self.exclude(&mut x, true, false);
        match x.mode {
            OpMode::Invalid => Operand::invalid(e),
            OpMode::Type => {
                let (ty, pos, pkg) = (x.ty, self.tree.start(args[0]), self.pkg);
                self.c.delayed.push(crate::delayed::Delayed::VarType { ty, pos, pkg });
                Operand::value(self.c.store.pointer(x.ty), e)
            }
            _ => {
                let text = format!("new({})", self.es(args[0]));
                let pos = self.tree.start(e);
                self.assignment(&mut x, None, "argument to new");
                if !x.is_invalid() {
                    self.require((1, 26), pos, |_| text);
                }
                if x.is_invalid() {
                    Operand::invalid(e)
                } else {
                    Operand::value(self.c.store.pointer(x.ty), e)
                }
            }
        }
    }

    // Specification: "Package unsafe".
    fn unsafe_builtin(&mut self, b: Builtin, call: Call, mut xs: Vec<Operand>) -> Operand {
        let e = call.e;
        let context = format!("argument to unsafe.{}", b.name());
        let uintptr = Basic::Uintptr.id();
        match b {
            Builtin::UnsafeAdd => {
                self.require((1, 17), self.tree.start(e), |_| "unsafe.Add".to_owned());
                self.assignment(&mut xs[0], Some(Basic::UnsafePointer.id()), &context);
                if xs[0].is_invalid() || !self.valid_index(&mut xs[1], "length", true) {
                    return Operand::invalid(e);
                }
                Operand::value(Basic::UnsafePointer.id(), e)
            }
            Builtin::UnsafeAlignof | Builtin::UnsafeSizeof => {
                self.assignment(&mut xs[0], None, &context);
                let ty = xs[0].ty;
                if xs[0].is_invalid() {
                    return Operand::invalid(e);
                }
                if self.has_variable_size(ty) {
                    return Operand::value(uintptr, e);
                }
                let n = if b == Builtin::UnsafeAlignof {
                    Some(self.c.store.align_of(ty))
                } else {
                    self.c.store.size_of(ty)
                };
                let Some(n) = n else {
                    let what = self.os(&xs[0]);
                    self.error_at(xs[0].expr, format!("{what} is too large"));
                    return Operand::invalid(e);
                };
                Operand::new(OpMode::Const(Value::from_u64(n)), uintptr, e)
            }
            Builtin::UnsafeOffsetof => self.offsetof(call),
            Builtin::UnsafeSlice => {
                self.require((1, 17), self.tree.start(e), |_| "unsafe.Slice".to_owned());
                let core = self.c.store.core_type(xs[0].ty);
                let Some(elem) = core.and_then(|c| self.c.store.pointer_elem(c)) else {
                    let what = self.os(&xs[0]);
                    self.error_at(xs[0].expr, format!("invalid argument: {what} is not a pointer"));
                    return Operand::invalid(e);
                };
                if !self.valid_index(&mut xs[1], "length", false) {
                    return Operand::invalid(e);
                }
                Operand::value(self.c.store.slice(elem), e)
            }
            Builtin::UnsafeSliceData => {
                self.require((1, 20), self.tree.start(e), |_| "unsafe.SliceData".to_owned());
                let core = self.c.store.core_type(xs[0].ty);
                match core.map(|c| self.c.store.kind(c).clone()) {
                    Some(TypeKind::Slice(elem)) => Operand::value(self.c.store.pointer(elem), e),
                    _ => {
                        let what = self.os(&xs[0]);
                        self.error_at(xs[0].expr, format!("invalid argument: {what} is not a slice"));
                        Operand::invalid(e)
                    }
                }
            }
            Builtin::UnsafeString => {
                self.require((1, 20), self.tree.start(e), |_| "unsafe.String".to_owned());
                let byte = self.c.store.byte;
                let pointer = self.c.store.pointer(byte);
                self.assignment(&mut xs[0], Some(pointer), &context);
                if xs[0].is_invalid() || !self.valid_index(&mut xs[1], "length", false) {
                    return Operand::invalid(e);
                }
                Operand::value(Basic::String.id(), e)
            }
            _ => {
                self.require((1, 20), self.tree.start(e), |_| "unsafe.StringData".to_owned());
                self.assignment(&mut xs[0], Some(Basic::String.id()), &context);
                if xs[0].is_invalid() {
                    return Operand::invalid(e);
                }
                let byte = self.c.store.byte;
                Operand::value(self.c.store.pointer(byte), e)
            }
        }
    }

    fn offsetof(&mut self, call: Call) -> Operand {
        let (e, arg) = (call.e, self.tree.unparen(call.args[0]));
        let ExprKind::Selector { x, sel } = self.tree[arg].kind else {
            let text = self.es(call.args[0]);
            self.error_at(call.args[0], format!("invalid argument: {text} is not a selector expression"));
            self.use_exprs(call.args);
            return Operand::invalid(e);
        };
        let outer = self.expr(x, None);
        if outer.is_invalid() {
            return Operand::invalid(e);
        }
        let base = self.c.store.pointer_elem(outer.ty).unwrap_or(outer.ty);
        let found = self.c.store.lookup_field_or_method(base, self.pkg, sel);
        if matches!(found, Lookup::NotFound | Lookup::Ambiguous) {
            let name = self.ts(base);
            self.error_at(x, format!("invalid argument: {name} has no single field {sel}"));
            return Operand::invalid(e);
        }
        if self.expr(arg, None).is_invalid() {
            return Operand::invalid(e);
        }
        let Some(selection) = self.facts().selections.get(&arg).cloned() else {
            let text = self.es(call.args[0]);
            self.error_at(call.args[0], format!("invalid argument: {text} is not a selector expression"));
            return Operand::invalid(e);
        };
        let mut ty = self.c.store.pointer_elem(selection.recv).unwrap_or(selection.recv);
        if selection.kind != SelectionKind::Field {
            let text = self.es(arg);
            self.error_at(arg, format!("invalid argument: {text} is a method value"));
            return Operand::invalid(e);
        }
        let (base, parameterized) = (self.ts(ty), self.has_variable_size(ty));
        let mut offset = 0u64;
        for (n, &i) in selection.path.iter().enumerate() {
            if n > 0 && self.c.store.pointer_elem(ty).is_some() {
                let message = format!("invalid argument: field {sel} is embedded via a pointer in {base}");
                self.error_at(x, message);
                return Operand::invalid(e);
            }
            let TypeKind::Struct(fields) = self.c.store.underlying_kind(ty).clone() else { break };
            if !parameterized {
                match self.c.store.offsets_of(&fields).and_then(|o| offset.checked_add(o[i as usize])) {
                    Some(sum) => offset = sum,
                    None => {
                        let known = self.facts().exprs[x.index()];
                        let mode = match known.mode {
                            crate::info::Mode::Variable => OpMode::Variable,
                            _ => OpMode::Value,
                        };
                        let what = self.os(&Operand::new(mode, known.ty, x));
                        self.error_at(x, format!("{what} is too large"));
                        return Operand::invalid(e);
                    }
                }
            }
            ty = fields[i as usize].ty;
        }
        if parameterized {
            return Operand::value(Basic::Uintptr.id(), e);
        }
        let value = Value::from_u64(offset);
        match representable(&value, Basic::Uintptr, &self.c.store.sizes) {
            Some(v) => Operand::new(OpMode::Const(v), Basic::Uintptr.id(), e),
            None => Operand::invalid(e),
        }
    }
}
