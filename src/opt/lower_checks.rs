//! Lowers the checks of indices, slice bounds, nil pointers, divisors and shift counts to compare and branch.
//!
//! ```text
//! check index signed v1, v2         v3 = icmp uge v1, v2
//!                              ->   br v3, b9(v1, v2), b2
//!                                 b2:
//!                                   ...
//!                                 b9(v10: i32, v11: i32):        one per function and kind
//!                                   v12 = iconst.i8 0
//!                                   call @runtime.panicBounds(v10, v11, v12)
//!                                   unreachable
//! ```
//!
//! Under `-panic=trap` the cold block holds a trap instead. Package runtime's own nil checks vanish and its bounds
//! checks trap: they fail only by a bug of the runtime, and the functions that allocate or panic must not seem to
//! unwind. Nil checks are real comparisons on every target: address 0 is valid memory on WebAssembly and on
//! microcontrollers.

use std::collections::BTreeMap;

use ir::{Aux, Block, Check, Cond, FuncId, Inst, Intrinsic, Op, Program, Type, Value};

use crate::expand::{Expander, expand_body, in_runtime, runtime_func};
use crate::parallel;
use crate::pipeline::{Options, Panic, Result};

/// What a cold block reports.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Failure {
    /// Code of the check and types of its operands, which are brought to Go's `int` in the cold block.
    Bounds(u8, Type, Type),
    Nil,
    Divide,
    Shift,
    /// Any of them, without a report.
    Trap,
}

pub(crate) fn run(program: &mut Program, options: &Options) -> Result<()> {
    let wanted =
        |data: &ir::InstData| matches!(data.op, Op::Check | Op::NilCheck | Op::CheckDiv | Op::CheckShift);
    let lowered = parallel::each_body(program, |program, func| {
        let mut blocks: BTreeMap<Failure, Block> = BTreeMap::new();
        let within = in_runtime(&func.name);
        let called = func_values(func);
        expand_body(func, wanted, |x, inst| {
            let data = &x.func.insts[inst];
            // Whose check it is does not change where it is inlined: the program's main into the runtime's start, the
            // sending of a value into main.
            let inlined = program.locs[data.loc].inlined;
            let runtime = inlined.map_or(within, |(_, f)| in_runtime(&program.funcs[f].name));
            // Func values come from the program, and may be nil.
            let called = data.op == Op::NilCheck && called.contains(&data.args[0]);
            if runtime && data.op == Op::NilCheck && !called {
                return Ok(true);
            }
            let trap = options.panic == Panic::Trap || (runtime && !called);
            lower(program, x, inst, trap, &mut blocks)?;
            Ok(true)
        })
    });
    lowered.into_iter().collect()
}

/// Values from which code addresses are loaded.
fn func_values(func: &ir::Func) -> Vec<Value> {
    func.placed()
        .filter(|data| data.op == Op::Load && data.ty == Type::CODE)
        .map(|data| data.args[0])
        .collect()
}

fn lower(
    program: &Program,
    x: &mut Expander,
    inst: Inst,
    trap: bool,
    blocks: &mut BTreeMap<Failure, Block>,
) -> Result<()> {
    let data = x.func.insts[inst].clone();
    let (failure, fails, args) = match (data.op, &data.aux) {
        (Op::Check, &Aux::Check { check, signed }) => {
            let code = check as u8 | if signed { 0 } else { 0x80 };
            let fails = bounds_fail(x, check, signed, data.args[0], data.args[1]);
            let types = (x.func.ty(data.args[0]), x.func.ty(data.args[1]));
            (Failure::Bounds(code, types.0, types.1), fails, vec![data.args[0], data.args[1]])
        }
        (Op::NilCheck, _) => {
            let fails = x.is_null(data.args[0]);
            (Failure::Nil, fails, vec![])
        }
        (op, _) => {
            let ty = x.func.ty(data.args[0]);
            let zero = x.b().iconst(ty, 0);
            let (failure, cond) =
                if op == Op::CheckDiv { (Failure::Divide, Cond::Eq) } else { (Failure::Shift, Cond::Slt) };
            let fails = x.b().icmp(cond, data.args[0], zero);
            (failure, fails, vec![])
        }
    };
    let wanted = if trap {
        None
    } else {
        Some(match failure {
            Failure::Bounds(_, index, _) => {
                let bounds = runtime_func(program, "runtime.panicBounds", 3)?;
                if index.bits() > bounds.1.params[0].bits() {
                    runtime_func(program, "runtime.panicBoundsWide", 3)?
                } else {
                    bounds
                }
            }
            Failure::Nil | Failure::Trap => runtime_func(program, "runtime.panicNil", 0)?,
            Failure::Divide => runtime_func(program, "runtime.panicDivide", 0)?,
            Failure::Shift => runtime_func(program, "runtime.panicShift", 0)?,
        })
    };
    // All failures look alike when they only trap.
    let key = if trap { Failure::Trap } else { failure };
    let cold = *blocks.entry(key).or_insert_with(|| {
        x.cold(|x, block| match (&wanted, failure) {
            (None, _) => trap_here(x),
            (Some((callee, sig)), Failure::Bounds(code, ta, tb)) => {
                let (a, b) = (x.func.add_param(block, ta), x.func.add_param(block, tb));
                let a = resize(x, a, code & 0x80 == 0, sig.params[0]);
                let b = resize(x, b, false, sig.params[1]);
                let code = x.b().iconst(sig.params[2], i64::from(code as i8));
                fail_with(x, *callee, sig, vec![a, b, code]);
            }
            (Some((callee, sig)), _) => fail_with(x, *callee, sig, vec![]),
        })
    });
    let args = if trap { vec![] } else { args };
    x.branch_cold(fails, cold, args);
    Ok(())
}

fn trap_here(x: &mut Expander) {
    x.b().intrinsic_effect(Intrinsic::Trap, []);
    x.b().unreachable();
}

fn fail_with(x: &mut Expander, callee: FuncId, sig: &ir::Signature, args: impl AsRef<[Value]>) {
    x.b().call(callee, sig, args);
    x.b().unreachable();
}

/// `a` and `b` at the width of the wider one, compared unsigned. A negative signed `a` is huge then.
fn bounds_fail(x: &mut Expander, check: Check, signed: bool, a: Value, b: Value) -> Value {
    let (ta, tb) = (x.func.ty(a), x.func.ty(b));
    let wide = if ta.bits() >= tb.bits() { ta } else { tb };
    let a = resize(x, a, signed, wide);
    // A length or an index that passed its own check: not negative.
    let b = resize(x, b, false, wide);
    let cond = match check {
        Check::Index => Cond::Uge,
        _ => Cond::Ugt,
    };
    x.b().icmp(cond, a, b)
}

fn resize(x: &mut Expander, value: Value, signed: bool, to: Type) -> Value {
    let from = x.func.ty(value);
    if from.bits() == to.bits() {
        return value;
    }
    if let Some(number) = x.constant(value).filter(|&n| n >= 0) {
        // Still in range: the narrower type is that of a length.
        if from.bits() < to.bits() {
            return x.b().iconst(to, number);
        }
    }
    let op = match (from.bits() > to.bits(), signed) {
        (true, _) => Op::Trunc,
        (false, true) => Op::Sext,
        (false, false) => Op::Zext,
    };
    x.b().convert(op, to, value)
}
