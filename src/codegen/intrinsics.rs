//! The IR's intrinsics into LLVM's, or into the instructions that a machine has for them.

use inkwell::attributes::{Attribute, AttributeLoc};
use ir::{InstData, Intrinsic, Type};

use crate::atomics;
use crate::body::Body;
use crate::builder::{Opcode, Val, call_result};
use crate::error::Error;
use crate::machine::Arch;

pub fn emit<'c>(
    body: &mut Body<'_, 'c, '_>,
    inst: &InstData,
    which: Intrinsic,
) -> Result<Option<Val<'c>>, Error> {
    let arg = |index: usize| body.value(inst.args[index]);
    let ptr = |index: usize| arg(index).into_pointer_value();
    let b = &body.b;
    Ok(match which {
        Intrinsic::Memcpy => {
            b.memcpy(ptr(0), ptr(1), arg(2).into_int_value());
            None
        }
        Intrinsic::Memmove => {
            b.memmove(ptr(0), ptr(1), arg(2).into_int_value());
            None
        }
        Intrinsic::Memzero => {
            b.memzero(ptr(0), 1, arg(1).into_int_value());
            None
        }
        // `false`: zero is an ordinary argument.
        Intrinsic::Ctz => overloaded(body, inst, "llvm.cttz", &[b.int(Type::I1, 0).into()]),
        Intrinsic::Clz => overloaded(body, inst, "llvm.ctlz", &[b.int(Type::I1, 0).into()]),
        Intrinsic::Popcount => overloaded(body, inst, "llvm.ctpop", &[]),
        // A byte has nothing to swap, and LLVM's bswap does not take it.
        Intrinsic::ByteSwap if inst.ty == Type::I8 => Some(arg(0)),
        Intrinsic::ByteSwap => overloaded(body, inst, "llvm.bswap", &[]),
        Intrinsic::BitReverse => overloaded(body, inst, "llvm.bitreverse", &[]),
        Intrinsic::RotateLeft => Some(rotate_left(body, inst)),
        Intrinsic::Sqrt => overloaded(body, inst, "llvm.sqrt", &[]),
        Intrinsic::Floor => overloaded(body, inst, "llvm.floor", &[]),
        Intrinsic::Ceil => overloaded(body, inst, "llvm.ceil", &[]),
        Intrinsic::TruncFloat => overloaded(body, inst, "llvm.trunc", &[]),
        Intrinsic::Fabs => overloaded(body, inst, "llvm.fabs", &[]),
        Intrinsic::CopySign => overloaded(body, inst, "llvm.copysign", &[]),
        Intrinsic::Fma => overloaded(body, inst, "llvm.fma", &[]),
        Intrinsic::AtomicLoad
        | Intrinsic::AtomicStore
        | Intrinsic::AtomicAdd
        | Intrinsic::AtomicAnd
        | Intrinsic::AtomicOr
        | Intrinsic::AtomicSwap
        | Intrinsic::AtomicCas => atomics::emit(body, inst, which),
        // LLVM 22's AVR back end crashes on both addresses; it keeps no frame pointer to return through anyway.
        Intrinsic::FrameAddress if body.unit.arch == Arch::Avr => stack_pointer(body),
        Intrinsic::FrameAddress => {
            b.intrinsic("llvm.frameaddress", &[b.layouts.ptr.into()], &[b.int(Type::I32, 0).into()])
        }
        // WebAssembly keeps return addresses where nobody sees them.
        Intrinsic::ReturnAddress if matches!(body.unit.arch, Arch::Avr | Arch::Wasm32) => {
            Some(b.layouts.ptr.const_null().into())
        }
        Intrinsic::ReturnAddress => b.intrinsic("llvm.returnaddress", &[], &[b.int(Type::I32, 0).into()]),
        Intrinsic::StackPointer => stack_pointer(body),
        Intrinsic::Trap => {
            trap(body);
            None
        }
        Intrinsic::Fence => {
            fence(body);
            None
        }
        Intrinsic::KeepAlive => {
            keep_alive(body, arg(0));
            None
        }
        Intrinsic::MemorySize | Intrinsic::MemoryGrow if body.unit.arch != Arch::Wasm32 => {
            return Err(body.unsupported("only WebAssembly has a memory that grows"));
        }
        Intrinsic::MemorySize => {
            b.intrinsic("llvm.wasm.memory.size", &[b.layouts.word.into()], &[b.int(Type::I32, 0).into()])
        }
        Intrinsic::MemoryGrow => b.intrinsic(
            "llvm.wasm.memory.grow",
            &[b.layouts.word.into()],
            &[b.int(Type::I32, 0).into(), arg(0)],
        ),
    })
}

