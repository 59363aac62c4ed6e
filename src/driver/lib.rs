//! From Config to image: build, cache, test main, emulators.
