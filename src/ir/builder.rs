//! Appends instructions to a block: the few verbs that irgen and the lowering passes write IR with.

use crate::entity::{Block, FuncId, GlobalId, Inst, LocId, Value};
use crate::func::{Func, Signature, Target};
use crate::op::{Aux, Cond, FloatCond, Intrinsic, Op};
use crate::ty::Type;
use crate::values::Values;

/// A place in a function where instructions are appended.
pub struct Builder<'a> {
    pub func: &'a mut Func,
    pub block: Block,
    pub loc: LocId,
}

impl<'a> Builder<'a> {
    pub fn new(func: &'a mut Func, block: Block) -> Builder<'a> {
        Builder { func, block, loc: LocId(0) }
    }

    /// Appends any instruction.
    pub fn ins(&mut self, op: Op, ty: Type, args: impl AsRef<[Value]>, aux: Aux, results: &[Type]) -> Inst {
        let inst = self.func.make_inst(op, ty, args, aux, results, self.loc);
        self.func.blocks[self.block].insts.push(inst);
        inst
    }

    /// Appends an instruction with one result.
    pub fn value(&mut self, op: Op, ty: Type, args: impl AsRef<[Value]>, aux: Aux) -> Value {
        let inst = self.ins(op, ty, args, aux, &[ty]);
        self.func.insts[inst].result()
    }

    /// Appends an instruction without result.
    pub fn effect(&mut self, op: Op, args: impl AsRef<[Value]>, aux: Aux) {
        self.ins(op, Type::VOID, args, aux, &[]);
    }

    pub fn iconst(&mut self, ty: Type, value: i64) -> Value {
        self.value(Op::Iconst, ty, [], Aux::Int(value))
    }
    pub fn fconst(&mut self, ty: Type, value: f64) -> Value {
        self.value(Op::Fconst, ty, [], Aux::Float(value.to_bits()))
    }
    pub fn zero(&mut self, ty: Type) -> Value {
        self.value(Op::Zero, ty, [], Aux::None)
    }
    pub fn global(&mut self, global: GlobalId) -> Value {
        self.value(Op::GlobalAddr, Type::PTR, [], Aux::Global(global))
    }
    pub fn func_addr(&mut self, func: FuncId) -> Value {
        self.value(Op::FuncAddr, Type::CODE, [], Aux::Func(func))
    }
    /// An arithmetic operation on two values of one type.
    pub fn binary(&mut self, op: Op, a: Value, b: Value) -> Value {
        let ty = self.func.ty(a);
        self.value(op, ty, [a, b], Aux::None)
    }
    pub fn icmp(&mut self, cond: Cond, a: Value, b: Value) -> Value {
        self.value(Op::Icmp, Type::I1, [a, b], Aux::Cond(cond))
    }
    pub fn fcmp(&mut self, cond: FloatCond, a: Value, b: Value) -> Value {
        self.value(Op::Fcmp, Type::I1, [a, b], Aux::FloatCond(cond))
    }
    pub fn select(&mut self, cond: Value, a: Value, b: Value) -> Value {
        let ty = self.func.ty(a);
        self.value(Op::Select, ty, [cond, a, b], Aux::None)
    }
    /// A conversion (`trunc` … `bitcast`).
    pub fn convert(&mut self, op: Op, to: Type, value: Value) -> Value {
        self.value(op, to, [value], Aux::None)
    }
    pub fn load(&mut self, ty: Type, ptr: Value) -> Value {
        self.value(Op::Load, ty, [ptr], Aux::None)
    }
    pub fn store(&mut self, ptr: Value, value: Value) {
        self.effect(Op::Store, [ptr, value], Aux::None);
    }
    pub fn field_addr(&mut self, ty: Type, base: Value, index: u32) -> Value {
        self.value(Op::FieldAddr, Type::PTR, [base], Aux::Field(ty, index))
    }
    pub fn elem_addr(&mut self, elem: Type, base: Value, index: Value) -> Value {
        self.value(Op::ElemAddr, Type::PTR, [base, index], Aux::Type(elem))
    }
    pub fn ptr_add(&mut self, base: Value, offset: Value) -> Value {
        self.value(Op::PtrAdd, Type::PTR, [base, offset], Aux::None)
    }
    /// Field or element `index`, whose type is `ty`, of an aggregate value.
    pub fn extract(&mut self, ty: Type, aggregate: Value, index: u32) -> Value {
        self.value(Op::Extract, ty, [aggregate], Aux::Int(index.into()))
    }
    pub fn aggregate(&mut self, ty: Type, parts: impl AsRef<[Value]>) -> Value {
        self.value(Op::Aggregate, ty, parts, Aux::None)
    }
    pub fn call(&mut self, func: FuncId, sig: &Signature, args: impl AsRef<[Value]>) -> Values {
        self.call_op(Op::Call, Aux::Func(func), &sig.results, args)
    }
    pub fn call_indirect(&mut self, sig: Signature, args: impl AsRef<[Value]>) -> Values {
        let results = sig.results.clone();
        self.call_op(Op::CallIndirect, Aux::Signature(Box::new(sig)), &results, args)
    }
    pub fn call_op(&mut self, op: Op, aux: Aux, results: &[Type], args: impl AsRef<[Value]>) -> Values {
        let ty = if let [ty] = results { *ty } else { Type::VOID };
        let inst = self.ins(op, ty, args, aux, results);
        self.func.insts[inst].results.clone()
    }
    /// An intrinsic with a result.
    pub fn intrinsic(&mut self, which: Intrinsic, ty: Type, args: impl AsRef<[Value]>) -> Value {
        self.value(Op::Intrinsic, ty, args, Aux::Intrinsic(which))
    }
    /// An intrinsic without result.
    pub fn intrinsic_effect(&mut self, which: Intrinsic, args: impl AsRef<[Value]>) {
        self.effect(Op::Intrinsic, args, Aux::Intrinsic(which));
    }
    pub fn jump(&mut self, block: Block, args: impl AsRef<[Value]>) {
        self.effect(Op::Jump, [], Aux::Targets(vec![Target::new(block, args)]));
    }
    /// A branch to blocks without parameters.
    pub fn br(&mut self, cond: Value, then: Block, other: Block) {
        let target = |block| Target::new(block, []);
        self.effect(Op::Br, [cond], Aux::Targets(vec![target(then), target(other)]));
    }
    pub fn ret(&mut self, results: impl AsRef<[Value]>) {
        self.effect(Op::Ret, results, Aux::None);
    }
    pub fn unreachable(&mut self) {
        self.effect(Op::Unreachable, [], Aux::None);
    }
}
