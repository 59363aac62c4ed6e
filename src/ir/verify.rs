//! The verifier. It checks:
//!
//! Block integrity
//! - the order names each block once, and only blocks of the function;
//! - every block ends with a terminator and has no other; no instruction is placed twice;
//! - nothing jumps to the entry block, whose parameters have the types of the signature;
//! - jumps go to placed blocks, with one argument of the right type per parameter.
//!
//! Instruction integrity
//! - the operation is legal at the program's level; it carries the aux that belongs to it;
//! - the number of its arguments and results, and their types, are those that [`Op`] documents; `ty` is the type of the
//!   only result, else void;
//! - ids of functions, globals, run-time types, locations exist; field indices and constants are in range;
//! - calls agree with the callee's signature, returns with the function's own.
//!
//! SSA form
//! - every value has one definition, and knows it; a use is dominated by the definition (unless it is unreachable).
//!
//! Globals and the program
//! - initial values fit their types; external globals and functions without body have none;
//! - run-time types are named at `Level::Go` only;
//! - interrupt handlers take and return nothing.

use std::fmt;

use rayon::iter::{IndexedParallelIterator, IntoParallelIterator, ParallelIterator};

use crate::cfg::{Cfg, Dominators};
use crate::entity::{Block, Entity, FuncId, IndexVec, Inst, RTypeId, Value};
use crate::func::{Func, InstData, Signature, ValueDef};
use crate::op::{Aux, Intrinsic, Op, Switch};
use crate::program::{Const, Level, Program};
use crate::text::{print_inst, print_type};
use crate::ty::{Type, TypeData, Types};

/// One violation; all of them are bugs of the pass that ran last.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// `@main.f b2: v3 = add.i32 v1, v2`, as far as there is such a place.
    pub place: String,
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for Error {}

/// Checks the whole program.
pub fn verify(program: &Program) -> Result<(), Vec<Error>> {
    let mut errors = Vec::new();
    for (_, global) in program.globals.iter() {
        let mut error = |message: String| {
            errors.push(Error { place: format!("global @{}", global.name), message });
        };
        if global.external && global.init != Const::Zero {
            error("is external but has an initial value".into());
        }
        if let Err(message) = check_const(program, &global.init, global.ty) {
            error(message);
        }
    }
    for (&number, &handler) in &program.interrupts {
        let message = match program.funcs.get(handler) {
            None => "no such function",
            Some(func) if func.sig != Signature::default() => "a handler takes and returns nothing",
            Some(_) => continue,
        };
        errors.push(Error { place: format!("interrupt {number}"), message: message.into() });
    }
    let of_func = |index| {
        let mut errors = Vec::new();
        verify_func(program, FuncId::from_index(index), &mut errors);
        errors
    };
    let funcs = (0..program.funcs.len()).into_par_iter().with_max_len(64);
    errors.extend(funcs.map(of_func).flatten().collect::<Vec<Error>>());
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

struct Checker<'a> {
    program: &'a Program,
    func: &'a Func,
    placed: IndexVec<Block, bool>,
    errors: &'a mut Vec<Error>,
}

/// Checks one function and appends what is wrong.
pub fn verify_func(program: &Program, id: FuncId, errors: &mut Vec<Error>) {
    let func = &program.funcs[id];
    if !func.has_body() {
        return;
    }
    let placed = IndexVec::filled(false, func.blocks.len());
    let mut checker = Checker { program, func, placed, errors };
    // Dominance makes sense only where the blocks are sound.
    if checker.blocks() {
        checker.instructions();
        checker.ssa();
    }
}

