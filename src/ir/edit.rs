//! Changes functions and programs: replace uses, remove, split, clone, compact.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use rustc_hash::FxHashMap;

use crate::cfg::{blocks_from, reachable};
use crate::entity::{Block, Entity, FuncId, GlobalId, IndexVec, Inst, LocId, RTypeId, Value};
use crate::func::{BlockData, Func, InstData, Target, ValueData, ValueDef};
use crate::op::{Aux, Op};
use crate::program::{Const, Program};
use crate::ty::Type;

/// Replacements of values, applied to a whole function at once by [`Replacements::apply`].
#[derive(Clone, Debug, Default)]
pub struct Replacements {
    map: FxHashMap<Value, Value>,
}

impl Replacements {
    pub fn add(&mut self, old: Value, new: Value) {
        self.map.insert(old, new);
    }

    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// What stands for a value after following chains of replacements.
    pub fn resolve(&self, mut value: Value) -> Value {
        // A cycle can arise only in unreachable code; the bound ends it.
        for _ in 0..=self.map.len() {
            match self.map.get(&value) {
                Some(&next) => value = next,
                None => break,
            }
        }
        value
    }

    /// Rewrites all uses in placed instructions.
    pub fn apply(&self, func: &mut Func) {
        if self.map.is_empty() {
            return;
        }
        // What stands for each value: there are many more uses than replacements.
        let mut all: IndexVec<Value, Value> = func.values.keys().collect();
        self.map.keys().for_each(|&old| all[old] = self.resolve(old));
        let Func { insts, blocks, order, .. } = func;
        for &inst in order.iter().flat_map(|&block| &blocks[block].insts) {
            insts[inst].for_each_use_mut(|value| *value = all[*value]);
        }
    }
}

/// Replaces every use of one value.
pub fn replace_uses(func: &mut Func, old: Value, new: Value) {
    let mut replacements = Replacements::default();
    replacements.add(old, new);
    replacements.apply(func);
}

/// Number of uses of each value in placed instructions.
pub fn use_counts(func: &Func) -> IndexVec<Value, u32> {
    let mut counts = IndexVec::filled(0, func.values.len());
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            for value in func.insts[inst].uses() {
                counts[value] += 1;
            }
        }
    }
    counts
}

/// The block that each placed instruction stands in.
pub fn block_of_insts(func: &Func) -> IndexVec<Inst, Option<Block>> {
    let mut blocks = IndexVec::filled(None, func.insts.len());
    for &block in &func.order {
        for &inst in &func.blocks[block].insts {
            blocks[inst] = Some(block);
        }
    }
    blocks
}

/// Removes the instructions that `remove` accepts from their blocks.
pub fn remove_insts(func: &mut Func, mut remove: impl FnMut(Inst, &InstData) -> bool) -> bool {
    let mut changed = false;
    let Func { blocks, insts, order, .. } = func;
    for &block in order.iter() {
        let list = &mut blocks[block].insts;
        let before = list.len();
        list.retain(|&inst| !remove(inst, &insts[inst]));
        changed |= list.len() != before;
    }
    changed
}

/// Takes blocks that control never reaches out of the order. Where a function runs deferred functions, a recovered
/// panic goes on, though nothing may jump there.
pub fn remove_unreachable(func: &mut Func) -> bool {
    if !func.has_body() {
        return false;
    }
    let reached = reachable(func);
    if func.order.iter().all(|&block| reached[block]) {
        return false;
    }
    let runs_defers =
        |block: &Block| func.blocks[*block].insts.iter().any(|&inst| func.insts[inst].op == Op::RunDefers);
    let kept = blocks_from(func, func.order.iter().copied().filter(runs_defers));
    let before = func.order.len();
    func.order.retain(|&block| reached[block] || kept.contains(&block));
    func.order.len() != before
}

/// Moves the instructions from index `at` on, terminator included, to a new block placed right behind. The old block
/// is left without a terminator.
pub fn split_block(func: &mut Func, block: Block, at: usize) -> Block {
    let tail = func.blocks[block].insts.split_off(at);
    let new = func.blocks.push(BlockData { params: Vec::new(), insts: tail });
    let place = func.order.iter().position(|&b| b == block).map_or(func.order.len(), |i| i + 1);
    func.order.insert(place, new);
    new
}

/// Removes parameter `index` of a block and the argument for it at every jump there; the value must be unused.
pub fn remove_param(func: &mut Func, block: Block, index: usize) {
    func.blocks[block].params.remove(index);
    for (at, &param) in func.blocks[block].params.iter().enumerate().skip(index) {
        func.values[param].def = ValueDef::Param(block, at as u32);
    }
    for from in func.order.clone() {
        if let Some(&last) = func.blocks[from].insts.last() {
            for target in func.insts[last].targets_mut() {
                if target.block == block {
                    target.args.remove(index);
                }
            }
        }
    }
}

