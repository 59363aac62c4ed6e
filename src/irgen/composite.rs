//! Composite literals: as values where they are small, else built in memory; constant parts become data.

use ir::{GlobalId, Intrinsic, Op, Value, Values};
use syntax::ast::{ExprId, ExprKind};
use types::{TypeId, TypeKind};

use crate::func::FuncGen;
use crate::statics::Source;

/// Literals of more parts are built in memory.
const VALUE_PARTS: u64 = 8;
/// Constant literals of at least this many bytes are copied from read-only data.
const DATA_BYTES: u64 = 32;

impl<'u> FuncGen<'_, '_, 'u> {
    pub fn source(&self) -> Source<'u> {
        Source { tree: self.tree, info: self.info }
    }

    /// The value of a composite literal.
    pub fn composite_value(&mut self, e: ExprId) -> Value {
        let ty = self.ty(e);
        self.composite_of(e, ty)
    }

    fn composite_of(&mut self, e: ExprId, ty: TypeId) -> Value {
        match self.g.under(ty) {
            TypeKind::Struct(fields)
                if fields.len() as u64 <= VALUE_PARTS && !self.source().has_promoted(e) =>
            {
                let repr = self.repr(ty);
                let mut parts = vec![None; fields.len()];
                for (index, value) in self.struct_elems(e, &fields) {
                    let field_ty = self.g.canonical(fields[index].ty);
                    let value = self.elem_value(value, field_ty);
                    // A blank field stays zero.
                    if !fields[index].name.is_blank() {
                        parts[index] = Some(value);
                    }
                }
                if parts.iter().all(Option::is_none) {
                    return self.zero(repr);
                }
                let parts: Values = parts
                    .into_iter()
                    .zip(fields.iter())
                    .map(|(part, field)| match part {
                        Some(value) => value,
                        None => {
                            let ty = self.g.canonical(field.ty);
                            self.zero_of(ty)
                        }
                    })
                    .collect();
                self.aggregate(repr, parts)
            }
            TypeKind::Slice(elem) => self.slice_literal(e, elem),
            TypeKind::Map { .. } => self.map_literal(e, ty),
            // `&T{...}` with the type left out
            TypeKind::Pointer(elem) => {
                let elem = self.g.canonical(elem);
                let repr = self.repr(elem);
                let object = self.alloc(repr);
                self.composite_into(e, elem, object);
                object
            }
            _ => {
                let repr = self.repr(ty);
                let slot = self.alloc(repr);
                self.composite_into(e, ty, slot);
                self.load_place(slot, ty)
            }
        }
    }

    /// Builds a literal in zeroed memory that nothing else refers to.
    pub fn composite_into(&mut self, e: ExprId, ty: TypeId, addr: Value) {
        let repr = self.repr(ty);
        let size = self.g.program.types.size(repr);
        if size >= DATA_BYTES
            && let Some(global) = self.constant_composite_of(e, ty)
        {
            let from = self.b().global(global);
            let size = self.word_const(size as i64);
            self.b().intrinsic_effect(Intrinsic::Memcpy, [addr, from, size]);
            return;
        }
        match self.g.under(ty) {
            TypeKind::Struct(_) if self.source().has_promoted(e) => self.promoted_into(e, ty, addr),
            TypeKind::Struct(fields) => {
                for (index, value) in self.struct_elems(e, &fields) {
                    let field_ty = self.g.canonical(fields[index].ty);
                    if fields[index].name.is_blank() {
                        self.elem_value(value, field_ty);
                        continue;
                    }
                    let place = self.field_addr(repr, addr, index as u32);
                    self.elem_into(value, field_ty, place);
                }
            }
            TypeKind::Array { elem, .. } => {
                let elem = self.g.canonical(elem);
                self.array_elems_into(e, elem, addr);
            }
            _ => {
                let value = self.composite_of(e, ty);
                self.store_place(addr, value);
            }
        }
    }

    /// A struct literal with keys that are fields of embedded structs.
    fn promoted_into(&mut self, e: ExprId, ty: TypeId, addr: Value) {
        let ExprKind::Composite { elems, .. } = self.tree[e].kind else { return };
        for &elem in self.tree.exprs(elems) {
            let ExprKind::KeyValue { value, .. } = self.tree[elem].kind else { continue };
            let (mut place, mut place_ty) = (addr, ty);
            for &index in self.source().field_path(elem) {
                let TypeKind::Struct(fields) = self.g.under(place_ty) else { break };
                let repr = self.repr(place_ty);
                place = self.field_addr(repr, place, index);
                place_ty = self.g.canonical(fields[index as usize].ty);
            }
            self.elem_into(value, place_ty, place);
        }
    }

    fn array_elems_into(&mut self, e: ExprId, elem: TypeId, addr: Value) {
        let repr = self.repr(elem);
        for (index, value) in self.source().array_elems(e) {
            let index = self.word_const(index as i64);
            let place = self.b().elem_addr(repr, addr, index);
            self.elem_into(value, elem, place);
        }
    }

    /// An element or field in place.
    fn elem_into(&mut self, e: ExprId, ty: TypeId, addr: Value) {
        if let ExprKind::Composite { .. } = self.tree[e].kind
            && self.ty(e) == ty
            && matches!(self.g.under(ty), TypeKind::Struct(_) | TypeKind::Array { .. })
        {
            return self.composite_into(e, ty, addr);
        }
        let value = self.elem_value(e, ty);
        self.store_place(addr, value);
    }

    /// The value of an element, which may be a literal without a type.
    fn elem_value(&mut self, e: ExprId, ty: TypeId) -> Value {
        if let ExprKind::Composite { ty: None, .. } = self.tree[e].kind {
            let pos = self.tree[e].pos;
            self.at(pos);
            return self.composite_of(e, ty);
        }
        self.expr_as(e, ty)
    }

    /// Fields given in a struct literal: index and value, in source order.
    fn struct_elems(&mut self, e: ExprId, fields: &[types::Field]) -> Vec<(usize, ExprId)> {
        self.source().struct_elems(e, fields)
    }

    fn slice_literal(&mut self, e: ExprId, elem: TypeId) -> Value {
        let elem = self.g.canonical(elem);
        let elems = self.source().array_elems(e);
        let len = elems.iter().map(|(i, _)| i + 1).max().unwrap_or(0);
        let repr = self.repr(elem);
        let array = self.g.program.types.array(repr, len);
        let object = self.alloc(array);
        let size = self.g.program.types.size(array);
        let source = self.source();
        let data = if size >= DATA_BYTES {
            let env = self.env.clone();
            self.g.static_array(source, &env, e, elem, len, false)
        } else {
            None
        };
        match data {
            Some(data) => {
                let global = self.g.constant(&self.g.owned_name("data"), array, data);
                let from = self.b().global(global);
                let size = self.word_const(size as i64);
                self.b().intrinsic_effect(Intrinsic::Memcpy, [object, from, size]);
            }
            None => self.array_elems_into(e, elem, object),
        }
        let len = self.int_const(len as i64);
        self.make_slice(object, len, len)
    }

    fn map_literal(&mut self, e: ExprId, ty: TypeId) -> Value {
        let TypeKind::Map { key, value } = self.g.under(ty) else { return self.null() };
        let (key_ty, value_ty) = (self.g.canonical(key), self.g.canonical(value));
        let ExprKind::Composite { elems, .. } = self.tree[e].kind else { return self.null() };
        let elems = self.tree.exprs(elems);
        let hint = self.int_const(elems.len() as i64);
        let map = self.make_map(ty, hint);
        if elems.len() > VALUE_PARTS as usize && self.map_table(map, ty, elems, key_ty, value_ty) {
            return map;
        }
        for &entry in elems {
            let ExprKind::KeyValue { key, value } = self.tree[entry].kind else { continue };
            let key = self.elem_value(key, key_ty);
            let value = self.elem_value(value, value_ty);
            self.map_store(map, ty, key, value);
        }
        map
    }

    /// Fills a map with constant entries in a loop over a table.
    fn map_table(&mut self, map: Value, ty: TypeId, elems: &[ExprId], key: TypeId, value: TypeId) -> bool {
        let source = self.source();
        let env = self.env.clone();
        let mut rows = Vec::new();
        for &entry in elems {
            let ExprKind::KeyValue { key: k, value: v } = self.tree[entry].kind else { return false };
            let Some(k) = self.g.static_data(source, &env, k, key, false) else { return false };
            let Some(v) = self.g.static_data(source, &env, v, value, false) else { return false };
            rows.push(ir::Const::Aggregate(vec![k, v]));
        }
        let (key_repr, value_repr) = (self.repr(key), self.repr(value));
        let row = self.g.program.types.structure(&[key_repr, value_repr]);
        let len = rows.len() as i64;
        let table = self.g.program.types.array(row, len as u64);
        let global = self.g.constant(&self.g.owned_name("data"), table, ir::Const::Aggregate(rows));
        let word = self.word();
        let counter = self.alloc(word);
        let (head, body, done) = (self.new_block(), self.new_block(), self.new_block());
        self.jump(head);
        self.enter(head);
        let i = self.load(word, counter);
        let end = self.word_const(len);
        let more = self.b().icmp(ir::Cond::Ult, i, end);
        self.br(more, body, done);
        self.enter(body);
        let base = self.b().global(global);
        let entry = self.b().elem_addr(row, base, i);
        let k = self.field_addr(row, entry, 0);
        let k = self.load_place(k, key);
        let v = self.field_addr(row, entry, 1);
        let v = self.load_place(v, value);
        self.map_store(map, ty, k, v);
        let one = self.word_const(1);
        let next = self.b().binary(Op::Add, i, one);
        self.store(counter, next);
        self.jump(head);
        self.enter(done);
        true
    }

    /// Read-only data that equals a composite literal, if its parts are constant.
    pub fn constant_composite(&mut self, e: ExprId) -> Option<GlobalId> {
        let e = self.tree.unparen(e);
        let ExprKind::Composite { .. } = self.tree[e].kind else { return None };
        let ty = self.ty(e);
        self.constant_composite_of(e, ty)
    }

    fn constant_composite_of(&mut self, e: ExprId, ty: TypeId) -> Option<GlobalId> {
        let (source, env) = (self.source(), self.env.clone());
        let data = self.g.static_data(source, &env, e, ty, false)?;
        let repr = self.repr(ty);
        Some(self.g.constant(&self.g.owned_name("data"), repr, data))
    }
}
