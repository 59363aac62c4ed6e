//! A Black Magic Probe whose target is a Cortex-M in QEMU: answers the probe's remote protocol on a TCP port and
//! translates to QEMU's gdb stub, so that an unmodified probe-rs debugs and flashes an emulated chip.
//!
//!     qemu-system-arm -M microbit -S -gdb unix:SOCKET,server=on,wait=off -display none -serial file:uart.txt &
//!     bmp-bridge SOCKET              prints "listening 127.0.0.1:PORT"
//!     # then in probe-rs: the probe 1d50:6018:127.0.0.1:PORT
//!
//! A second argument is the CPUID to show, in hex; without it the target is a Cortex-M0.

mod chip;
mod gdb;
mod remote;
mod swd;

use std::io::{self, Write};
use std::net::TcpListener;
use std::process::ExitCode;

/// Cortex-M0 r0p0 (its Technical Reference Manual, "CPUID register").
const CORTEX_M0: u32 = 0x410C_C200;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.as_slice() {
        [socket] => run(socket, CORTEX_M0),
        [socket, cpuid] => match u32::from_str_radix(cpuid.trim_start_matches("0x"), 16) {
            Ok(cpuid) => run(socket, cpuid),
            Err(e) => Err(io::Error::other(format!("CPUID {cpuid}: {e}"))),
        },
        _ => Err(io::Error::other("usage: bmp-bridge GDB-SOCKET [CPUID]")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            let _ = writeln!(io::stderr(), "bmp-bridge: {e}");
            ExitCode::FAILURE
        }
    }
}

/// Serves one host after the other until QEMU ends.
fn run(socket: &str, cpuid: u32) -> io::Result<()> {
    let mut chip = chip::Chip::new(gdb::Gdb::connect(socket)?, cpuid)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    writeln!(io::stdout(), "listening {}", listener.local_addr()?)?;
    io::stdout().flush()?;
    loop {
        let (host, _) = listener.accept()?;
        host.set_nodelay(true)?;
        remote::serve(host, &mut chip)?;
    }
}
