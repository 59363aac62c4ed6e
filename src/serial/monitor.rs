//! The monitor: what the board sends is shown, what is typed is sent, and a board that goes away is waited for.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};

use crate::Port;

/// Ctrl-C, which raw mode delivers as a byte.
const END: u8 = 3;
/// Longest wait for the board between two looks at the keyboard.
const TURN: Duration = Duration::from_millis(10);
/// A line that grows beyond this is shown but not offered to the decoder.
const MAX_LINE: usize = 4096;

/// What the monitor tells beside the board's own words; the caller prints it (or not).
#[derive(Debug)]
pub enum Status<'a> {
    Connected(&'a str),
    /// The port has gone, for this reason; the monitor waits for it.
    Lost(&'a io::Error),
}

/// How the monitor ended.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// Ctrl-C was typed.
    Typed,
    /// `stop` said so.
    Stopped,
}

#[derive(Debug, thiserror::Error)]
pub enum MonitorError {
    #[error("cannot connect to the board: {0}")]
    Connect(io::Error),
    #[error("the board did not come back within {} s: {error}", limit.as_secs())]
    Away { limit: Duration, error: io::Error },
    #[error("cannot show what the board sends: {0}")]
    Output(io::Error),
}

/// Everything that the monitor needs from outside.
pub struct Monitor<'a> {
    /// Opens the port; called again after it was lost, as the board may come back under another name.
    pub open: &'a mut dyn FnMut() -> io::Result<Box<dyn Port>>,
    /// What the board sends goes here, NUL bytes dropped, flushed as it comes.
    pub output: &'a mut dyn Write,
    /// Typed bytes; see [`crate::terminal::keys`].
    pub keys: &'a Receiver<Vec<u8>>,
    /// Asked every few milliseconds (for signals).
    pub stop: &'a dyn Fn() -> bool,
    pub status: &'a mut dyn FnMut(Status),
    /// Gets every complete line and may return one more to show below it, such as the source line of a panic.
    pub decode: &'a mut dyn FnMut(&str) -> Option<String>,
    /// How long the first connection may take.
    pub connect: Duration,
    /// How long the board may stay away later; `None` = until Ctrl-C.
    pub away: Option<Duration>,
}

