//! Uploads to real bootloaders in the bench: byte-identical flash, the running program, speed, and broken ports.

use std::cell::Cell;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use flash::{BoardState, Failure, Image, Job, Method, Outcome, Phase, Plan, Progress, Silent, System};
use libtest_mimic::{Failed, Trial};
use serial::{End, Monitor};

use super::bench::{self, Bench, Board};
use super::{ensure, fails, mega, noise, uno};
use crate::process;

pub fn trials() -> Vec<Trial> {
    fn trial(name: &str, run: fn() -> Result<(), String>) -> Trial {
        Trial::test(format!("flash::upload::{name}"), move || run().map_err(Failed::from))
    }
    vec![
        trial("v1_as_fast_as_avrdude", v1_as_fast_as_avrdude),
        trial("v1_then_monitor", v1_then_monitor),
        trial("v1_old_bootloader", v1_old_bootloader),
        trial("monitor_survives_the_port", monitor_survives_the_port),
        trial("v2_identical", v2_identical),
        trial("v2_beyond_128_kib", v2_beyond_128_kib),
        trial("wrong_chip", wrong_chip),
        trial("not_a_bootloader", not_a_bootloader),
        trial("port_disappears", port_disappears),
        trial("bootloader_stops", bootloader_stops),
        trial("no_such_port", no_such_port),
        trial("wrong_images", wrong_images),
    ]
}

fn v1() -> Method {
    Method::Stk500v1 { chip: uno(), baud: 115_200 }
}

fn v2() -> Method {
    Method::Stk500v2 { chip: mega(), baud: 115_200 }
}

/// `rjmp .-2` and noise: the chip stays on the first instruction and cannot change what the test looks at.
fn harmless(count: usize) -> Vec<u8> {
    let mut data = noise(count);
    data[..2].copy_from_slice(&[0xFF, 0xCF]);
    data
}

fn plan(method: Method, port: &str, segments: Vec<(u32, Vec<u8>)>) -> Result<Plan, String> {
    let mut job = Job::new(method);
    job.image = Some(Image::new(segments).map_err(|e| e.to_string())?);
    job.port = Some(port.to_string());
    Plan::new(job).map_err(|e| e.to_string())
}

fn upload(
    method: Method,
    port: &str,
    segments: Vec<(u32, Vec<u8>)>,
    progress: &mut dyn Progress,
) -> Result<Outcome, Failure> {
    let plan = plan(method, port, segments)
        .map_err(|e| Failure { error: flash::Error::Rejected(e), board: BoardState::Untouched })?;
    plan.execute(&mut System, progress)
}

fn same(flash: &[u8], address: usize, data: &[u8]) -> Result<(), String> {
    let got = flash.get(address..address + data.len()).ok_or("the dump is too short")?;
    match got.iter().zip(data).position(|(a, b)| a != b) {
        None => Ok(()),
        Some(i) => Err(format!("flash at {:#x} is {:#04x}, should be {:#04x}", address + i, got[i], data[i])),
    }
}

/// 28,000 bytes to two benches at the same time, so that both uploads see the same load: ours and avrdude's.
fn v1_as_fast_as_avrdude() -> Result<(), String> {
    let data = harmless(28_000);
    let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
    let file = dir.path().join("app.bin");
    std::fs::write(&file, &data).map_err(|e| e.to_string())?;
    let (theirs, ours) = (Bench::start(Board::Uno, true)?, Bench::start(Board::Uno, true)?);

    let port = theirs.port.clone();
    let other = std::thread::spawn(move || avrdude(&port, &file));
    let start = Instant::now();
    let uploaded = upload(v1(), &ours.port, vec![(0, data.clone())], &mut Silent);
    let our_time = start.elapsed().as_secs_f64();
    // Whatever became of ours: avrdude spins when its port goes away.
    let their_time = other.join().map_err(|_| "avrdude's thread failed")??;
    uploaded.map_err(|e| e.to_string())?;

    same(&theirs.stop()?, 0, &data).map_err(|e| format!("avrdude: {e}"))?;
    let flash = ours.stop()?;
    same(&flash, 0, &data)?;
    ensure(flash[28_160..0x7E00].iter().all(|&b| b == 0xFF), || "written beyond the image".to_string())?;
    let ratio = our_time / their_time;
    let report =
        format!("28,000 bytes by STK500 v1: {our_time:.2} s, avrdude {their_time:.2} s, ratio {ratio:.2}");
    let _ = writeln!(std::io::stderr(), "{report}");
    ensure(ratio <= 1.2, || format!("{report}, allowed is 1.20"))
}

