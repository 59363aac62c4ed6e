//! A thin builder over inkwell's with the verbs of this compiler: values by form, memory by byte offset.
#![allow(unsafe_code)] // GEP, freeze and the like: inkwell has them as `unsafe` or not at all

use inkwell::attributes::AttributeLoc;
use inkwell::basic_block::BasicBlock;
use inkwell::builder::{Builder as Raw, BuilderError};
use inkwell::debug_info::DILocation;
use inkwell::intrinsics::Intrinsic;
use inkwell::llvm_sys::{self, core};
use inkwell::module::Module;
use inkwell::types::{AsTypeRef, BasicTypeEnum, FunctionType};
use inkwell::values::{
    AsValueRef, BasicMetadataValueEnum, BasicValue, BasicValueEnum, CallSiteValue, IntValue, PointerValue,
    StructValue, ValueKind,
};
use inkwell::{AtomicOrdering, AtomicRMWBinOp, FloatPredicate, IntPredicate};
use ir::Type;

pub use inkwell::values::InstructionOpcode as Opcode;

use crate::layouts::{Form, Layouts, int_type};

/// A value in LLVM; see [`Form`] for what it is. Empty values are the empty struct.
pub type Val<'c> = BasicValueEnum<'c>;

pub struct Builder<'u, 'c, 'p> {
    raw: Raw<'c>,
    /// Places stack slots at the start of the entry block.
    slots: Raw<'c>,
    pub module: &'u Module<'c>,
    pub layouts: &'u Layouts<'c, 'p>,
}

/// Errors of inkwell's builder are mistakes in this crate (no position, operands of unequal type).
fn built<T>(result: Result<T, BuilderError>) -> T {
    result.expect("a positioned builder and operands of the right types")
}

impl<'u, 'c, 'p> Builder<'u, 'c, 'p> {
    pub fn new(module: &'u Module<'c>, layouts: &'u Layouts<'c, 'p>, entry: BasicBlock<'c>) -> Self {
        let raw = layouts.ctx.create_builder();
        let slots = layouts.ctx.create_builder();
        raw.position_at_end(entry);
        slots.position_at_end(entry);
        Builder { raw, slots, module, layouts }
    }

    // Positions.

