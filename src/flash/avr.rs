//! What a serial bootloader must know of an AVR chip, and the signatures by which chips are told apart.

use crate::{Error, Image};

/// The chip on a board with a serial bootloader, as the board file describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// For messages: `atmega328p`.
    pub name: String,
    pub signature: [u8; 3],
    /// Bytes of flash that are written at once; a power of two.
    pub page: usize,
    /// First address of the bootloader: programs end below it.
    pub limit: u32,
}

/// Name, signature and KiB of flash (data sheets, "Signature Bytes") of chips on such boards and of those that they are
/// mixed up with; only for messages.
const KNOWN: &[(&str, [u8; 3], u32)] = &[
    ("ATmega8", [0x1E, 0x93, 0x07], 8),
    ("ATmega88P", [0x1E, 0x93, 0x0F], 8),
    ("ATmega168", [0x1E, 0x94, 0x06], 16),
    ("ATmega168P", [0x1E, 0x94, 0x0B], 16),
    ("ATmega328", [0x1E, 0x95, 0x14], 32),
    ("ATmega328P", [0x1E, 0x95, 0x0F], 32),
    ("ATmega328PB", [0x1E, 0x95, 0x16], 32),
    ("ATmega32U4", [0x1E, 0x95, 0x87], 32),
    ("ATmega644P", [0x1E, 0x96, 0x0A], 64),
    ("ATmega1280", [0x1E, 0x97, 0x03], 128),
    ("ATmega1284P", [0x1E, 0x97, 0x05], 128),
    ("ATmega2560", [0x1E, 0x98, 0x01], 256),
];

impl Chip {
    /// The chip in front of us must be the one that the program was built for.
    pub(crate) fn check_signature(&self, found: [u8; 3]) -> Result<(), Error> {
        if found == self.signature {
            return Ok(());
        }
        let name = KNOWN.iter().find(|(_, signature, _)| *signature == found).map(|&(name, ..)| name);
        Err(Error::WrongChip { expected: self.name.clone(), signature: self.signature, found, name })
    }

    /// The image must lie in the flash of this chip and leave the bootloader alone.
    pub(crate) fn check_image(&self, image: &Image) -> Result<(), Error> {
        let Some(segment) = image.segments().iter().find(|s| s.end() > u64::from(self.limit)) else {
            return Ok(());
        };
        let (start, end) = (segment.address, segment.end());
        let known = KNOWN.iter().find(|(_, signature, _)| *signature == self.signature);
        let flash = known.map_or(self.limit, |(.., kib)| kib * 1024);
        if end <= u64::from(flash) {
            return Err(Error::OverBootloader { end, start: self.limit });
        }
        Err(Error::Beyond { chip: self.name.clone(), start, end, limit: flash })
    }
}
