//! Type descriptors and method tables: constant globals laid out as Go's `internal/abi.Type` family and `abi.ITab`.
//!
//! A descriptor is always the `abi.Type` head; what follows it (element, fields, methods) and costly parts of the head
//! (name, equality function) are there only if live code reads such a field anywhere. That is asked of the program: a
//! field is read if a `fieldaddr` names it, and machine types are hash-consed, so that `abi.Type` is recognised by its
//! shape. The 32-bit offsets of Go's format (`NameOff`, `TypeOff`, `TextOff`) hold absolute addresses here.

use std::collections::{BTreeMap, BTreeSet};

use ir::builder::Builder;
use ir::rtype::RMethod;
use ir::{
    Aux, Const, Func, FuncId, Global, GlobalId, Kind, Level, Op, Program, RType, RTypeId, Signature, Type,
    TypeData, Types,
};

use crate::pipeline::Result;
use crate::reach;

const FLAG_UNCOMMON: u8 = 1 << 0;
const FLAG_NAMED: u8 = 1 << 2;
const FLAG_REGULAR_MEMORY: u8 = 1 << 3;
const FLAG_DIRECT_IFACE: u8 = 1 << 5;

/// Indices of the fields of `abi.Type`.
const EQUAL: u32 = 7;
const STR: u32 = 9;
const PTR_TO_THIS: u32 = 10;
/// The types that package reflect can find by their string: a slice of package runtime.
pub(crate) const TYPE_TABLE: &str = "runtime.typeTable";

/// A descriptor without its methods.
struct Draft {
    rtype: RTypeId,
    head: Const,
    /// Of all its parts, the head first.
    types: Vec<Type>,
    /// Behind the head.
    parts: Vec<Const>,
    /// Which of these is the uncommon part.
    uncommon: Option<usize>,
}

/// `abi.Type`
pub(crate) fn head_type(program: &mut Program) -> Type {
    let word = program.types.target.word();
    program.types.structure(&[
        word,
        word,
        Type::I32,
        Type::I8,
        Type::I8,
        Type::I8,
        Type::I8,
        Type::PTR,
        Type::PTR,
        Type::I32,
        Type::I32,
    ])
}

/// Whether package reflect can make such a type of others.
pub(crate) fn is_composite(rtype: &RType) -> bool {
    let kinds = [Kind::Array, Kind::Chan, Kind::Func, Kind::Map, Kind::Pointer, Kind::Slice, Kind::Struct];
    rtype.name.is_empty() && kinds.contains(&rtype.kind)
}

pub(crate) struct Descriptors {
    /// `abi.Type`
    head: Type,
    /// `abi.UncommonType`
    uncommon: Type,
    /// Which fields of which struct types live code reads.
    read: BTreeSet<(Type, u32)>,
    /// Package reflect looks at all methods of types, not only at those that an interface asks for.
    all_methods: bool,
    /// Name, package and type of the methods that an interface with a descriptor has.
    asked: BTreeSet<(String, String, RTypeId)>,
    by_type: BTreeMap<RTypeId, GlobalId>,
    pending: Vec<RTypeId>,
    itabs: BTreeMap<(RTypeId, RTypeId), GlobalId>,
    names: BTreeMap<Vec<u8>, GlobalId>,
    /// Constant func values for equality and hash functions.
    func_values: BTreeMap<String, GlobalId>,
}

impl Descriptors {
    pub fn new(program: &mut Program) -> Descriptors {
        let head = head_type(program);
        let uncommon = program.types.structure(&[Type::I32, Type::I16, Type::I16, Type::I32, Type::I32]);
        let mut read = BTreeSet::new();
        for func in program.funcs.values() {
            for &block in &func.order {
                for &inst in &func.blocks[block].insts {
                    note_reads(program, func, &func.insts[inst], &mut read);
                }
            }
        }
        Descriptors {
            all_methods: reach::reads_methods(program),
            asked: BTreeSet::new(),
            head,
            uncommon,
            read,
            by_type: BTreeMap::new(),
            pending: Vec::new(),
            itabs: BTreeMap::new(),
            names: BTreeMap::new(),
            func_values: BTreeMap::new(),
        }
    }

