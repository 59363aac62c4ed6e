//! Function declarations, receivers, bodies, function literals.

use crate::Checker;
use crate::ctx::{Ctx, FuncState, LateLiteral};
use crate::delayed::Delayed;
use crate::info::{BodyInfo, FileRef, FuncLitInfo, Info};
use crate::object::{ObjId, ObjKind, Receiver, VarKind};
use crate::operand::Operand;
use crate::package::PackageId;
use crate::ty::*;
use source::{Diagnostic, Name, Pos};
use std::sync::Arc;
use syntax::ast::{ExprId, ExprKind, Field as AstField, FieldList, FuncDecl, StmtId};

/// A receiver as declared.
pub(crate) struct RecvType {
    pub base: TypeId,
    pub pointer: bool,
    pub ty: TypeId,
}

impl Ctx<'_> {
    /// Specification: "Function declarations", "Method declarations".
    pub fn func_decl(&mut self, obj: ObjId, decl: &FuncDecl) {
        let ExprKind::FuncType { params, results } = self.tree[decl.ty].kind else { return };
        self.open_scope();
        let outer_names = self.c.store.receiver_names.len();
        let mut names: Vec<(Name, Pos)> = Vec::new();
        if let Some(recv) = decl.recv {
            let receiver = self.receiver(&recv, true);
            self.receiver_type_params(&recv, &mut names);
            if let ObjKind::Func(f) = &mut self.c.store.obj_mut(obj).kind {
                f.recv = Some(Receiver { base: receiver.base, pointer: receiver.pointer });
            }
        }
        let mut tparams: Arc<[TypeId]> = Arc::default();
        if !decl.type_params.is_empty() {
            let pos = self.tree[decl.name].pos;
            let first = self.tree.fields(decl.type_params).first().and_then(|f| f.name);
            let pos = first.map_or(pos, |e| self.tree[e].pos);
            let is_entry = self.ident(decl.name).is_some_and(|n| n.name == Name::INIT);
            for field in self.tree.fields(decl.type_params) {
                if let Some(ident) = field.name.and_then(|e| self.ident(e)).filter(|n| !n.name.is_blank()) {
                    names.push((ident.name, ident.pos));
                }
            }
            if is_entry {
                // It may have none, which is reported.
            } else if decl.recv.is_some() {
                self.require((1, 27), pos, |_| "generic method".to_owned());
            } else {
                self.require((1, 18), pos, |_| "type parameter".to_owned());
            }
            tparams = self.declare_type_params(decl.type_params);
            // Its own signature may mention it.
            let (params, results) = (Arc::default(), Arc::default());
            let sig = Signature { type_params: tparams.clone(), params, results, variadic: false };
            self.c.store.obj_mut(obj).ty = self.c.store.intern(TypeKind::Signature(Arc::new(sig)));
            self.type_param_bounds(decl.type_params, &tparams);
            if !decl.has_body() {
                let pos = self.tree[decl.name].pos;
                self.error(pos, "generic function is missing function body");
            }
        }
        if let Some(ident) = decl.recv.and_then(|r| r.name).and_then(|e| self.ident(e)) {
            self.check_parameter_name(ident.name, ident.pos, &mut names);
        }
        let sig = self.signature(params, results, tparams, &mut names);
        self.c.store.receiver_names.truncate(outer_names);
        self.close_scope();
        let ty = self.c.store.intern(TypeKind::Signature(Arc::new(sig)));
        self.record_type(decl.ty, ty);
        self.c.store.obj_mut(obj).ty = ty;
    }

    /// The names that a receiver gives the type parameters of its type.
    fn receiver_type_params(&mut self, recv: &AstField, names: &mut Vec<(Name, Pos)>) {
        let mut e = self.tree.unparen(recv.ty);
        if let ExprKind::Star(x) = self.tree[e].kind {
            e = self.tree.unparen(x);
        }
        let ExprKind::Index { args, .. } = self.tree[e].kind else { return };
        for &arg in self.tree.exprs(args) {
            if let Some(ident) = self.ident(arg) {
                self.check_parameter_name(ident.name, ident.pos, names);
            }
        }
    }

    /// The type of a receiver; its type parameters are entered into the scope: they *are* those of the base type,
    /// under the names that the receiver gives them.
    pub fn receiver(&mut self, recv: &AstField, report: bool) -> RecvType {
        let errors = self.c.errors.len();
        let result = self.receiver_type(recv);
        if !report {
            self.c.errors.truncate(errors);
        }
        result
    }

    /// Declares the type parameters that a receiver names although its type has none, so that their uses are not
    /// reported, too.
    fn declare_stray_params(&mut self, args: &[ExprId]) {
        for (i, &arg) in args.iter().enumerate() {
            let Some(ident) = self.ident(arg).filter(|ident| !ident.name.is_blank()) else { continue };
            let obj = self.new_object(ident.name, ident.pos, TypeId::INVALID, ObjKind::TypeName);
            let ty = self.c.store.new_type_param(obj, i as u32, TypeId::INVALID);
            self.c.store.obj_mut(obj).ty = ty;
            self.locals.push((ident.name, obj));
        }
    }

    fn receiver_type(&mut self, recv: &AstField) -> RecvType {
        let invalid = |pointer| RecvType { base: TypeId::INVALID, pointer, ty: TypeId::INVALID };
        let mut e = self.tree.unparen(recv.ty);
        let mut pointer = false;
        if let ExprKind::Star(x) = self.tree[e].kind {
            pointer = true;
            e = self.tree.unparen(x);
        }
        let start = self.tree.start(e);
        let (base_expr, args) = match self.tree[e].kind {
            ExprKind::Index { x, args, .. } => (x, self.tree.exprs(args)),
            _ => (e, &[][..]),
        };
        if let ExprKind::Star(_) = self.tree[base_expr].kind {
            let text = self.es(recv.ty);
            self.error(start, format!("invalid receiver type {text}"));
            return invalid(pointer);
        }
        let base = self.generic_type(base_expr);
        if base.is_invalid() {
            self.declare_stray_params(args);
            return invalid(pointer);
        }
        if self.bad_receiver_alias(base, !args.is_empty(), start) {
            return invalid(pointer);
        }
        let mut written = base;
        let mut base = self.c.store.unalias(base);
        if let (&TypeKind::Pointer(elem), false) = (self.c.store.kind(base), pointer) {
            // An alias of a pointer to the type.
            pointer = true;
            base = self.c.store.unalias(elem);
            written = elem;
        }
        if base.is_invalid() {
            self.declare_stray_params(args);
            return invalid(pointer);
        }
        let tparams =
            self.c.store.named(base).filter(|n| !n.implicit).map(|n| n.tparams.clone()).unwrap_or_default();
        if args.is_empty() && !tparams.is_empty() {
            let name = self.c.store.generic_type_string(base, crate::Qualify::Relative(self.pkg));
            self.error(start, format!("cannot use generic type {name} without instantiation"));
            return invalid(pointer);
        }
        if args.len() != tparams.len() {
            let (have, want) = (args.len(), tparams.len());
            let message = if want == 0 {
                format!("{} is not a generic type", self.ts(base))
            } else {
                let have = crate::assign::measure(have, "type parameter");
                format!("receiver declares {have}, but receiver base type declares {want}")
            };
            self.error(start, message);
            self.declare_stray_params(args);
            return invalid(pointer);
        }
        if !args.is_empty() {
            self.require((1, 18), start, |_| "type instantiation".to_owned());
        }
        for (&arg, &tparam) in args.iter().zip(tparams.iter()) {
            let (Some(ident), Some(obj)) = (self.ident(arg), self.c.store.type_param(tparam).map(|p| p.obj))
            else {
                let text = self.es(arg);
                self.error_at(arg, format!("receiver type parameter {text} must be an identifier"));
                continue;
            };
            self.record_object(arg, obj);
            self.record_type(arg, tparam);
            self.c.store.receiver_names.push((tparam, ident.name, ident.pos));
            if !ident.name.is_blank() {
                self.locals.push((ident.name, obj));
            }
        }
        self.record_type(e, base);
        let valid = self.valid_receiver(base, written, recv, start);
        let ty = if pointer { self.c.store.pointer(base) } else { base };
        if !valid {
            // The body is checked with it all the same.
            return RecvType { base: TypeId::INVALID, pointer, ty };
        }
        self.record_type(recv.ty, ty);
        RecvType { base, pointer, ty }
    }

    /// Reports a receiver that is a generic alias, or an alias of an instance of a generic type.
    fn bad_receiver_alias(&mut self, mut t: TypeId, has_args: bool, pos: Pos) -> bool {
        if has_args && self.c.store.alias(t).is_some() && self.c.store.is_generic(t) {
            let name = self.c.store.generic_type_string(t, crate::Qualify::Relative(self.pkg));
            self.error(pos, format!("cannot define new methods on generic alias type {name}"));
            return true;
        }
        while let Some(alias) = self.c.store.alias(t) {
            t = alias.target;
            while let &TypeKind::Pointer(elem) = self.c.store.spelled_kind(t) {
                t = elem;
            }
            let alias_args = self.c.store.alias(t).is_some_and(|a| !a.targs.is_empty());
            if alias_args || self.c.store.named(t).is_some_and(|n| !n.targs.is_empty()) {
                let name = self.ts(t);
                self.error(pos, format!("cannot define new methods on instantiated type {name}"));
                return true;
            }
        }
        false
    }

    /// `written` is the base type under the name that it has in the receiver, maybe an alias.
    fn valid_receiver(&mut self, base: TypeId, written: TypeId, recv: &AstField, pos: Pos) -> bool {
        let name = self.ts(written);
        let Some(named) = self.c.store.named(base) else {
            let message = match self.c.store.kind(base) {
                TypeKind::Basic(_) => format!("cannot define new methods on non-local type {name}"),
                _ => format!("invalid receiver type {}", self.es(recv.ty)),
            };
            if !name.contains("invalid type") {
                self.error(pos, message);
            }
            return false;
        };
        if named.origin != base {
            self.error(pos, format!("cannot define new methods on instantiated type {name}"));
            return false;
        }
        if self.c.store.obj(named.obj).pkg != self.pkg {
            self.error(pos, format!("cannot define new methods on non-local type {name}"));
            return false;
        }
        let bad = match self.c.store.underlying_kind(base) {
            TypeKind::Pointer(_) | TypeKind::Interface(_) => " (pointer or interface type)",
            TypeKind::Basic(Basic::UnsafePointer) => " (unsafe.Pointer)",
            _ => return true,
        };
        self.error(pos, format!("invalid receiver type {name}{bad}"));
        false
    }

    // ------------------------------------------------------------------------------------------------------ bodies

    /// Enters parameters or results into the scope as variables.
    fn declare_params(&mut self, fields: FieldList, types: &[Param], kind: VarKind) -> Vec<ObjId> {
        let fields = self.tree.fields(fields);
        let mut objs = Vec::with_capacity(types.len());
        for (field, param) in fields.iter().zip(types) {
            objs.push(self.declare_param(field, param.ty, kind));
        }
        objs
    }

    fn declare_param(&mut self, field: &AstField, ty: TypeId, kind: VarKind) -> ObjId {
        match field.name.and_then(|e| Some((e, self.ident(e)?))) {
            Some((e, ident)) => {
                let obj = self.new_local(e, ident.name, ty, kind);
                // Of two with one name, which is reported with the signature, the first one counts.
                let mark = self.marks.last().copied().unwrap_or(0);
                if !ident.name.is_blank() && !self.locals[mark..].iter().any(|l| l.0 == ident.name) {
                    self.locals.push((ident.name, obj));
                }
                obj
            }
            None => {
                let pos = self.tree.start(field.ty);
                let var = crate::object::Var::new(kind, self.func_depth());
                self.new_object(Name::EMPTY, pos, ty, ObjKind::Var(var))
            }
        }
    }

    /// Specification: "Function literals".
    pub fn func_lit(&mut self, e: ExprId, ty: ExprId) -> Operand {
        let sig = self.typ(ty);
        if sig.is_invalid() {
            return Operand::invalid(e);
        }
        if self.funcs.is_empty() {
            // At package level bodies wait: they may use what is being declared.
            let (pkg, file, decl, iota) = (self.pkg, self.file, self.decl, self.iota);
            self.c.delayed.push(Delayed::FuncLit { pkg, file, lit: e, sig, decl, iota });
        } else if self.local_types > 0 {
            let (locals, marks) = (self.locals.clone(), self.marks.clone());
            self.late_literals.push(LateLiteral { lit: e, sig, locals, marks });
        } else {
            self.func_lit_body(e, sig);
        }
        Operand::value(sig, e)
    }

    /// Checks the bodies that waited for local types.
    pub fn check_late_literals(&mut self) {
        for LateLiteral { lit, sig, locals, marks } in std::mem::take(&mut self.late_literals) {
            let outer =
                (std::mem::replace(&mut self.locals, locals), std::mem::replace(&mut self.marks, marks));
            self.func_lit_body(lit, sig);
            (self.locals, self.marks) = outer;
        }
    }

    pub fn func_lit_body(&mut self, e: ExprId, sig_ty: TypeId) {
        let ExprKind::FuncLit { ty, body } = self.tree[e].kind else { return };
        let ExprKind::FuncType { params, results } = self.tree[ty].kind else { return };
        let Some(sig) = self.c.store.signature(sig_ty) else { return };
        self.open_scope();
        self.funcs.push(FuncState {
            results: sig.results.clone(),
            result_objs: Vec::new(),
            captures: Vec::new(),
        });
        let params = self.declare_params(params, &sig.params, VarKind::Param);
        let results = self.declare_params(results, &sig.results, VarKind::Result);
        if let Some(f) = self.funcs.last_mut() {
            f.result_objs = results.clone();
        }
        let outer = (std::mem::take(&mut self.targets), self.has_call_or_recv);
        self.func_block(body, !sig.results.is_empty());
        (self.targets, self.has_call_or_recv) = outer;
        let state = self.funcs.pop();
        self.close_scope();
        let captures = state.map(|s| s.captures).unwrap_or_default();
        let info = FuncLitInfo { sig: Some(sig_ty), params, results, captures };
        self.facts().func_lits.insert(e, info);
    }

    /// The block of a function: statements, labels, the missing return.
    fn func_block(&mut self, body: StmtId, has_results: bool) {
        let (stmts, rbrace) = self.tree.block(body);
        let stmts = stmts.to_vec();
        self.stmt_list(&stmts);
        self.goto_targets(body);
        if has_results && !self.is_terminating_list(&stmts) {
            self.error(rbrace, "missing return");
        }
    }

    /// Reports the variables declared so far that nothing reads.
    pub fn report_unused(&mut self) {
        for obj in std::mem::take(&mut self.declared) {
            if self.c.is_unused_var(obj) {
                let object = self.c.store.obj(obj);
                let (name, pos) = (object.name, object.pos);
                if !name.is_blank() {
                    self.c.error(pos, format!("declared and not used: {name}"));
                }
            }
        }
    }
}

