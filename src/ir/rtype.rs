//! Go types as the running program sees them: what type switches compare, what interfaces dispatch on, what panics and
//! reflect print. Lowering emits of each only what the program can reach.

use crate::entity::{FuncId, GlobalId, RTypeId};
use crate::ty::Type;

/// The kinds of package reflect, with its numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Kind {
    Bool = 1,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float32,
    Float64,
    Complex64,
    Complex128,
    Array,
    Chan,
    Func,
    Interface,
    Map,
    Pointer,
    Slice,
    String,
    Struct,
    UnsafePointer,
}

/// A closed Go type.
#[derive(Clone, PartialEq, Debug)]
pub struct RType {
    /// As `%T` prints it: `main.T`, `[]int`, `map[string]main.G[int]`.
    pub string: String,
    /// Distinguishes types of equal `string` (local types, packages of the same name): the text form's name.
    pub unique: String,
    pub kind: Kind,
    /// How a value of the type looks in memory and registers.
    pub repr: Type,
    /// Name without package, for defined types; empty for others.
    pub name: String,
    pub pkg_path: String,
    pub comparable: bool,
    /// Element of arrays, channels, maps, pointers, slices.
    pub elem: Option<RTypeId>,
    /// Key of maps.
    pub key: Option<RTypeId>,
    /// Length of arrays.
    pub len: u64,
    /// Direction of channels, as reflect numbers it: 1 receive, 2 send, 3 both.
    pub dir: u8,
    pub fields: Vec<RField>,
    pub params: Vec<RTypeId>,
    pub results: Vec<RTypeId>,
    pub variadic: bool,
    /// Methods of an interface type, sorted as Go sorts them (exported first by name, then by package path).
    pub imethods: Vec<IMethod>,
    /// Method set of a concrete type, in the same order. `code` is missing where nothing can call the method.
    pub methods: Vec<RMethod>,
    /// The pointer type to this one, where the program can see it.
    pub ptr_to: Option<RTypeId>,
    /// `func(a, b ptr) i1`: equality of two values in memory; none for types that memory comparison serves
    /// (`plain_memory`) or that cannot be compared.
    pub equal: Option<FuncId>,
    /// `func(p ptr, seed word) word`: hash of a value in memory, for map keys that are not plain memory.
    pub hash: Option<FuncId>,
    /// Of func types: what package reflect calls them by, a constant `{descriptor, call, method, stub}` (see irgen).
    pub calls: Option<GlobalId>,
    /// Equal values have equal bytes (no floats, strings, interfaces, padding, blank fields).
    pub plain_memory: bool,
    /// Nobody reads the name in the descriptor.
    pub unnamed: bool,
    /// Nobody reads what follows the head of the descriptor, unless it is the methods.
    pub unopened: bool,
    /// Nobody reads the methods.
    pub unasked: bool,
}

#[derive(Clone, PartialEq, Debug)]
pub struct RField {
    pub name: String,
    pub pkg_path: String,
    pub ty: RTypeId,
    /// In bytes.
    pub offset: u64,
    pub embedded: bool,
    pub tag: String,
}

#[derive(Clone, PartialEq, Debug)]
pub struct IMethod {
    pub name: String,
    /// Of an unexported name; empty otherwise.
    pub pkg_path: String,
    /// The func type without receiver.
    pub ty: RTypeId,
}

#[derive(Clone, PartialEq, Debug)]
pub struct RMethod {
    pub name: String,
    pub pkg_path: String,
    pub ty: RTypeId,
    /// Takes the data word of an interface as receiver, then the parameters.
    pub code: Option<FuncId>,
    /// The code of the method expression as a func value: takes the receiver itself, and last the func value's record.
    pub expr: Option<FuncId>,
}

