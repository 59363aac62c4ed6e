//! CMSIS-SVD to the model: types by group, arrays, lists, clusters, and everything derived from something else.

use std::collections::BTreeMap;

use svd_parser::svd::{self, MaybeArray, RegisterCluster};
use svd_parser::{Config, ValidateLevel};

use crate::error::Error;
use crate::fix;
use crate::model::{
    Block, Device, Field, Instance, Interrupt, Kind, Member, Register, Value, settle_interrupts,
};
use crate::names::{exported, identifier, one_line, without_index};
use crate::vectors::MAX_INTERRUPT;

/// More registers than any chip has, counted after lists (`name%s`) were written out.
const MAX_REGISTERS: usize = 200_000;
/// A chain of derivedFrom; real ones have two links.
const MAX_CHAIN: usize = 16;

/// Reads an SVD text.
pub fn read(file: &str, text: &str) -> Result<Device, Error> {
    let text = fix::fix(text);
    fix::guard(file, &text)?;
    let device = parse(&text).map_err(|e| Error::new(file, e))?;
    Reader { device: &device, registers: 0 }.read().map_err(|e| Error::new(file, e))
}

/// Parses with the checks that most vendors pass, and without them where a file needs it.
fn parse(text: &str) -> Result<svd::Device, String> {
    let config = |level| Config::default().validate_level(level).expand_properties(true);
    svd_parser::parse_with_config(text, &config(ValidateLevel::Weak))
        .or_else(|_| svd_parser::parse_with_config(text, &config(ValidateLevel::Disabled)))
        .map_err(|e| format!("{e:#}"))
}

struct Reader<'a> {
    device: &'a svd::Device,
    registers: usize,
}

impl<'a> Reader<'a> {
    fn read(mut self) -> Result<Device, String> {
        let cpu = self.device.cpu.as_ref();
        let mut device = Device {
            name: self.device.name.trim().to_owned(),
            description: one_line(&self.device.description),
            cpu: cpu.map_or(String::new(), |cpu| cpu.name.clone()),
            fpu: cpu.is_some_and(|cpu| cpu.fpu_present),
            nvic_prio_bits: cpu.map_or(0, |cpu| cpu.nvic_priority_bits),
            notice: notice(self.device.license_text.as_deref()),
            ..Device::default()
        };
        let mut interrupts = Vec::new();
        // The block of each peripheral that has one, for those derived from it.
        let mut types: BTreeMap<String, usize> = BTreeMap::new();
        for peripheral in &self.device.peripherals {
            let info: &svd::PeripheralInfo = peripheral;
            interrupts.extend(self.interrupts(info)?);
            let block = match &info.derived_from {
                Some(base) if info.registers.as_ref().is_none_or(Vec::is_empty) => {
                    let base = base.rsplit('.').next().unwrap_or(base);
                    match types.get(base) {
                        Some(&block) => Some(block),
                        None => self.later_block(base, &mut device)?,
                    }
                }
                _ => self.add_block(info, &mut device)?,
            };
            let Some(block) = block else { continue };
            types.insert(info.name.clone(), block);
            for (name, address) in addresses(peripheral) {
                let description = info.description.as_deref().map(one_line).unwrap_or_default();
                device.instances.push(Instance { name, description, address, block });
            }
        }
        lift_clusters(&mut device);
        device.interrupts = settle_interrupts(interrupts);
        Ok(device)
    }

    /// A peripheral's block that is needed before its turn.
    fn later_block(&mut self, name: &str, device: &mut Device) -> Result<Option<usize>, String> {
        let mut name = name;
        for _ in 0..MAX_CHAIN {
            let found = self.device.peripherals.iter().find(|p| p.name == name);
            let base = found
                .ok_or_else(|| format!("derivedFrom names the peripheral {name}, which is not there"))?;
            match &base.derived_from {
                Some(next) if base.registers.is_none() => name = next,
                _ => return self.add_block(base, device),
            }
        }
        Err(format!("derivedFrom of the peripheral {name} runs in a circle"))
    }

