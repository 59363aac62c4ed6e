//! What a type is: ids and the kinds behind them. The [`Store`](crate::Store) interns and completes them.

use crate::object::ObjId;
use crate::package::PackageId;
use source::{Name, Pos};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
pub use syntax::ast::ChanDir;

/// A type of a [`Store`](crate::Store).
///
/// Spellings are kept apart (`byte` and `uint8`, `func(x int)` and `func(int)`), because messages repeat them;
/// [`Store::canonical`](crate::Store::canonical) maps all identical types to one id, which is what generators should
/// use as keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub(crate) u32);

impl TypeId {
    /// For dense side tables.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) const NONE: TypeId = TypeId(u32::MAX);
    pub const INVALID: TypeId = TypeId(0);

    pub fn is_invalid(self) -> bool {
        self == TypeId::INVALID
    }
}

impl std::fmt::Debug for TypeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "T{}", self.0)
    }
}

macro_rules! basics {
    ($($name:ident = $text:literal),* $(,)?) => {
        /// The predeclared types without structure. `Basic as u32` is the number of the interned type.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Basic { $($name),* }

        impl Basic {
            pub const ALL: &[Basic] = &[$(Basic::$name),*];

            pub fn as_str(self) -> &'static str {
                match self { $(Basic::$name => $text),* }
            }
        }
    };
}

basics! {
    Invalid = "invalid type",
    Bool = "bool",
    Int = "int", Int8 = "int8", Int16 = "int16", Int32 = "int32", Int64 = "int64",
    Uint = "uint", Uint8 = "uint8", Uint16 = "uint16", Uint32 = "uint32", Uint64 = "uint64", Uintptr = "uintptr",
    Float32 = "float32", Float64 = "float64",
    Complex64 = "complex64", Complex128 = "complex128",
    String = "string",
    UnsafePointer = "unsafe.Pointer",
    UntypedBool = "untyped bool",
    UntypedInt = "untyped int",
    UntypedRune = "untyped rune",
    UntypedFloat = "untyped float",
    UntypedComplex = "untyped complex",
    UntypedString = "untyped string",
    UntypedNil = "untyped nil",
}

impl Basic {
    pub const fn id(self) -> TypeId {
        TypeId(self as u32)
    }

    pub fn is_boolean(self) -> bool {
        matches!(self, Basic::Bool | Basic::UntypedBool)
    }

    pub fn is_integer(self) -> bool {
        (Basic::Int..=Basic::Uintptr).contains(&self)
            || matches!(self, Basic::UntypedInt | Basic::UntypedRune)
    }

    pub fn is_unsigned(self) -> bool {
        (Basic::Uint..=Basic::Uintptr).contains(&self)
    }

    pub fn is_float(self) -> bool {
        matches!(self, Basic::Float32 | Basic::Float64 | Basic::UntypedFloat)
    }

    pub fn is_complex(self) -> bool {
        matches!(self, Basic::Complex64 | Basic::Complex128 | Basic::UntypedComplex)
    }

    pub fn is_numeric(self) -> bool {
        self.is_integer() || self.is_float() || self.is_complex()
    }

    pub fn is_string(self) -> bool {
        matches!(self, Basic::String | Basic::UntypedString)
    }

    /// Types that may have constants (specification: "Constants").
    pub fn is_const_type(self) -> bool {
        self.is_boolean() || self.is_numeric() || self.is_string()
    }

    pub fn is_untyped(self) -> bool {
        self >= Basic::UntypedBool
    }

    /// Types that `<` orders.
    pub fn is_ordered(self) -> bool {
        self.is_integer() || self.is_float() || self.is_string()
    }
}

