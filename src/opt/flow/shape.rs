//! The scalars of a machine type, and at which offset in bytes they are.

use ir::{Type, TypeData, Types};
use rustc_hash::FxHashMap;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slot {
    Pointer,
    /// An integer, a truth value, a float.
    Integer(Type),
    /// A large value, all in one.
    Any,
}

/// What is loaded or stored: a pointer, a number of a type, a number of which nobody knows how wide it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Held {
    Pointer,
    Number(Type),
    Numbers,
}

impl Slot {
    pub(super) fn held(self) -> Vec<Held> {
        match self {
            Slot::Pointer => vec![Held::Pointer],
            Slot::Integer(ty) => vec![Held::Number(ty)],
            Slot::Any => vec![Held::Pointer, Held::Numbers],
        }
    }
}

/// Whether no address fits into a scalar.
pub(crate) fn is_narrow(types: &Types, ty: Type) -> bool {
    ty.is_int() && ty < Type::I32.min(types.target.word())
}

/// Values of more slots than this are not taken apart.
const MOST: usize = 32;

#[derive(Default)]
pub(super) struct Shapes {
    known: FxHashMap<Type, Vec<(Slot, u64)>>,
}

impl Shapes {
    pub(super) fn of(&mut self, types: &Types, ty: Type) -> &[(Slot, u64)] {
        if !self.known.contains_key(&ty) {
            let shape = self.compute(types, ty);
            self.known.insert(ty, shape);
        }
        &self.known[&ty]
    }

    fn compute(&mut self, types: &Types, ty: Type) -> Vec<(Slot, u64)> {
        let mut slots = Vec::new();
        match types.data(ty) {
            TypeData::Ptr | TypeData::Code => slots.push((Slot::Pointer, 0)),
            TypeData::Int(_) | TypeData::Float(_) => slots.push((Slot::Integer(ty), 0)),
            TypeData::Struct(fields) => {
                for (index, &field) in fields.iter().enumerate() {
                    let offset = types.field_offset(ty, index);
                    slots.extend(self.of(types, field).iter().map(|&(slot, at)| (slot, offset + at)));
                }
            }
            TypeData::Array(elem, len) => {
                let size = types.size(*elem);
                let elem = self.of(types, *elem);
                if !elem.is_empty() && *len > 0 {
                    if *len as usize <= MOST {
                        slots = (0..*len)
                            .flat_map(|i| elem.iter().map(move |&(slot, at)| (slot, i * size + at)))
                            .collect();
                    } else {
                        slots.push((Slot::Any, 0));
                    }
                }
            }
            TypeData::Void => {}
        }
        if slots.len() > MOST {
            slots = vec![(Slot::Any, 0)];
        }
        slots
    }

    /// The slots of a part of a value: of field or element `index` of `ty`, which has slots `0..len`. All of them where
    /// the value is not taken apart.
    pub(super) fn part(&mut self, types: &Types, ty: Type, index: usize) -> std::ops::Range<usize> {
        let whole = self.of(types, ty).to_vec();
        if whole == [(Slot::Any, 0)] {
            return 0..1;
        }
        match types.data(ty) {
            TypeData::Struct(fields) => {
                let before: usize = fields[..index].iter().map(|&field| self.of(types, field).len()).sum();
                before..before + self.of(types, fields[index]).len()
            }
            TypeData::Array(elem, _) => {
                let len = self.of(types, *elem).len();
                index * len..(index + 1) * len
            }
            _ => 0..whole.len(),
        }
    }
}
