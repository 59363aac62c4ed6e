//! One instruction of the IR into LLVM's: a flat match over the operations.

use inkwell::{FloatPredicate, IntPredicate};
use ir::{Aux, Cond, FloatCond, InstData, Op, Switch, Type, TypeData, Value};

use crate::abi::Abi;
use crate::body::Body;
use crate::builder::{Opcode, Val, call_result};
use crate::error::Error;
use crate::intrinsics;
use crate::layouts::Form;
use crate::machine::Arch;

pub fn emit<'c>(body: &mut Body<'_, 'c, '_>, inst: &InstData) -> Result<(), Error> {
    if let Some(value) = emit_op(body, inst)?
        && let [result] = &inst.results[..]
    {
        body.define(*result, value);
    }
    Ok(())
}

/// The value of an instruction with one result; calls define theirs themselves.
fn emit_op<'c>(body: &mut Body<'_, 'c, '_>, inst: &InstData) -> Result<Option<Val<'c>>, Error> {
    let ty = inst.ty;
    let arg = |index: usize| inst.args[index];
    let val = |body: &Body<'_, 'c, '_>, index: usize| body.value(inst.args[index]);
    let value: Val<'c> = match inst.op {
        Op::Iconst => body.b.int(ty, int(inst)).into(),
        Op::Fconst => fconst(body, inst),
        Op::Zero => zero(body, ty),
        Op::GlobalAddr => match &inst.aux {
            Aux::Global(global) => body.unit.global(*global).into(),
            _ => return Err(malformed(body, inst)),
        },
        Op::FuncAddr => match &inst.aux {
            Aux::Func(func) => body.unit.func(*func).value.as_global_value().as_pointer_value().into(),
            _ => return Err(malformed(body, inst)),
        },

        Op::Add => body.b.binary(Opcode::Add, val(body, 0), val(body, 1)),
        Op::Sub => body.b.binary(Opcode::Sub, val(body, 0), val(body, 1)),
        Op::Mul => body.b.binary(Opcode::Mul, val(body, 0), val(body, 1)),
        Op::Udiv => body.b.binary(Opcode::UDiv, val(body, 0), val(body, 1)),
        Op::Urem => body.b.binary(Opcode::URem, val(body, 0), val(body, 1)),
        Op::Sdiv | Op::Srem => signed_division(body, inst),
        Op::And => body.b.binary(Opcode::And, val(body, 0), val(body, 1)),
        Op::Or => body.b.binary(Opcode::Or, val(body, 0), val(body, 1)),
        Op::Xor => body.b.binary(Opcode::Xor, val(body, 0), val(body, 1)),
        Op::Shl => body.b.binary(Opcode::Shl, val(body, 0), val(body, 1)),
        Op::Lshr => body.b.binary(Opcode::LShr, val(body, 0), val(body, 1)),
        Op::Ashr => body.b.binary(Opcode::AShr, val(body, 0), val(body, 1)),
        Op::Icmp => match inst.aux {
            Aux::Cond(cond) => body.b.icmp(int_predicate(cond), val(body, 0), val(body, 1)),
            _ => return Err(malformed(body, inst)),
        },

        Op::Fadd => body.b.binary(Opcode::FAdd, val(body, 0), val(body, 1)),
        Op::Fsub => body.b.binary(Opcode::FSub, val(body, 0), val(body, 1)),
        Op::Fmul => body.b.binary(Opcode::FMul, val(body, 0), val(body, 1)),
        Op::Fdiv => body.b.binary(Opcode::FDiv, val(body, 0), val(body, 1)),
        Op::Fneg => body.b.fneg(val(body, 0)),
        Op::Fcmp => match inst.aux {
            Aux::FloatCond(cond) => body.b.fcmp(float_predicate(cond), val(body, 0), val(body, 1)),
            _ => return Err(malformed(body, inst)),
        },

        Op::Select => match body.b.layouts.form(ty) {
            Form::Empty => body.b.empty(),
            _ => body.b.select(val(body, 0), val(body, 1), val(body, 2)),
        },

        Op::Trunc => cast(body, Opcode::Trunc, inst),
        Op::Zext => cast(body, Opcode::ZExt, inst),
        Op::Sext => cast(body, Opcode::SExt, inst),
        // Out of range is poison in LLVM, but only "some value" here.
        Op::Fptosi => {
            let value = cast(body, Opcode::FPToSI, inst);
            body.b.freeze(value)
        }
        Op::Fptoui => {
            let value = cast(body, Opcode::FPToUI, inst);
            body.b.freeze(value)
        }
        Op::Sitofp => cast(body, Opcode::SIToFP, inst),
        Op::Uitofp => cast(body, Opcode::UIToFP, inst),
        Op::Fpext => cast(body, Opcode::FPExt, inst),
        Op::Fptrunc => cast(body, Opcode::FPTrunc, inst),
        Op::Ptrtoint => cast(body, Opcode::PtrToInt, inst),
        Op::Inttoptr => cast(body, Opcode::IntToPtr, inst),
        Op::Bitcast => bitcast(body, inst),

        Op::StackAlloc => match inst.aux {
            Aux::Type(object) => stack_alloc(body, object),
            _ => return Err(malformed(body, inst)),
        },
        Op::StackSlot => match inst.aux {
            Aux::Type(object) => body.b.slot_for(object).into(),
            _ => return Err(malformed(body, inst)),
        },
        Op::Load | Op::VolatileLoad => {
            body.b.load(ty, val(body, 0).into_pointer_value(), inst.op == Op::VolatileLoad)
        }
        Op::Store | Op::VolatileStore => {
            store(body, inst, arg(1));
            return Ok(None);
        }
        Op::PtrAdd => body.b.ptr_add(val(body, 0).into_pointer_value(), val(body, 1).into_int_value()).into(),
        Op::FieldAddr => match inst.aux {
            Aux::Field(object, index) => {
                let (offset, _) = body.b.layouts.member(object, index as usize);
                body.b.member_addr(val(body, 0).into_pointer_value(), offset).into()
            }
            _ => return Err(malformed(body, inst)),
        },
        Op::ElemAddr => match inst.aux {
            Aux::Type(elem) => {
                let size = body.b.layouts.types.size(elem);
                let index = val(body, 1).into_int_value();
                body.b.elem_addr(val(body, 0).into_pointer_value(), size, index).into()
            }
            _ => return Err(malformed(body, inst)),
        },

        Op::Extract => extract(body, arg(0), int(inst) as usize),
        Op::Insert => insert(body, arg(0), int(inst) as usize, val(body, 1)),
        Op::Aggregate => aggregate(body, ty, &inst.args),

        Op::Call => {
            let Aux::Func(callee) = inst.aux else { return Err(malformed(body, inst)) };
            let unit = body.unit;
            let declared = unit.func(callee);
            let code = declared.value.as_global_value().as_pointer_value();
            body.call(inst, code, &unit.program.funcs[callee].sig, &declared.abi, &inst.args);
            return Ok(None);
        }
        Op::CallIndirect => {
            let Aux::Signature(sig) = &inst.aux else { return Err(malformed(body, inst)) };
            let abi = Abi::new(body.b.layouts, sig);
            let code = val(body, 0).into_pointer_value();
            body.call(inst, code, sig, &abi, &inst.args[1..]);
            return Ok(None);
        }
        Op::Intrinsic => match inst.aux {
            Aux::Intrinsic(which) => return intrinsics::emit(body, inst, which),
            _ => return Err(malformed(body, inst)),
        },
        Op::Asm => return asm(body, inst),

        Op::Jump => {
            body.jump(&inst.targets()[0]);
            return Ok(None);
        }
        Op::Br => {
            let to = body.edges(inst.targets());
            body.b.branch(val(body, 0), to[0], to[1]);
            return Ok(None);
        }
        Op::Switch => {
            switch(body, inst)?;
            return Ok(None);
        }
        Op::Ret => {
            body.ret(&inst.args);
            return Ok(None);
        }
        Op::Unreachable => {
            body.b.unreachable();
            return Ok(None);
        }

        Op::RTypeAddr
        | Op::Alloc
        | Op::CallClosure
        | Op::CallMethod
        | Op::MakeClosure
        | Op::MakeSlice
        | Op::MakeIface
        | Op::ChangeIface
        | Op::TypeAssert
        | Op::IfaceType
        | Op::Check
        | Op::NilCheck
        | Op::CheckDiv
        | Op::CheckShift
        | Op::Go
        | Op::Defer
        | Op::DeferFrame
        | Op::RunDefers
        | Op::Recover
        | Op::Panic => {
            return Err(Error::Invalid {
                func: body.func.name.clone(),
                text: format!("operation {} was not lowered", inst.op.mnemonic()),
            });
        }
    };
    Ok(Some(value))
}

