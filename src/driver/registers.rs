//! The register package of the board's chip (`device/avr`, `device/nrf` …): generated from its description, as much of it
//! as the program uses.

use std::collections::BTreeSet;

use board::{Device, Root};
use load::Overlay;

use crate::cache::{Cache, KeyBuilder};
use crate::config::Config;
use crate::error::Error;
use crate::overlay;

/// Makes the package's place known: a file that has the imports of whatever will be generated.
pub fn announce(config: &Config, overlay: &mut Overlay) -> Result<(), Error> {
    let Some(device) = &config.target.device else { return Ok(()) };
    let name = package_name(device);
    let text = format!(
        "// Package {name} has the registers of the {}.\npackage {name}\n\nimport (\n\t_ \"runtime/volatile\"\n\t_ \"unsafe\"\n)\n",
        device.chip
    );
    let file = overlay::generated(&config.cache, "registers.go", text.as_bytes())?;
    let package = overlay.packages.entry(device.package.clone()).or_default();
    package.files.insert("registers.go".to_owned(), file);
    Ok(())
}

fn package_name(device: &Device) -> &str {
    device.package.rsplit('/').next().unwrap_or(&device.package)
}

/// What generating needs.
pub struct Registers<'a> {
    device: &'a Device,
    root: &'a Root,
    cache: &'a Cache,
}

impl<'a> Registers<'a> {
    /// Of the target's chip, if it has a description.
    pub fn of(config: &'a Config) -> Option<Registers<'a>> {
        let device = config.target.device.as_ref()?;
        Some(Registers { device, root: &config.root, cache: &config.cache })
    }

    /// The import path.
    pub fn package(&self) -> &str {
        &self.device.package
    }

    /// The files with the wanted names: file name and text.
    ///
    /// Reading a description takes up to 0.2 s, so the result is kept.
    pub fn generate(&self, wanted: &BTreeSet<String>) -> Result<Vec<(String, Vec<u8>)>, String> {
        let bytes = self.device.source.read(self.root).map_err(|error| error.to_string())?;
        let mut key = KeyBuilder::new("registers");
        key.add(&device::VERSION.to_le_bytes()).add(&bytes).add(self.package().as_bytes());
        for name in wanted {
            key.add(name.as_bytes());
        }
        let key = key.finish();
        if let Some(files) =
            self.cache.get("registers", &key).and_then(|bytes| serde_json::from_slice(&bytes).ok())
        {
            return Ok(texts(files));
        }
        let chip = device::load(&self.device.source.display(), &bytes).map_err(|error| error.to_string())?;
        let files: Vec<(String, String)> = device::generate(&chip, package_name(self.device), Some(wanted))
            .into_iter()
            .map(|file| (file.name, file.text))
            .collect();
        let text = serde_json::to_vec(&files).map_err(|error| error.to_string())?;
        self.cache.put("registers", &key, &text).map_err(|error| error.to_string())?;
        Ok(texts(files))
    }
}

fn texts(files: Vec<(String, String)>) -> Vec<(String, Vec<u8>)> {
    files.into_iter().map(|(name, text)| (name, text.into_bytes())).collect()
}
