//! The interpreter: functions over the evaluator's memory, within limits of steps, depth and memory.

use std::collections::{BTreeMap, BTreeSet};

use ir::{
    Aux, FloatCond, Func, FuncId, GlobalId, InstData, Intrinsic, Op, Program, Switch, Type, TypeData, Value,
};

use super::memory::{Kind, Object, ObjectId, Outcome, Pointer, Reloc, Stop, Val};
use crate::simplify::{eval_binary, eval_compare, extend};

const MAX_STEPS: u64 = 3_000_000;
const MAX_DEPTH: u32 = 200;
/// Objects larger than this are cheaper to make at run time.
const MAX_OBJECT: u64 = 64 << 10;
/// Those that are gone when the initialiser returns, or that nobody else reads, may be larger.
const MAX_PASSING: u64 = 1 << 20;

/// Runs bubbles, where there are such.
const BUBBLES: &str = "runtime.bubbleRun";

pub(super) struct Machine {
    pub objects: Vec<Object>,
    by_global: BTreeMap<GlobalId, ObjectId>,
    steps: u64,
    random: u32,
    /// Bytes that initialisers may add to the image.
    budget: u64,
    /// "var wg = new(sync.WaitGroup)" belongs to the bubble (package testing/synctest) that uses it, "var wg
    /// sync.WaitGroup" to none: what is allocated must not become a variable.
    keeps_allocations: bool,
}

pub(super) struct Snapshot {
    objects: Vec<Object>,
    by_global: BTreeMap<GlobalId, ObjectId>,
}

impl Machine {
    pub fn new(program: &Program) -> Machine {
        // Initialised data costs flash besides RAM; where both are tiny, tables are better made at start-up.
        let budget = if program.types.target.ptr_bytes == 2 { 512 } else { 64 << 10 };
        Machine {
            objects: Vec::new(),
            by_global: BTreeMap::new(),
            steps: 0,
            random: 0x9e37_79b9,
            budget,
            keeps_allocations: program.func_named(BUBBLES).is_some(),
        }
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot { objects: self.objects.clone(), by_global: self.by_global.clone() }
    }

    pub fn restore(&mut self, snapshot: Snapshot) {
        (self.objects, self.by_global) = (snapshot.objects, snapshot.by_global);
    }

    /// Whether what was written so far fits into the image, less what only globals lead to that nobody reads.
    pub fn small_enough(&self, unread: &BTreeSet<GlobalId>) -> bool {
        let roots = self.objects.iter().enumerate().filter(|(_, object)| match object.kind {
            Kind::Global(global) => object.written && !unread.contains(&global),
            _ => false,
        });
        let stays = self.reachable(roots.map(|(index, _)| ObjectId(index as u32)).collect());
        let zero = |object: &Object| object.relocs.is_empty() && object.bytes.iter().all(|&b| b == 0);
        let mut total = 0;
        for object in stays.iter().map(|id| &self.objects[id.0 as usize]) {
            let size = object.bytes.len() as u64;
            if object.kind != Kind::Stack && object.written && !zero(object) {
                total += size;
            }
            if size > MAX_OBJECT && !matches!(object.kind, Kind::Global(_)) {
                return false;
            }
        }
        total <= self.budget
    }

    /// What the global holds is not known any more, nor what can be reached from it by now.
    pub fn forget(&mut self, program: &Program, global: GlobalId) {
        let Some(&id) = self.by_global.get(&global) else {
            if program.globals[global].constant {
                return;
            }
            let mut object = Object::zeroed(0, Kind::Global(global));
            object.unknown = true;
            self.by_global.insert(global, self.next_id());
            self.objects.push(object);
            return;
        };
        for id in self.reachable(vec![id]) {
            let object = &mut self.objects[id.0 as usize];
            object.unknown |= !object.constant;
        }
    }

