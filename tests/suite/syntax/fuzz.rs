//! Damaged programs: nothing panics or hangs, and whatever comes out can be walked and printed.
//!
//! The number of inputs is 2,000, or what `TINYGO_FUZZ` says. The generator is seeded by the number of the input, which a
//! failure names, so that one input can be run again.

use super::{go_files, go_roots, read};
use libtest_mimic::{Failed, Trial};
use source::{Diagnostics, FileSet, render};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use syntax::ast::{ExprId, FuncBody, Tree};
use syntax::{Mode, print};

const DEFAULT_COUNT: u64 = 2000;

/// Far more than any of the inputs takes, even on a busy machine.
const TOO_LONG: Duration = Duration::from_secs(10);

/// Things that the grammar hinges on.
const PIECES: [&str; 48] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ":",
    ".",
    "...",
    ":=",
    "=",
    "<-",
    "*",
    "&",
    "|",
    "~",
    "-",
    "!",
    "++",
    "\n",
    "func",
    "type",
    "var",
    "const",
    "import",
    "if",
    "else",
    "for",
    "range",
    "switch",
    "case",
    "select",
    "go",
    "struct",
    "interface",
    "map[",
    "chan ",
    "x",
    "1_",
    "'a",
    "\"",
    "`",
    "/*",
    "//line x:1\n",
    "\0",
    "\u{FEFF}",
];

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("syntax::fuzz", run), Trial::test("syntax::deep-nesting", deep_nesting)]
}

/// A small generator (xorshift) with the same numbers everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

fn run() -> Result<(), Failed> {
    let count = std::env::var("TINYGO_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(DEFAULT_COUNT);
    let src = go_roots()?[0].join("src");
    let mut seeds = Vec::new();
    for dir in ["go", "cmd/compile/internal/syntax/testdata", "internal/types/testdata", "slices", "net/http"]
    {
        for path in go_files(&src.join(dir)) {
            seeds.push(read(&path)?);
        }
    }
    // Large inputs take longer without teaching more.
    seeds.retain(|s| s.len() < 20_000);
    if seeds.len() < 100 {
        return Err(format!("{}: only {} files to damage", src.display(), seeds.len()).into());
    }
    for number in 0..count {
        let mut random = Random(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let seed = random.below(seeds.len());
        let input = damage(&seeds[seed], &mut random);
        let start = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| exercise(input))).is_err() {
            return Err(format!("input {number}: panic").into());
        }
        if start.elapsed() > TOO_LONG {
            return Err(format!("input {number}: took {:?}", start.elapsed()).into());
        }
    }
    Ok(())
}

/// Bytes removed, inserted, copied and changed here and there.
pub fn damage(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut input = seed.to_vec();
    for _ in 0..1 + random.below(8) {
        let at = random.below(input.len());
        let end = (at + random.below(40)).min(input.len());
        match random.below(6) {
            0 => drop(input.drain(at..end)),
            1 | 2 => {
                let piece = PIECES[random.below(PIECES.len())];
                input.splice(at..at, piece.bytes().cycle().take(piece.len() * (1 + random.below(3))));
            }
            3 => {
                let from = random.below(input.len());
                let copy = input[from..(from + random.below(200)).min(input.len())].to_vec();
                input.splice(at..end, copy);
            }
            4 => input.truncate(at),
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = random.below(256) as u8;
                }
            }
        }
    }
    input
}

/// Parses in both modes and touches all that comes out.
fn exercise(input: Vec<u8>) {
    let files = FileSet::default();
    let file = files.file(files.add("", "./fuzz.go", input));
    for mode in [Mode::Full, Mode::LazyBodies] {
        let mut errors = Vec::new();
        let parsed = syntax::parse_file(&file, mode, &mut errors);
        walk(&parsed.tree);
        for func in &parsed.funcs {
            if let Some(FuncBody { tree, errors: more, .. }) = func.body(&file.bytes) {
                walk(tree);
                errors.extend(more.iter().cloned());
            }
        }
        let mut diagnostics = Diagnostics::default();
        diagnostics.extend(&files, errors);
        std::hint::black_box(render::package(&files, "fuzz", &diagnostics));
    }
}

fn walk(tree: &Tree) {
    for id in (0..tree.expr_count()).filter_map(ExprId::from_index) {
        std::hint::black_box((tree.start(id), tree.end(id)));
    }
    // Printing every expression would be quadratic; the last ones contain the most.
    for id in (0..tree.expr_count()).rev().take(20).filter_map(ExprId::from_index) {
        std::hint::black_box(print::expr(tree, id));
    }
}

/// However deep the nesting, the stack suffices, and the message says what is wrong.
fn deep_nesting() -> Result<(), Failed> {
    let n = 100_000;
    let nested = [
        ("parentheses", format!("package p\nvar x = {}", "(".repeat(n))),
        ("unary", format!("package p\nvar x = {}1", "-".repeat(2 * n).replace("--", "- "))),
        ("types", format!("package p\nvar x {}int", "[]".repeat(n))),
        ("type arguments", format!("package p\nvar x {}", "T[".repeat(n))),
        ("literals", format!("package p\nvar x = []T{}", "{".repeat(n))),
        ("blocks", format!("package p\nfunc f() {}", "{".repeat(n))),
        ("functions", format!("package p\nvar f = {}", "func() { _ = ".repeat(n))),
        ("if", format!("package p\nfunc f() {{ {} }}", "if x {} else ".repeat(n))),
        ("labels", format!("package p\nfunc f() {{ {} }}", "l: ".repeat(n))),
        ("precedence", format!("package p\nvar x = {}", "1 + 2 * (3 || ".repeat(n))),
        ("parameters", format!("package p\nfunc f{}", "(func".repeat(n))),
        ("constraints", format!("package p\ntype T[P *A{}] int", "|B".repeat(n))),
        ("structs", format!("package p\nvar x {}", "struct { x ".repeat(n))),
        ("calls", format!("package p\nvar x = {}", "f(".repeat(n))),
        ("indices", format!("package p\nvar x = {}", "a[".repeat(n))),
        ("sums", format!("package p\nvar x = 1{}", " + 1".repeat(n))),
        ("selectors", format!("package p\nvar x = a{}", ".b()".repeat(n))),
        ("unions", format!("package p\ntype I interface {{ A{} }}", "|B".repeat(n))),
        ("channels", format!("package p\nvar x = {}", "<-chan ".repeat(n))),
    ];
    for (what, program) in nested {
        let files = FileSet::default();
        let file = files.file(files.add("", "./deep.go", program.into_bytes()));
        let mut errors = Vec::new();
        let parsed = syntax::parse_file(&file, Mode::Full, &mut errors);
        walk(&parsed.tree);
        let Some(first) = errors.first() else { return Err(format!("{what}: no error").into()) };
        if !first.message.contains("deep") {
            return Err(format!("{what}: {}", first.message).into());
        }
    }
    Ok(())
}
