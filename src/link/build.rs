//! Builds the C++ shim over lld's library and says what to link with.

use std::env;
use std::path::Path;
use std::process::Command;

/// The LLVM release that inkwell is built for in this workspace; lld must be of the same one.
const MAJOR: &str = "22";

fn main() {
    println!("cargo::rerun-if-changed=lld.cpp");
    println!("cargo::rerun-if-env-changed=LLVM_SYS_221_PREFIX");

    let config = llvm_config();
    let include = ask(&config, "--includedir");
    let libraries = ask(&config, "--libdir");
    if !Path::new(&libraries).join("liblldELF.a").exists() {
        panic!(
            "{libraries} has no liblldELF.a: install lld's library (Debian: apt-get install liblld-{MAJOR}-dev)"
        );
    }

    cc::Build::new()
        .cpp(true)
        .std("c++17")
        .file("lld.cpp")
        .flag("-isystem")
        .flag(&include)
        .flag("-fno-rtti")
        .flag("-fno-exceptions")
        .compile("lld_shim");

    println!("cargo::rustc-link-search=native={libraries}");
    for library in ["lldELF", "lldWasm", "lldCommon"] {
        println!("cargo::rustc-link-lib=static={library}");
    }
    for library in [&format!("LLVM-{MAJOR}"), "z", "zstd"] {
        println!("cargo::rustc-link-lib=dylib={library}");
    }
}

/// The `llvm-config` of our LLVM: where llvm-sys was told to look, else under its versioned name, else on the PATH.
fn llvm_config() -> String {
    let prefix = env::var("LLVM_SYS_221_PREFIX").map(|prefix| format!("{prefix}/bin/llvm-config"));
    let names = prefix.into_iter().chain([format!("llvm-config-{MAJOR}"), "llvm-config".to_string()]);
    for name in names {
        if version(&name).is_some_and(|version| version.split('.').next() == Some(MAJOR)) {
            return name;
        }
    }
    panic!(
        "no llvm-config of LLVM {MAJOR} found: install it (Debian: apt-get install llvm-{MAJOR}-dev liblld-{MAJOR}-dev)"
    )
}

fn version(config: &str) -> Option<String> {
    let output = Command::new(config).arg("--version").output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

fn ask(config: &str, what: &str) -> String {
    let output = Command::new(config).arg(what).output();
    match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).trim().to_string(),
        _ => panic!("{config} {what} failed"),
    }
}
