//! `tinygo ports`, and the choice of the port that a board is at.

use std::path::Path;

use anyhow::Result;
use board::{Root, Target};
use serial::UsbId;

use crate::args::Parsed;

/// Prints the ports with the boards whose USB ids they have.
pub fn command() -> Result<u8> {
    let ports = serial::available()?;
    if ports.is_empty() {
        eprintln!("no serial ports found");
        return Ok(0);
    }
    let root = Root::open(std::env::var_os("TINYGOROOT").map(std::path::PathBuf::from).as_deref())?;
    let boards: Vec<Target> =
        board::names(&root).iter().filter_map(|name| board::resolve(name, &root).ok()).collect();
    println!("{:<20} {:<9} Boards", "Port", "ID");
    for port in ports {
        let id = port.usb.map(|id| id.to_string()).unwrap_or_default();
        let names: Vec<&str> = boards
            .iter()
            .filter(|target| port.usb.is_some_and(|usb| usb_ids(target).contains(&usb)))
            .map(|target| target.name.as_str())
            .collect();
        println!("{:<20} {:<9} {}", port.name, id, names.join(","));
    }
    Ok(0)
}

/// The port of a board, by `-port` or by USB id.
pub fn choose(parsed: &Parsed, target: Option<&Target>) -> Result<String> {
    let requested: Vec<String> =
        parsed.value("port").map(|ports| ports.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let ports = if requested.len() == 1 { Vec::new() } else { serial::available()? };
    let ids = target.map(usb_ids).unwrap_or_default();
    Ok(serial::choose(&ports, &ids, &requested, &|name| Path::new(name).exists())?)
}

fn usb_ids(target: &Target) -> Vec<UsbId> {
    target.usb_ids.iter().map(|id| UsbId { vendor: id.vid, product: id.pid }).collect()
}
