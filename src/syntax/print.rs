//! Expressions as text, the way Go's compiler shows them inside messages.

use crate::ast::{ChanDir, ExprId, ExprKind, Field, FieldList, StmtId, StmtKind, Tree};

/// The expression on one line; bodies of function literals and elements of composite literals become `…`.
pub fn expr(tree: &Tree, id: ExprId) -> String {
    let mut out = String::new();
    write_expr(&mut out, tree, id);
    out
}

/// Several expressions, separated by commas.
pub fn exprs(tree: &Tree, list: &[ExprId]) -> String {
    let mut out = String::new();
    write_list(&mut out, tree, list);
    out
}

/// Chains like `a + b + c` and `a.b(c)[d]` lean to the left and may be long, so they are walked without recursion: down
/// to the first operand, and up again writing what follows it.
fn write_expr(out: &mut String, tree: &Tree, id: ExprId) {
    let mut chain = Vec::new();
    let mut first = id;
    while let Some(left) = left_operand(tree, first) {
        chain.push(first);
        first = left;
    }
    write_operand(out, tree, first);
    for &id in chain.iter().rev() {
        write_rest(out, tree, id);
    }
}

fn left_operand(tree: &Tree, id: ExprId) -> Option<ExprId> {
    match tree[id].kind {
        ExprKind::Selector { x, .. }
        | ExprKind::Index { x, .. }
        | ExprKind::Slice { x, .. }
        | ExprKind::Assert { x, .. }
        | ExprKind::TypeGuard { x, .. }
        | ExprKind::Call { fun: x, .. }
        | ExprKind::Binary { x, .. } => Some(x),
        _ => None,
    }
}

/// What follows the left operand.
fn write_rest(out: &mut String, tree: &Tree, id: ExprId) {
    match tree[id].kind {
        ExprKind::Selector { sel, .. } => {
            out.push('.');
            out.push_str(sel.as_str());
        }
        ExprKind::Index { args, .. } => {
            out.push('[');
            write_list(out, tree, tree.exprs(args));
            out.push(']');
        }
        ExprKind::Slice { full, lo, hi, max, .. } => {
            out.push('[');
            write_option(out, tree, lo);
            out.push(':');
            write_option(out, tree, hi);
            if full {
                out.push(':');
                write_option(out, tree, max);
            }
            out.push(']');
        }
        ExprKind::Assert { ty, .. } => {
            out.push_str(".(");
            write_expr(out, tree, ty);
            out.push(')');
        }
        ExprKind::TypeGuard { .. } => out.push_str(".(type)"),
        ExprKind::Call { dots, args, .. } => {
            out.push('(');
            write_list(out, tree, tree.exprs(args));
            if dots {
                out.push_str("...");
            }
            out.push(')');
        }
        ExprKind::Binary { op, y, .. } => {
            out.push(' ');
            out.push_str(op.as_str());
            out.push(' ');
            write_expr(out, tree, y);
        }
        _ => {}
    }
}

fn write_operand(out: &mut String, tree: &Tree, id: ExprId) {
    match tree[id].kind {
        ExprKind::Bad => out.push_str("<bad expr>"),
        ExprKind::Name(name) => out.push_str(name.as_str()),
        ExprKind::Literal { text, .. } => out.push_str(tree.text(text)),
        ExprKind::Composite { ty, elems, .. } => {
            write_option(out, tree, ty);
            out.push_str(if elems.is_empty() { "{}" } else { "{…}" });
        }
        ExprKind::KeyValue { key, value } => {
            write_expr(out, tree, key);
            out.push_str(": ");
            write_expr(out, tree, value);
        }
        ExprKind::FuncLit { ty, body } => {
            write_expr(out, tree, ty);
            out.push_str(if tree.block(body).0.is_empty() { " {}" } else { " {…}" });
        }
        ExprKind::Paren { x, .. } => {
            out.push('(');
            write_expr(out, tree, x);
            out.push(')');
        }
        ExprKind::Unary { op, x } => {
            out.push_str(op.as_str());
            write_expr(out, tree, x);
        }
        ExprKind::Star(x) => {
            out.push('*');
            write_expr(out, tree, x);
        }
        ExprKind::ArrayType { len, elem } => {
            out.push('[');
            match len {
                Some(len) => write_expr(out, tree, len),
                None => out.push_str("..."),
            }
            out.push(']');
            write_expr(out, tree, elem);
        }
        ExprKind::SliceType { elem } => {
            out.push_str("[]");
            write_expr(out, tree, elem);
        }
        ExprKind::StructType { fields, .. } => {
            out.push_str("struct{");
            write_struct_fields(out, tree, tree.fields(fields));
            out.push('}');
        }
        ExprKind::FuncType { params, results } => {
            out.push_str("func");
            write_signature(out, tree, params, results);
        }
        ExprKind::InterfaceType { elems, .. } => {
            out.push_str("interface{");
            write_interface_elems(out, tree, tree.fields(elems));
            out.push('}');
        }
        ExprKind::MapType { key, value } => {
            out.push_str("map[");
            write_expr(out, tree, key);
            out.push(']');
            write_expr(out, tree, value);
        }
        ExprKind::ChanType { dir, elem } => write_chan(out, tree, dir, elem),
        ExprKind::Dots(elem) => {
            out.push_str("...");
            write_expr(out, tree, elem);
        }
        ExprKind::Selector { .. }
        | ExprKind::Index { .. }
        | ExprKind::Slice { .. }
        | ExprKind::Assert { .. }
        | ExprKind::TypeGuard { .. }
        | ExprKind::Call { .. }
        | ExprKind::Binary { .. } => write_rest(out, tree, id),
    }
}

