//! Packages and declarations (specification: "Source file organization", "Declarations and scope").

use super::{Mode, Parser, finish};
use crate::ast::{
    BodySource, Decl, DeclId, DeclKind, DeclList, ExprId, ExprKind, FieldList, FuncBody, FuncDecl, FuncId,
    Ident, List, LitKind, Pragmas,
};
use crate::build::Constraint;
use crate::token::Token;
use source::{Name, Pos};
use std::sync::OnceLock;

/// Tokens that begin a declaration at package level.
const DECLARATIONS: u64 =
    Token::Import.bit() | Token::Const.bit() | Token::Type.bit() | Token::Var.bit() | Token::Func.bit();

/// What the lines of a constant declaration share.
#[derive(Clone, Copy, Default)]
pub(super) struct ConstGroup {
    iota: u32,
    /// The last line that had a type or values.
    explicit: Option<DeclId>,
}

impl Parser<'_> {
    /// `SourceFile = PackageClause ";" { ImportDecl ";" } { TopLevelDecl ";" } .`
    pub(super) fn source_file(&mut self) -> (Ident, Pragmas, Option<Constraint>) {
        self.next();
        let build = self.build_line();
        let package_pos = self.pos();
        if !self.got(Token::Package) {
            self.syntax_error("package statement must be first");
            return (Ident { pos: package_pos, name: Name::EMPTY }, Pragmas::default(), build);
        }
        let pragmas = self.take_pragmas();
        let package = self.ident();
        self.want(Token::Semi);
        // A file whose first line is wrong is probably no Go file.
        if self.has_errors() {
            return (package, pragmas, build);
        }
        self.top_level_decls();
        (package, pragmas, build)
    }

    /// The constraint of the `//go:build` line above the package clause.
    fn build_line(&mut self) -> Option<Constraint> {
        let line = self.directives.iter().find(|d| d.verb() == "go:build")?;
        Constraint::parse(line.args()).ok()
    }

    fn top_level_decls(&mut self) {
        let mut previous = Token::Import;
        while self.tok != Token::Eof {
            if self.tok == Token::Import && previous != Token::Import {
                self.syntax_error("imports must appear before other declarations");
            }
            previous = self.tok;
            let mark = self.decl_stack.len();
            match self.tok {
                Token::Import => self.group(Self::import_spec),
                Token::Const => self.const_decl(),
                Token::Type => self.group(Self::type_spec),
                Token::Var => self.group(Self::var_spec),
                Token::Func => {
                    let keyword = self.pos();
                    self.next();
                    let decl = self.func_decl(keyword);
                    self.decl_stack.push(decl);
                }
                _ => {
                    if self.tok == Token::Lbrace && self.after_bodyless_func() {
                        self.syntax_error("unexpected semicolon or newline before {");
                    } else {
                        self.syntax_error("non-declaration statement outside function body");
                    }
                    self.advance(DECLARATIONS);
                    continue;
                }
            }
            self.decls.extend_from_slice(&self.decl_stack[mark..]);
            self.decl_stack.truncate(mark);
            // Before the semicolon is consumed, because comments behind it belong to the next declaration.
            self.clear_pragmas();
            if self.tok != Token::Eof && !self.got(Token::Semi) {
                self.syntax_error("after top level declaration");
                self.advance(DECLARATIONS);
            }
        }
    }

    fn after_bodyless_func(&self) -> bool {
        let Some(&last) = self.decls.last() else { return false };
        match self.tree[last].kind {
            DeclKind::Func(FuncId(index)) => !self.funcs[index as usize].has_body(),
            _ => false,
        }
    }

    /// A declaration in a body: the keyword and what follows it.
    pub(super) fn local_decl(&mut self) -> DeclList {
        let mark = self.decl_stack.len();
        match self.tok {
            Token::Const => self.const_decl(),
            Token::Type => self.group(Self::type_spec),
            _ => self.group(Self::var_spec),
        }
        finish(&mut self.decl_stack, mark, &mut self.tree.decl_lists)
    }

    fn const_decl(&mut self) {
        let mut group = ConstGroup::default();
        self.group(|parser| parser.const_spec(&mut group));
    }

    /// `keyword spec`, or `keyword ( { spec ";" } )`: the specs go to the declaration stack.
    fn group(&mut self, mut spec: impl FnMut(&mut Self) -> DeclId) {
        self.next();
        if self.tok != Token::Lparen {
            let decl = spec(self);
            self.decl_stack.push(decl);
            return;
        }
        // Directives belong to the specs inside.
        self.clear_pragmas();
        self.next();
        self.list("grouped declaration", Token::Semi, Token::Rparen, |parser| {
            let decl = spec(parser);
            parser.decl_stack.push(decl);
            false
        });
    }

    /// `ImportSpec = [ "." | PackageName ] ImportPath .`
    fn import_spec(&mut self) -> DeclId {
        let (pos, pragmas) = (self.pos(), self.take_pragmas());
        let local = match self.tok {
            Token::Name => Some(self.ident()),
            Token::Dot => {
                self.next();
                Some(Ident { pos, name: Name::new(".") })
            }
            _ => None,
        };
        let path = match self.literal_option() {
            Some(path) => path,
            None => {
                let bad = self.bad_expr();
                self.syntax_error("missing import path");
                self.advance(Token::Semi.bit() | Token::Rparen.bit());
                bad
            }
        };
        if let ExprKind::Literal { kind, bad, .. } = &mut self.tree.exprs[path.index()].kind
            && !*bad
            && *kind != LitKind::String
        {
            *bad = true;
            let pos = self.tree[path].pos;
            self.syntax_error_at(pos, "import path must be a string");
        }
        self.decl_node(Decl { pos, pragmas, kind: DeclKind::Import { local, path } })
    }

    /// `ConstSpec = IdentifierList [ [ Type ] "=" ExpressionList ] .`
    fn const_spec(&mut self, group: &mut ConstGroup) -> DeclId {
        let (pos, pragmas) = (self.pos(), self.take_pragmas());
        let first = self.name();
        let names = self.name_list(first);
        let (mut ty, mut values) = (None, List::EMPTY);
        if !matches!(self.tok, Token::Eof | Token::Semi | Token::Rparen) {
            ty = self.type_option();
            if self.got_assign() {
                values = self.expr_list();
            }
        }
        let iota = group.iota;
        group.iota += 1;
        let explicit = ty.is_some() || !values.is_empty();
        let implicit = if explicit { None } else { group.explicit };
        let decl = self.decl_node(Decl {
            pos,
            pragmas,
            kind: DeclKind::Const { names, ty, values, iota, implicit },
        });
        if explicit {
            group.explicit = Some(decl);
        }
        decl
    }

    /// `VarSpec = IdentifierList ( Type [ "=" ExpressionList ] | "=" ExpressionList ) .`
    fn var_spec(&mut self) -> DeclId {
        let (pos, pragmas) = (self.pos(), self.take_pragmas());
        let first = self.name();
        let names = self.name_list(first);
        let (mut ty, mut values) = (None, List::EMPTY);
        if self.got_assign() {
            values = self.expr_list();
        } else {
            ty = Some(self.type_());
            if self.got_assign() {
                values = self.expr_list();
            }
        }
        self.decl_node(Decl { pos, pragmas, kind: DeclKind::Var { names, ty, values } })
    }

    /// `TypeSpec = identifier [ TypeParams ] [ "=" ] Type .`
    fn type_spec(&mut self) -> DeclId {
        let (pos, pragmas) = (self.pos(), self.take_pragmas());
        let name = self.name();
        let mut params = List::EMPTY;
        let mut alias = false;
        let ty = if self.tok == Token::Lbrack {
            let bracket = self.pos();
            self.next();
            match self.tok {
                Token::Name => self.type_params_or_array(bracket, &mut params, &mut alias),
                Token::Rbrack => {
                    self.next();
                    Some(self.slice_type(bracket))
                }
                _ => Some(self.array_type(bracket, None)),
            }
        } else {
            alias = self.got_assign();
            self.type_option()
        };
        let ty = match ty {
            Some(ty) => ty,
            None => {
                let bad = self.bad_expr();
                self.syntax_error("in type declaration");
                self.advance(Token::Semi.bit() | Token::Rparen.bit());
                bad
            }
        };
        self.decl_node(Decl { pos, pragmas, kind: DeclKind::Type { name, params, alias, ty } })
    }

    /// After `type T [ name`: the beginning of type parameters or of an array length. The specification ("Type
    /// parameter declarations") calls it an ambiguity; an expression is parsed and then looked at. A name followed by
    /// `[` cannot be a length, since indexing is never constant.
    fn type_params_or_array(
        &mut self,
        bracket: Pos,
        params: &mut FieldList,
        alias: &mut bool,
    ) -> Option<ExprId> {
        let mut x = self.name();
        if self.tok != Token::Lbrack {
            self.expr_nesting += 1;
            let operand = self.primary_rest(x);
            x = self.binary_rest(operand, 0);
            self.expr_nesting -= 1;
        }
        match self.split_name(x, self.tok == Token::Comma) {
            Some((name, ty)) if ty.is_some() || self.tok != Token::Rbrack => {
                *params = self.param_list(Some(name), ty, Token::Rbrack, true, false);
                *alias = self.got_assign();
                self.type_option()
            }
            _ => Some(self.array_type(bracket, Some(x))),
        }
    }

    /// `FunctionDecl = "func" FunctionName [ TypeParams ] Signature [ Body ] .`
    /// `MethodDecl = "func" Receiver MethodName [ TypeParams ] Signature [ Body ] .`
    /// The keyword is consumed.
    fn func_decl(&mut self, keyword: Pos) -> DeclId {
        let pragmas = self.take_pragmas();
        let start = self.pos();
        let mut recv = None;
        let method = self.got(Token::Lparen);
        if method {
            let list = self.param_list(None, None, Token::Rparen, false, false);
            recv = self.tree.fields(list).first().copied();
            match list.len() {
                0 => self.error_at(self.pos(), "method has no receiver"),
                1 => {}
                _ => self.error_at(self.pos(), "method has multiple receivers"),
            }
        }
        let pos = self.pos();
        let name;
        let (type_params, ty);
        if self.tok == Token::Name {
            name = self.name();
            (type_params, ty) = self.signature("");
        } else {
            name = self.expr_node(pos, ExprKind::Name(Name::BLANK));
            type_params = List::EMPTY;
            ty = self.expr_node(pos, ExprKind::FuncType { params: List::EMPTY, results: List::EMPTY });
            self.syntax_error(if method { "expected name" } else { "expected name or (" });
            self.advance(Token::Lbrace.bit() | Token::Semi.bit());
        }
        let kind = DeclKind::Func(FuncId(self.funcs.len() as u32));
        let decl = self.decl_node(Decl { pos: start, pragmas, kind });
        let body = (self.tok == Token::Lbrace).then(|| self.func_body());
        self.funcs.push(FuncDecl { pos: keyword, decl, name, recv, type_params, ty, body });
        decl
    }

    /// The body of a declaration: a tree of its own, now or later.
    fn func_body(&mut self) -> BodySource {
        let (lbrace, base) = (self.pos(), self.scanner.base());
        let open = self.start_offset();
        if self.mode == Mode::LazyBodies
            && let Some(end) = self.scanner.skip_braces(open)
        {
            let rbrace = self.scanner.resume_after_brace(end);
            return BodySource { lbrace, rbrace, base, parsed: OnceLock::new() };
        }
        let mut body_tree = std::mem::take(&mut self.spare_tree);
        std::mem::swap(&mut self.tree, &mut body_tree);
        self.function = Some(self.funcs.len());
        let block = self.func_block();
        self.function = None;
        std::mem::swap(&mut self.tree, &mut body_tree);
        let (_, rbrace) = body_tree.block(block);
        let body = FuncBody { tree: body_tree.take(), block, errors: Vec::new() };
        self.spare_tree = body_tree;
        BodySource { lbrace, rbrace, base, parsed: OnceLock::from(body) }
    }
}
