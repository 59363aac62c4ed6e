//! `for range` over functions: the body becomes a function that the iterator calls.
//!
//! The loop has two cells: `state`, which tells whether the body may be called, and `next`, which tells what follows the
//! iterator's return: nothing, or one of the jumps out of the body, by number. A jump in the body stores its number and
//! returns false; after the call the enclosing function jumps for it, which in a loop around it may in turn be such a
//! jump.

use ir::{Cond, Func, Signature, Type, Value};
use rustc_hash::FxHashMap;
use syntax::ast::{ExprId, StmtId, StmtKind};
use types::{ObjId, TypeKind};

use crate::func::{FuncGen, Local, ResultSlot};
use crate::program::Origin;
use crate::range::Range;

/// The body may be called.
const READY: i64 = 1;
/// The body has returned false.
const DONE: i64 = 0;
/// The body is running (or has panicked).
const RUNNING: i64 = -1;
/// The iterator has returned.
const EXHAUSTED: i64 = 2;

/// A jump out of a loop body.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Exit {
    Return,
    Break(StmtId),
    Continue(StmtId),
    Goto(StmtId),
}

/// What a loop body keeps of the function around it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kept {
    Variable(ObjId),
    Result(usize),
    /// The activation that `defer` belongs to.
    Frame,
}

/// A function that is the body of a loop.
pub(crate) struct YieldBody {
    /// The range statement.
    stmt: StmtId,
    state: Value,
    next: Value,
    ctx: Value,
    exits: Vec<Exit>,
    /// Variables of the functions around, by object.
    around: FxHashMap<ObjId, types::TypeId>,
    kept: Vec<Kept>,
    kept_addrs: FxHashMap<Kept, Value>,
    /// Labels inside the body.
    labels: Vec<StmtId>,
    /// Results of the function that the loop stands in.
    results: Vec<types::TypeId>,
}

impl YieldBody {
    /// Whether a label stands inside the body.
    pub fn contains(&self, label: StmtId) -> bool {
        self.labels.contains(&label)
    }
}

/// Fields of a body's record before the kept variables: code, state, next.
const FIXED: u32 = 3;

impl<'u> FuncGen<'_, '_, 'u> {
    /// A variable of this function, or of one around the loop whose body this is.
    pub fn local(&mut self, obj: ObjId) -> Option<Local> {
        if let Some(&local) = self.locals.get(&obj) {
            return Some(local);
        }
        let ty = *self.yield_body.as_ref()?.around.get(&obj)?;
        let addr = self.kept(Kept::Variable(obj));
        let local = Local { addr, ty };
        self.locals.insert(obj, local);
        Some(local)
    }

    /// Address of something kept, loaded from the record at the start of the function.
    fn kept(&mut self, what: Kept) -> Value {
        let Some(body) = &mut self.yield_body else { return Value(0) };
        if let Some(&addr) = body.kept_addrs.get(&what) {
            return addr;
        }
        let index = FIXED + body.kept.len() as u32;
        body.kept.push(what);
        let ctx = body.ctx;
        let addr = self.load_kept(ctx, index);
        if let Some(body) = &mut self.yield_body {
            body.kept_addrs.insert(what, addr);
        }
        addr
    }

    /// Loads pointer `index` of the record, in the entry block.
    fn load_kept(&mut self, ctx: Value, index: u32) -> Value {
        let mut fields = vec![Type::CODE];
        fields.resize(index as usize + 1, Type::PTR);
        // The record of fewer fields is a prefix of the whole.
        let record = self.g.program.types.structure(&fields);
        let field = ir::Aux::Field(record, index);
        let addr = self.func.make_inst(ir::Op::FieldAddr, Type::PTR, [ctx], field, &[Type::PTR], self.loc);
        let ptr = self.func.insts[addr].result();
        let load = self.func.make_inst(ir::Op::Load, Type::PTR, [ptr], ir::Aux::None, &[Type::PTR], self.loc);
        self.temps.extend([addr, load]);
        self.func.insts[load].result()
    }

    /// Where `return` puts its values.
    pub fn return_slots(&mut self) -> Vec<ResultSlot> {
        let Some(body) = &self.yield_body else { return self.results.clone() };
        let types = body.results.clone();
        types
            .into_iter()
            .enumerate()
            .map(|(i, ty)| ResultSlot { ty, addr: Some(self.kept(Kept::Result(i))) })
            .collect()
    }

    /// In a loop body, the activation of the function around it, which `defer` belongs to.
    pub fn defer_frame(&mut self) -> Option<Value> {
        self.yield_body.is_some().then(|| self.kept(Kept::Frame))
    }

