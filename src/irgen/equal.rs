//! Equality and hash functions of types whose values cannot be compared byte by byte.

use ir::{FuncId, Op, Signature, Type, Value};
use types::{Basic, TypeId, TypeKind};

use crate::arith::Num;
use crate::func::FuncGen;
use crate::method::build_plain;
use crate::program::Gen;

impl Gen<'_> {
    /// `func(a, b ptr) i1`; none if comparing the bytes does.
    pub fn equal_func(&mut self, ty: TypeId) -> Option<FuncId> {
        if self.plain_memory(ty) {
            return None;
        }
        if let Some(name) = self.runtime_name(ty, "equal") {
            return self.runtime_func(&name);
        }
        let name = format!("({})$equal", self.type_key(ty));
        let sig = Signature { params: vec![Type::PTR, Type::PTR], results: vec![Type::I1] };
        Some(self.helper(name, sig, |g, func| {
            build_plain(g, func, |f| {
                let params = f.params();
                f.equal_body(ty, params[0], params[1]);
            })
        }))
    }

    /// `func(p ptr, seed word) word`; none if hashing the bytes does.
    pub fn hash_func(&mut self, ty: TypeId) -> Option<FuncId> {
        if self.plain_memory(ty) {
            return None;
        }
        if let Some(name) = self.runtime_name(ty, "hash") {
            return self.runtime_func(&name);
        }
        let word = self.word();
        let name = format!("({})$hash", self.type_key(ty));
        let sig = Signature { params: vec![Type::PTR, word], results: vec![word] };
        Some(self.helper(name, sig, |g, func| {
            build_plain(g, func, |f| {
                let params = f.params();
                f.hash_body(ty, params[0], params[1]);
            })
        }))
    }

    /// The runtime's function for strings, floats and interfaces.
    fn runtime_name(&mut self, ty: TypeId, what: &str) -> Option<String> {
        let stem = match self.under(ty) {
            TypeKind::Basic(Basic::String) => "str",
            TypeKind::Basic(Basic::Float32) => "f32",
            TypeKind::Basic(Basic::Float64) => "f64",
            TypeKind::Interface(_) if self.iface_methods(ty).is_empty() => "nilinter",
            TypeKind::Interface(_) => "inter",
            _ => return None,
        };
        Some(format!("runtime.{stem}{what}"))
    }

    /// The parts of a composite type: fields but blank ones, with their index.
    fn parts_of(&mut self, ty: TypeId) -> Vec<(u32, TypeId)> {
        match self.under(ty) {
            TypeKind::Struct(fields) => fields
                .iter()
                .enumerate()
                .filter(|(_, f)| !f.name.is_blank())
                .map(|(i, f)| (i as u32, self.canonical(f.ty)))
                .collect(),
            _ => Vec::new(),
        }
    }
}

impl FuncGen<'_, '_, '_> {
    fn equal_body(&mut self, ty: TypeId, p: Value, q: Value) {
        let different = self.new_block();
        let repr = self.repr(ty);
        match self.g.under(ty) {
            TypeKind::Array { elem, len } => {
                let elem = self.g.canonical(elem);
                self.each_element(elem, len, |f, at, i| {
                    let (a, b) = (f.elem_addr(at, p, i), f.elem_addr(at, q, i));
                    let equal = f.equal_at(elem, a, b);
                    let next = f.new_block();
                    f.br(equal, next, different);
                    f.enter(next);
                });
            }
            TypeKind::Struct(_) => {
                for (index, field) in self.g.parts_of(ty) {
                    let (a, b) = (self.field_addr(repr, p, index), self.field_addr(repr, q, index));
                    let simple = self.g.num(field) != Num::Other || self.repr(field) == Type::PTR;
                    let equal = if simple {
                        let (x, y) = (self.load_place(a, field), self.load_place(b, field));
                        self.equal(field, x, y)
                    } else {
                        self.equal_at(field, a, b)
                    };
                    let next = self.new_block();
                    self.br(equal, next, different);
                    self.enter(next);
                }
            }
            _ => {
                // Complex numbers.
                let (a, b) = (self.load(repr, p), self.load(repr, q));
                let equal = self.equal(ty, a, b);
                let next = self.new_block();
                self.br(equal, next, different);
                self.enter(next);
            }
        }
        let yes = self.bool_const(true);
        self.b().ret([yes]);
        self.enter(different);
        let no = self.bool_const(false);
        self.b().ret([no]);
    }

    fn hash_body(&mut self, ty: TypeId, p: Value, seed: Value) {
        let word = self.word();
        let repr = self.repr(ty);
        let state = self.alloc(word);
        self.store(state, seed);
        match self.g.under(ty) {
            TypeKind::Array { elem, len } => {
                let elem = self.g.canonical(elem);
                self.each_element(elem, len, |f, at, i| {
                    let addr = f.elem_addr(at, p, i);
                    f.hash_part(elem, addr, state);
                });
            }
            TypeKind::Struct(_) => {
                for (index, field) in self.g.parts_of(ty) {
                    let addr = self.field_addr(repr, p, index);
                    self.hash_part(field, addr, state);
                }
            }
            _ => {
                let part = if self.part_type(repr, 0) == Type::F32 { Basic::Float32 } else { Basic::Float64 };
                for index in 0..2 {
                    let addr = self.field_addr(repr, p, index);
                    self.hash_part(part.id(), addr, state);
                }
            }
        }
        let hash = self.load(word, state);
        self.b().ret([hash]);
    }

    fn hash_part(&mut self, ty: TypeId, addr: Value, state: Value) {
        let word = self.word();
        let seed = self.load(word, state);
        let hash = match self.g.hash_func(ty) {
            Some(func) => self.call(func, [addr, seed]).first().copied().unwrap_or(seed),
            None => {
                let repr = self.repr(ty);
                let size = self.size_const(repr);
                self.rt1("runtime.memhash", word, [addr, seed, size])
            }
        };
        self.store(state, hash);
    }

    /// A loop over the elements of an array; `each` gets their machine type and the index.
    fn each_element(&mut self, elem: TypeId, len: u64, each: impl FnOnce(&mut Self, Type, Value)) {
        let repr = self.repr(elem);
        let word = self.word();
        let counter = self.alloc(word);
        let (head, body, done) = (self.new_block(), self.new_block(), self.new_block());
        self.jump(head);
        self.enter(head);
        let i = self.load(word, counter);
        let end = self.word_const(len as i64);
        let more = self.b().icmp(ir::Cond::Ult, i, end);
        self.br(more, body, done);
        self.enter(body);
        each(self, repr, i);
        let one = self.word_const(1);
        let next = self.b().binary(Op::Add, i, one);
        self.store(counter, next);
        self.jump(head);
        self.enter(done);
    }
}
