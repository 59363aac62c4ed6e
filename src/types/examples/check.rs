//! Checks packages with everything that they import: `check [-bodies] fmt time`, or one package of files:
//! `check [-lang=1.N] [-ptr=SIZE] a.go b.go`. Prints the errors as Go's compiler does, and counts and times.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use source::{Diagnostic, Diagnostics, FileSet, render};
use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use types::{Checker, PackageId, PackageSource, Sizes};

struct Listed {
    path: String,
    dir: String,
    files: Vec<String>,
    map: BTreeMap<String, String>,
}

const FORMAT: &str =
    "{{.ImportPath}}\t{{.Dir}}\t{{join .GoFiles \",\"}}\t{{range $k, $v := .ImportMap}}{{$k}}={{$v}},{{end}}";

fn list(patterns: &[String]) -> Vec<Listed> {
    if patterns.is_empty() {
        return Vec::new();
    }
    let go = std::env::var("GO").unwrap_or("go".into());
    let out = Command::new(go)
        .args(["list", "-deps", "-f", FORMAT])
        .args(patterns)
        .env("CGO_ENABLED", "0")
        .output()
        .expect("go list runs");
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let comma = |s: &str| s.split(',').filter(|s| !s.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    text.lines()
        .map(|line| {
            let f: Vec<&str> = line.split('\t').collect();
            let pairs = comma(f[3]);
            let map =
                pairs.iter().filter_map(|p| p.split_once('=')).map(|(a, b)| (a.into(), b.into())).collect();
            Listed { path: f[0].into(), dir: f[1].into(), files: comma(f[2]), map }
        })
        .collect()
}

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut flag = |name: &str| {
        let at = args.iter().position(|a| a == name);
        at.map(|i| args.remove(i)).is_some()
    };
    let (bodies, quiet, all) = (flag("-bodies"), flag("-q"), flag("-e"));
    // `-dump=a,b`: the facts about all expressions of these packages, to compare with other checkers.
    let dump = args.iter().position(|a| a.starts_with("-dump=")).map(|i| args.remove(i)).unwrap_or_default();
    let dump: Vec<String> = dump.trim_start_matches("-dump=").split(',').map(str::to_owned).collect();
    let lang = args.iter().position(|a| a.starts_with("-lang=")).map(|i| args.remove(i));
    let lang = lang.and_then(|l| l.strip_prefix("-lang=1.").and_then(|n| n.parse().ok())).unwrap_or(27);
    let pointer = args.iter().position(|a| a.starts_with("-ptr=")).map(|i| args.remove(i));
    let pointer = pointer.and_then(|p| p.strip_prefix("-ptr=").and_then(|n| n.parse().ok())).unwrap_or(8);
    let files = Arc::new(FileSet::default());
    let mut c = Checker::new(files.clone(), Sizes::for_pointer_size(pointer));
    let mut known: BTreeMap<String, PackageId> = BTreeMap::new();
    let (sources, patterns): (Vec<String>, Vec<String>) = args.into_iter().partition(|a| a.ends_with(".go"));
    let mut listed = list(&patterns);
    let mut parse_time = Duration::ZERO;
    let mut imports = Vec::new();
    let mut user = Vec::new();
    for path in &sources {
        let bytes = std::fs::read(path).expect("the file is there");
        let id = files.add(path, path, bytes);
        let mut errors = Vec::new();
        let file = syntax::parse_file(&files.file(id), syntax::Mode::Full, &mut errors);
        for (_, _, e) in file.imports() {
            let span = files.file(id);
            let (a, b) = (span.offset(file.tree.start(e)), span.offset(file.tree.end(e)));
            let text = span.bytes.get(a as usize + 1..b as usize - 1).unwrap_or_default();
            imports.push(String::from_utf8_lossy(text).into_owned());
        }
        if !errors.is_empty() {
            print(&files, "", errors, all);
            if !all {
                return;
            }
        }
        user.push(Arc::new(file));
    }
    imports.sort();
    imports.dedup();
    imports.retain(|i| i != "unsafe" && !i.is_empty());
    listed.extend(list(&imports));
    let (mut bad, mut funcs, mut lines) = (0, 0, 0usize);
    let mut check_time = Duration::ZERO;
    for p in listed {
        if p.path == "unsafe" {
            continue;
        }
        let start = Instant::now();
        let mut errors = Vec::new();
        let mut asts = Vec::new();
        for f in &p.files {
            let path = format!("{}/{f}", p.dir);
            let bytes = std::fs::read(&path).expect("the file is there");
            lines += bytes.iter().filter(|b| **b == b'\n').count();
            let id = files.add(&path, &path, bytes);
            asts.push(Arc::new(syntax::parse_file(&files.file(id), syntax::Mode::LazyBodies, &mut errors)));
        }
        parse_time += start.elapsed();
        let start = Instant::now();
        let map = known.iter().map(|(k, v)| (k.clone(), *v));
        let mut imports: BTreeMap<String, PackageId> = map.collect();
        for (from, to) in &p.map {
            if let Some(id) = known.get(to) {
                imports.insert(from.clone(), *id);
            }
        }
        let source =
            PackageSource { path: p.path.clone(), files: asts, imports, go_version: (1, 27), is_user: false };
        let id = c.add_package(source);
        known.insert(p.path.clone(), id);
        c.declare(id);
        if bodies {
            for f in c.store.package(id).funcs.clone() {
                c.check_func_body(f);
                funcs += 1;
            }
            c.init_order(id);
        }
        check_time += start.elapsed();
        if dump.iter().any(|d| *d == p.path) {
            dump_package(&mut c, &files, id);
        }
        errors.extend(c.take_errors());
        if !errors.is_empty() {
            bad += 1;
            if !quiet {
                print(&files, &p.path, errors, all);
            }
        }
    }
    if !user.is_empty() {
        let source = PackageSource {
            path: "p".into(),
            files: user,
            imports: known.clone(),
            go_version: (1, lang),
            is_user: true,
        };
        let id = c.add_package(source);
        c.check_all(id);
        let errors = c.take_errors();
        print(&files, "", errors, all);
    }
    if !patterns.is_empty() {
        println!(
            "{} packages, {lines} lines, {funcs} functions, {bad} with errors; parse {parse_time:?} check {check_time:?}",
            known.len()
        );
    }
}

