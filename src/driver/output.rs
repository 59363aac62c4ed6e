//! Output by suffix: what the linked program becomes on disk.

use std::borrow::Cow;
use std::path::Path;

use board::{Flash, Kind, Target};
use link::image;

use crate::error::Error;

/// The formats of `-o`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// The linked file itself: ELF, wasm.
    Linked,
    Hex,
    Bin,
    Uf2,
    /// The program's object file, not linked.
    Object,
    LlvmIr,
    Bitcode,
}

impl Output {
    /// By the suffix of the file name (TinyGo's rules). A program for a host may be called anything; for others an
    /// unknown suffix is a mistake.
    pub fn from_path(path: &Path, target: &Target) -> Result<Output, Error> {
        Ok(match path.extension().and_then(|suffix| suffix.to_str()) {
            Some("hex") => Output::Hex,
            Some("bin") => Output::Bin,
            Some("uf2") => Output::Uf2,
            Some("o") => Output::Object,
            Some("ll") => Output::LlvmIr,
            Some("bc") => Output::Bitcode,
            Some(suffix) if target.kind != Kind::Host && !matches!(suffix, "elf" | "wasm") => {
                return Err(Error::Other(format!(
                    "-o {}: unknown suffix .{suffix}: use .elf, .hex, .bin or .uf2 for boards, .wasm, or .o and .ll for \
                     what is not linked",
                    path.display()
                )));
            }
            _ => Output::Linked,
        })
    }
}

/// Converts a linked ELF file; borrowed if it is that file which is wanted.
pub fn convert<'a>(elf: &'a [u8], output: Output, target: &Target) -> Result<Cow<'a, [u8]>, Error> {
    let fail = |what: &str, why: String| Error::Image(format!("cannot make {what}: {why}"));
    if output == Output::Linked {
        return Ok(Cow::Borrowed(elf));
    }
    if !target.is_baremetal() {
        return Err(fail("an image", format!("{} has no image format but its own", target.name)));
    }
    match output {
        Output::Linked | Output::Object | Output::LlvmIr | Output::Bitcode => Ok(Cow::Borrowed(elf)),
        _ => {
            let segments = image::segments(elf).map_err(|error| fail("an image", error.to_string()))?;
            image(&segments, output, target).map(Cow::Owned)
        }
    }
}

/// Writes an image of what belongs into the chip's memory; `output` is one of the image formats.
pub fn image(segments: &[image::Segment], output: Output, target: &Target) -> Result<Vec<u8>, Error> {
    let fail = |what: &str, why: String| Error::Image(format!("cannot make {what}: {why}"));
    match output {
        Output::Bin => image::bin::write(segments).map(|s| s.data).map_err(|error| fail("a bin file", error)),
        Output::Uf2 => {
            let family = match &target.flash {
                Flash::Uf2 { family, .. } => Some(*family),
                _ => None,
            };
            image::uf2::write(segments, family).map_err(|error| fail("a UF2 file", error.to_string()))
        }
        _ => Ok(image::hex::write(segments).into_bytes()),
    }
}
