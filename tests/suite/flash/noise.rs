//! Bootloaders gone mad: mutated answers and mutated files bring an error or a success, never a panic or a hang.
//!
//! `MUTATIONS` sets how many of each (default 2,000).

use flash::{Image, Job, Method, Plan, Silent};
use libtest_mimic::{Failed, Trial};
use serial::fake::Fake;

use super::{Desk, mega, uno};

pub fn trials() -> Vec<Trial> {
    fn trial(name: &str, run: fn(u32) -> Result<(), String>) -> Trial {
        Trial::test(format!("flash::noise::{name}"), move || {
            let count = std::env::var("MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000);
            (1..=count).try_for_each(run).map_err(Failed::from)
        })
    }
    vec![trial("v1", v1), trial("v2", v2), trial("uf2", uf2)]
}

/// xorshift, one sequence for each seed.
struct Dice(u32);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 % sides
    }

    /// Changes, drops or adds a byte now and then.
    fn spoil(&mut self, bytes: &mut Vec<u8>, one_in: u32) {
        if self.roll(one_in) > 0 || bytes.is_empty() {
            return;
        }
        let at = self.roll(bytes.len() as u32) as usize;
        match self.roll(4) {
            0 => bytes[at] ^= 1 << self.roll(8),
            1 => bytes.truncate(at),
            2 => bytes.insert(at, self.roll(256) as u8),
            _ => bytes[at] = [0x00, 0xFF, 0x1B, 0x14][self.roll(4) as usize],
        }
    }
}

fn run(method: Method, fake: Fake) -> Result<(), String> {
    let mut job = Job::new(method);
    job.image = Some(Image::new([(0, vec![7; 300])]).map_err(|e| e.to_string())?);
    job.port = Some("fake".to_string());
    let plan = Plan::new(job).map_err(|e| e.to_string())?;
    // Both ends are fine, and both are reached: the message must be one that people can be shown.
    if let Err(failure) = plan.execute(&mut Desk(Some(fake)), &mut Silent) {
        let text = failure.to_string();
        if text.len() < 20 || text.len() > 600 {
            return Err(format!("an odd message: {text:?}"));
        }
    }
    Ok(())
}

/// Answers as optiboot would, more or less.
fn v1(seed: u32) -> Result<(), String> {
    let mut dice = Dice(seed);
    let fake = Fake::device(move |request| {
        let count = match request.first() {
            Some(0x41) => 1,
            Some(0x75) => 3,
            Some(0x74) => 128,
            _ => 0,
        };
        let mut answer = vec![0x14];
        answer.extend([0x1E, 0x95, 0x0F].iter().chain([7; 125].iter()).take(count));
        answer.push(0x10);
        dice.spoil(&mut answer, 12);
        Ok(answer)
    });
    run(Method::Stk500v1 { chip: uno(), baud: 115_200 }, fake)
}

/// Answers as the Mega's bootloader would, more or less; what is spoilt may have a right checksum.
fn v2(seed: u32) -> Result<(), String> {
    let mut dice = Dice(seed);
    let fake = Fake::device(move |request| {
        let Some((&command, rest)) = request.get(5..).and_then(|r| r.split_first()) else {
            return Ok(Vec::new());
        };
        let mut body = vec![command, 0];
        match command {
            0x01 => body.extend(b"\x08AVRISP_2"),
            0x1B => body.extend([[0x1E, 0x98, 0x01][rest.get(3).map_or(0, |&i| i as usize % 3)], 0]),
            0x14 => body.extend([7; 257]),
            _ => {}
        }
        dice.spoil(&mut body, 16);
        let mut answer = vec![0x1B, request[1], (body.len() >> 8) as u8, body.len() as u8, 0x0E];
        answer.extend(body);
        answer.push(answer.iter().fold(0, |x, b| x ^ b));
        dice.spoil(&mut answer, 16);
        Ok(answer)
    });
    run(Method::Stk500v2 { chip: mega(), baud: 115_200 }, fake)
}

fn uf2(seed: u32) -> Result<(), String> {
    let mut dice = Dice(seed);
    let mut file = super::volumes::uf2(1 + dice.roll(4), Some(0xE48B_FF56));
    for _ in 0..1 + dice.roll(4) {
        dice.spoil(&mut file, 2);
    }
    let mut job =
        Job::new(Method::Uf2 { family: [None, Some(0xE48B_FF56)][dice.roll(2) as usize], volumes: vec![] });
    job.file = Some(file);
    let _ = Plan::new(job);
    Ok(())
}
