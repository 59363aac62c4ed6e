//! Bodies of functions: blocks, block parameters, edges, calls and returns.

use inkwell::attributes::AttributeLoc;
use inkwell::basic_block::BasicBlock;
use inkwell::values::{CallSiteValue, PhiValue, PointerValue};
use ir::entity::Entity;
use ir::{Block, Func, FuncId, InstData, LocId, Op, Signature, Target, Type, Value};

use crate::abi::{Abi, Pass};
use crate::attributes::enum_attribute;
use crate::builder::{Builder, Val, call_result};
use crate::error::Error;
use crate::intrinsics;
use crate::layouts::Form;
use crate::ops;
use crate::unit::Unit;

/// A function under construction.
pub struct Body<'u, 'c, 'p> {
    pub unit: &'u Unit<'c, 'p>,
    pub func: &'p Func,
    pub b: Builder<'u, 'c, 'p>,
    abi: &'u Abi<'c>,
    /// By `ir::Value`; filled in dominance order.
    values: Vec<Option<Val<'c>>>,
    /// By `ir::Block`; unreachable blocks have none.
    blocks: Vec<Option<BlockState<'c>>>,
    /// Where big results go.
    results: Vec<PointerValue<'c>>,
}

struct BlockState<'c> {
    llvm: BasicBlock<'c>,
    /// What each parameter arrives in.
    params: Vec<Param<'c>>,
}

#[derive(Clone, Copy)]
enum Param<'c> {
    Empty,
    Phi(PhiValue<'c>),
    /// Predecessors copy the value here.
    Slot(PointerValue<'c>),
}

/// Emits the body of a function into its declaration.
pub fn emit<'c>(unit: &Unit<'c, '_>, id: FuncId) -> Result<(), Error> {
    let func = &unit.program.funcs[id];
    let declared = unit.func(id);
    let order = reverse_postorder(func);
    let ctx = unit.layouts.ctx;
    let entry = ctx.append_basic_block(declared.value, "entry");
    let mut body = Body {
        unit,
        func,
        b: Builder::new(&unit.module, &unit.layouts, entry),
        abi: &declared.abi,
        values: vec![None; func.values.len()],
        blocks: func.blocks.keys().map(|_| None).collect(),
        results: Vec::new(),
    };
    if let Some(debug) = &unit.debug {
        debug.attach(id, declared.value);
        body.b.set_location(debug.location(id, LocId::default()));
    }
    let arguments = body.arguments(declared.value.get_params());
    for (&param, &argument) in func.blocks[func.entry()].params.iter().zip(&arguments) {
        body.define(param, argument);
    }
    for &block in &order {
        // Nobody jumps to the entry block, neither in the IR nor in LLVM.
        let state = if block == func.entry() {
            BlockState { llvm: entry, params: Vec::new() }
        } else {
            let llvm = ctx.append_basic_block(declared.value, "");
            body.b.position_at_end(llvm);
            let params = func.blocks[block].params.iter().map(|&param| body.param(param)).collect();
            BlockState { llvm, params }
        };
        body.blocks[block.index()] = Some(state);
    }
    for &block in &order {
        body.b.position_at_end(body.llvm_block(block));
        for &inst in &func.blocks[block].insts {
            let data = &func.insts[inst];
            if let Some(debug) = &unit.debug {
                body.b.set_location(debug.location(id, data.loc));
            }
            if unit.options.exact_calls && data.op == Op::Unreachable && order.len() == 1 {
                // Without a byte the function would share its address with the next one.
                intrinsics::trap(&body);
            }
            ops::emit(&mut body, data)?;
        }
    }
    Ok(())
}

impl<'c> Body<'_, 'c, '_> {
    /// The IR's parameters from LLVM's.
    fn arguments(&mut self, params: Vec<Val<'c>>) -> Vec<Val<'c>> {
        let mut params = params.into_iter();
        self.results =
            params.by_ref().take(self.abi.indirect_results()).map(Val::into_pointer_value).collect();
        let empty = self.b.empty();
        self.abi
            .params
            .iter()
            .map(
                |&pass| {
                    if pass == Pass::Empty { empty } else { params.next().expect("a parameter of LLVM's") }
                },
            )
            .collect()
    }

    /// Makes the place where a block parameter arrives, at the current position.
    fn param(&mut self, value: Value) -> Param<'c> {
        let ty = self.func.ty(value);
        let (param, llvm) = match self.b.layouts.form(ty) {
            Form::Empty => (Param::Empty, self.b.empty()),
            Form::Big => {
                let slot = self.b.slot_for(ty);
                (Param::Slot(slot), slot.into())
            }
            Form::Scalar(scalar) => {
                let phi = self.b.phi(scalar);
                (Param::Phi(phi), phi.as_basic_value())
            }
            Form::Small(structure) => {
                let phi = self.b.phi(structure.into());
                (Param::Phi(phi), phi.as_basic_value())
            }
        };
        self.define(value, llvm);
        param
    }

