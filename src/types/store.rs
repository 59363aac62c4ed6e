//! The store: types, objects and packages of a program; interning, identity, instantiation.

use crate::object::{ObjId, ObjKind, Object};
use crate::package::{Package, PackageId};
use crate::sizes::Sizes;
use crate::ty::*;
use crate::typeset::TypeSet;
use rustc_hash::FxHashMap;
use source::{FileSet, Name, Pos};
use std::sync::Arc;

/// Everything that types mention, by id. Only grows.
#[derive(Clone)]
pub struct Store {
    pub sizes: Sizes,
    kinds: Vec<TypeKind>,
    /// Whether a type parameter occurs in the type.
    parameterized: Vec<bool>,
    /// `TypeId::NONE` where not computed yet.
    canonical: Vec<TypeId>,
    interned: FxHashMap<TypeKind, TypeId>,
    pub(crate) nameds: Vec<NamedType>,
    pub(crate) tparams: Vec<TypeParam>,
    pub(crate) aliases: Vec<Alias>,
    instances: FxHashMap<(TypeId, Arc<[TypeId]>), TypeId>,
    pub(crate) type_sets: FxHashMap<TypeId, Arc<TypeSet>>,
    objects: Vec<Object>,
    pub(crate) packages: Vec<Package>,
    pub(crate) universe: FxHashMap<Name, ObjId>,
    /// `any`, as an alias.
    pub any: TypeId,
    pub error: TypeId,
    pub byte: TypeId,
    pub rune: TypeId,
    pub comparable: TypeId,
    pub empty_interface: TypeId,
    pub empty_tuple: TypeId,
    /// For places inside of messages.
    pub(crate) files: Option<Arc<FileSet>>,
    /// What the receiver of the method at hand calls the type parameters of its type.
    pub(crate) receiver_names: Vec<(TypeId, Name, Pos)>,
    /// Depth of nested expansions of instances, against infinite ones.
    expanding: u32,
    /// Counts the times that identity met a type still being declared.
    incomplete: u32,
    /// Interfaces whose canonical type is being computed, and how often one was met inside itself.
    canonicalizing: Vec<TypeId>,
    cyclic: u32,
}

/// Instances nested deeper than this are invalid (`type T[P any] struct { f *T[[]P] }`).
const MAX_NESTED_INSTANCES: u32 = 100;

impl Store {
    pub fn new(sizes: Sizes) -> Store {
        let mut store = Store {
            sizes,
            kinds: Vec::new(),
            parameterized: Vec::new(),
            canonical: Vec::new(),
            interned: FxHashMap::default(),
            nameds: Vec::new(),
            tparams: Vec::new(),
            aliases: Vec::new(),
            instances: FxHashMap::default(),
            type_sets: FxHashMap::default(),
            // Ids begin at 1.
            objects: vec![Object {
                name: Name::EMPTY,
                pos: Pos::NONE,
                pkg: PackageId::UNIVERSE,
                ty: TypeId::INVALID,
                kind: ObjKind::Nil,
            }],
            packages: vec![Package::new("", Name::EMPTY), Package::new("unsafe", Name::new("unsafe"))],
            universe: FxHashMap::default(),
            any: TypeId::INVALID,
            error: TypeId::INVALID,
            byte: TypeId::INVALID,
            rune: TypeId::INVALID,
            comparable: TypeId::INVALID,
            empty_interface: TypeId::INVALID,
            empty_tuple: TypeId::INVALID,
            files: None,
            receiver_names: Vec::new(),
            expanding: 0,
            incomplete: 0,
            canonicalizing: Vec::new(),
            cyclic: 0,
        };
        for &basic in Basic::ALL {
            store.intern(TypeKind::Basic(basic));
        }
        crate::universe::declare(&mut store);
        store
    }

    // ------------------------------------------------------------------------------------------------------ objects

    pub fn obj(&self, id: ObjId) -> &Object {
        &self.objects[id.index()]
    }

    pub(crate) fn obj_mut(&mut self, id: ObjId) -> &mut Object {
        &mut self.objects[id.index()]
    }

    pub fn object_count(&self) -> usize {
        self.objects.len()
    }

    pub(crate) fn add_object(&mut self, object: Object) -> ObjId {
        let id = ObjId::from_index(self.objects.len());
        self.objects.push(object);
        id
    }

    pub fn package(&self, id: PackageId) -> &Package {
        &self.packages[id.index()]
    }

    /// Ids of all packages with files, in order of addition.
    pub fn package_ids(&self) -> impl Iterator<Item = PackageId> + use<> {
        (2..self.packages.len() as u32).map(PackageId)
    }