    /// The objects that can be reached from some, these first.
    fn reachable(&self, roots: Vec<ObjectId>) -> Vec<ObjectId> {
        let mut seen: BTreeSet<ObjectId> = roots.iter().copied().collect();
        let mut found = roots;
        let mut next = 0;
        while next < found.len() {
            for reloc in self.objects[found[next].0 as usize].relocs.values() {
                if let Reloc::Ptr(target, _) = *reloc
                    && seen.insert(target)
                {
                    found.push(target);
                }
            }
            next += 1;
        }
        found
    }

    /// The globals and functions whose addresses are in what can be reached from a global, as far as that differs from
    /// its initial value.
    pub fn held(&self, global: GlobalId) -> (Vec<GlobalId>, Vec<FuncId>) {
        let (mut globals, mut funcs) = (Vec::new(), Vec::new());
        for id in self.by_global.get(&global).map(|&id| self.reachable(vec![id])).unwrap_or_default() {
            let object = &self.objects[id.0 as usize];
            if let Kind::Global(global) = object.kind {
                globals.push(global);
            }
            for reloc in object.relocs.values() {
                if let Reloc::Code(func) = *reloc {
                    funcs.push(func);
                }
            }
        }
        (globals, funcs)
    }

    fn next_id(&self) -> ObjectId {
        ObjectId(self.objects.len() as u32)
    }

    fn add(&mut self, object: Object) -> ObjectId {
        let id = self.next_id();
        self.objects.push(object);
        id
    }

    pub fn run(&mut self, program: &Program, func: FuncId) -> Outcome<()> {
        self.steps = 0;
        self.call(program, func, Vec::new(), 0).map(drop)
    }

    /// The object of a global, made when it is first used.
    fn global(&mut self, program: &Program, id: GlobalId) -> ObjectId {
        if let Some(&object) = self.by_global.get(&id) {
            return object;
        }
        let global = &program.globals[id];
        let size = program.types.size(global.ty);
        let object_id = self.next_id();
        self.by_global.insert(id, object_id);
        let start_up = global.name.starts_with("runtime.") && !global.constant;
        let mut object = Object::zeroed(if size <= MAX_OBJECT { size } else { 0 }, Kind::Global(id));
        object.unknown = global.external || global.section.is_some() || start_up || size > MAX_OBJECT;
        object.constant = global.constant;
        self.objects.push(object);
        if !self.objects[object_id.0 as usize].unknown {
            let mut object = self.objects[object_id.0 as usize].clone();
            let filled = object.fill(program, 0, global.ty, &global.init, &mut |g| self.global(program, g));
            object.unknown = filled.is_err();
            object.written = false;
            self.objects[object_id.0 as usize] = object;
        }
        object_id
    }

