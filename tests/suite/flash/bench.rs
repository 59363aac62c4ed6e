//! Arduinos on the simulated desk (`tests/bench-avr`): built once, started with a real bootloader, reached by a port.

use std::io::{BufRead, BufReader, Seek, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use libtest_mimic::{Failed, Trial};
pub use rustix::process::Signal;
use rustix::process::{Pid, kill_process};

use super::ensure;

pub fn trials() -> Vec<Trial> {
    fn trial(name: &str, run: fn() -> Result<(), String>) -> Trial {
        Trial::test(format!("flash::bench::{name}"), move || run().map_err(Failed::from))
    }
    vec![trial("stdio_pins_and_status", stdio_pins_and_status), trial("limits", limits)]
}

/// Runs the bench with these options on the greeting program, its UART on standard input and output.
fn run(options: &[&str], input: &[u8]) -> Result<(Option<i32>, String, String), String> {
    let tools = built()?;
    // A file is there from the first cycle on; when a pipe's bytes come is up to the system.
    let mut file = tempfile::tempfile().map_err(|e| e.to_string())?;
    file.write_all(input).and_then(|()| file.rewind()).map_err(|e| e.to_string())?;
    let end = Command::new(tools.join("bench-avr"))
        .args(["-m", "atmega328p", "--app"])
        .arg(tools.join("hello-atmega328p.elf"))
        .args(options)
        .stdin(file)
        .output()
        .map_err(|e| format!("bench-avr: {e}"))?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Ok((end.status.code(), text(end.stdout), text(end.stderr)))
}

/// Input, output, watched and driven pins, exit status; and the same run twice takes the same cycles.
fn stdio_pins_and_status() -> Result<(), String> {
    let options = ["--watch", "B5", "--drive", "D2=0@0", "--drive", "D2=1@0.0007", "--cycles"];
    let (status, output, pins) = run(&options, b"abq")?;
    ensure(status == Some(3), || format!("the exit status is {status:?}"))?;
    ensure(output.replace('!', "") == "hello\r\nbc" && output.contains('!'), || {
        format!("it said {output:?}")
    })?;
    let levels: Vec<&str> = pins.lines().filter_map(|l| l.split(" @").next()).collect();
    ensure(levels[..3] == ["pin B5 = 1", "pin B5 = 0", "pin B5 = 1"], || pins.clone())?;
    ensure(run(&options, b"abq")?.2 == pins, || "a second run took other cycles".to_string())
}

fn limits() -> Result<(), String> {
    let (status, output, _) = run(&["--limit", "0.1"], b"")?;
    ensure(status == Some(124) && output == "hello\r\n", || format!("{status:?} {output:?}"))?;
    let (status, _, text) = run(&["--watch", "Z9"], b"")?;
    ensure(status == Some(126) && text.contains("no pin Z9"), || format!("{status:?} {text}"))
}

/// Where the bench and its bootloaders are; builds them first.
pub fn built() -> Result<&'static Path, String> {
    static DIR: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    DIR.get_or_init(build).as_ref().map(PathBuf::as_path).map_err(Clone::clone)
}

fn build() -> Result<PathBuf, String> {
    // .../target/debug/deps/suite-1234 -> .../target/bench-avr
    let exe = std::env::current_exe().map_err(|e| e.to_string())?;
    let out = exe.ancestors().nth(3).unwrap_or(Path::new("target")).join("bench-avr");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("bench-avr");
    let need = "the AVR bench cannot be built; on Debian: apt-get install gcc make libsimavr-dev libelf-dev \
                gcc-avr avr-libc arduino-core-avr (`make test` does it)";
    let result = Command::new("make")
        .arg("-C")
        .arg(source)
        .arg(format!("OUT={}", out.display()))
        .output()
        .map_err(|e| format!("{need}\nmake: {e}"))?;
    match result.status.success() {
        true => Ok(out),
        false => Err(format!("{need}\n{}", String::from_utf8_lossy(&result.stderr))),
    }
}

/// A running bench; ends when it is dropped.
pub struct Bench {
    child: Child,
    /// Where the serial port is.
    pub port: String,
    dir: tempfile::TempDir,
}

/// What is on the desk.
#[derive(Clone, Copy)]
pub enum Board {
    /// Uno with optiboot.
    Uno,
    /// Nano with its old bootloader, at 57600 baud.
    Nano,
    /// Mega 2560 with its bootloader.
    Mega,
    /// Uno without bootloader, running the greeting program.
    Plain,
}

impl Bench {
    /// `realtime` as real bootloaders want it; without, the chip runs as fast as it can.
    pub fn start(board: Board, realtime: bool) -> Result<Bench, String> {
        let tools = built()?;
        let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
        let port = dir.path().join("port").display().to_string();
        let (mcu, option, file) = match board {
            Board::Uno => ("atmega328p", "--boot", "optiboot-atmega328p.elf"),
            Board::Nano => ("atmega328p", "--boot", "atmegaboot-atmega328p.hex"),
            Board::Mega => ("atmega2560", "--boot", "stk500v2-atmega2560.hex"),
            Board::Plain => ("atmega328p", "--app", "hello-atmega328p.elf"),
        };
        let mut command = Command::new(tools.join("bench-avr"));
        command.args(["-m", mcu, option]).arg(tools.join(file)).args(["--pty", &port, "--limit", "300"]);
        command.arg("--dump").arg(dir.path().join("flash")).stdout(Stdio::piped()).stderr(Stdio::null());
        if realtime {
            command.arg("--realtime");
        }
        let mut child = command.spawn().map_err(|e| format!("bench-avr: {e}"))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(|e| e.to_string())?;
        }
        let bench = Bench { child, port, dir };
        if line.starts_with("port ") { Ok(bench) } else { Err("the bench did not start".to_string()) }
    }

    /// The words of `kill` that the bench is to get: `TERM`, `STOP`, `CONT`, `KILL`.
    pub fn signal(&self, which: Signal) {
        signal(self.child.id(), which);
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the run, if it has not ended by itself, and returns what is in flash.
    pub fn stop(mut self) -> Result<Vec<u8>, String> {
        self.signal(Signal::TERM);
        self.child.wait().map_err(|e| e.to_string())?;
        std::fs::read(self.dir.path().join("flash")).map_err(|e| format!("flash dump: {e}"))
    }

    /// The exit status of a program that ends by itself.
    pub fn wait(mut self) -> Result<Option<i32>, String> {
        Ok(self.child.wait().map_err(|e| e.to_string())?.code())
    }
}

/// Sends a signal to a process, which may be gone by now.
pub fn signal(process: u32, signal: Signal) {
    if let Some(process) = i32::try_from(process).ok().and_then(Pid::from_raw) {
        let _ = kill_process(process, signal);
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
