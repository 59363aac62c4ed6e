//! ATDF (Microchip's device files) to the model: AVR registers as variables, interrupts, memory, signature.

use std::collections::BTreeMap;

use roxmltree::Node;

use crate::error::Error;
use crate::fix::{number, parse_xml};
use crate::model::{Device, Field, Interrupt, Register, Segment, Variable, settle_interrupts};
use crate::names::{exported, identifier, one_line};

/// What ELF files add to data addresses.
const DATA: u64 = 0x80_0000;
/// AVR's largest vector table has 80 entries.
const MAX_INTERRUPT: u64 = 255;

/// Reads an ATDF text.
pub fn read(file: &str, text: &str) -> Result<Device, Error> {
    let document = parse_xml(file, text)?;
    let fail = |node: Node, message: String| {
        let line = document.text_pos_at(node.range().start).row;
        Error::new(file, format!("line {line}: {message}"))
    };
    let root = document.root_element();
    let chip = root
        .descendants()
        .find(|node| node.has_tag_name("device") && node.attribute("name").is_some())
        .ok_or_else(|| Error::new(file, "there is no <device>: is this an ATDF file?"))?;
    let name = chip.attribute("name").unwrap_or_default();
    let mut device = Device {
        name: name.to_owned(),
        description: format!("Device information for the {name}."),
        cpu: chip.attribute("architecture").unwrap_or_default().to_owned(),
        memory: memory(chip),
        signature: signature(chip),
        ..Device::default()
    };
    let mut interrupts = Vec::new();
    for node in chip.descendants().filter(|n| n.has_tag_name("interrupt")) {
        let name = exported(node.attribute("name").unwrap_or_default());
        let number = value(node, "index")
            .filter(|n| *n <= MAX_INTERRUPT && !name.is_empty())
            .ok_or_else(|| fail(node, format!("the interrupt \"{name}\" has no usable index or name")))?;
        let description = one_line(node.attribute("caption").unwrap_or_default());
        // The peripheral is named apart where several have the same interrupt (tinyAVR).
        let name = match node.attribute("module-instance") {
            Some(instance) => format!("{}_{name}", exported(instance)),
            None => name,
        };
        interrupts.push(Interrupt { number: number as u32, name, description, aliases: Vec::new() });
    }
    device.interrupts = settle_interrupts(interrupts);

    // Where the register groups lie: only those in the data space are registers (fuses and lock bits are not).
    let mut groups: BTreeMap<&str, u64> = BTreeMap::new();
    for group in chip.descendants().filter(|n| n.has_tag_name("register-group")) {
        if group.attribute("address-space") == Some("data") {
            groups.insert(
                group.attribute("name-in-module").unwrap_or_default(),
                value(group, "offset").unwrap_or(0),
            );
        }
    }
    let modules = root.children().filter(|n| n.has_tag_name("modules")).flat_map(|n| n.children());
    for group in modules.flat_map(|module| module.children()).filter(|n| n.has_tag_name("register-group")) {
        let Some(&base) = groups.get(group.attribute("name").unwrap_or_default()) else { continue };
        for node in group.children().filter(|n| n.has_tag_name("register")) {
            register(node, base, &mut device.variables).map_err(|message| fail(node, message))?;
        }
    }
    Ok(device)
}

/// Adds the variables of one register: two for one of 16 bits, the low byte first.
fn register(node: Node, base: u64, variables: &mut Vec<Variable>) -> Result<(), String> {
    let name = identifier(node.attribute("name").ok_or("a register has no name")?);
    let address = value(node, "offset").and_then(|offset| base.checked_add(offset));
    let address = address.ok_or_else(|| format!("the register {name} has no usable offset"))?;
    let bytes = value(node, "size").unwrap_or(1);
    let description = one_line(node.attribute("caption").unwrap_or_default());
    let suffixes: &[&str] = match bytes {
        1 => &[""],
        2 => &["L", "H"],
        // No register of a classic AVR is wider; those of other families are no variables.
        _ => return Err(format!("the register {name} has {bytes} bytes; one or two are supported")),
    };
    for (i, suffix) in suffixes.iter().enumerate() {
        let variable = format!("{name}{suffix}");
        // Old files have the same register in two groups.
        if variables.iter().any(|v| v.name == variable) {
            continue;
        }
        let fields = node.children().filter(|n| n.has_tag_name("bitfield"));
        let fields = fields.filter_map(|field| bitfield(field, 8 * i as u32)).collect();
        variables.push(Variable {
            name: variable,
            description: description.clone(),
            address: address.saturating_add(i as u64),
            register: Register { bits: 8, fields },
        });
    }
    Ok(())
}

/// The part of a bit field in the byte that begins at bit `shift`; `None` if it has none there.
fn bitfield(node: Node, shift: u32) -> Option<Field> {
    let name = exported(node.attribute("name")?);
    let mask = mask(node.attribute("mask")?)?;
    let part = (mask >> shift) & 0xff;
    if part == 0 || name.is_empty() {
        return None;
    }
    let below = (mask & ((1 << shift) - 1)).count_ones();
    let first = u32::try_from(value(node, "lsb").unwrap_or(0)).ok()?.checked_add(below)?;
    let description = one_line(node.attribute("caption").unwrap_or_default());
    Some(Field { name, description, mask: part, first, values: Vec::new() })
}

/// A mask: with `0x`, or without it (ATtiny102 and 104), but hexadecimal in any case.
fn mask(text: &str) -> Option<u64> {
    let digits = text.trim();
    let digits = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")).unwrap_or(digits);
    u64::from_str_radix(digits, 16).ok().filter(|mask| *mask <= 0xffff_ffff)
}

fn memory(chip: Node) -> Vec<Segment> {
    let segments = chip.descendants().filter(|n| n.has_tag_name("memory-segment"));
    segments
        .filter_map(|node| {
            let base = match node.parent()?.attribute("name")? {
                "prog" | "eeprom" => 0,
                "data" => DATA,
                _ => return None,
            };
            Some(Segment {
                name: node.attribute("name")?.to_owned(),
                origin: value(node, "start")?.checked_add(base)?,
                length: value(node, "size")?,
                page: value(node, "pagesize").unwrap_or(0),
            })
        })
        .collect()
}

fn signature(chip: Node) -> Vec<u8> {
    let group = chip
        .descendants()
        .find(|n| n.has_tag_name("property-group") && n.attribute("name") == Some("SIGNATURES"));
    let Some(group) = group else { return Vec::new() };
    let byte = |i: usize| {
        let name = format!("SIGNATURE{i}");
        let property = group.children().find(|n| n.attribute("name") == Some(&name))?;
        u8::try_from(value(property, "value")?).ok()
    };
    (0..3).map_while(byte).collect()
}

fn value(node: Node, attribute: &str) -> Option<u64> {
    number(node.attribute(attribute)?)
}
