//! Types as text: as errors print them, and as `%T` and run-time panics do.

use crate::package::PackageId;
use crate::store::Store;
use crate::ty::*;
use std::fmt::Write;

/// How names of other packages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualify {
    /// `fmt.Stringer`, names of this package bare: errors.
    Relative(PackageId),
    /// Import paths everywhere, otherwise as in errors.
    Full,
    /// Package names everywhere: `main.T`, as `%T` prints.
    Name,
    /// Import paths everywhere: unique but for local types.
    Path,
}

impl Qualify {
    fn is_for_errors(self) -> bool {
        matches!(self, Qualify::Relative(_) | Qualify::Full)
    }
}

impl Store {
    /// A type as text.
    pub fn type_string(&self, t: TypeId, qualify: Qualify) -> String {
        let mut out = String::new();
        self.write_type(&mut out, t, qualify, 0);
        out
    }

    fn write_type(&self, out: &mut String, t: TypeId, q: Qualify, depth: u32) {
        if depth > 50 {
            // Only types of invalid programs nest so deeply.
            out.push('…');
            return;
        }
        let d = depth + 1;
        // What the running program prints knows no aliases.
        let kind = if q.is_for_errors() { self.spelled_kind(t) } else { self.kind(t) };
        match kind {
            TypeKind::Basic(b) => out.push_str(b.as_str()),
            TypeKind::Pointer(e) => {
                out.push('*');
                self.write_type(out, *e, q, d);
            }
            TypeKind::Slice(e) => {
                out.push_str("[]");
                self.write_type(out, *e, q, d);
            }
            TypeKind::Array { elem, len } => {
                let _ = write!(out, "[{len}]");
                self.write_type(out, *elem, q, d);
            }
            TypeKind::Map { key, value } => {
                out.push_str("map[");
                self.write_type(out, *key, q, d);
                out.push(']');
                self.write_type(out, *value, q, d);
            }
            TypeKind::Chan { dir, elem } => self.write_chan(out, *dir, *elem, q, d),
            TypeKind::Struct(fields) => self.write_struct(out, fields, q, d),
            TypeKind::Tuple(types) => {
                out.push('(');
                self.write_list(out, types, ", ", q, d);
                out.push(')');
            }
            TypeKind::Signature(sig) => {
                out.push_str("func");
                self.write_signature(out, sig, q, d);
            }
            TypeKind::Interface(i) => self.write_interface(out, i, q, d),
            TypeKind::Union(terms) => self.write_union(out, terms, q, d),
            TypeKind::Named(_) => self.write_named(out, t, q, d),
            TypeKind::TypeParam(id) => {
                let obj = self.obj(self.tparams[id.0 as usize].obj);
                let receivers = self.receiver_names.iter().rfind(|r| r.0 == t);
                let (name, pos) = receivers.map_or((obj.name, obj.pos), |r| (r.1, r.2));
                out.push_str(name.as_str());
                if q.is_for_errors()
                    && self.universe_object(name).is_some()
                    && let Some(files) = &self.files
                {
                    let at = source::render::position(files, pos);
                    let _ = write!(out, " /* with {name} declared at {at} */");
                }
            }
            TypeKind::Alias(id) => {
                let alias = &self.aliases[id.0 as usize];
                self.write_object(out, alias.obj, q);
                if !alias.targs.is_empty() {
                    self.write_args(out, &alias.targs, q, d);
                }
            }
        }
    }

    fn write_object(&self, out: &mut String, obj: crate::object::ObjId, q: Qualify) {
        let object = self.obj(obj);
        if object.pkg != PackageId::UNIVERSE {
            let package = self.package(object.pkg);
            match q {
                Qualify::Relative(here) if here == object.pkg => {}
                Qualify::Relative(here) if self.is_ambiguous(object.pkg, here) => {
                    let _ = write!(out, "{:?}.", package.path);
                }
                Qualify::Relative(_) | Qualify::Name => {
                    let _ = write!(out, "{}.", package.name);
                }
                // A program's own package is called so whatever its path is.
                Qualify::Full if package.name == source::Name::MAIN => out.push_str("main."),
                Qualify::Path | Qualify::Full => {
                    let _ = write!(out, "{}.", package.path);
                }
            }
        }
        out.push_str(object.name.as_str());
    }

