//! Flags to build options.

use anyhow::{Context, Result, bail};
use driver::{Config, Options, config::OptLevel};

use crate::args::Parsed;
use crate::report;

/// What the flags ask for.
pub fn options(parsed: &Parsed) -> Result<Options> {
    let opt = match parsed.value("opt") {
        None => OptLevel::default(),
        Some(word) => OptLevel::parse(word)
            .with_context(|| format!("invalid -opt={word}: valid values are none, 0, 1, 2, s, z"))?,
    };
    let mut options = Options {
        target: parsed.value("target").map(str::to_owned),
        opt,
        gc: word(parsed, "gc")?,
        scheduler: word(parsed, "scheduler")?,
        serial: word(parsed, "serial")?,
        panic: word(parsed, "panic")?,
        stack_size: parsed.value("stack-size").map(bytes).transpose()?,
        no_debug: parsed.flag("no-debug"),
        no_bounds: parsed.flag("nobounds"),
        rebuild: parsed.flag("a"),
        work: parsed.flag("work"),
        trace: parsed.flag("x").then_some(report::trace as fn(&str)),
        dump_ir: parsed
            .value("dump-ir")
            .map(|pass| if pass == "all" { String::new() } else { pass.to_owned() }),
        ..Options::default()
    };
    if let Some(jobs) = parsed.value("p") {
        let Some(jobs) = jobs.parse().ok().filter(|&jobs: &usize| jobs > 0) else {
            bail!("invalid -p={jobs}: write a number of jobs, at least 1");
        };
        // Nothing has run in parallel yet, so this is the first to ask for threads.
        rayon::ThreadPoolBuilder::new()
            .num_threads(jobs)
            .build_global()
            .context("-p: cannot start threads")?;
    }
    if let Some(tags) = parsed.value("tags") {
        options.tags = tags.split([' ', ',']).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    }
    options.overlay = parsed.value("overlay").map(Into::into);
    if let Some(mode) = parsed.value("mod") {
        options.mod_flags.push(format!("-mod={mode}"));
    }
    if let Some(flags) = parsed.value("ldflags") {
        options.set_strings = set_strings(flags)?;
    }
    Ok(options)
}

/// The flags, resolved.
pub fn config(options: Options) -> Result<Config> {
    let dir = std::env::current_dir().context("cannot tell the working directory")?;
    Ok(Config::resolve(options, &dir)?)
}

fn word<T: std::str::FromStr<Err: std::fmt::Display>>(parsed: &Parsed, flag: &str) -> Result<Option<T>> {
    match parsed.value(flag) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|error| anyhow::anyhow!("{error}")),
    }
}

/// `8KB`, `2MB`, `512`: a number of bytes.
fn bytes(text: &str) -> Result<u64> {
    let lower = text.to_ascii_lowercase();
    let digits = lower.find(|c: char| !c.is_ascii_digit()).unwrap_or(lower.len());
    let Ok(number) = lower[..digits].parse::<u64>() else {
        bail!("invalid -stack-size={text}: write 2048 or 8KB");
    };
    let factor = match &lower[digits..] {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        unit => bail!("invalid -stack-size={text}: {unit} is none of KB, MB"),
    };
    number.checked_mul(factor).with_context(|| format!("invalid -stack-size={text}: too large"))
}

/// The `-X pkg.Name=value` of -ldflags.
fn set_strings(flags: &str) -> Result<Vec<(String, String)>> {
    let mut set = Vec::new();
    let mut words = split_quoted(flags)?.into_iter();
    while let Some(word) = words.next() {
        let definition = match word.strip_prefix("-X") {
            Some("") => words.next().context("-ldflags: -X needs pkg.Name=value")?,
            Some(rest) => rest.strip_prefix('=').unwrap_or(rest).to_owned(),
            None => bail!("-ldflags: {word:?} is not supported; -X pkg.Name=value is"),
        };
        let (name, value) =
            definition.split_once('=').with_context(|| format!("-ldflags: -X {definition} has no =value"))?;
        set.push((name.to_owned(), value.to_owned()));
    }
    Ok(set)
}

/// Words separated by blanks; quotes keep blanks.
fn split_quoted(text: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        bail!("-ldflags: a quote is not closed in {text:?}");
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(bytes("512").unwrap(), 512);
        assert_eq!(bytes("8KB").unwrap(), 8192);
        assert_eq!(bytes("6MB").unwrap(), 6 << 20);
        assert!(bytes("8 parsecs").is_err());
        assert!(bytes("KB").is_err());
    }

    #[test]
    fn ldflags() {
        let set = set_strings("-X main.a=1 -X 'main.b=x y'").unwrap();
        assert_eq!(set, [("main.a".into(), "1".into()), ("main.b".into(), "x y".into())]);
        assert!(set_strings("-s").is_err());
        assert!(set_strings("-X main.a").is_err());
    }
}
