//! IR to object files; the only crate that links LLVM.
