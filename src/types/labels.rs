//! The targets of `goto` (specification: "Goto statements"). What is wrong with labels was reported with the syntax.

use crate::ctx::Ctx;
use source::Name;
use syntax::ast::{BranchKind, StmtId, StmtKind, StmtList};

#[derive(Default)]
struct Found {
    labels: Vec<(Name, StmtId)>,
    gotos: Vec<(StmtId, Name)>,
}

impl Ctx<'_> {
    /// Records where each `goto` of a function's body leads (not those of function literals in it).
    pub fn goto_targets(&mut self, body: StmtId) {
        let mut found = Found::default();
        self.find_gotos(&mut found, body);
        for (goto, name) in found.gotos {
            if let Some(&(_, target)) = found.labels.iter().find(|l| l.0 == name) {
                self.facts().branches.insert(goto, target);
            }
        }
    }

    fn find_gotos_in(&self, found: &mut Found, list: StmtList) {
        for &s in self.tree.stmts(list) {
            self.find_gotos(found, s);
        }
    }

    fn find_gotos(&self, found: &mut Found, s: StmtId) {
        match self.tree[s].kind {
            StmtKind::Labeled { label, stmt } => {
                found.labels.push((label.name, s));
                self.find_gotos(found, stmt);
            }
            StmtKind::Branch { kind: BranchKind::Goto, label: Some(label) } => {
                found.gotos.push((s, label.name));
            }
            StmtKind::Block { stmts, .. } => self.find_gotos_in(found, stmts),
            StmtKind::If { then, els, .. } => {
                self.find_gotos(found, then);
                if let Some(els) = els {
                    self.find_gotos(found, els);
                }
            }
            StmtKind::Switch { cases, .. } | StmtKind::TypeSwitch { cases, .. } => {
                for clause in self.tree.cases(cases) {
                    self.find_gotos_in(found, clause.body);
                }
            }
            StmtKind::Select { cases, .. } => {
                for clause in self.tree.comms(cases) {
                    self.find_gotos_in(found, clause.body);
                }
            }
            StmtKind::For { body, .. } | StmtKind::Range { body, .. } => self.find_gotos(found, body),
            _ => {}
        }
    }
}
