//! The serial ports of this computer, with the USB device behind each.

use std::fmt;
use std::io;
use std::str::FromStr;

/// USB vendor and product id; written `2341:0043`, as in board files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsbId {
    pub vendor: u16,
    pub product: u16,
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:04x}:{:04x}", self.vendor, self.product)
    }
}

impl FromStr for UsbId {
    type Err = String;

    fn from_str(text: &str) -> Result<UsbId, String> {
        let half = |s: &str| {
            let number = u16::from_str_radix(s, 16).ok().filter(|_| s.len() <= 4 && !s.starts_with('+'));
            number.ok_or_else(|| {
                format!("{text:?} is no USB id: write vendor and product in hex, as in 2341:0043")
            })
        };
        let (vendor, product) = text.split_once(':').unwrap_or((text, ""));
        Ok(UsbId { vendor: half(vendor)?, product: half(product)? })
    }
}

/// One serial port as the operating system lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortInfo {
    /// What `open` takes: `/dev/ttyACM0`, `COM3`.
    pub name: String,
    pub usb: Option<UsbId>,
    /// The device's own words, for people: `Arduino Uno`.
    pub product: Option<String>,
    pub serial_number: Option<String>,
}

impl fmt::Display for PortInfo {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.name)?;
        match (&self.usb, &self.product) {
            (Some(id), Some(product)) => write!(f, " ({id}, {product})"),
            (Some(id), None) => write!(f, " ({id})"),
            (None, _) => Ok(()),
        }
    }
}

/// Lists the ports, sorted by name. Pseudo-terminals are never in the list.
pub fn available() -> io::Result<Vec<PortInfo>> {
    let mut ports: Vec<PortInfo> = serialport::available_ports()
        .map_err(io::Error::from)?
        .into_iter()
        .map(|p| match p.port_type {
            serialport::SerialPortType::UsbPort(usb) => PortInfo {
                name: p.port_name,
                usb: Some(UsbId { vendor: usb.vid, product: usb.pid }),
                product: usb.product,
                serial_number: usb.serial_number,
            },
            _ => PortInfo { name: p.port_name, usb: None, product: None, serial_number: None },
        })
        .collect();
    // macOS lists every device twice; the call-out device is the one that opens without waiting for a carrier.
    ports.retain(|p| !p.name.starts_with("/dev/tty."));
    ports.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usb_ids_read_and_print() {
        assert_eq!("2341:0043".parse(), Ok(UsbId { vendor: 0x2341, product: 0x43 }));
        assert_eq!(UsbId { vendor: 0x2e8a, product: 3 }.to_string(), "2e8a:0003");
        for bad in ["", "2341", "2341:", "2341:0x43", "12345:1", "+1:2"] {
            assert!(bad.parse::<UsbId>().is_err(), "{bad:?}");
        }
    }
}
