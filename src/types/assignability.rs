//! Assignability and implementation of interfaces (specification: "Assignability", "Implementing an interface").

use crate::Checker;
use crate::ctx::Ctx;
use crate::lookup::{FoundMethod, Lookup};
use crate::object::ObjId;
use crate::operand::{Label, OpMode, Operand};
use crate::package::PackageId;
use crate::ty::*;
use crate::type_string::Qualify;
use source::Name;
use std::sync::Arc;

impl Ctx<'_> {
    /// Whether `x` may be assigned to a variable of type `ty`; otherwise the reason, which may be empty.
    pub fn assignable(&mut self, x: &Operand, ty: TypeId) -> Result<(), String> {
        if x.is_invalid() || ty.is_invalid() || x.ty.is_invalid() {
            return Ok(());
        }
        if self.c.store.identical(x.ty, ty) {
            return Ok(());
        }
        let no = Err(String::new());
        if self.c.store.is_untyped(x.ty) {
            return match self.implicit_type(x, ty) {
                Ok(_) => Ok(()),
                Err(_) => no,
            };
        }
        let (vu, tu) = (self.c.store.underlying(x.ty), self.c.store.underlying(ty));
        let (vp, tp) = (self.c.store.is_type_param(x.ty), self.c.store.is_type_param(ty));
        let named = |c: &Self| (c.c.store.has_name(x.ty), c.c.store.has_name(ty));
        let (v_named, t_named) = named(self);
        if !vp && !tp && (!v_named || !t_named) && self.c.store.identical(vu, tu) {
            return Ok(());
        }
        let to_interface = !tp && matches!(self.c.store.kind(tu), TypeKind::Interface(_));
        // A pointer to an interface is a common mistake, which `implements` explains.
        let elem = self.c.store.pointer_elem(tu);
        if to_interface || elem.is_some_and(|e| self.c.store.is_interface(e) || self.c.store.is_type_param(e))
        {
            let (v, t) = (self.c.store.unalias(x.ty), self.c.store.unalias(ty));
            match self.c.implements(v, t, false, self.pkg) {
                Ok(()) => return Ok(()),
                // A type parameter may still be assignable.
                Err(_) if vp => {}
                Err(cause) => return Err(cause),
            }
        }
        // An interface value for a type that implements it lacks an assertion.
        if !vp
            && matches!(self.c.store.kind(vu), TypeKind::Interface(_))
            && self.c.implements(ty, x.ty, false, self.pkg).is_ok()
        {
            return Err("need type assertion".to_owned());
        }
        if let (&TypeKind::Chan { dir: ChanDir::Both, elem: v }, &TypeKind::Chan { elem: t, .. }) =
            (self.c.store.kind(vu), self.c.store.kind(tu))
            && self.c.store.identical(v, t)
        {
            return if !v_named || !t_named { Ok(()) } else { no };
        }
        if vp && !t_named || tp && !v_named {
            return self.assignable_params(x, ty, vp);
        }
        no
    }

    /// A type parameter and an unnamed type: assignable if all types of the set are.
    fn assignable_params(&mut self, x: &Operand, ty: TypeId, from: bool) -> Result<(), String> {
        let param = if from { x.ty } else { ty };
        let Some(terms) = self.c.store.type_param_terms(param) else { return Err(String::new()) };
        for term in terms.iter() {
            let (operand, target) =
                if from { (Operand { ty: term.ty, ..x.clone() }, ty) } else { (x.clone(), term.ty) };
            if let Err(inner) = self.assignable(&operand, target) {
                let (term, param, other) =
                    (self.ts(term.ty), self.ts(param), self.ts(if from { ty } else { x.ty }));
                let what = if from {
                    format!("cannot assign {term} (in {param}) to {other}")
                } else {
                    format!("cannot assign {other} to {term} (in {param})")
                };
                return Err(if inner.is_empty() { what } else { format!("{what}\n\t{inner}") });
            }
        }
        if terms.is_empty() { Err(String::new()) } else { Ok(()) }
    }

    /// Assigns `x` to a variable of type `ty` (or of the type that it gets, if none is given): converts untyped
    /// operands and reports what is wrong. `context` ends the message: "in assignment".
    pub fn assignment(&mut self, x: &mut Operand, ty: Option<TypeId>, context: &str) {
        self.single_value(x);
        match x.mode {
            OpMode::Invalid => return,
            OpMode::Const(_)
            | OpMode::Variable
            | OpMode::MapIndex
            | OpMode::Value
            | OpMode::Nil
            | OpMode::CommaOk => {}
            OpMode::NoValue | OpMode::Builtin(_) | OpMode::Type => {
                let what = self.os(x);
                self.error_at(x.expr, format!("cannot assign {what} in {context}"));
                x.invalidate();
                return;
            }
        }
        if self.c.store.is_untyped(x.ty) {
            let mut target = ty;
            if x.is_nil() {
                let Some(ty) = ty else {
                    self.error_at(x.expr, format!("use of untyped nil in {context}"));
                    x.invalidate();
                    return;
                };
                if !self.c.store.has_nil(ty) {
                    return self.cannot_use(x, ty, context, "");
                }
            } else if ty.is_none() {
                target = Some(self.c.store.default_type(x.ty));
            } else if let Some(ty) = ty
                && self.c.store.is_interface(ty)
            {
                target = Some(self.c.store.default_type(x.ty));
            }
            let target = target.unwrap_or(TypeId::INVALID);
            if let Err(why) = self.try_convert_untyped(x, target) {
                use crate::conversion::ConversionError;
                let suffix = match why {
                    ConversionError::Truncated => " (truncated)",
                    ConversionError::Overflows => " (overflows)",
                    ConversionError::Other => "",
                };
                let target = if suffix.is_empty() { ty.unwrap_or(target) } else { target };
                return self.cannot_use(x, target, context, suffix);
            }
        }
        if self.is_generic_signature(x.ty) {
            let wanted = self.wanted(ty, Label::Name(Name::new(context)));
            let generic = x.expr;
            self.non_generic(x, wanted);
            if x.is_invalid() {
                return;
            }
            x.expr = generic;
            let instance = x.clone();
            self.record(&instance);
        }
        let Some(ty) = ty else { return };
        if let Err(cause) = self.assignable(x, ty) {
            let suffix = if cause.is_empty() { String::new() } else { format!(": {cause}") };
            self.cannot_use(x, ty, context, &suffix);
        }
    }

    fn cannot_use(&mut self, x: &mut Operand, ty: TypeId, context: &str, suffix: &str) {
        let (what, name) = (self.os(x), self.ts(ty));
        self.error_at(x.expr, format!("cannot use {what} as {name} value in {context}{suffix}"));
        x.invalidate();
    }
}