    /// The predeclared object of this name.
    pub fn universe_object(&self, name: Name) -> Option<ObjId> {
        self.universe.get(&name).copied()
    }

    // --------------------------------------------------------------------------------------------------- interning

    /// The type of this kind; identical spellings give the same id.
    pub fn intern(&mut self, kind: TypeKind) -> TypeId {
        if let Some(&id) = self.interned.get(&kind) {
            return id;
        }
        let parameterized = self.computes_parameterized(&kind);
        let id = self.push(kind.clone(), parameterized);
        self.interned.insert(kind, id);
        id
    }

    fn push(&mut self, kind: TypeKind, parameterized: bool) -> TypeId {
        let id = TypeId(self.kinds.len() as u32);
        self.kinds.push(kind);
        self.parameterized.push(parameterized);
        self.canonical.push(TypeId::NONE);
        id
    }

    fn computes_parameterized(&self, kind: &TypeKind) -> bool {
        let p = |t: &TypeId| self.is_parameterized(*t);
        match kind {
            TypeKind::Basic(_) => false,
            TypeKind::Pointer(e) | TypeKind::Slice(e) => p(e),
            TypeKind::Array { elem, .. } | TypeKind::Chan { elem, .. } => p(elem),
            TypeKind::Map { key, value } => p(key) || p(value),
            TypeKind::Struct(fields) => fields.iter().any(|f| p(&f.ty)),
            TypeKind::Tuple(types) => types.iter().any(p),
            TypeKind::Signature(sig) => sig.params.iter().chain(&*sig.results).any(|v| p(&v.ty)),
            TypeKind::Interface(i) => i.methods.iter().any(|m| p(&m.sig)) || i.embeds.iter().any(p),
            TypeKind::Union(terms) => terms.iter().any(|t| p(&t.ty)),
            TypeKind::Named(_) | TypeKind::Alias(_) => false,
            TypeKind::TypeParam(_) => true,
        }
    }

    /// Whether a type parameter occurs in the type; a generic type without arguments counts as well.
    pub fn is_parameterized(&self, t: TypeId) -> bool {
        match &self.kinds[t.index()] {
            TypeKind::Named(id) => {
                let named = &self.nameds[id.0 as usize];
                !named.tparams.is_empty() || named.targs.iter().any(|&a| self.is_parameterized(a))
            }
            TypeKind::Alias(id) => self.is_parameterized(self.aliases[id.0 as usize].target),
            _ => self.parameterized[t.index()],
        }
    }

    /// The structure of a type, aliases resolved.
    pub fn kind(&self, t: TypeId) -> &TypeKind {
        &self.kinds[self.unalias(t).index()]
    }

    /// The structure of a type as written, aliases included.
    pub fn spelled_kind(&self, t: TypeId) -> &TypeKind {
        &self.kinds[t.index()]
    }

    pub fn unalias(&self, mut t: TypeId) -> TypeId {
        while let TypeKind::Alias(id) = &self.kinds[t.index()] {
            t = self.aliases[id.0 as usize].target;
        }
        t
    }

    pub fn named(&self, t: TypeId) -> Option<&NamedType> {
        if let TypeKind::Named(id) = self.kind(t) { Some(&self.nameds[id.0 as usize]) } else { None }
    }

    pub(crate) fn named_mut(&mut self, t: TypeId) -> Option<&mut NamedType> {
        let TypeKind::Named(id) = *self.kind(t) else { return None };
        Some(&mut self.nameds[id.0 as usize])
    }

    pub fn type_param(&self, t: TypeId) -> Option<&TypeParam> {
        if let TypeKind::TypeParam(id) = self.kind(t) { Some(&self.tparams[id.0 as usize]) } else { None }
    }

    pub fn alias(&self, t: TypeId) -> Option<&Alias> {
        if let TypeKind::Alias(id) = self.spelled_kind(t) { Some(&self.aliases[id.0 as usize]) } else { None }
    }

    pub fn signature(&self, t: TypeId) -> Option<Arc<Signature>> {
        if let TypeKind::Signature(s) = self.kind(t) { Some(s.clone()) } else { None }
    }

    // --------------------------------------------------------------------------------------------- construction

    pub fn pointer(&mut self, elem: TypeId) -> TypeId {
        self.intern(TypeKind::Pointer(elem))
    }

    pub fn slice(&mut self, elem: TypeId) -> TypeId {
        self.intern(TypeKind::Slice(elem))
    }

