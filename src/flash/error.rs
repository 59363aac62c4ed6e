//! Everything that can go wrong, said with its cause and the next step.

use std::fmt;
use std::io;
use std::path::PathBuf;

use serial::ChooseError;

/// Why the board could not be programmed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    // The image.
    #[error("the program is empty: there is nothing to flash")]
    Empty,
    #[error("two parts of the program both claim address {address:#x}")]
    Overlap { address: u32 },
    #[error(
        "the program was built for another chip: it has data at {start:#x}..{end:#x}, but the flash of {chip} \
         ends at {limit:#x}"
    )]
    Beyond { chip: String, start: u32, end: u64, limit: u32 },
    #[error("the program reaches {end:#x} and would overwrite the bootloader, which begins at {start:#x}")]
    OverBootloader { end: u64, start: u32 },
    #[error("this is no UF2 file: {0}")]
    NotUf2(String),
    #[error("the UF2 file is for family {found}, the board is {wanted:#010x}: build it for this board")]
    WrongFamily { found: String, wanted: u32 },
    #[error("this flash method needs {0}, which the caller did not provide")]
    MissingInput(&'static str),

    // The serial port.
    #[error(transparent)]
    Choose(#[from] ChooseError),
    #[error("{0}")]
    Open(io::Error),
    #[error(
        "no bootloader answers on {port} ({heard}); check that this is the board's port and that its chip is \
         {chip}, close other programs that use the port, then try again, pressing the board's reset button as \
         flashing starts"
    )]
    NoSync { port: String, chip: String, heard: String },
    #[error("{doing}: the bootloader stopped answering; reset the board and flash again")]
    Silent { doing: Doing },
    #[error("{doing}: {source}; connect the board again and flash again")]
    Lost { doing: Doing, source: io::Error },
    #[error("{doing}: the bootloader refused (status {status:#04x}); reset the board and flash again")]
    Refused { doing: Doing, status: u8 },
    #[error(
        "{doing}: the answer is garbled ({got}); check the cable and that no other program uses the port, then \
         flash again"
    )]
    Garbled { doing: Doing, got: String },
    #[error(
        "the board's chip is no {expected}: its signature is {}{}, expected {}; choose the right -target",
        Hex(found), name.map(|n| format!(" ({n})")).unwrap_or_default(), Hex(signature)
    )]
    WrongChip { expected: String, signature: [u8; 3], found: [u8; 3], name: Option<&'static str> },
    #[error(
        "verification failed at {address:#06x}: wrote {wrote:#04x}, read back {read:#04x} ({count} wrong in all); flash again - if it fails at the same address, the chip's flash is worn or locked"
    )]
    Verify { address: u32, wrote: u8, read: u8, count: usize },

    // Volumes.
    #[error("cannot list the mounted volumes: {0}")]
    Volumes(io::Error),
    #[error("unable to locate any volume: {wanted} (waited {seconds} s; {found}); {next}")]
    NoVolume { wanted: String, seconds: u64, found: String, next: &'static str },
    #[error("several boards are waiting for a program: {0}; disconnect all but one")]
    SeveralVolumes(String),
    #[error("cannot write {}: {source}", path.display())]
    Copy { path: PathBuf, source: io::Error },
    #[error(
        "{} took the file but did not restart within {seconds} s; the board's bootloader did not accept the \
         program", volume.display()
    )]
    NotAccepted { volume: PathBuf, seconds: u64 },
    #[error("the board rejected the program: {0}")]
    Rejected(String),

    // Debug probes and commands.
    #[error("{0}")]
    Probe(String),
    #[error("this tinygo was built without support for debug probes")]
    NoProbeSupport,
    #[error("the flash command {0:?} cannot be understood: {1}")]
    Template(String, String),
    #[error("cannot run {program}: {source}; install it, or choose another method with -programmer")]
    Spawn { program: String, source: io::Error },
    #[error("{program} failed ({status})")]
    Command { program: String, status: String },
}

/// What was being done, and where in flash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doing {
    pub what: &'static str,
    pub address: Option<u32>,
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.address {
            Some(address) => write!(f, "{} at {address:#06x}", self.what),
            None => f.write_str(self.what),
        }
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (i, b) in self.0.iter().enumerate() {
            write!(f, "{}{b:02x}", if i == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

/// What the board holds after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardState {
    /// What was on it before.
    Untouched,
    /// Part of the new program: it must be flashed again before it works.
    Incomplete,
}

/// A failed run: the error, and what it left behind.
#[derive(Debug)]
pub struct Failure {
    pub error: Error,
    pub board: BoardState,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.error)?;
        match self.board {
            BoardState::Untouched => Ok(()),
            BoardState::Incomplete => f.write_str("\nthe program on the board is now incomplete"),
        }
    }
}

/// Its message is whole: there is no cause behind it that would tell more.
impl std::error::Error for Failure {}
