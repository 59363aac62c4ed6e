//! Labels and branch statements of a function body (specification: "Labeled statements" to "Fallthrough statements").
//! Go's compiler checks them with the syntax, before types, and so do we.

use crate::ast::{BranchKind, Ident, StmtId, StmtKind, Tree};
use crate::print;
use source::{Diagnostic, Name, Pos, SourceFile, render};

/// Checks the block of one function. Function literals in it are functions of their own and not looked into.
pub(crate) fn check(tree: &Tree, block: StmtId, file: &SourceFile, errors: &mut Vec<Diagnostic>) {
    let mut checker = Checker { tree, file, labels: Vec::new(), blocks: Vec::new(), errors };
    let (stmts, _) = tree.block(block);
    let forward = checker.block(None, Targets::default(), None, tree[block].pos, stmts);
    for goto in forward {
        let name = goto.label.name;
        let message = match checker.labels.iter_mut().find(|l| l.label.name == name) {
            Some(label) => {
                label.used = true;
                let start = checker.blocks[label.block].start;
                format!("goto {name} jumps into block starting at {}", checker.place(start))
            }
            None => format!("label {name} not defined"),
        };
        checker.error(goto.label.pos, message);
    }
    let unused: Vec<Ident> = checker.labels.iter().filter(|l| !l.used).map(|l| l.label).collect();
    for label in unused {
        checker.error(label.pos, format!("label {} defined and not used", label.name));
    }
}

struct Checker<'a> {
    tree: &'a Tree,
    file: &'a SourceFile,
    labels: Vec<Label>,
    blocks: Vec<Block>,
    errors: &'a mut Vec<Diagnostic>,
}

/// A label declaration; labels belong to the whole function, not to blocks.
struct Label {
    label: Ident,
    /// The block that the labeled statement stands in.
    block: usize,
    /// What is labeled; with two labels, for the first one the statement with the second.
    stmt: StmtId,
    used: bool,
}

struct Block {
    parent: Option<usize>,
    start: Pos,
    /// The labeled statement that the block is part of.
    labeled: Option<StmtId>,
}

/// What unlabeled branch statements refer to.
#[derive(Clone, Copy, Default)]
struct Targets {
    breaks: Option<StmtId>,
    continues: bool,
    /// In a clause of a switch: which, and of how many. Unset again in blocks nested in it.
    case: Option<(usize, usize)>,
}

/// A goto whose label has not been seen.
struct Goto {
    label: Ident,
    /// Whether a variable has been declared since, in the block being walked.
    jumps: bool,
}

