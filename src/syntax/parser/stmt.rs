//! Statements (specification: "Statements").

use super::{Parser, finish};
use crate::ast::{
    BranchKind, CaseClause, CommClause, ExprId, ExprKind, ExprList, Ident, StmtId, StmtKind, StmtList,
};
use crate::print;
use crate::scanner::Semi;
use crate::token::{Op, Token};
use source::Pos;

/// The keyword whose header a simple statement stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    None,
    If,
    For,
    Switch,
}

impl Header {
    fn keyword(self) -> &'static str {
        match self {
            Header::None => "",
            Header::If => "if",
            Header::For => "for",
            Header::Switch => "switch",
        }
    }
}

/// A simple statement, before it is known what it is for.
#[derive(Clone, Copy)]
enum Simple {
    Expr(ExprId),
    /// Assignment, definition, send, increment.
    Stmt(StmtId),
    /// `x := y.(type)` in the header of a switch.
    TypeSwitch {
        pos: Pos,
        bind: ExprId,
        guard: ExprId,
    },
    Range {
        define: bool,
        lhs: ExprList,
        x: ExprId,
    },
}

/// What stands between a keyword and its block.
#[derive(Default)]
struct Clauses {
    init: Option<StmtId>,
    cond: Option<ExprId>,
    bind: Option<ExprId>,
    post: Option<StmtId>,
    range: Option<(bool, ExprList, ExprId)>,
}

