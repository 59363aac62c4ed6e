//! The checker: packages go in, in dependency order; types, objects and facts come out.

use crate::info::{BodyInfo, Info, InfoId};
use crate::init_order;
use crate::object::ObjId;
use crate::package::{Initializer, PackageId, PackageSource};
use crate::sizes::Sizes;
use crate::store::Store;
use crate::ty::TypeId;
use rustc_hash::FxHashMap;
use source::{Diagnostic, FileSet, Pos};
use std::sync::Arc;

/// The state of a program's checking.
#[derive(Clone)]
pub struct Checker {
    pub store: Store,
    pub(crate) files: Arc<FileSet>,
    pub(crate) infos: Vec<Info>,
    pub(crate) bodies: FxHashMap<ObjId, Arc<BodyInfo>>,
    /// Package-level objects whose declaration is not resolved yet, or is being resolved.
    pub(crate) decls: FxHashMap<ObjId, crate::decl::DeclInfo>,
    /// Objects being resolved, outermost first.
    pub(crate) resolving: Vec<ObjId>,
    pub(crate) delayed: Vec<crate::delayed::Delayed>,
    /// Types known not to contain themselves.
    pub(crate) valid_types: rustc_hash::FxHashSet<TypeId>,
    /// Whether the size of a named type depends on type parameters.
    pub(crate) variable_sizes: FxHashMap<TypeId, bool>,
    /// The constraints of a type parameter list are being evaluated.
    pub(crate) in_type_params: bool,
    /// Constants or variables of the package depend on themselves.
    pub(crate) value_cycle: bool,
    pub(crate) errors: Vec<Diagnostic>,
    /// Types that no memory holds; said only of programs that are valid otherwise.
    pub(crate) too_large: Vec<(Pos, String)>,
    /// Where types were instantiated first.
    pub(crate) instance_pos: FxHashMap<TypeId, Pos>,
    /// Type arguments, in search of instantiation cycles.
    pub(crate) instantiations: crate::mono::Instantiations,
    /// What each function, variable and constant of a package mentions of the same package.
    pub(crate) deps: FxHashMap<ObjId, Vec<ObjId>>,
}

/// A package whose declarations are resolved, and what came up so far; its bodies are not checked yet.
pub struct Declared {
    pkg: PackageId,
    errors: Vec<Diagnostic>,
    too_large: Vec<(Pos, String)>,
    instantiations: crate::mono::Instantiations,
}

impl Declared {
    pub fn errors(&self) -> &[Diagnostic] {
        &self.errors
    }
}

impl Checker {
    /// `files` are those that the packages' files were parsed from.
    pub fn new(files: Arc<FileSet>, sizes: Sizes) -> Checker {
        let mut store = Store::new(sizes);
        store.files = Some(files.clone());
        Checker {
            store,
            files,
            infos: Vec::new(),
            bodies: FxHashMap::default(),
            decls: FxHashMap::default(),
            resolving: Vec::new(),
            delayed: Vec::new(),
            valid_types: Default::default(),
            variable_sizes: FxHashMap::default(),
            in_type_params: false,
            value_cycle: false,
            errors: Vec::new(),
            too_large: Vec::new(),
            instance_pos: FxHashMap::default(),
            instantiations: Default::default(),
            deps: FxHashMap::default(),
        }
    }

    /// A copy that goes its own way; `files` begins with the files of this one.
    pub fn fork(&self, files: Arc<FileSet>) -> Checker {
        let mut fork = Checker { files: files.clone(), ..self.clone() };
        fork.store.files = Some(files);
        fork
    }

    /// Adds a package, whose imports were added before, and collects its objects. Nothing is resolved yet.
    pub fn add_package(&mut self, source: PackageSource) -> PackageId {
        crate::collect::collect_objects(self, source)
    }

    /// Resolves everything at package level: types, signatures, constants, variables with their initialisers. Bodies
    /// of declared functions are left.
    pub fn declare(&mut self, pkg: PackageId) {
        crate::decl::package_declarations(self, pkg);
    }

    /// Checks a package completely: declarations, all bodies, unused imports, initialisation order.
    pub fn check_all(&mut self, pkg: PackageId) {
        let declared = self.declare_first(pkg);
        self.check_rest(declared);
    }

    /// The first half of [`check_all`](Self::check_all), after which packages that import this one can be added.
    pub fn declare_first(&mut self, pkg: PackageId) -> Declared {
        self.declare(pkg);
        Declared {
            pkg,
            errors: std::mem::take(&mut self.errors),
            too_large: std::mem::take(&mut self.too_large),
            instantiations: std::mem::take(&mut self.instantiations),
        }
    }

