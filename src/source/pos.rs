//! Positions: one `u32` names a byte of any file of the program.

use std::fmt;

/// A byte of the program's source: base of the file + byte offset in it; `Pos::NONE` (0) is "unknown".
///
/// Positions of one file are ordered as the text is; positions of different files are ordered as the files were
/// added to the [`FileSet`](crate::FileSet).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pos(pub u32);

impl Pos {
    pub const NONE: Pos = Pos(0);

    pub fn is_known(self) -> bool {
        self.0 != 0
    }

    /// The position `n` bytes further on; an unknown position stays unknown.
    #[must_use]
    pub fn offset(self, n: u32) -> Pos {
        if self.is_known() { Pos(self.0.saturating_add(n)) } else { self }
    }
}

impl fmt::Debug for Pos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}", self.0)
    }
}

/// A file of a [`FileSet`](crate::FileSet), by order of addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

impl FileId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}
