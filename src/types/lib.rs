//! The type checker: exact constants, method sets, initialisation order, bodies on demand.
//!
//! A [`Checker`] gets packages in dependency order. Everything that types mention lives in its [`Store`] by id; facts
//! about syntax trees are [`Info`] tables beside the trees. Generic bodies are checked once, in terms of type
//! parameters: whoever generates code substitutes with [`Store::subst`].

mod assign;
mod assignability;
mod builtin;
mod call;
mod checker;
mod collect;
mod composite;
pub mod constant;
mod conversion;
mod ctx;
mod cycles;
mod decl;
mod delayed;
mod exported;
mod expr;
mod func;
mod identity;
mod index;
mod infer;
pub mod info;
mod init_order;
mod interface_cycles;
mod labels;
mod lookup;
mod mono;
pub mod object;
mod operand;
mod operator;
pub mod package;
mod predicates;
mod range;
mod selector;
mod sizes;
mod stmt;
mod store;
mod subst;
mod switch;
mod terminating;
pub mod ty;
mod type_string;
pub mod typeset;
mod typexpr;
mod unify;
mod universe;

pub use checker::{Checker, Declared};
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
