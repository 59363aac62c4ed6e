//! Reads the text form: the parser's primitives, types, constants and functions.

use std::collections::BTreeMap;

use super::lex::{Spanned, Token, lex};
use super::{Error, FUNC_FLAGS};
use crate::entity::{Block, Entity, FuncId, GlobalId, LocId, RTypeId, Value};
use crate::func::{Func, Signature, Target, ValueData, ValueDef};
use crate::op::{Aux, AuxKind, Check, Cond, FloatCond, Intrinsic, Op, Switch};
use crate::program::{Asm, Const, Program};
use crate::ty::Type;

pub(super) type Result<T> = std::result::Result<T, Error>;

/// Reads a whole program. The `target` and `level` lines may be missing: a 32-bit target, `Level::Go`.
pub fn read_program(text: &str) -> Result<Program> {
    let tokens = lex(text)?;
    super::read_items::read(Reader { tokens, pos: 0 })
}

pub(super) struct Reader {
    pub(super) tokens: Vec<Spanned>,
    pub(super) pos: usize,
}

/// Ids of the values and blocks mentioned so far in a function.
#[derive(Default)]
struct Names {
    values: BTreeMap<u32, Value>,
    blocks: BTreeMap<u32, Block>,
}

/// Deeper nesting of types or constants than any program has would exhaust the stack.
const MAX_DEPTH: u32 = 100;

/// The definition of a value that has been mentioned only.
const UNDEFINED: ValueDef = ValueDef::Param(Block(u32::MAX), u32::MAX);

