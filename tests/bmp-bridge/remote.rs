//! The Black Magic Probe's remote protocol, version 3: requests `!...#`, answers `&K...#`.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;

use crate::chip::Chip;
use crate::gdb::decode;
use crate::swd::Line;

/// Serves one host until it closes. An error is QEMU's end, not the host's.
pub fn serve(mut host: TcpStream, chip: &mut Chip) -> io::Result<()> {
    let mut line = Line::default();
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = match host.read(&mut buffer) {
            Ok(0) | Err(_) => return Ok(()),
            Ok(n) => n,
        };
        for &byte in &buffer[..count] {
            match byte {
                b'!' => request.clear(),
                b'#' => {
                    let text = String::from_utf8_lossy(&request).into_owned();
                    request.clear();
                    // A bare `#` is how a host gets a probe's attention.
                    if text.is_empty() || text == "+" {
                        continue;
                    }
                    let answer = match answer(&text, chip, &mut line) {
                        Ok(Some(payload)) => format!("&K{payload}#"),
                        Ok(None) => "&N0#".to_string(),
                        Err(e) if e.kind() == ErrorKind::UnexpectedEof => return Err(e),
                        // Most likely memory that is not there; the host decides what that means.
                        Err(_) => "&E1#".to_string(),
                    };
                    if host.write_all(answer.as_bytes()).is_err() {
                        return Ok(());
                    }
                }
                _ => request.push(byte),
            }
        }
    }
}

/// The fields of a request: hex numbers of fixed width, one after the other.
struct Fields<'a>(&'a str);

impl Fields<'_> {
    fn take(&mut self, digits: usize) -> io::Result<u32> {
        let field = self.0.get(..digits).and_then(|f| u32::from_str_radix(f, 16).ok());
        self.0 = self.0.get(digits..).unwrap_or("");
        field.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "a field is missing"))
    }

    fn rest(&self) -> io::Result<u64> {
        u64::from_str_radix(self.0, 16).map_err(|e| io::Error::new(ErrorKind::InvalidInput, e))
    }
}

/// The payload of the answer; `None` for what this probe cannot do.
fn answer(request: &str, chip: &mut Chip, line: &mut Line) -> io::Result<Option<String>> {
    let (code, rest) = request.split_at_checked(2).unwrap_or((request, ""));
    let mut fields = Fields(rest);
    let ok = Ok(Some("0".to_string()));
    // Values travel as the bytes lie in memory, lowest first.
    let register = |value: u32| Ok(Some(format!("{:08x}", value.swap_bytes())));
    match code {
        "GA" => Ok(Some("Black Magic Probe on QEMU".to_string())),
        "HC" => Ok(Some("3".to_string())),
        "GV" => Ok(Some("3.3V".to_string())),
        "Gf" => Ok(Some("fa0".to_string())),
        "GZ" | "GF" | "GP" | "GE" | "SS" => ok,
        "So" => {
            let count = fields.take(2)? as usize;
            line.output(count, fields.rest()?, chip);
            ok
        }
        "Si" => Ok(Some(format!("{:x}", line.input(fields.take(2)? as usize, chip)))),
        "Ad" => {
            fields.take(4)?;
            register(chip.read_dp(fields.take(4)?))
        }
        "AR" => {
            fields.take(2)?;
            let (read, address) = (fields.take(2)?, fields.take(4)?);
            if read == 1 {
                return register(chip.read_dp(address));
            }
            chip.write_dp(address, fields.take(8)?);
            ok
        }
        "Aa" => {
            fields.take(2)?;
            let port = fields.take(2)?;
            register(chip.read_ap(port, fields.take(4)?)?)
        }
        "AA" => {
            fields.take(2)?;
            let (port, address) = (fields.take(2)?, fields.take(4)?);
            chip.write_ap(port, address, fields.take(8)?.swap_bytes())?;
            ok
        }
        "Am" => {
            // Device, access port, CSW: there is one of each.
            let _ = (fields.take(4)?, fields.take(8)?);
            let address = fields.take(8)?;
            let bytes = chip.read_memory(address, fields.take(8)? as usize)?;
            Ok(Some(bytes.iter().map(|b| format!("{b:02x}")).collect()))
        }
        "AM" => {
            let _ = (fields.take(4)?, fields.take(8)?, fields.take(2)?);
            let (address, length) = (fields.take(8)?, fields.take(8)? as usize);
            let data = decode(fields.0).filter(|d| d.len() == length);
            let data =
                data.ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "data of another length"))?;
            chip.write_memory(address, &data)?;
            ok
        }
        _ => Ok(None),
    }
}
