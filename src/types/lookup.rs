//! Fields and methods through embedding (specification: "Selectors"), and method sets.

use crate::object::{ObjId, ObjKind};
use crate::package::PackageId;
use crate::store::Store;
use crate::ty::*;
use source::Name;
use std::sync::Arc;

/// What a selector `x.name` finds in a type.
#[derive(Clone, Debug)]
pub enum Lookup {
    Field {
        /// Field indices, the field itself last.
        path: Arc<[u32]>,
        ty: TypeId,
        /// A pointer is dereferenced on the way.
        indirect: bool,
    },
    Method(MethodLookup),
    /// Several at the shallowest depth.
    Ambiguous,
    NotFound,
}

#[derive(Clone, Debug)]
pub struct MethodLookup {
    /// Embedded fields that lead to the receiver.
    pub path: Arc<[u32]>,
    pub method: FoundMethod,
    /// A pointer is dereferenced on the way.
    pub indirect: bool,
    /// The type at the end of the path that has the method (never a pointer to a defined type).
    pub holder: TypeId,
    /// The way to the receiver ends in a pointer (`holder` was behind one), so that a pointer receiver needs no
    /// address.
    pub behind_pointer: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundMethod {
    /// A declared method; its signature is in terms of its type's type parameters.
    Declared(ObjId),
    /// A method of an interface or type parameter: index in its sorted method set.
    Interface(u32),
}

/// One element of a method set.
#[derive(Clone, Debug)]
pub struct MethodSetEntry {
    pub name: Name,
    /// The package of an unexported name; `UNIVERSE` for exported ones.
    pub pkg: PackageId,
    pub lookup: MethodLookup,
}

/// An embedded type on the way.
struct Level {
    ty: TypeId,
    path: Vec<u32>,
    indirect: bool,
    behind_pointer: bool,
    /// Reached in several ways at this depth.
    multiples: bool,
}

impl Store {
    /// Finds a field or method. Names that are not exported are only found from package `pkg`.
    pub fn lookup_field_or_method(&mut self, t: TypeId, pkg: PackageId, name: Name) -> Lookup {
        if name.is_blank() {
            return Lookup::NotFound;
        }
        // A defined pointer type has no methods, not even promoted ones, but the fields of what it points to.
        if self.named(t).is_some()
            && let TypeKind::Pointer(_) = self.underlying_kind(t)
        {
            let pointer = self.underlying(t);
            return match self.search(pointer, pkg, name) {
                Lookup::Method(_) => Lookup::NotFound,
                found => found,
            };
        }
        self.search(t, pkg, name)
    }

    fn search(&mut self, t: TypeId, pkg: PackageId, name: Name) -> Lookup {
        let (start, is_pointer) = self.deref(t);
        // Pointers to interfaces (and type parameters) have no methods.
        if is_pointer && matches!(self.underlying_kind(start), TypeKind::Interface(_)) {
            return Lookup::NotFound;
        }
        let exported = name.is_exported();
        let mut current = vec![Level {
            ty: start,
            path: Vec::new(),
            indirect: is_pointer,
            behind_pointer: is_pointer,
            multiples: false,
        }];
        let mut seen: Vec<TypeId> = Vec::new();
        while !current.is_empty() {
            let mut next: Vec<Level> = Vec::new();
            let mut found: Option<Lookup> = None;
            for level in &current {
                if let Some(named) = self.named(level.ty) {
                    if seen.contains(&level.ty) {
                        continue;
                    }
                    let origin = named.origin;
                    seen.push(level.ty);
                    if let Some(obj) = self.declared_method(origin, pkg, name) {
                        if found.is_some() || level.multiples {
                            return Lookup::Ambiguous;
                        }
                        found = Some(Lookup::Method(level.method(FoundMethod::Declared(obj))));
                        continue;
                    }
                }
                match self.underlying_kind(level.ty).clone() {
                    TypeKind::Struct(fields) => {
                        for (i, field) in fields.iter().enumerate() {
                            if field.name == name && (exported || field.pkg == pkg) {
                                if found.is_some() || level.multiples {
                                    return Lookup::Ambiguous;
                                }
                                let mut path = level.path.clone();
                                path.push(i as u32);
                                found = Some(Lookup::Field {
                                    path: path.into(),
                                    ty: field.ty,
                                    indirect: level.indirect,
                                });
                                continue;
                            }
                            if found.is_none() && field.embedded {
                                self.descend(level, i, field, &mut next);
                            }
                        }
                    }
                    TypeKind::Interface(_) => {
                        let set = self.type_set(level.ty);
                        if let Some(i) = set.method(pkg, name) {
                            if found.is_some() || level.multiples {
                                return Lookup::Ambiguous;
                            }
                            found = Some(Lookup::Method(level.method(FoundMethod::Interface(i as u32))));
                        }
                    }
                    _ => {}
                }
            }
            if let Some(found) = found {
                return found;
            }
            current = consolidate(next);
        }
        Lookup::NotFound
    }

