//! Whole-program passes, initialiser evaluation, and lowering.
