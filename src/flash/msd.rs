//! Boards whose debug chip shows a drive (DAPLink and the like): the hex file is copied onto it by the volume's name.

use std::time::Duration;

use crate::host::Volume;
use crate::volume::{copy, find, read_text};
use crate::{Error, Host, Phase, Progress};

/// DAPLink programs while the file is copied, then mounts itself anew, with FAIL.TXT if something went wrong.
const FAIL: &str = "FAIL.TXT";
const CONNECT: &str = "connect the board and see that its volume is mounted";
const REMOUNT: Duration = Duration::from_secs(3);

pub fn program(
    host: &mut dyn Host,
    hex: &[u8],
    names: &[String],
    file: &str,
    timeout: Duration,
    progress: &mut dyn Progress,
    touched: &mut bool,
) -> Result<(), Error> {
    progress.phase(Phase::Connecting, 0);
    let mut pick = |all: &[Volume]| {
        let right: Vec<Volume> = all
            .iter()
            .filter(|v| v.path.is_dir() && names.iter().any(|n| n.eq_ignore_ascii_case(&v.name())))
            .cloned()
            .collect();
        let drives: Vec<String> = all.iter().filter(|v| v.may_be_drive()).map(Volume::name).collect();
        let found = match drives.len() {
            0 => "no drive is mounted".to_string(),
            _ => format!("mounted drives: {}", drives.join(", ")),
        };
        (right, found)
    };
    let volume = find(host, names, timeout, CONNECT, &mut pick)?;
    progress.note(&format!("volume {}", volume.path.display()));
    let old_failure = read_text(&volume.path, FAIL);
    copy(&volume, file, hex, progress, touched)?;

    progress.phase(Phase::Restarting, 0);
    let start = std::time::Instant::now();
    while start.elapsed() < REMOUNT {
        std::thread::sleep(Duration::from_millis(100));
        match read_text(&volume.path, FAIL) {
            // An old message is a new one once the board has remounted; until then it may be a leftover.
            Some(text) if Some(&text) != old_failure.as_ref() || !volume.path.join(file).exists() => {
                return Err(Error::Rejected(text.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
            _ => {}
        }
    }
    Ok(())
}
