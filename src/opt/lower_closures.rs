//! Lowers func values, slices of constant length, and `go`.
//!
//! ```text
//! v2 = make_closure @f(v1)             ->  v2 = alloc {code, i32}; store of func @f and v1 into it
//! v4 = call_closure.i32 (ptr) -> i32, v2, v3
//!                                      ->  nilcheck v2; v5 = load.code v2
//!                                          v4 = call_indirect.i32 (ptr, ptr) -> i32, v5, v3, v2
//! v7 = make_slice.{ptr, i32, i32} i16, v5, v6     (both 10)
//!                                      ->  v8 = alloc [10 x i16]; v7 = aggregate v8, 10, 10
//! go v2                                ->  call @runtime.newproc(v2)
//! ```
//!
//! A closure that captures nothing is a constant global. Slices of unknown length are left to `lower_alloc`.

use std::collections::BTreeMap;

use ir::{Aux, Const, FuncId, Global, GlobalId, Op, Program, Signature, Type};

use crate::descriptor::fresh;
use crate::expand::{Expander, expand, runtime_func};
use crate::pipeline::{Options, Result};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let mut records: BTreeMap<FuncId, GlobalId> = BTreeMap::new();
    let wanted =
        |data: &ir::InstData| matches!(data.op, Op::MakeClosure | Op::CallClosure | Op::MakeSlice | Op::Go);
    expand(program, wanted, |program, _, x, inst| {
        let data = x.func.insts[inst].clone();
        match (data.op, &data.aux) {
            (Op::MakeClosure, &Aux::Func(func)) if data.args.is_empty() => {
                let global = *records.entry(func).or_insert_with(|| constant_record(program, func));
                let value = x.b().global(global);
                x.replace(inst, value);
            }
            (Op::MakeClosure, &Aux::Func(func)) => {
                let mut fields = vec![Type::CODE];
                fields.extend(data.args.iter().map(|&v| x.func.ty(v)));
                let ty = program.types.structure(&fields);
                let record = x.b().value(Op::Alloc, Type::PTR, [], Aux::Type(ty));
                let code = x.b().func_addr(func);
                for (index, &value) in std::iter::once(&code).chain(&data.args).enumerate() {
                    let place = x.b().field_addr(ty, record, index as u32);
                    x.b().store(place, value);
                }
                x.replace(inst, record);
            }
            (Op::CallClosure, Aux::Signature(sig)) => {
                let record = data.args[0];
                x.b().effect(Op::NilCheck, [record], Aux::None);
                let code = x.b().load(Type::CODE, record);
                let mut sig: Signature = (**sig).clone();
                sig.params.push(Type::PTR);
                let mut args = vec![code];
                args.extend(&data.args[1..]);
                args.push(record);
                let values = x.b().call_indirect(sig, args);
                x.replace_all(inst, &values);
            }
            (Op::MakeSlice, &Aux::Type(elem)) => return Ok(constant_slice(program, x, inst, elem)),
            (Op::Go, _) => {
                let (callee, sig) = runtime_func(program, "runtime.newproc", 1)?;
                x.b().call(callee, &sig, data.args);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })
}

fn constant_record(program: &mut Program, func: FuncId) -> GlobalId {
    let name = fresh(program, format!("{}·f", program.funcs[func].name));
    let ty = program.types.structure(&[Type::CODE]);
    let mut global = Global::new(name, ty);
    global.constant = true;
    global.init = Const::Aggregate(vec![Const::Code(func)]);
    program.add_global(global)
}

fn constant_slice(program: &mut Program, x: &mut Expander, inst: ir::Inst, elem: Type) -> bool {
    let data = x.func.insts[inst].clone();
    let (Some(len), Some(cap)) = (x.constant(data.args[0]), x.constant(data.args[1])) else { return false };
    if len < 0 || cap < len {
        return false;
    }
    let word = program.types.target.word();
    let bytes = (cap as u64).checked_mul(program.types.size(elem));
    // Anything larger is left to the runtime, which panics.
    if bytes.is_none_or(|bytes| bytes >= 1 << (word.bits() - 1).min(40)) {
        return false;
    }
    let ty = program.types.array(elem, cap as u64);
    let array = x.b().value(Op::Alloc, Type::PTR, [], Aux::Type(ty));
    let (len, cap) = (x.b().iconst(word, len), x.b().iconst(word, cap));
    let value = x.b().aggregate(data.ty, [array, len, cap]);
    x.replace(inst, value);
    true
}
