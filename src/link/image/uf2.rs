//! UF2, the file that is copied onto a board's volume: blocks of 512 bytes, each with its own address.
//! Format: github.com/microsoft/uf2, README.

use super::Segment;
use super::segment::Pieces;

const BLOCK: usize = 512;
/// Data bytes a block; boot loaders erase and write flash in pages of this size.
const PAYLOAD: usize = 256;
/// The most that a block of another writer may carry.
const MOST: usize = 476;
const MAGIC_START: [u32; 2] = [0x0A32_4655, 0x9E5D_5157];
const MAGIC_END: u32 = 0x0AB1_6F30;

/// "Not main flash": the block is for somebody else.
const FLAG_SKIP: u32 = 0x0000_0001;
/// "File container": the block holds a piece of a file, and its last field is no family.
const FLAG_FILE: u32 = 0x0000_1000;
const FLAG_FAMILY: u32 = 0x0000_2000;

/// A UF2 file. `family` names the chips that may take it, as the board's YAML says.
pub fn write(segments: &[Segment], family: Option<u32>) -> Result<Vec<u8>, String> {
    let pages = pages(segments)?;
    let mut file = Vec::with_capacity(pages.len() * BLOCK);
    for (index, (addr, data)) in pages.iter().enumerate() {
        let flags = if family.is_some() { FLAG_FAMILY } else { 0 };
        let head = [
            MAGIC_START[0],
            MAGIC_START[1],
            flags,
            *addr,
            PAYLOAD as u32,
            index as u32,
            pages.len() as u32,
            family.unwrap_or(0),
        ];
        head.iter().for_each(|word| file.extend_from_slice(&word.to_le_bytes()));
        file.extend_from_slice(data);
        file.resize((index + 1) * BLOCK - 4, 0);
        file.extend_from_slice(&MAGIC_END.to_le_bytes());
    }
    Ok(file)
}

/// Whole pages of flash, aligned to their size, what no segment covers filled with zeros. Boot loaders program page
/// by page (that of RP2040 refuses an address that is not a multiple of 256), so no page may come twice.
fn pages(segments: &[Segment]) -> Result<Vec<(u32, [u8; PAYLOAD])>, String> {
    let mut pages: Vec<(u32, [u8; PAYLOAD])> = Vec::new();
    for segment in segments {
        if segment.end() > 1 << 32 {
            return Err(format!("data at {:#x} goes on beyond the end of the address space", segment.addr));
        }
        let mut addr = segment.addr;
        let mut rest = segment.data.as_slice();
        while !rest.is_empty() {
            let within = addr as usize % PAYLOAD;
            let page = addr - within as u32;
            let (piece, more) = rest.split_at(rest.len().min(PAYLOAD - within));
            if pages.last().is_none_or(|&(last, _)| last != page) {
                pages.push((page, [0; PAYLOAD]));
            }
            if let Some((_, data)) = pages.last_mut() {
                data[within..within + piece.len()].copy_from_slice(piece);
            }
            addr = addr.wrapping_add(piece.len() as u32);
            rest = more;
        }
    }
    Ok(pages)
}

/// What a UF2 file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uf2 {
    pub family: Option<u32>,
    /// Sorted by address, adjacent blocks joined.
    pub segments: Vec<Segment>,
}

