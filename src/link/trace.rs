//! The table by which a program knows its own calls: what stands at a return address, and how large the frame around it
//! is. `runtime/calls.go` reads it for `runtime.Callers`, and for the trace of a panic.
//!
//! It is made of the debug information of the linked program: a program that refers to [`SYMBOL`] is linked with an empty
//! section, which lies behind everything else, so that nothing moves when [`table`] comes into it.
//!
//! All numbers are little endian, offsets count from the start of the table:
//!
//! | bytes | what |
//! | --- | --- |
//! | 4, 4, 4, 4 | number of functions; offsets of nodes, of texts, of the end |
//! | 8 | address that the functions' addresses are relative to |
//! | 8 each | a function: its address, the offset of its rows; at last the end of the code, and 0 |
//! | 16 each | a node: name (a text; with the highest bit: made by the compiler, not to be shown), node of the function that it was inlined into (0: none), file and line of that call |
//! | | texts: a length (LEB128) and bytes |
//!
//! A function's rows begin with its node, file and line. A row is a byte that says what it holds, the distance from the
//! row before, and then what has changed since: node, file, line (differences), frame size in bytes without the return
//! address (plus one; 0: unknown). Numbers are LEB128, differences in zigzag. The rows end with a byte 0.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::hash::Hash;

use addr2line::gimli::{self, CfaRule, UnwindSection};
use object::{Object, ObjectSection};
use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use rustc_hash::FxHashMap;

/// What the table is called.
pub const SYMBOL: &str = "runtime_callTable";
/// The section that it is in.
pub const SECTION: &str = ".calltable";

/// So few functions are not worth another look at the debug information.
const SMALLEST_SHARE: usize = 128;

/// Bytes before the functions.
const HEADER: usize = 24;

const NODE: u8 = 1;
const FILE: u8 = 2;
const LINE: u8 = 4;
const FRAME: u8 = 8;
/// In a node's name: not to be shown.
const HIDDEN: u32 = 1 << 31;
/// Set in each row, as 0 is the end.
const ROW: u8 = 16;

type Reader<'a> = gimli::EndianSlice<'a, gimli::LittleEndian>;

/// The object file's text for the assembler, with a table that is still to be made: no more than its beginning.
pub fn assembly() -> String {
    format!(
        "\t.section {SECTION}, \"a\", %progbits\n\t.p2align 3\n\t.globl {SYMBOL}\n{SYMBOL}:\n\t.zero {HEADER}\n"
    )
}

/// The table for a linked ELF program that has debug information.
pub fn table(program: &[u8]) -> Result<Vec<u8>, String> {
    let file = object::File::parse(program).map_err(|e| e.to_string())?;
    let section =
        |name: &str| -> &[u8] { file.section_by_name(name).and_then(|s| s.data().ok()).unwrap_or_default() };
    let word = if file.is_64() { 8 } else { 4 };
    let functions = frames(section(".debug_frame"), word).map_err(|e| e.to_string())?;

    // What is known of the lines is found out when it is asked for, and so not shared: each thread has a part of the
    // functions.
    let listed: Vec<(u64, &Function)> =
        functions.iter().map(|(&start, function)| (start, function)).collect();
    let share = listed.len().div_ceil(rayon::current_num_threads()).max(SMALLEST_SHARE);
    let parts: Vec<Result<Part, gimli::Error>> = listed
        .par_chunks(share)
        .map(|functions| {
            let load = |id: gimli::SectionId| {
                Ok::<_, gimli::Error>(Reader::new(section(id.name()), gimli::LittleEndian))
            };
            let lines = addr2line::Context::from_dwarf(gimli::Dwarf::load(load)?)?;
            let mut part = Part::default();
            functions.iter().try_for_each(|&(start, function)| part.function(&lines, start, function))?;
            Ok(part)
        })
        .collect();

    let base = functions.keys().next().copied().unwrap_or_default();
    let end = functions.values().map(|function| function.end).max().unwrap_or_default();
    let mut tables = Tables::new();
    let mut last = base;
    for part in parts {
        let part = part.map_err(|e| e.to_string())?;
        let numbers = tables.numbers(&part);
        for (start, rows) in &part.functions {
            if *start > last {
                // Assembly, of which nothing is known.
                tables.functions.push([(last - base) as u32, 0]);
            }
            tables.functions.push([(start - base) as u32, tables.rows.len() as u32 + 1]);
            tables.function(*start, rows, &numbers);
            last = functions[start].end;
        }
    }
    Ok(tables.bytes(base, (end - base) as u32))
}

/// A function's frame sizes.
struct Function {
    end: u64,
    /// From which address on the caller's frame begins how far above the stack pointer; `None`: not told.
    sizes: Vec<(u64, Option<u64>)>,
}