    /// The block of a peripheral with registers: one that exists already, if it is the same.
    fn add_block(
        &mut self,
        info: &'a svd::PeripheralInfo,
        device: &mut Device,
    ) -> Result<Option<usize>, String> {
        let own = identifier(&without_index(&info.name));
        let group = info.group_name.as_deref().map(identifier).filter(|name| name != "X_");
        let name = group.unwrap_or_else(|| own.clone());
        let Some(registers) = &info.registers else { return Ok(None) };
        let members = self.members(registers, registers, &name, 0)?;
        if members.is_empty() {
            return Ok(None);
        }
        let description = info.description.as_deref().map(one_line).unwrap_or_default();
        let taken = device.blocks.iter().position(|block| block.name == name);
        match taken {
            // The same group with the same registers is the same type; with others, the type has the peripheral's name.
            Some(at) if same_registers(&device.blocks[at].members, &members) => return Ok(Some(at)),
            Some(_) if device.blocks.iter().any(|block| block.name == own) => {
                let at = device.blocks.iter().position(|block| block.name == own);
                return Ok(at);
            }
            Some(_) => {
                let members = self.members(registers, registers, &own, 0)?;
                device.blocks.push(Block { name: own, description, members });
            }
            None => device.blocks.push(Block { name, description, members }),
        }
        Ok(Some(device.blocks.len() - 1))
    }

    fn interrupts(&self, info: &svd::PeripheralInfo) -> Result<Vec<Interrupt>, String> {
        let one = info.interrupt.len() == 1;
        let is_nordic = self.device.vendor.as_deref().is_some_and(|vendor| vendor.contains("Nordic"));
        info.interrupt
            .iter()
            .map(|interrupt| {
                if interrupt.value > MAX_INTERRUPT {
                    return Err(format!(
                        "the interrupt {} has the number {}",
                        interrupt.name, interrupt.value
                    ));
                }
                let name = exported(&interrupt.name);
                // Nordic's peripherals share interrupts, and programs use the peripheral's own name for them.
                let aliases = if one && is_nordic { vec![identifier(&info.name)] } else { Vec::new() };
                let description = interrupt.description.as_deref().map(one_line).unwrap_or_default();
                Ok(Interrupt { number: interrupt.value, name, description, aliases })
            })
            .collect()
    }

    /// The members of a peripheral or cluster. `siblings` are where names in derivedFrom are looked up first.
    fn members(
        &mut self,
        list: &'a [RegisterCluster],
        siblings: &'a [RegisterCluster],
        prefix: &str,
        depth: usize,
    ) -> Result<Vec<Member>, String> {
        if depth > MAX_CHAIN {
            return Err(format!("clusters in {prefix} are nested too deeply"));
        }
        let mut members = Vec::new();
        for item in list {
            match item {
                RegisterCluster::Register(register) => self.register(register, siblings, &mut members)?,
                RegisterCluster::Cluster(cluster) => {
                    self.cluster(cluster, siblings, prefix, depth, &mut members)?
                }
            }
            if self.registers > MAX_REGISTERS {
                return Err("more registers than any chip has".to_owned());
            }
        }
        Ok(members)
    }

    fn register(
        &mut self,
        register: &'a svd::Register,
        siblings: &'a [RegisterCluster],
        members: &mut Vec<Member>,
    ) -> Result<(), String> {
        let info: &svd::RegisterInfo = register;
        let (fields, size) = self.inherited(info, siblings)?;
        let bits = size.unwrap_or(32);
        // No program can access such a register at once.
        if bits == 0 || bits > 64 {
            return Ok(());
        }
        let bits = bits.next_power_of_two().max(8);
        let fields = self.fields(fields.unwrap_or_default(), bits)?;
        let description = info.description.as_deref().map(one_line).unwrap_or_default();
        let kind = Kind::Register(Register { bits, fields });
        let dim = match register {
            MaybeArray::Single(_) => None,
            MaybeArray::Array(_, dim) => Some(dim),
        };
        let (name, offset) = (&info.name, u64::from(info.address_offset));
        self.place(Member { name: name.clone(), description, offset, array: None, kind }, dim, members);
        Ok(())
    }

    /// Fields and size of a register, from the one that it is derived from where it has none itself.
    fn inherited(
        &self,
        info: &'a svd::RegisterInfo,
        siblings: &'a [RegisterCluster],
    ) -> Result<(Option<&'a [svd::Field]>, Option<u32>), String> {
        let mut fields = info.fields.as_deref();
        let mut size = info.properties.size;
        let mut current = info;
        for _ in 0..MAX_CHAIN {
            let Some(base) = &current.derived_from else { break };
            current = self
                .find_register(base, siblings)
                .ok_or_else(|| format!("derivedFrom names the register {base}, which is not there"))?;
            fields = fields.or(current.fields.as_deref());
            size = size.or(current.properties.size);
        }
        Ok((fields, size.or(self.device.default_register_properties.size)))
    }

