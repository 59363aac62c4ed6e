//! Broken device files by the thousand: every one is a device or an error, never a panic or a hang.
//!
//! `MUTATIONS=100000 cargo test -p device` runs the full count.

use crate::{Arch, generate, load, vector_table};

/// A small SVD with everything the reader knows: groups, derivation, arrays, lists, clusters in clusters, all kinds of bit
/// ranges and values.
const SVD: &str = include_str!("testdata/small.svd");
const ATDF: &str = include_str!("testdata/small.atdf");

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

const WORDS: [&str; 26] = [
    "0",
    "1",
    "63",
    "64",
    "65",
    "-1",
    "65536",
    "4294967295",
    "4294967296",
    "0xFFFFFFFF",
    "18446744073709551615",
    "0xFFFFFFFFFFFFFFFF",
    "#1x",
    "#",
    "0x",
    "0b",
    "[31:0]",
    "[",
    "]",
    "[:]",
    "0-65535",
    "a-Z",
    "A,B",
    "%s",
    "ü",
    "",
];

fn mutate(random: &mut Random, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len());
        let length = random.below(80).min(bytes.len().saturating_sub(at));
        match random.below(8) {
            0 if !bytes.is_empty() => bytes[at] = random.below(256) as u8,
            1 => drop(bytes.drain(at..at + length)),
            // Mostly what keeps the XML well-formed, so that the reader behind it sees something.
            2..=4 => drop(
                content(random, &bytes, at)
                    .map(|(from, to)| bytes.splice(from..to, random.pick(&WORDS).bytes())),
            ),
            5 | 6 => drop(swap(random, &mut bytes)),
            _ => drop(duplicate(&mut bytes, at)),
        }
    }
    bytes
}

/// The text content of an element, or an attribute's value, at or after a place.
fn content(random: &mut Random, bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let (open, close) = if random.below(4) == 0 { (b'"', b'"') } else { (b'>', b'<') };
    let from = at + bytes[at..].iter().position(|b| *b == open)? + 1;
    let to = from + bytes[from..].iter().position(|b| *b == close)?;
    Some((from, to))
}

/// Puts one element's content in another's place.
fn swap(random: &mut Random, bytes: &mut Vec<u8>) -> Option<()> {
    let (a, b) = (random.below(bytes.len()), random.below(bytes.len()));
    let (from, to) = content(random, bytes, a)?;
    let other = content(random, bytes, b)?;
    let copy = bytes[other.0..other.1].to_vec();
    bytes.splice(from..to, copy);
    Some(())
}

/// Doubles a line.
fn duplicate(bytes: &mut Vec<u8>, at: usize) -> Option<()> {
    let from = at + bytes[at..].iter().position(|b| *b == b'\n')?;
    let to = from + 1 + bytes[from + 1..].iter().position(|b| *b == b'\n')?;
    let copy = bytes[from..to].to_vec();
    bytes.splice(to..to, copy);
    Some(())
}

fn run(file: &str, text: &str, seed: u64) {
    let count: usize = std::env::var("MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
    load(file, text.as_bytes()).unwrap_or_else(|e| panic!("the original is good, but: {e}"));
    let mut random = Random(seed);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..count {
        match load(file, &mutate(&mut random, text)) {
            Ok(device) => {
                good += 1;
                generate(&device, "x", None);
                vector_table(&device, Arch::ArmV7M);
                vector_table(&device, Arch::Avr);
            }
            Err(error) => {
                bad += 1;
                assert!(error.to_string().starts_with(file), "{error}");
            }
        }
    }
    assert!(
        count < 1_000 || (good > count / 20 && bad > count / 20),
        "{good} good, {bad} bad: mutations do too much or too little"
    );
}

#[test]
fn mutated_svd() {
    run("small.svd", SVD, 0x9e37_79b9_7f4a_7c15);
}

#[test]
fn mutated_atdf() {
    run("small.atdf", ATDF, 0x2545_f491_4f6c_dd1d);
}

#[test]
fn mutated_archives() {
    let archive = zstd::encode_all(SVD.as_bytes(), 3).unwrap();
    let mut random = Random(7);
    for _ in 0..500 {
        let mut bytes = archive.clone();
        let at = random.below(bytes.len());
        bytes[at] ^= 1 << random.below(8);
        bytes.truncate(bytes.len() - random.below(20));
        let _ = load("small.svd.zst", &bytes);
    }
}