impl Reader {
    pub(super) fn error<T>(&self, message: impl Into<String>) -> Result<T> {
        let at = &self.tokens[self.pos];
        Err(Error { line: at.line, col: at.col, message: message.into() })
    }

    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.pos].token
    }

    pub(super) fn next(&mut self) -> Token {
        let token = self.tokens[self.pos].token.clone();
        if token != Token::End {
            self.pos += 1;
        }
        token
    }

    fn back<T>(&mut self, message: &str) -> Result<T> {
        self.pos = self.pos.saturating_sub(1);
        self.error(message)
    }

    pub(super) fn got(&mut self, c: char) -> bool {
        let found = *self.peek() == Token::Punct(c);
        if found {
            self.pos += 1;
        }
        found
    }

    pub(super) fn want(&mut self, c: char) -> Result<()> {
        if self.got(c) {
            return Ok(());
        }
        let c = if c == '>' { "->".to_string() } else { c.to_string() };
        self.error(format!("expected `{c}`"))
    }

    pub(super) fn got_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Token::Word(w) if w == word);
        if found {
            self.pos += 1;
        }
        found
    }

    pub(super) fn word(&mut self, what: &str) -> Result<String> {
        match self.peek().clone() {
            Token::Word(word) => {
                self.pos += 1;
                Ok(word)
            }
            _ => self.error(format!("expected {what}")),
        }
    }

    pub(super) fn int(&mut self) -> Result<i64> {
        if let Token::Number(text) = self.peek()
            && let Some(value) = parse_int(text)
        {
            self.pos += 1;
            return Ok(value);
        }
        self.error("expected an integer")
    }

    pub(super) fn small<T: TryFrom<i64>>(&mut self) -> Result<T> {
        let value = self.int()?;
        T::try_from(value).or_else(|_| self.back("number out of range"))
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>> {
        match self.peek().clone() {
            Token::Str(bytes) => {
                self.pos += 1;
                Ok(bytes)
            }
            _ => self.error("expected a string in quotes"),
        }
    }

    pub(super) fn string(&mut self) -> Result<String> {
        let bytes = self.bytes()?;
        String::from_utf8(bytes).or_else(|_| self.back("string must be valid UTF-8"))
    }

    pub(super) fn func(&mut self, program: &Program) -> Result<FuncId> {
        match self.peek() {
            Token::At(name) => match program.func_named(name) {
                Some(id) => {
                    self.pos += 1;
                    Ok(id)
                }
                None => self.error(format!("no function is named @{name}")),
            },
            _ => self.error("expected the name of a function"),
        }
    }

    pub(super) fn global(&mut self, program: &Program) -> Result<GlobalId> {
        match self.peek() {
            Token::At(name) => match program.global_named(name) {
                Some(id) => {
                    self.pos += 1;
                    Ok(id)
                }
                None => self.error(format!("no global is named @{name}")),
            },
            _ => self.error("expected the name of a global"),
        }
    }

    pub(super) fn rtype(&mut self, names: &BTreeMap<String, RTypeId>) -> Result<RTypeId> {
        match self.peek() {
            Token::Percent(name) => match names.get(name) {
                Some(&id) => {
                    self.pos += 1;
                    Ok(id)
                }
                None => self.error(format!("no run-time type is named %{name}")),
            },
            _ => self.error("expected the name of a run-time type"),
        }
    }

    pub(super) fn ty(&mut self, program: &mut Program) -> Result<Type> {
        self.ty_at(program, 0)
    }

    fn ty_at(&mut self, program: &mut Program, depth: u32) -> Result<Type> {
        if depth > MAX_DEPTH {
            return self.error("type is nested too deeply");
        }
        if self.got('{') {
            let mut fields = Vec::new();
            while !self.got('}') {
                if !fields.is_empty() {
                    self.want(',')?;
                }
                fields.push(self.ty_at(program, depth + 1)?);
            }
            return Ok(program.types.structure(&fields));
        }
        if self.got('[') {
            let len = self.small::<u64>()?;
            if !self.got_word("x") {
                return self.error("expected `x`");
            }
            let elem = self.ty_at(program, depth + 1)?;
            self.want(']')?;
            return Ok(program.types.array(elem, len));
        }
        let word = self.word("a type")?;
        Ok(match word.as_str() {
            "void" => Type::VOID,
            "i1" => Type::I1,
            "i8" => Type::I8,
            "i16" => Type::I16,
            "i32" => Type::I32,
            "i64" => Type::I64,
            "f32" => Type::F32,
            "f64" => Type::F64,
            "ptr" => Type::PTR,
            "code" => Type::CODE,
            _ => return self.back("unknown type"),
        })
    }

    /// Types up to the closing parenthesis, whose opening one was read.
    fn type_list(&mut self, program: &mut Program) -> Result<Vec<Type>> {
        let mut list = Vec::new();
        while !self.got(')') {
            if !list.is_empty() {
                self.want(',')?;
            }
            list.push(self.ty(program)?);
        }
        Ok(list)
    }

    fn results(&mut self, program: &mut Program) -> Result<Vec<Type>> {
        if !self.got('>') {
            return Ok(Vec::new());
        }
        if self.got('(') { self.type_list(program) } else { Ok(vec![self.ty(program)?]) }
    }

    fn float_bits(&mut self) -> Result<u64> {
        if self.got_word("bits") {
            if let Token::Number(text) = self.peek()
                && let Some(bits) = text.strip_prefix("0x").and_then(|t| u64::from_str_radix(t, 16).ok())
            {
                self.pos += 1;
                return Ok(bits);
            }
            return self.error("expected the bits of a float in hexadecimal");
        }
        if let Token::Number(text) = self.peek()
            && let Ok(value) = text.parse::<f64>()
        {
            self.pos += 1;
            return Ok(value.to_bits());
        }
        self.error("expected a float")
    }

    pub(super) fn constant(
        &mut self,
        program: &Program,
        rtypes: &BTreeMap<String, RTypeId>,
    ) -> Result<Const> {
        self.constant_at(program, rtypes, 0)
    }

    fn constant_at(
        &mut self,
        program: &Program,
        rtypes: &BTreeMap<String, RTypeId>,
        depth: u32,
    ) -> Result<Const> {
        if depth > MAX_DEPTH {
            return self.error("constant is nested too deeply");
        }
        if self.got('{') {
            let mut parts = Vec::new();
            while !self.got('}') {
                if !parts.is_empty() {
                    self.want(',')?;
                }
                parts.push(self.constant_at(program, rtypes, depth + 1)?);
            }
            return Ok(Const::Aggregate(parts));
        }
        match self.peek().clone() {
            Token::Str(bytes) => {
                self.pos += 1;
                Ok(Const::Bytes(bytes))
            }
            Token::Number(text) => match parse_int(&text) {
                Some(value) => {
                    self.pos += 1;
                    Ok(Const::Int(value))
                }
                None => Ok(Const::Float(self.float_bits()?)),
            },
            Token::At(_) => {
                let global = self.global(program)?;
                let offset = if self.got('+') { self.int()? } else { 0 };
                Ok(Const::Addr(global, offset))
            }
            Token::Percent(_) => Ok(Const::RType(self.rtype(rtypes)?)),
            Token::Word(word) => match word.as_str() {
                "zero" => {
                    self.pos += 1;
                    Ok(Const::Zero)
                }
                "bits" => Ok(Const::Float(self.float_bits()?)),
                "code" => {
                    self.pos += 1;
                    Ok(Const::Code(self.func(program)?))
                }
                "int" => {
                    self.pos += 1;
                    if self.got_word("code") {
                        return Ok(Const::CodeInt(self.func(program)?));
                    }
                    let global = self.global(program)?;
                    self.want('+')?;
                    Ok(Const::AddrInt(global, self.int()?))
                }
                _ => self.error("expected a constant"),
            },
            _ => self.error("expected a constant"),
        }
    }

    pub(super) fn location(&mut self, program: &Program) -> Result<LocId> {
        match *self.peek() {
            Token::Loc(id) if (id as usize) < program.locs.len() => {
                self.pos += 1;
                Ok(LocId(id))
            }
            Token::Loc(id) => self.error(format!("location !{id} is not defined")),
            _ => Ok(LocId(0)),
        }
    }

    /// A function after the word `func`; its name was registered before.
    pub(super) fn function(
        &mut self,
        program: &mut Program,
        rtypes: &BTreeMap<String, RTypeId>,
    ) -> Result<()> {
        let id = self.func(program)?;
        let mut func = Func::new(program.funcs[id].name.clone(), Signature::default());
        let mut names = Names::default();
        self.want('(')?;
        let named = matches!(self.peek(), Token::Word(w) if entity(w, 'v').is_some());
        let mut entry_params = Vec::new();
        if named {
            self.pos -= 1;
            self.want('(')?;
            entry_params = self.params(program, &mut func, &mut names)?;
            func.sig.params = entry_params.iter().map(|&v| func.ty(v)).collect();
        } else {
            func.sig.params = self.type_list(program)?;
        }
        func.sig.results = self.results(program)?;
        self.attributes(&mut func)?;
        func.loc = self.location(program)?;
        if self.got('{') {
            if !named && !func.sig.params.is_empty() {
                return self.error("the parameters of a function with a body need names");
            }
            self.body(program, rtypes, &mut func, &mut names, entry_params)?;
        }
        program.funcs[id] = func;
        Ok(())
    }

    fn attributes(&mut self, func: &mut Func) -> Result<()> {
        while let Token::Word(word) = self.peek().clone() {
            // The next item of the file.
            if super::read_items::ITEMS.contains(&word.as_str()) {
                return Ok(());
            }
            self.pos += 1;
            match word.as_str() {
                "symbol" => func.attrs.symbol = Some(self.string()?),
                "calls" => func.attrs.calls.push(self.string()?),
                "section" => func.attrs.section = Some(self.string()?),
                "wasm_import" => func.attrs.wasm_import = Some((self.string()?, self.string()?)),
                _ => match FUNC_FLAGS.iter().find(|(flag, _)| *flag == word) {
                    Some((_, get)) => *get(&mut func.attrs) = true,
                    None => return self.back("unknown function attribute"),
                },
            }
        }
        Ok(())
    }

    /// `v0: i32, v1: ptr)` as new values that belong to no block yet.
    fn params(&mut self, program: &mut Program, func: &mut Func, names: &mut Names) -> Result<Vec<Value>> {
        let mut list = Vec::new();
        while !self.got(')') {
            if !list.is_empty() {
                self.want(',')?;
            }
            let value = self.value_id(func, names)?;
            if func.values[value].def != UNDEFINED {
                return self.back("value is defined twice");
            }
            self.want(':')?;
            let ty = self.ty(program)?;
            // Marks it as defined; the block is filled in by the caller.
            func.values[value] = ValueData { ty, def: ValueDef::Param(Block(0), list.len() as u32) };
            list.push(value);
        }
        Ok(list)
    }

    fn value_id(&mut self, func: &mut Func, names: &mut Names) -> Result<Value> {
        if let Token::Word(word) = self.peek()
            && let Some(number) = entity(word, 'v')
        {
            self.pos += 1;
            let value = *names
                .values
                .entry(number)
                .or_insert_with(|| func.values.push(ValueData { ty: Type::VOID, def: UNDEFINED }));
            return Ok(value);
        }
        self.error("expected a value such as `v1`")
    }

    fn block_id(&mut self, func: &mut Func, names: &mut Names) -> Result<Block> {
        if let Token::Word(word) = self.peek()
            && let Some(number) = entity(word, 'b')
        {
            self.pos += 1;
            let block = *names.blocks.entry(number).or_insert_with(|| func.blocks.push(Default::default()));
            return Ok(block);
        }
        self.error("expected a block such as `b1`")
    }

    fn values(&mut self, func: &mut Func, names: &mut Names) -> Result<Vec<Value>> {
        self.want('(')?;
        let mut list = Vec::new();
        while !self.got(')') {
            if !list.is_empty() {
                self.want(',')?;
            }
            list.push(self.value_id(func, names)?);
        }
        Ok(list)
    }

    fn body(
        &mut self,
        program: &mut Program,
        rtypes: &BTreeMap<String, RTypeId>,
        func: &mut Func,
        names: &mut Names,
        entry_params: Vec<Value>,
    ) -> Result<()> {
        let mut entry_params = Some(entry_params);
        while !self.got('}') {
            let block = self.block_id(func, names)?;
            if func.order.contains(&block) {
                return self.back("block is defined twice");
            }
            func.order.push(block);
            let params = match entry_params.take() {
                Some(params) => params,
                None if self.got('(') => self.params(program, func, names)?,
                None => Vec::new(),
            };
            for (index, &param) in params.iter().enumerate() {
                func.values[param].def = ValueDef::Param(block, index as u32);
            }
            func.blocks[block].params = params;
            self.want(':')?;
            while !self.at_block_end() {
                self.instruction(program, rtypes, func, names, block)?;
            }
        }
        for (&number, &block) in &names.blocks {
            if !func.order.contains(&block) {
                return self.error(format!("block b{number} of @{} is not defined", func.name));
            }
        }
        for (&number, &value) in &names.values {
            if func.values[value].def == UNDEFINED {
                return self.error(format!("value v{number} of @{} is not defined", func.name));
            }
        }
        Ok(())
    }

    /// At the label of the next block, or at the end of the function.
    fn at_block_end(&self) -> bool {
        match self.peek() {
            Token::Punct('}') | Token::End => true,
            Token::Word(word) => entity(word, 'b').is_some(),
            _ => false,
        }
    }

    fn instruction(
        &mut self,
        program: &mut Program,
        rtypes: &BTreeMap<String, RTypeId>,
        func: &mut Func,
        names: &mut Names,
        block: Block,
    ) -> Result<()> {
        let mut results = Vec::new();
        let start = self.pos;
        if matches!(self.peek(), Token::Word(w) if entity(w, 'v').is_some()) {
            loop {
                let value = self.value_id(func, names)?;
                if func.values[value].def != UNDEFINED || results.contains(&value) {
                    return self.back("value is defined twice");
                }
                results.push(value);
                if !self.got(',') {
                    break;
                }
            }
            self.want('=')?;
        }
        let word = self.word("an operation")?;
        let Some(op) = Op::ALL.iter().copied().find(|op| op.mnemonic() == word) else {
            return self.back(&format!("unknown operation `{word}`"));
        };
        let types = if self.got('.') {
            if self.got('(') { self.type_list(program)? } else { vec![self.ty(program)?] }
        } else if results.is_empty() {
            Vec::new()
        } else {
            op.fixed_type().into_iter().collect()
        };
        if types.len() != results.len() {
            let count = types.len();
            self.pos = start;
            return self.error(format!("{} results, but {count} types for them", results.len()));
        }
        let mut args = Vec::new();
        let aux = self.aux(op, program, rtypes, func, names, &mut args)?;
        let ends = matches!(op.aux_kind(), AuxKind::Targets | AuxKind::Switch);
        let plain = matches!(aux, Aux::None | Aux::Cond(_) | Aux::FloatCond(_) | Aux::Check { .. });
        let value_follows = matches!(self.peek(), Token::Word(w) if entity(w, 'v').is_some());
        if plain && value_follows && !self.at_definition() {
            args.push(self.value_id(func, names)?);
        }
        while !ends && self.got(',') {
            args.push(self.value_id(func, names)?);
        }
        let loc = self.location(program)?;
        let ty = if let [ty] = types.as_slice() { *ty } else { Type::VOID };
        let inst = func.make_inst(op, ty, args, aux, &[], loc);
        for (index, (&value, &ty)) in results.iter().zip(&types).enumerate() {
            func.values[value] = ValueData { ty, def: ValueDef::Result(inst, index as u32) };
        }
        func.insts[inst].results = results.into();
        func.blocks[block].insts.push(inst);
        Ok(())
    }

    /// At `v1 =` or `v1, v2 =`: the next instruction, not an argument of this one.
    fn at_definition(&self) -> bool {
        let mut pos = self.pos;
        loop {
            let value = matches!(&self.tokens[pos].token, Token::Word(w) if entity(w, 'v').is_some());
            if !value {
                return false;
            }
            match self.tokens[pos + 1].token {
                Token::Punct('=') => return true,
                Token::Punct(',') => pos += 2,
                _ => return false,
            }
        }
    }

    fn aux(
        &mut self,
        op: Op,
        program: &mut Program,
        rtypes: &BTreeMap<String, RTypeId>,
        func: &mut Func,
        names: &mut Names,
        args: &mut Vec<Value>,
    ) -> Result<Aux> {
        Ok(match op.aux_kind() {
            AuxKind::None => Aux::None,
            AuxKind::Int => Aux::Int(self.int()?),
            AuxKind::Float => Aux::Float(self.float_bits()?),
            AuxKind::Func => {
                let callee = self.func(program)?;
                if op != Op::FuncAddr {
                    *args = self.values(func, names)?;
                }
                Aux::Func(callee)
            }
            AuxKind::Global => Aux::Global(self.global(program)?),
            AuxKind::Type => Aux::Type(self.ty(program)?),
            AuxKind::Field => {
                let ty = self.ty(program)?;
                self.want('.')?;
                Aux::Field(ty, self.small()?)
            }
            AuxKind::RType => Aux::RType(self.rtype(rtypes)?),
            AuxKind::Convert | AuxKind::Assert => {
                let from = self.rtype(rtypes)?;
                if !self.got_word("to") {
                    return self.error("expected `to`");
                }
                let to = self.rtype(rtypes)?;
                if op.aux_kind() == AuxKind::Convert {
                    Aux::Convert { from, to }
                } else {
                    Aux::Assert { from, to, ok: self.got_word("ok") }
                }
            }
            AuxKind::Method => Aux::Method { iface: self.rtype(rtypes)?, index: self.small()? },
            AuxKind::Cond => Aux::Cond(self.keyword(Cond::from_word)?),
            AuxKind::FloatCond => Aux::FloatCond(self.keyword(FloatCond::from_word)?),
            AuxKind::Check => {
                let check = self.keyword(Check::from_word)?;
                let sign = |w: &str| ["unsigned", "signed"].iter().position(|&s| s == w);
                Aux::Check { check, signed: self.keyword(sign)? == 1 }
            }
            AuxKind::Intrinsic => {
                let which = self.keyword(Intrinsic::from_word)?;
                *args = self.values(func, names)?;
                Aux::Intrinsic(which)
            }
            AuxKind::Signature => {
                self.want('(')?;
                let params = self.type_list(program)?;
                let results = self.results(program)?;
                Aux::Signature(Box::new(Signature { params, results }))
            }
            AuxKind::Asm => Aux::Asm(Box::new(Asm { template: self.string()?, constraints: self.string()? })),
            AuxKind::Targets => {
                if op == Op::Br {
                    args.push(self.value_id(func, names)?);
                    self.want(',')?;
                }
                let mut targets = vec![self.target(func, names)?];
                while self.got(',') {
                    targets.push(self.target(func, names)?);
                }
                Aux::Targets(targets)
            }
            AuxKind::Switch => self.switch(func, names, args)?,
        })
    }

    fn switch(&mut self, func: &mut Func, names: &mut Names, args: &mut Vec<Value>) -> Result<Aux> {
        args.push(self.value_id(func, names)?);
        let (mut cases, mut targets) = (Vec::new(), Vec::new());
        loop {
            self.want(',')?;
            let last = self.got_word("default");
            if !last {
                cases.push(self.int()?);
            }
            self.want(':')?;
            targets.push(self.target(func, names)?);
            if last {
                return Ok(Aux::Switch(Box::new(Switch { cases, targets })));
            }
        }
    }

    fn target(&mut self, func: &mut Func, names: &mut Names) -> Result<Target> {
        let block = self.block_id(func, names)?;
        let args = if *self.peek() == Token::Punct('(') { self.values(func, names)? } else { Vec::new() };
        Ok(Target::new(block, args))
    }

    pub(super) fn keyword<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
        let word = self.word("a keyword")?;
        match parse(&word) {
            Some(item) => Ok(item),
            None => self.back(&format!("unknown keyword `{word}`")),
        }
    }
}

/// The number of `v12` or `b3`.
fn entity(word: &str, prefix: char) -> Option<u32> {
    let digits = word.strip_prefix(prefix)?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

fn parse_int(text: &str) -> Option<i64> {
    text.parse::<i64>().ok()
}

/// The id that the next item of an index vector of this length gets.
pub(super) fn id<K: Entity>(index: usize) -> K {
    K::from_index(index)
}