fn print(files: &FileSet, package: &str, errors: Vec<Diagnostic>, all: bool) {
    let mut d = if all { Diagnostics::unlimited() } else { Diagnostics::default() };
    d.extend(files, errors);
    print!("{}", render::package(files, package, &d));
}

fn dump_package(c: &mut Checker, files: &FileSet, id: PackageId) {
    for i in 0..c.store.package(id).files.len() {
        let file = c.store.package(id).files[i].file.clone();
        dump_tree(c, files, &file.tree, c.file_info(id, i));
    }
    for f in c.store.package(id).funcs.clone() {
        let body = c.check_func_body(f);
        let bytes = &files.file(body.file.0.id).bytes;
        if let Some(parsed) = body.file.0.func(body.decl).body(bytes) {
            dump_tree(c, files, &parsed.tree, &body.info);
        }
    }
}

fn dump_tree(c: &Checker, files: &FileSet, tree: &syntax::ast::Tree, info: &types::Info) {
    use syntax::ast::{ExprId, ExprKind};
    use types::Mode;
    for e in (1..tree.expr_count()).filter_map(ExprId::from_index) {
        let kind = match tree[e].kind {
            ExprKind::Name(_) => "n",
            ExprKind::Literal { .. } => "l",
            ExprKind::Binary { .. } => "b",
            ExprKind::Call { .. } => "c",
            ExprKind::Selector { .. } => "s",
            ExprKind::Index { args, .. } if args.len() == 1 => "i",
            ExprKind::Unary { .. } => "u",
            ExprKind::Star(_) => "d",
            ExprKind::Composite { .. } => "C",
            ExprKind::Assert { .. } => "a",
            ExprKind::Paren { .. } => "p",
            _ => continue,
        };
        let fact = info.expr(e);
        let mode = match fact.mode {
            Mode::None | Mode::Builtin(_) => continue,
            Mode::NoValue => "0",
            Mode::Type => "t",
            Mode::Const => "c",
            Mode::Variable => "a",
            _ => "v",
        };
        let Some(file) = files.file_of(tree.start(e)) else { continue };
        let (from, to) = (file.offset(tree.start(e)), file.offset(tree.end(e)));
        let value = info.value(e).map(|v| match v {
            types::Value::Int(_) | types::Value::Big(_) | types::Value::Bool(_) => v.to_string(),
            _ => "?".to_owned(),
        });
        let ty = c.store.type_string(fact.ty, types::Qualify::Path);
        println!("{}:{from}-{to} {kind} {mode} {ty} {}", file.path, value.unwrap_or_default());
    }
}
