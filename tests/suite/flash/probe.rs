//! probe-rs, as it is, programs QEMU's micro:bit through the Black Magic bridge (`tests/bmp-bridge`): its own flash
//! algorithm runs on QEMU's processor against QEMU's flash controller.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flash::{BoardState, Image, Job, Method, Plan, Silent, System};
use libtest_mimic::{Failed, Trial};

use super::{Recorder, ensure, fails, noise};

pub fn trials() -> Vec<Trial> {
    fn trial(name: &str, run: fn() -> Result<(), String>) -> Trial {
        Trial::test(format!("flash::probe::{name}"), move || run().map_err(Failed::from))
    }
    vec![
        trial("microbit_in_qemu", microbit_in_qemu),
        trial("no_probe", no_probe),
        trial("no_such_chip", no_such_chip),
        trial("outside_of_flash", outside_of_flash),
    ]
}

/// QEMU's micro:bit with a debug probe at it. Both end when it is dropped.
pub struct Microbit {
    qemu: Child,
    bridge: Option<Child>,
    /// How probe-rs selects the debug probe.
    pub probe: String,
    dir: tempfile::TempDir,
}

impl Microbit {
    pub fn start() -> Result<Microbit, String> {
        let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
        let at = |name: &str| dir.path().join(name).display().to_string();
        let qemu = Command::new("qemu-system-arm")
            .args(["-M", "microbit", "-S", "-display", "none"])
            .args(["-serial", &format!("file:{}", at("uart"))])
            .args(["-gdb", &format!("unix:{},server=on,wait=off", at("gdb"))])
            .args(["-monitor", &format!("unix:{},server=on,wait=off", at("monitor"))])
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| {
                format!(
                    "qemu-system-arm: {e}; on Debian: apt-get install qemu-system-arm (`make test` does it)"
                )
            })?;
        let mut microbit = Microbit { qemu, bridge: None, probe: String::new(), dir };
        let mut bridge = Command::new(env!("CARGO_BIN_EXE_bmp-bridge"))
            .arg(microbit.dir.path().join("gdb"))
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| format!("bmp-bridge: {e}"))?;
        let mut line = String::new();
        if let Some(stdout) = bridge.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(|e| e.to_string())?;
        }
        microbit.bridge = Some(bridge);
        let address = line.trim().strip_prefix("listening ").ok_or("the bridge did not start")?;
        microbit.probe = format!("1d50:6018:{address}");
        Ok(microbit)
    }

    /// What the program has said.
    pub fn uart(&self) -> String {
        let bytes = std::fs::read(self.dir.path().join("uart")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The first bytes of flash as QEMU's own monitor shows them (`pmemsave` does not see this chip's address space).
    fn flash(&self, count: usize) -> Result<Vec<u8>, String> {
        let file = self.dir.path().join("dump");
        let mut monitor = UnixStream::connect(self.dir.path().join("monitor")).map_err(|e| e.to_string())?;
        monitor.set_read_timeout(Some(Duration::from_secs(5))).map_err(|e| e.to_string())?;
        let command = format!("memsave 0 {count} \"{}\"\n", file.display());
        monitor.write_all(command.as_bytes()).map_err(|e| e.to_string())?;
        // The greeting's prompt, then the one after the command.
        let mut text = Vec::new();
        let mut byte = [0];
        while text.windows(6).filter(|w| w == b"(qemu)").count() < 2 {
            monitor.read_exact(&mut byte).map_err(|e| format!("QEMU's monitor: {e}"))?;
            text.push(byte[0]);
        }
        std::fs::read(file).map_err(|e| format!("QEMU's dump: {e}"))
    }
}

