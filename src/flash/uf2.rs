//! UF2: copying the file onto the drive of a board's bootloader, which is known by its INFO_UF2.TXT.
//!
//! Format: 512-byte blocks, see <https://github.com/microsoft/uf2>.

use std::time::Duration;

use crate::host::Volume;
use crate::volume::{copy, find, read_text, wait_gone};
use crate::{Error, Host, Phase, Progress};

const INFO: &str = "INFO_UF2.TXT";
const BLOCK: usize = 512;
const MAGIC: [(usize, u32); 3] = [(0, 0x0A32_4655), (4, 0x9E5D_5157), (508, 0x0AB1_6F30)];
/// Flags of a block: it is not for the main flash; it carries a family id.
const NOT_MAIN_FLASH: u32 = 0x0001;
const HAS_FAMILY: u32 = 0x2000;

const BOOTLOADER: &str = "start the board's bootloader - usually by pressing reset twice, or by holding BOOTSEL while \
                          connecting it - and see that its volume is mounted";

/// A bootloader restarts its board within a second of the last block.
const RESTART: Duration = Duration::from_secs(8);

/// Board-ID in INFO_UF2.TXT (its beginning) -> family that this bootloader takes.
const FAMILIES: &[(&str, u32)] = &[
    ("RPI-RP2", 0xE48B_FF56),
    ("RP2350", 0xE48B_FF59),
    ("nRF52840", 0xADA5_2840),
    ("nRF52833", 0x621E_937A),
    ("SAMD21", 0x68ED_2B88),
    ("SAMD51", 0x5511_4460),
    ("SAME51", 0x5511_4460),
    ("SAME54", 0x5511_4460),
];

/// Checks the file without a board: whole blocks, numbered through, for `family` if the board has one.
pub fn check(file: &[u8], family: Option<u32>) -> Result<(), Error> {
    let blocks = file.len() / BLOCK;
    if blocks == 0 || !file.len().is_multiple_of(BLOCK) {
        return Err(Error::NotUf2(format!("its size, {} bytes, is no multiple of {BLOCK}", file.len())));
    }
    for (i, block) in file.chunks(BLOCK).enumerate() {
        let word = |at: usize| u32::from_le_bytes([block[at], block[at + 1], block[at + 2], block[at + 3]]);
        if MAGIC.iter().any(|&(at, magic)| word(at) != magic) {
            return Err(Error::NotUf2(format!("block {i} lacks a magic number")));
        }
        let flags = word(8);
        if flags & NOT_MAIN_FLASH != 0 {
            continue;
        }
        let found = (flags & HAS_FAMILY != 0).then(|| word(28));
        if let Some(wanted) = family
            && found != Some(wanted)
        {
            let found = found.map_or("none".to_string(), |f| format!("{f:#010x}"));
            return Err(Error::WrongFamily { found, wanted });
        }
        if family.is_none() && (word(20) as usize != i || word(24) as usize != blocks) {
            let text = format!("block {i} says that it is block {} of {}", word(20), word(24));
            return Err(Error::NotUf2(text));
        }
    }
    Ok(())
}

/// Waits for the board's drive, copies the file, and waits for the board to restart.
pub fn program(
    host: &mut dyn Host,
    file: &[u8],
    family: Option<u32>,
    names: &[String],
    timeout: Duration,
    progress: &mut dyn Progress,
    touched: &mut bool,
) -> Result<(), Error> {
    progress.phase(Phase::Connecting, 0);
    let volume = find(host, names, timeout, BOOTLOADER, &mut |all| pick(all, family, names))?;
    progress.note(&format!("{} at {}", board_id(&volume).unwrap_or_default(), volume.path.display()));
    copy(&volume, "flash.uf2", file, progress, touched)?;
    progress.phase(Phase::Restarting, 0);
    if wait_gone(host, &volume, Some(INFO), RESTART) {
        Ok(())
    } else {
        Err(Error::NotAccepted { volume: volume.path, seconds: RESTART.as_secs() })
    }
}

/// A right volume has INFO_UF2.TXT, a name from the board's list (if there is one), and no Board-ID that is known to
/// belong to another family.
fn pick(all: &[Volume], family: Option<u32>, names: &[String]) -> (Vec<Volume>, String) {
    let mut right = Vec::new();
    let mut others = Vec::new();
    for volume in all {
        let named = names.iter().any(|n| n.eq_ignore_ascii_case(&volume.name()));
        if !named && !volume.may_be_drive() {
            continue;
        }
        let Some(id) = board_id(volume) else { continue };
        let takes =
            FAMILIES.iter().find(|(prefix, _)| starts_with_ignoring_case(&id, prefix)).map(|&(_, f)| f);
        // The label is lost where the system chooses mount points itself (Windows); the Board-ID is as good.
        let by_id = family.is_some() && takes == family;
        if (named || names.is_empty() || by_id) && (takes.is_none() || family.is_none() || by_id) {
            right.push(volume.clone());
        } else {
            others.push(format!(
                "{} at {}",
                if id.is_empty() { "a board" } else { &id },
                volume.path.display()
            ));
        }
    }
    let found = match others.len() {
        0 => "no UF2 volume is mounted".to_string(),
        _ => format!("found instead: {}", others.join(", ")),
    };
    (right, found)
}

fn board_id(volume: &Volume) -> Option<String> {
    let text = read_text(&volume.path, INFO)?;
    let id = text.lines().find_map(|l| l.strip_prefix("Board-ID:")).unwrap_or("");
    Some(id.trim().to_string())
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