    pub fn call(&mut self, program: &Program, id: FuncId, args: Vec<Val>, depth: u32) -> Outcome<Vec<Val>> {
        let func = &program.funcs[id];
        match func.name.as_str() {
            "runtime.alloc" => {
                let Some(&Val::Int(size)) = args.first() else { return Err(Stop) };
                return Ok(vec![self.allocate(extend_word(program, size), Kind::Heap(None))?]);
            }
            // Different for every map is all that is asked.
            "runtime.fastrand" => {
                self.random = self.random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                return Ok(vec![Val::Int(i64::from(self.random as i32))]);
            }
            _ => {}
        }
        if !func.has_body() || func.attrs.naked || func.attrs.interrupt || depth > MAX_DEPTH {
            return Err(Stop);
        }
        let mut frame: Vec<Option<Val>> = vec![None; func.values.len()];
        let mut block = func.entry();
        for (&param, arg) in func.blocks[block].params.iter().zip(args) {
            frame[param.0 as usize] = Some(arg);
        }
        'blocks: loop {
            for &inst in &func.blocks[block].insts {
                self.steps += 1;
                if self.steps > MAX_STEPS {
                    return Err(Stop);
                }
                let data = &func.insts[inst];
                let target = match data.op {
                    Op::Ret => return data.args.iter().map(|&v| get(&frame, v)).collect(),
                    Op::Jump => &data.targets()[0],
                    Op::Br => &data.targets()[usize::from(number(&frame, data.args[0])? == 0)],
                    Op::Switch => {
                        let Aux::Switch(switch) = &data.aux else { return Err(Stop) };
                        let Switch { cases, targets } = &**switch;
                        let value = number(&frame, data.args[0])?;
                        let ty = func.ty(data.args[0]);
                        let case = cases.iter().position(|&case| extend(case, ty) == value);
                        &targets[case.unwrap_or(cases.len())]
                    }
                    _ => {
                        let results = self.inst(program, func, &frame, data, depth)?;
                        for (&result, value) in data.results.iter().zip(results) {
                            frame[result.0 as usize] = Some(value);
                        }
                        continue;
                    }
                };
                let args: Vec<Val> = target.args.iter().map(|&v| get(&frame, v)).collect::<Outcome<_>>()?;
                for (&param, arg) in func.blocks[target.block].params.iter().zip(args) {
                    frame[param.0 as usize] = Some(arg);
                }
                block = target.block;
                continue 'blocks;
            }
            return Err(Stop);
        }
    }

    fn allocate(&mut self, size: i64, kind: Kind) -> Outcome<Val> {
        let size = u64::try_from(size).map_err(|_| Stop)?;
        if size > MAX_PASSING {
            return Err(Stop);
        }
        let base = Some(self.add(Object::zeroed(size, kind)));
        Ok(Val::Ptr(Pointer { base, offset: 0 }))
    }

    fn place(&mut self, pointer: Pointer, size: u64) -> Outcome<(usize, u64)> {
        let base = pointer.base.ok_or(Stop)?;
        let object = &self.objects[base.0 as usize];
        if object.unknown {
            return Err(Stop);
        }
        Ok((base.0 as usize, object.in_range(pointer.offset, size)?))
    }

    fn load(&mut self, program: &Program, pointer: Pointer, ty: Type) -> Outcome<Val> {
        let (object, offset) = self.place(pointer, program.types.size(ty))?;
        self.objects[object].load(program, offset, ty)
    }

    fn store(&mut self, program: &Program, pointer: Pointer, ty: Type, value: &Val) -> Outcome<()> {
        let (object, offset) = self.place(pointer, program.types.size(ty))?;
        if self.objects[object].constant {
            return Err(Stop);
        }
        self.objects[object].store(program, offset, ty, value)
    }

    fn copy(&mut self, to: Pointer, from: Pointer, size: i64) -> Outcome<()> {
        let size = u64::try_from(size).map_err(|_| Stop)?;
        if size == 0 {
            return Ok(());
        }
        let (source, start) = self.place(from, size)?;
        let (bytes, relocs) = self.objects[source].slice(start, size)?;
        let (target, start) = self.place(to, size)?;
        if self.objects[target].constant {
            return Err(Stop);
        }
        self.objects[target].paste(start, &bytes, &relocs)
    }

    fn inst(
        &mut self,
        program: &Program,
        func: &Func,
        frame: &[Option<Val>],
        data: &InstData,
        depth: u32,
    ) -> Outcome<Vec<Val>> {
        let types = &program.types;
        let ty = data.ty;
        // Operations with fewer arguments than an arm looks at (inline assembly, for one) are not evaluated.
        let nth = |index: usize| data.args.get(index).copied().ok_or(Stop);
        let arg = |index: usize| get(frame, nth(index)?);
        let int = |index: usize| number(frame, nth(index)?);
        let ptr = |index: usize| pointer(frame, nth(index)?);
        let value = match (data.op, &data.aux) {
            (Op::Iconst, &Aux::Int(number)) => Val::Int(extend(number, ty)),
            (Op::Fconst, &Aux::Float(bits)) => Val::Float(bits),
            (Op::Zero, _) => zero(program, ty)?,
            (Op::GlobalAddr, &Aux::Global(id)) => {
                Val::Ptr(Pointer { base: Some(self.global(program, id)), offset: 0 })
            }
            (Op::FuncAddr, &Aux::Func(id)) => Val::Code(Some(id)),
            (Op::Icmp, &Aux::Cond(cond)) => {
                let holds = match (arg(0)?, arg(1)?) {
                    (Val::Int(a), Val::Int(b)) => eval_compare(cond, func.ty(data.args[0]), a, b),
                    (Val::Ptr(a), Val::Ptr(b)) if a.base == b.base => {
                        eval_compare(cond, Type::I64, a.offset, b.offset)
                    }
                    // Different objects, or an object and an absolute address such as nil.
                    (Val::Ptr(_), Val::Ptr(_)) if cond == ir::Cond::Eq => false,
                    (Val::Ptr(_), Val::Ptr(_)) if cond == ir::Cond::Ne => true,
                    (Val::Code(a), Val::Code(b)) if cond == ir::Cond::Eq => a == b,
                    (Val::Code(a), Val::Code(b)) if cond == ir::Cond::Ne => a != b,
                    _ => return Err(Stop),
                };
                Val::Int(holds.into())
            }
            (Op::Fadd | Op::Fsub | Op::Fmul | Op::Fdiv, _) => {
                let (a, b) = (float(frame, data.args[0])?, float(frame, data.args[1])?);
                round(ty, float_binary(data.op, a, b))
            }
            (Op::Fneg, _) => round(ty, -float(frame, data.args[0])?),
            (Op::Fcmp, &Aux::FloatCond(cond)) => {
                let (a, b) = (float(frame, data.args[0])?, float(frame, data.args[1])?);
                let holds = match cond {
                    FloatCond::Eq => a == b,
                    FloatCond::Ne => a != b,
                    FloatCond::Lt => a < b,
                    FloatCond::Le => a <= b,
                    FloatCond::Gt => a > b,
                    FloatCond::Ge => a >= b,
                };
                Val::Int(holds.into())
            }
            (Op::Select, _) => arg(if int(0)? != 0 { 1 } else { 2 })?,
            (Op::Trunc, _) => Val::Int(extend(int(0)?, ty)),
            (Op::Sext, _) => {
                let number = int(0)?;
                Val::Int(if func.ty(data.args[0]) == Type::I1 { extend(-number, ty) } else { number })
            }
            (Op::Zext, _) => {
                let bits = func.ty(data.args[0]).bits();
                Val::Int(extend((int(0)? as u64 & (u64::MAX >> (64 - bits))) as i64, ty))
            }
            (Op::Sitofp, _) => round_int(ty, i128::from(int(0)?)),
            (Op::Uitofp, _) => {
                let bits = func.ty(data.args[0]).bits();
                round_int(ty, i128::from(int(0)? as u64 & (u64::MAX >> (64 - bits))))
            }
            (Op::Fptosi, _) => {
                let x = float(frame, data.args[0])?.trunc();
                let limit = 2_f64.powi(ty.bits() as i32 - 1);
                if !(-limit..limit).contains(&x) {
                    return Err(Stop);
                }
                Val::Int(x as i64)
            }
            (Op::Fptoui, _) => {
                let x = float(frame, data.args[0])?.trunc();
                if !(0.0..2_f64.powi(ty.bits() as i32)).contains(&x) {
                    return Err(Stop);
                }
                Val::Int(extend(x as u64 as i64, ty))
            }
            (Op::Fpext, _) => arg(0)?,
            (Op::Fptrunc, _) => round(ty, float(frame, data.args[0])?),
            (Op::Ptrtoint, _) => match arg(0)? {
                Val::Ptr(Pointer { base: None, offset }) => Val::Int(extend(offset, ty)),
                _ => return Err(Stop),
            },
            (Op::Inttoptr, _) => {
                let bits = func.ty(data.args[0]).bits();
                let address = (int(0)? as u64 & (u64::MAX >> (64 - bits))) as i64;
                Val::Ptr(Pointer { base: None, offset: address })
            }
            (Op::Bitcast, _) => bitcast(func.ty(data.args[0]), ty, arg(0)?)?,
            // Objects without size share an address with those made at run time.
            (Op::Alloc, &Aux::Type(of)) if types.size(of) == 0 => {
                let zero_base = program.global_named("runtime.zerobase").ok_or(Stop)?;
                Val::Ptr(Pointer { base: Some(self.global(program, zero_base)), offset: 0 })
            }
            (Op::Alloc, _) if self.keeps_allocations => return Err(Stop),
            (Op::Alloc, &Aux::Type(of)) => self.allocate(types.size(of) as i64, Kind::Heap(Some(of)))?,
            (Op::StackAlloc | Op::StackSlot, &Aux::Type(of)) => {
                self.allocate(types.size(of) as i64, Kind::Stack)?
            }
            (Op::MakeSlice, &Aux::Type(elem)) => {
                let (len, cap) = (int(0)?, int(1)?);
                if len < 0 || cap < len {
                    return Err(Stop);
                }
                let size = cap.checked_mul(types.size(elem) as i64).ok_or(Stop)?;
                Val::Parts(vec![self.allocate(size, Kind::Heap(None))?, Val::Int(len), Val::Int(cap)])
            }
            (Op::Load, _) => self.load(program, ptr(0)?, ty)?,
            (Op::Store, _) => {
                self.store(program, ptr(0)?, func.ty(data.args[1]), &arg(1)?)?;
                return Ok(vec![]);
            }
            (Op::PtrAdd, _) => shift(ptr(0)?, int(1)?),
            (Op::FieldAddr, &Aux::Field(of, index)) => {
                shift(ptr(0)?, types.field_offset(of, index as usize) as i64)
            }
            (Op::ElemAddr, &Aux::Type(elem)) => {
                shift(ptr(0)?, int(1)?.checked_mul(types.size(elem) as i64).ok_or(Stop)?)
            }
            (Op::Extract, &Aux::Int(index)) => match arg(0)? {
                Val::Parts(parts) => parts.into_iter().nth(index as usize).ok_or(Stop)?,
                _ => return Err(Stop),
            },
            (Op::Insert, &Aux::Int(index)) => match arg(0)? {
                Val::Parts(mut parts) => {
                    *parts.get_mut(index as usize).ok_or(Stop)? = arg(1)?;
                    Val::Parts(parts)
                }
                _ => return Err(Stop),
            },
            (Op::Aggregate, _) => {
                Val::Parts(data.args.iter().map(|&v| get(frame, v)).collect::<Outcome<_>>()?)
            }
            (Op::Call, &Aux::Func(callee)) => {
                let args = data.args.iter().map(|&v| get(frame, v)).collect::<Outcome<_>>()?;
                return self.call(program, callee, args, depth + 1);
            }
            (Op::CallIndirect, Aux::Signature(sig)) => {
                let Val::Code(Some(callee)) = arg(0)? else { return Err(Stop) };
                if program.funcs[callee].sig != **sig {
                    return Err(Stop);
                }
                let args = data.args[1..].iter().map(|&v| get(frame, v)).collect::<Outcome<_>>()?;
                return self.call(program, callee, args, depth + 1);
            }
            (Op::Intrinsic, &Aux::Intrinsic(which)) => {
                return self.intrinsic(program, func, frame, data, which);
            }
            (op, _) => {
                // Anything that is not arithmetic belongs to the machine that the program runs on.
                if data.args.len() != 2 || !ty.is_int() {
                    return Err(Stop);
                }
                let result = eval_binary(op, ty, int(0)?, int(1)?).ok_or(Stop)?;
                Val::Int(result)
            }
        };
        Ok(vec![value])
    }

    fn intrinsic(
        &mut self,
        program: &Program,
        func: &Func,
        frame: &[Option<Val>],
        data: &InstData,
        which: Intrinsic,
    ) -> Outcome<Vec<Val>> {
        let ty = data.ty;
        let nth = |index: usize| data.args.get(index).copied().ok_or(Stop);
        let int = |index: usize| number(frame, nth(index)?);
        let ptr = |index: usize| pointer(frame, nth(index)?);
        let size = |index: usize| int(index).map(|n| extend_word(program, n));
        let bits = |n: i64| n as u64 & (u64::MAX >> (64 - ty.bits()));
        let spare = || 64 - ty.bits();
        let value = match which {
            Intrinsic::Memcpy | Intrinsic::Memmove => {
                self.copy(ptr(0)?, ptr(1)?, size(2)?)?;
                return Ok(vec![]);
            }
            Intrinsic::Memzero => {
                let length = u64::try_from(size(1)?).map_err(|_| Stop)?;
                if length > 0 {
                    let (object, start) = self.place(ptr(0)?, length)?;
                    if self.objects[object].constant {
                        return Err(Stop);
                    }
                    self.objects[object].paste(start, &vec![0; length as usize], &[])?;
                }
                return Ok(vec![]);
            }
            Intrinsic::Ctz => Val::Int(i64::from(bits(int(0)?).trailing_zeros().min(ty.bits()))),
            Intrinsic::Clz => Val::Int(i64::from(bits(int(0)?).leading_zeros() - spare())),
            Intrinsic::Popcount => Val::Int(i64::from(bits(int(0)?).count_ones())),
            Intrinsic::ByteSwap => Val::Int(extend((int(0)?.swap_bytes() as u64 >> spare()) as i64, ty)),
            Intrinsic::BitReverse => Val::Int(extend((int(0)?.reverse_bits() as u64 >> spare()) as i64, ty)),
            Intrinsic::RotateLeft => {
                let (x, count) = (bits(int(0)?), int(1)? as u64 % u64::from(ty.bits()));
                let high = if count == 0 { 0 } else { x >> (u64::from(ty.bits()) - count) };
                Val::Int(extend((x << count | high) as i64, ty))
            }
            Intrinsic::Sqrt => round(ty, float(frame, data.args[0])?.sqrt()),
            Intrinsic::Floor => round(ty, float(frame, data.args[0])?.floor()),
            Intrinsic::Ceil => round(ty, float(frame, data.args[0])?.ceil()),
            Intrinsic::TruncFloat => round(ty, float(frame, data.args[0])?.trunc()),
            Intrinsic::Fabs => round(ty, float(frame, data.args[0])?.abs()),
            // Nothing runs beside the initialisers.
            Intrinsic::AtomicLoad => self.load(program, ptr(0)?, ty)?,
            Intrinsic::AtomicStore => {
                self.store(program, ptr(0)?, func.ty(data.args[1]), &get(frame, data.args[1])?)?;
                return Ok(vec![]);
            }
            Intrinsic::AtomicAdd | Intrinsic::AtomicAnd | Intrinsic::AtomicOr => {
                let old = self.load(program, ptr(0)?, ty)?;
                let Val::Int(number) = old else { return Err(Stop) };
                let op = match which {
                    Intrinsic::AtomicAdd => Op::Add,
                    Intrinsic::AtomicAnd => Op::And,
                    _ => Op::Or,
                };
                let new = eval_binary(op, ty, number, int(1)?).ok_or(Stop)?;
                self.store(program, ptr(0)?, ty, &Val::Int(new))?;
                old
            }
            Intrinsic::AtomicSwap => {
                let old = self.load(program, ptr(0)?, ty)?;
                self.store(program, ptr(0)?, ty, &get(frame, data.args[1])?)?;
                old
            }
            Intrinsic::AtomicCas => {
                let of = func.ty(data.args[1]);
                let equal = self.load(program, ptr(0)?, of)? == get(frame, data.args[1])?;
                if equal {
                    self.store(program, ptr(0)?, of, &get(frame, data.args[2])?)?;
                }
                Val::Int(equal.into())
            }
            Intrinsic::Fence | Intrinsic::KeepAlive => return Ok(vec![]),
            _ => return Err(Stop),
        };
        Ok(vec![value])
    }
}