    pub fn position_at_end(&self, block: BasicBlock<'c>) {
        self.raw.position_at_end(block);
    }
    pub fn block(&self) -> BasicBlock<'c> {
        self.raw.get_insert_block().expect("a positioned builder")
    }
    pub fn set_location(&self, location: DILocation<'c>) {
        self.raw.set_current_debug_location(location);
    }

    // Constants.

    pub fn int(&self, ty: Type, value: i64) -> IntValue<'c> {
        int_type(self.layouts.ctx, ty.bits()).const_int(value as u64, true)
    }
    pub fn word(&self, value: u64) -> IntValue<'c> {
        self.layouts.word.const_int(value, false)
    }
    pub fn byte(&self, value: u8) -> IntValue<'c> {
        self.layouts.ctx.i8_type().const_int(value.into(), false)
    }
    pub fn empty(&self) -> Val<'c> {
        self.layouts.ctx.struct_type(&[], false).const_zero().into()
    }

    // Arithmetic.

    pub fn binary(&self, op: Opcode, a: Val<'c>, b: Val<'c>) -> Val<'c> {
        built(self.raw.build_binop(op, a, b, ""))
    }
    pub fn cast(&self, op: Opcode, value: Val<'c>, to: BasicTypeEnum<'c>) -> Val<'c> {
        built(self.raw.build_cast(op, value, to, ""))
    }
    pub fn fneg(&self, value: Val<'c>) -> Val<'c> {
        built(self.raw.build_float_neg(value.into_float_value(), "")).into()
    }
    pub fn icmp(&self, predicate: IntPredicate, a: Val<'c>, b: Val<'c>) -> Val<'c> {
        match (a, b) {
            (Val::PointerValue(a), Val::PointerValue(b)) => {
                built(self.raw.build_int_compare(predicate, a, b, "")).into()
            }
            _ => built(self.raw.build_int_compare(predicate, a.into_int_value(), b.into_int_value(), ""))
                .into(),
        }
    }
    pub fn fcmp(&self, predicate: FloatPredicate, a: Val<'c>, b: Val<'c>) -> Val<'c> {
        built(self.raw.build_float_compare(predicate, a.into_float_value(), b.into_float_value(), "")).into()
    }
    pub fn select(&self, cond: Val<'c>, a: Val<'c>, b: Val<'c>) -> Val<'c> {
        built(self.raw.build_select(cond.into_int_value(), a, b, ""))
    }
    /// Turns poison into some value.
    pub fn freeze(&self, value: Val<'c>) -> Val<'c> {
        // SAFETY: the builder is positioned and the value belongs to the same context.
        unsafe { Val::new(core::LLVMBuildFreeze(self.raw.as_mut_ptr(), value.as_value_ref(), c"".as_ptr())) }
    }

    // Addresses.

    /// The address of a member at a constant offset of the same object.
    pub fn member_addr(&self, base: PointerValue<'c>, offset: u64) -> PointerValue<'c> {
        if offset == 0 {
            return base;
        }
        self.gep(1, base, self.word(offset), llvm_sys::LLVMGEPFlagInBounds | llvm_sys::LLVMGEPFlagNUW)
    }
    /// The address of an element of `size` bytes of the same object.
    pub fn elem_addr(&self, base: PointerValue<'c>, size: u64, index: IntValue<'c>) -> PointerValue<'c> {
        self.gep(size, base, index, llvm_sys::LLVMGEPFlagInBounds)
    }
    /// Any address: `unsafe.Add` may leave the object.
    pub fn ptr_add(&self, base: PointerValue<'c>, offset: IntValue<'c>) -> PointerValue<'c> {
        self.gep(1, base, offset, 0)
    }
    fn gep(
        &self,
        size: u64,
        base: PointerValue<'c>,
        index: IntValue<'c>,
        flags: llvm_sys::LLVMGEPNoWrapFlags,
    ) -> PointerValue<'c> {
        let ty = self.bytes_type(size);
        // SAFETY: as for `freeze`; LLVM reads one index from the array.
        unsafe {
            PointerValue::new(core::LLVMBuildGEPWithNoWrapFlags(
                self.raw.as_mut_ptr(),
                ty.as_type_ref(),
                base.as_value_ref(),
                [index.as_value_ref()].as_mut_ptr(),
                1,
                c"".as_ptr(),
                flags,
            ))
        }
    }
    /// A type of that many bytes without alignment.
    fn bytes_type(&self, size: u64) -> BasicTypeEnum<'c> {
        let byte = self.layouts.ctx.i8_type();
        if size == 1 {
            return byte.into();
        }
        // SAFETY: any length is a valid array type.
        unsafe { BasicTypeEnum::new(llvm_sys::core::LLVMArrayType2(byte.as_type_ref(), size)) }
    }

    // Memory.

    /// A stack slot of the whole activation.
    pub fn slot(&self, size: u64, align: u32) -> PointerValue<'c> {
        let entry = self.slots.get_insert_block().expect("a positioned builder");
        match entry.get_first_instruction() {
            Some(first) => self.slots.position_before(&first),
            None => self.slots.position_at_end(entry),
        }
        let slot = built(self.slots.build_alloca(self.bytes_type(size), ""));
        if let Some(inst) = slot.as_instruction() {
            inst.set_alignment(align.max(1)).expect("a power of two");
        }
        slot
    }
    pub fn slot_for(&self, ty: Type) -> PointerValue<'c> {
        self.slot(self.layouts.types.size(ty), self.layouts.align(ty))
    }

    pub fn load_scalar(&self, ty: Type, ptr: PointerValue<'c>, volatile: bool) -> Val<'c> {
        let in_memory = self.memory_type(ty);
        let value = built(self.raw.build_load(in_memory, ptr, ""));
        let inst = value.as_instruction_value().expect("a load is an instruction");
        inst.set_alignment(self.layouts.align(ty)).expect("a power of two");
        if volatile {
            inst.set_volatile(true).expect("a load can be volatile");
        }
        if ty == Type::I1 {
            self.cast(Opcode::Trunc, value, self.layouts.ctx.bool_type().into())
        } else {
            value
        }
    }

    pub fn store_scalar(&self, ty: Type, ptr: PointerValue<'c>, value: Val<'c>, volatile: bool) {
        let value = if ty == Type::I1 { self.cast(Opcode::ZExt, value, self.memory_type(ty)) } else { value };
        let inst = built(self.raw.build_store(ptr, value));
        inst.set_alignment(self.layouts.align(ty)).expect("a power of two");
        if volatile {
            inst.set_volatile(true).expect("a store can be volatile");
        }
    }

    /// The type of a scalar in memory: a truth value is a byte.
    pub fn memory_type(&self, ty: Type) -> BasicTypeEnum<'c> {
        match self.layouts.form(ty) {
            Form::Scalar(scalar) if ty != Type::I1 => scalar,
            _ => self.layouts.ctx.i8_type().into(),
        }
    }

    /// A value from memory; a big one is copied, as the memory may change afterwards.
    pub fn load(&self, ty: Type, ptr: PointerValue<'c>, volatile: bool) -> Val<'c> {
        match self.layouts.form(ty) {
            Form::Empty => self.empty(),
            Form::Scalar(_) => self.load_scalar(ty, ptr, volatile),
            Form::Small(structure) => {
                let mut value: Val<'c> = structure.get_undef().into();
                for leaf in self.layouts.leaves(ty) {
                    let at = self.member_addr(ptr, leaf.offset);
                    let scalar = self.load_scalar(leaf.ty, at, volatile);
                    value = self.insert_path(value, scalar, &leaf.path);
                }
                value
            }
            Form::Big => {
                let slot = self.slot_for(ty);
                self.copy(ty, slot, ptr, volatile);
                slot.into()
            }
        }
    }

    pub fn store(&self, ty: Type, ptr: PointerValue<'c>, value: Val<'c>, volatile: bool) {
        match self.layouts.form(ty) {
            Form::Empty => {}
            Form::Scalar(_) => self.store_scalar(ty, ptr, value, volatile),
            Form::Small(_) => {
                for leaf in self.layouts.leaves(ty) {
                    let scalar = self.extract_path(value, &leaf.path);
                    self.store_scalar(leaf.ty, self.member_addr(ptr, leaf.offset), scalar, volatile);
                }
            }
            Form::Big => self.copy(ty, ptr, value.into_pointer_value(), volatile),
        }
    }

    /// Copies an object of this type between places that do not overlap.
    pub fn copy(&self, ty: Type, to: PointerValue<'c>, from: PointerValue<'c>, volatile: bool) {
        let align = self.layouts.align(ty);
        let bytes = self.word(self.layouts.types.size(ty));
        let call = self.memory_call(built(self.raw.build_memcpy(to, align, from, align, bytes)));
        if volatile {
            call.set_operand(3, self.layouts.ctx.bool_type().const_int(1, false));
        }
    }
    /// inkwell types the result of `build_memcpy` as a pointer, though it is a call without result.
    fn memory_call(&self, call: PointerValue<'c>) -> inkwell::values::InstructionValue<'c> {
        // SAFETY: the value is the call instruction that was just built.
        unsafe { inkwell::values::InstructionValue::new(call.as_value_ref()) }
    }
    pub fn memcpy(&self, to: PointerValue<'c>, from: PointerValue<'c>, bytes: IntValue<'c>) {
        built(self.raw.build_memcpy(to, 1, from, 1, bytes));
    }
    pub fn memmove(&self, to: PointerValue<'c>, from: PointerValue<'c>, bytes: IntValue<'c>) {
        built(self.raw.build_memmove(to, 1, from, 1, bytes));
    }
    pub fn memzero(&self, to: PointerValue<'c>, align: u32, bytes: IntValue<'c>) {
        built(self.raw.build_memset(to, align.max(1), self.byte(0), bytes));
    }

    pub fn atomic_load(&self, ty: Type, ptr: PointerValue<'c>) -> Val<'c> {
        let value = self.load_scalar(ty, ptr, false);
        let load = match ty {
            // The load itself stands before the truncation.
            Type::I1 => value.as_instruction_value().and_then(|i| i.get_previous_instruction()),
            _ => value.as_instruction_value(),
        };
        let load = load.expect("a load is an instruction");
        load.set_atomic_ordering(AtomicOrdering::SequentiallyConsistent).expect("a load can be atomic");
        value
    }
    pub fn atomic_store(&self, ty: Type, ptr: PointerValue<'c>, value: Val<'c>) {
        let value = if ty == Type::I1 { self.cast(Opcode::ZExt, value, self.memory_type(ty)) } else { value };
        let store = built(self.raw.build_store(ptr, value));
        store.set_alignment(self.layouts.align(ty)).expect("a power of two");
        store.set_atomic_ordering(AtomicOrdering::SequentiallyConsistent).expect("a store can be atomic");
    }
    pub fn atomic_rmw(&self, op: AtomicRMWBinOp, ptr: PointerValue<'c>, value: IntValue<'c>) -> Val<'c> {
        built(self.raw.build_atomicrmw(op, ptr, value, AtomicOrdering::SequentiallyConsistent)).into()
    }
    /// Whether memory held `old` and now holds `new`.
    pub fn atomic_cas(&self, ptr: PointerValue<'c>, old: Val<'c>, new: Val<'c>) -> Val<'c> {
        let order = AtomicOrdering::SequentiallyConsistent;
        let pair = built(self.raw.build_cmpxchg(ptr, old, new, order, order));
        built(self.raw.build_extract_value(pair, 1, ""))
    }
    pub fn fence(&self) {
        built(self.raw.build_fence(AtomicOrdering::SequentiallyConsistent, false, ""));
    }

    // First-class structs.

    pub fn extract(&self, value: Val<'c>, index: u32) -> Val<'c> {
        built(self.raw.build_extract_value(value.into_struct_value(), index, ""))
    }
    pub fn insert(&self, value: Val<'c>, part: Val<'c>, index: u32) -> Val<'c> {
        let value: StructValue = value.into_struct_value();
        built(self.raw.build_insert_value(value, part, index, "")).as_basic_value_enum()
    }
    fn extract_path(&self, value: Val<'c>, path: &[u32]) -> Val<'c> {
        path.iter().fold(value, |value, &index| self.extract(value, index))
    }
    fn insert_path(&self, value: Val<'c>, part: Val<'c>, path: &[u32]) -> Val<'c> {
        match path {
            [] => part,
            [index] => self.insert(value, part, *index),
            [index, rest @ ..] => {
                let inner = self.insert_path(self.extract(value, *index), part, rest);
                self.insert(value, inner, *index)
            }
        }
    }

    // Calls.

    pub fn call(&self, ty: FunctionType<'c>, code: PointerValue<'c>, args: &[Val<'c>]) -> CallSiteValue<'c> {
        built(self.raw.build_indirect_call(ty, code, &meta(args), ""))
    }
    /// Calls `llvm.<name>`, overloaded on `types`.
    pub fn intrinsic(&self, name: &str, types: &[BasicTypeEnum<'c>], args: &[Val<'c>]) -> Option<Val<'c>> {
        let intrinsic = Intrinsic::find(name).expect("a known intrinsic");
        let func = intrinsic.get_declaration(self.module, types).expect("a declaration");
        call_result(built(self.raw.build_direct_call(func, &meta(args), "")))
    }
    /// Inline assembly with side effects.
    pub fn asm(
        &self,
        ty: FunctionType<'c>,
        template: &str,
        constraints: &str,
        args: &[Val<'c>],
    ) -> CallSiteValue<'c> {
        let asm = self.layouts.ctx.create_inline_asm(
            ty,
            template.to_string(),
            constraints.to_string(),
            true,
            false,
            None,
            false,
        );
        let call = built(self.raw.build_indirect_call(ty, asm, &meta(args), ""));
        let nounwind = crate::attributes::enum_attribute(self.layouts.ctx, "nounwind", 0);
        call.add_attribute(AttributeLoc::Function, nounwind);
        call
    }

    // Ends of blocks.

    pub fn jump(&self, to: BasicBlock<'c>) {
        built(self.raw.build_unconditional_branch(to));
    }
    pub fn branch(&self, cond: Val<'c>, then: BasicBlock<'c>, other: BasicBlock<'c>) {
        built(self.raw.build_conditional_branch(cond.into_int_value(), then, other));
    }
    pub fn switch(
        &self,
        value: IntValue<'c>,
        default: BasicBlock<'c>,
        cases: &[(IntValue<'c>, BasicBlock<'c>)],
    ) {
        built(self.raw.build_switch(value, default, cases));
    }
    pub fn ret(&self, value: Option<Val<'c>>) {
        match value {
            Some(value) => built(self.raw.build_return(Some(&value))),
            None => built(self.raw.build_return(None)),
        };
    }
    pub fn unreachable(&self) {
        built(self.raw.build_unreachable());
    }
    pub fn phi(&self, ty: BasicTypeEnum<'c>) -> inkwell::values::PhiValue<'c> {
        built(self.raw.build_phi(ty, ""))
    }
}

fn meta<'c>(args: &[Val<'c>]) -> Vec<BasicMetadataValueEnum<'c>> {
    args.iter().map(|&arg| arg.into()).collect()
}

/// The value of a call, if it has one.
pub fn call_result(call: CallSiteValue<'_>) -> Option<Val<'_>> {
    match call.try_as_basic_value() {
        ValueKind::Basic(value) => Some(value),
        ValueKind::Instruction(_) => None,
    }
}
