//! How values of IR types live in LLVM registers and in memory.
//!
//! Offsets and sizes are always those of [`ir::Types`]: memory is addressed by byte offset and allocated as bytes, so
//! that LLVM's own struct layout never matters. A value takes one of four forms, see [`Form`].

use std::cell::RefCell;

use inkwell::AddressSpace;
use inkwell::context::Context;
use inkwell::types::{BasicTypeEnum, IntType, PointerType, StructType};
use ir::{Type, TypeData, Types};
use rustc_hash::FxHashMap;

use crate::machine::Arch;

/// How a value of a type is held between its definition and its uses.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Form<'c> {
    /// Nothing to hold: `void`, structs and arrays without any scalar.
    Empty,
    Scalar(BasicTypeEnum<'c>),
    /// A few scalars in a first-class LLVM struct, one member per field or element.
    Small(StructType<'c>),
    /// The address of memory that nobody writes while the value lives: LLVM cannot digest large first-class aggregates.
    Big,
}

/// A small aggregate has at most this many scalars, its arrays at most [`SMALL_ARRAY`] elements.
const SMALL_SCALARS: usize = 8;
const SMALL_ARRAY: u64 = 2;

pub struct Layouts<'c, 'p> {
    pub ctx: &'c Context,
    pub types: &'p Types,
    pub arch: Arch,
    pub ptr: PointerType<'c>,
    /// A code address: in AVR's program memory, else as `ptr`.
    pub code: PointerType<'c>,
    pub word: IntType<'c>,
    forms: RefCell<FxHashMap<Type, Form<'c>>>,
}

/// A scalar of a small aggregate.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub offset: u64,
    pub ty: Type,
    /// Member indices from the outermost aggregate inwards.
    pub path: Vec<u32>,
}

impl<'c, 'p> Layouts<'c, 'p> {
    pub fn new(ctx: &'c Context, types: &'p Types, arch: Arch) -> Layouts<'c, 'p> {
        let code_space = if arch == Arch::Avr { 1 } else { 0 };
        Layouts {
            ctx,
            types,
            arch,
            ptr: ctx.ptr_type(AddressSpace::default()),
            code: ctx.ptr_type(AddressSpace::from(code_space)),
            word: int_type(ctx, types.target.word().bits()),
            forms: RefCell::default(),
        }
    }

    pub fn form(&self, ty: Type) -> Form<'c> {
        if let Some(&form) = self.forms.borrow().get(&ty) {
            return form;
        }
        let form = self.compute_form(ty);
        self.forms.borrow_mut().insert(ty, form);
        form
    }

    fn compute_form(&self, ty: Type) -> Form<'c> {
        match self.types.data(ty) {
            TypeData::Void => Form::Empty,
            TypeData::Int(bits) => Form::Scalar(int_type(self.ctx, *bits).into()),
            TypeData::Float(32) => Form::Scalar(self.ctx.f32_type().into()),
            TypeData::Float(_) => Form::Scalar(self.ctx.f64_type().into()),
            TypeData::Ptr => Form::Scalar(self.ptr.into()),
            TypeData::Code => Form::Scalar(self.code.into()),
            TypeData::Struct(_) | TypeData::Array(..) => match self.scalar_count(ty) {
                Some(0) => Form::Empty,
                Some(n) if n <= SMALL_SCALARS && self.types.size(ty) <= self.small_bytes() => {
                    let members: Vec<_> = self.members(ty).iter().map(|&m| self.member_type(m)).collect();
                    Form::Small(self.ctx.struct_type(&members, false))
                }
                _ => Form::Big,
            },
        }
    }

    /// Eight words, but on AVR as many bytes as on 32-bit machines: a complex128 is worth registers there too.
    fn small_bytes(&self) -> u64 {
        8 * self.types.target.ptr_bytes.max(4)
    }

    /// Number of scalars in a value of this type; `None` if an array has too many elements to count them.
    fn scalar_count(&self, ty: Type) -> Option<usize> {
        match self.types.data(ty) {
            TypeData::Void => Some(0),
            TypeData::Struct(fields) => fields.iter().map(|&f| self.scalar_count(f)).sum(),
            TypeData::Array(_, 0) => Some(0),
            TypeData::Array(elem, len) => match self.scalar_count(*elem) {
                Some(0) => Some(0),
                Some(n) if *len <= SMALL_ARRAY => Some(n * *len as usize),
                _ => None,
            },
            _ => Some(1),
        }
    }

    /// Types of the fields or elements of a small aggregate.
    pub fn members(&self, ty: Type) -> Vec<Type> {
        match self.types.data(ty) {
            TypeData::Struct(fields) => fields.clone(),
            TypeData::Array(elem, len) => vec![*elem; *len as usize],
            _ => Vec::new(),
        }
    }

    /// Byte offset and type of field or element `index`.
    pub fn member(&self, ty: Type, index: usize) -> (u64, Type) {
        match self.types.data(ty) {
            TypeData::Array(elem, _) => (self.types.size(*elem) * index as u64, *elem),
            _ => (self.types.field_offset(ty, index), self.types.fields(ty)[index]),
        }
    }

    /// The LLVM type of a value inside a first-class struct: empty ones keep their place so that indices agree.
    fn member_type(&self, ty: Type) -> BasicTypeEnum<'c> {
        self.value_type(ty).unwrap_or_else(|| self.ctx.struct_type(&[], false).into())
    }

    /// The LLVM type that holds a value; `None` for empty ones.
    pub fn value_type(&self, ty: Type) -> Option<BasicTypeEnum<'c>> {
        match self.form(ty) {
            Form::Empty => None,
            Form::Scalar(scalar) => Some(scalar),
            Form::Small(structure) => Some(structure.into()),
            Form::Big => Some(self.ptr.into()),
        }
    }

    /// The scalars of a small aggregate (or of a scalar) in the order of their offsets.
    pub fn leaves(&self, ty: Type) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        self.collect_leaves(ty, 0, &mut Vec::new(), &mut leaves);
        leaves
    }

    fn collect_leaves(&self, ty: Type, offset: u64, path: &mut Vec<u32>, leaves: &mut Vec<Leaf>) {
        match self.form(ty) {
            Form::Empty => {}
            Form::Scalar(_) => leaves.push(Leaf { offset, ty, path: path.clone() }),
            Form::Small(_) | Form::Big => {
                for index in 0..self.members(ty).len() {
                    let (at, member) = self.member(ty, index);
                    path.push(index as u32);
                    self.collect_leaves(member, offset + at, path, leaves);
                    path.pop();
                }
            }
        }
    }

    pub fn align(&self, ty: Type) -> u32 {
        self.types.layout(ty).align as u32
    }
}

pub fn int_type(ctx: &Context, bits: u32) -> IntType<'_> {
    match bits {
        1 => ctx.bool_type(),
        8 => ctx.i8_type(),
        16 => ctx.i16_type(),
        32 => ctx.i32_type(),
        64 => ctx.i64_type(),
        // The IR has no other widths; LLVM's limit is far above.
        _ => ctx.custom_width_int_type(std::num::NonZeroU32::new(bits).expect("width")).expect("width"),
    }
}
