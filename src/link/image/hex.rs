//! Intel HEX, writer and strict reader (Intel "Hexadecimal Object File Format Specification", revision A, 1988).

use std::fmt::Write;

use super::Segment;
use super::segment::Pieces;

/// Record types of the specification.
const DATA: u8 = 0;
const END: u8 = 1;
const SEGMENT_ADDRESS: u8 = 2;
const SEGMENT_START: u8 = 3;
const LINEAR_ADDRESS: u8 = 4;
const LINEAR_START: u8 = 5;

const BYTES_PER_LINE: usize = 16;

/// The text of a hex file, 16 data bytes a line, lines ended by a line feed.
pub fn write(segments: &[Segment]) -> String {
    let mut text = String::new();
    let mut upper = 0;
    for segment in segments {
        let mut addr = segment.addr;
        let mut rest = segment.data.as_slice();
        while !rest.is_empty() {
            if addr >> 16 != upper {
                upper = addr >> 16;
                record(&mut text, 0, LINEAR_ADDRESS, &(upper as u16).to_be_bytes());
            }
            // A record's address does not carry into the upper half.
            let room = 0x1_0000 - (addr & 0xffff) as usize;
            let (line, more) = rest.split_at(rest.len().min(BYTES_PER_LINE).min(room));
            record(&mut text, addr as u16, DATA, line);
            addr = addr.wrapping_add(line.len() as u32);
            rest = more;
        }
    }
    record(&mut text, 0, END, &[]);
    text
}

fn record(text: &mut String, offset: u16, kind: u8, data: &[u8]) {
    let [high, low] = offset.to_be_bytes();
    let head = [data.len() as u8, high, low, kind];
    let mut sum = 0u8;
    text.push(':');
    for &byte in head.iter().chain(data) {
        sum = sum.wrapping_add(byte);
        let _ = write!(text, "{byte:02X}"); // writing into a String cannot fail
    }
    let _ = writeln!(text, "{:02X}", sum.wrapping_neg());
}

/// What a hex file puts where, sorted by address. Every error begins with the line.
pub fn read(text: &[u8]) -> Result<Vec<Segment>, String> {
    let mut pieces = Pieces::default();
    let mut base = Base::Linear(0);
    let mut ended = false;
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        let at = |message: String| format!("line {}: {message}", index + 1);
        let line = line.trim_ascii();
        if line.is_empty() {
            continue;
        }
        if ended {
            return Err(at("something follows the end record".to_string()));
        }
        let record = decode(line).map_err(at)?;
        match (record.kind, record.data.as_slice()) {
            (DATA, data) => base.place(&mut pieces, record.offset, data).map_err(at)?,
            (END, []) => ended = true,
            (SEGMENT_ADDRESS, &[high, low]) => {
                base = Base::Segment(u32::from(u16::from_be_bytes([high, low])) << 4)
            }
            (LINEAR_ADDRESS, &[high, low]) => {
                base = Base::Linear(u32::from(u16::from_be_bytes([high, low])) << 16)
            }
            // Where a processor of the PC family would start; chips start where they start.
            (SEGMENT_START | LINEAR_START, [_, _, _, _]) => {}
            (END..=LINEAR_START, data) => {
                return Err(at(format!(
                    "a record of type {} cannot have {} data bytes",
                    record.kind,
                    data.len()
                )));
            }
            (kind, _) => return Err(at(format!("unknown record type {kind}"))),
        }
    }
    if !ended {
        return Err("the end record is missing; the file is cut off".to_string());
    }
    pieces.finish("the file holds no data")
}

/// What the offsets of data records count from.
enum Base {
    Segment(u32),
    Linear(u32),
}

impl Base {
    fn place(&self, pieces: &mut Pieces, offset: u16, data: &[u8]) -> Result<(), String> {
        let fits = usize::from(offset) + data.len() <= 0x1_0000;
        match *self {
            Base::Linear(base) if fits => pieces.add(base + u32::from(offset), data),
            Base::Segment(base) if fits => pieces.add(base + u32::from(offset), data),
            // The two address modes continue differently (segments wrap around), and no tool writes this.
            _ => Err("a data record goes on beyond its 64 KB".to_string()),
        }
    }
}

