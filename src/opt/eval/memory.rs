//! Memory of the evaluator: objects of bytes, with the addresses among them kept symbolic.

use std::collections::BTreeMap;

use ir::{Const, FuncId, GlobalId, Program, Type, TypeData};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct ObjectId(pub u32);

/// A scalar or aggregate in a register.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Val {
    /// Sign-extended; truth values are 0 and 1.
    Int(i64),
    /// Bits of an f64 (an f32 is stored widened).
    Float(u64),
    Ptr(Pointer),
    /// An address in code; none is nil.
    Code(Option<FuncId>),
    Parts(Vec<Val>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Pointer {
    /// None: an absolute address.
    pub base: Option<ObjectId>,
    pub offset: i64,
}

impl Pointer {
    pub const NULL: Pointer = Pointer { base: None, offset: 0 };
}

/// An address inside an object, at some offset of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reloc {
    Ptr(ObjectId, i64),
    Code(FuncId),
    /// A number that only the linker knows, in a constant.
    Linked,
}

#[derive(Clone, Debug)]
pub(super) struct Object {
    pub bytes: Vec<u8>,
    pub relocs: BTreeMap<u64, Reloc>,
    pub kind: Kind,
    /// What it holds may differ at run time: neither read nor written here.
    pub unknown: bool,
    pub constant: bool,
    pub written: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Global(GlobalId),
    /// Allocated here, with its type where it is known.
    Heap(Option<Type>),
    Stack,
}

/// Why something cannot be run at compile time.
#[derive(Debug)]
pub(super) struct Stop;

pub(super) type Outcome<T> = Result<T, Stop>;

impl Object {
    pub fn zeroed(size: u64, kind: Kind) -> Object {
        Object {
            bytes: vec![0; size as usize],
            relocs: BTreeMap::new(),
            kind,
            unknown: false,
            constant: false,
            written: false,
        }
    }

    /// The address at an offset; an error where only a part of one is there.
    fn reloc(&self, offset: u64, size: u64) -> Outcome<Option<Reloc>> {
        let start = offset.saturating_sub(7);
        for (&at, &reloc) in self.relocs.range(start..offset + size) {
            // Addresses have the size of pointers; anything shorter than 8 is treated with care.
            if at == offset {
                return Ok(Some(reloc));
            }
            if at > offset {
                return Err(Stop);
            }
        }
        Ok(None)
    }

    pub fn in_range(&self, offset: i64, size: u64) -> Outcome<u64> {
        let offset = u64::try_from(offset).map_err(|_| Stop)?;
        if offset + size <= self.bytes.len() as u64 { Ok(offset) } else { Err(Stop) }
    }

    pub fn load(&self, program: &Program, offset: u64, ty: Type) -> Outcome<Val> {
        let types = &program.types;
        let size = types.size(ty);
        match types.data(ty) {
            TypeData::Struct(fields) => {
                let parts = fields.iter().enumerate();
                let parts =
                    parts.map(|(i, &field)| self.load(program, offset + types.field_offset(ty, i), field));
                Ok(Val::Parts(parts.collect::<Outcome<_>>()?))
            }
            TypeData::Array(elem, len) => {
                if *len > 4096 {
                    return Err(Stop);
                }
                let step = types.size(*elem);
                let parts = (0..*len).map(|i| self.load(program, offset + i * step, *elem));
                Ok(Val::Parts(parts.collect::<Outcome<_>>()?))
            }
            TypeData::Ptr => Ok(Val::Ptr(match self.reloc(offset, size)? {
                Some(Reloc::Ptr(base, inner)) => Pointer { base: Some(base), offset: inner },
                Some(Reloc::Code(_) | Reloc::Linked) => return Err(Stop),
                None => Pointer { base: None, offset: self.number(offset, size) as i64 },
            })),
            TypeData::Code => match self.reloc(offset, size)? {
                Some(Reloc::Code(func)) => Ok(Val::Code(Some(func))),
                Some(Reloc::Ptr(..) | Reloc::Linked) => Err(Stop),
                None if self.number(offset, size) == 0 => Ok(Val::Code(None)),
                None => Err(Stop),
            },
            TypeData::Int(bits) => {
                if self.relocs.range(offset..offset + size).next().is_some()
                    || self.reloc(offset, size)?.is_some()
                {
                    return Err(Stop);
                }
                let number = self.number(offset, size) as i64;
                Ok(Val::Int(crate::simplify::extend(number, Type::int(*bits))))
            }
            TypeData::Float(32) => {
                let bits = self.number(offset, 4) as u32;
                Ok(Val::Float(f64::from(f32::from_bits(bits)).to_bits()))
            }
            TypeData::Float(_) => Ok(Val::Float(self.number(offset, 8))),
            TypeData::Void => Err(Stop),
        }
    }