impl Checker {
    fn show(&self, t: TypeId, pkg: PackageId) -> String {
        self.store.type_string(t, Qualify::Relative(pkg))
    }

    /// Whether `v` implements the interface `t` (or satisfies it as a constraint); otherwise the reason.
    pub(crate) fn implements(
        &mut self,
        v: TypeId,
        t: TypeId,
        constraint: bool,
        pkg: PackageId,
    ) -> Result<(), String> {
        let (vu, tu) = (self.store.underlying(v), self.store.underlying(t));
        if vu.is_invalid() || tu.is_invalid() {
            return Ok(());
        }
        if let &TypeKind::Pointer(base) = self.store.kind(vu)
            && self.store.underlying(base).is_invalid()
        {
            return Ok(());
        }
        let verb = if constraint { "satisfy" } else { "implement" };
        let (vs, ts) = (self.show(v, pkg), self.show(t, pkg));
        if !matches!(self.store.kind(tu), TypeKind::Interface(_)) {
            let elem = self.store.pointer_elem(tu);
            let detail = match elem {
                Some(e) if self.store.is_interface(e) => {
                    format!("type {ts} is pointer to interface, not interface")
                }
                Some(e) if self.store.is_type_param(e) => {
                    format!("type {ts} is pointer to type parameter, not type parameter")
                }
                _ => format!("{ts} is not an interface"),
            };
            return Err(format!("{vs} does not {verb} {ts} ({detail})"));
        }
        let set = self.store.type_set(t);
        if set.is_all() {
            return Ok(());
        }
        let v_interface = matches!(self.store.kind(vu), TypeKind::Interface(_));
        if v_interface && self.store.type_set(v).is_empty() {
            return Ok(());
        }
        if set.is_empty() {
            return Err(format!("cannot {verb} {ts} (empty type set)"));
        }
        if let Some(missing) = self.missing_method(v, t, pkg) {
            return Err(format!("{vs} does not {verb} {ts} {missing}"));
        }
        if set.comparable && set.terms.is_none() && !self.store.is_strictly_comparable(v) {
            if !constraint || !self.store.is_comparable(v) {
                return Err(format!("{vs} does not {verb} comparable"));
            }
            // Since go1.20 ordinary interfaces satisfy it, whose comparison may panic.
            if self.store.package(pkg).go_version < (1, 20) {
                return Err(format!("{vs} to {verb} comparable requires go1.20 or later"));
            }
        }
        let Some(terms) = &set.terms else { return Ok(()) };
        if v_interface {
            let v_set = self.store.type_set(v);
            let subset = match &v_set.terms {
                None => false,
                Some(own) => own.iter().all(|&x| terms.iter().any(|&y| self.store.term_includes(y, x))),
            };
            return if subset { Ok(()) } else { Err(format!("{vs} does not {verb} {ts}")) };
        }
        let term = Term { tilde: false, ty: v };
        if terms.iter().any(|&x| self.store.term_includes(x, term)) {
            return Ok(());
        }
        let near = terms.iter().copied().find(|x| {
            let u = self.store.underlying(x.ty);
            !x.tilde
                && self.store.identical(u, x.ty)
                && self.store.term_includes(Term { tilde: true, ..*x }, term)
        });
        Err(match near {
            Some(x) => {
                let x = self.show(x.ty, pkg);
                format!("{vs} does not {verb} {ts} (possibly missing ~ for {x} in {ts})")
            }
            None if self.mentions_type(tu, v) => {
                format!(
                    "{vs} does not {verb} {ts} ({ts} mentions {vs}, but {vs} is not in the type set of {ts})"
                )
            }
            None => {
                let list: Vec<String> = terms.iter().map(|&x| self.term_string(x)).collect();
                format!("{vs} does not {verb} {ts} ({vs} missing in {})", list.join(" | "))
            }
        })
    }

