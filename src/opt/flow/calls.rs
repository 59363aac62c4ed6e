//! Functions that come to life, and what is handed to them and back.

use ir::cfg::successors;
use ir::contract::needed_by_inst;
use ir::{Aux, Block, Func, FuncId, InstData, Op, RTypeId, Signature, Type, Value};
use rustc_hash::FxHashSet;

use super::analysis::*;
use super::graph::{ANY_NUMBER, Location, Node};
use super::memory::Layout;
use super::shape::is_narrow;
use crate::simplify::int;

impl Analysis<'_> {
    pub(super) fn reach(&mut self, id: FuncId) {
        if self.bodies.contains_key(&id) {
            return;
        }
        if self.unseen.contains(&id) {
            self.gave_up = true;
            return;
        }
        let program = self.program;
        let func = &program.funcs[id];
        let mut values = Vec::with_capacity(func.values.len() + 1);
        let mut count = 0;
        for value in func.values.values() {
            values.push(count);
            count += self.shapes.of(&program.types, value.ty).len() as Node;
        }
        values.push(count);
        let first = self.graph.add_places(count as usize);
        values.iter_mut().for_each(|place| *place += first);
        for (value, &place) in func.values.values().zip(&values) {
            if is_narrow(&program.types, value.ty) {
                self.graph.narrow(place);
            }
        }
        let results = self.fresh_places(&func.sig.results);
        let mut before: Vec<Vec<Block>> = vec![Vec::new(); func.blocks.len()];
        for &block in &func.order {
            for next in successors(func, block) {
                before[next.0 as usize].push(block);
            }
        }
        self.bodies.insert(id, Body { values, results, live: FxHashSet::default(), before });
        if func.has_body() {
            self.activate(id, func.entry());
            // Recovered panics go on where deferred functions run.
            for &block in &func.order {
                if func.blocks[block].insts.iter().any(|&inst| func.insts[inst].op == Op::RunDefers) {
                    self.activate(id, block);
                }
            }
        } else {
            let results: Vec<Node> = self.bodies[&id].results.iter().cloned().flatten().collect();
            results.iter().for_each(|&node| self.graph.add(node, ANY_NUMBER));
            self.made.extend(results);
        }
        for symbol in &func.attrs.calls {
            if let Some(&callback) = self.callbacks.get(symbol.as_str()) {
                self.reach(callback);
                // What the function was given is passed where it is called.
                self.pass_numbers(callback);
            }
        }
        if func.name == NEW_GOROUTINE
            && let Some(start) = program.func_named(START_GOROUTINE)
        {
            self.reach(start);
            self.pass_any(&self.params(id), start);
        }
    }

    pub(super) fn fresh_places(&mut self, types: &[Type]) -> Vec<Places> {
        let mut all = Vec::new();
        for &ty in types {
            let count = self.shapes.of(&self.program.types, ty).len();
            let first = self.graph.add_places(count);
            all.push(first..first + count as Node);
        }
        all
    }

    pub(super) fn places(&self, id: FuncId, value: Value) -> Places {
        let values = &self.bodies[&id].values;
        values[value.0 as usize]..values[value.0 as usize + 1]
    }

    pub(super) fn params(&self, id: FuncId) -> Vec<Places> {
        let func = &self.program.funcs[id];
        if !func.has_body() {
            return Vec::new();
        }
        func.blocks[func.entry()].params.iter().map(|&param| self.places(id, param)).collect()
    }

    /// Everything in `from` may be in any parameter.
    pub(super) fn pass_any(&mut self, from: &[Places], callee: FuncId) {
        for param in self.params(callee).into_iter().flatten() {
            for node in from.iter().cloned().flatten() {
                self.graph.copy(node, param);
            }
        }
    }

    /// Assembly hands on what it was given, pointers as pointers.
    pub(super) fn pass_on(&mut self, args: &[Places], types: &[Type], callee: FuncId) {
        let params = self.program.funcs[callee].sig.params.clone();
        for (param, wanted) in self.params(callee).into_iter().zip(params) {
            for (arg, _) in args.iter().zip(types).filter(|(_, ty)| **ty == wanted) {
                self.copy(arg.clone(), param.clone());
            }
        }
    }

    /// Copies a value, or each of many to each of others where they are not taken apart alike.
    pub(super) fn copy(&mut self, from: Places, to: Places) {
        if from.len() == to.len() {
            from.zip(to).for_each(|(from, to)| self.graph.copy(from, to));
        } else {
            for from in from {
                to.clone().for_each(|to| self.graph.copy(from, to));
            }
        }
    }

    /// What lowering an operation will call.
    pub(super) fn needed(&mut self, id: FuncId, data: &InstData) {
        for name in needed_by_inst(self.program, data) {
            let Some(callee) = self.program.func_named(name) else { continue };
            self.reach(callee);
            if self.gave_up {
                return;
            }
            if let Op::Defer | Op::DeferFrame | Op::RunDefers = data.op {
                self.pass_frame(id, data, callee);
                continue;
            }
            match data.op {
                Op::Panic => {}
                Op::MakeIface | Op::RTypeAddr => self.pass_unknown(callee),
                _ => self.pass_numbers(callee),
            }
            if matches!(data.op, Op::Alloc | Op::MakeSlice | Op::MakeClosure | Op::MakeIface) {
                continue;
            }
            let args: Vec<Places> = data.args.iter().map(|&value| self.places(id, value)).collect();
            if data.op == Op::Panic {
                self.params(callee).into_iter().zip(args).for_each(|(param, arg)| self.copy(arg, param));
                continue;
            }
            if matches!(data.op, Op::CallClosure | Op::CallMethod) {
                continue;
            }
            self.pass_any(&args, callee);
            let types = match data.aux {
                Aux::Assert { from, to, .. } | Aux::Convert { from, to } => vec![from, to],
                _ => Vec::new(),
            };
            for param in self.params(callee).into_iter().flatten() {
                types.iter().for_each(|&id| self.graph.add(param, self.type_object(id)));
            }
            if data.op == Op::Recover {
                let from: Vec<Places> = self.bodies[&callee].results.clone();
                let to: Vec<Places> = data.results.iter().map(|&value| self.places(id, value)).collect();
                from.into_iter().zip(to).for_each(|(from, to)| self.copy(from, to));
            }
        }
    }

    /// What lowering makes room for where functions are deferred: frames and records, one of each for the whole program.
    fn pass_frame(&mut self, id: FuncId, data: &InstData, callee: FuncId) {
        let Some((frame, record)) = self.deferred else {
            self.pass_unknown(callee);
            return;
        };
        // The parameters are the frame, the record, the function.
        let params: Vec<Node> = self.params(callee).into_iter().flatten().collect();
        for (&param, object) in params.iter().zip([frame, record]) {
            self.graph.add(param, object);
        }
        if let (Op::Defer, Some(&func), Some(&param)) = (data.op, data.args.first(), params.get(2)) {
            self.graph.copy(self.places(id, func).start, param);
        }
        if data.op == Op::DeferFrame {
            self.graph.add(self.places(id, data.result()).start, frame);
        }
    }

    pub(super) fn call(&mut self, id: FuncId, func: &Func, data: &InstData, callee: FuncId) {
        if self.ignored.contains(&callee) {
            for &value in &data.results {
                self.unknown(self.places(id, value));
            }
            return;
        }
        self.reach(callee);
        if self.gave_up {
            return;
        }
        let args: Vec<Places> = data.args.iter().map(|&value| self.places(id, value)).collect();
        let results: Vec<Places> = data.results.iter().map(|&value| self.places(id, value)).collect();
        if Some(callee) == self.alloc {
            self.allocate(results[0].clone(), Layout::Whole);
            self.pass_numbers(callee);
            return;
        }
        if Some(callee) == self.grow {
            // A new array with what the old one holds. The operands are old, oldLen, oldCap, newLen, elemSize, layout.
            let layout = match int(func, data.args[4]) {
                Some(size) => Layout::ElementsOf(size as u64),
                None => Layout::Whole,
            };
            let pointer = results[0].start;
            self.allocate(pointer..pointer + 1, layout);
            self.move_memory(pointer, args[0].start, None);
            self.unknown(results[0].clone());
            self.pass_numbers(callee);
            return;
        }
        let callee_func = &self.program.funcs[callee];
        for symbol in &callee_func.attrs.calls {
            if let Some(&callback) = self.callbacks.get(symbol.as_str()) {
                let types: Vec<Type> = data.args.iter().map(|&value| func.ty(value)).collect();
                self.pass_on(&args, &types, callback);
            }
        }
        let leads_nowhere = self.names.contains(&callee);
        self.link(&args, if leads_nowhere { &[] } else { &results }, callee);
        if leads_nowhere {
            results.into_iter().for_each(|places| self.unknown(places));
        }
    }

    pub(super) fn link(&mut self, args: &[Places], results: &[Places], callee: FuncId) {
        for (param, arg) in self.params(callee).into_iter().zip(args) {
            self.copy(arg.clone(), param);
        }
        if !self.program.funcs[callee].has_body() {
            let deep = !SWITCHES.contains(&self.program.funcs[callee].name.as_str());
            args.iter().for_each(|arg| self.escapes(arg.clone(), deep));
        }
        let from = self.bodies[&callee].results.clone();
        for (from, to) in from.into_iter().zip(results) {
            self.copy(from, to.clone());
        }
    }

    pub(super) fn site(
        &mut self,
        id: FuncId,
        func: &Func,
        data: &InstData,
        args: &[Value],
        method: Option<(RTypeId, u32)>,
    ) -> u32 {
        let types = |values: &[Value]| values.iter().map(|&value| func.ty(value)).collect::<Vec<Type>>();
        let places =
            |values: &[Value]| values.iter().map(|&value| self.places(id, value)).collect::<Vec<Places>>();
        let mut site = Site {
            args: places(args),
            arg_types: types(args),
            results: places(&data.results),
            result_types: types(&data.results),
            method,
        };
        if method.is_some() {
            // The receiver is the data word.
            let data_word = site.args[0].start + 1;
            site.args[0] = data_word..data_word + 1;
            site.arg_types[0] = Type::PTR;
        }
        self.sites.push(site);
        self.sites.len() as u32 - 1
    }

    /// A call of a func value turns out to reach a function with this record, the last of its operands: other records at
    /// the same call are for other functions, or for other calls of this one.
    pub(super) fn link_record(&mut self, site: u32, callee: FuncId, record: Location) {
        let Some(mut args) = self.reach_at(site, callee, false) else { return };
        args.pop();
        if let Some(param) = self.params(callee).get(args.len()) {
            self.graph.add(param.start, record);
        }
        if self.linked.insert((site, callee)) {
            let results = self.sites[site as usize].results.clone();
            self.link(&args, &results, callee);
        }
    }

    /// A call turns out to reach a function. Those that a type descriptor names are called as func values, but have no
    /// record: lowering makes one.
    pub(super) fn link_site(&mut self, site: u32, callee: FuncId, described: bool) {
        let Some(args) = self.reach_at(site, callee, described) else { return };
        if self.linked.insert((site, callee)) {
            let results = self.sites[site as usize].results.clone();
            self.link(&args, &results, callee);
        }
    }

    /// The operands of a call that may reach a function, if the function takes such.
    fn reach_at(&mut self, site: u32, callee: FuncId, described: bool) -> Option<Vec<Places>> {
        let Site { arg_types, result_types, .. } = &self.sites[site as usize];
        let without_record = arg_types.len() - usize::from(described).min(arg_types.len());
        let sig = Signature { params: arg_types[..without_record].to_vec(), results: result_types.clone() };
        if self.program.funcs[callee].sig != sig {
            return None;
        }
        self.reach(callee);
        (!self.gave_up).then(|| self.sites[site as usize].args.clone())
    }
}
