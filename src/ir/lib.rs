//! The SSA form between the front end and LLVM: data, text printer and reader, verifier, control-flow graph,
//! dominators.
//!
//! A [`Program`] is closed and monomorphic. It exists at two levels (see [`Level`]): irgen builds it with Go's own
//! operations, `opt` ends with machine operations only. Every entity is a `u32` newtype whose `Display` is its text
//! syntax, and the text form reads back without the front end, so that each pass is tested from a text file alone.

pub mod builder;
pub mod cfg;
pub mod contract;
pub mod edit;
pub mod entity;
pub mod func;
pub mod names;
pub mod op;
pub mod program;
pub mod rtype;
pub mod text;
pub mod ty;
pub mod values;
pub mod verify;

pub use entity::{Block, FuncId, GlobalId, IndexVec, Inst, LocId, RTypeId, Value};
pub use func::{BlockData, Func, FuncAttrs, InstData, Signature, Target, ValueData, ValueDef};
pub use op::{Aux, AuxKind, Check, Cond, FloatCond, Intrinsic, Op, OpKind, Switch};
pub use program::{Asm, Const, Global, Level, Loc, Program, content_name, stable_hash};
pub use rtype::{IMethod, Kind, RField, RMethod, RType};
pub use ty::{Layout, TargetLayout, Type, TypeData, Types};
pub use values::Values;