impl Checker<'_> {
    fn error(&mut self, block: Option<Block>, inst: Option<Inst>, message: impl Into<String>) {
        let mut place = format!("@{}", self.func.name);
        if let Some(block) = block {
            place += &format!(" {block}");
        }
        if let Some(inst) = inst {
            place += &format!(": {}", print_inst(self.program, self.func, inst));
        }
        self.errors.push(Error { place, message: message.into() });
    }

    fn blocks(&mut self) -> bool {
        let before = self.errors.len();
        let func = self.func;
        for &block in &func.order {
            match func.blocks.get(block) {
                None => self.error(Some(block), None, "no such block"),
                Some(_) if self.placed[block] => self.error(Some(block), None, "stands twice in the order"),
                Some(_) => self.placed[block] = true,
            }
        }
        if self.errors.len() != before {
            return false;
        }
        let mut inst_placed = vec![false; func.insts.len()];
        for &block in &func.order {
            let list = &func.blocks[block].insts;
            if func.terminator(block).is_none() {
                self.error(Some(block), list.last().copied(), "block does not end with a terminator");
            }
            for (index, &inst) in list.iter().enumerate() {
                if func.insts.get(inst).is_none() {
                    self.error(Some(block), None, format!("no such instruction: {inst}"));
                    continue;
                }
                if std::mem::replace(&mut inst_placed[inst.index()], true) {
                    self.error(Some(block), Some(inst), "instruction is placed twice");
                }
                if func.insts[inst].op.is_terminator() && index + 1 != list.len() {
                    self.error(Some(block), Some(inst), "terminator inside a block");
                }
            }
        }
        let entry = func.entry();
        let types: Vec<Type> = func.blocks[entry].params.iter().map(|&v| func.ty(v)).collect();
        if types != func.sig.params {
            self.error(Some(entry), None, "parameters of the entry block differ from the signature");
        }
        if self.errors.len() != before {
            return false;
        }
        for &block in &func.order {
            let inst = func.blocks[block].insts[func.blocks[block].insts.len() - 1];
            for target in func.insts[inst].targets() {
                if func.blocks.get(target.block).is_none() || !self.placed[target.block] {
                    self.error(Some(block), Some(inst), format!("{} is not placed", target.block));
                    continue;
                }
                if target.block == entry {
                    self.error(Some(block), Some(inst), "jump to the entry block");
                }
                let params = &func.blocks[target.block].params;
                if params.len() != target.args.len() {
                    self.error(
                        Some(block),
                        Some(inst),
                        format!("{} takes {} arguments", target.block, params.len()),
                    );
                    continue;
                }
                for (&arg, &param) in target.args.iter().zip(params) {
                    if func.values.get(arg).is_some_and(|data| data.ty != func.ty(param)) {
                        let ty = print_type(&self.program.types, func.ty(param));
                        self.error(Some(block), Some(inst), format!("{arg} should be of type {ty}"));
                    }
                }
            }
        }
        self.errors.len() == before
    }

    fn instructions(&mut self) {
        let func = self.func;
        for &block in &func.order {
            for &inst in &func.blocks[block].insts {
                let data = &func.insts[inst];
                let say = |checker: &mut Self, message: String| {
                    checker.error(Some(block), Some(inst), message);
                };
                if let Some(value) = data.uses().find(|&value| func.values.get(value).is_none()) {
                    let message = format!("no such value: {value}");
                    self.errors.push(Error { place: format!("@{} {block}", func.name), message });
                    continue;
                }
                if data.op.is_go() && self.program.level == Level::Lowered {
                    say(self, "is not legal at the lowered level".into());
                }
                if self.program.locs.get(data.loc).is_none() {
                    say(self, format!("no such location: {}", data.loc));
                }
                let result = match &data.results[..] {
                    [one] => func.values.get(*one).map_or(Type::VOID, |v| v.ty),
                    _ => Type::VOID,
                };
                if data.ty != result {
                    say(self, "`ty` is not the type of the result".into());
                }
                if data.aux.kind() != data.op.aux_kind() {
                    say(
                        self,
                        format!("carries {:?} where {:?} belongs", data.aux.kind(), data.op.aux_kind()),
                    );
                    continue;
                }
                if let Err(message) = (Typing { program: self.program, func, data }).check() {
                    say(self, message);
                }
            }
        }
    }

    fn ssa(&mut self) {
        let func = self.func;
        let cfg = Cfg::compute(func);
        let dom = Dominators::compute(func, &cfg);
        // Where each value is defined: block and index; parameters stand before index 0.
        let mut defined: IndexVec<Value, Option<(Block, usize)>> = IndexVec::filled(None, func.values.len());
        for &block in &func.order {
            for (index, &param) in func.blocks[block].params.iter().enumerate() {
                if func.values[param].def != ValueDef::Param(block, index as u32) {
                    self.error(Some(block), None, format!("parameter {param} has another definition"));
                }
                defined[param] = Some((block, 0));
            }
            for (index, &inst) in func.blocks[block].insts.iter().enumerate() {
                for (number, &result) in func.insts[inst].results.iter().enumerate() {
                    if func.values.get(result).map(|v| v.def) != Some(ValueDef::Result(inst, number as u32)) {
                        self.error(Some(block), Some(inst), format!("{result} has another definition"));
                        continue;
                    }
                    defined[result] = Some((block, index + 1));
                }
            }
        }
        for &block in &func.order {
            for (index, &inst) in func.blocks[block].insts.iter().enumerate() {
                for value in func.insts[inst].uses() {
                    if func.values.get(value).is_none() {
                        continue;
                    }
                    let fine = match defined[value] {
                        None => false,
                        Some((home, at)) if home == block => at <= index,
                        Some((home, _)) => dom.dominates(home, block) || !cfg.is_reachable(block),
                    };
                    if !fine {
                        let why = if defined[value].is_some() {
                            "does not dominate this use"
                        } else {
                            "is not placed"
                        };
                        self.error(Some(block), Some(inst), format!("the definition of {value} {why}"));
                    }
                }
            }
        }
    }
}

