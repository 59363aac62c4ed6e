//! Scanner, AST and parser of Go.

pub mod ast;
mod branches;
pub mod build;
mod encoding;
pub mod parser;
pub mod print;
pub mod scanner;
pub mod token;
mod unicode;

pub use parser::{Mode, parse_file};
