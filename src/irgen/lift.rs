//! Lifts local variables from memory to SSA values: splits small structs into their fields, promotes objects whose
//! address is only loaded from and stored to, and removes what is dead afterwards.
//!
//! Before: `v1 = alloc i32; store v1, v0; v2 = load v1; ret v2`. After: `ret v0`.
//!
//! Relies on: the entry block has no predecessors. Objects in `keep` are left alone: the results of functions with
//! `defer` must be in memory when a panic unwinds to the exit block.

use ir::{Aux, Block, Func, Inst, Op, Target, Type, TypeData, Types, Value, ValueDef};
use rustc_hash::{FxHashMap, FxHashSet};

/// Structs with more fields stay in memory.
const MAX_FIELDS: usize = 12;
/// Objects larger than this many bytes stay in memory.
const MAX_BYTES: u64 = 96;

pub fn lift(func: &mut Func, types: &Types, keep: &FxHashSet<Value>) {
    let exits = unreached_exits(func);
    remove_unreachable(func);
    split_structs(func, types, keep);
    promote(func, types, keep);
    func.order.extend(exits);
    remove_dead(func);
    // Two fifths of the instructions were for variables.
    ir::edit::compact(func);
}

/// The blocks from `run_defers` on where nothing jumps there: a recovered panic still goes on there.
fn unreached_exits(func: &Func) -> Vec<Block> {
    let runs = |b: &Block| func.blocks[*b].insts.iter().any(|&i| func.insts[i].op == Op::RunDefers);
    let mut exits = ir::cfg::blocks_from(func, func.order.iter().copied().filter(runs));
    let cfg = ir::cfg::Cfg::compute(func);
    exits.retain(|&b| !cfg.is_reachable(b));
    exits
}

/// Drops the blocks that the entry does not reach.
fn remove_unreachable(func: &mut Func) {
    let reached = reachable(func);
    func.order.retain(|b| reached[b.0 as usize]);
}

/// Whether the entry reaches a block, by number.
pub fn reachable(func: &Func) -> Vec<bool> {
    let mut reached = vec![false; func.blocks.len()];
    let mut stack = vec![func.entry()];
    while let Some(block) = stack.pop() {
        if std::mem::replace(&mut reached[block.0 as usize], true) {
            continue;
        }
        if let Some(end) = func.terminator(block) {
            stack.extend(end.targets().iter().map(|t| t.block));
        }
    }
    reached
}

/// How often each value is used, counting only placed instructions.
fn count_uses(func: &Func) -> Vec<u32> {
    let mut uses = vec![0; func.values.len()];
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            for value in func.insts[inst].uses() {
                uses[value.0 as usize] += 1;
            }
        }
    }
    uses
}

/// Removes instructions without effect whose results nobody uses.
fn remove_dead(func: &mut Func) {
    let mut uses = count_uses(func);
    let removable = |func: &Func, inst: Inst| {
        use ir::op::OpKind;
        matches!(func.insts[inst].op.kind(), OpKind::Pure | OpKind::Read | OpKind::Alloc)
    };
    let mut dead: Vec<Inst> = Vec::new();
    let mut is_dead = FxHashSet::default();
    let unused = |func: &Func, uses: &[u32], inst: Inst| {
        func.insts[inst].results.iter().all(|v| uses[v.0 as usize] == 0)
    };
    for &block in &func.order {
        dead.extend(
            func.blocks[block].insts.iter().filter(|&&i| removable(func, i) && unused(func, &uses, i)),
        );
    }
    while let Some(inst) = dead.pop() {
        if !is_dead.insert(inst) {
            continue;
        }
        for value in func.insts[inst].args.clone() {
            uses[value.0 as usize] -= 1;
            if let ValueDef::Result(def, _) = func.values[value].def
                && removable(func, def)
                && unused(func, &uses, def)
            {
                dead.push(def);
            }
        }
    }
    if is_dead.is_empty() {
        return;
    }
    for block in func.order.clone() {
        func.blocks[block].insts.retain(|i| !is_dead.contains(i));
    }
}

