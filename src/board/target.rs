//! The resolved target: everything that the rest of the compiler asks about a board, chip or host.

use std::borrow::Cow;
use std::path::PathBuf;
use std::{fs, io};

use crate::root::Root;
use crate::value::{UsbId, words};

words! {
    /// What sort of thing the target is.
    Kind, "kind" {
        Board = "board",
        Emulator = "emulator",
        Wasm = "wasm",
        Host = "host",
    }
}

words! {
    /// The garbage collectors of `-gc`.
    Gc, "gc option" {
        None = "none",
        Leaking = "leaking",
        Conservative = "conservative",
        Custom = "custom",
        Precise = "precise",
        Boehm = "boehm",
    }
}

words! {
    /// The goroutine schedulers of `-scheduler`.
    Scheduler, "scheduler option" {
        None = "none",
        Tasks = "tasks",
        Asyncify = "asyncify",
        Threads = "threads",
        Cores = "cores",
    }
}

words! {
    /// Where print and os.Stdout go, as in `-serial`.
    Serial, "serial option" {
        None = "none",
        Uart = "uart",
        Usb = "usb",
        Rtt = "rtt",
    }
}

words! {
    /// What a panic does, as in `-panic`.
    PanicMode, "panic option" {
        Print = "print",
        Trap = "trap",
    }
}

words! {
    /// Which linker driver links the target.
    Flavour, "linker flavour" {
        Elf = "elf",
        Wasm = "wasm",
    }
}

words! {
    /// File formats that an image can be written in.
    Format, "format" {
        Elf = "elf",
        Hex = "hex",
        Bin = "bin",
        Uf2 = "uf2",
        Wasm = "wasm",
    }
}

/// A target with nothing left open. Sizes are bytes, frequencies hertz.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The name as given by -target, or `linux/amd64`.
    pub name: String,
    /// One line for people: "Arduino Uno".
    pub description: String,
    pub kind: Kind,
    /// The YAML files it was made from, the board's own last; empty for hosts.
    pub files: Vec<String>,
    pub llvm: Llvm,
    /// Size of pointers, uintptr, and of the stored length and capacity of slices.
    pub pointer_bits: u32,
    /// Size of int and uint.
    pub int_bits: u32,
    /// The strictest alignment of any Go type, in bytes (AVR 1, 386 4, else 8).
    pub max_align: u32,
    /// GOOS and GOARCH as Go code and build constraints see them.
    pub goos: String,
    pub goarch: String,
    /// The target's own build tags; [`Target::tags`] adds the rest.
    pub build_tags: Vec<String>,
    pub gc: Gc,
    pub scheduler: Scheduler,
    pub serial: Serial,
    pub panic: PanicMode,
    /// Default size of a goroutine's stack, where it cannot be computed.
    pub goroutine_stack: u64,
    /// Size of the stack that start-up code, main and interrupts use; 0 where the system provides one.
    pub main_stack: u64,
    pub linker: Linker,
    /// Memory regions, in the order of the YAML; empty for hosts and wasm.
    pub memory: Vec<Region>,
    /// Where the register package comes from; `None` if the chip has none (hosts, wasm, emulated machines).
    pub device: Option<Device>,
    /// Interrupts named in the YAML, for chips without a device file.
    pub interrupts: Vec<Interrupt>,
    /// CPU clock after start-up; 0 for hosts and wasm.
    pub clock: u64,
    /// The value of machine.Device.
    pub chip: String,
    /// How `tinygo flash` does it.
    pub flash: Flash,
    /// Other ways that -programmer may choose.
    pub programmers: Vec<Flash>,
    /// USB ids of the board's serial port.
    pub usb_ids: Vec<UsbId>,
    /// Open the port at 1200 baud before flashing, to enter the bootloader.
    pub touch_1200: bool,
    /// Descriptors that a program with USB shows.
    pub usb: Option<UsbStrings>,
    /// Default baud rate of the monitor and of machine.Serial.
    pub baud: u32,
    pub emulator: Emulator,
    /// Image formats, the one for flashing first.
    pub formats: Vec<Format>,
    /// Pin constants of package machine: the chip's, then the board's.
    pub pins: Vec<Pin>,
    /// The UART that machine.DefaultUART is: "UART0"; `None` without one.
    pub default_uart: Option<String>,
    /// Further constants of package machine that chip code asks the board for, such as a crystal's frequency.
    pub constants: Vec<(String, u64)>,
}

/// What LLVM has to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Llvm {
    pub triple: String,
    pub cpu: String,
    /// `+a,-b`, may be empty.
    pub features: String,
    /// Empty: the triple's default.
    pub abi: String,
    pub code_model: CodeModel,
    pub relocation: Relocation,
}

words! {
    /// LLVM's code model.
    CodeModel, "code model" {
        Default = "default",
        Tiny = "tiny",
        Small = "small",
        Kernel = "kernel",
        Medium = "medium",
        Large = "large",
    }
}

words! {
    /// LLVM's relocation model.
    Relocation, "relocation model" {
        Static = "static",
        Pic = "pic",
        DynamicNoPic = "dynamicnopic",
    }
}

/// How the program is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linker {
    pub flavour: Flavour,
    /// The layout; [`crate::linker_script`] puts the MEMORY block in front. `None` where lld's own layout serves (wasm).
    pub script: Option<Source>,
    /// Symbols defined on the command line, in order.
    pub defsyms: Vec<(String, u64)>,
    /// Entry symbol; `None` leaves it to the script.
    pub entry: Option<String>,
    /// Start-up code in assembly. May be empty.
    pub assembly: Vec<Source>,
    /// Further arguments for lld.
    pub args: Vec<String>,
}