struct Record {
    offset: u16,
    kind: u8,
    data: Vec<u8>,
}

fn decode(line: &[u8]) -> Result<Record, String> {
    let Some(digits) = line.strip_prefix(b":") else {
        return Err("a record begins with ':'; this is no Intel hex file, or it is damaged".to_string());
    };
    if digits.len() % 2 != 0 {
        return Err("half a byte: odd number of digits".to_string());
    }
    let mut bytes = Vec::with_capacity(digits.len() / 2);
    for pair in digits.chunks_exact(2) {
        let digit = |byte: u8| {
            let value = char::from(byte).to_digit(16);
            value.ok_or_else(|| format!("'{}' is no hexadecimal digit", byte.escape_ascii()))
        };
        bytes.push((digit(pair[0])? * 16 + digit(pair[1])?) as u8);
    }
    let [length, high, low, kind, data @ .., checksum] = bytes.as_slice() else {
        return Err("the record is too short".to_string());
    };
    if usize::from(*length) != data.len() {
        return Err(format!("the record announces {length} data bytes and has {}", data.len()));
    }
    let sum = bytes[..bytes.len() - 1].iter().fold(0u8, |sum, &byte| sum.wrapping_add(byte)).wrapping_neg();
    if sum != *checksum {
        return Err(format!("checksum is {checksum:02X} and should be {sum:02X}; the file is damaged"));
    }
    Ok(Record { offset: u16::from_be_bytes([*high, *low]), kind: *kind, data: data.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::mutate;

    fn sample() -> Vec<Segment> {
        vec![
            Segment { addr: 0, data: (0..40).collect() },
            Segment { addr: 0xfff8, data: (0..20).collect() },
            Segment { addr: 0x0800_0000, data: vec![0xaa; 16] },
        ]
    }

    #[test]
    fn written_as_the_specification_says() {
        let text = write(&[Segment { addr: 0x1_0000, data: vec![0x0c, 0x94, 0x5c, 0x00] }]);
        assert_eq!(text, ":020000040001F9\n:040000000C945C0000\n:00000001FF\n");
    }

    #[test]
    fn reads_what_it_writes() {
        assert_eq!(read(write(&sample()).as_bytes()).unwrap(), sample());
        assert_eq!(read(write(&sample()).replace('\n', "\r\n").as_bytes()).unwrap(), sample());
        assert_eq!(read(write(&sample()).to_lowercase().as_bytes()).unwrap(), sample());
    }

    #[test]
    fn reads_segment_addresses() {
        let segments = read(b":020000021000EC\n:01000000AA55\n:0400000300003800C1\n:00000001FF\n").unwrap();
        assert_eq!(segments, [Segment { addr: 0x1_0000, data: vec![0xaa] }]);
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let cases: [(&str, &str); 12] = [
            (":0100000001FE\n:00000001FE\n", "line 2: checksum is FE and should be FF; the file is damaged"),
            (
                ":0100000001FE\nhello\n",
                "line 2: a record begins with ':'; this is no Intel hex file, or it is damaged",
            ),
            (":0100000001F\n", "line 1: half a byte: odd number of digits"),
            (":01000000G1FE\n", "line 1: 'G' is no hexadecimal digit"),
            (":0200000001FE\n", "line 1: the record announces 2 data bytes and has 1"),
            (":00000006FA\n", "line 1: unknown record type 6"),
            (":0100000400FB\n", "line 1: a record of type 4 cannot have 1 data bytes"),
            (":0100000001FE\n:0100000002FD\n:00000001FF\n", "line 2: data at 0x0 is there twice"),
            (":00000001FF\n:0100000001FE\n", "line 2: something follows the end record"),
            (":0100000001FE\n", "the end record is missing; the file is cut off"),
            (":00000001FF\n", "the file holds no data"),
            (":02FFFF000102FD\n:00000001FF\n", "line 1: a data record goes on beyond its 64 KB"),
        ];
        for (text, message) in cases {
            assert_eq!(read(text.as_bytes()), Err(message.to_string()), "{text}");
        }
    }

    #[test]
    fn mutated_files_neither_panic_nor_hang() {
        mutate::each(write(&sample()).as_bytes(), |text| drop(read(text)));
    }
}
