//! Checks that must wait until the types they look at are complete.

use crate::Checker;
use crate::ctx::Ctx;
use crate::object::{ObjId, ObjKind};
use crate::package::PackageId;
use crate::ty::*;
use crate::type_string::Qualify;
use crate::typexpr::MAX_TERMS;
use source::{Diagnostic, Pos};
use std::sync::Arc;
use syntax::ast::ExprId;

#[derive(Clone, Debug)]
pub(crate) enum Delayed {
    /// `map[key]value`; that one of them is too large is said at `size_pos`.
    MapType { key: TypeId, value: TypeId, pos: Pos, size_pos: Pos, pkg: PackageId },
    /// The type of an embedded field.
    Embedded { ty: TypeId, pos: Pos },
    /// The type of a variable, which must not be a constraint interface.
    VarType { ty: TypeId, pos: Pos, pkg: PackageId },
    /// Methods that an interface has twice through embedding, with the places of its own methods and of the embedded
    /// types.
    Interface { ty: TypeId, methods: Vec<Pos>, embeds: Vec<Pos>, pkg: PackageId, file: u32 },
    /// The terms of a union.
    Union { terms: Vec<(Term, Pos)>, pkg: PackageId },
    /// Type arguments, written at `pos` (the first of them) or inferred at `at`, against constraints.
    Instance { tparams: Arc<[TypeId]>, targs: Arc<[TypeId]>, pos: Vec<Pos>, at: Pos, pkg: PackageId },
    /// Size of and recursion in a defined type, collisions among its fields and methods.
    NamedType { ty: TypeId },
    /// An array type that may be too large.
    ArraySize { ty: TypeId, pos: Pos, pkg: PackageId },
    /// The element type of a channel, whose size is limited.
    ChanElem { elem: TypeId, pos: Pos },
    /// The body of a function literal at package level.
    FuncLit { pkg: PackageId, file: u32, lit: ExprId, sig: TypeId, decl: Option<ObjId>, iota: Option<i64> },
}

impl Checker {
    /// Runs what has been put off since there was so much, including what that puts off.
    pub(crate) fn process_delayed(&mut self, since: usize) {
        let mut next = since;
        while let Some(check) = self.delayed.get(next).cloned() {
            self.run_delayed(check);
            next += 1;
        }
        self.delayed.truncate(since);
    }

    fn named_string(&self, t: TypeId, pkg: PackageId) -> String {
        self.store.type_string(t, Qualify::Relative(pkg))
    }

    fn run_delayed(&mut self, check: Delayed) {
        match check {
            Delayed::MapType { key, value, pos, size_pos, pkg } => {
                for (ty, what) in [(value, "element"), (key, "key")] {
                    if self.is_larger_than(ty, (1 << 31) - 1) {
                        self.too_large.push((size_pos, format!("map {what} type too large")));
                    }
                }
                if self.store.unalias(key).is_invalid() || self.store.is_comparable(key) {
                    return;
                }
                let name = self.named_string(key, pkg);
                let why = if self.store.is_type_param(key) { " (missing comparable constraint)" } else { "" };
                self.error(pos, format!("invalid map key type {name}{why}"));
            }
            Delayed::Embedded { ty, pos } => self.check_embedded(ty, pos),
            Delayed::VarType { ty, pos, pkg } => {
                if !self.store.is_interface(ty) {
                    return;
                }
                // Of an invalid recursive type nothing else is said.
                let set = self.store.type_set(ty);
                if set.is_constraint() {
                    let why = if set.comparable {
                        "interface is (or embeds) comparable"
                    } else {
                        "interface contains type constraints"
                    };
                    let name = self.named_string(ty, pkg);
                    self.error(pos, format!("cannot use type {name} outside a type constraint: {why}"));
                }
            }
            Delayed::Interface { ty, methods, embeds, pkg, file } => {
                self.check_interface(ty, &methods, &embeds, pkg, file);
            }
            Delayed::Union { terms, pkg } => {
                self.check_union(&terms, pkg);
                self.check_term_count(&terms);
            }
            Delayed::Instance { tparams, targs, pos, at, pkg } => {
                match self.verify_type_args(&tparams, &targs, pkg) {
                    Err((i, cause)) => self.error(pos.get(i).copied().unwrap_or(at), cause),
                    Ok(()) => self.instantiations.record(&self.store, pkg, &tparams, &targs, &pos, at),
                }
            }
            Delayed::NamedType { ty } => self.check_named(ty),
            Delayed::ArraySize { ty, pos, pkg } => {
                if self.is_larger_than(ty, self.store.sizes.address_space() - 1) {
                    let name = self.named_string(ty, pkg);
                    self.too_large.push((pos, format!("type {name} larger than address space")));
                }
            }
            Delayed::ChanElem { elem, pos } => {
                if self.is_larger_than(elem, (1 << 16) - 1) {
                    self.too_large.push((pos, "channel element type too large (>64kB)".to_owned()));
                }
            }
            Delayed::FuncLit { pkg, file, lit, sig, decl, iota } => {
                let (ast, info) = {
                    let f = &self.store.package(pkg).files[file as usize];
                    (f.file.clone(), f.info)
                };
                let mut cx = Ctx::new(self, &ast.tree, info, (pkg, file), decl);
                cx.iota = iota;
                cx.func_lit_body(lit, sig);
                cx.report_unused();
            }
        }
    }

