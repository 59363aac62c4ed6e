//! Drops what nothing reaches: functions, globals, run-time types, methods that no live call can select.
//!
//! Roots are what is visible outside: exported functions and globals, interrupt handlers. A method of a type that is
//! converted to an interface lives when it is called through some interface that the type implements. Functions that
//! lowering an operation will call live with the operation (see `ir::contract::needed_by`).
//!
//! A case of a type switch whose type is in no interface is dead, and so is what only it reaches; likewise a case of a
//! switch on a reflect.Kind that no value has.
//!
//! Package reflect makes values of types that no instruction converts, and calls methods that none names. What it can
//! do in this program follows from which of its functions live (`Reflection`).

use std::collections::{BTreeMap, BTreeSet};

use ir::contract::{SAVE_CONTEXT, needed_by_inst};
use ir::edit::{remove_unreachable, retain};
use ir::rtype::Kind;
use ir::{Aux, Cond, Const, FuncId, GlobalId, IndexVec, InstData, LocId, Op, Program, RTypeId, Switch};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::parallel;
use crate::pipeline::{Options, Result};

/// Where a new goroutine starts; exported for the stack switch.
const START_GOROUTINE: &str = "runtime.startg";

/// What package reflect can do in a program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reflection {
    /// Parts of values become values in interfaces.
    Values,
    /// So do pointers to them.
    Pointers,
    /// And what functions take and return.
    Signatures,
    /// Functions are called through the tables of their types.
    Calls,
    /// All exported methods of what is in interfaces are called.
    Methods,
    /// So are those methods as functions that take the receiver first.
    MethodExprs,
    /// Types are put together at run time; those that the program describes are found again.
    Types,
}

/// The functions of package reflect that open a possibility. They must not vanish into others, as they are known by
/// name.
const REFLECTION: &[(&str, Reflection)] = &[
    ("reflect.packEface", Reflection::Values),
    ("reflect.valueInterface", Reflection::Values),
    ("internal/reflectlite.packEface", Reflection::Values),
    ("internal/reflectlite.valueInterface", Reflection::Values),
    ("reflect.Value.Addr", Reflection::Pointers),
    ("reflect.New", Reflection::Pointers),
    ("reflect.NewAt", Reflection::Pointers),
    ("reflect.ptrTo", Reflection::Pointers),
    ("reflect.(*rtype).ptrTo", Reflection::Pointers),
    ("reflect.(*rtype).In", Reflection::Signatures),
    ("reflect.(*rtype).Out", Reflection::Signatures),
    ("reflect.ArrayOf", Reflection::Types),
    ("reflect.ChanOf", Reflection::Types),
    ("reflect.FuncOf", Reflection::Types),
    ("reflect.MapOf", Reflection::Types),
    ("reflect.SliceOf", Reflection::Types),
    ("reflect.StructOf", Reflection::Types),
    ("reflect.callsOf", Reflection::Calls),
    ("reflect.callsOf", Reflection::Signatures),
    ("reflect.MakeFunc", Reflection::Signatures),
    ("reflect.Value.Method", Reflection::Methods),
    ("reflect.(*rtype).Method", Reflection::Methods),
    ("reflect.(*rtype).Method", Reflection::MethodExprs),
];

/// Whether package reflect looks at methods of types that no interface asks for.
pub(crate) fn reads_methods(program: &Program) -> bool {
    let by = ["reflect.Value.Method", "reflect.(*rtype).Method", "reflect.FuncOf", "reflect.StructOf"];
    by.iter().any(|name| program.func_named(name).is_some())
}

/// Functions that are called only for method values, which the second function alone makes.
pub(crate) const ONLY_WITH: &[(&str, &str)] = &[
    ("reflect.makeMethodValue", "reflect.Value.Method"),
    ("reflect.methodReceiver", "reflect.Value.Method"),
];

/// They return the kind of a value.
const KINDS: &[&str] = &["reflect.Value.Kind", "reflect.flag.kind"];

