//! Objects: what names stand for.

use crate::constant::Value;
use crate::package::PackageId;
use crate::ty::TypeId;
use crate::universe::Builtin;
use source::{Name, Pos};
use std::num::NonZeroU32;
use syntax::ast::FuncId;

/// An object of a [`Store`](crate::Store).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjId(NonZeroU32);

impl ObjId {
    pub fn index(self) -> usize {
        self.0.get() as usize
    }

    pub(crate) fn from_index(index: usize) -> ObjId {
        ObjId(NonZeroU32::new(index as u32).unwrap_or(NonZeroU32::MIN))
    }
}

impl std::fmt::Debug for ObjId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "O{}", self.0)
    }
}

#[derive(Clone, Debug)]
pub struct Object {
    pub name: Name,
    /// Where it is declared; unknown for predeclared objects.
    pub pos: Pos,
    /// Where it is declared; [`PackageId::UNIVERSE`] for predeclared objects.
    pub pkg: PackageId,
    /// [`TypeId::INVALID`] until resolved. A function's is its signature, a type name's the type.
    pub ty: TypeId,
    pub kind: ObjKind,
}

#[derive(Clone, Debug)]
pub enum ObjKind {
    /// An import, in a file's scope.
    PackageName {
        imported: PackageId,
        used: bool,
    },
    Const(Value),
    TypeName,
    Var(Var),
    Func(Func),
    Builtin(Builtin),
    Nil,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// A variable at package level.
    Package,
    /// Declared by a statement, or the variable of a type switch clause.
    Local,
    Param,
    Result,
    Receiver,
}

/// A variable. The facts about uses are complete once the enclosing function (or package declaration) is checked.
#[derive(Clone, Copy, Debug)]
pub struct Var {
    pub kind: VarKind,
    /// Read somewhere.
    pub used: bool,
    /// Its address is taken, explicitly, by slicing an array, or by a method call with pointer receiver.
    pub address_taken: bool,
    /// Used by a function literal inside the one that declares it.
    pub captured: bool,
    /// Assigned after its declaration.
    pub reassigned: bool,
    /// Nesting of the declaring function: 0 for declared functions, 1 for function literals in them, ...
    pub depth: u16,
}

impl Var {
    pub(crate) fn new(kind: VarKind, depth: u16) -> Var {
        Var { kind, used: false, address_taken: false, captured: false, reassigned: false, depth }
    }
}

/// A declared function or method.
#[derive(Clone, Copy, Debug)]
pub struct Func {
    /// Index of the file in [`Package::files`](crate::Package::files).
    pub file: u32,
    /// Its declaration in that file.
    pub decl: FuncId,
    pub recv: Option<Receiver>,
    pub has_body: bool,
}

/// The receiver of a method.
#[derive(Clone, Copy, Debug)]
pub struct Receiver {
    /// The (origin) defined type; [`TypeId::INVALID`] until resolved or after an error.
    pub base: TypeId,
    pub pointer: bool,
}

impl Object {
    pub fn var(&self) -> Option<&Var> {
        if let ObjKind::Var(v) = &self.kind { Some(v) } else { None }
    }

    pub fn func(&self) -> Option<&Func> {
        if let ObjKind::Func(f) = &self.kind { Some(f) } else { None }
    }

    pub fn is_exported(&self) -> bool {
        self.name.is_exported()
    }
}
