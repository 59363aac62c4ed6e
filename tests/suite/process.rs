//! Commands that end: run with a limit, with all that they start.

use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

/// How long a new program may be busy.
const BUSY: Duration = Duration::from_secs(5);

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

/// What a command may take.
#[derive(Clone, Copy)]
pub struct Limits {
    pub time: Duration,
    /// Bytes that any one process may hold.
    pub memory: u64,
}

/// As [`execute_together`], with a limit of memory, too; a command that exceeds it has no status either.
pub fn execute_within(command: &mut Command, limits: Limits) -> io::Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let out = folder.path().join("out");
    let file = File::create(&out)?;
    let status = watch(command.stdout(file.try_clone()?).stderr(file), limits.time, |leader| {
        largest(leader) > limits.memory
    })?;
    Ok(Outcome { stdout: text(&out)?, stderr: String::new(), status })
}

/// The bytes of the largest process of a group, as Linux tells them.
fn largest(group: u32) -> u64 {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = entries.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
    // proc(5): behind the name in parentheses, the third field is the group, the 22nd the pages in memory.
    let pages = stats.filter_map(|stat| {
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        (fields.get(2)? == &group.to_string()).then(|| fields.get(21)?.parse::<u64>().ok())?
    });
    pages.max().unwrap_or(0) * 4096
}

fn wait(command: &mut Command, limit: Duration) -> io::Result<Option<i32>> {
    watch(command, limit, |_| false)
}

/// Waits for a command until the time is up or, looked at now and then, the leader of its group must go.
fn watch(command: &mut Command, limit: Duration, must_go: impl Fn(u32) -> bool) -> io::Result<Option<i32>> {
    let mut looked = Instant::now();
    let mut child = spawn(command.stdin(Stdio::null()).process_group(0))?;
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.code().unwrap_or_else(|| -status.signal().unwrap_or(1))));
        }
        let look = looked.elapsed() > Duration::from_millis(250);
        if look {
            looked = Instant::now();
        }
        if start.elapsed() > limit || look && must_go(child.id()) {
            kill_group(child.id());
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Starts a command. A program that this process has just written is busy for as long as a child that another thread
/// starts at that moment has not become its own program: it inherits the open file until then.
fn spawn(command: &mut Command) -> io::Result<Child> {
    let start = Instant::now();
    loop {
        match command.spawn() {
            Err(e) if e.kind() == io::ErrorKind::ExecutableFileBusy && start.elapsed() < BUSY => {
                std::thread::sleep(Duration::from_millis(5));
            }
            outcome => return outcome,
        }
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
