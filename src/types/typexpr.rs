//! Type expressions (specification: "Types").

use crate::constant::representable;
use crate::ctx::{Ctx, MAX_DEPTH};
use crate::delayed::Delayed;
use crate::object::ObjKind;
use crate::operand::OpMode;
use crate::package::PackageId;
use crate::ty::*;
use source::{Name, Pos};
use std::sync::Arc;
use syntax::ast::{BinaryOp, ExprId, ExprKind, ExprList, FieldList, UnaryOp};

/// Terms of a union.
pub(crate) const MAX_TERMS: usize = 100;

impl Ctx<'_> {
    /// The type that an expression denotes; a generic type must have its arguments.
    pub fn typ(&mut self, e: ExprId) -> TypeId {
        let t = self.generic_type(e);
        if self.c.store.is_generic(t) && !self.is_own_generic(t) {
            let name = self.c.store.generic_type_string(t, crate::Qualify::Relative(self.pkg));
            self.error_at(e, format!("cannot use generic type {name} without instantiation"));
            self.record_type(e, TypeId::INVALID);
            return TypeId::INVALID;
        }
        t
    }

    /// `G[T]` inside the declaration of `G[T any]` is `G` itself: it has its arguments.
    fn is_own_generic(&self, t: TypeId) -> bool {
        self.applied_generic == Some(t)
    }

    /// The type of a variable, parameter, field or element, which must not be a constraint interface.
    pub fn var_type(&mut self, e: ExprId) -> TypeId {
        let ty = self.typ(e);
        let (pos, pkg) = (self.tree.start(e), self.pkg);
        if let TypeKind::Named(_) | TypeKind::Interface(_) = self.c.store.kind(ty) {
            self.c.delayed.push(Delayed::VarType { ty, pos, pkg });
        }
        ty
    }

    /// The type that an expression denotes, generic types without arguments included.
    pub fn generic_type(&mut self, e: ExprId) -> TypeId {
        self.depth += 1;
        self.applied_generic = None;
        let t = if self.depth > MAX_DEPTH {
            self.error_at(e, "type nested too deeply");
            TypeId::INVALID
        } else {
            self.typ_internal(e)
        };
        self.depth -= 1;
        self.record_type(e, t);
        t
    }

    fn typ_internal(&mut self, e: ExprId) -> TypeId {
        match self.tree[e].kind {
            ExprKind::Bad => TypeId::INVALID,
            ExprKind::Name(name) => {
                let x = self.name(e, name, true);
                self.type_of_operand(x)
            }
            ExprKind::Selector { x, sel } => {
                let x = self.selector(e, x, sel, true);
                self.type_of_operand(x)
            }
            ExprKind::Index { x, args, .. } => self.instantiated_type(e, x, args),
            ExprKind::Paren { x, .. } => self.generic_type(x),
            ExprKind::ArrayType { len, elem } => self.array_type(e, len, elem),
            ExprKind::SliceType { elem } => {
                let elem = self.var_type(elem);
                self.c.store.slice(elem)
            }
            ExprKind::Dots(x) => {
                self.error(self.tree[e].pos, "invalid use of ...");
                self.typ(x);
                TypeId::INVALID
            }
            ExprKind::StructType { fields, .. } => self.struct_type(fields),
            ExprKind::Star(x) => {
                let elem = self.var_type(x);
                if elem.is_invalid() { TypeId::INVALID } else { self.c.store.pointer(elem) }
            }
            ExprKind::FuncType { params, results } => {
                let sig = self.signature(params, results, Arc::default(), &mut Vec::new());
                self.c.store.intern(TypeKind::Signature(Arc::new(sig)))
            }
            ExprKind::InterfaceType { elems, .. } => self.interface_type(elems),
            ExprKind::MapType { key, value } => {
                let (pos, pkg) = (self.tree.start(key), self.pkg);
                let key = self.var_type(key);
                let value = self.var_type(value);
                let size_pos = self.size_pos();
                self.c.delayed.push(Delayed::MapType { key, value, pos, size_pos, pkg });
                self.c.store.intern(TypeKind::Map { key, value })
            }
            ExprKind::ChanType { dir, elem } => {
                let pos = self.size_pos();
                let elem = self.var_type(elem);
                self.c.delayed.push(Delayed::ChanElem { elem, pos });
                self.c.store.intern(TypeKind::Chan { dir, elem })
            }
            _ => {
                let text = self.es(e);
                self.error_at(e, format!("{text} is not a type"));
                self.use_exprs(&[e]);
                TypeId::INVALID
            }
        }
    }

    fn type_of_operand(&mut self, x: crate::operand::Operand) -> TypeId {
        match x.mode {
            OpMode::Type => x.ty,
            OpMode::Invalid => TypeId::INVALID,
            OpMode::NoValue => {
                let what = self.os(&x);
                self.error_at(x.expr, format!("{what} used as type"));
                TypeId::INVALID
            }
            _ => {
                let what = self.os(&x);
                self.error_at(x.expr, format!("{what} is not a type"));
                TypeId::INVALID
            }
        }
    }

    pub fn instantiated_type(&mut self, e: ExprId, x: ExprId, args: ExprList) -> TypeId {
        self.require((1, 18), self.tree.start(e), |_| "type instantiation".to_owned());
        let generic = self.generic_type(x);
        let arg_exprs = self.tree.exprs(args);
        if self.c.store.unalias(generic).is_invalid() {
            return TypeId::INVALID;
        }
        if !self.c.store.is_generic(generic) {
            let (text, name) = (self.es(e), self.ts(generic));
            self.error_at(e, format!("invalid operation: {text} ({name} is not a generic type)"));
            return TypeId::INVALID;
        }
        let targs: Vec<TypeId> = arg_exprs.iter().map(|&a| self.var_type(a)).collect();
        if targs.iter().any(|t| t.is_invalid()) {
            return TypeId::INVALID;
        }
        let tparams = match (self.c.store.alias(generic), self.c.store.named(generic)) {
            (Some(a), _) if !a.tparams.is_empty() => a.tparams.clone(),
            (_, Some(n)) => n.tparams.clone(),
            _ => Arc::default(),
        };
        let name = self.ts_generic_name(generic);
        if targs.len() != tparams.len() {
            let (have, want) = (targs.len(), tparams.len());
            let at = self.tree.start(x);
            let qualifier = if have < want { "not enough" } else { "too many" };
            let message = format!("{qualifier} type arguments for type {name}: have {have}, want {want}");
            self.error(at, message);
            // What is wrong with its uses is said as well.
            return match self.c.store.alias(generic) {
                Some(_) => TypeId::INVALID,
                None => self.c.store.instantiate(generic, &targs),
            };
        }
        let instance = self.c.store.instantiate(generic, &targs);
        self.applied_generic = Some(instance);
        let first = self.tree[x].pos;
        self.c.instance_pos.entry(instance).or_insert(first);
        let pos = arg_exprs.iter().map(|&a| self.tree.start(a)).collect();
        let (at, pkg) = (self.tree[x].pos, self.pkg);
        self.c.delayed.push(Delayed::Instance { tparams, targs: targs.into(), pos, at, pkg });
        instance
    }

    fn ts_generic_name(&self, t: TypeId) -> String {
        let text = self.ts(t);
        text.split('[').next().unwrap_or("").to_owned()
    }

    fn array_type(&mut self, e: ExprId, len: Option<ExprId>, elem: ExprId) -> TypeId {
        let pos = self.tree[e].pos;
        let Some(len) = len else {
            self.error(pos, "invalid use of [...] array (outside a composite literal)");
            self.typ(elem);
            return TypeId::INVALID;
        };
        let len = self.array_length(len);
        let elem = self.var_type(elem);
        match len {
            Some(len) => {
                let ty = self.c.store.intern(TypeKind::Array { elem, len });
                if len > 1 << 10
                    || !matches!(self.c.store.kind(elem), TypeKind::Basic(_) | TypeKind::Pointer(_))
                {
                    let (pos, pkg) = (self.size_pos(), self.pkg);
                    self.c.delayed.push(Delayed::ArraySize { ty, pos, pkg });
                }
                ty
            }
            None => TypeId::INVALID,
        }
    }

    /// Where it is said that a type is too large: at what is declared with it.
    fn size_pos(&self) -> Pos {
        match self.c.resolving.last() {
            Some(&obj) if self.funcs.is_empty() => self.c.store.obj(obj).pos,
            _ => self.stmt_pos,
        }
    }

    fn array_length(&mut self, e: ExprId) -> Option<u64> {
        if let ExprKind::Name(name) = self.tree[e].kind {
            match self.lookup(name) {
                None => {
                    let message = format!("undefined array length {name} or missing type constraint");
                    self.error_at(e, message);
                    return None;
                }
                Some(obj) if !matches!(self.c.store.obj(obj).kind, ObjKind::Const(_)) => {
                    self.error_at(e, format!("invalid array length {name}"));
                    if let ObjKind::Var(_) = self.c.store.obj(obj).kind {
                        self.use_var(obj);
                    }
                    return None;
                }
                _ => {}
            }
        }
        let x = self.expr(e, None);
        let Some(value) = x.constant().cloned() else {
            if !x.is_invalid() {
                let what = self.os(&x);
                self.error_at(e, format!("array length {what} must be constant"));
            }
            return None;
        };
        let is_integer = self.c.store.is_integer(x.ty);
        if (self.c.store.is_untyped(x.ty) || is_integer)
            && let Some(n) = representable(&value, Basic::Int, &self.c.store.sizes)
            && let Some(n) = n.as_i64().and_then(|n| u64::try_from(n).ok())
        {
            return Some(n);
        }
        let what = self.os(&x);
        let message = if is_integer {
            format!("invalid array length {what}")
        } else {
            format!("array length {what} must be integer")
        };
        self.error_at(e, message);
        None
    }

    fn home(&self, name: Name) -> PackageId {
        if name.is_exported() { PackageId::UNIVERSE } else { self.pkg }
    }

    // Specification: "Struct types".
    fn struct_type(&mut self, fields: FieldList) -> TypeId {
        let mut list: Vec<Field> = Vec::with_capacity(fields.len());
        let mut previous: Option<(ExprId, TypeId)> = None;
        for field in self.tree.fields(fields) {
            let ty = match previous {
                Some((e, ty)) if e == field.ty => ty,
                _ => self.var_type(field.ty),
            };
            previous = Some((field.ty, ty));
            let tag = field.tag.map_or(Name::EMPTY, |tag| self.tag(tag));
            let (name, pos, embedded) = match field.name.and_then(|e| self.ident(e)) {
                Some(ident) => (ident.name, ident.pos, false),
                None => {
                    let Some((name, pos)) = self.embedded_name(field.ty) else { continue };
                    let at = self.tree.start(field.ty);
                    self.c.delayed.push(Delayed::Embedded { ty, pos: at });
                    (name, pos, true)
                }
            };
            if !name.is_blank()
                && let Some(other) = list.iter().find(|f| f.name == name)
            {
                let at = other.pos.0;
                let related = format!("other declaration of {name}");
                self.error_related(pos, format!("{name} redeclared"), at, related);
                continue;
            }
            let pkg = self.home(name);
            list.push(Field { name, pkg, ty, embedded, tag, pos: At(pos) });
        }
        self.c.store.intern(TypeKind::Struct(list.into()))
    }

    fn tag(&mut self, e: ExprId) -> Name {
        match self.tree[e].kind {
            ExprKind::Literal { text, bad: false, .. } => {
                let text = self.tree.text(text);
                match crate::constant::unquote(text) {
                    Some(bytes) => Name::new(&String::from_utf8_lossy(&bytes)),
                    None => {
                        let quoted = crate::constant::quote(text.as_bytes());
                        self.error_at(e, format!("invalid syntax tree: incorrect tag syntax: {quoted}"));
                        Name::EMPTY
                    }
                }
            }
            _ => Name::EMPTY,
        }
    }

    /// The name of an embedded field: that of its type.
    fn embedded_name(&mut self, mut e: ExprId) -> Option<(Name, Pos)> {
        loop {
            let pos = self.tree[e].pos;
            match self.tree[e].kind {
                ExprKind::Name(name) | ExprKind::Selector { sel: name, .. } => return Some((name, pos)),
                ExprKind::Star(x) | ExprKind::Paren { x, .. } | ExprKind::Index { x, .. } => e = x,
                ExprKind::Bad => return None,
                _ => {
                    let text = self.es(e);
                    self.error_at(e, format!("invalid embedded field type {text}"));
                    return None;
                }
            }
        }
    }

    // Specification: "Interface types".
    fn interface_type(&mut self, elems: FieldList) -> TypeId {
        if elems.is_empty() {
            return self.c.store.empty_interface;
        }
        let (mut methods, mut embeds, mut at): (Vec<Method>, Vec<TypeId>, Vec<Pos>) = Default::default();
        for elem in self.tree.fields(elems) {
            let Some(ident) = elem.name.and_then(|e| self.ident(e)) else {
                let mut ty = self.constraint_element(elem.ty);
                if self.c.store.is_type_param(ty) {
                    self.error_at(elem.ty, "term cannot be a type parameter");
                    ty = TypeId::INVALID;
                }
                let may_be_interface =
                    matches!(self.c.store.kind(ty), TypeKind::Named(_) | TypeKind::Interface(_));
                if self.go_version < (1, 18) && !may_be_interface {
                    // Then it is as if it were not there.
                    let (pos, pkg, file) = (self.tree.start(elem.ty), self.pkg, self.file);
                    self.c.old_embedding(ty, pos, pkg, file);
                } else if !ty.is_invalid() {
                    embeds.push(ty);
                    at.push(self.tree.start(elem.ty));
                }
                continue;
            };
            let (name, pos) = (ident.name, ident.pos);
            let ExprKind::FuncType { params, results } = self.tree[elem.ty].kind else { continue };
            let sig = self.signature(params, results, Arc::default(), &mut Vec::new());
            let sig = self.c.store.intern(TypeKind::Signature(Arc::new(sig)));
            self.record_type(elem.ty, sig);
            if name.is_blank() {
                self.error(pos, "methods must have a unique non-blank name");
                continue;
            }
            if let Some(other) = methods.iter().find(|m| m.name == name) {
                let related = format!("other declaration of method {name}");
                let other = other.pos.0;
                self.error_related(pos, format!("duplicate method {name}"), other, related);
                continue;
            }
            let pkg = self.home(name);
            methods.push(Method { name, pkg, sig, pos: At(pos) });
        }
        let check = !embeds.is_empty();
        let explicit: Vec<Pos> = methods.iter().map(|m| m.pos.0).collect();
        let interface =
            Interface { methods: methods.into(), embeds: embeds.into(), implicit: false, comparable: false };
        let ty = self.c.store.intern(TypeKind::Interface(Arc::new(interface)));
        if check {
            let (pkg, file) = (self.pkg, self.file);
            self.c.delayed.push(Delayed::Interface { ty, methods: explicit, embeds: at, pkg, file });
        }
        ty
    }

    /// An embedded element or a constraint: a type, `~T`, or a union of such.
    pub fn constraint_element(&mut self, e: ExprId) -> TypeId {
        let is_union = matches!(
            self.tree[e].kind,
            ExprKind::Binary { op: BinaryOp::Or, .. } | ExprKind::Unary { op: UnaryOp::Tilde, .. }
        );
        if !is_union {
            return self.typ(e);
        }
        let mut exprs = Vec::new();
        self.flatten_union(e, &mut exprs);
        let mut terms = Vec::with_capacity(exprs.len());
        let extra = exprs.get(MAX_TERMS).copied();
        for term in exprs {
            let pos = self.tree.start(term);
            let (tilde, inner) = match self.tree[term].kind {
                ExprKind::Unary { op: UnaryOp::Tilde, x } => (true, x),
                _ => (false, term),
            };
            let ty = self.typ(inner);
            if tilde {
                let single = self.c.store.intern(TypeKind::Union(Arc::from([Term { tilde, ty }])));
                self.record_type(term, single);
            }
            if self.c.store.is_type_param(ty) {
                let text = self.es(term);
                self.error_at(
                    inner,
                    if tilde {
                        format!("type in term {text} cannot be a type parameter")
                    } else {
                        "term cannot be a type parameter".to_owned()
                    },
                );
            } else {
                terms.push((Term { tilde, ty }, pos));
            }
        }
        if let Some(extra) = extra {
            let message =
                format!("cannot handle more than {MAX_TERMS} union terms (implementation limitation)");
            self.error_at(extra, message);
            return TypeId::INVALID;
        }
        let union = terms.iter().map(|t| t.0).collect();
        let ty = self.c.store.intern(TypeKind::Union(union));
        let pkg = self.pkg;
        self.c.delayed.push(Delayed::Union { terms, pkg });
        // The unions that it consists of, `A | B` of `A | B | C`, are unions, too.
        let mut node = e;
        while let ExprKind::Binary { op: BinaryOp::Or, x, .. } = self.tree[node].kind {
            self.record_type(node, ty);
            node = x;
        }
        ty
    }

    fn flatten_union(&self, e: ExprId, out: &mut Vec<ExprId>) {
        // Long unions nest to the left.
        let mut e = e;
        let mut right = Vec::new();
        while let ExprKind::Binary { op: BinaryOp::Or, x, y } = self.tree[e].kind {
            right.push(y);
            e = x;
        }
        out.push(e);
        out.extend(right.into_iter().rev());
    }

    /// Parameters and results of a function type (specification: "Function types"). `names` are those that its scope has
    /// already.
    pub fn signature(
        &mut self,
        params: FieldList,
        results: FieldList,
        type_params: Arc<[TypeId]>,
        names: &mut Vec<(Name, Pos)>,
    ) -> Signature {
        let (params, variadic) = self.parameters(params, true, names);
        let (results, _) = self.parameters(results, false, names);
        Signature { type_params, params, results, variadic }
    }

    fn parameters(
        &mut self,
        fields: FieldList,
        variadic_ok: bool,
        names: &mut Vec<(Name, Pos)>,
    ) -> (Arc<[Param]>, bool) {
        let fields = self.tree.fields(fields);
        let mut list = Vec::with_capacity(fields.len());
        let (mut previous, mut variadic): (Option<(ExprId, TypeId)>, bool) = (None, false);
        for (i, field) in fields.iter().enumerate() {
            let ty = match previous {
                Some((e, ty)) if e == field.ty => ty,
                _ => match self.tree[field.ty].kind {
                    ExprKind::Dots(elem) => {
                        let elem = self.var_type(elem);
                        if variadic_ok && i + 1 == fields.len() {
                            variadic = true;
                            let ty = self.c.store.slice(elem);
                            self.record_type(field.ty, ty);
                            ty
                        } else {
                            let what = if variadic_ok {
                                "can only use ... with final parameter"
                            } else {
                                "can only use ... with final parameter in list"
                            };
                            self.error(self.tree[field.ty].pos, what);
                            elem
                        }
                    }
                    _ => self.var_type(field.ty),
                },
            };
            previous = Some((field.ty, ty));
            let name = match field.name.and_then(|e| self.ident(e)) {
                Some(ident) => {
                    self.check_parameter_name(ident.name, ident.pos, names);
                    ident.name
                }
                None => Name::EMPTY,
            };
            list.push(Param { name, ty });
        }
        (list.into(), variadic)
    }

    pub fn check_parameter_name(&mut self, name: Name, pos: Pos, names: &mut Vec<(Name, Pos)>) {
        if name.is_blank() {
            return;
        }
        if let Some(&(_, at)) = names.iter().find(|n| n.0 == name) {
            let related = format!("other declaration of {name}");
            self.error_related(pos, format!("{name} redeclared in this block"), at, related);
        } else {
            names.push((name, pos));
        }
    }
}
