//! Prints programs, functions, instructions, types and constants in their text form.

use std::fmt::Write as _;

use super::{FUNC_FLAGS, is_bare};
use crate::entity::{Block, FuncId, GlobalId, Inst, LocId, RTypeId, Value};
use crate::func::{Func, Signature, Target};
use crate::op::{Aux, Op, Switch};
use crate::program::{Const, Global, Level, Program};
use crate::rtype::RType;
use crate::ty::{Type, TypeData, Types};

pub fn print_program(program: &Program) -> String {
    let mut out = String::new();
    let target = program.types.target;
    let _ =
        writeln!(out, "target ptr={} int={} align={}", target.ptr_bytes, target.int_bytes, target.max_align);
    let level = match program.level {
        Level::Go => "go",
        Level::Lowered => "lowered",
    };
    let _ = writeln!(out, "level {level}");
    for file in &program.files {
        let _ = writeln!(out, "file {}", quote(file.as_bytes()));
    }
    for (id, loc) in program.locs.iter().skip(1) {
        let _ = write!(out, "loc {id} = {}:{}:{}", loc.file, loc.line, loc.col);
        if let Some((call, func)) = loc.inlined {
            let _ = write!(out, " inlined {call} {}", func_name(program, func));
        }
        out.push('\n');
    }
    for (number, func) in &program.interrupts {
        let _ = writeln!(out, "interrupt {number} {}", func_name(program, *func));
    }
    for global in program.globals.values() {
        print_global(&mut out, program, global);
    }
    for rtype in program.rtypes.values() {
        out.push('\n');
        print_rtype(&mut out, program, rtype);
    }
    for id in program.funcs.keys() {
        if program.funcs[id].has_body() {
            out.push('\n');
        }
        out.push_str(&print_func(program, id));
    }
    out
}

fn print_global(out: &mut String, program: &Program, global: &Global) {
    let _ = write!(out, "global {}: {}", name('@', &global.name), print_type(&program.types, global.ty));
    if global.init != Const::Zero {
        let _ = write!(out, " = {}", print_const(program, &global.init));
    }
    for (flag, word) in
        [(global.constant, "constant"), (global.external, "external"), (global.exported, "exported")]
    {
        if flag {
            let _ = write!(out, " {word}");
        }
    }
    if global.align != 0 {
        let _ = write!(out, " align {}", global.align);
    }
    if let Some(symbol) = &global.symbol {
        let _ = write!(out, " symbol {}", quote(symbol.as_bytes()));
    }
    if let Some(section) = &global.section {
        let _ = write!(out, " section {}", quote(section.as_bytes()));
    }
    out.push('\n');
}

fn print_rtype(out: &mut String, program: &Program, rtype: &RType) {
    let id = |id: RTypeId| rtype_name(program, id);
    let _ = writeln!(
        out,
        "rtype {} {} {} {{",
        name('%', &rtype.unique),
        rtype.kind.word(),
        print_type(&program.types, rtype.repr)
    );
    let _ = writeln!(out, "  string {}", quote(rtype.string.as_bytes()));
    if !rtype.name.is_empty() || !rtype.pkg_path.is_empty() {
        let _ = writeln!(out, "  name {} {}", quote(rtype.name.as_bytes()), quote(rtype.pkg_path.as_bytes()));
    }
    for (flag, word) in [
        (rtype.comparable, "comparable"),
        (rtype.plain_memory, "plain_memory"),
        (rtype.variadic, "variadic"),
        (rtype.unnamed, "unnamed"),
        (rtype.unopened, "unopened"),
        (rtype.unasked, "unasked"),
    ] {
        if flag {
            let _ = writeln!(out, "  {word}");
        }
    }
    for (word, part) in [("elem", rtype.elem), ("key", rtype.key), ("ptr_to", rtype.ptr_to)] {
        if let Some(part) = part {
            let _ = writeln!(out, "  {word} {}", id(part));
        }
    }
    if rtype.len != 0 {
        let _ = writeln!(out, "  len {}", rtype.len);
    }
    if rtype.dir != 0 {
        let _ = writeln!(out, "  dir {}", rtype.dir);
    }
    for field in &rtype.fields {
        let _ = write!(
            out,
            "  field {} {} {} {}",
            quote(field.name.as_bytes()),
            quote(field.pkg_path.as_bytes()),
            id(field.ty),
            field.offset
        );
        if field.embedded {
            out.push_str(" embedded");
        }
        if !field.tag.is_empty() {
            let _ = write!(out, " tag {}", quote(field.tag.as_bytes()));
        }
        out.push('\n');
    }
    for &param in &rtype.params {
        let _ = writeln!(out, "  param {}", id(param));
    }
    for &result in &rtype.results {
        let _ = writeln!(out, "  result {}", id(result));
    }
    for method in &rtype.imethods {
        let _ = writeln!(
            out,
            "  imethod {} {} {}",
            quote(method.name.as_bytes()),
            quote(method.pkg_path.as_bytes()),
            id(method.ty)
        );
    }
    for method in &rtype.methods {
        let _ = write!(
            out,
            "  method {} {} {}",
            quote(method.name.as_bytes()),
            quote(method.pkg_path.as_bytes()),
            id(method.ty)
        );
        if let Some(code) = method.code {
            let _ = write!(out, " {}", func_name(program, code));
        }
        if let Some(expr) = method.expr {
            let _ = write!(out, " expr {}", func_name(program, expr));
        }
        out.push('\n');
    }
    for (word, func) in [("equal", rtype.equal), ("hash", rtype.hash)] {
        if let Some(func) = func {
            let _ = writeln!(out, "  {word} {}", func_name(program, func));
        }
    }
    if let Some(calls) = rtype.calls {
        let _ = writeln!(out, "  calls {}", name('@', &program.globals[calls].name));
    }
    out.push_str("}\n");
}

