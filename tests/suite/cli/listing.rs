//! What go list said is kept: a build after an edit asks again only if the edit changes what it would say.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use libtest_mimic::{Failed, Trial};

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("cli::listing", || listing().map_err(Failed::from))]
}

/// A file that is written, what the program prints then, and whether go list is asked.
const STEPS: &[(&str, &str, &str, bool)] = &[
    ("main.go", "package main\n\nfunc main() { println(\"one\") }\n", "one\n", true),
    ("main.go", "package main\n\nfunc main() { println(\"one\") }\n", "one\n", false),
    ("main.go", "package main\n\nfunc main() { println(\"two\"); more() }\nfunc more() {}\n", "two\n", false),
    ("more.go", "package main\n\nfunc init() { println(\"more\") }\n", "more\ntwo\n", true),
    ("more.go", "//go:build never\n\npackage main\n\nfunc init() { println(\"more\") }\n", "two\n", true),
    (
        "main.go",
        "package main\n\nimport \"strings\"\n\nfunc main() { println(strings.ToUpper(\"three\")) }\n",
        "THREE\n",
        true,
    ),
    ("go.mod", "module example\n\ngo 1.24\n", "THREE\n", true),
    ("notes.txt", "nothing", "THREE\n", false),
];

fn listing() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let folder = folder.path();
    super::write(&folder.join("go.mod"), "module example\n")?;
    // A go command that says how it was called.
    let real = String::from_utf8(Command::new("which").arg("go").output().map_err(|e| e.to_string())?.stdout);
    let real = real.map_err(|e| e.to_string())?;
    let shim = folder.join("bin/go");
    let log = folder.join("log");
    super::write(
        &shim,
        &format!("#!/bin/sh\necho \"$1\" >>{}\nexec {} \"$@\"\n", log.display(), real.trim()),
    )?;
    std::fs::set_permissions(&shim, PermissionsExt::from_mode(0o755)).map_err(|e| e.to_string())?;
    let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").unwrap_or_default());
    let cache = folder.join("cache").display().to_string();
    let environment = BTreeMap::from([("XDG_CACHE_HOME".to_owned(), cache), ("PATH".to_owned(), path)]);
    let arguments: Vec<String> = ["build", "-o", "program", "."].map(str::to_owned).to_vec();
    for (number, &(file, text, printed, asked)) in STEPS.iter().enumerate() {
        super::write(&folder.join(file), text)?;
        super::write(&log, "")?;
        let ended = super::run(folder, &environment, &arguments)?;
        if ended.status != 0 {
            return Err(format!("step {number}: status {}, printed\n{}", ended.status, ended.stderr));
        }
        let program = Command::new(folder.join("program")).output().map_err(|e| e.to_string())?;
        let output = String::from_utf8_lossy(&program.stderr).into_owned();
        let log = std::fs::read_to_string(&log).map_err(|e| e.to_string())?;
        let found = log.lines().any(|word| word == "list");
        if output != printed || found != asked {
            return Err(format!("step {number}: printed {output:?}, go list was asked: {found}"));
        }
    }
    Ok(())
}