/// The functions of the program by their addresses.
fn frames(section: &[u8], word: u8) -> Result<BTreeMap<u64, Function>, gimli::Error> {
    let mut frames = gimli::DebugFrame::new(section, gimli::LittleEndian);
    frames.set_address_size(word);
    let bases = gimli::BaseAddresses::default();
    let mut context = gimli::UnwindContext::new();
    let mut functions = BTreeMap::new();
    let mut entries = frames.entries(&bases);
    while let Some(entry) = entries.next()? {
        let gimli::CieOrFde::Fde(partial) = entry else { continue };
        let description = partial.parse(gimli::DebugFrame::cie_from_offset)?;
        // What the linker dropped lies at 0.
        if description.initial_address() == 0 || description.len() == 0 {
            continue;
        }
        let mut sizes = Vec::new();
        let mut rows = description.rows(&frames, &bases, &mut context)?;
        while let Some(row) = rows.next_row()? {
            let size = match row.cfa() {
                &CfaRule::RegisterAndOffset { register, offset } if register == gimli::X86_64::RSP => {
                    u64::try_from(offset).ok()
                }
                _ => None,
            };
            sizes.push((row.start_address(), size));
        }
        let start = description.initial_address();
        functions.insert(start, Function { end: start + description.len(), sizes });
    }
    Ok(functions)
}

/// One place in a function.
#[derive(Clone, Copy, Default, PartialEq)]
struct Row {
    node: u32,
    file: u32,
    line: u32,
    size: u64,
}

/// Functions of the runtime between a deferred call and what Go shows as its caller, and before the program begins.
const BETWEEN: [&str; 5] =
    ["runtime.deferReturn", "runtime.run", "runtime.runPanic", "runtime.raise", "runtime.initAll"];

/// Whether a function is not to be shown: the compiler made it to call another one, or the port's start-up code does.
fn is_hidden(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name);
    last.contains('$') || ir::names::is_deferred(name) || last.len() == name.len() || BETWEEN.contains(&name)
}

