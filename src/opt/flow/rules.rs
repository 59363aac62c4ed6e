//! What follows when a location or a number arrives at a place.

use ir::{Cond, Op, RTypeId, Type};

use super::analysis::*;
use super::graph::{ANY_NUMBER, Location, Node, Rule, is_number};
use super::shape::Held;
use crate::simplify::{eval_binary, eval_compare, extend};

impl Analysis<'_> {
    pub(super) fn apply(&mut self, rule: Rule, location: Location) {
        match rule {
            Rule::Compute(computation) => {
                if is_number(location) {
                    self.compute(computation);
                }
            }
            Rule::Branch(conditional) => self.branch(conditional, location),
            Rule::Compare(computation) => self.compare(computation),
            Rule::Field { to, .. } | Rule::Element { to, .. } if location == ANY_NUMBER => {
                self.graph.add(to, ANY_NUMBER);
            }
            Rule::Pointer { to } => {
                let zero = self.graph.number(0);
                match is_number(location) {
                    true if location != zero => self.graph.add(to, ANY_NUMBER),
                    _ => self.graph.add(to, location),
                }
            }
            Rule::Assert(assertion) if self.as_type(location).is_none() && !is_number(location) => {
                // A type that was made at run time.
                self.unknown(self.assertions[assertion as usize].results.clone());
            }
            _ if is_number(location) => {}
            Rule::Load { to, by, held } => {
                let Some(at) = self.offset(location, i64::from(by)) else { return };
                let from = self.read(at, held != Held::Pointer);
                self.graph.copy(from, to);
                if !self.memory.holds(&self.program.types, at, held) {
                    self.graph.add(to, ANY_NUMBER);
                }
            }
            Rule::Store { from, by, held } => {
                if self.is_constant(location) {
                    return;
                }
                let Some(at) = self.offset(location, i64::from(by)) else { return };
                self.store_at(at, held, from);
            }
            // What is zero at first may be zero anyway.
            Rule::Zero => {
                if !self.memory.is_zeroed(location) {
                    self.spoil(location);
                }
            }
            Rule::Clobber { deep } => self.clobber(location, deep),
            Rule::Offset { to, by } | Rule::Field { to, by } => {
                if let Some(at) = self.offset(location, by) {
                    self.graph.add(to, at);
                }
            }
            Rule::Element { to, size } => {
                let at = self.memory.element(&self.program.types, location, size);
                self.graph.add(to, at);
            }
            Rule::Anywhere { to } => {
                let at = self.memory.anywhere(location);
                self.graph.add(to, at);
            }
            Rule::MoveFrom { buffer, len } => {
                let object = self.memory.object(location);
                self.fill_object(object);
                self.opened.insert(object);
                self.named.insert(object);
                self.memory.mirror(&mut self.graph, &self.program.types, location, buffer, len);
            }
            Rule::MoveTo { .. } if self.is_constant(location) => {}
            Rule::MoveTo { buffer, len } => {
                self.memory.mirror(&mut self.graph, &self.program.types, buffer, location, len);
            }
            Rule::CallCode(site) => {
                if let Some(callee) = self.as_func(location) {
                    self.link_site(site, callee, false);
                }
            }
            Rule::CallFunc(site) => {
                if let Some(callee) = self.as_func(location) {
                    self.link_site(site, callee, true);
                } else if self.as_type(location).is_none() {
                    let code = self.read(location, false);
                    self.add_rule(code, Rule::CallRecord { site, record: location });
                }
            }
            Rule::CallRecord { site, record } => {
                if let Some(callee) = self.as_func(location) {
                    self.link_record(site, callee, record);
                }
            }
            Rule::CallMethod(site) => {
                if let Some(id) = self.as_type(location) {
                    self.select(site, id);
                }
            }
            Rule::Assert(assertion) => {
                if let Some(id) = self.as_type(location) {
                    self.passes(assertion, id);
                }
            }
        }
    }

    /// The numbers that an operation gives for all that its operands may be.
    pub(super) fn compute(&mut self, computation: u32) {
        let &Computation { op, cond, from, to, ref args, result } = &self.computations[computation as usize];
        let known: Option<Vec<Vec<i64>>> = args.iter().map(|&node| self.graph.numbers(node)).collect();
        let Some(known) = known else {
            if op == Op::Icmp {
                self.add_number(result, 0);
                self.add_number(result, 1);
            } else {
                self.graph.add(result, ANY_NUMBER);
            }
            return;
        };
        let mut results = Vec::new();
        for &a in &known[0] {
            match (op, known.get(1)) {
                (Op::Trunc, _) => results.push(Some(extend(a, to))),
                (Op::Sext, _) => results.push(Some(extend(if from == Type::I1 { -a } else { a }, to))),
                (Op::Zext, _) if from.bits() < 64 => {
                    results.push(Some(extend(a & ((1 << from.bits()) - 1), to)))
                }
                (Op::Icmp, Some(right)) => {
                    let compare = |&b: &i64| cond.map(|cond| i64::from(eval_compare(cond, from, a, b)));
                    results.extend(right.iter().map(compare));
                }
                (_, Some(right)) => results.extend(right.iter().map(|&b| eval_binary(op, from, a, b))),
                _ => results.push(None),
            }
        }
        for number in results {
            match number {
                Some(number) => self.add_number(result, number),
                None => self.graph.add(result, ANY_NUMBER),
            }
        }
    }

    /// Whether two pointers are equal, as far as it depends on which of them may be nil.
    fn compare(&mut self, computation: u32) {
        let &Computation { cond, ref args, result, .. } = &self.computations[computation as usize];
        let [(a_nil, a_other), (b_nil, b_other)] = [args[0], args[1]].map(|node| self.graph.is_zero(node));
        let alike = a_nil && b_nil || a_other && b_other;
        let different = a_nil && b_other || a_other && b_nil || a_other && b_other;
        for (found, equal) in [(alike, true), (different, false)] {
            if found {
                self.add_number(result, i64::from(equal == (cond == Some(Cond::Eq))));
            }
        }
    }

    pub(super) fn add_number(&mut self, node: Node, number: i64) {
        let number = self.graph.number(number);
        self.graph.add(node, number);
    }

    pub(super) fn passes(&mut self, assertion: u32, found: RTypeId) {
        let &Assertion { to, data, ref results, interface } = &self.assertions[assertion as usize];
        let results = results.clone();
        if interface {
            if self.implements(found, to) {
                self.graph.add(results.start, self.type_object(found));
                self.graph.copy(data, results.start + 1);
            }
        } else if found == to {
            let rtype = &self.program.rtypes[to];
            if rtype.is_direct(&self.program.types) {
                self.copy(data..data + 1, results);
            } else {
                self.load(data, rtype.repr, results);
            }
        }
    }

    pub(super) fn implements(&self, id: RTypeId, iface: RTypeId) -> bool {
        if let Some(&known) = self.implements.borrow().get(&(id, iface)) {
            return known;
        }
        let implements = self.program.rtypes[id].implements(&self.program.rtypes[iface]);
        self.implements.borrow_mut().insert((id, iface), implements);
        implements
    }

    pub(super) fn select(&mut self, site: u32, id: RTypeId) {
        let Some((iface, index)) = self.sites[site as usize].method else { return };
        if !self.implements(id, iface) {
            return;
        }
        let wanted = &self.program.rtypes[iface].imethods[index as usize];
        let rtype = &self.program.rtypes[id];
        let Some(at) = rtype.find_method(wanted) else { return };
        if let Some(code) = rtype.methods[at].code {
            self.methods.insert((id, at));
            self.link_site(site, code, false);
        }
    }
}
