//! From a board's name or file to a [`Target`]: reading, inheritance, and what a whole target must have.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Place};
use crate::locate::line_of;
use crate::root::Root;
use crate::spec::{EmulatorSpec, FlashSpec, Spec, Stk500Spec};
use crate::target::{
    CodeModel, Device, Emulator, Flash, Format, Interrupt, Kind, Linker, Llvm, PanicMode, Region, Relocation,
    Source, Stk500, Target, UsbStrings,
};
use crate::value::Size;
use crate::{json, pins, suggest};

/// Inheritance is three deep in the tree; this only ends a runaway.
const MAX_DEPTH: usize = 32;

/// The target of a board's name, or of a board file: a value that ends in `.yaml` or `.yml`, or in
/// `.json` for TinyGo's.
pub fn resolve(name_or_path: &str, root: &Root) -> Result<Target, Error> {
    let mut layers = Vec::new();
    let own = if is_file(name_or_path) {
        Source::Disk(PathBuf::from(name_or_path))
    } else {
        let name = name_or_path.to_lowercase();
        let file = Source::Tree(format!("boards/{name}.yaml"));
        if name.contains(['/', '\\']) || name.starts_with('.') || file.read(root).is_err() {
            let names = names(root);
            let nearest = suggest::nearest(name_or_path, names.iter().map(String::as_str));
            return Err(Error::Unknown { name: name_or_path.to_owned(), nearest });
        }
        file
    };
    let mut seen = BTreeSet::new();
    read_layers(&own, root, &mut seen, &mut layers, 0)?;
    let name = match &own {
        Source::Tree(_) => name_or_path.to_lowercase(),
        Source::Disk(path) => path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default(),
    };
    let mut merged = Spec::default();
    for layer in &layers {
        merged.overlay(layer.spec.clone());
    }
    Resolver { layers: &layers }.finish(name, merged)
}

/// The names of all boards in the tree, sorted.
pub fn names(root: &Root) -> Vec<String> {
    let files = root.list("boards");
    let mut names: Vec<String> =
        files.iter().filter_map(|file| file.strip_suffix(".yaml")).map(str::to_owned).collect();
    // With the suffix, `arduino-mega2560` came before `arduino`.
    names.sort();
    names
}

/// Whether -target names a file rather than a board.
fn is_file(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or_default();
    matches!(extension, "yaml" | "yml" | "json")
}

/// A target file of TinyGo.
fn is_json(name: &str) -> bool {
    name.ends_with(".json")
}

/// One file of the chain, with the spec that it holds.
struct Layer {
    source: Source,
    text: String,
    spec: Spec,
}

/// Reads a file and, before it, those that it inherits from; each file once, in the order of first mention.
fn read_layers(
    source: &Source,
    root: &Root,
    seen: &mut BTreeSet<Source>,
    layers: &mut Vec<Layer>,
    depth: usize,
) -> Result<(), Error> {
    seen.insert(source.clone());
    let file = source.display();
    let bytes = match source {
        Source::Disk(path) => fs::read(path).map_err(|e| Error::Read {
            file: file.clone(),
            why: format!("cannot read the board file: {e}"),
        })?,
        Source::Tree(_) => source
            .read(root)
            .map_err(|_| Error::Read {
                file: file.clone(),
                why: format!("no such file in {}", root.describe()),
            })?
            .into_owned(),
    };
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
        invalid(&file, line, "", "the file is not UTF-8 text")
    })?;
    let spec = parse(&file, &text)?;
    for (index, parent) in spec.inherits.iter().enumerate() {
        let line = line_of(&text, &["inherits"]).map_or(0, |(line, _)| line);
        let field = format!("inherits[{index}]");
        let parent_source = match beside(source, parent) {
            Some(disk) => disk,
            None if is_json(&file) => Source::Tree(json::parent(parent, root)),
            None => Source::Tree(format!("boards/{}.yaml", parent.trim_end_matches(".yaml"))),
        };
        if parent_source == *source || depth >= MAX_DEPTH {
            return Err(invalid(&file, line, &field, &format!("\"{parent}\" inherits from itself")));
        }
        if seen.contains(&parent_source) {
            if layers.iter().any(|layer| layer.source == parent_source) {
                continue;
            }
            return Err(invalid(&file, line, &field, &format!("\"{parent}\" inherits from itself")));
        }
        if parent_source.read(root).is_err() {
            let known = root.walk("boards");
            let known = known.iter().filter_map(|f| f.strip_prefix("boards/")?.strip_suffix(".yaml"));
            let near = suggest::nearest(parent, known);
            let hint = crate::error::did_you_mean(&near, "");
            let message = format!("there is no {}{hint}", parent_source.display());
            return Err(invalid(&file, line, &field, &message));
        }
        read_layers(&parent_source, root, seen, layers, depth + 1)?;
    }
    layers.push(Layer { source: source.clone(), text, spec });
    Ok(())
}

