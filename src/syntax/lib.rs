//! Scanner, AST and parser of Go.
