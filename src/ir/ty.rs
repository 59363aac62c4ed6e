//! Machine types of values, hash-consed, with their layout on the target.
//!
//! These are not Go types: `string` is `{ptr, iW}` (W = pointer width), a slice `{ptr, iW, iW}`, an interface
//! `{ptr, ptr}`, a map, channel, pointer or func value `ptr`. Signedness lives in the operations. The Go types that
//! the running program can see are [`crate::RType`]s.

use rustc_hash::FxHashMap;

/// A machine type: an index into [`Types`]. The scalars are constants.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Type(pub u32);

impl Type {
    /// No value: the type of instructions without a result.
    pub const VOID: Type = Type(0);
    /// A truth value in a register; in memory it is a byte that holds 0 or 1.
    pub const I1: Type = Type(1);
    pub const I8: Type = Type(2);
    pub const I16: Type = Type(3);
    pub const I32: Type = Type(4);
    pub const I64: Type = Type(5);
    pub const F32: Type = Type(6);
    pub const F64: Type = Type(7);
    /// A data pointer; the collector follows it.
    pub const PTR: Type = Type(8);
    /// The address of code (another address space on AVR); the collector ignores it.
    pub const CODE: Type = Type(9);
    const SCALARS: u32 = 10;

    pub fn is_int(self) -> bool {
        (Type::I1..=Type::I64).contains(&self)
    }
    pub fn is_float(self) -> bool {
        self == Type::F32 || self == Type::F64
    }
    pub fn is_scalar(self) -> bool {
        self.0 < Type::SCALARS && self != Type::VOID
    }
    /// The integer type of this width in bits (1, 8, 16, 32 or 64).
    pub fn int(bits: u32) -> Type {
        match bits {
            1 => Type::I1,
            8 => Type::I8,
            16 => Type::I16,
            32 => Type::I32,
            64 => Type::I64,
            _ => panic!("no integer type of {bits} bits"),
        }
    }
    /// Width in bits of an integer or float type.
    pub fn bits(self) -> u32 {
        match self {
            Type::I1 => 1,
            Type::I8 => 8,
            Type::I16 => 16,
            Type::I32 | Type::F32 => 32,
            Type::I64 | Type::F64 => 64,
            _ => panic!("{self:?} has no width"),
        }
    }
}

/// What a [`Type`] is made of.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum TypeData {
    Void,
    Int(u32),
    Float(u32),
    Ptr,
    Code,
    /// Fields at their natural offsets, in order.
    Struct(Vec<Type>),
    Array(Type, u64),
}

/// Size and alignment in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layout {
    pub size: u64,
    pub align: u64,
}

/// What the layout of types depends on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TargetLayout {
    /// Size of a data pointer in bytes: 2 (AVR), 4 or 8.
    pub ptr_bytes: u64,
    /// Size of Go's `int` in bytes: 4 where pointers have at most 4 bytes (TinyGo's rule), else 8.
    pub int_bytes: u64,
    /// Largest alignment of any scalar in bytes: 1 on AVR, 4 on linux/386, else 8.
    pub max_align: u64,
}

impl TargetLayout {
    pub const AVR: TargetLayout = TargetLayout { ptr_bytes: 2, int_bytes: 4, max_align: 1 };
    /// Cortex-M, RISC-V 32 and WebAssembly: 64-bit values are aligned to 8.
    pub const BITS32: TargetLayout = TargetLayout { ptr_bytes: 4, int_bytes: 4, max_align: 8 };
    pub const BITS64: TargetLayout = TargetLayout { ptr_bytes: 8, int_bytes: 8, max_align: 8 };

    /// The alignment of memory that may hold anything.
    pub fn object_align(&self) -> u64 {
        if self.max_align == 1 { 1 } else { 8 }
    }

    /// The integer type as wide as a pointer: lengths, capacities, `uintptr`.
    pub fn word(&self) -> Type {
        Type::int(self.ptr_bytes as u32 * 8)
    }
    /// The type of Go's `int`.
    pub fn int(&self) -> Type {
        Type::int(self.int_bytes as u32 * 8)
    }
}

/// The hash-consed types of a program.
#[derive(Clone, Debug)]
pub struct Types {
    pub target: TargetLayout,
    data: Vec<TypeData>,
    layouts: Vec<Layout>,
    index: FxHashMap<TypeData, Type>,
}