fn malformed(body: &Body, inst: &InstData) -> Error {
    let text = format!("operation {} with {:?}", inst.op.mnemonic(), inst.aux);
    Error::Invalid { func: body.func.name.clone(), text }
}

fn int(inst: &InstData) -> i64 {
    match inst.aux {
        Aux::Int(value) => value,
        _ => 0,
    }
}

fn fconst<'c>(body: &Body<'_, 'c, '_>, inst: &InstData) -> Val<'c> {
    let value = match inst.aux {
        Aux::Float(bits) => f64::from_bits(bits),
        _ => 0.0,
    };
    let ctx = body.b.layouts.ctx;
    let ty = if inst.ty == Type::F32 { ctx.f32_type() } else { ctx.f64_type() };
    ty.const_float(value).into()
}

fn zero<'c>(body: &Body<'_, 'c, '_>, ty: Type) -> Val<'c> {
    match body.b.layouts.form(ty) {
        Form::Empty => body.b.empty(),
        Form::Scalar(scalar) => scalar.const_zero(),
        Form::Small(structure) => structure.const_zero().into(),
        Form::Big => {
            let slot = body.b.slot_for(ty);
            let size = body.b.word(body.b.layouts.types.size(ty));
            body.b.memzero(slot, body.b.layouts.align(ty), size);
            slot.into()
        }
    }
}