/// A whole function; ends with a newline.
pub fn print_func(program: &Program, id: FuncId) -> String {
    let func = &program.funcs[id];
    let types = &program.types;
    let mut out = format!("func {}(", name('@', &func.name));
    if func.has_body() {
        params(&mut out, types, func, func.entry());
    } else {
        out.push_str(&type_list(types, &func.sig.params));
    }
    out.push(')');
    results(&mut out, types, &func.sig.results);
    let mut attrs = func.attrs.clone();
    for (word, get) in FUNC_FLAGS {
        if *get(&mut attrs) {
            let _ = write!(out, " {word}");
        }
    }
    if let Some(symbol) = &attrs.symbol {
        let _ = write!(out, " symbol {}", quote(symbol.as_bytes()));
    }
    for symbol in &attrs.calls {
        let _ = write!(out, " calls {}", quote(symbol.as_bytes()));
    }
    if let Some((module, item)) = &attrs.wasm_import {
        let _ = write!(out, " wasm_import {} {}", quote(module.as_bytes()), quote(item.as_bytes()));
    }
    if let Some(section) = &attrs.section {
        let _ = write!(out, " section {}", quote(section.as_bytes()));
    }
    location(&mut out, func.loc);
    if !func.has_body() {
        out.push('\n');
        return out;
    }
    out.push_str(" {\n");
    for &block in &func.order {
        let _ = write!(out, "{block}");
        if block != func.entry() && !func.blocks[block].params.is_empty() {
            out.push('(');
            params(&mut out, types, func, block);
            out.push(')');
        }
        out.push_str(":\n");
        for &inst in &func.blocks[block].insts {
            let _ = writeln!(out, "  {}", print_inst(program, func, inst));
        }
    }
    out.push_str("}\n");
    out
}

/// One instruction on one line, without newline.
pub fn print_inst(program: &Program, func: &Func, inst: Inst) -> String {
    let data = &func.insts[inst];
    let types = &program.types;
    let mut out = String::new();
    if !data.results.is_empty() {
        let _ = write!(out, "{} = ", value_list(&data.results));
    }
    out.push_str(data.op.mnemonic());
    match &data.results[..] {
        [] => {}
        [result] => {
            if data.op.fixed_type() != Some(func.ty(*result)) {
                let _ = write!(out, ".{}", print_type(types, func.ty(*result)));
            }
        }
        results => {
            let list: Vec<Type> = results.iter().map(|&v| func.ty(v)).collect();
            let _ = write!(out, ".({})", type_list(types, &list));
        }
    }
    let aux = aux_text(program, &data.aux);
    let mut parts = Vec::new();
    match &data.aux {
        Aux::Func(_) | Aux::Intrinsic(_) if data.op != Op::FuncAddr => {
            parts.push(format!("{aux}({})", value_list(&data.args)));
        }
        Aux::Targets(targets) => {
            parts.extend(data.args.iter().map(Value::to_string));
            parts.extend(targets.iter().map(target_text));
        }
        Aux::Switch(switch) => {
            let Switch { cases, targets } = &**switch;
            parts.extend(data.args.iter().map(Value::to_string));
            for (case, target) in cases.iter().zip(targets) {
                parts.push(format!("{case}: {}", target_text(target)));
            }
            if let Some(target) = targets.last() {
                parts.push(format!("default: {}", target_text(target)));
            }
        }
        Aux::Cond(_) | Aux::FloatCond(_) | Aux::Check { .. } => {
            parts.push(format!("{aux} {}", value_list(&data.args)));
        }
        aux_data => {
            if *aux_data != Aux::None {
                parts.push(aux);
            }
            parts.extend(data.args.iter().map(Value::to_string));
        }
    }
    if !parts.is_empty() {
        let _ = write!(out, " {}", parts.join(", "));
    }
    location(&mut out, data.loc);
    out
}