    /// The descriptor of a type; its contents follow in [`Descriptors::finish`].
    pub fn of(&mut self, program: &mut Program, rtype: RTypeId) -> GlobalId {
        if let Some(&global) = self.by_type.get(&rtype) {
            return global;
        }
        let name = fresh(program, format!("type:{}", program.rtypes[rtype].unique));
        let mut global = Global::new(name, self.head);
        global.constant = true;
        let global = program.add_global(global);
        self.by_type.insert(rtype, global);
        self.pending.push(rtype);
        global
    }

    /// The method table of a concrete type as a non-empty interface.
    pub fn itab(&mut self, program: &mut Program, iface: RTypeId, concrete: RTypeId) -> GlobalId {
        if let Some(&global) = self.itabs.get(&(iface, concrete)) {
            return global;
        }
        let funcs: Vec<Const> = program.rtypes[iface]
            .imethods
            .iter()
            .map(|wanted| {
                let methods = &program.rtypes[concrete].methods;
                let found = methods.iter().find(|m| m.name == wanted.name && m.pkg_path == wanted.pkg_path);
                // No code: nothing live calls the method.
                found.and_then(|method| method.code).map_or(Const::Zero, Const::Code)
            })
            .collect();
        let ty = itab_type(program, funcs.len());
        // `abi.ITab` as Go code sees it.
        let word = program.types.target.word();
        let word = program.types.array(word, 1);
        let table = program.types.structure(&[Type::PTR, Type::PTR, Type::I32, word]);
        let inter = if self.reads(table, 0) { Const::Addr(self.of(program, iface), 0) } else { Const::Zero };
        let descriptor = self.of(program, concrete);
        let hash = Const::Int(i64::from(hash(&program.rtypes[concrete].unique) as i32));
        let (iface_name, name) = (&program.rtypes[iface].unique, &program.rtypes[concrete].unique);
        let name = fresh(program, format!("itab:{name},{iface_name}"));
        let mut global = Global::new(name, ty);
        global.constant = true;
        let mut parts = vec![inter, Const::Addr(descriptor, 0), hash];
        parts.push(Const::Aggregate(funcs));
        global.init = Const::Aggregate(parts);
        let global = program.add_global(global);
        self.itabs.insert((iface, concrete), global);
        global
    }

    fn reads(&self, ty: Type, field: u32) -> bool {
        self.read.contains(&(ty, field))
    }

    /// Whether live code reads what follows the head in descriptors of this layout. Structs within structs make no
    /// difference: Go code wraps single words.
    fn reads_part(&self, program: &Program, ty: Type) -> bool {
        let shape = flat(&program.types, ty);
        self.read.iter().any(|&(read, field)| {
            field > 0 && program.types.fields(read)[0] == self.head && flat(&program.types, read) == shape
        })
    }

    /// Whether live code reads a field of structs of this layout.
    fn reads_any(&self, program: &Program, ty: Type) -> bool {
        let shape = flat(&program.types, ty);
        self.read.iter().any(|&(read, _)| flat(&program.types, read) == shape)
    }

    /// Gives all descriptors their contents, replaces their mention in initial values.
    pub fn finish(&mut self, program: &mut Program) -> Result<()> {
        for id in program.globals.keys().collect::<Vec<_>>() {
            let mut init = std::mem::replace(&mut program.globals[id].init, Const::Zero);
            self.lower_const(program, &mut init);
            program.globals[id].init = init;
        }
        let mut drafts = self.drafts(program);
        for rtype in drafts.iter().map(|draft| &program.rtypes[draft.rtype]).filter(|rtype| !rtype.unopened) {
            self.asked.extend(rtype.imethods.iter().map(|m| (m.name.clone(), m.pkg_path.clone(), m.ty)));
        }
        while !drafts.is_empty() {
            for draft in drafts {
                let id = draft.rtype;
                let (ty, init) = self.contents(program, draft);
                let global = self.by_type[&id];
                program.globals[global].ty = ty;
                program.globals[global].init = init;
            }
            // What is left are types of methods, which are there only to be compared.
            for &id in self.pending.iter().filter(|_| !self.all_methods) {
                let rtype = &mut program.rtypes[id];
                (rtype.unopened, rtype.unasked, rtype.unnamed) = (true, true, true);
                rtype.ptr_to = None;
            }
            drafts = self.drafts(program);
        }
        self.type_table(program);
        Ok(())
    }

