//! Boards in emulators run the examples: the LED keeps the pace that the program asks for, the serial port echoes, a
//! pin's interrupt fires, and what `tinygo flash` leaves in the chip is the image to the last byte.
//!
//! All times are the emulator's: cycles of simavr, nanoseconds of rp2040js, the timers of QEMU's chips. How fast this
//! computer is makes no difference.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use libtest_mimic::{Failed, Trial};

use crate::flash::bench::{self, Bench, Board};

/// On a machine that does other things as well; a run that takes this long hangs.
const LIMIT: Duration = Duration::from_secs(240);

const BOARDS: [&str; 5] = ["arduino", "arduino-mega2560", "microbit", "pico", "hifive1b"];

pub fn trials() -> Vec<Trial> {
    fn trial(case: &str, board: &str, run: impl FnOnce() -> Result<(), String> + Send + 'static) -> Trial {
        Trial::test(format!("boards::{case}::{board}"), move || run().map_err(Failed::from))
    }
    let mut all = Vec::new();
    for board in BOARDS {
        all.push(trial("blinky", board, move || blinky(board)));
        all.push(trial("echo", board, move || echo(board)));
    }
    for board in ["arduino", "microbit", "pico"] {
        all.push(trial("button", board, move || button(board)));
    }
    all.push(trial("flash", "arduino", || flashed(Board::Uno, "arduino", 0x7E00)));
    all.push(trial("flash", "arduino-mega2560", || flashed(Board::Mega, "arduino-mega2560", 0x3E000)));
    all
}

// ---- programs and emulators ------------------------------------------------------------------------------------

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// The `tinygo` command with these arguments, run in the root of the tree; its output if it fails.
fn tinygo(arguments: &[&str]) -> Result<(), String> {
    let command = super::tinygo();
    let output = Command::new(&command)
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .map_err(|e| super::not_started(&command, &e))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("tinygo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr))),
    }
}

/// An example for a board, in the form that its emulator wants.
fn build(folder: &Path, board: &str, example: &str) -> Result<PathBuf, String> {
    let program = folder.join(if board == "pico" { "program.bin" } else { "program.elf" });
    let output = format!("-o={}", program.display());
    tinygo(&["build", &format!("-target={board}"), &output, &format!("./examples/{example}")])?;
    Ok(program)
}

/// The emulator of a board with the program in it; options may follow.
fn emulator(board: &str, program: &Path) -> Result<Command, String> {
    let qemu = |binary: &str, machine: &str| {
        let mut command = Command::new(binary);
        // One instruction each 64 ns, about that of the real chips' 16 MHz; and the same in every run.
        command.args(["-M", machine, "-icount", "shift=6,sleep=off", "-display", "none", "-monitor", "none"]);
        command.arg("-kernel").arg(program);
        command
    };
    let avr = |mcu: &str| -> Result<Command, String> {
        let mut command = Command::new(bench::built()?.join("bench-avr"));
        command.args(["-m", mcu, "-f", "16000000", "-a"]).arg(program);
        Ok(command)
    };
    Ok(match board {
        "arduino" => avr("atmega328p")?,
        "arduino-mega2560" => avr("atmega2560")?,
        "microbit" => qemu("qemu-system-arm", "microbit"),
        "hifive1b" => {
            let mut command = qemu("qemu-system-riscv32", "sifive_e,revb=true");
            command.args(["-bios", "none"]);
            command
        }
        "pico" => {
            let mut command = Command::new("node");
            command.arg(root().join("src/driver/emulators/rp2040.cjs")).arg(program);
            command
        }
        _ => return Err(format!("no emulator for {board}")),
    })
}

/// Runs the command with this input, which stays open, and gives its output and errors line by line to `line` until
/// that has what it wants, or to the end; it may send more. The command ends in any case.
fn watch(
    mut command: Command,
    input: &[u8],
    mut line: impl FnMut(&str, &mut dyn Write) -> bool,
) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let broken = |e: std::io::Error| format!("{name}: {e}");
    let (reader, writer) = std::io::pipe().map_err(broken)?;
    command.stdin(Stdio::piped()).stdout(writer.try_clone().map_err(broken)?).stderr(writer);
    let mut child = command
        .spawn()
        .map_err(|e| format!("{name}: {e}; `make setup` installs it, scripts/setup.sh says how"))?;
    // The writing ends that the command holds, or the output would never end.
    drop(command);
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    // A program that has ended reads nothing: its output tells why.
    let _ = stdin.write_all(input).and_then(|()| stdin.flush());

    let process = child.id();
    let (done, end) = channel::<()>();
    let guard = std::thread::spawn(move || {
        let late = end.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout);
        bench::signal(process, bench::Signal::KILL);
        late
    });
    let mut output = BufReader::new(reader);
    let mut bytes = Vec::new();
    let mut last: Vec<String> = Vec::new();
    let mut satisfied = false;
    while !satisfied && output.read_until(b'\n', &mut bytes).is_ok_and(|n| n > 0) {
        let text = String::from_utf8_lossy(&bytes).trim_end().to_string();
        satisfied = line(&text, &mut stdin);
        last.push(text);
        if last.len() > 20 {
            last.remove(0);
        }
        bytes.clear();
    }
    let _ = done.send(());
    let late = guard.join().unwrap_or(true);
    let _ = child.wait();
    match late && !satisfied {
        true => Err(format!("{name} was stopped after {LIMIT:?}; it said\n{}", last.join("\n"))),
        false if satisfied => Ok(()),
        false => Err(format!("{name} ended too early; it said\n{}", last.join("\n"))),
    }
}

