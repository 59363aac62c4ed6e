//! Whether all panics of a program are strings and errors, as most are. Then package fmt, which prints what a method
//! `String` panicked with, needs no more than that (`partOther` in `runtime/std/fmt/parts.go`).
//!
//! What is raised again was raised before: `recover()` adds nothing, nor does a field of a struct that holds nothing
//! else, like those of `sync.OnceFunc`.

use std::collections::{BTreeMap, BTreeSet};

use ir::entity::Entity;
use ir::{Aux, Func, FuncId, InstData, Kind, Op, Program, RTypeId, Type, Value, ValueDef};
use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

/// The function that raises, which package runtime also calls by its name.
const RAISE: &str = "runtime.gopanic";

/// Whether no live function panics with anything but strings and errors. `error` is the interface.
pub(crate) fn only_texts(program: &Program, error: RTypeId) -> bool {
    let raise = program.func_named(RAISE);
    let look = |mut found: Found, index| {
        let id = FuncId::from_index(index);
        let func = &program.funcs[id];
        for data in func.placed() {
            let raises = match (data.op, &data.aux) {
                (Op::Panic, _) => true,
                (Op::Call, &Aux::Func(callee)) => Some(callee) == raise,
                _ => false,
            };
            if raises && let Some(&value) = data.args.first() {
                found.panics.push((id, value));
            }
            found.fields.note(program, id, func, data);
        }
        found
    };
    let funcs = (0..program.funcs.len()).into_par_iter().with_min_len(64);
    let Found { panics, mut fields } = funcs.fold(Found::default, look).reduce(Found::default, Found::and);
    fields.forget_written_elsewhere(program);
    let mut seen = BTreeSet::new();
    panics.into_iter().all(|(func, value)| is_text(program, error, &fields, func, value, &mut seen))
}

/// What decides, of some of the functions.
#[derive(Default)]
struct Found {
    /// What is raised.
    panics: Vec<(FuncId, Value)>,
    fields: Fields,
}

impl Found {
    fn and(mut self, other: Found) -> Found {
        self.panics.extend(other.panics);
        self.fields.unknown.extend(other.fields.unknown);
        for (field, stores) in other.fields.stores {
            self.fields.stores.entry(field).or_default().extend(stores);
        }
        self
    }
}

/// Whether an interface value holds a string, an error, or what a panic had before.
fn is_text(
    program: &Program,
    error: RTypeId,
    fields: &Fields,
    id: FuncId,
    value: Value,
    seen: &mut BTreeSet<(FuncId, Value)>,
) -> bool {
    if !seen.insert((id, value)) {
        return true;
    }
    let func = &program.funcs[id];
    let data = match func.values[value].def {
        ValueDef::Result(inst, _) => &func.insts[inst],
        ValueDef::Param(block, index) => {
            // What a function is given may be anything.
            return block != func.entry()
                && func
                    .placed()
                    .flat_map(|data| data.targets())
                    .filter(|target| target.block == block)
                    .all(|target| is_text(program, error, fields, id, target.args[index as usize], seen));
        }
    };
    match (data.op, &data.aux) {
        (Op::Recover | Op::Zero, _) => true,
        (Op::MakeIface | Op::ChangeIface, &Aux::Convert { from, .. }) => {
            is_text_type(program, error, from)
                || data.op == Op::ChangeIface && is_text(program, error, fields, id, data.args[0], seen)
        }
        (Op::Load, _) => {
            let Some(address) = func.def(data.args[0]) else { return false };
            let &Aux::Field(ty, index) = &address.aux else { return false };
            address.op == Op::FieldAddr
                && holds_interface(program, ty, index)
                && !fields.unknown.contains(&ty)
                && fields.stores.get(&(ty, index)).is_none_or(|stores| {
                    stores.iter().all(|&(id, value)| is_text(program, error, fields, id, value, seen))
                })
        }
        _ => false,
    }
}

