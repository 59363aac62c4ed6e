//! Parameter lists: ordinary, result, receiver and type parameters (specification: "Function types", "Type parameter
//! declarations").

use super::Parser;
use super::types::UNION;
use crate::ast::{BinaryOp, ExprId, ExprKind, Field, FieldList, List};
use crate::token::{Op, Token};
use source::{Name, Pos};

/// An entry of a list before it is known whether a lone name is a parameter or a type.
#[derive(Clone, Copy)]
pub(super) struct Param {
    name: Option<ExprId>,
    ty: Option<ExprId>,
}

impl Parser<'_> {
    /// `[ ParameterList [ "," ] ] close`, the opening bracket being consumed. The first name, or name and type, may be
    /// parsed already. Type parameters are always named (`require_names`); only ordinary parameters may be `...T`
    /// (`dots_ok`).
    pub(super) fn param_list(
        &mut self,
        mut name: Option<ExprId>,
        mut ty: Option<ExprId>,
        close: Token,
        require_names: bool,
        dots_ok: bool,
    ) -> FieldList {
        if ty.is_none() && name.is_none() && self.tok == close {
            self.next();
            return List::EMPTY;
        }
        let mut params: Vec<Param> = std::mem::take(&mut self.spare_params);
        let end;
        if ty.is_some() && self.tok == close {
            // The first entry is complete, and nothing more comes.
            params.push(Param { name, ty });
            end = self.pos();
            self.next();
        } else {
            end = self.list("parameter list", Token::Comma, close, |parser| {
                let param = match (name.take(), ty.take()) {
                    (name, Some(ty)) => Some(Param { name, ty: Some(ty) }),
                    (name, None) => parser.param_decl(name, close),
                };
                params.extend(param);
                false
            });
        }
        self.distribute_types(&mut params, end, require_names);
        self.check_dots(&mut params, dots_ok);
        let start = self.tree.fields.len();
        for param in &params {
            let ty = param.ty.unwrap_or_else(|| self.bad_expr());
            self.tree.fields.push(Field { name: param.name, ty, tag: None });
        }
        let list = List::new(start, params.len());
        params.clear();
        self.spare_params = params;
        list
    }

    /// `ParameterDecl = [ identifier ] [ "..." ] Type .`, or a lone name. In type parameter lists types may be unions
    /// and have tildes.
    fn param_decl(&mut self, name: Option<ExprId>, close: Token) -> Option<Param> {
        let unions = close == Token::Rbrack;
        if name.is_none() && unions && self.at_op(Op::Tilde) {
            return Some(Param { name: None, ty: Some(self.type_elem(None)) });
        }
        let mut param = Param { name: None, ty: None };
        if self.tok == Token::Name || name.is_some() {
            let name = name.unwrap_or_else(|| self.name());
            let is_union = |parser: &Self| unions && parser.at_op(UNION);
            match self.tok {
                Token::Lbrack => {
                    let ty = self.array_or_type_args(name);
                    if !matches!(self.tree[ty].kind, ExprKind::Index { x, .. } if x == name) {
                        param.name = Some(name);
                    }
                    param.ty = Some(if is_union(self) { self.type_elem(Some(ty)) } else { ty });
                    return Some(param);
                }
                Token::Dot => {
                    let ty = self.qualified_name(Some(name));
                    param.ty = Some(if is_union(self) { self.type_elem(Some(ty)) } else { ty });
                    return Some(param);
                }
                _ if is_union(self) => {
                    param.ty = Some(self.type_elem(Some(name)));
                    return Some(param);
                }
                _ => param.name = Some(name),
            }
        }
        if self.tok == Token::DotDotDot {
            let pos = self.pos();
            self.next();
            param.ty = Some(match self.type_option() {
                Some(elem) => self.expr_node(pos, ExprKind::Dots(elem)),
                None => {
                    let bad = self.bad_expr();
                    self.syntax_error("... is missing type");
                    bad
                }
            });
            return Some(param);
        }
        if unions && self.at_op(Op::Tilde) {
            param.ty = Some(self.type_elem(None));
            return Some(param);
        }
        param.ty = self.type_option();
        if unions && param.ty.is_some() && self.at_op(UNION) {
            param.ty = Some(self.type_elem(param.ty));
        }
        if param.name.is_some() || param.ty.is_some() {
            return Some(param);
        }
        self.syntax_error(&format!("expected {}", close.describe()));
        self.advance(Token::Comma.bit() | close.bit());
        None
    }

    /// Decides what lone names are. If nothing has both name and type (and names are not required), they are types;
    /// otherwise they are parameters that share the type further right, and all must be named.
    fn distribute_types(&mut self, params: &mut [Param], end: Pos, require_names: bool) {
        let named = params.iter().filter(|p| p.name.is_some() && p.ty.is_some()).count();
        let typed = params.iter().filter(|p| p.ty.is_some()).count();
        if named == 0 && !require_names {
            for param in params {
                if let Some(name) = param.name.take() {
                    param.ty = Some(name);
                }
            }
            return;
        }
        if named == params.len() {
            return;
        }
        let mut error = None;
        let mut right = None;
        let count = params.len();
        for param in params.iter_mut().rev() {
            match (param.name, param.ty) {
                (name, Some(ty)) => {
                    right = Some(ty);
                    if name.is_none() {
                        let pos = self.tree.start(ty);
                        error = Some(pos);
                        param.name = Some(self.expr_node(pos, ExprKind::Name(Name::BLANK)));
                    }
                }
                (Some(_), None) if right.is_some() => param.ty = right,
                (name, None) => {
                    let pos = name.map_or(end, |name| self.tree[name].pos);
                    error = Some(pos);
                    param.ty = Some(self.expr_node(pos, ExprKind::Bad));
                }
            }
        }
        let Some(mut pos) = error else { return };
        let message = if named == typed {
            // Only parameters at the end lack a type.
            pos = end;
            if require_names { "missing type constraint" } else { "missing parameter type" }
        } else if !require_names {
            "missing parameter name"
        } else if count == 1 {
            "missing type parameter name or invalid array length"
        } else {
            "missing type parameter name"
        };
        self.syntax_error_at(pos, message);
    }

    /// Reports the first `...T` that is not where it may be, and makes a `T` of each.
    fn check_dots(&mut self, params: &mut [Param], dots_ok: bool) {
        let mut first = true;
        let count = params.len();
        for (i, param) in params.iter_mut().enumerate() {
            let Some(ty) = param.ty else { continue };
            let ExprKind::Dots(elem) = self.tree[ty].kind else { continue };
            if dots_ok && i + 1 == count {
                continue;
            }
            if std::mem::take(&mut first) {
                let pos = self.tree[ty].pos;
                self.error_at(
                    pos,
                    if dots_ok { "can only use ... with final parameter" } else { "invalid use of ..." },
                );
            }
            param.ty = Some(elem);
        }
    }

    /// Splits what was parsed as an expression into the name and the constraint of a type parameter, if it can be:
    /// `P *C` looks like a product and `P (C)` like a call. Where the constraint could as well be a value, only if `force`.
    /// A lone name gives no constraint; what cannot be split gives nothing.
    pub(super) fn split_name(&mut self, x: ExprId, force: bool) -> Option<(ExprId, Option<ExprId>)> {
        self.nested(|_| None, |parser| parser.split_name_nested(x, force))
    }

    fn split_name_nested(&mut self, x: ExprId, force: bool) -> Option<(ExprId, Option<ExprId>)> {
        let is_name = |parser: &Self, x: ExprId| matches!(parser.tree[x].kind, ExprKind::Name(_));
        match self.tree[x].kind {
            ExprKind::Name(_) => Some((x, None)),
            ExprKind::Binary { op: BinaryOp::Mul, x: name, y } => {
                if !is_name(self, name) || !(force || self.is_type_elem(y)) {
                    return None;
                }
                self.tree.exprs[x.index()].kind = ExprKind::Star(y);
                Some((name, Some(x)))
            }
            ExprKind::Binary { op: BinaryOp::Or, x: left, y } => {
                let force = force || self.is_type_elem(y);
                let (name, ty) = self.split_name(left, force)?;
                self.tree.exprs[x.index()].kind = ExprKind::Binary { op: BinaryOp::Or, x: ty?, y };
                Some((name, Some(x)))
            }
            ExprKind::Call { dots: false, fun, args, .. } if is_name(self, fun) => {
                match *self.tree.exprs(args) {
                    [arg] if force || self.is_type_elem(arg) => Some((fun, Some(self.tree.unparen(arg)))),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether an expression can only be a type or a union.
    fn is_type_elem(&self, mut x: ExprId) -> bool {
        loop {
            x = match self.tree[x].kind {
                ExprKind::ArrayType { .. }
                | ExprKind::StructType { .. }
                | ExprKind::FuncType { .. }
                | ExprKind::InterfaceType { .. }
                | ExprKind::SliceType { .. }
                | ExprKind::MapType { .. }
                | ExprKind::ChanType { .. } => return true,
                ExprKind::Unary { op, x } => {
                    if op == crate::ast::UnaryOp::Tilde {
                        return true;
                    }
                    x
                }
                ExprKind::Binary { x, y, .. } => {
                    if self.is_type_elem(y) {
                        return true;
                    }
                    x
                }
                ExprKind::Star(x) | ExprKind::Paren { x, .. } => x,
                _ => return false,
            }
        }
    }
}
