//! The keyboard side of the monitor: raw mode that is always undone, and the keys as a channel.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, channel};

/// Keys reach the board one by one and without echo while this lives; dropping it restores the terminal.
pub struct RawMode {
    #[cfg(unix)]
    before: rustix::termios::Termios,
}

impl RawMode {
    /// `None` when standard input is no terminal (a pipe needs no mode).
    #[cfg(unix)]
    pub fn enter() -> io::Result<Option<RawMode>> {
        use rustix::termios::{self, InputModes, LocalModes, OptionalActions, SpecialCodeIndex};
        let stdin = io::stdin();
        if !termios::isatty(&stdin) {
            return Ok(None);
        }
        let before = termios::tcgetattr(&stdin)?;
        let mut raw = before.clone();
        // Output processing stays on: what the monitor prints itself ends in plain newlines.
        raw.local_modes &= !(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN);
        raw.input_modes &= !(InputModes::ICRNL | InputModes::IXON);
        raw.special_codes[SpecialCodeIndex::VMIN] = 1;
        raw.special_codes[SpecialCodeIndex::VTIME] = 0;
        termios::tcsetattr(&stdin, OptionalActions::Now, &raw)?;
        Ok(Some(RawMode { before }))
    }

    #[cfg(not(unix))]
    pub fn enter() -> io::Result<Option<RawMode>> {
        Ok(None)
    }
}

#[cfg(unix)]
impl Drop for RawMode {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // Flushing drops keys that were typed after the end of the monitor and meant for the board.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.before);
    }
}

/// Standard input in pieces, as typed. The channel closes at its end. The thread lives as long as the process: a read
/// from the keyboard cannot be called off.
pub fn keys() -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 256];
        loop {
            match io::stdin().lock().read(&mut buffer) {
                Ok(0) => return,
                Ok(n) if sender.send(buffer[..n].to_vec()).is_err() => return,
                Ok(_) => {}
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    });
    receiver
}