/// A file that a YAML file names: in the tool's own tree, or beside a user's board file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    Tree(String),
    Disk(PathBuf),
}

impl Source {
    /// The file's bytes, or an error that names it.
    pub fn read<'a>(&self, root: &'a Root) -> io::Result<Cow<'a, [u8]>> {
        let fail =
            |why: String| io::Error::new(io::ErrorKind::NotFound, format!("{}: {why}", self.display()));
        match self {
            Source::Tree(name) => {
                root.read(name).ok_or_else(|| fail(format!("no such file in {}", root.describe())))
            }
            Source::Disk(path) => fs::read(path).map(Cow::Owned).map_err(|e| fail(e.to_string())),
        }
    }

    /// The name for messages and for the extension.
    pub fn display(&self) -> String {
        match self {
            Source::Tree(name) => name.clone(),
            Source::Disk(path) => path.display().to_string(),
        }
    }
}

/// A memory region. In linker scripts and in "too large" messages its name is in capitals: FLASH, RAM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    pub name: String,
    pub origin: u64,
    pub length: u64,
}

/// Where a chip's register package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Import path: `device/avr`.
    pub package: String,
    /// The chip's name, as in the device file: `ATmega328P`.
    pub chip: String,
    /// SVD or ATDF, `.zst` if compressed.
    pub source: Source,
}

/// An interrupt that the YAML names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interrupt {
    pub number: u32,
    pub name: String,
}

/// A pin constant of package machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    pub name: String,
    pub number: u8,
    /// What the YAML says it is, where that is another name (`PB5`, `D13`): the Go constant keeps it.
    pub alias: Option<String>,
}

/// How a board is programmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flash {
    /// Nothing to flash: emulators, wasm, hosts.
    None,
    /// The Uno's bootloader.
    Stk500v1(Stk500),
    /// The Mega's bootloader ("wiring").
    Stk500v2(Stk500),
    /// Copying a UF2 file to the volume that the bootloader shows.
    Uf2 { family: u32, volumes: Vec<String> },
    /// A debug probe, through probe-rs.
    Probe { chip: String },
    /// Copying an image to the volume of the board's debug chip.
    Msd { volumes: Vec<String>, file: String, format: Format },
    /// An external command; `{port}`, `{hex}`, `{bin}`, `{elf}`, `{uf2}` are replaced.
    Command { run: Vec<String> },
}

impl Flash {
    /// The word that -programmer and messages use.
    pub fn method(&self) -> &'static str {
        match self {
            Flash::None => "none",
            Flash::Stk500v1(_) => "stk500v1",
            Flash::Stk500v2(_) => "stk500v2",
            Flash::Uf2 { .. } => "uf2",
            Flash::Probe { .. } => "probe",
            Flash::Msd { .. } => "msd",
            Flash::Command { .. } => "command",
        }
    }
}

/// What the STK500 protocols need to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stk500 {
    pub baud: u32,
    /// The chip's signature bytes.
    pub signature: [u8; 3],
    /// Flash page size in bytes.
    pub page: u32,
    /// First address that belongs to the bootloader: images must end below it.
    pub limit: u64,
}

/// USB descriptor strings and ids of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbStrings {
    pub id: UsbId,
    pub product: String,
    pub manufacturer: String,
}

/// What `tinygo run` starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Emulator {
    None,
    /// The program itself is an executable of this machine.
    Native,
    /// Our bench on libsimavr.
    Simavr {
        mcu: String,
        frequency: u64,
    },
    /// QEMU; `args` follow `-machine <machine>`, `{}` in them is the program.
    Qemu {
        binary: String,
        machine: String,
        args: Vec<String>,
    },
    /// rp2040js under node.
    Rp2040js,
    /// A WebAssembly engine; the first of these commands that is installed.
    Wasm {
        engines: Vec<String>,
    },
}

impl Target {
    /// All build tags of a build, in TinyGo's order. `go_minor` is the N of the installed go1.N.
    pub fn tags(
        &self,
        gc: Gc,
        scheduler: Scheduler,
        serial: Serial,
        go_minor: u32,
        extra: &[String],
    ) -> Vec<String> {
        let mut tags = self.build_tags.clone();
        tags.extend(["tinygo", "purego", "osusergo", "math_big_pure_go"].map(str::to_owned));
        tags.extend([format!("gc.{gc}"), format!("scheduler.{scheduler}"), format!("serial.{serial}")]);
        if !matches!(scheduler, Scheduler::Threads | Scheduler::Cores) {
            tags.push("tinygo.unicore".to_owned());
        }
        tags.extend((1..=go_minor).map(|minor| format!("go1.{minor}")));
        tags.extend(extra.iter().cloned());
        tags
    }

    /// Whether the program runs without an operating system.
    pub fn is_baremetal(&self) -> bool {
        matches!(self.kind, Kind::Board | Kind::Emulator)
    }

    /// A memory region by its name in the YAML.
    pub fn region(&self, name: &str) -> Option<&Region> {
        self.memory.iter().find(|region| region.name == name)
    }

    /// The number of a pin constant.
    pub fn pin(&self, name: &str) -> Option<u8> {
        self.pins.iter().find(|pin| pin.name == name).map(|pin| pin.number)
    }

    /// The suffix of an output file that the user did not name: `.elf`, `.wasm` or nothing.
    pub fn default_suffix(&self) -> &'static str {
        match self.kind {
            Kind::Board | Kind::Emulator => ".elf",
            Kind::Wasm => ".wasm",
            Kind::Host => "",
        }
    }
}
