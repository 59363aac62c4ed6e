//! `tinygo monitor`, also after flashing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use board::{Root, Target};
use serial::{Port, terminal};

use crate::args::Parsed;
use crate::board_port;

pub fn command(parsed: &Parsed) -> Result<u8> {
    let root = Root::open(std::env::var_os("TINYGOROOT").map(std::path::PathBuf::from).as_deref())?;
    let target = parsed.value("target").map(|name| board::resolve(name, &root)).transpose()?;
    monitor(parsed, target.as_ref(), None)
}

/// Shows what the board prints until Ctrl-C. `port` is open already after flashing.
pub fn monitor(parsed: &Parsed, target: Option<&Target>, port: Option<Box<dyn Port>>) -> Result<u8> {
    let baud = match parsed.value("baudrate") {
        Some(text) => match text.parse() {
            Ok(baud) if baud > 0 => baud,
            _ => anyhow::bail!("invalid -baudrate={text}: write a number, for example 115200"),
        },
        None => target.map_or(115_200, |target| target.baud),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let signal = stop.clone();
    ctrlc::set_handler(move || signal.store(true, Ordering::Relaxed)).context("cannot listen to Ctrl-C")?;
    let mut open = || {
        let name = board_port::choose(parsed, target).map_err(std::io::Error::other)?;
        serial::open(&name, baud)
    };
    let port = match port {
        Some(port) => {
            // The bootloader may speak at another rate than the program.
            let name = port.name().to_owned();
            let mut port = port;
            port.set_baud(baud).with_context(|| format!("cannot set {name} to {baud} baud"))?;
            Some(port)
        }
        None => None,
    };
    let raw = terminal::RawMode::enter().context("cannot prepare the terminal")?;
    let end = if raw.is_some() { "\r\n" } else { "\n" };
    let keys = terminal::keys();
    let mut output = std::io::stdout();
    let mut status = |status: serial::Status| match status {
        serial::Status::Connected(name) => {
            eprint!("Connected to {name}. Press Ctrl-C to exit.{end}");
        }
        serial::Status::Lost(error) => eprint!("Connection lost ({error}); waiting for the board.{end}"),
    };
    let monitor = serial::Monitor {
        open: &mut open,
        output: &mut output,
        keys: &keys,
        stop: &|| stop.load(Ordering::Relaxed),
        status: &mut status,
        decode: &mut |_| None,
        connect: Duration::from_secs(10),
        away: None,
    };
    let result = monitor.run(port);
    drop(raw);
    result?;
    Ok(0)
}