/// Checks the body of a declared function.
pub(crate) fn func_body(c: &mut Checker, func: ObjId) -> BodyInfo {
    let outer_names = c.store.receiver_names.len();
    let body = checked_body(c, func);
    c.store.receiver_names.truncate(outer_names);
    body
}

fn checked_body(c: &mut Checker, func: ObjId) -> BodyInfo {
    c.resolve(func);
    let object = c.store.obj(func);
    let (pkg, sig_ty) = (object.pkg, object.ty);
    let Some(&f) = object.func() else { return empty_body(c, pkg) };
    let (file, facts) = {
        let f = &c.store.package(pkg).files[f.file as usize];
        (f.file.clone(), f.info)
    };
    let decl = file.func(f.decl);
    let mut body = BodyInfo {
        info: Info::default(),
        file: FileRef(file.clone()),
        decl: f.decl,
        recv: None,
        params: Vec::new(),
        results: Vec::new(),
    };
    let Some(sig) = c.store.signature(sig_ty) else { return body };
    let source = c.files.file(file.id);
    let parsed = decl.body(&source.bytes);
    let since = c.delayed.len();

    // Parameters stand in the file's tree, the body in its own: the scope goes from one context to the other.
    let mut outer = Ctx::new(c, &file.tree, facts, (pkg, f.file), Some(func));
    outer.open_scope();
    outer.funcs.push(FuncState {
        results: sig.results.clone(),
        result_objs: Vec::new(),
        captures: Vec::new(),
    });
    let mut tparams: Vec<TypeId> = Vec::new();
    if let Some(recv) = decl.recv {
        let receiver = outer.receiver(&recv, false);
        if let Some(named) = outer.c.store.named(receiver.base) {
            tparams.extend(named.tparams.iter());
        }
        body.recv = Some(outer.declare_param(&recv, receiver.ty, VarKind::Receiver));
    }
    for &tparam in sig.type_params.iter() {
        if let Some(obj) = outer.c.store.type_param(tparam).map(|p| p.obj) {
            let name = outer.c.store.obj(obj).name;
            if !name.is_blank() {
                outer.locals.push((name, obj));
            }
            tparams.push(tparam);
        }
    }
    if let ExprKind::FuncType { params, results } = file.tree[decl.ty].kind {
        body.params = outer.declare_params(params, &sig.params, VarKind::Param);
        body.results = outer.declare_params(results, &sig.results, VarKind::Result);
    }
    let (locals, marks, mut funcs) = (outer.locals, outer.marks, outer.funcs);
    let Some(parsed) = parsed else { return body };
    for error in &parsed.errors {
        c.report(Diagnostic::clone(error));
    }
    if !parsed.errors.is_empty() {
        return body;
    }
    if let Some(f) = funcs.last_mut() {
        f.result_objs = body.results.clone();
    }
    let info = c.add_info(Info::for_tree(&parsed.tree));
    let mut cx = Ctx::new(c, &parsed.tree, info, (pkg, f.file), Some(func));
    (cx.locals, cx.marks, cx.funcs, cx.tparams) = (locals, marks, funcs, tparams.into());
    cx.func_block(parsed.block, !sig.results.is_empty());
    cx.report_unused();
    c.process_delayed(since);
    body.info = c.take_info(info);
    body
}

fn empty_body(c: &Checker, pkg: PackageId) -> BodyInfo {
    let file = c.store.package(pkg).files[0].file.clone();
    BodyInfo {
        info: Info::default(),
        file: FileRef(file),
        decl: syntax::ast::FuncId(0),
        recv: None,
        params: Vec::new(),
        results: Vec::new(),
    }
}
