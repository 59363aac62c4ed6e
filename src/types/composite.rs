//! Composite literals (specification: "Composite literals").

use crate::constant::{Key, Value};
use crate::ctx::Ctx;
use crate::info::{Selection, SelectionKind};
use crate::lookup::{Lookup, Miss};
use crate::operand::Operand;
use crate::ty::*;
use rustc_hash::FxHashSet;
use source::{Name, Pos};
use std::sync::Arc;
use syntax::ast::{ExprId, ExprKind, ExprList};

impl Ctx<'_> {
    /// `hint` is the element type of the enclosing literal, used where the type is elided; the literal then has that
    /// type even if it is a pointer (`&T{…}` elided to `{…}`).
    pub fn composite_lit(
        &mut self,
        e: ExprId,
        ty: Option<ExprId>,
        elems: ExprList,
        rbrace: Pos,
        hint: Option<TypeId>,
    ) -> Operand {
        let elems = self.tree.exprs(elems);
        let (typ, base) = match ty {
            Some(t) => {
                if let ExprKind::ArrayType { len: None, elem } = self.tree[t].kind {
                    let elem = self.var_type(elem);
                    let n = self.indexed_elems(elems, elem, None);
                    let ty = self.c.store.intern(TypeKind::Array { elem, len: n });
                    self.record_type(t, ty);
                    return Operand::value(ty, e);
                }
                let ty = self.typ(t);
                (ty, ty)
            }
            None => match hint {
                Some(hint) => {
                    let core = self.c.store.core_type(hint).unwrap_or(TypeId::INVALID);
                    (hint, self.c.store.pointer_elem(core).unwrap_or(hint))
                }
                None => {
                    self.error_at(e, "missing type in composite literal");
                    self.use_elems(elems);
                    return Operand::invalid(e);
                }
            },
        };
        if !self.is_complete(base) {
            self.use_elems(elems);
            return Operand::invalid(e);
        }
        let core = self.c.store.core_type(base).unwrap_or(TypeId::INVALID);
        match self.c.store.kind(core).clone() {
            TypeKind::Struct(fields) => self.struct_lit(base, &fields, elems, rbrace),
            TypeKind::Array { elem, len } => {
                self.indexed_elems(elems, elem, Some(len));
            }
            TypeKind::Slice(elem) => {
                self.indexed_elems(elems, elem, None);
            }
            TypeKind::Map { key, value } => self.map_lit(elems, key, value),
            _ => {
                self.use_elems(elems);
                let common = self.c.store.common_underlying(base);
                if base.is_invalid() || common.is_ok_and(TypeId::is_invalid) {
                    // What is wrong with the type has been said.
                    return Operand::value(typ, e);
                }
                let element = if ty.is_none() { " element" } else { "" };
                let cause = if common.is_err() { " (no common underlying type)" } else { "" };
                let name = self.ts(typ);
                self.error_at(e, format!("invalid composite literal{element} type {name}{cause}"));
                return Operand::invalid(e);
            }
        }
        Operand::value(typ, e)
    }

    fn use_elems(&mut self, elems: &[ExprId]) {
        for &elem in elems {
            match self.tree[elem].kind {
                // Keys may be field names.
                ExprKind::KeyValue { value, .. } => self.use_elem(value),
                _ => self.use_elem(elem),
            }
        }
    }

    fn use_elem(&mut self, e: ExprId) {
        self.raw_expr(e, None, None, true);
    }

    fn elem_value(&mut self, e: ExprId, ty: TypeId, context: &str) {
        let mut x = match self.tree[e].kind {
            ExprKind::Composite { ty: None, .. } => self.expr(e, Some(ty)),
            _ => self.generic_expr(e),
        };
        if !x.is_invalid() {
            self.assignment(&mut x, Some(ty), context);
        }
    }

    /// The value of a field, whose literals must have a type.
    fn field_value(&mut self, e: ExprId, ty: TypeId) {
        let mut x = self.generic_expr(e);
        if !x.is_invalid() {
            self.assignment(&mut x, Some(ty), "struct literal");
        }
    }

    fn struct_lit(&mut self, ty: TypeId, fields: &[Field], elems: &[ExprId], rbrace: Pos) {
        let Some(&first) = elems.first() else { return };
        if let ExprKind::KeyValue { .. } = self.tree[first].kind {
            return self.keyed_struct_lit(ty, fields, elems);
        }
        let name = self.ts(ty);
        for (i, &elem) in elems.iter().enumerate() {
            if let ExprKind::KeyValue { value, .. } = self.tree[elem].kind {
                self.error_at(elem, "mixture of field:value and value elements in struct literal");
                self.use_elem(value);
                continue;
            }
            let Some(field) = fields.get(i) else {
                self.expr(elem, None);
                self.error_at(elem, format!("too many values in struct literal of type {name}"));
                break;
            };
            if !field.name.is_exported() && field.pkg != self.pkg {
                let message = format!(
                    "implicit assignment to unexported field {} in struct literal of type {name}",
                    field.name
                );
                self.expr(elem, None);
                self.error_at(elem, message);
                continue;
            }
            self.field_value(elem, field.ty);
        }
        if elems.len() < fields.len() {
            let foreign = fields.iter().any(|f| !f.name.is_exported() && f.pkg != self.pkg);
            let hint = if foreign { " (type has unexported fields - use key:value pairs)" } else { "" };
            self.error(rbrace, format!("too few values in struct literal of type {name}{hint}"));
        }
    }

    fn keyed_struct_lit(&mut self, ty: TypeId, fields: &[Field], elems: &[ExprId]) {
        let mut seen: Vec<Arc<[u32]>> = Vec::with_capacity(elems.len());
        for &elem in elems {
            let ExprKind::KeyValue { key, value } = self.tree[elem].kind else {
                self.error_at(elem, "mixture of field:value and value elements in struct literal");
                self.use_elem(elem);
                continue;
            };
            let ExprKind::Name(name) = self.tree[key].kind else {
                let text = self.es(key);
                self.error_at(elem, format!("invalid field name {text} in struct literal"));
                self.use_elem(value);
                continue;
            };
            let Some((path, field_ty)) = self.literal_field(ty, fields, key, name) else {
                self.use_elem(value);
                continue;
            };
            let selection = Selection {
                kind: SelectionKind::Field,
                recv: ty,
                path: path.clone(),
                indirect: false,
                ty: field_ty,
            };
            self.facts().selections.insert(key, selection);
            if seen.contains(&path) {
                self.error_at(elem, format!("duplicate field name {name} in struct literal"));
            } else if let Some(other) = seen.iter().find(|s| s.starts_with(&path) || path.starts_with(s)) {
                let (this, before) =
                    (self.field_name(fields, &path), self.field_name(fields, &other.clone()));
                let message = if path.len() > other.len() {
                    format!("cannot specify promoted field {this} and enclosing embedded field {before}")
                } else {
                    format!("cannot specify embedded field {this} and enclosed promoted field {before}")
                };
                self.error_at(elem, message);
            }
            seen.push(path);
            self.field_value(value, field_ty);
        }
    }

    /// `Inner.field`, the way to a promoted field.
    fn field_path(&mut self, fields: &[Field], path: &[u32]) -> String {
        let names: Vec<String> =
            (1..=path.len()).map(|n| self.field_name(fields, &path[..n]).to_string()).collect();
        names.join(".")
    }

    fn field_name(&mut self, fields: &[Field], path: &[u32]) -> Name {
        let Some(field) = path.first().and_then(|&i| fields.get(i as usize)) else { return Name::EMPTY };
        if path.len() == 1 {
            return field.name;
        }
        let inner = self.c.store.pointer_elem(field.ty).unwrap_or(field.ty);
        match self.c.store.underlying_kind(inner).clone() {
            TypeKind::Struct(inner) => self.field_name(&inner, &path[1..]),
            _ => Name::EMPTY,
        }
    }

    /// The field that a key of a struct literal means; since go1.27 it may be promoted from an embedded struct.
    fn literal_field(
        &mut self,
        ty: TypeId,
        fields: &[Field],
        key: ExprId,
        name: Name,
    ) -> Option<(Arc<[u32]>, TypeId)> {
        let visible =
            |f: &Field| f.name == name && !name.is_blank() && (name.is_exported() || f.pkg == self.pkg);
        if let Some(i) = fields.iter().position(visible) {
            return Some((Arc::from([i as u32]), fields[i].ty));
        }
        let struct_name = self.ts(ty);
        if let Lookup::Field { path, ty: field_ty, indirect } =
            self.c.store.lookup_field_or_method(ty, self.pkg, name)
        {
            let pos = self.tree.start(key);
            let field = self.field_path(fields, &path);
            let what = format!("use of promoted field {field} in struct literal of type {struct_name}");
            if !self.require((1, 27), pos, |_| what) {
                return None;
            }
            if indirect {
                self.error_at(key, format!("invalid implicit pointer indirection to reach {name}"));
                return None;
            }
            return Some((path, field_ty));
        }
        let pkg = self.pkg;
        let near = self.c.store.lookup_ignoring_case(ty, name, pkg);
        let near = near.filter(|n| n.is_field && !name.is_blank());
        let message = match near.and_then(|n| Some((n.name, n.kind(name, pkg)?))) {
            Some((_, Miss::Inaccessible)) => {
                format!("cannot refer to unexported field {name} in struct literal of type {struct_name}")
            }
            Some((other, Miss::Misspelled)) => {
                format!("unknown field {name} in struct literal of type {struct_name}, but does have {other}")
            }
            Some((other, Miss::Unexported)) => format!(
                "unknown field {name} in struct literal of type {struct_name}, but does have unexported {other}"
            ),
            None => format!("unknown field {name} in struct literal of type {struct_name}"),
        };
        self.error_at(key, message);
        None
    }

    /// Elements of an array or slice literal; the length that they need.
    fn indexed_elems(&mut self, elems: &[ExprId], elem: TypeId, len: Option<u64>) -> u64 {
        let (mut next, mut max) = (0u64, 0u64);
        let mut seen: FxHashSet<u64> = FxHashSet::default();
        let mut keyed = false;
        for &e in elems {
            let mut valid = true;
            let value = match self.tree[e].kind {
                ExprKind::KeyValue { key, value } => {
                    if !keyed {
                        // Indices were consecutive so far.
                        seen.extend(0..next);
                        keyed = true;
                    }
                    valid = match self.literal_index(key, len) {
                        Some(index) => {
                            next = index;
                            true
                        }
                        None => false,
                    };
                    value
                }
                _ => {
                    if len.is_some_and(|len| next >= len) {
                        let len = len.unwrap_or(0);
                        self.error_at(e, format!("index {next} is out of bounds (>= {len})"));
                        valid = false;
                    }
                    e
                }
            };
            if valid && keyed && !seen.insert(next) {
                self.error_at(e, format!("duplicate index {next} in array or slice literal"));
            }
            next = next.saturating_add(1);
            max = max.max(next);
            self.elem_value(value, elem, "array or slice literal");
        }
        max
    }

    fn literal_index(&mut self, key: ExprId, len: Option<u64>) -> Option<u64> {
        let mut x = self.expr(key, None);
        if !self.valid_index(&mut x, "index", false) {
            return None;
        }
        let Some(index) = x.constant().and_then(Value::as_u64) else {
            if !x.is_const() {
                let text = self.es(key);
                self.error_at(key, format!("index {text} must be integer constant"));
            }
            return None;
        };
        if let Some(len) = len
            && index >= len
        {
            self.error_at(key, format!("invalid argument: index {index} out of bounds [0:{len}]"));
            return None;
        }
        Some(index)
    }

    fn map_lit(&mut self, elems: &[ExprId], key_ty: TypeId, value_ty: TypeId) {
        let mut seen: FxHashSet<(Key, TypeId)> = FxHashSet::default();
        let by_type = self.c.store.is_interface(key_ty);
        let of_param = self.c.store.is_type_param(key_ty);
        for &e in elems {
            let ExprKind::KeyValue { key, value } = self.tree[e].kind else {
                self.error_at(e, "missing key in map literal");
                self.use_elem(e);
                continue;
            };
            let hint = matches!(self.tree[key].kind, ExprKind::Composite { ty: None, .. }).then_some(key_ty);
            let mut k = if hint.is_some() { self.expr(key, hint) } else { self.generic_expr(key) };
            let untyped = k.ty;
            self.assignment(&mut k, Some(key_ty), "map literal");
            if k.is_invalid() {
                // What stands beside a wrong key is not looked at.
                continue;
            }
            if let Some(v) = k.constant().filter(|v| !v.is_unknown()) {
                let exact = v.key();
                let ty = if by_type { self.c.store.canonical(k.ty) } else { TypeId::INVALID };
                if !seen.insert((exact, ty)) {
                    let v = v.clone();
                    let shown = self.constant_string(&v, if of_param { untyped } else { k.ty });
                    self.error_at(key, format!("duplicate key {shown} in map literal"));
                }
            }
            self.elem_value(value, value_ty, "map literal");
        }
    }
}
