//! Type assertions and conversions between interfaces of which it is known which types get there: those that always fail
//! are zero; those that find methods compare with one or two types instead, so that no methods are looked up by name at
//! run time.
//!
//! ```text
//! v1, v2 = type_assert %any to %error ok, v0   ->   v3, v2 = type_assert %any to %*T ok, v0
//!                                                   v4 = make_iface %*T to %error, v3
//!                                                   v1 = select v2, v4, nil
//! ```

use ir::{Aux, Block, Func, FuncId, Inst, InstData, Kind, Op, Program, RTypeId, Type, Value};

use super::analysis::Analysis;
use super::graph::is_number;

/// So many comparisons are shorter than what looks up methods.
const MOST: usize = 2;

/// An instruction, and the types with which it succeeds.
pub(super) struct Asserted {
    block: Block,
    inst: Inst,
    types: Vec<RTypeId>,
}

impl Analysis<'_> {
    /// The assertions in the live blocks of a function that can be told by their types.
    pub(super) fn assertions_of(&self, id: FuncId, func: &Func) -> Vec<Asserted> {
        let mut found = Vec::new();
        for &block in func.order.iter().filter(|&&block| self.is_live_block(id, block)) {
            for &inst in &func.blocks[block].insts {
                let types = self.types_asserted(id, &func.insts[inst]);
                found.extend(types.map(|types| Asserted { block, inst, types }));
            }
        }
        found
    }

    fn types_asserted(&self, id: FuncId, data: &InstData) -> Option<Vec<RTypeId>> {
        let to = match (data.op, &data.aux) {
            (Op::TypeAssert, &Aux::Assert { to, ok: true, .. }) => to,
            (Op::ChangeIface, &Aux::Convert { to, .. }) => to,
            _ => return None,
        };
        let rtype = &self.program.rtypes[to];
        let finds_methods = rtype.kind == Kind::Interface && !rtype.imethods.is_empty();
        if data.op == Op::ChangeIface && !finds_methods {
            return None;
        }
        let mut types = Vec::new();
        for &location in self.graph.locations(self.places(id, data.args[0]).start) {
            if !is_number(location) {
                let found = self.as_type(location)?;
                if found == to || rtype.kind == Kind::Interface && self.implements(found, to) {
                    types.push(found);
                }
            }
        }
        types.sort_unstable();
        types.dedup();
        let known = types.len() <= MOST && types.iter().all(|&id| self.is_pointer(id));
        (types.is_empty() || finds_methods && known).then_some(types)
    }

    /// Whether an interface holds values of a type as they are: to put them there again costs nothing.
    fn is_pointer(&self, id: RTypeId) -> bool {
        self.program.rtypes[id].is_direct(&self.program.types)
    }
}

/// Puts comparisons with types in the place of assertions; returns what stands for which value.
pub(super) fn compare_types(program: &mut Program, id: FuncId, assertions: Vec<Asserted>) {
    for Asserted { block, inst, types } in assertions {
        let reprs: Vec<(RTypeId, Type)> = types.iter().map(|&id| (id, program.rtypes[id].repr)).collect();
        compare(&mut program.funcs[id], block, inst, &reprs);
    }
}

fn compare(func: &mut Func, block: Block, inst: Inst, types: &[(RTypeId, Type)]) {
    let data = func.insts[inst].clone();
    let (&Aux::Assert { from, to, .. } | &Aux::Convert { from, to }) = &data.aux else { return };
    let ty = func.ty(data.results[0]);
    let mut insts = Vec::new();
    let mut put = |op: Op, ty: Type, args: Vec<Value>, aux: Aux, results: &[Type]| -> Vec<Value> {
        let inst = func.make_inst(op, ty, args, aux, results, data.loc);
        insts.push(inst);
        func.insts[inst].results.to_vec()
    };
    let mut result = put(Op::Zero, ty, vec![], Aux::None, &[ty])[0];
    let mut found = put(Op::Iconst, Type::I1, vec![], Aux::Int(0), &[Type::I1])[0];
    for (at, &(id, repr)) in types.iter().enumerate() {
        let asserted = Aux::Assert { from, to: id, ok: true };
        let values = put(Op::TypeAssert, Type::VOID, vec![data.args[0]], asserted, &[repr, Type::I1]);
        let convert = Aux::Convert { from: id, to };
        let made = put(Op::MakeIface, ty, vec![values[0]], convert, &[ty])[0];
        result = put(Op::Select, ty, vec![values[1], made, result], Aux::None, &[ty])[0];
        found = match at {
            0 => values[1],
            _ => put(Op::Or, Type::I1, vec![values[1], found], Aux::None, &[Type::I1])[0],
        };
    }
    let place = func.blocks[block].insts.iter().position(|&other| other == inst);
    let Some(place) = place else { return };
    func.blocks[block].insts.splice(place..=place, insts);
    let mut replaced = ir::edit::Replacements::default();
    replaced.add(data.results[0], result);
    if let Some(&ok) = data.results.get(1) {
        replaced.add(ok, found);
    }
    replaced.apply(func);
}
