//! From objects to a linked file: lld in this process, sizes, and the image formats.
//!
//! [`link`] runs lld on a [`Job`] and says what went wrong as data ([`Error`]); [`sizes`] measures the linked file;
//! [`image`] turns its load segments into what a board takes. Nothing here knows a board or prints.

pub mod error;
pub mod image;
mod job;
mod lld;
mod section;
pub mod sizes;
pub mod trace;

pub use error::{Duplicate, Error, Overflow, Reference, Undefined};
pub use job::{Flavour, Job, Linked, Object, Strip, link, link_ignoring_overflow, link_with_section};
pub use sizes::Sizes;