/// The slot is allocated on entry and zeroed here, as the operation may run several times.
fn stack_alloc<'c>(body: &Body<'_, 'c, '_>, ty: Type) -> Val<'c> {
    let slot = body.b.slot_for(ty);
    match body.b.layouts.form(ty) {
        Form::Big => {
            let size = body.b.word(body.b.layouts.types.size(ty));
            body.b.memzero(slot, body.b.layouts.align(ty), size);
        }
        _ => body.b.store(ty, slot, zero(body, ty), false),
    }
    slot.into()
}

fn store(body: &Body, inst: &InstData, value: Value) {
    let ty = body.ty(value);
    let to = body.value(inst.args[0]).into_pointer_value();
    let volatile = inst.op == Op::VolatileStore;
    let is_zero = body.func.def(value).is_some_and(|def| def.op == Op::Zero);
    if is_zero && !volatile && body.b.layouts.form(ty) == Form::Big {
        let size = body.b.word(body.b.layouts.types.size(ty));
        body.b.memzero(to, body.b.layouts.align(ty), size);
    } else {
        body.b.store(ty, to, body.value(value), volatile);
    }
}

/// Go: "if the dividend x is the most negative value for the int type of x, the quotient q = x / -1 is equal to x (and
/// r = 0) due to two's-complement integer overflow". In LLVM it is undefined and on some machines it traps: divide by 1
/// instead of -1, and negate.
fn signed_division<'c>(body: &Body<'_, 'c, '_>, inst: &InstData) -> Val<'c> {
    let (x, y) = (body.value(inst.args[0]), body.value(inst.args[1]));
    let division = inst.op == Op::Sdiv;
    let op = if division { Opcode::SDiv } else { Opcode::SRem };
    let constant = body.func.def(inst.args[1]).filter(|def| def.op == Op::Iconst).map(int);
    if constant.is_some_and(|c| c != -1) {
        return body.b.binary(op, x, y);
    }
    // A narrow division cannot overflow when it is done in a register of 32 bits.
    if inst.ty.bits() < 32 && body.unit.arch != Arch::Avr {
        let wide = body.b.layouts.ctx.i32_type().into();
        let narrow = x.get_type();
        let x = body.b.cast(Opcode::SExt, x, wide);
        let y = body.b.cast(Opcode::SExt, y, wide);
        let quotient = body.b.binary(op, x, y);
        return body.b.cast(Opcode::Trunc, quotient, narrow);
    }
    let minus_one = body.b.icmp(IntPredicate::EQ, y, body.b.int(inst.ty, -1).into());
    let divisor = body.b.select(minus_one, body.b.int(inst.ty, 1).into(), y);
    let result = body.b.binary(op, x, divisor);
    if !division {
        return result;
    }
    let negated = body.b.binary(Opcode::Sub, body.b.int(inst.ty, 0).into(), x);
    body.b.select(minus_one, negated, result)
}

fn cast<'c>(body: &Body<'_, 'c, '_>, op: Opcode, inst: &InstData) -> Val<'c> {
    let to = body.b.layouts.value_type(inst.ty).expect("conversions are between scalars");
    let from = body.value(inst.args[0]);
    if from.get_type() == to { from } else { body.b.cast(op, from, to) }
}

/// Between integer and float, and between code and data addresses, which differ in their address space on AVR only.
fn bitcast<'c>(body: &Body<'_, 'c, '_>, inst: &InstData) -> Val<'c> {
    let to = body.b.layouts.value_type(inst.ty).expect("conversions are between scalars");
    let from = body.value(inst.args[0]);
    if from.get_type() == to {
        return from;
    }
    match from {
        Val::PointerValue(_) => {
            let word = body.b.cast(Opcode::PtrToInt, from, body.b.layouts.word.into());
            body.b.cast(Opcode::IntToPtr, word, to)
        }
        _ => body.b.cast(Opcode::BitCast, from, to),
    }
}

