//! Commands that end: run with a limit, with all that they start.

use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// What a command left behind.
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    /// `None` when the time was up; the number of the signal that ended it, negative.
    pub status: Option<i32>,
}

/// Runs a command without input for no longer than the limit.
pub fn execute(command: &mut Command, limit: Duration) -> io::Result<Outcome> {
    // Through files: a full pipe would stop a command that nobody reads from.
    let folder = tempfile::tempdir()?;
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    let status = wait(command.stdout(File::create(&out)?).stderr(File::create(&err)?), limit)?;
    Ok(Outcome { stdout: text(&out)?, stderr: text(&err)?, status })
}

/// The same with all that is printed as standard output, in its order.
pub fn execute_together(command: &mut Command, limit: Duration) -> io::Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    let file = File::create(&out)?;
    let status = wait(command.stdout(file.try_clone()?).stderr(file), limit)?;
    Ok(Outcome { stdout: text(&out)?, stderr: String::new(), status })
}

fn wait(command: &mut Command, limit: Duration) -> io::Result<Option<i32>> {
    let mut child = command.stdin(Stdio::null()).process_group(0).spawn()?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.code().unwrap_or_else(|| -status.signal().unwrap_or(1))));
        }
        if start.elapsed() > limit {
            kill_group(child.id());
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn text(path: &Path) -> io::Result<String> {
    Ok(String::from_utf8_lossy(&std::fs::read(path)?).into_owned())
}

/// Ends a process that leads a group, and all that it has started: emulators are children of the child.
fn kill_group(leader: u32) {
    if let Some(leader) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(leader, Signal::KILL);
    }
}
