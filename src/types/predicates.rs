//! Questions about types: what kind they are, whether they compare, order, have nil.

use crate::store::Store;
use crate::ty::*;

impl Store {
    /// Every type of a type parameter's type set satisfies `f` (and there is one); for other types just the type.
    pub(crate) fn all_basic(&mut self, t: TypeId, f: fn(Basic) -> bool) -> bool {
        if self.type_param(t).is_some() {
            let Some(terms) = self.type_param_terms(t) else { return false };
            return !terms.is_empty() && terms.iter().all(|x| self.all_basic(x.ty, f));
        }
        self.basic(t).is_some_and(f)
    }

    /// The basic type that underlies; none for type parameters.
    pub fn basic(&mut self, t: TypeId) -> Option<Basic> {
        if self.type_param(t).is_some() {
            return None;
        }
        if let TypeKind::Basic(b) = self.underlying_kind(t) { Some(*b) } else { None }
    }

    pub fn is_untyped(&self, t: TypeId) -> bool {
        (Basic::UntypedBool.id()..=Basic::UntypedNil.id()).contains(&t)
    }

    pub fn is_integer(&mut self, t: TypeId) -> bool {
        self.basic(t).is_some_and(Basic::is_integer)
    }

    pub fn is_unsigned(&mut self, t: TypeId) -> bool {
        self.basic(t).is_some_and(Basic::is_unsigned)
    }

    pub fn is_string(&mut self, t: TypeId) -> bool {
        self.basic(t).is_some_and(Basic::is_string)
    }

    pub fn is_boolean(&mut self, t: TypeId) -> bool {
        self.basic(t).is_some_and(Basic::is_boolean)
    }

    /// May have constants; not type parameters.
    pub fn is_const_type(&mut self, t: TypeId) -> bool {
        self.basic(t).is_some_and(Basic::is_const_type)
    }

    /// An interface, and not a type parameter.
    pub fn is_interface(&mut self, t: TypeId) -> bool {
        self.type_param(t).is_none() && matches!(self.underlying_kind(t), TypeKind::Interface(_))
    }

    pub fn is_type_param(&self, t: TypeId) -> bool {
        self.type_param(t).is_some()
    }

    /// A defined type, a predeclared type or a type parameter (specification: "Types").
    pub fn has_name(&self, t: TypeId) -> bool {
        matches!(self.kind(t), TypeKind::Basic(_) | TypeKind::Named(_) | TypeKind::TypeParam(_))
    }

    /// A generic type that lacks its arguments.
    pub fn is_generic(&self, t: TypeId) -> bool {
        if let Some(alias) = self.alias(t) {
            return !alias.tparams.is_empty();
        }
        self.named(t).is_some_and(|n| !n.tparams.is_empty() && !n.implicit)
    }

    /// Whether values of the type can be nil.
    pub fn has_nil(&mut self, t: TypeId) -> bool {
        if self.type_param(t).is_some() {
            let Some(terms) = self.type_param_terms(t) else { return false };
            return !terms.is_empty() && terms.iter().all(|x| self.has_nil(x.ty));
        }
        match self.underlying_kind(t) {
            TypeKind::Basic(b) => matches!(b, Basic::UnsafePointer | Basic::UntypedNil),
            TypeKind::Pointer(_)
            | TypeKind::Slice(_)
            | TypeKind::Map { .. }
            | TypeKind::Chan { .. }
            | TypeKind::Signature(_)
            | TypeKind::Interface(_) => true,
            _ => false,
        }
    }

    /// `==` is defined (specification: "Comparison operators"); of interfaces it may panic.
    pub fn is_comparable(&mut self, t: TypeId) -> bool {
        self.comparable_with(t, true, 0)
    }

    /// `==` is defined and never panics.
    pub fn is_strictly_comparable(&mut self, t: TypeId) -> bool {
        self.comparable_with(t, false, 0)
    }

    fn comparable_with(&mut self, t: TypeId, dynamic: bool, depth: u32) -> bool {
        if depth > 200 {
            return true;
        }
        if self.type_param(t).is_some() {
            let set = self.type_set(t);
            return self.comparable_set(&set, depth);
        }
        match self.underlying_kind(t).clone() {
            TypeKind::Basic(b) => b != Basic::UntypedNil,
            TypeKind::Pointer(_) | TypeKind::Chan { .. } => true,
            TypeKind::Interface(_) => {
                if dynamic {
                    return true;
                }
                let set = self.type_set(t);
                self.comparable_set(&set, depth)
            }
            TypeKind::Struct(fields) => fields.iter().all(|f| self.comparable_with(f.ty, dynamic, depth + 1)),
            TypeKind::Array { elem, .. } => self.comparable_with(elem, dynamic, depth + 1),
            _ => false,
        }
    }

    /// Whether all types of a type set are comparable without ever panicking, and there are any.
    fn comparable_set(&mut self, set: &crate::TypeSet, depth: u32) -> bool {
        match &set.terms {
            None => set.comparable,
            Some(terms) => {
                !terms.is_empty() && terms.iter().all(|x| self.comparable_with(x.ty, false, depth + 1))
            }
        }
    }

    /// The type that an untyped operand takes without context; other types stay.
    pub fn default_type(&self, t: TypeId) -> TypeId {
        match self.kind(t) {
            TypeKind::Basic(Basic::UntypedBool) => Basic::Bool.id(),
            TypeKind::Basic(Basic::UntypedInt) => Basic::Int.id(),
            TypeKind::Basic(Basic::UntypedRune) => self.rune,
            TypeKind::Basic(Basic::UntypedFloat) => Basic::Float64.id(),
            TypeKind::Basic(Basic::UntypedComplex) => Basic::Complex128.id(),
            TypeKind::Basic(Basic::UntypedString) => Basic::String.id(),
            _ => t,
        }
    }

    /// The kind of two untyped operands together: of numbers the one later in "integer, rune, floating-point, complex".
    pub(crate) fn larger_untyped(&mut self, a: TypeId, b: TypeId) -> Option<TypeId> {
        if a == b {
            return Some(a);
        }
        let numeric = |t: TypeId| (Basic::UntypedInt.id()..=Basic::UntypedComplex.id()).contains(&t);
        (numeric(a) && numeric(b)).then(|| a.max(b))
    }

    /// `[]byte`, `[]rune` by element: the basic type of the element of a slice.
    pub fn slice_of_basic(&mut self, t: TypeId) -> Option<Basic> {
        let TypeKind::Slice(elem) = *self.underlying_kind(t) else { return None };
        self.basic(elem)
    }
}