fn aux_text(program: &Program, aux: &Aux) -> String {
    let types = &program.types;
    let rtype = |id: &RTypeId| rtype_name(program, *id);
    match aux {
        Aux::None | Aux::Targets(_) | Aux::Switch(_) => String::new(),
        Aux::Int(value) => value.to_string(),
        Aux::Float(bits) => float_text(*bits),
        Aux::Func(func) => func_name(program, *func),
        Aux::Global(global) => global_name(program, *global),
        Aux::Type(ty) => print_type(types, *ty),
        Aux::Field(ty, index) => format!("{}.{index}", print_type(types, *ty)),
        Aux::RType(id) => rtype(id),
        Aux::Convert { from, to } => format!("{} to {}", rtype(from), rtype(to)),
        Aux::Assert { from, to, ok } => {
            format!("{} to {}{}", rtype(from), rtype(to), if *ok { " ok" } else { "" })
        }
        Aux::Method { iface, index } => format!("{} {index}", rtype(iface)),
        Aux::Cond(cond) => cond.word().to_string(),
        Aux::FloatCond(cond) => cond.word().to_string(),
        Aux::Check { check, signed } => {
            format!("{} {}", check.word(), if *signed { "signed" } else { "unsigned" })
        }
        Aux::Intrinsic(which) => which.word().to_string(),
        Aux::Signature(sig) => signature_text(types, sig),
        Aux::Asm(asm) => {
            format!("{} {}", quote(asm.template.as_bytes()), quote(asm.constraints.as_bytes()))
        }
    }
}

fn signature_text(types: &Types, sig: &Signature) -> String {
    let mut out = format!("({})", type_list(types, &sig.params));
    results(&mut out, types, &sig.results);
    out
}

fn target_text(target: &Target) -> String {
    if target.args.is_empty() {
        target.block.to_string()
    } else {
        format!("{}({})", target.block, value_list(&target.args))
    }
}

pub fn print_type(types: &Types, ty: Type) -> String {
    match types.data(ty) {
        TypeData::Void => "void".to_string(),
        TypeData::Int(bits) => format!("i{bits}"),
        TypeData::Float(bits) => format!("f{bits}"),
        TypeData::Ptr => "ptr".to_string(),
        TypeData::Code => "code".to_string(),
        TypeData::Struct(fields) => format!("{{{}}}", type_list(types, fields)),
        TypeData::Array(elem, len) => format!("[{len} x {}]", print_type(types, *elem)),
    }
}

pub fn print_const(program: &Program, value: &Const) -> String {
    match value {
        Const::Zero => "zero".to_string(),
        Const::Int(value) => value.to_string(),
        Const::Float(bits) => float_text(*bits),
        Const::Bytes(bytes) => quote(bytes),
        Const::Aggregate(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| print_const(program, part)).collect();
            format!("{{{}}}", parts.join(", "))
        }
        Const::Addr(global, 0) => global_name(program, *global),
        Const::Addr(global, offset) => format!("{} + {offset}", global_name(program, *global)),
        Const::AddrInt(global, offset) => format!("int {} + {offset}", global_name(program, *global)),
        Const::Code(func) => format!("code {}", func_name(program, *func)),
        Const::CodeInt(func) => format!("int code {}", func_name(program, *func)),
        Const::RType(rtype) => rtype_name(program, *rtype),
    }
}

/// Shortest text that reads back as the same bits; infinities and NaNs as bits.
fn float_text(bits: u64) -> String {
    let value = f64::from_bits(bits);
    if value.is_finite() { format!("{value:?}") } else { format!("bits {bits:#x}") }
}

fn func_name(program: &Program, id: FuncId) -> String {
    program.funcs.get(id).map_or_else(|| id.to_string(), |func| name('@', &func.name))
}

fn global_name(program: &Program, id: GlobalId) -> String {
    program.globals.get(id).map_or_else(|| id.to_string(), |global| name('@', &global.name))
}

fn rtype_name(program: &Program, id: RTypeId) -> String {
    program.rtypes.get(id).map_or_else(|| id.to_string(), |rtype| name('%', &rtype.unique))
}

fn name(sigil: char, name: &str) -> String {
    if is_bare(name) { format!("{sigil}{name}") } else { format!("{sigil}{}", quote(name.as_bytes())) }
}

/// Valid UTF-8 stays readable; everything else becomes `\xNN`.
fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\t' => out.push_str("\\t"),
                c if (c as u32) < 0x20 || c as u32 == 0x7f => {
                    let _ = write!(out, "\\x{:02x}", c as u32);
                }
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out.push('"');
    out
}

fn params(out: &mut String, types: &Types, func: &Func, block: Block) {
    let list: Vec<String> = func.blocks[block]
        .params
        .iter()
        .map(|&v| format!("{v}: {}", print_type(types, func.ty(v))))
        .collect();
    out.push_str(&list.join(", "));
}

fn results(out: &mut String, types: &Types, results: &[Type]) {
    match results {
        [] => {}
        [ty] => {
            let _ = write!(out, " -> {}", print_type(types, *ty));
        }
        list => {
            let _ = write!(out, " -> ({})", type_list(types, list));
        }
    }
}

fn type_list(types: &Types, list: &[Type]) -> String {
    list.iter().map(|&ty| print_type(types, ty)).collect::<Vec<_>>().join(", ")
}

fn value_list(list: &[Value]) -> String {
    list.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}

fn location(out: &mut String, loc: LocId) {
    if loc.0 != 0 {
        let _ = write!(out, " {loc}");
    }
}