/// What is known about an object's uses.
#[derive(Clone, Copy, PartialEq)]
enum Uses {
    /// Only loads and stores of the whole.
    Whole,
    /// Those, and addresses of fields.
    Fields,
    Other,
}

/// Classifies the uses of every `alloc`.
fn classify(func: &Func, types: &Types, keep: &FxHashSet<Value>) -> FxHashMap<Value, (Type, Uses)> {
    let mut objects = FxHashMap::default();
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            if let (Op::Alloc, Aux::Type(ty)) = (data.op, &data.aux)
                && !keep.contains(&data.result())
                && types.size(*ty) <= MAX_BYTES
            {
                objects.insert(data.result(), (*ty, Uses::Whole));
            }
        }
    }
    let escaping = escaping_first_fields(func);
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            for (i, value) in data.uses().enumerate() {
                let Some((ty, uses)) = objects.get_mut(&value) else { continue };
                match (data.op, &data.aux) {
                    (Op::Load, _) if data.ty == *ty => {}
                    (Op::Store, _) if i == 0 && func.ty(data.args[1]) == *ty => {}
                    (Op::FieldAddr, Aux::Field(_, 0)) if escaping.contains(&data.result()) => {
                        *uses = Uses::Other;
                    }
                    (Op::FieldAddr, Aux::Field(of, _)) if of == ty => {
                        if *uses == Uses::Whole {
                            *uses = Uses::Fields;
                        }
                    }
                    _ => *uses = Uses::Other,
                }
            }
        }
    }
    objects
}

/// Addresses of first fields that are used for more than loads and stores. Whoever gets one may have the whole struct
/// through package unsafe, as reflect has for descriptors (`(*arrayType)(unsafe.Pointer(&array.Type))`).
fn escaping_first_fields(func: &Func) -> FxHashSet<Value> {
    let mut base: FxHashMap<Value, Value> = FxHashMap::default();
    let mut found = FxHashSet::default();
    for data in func.placed() {
        if let (Op::FieldAddr, Aux::Field(_, 0)) = (data.op, &data.aux) {
            base.insert(data.result(), data.args[0]);
        }
    }
    for data in func.placed() {
        for (i, value) in data.uses().enumerate() {
            let harmless = match data.op {
                Op::Load | Op::NilCheck | Op::FieldAddr | Op::ElemAddr => true,
                Op::Store => i == 0,
                _ => false,
            };
            if harmless {
                continue;
            }
            let mut at = value;
            while let Some(&outer) = base.get(&at).filter(|_| found.insert(at)) {
                at = outer;
            }
        }
    }
    found
}

/// Replaces structs of which fields are addressed by one object per field, until nothing changes.
fn split_structs(func: &mut Func, types: &Types, keep: &FxHashSet<Value>) {
    loop {
        let objects = classify(func, types, keep);
        let splittable = |v: &Value| match objects.get(v) {
            Some((ty, Uses::Fields)) => match types.data(*ty) {
                TypeData::Struct(fields) if fields.len() <= MAX_FIELDS => Some(fields.clone()),
                _ => None,
            },
            _ => None,
        };
        let mut parts: FxHashMap<Value, Vec<Value>> = FxHashMap::default();
        let mut renamed: FxHashMap<Value, Value> = FxHashMap::default();
        // Allocations first: a block that comes early in the order may be reached late.
        for block in func.order.clone() {
            let old = std::mem::take(&mut func.blocks[block].insts);
            let mut insts = Vec::with_capacity(old.len());
            for inst in old {
                let is_alloc = func.insts[inst].op == Op::Alloc;
                match is_alloc.then(|| splittable(&func.insts[inst].result())).flatten() {
                    Some(fields) => {
                        let loc = func.insts[inst].loc;
                        let object = func.insts[inst].result();
                        let mut values = Vec::new();
                        for field in fields {
                            let part =
                                func.make_inst(Op::Alloc, Type::PTR, [], Aux::Type(field), &[Type::PTR], loc);
                            values.push(func.insts[part].result());
                            insts.push(part);
                        }
                        parts.insert(object, values);
                    }
                    None => insts.push(inst),
                }
            }
            func.blocks[block].insts = insts;
        }
        if parts.is_empty() {
            return;
        }
        for block in func.order.clone() {
            let old = std::mem::take(&mut func.blocks[block].insts);
            let mut insts = Vec::with_capacity(old.len());
            for inst in old {
                split_use(func, types, inst, &parts, &mut renamed, &mut insts);
            }
            func.blocks[block].insts = insts;
        }
        rename_uses(func, &renamed);
    }
}

