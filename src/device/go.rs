//! The Go text of a register package.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::layout::{Slot, slots};
use crate::model::{Block, Device, Field, Kind, Member, Register};

/// One generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoFile {
    pub name: String,
    pub text: String,
}

/// The files of package `package` (`avr`, `nrf`): an index with interrupts and instances, and one file for each type.
///
/// With `wanted`, the identifiers that the program selects from anything (`nrf.UART0`, `.SetENABLE`), only those are
/// written, with what they need, and the Get and Set methods of bit fields among them. Without it, everything but those
/// methods. The result depends on nothing but the arguments.
pub fn generate(device: &Device, package: &str, wanted: Option<&BTreeSet<String>>) -> Vec<GoFile> {
    let mut writer = Writer { device, wanted, names: BTreeMap::new() };
    writer.reserve();
    let mut files = vec![GoFile { name: "device.go".to_owned(), text: writer.index(package) }];
    for (at, block) in device.blocks.iter().enumerate() {
        let body = writer.block_file(at, block);
        if !body.is_empty() {
            let file = format!("type_{}.go", block.name.to_lowercase());
            let head = head(device, package, body.contains("volatile."), false);
            push_text(&mut files, file, &head, &body);
        }
    }
    files
}

/// Adds a file; blocks whose names differ in case only share one.
fn push_text(files: &mut Vec<GoFile>, name: String, head: &str, body: &str) {
    match files.iter_mut().find(|file| file.name == name) {
        Some(file) => file.text.push_str(body),
        None => files.push(GoFile { name, text: format!("{head}{body}") }),
    }
}

fn head(device: &Device, package: &str, volatile: bool, pointers: bool) -> String {
    let mut text = format!("// Code generated from the description of the {}. DO NOT EDIT.\n\n", device.name);
    let _ = writeln!(text, "package {package}\n");
    match (volatile, pointers) {
        (true, true) => text.push_str("import (\n\t\"runtime/volatile\"\n\t\"unsafe\"\n)\n\n"),
        (true, false) => text.push_str("import \"runtime/volatile\"\n\n"),
        (false, true) => text.push_str("import \"unsafe\"\n\n"),
        (false, false) => {}
    }
    text
}

