//! Typed AST to IR: a worklist from the roots, monomorphisation, lifting to SSA.
//!
//! [`build`] starts at the exported functions, `main.main`, and the initialisers and `init` functions that have an
//! effect, and generates what they reach (`worklist`). One file per concept of the language holds the code for it, as
//! methods of `func::FuncGen`, the state of one function; `program::Gen` is the state of the run. Functions are written
//! with variables in memory; `lift` turns them into SSA values.

use std::collections::{BTreeMap, BTreeSet};

use source::{Diagnostic, FileSet};
use types::{Checker, PackageId};

pub use embed::Embeds;

mod arith;
mod assign;
mod builtin;
mod call;
mod chan;
mod closure;
mod compare;
mod composite;
mod constant;
mod control;
mod convert;
mod defer;
mod embed;
mod equal;
mod expr;
mod finalizer;
mod format;
mod format_text;
mod func;
mod global;
mod gotype;
mod iface;
mod index;
mod init;
mod intrinsic;
mod lift;
mod lift_ahead;
mod map;
mod method;
mod panics;
mod pragma;
mod program;
mod purity;
mod range;
mod range_func;
mod reflect_call;
mod rtype;
mod select_field;
mod statics;
mod stmt;
#[cfg(test)]
mod tests;
mod worklist;

/// Operations on floats that the machine has as instructions.
#[derive(Clone, Copy, Debug, Default)]
pub struct FloatOps {
    pub sqrt: bool,
    /// Floor, ceil, trunc.
    pub rounding: bool,
    pub fma: bool,
}

/// What irgen must know about the build.
#[derive(Clone, Debug)]
pub struct Config {
    pub layout: ir::TargetLayout,
    /// Further functions to keep, by symbol, e.g. `runtime.run`.
    pub roots: Vec<String>,
    /// Functions to keep only if something refers to them although they are exported: arithmetic helpers that the code
    /// generator may or may not call. Symbols.
    pub optional_exports: BTreeSet<String>,
    /// Packages whose `init` functions and initialisers with effects matter only to those who use something else of
    /// them: dropped when nobody does. Import paths.
    pub init_when_used: BTreeSet<String>,
    /// The program has some of the tests of a package: variables in `_test.go` files whose initialisers have effects are
    /// the business of tests that look at them, too, and dropped with those.
    pub some_tests: bool,
    /// No program but a library: the exported functions of the main package are all the roots.
    pub library: bool,
    /// WebAssembly: `//go:wasmimport` and `//go:wasmexport` count.
    pub wasm: bool,
    /// No bounds checks anywhere.
    pub no_bounds: bool,
    /// Goroutines can be started.
    pub scheduler: bool,
    /// Loops that wait for another goroutine without a word let it run. Not where interrupt handlers wait so, too.
    pub spins_yield: bool,
    pub float_ops: FloatOps,
    /// Values of string variables (`-ldflags "-X pkg.name=value"`), by `pkg.name`.
    pub strings: BTreeMap<String, String>,
    /// Values of integer variables that the target gives, by `pkg.name` (`runtime.stackSize`).
    pub ints: BTreeMap<String, i64>,
    /// What the target does not have, by the functions that need it: `syscall.Socket`, `sockets, which …`.
    pub missing: BTreeMap<String, String>,
    /// Files for `//go:embed`, by import path.
    pub embeds: BTreeMap<String, Embeds>,
}

impl Config {
    /// A plain configuration for a layout.
    pub fn new(layout: ir::TargetLayout) -> Config {
        Config {
            layout,
            roots: Vec::new(),
            optional_exports: BTreeSet::new(),
            init_when_used: BTreeSet::new(),
            some_tests: false,
            library: false,
            wasm: false,
            no_bounds: false,
            scheduler: true,
            spins_yield: false,
            float_ops: FloatOps::default(),
            strings: BTreeMap::new(),
            ints: BTreeMap::new(),
            missing: BTreeMap::new(),
            embeds: BTreeMap::new(),
        }
    }

    fn keep_export(&self, symbol: &str) -> bool {
        !self.optional_exports.contains(symbol)
    }
}

/// Why there is no program.
#[derive(Clone, Debug)]
pub struct Error {
    pub diagnostics: Vec<Diagnostic>,
}

/// Generates the program that `main` is the main package of. All its packages, package runtime among them, are in
/// `checker`; user packages have been checked.
pub fn build(
    checker: &mut Checker,
    files: &FileSet,
    main: PackageId,
    config: &Config,
) -> Result<ir::Program, Error> {
    let mut g = program::Gen::new(checker, files, main, config);
    g.add_roots();
    g.run();
    g.result()
}