    /// Whether values of a type, as far as that is known, take more bytes.
    fn is_larger_than(&mut self, ty: TypeId, bytes: u64) -> bool {
        !self.store.has_variable_size(ty)
            && self.is_complete(ty)
            && self.store.size_of(ty).is_none_or(|size| size > bytes)
    }

    /// Whether nothing in a type is invalid.
    fn is_complete(&mut self, t: TypeId) -> bool {
        match self.store.underlying_kind(t).clone() {
            TypeKind::Basic(b) => b != Basic::Invalid,
            TypeKind::Array { elem, .. } => self.is_complete(elem),
            _ => true,
        }
    }

    fn check_embedded(&mut self, ty: TypeId, pos: Pos) {
        let (base, is_pointer) = self.store.deref(ty);
        let message = if self.store.is_type_param(base) {
            "embedded field type cannot be a (pointer to a) type parameter"
        } else {
            match self.store.underlying_kind(base) {
                TypeKind::Basic(Basic::UnsafePointer) => "embedded field type cannot be unsafe.Pointer",
                TypeKind::Pointer(_) => "embedded field type cannot be a pointer",
                TypeKind::Interface(_) if is_pointer => {
                    "embedded field type cannot be a pointer to an interface"
                }
                _ => return,
            }
        };
        self.error(pos, message);
    }

    fn check_interface(&mut self, ty: TypeId, own: &[Pos], embeds: &[Pos], pkg: PackageId, file: u32) {
        let TypeKind::Interface(interface) = self.store.kind(ty).clone() else { return };
        let mut seen: Vec<(Method, Pos, bool)> =
            interface.methods.iter().zip(own).map(|(m, &pos)| (m.clone(), pos, true)).collect();
        for (&embed, &pos) in interface.embeds.iter().zip(embeds) {
            let version = self.store.package(pkg).files[file as usize].go_version;
            if !matches!(self.store.underlying_kind(embed), TypeKind::Interface(_)) {
                self.old_embedding(embed, pos, pkg, file);
                continue;
            }
            let Some(set) = self.store.type_set_if_complete(embed) else { continue };
            for method in set.methods.iter() {
                match seen.iter().find(|(m, ..)| m.name == method.name && m.pkg == method.pkg) {
                    None => seen.push((method.clone(), pos, false)),
                    Some((other, at, _)) => {
                        let (other_sig, at) = (other.sig, *at);
                        if !self.store.identical(other_sig, method.sig) || version < (1, 14) {
                            let name = method.name;
                            let diagnostic = Diagnostic::error(pos, format!("duplicate method {name}"));
                            let related = format!("other declaration of method {name}");
                            self.report(diagnostic.with_related(at, related));
                        }
                    }
                }
            }
        }
    }

    /// Reports that an interface embeds what is none, before go1.18.
    pub(crate) fn old_embedding(&mut self, embed: TypeId, pos: Pos, pkg: PackageId, file: u32) {
        let what = match self.store.underlying_kind(embed) {
            TypeKind::Basic(Basic::Invalid) => return,
            TypeKind::Union(_) => "interface element",
            _ => "non-interface type",
        };
        if self.store.package(pkg).files[file as usize].go_version < (1, 18) {
            let (name, reason) = (self.named_string(embed, pkg), self.version_reason(pkg, file));
            self.error(pos, format!("embedding {what} {name} requires go1.18 or later ({reason})"));
        }
    }

