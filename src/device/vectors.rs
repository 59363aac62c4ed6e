//! The vector table: which handler stands at which place.

use crate::model::Device;

/// How a CPU finds its handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arch {
    /// Cortex-M0, M0+, M1, and M23: fewer system exceptions.
    ArmV6M,
    /// Cortex-M3 and up.
    ArmV7M,
    /// One jump for each interrupt, RESET first.
    Avr,
    /// A single trap handler: no table.
    RiscV,
}

/// The symbols of a device's vector table in order; `None` for reserved entries.
///
/// On Cortex-M the first is the initial stack pointer (`_stack_top`), the second `Reset_Handler`. Handlers that the program
/// does not define are the caller's to fill with a default.
pub fn vector_table(device: &Device, arch: Arch) -> Vec<Option<String>> {
    let interrupts: Vec<(u32, String)> =
        device.interrupts.iter().map(|i| (i.number, i.name.clone())).collect();
    handlers(&interrupts, arch)
}

/// The same from a plain list of interrupts: number and name.
pub fn handlers(interrupts: &[(u32, String)], arch: Arch) -> Vec<Option<String>> {
    let (mut table, suffixed): (Vec<Option<String>>, bool) = match arch {
        Arch::ArmV6M | Arch::ArmV7M => (system(arch), true),
        Arch::Avr => (Vec::new(), false),
        Arch::RiscV => return Vec::new(),
    };
    let first = table.len();
    for (number, name) in interrupts {
        let at = first + *number as usize;
        // A number beyond any table is a mistake of the file; the readers refuse it, and here it costs no memory.
        if *number > MAX_INTERRUPT {
            continue;
        }
        if table.len() <= at {
            table.resize(at + 1, None);
        }
        table[at] = Some(if suffixed { format!("{name}_IRQHandler") } else { format!("__vector_{name}") });
    }
    table
}

/// The NVIC has at most 496 interrupts (Armv8-M Architecture Reference Manual, B3.8), AVR far fewer.
pub(crate) const MAX_INTERRUPT: u32 = 495;

/// The sixteen entries before the chip's own interrupts (Armv6-M manual B1.5.2, Armv7-M manual B1.5.2).
fn system(arch: Arch) -> Vec<Option<String>> {
    let faults = arch == Arch::ArmV7M;
    let entries = [
        ("_stack_top", true),
        ("Reset_Handler", true),
        ("NMI_Handler", true),
        ("HardFault_Handler", true),
        ("MemoryManagement_Handler", faults),
        ("BusFault_Handler", faults),
        ("UsageFault_Handler", faults),
        ("", false),
        ("", false),
        ("", false),
        ("", false),
        ("SVC_Handler", true),
        ("DebugMon_Handler", faults),
        ("", false),
        ("PendSV_Handler", true),
        ("SysTick_Handler", true),
    ];
    entries.iter().map(|(name, there)| there.then(|| (*name).to_owned())).collect()
}
