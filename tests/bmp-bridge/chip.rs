//! What a debug probe sees of a Cortex-M: debug port, one memory access port (ADIv5), and the core's debug registers
//! (ARMv6-M Architecture Reference Manual, part C), all carried out through gdb.

use std::io;

use crate::gdb::{Gdb, XPSR};

const CPUID: u32 = 0xE000_ED00;
const AIRCR: u32 = 0xE000_ED0C;
const DFSR: u32 = 0xE000_ED30;
const DHCSR: u32 = 0xE000_EDF0;
const DCRSR: u32 = 0xE000_EDF4;
const DCRDR: u32 = 0xE000_EDF8;
const DEMCR: u32 = 0xE000_EDFC;
const FP_CTRL: u32 = 0xE000_2000;
const FP_COMP0: u32 = 0xE000_2008;
const COMPARATORS: usize = 4;

/// Everything from here on is the core's own, not memory.
const SYSTEM: u32 = 0xE000_0000;
const RAM: std::ops::Range<u32> = 0x2000_0000..0x4000_0000;

pub struct Chip {
    gdb: Gdb,
    cpuid: u32,
    // Debug port.
    select: u32,
    ctrl: u32,
    // Access port 0.
    csw: u32,
    tar: u32,
    // Core debug.
    dhcsr: u32,
    dcrdr: u32,
    demcr: u32,
    dfsr: u32,
    was_reset: bool,
    fp_enable: bool,
    fp_comp: [u32; COMPARATORS],
    /// Where a flash algorithm returns to. QEMU makes a fault of the BKPT there, so it must stop before it.
    return_stop: Option<u32>,
}

impl Chip {
    pub fn new(gdb: Gdb, cpuid: u32) -> io::Result<Chip> {
        let mut chip = Chip {
            gdb,
            cpuid,
            select: 0,
            ctrl: 0,
            csw: 0x4000_0040,
            tar: 0,
            dhcsr: 0,
            dcrdr: 0,
            demcr: 0,
            dfsr: 0,
            was_reset: false,
            fp_enable: false,
            fp_comp: [0; COMPARATORS],
            return_stop: None,
        };
        // QEMU gives up on a core that locks up, as one does whose vector table is blank.
        if chip.gdb.read(0, 8)?.iter().all(|&b| b == 0) {
            let mut idle = Vec::new();
            idle.extend(0x2000_0400_u32.to_le_bytes());
            (0..3).for_each(|_| idle.extend(0x11_u32.to_le_bytes()));
            idle.extend([0xFE, 0xE7, 0xFE, 0xE7]); // b .
            chip.gdb.write(0, &idle)?;
        }
        chip.gdb.reset()?;
        chip.gdb.resume()?;
        Ok(chip)
    }

    // ---- debug port ----

    pub fn read_dp(&mut self, register: u32) -> u32 {
        match (register & 0xC, self.select & 0xF) {
            (0x0, _) => 0x0BB1_1477,
            // Each power-up request is acknowledged by the bit above it.
            (0x4, 0) => (self.ctrl & 0x5FFF_FFFF) | (self.ctrl & 0x5000_0000) << 1,
            _ => 0,
        }
    }

    pub fn write_dp(&mut self, register: u32, value: u32) {
        match (register & 0xC, self.select & 0xF) {
            (0x4, 0) => self.ctrl = value,
            (0x8, _) => self.select = value,
            _ => {}
        }
    }

    // ---- access port ----

    pub fn read_ap(&mut self, port: u32, register: u32) -> io::Result<u32> {
        Ok(match (port, register & 0xFC) {
            (0, 0x00) => self.csw | 0x40,
            (0, 0x04) => self.tar,
            (0, 0x0C) => {
                let value = self.read_word(self.tar & !3)?;
                self.advance();
                value
            }
            (0, 0xF8) => 0xF000_0003,
            (0, 0xFC) => 0x0477_0021,
            _ => 0,
        })
    }

