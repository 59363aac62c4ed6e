//! An open serial port: reading and writing with time limits, and the two modem lines that reset boards.

use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant};

/// A serial port as the flash protocols and the monitor use it.
///
/// An error other than from `open` means that the port is gone or unusable; a quiet line is not an error.
pub trait Port: Send {
    fn name(&self) -> &str;

    /// Reads what has arrived, waiting at most `timeout` for the first byte. `Ok(0)` means that nothing came.
    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize>;

    /// Writes everything; an error of kind `TimedOut` if the port does not take it within `timeout`.
    fn write(&mut self, data: &[u8], timeout: Duration) -> io::Result<()>;

    /// Drops what has arrived and was not read.
    fn discard_input(&mut self) -> io::Result<()>;

    /// Sets DTR and RTS. `Ok(false)` where the port has no such lines (pseudo-terminals).
    fn set_lines(&mut self, dtr: bool, rts: bool) -> io::Result<bool>;

    fn set_baud(&mut self, baud: u32) -> io::Result<()>;
}

/// Opens a port by name and speed; tests put their own in its place.
pub type Opener<'a> = &'a mut dyn FnMut(&str, u32) -> io::Result<Box<dyn Port>>;

struct System {
    name: String,
    port: Box<dyn serialport::SerialPort>,
}

/// Opens `name` raw, 8N1, for us alone. Errors say what the person at the computer can do.
pub fn open(name: &str, baud: u32) -> io::Result<Box<dyn Port>> {
    let port = serialport::new(name, baud).timeout(Duration::from_millis(100)).open();
    let port = port.map_err(|e| open_error(name, e))?;
    Ok(Box::new(System { name: name.to_string(), port }))
}

fn open_error(name: &str, error: serialport::Error) -> io::Error {
    let what = error.to_string();
    let error = io::Error::from(error);
    let (kind, text) = match error.kind() {
        ErrorKind::PermissionDenied => (
            ErrorKind::PermissionDenied,
            format!(
                "{name}: permission denied; on Linux add yourself to the port's group \
                 (sudo usermod -a -G dialout $USER) and log in again"
            ),
        ),
        ErrorKind::NotFound if std::path::Path::new(name).exists() => (
            ErrorKind::ResourceBusy,
            format!("{name} is in use by another program: close its monitor or modem manager and try again"),
        ),
        ErrorKind::NotFound => {
            (ErrorKind::NotFound, format!("{name}: no such port; `tinygo ports` lists them"))
        }
        kind => (kind, format!("{name} cannot be opened as a serial port: {what}")),
    };
    io::Error::new(kind, text)
}

/// A pseudo-terminal refuses the modem line requests with ENOTTY; the crate passes only its text on.
fn no_such_lines(error: &serialport::Error) -> bool {
    error.kind() == serialport::ErrorKind::Unknown
        && ["typewriter", "nappropriate ioctl"].iter().any(|part| error.to_string().contains(part))
}

impl Port for System {
    fn name(&self) -> &str {
        &self.name
    }

    fn read(&mut self, buffer: &mut [u8], timeout: Duration) -> io::Result<usize> {
        let deadline = Instant::now() + timeout;
        loop {
            self.port.set_timeout(deadline.saturating_duration_since(Instant::now()))?;
            return match self.port.read(buffer) {
                // A terminal never ends; end of file means that the device was unplugged.
                Ok(0) => Err(io::Error::new(ErrorKind::BrokenPipe, format!("{} has disappeared", self.name))),
                Ok(n) => Ok(n),
                Err(e) if e.kind() == ErrorKind::TimedOut => Ok(0),
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => Err(gone(&self.name, e)),
            };
        }
    }

    fn write(&mut self, mut data: &[u8], timeout: Duration) -> io::Result<()> {
        let deadline = Instant::now() + timeout;
        while !data.is_empty() {
            self.port.set_timeout(deadline.saturating_duration_since(Instant::now()))?;
            match self.port.write(data) {
                Ok(n) => data = &data[n..],
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) if e.kind() == ErrorKind::TimedOut => {
                    let text = format!("{} takes no data", self.name);
                    return Err(io::Error::new(ErrorKind::TimedOut, text));
                }
                Err(e) => return Err(gone(&self.name, e)),
            }
        }
        Ok(())
    }

    fn discard_input(&mut self) -> io::Result<()> {
        self.port.clear(serialport::ClearBuffer::Input).map_err(|e| gone(&self.name, e.into()))
    }

    fn set_lines(&mut self, dtr: bool, rts: bool) -> io::Result<bool> {
        for result in [self.port.write_data_terminal_ready(dtr), self.port.write_request_to_send(rts)] {
            match result {
                Ok(()) => {}
                Err(e) if no_such_lines(&e) => return Ok(false),
                Err(e) => return Err(gone(&self.name, e.into())),
            }
        }
        Ok(true)
    }

    fn set_baud(&mut self, baud: u32) -> io::Result<()> {
        self.port.set_baud_rate(baud).map_err(|e| gone(&self.name, e.into()))
    }
}

fn gone(name: &str, error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::BrokenPipe => io::Error::new(ErrorKind::BrokenPipe, format!("{name} has disappeared")),
        kind => io::Error::new(kind, format!("{name}: {error}")),
    }
}
