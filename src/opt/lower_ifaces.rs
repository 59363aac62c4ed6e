//! Lowers interfaces: conversions, assertions, method calls, type descriptors.
//!
//! An empty interface is `{descriptor, data}`, a non-empty one `{method table, data}`; see [`crate::descriptor`]. The
//! data word is the value itself for pointer-shaped types, else the address of a copy that nothing ever changes: a
//! constant global for constants, a shared global for values without size, a fresh allocation for the rest.
//!
//! ```text
//! v1 = make_iface.{ptr, ptr} %int to %any, v0   ->  v2 = global @type:int
//!                                                   v3 = alloc i32
//!                                                   store v3, v0
//!                                                   v1 = aggregate.{ptr, ptr} v2, v3
//! v5 = call_method.i32 %I 0, v4                 ->  v6 = extract.ptr 0, v4
//!                                                   nilcheck v6
//!                                                   v7 = fieldaddr {ptr, ptr, i32, [1 x code]}.3, v6
//!                                                   v8 = load.code v7
//!                                                   v9 = extract.ptr 1, v4
//!                                                   v5 = call_indirect.i32 (ptr) -> i32, v8, v9
//! ```

use ir::{
    Aux, Cond, Const, Global, GlobalId, Inst, Intrinsic, Kind, Op, Program, RTypeId, Signature, Target, Type,
    Value,
};

use crate::descriptor::{Descriptors, fresh, itab_type};
use crate::expand::{Expander, expand, runtime_func};
use crate::pipeline::{Options, Panic, Result};

