//! The table of passes, the reasons for their order, and the loop around them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use ir::{Level, Program};

use crate::{
    closure_uses, constant_globals, descriptor_uses, devirtualize, drop_markers, escape, eval, flow, inline,
    lower_alloc, lower_checks, lower_closures, lower_defer, lower_ifaces, reach, recover_tokens,
    remove_checks, resumable, runtime_flags, separate, simplify, spill, stack_checks, unread_globals, unwind,
};

/// The `-opt` flag.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum OptLevel {
    Zero,
    One,
    Two,
    /// Small.
    S,
    /// Smallest.
    Z,
}

/// The `-panic` flag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Panic {
    Print,
    /// Stop with a trap instruction: no message, no deferred functions, no recover.
    Trap,
}

#[derive(Clone, Debug)]
pub struct Options {
    pub opt: OptLevel,
    pub panic: Panic,
    pub wasm: bool,
    /// The linker script has sections for variables without pointers.
    pub separate: bool,
    /// Verify the program after every pass; always on in debug builds.
    pub verify: bool,
    /// Text of the program after the pass of this name, after every pass for the empty name; `irgen` is the input.
    pub dump: Option<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            opt: OptLevel::Z,
            panic: Panic::Print,
            wasm: false,
            separate: false,
            verify: cfg!(debug_assertions),
            dump: None,
        }
    }
}

/// What was observed on the way.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub times: Vec<(&'static str, Duration)>,
    /// Name of the pass and text of the program after it.
    pub dumps: Vec<(&'static str, String)>,
}

/// Why a program cannot be optimised or lowered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Error {
    /// Package runtime does not offer what compiled code calls.
    Runtime { name: String, why: String },
    /// A bug of the compiler.
    Internal { pass: &'static str, message: String },
    /// `-dump-ir` names no pass.
    NoSuchPass(String),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Runtime { name, why } => write!(f, "package runtime: {name}: {why}"),
            Error::Internal { pass, message } => {
                write!(
                    f,
                    "internal error in pass {pass}: {message}\nplease report this with the program that shows it"
                )
            }
            Error::NoSuchPass(name) => {
                let names: Vec<&str> = PASSES.iter().map(|pass| pass.name).collect();
                write!(f, "no pass is named {name:?}; the passes are {}", names.join(", "))
            }
        }
    }
}

impl std::error::Error for Error {}

pub(crate) type Result<T> = std::result::Result<T, Error>;

pub struct Pass {
    pub name: &'static str,
    run: fn(&mut Program, &Options) -> Result<()>,
    /// Runs at every optimisation level.
    pub required: bool,
}

const fn pass(name: &'static str, run: fn(&mut Program, &Options) -> Result<()>) -> Pass {
    Pass { name, run, required: true }
}

const fn optional(name: &'static str, run: fn(&mut Program, &Options) -> Result<()>) -> Pass {
    Pass { name, run, required: false }
}

/// All passes, in order. A pass that runs more than once has a number behind its name.
pub const PASSES: &[Pass] = &[
    pass("reach", reach::run),
    pass("runtime_flags", runtime_flags::run),
    optional("constant_globals", constant_globals::run),
    optional("simplify", simplify::run),
    optional("flow", flow::run),
    optional("descriptor_uses", descriptor_uses::run),
    pass("reach-2", reach::run),
    pass("recover_tokens", recover_tokens::run),
    pass("closure_uses", closure_uses::run),
    optional("devirtualize", devirtualize::run),
    optional("inline", inline::run),
    pass("reach-3", reach::run),
    pass("lower_ifaces", lower_ifaces::run),
    pass("lower_closures", lower_closures::run),
    optional("simplify-2", simplify::run),
    optional("remove_checks", remove_checks::run),
    optional("escape", escape::run),
    pass("lower_checks", lower_checks::run),
    pass("lower_defer", lower_defer::run),
    optional("eval", eval::run),
    pass("reach-4", reach::run),
    pass("lower_alloc", lower_alloc::run),
    pass("unwind", unwind::run),
    pass("resumable", resumable::run),
    // Needed: what is constant stays in flash, where chips have room.
    pass("constant_globals-2", constant_globals::run),
    optional("unread_globals", unread_globals::run),
    optional("simplify-3", simplify::run),
    pass("stack_checks", stack_checks::run),
    pass("reach-5", reach::run),
    pass("drop_markers", drop_markers::run),
    pass("spill", spill::run),
    pass("separate", separate::run),
];

