//! What a flash run tells while it works; the command draws its bar from this.

use std::fmt;

/// The part of the work that is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Connecting,
    Erasing,
    Writing,
    Verifying,
    Restarting,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Phase::Connecting => "connecting",
            Phase::Erasing => "erasing",
            Phase::Writing => "writing",
            Phase::Verifying => "verifying",
            Phase::Restarting => "restarting",
        })
    }
}

pub trait Progress {
    /// A new phase; `total` is in bytes, 0 where there is nothing to count.
    fn phase(&mut self, phase: Phase, total: u64);
    /// Bytes done since the phase began.
    fn done(&mut self, bytes: u64);
    /// Something worth a line: the chip that was found, the volume that was chosen.
    fn note(&mut self, text: &str);
}

/// For callers that show nothing.
pub struct Silent;

impl Progress for Silent {
    fn phase(&mut self, _phase: Phase, _total: u64) {}
    fn done(&mut self, _bytes: u64) {}
    fn note(&mut self, _text: &str) {}
}
