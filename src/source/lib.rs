//! Positions, file set, interned names, diagnostics, and the one renderer.

pub mod diagnostic;
pub mod file_set;
pub mod name;
pub mod pos;
pub mod pretty;
pub mod render;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use file_set::{FileSet, LineDirective, Position, SourceFile};
pub use name::Name;
pub use pos::{FileId, Pos};