fn get(frame: &[Option<Val>], value: Value) -> Outcome<Val> {
    frame[value.0 as usize].clone().ok_or(Stop)
}

fn number(frame: &[Option<Val>], value: Value) -> Outcome<i64> {
    match &frame[value.0 as usize] {
        Some(Val::Int(number)) => Ok(*number),
        _ => Err(Stop),
    }
}

fn float(frame: &[Option<Val>], value: Value) -> Outcome<f64> {
    match &frame[value.0 as usize] {
        Some(Val::Float(bits)) => Ok(f64::from_bits(*bits)),
        _ => Err(Stop),
    }
}

fn pointer(frame: &[Option<Val>], value: Value) -> Outcome<Pointer> {
    match &frame[value.0 as usize] {
        Some(Val::Ptr(pointer)) => Ok(*pointer),
        _ => Err(Stop),
    }
}

fn shift(pointer: Pointer, by: i64) -> Val {
    Val::Ptr(Pointer { base: pointer.base, offset: pointer.offset.wrapping_add(by) })
}

/// A size in an unsigned word.
fn extend_word(program: &Program, number: i64) -> i64 {
    let bits = program.types.target.word().bits();
    (number as u64 & (u64::MAX >> (64 - bits))) as i64
}

fn round(ty: Type, value: f64) -> Val {
    Val::Float(if ty == Type::F32 { f64::from(value as f32) } else { value }.to_bits())
}