/// The structure of a type. Reading it through [`Store::kind`](crate::Store::kind) never shows `Alias`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeKind {
    Basic(Basic),
    Pointer(TypeId),
    Slice(TypeId),
    Array {
        elem: TypeId,
        len: u64,
    },
    Map {
        key: TypeId,
        value: TypeId,
    },
    Chan {
        dir: ChanDir,
        elem: TypeId,
    },
    Struct(Arc<[Field]>),
    /// The type of a call with no or several results.
    Tuple(Arc<[TypeId]>),
    Signature(Arc<Signature>),
    Interface(Arc<Interface>),
    /// `A | ~B`; only as an element of a constraint interface.
    Union(Arc<[Term]>),
    /// A defined type or an instance of one; see [`Store::named`](crate::Store::named).
    Named(NamedId),
    /// See [`Store::type_param`](crate::Store::type_param).
    TypeParam(TypeParamId),
    /// An alias as written; see [`Store::alias`](crate::Store::alias).
    Alias(AliasId),
}

/// Index of a [`NamedType`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NamedId(pub(crate) u32);
/// Index of a [`TypeParam`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeParamId(pub(crate) u32);
/// Index of an [`Alias`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AliasId(pub(crate) u32);

/// A position that plays no part in identity.
#[derive(Clone, Copy, Debug, Default)]
pub struct At(pub Pos);

impl PartialEq for At {
    fn eq(&self, _: &At) -> bool {
        true
    }
}
impl Eq for At {}
impl Hash for At {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    pub name: Name,
    /// The declaring package of an unexported name; [`PackageId::UNIVERSE`] for exported ones.
    pub pkg: PackageId,
    pub ty: TypeId,
    pub embedded: bool,
    /// The tag, unquoted; the empty name if there is none.
    pub tag: Name,
    pub pos: At,
}

/// A parameter or result.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Param {
    /// Empty if unnamed; no part of identity.
    pub name: Name,
    pub ty: TypeId,
}

/// The type of a function, without receiver.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// The function's own type parameters (`TypeParam` types); those of a method's receiver are its type's.
    pub type_params: Arc<[TypeId]>,
    pub params: Arc<[Param]>,
    pub results: Arc<[Param]>,
    /// The last parameter is `...T`; its type here is `[]T`.
    pub variadic: bool,
}

/// An interface as written; what it contains is its [`TypeSet`](crate::typeset::TypeSet).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Interface {
    /// The methods written in it, in order.
    pub methods: Arc<[Method]>,
    /// Embedded interfaces, constraint types and unions.
    pub embeds: Arc<[TypeId]>,
    /// Made for a constraint literal such as `[T ~int]`; printed without `interface{}`.
    pub implicit: bool,
    /// Only for the predeclared `comparable`.
    pub comparable: bool,
}

/// A method of an interface.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Method {
    pub name: Name,
    /// The declaring package of an unexported name; [`PackageId::UNIVERSE`] for exported ones.
    pub pkg: PackageId,
    /// The signature, without receiver.
    pub sig: TypeId,
    pub pos: At,
}

/// A term of a union: `T` or `~T`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    pub tilde: bool,
    pub ty: TypeId,
}

/// A defined type (origin) or an instance.
#[derive(Clone, Debug)]
pub struct NamedType {
    pub obj: ObjId,
    /// The generic type that this is an instance of; the type itself otherwise.
    pub origin: TypeId,
    /// Canonical type arguments of an instance; empty for origins.
    pub targs: Arc<[TypeId]>,
    /// The same as written where the instance was needed first, for messages.
    pub written: Arc<[TypeId]>,
    /// Type parameters of a generic origin. A type declared inside a generic function has that function's type
    /// parameters, and `implicit` is set.
    pub tparams: Arc<[TypeId]>,
    pub implicit: bool,
    /// Declared methods of an origin, in source order; instances have those of their origin.
    pub methods: Vec<ObjId>,
    /// The right-hand side of the declaration, once known.
    pub(crate) rhs: TypeId,
    pub(crate) underlying: TypeId,
}

/// A type parameter.
#[derive(Clone, Debug)]
pub struct TypeParam {
    pub obj: ObjId,
    /// Position in its list.
    pub index: u32,
    /// The constraint as written.
    pub bound: TypeId,
}

/// An alias as written.
#[derive(Clone, Debug)]
pub struct Alias {
    pub obj: ObjId,
    pub targs: Arc<[TypeId]>,
    /// What it stands for; [`TypeId::INVALID`] while being declared.
    pub target: TypeId,
    pub tparams: Arc<[TypeId]>,
}
