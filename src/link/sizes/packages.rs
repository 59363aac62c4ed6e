//! Which package takes how much: the table of `-size=full`.
//!
//! A byte of code belongs to the package whose source line made it, so an inlined function counts where it was
//! written; without debug information, and for data, to the package in the symbol's name.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use object::{Object, ObjectSection, ObjectSymbol};

use super::{Kind, Sizes, allocated};
use crate::image::wasm;

/// The largest alignment that bytes without owner may be the gap of.
const LARGEST_ALIGNMENT: u64 = 16;
const PADDING: &str = "(padding)";
const STACK: &str = "(stack)";
/// Descriptors of types without a name.
const TYPES: &str = "(types)";
const UNKNOWN: &str = "(unknown)";

/// Sizes by import path, and by names in parentheses for what is in no package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packages {
    pub rows: BTreeMap<String, Sizes>,
    /// Whether the file had debug information (WebAssembly: names). Without, inlined code counts for the package it
    /// was inlined into, and the table deserves a warning.
    pub debug: bool,
}

impl Packages {
    pub fn total(&self) -> Sizes {
        let mut total = Sizes::default();
        for sizes in self.rows.values() {
            total.code += sizes.code;
            total.rodata += sizes.rodata;
            total.data += sizes.data;
            total.bss += sizes.bss;
            total.stack += sizes.stack;
        }
        total
    }

    fn add(&mut self, owner: &str, kind: Kind, bytes: u64) {
        if bytes == 0 {
            return;
        }
        match self.rows.get_mut(owner) {
            Some(sizes) => sizes.add(kind, bytes),
            None => self.rows.entry(owner.to_string()).or_default().add(kind, bytes),
        }
    }
}

impl fmt::Display for Packages {
    /// The table of `-size=full`.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "   code  rodata    data     bss |   flash     ram | package")?;
        writeln!(f, "------------------------------- | --------------- | -------")?;
        let mut row = |sizes: &Sizes, name: &str| {
            let Sizes { code, rodata, data, bss, stack } = sizes;
            let (bss, flash, ram) = (bss + stack, sizes.flash(), sizes.ram());
            writeln!(f, "{code:7} {rodata:7} {data:7} {bss:7} | {flash:7} {ram:7} | {name}")
        };
        self.rows.iter().try_for_each(|(name, sizes)| row(sizes, name))?;
        row(&self.total(), "total")
    }
}

/// Measures a linked ELF file or WebAssembly module package by package. `of_file` tells the import path of a source
/// file as the debug information names it.
pub fn measure(file: &[u8], of_file: &dyn Fn(&Path) -> Option<String>) -> Result<Packages, String> {
    match object::FileKind::parse(file) {
        Ok(object::FileKind::Elf32 | object::FileKind::Elf64) => measure_elf(file, of_file),
        Ok(object::FileKind::Wasm) => measure_wasm(file),
        _ => Err("neither an ELF file nor a WebAssembly module".to_string()),
    }
}

/// What the names of type descriptors and of what hangs on them begin with.
const DESCRIPTORS: [&str; 5] = ["type:eq.", "type:hash.", "type:", "itab:", "reflect$calls "];

/// The import path in the name of a function or variable: `(*net/http.Client).Do`, `main.f[int]`, `runtime.heap`.
pub fn of_symbol(symbol: &str) -> Option<&str> {
    // Type descriptors and method tables belong to the package of the type, if it has a name.
    if let Some(described) = DESCRIPTORS.iter().find_map(|prefix| symbol.strip_prefix(prefix)) {
        let name = described.trim_start_matches(['(', '*']);
        let name = &name[..name.find([' ', ',', '[', '{', '(']).unwrap_or(name.len())];
        return Some(of_symbol(name).unwrap_or(TYPES));
    }
    let name = symbol.trim_start_matches(['(', '*']);
    // What follows are type arguments, with import paths of their own.
    let plain = &name[..name.find('[').unwrap_or(name.len())];
    let element = plain.rfind('/').map_or(0, |slash| slash + 1);
    let mut dot = plain[element..].find('.')?;
    // gopkg.in keeps versions in the last element: gopkg.in/yaml.v3.
    if let Some(version) = plain[element + dot..].strip_prefix(".v")
        && let Some(end) = version.find('.')
        && end > 0
        && version[..end].bytes().all(|byte| byte.is_ascii_digit())
    {
        dot += ".v".len() + end;
    }
    let package = &name[..element + dot];
    (dot > 0 && !package.starts_with('.')).then_some(package)
}

