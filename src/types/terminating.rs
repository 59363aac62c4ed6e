//! Terminating statements (specification: "Terminating statements").

use crate::ctx::Ctx;
use crate::universe::Builtin;
use source::Name;
use syntax::ast::{BranchKind, ExprKind, StmtId, StmtKind, StmtList};

impl Ctx<'_> {
    pub fn is_terminating_list(&mut self, list: &[StmtId]) -> bool {
        let last = list.iter().rfind(|&&s| !matches!(self.tree[s].kind, StmtKind::Empty));
        last.is_some_and(|&s| self.is_terminating(s, None))
    }

    fn is_terminating(&mut self, s: StmtId, label: Option<Name>) -> bool {
        match self.tree[s].kind {
            StmtKind::Return { .. } => true,
            StmtKind::Branch { kind, .. } => matches!(kind, BranchKind::Goto | BranchKind::Fallthrough),
            StmtKind::Expr(e) => {
                // A call of the predeclared panic.
                let call = self.tree.unparen(e);
                let ExprKind::Call { fun, .. } = self.tree[call].kind else { return false };
                // A call with a wrong argument is none.
                self.facts().exprs[fun.index()].mode == crate::Mode::Builtin(Builtin::Panic)
                    && self.facts().exprs[call.index()].mode != crate::Mode::None
            }
            StmtKind::Block { stmts, .. } => {
                let stmts = self.tree.stmts(stmts);
                self.is_terminating_list(stmts)
            }
            StmtKind::If { then, els: Some(els), .. } => {
                self.is_terminating(then, None) && self.is_terminating(els, None)
            }
            StmtKind::For { cond: None, body, .. } => !self.has_break(body, label, true),
            StmtKind::Switch { cases, .. } | StmtKind::TypeSwitch { cases, .. } => {
                let clauses = self.tree.cases(cases);
                clauses.iter().any(|c| c.is_default)
                    && clauses.iter().all(|c| self.clause_ends(c.body, label))
            }
            StmtKind::Select { cases, .. } => {
                let clauses = self.tree.comms(cases);
                clauses.iter().all(|c| self.clause_ends(c.body, label))
            }
            StmtKind::Labeled { label, stmt } => self.is_terminating(stmt, Some(label.name)),
            _ => false,
        }
    }

    fn clause_ends(&mut self, body: StmtList, label: Option<Name>) -> bool {
        let stmts = self.tree.stmts(body);
        self.is_terminating_list(stmts) && !stmts.iter().any(|&s| self.has_break(s, label, true))
    }

    /// Whether a `break` in `s` leaves the enclosing statement, whose label is `label`; `direct` says that an unlabelled
    /// one would.
    fn has_break(&mut self, s: StmtId, label: Option<Name>, direct: bool) -> bool {
        match self.tree[s].kind {
            StmtKind::Branch { kind: BranchKind::Break, label: target } => match target {
                None => direct,
                Some(target) => Some(target.name) == label,
            },
            StmtKind::Block { stmts, .. } => self.list_has_break(stmts, label, direct),
            StmtKind::If { then, els, .. } => {
                self.has_break(then, label, direct) || els.is_some_and(|e| self.has_break(e, label, direct))
            }
            StmtKind::Labeled { stmt, .. } => self.has_break(stmt, label, direct),
            StmtKind::Switch { cases, .. } | StmtKind::TypeSwitch { cases, .. } => {
                label.is_some()
                    && self.tree.cases(cases).iter().any(|c| self.list_has_break(c.body, label, false))
            }
            StmtKind::Select { cases, .. } => {
                label.is_some()
                    && self.tree.comms(cases).iter().any(|c| self.list_has_break(c.body, label, false))
            }
            StmtKind::For { body, .. } | StmtKind::Range { body, .. } => {
                label.is_some() && self.has_break(body, label, false)
            }
            _ => false,
        }
    }

    fn list_has_break(&mut self, list: StmtList, label: Option<Name>, direct: bool) -> bool {
        self.tree.stmts(list).iter().any(|&s| self.has_break(s, label, direct))
    }
}
