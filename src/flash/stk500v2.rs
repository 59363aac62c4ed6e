//! STK500 version 2 (Atmel AVR068) as the bootloader of the Mega 2560 speaks it ("wiring").

use std::time::Duration;

use serial::Port;

use crate::avr::Chip;
use crate::error::Doing;
use crate::image::Segment;
use crate::stk500v1::Compare;
use crate::wire::{Missing, Wire, preview};
use crate::{Error, Image, Phase, Progress};

const SIGN_ON: u8 = 0x01;
const LOAD_ADDRESS: u8 = 0x06;
const ENTER_PROGMODE_ISP: u8 = 0x10;
const LEAVE_PROGMODE_ISP: u8 = 0x11;
const PROGRAM_FLASH_ISP: u8 = 0x13;
const READ_FLASH_ISP: u8 = 0x14;
const READ_SIGNATURE_ISP: u8 = 0x1B;
const STATUS_OK: u8 = 0x00;

const START: u8 = 0x1B;
const TOKEN: u8 = 0x0E;

/// Tries to get in step: 3 s in all; the bootloader waits 1 s for a host after a reset.
const TRIES: u32 = 15;
const TRY: Duration = Duration::from_millis(200);
const RESET_EVERY: u32 = 5;

struct Link<'a> {
    wire: Wire<'a>,
    sequence: u8,
}

/// Programs `image` and reads it back. `touched` becomes true when flash is first written.
pub fn program(
    port: &mut dyn Port,
    chip: &Chip,
    image: &Image,
    progress: &mut dyn Progress,
    touched: &mut bool,
) -> Result<(), Error> {
    let mut link = Link { wire: Wire::new(port), sequence: 1 };
    progress.phase(Phase::Connecting, 0);
    let name = link.sign_on(chip)?;
    progress.note(&format!("bootloader {name} on {}", link.wire.name()));
    let doing = Doing { what: "entering programming mode", address: None };
    // Delays and synchronisation are for a programmer on the ISP pins; a bootloader ignores them. The last four bytes
    // are the chip's serial "programming enable" instruction (AVR068, chapter 6.4).
    let enter = [ENTER_PROGMODE_ISP, 200, 100, 25, 32, 0, 0x53, 3, 0xAC, 0x53, 0, 0];
    link.command(doing, &enter, 0)?;
    let doing = Doing { what: "reading the signature", address: None };
    let mut signature = [0; 3];
    for (i, byte) in signature.iter_mut().enumerate() {
        // The answer ends with a second status byte.
        *byte = link.command(doing, &[READ_SIGNATURE_ISP, 4, 0x30, 0, i as u8, 0], 2)?[0];
    }
    chip.check_signature(signature)?;

    let pages = from_zero(image, chip.page);
    let total = (pages.len() * chip.page) as u64;
    let size = [(chip.page >> 8) as u8, chip.page as u8];
    progress.phase(Phase::Writing, total);
    let mut done = 0;
    for page in &pages {
        let doing = Doing { what: "writing", address: Some(page.address) };
        link.go_to(doing, page.address)?;
        // Mode 0xC1 (page mode, write page), delay, the three ISP instructions, poll values: for ISP again.
        let mut request = vec![PROGRAM_FLASH_ISP, size[0], size[1], 0xC1, 10, 0x40, 0x4C, 0x20, 0xFF, 0xFF];
        request.extend(&page.data);
        *touched = true;
        link.command(doing, &request, 0)?;
        done += chip.page as u64;
        progress.done(done);
    }

    progress.phase(Phase::Verifying, total);
    let mut compare = Compare::default();
    let mut done = 0;
    for page in &pages {
        let doing = Doing { what: "reading back", address: Some(page.address) };
        link.go_to(doing, page.address)?;
        let answer = link.command(doing, &[READ_FLASH_ISP, size[0], size[1], 0x20], chip.page + 1)?;
        compare.page(page.address, &page.data, &answer[..chip.page]);
        done += chip.page as u64;
        progress.done(done);
    }
    compare.result()?;

    progress.phase(Phase::Restarting, 0);
    let doing = Doing { what: "starting the program", address: None };
    // Everything is written and verified: a bootloader that jumps without a word has done its work.
    let _ = link.command(doing, &[LEAVE_PROGMODE_ISP, 1, 1], 0);
    Ok(())
}