fn write_option(out: &mut String, tree: &Tree, id: Option<ExprId>) {
    if let Some(id) = id {
        write_expr(out, tree, id);
    }
}

fn write_list(out: &mut String, tree: &Tree, list: &[ExprId]) {
    for (i, &x) in list.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        write_expr(out, tree, x);
    }
}

fn write_chan(out: &mut String, tree: &Tree, dir: ChanDir, elem: ExprId) {
    out.push_str(match dir {
        ChanDir::Both => "chan ",
        ChanDir::Send => "chan<- ",
        ChanDir::Recv => "<-chan ",
    });
    // `chan <-chan T` would read as `chan<- chan T`.
    let ambiguous =
        dir == ChanDir::Both && matches!(tree[elem].kind, ExprKind::ChanType { dir: ChanDir::Recv, .. });
    if ambiguous {
        out.push('(');
    }
    write_expr(out, tree, elem);
    if ambiguous {
        out.push(')');
    }
}

fn write_signature(out: &mut String, tree: &Tree, params: FieldList, results: FieldList) {
    write_params(out, tree, tree.fields(params));
    match tree.fields(results) {
        [] => {}
        [Field { name: None, ty, .. }] => {
            out.push(' ');
            write_expr(out, tree, *ty);
        }
        results => {
            out.push(' ');
            write_params(out, tree, results);
        }
    }
}

/// `name T`, or `name` alone where the next field shares the type. Returns whether the type was written.
fn write_grouped(out: &mut String, tree: &Tree, fields: &[Field], i: usize) -> bool {
    if let Some(name) = fields[i].name {
        write_expr(out, tree, name);
        if fields.get(i + 1).is_some_and(|next| next.name.is_some() && next.ty == fields[i].ty) {
            return false;
        }
        out.push(' ');
    }
    write_expr(out, tree, fields[i].ty);
    true
}

fn write_params(out: &mut String, tree: &Tree, fields: &[Field]) {
    out.push('(');
    for i in 0..fields.len() {
        if i > 0 {
            out.push_str(", ");
        }
        write_grouped(out, tree, fields, i);
    }
    out.push(')');
}

fn write_struct_fields(out: &mut String, tree: &Tree, fields: &[Field]) {
    let mut complete = true;
    for (i, field) in fields.iter().enumerate() {
        if i > 0 {
            out.push_str(if complete { "; " } else { ", " });
        }
        complete = write_grouped(out, tree, fields, i);
        if let (true, Some(tag)) = (complete, field.tag) {
            out.push(' ');
            write_expr(out, tree, tag);
        }
    }
}

fn write_interface_elems(out: &mut String, tree: &Tree, elems: &[Field]) {
    for (i, elem) in elems.iter().enumerate() {
        if i > 0 {
            out.push_str("; ");
        }
        match (elem.name, tree[elem.ty].kind) {
            (Some(name), ExprKind::FuncType { params, results }) => {
                write_expr(out, tree, name);
                write_signature(out, tree, params, results);
            }
            (_, _) => write_expr(out, tree, elem.ty),
        }
    }
}

/// A simple statement as text.
pub fn simple_stmt(tree: &Tree, id: StmtId) -> String {
    let side = |list| exprs(tree, tree.exprs(list));
    match tree[id].kind {
        StmtKind::Expr(x) => expr(tree, x),
        StmtKind::Send { chan, value } => format!("{} <- {}", expr(tree, chan), expr(tree, value)),
        StmtKind::IncDec { x, inc } => format!("{}{}", expr(tree, x), if inc { "++" } else { "--" }),
        StmtKind::Assign { lhs, rhs } => format!("{} = {}", side(lhs), side(rhs)),
        StmtKind::Define { lhs, rhs } => format!("{} := {}", side(lhs), side(rhs)),
        StmtKind::OpAssign { op, x, y } => format!("{} {}= {}", expr(tree, x), op.as_str(), expr(tree, y)),
        _ => String::new(),
    }
}
