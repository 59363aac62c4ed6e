//! WebAssembly: makes functions that may block resumable, as there is one call stack which the program cannot switch.
//!
//! A goroutine that blocks calls `runtime.suspend`, which sets `runtime.switching` to 1 and returns; every function on
//! the way down to the scheduler saves what is live and returns too. To go on, the scheduler sets the variable to 2 and
//! calls the goroutine's first function again; each function then restores what it saved and repeats the call it was
//! in, until `runtime.suspend` is reached, which sets the variable to 0 and returns as if nothing had happened.
//!
//! ```text
//! func @f(v0: i32) -> i32 {          func @f(v0: i32) -> i32 {
//! b0:                                b0:
//!   v1 = call.i32 @wait(v0)            v2 = stackslot {..}; v3 = load.i8 @runtime.switching
//!   v4 = add v0, v1              ->    br eq v3, 2, b4, b1
//!   ret v4                           b1:
//! }                                    v1 = call.i32 @wait(v0); jump b2(v0, v1)
//!                                    b2(v5, v6):
//!                                      v7 = load.i8 @runtime.switching; br ne v7, 0, b5, b3
//!                                    b3: v4 = add v5, v6; ret v4
//!                                    b4: v8 = load of v0 from v2; v9 = call.i32 @wait(0); jump b2(v8, v9)
//!                                    b5: store v5 to v2; ret 0
//! ```
//!
//! This form (rather than a state machine with a record in the heap per call) leaves the fast path as it was but for one
//! load and one branch per call that may block, and needs no memory beyond the stack: values are saved in the function's
//! own frame of the stack in linear memory, of which the runtime keeps a copy while the goroutine waits. A function that
//! is called again with the stack pointer of the first time finds its frame where it was, so the addresses of stack
//! objects hold.
//!
//! Which calls may block follows from the call graph; an indirect call does what any function of its signature does
//! whose address is taken, apart from those that only `go` or `defer` statements name (see `closure_uses`). A call that
//! is known not to wait (a select with a default case) does not count. What runs below `runtime.gopanic` or is called by
//! the host cannot be resumed: the runtime runs the scheduler on top of it there, see runtime/task_wasm.go.
//!
//! Relies on: all calls are there, with their tests for unwinding. Functions changed here must not be inlined later:
//! their frames are found by position.

use std::collections::{BTreeMap, BTreeSet};

use ir::builder::Builder;
use ir::cfg::{Cfg, Dominators};
use ir::edit::{block_of_insts, split_block};
use ir::{
    Aux, Block, Cond, Func, FuncId, GlobalId, IndexVec, Inst, InstData, Intrinsic, Op, Program, Switch,
    Target, Type, Value, ValueDef, Values,
};

use crate::call_targets::CallTargets;
use crate::pipeline::{Error, Options, Result};
use crate::spill::{Set, liveness, members};

/// Where a goroutine gives up the processor.
const SUSPEND: &str = "runtime.suspend";
/// 0: running, 1: on the way to the scheduler, 2: on the way back.
const SWITCHING: &str = "runtime.switching";
const REWINDING: i64 = 2;
/// They look after what blocks below them.
const BARRIERS: &[&str] = &["runtime.gopanic"];
const SELECT: &str = "runtime.selectgo";
/// Counts the activations that cannot be resumed.
const PINNED: &str = "runtime.pinned";

pub(crate) fn run(program: &mut Program, options: &Options) -> Result<()> {
    let Some(suspend) = program.func_named(SUSPEND).filter(|_| options.wasm) else { return Ok(()) };
    let Some(switching) = program.global_named(SWITCHING) else {
        return Err(Error::Runtime {
            name: SWITCHING.into(),
            why: "this variable is not part of the program".into(),
        });
    };
    let calls = Calls::new(program, suspend);
    for id in program.funcs.keys().collect::<Vec<_>>() {
        if !program.funcs[id].has_body() || id == suspend {
            continue;
        }
        if calls.blocking[id] {
            let mut func = std::mem::take(&mut program.funcs[id]);
            make_resumable(program, &mut func, &calls, switching);
            func.attrs.resumable = true;
            func.attrs.noreturn = false;
            program.funcs[id] = func;
        } else if is_called_by_host(&program.funcs[id]) && calls.any(program, id) {
            bracket(program, id);
        }
    }
    Ok(())
}

