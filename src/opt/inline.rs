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
//! Callees come before their callers, so that what is inlined is final; functions that call none of each other are worked
//! on at once. Locations keep the chain of calls. LLVM inlines as well; what is done here shows constants and addresses to
//! the passes that follow.

use ir::edit::{Replacements, append_jump, clone_body, split_block};
use ir::entity::Entity;
use ir::{Aux, Block, Func, FuncId, IndexVec, Inst, Intrinsic, Loc, LocId, Op, Program};
use rayon::iter::{
    IndexedParallelIterator, IntoParallelRefIterator, IntoParallelRefMutIterator, ParallelIterator,
};
use rustc_hash::FxHashMap;

use crate::call_targets::address_taken;
use crate::callers::Calls;
use crate::escape::hides_address;
use crate::pipeline::{OptLevel, Options, Result};
use crate::simplify::simplify_body;
use crate::unwind::PANICS;
use crate::{eval, lower_defer, parallel, spill};

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
    let callees = parallel::of_each(program, |_, func| Calls::of(func, &[]).direct);
    let mut calls: IndexVec<FuncId, u32> = IndexVec::filled(0, program.funcs.len());
    callees.values().flatten().for_each(|&callee| calls[callee] += 1);
    // The evaluator takes its calls one by one.
    let init = program.func_named(eval::INIT);
    let mut sizes: IndexVec<FuncId, Option<usize>> = parallel::of_each(program, size_if_inlined);
    for level in levels(&callees) {
        let wanted = |callee: FuncId, id: FuncId| {
            let Some(size) = sizes[callee].filter(|_| callee != id) else { return false };
            let func = &program.funcs[callee];
            let moved = calls[callee] == 1
                && !taken[callee]
                && !func.attrs.exported
                && !func.attrs.wasm_export
                && !func.attrs.cold
                && size <= LARGEST_MOVED;
            func.attrs.always_inline || size <= small || moved
        };
        let look = |&id: &FuncId| {
            let sites = sites(&program.funcs[id], |callee| wanted(callee, id));
            (!sites.is_empty() && Some(id) != init).then_some((id, sites))
        };
        let found: Vec<(FuncId, Vec<Site>)> = level.par_iter().with_max_len(64).filter_map(look).collect();
        let take = |(id, sites)| (id, std::mem::take(&mut program.funcs[id]), sites);
        let mut open: Vec<(FuncId, Func, Vec<Site>)> = found.into_iter().map(take).collect();
        let (first, shared) = (program.locs.len(), &*program);
        let grow = |(_, func, sites): &mut (FuncId, Func, Vec<Site>)| {
            let locs = inline_into(shared, func, sites);
            simplify_body(shared, func);
            locs
        };
        let locs: Vec<Vec<Loc>> = open.par_iter_mut().with_max_len(16).map(grow).collect();
        for ((id, mut func, _), locs) in open.into_iter().zip(locs) {
            renumber(&mut func, &mut program.locs, locs, first);
            sizes[id] = size_if_inlined(id, &func);
            program.funcs[id] = func;
        }
    }
    Ok(())
}

/// Every function after those it calls, recursion aside; those of one level call none of each other.
fn levels(callees: &IndexVec<FuncId, Vec<FuncId>>) -> Vec<Vec<FuncId>> {
    let mut levels: Vec<Vec<FuncId>> = Vec::new();
    let mut seen = IndexVec::filled(false, callees.len());
    // One more than the level of a function whose turn has been.
    let mut height: IndexVec<FuncId, usize> = IndexVec::filled(0, callees.len());
    for root in callees.keys() {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        let mut stack = vec![(root, &callees[root][..])];
        while let Some((id, rest)) = stack.last_mut() {
            if let [before @ .., next] = rest {
                *rest = before;
                if !std::mem::replace(&mut seen[*next], true) {
                    stack.push((*next, &callees[*next]));
                }
                continue;
            }
            let level = callees[*id].iter().map(|&callee| height[callee]).max().unwrap_or(0);
            height[*id] = level + 1;
            levels.resize_with(levels.len().max(level + 1), Vec::new);
            levels[level].push(*id);
            stack.pop();
        }
    }
    levels
}

fn size_if_inlined(id: FuncId, func: &Func) -> Option<usize> {
    can_inline(func, id).then(|| size(func))
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

/// A call to replace, and its callee.
type Site = (Block, Inst, FuncId);

fn sites(func: &Func, wanted: impl Fn(FuncId) -> bool) -> Vec<Site> {
    let mut sites = Vec::new();
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            if let (Op::Call, &Aux::Func(callee)) = (func.insts[inst].op, &func.insts[inst].aux)
                && wanted(callee)
            {
                sites.push((block, inst, callee));
            }
        }
    }
    sites
}

/// Returns the locations that the function has and the program has not yet: their ids follow those of the program.
fn inline_into(program: &Program, func: &mut Func, sites: &[Site]) -> Vec<Loc> {
    let mut locs = Locs { known: &program.locs, new: Vec::new() };
    let mut replacements = Replacements::default();
    // From the end: splitting a block moves what follows the call only.
    for &(block, inst, callee) in sites.iter().rev() {
        if func.insts.len() > LARGEST_CALLER {
            break;
        }
        inline_call(program, func, &mut replacements, &mut locs, block, inst, callee);
    }
    replacements.apply(func);
    ir::edit::remove_unreachable(func);
    locs.new
}

fn inline_call(
    program: &Program,
    func: &mut Func,
    replacements: &mut Replacements,
    locs: &mut Locs,
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
    let mut moved: FxHashMap<LocId, LocId> = FxHashMap::default();
    let cloned = clone_body(func, body, &data.args, |loc| locs.reroot(&mut moved, loc, data.loc, callee));
    append_jump(func, block, cloned.block(body.entry()), [], data.loc);
    for &new in cloned.blocks.values().flatten() {
        let Some(&last) = func.blocks[new].insts.last() else { continue };
        if func.insts[last].op == Op::Ret {
            let results = func.insts[last].args.clone();
            let loc = func.insts[last].loc;
            func.blocks[new].insts.pop();
            append_jump(func, new, rest, results, loc);
        }
    }
}

/// The locations of the program, and new ones.
struct Locs<'a> {
    known: &'a IndexVec<LocId, Loc>,
    new: Vec<Loc>,
}

impl Locs<'_> {
    /// A location of the callee, inside the call.
    fn reroot(
        &mut self,
        moved: &mut FxHashMap<LocId, LocId>,
        loc: LocId,
        call: LocId,
        callee: FuncId,
    ) -> LocId {
        if loc == LocId(0) {
            return call;
        }
        if let Some(&new) = moved.get(&loc) {
            return new;
        }
        let old = self.known[loc];
        let inlined = match old.inlined {
            None => (call, callee),
            Some((inner, func)) => (self.reroot(moved, inner, call, callee), func),
        };
        let new = LocId::from_index(self.known.len() + self.new.len());
        self.new.push(Loc { inlined: Some(inlined), ..old });
        moved.insert(loc, new);
        new
    }
}

/// Adds the new locations of a function to the program, which may have got others in the meantime.
fn renumber(func: &mut Func, known: &mut IndexVec<LocId, Loc>, new: Vec<Loc>, first: usize) {
    let by = known.len() - first;
    let moved = |loc: LocId| if loc.index() < first { loc } else { LocId::from_index(loc.index() + by) };
    for (_, data) in func.insts.iter_mut() {
        data.loc = moved(data.loc);
    }
    for mut loc in new {
        loc.inlined = loc.inlined.map(|(call, callee)| (moved(call), callee));
        known.push(loc);
    }
}
