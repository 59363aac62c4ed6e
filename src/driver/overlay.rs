//! Our packages for a target: those of runtime/std/overlay.yaml, and what is generated for the board.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use board::Root;
use load::{Overlay, OverlayPackage};
use serde::Deserialize;

use crate::cache::{Cache, KeyBuilder};
use crate::config::{Config, OptLevel};
use crate::error::Error;
use crate::registers;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    from: Option<String>,
    #[serde(default)]
    replace: bool,
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    hide: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    init: Init,
    /// By build tag, by what is missing: functions.
    #[serde(default)]
    missing: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    #[serde(default)]
    only: Only,
    #[serde(rename = "reason")]
    _reason: String,
}

/// When a package's `init` functions and initialisers with effects run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Init {
    #[default]
    Always,
    /// Only if the program uses something else of the package.
    WhenUsed,
}

/// For which targets a package of ours is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Only {
    #[default]
    All,
    Baremetal,
    /// Chips and WebAssembly, where initialisers are evaluated at compile time: those that make tables smaller would take
    /// memory else.
    Small,
    /// Chips, at the levels that are for size.
    Smallest,
}

const LIST: &str = "runtime/std/overlay.yaml";

fn entries(config: &Config) -> Result<BTreeMap<String, Entry>, Error> {
    let text = config.root.text(LIST).map_err(Error::Root)?;
    yaml_serde::from_str(&text).map_err(|error| Error::Other(format!("{LIST}: {error}")))
}

/// The packages that are initialised only if they are used.
pub fn init_when_used(config: &Config) -> Result<BTreeSet<String>, Error> {
    let entries = entries(config)?;
    Ok(entries.into_iter().filter(|(_, entry)| entry.init == Init::WhenUsed).map(|(path, _)| path).collect())
}

/// The functions that need what the target does not have, and what that is.
pub fn missing(config: &Config) -> Result<BTreeMap<String, String>, Error> {
    let mut functions = BTreeMap::new();
    for (path, entry) in entries(config)? {
        for (_, missing) in entry.missing.iter().filter(|(tag, _)| config.tags.contains(tag)) {
            for (what, names) in missing {
                let what = format!("{what}, which target {} does not have", config.target.name);
                functions.extend(names.iter().map(|name| (format!("{path}.{name}"), what.clone())));
            }
        }
    }
    Ok(functions)
}

/// The overlay of a build.
pub fn overlay(config: &Config) -> Result<Overlay, Error> {
    let mut overlay = Overlay::default();
    if let Some(path) = &config.options.overlay {
        overlay.replace = load::read_replacements(path, &config.dir)?;
    }
    let optimised = config.options.opt != OptLevel::None;
    for (path, entry) in entries(config)? {
        let applies = match entry.only {
            Only::All => true,
            Only::Baremetal => config.target.is_baremetal(),
            Only::Small => optimised && (config.target.is_baremetal() || config.is_wasm()),
            Only::Smallest => {
                config.target.is_baremetal() && matches!(config.options.opt, OptLevel::Os | OptLevel::Oz)
            }
        };
        if !applies {
            continue;
        }
        let mut package = OverlayPackage {
            replace: entry.replace,
            files: BTreeMap::new(),
            keep: entry.keep,
            hide: entry.hide,
            without: entry.without,
        };
        if let Some(from) = &entry.from {
            for name in config.root.list(from) {
                if name.ends_with(".go") {
                    let file = on_disk(&config.root, &config.cache, &format!("{from}/{name}"))?;
                    package.files.insert(name, file);
                }
            }
        }
        overlay.packages.insert(path, package);
    }
    examples(config, &mut overlay)?;
    board_file(config, &mut overlay)?;
    registers::announce(config, &mut overlay)?;
    Ok(overlay)
}

/// The examples, which can be named from anywhere: `tinygo flash -target=arduino examples/blinky`.
fn examples(config: &Config, overlay: &mut Overlay) -> Result<(), Error> {
    for name in config.root.walk("examples") {
        let Some((folder, file)) = name.rsplit_once('/') else { continue };
        if file.ends_with(".go") {
            let on_disk = on_disk(&config.root, &config.cache, &name)?;
            let package = overlay.packages.entry(folder.to_owned()).or_default();
            package.files.insert(file.to_owned(), on_disk);
        }
    }
    Ok(())
}

/// The file of package machine that the board's YAML makes: its pins.
fn board_file(config: &Config, overlay: &mut Overlay) -> Result<(), Error> {
    if !config.target.is_baremetal() {
        return Ok(());
    }
    let text = board::machine_go(&config.target);
    let file = generated(&config.cache, "machine-board.go", text.as_bytes())?;
    overlay.packages.entry("machine".to_owned()).or_default().files.insert("board.go".to_owned(), file);
    Ok(())
}

/// Puts a generated file into the cache.
pub fn generated(cache: &Cache, name: &str, bytes: &[u8]) -> Result<PathBuf, Error> {
    let mut key = KeyBuilder::new("generated");
    key.add(name.as_bytes()).add(bytes);
    let path = cache.path("files", &key.finish()).join(name);
    if !path.exists() {
        cache.write(&path, bytes)?;
    }
    Ok(path)
}

/// Where a file of our tree is on disk: in the tree itself, or written to the cache from this binary.
fn on_disk(root: &Root, cache: &Cache, name: &str) -> Result<PathBuf, Error> {
    if let Some(dir) = root.dir() {
        return Ok(dir.join(name));
    }
    let bytes =
        root.read(name).ok_or_else(|| Error::Other(format!("{name}: missing in {}", root.describe())))?;
    generated(cache, name, &bytes)
}