impl Monitor<'_> {
    /// Runs until Ctrl-C or `stop`. `port` is a port that is already open (after flashing), so that nothing is lost.
    pub fn run(mut self, port: Option<Box<dyn Port>>) -> Result<End, MonitorError> {
        let mut port = match port {
            Some(port) => port,
            None => match self.connect(Some(self.connect), MonitorError::Connect)? {
                Ok(port) => port,
                Err(end) => return Ok(end),
            },
        };
        loop {
            (self.status)(Status::Connected(port.name()));
            let error = match self.session(&mut *port)? {
                Ok(end) => return Ok(end),
                Err(error) => error,
            };
            (self.status)(Status::Lost(&error));
            drop(port);
            let limit = self.away;
            let away = |error| MonitorError::Away { limit: limit.unwrap_or_default(), error };
            port = match self.connect(limit, away)? {
                Ok(port) => port,
                Err(end) => return Ok(end),
            };
        }
    }

    /// One connection: `Err` is why it was lost.
    fn session(&mut self, port: &mut dyn Port) -> Result<Result<End, io::Error>, MonitorError> {
        let mut buffer = [0; 4096];
        let mut line = Vec::new();
        loop {
            match self.typed() {
                Ok(keys) if keys.is_empty() => {}
                Ok(keys) => {
                    if let Err(error) = port.write(&keys, Duration::from_secs(2)) {
                        return Ok(Err(error));
                    }
                }
                Err(end) => return Ok(Ok(end)),
            }
            match port.read(&mut buffer, TURN) {
                Ok(n) => self.show(&buffer[..n], &mut line).map_err(MonitorError::Output)?,
                Err(error) => return Ok(Err(error)),
            }
        }
    }

    fn show(&mut self, bytes: &[u8], line: &mut Vec<u8>) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        for piece in bytes.split_inclusive(|&b| b == b'\n') {
            // Some USB stacks send a NUL to wake the host; a terminal shows it as a blank.
            let text: Vec<u8> = piece.iter().copied().filter(|&b| b != 0).collect();
            self.output.write_all(&text)?;
            if line.len() < MAX_LINE {
                line.extend(&text);
            }
            if text.last() == Some(&b'\n') {
                let whole = String::from_utf8_lossy(line);
                if let Some(more) = (self.decode)(whole.trim_end_matches(['\r', '\n'])) {
                    writeln!(self.output, "{more}\r")?;
                }
                line.clear();
            }
        }
        self.output.flush()
    }

    /// The keys since the last look; `Err` when it is time to end.
    fn typed(&self) -> Result<Vec<u8>, End> {
        let mut all = Vec::new();
        if (self.stop)() {
            return Err(End::Stopped);
        }
        loop {
            match self.keys.try_recv() {
                Ok(keys) if keys.contains(&END) => return Err(End::Typed),
                Ok(keys) => all.extend(keys),
                // A closed standard input ends the typing, not the monitor.
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return Ok(all),
            }
        }
    }

    #[allow(clippy::type_complexity)]
    fn connect(
        &mut self,
        limit: Option<Duration>,
        give_up: impl Fn(io::Error) -> MonitorError,
    ) -> Result<Result<Box<dyn Port>, End>, MonitorError> {
        let start = Instant::now();
        loop {
            let error = match (self.open)() {
                Ok(port) => return Ok(Ok(port)),
                Err(error) => error,
            };
            if limit.is_some_and(|l| start.elapsed() >= l) {
                return Err(give_up(error));
            }
            // What is typed while the board is away is for nobody, except Ctrl-C.
            if let Err(end) = self.typed() {
                return Ok(Err(end));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::{Fake, Step};
    use std::cell::RefCell;
    use std::sync::mpsc::channel;

    /// Runs the monitor over `ports`, one after the other; it stops once all have been used up.
    fn run(ports: Vec<Vec<Step>>, typed: &[&[u8]]) -> (Result<End, MonitorError>, String, Vec<String>) {
        let (sender, keys) = channel();
        typed.iter().for_each(|t| sender.send(t.to_vec()).unwrap());
        drop(sender);
        let mut output = Vec::new();
        let mut events = Vec::new();
        let ports = RefCell::new(ports.into_iter());
        let end = Monitor {
            open: &mut || {
                let next = ports.borrow_mut().next().ok_or_else(|| io::Error::other("still away"))?;
                Ok(Box::new(Fake::script(next)))
            },
            output: &mut output,
            keys: &keys,
            stop: &|| false,
            status: &mut |s| {
                events.push(match s {
                    Status::Connected(name) => format!("connected {name}"),
                    Status::Lost(e) => format!("lost: {e}"),
                })
            },
            decode: &mut |line| line.strip_prefix("panic at ").map(|at| format!("[{at}]")),
            connect: Duration::from_millis(1),
            away: Some(Duration::ZERO),
        }
        .run(None);
        (end, String::from_utf8(output).unwrap(), events)
    }

    fn says(text: &str) -> Step {
        Step::Reply(text.as_bytes().to_vec())
    }

    #[test]
    fn shows_decodes_and_survives_the_loss_of_the_port() {
        let ports = vec![
            vec![says("he\0llo\r\npanic a"), says("t 12\r\nx"), Step::Vanish],
            vec![says("back"), Step::Vanish],
        ];
        let (end, output, events) = run(ports, &[]);
        assert!(matches!(end, Err(MonitorError::Away { .. })), "{end:?}");
        assert_eq!(output, "hello\r\npanic at 12\r\n[12]\r\nxback");
        let lost = "lost: fake port has disappeared";
        assert_eq!(events, ["connected fake", lost, "connected fake", lost]);
    }

    #[test]
    fn sends_what_is_typed_and_ends_on_ctrl_c() {
        let ports = vec![vec![Step::Expect(b"abc".to_vec()), says("echo"), Step::Vanish]];
        let (end, output, _) = run(ports, &[b"a", b"bc"]);
        assert!(end.is_err());
        assert_eq!(output, "echo");
        assert_eq!(run(vec![vec![says("never read")]], &[b"\x03"]).0.unwrap(), End::Typed);
    }

    #[test]
    fn a_port_that_never_opens_is_an_error() {
        let (end, _, _) = run(vec![], &[]);
        assert_eq!(end.unwrap_err().to_string(), "cannot connect to the board: still away");
    }
}