    /// Fills the table of types that reflection may be asked to construct.
    fn type_table(&mut self, program: &mut Program) {
        let Some(table) = program.global_named(TYPE_TABLE) else { return };
        let mut found: Vec<(&RType, GlobalId)> = self
            .by_type
            .iter()
            .map(|(&id, &global)| (&program.rtypes[id], global))
            .filter(|(rtype, _)| is_composite(rtype) && !rtype.unnamed)
            .collect();
        found.sort_by_key(|(rtype, _)| (&rtype.string, &rtype.unique));
        let items = found.into_iter().map(|(_, global)| Const::Addr(global, 0)).collect();
        let list = self.list(program, "runtime", "table", Type::PTR, items);
        program.globals[table].init = list;
    }

    fn lower_const(&mut self, program: &mut Program, value: &mut Const) {
        match value {
            Const::RType(rtype) => *value = Const::Addr(self.of(program, *rtype), 0),
            Const::Aggregate(parts) => {
                parts.iter_mut().for_each(|part| self.lower_const(program, part));
            }
            _ => {}
        }
    }

    /// The descriptors that are wanted by now, and those that they lead to.
    fn drafts(&mut self, program: &mut Program) -> Vec<Draft> {
        let mut drafts = Vec::new();
        while let Some(id) = self.pending.pop() {
            let rtype = program.rtypes[id].clone();
            let wants_methods = self.wants_methods(&rtype);
            let head = self.head_of(program, &rtype, wants_methods);
            let mut draft =
                Draft { rtype: id, head, types: vec![self.head], parts: Vec::new(), uncommon: None };
            self.part(program, &rtype, &mut draft.types, &mut draft.parts);
            // `abi.Uncommon` looks behind a whole `abi.MapType`, the only one that ends with less than a word.
            if rtype.kind == Kind::Map && draft.types.len() > 1 && program.types.target.word() == Type::I64 {
                draft.types.push(Type::I32);
                draft.parts.push(Const::Zero);
            }
            if wants_methods {
                draft.uncommon = Some(draft.parts.len());
                draft.types.push(self.uncommon);
                draft.parts.push(Const::Zero);
            }
            self.trailer(program, &rtype, &mut draft.types, &mut draft.parts);
            drafts.push(draft);
        }
        drafts
    }

    fn contents(&mut self, program: &mut Program, draft: Draft) -> (Type, Const) {
        let Draft { rtype, head, mut types, mut parts, uncommon } = draft;
        let rtype = program.rtypes[rtype].clone();
        if let Some(at) = uncommon {
            let (home, methods) = self.methods(program, &rtype);
            let count = methods.len();
            let mut distance = 0;
            if count > 0 {
                let entry = program.types.structure(&[Type::I32; 4]);
                types.push(program.types.array(entry, count as u64));
                parts.push(Const::Aggregate(methods));
                // From the uncommon part; before it is the head.
                let whole = program.types.structure(&types);
                let offset = |i: usize| program.types.field_offset(whole, i);
                distance = offset(types.len() - 1) - offset(at + 1);
            }
            let package = match home.as_str() {
                "" => Const::Int(0),
                path => self.name(program, path, false),
            };
            // Reflection counts methods that it cannot get at, too.
            let exported = rtype.methods.iter().filter(|method| method.pkg_path.is_empty()).count();
            parts[at] = Const::Aggregate(vec![
                package,
                Const::Int(count as i64),
                Const::Int(exported as i64),
                Const::Int(distance as i64),
                Const::Int(0),
            ]);
        }
        if types.len() == 1 {
            return (self.head, head);
        }
        parts.insert(0, head);
        (program.types.structure(&types), Const::Aggregate(parts))
    }

