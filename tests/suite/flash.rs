//! Flashing: protocol transcripts, volumes in a directory, and real bootloaders and debug probes in emulators.

pub mod bench;
mod cli;
mod noise;
mod probe;
mod transcript;
mod upload;
mod volumes;

use std::io;
use std::process::ExitStatus;

use flash::{BoardState, Failure, Host, Outcome, Volume};
use libtest_mimic::Trial;
use serial::fake::Fake;
use serial::{Port, PortInfo};

pub fn trials() -> Vec<Trial> {
    let mut all = transcript::trials();
    all.extend(volumes::trials());
    all.extend(noise::trials());
    all.extend(bench::trials());
    all.extend(upload::trials());
    all.extend(probe::trials());
    all.extend(cli::trials());
    all
}

/// Remembers what the run told.
#[derive(Default)]
struct Recorder {
    phases: Vec<String>,
    notes: Vec<String>,
}

impl Recorder {
    fn has(&self, phase: &str) -> bool {
        self.phases.iter().any(|p| p == phase)
    }
}

impl flash::Progress for Recorder {
    fn phase(&mut self, phase: flash::Phase, _total: u64) {
        self.phases.push(phase.to_string());
    }

    fn done(&mut self, _bytes: u64) {}

    fn note(&mut self, text: &str) {
        self.notes.push(text.to_string());
    }
}

fn uno() -> flash::avr::Chip {
    flash::avr::Chip {
        name: "ATmega328P".to_string(),
        signature: [0x1E, 0x95, 0x0F],
        page: 128,
        limit: 0x7E00,
    }
}

fn mega() -> flash::avr::Chip {
    flash::avr::Chip {
        name: "ATmega2560".to_string(),
        signature: [0x1E, 0x98, 0x01],
        page: 256,
        limit: 0x3E000,
    }
}

/// Bytes that repeat nowhere soon, the same in every run (xorshift, 32 bits).
fn noise(count: usize) -> Vec<u8> {
    let mut x: u32 = 0x2545_F491;
    let mut next = || {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        (x >> 8) as u8
    };
    (0..count).map(|_| next()).collect()
}

/// The check of a test: a message instead of a panic.
fn ensure(condition: bool, message: impl FnOnce() -> String) -> Result<(), String> {
    if condition { Ok(()) } else { Err(message()) }
}

/// A run that has to fail, with these parts in its message and the board in this state.
fn fails(result: Result<Outcome, Failure>, board: BoardState, parts: &[&str]) -> Result<(), String> {
    let failure = match result {
        Ok(_) => return Err("it was reported as a success".to_string()),
        Err(failure) => failure,
    };
    let text = failure.to_string();
    ensure(parts.iter().all(|p| text.contains(p)), || format!("expected {parts:?} in: {text}"))?;
    ensure(failure.board == board, || format!("the board is {:?}: {text}", failure.board))
}

/// A computer with one port and nothing else.
struct Desk(Option<Fake>);

impl Host for Desk {
    fn open(&mut self, _port: &str, _baud: u32) -> io::Result<Box<dyn Port>> {
        let port = self.0.take().ok_or_else(|| io::Error::other("opened twice"))?;
        Ok(Box::new(port))
    }

    fn ports(&mut self) -> Vec<PortInfo> {
        Vec::new()
    }

    fn volumes(&mut self) -> io::Result<Vec<Volume>> {
        Ok(Vec::new())
    }

    fn run(&mut self, _words: &[String]) -> io::Result<ExitStatus> {
        Err(io::Error::other("no programs here"))
    }
}