/// avrdude writes and verifies `file`; the seconds that it took.
fn avrdude(port: &str, file: &Path) -> Result<f64, String> {
    let start = Instant::now();
    let mut command = Command::new("avrdude");
    command.args(["-q", "-q", "-c", "arduino", "-p", "m328p", "-b", "115200", "-D", "-P", port, "-U"]);
    command.arg(format!("flash:w:{}:r", file.display()));
    let result = process::execute(&mut command, Duration::from_secs(60))
        .map_err(|e| format!("avrdude: {e}; on Debian: apt-get install avrdude (`make test` does it)"))?;
    ensure(result.status == Some(0), || format!("avrdude failed: {}", result.stderr))?;
    Ok(start.elapsed().as_secs_f64())
}

/// The uploaded program runs, the monitor on the port that flashing left open sees its first word and ends with it.
fn v1_then_monitor() -> Result<(), String> {
    let program = std::fs::read(bench::built()?.join("hello-atmega328p.bin")).map_err(|e| e.to_string())?;
    let bench = Bench::start(Board::Uno, true)?;
    // Twice: the second upload must get the chip out of the running program.
    upload(v1(), &bench.port, vec![(0, program.clone())], &mut Silent).map_err(|e| e.to_string())?;
    let outcome =
        upload(v1(), &bench.port, vec![(0, program.clone())], &mut Silent).map_err(|e| e.to_string())?;
    ensure(outcome.bytes == program.len(), || format!("{} bytes were reported", outcome.bytes))?;

    let (sender, keys) = channel();
    let mut shown = Vec::new();
    let mut lost = 0;
    let start = Instant::now();
    let monitor = Monitor {
        open: &mut || Err(std::io::Error::other("the chip sleeps")),
        output: &mut shown,
        keys: &keys,
        stop: &|| start.elapsed() > Duration::from_secs(20),
        status: &mut |status| lost += usize::from(matches!(status, serial::Status::Lost(_))),
        decode: &mut |line| {
            // Once it has greeted: two letters to echo, then the end of the program.
            let _ = sender.send(b"abq".to_vec());
            (line == "hello").then(|| "[greeting]".to_string())
        },
        connect: Duration::ZERO,
        away: Some(Duration::ZERO),
    };
    let end = monitor.run(outcome.port);
    ensure(!matches!(end, Ok(End::Stopped)), || "the program did not end".to_string())?;
    let shown = String::from_utf8_lossy(&shown).into_owned();
    ensure(shown == "hello\r\n[greeting]\r\nbc", || format!("the monitor showed {shown:?}"))?;
    ensure(lost == 1, || format!("the port was lost {lost} times"))?;
    let status = bench.wait()?;
    ensure(status == Some(3), || format!("the program's exit status is {status:?}"))
}

/// ATmegaBOOT: another speed, 2 KiB, and answers of its own to what optiboot leaves out.
fn v1_old_bootloader() -> Result<(), String> {
    let bench = Bench::start(Board::Nano, true)?;
    let data = harmless(2_000);
    let method = Method::Stk500v1 { chip: flash::avr::Chip { limit: 0x7800, ..uno() }, baud: 57_600 };
    upload(method, &bench.port, vec![(0, data.clone())], &mut Silent).map_err(|e| e.to_string())?;
    same(&bench.stop()?, 0, &data)
}