    fn head_of(&mut self, program: &mut Program, rtype: &RType, uncommon: bool) -> Const {
        let layout = program.types.layout(rtype.repr);
        let mut flags = 0;
        for (flag, set) in [
            (FLAG_UNCOMMON, uncommon),
            (FLAG_NAMED, !rtype.name.is_empty()),
            (FLAG_REGULAR_MEMORY, rtype.plain_memory),
            (FLAG_DIRECT_IFACE, rtype.is_direct(&program.types)),
        ] {
            if set {
                flags |= flag;
            }
        }
        let equal = if rtype.comparable && self.reads(self.head, EQUAL) {
            self.equal(program, rtype)
        } else {
            Const::Zero
        };
        let name = if !rtype.unnamed && self.reads(self.head, STR) {
            // As Go has it: a pointer is exported with what it points to.
            let elem = rtype.elem.filter(|_| rtype.kind == Kind::Pointer && rtype.name.is_empty());
            let name = elem.map_or(&rtype.name, |elem| &program.rtypes[elem].name);
            let exported = is_exported(name);
            self.name(program, &rtype.string, exported)
        } else {
            Const::Int(0)
        };
        let ptr_to = match rtype.ptr_to {
            Some(ptr) if self.reads(self.head, PTR_TO_THIS) => Const::AddrInt(self.of(program, ptr), 0),
            _ => Const::Int(0),
        };
        Const::Aggregate(vec![
            Const::Int(layout.size as i64),
            Const::Int(pointer_bytes(program, rtype.repr) as i64),
            Const::Int(i64::from(hash(&rtype.unique) as i32)),
            Const::Int(flags.into()),
            Const::Int(layout.align as i64),
            Const::Int(layout.align as i64),
            Const::Int(rtype.kind as i64),
            equal,
            Const::Zero,
            name,
            ptr_to,
        ])
    }

    /// The part that belongs to the kind.
    fn part(&mut self, program: &mut Program, rtype: &RType, types: &mut Vec<Type>, parts: &mut Vec<Const>) {
        let word = program.types.target.word();
        let slice = program.types.slice();
        let fields: Vec<Type> = match rtype.kind {
            Kind::Pointer | Kind::Slice => vec![Type::PTR],
            Kind::Array => vec![Type::PTR, Type::PTR, word],
            Kind::Chan => vec![Type::PTR, program.types.target.int()],
            Kind::Func => vec![Type::I16, Type::I16, Type::PTR],
            Kind::Struct | Kind::Interface => vec![Type::PTR, slice],
            Kind::Map => vec![Type::PTR, Type::PTR, Type::PTR, Type::PTR, word, word, word, Type::I32],
            _ => return,
        };
        let mut all = vec![self.head];
        all.extend(&fields);
        let whole = program.types.structure(&all);
        let mut used = !rtype.unopened && self.reads_part(program, whole);
        // Structs and interfaces look alike from outside; their entries do not.
        let entry = match rtype.kind {
            Kind::Struct => Some(program.types.structure(&[Type::PTR, Type::PTR, word])),
            Kind::Interface => Some(program.types.structure(&[Type::I32, Type::I32])),
            _ => None,
        };
        if let Some(entry) = entry {
            used &= self.reads_any(program, entry);
        }
        // Where methods follow, readers find them behind the part.
        if !used && !self.wants_methods(rtype) {
            return;
        }
        types.extend(&fields);
        if !used {
            parts.extend(fields.iter().map(|_| Const::Zero));
            return;
        }
        let elem = |this: &mut Self, program: &mut Program| match rtype.elem {
            Some(elem) => Const::Addr(this.of(program, elem), 0),
            None => Const::Zero,
        };
        match rtype.kind {
            Kind::Pointer | Kind::Slice => parts.push(elem(self, program)),
            Kind::Array => {
                let elem_value = elem(self, program);
                // Go's compiler records the slice type for `reflect.Value.Slice`; reflect finds it by name otherwise.
                parts.extend([elem_value, Const::Zero, Const::Int(rtype.len as i64)]);
            }
            Kind::Chan => {
                let elem_value = elem(self, program);
                parts.extend([elem_value, Const::Int(rtype.dir.into())]);
            }
            Kind::Func => {
                // The top bit says variadic.
                let out = rtype.results.len() as i64 | if rtype.variadic { 1 << 15 } else { 0 };
                let calls = rtype.calls.map_or(Const::Zero, |table| Const::Addr(table, 0));
                parts.extend([Const::Int(rtype.params.len() as i64), Const::Int(out), calls]);
            }
            Kind::Struct => {
                // All names that are not exported are of one package (specification, "Struct types").
                let inner = rtype.fields.iter().find(|field| !is_exported(&field.name));
                let package = self.optional_name(program, inner.map_or("", |field| &field.pkg_path));
                let list = self.struct_fields(program, rtype);
                parts.extend([package, list]);
            }
            Kind::Interface => {
                let names = rtype.imethods.iter().map(|m| &*m.pkg_path);
                let home = home_package(rtype, names).to_owned();
                let package = self.optional_name(program, &home);
                let list = self.interface_methods(program, rtype, &home);
                parts.extend([package, list]);
            }
            Kind::Map => self.map_part(program, rtype, parts),
            _ => {}
        }
    }

