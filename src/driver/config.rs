//! What a build depends on: the flags of the command line, resolved against the target and the installed Go.

use std::path::{Path, PathBuf};

use board::{Gc, Kind, PanicMode, Root, Scheduler, Serial, Target};
use load::Toolchain;

use crate::cache::Cache;
use crate::error::Error;

/// `-opt`: how hard, and for what, the program is optimised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OptLevel {
    None,
    O1,
    O2,
    /// For size, without giving up too much speed.
    Os,
    /// For size above all.
    #[default]
    Oz,
}

impl OptLevel {
    /// The word of `-opt`: 0 and none, 1, 2, s, z.
    pub fn parse(word: &str) -> Option<OptLevel> {
        Some(match word {
            "none" | "0" => OptLevel::None,
            "1" => OptLevel::O1,
            "2" => OptLevel::O2,
            "s" => OptLevel::Os,
            "z" => OptLevel::Oz,
            _ => return None,
        })
    }
}

/// The flags as the user gave them; `None` is the target's default.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub target: Option<String>,
    pub opt: OptLevel,
    pub gc: Option<Gc>,
    pub scheduler: Option<Scheduler>,
    pub serial: Option<Serial>,
    pub panic: Option<PanicMode>,
    /// Bytes of a goroutine's stack.
    pub stack_size: Option<u64>,
    pub tags: Vec<String>,
    /// `-ldflags="-X pkg.Var=value"`: variable and value.
    pub set_strings: Vec<(String, String)>,
    pub no_debug: bool,
    pub no_bounds: bool,
    /// Passed on to go list.
    pub mod_flags: Vec<String>,
    /// `-overlay`: a file that says which files stand for which.
    pub overlay: Option<PathBuf>,
    /// For an emulator: the program's end ends the emulation.
    pub emulated: bool,
    /// Print the IR after this pass, or after every pass (`all`).
    pub dump_ir: Option<String>,
    /// Take no object files of earlier builds, and keep none (`-a`).
    pub rebuild: bool,
    /// Keep the working folder.
    pub work: bool,
    /// Told what is done (`-x`).
    pub trace: Option<fn(&str)>,
}

/// Everything resolved.
pub struct Config {
    pub root: Root,
    pub toolchain: Toolchain,
    pub target: Target,
    pub gc: Gc,
    pub scheduler: Scheduler,
    pub serial: Serial,
    pub panic: PanicMode,
    pub stack_size: u64,
    /// The same of the first goroutines that exist in a program of tests: the tests. 0 if there is no difference.
    pub test_stack_size: u64,
    /// All build tags, in TinyGo's order.
    pub tags: Vec<String>,
    pub options: Options,
    pub cache: Cache,
    /// The working directory: packages are relative to it.
    pub dir: PathBuf,
}

impl Config {
    /// Resolves the flags: finds the board, the Go installation and the cache.
    pub fn resolve(options: Options, dir: &Path) -> Result<Config, Error> {
        let tinygoroot = std::env::var_os("TINYGOROOT").map(PathBuf::from);
        let root = Root::open(tinygoroot.as_deref()).map_err(Error::Root)?;
        // The board first: a wrong name should not wait for Go, or need it.
        let named = match &options.target {
            Some(name) => Some(board::resolve(name, &root)?),
            None => None,
        };
        let toolchain = Toolchain::find()?;
        let target = match named {
            Some(target) => target,
            None => host(&toolchain, &root)?,
        };
        let gc = options.gc.unwrap_or(target.gc);
        let scheduler = options.scheduler.unwrap_or(target.scheduler);
        let serial = options.serial.unwrap_or(target.serial);
        let mut extra = options.tags.clone();
        if options.emulated {
            extra.push("emulator".to_owned());
        }
        let tags = target.tags(gc, scheduler, serial, toolchain.minor, &extra);
        Ok(Config {
            panic: options.panic.unwrap_or(target.panic),
            stack_size: options.stack_size.unwrap_or(target.goroutine_stack),
            test_stack_size: 0,
            gc,
            scheduler,
            serial,
            tags,
            cache: Cache::open()?,
            root,
            toolchain,
            target,
            options,
            dir: dir.to_owned(),
        })
    }

    pub fn is_wasm(&self) -> bool {
        self.target.kind == Kind::Wasm
    }
}

/// The target without `-target`: GOOS and GOARCH, where GOARCH=wasm means the WebAssembly target of that system.
fn host(toolchain: &Toolchain, root: &Root) -> Result<Target, Error> {
    if toolchain.goarch == "wasm" {
        let name = if toolchain.goos == "js" { "wasm" } else { toolchain.goos.as_str() };
        return Ok(board::resolve(name, root)?);
    }
    let target = board::host::target(&toolchain.goos, &toolchain.goarch)?;
    let floats = toolchain.go386.as_str();
    if target.goarch == "386" && !matches!(floats, "" | "sse2") {
        return Err(Error::Other(format!(
            "GO386={floats} is not supported: programs for linux/386 need a processor with SSE2; unset GO386"
        )));
    }
    Ok(target)
}
