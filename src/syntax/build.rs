//! Build constraints: the expression of a `//go:build` line and the tags in file names.

/// The expression of a `//go:build` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constraint {
    Tag(Box<str>),
    Not(Box<Constraint>),
    And(Box<Constraint>, Box<Constraint>),
    Or(Box<Constraint>, Box<Constraint>),
}