    fn map_part(&mut self, program: &mut Program, rtype: &RType, parts: &mut Vec<Const>) {
        let (Some(key), Some(elem)) = (rtype.key, rtype.elem) else {
            parts.extend(std::iter::repeat_n(Const::Zero, 8));
            return;
        };
        let (key_type, elem_type) = (program.rtypes[key].clone(), &program.rtypes[elem]);
        let slot = [key_type.repr, elem_type.repr];
        let slot = program.types.structure(&slot);
        let slot_size = program.types.size(slot) as i64;
        let elem_offset = program.types.field_offset(slot, 1) as i64;
        // MapNeedKeyUpdate: equal keys may differ (+0 and -0, strings that share memory); MapHashMightPanic.
        let flags = i64::from(!key_type.plain_memory) | i64::from(hash_may_panic(program, key)) << 1;
        let hasher = self.hasher(program, &key_type);
        let (key, elem) = (self.of(program, key), self.of(program, elem));
        parts.extend([
            Const::Addr(key, 0),
            Const::Addr(elem, 0),
            Const::Zero,
            hasher,
            Const::Int(0),
            Const::Int(slot_size),
            Const::Int(elem_offset),
            Const::Int(flags),
        ]);
    }

    fn struct_fields(&mut self, program: &mut Program, rtype: &RType) -> Const {
        let word = program.types.target.word();
        let entry = program.types.structure(&[Type::PTR, Type::PTR, word]);
        let items = rtype
            .fields
            .iter()
            .map(|field| {
                let bytes = name_bytes(&field.name, &field.tag, is_exported(&field.name), field.embedded);
                let name = self.name_global(program, bytes);
                let ty = self.of(program, field.ty);
                Const::Aggregate(vec![
                    Const::Addr(name, 0),
                    Const::Addr(ty, 0),
                    Const::Int(field.offset as i64),
                ])
            })
            .collect();
        self.list(program, &rtype.unique, "fields", entry, items)
    }

    fn interface_methods(&mut self, program: &mut Program, rtype: &RType, home: &str) -> Const {
        let entry = program.types.structure(&[Type::I32, Type::I32]);
        let items = rtype
            .imethods
            .iter()
            .map(|method| {
                let name = self.method_name(program, &method.name, &method.pkg_path, home);
                let ty = self.of(program, method.ty);
                Const::Aggregate(vec![name, Const::AddrInt(ty, 0)])
            })
            .collect();
        self.list(program, &rtype.unique, "methods", entry, items)
    }

