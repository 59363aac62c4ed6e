//! Checks that must wait until the types they look at are complete.

#[derive(Debug)]
pub(crate) enum Delayed {}