/// The board is pulled out while the monitor runs and comes back under another name.
fn monitor_survives_the_port() -> Result<(), String> {
    let (_sender, keys) = channel();
    let mut benches: Vec<Bench> = Vec::new();
    let mut shown = Vec::new();
    let mut events = Vec::new();
    let (greetings, process) = (Cell::new(0), Cell::new(0));
    let start = Instant::now();
    let monitor = Monitor {
        open: &mut || {
            // The one before has gone: dropping a bench takes its port away.
            benches.clear();
            let bench = Bench::start(Board::Plain, true).map_err(std::io::Error::other)?;
            let port = serial::open(&bench.port, 115_200);
            process.set(bench.id());
            benches.push(bench);
            port
        },
        output: &mut shown,
        keys: &keys,
        stop: &|| greetings.get() == 3 || start.elapsed() > Duration::from_secs(20),
        status: &mut |status| events.push(matches!(status, serial::Status::Connected(_))),
        decode: &mut |_| {
            // Each greeting but the last is the end of its board.
            greetings.set(greetings.get() + 1);
            if greetings.get() < 3 {
                bench::signal(process.get(), bench::Signal::KILL);
            }
            None
        },
        connect: Duration::from_secs(5),
        away: Some(Duration::from_secs(5)),
    };
    let end = monitor.run(None);
    ensure(matches!(end, Ok(End::Stopped)) && greetings.get() == 3, || format!("{end:?}"))?;
    ensure(events == [true, false, true, false, true], || format!("{events:?}"))
}

/// With a gap of more than a page, where this bootloader's erase counter is the trap.
fn v2_identical() -> Result<(), String> {
    let bench = Bench::start(Board::Mega, true)?;
    let (low, high) = (harmless(3_000), noise(2_001));
    let segments = vec![(0, low.clone()), (0x1101, high.clone())];
    upload(v2(), &bench.port, segments, &mut Silent).map_err(|e| e.to_string())?;
    // A second, smaller program over the first: its pages must be erased, the others stay.
    upload(v2(), &bench.port, vec![(0, low[..700].to_vec())], &mut Silent).map_err(|e| e.to_string())?;
    let flash = bench.stop()?;
    same(&flash, 0, &low[..700])?;
    same(&flash, 700, &[0xFF; 68])?;
    same(&flash, 768, &low[768..])?;
    same(&flash, 3_000, &vec![0xFF; 0x1101 - 3_000])?;
    same(&flash, 0x1101, &high)
}

/// Word addresses above 64 K.
fn v2_beyond_128_kib() -> Result<(), String> {
    let bench = Bench::start(Board::Mega, false)?;
    let data = harmless(0x20000 + 1_000);
    upload(v2(), &bench.port, vec![(0, data.clone())], &mut Silent).map_err(|e| e.to_string())?;
    same(&bench.stop()?, 0, &data)
}

fn wrong_chip() -> Result<(), String> {
    let bench = Bench::start(Board::Uno, true)?;
    let chip = flash::avr::Chip { name: "ATmega168".to_string(), signature: [0x1E, 0x94, 0x06], ..uno() };
    let result =
        upload(Method::Stk500v1 { chip, baud: 115_200 }, &bench.port, vec![(0, harmless(100))], &mut Silent);
    fails(result, BoardState::Untouched, &["is no ATmega168", "1e 95 0f (ATmega328P)", "-target"])?;
    let flash = bench.stop()?;
    ensure(flash[..0x7E00].iter().all(|&b| b == 0xFF), || "the flash was changed".to_string())
}

