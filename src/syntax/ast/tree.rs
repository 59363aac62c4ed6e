//! The arenas of a tree, and what is computed from them on the spot: texts, starts, ends.

use super::{
    CaseClause, CaseList, CommClause, CommList, Decl, DeclId, DeclKind, DeclList, Expr, ExprId, ExprKind,
    ExprList, Field, FieldList, List, Pragmas, Stmt, StmtId, StmtKind, StmtList, Text,
};
use source::{Name, Pos};
use std::ops::Index;

/// The nodes of one file's package level, or of one function body.
#[derive(Debug)]
pub struct Tree {
    pub(crate) exprs: Vec<Expr>,
    pub(crate) stmts: Vec<Stmt>,
    pub(crate) decls: Vec<Decl>,
    pub(crate) expr_lists: Vec<ExprId>,
    pub(crate) stmt_lists: Vec<StmtId>,
    pub(crate) decl_lists: Vec<DeclId>,
    pub(crate) fields: Vec<Field>,
    pub(crate) cases: Vec<CaseClause>,
    pub(crate) comms: Vec<CommClause>,
    pub(crate) text: String,
}

impl Default for Tree {
    /// An empty tree: slot 0 of each arena is taken, because ids begin at 1.
    fn default() -> Tree {
        Tree {
            exprs: vec![Expr { pos: Pos::NONE, kind: ExprKind::Bad }],
            stmts: vec![Stmt { pos: Pos::NONE, kind: StmtKind::Bad }],
            decls: vec![Decl {
                pos: Pos::NONE,
                pragmas: Pragmas::default(),
                kind: DeclKind::Var { names: List::EMPTY, ty: None, values: List::EMPTY },
            }],
            expr_lists: Vec::new(),
            stmt_lists: Vec::new(),
            decl_lists: Vec::new(),
            fields: Vec::new(),
            cases: Vec::new(),
            comms: Vec::new(),
            text: String::new(),
        }
    }
}

impl Index<ExprId> for Tree {
    type Output = Expr;
    fn index(&self, id: ExprId) -> &Expr {
        &self.exprs[id.index()]
    }
}

impl Index<StmtId> for Tree {
    type Output = Stmt;
    fn index(&self, id: StmtId) -> &Stmt {
        &self.stmts[id.index()]
    }
}

impl Index<DeclId> for Tree {
    type Output = Decl;
    fn index(&self, id: DeclId) -> &Decl {
        &self.decls[id.index()]
    }
}

impl Tree {
    /// A copy of exactly the needed size; this tree becomes empty but keeps its memory.
    pub(crate) fn take(&mut self) -> Tree {
        fn take<T: Copy>(array: &mut Vec<T>, keep: usize) -> Vec<T> {
            let copy = array.as_slice().to_vec();
            array.truncate(keep);
            copy
        }
        let copy = Tree {
            exprs: take(&mut self.exprs, 1),
            stmts: take(&mut self.stmts, 1),
            decls: take(&mut self.decls, 1),
            expr_lists: take(&mut self.expr_lists, 0),
            stmt_lists: take(&mut self.stmt_lists, 0),
            decl_lists: take(&mut self.decl_lists, 0),
            fields: take(&mut self.fields, 0),
            cases: take(&mut self.cases, 0),
            comms: take(&mut self.comms, 0),
            text: self.text.as_str().to_owned(),
        };
        self.text.clear();
        copy
    }