pub(crate) fn run(program: &mut Program, options: &Options) -> Result<()> {
    let mut pass = Pass {
        descriptors: Descriptors::new(program),
        trap: options.panic == Panic::Trap,
        zero_base: None,
        boxes: Default::default(),
    };
    let wanted = |data: &ir::InstData| {
        matches!(
            data.op,
            Op::MakeIface | Op::ChangeIface | Op::TypeAssert | Op::IfaceType | Op::CallMethod | Op::RTypeAddr
        )
    };
    expand(program, wanted, |program, _, x, inst| {
        let data = x.func.insts[inst].clone();
        match (data.op, &data.aux) {
            (Op::RTypeAddr, &Aux::RType(rtype)) => {
                let global = pass.descriptors.of(program, rtype);
                let value = x.b().global(global);
                x.replace(inst, value);
            }
            (Op::MakeIface, &Aux::Convert { from, to }) => {
                let word = pass.type_word(program, x, from, to);
                let boxed = pass.box_value(program, x, from, data.args[0])?;
                let value = x.b().aggregate(data.ty, [word, boxed]);
                x.replace(inst, value);
            }
            (Op::ChangeIface, &Aux::Convert { from, to }) => {
                let value = pass.change(program, x, from, to, data.args[0])?;
                x.replace(inst, value);
            }
            (Op::IfaceType, &Aux::RType(iface)) => {
                let word = x.b().extract(Type::PTR, data.args[0], 0);
                let value = dynamic_type(program, x, iface, word);
                x.replace(inst, value);
            }
            (Op::TypeAssert, &Aux::Assert { from, to, ok }) => {
                pass.assert(program, x, inst, from, to, ok, data.args[0])?;
            }
            (Op::CallMethod, &Aux::Method { iface, index }) => {
                call_method(program, x, inst, iface, index);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    pass.descriptors.finish(program)
}

struct Pass {
    descriptors: Descriptors,
    trap: bool,
    /// What addresses of values without size point to.
    zero_base: Option<GlobalId>,
    /// Constants that interfaces hold, by type and text.
    boxes: std::collections::BTreeMap<(Type, String), GlobalId>,
}

fn is_empty(program: &Program, iface: RTypeId) -> bool {
    program.rtypes[iface].imethods.is_empty()
}

/// The descriptor behind the first word of an interface; null for nil.
fn dynamic_type(program: &mut Program, x: &mut Expander, iface: RTypeId, word: Value) -> Value {
    if is_empty(program, iface) {
        return word;
    }
    let (load, join) = (x.new_block(), x.new_block());
    let result = x.func.add_param(join, Type::PTR);
    let nil = x.is_null(word);
    let null = x.null();
    let targets = vec![Target::new(join, [null]), Target::new(load, [])];
    x.b().effect(Op::Br, [nil], Aux::Targets(targets));
    x.enter(load);
    let descriptor = table_type(program, x, word);
    x.b().jump(join, [descriptor]);
    x.enter(join);
    result
}

/// The descriptor in a method table.
fn table_type(program: &mut Program, x: &mut Expander, table: Value) -> Value {
    let ty = itab_type(program, 1);
    let place = x.b().field_addr(ty, table, 1);
    x.b().load(Type::PTR, place)
}

impl Pass {
    /// The first word of an interface of type `to` that holds a `from`.
    fn type_word(&mut self, program: &mut Program, x: &mut Expander, from: RTypeId, to: RTypeId) -> Value {
        let global = if is_empty(program, to) {
            self.descriptors.of(program, from)
        } else {
            self.descriptors.itab(program, to, from)
        };
        x.b().global(global)
    }

    fn box_value(
        &mut self,
        program: &mut Program,
        x: &mut Expander,
        from: RTypeId,
        value: Value,
    ) -> Result<Value> {
        let ty = program.rtypes[from].repr;
        if program.rtypes[from].is_direct(&program.types) {
            return Ok(unwrap_pointer(program, x, ty, value));
        }
        if program.types.size(ty) == 0 {
            let global = *self.zero_base.get_or_insert_with(|| {
                let name = "runtime.zerobase";
                program.global_named(name).unwrap_or_else(|| program.add_global(Global::new(name, Type::I8)))
            });
            return Ok(x.b().global(global));
        }
        if let Some(constant) = as_const(x, value, 0) {
            return Ok(self.constant_box(program, x, ty, constant));
        }
        let place = x.b().value(Op::Alloc, Type::PTR, [], Aux::Type(ty));
        x.b().store(place, value);
        Ok(place)
    }

    fn constant_box(&mut self, program: &mut Program, x: &mut Expander, ty: Type, constant: Const) -> Value {
        let key = (ty, ir::text::print_const(program, &constant));
        let global = match self.boxes.get(&key) {
            Some(&global) => global,
            None => {
                let text = format!("{} {}", ir::text::print_type(&program.types, ty), key.1);
                let name = fresh(program, ir::content_name("iface", text.as_bytes()));
                let mut global = Global::new(name, ty);
                global.constant = true;
                global.init = constant;
                let global = program.add_global(global);
                self.boxes.insert(key, global);
                global
            }
        };
        x.b().global(global)
    }

    fn change(
        &mut self,
        program: &mut Program,
        x: &mut Expander,
        from: RTypeId,
        to: RTypeId,
        value: Value,
    ) -> Result<Value> {
        let same = program.rtypes[from].imethods == program.rtypes[to].imethods;
        if same || (is_empty(program, from) && is_empty(program, to)) {
            return Ok(value);
        }
        let ty = x.func.ty(value);
        let word = x.b().extract(Type::PTR, value, 0);
        let data = x.b().extract(Type::PTR, value, 1);
        let mut word = dynamic_type(program, x, from, word);
        if !is_empty(program, to) {
            word = self.table_for(program, x, to, word, false)?;
        }
        Ok(x.b().aggregate(ty, [word, data]))
    }

    /// The method table for interface `to` of the type with this descriptor, through the runtime. A null descriptor,
    /// or one that lacks a method, gives null or, with `panics`, a panic.
    fn table_for(
        &mut self,
        program: &mut Program,
        x: &mut Expander,
        to: RTypeId,
        descriptor: Value,
        panics: bool,
    ) -> Result<Value> {
        let name = if panics { "runtime.assertE2I" } else { "runtime.assertE2I2" };
        let (callee, sig) = runtime_func(program, name, 2)?;
        let inter = self.descriptors.of(program, to);
        let inter = x.b().global(inter);
        Ok(x.b().call(callee, &sig, [inter, descriptor])[0])
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one instruction")]
    fn assert(
        &mut self,
        program: &mut Program,
        x: &mut Expander,
        inst: Inst,
        from: RTypeId,
        to: RTypeId,
        ok: bool,
        value: Value,
    ) -> Result<()> {
        let word = x.b().extract(Type::PTR, value, 0);
        let data = x.b().extract(Type::PTR, value, 1);
        let have = dynamic_type(program, x, from, word);
        if program.rtypes[to].kind == Kind::Interface {
            return self.assert_iface(program, x, inst, (to, ok), have, data);
        }
        let want = self.descriptors.of(program, to);
        let want = x.b().global(want);
        let ty = program.rtypes[to].repr;
        let (load, join) = (x.new_block(), x.new_block());
        if ok {
            let (result, flag) = (x.func.add_param(join, ty), x.func.add_param(join, Type::I1));
            let equal = x.b().icmp(Cond::Eq, have, want);
            let zero = x.b().zero(ty);
            let targets = vec![Target::new(load, []), Target::new(join, [zero, equal])];
            x.b().effect(Op::Br, [equal], Aux::Targets(targets));
            x.enter(load);
            let value = unbox(program, x, to, data);
            x.b().jump(join, [value, equal]);
            x.enter(join);
            x.replace_all(inst, &[result, flag]);
            return Ok(());
        }
        let differs = x.b().icmp(Cond::Ne, have, want);
        let panic = if self.trap { None } else { Some(runtime_func(program, "runtime.panicdottype", 3)?) };
        let iface = self.descriptors_of_message(program, from, panic.is_some());
        let cold = x.cold(|x, _| {
            match &panic {
                None => x.b().intrinsic_effect(Intrinsic::Trap, []),
                Some((callee, sig)) => {
                    let iface = match iface {
                        Some(iface) => x.b().global(iface),
                        None => x.null(),
                    };
                    x.b().call(*callee, sig, [have, want, iface]);
                }
            }
            x.b().unreachable();
        });
        x.branch_cold(differs, cold, vec![]);
        let value = unbox(program, x, to, data);
        x.replace(inst, value);
        Ok(())
    }

    fn descriptors_of_message(
        &mut self,
        program: &mut Program,
        from: RTypeId,
        wanted: bool,
    ) -> Option<GlobalId> {
        wanted.then(|| self.descriptors.of(program, from))
    }

    fn assert_iface(
        &mut self,
        program: &mut Program,
        x: &mut Expander,
        inst: Inst,
        (to, ok): (RTypeId, bool),
        have: Value,
        data: Value,
    ) -> Result<()> {
        let ty = program.rtypes[to].repr;
        // Any type has the methods of an empty interface; only nil fails.
        let word = if is_empty(program, to) && (ok || self.trap) {
            have
        } else {
            self.table_for(program, x, to, have, !ok && !self.trap)?
        };
        if !ok {
            if self.trap {
                let cold = x.cold(|x, _| {
                    x.b().intrinsic_effect(Intrinsic::Trap, []);
                    x.b().unreachable();
                });
                let nil = x.is_null(word);
                x.branch_cold(nil, cold, vec![]);
            }
            // The runtime hands back a table even for an empty interface, for uniformity: there, the type is wanted.
            let word = if is_empty(program, to) { have } else { word };
            let value = x.b().aggregate(ty, [word, data]);
            x.replace(inst, value);
            return Ok(());
        }
        let nil = x.is_null(word);
        let null = x.null();
        let data = x.b().select(nil, null, data);
        let value = x.b().aggregate(ty, [word, data]);
        let found = x.b().icmp(Cond::Ne, word, null);
        x.replace_all(inst, &[value, found]);
        Ok(())
    }
}

fn call_method(program: &mut Program, x: &mut Expander, inst: Inst, iface: RTypeId, index: u32) {
    let data = x.func.insts[inst].clone();
    let table = x.b().extract(Type::PTR, data.args[0], 0);
    let receiver = x.b().extract(Type::PTR, data.args[0], 1);
    x.b().effect(Op::NilCheck, [table], Aux::None);
    let ty = itab_type(program, program.rtypes[iface].imethods.len());
    let funcs = x.b().field_addr(ty, table, 3);
    let word = program.types.target.word();
    let place = if index == 0 {
        funcs
    } else {
        let index = x.b().iconst(word, index.into());
        x.b().elem_addr(Type::CODE, funcs, index)
    };
    let code = x.b().load(Type::CODE, place);
    let mut args = vec![code, receiver];
    args.extend(&data.args[1..]);
    let params = args[1..].iter().map(|&v| x.func.ty(v)).collect();
    let results = data.results.iter().map(|&v| x.func.ty(v)).collect();
    let values = x.b().call_indirect(Signature { params, results }, args);
    x.replace_all(inst, &values);
}

/// The pointer in a value that consists of one pointer.
fn unwrap_pointer(program: &Program, x: &mut Expander, ty: Type, value: Value) -> Value {
    if ty == Type::PTR {
        return value;
    }
    let part = part_type(program, ty);
    let inner = x.b().extract(part, value, 0);
    unwrap_pointer(program, x, part, inner)
}

fn wrap_pointer(program: &Program, x: &mut Expander, ty: Type, pointer: Value) -> Value {
    if ty == Type::PTR {
        return pointer;
    }
    let inner = wrap_pointer(program, x, part_type(program, ty), pointer);
    x.b().aggregate(ty, [inner])
}

fn part_type(program: &Program, ty: Type) -> Type {
    match program.types.data(ty) {
        ir::TypeData::Struct(fields) => fields[0],
        ir::TypeData::Array(elem, _) => *elem,
        _ => Type::PTR,
    }
}

/// The value of type `to` behind the data word of an interface.
fn unbox(program: &Program, x: &mut Expander, to: RTypeId, data: Value) -> Value {
    let ty = program.rtypes[to].repr;
    if program.rtypes[to].is_direct(&program.types) {
        return wrap_pointer(program, x, ty, data);
    }
    if program.types.size(ty) == 0 {
        return x.b().zero(ty);
    }
    x.b().load(ty, data)
}

/// A value that is known now, as an initial value for memory.
fn as_const(x: &Expander, value: Value, depth: u32) -> Option<Const> {
    let data = x.def(value)?;
    match (data.op, &data.aux) {
        (Op::Iconst, &Aux::Int(number)) => Some(Const::Int(number)),
        (Op::Fconst, &Aux::Float(bits)) => Some(Const::Float(bits)),
        (Op::Zero, _) => Some(Const::Zero),
        (Op::GlobalAddr, &Aux::Global(global)) => Some(Const::Addr(global, 0)),
        (Op::FuncAddr, &Aux::Func(func)) => Some(Const::Code(func)),
        (Op::Aggregate, _) if depth < 8 => {
            let parts: Option<Vec<Const>> = data.args.iter().map(|&v| as_const(x, v, depth + 1)).collect();
            parts.map(Const::Aggregate)
        }
        _ => None,
    }
}