    fn declared_method(&self, origin: TypeId, pkg: PackageId, name: Name) -> Option<ObjId> {
        let exported = name.is_exported();
        let methods = &self.named(origin)?.methods;
        methods.iter().copied().find(|&m| {
            let obj = self.obj(m);
            obj.name == name && (exported || obj.pkg == pkg)
        })
    }

    fn descend(&mut self, level: &Level, index: usize, field: &Field, next: &mut Vec<Level>) {
        let (ty, is_pointer) = self.deref(field.ty);
        // Only these have fields or methods of their own.
        let has_members = self.named(ty).is_some()
            || matches!(self.underlying_kind(ty), TypeKind::Struct(_) | TypeKind::Interface(_));
        if has_members {
            let mut path = level.path.clone();
            path.push(index as u32);
            next.push(Level {
                ty: self.unalias(ty),
                path,
                indirect: level.indirect || is_pointer,
                behind_pointer: is_pointer,
                multiples: level.multiples,
            });
        }
    }

    /// Whether a declared method has a pointer receiver.
    pub fn has_pointer_receiver(&self, method: ObjId) -> bool {
        match &self.obj(method).kind {
            ObjKind::Func(f) => f.recv.is_some_and(|r| r.pointer),
            _ => false,
        }
    }

    /// The signature of a found method, without receiver, the receiver's type arguments substituted.
    pub fn method_signature(&mut self, found: &MethodLookup) -> TypeId {
        match found.method {
            FoundMethod::Interface(i) => {
                let set = self.type_set(found.holder);
                set.methods.get(i as usize).map_or(TypeId::INVALID, |m| m.sig)
            }
            FoundMethod::Declared(obj) => {
                let sig = self.obj(obj).ty;
                match self.type_args_of(found.holder) {
                    Some((params, args)) => self.subst(sig, &params, &args),
                    None => sig,
                }
            }
        }
    }

    /// Specification: "Method sets". Sorted as Go sorts methods. For an interface its methods.
    pub fn method_set(&mut self, t: TypeId) -> Vec<MethodSetEntry> {
        let mut names: Vec<(Name, PackageId)> = Vec::new();
        let mut seen = Vec::new();
        let (base, is_pointer) = self.deref(t);
        self.collect_method_names(base, &mut names, &mut seen);
        names.sort_by(|a, b| {
            (!a.0.is_exported(), a.0.as_str())
                .cmp(&(!b.0.is_exported(), b.0.as_str()))
                .then_with(|| self.package(a.1).path.cmp(&self.package(b.1).path))
        });
        names.dedup();
        let mut set = Vec::new();
        for (name, pkg) in names {
            let Lookup::Method(lookup) = self.lookup_field_or_method(t, pkg, name) else { continue };
            // Specification: the method set of T has no methods with receiver *T, unless a pointer leads to them.
            if let FoundMethod::Declared(obj) = lookup.method
                && self.has_pointer_receiver(obj)
                && !is_pointer
                && !lookup.indirect
            {
                continue;
            }
            // A method with type parameters of its own implements no interface's method.
            if let FoundMethod::Declared(obj) = lookup.method
                && let TypeKind::Signature(sig) = self.kind(self.obj(obj).ty)
                && !sig.type_params.is_empty()
            {
                continue;
            }
            set.push(MethodSetEntry { name, pkg, lookup });
        }
        set
    }