    /// `func()`
    pub(crate) fn empty_signature(&mut self) -> TypeId {
        let (type_params, params, results) = (Arc::default(), Arc::default(), Arc::default());
        let sig = Signature { type_params, params, results, variadic: false };
        self.intern(TypeKind::Signature(Arc::new(sig)))
    }

    pub fn tuple(&mut self, types: &[TypeId]) -> TypeId {
        self.intern(TypeKind::Tuple(types.into()))
    }

    /// The interface that a constraint literal such as `~int` stands for.
    pub(crate) fn implicit_interface(&mut self, element: TypeId) -> TypeId {
        let interface = Interface {
            methods: Arc::default(),
            embeds: Arc::from([element]),
            implicit: true,
            comparable: false,
        };
        self.intern(TypeKind::Interface(Arc::new(interface)))
    }

    pub(crate) fn new_named(&mut self, obj: ObjId) -> TypeId {
        let id = NamedId(self.nameds.len() as u32);
        let ty = self.push(TypeKind::Named(id), false);
        self.canonical[ty.index()] = ty;
        self.nameds.push(NamedType {
            obj,
            origin: ty,
            targs: Arc::default(),
            written: Arc::default(),
            tparams: Arc::default(),
            implicit: false,
            methods: Vec::new(),
            rhs: TypeId::NONE,
            underlying: TypeId::NONE,
        });
        ty
    }

    pub(crate) fn new_type_param(&mut self, obj: ObjId, index: u32, bound: TypeId) -> TypeId {
        let id = TypeParamId(self.tparams.len() as u32);
        self.tparams.push(TypeParam { obj, index, bound });
        let ty = self.push(TypeKind::TypeParam(id), true);
        self.canonical[ty.index()] = ty;
        ty
    }

    pub(crate) fn set_bound(&mut self, tparam: TypeId, bound: TypeId) {
        if let TypeKind::TypeParam(id) = *self.kind(tparam) {
            self.tparams[id.0 as usize].bound = bound;
        }
    }

    pub(crate) fn new_alias(&mut self, obj: ObjId, target: TypeId) -> TypeId {
        let id = AliasId(self.aliases.len() as u32);
        self.aliases.push(Alias { obj, targs: Arc::default(), target, tparams: Arc::default() });
        self.push(TypeKind::Alias(id), false)
    }

    pub(crate) fn alias_mut(&mut self, t: TypeId) -> Option<&mut Alias> {
        let TypeKind::Alias(id) = self.kinds[t.index()] else { return None };
        Some(&mut self.aliases[id.0 as usize])
    }

    // ------------------------------------------------------------------------------------------------- identity

    /// Specification: "Type identity".
    pub fn identical(&mut self, a: TypeId, b: TypeId) -> bool {
        a == b || self.canonical(a) == self.canonical(b) || self.cyclic > 0 && self.identical_cyclic(a, b)
    }

    /// The one id of all types identical to this one: aliases resolved, parameter names gone, interfaces flattened.
    pub fn canonical(&mut self, t: TypeId) -> TypeId {
        let known = self.canonical[t.index()];
        if known != TypeId::NONE {
            return known;
        }
        if self.canonicalizing.contains(&t) {
            // An interface that embeds itself inside one of its methods: stands for itself there.
            self.cyclic += 1;
            return t;
        }
        let (incomplete, cyclic) = (self.incomplete, self.cyclic);
        let is_interface = matches!(self.kinds[t.index()], TypeKind::Interface(_));
        if is_interface {
            self.canonicalizing.push(t);
        }
        let canonical = self.compute_canonical(t);
        if is_interface {
            self.canonicalizing.pop();
        }
        // What contains a type that is still being declared is computed again when asked again, and so is what was
        // reached from inside a cycle.
        if self.incomplete == incomplete && (self.cyclic == cyclic || self.canonicalizing.is_empty()) {
            self.canonical[t.index()] = canonical;
            self.canonical[canonical.index()] = canonical;
        }
        canonical
    }

