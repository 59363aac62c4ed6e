//! Boards in YAML: schema, inheritance, pins, resolved into a [`Target`].
//!
//! `resolve("arduino", &root)` reads `boards/arduino.yaml` and what it inherits and gives the whole target; hosts come
//! from [`host::target`]. `machine_go` and `linker_script` make the texts that depend on the board alone.

pub mod error;
pub mod go;
pub mod host;
mod json;
mod locate;
mod pins;
mod resolve;
pub mod root;
mod script;
mod spec;
mod suggest;
pub mod target;
pub mod value;

#[cfg(test)]
mod mutate;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use go::machine_go;
pub use resolve::{names, resolve};
pub use root::Root;
pub use script::linker_script;
pub use suggest::nearest;
pub use target::{
    Device, Emulator, Flash, Flavour, Format, Gc, Interrupt, Kind, Linker, Llvm, PanicMode, Pin, Region,
    Scheduler, Serial, Source, Stk500, Target, UsbStrings,
};
pub use value::UsbId;
