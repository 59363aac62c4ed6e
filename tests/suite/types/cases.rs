//! `tests/check/*.go`: programs separated by `//---` lines, with `// ERROR column "message" ...` on the lines where the
//! compiler reports errors. The message is complete; related places follow it as `\nline:column: text`.

use super::World;
use libtest_mimic::Failed;
use source::Diagnostic;
use std::fmt::Write;
use std::path::Path;

const IMPORTS: &[&str] = &["fmt", "io", "math/rand", "os", "strings", "time"];

pub fn check_files() -> Result<(), Failed> {
    let mut world = World::new();
    world.import(IMPORTS)?;
    let mut wrong = String::new();
    let mut count = 0;
    for path in crate::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("check"), "go") {
        let text = std::fs::read_to_string(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for (i, program) in text.split("//---\n").enumerate() {
            count += 1;
            let expected = expectations(program).map_err(|e| format!("{name}, program {}: {e}", i + 1))?;
            let found = check(&mut world, program);
            if found != expected {
                let _ = writeln!(wrong, "{name}, program {}:\n{program}  expected:", i + 1);
                for (line, column, message) in expected {
                    let _ = writeln!(wrong, "    {line}:{column}: {message}");
                }
                let _ = writeln!(wrong, "  found:");
                for (line, column, message) in found {
                    let _ = writeln!(wrong, "    {line}:{column}: {message}");
                }
            }
        }
    }
    if count < 200 {
        return Err(format!("only {count} programs in tests/check").into());
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

type Message = (u32, u32, String);

fn check(world: &mut World, program: &str) -> Vec<Message> {
    let errors = world.check_user(vec![("FILE".to_owned(), program.as_bytes().to_vec())], (1, 27));
    let mut found: Vec<Message> = errors.iter().map(|d| message(world, d)).collect();
    found.sort();
    found.dedup();
    found
}

fn message(world: &World, d: &Diagnostic) -> Message {
    let place = |pos| world.files.physical(pos).map_or((0, 0), |p| (p.line, p.column));
    let mut text = d.message.replace("FILE:", "");
    for (pos, related) in &d.related {
        let (line, column) = place(*pos);
        let _ = write!(text, "\n{line}:{column}: {related}");
    }
    let (line, column) = place(d.pos);
    (line, column, text)
}

fn expectations(program: &str) -> Result<Vec<Message>, String> {
    let mut all = Vec::new();
    for (i, line) in program.lines().enumerate() {
        let Some((_, mut rest)) = line.split_once("// ERROR ") else { continue };
        loop {
            let (column, text) = rest.split_once(' ').ok_or("a column and a quoted message after ERROR")?;
            let column: u32 = column.parse().map_err(|_| format!("no column: {column}"))?;
            let end = closing_quote(text).ok_or_else(|| format!("no closing quote: {text}"))?;
            let bytes =
                types::constant::unquote(&text[..=end]).ok_or_else(|| format!("bad quoting: {text}"))?;
            all.push((i as u32 + 1, column, String::from_utf8_lossy(&bytes).into_owned()));
            match text[end + 1..].trim_start().strip_prefix("ERROR ") {
                Some(more) => rest = more,
                None => break,
            }
        }
    }
    all.sort();
    Ok(all)
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().skip(1).find_map(|(i, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(i)
    })
}
