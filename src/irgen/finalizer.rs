//! `runtime.SetFinalizer(obj, f)`: the runtime gets a function that takes the object's address, whatever f takes.
//!
//! Package os sets finalizers that close forgotten files. They would bring goroutines into every program that has a
//! standard output, so calls there do nothing: such files stay open until the program ends.

use ir::{Aux, Op, Signature, Type, Value};
use syntax::ast::ExprId;
use types::TypeKind;

use crate::func::FuncGen;
use crate::method::build_plain;

impl FuncGen<'_, '_, '_> {
    pub fn set_finalizer(&mut self, call: ExprId) {
        if self.func.name.starts_with("os.") {
            return;
        }
        let args = self.call_args(call).to_vec();
        let [object, finalizer] = args[..] else { return };
        let object_ty = self.ty(object);
        let value = self.expr(object);
        let object = if self.g.is_interface(object_ty) { self.extract(value, 1) } else { value };
        if self.value_ty(object) != Type::PTR {
            return self.error(self.tree[call].pos, "runtime.SetFinalizer: first argument is not a pointer");
        }
        let ty = self.ty(finalizer);
        let function = match self.g.under(ty) {
            TypeKind::Signature(sig) if sig.params.len() == 1 => {
                let value = self.expr(finalizer);
                self.finalizer_thunk(&sig, object_ty, value)
            }
            // nil, or a function whose type only the running program knows, which is not supported.
            _ => {
                self.effect(finalizer);
                self.null()
            }
        };
        self.rt("runtime.setFinalizer", [object, function]);
    }

    /// A closure that calls a finalizer with the object in the form of its parameter.
    fn finalizer_thunk(&mut self, sig: &types::Signature, object_ty: types::TypeId, value: Value) -> Value {
        let machine = self.g.machine_signature(None, sig);
        let param = self.g.param_types(&sig.params)[0];
        let name = format!("runtime$finalizer {} {}", self.g.type_key(object_ty), self.g.type_key(param));
        let results: Vec<String> = machine.results.iter().map(|&ty| self.g.type_text(ty)).collect();
        let thunk = Signature { params: vec![Type::PTR; 2], results: vec![] };
        let id = self.g.helper(format!("{name} ({})", results.join(", ")), thunk, |g, func| {
            build_plain(g, func, |f| {
                let params = f.params();
                let function = f.captured(&[Type::PTR], params[1])[0];
                let argument = f.assign_conv(params[0], object_ty, param);
                f.g.needs(Op::CallClosure);
                let aux = Aux::Signature(Box::new(machine.clone()));
                f.b().call_op(Op::CallClosure, aux, &machine.results, [function, argument]);
                f.b().ret([]);
            })
        });
        self.make_closure(id, vec![value])
    }
}