/// The description's licence, which has to go where its text goes; once for the package, in the index.
fn notice(device: &Device) -> String {
    let mut text = String::new();
    for line in device.notice.lines() {
        let _ = writeln!(text, "{}", format!("// {line}").trim_end());
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

struct Writer<'a> {
    device: &'a Device,
    wanted: Option<&'a BTreeSet<String>>,
    /// Package-level names given so far, with a constant's value: the first one counts.
    names: BTreeMap<String, Option<u64>>,
}

impl Writer<'_> {
    fn wants(&self, name: &str) -> bool {
        self.wanted.is_none_or(|wanted| wanted.contains(name))
    }

    /// Takes the names that constants of bit fields must not have.
    fn reserve(&mut self) {
        for fixed in ["Device", "CPU", "FPUPresent", "NVICPrioBits", "IRQ_max"] {
            self.names.insert(fixed.to_owned(), None);
        }
        for interrupt in &self.device.interrupts {
            for name in std::iter::once(&interrupt.name).chain(&interrupt.aliases) {
                self.names.insert(format!("IRQ_{name}"), None);
            }
        }
        for block in &self.device.blocks {
            self.reserve_types(block);
        }
        for instance in &self.device.instances {
            self.names.insert(instance.name.clone(), None);
        }
        for variable in &self.device.variables {
            self.names.insert(variable.name.clone(), None);
        }
    }

    fn reserve_types(&mut self, block: &Block) {
        self.names.insert(format!("{}_Type", block.name), None);
        for member in &block.members {
            if let Kind::Cluster(inner) = &member.kind {
                self.reserve_types(inner);
            }
        }
    }

    /// The index: what the chip is, interrupts, instances, and variables with their constants.
    fn index(&mut self, package: &str) -> String {
        let device = self.device;
        let mut body = String::from("const (\n");
        let _ = writeln!(body, "\tDevice = {:?}\n\tCPU = {:?}", ascii(&device.name), ascii(&device.cpu));
        let _ =
            writeln!(body, "\tFPUPresent = {}\n\tNVICPrioBits = {}\n)\n", device.fpu, device.nvic_prio_bits);
        body.push_str("// Interrupt numbers.\nconst (\n");
        let mut given = BTreeSet::new();
        for interrupt in &device.interrupts {
            comment(&mut body, "\t", &interrupt.description);
            for name in std::iter::once(&interrupt.name).chain(&interrupt.aliases) {
                if given.insert(name) {
                    let _ = writeln!(body, "\tIRQ_{name} = {}", interrupt.number);
                }
            }
        }
        let max = device.interrupts.last().map_or(0, |interrupt| interrupt.number);
        let _ = writeln!(body, "\t// Highest interrupt number on this device.\n\tIRQ_max = {max}\n)\n");

        let mut variables = String::new();
        let mut given = BTreeSet::new();
        for instance in &device.instances {
            if self.wants(&instance.name) && given.insert(&instance.name) {
                comment(&mut variables, "\t", &instance.description);
                let (name, block) = (&instance.name, &device.blocks[instance.block].name);
                let address = instance.address;
                let _ =
                    writeln!(variables, "\t{name} = (*{block}_Type)(unsafe.Pointer(uintptr({address:#x})))");
            }
        }
        let mut volatile = false;
        for variable in &device.variables {
            if self.wants(&variable.name) && given.insert(&variable.name) {
                volatile = true;
                comment(&mut variables, "\t", &variable.description);
                let (name, bits, address) = (&variable.name, variable.register.bits, variable.address);
                let _ = writeln!(
                    variables,
                    "\t{name} = (*volatile.Register{bits})(unsafe.Pointer(uintptr({address:#x})))"
                );
            }
        }
        let pointers = !variables.is_empty();
        if pointers {
            let _ = writeln!(body, "// Peripherals and registers.\nvar (\n{variables})\n");
        }
        for variable in &device.variables {
            let constants = self.avr_constants(&variable.name, &variable.register);
            const_group(&mut body, &variable.name, &constants);
        }
        notice(device) + &head(device, package, volatile, pointers) + &body
    }

    /// A type with its clusters, their constants and methods; empty if nothing of it is wanted.
    fn block_file(&mut self, at: usize, block: &Block) -> String {
        let instances = self.device.instances.iter().filter(|instance| instance.block == at);
        let wanted =
            self.wants(&format!("{}_Type", block.name)) || instances.clone().any(|i| self.wants(&i.name));
        let nested = self.any_type_wanted(block);
        let mut body = String::new();
        if wanted || nested {
            self.block_type(block, &mut body);
        }
        self.constants_of(block, &mut body);
        body
    }

    fn any_type_wanted(&self, block: &Block) -> bool {
        block.members.iter().any(|member| match &member.kind {
            Kind::Cluster(inner) => {
                self.wants(&format!("{}_Type", inner.name)) || self.any_type_wanted(inner)
            }
            Kind::Register(_) => false,
        })
    }

    fn block_type(&mut self, block: &Block, body: &mut String) {
        comment(body, "", &block.description);
        let _ = writeln!(body, "type {}_Type struct {{", block.name);
        let mut given = BTreeSet::new();
        let mut at = 0;
        for slot in slots(block) {
            match slot {
                Slot::Padding(bytes) => {
                    let _ = writeln!(body, "\t_ [{bytes}]byte");
                    at += bytes;
                }
                Slot::Member(member) => {
                    let name = if given.insert(&member.name) { member.name.as_str() } else { "_" };
                    let _ = writeln!(body, "\t{name} {} // {at:#x}", member_type(member));
                    at += member.size();
                }
            }
        }
        body.push_str("}\n\n");
        self.methods(block, body);
        for slot in slots(block) {
            if let Slot::Member(Member { kind: Kind::Cluster(inner), .. }) = slot {
                self.block_type(inner, body);
            }
        }
    }

    /// Get and Set methods, only those that are wanted by name: all of them double the size of the package.
    fn methods(&mut self, block: &Block, body: &mut String) {
        let Some(wanted) = self.wanted else { return };
        let mut given = BTreeSet::new();
        for slot in slots(block) {
            let Slot::Member(member) = slot else { continue };
            let Kind::Register(register) = &member.kind else { continue };
            // A register without fields is one field.
            let all = [Field {
                name: member.name.clone(),
                description: member.description.clone(),
                mask: u64::MAX >> (64 - register.bits),
                first: 0,
                values: Vec::new(),
            }];
            let fields = if register.fields.is_empty() { &all[..] } else { &register.fields };
            for field in fields {
                let whole = field.mask.count_ones() == register.bits || field.name == member.name;
                let name =
                    if whole { member.name.clone() } else { format!("{}_{}", member.name, field.name) };
                for (verb, set) in [("Set", true), ("Get", false)] {
                    let method = format!("{verb}{name}");
                    if wanted.contains(&method) && given.insert(method.clone()) {
                        write_method(body, block, member, register, field, &method, set);
                    }
                }
            }
        }
    }

    /// Constants of all bit fields of a block and of the clusters in it.
    fn constants_of(&mut self, block: &Block, body: &mut String) {
        for member in &block.members {
            let prefix = format!("{}_{}", block.name, member.name);
            match &member.kind {
                Kind::Register(register) => {
                    let constants = self.svd_constants(&prefix, register);
                    const_group(body, &prefix, &constants);
                }
                Kind::Cluster(inner) => self.constants_of(inner, body),
            }
        }
    }

    fn svd_constants(&mut self, prefix: &str, register: &Register) -> Vec<(String, u64, String)> {
        let mut constants = Vec::new();
        for field in &register.fields {
            let name = format!("{prefix}_{}", field.name);
            self.add(
                &mut constants,
                format!("{name}_Pos"),
                u64::from(field.mask.trailing_zeros()),
                &field.description,
            );
            self.add(&mut constants, format!("{name}_Msk"), field.mask, "");
            if field.mask.count_ones() == 1 {
                self.add(&mut constants, name.clone(), field.mask, "");
            }
            for value in &field.values {
                self.add(&mut constants, format!("{name}_{}", value.name), value.value, &value.description);
            }
        }
        constants
    }

    fn avr_constants(&mut self, prefix: &str, register: &Register) -> Vec<(String, u64, String)> {
        let mut constants = Vec::new();
        for field in &register.fields {
            let name = format!("{prefix}_{}", field.name);
            let bits: Vec<u32> = (0..8).filter(|bit| field.mask >> bit & 1 == 1).collect();
            if bits.len() == 1 {
                self.add(&mut constants, name.clone(), field.mask, &field.description);
            } else {
                // Numbered from 0, as TinyGo's packages have them, and as the datasheet does where it begins elsewhere
                // (PCINT8 in PCMSK1). Where the two disagree about a name, TinyGo's meaning stays.
                for (i, bit) in bits.iter().enumerate() {
                    self.add(
                        &mut constants,
                        format!("{name}{i}"),
                        1 << bit,
                        if i == 0 { &field.description } else { "" },
                    );
                }
                for (i, bit) in bits.iter().enumerate().filter(|_| field.first > 0) {
                    let number = u64::from(field.first) + i as u64;
                    self.add(&mut constants, format!("{name}{number}"), 1 << bit, "");
                }
            }
            self.add(&mut constants, format!("{name}_Msk"), field.mask, "");
            self.add(&mut constants, format!("{name}_Pos"), u64::from(field.mask.trailing_zeros()), "");
        }
        constants
    }

    /// Adds a constant unless its name is taken or not wanted. A name is taken also where it is not wanted, so that what
    /// a name means does not depend on what else the program uses.
    fn add(
        &mut self,
        constants: &mut Vec<(String, u64, String)>,
        name: String,
        value: u64,
        description: &str,
    ) {
        if self.names.contains_key(&name) {
            return;
        }
        self.names.insert(name.clone(), Some(value));
        if self.wants(&name) {
            constants.push((name, value, description.to_owned()));
        }
    }
}