    /// `return` in a loop body, its values stored.
    pub fn yield_return(&mut self) {
        self.yield_exit(Exit::Return);
    }

    /// `break` or `continue` whose target is not inside this function.
    pub fn yield_branch(&mut self, target: StmtId, cont: bool) {
        let Some(body) = &self.yield_body else {
            return self.broken(source::Pos::NONE, "a branch out of the function");
        };
        if body.stmt != target {
            return self.yield_exit(if cont { Exit::Continue(target) } else { Exit::Break(target) });
        }
        let state = body.state;
        self.end_body(state, cont);
    }

    pub fn yield_goto(&mut self, target: StmtId) {
        self.yield_exit(Exit::Goto(target));
    }

    fn yield_exit(&mut self, exit: Exit) {
        let Some(body) = &mut self.yield_body else { return };
        let number = match body.exits.iter().position(|e| *e == exit) {
            Some(i) => i,
            None => {
                body.exits.push(exit);
                body.exits.len() - 1
            }
        };
        let (state, next) = (body.state, body.next);
        let code = self.int_const(number as i64 + 1);
        self.store(next, code);
        self.end_body(state, false);
    }

    /// Returns from the body: true to go on.
    fn end_body(&mut self, state: Value, go_on: bool) {
        let code = self.int_const(if go_on { READY } else { DONE });
        self.store(state, code);
        let result = self.bool_const(go_on);
        self.b().ret([result]);
    }

    pub fn range_func(&mut self, range: Range<'u>, func: Value, sig: &types::Signature) {
        let Some(yield_ty) = sig.params.first().map(|p| self.g.canonical(p.ty)) else { return };
        let Some(yield_sig) = self.g.signature(yield_ty) else { return };
        let int = self.int();
        let (state, next) = (self.alloc(int), self.alloc(int));
        let ready = self.int_const(READY);
        self.store(state, ready);
        let mut machine = self.g.machine_signature(None, &yield_sig);
        machine.params.push(Type::PTR);
        let name = self.child_name("range");
        let (id, body) = self.yield_func(name, machine, range, &yield_sig);
        let mut captures = vec![state, next];
        for kept in body.kept {
            captures.push(match kept {
                Kept::Variable(obj) => self.local(obj).map_or(state, |local| local.addr),
                Kept::Result(i) => match self.return_slots().get(i).and_then(|slot| slot.addr) {
                    Some(addr) => addr,
                    None => self.null(),
                },
                Kept::Frame => match self.defer_frame() {
                    Some(frame) => frame,
                    None => self.b().value(ir::Op::DeferFrame, Type::PTR, [], ir::Aux::None),
                },
            });
        }
        let yield_value = self.make_closure(id, captures);
        self.g.needs(ir::Op::CallClosure);
        let sig = Signature { params: vec![Type::PTR], results: vec![] };
        let aux = ir::Aux::Signature(Box::new(sig));
        self.b().call_op(ir::Op::CallClosure, aux, &[], [func, yield_value]);
        let exhausted = self.int_const(EXHAUSTED);
        self.store(state, exhausted);
        if body.exits.is_empty() {
            return;
        }
        let which = self.load(int, next);
        for (i, exit) in body.exits.into_iter().enumerate() {
            let (this, other) = (self.new_block(), self.new_block());
            let code = self.int_const(i as i64 + 1);
            let equal = self.b().icmp(Cond::Eq, which, code);
            self.br(equal, this, other);
            self.enter(this);
            match exit {
                Exit::Return => self.return_here(),
                Exit::Break(stmt) => self.leave_loop(stmt, false),
                Exit::Continue(stmt) => self.leave_loop(stmt, true),
                Exit::Goto(stmt) => self.go_to(stmt),
            }
            self.enter(other);
        }
    }