    fn collect_method_names(
        &mut self,
        t: TypeId,
        names: &mut Vec<(Name, PackageId)>,
        seen: &mut Vec<TypeId>,
    ) {
        let t = self.unalias(t);
        if seen.contains(&t) {
            return;
        }
        seen.push(t);
        for &m in self.methods_of(t) {
            let obj = self.obj(m);
            names.push((obj.name, if obj.is_exported() { PackageId::UNIVERSE } else { obj.pkg }));
        }
        match self.underlying_kind(t).clone() {
            TypeKind::Struct(fields) => {
                for field in fields.iter().filter(|f| f.embedded) {
                    let (ty, _) = self.deref(field.ty);
                    self.collect_method_names(ty, names, seen);
                }
            }
            TypeKind::Interface(_) => {
                let set = self.type_set(t);
                names.extend(set.methods.iter().map(|m| (m.name, m.pkg)));
            }
            _ => {}
        }
    }
}

impl Level {
    fn method(&self, method: FoundMethod) -> MethodLookup {
        MethodLookup {
            path: self.path.as_slice().into(),
            method,
            indirect: self.indirect,
            holder: self.ty,
            behind_pointer: self.behind_pointer,
        }
    }
}

/// Marks types that several paths of one depth lead to.
fn consolidate(levels: Vec<Level>) -> Vec<Level> {
    let mut out: Vec<Level> = Vec::with_capacity(levels.len());
    for level in levels {
        match out.iter_mut().find(|l| l.ty == level.ty) {
            Some(known) => known.multiples = true,
            None => out.push(level),
        }
    }
    out
}

/// A field or method whose name differs in case, or that is not exported: for messages.
#[derive(Clone, Copy)]
pub(crate) struct NearMiss {
    pub name: Name,
    /// The declaring package.
    pub pkg: PackageId,
    pub is_field: bool,
}

/// What is to be said about a near miss.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Miss {
    Misspelled,
    /// Only the first letter differs, which another package does not export.
    Unexported,
    /// The very name, which another package does not export.
    Inaccessible,
}

impl NearMiss {
    /// What to say, if anything, about it where `name` was looked up from a package.
    pub fn kind(&self, name: Name, pkg: PackageId) -> Option<Miss> {
        let tail = |n: Name| n.as_str().chars().skip(1).collect::<String>();
        let same_tail = tail(self.name) == tail(name);
        match (name.is_exported(), self.name.is_exported()) {
            // The name itself, but not there: behind a pointer that must not be followed.
            _ if self.pkg == pkg => (self.name != name).then_some(Miss::Misspelled),
            (true, true) => Some(Miss::Misspelled),
            (true, false) => same_tail.then_some(Miss::Unexported),
            (false, true) => same_tail.then_some(Miss::Misspelled),
            (false, false) => (self.name == name).then_some(Miss::Inaccessible),
        }
    }
}

impl Store {
    /// The field or method at the shallowest depth whose name is the same but for case.
    pub(crate) fn lookup_ignoring_case(&mut self, t: TypeId, name: Name, pkg: PackageId) -> Option<NearMiss> {
        let folded = name.as_str().to_lowercase();
        let matches = |name: Name| name.as_str().to_lowercase() == folded;
        let mut level = vec![self.pointer_elem(t).unwrap_or(t)];
        // A defined pointer type has no methods.
        let mut has_methods = self.named(t).is_none() || self.pointer_elem(t).is_none();
        let mut seen: Vec<TypeId> = Vec::new();
        while !level.is_empty() {
            let (mut next, mut found) = (Vec::new(), Vec::new());
            for t in level {
                let t = self.unalias(t);
                if seen.contains(&t) {
                    continue;
                }
                seen.push(t);
                let home = self.named(t).map_or(pkg, |n| self.obj(n.obj).pkg);
                let methods = self.methods_of(t).iter().map(|&m| (self.obj(m).name, self.obj(m).pkg));
                let mut methods = methods.filter(|_| has_methods);
                if let Some((name, pkg)) = methods.find(|m| matches(m.0)) {
                    found.push(NearMiss { name, pkg, is_field: false });
                    continue;
                }
                match self.underlying_kind(t).clone() {
                    TypeKind::Struct(fields) => {
                        if let Some(f) = fields.iter().find(|f| matches(f.name)) {
                            let pkg = if f.pkg == PackageId::UNIVERSE { home } else { f.pkg };
                            found.push(NearMiss { name: f.name, pkg, is_field: true });
                            continue;
                        }
                        next.extend(fields.iter().filter(|f| f.embedded).map(|f| self.deref(f.ty).0));
                    }
                    TypeKind::Interface(_) => {
                        let set = self.type_set(t);
                        if let Some(m) = set.methods.iter().find(|m| matches(m.name)) {
                            let pkg = if m.pkg == PackageId::UNIVERSE { home } else { m.pkg };
                            found.push(NearMiss { name: m.name, pkg, is_field: false });
                        }
                    }
                    _ => {}
                }
            }
            // Several of them are ambiguous.
            if !found.is_empty() {
                return found.pop().filter(|_| found.is_empty());
            }
            level = next;
            has_methods = true;
        }
        None
    }
}