/// An integer is rounded once, to the type asked for.
fn round_int(ty: Type, value: i128) -> Val {
    Val::Float(if ty == Type::F32 { f64::from(value as f32) } else { value as f64 }.to_bits())
}

/// In f64 for both types: f64 has more than twice the digits of f32, so that rounding twice is harmless.
fn float_binary(op: Op, a: f64, b: f64) -> f64 {
    match op {
        Op::Fadd => a + b,
        Op::Fsub => a - b,
        Op::Fmul => a * b,
        _ => a / b,
    }
}

fn bitcast(from: Type, to: Type, value: Val) -> Outcome<Val> {
    Ok(match value {
        Val::Int(number) if to == Type::F32 => Val::Float(f64::from(f32::from_bits(number as u32)).to_bits()),
        Val::Int(number) if to == Type::F64 => Val::Float(number as u64),
        Val::Float(bits) if from == Type::F32 => {
            Val::Int(i64::from((f64::from_bits(bits) as f32).to_bits() as i32))
        }
        Val::Float(bits) => Val::Int(bits as i64),
        Val::Ptr(_) if from == to => value,
        Val::Code(_) if from == to => value,
        _ => return Err(Stop),
    })
}

fn zero(program: &Program, ty: Type) -> Outcome<Val> {
    let types = &program.types;
    Ok(match types.data(ty) {
        TypeData::Int(_) => Val::Int(0),
        TypeData::Float(_) => Val::Float(0),
        TypeData::Ptr => Val::Ptr(Pointer::NULL),
        TypeData::Code => Val::Code(None),
        TypeData::Struct(fields) => {
            Val::Parts(fields.iter().map(|&field| zero(program, field)).collect::<Outcome<_>>()?)
        }
        TypeData::Array(_, 0) => Val::Parts(Vec::new()),
        TypeData::Array(elem, len) if *len <= 4096 => Val::Parts(vec![zero(program, *elem)?; *len as usize]),
        _ => return Err(Stop),
    })
}
