//! Protocol transcripts: what host and bootloader say to each other, byte for byte; one file each in `tests/flash`.
//!
//! A line is one of (`#` begins a comment):
//!
//!     method stk500v1 | stk500v2        an Uno or a Mega 2560
//!     image ADDRESS BYTES               a segment of the program, may be repeated
//!     > BYTES                           the host sends
//!     < BYTES                           the bootloader sends
//!     silence                           the bootloader lets the host's wait time out
//!     vanish                            the port disappears
//!     ok                                the run succeeds
//!     error TEXT                        the error contains TEXT
//!     board untouched | incomplete      what the error says about the board
//!     note TEXT                         a note of the run contains TEXT
//!
//! BYTES are hex bytes; `XX*N` repeats one byte, `v2 N BYTES` is a version 2 message with sequence number N, framed
//! and with its checksum. A line that begins with `COUNT x` stands for COUNT lines.

use std::fs;
use std::path::Path;

use flash::{BoardState, Image, Job, Method, Plan};
use libtest_mimic::{Failed, Trial};
use serial::fake::{Fake, Step};

use super::{Desk, Recorder, ensure, mega, uno};

pub fn trials() -> Vec<Trial> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("flash");
    let mut files: Vec<_> =
        fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "transcript"));
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Trial::test(format!("flash::transcript::{name}"), move || run(&path).map_err(Failed::from))
        })
        .collect()
}

#[derive(Default)]
struct Case {
    method: Option<Method>,
    segments: Vec<(u32, Vec<u8>)>,
    steps: Vec<Step>,
    error: Option<String>,
    board: Option<BoardState>,
    notes: Vec<String>,
}

fn run(path: &Path) -> Result<(), String> {
    let case = read(&fs::read_to_string(path).map_err(|e| e.to_string())?)?;
    let mut job = Job::new(case.method.ok_or("no method")?);
    job.image = Some(Image::new(case.segments).map_err(|e| e.to_string())?);
    job.port = Some("fake".to_string());
    let plan = Plan::new(job).map_err(|e| e.to_string())?;

    let fake = Fake::script(case.steps);
    let log = fake.log();
    let mut recorder = Recorder::default();
    let result = plan.execute(&mut Desk(Some(fake)), &mut recorder);

    // A wrong byte is the cause of every later error: say that first.
    log.finish()?;
    match (result, case.error) {
        (Ok(_), None) => {}
        (Ok(_), Some(want)) => return Err(format!("succeeded, expected the error {want:?}")),
        (Err(got), None) => return Err(format!("failed: {got}")),
        (Err(got), Some(want)) => {
            ensure(got.to_string().contains(&want), || format!("expected {want:?} in: {got}"))?;
            ensure(case.board.is_none_or(|b| b == got.board), || format!("the board is {:?}", got.board))?;
        }
    }
    for want in &case.notes {
        ensure(recorder.notes.iter().any(|n| n.contains(want)), || {
            format!("no note {want:?} in {:?}", recorder.notes)
        })?;
    }
    Ok(())
}

fn read(text: &str) -> Result<Case, String> {
    let mut case = Case::default();
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or("").trim();
        let (count, line) = match line.split_once(" x ") {
            Some((count, rest)) if count.parse::<usize>().is_ok() => (count.parse().unwrap_or(1), rest),
            _ => (1, line),
        };
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let wrong = || format!("line {}: cannot read {line:?}", number + 1);
        let step = match word {
            "" => continue,
            ">" => Step::Expect(bytes(rest).ok_or_else(wrong)?),
            "<" => Step::Reply(bytes(rest).ok_or_else(wrong)?),
            "silence" => Step::Silence,
            "vanish" => Step::Vanish,
            _ => {
                setting(&mut case, word, rest).ok_or_else(wrong)?;
                continue;
            }
        };
        case.steps.extend(std::iter::repeat_n(step, count));
    }
    Ok(case)
}

fn setting(case: &mut Case, word: &str, rest: &str) -> Option<()> {
    match (word, rest) {
        ("method", "stk500v1") => case.method = Some(Method::Stk500v1 { chip: uno(), baud: 115_200 }),
        ("method", "stk500v2") => case.method = Some(Method::Stk500v2 { chip: mega(), baud: 115_200 }),
        ("image", _) => {
            let (address, data) = rest.split_once(' ')?;
            let address = u32::from_str_radix(address.strip_prefix("0x")?, 16).ok()?;
            case.segments.push((address, bytes(data)?));
        }
        ("ok", "") => case.error = None,
        ("error", _) => case.error = Some(rest.to_string()),
        ("board", "untouched") => case.board = Some(BoardState::Untouched),
        ("board", "incomplete") => case.board = Some(BoardState::Incomplete),
        ("note", _) => case.notes.push(rest.to_string()),
        _ => return None,
    }
    Some(())
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    if let Some(message) = text.strip_prefix("v2 ") {
        let (sequence, body) = message.split_once(' ')?;
        let body = bytes(body)?;
        let mut frame = vec![0x1B, sequence.parse().ok()?, (body.len() >> 8) as u8, body.len() as u8, 0x0E];
        frame.extend(body);
        frame.push(frame.iter().fold(0, |x, b| x ^ b));
        return Some(frame);
    }
    let mut all = Vec::new();
    for word in text.split_whitespace() {
        let (byte, count) = word.split_once('*').unwrap_or((word, "1"));
        let byte = u8::from_str_radix(byte, 16).ok()?;
        all.extend(std::iter::repeat_n(byte, count.parse().ok()?));
    }
    Some(all)
}