/// The Go type of a struct's field.
fn member_type(member: &Member) -> String {
    let element = match &member.kind {
        Kind::Register(register) => format!("volatile.Register{}", register.bits),
        Kind::Cluster(block) => format!("{}_Type", block.name),
    };
    match member.array {
        None => element,
        Some((count, stride)) => match stride.saturating_sub(member.element_size()) {
            0 => format!("[{count}]{element}"),
            gap => format!("[{count}]struct {{\n\t\t{element}\n\t\t_ [{gap}]byte\n\t}}"),
        },
    }
}

fn write_method(
    body: &mut String,
    block: &Block,
    member: &Member,
    register: &Register,
    field: &Field,
    method: &str,
    set: bool,
) {
    let (bits, mask, pos) = (register.bits, field.mask, field.mask.trailing_zeros());
    let whole = mask.count_ones() == bits;
    let (index, parameter) = if member.array.is_some() { ("[idx]", "idx int") } else { ("", "") };
    let place = format!("o.{}{index}", member.name);
    let receiver = format!("func (o *{}_Type) {method}(", block.name);
    comment(body, "", &field.description);
    let _ = match (set, whole) {
        (true, true) => {
            let comma = if parameter.is_empty() { "" } else { ", " };
            writeln!(body, "{receiver}{parameter}{comma}value uint{bits}) {{\n\t{place}.Set(value)\n}}\n")
        }
        (true, false) => {
            let comma = if parameter.is_empty() { "" } else { ", " };
            let top = mask >> pos;
            writeln!(
                body,
                "{receiver}{parameter}{comma}value uint{bits}) {{\n\t{place}.Set({place}.Get()&^{mask:#x} | (value&{top:#x})<<{pos})\n}}\n"
            )
        }
        (false, true) => writeln!(body, "{receiver}{parameter}) uint{bits} {{\n\treturn {place}.Get()\n}}\n"),
        (false, false) => {
            writeln!(
                body,
                "{receiver}{parameter}) uint{bits} {{\n\treturn {place}.Get() & {mask:#x} >> {pos}\n}}\n"
            )
        }
    };
}

fn const_group(body: &mut String, title: &str, constants: &[(String, u64, String)]) {
    if constants.is_empty() {
        return;
    }
    let _ = writeln!(body, "// {title}.\nconst (");
    for (name, value, description) in constants {
        comment(body, "\t", description);
        let _ = writeln!(body, "\t{name} = {value:#x}");
    }
    body.push_str(")\n\n");
}

/// A line comment, if there is anything to say.
fn comment(body: &mut String, indent: &str, text: &str) {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    if !text.is_empty() {
        let _ = writeln!(body, "{indent}// {text}");
    }
}

/// Printable ASCII, for string literals.
fn ascii(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').collect()
}