    /// A register by the name in a derivedFrom: beside the one that derives, or `PERIPHERAL.[CLUSTER.]REGISTER`.
    fn find_register(&self, path: &str, siblings: &'a [RegisterCluster]) -> Option<&'a svd::RegisterInfo> {
        let (list, path) = match path.split_once('.') {
            Some((peripheral, rest)) => {
                let peripheral = self.device.peripherals.iter().find(|p| p.name == peripheral)?;
                (peripheral.registers.as_deref()?, rest)
            }
            None => (siblings, path),
        };
        let mut list = list;
        let mut parts = path.split('.').peekable();
        while let Some(part) = parts.next() {
            let last = parts.peek().is_none();
            let found = list.iter().find(|item| match item {
                RegisterCluster::Register(register) => last && register.name == part,
                RegisterCluster::Cluster(cluster) => !last && cluster.name == part,
            })?;
            match found {
                RegisterCluster::Register(register) => return Some(register),
                RegisterCluster::Cluster(cluster) => list = &cluster.children,
            }
        }
        None
    }

    fn cluster(
        &mut self,
        cluster: &'a svd::Cluster,
        siblings: &'a [RegisterCluster],
        prefix: &str,
        depth: usize,
        members: &mut Vec<Member>,
    ) -> Result<(), String> {
        let info: &svd::ClusterInfo = cluster;
        let name = format!("{prefix}_{}", identifier(&without_index(&info.name)));
        let mut children: &[RegisterCluster] = &info.children;
        let mut current = info;
        for _ in 0..MAX_CHAIN {
            let Some(base) = current.derived_from.as_ref().filter(|_| children.is_empty()) else { break };
            let base = base.rsplit('.').next().unwrap_or(base);
            let found = siblings.iter().find_map(|item| match item {
                RegisterCluster::Cluster(cluster) if cluster.name == base => Some(cluster),
                _ => None,
            });
            current =
                found.ok_or_else(|| format!("derivedFrom names the cluster {base}, which is not there"))?;
            children = &current.children;
        }
        let description = info.description.as_deref().map(one_line).unwrap_or_default();
        let members_of_block = self.members(children, children, &name, depth + 1)?;
        let block = Block { name, description: description.clone(), members: members_of_block };
        if block.members.is_empty() {
            return Ok(());
        }
        let dim = match cluster {
            MaybeArray::Single(_) => None,
            MaybeArray::Array(_, dim) => Some(dim),
        };
        let offset = u64::from(info.address_offset);
        let kind = Kind::Cluster(block);
        self.place(Member { name: info.name.clone(), description, offset, array: None, kind }, dim, members);
        Ok(())
    }

    /// Adds a member: as it is, as an array (`name[%s]`), or once for each index (`name%s`).
    fn place(&mut self, mut member: Member, dim: Option<&svd::DimElement>, members: &mut Vec<Member>) {
        let Some(dim) = dim else {
            member.name = identifier(&member.name);
            self.registers += 1;
            members.push(member);
            return;
        };
        let stride = u64::from(dim.dim_increment);
        // An array whose elements would overlap is a list of views of the same place.
        if member.name.contains("[%s]") && stride >= member.element_size() {
            member.name = identifier(&without_index(&member.name));
            member.array = Some((u64::from(dim.dim), stride));
            self.registers += 1;
            members.push(member);
            return;
        }
        for (i, index) in indexes(dim).enumerate() {
            let name = identifier(&with_index(&member.name, &index));
            let offset = member.offset.saturating_add(stride.saturating_mul(i as u64));
            self.registers += 1;
            if self.registers > MAX_REGISTERS {
                return;
            }
            members.push(Member { name, offset, ..member.clone() });
        }
    }

    fn fields(&self, fields: &[svd::Field], bits: u32) -> Result<Vec<Field>, String> {
        let mut found = Vec::new();
        for field in fields {
            let info: &svd::FieldInfo = field;
            let values = values(&info.enumerated_values);
            let description = info.description.as_deref().map(one_line).unwrap_or_default();
            let mut add = |name: &str, offset: u32| {
                let end = u64::from(offset) + u64::from(info.bit_range.width);
                // A field outside its register is a mistake of the file, and no program can use it.
                if info.bit_range.width == 0 || end > u64::from(bits) {
                    return;
                }
                let mask = (u64::MAX >> (64 - info.bit_range.width)) << offset;
                let (description, values) = (description.clone(), values.clone());
                found.push(Field { name: exported(name), description, mask, first: 0, values });
            };
            match field {
                MaybeArray::Single(_) => add(&info.name, info.bit_range.offset),
                MaybeArray::Array(_, dim) => {
                    for (i, index) in indexes(dim).take(64).enumerate() {
                        let shift = dim.dim_increment.saturating_mul(i as u32);
                        add(&with_index(&info.name, &index), info.bit_range.offset.saturating_add(shift));
                    }
                }
            }
        }
        Ok(found)
    }
}

/// Names and addresses of a peripheral, or of each in an array of peripherals.
fn addresses(peripheral: &svd::Peripheral) -> Vec<(String, u64)> {
    let (info, dim) = match peripheral {
        MaybeArray::Single(info) => return vec![(identifier(&info.name), info.base_address)],
        MaybeArray::Array(info, dim) => (info, dim),
    };
    let element = |(i, index): (usize, String)| {
        let address = info.base_address.wrapping_add(u64::from(dim.dim_increment) * i as u64);
        (identifier(&with_index(&info.name, &index)), address)
    };
    indexes(dim).enumerate().map(element).collect()
}

/// Makes separate peripherals of single clusters at the start of a peripheral, and of those with clusters inside:
/// that is where TinyGo programs look for them, as `<peripheral>_<cluster>`.
fn lift_clusters(device: &mut Device) {
    let mut at = 0;
    while at < device.blocks.len() {
        let members = std::mem::take(&mut device.blocks[at].members);
        let (lifted, kept): (Vec<Member>, Vec<Member>) =
            members.into_iter().partition(|member| match &member.kind {
                Kind::Cluster(block) => {
                    let nested = block.members.iter().any(|inner| matches!(inner.kind, Kind::Cluster(_)));
                    member.array.is_none() && (member.offset == 0 || nested)
                }
                Kind::Register(_) => false,
            });
        device.blocks[at].members = kept;
        for member in lifted {
            let Kind::Cluster(block) = member.kind else { continue };
            let parents: Vec<Instance> = device.instances.iter().filter(|i| i.block == at).cloned().collect();
            let block_at = device.blocks.len();
            device.blocks.push(block);
            for parent in parents {
                device.instances.push(Instance {
                    name: format!("{}_{}", parent.name, member.name),
                    description: member.description.clone(),
                    address: parent.address.wrapping_add(member.offset),
                    block: block_at,
                });
            }
        }
        at += 1;
    }
}

/// Whether two member lists have the same registers at the same places; texts and clusters' type names may differ.
fn same_registers(a: &[Member], b: &[Member]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| {
            let same_kind = match (&a.kind, &b.kind) {
                (Kind::Register(a), Kind::Register(b)) => a.bits == b.bits,
                (Kind::Cluster(a), Kind::Cluster(b)) => same_registers(&a.members, &b.members),
                _ => false,
            };
            a.name == b.name && a.offset == b.offset && a.array == b.array && same_kind
        })
}