impl Parser<'_> {
    /// `StatementList = { Statement ";" } .`
    pub(super) fn stmt_list(&mut self) -> StmtList {
        let mark = self.stmt_stack.len();
        while !matches!(self.tok, Token::Eof | Token::Rbrace | Token::Case | Token::Default) {
            let stmt = self.stmt_option();
            // Before the semicolon is consumed, because comments behind it belong to the next statement.
            self.clear_pragmas();
            let Some(stmt) = stmt else { break };
            self.stmt_stack.push(stmt);
            if !self.got(Token::Semi) && self.tok != Token::Rbrace {
                self.syntax_error("at end of statement");
                self.advance(
                    Token::Semi.bit() | Token::Rbrace.bit() | Token::Case.bit() | Token::Default.bit(),
                );
                // Not another, empty statement.
                self.got(Token::Semi);
            }
        }
        finish(&mut self.stmt_stack, mark, &mut self.tree.stmt_lists)
    }

    /// The statement here; `None`, and nothing consumed, if there is none.
    fn stmt_option(&mut self) -> Option<StmtId> {
        // Most statements begin with a name.
        if self.tok == Token::Name {
            self.clear_pragmas();
            let first = self.expr();
            if self.tok == Token::Colon
                && let ExprKind::Name(name) = self.tree[first].kind
            {
                let label = Ident { pos: self.tree[first].pos, name };
                return self.nested(|_| None, |parser| parser.labeled_stmt(label));
            }
            return Some(self.simple_stmt_from(first));
        }
        self.nested(|_| None, Self::stmt_option_nested)
    }

    fn stmt_option_nested(&mut self) -> Option<StmtId> {
        let pos = self.pos();
        if !matches!(self.tok, Token::Var | Token::Const | Token::Type) {
            self.clear_pragmas();
        }
        Some(match self.tok {
            Token::Var | Token::Const | Token::Type => {
                let decls = self.local_decl();
                self.stmt_node(pos, StmtKind::Decl(decls))
            }
            Token::Lbrace => self.block(""),
            Token::Operator if matches!(self.op, Op::Tilde) || self.prec != 0 && !self.begins_operand() => {
                return None;
            }
            Token::Operator
            | Token::Star
            | Token::Literal
            | Token::Func
            | Token::Lparen
            | Token::Lbrack
            | Token::Struct
            | Token::Map
            | Token::Chan
            | Token::Interface
            | Token::Arrow => {
                let first = self.expr();
                self.simple_stmt_from(first)
            }
            Token::For => self.for_stmt(),
            Token::Switch => self.switch_stmt(),
            Token::Select => self.select_stmt(),
            Token::If => self.if_stmt(),
            Token::Fallthrough => self.branch(BranchKind::Fallthrough),
            Token::Break => self.branch(BranchKind::Break),
            Token::Continue => self.branch(BranchKind::Continue),
            Token::Goto => self.branch(BranchKind::Goto),
            Token::Go | Token::Defer => self.call_stmt(),
            Token::Return => {
                self.next();
                let results = match self.tok {
                    Token::Semi | Token::Rbrace => ExprList::EMPTY,
                    _ => self.expr_list(),
                };
                self.stmt_node(pos, StmtKind::Return { results })
            }
            Token::Semi => self.stmt_node(pos, StmtKind::Empty),
            _ => return None,
        })
    }

    /// Whether the operator here can be unary.
    fn begins_operand(&self) -> bool {
        use crate::ast::BinaryOp::{Add, And, Sub, Xor};
        matches!(self.op, Op::Binary(Add | Sub | And | Xor) | Op::Not)
    }

    fn branch(&mut self, kind: BranchKind) -> StmtId {
        self.saw_branch = true;
        let pos = self.pos();
        self.next();
        let label = match kind {
            BranchKind::Goto => Some(self.ident()),
            BranchKind::Break | BranchKind::Continue if self.tok == Token::Name => Some(self.ident()),
            _ => None,
        };
        self.stmt_node(pos, StmtKind::Branch { kind, label })
    }

    /// `GoStmt = "go" Expression .` `DeferStmt = "defer" Expression .`
    fn call_stmt(&mut self) -> StmtId {
        let (pos, tok) = (self.pos(), self.tok);
        self.next();
        let x = self.primary_expr();
        let call = self.tree.unparen(x);
        if call != x {
            let at = self.tree[x].pos;
            self.error_at(at, format!("expression in {} must not be parenthesized", tok.spelling()));
        }
        let kind = if tok == Token::Go { StmtKind::Go { call } } else { StmtKind::Defer { call } };
        self.stmt_node(pos, kind)
    }

    /// `LabeledStmt = Label ":" Statement .`
    fn labeled_stmt(&mut self, label: Ident) -> Option<StmtId> {
        self.saw_branch = true;
        let colon = self.want(Token::Colon);
        let stmt = if self.tok == Token::Rbrace {
            // An empty statement, whose semicolon may be left out here.
            let pos = self.pos();
            self.stmt_node(pos, StmtKind::Empty)
        } else {
            match self.stmt_option() {
                Some(stmt) => stmt,
                None => {
                    self.syntax_error_at(colon, "missing statement after label");
                    return None;
                }
            }
        };
        Some(self.stmt_node(label.pos, StmtKind::Labeled { label, stmt }))
    }

    // ----------------------------------------------------------------------------------------------- simple statements

    /// A simple statement in a statement list.
    fn simple_stmt_from(&mut self, first: ExprId) -> StmtId {
        let simple = self.simple_rest(first, Header::None);
        self.simple_as_stmt(simple)
    }

    fn simple_as_stmt(&mut self, simple: Simple) -> StmtId {
        match simple {
            Simple::Expr(x) => {
                let pos = self.tree.start(x);
                self.stmt_node(pos, StmtKind::Expr(x))
            }
            Simple::Stmt(stmt) => stmt,
            Simple::TypeSwitch { pos, bind, guard } => {
                let (lhs, rhs) = (self.one_expr(bind), self.one_expr(guard));
                self.stmt_node(pos, StmtKind::Define { lhs, rhs })
            }
            Simple::Range { x, .. } => {
                let pos = self.tree.start(x);
                self.stmt_node(pos, StmtKind::Bad)
            }
        }
    }

    fn simple_stmt(&mut self, header: Header) -> Simple {
        if header == Header::For && self.tok == Token::Range {
            return self.range_clause(false, ExprList::EMPTY);
        }
        let first = self.expr();
        self.simple_rest(first, header)
    }

    fn range_clause(&mut self, define: bool, lhs: ExprList) -> Simple {
        self.next();
        let x = self.expr();
        Simple::Range { define, lhs, x }
    }

    /// `SimpleStmt = ExpressionStmt | SendStmt | IncDecStmt | Assignment | ShortVarDecl .` The first expression is
    /// parsed.
    fn simple_rest(&mut self, first: ExprId, header: Header) -> Simple {
        let pos = self.pos();
        let stmt = match self.tok {
            Token::AssignOp => {
                let op = self.op;
                self.next();
                let y = self.expr();
                let Op::Binary(op) = op else { return Simple::Expr(first) };
                StmtKind::OpAssign { op, x: first, y }
            }
            Token::IncOp => {
                let inc = self.op == Op::Binary(crate::ast::BinaryOp::Add);
                self.next();
                StmtKind::IncDec { x: first, inc }
            }
            Token::Arrow => {
                self.next();
                let value = self.expr();
                StmtKind::Send { chan: first, value }
            }
            Token::Comma | Token::Assign | Token::Define => return self.assignment(first, header),
            _ => return Simple::Expr(first),
        };
        Simple::Stmt(self.stmt_node(pos, stmt))
    }

    fn assignment(&mut self, first: ExprId, header: Header) -> Simple {
        let lhs = self.expr_list_rest(first);
        let (pos, define) = (self.pos(), self.tok == Token::Define);
        if !define && self.tok != Token::Assign {
            self.syntax_error("expected := or = or comma");
            self.advance(Token::Semi.bit() | Token::Rbrace.bit());
            return Simple::Expr(first);
        }
        self.next();
        if header == Header::For && self.tok == Token::Range {
            return self.range_clause(define, lhs);
        }
        let rhs = self.expr_list();
        if define
            && header == Header::Switch
            && lhs.len() == 1
            && matches!(self.tree[first].kind, ExprKind::Name(_))
            && let [guard] = *self.tree.exprs(rhs)
            && matches!(self.tree[guard].kind, ExprKind::TypeGuard { .. })
        {
            return Simple::TypeSwitch { pos, bind: first, guard };
        }
        let kind = if define { StmtKind::Define { lhs, rhs } } else { StmtKind::Assign { lhs, rhs } };
        Simple::Stmt(self.stmt_node(pos, kind))
    }

    // ------------------------------------------------------------------------------------------- statements with blocks

    /// The body of a function, at its brace.
    pub(super) fn func_block(&mut self) -> StmtId {
        let errors = self.errors.len();
        let outer_saw_branch = std::mem::take(&mut self.saw_branch);
        self.function_nesting += 1;
        let pos = self.want(Token::Lbrace);
        let stmts = self.stmt_list();
        let rbrace = self.want(Token::Rbrace);
        self.function_nesting -= 1;
        let block = self.stmt_node(pos, StmtKind::Block { stmts, rbrace });
        let intact =
            self.errors.len() == errors && self.first_bad_byte.is_none_or(|bad| bad < pos || bad > rbrace);
        if self.saw_branch && intact {
            self.branches.push((self.function, block));
        }
        self.saw_branch = outer_saw_branch;
        block
    }

    /// `Block = "{" StatementList "}" .` What it follows is said where the brace is missing.
    fn block(&mut self, after: &str) -> StmtId {
        let pos = self.pos();
        if !self.got(Token::Lbrace) {
            self.syntax_error(&format!("expected {{ after {after}"));
            self.advance(Token::Name.bit() | Token::Rbrace.bit());
            let rbrace = self.pos();
            if self.got(Token::Rbrace) {
                return self.stmt_node(pos, StmtKind::Block { stmts: StmtList::EMPTY, rbrace });
            }
        }
        let stmts = self.stmt_list();
        let rbrace = self.want(Token::Rbrace);
        self.stmt_node(pos, StmtKind::Block { stmts, rbrace })
    }

    /// `ForStmt = "for" [ Condition | ForClause | RangeClause ] Block .`
    fn for_stmt(&mut self) -> StmtId {
        let pos = self.pos();
        let Clauses { init, cond, post, range, .. } = self.header(Header::For);
        let body = self.block("for clause");
        let kind = match range {
            Some((define, lhs, x)) => StmtKind::Range { define, lhs, x, body },
            None => StmtKind::For { init, cond, post, body },
        };
        self.stmt_node(pos, kind)
    }

    /// `IfStmt = "if" [ SimpleStmt ";" ] Expression Block [ "else" ( IfStmt | Block ) ] .`
    fn if_stmt(&mut self) -> StmtId {
        let pos = self.pos();
        let Clauses { init, cond, .. } = self.header(Header::If);
        let cond = cond.unwrap_or_else(|| self.bad_expr());
        let then = self.block("if clause");
        let mut els = None;
        if self.got(Token::Else) {
            match self.tok {
                Token::If => els = self.nested(|_| None, |parser| Some(parser.if_stmt())),
                Token::Lbrace => els = Some(self.block("")),
                _ => {
                    self.syntax_error("else must be followed by if or statement block");
                    self.advance(Token::Name.bit() | Token::Rbrace.bit());
                }
            }
        }
        self.stmt_node(pos, StmtKind::If { init, cond, then, els })
    }

    /// `ExprSwitchStmt` and `TypeSwitchStmt`.
    fn switch_stmt(&mut self) -> StmtId {
        let pos = self.pos();
        let Clauses { init, cond, bind, .. } = self.header(Header::Switch);
        if !self.got(Token::Lbrace) {
            self.syntax_error("missing { after switch clause");
            self.advance(Token::Case.bit() | Token::Default.bit() | Token::Rbrace.bit());
        }
        let mark = self.case_stack.len();
        while !matches!(self.tok, Token::Eof | Token::Rbrace) {
            let clause = self.case_clause();
            self.case_stack.push(clause);
        }
        let cases = finish(&mut self.case_stack, mark, &mut self.tree.cases);
        let rbrace = self.want(Token::Rbrace);
        let kind = match cond {
            Some(guard) if matches!(self.tree[guard].kind, ExprKind::TypeGuard { .. }) => {
                StmtKind::TypeSwitch { init, bind, guard, cases, rbrace }
            }
            tag => StmtKind::Switch { init, tag, cases, rbrace },
        };
        self.stmt_node(pos, kind)
    }

    fn case_clause(&mut self) -> CaseClause {
        let (pos, is_default) = (self.pos(), self.tok == Token::Default);
        let mut exprs = ExprList::EMPTY;
        if self.case_or_default() {
            exprs = self.expr_list();
        }
        let colon = self.want(Token::Colon);
        let body = self.stmt_list();
        CaseClause { pos, is_default, exprs, colon, body }
    }

    /// Consumes `case` or `default`; whether it was `case`.
    fn case_or_default(&mut self) -> bool {
        match self.tok {
            Token::Case => {
                self.next();
                return true;
            }
            Token::Default => self.next(),
            _ => {
                self.syntax_error("expected case or default or }");
                self.advance(
                    Token::Colon.bit() | Token::Case.bit() | Token::Default.bit() | Token::Rbrace.bit(),
                );
            }
        }
        false
    }

    /// `SelectStmt = "select" "{" { CommClause } "}" .`
    fn select_stmt(&mut self) -> StmtId {
        let pos = self.want(Token::Select);
        if !self.got(Token::Lbrace) {
            self.syntax_error("missing { after select clause");
            self.advance(Token::Case.bit() | Token::Default.bit() | Token::Rbrace.bit());
        }
        let mark = self.comm_stack.len();
        while !matches!(self.tok, Token::Eof | Token::Rbrace) {
            let clause = self.comm_clause();
            self.comm_stack.push(clause);
        }
        let cases = finish(&mut self.comm_stack, mark, &mut self.tree.comms);
        let rbrace = self.want(Token::Rbrace);
        self.stmt_node(pos, StmtKind::Select { cases, rbrace })
    }

    fn comm_clause(&mut self) -> CommClause {
        let pos = self.pos();
        let mut comm = None;
        if self.case_or_default() {
            let simple = self.simple_stmt(Header::None);
            comm = Some(self.simple_as_stmt(simple));
        }
        let colon = self.want(Token::Colon);
        let body = self.stmt_list();
        CommClause { pos, comm, colon, body }
    }

    // --------------------------------------------------------------------------------------------------------- headers

    /// Keyword, and what stands before the block: `[ init ";" ] cond`, a for clause, a range clause.
    fn header(&mut self, header: Header) -> Clauses {
        self.next();
        if self.tok == Token::Lbrace {
            let mut clauses = Clauses::default();
            if header == Header::If {
                self.syntax_error("missing condition in if statement");
                clauses.cond = Some(self.bad_expr());
            }
            return clauses;
        }
        let outer = std::mem::replace(&mut self.expr_nesting, -1);
        let clauses = self.header_clauses(header);
        self.expr_nesting = outer;
        clauses
    }

    fn header_clauses(&mut self, header: Header) -> Clauses {
        let mut clauses = Clauses::default();
        let mut init = None;
        if self.tok != Token::Semi {
            if self.got(Token::Var) {
                let keyword = header.keyword();
                self.syntax_error(&format!("var declaration not allowed in {keyword} initializer"));
            }
            match self.simple_stmt(header) {
                Simple::Range { define, lhs, x } => {
                    clauses.range = Some((define, lhs, x));
                    return clauses;
                }
                simple => init = Some(simple),
            }
        }
        if self.tok == Token::Lbrace {
            self.condition(&mut clauses, header, init, None);
            return clauses;
        }
        clauses.init = init.map(|simple| self.simple_as_stmt(simple));
        let mut semi = None;
        if self.tok == Token::Semi {
            semi = Some((self.pos(), self.semi));
            self.next();
        } else {
            // Of what could follow, the brace makes the better message.
            self.want(Token::Lbrace);
            if self.tok != Token::Lbrace {
                self.advance(Token::Lbrace.bit() | Token::Rbrace.bit());
            }
        }
        let mut cond = None;
        if header == Header::For {
            if self.tok != Token::Semi {
                if self.tok == Token::Lbrace {
                    self.syntax_error("expected for loop condition");
                    return clauses;
                }
                cond = Some(self.simple_stmt(Header::None));
            }
            self.want(Token::Semi);
            if self.tok != Token::Lbrace {
                let post = self.simple_stmt(Header::None);
                let post = self.simple_as_stmt(post);
                if matches!(self.tree[post].kind, StmtKind::Define { .. }) {
                    let pos = self.tree[post].pos;
                    self.syntax_error_at(pos, "cannot declare in post statement of for loop");
                }
                clauses.post = Some(post);
            }
        } else if self.tok != Token::Lbrace {
            cond = Some(self.simple_stmt(header));
        }
        self.condition(&mut clauses, header, cond, semi);
        clauses
    }

    /// The condition must be an expression. `semi` is the semicolon before it.
    fn condition(
        &mut self,
        clauses: &mut Clauses,
        header: Header,
        cond: Option<Simple>,
        semi: Option<(Pos, Semi)>,
    ) {
        match cond {
            None => {
                let (Header::If, Some((pos, semi))) = (header, semi) else { return };
                if semi == Semi::Semicolon {
                    self.syntax_error_at(pos, "missing condition in if statement");
                } else {
                    let semi = semi.as_str();
                    self.syntax_error_at(pos, &format!("unexpected {semi}, expected {{ after if clause"));
                }
                clauses.cond = Some(self.expr_node(pos, ExprKind::Bad));
            }
            Some(Simple::Expr(x)) => clauses.cond = Some(x),
            Some(Simple::TypeSwitch { bind, guard, .. }) => {
                clauses.bind = Some(bind);
                clauses.cond = Some(guard);
            }
            Some(simple) => {
                // Probably `=` was written for `==`, which makes an assignment of a comparison.
                let stmt = self.simple_as_stmt(simple);
                let text = match self.tree[stmt].kind {
                    StmtKind::Assign { lhs, rhs } => {
                        let (lhs, rhs) = (self.emphasized(lhs), self.emphasized(rhs));
                        format!("assignment {lhs} = {rhs}")
                    }
                    _ => print::simple_stmt(&self.tree, stmt),
                };
                let pos = self.tree[stmt].pos;
                self.syntax_error_at(pos, &format!("cannot use {text} as value"));
            }
        }
    }

    /// The text of a side of an assignment, binary expressions in parentheses.
    fn emphasized(&self, list: ExprList) -> String {
        let list = self.tree.exprs(list);
        let text = print::exprs(&self.tree, list);
        match list {
            [x] if matches!(self.tree[*x].kind, ExprKind::Binary { .. }) => format!("({text})"),
            _ => text,
        }
    }
}
