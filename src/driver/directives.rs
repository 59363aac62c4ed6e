//! Rules about compiler directives, and about functions without a body, that Go's compiler has outside its type checker:
//! some while it parses, the others for packages that have no other errors.

use std::collections::BTreeSet;

use load::Package;
use source::{Diagnostic, Pos};
use syntax::ast::{Decl, DeclKind, Directive, ExprList, File, Pragmas, Tree};

/// Directives about a function, which stand above one.
const OF_FUNCTIONS: &[&str] = &[
    "go:noescape",
    "go:norace",
    "go:nosplit",
    "go:noinline",
    "go:nocheckptr",
    "go:registerparams",
    "go:cgo_unsafe_args",
    "go:uintptrkeepalive",
    "go:uintptrescapes",
    "go:systemstack",
    "go:nowritebarrier",
    "go:nowritebarrierrec",
    "go:yeswritebarrierrec",
];

/// Those of them that Go's runtime alone may use.
const OF_THE_RUNTIME: &[&str] =
    &["go:systemstack", "go:nowritebarrier", "go:nowritebarrierrec", "go:yeswritebarrierrec"];

const MISPLACED: &str = "misplaced compiler directive";

/// Adds what is wrong with the directives of a package, whatever else is wrong with it.
pub fn while_parsing(package: &Package, errors: &mut Vec<Diagnostic>) {
    package.files.iter().for_each(|(_, file)| in_file(file, errors));
}

/// What is wrong with the directives of a package, and with its functions that have no body, when nothing else is.
pub fn after_types(package: &Package) -> Vec<Diagnostic> {
    let files: Vec<&File> = package.files.iter().map(|(_, file)| &**file).collect();
    in_files(&files, package.go_minor, package.assembly)
}

/// [`while_parsing`] of one file.
pub fn in_file(file: &File, errors: &mut Vec<Diagnostic>) {
    let mut taken = vec![false; file.directives.len()];
    for pragmas in trees(file).flat_map(decls).map(|decl| decl.pragmas).chain([file.package_pragmas]) {
        taken[pragmas.range()].fill(true);
    }
    for (directive, taken) in file.directives.iter().zip(taken) {
        // `//export` is a comment to Go's compiler.
        if !directive.text.starts_with("go:") {
            continue;
        }
        let mut wrong = |message: String| errors.push(Diagnostic::error(text_of(directive), message));
        if !directive.own_line {
            wrong(MISPLACED.to_owned());
            continue;
        }
        let verb = directive.verb();
        let well_formed = form(directive, &mut wrong);
        if OF_THE_RUNTIME.contains(&verb) {
            wrong(format!("//{verb} only allowed in runtime"));
        }
        if verb == "go:uintptrkeepalive" {
            wrong(format!("//{verb} is only allowed in the standard library"));
        }
        if !taken && is_placed(verb) {
            wrong(MISPLACED.to_owned());
        } else if !taken && well_formed && verb == "go:embed" {
            wrong("misplaced go:embed directive".to_owned());
        }
    }
}

/// [`after_types`] of the files of a package, in whose place functions may have their bodies in `assembly`.
pub fn in_files(files: &[&File], go_minor: u32, assembly: bool) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let declared: BTreeSet<&str> = files.iter().flat_map(|file| linkable(file)).collect();
    let mut linked: BTreeSet<&str> = BTreeSet::new();
    for file in files {
        links(file, go_minor, &declared, &mut linked, &mut errors);
        places(file, &mut errors);
        embeds(file, go_minor, &mut errors);
    }
    for file in files {
        functions(file, assembly, &linked, &mut errors);
    }
    errors
}

/// Messages point behind the slashes.
fn text_of(directive: &Directive) -> Pos {
    Pos(directive.pos.0 + 2)
}

/// The package level and the bodies.
fn trees(file: &File) -> impl Iterator<Item = &Tree> {
    std::iter::once(&file.tree)
        .chain(file.funcs.iter().filter_map(|f| f.parsed_body()).map(|body| &body.tree))
}

fn decls(tree: &Tree) -> impl Iterator<Item = &Decl> {
    tree.all_decls().map(|id| &tree[id])
}

fn imports(file: &File, path: &str) -> bool {
    file.imports().any(|(.., e)| match file.tree[e].kind {
        syntax::ast::ExprKind::Literal { text, .. } => file.tree.text(text).trim_matches(['"', '`']) == path,
        _ => false,
    })
}

