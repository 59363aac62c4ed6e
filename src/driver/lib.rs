//! From Config to image: build, cache, test main, emulators.
//!
//! [`build::build`] is the whole line from source to linked program, and the only place that knows its order.

pub mod build;
mod builtins;
pub mod cache;
pub mod check;
mod check_graph;
pub mod config;
pub mod directives;
pub mod emulate;
pub mod error;
mod listings;
pub mod output;
pub mod overlay;
mod registers;
pub mod test;
mod test_imports;
mod units;
pub mod vectors;

pub use build::{Built, build};
pub use cache::Cache;
pub use check_graph::check_graph;
pub use config::{Config, Options};
pub use error::Error;
