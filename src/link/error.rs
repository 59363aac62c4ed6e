//! What can go wrong in a link, as data, read from what lld prints.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Symbols that no object defines, in lld's order.
    #[error("{}", lines(.0))]
    Undefined(Vec<Undefined>),
    #[error("{}", lines(.0))]
    Duplicate(Vec<Duplicate>),
    /// Regions of the linker script that are too small, the largest lack first.
    #[error("program too large for this chip ({})", list(.0))]
    TooLarge(Vec<Overflow>),
    /// Any other complaint of lld, in its words.
    #[error("{0}")]
    Lld(String),
    #[error("the linker crashed: {0}")]
    Crashed(String),
    /// The job contradicts itself, or lld made something that cannot be read.
    #[error("{0}")]
    Invalid(String),
    #[error("cannot {what} {}: {source}", .path.display())]
    Io { what: &'static str, path: PathBuf, source: io::Error },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undefined {
    pub symbol: String,
    /// Empty when the name comes from an argument (entry, defsym).
    pub references: Vec<Reference>,
}

/// A place that refers to a symbol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// `file.go:6` where debug information tells.
    pub source: Option<String>,
    /// The object's name in the job.
    pub object: String,
    /// The function, or section and offset, that holds the reference (not known for WebAssembly).
    pub within: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    pub symbol: String,
    pub places: Vec<Reference>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overflow {
    /// As the script's MEMORY command calls it.
    pub region: String,
    pub by_bytes: u64,
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.references.is_empty() {
            return write!(f, "linker could not find symbol {}", self.symbol);
        }
        let places = self
            .references
            .iter()
            .map(|place| format!("{place}: linker could not find symbol {}", self.symbol));
        f.write_str(&places.collect::<Vec<_>>().join("\n"))
    }
}

impl fmt::Display for Duplicate {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "symbol {} is defined more than once", self.symbol)?;
        self.places.iter().try_for_each(|place| write!(f, "\n\t{place}"))
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match (&self.source, &self.within) {
            (Some(source), _) => f.write_str(source),
            (None, Some(within)) => write!(f, "{}:({within})", self.object),
            (None, None) => f.write_str(&self.object),
        }
    }
}

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} overflowed by {} bytes", self.region, self.by_bytes)
    }
}

fn lines<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join("\n")
}

fn list<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

impl Error {
    pub(crate) fn io(what: &'static str, path: &Path, source: io::Error) -> Error {
        Error::Io { what, path: path.to_path_buf(), source }
    }

    /// Reads lld's text. Of several kinds the first below is told: a missing symbol also changes sizes, so it goes
    /// before a region that is too small.
    pub(crate) fn from_lld(text: &str) -> Error {
        let mut undefined: Vec<Undefined> = Vec::new();
        let mut duplicate: Vec<Duplicate> = Vec::new();
        let mut overflows: Vec<Overflow> = Vec::new();
        let mut other: Vec<String> = Vec::new();
        for message in messages(text, "error: ") {
            if let Some(found) = read_undefined(&message) {
                // wasm-ld writes one message for each reference.
                match undefined.iter_mut().find(|known| known.symbol == found.symbol) {
                    Some(known) => known.references.extend(found.references),
                    None => undefined.push(found),
                }
            } else if let Some(found) = read_duplicate(&message) {
                duplicate.push(found);
            } else if let Some(found) = read_overflow(&message) {
                // One message for each section beyond the end, each with the sum so far.
                match overflows.iter_mut().find(|known| known.region == found.region) {
                    Some(known) => known.by_bytes = known.by_bytes.max(found.by_bytes),
                    None => overflows.push(found),
                }
            } else {
                other.push(message.join("\n"));
            }
        }
        overflows.sort_by(|a, b| b.by_bytes.cmp(&a.by_bytes).then_with(|| a.region.cmp(&b.region)));
        if !undefined.is_empty() {
            Error::Undefined(undefined)
        } else if !duplicate.is_empty() {
            Error::Duplicate(duplicate)
        } else if !other.is_empty() {
            Error::Lld(other.join("\n"))
        } else if !overflows.is_empty() {
            Error::TooLarge(overflows)
        } else {
            Error::Lld(text.trim().to_string())
        }
    }
}

/// The warnings in lld's text, one an item. A missing entry is only a warning to ld.lld, but then nothing is live
/// and the program empty.
pub(crate) fn warnings(text: &str) -> Result<Vec<String>, Error> {
    let warnings = messages(text, "warning: ").into_iter().map(|message| message.join("\n"));
    let one = |warning: String| {
        let entry = warning.strip_prefix("cannot find entry symbol ").and_then(|rest| rest.split(';').next());
        match entry {
            Some(entry) => {
                Err(Error::Undefined(vec![Undefined { symbol: entry.to_string(), references: vec![] }]))
            }
            None => Ok(warning),
        }
    };
    warnings.map(one).collect()
}

