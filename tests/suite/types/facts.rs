//! What is known about every expression of the packages that `net/http` and `encoding/json` need, compared with what
//! go/types says (`types/facts.go`): mode, type, constant value, selection, type arguments.

use super::{World, go_command, say};
use libtest_mimic::Failed;
use source::SourceFile;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use syntax::ast::{ChanDir, ExprId, ExprKind, Tree, UnaryOp};
use types::{Info, Mode, Param, Selection, SelectionKind, Store, TypeId, TypeKind, Value};

const PACKAGES: &[&str] = &["encoding/json", "net/http"];
/// Fewer facts mean that something was not compared.
const AT_LEAST: usize = 500_000;
/// Hundredths of a per cent that must agree.
const AGREE: usize = 10000;

/// The facts of one file: by first and last offset and kind of expression.
type Facts = BTreeMap<(u32, u32, char), String>;

pub fn agree() -> Result<(), Failed> {
    let mut world = World::new();
    let packages = world.import(PACKAGES)?;
    let mut oracle = Command::new(go_command())
        .arg("run")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("types/facts.go"))
        .args(PACKAGES)
        .env("CGO_ENABLED", "0")
        .env("GOTOOLCHAIN", "local")
        .env("GOWORK", "off")
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = oracle.stdout.take().ok_or("no output of the oracle")?;
    let mut theirs: BTreeMap<(String, String), Facts> = BTreeMap::new();
    let (mut package, mut file) = (String::new(), String::new());
    let mut compared = Compared::default();
    let mut next = packages.iter();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        if let Some(path) = line.strip_prefix("package ") {
            if !package.is_empty() {
                compared.package(&mut world, &package, std::mem::take(&mut theirs))?;
            }
            path.clone_into(&mut package);
            if next.next() != Some(&package) {
                return Err(format!("the oracle lists {package} where this side does not").into());
            }
        } else if let Some(name) = line.strip_prefix("file ") {
            name.clone_into(&mut file);
        } else {
            let mut parts = line.splitn(4, ' ');
            let mut number = || parts.next().and_then(|n| n.parse().ok()).unwrap_or(0);
            let (from, to) = (number(), number());
            let kind = parts.next().and_then(|k| k.chars().next()).unwrap_or(' ');
            let facts = theirs.entry((package.clone(), file.clone())).or_default();
            facts.insert((from, to, kind), parts.next().unwrap_or("").to_owned());
        }
    }
    compared.package(&mut world, &package, theirs)?;
    if !oracle.wait()?.success() {
        return Err("the oracle failed".into());
    }
    compared.judge()
}

#[derive(Default)]
struct Compared {
    packages: usize,
    equal: usize,
    all: usize,
    differences: String,
}

impl Compared {
    fn package(
        &mut self,
        world: &mut World,
        path: &str,
        theirs: BTreeMap<(String, String), Facts>,
    ) -> Result<(), Failed> {
        let ours = facts(world, path)?;
        self.packages += 1;
        for ((_, name), facts) in theirs {
            let own = ours.get(&name);
            for (key, expected) in facts {
                self.all += 1;
                let found = own.and_then(|f| f.get(&key));
                if found == Some(&expected) {
                    self.equal += 1;
                } else {
                    let (from, to, kind) = key;
                    let found = found.map_or("nothing", String::as_str);
                    let _ = writeln!(
                        self.differences,
                        "{path}/{name}:{from}-{to} {kind}\n    go/types {expected}\n    here     {found}"
                    );
                }
            }
        }
        Ok(())
    }

    fn judge(&self) -> Result<(), Failed> {
        say(&format!(
            "types::facts: {} of {} expressions in {} packages have go/types' mode, type, value, selection, instance",
            self.equal, self.all, self.packages
        ));
        if let Ok(path) = std::env::var("TINYGO_TEST_LIST") {
            std::fs::write(path, &self.differences)?;
        }
        if self.all < AT_LEAST {
            return Err(format!("only {} facts were compared", self.all).into());
        }
        if self.equal * 10000 / self.all < AGREE {
            let shown: String = self.differences.lines().take(60).map(|l| format!("{l}\n")).collect();
            return Err(shown.into());
        }
        Ok(())
    }
}

