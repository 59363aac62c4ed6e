//! Rules about compiler directives, and about functions without a body, that Go's compiler checks behind the types.

use load::Package;
use source::{Diagnostic, FileSet, Pos, SourceFile};
use syntax::ast::{Decl, DeclKind, Directive, ExprList, File};

/// What is wrong with the directives of a package that has no other errors.
pub fn check(package: &Package, files: &FileSet) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for (id, file) in &package.files {
        let source = files.file(*id);
        let imports = |path: &str| {
            file.imports().any(|(.., e)| {
                let (from, to) = (source.offset(file.tree.start(e)), source.offset(file.tree.end(e)));
                source.bytes.get(from as usize + 1..to as usize - 1) == Some(path.as_bytes())
            })
        };
        let may_link = imports("unsafe");
        if !may_link {
            for directive in file.directives.iter().filter(|directive| links(directive)) {
                let message =
                    format!("//{} only allowed in Go files that import \"unsafe\"", directive.verb());
                errors.push(Diagnostic::error(text_of(directive), message));
            }
        }
        embeds(file, &source, imports("embed"), &mut errors);
        if !package.assembly {
            bodies(file, may_link, &mut errors);
        }
    }
    errors
}

/// Messages point behind the slashes.
fn text_of(directive: &Directive) -> Pos {
    Pos(directive.pos.0 + 2)
}

fn links(directive: &Directive) -> bool {
    matches!(directive.verb(), "go:linkname" | "go:linknamestd")
}

/// Every function has a body, unless a directive says where its code is.
fn bodies(file: &File, may_link: bool, errors: &mut Vec<Diagnostic>) {
    let name = |e: syntax::ast::ExprId| match file.tree[e].kind {
        syntax::ast::ExprKind::Name(name) => name,
        _ => source::Name::EMPTY,
    };
    for func in file.funcs.iter().filter(|func| !func.has_body()) {
        let elsewhere = |directive: &Directive| {
            matches!(
                directive.verb(),
                "export" | "go:export" | "go:wasmimport" | "go:wasmexport" | "go:extern"
            )
        };
        let own = name(func.name);
        let linked = file.directives.iter().any(|directive| {
            may_link && links(directive) && directive.args().split_whitespace().next() == Some(own.as_str())
        });
        if !linked && !file.pragmas(file.decl(func.decl).pragmas).iter().any(elsewhere) {
            errors.push(Diagnostic::error(file.tree[func.name].pos, "missing function body"));
        }
    }
}

/// `//go:embed` stands above a variable of a package, one and without a value, in a file that imports package embed.
fn embeds(file: &File, source: &SourceFile, imported: bool, errors: &mut Vec<Diagnostic>) {
    let mut above_variables: Vec<Pos> = Vec::new();
    for &id in &file.decls {
        let Decl { pragmas, kind: DeclKind::Var { names, ty, values }, .. } = *file.decl(id) else {
            continue;
        };
        let Some(first) = file.pragmas(pragmas).iter().find(|directive| directive.verb() == "go:embed")
        else {
            continue;
        };
        above_variables.extend(file.pragmas(pragmas).iter().map(|directive| directive.pos));
        let message = if !imported {
            "go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)"
        } else if count(file, names) > 1 {
            "go:embed cannot apply to multiple vars"
        } else if count(file, values) > 0 {
            "go:embed cannot apply to var with initializer"
        } else if ty.is_none() {
            "go:embed cannot apply to var without type"
        } else {
            continue;
        };
        errors.push(Diagnostic::error(text_of(first), message));
    }
    for directive in &file.directives {
        if directive.verb() == "go:embed" && !above_variables.contains(&directive.pos) {
            let message = match is_above_variable(source, directive) {
                true => "go:embed cannot apply to var inside func",
                false => "misplaced go:embed directive",
            };
            errors.push(Diagnostic::error(text_of(directive), message));
        }
    }
}

fn count(file: &File, list: ExprList) -> usize {
    file.tree.exprs(list).len()
}

/// Whether the first line below a directive that is no comment begins a variable declaration.
fn is_above_variable(source: &SourceFile, directive: &Directive) -> bool {
    let rest = String::from_utf8_lossy(&source.bytes[source.offset(directive.pos) as usize..]);
    let code = rest.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with("//"));
    code.is_some_and(|line| line.starts_with("var "))
}
