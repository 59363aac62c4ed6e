//! Passes over the IR: `tests/opt/<pass>/*.ir`.
//!
//! A case is a program in text form. Below each function stands what the pass makes of it, as lines that begin with
//! `;>`; what the pass adds (functions, globals), what becomes of the globals and of which types the
//! descriptors are read no further stands at the end. The folder names
//! the pass, or `all` for the whole pipeline; a first line `; options: trap wasm separate O0` sets options. `BLESS=1` rewrites
//! the expectations.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

pub fn trials() -> Vec<Trial> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("opt");
    let mut trials = Vec::new();
    for dir in sorted(&root) {
        let pass = file_name(&dir);
        for file in sorted(&dir).into_iter().filter(|f| f.extension().is_some_and(|e| e == "ir")) {
            let name = format!("opt/{pass}/{}", file_name(&file));
            let pass = pass.clone();
            trials.push(Trial::test(name, move || run(&pass, &file)));
        }
    }
    trials
}

fn sorted(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn run(pass: &str, file: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(file)?;
    let source: Vec<&str> = text.lines().filter(|line| !line.starts_with(";>")).collect();
    let actual = annotate(pass, &source)?;
    if actual == text {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file, actual)?;
        return Ok(());
    }
    Err(format!("{} differs; BLESS=1 accepts this:\n{}", file.display(), difference(&text, &actual)).into())
}

/// The source with the result of the pass below each function.
fn annotate(pass: &str, source: &[&str]) -> Result<String, Failed> {
    let mut program = ir::text::read_program(&source.join("\n"))?;
    ir::verify::verify(&program).map_err(|errors| format!("input: {}", errors[0]))?;
    let before = ir::text::print_program(&program);
    let mut options = opt::Options { verify: true, ..opt::Options::default() };
    let words = source.first().and_then(|line| line.strip_prefix("; options:")).unwrap_or_default();
    for word in words.split_whitespace() {
        match word {
            "trap" => options.panic = opt::Panic::Trap,
            "wasm" => options.wasm = true,
            "separate" => options.separate = true,
            "O0" => options.opt = opt::OptLevel::Zero,
            _ => return Err(format!("unknown option {word}").into()),
        }
    }
    if pass == "all" {
        opt::run(&mut program, &options).map(drop)?;
    } else {
        opt::run_pass(pass, &mut program, &options)?;
    }
    let mut out = String::new();
    let mut shown = vec![false; program.funcs.len()];
    let mut inside: Option<String> = None;
    let show = |out: &mut String, text: &str| {
        for line in text.lines() {
            out.push_str(&format!(";> {line}\n"));
        }
    };
    for id in program.funcs.keys() {
        ir::edit::compact(&mut program.funcs[id]);
    }
    for line in source {
        out.push_str(line);
        out.push('\n');
        if let Some(rest) = line.strip_prefix("func @") {
            let quoted = rest.starts_with('"');
            let end = if quoted { rest[1..].find('"').map(|i| i + 1) } else { rest.find('(') };
            inside = end.map(|end| rest[usize::from(quoted)..end].to_string());
        }
        if *line != "}" {
            continue;
        }
        if let Some(name) = inside.take() {
            match program.func_named(&name) {
                Some(id) => {
                    shown[id.0 as usize] = true;
                    show(&mut out, &ir::text::print_func(&program, id));
                }
                None => show(&mut out, "gone"),
            }
        }
    }
    let after = ir::text::print_program(&program);
    let globals = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|l| l.starts_with("global ") || l.starts_with("rtype "))
            .map(String::from)
            .collect()
    };
    let (old, new) = (globals(&before), globals(&after));
    for line in &new {
        if !old.contains(line) {
            show(&mut out, line);
        }
    }
    for line in old.iter().filter(|line| !new.contains(line)) {
        show(&mut out, &format!("gone: {line}"));
    }
    for rtype in program.rtypes.values() {
        let unread = [(rtype.unnamed, "unnamed"), (rtype.unopened, "unopened"), (rtype.unasked, "unasked")];
        let unread: Vec<&str> = unread.into_iter().filter(|(set, _)| *set).map(|(_, word)| word).collect();
        if !unread.is_empty() {
            show(&mut out, &format!("rtype %{} is {}", rtype.unique, unread.join(", ")));
        }
    }
    for (id, func) in program.funcs.iter() {
        if func.has_body() && !shown[id.0 as usize] {
            show(&mut out, &ir::text::print_func(&program, id));
        }
    }
    Ok(out)
}

fn difference(old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let show = |sign: char, lines: &[&str]| -> String {
        lines.iter().skip(same).take(30).map(|line| format!("{sign} {line}\n")).collect()
    };
    format!("from line {}:\n{}{}", same + 1, show('-', &old), show('+', &new))
}
