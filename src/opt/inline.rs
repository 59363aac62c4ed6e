//! Replaces calls by the body of the callee: small functions, functions with one call, and those that ask for it.
//!
//! ```text
//! b0:                              b0:
//!   v1 = call.i32 @add(v0, v0)       jump b1
//!   ret v1                    ->   b1:
//!                                    v3 = add.i32 v0, v0
//!                                    jump b2(v3)
//!                                  b2(v4: i32):
//!                                    ret v4
//! ```
//!
//! Callees come before their callers, so that what is inlined is final. Locations keep the chain of calls. LLVM inlines
//! as well; what is done here shows constants and addresses to the passes that follow.

use ir::edit::{Replacements, append_jump, clone_body, split_block};
use ir::{Aux, Block, Func, FuncId, IndexVec, Inst, Intrinsic, Loc, LocId, Op, Program, Value};
use rustc_hash::FxHashMap;

use crate::call_targets::address_taken;
use crate::escape::hides_address;
use crate::pipeline::{OptLevel, Options, Result};
use crate::simplify::simplify_func;
use crate::unwind::PANICS;
use crate::{eval, lower_defer, spill};

/// Callers that have grown beyond this many instructions inline nothing more.
const LARGEST_CALLER: usize = 2000;
/// Largest function that is moved into its only caller.
const LARGEST_MOVED: usize = 300;

pub(crate) fn run(program: &mut Program, options: &Options) -> Result<()> {
    // A call with its arguments is about this long.
    let small = match options.opt {
        OptLevel::Zero | OptLevel::Z => 6,
        OptLevel::S | OptLevel::One => 10,
        OptLevel::Two => 40,
    };
    let taken = address_taken(program);
    let mut calls: IndexVec<FuncId, u32> = IndexVec::filled(0, program.funcs.len());
    for func in program.funcs.values() {
        callees(func).into_iter().for_each(|callee| calls[callee] += 1);
    }
    // The evaluator takes its calls one by one.
    let init = program.func_named(eval::INIT);
    // The sizes of those that can be inlined, where somebody has asked.
    let mut sizes: IndexVec<FuncId, Option<Option<usize>>> = IndexVec::filled(None, program.funcs.len());
    for id in bottom_up(program).into_iter().filter(|&id| Some(id) != init) {
        let decide = |program: &Program, callee: FuncId| {
            let func = &program.funcs[callee];
            let size = *sizes[callee].get_or_insert_with(|| can_inline(func, callee).then(|| size(func)));
            let Some(size) = size.filter(|_| callee != id) else { return false };
            let moved = calls[callee] == 1
                && !taken[callee]
                && !func.attrs.exported
                && !func.attrs.wasm_export
                && !func.attrs.cold
                && size <= LARGEST_MOVED;
            func.attrs.always_inline || size <= small || moved
        };
        if inline_into(program, id, decide) {
            simplify_func(program, id);
            sizes[id] = None;
        }
    }
    Ok(())
}

fn callees(func: &Func) -> Vec<FuncId> {
    let insts = func.order.iter().flat_map(|&b| &func.blocks[b].insts);
    insts
        .filter_map(|&inst| match (func.insts[inst].op, &func.insts[inst].aux) {
            (Op::Call, &Aux::Func(callee)) => Some(callee),
            _ => None,
        })
        .collect()
}

/// Every function after those it calls, recursion aside.
fn bottom_up(program: &Program) -> Vec<FuncId> {
    let mut order = Vec::new();
    let mut seen = IndexVec::filled(false, program.funcs.len());
    for root in program.funcs.keys() {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        let mut stack = vec![(root, callees(&program.funcs[root]))];
        while let Some((func, rest)) = stack.last_mut() {
            match rest.pop() {
                Some(next) if !std::mem::replace(&mut seen[next], true) => {
                    stack.push((next, callees(&program.funcs[next])));
                }
                Some(_) => {}
                None => {
                    order.push(*func);
                    stack.pop();
                }
            }
        }
    }
    order
}

/// Instructions that become code.
fn size(func: &Func) -> usize {
    let free = |op: Op| {
        matches!(
            op,
            Op::Iconst | Op::Fconst | Op::Zero | Op::GlobalAddr | Op::FuncAddr | Op::FieldAddr | Op::Ret
        )
    };
    let insts = func.order.iter().flat_map(|&b| &func.blocks[b].insts);
    insts.filter(|&&inst| !free(func.insts[inst].op)).count()
}

