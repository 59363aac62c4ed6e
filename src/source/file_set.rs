//! The files of a program: bytes, bases, line tables, `//line` directives.

use crate::{FileId, Pos};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// All source files of a program. Files are added one after the other (which fixes their bases, so that positions
/// do not depend on threads) and may then be parsed in parallel.
#[derive(Default)]
pub struct FileSet {
    files: RwLock<Vec<Arc<SourceFile>>>,
}

/// One file: what was read, and what is derived from it when first asked for.
pub struct SourceFile {
    pub id: FileId,
    /// Where it was read from; the key for caches and for opening it again.
    pub path: String,
    /// What messages call it, for instance `./main.go`.
    pub display: Arc<str>,
    pub bytes: Vec<u8>,
    /// Position of the first byte. The file owns `base ..= base + len`: its end has a position too.
    pub base: u32,
    lines: OnceLock<Vec<u32>>,
    directives: OnceLock<Vec<LineDirective>>,
}

/// A `//line` or `/*line*/` directive: from `offset` on, positions are those of another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineDirective {
    /// First byte that the directive applies to.
    pub offset: u32,
    pub file: Arc<str>,
    pub line: u32,
    /// 0: the directive gave none, and positions below it have no column.
    pub column: u32,
}

/// A position for people. `column` counts bytes from 1; 0 means that it is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub file: Arc<str>,
    pub line: u32,
    pub column: u32,
}

impl FileSet {
    /// Adds a file and gives it the next base.
    pub fn add(&self, path: &str, display: &str, bytes: Vec<u8>) -> FileId {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        // Base 1, because 0 is the unknown position.
        let base = files.last().map_or(1, |f| f.base.saturating_add(f.bytes.len() as u32).saturating_add(1));
        let id = FileId(files.len() as u32);
        files.push(Arc::new(SourceFile {
            id,
            path: path.to_owned(),
            display: display.into(),
            bytes,
            base,
            lines: OnceLock::new(),
            directives: OnceLock::new(),
        }));
        id
    }

    /// A set that begins with the same files and goes its own way.
    pub fn fork(&self) -> FileSet {
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner).clone();
        FileSet { files: RwLock::new(files) }
    }

    pub fn file(&self, id: FileId) -> Arc<SourceFile> {
        self.files.read().unwrap_or_else(PoisonError::into_inner)[id.index()].clone()
    }

    /// The file that a position lies in; `None` for unknown positions.
    pub fn file_of(&self, pos: Pos) -> Option<Arc<SourceFile>> {
        if !pos.is_known() {
            return None;
        }
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        let index = files.partition_point(|f| f.base <= pos.0).checked_sub(1)?;
        Some(files[index].clone())
    }

    /// File, line and column as messages show them, `//line` directives applied.
    pub fn position(&self, pos: Pos) -> Option<Position> {
        Some(self.file_of(pos)?.position(pos))
    }

    /// File, line and column in the file itself, `//line` directives ignored.
    pub fn physical(&self, pos: Pos) -> Option<Position> {
        Some(self.file_of(pos)?.physical(pos))
    }
}

impl SourceFile {
    pub fn pos(&self, offset: u32) -> Pos {
        Pos(self.base + offset)
    }

    pub fn offset(&self, pos: Pos) -> u32 {
        pos.0.saturating_sub(self.base).min(self.bytes.len() as u32)
    }

    /// The position after the last byte.
    pub fn end(&self) -> Pos {
        self.pos(self.bytes.len() as u32)
    }

    /// The parser's hand-over of the file's line directives, sorted by offset; the first call wins.
    pub fn set_line_directives(&self, directives: Vec<LineDirective>) {
        self.directives.get_or_init(|| directives);
    }

    /// Line (from 1) and column (bytes, from 1) of an offset in the file itself.
    pub fn line_column(&self, offset: u32) -> (u32, u32) {
        let lines = self.lines.get_or_init(|| line_starts(&self.bytes));
        let line = lines.partition_point(|&start| start <= offset).max(1);
        (line as u32, offset - lines[line - 1] + 1)
    }

    pub fn physical(&self, pos: Pos) -> Position {
        let (line, column) = self.line_column(self.offset(pos));
        Position { file: self.display.clone(), line, column }
    }

    pub fn position(&self, pos: Pos) -> Position {
        let offset = self.offset(pos);
        let (line, column) = self.line_column(offset);
        let directives = self.directives.get().map_or(&[][..], Vec::as_slice);
        let Some(index) = directives.partition_point(|d| d.offset <= offset).checked_sub(1) else {
            return Position { file: self.display.clone(), line, column };
        };
        let directive = &directives[index];
        let (first_line, first_column) = self.line_column(directive.offset);
        let column = match directive.column {
            0 => 0,
            // On the directive's own line the given column counts on; further down columns are the file's.
            given if line == first_line => given + (column - first_column),
            _ => column,
        };
        Position { file: directive.file.clone(), line: directive.line + (line - first_line), column }
    }
}

fn line_starts(bytes: &[u8]) -> Vec<u32> {
    let ends = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(i, _)| i as u32 + 1);
    std::iter::once(0).chain(ends).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions() {
        let files = FileSet::default();
        let a = files.add("/x/a.go", "./a.go", b"ab\ncd".to_vec());
        let b = files.add("/x/b.go", "./b.go", b"\n\nx".to_vec());
        let at = |id: FileId, offset| {
            let p = files.position(files.file(id).pos(offset)).unwrap();
            (p.file.to_string(), p.line, p.column)
        };
        assert_eq!(at(a, 0), ("./a.go".into(), 1, 1));
        assert_eq!(at(a, 4), ("./a.go".into(), 2, 2));
        assert_eq!(at(a, 5), ("./a.go".into(), 2, 3));
        assert_eq!(at(b, 2), ("./b.go".into(), 3, 1));
        assert_eq!(files.position(Pos::NONE), None);
    }

    #[test]
    fn line_directives() {
        let files = FileSet::default();
        let id = files.add("/a.go", "a.go", b"l1\n//line x.y:10\nl3\nl4\n".to_vec());
        let file = files.file(id);
        file.set_line_directives(vec![LineDirective { offset: 17, file: "x.y".into(), line: 10, column: 0 }]);
        let at = |offset| {
            let p = file.position(file.pos(offset));
            (p.file.to_string(), p.line, p.column)
        };
        assert_eq!(at(0), ("a.go".into(), 1, 1));
        assert_eq!(at(17), ("x.y".into(), 10, 0));
        assert_eq!(at(21), ("x.y".into(), 11, 0));
        assert_eq!(file.physical(file.pos(21)).line, 4);
    }
}
