//! `tinygo build`

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use driver::{Built, Config, output::Output};

use crate::args::Parsed;
use crate::{options, report};

pub fn command(parsed: &Parsed) -> Result<u8> {
    let patterns = patterns(parsed)?;
    let options = options::options(parsed)?;
    let output = parsed.value("o").map(PathBuf::from);
    let config = options::config(options)?;
    let to_wasm = output.as_deref().and_then(Path::extension).is_some_and(|suffix| suffix == "wasm");
    if to_wasm && !config.is_wasm() {
        bail!(
            "you appear to want to build a wasm file, but the target is {}: use -target=wasip1",
            config.target.name
        );
    }
    let format = match &output {
        Some(path) => Output::from_path(path, &config.target)?,
        None => Output::Linked,
    };
    let built = build(parsed, &config, &patterns, format)?;
    let path =
        output.unwrap_or_else(|| PathBuf::from(format!("{}{}", built.name, config.target.default_suffix())));
    write(&path, built.output(), format == Output::Linked)?;
    Ok(0)
}

/// The packages or files of the command line; none means the package here.
pub fn patterns(parsed: &Parsed) -> Result<Vec<String>> {
    let mut patterns = parsed.positional();
    if patterns.is_empty() {
        patterns.push(".".to_owned());
    }
    if patterns.len() > 1 && !patterns.iter().all(|pattern| pattern.ends_with(".go")) {
        bail!("expected one package, or the .go files of one, got {}", patterns.join(" "));
    }
    Ok(patterns)
}

/// Builds, and prints the sizes where they were asked for.
pub fn build(parsed: &Parsed, config: &Config, patterns: &[String], format: Output) -> Result<Built> {
    let size = report::SizeForm::parse(parsed.value("size").unwrap_or("none"))?;
    let built = match driver::build(config, patterns, format) {
        Ok(built) => built,
        Err(error) => {
            // The table helps most when the program is too large.
            if let driver::Error::TooLarge { sizes: Some(sizes), .. } = &error {
                report::short(sizes);
            }
            return Err(error.into());
        }
    };
    report::dumps(&built);
    for warning in &built.warnings {
        eprintln!("{warning}");
    }
    if parsed.flag("timing") {
        report::times(&built.times);
        report::passes(&built.pass_times);
    }
    report::built(&built, size)?;
    Ok(built)
}

pub fn write(path: &Path, bytes: &[u8], executable: bool) -> Result<()> {
    std::fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
    // A device, say /dev/null, keeps its mode.
    #[cfg(unix)]
    if executable && path.is_file() {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
            .with_context(|| format!("cannot make {} executable", path.display()))?;
    }
    Ok(())
}