impl Checker<'_> {
    fn error(&mut self, pos: Pos, message: impl Into<String>) {
        self.errors.push(Diagnostic::error(pos, message));
    }

    fn place(&self, pos: Pos) -> String {
        render::place(&self.file.position(pos))
    }

    /// Walks a block; returns the gotos in it that found no label.
    fn block(
        &mut self,
        parent: Option<usize>,
        targets: Targets,
        labeled: Option<StmtId>,
        start: Pos,
        stmts: &[StmtId],
    ) -> Vec<Goto> {
        let block = self.blocks.len();
        self.blocks.push(Block { parent, start, labeled });
        let mut gotos = Vec::new();
        // The last variable declaration.
        let mut declared = (Pos::NONE, String::new());
        let is_empty = |id: &StmtId| matches!(self.tree[*id].kind, StmtKind::Empty);
        let last = stmts.iter().rposition(|id| !is_empty(id));
        for (i, &id) in stmts.iter().enumerate() {
            let mut id = id;
            let mut labeled = None;
            while let StmtKind::Labeled { label, stmt } = self.tree[id].kind {
                if label.name != Name::BLANK {
                    let used = self.resolve(label, &mut gotos, &declared);
                    self.declare(label, block, stmt, used);
                    labeled = Some(stmt);
                }
                id = stmt;
            }
            if let Some(declaration) = self.declaration(id) {
                declared = declaration;
                gotos.iter_mut().for_each(|goto: &mut Goto| goto.jumps = true);
            }
            if let StmtKind::Branch { kind, label } = self.tree[id].kind {
                let pos = self.tree[id].pos;
                match label {
                    Some(label) => gotos.extend(self.labeled_branch(kind, label, block)),
                    None => self.branch(kind, pos, targets, last == Some(i)),
                }
            }
            self.inner_blocks(id, block, targets, labeled, &mut gotos);
        }
        gotos
    }

    /// Walks the blocks of a statement.
    fn inner_blocks(
        &mut self,
        id: StmtId,
        block: usize,
        targets: Targets,
        labeled: Option<StmtId>,
        gotos: &mut Vec<Goto>,
    ) {
        let tree = self.tree;
        let mut inner = |checker: &mut Self, targets: Targets, start: Pos, stmts: &[StmtId]| {
            let unresolved = checker.block(Some(block), targets, labeled, start, stmts);
            gotos.extend(unresolved.into_iter().map(|goto| Goto { jumps: false, ..goto }));
        };
        let nested = Targets { case: None, ..targets };
        match tree[id].kind {
            StmtKind::Block { stmts, .. } => inner(self, nested, tree[id].pos, tree.stmts(stmts)),
            StmtKind::If { then, els, .. } => {
                inner(self, nested, tree[then].pos, tree.block(then).0);
                if let Some(els) = els {
                    inner(self, nested, tree[els].pos, &[els]);
                }
            }
            StmtKind::For { body, .. } | StmtKind::Range { body, .. } => {
                let targets = Targets { breaks: Some(id), continues: true, case: None };
                inner(self, targets, tree[body].pos, tree.block(body).0);
            }
            StmtKind::Switch { cases, .. } | StmtKind::TypeSwitch { cases, .. } => {
                for (i, case) in tree.cases(cases).iter().enumerate() {
                    let targets = Targets { breaks: Some(id), case: Some((i, cases.len())), ..targets };
                    inner(self, targets, case.pos, tree.stmts(case.body));
                }
            }
            StmtKind::Select { cases, .. } => {
                for case in tree.comms(cases) {
                    inner(self, Targets { breaks: Some(id), ..nested }, case.pos, tree.stmts(case.body));
                }
            }
            _ => {}
        }
    }

    /// Place and name of what a statement declares, if it declares variables.
    fn declaration(&self, id: StmtId) -> Option<(Pos, String)> {
        let stmt = &self.tree[id];
        match stmt.kind {
            StmtKind::Define { lhs, .. } => Some((stmt.pos, print::exprs(self.tree, self.tree.exprs(lhs)))),
            StmtKind::Decl(decls) => self.tree.decls(decls).iter().find_map(|&decl| {
                let decl = &self.tree[decl];
                let crate::ast::DeclKind::Var { names, .. } = decl.kind else { return None };
                let name = self.tree.exprs(names).first()?;
                Some((decl.pos, print::expr(self.tree, *name)))
            }),
            _ => None,
        }
    }

    fn declare(&mut self, label: Ident, block: usize, stmt: StmtId, used: bool) {
        match self.labels.iter_mut().find(|l| l.label.name == label.name) {
            Some(other) => {
                other.used |= used;
                let place = other.label.pos;
                let place = self.place(place);
                self.error(label.pos, format!("label {} already defined at {place}", label.name));
            }
            None => self.labels.push(Label { label, block, stmt, used }),
        }
    }

    /// Takes the gotos that wait for this label; whether there were any.
    fn resolve(&mut self, label: Ident, gotos: &mut Vec<Goto>, declared: &(Pos, String)) -> bool {
        let waiting = gotos.len();
        for goto in gotos.extract_if(.., |goto| goto.label.name == label.name) {
            if goto.jumps {
                let (name, variable, place) = (label.name, &declared.1, self.place(declared.0));
                self.error(
                    goto.label.pos,
                    format!("goto {name} jumps over declaration of {variable} at {place}"),
                );
            }
        }
        gotos.len() < waiting
    }

    /// A branch without label.
    fn branch(&mut self, kind: BranchKind, pos: Pos, targets: Targets, is_last: bool) {
        let message = match kind {
            BranchKind::Break if targets.breaks.is_none() => "break is not in a loop, switch, or select",
            BranchKind::Continue if !targets.continues => "continue is not in a loop",
            BranchKind::Fallthrough => match (targets.breaks.map(|id| self.tree[id].kind), targets.case) {
                (Some(StmtKind::TypeSwitch { .. }), _) => "cannot fallthrough in type switch",
                (Some(StmtKind::Switch { .. }), Some((i, count))) if is_last => {
                    if i + 1 < count {
                        return;
                    }
                    "cannot fallthrough final case in switch"
                }
                _ => "fallthrough statement out of place",
            },
            _ => return,
        };
        self.error(pos, message);
    }

    /// A branch with a label; returns a goto whose label is not in an enclosing block, or not yet.
    fn labeled_branch(&mut self, kind: BranchKind, label: Ident, block: usize) -> Option<Goto> {
        let name = label.name;
        let enclosing = self.enclosing_blocks(block);
        let target = self.labels.iter_mut().find(|l| l.label.name == name).map(|l| {
            // Used, even if wrongly.
            l.used = true;
            (l.stmt, l.block)
        });
        if kind == BranchKind::Goto {
            let visible = target.is_some_and(|(_, declared_in)| enclosing.contains(&declared_in));
            return (!visible).then_some(Goto { label, jumps: false });
        }
        let Some((stmt, _)) = target else {
            self.error(label.pos, format!("{} label not defined: {name}", kind.as_str()));
            return None;
        };
        let encloses = enclosing.iter().any(|&b| self.blocks[b].labeled == Some(stmt));
        let fits = match self.tree[stmt].kind {
            StmtKind::For { .. } | StmtKind::Range { .. } => true,
            StmtKind::Switch { .. } | StmtKind::TypeSwitch { .. } | StmtKind::Select { .. } => {
                kind == BranchKind::Break
            }
            _ => false,
        };
        if !encloses || !fits {
            self.error(label.pos, format!("invalid {} label {name}", kind.as_str()));
        }
        None
    }

    fn enclosing_blocks(&self, block: usize) -> Vec<usize> {
        std::iter::successors(Some(block), |&b| self.blocks[b].parent).collect()
    }
}
