//! A port that answers nothing: a pseudo-terminal with nobody behind it.

use std::collections::BTreeMap;

use libtest_mimic::{Failed, Trial};
use serialport::{SerialPort, TTYPort};

use super::{run, write};

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("cli::port::silent::arduino", || silent("arduino").map_err(Failed::from)),
        Trial::test("cli::port::silent::arduino-mega2560", || {
            silent("arduino-mega2560").map_err(Failed::from)
        }),
    ]
}

/// Gives up after its tries, says what it saw and what to do, and claims nothing.
fn silent(target: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    write(&folder.path().join("main.go"), "package main\n\nfunc main() {}\n")?;
    let (computer, board) = TTYPort::pair().map_err(|e| e.to_string())?;
    let name = board.name().ok_or("the pseudo-terminal has no name")?;
    drop(board);
    let arguments =
        ["flash".to_owned(), format!("-target={target}"), format!("-port={name}"), "main.go".to_owned()];
    let ended = run(folder.path(), &BTreeMap::new(), &arguments);
    drop(computer);
    let ended = ended?;
    let told = ["no bootloader answers", name.as_str()].iter().all(|t| ended.stderr.contains(t));
    if ended.status != 1 || !told || ended.stderr.contains("verified") || !ended.stdout.is_empty() {
        return Err(format!("status {}: {}{}", ended.status, ended.stdout, ended.stderr));
    }
    Ok(())
}
