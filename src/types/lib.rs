//! The type checker: exact constants, method sets, initialisation order, bodies on demand.