/// The facts about all files of a package, bodies included.
fn facts(world: &mut World, path: &str) -> Result<BTreeMap<String, Facts>, Failed> {
    let id = *world.known.get(path).ok_or_else(|| format!("{path} is not loaded"))?;
    world.checker.declare(id);
    let mut all: BTreeMap<String, Facts> = BTreeMap::new();
    let funcs = world.checker.store.package(id).funcs.clone();
    let bodies: Vec<_> = funcs.into_iter().map(|f| world.checker.check_func_body(f)).collect();
    for i in 0..world.checker.store.package(id).files.len() {
        let file = world.checker.store.package(id).files[i].file.clone();
        let source = world.files.file(file.id);
        let info = world.checker.file_info(id, i).clone();
        let facts = all.entry(base_name(&source)).or_default();
        tree_facts(&mut world.checker.store, &source, &file.tree, &info, facts);
    }
    for body in bodies {
        let source = world.files.file(body.file.0.id);
        if let Some(parsed) = body.file.0.func(body.decl).body(&source.bytes) {
            let facts = all.entry(base_name(&source)).or_default();
            tree_facts(&mut world.checker.store, &source, &parsed.tree, &body.info, facts);
        }
    }
    Ok(all)
}

fn base_name(source: &SourceFile) -> String {
    source.path.rsplit('/').next().unwrap_or("").to_owned()
}

fn tree_facts(store: &mut Store, source: &SourceFile, tree: &Tree, info: &Info, facts: &mut Facts) {
    for e in (1..tree.expr_count()).filter_map(ExprId::from_index) {
        let fact = info.expr(e);
        let Some(kind) = letter(&tree[e].kind) else { continue };
        let mode = match fact.mode {
            Mode::None | Mode::Builtin(_) => continue,
            Mode::NoValue => '0',
            Mode::Type => 't',
            Mode::Const => 'c',
            Mode::Variable => 'a',
            _ => 'v',
        };
        let mut text = format!("{mode} ");
        if matches!(fact.mode, Mode::NoValue | Mode::Nil) {
            text.push('-');
        } else {
            write_type(store, fact.ty, &mut text);
        }
        if let Some(value) = info.value(e).filter(|_| fact.mode == Mode::Const) {
            let _ = write!(text, " ={}", constant(value));
        }
        if let Some(selection) = info.selection(e).filter(|_| kind == 's') {
            let (number, index) = selected(store, selection);
            let path: Vec<String> =
                selection.path.iter().copied().chain(index).map(|i| i.to_string()).collect();
            let _ = write!(text, " .{number}[{}]", path.join(" "));
        }
        if let Some(targs) = info.instance(e) {
            text.push_str(" [");
            write_list(store, targs, &mut text);
            text.push(']');
        }
        facts.insert((start(source, tree, e), end(source, tree, e), kind), text);
        // Parentheses behind `&` have no node of their own.
        if let ExprKind::Unary { op: UnaryOp::Addr, x } = tree[e].kind {
            let (from, to) = (start(source, tree, x), end(source, tree, x));
            let inner = letter(&tree[x].kind).and_then(|k| facts.get(&(from, to, k)).cloned());
            for n in 0..dropped(source, tree, e, x) {
                if let Some(text) = inner.clone() {
                    let text = text.split(" .").next().unwrap_or("").to_owned();
                    facts.insert((from - n - 1, to + n + 1, 'p'), text);
                }
            }
        }
    }
}

/// How many parentheses stand between `&` and its operand.
fn dropped(source: &SourceFile, tree: &Tree, e: ExprId, x: ExprId) -> u32 {
    let range = source.offset(tree[e].pos) as usize..start(source, tree, x) as usize;
    source.bytes.get(range).unwrap_or_default().iter().filter(|&&b| b == b'(').count() as u32
}

