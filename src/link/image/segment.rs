//! Load segments: runs of bytes with the address where the chip keeps them.

use std::collections::BTreeMap;

use object::elf;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};

/// Bytes at an address of the chip's memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Load address, in the address space of the programmer (AVR: bytes of flash).
    pub addr: u32,
    pub data: Vec<u8>,
}

impl Segment {
    /// The address after the last byte.
    pub fn end(&self) -> u64 {
        u64::from(self.addr) + self.data.len() as u64
    }
}

/// What of a linked ELF file belongs into the chip's memory, sorted by address, adjacent pieces joined.
///
/// These are the bytes that PT_LOAD segments have in the file, at their *physical* address: initialised data is
/// listed where the start-up code finds it in flash. What lies in a segment before its first allocated section
/// (linkers may put the file's headers there) is left out.
pub fn segments(file: &[u8]) -> Result<Vec<Segment>, String> {
    match object::FileKind::parse(file) {
        Ok(object::FileKind::Elf32) => load::<elf::FileHeader32<object::Endianness>>(file),
        Ok(object::FileKind::Elf64) => load::<elf::FileHeader64<object::Endianness>>(file),
        _ => Err("not an ELF file".to_string()),
    }
}

/// The instruction set that an ELF file is for, as LLVM's triples begin.
pub fn architecture(file: &[u8]) -> Result<&'static str, String> {
    use object::{Architecture, Object};
    let file = object::File::parse(file).map_err(|error| format!("not an ELF file: {error}"))?;
    match file.architecture() {
        Architecture::Avr => Ok("avr"),
        Architecture::Arm => Ok("arm"),
        Architecture::Riscv32 => Ok("riscv32"),
        Architecture::Riscv64 => Ok("riscv64"),
        Architecture::Xtensa => Ok("xtensa"),
        other => Err(format!("an ELF file for {other:?}, which no board has")),
    }
}

fn load<Elf: FileHeader<Endian = object::Endianness>>(file: &[u8]) -> Result<Vec<Segment>, String> {
    let broken = |error: object::Error| format!("broken ELF file: {error}");
    let header = Elf::parse(file).map_err(broken)?;
    let endian = header.endian().map_err(broken)?;
    let sections = header.sections(endian, file).map_err(broken)?;
    let mut pieces = Pieces::default();
    for segment in header.program_headers(endian, file).map_err(broken)? {
        let size: u64 = segment.p_filesz(endian).into();
        if segment.p_type(endian) != elf::PT_LOAD || size == 0 {
            continue;
        }
        let offset: u64 = segment.p_offset(endian).into();
        let end = offset.checked_add(size).ok_or("broken ELF file: a segment ends beyond any file")?;
        let in_segment = |section: &&Elf::SectionHeader| {
            let flags: u64 = section.sh_flags(endian).into();
            let at: u64 = section.sh_offset(endian).into();
            let length: u64 = section.sh_size(endian).into();
            flags & u64::from(elf::SHF_ALLOC) != 0
                && section.sh_type(endian) != elf::SHT_NOBITS
                && length != 0
                && (offset..end).contains(&at)
        };
        // A file without sections is taken as its segments say.
        let first = sections.iter().filter(in_segment).map(|section| section.sh_offset(endian).into()).min();
        if first.is_none() && sections.len() > 1 {
            continue;
        }
        let first = first.unwrap_or(offset);
        let data = usize::try_from(first).ok().zip(usize::try_from(end).ok());
        let data = data
            .and_then(|(first, end)| file.get(first..end))
            .ok_or("broken ELF file: a segment ends beyond the file")?;
        let physical: u64 = segment.p_paddr(endian).into();
        let addr = physical.checked_add(first - offset).and_then(|addr| u32::try_from(addr).ok());
        let addr = addr.ok_or_else(|| format!("load address {physical:#x} is beyond 32 bits"))?;
        pieces.add(addr, data)?;
    }
    pieces.finish("the file holds nothing to load")
}

/// Collects pieces in any order; two for the same address are an error.
#[derive(Default)]
pub(crate) struct Pieces {
    runs: BTreeMap<u32, Vec<u8>>,
}

impl Pieces {
    pub(crate) fn add(&mut self, addr: u32, data: &[u8]) -> Result<(), String> {
        let end = u64::from(addr) + data.len() as u64;
        if end > 1 << 32 {
            return Err(format!("data at {addr:#x} goes on beyond the end of the address space"));
        }
        if data.is_empty() {
            return Ok(());
        }
        if let Some((&next, _)) = self.runs.range(addr..).next()
            && u64::from(next) < end
        {
            return Err(format!("data at {next:#x} is there twice"));
        }
        if let Some((&start, run)) = self.runs.range_mut(..addr).next_back() {
            match (u64::from(start) + run.len() as u64).cmp(&u64::from(addr)) {
                std::cmp::Ordering::Greater => return Err(format!("data at {addr:#x} is there twice")),
                std::cmp::Ordering::Equal => {
                    run.extend_from_slice(data);
                    return Ok(());
                }
                std::cmp::Ordering::Less => {}
            }
        }
        self.runs.insert(addr, data.to_vec());
        Ok(())
    }

    /// Sorted by address, adjacent pieces joined; `nothing` is the error when there are none.
    pub(crate) fn finish(self, nothing: &str) -> Result<Vec<Segment>, String> {
        let mut segments: Vec<Segment> = Vec::new();
        for (addr, data) in self.runs {
            match segments.last_mut() {
                Some(last) if last.end() == u64::from(addr) => last.data.extend(data),
                _ => segments.push(Segment { addr, data }),
            }
        }
        if segments.is_empty() { Err(nothing.to_string()) } else { Ok(segments) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_in_any_order_and_never_overlap() {
        let mut pieces = Pieces::default();
        pieces.add(4, &[5, 6]).unwrap();
        pieces.add(0, &[1, 2, 3, 4]).unwrap();
        pieces.add(8, &[9]).unwrap();
        assert!(pieces.add(3, &[0]).is_err());
        assert!(pieces.add(7, &[0, 0]).is_err());
        assert!(pieces.add(0xffff_ffff, &[0, 0]).is_err());
        let segments = pieces.finish("nothing").unwrap();
        assert_eq!(segments[0], Segment { addr: 0, data: vec![1, 2, 3, 4, 5, 6] });
        assert_eq!(segments[1], Segment { addr: 8, data: vec![9] });
        assert_eq!(Pieces::default().finish("nothing"), Err("nothing".to_string()));
    }
}
