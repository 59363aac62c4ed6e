//! The keyboard side of the monitor: raw mode that is always undone, and the keys as a channel.

use std::io::{self, Read};
#[cfg(unix)]
use std::os::fd::{AsFd, OwnedFd};
use std::sync::mpsc::{Receiver, channel};

#[cfg(unix)]
use rustix::termios::{self, InputModes, LocalModes, OptionalActions, SpecialCodeIndex, Termios};

/// Keys reach the board one by one and without echo while this lives; dropping it restores the terminal.
pub struct RawMode {
    #[cfg(unix)]
    terminal: OwnedFd,
    #[cfg(unix)]
    before: Termios,
}

impl RawMode {
    /// Raw mode for standard input; `None` when that is no terminal (a pipe needs no mode).
    #[cfg(unix)]
    pub fn enter() -> io::Result<Option<RawMode>> {
        RawMode::on(io::stdin().as_fd().try_clone_to_owned()?)
    }

    #[cfg(not(unix))]
    pub fn enter() -> io::Result<Option<RawMode>> {
        Ok(None)
    }

    #[cfg(unix)]
    fn on(terminal: OwnedFd) -> io::Result<Option<RawMode>> {
        if !termios::isatty(&terminal) {
            return Ok(None);
        }
        let before = termios::tcgetattr(&terminal)?;
        let mut raw = before.clone();
        // Output processing stays on: what the monitor prints itself ends in plain newlines.
        raw.local_modes &= !(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN);
        raw.input_modes &= !(InputModes::ICRNL | InputModes::IXON);
        raw.special_codes[SpecialCodeIndex::VMIN] = 1;
        raw.special_codes[SpecialCodeIndex::VTIME] = 0;
        termios::tcsetattr(&terminal, OptionalActions::Now, &raw)?;
        Ok(Some(RawMode { terminal, before }))
    }
}

#[cfg(unix)]
impl Drop for RawMode {
    fn drop(&mut self) {
        // Flushing drops keys that were typed after the end of the monitor and meant for the board.
        let _ = termios::tcsetattr(&self.terminal, OptionalActions::Flush, &self.before);
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};

    #[test]
    fn raw_mode_ends_with_its_life() {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let master = openpt(flags).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let terminal = ioctl_tiocgptpeer(&master, flags).unwrap();
        let modes = || {
            let now = termios::tcgetattr(&terminal).unwrap();
            (now.local_modes, now.input_modes, now.output_modes)
        };
        let before = modes();
        let raw = RawMode::on(terminal.try_clone().unwrap()).unwrap().unwrap();
        let (local, _, output) = modes();
        assert!(!local.intersects(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG));
        assert_eq!(output, before.2);
        drop(raw);
        assert_eq!(modes(), before);
        // Also when the monitor panics.
        let panicked = std::thread::spawn({
            let terminal = terminal.try_clone().unwrap();
            move || {
                let _raw = RawMode::on(terminal).unwrap();
                std::panic::resume_unwind(Box::new(()));
            }
        });
        assert!(panicked.join().is_err());
        assert_eq!(modes(), before);
        let file = tempfile::tempfile().unwrap();
        assert!(RawMode::on(file.into()).unwrap().is_none());
    }
}
