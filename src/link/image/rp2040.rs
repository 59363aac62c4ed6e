//! RP2040: the checksum of the second-stage boot loader, without which the boot ROM does not start a program.

use object::{Object, ObjectSection};

/// The boot ROM loads this many bytes from the start of flash; the last four are the checksum.
pub const BOOT2_SIZE: usize = 256;

/// Completes a second stage: CRC-32 of the first 252 bytes into the last four (RP2040 data sheet, section
/// 2.8.1.3.1: polynomial 0x04c11db7, no reflection of input or output, initial value 0xffffffff, final XOR 0).
pub fn boot2_checksum(stage: &mut [u8; BOOT2_SIZE]) {
    let (code, checksum) = stage.split_at_mut(BOOT2_SIZE - 4);
    checksum.copy_from_slice(&crc(code).to_le_bytes());
}

fn crc(data: &[u8]) -> u32 {
    let mut crc = 0xffff_ffffu32;
    for &byte in data {
        crc ^= u32::from(byte) << 24;
        for _ in 0..8 {
            crc = if crc & 0x8000_0000 != 0 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 };
        }
    }
    crc
}

/// Completes section `.boot2` of a linked ELF file in place, so that every image made of it is right.
pub fn patch_boot2(elf: &mut [u8]) -> Result<(), String> {
    let file = object::File::parse(&*elf).map_err(|error| format!("broken ELF file: {error}"))?;
    let section = file
        .section_by_name(".boot2")
        .ok_or("the program has no section .boot2, which an RP2040 starts with")?;
    let (start, size) = section.file_range().ok_or("section .boot2 has no content")?;
    if size != BOOT2_SIZE as u64 {
        return Err(format!("section .boot2 has {size} bytes; the boot ROM wants {BOOT2_SIZE}"));
    }
    let start = usize::try_from(start).ok();
    let stage = start.and_then(|start| elf.get_mut(start..start.checked_add(BOOT2_SIZE)?));
    let stage = stage.and_then(|stage| <&mut [u8; BOOT2_SIZE]>::try_from(stage).ok());
    boot2_checksum(stage.ok_or("broken ELF file: section .boot2 ends beyond the file")?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_is_that_of_the_data_sheet() {
        // The check value of CRC-32/MPEG-2, which is this one, for "123456789".
        assert_eq!(crc(b"123456789"), 0x0376_e6e7);
        let mut stage = [0; BOOT2_SIZE];
        stage[0] = 1;
        boot2_checksum(&mut stage);
        assert_eq!(stage[252..], crc(&stage[..252]).to_le_bytes());
        // What a reader sees who runs the CRC over everything, checksum as the ROM's big-endian remainder.
        let mut whole = stage.to_vec();
        whole[252..].reverse();
        assert_eq!(crc(&whole), 0);
    }
}
