//! TinyGo's target files, which are JSON: their fields in terms of ours.
//!
//! Such a file inherits from a board, chip or core of the tree, by TinyGo's name of it, and says what differs. What names
//! a tool that is not used here (OpenOCD, gdb, a C library) is read and left alone; what would change the program and has
//! no counterpart is an error, never silently dropped.

use serde::Deserialize;

use crate::root::Root;
use crate::spec::{CommandSpec, FlashSpec, LlvmSpec, MsdSpec, Spec, Uf2Spec};
use crate::target::{CodeModel, Format, Gc, Relocation, Scheduler, Serial};
use crate::value::{Size, UsbId};

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[derive(Default)]
struct Fields {
    inherits: Vec<String>,
    llvm_target: Option<String>,
    cpu: Option<String>,
    target_abi: Option<String>,
    features: Option<String>,
    code_model: Option<CodeModel>,
    relocation_model: Option<Relocation>,
    goos: Option<String>,
    goarch: Option<String>,
    build_tags: Vec<String>,
    gc: Option<Gc>,
    scheduler: Option<Scheduler>,
    serial: Option<Serial>,
    default_stack_size: Option<Size>,
    serial_port: Option<Vec<UsbId>>,
    #[serde(rename = "flash-1200-bps-reset")]
    touch_1200: Option<String>,
    flash_method: Option<String>,
    flash_command: Option<String>,
    msd_volume_name: Vec<String>,
    msd_firmware_name: Option<String>,
    uf2_family_id: Option<Size>,
    // Without a counterpart, but the program depends on them.
    linkerscript: Option<String>,
    extra_files: Vec<String>,
    cflags: Vec<String>,
    ldflags: Vec<String>,
    // About tools that are not used here.
    #[serde(rename = "linker")]
    _linker: Option<String>,
    #[serde(rename = "rtlib")]
    _rtlib: Option<String>,
    #[serde(rename = "libc")]
    _libc: Option<String>,
    #[serde(rename = "buildmode")]
    _buildmode: Option<String>,
    #[serde(rename = "automatic-stack-size")]
    _automatic_stack_size: Option<bool>,
    #[serde(rename = "emulator")]
    _emulator: Option<String>,
    #[serde(rename = "gdb")]
    _gdb: Vec<String>,
    #[serde(rename = "binary-format")]
    _binary_format: Option<String>,
    #[serde(rename = "openocd-interface")]
    _openocd_interface: Option<String>,
    #[serde(rename = "openocd-target")]
    _openocd_target: Option<String>,
    #[serde(rename = "openocd-transport")]
    _openocd_transport: Option<String>,
    #[serde(rename = "openocd-commands")]
    _openocd_commands: Vec<String>,
    #[serde(rename = "openocd-verify")]
    _openocd_verify: Option<bool>,
    #[serde(rename = "jlink-device")]
    _jlink_device: Option<String>,
}

/// Reads a file; the error says which field is wrong, where that is known.
pub fn read(text: &str) -> Result<Spec, yaml_serde::Error> {
    // JSON is YAML, and so its errors have lines.
    let fields: Fields = yaml_serde::from_str(text)?;
    let missing = |what: &str| {
        serde::de::Error::custom(format!(
            "{what} is not supported in a .json target: write a .yaml file (boards/README.md)"
        ))
    };
    for (name, there) in [
        ("linkerscript", fields.linkerscript.is_some()),
        ("extra-files", !fields.extra_files.is_empty()),
        ("cflags", !fields.cflags.is_empty()),
        ("ldflags", !fields.ldflags.is_empty()),
    ] {
        if there {
            return Err(missing(name));
        }
    }
    let flash = flash(&fields).map_err(missing)?;
    Ok(Spec {
        inherits: fields.inherits,
        llvm: LlvmSpec {
            triple: fields.llvm_target,
            cpu: fields.cpu,
            features: fields.features,
            abi: fields.target_abi,
            code_model: fields.code_model,
            relocation: fields.relocation_model,
        },
        goos: fields.goos,
        goarch: fields.goarch,
        build_tags: fields.build_tags,
        gc: fields.gc,
        scheduler: fields.scheduler,
        serial: fields.serial,
        goroutine_stack: fields.default_stack_size,
        usb_ids: fields.serial_port,
        touch_1200: fields.touch_1200.map(|word| word == "true"),
        flash,
        ..Spec::default()
    })
}

/// The flash method; the error is the field that has no counterpart.
fn flash(fields: &Fields) -> Result<Option<FlashSpec>, &'static str> {
    let command = || -> Option<FlashSpec> {
        let words = fields.flash_command.as_ref()?.split_whitespace().map(str::to_owned).collect();
        Some(FlashSpec::Command(CommandSpec { run: words }))
    };
    match fields.flash_method.as_deref() {
        Some("msd") => {
            let file =
                fields.msd_firmware_name.clone().ok_or("flash-method msd without msd-firmware-name")?;
            let volumes = fields.msd_volume_name.clone();
            match (file.rsplit('.').next(), fields.uf2_family_id) {
                (Some("uf2"), Some(family)) => Ok(Some(FlashSpec::Uf2(Uf2Spec { family, volumes }))),
                (Some("uf2"), None) => Err("a UF2 file without uf2-family-id"),
                (Some("hex"), _) => Ok(Some(FlashSpec::Msd(MsdSpec { volumes, file, format: Format::Hex }))),
                (Some("bin"), _) => Ok(Some(FlashSpec::Msd(MsdSpec { volumes, file, format: Format::Bin }))),
                _ => Err("msd-firmware-name with another suffix than .uf2, .hex, .bin"),
            }
        }
        Some("command") | None => Ok(command()),
        // What the board that it inherits from has: a probe, or its own boot loader.
        Some("openocd" | "bmp" | "native") => Ok(None),
        Some(_) => Err("this flash-method"),
    }
}

/// Where a parent is in our tree: a board, a chip or a core.
pub fn parent(name: &str, root: &Root) -> String {
    let places = ["boards", "boards/chips", "boards/arch"].map(|folder| format!("{folder}/{name}.yaml"));
    places.iter().find(|file| root.read(file).is_some()).unwrap_or(&places[0]).clone()
}