/// Which calls may block.
struct Calls {
    suspend: FuncId,
    select: Option<FuncId>,
    blocking: IndexVec<FuncId, bool>,
    targets: CallTargets,
}

impl Calls {
    fn new(program: &Program, suspend: FuncId) -> Calls {
        let mut calls = Calls {
            suspend,
            select: program.func_named(SELECT),
            blocking: IndexVec::filled(false, program.funcs.len()),
            targets: CallTargets::of(program),
        };
        loop {
            let mut changed = false;
            for (id, func) in program.funcs.iter() {
                let never =
                    id == suspend || BARRIERS.contains(&func.name.as_str()) || is_called_by_host(func);
                if !calls.blocking[id] && !never && calls.any(program, id) {
                    calls.blocking[id] = true;
                    changed = true;
                }
            }
            if !changed {
                return calls;
            }
        }
    }

    fn any(&self, program: &Program, id: FuncId) -> bool {
        let func = &program.funcs[id];
        func.order.iter().flat_map(|&b| &func.blocks[b].insts).any(|&i| self.blocks(func, &func.insts[i]))
    }

    fn blocks(&self, caller: &Func, data: &InstData) -> bool {
        match (data.op, &data.aux) {
            (Op::Call, &Aux::Func(callee)) if Some(callee) == self.select => {
                let waits = data.args.get(2).and_then(|&wait| caller.def(wait));
                self.blocking[callee] && !waits.is_some_and(is_zero)
            }
            (Op::Call, &Aux::Func(callee)) => callee == self.suspend || self.blocking[callee],
            (Op::CallIndirect, Aux::Signature(sig)) => {
                self.targets.indirect(caller, sig).any(|callee| self.blocking[callee])
            }
            _ => false,
        }
    }
}

fn is_zero(data: &InstData) -> bool {
    data.op == Op::Zero || data.op == Op::Iconst && data.aux == Aux::Int(0)
}

fn is_called_by_host(func: &Func) -> bool {
    (func.attrs.exported || func.attrs.wasm_export) && !func.attrs.callback
}

/// Tells the runtime that what happens in a function of the program's that the host calls cannot be resumed.
fn bracket(program: &mut Program, id: FuncId) {
    let Some(pinned) = program.global_named(PINNED) else { return };
    if crate::expand::in_runtime(&program.funcs[id].name) {
        return;
    }
    let ty = program.globals[pinned].ty;
    let func = &mut program.funcs[id];
    for block in func.order.clone() {
        if func.terminator(block).is_some_and(|last| last.op == Op::Ret) {
            let last = func.blocks[block].insts.pop();
            count(func, block, pinned, ty, -1);
            func.blocks[block].insts.extend(last);
        }
    }
    let entry = func.entry();
    let body = std::mem::take(&mut func.blocks[entry].insts);
    count(func, entry, pinned, ty, 1);
    func.blocks[entry].insts.extend(body);
}

fn count(func: &mut Func, block: Block, pinned: GlobalId, ty: Type, by: i64) {
    let loc = func.loc;
    let mut b = Builder { func, block, loc };
    let place = b.global(pinned);
    let old = b.load(ty, place);
    let by = b.iconst(ty, by);
    let new = b.binary(Op::Add, old, by);
    b.store(place, new);
}

/// A call that may block and the blocks around it.
struct Site {
    call: Inst,
    /// Where the call, with which a block ends, and its repetition meet.
    check: Block,
    rest: Block,
    save: Block,
    resume: Block,
    /// What is needed behind the call, or to repeat it.
    live: Vec<Value>,
}

