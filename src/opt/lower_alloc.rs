//! Lowers allocations that escape analysis left on the heap to calls of the runtime.
//!
//! ```text
//! v1 = alloc {i32, ptr}    ->  v1 = call.ptr @runtime.alloc(8, 0)
//! v2 = make_slice.{ptr, i32, i32} i16, v3, v4
//!                          ->  v5 = call.ptr @runtime.makeslice(2, 1, v3, v4); v2 = aggregate v5, v3, v4
//! ```
//!
//! The layout word tells the collector what the object holds: 1 for no pointers, 0 for unknown.

use ir::{Aux, Global, Op, Program, Type, Value};

use crate::expand::{Expander, expand, runtime_func};
use crate::pipeline::{Options, Result};

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let wanted = |data: &ir::InstData| matches!(data.op, Op::Alloc | Op::MakeSlice);
    expand(program, wanted, |program, _, x, inst| {
        let data = x.func.insts[inst].clone();
        let Aux::Type(ty) = data.aux else { return Ok(false) };
        if data.op == Op::Alloc {
            let value = allocate(program, x, ty)?;
            x.replace(inst, value);
            return Ok(true);
        }
        let (callee, sig) = runtime_func(program, "runtime.makeslice", 4)?;
        let word = program.types.target.word();
        let size = x.b().iconst(word, program.types.size(ty) as i64);
        let layout = layout_word(program, x, ty);
        let args = vec![size, layout, data.args[0], data.args[1]];
        let array = x.b().call(callee, &sig, args)[0];
        let (len, cap) = (to_word(program, x, data.args[0]), to_word(program, x, data.args[1]));
        let value = x.b().aggregate(data.ty, [array, len, cap]);
        x.replace(inst, value);
        Ok(true)
    })
}

fn allocate(program: &mut Program, x: &mut Expander, ty: Type) -> Result<Value> {
    let size = program.types.size(ty);
    if size == 0 {
        let name = "runtime.zerobase";
        let global =
            program.global_named(name).unwrap_or_else(|| program.add_global(Global::new(name, Type::I8)));
        return Ok(x.b().global(global));
    }
    let (callee, sig) = runtime_func(program, "runtime.alloc", 2)?;
    let word = program.types.target.word();
    let size = x.b().iconst(word, size as i64);
    let layout = layout_word(program, x, ty);
    Ok(x.b().call(callee, &sig, [size, layout])[0])
}

/// The one place that decides what the collector is told about a type.
fn layout_word(program: &Program, x: &mut Expander, ty: Type) -> Value {
    let layout = if program.types.has_pointers(ty) { 0 } else { 1 };
    x.b().iconst(program.types.target.word(), layout)
}

/// A length that was checked to be in range, at the width that slices store.
fn to_word(program: &Program, x: &mut Expander, value: Value) -> Value {
    let word = program.types.target.word();
    if x.func.ty(value) == word { value } else { x.b().convert(Op::Trunc, word, value) }
}
