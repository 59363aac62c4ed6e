//! Positions, file set, diagnostics, and the one renderer.
