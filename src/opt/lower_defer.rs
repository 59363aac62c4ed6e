//! Lowers `defer`, `recover` and `panic` to calls of the runtime.
//!
//! A function that defers has one frame on its stack, linked into the goroutine's list of frames by `deferEnter`. Each
//! `defer` pushes a record onto it: a record on the stack where the statement runs at most once, else from the heap.
//! `defer_frame` is its address, which loop bodies that are functions of their own push onto.
//! `run_defers` becomes `deferReturn` at the start of a block of its own, where a recovered panic continues (see
//! `unwind`).
//!
//! ```text
//! b0:                      b0:
//!   ...                      v9 = stackslot {ptr, ptr, ...}
//!                            v8 = stackslot {ptr, ptr}
//!                            call @runtime.deferEnter(v9)
//!   defer v1           ->    call @runtime.deferPush(v9, v8, v1)
//!   run_defers               jump b1
//!                          b1:
//!                            call @runtime.deferReturn(v9)
//! ```
//!
//! `recover` is a call with the token that `runtime.recoverToken` held at the entry of the function.

use ir::cfg::{Cfg, blocks_from, on_cycle};
use ir::{Aux, Func, FuncId, Inst, InstData, LocId, Op, Program, Type, Value};

use crate::expand::{expand_func, runtime_func};
use crate::parallel;
use crate::pipeline::{Error, Options, Panic, Result};

/// `func runPanic(p *_panic)`: panics lie on the stack of the function that raises them, which the runtime finds out
/// by their addresses, though their addresses are kept in the goroutine.
pub(crate) const RUN_PANIC: &str = "runtime.runPanic";

fn keep_panics_on_stack(program: &mut Program) {
    let Some(run) = program.func_named(RUN_PANIC) else { return };
    parallel::each_alone(program, |func| {
        let raised: Vec<Value> = func
            .placed()
            .filter(|data| data.op == Op::Call && data.aux == Aux::Func(run))
            .filter_map(|data| data.args.first().copied())
            .collect();
        for value in raised {
            if let ir::ValueDef::Result(inst, _) = func.values[value].def
                && func.insts[inst].op == Op::Alloc
            {
                func.insts[inst].op = Op::StackAlloc;
            }
        }
    });
}

pub(crate) fn run(program: &mut Program, options: &Options) -> Result<()> {
    keep_panics_on_stack(program);
    let wanted = |data: &InstData| {
        matches!(data.op, Op::DeferFrame | Op::RunDefers | Op::Defer | Op::Recover | Op::Panic)
    };
    for (id, ()) in parallel::look_at_each(program, |func| func.placed().any(wanted).then_some(())) {
        let has = |program: &Program, op: Op| program.funcs[id].placed().any(|data| data.op == op);
        if has(program, Op::DeferFrame) || has(program, Op::RunDefers) || has_own_defer(&program.funcs[id]) {
            lower_frame(program, id)?;
        }
        if has(program, Op::Defer) {
            lower_outer_defers(program, id)?;
        }
        if has(program, Op::Recover) {
            lower_recover(program, id)?;
        }
        lower_panic(program, id, options)?;
    }
    Ok(())
}

fn contains(func: &Func, block: ir::Block, op: Op) -> bool {
    func.blocks[block].insts.iter().any(|&inst| func.insts[inst].op == op)
}

/// Defers for its own activation.
fn is_own_defer(data: &ir::InstData) -> bool {
    data.op == Op::Defer && data.args.len() == 1
}

fn has_own_defer(func: &Func) -> bool {
    func.order.iter().flat_map(|&b| &func.blocks[b].insts).any(|&inst| is_own_defer(&func.insts[inst]))
}

/// `defer` for the activation of another function, which outlives this one.
fn lower_outer_defers(program: &mut Program, id: FuncId) -> Result<()> {
    let record_type = runtime_struct(program, "runtime.deferRecord", "runtime.deferPush", 1)?;
    let (push, push_sig) = runtime_func(program, "runtime.deferPush", 3)?;
    expand_func(
        program,
        id,
        |data| data.op == Op::Defer,
        |_, _, x, inst| {
            let data = x.func.insts[inst].clone();
            let record = x.b().value(Op::Alloc, Type::PTR, [], Aux::Type(record_type));
            x.b().call(push, &push_sig, [data.args[1], record, data.args[0]]);
            Ok(true)
        },
    )
}

