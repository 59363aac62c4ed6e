//! Reads a device file of either format, compressed or not.

use std::io::Read;

use crate::error::Error;
use crate::model::Device;
use crate::{atdf, svd};

/// The largest description seen has 11 MB; more than this is no description, or a decompression bomb.
const MAX_BYTES: u64 = 64 << 20;

/// Reads a chip's description. The name's ending tells the format: `.svd`, `.xml` (SVD) or `.atdf`, each also with `.zst`.
pub fn load(file: &str, bytes: &[u8]) -> Result<Device, Error> {
    let (plain_name, text) = match file.strip_suffix(".zst") {
        Some(name) => (name, decompress(file, bytes)?),
        None => (file, bytes.to_vec()),
    };
    let text = String::from_utf8(text).map_err(|_| Error::new(file, "not UTF-8 text"))?;
    // Some vendors' editors leave a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match plain_name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("svd" | "xml") => svd::read(file, text),
        Some("atdf") => atdf::read(file, text),
        _ => Err(Error::new(file, "a device file ends in .svd or .atdf, or in .svd.zst or .atdf.zst")),
    }
}

fn decompress(file: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let fail = |e: std::io::Error| Error::new(file, format!("cannot decompress: {e}"));
    let mut text = Vec::new();
    zstd::Decoder::new(bytes).map_err(fail)?.take(MAX_BYTES + 1).read_to_end(&mut text).map_err(fail)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(Error::new(file, "too large for a device file"));
    }
    Ok(text)
}
