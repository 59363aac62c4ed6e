//! Flashing by a debug probe over SWD or JTAG; probe-rs knows the chips and their flash algorithms.

use probe_rs::config::Registry;
use probe_rs::flashing::{DownloadOptions, FlashProgress, ProgressEvent, ProgressOperation};
use probe_rs::probe::list::Lister;
use probe_rs::probe::{DebugProbeInfo, DebugProbeSelector, WireProtocol};
use probe_rs::{Architecture, Permissions, Session, Target};

use crate::{Error, Image, Phase, Progress};

/// Writes and verifies `image`, then resets the chip into it. `selector` is `VID:PID[-interface][:serial]`.
pub fn program(
    chip: &str,
    selector: Option<&str>,
    khz: Option<u32>,
    image: &Image,
    progress: &mut dyn Progress,
    touched: &mut bool,
) -> Result<(), Error> {
    progress.phase(Phase::Connecting, 0);
    let target = target(chip)?;
    let probe = choose(selector)?;
    progress.note(&format!("debug probe {probe}"));
    let mut session = attach(&probe, target, khz)?;

    let mut loader = session.target().flash_loader();
    for segment in image.segments() {
        loader
            .add_data(u64::from(segment.address), &segment.data)
            .map_err(|e| failed(&format!("the program does not fit {chip}"), &e))?;
    }
    let mut options = DownloadOptions::default();
    options.verify = true;
    let mut count = Count { progress: &mut *progress, touched, done: 0, totals: [0; 3] };
    options.progress = FlashProgress::new(|event| count.event(event));
    loader.commit(&mut session, options).map_err(|e| failed("programming failed", &e))?;

    progress.phase(Phase::Restarting, 0);
    let mut core = session.core(0).map_err(|e| failed("the core cannot be reached", &e))?;
    core.reset().map_err(|e| failed("the program is written and verified, but the reset failed", &e))
}

fn choose(selector: Option<&str>) -> Result<DebugProbeInfo, Error> {
    let wanted = match selector {
        None => None,
        Some(text) => Some(text.parse::<DebugProbeSelector>().map_err(|e| {
            Error::Probe(format!(
                "{text:?} names no debug probe: {e}; write VID:PID or VID:PID:serial, in hex"
            ))
        })?),
    };
    let lister = Lister::new();
    let mut found = lister.list(wanted.as_ref());
    match (found.len(), selector) {
        (1, _) => Ok(found.remove(0)),
        (0, None) => Err(Error::Probe(
            "no debug probe found: connect one (CMSIS-DAP, ST-Link, J-Link, Black Magic) and see that you may \
             use it (on Linux: udev rules)"
                .to_string(),
        )),
        (0, Some(text)) => {
            Err(Error::Probe(format!("no debug probe {text}; connected are: {}", names(&lister.list_all()))))
        }
        _ => Err(Error::Probe(format!("several debug probes are connected: {}; choose one", names(&found)))),
    }
}

fn names(probes: &[DebugProbeInfo]) -> String {
    match probes {
        [] => "none".to_string(),
        _ => probes.iter().map(|p| p.to_string()).collect::<Vec<_>>().join(", "),
    }
}

fn target(chip: &str) -> Result<Target, Error> {
    let registry = Registry::from_builtin_families();
    registry.get_target_by_name(chip).map_err(|e| {
        let stem: String = chip.chars().take(6).collect();
        let near: Vec<String> = registry.search_chips(&stem).into_iter().take(8).collect();
        match near.as_slice() {
            [] => failed(&format!("no chip {chip:?} is known to flash by debug probe"), &e),
            _ => Error::Probe(format!("no chip {chip:?} is known; there are {}", near.join(", "))),
        }
    })
}

fn attach(probe: &DebugProbeInfo, target: Target, khz: Option<u32>) -> Result<Session, Error> {
    let mut opened = probe.open().map_err(|e| failed("the debug probe cannot be opened", &e))?;
    // Some probes have to be told. Arm chips have SWD, nearly all others only JTAG; a probe that knows just one of them
    // refuses the other and keeps its own.
    let wires = match target.architecture() {
        Architecture::Arm => WireProtocol::Swd,
        _ => WireProtocol::Jtag,
    };
    if let Err(e) = opened.select_protocol(wires)
        && opened.protocol().is_none()
    {
        return Err(failed(&format!("the debug probe cannot speak {wires}"), &e));
    }
    if let Some(khz) = khz {
        opened.set_speed(khz).map_err(|e| failed("the debug probe refuses this speed", &e))?;
    }
    let name = target.name.clone();
    opened.attach(target, Permissions::default()).map_err(|e| {
        failed(&format!("the debug probe cannot attach to {name}; check the wires and the board's power"), &e)
    })
}

/// An error with its whole chain of causes: probe-rs keeps the telling part at its end.
fn failed(what: &str, error: &(dyn std::error::Error + 'static)) -> Error {
    let mut text = format!("{what}: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.ends_with(&more) {
            text.push_str(&format!(": {more}"));
        }
        cause = error.source();
    }
    Error::Probe(text)
}

/// probe-rs counts each operation by itself and in pieces.
struct Count<'a> {
    progress: &'a mut dyn Progress,
    touched: &'a mut bool,
    done: u64,
    /// Bytes to erase, write and verify; announced together before the work begins.
    totals: [u64; 3],
}

impl Count<'_> {
    fn event(&mut self, event: ProgressEvent) {
        match event {
            ProgressEvent::AddProgressBar { operation, total } => {
                if let Some((_, index)) = phase(operation) {
                    self.totals[index] += total.unwrap_or(0);
                }
            }
            ProgressEvent::Started(operation) => {
                self.done = 0;
                if let Some((phase, index)) = phase(operation) {
                    *self.touched |= matches!(phase, Phase::Erasing | Phase::Writing);
                    self.progress.phase(phase, self.totals[index]);
                }
            }
            ProgressEvent::Progress { operation, size, .. } if phase(operation).is_some() => {
                self.done += size;
                self.progress.done(self.done);
            }
            ProgressEvent::DiagnosticMessage { message } => self.progress.note(message.trim_end()),
            _ => {}
        }
    }
}

/// The phase of an operation, and its place in `totals`.
fn phase(operation: ProgressOperation) -> Option<(Phase, usize)> {
    match operation {
        ProgressOperation::Erase => Some((Phase::Erasing, 0)),
        ProgressOperation::Program => Some((Phase::Writing, 1)),
        ProgressOperation::Verify => Some((Phase::Verifying, 2)),
        ProgressOperation::Fill => None,
    }
}