    /// The second half, which no other package depends on; a [fork](Self::fork) can do it as well.
    pub fn check_rest(&mut self, declared: Declared) {
        let Declared { pkg, errors, too_large, instantiations } = declared;
        self.errors = errors;
        self.too_large = too_large;
        self.instantiations = instantiations;
        for func in self.store.package(pkg).funcs.clone() {
            self.check_func_body(func);
        }
        crate::collect::unused_imports(self, pkg);
        self.init_order(pkg);
        // Types of invalid programs may be cyclic in other ways.
        let too_large = std::mem::take(&mut self.too_large);
        if !self.has_errors() {
            crate::mono::report_cycle(self, pkg);
            if !self.has_errors() {
                crate::interface_cycles::report(self, pkg);
            }
            for (pos, message) in too_large {
                self.error(pos, message);
            }
        }
        self.instantiations = Default::default();
    }

    /// The facts about a function's body, checked now if it was not before. Without a body only the parameters are
    /// there.
    pub fn check_func_body(&mut self, func: ObjId) -> Arc<BodyInfo> {
        if let Some(body) = self.bodies.get(&func) {
            return body.clone();
        }
        let body = Arc::new(crate::func::func_body(self, func));
        self.bodies.insert(func, body.clone());
        body
    }

    /// Drops the facts about the bodies that were checked: whoever wants nothing but errors saves most of the memory.
    pub fn forget_bodies(&mut self) {
        self.bodies.clear();
    }

    /// The facts about a file's own tree (everything at package level), complete after [`declare`](Self::declare).
    pub fn file_info(&self, pkg: PackageId, file: usize) -> &Info {
        &self.infos[self.store.package(pkg).files[file].info.0 as usize]
    }

    /// The order in which a package's variables are initialised (specification: "Package initialization"). Checks
    /// the bodies of functions that initialisers mention.
    pub fn init_order(&mut self, pkg: PackageId) -> Arc<[Initializer]> {
        if let Some(order) = &self.store.package(pkg).order {
            return order.clone();
        }
        self.declare(pkg);
        let order = init_order::init_order(self, pkg);
        self.store.packages[pkg.index()].order = Some(order.clone());
        order
    }

    /// What was found wrong since the last call, unsorted.
    pub fn take_errors(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.errors)
    }

    pub fn has_errors(&self) -> bool {
        self.errors.iter().any(Diagnostic::is_error)
    }

    pub(crate) fn add_info(&mut self, info: Info) -> InfoId {
        self.infos.push(info);
        InfoId(self.infos.len() as u32 - 1)
    }

    /// Takes the facts of a body out of the checker.
    pub(crate) fn take_info(&mut self, id: InfoId) -> Info {
        if id.0 as usize + 1 == self.infos.len() {
            return self.infos.pop().unwrap_or_default();
        }
        std::mem::take(&mut self.infos[id.0 as usize])
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        // An operand that was wrong already has its message.
        if !self.errors.is_empty()
            && (diagnostic.message.contains("invalid operand") || diagnostic.message.contains("invalid type"))
        {
            return;
        }
        self.errors.push(self.with_version_reason(diagnostic));
    }

    /// A message that ends with a version that something requires says why there is another.
    fn with_version_reason(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let message = &diagnostic.message;
        if !message.ends_with(" or later") || !message.contains(" requires go1.") {
            return diagnostic;
        }
        let Some(file) = self.files.file_of(diagnostic.pos) else { return diagnostic };
        let place = self.store.package_ids().find_map(|pkg| {
            let index = self.store.package(pkg).files.iter().position(|f| f.file.id == file.id)?;
            Some((pkg, index as u32))
        });
        if let Some((pkg, index)) = place {
            let reason = self.version_reason(pkg, index);
            diagnostic.message.push_str(&format!(" ({reason})"));
        }
        diagnostic
    }

    /// Why a file has its language version, for messages.
    pub(crate) fn version_reason(&self, pkg: PackageId, file: u32) -> String {
        let file = &self.store.package(pkg).files[file as usize];
        match file.file.go_version {
            Some((major, minor)) => format!("file declares //go:build go{major}.{minor}"),
            None => format!("-lang was set to go{}.{}; check go.mod", file.go_version.0, file.go_version.1),
        }
    }

    pub(crate) fn error(&mut self, pos: Pos, message: impl Into<String>) {
        self.report(Diagnostic::error(pos, message));
    }
}
