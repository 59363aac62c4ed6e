//! Runs a program without its board: natively, in an emulator, in a WebAssembly engine.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;

use board::{Emulator, Target};

use crate::build::Built;
use crate::config::Config;
use crate::error::Error;
use crate::output::{self, Output};

const RP2040: &str = include_str!("emulators/rp2040.cjs");
const WASI: &str = include_str!("emulators/wasi.mjs");

/// KiB that node's calls may take, where it has 984 by itself: so that a program's own stack is full before. The system
/// gives a process 8 MiB.
const NODE_STACK: &str = "--stack-size=4000";

/// Node 20 crashes now and then where the memory of a program grows, or at its end, when a collection of its own that
/// goes on step by step is finished there.
const NODE_MARKING: &str = "--no-incremental-marking";

/// Makes arguments part of the program to build, where nobody can give it any when it starts; whether that is so.
pub fn build_in_args(config: &mut Config, args: &[String]) -> bool {
    let built_in = matches!(
        config.target.emulator,
        Emulator::Simavr { .. } | Emulator::Qemu { .. } | Emulator::Rp2040js
    );
    if built_in && !args.is_empty() {
        let text = args.iter().map(|arg| format!("{arg}\0")).collect();
        config.options.set_strings.push(("runtime.osArgs".to_owned(), text));
    }
    built_in
}

/// Runs a program to its end and gives its exit status. Output and input are this process's own.
pub fn run(target: &Target, built: &Built, args: &[String]) -> Result<i32, Error> {
    let folder = tempfile::tempdir().map_err(|error| Error::io(Path::new("temporary folder"), error))?;
    let (mut command, tool) = command(target, built, folder.path())?;
    command.args(args);
    let status = wait(target, command, io::stderr(), |command| command.status());
    let status = status.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => missing(&tool),
        _ => Error::Io { path: tool.clone(), error },
    })?;
    Ok(exit_code(status))
}

/// Runs a command line of [`command`] by `run`, and tells how it ended. Its standard error goes to `errors`.
///
/// QEMU that a signal stops says so and ends with status 0, as if the program had: its words decide.
pub fn wait<T>(
    target: &Target,
    mut command: Command,
    errors: impl Into<Stdio> + Write + Send + 'static,
    run: impl FnOnce(&mut Command) -> io::Result<T>,
) -> io::Result<T>
where
    T: Ended,
{
    if !matches!(target.emulator, Emulator::Qemu { .. }) {
        return run(command.stderr(errors));
    }
    let (reader, writer) = io::pipe()?;
    let listener = std::thread::spawn(move || pass_on(reader, errors));
    let ended = run(command.stderr(writer));
    drop(command); // and with it the pipe's other end
    let signal = listener.join().unwrap_or_default();
    Ok(match signal {
        Some(signal) => ended?.by_signal(signal),
        None => ended?,
    })
}

/// Copies what QEMU says. The number of the signal that ended it, if it names one.
fn pass_on(from: impl io::Read, mut to: impl Write) -> Option<i32> {
    let mut from = BufReader::new(from);
    let (mut line, mut signal) = (Vec::new(), None);
    while from.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        let _ = to.write_all(&line).and_then(|()| to.flush());
        signal = signal.or_else(|| signal_in(&String::from_utf8_lossy(&line)));
        line.clear();
    }
    signal
}

/// `qemu-system-arm: terminating on signal 15 from pid 4711 (kill)`
fn signal_in(line: &str) -> Option<i32> {
    let (_, rest) = line.split_once(": terminating on signal ")?;
    rest.split_whitespace().next()?.parse().ok()
}

/// How a process ended, if it did before its time was up.
pub trait Ended {
    fn by_signal(self, signal: i32) -> Self;
}

impl Ended for ExitStatus {
    fn by_signal(self, signal: i32) -> ExitStatus {
        #[cfg(unix)]
        {
            use std::os::unix::process::ExitStatusExt;
            if self.success() {
                return ExitStatus::from_raw(signal);
            }
        }
        let _ = signal; // elsewhere QEMU has none
        self
    }
}

impl Ended for Option<ExitStatus> {
    fn by_signal(self, signal: i32) -> Option<ExitStatus> {
        self.map(|status| status.by_signal(signal))
    }
}

