//! Mounted volumes, and copying a program onto one as boards with a drive in their bootloader want it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::host::Volume;
use crate::{Error, Host, Phase, Progress};

/// The mounted volumes that could be a board's drive.
#[cfg(target_os = "linux")]
pub fn mounted() -> io::Result<Vec<Volume>> {
    Ok(parse_mounts(&fs::read_to_string("/proc/mounts")?))
}

#[cfg(target_os = "macos")]
pub fn mounted() -> io::Result<Vec<Volume>> {
    let mut volumes = Vec::new();
    for entry in fs::read_dir("/Volumes")? {
        volumes.push(Volume { path: entry?.path(), device: None, kind: String::new() });
    }
    volumes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(volumes)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub fn mounted() -> io::Result<Vec<Volume>> {
    let drives = ('D'..='Z').map(|letter| PathBuf::from(format!("{letter}:\\")));
    Ok(drives.filter(|p| p.exists()).map(|path| Volume { path, device: None, kind: String::new() }).collect())
}

/// Reads the form of /proc/mounts (fstab(5)): device, mount point, type, ...; blanks written as `\040`.
pub fn parse_mounts(text: &str) -> Vec<Volume> {
    let mut volumes = Vec::new();
    for line in text.lines() {
        let mut fields = line.split(' ').map(unescape);
        if let (Some(device), Some(path), Some(kind)) = (fields.next(), fields.next(), fields.next()) {
            let device = device.starts_with("/dev/").then(|| PathBuf::from(device));
            volumes.push(Volume { path: path.into(), device, kind });
        }
    }
    volumes
}

fn unescape(field: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = field.as_bytes();
    while let [first, more @ ..] = rest {
        let octal = more.get(..3).and_then(|d| u8::from_str_radix(std::str::from_utf8(d).ok()?, 8).ok());
        match octal {
            Some(byte) if *first == b'\\' => {
                bytes.push(byte);
                rest = &more[3..];
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Volume {
    /// The last part of the mount point, which desktop systems take from the volume's label.
    pub fn name(&self) -> String {
        self.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// FAT in its several guises (Linux, a Windows drive seen from a guest, FUSE, systems that do not tell).
    pub fn may_be_drive(&self) -> bool {
        ["", "vfat", "msdos", "exfat", "9p", "drvfs", "fuseblk"].contains(&self.kind.as_str())
            || self.kind.starts_with("fuse.")
    }

    /// Still there? A stale mount keeps its cached directory, so the device decides where it is known.
    fn is_present(&self, marker: Option<&str>) -> bool {
        let device = self.device.as_ref().is_none_or(|d| d.exists());
        device && marker.is_none_or(|m| fs::metadata(self.path.join(m)).is_ok()) && self.path.is_dir()
    }
}

/// Tells the right volumes from the others, and says in a few words what the others are.
pub type Pick<'a> = &'a mut dyn FnMut(&[Volume]) -> (Vec<Volume>, String);

/// Asks `pick` about the mounted volumes until it has chosen one or `timeout` is over. For the error message: the
/// `names` that were looked for, and the `next` step.
pub fn find(
    host: &mut dyn Host,
    names: &[String],
    timeout: Duration,
    next: &'static str,
    pick: Pick,
) -> Result<Volume, Error> {
    let start = Instant::now();
    loop {
        let all = host.volumes().map_err(Error::Volumes)?;
        let (mut right, others) = pick(&all);
        match right.len() {
            1 => return Ok(right.remove(0)),
            0 if start.elapsed() < timeout => sleep(Duration::from_millis(100)),
            0 => {
                let (wanted, seconds) = (format!("[{}]", names.join(",")), timeout.as_secs());
                return Err(Error::NoVolume { wanted, seconds, found: others, next });
            }
            _ => {
                let list: Vec<String> = right.iter().map(|v| v.path.display().to_string()).collect();
                return Err(Error::SeveralVolumes(list.join(", ")));
            }
        }
    }
}

/// Writes `data` to a file on the volume and through to the device.
///
/// A board that restarts after the last block takes the volume away under the final flush: an error then counts only
/// if the volume is still there.
pub fn copy(
    volume: &Volume,
    file: &str,
    data: &[u8],
    progress: &mut dyn Progress,
    touched: &mut bool,
) -> Result<(), Error> {
    let path = volume.path.join(file);
    let failed = |source| Error::Copy { path: path.clone(), source };
    progress.phase(Phase::Writing, data.len() as u64);
    let mut out = File::create(&path).map_err(failed)?;
    *touched = true;
    let mut done = 0;
    for piece in data.chunks(16 << 10) {
        if let Err(e) = out.write_all(piece).and_then(|()| out.sync_data())
            && (done + piece.len() < data.len() || volume.is_present(None))
        {
            return Err(failed(e));
        }
        done += piece.len();
        progress.done(done as u64);
    }
    match out.sync_all() {
        Err(e) if volume.is_present(None) => Err(failed(e)),
        _ => Ok(()),
    }
}

/// Waits until the volume has gone. `marker` is a file that was on it.
pub fn wait_gone(host: &mut dyn Host, volume: &Volume, marker: Option<&str>, limit: Duration) -> bool {
    let start = Instant::now();
    while start.elapsed() < limit {
        let listed = host.volumes().is_ok_and(|all| all.iter().any(|v| v.path == volume.path));
        if !listed || !volume.is_present(marker) {
            return true;
        }
        sleep(Duration::from_millis(100));
    }
    false
}

/// A small text file on the volume, `None` if it is not there.
pub fn read_text(volume: &Path, file: &str) -> Option<String> {
    let bytes = fs::read(volume.join(file)).ok()?;
    Some(String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mounts_are_read_with_their_escapes() {
        let text = "/dev/sda1 /media/me/RPI-RP2 vfat rw,nosuid 0 0\nproc /proc proc rw 0 0\n\
                    tmpfs /tmp/a\\040b tmpfs rw 0 0\nshort\n";
        let volumes = parse_mounts(text);
        assert_eq!(volumes.len(), 3);
        assert_eq!(volumes[0].name(), "RPI-RP2");
        assert_eq!(volumes[0].device, Some("/dev/sda1".into()));
        assert!(volumes[0].may_be_drive() && !volumes[1].may_be_drive());
        assert_eq!(volumes[2].path, PathBuf::from("/tmp/a b"));
        assert_eq!(unescape("x\\9\\0"), "x\\9\\0");
    }
}
