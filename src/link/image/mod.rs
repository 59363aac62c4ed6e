//! Image formats: what a linked file becomes before it goes to a board. Pure functions, bytes to bytes.
//!
//! [`segments`] takes from an ELF file what belongs into memory; [`bin`], [`hex`] and [`uf2`] write it; the readers
//! of [`hex`] and [`uf2`] accept only what is wholly right, because what they return is burnt into a chip.

pub mod bin;
pub mod hex;
pub mod rp2040;
mod segment;
pub mod uf2;
pub mod wasm;

pub use segment::{Segment, architecture, segments};

#[cfg(test)]
mod mutate;
