//! Index and slice expressions, type assertions (specification: "Index expressions", "Slice expressions").

use crate::constant::representable;
use crate::ctx::Ctx;
use crate::operand::{OpMode, Operand, Wanted};
use crate::ty::*;
use syntax::ast::{ExprId, ExprList};

/// What indexing a type gives.
enum Indexed {
    /// Element type, whether elements are variables, length if constant.
    Elem(TypeId, OpMode, Option<u64>),
    Map {
        key: TypeId,
        value: TypeId,
    },
}

impl Ctx<'_> {
    pub fn index_expr(&mut self, e: ExprId, x: ExprId, args: ExprList, wanted: Option<Wanted>) -> Operand {
        let operand = self.raw_expr(x, None, None, true);
        self.index_operand(e, operand, x, args, wanted)
    }

    /// `x[args]`, `x` being evaluated already: an index expression or an instantiation.
    pub fn index_operand(
        &mut self,
        e: ExprId,
        mut operand: Operand,
        x: ExprId,
        args: ExprList,
        wanted: Option<Wanted>,
    ) -> Operand {
        let list = self.tree.exprs(args);
        match operand.mode {
            OpMode::Invalid => {
                self.use_exprs(list);
                return Operand::invalid(e);
            }
            OpMode::Type => {
                let ty = self.instantiated_type(e, x, args);
                return if ty.is_invalid() { Operand::invalid(e) } else { Operand::new(OpMode::Type, ty, e) };
            }
            OpMode::Value if self.is_generic_signature(operand.ty) => {
                let fun = Operand { expr: e, ..operand };
                return self.instantiate_function(fun, Some(args), wanted, true).0;
            }
            OpMode::NoValue => {
                let what = self.os(&operand);
                self.error_at(x, format!("{what} used as value or type"));
                self.use_exprs(list);
                return Operand::invalid(e);
            }
            _ => {}
        }
        self.single_value(&mut operand);
        if operand.is_invalid() {
            self.use_exprs(list);
            return Operand::invalid(e);
        }
        if !self.is_complete(operand.ty) || !self.has_complete_elements(operand.ty) {
            self.use_exprs(list);
            return Operand::invalid(e);
        }
        let Some(indexed) = self.indexed(&operand) else {
            let is_builtin = matches!(operand.mode, OpMode::Builtin(_));
            if is_builtin || !self.c.store.underlying(operand.ty).is_invalid() {
                let what = self.os(&operand);
                let pos = self.tree[e].pos;
                self.error(pos, format!("cannot index {what}"));
            }
            self.use_exprs(list);
            return Operand::invalid(e);
        };
        let &[index, ref more @ ..] = list else { return Operand::invalid(e) };
        if let Some(&extra) = more.first() {
            self.error_at(extra, "invalid operation: more than one index");
            return Operand::invalid(e);
        }
        match indexed {
            Indexed::Map { key, value } => {
                let mut k = self.generic_expr(index);
                self.assignment(&mut k, Some(key), "map index");
                Operand::new(OpMode::MapIndex, value, e)
            }
            Indexed::Elem(elem, mode, len) => {
                self.index(index, len);
                if elem.is_invalid() { Operand::invalid(e) } else { Operand::new(mode, elem, e) }
            }
        }
    }

    /// Whether the array behind a pointer and the elements of a map are known.
    fn has_complete_elements(&mut self, t: TypeId) -> bool {
        match *self.c.store.underlying_kind(t) {
            TypeKind::Pointer(inner) | TypeKind::Map { value: inner, .. } => self.is_complete(inner),
            _ => true,
        }
    }

    fn indexed(&mut self, x: &Operand) -> Option<Indexed> {
        if self.c.store.is_type_param(x.ty) {
            return self.indexed_type_param(x);
        }
        let elements =
            |mode: &OpMode| if *mode == OpMode::Variable { OpMode::Variable } else { OpMode::Value };
        Some(match *self.c.store.underlying_kind(x.ty) {
            TypeKind::Basic(b) if b.is_string() => {
                let len = x.constant().and_then(|v| v.as_text()).map(|s| s.len() as u64);
                Indexed::Elem(self.c.store.byte, OpMode::Value, len)
            }
            TypeKind::Array { elem, len } => Indexed::Elem(elem, elements(&x.mode), Some(len)),
            TypeKind::Slice(elem) => Indexed::Elem(elem, OpMode::Variable, None),
            TypeKind::Map { key, value } => Indexed::Map { key, value },
            TypeKind::Pointer(p) => match *self.c.store.underlying_kind(p) {
                TypeKind::Array { elem, len } => Indexed::Elem(elem, OpMode::Variable, Some(len)),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// "The element types of all types in P's type set must be identical", maps only with maps of the same key.
    fn indexed_type_param(&mut self, x: &Operand) -> Option<Indexed> {
        let terms = self.c.store.type_param_terms(x.ty)?;
        let mut all: Option<Indexed> = None;
        for term in terms.iter() {
            let operand = Operand { ty: term.ty, ..x.clone() };
            let this = self.indexed(&operand)?;
            all = Some(match (all, this) {
                (None, this) => this,
                (Some(Indexed::Map { key: k, value: v }), Indexed::Map { key, value }) => {
                    if !self.c.store.identical(k, key) || !self.c.store.identical(v, value) {
                        return None;
                    }
                    Indexed::Map { key, value }
                }
                (Some(Indexed::Elem(a, m, l)), Indexed::Elem(b, n, o)) => {
                    if !self.c.store.identical(a, b) {
                        return None;
                    }
                    let mode = if m == OpMode::Value { m } else { n };
                    let len = match (l, o) {
                        (Some(l), Some(o)) => Some(l.min(o)),
                        (l, o) => l.or(o),
                    };
                    Indexed::Elem(a, mode, len)
                }
                _ => return None,
            });
        }
        all
    }

    /// An index expression below `max`; its constant value.
    pub fn index(&mut self, e: ExprId, max: Option<u64>) -> Option<i64> {
        let mut x = self.expr(e, None);
        if !self.valid_index(&mut x, "index", false) {
            return None;
        }
        let value = x.constant()?.as_i64()?;
        if let Some(max) = max
            && u64::try_from(value).is_ok_and(|v| v >= max)
        {
            self.error_at(e, format!("invalid argument: index {value} out of bounds [0:{max}]"));
            return None;
        }
        Some(value)
    }

    /// Checks an index, length or capacity: an integer, not negative if constant.
    pub fn valid_index(&mut self, x: &mut Operand, what: &str, allow_negative: bool) -> bool {
        if x.is_invalid() {
            return false;
        }
        self.convert_untyped(x, Basic::Int.id());
        if x.is_invalid() {
            return false;
        }
        if !self.c.store.all_basic(x.ty, Basic::is_integer) {
            let text = self.os(x);
            self.error_at(x.expr, format!("invalid argument: {what} {text} must be integer"));
            return false;
        }
        if let Some(value) = x.constant().filter(|v| v.is_number()) {
            let negative = value.sign() < 0;
            let fits = representable(value, Basic::Int, &self.c.store.sizes).is_some();
            if negative && !allow_negative {
                let text = self.os(x);
                self.error_at(x.expr, format!("invalid argument: {what} {text} must not be negative"));
                return false;
            }
            if !fits {
                let text = self.os(x);
                self.error_at(x.expr, format!("invalid argument: {what} {text} overflows int"));
                return false;
            }
        }
        true
    }

    pub fn slice_expr(
        &mut self,
        e: ExprId,
        full: bool,
        inner: ExprId,
        indices: [Option<ExprId>; 3],
    ) -> Operand {
        let x = self.expr(inner, None);
        if x.is_invalid() {
            for i in indices.into_iter().flatten() {
                self.expr(i, None);
            }
            return Operand::invalid(e);
        }
        let base = self.c.store.pointer_elem(x.ty);
        if base.is_some_and(|base| !self.is_complete(base)) {
            return Operand::invalid(e);
        }
        let core = match self.c.store.core_type(x.ty) {
            Some(core) => core,
            None => match self.bytes_or_string(x.ty) {
                Some(core) => core,
                None => return self.cannot_slice(e, &x),
            },
        };
        let (mut ty, mut len) = (x.ty, None);
        match *self.c.store.kind(core) {
            TypeKind::Basic(b) if b.is_string() => {
                if full {
                    let at = indices[2].or(indices[1]).unwrap_or(inner);
                    self.error_at(at, "invalid operation: 3-index slice of string");
                    return Operand::invalid(e);
                }
                len = x.constant().and_then(|v| v.as_text()).map(|s| s.len() as u64);
                // "For untyped string operands the result is a non-constant value of type string."
                if self.c.store.is_untyped(x.ty) {
                    ty = Basic::String.id();
                }
            }
            TypeKind::Array { elem, len: n } => {
                if x.mode != OpMode::Variable {
                    let what = self.os(&x);
                    self.error_at(inner, format!("cannot slice unaddressable value {what}"));
                    return Operand::invalid(e);
                }
                self.mark_address_taken(inner);
                len = Some(n);
                ty = self.c.store.slice(elem);
            }
            TypeKind::Pointer(p) => match *self.c.store.underlying_kind(p) {
                TypeKind::Array { elem, len: n } => {
                    len = Some(n);
                    ty = self.c.store.slice(elem);
                }
                _ => return self.cannot_slice(e, &x),
            },
            TypeKind::Slice(_) => {}
            _ => return self.cannot_slice(e, &x),
        }
        let max = len.map(|n| n + 1);
        let mut constants: Vec<(ExprId, i64)> = Vec::new();
        for index in indices.into_iter().flatten() {
            if let Some(v) = self.index(index, max) {
                constants.push((index, v));
            }
        }
        // "the constant indices must satisfy 0 <= low <= high <= max"
        let pairs = constants
            .iter()
            .enumerate()
            .flat_map(|(i, low)| constants[i + 1..].iter().map(move |high| (low, high)));
        if let Some((low, high)) = pairs.into_iter().find(|(low, high)| low.1 > high.1) {
            self.error_at(high.0, format!("invalid slice indices: {} < {}", high.1, low.1));
        }
        Operand::value(ty, e)
    }

    /// A type set of strings and byte slices slices like a string.
    fn bytes_or_string(&mut self, t: TypeId) -> Option<TypeId> {
        let terms = self.c.store.type_param_terms(t)?;
        let fits = terms.iter().all(|x| {
            self.c.store.basic(x.ty).is_some_and(Basic::is_string)
                || self.c.store.slice_of_basic(x.ty) == Some(Basic::Uint8)
        });
        (fits && !terms.is_empty()).then_some(Basic::String.id())
    }

    /// The indices are not looked at.
    fn cannot_slice(&mut self, e: ExprId, x: &Operand) -> Operand {
        let what = self.os(x);
        let why = self.no_common_underlying(x.ty);
        self.error_at(x.expr, format!("cannot slice {what}{why}"));
        Operand::invalid(e)
    }

    /// `: A and B have different underlying types`, for a type parameter without a core type.
    pub fn no_common_underlying(&mut self, t: TypeId) -> String {
        let Some(terms) = self.c.store.type_param_terms(t) else { return String::new() };
        let Some(first) = terms.first() else { return String::new() };
        let u = self.c.store.underlying(first.ty);
        for term in terms.iter() {
            let v = self.c.store.underlying(term.ty);
            if !self.c.store.identical(u, v) {
                return format!(
                    ": {} and {} have different underlying types",
                    self.ts(first.ty),
                    self.ts(term.ty)
                );
            }
        }
        String::new()
    }

    /// Specification: "Type assertions".
    pub fn type_assertion(&mut self, e: ExprId, inner: ExprId, ty: ExprId) -> Operand {
        let x = self.expr(inner, None);
        // The type is looked at only where the operand is right.
        if x.is_invalid() {
            return Operand::invalid(e);
        }
        if self.c.store.is_type_param(x.ty) {
            let what = self.os(&x);
            self.error_at(
                inner,
                format!("invalid operation: cannot use type assertion on type parameter value {what}"),
            );
            return Operand::invalid(e);
        }
        if !self.c.store.is_interface(x.ty) {
            let what = self.os(&x);
            self.error_at(inner, format!("invalid operation: {what} is not an interface"));
            return Operand::invalid(e);
        }
        let target = self.var_type(ty);
        if target.is_invalid() || !self.is_complete(target) {
            return Operand::invalid(e);
        }
        if let Err(cause) = self.assertable(x.ty, target) {
            let text = self.es(e);
            self.error_at(e, format!("impossible type assertion: {text}\n\t{cause}"));
        }
        Operand::new(OpMode::CommaOk, target, e)
    }

    /// Whether a value of interface type can have the dynamic type `t`, or may implement the interface `t`.
    pub fn assertable(&mut self, interface: TypeId, t: TypeId) -> Result<(), String> {
        // Which type a type parameter stands for is not known here.
        if self.c.store.is_interface(t) || self.c.store.is_type_param(t) {
            return Ok(());
        }
        match self.c.missing_method(t, interface, self.pkg) {
            None => Ok(()),
            Some(missing) => {
                let (name, interface) = (self.ts(t), self.ts(interface));
                Err(format!("{name} does not implement {interface} {missing}"))
            }
        }
    }
}