/// What has to be in a program for a branch to be taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Needs {
    /// A value of the type in an interface.
    Type(RTypeId),
    /// A value of this reflect.Kind that reflection can see.
    Kind(i64),
}

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    for (name, _) in REFLECTION {
        if let Some(id) = program.func_named(name) {
            program.funcs[id].attrs.noinline = true;
        }
    }
    // Whether operations on interfaces can be told from others: `lower_ifaces` has not run yet.
    let has_interfaces =
        parallel::any_inst(program, |data| matches!(data.op, Op::MakeIface | Op::RTypeAddr | Op::TypeAssert));
    let mut live = Live::new(program, has_interfaces.then(|| Kinds::of(program)));
    live.mark_roots();
    live.propagate();
    let Live { mut funcs, globals, rtypes, methods, held_back, found, kinds, partly, .. } = live;
    let unreached: Vec<FuncId> = partly.iter().filter(|(_, partly)| **partly).map(|(id, _)| id).collect();
    let cases = |&id: &FuncId| match &kinds {
        Some(kinds) => dead_cases(program, kinds, &program.funcs[id], &found),
        None => Vec::new(),
    };
    let cases: Vec<_> = unreached.par_iter().map(cases).collect();
    unreached.into_iter().zip(cases).for_each(|(id, cases)| drop_cases(&mut program.funcs[id], cases));
    // Methods that nothing calls lose their code, so that no method table holds it.
    for (id, rtype) in program.rtypes.iter_mut() {
        for (index, method) in rtype.methods.iter_mut().enumerate() {
            if !methods.contains(&(id, index)) {
                method.code = None;
            }
        }
    }
    for id in held_back.into_values().flatten() {
        if !std::mem::replace(&mut funcs[id], true) {
            never_called(&mut program.funcs[id]);
        }
    }
    keep_inlined(program, &mut funcs);
    retain(program, &funcs, &globals, &rtypes);
    Ok(())
}

/// The functions `KINDS`.
pub(crate) struct Kinds(Vec<FuncId>);

impl Kinds {
    pub(crate) fn of(program: &Program) -> Kinds {
        Kinds(KINDS.iter().filter_map(|name| program.func_named(name)).collect())
    }
}