/// Messages of one severity: the first line without `ld.lld: error: `, continuation lines without `>>> `.
fn messages(text: &str, severity: &str) -> Vec<Vec<String>> {
    let mut messages: Vec<Vec<String>> = Vec::new();
    let mut wanted = false;
    for line in text.lines() {
        let start = ["ld.lld: ", "wasm-ld: "].iter().find_map(|program| line.strip_prefix(program));
        if let Some(start) = start {
            wanted = start.starts_with(severity);
            if wanted {
                messages.push(vec![start[severity.len()..].to_string()]);
            }
        } else if let Some(more) = line.strip_prefix(">>>")
            && wanted
            && let Some(message) = messages.last_mut()
        {
            message.push(more.trim().to_string());
        }
    }
    messages
}

fn read_undefined(message: &[String]) -> Option<Undefined> {
    let first = &message[0];
    // wasm-ld: "object: undefined symbol: name"; ld.lld: "undefined symbol: name", or "undefined hidden symbol: name".
    if let Some((object, symbol)) = first.split_once(": undefined symbol: ") {
        let reference = Reference { source: None, object: object.to_string(), within: None };
        return Some(Undefined { symbol: symbol.to_string(), references: vec![reference] });
    }
    if let Some(symbol) = first.strip_prefix("entry symbol not defined (pass --no-entry to suppress): ") {
        return Some(Undefined { symbol: symbol.to_string(), references: vec![] });
    }
    let symbol = first.strip_prefix("undefined ")?;
    let (_, symbol) = symbol.split_once("symbol: ")?;
    Some(Undefined { symbol: symbol.to_string(), references: places(&message[1..], "referenced by ") })
}

fn read_duplicate(message: &[String]) -> Option<Duplicate> {
    let symbol = message[0].strip_prefix("duplicate symbol: ")?.to_string();
    let places = places(&message[1..], "defined ");
    Some(Duplicate { symbol, places })
}

/// `section '.text' will not fit in region 'FLASH': overflowed by 2008 bytes`
fn read_overflow(message: &[String]) -> Option<Overflow> {
    let (_, rest) = message[0].split_once("will not fit in region '")?;
    let (region, rest) = rest.split_once("': overflowed by ")?;
    let by_bytes = rest.strip_suffix(" bytes")?.parse().ok()?;
    Some(Overflow { region: region.to_string(), by_bytes })
}

/// Reads `referenced by object:(function)`, or with debug information the two lines
/// `referenced by file.go:6 (/path/file.go:6)` and `object:(function)`.
fn places(lines: &[String], word: &str) -> Vec<Reference> {
    let mut places = Vec::new();
    let mut source: Option<String> = None;
    for line in lines {
        let new = line.strip_prefix(word);
        let place =
            new.map_or(line.as_str(), |place| place.trim_start_matches("at ").trim_start_matches("in "));
        if let Some((file, path)) = place.split_once(" (")
            && new.is_some()
            && !file.ends_with(':')
        {
            source = Some(path.strip_suffix(')').unwrap_or(file).to_string());
            continue;
        }
        if new.is_none() && source.is_none() {
            // Advice such as "did you mean", or "referenced 7 more times".
            continue;
        }
        let (object, within) = match place.split_once(":(") {
            Some((object, within)) => (object, Some(within.strip_suffix(')').unwrap_or(within).to_string())),
            None => (place, None),
        };
        places.push(Reference { source: source.take(), object: object.to_string(), within });
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undefined_symbols_with_and_without_lines() {
        let text = "ld.lld: error: undefined symbol: main.foo\n\
                    >>> referenced by main.go:6 (/tmp/x/main.go:6)\n\
                    >>>               main.o:(main.main)\n\
                    >>> referenced by start.o:(.text._start+0x4)\n\
                    >>> referenced 3 more times\n\
                    >>> did you mean: main.fo\n";
        let Error::Undefined(found) = Error::from_lld(text) else { panic!() };
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].symbol, "main.foo");
        let expected =
            [(Some("/tmp/x/main.go:6"), "main.o", "main.main"), (None, "start.o", ".text._start+0x4")].map(
                |(source, object, within)| Reference {
                    source: source.map(str::to_string),
                    object: object.to_string(),
                    within: Some(within.to_string()),
                },
            );
        assert_eq!(found[0].references, expected);
        assert_eq!(
            Error::from_lld(text).to_string(),
            "/tmp/x/main.go:6: linker could not find symbol main.foo\n\
             start.o:(.text._start+0x4): linker could not find symbol main.foo"
        );
    }

    #[test]
    fn overflow_counts_the_worst_section_of_each_region() {
        let text = "ld.lld: error: section '.text' will not fit in region 'FLASH': overflowed by 8 bytes\n\
                    ld.lld: error: section '.rodata' will not fit in region 'FLASH': overflowed by 20 bytes\n\
                    ld.lld: error: section '.stack' will not fit in region 'RAM': overflowed by 1024 bytes\n";
        assert_eq!(
            Error::from_lld(text).to_string(),
            "program too large for this chip (RAM overflowed by 1024 bytes, FLASH overflowed by 20 bytes)"
        );
    }

    #[test]
    fn anything_else_is_told_in_lld_s_words() {
        let text = "ld.lld: warning: w\nld.lld: error: script.ld:3: unexpected token\n>>> FOO\n";
        let Error::Lld(told) = Error::from_lld(text) else { panic!() };
        assert_eq!(told, "script.ld:3: unexpected token\nFOO");
        assert_eq!(warnings(text).unwrap(), ["w"]);
    }
}
