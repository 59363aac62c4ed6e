//! Functions that LLVM's back ends call on their own: what package runtime has to provide.

use crate::machine::{Arch, Machine};

/// Memory functions, which LLVM also recognises in loops.
const MEMORY: &[&str] = &["memcpy", "memmove", "memset", "memcmp", "bcmp"];

pub(crate) fn is_memory_builtin(symbol: &str) -> bool {
    MEMORY.contains(&symbol) || symbol.starts_with("__aeabi_mem") || symbol.starts_with("__llvm_mem")
}

const AEABI_F64: &[&str] = &[
    "__aeabi_d2f",
    "__aeabi_d2iz",
    "__aeabi_d2lz",
    "__aeabi_d2uiz",
    "__aeabi_d2ulz",
    "__aeabi_dadd",
    "__aeabi_dcmpeq",
    "__aeabi_dcmpge",
    "__aeabi_dcmpgt",
    "__aeabi_dcmple",
    "__aeabi_dcmplt",
    "__aeabi_dcmpun",
    "__aeabi_ddiv",
    "__aeabi_dmul",
    "__aeabi_drsub",
    "__aeabi_dsub",
    "__aeabi_f2d",
    "__aeabi_f2lz",
    "__aeabi_f2ulz",
    "__aeabi_i2d",
    "__aeabi_l2d",
    "__aeabi_l2f",
    "__aeabi_ui2d",
    "__aeabi_ul2d",
    "__aeabi_ul2f",
];
const AEABI_F32: &[&str] = &[
    "__aeabi_f2iz",
    "__aeabi_f2uiz",
    "__aeabi_fadd",
    "__aeabi_fcmpeq",
    "__aeabi_fcmpge",
    "__aeabi_fcmpgt",
    "__aeabi_fcmple",
    "__aeabi_fcmplt",
    "__aeabi_fcmpun",
    "__aeabi_fdiv",
    "__aeabi_fmul",
    "__aeabi_frsub",
    "__aeabi_fsub",
    "__aeabi_i2f",
    "__aeabi_ui2f",
];
/// Division, and shifts of 64-bit values for code that is small rather than quick.
const AEABI_INT: &[&str] =
    &["__aeabi_lasr", "__aeabi_ldivmod", "__aeabi_llsl", "__aeabi_llsr", "__aeabi_uldivmod"];
const AEABI_MEMORY: &[&str] = &[
    "__aeabi_memclr",
    "__aeabi_memclr4",
    "__aeabi_memclr8",
    "__aeabi_memcpy",
    "__aeabi_memcpy4",
    "__aeabi_memcpy8",
    "__aeabi_memmove",
    "__aeabi_memmove4",
    "__aeabi_memmove8",
    "__aeabi_memset",
    "__aeabi_memset4",
    "__aeabi_memset8",
];
/// v6-M has neither a divider, nor a long multiplication, nor `clz`.
const AEABI_V6M: &[&str] =
    &["__aeabi_idiv", "__aeabi_idivmod", "__aeabi_lmul", "__aeabi_uidiv", "__aeabi_uidivmod", "__clzsi2"];
