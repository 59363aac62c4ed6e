//! Selectors (specification: "Selectors", "Method values", "Method expressions", "Qualified identifiers").

use crate::ctx::Ctx;
use crate::info::{Selection, SelectionKind};
use crate::lookup::{FoundMethod, Lookup, MethodLookup, Miss};
use crate::object::ObjKind;
use crate::operand::{OpMode, Operand};
use crate::package::PackageId;
use crate::ty::*;
use source::{Name, Pos};
use std::sync::Arc;
use syntax::ast::{ExprId, ExprKind};

impl Ctx<'_> {
    pub fn selector(&mut self, e: ExprId, inner: ExprId, sel: Name, want_type: bool) -> Operand {
        if let Some(imported) = self.package_name(inner) {
            return self.qualified_ident(e, imported, sel);
        }
        let x = self.expr_or_type(inner, false);
        if x.is_invalid() {
            return Operand::invalid(e);
        }
        let pos = self.tree[e].pos;
        if let OpMode::Builtin(_) = x.mode {
            // At the dot, which stands behind a name.
            let (what, name) = (self.os(&x), self.es(inner));
            let dot = Pos(self.tree.start(inner).0 + name.len() as u32);
            self.error(dot, format!("invalid use of {what} in selector expression"));
            return Operand::invalid(e);
        }
        if !self.is_complete(x.ty) {
            return Operand::invalid(e);
        }
        if want_type {
            let text = self.es(e);
            self.error(pos, format!("{text} is not a type"));
            return Operand::invalid(e);
        }
        let base = self.c.store.pointer_elem(x.ty);
        if base.is_some_and(|base| !self.is_complete(base)) {
            return Operand::invalid(e);
        }
        if x.mode == OpMode::Type && self.c.store.is_generic(x.ty) && self.applied_generic != Some(x.ty) {
            let name = self.c.store.generic_type_string(x.ty, crate::Qualify::Relative(self.pkg));
            self.error_at(inner, format!("cannot use generic type {name} without instantiation"));
            return Operand::invalid(e);
        }
        match self.c.store.lookup_field_or_method(x.ty, self.pkg, sel) {
            Lookup::Field { path, ty, indirect } => self.field(e, x, sel, path, ty, indirect),
            Lookup::Method(found) => self.method(e, inner, x, sel, &found),
            Lookup::Ambiguous => {
                let text = self.es(inner);
                self.error(pos, format!("ambiguous selector {text}.{sel}"));
                Operand::invalid(e)
            }
            Lookup::NotFound => {
                let u = self.c.store.underlying(x.ty);
                if !u.is_invalid() {
                    let (text, why) = (self.es(inner), self.lookup_error(x.ty, sel));
                    self.error(pos, format!("{text}.{sel} undefined ({why})"));
                }
                Operand::invalid(e)
            }
        }
    }

    /// The package that a name denotes, if it does; marks the import as used.
    fn package_name(&mut self, e: ExprId) -> Option<PackageId> {
        let ExprKind::Name(name) = self.tree[e].kind else { return None };
        let obj = self.lookup(name)?;
        let ObjKind::PackageName { imported, used } = &mut self.c.store.obj_mut(obj).kind else {
            return None;
        };
        *used = true;
        let imported = *imported;
        self.record_object(e, obj);
        Some(imported)
    }

    fn qualified_ident(&mut self, e: ExprId, imported: PackageId, sel: Name) -> Operand {
        let pos = self.tree[e].pos;
        let package = self.c.store.package(imported);
        if package.fake {
            return Operand::invalid(e);
        }
        match package.lookup(sel) {
            Some(obj) if sel.is_exported() => {
                self.record_object(e, obj);
                self.applied_generic = None;
                self.c.resolve(obj);
                self.object_operand(e, obj)
            }
            found => {
                let found = found.filter(|&obj| crate::exported::reaches(self.c, imported, obj));
                let package = self.c.store.package(imported);
                let folded = sel.as_str().to_lowercase();
                let similar = package
                    .objects
                    .iter()
                    .map(|&o| self.c.store.obj(o).name)
                    .find(|n| n.is_exported() && n.as_str().to_lowercase() == folded);
                let (text, name) = (self.es(e), package.name);
                let message = match (similar, found) {
                    (_, Some(_)) => format!("name {sel} not exported by package {name}"),
                    (Some(other), None) => format!("undefined: {text} (but have {other})"),
                    (None, None) => format!("undefined: {text}"),
                };
                self.error(pos, message);
                Operand::invalid(e)
            }
        }
    }

    fn field(
        &mut self,
        e: ExprId,
        x: Operand,
        sel: Name,
        path: Arc<[u32]>,
        ty: TypeId,
        indirect: bool,
    ) -> Operand {
        if x.mode == OpMode::Type {
            let name = self.ts(x.ty);
            self.error_at(x.expr, format!("operand for field selector {sel} must be value of type {name}"));
            return Operand::invalid(e);
        }
        let selection = Selection { kind: SelectionKind::Field, recv: x.ty, path, indirect, ty };
        self.facts().selections.insert(e, selection);
        let mode = if x.mode == OpMode::Variable || indirect { OpMode::Variable } else { OpMode::Value };
        Operand::new(mode, ty, e)
    }

    fn method(&mut self, e: ExprId, inner: ExprId, x: Operand, sel: Name, found: &MethodLookup) -> Operand {
        let pos = self.tree[e].pos;
        let is_type = x.mode == OpMode::Type;
        if let FoundMethod::Declared(obj) = found.method {
            self.c.resolve(obj);
            if self.c.store.obj(obj).pkg == self.pkg {
                self.depend_on(obj);
            }
            if self.c.store.has_pointer_receiver(obj) && !found.indirect {
                if is_type {
                    let name = self.ts(x.ty);
                    let message = format!(
                        "invalid method expression {name}.{sel} (needs pointer receiver (*{name}).{sel})"
                    );
                    self.error(pos, message);
                    return Operand::invalid(e);
                }
                if x.mode != OpMode::Variable {
                    let name = self.ts(x.ty);
                    self.error(pos, format!("cannot call pointer method {sel} on {name}"));
                    return Operand::invalid(e);
                }
                self.mark_address_taken(inner);
            }
        }
        let sig = self.c.store.method_signature(found);
        let sig = self.generic_method(sig, found);
        let kind = match (found.method, is_type) {
            (FoundMethod::Declared(obj), false) => SelectionKind::Method { obj },
            (FoundMethod::Declared(obj), true) => SelectionKind::MethodExpr { obj },
            (FoundMethod::Interface(index), false) => SelectionKind::InterfaceMethod { index },
            (FoundMethod::Interface(index), true) => SelectionKind::InterfaceMethodExpr { index },
        };
        let selection =
            Selection { kind, recv: x.ty, path: found.path.clone(), indirect: found.indirect, ty: sig };
        self.facts().selections.insert(e, selection);
        if sig.is_invalid() {
            return Operand::invalid(e);
        }
        let ty = if is_type { self.with_receiver(sig, x.ty, found) } else { sig };
        Operand::value(ty, e)
    }

    /// The constraints of a generic method's own type parameters may mention those of its receiver.
    fn generic_method(&mut self, ty: TypeId, found: &MethodLookup) -> TypeId {
        let Some(sig) = self.c.store.signature(ty).filter(|s| !s.type_params.is_empty()) else { return ty };
        let Some((params, args)) = self.c.store.type_args_of(found.holder) else { return ty };
        let fresh = self.rename_type_params(&sig.type_params);
        for &t in &fresh {
            if let Some(bound) = self.c.store.type_param(t).map(|p| p.bound) {
                let bound = self.c.store.subst(bound, &params, &args);
                self.c.store.set_bound(t, bound);
            }
        }
        let mut renamed = self.c.store.subst_signature(&sig, &sig.type_params, &fresh);
        renamed.type_params = fresh.into();
        self.c.store.intern(TypeKind::Signature(Arc::new(renamed)))
    }

    /// The function type of a method expression: the receiver is the first parameter.
    fn with_receiver(&mut self, sig: TypeId, recv: TypeId, found: &MethodLookup) -> TypeId {
        let Some(sig) = self.c.store.signature(sig) else { return TypeId::INVALID };
        // Named parameters need a name for the receiver, too.
        let name = match sig.params.first() {
            Some(p) if !p.name.is_empty() => self.receiver_name(found).unwrap_or(Name::BLANK),
            _ => Name::EMPTY,
        };
        let params = std::iter::once(Param { name, ty: recv }).chain(sig.params.iter().cloned()).collect();
        self.c.store.intern(TypeKind::Signature(Arc::new(Signature { params, ..(*sig).clone() })))
    }

    /// The name of the receiver of a declared method.
    fn receiver_name(&self, found: &MethodLookup) -> Option<Name> {
        let FoundMethod::Declared(obj) = found.method else { return None };
        let object = self.c.store.obj(obj);
        let func = object.func()?;
        let file = &self.c.store.package(object.pkg).files[func.file as usize].file;
        match file.tree[file.func(func.decl).recv?.name?].kind {
            ExprKind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// Why a selector finds nothing.
    fn lookup_error(&mut self, ty: TypeId, sel: Name) -> String {
        let name = self.ts(ty);
        let elem = self.c.store.pointer_elem(ty);
        let (base, is_pointer) = (elem.unwrap_or(ty), elem.is_some());
        if is_pointer && self.c.store.is_interface(base) {
            return format!("type {name} is pointer to interface, not interface");
        }
        if is_pointer && self.c.store.is_type_param(base) {
            return format!("type {name} is pointer to type parameter, not type parameter");
        }
        let pkg = self.pkg;
        let near = self.c.store.lookup_ignoring_case(ty, sel, pkg);
        let Some((near, kind)) = near.and_then(|n| Some((n, n.kind(sel, pkg)?))) else {
            return format!("type {name} has no field or method {sel}");
        };
        let (what, other) = (if near.is_field { "field" } else { "method" }, near.name);
        match kind {
            Miss::Misspelled => {
                format!("type {name} has no field or method {sel}, but does have {what} {other}")
            }
            Miss::Unexported => {
                format!("type {name} has no field or method {sel}, but does have unexported {what} {other}")
            }
            Miss::Inaccessible => format!("cannot refer to unexported {what} {other}"),
        }
    }
}
