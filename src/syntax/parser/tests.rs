//! What trees come out: texts, positions, groups, directives.

use super::{Mode, parse_file};
use crate::ast::{DeclId, DeclKind, Expr, ExprId, ExprKind, File, StmtId, StmtKind, Tree};
use crate::print;
use source::{FileSet, SourceFile};
use std::sync::Arc;

fn source(text: &str) -> Arc<SourceFile> {
    let files = FileSet::default();
    files.file(files.add("/a.go", "a.go", text.into()))
}

/// Parses a program that has no errors.
fn parse(text: &str) -> (File, Arc<SourceFile>) {
    let file = source(text);
    let mut errors = Vec::new();
    let parsed = parse_file(&file, Mode::Full, &mut errors);
    assert_eq!(errors, [], "{text}");
    (parsed, file)
}

/// The value of `var _ = …`.
fn parse_expr(text: &str) -> (Tree, ExprId) {
    let (file, _) = parse(&format!("package p\nvar _ = {text}"));
    let DeclKind::Var { values, .. } = file.decl(file.decls[0]).kind else { panic!("no variable") };
    let x = file.tree.exprs(values)[0];
    (file.tree, x)
}

#[test]
fn expressions_print_as_written() {
    let texts = [
        "a + b*c == d && -e || !f",
        "x.y(1, z...)[i:j:k].(T).w",
        "<-c + len(*p)",
        "map[string]chan<- []int{…}",
        "[...]struct{a, b int; T \"tag\"; *E}{…}",
        "func(a, b int, c ...string) (x, y error) {…}",
        "func() {}",
        "(func())(nil)",
        "interface{M(int) string; ~int | *T; E}(nil)",
        "G[int, []T](x)",
        "chan (<-chan int)(nil)",
        "&T{}",
        "a[:]",
    ];
    for text in texts {
        let program = text.replace("{…}", "{x}").replace(") {x}", ") { f() }").replace('*', " * ");
        let (tree, x) = parse_expr(&program);
        let plain = |s: &str| s.replace(' ', "").replace("{x}", "{…}");
        assert_eq!(plain(&print::expr(&tree, x)), plain(text));
    }
    let (tree, x) = parse_expr("a+b * c");
    assert_eq!(print::expr(&tree, x), "a + b * c");
}

#[test]
fn precedence_and_association() {
    let (tree, x) = parse_expr("a - b - c*d");
    let ExprKind::Binary { x: left, y: right, .. } = tree[x].kind else { panic!() };
    assert_eq!((print::expr(&tree, left), print::expr(&tree, right)), ("a - b".into(), "c * d".into()));
}

#[test]
fn positions_of_expressions() {
    let text = "package p\nvar _ = f(a).b[1:2] + T{x}.y";
    let (file, source) = parse(text);
    let at = |pos| source.offset(pos) as usize;
    let mut seen = 0;
    for id in (1..file.tree.expr_count()).filter_map(ExprId::from_index) {
        let Expr { pos, kind } = file.tree[id];
        let (start, end) = (at(file.tree.start(id)), at(file.tree.end(id)));
        assert!(start <= at(pos) && at(pos) <= end, "{kind:?}");
        let printed = print::expr(&file.tree, id).replace('…', "x");
        match kind {
            ExprKind::Slice { .. } => assert_eq!(&text[start..end], "[1:2]"),
            ExprKind::Binary { .. } => assert_eq!(&text[start..end], "[1:2] + T{x}.y"),
            _ => assert_eq!(&text[start..end], printed),
        }
        match kind {
            ExprKind::Binary { .. } => assert_eq!(&text[at(pos)..=at(pos)], "+"),
            ExprKind::Call { .. } => assert_eq!(&text[at(pos)..=at(pos)], "("),
            ExprKind::Selector { .. } => assert_eq!(at(pos) + 1, end),
            _ => {}
        }
        seen += 1;
    }
    assert_eq!(seen, 13);
}