    /// Whether a constraint is written with this type in it.
    fn mentions_type(&mut self, constraint: TypeId, t: TypeId) -> bool {
        match self.store.kind(constraint).clone() {
            TypeKind::Interface(i) => i.embeds.iter().any(|&e| self.mentions_type(e, t)),
            TypeKind::Union(terms) => terms.iter().any(|x| self.mentions_type(x.ty, t)),
            _ => self.store.identical(constraint, t),
        }
    }

    /// Whether a type has all methods of an interface.
    pub fn has_methods_of(&mut self, v: TypeId, iface: TypeId) -> bool {
        self.missing_method(v, iface, PackageId::UNIVERSE).is_none()
    }

    /// The first method of the interface `t` that `v` lacks, as the parenthesis of a message.
    pub(crate) fn missing_method(&mut self, v: TypeId, t: TypeId, pkg: PackageId) -> Option<String> {
        self.missing_method_by(v, t, pkg, &mut |c, x, y| c.store.identical(x, y))
    }

    /// The same with another idea of which signatures are equal.
    pub(crate) fn missing_method_by(
        &mut self,
        v: TypeId,
        t: TypeId,
        pkg: PackageId,
        same: &mut dyn FnMut(&mut Checker, TypeId, TypeId) -> bool,
    ) -> Option<String> {
        if v.is_invalid() || self.has_invalid_embedded(v, &mut Vec::new()) {
            return None;
        }
        let set = self.store.type_set(t);
        for method in set.methods.clone().iter() {
            let home = if method.name.is_exported() { pkg } else { method.pkg };
            let found = match self.store.lookup_field_or_method(v, home, method.name) {
                Lookup::Method(found) => found,
                Lookup::Field { .. } => {
                    let name = self.show(v, pkg);
                    return Some(format!("({name}.{} is a field, not a method)", method.name));
                }
                Lookup::Ambiguous => {
                    return Some(format!("(ambiguous selector {}.{})", self.show(v, pkg), method.name));
                }
                Lookup::NotFound => return Some(self.missing_cause(v, method, pkg)),
            };
            if let FoundMethod::Declared(obj) = found.method {
                self.resolve(obj);
                if self.needs_pointer(obj, &found) {
                    return Some(format!("(method {} has pointer receiver)", method.name));
                }
            }
            let sig = self.store.method_signature(&found);
            // Generic methods never implement interface methods.
            let generic = self.store.signature(sig).is_some_and(|s| !s.type_params.is_empty());
            if generic || !same(self, sig, method.sig) {
                return Some(self.wrong_signature(method, method.name, sig, "wrong type for method", pkg));
            }
        }
        None
    }