fn make_resumable(program: &mut Program, func: &mut Func, calls: &Calls, switching: GlobalId) {
    ir::edit::remove_unreachable(func);
    let entry = func.entry();
    let body = split_block(func, entry, 0);
    // For the time being, as behind the calls.
    ir::edit::append_jump(func, entry, body, vec![], func.loc);
    let mut sites = split_at_calls(func, calls);
    let objects = stack_objects(func);
    repeat_constants(func);
    find_live(program, func, &mut sites, &objects);

    // The frame: room for what is saved at one of the calls, then the stack objects.
    let word = program.types.target.word();
    let records: Vec<Type> = sites.iter().map(|site| record(program, func, site)).collect();
    let size = records.iter().map(|&ty| program.types.size(ty)).max().unwrap_or(0);
    let align = records.iter().map(|&ty| program.types.layout(ty).align).max().unwrap_or(1);
    let unit = if align > program.types.size(word) { Type::I64 } else { word };
    let room = program.types.array(unit, size.div_ceil(program.types.size(unit)));
    let mut fields = vec![room];
    fields.extend(objects.iter().map(|&(_, _, ty)| ty));
    let frame_type = program.types.structure(&fields);

    func.blocks[entry].insts.clear();
    let mut b = Builder::new(func, entry);
    let frame = b.value(Op::StackSlot, Type::PTR, [], Aux::Type(frame_type));
    let mut replacements = ir::edit::Replacements::default();
    for (index, &(_, old, _)) in objects.iter().enumerate() {
        let address = b.field_addr(frame_type, frame, index as u32 + 1);
        replacements.add(old, address);
    }
    let rewinding = test(program, &mut b, switching, Cond::Eq, REWINDING);
    let dispatch = b.func.add_block();
    b.br(rewinding, dispatch, body);
    zero_objects(func, &objects, frame_type, frame);
    replacements.apply(func);

    dispatch_to(program, func, &sites, &records, dispatch, frame);
    let mut renamed: BTreeMap<Block, BTreeMap<Value, Value>> = BTreeMap::new();
    for (index, site) in sites.iter().enumerate() {
        let defined = fill_resume(func, site, records[index], frame);
        renamed.insert(site.resume, defined);
        fill_save(program, func, site, records[index], frame, index, sites.len());
        func.blocks[site.check].insts.clear();
        let mut b = Builder::new(func, site.check);
        let away = test(program, &mut b, switching, Cond::Ne, 0);
        b.br(away, site.save, site.rest);
    }
    rename(func, &renamed);
}

fn test(program: &Program, b: &mut Builder, switching: GlobalId, cond: Cond, number: i64) -> Value {
    let ty = program.globals[switching].ty;
    let place = b.global(switching);
    let state = b.load(ty, place);
    let number = b.iconst(ty, number);
    b.icmp(cond, state, number)
}

/// Ends a block behind each call that may block. Behind it in the order stands the check, then the rest.
fn split_at_calls(func: &mut Func, calls: &Calls) -> Vec<Site> {
    let mut sites = Vec::new();
    for first in func.order.clone() {
        let mut block = first;
        for call in func.blocks[first].insts.clone() {
            if !calls.blocks(func, &func.insts[call]) {
                continue;
            }
            let Some(at) = func.blocks[block].insts.iter().position(|&inst| inst == call) else { continue };
            let loc = func.insts[call].loc;
            let rest = split_block(func, block, at + 1);
            let check = split_block(func, block, at + 1);
            ir::edit::append_jump(func, block, check, vec![], loc);
            // For the time being; the test comes later.
            ir::edit::append_jump(func, check, rest, vec![], loc);
            let (save, resume) = (func.blocks.push(Default::default()), func.blocks.push(Default::default()));
            sites.push(Site { call, check, rest, save, resume, live: Vec::new() });
            block = rest;
        }
    }
    sites
}

/// The instructions that make stack objects, their addresses and types.
fn stack_objects(func: &Func) -> Vec<(Inst, Value, Type)> {
    let insts = func.order.iter().flat_map(|&b| &func.blocks[b].insts);
    insts
        .filter_map(|&inst| match (func.insts[inst].op, &func.insts[inst].aux) {
            (Op::StackAlloc | Op::StackSlot, &Aux::Type(ty)) => Some((inst, func.insts[inst].result(), ty)),
            _ => None,
        })
        .collect()
}