fn can_inline(func: &Func, id: FuncId) -> bool {
    let attrs = &func.attrs;
    let fine = func.has_body()
        && !attrs.noinline
        // Inlined, the address would be seen again.
        && !hides_address(func)
        && !attrs.recovers
        && !attrs.interrupt
        && !attrs.naked
        && attrs.section.is_none()
        && ![eval::INIT, spill::SCAN, lower_defer::RUN_PANIC].contains(&func.name.as_str())
        && !PANICS.contains(&func.name.as_str());
    fine && !func.order.iter().flat_map(|&b| &func.blocks[b].insts).any(|&inst| {
        let data = &func.insts[inst];
        match (data.op, &data.aux) {
            (Op::Call, &Aux::Func(callee)) => callee == id,
            // Belong to the activation of the function itself.
            (Op::Defer | Op::DeferFrame | Op::RunDefers | Op::Recover, _) => true,
            (Op::Intrinsic, Aux::Intrinsic(which)) => {
                matches!(which, Intrinsic::FrameAddress | Intrinsic::ReturnAddress | Intrinsic::StackPointer)
            }
            _ => false,
        }
    })
}

fn inline_into(program: &mut Program, id: FuncId, mut decide: impl FnMut(&Program, FuncId) -> bool) -> bool {
    let mut sites: Vec<(Block, Inst, FuncId)> = Vec::new();
    let func = &program.funcs[id];
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            if let (Op::Call, &Aux::Func(callee)) = (func.insts[inst].op, &func.insts[inst].aux)
                && decide(program, callee)
            {
                sites.push((block, inst, callee));
            }
        }
    }
    if sites.is_empty() {
        return false;
    }
    let mut func = std::mem::take(&mut program.funcs[id]);
    let mut replacements = Replacements::default();
    // From the end: splitting a block moves what follows the call only.
    for (block, inst, callee) in sites.into_iter().rev() {
        if func.insts.len() > LARGEST_CALLER {
            break;
        }
        inline_call(program, &mut func, &mut replacements, block, inst, callee);
    }
    replacements.apply(&mut func);
    ir::edit::remove_unreachable(&mut func);
    program.funcs[id] = func;
    true
}

fn inline_call(
    program: &mut Program,
    func: &mut Func,
    replacements: &mut Replacements,
    block: Block,
    inst: Inst,
    callee: FuncId,
) {
    let Some(at) = func.blocks[block].insts.iter().position(|&i| i == inst) else { return };
    let rest = split_block(func, block, at);
    func.blocks[rest].insts.remove(0);
    let data = func.insts[inst].clone();
    for &result in &data.results {
        let ty = func.ty(result);
        let param = func.add_param(rest, ty);
        replacements.add(result, param);
    }
    let body = &program.funcs[callee];
    let known = &mut program.locs;
    let mut locs: FxHashMap<LocId, LocId> = FxHashMap::default();
    let cloned = clone_body(func, body, &data.args, |loc| reroot(known, &mut locs, loc, data.loc, callee));
    append_jump(func, block, cloned.block(body.entry()), vec![], data.loc);
    for &new in cloned.blocks.values().flatten() {
        let Some(&last) = func.blocks[new].insts.last() else { continue };
        if func.insts[last].op == Op::Ret {
            let results: Vec<Value> = func.insts[last].args.clone();
            let loc = func.insts[last].loc;
            func.blocks[new].insts.pop();
            append_jump(func, new, rest, results, loc);
        }
    }
}

/// A location of the callee, inside the call.
fn reroot(
    known: &mut IndexVec<LocId, Loc>,
    locs: &mut FxHashMap<LocId, LocId>,
    loc: LocId,
    call: LocId,
    callee: FuncId,
) -> LocId {
    if loc == LocId(0) {
        return call;
    }
    if let Some(&new) = locs.get(&loc) {
        return new;
    }
    let old = known[loc];
    let inlined = match old.inlined {
        None => (call, callee),
        Some((inner, func)) => (reroot(known, locs, inner, call, callee), func),
    };
    let new = known.push(Loc { inlined: Some(inlined), ..old });
    locs.insert(loc, new);
    new
}
