//! Turns the evaluator's memory back into initial values of globals.

use std::collections::BTreeMap;

use ir::{Const, Global, GlobalId, Program, Type, TypeData};

use super::machine::Machine;
use super::memory::{Kind, Object, ObjectId, Reloc};
use crate::descriptor::fresh;

pub(super) fn write_back(program: &mut Program, machine: Machine) {
    let objects = machine.objects;
    let mut globals: BTreeMap<ObjectId, GlobalId> = BTreeMap::new();
    // With the variable that leads there.
    let mut work: Vec<(ObjectId, GlobalId)> = Vec::new();
    let mut made: BTreeMap<GlobalId, usize> = BTreeMap::new();
    for (index, object) in objects.iter().enumerate() {
        if let Kind::Global(global) = object.kind {
            let id = ObjectId(index as u32);
            globals.insert(id, global);
            // What is unknown now was written by an initialiser that ran here before; that still holds at start-up.
            if object.written {
                work.push((id, global));
            }
        }
    }
    let mut next = 0;
    while next < work.len() {
        let (id, root) = work[next];
        next += 1;
        let object = &objects[id.0 as usize];
        for reloc in object.relocs.values() {
            let Reloc::Ptr(target, _) = *reloc else { continue };
            if !globals.contains_key(&target) {
                let number = made.entry(root).or_default();
                let name = format!("{}·{number}", program.globals[root].name);
                *number += 1;
                let global = add_global(program, &objects[target.0 as usize], name);
                globals.insert(target, global);
                work.push((target, root));
            }
        }
        let global = globals[&id];
        let ty = program.globals[global].ty;
        let value = read(program, object, &globals, 0, ty);
        program.globals[global].init = value;
    }
}

fn add_global(program: &mut Program, object: &Object, name: String) -> GlobalId {
    let ty = match object.kind {
        Kind::Heap(Some(ty)) if fits(program, object, ty) => ty,
        _ => shape(program, object),
    };
    let mut global = Global::new(fresh(program, name), ty);
    // Objects of unknown type may hold anything.
    global.align = program.types.target.object_align();
    program.add_global(global)
}

/// Whether every address in the object is at a place of its type that can hold one.
fn fits(program: &Program, object: &Object, ty: Type) -> bool {
    object.relocs.iter().all(|(&at, reloc)| {
        let want = if matches!(reloc, Reloc::Ptr(..)) { Type::PTR } else { Type::CODE };
        scalar_at(program, ty, at) == Some(want)
    })
}

fn scalar_at(program: &Program, ty: Type, offset: u64) -> Option<Type> {
    let types = &program.types;
    match types.data(ty) {
        TypeData::Struct(fields) => {
            let index = (0..fields.len()).find(|&i| {
                let start = types.field_offset(ty, i);
                (start..start + types.size(fields[i])).contains(&offset)
            })?;
            scalar_at(program, fields[index], offset - types.field_offset(ty, index))
        }
        TypeData::Array(elem, _) => {
            let size = types.size(*elem);
            if size == 0 { None } else { scalar_at(program, *elem, offset % size) }
        }
        _ => (offset == 0).then_some(ty),
    }
}

/// A struct of bytes and addresses for an object whose type is not known.
fn shape(program: &mut Program, object: &Object) -> Type {
    let mut fields = Vec::new();
    let mut at = 0;
    let word = program.types.target.ptr_bytes;
    for (&offset, reloc) in &object.relocs {
        if offset > at {
            fields.push(program.types.array(Type::I8, offset - at));
        }
        fields.push(if matches!(reloc, Reloc::Ptr(..)) { Type::PTR } else { Type::CODE });
        at = offset + word;
    }
    let size = object.bytes.len() as u64;
    if size > at {
        fields.push(program.types.array(Type::I8, size - at));
    }
    program.types.structure(&fields)
}

/// The initial value of a place of this type.
fn read(
    program: &Program,
    object: &Object,
    globals: &BTreeMap<ObjectId, GlobalId>,
    offset: u64,
    ty: Type,
) -> Const {
    let types = &program.types;
    let size = types.size(ty);
    let bytes = &object.bytes[offset as usize..(offset + size) as usize];
    let zero = bytes.iter().all(|&byte| byte == 0);
    if zero && object.relocs.range(offset..offset + size).next().is_none() {
        return Const::Zero;
    }
    match types.data(ty) {
        TypeData::Struct(fields) => {
            let parts = fields.iter().enumerate();
            Const::Aggregate(
                parts
                    .map(|(i, &field)| {
                        read(program, object, globals, offset + types.field_offset(ty, i), field)
                    })
                    .collect(),
            )
        }
        TypeData::Array(Type::I8, _) => Const::Bytes(bytes.to_vec()),
        TypeData::Array(elem, len) => {
            let step = types.size(*elem);
            Const::Aggregate(
                (0..*len).map(|i| read(program, object, globals, offset + i * step, *elem)).collect(),
            )
        }
        TypeData::Float(32) => {
            let bits = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            Const::Float(f64::from(f32::from_bits(bits)).to_bits())
        }
        TypeData::Float(_) => Const::Float(number(bytes)),
        TypeData::Int(bits) => Const::Int(crate::simplify::extend(number(bytes) as i64, Type::int(*bits))),
        _ => match object.relocs.get(&offset) {
            Some(Reloc::Ptr(target, inner)) => Const::Addr(globals[target], *inner),
            Some(Reloc::Code(func)) => Const::Code(*func),
            Some(Reloc::Linked) => unreachable!("what was written here holds no such number"),
            None => Const::Int(number(bytes) as i64),
        },
    }
}

fn number(bytes: &[u8]) -> u64 {
    let mut all = [0; 8];
    all[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(all)
}
