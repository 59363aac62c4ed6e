//! New content for a section of a linked ELF file, byte for byte as if it had been linked so: for what can only be made
//! of the linked program. The section is the last one in memory, in a segment of its own, so that nothing there moves;
//! in the file, what stands behind it does.

use object::{Object, ObjectSection};

/// A number in one of ELF's headers: its place and size in bytes, in files of 32 and of 64 bits.
type Field = [(usize, usize); 2];

const SEGMENT_HEADERS: Field = [(28, 4), (32, 8)];
const SEGMENT_COUNT: Field = [(44, 2), (56, 2)];
const SEGMENT_OFFSET: Field = [(4, 4), (8, 8)];
const SEGMENT_FILE_SIZE: Field = [(16, 4), (32, 8)];
const SEGMENT_MEMORY_SIZE: Field = [(20, 4), (40, 8)];

const SECTION_HEADERS: Field = [(32, 4), (40, 8)];
const SECTION_COUNT: Field = [(48, 2), (60, 2)];
const SECTION_ADDRESS: Field = [(12, 4), (16, 8)];
const SECTION_OFFSET: Field = [(16, 4), (24, 8)];
const SECTION_SIZE: Field = [(20, 4), (32, 8)];
const SECTION_ALIGN: Field = [(32, 4), (48, 8)];

/// Sizes of headers in bytes.
const SEGMENT_HEADER: [usize; 2] = [32, 56];
const SECTION_HEADER: [usize; 2] = [40, 64];
/// Of addresses, and what the headers of sections are aligned to.
const WORD: [usize; 2] = [4, 8];

/// A little-endian ELF file.
struct Elf {
    bytes: Vec<u8>,
    /// Index for the constants above: 0 for 32 bits, 1 for 64.
    class: usize,
}

impl Elf {
    fn get(&self, header: usize, field: Field) -> usize {
        let (at, size) = field[self.class];
        let bytes = &self.bytes[header + at..][..size];
        bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte))
    }

    fn put(&mut self, header: usize, field: Field, value: usize) {
        let (at, size) = field[self.class];
        self.bytes[header + at..][..size].copy_from_slice(&value.to_le_bytes()[..size]);
    }

    fn align(&mut self, to: usize) {
        self.bytes.resize(self.bytes.len().next_multiple_of(to.max(1)), 0);
    }
}

/// The linked file `old` with `content` in its section of this name. A program without use for the section has none.
pub fn replace(old: Vec<u8>, name: &str, content: &[u8]) -> Result<Vec<u8>, String> {
    let file = object::File::parse(&*old).map_err(|error| format!("broken ELF file: {error}"))?;
    let class = usize::from(file.is_64());
    let Some(index) = file.section_by_name(name).map(|section| section.index().0) else {
        return Ok(old);
    };
    let old = Elf { bytes: old, class };
    let (headers, count) = (old.get(0, SECTION_HEADERS), old.get(0, SECTION_COUNT));
    let section = |index: usize| headers + index * SECTION_HEADER[class];
    let range = |index: usize| {
        let start = old.get(section(index), SECTION_OFFSET);
        start..start + old.get(section(index), SECTION_SIZE)
    };
    // As lld writes files: the headers of sections stand behind what is in them, in the same order.
    let in_order = (index..count).map(range).is_sorted_by(|a, b| a.end <= b.start);
    if !in_order || range(count - 1).end > headers || section(count) != old.bytes.len() {
        return Err("sections are not where they should be".to_owned());
    }

    if (index + 1..count).any(|behind| old.get(section(behind), SECTION_ADDRESS) != 0) {
        return Err(format!("section {name} is not the last one in memory"));
    }

    let place = range(index);
    let mut new = Elf { bytes: old.bytes[..place.start].to_vec(), class };
    new.bytes.extend(content);
    let mut offsets = Vec::new();
    for behind in index + 1..count {
        new.align(old.get(section(behind), SECTION_ALIGN));
        offsets.push(new.bytes.len());
        new.bytes.extend(&old.bytes[range(behind)]);
    }
    new.align(WORD[class]);
    let moved = new.bytes.len();
    new.bytes.extend(&old.bytes[headers..]);

    new.put(0, SECTION_HEADERS, moved);
    let section = |index: usize| moved + index * SECTION_HEADER[class];
    new.put(section(index), SECTION_SIZE, content.len());
    for (behind, offset) in (index + 1..count).zip(offsets) {
        new.put(section(behind), SECTION_OFFSET, offset);
    }
    let segments = old.get(0, SEGMENT_HEADERS);
    let segment = (0..old.get(0, SEGMENT_COUNT)).map(|index| segments + index * SEGMENT_HEADER[class]).find(
        |&header| {
            old.get(header, SEGMENT_OFFSET) == place.start
                && old.get(header, SEGMENT_FILE_SIZE) == place.len()
        },
    );
    let segment = segment.ok_or("the section has no segment of its own")?;
    new.put(segment, SEGMENT_FILE_SIZE, content.len());
    new.put(segment, SEGMENT_MEMORY_SIZE, content.len());
    Ok(new.bytes)
}