/// The enumerated values of a field; of separate lists for reading and writing, all.
fn values(lists: &[svd::EnumeratedValues]) -> Vec<Value> {
    let all = lists.iter().flat_map(|list| &list.values);
    all.filter_map(|value| {
        let name = exported(&value.name);
        let description = value.description.as_deref().map(one_line).unwrap_or_default();
        Some(Value { name, description, value: value.value? })
            .filter(|v| !v.name.eq_ignore_ascii_case("reserved"))
    })
    .collect()
}

/// The indexes of an array or list, as many as its dim says.
fn indexes(dim: &svd::DimElement) -> impl Iterator<Item = String> + '_ {
    (0..dim.dim).map(|i| match &dim.dim_index {
        Some(names) => names.get(i as usize).cloned().unwrap_or_else(|| i.to_string()),
        None => i.to_string(),
    })
}

fn with_index(name: &str, index: &str) -> String {
    // A list's name whose index was written out in capitals (`CHA_…`) reads as the datasheet has it.
    name.replace("[%s]", index).replace("%s", &index.to_uppercase())
}

/// The licence text as lines; vendors write `\n` at their ends.
fn notice(text: Option<&str>) -> String {
    let lines = text.unwrap_or_default().replace("\\n", "\n");
    let mut kept: Vec<&str> = Vec::new();
    let mut blank = false;
    for line in lines.lines().map(str::trim) {
        if line.is_empty() {
            // Between every two lines there is one from the vendor's own line break.
            if blank && kept.last().is_some_and(|last| !last.is_empty()) {
                kept.push(line);
            }
            blank = true;
        } else {
            kept.push(line);
            blank = false;
        }
    }
    kept.join("\n").trim().to_owned()
}
