//! Which port is the board: by `-port`, else by USB id, else the only one there is.

use crate::{PortInfo, UsbId};

/// Why no port could be chosen; every message says what was found and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChooseError {
    #[error(
        "unable to locate a serial port: connect the board (with a cable that carries data, not only power), \
         or name the port with -port"
    )]
    None,
    #[error("no port given by -port exists: {wanted}; available ports are {found}")]
    Missing { wanted: String, found: String },
    #[error(
        "unable to search for a default USB device: no port has a USB id of this board ({ids}); \
         available ports are {found} - use -port if one of them is the board"
    )]
    NoMatch { ids: String, found: String },
    #[error("multiple serial ports available - use -port to choose one, available ports are {found}")]
    Several { found: String },
}

/// Chooses the port of a board.
///
/// `requested` are the values of `-port`: a single one is taken as it is (it may be a pseudo-terminal, or appear
/// later), of several the first that exists. Otherwise exactly one port must match `ids`; a board without ids takes the
/// only USB port, else the only port.
pub fn choose(
    ports: &[PortInfo],
    ids: &[UsbId],
    requested: &[String],
    exists: &dyn Fn(&str) -> bool,
) -> Result<String, ChooseError> {
    match requested {
        [] => {}
        [one] => return Ok(one.clone()),
        several => {
            return several.iter().find(|p| exists(p)).cloned().ok_or_else(|| ChooseError::Missing {
                wanted: several.join(", "),
                found: names(ports.iter()),
            });
        }
    }
    let of_board: Vec<&PortInfo> =
        ports.iter().filter(|p| p.usb.is_some_and(|id| ids.contains(&id))).collect();
    let usb: Vec<&PortInfo> = ports.iter().filter(|p| p.usb.is_some()).collect();
    match (of_board.as_slice(), usb.as_slice(), ports) {
        ([one], _, _) => Ok(one.name.clone()),
        ([_, _, ..], _, _) => Err(ChooseError::Several { found: names(of_board.into_iter()) }),
        (_, _, []) => Err(ChooseError::None),
        ([], _, _) if !ids.is_empty() => Err(ChooseError::NoMatch {
            ids: ids.iter().map(UsbId::to_string).collect::<Vec<_>>().join(", "),
            found: names(ports.iter()),
        }),
        ([], [one], _) => Ok(one.name.clone()),
        ([], [_, _, ..], _) => Err(ChooseError::Several { found: names(usb.into_iter()) }),
        ([], [], [one]) => Ok(one.name.clone()),
        ([], [], _) => Err(ChooseError::Several { found: names(ports.iter()) }),
    }
}

fn names<'a>(ports: impl Iterator<Item = &'a PortInfo>) -> String {
    let list = ports.map(PortInfo::to_string).collect::<Vec<_>>().join(", ");
    if list.is_empty() { "none".to_string() } else { list }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNO: UsbId = UsbId { vendor: 0x2341, product: 0x43 };
    const CH340: UsbId = UsbId { vendor: 0x1a86, product: 0x7523 };

    fn port(name: &str, usb: Option<UsbId>) -> PortInfo {
        PortInfo { name: name.into(), usb, product: None, serial_number: None }
    }

    fn pick(ports: &[PortInfo], ids: &[UsbId], requested: &[&str]) -> Result<String, String> {
        let requested: Vec<String> = requested.iter().map(|s| s.to_string()).collect();
        choose(ports, ids, &requested, &|p| p == "/dev/here").map_err(|e| e.to_string())
    }

    #[test]
    fn requested_ports_win() {
        assert_eq!(pick(&[], &[], &["/tmp/pty"]).unwrap(), "/tmp/pty");
        assert_eq!(pick(&[], &[], &["/dev/not", "/dev/here"]).unwrap(), "/dev/here");
        assert_eq!(
            pick(&[port("COM1", None)], &[], &["/dev/a", "/dev/b"]).unwrap_err(),
            "no port given by -port exists: /dev/a, /dev/b; available ports are COM1"
        );
    }

    #[test]
    fn usb_id_decides() {
        let ports = [port("/dev/ttyACM0", Some(UNO)), port("/dev/ttyUSB0", Some(CH340))];
        assert_eq!(pick(&ports, &[UNO], &[]).unwrap(), "/dev/ttyACM0");
        assert_eq!(
            pick(&ports, &[UNO, CH340], &[]).unwrap_err(),
            "multiple serial ports available - use -port to choose one, \
             available ports are /dev/ttyACM0 (2341:0043), /dev/ttyUSB0 (1a86:7523)"
        );
        assert!(pick(&ports, &[], &[]).unwrap_err().starts_with("multiple serial ports"));
        let other = pick(&ports[1..], &[UNO], &[]).unwrap_err();
        assert!(other.contains("(2341:0043)") && other.contains("/dev/ttyUSB0 (1a86:7523)"), "{other}");
    }

    #[test]
    fn boards_without_ids_take_the_only_candidate() {
        let ports = [port("/dev/ttyS0", None), port("/dev/ttyUSB0", Some(CH340))];
        assert_eq!(pick(&ports, &[], &[]).unwrap(), "/dev/ttyUSB0");
        assert_eq!(pick(&ports[..1], &[], &[]).unwrap(), "/dev/ttyS0");
        assert!(pick(&[], &[], &[]).unwrap_err().starts_with("unable to locate a serial port"));
    }
}