/// `(before, after, reason)`, checked by a test.
#[cfg(test)]
const ORDER: &[(&str, &str, &str)] = &[
    ("reach", "runtime_flags", "whether the program recovers or starts goroutines is asked of live code"),
    ("runtime_flags", "simplify", "branches on the flags are folded there"),
    ("constant_globals", "simplify", "loads from constants are folded there"),
    ("lower_defer", "eval", "the evaluator knows machine operations only"),
    ("lower_checks", "eval", "the evaluator knows machine operations only"),
    ("eval", "lower_alloc", "objects of known type make better variables"),
    ("eval", "unwind", "tests after calls would be in the way"),
    ("eval", "reach-4", "initialisers that have run are dropped"),
    ("reach-4", "constant_globals-2", "dropped initialisers would seem to write variables"),
    ("eval", "constant_globals-2", "initialisers write variables"),
    ("reach-4", "unread_globals", "dropped functions would seem to read variables"),
    ("unread_globals", "simplify-3", "what was only counted is computed for nothing"),
    ("constant_globals-2", "simplify-3", "loads from constants are folded there"),
    ("simplify", "reach-2", "folded branches drop calls"),
    ("runtime_flags", "flow", "code for what the program does not do leads nowhere"),
    ("simplify", "flow", "what was folded is not followed"),
    ("flow", "reach-2", "what it cuts off is dropped there"),
    ("flow", "descriptor_uses", "what is cut off reads nothing"),
    ("descriptor_uses", "reach-2", "what only descriptors lead to is dropped there"),
    ("descriptor_uses", "inline", "functions of the runtime and of package reflect are known by name"),
    ("descriptor_uses", "lower_ifaces", "types in interfaces are visible only before"),
    ("flow", "devirtualize", "it takes the code from methods that nothing selects"),
    ("flow", "inline", "functions of the runtime and of package reflect are known by name"),
    ("flow", "lower_ifaces", "types in interfaces are visible only before"),
    ("flow", "lower_closures", "func values are visible only before"),
    ("remove_checks", "lower_checks", "a check is one operation only before lowering"),
    ("lower_ifaces", "escape", "boxes are allocations only then"),
    ("lower_closures", "escape", "closure records are allocations only then"),
    ("escape", "lower_defer", "a deferred func value may stay on the stack; its record hides that"),
    ("escape", "lower_alloc", "what is left is for the heap"),
    ("lower_checks", "unwind", "failed checks call functions that unwind"),
    ("reach-2", "recover_tokens", "only live functions matter"),
    ("recover_tokens", "inline", "what is deferred is not told apart from its callees later"),
    ("reach-2", "devirtualize", "the fewer types and methods live, the fewer calls are open"),
    ("devirtualize", "inline", "only direct calls can be inlined"),
    ("devirtualize", "lower_ifaces", "the concrete type of an interface is visible only before"),
    ("inline", "eval", "it leaves the calls of initialisers alone"),
    ("inline", "reach-3", "functions that live on only in others are dropped"),
    ("inline", "lower_checks", "cold blocks are shared within a function"),
    ("inline", "escape", "what a callee does with an address is plain where it is inlined"),
    ("lower_closures", "simplify-2", "parts of interfaces and closures just made are known"),
    ("simplify-2", "remove_checks", "checks of known addresses"),
    ("simplify-2", "escape", "addresses that went through an interface"),
    ("lower_ifaces", "remove_checks", "method calls check their interface for nil"),
    ("lower_closures", "remove_checks", "calls of func values check them for nil"),
    ("lower_ifaces", "lower_alloc", "boxes are allocations"),
    ("lower_closures", "lower_alloc", "closure records are allocations"),
    ("lower_defer", "lower_alloc", "deferred records in loops are allocations"),
    ("lower_defer", "unwind", "a frame is what unwinding compares with"),
    ("lower_ifaces", "unwind", "type assertions call functions that unwind"),
    ("lower_alloc", "unwind", "all calls must be there"),
    ("reach-2", "closure_uses", "only live functions matter"),
    ("closure_uses", "inline", "the operand of a go or defer statement stands beside it only before"),
    ("closure_uses", "lower_closures", "go statements are calls after"),
    ("unwind", "resumable", "a call that is repeated may unwind too"),
    ("lower_alloc", "resumable", "all calls must be there"),
    ("resumable", "simplify-3", "it leaves constants and blocks behind"),
    ("resumable", "spill", "what is restored is a pointer like any other"),
    ("simplify-3", "stack_checks", "calls that are gone close no cycle"),
    ("stack_checks", "reach-5", "where nothing recurses the check itself is dropped"),
    ("resumable", "stack_checks", "a goroutine that goes on needs its stack as it did before"),
    ("unwind", "spill", "a value that is not live across a call may be live after the branch behind it"),
    ("simplify-3", "spill", "values that are gone need no slot"),
    ("reach-5", "drop_markers", "what a marker stands for is dead without it"),
    ("constant_globals-2", "separate", "constants are the linker's business"),
    ("reach-5", "spill", "dead functions whose address is taken would seem to be called"),
];