    pub fn write_ap(&mut self, port: u32, register: u32, value: u32) -> io::Result<()> {
        match (port, register & 0xFC) {
            (0, 0x00) => self.csw = value,
            (0, 0x04) => self.tar = value,
            (0, 0x0C) => {
                self.write_word(self.tar & !3, value)?;
                self.advance();
            }
            _ => {}
        }
        Ok(())
    }

    /// CSW bits 4 and 5: whether the address goes on after a transfer.
    fn advance(&mut self) {
        if self.csw & 0x30 != 0 {
            self.tar = self.tar.wrapping_add(4);
        }
    }

    // ---- memory ----

    pub fn read_memory(&mut self, address: u32, length: usize) -> io::Result<Vec<u8>> {
        if address < SYSTEM {
            return self.stopped(|gdb| gdb.read(address, length));
        }
        let mut bytes = Vec::new();
        let mut at = address & !3;
        while bytes.len() < length + (address & 3) as usize {
            bytes.extend(self.read_word(at)?.to_le_bytes());
            at = at.wrapping_add(4);
        }
        Ok(bytes[(address & 3) as usize..][..length].to_vec())
    }

    pub fn write_memory(&mut self, address: u32, bytes: &[u8]) -> io::Result<()> {
        if address < SYSTEM {
            return self.stopped(|gdb| gdb.write(address, bytes));
        }
        for (i, word) in bytes.chunks_exact(4).enumerate() {
            let value = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
            self.write_word(address + i as u32 * 4, value)?;
        }
        Ok(())
    }

    fn read_word(&mut self, address: u32) -> io::Result<u32> {
        Ok(match address {
            0..SYSTEM => {
                let b = self.stopped(|gdb| gdb.read(address, 4))?;
                u32::from_le_bytes([b[0], b[1], b[2], b[3]])
            }
            CPUID => self.cpuid,
            DFSR => self.dfsr,
            DHCSR => self.status()?,
            DCRDR => self.dcrdr,
            DEMCR => self.demcr,
            // Four code comparators, no literal ones.
            FP_CTRL => (COMPARATORS as u32) << 4 | u32::from(self.fp_enable),
            _ => comparator(address).map_or(0, |i| self.fp_comp[i]),
        })
    }

    fn write_word(&mut self, address: u32, value: u32) -> io::Result<()> {
        match address {
            0..SYSTEM => return self.stopped(|gdb| gdb.write(address, &value.to_le_bytes())),
            // Key, then SYSRESETREQ.
            AIRCR if value >> 16 == 0x05FA && value & 4 != 0 => return self.reset(),
            DFSR => self.dfsr &= !value,
            DHCSR if value >> 16 == 0xA05F => return self.control(value & 0x3F),
            DCRSR => return self.transfer(value),
            DCRDR => self.dcrdr = value,
            DEMCR => self.demcr = value,
            FP_CTRL if value & 2 != 0 => return self.change_breakpoints(|c| c.fp_enable = value & 1 != 0),
            _ => {
                if let Some(i) = comparator(address) {
                    return self.change_breakpoints(|c| c.fp_comp[i] = value);
                }
            }
        }
        Ok(())
    }

    /// QEMU gives access to memory only while the target is stopped.
    fn stopped<T>(&mut self, action: impl FnOnce(&mut Gdb) -> io::Result<T>) -> io::Result<T> {
        let was_running = self.gdb.is_running();
        let by_itself = self.gdb.stop()?;
        let result = action(&mut self.gdb)?;
        if by_itself {
            self.halted(2)?;
        } else if was_running {
            self.gdb.resume()?;
        }
        Ok(result)
    }

    // ---- core ----

    /// DHCSR as read: S_REGRDY always, S_HALT, and S_RESET_ST once after a reset.
    fn status(&mut self) -> io::Result<u32> {
        if self.gdb.has_stopped()? {
            self.halted(2)?;
        }
        let mut value = self.dhcsr | 1 << 16;
        if !self.gdb.is_running() {
            value |= 1 << 17;
        }
        if std::mem::take(&mut self.was_reset) {
            value |= 1 << 25;
        }
        Ok(value)
    }

