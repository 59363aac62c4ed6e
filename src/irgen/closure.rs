//! Function literals and func values: a func value points to a record `{code, captured...}`.

use ir::{Aux, Const, Func, FuncId, GlobalId, Type, Value, Values};
use syntax::ast::{ExprId, ExprKind};
use types::ObjId;

use crate::func::{FuncGen, Local};
use crate::program::{Gen, Origin};

impl<'c> FuncGen<'_, 'c, '_> {
    /// A function literal as a func value.
    pub fn func_lit(&mut self, e: ExprId) -> Value {
        let ExprKind::FuncLit { body, .. } = self.tree[e].kind else { return self.null() };
        let Some(lit) = self.info.func_lit(e).cloned() else {
            self.broken(self.tree[e].pos, "a function literal without facts");
            return self.null();
        };
        let ty = self.ty(e);
        let Some(sig) = self.g.signature(ty) else { return self.null() };
        let mut machine = self.g.machine_signature(None, &sig);
        machine.params.push(Type::PTR);
        let captures: Vec<(ObjId, Value, bool)> =
            lit.captures.iter().filter_map(|&obj| self.capture(obj)).collect();
        let name = self.child_name("func");
        let mut func = Func::new(name, machine);
        func.loc = self.loc;
        let id = self.g.add_func(func.clone());
        let outer = std::mem::replace(&mut self.g.current, Origin { from: Some(id) });
        let types: Vec<Type> = captures.iter().map(|&(_, value, _)| self.func.ty(value)).collect();
        let tys: Vec<_> = captures.iter().map(|(obj, _, _)| self.locals[obj].ty).collect();
        let mut f = FuncGen::new(
            &mut *self.g,
            self.tree,
            self.info,
            self.file.clone(),
            self.version,
            self.env.clone(),
            func,
        );
        f.id = Some(id);
        f.nobounds = self.nobounds;
        f.loc = self.loc;
        let ctx = *f.params().last().unwrap_or(&Value(0));
        let values = f.captured(&types, ctx);
        for (((obj, _, by_value), value), ty) in captures.iter().zip(values).zip(tys) {
            let addr = if *by_value {
                let repr = f.func.ty(value);
                let slot = f.alloc(repr);
                f.store_place(slot, value);
                slot
            } else {
                value
            };
            f.locals.insert(*obj, Local { addr, ty });
        }
        f.function(&lit.params, &lit.results, body);
        f.finish_as(id);
        self.g.current = outer;
        let values: Values = captures.into_iter().map(|(_, value, _)| value).collect();
        self.make_closure(id, values)
    }

    /// What a closure keeps of a variable: its value if nothing changes it any more, else its address.
    pub fn capture(&mut self, obj: ObjId) -> Option<(ObjId, Value, bool)> {
        let local = self.local(obj)?;
        let var = self.g.checker.store.obj(obj).var().copied()?;
        let by_value = !var.reassigned && !var.address_taken && var.kind != types::VarKind::Result;
        let value = if by_value { self.load_place(local.addr, local.ty) } else { local.addr };
        Some((obj, value, by_value))
    }

    /// Name of a function inside this one.
    pub fn child_name(&mut self, what: &str) -> String {
        self.children += 1;
        format!("{}.{what}{}", self.func.name, self.children)
    }

    /// A declared function as a func value.
    pub fn func_as_value(&mut self, e: ExprId, obj: ObjId) -> Value {
        let targs = self.instance_args(e);
        let id =
            if self.g.is_intrinsic(obj) { self.g.intrinsic_func(obj) } else { self.g.func_id(obj, &targs) };
        match id {
            Some(id) => {
                let global = self.g.func_value(id);
                self.b().global(global)
            }
            None => self.null(),
        }
    }
}

impl<'c> Gen<'c> {
    /// The constant record of a function used as a value.
    pub fn func_value(&mut self, id: FuncId) -> GlobalId {
        if let Some(&global) = self.func_values.get(&id) {
            return global;
        }
        let thunk = self.func_value_code(id);
        let global = self.closure_constant(thunk);
        self.func_values.insert(id, global);
        global
    }

    /// The code of a function used as a value: a thunk that drops the record.
    pub fn func_value_code(&mut self, id: FuncId) -> FuncId {
        let (name, sig) = (self.program.funcs[id].name.clone(), self.program.funcs[id].sig.clone());
        let mut with_ctx = sig.clone();
        with_ctx.params.push(Type::PTR);
        self.helper(format!("{name}$thunk"), with_ctx, |_, mut func| {
            let entry = func.add_block();
            let mut params = Vec::new();
            for ty in func.sig.params.clone() {
                params.push(func.add_param(entry, ty));
            }
            params.pop();
            let mut b = ir::builder::Builder::new(&mut func, entry);
            let results = b.call_op(ir::Op::Call, Aux::Func(id), &sig.results, params);
            b.ret(results);
            func
        })
    }

    /// The constant record `{code}` of a function that takes its record last and captures nothing.
    pub fn closure_constant(&mut self, id: FuncId) -> GlobalId {
        let name = format!("{}$value", self.program.funcs[id].name);
        if let Some(global) = self.program.global_named(&name) {
            return global;
        }
        let ty = self.program.types.structure(&[Type::CODE]);
        self.constant(&name, ty, Const::Aggregate(vec![Const::Code(id)]))
    }
}