/// For each target of a block's terminator, what it needs: `v, ok := x.(T); if ok`, `if v.Kind() == reflect.Map`, the
/// cases of `switch v.Kind()`. Empty where none needs anything.
pub(crate) fn needs(
    program: &Program,
    kinds: &Kinds,
    func: &ir::Func,
    block: ir::Block,
) -> Vec<Option<Needs>> {
    let Some(&last) = func.blocks[block].insts.last() else { return Vec::new() };
    let branch = &func.insts[last];
    let source = |value: ir::Value| match func.values[value].def {
        ir::ValueDef::Result(inst, index) => Some((&func.insts[inst], index)),
        _ => None,
    };
    let is_kind = |value: ir::Value| {
        source(value).is_some_and(|(data, _)| match (data.op, &data.aux) {
            (Op::Call, Aux::Func(callee)) => kinds.0.contains(callee),
            _ => false,
        })
    };
    match (branch.op, &branch.aux) {
        (Op::Switch, Aux::Switch(switch)) if is_kind(branch.args[0]) => {
            switch.cases.iter().map(|&case| Some(Needs::Kind(case))).chain([None]).collect()
        }
        (Op::Br, _) => {
            let Some((asked, index)) = source(branch.args[0]) else { return Vec::new() };
            match (asked.op, &asked.aux) {
                (Op::TypeAssert, &Aux::Assert { to, ok: true, .. })
                    if index == 1 && program.rtypes[to].kind != Kind::Interface =>
                {
                    vec![Some(Needs::Type(to)), None]
                }
                (Op::Icmp, &Aux::Cond(cond @ (Cond::Eq | Cond::Ne))) if is_kind(asked.args[0]) => {
                    let constant = source(asked.args[1]).and_then(|(data, _)| match (data.op, &data.aux) {
                        (Op::Iconst, &Aux::Int(number)) => Some(number),
                        _ => None,
                    });
                    let need = constant.map(Needs::Kind);
                    if cond == Cond::Eq { vec![need, None] } else { vec![None, need] }
                }
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// The blocks that branch to what is for something that the program does not have, and which targets those are.
fn dead_cases(
    program: &Program,
    kinds: &Kinds,
    func: &ir::Func,
    found: &BTreeSet<Needs>,
) -> Vec<(ir::Block, Vec<bool>)> {
    let mut cases = Vec::new();
    for &block in &func.order {
        let needs = needs(program, kinds, func, block).into_iter();
        let dead: Vec<bool> = needs.map(|need| need.is_some_and(|need| !found.contains(&need))).collect();
        if dead.contains(&true) {
            cases.push((block, dead));
        }
    }
    cases
}

/// Takes those branches away, and what nothing else leads to.
fn drop_cases(func: &mut ir::Func, cases: Vec<(ir::Block, Vec<bool>)>) {
    for (block, dead) in cases {
        let Some(&last) = func.blocks[block].insts.last() else { continue };
        let data = &mut func.insts[last];
        match &mut data.aux {
            Aux::Targets(targets) => {
                targets.remove(usize::from(!dead[0]));
                data.op = Op::Jump;
                data.args.clear();
            }
            Aux::Switch(switch) => {
                let Switch { cases, targets } = &mut **switch;
                let mut at = dead.iter();
                cases.retain(|_| at.next() != Some(&true));
                let mut at = dead.iter();
                targets.retain(|_| at.next() != Some(&true));
            }
            _ => {}
        }
    }
    remove_unreachable(func);
}

/// Leaves of a function that it is never called.
pub(crate) fn never_called(func: &mut ir::Func) {
    let entry = func.entry();
    func.order.truncate(1);
    func.blocks[entry].insts.clear();
    ir::builder::Builder::new(func, entry).unreachable();
    ir::edit::compact(func);
}

/// Functions that live on only inside others keep their name for debug information, but no body.
fn keep_inlined(program: &mut Program, funcs: &mut IndexVec<FuncId, bool>) {
    if program.locs.values().all(|loc| loc.inlined.is_none()) {
        return;
    }
    let inlined = |loc: LocId| program.locs.get(loc)?.inlined;
    let found = parallel::look_at_each(program, |func| {
        let mut locs: Vec<LocId> = func.placed().map(|data| data.loc).collect();
        locs.dedup();
        locs.retain(|&loc| inlined(loc).is_some());
        (!locs.is_empty()).then_some(locs)
    });
    let mut ghosts = BTreeSet::new();
    let mut seen = IndexVec::filled(false, program.locs.len());
    for mut loc in found.into_iter().filter(|(id, _)| funcs[*id]).flat_map(|(_, locs)| locs) {
        while let Some((call, callee)) = inlined(loc)
            && !std::mem::replace(&mut seen[loc], true)
        {
            if !funcs[callee] {
                ghosts.insert(callee);
            }
            loc = call;
        }
    }
    for ghost in ghosts {
        funcs[ghost] = true;
        let func = &mut program.funcs[ghost];
        func.order.clear();
        ir::edit::compact(func);
    }
}

pub(crate) fn callbacks(program: &Program) -> BTreeMap<&str, FuncId> {
    program
        .funcs
        .iter()
        .filter(|(_, func)| func.attrs.callback)
        .filter_map(|(id, func)| Some((func.attrs.symbol.as_deref()?, id)))
        .collect()
}

/// No operation has a higher number.
const OPS: usize = 1 << (8 * size_of::<Op>());

/// What a function leads to.
#[derive(Default)]
struct Followed<'a> {
    /// The instructions that lead to something.
    insts: Vec<&'a InstData>,
    /// What its branches ask for that has not been found.
    missing: Vec<Needs>,
    /// There are branches that lead nowhere, or blocks that nothing leads to.
    partly: bool,
}

/// Follows a function's blocks, but not into cases for types that are in no interface: when one is, the function's turn
/// comes again. Where nothing asks, all cases are followed.
fn follow<'a>(
    program: &'a Program,
    kinds: Option<&Kinds>,
    func: &'a ir::Func,
    found: &BTreeSet<Needs>,
) -> Followed<'a> {
    let mut followed = Followed::default();
    if !func.has_body() {
        return followed;
    }
    let mut seen: IndexVec<ir::Block, bool> = IndexVec::filled(false, func.blocks.len());
    // What lowering an operation calls is the same for most, so that the first of a kind tells it.
    let mut ops = [false; OPS];
    // Recovered panics go on where deferred functions run.
    let runs_defers = |block: &ir::Block| {
        func.blocks[*block].insts.iter().any(|&inst| func.insts[inst].op == Op::RunDefers)
    };
    let mut work: Vec<ir::Block> = func.order.iter().copied().filter(runs_defers).collect();
    work.push(func.entry());
    while let Some(block) = work.pop() {
        if std::mem::replace(&mut seen[block], true) {
            continue;
        }
        for data in func.blocks[block].insts.iter().map(|&inst| &func.insts[inst]) {
            let leads = match data.aux {
                Aux::Func(_) | Aux::Global(_) | Aux::RType(_) | Aux::Method { .. } => true,
                Aux::Convert { .. } | Aux::Assert { .. } => true,
                _ => !std::mem::replace(&mut ops[data.op as usize], true),
            };
            if leads {
                followed.insts.push(data);
            }
        }
        let needs = kinds.map_or_else(Vec::new, |kinds| needs(program, kinds, func, block));
        for (at, target) in ir::cfg::successors(func, block).enumerate() {
            match needs.get(at).copied().flatten().filter(|need| !found.contains(need)) {
                Some(need) => followed.missing.push(need),
                None => work.push(target),
            }
        }
    }
    followed.partly = !followed.missing.is_empty() || !func.order.iter().all(|&block| seen[block]);
    followed
}

struct Live<'a> {
    program: &'a Program,
    /// `None`: nothing asks for types and kinds that is to be found out about, as after lowering.
    kinds: Option<Kinds>,
    funcs: IndexVec<FuncId, bool>,
    /// Live functions of which a part is dead.
    partly: IndexVec<FuncId, bool>,
    globals: IndexVec<GlobalId, bool>,
    rtypes: IndexVec<RTypeId, bool>,
    /// Types whose values are in interfaces.
    converted: BTreeSet<RTypeId>,
    /// Methods of interfaces that are called.
    called: FxHashSet<(RTypeId, u32)>,
    /// The same, by name, and the converted types that have a method of this name.
    called_by_name: FxHashMap<&'a str, (Vec<(RTypeId, u32)>, Vec<RTypeId>)>,
    /// Methods that a live call selects: of which type, and at which place.
    methods: BTreeSet<(RTypeId, usize)>,
    /// Types of which reflection can see values.
    visible: BTreeSet<RTypeId>,
    /// What branches may ask for and the program has.
    found: BTreeSet<Needs>,
    /// Functions with a branch for what has not been found so far.
    cases: BTreeMap<Needs, BTreeSet<FuncId>>,
    /// Whether a type has the methods of an interface.
    implements: BTreeMap<(RTypeId, RTypeId), bool>,
    reflection: BTreeSet<Reflection>,
    /// Lists of functions that lowering calls, by their place.
    needed: FxHashSet<*const &'static str>,
    /// `ONLY_WITH`, and a function that is called where a panic is recovered.
    only_with: Vec<(FuncId, &'static str)>,
    gorecover: Option<FuncId>,
    /// Functions that are called where another one lives.
    held_back: BTreeMap<&'static str, BTreeSet<FuncId>>,
    /// Functions that assembly calls back, by symbol.
    callbacks: BTreeMap<&'a str, FuncId>,
    func_work: Vec<FuncId>,
    global_work: Vec<GlobalId>,
    rtype_work: Vec<RTypeId>,
}

impl<'a> Live<'a> {
    fn new(program: &'a Program, kinds: Option<Kinds>) -> Live<'a> {
        let only_with = |(held, with)| Some((program.func_named(held)?, with));
        Live {
            program,
            kinds,
            funcs: IndexVec::filled(false, program.funcs.len()),
            partly: IndexVec::filled(false, program.funcs.len()),
            only_with: ONLY_WITH.iter().copied().filter_map(only_with).collect(),
            gorecover: program.func_named("runtime.gorecover"),
            globals: IndexVec::filled(false, program.globals.len()),
            rtypes: IndexVec::filled(false, program.rtypes.len()),
            converted: BTreeSet::new(),
            called: FxHashSet::default(),
            called_by_name: FxHashMap::default(),
            methods: BTreeSet::new(),
            visible: BTreeSet::new(),
            found: BTreeSet::from([Needs::Kind(0)]),
            cases: BTreeMap::new(),
            implements: BTreeMap::new(),
            reflection: BTreeSet::new(),
            needed: FxHashSet::default(),
            held_back: BTreeMap::new(),
            callbacks: callbacks(program),
            func_work: Vec::new(),
            global_work: Vec::new(),
            rtype_work: Vec::new(),
        }
    }

    fn mark_roots(&mut self) {
        let program = self.program;
        for (id, func) in program.funcs.iter() {
            let root = func.attrs.exported || func.attrs.wasm_export || func.attrs.interrupt;
            if root && !func.attrs.callback {
                self.func(id);
            }
        }
        for &handler in program.interrupts.values() {
            if !program.funcs[handler].attrs.callback {
                self.func(handler);
            }
        }
        for (id, global) in program.globals.iter() {
            if global.exported {
                self.global(id);
            }
        }
    }

    fn propagate(&mut self) {
        let program = self.program;
        loop {
            if !self.func_work.is_empty() {
                self.bodies();
            } else if let Some(id) = self.global_work.pop() {
                self.constant(&program.globals[id].init);
            } else if let Some(id) = self.rtype_work.pop() {
                self.parts_of(id);
            } else {
                return;
            }
        }
    }

    /// Follows the functions whose turn it is, on all threads.
    fn bodies(&mut self) {
        let work = std::mem::take(&mut self.func_work);
        let (program, kinds, found) = (self.program, self.kinds.as_ref(), &self.found);
        let follow = |&id: &FuncId| follow(program, kinds, &program.funcs[id], found);
        let followed: Vec<Followed> = work.par_iter().with_min_len(16).with_max_len(64).map(follow).collect();
        for (&id, Followed { insts, missing, partly }) in work.iter().zip(followed) {
            self.partly[id] = partly;
            insts.into_iter().for_each(|data| self.inst(data));
            for need in missing {
                if self.found.contains(&need) {
                    self.func_work.push(id);
                } else {
                    self.cases.entry(need).or_default().insert(id);
                }
            }
        }
    }

    fn find(&mut self, what: Needs) {
        if self.found.insert(what) {
            self.func_work.extend(self.cases.remove(&what).into_iter().flatten());
        }
    }

    fn find_all_kinds(&mut self) {
        (0..=Kind::UnsafePointer as i64).for_each(|kind| self.find(Needs::Kind(kind)));
    }

    /// Reflection can see values of the type.
    fn see(&mut self, id: RTypeId) {
        if !self.visible.insert(id) {
            return;
        }
        let kind = self.program.rtypes[id].kind;
        self.find(Needs::Kind(kind as i64));
        if kind == Kind::Array {
            self.find(Needs::Kind(Kind::Slice as i64));
        }
        for part in self.parts_of_values(id) {
            self.see(part);
        }
    }

    /// The types of what a value of the type consists of or leads to.
    fn parts_of_values(&self, id: RTypeId) -> Vec<RTypeId> {
        let rtype = &self.program.rtypes[id];
        let mut parts: Vec<RTypeId> = rtype.elem.iter().chain(&rtype.key).copied().collect();
        parts.extend(rtype.fields.iter().map(|field| field.ty));
        if self.reflection.contains(&Reflection::Signatures) {
            parts.extend(rtype.params.iter().chain(&rtype.results));
            if self.reflection.contains(&Reflection::Methods) {
                parts.extend(rtype.methods.iter().map(|method| method.ty));
            }
        }
        parts
    }

    fn func(&mut self, id: FuncId) {
        if std::mem::replace(&mut self.funcs[id], true) {
            return;
        }
        self.func_work.push(id);
        for symbol in &self.program.funcs[id].attrs.calls {
            if let Some(&callback) = self.callbacks.get(symbol.as_str()) {
                self.func(callback);
            }
        }
        let name = &self.program.funcs[id].name;
        if name == "runtime.newproc" {
            self.named(START_GOROUTINE);
        }
        let name = self.program.funcs[id].name.as_str();
        for &(_, possible) in REFLECTION.iter().filter(|(opens, _)| *opens == name) {
            self.can_reflect(possible);
        }
        for id in self.held_back.remove(name).into_iter().flatten() {
            self.func(id);
        }
    }

    /// A direct call, or a use of a function's address.
    fn callee(&mut self, id: FuncId) {
        if let Some(&(_, only_with)) = self.only_with.iter().find(|(held, _)| *held == id)
            && self.program.func_named(only_with).is_none_or(|opens| !self.funcs[opens])
        {
            self.held_back.entry(only_with).or_default().insert(id);
            return;
        }
        self.func(id);
    }

    fn can_reflect(&mut self, possible: Reflection) {
        if !self.reflection.insert(possible) {
            return;
        }
        match possible {
            Reflection::Pointers => self.find(Needs::Kind(Kind::Pointer as i64)),
            Reflection::Methods => self.find(Needs::Kind(Kind::Func as i64)),
            Reflection::Types => self.find_all_kinds(),
            Reflection::Signatures => self.visible.clear(),
            Reflection::Values | Reflection::Calls | Reflection::MethodExprs => {}
        }
        for id in self.converted.clone() {
            self.reflected(id);
        }
        if possible == Reflection::Types {
            let live: Vec<RTypeId> =
                self.rtypes.iter().filter(|(_, live)| **live).map(|(id, _)| id).collect();
            live.into_iter().for_each(|id| self.convert(id));
        }
        if possible == Reflection::Calls {
            let live = self.rtypes.iter().filter(|(_, live)| **live).map(|(id, _)| id);
            let tables: Vec<GlobalId> = live.filter_map(|id| self.program.rtypes[id].calls).collect();
            tables.into_iter().for_each(|table| self.global(table));
        }
    }

    /// What reflection makes of a value in an interface.
    fn reflected(&mut self, id: RTypeId) {
        self.see(id);
        let can = |possible| self.reflection.contains(&possible);
        let (values, pointers) = (can(Reflection::Values), can(Reflection::Pointers));
        if can(Reflection::Methods) {
            self.exported_methods(id);
        }
        if !values {
            return;
        }
        let mut parts = self.parts_of_values(id);
        if pointers {
            // A pointer without methods can be described at run time.
            let with_methods = |p: &RTypeId| !self.program.rtypes[*p].methods.is_empty();
            parts.extend(self.program.rtypes[id].ptr_to.filter(with_methods));
        }
        for part in parts {
            self.convert(part);
        }
    }

    fn named(&mut self, name: &str) {
        if let Some(id) = self.program.func_named(name) {
            self.func(id);
        }
    }

    /// What the pass `unwind` needs where a recover is live.
    fn unwinding(&mut self) {
        self.named(SAVE_CONTEXT);
        self.named_global(ir::contract::UNWINDING);
    }

    fn named_global(&mut self, name: &str) {
        if let Some(id) = self.program.global_named(name) {
            self.global(id);
        }
    }

    fn global(&mut self, id: GlobalId) {
        if !std::mem::replace(&mut self.globals[id], true) {
            self.global_work.push(id);
        }
    }

    fn rtype(&mut self, id: RTypeId) {
        if !std::mem::replace(&mut self.rtypes[id], true) {
            self.rtype_work.push(id);
            // Descriptors may hold equality and hash functions of plain memory.
            self.named("runtime.memequal");
            self.named("runtime.memhash");
            if self.reflection.contains(&Reflection::Types) {
                self.convert(id);
            }
            let calls = self.reflection.contains(&Reflection::Calls);
            if let Some(table) = self.program.rtypes[id].calls.filter(|_| calls) {
                self.global(table);
            }
        }
    }

    /// Values of the type are in interfaces: calls can select its methods.
    fn convert(&mut self, id: RTypeId) {
        let program = self.program;
        self.rtype(id);
        if !self.converted.insert(id) {
            return;
        }
        self.find(Needs::Type(id));
        for method in &program.rtypes[id].methods {
            let (calls, types) = self.called_by_name.entry(&method.name).or_default();
            types.push(id);
            for (iface, index) in calls.clone() {
                self.select(id, iface, index);
            }
        }
        self.reflected(id);
    }

    /// All exported methods of a type are called.
    fn exported_methods(&mut self, id: RTypeId) {
        let exprs = self.reflection.contains(&Reflection::MethodExprs);
        for (index, method) in self.program.rtypes[id].methods.iter().enumerate() {
            if let Some(code) = method.code.filter(|_| method.pkg_path.is_empty()) {
                self.methods.insert((id, index));
                self.func(code);
                if let Some(expr) = method.expr.filter(|_| exprs) {
                    self.func(expr);
                }
            }
        }
    }

    fn call_method(&mut self, iface: RTypeId, index: u32) {
        if !self.called.insert((iface, index)) {
            return;
        }
        let program = self.program;
        let Some(method) = program.rtypes[iface].imethods.get(index as usize) else { return };
        let (calls, types) = self.called_by_name.entry(&method.name).or_default();
        calls.push((iface, index));
        for id in types.clone() {
            self.select(id, iface, index);
        }
    }

    /// The method of a type that a call through an interface selects lives, if the type implements the interface.
    fn select(&mut self, id: RTypeId, iface: RTypeId, index: u32) {
        let program = self.program;
        let (rtype, wanted) = (&program.rtypes[id], &program.rtypes[iface].imethods);
        let find = |wanted: &ir::rtype::IMethod| rtype.find_method(wanted);
        let Some(found) = wanted.get(index as usize).and_then(find) else { return };
        let implements =
            *self.implements.entry((id, iface)).or_insert_with(|| rtype.implements(&program.rtypes[iface]));
        if let Some(code) = rtype.methods[found].code.filter(|_| implements) {
            self.methods.insert((id, found));
            self.func(code);
        }
    }

    fn parts_of(&mut self, id: RTypeId) {
        let rtype = &self.program.rtypes[id];
        rtype.parts().for_each(|part| self.rtype(part));
        for func in rtype.equal.iter().chain(&rtype.hash) {
            self.func(*func);
        }
    }

    fn constant(&mut self, value: &Const) {
        match value {
            Const::Addr(global, _) | Const::AddrInt(global, _) => self.global(*global),
            Const::Code(func) | Const::CodeInt(func) => self.func(*func),
            Const::RType(rtype) => self.convert(*rtype),
            Const::Aggregate(parts) => parts.iter().for_each(|part| self.constant(part)),
            _ => {}
        }
    }

    fn inst(&mut self, data: &InstData) {
        let needed = needed_by_inst(self.program, data);
        if !needed.is_empty() && self.needed.insert(needed.as_ptr()) {
            needed.iter().for_each(|name| self.named(name));
        }
        match data.op {
            Op::Defer | Op::DeferFrame => {
                // Lowering takes their layout from here.
                for name in ["runtime.deferFrame", "runtime.deferRecord"] {
                    let found = self.program.rtypes.iter().find(|(_, rtype)| rtype.string == name);
                    if let Some((id, _)) = found {
                        self.rtype(id);
                    }
                }
            }
            Op::Recover => {
                self.named_global("runtime.recoverToken");
                self.unwinding();
            }
            Op::Call => {
                // After lowering, unwinding still has to come.
                if matches!(data.aux, Aux::Func(id) if Some(id) == self.gorecover) {
                    self.unwinding();
                }
            }
            _ => {}
        }
        match &data.aux {
            Aux::Func(id) => self.callee(*id),
            Aux::Global(id) => self.global(*id),
            Aux::RType(id) => {
                if data.op == Op::RTypeAddr {
                    self.convert(*id);
                } else {
                    self.rtype(*id);
                }
            }
            Aux::Convert { from, to } => {
                if data.op == Op::MakeIface {
                    self.convert(*from);
                } else {
                    self.rtype(*from);
                }
                self.rtype(*to);
            }
            Aux::Assert { from, to, .. } => {
                self.rtype(*from);
                self.rtype(*to);
            }
            Aux::Method { iface, index } => {
                self.rtype(*iface);
                self.call_method(*iface, *index);
            }
            _ => {}
        }
    }
}