/// Appends an instruction to a block.
pub fn append(func: &mut Func, block: Block, inst: Inst) {
    func.blocks[block].insts.push(inst);
}

/// Appends a jump.
pub fn append_jump(func: &mut Func, block: Block, to: Block, args: impl AsRef<[Value]>, loc: LocId) {
    let aux = Aux::Targets(vec![Target::new(to, args)]);
    let inst = func.make_inst(Op::Jump, Type::VOID, [], aux, &[], loc);
    append(func, block, inst);
}

/// Where the blocks and values of a cloned body went.
pub struct Cloned {
    pub blocks: IndexVec<Block, Option<Block>>,
    pub values: IndexVec<Value, Option<Value>>,
}

impl Cloned {
    /// The copy of a block that was placed.
    pub fn block(&self, old: Block) -> Block {
        self.blocks[old].expect("placed blocks are copied")
    }
}

/// Copies the body of `from` into `to`; its blocks are appended to the order. The parameters of the copied entry block
/// are `args` (its block has none), locations go through `loc`.
pub fn clone_body(to: &mut Func, from: &Func, args: &[Value], mut loc: impl FnMut(LocId) -> LocId) -> Cloned {
    let mut cloned = Cloned {
        blocks: IndexVec::filled(None, from.blocks.len()),
        values: IndexVec::filled(None, from.values.len()),
    };
    for &block in &from.order {
        let new = to.add_block();
        cloned.blocks[block] = Some(new);
        for (index, &param) in from.blocks[block].params.iter().enumerate() {
            let value = if block == from.entry() { args[index] } else { to.add_param(new, from.ty(param)) };
            cloned.values[param] = Some(value);
        }
    }
    // All results first: blocks need not stand in the order of dominance.
    let mut copies = Vec::new();
    for &block in &from.order {
        for &inst in &from.blocks[block].insts {
            let data = &from.insts[inst];
            let types: Vec<Type> = data.results.iter().map(|&v| from.ty(v)).collect();
            let copy = to.make_inst(data.op, data.ty, &data.args, data.aux.clone(), &types, loc(data.loc));
            for (&old, &new) in data.results.iter().zip(&to.insts[copy].results) {
                cloned.values[old] = Some(new);
            }
            to.blocks[cloned.block(block)].insts.push(copy);
            copies.push(copy);
        }
    }
    for copy in copies {
        let data = &mut to.insts[copy];
        data.for_each_use_mut(|value| *value = cloned.values[*value].unwrap_or(*value));
        for target in data.targets_mut() {
            target.block = cloned.block(target.block);
        }
    }
    cloned
}

/// Numbers blocks, instructions and values anew in text order and forgets what is not placed. Unreachable blocks go.
pub fn compact(func: &mut Func) {
    if !func.has_body() {
        (func.values, func.insts, func.blocks) = Default::default();
        return;
    }
    remove_unreachable(func);
    let order: Vec<Block> = (0..func.order.len()).map(Block::from_index).collect();
    let order = std::mem::replace(&mut func.order, order);
    let old_values = std::mem::take(&mut func.values);
    let mut old_insts: Vec<Option<InstData>> =
        std::mem::take(&mut func.insts).into_iter().map(Some).collect();
    let mut old_blocks = std::mem::take(&mut func.blocks);
    let mut blocks: IndexVec<Block, Option<Block>> = IndexVec::filled(None, old_blocks.len());
    let mut values: IndexVec<Value, Option<Value>> = IndexVec::filled(None, old_values.len());
    // Parameters come first.
    for &old in &order {
        let mut data = std::mem::take(&mut old_blocks[old]);
        let block = func.blocks.next_key();
        for (index, param) in data.params.iter_mut().enumerate() {
            let def = ValueDef::Param(block, index as u32);
            let value = func.values.push(ValueData { ty: old_values[*param].ty, def });
            values[*param] = Some(value);
            *param = value;
        }
        blocks[old] = Some(func.blocks.push(data));
    }
    for (_, block) in func.blocks.iter_mut() {
        for place in &mut block.insts {
            let mut data = old_insts[place.index()].take().expect("an instruction is placed once");
            let inst = func.insts.next_key();
            for (index, result) in data.results.iter_mut().enumerate() {
                let def = ValueDef::Result(inst, index as u32);
                let value = func.values.push(ValueData { ty: old_values[*result].ty, def });
                values[*result] = Some(value);
                *result = value;
            }
            *place = func.insts.push(data);
        }
    }
    for (_, data) in func.insts.iter_mut() {
        data.for_each_use_mut(|value| *value = values[*value].unwrap_or(*value));
        for target in data.targets_mut() {
            target.block = blocks[target.block].expect("blocks that are reached are placed");
        }
    }
}

/// Whether more than a fifth of the instructions are not placed: looking for the others takes longer then.
fn is_sparse(func: &Func) -> bool {
    let placed: usize = func.order.iter().map(|&block| func.blocks[block].insts.len()).sum();
    placed + placed / 4 < func.insts.len()
}