    /// A term as messages show it: with the paths of packages.
    pub(crate) fn term_string(&self, term: Term) -> String {
        let tilde = if term.tilde { "~" } else { "" };
        format!("{tilde}{}", self.store.type_string(term.ty, Qualify::Full))
    }

    fn check_union(&mut self, terms: &[(Term, Pos)], pkg: PackageId) {
        for (i, &(term, pos)) in terms.iter().enumerate() {
            let (name, shown) = (self.named_string(term.ty, pkg), self.term_string(term));
            let u = self.store.underlying(term.ty);
            let is_interface = matches!(self.store.kind(u), TypeKind::Interface(_));
            if term.tilde {
                if is_interface {
                    self.error(pos, format!("invalid use of ~ ({name} is an interface)"));
                    continue;
                }
                if !u.is_invalid() && !self.store.identical(u, term.ty) {
                    let under = self.named_string(u, pkg);
                    self.error(pos, format!("invalid use of ~ (underlying type of {name} is {under})"));
                    continue;
                }
            }
            if is_interface && terms.len() > 1 {
                let set = self.store.type_set(term.ty);
                if !set.methods.is_empty() {
                    self.error(pos, format!("cannot use {shown} in union ({shown} contains methods)"));
                } else if set.comparable {
                    let what = if self.store.unalias(term.ty) == self.store.comparable {
                        "cannot use comparable in union".to_owned()
                    } else {
                        format!("cannot use {shown} in union ({shown} embeds comparable)")
                    };
                    self.error(pos, what);
                }
                continue;
            }
            let earlier = terms[..i].iter().map(|t| t.0).find(|&other| {
                !matches!(self.store.underlying_kind(other.ty), TypeKind::Interface(_))
                    && (self.store.term_includes(other, term) || self.store.term_includes(term, other))
            });
            if let Some(other) = earlier {
                let message = format!("overlapping terms {shown} and {}", self.term_string(other));
                self.error(pos, message);
            }
        }
    }

    fn check_term_count(&mut self, terms: &[(Term, Pos)]) {
        let plain: Vec<Term> = terms.iter().map(|t| t.0).collect();
        if self.store.count_terms(&plain) > MAX_TERMS {
            let message =
                format!("cannot handle more than {MAX_TERMS} union terms (implementation limitation)");
            self.error(terms[0].1, message);
        }
    }

    fn check_named(&mut self, ty: TypeId) {
        if !self.valid_type(ty) {
            return;
        }
        let methods = self.store.methods_of(ty).to_vec();
        let name = self.store.named(ty).map(|n| self.store.obj(n.obj).name).unwrap_or(source::Name::EMPTY);
        let TypeKind::Struct(fields) = self.store.underlying_kind(ty).clone() else {
            return self.duplicate_methods(name, &methods);
        };
        for &m in &methods {
            let (method, pos) = (self.store.obj(m).name, self.store.obj(m).pos);
            if let Some(field) = fields.iter().find(|f| f.name == method) {
                let diagnostic =
                    Diagnostic::error(pos, format!("field and method with the same name {method}"));
                self.report(diagnostic.with_related(field.pos.0, format!("other declaration of {method}")));
            }
        }
        self.duplicate_methods(name, &methods);
    }

    fn duplicate_methods(&mut self, base: source::Name, methods: &[ObjId]) {
        for (i, &m) in methods.iter().enumerate() {
            let (name, pos) = (self.store.obj(m).name, self.store.obj(m).pos);
            let other = methods[..i].iter().find(|&&o| self.store.obj(o).name == name);
            if let Some(&other) = other {
                let at = source::render::position(&self.files, self.store.obj(other).pos);
                self.error(pos, format!("method {base}.{name} already declared at {at}"));
            }
        }
    }

    /// Whether an object is a variable that nothing reads, for the report.
    pub(crate) fn is_unused_var(&self, obj: ObjId) -> bool {
        matches!(&self.store.obj(obj).kind, ObjKind::Var(v) if !v.used)
    }
}
