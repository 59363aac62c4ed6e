//! `tinygo check`: what is wrong with packages, in Go's words, as excerpts, or as JSON.

use std::io::IsTerminal;

use anyhow::{Result, bail};
use driver::check::{CheckOptions, Checked, check, token_end};
use serde_json::{Value, json};
use source::{Diagnostic, Pos, pretty, render};

use crate::args::Parsed;
use crate::{options, report};

pub fn command(parsed: &Parsed) -> Result<u8> {
    let mut patterns = parsed.positional();
    if patterns.is_empty() {
        patterns.push(".".to_owned());
    }
    if patterns.iter().any(|p| p.ends_with(".go")) && !patterns.iter().all(|p| p.ends_with(".go")) {
        bail!("expected packages, or the .go files of one, got {}", patterns.join(" "));
    }
    let config = options::config(options::options(parsed)?)?;
    let wanted = CheckOptions { all: parsed.flag("e"), tests: parsed.flag("test") };
    let checked = match check(&config, &patterns, wanted) {
        Ok(checked) => checked,
        Err(driver::Error::Load(load::Error::Packages(messages))) if parsed.flag("json") => {
            messages.iter().for_each(|message| println!("{}", of_go(message, &config.dir)));
            return Ok(1);
        }
        Err(error) => return Err(error.into()),
    };
    checked.warnings.iter().for_each(|warning| eprintln!("{warning}"));
    if parsed.flag("timing") {
        let Checked { listing, parsing, checking, .. } = checked;
        report::times(&[("go list", listing), ("parse", parsing), ("check", checking)]);
    }
    let mut failed = false;
    for (path, diagnostics) in &checked.packages {
        failed |= diagnostics.has_errors();
        if parsed.flag("json") {
            diagnostics.sorted().iter().for_each(|d| println!("{}", object(&checked, path, d)));
        } else if parsed.flag("pretty") {
            let style = pretty::Style { colours: std::io::stderr().is_terminal(), end: &token_end };
            eprint!("{}", pretty::package(&checked.files, path, diagnostics, &style));
        } else {
            eprint!("{}", render::package(&checked.files, path, diagnostics));
        }
    }
    Ok(u8::from(failed))
}

/// A diagnostic as one object. Lines and columns are those of the file itself, whatever `//line` says: an editor shows
/// that file. Columns count bytes from 1; what is underlined ends before `endColumn`.
fn object(checked: &Checked, package: &str, diagnostic: &Diagnostic) -> Value {
    let mut object = json!({ "package": package });
    place(checked, diagnostic.pos, &mut object);
    object["severity"] = if diagnostic.is_error() { "error" } else { "warning" }.into();
    object["message"] = diagnostic.message.clone().into();
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .map(|(pos, message)| {
            let mut object = json!({});
            place(checked, *pos, &mut object);
            object["message"] = message.clone().into();
            object
        })
        .collect();
    if !related.is_empty() {
        object["related"] = related.into();
    }
    object
}

fn place(checked: &Checked, pos: Pos, object: &mut Value) {
    let Some(file) = checked.files.file_of(pos) else { return };
    let (line, column) = file.line_column(file.offset(pos));
    let (end_line, end_column) = file.line_column(file.offset(token_end(&file, pos)));
    object["file"] = file.path.clone().into();
    object["line"] = line.into();
    object["column"] = column.into();
    object["endLine"] = end_line.into();
    object["endColumn"] = end_column.into();
}

/// A message of the go command, which begins with `file:line:column:` where it knows a place.
fn of_go(message: &str, dir: &std::path::Path) -> Value {
    let mut object = json!({});
    let mut text = message;
    let mut parts = message.splitn(4, ':');
    if let (Some(file), Some(line), Some(column), Some(rest)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
        && let (Ok(line), Ok(column)) = (line.parse::<u32>(), column.parse::<u32>())
    {
        object["file"] = dir.join(file).display().to_string().into();
        object["line"] = line.into();
        object["column"] = column.into();
        text = rest.trim_start();
    }
    object["severity"] = "error".into();
    object["message"] = text.into();
    object
}
