//! How package reflect calls functions and makes them: a table of trampolines per func type, made once the program
//! reaches `reflect.callsOf`.
//!
//! Values pass through a *frame*: a struct of the parameters followed by the results. For `func(int32, string) bool`:
//!
//! ```text
//! call(fn, frame)          loads the parameters from the frame, calls the func value fn, stores the results
//! method(code, recv, frame) the same for the code of a method in an interface's table, at *code, receiver word first
//! stub                     code of func values that reflect makes, {code, fn func(frame)}: the other way round
//! ```
//!
//! The table is `internal/abi.FuncCalls` of our overlay: `{descriptor, call, method, stub}`. Trampolines depend only on
//! the machine signature, so types of one shape share them.

use ir::{Aux, Const, GlobalId, Op, RTypeId, Signature, Type, Value};
use types::TypeId;

use crate::func::FuncGen;
use crate::method::build_plain;
use crate::program::Gen;

/// The function of package reflect that looks at the tables.
const READER: &str = "reflect.callsOf";

impl Gen<'_> {
    /// Whether package reflect can call functions.
    pub fn reflect_calls(&self) -> bool {
        self.is_reached(READER)
    }

    /// The table of a func type.
    pub fn func_calls(&mut self, ty: TypeId, id: RTypeId) -> Option<GlobalId> {
        let sig = self.signature(ty)?;
        let sig = self.machine_signature(None, &sig);
        let list =
            |g: &Self, tys: &[Type]| tys.iter().map(|&t| g.type_text(t)).collect::<Vec<_>>().join(", ");
        let shape = format!("({}) ({})", list(self, &sig.params), list(self, &sig.results));
        let mut fields = sig.params.clone();
        fields.extend(&sig.results);
        let frame = self.program.types.structure(&fields);

        let ptrs = |n: usize| Signature { params: vec![Type::PTR; n], results: vec![] };
        let by_call = {
            let sig = sig.clone();
            self.helper(format!("reflect$call{shape}"), ptrs(3), |g, func| {
                build_plain(g, func, |f| {
                    let params = f.params();
                    let mut operands = vec![params[0]];
                    operands.extend(f.from_frame(frame, params[1], &sig.params, 0));
                    f.g.needs(Op::CallClosure);
                    let aux = Aux::Signature(Box::new(sig.clone()));
                    let results = f.b().call_op(Op::CallClosure, aux, &sig.results, operands);
                    f.to_frame(frame, params[1], &results, sig.params.len());
                    f.b().ret([]);
                })
            })
        };
        let by_method = {
            let sig = sig.clone();
            self.helper(format!("reflect$method{shape}"), ptrs(4), |g, func| {
                build_plain(g, func, |f| {
                    let params = f.params();
                    let code = f.load(Type::CODE, params[0]);
                    let mut operands = vec![code, params[1]];
                    operands.extend(f.from_frame(frame, params[2], &sig.params, 0));
                    let mut with_recv = sig.clone();
                    with_recv.params.insert(0, Type::PTR);
                    let results = f.b().call_indirect(with_recv, operands);
                    f.to_frame(frame, params[2], &results, sig.params.len());
                    f.b().ret([]);
                })
            })
        };
        let stub = {
            let mut with_ctx = sig.clone();
            with_ctx.params.push(Type::PTR);
            self.helper(format!("reflect$stub{shape}"), with_ctx, |g, func| {
                build_plain(g, func, |f| {
                    let mut params = f.params();
                    let ctx = params.pop().unwrap_or(Value(0));
                    let place = f.alloc(frame);
                    f.to_frame(frame, place, &params, 0);
                    let record = f.g.program.types.structure(&[Type::CODE, Type::PTR]);
                    let at = f.field_addr(record, ctx, 1);
                    let receiver = f.load(Type::PTR, at);
                    f.g.needs(Op::CallClosure);
                    let sig_of_receiver = Signature { params: vec![Type::PTR], results: vec![] };
                    let aux = Aux::Signature(Box::new(sig_of_receiver));
                    f.b().call_op(Op::CallClosure, aux, &[], [receiver, place]);
                    let results = f.from_frame(frame, place, &sig.results, sig.params.len());
                    f.b().ret(results);
                })
            })
        };
        let (call, method) = (self.closure_constant(by_call), self.closure_constant(by_method));
        let ty = self.program.types.structure(&[Type::PTR, Type::PTR, Type::PTR, Type::CODE]);
        let name = format!("reflect$calls {}", self.program.rtypes[id].unique);
        let init = vec![Const::RType(id), Const::Addr(call, 0), Const::Addr(method, 0), Const::Code(stub)];
        Some(self.constant(&name, ty, Const::Aggregate(init)))
    }
}

impl FuncGen<'_, '_, '_> {
    /// Loads parts of a frame, from part `first` on.
    fn from_frame(&mut self, frame: Type, place: Value, types: &[Type], first: usize) -> Vec<Value> {
        let load = |(i, &ty): (usize, &Type)| {
            let at = self.field_addr(frame, place, (first + i) as u32);
            self.load(ty, at)
        };
        types.iter().enumerate().map(load).collect()
    }

    /// Stores parts of a frame, from part `first` on.
    fn to_frame(&mut self, frame: Type, place: Value, values: &[Value], first: usize) {
        for (i, &value) in values.iter().enumerate() {
            let at = self.field_addr(frame, place, (first + i) as u32);
            self.store(at, value);
        }
    }
}
