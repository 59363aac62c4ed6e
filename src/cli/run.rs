//! `tinygo run`

use anyhow::{Result, bail};
use driver::output::Output;

use crate::args::Parsed;
use crate::{build, options};

pub fn command(parsed: &Parsed) -> Result<u8> {
    let mut args = parsed.positional();
    let files = args.iter().take_while(|arg| arg.ends_with(".go")).count();
    let program: Vec<String> = args.drain(..files.max(1).min(args.len())).collect();
    if program.is_empty() {
        bail!("name the package to run: `tinygo run .` runs the one here");
    }
    let mut options = options::options(parsed)?;
    options.emulated = true;
    let mut config = options::config(options)?;
    if driver::emulate::build_in_args(&mut config, &args) {
        args.clear();
    }
    let built = build::build(parsed, &config, &program, Output::Linked)?;
    let status = driver::emulate::run(&config.target, &built, &args)?;
    Ok(u8::try_from(status).unwrap_or(1))
}
