//! The whole line: `tinygo flash` compiles a program and brings it onto a board by the board's own method; then the
//! program itself speaks. The command is taken from beside this runner, or from `TINYGO`.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};

use super::bench::{self, Bench, Board};
use super::ensure;
use super::probe::Microbit;

const HELLO: &str = "hello from Go";

pub fn trials() -> Vec<Trial> {
    fn trial(name: &str, run: fn() -> Result<(), String>) -> Trial {
        Trial::test(format!("flash::cli::{name}"), move || run().map_err(Failed::from))
    }
    vec![
        trial("arduino", || monitored(Board::Uno, "arduino")),
        trial("arduino_mega2560", || monitored(Board::Mega, "arduino-mega2560")),
        trial("microbit", microbit),
        trial("not_a_bootloader", not_a_bootloader),
    ]
}

/// `tinygo flash` of the greeting program with these arguments.
fn tinygo(arguments: &[&str]) -> Result<Child, String> {
    let command = crate::tinygo();
    Command::new(&command)
        .arg("flash")
        .args(arguments)
        .arg(".")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("flash/hello"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| crate::not_started(&command, &e))
}

/// Exit status, standard output, standard error.
fn end(child: Child) -> Result<(Option<i32>, String, String), String> {
    let output = child.wait_with_output().map_err(|e| e.to_string())?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok((output.status.code(), text(output.stdout), text(output.stderr)))
}

/// Flashes, sees the greeting in the monitor, ends it as Ctrl-C does.
fn monitored(board: Board, target: &str) -> Result<(), String> {
    let bench = Bench::start(board, true)?;
    let (target, port) = (format!("-target={target}"), format!("-port={}", bench.port));
    let mut child = tinygo(&[&target, &port, "-monitor"])?;
    let mut shown = Vec::new();
    let mut stdout = child.stdout.take().ok_or("no output")?;
    let mut byte = [0];
    while !shown.ends_with(HELLO.as_bytes()) && stdout.read(&mut byte).is_ok_and(|n| n > 0) {
        shown.push(byte[0]);
    }
    bench::signal(child.id(), bench::Signal::INT);
    let (status, _, errors) = end(child)?;
    let shown = String::from_utf8_lossy(&shown).into_owned();
    ensure(shown == HELLO, || format!("the monitor showed {shown:?}; {errors}"))?;
    ensure(status == Some(0), || format!("exit status {status:?}; {errors}"))?;
    ensure(errors.contains("bytes written and verified"), || errors.clone())
}

fn microbit() -> Result<(), String> {
    let microbit = Microbit::start()?;
    let probe = format!("-programmer=probe={}", microbit.probe);
    let (status, _, errors) = end(tinygo(&["-target=microbit", &probe])?)?;
    ensure(status == Some(0), || format!("exit status {status:?}; {errors}"))?;
    let start = Instant::now();
    while !microbit.uart().contains(HELLO) && start.elapsed() < Duration::from_secs(5) {
        std::thread::sleep(Duration::from_millis(20));
    }
    ensure(microbit.uart().trim_end() == HELLO, || format!("the program said {:?}", microbit.uart()))
}

fn not_a_bootloader() -> Result<(), String> {
    let bench = Bench::start(Board::Plain, true)?;
    let port = format!("-port={}", bench.port);
    let (status, output, errors) = end(tinygo(&["-target=arduino", &port])?)?;
    ensure(status == Some(1), || format!("exit status {status:?}; {errors}"))?;
    ensure(errors.contains("no bootloader answers") && !errors.contains("verified"), || errors.clone())?;
    ensure(output.is_empty(), || format!("standard output has {output:?}"))
}
