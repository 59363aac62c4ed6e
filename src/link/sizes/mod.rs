//! How much memory a linked program takes: the table of `-size=short`; and in [`packages`] that of `-size=full`.

pub mod packages;

use std::fmt;

use object::elf;
use object::read::elf::{ElfFile, FileHeader, ProgramHeader};
use object::{Object, ObjectSection, SectionFlags};

use crate::image::wasm;

/// Bytes by kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// Instructions, vector table included.
    pub code: u64,
    /// Constants that stay where the program is stored.
    pub rodata: u64,
    /// Initialised data: in flash, and copied into RAM.
    pub data: u64,
    /// Zeroed data, without the reserved stack.
    pub bss: u64,
    /// What the linker script sets aside for the stack (sections `.stack*`), or the wasm linker.
    pub stack: u64,
}

impl Sizes {
    /// What the program takes of the memory that keeps its content.
    pub fn flash(&self) -> u64 {
        self.code + self.rodata + self.data
    }

    pub(crate) fn add(&mut self, kind: Kind, bytes: u64) {
        let sum = match kind {
            Kind::Code => &mut self.code,
            Kind::Rodata => &mut self.rodata,
            Kind::Data => &mut self.data,
            Kind::Bss => &mut self.bss,
            Kind::Stack => &mut self.stack,
        };
        *sum = sum.saturating_add(bytes);
    }

    /// What the program takes of RAM before it runs, the reserved stack included.
    pub fn ram(&self) -> u64 {
        self.data + self.bss + self.stack
    }
}

impl fmt::Display for Sizes {
    /// The table of `-size=short`. As in the original, code counts the constants and bss the reserved stack.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "   code    data     bss |   flash     ram")?;
        let (code, bss) = (self.code + self.rodata, self.bss + self.stack);
        writeln!(f, "{code:7} {:7} {bss:7} | {:7} {:7}", self.data, self.flash(), self.ram())
    }
}

/// Measures a linked ELF file or WebAssembly module.
pub fn measure(file: &[u8]) -> Result<Sizes, String> {
    match object::FileKind::parse(file) {
        Ok(object::FileKind::Elf32 | object::FileKind::Elf64) => measure_elf(file),
        Ok(object::FileKind::Wasm) => measure_wasm(file),
        _ => Err("neither an ELF file nor a WebAssembly module".to_string()),
    }
}

/// What an allocated ELF section counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Code,
    Rodata,
    Data,
    Bss,
    Stack,
}

/// The sections in the chip's memory, with the kind of each.
pub(crate) fn allocated<'a>(file: &'a object::File<'a>) -> Vec<(object::Section<'a, 'a>, Kind)> {
    let copied = match file {
        object::File::Elf32(file) => copied(file),
        object::File::Elf64(file) => copied(file),
        _ => Vec::new(),
    };
    let kind = |section: &object::Section| {
        let SectionFlags::Elf { sh_flags } = section.flags() else { return None };
        let has = |flag: u32| sh_flags & u64::from(flag) != 0;
        if !has(elf::SHF_ALLOC) {
            return None;
        }
        let name = section.name().unwrap_or("");
        Some(if section.file_range().is_none() {
            if name.starts_with(".stack") { Kind::Stack } else { Kind::Bss }
        } else if has(elf::SHF_WRITE) || copied.iter().any(|range| range.contains(&section.address())) {
            // Also functions that run from RAM, and AVR's constants: they are stored in flash and copied.
            Kind::Data
        } else if has(elf::SHF_EXECINSTR) {
            Kind::Code
        } else {
            Kind::Rodata
        })
    };
    file.sections().filter_map(|section| kind(&section).map(|kind| (section, kind))).collect()
}

/// Addresses of what start-up code copies: segments that are loaded elsewhere than they run.
fn copied<'a, Elf: FileHeader>(file: &ElfFile<'a, Elf, &'a [u8]>) -> Vec<std::ops::Range<u64>> {
    let endian = file.endian();
    let loaded = file.elf_program_headers().iter().filter(|segment| segment.p_type(endian) == elf::PT_LOAD);
    let moved = loaded.filter(|segment| segment.p_vaddr(endian).into() != segment.p_paddr(endian).into());
    let range = |segment: &Elf::ProgramHeader| {
        let start: u64 = segment.p_vaddr(endian).into();
        start..start.saturating_add(segment.p_memsz(endian).into())
    };
    moved.map(range).collect()
}

fn measure_elf(file: &[u8]) -> Result<Sizes, String> {
    let file = object::File::parse(file).map_err(|error| format!("broken ELF file: {error}"))?;
    let mut sizes = Sizes::default();
    for (section, kind) in allocated(&file) {
        sizes.add(kind, section.size());
    }
    Ok(sizes)
}

/// A module does not say how much zeroed data it has: its linear memory holds that and the heap without a border.
/// [`crate::link`] adds it from the linker's map.
fn measure_wasm(module: &[u8]) -> Result<Sizes, String> {
    // Ids of the sections in the core specification, section 5.5.2.
    const GLOBAL: u8 = 6;
    const DATA: u8 = 11;
    let mut sizes = Sizes::default();
    for section in wasm::sections(module)? {
        if section.id == GLOBAL {
            sizes.stack = stack_top(section.data).unwrap_or(0);
        }
        match section.id {
            wasm::CUSTOM => {}
            DATA => sizes.data += section.whole.len() as u64,
            // Types, imports, exports, tables are part of the program as its code is.
            _ => sizes.code += section.whole.len() as u64,
        }
    }
    Ok(sizes)
}

/// The linker's first global is the stack pointer; with `--stack-first` its initial value is the stack's size.
fn stack_top(globals: &[u8]) -> Option<u64> {
    const I32: u8 = 0x7f;
    const VAR: u8 = 1;
    const I32_CONST: u8 = 0x41;
    let mut reader = wasm::Reader(globals);
    reader.number()?;
    if (reader.byte()?, reader.byte()?, reader.byte()?) != (I32, VAR, I32_CONST) {
        return None;
    }
    u64::try_from(reader.signed()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_table() {
        let sizes = Sizes { code: 700, rodata: 20, data: 10, bss: 36, stack: 512 };
        let expected =
            "   code    data     bss |   flash     ram\n    720      10     548 |     730     558\n";
        assert_eq!(sizes.to_string(), expected);
    }
}