    /// Whether a field is embedded whose type is invalid: it may have had any method.
    fn has_invalid_embedded(&mut self, t: TypeId, seen: &mut Vec<TypeId>) -> bool {
        let (base, _) = self.store.deref(t);
        let base = self.store.unalias(base);
        if seen.contains(&base) {
            return false;
        }
        seen.push(base);
        match self.store.underlying_kind(base).clone() {
            TypeKind::Basic(Basic::Invalid) => true,
            TypeKind::Struct(fields) => {
                fields.iter().filter(|f| f.embedded).any(|f| self.has_invalid_embedded(f.ty, seen))
            }
            _ => false,
        }
    }

    fn needs_pointer(&self, obj: ObjId, found: &crate::lookup::MethodLookup) -> bool {
        self.store.has_pointer_receiver(obj) && !found.indirect
    }

    fn wrong_signature(
        &self,
        want: &Method,
        have_name: Name,
        have: TypeId,
        what: &str,
        pkg: PackageId,
    ) -> String {
        let show = |t: TypeId| match self.store.kind(t) {
            TypeKind::Signature(s) => {
                let mut bare: Signature = (**s).clone();
                let strip = |list: &[Param]| -> Arc<[Param]> {
                    list.iter().map(|p| Param { name: Name::EMPTY, ty: p.ty }).collect()
                };
                bare.params = strip(&bare.params);
                bare.results = strip(&bare.results);
                self.store.signature_string(&bare, Qualify::Relative(pkg))
            }
            _ => String::new(),
        };
        let (have, want_sig) =
            (format!("{have_name}{}", show(have)), format!("{}{}", want.name, show(want.sig)));
        if have == want_sig {
            // Different type parameters of the same names: showing them would not help.
            return format!("({what} {})", want.name);
        }
        format!("({what} {})\n\t\thave {have}\n\t\twant {want_sig}", want.name)
    }

    fn missing_cause(&mut self, v: TypeId, method: &Method, pkg: PackageId) -> String {
        let name = method.name;
        // A pointer to the type may have it, or a field has the name, or only the case differs.
        let (base, is_pointer) = self.store.deref(v);
        if is_pointer && self.store.is_interface(base) {
            return format!("(type {} is pointer to interface, not interface)", self.show(v, pkg));
        }
        if self.store.is_type_param(base) && is_pointer {
            return format!("(type {} is pointer to type parameter, not type parameter)", self.show(v, pkg));
        }
        if !name.is_exported() && method.pkg != pkg && self.has_unexported(v, name) {
            return format!("(unexported method {name})");
        }
        if let Some((alternative, sig)) = self.other_case(v, name, pkg) {
            return self.wrong_signature(method, alternative, sig, "missing method", pkg);
        }
        format!("(missing method {name})")
    }

    /// Whether there is a method of this name that another package declares.
    fn has_unexported(&mut self, v: TypeId, name: Name) -> bool {
        let pointer = if self.store.deref(v).1 { v } else { self.store.pointer(v) };
        self.store.method_set(pointer).iter().any(|entry| entry.name == name)
    }

    /// A method whose name differs in the case of letters only.
    fn other_case(&mut self, v: TypeId, name: Name, pkg: PackageId) -> Option<(Name, TypeId)> {
        let folded = name.as_str().to_lowercase();
        let pointer =
            if self.store.deref(v).1 || self.store.is_interface(v) { v } else { self.store.pointer(v) };
        for entry in self.store.method_set(pointer) {
            if entry.name != name && entry.name.as_str().to_lowercase() == folded {
                if let FoundMethod::Declared(obj) = entry.lookup.method {
                    if !entry.name.is_exported() && self.store.obj(obj).pkg != pkg {
                        continue;
                    }
                    self.resolve(obj);
                }
                return Some((entry.name, self.store.method_signature(&entry.lookup)));
            }
        }
        None
    }

    /// Checks type arguments against the constraints of type parameters; the index of the first that fails, and why.
    pub(crate) fn verify_type_args(
        &mut self,
        tparams: &[TypeId],
        targs: &[TypeId],
        pkg: PackageId,
    ) -> Result<(), (usize, String)> {
        for (i, (&tparam, &targ)) in tparams.iter().zip(targs).enumerate() {
            // Makes an interface of a bare constraint type.
            self.store.underlying(tparam);
            let Some(bound) = self.store.type_param(tparam).map(|p| p.bound) else { continue };
            let bound = self.store.subst(bound, tparams, targs);
            self.implements(targ, bound, true, pkg).map_err(|cause| (i, cause))?;
        }
        Ok(())
    }
}
