//! The linker, sizes, and the image formats.