/// Drops functions, globals and run-time types that are not kept and numbers the rest anew, and so the instructions of
/// functions that have lost many. Nothing kept may refer to what is dropped, except methods and `ptr_to` of run-time
/// types, which are cut.
pub fn retain(
    program: &mut Program,
    keep_func: &IndexVec<FuncId, bool>,
    keep_global: &IndexVec<GlobalId, bool>,
    keep_rtype: &IndexVec<RTypeId, bool>,
) {
    let funcs = renumber(keep_func);
    let globals = renumber(keep_global);
    let rtypes = renumber(keep_rtype);
    for (_, loc) in program.locs.iter_mut() {
        // Locations keep the chain of calls but may lose the callee's id: names of inlined functions live on as long
        // as the function does.
        if let Some((call, func)) = loc.inlined {
            loc.inlined = funcs[func.index()].map(|new| (call, new));
        }
    }
    program.interrupts = std::mem::take(&mut program.interrupts)
        .into_iter()
        .filter_map(|(n, f)| Some((n, funcs[f.index()]?)))
        .collect();
    program.retain_items(keep_func, keep_global, keep_rtype);
    program.func_names.retain(|_, id| funcs[id.index()].map(|new| *id = new).is_some());
    program.global_names.retain(|_, id| globals[id.index()].map(|new| *id = new).is_some());
    program.funcs.as_mut_slice().par_iter_mut().with_max_len(64).for_each(|func| {
        if is_sparse(func) {
            compact(func);
        }
        for (_, inst) in func.insts.iter_mut() {
            renumber_aux(&mut inst.aux, &funcs, &globals, &rtypes);
        }
    });
    for (_, global) in program.globals.iter_mut() {
        renumber_const(&mut global.init, &funcs, &globals, &rtypes);
    }
    let rt = |id: &mut RTypeId| {
        if let Some(new) = rtypes[id.index()] {
            *id = new;
        }
    };
    for (_, rtype) in program.rtypes.iter_mut() {
        rtype.elem.iter_mut().chain(rtype.key.iter_mut()).for_each(rt);
        rtype.params.iter_mut().chain(rtype.results.iter_mut()).for_each(rt);
        rtype.fields.iter_mut().for_each(|f| rt(&mut f.ty));
        rtype.imethods.iter_mut().for_each(|m| rt(&mut m.ty));
        rtype.ptr_to = rtype.ptr_to.and_then(|id| rtypes[id.index()]);
        for method in &mut rtype.methods {
            rt(&mut method.ty);
            method.code = method.code.and_then(|f| funcs[f.index()]);
            method.expr = method.expr.and_then(|f| funcs[f.index()]);
        }
        rtype.equal = rtype.equal.and_then(|f| funcs[f.index()]);
        rtype.hash = rtype.hash.and_then(|f| funcs[f.index()]);
        rtype.calls = rtype.calls.and_then(|g| globals[g.index()]);
    }
}

fn renumber<K: Entity>(keep: &IndexVec<K, bool>) -> Vec<Option<K>> {
    let mut next = 0;
    keep.values()
        .map(|&keep| {
            keep.then(|| {
                next += 1;
                K::from_index(next - 1)
            })
        })
        .collect()
}

fn new_id<K: Entity>(ids: &[Option<K>], old: K) -> Option<K> {
    ids.get(old.index()).copied().flatten()
}

fn renumber_aux(
    aux: &mut Aux,
    funcs: &[Option<FuncId>],
    globals: &[Option<GlobalId>],
    rtypes: &[Option<RTypeId>],
) {
    // Instructions that are placed nowhere may still name dropped items; their ids do not matter.
    let rt = |id: &mut RTypeId| *id = new_id(rtypes, *id).unwrap_or(RTypeId(0));
    match aux {
        Aux::Func(id) => *id = new_id(funcs, *id).unwrap_or(FuncId(0)),
        Aux::Global(id) => *id = new_id(globals, *id).unwrap_or(GlobalId(0)),
        Aux::RType(id) => rt(id),
        Aux::Convert { from, to } | Aux::Assert { from, to, .. } => {
            rt(from);
            rt(to);
        }
        Aux::Method { iface, .. } => rt(iface),
        _ => {}
    }
}

fn renumber_const(
    value: &mut Const,
    funcs: &[Option<FuncId>],
    globals: &[Option<GlobalId>],
    rtypes: &[Option<RTypeId>],
) {
    match value {
        Const::Addr(id, _) | Const::AddrInt(id, _) => *id = globals[id.index()].unwrap_or(*id),
        Const::Code(id) | Const::CodeInt(id) => *id = funcs[id.index()].unwrap_or(*id),
        Const::RType(id) => *id = rtypes[id.index()].unwrap_or(*id),
        Const::Aggregate(parts) => {
            parts.iter_mut().for_each(|part| renumber_const(part, funcs, globals, rtypes));
        }
        _ => {}
    }
}
