//! The memory layout of a register block as a Go struct: order, padding, and what overlaps is left out.

use crate::model::{Block, Kind, Member};

/// A field of the struct.
pub enum Slot<'a> {
    Padding(u64),
    Member(&'a Member),
}

/// The fields in address order. A member that begins before the end of the one before it is left out: vendors list
/// deprecated names and other views of the same register, and the first one counts.
pub fn slots(block: &Block) -> Vec<Slot<'_>> {
    let mut members: Vec<&Member> = block.members.iter().collect();
    members.sort_by_key(|member| member.offset);
    let mut slots = Vec::new();
    let mut at = 0;
    for member in members {
        let size = member.size();
        // Go would align the register itself; offsets that are not aligned cannot be a field.
        if member.offset < at || size == 0 || !member.offset.is_multiple_of(align(member)) {
            continue;
        }
        if member.offset > at {
            slots.push(Slot::Padding(member.offset - at));
        }
        at = member.offset.saturating_add(size);
        slots.push(Slot::Member(member));
    }
    slots
}

/// The bytes that the struct covers.
pub fn size(block: &Block) -> u64 {
    let end = |slot: &Slot| match slot {
        Slot::Padding(_) => 0,
        Slot::Member(member) => member.offset.saturating_add(member.size()),
    };
    let end = slots(block).iter().map(end).max().unwrap_or(0);
    end.next_multiple_of(block_align(block))
}

/// Alignment of a member in bytes.
fn align(member: &Member) -> u64 {
    match &member.kind {
        Kind::Register(register) => u64::from(register.bits / 8).max(1),
        Kind::Cluster(block) => block_align(block),
    }
}

fn block_align(block: &Block) -> u64 {
    block.members.iter().map(align).max().unwrap_or(1)
}
