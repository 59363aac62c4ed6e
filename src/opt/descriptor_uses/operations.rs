//! The operations of a function as edges and rules of the graph.

use ir::contract::needed_by_inst;
use ir::{Aux, Func, FuncId, Inst, InstData, Intrinsic, Op, RTypeId, Type, Value};

use super::analysis::*;
use super::cells::{Home, SCALARS, cell, is_cell};
use super::graph::{Node, Rule};
use super::items::{UNKNOWN, What};
use crate::flow::{ALLOC, GROW, NAMES};

/// Functions of so many instructions at most are looked at for each of their calls, and those that they call, so deep.
const SMALL: usize = 40;
const DEEPEST: u32 = 5;
/// They find names by what stands for them in descriptors.
const NAME_OFFSETS: &[&str] = &["runtime.reflect_resolveNameOff", "runtime.reflectlite_resolveNameOff"];

fn is_small(func: &Func) -> bool {
    func.has_body() && ![FIND_TABLE, POINTER_TO].contains(&func.name.as_str()) && func.insts.len() <= SMALL
}

impl Analysis<'_> {
    pub(super) fn inst(&mut self, frame: Frame, inst: Inst) {
        let Frame { id, body, .. } = frame;
        let func = &self.program.funcs[id];
        let data = &func.insts[inst];
        let program = self.program;
        let types = &program.types;
        let arg = |this: &Self, at: usize| this.nodes(body, data.args[at]);
        let result = |this: &Self| data.results.first().map_or(0..0, |&value| this.nodes(body, value));
        for target in func.insts[inst].targets() {
            let params = &func.blocks[target.block].params;
            for (&from, &to) in target.args.iter().zip(params) {
                self.copy(self.nodes(body, from), self.nodes(body, to));
            }
        }
        match (data.op, &data.aux) {
            (Op::GlobalAddr, &Aux::Global(global)) => {
                let item = is_cell(types, program.globals[global].ty).then(|| self.address(global, 0));
                let to = result(self).start;
                item.flatten().into_iter().for_each(|item| self.graph.add(to, item));
            }
            (Op::RTypeAddr, &Aux::RType(rtype)) => self.add(result(self).start, What::Type(rtype)),
            (Op::Select | Op::Ptrtoint | Op::Inttoptr | Op::Bitcast | Op::Trunc | Op::Zext | Op::Sext, _) => {
                for at in usize::from(data.op == Op::Select)..data.args.len() {
                    self.copy(arg(self, at), result(self));
                }
            }
            (Op::And | Op::Or | Op::Xor, _) => {
                (0..2).for_each(|at| self.copy(arg(self, at), result(self)));
            }
            (Op::Add | Op::Sub | Op::PtrAdd, _) => {
                let to = result(self).start;
                let of_values = ["runtime.", "reflect."].iter().any(|start| func.name.starts_with(start));
                let addresses = if data.op == Op::PtrAdd { 1 } else { 2 };
                for at in 0..addresses {
                    self.rule(arg(self, at).start, Rule::Away { to, of_values });
                }
                if data.op == Op::PtrAdd {
                    self.graph.add(to, UNKNOWN);
                }
            }
            (Op::FieldAddr, &Aux::Field(ty, field)) => {
                let to = result(self).start;
                self.rule(arg(self, 0).start, Rule::Field { to, ty, field });
                if cell(types, ty).is_none()
                    && is_cell(types, types.fields(ty)[field as usize])
                    && !self.begins_with_head(ty)
                {
                    let record = func.order.first().and_then(|&entry| func.blocks[entry].params.last());
                    let node = match types.fields(ty)[0] {
                        // What the function itself has captured.
                        Type::CODE if record == Some(&data.args[0]) => {
                            self.cell(Key::Captured(id, field), types.fields(ty)[field as usize])
                        }
                        _ => self.field(ty, field),
                    };
                    self.add(to, What::Cell(node));
                }
            }
            (Op::ElemAddr, &Aux::Type(elem)) => {
                let (to, is_cell) = (result(self).start, is_cell(types, elem));
                self.rule(arg(self, 0).start, Rule::Element { to, is_cell });
            }
            (Op::Alloc | Op::StackAlloc | Op::StackSlot | Op::MakeSlice, &Aux::Type(ty)) => {
                if is_cell(types, ty) {
                    let node = self.cell(Key::Made(body, inst), ty);
                    self.add(result(self).start, What::Cell(node));
                } else if self.begins_with_head(ty) {
                    self.add(result(self).start, What::New);
                }
            }
            (Op::Load | Op::VolatileLoad, _) => self.load(arg(self, 0).start, data.ty, result(self)),
            (Op::Store, _) => self.store(arg(self, 0).start, func.ty(data.args[1]), arg(self, 1)),
            (Op::VolatileStore, _) => {
                self.store(arg(self, 0).start, func.ty(data.args[1]), arg(self, 1));
                self.leaks(arg(self, 1));
            }
            (Op::Extract, &Aux::Int(index)) => {
                let part = self.part(arg(self, 0), func.ty(data.args[0]), index);
                self.copy(part, result(self));
            }
            (Op::Insert, &Aux::Int(index)) => {
                self.copy(arg(self, 0), result(self));
                let part = self.part(result(self), data.ty, index);
                self.copy(arg(self, 1), part);
            }
            (Op::Aggregate, _) => {
                for at in 0..data.args.len() {
                    let part = self.part(result(self), data.ty, at as i64);
                    self.copy(arg(self, at), part);
                }
            }
            (Op::Call, &Aux::Func(callee)) => self.call(frame, inst, callee),
            (Op::CallIndirect, _) => self.call_address(body, func, data, &data.args[1..], false),
            (Op::CallClosure, _) => {
                // Those that a descriptor names take no record.
                self.call_address(body, func, data, &data.args[1..], true);
                let mut args = data.args[1..].to_vec();
                args.push(data.args[0]);
                self.call_address(body, func, data, &args, false);
            }
            (Op::CallMethod, &Aux::Method { iface, index }) => {
                let mut args: Vec<Nodes> = data.args.iter().map(|&value| self.nodes(body, value)).collect();
                let receiver = args[0].start;
                args[0] = receiver + 1..receiver + 2;
                let results = data.results.iter().map(|&value| self.nodes(body, value)).collect();
                self.sites.push(Site { iface, index, args, results });
                self.rule(receiver, Rule::Method(self.sites.len() as u32 - 1));
            }
            (Op::MakeClosure, &Aux::Func(callee)) => {
                let record = self.records[&(id, inst)];
                for (at, &value) in data.args.iter().enumerate() {
                    let ty = func.ty(value);
                    let scalars = self.shapes.of(types, ty).scalars.clone();
                    for scalar in scalars.iter() {
                        let from = self.nodes(body, value).start + scalar.slot;
                        let node = match scalar.home {
                            Home::Address => {
                                let own = self.cell(Key::Captured(callee, at as u32 + 1), ty);
                                self.graph.copy(from, own + scalar.by);
                                self.field(record, at as u32 + 1)
                            }
                            Home::Field(ty, field) => self.field(ty, field),
                        };
                        self.graph.copy(from, node + scalar.by);
                    }
                }
            }
            (Op::MakeIface, &Aux::Convert { from, to }) => {
                let iface = result(self).start;
                let methods = !program.rtypes[to].imethods.is_empty();
                self.add(iface, if methods { What::Table(from, to) } else { What::Type(from) });
                if program.rtypes[from].is_direct(types) {
                    self.copy(arg(self, 0), iface + 1..iface + 2);
                } else {
                    let ty = func.ty(data.args[0]);
                    if is_cell(types, ty) {
                        let node = self.cell(Key::Made(body, inst), ty);
                        self.add(iface + 1, What::Cell(node));
                    }
                    self.store(iface + 1, ty, arg(self, 0));
                }
            }
            (Op::ChangeIface, &Aux::Convert { from, to }) => {
                let (from_node, to_node) = (arg(self, 0).start, result(self).start);
                self.convert(from_node, to_node, from, to);
                self.graph.copy(from_node + 1, to_node + 1);
            }
            (Op::TypeAssert, &Aux::Assert { from, to, ok }) => {
                let value = arg(self, 0).start;
                let rtype = &program.rtypes[to];
                if rtype.kind == ir::Kind::Interface {
                    let node = result(self).start;
                    self.convert(value, node, from, to);
                    self.graph.copy(value + 1, node + 1);
                } else if rtype.is_direct(types) {
                    self.copy(value + 1..value + 2, result(self));
                } else {
                    self.load(value + 1, rtype.repr, result(self));
                }
                if !ok {
                    self.failed(value, from, to, data);
                }
            }
            (Op::IfaceType, _) => {
                self.rule(arg(self, 0).start, Rule::TypeOf { to: result(self).start, from: None })
            }
            (Op::Ret, _) => {
                for (at, &value) in data.args.iter().enumerate() {
                    self.copy(self.nodes(body, value), self.bodies[body as usize].results[at].clone());
                }
            }
            (Op::Panic | Op::Recover, _) => {
                let args: Vec<Nodes> = data.args.iter().map(|&value| self.nodes(body, value)).collect();
                let results: Vec<Nodes> = data.results.iter().map(|&value| self.nodes(body, value)).collect();
                for callee in needed_by_inst(program, data).iter().filter_map(|name| program.func_named(name))
                {
                    self.link(&args, &results, callee);
                }
            }
            (Op::Intrinsic, Aux::Intrinsic(intrinsic)) => self.intrinsic(body, func, data, *intrinsic),
            (Op::Asm, _) => {
                for at in 0..data.args.len() {
                    self.leaks(arg(self, at));
                }
                result(self).for_each(|node| self.graph.add(node, UNKNOWN));
            }
            _ => {}
        }
    }

    fn intrinsic(&mut self, body: u32, func: &Func, data: &InstData, intrinsic: Intrinsic) {
        let nodes = |this: &Self, at: usize| this.nodes(body, data.args[at]);
        match intrinsic {
            Intrinsic::Memcpy | Intrinsic::Memmove => {
                let buffer = self.graph.add_nodes(SCALARS);
                self.rule(nodes(self, 1).start, Rule::MoveFrom { buffer });
                self.rule(nodes(self, 0).start, Rule::MoveTo { buffer });
            }
            Intrinsic::AtomicLoad => {
                self.load(nodes(self, 0).start, data.ty, self.nodes(body, data.result()));
            }
            Intrinsic::AtomicStore | Intrinsic::AtomicSwap | Intrinsic::AtomicCas => {
                let stored = if intrinsic == Intrinsic::AtomicCas { 2 } else { 1 };
                self.store(nodes(self, 0).start, func.ty(data.args[stored]), nodes(self, stored));
                if intrinsic == Intrinsic::AtomicSwap {
                    self.load(nodes(self, 0).start, data.ty, self.nodes(body, data.result()));
                }
            }
            _ => {}
        }
    }

    /// An interface becomes one of another type. Where that has methods, they are compared with those of the value's type.
    fn convert(&mut self, value: Node, to: Node, from: RTypeId, iface: RTypeId) {
        if !self.program.rtypes[iface].imethods.is_empty() {
            self.open(iface);
        }
        self.rule(value, Rule::Convert { to, from, iface });
    }

    /// The message of a failed assertion names the types.
    fn failed(&mut self, value: Node, from: RTypeId, to: RTypeId, data: &InstData) {
        let have = self.graph.add_nodes(3);
        let (want, inter) = (have + 1, have + 2);
        self.rule(value, Rule::TypeOf { to: have, from: Some(from) });
        self.add(want, What::Type(to));
        self.add(inter, What::Type(from));
        for name in needed_by_inst(self.program, data) {
            let Some(callee) = self.program.func_named(name) else { continue };
            let params: Vec<Node> = self.params(callee);
            let args = if params.len() == 3 { [have, want, inter] } else { [want, have, inter] };
            args.into_iter().zip(params).for_each(|(arg, param)| self.graph.copy(arg, param));
        }
    }

    fn load(&mut self, address: Node, ty: Type, to: Nodes) {
        let shape = self.shapes.of(&self.program.types, ty);
        let scalars = shape.scalars.clone();
        for scalar in scalars.iter() {
            let to = to.start + scalar.slot;
            match scalar.home {
                Home::Address => {
                    self.rule(address, Rule::Load { to, by: scalar.by, ty });
                    self.addresses.push(address);
                }
                Home::Field(ty, field) => {
                    let node = self.field(ty, field);
                    self.graph.copy(node + scalar.by, to);
                }
            }
        }
        if scalars.iter().any(|scalar| scalar.home != Home::Address) {
            self.rule(address, Rule::Described { to: to.start, count: to.len() as u32, ty });
        }
    }

    fn store(&mut self, address: Node, ty: Type, from: Nodes) {
        let shape = self.shapes.of(&self.program.types, ty);
        let scalars = shape.scalars.clone();
        for scalar in scalars.iter() {
            let from = from.start + scalar.slot;
            match scalar.home {
                Home::Address => {
                    self.rule(address, Rule::Store { from, by: scalar.by, ty });
                    self.addresses.push(address);
                }
                Home::Field(ty, field) => {
                    let node = self.field(ty, field);
                    self.graph.copy(from, node + scalar.by);
                }
            }
        }
    }

    fn leaks(&mut self, from: Nodes) {
        from.for_each(|node| self.rule(node, Rule::Leak));
    }

    fn part(&mut self, whole: Nodes, ty: Type, index: i64) -> Nodes {
        let part = self.shapes.part(&self.program.types, ty, index as usize);
        whole.start + part.start..whole.start + part.end
    }

    /// Copies a value, or each slot of one to each of others where they are not taken apart alike.
    fn copy(&mut self, from: Nodes, to: Nodes) {
        if from.len() == to.len() {
            from.zip(to).for_each(|(from, to)| self.graph.copy(from, to));
        } else {
            for from in from {
                to.clone().for_each(|to| self.graph.copy(from, to));
            }
        }
    }

    fn call(&mut self, frame: Frame, inst: Inst, callee: FuncId) {
        let Frame { id, body, depth } = frame;
        let data = &self.program.funcs[id].insts[inst];
        let args: Vec<Nodes> = data.args.iter().map(|&value| self.nodes(body, value)).collect();
        let results: Vec<Nodes> = data.results.iter().map(|&value| self.nodes(body, value)).collect();
        let name = self.program.funcs[callee].name.as_str();
        match name {
            ALLOC => self.graph.add(results[0].start, UNKNOWN),
            GROW => {
                // The operands are old, oldLen, oldCap, newLen, elemSize, layout: the new elements are as the old ones.
                let node = self.untyped_cell(Key::Made(body, inst));
                self.add(results[0].start, What::Cell(node));
                self.graph.copy(args[0].start, results[0].start);
            }
            _ if NAMES.contains(&name) || NAME_OFFSETS.contains(&name) => self.link(&args, &[], callee),
            _ if depth < DEEPEST && is_small(&self.program.funcs[callee]) => {
                let own = self.instance(callee, depth + 1);
                self.link_body(&args, &results, own);
            }
            _ => self.link(&args, &results, callee),
        }
    }

    fn call_address(&mut self, body: u32, func: &Func, data: &InstData, args: &[Value], described: bool) {
        let types = |values: &[Value]| values.iter().map(|&value| func.ty(value)).collect::<Vec<Type>>();
        let (params, gives) = self.signature(described, &types(args), &types(&data.results));
        let args: Vec<Node> = args.iter().flat_map(|&value| self.nodes(body, value)).collect();
        args.into_iter().zip(params).for_each(|(from, to)| self.graph.copy(from, to));
        let results: Vec<Node> = data.results.iter().flat_map(|&value| self.nodes(body, value)).collect();
        gives.into_iter().zip(results).for_each(|(from, to)| self.graph.copy(from, to));
    }

    pub(super) fn link(&mut self, args: &[Nodes], results: &[Nodes], callee: FuncId) {
        self.link_body(args, results, self.body_of[&callee]);
    }

    fn link_body(&mut self, args: &[Nodes], results: &[Nodes], callee: u32) {
        let body = &self.bodies[callee as usize];
        let (params, gives) = (body.params.clone(), body.results.clone());
        params.into_iter().zip(args).for_each(|(param, arg)| self.copy(arg.clone(), param));
        gives.into_iter().zip(results).for_each(|(from, to)| self.copy(from, to.clone()));
    }
}
