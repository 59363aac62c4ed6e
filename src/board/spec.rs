//! The YAML schema: what one file may say. boards/README.md describes it for people; keep the two in step.

use serde::Deserialize;
use yaml_serde::with::singleton_map;

use crate::target::{CodeModel, Flavour, Format, Gc, Kind, PanicMode, Relocation, Scheduler, Serial};
use crate::value::{Hertz, Hex, Ordered, Size, UsbId};

/// One YAML file. Everything is optional here; `resolve` knows what a whole target must have.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Spec {
    pub inherits: Vec<String>,
    pub description: Option<String>,
    pub kind: Option<Kind>,
    pub llvm: LlvmSpec,
    pub pointer_bits: Option<u32>,
    pub int_bits: Option<u32>,
    pub max_align: Option<u32>,
    pub goos: Option<String>,
    pub goarch: Option<String>,
    pub build_tags: Vec<String>,
    pub gc: Option<Gc>,
    pub scheduler: Option<Scheduler>,
    pub serial: Option<Serial>,
    pub panic: Option<PanicMode>,
    pub goroutine_stack: Option<Size>,
    pub main_stack: Option<Size>,
    pub linker: LinkerSpec,
    pub memory: Ordered<RegionSpec>,
    pub chip: Option<String>,
    pub device: Option<DeviceSpec>,
    pub avr: Option<AvrSpec>,
    pub interrupts: Ordered<u32>,
    pub clock: Option<Hertz>,
    #[serde(with = "singleton_map")]
    pub flash: Option<FlashSpec>,
    pub programmers: Option<Vec<Programmer>>,
    pub usb_ids: Option<Vec<UsbId>>,
    pub touch_1200: Option<bool>,
    pub usb: Option<UsbSpec>,
    pub baud: Option<u32>,
    #[serde(with = "singleton_map")]
    pub emulator: Option<EmulatorSpec>,
    pub formats: Option<Vec<Format>>,
    pub ports: Ordered<PortSpec>,
    pub pins: Ordered<PinSpec>,
    pub default_uart: Option<String>,
    pub constants: Ordered<Number>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LlvmSpec {
    pub triple: Option<String>,
    pub cpu: Option<String>,
    pub features: Option<String>,
    pub abi: Option<String>,
    pub code_model: Option<CodeModel>,
    pub relocation: Option<Relocation>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LinkerSpec {
    pub flavour: Option<Flavour>,
    pub script: Option<String>,
    pub defsyms: Ordered<Size>,
    pub entry: Option<String>,
    pub assembly: Vec<String>,
    pub args: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionSpec {
    pub origin: Size,
    pub length: Size,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceSpec {
    pub package: String,
    pub chip: String,
    pub source: String,
}

/// What programming an AVR chip needs to know about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AvrSpec {
    pub signature: Hex,
    pub page: Size,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsbSpec {
    pub id: UsbId,
    pub product: String,
    pub manufacturer: String,
}

/// Pins that the chip numbers in a row: `PB: {first: 0, pins: 8}` makes PB0 to PB7.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortSpec {
    pub first: u32,
    pub pins: u32,
    /// Digits of the number in the name: with 2, P0_ makes P0_00.
    #[serde(default)]
    pub digits: usize,
}

/// A pin's value: a number, or the name of a port pin or of another pin.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum PinSpec {
    Number(u32),
    Name(String),
}

/// A constant: a number, a size or a frequency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(pub u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Number, D::Error> {
        crate::value::scalar(d, "a number")
    }
}

impl std::str::FromStr for Number {
    type Err = String;

    fn from_str(text: &str) -> Result<Number, String> {
        let hertz = || text.parse::<Hertz>().ok().map(|hertz| hertz.0);
        let size = || text.parse::<Size>().ok().map(|size| size.0);
        hertz()
            .or_else(size)
            .map(Number)
            .ok_or_else(|| format!("invalid number '{text}': write a number such as 12, 0x20, 4K or 12MHz"))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum FlashSpec {
    None,
    Stk500v1(Stk500Spec),
    Stk500v2(Stk500Spec),
    Uf2(Uf2Spec),
    Probe(ProbeSpec),
    Msd(MsdSpec),
    Command(CommandSpec),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stk500Spec {
    pub baud: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uf2Spec {
    pub family: Size,
    pub volumes: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeSpec {
    pub chip: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MsdSpec {
    pub volumes: Vec<String>,
    pub file: String,
    pub format: Format,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommandSpec {
    pub run: Vec<String>,
}

/// An entry of `programmers`: a flash method.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Programmer(#[serde(with = "singleton_map")] pub FlashSpec);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub enum EmulatorSpec {
    None,
    Simavr(SimavrSpec),
    Qemu(QemuSpec),
    Rp2040js,
    Wasm(WasmSpec),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimavrSpec {
    pub mcu: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QemuSpec {
    pub binary: String,
    pub machine: String,
    pub args: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WasmSpec {
    pub engines: Vec<String>,
}

impl Spec {
    /// Puts what `child` says over what this file says. Lists grow (tags, assembly, arguments), maps merge by key,
    /// all else is replaced.
    pub fn overlay(&mut self, child: Spec) {
        macro_rules! replace {
            ($($($field:ident).+),* $(,)?) => {
                $(if child.$($field).+.is_some() { self.$($field).+ = child.$($field).+; })*
            };
        }
        replace!(
            description,
            kind,
            llvm.triple,
            llvm.cpu,
            llvm.features,
            llvm.abi,
            llvm.code_model,
            llvm.relocation,
            pointer_bits,
            int_bits,
            max_align,
            goos,
            goarch,
            gc,
            scheduler,
            serial,
            panic,
            goroutine_stack,
            main_stack,
            linker.flavour,
            linker.script,
            linker.entry,
            chip,
            device,
            avr,
            clock,
            flash,
            programmers,
            usb_ids,
            touch_1200,
            usb,
            baud,
            emulator,
            formats,
            default_uart,
        );
        self.build_tags.extend(child.build_tags);
        self.linker.assembly.extend(child.linker.assembly);
        self.linker.args.extend(child.linker.args);
        self.linker.defsyms.overlay(child.linker.defsyms);
        self.memory.overlay(child.memory);
        self.interrupts.overlay(child.interrupts);
        self.ports.overlay(child.ports);
        self.pins.overlay(child.pins);
        self.constants.overlay(child.constants);
    }
}