    /// A slice header of a constant array.
    fn list(
        &mut self,
        program: &mut Program,
        owner: &str,
        what: &str,
        entry: Type,
        items: Vec<Const>,
    ) -> Const {
        let len = Const::Int(items.len() as i64);
        if items.is_empty() {
            return Const::Zero;
        }
        let ty = program.types.array(entry, items.len() as u64);
        let name = fresh(program, format!("type:{owner}.{what}"));
        let mut global = Global::new(name, ty);
        global.constant = true;
        global.init = Const::Aggregate(items);
        let global = program.add_global(global);
        Const::Aggregate(vec![Const::Addr(global, 0), len.clone(), len])
    }

    fn wants_methods(&self, rtype: &RType) -> bool {
        if rtype.unasked {
            return false;
        }
        let any = (0..5).any(|field| self.reads(self.uncommon, field));
        any && (!rtype.methods.is_empty() || !rtype.name.is_empty()) && rtype.kind != Kind::Interface
    }

    /// The entries of the methods that can be asked for, and the package of those that do not say theirs.
    fn methods(&mut self, program: &mut Program, rtype: &RType) -> (String, Vec<Const>) {
        let wanted = |m: &&RMethod| {
            self.all_methods && m.pkg_path.is_empty()
                || self.asked.contains(&(m.name.clone(), m.pkg_path.clone(), m.ty))
        };
        let methods: Vec<&RMethod> = rtype.methods.iter().filter(wanted).collect();
        let home = home_package(rtype, methods.iter().map(|m| &*m.pkg_path)).to_owned();
        let entry = |method: &RMethod| {
            let name = self.method_name(program, &method.name, &method.pkg_path, &home);
            let ty = Const::AddrInt(self.of(program, method.ty), 0);
            // Not zero, which would say that the type lacks the method; nothing calls it.
            let code = method.code.map_or(Const::Int(1), Const::CodeInt);
            let expr = method.expr.map_or(Const::Int(0), Const::CodeInt);
            Const::Aggregate(vec![name, ty, code, expr])
        };
        let entries = methods.into_iter().map(entry).collect();
        (home, entries)
    }

    /// Parameters and results of func types, behind the uncommon part.
    fn trailer(
        &mut self,
        program: &mut Program,
        rtype: &RType,
        types: &mut Vec<Type>,
        parts: &mut Vec<Const>,
    ) {
        if rtype.kind != Kind::Func || types.len() == 1 {
            return;
        }
        let list: Vec<RTypeId> = rtype.params.iter().chain(&rtype.results).copied().collect();
        if list.is_empty() {
            return;
        }
        types.push(program.types.array(Type::PTR, list.len() as u64));
        let list = list.into_iter().map(|ty| Const::Addr(self.of(program, ty), 0)).collect();
        parts.push(Const::Aggregate(list));
    }

    fn equal(&mut self, program: &mut Program, rtype: &RType) -> Const {
        let size = program.types.size(rtype.repr);
        let (name, target, with_size) = match rtype.equal {
            Some(func) => (format!("type:eq.{}", program.funcs[func].name), func, None),
            None => match program.func_named("runtime.memequal").filter(|_| rtype.plain_memory) {
                Some(func) => (format!("type:eq.mem{size}"), func, Some(size)),
                None => return Const::Zero,
            },
        };
        let sig = Signature { params: vec![Type::PTR; 3], results: vec![Type::I1] };
        self.func_value(program, name, target, sig, with_size)
    }

    fn hasher(&mut self, program: &mut Program, key: &RType) -> Const {
        let word = program.types.target.word();
        let size = program.types.size(key.repr);
        let (name, target, with_size) = match key.hash {
            Some(func) => (format!("type:hash.{}", program.funcs[func].name), func, None),
            None => match program.func_named("runtime.memhash").filter(|_| key.plain_memory) {
                Some(func) => (format!("type:hash.mem{size}"), func, Some(size)),
                None => return Const::Zero,
            },
        };
        let sig = Signature { params: vec![Type::PTR, word, Type::PTR], results: vec![word] };
        self.func_value(program, name, target, sig, with_size)
    }