/// Whether a directive means something only at certain places.
fn is_placed(verb: &str) -> bool {
    verb == "go:build" || OF_FUNCTIONS.contains(&verb)
}

fn is_link(directive: &Directive) -> bool {
    matches!(directive.verb(), "go:linkname" | "go:linknamestd")
}

/// Reports a directive whose arguments are wrong; whether they are right.
fn form(directive: &Directive, wrong: &mut impl FnMut(String)) -> bool {
    let (verb, args) = (directive.verb(), directive.args());
    let count = args.split_whitespace().count();
    let usage = match verb {
        "go:wasmimport" if !args.is_empty() && count != 2 => "importmodule importname",
        "go:wasmexport" if !args.is_empty() && count != 1 => "exportname",
        "go:linkname" | "go:linknamestd" if count > 2 => "localname [linkname]",
        "go:embed" => match embed_patterns(args) {
            Ok(patterns) if patterns > 0 => return true,
            Ok(_) => "pattern...",
            Err(bad) => {
                wrong(format!("invalid quoted string in //go:embed: {bad}"));
                return false;
            }
        },
        "go:cgo_import_dynamic" if count == 3 => return true,
        _ if verb.starts_with("go:cgo_") => {
            // A message as Go has it: with the whole line.
            wrong(format!("//{} only allowed in cgo-generated code", directive.text));
            match cgo_usage(verb, args) {
                Some(usage) => usage,
                None => return true,
            }
        }
        _ => return true,
    };
    wrong(format!("usage: //{verb} {usage}"));
    false
}

/// How a directive of cgo is written, if it is not.
fn cgo_usage(verb: &str, args: &str) -> Option<&'static str> {
    let args: Vec<&str> = args.split_whitespace().collect();
    let quoted = |s: &str| s.len() >= 2 && s.starts_with('"') && s.ends_with('"');
    let plain = args.iter().filter(|s| !quoted(s)).count();
    let (usage, right) = match verb {
        "go:cgo_export_static" | "go:cgo_export_dynamic" => {
            ("local [remote]", plain == args.len() && (1..=2).contains(&plain))
        }
        "go:cgo_import_dynamic" => {
            ("local [remote [\"library\"]]", plain == args.len() && (1..=2).contains(&plain))
        }
        "go:cgo_import_static" => ("local", plain == 1 && args.len() == 1),
        "go:cgo_dynamic_linker" => ("\"path\"", plain == 0 && args.len() == 1),
        "go:cgo_ldflag" => ("\"arg\"", plain == 0 && args.len() == 1),
        _ => return None,
    };
    (!right).then_some(usage)
}

/// The number of patterns, quoted or not; or the rest from where one is quoted badly.
fn embed_patterns(mut rest: &str) -> Result<usize, &str> {
    let mut count = 0;
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return Ok(count) };
        let length = match first {
            '`' => rest[1..].find('`').map(|at| at + 2),
            '"' => {
                let mut escaped = false;
                let end = rest[1..].bytes().position(|b| {
                    let closes = b == b'"' && !escaped;
                    escaped = b == b'\\' && !escaped;
                    closes
                });
                end.map(|at| at + 2).filter(|&n| types::constant::unquote(&rest[..n]).is_some())
            }
            _ => rest.find(char::is_whitespace).or(Some(rest.len())),
        };
        let Some(length) = length else { return Err(rest) };
        let (_, after) = rest.split_at(length);
        if after.starts_with(|c: char| !c.is_whitespace()) {
            return Err(after);
        }
        count += 1;
        rest = after;
    }
}

/// What `//go:linkname` may be about: functions and variables at package level.
fn linkable(file: &File) -> impl Iterator<Item = &'static str> {
    let names = file.decls.iter().flat_map(|&id| match file.decl(id).kind {
        DeclKind::Var { names, .. } => file.tree.exprs(names).to_vec(),
        DeclKind::Func(func) if file.func(func).recv.is_none() => vec![file.func(func).name],
        _ => Vec::new(),
    });
    names.filter_map(|e| file.tree.name(e)).map(|name| name.as_str())
}