/// Places instructions at the start of the entry block.
fn prepend(func: &mut Func, insts: Vec<Inst>) {
    let entry = func.entry();
    func.blocks[entry].insts.splice(0..0, insts);
}

fn lower_frame(program: &mut Program, id: FuncId) -> Result<()> {
    let (enter, _) = runtime_func(program, "runtime.deferEnter", 1)?;
    let (leave, leave_sig) = runtime_func(program, "runtime.deferReturn", 1)?;
    let frame_type = runtime_struct(program, "runtime.deferFrame", "runtime.deferEnter", 0)?;
    let func = &mut program.funcs[id];
    // No instruction that defers: nothing to run.
    if !has_own_defer(func) && !func.order.iter().any(|&b| contains(func, b, Op::DeferFrame)) {
        ir::edit::remove_insts(func, |_, data| data.op == Op::RunDefers);
        return Ok(());
    }
    // What comes behind its first two fields is for going on there.
    let first: Vec<Type> = program.types.fields(frame_type).iter().copied().take(2).collect();
    let short_frame = program.types.structure(&first);
    let record_type = runtime_struct(program, "runtime.deferRecord", "runtime.deferPush", 1)?;
    let (push, push_sig) = runtime_func(program, "runtime.deferPush", 3)?;

    let func = &mut program.funcs[id];
    let cfg = Cfg::compute(func);
    let repeated = on_cycle(func, &cfg);
    let loc = func.loc;
    // The runtime fills them in.
    let stack_slot = |func: &mut Func, ty: Type| {
        func.make_inst(Op::StackSlot, Type::PTR, [], Aux::Type(ty), &[Type::PTR], loc)
    };
    let frame_inst = stack_slot(func, if func.attrs.unrecovered { short_frame } else { frame_type });
    let frame = func.insts[frame_inst].result();
    let enter_inst = func.make_inst(Op::Call, Type::VOID, [frame], Aux::Func(enter), &[], loc);
    let mut prologue = vec![frame_inst];
    let mut records: Vec<(Inst, Value)> = Vec::new();
    for block in func.order.clone() {
        for inst in func.blocks[block].insts.clone() {
            if is_own_defer(&func.insts[inst]) && !repeated[block] {
                let record = stack_slot(func, record_type);
                prologue.push(record);
                records.push((inst, func.insts[record].result()));
            }
        }
    }
    let prologue_len = prologue.len();
    prepend(func, prologue);
    keep_exit(func, prologue_len);
    enter_frame(func, prologue_len, enter_inst);
    let wanted =
        |data: &ir::InstData| matches!(data.op, Op::DeferFrame | Op::RunDefers) || is_own_defer(data);
    expand_func(program, id, wanted, |_, _, x, inst| {
        let data = x.func.insts[inst].clone();
        if data.op == Op::DeferFrame {
            x.replace(inst, frame);
        } else if data.op == Op::Defer {
            let record = match records.iter().find(|(defer, _)| *defer == inst) {
                Some(&(_, record)) => record,
                None => x.b().value(Op::Alloc, Type::PTR, [], Aux::Type(record_type)),
            };
            x.b().call(push, &push_sig, [frame, record, data.args[0]]);
        } else {
            let next = x.new_block();
            x.b().jump(next, []);
            x.enter(next);
            x.b().call(leave, &leave_sig, [frame]);
        }
        Ok(true)
    })
}

/// Places the `deferEnter` behind the places of the results, whose allocation may panic: the exit of the frame needs
/// them, so before them there is no frame to go on in.
fn enter_frame(func: &mut Func, prologue: usize, enter: Inst) {
    let entry = func.entry();
    let insts = &func.blocks[entry].insts;
    let place = |&inst: &Inst| matches!(func.insts[inst].op, Op::Alloc | Op::StackAlloc | Op::StackSlot);
    let end = insts.iter().position(|&inst| {
        let data = &func.insts[inst];
        data.op.is_terminator() || matches!(data.op, Op::Call | Op::CallIndirect | Op::Defer | Op::RunDefers)
    });
    let end = end.unwrap_or(insts.len());
    let at = insts[..end].iter().rposition(place).map_or(prologue, |last| prologue.max(last + 1));
    func.blocks[entry].insts.insert(at, enter);
}

