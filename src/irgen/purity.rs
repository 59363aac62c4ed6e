//! Whether evaluating an initialiser has an effect besides its value: composite literals, conversions, allocations and
//! calls of functions that do nothing else have none.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use syntax::ast::{BinaryOp, DeclKind, ExprId, ExprKind, StmtId, StmtKind, UnaryOp};
use types::{Builtin, Initializer, Mode, ObjId, ObjKind, PackageId, SelectionKind, VarKind};

use crate::program::Gen;
use crate::statics::Source;

/// Functions deeper in calls than this count as impure.
const MAX_DEPTH: usize = 8;

#[derive(Default)]
pub(crate) struct Purity {
    known: FxHashMap<ObjId, bool>,
    depth: usize,
}

impl Gen<'_> {
    pub fn is_pure_initializer(&mut self, pkg: PackageId, init: &Initializer) -> bool {
        let file = self.checker.store.package(pkg).files[init.file as usize].file.clone();
        let info = self.file_facts(pkg, init.file as usize);
        self.pure_expr(Source { tree: &file.tree, info: &info }, init.rhs)
    }

    fn pure_exprs(&mut self, s: Source<'_>, list: &[ExprId]) -> bool {
        list.iter().all(|&e| self.pure_expr(s, e))
    }

    fn pure_expr(&mut self, s: Source<'_>, e: ExprId) -> bool {
        if matches!(s.info.expr(e).mode, Mode::Const | Mode::Type | Mode::Nil) {
            return true;
        }
        match s.tree[e].kind {
            ExprKind::Name(_) | ExprKind::Literal { .. } | ExprKind::FuncLit { .. } => true,
            ExprKind::Paren { x, .. } => self.pure_expr(s, x),
            ExprKind::Composite { elems, .. } => self.pure_exprs(s, s.tree.exprs(elems)),
            // Keys of struct literals are no expressions.
            ExprKind::KeyValue { key, value } => {
                (s.info.expr(key).mode == Mode::None || self.pure_expr(s, key)) && self.pure_expr(s, value)
            }
            ExprKind::Selector { x, .. } => match s.info.selection(e) {
                None => true,
                Some(selection) if selection.indirect => false,
                Some(_) => self.pure_expr(s, x),
            },
            ExprKind::Unary { op: UnaryOp::Recv, .. } => false,
            ExprKind::Unary { x, .. } => self.pure_expr(s, x),
            ExprKind::Binary { op: BinaryOp::Div | BinaryOp::Rem, x, y } => {
                s.info.expr(y).mode == Mode::Const && self.pure_expr(s, x)
            }
            ExprKind::Binary { x, y, .. } => self.pure_expr(s, x) && self.pure_expr(s, y),
            ExprKind::Call { fun, args, .. } => {
                self.pure_exprs(s, s.tree.exprs(args)) && self.pure_callee(s, s.tree.unparen(fun))
            }
            _ => false,
        }
    }

    fn pure_callee(&mut self, s: Source<'_>, fun: ExprId) -> bool {
        match s.info.expr(fun).mode {
            Mode::Type => return true,
            Mode::Builtin(which) => {
                return !matches!(
                    which,
                    Builtin::Panic
                        | Builtin::Print
                        | Builtin::Println
                        | Builtin::Close
                        | Builtin::Clear
                        | Builtin::Copy
                        | Builtin::Delete
                        | Builtin::Recover
                );
            }
            _ => {}
        }
        let mut name = fun;
        if let ExprKind::Index { x, .. } = s.tree[fun].kind {
            name = s.tree.unparen(x);
        }
        let obj = match s.info.selection(name) {
            Some(selection) => match selection.kind {
                SelectionKind::Method { obj } => {
                    let ExprKind::Selector { x, .. } = s.tree[name].kind else { return false };
                    if !self.pure_expr(s, x) {
                        return false;
                    }
                    Some(obj)
                }
                _ => None,
            },
            None => s.info.object(name),
        };
        obj.is_some_and(|obj| self.pure_func(obj))
    }

    /// Whether a function does nothing but compute its results.
    fn pure_func(&mut self, obj: ObjId) -> bool {
        if let Some(&known) = self.purity.known.get(&obj) {
            return known;
        }
        let has_body = match self.checker.store.obj(obj).kind {
            ObjKind::Func(func) => func.has_body,
            _ => false,
        };
        if !has_body || self.purity.depth >= MAX_DEPTH {
            return false;
        }
        // A recursive function may not end.
        self.purity.known.insert(obj, false);
        self.purity.depth += 1;
        let body = self.checker.check_func_body(obj);
        let file = Arc::clone(&body.file.0);
        let source_file = self.source(file.id);
        let pure = match file.func(body.decl).body(&source_file.bytes) {
            Some(text) => {
                let s = Source { tree: &text.tree, info: &body.info };
                let (stmts, _) = text.tree.block(text.block);
                stmts.iter().all(|&stmt| self.pure_stmt(s, stmt))
            }
            None => false,
        };
        self.purity.depth -= 1;
        self.purity.known.insert(obj, pure);
        pure
    }

    fn pure_stmt(&mut self, s: Source<'_>, stmt: StmtId) -> bool {
        match s.tree[stmt].kind {
            StmtKind::Empty => true,
            StmtKind::Return { results } => self.pure_exprs(s, s.tree.exprs(results)),
            StmtKind::Define { rhs, .. } => self.pure_exprs(s, s.tree.exprs(rhs)),
            StmtKind::Assign { lhs, rhs } => {
                self.pure_exprs(s, s.tree.exprs(rhs))
                    && s.tree.exprs(lhs).iter().all(|&e| self.is_local_place(s, e))
            }
            StmtKind::OpAssign { x, y, op } => {
                !matches!(op, BinaryOp::Div | BinaryOp::Rem)
                    && self.is_local_place(s, x)
                    && self.pure_expr(s, y)
            }
            StmtKind::IncDec { x, .. } => self.is_local_place(s, x),
            StmtKind::Decl(decls) => s.tree.decls(decls).iter().all(|&decl| match s.tree[decl].kind {
                DeclKind::Var { values, .. } => self.pure_exprs(s, s.tree.exprs(values)),
                _ => true,
            }),
            StmtKind::Block { stmts, .. } => s.tree.stmts(stmts).iter().all(|&stmt| self.pure_stmt(s, stmt)),
            StmtKind::If { init, cond, then, els } => {
                init.is_none_or(|init| self.pure_stmt(s, init))
                    && self.pure_expr(s, cond)
                    && self.pure_stmt(s, then)
                    && els.is_none_or(|els| self.pure_stmt(s, els))
            }
            StmtKind::Expr(e) => self.pure_expr(s, e),
            _ => false,
        }
    }

    /// A variable of the function, or a field of one, without going through a pointer.
    fn is_local_place(&self, s: Source<'_>, e: ExprId) -> bool {
        match s.tree[e].kind {
            ExprKind::Paren { x, .. } => self.is_local_place(s, x),
            ExprKind::Name(name) => {
                name.is_blank()
                    || s.info
                        .object(e)
                        .and_then(|obj| self.checker.store.obj(obj).var())
                        .is_some_and(|var| var.kind != VarKind::Package)
            }
            ExprKind::Selector { x, .. } => {
                s.info.selection(e).is_some_and(|selection| !selection.indirect) && self.is_local_place(s, x)
            }
            _ => false,
        }
    }
}
