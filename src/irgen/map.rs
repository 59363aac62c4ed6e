//! Maps: lookups, assignments, literals, through package runtime, which finds elements by address.

use ir::{Aux, Op, Type, Value};
use syntax::ast::ExprId;
use types::{TypeId, TypeKind};

use crate::func::FuncGen;

impl FuncGen<'_, '_, '_> {
    /// The descriptor of a map type, as an argument.
    pub fn map_descriptor(&mut self, ty: TypeId) -> Value {
        self.g.map_used(ty);
        let rtype = self.rtype(ty);
        self.g.needs(Op::RTypeAddr);
        self.op_value(Op::RTypeAddr, Type::PTR, vec![], Aux::RType(rtype))
    }

    fn map_parts(&mut self, ty: TypeId) -> (TypeId, TypeId) {
        match self.g.under(ty) {
            TypeKind::Map { key, value } => (self.g.canonical(key), self.g.canonical(value)),
            _ => (ty, ty),
        }
    }

    /// Address of the element, null if it is missing.
    fn map_find(&mut self, map: Value, ty: TypeId, key: Value) -> Value {
        let descriptor = self.map_descriptor(ty);
        let slot = self.temp_with(key);
        self.rt1("runtime.mapaccess", Type::PTR, [descriptor, map, slot])
    }

    /// A key that is looked for and not kept.
    fn passing_key(&mut self, key: ExprId, ty: TypeId) -> Value {
        if self.g.is_interface(ty) { self.expr_as(key, ty) } else { self.passing_string(key, &[]) }
    }

    /// `m[k]` and whether it is there.
    pub fn map_lookup(&mut self, map: Value, ty: TypeId, key: ExprId) -> (Value, Value) {
        let (key_ty, value_ty) = self.map_parts(ty);
        let key = self.passing_key(key, key_ty);
        let found = self.map_find(map, ty, key);
        let missing = self.is_null(found);
        let value = self.load_found(found, missing, value_ty);
        let present = self.not(missing);
        (value, present)
    }

    /// `m[k]`
    pub fn map_load(&mut self, map: Value, ty: TypeId, value_ty: TypeId, key: ExprId) -> Value {
        let (key_ty, _) = self.map_parts(ty);
        let key = self.passing_key(key, key_ty);
        let found = self.map_find(map, ty, key);
        let missing = self.is_null(found);
        self.load_found(found, missing, value_ty)
    }

    /// `m[k]` with the key's value at hand.
    pub fn map_load_key(&mut self, map: Value, ty: TypeId, key: Value) -> Value {
        let (_, value_ty) = self.map_parts(ty);
        let found = self.map_find(map, ty, key);
        let missing = self.is_null(found);
        self.load_found(found, missing, value_ty)
    }

    fn load_found(&mut self, found: Value, missing: Value, ty: TypeId) -> Value {
        let repr = self.repr(ty);
        if self.g.program.types.size(repr) == 0 {
            return self.zero(repr);
        }
        let slot = self.alloc(repr);
        let (hit, done) = (self.new_block(), self.new_block());
        self.br(missing, done, hit);
        self.enter(hit);
        let value = self.load(repr, found);
        self.store(slot, value);
        self.jump(done);
        self.enter(done);
        self.load(repr, slot)
    }

    /// `m[k] = v`
    pub fn map_store(&mut self, map: Value, ty: TypeId, key: Value, value: Value) {
        let descriptor = self.map_descriptor(ty);
        let slot = self.temp_with(key);
        let elem = self.rt1("runtime.mapassign", Type::PTR, [descriptor, map, slot]);
        self.store_place(elem, value);
    }

    /// `make(map[K]V, hint)`
    pub fn make_map(&mut self, ty: TypeId, hint: Value) -> Value {
        let descriptor = self.map_descriptor(ty);
        self.rt1("runtime.makemap", Type::PTR, [descriptor, hint])
    }
}
