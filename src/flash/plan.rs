//! From method, board and image to a checked plan, and from the plan to a programmed board.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serial::{Port, UsbId, touch};

use crate::avr::Chip;
use crate::error::Doing;
use crate::{BoardState, Error, Failure, Host, Image, Phase, Progress};
use crate::{command, msd, stk500v1, stk500v2, uf2};

/// How a board is programmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// Uno, Nano: optiboot, ATmegaBOOT.
    Stk500v1 { chip: Chip, baud: u32 },
    /// Mega 2560.
    Stk500v2 { chip: Chip, baud: u32 },
    /// A bootloader's drive that takes UF2 files.
    Uf2 { family: Option<u32>, volumes: Vec<String> },
    /// A debug chip's drive that takes an image under this name: a hex file, or plain bytes.
    Msd { volumes: Vec<String>, file: String, hex: bool },
    /// SWD or JTAG by a debug probe. `chip` as probe-rs names it; `probe` = `VID:PID[:serial]` where there are several.
    Probe { chip: String, probe: Option<String>, khz: Option<u32> },
    /// An external program; `{port}`, `{hex}` and so on are replaced in its words.
    Command { words: Vec<String> },
}

/// In which form a method wants the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Bytes at addresses: [`Job::image`].
    Segments,
    /// The text of a hex file, plain bytes, or the blocks of a UF2 file: [`Job::file`].
    Hex,
    Bin,
    Uf2,
    /// A file on disk with this suffix: [`Job::paths`].
    Path(&'static str),
    /// Nothing (a command that names no file).
    None,
}

impl Method {
    /// The method that a board file names, among `target.flash` and `target.programmers`.
    pub fn of(flash: &board::Flash, target: &board::Target) -> Option<Method> {
        let chip = |stk: &board::Stk500| Chip {
            name: target.chip.clone(),
            signature: stk.signature,
            page: stk.page as usize,
            limit: u32::try_from(stk.limit).unwrap_or(u32::MAX),
        };
        Some(match flash {
            board::Flash::None => return None,
            board::Flash::Stk500v1(stk) => Method::Stk500v1 { chip: chip(stk), baud: stk.baud },
            board::Flash::Stk500v2(stk) => Method::Stk500v2 { chip: chip(stk), baud: stk.baud },
            board::Flash::Uf2 { family, volumes } => {
                Method::Uf2 { family: Some(*family), volumes: volumes.clone() }
            }
            board::Flash::Probe { chip } => Method::Probe { chip: chip.clone(), probe: None, khz: None },
            board::Flash::Msd { volumes, file, format } => Method::Msd {
                volumes: volumes.clone(),
                file: file.clone(),
                hex: matches!(format, board::Format::Hex),
            },
            board::Flash::Command { run } => Method::Command { words: run.clone() },
        })
    }

    pub fn format(&self) -> Format {
        match self {
            Method::Stk500v1 { .. } | Method::Stk500v2 { .. } | Method::Probe { .. } => Format::Segments,
            Method::Uf2 { .. } => Format::Uf2,
            Method::Msd { hex: true, .. } => Format::Hex,
            Method::Msd { .. } => Format::Bin,
            Method::Command { words } => {
                let used = command::tokens(words);
                command::FILES.into_iter().find(|f| used.contains(f)).map_or(Format::None, Format::Path)
            }
        }
    }

    /// Whether a serial port has to be chosen before planning.
    pub fn needs_port(&self) -> bool {
        match self {
            Method::Stk500v1 { .. } | Method::Stk500v2 { .. } => true,
            Method::Command { words } => command::tokens(words).contains(&"port"),
            _ => false,
        }
    }
}

/// Everything that one flash run is about.
#[derive(Clone, Debug)]
pub struct Job {
    pub method: Method,
    pub image: Option<Image>,
    pub file: Option<Vec<u8>>,
    /// Suffix -> path.
    pub paths: BTreeMap<String, PathBuf>,
    /// The chosen port, for methods that need one or boards that want a touch.
    pub port: Option<String>,
    /// Open the port at 1200 baud first, so that the board starts its bootloader.
    pub touch: bool,
    /// The board's USB ids, to know it again after the touch.
    pub usb_ids: Vec<UsbId>,
    /// How long to wait for a volume.
    pub timeout: Duration,
}

