//! `//go:embed`: variables whose value is the contents of files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use ir::{Const, Global};
use source::Pos;
use syntax::ast::Directive;
use types::{ObjId, TypeId, TypeKind};

use crate::arith::Num;
use crate::program::Gen;

/// The files of a package that its directives name.
#[derive(Debug, Clone, Default)]
pub struct Embeds {
    pub dir: PathBuf,
    /// Relative to `dir`, with slashes, sorted.
    pub files: Vec<String>,
}

impl Gen<'_> {
    /// The value of a variable with such directives: a string, a slice of bytes or a tree of files.
    pub(crate) fn embedded(&mut self, obj: ObjId, ty: TypeId, directives: &[Directive]) -> Option<Const> {
        let of_embed = directives.iter().filter(|d| d.verb() == "go:embed");
        let patterns: Vec<Pattern> = of_embed.clone().flat_map(|d| patterns(d.args())).collect();
        let pos = of_embed.map(|d| d.pos).next()?;
        let pkg = self.checker.store.obj(obj).pkg;
        let path = self.checker.store.package(pkg).path.clone();
        let embeds = self.config.embeds.get(&path)?.clone();
        let names: Vec<&String> =
            embeds.files.iter().filter(|file| patterns.iter().any(|p| p.takes(file))).collect();
        let is_text = self.num(ty) == Num::String;
        let is_bytes = matches!(self.checker.store.underlying_kind(ty), TypeKind::Slice(_));
        if !is_text && !is_bytes {
            return self.file_tree(&embeds, &names, pos);
        }
        let [name] = names[..] else {
            self.error(pos, "invalid go:embed: multiple files for type string or []byte".to_owned());
            return None;
        };
        let bytes = self.read(&embeds, name, pos)?;
        if is_text {
            return Some(self.text(&bytes));
        }
        // The program may write there.
        let array = self.program.types.array(ir::Type::I8, bytes.len() as u64);
        let len = Const::Int(self.word_data(bytes.len() as i64));
        let data = self
            .add_global(Global { init: Const::Bytes(bytes), ..Global::new(format!("embed.{name}"), array) });
        Some(Const::Aggregate(vec![Const::Addr(data, 0), len.clone(), len]))
    }

    fn read(&mut self, embeds: &Embeds, name: &str, pos: Pos) -> Option<Vec<u8>> {
        match std::fs::read(embeds.dir.join(name)) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.error(pos, format!("embed {name}: {error}"));
                None
            }
        }
    }

    fn text(&mut self, bytes: &[u8]) -> Const {
        if bytes.is_empty() {
            return Const::Zero;
        }
        let data = self.string_data(bytes);
        Const::Aggregate(vec![Const::Addr(data, 0), Const::Int(self.word_data(bytes.len() as i64))])
    }

    /// An `embed.FS`: a pointer to a slice of files and folders, sorted by folder and then by name. The hash of a file is
    /// nothing that a program can see.
    fn file_tree(&mut self, embeds: &Embeds, names: &[&String], pos: Pos) -> Option<Const> {
        let mut all: BTreeSet<(&str, &str, bool)> = BTreeSet::new();
        for name in names {
            let mut rest = name.as_str();
            let mut is_folder = false;
            loop {
                let (folder, last) = rest.rsplit_once('/').unwrap_or((".", rest));
                all.insert((folder, last, is_folder));
                if folder == "." {
                    break;
                }
                (rest, is_folder) = (folder, true);
            }
        }
        let mut files = Vec::new();
        for (folder, last, is_folder) in all {
            let path = if folder == "." { last.to_owned() } else { format!("{folder}/{last}") };
            let data = if is_folder {
                Const::Zero
            } else {
                let bytes = self.read(embeds, &path, pos)?;
                self.text(&bytes)
            };
            let name = if is_folder { format!("{path}/") } else { path };
            files.push(Const::Aggregate(vec![self.text(name.as_bytes()), data, Const::Zero]));
        }
        if files.is_empty() {
            return Some(Const::Zero);
        }
        let string = self.program.types.string();
        let hash = self.program.types.array(ir::Type::I8, 16);
        let file = self.program.types.structure(&[string, string, hash]);
        let array = self.program.types.array(file, files.len() as u64);
        let len = Const::Int(self.word_data(files.len() as i64));
        let list = self.constant(&self.owned_name("embed.files"), array, Const::Aggregate(files));
        let slice = self.program.types.slice();
        let header = Const::Aggregate(vec![Const::Addr(list, 0), len.clone(), len]);
        let header = self.constant(&self.owned_name("embed.list"), slice, header);
        Some(Const::Aggregate(vec![Const::Addr(header, 0)]))
    }
}

