//! Run-time types: a description of every Go type that the program can see.

use ir::rtype::Kind;
use ir::{IMethod, RField, RMethod, RType, RTypeId, Type};
use rustc_hash::{FxHashMap, FxHashSet};
use syntax::ast::ChanDir;
use types::{Basic, MethodSetEntry, PackageId, Qualify, TypeId, TypeKind};

use crate::program::Gen;

#[derive(Default)]
pub(crate) struct RTypes {
    ids: FxHashMap<TypeId, RTypeId>,
    /// In order of their ids.
    types: Vec<TypeId>,
    names: FxHashSet<String>,
    /// Key types of maps.
    keys: FxHashSet<TypeId>,
    /// How many have been given what only the end of the worklist knows.
    equal_done: FxHashSet<TypeId>,
    hash_done: FxHashSet<TypeId>,
    calls_done: usize,
    reflected: usize,
}

impl Gen<'_> {
    /// The run-time type of a closed, canonical type.
    pub fn rtype(&mut self, ty: TypeId) -> RTypeId {
        if let Some(&id) = self.rtypes.ids.get(&ty) {
            return id;
        }
        let repr = self.repr(ty);
        let string = self.checker.store.type_string(ty, Qualify::Name);
        let path = self.checker.store.type_string(ty, Qualify::Path);
        let mut unique = path.clone();
        let mut n = 2;
        while !self.rtypes.names.insert(unique.clone()) {
            unique = format!("{path}#{n}");
            n += 1;
        }
        let plain = self.plain_memory(ty);
        let comparable = self.store().is_comparable(ty);
        let (name, pkg_path) = self.name_of(ty);
        let kind = self.kind_of(ty);
        let id = self.program.rtypes.push(RType {
            string,
            unique,
            kind,
            repr,
            name,
            pkg_path,
            comparable,
            elem: None,
            key: None,
            len: 0,
            dir: 0,
            fields: Vec::new(),
            params: Vec::new(),
            results: Vec::new(),
            variadic: false,
            imethods: Vec::new(),
            methods: Vec::new(),
            ptr_to: None,
            equal: None,
            hash: None,
            calls: None,
            plain_memory: plain,
            unnamed: false,
            unopened: false,
            unasked: false,
        });
        self.rtypes.ids.insert(ty, id);
        self.rtypes.types.push(ty);
        self.describe(ty, id);
        id
    }

    fn name_of(&mut self, ty: TypeId) -> (String, String) {
        match self.checker.store.kind(ty).clone() {
            TypeKind::Basic(basic) => {
                let name = basic.as_str();
                match name.strip_prefix("unsafe.") {
                    Some(name) => (name.to_owned(), "unsafe".to_owned()),
                    None => (name.to_owned(), String::new()),
                }
            }
            TypeKind::Named(_) => {
                let Some(named) = self.named(ty) else { return Default::default() };
                let object = self.checker.store.obj(named.obj).clone();
                let path = if object.pkg == PackageId::UNIVERSE {
                    String::new()
                } else {
                    self.link_path(object.pkg)
                };
                let mut name = object.name.to_string();
                if !named.targs.is_empty() {
                    let args: Vec<String> = named.targs.iter().map(|&t| self.type_name(t)).collect();
                    name = format!("{name}[{}]", args.join(","));
                }
                (name, path)
            }
            _ => Default::default(),
        }
    }

    fn kind_of(&mut self, ty: TypeId) -> Kind {
        match self.under(ty) {
            TypeKind::Basic(basic) => match basic {
                Basic::Bool | Basic::UntypedBool => Kind::Bool,
                Basic::Int | Basic::UntypedInt => Kind::Int,
                Basic::Int8 => Kind::Int8,
                Basic::Int16 => Kind::Int16,
                Basic::Int32 | Basic::UntypedRune => Kind::Int32,
                Basic::Int64 => Kind::Int64,
                Basic::Uint => Kind::Uint,
                Basic::Uint8 => Kind::Uint8,
                Basic::Uint16 => Kind::Uint16,
                Basic::Uint32 => Kind::Uint32,
                Basic::Uint64 => Kind::Uint64,
                Basic::Uintptr => Kind::Uintptr,
                Basic::Float32 => Kind::Float32,
                Basic::Float64 | Basic::UntypedFloat => Kind::Float64,
                Basic::Complex64 => Kind::Complex64,
                Basic::Complex128 | Basic::UntypedComplex => Kind::Complex128,
                Basic::String | Basic::UntypedString => Kind::String,
                Basic::UnsafePointer | Basic::UntypedNil | Basic::Invalid => Kind::UnsafePointer,
            },
            TypeKind::Pointer(_) => Kind::Pointer,
            TypeKind::Slice(_) => Kind::Slice,
            TypeKind::Array { .. } => Kind::Array,
            TypeKind::Map { .. } => Kind::Map,
            TypeKind::Chan { .. } => Kind::Chan,
            TypeKind::Signature(_) => Kind::Func,
            TypeKind::Interface(_) => Kind::Interface,
            _ => Kind::Struct,
        }
    }

    /// Fills in what a type consists of, which may refer back to it.
    fn describe(&mut self, ty: TypeId, id: RTypeId) {
        match self.under(ty) {
            TypeKind::Pointer(elem) => {
                let elem = self.canonical(elem);
                let elem = self.rtype(elem);
                self.program.rtypes[id].elem = Some(elem);
                if self.named(ty).is_none() {
                    self.program.rtypes[elem].ptr_to = Some(id);
                }
            }
            TypeKind::Slice(elem) => self.describe_elem(id, elem),
            TypeKind::Array { elem, len } => {
                self.describe_elem(id, elem);
                self.program.rtypes[id].len = len;
            }
            TypeKind::Chan { dir, elem } => {
                self.describe_elem(id, elem);
                self.program.rtypes[id].dir = match dir {
                    ChanDir::Recv => 1,
                    ChanDir::Send => 2,
                    ChanDir::Both => 3,
                };
            }
            TypeKind::Map { key, value } => {
                self.describe_elem(id, value);
                let key = self.canonical(key);
                // Who has the descriptor of a map finds the hash function of its keys there.
                self.rtypes.keys.insert(key);
                let key = self.rtype(key);
                self.program.rtypes[id].key = Some(key);
            }
            TypeKind::Struct(fields) => {
                let repr = self.repr(ty);
                let mut described = Vec::new();
                for (i, field) in fields.iter().enumerate() {
                    let field_ty = self.canonical(field.ty);
                    described.push(RField {
                        name: field.name.to_string(),
                        pkg_path: self.path_of(field.pkg),
                        ty: self.rtype(field_ty),
                        offset: self.program.types.field_offset(repr, i),
                        embedded: field.embedded,
                        tag: field.tag.to_string(),
                    });
                }
                self.program.rtypes[id].fields = described;
            }
            TypeKind::Signature(sig) => {
                let params = self.param_types(&sig.params).into_iter().map(|t| self.rtype(t)).collect();
                let results = self.param_types(&sig.results).into_iter().map(|t| self.rtype(t)).collect();
                let rtype = &mut self.program.rtypes[id];
                (rtype.params, rtype.results, rtype.variadic) = (params, results, sig.variadic);
            }
            TypeKind::Interface(_) => {
                let mut methods = Vec::new();
                for method in self.iface_methods(ty) {
                    let sig = self.canonical(method.sig);
                    methods.push(IMethod {
                        name: method.name.to_string(),
                        pkg_path: self.path_of(method.pkg),
                        ty: self.rtype(sig),
                    });
                }
                self.program.rtypes[id].imethods = methods;
            }
            _ => {}
        }
    }

    fn describe_elem(&mut self, id: RTypeId, elem: TypeId) {
        let elem = self.canonical(elem);
        let elem = self.rtype(elem);
        self.program.rtypes[id].elem = Some(elem);
    }

    fn path_of(&self, pkg: PackageId) -> String {
        if pkg == PackageId::UNIVERSE { String::new() } else { self.link_path(pkg) }
    }

    /// Lists the methods of a type that is converted to an interface.
    pub fn describe_methods(&mut self, ty: TypeId, set: &[MethodSetEntry]) {
        let id = self.rtype(ty);
        let mut methods = Vec::new();
        for entry in set {
            let sig = self.store().method_signature(&entry.lookup);
            let sig = self.canonical(sig);
            methods.push(RMethod {
                name: entry.name.to_string(),
                pkg_path: self.path_of(entry.pkg),
                ty: self.rtype(sig),
                code: None,
                expr: None,
            });
        }
        self.program.rtypes[id].methods = methods;
    }

    /// A map type is used: its keys are hashed and compared.
    pub fn map_used(&mut self, ty: TypeId) {
        if let TypeKind::Map { key, .. } = self.under(ty) {
            let key = self.canonical(key);
            self.rtypes.keys.insert(key);
            self.rtype(ty);
        }
    }

    /// Equality and hash functions of the types that need them so far. Returns whether there is new work.
    pub fn complete_rtypes(&mut self) -> bool {
        let mut any = false;
        if self.dispatch.reflects {
            while self.rtypes.reflected < self.rtypes.types.len() {
                let ty = self.rtypes.types[self.rtypes.reflected];
                self.rtypes.reflected += 1;
                if !self.is_interface(ty) {
                    self.converted_to_interface(ty);
                    // Reflection takes addresses, and finds the methods of the pointer in its descriptor.
                    // Structs without a name have methods by embedding.
                    if self.named(ty).is_some() || matches!(self.under(ty), TypeKind::Struct(_)) {
                        let pointer = self.store().pointer(ty);
                        let pointer = self.canonical(pointer);
                        if !self.store().method_set(pointer).is_empty() {
                            self.rtype(pointer);
                        }
                    }
                }
                any = true;
            }
        }
        if self.reflect_calls() {
            while self.rtypes.calls_done < self.rtypes.types.len() {
                let at = self.rtypes.calls_done;
                self.rtypes.calls_done += 1;
                let (ty, id) = (self.rtypes.types[at], RTypeId(at as u32));
                if self.program.rtypes[id].kind == Kind::Func {
                    self.program.rtypes[id].calls = self.func_calls(ty, id);
                    any = true;
                }
            }
        }
        let all_equal = self.is_reached("runtime.efaceeq");
        let all_hash = self.is_reached("runtime.nilinterhash");
        let mut at = 0;
        while at < self.rtypes.types.len() {
            let ty = self.rtypes.types[at];
            let id = RTypeId(at as u32);
            at += 1;
            let rtype: &RType = &self.program.rtypes[id];
            if !rtype.comparable || rtype.plain_memory {
                continue;
            }
            let key = self.rtypes.keys.contains(&ty);
            if (key || all_equal) && self.rtypes.equal_done.insert(ty) {
                let equal = self.equal_func(ty);
                self.program.rtypes[id].equal = equal;
                any = true;
            }
            if (key || all_hash) && self.rtypes.hash_done.insert(ty) {
                let hash = self.hash_func(ty);
                self.program.rtypes[id].hash = hash;
                any = true;
            }
        }
        any
    }

    /// Equal values of the type have equal bytes.
    pub fn plain_memory(&mut self, ty: TypeId) -> bool {
        match self.under(ty) {
            TypeKind::Basic(basic) => !(basic.is_float() || basic.is_complex() || basic.is_string()),
            TypeKind::Pointer(_) | TypeKind::Chan { .. } => true,
            TypeKind::Array { elem, .. } => self.plain_memory(elem),
            TypeKind::Struct(fields) => {
                let repr = self.repr(ty);
                let parts = self.program.types.fields(repr).to_vec();
                let used: u64 = parts.iter().map(|&part: &Type| self.program.types.size(part)).sum();
                used == self.program.types.size(repr)
                    && fields.iter().all(|f| !f.name.is_blank() && self.plain_memory(f.ty))
            }
            _ => false,
        }
    }
}
