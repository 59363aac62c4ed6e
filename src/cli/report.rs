//! What the command tells: errors, sizes, times.

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, bail};
use driver::Built;
use link::Sizes;

/// The forms of `-size`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SizeForm {
    None,
    Short,
    Full,
}

impl SizeForm {
    pub fn parse(word: &str) -> Result<SizeForm> {
        Ok(match word {
            "none" | "" => SizeForm::None,
            "short" => SizeForm::Short,
            "full" => SizeForm::Full,
            other => bail!("invalid -size={other}: valid values are none, short, full"),
        })
    }
}

/// Prints an error and what is behind it.
pub fn error(error: &anyhow::Error) {
    eprintln!("{}", text(error));
}

/// An error and what is behind it.
pub fn text(error: &anyhow::Error) -> String {
    let mut last = String::new();
    let mut text = String::new();
    for cause in error.chain() {
        let message = cause.to_string();
        // Some errors repeat what is behind them.
        if !last.contains(&message) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&message);
        }
        last = message;
    }
    text.truncate(text.trim_end().len());
    text
}

/// Prints the texts that `-dump-ir` asked for.
pub fn dumps(built: &Built) {
    for (pass, text) in &built.dumps {
        println!("; after {pass}\n{text}");
    }
}

/// Prints the sizes of a finished program.
pub fn built(built: &Built, form: SizeForm) -> Result<()> {
    match (&built.sizes, form) {
        (None, _) | (_, SizeForm::None) => {}
        (Some(sizes), SizeForm::Short) => short(sizes),
        (Some(_), SizeForm::Full) => {
            let of_file = |file: &Path| built.packages.get(file.parent()?).cloned();
            let table =
                link::sizes::packages::measure(&built.linked, &of_file).map_err(anyhow::Error::msg)?;
            if !table.debug {
                eprintln!("warning: data incomplete, remove the -no-debug flag for more detail");
            }
            print!("{table}");
        }
    }
    Ok(())
}

/// What `-x` shows.
pub fn trace(text: &str) {
    eprintln!("{text}");
}

pub fn short(sizes: &Sizes) {
    print!("{sizes}");
}

pub fn times(times: &[(&'static str, Duration)]) {
    let mut total = Duration::ZERO;
    for (stage, time) in times {
        eprintln!("{stage:>10} {:8.1} ms", time.as_secs_f64() * 1e3);
        total += *time;
    }
    eprintln!("{:>10} {:8.1} ms", "total", total.as_secs_f64() * 1e3);
}

/// The five passes of stage `opt` that took longest.
pub fn passes(times: &[(&'static str, Duration)]) {
    let mut longest = times.to_vec();
    longest.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    for (pass, time) in longest.iter().take(5) {
        eprintln!("  opt/{pass:<20} {:8.1} ms", time.as_secs_f64() * 1e3);
    }
}