#[test]
fn constant_groups() {
    let (file, _) = parse("package p\nconst (\n\ta, b = iota, 1\n\tc, d\n\te int = 2\n\tf\n)\nconst g = 3");
    let consts: Vec<(u32, Option<DeclId>)> = file
        .decls
        .iter()
        .map(|&id| match file.decl(id).kind {
            DeclKind::Const { iota, implicit, .. } => (iota, implicit),
            _ => panic!("not a constant"),
        })
        .collect();
    let [first, _, third, _, _] = file.decls[..] else { panic!() };
    assert_eq!(consts, [(0, None), (1, Some(first)), (2, None), (3, Some(third)), (0, None)]);
}

#[test]
fn directives_go_to_declarations() {
    let text = "//go:build linux && go1.22\n\npackage p\n\n//go:embed a b\nvar x string\n\n//go:noinline\n\
        //export f\nfunc f() {\n\t//go:nothing\n}\n\n//go:linkname g h\nfunc g()\n\nconst c = 1\n\
        var (\n\t//go:align 4\n\ty int\n\tz int\n)\n";
    let (file, _) = parse(text);
    let of = |index: usize| {
        let pragmas = file.pragmas(file.decl(file.decls[index]).pragmas);
        pragmas.iter().map(|d| format!("{}|{}", d.verb(), d.args())).collect::<Vec<_>>()
    };
    assert_eq!(of(0), ["go:embed|a b"]);
    assert_eq!(of(1), ["go:noinline|", "export|f"]);
    assert_eq!(of(2), ["go:linkname|g h"]);
    assert_eq!((of(3).len(), of(4), of(5).len()), (0, vec!["go:align|4".to_owned()], 0));
    assert_eq!(file.go_version, Some((1, 22)));
    assert!(!file.func(crate::ast::FuncId(1)).has_body());
    assert_eq!(file.pragmas(file.package_pragmas)[0].verb(), "go:build");
}

#[test]
fn type_parameters_and_array_lengths() {
    let cases = [
        ("type T[P any] int", 1),
        ("type T[P *C,] int", 1),
        ("type T[P *C|Q] int", 0),
        ("type T[P ~int] int", 1),
        ("type T[P *struct{}] int", 1),
        ("type T[P, Q any, R []P] int", 3),
        ("type T[N] int", 0),
        ("type T[N * 2] int", 0),
        ("type T[P interface{}] struct{}", 1),
        ("type T[P A|B] int", 1),
        ("type T[P []E, E any] int", 2),
    ];
    for (text, count) in cases {
        let file = source(&format!("package p\n{text}"));
        let parsed = parse_file(&file, Mode::Full, &mut Vec::new());
        let DeclKind::Type { params, .. } = parsed.decl(parsed.decls[0]).kind else { panic!("{text}") };
        assert_eq!(params.len(), count, "{text}");
    }
}

#[test]
fn generic_methods() {
    let (file, _) = parse("package p\nfunc (r *T[P]) M[Q any](q Q) (P, error) { return nil, nil }");
    let func = &file.funcs[0];
    let recv = func.recv.expect("a receiver");
    assert_eq!(print::expr(&file.tree, recv.ty), "*T[P]");
    assert_eq!(func.type_params.len(), 1);
    assert_eq!(print::expr(&file.tree, func.ty), "func(q Q) (P, error)");
}

#[test]
fn shared_types_of_parameters() {
    let (file, _) = parse("package p\nfunc f(a, b int, c string)");
    let ExprKind::FuncType { params, .. } = file.tree[file.funcs[0].ty].kind else { panic!() };
    let [a, b, c] = file.tree.fields(params) else { panic!() };
    assert!(a.ty == b.ty && b.ty != c.ty);
}

fn body(text: &str) -> (Tree, Vec<StmtId>) {
    let (mut file, source) = parse(&format!("package p\nfunc f() {{ {text} }}"));
    let body = file.funcs.pop().and_then(|f| f.parse_body(&source.bytes)).expect("a body");
    let stmts = body.tree.block(body.block).0.to_vec();
    (body.tree, stmts)
}

