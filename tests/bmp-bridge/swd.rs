//! Raw SWD bits. A host clocks them itself only to wake the port and to read its id; later it uses the remote protocol's
//! register commands (ARM Debug Interface ADIv5, chapter "The Serial Wire Debug Port").

use std::collections::VecDeque;

use crate::chip::Chip;

#[derive(Default)]
pub struct Line {
    /// The latest bits from the host, at most the 33 of a write's data phase.
    sent: VecDeque<bool>,
    /// What the port still has to say.
    reply: VecDeque<bool>,
    /// A write whose data phase is to come: register, bits still missing.
    write: Option<(u32, usize)>,
}

impl Line {
    pub fn output(&mut self, count: usize, value: u64, chip: &mut Chip) {
        self.reply.clear();
        for i in 0..count {
            self.sent.push_back(value >> i & 1 != 0);
            if self.sent.len() > 33 {
                self.sent.pop_front();
            }
            if let Some((register, missing)) = &mut self.write {
                *missing -= 1;
                if *missing == 0 {
                    let data = self.sent.iter().take(32).enumerate();
                    let value = data.fold(0, |value, (i, &bit)| value | u32::from(bit) << i);
                    chip.write_dp(*register, value);
                    self.write = None;
                }
            }
        }
    }

    pub fn input(&mut self, count: usize, chip: &mut Chip) -> u64 {
        if self.reply.is_empty() {
            self.answer(chip);
        }
        (0..count).fold(0, |value, i| value | u64::from(self.reply.pop_front().unwrap_or(false)) << i)
    }

    /// If the last eight bits are a request - start, APnDP, RnW, A2, A3, parity, stop, park - its acknowledgement, and
    /// for a read the data and their parity.
    fn answer(&mut self, chip: &mut Chip) {
        let Some(first) = self.sent.len().checked_sub(8) else { return };
        let r: Vec<bool> = self.sent.range(first..).copied().collect();
        let parity = r[1] ^ r[2] ^ r[3] ^ r[4];
        if !r[0] || r[5] != parity || r[6] || !r[7] || r[1] {
            return;
        }
        let register = u32::from(r[3]) << 2 | u32::from(r[4]) << 3;
        self.reply.extend([true, false, false]);
        if r[2] {
            let value = chip.read_dp(register);
            self.reply.extend((0..32).map(|i| value >> i & 1 != 0));
            self.reply.push_back(value.count_ones() % 2 != 0);
        } else {
            self.write = Some((register, 33));
        }
        self.sent.clear();
    }
}
