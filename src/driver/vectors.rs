//! The interrupt vector table of a program, as assembly: as long as the interrupts that the program handles ask for.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use board::Target;

/// The handler symbols of a program by interrupt number, as `interrupt.New` numbers them: on Cortex-M the number of the
/// peripheral interrupt (negative: a system exception), on AVR the vector number.
pub type Handlers = BTreeMap<i32, String>;

/// The table for a chip, or `None` where start-up code needs none (RISC-V, hosts, wasm).
pub fn table(target: &Target, handlers: &Handlers) -> Option<String> {
    if target.build_tags.iter().any(|tag| tag == "cortexm") {
        Some(cortex_m(handlers))
    } else if target.build_tags.iter().any(|tag| tag == "avr") {
        Some(avr(handlers, target.region("flash").is_some_and(|flash| flash.length > 8 << 10)))
    } else {
        None
    }
}

/// Armv6-M ARM, B1.5.2: the initial stack pointer, then the handlers; peripheral interrupt n is entry 16 + n.
///
/// Entries behind the last one in use are left out: only an interrupt that somebody enabled could read them. Reset, NMI
/// and HardFault are always there.
fn cortex_m(handlers: &Handlers) -> String {
    let last = handlers.keys().next_back().map_or(3, |&n| (16 + n).max(3));
    let mut text = String::from(
        "\t.syntax unified\n\t.section .isr_vector, \"a\", %progbits\n\t.globl __isr_vector\n__isr_vector:\n\
         \t.long _stack_top\n\t.long Reset_Handler\n",
    );
    for entry in 2..=last {
        let handler = handlers.get(&(entry - 16)).map_or("Default_Handler", String::as_str);
        let _ = writeln!(text, "\t.long {handler}");
    }
    text
}

/// A jump for each vector (DS40002061, 12.1): one word on chips whose flash a relative jump spans, else two. Without any
/// handler, start-up code itself stands at the reset vector.
fn avr(handlers: &Handlers, long: bool) -> String {
    let jump = if long { "jmp" } else { "rjmp" };
    let mut text = String::from("\t.section .vectors, \"ax\", @progbits\n\t.globl __vectors\n__vectors:\n");
    let Some(&last) = handlers.keys().next_back() else { return text };
    let _ = writeln!(text, "\t{jump} __start");
    for vector in 1..=last {
        let handler = handlers.get(&vector).map_or("__start", String::as_str);
        let _ = writeln!(text, "\t{jump} {handler}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handlers(list: &[(i32, &str)]) -> Handlers {
        list.iter().map(|&(n, name)| (n, name.to_owned())).collect()
    }

    #[test]
    fn cortex_m_is_as_long_as_it_must_be() {
        let lines = |h: &Handlers| cortex_m(h).lines().filter(|l| l.starts_with("\t.long")).count();
        assert_eq!(lines(&handlers(&[])), 4);
        assert_eq!(lines(&handlers(&[(-1, "SysTick")])), 16);
        assert_eq!(lines(&handlers(&[(2, "isr_2")])), 19);
        assert!(cortex_m(&handlers(&[(2, "isr_2")])).ends_with("\t.long isr_2\n"));
    }

    #[test]
    fn avr_jumps() {
        assert!(!avr(&handlers(&[]), true).contains("jmp"));
        let text = avr(&handlers(&[(2, "isr_2")]), true);
        assert_eq!(text.matches("\tjmp ").count(), 3);
        assert!(avr(&handlers(&[(1, "x")]), false).contains("\trjmp x\n"));
    }
}