/// Objects are made in the entry; where that happened before, they are zeroed.
fn zero_objects(func: &mut Func, objects: &[(Inst, Value, Type)], frame_type: Type, frame: Value) {
    let index: BTreeMap<Inst, usize> = objects.iter().enumerate().map(|(i, &(inst, ..))| (inst, i)).collect();
    for block in func.order.clone() {
        let old = std::mem::take(&mut func.blocks[block].insts);
        for inst in old {
            let Some(&at) = index.get(&inst) else {
                func.blocks[block].insts.push(inst);
                continue;
            };
            if func.insts[inst].op == Op::StackAlloc {
                let loc = func.insts[inst].loc;
                let mut b = Builder { func, block, loc };
                let address = b.field_addr(frame_type, frame, at as u32 + 1);
                let zero = b.zero(objects[at].2);
                b.store(address, zero);
            }
        }
    }
}

fn is_constant(data: &InstData) -> bool {
    matches!(data.op, Op::Iconst | Op::Fconst | Op::Zero | Op::GlobalAddr | Op::FuncAddr)
}

/// Makes constants again in every block that uses them: they need not be saved.
fn repeat_constants(func: &mut Func) {
    let home = block_of_insts(func);
    for block in func.order.clone() {
        let mut copies: BTreeMap<Value, Value> = BTreeMap::new();
        let mut made = Vec::new();
        for inst in func.blocks[block].insts.clone() {
            let used: Vec<Value> = func.insts[inst].uses().collect();
            for value in used {
                let ValueDef::Result(def, _) = func.values[value].def else { continue };
                if copies.contains_key(&value) || home[def] == Some(block) || !is_constant(&func.insts[def]) {
                    continue;
                }
                let data = func.insts[def].clone();
                let copy = func.make_inst(data.op, data.ty, [], data.aux, &[data.ty], data.loc);
                copies.insert(value, func.insts[copy].result());
                made.push(copy);
            }
            func.insts[inst].for_each_use_mut(|value| {
                if let Some(&copy) = copies.get(value) {
                    *value = copy;
                }
            });
        }
        func.blocks[block].insts.splice(0..0, made);
    }
}

/// Numbers the values that may be needed in another block than theirs.
fn candidates(func: &Func) -> BTreeMap<Value, usize> {
    let home = block_of_insts(func);
    let mut number = BTreeMap::new();
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            for value in func.insts[inst].uses() {
                let own = match func.values[value].def {
                    ValueDef::Param(of, _) => of,
                    ValueDef::Result(def, _) => match home[def] {
                        Some(of) => of,
                        None => continue,
                    },
                };
                if own != block {
                    let next = number.len();
                    number.entry(value).or_insert(next);
                }
            }
        }
    }
    number
}

fn find_live(program: &Program, func: &Func, sites: &mut [Site], objects: &[(Inst, Value, Type)]) {
    let addresses: BTreeSet<Value> = objects.iter().map(|&(_, address, _)| address).collect();
    let mut number = candidates(func);
    number.retain(|value, _| !addresses.contains(value));
    let values: BTreeMap<usize, Value> = number.iter().map(|(&value, &index)| (index, value)).collect();
    let words = values.keys().next_back().map_or(0, |&last| last / 64 + 1);
    let live_out = liveness(func, &number, words);
    for site in sites {
        let call = &func.insts[site.call];
        let mut live: BTreeSet<Value> =
            members(&live_out[site.check]).filter_map(|index| values.get(&index).copied()).collect();
        live.retain(|value| !call.results.contains(value));
        if call.op == Op::CallIndirect && !func.def(call.args[0]).is_some_and(is_constant) {
            live.insert(call.args[0]);
        }
        // Larger alignment first leaves the fewest gaps behind the word in front.
        site.live = live.into_iter().collect();
        site.live.sort_by_key(|&value| {
            let align = program.types.layout(func.ty(value)).align;
            (if align == 4 { 0 } else { 16 - align }, value)
        });
    }
}

/// What a call saves: its number, then the values.
fn record(program: &mut Program, func: &Func, site: &Site) -> Type {
    let mut fields = vec![program.types.target.word()];
    fields.extend(site.live.iter().map(|&value| func.ty(value)));
    program.types.structure(&fields)
}