/// `./x`, `../x` and absolute names in a user's file are files beside it, not in the tree.
fn beside(source: &Source, name: &str) -> Option<Source> {
    let Source::Disk(path) = source else { return None };
    let is_path =
        is_json(name) || name.starts_with("./") || name.starts_with("../") || Path::new(name).is_absolute();
    is_path.then(|| Source::Disk(path.parent().unwrap_or(Path::new(".")).join(name)))
}

/// Parses one file strictly.
fn parse(file: &str, text: &str) -> Result<Spec, Error> {
    // A file of comments alone is an empty board, not an error of the YAML library's making.
    let empty = text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    if empty {
        return Ok(Spec::default());
    }
    let spec = if is_json(file) { json::read(text) } else { yaml_serde::from_str(text) };
    spec.map_err(|error| {
        let line = error.location().map_or(0, |place| place.line());
        let message = error.to_string();
        // The library ends its text with the position, which stands in front here.
        let message = match message.rfind(" at line ") {
            Some(end) if line > 0 => &message[..end],
            _ => &message,
        };
        let (field, message) = split_field(message);
        invalid(file, line, field, &shorten_unknown(message))
    })
}

/// Splits `linker.script: what is wrong` at the path that the YAML library puts in front.
fn split_field(message: &str) -> (&str, &str) {
    match message.split_once(": ") {
        Some((path, rest)) if !path.is_empty() && !path.contains([' ', '`', '\'', '"']) => (path, rest),
        _ => ("", message),
    }
}

/// Turns serde's list of every field there is into a suggestion, where one is near.
fn shorten_unknown(message: &str) -> String {
    let Some(rest) =
        message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))
    else {
        return message.to_owned();
    };
    let Some((name, expected)) = rest.split_once("`, expected ") else { return message.to_owned() };
    let known = expected.split('`').skip(1).step_by(2);
    let near = suggest::nearest(name, known);
    if near.is_empty() {
        return message.to_owned();
    }
    let what = if message.starts_with("unknown field") { "unknown field" } else { "unknown value" };
    format!("{what} \"{name}\"{}", crate::error::did_you_mean(&near, ""))
}

fn invalid(file: &str, line: usize, field: &str, message: &str) -> Error {
    let place = Place { file: file.to_owned(), line, field: field.to_owned() };
    Error::Invalid { place, message: message.to_owned() }
}

/// Turns the merged spec into a target; knows the files for its messages.
struct Resolver<'a> {
    layers: &'a [Layer],
}