    /// A constant func value whose code calls `target` without the context, perhaps with the size as last argument.
    fn func_value(
        &mut self,
        program: &mut Program,
        name: String,
        target: FuncId,
        sig: Signature,
        with_size: Option<u64>,
    ) -> Const {
        if let Some(&global) = self.func_values.get(&name) {
            return Const::Addr(global, 0);
        }
        let target_sig = program.funcs[target].sig.clone();
        let mut func = Func::new(fresh(program, name.clone()), sig.clone());
        let entry = func.add_block();
        let mut args: Vec<_> = sig.params.iter().map(|&ty| func.add_param(entry, ty)).collect();
        args.pop();
        let mut b = Builder::new(&mut func, entry);
        if let Some(size) = with_size {
            let word = program.types.target.word();
            args.push(b.iconst(word, size as i64));
        }
        let results = b.call(target, &target_sig, args);
        b.ret(results);
        let code = program.add_func(func);
        let ty = program.types.structure(&[Type::CODE]);
        let mut global = Global::new(fresh(program, name.clone()), ty);
        global.constant = true;
        global.init = Const::Aggregate(vec![Const::Code(code)]);
        let global = program.add_global(global);
        self.func_values.insert(name, global);
        Const::Addr(global, 0)
    }

    fn optional_name(&mut self, program: &mut Program, text: &str) -> Const {
        if text.is_empty() {
            return Const::Zero;
        }
        Const::Addr(self.name_global(program, name_bytes(text, "", false, false)), 0)
    }

    fn name(&mut self, program: &mut Program, text: &str, exported: bool) -> Const {
        Const::AddrInt(self.name_global(program, name_bytes(text, "", exported, false)), 0)
    }

    /// The name of a method, with the package of an unexported one unless that is the package of the type.
    fn method_name(&mut self, program: &mut Program, text: &str, package: &str, home: &str) -> Const {
        if package.is_empty() || package == home {
            return self.name(program, text, package.is_empty());
        }
        let bytes = name_bytes_before_package(text);
        let key = [&bytes, package.as_bytes()].concat();
        if let Some(&global) = self.names.get(&key) {
            return Const::AddrInt(global, 0);
        }
        let package = self.name(program, package, false);
        let ty = program.types.array(Type::I8, bytes.len() as u64);
        let ty = program.types.structure(&[ty, Type::I32]);
        let mut global = Global::new(fresh(program, ir::content_name("type:.name", &key)), ty);
        global.constant = true;
        global.init = Const::Aggregate(vec![Const::Bytes(bytes), package]);
        let global = program.add_global(global);
        self.names.insert(key, global);
        Const::AddrInt(global, 0)
    }

    /// One global per content, so that equal names have equal addresses.
    fn name_global(&mut self, program: &mut Program, bytes: Vec<u8>) -> GlobalId {
        if let Some(&global) = self.names.get(&bytes) {
            return global;
        }
        let ty = program.types.array(Type::I8, bytes.len() as u64);
        let mut global = Global::new(fresh(program, ir::content_name("type:.name", &bytes)), ty);
        global.constant = true;
        global.init = Const::Bytes(bytes.clone());
        let global = program.add_global(global);
        self.names.insert(bytes, global);
        global
    }
}

/// `abi.ITab` with this many methods.
pub(crate) fn itab_type(program: &mut Program, methods: usize) -> Type {
    let funcs = program.types.array(Type::CODE, methods as u64);
    program.types.structure(&[Type::PTR, Type::PTR, Type::I32, funcs])
}

