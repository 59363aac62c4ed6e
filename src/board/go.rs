//! The board's part of package machine: pins, the default UART, USB strings, and constants that chip code asks for.

use std::fmt::Write as _;

use crate::target::Target;

/// The text of the Go file that belongs to package machine for this target. It relies on `type Pin uint8` and, where
/// the board has a default UART, on a variable of that name, both from the chip's own files.
pub fn machine_go(target: &Target) -> String {
    let mut go = String::new();
    let from = target.files.last().map_or(target.name.as_str(), String::as_str);
    let from = from.rsplit(['/', '\\']).next().unwrap_or(from);
    let _ = writeln!(go, "// Code generated from {from}. DO NOT EDIT.\n\npackage machine\n");
    let _ = writeln!(go, "// Device is the name of the chip.\nconst Device = {}\n", quote(&target.chip));
    if target.clock > 0 {
        let _ = writeln!(
            go,
            "// boardClock is the frequency of the CPU in hertz.\nconst boardClock = {}\n",
            target.clock
        );
        let _ = writeln!(
            go,
            "// boardBaud is the default speed of the serial port.\nconst boardBaud = {}\n",
            target.baud
        );
    }
    if !target.constants.is_empty() {
        go.push_str("const (\n");
        for (name, value) in &target.constants {
            let _ = writeln!(go, "\t{name} = {value}");
        }
        go.push_str(")\n\n");
    }
    if !target.pins.is_empty() {
        go.push_str("const (\n");
        for pin in &target.pins {
            let _ = match &pin.alias {
                Some(other) => writeln!(go, "\t{} Pin = {other}", pin.name),
                None => writeln!(go, "\t{} Pin = {}", pin.name, pin.number),
            };
        }
        go.push_str(")\n\n");
    }
    if let Some(uart) = &target.default_uart {
        let _ = writeln!(
            go,
            "// DefaultUART is the UART that reaches the board's serial port.\nvar DefaultUART = {uart}\n"
        );
    }
    if let Some(usb) = &target.usb {
        let _ = writeln!(go, "const (\n\tusb_STRING_PRODUCT = {}", quote(&usb.product));
        let _ = writeln!(go, "\tusb_STRING_MANUFACTURER = {}\n)\n", quote(&usb.manufacturer));
        let (vid, pid) = (usb.id.vid, usb.id.pid);
        let _ = writeln!(go, "var (\n\tusb_VID uint16 = {vid:#06x}\n\tusb_PID uint16 = {pid:#06x}\n)\n");
    }
    go.truncate(go.trim_end().len());
    go.push('\n');
    go
}

/// A Go string literal.
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