fn folder() -> Result<tempfile::TempDir, String> {
    tempfile::tempdir().map_err(|e| e.to_string())
}

/// What stands behind `key`, up to the next blank.
fn word<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.split_once(key)?.1.split_whitespace().next()
}

fn hex(line: &str, key: &str) -> Option<u32> {
    u32::from_str_radix(word(line, key)?.trim_start_matches("0x"), 16).ok()
}

// ---- the LED ---------------------------------------------------------------------------------------------------

/// What the emulator tells about the LED: its level, and the time in seconds if that is known yet.
type Probe = Box<dyn FnMut(&str) -> Option<(bool, Option<f64>)>>;

/// The emulator's options, and the reading of what it prints.
fn led(board: &str) -> Result<(Vec<&'static str>, Probe), String> {
    // "pin B5 = 1 @cycle 8000221", "pin 25 = 1 @nanos 500002232"
    fn edges(unit: &'static str, frequency: f64) -> Probe {
        Box::new(move |line| {
            let time: f64 = word(line, unit)?.parse().ok()?;
            Some((word(line, " = ")? == "1", Some(time / frequency)))
        })
    }
    Ok(match board {
        "arduino" => (vec!["--watch", "B5"], edges("@cycle ", 16e6)),
        "arduino-mega2560" => (vec!["--watch", "B7"], edges("@cycle ", 16e6)),
        "pico" => (vec!["--watch", "25"], edges("@nanos ", 1e9)),
        "microbit" => {
            let trace = "trace:nrf51_gpio_write,trace:nrf51_timer_write,trace:nrf51_timer_read";
            (vec!["-serial", "null", "-d", trace], microbit_led())
        }
        "hifive1b" => {
            let trace = "trace:sifive_gpio_write,trace:memory_region_ops_read";
            (vec!["-serial", "null", "-d", trace], hifive_led())
        }
        _ => return Err(format!("no LED known on {board}")),
    })
}

/// LED_ROW_1 is P0.13. The time is that of TIMER0 as QEMU counts it, last read before the pin was set: the program
/// polls it.
fn microbit_led() -> Probe {
    const OUTSET: u32 = 0x508;
    const OUTCLR: u32 = 0x50C;
    const PRESCALER: u32 = 0x510;
    let (mut frequency, mut now) = (16e6, None);
    Box::new(move |line| {
        if line.starts_with("nrf51_timer_read timer 0") {
            now = Some(f64::from(hex(line, "data ")?) / frequency);
        } else if line.starts_with("nrf51_timer_write timer 0") && hex(line, "addr ")? == PRESCALER {
            // nRF51 reference manual 3.0, 18.1.1: 16 MHz / 2^PRESCALER.
            frequency = 16e6 / f64::from(1 << hex(line, "data ")?.min(9));
        } else if line.starts_with("nrf51_gpio_write") && hex(line, "value ")? >> 13 & 1 != 0 {
            match hex(line, "offset ")? {
                OUTSET => return Some((true, now)),
                OUTCLR => return Some((false, now)),
                _ => {}
            }
        }
        None
    })
}

/// The red LED is GPIO 22. The time is that of mtime, in ticks of the chip's 32,768 Hz: QEMU counts them at 10 MHz, so
/// that the program runs 305 times as fast as on the board, but in the same number of ticks.
fn hifive_led() -> Probe {
    const OUTPUT_VAL: u32 = 0xC;
    let mut now = None;
    Box::new(move |line| {
        if line.contains("addr 0x200bff8 ") {
            now = Some(f64::from(hex(line, "value ")?) / 32_768.0);
        } else if line.starts_with("sifive_gpio_write") && hex(line, "offset ")? == OUTPUT_VAL {
            return Some((hex(line, "value ")? >> 22 & 1 != 0, now));
        }
        None
    })
}