/// The command line that runs the program, and the name of the tool in it.
pub fn command(target: &Target, built: &Built, folder: &Path) -> Result<(Command, String), Error> {
    let write = |name: &str, bytes: &[u8]| -> Result<PathBuf, Error> {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|error| Error::io(&path, error))?;
        Ok(path)
    };
    match &target.emulator {
        Emulator::None => Err(Error::Other(format!(
            "{} has no emulator; `tinygo flash` brings the program onto the board",
            target.name
        ))),
        Emulator::Native => {
            let program = write(&built.name, &built.linked)?;
            make_executable(&program)?;
            let Some(emulator) = user_emulator(&target.goarch, std::env::consts::ARCH, folder) else {
                return Ok((Command::new(&program), built.name.clone()));
            };
            let mut command = Command::new(emulator);
            command.arg(program);
            Ok((command, emulator.to_owned()))
        }
        Emulator::Simavr { mcu, frequency } => {
            let program = write("program.elf", &built.linked)?;
            let bench = bench_avr();
            let mut command = Command::new(&bench);
            command.args(["--mcu", mcu, "--freq", &frequency.to_string(), "--app"]).arg(program);
            Ok((command, "bench-avr".to_owned()))
        }
        Emulator::Qemu { binary, machine, args } => {
            let program = write("program.elf", &built.linked)?;
            let mut command = Command::new(binary);
            command.args(["-machine", machine]);
            command.args(args.iter().map(
                |arg| {
                    if arg == "{}" { program.as_os_str() } else { OsStr::new(arg) }
                },
            ));
            Ok((command, binary.clone()))
        }
        Emulator::Rp2040js => {
            let program = write("program.bin", &output::convert(&built.linked, Output::Bin, target)?)?;
            let script = write("rp2040.cjs", RP2040.as_bytes())?;
            let mut command = Command::new("node");
            command.arg(script).arg(program);
            Ok((command, "node".to_owned()))
        }
        Emulator::Wasm { engines } => {
            let program = write("program.wasm", &built.linked)?;
            for engine in engines {
                if !in_path(engine) {
                    continue;
                }
                let mut command = Command::new(engine);
                if engine == "node" {
                    let script = write("wasi.mjs", WASI.as_bytes())?;
                    command.args(["--no-warnings", NODE_MARKING, NODE_STACK]).arg(script);
                } else {
                    command.args(["run", "--dir=."]);
                }
                command.arg(program);
                return Ok((command, engine.clone()));
            }
            Err(missing(&engines.join(" or ")))
        }
    }
}

/// Our bench on libsimavr: beside this binary's folder, as `make` builds it, or on the PATH.
fn bench_avr() -> PathBuf {
    let beside = std::env::current_exe().ok().and_then(|exe| {
        let target = exe.parent()?.parent()?;
        Some(target.join("bench-avr/bench-avr"))
    });
    beside.filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from("bench-avr"))
}

fn in_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// QEMU's emulator for programs of Linux on another architecture than this machine's, which Rust names.
fn user_emulator(goarch: &str, here: &str, folder: &Path) -> Option<&'static str> {
    match (goarch, here) {
        ("386", "x86_64") if runs_386(folder) => None,
        ("amd64", "x86_64") | ("arm64", "aarch64") | ("riscv64", "riscv64") => None,
        ("arm", "arm") | ("386", "x86") => None,
        ("arm64", _) => Some("qemu-aarch64"),
        ("arm", _) => Some("qemu-arm"),
        ("riscv64", _) => Some("qemu-riscv64"),
        ("386", _) => Some("qemu-i386"),
        _ => Some("qemu-x86_64"),
    }
}

/// Whether the kernel of this machine of 64 bits runs programs of 32: it is asked for that with one that just exits.
fn runs_386(folder: &Path) -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        const NO_SUCH_FORMAT: i32 = 8; // ENOEXEC
        let program = folder.join("exit");
        let written = std::fs::write(&program, EXIT_386).is_ok() && make_executable(&program).is_ok();
        let error = Command::new(&program).status().err();
        written && error.and_then(|error| error.raw_os_error()) != Some(NO_SUCH_FORMAT)
    })
}

/// An ELF header, the header of a segment that is the file, and `xorl %ebx, %ebx; movl $1, %eax; int $0x80`.
const EXIT_386: &[u8] = b"\x7fELF\x01\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x03\0\x01\0\0\0\x54\0\x40\0\x34\0\0\0\
    \0\0\0\0\0\0\0\0\x34\0\x20\0\x01\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\x40\0\0\0\x40\0\
    \x5d\0\0\0\x5d\0\0\0\x05\0\0\0\0\x10\0\0\x31\xdb\xb8\x01\0\0\0\xcd\x80";

fn make_executable(program: &Path) -> Result<(), Error> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755))
            .map_err(|error| Error::io(program, error))?;
    }
    Ok(())
}

fn missing(tool: &str) -> Error {
    let hint = match tool {
        "bench-avr" => "it emulates AVR chips; `make build bench` in tinygo's source tree builds it",
        "node" => "it runs the emulator; install nodejs, and rp2040js with npm",
        tool if tool.starts_with("qemu-system") => {
            "it emulates the board; install QEMU (qemu-system-arm, qemu-system-misc)"
        }
        tool if tool.starts_with("qemu-") => "it runs programs for other processors; install qemu-user",
        _ => "it runs the program; install it and put it into PATH",
    };
    Error::Missing { tool: tool.to_owned(), hint: hint.to_owned() }
}

/// The exit status as a shell gives it: 128 + n for signal n.
fn exit_code(status: ExitStatus) -> i32 {
    if let Some(code) = status.code() {
        return code;
    }
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt;
        if let Some(signal) = status.signal() {
            return 128 + signal;
        }
    }
    1
}
