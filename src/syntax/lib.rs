//! Scanner, AST and parser of Go.
//!
//! [`parse_file`] turns a [`SourceFile`](source::SourceFile) into an [`ast::File`]: [`scanner`] makes tokens of bytes,
//! [`parser`] makes trees of tokens, `branches` checks labels, all with the messages and positions of Go's compiler.
//!
//! Invariants:
//! - Trees are complete after any input: where something is missing stands `ExprKind::Bad` or an empty list, and an error
//!   has been reported. What the grammar allows but the language does not is the checker's.
//! - Nothing here looks a name up, knows a type, or evaluates a literal.
//! - No input overflows the stack: nesting is limited to 1,000 levels, chains such as `a + b + c` to 10,000 links.
//! - Ids, and everything else that could reach output, depend on the file alone, not on threads.

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