    /// Whether another package that is reached from this one has the same name.
    fn is_ambiguous(&self, pkg: PackageId, here: PackageId) -> bool {
        let name = self.package(pkg).name;
        let same = |other: PackageId| other != pkg && self.package(other).name == name;
        if !same(here) && !self.package_ids().any(same) {
            return false;
        }
        let mut seen = vec![here];
        let mut next = 0;
        while let Some(&at) = seen.get(next) {
            if same(at) {
                return true;
            }
            next += 1;
            for &import in &self.package(at).imports {
                if !seen.contains(&import) {
                    seen.push(import);
                }
            }
        }
        false
    }

    fn write_named(&self, out: &mut String, t: TypeId, q: Qualify, depth: u32) {
        let Some(named) = self.named(t) else { return };
        self.write_object(out, named.obj, q);
        if named.implicit {
            return;
        }
        let args = match named.targs.is_empty() {
            true => &named.tparams,
            false if q.is_for_errors() => &named.written,
            false => &named.targs,
        };
        if !args.is_empty() {
            // The running program distinguishes type arguments by their full paths.
            let q = if q == Qualify::Name { Qualify::Path } else { q };
            self.write_args(out, args, q, depth);
        }
    }

    fn write_args(&self, out: &mut String, args: &[TypeId], q: Qualify, depth: u32) {
        out.push('[');
        let separator = if let Qualify::Relative(_) = q { ", " } else { "," };
        self.write_list(out, args, separator, q, depth);
        out.push(']');
    }

    fn write_list(&self, out: &mut String, types: &[TypeId], separator: &str, q: Qualify, depth: u32) {
        for (i, &t) in types.iter().enumerate() {
            if i > 0 {
                out.push_str(separator);
            }
            self.write_type(out, t, q, depth);
        }
    }

    fn write_chan(&self, out: &mut String, dir: ChanDir, elem: TypeId, q: Qualify, depth: u32) {
        out.push_str(match dir {
            ChanDir::Both => "chan ",
            ChanDir::Send => "chan<- ",
            ChanDir::Recv => "<-chan ",
        });
        // `chan (<-chan T)` would otherwise read as `chan<- (chan T)`.
        // reflect writes them only where they are needed.
        let parens = if q.is_for_errors() { dir != ChanDir::Send } else { dir == ChanDir::Both };
        let parens = parens && matches!(self.spelled_kind(elem), TypeKind::Chan { dir: ChanDir::Recv, .. });
        if parens {
            out.push('(');
        }
        self.write_type(out, elem, q, depth);
        if parens {
            out.push(')');
        }
    }

    fn write_struct(&self, out: &mut String, fields: &[Field], q: Qualify, depth: u32) {
        let spaced = !q.is_for_errors();
        if spaced && fields.is_empty() {
            out.push_str("struct {}");
            return;
        }
        // reflect writes `struct { a int }`, the compiler `struct{a int}`.
        out.push_str(if spaced { "struct { " } else { "struct{" });
        for (i, field) in fields.iter().enumerate() {
            if i > 0 {
                out.push_str("; ");
            }
            if !field.embedded {
                let _ = write!(out, "{} ", field.name);
            }
            self.write_type(out, field.ty, q, depth);
            if !field.tag.is_empty() {
                let _ = write!(out, " {}", crate::constant::quote(field.tag.as_str().as_bytes()));
            }
        }
        out.push_str(if spaced { " }" } else { "}" });
    }

