//! Import path to files: build constraints, modules through go list, the overlay, embed.
//!
//! The installed Go decides what a package consists of (`go list`), with our own packages laid over its library by an
//! overlay file, so that modules, vendoring, workspaces and build constraints are exactly Go's. The files are then read
//! and parsed in parallel.

pub mod error;
pub mod golist;
pub mod graph;
pub mod listing;
pub mod overlay;
pub mod test_main;
pub mod toolchain;

pub use error::Error;
pub use golist::Tested;
pub use graph::{Generated, Graph, Package, Request, Tests, load, tested};
pub use listing::Store;
pub use overlay::{Overlay, OverlayPackage, read_replacements};
pub use toolchain::Toolchain;