/// A function's name as Go shows it, of ours: `p.(*T).m[int]$bound`, `p.x$init.func1`, `p.f.range2`.
fn shown(name: &str) -> String {
    let arguments = name.find('[').unwrap_or(name.len());
    let (path, name) = name.split_at(name[..arguments].rfind('/').map_or(0, |at| at + 1));
    let (package, name) = name.split_once('.').unwrap_or(("", name));
    let name = match name.split_once("$init") {
        Some((_, rest)) => format!("init{rest}"),
        None => name.split('$').next().unwrap_or(name).to_owned(),
    };
    let (name, inner) = split_arguments(&name);
    let name = match (inner, name.rsplit_once('.')) {
        (None, _) => name,
        (Some(inner), None) => format!("{name}[...]{inner}"),
        // Go writes the arguments behind the type.
        (Some(inner), Some((receiver, method))) => match receiver.strip_suffix(')') {
            Some(receiver) => format!("{receiver}[...]).{method}{inner}"),
            None => format!("{receiver}[...].{method}{inner}"),
        },
    };
    let name = name.replace(".range", "-range");
    // Literals inside of literals have numbers only.
    let mut inside = false;
    let parts: Vec<&str> = name
        .split('.')
        .map(|part| {
            let number = part.strip_prefix("func").filter(|n| is_number(n));
            let shown = number.filter(|_| inside).unwrap_or(part);
            inside = number.is_some();
            shown
        })
        .collect();
    format!("{path}{package}.{}", parts.join("."))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// What stands before the first type arguments of a name and, if there are any, what stands behind them; more of them
/// are left out.
fn split_arguments(name: &str) -> (String, Option<String>) {
    let (mut before, mut behind) = (String::new(), None::<String>);
    let mut depth = 0;
    for c in name.chars() {
        match c {
            '[' => {
                depth += 1;
                behind.get_or_insert_default();
            }
            ']' => depth -= 1,
            _ if depth == 0 => behind.as_mut().unwrap_or(&mut before).push(c),
            _ => {}
        }
    }
    (before, behind)
}

/// Appends a number in LEB128.
fn number(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Things by numbers, in the order in which they were first asked for. Number 0 stands for none.
struct Numbered<T> {
    list: Vec<T>,
    numbers: FxHashMap<T, u32>,
}

impl<T: Default> Default for Numbered<T> {
    fn default() -> Numbered<T> {
        Numbered { list: vec![T::default()], numbers: FxHashMap::default() }
    }
}

impl<T: Default + Eq + Hash> Numbered<T> {
    fn number<Q>(&mut self, thing: &Q) -> u32
    where
        T: Borrow<Q>,
        Q: ToOwned<Owned = T> + Eq + Hash + ?Sized,
    {
        if *self.list[0].borrow() == *thing {
            return 0;
        }
        if let Some(&known) = self.numbers.get(thing) {
            return known;
        }
        let number = self.list.len() as u32;
        self.list.push(thing.to_owned());
        self.numbers.insert(thing.to_owned(), number);
        number
    }
}

/// Functions, each where it was inlined: name, outer node, file, line.
type Nodes = Numbered<[u32; 4]>;

/// Where a string stands in memory.
type Place = (usize, usize);

/// What is known of some of the functions. Its nodes and texts have numbers of their own.
#[derive(Default)]
struct Part {
    /// Address and rows, each with its own address.
    functions: Vec<(u64, Vec<(u64, Row)>)>,
    nodes: Nodes,
    texts: Numbered<String>,
    /// What a node says of a function, by the place of its name in the debug information.
    names: FxHashMap<Place, u32>,
    /// The texts of files, by the places of their names in what is known of the lines.
    files: FxHashMap<Place, u32>,
}

impl Part {
    fn function(
        &mut self,
        lines: &addr2line::Context<Reader>,
        start: u64,
        function: &Function,
    ) -> Result<(), gimli::Error> {
        let mut sizes = function.sizes.iter().peekable();
        let mut size = None;
        let mut addresses: Vec<u64> = function.sizes.iter().map(|&(at, _)| at).collect();
        addresses.extend(lines.find_location_range(start, function.end)?.map(|(at, ..)| at.max(start)));
        addresses.push(start);
        addresses.sort_unstable();
        addresses.dedup();
        let mut rows: Vec<(u64, Row)> = Vec::with_capacity(addresses.len());
        for at in addresses {
            while let Some(&(_, new)) = sizes.next_if(|(from, _)| *from <= at) {
                size = new;
            }
            let row = Row { size: size.map_or(0, |size| size + 1), ..self.place(lines, at)? };
            if rows.last().is_none_or(|&(_, last)| last != row) {
                rows.push((at, row));
            }
        }
        self.functions.push((start, rows));
        Ok(())
    }

    /// What stands at an address, but for the frame size.
    fn place(&mut self, lines: &addr2line::Context<Reader>, at: u64) -> Result<Row, gimli::Error> {
        let mut frames = lines.find_frames(at).skip_all_loads()?;
        // Innermost first.
        let mut chain = Vec::new();
        while let Some(frame) = frames.next()? {
            let name = match &frame.function {
                Some(function) => self.name(function.name),
                None => self.name(Reader::new(&[], gimli::LittleEndian)),
            };
            let (file, line) = match &frame.location {
                Some(location) => (location.file.unwrap_or_default(), location.line.unwrap_or_default()),
                None => ("", 0),
            };
            chain.push((name, self.file(file), line));
        }
        let Some(&(_, file, line)) = chain.first() else { return Ok(Row::default()) };
        let mut node = 0;
        let mut call = (0, 0);
        for &(name, file, line) in chain.iter().rev() {
            node = self.nodes.number(&[name, node, call.0, call.1]);
            call = (file, line);
        }
        Ok(Row { node, file, line, size: 0 })
    }

    /// What a node says of a function of ours.
    fn name(&mut self, name: Reader) -> u32 {
        let place = (name.slice().as_ptr() as usize, name.len());
        if let Some(&known) = self.names.get(&place) {
            return known;
        }
        let name = String::from_utf8_lossy(name.slice());
        let hidden = if is_hidden(&name) { HIDDEN } else { 0 };
        let text = self.texts.number(shown(&name).as_str()) | hidden;
        self.names.insert(place, text);
        text
    }

    fn file(&mut self, file: &str) -> u32 {
        let place = (file.as_ptr() as usize, file.len());
        if let Some(&known) = self.files.get(&place) {
            return known;
        }
        let text = self.texts.number(file);
        self.files.insert(place, text);
        text
    }
}

/// What the nodes and texts of a part are in the table.
struct Numbers {
    nodes: Vec<u32>,
    texts: Vec<u32>,
}

struct Tables {
    functions: Vec<[u32; 2]>,
    rows: Vec<u8>,
    nodes: Nodes,
    texts: Vec<u8>,
    text_of: FxHashMap<String, u32>,
}

impl Tables {
    fn new() -> Tables {
        let mut tables = Tables {
            functions: Vec::new(),
            rows: Vec::new(),
            nodes: Nodes::default(),
            texts: Vec::new(),
            text_of: FxHashMap::default(),
        };
        tables.text("");
        tables
    }

    /// Takes the nodes and texts of a part in.
    fn numbers(&mut self, part: &Part) -> Numbers {
        let texts: Vec<u32> = part.texts.list.iter().map(|text| self.text(text)).collect();
        // The first is none.
        let mut nodes = vec![0];
        for &[name, outer, file, line] in part.nodes.list.iter().skip(1) {
            let name = texts[(name & !HIDDEN) as usize] | name & HIDDEN;
            // Outer ones come first.
            nodes.push(self.nodes.number(&[name, nodes[outer as usize], texts[file as usize], line]));
        }
        Numbers { nodes, texts }
    }

    /// Writes the rows of a function.
    fn function(&mut self, start: u64, rows: &[(u64, Row)], numbers: &Numbers) {
        let mut last = (start, Row::default());
        for (index, &(at, row)) in rows.iter().enumerate() {
            let (node, file) = (numbers.nodes[row.node as usize], numbers.texts[row.file as usize]);
            let row = Row { node, file, ..row };
            if index == 0 {
                // The function itself: not what may be inlined at its very beginning.
                let mut node = row.node;
                while self.nodes.list[node as usize][1] != 0 {
                    node = self.nodes.list[node as usize][1];
                }
                number(&mut self.rows, node.into());
                number(&mut self.rows, row.file.into());
                number(&mut self.rows, row.line.into());
                last.1 = Row { node, size: 0, ..row };
            }
            if row != last.1 {
                self.row(at - last.0, last.1, row);
                last = (at, row);
            }
        }
        self.rows.push(0);
    }

    fn text(&mut self, text: &str) -> u32 {
        if let Some(&at) = self.text_of.get(text) {
            return at;
        }
        let at = self.texts.len() as u32;
        number(&mut self.texts, text.len() as u64);
        self.texts.extend(text.as_bytes());
        self.text_of.insert(text.to_owned(), at);
        at
    }

    fn row(&mut self, distance: u64, old: Row, new: Row) {
        let mut flags = ROW;
        for (flag, differs) in [
            (NODE, old.node != new.node),
            (FILE, old.file != new.file),
            (LINE, old.line != new.line),
            (FRAME, old.size != new.size),
        ] {
            flags |= if differs { flag } else { 0 };
        }
        let rows = &mut self.rows;
        rows.push(flags);
        number(rows, distance);
        for (flag, old, new) in
            [(NODE, old.node, new.node), (FILE, old.file, new.file), (LINE, old.line, new.line)]
        {
            if flags & flag != 0 {
                let difference = i64::from(new) - i64::from(old);
                number(rows, (difference << 1 ^ difference >> 63) as u64);
            }
        }
        if flags & FRAME != 0 {
            number(rows, new.size);
        }
    }

    fn bytes(&self, base: u64, length: u32) -> Vec<u8> {
        let functions = (self.functions.len() + 1) * 8;
        let nodes = HEADER + functions;
        let texts = nodes + self.nodes.list.len() * 16;
        let rows = texts + self.texts.len();
        let mut out = Vec::with_capacity(rows + self.rows.len());
        let words = [self.functions.len(), nodes, texts, rows + self.rows.len()];
        out.extend(words.iter().flat_map(|&n| (n as u32).to_le_bytes()));
        out.extend(base.to_le_bytes());
        for &[address, offset] in self.functions.iter().chain([&[length, 0]]) {
            // One more than its place among the rows, so that 0 says none.
            let offset = if offset == 0 { 0 } else { rows as u32 + offset - 1 };
            out.extend(address.to_le_bytes());
            out.extend(offset.to_le_bytes());
        }
        out.extend(self.nodes.list.iter().flatten().flat_map(|n| n.to_le_bytes()));
        out.extend(&self.texts);
        out.extend(&self.rows);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (ours, gos) in [
            ("main.main", "main.main"),
            ("a.b/c.d/p.(*T).m", "a.b/c.d/p.(*T).m"),
            ("main.F[int]", "main.F[...]"),
            ("main.F[map[string][]int].func1", "main.F[...].func1"),
            ("main.(*S).M[a.b/c.T]", "main.(*S[...]).M"),
            ("main.S.M[int].func2", "main.S[...].M.func2"),
            ("main.table$init.func1", "main.init.func1"),
            ("main.main.range3", "main.main-range3"),
            ("main.main.func2.func1.func3", "main.main.func2.1.3"),
            ("main.(*T).m$bound", "main.(*T).m"),
        ] {
            assert_eq!(shown(ours), gos);
        }
        for hidden in ["main.(*T).m$bound", "main.main.deferred1", "runtime_start", "runtime.deferReturn"] {
            assert!(is_hidden(hidden), "{hidden}");
        }
        assert!(!is_hidden("main.deferredCalls") && !is_hidden("main.table$init.func1"));
    }
}