fn measure_elf(bytes: &[u8], of_file: &dyn Fn(&Path) -> Option<String>) -> Result<Packages, String> {
    let file = object::File::parse(bytes).map_err(|error| format!("broken ELF file: {error}"))?;
    let lines = lines(&file).map_err(|error| format!("broken debug information: {error}"))?;
    let mut packages = Packages { debug: !lines.is_empty(), ..Packages::default() };
    // Names are kept once; a byte of the program refers to its owner by index.
    let mut owners = Owners::default();
    let symbols = symbols(&file, &mut owners);
    let mut known: BTreeMap<&Path, Option<u32>> = BTreeMap::new();
    let mut owned_lines: Vec<(&Range<u64>, u32)> = Vec::new();
    for (range, path) in &lines {
        let owner = known.entry(path).or_insert_with(|| of_file(path).map(|name| owners.index(&name)));
        owned_lines.extend(owner.map(|owner| (range, owner)));
    }
    for (section, kind) in allocated(&file) {
        let place = section.address()..section.address().saturating_add(section.size());
        let pieces = symbols.iter().filter(|(index, _, _)| *index == section.index());
        let pieces = pieces.map(|(_, range, owner)| (range, *owner));
        if section.file_range().is_none() {
            // Zeroed memory can be larger than this machine has, so it is not laid out byte by byte.
            let mut left = section.size();
            for (range, owner) in pieces {
                let size = (range.end - range.start).min(left);
                packages.add(owners.name(owner), kind, size);
                left -= size;
            }
            let rest = match kind {
                Kind::Stack => STACK,
                _ if left < LARGEST_ALIGNMENT => PADDING,
                _ => UNKNOWN,
            };
            packages.add(rest, kind, left);
            continue;
        }
        let size = section.data().map_or(0, <[u8]>::len);
        let mut map: Vec<Option<u32>> = vec![None; size];
        // Lines come after symbols and have the last word.
        for (range, owner) in pieces.chain(owned_lines.iter().copied()) {
            let (start, end) = (range.start.max(place.start), range.end.min(place.end));
            if start < end
                && let Some(part) = map.get_mut((start - place.start) as usize..(end - place.start) as usize)
            {
                part.fill(Some(owner));
            }
        }
        let mut end = place.start;
        for run in map.chunk_by(|a, b| a == b) {
            end += run.len() as u64;
            let name = match run[0] {
                Some(owner) => owners.name(owner),
                None if is_padding(run.len() as u64, end) => PADDING,
                None => UNKNOWN,
            };
            packages.add(name, kind, run.len() as u64);
        }
    }
    Ok(packages)
}

/// Whether `size` bytes before the address `end` are no more than what aligning `end` takes.
fn is_padding(size: u64, end: u64) -> bool {
    let alignment = (size + 1).next_power_of_two();
    alignment <= LARGEST_ALIGNMENT && end.is_multiple_of(alignment)
}

#[derive(Default)]
struct Owners {
    names: Vec<String>,
    indices: BTreeMap<String, u32>,
}

impl Owners {
    fn index(&mut self, name: &str) -> u32 {
        if let Some(&index) = self.indices.get(name) {
            return index;
        }
        let index = self.names.len() as u32;
        self.names.push(name.to_string());
        self.indices.insert(name.to_string(), index);
        index
    }

    fn name(&self, index: u32) -> &str {
        &self.names[index as usize]
    }
}

