//! A build after an edit: LLVM gets the pieces of the program that the edit has changed, the others are those of earlier
//! builds, and the program has the bytes of one that was made from nothing.

use std::collections::BTreeMap;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use regex::Regex;

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("cli::rebuild", || rebuild().map_err(Failed::from))]
}

const PROGRAM: &str = r#"package main

import "fmt"

func main() {
	fmt.Println("hello", 42)
}
"#;

/// An edit may change so many pieces: that of main, that of its constants, and beside each one that they are cut off.
const CHANGED: usize = 4;

fn rebuild() -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let folder = folder.path();
    super::write(&folder.join("go.mod"), "module example\n")?;
    super::write(&folder.join("main.go"), PROGRAM)?;
    let (made, all, first) = build(folder, &[])?;
    if made != all || all < 2 * CHANGED {
        return Err(format!("the first build made {made} of {all} pieces"));
    }
    let (made, _, again) = build(folder, &[])?;
    if made != 0 || again != first {
        return Err(format!("a build without an edit made {made} pieces; same bytes: {}", again == first));
    }
    let edited = PROGRAM.replace("main() {\n", "main() {\n\tfmt.Println(\"an edit\")\n");
    super::write(&folder.join("main.go"), &edited)?;
    let (made, all, after) = build(folder, &[])?;
    if made == 0 || made > CHANGED {
        return Err(format!("after an edit {made} of {all} pieces were made"));
    }
    let (made, all, anew) = build(folder, &["-a"])?;
    if made != all {
        return Err(format!("-a made {made} of {all} pieces"));
    }
    if after != anew {
        return Err("a build from pieces of earlier ones has other bytes than one from nothing".to_owned());
    }
    Ok(())
}

/// Builds with a cache of the case's own: how many pieces LLVM got, of how many, and the program.
fn build(folder: &Path, flags: &[&str]) -> Result<(usize, usize, Vec<u8>), String> {
    let cache = folder.join("cache").display().to_string();
    let environment = BTreeMap::from([("XDG_CACHE_HOME".to_owned(), cache)]);
    let arguments = [&["build", "-x", "-o", "program"], flags, &["."]].concat();
    let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
    let ended = super::run(folder, &environment, &arguments)?;
    let told = Regex::new(r"(?m)^llvm: (\d+) of (\d+) pieces").map_err(|e| e.to_string())?;
    let number = |group: &str| group.parse::<usize>().unwrap_or(usize::MAX);
    let Some(found) = told.captures(&ended.stderr).filter(|_| ended.status == 0) else {
        return Err(format!("status {}, printed\n{}", ended.status, ended.stderr));
    };
    let program = std::fs::read(folder.join("program")).map_err(|e| e.to_string())?;
    Ok((number(&found[1]), number(&found[2]), program))
}