/// The name of the program as it comes in, for dumps and errors.
const INPUT: &str = "irgen";

/// Optimises and lowers a program.
pub fn run(program: &mut Program, options: &Options) -> Result<Report> {
    let mut report = Report::default();
    let wants =
        |name: &str| options.dump.as_deref().is_some_and(|wanted| wanted.is_empty() || wanted == name);
    if let Some(name) = options.dump.as_deref()
        && !name.is_empty()
        && name != INPUT
        && !PASSES.iter().any(|pass| pass.name == name)
    {
        return Err(Error::NoSuchPass(name.to_string()));
    }
    if wants(INPUT) {
        report.dumps.push((INPUT, ir::text::print_program(program)));
    }
    if options.verify {
        verify(program, INPUT)?;
    }
    for pass in PASSES {
        if !pass.required && options.opt == OptLevel::Zero {
            continue;
        }
        let start = Instant::now();
        run_one(pass, program, options)?;
        report.times.push((pass.name, start.elapsed()));
        if wants(pass.name) {
            report.dumps.push((pass.name, ir::text::print_program(program)));
        }
    }
    program.level = Level::Lowered;
    // Cheap, and what LLVM makes of a broken module is far harder to read.
    verify(program, "lowering")?;
    Ok(report)
}

/// Runs one pass by name (without its number), for tests.
pub fn run_pass(name: &str, program: &mut Program, options: &Options) -> Result<()> {
    match PASSES.iter().find(|pass| pass.name == name) {
        Some(pass) => run_one(pass, program, options),
        None => Err(Error::NoSuchPass(name.to_string())),
    }
}

fn run_one(pass: &Pass, program: &mut Program, options: &Options) -> Result<()> {
    match catch_unwind(AssertUnwindSafe(|| (pass.run)(program, options))) {
        Ok(result) => result?,
        Err(payload) => {
            let message = payload
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| payload.downcast_ref::<&str>().map(|s| s.to_string()))
                .unwrap_or_default();
            return Err(Error::Internal { pass: pass.name, message });
        }
    }
    if options.verify { verify(program, pass.name) } else { Ok(()) }
}

fn verify(program: &Program, pass: &'static str) -> Result<()> {
    ir::verify::verify(program).map_err(|errors| {
        let lines: Vec<String> = errors.iter().take(20).map(|error| error.to_string()).collect();
        Error::Internal { pass, message: lines.join("\n") }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_holds() {
        let place = |name: &str| PASSES.iter().position(|pass| pass.name == name);
        for (before, after, reason) in ORDER {
            let (Some(a), Some(b)) = (place(before), place(after)) else {
                panic!("{before} or {after} is no pass");
            };
            assert!(a < b, "{before} must run before {after}: {reason}");
        }
    }
}
