//! Folds one instruction: constants, identities, projections of known aggregates.

use ir::{
    Aux, Cond, Const, Func, Inst, InstData, Op, Program, Switch, Target, Type, TypeData, Value, Values,
};

pub(super) enum Folded {
    Keep,
    /// The only result is this value.
    Value(Value),
    /// The instruction becomes this one; its type stays.
    Op(Op, Values, Aux),
}

use Folded::{Keep, Op as Becomes};

pub(super) fn fold(program: &Program, func: &Func, inst: Inst) -> Folded {
    let data = &func.insts[inst];
    match data.op {
        op if op.is_int_binary() => binary(func, data),
        Op::Icmp => compare(func, data),
        Op::Trunc | Op::Zext | Op::Sext => resize(func, data),
        Op::Bitcast | Op::Inttoptr | Op::Ptrtoint => round_trip(func, data),
        Op::Select => select(func, data),
        Op::Extract => extract(program, func, data),
        Op::PtrAdd => match int(func, data.args[1]) {
            Some(0) => Folded::Value(data.args[0]),
            _ => Keep,
        },
        Op::Load => load(program, func, data),
        Op::CallIndirect => call(program, func, data),
        Op::Br => branch(func, data),
        Op::Switch => switch(func, data),
        _ => Keep,
    }
}

pub(crate) fn int(func: &Func, value: Value) -> Option<i64> {
    let data = func.def(value)?;
    match (data.op, &data.aux) {
        (Op::Iconst, &Aux::Int(number)) => Some(extend(number, data.ty)),
        (Op::Zero, _) if data.ty.is_int() => Some(0),
        _ => None,
    }
}

/// Sign-extends from the width of a type; truth values are 0 and 1.
pub(crate) fn extend(number: i64, ty: Type) -> i64 {
    match ty.bits() {
        64 => number,
        1 => number & 1,
        bits => number << (64 - bits) >> (64 - bits),
    }
}

fn unsigned(number: i64, ty: Type) -> u64 {
    match ty.bits() {
        64 => number as u64,
        bits => number as u64 & ((1 << bits) - 1),
    }
}

fn constant(number: i64, ty: Type) -> Folded {
    Becomes(Op::Iconst, Values::new(), Aux::Int(extend(number, ty)))
}

/// The value of an operation on constants; none where it is undefined.
pub(crate) fn eval_binary(op: Op, ty: Type, a: i64, b: i64) -> Option<i64> {
    let (ua, ub) = (unsigned(a, ty), unsigned(b, ty));
    let in_range = ub < u64::from(ty.bits());
    let value = match op {
        Op::Add => a.wrapping_add(b),
        Op::Sub => a.wrapping_sub(b),
        Op::Mul => a.wrapping_mul(b),
        Op::Sdiv if b != 0 => a.wrapping_div(b),
        Op::Srem if b != 0 => a.wrapping_rem(b),
        Op::Udiv if ub != 0 => (ua / ub) as i64,
        Op::Urem if ub != 0 => (ua % ub) as i64,
        Op::And => a & b,
        Op::Or => a | b,
        Op::Xor => a ^ b,
        Op::Shl if in_range => a << ub,
        Op::Lshr if in_range => (ua >> ub) as i64,
        Op::Ashr if in_range => a >> ub,
        _ => return None,
    };
    Some(extend(value, ty))
}