impl Job {
    /// The job of a board, by its own method; `None` for targets that are not flashed.
    pub fn for_target(target: &board::Target) -> Option<Job> {
        let mut job = Job::new(Method::of(&target.flash, target)?);
        job.touch = target.touch_1200;
        job.usb_ids = target.usb_ids.iter().map(|id| UsbId { vendor: id.vid, product: id.pid }).collect();
        Some(job)
    }

    /// A job with nothing but its method; the wait is the original's 20 s.
    pub fn new(method: Method) -> Job {
        Job {
            method,
            image: None,
            file: None,
            paths: BTreeMap::new(),
            port: None,
            touch: false,
            usb_ids: Vec::new(),
            timeout: Duration::from_secs(20),
        }
    }
}

/// A job that has passed every check that needs no board.
#[derive(Debug)]
pub struct Plan {
    job: Job,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Serial { chip: Chip, baud: u32, port: String, image: Image },
    Volume { file: Vec<u8> },
    Probe { image: Image },
    Command { words: Vec<String> },
}

/// What a run that succeeded leaves.
pub struct Outcome {
    /// The open port of a serial bootloader, so that the monitor misses nothing and does not reset the board again.
    pub port: Option<Box<dyn Port>>,
    /// Bytes of program that were written and verified.
    pub bytes: usize,
}

impl Plan {
    pub fn new(mut job: Job) -> Result<Plan, Error> {
        let image = job.image.take().ok_or(Error::MissingInput("the program as segments"));
        let file = job.file.take().ok_or(Error::MissingInput("the program as a file"));
        let port = job.port.clone().ok_or(Error::MissingInput("a port"));
        let work = match &job.method {
            Method::Stk500v1 { chip, baud } | Method::Stk500v2 { chip, baud } => {
                let image = image?;
                chip.check_image(&image)?;
                Work::Serial { chip: chip.clone(), baud: *baud, port: port?, image }
            }
            Method::Uf2 { family, .. } => {
                let file = file?;
                uf2::check(&file, *family)?;
                Work::Volume { file }
            }
            Method::Msd { .. } => Work::Volume { file: file? },
            Method::Probe { .. } => Work::Probe { image: image? },
            Method::Command { words } => {
                let mut values: BTreeMap<String, String> =
                    job.paths.iter().map(|(k, v)| (k.clone(), v.display().to_string())).collect();
                values.extend(job.port.clone().map(|p| ("port".to_string(), p)));
                Work::Command { words: command::expand(words, &values)? }
            }
        };
        Ok(Plan { job, work })
    }

    /// Does it. Success means that the board holds the whole program, read back where the method can read.
    pub fn execute(self, host: &mut dyn Host, progress: &mut dyn Progress) -> Result<Outcome, Failure> {
        let mut touched = false;
        self.run(host, progress, &mut touched).map_err(|error| Failure {
            error,
            board: if touched { BoardState::Incomplete } else { BoardState::Untouched },
        })
    }

    fn run(
        mut self,
        host: &mut dyn Host,
        progress: &mut dyn Progress,
        touched: &mut bool,
    ) -> Result<Outcome, Error> {
        self.touch(host, progress)?;
        let (job, work) = (self.job, self.work);
        let (mut bytes, mut open) = (0, None);
        match (&job.method, work) {
            (method, Work::Serial { chip, baud, port, image }) => {
                let mut port = host.open(&port, baud).map_err(Error::Open)?;
                let program = match method {
                    Method::Stk500v2 { .. } => stk500v2::program,
                    _ => stk500v1::program,
                };
                program(&mut *port, &chip, &image, progress, touched)?;
                (bytes, open) = (image.size(), Some(port));
            }
            (Method::Uf2 { family, volumes }, Work::Volume { file }) => {
                uf2::program(host, &file, *family, volumes, job.timeout, progress, touched)?;
                bytes = file.len() / 2;
            }
            (Method::Msd { volumes, file: name, .. }, Work::Volume { file }) => {
                msd::program(host, &file, volumes, name, job.timeout, progress, touched)?;
                bytes = file.len();
            }
            (Method::Probe { chip, probe, khz }, Work::Probe { image }) => {
                probe_program(chip, probe.as_deref(), *khz, &image, progress, touched)?;
                bytes = image.size();
            }
            (_, Work::Command { words }) => command::program(host, &words, progress, touched)?,
            (_, Work::Volume { .. } | Work::Probe { .. }) => {
                return Err(Error::MissingInput("a method that fits the program's form"));
            }
        }
        Ok(Outcome { port: open, bytes })
    }

