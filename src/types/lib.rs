//! The type checker: exact constants, method sets, initialisation order, bodies on demand.
//!
//! A [`Checker`] gets packages in dependency order. Everything that types mention lives in its [`Store`] by id; facts
//! about syntax trees are [`Info`] tables beside the trees. Generic bodies are checked once, in terms of type
//! parameters: whoever generates code substitutes with [`Store::subst`].

mod checker;
mod collect;
pub mod constant;
mod decl;
mod delayed;
mod func;
pub mod info;
mod init_order;
mod lookup;
pub mod object;
pub mod package;
mod predicates;
mod sizes;
mod store;
mod subst;
pub mod ty;
mod type_string;
pub mod typeset;
mod universe;

pub use checker::Checker;
pub use constant::Value;
pub use info::{BodyInfo, FuncLitInfo, Info, Mode, Selection, SelectionKind, TypeAndMode};
pub use lookup::{FoundMethod, Lookup, MethodLookup, MethodSetEntry};
pub use object::{Func, ObjId, ObjKind, Object, Receiver, Var, VarKind};
pub use package::{Initializer, Package, PackageId, PackageSource};
pub use sizes::Sizes;
pub use store::Store;
pub use ty::{Basic, Field, Interface, Method, Param, Signature, Term, TypeId, TypeKind};
pub use type_string::Qualify;
pub use typeset::TypeSet;
pub use universe::Builtin;