fn binary(func: &Func, data: &InstData) -> Folded {
    let (x, y) = (data.args[0], data.args[1]);
    let (a, b) = (int(func, x), int(func, y));
    if let (Some(a), Some(b)) = (a, b) {
        return eval_binary(data.op, data.ty, a, b).map_or(Keep, |value| constant(value, data.ty));
    }
    let ones = extend(-1, data.ty);
    match (data.op, a, b) {
        (Op::Add | Op::Or | Op::Xor, Some(0), _) => Folded::Value(y),
        (Op::Add | Op::Sub | Op::Or | Op::Xor | Op::Shl | Op::Lshr | Op::Ashr, _, Some(0)) => {
            Folded::Value(x)
        }
        (Op::Mul, Some(1), _) => Folded::Value(y),
        (Op::Mul | Op::Sdiv | Op::Udiv, _, Some(1)) if data.ty != Type::I1 => Folded::Value(x),
        (Op::Mul | Op::And, Some(0), _) => Folded::Value(x),
        (Op::Mul | Op::And, _, Some(0)) => Folded::Value(y),
        (Op::And, Some(a), _) if a == ones => Folded::Value(y),
        (Op::And, _, Some(b)) if b == ones => Folded::Value(x),
        // `a == b` inverted is `a != b`.
        (Op::Xor, _, Some(1)) if data.ty == Type::I1 => match func.def(x) {
            Some(InstData { op: Op::Icmp, args, aux: Aux::Cond(cond), .. }) => {
                Becomes(Op::Icmp, args.clone(), Aux::Cond(cond.inverse()))
            }
            _ => Keep,
        },
        (Op::Sub | Op::Xor, ..) if x == y => constant(0, data.ty),
        (Op::And | Op::Or, ..) if x == y => Folded::Value(x),
        // Constants to the right, so that equal expressions look equal.
        (Op::Add | Op::Mul | Op::And | Op::Or | Op::Xor, Some(_), None) => {
            Becomes(data.op, Values::from([y, x]), Aux::None)
        }
        _ => Keep,
    }
}

pub(crate) fn eval_compare(cond: Cond, ty: Type, a: i64, b: i64) -> bool {
    let (ua, ub) = (unsigned(a, ty), unsigned(b, ty));
    match cond {
        Cond::Eq => a == b,
        Cond::Ne => a != b,
        Cond::Slt => a < b,
        Cond::Sle => a <= b,
        Cond::Sgt => a > b,
        Cond::Sge => a >= b,
        Cond::Ult => ua < ub,
        Cond::Ule => ua <= ub,
        Cond::Ugt => ua > ub,
        Cond::Uge => ua >= ub,
    }
}

fn compare(func: &Func, data: &InstData) -> Folded {
    let Aux::Cond(cond) = data.aux else { return Keep };
    let (x, y) = (data.args[0], data.args[1]);
    let ty = func.ty(x);
    if let (Some(a), Some(b)) = (int(func, x), int(func, y)) {
        return constant(eval_compare(cond, ty, a, b).into(), Type::I1);
    }
    if x == y {
        let holds = matches!(cond, Cond::Eq | Cond::Sle | Cond::Sge | Cond::Ule | Cond::Uge);
        return constant(holds.into(), Type::I1);
    }
    // A truth value against a constant.
    if ty == Type::I1 {
        match (cond, int(func, y)) {
            (Cond::Ne, Some(0)) | (Cond::Eq, Some(1)) => return Folded::Value(x),
            (Cond::Eq, Some(0)) | (Cond::Ne, Some(1)) => {
                // `!(a < b)` is `a >= b`.
                if let Some(InstData { op: Op::Icmp, args, aux: Aux::Cond(inner), .. }) = func.def(x) {
                    return Becomes(Op::Icmp, args.clone(), Aux::Cond(inner.inverse()));
                }
            }
            _ => {}
        }
    }
    // Addresses of variables are not nil.
    if ty == Type::PTR && matches!(cond, Cond::Eq | Cond::Ne) {
        let null = |v: Value| func.def(v).is_some_and(|d| d.op == Op::Zero);
        let object = |v: Value| {
            func.def(v).is_some_and(|d| {
                matches!(
                    d.op,
                    Op::Alloc
                        | Op::StackAlloc
                        | Op::StackSlot
                        | Op::MakeClosure
                        | Op::RTypeAddr
                        | Op::GlobalAddr
                )
            })
        };
        if null(x) && null(y) {
            return constant((cond == Cond::Eq).into(), Type::I1);
        }
        if (null(x) && object(y)) || (null(y) && object(x)) {
            return constant((cond == Cond::Ne).into(), Type::I1);
        }
    }
    if int(func, x).is_some() {
        return Becomes(Op::Icmp, Values::from([y, x]), Aux::Cond(cond.swapped()));
    }
    Keep
}

