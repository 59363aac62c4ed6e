//! Global variables and constants: an initial value is flattened to pieces at byte offsets, which become a packed
//! struct, so that LLVM's struct layout never matters.
#![allow(unsafe_code)] // constant GEP

use std::collections::BTreeMap;

use inkwell::module::Linkage;
use inkwell::types::{BasicType, BasicTypeEnum};
use inkwell::values::{BasicValueEnum, PointerValue, UnnamedAddress};
use inkwell::{AddressSpace, GlobalVisibility};
use ir::entity::Entity;
use ir::{Const, FuncId, Global, GlobalId, Program, Type, TypeData, Types};
use rustc_hash::FxHashSet;

use crate::error::Error;
use crate::layouts::int_type;
use crate::machine::Arch;
use crate::unit::{Part, Unit, global_symbol};
use crate::uses::Uses;

/// The address space of LLVM's WebAssembly globals.
const WASM_GLOBALS: u16 = 1;

/// A run of bytes of an initial value.
#[derive(Debug)]
enum Piece {
    Zero(u64),
    Bytes(Vec<u8>),
    /// Integers of one width, side by side.
    Ints(u32, Vec<u64>),
    F32(f64),
    F64(f64),
    Addr(GlobalId, i64),
    Code(FuncId),
    /// The low half of a 64-bit address: static images lie below 2 GB.
    AddrLow(GlobalId, i64),
    CodeLow(FuncId),
}

/// Declares every global and gives those of this part their initial values.
pub fn declare<'c>(unit: &mut Unit<'c, '_>, uses: &Uses, part: &Part) -> Result<(), Error> {
    let program = unit.program;
    let (here, split): (FxHashSet<GlobalId>, bool) = match part {
        Part::Whole => (uses.globals.iter().copied().collect(), false),
        Part::Unit { globals, .. } => (globals.iter().copied().collect(), true),
    };
    let mut by_symbol: BTreeMap<&str, PointerValue<'c>> = BTreeMap::new();
    for &id in &uses.funcs {
        let address = unit.func(id).value.as_global_value().as_pointer_value();
        by_symbol.insert(crate::unit::symbol(program, id), address);
    }
    // Definitions first: an external declaration of the same symbol then means them.
    let (external, defined): (Vec<GlobalId>, Vec<GlobalId>) =
        uses.globals.iter().partition(|&&id| program.globals[id].external);
    let mut with_value = Vec::new();
    for id in defined {
        let global = &program.globals[id];
        let symbol = global_symbol(program, id);
        if by_symbol.contains_key(symbol) {
            let text = format!("symbol {symbol} is defined twice");
            return Err(Error::Invalid { func: global.name.clone(), text });
        }
        let define = here.contains(&id);
        if unit.arch == Arch::Wasm32 && global.name == ir::contract::UNWINDING {
            unit.globals[id.index()] = Some(declare_outside_memory(unit, symbol, define, split));
            continue;
        }
        let pieces = if define { flatten(program, global)? } else { vec![] };
        let ty =
            if define { pieces_type(unit, &pieces) } else { bytes_type(unit, program.types.size(global.ty)) };
        let value = unit.module.add_global(ty, None, symbol);
        value.set_alignment(alignment(&program.types, global));
        value.set_constant(global.constant);
        if global.constant {
            value.set_unnamed_address(UnnamedAddress::Global);
        }
        if split && !global.exported {
            value.set_visibility(GlobalVisibility::Hidden);
        }
        if define {
            value.set_linkage(if global.exported || split { Linkage::External } else { Linkage::Internal });
            value.set_section(global.section.as_deref());
            with_value.push((value, pieces));
        }
        by_symbol.insert(symbol, value.as_pointer_value());
        unit.globals[id.index()] = Some(value.as_pointer_value());
    }
    for id in external {
        let global = &program.globals[id];
        let symbol = global_symbol(program, id);
        let address = by_symbol.get(symbol).copied().unwrap_or_else(|| {
            let size = program.types.size(global.ty);
            let value = unit.module.add_global(bytes_type(unit, size), None, symbol);
            value.set_alignment(alignment(&program.types, global));
            value.set_constant(global.constant);
            value.as_pointer_value()
        });
        by_symbol.insert(symbol, address);
        unit.globals[id.index()] = Some(address);
    }
    for (value, pieces) in with_value {
        value.set_initializer(&pieces_value(unit, &pieces));
    }
    Ok(())
}