    fn compute_canonical(&mut self, t: TypeId) -> TypeId {
        let kind = self.kinds[t.index()].clone();
        match kind {
            TypeKind::Basic(_) | TypeKind::Named(_) | TypeKind::TypeParam(_) => t,
            TypeKind::Alias(id) => {
                let target = self.aliases[id.0 as usize].target;
                self.incomplete += u32::from(target.is_invalid());
                self.canonical(target)
            }
            TypeKind::Pointer(e) => {
                let e = self.canonical(e);
                self.intern(TypeKind::Pointer(e))
            }
            TypeKind::Slice(e) => {
                let e = self.canonical(e);
                self.intern(TypeKind::Slice(e))
            }
            TypeKind::Array { elem, len } => {
                let elem = self.canonical(elem);
                self.intern(TypeKind::Array { elem, len })
            }
            TypeKind::Chan { dir, elem } => {
                let elem = self.canonical(elem);
                self.intern(TypeKind::Chan { dir, elem })
            }
            TypeKind::Map { key, value } => {
                let (key, value) = (self.canonical(key), self.canonical(value));
                self.intern(TypeKind::Map { key, value })
            }
            TypeKind::Struct(fields) => {
                let fields = fields.iter().map(|f| Field { ty: self.canonical(f.ty), ..f.clone() }).collect();
                self.intern(TypeKind::Struct(fields))
            }
            TypeKind::Tuple(types) => {
                let types = types.iter().map(|&t| self.canonical(t)).collect();
                self.intern(TypeKind::Tuple(types))
            }
            TypeKind::Signature(sig) => self.canonical_signature(&sig),
            TypeKind::Union(terms) => {
                let terms = terms.iter().map(|x| Term { ty: self.canonical(x.ty), ..*x }).collect();
                self.intern(TypeKind::Union(terms))
            }
            TypeKind::Interface(_) => match self.type_set_if_complete(t) {
                Some(set) => self.canonical_interface(&set),
                None => {
                    self.incomplete += 1;
                    t
                }
            },
        }
    }

    fn canonical_signature(&mut self, sig: &Signature) -> TypeId {
        let mut strip = |list: &[Param]| -> Arc<[Param]> {
            list.iter().map(|p| Param { name: Name::EMPTY, ty: self.canonical(p.ty) }).collect()
        };
        let (params, results) = (strip(&sig.params), strip(&sig.results));
        let kind =
            Signature { type_params: sig.type_params.clone(), params, results, variadic: sig.variadic };
        self.intern(TypeKind::Signature(Arc::new(kind)))
    }

    fn canonical_interface(&mut self, set: &TypeSet) -> TypeId {
        let methods =
            set.methods.iter().map(|m| Method { sig: self.canonical(m.sig), ..m.clone() }).collect();
        let embeds = match &set.terms {
            None => Arc::default(),
            Some(terms) => {
                let mut terms: Vec<Term> =
                    terms.iter().map(|x| Term { ty: self.canonical(x.ty), ..*x }).collect();
                terms.sort_by_key(|x| (x.ty, x.tilde));
                let union = self.intern(TypeKind::Union(terms.into()));
                Arc::from([union])
            }
        };
        let interface = Interface { methods, embeds, implicit: false, comparable: set.comparable };
        self.intern(TypeKind::Interface(Arc::new(interface)))
    }

    // --------------------------------------------------------------------------------------- underlying, instances

    /// Specification: "Underlying types". Of a type parameter it is its constraint interface. `INVALID` while the
    /// type is still being declared.
    pub fn underlying(&mut self, t: TypeId) -> TypeId {
        let t = self.unalias(t);
        match &self.kinds[t.index()] {
            TypeKind::Named(id) => self.underlying_of_named(*id),
            TypeKind::TypeParam(id) => {
                let index = id.0 as usize;
                let written = self.tparams[index].bound;
                let bound = self.underlying(written);
                if bound.is_invalid() {
                    // A constraint that is wrong, which has been reported, restricts nothing.
                    let open = self
                        .named(written)
                        .is_some_and(|n| n.rhs == TypeId::NONE && n.origin == self.unalias(written));
                    return if open { bound } else { self.empty_interface };
                }
                if matches!(self.kind(bound), TypeKind::Interface(_)) {
                    return bound;
                }
                // A constraint `[P T]` stands for `[P interface{ T }]`.
                self.tparams[index].bound = self.implicit_interface(self.tparams[index].bound);
                self.tparams[index].bound
            }
            _ => t,
        }
    }

