//! Memory: cells are what addresses are followed to, pointers, wide integers, interfaces, strings, slices. Each is known by the
//! variable that it is, or by the field that it is in, whatever struct of that type.

use std::ops::Range;
use std::rc::Rc;

use ir::{Type, TypeData, Types};
use rustc_hash::FxHashMap;

use crate::flow::is_narrow;

/// A cell has so many scalars at most, and always as many nodes.
pub(super) const SCALARS: usize = 3;

/// Values of arrays of more elements have one slot.
const MOST: u64 = 32;

/// Where a scalar of a value is when it is stored at some address.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Home {
    /// In the cell that the address leads to.
    Address,
    /// In the cell that is this field of structs of this type.
    Field(Type, u32),
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Scalar {
    /// Which of the value.
    pub(super) slot: u32,
    pub(super) home: Home,
    /// Which of the cell.
    pub(super) by: u32,
}

/// How many scalars a cell of this type has; none for what is no cell.
pub(super) fn cell(types: &Types, ty: Type) -> Option<u32> {
    match types.data(ty) {
        TypeData::Struct(fields) => {
            let all = fields.iter().all(|&field| is_scalar(types, field));
            let is_pointer = |field: &Type| matches!(types.data(*field), TypeData::Ptr);
            let count = fields.len();
            (all && (2..=SCALARS).contains(&count) && is_pointer(&fields[0])).then_some(count as u32)
        }
        _ => is_scalar(types, ty).then_some(1),
    }
}

/// Whether an address fits, or the 32 bits that stand for one in a descriptor.
fn is_scalar(types: &Types, ty: Type) -> bool {
    match types.data(ty) {
        TypeData::Ptr | TypeData::Code => true,
        TypeData::Int(_) => !is_narrow(types, ty),
        _ => false,
    }
}

/// Whether a type is a cell, or an array of them, which is one cell.
pub(super) fn is_cell(types: &Types, ty: Type) -> bool {
    match types.data(ty) {
        TypeData::Array(elem, len) => *len > 0 && is_cell(types, *elem),
        _ => cell(types, ty).is_some(),
    }
}

/// Whether a type is one scalar, or an array of such.
pub(super) fn is_single(types: &Types, ty: Type) -> bool {
    match types.data(ty) {
        &TypeData::Array(elem, _) => is_single(types, elem),
        _ => is_scalar(types, ty),
    }
}

/// What values of a type consist of.
pub(super) struct Shape {
    /// How many slots a value has: one for each scalar, also for those that no address fits into.
    pub(super) slots: u32,
    pub(super) scalars: Rc<[Scalar]>,
}

#[derive(Default)]
pub(super) struct Shapes {
    known: FxHashMap<Type, Shape>,
}

impl Shapes {
    pub(super) fn of(&mut self, types: &Types, ty: Type) -> &Shape {
        self.known.entry(ty).or_insert_with(|| {
            let (mut slots, mut scalars) = (0, Vec::new());
            walk(types, ty, Home::Address, &mut slots, &mut scalars);
            Shape { slots, scalars: scalars.into() }
        })
    }

    pub(super) fn slots(&mut self, types: &Types, ty: Type) -> u32 {
        self.of(types, ty).slots
    }

    /// The slots of field or element `index` of a value.
    pub(super) fn part(&mut self, types: &Types, ty: Type, index: usize) -> Range<u32> {
        match types.data(ty) {
            TypeData::Struct(fields) => {
                let before = fields[..index].iter().map(|&field| self.slots(types, field)).sum();
                before..before + self.slots(types, fields[index])
            }
            &TypeData::Array(elem, len) if len <= MOST => {
                let slots = self.slots(types, elem);
                index as u32 * slots..(index as u32 + 1) * slots
            }
            _ => 0..self.slots(types, ty),
        }
    }
}

fn walk(types: &Types, ty: Type, home: Home, slot: &mut u32, found: &mut Vec<Scalar>) {
    if let Some(count) = cell(types, ty) {
        for by in 0..count {
            // The integers beside pointers are lengths.
            if by == 0 || matches!(types.data(types.fields(ty)[by as usize]), TypeData::Ptr) {
                found.push(Scalar { slot: *slot, home, by });
            }
            *slot += 1;
        }
        return;
    }
    match types.data(ty) {
        TypeData::Struct(fields) => {
            for (index, &field) in fields.iter().enumerate() {
                walk(types, field, Home::Field(ty, index as u32), slot, found);
            }
        }
        &TypeData::Array(elem, len) if len <= MOST => {
            (0..len).for_each(|_| walk(types, elem, home, slot, found));
        }
        &TypeData::Array(elem, _) => {
            let (first, mut slots) = (found.len(), 0);
            walk(types, elem, home, &mut slots, found);
            found[first..].iter_mut().for_each(|scalar| scalar.slot = *slot);
            *slot += u32::from(slots > 0);
        }
        TypeData::Void => {}
        _ => *slot += 1,
    }
}
