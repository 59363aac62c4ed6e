//! Expressions (specification: "Expressions").

use super::Parser;
use crate::ast::{BinaryOp, ChanDir, ExprId, ExprKind, ExprList, List, UnaryOp};
use crate::print;
use crate::token::{Op, Token};
use source::Pos;

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> ExprId {
        let x = self.unary_expr();
        self.binary_rest(x, 0)
    }

    /// `ExpressionList = Expression { "," Expression } .`
    pub(super) fn expr_list(&mut self) -> ExprList {
        let first = self.expr();
        self.expr_list_rest(first)
    }

    pub(super) fn expr_list_rest(&mut self, first: ExprId) -> ExprList {
        if self.tok != Token::Comma {
            return self.one_expr(first);
        }
        let mark = self.expr_stack.len();
        self.expr_stack.push(first);
        while self.got(Token::Comma) {
            let x = self.expr();
            self.expr_stack.push(x);
        }
        self.finish_exprs(mark)
    }

    /// What follows the left operand `x`, as far as operators bind tighter than `prec`.
    pub(super) fn binary_rest(&mut self, mut x: ExprId, prec: u8) -> ExprId {
        let mut links = 0;
        while matches!(self.tok, Token::Operator | Token::Star)
            && self.prec > prec
            && let Op::Binary(op) = self.op
        {
            self.link(&mut links);
            let pos = self.pos();
            self.next();
            let right = self.unary_expr();
            let y = self.binary_rest(right, op.precedence());
            x = self.expr_node(pos, ExprKind::Binary { op, x, y });
        }
        x
    }

    /// `UnaryExpr = PrimaryExpr | unary_op UnaryExpr .`
    fn unary_expr(&mut self) -> ExprId {
        match self.tok {
            Token::Name | Token::Literal => {
                let x = if self.tok == Token::Name { self.name() } else { self.literal() };
                self.primary_rest(x)
            }
            _ => self.nested(Self::bad_expr, Self::unary_expr_nested),
        }
    }

    fn unary_expr_nested(&mut self) -> ExprId {
        let pos = self.pos();
        let op = match (self.tok, self.op) {
            (Token::Star, _) => {
                self.next();
                let x = self.unary_expr();
                return self.expr_node(pos, ExprKind::Star(x));
            }
            (Token::Arrow, _) => {
                self.next();
                let x = self.unary_expr();
                if matches!(self.tree[x].kind, ExprKind::ChanType { .. }) {
                    self.receive_only(x);
                    return x;
                }
                return self.expr_node(pos, ExprKind::Unary { op: UnaryOp::Recv, x });
            }
            (Token::Operator, Op::Binary(BinaryOp::Add)) => UnaryOp::Plus,
            (Token::Operator, Op::Binary(BinaryOp::Sub)) => UnaryOp::Neg,
            (Token::Operator, Op::Binary(BinaryOp::Xor)) => UnaryOp::Xor,
            (Token::Operator, Op::Binary(BinaryOp::And)) => UnaryOp::Addr,
            (Token::Operator, Op::Not) => UnaryOp::Not,
            (Token::Operator, Op::Tilde) => UnaryOp::Tilde,
            _ => {
                let x = self.operand();
                return self.primary_rest(x);
            }
        };
        self.next();
        let mut x = self.unary_expr();
        if op == UnaryOp::Addr {
            // `&(T{})` means `&T{}`.
            x = self.tree.unparen(x);
        }
        self.expr_node(pos, ExprKind::Unary { op, x })
    }

    /// `<-chan T` was taken for a receive operation on `chan T`: the arrow belongs to the type, and if that is
    /// `chan<- chan U`, its arrow belongs to the next one (specification: "Channel types").
    fn receive_only(&mut self, x: ExprId) {
        let mut ty = x;
        loop {
            let ExprKind::ChanType { dir, elem } = self.tree[ty].kind else {
                let text = print::expr(&self.tree, ty);
                return self.syntax_error(&format!("unexpected {text}, expected chan"));
            };
            self.tree.exprs[ty.index()].kind = ExprKind::ChanType { dir: ChanDir::Recv, elem };
            match dir {
                ChanDir::Both => return,
                ChanDir::Recv => return self.syntax_error("unexpected <-, expected chan"),
                ChanDir::Send => ty = elem,
            }
        }
    }

    /// `Operand = Literal | OperandName [ TypeArgs ] | "(" Expression ")" .` Also function literals, and types, which
    /// conversions and composite literals begin with.
    fn operand(&mut self) -> ExprId {
        let pos = self.pos();
        match self.tok {
            Token::Name => self.name(),
            Token::Literal => self.literal(),
            Token::Lparen => {
                self.next();
                self.expr_nesting += 1;
                let x = self.expr();
                self.expr_nesting -= 1;
                let rparen = self.want(Token::Rparen);
                self.expr_node(pos, ExprKind::Paren { x, rparen })
            }
            Token::Func => {
                self.next();
                let (_, ty) = self.signature("function type");
                if self.tok != Token::Lbrace {
                    return ty;
                }
                self.expr_nesting += 1;
                let body = self.func_block();
                self.expr_nesting -= 1;
                self.expr_node(pos, ExprKind::FuncLit { ty, body })
            }
            Token::Lbrack | Token::Chan | Token::Map | Token::Struct | Token::Interface => self.type_(),
            _ => {
                let bad = self.bad_expr();
                self.syntax_error("expected expression");
                self.advance(Token::Rparen.bit() | Token::Rbrack.bit() | Token::Rbrace.bit());
                bad
            }
        }
    }

    /// `PrimaryExpr` with a limit on nesting, for `go` and `defer`.
    pub(super) fn primary_expr(&mut self) -> ExprId {
        let x = self.operand();
        self.primary_rest(x)
    }

    /// What follows an operand: selectors, indices, slices, assertions, arguments, composite literal values.
    pub(super) fn primary_rest(&mut self, mut x: ExprId) -> ExprId {
        let mut links = 0;
        loop {
            let pos = self.pos();
            if !matches!(self.tok, Token::Dot | Token::Lbrack | Token::Lparen | Token::Lbrace) {
                return x;
            }
            self.link(&mut links);
            match self.tok {
                Token::Dot => {
                    self.next();
                    x = self.selector_or_assertion(x);
                }
                Token::Lbrack => {
                    self.next();
                    x = self.nested(Self::bad_expr, |parser| parser.index_or_slice(x, pos));
                }
                Token::Lparen => {
                    self.next();
                    x = self.nested(Self::bad_expr, |parser| parser.arguments(x, pos));
                }
                Token::Lbrace => {
                    let ty = self.tree.unparen(x);
                    if !self.begins_composite(ty) {
                        return x;
                    }
                    if ty != x {
                        self.syntax_error("cannot parenthesize type in composite literal");
                    }
                    x = self.composite(Some(x));
                }
                _ => return x,
            }
        }
    }

    fn selector_or_assertion(&mut self, x: ExprId) -> ExprId {
        let pos = self.pos();
        match self.tok {
            Token::Name => {
                let sel = self.scanner.name;
                self.next();
                self.expr_node(pos, ExprKind::Selector { x, sel })
            }
            Token::Lparen => {
                self.next();
                if self.got(Token::Type) {
                    let rparen = self.want(Token::Rparen);
                    return self.expr_node(pos, ExprKind::TypeGuard { x, rparen });
                }
                let ty = self.type_();
                let rparen = self.want(Token::Rparen);
                self.expr_node(pos, ExprKind::Assert { x, ty, rparen })
            }
            _ => {
                self.syntax_error("expected name or (");
                self.advance(Token::Semi.bit() | Token::Rparen.bit());
                x
            }
        }
    }

    /// After `x [`.
    fn index_or_slice(&mut self, x: ExprId, bracket: Pos) -> ExprId {
        let mut lo = None;
        if self.tok != Token::Colon {
            let (args, comma) = if self.tok == Token::Rbrack {
                self.syntax_error("expected operand");
                let bad = self.bad_expr();
                (self.one_expr(bad), false)
            } else {
                self.type_list(false)
            };
            if comma || self.tok == Token::Rbrack {
                let rbrack = self.want(Token::Rbrack);
                return self.expr_node(bracket, ExprKind::Index { x, args, rbrack });
            }
            lo = self.tree.exprs(args).first().copied();
        }
        if !self.got(Token::Colon) {
            self.syntax_error("expected comma, : or ]");
            self.advance(Token::Comma.bit() | Token::Colon.bit() | Token::Rbrack.bit());
        }
        self.expr_nesting += 1;
        let (mut hi, mut max, mut full) = (None, None, false);
        if !matches!(self.tok, Token::Colon | Token::Rbrack) {
            hi = Some(self.expr());
        }
        if self.tok == Token::Colon {
            full = true;
            if hi.is_none() {
                self.error_at(self.pos(), "middle index required in 3-index slice");
                hi = Some(self.bad_expr());
            }
            self.next();
            if self.tok == Token::Rbrack {
                self.error_at(self.pos(), "final index required in 3-index slice");
                max = Some(self.bad_expr());
            } else {
                max = Some(self.expr());
            }
        }
        self.expr_nesting -= 1;
        self.want(Token::Rbrack);
        self.expr_node(bracket, ExprKind::Slice { full, x, lo, hi, max })
    }

    /// `Arguments = "(" [ ExpressionList [ "..." ] [ "," ] ] ")" .` The parenthesis is consumed.
    fn arguments(&mut self, fun: ExprId, lparen: Pos) -> ExprId {
        let mark = self.expr_stack.len();
        let mut dots = false;
        self.expr_nesting += 1;
        let rparen = self.list("argument list", Token::Comma, Token::Rparen, |parser| {
            let x = parser.expr();
            parser.expr_stack.push(x);
            dots = parser.got(Token::DotDotDot);
            dots
        });
        self.expr_nesting -= 1;
        let args = self.finish_exprs(mark);
        self.expr_node(lparen, ExprKind::Call { dots, fun, args, rparen })
    }

    /// Whether a brace after `x` begins a composite literal of the type `x`. A lone name before it could also be the
    /// condition before a block.
    fn begins_composite(&self, x: ExprId) -> bool {
        match self.tree[x].kind {
            ExprKind::Name(_) | ExprKind::Selector { .. } => self.expr_nesting >= 0,
            ExprKind::Index { .. } => self.expr_nesting >= 0 && !self.is_value(x),
            ExprKind::ArrayType { .. }
            | ExprKind::SliceType { .. }
            | ExprKind::StructType { .. }
            | ExprKind::MapType { .. } => true,
            _ => false,
        }
    }

    /// Whether an expression cannot be a type.
    fn is_value(&self, mut x: ExprId) -> bool {
        loop {
            x = match self.tree[x].kind {
                ExprKind::Literal { .. }
                | ExprKind::Composite { .. }
                | ExprKind::FuncLit { .. }
                | ExprKind::Slice { .. }
                | ExprKind::Assert { .. }
                | ExprKind::TypeGuard { .. }
                | ExprKind::Call { .. }
                | ExprKind::Unary { .. }
                | ExprKind::Binary { .. } => return true,
                ExprKind::Paren { x, .. } => x,
                ExprKind::Index { x, args, .. } => {
                    if let [arg] = *self.tree.exprs(args)
                        && self.is_value(arg)
                    {
                        return true;
                    }
                    x
                }
                _ => return false,
            }
        }
    }

    /// `LiteralValue = "{" [ ElementList [ "," ] ] "}" .`
    fn composite(&mut self, ty: Option<ExprId>) -> ExprId {
        self.nested(Self::bad_expr, |parser| parser.composite_nested(ty))
    }

    fn composite_nested(&mut self, ty: Option<ExprId>) -> ExprId {
        let mark = self.expr_stack.len();
        self.expr_nesting += 1;
        let lbrace = self.want(Token::Lbrace);
        let rbrace = self.list("composite literal", Token::Comma, Token::Rbrace, |parser| {
            let mut x = parser.element();
            if parser.tok == Token::Colon {
                let pos = parser.pos();
                parser.next();
                let value = parser.element();
                x = parser.expr_node(pos, ExprKind::KeyValue { key: x, value });
            }
            parser.expr_stack.push(x);
            false
        });
        self.expr_nesting -= 1;
        let elems: ExprList =
            if self.expr_stack.len() == mark { List::EMPTY } else { self.finish_exprs(mark) };
        self.expr_node(lbrace, ExprKind::Composite { ty, elems, rbrace })
    }

    /// `Element = Expression | LiteralValue .`
    fn element(&mut self) -> ExprId {
        if self.tok == Token::Lbrace { self.composite(None) } else { self.expr() }
    }
}
