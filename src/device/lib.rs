//! SVD and ATDF files to Go register packages, vector tables and memory maps.
//!
//! [`load`] reads a chip's description, [`generate`] writes the Go package with the names that TinyGo programs use, and
//! [`vector_table`] lists the handlers in the order in which the CPU expects them. Everything is a pure function; the
//! driver caches the result under the file's hash, the wanted names and [`VERSION`].

mod atdf;
mod error;
mod fix;
mod go;
mod layout;
mod load;
mod model;
mod names;
mod svd;
mod vectors;

#[cfg(test)]
mod mutate;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use go::{GoFile, generate};
pub use load::load;
pub use model::{
    Block, Device, Field, Instance, Interrupt, Kind, Member, Register, Segment, Value, Variable,
};
pub use vectors::{Arch, handlers, vector_table};

/// Part of the cache key: raise it when the generated text changes.
pub const VERSION: u32 = 1;
