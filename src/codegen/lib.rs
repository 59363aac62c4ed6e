//! IR to object files: the only crate that links LLVM, and the home of `unsafe`.
//!
//! [`emit`] takes a verified [`ir::Program`] at `Level::Lowered`, [`emit_unit`] a part of one; [`fingerprint`] says what
//! the result depends on. Layouts come first ([`layouts`]), then the calling
//! convention ([`abi`]), declarations ([`unit`], [`globals`]), bodies ([`body`], [`ops`], [`intrinsics`], [`atomics`]),
//! and at last LLVM's passes and back end ([`output`]).

mod abi;
mod asm;
mod atomics;
mod attributes;
mod body;
mod builder;
mod builtins;
mod compares;
mod debug;
mod error;
mod fingerprint;
mod globals;
mod intrinsics;
mod layouts;
mod machine;
mod ops;
mod output;
mod unit;
mod uses;

#[cfg(test)]
mod tests;

pub use asm::assemble;
pub use builtins::builtins;
pub use error::Error;
pub use fingerprint::fingerprint;
pub use machine::{Arch, CodeModel, LLVM_OPTIONS, Machine, Opt, Options, Reloc};
pub use output::{emit, emit_asm, emit_llvm_ir, emit_unit};
pub use unit::{Part, symbol};
pub use uses::Definitions;