fn links<'a>(
    file: &'a File,
    go_minor: u32,
    declared: &BTreeSet<&str>,
    linked: &mut BTreeSet<&'a str>,
    errors: &mut Vec<Diagnostic>,
) {
    let may_link = imports(file, "unsafe");
    for directive in file.directives.iter().filter(|directive| is_link(directive) && directive.own_line) {
        let verb = directive.verb();
        let mut args = directive.args().split_whitespace();
        let (Some(local), remote, None) = (args.next(), args.next(), args.next()) else { continue };
        let message = if !may_link {
            format!("//{verb} only allowed in Go files that import \"unsafe\"")
        } else if remote.is_some_and(|remote| remote.contains('[') && remote.contains(']')) {
            format!("//{verb} reference of an instantiation is not allowed")
        } else if !declared.contains(local) {
            if go_minor < 18 {
                continue;
            }
            format!("//{verb} must refer to declared function or variable")
        } else if !linked.insert(local) {
            format!("duplicate //{verb} for {local}")
        } else {
            continue;
        };
        errors.push(Diagnostic::error(text_of(directive), message));
    }
}

/// Directives that were read with a declaration, but not with one that they are about.
fn places(file: &File, errors: &mut Vec<Diagnostic>) {
    let mut place = |pragmas: Pragmas, allowed: fn(&str) -> bool, embeds: bool| {
        for directive in file.pragmas(pragmas).iter().filter(|directive| directive.own_line) {
            let verb = directive.verb();
            let message = match verb {
                "go:embed" if !embeds => "misplaced go:embed directive",
                _ if is_placed(verb) && !allowed(verb) => MISPLACED,
                _ => continue,
            };
            errors.push(Diagnostic::error(text_of(directive), message));
        }
    };
    place(file.package_pragmas, |verb| verb == "go:build", false);
    for decl in trees(file).flat_map(decls) {
        let is_func = matches!(decl.kind, DeclKind::Func(_));
        let is_var = matches!(decl.kind, DeclKind::Var { .. });
        place(decl.pragmas, if is_func { |verb| verb != "go:build" } else { |_| false }, is_var);
    }
}

/// `//go:embed` stands above a variable of a package, one and without a value, in a file that imports package embed.
fn embeds(file: &File, go_minor: u32, errors: &mut Vec<Diagnostic>) {
    let imported = imports(file, "embed");
    let outer: BTreeSet<_> = file.decls.iter().map(|&id| file.decl(id).pos).collect();
    for tree in trees(file) {
        for decl in decls(tree) {
            let DeclKind::Var { names, ty, values } = decl.kind else { continue };
            let is_embed = |d: &&Directive| d.verb() == "go:embed" && d.own_line;
            let Some(first) = file.pragmas(decl.pragmas).iter().find(is_embed) else { continue };
            let count = |list: ExprList| tree.exprs(list).len();
            let message = if !imported {
                "go:embed requires import \"embed\" (or import _ \"embed\", if package is not used)"
                    .to_owned()
            } else if count(names) > 1 {
                "go:embed cannot apply to multiple vars".to_owned()
            } else if count(values) > 0 {
                "go:embed cannot apply to var with initializer".to_owned()
            } else if ty.is_none() {
                "go:embed cannot apply to var without type".to_owned()
            } else if !outer.contains(&decl.pos) {
                "go:embed cannot apply to var inside func".to_owned()
            } else if go_minor < 16 {
                format!("go:embed requires go1.16 or later (-lang was set to go1.{go_minor}; check go.mod)")
            } else {
                continue;
            };
            errors.push(Diagnostic::error(text_of(first), message));
        }
    }
}

/// Every function has a body, unless a directive says where its code is.
fn functions(file: &File, assembly: bool, linked: &BTreeSet<&str>, errors: &mut Vec<Diagnostic>) {
    for func in &file.funcs {
        let decl = file.decl(func.decl);
        let has = |verb: &str| file.pragmas(decl.pragmas).iter().any(|d| d.verb() == verb && d.own_line);
        let name = file.tree.name(func.name).map_or("", |name| name.as_str());
        let elsewhere = ["export", "go:export", "go:wasmimport", "go:wasmexport", "go:extern"];
        let message = if func.has_body() && has("go:noescape") {
            "can only use //go:noescape with external func implementations"
        } else if func.has_body()
            || assembly && name != "init"
            || func.recv.is_none() && linked.contains(name)
            || elsewhere.iter().any(|verb| has(verb))
        {
            continue;
        } else {
            "missing function body"
        };
        errors.push(Diagnostic::error(decl.pos, message));
    }
}
