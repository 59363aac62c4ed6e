//! `tinygo flash`

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use board::Target;
use driver::{Config, output::Output};
use flash::{Format, Image, Job, Method, Plan, System};
use link::image::Segment;

use crate::args::Parsed;
use crate::progress::Bar;
use crate::{board_port, build, image, monitor, options};

pub fn command(parsed: &Parsed) -> Result<u8> {
    let config = options::config(options::options(parsed)?)?;
    let patterns = build::patterns(parsed)?;
    let target = &config.target;
    let mut job = job(parsed, &config)?;
    // Before the build: a missing board should not cost the wait for it.
    if job.method.needs_port() || job.touch && parsed.value("port").is_some() {
        job.port = Some(board_port::choose(parsed, Some(target))?);
    }
    let program = program(parsed, &config, &patterns, job.method.format())?;
    let folder = tempfile::tempdir().context("cannot create a temporary folder")?;
    fill(&mut job, &program, target, folder.path())?;
    let plan = Plan::new(job)?;
    if parsed.flag("x") {
        eprintln!("{plan}");
    }
    let mut bar = Bar::default();
    let outcome = plan.execute(&mut System, &mut bar)?;
    bar.finish();
    drop(bar);
    eprintln!("{}: {} bytes written and verified", target.name, outcome.bytes);
    if parsed.flag("monitor") {
        return monitor::monitor(parsed, Some(target), outcome.port);
    }
    Ok(0)
}

/// How the board is programmed: its own way, or that of `-programmer`.
fn job(parsed: &Parsed, config: &Config) -> Result<Job> {
    let target = &config.target;
    let mut job = match parsed.value("programmer") {
        None => Job::for_target(target).with_context(|| {
            format!("{} cannot be flashed; `tinygo run -target={0}` runs it", target.name)
        })?,
        Some(name) => {
            // `probe=VID:PID:serial` names one of several probes.
            let (method, probe) = name.split_once('=').map_or((name, None), |(m, p)| (m, Some(p.to_owned())));
            let all: Vec<_> = std::iter::once(&target.flash).chain(&target.programmers).collect();
            let found = all.iter().find(|flash| flash.method() == method);
            let Some(mut found) = found.and_then(|flash| Method::of(flash, target)) else {
                let known: Vec<&str> = all.iter().map(|flash| flash.method()).collect();
                bail!("unknown -programmer={name}: {} knows {}", target.name, known.join(", "));
            };
            if let Method::Probe { probe: selector, .. } = &mut found {
                *selector = probe;
            }
            Job::new(found)
        }
    };
    if let Some(timeout) = parsed.value("timeout") {
        job.timeout = duration(timeout)?;
    }
    Ok(job)
}

/// What goes onto the board.
struct Program {
    name: String,
    /// The linked file, for commands that take one.
    elf: Option<Vec<u8>>,
    segments: Vec<Segment>,
}

/// Reads the ready-made image that the command line names, or builds the program.
fn program(parsed: &Parsed, config: &Config, patterns: &[String], format: Format) -> Result<Program> {
    let target = &config.target;
    if let Some(path) = image::named(patterns) {
        if format == Format::Path("elf") && path.extension().is_none_or(|suffix| suffix != "elf") {
            bail!("{} is programmed from an ELF file; {} is none", target.name, path.display());
        }
        let segments = image::read(path, target)?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let elf = (format == Format::Path("elf")).then(|| std::fs::read(path)).transpose()?;
        return Ok(Program { name, elf, segments });
    }
    let built = build::build(parsed, config, patterns, Output::Linked)?;
    if let Some(path) = parsed.value("o") {
        let path = PathBuf::from(path);
        let bytes = driver::output::convert(&built.linked, Output::from_path(&path, target)?, target)?;
        build::write(&path, &bytes, false)?;
    }
    let segments = link::image::segments(&built.linked).map_err(anyhow::Error::msg)?;
    Ok(Program { name: built.name, elf: Some(built.linked), segments })
}

/// Hands the program over in the form that the method wants.
fn fill(job: &mut Job, program: &Program, target: &Target, folder: &Path) -> Result<()> {
    let image = |output| driver::output::image(&program.segments, output, target);
    match job.method.format() {
        Format::Segments => {
            let parts = program.segments.iter().map(|s| (s.addr, s.data.clone()));
            job.image = Some(Image::new(parts)?);
        }
        Format::Uf2 => job.file = Some(image(Output::Uf2)?),
        Format::Hex => job.file = Some(image(Output::Hex)?),
        Format::Bin => job.file = Some(image(Output::Bin)?),
        Format::Path(suffix) => {
            let path = folder.join(format!("{}.{suffix}", program.name));
            let bytes = match (Output::from_path(&path, target)?, &program.elf) {
                (Output::Linked, Some(elf)) => elf.clone(),
                (output, _) => image(output)?,
            };
            build::write(&path, &bytes, false)?;
            job.paths.insert(suffix.to_owned(), path);
        }
        Format::None => {}
    }
    Ok(())
}

/// `20s`, `500ms`, `1m`, as Go writes durations.
fn duration(text: &str) -> Result<Duration> {
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let Ok(number) = text[..split].parse::<f64>() else {
        bail!("invalid -timeout={text}: write 20s");
    };
    let unit = match &text[split..] {
        "ms" => 1e-3,
        "s" | "" => 1.0,
        "m" => 60.0,
        unit => bail!("invalid -timeout={text}: {unit} is none of ms, s, m"),
    };
    if !(0.0..1e6).contains(&(number * unit)) {
        bail!("invalid -timeout={text}: out of range");
    }
    Ok(Duration::from_secs_f64(number * unit))
}