impl Drop for Microbit {
    fn drop(&mut self) {
        for child in self.bridge.iter_mut().chain([&mut self.qemu]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A program for the nRF51: writes `text` to its UART and stays there; `rest` is ballast behind it.
fn firmware(text: &str, rest: &[u8]) -> Vec<u8> {
    const START: u32 = 0x40;
    let mut image: Vec<u8> = 0x2000_4000_u32.to_le_bytes().to_vec();
    (1..16).for_each(|_| image.extend((START | 1).to_le_bytes()));
    let code: [u16; 28] = [
        0x4809, //       ldr  r0, =0x40002000    UART
        0x2104, //       movs r1, #4
        0x4A09, //       ldr  r2, =0x500         ENABLE
        0x5081, //       str  r1, [r0, r2]
        0x2101, //       movs r1, #1
        0x6081, //       str  r1, [r0, #8]       STARTTX
        0x4A08, //       ldr  r2, =0x51c         TXD
        0x4B09, //       ldr  r3, =0x11c         TXDRDY
        0xA409, //       adr  r4, text
        0x7825, // next: ldrb r5, [r4]
        0x2D00, //       cmp  r5, #0
        0xD0FE, // done: beq  done
        0x2600, //       movs r6, #0
        0x50C6, //       str  r6, [r0, r3]
        0x5085, //       str  r5, [r0, r2]
        0x58C6, // wait: ldr  r6, [r0, r3]
        0x2E00, //       cmp  r6, #0
        0xD0FC, //       beq  wait
        0x3401, //       adds r4, #1
        0xE7F4, //       b    next
        0x2000, 0x4000, 0x0500, 0x0000, 0x051C, 0x0000, 0x011C, 0x0000,
    ];
    image.extend(code.into_iter().flat_map(u16::to_le_bytes));
    image.extend(text.bytes());
    image.push(0);
    image.extend(rest);
    image
}

fn job(chip: &str, probe: &str, segments: Vec<(u32, Vec<u8>)>) -> Result<Plan, String> {
    let mut job =
        Job::new(Method::Probe { chip: chip.to_string(), probe: Some(probe.to_string()), khz: None });
    job.image = Some(Image::new(segments).map_err(|e| e.to_string())?);
    Plan::new(job).map_err(|e| e.to_string())
}

fn microbit_in_qemu() -> Result<(), String> {
    let microbit = Microbit::start()?;
    // Twice: the second time over a running program, with something shorter and another text.
    let mut before = Vec::new();
    for (text, ballast) in [("first\n", 20_000), ("second\n", 3_000)] {
        let program = firmware(text, &noise(ballast));
        let plan = job("nRF51822_xxAA", &microbit.probe, vec![(0, program.clone())])?;
        let mut recorder = Recorder::default();
        plan.execute(&mut System, &mut recorder).map_err(|e| e.to_string())?;
        ensure(["erasing", "writing", "verifying", "restarting"].iter().all(|p| recorder.has(p)), || {
            format!("the phases were {:?}", recorder.phases)
        })?;
        let flash = microbit.flash(program.len())?;
        let wrong = flash.iter().zip(&program).position(|(a, b)| a != b);
        ensure(wrong.is_none() && flash.len() == program.len(), || {
            format!("the flash differs from {text:?} at {wrong:x?} ({} bytes)", flash.len())
        })?;
        before.push(text);
        let start = Instant::now();
        while microbit.uart() != before.concat() && start.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(20));
        }
        ensure(microbit.uart() == before.concat(), || format!("the program said {:?}", microbit.uart()))?;
    }
    Ok(())
}

fn no_probe() -> Result<(), String> {
    let plan = job("nRF51822_xxAA", "1d50:6018:no-such-serial", vec![(0, vec![1])])?;
    let result = plan.execute(&mut System, &mut Silent);
    fails(result, BoardState::Untouched, &["no debug probe 1d50:6018:no-such-serial", "connected are"])?;
    let plan = job("nRF51822_xxAA", "nonsense", vec![(0, vec![1])])?;
    fails(plan.execute(&mut System, &mut Silent), BoardState::Untouched, &["VID:PID"])
}

fn no_such_chip() -> Result<(), String> {
    let microbit = Microbit::start()?;
    let plan = job("nRF99999", &microbit.probe, vec![(0, vec![1])])?;
    fails(plan.execute(&mut System, &mut Silent), BoardState::Untouched, &["nRF99999"])
}

fn outside_of_flash() -> Result<(), String> {
    let microbit = Microbit::start()?;
    let plan = job("nRF51822_xxAA", &microbit.probe, vec![(0x0080_0000, vec![1; 64])])?;
    fails(plan.execute(&mut System, &mut Silent), BoardState::Untouched, &["0x00800000"])
}
