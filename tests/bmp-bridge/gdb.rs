//! The client side of gdb's remote serial protocol, as far as QEMU's stub needs it.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

const ANSWER: Duration = Duration::from_secs(5);

/// gdb's number of xPSR in QEMU's description of an M-profile core.
pub const XPSR: u32 = 25;

pub struct Gdb {
    stream: UnixStream,
    /// Received and not yet taken apart.
    input: Vec<u8>,
    running: bool,
}

fn broken(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("QEMU's gdb stub: {text}"))
}

impl Gdb {
    /// Waits until QEMU has made the socket. The target must be stopped (`-S`).
    pub fn connect(path: &str) -> io::Result<Gdb> {
        let start = Instant::now();
        let stream = loop {
            match UnixStream::connect(path) {
                Ok(stream) => break stream,
                Err(e) if start.elapsed() > ANSWER => return Err(e),
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        let mut gdb = Gdb { stream, input: Vec::new(), running: false };
        // QEMU reads and writes single registers only for clients that have read its description.
        gdb.request("qSupported:xmlRegisters=arm")?;
        gdb.request("?")?;
        gdb.request("qXfer:features:read:target.xml:0,ffb")?;
        Ok(gdb)
    }

    pub fn is_running(&self) -> bool {
        self.running
    }

    fn send(&mut self, text: &str) -> io::Result<()> {
        let sum = text.bytes().fold(0u8, |sum, b| sum.wrapping_add(b));
        self.stream.write_all(format!("${text}#{sum:02x}").as_bytes())
    }

    /// The next packet, `None` if none comes in time.
    fn packet(&mut self, wait: Duration) -> io::Result<Option<String>> {
        let deadline = Instant::now() + wait;
        loop {
            if let Some(packet) = self.take_packet() {
                self.stream.write_all(b"+")?;
                return Ok(Some(packet));
            }
            // A zero time-out would mean no time-out at all.
            let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.stream.set_read_timeout(Some(left))?;
            let mut buffer = [0; 4096];
            match self.stream.read(&mut buffer) {
                Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "QEMU has ended")),
                Ok(n) => self.input.extend(&buffer[..n]),
                Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    if Instant::now() >= deadline {
                        return Ok(None);
                    }
                }
                Err(e) => return Err(e),
            }
        }
    }

    fn take_packet(&mut self) -> Option<String> {
        let start = self.input.iter().position(|&b| b == b'$')?;
        let end = start + self.input[start..].iter().position(|&b| b == b'#')?;
        if self.input.len() < end + 3 {
            return None;
        }
        let text = String::from_utf8_lossy(&self.input[start + 1..end]).into_owned();
        self.input.drain(..end + 3);
        Some(text)
    }

    fn answer(&mut self, to: &str) -> io::Result<String> {
        self.packet(ANSWER)?.ok_or_else(|| broken(format!("no answer to {to}")))
    }

    fn request(&mut self, text: &str) -> io::Result<String> {
        self.send(text)?;
        self.answer(text)
    }

    fn demand_ok(&mut self, text: &str) -> io::Result<()> {
        match self.request(text)?.as_str() {
            "OK" => Ok(()),
            other => Err(broken(format!("{other:?} to {text}"))),
        }
    }

    /// Lets the target run.
    pub fn resume(&mut self) -> io::Result<()> {
        self.running = true;
        self.send("c")
    }

    /// One instruction.
    pub fn step(&mut self) -> io::Result<()> {
        self.request("s").map(drop)
    }

    /// Whether the running target has stopped by itself, at a breakpoint.
    pub fn has_stopped(&mut self) -> io::Result<bool> {
        if self.running && self.packet(Duration::from_millis(1))?.is_some() {
            self.running = false;
            return Ok(true);
        }
        Ok(false)
    }

    /// Stops the target. True if it had stopped by itself just before.
    pub fn stop(&mut self) -> io::Result<bool> {
        if !self.running {
            return Ok(false);
        }
        self.stream.write_all(&[3])?;
        let reason = self.answer("an interrupt")?;
        self.running = false;
        // T02 is our interrupt, T05 a breakpoint; in the second case the interrupt may be answered as well.
        let by_itself = reason.starts_with("T05") || reason.starts_with("S05");
        if by_itself {
            self.packet(Duration::from_millis(20))?;
        }
        Ok(by_itself)
    }

    pub fn read(&mut self, address: u32, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        // QEMU's packets hold 2,048 bytes of memory.
        while bytes.len() < length {
            let at = address.wrapping_add(bytes.len() as u32);
            let text = self.request(&format!("m{at:x},{:x}", (length - bytes.len()).min(1024)))?;
            let piece = decode(&text).filter(|p| !p.is_empty());
            bytes.extend(piece.ok_or_else(|| broken(format!("{text:?} to a read at {at:#x}")))?);
        }
        Ok(bytes)
    }

    pub fn write(&mut self, address: u32, bytes: &[u8]) -> io::Result<()> {
        for (i, piece) in bytes.chunks(512).enumerate() {
            let at = address.wrapping_add(i as u32 * 512);
            let data: String = piece.iter().map(|b| format!("{b:02x}")).collect();
            self.demand_ok(&format!("M{at:x},{:x}:{data}", piece.len()))?;
        }
        Ok(())
    }

    pub fn read_register(&mut self, number: u32) -> io::Result<u32> {
        let text = self.request(&format!("p{number:x}"))?;
        match decode(&text).as_deref() {
            Some([a, b, c, d]) => Ok(u32::from_le_bytes([*a, *b, *c, *d])),
            _ => Err(broken(format!("{text:?} to a read of register {number}"))),
        }
    }

    pub fn write_register(&mut self, number: u32, value: u32) -> io::Result<()> {
        self.demand_ok(&format!("P{number:x}={:08x}", value.swap_bytes()))
    }

    pub fn set_breakpoint(&mut self, address: u32, on: bool) -> io::Result<()> {
        self.demand_ok(&format!("{}1,{address:x},2", if on { 'Z' } else { 'z' }))
    }

    /// Resets the machine; it stays stopped.
    pub fn reset(&mut self) -> io::Result<()> {
        let command: String = "system_reset".bytes().map(|b| format!("{b:02x}")).collect();
        let mut text = self.request(&format!("qRcmd,{command}"))?;
        while text != "OK" {
            // `O` and hex is what the monitor prints.
            if !text.starts_with('O') {
                return Err(broken(format!("{text:?} to a reset")));
            }
            text = self.answer("a reset")?;
        }
        Ok(())
    }
}

/// Hex digits to bytes; `None` for anything else, such as the stub's `E14`.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect::<Option<Vec<u8>>>()
}
