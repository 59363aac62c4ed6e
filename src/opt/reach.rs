//! Drops what nothing reaches: functions, globals, run-time types, methods that no live call can select.
//!
//! Roots are what is visible outside: exported functions and globals, interrupt handlers. A method of a type that is
//! converted to an interface lives when a call through some interface names it. Functions that lowering an operation
//! will call live with the operation (see `ir::contract::needed_by`).

use std::collections::{BTreeMap, BTreeSet};

use ir::contract::needed_by;
use ir::edit::{remove_unreachable, retain};
use ir::{Aux, Const, FuncId, GlobalId, IndexVec, InstData, Op, Program, RTypeId};

use crate::pipeline::{Options, Result};

/// Where a new goroutine starts; exported for the stack switch.
const START_GOROUTINE: &str = "runtime.startg";

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    for (_, func) in program.funcs.iter_mut() {
        remove_unreachable(func);
    }
    let mut live = Live::new(program);
    live.mark_roots();
    live.propagate();
    let Live { mut funcs, globals, rtypes, methods, .. } = live;
    // Methods that nothing calls lose their code, so that no method table holds it.
    let mut cut = Vec::new();
    for (id, rtype) in program.rtypes.iter() {
        for (index, method) in rtype.methods.iter().enumerate() {
            if !methods.contains(&(method.name.clone(), method.pkg_path.clone())) {
                cut.push((id, index));
            }
        }
    }
    for (id, index) in cut {
        program.rtypes[id].methods[index].code = None;
    }
    keep_inlined(program, &mut funcs);
    retain(program, &funcs, &globals, &rtypes);
    Ok(())
}

/// Functions that live on only inside others keep their name for debug information, but no body.
fn keep_inlined(program: &mut Program, funcs: &mut IndexVec<FuncId, bool>) {
    let mut ghosts = BTreeSet::new();
    for (_, func) in program.funcs.iter().filter(|(id, _)| funcs[*id]) {
        for &inst in func.order.iter().flat_map(|&block| &func.blocks[block].insts) {
            let mut loc = func.insts[inst].loc;
            while let Some((call, callee)) = program.locs.get(loc).and_then(|loc| loc.inlined) {
                if !funcs[callee] {
                    ghosts.insert(callee);
                }
                loc = call;
            }
        }
    }
    for ghost in ghosts {
        funcs[ghost] = true;
        let func = &mut program.funcs[ghost];
        func.order.clear();
        ir::edit::compact(func);
    }
}

fn callbacks(program: &Program) -> BTreeMap<&str, FuncId> {
    program
        .funcs
        .iter()
        .filter(|(_, func)| func.attrs.callback)
        .filter_map(|(id, func)| Some((func.attrs.symbol.as_deref()?, id)))
        .collect()
}

struct Live<'a> {
    program: &'a Program,
    funcs: IndexVec<FuncId, bool>,
    globals: IndexVec<GlobalId, bool>,
    rtypes: IndexVec<RTypeId, bool>,
    /// Types whose values are in interfaces.
    converted: BTreeSet<RTypeId>,
    /// Name and package of every method that a live call selects.
    methods: BTreeSet<(String, String)>,
    /// Reflection may turn any described type into an interface and call any exported method.
    reflects: bool,
    /// Reflection may call functions through the tables of their types.
    reflects_calls: bool,
    /// Reflection may call all exported methods of what is in interfaces.
    reflects_methods: bool,
    /// Functions that assembly calls back, by symbol.
    callbacks: BTreeMap<&'a str, FuncId>,
    func_work: Vec<FuncId>,
    global_work: Vec<GlobalId>,
    rtype_work: Vec<RTypeId>,
}

