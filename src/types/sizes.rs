//! Sizes, alignments and offsets of values in memory, by the rules of a target.

use crate::store::Store;
use crate::ty::*;

/// What a target prescribes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Bytes of a pointer, of `uintptr`, and of the length and capacity words of strings and slices in memory.
    pub pointer: u64,
    /// Bytes of `int` and `uint`: 4 unless pointers are 8.
    pub int: u64,
    /// No alignment is larger.
    pub max_align: u64,
}

impl Sizes {
    /// The rules for a pointer size of 2 (AVR), 4 or 8. Only AVR packs; 64-bit values are aligned to 8 on all others.
    pub fn for_pointer_size(pointer: u64) -> Sizes {
        Sizes { pointer, int: if pointer == 8 { 8 } else { 4 }, max_align: if pointer == 2 { 1 } else { 8 } }
    }

    fn basic(&self, basic: Basic) -> u64 {
        match basic {
            Basic::Bool | Basic::Int8 | Basic::Uint8 => 1,
            Basic::Int16 | Basic::Uint16 => 2,
            Basic::Int32 | Basic::Uint32 | Basic::Float32 => 4,
            Basic::Int64 | Basic::Uint64 | Basic::Float64 | Basic::Complex64 => 8,
            Basic::Complex128 => 16,
            Basic::Int | Basic::Uint => self.int,
            Basic::Uintptr | Basic::UnsafePointer => self.pointer,
            Basic::String => 2 * self.pointer,
            _ => 0,
        }
    }

    /// Values of so many bytes do not fit into any memory.
    pub fn address_space(&self) -> u64 {
        match self.pointer {
            2 => 1 << 16,
            4 => (1 << 32) - 1,
            _ => 1 << 50,
        }
    }

    /// Bits of an integer type, of which `int` and `uintptr` depend on the target.
    pub fn bits(&self, basic: Basic) -> u32 {
        self.basic(basic) as u32 * 8
    }
}

fn align_up(offset: u64, align: u64) -> Option<u64> {
    if align <= 1 { Some(offset) } else { offset.checked_next_multiple_of(align) }
}

/// Nesting at which a type counts as infinite; only invalid programs get there.
const MAX_DEPTH: u32 = 1000;

impl Store {
    /// Size of a variable in bytes; `None` for types that are larger than any address space, or that are invalid.
    pub fn size_of(&mut self, t: TypeId) -> Option<u64> {
        self.layout(t, 0).map(|(size, _)| size)
    }

    /// Alignment of a variable in bytes, at least 1.
    pub fn align_of(&mut self, t: TypeId) -> u64 {
        self.layout(t, 0).map_or(1, |(_, align)| align)
    }

    /// Whether a type is the empty struct that makes the 64-bit numbers of sync/atomic begin at multiples of 8 on targets
    /// that align others to 4: Go's compiler knows its name.
    pub fn is_align64(&self, t: TypeId) -> bool {
        let Some(named) = self.named(t).filter(|_| self.sizes.max_align == 4) else { return false };
        let object = self.obj(named.obj);
        object.name.as_str() == "align64"
            && matches!(self.package(object.pkg).path.as_str(), "sync/atomic" | "internal/runtime/atomic")
    }

    /// Offsets of the fields of a struct type.
    pub fn offsets_of(&mut self, fields: &[Field]) -> Option<Vec<u64>> {
        let (offsets, ..) = self.struct_layout(fields, 0)?;
        Some(offsets)
    }

    /// Whether the size of a type depends on type parameters.
    pub fn has_variable_size(&mut self, t: TypeId) -> bool {
        if !self.is_parameterized(t) {
            return false;
        }
        if self.type_param(t).is_some() {
            return true;
        }
        match self.underlying_kind(t).clone() {
            TypeKind::Array { elem, .. } => self.has_variable_size(elem),
            TypeKind::Struct(fields) => fields.iter().any(|f| self.has_variable_size(f.ty)),
            _ => false,
        }
    }

    fn layout(&mut self, t: TypeId, depth: u32) -> Option<(u64, u64)> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.is_align64(t) {
            return Some((0, 8));
        }
        let Sizes { pointer, max_align, .. } = self.sizes;
        let word = (pointer, pointer.min(max_align));
        Some(match self.underlying_kind(t).clone() {
            TypeKind::Basic(basic) => {
                let size = self.sizes.basic(basic);
                let align = match basic {
                    Basic::String => pointer,
                    Basic::Complex64 | Basic::Complex128 => size / 2,
                    _ => size,
                };
                (size, align.clamp(1, max_align))
            }
            TypeKind::Slice(_) => (3 * pointer, word.1),
            TypeKind::Interface(_) => (2 * pointer, word.1),
            TypeKind::Array { elem, len } => {
                let (size, align) = self.layout(elem, depth + 1)?;
                (size.checked_mul(len).filter(|&s| s <= i64::MAX as u64)?, align)
            }
            TypeKind::Struct(fields) => {
                let (_, size, align) = self.struct_layout(&fields, depth + 1)?;
                (size, align)
            }
            _ => word,
        })
    }

    fn struct_layout(&mut self, fields: &[Field], depth: u32) -> Option<(Vec<u64>, u64, u64)> {
        let (mut offsets, mut end, mut max) = (Vec::with_capacity(fields.len()), 0u64, 1);
        let mut last = 0;
        for field in fields {
            let (size, align) = self.layout(field.ty, depth)?;
            let offset = align_up(end, align)?;
            offsets.push(offset);
            end = offset.checked_add(size)?;
            max = max.max(align);
            last = size;
        }
        // As gc does it: a pointer to a last field without a size must not point to what comes behind the struct.
        if end > 0 && last == 0 {
            end = end.checked_add(1)?;
        }
        Some((offsets, align_up(end, max)?, max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::PackageId;
    use source::Name;

    fn structure(store: &mut Store, types: &[Basic]) -> TypeId {
        let field = |(i, b): (usize, &Basic)| Field {
            name: Name::new(&format!("F{i}")),
            pkg: PackageId::UNIVERSE,
            ty: b.id(),
            embedded: false,
            tag: Name::EMPTY,
            pos: At::default(),
        };
        let fields = types.iter().enumerate().map(field).collect();
        store.intern(TypeKind::Struct(fields))
    }

    #[test]
    fn layout_by_target() {
        for (pointer, size, string, align) in [(2, 11, 4, 1), (4, 24, 8, 8), (8, 24, 16, 8)] {
            let mut store = Store::new(Sizes::for_pointer_size(pointer));
            let t = structure(&mut store, &[Basic::Uint8, Basic::Int64, Basic::Uint16]);
            assert_eq!((store.size_of(t), store.align_of(t)), (Some(size), align));
            assert_eq!(store.size_of(Basic::String.id()), Some(string));
        }
    }

    #[test]
    fn too_large() {
        let mut store = Store::new(Sizes::for_pointer_size(8));
        let t = store.intern(TypeKind::Array { elem: Basic::Int64.id(), len: 1 << 62 });
        assert_eq!(store.size_of(t), None);
    }
}