fn dispatch_to(
    program: &Program,
    func: &mut Func,
    sites: &[Site],
    records: &[Type],
    dispatch: Block,
    frame: Value,
) {
    func.order.extend(sites.iter().flat_map(|site| [site.save, site.resume]));
    let word = program.types.target.word();
    let mut b = Builder::new(func, dispatch);
    // From here on the frame holds what was saved.
    b.intrinsic_effect(Intrinsic::KeepAlive, [frame]);
    let target = |block: Block| Target::new(block, []);
    if let [site] = sites {
        b.jump(site.resume, []);
        return;
    }
    let place = b.field_addr(records[0], frame, 0);
    let number = b.load(word, place);
    let switch = Switch {
        cases: (0..sites.len() as i64 - 1).collect(),
        targets: sites.iter().map(|site| target(site.resume)).collect(),
    };
    b.effect(Op::Switch, [number], Aux::Switch(Box::new(switch)));
}

/// Restores the values and repeats the call: the callee restores its own, its arguments do not matter. Returns what the
/// values are from there on.
fn fill_resume(func: &mut Func, site: &Site, record: Type, frame: Value) -> BTreeMap<Value, Value> {
    let data = func.insts[site.call].clone();
    let mut b = Builder { func, block: site.resume, loc: data.loc };
    let mut defined = BTreeMap::new();
    for (index, &value) in site.live.iter().enumerate() {
        let place = b.field_addr(record, frame, index as u32 + 1);
        let ty = b.func.ty(value);
        defined.insert(value, b.load(ty, place));
    }
    let mut args = Vec::new();
    for (index, &arg) in data.args.iter().enumerate() {
        let code = data.op == Op::CallIndirect && index == 0;
        args.push(match defined.get(&arg).filter(|_| code) {
            Some(&value) => value,
            None if code => {
                let def = b.func.def(arg).cloned();
                let aux = def.map(|def| def.aux).unwrap_or_default();
                b.value(Op::FuncAddr, Type::CODE, [], aux)
            }
            None => {
                let ty = b.func.ty(arg);
                b.zero(ty)
            }
        });
    }
    let types: Vec<Type> = data.results.iter().map(|&result| b.func.ty(result)).collect();
    let call = b.ins(data.op, data.ty, args, data.aux, &types);
    for (&old, &new) in data.results.iter().zip(&b.func.insts[call].results) {
        defined.insert(old, new);
    }
    b.jump(site.check, []);
    defined
}

fn fill_save(
    program: &Program,
    func: &mut Func,
    site: &Site,
    record: Type,
    frame: Value,
    number: usize,
    count: usize,
) {
    let results = func.sig.results.clone();
    let loc = func.insts[site.call].loc;
    let mut b = Builder { func, block: site.save, loc };
    if count > 1 {
        let place = b.field_addr(record, frame, 0);
        let number = b.iconst(program.types.target.word(), number as i64);
        b.store(place, number);
    }
    for (index, &value) in site.live.iter().enumerate() {
        let place = b.field_addr(record, frame, index as u32 + 1);
        b.store(place, value);
    }
    // The frame is read after the function has returned.
    b.intrinsic_effect(Intrinsic::KeepAlive, [frame]);
    let zeros: Values = results.iter().map(|&ty| b.zero(ty)).collect();
    b.ret(zeros);
}

