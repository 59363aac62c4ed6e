//! Calls functions directly where only one can be meant: methods of an interface that only one live type implements or
//! whose dynamic type is known, func values made from a known function.
//!
//! ```text
//! v1 = make_iface.{ptr, ptr} %*T to %I, v0
//! v2 = call_method.i32 %I 0, v1          ->  v3 = extract.ptr 1, v1
//!                                            v2 = call.i32 @T.M(v3)
//! v4 = make_closure @f(v0)
//! call_closure (i32) v4, v5              ->  call @f(v5, v4)
//! ```
//!
//! Relies on `reach` having cut the methods that nothing calls.

use std::collections::BTreeMap;

use ir::{Aux, Const, FuncId, Op, Program, RTypeId, Signature, Type, Value};

use crate::expand::{Expander, expand};
use crate::pipeline::{Options, Result};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let mut single: BTreeMap<(RTypeId, u32), Option<FuncId>> = BTreeMap::new();
    let wanted = |data: &ir::InstData| matches!(data.op, Op::CallMethod | Op::CallClosure);
    expand(program, wanted, |program, _, x, inst| {
        let data = x.func.insts[inst].clone();
        let (callee, args) = match (data.op, &data.aux) {
            (Op::CallMethod, &Aux::Method { iface, index }) => {
                let known = dynamic_type(x, data.args[0]);
                let callee = match known {
                    Some(concrete) => method_of(program, concrete, iface, index),
                    None => *single
                        .entry((iface, index))
                        .or_insert_with(|| only_implementation(program, iface, index)),
                };
                let Some(callee) = callee else { return Ok(false) };
                if known.is_none() {
                    let word = x.b().extract(Type::PTR, data.args[0], 0);
                    x.b().effect(Op::NilCheck, [word], Aux::None);
                }
                let mut args = vec![x.b().extract(Type::PTR, data.args[0], 1)];
                args.extend(&data.args[1..]);
                (callee, args)
            }
            (Op::CallClosure, _) => {
                let Some(callee) = known_func(program, x, data.args[0]) else { return Ok(false) };
                let mut args = data.args[1..].to_vec();
                args.push(data.args[0]);
                (callee, args)
            }
            _ => return Ok(false),
        };
        let sig = program.funcs[callee].sig.clone();
        let call = Signature {
            params: args.iter().map(|&v| x.func.ty(v)).collect(),
            results: data.results.iter().map(|&v| x.func.ty(v)).collect(),
        };
        if sig != call {
            return Ok(false);
        }
        let results = x.b().call(callee, &sig, args);
        x.replace_all(inst, &results);
        Ok(true)
    })
}

/// The concrete type that an interface value was made from.
fn dynamic_type(x: &Expander, mut value: Value) -> Option<RTypeId> {
    loop {
        let data = x.def(value)?;
        match (data.op, &data.aux) {
            (Op::MakeIface, &Aux::Convert { from, .. }) => return Some(from),
            (Op::ChangeIface, _) => value = data.args[0],
            _ => return None,
        }
    }
}

fn method_of(program: &Program, concrete: RTypeId, iface: RTypeId, index: u32) -> Option<FuncId> {
    let wanted = program.rtypes[iface].imethods.get(index as usize)?;
    let methods = &program.rtypes[concrete].methods;
    methods.iter().find(|m| m.name == wanted.name && m.pkg_path == wanted.pkg_path)?.code
}

/// The one function that a call of this method can reach, if there is just one.
fn only_implementation(program: &Program, iface: RTypeId, index: u32) -> Option<FuncId> {
    let mut only = None;
    for (id, rtype) in program.rtypes.iter() {
        if !rtype.implements(&program.rtypes[iface]) {
            continue;
        }
        // A live type whose method has no code is never in such an interface.
        let Some(code) = method_of(program, id, iface, index) else { continue };
        if only.is_some_and(|only| only != code) {
            return None;
        }
        only = Some(code);
    }
    only
}

/// The function behind a func value.
fn known_func(program: &Program, x: &Expander, value: Value) -> Option<FuncId> {
    let data = x.def(value)?;
    match (data.op, &data.aux) {
        (Op::MakeClosure, &Aux::Func(func)) => Some(func),
        (Op::GlobalAddr, &Aux::Global(global)) => {
            let global = &program.globals[global];
            match &global.init {
                Const::Aggregate(parts) if global.constant => match parts.first() {
                    Some(&Const::Code(func)) => Some(func),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}