/// An intrinsic of LLVM's that is overloaded on its result type and takes our arguments, then `more`.
fn overloaded<'c>(body: &Body<'_, 'c, '_>, inst: &InstData, name: &str, more: &[Val<'c>]) -> Option<Val<'c>> {
    let ty = body.b.layouts.value_type(inst.ty)?;
    let mut args: Vec<Val<'c>> = inst.args.iter().map(|&arg| body.value(arg)).collect();
    args.extend_from_slice(more);
    body.b.intrinsic(name, &[ty], &args)
}

/// The count may be negative and of any width: only its low bits matter, and every width is a power of two.
fn rotate_left<'c>(body: &Body<'_, 'c, '_>, inst: &InstData) -> Val<'c> {
    let x = body.value(inst.args[0]);
    let count = body.value(inst.args[1]);
    let ty = x.get_type();
    let (from, to) = (body.ty(inst.args[1]).bits(), inst.ty.bits());
    let count = match from.cmp(&to) {
        std::cmp::Ordering::Less => body.b.cast(Opcode::SExt, count, ty),
        std::cmp::Ordering::Equal => count,
        std::cmp::Ordering::Greater => body.b.cast(Opcode::Trunc, count, ty),
    };
    body.b.intrinsic("llvm.fshl", &[ty], &[x, x, count]).expect("fshl has a result")
}

fn stack_pointer<'c>(body: &Body<'_, 'c, '_>) -> Option<Val<'c>> {
    let layouts = body.b.layouts;
    let word = layouts.word;
    let template = match body.unit.arch {
        Arch::Arm | Arch::Aarch64 => "mov $0, sp",
        Arch::Riscv32 | Arch::Riscv64 => "mv $0, sp",
        Arch::X86 => "movl %esp, $0",
        Arch::X86_64 => "movq %rsp, $0",
        // Two reads of I/O registers; a global of the module, the shadow stack's pointer: LLVM knows how.
        Arch::Avr | Arch::Wasm32 => return body.b.intrinsic("llvm.stacksave", &[layouts.ptr.into()], &[]),
    };
    let call = body.b.asm(word.fn_type(&[], false), template, "=r", &[]);
    let value = call_result(call)?;
    Some(body.b.cast(Opcode::IntToPtr, value, layouts.ptr.into()))
}

/// Stops abnormally. AVR has no such instruction, and LLVM would call `abort`: sleep for ever with interrupts off.
pub fn trap(body: &Body) {
    if body.unit.arch == Arch::Avr {
        let ty = body.b.layouts.ctx.void_type().fn_type(&[], false);
        body.b.asm(ty, "cli\n1:\tsleep\n\trjmp 1b", "~{memory}", &[]);
    } else {
        body.b.intrinsic("llvm.trap", &[], &[]);
    }
}

/// One core and no reordering bus on AVR, one thread on WebAssembly: there only the compiler has to keep the order.
fn fence(body: &Body) {
    if matches!(body.unit.arch, Arch::Avr | Arch::Wasm32) {
        let ty = body.b.layouts.ctx.void_type().fn_type(&[], false);
        body.b.asm(ty, "", "~{memory}", &[]);
    } else {
        body.b.fence();
    }
}

fn keep_alive<'c>(body: &Body<'_, 'c, '_>, value: Val<'c>) {
    let ctx = body.b.layouts.ctx;
    let ty = ctx.void_type().fn_type(&[value.get_type().into()], false);
    // As a place in memory, the address of a slot on the stack needs no register.
    let in_place = !matches!(body.unit.arch, Arch::Avr | Arch::Wasm32);
    let call = body.b.asm(ty, "", if in_place { "*m,~{memory}" } else { "r,~{memory}" }, &[value]);
    if in_place {
        let kind = Attribute::get_named_enum_kind_id("elementtype");
        call.add_attribute(AttributeLoc::Param(0), ctx.create_type_attribute(kind, ctx.i8_type().into()));
    }
}
