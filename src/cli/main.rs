//! The `tinygo` command.

fn main() {}
