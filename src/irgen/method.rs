//! Methods: calls with their receivers, method values, method expressions, wrappers for promoted methods.

use std::sync::Arc;

use ir::{Aux, Func, FuncId, Op, Type, Value};
use source::{Name, Pos};
use syntax::ast::{ExprId, ExprKind, Tree};
use types::{
    FoundMethod, Info, Lookup, MethodLookup, PackageId, Selection, SelectionKind, Signature, TypeId, TypeKind,
};

use crate::call::Callee;
use crate::func::{Env, FuncGen};
use crate::program::Gen;
use crate::select_field::Operand;

impl<'c> FuncGen<'_, 'c, '_> {
    /// The method that `x.sel` denotes once type arguments are known.
    pub fn find_method(&mut self, recv: TypeId, selection: &Selection, sel: Name) -> Option<MethodLookup> {
        let pkg = self.method_package(selection, sel);
        match self.g.store().lookup_field_or_method(recv, pkg, sel) {
            Lookup::Method(found) => Some(found),
            _ => None,
        }
    }

    /// The package from which an unexported method name is looked up.
    fn method_package(&mut self, selection: &Selection, sel: Name) -> PackageId {
        if sel.is_exported() {
            return PackageId::UNIVERSE;
        }
        match selection.kind {
            SelectionKind::Method { obj } | SelectionKind::MethodExpr { obj } => {
                self.g.checker.store.obj(obj).pkg
            }
            _ => {
                // The holder of an interface method is the interface at the end of the path.
                let mut holder = selection.recv;
                for &index in selection.path.iter() {
                    let (base, _) = self.g.store().deref(holder);
                    if let TypeKind::Struct(fields) = self.g.under(base) {
                        holder = fields[index as usize].ty;
                    }
                }
                let (base, _) = self.g.store().deref(holder);
                let methods = self.g.store().type_set(base).methods.clone();
                methods.iter().find(|m| m.name == sel).map_or(PackageId::UNIVERSE, |m| m.pkg)
            }
        }
    }

    /// Callee and receiver of `x.sel(...)`.
    pub fn method_callee(
        &mut self,
        e: ExprId,
        x: ExprId,
        sel: Name,
        selection: &Selection,
        sig: &Signature,
    ) -> (Callee, Vec<Value>) {
        let recv_ty = self.ty(x);
        let Some(found) = self.find_method(recv_ty, selection, sel) else {
            self.broken(self.tree[e].pos, "a method that does not exist");
            let null = self.null();
            return (Callee::Closure(self.g.machine_signature(None, sig)), vec![null]);
        };
        let (operand, ty) = self.operand(x);
        let targs = self.instance_args(e);
        self.found_callee(&found, operand, ty, &targs, sig)
    }

    /// Callee and receiver of a found method; the operand is where the path starts.
    fn found_callee(
        &mut self,
        found: &MethodLookup,
        operand: Operand,
        ty: TypeId,
        own_targs: &[TypeId],
        sig: &Signature,
    ) -> (Callee, Vec<Value>) {
        let (operand, ty) = self.walk(operand, ty, &found.path);
        match found.method {
            FoundMethod::Interface(index) => {
                let (operand, ty) = self.deref_unless_interface(operand, ty);
                let value = self.operand_value(operand, ty);
                let sig = self.g.machine_signature(None, sig);
                (Callee::Method { iface: ty, index, sig }, vec![value])
            }
            FoundMethod::Declared(obj) => {
                let recv = self.receiver(obj, operand, ty);
                if self.g.is_intrinsic(obj) {
                    // Methods known to the compiler have no body to fall back to; none exists so far.
                    self.broken(Pos::NONE, "an intrinsic method");
                }
                match self.g.method_func(found.holder, obj, own_targs) {
                    Some(id) => (Callee::Func(id), vec![recv]),
                    None => {
                        let null = self.null();
                        (Callee::Closure(self.g.machine_signature(None, sig)), vec![null])
                    }
                }
            }
        }
    }

    fn deref_unless_interface(&mut self, operand: Operand, ty: TypeId) -> (Operand, TypeId) {
        if self.g.is_interface(ty) { (operand, ty) } else { self.deref(operand, ty) }
    }

    /// The receiver as the method wants it: address or value.
    fn receiver(&mut self, method: types::ObjId, operand: Operand, ty: TypeId) -> Value {
        let is_pointer = matches!(self.g.checker.store.kind(ty), TypeKind::Pointer(_));
        if self.g.store().has_pointer_receiver(method) {
            if is_pointer {
                return self.operand_value(operand, ty);
            }
            return match operand {
                Operand::Addr(addr) => addr,
                Operand::Value(value) => {
                    let repr = self.value_ty(value);
                    let slot = self.alloc(repr);
                    self.store_place(slot, value);
                    slot
                }
            };
        }
        let (operand, ty) = if is_pointer { self.deref(operand, ty) } else { (operand, ty) };
        self.operand_value(operand, ty)
    }