impl Types {
    pub fn new(target: TargetLayout) -> Types {
        let mut types = Types { target, data: Vec::new(), layouts: Vec::new(), index: FxHashMap::default() };
        let scalars = [
            TypeData::Void,
            TypeData::Int(1),
            TypeData::Int(8),
            TypeData::Int(16),
            TypeData::Int(32),
            TypeData::Int(64),
            TypeData::Float(32),
            TypeData::Float(64),
            TypeData::Ptr,
            TypeData::Code,
        ];
        for scalar in scalars {
            types.intern(scalar);
        }
        types
    }

    pub fn data(&self, ty: Type) -> &TypeData {
        &self.data[ty.0 as usize]
    }

    pub fn layout(&self, ty: Type) -> Layout {
        self.layouts[ty.0 as usize]
    }

    pub fn size(&self, ty: Type) -> u64 {
        self.layout(ty).size
    }

    pub fn structure(&mut self, fields: &[Type]) -> Type {
        self.intern(TypeData::Struct(fields.to_vec()))
    }

    pub fn array(&mut self, elem: Type, len: u64) -> Type {
        self.intern(TypeData::Array(elem, len))
    }

    /// `[0 x void]`: nothing, at a multiple of 8 bytes even where no number asks for that.
    pub fn align64(&mut self) -> Type {
        self.array(Type::VOID, 0)
    }

    /// `{ptr, word}`
    pub fn string(&mut self) -> Type {
        let word = self.target.word();
        self.structure(&[Type::PTR, word])
    }

    /// `{ptr, word, word}`: data, length, capacity.
    pub fn slice(&mut self) -> Type {
        let word = self.target.word();
        self.structure(&[Type::PTR, word, word])
    }

    /// `{ptr, ptr}`: type (or method table) word and data word.
    pub fn iface(&mut self) -> Type {
        self.structure(&[Type::PTR, Type::PTR])
    }

    /// The fields of a struct type; an array has none here.
    pub fn fields(&self, ty: Type) -> &[Type] {
        match self.data(ty) {
            TypeData::Struct(fields) => fields,
            _ => &[],
        }
    }

    /// Byte offset of field `index` of a struct type.
    pub fn field_offset(&self, ty: Type, index: usize) -> u64 {
        let mut offset = 0;
        for (i, &field) in self.fields(ty).iter().enumerate() {
            let layout = self.layout(field);
            offset = round_up(offset, layout.align);
            if i == index {
                return offset;
            }
            offset += layout.size;
        }
        panic!("type has no field {index}")
    }

    /// Whether a value of this type holds a pointer that the collector must follow.
    pub fn has_pointers(&self, ty: Type) -> bool {
        match self.data(ty) {
            TypeData::Ptr => true,
            TypeData::Struct(fields) => fields.iter().any(|&f| self.has_pointers(f)),
            TypeData::Array(elem, len) => *len > 0 && self.has_pointers(*elem),
            _ => false,
        }
    }

    fn intern(&mut self, data: TypeData) -> Type {
        if let Some(&ty) = self.index.get(&data) {
            return ty;
        }
        let ty = Type(self.data.len() as u32);
        self.layouts.push(self.compute_layout(&data));
        self.data.push(data.clone());
        self.index.insert(data, ty);
        ty
    }

    fn compute_layout(&self, data: &TypeData) -> Layout {
        let scalar = |size: u64| Layout { size, align: size.clamp(1, self.target.max_align) };
        match data {
            TypeData::Void => Layout { size: 0, align: 1 },
            TypeData::Int(bits) => scalar(u64::from(bits.div_ceil(8))),
            TypeData::Float(bits) => scalar(u64::from(bits / 8)),
            TypeData::Ptr | TypeData::Code => scalar(self.target.ptr_bytes),
            TypeData::Array(Type::VOID, 0) => Layout { size: 0, align: 8 },
            TypeData::Array(elem, len) => {
                let elem = self.layout(*elem);
                Layout { size: elem.size.saturating_mul(*len), align: elem.align }
            }
            TypeData::Struct(fields) => {
                let mut layout = Layout { size: 0, align: 1 };
                for &field in fields {
                    let field = self.layout(field);
                    layout.size = round_up(layout.size, field.align) + field.size;
                    layout.align = layout.align.max(field.align);
                }
                // A pointer to a last field without a size would point to what comes behind the struct.
                if layout.size > 0 && fields.last().is_some_and(|&last| self.size(last) == 0) {
                    layout.size += 1;
                }
                layout.size = round_up(layout.size, layout.align);
                layout
            }
        }
    }
}

/// The smallest multiple of `align` that is not below `offset`.
pub fn round_up(offset: u64, align: u64) -> u64 {
    offset.div_ceil(align) * align
}