    fn write_interface(&self, out: &mut String, i: &Interface, q: Qualify, depth: u32) {
        if i.methods.is_empty() && i.embeds.is_empty() {
            out.push_str(match q {
                _ if q.is_for_errors() && i.comparable => "comparable",
                _ if q.is_for_errors() => "interface{}",
                _ => "interface {}",
            });
            return;
        }
        if i.implicit && i.methods.is_empty() && i.embeds.len() == 1 {
            return self.write_type(out, i.embeds[0], q, depth);
        }
        let spaced = !q.is_for_errors();
        out.push_str(if spaced { "interface { " } else { "interface{" });
        let mut methods = i.methods.to_vec();
        self.sort_methods(&mut methods);
        for (n, method) in methods.iter().enumerate() {
            if n > 0 {
                out.push_str("; ");
            }
            // reflect qualifies unexported methods.
            if spaced && !method.name.is_exported() {
                let _ = write!(out, "{}.", self.package(method.pkg).name);
            }
            out.push_str(method.name.as_str());
            if let TypeKind::Signature(sig) = self.kind(method.sig) {
                self.write_signature(out, sig, q, depth);
            }
        }
        for (n, &embed) in i.embeds.iter().enumerate() {
            if n > 0 || !i.methods.is_empty() {
                out.push_str("; ");
            }
            self.write_type(out, embed, q, depth);
        }
        out.push_str(if spaced { " }" } else { "}" });
    }

    fn write_union(&self, out: &mut String, terms: &[Term], q: Qualify, depth: u32) {
        for (i, term) in terms.iter().enumerate() {
            if i > 0 {
                out.push_str(" | ");
            }
            if term.tilde {
                out.push('~');
            }
            self.write_type(out, term.ty, q, depth);
        }
    }

    /// `(a int, b ...string) (n int, err error)`.
    pub(crate) fn signature_string(&self, sig: &Signature, q: Qualify) -> String {
        let mut out = String::new();
        self.write_signature(&mut out, sig, q, 0);
        out
    }

    /// `(n int, err error)`.
    pub(crate) fn results_string(&self, sig: &Signature, q: Qualify) -> String {
        let mut out = String::new();
        self.write_params(&mut out, &sig.results, false, q, 0);
        out
    }

    fn write_signature(&self, out: &mut String, sig: &Signature, q: Qualify, depth: u32) {
        if !sig.type_params.is_empty() {
            out.push_str(&self.type_params_string(&sig.type_params, q));
        }
        self.write_params(out, &sig.params, sig.variadic, q, depth);
        match &*sig.results {
            [] => {}
            [single] if single.name.is_empty() || !q.is_for_errors() => {
                out.push(' ');
                self.write_type(out, single.ty, q, depth);
            }
            results => {
                out.push(' ');
                self.write_params(out, results, false, q, depth);
            }
        }
    }

    fn write_params(&self, out: &mut String, params: &[Param], variadic: bool, q: Qualify, depth: u32) {
        out.push('(');
        for (i, param) in params.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            if !param.name.is_empty() && q.is_for_errors() {
                let _ = write!(out, "{} ", param.name);
            }
            match self.kind(param.ty) {
                TypeKind::Slice(elem) if variadic && i + 1 == params.len() => {
                    out.push_str("...");
                    self.write_type(out, *elem, q, depth);
                }
                _ => self.write_type(out, param.ty, q, depth),
            }
        }
        out.push(')');
    }

    /// `[K comparable, V any]`.
    pub(crate) fn type_params_string(&self, tparams: &[TypeId], q: Qualify) -> String {
        let mut out = String::from("[");
        for (i, &tparam) in tparams.iter().enumerate() {
            let Some(data) = self.type_param(tparam) else { continue };
            if i > 0 {
                let previous = self.type_param(tparams[i - 1]).map(|p| p.bound);
                if previous != Some(data.bound)
                    && let Some(bound) = previous
                {
                    out.push(' ');
                    self.write_type(&mut out, bound, q, 1);
                }
                out.push_str(", ");
            }
            out.push_str(self.obj(data.obj).name.as_str());
        }
        if let Some(data) = tparams.last().and_then(|&t| self.type_param(t)) {
            out.push(' ');
            self.write_type(&mut out, data.bound, q, 1);
        }
        out.push(']');
        out
    }

    /// `G[T any]` for a generic type, its string otherwise.
    pub(crate) fn generic_type_string(&self, t: TypeId, q: Qualify) -> String {
        let (obj, tparams) = match (self.alias(t), self.named(t)) {
            (Some(a), _) if !a.tparams.is_empty() => (a.obj, &a.tparams),
            (_, Some(n)) if !n.tparams.is_empty() => (n.obj, &n.tparams),
            _ => return self.type_string(t, q),
        };
        let mut out = String::new();
        self.write_object(&mut out, obj, q);
        out.push_str(&self.type_params_string(tparams, q));
        out
    }
}
