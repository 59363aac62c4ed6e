//! The computer that flashes: its ports, volumes and programs. Tests put another one in its place.

use std::io;
use std::path::PathBuf;
use std::process::{Command, ExitStatus};

use serial::{Port, PortInfo};

/// A mounted file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Where it is mounted.
    pub path: PathBuf,
    /// The block device, where there is one.
    pub device: Option<PathBuf>,
    /// `vfat`, `9p`, ...; empty where the system does not tell.
    pub kind: String,
}

pub trait Host {
    fn open(&mut self, port: &str, baud: u32) -> io::Result<Box<dyn Port>>;
    fn ports(&mut self) -> Vec<PortInfo>;
    fn volumes(&mut self) -> io::Result<Vec<Volume>>;
    fn run(&mut self, words: &[String]) -> io::Result<ExitStatus>;
}

/// This computer.
pub struct System;

impl Host for System {
    fn open(&mut self, port: &str, baud: u32) -> io::Result<Box<dyn Port>> {
        serial::open(port, baud)
    }

    fn ports(&mut self) -> Vec<PortInfo> {
        serial::available().unwrap_or_default()
    }

    fn volumes(&mut self) -> io::Result<Vec<Volume>> {
        crate::volume::mounted()
    }

    fn run(&mut self, words: &[String]) -> io::Result<ExitStatus> {
        let (program, arguments) =
            words.split_first().ok_or_else(|| io::Error::other("the command is empty"))?;
        Command::new(program).args(arguments).status()
    }
}