/// Rewrites one use of a split object.
fn split_use(
    func: &mut Func,
    types: &Types,
    inst: Inst,
    parts: &FxHashMap<Value, Vec<Value>>,
    renamed: &mut FxHashMap<Value, Value>,
    out: &mut Vec<Inst>,
) {
    let data = &func.insts[inst];
    let (op, loc) = (data.op, data.loc);
    let object = match (op, data.args.first()) {
        (Op::Load | Op::Store | Op::FieldAddr, Some(v)) => parts.get(v),
        _ => None,
    };
    let Some(object) = object else {
        out.push(inst);
        return;
    };
    match op {
        Op::FieldAddr => {
            let Aux::Field(_, index) = data.aux else { return };
            renamed.insert(data.result(), object[index as usize]);
        }
        Op::Load => {
            let (ty, result) = (data.ty, data.result());
            let fields = types.fields(ty).to_vec();
            let mut values = Vec::new();
            for (&part, &field) in object.iter().zip(&fields) {
                let load = func.make_inst(Op::Load, field, [part], Aux::None, &[field], loc);
                values.push(func.insts[load].result());
                out.push(load);
            }
            let whole = func.make_inst(Op::Aggregate, ty, values, Aux::None, &[ty], loc);
            renamed.insert(result, func.insts[whole].result());
            out.push(whole);
        }
        _ => {
            let whole = data.args[1];
            let fields = types.fields(func.ty(whole)).to_vec();
            for (i, (&part, &field)) in object.iter().zip(&fields).enumerate() {
                let extract = func.make_inst(Op::Extract, field, [whole], Aux::Int(i as i64), &[field], loc);
                let value = func.insts[extract].result();
                out.push(extract);
                out.push(func.make_inst(Op::Store, Type::VOID, [part, value], Aux::None, &[], loc));
            }
        }
    }
}

fn resolve(renamed: &FxHashMap<Value, Value>, mut value: Value) -> Value {
    while let Some(&next) = renamed.get(&value) {
        value = next;
    }
    value
}

fn rename_uses(func: &mut Func, renamed: &FxHashMap<Value, Value>) {
    if renamed.is_empty() {
        return;
    }
    for block in func.order.clone() {
        for inst in func.blocks[block].insts.clone() {
            func.insts[inst].for_each_use_mut(|v| *v = resolve(renamed, *v));
        }
    }
}

/// Predecessors, immediate dominators and dominance frontiers of the reachable blocks, by number in reverse postorder.
struct Flow {
    order: Vec<Block>,
    number: Vec<usize>,
    preds: Vec<Vec<usize>>,
    children: Vec<Vec<usize>>,
    frontier: Vec<Vec<usize>>,
}

impl Flow {
    fn new(func: &Func) -> Flow {
        let order = reverse_postorder(func);
        let mut number = vec![usize::MAX; func.blocks.len()];
        for (i, block) in order.iter().enumerate() {
            number[block.0 as usize] = i;
        }
        let mut preds = vec![Vec::new(); order.len()];
        for (i, &block) in order.iter().enumerate() {
            for target in func.terminator(block).map_or(&[][..], |end| end.targets()) {
                let succ: &mut Vec<usize> = &mut preds[number[target.block.0 as usize]];
                if !succ.contains(&i) {
                    succ.push(i);
                }
            }
        }
        let idom = immediate_dominators(&preds);
        let mut children = vec![Vec::new(); order.len()];
        for (i, &dom) in idom.iter().enumerate().skip(1) {
            children[dom].push(i);
        }
        let mut frontier = vec![Vec::new(); order.len()];
        for (i, of) in preds.iter().enumerate().filter(|(_, p)| p.len() > 1) {
            for &pred in of {
                let mut runner = pred;
                while runner != idom[i] {
                    if !frontier[runner].contains(&i) {
                        frontier[runner].push(i);
                    }
                    runner = idom[runner];
                }
            }
        }
        Flow { order, number, preds, children, frontier }
    }
}

