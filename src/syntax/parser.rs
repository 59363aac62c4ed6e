//! Recursive descent, one function per production of the specification.
//!
//! Nodes go straight into the tree of the file or body being parsed; lists are collected on stacks and moved to the
//! tree's side arrays when complete. After an error the parser skips to a token that its caller can go on from, so that
//! one file reports more than its first error; messages and places are those of Go's own compiler.

mod decl;
mod expr;
mod params;
mod stmt;
#[cfg(test)]
mod tests;
mod types;

use crate::ast::{
    BodySource, CaseClause, CommClause, Decl, DeclId, Expr, ExprId, ExprKind, ExprList, Field, FieldList,
    File, FuncBody, FuncDecl, Ident, List, Pragmas, Stmt, StmtId, StmtKind, Text, Tree,
};
use crate::scanner::Scanner;
use crate::token::{Op, Token};
use crate::{branches, build, encoding};
use source::{Diagnostic, Name, Pos, SourceFile};

/// How much of a file is parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything, at once.
    Full,
    /// Bodies of function declarations are skipped and parsed when asked for
    /// ([`FuncDecl::body`](crate::ast::FuncDecl::body)).
    LazyBodies,
}

/// Parses a file; what is wrong with it goes to `errors`, in the order in which it was found. Always returns a file;
/// after an error in the package clause it is an empty one.
pub fn parse_file(file: &SourceFile, mode: Mode, errors: &mut Vec<Diagnostic>) -> File {
    let mut bad_bytes = Vec::new();
    let text = encoding::clean(&file.bytes, &mut bad_bytes);

    let mut parser = Parser::new(Scanner::new(&text, file.base, file.display.clone()), mode);
    parser.first_bad_byte = bad_bytes.first().map(|&(at, _)| file.pos(at));
    let (package, package_pragmas, build) = parser.source_file();
    // What was not read any more is not complained about.
    let read = if parser.tok == Token::Eof {
        bad_bytes.len()
    } else {
        bad_bytes.partition_point(|&(at, _)| file.pos(at) < parser.end())
    };
    errors.extend(bad_bytes[..read].iter().map(|&(at, message)| Diagnostic::error(file.pos(at), message)));
    errors.append(&mut parser.errors);
    file.set_line_directives(std::mem::take(&mut parser.lines));
    for (func, block) in &parser.branches {
        match func.and_then(|index| parser.funcs[index].body.as_ref()?.parsed.get()) {
            Some(body) => branches::check(&body.tree, *block, file, errors),
            None => branches::check(&parser.tree, *block, file, errors),
        }
    }
    File {
        id: file.id,
        package,
        decls: std::mem::take(&mut parser.decls),
        funcs: std::mem::take(&mut parser.funcs),
        directives: std::mem::take(&mut parser.scanner.directives),
        tree: parser.tree.take(),
        package_pragmas,
        go_version: build.as_ref().and_then(build::Constraint::go_version),
        build,
        eof: file.end(),
    }
}

