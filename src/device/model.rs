//! The one model of a chip that both formats are read into and that everything is generated from.

/// A chip.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Device {
    /// As the file spells it: `ATmega328P`, `nrf51`.
    pub name: String,
    pub description: String,
    /// `CM0`, `CM0PLUS`, `AVR8`; empty if the file does not say.
    pub cpu: String,
    pub fpu: bool,
    /// Priority bits of the NVIC; 0 without one.
    pub nvic_prio_bits: u32,
    /// Copyright and licence as the file states them; goes into generated text.
    pub notice: String,
    /// By number, each number and each name once.
    pub interrupts: Vec<Interrupt>,
    /// Struct types, in the order of the file.
    pub blocks: Vec<Block>,
    /// Peripherals, in the order of the file.
    pub instances: Vec<Instance>,
    /// Registers that are variables of their own (AVR).
    pub variables: Vec<Variable>,
    /// Memory that the file describes (ATDF only).
    pub memory: Vec<Segment>,
    /// Signature bytes (AVR only).
    pub signature: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interrupt {
    pub number: u32,
    pub name: String,
    pub description: String,
    /// Further names of the same number; only constants, no handlers.
    pub aliases: Vec<String>,
}

/// A struct type with registers: the layout of a peripheral, or of a cluster in one.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Prefix of its constants; the Go type is `<name>_Type`.
    pub name: String,
    pub description: String,
    /// In the order of the file; offsets may overlap.
    pub members: Vec<Member>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// A Go identifier.
    pub name: String,
    pub description: String,
    /// Bytes from the block's start.
    pub offset: u64,
    /// How many elements, and their distance in bytes; `None` for a single one.
    pub array: Option<(u64, u64)>,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Register(Register),
    Cluster(Block),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    /// 8, 16, 32 or 64.
    pub bits: u32,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// A Go identifier without its prefix.
    pub name: String,
    pub description: String,
    /// The field's bits in the register; contiguous in SVD, anything in ATDF.
    pub mask: u64,
    /// Number of the lowest bit in the datasheet's names (ATDF `lsb`): PCINT8 for bit 0 of PCMSK1.
    pub first: u32,
    pub values: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub name: String,
    pub description: String,
    pub value: u64,
}

/// A peripheral at an address.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    pub name: String,
    pub description: String,
    pub address: u64,
    /// Index into [`Device::blocks`].
    pub block: usize,
}

/// A register as a package variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    pub name: String,
    pub description: String,
    pub address: u64,
    pub register: Register,
}

/// A memory segment. Data addresses of AVR have 0x800000 added, as in ELF files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub name: String,
    pub origin: u64,
    pub length: u64,
    /// Flash page in bytes, 0 if it has none.
    pub page: u64,
}

impl Member {
    /// Bytes of one element, without what an array's stride adds.
    pub fn element_size(&self) -> u64 {
        match &self.kind {
            Kind::Register(register) => u64::from(register.bits / 8),
            Kind::Cluster(block) => crate::layout::size(block),
        }
    }

    /// Bytes from the first element's start to the last element's end.
    pub fn size(&self) -> u64 {
        match self.array {
            Some((count, stride)) => count.saturating_mul(stride.max(self.element_size())),
            None => self.element_size(),
        }
    }
}

/// Sorts interrupts by number; of two with the same number the first keeps it, the other becomes an alias.
pub(crate) fn settle_interrupts(found: Vec<Interrupt>) -> Vec<Interrupt> {
    let mut kept: Vec<Interrupt> = Vec::new();
    for interrupt in found {
        let known = |i: &Interrupt| i.name == interrupt.name || i.aliases.contains(&interrupt.name);
        if kept.iter().any(known) {
            if let Some(same) = kept.iter_mut().find(|i| i.number == interrupt.number) {
                add_aliases(same, interrupt.aliases);
            }
            continue;
        }
        match kept.iter_mut().find(|i| i.number == interrupt.number) {
            Some(same) => {
                let mut names = vec![interrupt.name];
                names.extend(interrupt.aliases);
                add_aliases(same, names);
            }
            None => kept.push(interrupt),
        }
    }
    kept.sort_by_key(|i| i.number);
    kept
}

fn add_aliases(interrupt: &mut Interrupt, names: Vec<String>) {
    for name in names {
        if name != interrupt.name && !interrupt.aliases.contains(&name) {
            interrupt.aliases.push(name);
        }
    }
}