/// Four changes of the LED, half a second each, within 1 %.
fn blinky(board: &str) -> Result<(), String> {
    let folder = folder()?;
    let (options, mut probe) = led(board)?;
    let mut command = emulator(board, &build(folder.path(), board, "blinky")?)?;
    command.args(options);
    let mut edges: Vec<(bool, f64)> = Vec::new();
    watch(command, b"", |line, _| {
        if let Some((level, Some(time))) = probe(line) {
            // The first change is to on: before it the pin is prepared.
            if level != edges.last().is_some_and(|edge| edge.0) {
                edges.push((level, time));
            }
        }
        edges.len() == 5
    })?;
    let times: Vec<f64> = edges.windows(2).map(|pair| (pair[1].1 - pair[0].1) * 1e3).collect();
    let report = format!("{board}: the LED changed after {times:.3?} ms");
    let _ = writeln!(std::io::stderr(), "{report}");
    match times.iter().all(|ms| (495.0..=505.0).contains(ms)) {
        true => Ok(()),
        false => Err(format!("{report}, wanted are 500 ms within 1 %")),
    }
}

// ---- the serial port -------------------------------------------------------------------------------------------

/// Three lines with every byte but control characters, each sent when the one before has come back: QEMU's lines are
/// faster than its processors, so that more than the receive buffer of 128 bytes would be lost.
fn echo(board: &str) -> Result<(), String> {
    let folder = folder()?;
    let mut command = emulator(board, &build(folder.path(), board, "echo")?)?;
    if matches!(board, "microbit" | "hifive1b") {
        command.args(["-serial", "stdio"]);
    }
    let lines: [Vec<u8>; 3] =
        [0x20..=0x7E, 0x7F..=0xBF, 0xC0..=0xFF].map(|range: std::ops::RangeInclusive<u8>| {
            let mut line: Vec<u8> = std::iter::once(b'<').chain(range).chain(*b">\n").collect();
            // Twice the same byte must not become one.
            line.insert(1, b'<');
            line
        });
    let mut failure = None;
    let mut next = 0;
    watch(command, &lines[0], |text, stdin| {
        let want = String::from_utf8_lossy(&lines[next]).trim_end().to_string();
        if text != want {
            failure = Some(format!("sent {want:?}, came back {text:?}"));
            return true;
        }
        next += 1;
        lines.get(next).is_none_or(|line| stdin.write_all(line).and_then(|()| stdin.flush()).is_err())
    })?;
    failure.map_or(Ok(()), Err)
}

// ---- a pin's interrupt -----------------------------------------------------------------------------------------

/// The button is pressed and released twice, and counted by an interrupt at its falling edge.
fn button(board: &str) -> Result<(), String> {
    let folder = folder()?;
    let program = build(folder.path(), board, "button")?;
    let command = match board {
        "arduino" => {
            let mut command = emulator(board, &program)?;
            for drive in ["D2=1@0", "D2=0@0.1", "D2=1@0.2", "D2=0@0.3", "D2=1@0.4"] {
                command.args(["--drive", drive]);
            }
            command.args(["--limit", "0.6"]);
            command
        }
        "pico" => {
            let mut command = emulator(board, &program)?;
            for drive in ["15=1@0", "15=0@0.02", "15=1@0.04", "15=0@0.06", "15=1@0.08"] {
                command.args(["--drive", drive]);
            }
            command.args(["--limit", "0.12"]);
            command
        }
        // QEMU's nRF51 has no GPIOTE; labwired has the nRF52's, which has the same registers at the same place.
        "microbit" => {
            let mut command = Command::new("python3");
            command.arg(root().join("tests/boards/microbit_button.py")).arg(&program);
            command
        }
        _ => return Err(format!("no button known on {board}")),
    };
    let mut output = Vec::new();
    // The end of the run is what is waited for: a third press would be wrong.
    let end = watch(command, b"", |line, _| {
        output.push(line.to_string());
        false
    });
    match output == ["pressed 1", "pressed 2"] {
        true => Ok(()),
        false => Err(format!("pressed twice, it said {output:?}; {end:?}")),
    }
}

// ---- flashing --------------------------------------------------------------------------------------------------

/// `tinygo flash` through a real bootloader: then the flash up to it holds the image and nothing else.
fn flashed(board: Board, target: &str, limit: usize) -> Result<(), String> {
    let folder = folder()?;
    let path = folder.path().join("blinky.bin");
    let target = format!("-target={target}");
    tinygo(&["build", &target, &format!("-o={}", path.display()), "./examples/blinky"])?;
    let mut image = Vec::new();
    let mut file = std::fs::File::open(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    file.read_to_end(&mut image).map_err(|e| e.to_string())?;

    let bench = Bench::start(board, true)?;
    tinygo(&["flash", &target, &format!("-port={}", bench.port), "./examples/blinky"])?;
    let flash = bench.stop()?;
    let bytes = image.len();
    image.resize(limit, 0xFF);
    let wrong = flash.iter().zip(&image).position(|(a, b)| a != b);
    let _ = writeln!(std::io::stderr(), "{target}: {bytes} bytes in flash");
    match wrong {
        None if bytes > 100 && flash.len() > limit => Ok(()),
        None => Err(format!("an image of {bytes} bytes, a dump of {}", flash.len())),
        Some(at) => Err(format!(
            "flash at {at:#x} is {:#04x}, the image of {bytes} bytes has {:#04x}",
            flash[at], image[at]
        )),
    }
}
