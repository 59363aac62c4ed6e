//! Package time/tzdata with those time zones only that the tests of package time name, by an overlay of the file that has
//! them: 21 KB instead of 408 KB.
//!
//! The zones are an archive, Go's `lib/time/zoneinfo.zip`, whose entries are stored as they are (PKWARE's APPNOTE 6.3.10,
//! sections 4.3.7, 4.3.12 and 4.3.16).

use std::fmt::Write as _;
use std::io::{Error, Result};
use std::path::{Path, PathBuf};

/// The sizes of an entry's header, of its line in the directory, and of the record at the end, less names and the like.
const HEADER: usize = 30;
const LINE: usize = 46;
const END: usize = 22;

/// Writes into a folder what `-overlay` wants to be given.
pub fn overlay(goroot: &Path, folder: &Path) -> Result<PathBuf> {
    let tests = tests(&goroot.join("src/time"))?;
    let all = std::fs::read(goroot.join("lib/time/zoneinfo.zip"))?;
    let some = part(&all, |zone| tests.contains(&format!("\"{zone}\"")))
        .ok_or_else(|| Error::other("lib/time/zoneinfo.zip is damaged"))?;
    let mut text = String::from("package tzdata\n\nconst zipdata = \"");
    for byte in some {
        let _ = write!(text, "\\x{byte:02x}");
    }
    text.push_str("\"\n");
    let (file, map) = (folder.join("zzipdata.go"), folder.join("overlay.json"));
    std::fs::write(&file, text)?;
    let replaced = goroot.join("src/time/tzdata/zzipdata.go").canonicalize()?;
    let replace = serde_json::json!({"Replace": {replaced.to_string_lossy(): file}});
    std::fs::write(&map, replace.to_string())?;
    Ok(map)
}

/// The text of a package's tests.
fn tests(folder: &Path) -> Result<String> {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with("_test.go") {
            text.push_str(&std::fs::read_to_string(path)?);
        }
    }
    Ok(text)
}

/// An archive with some entries of another. None if that has no entries that are stored as they are.
fn part(all: &[u8], wanted: impl Fn(&str) -> bool) -> Option<Vec<u8>> {
    let end = all.get(all.len().checked_sub(END)?..)?;
    let (mut out, mut lines, mut count) = (Vec::new(), Vec::new(), 0u16);
    let mut at = four(end, 16)?;
    for _ in 0..two(end, 10)? {
        let name_length = two(all, at + 28)?;
        let line = all.get(at..at + LINE + name_length + two(all, at + 30)? + two(all, at + 32)?)?;
        at += line.len();
        let name = std::str::from_utf8(&line[LINE..LINE + name_length]).ok()?;
        if two(line, 10)? != 0 {
            return None;
        }
        if wanted(name) {
            let start = four(line, 42)?;
            let length = HEADER + two(all, start + 26)? + two(all, start + 28)? + four(line, 24)?;
            lines.extend(&line[..42]);
            lines.extend(u32::try_from(out.len()).ok()?.to_le_bytes());
            lines.extend(&line[LINE..]);
            out.extend(all.get(start..start + length)?);
            count += 1;
        }
    }
    let (size, start) = (u32::try_from(lines.len()).ok()?, u32::try_from(out.len()).ok()?);
    out.extend(lines);
    out.extend(&end[..8]);
    out.extend([count, count].iter().flat_map(|n| n.to_le_bytes()));
    out.extend([size, start].iter().flat_map(|n| n.to_le_bytes()));
    out.extend([0, 0]); // no comment
    Some(out)
}

fn two(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn four(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}