type Piece = (object::SectionIndex, Range<u64>, u32);

/// Symbols with a size and a package, in the order of their addresses.
fn symbols(file: &object::File, owners: &mut Owners) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    // A Thumb function's address carries bit 0 (ELF for the Arm Architecture, section 5.5.3).
    let thumb = matches!(file.architecture(), object::Architecture::Arm);
    for symbol in file.symbols() {
        let (Some(section), Ok(name)) = (symbol.section_index(), symbol.name()) else { continue };
        let Some(package) = of_symbol(name) else { continue };
        let code = symbol.kind() == object::SymbolKind::Text;
        let start = symbol.address() & if thumb && code { !1 } else { !0 };
        let end = start.saturating_add(symbol.size());
        if start < end {
            pieces.push((section, start..end, owners.index(package)));
        }
    }
    pieces.sort_by_key(|(_, range, _)| (range.start, range.end));
    // Two names for one place count once.
    pieces.dedup_by(|a, b| a.1 == b.1);
    pieces
}

/// Ranges of code with the source file of each, from the line tables.
fn lines(file: &object::File) -> Result<Vec<(Range<u64>, PathBuf)>, gimli::Error> {
    let endian =
        if file.is_little_endian() { gimli::RunTimeEndian::Little } else { gimli::RunTimeEndian::Big };
    let load = |id: gimli::SectionId| -> Result<_, gimli::Error> {
        let data = file.section_by_name(id.name()).and_then(|section| section.data().ok()).unwrap_or(&[]);
        Ok(gimli::EndianSlice::new(data, endian))
    };
    let dwarf = gimli::Dwarf::load(load)?;
    let mut lines = Vec::new();
    let mut units = dwarf.units();
    while let Some(header) = units.next()? {
        let unit = dwarf.unit(header)?;
        let Some(program) = unit.line_program.clone() else { continue };
        let mut rows = program.rows();
        let mut open: Option<(u64, u64)> = None;
        while let Some((header, row)) = rows.next_row()? {
            if let Some((start, number)) = open.take()
                && start < row.address()
                && let Some(path) = path(&dwarf, &unit, header, number)
            {
                lines.push((start..row.address(), path));
            }
            if !row.end_sequence() {
                open = Some((row.address(), row.file_index()));
            }
        }
    }
    Ok(lines)
}

fn path<R: gimli::Reader>(
    dwarf: &gimli::Dwarf<R>,
    unit: &gimli::Unit<R>,
    header: &gimli::LineProgramHeader<R>,
    number: u64,
) -> Option<PathBuf> {
    let text = |value| -> Option<String> {
        Some(dwarf.attr_string(unit, value).ok()?.to_string_lossy().ok()?.into_owned())
    };
    let file = header.file(number)?;
    let mut path = PathBuf::new();
    if let Some(directory) = &unit.comp_dir {
        path.push(directory.to_string_lossy().ok()?.as_ref());
    }
    if let Some(directory) = file.directory(header).and_then(text) {
        path.push(directory);
    }
    path.push(text(file.path_name())?);
    Some(path)
}

/// Functions by the custom section `name` (core specification, appendix "Custom Sections"); data has no names.
fn measure_wasm(module: &[u8]) -> Result<Packages, String> {
    const IMPORT: u8 = 2;
    const CODE: u8 = 10;
    const DATA: u8 = 11;
    let broken = "broken WebAssembly module";
    let mut packages = Packages::default();
    let mut names = BTreeMap::new();
    let mut imported = 0;
    let sections = wasm::sections(module)?;
    for section in &sections {
        match section.id {
            IMPORT => imported = imported_functions(section.data).ok_or(broken)?,
            wasm::CUSTOM => names.extend(function_names(section.data).unwrap_or_default()),
            _ => {}
        }
    }
    packages.debug = !names.is_empty();
    for section in &sections {
        let mut other = section.whole.len() as u64;
        if section.id == CODE {
            let mut reader = wasm::Reader(section.data);
            for index in 0..reader.number().ok_or(broken)? {
                let before = reader.0.len();
                reader.bytes().ok_or(broken)?;
                let size = (before - reader.0.len()) as u64;
                other = other.saturating_sub(size);
                let name = imported.checked_add(index).and_then(|index| names.get(&index));
                let owner = name.and_then(|name| of_symbol(name)).unwrap_or(UNKNOWN);
                packages.add(owner, Kind::Code, size);
            }
        }
        match section.id {
            wasm::CUSTOM => {}
            DATA => packages.add(UNKNOWN, Kind::Data, other),
            _ => packages.add("(module)", Kind::Code, other),
        }
    }
    packages.add(STACK, Kind::Stack, super::measure(module)?.stack);
    Ok(packages)
}