fn reverse_postorder(func: &Func) -> Vec<Block> {
    let mut seen = vec![false; func.blocks.len()];
    let mut order = Vec::new();
    let mut stack = vec![(func.entry(), 0)];
    seen[func.entry().0 as usize] = true;
    while let Some((block, next)) = stack.pop() {
        let targets = func.terminator(block).map_or(&[][..], |end| end.targets());
        if let Some(target) = targets.get(next) {
            stack.push((block, next + 1));
            if !std::mem::replace(&mut seen[target.block.0 as usize], true) {
                stack.push((target.block, 0));
            }
        } else {
            order.push(block);
        }
    }
    order.reverse();
    order
}

/// Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm".
fn immediate_dominators(preds: &[Vec<usize>]) -> Vec<usize> {
    let mut idom = vec![usize::MAX; preds.len()];
    idom[0] = 0;
    let mut changed = true;
    while changed {
        changed = false;
        for block in 1..preds.len() {
            let mut dom = usize::MAX;
            for &pred in preds[block].iter().filter(|&&p| idom[p] != usize::MAX) {
                if dom == usize::MAX {
                    dom = pred;
                    continue;
                }
                let mut other = pred;
                while dom != other {
                    while other > dom {
                        other = idom[other];
                    }
                    while dom > other {
                        dom = idom[dom];
                    }
                }
            }
            if idom[block] != dom {
                idom[block] = dom;
                changed = true;
            }
        }
    }
    idom
}

/// Replaces objects that are only loaded and stored as a whole by values and block parameters.
fn promote(func: &mut Func, types: &Types, keep: &FxHashSet<Value>) {
    let mut objects: Vec<(Value, Type)> = classify(func, types, keep)
        .into_iter()
        .filter(|(_, (_, uses))| *uses == Uses::Whole)
        .map(|(value, (ty, _))| (value, ty))
        .collect();
    if objects.is_empty() {
        return;
    }
    objects.sort_unstable_by_key(|(value, _)| *value);
    let index: FxHashMap<Value, usize> = objects.iter().enumerate().map(|(i, (v, _))| (*v, i)).collect();
    let flow = Flow::new(func);
    let params = place_params(func, &flow, &objects, &index);
    rename(func, &flow, &objects, &index, &params);
}

/// The object that an instruction loads, stores or allocates.
fn object_of(func: &Func, inst: Inst, index: &FxHashMap<Value, usize>) -> Option<usize> {
    let data = &func.insts[inst];
    match data.op {
        Op::Alloc => index.get(&data.result()).copied(),
        Op::Load | Op::Store => index.get(&data.args[0]).copied(),
        _ => None,
    }
}

/// Adds a parameter for an object to every block of the iterated dominance frontier of its definitions in which it is
/// live. Returns (object, parameter) by block number.
fn place_params(
    func: &mut Func,
    flow: &Flow,
    objects: &[(Value, Type)],
    index: &FxHashMap<Value, usize>,
) -> Vec<Vec<(usize, Value)>> {
    let mut defs: Vec<Vec<usize>> = vec![Vec::new(); objects.len()];
    let mut uses: Vec<Vec<usize>> = vec![Vec::new(); objects.len()];
    for (number, &block) in flow.order.iter().enumerate() {
        let mut defined = FxHashSet::default();
        for &inst in &func.blocks[block].insts {
            let Some(object) = object_of(func, inst, index) else { continue };
            if func.insts[inst].op == Op::Load {
                if !defined.contains(&object) && uses[object].last() != Some(&number) {
                    uses[object].push(number);
                }
            } else if defined.insert(object) {
                defs[object].push(number);
            }
        }
    }
    let mut params = vec![Vec::new(); flow.order.len()];
    for (object, &(_, ty)) in objects.iter().enumerate() {
        if uses[object].is_empty() {
            continue;
        }
        let live = live_in(flow, &defs[object], &uses[object]);
        let mut placed = vec![false; flow.order.len()];
        let mut work = defs[object].clone();
        while let Some(block) = work.pop() {
            for &at in &flow.frontier[block] {
                if live[at] && !std::mem::replace(&mut placed[at], true) {
                    work.push(at);
                }
            }
        }
        for (block, _) in placed.iter().enumerate().filter(|(_, p)| **p) {
            params[block].push((object, func.add_param(flow.order[block], ty)));
        }
    }
    params
}

