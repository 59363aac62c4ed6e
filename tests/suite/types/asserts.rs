//! What the predeclared `assert` of the tests of Go's type checkers does: refuses what is no constant, and what is false.

use super::World;
use source::Diagnostic;
use syntax::ast::{ExprId, ExprKind, Tree};
use types::info::Info;
use types::{Basic, Mode, PackageId};

/// What is wrong with the assertions of a package, which has been checked.
pub fn failed(world: &mut World, package: PackageId) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let (files, funcs) = {
        let package = world.checker.store.package(package);
        (package.files.iter().map(|f| f.file.clone()).collect::<Vec<_>>(), package.funcs.clone())
    };
    for (i, file) in files.iter().enumerate() {
        check(&file.tree, world.checker.file_info(package, i), &mut errors);
    }
    for func in funcs {
        let body = world.checker.check_func_body(func);
        let file = body.file.0.clone();
        if let Some(parsed) = file.func(body.decl).parsed_body() {
            check(&parsed.tree, &body.info, &mut errors);
        }
    }
    errors
}

fn check(tree: &Tree, info: &Info, errors: &mut Vec<Diagnostic>) {
    for e in (1..tree.expr_count()).filter_map(ExprId::from_index) {
        let ExprKind::Call { fun, args, dots: false, .. } = tree[e].kind else { continue };
        let (Some(name), &[arg]) = (tree.name(fun), tree.exprs(args)) else { continue };
        // What is no boolean is the checker's to refuse.
        let boolean = info.ty(arg) == Basic::Bool.id() || info.ty(arg) == Basic::UntypedBool.id();
        if name.as_str() != "assert" || info.expr(arg).mode == Mode::None || !boolean {
            continue;
        }
        let message = match info.value(arg).and_then(|value| value.as_bool()) {
            Some(true) => continue,
            Some(false) => (tree.start(e), "failed"),
            None => (tree.start(arg), "is not a boolean constant"),
        };
        let (pos, what) = message;
        errors.push(Diagnostic::error(
            pos,
            format!("invalid argument: {} {what}", syntax::print::expr(tree, e)),
        ));
    }
}