fn is_text_type(program: &Program, error: RTypeId, ty: RTypeId) -> bool {
    let rtype = &program.rtypes[ty];
    let wanted = &program.rtypes[error].imethods;
    let has = |wanted: &ir::IMethod| {
        rtype.find_method(wanted).is_some()
            || rtype.imethods.iter().any(|m| m.name == wanted.name && m.ty == wanted.ty)
    };
    rtype.kind == Kind::String && rtype.pkg_path.is_empty() || wanted.iter().all(has)
}

/// What is stored to the fields of structs that are interfaces, as far as stores name the field.
#[derive(Default)]
struct Fields {
    stores: BTreeMap<(Type, u32), Vec<(FuncId, Value)>>,
    /// Structs that are written in other ways, too.
    unknown: BTreeSet<Type>,
    /// Those of them that are written whole, and so are the structs inside.
    forgotten: BTreeSet<Type>,
}

impl Fields {
    /// What is written otherwise than by instructions.
    fn forget_written_elsewhere(&mut self, program: &Program) {
        for global in program.globals.values() {
            if global.init != ir::Const::Zero {
                self.forget(program, global.ty);
            }
        }
        // Reflection may write them.
        for rtype in program.rtypes.values() {
            self.forget(program, rtype.repr);
        }
    }

    fn note(&mut self, program: &Program, id: FuncId, func: &Func, data: &InstData) {
        let field_of = |value: Value| match func.def(value) {
            Some(InstData { op: Op::FieldAddr, aux: Aux::Field(ty, index), .. }) => Some((*ty, *index)),
            _ => None,
        };
        match data.op {
            // The address of a field of a field is no way to the others.
            Op::Load | Op::FieldAddr => {}
            Op::Store => {
                let value = data.args[1];
                match field_of(data.args[0]) {
                    Some((ty, index)) => self.store_field(program, ty, index, (id, value)),
                    None => self.store(program, id, func, value),
                }
                if let Some((ty, _)) = field_of(value) {
                    self.unknown.insert(ty);
                }
            }
            _ => {
                for (ty, index) in data.uses().filter_map(field_of) {
                    if holds_interface(program, ty, index) {
                        self.unknown.insert(ty);
                    }
                }
            }
        }
    }

    fn store_field(&mut self, program: &Program, ty: Type, index: u32, value: (FuncId, Value)) {
        if holds_interface(program, ty, index) {
            self.stores.entry((ty, index)).or_default().push(value);
        }
    }

    /// A value is stored somewhere: structs in it are written whole.
    fn store(&mut self, program: &Program, id: FuncId, func: &Func, value: Value) {
        let ty = func.ty(value);
        if !matches!(program.types.data(ty), ir::TypeData::Struct(_) | ir::TypeData::Array(..)) {
            return;
        }
        match func.def(value) {
            Some(data) if data.op == Op::Zero => {}
            Some(data) if data.op == Op::Aggregate => {
                for (index, &part) in data.args.iter().enumerate() {
                    self.store_field(program, ty, index as u32, (id, part));
                    self.store(program, id, func, part);
                }
            }
            _ => self.forget(program, ty),
        }
    }

    /// A struct, and those inside of it, may hold anything.
    fn forget(&mut self, program: &Program, ty: Type) {
        match program.types.data(ty) {
            ir::TypeData::Struct(parts) => {
                if self.forgotten.insert(ty) {
                    self.unknown.insert(ty);
                    parts.iter().for_each(|&part| self.forget(program, part));
                }
            }
            ir::TypeData::Array(elem, _) => self.forget(program, *elem),
            _ => {}
        }
    }
}

