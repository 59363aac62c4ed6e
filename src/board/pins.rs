//! Pin names to numbers: ports of the chip, pins of the board, aliases among them.

use std::collections::BTreeMap;

use crate::spec::{PinSpec, PortSpec};
use crate::target::Pin;
use crate::value::Ordered;

/// What is wrong with the entry of this name, in `ports` or in `pins`.
pub struct PinError {
    pub section: &'static str,
    pub name: String,
    pub message: String,
}

/// machine.NoPin is Pin(0xff): no real pin may have that number.
const MAX_PIN: u32 = 0xfe;

/// All pin constants: the ports' in the order of their numbers, then the board's in the order of the file.
pub fn resolve(ports: &Ordered<PortSpec>, pins: &Ordered<PinSpec>) -> Result<Vec<Pin>, PinError> {
    let mut all = Vec::new();
    let mut numbers: BTreeMap<String, u8> = BTreeMap::new();
    for (name, port) in &ports.0 {
        let fail = |message: String| PinError { section: "ports", name: name.clone(), message };
        let end = port.first.checked_add(port.pins).filter(|&end| port.pins > 0 && end <= MAX_PIN + 1);
        let Some(_) = end else {
            return Err(fail(format!("pins are numbered 0 to {MAX_PIN}, and a port has at least one")));
        };
        if port.digits > 3 {
            return Err(fail("digits is at most 3".to_owned()));
        }
        for pin in 0..port.pins {
            let constant = format!("{name}{pin:0width$}", width = port.digits);
            check_name(&constant).map_err(fail)?;
            let number = (port.first + pin) as u8;
            if numbers.insert(constant.clone(), number).is_some() {
                return Err(fail(format!("the name {constant} is in two ports")));
            }
            all.push(Pin { name: constant, number, alias: None });
        }
    }
    all.sort_by_key(|pin| pin.number);

    let board: BTreeMap<&str, &PinSpec> = pins.0.iter().map(|(name, spec)| (name.as_str(), spec)).collect();
    for (name, spec) in &pins.0 {
        let fail = |message: String| PinError { section: "pins", name: name.clone(), message };
        check_name(name).map_err(fail)?;
        if numbers.contains_key(name) {
            return Err(fail("the chip already has a pin of this name".to_owned()));
        }
        let number = number_of(spec, &numbers, &board).map_err(fail)?;
        let alias = match spec {
            PinSpec::Name(other) => Some(other.clone()),
            PinSpec::Number(_) => None,
        };
        all.push(Pin { name: name.clone(), number, alias });
    }
    Ok(all)
}

/// Follows aliases to a number.
fn number_of(
    spec: &PinSpec,
    ports: &BTreeMap<String, u8>,
    board: &BTreeMap<&str, &PinSpec>,
) -> Result<u8, String> {
    let mut spec = spec;
    // A chain of aliases longer than the board has pins runs in a circle.
    for _ in 0..=board.len() {
        match spec {
            PinSpec::Number(number) if *number <= MAX_PIN => return Ok(*number as u8),
            PinSpec::Number(number) => return Err(format!("pin {number} is out of range: 0 to {MAX_PIN}")),
            PinSpec::Name(name) => match (ports.get(name), board.get(name.as_str())) {
                (Some(&number), _) => return Ok(number),
                (None, Some(next)) => spec = next,
                (None, None) => {
                    let names = ports.keys().map(String::as_str).chain(board.keys().copied());
                    let near = crate::nearest(name, names);
                    let hint = crate::error::did_you_mean(
                        &near,
                        "; give a number, a port pin or another pin's name",
                    );
                    return Err(format!("no pin \"{name}\"{hint}"));
                }
            },
        }
    }
    Err("is defined by itself, in a circle".to_owned())
}

/// Pins become exported Go constants.
fn check_name(name: &str) -> Result<(), String> {
    let mut chars = name.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_uppercase());
    if first && chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    Err(format!(
        "\"{name}\" cannot be a pin's name: it becomes a Go constant, so it begins with a capital letter and has only letters, digits and _"
    ))
}