    fn underlying_of_named(&mut self, id: NamedId) -> TypeId {
        let named = &self.nameds[id.0 as usize];
        if named.underlying != TypeId::NONE {
            return named.underlying;
        }
        let (origin, targs, rhs) = (named.origin, named.targs.clone(), named.rhs);
        let underlying = if targs.is_empty() {
            if rhs == TypeId::NONE {
                return TypeId::INVALID;
            }
            // A cycle `type A B; type B A` is an error reported elsewhere; the guard only ends the recursion.
            self.nameds[id.0 as usize].underlying = TypeId::INVALID;
            let underlying = self.underlying(rhs);
            self.nameds[id.0 as usize].underlying = TypeId::NONE;
            if underlying.is_invalid() && !self.unalias(rhs).is_invalid() {
                return TypeId::INVALID;
            }
            underlying
        } else {
            let generic = self.underlying(origin);
            if generic.is_invalid() || self.expanding > MAX_NESTED_INSTANCES {
                return TypeId::INVALID;
            }
            let tparams = self.named(origin).map(|n| n.tparams.clone()).unwrap_or_default();
            if tparams.len() != targs.len() {
                return TypeId::INVALID;
            }
            self.expanding += 1;
            let underlying = self.subst(generic, &tparams, &targs);
            self.expanding -= 1;
            underlying
        };
        self.nameds[id.0 as usize].underlying = underlying;
        underlying
    }

    /// The kind of the underlying type.
    pub fn underlying_kind(&mut self, t: TypeId) -> &TypeKind {
        let u = self.underlying(t);
        self.kind(u)
    }

    /// A generic defined type (or alias) with type arguments. The result for equal arguments is the same id; a
    /// generic type applied to its own parameters is the generic type.
    pub fn instantiate(&mut self, origin: TypeId, targs: &[TypeId]) -> TypeId {
        if self.alias(origin).is_some_and(|a| !a.tparams.is_empty()) {
            return self.instantiate_alias(origin, targs);
        }
        let Some(named) = self.named(origin) else { return TypeId::INVALID };
        let (obj, implicit, tparams) = (named.obj, named.implicit, named.tparams.clone());
        let written: Arc<[TypeId]> = targs.into();
        let targs: Arc<[TypeId]> = targs.iter().map(|&t| self.canonical(t)).collect();
        if targs == tparams {
            return origin;
        }
        if let Some(&instance) = self.instances.get(&(origin, targs.clone())) {
            return instance;
        }
        let id = NamedId(self.nameds.len() as u32);
        let ty = self.push(TypeKind::Named(id), false);
        self.canonical[ty.index()] = ty;
        self.nameds.push(NamedType {
            obj,
            origin,
            targs: targs.clone(),
            written,
            tparams: Arc::default(),
            implicit,
            methods: Vec::new(),
            rhs: TypeId::NONE,
            underlying: TypeId::NONE,
        });
        self.instances.insert((origin, targs), ty);
        ty
    }

    fn instantiate_alias(&mut self, origin: TypeId, targs: &[TypeId]) -> TypeId {
        let Some(alias) = self.alias(origin).cloned() else { return TypeId::INVALID };
        let targs: Arc<[TypeId]> = targs.into();
        if let Some(&instance) = self.instances.get(&(origin, targs.clone())) {
            return instance;
        }
        let target = self.subst(alias.target, &alias.tparams, &targs);
        let id = AliasId(self.aliases.len() as u32);
        self.aliases.push(Alias { obj: alias.obj, targs: targs.clone(), target, tparams: Arc::default() });
        let ty = self.push(TypeKind::Alias(id), false);
        if !alias.target.is_invalid() {
            self.instances.insert((origin, targs), ty);
        }
        ty
    }

    /// The declared methods of a defined type: those of its origin.
    pub fn methods_of(&self, t: TypeId) -> &[ObjId] {
        match self.named(t) {
            Some(named) if named.origin == self.unalias(t) => &named.methods,
            Some(named) => self.named(named.origin).map_or(&[], |n| &n.methods),
            None => &[],
        }
    }

    /// Type parameters of the origin and type arguments of an instance, for [`subst`](Store::subst).
    #[expect(clippy::type_complexity, reason = "parameters and arguments, which belong together")]
    pub fn type_args_of(&self, t: TypeId) -> Option<(Arc<[TypeId]>, Arc<[TypeId]>)> {
        let named = self.named(t)?;
        if named.targs.is_empty() {
            return None;
        }
        Some((self.named(named.origin)?.tparams.clone(), named.targs.clone()))
    }

    /// The type that a pointer points to, by its underlying type.
    pub fn pointer_elem(&mut self, t: TypeId) -> Option<TypeId> {
        if let TypeKind::Pointer(e) = self.underlying_kind(t) { Some(*e) } else { None }
    }

    /// `T` of an unnamed `*T`, and whether it was a pointer.
    pub fn deref(&self, t: TypeId) -> (TypeId, bool) {
        if let TypeKind::Pointer(e) = self.kind(t) { (*e, true) } else { (t, false) }
    }
}
