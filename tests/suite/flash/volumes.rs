//! UF2 and hex files onto boards' drives; the drive is a directory, and the board a rule about when it goes away.

use std::cell::Cell;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use flash::{BoardState, Failure, Host, Job, Method, Outcome, Plan, Silent, Volume};
use libtest_mimic::{Failed, Trial};
use serial::fake::Fake;
use serial::{Port, PortInfo};

use super::{ensure, fails};

const RP2040: u32 = 0xE48B_FF56;
const RP2350: u32 = 0xE48B_FF59;

pub fn trials() -> Vec<Trial> {
    fn trial(name: &str, run: fn() -> Result<(), String>) -> Trial {
        Trial::test(format!("flash::volumes::{name}"), move || run().map_err(Failed::from))
    }
    vec![
        trial("uf2_copied", uf2_copied),
        trial("uf2_appears_late", uf2_appears_late),
        trial("uf2_after_touch", uf2_after_touch),
        trial("uf2_wrong_board", uf2_wrong_board),
        trial("uf2_no_volume", uf2_no_volume),
        trial("uf2_several_boards", uf2_several_boards),
        trial("uf2_not_accepted", uf2_not_accepted),
        trial("uf2_wrong_file", uf2_wrong_file),
        trial("hex_copied", hex_copied),
        trial("hex_rejected", hex_rejected),
    ]
}

/// A computer whose volumes are directories below one place.
struct Desk {
    dir: tempfile::TempDir,
    /// The volumes appear at this question.
    appear: usize,
    asked: usize,
    /// A board takes its volume away once this file is complete on it.
    accepts: Option<(&'static str, usize)>,
    /// The port of the running program, for the touch.
    port: Option<Fake>,
    touched: Vec<u32>,
}

impl Desk {
    fn new() -> Result<Desk, String> {
        let dir = tempfile::tempdir().map_err(|e| e.to_string())?;
        Ok(Desk { dir, appear: 0, asked: 0, accepts: None, port: None, touched: Vec::new() })
    }

    /// A volume of this name; `info` is its Board-ID.
    fn add(&self, name: &str, info: Option<&str>) -> Result<PathBuf, String> {
        let path = self.dir.path().join(name);
        fs::create_dir(&path).map_err(|e| e.to_string())?;
        if let Some(id) = info {
            let text = format!("UF2 Bootloader v3.0\r\nModel: A board\r\nBoard-ID: {id}\r\n");
            fs::write(path.join("INFO_UF2.TXT"), text).map_err(|e| e.to_string())?;
        }
        Ok(path)
    }

    fn run(&mut self, method: Method, file: Vec<u8>, timeout: Duration) -> Result<Outcome, Failure> {
        let mut job = Job::new(method);
        job.file = Some(file);
        job.timeout = timeout;
        let plan = Plan::new(job).map_err(|error| Failure { error, board: BoardState::Untouched })?;
        plan.execute(self, &mut Silent)
    }
}

impl Host for Desk {
    fn open(&mut self, _port: &str, baud: u32) -> io::Result<Box<dyn Port>> {
        self.touched.push(baud);
        let port = self.port.take().ok_or_else(|| io::Error::other("no such port"))?;
        Ok(Box::new(port))
    }

    fn ports(&mut self) -> Vec<PortInfo> {
        Vec::new()
    }

    fn volumes(&mut self) -> io::Result<Vec<Volume>> {
        self.asked += 1;
        let mut volumes = Vec::new();
        if self.asked <= self.appear {
            return Ok(volumes);
        }
        for entry in fs::read_dir(self.dir.path())? {
            let path = entry?.path();
            let gone = self.accepts.is_some_and(|(file, size)| has(&path, file, size));
            if !gone {
                volumes.push(Volume { path, device: None, kind: "vfat".to_string() });
            }
        }
        volumes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(volumes)
    }

