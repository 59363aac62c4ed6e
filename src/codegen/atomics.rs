//! Atomic operations: instructions where the machine has them, else a few plain ones with interrupts off.
//!
//! Machines without atomic instructions have one core here, so that only an interrupt could come between. WebAssembly
//! has one thread and no interrupts: plain operations are atomic.

use inkwell::{AtomicRMWBinOp, IntPredicate};
use ir::{InstData, Intrinsic, Type};

use crate::body::Body;
use crate::builder::{Opcode, Val, call_result};
use crate::machine::Arch;

pub fn emit<'c>(body: &Body<'_, 'c, '_>, inst: &InstData, which: Intrinsic) -> Option<Val<'c>> {
    let ty = match which {
        Intrinsic::AtomicLoad => inst.ty,
        _ => body.ty(inst.args[1]),
    };
    let bits = body.b.layouts.types.size(ty) * 8;
    if bits <= u64::from(body.unit.options.machine.atomic_bits(body.unit.arch)) {
        native(body, inst, which, ty)
    } else {
        plain(body, inst, which, ty)
    }
}

fn native<'c>(body: &Body<'_, 'c, '_>, inst: &InstData, which: Intrinsic, ty: Type) -> Option<Val<'c>> {
    let b = &body.b;
    let ptr = body.value(inst.args[0]).into_pointer_value();
    let operand = |index: usize| body.value(inst.args[index]);
    let op = match which {
        Intrinsic::AtomicLoad => return Some(b.atomic_load(ty, ptr)),
        Intrinsic::AtomicStore => {
            b.atomic_store(ty, ptr, operand(1));
            return None;
        }
        Intrinsic::AtomicCas => {
            return Some(b.atomic_cas(ptr, widen(body, ty, operand(1)), widen(body, ty, operand(2))));
        }
        Intrinsic::AtomicAdd => AtomicRMWBinOp::Add,
        Intrinsic::AtomicAnd => AtomicRMWBinOp::And,
        Intrinsic::AtomicOr => AtomicRMWBinOp::Or,
        _ => AtomicRMWBinOp::Xchg,
    };
    // inkwell exchanges integers only.
    let value = match operand(1) {
        value @ Val::PointerValue(_) => b.cast(Opcode::PtrToInt, value, b.layouts.word.into()),
        value => widen(body, ty, value),
    };
    let old = b.atomic_rmw(op, ptr, value.into_int_value());
    Some(match operand(1) {
        Val::PointerValue(value) => b.cast(Opcode::IntToPtr, old, value.get_type().into()),
        _ if ty == Type::I1 => b.cast(Opcode::Trunc, old, b.layouts.ctx.bool_type().into()),
        _ => old,
    })
}

/// A truth value is a byte in memory.
fn widen<'c>(body: &Body<'_, 'c, '_>, ty: Type, value: Val<'c>) -> Val<'c> {
    if ty == Type::I1 { body.b.cast(Opcode::ZExt, value, body.b.memory_type(ty)) } else { value }
}

fn plain<'c>(body: &Body<'_, 'c, '_>, inst: &InstData, which: Intrinsic, ty: Type) -> Option<Val<'c>> {
    let b = &body.b;
    let ptr = body.value(inst.args[0]).into_pointer_value();
    let operand = |index: usize| body.value(inst.args[index]);
    // A load or store of at most a register is one instruction; volatile keeps it one. AVR's registers are bytes.
    let register = if body.unit.arch == Arch::Avr { 1 } else { b.layouts.types.target.ptr_bytes };
    let single = b.layouts.types.size(ty) <= register;
    match which {
        Intrinsic::AtomicLoad if single => return Some(b.load_scalar(ty, ptr, true)),
        Intrinsic::AtomicStore if single => {
            b.store_scalar(ty, ptr, operand(1), true);
            return None;
        }
        _ => {}
    }
    let saved = interrupts_off(body);
    let result = match which {
        Intrinsic::AtomicLoad => Some(b.load_scalar(ty, ptr, false)),
        Intrinsic::AtomicStore => {
            b.store_scalar(ty, ptr, operand(1), false);
            None
        }
        Intrinsic::AtomicCas => {
            let now = b.load_scalar(ty, ptr, false);
            let equal = b.icmp(IntPredicate::EQ, now, operand(1));
            b.store_scalar(ty, ptr, b.select(equal, operand(2), now), false);
            Some(equal)
        }
        _ => {
            let old = b.load_scalar(ty, ptr, false);
            let new = match which {
                Intrinsic::AtomicAdd => b.binary(Opcode::Add, old, operand(1)),
                Intrinsic::AtomicAnd => b.binary(Opcode::And, old, operand(1)),
                Intrinsic::AtomicOr => b.binary(Opcode::Or, old, operand(1)),
                _ => operand(1),
            };
            b.store_scalar(ty, ptr, new, false);
            Some(old)
        }
    };
    if let Some(saved) = saved {
        interrupts_back(body, saved);
    }
    result
}

/// Turns interrupts off and gives the state to restore; nothing where there are none.
fn interrupts_off<'c>(body: &Body<'_, 'c, '_>) -> Option<Val<'c>> {
    let layouts = body.b.layouts;
    // A program of an operating system has one thread, and no interrupts of its own.
    if body.unit.options.machine.has_system() {
        return None;
    }
    let (ty, template) = match body.unit.arch {
        // SREG, whose bit 7 is the interrupt flag.
        Arch::Avr => (layouts.ctx.i8_type(), "in $0, 0x3f\n\tcli"),
        Arch::Arm => (layouts.word, "mrs $0, PRIMASK\n\tcpsid i"),
        // Clears MIE, bit 3 of mstatus.
        Arch::Riscv32 | Arch::Riscv64 => (layouts.word, "csrrci $0, mstatus, 8"),
        Arch::Wasm32 | Arch::X86 | Arch::X86_64 | Arch::Aarch64 => return None,
    };
    call_result(body.b.asm(ty.fn_type(&[], false), template, "=r,~{memory}", &[]))
}

fn interrupts_back<'c>(body: &Body<'_, 'c, '_>, saved: Val<'c>) {
    let layouts = body.b.layouts;
    let (saved, template) = match body.unit.arch {
        Arch::Avr => (saved, "out 0x3f, $0"),
        Arch::Arm => (saved, "msr PRIMASK, $0"),
        // Only MIE may change: other bits may have been written in between.
        _ => {
            let flag = layouts.word.const_int(8, false).into();
            (body.b.binary(Opcode::And, saved, flag), "csrs mstatus, $0")
        }
    };
    let ty = layouts.ctx.void_type().fn_type(&[saved.get_type().into()], false);
    body.b.asm(ty, template, "r,~{memory}", &[saved]);
}