    /// The 1200-baud touch. A board that already waits in its bootloader has no port to touch: not an error.
    fn touch(&mut self, host: &mut dyn Host, progress: &mut dyn Progress) -> Result<(), Error> {
        let Some(port) = self.job.port.clone().filter(|_| self.job.touch) else { return Ok(()) };
        progress.phase(Phase::Connecting, 0);
        let before = host.ports();
        let touched = touch::touch_1200(&port, &mut |name, baud| host.open(name, baud));
        if let Work::Serial { port: ours, .. } = &mut self.work {
            touched.map_err(Error::Open)?;
            let wait = Duration::from_secs(5);
            let back = touch::wait_for_return(&port, &before, &self.job.usb_ids, wait, &mut || host.ports());
            *ours = back.ok_or(Error::Silent {
                doing: Doing { what: "waiting for the bootloader's port after the reset", address: None },
            })?;
        } else if let Err(error) = touched {
            progress.note(&format!("{error}; the board may already be in its bootloader"));
        }
        Ok(())
    }
}

#[cfg(feature = "probe")]
use crate::probe::program as probe_program;

#[cfg(not(feature = "probe"))]
fn probe_program(
    _: &str,
    _: Option<&str>,
    _: Option<u32>,
    _: &Image,
    _: &mut dyn Progress,
    _: &mut bool,
) -> Result<(), Error> {
    Err(Error::NoProbeSupport)
}

/// One step a line, for -x.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let job = &self.job;
        if let Some(port) = job.port.as_ref().filter(|_| job.touch) {
            writeln!(f, "touch {port} at 1200 baud and wait for the bootloader")?;
        }
        match (&self.work, &job.method) {
            (Work::Serial { chip, baud, port, image }, method) => {
                let (protocol, first) = match method {
                    Method::Stk500v2 { .. } => ("stk500v2", 0),
                    _ => ("stk500v1", image.segments().first().map_or(0, |s| s.address)),
                };
                let [a, b, c] = chip.signature;
                writeln!(f, "open {port} at {baud} baud")?;
                writeln!(f, "reset the board by DTR and RTS")?;
                writeln!(f, "{protocol}: check signature {a:02x} {b:02x} {c:02x} ({})", chip.name)?;
                let pages = image.pages(chip.page).len();
                writeln!(
                    f,
                    "{protocol}: write {} bytes at {first:#x}..{:#x} in {pages} pages of {} bytes",
                    image.size(),
                    image.end(),
                    chip.page
                )?;
                writeln!(f, "{protocol}: read back and compare")?;
                writeln!(f, "{protocol}: start the program")
            }
            (Work::Volume { file }, Method::Uf2 { volumes, family }) => {
                writeln!(
                    f,
                    "wait {} s for a volume named {} with INFO_UF2.TXT",
                    job.timeout.as_secs(),
                    volumes.join(" or ")
                )?;
                let family = family.map_or(String::new(), |x| format!(" of family {x:#010x}"));
                writeln!(f, "copy {} bytes{family} to it as flash.uf2", file.len())?;
                writeln!(f, "wait until it has gone")
            }
            (Work::Volume { file }, method) => {
                let Method::Msd { volumes, file: name, .. } = method else { return Ok(()) };
                writeln!(f, "wait {} s for a volume named {}", job.timeout.as_secs(), volumes.join(" or "))?;
                writeln!(f, "copy {} bytes to it as {name}", file.len())
            }
            (Work::Probe { image }, method) => {
                let Method::Probe { chip, probe, .. } = method else { return Ok(()) };
                writeln!(f, "attach to {chip} through {}", probe.as_deref().unwrap_or("the debug probe"))?;
                for s in image.segments() {
                    writeln!(f, "write and verify {} bytes at {:#x}", s.data.len(), s.address)?;
                }
                writeln!(f, "reset and run")
            }
            (Work::Command { words }, _) => writeln!(f, "{}", words.join(" ")),
        }
    }
}