    fn run(&mut self, _words: &[String]) -> io::Result<ExitStatus> {
        Err(io::Error::other("no programs here"))
    }
}

fn has(volume: &Path, file: &str, size: usize) -> bool {
    fs::metadata(volume.join(file)).is_ok_and(|m| m.len() == size as u64)
}

/// A UF2 file of `blocks` blocks.
pub fn uf2(blocks: u32, family: Option<u32>) -> Vec<u8> {
    let mut file = Vec::new();
    for i in 0..blocks {
        let head = [
            0x0A32_4655,
            0x9E5D_5157,
            if family.is_some() { 0x2000 } else { 0 },
            0x1000_0000 + i * 256,
            256,
            i,
            blocks,
            family.unwrap_or(0),
        ];
        let mut block: Vec<u8> = head.into_iter().flat_map(u32::to_le_bytes).collect();
        block.resize(508, i as u8);
        block.extend(0x0AB1_6F30_u32.to_le_bytes());
        file.extend(block);
    }
    file
}

fn pico() -> Method {
    Method::Uf2 { family: Some(RP2040), volumes: vec!["RPI-RP2".to_string()] }
}

fn uf2_copied() -> Result<(), String> {
    let mut desk = Desk::new()?;
    let file = uf2(100, Some(RP2040));
    desk.add("OTHER", None)?;
    let volume = desk.add("RPI-RP2", Some("RPI-RP2"))?;
    desk.accepts = Some(("flash.uf2", file.len()));
    desk.run(pico(), file.clone(), Duration::ZERO).map_err(|e| e.to_string())?;
    let copied = fs::read(volume.join("flash.uf2")).map_err(|e| e.to_string())?;
    ensure(copied == file, || "the copy differs".to_string())
}

fn uf2_appears_late() -> Result<(), String> {
    let mut desk = Desk::new()?;
    let file = uf2(2, Some(RP2040));
    desk.add("rpi-rp2", Some("RPI-RP2"))?;
    desk.appear = 3;
    desk.accepts = Some(("flash.uf2", file.len()));
    desk.run(pico(), file, Duration::from_secs(5)).map(drop).map_err(|e| e.to_string())
}

/// The port is touched at 1200 baud; a board that waits already has no port, which is not an error.
fn uf2_after_touch() -> Result<(), String> {
    for port in [Some(Fake::script([])), None] {
        let mut desk = Desk::new()?;
        let file = uf2(2, Some(RP2040));
        desk.add("RPI-RP2", Some("RPI-RP2"))?;
        desk.accepts = Some(("flash.uf2", file.len()));
        let log = port.as_ref().map(Fake::log);
        desk.port = port;
        let mut job = Job::new(pico());
        (job.file, job.port, job.touch) = (Some(file), Some("acm0".to_string()), true);
        let plan = Plan::new(job).map_err(|e| e.to_string())?;
        plan.execute(&mut desk, &mut Silent).map_err(|e| e.to_string())?;
        ensure(desk.touched.iter().all(|&baud| baud == 1200) && !desk.touched.is_empty(), || {
            format!("opened at {:?}", desk.touched)
        })?;
        let lines = log.map(|l| l.lines()).unwrap_or(vec![(false, true)]);
        ensure(lines == [(false, true)], || format!("DTR and RTS were {lines:?}"))?;
    }
    Ok(())
}

/// An RP2350 under the right name would take the file and not run it.
fn uf2_wrong_board() -> Result<(), String> {
    let mut desk = Desk::new()?;
    let volume = desk.add("RPI-RP2", Some("RP2350"))?;
    let result = desk.run(pico(), uf2(2, Some(RP2040)), Duration::ZERO);
    fails(
        result,
        BoardState::Untouched,
        &["unable to locate any volume: [RPI-RP2]", "found instead: RP2350 at"],
    )?;
    ensure(!volume.join("flash.uf2").exists(), || "it was written all the same".to_string())
}

fn uf2_no_volume() -> Result<(), String> {
    let mut desk = Desk::new()?;
    desk.add("RPI-RP2", None)?;
    let asked = Cell::new(0);
    let result = desk.run(pico(), uf2(2, Some(RP2040)), Duration::from_millis(250));
    asked.set(desk.asked);
    fails(result, BoardState::Untouched, &["no UF2 volume is mounted", "BOOTSEL"])?;
    ensure(asked.get() > 1, || "it did not wait".to_string())
}

fn uf2_several_boards() -> Result<(), String> {
    let mut desk = Desk::new()?;
    desk.add("RPI-RP2", Some("RPI-RP2"))?;
    desk.add("RPI-RP2 1", Some("RPI-RP2"))?;
    let result = desk.run(pico(), uf2(2, Some(RP2040)), Duration::ZERO);
    fails(result, BoardState::Untouched, &["several boards", "RPI-RP2 1"])
}

fn uf2_not_accepted() -> Result<(), String> {
    let mut desk = Desk::new()?;
    desk.add("RPI-RP2", Some("RPI-RP2"))?;
    let result = desk.run(pico(), uf2(2, Some(RP2040)), Duration::ZERO);
    fails(result, BoardState::Incomplete, &["did not restart within", "did not accept"])
}

fn uf2_wrong_file() -> Result<(), String> {
    let mut desk = Desk::new()?;
    let mut cut = uf2(3, Some(RP2040));
    cut.truncate(1_300);
    let mut torn = uf2(3, Some(RP2040));
    torn[1_020] ^= 1;
    let cases: [(Vec<u8>, &str); 5] = [
        (uf2(2, Some(RP2350)), "for family 0xe48bff59, the board is 0xe48bff56"),
        (uf2(2, None), "for family none"),
        (cut, "1300 bytes, is no multiple of 512"),
        (torn, "block 1 lacks a magic number"),
        (Vec::new(), "0 bytes"),
    ];
    for (file, want) in cases {
        fails(desk.run(pico(), file, Duration::ZERO), BoardState::Untouched, &[want])?;
    }
    ensure(desk.asked == 0, || "it went on to the board".to_string())
}

fn microbit() -> Method {
    let volumes = vec!["MICROBIT".to_string()];
    Method::Msd { volumes, file: "firmware.hex".to_string(), hex: true }
}

fn hex_copied() -> Result<(), String> {
    let mut desk = Desk::new()?;
    let volume = desk.add("MICROBIT", None)?;
    let file = b":00000001FF\n".to_vec();
    desk.run(microbit(), file.clone(), Duration::ZERO).map_err(|e| e.to_string())?;
    let copied = fs::read(volume.join("firmware.hex")).map_err(|e| e.to_string())?;
    ensure(copied == file, || "the copy differs".to_string())
}

fn hex_rejected() -> Result<(), String> {
    let mut desk = Desk::new()?;
    let volume = desk.add("MICROBIT", None)?;
    let board = std::thread::spawn(move || {
        while !has(&volume, "firmware.hex", 6) {
            std::thread::sleep(Duration::from_millis(10));
        }
        fs::write(volume.join("FAIL.TXT"), "error: The hex file cannot be decoded.\r\ntype: user\r\n")
    });
    let result = desk.run(microbit(), b"no hex".to_vec(), Duration::ZERO);
    let _ = board.join();
    fails(result, BoardState::Incomplete, &["rejected the program", "cannot be decoded"])
}
