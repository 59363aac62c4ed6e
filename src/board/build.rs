//! Writes the table of files that a released binary embeds: boards/, svd/, runtime/, machine/ and examples/.
//!
//! Debug builds embed nothing and read the source tree instead, so that editing a Go file of the runtime does not
//! recompile everything that depends on this crate.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const FOLDERS: [&str; 5] = ["boards", "examples", "machine", "runtime", "svd"];

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let tree = manifest.join("../..").canonicalize()?;
    println!("cargo:rerun-if-changed=build.rs");

    let mut code = String::new();
    if env::var("PROFILE").is_ok_and(|p| p == "release") {
        let mut files = Vec::new();
        for folder in FOLDERS {
            println!("cargo:rerun-if-changed={}", tree.join(folder).display());
            collect(&tree, Path::new(folder), &mut files)?;
        }
        files.sort();
        code.push_str("const SOURCE_TREE: Option<&str> = None;\nstatic FILES: &[(&str, &[u8])] = &[\n");
        for name in files {
            let path = tree.join(&name);
            let _ = writeln!(code, "    ({name:?}, include_bytes!({path:?})),");
        }
        code.push_str("];\n");
    } else {
        let _ = writeln!(code, "const SOURCE_TREE: Option<&str> = Some({:?});", tree.display().to_string());
        code.push_str("static FILES: &[(&str, &[u8])] = &[];\n");
    }
    fs::write(out.join("files.rs"), code)
}

/// Adds the names (relative, with forward slashes) of all files below `folder`.
fn collect(tree: &Path, folder: &Path, files: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(tree.join(folder)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(tree, &path, files)?;
        } else if let Some(name) = path.to_str() {
            files.push(name.replace('\\', "/"));
        }
    }
    Ok(())
}