/// Values that are defined again where calls are repeated: block parameters where definitions meet (pruned static single
/// assignment form after Cytron et al.), and every use renamed to the definition that reaches it.
fn rename(func: &mut Func, renamed: &BTreeMap<Block, BTreeMap<Value, Value>>) {
    let cfg = Cfg::compute(func);
    let dom = Dominators::compute(func, &cfg);
    let frontier = frontiers(func, &cfg, &dom);
    let home = block_of_insts(func);
    let mut definitions: BTreeMap<Value, Vec<Block>> = BTreeMap::new();
    for (&block, values) in renamed {
        values.keys().for_each(|&value| definitions.entry(value).or_default().push(block));
    }
    for (&value, blocks) in &mut definitions {
        match func.values[value].def {
            ValueDef::Param(block, _) => blocks.push(block),
            ValueDef::Result(inst, _) => blocks.extend(home[inst]),
        }
    }
    let number: BTreeMap<Value, usize> = definitions.keys().enumerate().map(|(i, &v)| (v, i)).collect();
    let live_out = liveness(func, &number, number.len().div_ceil(64));
    let live_in = |func: &Func, block: Block, bit: usize| {
        let has = |set: &Set| set[bit / 64] >> (bit % 64) & 1 != 0;
        // Nothing is defined in a block where definitions meet before it is used there.
        let used = func.blocks[block]
            .insts
            .iter()
            .any(|&inst| func.insts[inst].uses().any(|value| number.get(&value) == Some(&bit)));
        used || has(&live_out[block])
    };
    let mut params: BTreeMap<Block, Vec<(Value, Value)>> = BTreeMap::new();
    for (&value, blocks) in &definitions {
        let mut work = blocks.clone();
        let mut placed: BTreeSet<Block> = BTreeSet::new();
        while let Some(block) = work.pop() {
            for &join in frontier.get(&block).into_iter().flatten() {
                if !blocks.contains(&join) && live_in(func, join, number[&value]) && placed.insert(join) {
                    work.push(join);
                }
            }
        }
        for join in placed {
            let ty = func.ty(value);
            let param = func.add_param(join, ty);
            params.entry(join).or_default().push((value, param));
        }
    }
    // What a value is at the end of a block.
    let at_end = |func: &Func, value: Value, mut block: Block| loop {
        let own = match func.values[value].def {
            ValueDef::Param(of, _) => of == block,
            ValueDef::Result(inst, _) => home[inst] == Some(block),
        };
        if own {
            return value;
        }
        if let Some(&new) = renamed.get(&block).and_then(|values| values.get(&value)) {
            return new;
        }
        let here = params.get(&block).and_then(|list| list.iter().find(|(old, _)| *old == value));
        if let Some(&(_, param)) = here {
            return param;
        }
        match dom.immediate(block) {
            Some(parent) => block = parent,
            None => return value,
        }
    };
    for block in func.order.clone() {
        if !cfg.is_reachable(block) || renamed.contains_key(&block) {
            pass_on(func, block, &params, &at_end);
            continue;
        }
        for at in 0..func.blocks[block].insts.len() {
            let inst = func.blocks[block].insts[at];
            let new: BTreeMap<Value, Value> = func.insts[inst]
                .uses()
                .filter(|value| number.contains_key(value))
                .map(|value| (value, at_end(func, value, block)))
                .collect();
            func.insts[inst].for_each_use_mut(|value| {
                if let Some(&new) = new.get(value) {
                    *value = new;
                }
            });
        }
        pass_on(func, block, &params, &at_end);
    }
}

/// Arguments for the new parameters of the blocks that follow.
fn pass_on(
    func: &mut Func,
    block: Block,
    params: &BTreeMap<Block, Vec<(Value, Value)>>,
    at_end: &impl Fn(&Func, Value, Block) -> Value,
) {
    let Some(&last) = func.blocks[block].insts.last() else { return };
    let targets: Vec<Block> = func.insts[last].targets().iter().map(|target| target.block).collect();
    for (index, next) in targets.into_iter().enumerate() {
        for &(value, _) in params.get(&next).into_iter().flatten() {
            let arg = at_end(func, value, block);
            func.insts[last].targets_mut()[index].args.push(arg);
        }
    }
}

/// Where the definitions of a block stop being the only ones.
fn frontiers(func: &Func, cfg: &Cfg, dom: &Dominators) -> BTreeMap<Block, BTreeSet<Block>> {
    let mut frontier: BTreeMap<Block, BTreeSet<Block>> = BTreeMap::new();
    for &block in func.order.iter().filter(|&&block| cfg.preds[block].len() > 1) {
        for &pred in &cfg.preds[block] {
            let mut runner = Some(pred);
            while let Some(at) = runner.filter(|&at| dom.immediate(block) != Some(at)) {
                frontier.entry(at).or_default().insert(block);
                runner = dom.immediate(at);
            }
        }
    }
    frontier
}