/// All pages from address 0 to the image's end. This bootloader erases one page per write command, *counting from 0*,
/// whatever address was loaded: a page left out would shift every later erasure away from its write.
fn from_zero(image: &Image, size: usize) -> Vec<Segment> {
    let mut pages = Vec::new();
    for page in image.pages(size) {
        while ((pages.len() * size) as u32) < page.address {
            pages.push(Segment { address: (pages.len() * size) as u32, data: vec![0xFF; size] });
        }
        pages.push(page);
    }
    pages
}

impl Link<'_> {
    /// Resets the board and signs on until the bootloader gives its name.
    fn sign_on(&mut self, chip: &Chip) -> Result<String, Error> {
        let doing = Doing { what: "connecting", address: None };
        let lost = |source| Error::Lost { doing, source };
        let mut heard = Vec::new();
        for attempt in 0..TRIES {
            if attempt % RESET_EVERY == 0 {
                self.wire.pulse_reset().map_err(lost)?;
            }
            // Older bootloaders take a first message only with sequence number 1.
            let frame = frame(1, &[SIGN_ON]);
            self.wire.send(doing, &frame)?;
            let mut answer = match self.wire.receive_within(1, TRY) {
                Ok(first) => first,
                Err(Missing::Late(_)) => continue,
                Err(Missing::Lost(source)) => return Err(lost(source)),
            };
            answer.extend(self.wire.drain(Duration::from_millis(20), TRY).map_err(lost)?);
            if let Some(name) = sign_on_name(&answer) {
                self.sequence = 2;
                return Ok(name);
            }
            heard.extend(answer);
        }
        let heard = if heard.is_empty() {
            "it is silent".to_string()
        } else {
            format!("it says {}, which is no bootloader's answer", preview(&heard))
        };
        Err(Error::NoSync { port: self.wire.name().to_string(), chip: chip.name.clone(), heard })
    }

    /// Sends one message and returns the `count` bytes after the status of its answer.
    ///
    /// No message is repeated: when an answer got lost, the command may have been carried out, and a second write
    /// would erase the next page (see [`from_zero`]).
    fn command(&mut self, doing: Doing, body: &[u8], count: usize) -> Result<Vec<u8>, Error> {
        let sequence = self.sequence;
        self.sequence = self.sequence.wrapping_add(1);
        self.wire.send(doing, &frame(sequence, body))?;
        let garbled = |got: &[u8]| Error::Garbled { doing, got: preview(got) };
        let head = self.wire.receive(doing, 5)?;
        if head[0] != START || head[1] != sequence || head[4] != TOKEN {
            return Err(garbled(&head));
        }
        let length = usize::from(head[2]) << 8 | usize::from(head[3]);
        // An honest answer is at most a page and five bytes.
        if !(2..=1024).contains(&length) {
            return Err(garbled(&head));
        }
        let mut answer = self.wire.receive(doing, length + 1)?;
        if head.iter().chain(&answer).fold(0, |x, b| x ^ b) != 0 || answer[0] != body[0] {
            return Err(garbled(&answer));
        }
        if answer[1] != STATUS_OK {
            return Err(Error::Refused { doing, status: answer[1] });
        }
        answer.pop();
        if answer.len() != 2 + count {
            return Err(garbled(&answer));
        }
        Ok(answer.split_off(2))
    }

    /// Loads the address where the bootloader does not count on by itself: at the start and at every 64 K words, where
    /// chips with more flash switch their extended address register (bit 31, AVR068 chapter 5.2).
    fn go_to(&mut self, doing: Doing, address: u32) -> Result<(), Error> {
        if address & 0x1FFFF != 0 {
            return Ok(());
        }
        let words = ((address / 2) | 1 << 31).to_be_bytes();
        self.command(doing, &[LOAD_ADDRESS, words[0], words[1], words[2], words[3]], 0).map(drop)
    }
}

fn frame(sequence: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![START, sequence, (body.len() >> 8) as u8, body.len() as u8, TOKEN];
    bytes.extend(body);
    bytes.push(bytes.iter().fold(0, |x, b| x ^ b));
    bytes
}

/// The name in a sign-on answer; the last one counts if several tries were answered.
fn sign_on_name(bytes: &[u8]) -> Option<String> {
    let at = bytes.windows(5).rposition(|w| w[0] == START && w[4] == TOKEN)?;
    let message = &bytes[at..];
    let length = usize::from(message[2]) << 8 | usize::from(message[3]);
    let (body, check) = message[5..].split_at_checked(length)?;
    let right = check.len() == 1 && message.iter().fold(0, |x, b| x ^ b) == 0;
    match body {
        [SIGN_ON, STATUS_OK, n, name @ ..] if right && usize::from(*n) == name.len() => {
            Some(String::from_utf8_lossy(name).into_owned())
        }
        _ => None,
    }
}