/// The blocks at whose start an object is live.
fn live_in(flow: &Flow, defs: &[usize], uses: &[usize]) -> Vec<bool> {
    let mut defined = vec![false; flow.order.len()];
    for &def in defs {
        defined[def] = true;
    }
    let mut live = vec![false; flow.order.len()];
    let mut work = uses.to_vec();
    while let Some(block) = work.pop() {
        if !std::mem::replace(&mut live[block], true) {
            work.extend(flow.preds[block].iter().copied().filter(|&p| !defined[p]));
        }
    }
    live
}

/// Walks the dominator tree with the current value of every object.
fn rename(
    func: &mut Func,
    flow: &Flow,
    objects: &[(Value, Type)],
    index: &FxHashMap<Value, usize>,
    params: &[Vec<(usize, Value)>],
) {
    enum Step {
        Visit(usize),
        Restore(Vec<(usize, Option<Value>)>),
    }
    let mut current: Vec<Option<Value>> = vec![None; objects.len()];
    let mut renamed: FxHashMap<Value, Value> = FxHashMap::default();
    let mut undefined: FxHashMap<usize, Value> = FxHashMap::default();
    let mut prologue: Vec<Inst> = Vec::new();
    let mut steps = vec![Step::Visit(0)];
    while let Some(step) = steps.pop() {
        let number = match step {
            Step::Visit(number) => number,
            Step::Restore(saved) => {
                for (object, value) in saved.into_iter().rev() {
                    current[object] = value;
                }
                continue;
            }
        };
        let block = flow.order[number];
        let mut saved = Vec::new();
        let mut set = |current: &mut Vec<Option<Value>>, object: usize, value: Value| {
            saved.push((object, current[object]));
            current[object] = Some(value);
        };
        // A read before any definition gets zero; only gotos over declarations can lead here.
        let mut value_of = |func: &mut Func, current: &[Option<Value>], object: usize| {
            current[object].unwrap_or_else(|| {
                *undefined.entry(object).or_insert_with(|| {
                    let ty = objects[object].1;
                    let zero = func.make_inst(Op::Zero, ty, [], Aux::None, &[ty], ir::LocId(0));
                    prologue.push(zero);
                    func.insts[zero].result()
                })
            })
        };
        for &(object, param) in &params[number] {
            set(&mut current, object, param);
        }
        let old = std::mem::take(&mut func.blocks[block].insts);
        let mut insts = Vec::with_capacity(old.len());
        for inst in old {
            let Some(object) = object_of(func, inst, index) else {
                insts.push(inst);
                continue;
            };
            match func.insts[inst].op {
                Op::Load => {
                    let value = value_of(func, &current, object);
                    renamed.insert(func.insts[inst].result(), value);
                }
                Op::Store => {
                    let value = func.insts[inst].args[1];
                    set(&mut current, object, resolve(&renamed, value));
                }
                _ => {
                    let (ty, loc) = (objects[object].1, func.insts[inst].loc);
                    let zero = func.make_inst(Op::Zero, ty, [], Aux::None, &[ty], loc);
                    insts.push(zero);
                    let value = func.insts[zero].result();
                    set(&mut current, object, value);
                }
            }
        }
        if let Some(&end) = insts.last() {
            let mut data = func.insts[end].clone();
            for Target { block, args } in data.targets_mut() {
                for &(object, _) in &params[flow.number[block.0 as usize]] {
                    args.push(value_of(func, &current, object));
                }
            }
            func.insts[end] = data;
        }
        func.blocks[block].insts = insts;
        steps.push(Step::Restore(saved));
        steps.extend(flow.children[number].iter().map(|&child| Step::Visit(child)));
    }
    if !prologue.is_empty() {
        func.blocks[flow.order[0]].insts.splice(0..0, prologue);
    }
    rename_uses(func, &renamed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::builder::Builder;
    use ir::{Cond, Signature, TargetLayout};

    #[test]
    fn loop_variable_becomes_block_parameter() {
        let types = Types::new(TargetLayout::BITS32);
        let sig = Signature { params: vec![Type::I32], results: vec![Type::I32] };
        let mut func = Func::new("f", sig);
        let entry = func.add_block();
        let (head, body, exit) = (func.add_block(), func.add_block(), func.add_block());
        let n = func.add_param(entry, Type::I32);
        let mut b = Builder::new(&mut func, entry);
        let var = b.value(Op::Alloc, Type::PTR, [], Aux::Type(Type::I32));
        b.jump(head, []);
        b.block = head;
        let i = b.load(Type::I32, var);
        let less = b.icmp(Cond::Slt, i, n);
        b.br(less, body, exit);
        b.block = body;
        let i = b.load(Type::I32, var);
        let one = b.iconst(Type::I32, 1);
        let next = b.binary(Op::Add, i, one);
        b.store(var, next);
        b.jump(head, []);
        b.block = exit;
        let i = b.load(Type::I32, var);
        b.ret([i]);
        lift(&mut func, &types, &FxHashSet::default());
        assert_eq!(func.blocks[head].params.len(), 1);
        let param = func.blocks[head].params[0];
        assert_eq!(func.terminator(exit).map(|end| end.args.clone()), Some(ir::Values::from([param])));
        let ops: Vec<Op> = func.blocks[entry].insts.iter().map(|&i| func.insts[i].op).collect();
        assert_eq!(ops, [Op::Zero, Op::Jump]);
        assert!(func.order.iter().all(|&b| {
            func.blocks[b]
                .insts
                .iter()
                .all(|&i| !matches!(func.insts[i].op, Op::Load | Op::Store | Op::Alloc))
        }));
    }

    #[test]
    fn struct_fields_are_split() {
        let mut types = Types::new(TargetLayout::BITS32);
        let pair = types.structure(&[Type::I32, Type::I64]);
        let mut func = Func::new("f", Signature { params: vec![pair], results: vec![Type::I64] });
        let entry = func.add_block();
        let p = func.add_param(entry, pair);
        let mut b = Builder::new(&mut func, entry);
        let var = b.value(Op::Alloc, Type::PTR, [], Aux::Type(pair));
        b.store(var, p);
        let second = b.field_addr(pair, var, 1);
        let x = b.load(Type::I64, second);
        b.ret([x]);
        lift(&mut func, &types, &FxHashSet::default());
        let ops: Vec<Op> = func.blocks[entry].insts.iter().map(|&i| func.insts[i].op).collect();
        assert_eq!(ops, [Op::Extract, Op::Ret]);
    }

    #[test]
    fn a_struct_whose_first_field_escapes_stays_whole() {
        let mut types = Types::new(TargetLayout::BITS32);
        let pair = types.structure(&[Type::I32, Type::I64]);
        let mut func = Func::new("f", Signature { params: vec![pair], results: vec![Type::PTR] });
        let entry = func.add_block();
        let p = func.add_param(entry, pair);
        let mut b = Builder::new(&mut func, entry);
        let var = b.value(Op::Alloc, Type::PTR, [], Aux::Type(pair));
        b.store(var, p);
        let first = b.field_addr(pair, var, 0);
        b.ret([first]);
        lift(&mut func, &types, &FxHashSet::default());
        let ops: Vec<Op> = func.blocks[entry].insts.iter().map(|&i| func.insts[i].op).collect();
        assert_eq!(ops, [Op::Alloc, Op::Store, Op::FieldAddr, Op::Ret]);
    }
}