/// Parses a body that was skipped; `src` is its file's text.
pub(crate) fn parse_body(src: &[u8], body: &BodySource) -> FuncBody {
    let offset = |pos: Pos| (pos.0.saturating_sub(body.base) as usize).min(src.len());
    let slice = &src[offset(body.lbrace)..offset(body.rbrace.offset(1)).max(offset(body.lbrace))];
    // What is wrong with the encoding was reported with the file.
    let text = encoding::clean(slice, &mut Vec::new());
    let mut parser = Parser::new(Scanner::new(&text, body.lbrace.0, "".into()), Mode::Full);
    parser.next();
    let block = parser.func_block();
    // The file knows no directives of this body.
    for decl in &mut parser.tree.decls {
        decl.pragmas = Pragmas::default();
    }
    FuncBody { tree: parser.tree.take(), block, errors: std::mem::take(&mut parser.errors) }
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    mode: Mode,
    /// What is being built: the file's tree, or while in a function declaration's body, the body's.
    tree: Tree,
    /// Memory for the next body's tree.
    spare_tree: Tree,
    decls: Vec<DeclId>,
    funcs: Vec<FuncDecl>,
    /// First directive that no declaration has taken yet.
    pragma_start: usize,
    /// Where the encoding is wrong first.
    first_bad_byte: Option<Pos>,
    /// In how many function bodies we are: inside, statement keywords are places to recover at.
    function_nesting: u32,
    /// Negative between a keyword like `if` and its block, where `{` does not begin a composite literal unless a
    /// bracket of any kind is open (specification: "Composite literals", the parsing ambiguity).
    expr_nesting: i32,
    /// Recursion depth, bounded so that no input overflows the stack.
    depth: u32,
    /// The function declaration whose body is being parsed, as an index of `funcs`.
    function: Option<usize>,
    /// Whether a label or branch statement has been seen in the innermost function.
    saw_branch: bool,
    /// Functions with labels or branch statements and without syntax errors: the declaration that they are or lie in, if
    /// they do, and their block.
    branches: Vec<(Option<usize>, StmtId)>,
    // Stacks of unfinished lists.
    expr_stack: Vec<ExprId>,
    stmt_stack: Vec<StmtId>,
    decl_stack: Vec<DeclId>,
    field_stack: Vec<Field>,
    case_stack: Vec<CaseClause>,
    comm_stack: Vec<CommClause>,
    spare_params: Vec<params::Param>,
}

impl<'a> std::ops::Deref for Parser<'a> {
    type Target = Scanner<'a>;
    fn deref(&self) -> &Scanner<'a> {
        &self.scanner
    }
}

impl std::ops::DerefMut for Parser<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.scanner
    }
}

/// Deeper nesting than this is refused: every level takes a few hundred bytes of the thread's stack, in this crate and
/// in those that walk the tree.
const MAX_DEPTH: u32 = 1000;

/// Longer chains of operands, like `a + b + c` and `a.b(c)[d]`, are refused: they make trees that are as deep.
const MAX_CHAIN: u32 = 10_000;

/// Keywords that begin a statement: good places to go on at after an error in a function.
const STATEMENT_KEYWORDS: u64 = Token::Break.bit()
    | Token::Const.bit()
    | Token::Continue.bit()
    | Token::Defer.bit()
    | Token::Fallthrough.bit()
    | Token::For.bit()
    | Token::Go.bit()
    | Token::Goto.bit()
    | Token::If.bit()
    | Token::Return.bit()
    | Token::Select.bit()
    | Token::Switch.bit()
    | Token::Type.bit()
    | Token::Var.bit();