#[test]
fn statements() {
    let (tree, stmts) =
        body("for i, x := range m {}; for range 3 {}; for i := 0; i < n; i++ {}; for ok {}; for {}");
    let kind = |i: usize| tree[stmts[i]].kind;
    assert!(matches!(kind(0), StmtKind::Range { define: true, lhs, .. } if lhs.len() == 2));
    assert!(matches!(kind(1), StmtKind::Range { define: false, lhs, .. } if lhs.is_empty()));
    assert!(matches!(kind(2), StmtKind::For { init: Some(_), cond: Some(_), post: Some(_), .. }));
    assert!(matches!(kind(3), StmtKind::For { init: None, cond: Some(_), post: None, .. }));
    assert!(matches!(kind(4), StmtKind::For { init: None, cond: None, post: None, .. }));

    let (tree, stmts) = body(
        "switch x := y.(type) { case int, T: a(); default: }; switch y.(type) {}; switch a := b; a {}; \
        select { case x, ok := <-c: case c <- 1: default: }; if a := (T{}); a == (T{}) {} else if b {} else {}",
    );
    let kind = |i: usize| tree[stmts[i]].kind;
    let StmtKind::TypeSwitch { bind: Some(_), cases, init: None, .. } = kind(0) else { panic!() };
    assert_eq!(
        tree.cases(cases).iter().map(|c| (c.is_default, c.exprs.len())).collect::<Vec<_>>(),
        [(false, 2), (true, 0)]
    );
    assert!(matches!(kind(1), StmtKind::TypeSwitch { bind: None, .. }));
    assert!(matches!(kind(2), StmtKind::Switch { init: Some(_), tag: Some(_), .. }));
    let StmtKind::Select { cases, .. } = kind(3) else { panic!() };
    assert_eq!(tree.comms(cases).iter().filter(|c| c.comm.is_some()).count(), 2);
    assert!(matches!(kind(4), StmtKind::If { init: Some(_), els: Some(_), .. }));
}

#[test]
fn bodies_on_demand() {
    let text =
        "package p\nfunc f() { a(\"}\", '}', `}`) /* } */ // }\n}\nfunc g() int { return 1 +}\nvar x = 1\n";
    let file = source(text);
    let mut errors = Vec::new();
    let mut parsed = parse_file(&file, Mode::LazyBodies, &mut errors);
    assert_eq!((errors.len(), parsed.funcs.len(), parsed.decls.len()), (0, 2, 3));
    let body = parsed.funcs[0].body(&file.bytes).expect("a body");
    assert!(body.errors.is_empty() && body.tree.block(body.block).0.len() == 1);
    let body = parsed.funcs[1].body(&file.bytes).expect("a body");
    assert_eq!(body.errors[0].message, "syntax error: unexpected }, expected expression");
    assert_eq!(file.position(body.errors[0].pos).column, 26);
    parsed.funcs[0].drop_body();
    assert!(parsed.funcs[0].body(&file.bytes).is_some());
}

#[test]
fn bodies_without_end_are_errors_at_once() {
    let mut errors = Vec::new();
    parse_file(&source("package p\nfunc f() { g(\n"), Mode::LazyBodies, &mut errors);
    assert_eq!(errors.len(), 1);
}

#[test]
fn line_directives_count() {
    let text = "package p\n//line x.go:10\nvar a\n//line :20:5\nvar b\nvar /*line y.go:30:40*/ c\n";
    let file = source(text);
    let mut errors = Vec::new();
    parse_file(&file, Mode::Full, &mut errors);
    let places: Vec<String> = errors.iter().map(|e| source::render::place(&file.position(e.pos))).collect();
    assert_eq!(places, ["x.go:10", "x.go:20:10", "y.go:30:42"]);
}