/// Reads and checks a UF2 file: every block, that none is missing or there twice, and that all are for one family.
pub fn read(file: &[u8]) -> Result<Uf2, String> {
    if file.is_empty() || !file.len().is_multiple_of(BLOCK) {
        return Err(format!(
            "{} bytes: a UF2 file is made of blocks of {BLOCK}; the file is cut off",
            file.len()
        ));
    }
    let total = file.len() / BLOCK;
    let mut pieces = Pieces::default();
    let mut family: Option<Option<u32>> = None;
    let mut seen = vec![false; total];
    for (index, block) in file.chunks_exact(BLOCK).enumerate() {
        let at = |message: String| format!("block {index}: {message}");
        let word = |number: usize| u32::from_le_bytes([0, 1, 2, 3].map(|byte| block[number * 4 + byte]));
        if [word(0), word(1)] != MAGIC_START || word(BLOCK / 4 - 1) != MAGIC_END {
            return Err(at("the magic numbers are wrong; this is no UF2 file, or it is damaged".to_string()));
        }
        let (flags, addr, size, number, count) = (word(2), word(3), word(4) as usize, word(5), word(6));
        if count as usize != total {
            return Err(at(format!("announces {count} blocks and the file has {total}")));
        }
        match seen.get_mut(number as usize) {
            Some(seen) if !*seen => *seen = true,
            Some(_) => return Err(at(format!("number {number} is there twice"))),
            None => return Err(at(format!("has number {number} of {count}"))),
        }
        if flags & (FLAG_SKIP | FLAG_FILE) != 0 {
            continue;
        }
        if size > MOST {
            return Err(at(format!("announces {size} data bytes; {MOST} fit")));
        }
        let of_block = (flags & FLAG_FAMILY != 0).then(|| word(7));
        if *family.get_or_insert(of_block) != of_block {
            return Err(at("is for another chip family than the blocks before".to_string()));
        }
        pieces.add(addr, &block[32..32 + size]).map_err(at)?;
    }
    Ok(Uf2 { family: family.flatten(), segments: pieces.finish("the file holds no data")? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::mutate;

    /// The family that the RP2040's boot ROM accepts (RP2040 data sheet, section 2.8.5.2.2).
    const RP2040: u32 = 0xe48b_ff56;

    fn sample() -> Vec<u8> {
        let segments = [
            Segment { addr: 0x1000_0000, data: (0..=255).cycle().take(600).collect() },
            Segment { addr: 0x1000_0300, data: vec![1] },
        ];
        write(&segments, Some(RP2040)).unwrap()
    }

    #[test]
    fn blocks_are_whole_pages() {
        let file = sample();
        assert_eq!(file.len(), 4 * BLOCK);
        assert_eq!(&file[..8], b"UF2\nWQ]\x9e");
        assert_eq!(&file[508..512], 0x0AB1_6F30u32.to_le_bytes());
        let read = read(&file).unwrap();
        assert_eq!(read.family, Some(RP2040));
        assert_eq!(read.segments.len(), 1);
        assert_eq!(read.segments[0].data.len(), 1024);
        assert_eq!(read.segments[0].data[599..602], [87, 0, 0]);
        assert_eq!(read.segments[0].data[0x300], 1);
    }

    #[test]
    fn pieces_of_one_page_share_its_block() {
        let segments =
            [Segment { addr: 0x10f0, data: vec![1; 4] }, Segment { addr: 0x10f8, data: vec![2; 16] }];
        let file = write(&segments, None).unwrap();
        assert_eq!(file.len(), 2 * BLOCK);
        let read = read(&file).unwrap();
        assert_eq!((read.family, read.segments[0].addr, read.segments[0].data.len()), (None, 0x1000, 512));
        assert_eq!(
            read.segments[0].data[0xf0..0x108],
            [[1; 4], [0; 4], [2; 4], [2; 4], [2; 4], [2; 4]].concat()
        );
    }

    #[test]
    fn every_fault_is_told_with_its_block() {
        let change = |at: usize, byte: u8| {
            let mut file = sample();
            file[at] = byte;
            read(&file).unwrap_err()
        };
        assert!(change(512, 0).starts_with("block 1: the magic numbers are wrong"));
        assert_eq!(change(512 + 24, 9), "block 1: announces 9 blocks and the file has 4");
        assert_eq!(change(512 + 20, 0), "block 1: number 0 is there twice");
        assert_eq!(change(512 + 20, 7), "block 1: has number 7 of 4");
        assert_eq!(change(512 + 28, 0), "block 1: is for another chip family than the blocks before");
        assert_eq!(change(512 + 17, 2), "block 1: announces 512 data bytes; 476 fit");
        assert_eq!(change(512 + 13, 0), "block 1: data at 0x10000000 is there twice");
        assert!(read(&sample()[..1000]).unwrap_err().starts_with("1000 bytes: "));
    }

    #[test]
    fn mutated_files_neither_panic_nor_hang() {
        mutate::each(&sample(), |file| drop(read(file)));
    }
}
