//! Typed AST to IR: a worklist from the roots, monomorphisation, lifting to SSA.