/// The types of one instruction.
struct Typing<'a> {
    program: &'a Program,
    func: &'a Func,
    data: &'a InstData,
}

type Check = Result<(), String>;

fn ensure(condition: bool, message: &str) -> Check {
    if condition { Ok(()) } else { Err(message.to_string()) }
}

impl Typing<'_> {
    fn types(&self) -> &Types {
        &self.program.types
    }

    fn arg(&self, index: usize) -> Type {
        self.func.ty(self.data.args[index])
    }

    fn results(&self) -> Vec<Type> {
        self.data.results.iter().map(|&v| self.func.ty(v)).collect()
    }

    fn counts(&self, args: usize, results: usize) -> Check {
        if self.data.args.len() != args {
            return Err(format!("takes {args} arguments"));
        }
        if self.data.results.len() != results {
            return Err(format!("has {results} results"));
        }
        match self.data.op.fixed_type() {
            Some(ty) if results == 1 => ensure(self.data.ty == ty, "wrong type of the result"),
            _ => Ok(()),
        }
    }

    fn want(&self, index: usize, ty: Type) -> Check {
        if self.arg(index) == ty {
            return Ok(());
        }
        Err(format!("argument {index} should be of type {}", print_type(self.types(), ty)))
    }

    fn want_word(&self, index: usize) -> Check {
        self.want(index, self.types().target.word())
    }

    fn want_shape(&self, ty: Type, fields: &[Type], what: &str) -> Check {
        if *self.types().data(ty) == TypeData::Struct(fields.to_vec()) {
            return Ok(());
        }
        Err(format!("{} is not {what}", print_type(self.types(), ty)))
    }

    fn want_iface(&self, ty: Type) -> Check {
        self.want_shape(ty, &[Type::PTR, Type::PTR], "an interface")
    }

    fn rtype(&self, id: RTypeId) -> Result<&crate::RType, String> {
        self.program.rtypes.get(id).ok_or_else(|| format!("no such run-time type: {id}"))
    }

    fn call(&self, args: &[Value], sig: &Signature) -> Check {
        let types: Vec<Type> = args.iter().map(|&v| self.func.ty(v)).collect();
        ensure(types == sig.params, "arguments differ from the signature")?;
        ensure(self.results() == sig.results, "results differ from the signature")
    }

    fn check(&self) -> Check {
        let data = self.data;
        match data.op {
            Op::Iconst => {
                self.counts(0, 1)?;
                ensure(data.ty.is_int(), "is not of an integer type")?;
                let Aux::Int(value) = data.aux else { return Ok(()) };
                ensure(fits(value, data.ty), "constant does not fit its type")
            }
            Op::Fconst => {
                self.counts(0, 1)?;
                ensure(data.ty.is_float(), "is not of a float type")
            }
            Op::Zero => {
                self.counts(0, 1)?;
                ensure(data.ty != Type::VOID, "needs a type")
            }
            Op::GlobalAddr => {
                self.counts(0, 1)?;
                let Aux::Global(id) = data.aux else { return Ok(()) };
                ensure(self.program.globals.get(id).is_some(), "no such global")
            }
            Op::FuncAddr => {
                self.counts(0, 1)?;
                let Aux::Func(id) = data.aux else { return Ok(()) };
                ensure(self.program.funcs.get(id).is_some(), "no such function")
            }
            Op::RTypeAddr => {
                self.counts(0, 1)?;
                let Aux::RType(id) = data.aux else { return Ok(()) };
                self.rtype(id).map(|_| ())
            }
            op if op.is_int_binary() => {
                self.counts(2, 1)?;
                ensure(data.ty.is_int(), "is not of an integer type")?;
                self.want(0, data.ty)?;
                self.want(1, data.ty)
            }
            Op::Fadd | Op::Fsub | Op::Fmul | Op::Fdiv => {
                self.counts(2, 1)?;
                ensure(data.ty.is_float(), "is not of a float type")?;
                self.want(0, data.ty)?;
                self.want(1, data.ty)
            }
            Op::Fneg => {
                self.counts(1, 1)?;
                ensure(data.ty.is_float(), "is not of a float type")?;
                self.want(0, data.ty)
            }
            Op::Icmp => {
                self.counts(2, 1)?;
                let ty = self.arg(0);
                ensure(ty.is_int() || ty == Type::PTR || ty == Type::CODE, "compares integers or pointers")?;
                self.want(1, ty)
            }
            Op::Fcmp => {
                self.counts(2, 1)?;
                ensure(self.arg(0).is_float(), "compares floats")?;
                self.want(1, self.arg(0))
            }
            Op::Select => {
                self.counts(3, 1)?;
                self.want(0, Type::I1)?;
                self.want(1, data.ty)?;
                self.want(2, data.ty)
            }
            Op::Trunc
            | Op::Zext
            | Op::Sext
            | Op::Fptosi
            | Op::Fptoui
            | Op::Sitofp
            | Op::Uitofp
            | Op::Fpext
            | Op::Fptrunc
            | Op::Ptrtoint
            | Op::Inttoptr
            | Op::Bitcast => {
                self.counts(1, 1)?;
                self.conversion(self.arg(0), data.ty)
            }
            Op::Alloc | Op::StackAlloc | Op::StackSlot => {
                self.counts(0, 1)?;
                ensure(!matches!(data.aux, Aux::Type(Type::VOID)), "needs a type")
            }
            Op::Load | Op::VolatileLoad => {
                self.counts(1, 1)?;
                self.want(0, Type::PTR)
            }
            Op::Store | Op::VolatileStore => {
                self.counts(2, 0)?;
                self.want(0, Type::PTR)
            }
            Op::PtrAdd => {
                self.counts(2, 1)?;
                self.want(0, Type::PTR)?;
                self.want_word(1)
            }
            Op::FieldAddr => {
                self.counts(1, 1)?;
                self.want(0, Type::PTR)?;
                let Aux::Field(ty, index) = data.aux else { return Ok(()) };
                ensure((index as usize) < self.types().fields(ty).len(), "no such field")
            }
            Op::ElemAddr => {
                self.counts(2, 1)?;
                self.want(0, Type::PTR)?;
                self.want_word(1)
            }
            Op::Extract => {
                self.counts(1, 1)?;
                ensure(self.part(self.arg(0))? == data.ty, "wrong type of the result")
            }
            Op::Insert => {
                self.counts(2, 1)?;
                self.want(0, data.ty)?;
                self.want(1, self.part(data.ty)?)
            }
            Op::Aggregate => self.aggregate(),
            Op::Call | Op::CallIndirect | Op::CallClosure | Op::CallMethod => self.any_call(),
            Op::Intrinsic => self.intrinsic(),
            Op::Asm => ensure(data.results.len() <= 1, "has at most one result"),
            _ => self.go(),
        }
    }

    /// The type of the part of an aggregate that the instruction names.
    fn part(&self, aggregate: Type) -> Result<Type, String> {
        let Aux::Int(index) = self.data.aux else { return Err("needs an index".into()) };
        let index = u64::try_from(index).map_err(|_| "negative index".to_string())?;
        match self.types().data(aggregate) {
            TypeData::Struct(fields) => {
                fields.get(index as usize).copied().ok_or_else(|| "no such field".to_string())
            }
            TypeData::Array(elem, len) if index < *len => Ok(*elem),
            TypeData::Array(..) => Err("index out of range".into()),
            _ => Err("is not an aggregate".into()),
        }
    }

    fn aggregate(&self) -> Check {
        ensure(self.data.results.len() == 1, "has 1 result")?;
        let args: Vec<Type> = self.data.args.iter().map(|&v| self.func.ty(v)).collect();
        let fine = match self.types().data(self.data.ty) {
            TypeData::Struct(fields) => *fields == args,
            TypeData::Array(elem, len) => args.len() as u64 == *len && args.iter().all(|ty| ty == elem),
            _ => return Err("is not of an aggregate type".into()),
        };
        ensure(fine, "arguments differ from the parts of the type")
    }

    fn any_call(&self) -> Check {
        let data = self.data;
        match &data.aux {
            Aux::Func(id) => match self.program.funcs.get(*id) {
                Some(callee) => self.call(&data.args, &callee.sig),
                None => Err("no such function".into()),
            },
            Aux::Signature(sig) => {
                ensure(!data.args.is_empty(), "needs the callee")?;
                self.want(0, if data.op == Op::CallIndirect { Type::CODE } else { Type::PTR })?;
                self.call(&data.args[1..], sig)
            }
            Aux::Method { iface, index } => {
                let methods = self.rtype(*iface)?.imethods.len();
                ensure((*index as usize) < methods, "no such method")?;
                ensure(!data.args.is_empty(), "needs the interface")?;
                self.want_iface(self.arg(0))
            }
            _ => Ok(()),
        }
    }

    fn conversion(&self, from: Type, to: Type) -> Check {
        let ints = from.is_int() && to.is_int();
        let floats = from.is_float() && to.is_float();
        let word = self.types().target.word();
        let fine = match self.data.op {
            Op::Trunc => ints && from.bits() > to.bits(),
            Op::Zext | Op::Sext => ints && from.bits() < to.bits(),
            Op::Fptosi | Op::Fptoui => from.is_float() && to.is_int(),
            Op::Sitofp | Op::Uitofp => from.is_int() && to.is_float(),
            Op::Fpext => floats && from.bits() < to.bits(),
            Op::Fptrunc => floats && from.bits() > to.bits(),
            Op::Ptrtoint => (from == Type::PTR || from == Type::CODE) && to == word,
            Op::Inttoptr => from == word && (to == Type::PTR || to == Type::CODE),
            _ => {
                let pointer = |ty| ty == Type::PTR || ty == Type::CODE;
                (pointer(from) && pointer(to))
                    || (from.is_int() && to.is_float() || from.is_float() && to.is_int())
                        && from.bits() == to.bits()
            }
        };
        if fine {
            return Ok(());
        }
        let types = self.types();
        Err(format!("cannot convert {} to {}", print_type(types, from), print_type(types, to)))
    }

    fn intrinsic(&self) -> Check {
        let Aux::Intrinsic(which) = self.data.aux else { return Ok(()) };
        let ty = self.data.ty;
        match which {
            Intrinsic::Memcpy | Intrinsic::Memmove => {
                self.counts(3, 0)?;
                self.want(0, Type::PTR)?;
                self.want(1, Type::PTR)?;
                self.want_word(2)
            }
            Intrinsic::Memzero => {
                self.counts(2, 0)?;
                self.want(0, Type::PTR)?;
                self.want_word(1)
            }
            Intrinsic::Ctz
            | Intrinsic::Clz
            | Intrinsic::Popcount
            | Intrinsic::ByteSwap
            | Intrinsic::BitReverse => {
                self.counts(1, 1)?;
                ensure(ty.is_int(), "is not of an integer type")?;
                self.want(0, ty)
            }
            Intrinsic::RotateLeft => {
                self.counts(2, 1)?;
                ensure(ty.is_int(), "is not of an integer type")?;
                self.want(0, ty)?;
                self.want(1, ty)
            }
            Intrinsic::Sqrt
            | Intrinsic::Floor
            | Intrinsic::Ceil
            | Intrinsic::TruncFloat
            | Intrinsic::Fabs
            | Intrinsic::CopySign
            | Intrinsic::Fma => {
                let count = match which {
                    Intrinsic::Fma => 3,
                    Intrinsic::CopySign => 2,
                    _ => 1,
                };
                self.counts(count, 1)?;
                ensure(ty.is_float(), "is not of a float type")?;
                (0..count).try_for_each(|i| self.want(i, ty))
            }
            Intrinsic::AtomicLoad => {
                self.counts(1, 1)?;
                self.want(0, Type::PTR)
            }
            Intrinsic::AtomicStore => {
                self.counts(2, 0)?;
                self.want(0, Type::PTR)
            }
            Intrinsic::AtomicAdd | Intrinsic::AtomicAnd | Intrinsic::AtomicOr | Intrinsic::AtomicSwap => {
                self.counts(2, 1)?;
                self.want(0, Type::PTR)?;
                self.want(1, ty)
            }
            Intrinsic::AtomicCas => {
                self.counts(3, 1)?;
                self.want(0, Type::PTR)?;
                self.want(2, self.arg(1))?;
                ensure(ty == Type::I1, "wrong type of the result")
            }
            Intrinsic::FrameAddress | Intrinsic::ReturnAddress | Intrinsic::StackPointer => {
                self.counts(0, 1)?;
                ensure(ty == Type::PTR, "wrong type of the result")
            }
            Intrinsic::Trap | Intrinsic::Fence => self.counts(0, 0),
            Intrinsic::KeepAlive => {
                self.counts(1, 0)?;
                self.want(0, Type::PTR)
            }
            Intrinsic::MemorySize => self.counts(0, 1),
            Intrinsic::MemoryGrow => {
                self.counts(1, 1)?;
                self.want_word(0)
            }
        }
    }

    /// Go's operations and terminators.
    fn go(&self) -> Check {
        let data = self.data;
        let word = self.types().target.word();
        let int = self.types().target.int();
        match data.op {
            Op::MakeClosure => {
                ensure(data.results.len() == 1, "has 1 result")?;
                let Aux::Func(id) = data.aux else { return Ok(()) };
                let callee = self.program.funcs.get(id).ok_or("no such function")?;
                ensure(callee.sig.params.last() == Some(&Type::PTR), "the function takes no context")
            }
            Op::MakeSlice => {
                self.counts(2, 1)?;
                self.want(0, int)?;
                self.want(1, int)?;
                self.want_shape(data.ty, &[Type::PTR, word, word], "a slice")
            }
            Op::MakeIface | Op::ChangeIface => {
                self.counts(1, 1)?;
                let Aux::Convert { from, to } = data.aux else { return Ok(()) };
                self.rtype(to)?;
                self.want_iface(data.ty)?;
                self.want(0, self.rtype(from)?.repr)
            }
            Op::TypeAssert => {
                let Aux::Assert { from, to, ok } = data.aux else { return Ok(()) };
                self.rtype(from)?;
                self.counts(1, if ok { 2 } else { 1 })?;
                self.want_iface(self.arg(0))?;
                let results = self.results();
                ensure(results[0] == self.rtype(to)?.repr, "wrong type of the result")?;
                ensure(!ok || results[1] == Type::I1, "the second result is an i1")
            }
            Op::IfaceType => {
                self.counts(1, 1)?;
                let Aux::RType(id) = data.aux else { return Ok(()) };
                self.rtype(id)?;
                self.want_iface(self.arg(0))
            }
            Op::Check => {
                self.counts(2, 0)?;
                ensure(self.arg(0).is_int() && self.arg(1).is_int(), "compares integers")
            }
            Op::CheckDiv | Op::CheckShift => {
                self.counts(1, 0)?;
                ensure(self.arg(0).is_int(), "needs an integer")
            }
            Op::NilCheck | Op::Go => {
                self.counts(1, 0)?;
                self.want(0, Type::PTR)
            }
            Op::Defer => {
                self.counts(data.args.len().clamp(1, 2), 0)?;
                (0..data.args.len()).try_for_each(|arg| self.want(arg, Type::PTR))
            }
            Op::DeferFrame => {
                self.counts(0, 1)?;
                ensure(data.ty == Type::PTR, "is an address")
            }
            Op::RunDefers | Op::Unreachable => self.counts(0, 0),
            Op::Recover => {
                self.counts(0, 1)?;
                self.want_iface(data.ty)
            }
            Op::Panic => {
                self.counts(1, 0)?;
                self.want_iface(self.arg(0))
            }
            Op::Jump => {
                self.counts(0, 0)?;
                ensure(data.targets().len() == 1, "has one successor")
            }
            Op::Br => {
                self.counts(1, 0)?;
                self.want(0, Type::I1)?;
                ensure(data.targets().len() == 2, "has two successors")
            }
            Op::Switch => {
                self.counts(1, 0)?;
                ensure(self.arg(0).is_int(), "needs an integer")?;
                let Aux::Switch(switch) = &data.aux else { return Ok(()) };
                let Switch { cases, targets } = &**switch;
                ensure(cases.len() + 1 == targets.len(), "has one successor per case and a default")?;
                ensure(cases.iter().all(|&c| fits(c, self.arg(0))), "case does not fit its type")?;
                let mut sorted = cases.clone();
                sorted.sort_unstable();
                ensure(sorted.windows(2).all(|pair| pair[0] != pair[1]), "case stands twice")
            }
            Op::Ret => {
                let types: Vec<Type> = data.args.iter().map(|&v| self.func.ty(v)).collect();
                ensure(types == self.func.sig.results, "values differ from the results of the function")
            }
            _ => Ok(()),
        }
    }
}