fn imported_functions(imports: &[u8]) -> Option<u32> {
    const FUNCTION: u8 = 0;
    const TABLE: u8 = 1;
    const MEMORY: u8 = 2;
    const GLOBAL: u8 = 3;
    let mut reader = wasm::Reader(imports);
    let mut functions = 0;
    for _ in 0..reader.number()? {
        reader.bytes()?;
        reader.bytes()?;
        let kind = reader.byte()?;
        match kind {
            FUNCTION => {
                reader.number()?;
                functions += 1;
            }
            TABLE | MEMORY => {
                if kind == TABLE {
                    reader.byte()?;
                }
                let has_maximum = reader.byte()? & 1 != 0;
                reader.number()?;
                if has_maximum {
                    reader.number()?;
                }
            }
            GLOBAL => {
                reader.byte()?;
                reader.byte()?;
            }
            _ => return None,
        }
    }
    Some(functions)
}

/// None for another custom section.
fn function_names(custom: &[u8]) -> Option<BTreeMap<u32, String>> {
    const FUNCTIONS: u8 = 1;
    let mut reader = wasm::Reader(custom);
    if reader.bytes()? != b"name" {
        return None;
    }
    let mut names = BTreeMap::new();
    while let Some(id) = reader.byte() {
        let mut part = wasm::Reader(reader.bytes()?);
        if id == FUNCTIONS {
            for _ in 0..part.number()? {
                let index = part.number()?;
                names.insert(index, String::from_utf8_lossy(part.bytes()?).into_owned());
            }
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_of_symbols() {
        let cases = [
            ("main.main", Some("main")),
            ("(*net/http.Client).Do", Some("net/http")),
            ("(main.T).String", Some("main")),
            ("slices.Sort[[]example.com/x.T]", Some("slices")),
            ("example.com/x/y.F·1", Some("example.com/x/y")),
            ("gopkg.in/yaml.v3.Node", Some("gopkg.in/yaml.v3")),
            ("main.v2", Some("main")),
            ("type:*net/http.Client", Some("net/http")),
            ("type:func(int) time.Time", Some("(types)")),
            ("type:eq.(main.T)", Some("main")),
            ("itab:*os.fileStat,io/fs.FileInfo", Some("os")),
            ("type:[]fmt.State", Some("(types)")),
            ("memcpy", None),
            (".Lstr", None),
            ("_start", None),
        ];
        for (symbol, package) in cases {
            assert_eq!(of_symbol(symbol), package, "{symbol}");
        }
    }

    #[test]
    fn the_full_table() {
        let mut packages = Packages::default();
        packages.add("runtime", Kind::Code, 300);
        packages.add("main", Kind::Code, 20);
        packages.add("main", Kind::Rodata, 5);
        packages.add("(stack)", Kind::Stack, 512);
        let expected = "   code  rodata    data     bss |   flash     ram | package
------------------------------- | --------------- | -------
      0       0       0     512 |       0     512 | (stack)
     20       5       0       0 |      25       0 | main
    300       0       0       0 |     300       0 | runtime
    320       5       0     512 |     325     512 | total
";
        assert_eq!(packages.to_string(), expected);
    }
}