    /// Generates the function of a loop body.
    fn yield_func(
        &mut self,
        name: String,
        machine: Signature,
        range: Range<'u>,
        sig: &types::Signature,
    ) -> (ir::FuncId, YieldBody) {
        let mut func = Func::new(name, machine);
        func.loc = self.loc;
        let id = self.g.add_func(func.clone());
        let outer = std::mem::replace(&mut self.g.current, Origin { from: Some(id) });
        let mut around: FxHashMap<ObjId, types::TypeId> =
            self.yield_body.as_ref().map_or_else(FxHashMap::default, |body| body.around.clone());
        around.extend(self.locals.iter().map(|(&obj, local)| (obj, local.ty)));
        let results = self.return_slots_types();
        let params = self.g.param_types(&sig.params);
        let mut f = FuncGen::new(
            &mut *self.g,
            self.tree,
            self.info,
            self.file.clone(),
            self.version,
            self.env.clone(),
            func,
        );
        f.id = Some(id);
        f.nobounds = self.nobounds;
        f.loc = self.loc;
        let mut labels = Vec::new();
        collect_labels(f.tree, range.body, &mut labels);
        let values = f.params();
        let ctx = *values.last().unwrap_or(&Value(0));
        let (state, next) = (f.load_kept(ctx, 1), f.load_kept(ctx, 2));
        f.yield_body = Some(Box::new(YieldBody {
            stmt: range.stmt,
            state,
            next,
            ctx,
            exits: Vec::new(),
            around,
            kept: Vec::new(),
            kept_addrs: FxHashMap::default(),
            labels,
            results,
        }));
        f.check_state(state);
        let values: Vec<_> = values.into_iter().zip(params).collect();
        f.range_vars(range, &values);
        f.block_stmt(range.body);
        if !f.terminated() {
            f.end_body(state, true);
        }
        let body = f.yield_body.take();
        f.finish_as(id);
        self.g.current = outer;
        let body = body.map(|body| *body);
        (id, body.unwrap_or_else(|| unreachable_body(range.stmt)))
    }

    fn return_slots_types(&self) -> Vec<types::TypeId> {
        match &self.yield_body {
            Some(body) => body.results.clone(),
            None => self.results.iter().map(|slot| slot.ty).collect(),
        }
    }

    /// Panics unless the loop may go on (Go's texts are the runtime's).
    fn check_state(&mut self, state: Value) {
        let int = self.int();
        let now = self.load(int, state);
        let ready = self.int_const(READY);
        let ok = self.b().icmp(Cond::Eq, now, ready);
        let (good, bad) = (self.new_block(), self.new_block());
        self.br(ok, good, bad);
        self.enter(bad);
        self.rt("runtime.panicRangeState", [now]);
        self.jump(good);
        self.enter(good);
        let running = self.int_const(RUNNING);
        self.store(state, running);
    }

    /// Whether a function contains a loop over a function, whose body may return for it.
    pub fn contains_range_func(&mut self, stmt: StmtId) -> bool {
        let mut ranges = Vec::new();
        collect_ranges(self.tree, stmt, &mut ranges);
        ranges.into_iter().any(|x| {
            let ty = self.ty(x);
            matches!(self.g.under(ty), TypeKind::Signature(_))
        })
    }
}

fn unreachable_body(stmt: StmtId) -> YieldBody {
    YieldBody {
        stmt,
        state: Value(0),
        next: Value(0),
        ctx: Value(0),
        exits: Vec::new(),
        around: FxHashMap::default(),
        kept: Vec::new(),
        kept_addrs: FxHashMap::default(),
        labels: Vec::new(),
        results: Vec::new(),
    }
}

/// Calls `f` for the statements directly inside a statement; not those of function literals.
pub(crate) fn for_each_child(tree: &syntax::ast::Tree, stmt: StmtId, f: &mut dyn FnMut(StmtId)) {
    match tree[stmt].kind {
        StmtKind::Block { stmts, .. } => tree.stmts(stmts).iter().for_each(|&s| f(s)),
        StmtKind::If { then, els, .. } => {
            f(then);
            if let Some(els) = els {
                f(els);
            }
        }
        StmtKind::For { body, .. } | StmtKind::Range { body, .. } => f(body),
        StmtKind::Labeled { stmt, .. } => f(stmt),
        StmtKind::Switch { cases, .. } | StmtKind::TypeSwitch { cases, .. } => {
            for case in tree.cases(cases) {
                tree.stmts(case.body).iter().for_each(|&s| f(s));
            }
        }
        StmtKind::Select { cases, .. } => {
            for case in tree.comms(cases) {
                tree.stmts(case.body).iter().for_each(|&s| f(s));
            }
        }
        _ => {}
    }
}

fn collect_labels(tree: &syntax::ast::Tree, stmt: StmtId, out: &mut Vec<StmtId>) {
    if let StmtKind::Labeled { .. } = tree[stmt].kind {
        out.push(stmt);
    }
    for_each_child(tree, stmt, &mut |child| collect_labels(tree, child, out));
}

fn collect_ranges(tree: &syntax::ast::Tree, stmt: StmtId, out: &mut Vec<ExprId>) {
    if let StmtKind::Range { x, .. } = tree[stmt].kind {
        out.push(x);
    }
    for_each_child(tree, stmt, &mut |child| collect_ranges(tree, child, out));
}