/// The zeroed variable that is read after most calls: a WebAssembly global, whose number takes less code than an address.
/// It can only be loaded and stored.
fn declare_outside_memory<'c>(
    unit: &Unit<'c, '_>,
    symbol: &str,
    define: bool,
    split: bool,
) -> PointerValue<'c> {
    let ptr = unit.layouts.ptr;
    let value = unit.module.add_global(ptr, Some(AddressSpace::from(WASM_GLOBALS)), symbol);
    value.set_visibility(if split { GlobalVisibility::Hidden } else { GlobalVisibility::Default });
    if define {
        value.set_linkage(if split { Linkage::External } else { Linkage::Internal });
        value.set_initializer(&ptr.const_null());
    }
    value.as_pointer_value()
}

fn alignment(types: &Types, global: &Global) -> u32 {
    let natural = types.layout(global.ty).align;
    u32::try_from(global.align.max(natural).max(1)).unwrap_or(1)
}

fn flatten(program: &Program, global: &Global) -> Result<Vec<Piece>, Error> {
    let mut pieces = Pieces { types: &program.types, pieces: Vec::new(), end: 0 };
    pieces
        .add(global.ty, &global.init, 0)
        .map_err(|text| Error::Invalid { func: global.name.clone(), text })?;
    pieces.pad(program.types.size(global.ty));
    Ok(pieces.pieces)
}

struct Pieces<'p> {
    types: &'p Types,
    pieces: Vec<Piece>,
    /// Offset behind the last piece.
    end: u64,
}

impl Pieces<'_> {
    /// Fills up with zeros to `offset`.
    fn pad(&mut self, offset: u64) {
        let gap = offset.saturating_sub(self.end);
        match self.pieces.last_mut() {
            _ if gap == 0 => {}
            Some(Piece::Zero(bytes)) => *bytes += gap,
            _ => self.pieces.push(Piece::Zero(gap)),
        }
        self.end += gap;
    }

    fn push(&mut self, offset: u64, size: u64, piece: Piece) {
        self.pad(offset);
        self.end += size;
        match (self.pieces.last_mut(), piece) {
            (Some(Piece::Ints(width, items)), Piece::Ints(bits, more)) if *width == bits => {
                items.extend(more)
            }
            (_, piece) => self.pieces.push(piece),
        }
    }

    fn add(&mut self, ty: Type, init: &Const, offset: u64) -> Result<(), String> {
        let types = self.types;
        let size = types.size(ty);
        match (init, types.data(ty)) {
            (Const::Zero, _) => {}
            (Const::Int(value), TypeData::Int(_) | TypeData::Ptr | TypeData::Code) => {
                self.push(offset, size, Piece::Ints(size as u32 * 8, vec![*value as u64]));
            }
            (Const::Float(bits), TypeData::Float(32)) => {
                self.push(offset, size, Piece::F32(f64::from_bits(*bits)));
            }
            (Const::Float(bits), TypeData::Float(_)) => {
                self.push(offset, size, Piece::F64(f64::from_bits(*bits)));
            }
            (Const::Bytes(bytes), TypeData::Array(elem, len))
                if types.size(*elem) == 1 && bytes.len() as u64 <= *len =>
            {
                if !bytes.is_empty() {
                    self.push(offset, bytes.len() as u64, Piece::Bytes(bytes.clone()));
                }
            }
            (Const::Aggregate(parts), TypeData::Struct(fields)) if parts.len() == fields.len() => {
                for (index, (part, &field)) in parts.iter().zip(fields).enumerate() {
                    self.add(field, part, offset + types.field_offset(ty, index))?;
                }
            }
            (Const::Aggregate(parts), TypeData::Array(elem, len)) if parts.len() as u64 <= *len => {
                for (index, part) in parts.iter().enumerate() {
                    self.add(*elem, part, offset + index as u64 * types.size(*elem))?;
                }
            }
            (Const::Addr(global, add), TypeData::Ptr | TypeData::Int(_))
                if size == types.target.ptr_bytes =>
            {
                self.push(offset, size, Piece::Addr(*global, *add));
            }
            (Const::Code(func), TypeData::Code | TypeData::Ptr | TypeData::Int(_))
                if size == types.target.ptr_bytes =>
            {
                self.push(offset, size, Piece::Code(*func));
            }
            (Const::AddrInt(global, add), TypeData::Int(_)) => {
                let word = types.target.ptr_bytes;
                if size >= word {
                    // Zero-extended: the rest stays zero.
                    self.push(offset, word, Piece::Addr(*global, *add));
                } else if size == 4 {
                    self.push(offset, size, Piece::AddrLow(*global, *add));
                } else {
                    return Err(format!("an address does not fit {size} bytes"));
                }
            }
            (Const::CodeInt(func), TypeData::Int(_)) => {
                let word = types.target.ptr_bytes;
                if size >= word {
                    self.push(offset, word, Piece::Code(*func));
                } else if size == 4 {
                    self.push(offset, size, Piece::CodeLow(*func));
                } else {
                    return Err(format!("a code address does not fit {size} bytes"));
                }
            }
            (init, data) => return Err(format!("{init:?} cannot initialise {data:?}")),
        }
        Ok(())
    }
}

