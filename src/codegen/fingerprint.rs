//! What an object file is made from, as bytes: two parts with the same bytes have the same object file.
//!
//! Numbers of functions, globals, types and positions are those of a whole program and change with any edit, so
//! nothing is written by its number there: what a part refers to gets a number of its own, in the order of
//! [`Uses`], and is described once.

use std::fmt::Debug;

use ir::entity::Entity;
use ir::{
    Aux, Const, FuncAttrs, FuncId, GlobalId, LocId, Program, Signature, Switch, Target, Type, TypeData, Value,
};
use rustc_hash::FxHashMap;

use crate::machine::Options;
use crate::unit::Part;
use crate::uses::Uses;

/// The bytes for one part. The version of this compiler is for the caller to add.
pub fn fingerprint(program: &Program, options: &Options, part: &Part) -> Vec<u8> {
    let uses = Uses::of(program, part);
    let mut writer = Writer {
        program,
        debug: options.debug,
        out: Vec::new(),
        funcs: uses.funcs.iter().copied().zip(0..).collect(),
        globals: uses.globals.iter().copied().zip(0..).collect(),
        locs: FxHashMap::default(),
        last: None,
        files: FxHashMap::default(),
    };
    writer.debug_text(options);
    writer.debug_text(&program.types.target);
    // What is asked of the whole program.
    writer.number(u64::from(uses.memory_builtins));
    let (funcs, globals) = match part {
        Part::Whole => (uses.funcs.as_slice(), uses.globals.as_slice()),
        Part::Unit { funcs, globals, .. } => (*funcs, *globals),
    };
    writer.number(u64::from(matches!(part, Part::Whole)));
    uses.funcs.iter().for_each(|&id| writer.declaration(id));
    uses.globals.iter().for_each(|&id| writer.variable(id));
    for list in [funcs.len(), globals.len()] {
        writer.number(list as u64);
    }
    funcs.iter().for_each(|&id| writer.body(id));
    globals.iter().for_each(|&id| writer.value(&program.globals[id].init));
    writer.out
}

struct Writer<'p> {
    program: &'p Program,
    debug: bool,
    out: Vec<u8>,
    funcs: FxHashMap<FuncId, u64>,
    globals: FxHashMap<GlobalId, u64>,
    /// Positions that were described, and the one that was written last.
    locs: FxHashMap<(FuncId, LocId), u64>,
    last: Option<((FuncId, LocId), u64)>,
    /// Names of files that were written.
    files: FxHashMap<u32, u64>,
}