/// Makes the block with `run_defers` a successor of the entry, behind a condition that never holds: a recovered panic
/// goes on there, but `unwind` adds the edges for that only later.
fn keep_exit(func: &mut Func, prologue: usize) {
    let entry = func.entry();
    let Some(exit) = func.order.iter().copied().find(|&b| contains(func, b, Op::RunDefers)) else { return };
    if exit == entry || !func.blocks[exit].params.is_empty() {
        return;
    }
    // Behind what the exit uses: the places of the results.
    let used: Vec<Value> = blocks_from(func, [exit])
        .iter()
        .flat_map(|&b| &func.blocks[b].insts)
        .flat_map(|&inst| func.insts[inst].uses().collect::<Vec<_>>())
        .collect();
    let list = &func.blocks[entry].insts;
    let last = list.iter().rposition(|&inst| func.insts[inst].results.iter().any(|v| used.contains(v)));
    let at = last.map_or(prologue, |index| prologue.max(index + 1));
    let rest = ir::edit::split_block(func, entry, at);
    let mut b = ir::builder::Builder::new(func, entry);
    let never = b.iconst(Type::I1, 0);
    b.br(never, exit, rest);
}

/// The machine type of a struct of the runtime: from its Go type, or as a function that takes its address uses it.
pub(crate) fn runtime_struct(program: &Program, name: &str, user: &str, param: usize) -> Result<Type> {
    if let Some(rtype) = program.rtypes.values().find(|rtype| rtype.string == name) {
        return Ok(rtype.repr);
    }
    if let Some(func) = program.func_named(user).map(|id| &program.funcs[id]).filter(|f| f.has_body()) {
        let base = func.blocks[func.entry()].params.get(param);
        for &block in &func.order {
            for &inst in &func.blocks[block].insts {
                let data = &func.insts[inst];
                if let (Op::FieldAddr, &Aux::Field(ty, _)) = (data.op, &data.aux)
                    && data.args.first() == base
                {
                    return Ok(ty);
                }
            }
        }
    }
    Err(Error::Runtime {
        name: name.into(),
        why: format!("its layout is unknown: {user} does not use a field"),
    })
}

fn lower_recover(program: &mut Program, id: FuncId) -> Result<()> {
    let (callee, sig) = runtime_func(program, "runtime.gorecover", 1)?;
    let name = "runtime.recoverToken";
    let Some(token) = program.global_named(name) else {
        return Err(Error::Runtime {
            name: name.into(),
            why: "this variable is not part of the program".into(),
        });
    };
    let ty = program.globals[token].ty;
    let func = &mut program.funcs[id];
    let mut value = |op, ty, args, aux| {
        let inst = func.make_inst(op, ty, args, aux, &[ty], LocId(0));
        (inst, func.insts[inst].result())
    };
    let (i1, place) = value(Op::GlobalAddr, Type::PTR, vec![], Aux::Global(token));
    let (i2, held) = value(Op::Load, ty, vec![place], Aux::None);
    let (i3, zero) = value(Op::Zero, ty, vec![], Aux::None);
    let i4 = func.make_inst(Op::Store, Type::VOID, [place, zero], Aux::None, &[], LocId(0));
    prepend(func, vec![i1, i2, i3, i4]);
    expand_func(
        program,
        id,
        |data| data.op == Op::Recover,
        |_, _, x, inst| {
            let value = x.b().call(callee, &sig, [held])[0];
            x.replace(inst, value);
            Ok(true)
        },
    )
}

fn lower_panic(program: &mut Program, id: FuncId, options: &Options) -> Result<()> {
    expand_func(
        program,
        id,
        |data| data.op == Op::Panic,
        |program, _, x, inst| {
            if options.panic == Panic::Trap {
                x.b().intrinsic_effect(ir::Intrinsic::Trap, []);
            } else {
                let (callee, sig) = runtime_func(program, "runtime.gopanic", 1)?;
                let value = x.func.insts[inst].args[0];
                x.b().call(callee, &sig, [value]);
            }
            x.b().unreachable();
            // What follows is unreachable and goes away with its block.
            let rest = x.new_block();
            x.enter(rest);
            Ok(true)
        },
    )
}
