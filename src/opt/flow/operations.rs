//! The operations of a live block as edges and rules of the graph.

use ir::ty::round_up;
use ir::{Aux, Cond, Func, FuncId, Inst, InstData, Intrinsic, Kind, Op, Type};

use super::analysis::*;
use super::graph::{ANY_NUMBER, Node, Rule};
use super::memory::Layout;
use super::shape::Slot;
use crate::simplify::{extend, int};

impl<'a> Analysis<'a> {
    pub(super) fn inst(&mut self, id: FuncId, func: &'a Func, inst: Inst) {
        let data = &func.insts[inst];
        let arg = |this: &Self, at: usize| this.places(id, data.args[at]);
        let first_arg = |this: &Self| this.places(id, data.args[0]).start;
        let result = |this: &Self| match data.results.first() {
            Some(&value) => this.places(id, value),
            None => 0..0,
        };
        self.needed(id, data);
        match (data.op, &data.aux) {
            (Op::GlobalAddr, Aux::Global(global)) => {
                self.graph.add(result(self).start, self.global_object(*global))
            }
            (Op::FuncAddr, Aux::Func(callee)) => {
                self.graph.add(result(self).start, self.func_object(*callee))
            }
            (Op::RTypeAddr, Aux::RType(rtype)) => {
                self.graph.add(result(self).start, self.type_object(*rtype))
            }
            (Op::Iconst, &Aux::Int(number)) => self.add_number(result(self).start, extend(number, data.ty)),
            (Op::Zero, _) => {
                let shape = self.shapes.of(&self.program.types, data.ty).to_vec();
                for ((slot, _), node) in shape.into_iter().zip(result(self)) {
                    self.add_number(node, 0);
                    if slot == Slot::Any {
                        self.graph.add(node, ANY_NUMBER);
                    }
                }
            }
            (Op::Inttoptr, _) => {
                let to = result(self).start;
                self.add_rule(first_arg(self), Rule::Pointer { to });
                self.made.push(to);
            }
            (Op::Select | Op::Ptrtoint | Op::Bitcast, _) => {
                let values = usize::from(data.op == Op::Select);
                for at in values..data.args.len() {
                    self.copy(arg(self, at), result(self));
                }
                if data.op != Op::Select {
                    self.graph.add(result(self).start, ANY_NUMBER);
                }
            }
            (Op::Icmp | Op::Trunc | Op::Zext | Op::Sext | Op::PtrAdd, _) => self.arithmetic(id, func, data),
            (op, _) if op.is_int_binary() => self.arithmetic(id, func, data),
            (Op::FieldAddr, &Aux::Field(ty, field)) => {
                let by = self.program.types.field_offset(ty, field as usize) as i64;
                self.add_rule(first_arg(self), Rule::Field { to: result(self).start, by });
            }
            (Op::ElemAddr, &Aux::Type(elem)) => {
                let size = self.program.types.size(elem);
                let to = result(self).start;
                match int(func, data.args[1]) {
                    Some(0) => self.graph.copy(first_arg(self), to),
                    _ => self.add_rule(first_arg(self), Rule::Element { to, size }),
                }
            }
            (Op::Alloc | Op::StackAlloc, &Aux::Type(ty)) => {
                self.allocate(result(self), Layout::One(ty));
            }
            (Op::StackSlot, &Aux::Type(ty)) => {
                self.allocate_full(result(self), Layout::One(ty));
            }
            (Op::MakeSlice, &Aux::Type(elem)) => {
                self.allocate(result(self), Layout::Elements(elem));
                let mut others = result(self);
                others.next();
                self.unknown(others);
            }
            (Op::Load | Op::VolatileLoad, _) => {
                self.load(first_arg(self), data.ty, result(self));
                if data.op == Op::VolatileLoad {
                    self.unknown(result(self));
                }
            }
            (Op::Store | Op::VolatileStore, _) => {
                self.store(first_arg(self), func.ty(data.args[1]), arg(self, 1));
                // Devices read and write memory on their own.
                if data.op == Op::VolatileStore {
                    self.escapes(arg(self, 1), true);
                }
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
            (Op::Call, &Aux::Func(callee)) => self.call(id, func, data, callee),
            (Op::CallIndirect, _) => {
                let site = self.site(id, func, data, &data.args[1..], None);
                self.add_rule(first_arg(self), Rule::CallCode(site));
            }
            (Op::CallClosure, _) => {
                let mut args = data.args[1..].to_vec();
                args.push(data.args[0]);
                let site = self.site(id, func, data, &args, None);
                self.add_rule(first_arg(self), Rule::CallFunc(site));
            }
            (Op::Go | Op::Defer, _) => {
                let site = self.site(id, func, data, &data.args[..1], None);
                self.add_rule(first_arg(self), Rule::CallFunc(site));
            }
            (Op::CallMethod, &Aux::Method { iface, index }) => {
                let site = self.site(id, func, data, &data.args, Some((iface, index)));
                self.add_rule(first_arg(self), Rule::CallMethod(site));
            }
            (Op::MakeClosure, Aux::Func(callee)) => {
                // A record of the code and what is captured, see `lower_closures`.
                let types = &self.program.types;
                let mut size = types.size(Type::CODE);
                let mut captured = Vec::new();
                for &value in &data.args {
                    let layout = types.layout(func.ty(value));
                    let at = round_up(size, layout.align);
                    captured.push((at, value));
                    size = at + layout.size;
                }
                let object = self.allocate_full(result(self), Layout::Plain(size));
                let node = self.write(object, false);
                self.graph.add(node, self.func_object(*callee));
                for (at, value) in captured {
                    self.hold(object, at, func.ty(value), self.places(id, value));
                }
            }
            (Op::MakeIface, &Aux::Convert { from, .. }) => {
                let to = result(self);
                self.graph.add(to.start, self.type_object(from));
                let data_word = to.start + 1..to.start + 2;
                if self.program.rtypes[from].is_direct(&self.program.types) {
                    self.copy(arg(self, 0), data_word);
                } else {
                    let ty = func.ty(data.args[0]);
                    let object = self.allocate_full(data_word, Layout::One(ty));
                    self.hold(object, 0, ty, arg(self, 0));
                }
            }
            (Op::ChangeIface, _) => self.copy(arg(self, 0), result(self)),
            (Op::TypeAssert, &Aux::Assert { to, .. }) => {
                let iface = arg(self, 0);
                let interface = self.program.rtypes[to].kind == Kind::Interface;
                // Where it fails, the results are zero.
                for (at, &value) in data.results.iter().enumerate() {
                    for node in self.places(id, value) {
                        if at == 0 { self.add_number(node, 0) } else { self.graph.add(node, ANY_NUMBER) }
                    }
                }
                self.assertions.push(Assertion {
                    to,
                    data: iface.start + 1,
                    results: result(self),
                    interface,
                });
                let rule = Rule::Assert(self.assertions.len() as u32 - 1);
                self.add_rule(iface.start, rule);
            }
            (Op::IfaceType, _) => self.graph.copy(first_arg(self), result(self).start),
            (Op::Ret, _) => {
                for (at, &value) in data.args.iter().enumerate() {
                    self.copy(self.places(id, value), self.bodies[&id].results[at].clone());
                }
            }
            (Op::Intrinsic, Aux::Intrinsic(intrinsic)) => self.intrinsic(id, func, data, *intrinsic),
            (Op::Asm, _) => {
                for at in 0..data.args.len() {
                    self.escapes(arg(self, at), true);
                }
                self.unknown(result(self));
                self.made.extend(result(self));
            }
            _ => self.unknown(result(self)),
        }
    }

    /// Some of the operations have results that are numbers, but nobody knows which.
    pub(super) fn unknown(&mut self, results: Places) {
        results.for_each(|node| self.graph.add(node, ANY_NUMBER));
    }

    pub(super) fn arithmetic(&mut self, id: FuncId, func: &Func, data: &InstData) {
        let args: Vec<Places> = data.args.iter().map(|&value| self.places(id, value)).collect();
        let to = self.places(id, data.result()).start;
        let from = func.ty(data.args[0]);
        let by = data.args.get(1).and_then(|&value| int(func, value));
        match (data.op, by) {
            (Op::Trunc | Op::Zext | Op::Sext, _) => self.copy_locations(args[0].start, to),
            (Op::Add, Some(by)) => self.add_rule(args[0].start, Rule::Offset { to, by }),
            (Op::PtrAdd, Some(by)) => {
                self.add_rule(args[0].start, Rule::Offset { to, by });
                self.graph.add(to, ANY_NUMBER);
            }
            (Op::Sub, Some(by)) => self.add_rule(args[0].start, Rule::Offset { to, by: by.wrapping_neg() }),
            // No address is made of others in these ways.
            (
                Op::Icmp
                | Op::Mul
                | Op::Sdiv
                | Op::Udiv
                | Op::Srem
                | Op::Urem
                | Op::Shl
                | Op::Lshr
                | Op::Ashr,
                _,
            ) => {}
            _ => {
                for arg in args.iter().cloned().flatten() {
                    self.add_rule(arg, Rule::Anywhere { to });
                }
                if data.op == Op::PtrAdd {
                    self.made.push(to);
                    self.graph.add(to, ANY_NUMBER);
                }
            }
        }
        let cond = match data.aux {
            Aux::Cond(cond) => Some(cond),
            _ => None,
        };
        if !from.is_int() {
            if data.op == Op::Icmp && !matches!(cond, Some(Cond::Eq | Cond::Ne)) {
                self.add_number(to, 0);
                self.add_number(to, 1);
            }
            if data.op != Op::Icmp {
                return;
            }
        }
        let args: Vec<Node> = args.into_iter().flatten().collect();
        let computation =
            Computation { op: data.op, cond, from, to: data.ty, args: args.clone(), result: to };
        self.computations.push(computation);
        let computation = self.computations.len() as u32 - 1;
        let rule = if from.is_int() { Rule::Compute(computation) } else { Rule::Compare(computation) };
        args.into_iter().for_each(|node| self.add_rule(node, rule));
    }

    /// Copies without numbers.
    pub(super) fn copy_locations(&mut self, from: Node, to: Node) {
        self.add_rule(from, Rule::Offset { to, by: 0 });
    }

    pub(super) fn part(&mut self, whole: Places, ty: Type, index: i64) -> Places {
        let part = self.shapes.part(&self.program.types, ty, index as usize);
        whole.start + part.start as Node..whole.start + part.end as Node
    }

    pub(super) fn intrinsic(&mut self, id: FuncId, func: &Func, data: &InstData, intrinsic: Intrinsic) {
        let places = |this: &Self, at: usize| this.places(id, data.args[at]);
        match intrinsic {
            Intrinsic::Memcpy | Intrinsic::Memmove => {
                let len = int(func, data.args[2]).map(|len| len as u64);
                self.move_memory(places(self, 0).start, places(self, 1).start, len);
            }
            Intrinsic::AtomicLoad => {
                self.load(places(self, 0).start, data.ty, self.places(id, data.result()));
            }
            Intrinsic::AtomicStore => {
                self.store(places(self, 0).start, func.ty(data.args[1]), places(self, 1))
            }
            Intrinsic::AtomicAdd | Intrinsic::AtomicAnd | Intrinsic::AtomicOr | Intrinsic::AtomicSwap => {
                self.store(places(self, 0).start, func.ty(data.args[1]), places(self, 1));
                if intrinsic != Intrinsic::AtomicSwap {
                    self.escapes(places(self, 0), false);
                }
                self.load(places(self, 0).start, data.ty, self.places(id, data.result()));
                self.unknown(self.places(id, data.result()));
            }
            Intrinsic::AtomicCas => {
                self.store(places(self, 0).start, func.ty(data.args[2]), places(self, 2));
                self.unknown(self.places(id, data.result()));
            }
            Intrinsic::Memzero => self.add_rule(places(self, 0).start, Rule::Zero),
            _ => {
                for &value in &data.results {
                    self.unknown(self.places(id, value));
                    self.made.extend(self.places(id, value).filter(|_| func.ty(value) == Type::PTR));
                }
            }
        }
    }
}