    /// `x.m` as a func value: the receiver is evaluated now (specification, "Method values").
    pub fn method_value(&mut self, e: ExprId, x: ExprId) -> Value {
        let Some(selection) = self.info.selection(e).cloned() else { return self.null() };
        let ExprKind::Selector { sel, .. } = self.tree[e].kind else { return self.null() };
        let Some(sig) = self.instantiated_signature(e) else { return self.null() };
        let (callee, operands) = self.method_callee(e, x, sel, &selection, &sig);
        if let Callee::Method { .. } = callee {
            // A nil interface panics here, not when the value is called.
            let table = self.extract(operands[0], 0);
            self.nil_check(table);
        }
        self.bound(callee, operands, &sig)
    }

    /// The signature of a method that is selected, of which a generic one has its arguments (`x.m[int]`).
    fn instantiated_signature(&mut self, e: ExprId) -> Option<std::sync::Arc<Signature>> {
        let ty = self.info.ty(e);
        let own = match self.g.checker.store.kind(ty) {
            TypeKind::Signature(sig) => sig.type_params.clone(),
            _ => Default::default(),
        };
        let ty = if own.is_empty() {
            self.ty(e)
        } else {
            let args = self.instance_args(e);
            let ty = self.g.store().subst(ty, &own, &args);
            self.subst(ty)
        };
        self.g.signature(ty)
    }

    /// A closure that calls `callee` with the given first operands.
    fn bound(&mut self, callee: Callee, operands: Vec<Value>, sig: &Signature) -> Value {
        let machine = self.g.machine_signature(None, sig);
        let results = self.g.param_types(&sig.results);
        let name = match &callee {
            Callee::Func(id) => format!("{}$bound", self.g.program.funcs[*id].name),
            Callee::Method { iface, index, .. } => {
                let name = self.g.type_key(*iface);
                format!("{name}.{index}$bound")
            }
            _ => return operands[0],
        };
        let captures: Vec<Type> = operands.iter().map(|&v| self.value_ty(v)).collect();
        let mut with_ctx = machine.clone();
        with_ctx.params.push(Type::PTR);
        let types = captures.clone();
        let id = self.g.helper(name, with_ctx, |g, func| {
            build_plain(g, func, |f| {
                let mut params = f.params();
                let ctx = params.pop().unwrap_or(ir::Value(0));
                let mut operands = f.captured(&types, ctx);
                operands.extend(params);
                let call = crate::call::Prepared { callee, operands, results };
                let values = f.perform(&call);
                f.b().ret(values);
            })
        });
        self.make_closure(id, operands)
    }

    /// `T.m` as a func value.
    pub fn method_expr(&mut self, e: ExprId) -> Value {
        match self.method_expr_func(e) {
            Some(id) => {
                let global = self.g.func_value(id);
                self.b().global(global)
            }
            None => self.null(),
        }
    }

    /// The function that `T.m` is, receiver first (specification, "Method expressions").
    pub fn method_expr_func(&mut self, e: ExprId) -> Option<FuncId> {
        let selection = self.info.selection(e).cloned()?;
        let ExprKind::Selector { sel, .. } = self.tree[e].kind else { return None };
        let recv = self.subst(selection.recv);
        let found = self.find_method(recv, &selection, sel)?;
        let targs = self.instance_args(e);
        self.g.method_expr_wrapper(recv, &found, sel, &targs)
    }
}

/// Builds a helper function that comes from no text.
pub(crate) fn build_plain<'c>(
    g: &mut Gen<'c>,
    func: Func,
    body: impl FnOnce(&mut FuncGen<'_, 'c, '_>),
) -> Func {
    let (tree, info) = (Tree::default(), Info::default());
    let file = g.any_file();
    let mut f = FuncGen::new(g, &tree, &info, file, (1, 26), std::rc::Rc::new(Env::default()), func);
    f.g.needs(Op::NilCheck);
    body(&mut f);
    f.finish()
}

impl<'c> Gen<'c> {
    /// The function of a declared method for a (closed) type that has it.
    pub fn method_func(&mut self, holder: TypeId, method: types::ObjId, own: &[TypeId]) -> Option<FuncId> {
        let mut targs: Vec<TypeId> = match self.checker.store.type_args_of(holder) {
            Some((_, args)) => args.to_vec(),
            None => Vec::new(),
        };
        targs.extend_from_slice(own);
        self.func_id(method, &targs)
    }