/// Whether a sign-extended constant is one of an integer type; -1 and 1 both are true as `i1`.
fn fits(value: i64, ty: Type) -> bool {
    match ty.bits() {
        64 => true,
        1 => (-1..=1).contains(&value),
        bits => (-(1 << (bits - 1))..1 << (bits - 1)).contains(&value),
    }
}

/// Whether an initial value can stand at a place of this type.
pub fn check_const(program: &Program, value: &Const, ty: Type) -> Check {
    let types = &program.types;
    let wrong = || Err(format!("initial value does not fit {}", print_type(types, ty)));
    match (value, types.data(ty)) {
        (Const::Zero, _) => Ok(()),
        (Const::Int(value), TypeData::Int(bits)) => {
            // Unsigned values may be written as such.
            let fine = *bits == 64 || fits(*value, ty) || (0..1 << bits).contains(value);
            if fine { Ok(()) } else { wrong() }
        }
        // An address known as a number: registers.
        (Const::Int(_), TypeData::Ptr | TypeData::Code) => Ok(()),
        (Const::Float(_), TypeData::Float(_)) => Ok(()),
        (Const::Bytes(bytes), TypeData::Array(Type::I8, len)) if bytes.len() as u64 == *len => Ok(()),
        (Const::Aggregate(parts), TypeData::Struct(fields)) if parts.len() == fields.len() => {
            parts.iter().zip(fields).try_for_each(|(part, &ty)| check_const(program, part, ty))
        }
        (Const::Aggregate(parts), TypeData::Array(elem, len)) if parts.len() as u64 == *len => {
            parts.iter().try_for_each(|part| check_const(program, part, *elem))
        }
        (Const::Addr(global, _), TypeData::Ptr) | (Const::AddrInt(global, _), TypeData::Int(_)) => {
            ensure(program.globals.get(*global).is_some(), "initial value names no global")
        }
        (Const::Code(func), TypeData::Code) | (Const::CodeInt(func), TypeData::Int(_)) => {
            ensure(program.funcs.get(*func).is_some(), "initial value names no function")
        }
        (Const::RType(rtype), TypeData::Ptr) => {
            ensure(program.level == Level::Go, "run-time types are not lowered yet")?;
            ensure(program.rtypes.get(*rtype).is_some(), "initial value names no run-time type")
        }
        _ => wrong(),
    }
}
