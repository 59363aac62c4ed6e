//! Scanner, AST and parser of Go.

pub mod ast;
pub mod build;
pub mod parser;
pub mod print;

pub use parser::{Mode, parse_file};