/// Offset of the first byte. (The tree begins slice expressions where messages do.)
fn start(source: &SourceFile, tree: &Tree, mut e: ExprId) -> u32 {
    loop {
        e = match tree[e].kind {
            ExprKind::Composite { ty: Some(x), .. }
            | ExprKind::Selector { x, .. }
            | ExprKind::Index { x, .. }
            | ExprKind::Slice { x, .. }
            | ExprKind::Assert { x, .. }
            | ExprKind::Call { fun: x, .. }
            | ExprKind::Binary { x, .. } => x,
            _ => return source.offset(tree.start(e)),
        }
    }
}

/// Offset behind the last byte. (The tree does not store the last token of slice expressions and empty signatures.)
fn end(source: &SourceFile, tree: &Tree, mut e: ExprId) -> u32 {
    let after = |from: u32, token: u8| {
        let rest = source.bytes.get(from as usize..).unwrap_or_default();
        from + rest.iter().position(|&b| b == token).map_or(0, |n| n as u32 + 1)
    };
    loop {
        e = match tree[e].kind {
            ExprKind::Slice { lo, hi, max, .. } => {
                let bracket = source.offset(tree[e].pos);
                let last = max.or(hi).or(lo);
                return after(last.map_or(bracket, |x| end(source, tree, x)), b']');
            }
            ExprKind::FuncType { params, results } if results.is_empty() => {
                let parenthesis = source.offset(tree[e].pos);
                let last = tree.fields(params).last();
                return after(last.map_or(parenthesis, |field| end(source, tree, field.ty)), b')');
            }
            ExprKind::FuncType { results, .. } => match tree.fields(results).last() {
                Some(field) if field.name.is_some() => return after(end(source, tree, field.ty), b')'),
                Some(field) => field.ty,
                None => return 0,
            },
            ExprKind::Unary { op: UnaryOp::Addr, x } => {
                return end(source, tree, x) + dropped(source, tree, e, x);
            }
            ExprKind::Unary { x, .. }
            | ExprKind::Binary { y: x, .. }
            | ExprKind::Star(x)
            | ExprKind::ArrayType { elem: x, .. }
            | ExprKind::SliceType { elem: x }
            | ExprKind::MapType { value: x, .. }
            | ExprKind::ChanType { elem: x, .. } => x,
            _ => return source.offset(tree.end(e)),
        }
    }
}

fn letter(kind: &ExprKind) -> Option<char> {
    Some(match kind {
        ExprKind::Name(_) => 'n',
        ExprKind::Literal { .. } => 'l',
        ExprKind::Composite { .. } => 'C',
        ExprKind::FuncLit { .. } => 'f',
        ExprKind::Paren { .. } => 'p',
        ExprKind::Selector { .. } => 's',
        ExprKind::Index { .. } => 'i',
        ExprKind::Slice { .. } => 'S',
        ExprKind::Assert { .. } => 'A',
        ExprKind::Call { .. } => 'c',
        ExprKind::Star(_) => 'd',
        ExprKind::Unary { .. } => 'u',
        ExprKind::Binary { .. } => 'b',
        ExprKind::ArrayType { .. }
        | ExprKind::SliceType { .. }
        | ExprKind::StructType { .. }
        | ExprKind::MapType { .. }
        | ExprKind::ChanType { .. }
        | ExprKind::InterfaceType { .. } => 'T',
        _ => return None,
    })
}

/// go/types' number of the kind of selection, and, for a method, its index.
fn selected(store: &mut Store, selection: &Selection) -> (u32, Option<u32>) {
    let index = |store: &Store, obj| {
        let recv = store.obj(obj).func().and_then(|f| f.recv).map(|r| r.base);
        let methods = recv.map(|t| store.methods_of(t).to_vec()).unwrap_or_default();
        methods.iter().position(|&m| m == obj).map(|i| i as u32)
    };
    match selection.kind {
        SelectionKind::Field => (0, None),
        SelectionKind::Method { obj } => (1, index(store, obj)),
        SelectionKind::InterfaceMethod { index } => (1, Some(index)),
        SelectionKind::MethodExpr { obj } => (2, index(store, obj)),
        SelectionKind::InterfaceMethodExpr { index } => (2, Some(index)),
    }
}