impl Kind {
    pub const WORDS: &'static [(Kind, &'static str)] = &[
        (Kind::Bool, "bool"),
        (Kind::Int, "int"),
        (Kind::Int8, "int8"),
        (Kind::Int16, "int16"),
        (Kind::Int32, "int32"),
        (Kind::Int64, "int64"),
        (Kind::Uint, "uint"),
        (Kind::Uint8, "uint8"),
        (Kind::Uint16, "uint16"),
        (Kind::Uint32, "uint32"),
        (Kind::Uint64, "uint64"),
        (Kind::Uintptr, "uintptr"),
        (Kind::Float32, "float32"),
        (Kind::Float64, "float64"),
        (Kind::Complex64, "complex64"),
        (Kind::Complex128, "complex128"),
        (Kind::Array, "array"),
        (Kind::Chan, "chan"),
        (Kind::Func, "func"),
        (Kind::Interface, "interface"),
        (Kind::Map, "map"),
        (Kind::Pointer, "pointer"),
        (Kind::Slice, "slice"),
        (Kind::String, "string"),
        (Kind::Struct, "struct"),
        (Kind::UnsafePointer, "unsafe_pointer"),
    ];

    /// The word of the text form.
    pub fn word(self) -> &'static str {
        Kind::WORDS[self as usize - 1].1
    }
}

impl RType {
    /// A type of this kind without parts, not comparable.
    pub fn new(unique: impl Into<String>, kind: Kind, repr: Type) -> RType {
        let unique = unique.into();
        RType {
            string: unique.clone(),
            unique,
            kind,
            repr,
            name: String::new(),
            pkg_path: String::new(),
            comparable: false,
            elem: None,
            key: None,
            len: 0,
            dir: 0,
            fields: Vec::new(),
            params: Vec::new(),
            results: Vec::new(),
            variadic: false,
            imethods: Vec::new(),
            methods: Vec::new(),
            ptr_to: None,
            equal: None,
            hash: None,
            calls: None,
            plain_memory: false,
            unnamed: false,
            unopened: false,
            unasked: false,
        }
    }

    /// The types that its descriptor leads to.
    pub fn parts(&self) -> impl Iterator<Item = RTypeId> {
        self.made_of().chain(self.methods.iter().map(|m| m.ty))
    }

    /// The types that it consists of: all but those of its methods, unless it is an interface type.
    pub fn made_of(&self) -> impl Iterator<Item = RTypeId> {
        let parts = self.elem.iter().chain(&self.key).chain(&self.params).chain(&self.results).copied();
        let parts = parts.chain(self.fields.iter().map(|field| field.ty));
        parts.chain(self.imethods.iter().map(|m| m.ty))
    }

    /// Forgets what it consists of, where nobody reads that.
    pub fn drop_parts(&mut self) {
        (self.elem, self.key) = (None, None);
        self.params.clear();
        self.results.clear();
        self.fields.clear();
    }

    /// The functions that its descriptor leads to.
    pub fn funcs(&self) -> impl Iterator<Item = FuncId> {
        let of_methods = self.methods.iter().flat_map(|method| method.code.into_iter().chain(method.expr));
        of_methods.chain(self.equal).chain(self.hash)
    }

    /// The place in the method set of the method that an interface asks for.
    pub fn find_method(&self, wanted: &IMethod) -> Option<usize> {
        self.methods.iter().position(|method| {
            method.ty == wanted.ty && method.name == wanted.name && method.pkg_path == wanted.pkg_path
        })
    }

    /// Whether it has all methods of an interface type.
    pub fn implements(&self, iface: &RType) -> bool {
        iface.imethods.iter().all(|wanted| self.find_method(wanted).is_some())
    }

    /// Whether an interface holds the value itself in its data word (pointers, maps, channels, funcs and what consists
    /// of just one of them).
    pub fn is_direct(&self, types: &crate::ty::Types) -> bool {
        fn single_pointer(types: &crate::ty::Types, ty: Type) -> bool {
            match types.data(ty) {
                crate::ty::TypeData::Ptr => true,
                crate::ty::TypeData::Struct(fields) => fields.len() == 1 && single_pointer(types, fields[0]),
                crate::ty::TypeData::Array(elem, len) => *len == 1 && single_pointer(types, *elem),
                _ => false,
            }
        }
        single_pointer(types, self.repr)
    }
}
