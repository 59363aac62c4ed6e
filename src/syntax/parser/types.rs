//! Types (specification: "Types").

use super::Parser;
use crate::ast::{BinaryOp, ChanDir, ExprId, ExprKind, Field, FieldList, List, UnaryOp};
use crate::token::{Op, Token};
use source::Pos;

/// Tokens that may follow a type.
const AFTER_TYPE: u64 = Token::Comma.bit()
    | Token::Colon.bit()
    | Token::Semi.bit()
    | Token::Rparen.bit()
    | Token::Rbrack.bit()
    | Token::Rbrace.bit();

pub(super) const UNION: Op = Op::Binary(BinaryOp::Or);

impl Parser<'_> {
    pub(super) fn type_(&mut self) -> ExprId {
        match self.type_option() {
            Some(ty) => ty,
            None => {
                let bad = self.bad_expr();
                self.syntax_error("expected type");
                self.advance(AFTER_TYPE);
                bad
            }
        }
    }

    /// `Type = TypeName [ TypeArgs ] | TypeLit | "(" Type ")" .` Nothing is consumed if there is no type here.
    pub(super) fn type_option(&mut self) -> Option<ExprId> {
        if self.tok == Token::Name {
            return Some(self.qualified_name(None));
        }
        self.nested(|parser| Some(parser.bad_expr()), Self::type_option_nested)
    }

    fn type_option_nested(&mut self) -> Option<ExprId> {
        let pos = self.pos();
        Some(match self.tok {
            Token::Star => {
                self.next();
                let elem = self.type_();
                self.expr_node(pos, ExprKind::Star(elem))
            }
            Token::Arrow => {
                self.next();
                self.want(Token::Chan);
                let elem = self.chan_elem();
                self.expr_node(pos, ExprKind::ChanType { dir: ChanDir::Recv, elem })
            }
            Token::Func => {
                self.next();
                self.signature("function type").1
            }
            Token::Lbrack => {
                self.next();
                if self.got(Token::Rbrack) { self.slice_type(pos) } else { self.array_type(pos, None) }
            }
            Token::Chan => {
                self.next();
                let dir = if self.got(Token::Arrow) { ChanDir::Send } else { ChanDir::Both };
                let elem = self.chan_elem();
                self.expr_node(pos, ExprKind::ChanType { dir, elem })
            }
            Token::Map => {
                self.next();
                self.want(Token::Lbrack);
                let key = self.type_();
                self.want(Token::Rbrack);
                let value = self.type_();
                self.expr_node(pos, ExprKind::MapType { key, value })
            }
            Token::Struct => self.struct_type(),
            Token::Interface => self.interface_type(),
            Token::Lparen => {
                self.next();
                let ty = self.type_();
                self.want(Token::Rparen);
                ty
            }
            _ => return None,
        })
    }

    /// `[` is consumed, and perhaps the length.
    pub(super) fn array_type(&mut self, pos: Pos, len: Option<ExprId>) -> ExprId {
        let mut len = len;
        if len.is_none() && !self.got(Token::DotDotDot) {
            self.expr_nesting += 1;
            len = Some(self.expr());
            self.expr_nesting -= 1;
        }
        if self.tok == Token::Comma {
            // Allowed in type parameter lists, which this may have been meant to be.
            self.syntax_error("unexpected comma; expected ]");
            self.next();
        }
        self.want(Token::Rbrack);
        let elem = self.type_();
        self.expr_node(pos, ExprKind::ArrayType { len, elem })
    }

    /// `[]` is consumed.
    pub(super) fn slice_type(&mut self, pos: Pos) -> ExprId {
        let elem = self.type_();
        self.expr_node(pos, ExprKind::SliceType { elem })
    }

    fn chan_elem(&mut self) -> ExprId {
        match self.type_option() {
            Some(ty) => ty,
            None => {
                let bad = self.bad_expr();
                self.syntax_error("missing channel element type");
                bad
            }
        }
    }

    /// `[ TypeParams ] Parameters [ Result ]`. Where a `context` is given type parameters are an error.
    pub(super) fn signature(&mut self, context: &str) -> (FieldList, ExprId) {
        let mut type_params = List::EMPTY;
        let pos = self.pos();
        if self.got(Token::Lbrack) {
            if !context.is_empty() {
                self.syntax_error_at(pos, &format!("{context} must have no type parameters"));
            }
            if self.tok == Token::Rbrack {
                self.syntax_error("empty type parameter list");
                self.next();
            } else {
                type_params = self.param_list(None, None, Token::Rbrack, true, false);
            }
        }
        self.want(Token::Lparen);
        let params = self.param_list(None, None, Token::Rparen, false, true);
        let results = self.result();
        (type_params, self.expr_node(pos, ExprKind::FuncType { params, results }))
    }

    /// `Result = Parameters | Type .`
    fn result(&mut self) -> FieldList {
        if self.got(Token::Lparen) {
            return self.param_list(None, None, Token::Rparen, false, false);
        }
        match self.type_option() {
            Some(ty) => {
                self.tree.fields.push(Field { name: None, ty, tag: None });
                List::new(self.tree.fields.len() - 1, 1)
            }
            None => List::EMPTY,
        }
    }

    /// `StructType = "struct" "{" { FieldDecl ";" } "}" .`
    fn struct_type(&mut self) -> ExprId {
        let pos = self.want(Token::Struct);
        self.want(Token::Lbrace);
        let mark = self.field_stack.len();
        let rbrace = self.list("struct type", Token::Semi, Token::Rbrace, |parser| {
            parser.field_decl();
            false
        });
        let fields = self.finish_fields(mark);
        self.expr_node(pos, ExprKind::StructType { fields, rbrace })
    }

    fn embedded_field(&mut self, ty: ExprId) {
        let tag = self.literal_option();
        self.field_stack.push(Field { name: None, ty, tag });
    }

    /// `FieldDecl = (IdentifierList Type | EmbeddedField) [ Tag ] .`
    fn field_decl(&mut self) {
        let pos = self.pos();
        match self.tok {
            Token::Name => self.named_or_embedded_field(),
            Token::Star => {
                self.next();
                let parenthesized = self.tok == Token::Lparen;
                if parenthesized {
                    self.syntax_error("cannot parenthesize embedded type");
                    self.next();
                }
                let base = self.qualified_name(None);
                if parenthesized {
                    self.got(Token::Rparen);
                }
                let ty = self.expr_node(pos, ExprKind::Star(base));
                self.embedded_field(ty);
            }
            Token::Lparen => {
                self.syntax_error("cannot parenthesize embedded type");
                self.next();
                let star = self.pos();
                let ty = if self.got(Token::Star) {
                    let base = self.qualified_name(None);
                    self.expr_node(star, ExprKind::Star(base))
                } else {
                    self.qualified_name(None)
                };
                self.got(Token::Rparen);
                self.embedded_field(ty);
            }
            _ => {
                self.syntax_error("expected field name or embedded type");
                self.advance(Token::Semi.bit() | Token::Rbrace.bit());
            }
        }
    }

    fn named_or_embedded_field(&mut self) {
        let first = self.name();
        if matches!(self.tok, Token::Dot | Token::Literal | Token::Semi | Token::Rbrace) {
            let ty = self.qualified_name(Some(first));
            return self.embedded_field(ty);
        }
        let mark = self.expr_stack.len();
        self.expr_stack.push(first);
        while self.got(Token::Comma) {
            let name = self.name();
            self.expr_stack.push(name);
        }
        let single = self.expr_stack.len() == mark + 1;
        let ty = if single && self.tok == Token::Lbrack {
            // An embedded instance T[P], or a field T of the type [n]E.
            let ty = self.array_or_type_args(first);
            if matches!(self.tree[ty].kind, ExprKind::Index { .. }) {
                self.expr_stack.truncate(mark);
                return self.embedded_field(ty);
            }
            ty
        } else {
            self.type_()
        };
        let tag = self.literal_option();
        for i in mark..self.expr_stack.len() {
            let name = Some(self.expr_stack[i]);
            self.field_stack.push(Field { name, ty, tag });
        }
        self.expr_stack.truncate(mark);
    }

    /// What follows `name` at `[`: an array or slice type, or the type arguments of an instance of `name`.
    pub(super) fn array_or_type_args(&mut self, name: ExprId) -> ExprId {
        let bracket = self.want(Token::Lbrack);
        if self.got(Token::Rbrack) {
            return self.slice_type(bracket);
        }
        let (args, comma) = self.type_list(false);
        let rbrack = self.want(Token::Rbrack);
        if !comma && let Some(elem) = self.type_option() {
            let len = self.tree.exprs(args).first().copied();
            return self.expr_node(bracket, ExprKind::ArrayType { len, elem });
        }
        self.expr_node(bracket, ExprKind::Index { x: name, args, rbrack })
    }

    /// `InterfaceType = "interface" "{" { ( MethodElem | TypeElem ) ";" } "}" .`
    fn interface_type(&mut self) -> ExprId {
        let pos = self.want(Token::Interface);
        self.want(Token::Lbrace);
        let mark = self.field_stack.len();
        let rbrace = self.list("interface type", Token::Semi, Token::Rbrace, |parser| {
            let elem = if parser.tok == Token::Name {
                let elem = parser.method_elem();
                if elem.name.is_some() { elem } else { Field { ty: parser.type_elem(Some(elem.ty)), ..elem } }
            } else {
                Field { name: None, ty: parser.type_elem(None), tag: None }
            };
            parser.field_stack.push(elem);
            false
        });
        let elems = self.finish_fields(mark);
        self.expr_node(pos, ExprKind::InterfaceType { elems, rbrace })
    }

    /// A method, or the name that an embedded element begins with.
    fn method_elem(&mut self) -> Field {
        let name = self.name();
        let ty = match self.tok {
            Token::Lparen => return self.method(name),
            Token::Lbrack => {
                let bracket = self.pos();
                self.next();
                if self.tok == Token::Rbrack {
                    let close = self.pos();
                    self.next();
                    if self.tok == Token::Lparen {
                        self.error_at(close, "empty type parameter list");
                        return self.method(name);
                    }
                    self.error_at(close, "empty type argument list");
                    name
                } else {
                    // Type arguments look like parameters without names, so take them as such first.
                    let list = self.param_list(None, None, Token::Rbrack, false, false);
                    match self.tree.fields(list).first() {
                        None if self.tok == Token::Lparen => return self.method(name),
                        None => name,
                        Some(Field { name: Some(_), .. }) => {
                            let method = self.method(name);
                            self.error_at(bracket, "interface method must have no type parameters");
                            return method;
                        }
                        Some(_) => self.instance_of_params(name, bracket, list),
                    }
                }
            }
            _ => self.qualified_name(Some(name)),
        };
        Field { name: None, ty, tag: None }
    }

    fn method(&mut self, name: ExprId) -> Field {
        let (_, ty) = self.signature("interface method");
        Field { name: Some(name), ty, tag: None }
    }

    fn instance_of_params(&mut self, x: ExprId, bracket: Pos, list: FieldList) -> ExprId {
        let mark = self.expr_stack.len();
        for i in list.range() {
            let ty = self.tree.fields[i].ty;
            self.expr_stack.push(ty);
        }
        let args = self.finish_exprs(mark);
        let rbrack = self.tree.exprs(args).last().map_or(bracket, |&last| self.tree.end(last));
        self.expr_node(bracket, ExprKind::Index { x, args, rbrack })
    }

    /// `TypeElem = TypeTerm { "|" TypeTerm } .` The first term may be parsed already.
    pub(super) fn type_elem(&mut self, first: Option<ExprId>) -> ExprId {
        let mut x = match first {
            Some(first) => first,
            None => self.type_term(),
        };
        let mut links = 0;
        while self.at_op(UNION) {
            self.link(&mut links);
            let pos = self.pos();
            self.next();
            let y = self.type_term();
            x = self.expr_node(pos, ExprKind::Binary { op: BinaryOp::Or, x, y });
        }
        x
    }

    /// `TypeTerm = Type | "~" Type .`
    fn type_term(&mut self) -> ExprId {
        let pos = self.pos();
        if self.at_op(Op::Tilde) {
            self.next();
            let x = self.type_();
            return self.expr_node(pos, ExprKind::Unary { op: UnaryOp::Tilde, x });
        }
        match self.type_option() {
            Some(ty) => ty,
            None => {
                let bad = self.bad_expr();
                self.syntax_error("expected ~ term or type");
                self.advance(AFTER_TYPE & !(Token::Comma.bit() | Token::Colon.bit()) | Token::Operator.bit());
                bad
            }
        }
    }

    /// `TypeName [ TypeArgs ]`, where the first name may be parsed already.
    pub(super) fn qualified_name(&mut self, name: Option<ExprId>) -> ExprId {
        let mut x = match name {
            Some(name) => name,
            None if self.tok == Token::Name => self.name(),
            None => {
                let pos = self.pos();
                let blank = self.expr_node(pos, ExprKind::Name(source::Name::BLANK));
                self.syntax_error("expected name");
                self.advance(Token::Dot.bit() | Token::Semi.bit() | Token::Rbrace.bit());
                blank
            }
        };
        if self.got(Token::Dot) {
            let sel = self.ident();
            x = self.expr_node(sel.pos, ExprKind::Selector { x, sel: sel.name });
        }
        if self.tok == Token::Lbrack {
            x = self.nested(|parser| parser.bad_expr(), |parser| parser.type_instance(x));
        }
        x
    }

    fn type_instance(&mut self, x: ExprId) -> ExprId {
        let bracket = self.want(Token::Lbrack);
        let args = if self.tok == Token::Rbrack {
            self.syntax_error("expected type argument list");
            let bad = self.bad_expr();
            self.one_expr(bad)
        } else {
            self.type_list(true).0
        };
        let rbrack = self.want(Token::Rbrack);
        self.expr_node(bracket, ExprKind::Index { x, args, rbrack })
    }

    /// `arg { "," arg } [ "," ]`, and whether there was a comma. Unless `strict`, the first argument may be an expression
    /// that is no type.
    pub(super) fn type_list(&mut self, strict: bool) -> (crate::ast::ExprList, bool) {
        self.expr_nesting += 1;
        let first = if strict { self.type_() } else { self.expr() };
        let comma = self.tok == Token::Comma;
        let mark = self.expr_stack.len();
        self.expr_stack.push(first);
        while self.got(Token::Comma) {
            let Some(ty) = self.type_option() else { break };
            self.expr_stack.push(ty);
        }
        self.expr_nesting -= 1;
        (self.finish_exprs(mark), comma)
    }
}