/// Whether a field looks like an interface.
fn holds_interface(program: &Program, ty: Type, index: u32) -> bool {
    match program.types.data(ty) {
        ir::TypeData::Struct(parts) => match program.types.data(parts[index as usize]) {
            ir::TypeData::Struct(words) => words[..] == [Type::PTR, Type::PTR],
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: &str = r#"target ptr=4 int=4 align=8
rtype %string string {ptr, i32} {
  string "string"
}
rtype %int int i32 {
  string "int"
}
rtype %func func ptr {
  string "func() string"
}
rtype %error interface {ptr, ptr} {
  string "error"
  imethod "Error" "" %func
}
rtype %any interface {ptr, ptr} {
  string "interface {}"
}
rtype %*T pointer ptr {
  string "*main.T"
  method "Error" "" %func
}
"#;

    fn check(funcs: &[&str]) -> bool {
        let bodies: String = funcs
            .iter()
            .enumerate()
            .map(|(i, body)| format!("func @f{i}{}\n}}\n", body.trim_end()))
            .collect();
        let program = ir::text::read_program(&format!("{TYPES}{bodies}")).unwrap();
        let error = program.rtypes.iter().find(|(_, rtype)| rtype.string == "error").unwrap().0;
        only_texts(&program, error)
    }

    /// A function that panics with its parameter, converted to `any`.
    fn raises(ty: &str, convert: &str) -> bool {
        check(&[&format!("(v0: {ty}) {{\nb0:\n  v1 = {convert} to %any, v0\n  panic v1\n  unreachable")])
    }

    #[test]
    fn strings_and_errors() {
        assert!(raises("{ptr, i32}", "make_iface.{ptr, ptr} %string"));
        assert!(raises("ptr", "make_iface.{ptr, ptr} %*T"));
        assert!(raises("{ptr, ptr}", "change_iface.{ptr, ptr} %error"));
        assert!(!raises("i32", "make_iface.{ptr, ptr} %int"));
        assert!(!check(&["(v0: {ptr, ptr}) {\nb0:\n  panic v0\n  unreachable"]));
    }

    #[test]
    fn raised_again() {
        assert!(check(&["() {\nb0:\n  v1 = recover.{ptr, ptr}\n  panic v1\n  unreachable"]));
    }

    const RAISE_FIELD: &str = "(v0: ptr) {
b0:
  v1 = fieldaddr {i32, {ptr, ptr}}.1, v0
  v2 = load.{ptr, ptr} v1
  panic v2
  unreachable";

    /// What a field holds decides: here what was recovered, and then also anything.
    #[test]
    fn kept_in_a_field() {
        let keep = "(v0: ptr) {
b0:
  v1 = recover.{ptr, ptr}
  v2 = fieldaddr {i32, {ptr, ptr}}.1, v0
  store v2, v1
  ret";
        let other = "(v0: ptr, v1: {ptr, ptr}) {
b0:
  v2 = fieldaddr {i32, {ptr, ptr}}.1, v0
  store v2, v1
  ret";
        let whole = "(v0: ptr, v1: {i32, {ptr, ptr}}) {
b0:
  store v0, v1
  ret";
        let escapes = "(v0: ptr) -> ptr {
b0:
  v1 = fieldaddr {i32, {ptr, ptr}}.1, v0
  ret v1";
        assert!(check(&[keep, RAISE_FIELD]));
        for more in [other, whole, escapes] {
            assert!(!check(&[keep, RAISE_FIELD, more]), "{more}");
        }
    }

    /// A struct that is written whole writes those inside of it, also where something else was known of it before.
    #[test]
    fn kept_in_a_field_of_a_field() {
        let outer = "{{i32, {ptr, ptr}}, {ptr, ptr}}";
        let escapes = format!("(v0: ptr) -> ptr {{\nb0:\n  v1 = fieldaddr {outer}.1, v0\n  ret v1");
        let whole = format!("(v0: ptr, v1: {outer}) {{\nb0:\n  store v0, v1\n  ret");
        assert!(check(&[&escapes, RAISE_FIELD]));
        assert!(!check(&[&escapes, &whole, RAISE_FIELD]));
    }
}