const SOFT_F32: &[&str] = &[
    "__addsf3",
    "__divsf3",
    "__eqsf2",
    "__fixsfdi",
    "__fixsfsi",
    "__fixunssfdi",
    "__fixunssfsi",
    "__floatdisf",
    "__floatsisf",
    "__floatundisf",
    "__floatunsisf",
    "__gesf2",
    "__gtsf2",
    "__lesf2",
    "__ltsf2",
    "__mulsf3",
    "__nesf2",
    "__subsf3",
    "__unordsf2",
];
const SOFT_F64: &[&str] = &[
    "__adddf3",
    "__divdf3",
    "__eqdf2",
    "__extendsfdf2",
    "__fixdfdi",
    "__fixdfsi",
    "__fixunsdfdi",
    "__fixunsdfsi",
    "__floatdidf",
    "__floatsidf",
    "__floatundidf",
    "__floatunsidf",
    "__gedf2",
    "__gtdf2",
    "__ledf2",
    "__ltdf2",
    "__muldf3",
    "__nedf2",
    "__subdf3",
    "__truncdfsf2",
    "__unorddf2",
];
const INT64: &[&str] = &["__divdi3", "__moddi3", "__udivdi3", "__umoddi3"];
/// Conversions between 64-bit integers and floats, where the machine has floats but narrow registers.
const INT64_F32: &[&str] = &["__fixsfdi", "__fixunssfdi", "__floatdisf", "__floatundisf"];
/// Shifts of 64-bit values, for code that is small rather than quick.
const SHIFT64: &[&str] = &["__ashldi3", "__ashrdi3", "__lshrdi3"];
/// What small functions save and restore registers with (`-msave-restore`).
const SAVE_RESTORE: &[&str] = &[
    "__riscv_restore_0",
    "__riscv_restore_1",
    "__riscv_restore_2",
    "__riscv_restore_3",
    "__riscv_restore_4",
    "__riscv_restore_5",
    "__riscv_restore_6",
    "__riscv_restore_7",
    "__riscv_restore_8",
    "__riscv_restore_9",
    "__riscv_restore_10",
    "__riscv_restore_11",
    "__riscv_restore_12",
    "__riscv_save_0",
    "__riscv_save_1",
    "__riscv_save_2",
    "__riscv_save_3",
    "__riscv_save_4",
    "__riscv_save_5",
    "__riscv_save_6",
    "__riscv_save_7",
    "__riscv_save_8",
    "__riscv_save_9",
    "__riscv_save_10",
    "__riscv_save_11",
    "__riscv_save_12",
];
const INT32: &[&str] = &["__divsi3", "__modsi3", "__udivsi3", "__umodsi3", "__mulsi3", "__muldi3"];
const AVR: &[&str] = &[
    "__divmodhi4",
    "__divmodqi4",
    "__divmodsi4",
    "__do_clear_bss",
    "__do_copy_data",
    "__mulhi3",
    "__mulqi3",
    "__muldi3",
    "__mulsi3",
    "__udivmodhi4",
    "__udivmodqi4",
    "__udivmodsi4",
];
/// Rounding, roots, sign and fused multiplication in software.
const MATH: &[&str] = &[
    "ceil",
    "ceilf",
    "copysign",
    "copysignf",
    "fabs",
    "fabsf",
    "floor",
    "floorf",
    "fma",
    "fmaf",
    "sqrt",
    "sqrtf",
    "trunc",
    "truncf",
];
const MATH_F64: &[&str] = &["ceil", "floor", "fma", "sqrt", "trunc"];
const MATH_FMA: &[&str] = &["fma", "fmaf"];
const MATH_ROUND: &[&str] = &["ceil", "ceilf", "floor", "floorf", "fma", "fmaf", "trunc", "truncf"];

/// The symbols that an object for this machine may leave undefined, sorted; empty for unknown machines.
pub fn builtins(machine: &Machine) -> Vec<&'static str> {
    let Ok(arch) = machine.arch() else { return Vec::new() };
    let sets: &[&[&str]] = match arch {
        Arch::Avr => &[MEMORY, AVR, INT64, SOFT_F32, SOFT_F64, MATH, SHIFT64],
        Arch::Arm if machine.is_thumbv6m() => {
            &[MEMORY, AEABI_MEMORY, AEABI_INT, AEABI_V6M, AEABI_F32, AEABI_F64, MATH]
        }
        // Without hard floats in the triple's ABI the CPU may still have them; then these stay unused.
        Arch::Arm if machine.triple.ends_with("hf") => {
            &[MEMORY, AEABI_MEMORY, AEABI_INT, AEABI_F64, MATH_F64, MATH_ROUND]
        }
        Arch::Arm => &[MEMORY, AEABI_MEMORY, AEABI_INT, AEABI_F32, AEABI_F64, MATH],
        Arch::Riscv32 if machine.has_feature("d") => {
            &[MEMORY, SAVE_RESTORE, INT64, SHIFT64, INT64_F32, MATH_ROUND]
        }
        Arch::Riscv32 if machine.has_feature("f") => {
            &[MEMORY, SAVE_RESTORE, INT64, SHIFT64, INT64_F32, SOFT_F64, MATH_ROUND, MATH_F64]
        }
        Arch::Riscv32 if machine.has_feature("m") => {
            &[MEMORY, SAVE_RESTORE, INT64, SHIFT64, SOFT_F32, SOFT_F64, MATH]
        }
        Arch::Riscv32 => &[MEMORY, SAVE_RESTORE, INT32, INT64, SHIFT64, SOFT_F32, SOFT_F64, MATH],
        Arch::Riscv64 if machine.has_feature("d") => &[MEMORY, MATH_ROUND],
        Arch::Riscv64 => &[MEMORY, SOFT_F32, SOFT_F64, MATH],
        Arch::Wasm32 | Arch::Aarch64 => &[MEMORY, MATH_FMA],
        Arch::X86 => &[MEMORY, INT64, SHIFT64, MATH_ROUND],
        Arch::X86_64 => &[MEMORY, MATH_ROUND],
    };
    let mut all: Vec<&str> = sets.iter().flat_map(|set| set.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}
