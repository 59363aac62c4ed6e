//! `tinygo targets`, `info`, `env`, `version`, `clean`: what the command knows.

use anyhow::{Context, Result, bail};
use board::{Kind, Root};
use driver::{Cache, Config};
use load::Toolchain;

use crate::args::Parsed;
use crate::options;

pub fn targets() -> Result<u8> {
    let root = Root::open(std::env::var_os("TINYGOROOT").map(std::path::PathBuf::from).as_deref())?;
    for name in board::names(&root) {
        println!("{name}");
    }
    Ok(0)
}

pub fn info(parsed: &Parsed) -> Result<u8> {
    let mut options = options::options(parsed)?;
    if let [target] = parsed.positional().as_slice() {
        options.target = Some(target.clone());
    }
    let config = options::config(options)?;
    // The tags that say how new Go is interest nobody.
    let tags: Vec<&String> = config.tags.iter().filter(|tag| !tag.starts_with("go1.")).collect();
    let target = &config.target;
    if let Some(device) = &target.device {
        device
            .source
            .read(&config.root)
            .with_context(|| format!("the description of chip {}", device.chip))?;
    }
    if parsed.flag("json") {
        println!("{}", serde_json::to_string_pretty(&json(&config, &tags))?);
        return Ok(0);
    }
    println!("LLVM triple:       {}", target.llvm.triple);
    println!("GOOS:              {}", target.goos);
    println!("GOARCH:            {}", target.goarch);
    println!("build tags:        {}", tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>().join(" "));
    println!("garbage collector: {}", config.gc);
    println!("scheduler:         {}", config.scheduler);
    println!("cached GOROOT:     {}", config.toolchain.goroot.display());
    if target.kind == Kind::Board {
        println!("board:             {}", target.description);
        println!("flash method:      {}", target.flash.method());
        for region in &target.memory {
            println!(
                "{:<18} {:#x}..{:#x} ({} bytes)",
                format!("{}:", region.name),
                region.origin,
                region.origin + region.length,
                region.length
            );
        }
    }
    Ok(0)
}

/// The keys that editor plugins read from the original's `info -json`.
fn json(config: &Config, tags: &[&String]) -> serde_json::Value {
    let target = &config.target;
    serde_json::json!({
        "target": {
            "llvm-target": target.llvm.triple,
            "cpu": target.llvm.cpu,
            "features": target.llvm.features,
            "goos": target.goos,
            "goarch": target.goarch,
            "build-tags": target.build_tags,
            "gc": target.gc.to_string(),
            "scheduler": target.scheduler.to_string(),
            "serial": target.serial.to_string(),
            "default-stack-size": target.goroutine_stack,
            "flash-method": target.flash.method(),
        },
        "goroot": config.toolchain.goroot,
        "goos": target.goos,
        "goarch": target.goarch,
        "goarm": "",
        "build_tags": tags,
        "garbage_collector": config.gc.to_string(),
        "scheduler": config.scheduler.to_string(),
        "llvm_triple": target.llvm.triple,
    })
}

pub fn env(parsed: &Parsed) -> Result<u8> {
    let go = Toolchain::find()?;
    let tinygoroot = std::env::var("TINYGOROOT").unwrap_or_default();
    let values = [
        ("GOOS", go.goos),
        ("GOARCH", go.goarch),
        ("GOROOT", go.goroot.display().to_string()),
        ("GOPATH", go.gopath.display().to_string()),
        ("GOCACHE", Cache::open()?.dir().display().to_string()),
        ("CGO_ENABLED", "0".to_owned()),
        ("TINYGOROOT", tinygoroot),
    ];
    let names = parsed.positional();
    for name in &names {
        match values.iter().find(|(known, _)| known == name) {
            Some((_, value)) => println!("{value}"),
            None => bail!(
                "unknown variable {name}: tinygo env prints {}",
                values.map(|(name, _)| name).join(", ")
            ),
        }
    }
    if names.is_empty() {
        for (name, value) in &values {
            println!("{name}={value:?}");
        }
    }
    Ok(0)
}

pub fn version() -> Result<u8> {
    let go = Toolchain::find().map_or_else(
        |error| match error {
            load::Error::Version(version) => {
                format!("unsupported go version {version}")
            }
            _ => "no go found".to_owned(),
        },
        |go| format!("using go version {}", go.version),
    );
    println!(
        "tinygo version {} {}/{} ({go} and LLVM version 22.1)",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        }
    );
    Ok(0)
}

pub fn clean() -> Result<u8> {
    Cache::open()?.clean()?;
    Ok(0)
}