impl<'a> Parser<'a> {
    fn new(scanner: Scanner<'a>, mode: Mode) -> Parser<'a> {
        Parser {
            scanner,
            mode,
            tree: Tree::default(),
            spare_tree: Tree::default(),
            decls: Vec::new(),
            funcs: Vec::new(),
            pragma_start: 0,
            first_bad_byte: None,
            function_nesting: 0,
            expr_nesting: 0,
            depth: 0,
            function: None,
            saw_branch: false,
            branches: Vec::new(),
            expr_stack: Vec::new(),
            stmt_stack: Vec::new(),
            decl_stack: Vec::new(),
            field_stack: Vec::new(),
            case_stack: Vec::new(),
            comm_stack: Vec::new(),
            spare_params: Vec::new(),
        }
    }

    // ----------------------------------------------------------------------------------------------------- tokens

    fn got(&mut self, tok: Token) -> bool {
        let got = self.tok == tok;
        if got {
            self.next();
        }
        got
    }

    /// Consumes the token, or reports that it was expected; returns where it is.
    fn want(&mut self, tok: Token) -> Pos {
        let pos = self.pos();
        if !self.got(tok) {
            self.syntax_error(&format!("expected {}", tok.describe()));
            self.advance(0);
        }
        pos
    }

    /// `=`, or with a complaint `:=`.
    fn got_assign(&mut self) -> bool {
        if self.tok == Token::Define {
            self.syntax_error("expected =");
            self.next();
            return true;
        }
        self.got(Token::Assign)
    }

    fn at_op(&self, op: Op) -> bool {
        self.tok == Token::Operator && self.op == op
    }

    /// Skips to a token of the set, or inside functions to the next statement; with an empty set, over one token.
    fn advance(&mut self, follow: u64) {
        if follow == 0 {
            if self.tok != Token::Eof {
                self.next();
            }
            return;
        }
        let mut stop = follow | Token::Eof.bit();
        if self.function_nesting > 0 {
            stop |= STATEMENT_KEYWORDS;
        }
        while stop & self.tok.bit() == 0 {
            self.next();
        }
    }

    // ----------------------------------------------------------------------------------------------------- errors

    fn error_at(&mut self, pos: Pos, message: impl Into<String>) {
        self.scanner.errors.push(Diagnostic::error(pos, message));
    }

    fn syntax_error(&mut self, message: &str) {
        self.syntax_error_at(self.pos(), message);
    }

    /// Whether anything was wrong up to here.
    fn has_errors(&self) -> bool {
        !self.errors.is_empty() || self.first_bad_byte.is_some_and(|bad| bad < self.end())
    }

    /// Messages that begin with `expected`, `in`, `at` or `after` get the current token put before them.
    fn syntax_error_at(&mut self, pos: Pos, message: &str) {
        if self.tok == Token::Eof && self.has_errors() {
            // Whatever it is, it follows from an earlier error.
            return;
        }
        let separator = match message.split(' ').next() {
            Some("expected") => ", ",
            Some("in" | "at" | "after") => " ",
            _ => return self.error_at(pos, format!("syntax error: {message}")),
        };
        let token = match self.tok {
            Token::Name => format!("name {}", self.lit()),
            Token::Semi => self.semi.as_str().to_owned(),
            Token::Literal => format!("literal {}", self.lit()),
            Token::Operator => self.op.as_str().to_owned(),
            Token::AssignOp => format!("{}=", self.op.as_str()),
            Token::IncOp => self.op.as_str().repeat(2),
            tok => tok.describe(),
        };
        self.error_at(pos, format!("syntax error: unexpected {token}{separator}{message}"));
    }

    /// Runs a production that may contain itself; too deep a recursion ends the file.
    fn nested<T>(&mut self, bad: impl FnOnce(&mut Self) -> T, parse: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= MAX_DEPTH {
            self.too_deep(MAX_DEPTH);
            return bad(self);
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn too_deep(&mut self, levels: u32) {
        if self.tok != Token::Eof {
            self.syntax_error(&format!("nested more than {levels} levels deep; simplify the code"));
            self.scanner.stop();
        }
    }

    /// Counts a link of a chain.
    fn link(&mut self, links: &mut u32) {
        *links += 1;
        if *links > MAX_CHAIN {
            self.too_deep(MAX_CHAIN);
        }
    }

    // ------------------------------------------------------------------------------------------------------ nodes

    fn expr_node(&mut self, pos: Pos, kind: ExprKind) -> ExprId {
        let id = ExprId::from_len(self.tree.exprs.len());
        self.tree.exprs.push(Expr { pos, kind });
        id
    }

    fn bad_expr(&mut self) -> ExprId {
        let pos = self.pos();
        self.expr_node(pos, ExprKind::Bad)
    }

    fn stmt_node(&mut self, pos: Pos, kind: StmtKind) -> StmtId {
        let id = StmtId::from_len(self.tree.stmts.len());
        self.tree.stmts.push(Stmt { pos, kind });
        id
    }

    fn decl_node(&mut self, decl: Decl) -> DeclId {
        let id = DeclId::from_len(self.tree.decls.len());
        self.tree.decls.push(decl);
        id
    }

    /// The expressions collected since the stack had this height.
    fn finish_exprs(&mut self, mark: usize) -> ExprList {
        finish(&mut self.expr_stack, mark, &mut self.tree.expr_lists)
    }

    fn finish_fields(&mut self, mark: usize) -> FieldList {
        finish(&mut self.field_stack, mark, &mut self.tree.fields)
    }

    fn one_expr(&mut self, id: ExprId) -> ExprList {
        self.tree.expr_lists.push(id);
        List::new(self.tree.expr_lists.len() - 1, 1)
    }

    // -------------------------------------------------------------------------------------------- common productions

    /// An identifier as an expression; `_` after an error.
    fn name(&mut self) -> ExprId {
        let Ident { pos, name } = self.ident();
        self.expr_node(pos, ExprKind::Name(name))
    }

    fn ident(&mut self) -> Ident {
        let pos = self.pos();
        if self.tok == Token::Name {
            let name = self.scanner.name;
            self.next();
            return Ident { pos, name };
        }
        self.syntax_error("expected name");
        self.advance(0);
        Ident { pos, name: Name::BLANK }
    }

    /// `IdentifierList = identifier { "," identifier } .` The first one is parsed already.
    fn name_list(&mut self, first: ExprId) -> ExprList {
        if self.tok != Token::Comma {
            return self.one_expr(first);
        }
        let mark = self.expr_stack.len();
        self.expr_stack.push(first);
        while self.got(Token::Comma) {
            let name = self.name();
            self.expr_stack.push(name);
        }
        self.finish_exprs(mark)
    }

    /// The literal here, if there is one.
    fn literal_option(&mut self) -> Option<ExprId> {
        (self.tok == Token::Literal).then(|| self.literal())
    }

    fn literal(&mut self) -> ExprId {
        let (pos, kind, bad) = (self.pos(), self.lit_kind, self.lit_bad);
        let lit = self.scanner.lit();
        let text = Text { start: self.tree.text.len() as u32, len: lit.len() as u32 };
        self.tree.text.push_str(lit);
        self.next();
        self.expr_node(pos, ExprKind::Literal { kind, bad, text })
    }

    /// `[ element { separator element } [ separator ] ] close`, the opening token being consumed. Ends after an element
    /// that returns true. Returns where the closing token is.
    fn list(
        &mut self,
        context: &str,
        separator: Token,
        close: Token,
        mut element: impl FnMut(&mut Self) -> bool,
    ) -> Pos {
        let mut done = false;
        while self.tok != Token::Eof && self.tok != close && !done {
            done = element(self);
            if !self.got(separator) && self.tok != close {
                let (separator, close_name) = (separator.describe(), close.describe());
                self.syntax_error(&format!("in {context}; possibly missing {separator} or {close_name}"));
                self.advance(Token::Rparen.bit() | Token::Rbrack.bit() | Token::Rbrace.bit());
                if self.tok != close {
                    return self.pos();
                }
            }
        }
        self.want(close)
    }

    // ----------------------------------------------------------------------------------------------------- pragmas

    /// The directives since the last declaration, for this one.
    fn take_pragmas(&mut self) -> Pragmas {
        let (start, end) = (self.pragma_start, self.directives.len());
        self.pragma_start = end;
        Pragmas { start: start as u32, len: (end - start) as u32 }
    }

    /// Directives so far belong to no declaration.
    fn clear_pragmas(&mut self) {
        self.pragma_start = self.directives.len();
    }
}

/// Moves the end of a stack to a side array.
fn finish<T: Copy>(stack: &mut Vec<T>, mark: usize, array: &mut Vec<T>) -> List<T> {
    let list = List::new(array.len(), stack.len() - mark);
    array.extend_from_slice(&stack[mark..]);
    stack.truncate(mark);
    list
}
