//! The functions that LLVM calls on its own (division, floats, memory): package runtime/builtins, compiled once for each
//! machine and kept in the cache.

use std::path::Path;
use std::sync::Arc;

use source::FileSet;

use crate::build;
use crate::cache::KeyBuilder;
use crate::config::Config;
use crate::error::Error;
use crate::overlay;

const PACKAGE: &str = "runtime/builtins";

/// The object files with the builtins of the target: compiled Go, then assembly.
///
/// Each function has a section of its own, so the linker takes only what the program calls.
pub fn objects(config: &Config) -> Result<Vec<link::Object>, Error> {
    let mut objects = Vec::new();
    let machine = build::machine(&config.target);
    let mut key = KeyBuilder::new("builtins");
    let compiler = KeyBuilder::compiler();
    key.add(compiler.as_ref().map_or(&[], |compiler| &compiler[..]));
    key.add(format!("{machine:?} {:?} {}", config.target.build_tags, config.toolchain.version).as_bytes());
    for name in config.root.list(PACKAGE) {
        let bytes = config.root.read(&format!("{PACKAGE}/{name}")).unwrap_or_default();
        key.add(name.as_bytes()).add(&bytes);
    }
    let key = key.finish();
    // Where this compiler cannot be told from others, nothing is kept.
    let kept = if compiler.is_some() { config.cache.get("builtins", &key) } else { None };
    let bytes = match kept {
        Some(bytes) => bytes,
        None => {
            let bytes = compile(config)?;
            if compiler.is_some() {
                config.cache.put("builtins", &key, &bytes)?;
            }
            bytes
        }
    };
    objects.push(link::Object { name: PACKAGE.to_owned(), bytes });
    for name in assembly(config) {
        let text = config.root.text(&format!("{PACKAGE}/{name}")).map_err(Error::Root)?;
        let bytes = codegen::assemble(&text, &machine).map_err(|error| Error::Internal(error.to_string()))?;
        objects.push(link::Object { name: format!("{PACKAGE}/{name}"), bytes });
    }
    Ok(objects)
}

/// The assembly files of the target's architecture.
fn assembly(config: &Config) -> Vec<&'static str> {
    let has = |tag: &str| config.target.build_tags.iter().any(|t| t == tag);
    let is_host = config.target.kind == board::Kind::Host;
    if has("cortexm") || is_host && config.target.goarch == "arm" {
        vec!["div_arm.S"]
    } else if has("avr") {
        vec!["arith_avr.S"]
    } else if config.target.goarch == "amd64" {
        vec!["memory_amd64.S"]
    } else if config.target.goarch == "386" {
        vec!["memory_386.S"]
    } else if has("tinygo.riscv32") {
        vec!["save_riscv32.S"]
    } else {
        Vec::new()
    }
}

fn compile(config: &Config) -> Result<Vec<u8>, Error> {
    let work = tempfile::tempdir().map_err(|error| Error::io(Path::new("temporary folder"), error))?;
    let mut overlay = overlay::overlay(config)?;
    let softfloat = config.toolchain.goroot.join("src/runtime/softfloat64.go");
    let package = overlay.packages.entry(PACKAGE.to_owned()).or_default();
    package.files.insert("softfloat64.go".to_owned(), softfloat);

    let files = Arc::new(FileSet::default());
    let request = load::Request {
        tests: load::Tests::None,
        kept_tests: None,
        toolchain: &config.toolchain,
        dir: &config.dir,
        goos: &config.target.goos,
        goarch: &config.target.goarch,
        tags: &config.tags,
        overlay: &overlay,
        work: work.path(),
        flags: &[],
        patterns: &[PACKAGE.to_owned()],
        implied: &["runtime".to_owned()],
        generated: None,
        trace: config.options.trace,
        listings: None,
    };
    let graph = load::load(&request, &files)?;
    let (mut checker, main) = build::check(config, &graph, &files)?;
    let options = irgen::Config { no_bounds: true, library: true, ..build::irgen_config(config)? };
    let mut program = build::generate(&mut checker, main, &graph, &files, &options)?;
    let options =
        opt::Options { panic: opt::Panic::Trap, opt: opt::OptLevel::Z, ..build::opt_options(config) };
    opt::run(&mut program, &options).map_err(|error| Error::Internal(error.to_string()))?;
    let options = codegen::Options {
        opt: codegen::Opt::MinSize,
        debug: false,
        library: true,
        ..build::machine_options(config)
    };
    codegen::emit(&program, &options).map_err(|error| Error::Internal(error.to_string()))
}