fn resize(func: &Func, data: &InstData) -> Folded {
    let from = func.ty(data.args[0]);
    if let Some(number) = int(func, data.args[0]) {
        let number = if data.op == Op::Zext { unsigned(number, from) as i64 } else { number };
        // Sign extension of a truth value: all ones.
        let number = if data.op == Op::Sext && from == Type::I1 { -number } else { number };
        return constant(number, data.ty);
    }
    let Some(inner) = func.def(data.args[0]) else { return Keep };
    match (data.op, inner.op) {
        (Op::Trunc, Op::Zext | Op::Sext) => {
            let source = inner.args[0];
            let bits = func.ty(source).bits();
            if bits == data.ty.bits() {
                Folded::Value(source)
            } else if bits > data.ty.bits() {
                Becomes(Op::Trunc, Values::from([source]), Aux::None)
            } else {
                Becomes(inner.op, Values::from([source]), Aux::None)
            }
        }
        (Op::Zext, Op::Zext) | (Op::Sext, Op::Sext) | (Op::Trunc, Op::Trunc) => {
            Becomes(data.op, Values::from([inner.args[0]]), Aux::None)
        }
        (Op::Sext, Op::Zext) => Becomes(Op::Zext, Values::from([inner.args[0]]), Aux::None),
        _ => Keep,
    }
}

fn round_trip(func: &Func, data: &InstData) -> Folded {
    let Some(inner) = func.def(data.args[0]) else { return Keep };
    let inverse = match data.op {
        Op::Bitcast => Op::Bitcast,
        Op::Inttoptr => Op::Ptrtoint,
        _ => Op::Inttoptr,
    };
    if inner.op == inverse && func.ty(inner.args[0]) == data.ty { Folded::Value(inner.args[0]) } else { Keep }
}

fn select(func: &Func, data: &InstData) -> Folded {
    match int(func, data.args[0]) {
        Some(0) => Folded::Value(data.args[2]),
        Some(_) => Folded::Value(data.args[1]),
        None if data.args[1] == data.args[2] => Folded::Value(data.args[1]),
        None => Keep,
    }
}

fn extract(program: &Program, func: &Func, data: &InstData) -> Folded {
    let Aux::Int(index) = data.aux else { return Keep };
    let Some(source) = func.def(data.args[0]) else { return Keep };
    match (source.op, &source.aux) {
        (Op::Aggregate, _) => source.args.get(index as usize).map_or(Keep, |&v| Folded::Value(v)),
        (Op::Zero, _) => Becomes(Op::Zero, Values::new(), Aux::None),
        (Op::Insert, &Aux::Int(at)) if at == index => Folded::Value(source.args[1]),
        (Op::Insert, _) => Becomes(Op::Extract, Values::from([source.args[0]]), Aux::Int(index)),
        (Op::Load, _) => {
            let types = &program.types;
            let Some((global, offset)) = address(program, func, source.args[0], 0) else { return Keep };
            let inner = match types.data(source.ty) {
                TypeData::Array(elem, _) => types.size(*elem) * index as u64,
                _ => types.field_offset(source.ty, index as usize),
            };
            constant_part(program, global, offset + inner, data.ty)
        }
        _ => Keep,
    }
}

/// A load from a constant global gives its initial value.
fn load(program: &Program, func: &Func, data: &InstData) -> Folded {
    match address(program, func, data.args[0], 0) {
        Some((global, offset)) => constant_part(program, global, offset, data.ty),
        None => Keep,
    }
}

fn constant_part(program: &Program, global: ir::GlobalId, offset: u64, ty: Type) -> Folded {
    let global = &program.globals[global];
    if !global.constant || global.external {
        return Keep;
    }
    match part(program, &global.init, global.ty, offset, ty) {
        Some(Const::Zero) => Becomes(Op::Zero, Values::new(), Aux::None),
        Some(Const::Int(number)) if ty.is_int() => constant(number, ty),
        Some(Const::Float(bits)) => Becomes(Op::Fconst, Values::new(), Aux::Float(bits)),
        Some(Const::Addr(global, 0)) => Becomes(Op::GlobalAddr, Values::new(), Aux::Global(global)),
        Some(Const::Code(func)) => Becomes(Op::FuncAddr, Values::new(), Aux::Func(func)),
        _ => Keep,
    }
}