impl Live<'_> {
    fn new(program: &Program) -> Live<'_> {
        Live {
            program,
            funcs: IndexVec::filled(false, program.funcs.len()),
            globals: IndexVec::filled(false, program.globals.len()),
            rtypes: IndexVec::filled(false, program.rtypes.len()),
            converted: BTreeSet::new(),
            methods: BTreeSet::new(),
            reflects: false,
            reflects_calls: false,
            reflects_methods: false,
            callbacks: callbacks(program),
            func_work: Vec::new(),
            global_work: Vec::new(),
            rtype_work: Vec::new(),
        }
    }

    fn mark_roots(&mut self) {
        let program = self.program;
        for (id, func) in program.funcs.iter() {
            let root = func.attrs.exported || func.attrs.wasm_export || func.attrs.interrupt;
            if root && !func.attrs.callback {
                self.func(id);
            }
        }
        for &handler in program.interrupts.values() {
            if !program.funcs[handler].attrs.callback {
                self.func(handler);
            }
        }
        for (id, global) in program.globals.iter() {
            if global.exported {
                self.global(id);
            }
        }
    }

    fn propagate(&mut self) {
        let program = self.program;
        loop {
            if let Some(id) = self.func_work.pop() {
                let func = &program.funcs[id];
                for &inst in func.order.iter().flat_map(|&block| &func.blocks[block].insts) {
                    self.inst(&func.insts[inst]);
                }
            } else if let Some(id) = self.global_work.pop() {
                self.constant(&program.globals[id].init);
            } else if let Some(id) = self.rtype_work.pop() {
                self.parts_of(id);
            } else {
                return;
            }
        }
    }

    fn func(&mut self, id: FuncId) {
        if std::mem::replace(&mut self.funcs[id], true) {
            return;
        }
        self.func_work.push(id);
        for symbol in &self.program.funcs[id].attrs.calls {
            if let Some(&callback) = self.callbacks.get(symbol.as_str()) {
                self.func(callback);
            }
        }
        let name = &self.program.funcs[id].name;
        if name == "runtime.newproc" {
            self.named(START_GOROUTINE);
        }
        let name = &self.program.funcs[id].name;
        if name.starts_with("reflect.") && !self.reflects {
            self.reflects = true;
            let described: Vec<RTypeId> =
                self.rtypes.iter().filter(|(_, live)| **live).map(|(id, _)| id).collect();
            described.into_iter().for_each(|id| self.convert(id));
        }
        if name == "reflect.callsOf" {
            self.reflects_calls = true;
            let live = self.rtypes.iter().filter(|(_, live)| **live).map(|(id, _)| id);
            let tables: Vec<GlobalId> = live.filter_map(|id| self.program.rtypes[id].calls).collect();
            tables.into_iter().for_each(|table| self.global(table));
        }
        if name == "reflect.methodReceiver" {
            self.reflects_methods = true;
            for id in self.converted.clone() {
                self.exported_methods(id);
            }
        }
    }

    fn named(&mut self, name: &str) {
        if let Some(id) = self.program.func_named(name) {
            self.func(id);
        }
    }

    fn named_global(&mut self, name: &str) {
        if let Some(id) = self.program.global_named(name) {
            self.global(id);
        }
    }

    fn global(&mut self, id: GlobalId) {
        if !std::mem::replace(&mut self.globals[id], true) {
            self.global_work.push(id);
        }
    }

    fn rtype(&mut self, id: RTypeId) {
        if !std::mem::replace(&mut self.rtypes[id], true) {
            self.rtype_work.push(id);
            // Descriptors may hold equality and hash functions of plain memory.
            self.named("runtime.memequal");
            self.named("runtime.memhash");
            if self.reflects {
                self.convert(id);
            }
            if let Some(table) = self.program.rtypes[id].calls.filter(|_| self.reflects_calls) {
                self.global(table);
            }
        }
    }

    /// Values of the type are in interfaces: calls can select its methods.
    fn convert(&mut self, id: RTypeId) {
        self.rtype(id);
        if !self.converted.insert(id) {
            return;
        }
        for method in &self.program.rtypes[id].methods {
            let called = self.methods.contains(&(method.name.clone(), method.pkg_path.clone()));
            if let Some(code) = method.code.filter(|_| called) {
                self.func(code);
            }
        }
        if self.reflects_methods {
            self.exported_methods(id);
        }
    }

    /// All exported methods of a type are called.
    fn exported_methods(&mut self, id: RTypeId) {
        for method in &self.program.rtypes[id].methods {
            if let Some(code) = method.code.filter(|_| method.pkg_path.is_empty()) {
                self.methods.insert((method.name.clone(), String::new()));
                self.func(code);
            }
        }
    }

    /// A method table for the interface may be made at run time: a type has a method there if it has code for it.
    fn find_methods(&mut self, iface: RTypeId) {
        for index in 0..self.program.rtypes[iface].imethods.len() as u32 {
            self.call_method(iface, index);
        }
    }

    fn call_method(&mut self, iface: RTypeId, index: u32) {
        let Some(method) = self.program.rtypes[iface].imethods.get(index as usize) else { return };
        let key = (method.name.clone(), method.pkg_path.clone());
        if !self.methods.insert(key.clone()) {
            return;
        }
        for id in self.converted.clone() {
            for method in &self.program.rtypes[id].methods {
                if let Some(code) = method.code.filter(|_| method.name == key.0 && method.pkg_path == key.1) {
                    self.func(code);
                }
            }
        }
    }

    fn parts_of(&mut self, id: RTypeId) {
        let rtype = &self.program.rtypes[id];
        let parts = rtype.elem.iter().chain(&rtype.key).chain(&rtype.params).chain(&rtype.results).copied();
        for part in parts
            .chain(rtype.fields.iter().map(|f| f.ty))
            .chain(rtype.imethods.iter().map(|m| m.ty))
            .chain(rtype.methods.iter().map(|m| m.ty))
        {
            self.rtype(part);
        }
        for func in rtype.equal.iter().chain(&rtype.hash) {
            self.func(*func);
        }
    }

    fn constant(&mut self, value: &Const) {
        match value {
            Const::Addr(global, _) | Const::AddrInt(global, _) => self.global(*global),
            Const::Code(func) | Const::CodeInt(func) => self.func(*func),
            Const::RType(rtype) => self.convert(*rtype),
            Const::Aggregate(parts) => parts.iter().for_each(|part| self.constant(part)),
            _ => {}
        }
    }

    fn inst(&mut self, data: &InstData) {
        for name in needed_by(data.op) {
            self.named(name);
        }
        match data.op {
            Op::Defer | Op::DeferFrame => {
                // Lowering takes their layout from here.
                for name in ["runtime.deferFrame", "runtime.deferRecord"] {
                    let found = self.program.rtypes.iter().find(|(_, rtype)| rtype.string == name);
                    if let Some((id, _)) = found {
                        self.rtype(id);
                    }
                }
            }
            Op::Recover => {
                self.named_global("runtime.recoverToken");
                self.named_global("runtime.unwinding");
            }
            Op::Call => {
                // After lowering, unwinding still has to come.
                let callee = match data.aux {
                    Aux::Func(id) => self.program.funcs[id].name.as_str(),
                    _ => "",
                };
                if callee == "runtime.gorecover" {
                    self.named_global("runtime.unwinding");
                }
            }
            _ => {}
        }
        match &data.aux {
            Aux::Func(id) => self.func(*id),
            Aux::Global(id) => self.global(*id),
            Aux::RType(id) => {
                if data.op == Op::RTypeAddr {
                    self.convert(*id);
                } else {
                    self.rtype(*id);
                }
            }
            Aux::Convert { from, to } => {
                if data.op == Op::MakeIface {
                    self.convert(*from);
                } else {
                    self.rtype(*from);
                    self.find_methods(*to);
                }
                self.rtype(*to);
            }
            Aux::Assert { from, to, .. } => {
                self.rtype(*from);
                self.rtype(*to);
                self.find_methods(*to);
            }
            Aux::Method { iface, index } => {
                self.rtype(*iface);
                self.call_method(*iface, *index);
            }
            _ => {}
        }
    }
}
