//! Whole-program passes, evaluation of initialisers, and lowering of Go's operations to machine operations.
//!
//! [`run`] takes a program at `Level::Go` to one at `Level::Lowered`. [`pipeline`] is the table of passes with the
//! reasons for their order; every pass is one file and one function.

mod call_targets;
mod callers;
mod expand;
pub mod pipeline;

mod closure_uses;
mod constant_globals;
mod descriptor;
mod descriptor_uses;
mod devirtualize;
mod drop_markers;
mod escape;
mod eval;
mod flow;
mod inline;
mod lower_alloc;
mod lower_checks;
mod lower_closures;
mod lower_defer;
mod lower_ifaces;
mod parallel;
mod reach;
mod recover_tokens;
mod remove_checks;
mod resumable;
mod runtime_flags;
mod separate;
mod simplify;
mod spill;
mod stack_checks;
mod unread_globals;
mod unwind;

pub use pipeline::{Error, OptLevel, Options, Panic, Report, run, run_pass};

#[cfg(test)]
mod random_tests;
