//! AVR: comparisons of 32 and 64 bits with constants, in pieces of 16 bits.
//!
//! LLVM's AVR back end folds a comparison into the branch after it only if its operands fit a register pair. Wider ones
//! it turns into a byte first and tests that byte: seven words more for every branch on an `int`. Where 16 bits decide,
//! this rewrites them, after LLVM's own passes, which would put the pieces together again:
//!
//! ```text
//! x == 0      ->  (lo | hi) == 0
//! x < 0       ->  hi < 0                              also x > -1
//! x == k      ->  (hi == k.hi ? lo : ~k.lo) == k.lo
//! x <u k      ->  (hi == 0 ? lo : 0xffff) <u k        for k below 0xffff
//! ```

use inkwell::IntPredicate;
use inkwell::builder::{Builder, BuilderError};
use inkwell::context::Context;
use inkwell::module::Module;
use inkwell::values::{InstructionOpcode, InstructionValue, IntValue};

pub fn narrow<'c>(ctx: &'c Context, module: &Module<'c>) -> Result<(), BuilderError> {
    let builder = ctx.create_builder();
    for func in module.get_functions() {
        for block in func.get_basic_blocks() {
            let compares: Vec<_> =
                block.get_instructions().filter(|i| i.get_opcode() == InstructionOpcode::ICmp).collect();
            for inst in compares {
                builder.position_before(&inst);
                let Some(narrow) = narrowed(ctx, &builder, inst)? else { continue };
                if let Some(new) = narrow.as_instruction() {
                    inst.replace_all_uses_with(&new);
                    inst.erase_from_basic_block();
                }
            }
        }
    }
    Ok(())
}

/// The same condition from pieces, if that is shorter.
fn narrowed<'c>(
    ctx: &'c Context,
    b: &Builder<'c>,
    inst: InstructionValue<'c>,
) -> Result<Option<IntValue<'c>>, BuilderError> {
    let operand = |index| inst.get_operand(index).and_then(|o| o.value()).filter(|v| v.is_int_value());
    let (Some(predicate), Some(x), Some(k)) = (inst.get_icmp_predicate(), operand(0), operand(1)) else {
        return Ok(None);
    };
    let (x, k) = (x.into_int_value(), k.into_int_value());
    let bits = x.get_type().get_bit_width();
    let Some(k) = k.get_zero_extended_constant().filter(|_| (bits == 32 || bits == 64) && !x.is_const())
    else {
        return Ok(None);
    };
    let i16 = ctx.i16_type();
    let word = |value: u64| i16.const_int(value & 0xffff, false);
    let piece = |shift: u32| -> Result<IntValue<'c>, BuilderError> {
        let amount = x.get_type().const_int(shift.into(), false);
        let shifted = if shift == 0 { x } else { b.build_right_shift(x, amount, false, "")? };
        b.build_int_truncate(shifted, i16, "")
    };
    let minus_one = if bits == 64 { u64::MAX } else { 0xffff_ffff };
    let equality = matches!(predicate, IntPredicate::EQ | IntPredicate::NE);
    let unsigned =
        matches!(predicate, IntPredicate::ULT | IntPredicate::ULE | IntPredicate::UGT | IntPredicate::UGE);
    if equality && k == 0 {
        let mut any = piece(0)?;
        for shift in (16..bits).step_by(16) {
            any = b.build_or(any, piece(shift)?, "")?;
        }
        return b.build_int_compare(predicate, any, word(0), "").map(Some);
    }
    if (predicate == IntPredicate::SLT && k == 0) || (predicate == IntPredicate::SGT && k == minus_one) {
        return b.build_int_compare(predicate, piece(bits - 16)?, word(k), "").map(Some);
    }
    // With any other constant two pieces have to be compared; with four it does not pay.
    // What decides when the upper halves differ: never equal, or above every k. Nothing of 16 bits is above 0xffff.
    let above =
        unsigned && (k < 0xffff || k == 0xffff && matches!(predicate, IntPredicate::ULT | IntPredicate::UGE));
    if bits == 64 || !(equality || above) {
        return Ok(None);
    }
    let (high, low) = (k >> 16, k & 0xffff);
    let same = b.build_int_compare(IntPredicate::EQ, piece(16)?, word(high), "")?;
    let other = if equality { !low } else { 0xffff };
    let decides = b.build_select(same, piece(0)?, word(other), "")?.into_int_value();
    b.build_int_compare(predicate, decides, word(low), "").map(Some)
}