impl Writer<'_> {
    /// In as few bytes as it needs: seven bits each, the highest bit says that there are more.
    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.out.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.out.extend_from_slice(bytes);
    }

    fn debug_text(&mut self, value: &impl Debug) {
        self.text(&format!("{value:?}"));
    }

    fn optional(&mut self, text: Option<&str>) {
        self.number(u64::from(text.is_some()));
        self.text(text.unwrap_or_default());
    }

    /// Scalars have the same numbers in all programs.
    fn ty(&mut self, ty: Type) {
        match self.program.types.data(ty) {
            TypeData::Struct(fields) => {
                self.out.push(b'{');
                self.number(fields.len() as u64);
                fields.iter().for_each(|&field| self.ty(field));
            }
            TypeData::Array(elem, len) => {
                self.out.push(b'[');
                self.number(*len);
                self.ty(*elem);
            }
            TypeData::Void | TypeData::Int(_) | TypeData::Float(_) | TypeData::Ptr | TypeData::Code => {
                self.number(u64::from(ty.0));
            }
        }
    }

    fn signature(&mut self, sig: &Signature) {
        for list in [&sig.params, &sig.results] {
            self.number(list.len() as u64);
            list.iter().for_each(|&ty| self.ty(ty));
        }
    }

    fn declaration(&mut self, id: FuncId) {
        let func = &self.program.funcs[id];
        self.text(&func.name);
        self.signature(&func.sig);
        let plain = func.attrs == FuncAttrs::default();
        self.number(u64::from(plain));
        if !plain {
            self.debug_text(&func.attrs);
        }
        self.number(u64::from(func.has_body()));
        self.number(u64::from(self.program.interrupts.values().any(|&handler| handler == id)));
    }

    fn variable(&mut self, id: GlobalId) {
        let global = &self.program.globals[id];
        self.text(&global.name);
        self.optional(global.symbol.as_deref());
        self.optional(global.section.as_deref());
        self.ty(global.ty);
        self.number(global.align);
        for flag in [global.constant, global.external, global.exported] {
            self.number(u64::from(flag));
        }
    }

    fn body(&mut self, id: FuncId) {
        let func = &self.program.funcs[id];
        self.loc(id, func.loc);
        self.number(func.order.len() as u64);
        for &block in &func.order {
            let data = &func.blocks[block];
            self.number(block.index() as u64);
            self.values(&data.params);
            data.params.iter().for_each(|&param| self.ty(func.ty(param)));
            self.number(data.insts.len() as u64);
            for &inst in &data.insts {
                let inst = &func.insts[inst];
                self.number(inst.op as u64);
                self.ty(inst.ty);
                self.values(&inst.args);
                self.values(&inst.results);
                inst.results.iter().for_each(|&result| self.ty(func.ty(result)));
                self.aux(&inst.aux);
                self.loc(id, inst.loc);
            }
        }
    }

    fn values(&mut self, values: &[Value]) {
        self.number(values.len() as u64);
        values.iter().for_each(|value| self.number(value.index() as u64));
    }

    fn targets(&mut self, targets: &[Target]) {
        self.number(targets.len() as u64);
        for target in targets {
            self.number(target.block.index() as u64);
            self.values(&target.args);
        }
    }

    fn aux(&mut self, aux: &Aux) {
        self.number(aux.kind() as u64);
        match aux {
            Aux::None => {}
            Aux::Int(value) => self.number(*value as u64),
            Aux::Float(bits) => self.number(*bits),
            Aux::Func(id) => self.number(self.funcs[id]),
            Aux::Global(id) => self.number(self.globals[id]),
            Aux::Type(ty) => self.ty(*ty),
            Aux::Field(ty, index) => {
                self.ty(*ty);
                self.number(u64::from(*index));
            }
            Aux::Signature(sig) => self.signature(sig),
            Aux::Targets(targets) => self.targets(targets),
            Aux::Switch(switch) => {
                let Switch { cases, targets } = &**switch;
                self.number(cases.len() as u64);
                cases.iter().for_each(|&case| self.number(case as u64));
                self.targets(targets);
            }
            // Small, without numbers of the program at `Level::Lowered`.
            Aux::Cond(_)
            | Aux::FloatCond(_)
            | Aux::Check { .. }
            | Aux::Intrinsic(_)
            | Aux::Asm(_)
            | Aux::RType(_)
            | Aux::Convert { .. }
            | Aux::Assert { .. }
            | Aux::Method { .. } => self.debug_text(aux),
        }
    }

    /// A position in the code of `func`, as debug information has it.
    fn loc(&mut self, func: FuncId, loc: LocId) {
        if !self.debug {
            return;
        }
        let known = match self.last {
            Some((last, number)) if last == (func, loc) => Some(number),
            _ => self.locs.get(&(func, loc)).copied(),
        };
        if let Some(number) = known {
            self.last = Some(((func, loc), number));
            self.number(number);
            return;
        }
        let number = self.locs.len() as u64 + 1;
        self.locs.insert((func, loc), number);
        self.number(0);
        let data = self.program.locs.get(loc).copied().unwrap_or_default();
        let program = self.program;
        self.file(data.file);
        self.number(u64::from(data.line));
        self.number(u64::from(data.col));
        let Some((call, callee)) = data.inlined else {
            self.number(0);
            return;
        };
        self.number(1);
        let inlined = &program.funcs[callee];
        self.text(&inlined.name);
        self.optional(inlined.attrs.symbol.as_deref());
        self.number(u64::from(inlined.attrs.exported));
        self.loc(callee, inlined.loc);
        self.loc(func, call);
    }

    fn file(&mut self, file: u32) {
        if let Some(&number) = self.files.get(&file) {
            self.number(number);
            return;
        }
        let number = self.files.len() as u64 + 1;
        self.files.insert(file, number);
        self.number(0);
        let program = self.program;
        self.text(program.files.get(file as usize).map_or("", String::as_str));
    }

    fn value(&mut self, value: &Const) {
        match value {
            Const::Zero => self.number(0),
            Const::Int(value) => {
                self.number(1);
                self.number(*value as u64);
            }
            Const::Float(bits) => {
                self.number(2);
                self.number(*bits);
            }
            Const::Bytes(bytes) => {
                self.number(3);
                self.bytes(bytes);
            }
            Const::Aggregate(parts) => {
                self.number(4);
                self.number(parts.len() as u64);
                parts.iter().for_each(|part| self.value(part));
            }
            Const::Addr(id, offset) => {
                self.number(5);
                self.number(self.globals[id]);
                self.number(*offset as u64);
            }
            Const::Code(id) => {
                self.number(6);
                self.number(self.funcs[id]);
            }
            Const::AddrInt(id, offset) => {
                self.number(7);
                self.number(self.globals[id]);
                self.number(*offset as u64);
            }
            Const::CodeInt(id) => {
                self.number(8);
                self.number(self.funcs[id]);
            }
            // Gone at `Level::Lowered`; nothing is made of a program that has one.
            Const::RType(_) => self.number(9),
        }
    }
}
