//! The state while one function is generated, and the verbs that expressions and statements are written with.

use std::rc::Rc;
use std::sync::Arc;

use ir::builder::Builder;
use ir::{Aux, Block, Cond, Func, FuncId, Inst, LocId, Op, RTypeId, Type, Value, Values};
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Pos, SourceFile};
use syntax::ast::{ExprId, StmtId, Tree};
use types::{Info, ObjId, TypeId};

use crate::program::Gen;

/// Type arguments of the instance that is generated, by type parameter.
#[derive(Debug, Default)]
pub(crate) struct Env {
    pub params: Vec<TypeId>,
    pub args: Vec<TypeId>,
}

/// A variable of the function: the address where it lives. `lift` turns most of them into values.
#[derive(Clone, Copy)]
pub(crate) struct Local {
    pub addr: Value,
    pub ty: TypeId,
}

/// A result: its type, and where it lives if it has a name or if deferred functions run before the return.
#[derive(Clone, Copy)]
pub(crate) struct ResultSlot {
    pub ty: TypeId,
    pub addr: Option<Value>,
}

/// A statement that `break` or `continue` can leave.
#[derive(Clone, Copy)]
pub(crate) struct Breakable {
    pub stmt: StmtId,
    pub brk: Block,
    pub cont: Option<Block>,
}

pub(crate) struct FuncGen<'a, 'c, 'u> {
    pub g: &'a mut Gen<'c>,
    /// The tree that is generated from and the facts about it.
    pub tree: &'u Tree,
    pub info: &'u Info,
    pub file: Arc<SourceFile>,
    /// Language version of the file.
    pub version: (u32, u32),
    pub env: Rc<Env>,
    pub func: Func,
    pub block: Block,
    pub loc: LocId,
    pub locals: FxHashMap<ObjId, Local>,
    pub results: Vec<ResultSlot>,
    /// The one exit of a function with `defer`.
    pub exit: Option<Block>,
    pub breakables: Vec<Breakable>,
    pub labels: FxHashMap<StmtId, Block>,
    /// Where `fallthrough` goes.
    pub fall: Option<Block>,
    /// Objects that must stay in memory.
    pub keep: FxHashSet<Value>,
    /// Slots for temporaries, placed at the start of the entry block.
    pub temps: Vec<Inst>,
    /// Number of function literals and helpers so far, for their names.
    pub children: u32,
    /// `//go:nobounds`
    pub nobounds: bool,
    /// The function is the body of a range-over-func loop, and what its jumps out of the body mean.
    pub yield_body: Option<Box<crate::range_func::YieldBody>>,
    /// The function id under which this function is known, for diagnostics.
    pub id: Option<FuncId>,
}

impl<'a, 'c, 'u> FuncGen<'a, 'c, 'u> {
    pub fn new(
        g: &'a mut Gen<'c>,
        tree: &'u Tree,
        info: &'u Info,
        file: Arc<SourceFile>,
        version: (u32, u32),
        env: Rc<Env>,
        mut func: Func,
    ) -> Self {
        let block = func.add_block();
        for ty in func.sig.params.clone() {
            func.add_param(block, ty);
        }
        let nobounds = func.attrs.nobounds || g.config.no_bounds;
        FuncGen {
            g,
            tree,
            info,
            file,
            version,
            env,
            func,
            block,
            loc: LocId(0),
            locals: FxHashMap::default(),
            results: Vec::new(),
            exit: None,
            breakables: Vec::new(),
            labels: FxHashMap::default(),
            fall: None,
            keep: FxHashSet::default(),
            temps: Vec::new(),
            children: 0,
            nobounds,
            yield_body: None,
            id: None,
        }
    }

    /// Ends the function: places the temporaries, promotes variables to values.
    pub fn finish(mut self) -> Func {
        self.end();
        crate::lift::lift(&mut self.func, &self.g.program.types, &self.keep);
        self.func
    }

    /// The same for function `id` of the program, whose variables are promoted with those of all others.
    pub fn finish_as(mut self, id: FuncId) {
        self.end();
        self.g.define(id, self.func);
        self.g.lift_later(id, self.keep);
    }