fn bytes_type<'c>(unit: &Unit<'c, '_>, size: u64) -> BasicTypeEnum<'c> {
    unit.layouts.ctx.i8_type().array_type(size as u32).into()
}

fn piece_type<'c>(unit: &Unit<'c, '_>, piece: &Piece) -> BasicTypeEnum<'c> {
    let ctx = unit.layouts.ctx;
    match piece {
        Piece::Zero(bytes) => bytes_type(unit, *bytes),
        Piece::Bytes(bytes) => bytes_type(unit, bytes.len() as u64),
        Piece::Ints(bits, items) if items.len() == 1 => int_type(ctx, *bits).into(),
        Piece::Ints(bits, items) => int_type(ctx, *bits).array_type(items.len() as u32).into(),
        Piece::F32(_) => ctx.f32_type().into(),
        Piece::F64(_) => ctx.f64_type().into(),
        Piece::Addr(..) => unit.layouts.ptr.into(),
        Piece::Code(_) => unit.layouts.code.into(),
        Piece::AddrLow(..) | Piece::CodeLow(_) => ctx.i32_type().into(),
    }
}

fn pieces_type<'c>(unit: &Unit<'c, '_>, pieces: &[Piece]) -> BasicTypeEnum<'c> {
    match pieces {
        [] => bytes_type(unit, 0),
        [one] => piece_type(unit, one),
        several => {
            let types: Vec<_> = several.iter().map(|piece| piece_type(unit, piece)).collect();
            unit.layouts.ctx.struct_type(&types, true).as_basic_type_enum()
        }
    }
}

fn piece_value<'c>(unit: &Unit<'c, '_>, piece: &Piece) -> BasicValueEnum<'c> {
    let ctx = unit.layouts.ctx;
    match piece {
        Piece::Zero(_) => piece_type(unit, piece).const_zero(),
        Piece::Bytes(bytes) => ctx.const_string(bytes, false).into(),
        Piece::Ints(bits, items) => {
            let ty = int_type(ctx, *bits);
            match items.as_slice() {
                [one] => ty.const_int(*one, false).into(),
                several => {
                    let values: Vec<_> = several.iter().map(|&item| ty.const_int(item, false)).collect();
                    ty.const_array(&values).into()
                }
            }
        }
        Piece::F32(value) => ctx.f32_type().const_float(*value).into(),
        Piece::F64(value) => ctx.f64_type().const_float(*value).into(),
        Piece::Addr(global, add) => address(unit, *global, *add).into(),
        Piece::Code(func) => code(unit, *func).into(),
        Piece::AddrLow(global, add) => {
            address(unit, *global, *add).const_to_int(unit.layouts.word).const_truncate(ctx.i32_type()).into()
        }
        Piece::CodeLow(func) => {
            code(unit, *func).const_to_int(unit.layouts.word).const_truncate(ctx.i32_type()).into()
        }
    }
}

fn address<'c>(unit: &Unit<'c, '_>, global: GlobalId, add: i64) -> PointerValue<'c> {
    let base = unit.global(global);
    if add == 0 {
        return base;
    }
    let offset = unit.layouts.word.const_int(add as u64, true);
    // SAFETY: a byte offset from a global is a valid constant expression, inside the object or not.
    unsafe { base.const_gep(unit.layouts.ctx.i8_type(), &[offset]) }
}

fn code<'c>(unit: &Unit<'c, '_>, func: FuncId) -> PointerValue<'c> {
    unit.func(func).value.as_global_value().as_pointer_value()
}

fn pieces_value<'c>(unit: &Unit<'c, '_>, pieces: &[Piece]) -> BasicValueEnum<'c> {
    match pieces {
        [] => bytes_type(unit, 0).const_zero(),
        [one] => piece_value(unit, one),
        several => {
            let values: Vec<_> = several.iter().map(|piece| piece_value(unit, piece)).collect();
            unit.layouts.ctx.const_struct(&values, true).into()
        }
    }
}
