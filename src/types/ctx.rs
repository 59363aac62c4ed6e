//! The context in which declarations, expressions and statements are checked: tree, scopes, enclosing functions.

use crate::Checker;
use crate::info::{Info, InfoId, Mode, TypeAndMode};
use crate::object::{ObjId, ObjKind, Object, Var, VarKind};
use crate::operand::{OpMode, Operand};
use crate::package::PackageId;
use crate::ty::*;
use crate::type_string::Qualify;
use rustc_hash::FxHashSet;
use source::{Diagnostic, Name, Pos};
use std::sync::Arc;
use syntax::ast::{ExprId, ExprKind, Ident, StmtId, Tree};

/// What is checked now. A nested context (another file's declaration, needed on the way) borrows the same checker.
pub(crate) struct Ctx<'a> {
    pub c: &'a mut Checker,
    pub tree: &'a Tree,
    pub info: InfoId,
    pub pkg: PackageId,
    /// Index of the file in its package.
    pub file: u32,
    pub go_version: (u32, u32),
    /// Local scopes, innermost last; `marks` are where the open ones begin.
    pub locals: Vec<(Name, ObjId)>,
    pub marks: Vec<usize>,
    /// The value of `iota` in a constant declaration.
    pub iota: Option<i64>,
    /// Errors in a repeated constant expression are reported here.
    pub error_pos: Option<Pos>,
    /// The package-level object whose declaration or body this is; what it mentions are its dependencies.
    pub decl: Option<ObjId>,
    /// Function literals in the declaration of a local type, whose bodies wait for it, with the scopes around them.
    pub late_literals: Vec<LateLiteral>,
    /// How many declarations of local types are open.
    pub local_types: u32,
    /// Where the innermost statement, or the declaration in it, begins.
    pub stmt_pos: Pos,
    /// Enclosing functions, outermost first.
    pub funcs: Vec<FuncState>,
    /// Type parameters of the enclosing function and its receiver.
    pub tparams: Arc<[TypeId]>,
    /// Local variables declared so far, for the report of unused ones.
    pub declared: Vec<ObjId>,
    /// The expression contained a call or receive: then `len` of it is no constant.
    pub has_call_or_recv: bool,
    /// Untyped constant left operands of shifts whose type is not known yet.
    pub shift_operands: FxHashSet<ExprId>,
    /// Nesting of expressions and types, against stack overflow.
    pub depth: u32,
    /// The type just evaluated is this generic type applied to its own parameters.
    pub applied_generic: Option<TypeId>,
    /// Statements that `break` and `continue` may leave, innermost last.
    pub targets: Vec<Target>,
    /// Label of the statement that comes next.
    pub pending_label: Option<Name>,
}

/// A statement that `break` or `continue` may mean.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub stmt: StmtId,
    pub is_loop: bool,
    pub label: Option<Name>,
}

/// A function literal whose body is checked later.
pub(crate) struct LateLiteral {
    pub lit: ExprId,
    pub sig: TypeId,
    pub locals: Vec<(Name, ObjId)>,
    pub marks: Vec<usize>,
}

/// A function whose body is being checked.
pub(crate) struct FuncState {
    pub results: Arc<[Param]>,
    pub result_objs: Vec<ObjId>,
    /// Variables of enclosing functions that it uses.
    pub captures: Vec<ObjId>,
}

/// Expressions and types nested deeper than this are refused.
pub(crate) const MAX_DEPTH: u32 = 1500;