    fn end(&mut self) {
        if !self.terminated() {
            self.b().unreachable();
        }
        let entry = self.func.entry();
        let temps = std::mem::take(&mut self.temps);
        self.func.blocks[entry].insts.splice(0..0, temps);
    }

    pub fn b(&mut self) -> Builder<'_> {
        Builder { func: &mut self.func, block: self.block, loc: self.loc }
    }

    pub fn params(&self) -> Vec<Value> {
        self.func.blocks[self.func.entry()].params.clone()
    }

    // Positions.

    /// Following instructions come from this position.
    pub fn at(&mut self, pos: Pos) {
        if pos.is_known() {
            self.loc = self.g.loc(&self.file, pos);
        }
    }

    pub fn error(&mut self, pos: Pos, message: impl Into<String>) {
        self.g.error(pos, message.into());
    }

    /// Something the checker should have refused or recorded: reported, never a panic.
    pub fn broken(&mut self, pos: Pos, what: &str) {
        let message = format!("internal compiler error: {what} (please report this)");
        self.g.error(pos, message);
    }

    // Types.

    /// The closed, canonical type for a type of the generated function's text.
    pub fn subst(&mut self, ty: TypeId) -> TypeId {
        self.g.close(ty, &self.env)
    }

    /// Type of an expression; untyped ones have their default type.
    pub fn ty(&mut self, e: ExprId) -> TypeId {
        let ty = self.info.ty(e);
        let ty = self.g.default_type(ty);
        self.subst(ty)
    }

    pub fn repr(&mut self, ty: TypeId) -> Type {
        self.g.repr(ty)
    }

    pub fn word(&self) -> Type {
        self.g.word()
    }

    pub fn int(&self) -> Type {
        self.g.int()
    }

    pub fn value_ty(&self, value: Value) -> Type {
        self.func.ty(value)
    }

    pub fn rtype(&mut self, ty: TypeId) -> RTypeId {
        self.g.rtype(ty)
    }

    // Control flow.

    pub fn new_block(&mut self) -> Block {
        self.func.add_block()
    }

    pub fn terminated(&self) -> bool {
        self.func.terminator(self.block).is_some()
    }

    /// Ends the block with a jump unless it has ended.
    pub fn jump(&mut self, to: Block) {
        if !self.terminated() {
            self.b().jump(to, []);
        }
    }

    pub fn br(&mut self, cond: Value, then: Block, other: Block) {
        if !self.terminated() {
            self.b().br(cond, then, other);
        }
    }

    /// Continues in a block; code that follows a jump goes into a block that nobody reaches.
    pub fn enter(&mut self, block: Block) {
        self.block = block;
    }

    pub fn enter_dead(&mut self) {
        self.block = self.new_block();
    }

    // Constants and plain operations.

    pub fn iconst(&mut self, ty: Type, value: i64) -> Value {
        self.b().iconst(ty, value)
    }

    pub fn int_const(&mut self, value: i64) -> Value {
        let ty = self.int();
        self.iconst(ty, value)
    }

    pub fn word_const(&mut self, value: i64) -> Value {
        let ty = self.word();
        self.iconst(ty, value)
    }

    pub fn bool_const(&mut self, value: bool) -> Value {
        self.iconst(Type::I1, value.into())
    }

    pub fn zero(&mut self, ty: Type) -> Value {
        self.b().zero(ty)
    }

    pub fn zero_of(&mut self, ty: TypeId) -> Value {
        let repr = self.repr(ty);
        self.zero(repr)
    }

    pub fn null(&mut self) -> Value {
        self.zero(Type::PTR)
    }

    pub fn not(&mut self, value: Value) -> Value {
        let one = self.bool_const(true);
        self.b().binary(Op::Xor, value, one)
    }

    pub fn is_null(&mut self, ptr: Value) -> Value {
        let null = self.null();
        self.b().icmp(Cond::Eq, ptr, null)
    }

    /// An integer as another integer type, by truncation or extension.
    pub fn resize(&mut self, value: Value, to: Type, signed: bool) -> Value {
        let from = self.value_ty(value);
        match from.bits().cmp(&to.bits()) {
            std::cmp::Ordering::Equal => value,
            std::cmp::Ordering::Greater => self.b().convert(Op::Trunc, to, value),
            std::cmp::Ordering::Less if signed => self.b().convert(Op::Sext, to, value),
            std::cmp::Ordering::Less => self.b().convert(Op::Zext, to, value),
        }
    }

    /// A length as it is stored (word) as Go's `int`.
    pub fn word_to_int(&mut self, value: Value) -> Value {
        let int = self.int();
        self.resize(value, int, false)
    }

    /// An `int` that is known to fit as a word.
    pub fn int_to_word(&mut self, value: Value) -> Value {
        let word = self.word();
        self.resize(value, word, true)
    }

    /// The integer constant that a value is, if it is one.
    pub fn known_int(&self, value: Value) -> Option<i64> {
        let def = self.func.def(value)?;
        match (def.op, &def.aux) {
            (Op::Iconst, Aux::Int(v)) => Some(*v),
            (Op::Zero, _) if def.ty.is_int() => Some(0),
            (Op::Zext | Op::Sext, _) => {
                self.known_int(def.args[0]).filter(|&v| v >= 0 && self.value_ty(def.args[0]) != Type::I1)
            }
            _ => None,
        }
    }

    // Memory.

    /// A zeroed object that may outlive the function.
    pub fn alloc(&mut self, ty: Type) -> Value {
        self.g.needs(Op::Alloc);
        self.b().value(Op::Alloc, Type::PTR, [], Aux::Type(ty))
    }

    /// A slot for a temporary whose address goes to functions that do not keep it. Its content is whatever the last
    /// use left.
    pub fn temp(&mut self, ty: Type) -> Value {
        let inst = self.func.make_inst(Op::StackAlloc, Type::PTR, [], Aux::Type(ty), &[Type::PTR], self.loc);
        self.temps.push(inst);
        self.func.insts[inst].result()
    }

    /// A temporary that holds this value.
    pub fn temp_with(&mut self, value: Value) -> Value {
        let ty = self.value_ty(value);
        let slot = self.temp(ty);
        self.b().store(slot, value);
        slot
    }

    pub fn load(&mut self, ty: Type, ptr: Value) -> Value {
        self.b().load(ty, ptr)
    }

    pub fn store(&mut self, ptr: Value, value: Value) {
        self.b().store(ptr, value);
    }

    pub fn field_addr(&mut self, ty: Type, base: Value, index: u32) -> Value {
        self.b().field_addr(ty, base, index)
    }

    /// Address of an element; the index is an `int`-like value in range.
    pub fn elem_addr(&mut self, elem: Type, base: Value, index: Value) -> Value {
        let index = self.int_to_word(index);
        self.b().elem_addr(elem, base, index)
    }

    /// Field or element of an aggregate value.
    pub fn extract(&mut self, aggregate: Value, index: u32) -> Value {
        let ty = self.part_type(self.value_ty(aggregate), index);
        // Undo at once what was just put together.
        if let Some(def) = self.func.def(aggregate)
            && def.op == Op::Aggregate
        {
            return def.args[index as usize];
        }
        self.b().extract(ty, aggregate, index)
    }

    pub fn part_type(&self, aggregate: Type, index: u32) -> Type {
        match self.g.program.types.data(aggregate) {
            ir::TypeData::Struct(fields) => fields[index as usize],
            ir::TypeData::Array(elem, _) => *elem,
            _ => Type::VOID,
        }
    }

    pub fn aggregate(&mut self, ty: Type, parts: impl AsRef<[Value]>) -> Value {
        self.b().aggregate(ty, parts)
    }

    /// Panics if the pointer is nil, unless it obviously is not.
    pub fn nil_check(&mut self, ptr: Value) {
        let known = self.func.def(ptr).is_some_and(|def| {
            matches!(
                def.op,
                Op::Alloc | Op::StackAlloc | Op::GlobalAddr | Op::FieldAddr | Op::ElemAddr | Op::MakeClosure
            )
        });
        if !known {
            self.g.needs(Op::NilCheck);
            self.b().effect(Op::NilCheck, [ptr], Aux::None);
        }
    }

    // Strings, slices, interfaces.

    pub fn make_string(&mut self, ptr: Value, len: Value) -> Value {
        let ty = self.g.program.types.string();
        let len = self.int_to_word(len);
        self.aggregate(ty, [ptr, len])
    }

    pub fn make_slice(&mut self, ptr: Value, len: Value, cap: Value) -> Value {
        let ty = self.g.program.types.slice();
        let (len, cap) = (self.int_to_word(len), self.int_to_word(cap));
        self.aggregate(ty, [ptr, len, cap])
    }

    /// Length of a string or slice as `int`.
    pub fn len_of(&mut self, value: Value) -> Value {
        let len = self.extract(value, 1);
        self.word_to_int(len)
    }

    pub fn cap_of(&mut self, value: Value) -> Value {
        let cap = self.extract(value, 2);
        self.word_to_int(cap)
    }

    /// A string constant.
    pub fn string(&mut self, bytes: &[u8]) -> Value {
        let ty = self.g.program.types.string();
        if bytes.is_empty() {
            return self.zero(ty);
        }
        let global = self.g.string_data(bytes);
        let ptr = self.b().global(global);
        let len = self.word_const(bytes.len() as i64);
        self.aggregate(ty, [ptr, len])
    }

    // Calls of the runtime.

    /// Calls a function of package runtime.
    pub fn rt(&mut self, name: &str, args: impl AsRef<[Value]>) -> Values {
        let args = args.as_ref();
        let Some(id) = self.g.runtime_func(name) else { return Values::new() };
        let sig = self.g.program.funcs[id].sig.clone();
        if sig.params.len() != args.len() || sig.params.iter().zip(args).any(|(p, a)| *p != self.value_ty(*a))
        {
            let have: Vec<String> = args.iter().map(|a| self.g.type_text(self.value_ty(*a))).collect();
            let want: Vec<String> = sig.params.iter().map(|p| self.g.type_text(*p)).collect();
            let message = format!(
                "internal compiler error: package runtime declares {name} with ({}), the compiler calls it with ({})",
                want.join(", "),
                have.join(", ")
            );
            self.g.error(Pos::NONE, message);
            return sig.results.iter().map(|&ty| self.zero(ty)).collect();
        }
        self.b().call(id, &sig, args)
    }

    /// Calls a function of package runtime that has one result of this type.
    pub fn rt1(&mut self, name: &str, ty: Type, args: impl AsRef<[Value]>) -> Value {
        match self.rt(name, args).first() {
            Some(&value) => value,
            None => self.zero(ty),
        }
    }

    /// Calls a function of the program.
    pub fn call(&mut self, id: FuncId, args: impl AsRef<[Value]>) -> Values {
        let args = args.as_ref();
        let func = &self.g.program.funcs[id];
        let (sig, import) = (func.sig.clone(), func.attrs.wasm_import.is_some());
        if import {
            let args = self.flatten(args);
            return self.b().call(id, &sig, args);
        }
        self.b().call(id, &sig, args)
    }

    /// Arguments of imported WebAssembly functions: a string is its address and length.
    fn flatten(&mut self, args: &[Value]) -> Values {
        let mut out = Values::new();
        for &arg in args {
            match self.g.program.types.fields(self.value_ty(arg)).len() {
                0 => out.push(arg),
                n => {
                    for i in 0..n as u32 {
                        out.push(self.extract(arg, i));
                    }
                }
            }
        }
        out
    }

    /// Size of a type in bytes, as a word.
    pub fn size_const(&mut self, ty: Type) -> Value {
        let size = self.g.program.types.size(ty);
        self.word_const(size as i64)
    }

    /// What the collector needs to know about objects of a type: 1 no pointers, 0 unknown.
    pub fn layout_const(&mut self, ty: Type) -> Value {
        let layout = i64::from(!self.g.program.types.has_pointers(ty));
        self.word_const(layout)
    }
}
