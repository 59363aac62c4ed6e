//! Writes the Go package of a device file into a folder: `cargo run -p device --example generate -- FILE PACKAGE FOLDER`.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [file, package, folder] = args.as_slice() else {
        return Err("usage: generate FILE PACKAGE FOLDER".into());
    };
    let device = device::load(file, &fs::read(file)?)?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    for go in device::generate(&device, package, None) {
        fs::write(folder.join(go.name), go.text)?;
    }
    Ok(())
}
