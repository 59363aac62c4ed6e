//! Go types as irgen sees them: closed, canonical ids; their machine representation; small questions about them.

use std::sync::Arc;

use ir::{TargetLayout, Type};
use types::ty::NamedType;
use types::{Basic, Method, Param, Signature, Store, TypeId, TypeKind};

use crate::arith::Num;
use crate::func::Env;
use crate::program::Gen;

impl Gen<'_> {
    pub fn store(&mut self) -> &mut Store {
        &mut self.checker.store
    }

    pub fn target(&self) -> TargetLayout {
        self.program.types.target
    }

    pub fn word(&self) -> Type {
        self.target().word()
    }

    pub fn int(&self) -> Type {
        self.target().int()
    }

    pub fn canonical(&mut self, ty: TypeId) -> TypeId {
        self.store().canonical(ty)
    }

    /// A type with the type parameters of `env` replaced, canonical.
    pub fn close(&mut self, ty: TypeId, env: &Env) -> TypeId {
        let store = self.store();
        let ty = if env.params.is_empty() { ty } else { store.subst(ty, &env.params, &env.args) };
        store.canonical(ty)
    }

    /// The default type of an untyped constant's type; other types as they are.
    pub fn default_type(&mut self, ty: TypeId) -> TypeId {
        let basic = match self.store().kind(ty) {
            TypeKind::Basic(basic) => *basic,
            _ => return ty,
        };
        match basic {
            Basic::UntypedBool => Basic::Bool.id(),
            Basic::UntypedInt => Basic::Int.id(),
            Basic::UntypedRune => Basic::Int32.id(),
            Basic::UntypedFloat => Basic::Float64.id(),
            Basic::UntypedComplex => Basic::Complex128.id(),
            Basic::UntypedString => Basic::String.id(),
            Basic::UntypedNil => Basic::UnsafePointer.id(),
            _ => ty,
        }
    }

    pub fn underlying(&mut self, ty: TypeId) -> TypeId {
        let under = self.store().underlying(ty);
        self.store().canonical(under)
    }

    /// The kind of the underlying type.
    pub fn under(&mut self, ty: TypeId) -> TypeKind {
        self.store().underlying_kind(ty).clone()
    }

    pub fn any_type(&mut self) -> TypeId {
        let any = self.store().any;
        self.canonical(any)
    }

    pub fn is_interface(&mut self, ty: TypeId) -> bool {
        matches!(self.store().underlying_kind(ty), TypeKind::Interface(_))
    }

    pub fn is_unsafe_pointer(&mut self, ty: TypeId) -> bool {
        matches!(self.under(ty), TypeKind::Basic(Basic::UnsafePointer))
    }

    /// Pointers, `unsafe.Pointer` included.
    pub fn is_address(&mut self, ty: TypeId) -> bool {
        matches!(self.under(ty), TypeKind::Pointer(_) | TypeKind::Basic(Basic::UnsafePointer))
    }

    pub fn named(&mut self, ty: TypeId) -> Option<NamedType> {
        self.store().named(ty).cloned()
    }

    /// Methods of an interface type in sorted order.
    pub fn iface_methods(&mut self, ty: TypeId) -> Vec<Method> {
        self.store().type_set(ty).methods.to_vec()
    }

    /// The signature that a function type is, or that underlies a defined one.
    pub fn signature(&mut self, ty: TypeId) -> Option<Arc<Signature>> {
        match self.under(ty) {
            TypeKind::Signature(sig) => Some(sig),
            _ => None,
        }
    }

    /// What kind of number a basic type is.
    pub fn num(&mut self, ty: TypeId) -> Num {
        let TypeKind::Basic(basic) = self.store().underlying_kind(ty) else { return Num::Other };
        match *basic {
            Basic::UnsafePointer | Basic::Invalid | Basic::UntypedNil => Num::Other,
            b if b.is_boolean() => Num::Bool,
            b if b.is_integer() => Num::Int { signed: !b.is_unsigned() },
            b if b.is_float() => Num::Float,
            b if b.is_complex() => Num::Complex,
            _ => Num::String,
        }
    }

    pub fn is_unsigned(&mut self, ty: TypeId) -> bool {
        self.num(ty) == Num::Int { signed: false }
    }

    /// How a value of a Go type looks in memory and registers.
    pub fn repr(&mut self, ty: TypeId) -> Type {
        if let Some(&repr) = self.reprs.get(&ty) {
            return repr;
        }
        let repr = self.compute_repr(ty);
        self.reprs.insert(ty, repr);
        repr
    }

    fn compute_repr(&mut self, ty: TypeId) -> Type {
        if self.store().is_align64(ty) {
            return self.program.types.align64();
        }
        match self.under(ty) {
            TypeKind::Basic(basic) => self.basic_repr(basic),
            TypeKind::Pointer(_) | TypeKind::Map { .. } | TypeKind::Chan { .. } | TypeKind::Signature(_) => {
                Type::PTR
            }
            TypeKind::Slice(_) => self.program.types.slice(),
            TypeKind::Interface(_) => self.program.types.iface(),
            TypeKind::Array { elem, len } => {
                let elem = self.repr(elem);
                self.program.types.array(elem, len)
            }
            TypeKind::Struct(fields) => {
                let fields: Vec<Type> = fields.iter().map(|f| self.repr(f.ty)).collect();
                self.program.types.structure(&fields)
            }
            TypeKind::Tuple(parts) => {
                let parts: Vec<Type> = parts.iter().map(|&p| self.repr(p)).collect();
                self.program.types.structure(&parts)
            }
            // A type parameter or an invalid type: the checker has reported it, or `close` was forgotten.
            _ => self.program.types.structure(&[]),
        }
    }

    fn basic_repr(&mut self, basic: Basic) -> Type {
        match basic {
            Basic::Bool | Basic::UntypedBool => Type::I1,
            Basic::Int8 | Basic::Uint8 => Type::I8,
            Basic::Int16 | Basic::Uint16 => Type::I16,
            Basic::Int32 | Basic::Uint32 | Basic::UntypedRune => Type::I32,
            Basic::Int64 | Basic::Uint64 => Type::I64,
            Basic::Int | Basic::Uint | Basic::UntypedInt => self.int(),
            Basic::Uintptr => self.word(),
            Basic::Float32 => Type::F32,
            Basic::Float64 | Basic::UntypedFloat => Type::F64,
            Basic::Complex64 => self.program.types.structure(&[Type::F32, Type::F32]),
            Basic::Complex128 | Basic::UntypedComplex => {
                self.program.types.structure(&[Type::F64, Type::F64])
            }
            Basic::String | Basic::UntypedString => self.program.types.string(),
            Basic::UnsafePointer | Basic::UntypedNil => Type::PTR,
            Basic::Invalid => self.program.types.structure(&[]),
        }
    }

    pub fn param_types(&mut self, params: &[Param]) -> Vec<TypeId> {
        params.iter().map(|p| self.canonical(p.ty)).collect()
    }

    /// Machine signature of a function type, with an optional receiver first.
    pub fn machine_signature(&mut self, recv: Option<TypeId>, sig: &Signature) -> ir::Signature {
        let mut params: Vec<Type> = recv.map(|ty| self.repr(ty)).into_iter().collect();
        for param in sig.params.iter() {
            let ty = self.canonical(param.ty);
            params.push(self.repr(ty));
        }
        let results = sig.results.iter().map(|r| r.ty).collect::<Vec<_>>();
        let results = results
            .into_iter()
            .map(|ty| {
                let ty = self.canonical(ty);
                self.repr(ty)
            })
            .collect();
        ir::Signature { params, results }
    }

    /// A machine type as the text form writes it, for messages.
    pub fn type_text(&self, ty: Type) -> String {
        ir::text::print_type(&self.program.types, ty)
    }
}