    pub fn define(&mut self, value: Value, llvm: Val<'c>) {
        self.values[value.index()] = Some(llvm);
    }

    pub fn value(&self, value: Value) -> Val<'c> {
        self.values[value.index()].expect("uses are dominated by definitions")
    }

    pub fn ty(&self, value: Value) -> Type {
        self.func.ty(value)
    }

    pub fn unsupported(&self, what: impl Into<String>) -> Error {
        Error::Unsupported { func: self.func.name.clone(), what: what.into() }
    }

    fn llvm_block(&self, block: Block) -> BasicBlock<'c> {
        self.block(block).llvm
    }

    fn block(&self, block: Block) -> &BlockState<'c> {
        self.blocks[block.index()].as_ref().expect("a reachable block")
    }

    /// A new block of the function at hand.
    pub fn new_block(&self) -> BasicBlock<'c> {
        let func = self.b.block().get_parent().expect("a block in a function");
        self.b.layouts.ctx.append_basic_block(func, "")
    }

    // Edges.

    /// Hands arguments to a block from the current one, which must end with a single branch to it.
    fn enter(&self, target: &Target) {
        let state = self.block(target.block);
        let from = self.b.block();
        let params = &self.func.blocks[target.block].params;
        let mut copies = Vec::new();
        for ((param, &arg), &value) in state.params.iter().zip(&target.args).zip(params) {
            match param {
                Param::Empty => {}
                Param::Phi(phi) => phi.add_incoming(&[(&self.value(arg), from)]),
                Param::Slot(slot) => copies.push((value, *slot, arg)),
            }
        }
        self.copy_in_parallel(&copies);
    }

    /// Assigns all big parameters at once: where one's slot is another's source, or has it in it, the sources are saved
    /// first.
    fn copy_in_parallel(&self, copies: &[(Value, PointerValue<'c>, Value)]) {
        let clash = copies.len() > 1
            && copies.iter().any(|&(to, _, arg)| {
                let owners = self.owners(arg);
                copies.iter().any(|&(other, ..)| other != to && owners.contains(&other))
            });
        let mut saved = Vec::new();
        let copies =
            copies.iter().map(|&(param, to, arg)| (self.ty(param), to, self.value(arg).into_pointer_value()));
        for (ty, to, from) in copies.filter(|(_, to, from)| to != from) {
            if clash {
                let slot = self.b.slot_for(ty);
                self.b.copy(ty, slot, from, false);
                saved.push((ty, to, slot));
            } else {
                self.b.copy(ty, to, from, false);
            }
        }
        for (ty, to, slot) in saved {
            self.b.copy(ty, to, slot, false);
        }
    }

    /// The values one of whose memory a big value is in: a part is in that of the whole.
    fn owners(&self, value: Value) -> Vec<Value> {
        let (mut owners, mut work) = (Vec::new(), vec![value]);
        while let Some(value) = work.pop() {
            match self.func.def(value) {
                Some(data) if data.op == Op::Extract => work.push(data.args[0]),
                Some(data) if data.op == Op::Select => work.extend(&data.args[1..]),
                _ => owners.push(value),
            }
        }
        owners
    }

    pub fn jump(&self, target: &Target) {
        self.enter(target);
        self.b.jump(self.llvm_block(target.block));
    }

    /// The blocks to branch to for several targets. An edge gets a block of its own where it must copy, or where the
    /// same block is entered twice with arguments: a phi has one entry per predecessor.
    pub fn edges(&self, targets: &[Target]) -> Vec<BasicBlock<'c>> {
        let home = self.b.block();
        targets
            .iter()
            .map(|target| {
                let copies = self.block(target.block).params.iter().any(|p| matches!(p, Param::Slot(_)));
                let twice = targets.iter().filter(|t| t.block == target.block).count() > 1;
                if copies || (twice && !target.args.is_empty()) {
                    let edge = self.new_block();
                    self.b.position_at_end(edge);
                    self.jump(target);
                    self.b.position_at_end(home);
                    edge
                } else {
                    self.enter(target);
                    self.llvm_block(target.block)
                }
            })
            .collect()
    }

    // Calls.

    pub fn ret(&self, values: &[Value]) {
        let mut slots = self.results.iter();
        let mut direct = Vec::new();
        for (&value, pass) in values.iter().zip(&self.abi.results) {
            match pass {
                Pass::Empty => {}
                Pass::Direct => direct.push(self.value(value)),
                Pass::Indirect => {
                    let slot = slots.next().expect("an address for every big result");
                    self.b.store(self.ty(value), *slot, self.value(value), false);
                }
            }
        }
        match direct.as_slice() {
            [] => self.b.ret(None),
            [one] => self.b.ret(Some(*one)),
            several => {
                let types: Vec<_> = several.iter().map(|v| v.get_type()).collect();
                let structure = self.b.layouts.ctx.struct_type(&types, false);
                let whole =
                    several.iter().enumerate().fold(structure.get_poison().into(), |whole, (i, &part)| {
                        self.b.insert(whole, part, i as u32)
                    });
                self.b.ret(Some(whole));
            }
        }
    }

    /// Calls code by our convention and defines the results of the instruction.
    pub fn call(
        &mut self,
        inst: &InstData,
        code: PointerValue<'c>,
        sig: &Signature,
        abi: &Abi<'c>,
        args: &[Value],
    ) {
        let mut passed: Vec<Val<'c>> = Vec::new();
        let mut slots = Vec::new();
        for (&ty, _) in sig.results.iter().zip(&abi.results).filter(|(_, pass)| **pass == Pass::Indirect) {
            let slot = self.b.slot_for(ty);
            passed.push(slot.into());
            slots.push(slot);
        }
        for (&arg, pass) in args.iter().zip(&abi.params) {
            if *pass != Pass::Empty {
                passed.push(self.value(arg));
            }
        }
        let call = self.b.call(abi.ty, code, &passed);
        self.describe_call(call, sig, abi);
        let direct = call_result(call);
        let mut slots = slots.into_iter();
        let mut index = 0;
        for (&result, pass) in inst.results.iter().zip(&abi.results) {
            let value = match (pass, direct) {
                (Pass::Empty, _) => self.b.empty(),
                (Pass::Indirect, _) => {
                    let slot = slots.next().expect("a slot for every big result");
                    let ty = self.ty(result);
                    if self.b.layouts.form(ty) == Form::Big {
                        slot.into()
                    } else {
                        self.b.load(ty, slot, false)
                    }
                }
                (Pass::Direct, Some(value)) if abi.direct_results() == 1 => value,
                (Pass::Direct, Some(value)) => {
                    index += 1;
                    self.b.extract(value, index - 1)
                }
                (Pass::Direct, None) => self.b.empty(),
            };
            self.define(result, value);
        }
    }

    /// What the callee relies on must stand at the call too, as an indirect one does not see the callee.
    fn describe_call(&self, call: CallSiteValue<'c>, sig: &Signature, abi: &Abi<'c>) {
        let ctx = self.b.layouts.ctx;
        let set = |loc, name: &str| call.add_attribute(loc, enum_attribute(ctx, name, 0));
        set(AttributeLoc::Function, "nounwind");
        if self.unit.options.exact_calls {
            // Two calls become one where branches meet, which is on neither of their lines.
            set(AttributeLoc::Function, "nomerge");
        }
        for loc in abi.marks.places() {
            set(loc, "inreg");
        }
        let mut index = 0;
        for _ in 0..abi.indirect_results() {
            for name in ["noalias", "captures", "writeonly"] {
                set(AttributeLoc::Param(index), name);
            }
            index += 1;
        }
        for (&ty, pass) in sig.params.iter().zip(&abi.params) {
            match pass {
                Pass::Empty => continue,
                Pass::Indirect => {
                    for name in ["noalias", "captures", "readonly"] {
                        set(AttributeLoc::Param(index), name);
                    }
                }
                Pass::Direct if ty == Type::I1 => set(AttributeLoc::Param(index), "zeroext"),
                Pass::Direct => {}
            }
            index += 1;
        }
        if sig.results.as_slice() == [Type::I1] {
            set(AttributeLoc::Return, "zeroext");
        }
    }
}

fn successors(func: &Func, block: Block) -> impl Iterator<Item = Block> {
    func.terminator(block).into_iter().flat_map(|inst| inst.targets()).map(|target| target.block)
}

/// The reachable blocks, definitions before uses.
fn reverse_postorder(func: &Func) -> Vec<Block> {
    let mut seen = vec![false; func.blocks.len()];
    let mut order = Vec::new();
    let mut stack: Vec<(Block, Vec<Block>)> = Vec::new();
    let open = |block: Block, seen: &mut Vec<bool>| {
        seen[block.index()] = true;
        (block, successors(func, block).collect::<Vec<_>>())
    };
    stack.push(open(func.entry(), &mut seen));
    while let Some((block, rest)) = stack.last_mut() {
        match rest.pop() {
            Some(next) if seen[next.index()] => {}
            Some(next) => {
                let frame = open(next, &mut seen);
                stack.push(frame);
            }
            None => {
                order.push(*block);
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}
