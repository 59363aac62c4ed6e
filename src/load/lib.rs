//! Import path to files: build constraints, modules through go list, the overlay, embed.