fn constant(value: &Value) -> String {
    match value {
        Value::Str(bytes) => {
            let mut sum = 14_695_981_039_346_656_037u64;
            for &b in bytes.bytes().iter() {
                sum = (sum ^ u64::from(b)).wrapping_mul(1_099_511_628_211);
            }
            format!("s{sum:x}")
        }
        Value::Complex(parts) => format!("({},{})", constant(&parts.0), constant(&parts.1)),
        Value::Rat(_) => format!("f{:x}", value.to_f64().to_bits()),
        Value::Float(_) => match value.as_integer() {
            Some(n) => n.to_string(),
            None => format!("f{:x}", value.to_f64().to_bits()),
        },
        _ => value.to_string(),
    }
}

fn write_list(store: &mut Store, types: &[TypeId], out: &mut String) {
    for (i, &t) in types.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_type(store, t, out);
    }
}

fn write_params(store: &mut Store, params: &[Param], out: &mut String) {
    let types: Vec<TypeId> = params.iter().map(|p| p.ty).collect();
    out.push('(');
    write_list(store, &types, out);
    out.push(')');
}

fn write_type(store: &mut Store, t: TypeId, out: &mut String) {
    match store.kind(t).clone() {
        TypeKind::Basic(b) => out.push_str(&b.as_str().replace(' ', "_")),
        TypeKind::Pointer(e) => {
            out.push('*');
            write_type(store, e, out);
        }
        TypeKind::Slice(e) => {
            out.push_str("[]");
            write_type(store, e, out);
        }
        TypeKind::Array { elem, len } => {
            let _ = write!(out, "[{len}]");
            write_type(store, elem, out);
        }
        TypeKind::Map { key, value } => {
            out.push_str("map[");
            write_type(store, key, out);
            out.push(']');
            write_type(store, value, out);
        }
        TypeKind::Chan { dir, elem } => {
            out.push_str(match dir {
                ChanDir::Both => "chan(",
                ChanDir::Send => "chan<-(",
                ChanDir::Recv => "<-chan(",
            });
            write_type(store, elem, out);
            out.push(')');
        }
        TypeKind::Tuple(types) => {
            out.push('(');
            write_list(store, &types, out);
            out.push(')');
        }
        TypeKind::Signature(sig) => {
            let _ = write!(out, "func<{}>", sig.type_params.len());
            write_params(store, &sig.params, out);
            out.push_str(if sig.variadic { "..." } else { "" });
            write_params(store, &sig.results, out);
        }
        TypeKind::Struct(fields) => {
            out.push_str("struct{");
            for (i, field) in fields.iter().enumerate() {
                let separator = if i > 0 { ";" } else { "" };
                let embedded = if field.embedded { "!" } else { "" };
                let _ = write!(out, "{separator}{embedded}{}:", field.name);
                write_type(store, field.ty, out);
            }
            out.push('}');
        }
        TypeKind::Interface(_) => {
            let set = store.type_set(t);
            let mut methods = Vec::new();
            for method in set.methods.iter() {
                let mut text = method.name.to_string();
                write_type(store, method.sig, &mut text);
                methods.push(text);
            }
            methods.sort();
            let _ = write!(out, "interface{{{}}}", methods.join(";"));
        }
        TypeKind::TypeParam(_) => {
            let index = store.type_param(t).map_or(0, |p| p.index);
            let _ = write!(out, "${index}");
        }
        TypeKind::Named(_) => {
            let Some(named) = store.named(t).cloned() else { return };
            let object = store.obj(named.obj);
            if object.pkg != types::PackageId::UNIVERSE {
                let _ = write!(out, "{}.", store.package(object.pkg).path);
            }
            out.push_str(object.name.as_str());
            let args = if named.targs.is_empty() { &named.tparams } else { &named.targs };
            if !args.is_empty() && !named.implicit {
                out.push('[');
                write_list(store, args, out);
                out.push(']');
            }
        }
        TypeKind::Union(_) | TypeKind::Alias(_) => out.push_str("*types.Union"),
    }
}
