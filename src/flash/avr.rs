//! What a serial bootloader must know of an AVR chip: signature, flash size, page size, from the data sheets
//! (chapters "Signature Bytes" and "Memory Programming").

use crate::{Error, Image};

#[derive(Debug, PartialEq, Eq)]
pub struct Chip {
    pub name: &'static str,
    pub signature: [u8; 3],
    /// Bytes of flash, bootloader included.
    pub flash: u32,
    /// Bytes that are written at once.
    pub page: usize,
}

const fn row(name: &'static str, signature: [u8; 3], flash_kib: u32, page: usize) -> Chip {
    Chip { name, signature, flash: flash_kib * 1024, page }
}

/// Chips of the boards that have these bootloaders, and their near relatives so that a mix-up can be named.
pub const CHIPS: &[Chip] = &[
    row("atmega8", [0x1E, 0x93, 0x07], 8, 64),
    row("atmega88p", [0x1E, 0x93, 0x0F], 8, 64),
    row("atmega168", [0x1E, 0x94, 0x06], 16, 128),
    row("atmega168p", [0x1E, 0x94, 0x0B], 16, 128),
    row("atmega328", [0x1E, 0x95, 0x14], 32, 128),
    row("atmega328p", [0x1E, 0x95, 0x0F], 32, 128),
    row("atmega328pb", [0x1E, 0x95, 0x16], 32, 128),
    row("atmega32u4", [0x1E, 0x95, 0x87], 32, 128),
    row("atmega644p", [0x1E, 0x96, 0x0A], 64, 256),
    row("atmega1280", [0x1E, 0x97, 0x03], 128, 256),
    row("atmega1284p", [0x1E, 0x97, 0x05], 128, 256),
    row("atmega2560", [0x1E, 0x98, 0x01], 256, 256),
];

pub fn chip(name: &str) -> Result<&'static Chip, Error> {
    CHIPS.iter().find(|c| c.name.eq_ignore_ascii_case(name)).ok_or_else(|| Error::UnknownChip {
        chip: name.to_string(),
        known: CHIPS.iter().map(|c| c.name).collect::<Vec<_>>().join(", "),
    })
}

impl Chip {
    /// The chip in front of us must be the one that the program was built for.
    pub(crate) fn check_signature(&self, found: [u8; 3]) -> Result<(), Error> {
        if found == self.signature {
            return Ok(());
        }
        let name = CHIPS.iter().find(|c| c.signature == found).map(|c| c.name);
        Err(Error::WrongChip { expected: self.name, signature: self.signature, found, name })
    }

    /// The image must leave the last `bootloader` bytes of flash alone.
    pub(crate) fn check_image(&self, image: &Image, bootloader: u32) -> Result<(), Error> {
        let limit = self.flash.saturating_sub(bootloader);
        match image.segments().iter().find(|s| s.end() > u64::from(limit)) {
            None => Ok(()),
            Some(s) if s.end() <= u64::from(self.flash) => {
                Err(Error::OverBootloader { end: s.end(), start: limit })
            }
            Some(s) => Err(Error::Beyond {
                chip: self.name.into(),
                start: s.address,
                end: s.end(),
                limit: self.flash,
            }),
        }
    }
}
