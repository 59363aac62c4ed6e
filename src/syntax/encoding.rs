//! Source text must be UTF-8 without NUL and without a byte order mark in the middle (specification: "Source code
//! representation"). Most files are, and then cost one pass; others are copied with the offending bytes blanked.

use memchr::{memchr, memmem};
use std::borrow::Cow;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// What is wrong at a byte offset.
pub type EncodingError = (u32, &'static str);

/// The text, of the same length as the bytes. Bytes that the scanner must skip are NUL in it.
pub fn clean<'a>(bytes: &'a [u8], errors: &mut Vec<EncodingError>) -> Cow<'a, str> {
    if let Ok(text) = std::str::from_utf8(bytes)
        && memchr(0, bytes).is_none()
        && memmem::find(bytes, BOM).is_none()
    {
        return Cow::Borrowed(text);
    }
    let mut copy = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let at = copy.len() as u32;
            match c {
                '\0' => errors.push((at, "invalid NUL character")),
                '\u{FEFF}' if at > 0 => errors.push((at, "invalid BOM in the middle of the file")),
                _ => {}
            }
            let skip = matches!(c, '\0' | '\u{FEFF}');
            let mut buffer = [0; 4];
            let encoded = c.encode_utf8(&mut buffer).as_bytes();
            copy.extend(encoded.iter().map(|&b| if skip { 0 } else { b }));
        }
        for _ in chunk.invalid() {
            errors.push((copy.len() as u32, "invalid UTF-8 encoding"));
            copy.push(0);
        }
    }
    Cow::Owned(String::from_utf8_lossy(&copy).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_what_is_wrong() {
        let mut errors = Vec::new();
        let text = clean(b"\xEF\xBB\xBFa\0b\xEF\xBB\xBF\xC3\xFFc", &mut errors);
        assert_eq!(text, "\0\0\0a\0b\0\0\0\0\0c");
        let expected = [
            (4, "invalid NUL character"),
            (6, "invalid BOM in the middle of the file"),
            (9, "invalid UTF-8 encoding"),
            (10, "invalid UTF-8 encoding"),
        ];
        assert_eq!(errors, expected);
    }

    #[test]
    fn leaves_good_text_alone() {
        let mut errors = Vec::new();
        assert!(matches!(clean("aäö世".as_bytes(), &mut errors), Cow::Borrowed(_)));
        assert!(errors.is_empty());
    }
}
