//! Request and answer over a serial port: exact reads with a time limit, and the reset pulse of Arduino boards.

use std::io;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serial::Port;

use crate::Error;
use crate::error::Doing;

/// Longest wait for the answer to one command. A page takes 4.5 ms to write and at most 60 ms to travel at 57600 baud;
/// the rest is for USB and a busy computer.
pub const ANSWER: Duration = Duration::from_millis(1500);

pub struct Wire<'a> {
    port: &'a mut dyn Port,
}

/// Why the wanted bytes did not come.
pub enum Missing {
    /// Time is over; these had come.
    Late(Vec<u8>),
    Lost(io::Error),
}

impl<'a> Wire<'a> {
    pub fn new(port: &'a mut dyn Port) -> Wire<'a> {
        Wire { port }
    }

    pub fn name(&self) -> &str {
        self.port.name()
    }

    pub fn send(&mut self, doing: Doing, bytes: &[u8]) -> Result<(), Error> {
        self.port.write(bytes, ANSWER).map_err(|source| match source.kind() {
            io::ErrorKind::TimedOut => Error::Silent { doing },
            _ => Error::Lost { doing, source },
        })
    }

    pub fn receive(&mut self, doing: Doing, count: usize) -> Result<Vec<u8>, Error> {
        self.receive_within(count, ANSWER).map_err(|missing| match missing {
            Missing::Lost(source) => Error::Lost { doing, source },
            Missing::Late(got) if got.is_empty() => Error::Silent { doing },
            Missing::Late(got) => Error::Garbled { doing, got: preview(&got) },
        })
    }

    pub fn receive_within(&mut self, count: usize, limit: Duration) -> Result<Vec<u8>, Missing> {
        let deadline = Instant::now() + limit;
        let mut bytes = vec![0; count];
        let mut have = 0;
        while have < count {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.port.read(&mut bytes[have..], left) {
                Ok(0) => {
                    bytes.truncate(have);
                    return Err(Missing::Late(bytes));
                }
                Ok(n) => have += n,
                Err(e) => return Err(Missing::Lost(e)),
            }
        }
        Ok(bytes)
    }

    /// Reads until the line is quiet for `gap`, at most `limit` long.
    pub fn drain(&mut self, gap: Duration, limit: Duration) -> io::Result<Vec<u8>> {
        let end = Instant::now() + limit;
        let mut all = Vec::new();
        let mut buffer = [0; 256];
        while Instant::now() < end {
            match self.port.read(&mut buffer, gap)? {
                0 => break,
                n => all.extend(&buffer[..n]),
            }
        }
        Ok(all)
    }

    /// Resets an Arduino: its reset line hangs on DTR (or RTS) through a capacitor, so that the falling edge resets and
    /// the level does not matter. The first wait discharges the capacitor. False where the port has no such lines.
    pub fn pulse_reset(&mut self) -> io::Result<bool> {
        if !self.port.set_lines(false, false)? {
            return Ok(false);
        }
        sleep(Duration::from_millis(100));
        self.port.set_lines(true, true)?;
        sleep(Duration::from_millis(50));
        self.port.discard_input()?;
        Ok(true)
    }
}

/// Bytes for an error message: text as text, the rest as numbers, not too long.
pub fn preview(bytes: &[u8]) -> String {
    const MOST: usize = 24;
    let shown = &bytes[..bytes.len().min(MOST)];
    let more = if bytes.len() > MOST { " ..." } else { "" };
    let texty = shown.iter().all(|b| b.is_ascii_graphic() || b" \r\n\t".contains(b));
    if texty {
        format!("{:?}{more}", String::from_utf8_lossy(shown))
    } else {
        let numbers: Vec<String> = shown.iter().map(|b| format!("{b:02x}")).collect();
        format!("{}{more}", numbers.join(" "))
    }
}