/// A name that neither a function nor a global has.
pub(crate) fn fresh(program: &Program, name: String) -> String {
    let taken = |name: &str| program.func_named(name).is_some() || program.global_named(name).is_some();
    if !taken(&name) {
        return name;
    }
    let mut number = 2_u32;
    loop {
        let candidate = format!("{name}#{number}");
        if !taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// A field counts as read where its address is taken, and all fields where the whole struct is loaded or copied.
fn note_reads(program: &Program, func: &Func, data: &ir::InstData, read: &mut BTreeSet<(Type, u32)>) {
    debug_assert!(program.level == Level::Go);
    match (data.op, &data.aux) {
        (Op::FieldAddr, &Aux::Field(ty, index)) => {
            read.insert((ty, index));
        }
        (Op::Load, _) => note_all(program, data.ty, read),
        (Op::Store, _) => note_all(program, func.ty(data.args[1]), read),
        _ => {}
    }
}

fn note_all(program: &Program, ty: Type, read: &mut BTreeSet<(Type, u32)>) {
    if let TypeData::Struct(fields) = program.types.data(ty) {
        for (index, &field) in fields.iter().enumerate() {
            read.insert((ty, index as u32));
            note_all(program, field, read);
        }
    }
}

/// The scalars that a type consists of.
pub(crate) fn flat(types: &Types, ty: Type) -> Vec<Type> {
    let mut list = Vec::new();
    fn walk(types: &Types, ty: Type, list: &mut Vec<Type>) {
        match types.data(ty) {
            TypeData::Struct(fields) => fields.iter().for_each(|&field| walk(types, field, list)),
            // Longer ones are not part of descriptors.
            TypeData::Array(elem, len) if *len <= 8 => (0..*len).for_each(|_| walk(types, *elem, list)),
            _ => list.push(ty),
        }
    }
    walk(types, ty, &mut list);
    list
}

/// abi.Name: flags, length as a varint, bytes, and the same for the tag.
fn name_bytes(text: &str, tag: &str, exported: bool, embedded: bool) -> Vec<u8> {
    let flags = u8::from(exported) | u8::from(!tag.is_empty()) << 1 | u8::from(embedded) << 3;
    let mut bytes = vec![flags];
    let mut part = |text: &str| {
        let mut len = text.len();
        while len >= 0x80 {
            bytes.push(len as u8 | 0x80);
            len >>= 7;
        }
        bytes.push(len as u8);
        bytes.extend_from_slice(text.as_bytes());
    };
    part(text);
    if !tag.is_empty() {
        part(tag);
    }
    bytes
}

/// abi.Name with a package, whose offset comes next: at a multiple of four, to which the length is stretched.
fn name_bytes_before_package(text: &str) -> Vec<u8> {
    let mut bytes = vec![1 << 2];
    let mut len = text.len();
    while len >= 0x80 || !(bytes.len() + 1 + text.len()).is_multiple_of(4) {
        bytes.push(len as u8 | 0x80);
        len >>= 7;
    }
    bytes.push(len as u8);
    bytes.extend_from_slice(text.as_bytes());
    bytes
}

/// The package of a type's unexported methods that do not say theirs: its own, or for a type without a name the first.
fn home_package<'a>(rtype: &'a RType, mut methods: impl Iterator<Item = &'a str>) -> &'a str {
    if !rtype.pkg_path.is_empty() {
        return &rtype.pkg_path;
    }
    methods.find(|package| !package.is_empty()).unwrap_or("")
}

fn is_exported(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
}

/// FNV-1a.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Size of the part of a value that ends with its last pointer.
fn pointer_bytes(program: &Program, ty: Type) -> u64 {
    let types = &program.types;
    match types.data(ty) {
        TypeData::Ptr => types.target.ptr_bytes,
        TypeData::Struct(fields) => {
            let last = fields.iter().rposition(|&field| types.has_pointers(field));
            last.map_or(0, |i| types.field_offset(ty, i) + pointer_bytes(program, fields[i]))
        }
        TypeData::Array(elem, len) if *len > 0 && types.has_pointers(*elem) => {
            types.size(*elem) * (len - 1) + pointer_bytes(program, *elem)
        }
        _ => 0,
    }
}

/// Whether a key may hold an interface, whose dynamic type may be unhashable.
fn hash_may_panic(program: &Program, id: RTypeId) -> bool {
    let rtype = &program.rtypes[id];
    match rtype.kind {
        Kind::Interface => true,
        Kind::Array => rtype.elem.is_some_and(|elem| hash_may_panic(program, elem)),
        Kind::Struct => rtype.fields.iter().any(|field| hash_may_panic(program, field.ty)),
        _ => false,
    }
}
