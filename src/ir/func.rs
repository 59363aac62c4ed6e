//! A function: values, instructions, blocks with parameters.

use crate::entity::{Block, IndexVec, Inst, LocId, Value};
use crate::op::{Aux, Op};
use crate::ty::Type;
use crate::values::Values;

/// Parameter and result types.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Signature {
    pub params: Vec<Type>,
    pub results: Vec<Type>,
}

/// What the linker, the optimiser and the code generator must know about a function.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FuncAttrs {
    /// Name in the object file where it is not the function's own (`//export`, `//go:linkname`, `//go:wasmexport`).
    pub symbol: Option<String>,
    /// Kept and visible outside: a root.
    pub exported: bool,
    /// `//go:wasmimport module name`: no body.
    pub wasm_import: Option<(String, String)>,
    /// `//go:wasmexport`: exported from the module under `symbol`.
    pub wasm_export: bool,
    pub section: Option<String>,
    pub noinline: bool,
    pub always_inline: bool,
    /// Does not return.
    pub noreturn: bool,
    /// Returns a second time when somebody takes up the registers that it has saved (C's `setjmp`).
    pub returns_twice: bool,
    /// Seldom called: keep it out of hot code, optimise for size.
    pub cold: bool,
    /// An interrupt service routine (`signal` on AVR, `interrupt` on RISC-V).
    pub interrupt: bool,
    /// No prologue or epilogue: the body is assembly.
    pub naked: bool,
    /// C calling convention (exported or external functions); no difference to ours so far.
    pub c_abi: bool,
    /// Contains a direct call of `recover`.
    pub recovers: bool,
    /// Defers nothing that recovers: a panic leaves it for good.
    pub unrecovered: bool,
    /// Does not check indices (`//go:nobounds`).
    pub nobounds: bool,
    /// Visible outside, but live only where a function that `calls` it is: assembly comes back to it.
    pub callback: bool,
    /// Symbols of the callbacks that an external function calls.
    pub calls: Vec<String>,
    /// An external function that stands for its `calls` alone: calling it makes them live, and does nothing.
    pub marker: bool,
    /// Its address is taken by `go` statements only, or by `defer` statements only.
    pub only_go: bool,
    pub only_deferred: bool,
    /// Its indirect calls go to functions that are `only_go`, or `only_deferred`.
    pub calls_only_go: bool,
    pub calls_only_deferred: bool,
    /// Is called again to go on where it was, and finds its frame by position: there is one body, which is not inlined.
    pub resumable: bool,
    /// Tests whether the stack has room: its recursion is no loop.
    pub checks_stack: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Func {
    /// Unique in the program, e.g. `main.main`, `main.(*T).M`, `main.f.func1`, `slices.Sort[[]int,int]`.
    pub name: String,
    pub sig: Signature,
    pub attrs: FuncAttrs,
    pub loc: LocId,
    pub values: IndexVec<Value, ValueData>,
    pub insts: IndexVec<Inst, InstData>,
    pub blocks: IndexVec<Block, BlockData>,
    /// The blocks in text order; the first is the entry, whose parameters are the function's. Empty: no body
    /// (external function).
    pub order: Vec<Block>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ValueData {
    pub ty: Type,
    pub def: ValueDef,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ValueDef {
    Param(Block, u32),
    Result(Inst, u32),
}

#[derive(Clone, PartialEq, Debug)]
pub struct InstData {
    pub op: Op,
    /// The type of the single result; `VOID` without result; for calls with several results see `results`.
    pub ty: Type,
    pub args: Values,
    pub aux: Aux,
    pub loc: LocId,
    pub results: Values,
}

#[derive(Clone, Debug, Default)]
pub struct BlockData {
    pub params: Vec<Value>,
    pub insts: Vec<Inst>,
}

/// A successor with the arguments for its parameters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    pub block: Block,
    pub args: Values,
}

impl Target {
    pub fn new(block: Block, args: impl AsRef<[Value]>) -> Target {
        Target { block, args: Values::from(args.as_ref()) }
    }
}

impl Func {
    pub fn new(name: impl Into<String>, sig: Signature) -> Func {
        Func { name: name.into(), sig, ..Func::default() }
    }

    /// All of it but the body.
    pub fn head(&self) -> Func {
        Func {
            name: self.name.clone(),
            sig: self.sig.clone(),
            attrs: self.attrs.clone(),
            loc: self.loc,
            ..Func::default()
        }
    }

    pub fn has_body(&self) -> bool {
        !self.order.is_empty()
    }

    /// The entry block; only for functions with a body.
    pub fn entry(&self) -> Block {
        self.order[0]
    }

    pub fn ty(&self, value: Value) -> Type {
        self.values[value].ty
    }

    /// The instruction that defines a value, if it is not a block parameter.
    pub fn def(&self, value: Value) -> Option<&InstData> {
        match self.values[value].def {
            ValueDef::Result(inst, _) => Some(&self.insts[inst]),
            ValueDef::Param(..) => None,
        }
    }

    /// The instructions of all blocks, in text order.
    pub fn placed(&self) -> impl Iterator<Item = &InstData> {
        self.order.iter().flat_map(|&block| &self.blocks[block].insts).map(|&inst| &self.insts[inst])
    }

    /// A new block at the end of the order.
    pub fn add_block(&mut self) -> Block {
        let block = self.blocks.push(BlockData::default());
        self.order.push(block);
        block
    }

    pub fn add_param(&mut self, block: Block, ty: Type) -> Value {
        let index = self.blocks[block].params.len() as u32;
        let value = self.values.push(ValueData { ty, def: ValueDef::Param(block, index) });
        self.blocks[block].params.push(value);
        value
    }

    /// Makes an instruction with fresh result values, without placing it in a block.
    pub fn make_inst(
        &mut self,
        op: Op,
        ty: Type,
        args: impl AsRef<[Value]>,
        aux: Aux,
        results: &[Type],
        loc: LocId,
    ) -> Inst {
        let inst = self.insts.next_key();
        let results = results
            .iter()
            .enumerate()
            .map(|(i, &ty)| self.values.push(ValueData { ty, def: ValueDef::Result(inst, i as u32) }))
            .collect();
        let args = Values::from(args.as_ref());
        self.insts.push(InstData { op, ty, args, aux, loc, results })
    }

    /// The last instruction of a block, which must exist in finished functions.
    pub fn terminator(&self, block: Block) -> Option<&InstData> {
        let inst = *self.blocks[block].insts.last()?;
        Some(&self.insts[inst]).filter(|data| data.op.is_terminator())
    }
}

impl InstData {
    pub fn targets(&self) -> &[Target] {
        match &self.aux {
            Aux::Targets(targets) => targets,
            Aux::Switch(switch) => &switch.targets,
            _ => &[],
        }
    }

    pub fn targets_mut(&mut self) -> &mut [Target] {
        match &mut self.aux {
            Aux::Targets(targets) => targets,
            Aux::Switch(switch) => &mut switch.targets,
            _ => &mut [],
        }
    }

    /// All values that the instruction uses: its arguments, then the arguments of its successors.
    pub fn uses(&self) -> impl Iterator<Item = Value> {
        self.args.iter().copied().chain(self.targets().iter().flat_map(|t| t.args.iter().copied()))
    }

    pub fn for_each_use_mut(&mut self, mut f: impl FnMut(&mut Value)) {
        self.args.iter_mut().for_each(&mut f);
        for target in self.targets_mut() {
            target.args.iter_mut().for_each(&mut f);
        }
    }

    /// The only result.
    pub fn result(&self) -> Value {
        self.results[0]
    }
}