fn extract<'c>(body: &Body<'_, 'c, '_>, aggregate: Value, index: usize) -> Val<'c> {
    let ty = body.ty(aggregate);
    let (offset, member) = body.b.layouts.member(ty, index);
    match (body.b.layouts.form(ty), body.b.layouts.form(member)) {
        (_, Form::Empty) => body.b.empty(),
        (Form::Big, form) => {
            let at = body.b.member_addr(body.value(aggregate).into_pointer_value(), offset);
            // Nobody writes the memory of a value: no need to copy a part of it.
            if form == Form::Big { at.into() } else { body.b.load(member, at, false) }
        }
        _ => body.b.extract(body.value(aggregate), index as u32),
    }
}

fn insert<'c>(body: &Body<'_, 'c, '_>, aggregate: Value, index: usize, part: Val<'c>) -> Val<'c> {
    let ty = body.ty(aggregate);
    let (offset, member) = body.b.layouts.member(ty, index);
    let whole = body.value(aggregate);
    match (body.b.layouts.form(ty), body.b.layouts.form(member)) {
        (_, Form::Empty) => whole,
        (Form::Big, _) => {
            let slot = body.b.slot_for(ty);
            body.b.copy(ty, slot, whole.into_pointer_value(), false);
            body.b.store(member, body.b.member_addr(slot, offset), part, false);
            slot.into()
        }
        _ => body.b.insert(whole, part, index as u32),
    }
}

fn aggregate<'c>(body: &Body<'_, 'c, '_>, ty: Type, parts: &[Value]) -> Val<'c> {
    match body.b.layouts.form(ty) {
        Form::Small(structure) => {
            let mut whole: Val<'c> = structure.get_poison().into();
            for (index, &part) in parts.iter().enumerate() {
                whole = body.b.insert(whole, body.value(part), index as u32);
            }
            whole
        }
        Form::Big => {
            let slot = body.b.slot_for(ty);
            for (index, &part) in parts.iter().enumerate() {
                let (offset, member) = body.b.layouts.member(ty, index);
                body.b.store(member, body.b.member_addr(slot, offset), body.value(part), false);
            }
            slot.into()
        }
        Form::Empty | Form::Scalar(_) => body.b.empty(),
    }
}

fn switch(body: &Body, inst: &InstData) -> Result<(), Error> {
    let Aux::Switch(switch) = &inst.aux else { return Err(malformed(body, inst)) };
    let Switch { cases, targets } = &**switch;
    let ty = body.ty(inst.args[0]);
    let to = body.edges(targets);
    let Some((default, to)) = to.split_last() else { return Err(malformed(body, inst)) };
    let cases: Vec<_> = cases.iter().map(|&case| body.b.int(ty, case)).zip(to.iter().copied()).collect();
    body.b.switch(body.value(inst.args[0]).into_int_value(), *default, &cases);
    Ok(())
}

fn asm<'c>(body: &Body<'_, 'c, '_>, inst: &InstData) -> Result<Option<Val<'c>>, Error> {
    let Aux::Asm(asm) = &inst.aux else { return Err(malformed(body, inst)) };
    let args: Vec<Val<'c>> = inst.args.iter().map(|&arg| body.value(arg)).collect();
    let ctx = body.b.layouts.ctx;
    let params: Vec<_> = args.iter().map(|arg| arg.get_type().into()).collect();
    let ty = match body.b.layouts.value_type(inst.ty) {
        Some(_) if matches!(body.b.layouts.types.data(inst.ty), TypeData::Array(..)) => {
            return Err(body.unsupported("inline assembly cannot give an array"));
        }
        Some(result) => inkwell::types::BasicType::fn_type(&result, &params, false),
        None => ctx.void_type().fn_type(&params, false),
    };
    let call = body.b.asm(ty, &asm.template, &asm.constraints, &args);
    Ok(call_result(call))
}

fn int_predicate(cond: Cond) -> IntPredicate {
    match cond {
        Cond::Eq => IntPredicate::EQ,
        Cond::Ne => IntPredicate::NE,
        Cond::Slt => IntPredicate::SLT,
        Cond::Sle => IntPredicate::SLE,
        Cond::Sgt => IntPredicate::SGT,
        Cond::Sge => IntPredicate::SGE,
        Cond::Ult => IntPredicate::ULT,
        Cond::Ule => IntPredicate::ULE,
        Cond::Ugt => IntPredicate::UGT,
        Cond::Uge => IntPredicate::UGE,
    }
}

/// Ordered, but `!=` holds for NaN.
fn float_predicate(cond: FloatCond) -> FloatPredicate {
    match cond {
        FloatCond::Eq => FloatPredicate::OEQ,
        FloatCond::Ne => FloatPredicate::UNE,
        FloatCond::Lt => FloatPredicate::OLT,
        FloatCond::Le => FloatPredicate::OLE,
        FloatCond::Gt => FloatPredicate::OGT,
        FloatCond::Ge => FloatPredicate::OGE,
    }
}
