//! Every output that a suffix of `-o` asks for, known by its first bytes; and the list of boards.

use std::collections::BTreeMap;
use std::path::Path;

use libtest_mimic::{Failed, Trial};

use super::run;

/// Target, name of the output, how it starts.
const OUTPUTS: &[(&str, &str, &[u8])] = &[
    ("arduino", "a.elf", b"\x7fELF\x01\x01\x01"),
    ("arduino", "a.hex", b":10"),
    ("arduino", "a.o", b"\x7fELF\x01\x01\x01"),
    ("arduino", "a.ll", b"; ModuleID"),
    // A relative or long jump to start-up code.
    ("arduino", "a.bin", b""),
    ("pico", "a.uf2", b"UF2\n\x57\x51\x5d\x9e"),
    ("pico", "a.elf", b"\x7fELF\x01\x01\x01"),
    ("microbit", "a.hex", b":"),
    // The vector table begins with the initial stack pointer, which is in RAM.
    ("microbit", "a.bin", b""),
    ("wasip1", "a.wasm", b"\0asm\x01\0\0\0"),
    ("", "a", b"\x7fELF\x02\x01\x01"),
    ("", "a.elf", b"\x7fELF\x02\x01\x01"),
    ("", "a.o", b"\x7fELF\x02\x01\x01"),
];

const PROGRAM: &str = "package main\n\nfunc main() { println(\"hello\") }\n";

pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = OUTPUTS
        .iter()
        .map(|&(target, name, start)| {
            let title = if target.is_empty() { "host" } else { target };
            Trial::test(format!("cli::formats::{title}::{name}"), move || {
                output(target, name, start).map_err(Failed::from)
            })
        })
        .collect();
    trials.push(Trial::test("cli::formats::default_names", || default_names().map_err(Failed::from)));
    trials.push(Trial::test("cli::formats::work_is_kept", || work_is_kept().map_err(Failed::from)));
    trials.push(Trial::test("cli::formats::info_json", || info_json().map_err(Failed::from)));
    trials
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().filter(|word| !word.is_empty()).map(|word| (*word).to_owned()).collect()
}

/// Builds the program in a new folder and gives the folder.
fn build(arguments: &[&str]) -> Result<(tempfile::TempDir, super::Ended), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    std::fs::write(folder.path().join("hello.go"), PROGRAM).map_err(|e| e.to_string())?;
    let arguments = [&["build"], arguments, &["hello.go"]].concat();
    let ended = run(folder.path(), &BTreeMap::new(), &strings(&arguments))?;
    if ended.status != 0 || !ended.stdout.is_empty() {
        return Err(format!("status {}: {}{}", ended.status, ended.stdout, ended.stderr));
    }
    Ok((folder, ended))
}

fn output(target: &str, name: &str, start: &[u8]) -> Result<(), String> {
    let target = if target.is_empty() { String::new() } else { format!("-target={target}") };
    let (folder, ended) = build(&[&target, "-o", name])?;
    if !ended.stderr.is_empty() {
        return Err(format!("standard error has {}", ended.stderr));
    }
    let bytes = std::fs::read(folder.path().join(name)).map_err(|e| format!("{name}: {e}"))?;
    if bytes.is_empty() || !bytes.starts_with(start) {
        let shown = &bytes[..bytes.len().min(16)];
        return Err(format!("{name} starts with {shown:?}, not {start:?}"));
    }
    Ok(())
}

/// Without `-o`, the file of the program gives the name and the target the suffix.
fn default_names() -> Result<(), String> {
    for (target, name) in [("", "hello"), ("wasip1", "hello.wasm"), ("arduino", "hello.elf")] {
        let flag = if target.is_empty() { String::new() } else { format!("-target={target}") };
        let (folder, _) = build(&[&flag])?;
        if !folder.path().join(name).exists() {
            let there: Vec<_> = std::fs::read_dir(folder.path())
                .into_iter()
                .flatten()
                .flatten()
                .map(|e| e.file_name())
                .collect();
            return Err(format!("{name} is missing: {there:?}"));
        }
    }
    Ok(())
}

/// `-work` names a folder that is still there.
fn work_is_kept() -> Result<(), String> {
    let (_folder, ended) = build(&["-target=cortex-m-qemu", "-work", "-o", "a.elf"])?;
    let work =
        ended.stderr.lines().find_map(|line| line.strip_prefix("WORK=")).ok_or(ended.stderr.clone())?;
    if !Path::new(work).is_dir() {
        return Err(format!("{work} is gone"));
    }
    std::fs::remove_dir_all(work).map_err(|e| e.to_string())
}

/// The keys that editors read from `info -json`, in text that is JSON.
fn info_json() -> Result<(), String> {
    let ended = run(Path::new("."), &BTreeMap::new(), &strings(&["info", "-json", "-target=arduino"]))?;
    let value: serde_json::Value = serde_json::from_str(&ended.stdout).map_err(|e| e.to_string())?;
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    for (key, expected) in [
        ("goos", "linux"),
        ("goarch", "arm"),
        ("garbage_collector", "conservative"),
        ("scheduler", "tasks"),
        ("llvm_triple", "avr"),
    ] {
        // The board's defaults may change; the keys must not.
        if text(key).is_none_or(|found| key.starts_with("go") && found != expected) {
            return Err(format!("{key} is {:?}, not {expected:?}", value[key]));
        }
    }
    let tags = value["build_tags"].as_array().ok_or("no build_tags")?;
    let has = |tag: &str| tags.iter().any(|found| found == tag);
    if !["tinygo", "baremetal", "avr", "atmega328p", "arduino"].iter().all(|tag| has(tag)) {
        return Err(format!("build_tags are {tags:?}"));
    }
    if value["goroot"].as_str().is_none_or(|root| !Path::new(root).join("src").is_dir()) {
        return Err(format!("goroot is {:?}", value["goroot"]));
    }
    Ok(())
}