impl Resolver<'_> {
    /// An error at a field, in the file that said it last.
    fn fail(&self, path: &[&str], message: impl Into<String>) -> Error {
        let found = |layer: &Layer| line_of(&layer.text, path).map(|(line, depth)| (depth, line));
        let best = self.layers.iter().enumerate().rev().filter_map(|(i, layer)| Some((found(layer)?, i)));
        // The deepest match wins, and among equals the file nearest to the board.
        let best = best.max_by_key(|((depth, _), i)| (*depth, *i));
        let (file, line) = match (best, self.layers.last()) {
            (Some(((_, line), i)), _) => (self.layers[i].source.display(), line),
            (None, Some(own)) => (own.source.display(), 0),
            (None, None) => (String::new(), 0),
        };
        Error::Invalid { place: Place { file, line, field: path.join(".") }, message: message.into() }
    }

    /// The value of a field that every target must have.
    fn need<T>(&self, value: Option<T>, path: &[&str]) -> Result<T, Error> {
        value.ok_or_else(|| self.fail(path, "is missing, here and in the files that this one inherits"))
    }

    /// A file named in a field: beside the user's board file that names it, or in the tree.
    fn source(&self, name: &str, says: impl Fn(&Spec) -> bool) -> Source {
        let layer = self.layers.iter().rev().find(|layer| says(&layer.spec));
        layer.and_then(|layer| beside(&layer.source, name)).unwrap_or_else(|| Source::Tree(name.to_owned()))
    }

    fn finish(&self, name: String, spec: Spec) -> Result<Target, Error> {
        let kind = self.need(spec.kind, &["kind"])?;
        let baremetal = matches!(kind, Kind::Board | Kind::Emulator);
        let memory = self.memory(&spec)?;
        if baremetal && memory.is_empty() {
            return Err(self.fail(&["memory"], "a board needs at least the region ram"));
        }
        let pins = pins::resolve(&spec.ports, &spec.pins)
            .map_err(|e| self.fail(&[e.section, &e.name], e.message))?;
        let flash_spec = self.need(spec.flash.clone(), &["flash"])?;
        let flash = self.flash(&flash_spec, &spec, &["flash"])?;
        let programmers = spec.programmers.iter().flatten();
        let programmers =
            programmers.map(|p| self.flash(&p.0, &spec, &["programmers"])).collect::<Result<_, _>>()?;
        let formats = self.need(spec.formats.clone(), &["formats"])?;
        if formats.is_empty() {
            return Err(self.fail(&["formats"], "name at least one format"));
        }
        let clock = spec.clock.map_or(0, |clock| clock.0);
        if baremetal && clock == 0 {
            return Err(
                self.fail(&["clock"], "a board needs the frequency at which its CPU runs, such as 16MHz")
            );
        }
        Ok(Target {
            description: spec.description.clone().unwrap_or_else(|| name.clone()),
            kind,
            files: self.layers.iter().map(|layer| layer.source.display()).collect(),
            llvm: self.llvm(&spec)?,
            pointer_bits: self.one_of(spec.pointer_bits, &["pointer-bits"], &[16, 32, 64])?,
            int_bits: self.one_of(spec.int_bits, &["int-bits"], &[32, 64])?,
            max_align: self.one_of(spec.max_align, &["max-align"], &[1, 2, 4, 8])?,
            goos: self.need(spec.goos.clone(), &["goos"])?,
            goarch: self.need(spec.goarch.clone(), &["goarch"])?,
            build_tags: self.build_tags(&spec)?,
            gc: self.need(spec.gc, &["gc"])?,
            scheduler: self.need(spec.scheduler, &["scheduler"])?,
            serial: self.need(spec.serial, &["serial"])?,
            panic: spec.panic.unwrap_or(PanicMode::Print),
            goroutine_stack: self.need(spec.goroutine_stack, &["goroutine-stack"])?.0,
            main_stack: self.main_stack(&spec, &memory)?,
            linker: self.linker(&spec, baremetal)?,
            device: self.device(&spec),
            interrupts: self.interrupts(&spec)?,
            clock,
            chip: spec
                .chip
                .clone()
                .or(spec.device.as_ref().map(|d| d.chip.clone()))
                .unwrap_or_else(|| name.clone()),
            flash,
            programmers,
            usb_ids: spec.usb_ids.clone().unwrap_or_default(),
            touch_1200: spec.touch_1200.unwrap_or(false),
            usb: spec.usb.clone().map(|usb| UsbStrings {
                id: usb.id,
                product: usb.product,
                manufacturer: usb.manufacturer,
            }),
            baud: self.baud(&spec)?,
            emulator: self.emulator(&spec, clock)?,
            formats,
            pins,
            default_uart: self.default_uart(&spec)?,
            constants: self.constants(&spec)?,
            memory,
            name,
        })
    }

    fn llvm(&self, spec: &Spec) -> Result<Llvm, Error> {
        let features = spec.llvm.features.clone().unwrap_or_default();
        if !features.split(',').all(|f| features.is_empty() || (f.len() > 1 && f.starts_with(['+', '-']))) {
            return Err(self.fail(&["llvm", "features"], "write features with a sign each: \"+c,-relax\""));
        }
        Ok(Llvm {
            triple: self.need(spec.llvm.triple.clone(), &["llvm", "triple"])?,
            cpu: self.need(spec.llvm.cpu.clone(), &["llvm", "cpu"])?,
            features,
            abi: spec.llvm.abi.clone().unwrap_or_default(),
            code_model: spec.llvm.code_model.unwrap_or(CodeModel::Default),
            relocation: spec.llvm.relocation.unwrap_or(Relocation::Static),
        })
    }

    fn one_of(&self, value: Option<u32>, path: &[&str], allowed: &[u32]) -> Result<u32, Error> {
        let value = self.need(value, path)?;
        if allowed.contains(&value) {
            return Ok(value);
        }
        let allowed: Vec<String> = allowed.iter().map(u32::to_string).collect();
        Err(self.fail(path, format!("{value} is not one of {}", allowed.join(", "))))
    }

    /// The tags, parents' first; a tag that two files give is a mistake, as in TinyGo.
    fn build_tags(&self, spec: &Spec) -> Result<Vec<String>, Error> {
        let mut seen = BTreeSet::new();
        for tag in &spec.build_tags {
            let good = !tag.is_empty() && tag.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
            if !good {
                return Err(self.fail(&["build-tags"], format!("\"{tag}\" is not a build tag")));
            }
            if !seen.insert(tag) {
                return Err(self.fail(&["build-tags"], format!("the tag \"{tag}\" is already there")));
            }
        }
        Ok(spec.build_tags.clone())
    }

    fn memory(&self, spec: &Spec) -> Result<Vec<Region>, Error> {
        let mut regions: Vec<Region> = Vec::new();
        for (name, region) in &spec.memory.0 {
            let path = ["memory", name.as_str()];
            if name.is_empty()
                || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            {
                return Err(self.fail(&path, "a region's name has only small letters, digits and _"));
            }
            let (Size(origin), Size(length)) = (region.origin, region.length);
            let end = origin.checked_add(length).filter(|_| length > 0);
            let Some(end) = end else { return Err(self.fail(&path, "the length is 0, or too large")) };
            let overlaps = |other: &&Region| origin < other.origin + other.length && other.origin < end;
            if let Some(other) = regions.iter().find(overlaps) {
                return Err(self.fail(&path, format!("overlaps the region {}", other.name)));
            }
            regions.push(Region { name: name.clone(), origin, length });
        }
        Ok(regions)
    }

    fn main_stack(&self, spec: &Spec, memory: &[Region]) -> Result<u64, Error> {
        let path = ["main-stack"];
        let stack = self.need(spec.main_stack, &path)?.0;
        match memory.iter().find(|region| region.name == "ram") {
            Some(ram) if stack >= ram.length => Err(self.fail(&path, "leaves no memory for the program")),
            _ => Ok(stack),
        }
    }

    fn linker(&self, spec: &Spec, baremetal: bool) -> Result<Linker, Error> {
        let flavour = self.need(spec.linker.flavour, &["linker", "flavour"])?;
        let script = spec.linker.script.as_ref();
        if baremetal && script.is_none() {
            return Err(
                self.fail(&["linker", "script"], "is missing, here and in the files that this one inherits")
            );
        }
        let assembly = spec.linker.assembly.iter();
        Ok(Linker {
            flavour,
            script: script.map(|name| self.source(name, |spec| spec.linker.script.is_some())),
            defsyms: spec.linker.defsyms.0.iter().map(|(name, size)| (name.clone(), size.0)).collect(),
            entry: spec.linker.entry.clone(),
            assembly: assembly
                .map(|name| self.source(name, |spec| spec.linker.assembly.contains(name)))
                .collect(),
            args: spec.linker.args.clone(),
        })
    }

    fn device(&self, spec: &Spec) -> Option<Device> {
        spec.device.as_ref().map(|device| Device {
            package: device.package.clone(),
            chip: device.chip.clone(),
            source: self.source(&device.source, |spec| spec.device.is_some()),
        })
    }

    fn interrupts(&self, spec: &Spec) -> Result<Vec<Interrupt>, Error> {
        let entries = spec.interrupts.0.iter();
        let mut interrupts: Vec<_> =
            entries.map(|(name, number)| Interrupt { number: *number, name: name.clone() }).collect();
        // The largest NVIC has 496 lines; a vector table of more is a typing error.
        if let Some(wrong) = interrupts.iter().find(|i| i.number > 495) {
            return Err(self.fail(&["interrupts", &wrong.name], "interrupts are numbered 0 to 495"));
        }
        interrupts.sort_by_key(|interrupt| interrupt.number);
        match interrupts.windows(2).find(|pair| pair[0].number == pair[1].number) {
            Some(pair) => {
                Err(self.fail(&["interrupts", &pair[1].name], format!("has the number of {}", pair[0].name)))
            }
            None => Ok(interrupts),
        }
    }

    fn flash(&self, flash: &FlashSpec, spec: &Spec, path: &[&str]) -> Result<Flash, Error> {
        Ok(match flash {
            FlashSpec::None => Flash::None,
            FlashSpec::Stk500v1(stk) => Flash::Stk500v1(self.stk500(stk, spec)?),
            FlashSpec::Stk500v2(stk) => Flash::Stk500v2(self.stk500(stk, spec)?),
            FlashSpec::Uf2(uf2) => {
                let family = u32::try_from(uf2.family.0)
                    .map_err(|_| self.fail(path, "a UF2 family is a 32-bit number, such as 0xe48bff56"))?;
                Flash::Uf2 { family, volumes: uf2.volumes.clone() }
            }
            FlashSpec::Probe(probe) => Flash::Probe { chip: probe.chip.clone() },
            FlashSpec::Msd(msd) => {
                if !matches!(msd.format, Format::Hex | Format::Bin) {
                    return Err(self.fail(path, "a debug chip's volume takes hex or bin"));
                }
                Flash::Msd { volumes: msd.volumes.clone(), file: msd.file.clone(), format: msd.format }
            }
            FlashSpec::Command(command) if command.run.is_empty() => {
                return Err(self.fail(path, "give the program and its arguments as a list"));
            }
            FlashSpec::Command(command) => Flash::Command { run: command.run.clone() },
        })
    }

    fn stk500(&self, stk: &Stk500Spec, spec: &Spec) -> Result<Stk500, Error> {
        let avr = self.need(spec.avr.as_ref(), &["avr"])?;
        let signature = <[u8; 3]>::try_from(avr.signature.0.as_slice())
            .map_err(|_| self.fail(&["avr", "signature"], "a signature has three bytes, as in \"1e950f\""))?;
        let page = u32::try_from(avr.page.0).ok().filter(|page| page.is_power_of_two() && *page <= 256);
        let page = page
            .ok_or_else(|| self.fail(&["avr", "page"], "a page has a power of two of bytes, at most 256"))?;
        let flash = self.need(spec.memory.get("flash"), &["memory", "flash"])?;
        let limit = flash.origin.0 + flash.length.0;
        Ok(Stk500 { baud: stk.baud, signature, page, limit })
    }

    fn baud(&self, spec: &Spec) -> Result<u32, Error> {
        match spec.baud {
            Some(0) => Err(self.fail(&["baud"], "must not be 0")),
            baud => Ok(baud.unwrap_or(115_200)),
        }
    }

    fn emulator(&self, spec: &Spec, clock: u64) -> Result<Emulator, Error> {
        Ok(match self.need(spec.emulator.as_ref(), &["emulator"])? {
            EmulatorSpec::None => Emulator::None,
            EmulatorSpec::Simavr(simavr) => Emulator::Simavr { mcu: simavr.mcu.clone(), frequency: clock },
            EmulatorSpec::Qemu(qemu) => Emulator::Qemu {
                binary: qemu.binary.clone(),
                machine: qemu.machine.clone(),
                args: qemu.args.clone(),
            },
            EmulatorSpec::Rp2040js => Emulator::Rp2040js,
            EmulatorSpec::Wasm(wasm) => Emulator::Wasm { engines: wasm.engines.clone() },
        })
    }

    fn default_uart(&self, spec: &Spec) -> Result<Option<String>, Error> {
        match &spec.default_uart {
            Some(name) if !is_identifier(name) => {
                Err(self.fail(&["default-uart"], format!("\"{name}\" is not a name of package machine")))
            }
            uart => Ok(uart.clone()),
        }
    }

    fn constants(&self, spec: &Spec) -> Result<Vec<(String, u64)>, Error> {
        let entries = spec.constants.0.iter();
        if let Some((name, _)) = entries.clone().find(|(name, _)| !is_identifier(name)) {
            return Err(self.fail(&["constants", name], "is not a Go identifier"));
        }
        Ok(entries.map(|(name, number)| (name.clone(), number.0)).collect())
    }
}

/// An ASCII Go identifier.
fn is_identifier(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