/// A file, a folder, or a pattern of package path for them.
struct Pattern {
    glob: String,
    /// Folders are taken with hidden files.
    all: bool,
}

impl Pattern {
    /// Whether the pattern names the file or a folder above it. Below a folder, names that begin with a dot or an
    /// underscore are left out.
    fn takes(&self, file: &str) -> bool {
        let mut end = file.len();
        loop {
            if matches(self.glob.as_bytes(), file[..end].as_bytes()) {
                let hidden = |name: &str| name.starts_with(['.', '_']);
                return self.all || !file[end..].split('/').any(hidden);
            }
            match file[..end].rfind('/') {
                Some(at) => end = at,
                None => {
                    return self.glob == "."
                        && (self.all || !file.split('/').any(|n| n.starts_with(['.', '_'])));
                }
            }
        }
    }
}

/// The patterns of a directive, which may be quoted.
fn patterns(mut rest: &str) -> Vec<Pattern> {
    let mut list = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else { return list };
        let length = match first {
            '`' => rest[1..].find('`').map_or(rest.len(), |at| at + 2),
            '"' => {
                let mut escaped = false;
                let end = rest[1..].bytes().position(|b| {
                    let closes = b == b'"' && !escaped;
                    escaped = b == b'\\' && !escaped;
                    closes
                });
                end.map_or(rest.len(), |at| at + 2)
            }
            _ => rest.find(char::is_whitespace).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(length);
        let text = match types::constant::unquote(word) {
            Some(bytes) if first == '"' || first == '`' => String::from_utf8_lossy(&bytes).into_owned(),
            _ => word.to_owned(),
        };
        let all = text.strip_prefix("all:");
        list.push(Pattern { glob: all.unwrap_or(&text).to_owned(), all: all.is_some() });
        rest = after;
    }
}

/// Go's `path.Match`: `*` and `?` do not stand for a slash.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => {
            matches(rest, name) || name.first().is_some_and(|&c| c != b'/') && matches(pattern, &name[1..])
        }
        (Some((b'?', rest)), Some((&c, name))) => c != b'/' && matches(rest, name),
        (Some((b'[', class)), Some((&c, name))) => {
            let Some(end) = class.iter().skip(1).position(|&c| c == b']').map(|at| at + 1) else {
                return false;
            };
            let (class, rest) = (&class[..end], &class[end + 1..]);
            let (negated, class) = match class {
                [b'^', class @ ..] => (true, class),
                class => (false, class),
            };
            in_class(class, c) != negated && c != b'/' && matches(rest, name)
        }
        (Some((b'\\', [escaped, rest @ ..])), Some((c, name))) => escaped == c && matches(rest, name),
        (Some((p, rest)), Some((c, name))) => p == c && matches(rest, name),
        _ => false,
    }
}

fn in_class(class: &[u8], c: u8) -> bool {
    match class {
        [low, b'-', high, rest @ ..] => (*low..=*high).contains(&c) || in_class(rest, c),
        [one, rest @ ..] => *one == c || in_class(rest, c),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(pattern: &str, file: &str) -> bool {
        patterns(pattern).iter().any(|p| p.takes(file))
    }

    #[test]
    fn files_and_folders() {
        assert!(takes("hello.txt", "hello.txt"));
        assert!(takes("*.txt", "hello.txt"));
        assert!(!takes("*.txt", "a/hello.txt"));
        assert!(takes("a/*", "a/b/c.txt"));
        assert!(takes("a", "a/b/c.txt"));
        assert!(!takes("a", "a/.b/c.txt"));
        assert!(takes("all:a", "a/.b/c.txt"));
        assert!(takes("a/*", "a/.b"));
        assert!(takes("a/[b-d]?z b", "a/cyz"));
        assert!(!takes("a/[^b-d]?z", "a/cyz"));
        assert!(takes("\"with space\" other", "with space"));
        assert!(takes("\"with space\" other", "other"));
    }
}