fn not_a_bootloader() -> Result<(), String> {
    let bench = Bench::start(Board::Plain, true)?;
    let start = Instant::now();
    let result = upload(v1(), &bench.port, vec![(0, harmless(100))], &mut Silent);
    fails(result, BoardState::Untouched, &["no bootloader answers", "it says", "reset button"])?;
    ensure(start.elapsed() < Duration::from_secs(8), || format!("it took {:?}", start.elapsed()))
}

/// Does something to the bench once some bytes were written.
struct Interrupt {
    process: u32,
    signal: bench::Signal,
    writing: bool,
}

impl Progress for Interrupt {
    fn phase(&mut self, phase: Phase, _total: u64) {
        self.writing = phase == Phase::Writing;
    }

    fn done(&mut self, bytes: u64) {
        if self.writing && bytes == 0x400 {
            bench::signal(self.process, self.signal);
        }
    }

    fn note(&mut self, _text: &str) {}
}

fn interrupted(signal: bench::Signal, parts: &[&str]) -> Result<(), String> {
    for (board, method) in [(Board::Uno, v1()), (Board::Mega, v2())] {
        let bench = Bench::start(board, true)?;
        let mut interrupt = Interrupt { process: bench.id(), signal, writing: false };
        let start = Instant::now();
        let result = upload(method, &bench.port, vec![(0, harmless(8_000))], &mut interrupt);
        fails(result, BoardState::Incomplete, parts)?;
        ensure(start.elapsed() < Duration::from_secs(8), || format!("it took {:?}", start.elapsed()))?;
    }
    Ok(())
}

fn port_disappears() -> Result<(), String> {
    interrupted(bench::Signal::KILL, &["writing at 0x0", "connect the board again", "incomplete"])
}

fn bootloader_stops() -> Result<(), String> {
    interrupted(bench::Signal::STOP, &["writing at 0x0", "stopped answering", "incomplete"])
}

fn no_such_port() -> Result<(), String> {
    let result = upload(v1(), "/dev/no-such-port", vec![(0, harmless(100))], &mut Silent);
    fails(result, BoardState::Untouched, &["/dev/no-such-port", "tinygo ports"])?;
    let file = tempfile::NamedTempFile::new().map_err(|e| e.to_string())?;
    let path = file.path().display().to_string();
    let result = upload(v1(), &path, vec![(0, harmless(100))], &mut Silent);
    fails(result, BoardState::Untouched, &[&path, "cannot be opened as a serial port"])?;
    // A port that another program holds.
    let bench = Bench::start(Board::Plain, true)?;
    let _held = serial::open(&bench.port, 115_200).map_err(|e| e.to_string())?;
    let result = upload(v1(), &bench.port, vec![(0, harmless(100))], &mut Silent);
    fails(result, BoardState::Untouched, &["in use by another program"])
}

/// What is refused without a board.
fn wrong_images() -> Result<(), String> {
    let cases: [(u32, usize, &str); 3] = [
        (0x7D00, 0x101, "would overwrite the bootloader, which begins at 0x7e00"),
        (
            0x7FFF,
            2,
            "built for another chip: it has data at 0x7fff..0x8001, but the flash of ATmega328P ends",
        ),
        (0x0800_0000, 4, "built for another chip"),
    ];
    for (address, count, want) in cases {
        match plan(v1(), "port", vec![(address, vec![0; count])]) {
            Ok(_) => return Err(format!("{count} bytes at {address:#x} were accepted")),
            Err(text) => ensure(text.contains(want), || text.clone())?,
        }
    }
    let plan = plan(v1(), "/dev/ttyACM0", vec![(0, vec![0; 1_000])])?;
    let want = "open /dev/ttyACM0 at 115200 baud\n\
                reset the board by DTR and RTS\n\
                stk500v1: check signature 1e 95 0f (ATmega328P)\n\
                stk500v1: write 1000 bytes at 0x0..0x3e8 in 8 pages of 128 bytes\n\
                stk500v1: read back and compare\n\
                stk500v1: start the program\n";
    ensure(plan.to_string() == want, || format!("the plan is\n{plan}"))
}