    /// All declarations, in the order in which they end.
    pub fn all_decls(&self) -> impl Iterator<Item = DeclId> + '_ {
        (1..self.decls.len()).filter_map(DeclId::from_index)
    }

    /// Length for side tables indexed by `ExprId::index` (one more than there are expressions).
    pub fn expr_count(&self) -> usize {
        self.exprs.len()
    }

    /// As [`expr_count`](Tree::expr_count), for statements.
    pub fn stmt_count(&self) -> usize {
        self.stmts.len()
    }

    /// As [`expr_count`](Tree::expr_count), for declarations.
    pub fn decl_count(&self) -> usize {
        self.decls.len()
    }

    pub fn exprs(&self, list: ExprList) -> &[ExprId] {
        &self.expr_lists[list.range()]
    }

    pub fn stmts(&self, list: StmtList) -> &[StmtId] {
        &self.stmt_lists[list.range()]
    }

    pub fn decls(&self, list: DeclList) -> &[DeclId] {
        &self.decl_lists[list.range()]
    }

    pub fn fields(&self, list: FieldList) -> &[Field] {
        &self.fields[list.range()]
    }

    pub fn cases(&self, list: CaseList) -> &[CaseClause] {
        &self.cases[list.range()]
    }

    pub fn comms(&self, list: CommList) -> &[CommClause] {
        &self.comms[list.range()]
    }

    /// The source text of a literal.
    pub fn text(&self, text: Text) -> &str {
        &self.text[text.start as usize..text.start as usize + text.len as usize]
    }

    /// The name of a `Name` expression.
    pub fn name(&self, id: ExprId) -> Option<Name> {
        if let ExprKind::Name(name) = self[id].kind { Some(name) } else { None }
    }

    /// The statements and the closing brace of a `Block`; nothing for other statements.
    pub fn block(&self, id: StmtId) -> (&[StmtId], Pos) {
        match self[id].kind {
            StmtKind::Block { stmts, rbrace } => (self.stmts(stmts), rbrace),
            _ => (&[], self[id].pos),
        }
    }

    /// The expression inside any number of parentheses.
    pub fn unparen(&self, mut id: ExprId) -> ExprId {
        while let ExprKind::Paren { x, .. } = self[id].kind {
            id = x;
        }
        id
    }

    /// The position of the leftmost byte of an expression, which most messages point at. Where Go's compiler has another
    /// place for its messages, it is that one: slice expressions (and what they are the left part of) begin at the
    /// bracket, function types at the parenthesis.
    pub fn start(&self, mut id: ExprId) -> Pos {
        loop {
            let expr = &self[id];
            id = match expr.kind {
                ExprKind::Composite { ty: Some(x), .. }
                | ExprKind::KeyValue { key: x, .. }
                | ExprKind::Selector { x, .. }
                | ExprKind::Index { x, .. }
                | ExprKind::Assert { x, .. }
                | ExprKind::TypeGuard { x, .. }
                | ExprKind::Call { fun: x, .. }
                | ExprKind::Binary { x, .. } => x,
                _ => return expr.pos,
            }
        }
    }

    /// The position after the last byte of an expression. (For slice expressions and empty signatures, whose last
    /// token is not stored, the position after the last operand, white space not counted.)
    pub fn end(&self, mut id: ExprId) -> Pos {
        loop {
            let expr = &self[id];
            id = match expr.kind {
                ExprKind::Bad => return expr.pos,
                ExprKind::Name(name) | ExprKind::Selector { sel: name, .. } => {
                    return expr.pos.offset(name.as_str().len() as u32);
                }
                ExprKind::Literal { text, .. } => return expr.pos.offset(text.len),
                ExprKind::Composite { rbrace: last, .. }
                | ExprKind::Paren { rparen: last, .. }
                | ExprKind::Index { rbrack: last, .. }
                | ExprKind::Assert { rparen: last, .. }
                | ExprKind::TypeGuard { rparen: last, .. }
                | ExprKind::Call { rparen: last, .. }
                | ExprKind::StructType { rbrace: last, .. }
                | ExprKind::InterfaceType { rbrace: last, .. } => return last.offset(1),
                ExprKind::FuncLit { body, .. } => return self.block(body).1.offset(1),
                ExprKind::Slice { lo, hi, max, .. } => match max.or(hi).or(lo) {
                    Some(last) => return self.end(last).max(expr.pos).offset(1),
                    None => return expr.pos.offset(3),
                },
                ExprKind::FuncType { params, results } => {
                    let fields = if results.is_empty() { params } else { results };
                    match self.fields(fields).last() {
                        Some(field) => field.ty,
                        None => return expr.pos,
                    }
                }
                ExprKind::KeyValue { value: x, .. }
                | ExprKind::Unary { x, .. }
                | ExprKind::Binary { y: x, .. }
                | ExprKind::Star(x)
                | ExprKind::ArrayType { elem: x, .. }
                | ExprKind::SliceType { elem: x }
                | ExprKind::MapType { value: x, .. }
                | ExprKind::ChanType { elem: x, .. }
                | ExprKind::Dots(x) => x,
            }
        }
    }

    /// Where a statement begins.
    pub fn stmt_start(&self, id: StmtId) -> Pos {
        let stmt = &self[id];
        match stmt.kind {
            StmtKind::Expr(x)
            | StmtKind::Send { chan: x, .. }
            | StmtKind::IncDec { x, .. }
            | StmtKind::OpAssign { x, .. } => self.start(x),
            StmtKind::Assign { lhs, .. } | StmtKind::Define { lhs, .. } => {
                self.exprs(lhs).first().map_or(stmt.pos, |&x| self.start(x))
            }
            _ => stmt.pos,
        }
    }
}
