//! Broken board files by the thousand: every one is a target or an error, never a panic.
//!
//! `MUTATIONS=100000 cargo test -p board` runs the full count.

use std::collections::BTreeMap;

use crate::{Root, linker_script, machine_go, names, resolve};

/// xorshift64*: the same inputs in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

const PIECES: [&str; 24] = [
    "0",
    "-1",
    "4294967296",
    "18446744073709551615",
    "0xffffffffffffffff",
    "1K",
    "99999999999G",
    "\"\"",
    "null",
    "~",
    "{}",
    "[]",
    "[",
    "}",
    ": ",
    "- ",
    "\n",
    "&a ",
    "*a",
    "!t ",
    "<<: ",
    "LED",
    "PB0",
    "true",
];

/// One to four changes, of bytes, words and lines.
fn mutate(random: &mut Random, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let length = random.below(12).min(bytes.len().saturating_sub(at));
        match random.below(6) {
            0 if !bytes.is_empty() => bytes[at] = random.below(256) as u8,
            1 => drop(bytes.drain(at..at + length)),
            2 => {
                let copy = bytes[at..at + length].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            3 => drop(bytes.splice(at..at, random.pick(&PIECES).bytes())),
            4 => drop(replace_word(random, &mut bytes)),
            _ => swap_lines(random, &mut bytes),
        }
    }
    bytes
}

fn replace_word(random: &mut Random, bytes: &mut Vec<u8>) -> Option<()> {
    let start = random.below(bytes.len());
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let from = start + bytes[start..].iter().position(is_word)?;
    let to = bytes[from..].iter().position(|b| !is_word(b)).map_or(bytes.len(), |n| from + n);
    bytes.splice(from..to, random.pick(&PIECES).bytes());
    Some(())
}

fn swap_lines(random: &mut Random, bytes: &mut Vec<u8>) {
    let mut lines: Vec<Vec<u8>> = bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let (a, b) = (random.below(lines.len()), random.below(lines.len()));
    lines.swap(a, b);
    *bytes = lines.join(&b'\n');
}

#[test]
fn mutated_boards() {
    let count: usize = std::env::var("MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    let own = Root::own();
    let files: BTreeMap<String, Vec<u8>> = own
        .walk("boards")
        .into_iter()
        .map(|name| (name.clone(), own.read(&name).unwrap().into_owned()))
        .collect();
    let boards = names(&own);
    let yaml: Vec<&String> = files.keys().filter(|name| name.ends_with(".yaml")).collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..count {
        let board = random.pick(&boards);
        // Half of the time the board's own file, else any file, which it may inherit.
        let file =
            if random.below(2) == 0 { format!("boards/{board}.yaml") } else { (*random.pick(&yaml)).clone() };
        let text = String::from_utf8(files[&file].clone()).unwrap();
        let mut changed = files.clone();
        changed.insert(file, mutate(&mut random, &text));
        let root = Root::Memory(changed);
        match resolve(board, &root) {
            Ok(target) => {
                good += 1;
                let _ = (machine_go(&target), linker_script(&target, &root));
            }
            Err(error) => {
                bad += 1;
                assert!(!error.to_string().is_empty());
            }
        }
    }
    assert!(
        count < 1_000 || (good > count / 20 && bad > count / 20),
        "{good} good, {bad} bad: mutations do too much or too little"
    );
}