/// The global and the offset that an address is made of.
pub(crate) fn address(
    program: &Program,
    func: &Func,
    value: Value,
    depth: u32,
) -> Option<(ir::GlobalId, u64)> {
    let data = func.def(value)?;
    if depth > 20 {
        return None;
    }
    let below = |value| address(program, func, value, depth + 1);
    match (data.op, &data.aux) {
        (Op::GlobalAddr, &Aux::Global(global)) => Some((global, 0)),
        (Op::FieldAddr, &Aux::Field(ty, index)) => {
            let (global, offset) = below(data.args[0])?;
            Some((global, offset + program.types.field_offset(ty, index as usize)))
        }
        (Op::ElemAddr, &Aux::Type(elem)) => {
            let (global, offset) = below(data.args[0])?;
            let index = u64::try_from(int(func, data.args[1])?).ok()?;
            Some((global, offset.checked_add(index.checked_mul(program.types.size(elem))?)?))
        }
        (Op::PtrAdd, _) => {
            let (global, offset) = below(data.args[0])?;
            Some((global, offset.checked_add_signed(int(func, data.args[1])?)?))
        }
        _ => None,
    }
}

/// The part of an initial value of type `ty` at an offset, if it is exactly one value of type `want`.
pub(crate) fn part(program: &Program, value: &Const, ty: Type, offset: u64, want: Type) -> Option<Const> {
    let types = &program.types;
    if offset >= types.size(ty).max(1) {
        return None;
    }
    if offset == 0 && ty == want {
        return Some(value.clone());
    }
    match (value, types.data(ty)) {
        (Const::Zero, TypeData::Struct(_) | TypeData::Array(..)) => {
            let fits = offset + types.size(want) <= types.size(ty);
            fits.then_some(Const::Zero)
        }
        (Const::Bytes(bytes), _) if want == Type::I8 => {
            bytes.get(offset as usize).map(|&byte| Const::Int(i64::from(byte as i8)))
        }
        (Const::Aggregate(parts), TypeData::Struct(fields)) => {
            let index = (0..fields.len()).rev().find(|&i| types.field_offset(ty, i) <= offset)?;
            part(program, &parts[index], fields[index], offset - types.field_offset(ty, index), want)
        }
        (Const::Aggregate(parts), TypeData::Array(elem, _)) => {
            let size = types.size(*elem).max(1);
            part(program, parts.get((offset / size) as usize)?, *elem, offset % size, want)
        }
        _ => None,
    }
}

/// A call through the address of a function is a call.
fn call(program: &Program, func: &Func, data: &InstData) -> Folded {
    let (Some(code), Aux::Signature(sig)) = (func.def(data.args[0]), &data.aux) else { return Keep };
    match (code.op, &code.aux) {
        (Op::FuncAddr, &Aux::Func(callee)) if program.funcs[callee].sig == **sig => {
            Becomes(Op::Call, data.args[1..].into(), Aux::Func(callee))
        }
        _ => Keep,
    }
}

fn jump(target: &Target) -> Folded {
    Becomes(Op::Jump, Values::new(), Aux::Targets(vec![target.clone()]))
}

fn branch(func: &Func, data: &InstData) -> Folded {
    let [then, other] = data.targets() else { return Keep };
    if let Some(number) = int(func, data.args[0]) {
        return jump(if number != 0 { then } else { other });
    }
    if then == other { jump(then) } else { Keep }
}

fn switch(func: &Func, data: &InstData) -> Folded {
    let Aux::Switch(switch) = &data.aux else { return Keep };
    let Switch { cases, targets } = &**switch;
    let Some(default) = targets.last() else { return Keep };
    if let Some(number) = int(func, data.args[0]) {
        let ty = func.ty(data.args[0]);
        let case = cases.iter().position(|&case| extend(case, ty) == number);
        return jump(case.map_or(default, |i| &targets[i]));
    }
    if targets.iter().all(|target| target == default) { jump(default) } else { Keep }
}