impl<'a> Ctx<'a> {
    pub fn new(
        c: &'a mut Checker,
        tree: &'a Tree,
        info: InfoId,
        (pkg, file): (PackageId, u32),
        decl: Option<ObjId>,
    ) -> Ctx<'a> {
        let go_version = c.store.package(pkg).files[file as usize].go_version;
        Ctx {
            c,
            tree,
            info,
            pkg,
            file,
            go_version,
            locals: Vec::new(),
            marks: Vec::new(),
            iota: None,
            error_pos: None,
            decl,
            late_literals: Vec::new(),
            local_types: 0,
            stmt_pos: Pos::NONE,
            funcs: Vec::new(),
            tparams: Arc::default(),
            declared: Vec::new(),
            has_call_or_recv: false,
            shift_operands: FxHashSet::default(),
            depth: 0,
            applied_generic: None,
            targets: Vec::new(),
            pending_label: None,
        }
    }

    // ------------------------------------------------------------------------------------------------------- errors

    pub fn error(&mut self, pos: Pos, message: impl Into<String>) {
        let pos = self.error_pos.unwrap_or(pos);
        self.c.error(pos, message);
    }

    /// An error at the leftmost byte of an expression.
    pub fn error_at(&mut self, e: ExprId, message: impl Into<String>) {
        let pos = self.tree.start(e);
        self.error(pos, message);
    }

    pub fn error_related(&mut self, pos: Pos, message: String, at: Pos, related: String) {
        let diagnostic = Diagnostic::error(pos, message);
        self.c.report(if at.is_known() { diagnostic.with_related(at, related) } else { diagnostic });
    }

    /// A type as messages of this package show it.
    pub fn ts(&self, t: TypeId) -> String {
        self.c.store.type_string(t, Qualify::Relative(self.pkg))
    }

    /// An expression as messages show it.
    pub fn es(&self, e: ExprId) -> String {
        syntax::print::expr(self.tree, e)
    }

    /// `file:line:col`, for positions inside messages.
    pub fn position(&self, pos: Pos) -> String {
        source::render::position(&self.c.files, pos)
    }

    /// Reports an error unless the file's language version is at least this.
    pub fn require(&mut self, version: (u32, u32), pos: Pos, what: impl FnOnce(&Ctx) -> String) -> bool {
        if self.go_version >= version {
            return true;
        }
        let (what, reason) = (what(self), self.c.version_reason(self.pkg, self.file));
        self.error(pos, format!("{what} requires go{}.{} or later ({reason})", version.0, version.1));
        false
    }

    // -------------------------------------------------------------------------------------------------------- facts

    pub fn facts(&mut self) -> &mut Info {
        &mut self.c.infos[self.info.0 as usize]
    }

    /// Records mode, type and value of an operand at its expression.
    pub fn record(&mut self, x: &Operand) {
        let mode = match &x.mode {
            OpMode::Invalid => Mode::None,
            OpMode::NoValue => Mode::NoValue,
            OpMode::Builtin(b) => Mode::Builtin(*b),
            OpMode::Type => Mode::Type,
            OpMode::Const(_) => Mode::Const,
            OpMode::Variable => Mode::Variable,
            OpMode::MapIndex => Mode::MapIndex,
            OpMode::Value => Mode::Value,
            OpMode::Nil => Mode::Nil,
            OpMode::CommaOk => Mode::CommaOk,
        };
        let (e, ty) = (x.expr, x.ty);
        let facts = self.facts();
        facts.exprs[e.index()] = TypeAndMode { mode, ty };
        if let OpMode::Const(value) = &x.mode {
            facts.values.insert(e, value.clone());
        }
    }

    pub fn record_type(&mut self, e: ExprId, ty: TypeId) {
        self.facts().exprs[e.index()] = TypeAndMode { mode: Mode::Type, ty };
    }

    pub fn record_object(&mut self, e: ExprId, obj: ObjId) {
        self.facts().objs[e.index()] = Some(obj);
    }

    // ------------------------------------------------------------------------------------------------------- scopes

    pub fn open_scope(&mut self) {
        self.marks.push(self.locals.len());
    }

    pub fn close_scope(&mut self) {
        let mark = self.marks.pop().unwrap_or(0);
        self.locals.truncate(mark);
    }

    /// The object that a name stands for here.
    pub fn lookup(&mut self, name: Name) -> Option<ObjId> {
        if let Some(&(_, obj)) = self.locals.iter().rev().find(|l| l.0 == name) {
            return Some(obj);
        }
        let package = self.c.store.package(self.pkg);
        if let Some(&obj) = package.files[self.file as usize].scope.get(&name) {
            return Some(obj);
        }
        package.lookup(name).or_else(|| self.c.store.universe_object(name))
    }

    pub fn new_object(&mut self, name: Name, pos: Pos, ty: TypeId, kind: ObjKind) -> ObjId {
        let pkg = self.pkg;
        self.c.store.add_object(Object { name, pos, pkg, ty, kind })
    }

    /// Enters a local object into the innermost scope.
    pub fn declare(&mut self, obj: ObjId) {
        let object = self.c.store.obj(obj);
        let (name, pos) = (object.name, object.pos);
        if name.is_blank() || name.is_empty() {
            return;
        }
        let mark = self.marks.last().copied().unwrap_or(0);
        if let Some(&(_, other)) = self.locals[mark..].iter().find(|l| l.0 == name) {
            let at = self.c.store.obj(other).pos;
            let related = format!("other declaration of {name}");
            self.error_related(pos, format!("{name} redeclared in this block"), at, related);
            if let ObjKind::Var(var) = &mut self.c.store.obj_mut(obj).kind {
                var.used = true;
            }
            return;
        }
        self.locals.push((name, obj));
    }

    pub fn func_depth(&self) -> u16 {
        self.funcs.len().saturating_sub(1) as u16
    }

    /// A new local variable for the declaring name `e`; not entered into a scope yet.
    pub fn new_local(&mut self, e: ExprId, name: Name, ty: TypeId, kind: VarKind) -> ObjId {
        let pos = self.tree[e].pos;
        let var = Var::new(kind, self.func_depth());
        let obj = self.new_object(name, pos, ty, ObjKind::Var(var));
        self.record_object(e, obj);
        if kind == VarKind::Local {
            self.declared.push(obj);
        }
        obj
    }

    pub fn ident(&self, e: ExprId) -> Option<Ident> {
        match self.tree[e].kind {
            ExprKind::Name(name) => Some(Ident { pos: self.tree[e].pos, name }),
            _ => None,
        }
    }

    /// Notes that the variable is used here; it is captured if a function literal in between uses it.
    pub fn use_var(&mut self, obj: ObjId) {
        let here = self.func_depth();
        let ObjKind::Var(var) = &mut self.c.store.obj_mut(obj).kind else { return };
        var.used = true;
        if var.kind == VarKind::Package || var.depth >= here {
            return;
        }
        var.captured = true;
        let from = var.depth as usize + 1;
        for func in &mut self.funcs[from..] {
            if !func.captures.contains(&obj) {
                func.captures.push(obj);
            }
        }
    }

    /// The variable whose memory an addressable expression is part of, if no pointer or slice lies in between.
    pub fn root_variable(&mut self, mut e: ExprId) -> Option<ObjId> {
        loop {
            match self.tree[e].kind {
                ExprKind::Paren { x, .. } => e = x,
                ExprKind::Name(_) => {
                    let obj = self.facts().objs[e.index()]?;
                    return self.c.store.obj(obj).var().map(|_| obj);
                }
                ExprKind::Selector { x, .. } => {
                    let Some(selection) = self.facts().selections.get(&e) else {
                        // A qualified identifier.
                        let obj = self.facts().objs[e.index()]?;
                        return self.c.store.obj(obj).var().map(|_| obj);
                    };
                    if selection.indirect {
                        return None;
                    }
                    e = x;
                }
                ExprKind::Index { x, .. } => {
                    let ty = self.facts().exprs[x.index()].ty;
                    if !matches!(self.c.store.underlying_kind(ty), TypeKind::Array { .. }) {
                        return None;
                    }
                    e = x;
                }
                _ => return None,
            }
        }
    }

    pub fn mark_address_taken(&mut self, e: ExprId) {
        if let Some(obj) = self.root_variable(e)
            && let ObjKind::Var(var) = &mut self.c.store.obj_mut(obj).kind
        {
            var.address_taken = true;
        }
    }

    pub fn mark_reassigned(&mut self, e: ExprId) {
        if let Some(obj) = self.root_variable(e)
            && let ObjKind::Var(var) = &mut self.c.store.obj_mut(obj).kind
        {
            var.reassigned = true;
        }
    }

    /// Notes a dependency of the current declaration on an object at package level of the same package.
    pub fn depend_on(&mut self, obj: ObjId) {
        let Some(decl) = self.decl else { return };
        let deps = self.c.deps.entry(decl).or_default();
        if !deps.contains(&obj) {
            deps.push(obj);
        }
    }
}