    /// The core has come to a stop; `reason` is the bit of DFSR: 1 halt or step, 2 breakpoint, 8 vector catch.
    fn halted(&mut self, reason: u32) -> io::Result<()> {
        self.dfsr |= reason;
        if let Some(address) = self.return_stop.take() {
            self.gdb.set_breakpoint(address, false)?;
        }
        Ok(())
    }

    /// DHCSR as written: bit 0 C_DEBUGEN, 1 C_HALT, 2 C_STEP.
    fn control(&mut self, bits: u32) -> io::Result<()> {
        self.dhcsr = bits;
        let (debug, halt, step) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
        match (debug && halt, self.gdb.is_running()) {
            (true, true) => {
                let by_itself = self.gdb.stop()?;
                self.halted(if by_itself { 2 } else { 1 })
            }
            (false, false) if debug && step => {
                self.gdb.step()?;
                self.halted(1)
            }
            (false, false) => self.resume(),
            _ => Ok(()),
        }
    }

    fn resume(&mut self) -> io::Result<()> {
        let lr = self.gdb.read_register(14)? & !1;
        if RAM.contains(&lr) && self.gdb.read_register(15)? != lr {
            self.gdb.set_breakpoint(lr, true)?;
            self.return_stop = Some(lr);
        }
        self.gdb.resume()
    }

    fn reset(&mut self) -> io::Result<()> {
        if self.gdb.is_running() {
            self.gdb.stop()?;
        }
        self.halted(0)?;
        self.gdb.reset()?;
        self.was_reset = true;
        // DEMCR.VC_CORERESET: halt on the first instruction.
        if self.demcr & 1 != 0 && self.dhcsr & 1 != 0 {
            return self.halted(8);
        }
        self.dhcsr &= !2;
        self.gdb.resume()
    }

    /// DCRSR: moves a register to or from DCRDR.
    fn transfer(&mut self, request: u32) -> io::Result<()> {
        let register = match request & 0x7F {
            n @ 0..=15 => n,
            16 => XPSR,
            // Main and process stack pointer: QEMU shows the one in use.
            17 | 18 => 13,
            // CONTROL, PRIMASK and floating point are not in reach.
            _ => {
                self.dcrdr = 0;
                return Ok(());
            }
        };
        if request & 1 << 16 != 0 {
            self.gdb.write_register(register, self.dcrdr)
        } else {
            self.dcrdr = self.gdb.read_register(register)?;
            Ok(())
        }
    }

    /// Takes the breakpoints out of gdb, changes the comparators, puts the breakpoints in again.
    fn change_breakpoints(&mut self, change: impl FnOnce(&mut Chip)) -> io::Result<()> {
        let before = self.breakpoints();
        change(self);
        let after = self.breakpoints();
        self.stopped(|gdb| {
            for &address in before.iter().filter(|a| !after.contains(a)) {
                gdb.set_breakpoint(address, false)?;
            }
            for &address in after.iter().filter(|a| !before.contains(a)) {
                gdb.set_breakpoint(address, true)?;
            }
            Ok(())
        })
    }

    /// The halfwords that the comparators stop at: bit 0 enables, bit 30 is the lower and bit 31 the upper half.
    fn breakpoints(&self) -> Vec<u32> {
        let mut all = Vec::new();
        for comp in self.fp_comp.iter().filter(|c| self.fp_enable && *c & 1 != 0) {
            let base = comp & 0x1FFF_FFFC;
            all.extend((comp & 1 << 30 != 0).then_some(base));
            all.extend((comp & 1 << 31 != 0).then_some(base + 2));
        }
        all
    }
}

fn comparator(address: u32) -> Option<usize> {
    let offset = address.checked_sub(FP_COMP0)? as usize;
    (offset < COMPARATORS * 4).then_some(offset / 4)
}
