//! Ready-made images: `tinygo flash prog.hex` programs a board with a file that was built before.

use std::path::Path;

use anyhow::{Context, Result, bail};
use board::{Flash, Target};
use link::image::{self, Segment};

/// The single `.hex`, `.uf2`, `.bin` or `.elf` file among the arguments of `tinygo flash`, if that is what they are.
pub fn named(patterns: &[String]) -> Option<&Path> {
    let [one] = patterns else { return None };
    let path = Path::new(one);
    let suffix = path.extension()?.to_str()?;
    matches!(suffix, "hex" | "uf2" | "bin" | "elf").then_some(path)
}

/// Reads an image and makes sure that it is one for this board: its addresses lie in the board's memory, a UF2 file
/// names the board's family, an ELF file its instruction set.
pub fn read(path: &Path, target: &Target) -> Result<Vec<Segment>> {
    let shown = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {shown}"))?;
    let fail = |why: String| anyhow::anyhow!("{shown}: {why}");
    let segments = match path.extension().and_then(|suffix| suffix.to_str()) {
        Some("hex") => image::hex::read(&bytes).map_err(fail)?,
        Some("uf2") => {
            let uf2 = image::uf2::read(&bytes).map_err(fail)?;
            check_family(uf2.family, target).map_err(fail)?;
            uf2.segments
        }
        Some("bin") => {
            let flash = target.region("flash").with_context(|| format!("{} has no flash", target.name))?;
            vec![Segment { addr: u32::try_from(flash.origin)?, data: bytes }]
        }
        _ => {
            check_machine(&bytes, target).map_err(fail)?;
            image::segments(&bytes).map_err(fail)?
        }
    };
    for segment in &segments {
        let start = u64::from(segment.addr);
        let fits = |region: &board::Region| {
            region.origin <= start && segment.end() <= region.origin.saturating_add(region.length)
        };
        if !target.memory.iter().any(fits) {
            let regions: Vec<String> = target
                .memory
                .iter()
                .map(|r| format!("{} {:#x} to {:#x}", r.name, r.origin, r.origin + r.length))
                .collect();
            bail!(
                "{shown}: this image is not for {}: it has bytes from {start:#x} to {:#x}, and the memory is {}",
                target.name,
                segment.end(),
                regions.join(", ")
            );
        }
    }
    Ok(segments)
}

fn check_family(found: Option<u32>, target: &Target) -> Result<(), String> {
    match (&target.flash, found) {
        (Flash::Uf2 { family, .. }, Some(found)) if found != *family => Err(format!(
            "this image is not for {}: its UF2 family is {found:#010x}, the board's {family:#010x}",
            target.name
        )),
        _ => Ok(()),
    }
}

fn check_machine(elf: &[u8], target: &Target) -> Result<(), String> {
    let found = image::architecture(elf)?;
    let triple = &target.llvm.triple;
    // Thumb and Arm share a number.
    if triple.starts_with(found) || found == "arm" && triple.starts_with("thumb") {
        Ok(())
    } else {
        Err(format!("this image is not for {}: it is for {found}, the board is {triple}", target.name))
    }
}
