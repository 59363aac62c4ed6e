//! The universe block and package unsafe: predeclared types, constants, nil, built-in functions.

use crate::constant::Value;
use crate::object::{ObjId, ObjKind, Object};
use crate::package::PackageId;
use crate::store::Store;
use crate::ty::*;
use source::{Name, Pos};
use std::sync::Arc;

/// The built-in functions, those of package unsafe included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Builtin {
    Append,
    Cap,
    Clear,
    Close,
    Complex,
    Copy,
    Delete,
    Imag,
    Len,
    Make,
    Max,
    Min,
    New,
    Panic,
    Print,
    Println,
    Real,
    Recover,
    UnsafeAdd,
    UnsafeAlignof,
    UnsafeOffsetof,
    UnsafeSizeof,
    UnsafeSlice,
    UnsafeSliceData,
    UnsafeString,
    UnsafeStringData,
}

/// Name, fewest arguments, whether more may follow, whether a call may stand as a statement, in package unsafe.
const BUILTINS: &[(Builtin, &str, usize, bool, bool, bool)] = &[
    (Builtin::Append, "append", 1, true, false, false),
    (Builtin::Cap, "cap", 1, false, false, false),
    (Builtin::Clear, "clear", 1, false, true, false),
    (Builtin::Close, "close", 1, false, true, false),
    (Builtin::Complex, "complex", 2, false, false, false),
    (Builtin::Copy, "copy", 2, false, true, false),
    (Builtin::Delete, "delete", 2, false, true, false),
    (Builtin::Imag, "imag", 1, false, false, false),
    (Builtin::Len, "len", 1, false, false, false),
    (Builtin::Make, "make", 1, true, false, false),
    (Builtin::Max, "max", 1, true, false, false),
    (Builtin::Min, "min", 1, true, false, false),
    (Builtin::New, "new", 1, false, false, false),
    (Builtin::Panic, "panic", 1, false, true, false),
    (Builtin::Print, "print", 0, true, true, false),
    (Builtin::Println, "println", 0, true, true, false),
    (Builtin::Real, "real", 1, false, false, false),
    (Builtin::Recover, "recover", 0, false, true, false),
    (Builtin::UnsafeAdd, "Add", 2, false, false, true),
    (Builtin::UnsafeAlignof, "Alignof", 1, false, false, true),
    (Builtin::UnsafeOffsetof, "Offsetof", 1, false, false, true),
    (Builtin::UnsafeSizeof, "Sizeof", 1, false, false, true),
    (Builtin::UnsafeSlice, "Slice", 2, false, false, true),
    (Builtin::UnsafeSliceData, "SliceData", 1, false, false, true),
    (Builtin::UnsafeString, "String", 2, false, false, true),
    (Builtin::UnsafeStringData, "StringData", 1, false, false, true),
];

impl Builtin {
    fn row(self) -> &'static (Builtin, &'static str, usize, bool, bool, bool) {
        &BUILTINS[self as usize]
    }

    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// The fewest arguments, and whether there may be more.
    pub(crate) fn arity(self) -> (usize, bool) {
        (self.row().2, self.row().3)
    }

    /// Whether a call may stand as a statement (specification: "Expression statements").
    pub(crate) fn is_statement(self) -> bool {
        self.row().4
    }

    pub fn in_unsafe(self) -> bool {
        self.row().5
    }
}

fn predeclare(store: &mut Store, name: &str, ty: TypeId, kind: ObjKind) -> ObjId {
    let name = Name::new(name);
    let object = Object { name, pos: Pos::NONE, pkg: PackageId::UNIVERSE, ty, kind };
    let obj = store.add_object(object);
    store.universe.insert(name, obj);
    obj
}

fn alias(store: &mut Store, name: &str, target: TypeId) -> TypeId {
    let obj = predeclare(store, name, TypeId::INVALID, ObjKind::TypeName);
    let ty = store.new_alias(obj, target);
    store.obj_mut(obj).ty = ty;
    ty
}

fn named(store: &mut Store, name: &str, interface: Interface) -> TypeId {
    let obj = predeclare(store, name, TypeId::INVALID, ObjKind::TypeName);
    let ty = store.new_named(obj);
    store.obj_mut(obj).ty = ty;
    let rhs = store.intern(TypeKind::Interface(Arc::new(interface)));
    if let Some(named) = store.named_mut(ty) {
        named.rhs = rhs;
    }
    ty
}

pub(crate) fn declare(store: &mut Store) {
    for &basic in Basic::ALL {
        if basic != Basic::Invalid && !basic.is_untyped() && basic != Basic::UnsafePointer {
            predeclare(store, basic.as_str(), basic.id(), ObjKind::TypeName);
        }
    }
    store.byte = alias(store, "byte", Basic::Uint8.id());
    store.rune = alias(store, "rune", Basic::Int32.id());
    let empty =
        Interface { methods: Arc::default(), embeds: Arc::default(), implicit: false, comparable: false };
    store.empty_interface = store.intern(TypeKind::Interface(Arc::new(empty.clone())));
    store.empty_tuple = store.tuple(&[]);
    store.any = alias(store, "any", store.empty_interface);
    store.comparable = named(store, "comparable", Interface { comparable: true, ..empty.clone() });

    let result = Param { name: Name::EMPTY, ty: Basic::String.id() };
    let sig = Signature {
        type_params: Arc::default(),
        params: Arc::default(),
        results: Arc::from([result]),
        variadic: false,
    };
    let sig = store.intern(TypeKind::Signature(Arc::new(sig)));
    let error = Method { name: Name::new("Error"), pkg: PackageId::UNIVERSE, sig, pos: At::default() };
    store.error = named(store, "error", Interface { methods: Arc::from([error]), ..empty });

    predeclare(store, "true", Basic::UntypedBool.id(), ObjKind::Const(Value::Bool(true)));
    predeclare(store, "false", Basic::UntypedBool.id(), ObjKind::Const(Value::Bool(false)));
    predeclare(store, "iota", Basic::UntypedInt.id(), ObjKind::Const(Value::Int(0)));
    predeclare(store, "nil", Basic::UntypedNil.id(), ObjKind::Nil);
    for &(builtin, name, .., in_unsafe) in BUILTINS {
        if in_unsafe {
            declare_unsafe(store, name, TypeId::INVALID, ObjKind::Builtin(builtin));
        } else {
            predeclare(store, name, TypeId::INVALID, ObjKind::Builtin(builtin));
        }
    }
    declare_unsafe(store, "Pointer", Basic::UnsafePointer.id(), ObjKind::TypeName);
}

fn declare_unsafe(store: &mut Store, name: &str, ty: TypeId, kind: ObjKind) {
    let name = Name::new(name);
    let obj = store.add_object(Object { name, pos: Pos::NONE, pkg: PackageId::UNSAFE, ty, kind });
    let package = &mut store.packages[PackageId::UNSAFE.index()];
    package.scope.insert(name, obj);
    package.objects.push(obj);
    package.declared = true;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_in_order() {
        for (i, row) in BUILTINS.iter().enumerate() {
            assert_eq!(row.0 as usize, i);
        }
    }
}
