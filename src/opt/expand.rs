//! Replaces instructions by sequences of instructions and blocks: the frame of the lowering passes.

use ir::builder::Builder;
use ir::edit::Replacements;
use ir::{Aux, Block, Func, FuncId, Inst, InstData, LocId, Op, Program, Signature, Target, Type, Value};

use crate::parallel;
use crate::pipeline::{Error, Result};

/// A function under rewriting. Instructions are appended to `block`, at `loc`.
pub(crate) struct Expander {
    pub func: Func,
    pub block: Block,
    pub loc: LocId,
    replacements: Replacements,
    order: Vec<Block>,
    /// Blocks that hardly ever run; they go last.
    cold: Vec<Block>,
}

/// Walks over all functions. `rewrite` gets every instruction and either emits its replacement and returns true, or
/// returns false to keep it. Functions for which `wanted` is false stay as they are.
pub(crate) fn expand(
    program: &mut Program,
    wanted: impl Fn(&InstData) -> bool + Sync,
    mut rewrite: impl FnMut(&mut Program, FuncId, &mut Expander, Inst) -> Result<bool>,
) -> Result<()> {
    let found = parallel::look_at_each(program, |func| func.placed().any(&wanted).then_some(()));
    for (id, ()) in found {
        expand_func(program, id, &wanted, &mut rewrite)?;
    }
    Ok(())
}

/// The same for one function.
pub(crate) fn expand_func(
    program: &mut Program,
    id: FuncId,
    wanted: impl Fn(&InstData) -> bool,
    mut rewrite: impl FnMut(&mut Program, FuncId, &mut Expander, Inst) -> Result<bool>,
) -> Result<()> {
    // The program keeps the head meanwhile.
    let head = program.funcs[id].head();
    let mut func = std::mem::replace(&mut program.funcs[id], head);
    let expanded = expand_body(&mut func, wanted, |x, inst| rewrite(program, id, x, inst));
    program.funcs[id] = func;
    expanded
}

/// The same for one function, where nothing in the program changes but that.
pub(crate) fn expand_body(
    func: &mut Func,
    wanted: impl Fn(&InstData) -> bool,
    mut rewrite: impl FnMut(&mut Expander, Inst) -> Result<bool>,
) -> Result<()> {
    if !func.placed().any(&wanted) {
        return Ok(());
    }
    let blocks = std::mem::take(&mut func.order);
    let mut expander = Expander {
        block: blocks[0],
        func: std::mem::take(func),
        loc: LocId(0),
        replacements: Replacements::default(),
        order: Vec::new(),
        cold: Vec::new(),
    };
    let mut result = Ok(());
    'all: for block in blocks {
        expander.enter(block);
        let insts = std::mem::take(&mut expander.func.blocks[block].insts);
        for inst in insts {
            expander.loc = expander.func.insts[inst].loc;
            let replaced = wanted(&expander.func.insts[inst])
                && match rewrite(&mut expander, inst) {
                    Ok(replaced) => replaced,
                    Err(error) => {
                        result = Err(error);
                        break 'all;
                    }
                };
            if !replaced {
                let place = expander.block;
                expander.func.blocks[place].insts.push(inst);
            }
        }
    }
    *func = expander.finish();
    result
}

impl Expander {
    pub fn b(&mut self) -> Builder<'_> {
        Builder { func: &mut self.func, block: self.block, loc: self.loc }
    }

    /// Appends further instructions to this block, which is placed next.
    pub fn enter(&mut self, block: Block) {
        self.order.push(block);
        self.block = block;
    }

    /// A block that is not placed yet; see [`Expander::enter`] and [`Expander::cold`].
    pub fn new_block(&mut self) -> Block {
        self.func.blocks.push(Default::default())
    }

    /// Fills a block at the end of the function, then goes on where it was.
    pub fn cold(&mut self, fill: impl FnOnce(&mut Expander, Block)) -> Block {
        let block = self.new_block();
        self.cold.push(block);
        let back = std::mem::replace(&mut self.block, block);
        fill(self, block);
        self.block = back;
        block
    }

    /// Goes on in this block, which is placed among the cold ones.
    pub fn enter_cold(&mut self, block: Block) {
        self.cold.push(block);
        self.block = block;
    }

    /// Uses of the only result of `inst` become uses of `value`.
    pub fn replace(&mut self, inst: Inst, value: Value) {
        let old = self.func.insts[inst].result();
        self.replacements.add(old, value);
    }

    pub fn replace_all(&mut self, inst: Inst, values: &[Value]) {
        for (&old, &new) in self.func.insts[inst].results.iter().zip(values) {
            self.replacements.add(old, new);
        }
    }

    /// The instruction behind a value, seen through replacements.
    pub fn def(&self, value: Value) -> Option<&InstData> {
        self.func.def(self.replacements.resolve(value))
    }

    /// The number behind an integer constant.
    pub fn constant(&self, value: Value) -> Option<i64> {
        let data = self.def(value)?;
        match (data.op, &data.aux) {
            (Op::Iconst, Aux::Int(number)) => Some(*number),
            (Op::Zero, _) if data.ty.is_int() => Some(0),
            _ => None,
        }
    }

    /// Ends the block with a branch to `cold` where `fails` holds and goes on in a new block.
    pub fn branch_cold(&mut self, fails: Value, cold: Block, args: impl AsRef<[Value]>) {
        let next = self.new_block();
        let targets = vec![Target::new(cold, args), Target::new(next, [])];
        self.b().effect(Op::Br, [fails], Aux::Targets(targets));
        self.enter(next);
    }

    pub fn null(&mut self) -> Value {
        self.b().zero(Type::PTR)
    }

    pub fn is_null(&mut self, ptr: Value) -> Value {
        let null = self.null();
        self.b().icmp(ir::Cond::Eq, ptr, null)
    }

    fn finish(mut self) -> Func {
        self.order.append(&mut self.cold);
        self.func.order = self.order;
        self.replacements.apply(&mut self.func);
        ir::edit::remove_unreachable(&mut self.func);
        self.func
    }
}

/// A function of package runtime and its signature.
pub(crate) fn runtime_func(program: &Program, name: &str, params: usize) -> Result<(FuncId, Signature)> {
    let error = |why: &str| Err(Error::Runtime { name: name.to_string(), why: why.to_string() });
    match program.func_named(name) {
        None => error("this function is needed but is not part of the program"),
        Some(id) if program.funcs[id].sig.params.len() != params => {
            error(&format!("this function should take {params} parameters"))
        }
        Some(id) => Ok((id, program.funcs[id].sig.clone())),
    }
}

/// Whether a function belongs to package runtime itself, whose own checks cannot fail but by a bug of it.
pub(crate) fn in_runtime(name: &str) -> bool {
    name.starts_with("runtime.")
}
