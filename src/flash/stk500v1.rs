//! STK500 version 1 (Atmel AVR061) as the bootloaders of the Uno and its kin speak it: optiboot and ATmegaBOOT.

use std::time::Duration;

use serial::Port;

use crate::avr::Chip;
use crate::error::Doing;
use crate::wire::{Missing, Wire, preview};
use crate::{Error, Image, Phase, Progress};

const GET_SYNC: u8 = 0x30;
const GET_PARAMETER: u8 = 0x41;
const ENTER_PROGMODE: u8 = 0x50;
const LEAVE_PROGMODE: u8 = 0x51;
const LOAD_ADDRESS: u8 = 0x55;
const PROG_PAGE: u8 = 0x64;
const READ_PAGE: u8 = 0x74;
const READ_SIGN: u8 = 0x75;
const CRC_EOP: u8 = 0x20;
const IN_SYNC: u8 = 0x14;
const OK: u8 = 0x10;

const SW_MAJOR: u8 = 0x81;
const SW_MINOR: u8 = 0x82;

/// Tries to get in step, and the wait for each: together 3 s, which is longer than any of these bootloaders waits for
/// a host (optiboot 1 s, ATmegaBOOT 2 s). Every seventh try resets the board anew.
const TRIES: u32 = 20;
const TRY: Duration = Duration::from_millis(150);
const RESET_EVERY: u32 = 7;

/// Programs `image` and reads it back. `touched` becomes true when flash is first written.
pub fn program(
    port: &mut dyn Port,
    chip: &Chip,
    image: &Image,
    progress: &mut dyn Progress,
    touched: &mut bool,
) -> Result<(), Error> {
    let mut wire = Wire::new(port);
    progress.phase(Phase::Connecting, 0);
    sync(&mut wire, chip)?;
    let major = parameter(&mut wire, SW_MAJOR)?;
    let minor = parameter(&mut wire, SW_MINOR)?;
    progress.note(&format!("bootloader version {major}.{minor} on {}", wire.name()));
    let doing = Doing { what: "entering programming mode", address: None };
    command(&mut wire, doing, &[ENTER_PROGMODE], 0)?;
    let doing = Doing { what: "reading the signature", address: None };
    let signature = command(&mut wire, doing, &[READ_SIGN], 3)?;
    chip.check_signature([signature[0], signature[1], signature[2]])?;

    let pages = image.pages(chip.page);
    let total = (pages.len() * chip.page) as u64;
    progress.phase(Phase::Writing, total);
    let mut done = 0;
    for page in &pages {
        let doing = Doing { what: "writing", address: Some(page.address) };
        load_address(&mut wire, doing, page.address)?;
        let mut request = vec![PROG_PAGE, (chip.page >> 8) as u8, chip.page as u8, b'F'];
        request.extend(&page.data);
        *touched = true;
        command(&mut wire, doing, &request, 0)?;
        done += chip.page as u64;
        progress.done(done);
    }

    progress.phase(Phase::Verifying, total);
    let mut compare = Compare::default();
    let mut done = 0;
    for page in &pages {
        let doing = Doing { what: "reading back", address: Some(page.address) };
        load_address(&mut wire, doing, page.address)?;
        let request = [READ_PAGE, (chip.page >> 8) as u8, chip.page as u8, b'F'];
        compare.page(page.address, &page.data, &command(&mut wire, doing, &request, chip.page)?);
        done += chip.page as u64;
        progress.done(done);
    }
    compare.result()?;

    progress.phase(Phase::Restarting, 0);
    let doing = Doing { what: "starting the program", address: None };
    // Everything is written and verified: a bootloader that jumps without a word has done its work.
    let _ = command(&mut wire, doing, &[LEAVE_PROGMODE], 0);
    Ok(())
}

/// Gets in step with the bootloader: resets the board and asks until the answer is the right one.
fn sync(wire: &mut Wire, chip: &Chip) -> Result<(), Error> {
    let doing = Doing { what: "connecting", address: None };
    let lost = |source| Error::Lost { doing, source };
    let mut heard = Vec::new();
    for attempt in 0..TRIES {
        if attempt % RESET_EVERY == 0 {
            wire.pulse_reset().map_err(lost)?;
        }
        wire.send(doing, &[GET_SYNC, CRC_EOP])?;
        match wire.receive_within(2, TRY) {
            Ok(answer) if answer == [IN_SYNC, OK] => {
                // Answers to earlier tries may still be on their way; one more round must be exact.
                wire.drain(Duration::from_millis(15), TRY).map_err(lost)?;
                return command(wire, doing, &[GET_SYNC], 0).map(drop);
            }
            Ok(answer) => {
                heard.extend(answer);
                heard.extend(wire.drain(Duration::from_millis(20), TRY).map_err(lost)?);
            }
            Err(Missing::Late(some)) => heard.extend(some),
            Err(Missing::Lost(source)) => return Err(lost(source)),
        }
    }
    let heard = if heard.is_empty() {
        "it is silent".to_string()
    } else {
        format!("it says {}, which is no bootloader's answer", preview(&heard))
    };
    Err(Error::NoSync { port: wire.name().to_string(), chip: chip.name.clone(), heard })
}

/// Sends `request`, returns the `count` bytes between the two acknowledgements.
fn command(wire: &mut Wire, doing: Doing, request: &[u8], count: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = request.to_vec();
    bytes.push(CRC_EOP);
    wire.send(doing, &bytes)?;
    let head = wire.receive(doing, 1)?;
    if head[0] != IN_SYNC {
        return Err(Error::Garbled { doing, got: preview(&head) });
    }
    let mut answer = wire.receive(doing, count + 1)?;
    match answer.pop() {
        Some(OK) => Ok(answer),
        other => Err(Error::Refused { doing, status: other.unwrap_or(0) }),
    }
}

fn parameter(wire: &mut Wire, which: u8) -> Result<u8, Error> {
    let doing = Doing { what: "reading the bootloader's version", address: None };
    Ok(command(wire, doing, &[GET_PARAMETER, which], 1)?[0])
}

/// Addresses are in words, low byte first.
fn load_address(wire: &mut Wire, doing: Doing, address: u32) -> Result<(), Error> {
    let word = (address / 2) as u16;
    command(wire, doing, &[LOAD_ADDRESS, word as u8, (word >> 8) as u8], 0).map(drop)
}

/// Counts the differences between what was written and what is read back.
#[derive(Default)]
pub struct Compare {
    first: Option<(u32, u8, u8)>,
    count: usize,
}

impl Compare {
    pub fn page(&mut self, address: u32, wrote: &[u8], read: &[u8]) {
        for (i, (&w, &r)) in wrote.iter().zip(read).enumerate() {
            if w != r {
                self.first.get_or_insert((address + i as u32, w, r));
                self.count += 1;
            }
        }
    }

    pub fn result(&self) -> Result<(), Error> {
        match self.first {
            None => Ok(()),
            Some((address, wrote, read)) => Err(Error::Verify { address, wrote, read, count: self.count }),
        }
    }
}
