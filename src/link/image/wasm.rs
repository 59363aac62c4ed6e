//! WebAssembly modules as bytes: walking the sections, and leaving out what no engine needs.

/// `\0asm`, version 1 (WebAssembly core specification, section 5.5.16).
const HEADER: &[u8] = b"\0asm\x01\0\0\0";
pub(crate) const CUSTOM: u8 = 0;

/// A section with where it stands in the module.
pub(crate) struct Section<'a> {
    pub id: u8,
    /// Content.
    pub data: &'a [u8],
    /// Everything, header included.
    pub whole: &'a [u8],
}

/// The sections of a module in their order.
pub(crate) fn sections(module: &[u8]) -> Result<Vec<Section<'_>>, String> {
    let mut rest = module.strip_prefix(HEADER).ok_or("not a WebAssembly module")?;
    let mut sections = Vec::new();
    while let Some((&id, after_id)) = rest.split_first() {
        let mut reader = Reader(after_id);
        let data = reader.bytes().ok_or("broken WebAssembly module: a section ends beyond the file")?;
        let whole = &rest[..rest.len() - reader.0.len()];
        rest = reader.0;
        sections.push(Section { id, data, whole });
    }
    Ok(sections)
}

/// The module without any custom section: no engine needs one to run it.
pub fn without_custom(module: &[u8]) -> Result<Vec<u8>, String> {
    let sections = sections(module)?;
    let kept = sections.iter().filter(|section| section.id != CUSTOM).map(|section| section.whole);
    Ok([HEADER].into_iter().chain(kept).flatten().copied().collect())
}

/// Reads values off the front of a byte slice; None where it ends too early.
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    /// An unsigned LEB128 number of at most 32 bits (core specification, section 5.2.2).
    pub fn number(&mut self) -> Option<u32> {
        let mut value = 0u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(value).ok();
            }
        }
        None
    }

    /// A signed LEB128 number of at most 64 bits.
    pub fn signed(&mut self) -> Option<i64> {
        let mut value = 0i64;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            value |= i64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                let unused = 64u32.saturating_sub(shift + 7);
                return Some(value << unused >> unused);
            }
        }
        None
    }

    /// A length, and as many bytes.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::mutate;

    const MODULE: &[u8] =
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\0\x06\x04name!\x03\x02\x01\0\x0a\x04\x01\x02\0\x0b";

    #[test]
    fn custom_sections_go() {
        let module = without_custom(MODULE).unwrap();
        assert_eq!(module, b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x04\x01\x02\0\x0b");
    }

    #[test]
    fn numbers() {
        assert_eq!(Reader(&[0xe5, 0x8e, 0x26]).number(), Some(624_485));
        assert_eq!(Reader(&[0xff, 0xff, 0xff, 0xff, 0x0f]).number(), Some(u32::MAX));
        assert_eq!(Reader(&[0xff, 0xff, 0xff, 0xff, 0x1f]).number(), None);
        assert_eq!(Reader(&[0x7f]).signed(), Some(-1));
        assert_eq!(Reader(&[0x80, 0x80, 0x04]).signed(), Some(65_536));
        assert_eq!(Reader(&[0x80]).number(), None);
    }

    #[test]
    fn mutated_modules_neither_panic_nor_hang() {
        mutate::each(MODULE, |module| drop(without_custom(module)));
    }
}