    fn number(&self, offset: u64, size: u64) -> u64 {
        let mut number = [0; 8];
        number[..size as usize].copy_from_slice(&self.bytes[offset as usize..(offset + size) as usize]);
        u64::from_le_bytes(number)
    }

    pub fn store(&mut self, program: &Program, offset: u64, ty: Type, value: &Val) -> Outcome<()> {
        let types = &program.types;
        let size = types.size(ty);
        self.written = true;
        if let Val::Parts(parts) = value {
            return match types.data(ty) {
                TypeData::Struct(fields) => {
                    parts.iter().zip(fields).enumerate().try_for_each(|(i, (part, &field))| {
                        self.store(program, offset + types.field_offset(ty, i), field, part)
                    })
                }
                TypeData::Array(elem, _) => {
                    let step = types.size(*elem);
                    parts
                        .iter()
                        .enumerate()
                        .try_for_each(|(i, part)| self.store(program, offset + i as u64 * step, *elem, part))
                }
                _ => Err(Stop),
            };
        }
        self.clear(offset, size)?;
        let number = match *value {
            Val::Int(number) => number as u64,
            Val::Float(bits) if ty == Type::F32 => u64::from((f64::from_bits(bits) as f32).to_bits()),
            Val::Float(bits) => bits,
            Val::Ptr(Pointer { base: None, offset }) => offset as u64,
            Val::Ptr(Pointer { base: Some(base), offset: inner }) => {
                self.relocs.insert(offset, Reloc::Ptr(base, inner));
                0
            }
            Val::Code(None) => 0,
            Val::Code(Some(func)) => {
                self.relocs.insert(offset, Reloc::Code(func));
                0
            }
            Val::Parts(_) => return Err(Stop),
        };
        self.bytes[offset as usize..(offset + size) as usize]
            .copy_from_slice(&number.to_le_bytes()[..size as usize]);
        Ok(())
    }

    /// Forgets the addresses in a range that is about to be overwritten. None may be cut in two.
    pub fn clear(&mut self, offset: u64, size: u64) -> Outcome<()> {
        let inside: Vec<u64> = self.relocs.range(offset..offset + size).map(|(&at, _)| at).collect();
        for at in inside {
            self.relocs.remove(&at);
        }
        Ok(())
    }

    /// Bytes and addresses of a part, for copying.
    pub fn slice(&self, offset: u64, size: u64) -> Outcome<(Vec<u8>, Vec<(u64, Reloc)>)> {
        let bytes = self.bytes[offset as usize..(offset + size) as usize].to_vec();
        let relocs = self.relocs.range(offset..offset + size).map(|(&at, &reloc)| match reloc {
            Reloc::Linked => Err(Stop),
            _ => Ok((at - offset, reloc)),
        });
        Ok((bytes, relocs.collect::<Outcome<_>>()?))
    }

    pub fn paste(&mut self, offset: u64, bytes: &[u8], relocs: &[(u64, Reloc)]) -> Outcome<()> {
        self.written = true;
        self.clear(offset, bytes.len() as u64)?;
        self.bytes[offset as usize..offset as usize + bytes.len()].copy_from_slice(bytes);
        self.relocs.extend(relocs.iter().map(|&(at, reloc)| (at + offset, reloc)));
        Ok(())
    }

    /// Writes an initial value into a fresh object.
    pub fn fill(
        &mut self,
        program: &Program,
        offset: u64,
        ty: Type,
        value: &Const,
        object_of: &mut dyn FnMut(GlobalId) -> ObjectId,
    ) -> Outcome<()> {
        let types = &program.types;
        let scalar = match value {
            Const::Zero => return Ok(()),
            Const::Bytes(bytes) => {
                let start = offset as usize;
                self.bytes[start..start + bytes.len()].copy_from_slice(bytes);
                return Ok(());
            }
            Const::Aggregate(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    let (inner, place) = match types.data(ty) {
                        TypeData::Struct(fields) => (fields[index], types.field_offset(ty, index)),
                        TypeData::Array(elem, _) => (*elem, types.size(*elem) * index as u64),
                        _ => return Err(Stop),
                    };
                    self.fill(program, offset + place, inner, part, object_of)?;
                }
                return Ok(());
            }
            Const::Int(number) if ty == Type::PTR => Val::Ptr(Pointer { base: None, offset: *number }),
            Const::Int(number) => Val::Int(*number),
            Const::Float(bits) => Val::Float(*bits),
            Const::Addr(global, inner) => {
                Val::Ptr(Pointer { base: Some(object_of(*global)), offset: *inner })
            }
            Const::Code(func) => Val::Code(Some(*func)),
            Const::AddrInt(..) | Const::CodeInt(_) if self.constant => {
                self.relocs.insert(offset, Reloc::Linked);
                return Ok(());
            }
            Const::AddrInt(..) | Const::CodeInt(_) | Const::RType(_) => return Err(Stop),
        };
        self.store(program, offset, ty, &scalar)
    }
}
