//! Packages: what was added, and what is known about it.

use crate::object::ObjId;
use rustc_hash::FxHashMap;
use source::Name;
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::ast::{ExprId, File};

/// A package of a [`Checker`](crate::Checker), by order of addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId(pub(crate) u32);

impl PackageId {
    /// The home of predeclared objects, and of exported field and method names.
    pub const UNIVERSE: PackageId = PackageId(0);
    /// Package unsafe, which has no files.
    pub const UNSAFE: PackageId = PackageId(1);

    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A package as the loader hands it over.
pub struct PackageSource {
    pub path: String,
    /// Parsed in either mode, in the order in which the compiler would get them (sorted by file name).
    pub files: Vec<Arc<File>>,
    /// What each import path in the files means; "unsafe" need not be there.
    pub imports: BTreeMap<String, PackageId>,
    /// The language version of the module, for instance `(1, 26)`.
    pub go_version: (u32, u32),
    /// Report unused imports and variables, and check all bodies: the user's own packages.
    pub is_user: bool,
}

#[derive(Clone, Debug)]
pub struct Package {
    pub path: String,
    /// Empty until the package clause was seen.
    pub name: Name,
    pub files: Vec<PackageFile>,
    /// Packages imported directly, each once, in order of first import.
    pub imports: Vec<PackageId>,
    /// All objects at package level in source order, without methods, `_` and `init` functions.
    pub objects: Vec<ObjId>,
    /// All functions and methods in source order, `init` and `_` functions included.
    pub funcs: Vec<ObjId>,
    /// The `init` functions in source order.
    pub inits: Vec<ObjId>,
    pub go_version: (u32, u32),
    pub is_user: bool,
    /// Stands for one that could not be imported.
    pub(crate) fake: bool,
    pub(crate) scope: FxHashMap<Name, ObjId>,
    /// Methods by the name of their receiver's base type, until the type is resolved.
    pub(crate) methods: FxHashMap<Name, Vec<ObjId>>,
    pub(crate) import_map: BTreeMap<String, PackageId>,
    /// Variable declarations with an initialiser, in source order.
    pub(crate) inits_of_vars: Vec<crate::init_order::VarInit>,
    pub(crate) declared: bool,
    pub(crate) order: Option<Arc<[Initializer]>>,
}

/// A file of a package.
#[derive(Clone)]
pub struct PackageFile {
    pub file: Arc<File>,
    pub(crate) info: crate::info::InfoId,
    pub(crate) scope: FxHashMap<Name, ObjId>,
    /// Import objects in order, for the report of unused ones.
    pub(crate) imports: Vec<ObjId>,
    /// Names that came through `import .`, with the import.
    pub(crate) dot_imported: Vec<(Name, ObjId)>,
    /// The language version that counts in this file.
    pub go_version: (u32, u32),
}

impl std::fmt::Debug for PackageFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PackageFile").field("go_version", &self.go_version).finish_non_exhaustive()
    }
}

/// One step of a package's initialisation: `lhs = rhs`.
#[derive(Clone, Debug)]
pub struct Initializer {
    /// The variables; blank ones (`var _ = f()`) are objects named `_`. Several for `var a, b = f()`.
    pub lhs: Vec<ObjId>,
    /// An expression of the file's tree.
    pub rhs: ExprId,
    /// Index of the file in [`Package::files`].
    pub file: u32,
}

impl Package {
    /// The object that a name at package level stands for.
    pub fn lookup(&self, name: Name) -> Option<ObjId> {
        self.scope.get(&name).copied()
    }

    pub(crate) fn new(path: &str, name: Name) -> Package {
        Package {
            path: path.to_owned(),
            name,
            files: Vec::new(),
            imports: Vec::new(),
            objects: Vec::new(),
            funcs: Vec::new(),
            inits: Vec::new(),
            go_version: (1, 27),
            is_user: false,
            fake: false,
            scope: FxHashMap::default(),
            methods: FxHashMap::default(),
            import_map: BTreeMap::new(),
            inits_of_vars: Vec::new(),
            declared: false,
            order: None,
        }
    }
}
