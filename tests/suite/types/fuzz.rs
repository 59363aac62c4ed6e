//! Damaged programs: the checker neither panics nor hangs.

use super::World;
use libtest_mimic::Failed;
use std::path::Path;
use std::time::{Duration, Instant};

/// How many programs are damaged; `TINYGO_TEST_MUTATIONS` sets another number.
const MUTATIONS: u64 = 3000;

/// A small generator of pseudo-random numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

pub fn mutated() -> Result<(), Failed> {
    let mut programs: Vec<Vec<u8>> = Vec::new();
    for path in crate::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("check"), "go") {
        let text = std::fs::read_to_string(&path)?;
        programs.extend(text.split("//---\n").map(|p| p.as_bytes().to_vec()));
    }
    let count = std::env::var("TINYGO_TEST_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(MUTATIONS);
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut world = World::new();
    for i in 0..count {
        if i % 500 == 0 {
            world = World::new();
        }
        let program = mutate(&programs, &mut random);
        let start = Instant::now();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            world.check_user(vec![("FILE".to_owned(), program.clone())], (1, 27));
        }));
        let text = String::from_utf8_lossy(&program);
        if outcome.is_err() {
            return Err(format!("panic on:\n{text}").into());
        }
        if start.elapsed() > Duration::from_secs(5) {
            return Err(format!("more than 5 s for:\n{text}").into());
        }
    }
    Ok(())
}

/// A program with some tokens removed, doubled, exchanged, or taken from another one.
fn mutate(programs: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut tokens = tokens(&programs[random.below(programs.len())]);
    for _ in 0..=random.below(4) {
        let at = random.below(tokens.len());
        match random.below(4) {
            0 if tokens.len() > 1 => {
                tokens.remove(at);
            }
            1 => {
                let token = tokens[at].clone();
                tokens.insert(at, token);
            }
            2 => {
                let other = random.below(tokens.len());
                tokens.swap(at, other);
            }
            _ => {
                let other = self::tokens(&programs[random.below(programs.len())]);
                tokens[at] = other[random.below(other.len())].clone();
            }
        }
    }
    tokens.concat()
}

fn tokens(program: &[u8]) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    let class = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => 1,
        b' ' | b'\t' => 2,
        _ => 0,
    };
    for &b in program {
        match all.last_mut() {
            Some(last) if class(b) != 0 && last.last().is_some_and(|&l| class(l) == class(b)) => last.push(b),
            _ => all.push(vec![b]),
        }
    }
    if all.is_empty() {
        all.push(b"package".to_vec());
    }
    all
}