    /// A function that takes a value of type `recv` and calls the method found in it.
    pub fn method_expr_wrapper(
        &mut self,
        recv: TypeId,
        found: &MethodLookup,
        name: Name,
        targs: &[TypeId],
    ) -> Option<FuncId> {
        if let FoundMethod::Declared(obj) = found.method
            && found.path.is_empty()
            && self.receiver_is(obj, recv)
        {
            return self.method_func(found.holder, obj, targs);
        }
        let mut sig_ty = self.store().method_signature(found);
        if let TypeKind::Signature(sig) = self.checker.store.kind(sig_ty).clone() {
            sig_ty = self.store().subst(sig_ty, &sig.type_params, targs);
        }
        let sig_ty = self.canonical(sig_ty);
        let sig = self.signature(sig_ty)?;
        let machine = self.machine_signature(Some(recv), &sig);
        let recv_name = self.type_key(recv);
        let (found, targs) = (found.clone(), targs.to_vec());
        let suffix: String = targs.iter().map(|&t| format!("[{}]", self.type_key(t))).collect();
        let id = self.helper(format!("({recv_name}).{name}{suffix}"), machine, |g, func| {
            build_plain(g, func, |f| {
                let params = f.params();
                f.forward(&found, Operand::Value(params[0]), recv, &targs, &sig, &params[1..]);
            })
        });
        Some(id)
    }

    /// Whether a method's receiver has exactly this type.
    fn receiver_is(&mut self, method: types::ObjId, recv: TypeId) -> bool {
        let is_pointer = matches!(self.checker.store.kind(recv), TypeKind::Pointer(_));
        self.store().has_pointer_receiver(method) == is_pointer
    }

    /// The function that an interface's method table holds for a method of a concrete type: its receiver is the data
    /// word of the interface.
    pub fn interface_wrapper(&mut self, ty: TypeId, found: &MethodLookup, name: Name) -> Option<FuncId> {
        let repr = self.repr(ty);
        if let FoundMethod::Declared(obj) = found.method
            && found.path.is_empty()
            && repr == Type::PTR
            && self.receiver_is(obj, ty)
        {
            return self.method_func(found.holder, obj, &[]);
        }
        let sig_ty = self.store().method_signature(found);
        let sig_ty = self.canonical(sig_ty);
        let sig: Arc<Signature> = self.signature(sig_ty)?;
        let mut machine = self.machine_signature(None, &sig);
        machine.params.insert(0, Type::PTR);
        let rtype = self.rtype(ty);
        let direct = self.program.rtypes[rtype].is_direct(&self.program.types);
        let type_name = self.type_key(ty);
        let found = found.clone();
        let id = self.helper(format!("({type_name}).{name}$iface"), machine, |g, func| {
            build_plain(g, func, |f| {
                let params = f.params();
                let operand = if direct {
                    Operand::Value(f.unpack_direct(params[0], repr))
                } else {
                    Operand::Addr(params[0])
                };
                f.forward(&found, operand, ty, &[], &sig, &params[1..]);
            })
        });
        Some(id)
    }

    /// Some source file, for functions that come from no text.
    pub fn any_file(&self) -> Arc<source::SourceFile> {
        self.files.file(source::FileId(0))
    }
}

impl FuncGen<'_, '_, '_> {
    /// Calls a found method with these parameters and returns its results.
    fn forward(
        &mut self,
        found: &MethodLookup,
        operand: Operand,
        ty: TypeId,
        targs: &[TypeId],
        sig: &Signature,
        params: &[Value],
    ) {
        let (callee, mut operands) = self.found_callee(found, operand, ty, targs, sig);
        operands.extend_from_slice(params);
        let results = self.g.param_types(&sig.results);
        let call = crate::call::Prepared { callee, operands, results };
        let values = self.perform(&call);
        self.b().ret(values);
    }

    /// A value that fills an interface's data word, from that word.
    fn unpack_direct(&mut self, word: Value, repr: Type) -> Value {
        if repr == Type::PTR {
            return word;
        }
        let inner = self.part_type(repr, 0);
        let part = self.unpack_direct(word, inner);
        self.aggregate(repr, [part])
    }

    /// The captured values of a closure, from its record.
    pub fn captured(&mut self, types: &[Type], ctx: Value) -> Vec<Value> {
        let mut fields = vec![Type::CODE];
        fields.extend_from_slice(types);
        let record = self.g.program.types.structure(&fields);
        types
            .iter()
            .enumerate()
            .map(|(i, &ty)| {
                let addr = self.field_addr(record, ctx, i as u32 + 1);
                self.load(ty, addr)
            })
            .collect()
    }

    /// A func value of a function that takes its record last.
    pub fn make_closure(&mut self, id: FuncId, captures: impl AsRef<[Value]>) -> Value {
        let captures = captures.as_ref();
        if captures.is_empty() {
            let global = self.g.closure_constant(id);
            return self.b().global(global);
        }
        self.g.needs(Op::MakeClosure);
        self.op_value(Op::MakeClosure, Type::PTR, captures, Aux::Func(id))
    }
}
