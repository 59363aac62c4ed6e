//! Facts about syntax trees: dense tables beside the tree, indexed by its ids.

use crate::constant::Value;
use crate::object::ObjId;
use crate::ty::TypeId;
use crate::universe::Builtin;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use syntax::ast::{ExprId, File, FuncId, StmtId, Tree};

/// What an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// Nothing is recorded: not an expression that is evaluated, or an error.
    #[default]
    None,
    /// A call without results.
    NoValue,
    /// A built-in function in call position.
    Builtin(Builtin),
    Type,
    /// The value is [`Info::value`].
    Const,
    /// Addressable.
    Variable,
    /// A map element: may be assigned, and yields a second boolean where two values are wanted.
    MapIndex,
    /// Any other value.
    Value,
    /// The predeclared `nil`; its type is the one it was converted to.
    Nil,
    /// A value that yields a second boolean where two values are wanted (receive, type assertion).
    CommaOk,
}

/// Type and mode of an expression.
///
/// Untyped operands have the type they were converted to. An untyped type remains only where nothing converted the
/// expression: constant declarations, operands of constant expressions, and untyped booleans that steer `if`, `for`
/// or `&&`; read it as its default type.
///
/// A composite literal whose type is elided has a pointer type where it stands for `&T{…}`. An expression in the
/// two-value form (`v, ok := m[k]`) has the type of its first value: the statement around it tells the form.
#[derive(Clone, Copy, Debug)]
pub struct TypeAndMode {
    pub mode: Mode,
    pub ty: TypeId,
}

/// What a selector expression `x.f` means.
#[derive(Clone, Debug)]
pub struct Selection {
    pub kind: SelectionKind,
    /// The type of `x` (or the type `T` of the method expression `T.f`).
    pub recv: TypeId,
    /// Fields to walk, by index: for a field all of them, itself last; for a method the embedded ones that lead to
    /// its receiver. Pointers on the way are dereferenced implicitly.
    pub path: Arc<[u32]>,
    /// A pointer is dereferenced on the way (at the start or in between).
    pub indirect: bool,
    /// Type of the field; signature of the method (without receiver, type arguments of the receiver substituted).
    pub ty: TypeId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectionKind {
    Field,
    /// A declared method: `obj` is the (generic) method; the receiver's type at the end of the path has the type
    /// arguments.
    Method {
        obj: ObjId,
    },
    /// A method of an interface, or of a type parameter's constraint: index in the sorted method set of the
    /// interface at the end of the path ([`Store::type_set`](crate::Store::type_set)).
    InterfaceMethod {
        index: u32,
    },
    /// `T.f` where `f` is a declared method.
    MethodExpr {
        obj: ObjId,
    },
    /// `I.f` where `f` is a method of an interface or type parameter's constraint.
    InterfaceMethodExpr {
        index: u32,
    },
}

/// A function literal.
#[derive(Clone, Debug, Default)]
pub struct FuncLitInfo {
    pub sig: Option<TypeId>,
    /// Its parameters; unnamed ones are objects with an empty name.
    pub params: Vec<ObjId>,
    pub results: Vec<ObjId>,
    /// Variables of enclosing functions that it, or a literal in it, uses; in order of first use.
    pub captures: Vec<ObjId>,
}

/// The facts about one tree. All tables are indexed by the ids of that tree.
#[derive(Clone, Debug, Default)]
pub struct Info {
    pub(crate) exprs: Vec<TypeAndMode>,
    /// Definitions and uses of names; for a selector the object of a qualified identifier.
    pub(crate) objs: Vec<Option<ObjId>>,
    pub(crate) values: FxHashMap<ExprId, Value>,
    pub(crate) selections: FxHashMap<ExprId, Selection>,
    pub(crate) instances: FxHashMap<ExprId, Arc<[TypeId]>>,
    pub(crate) func_lits: FxHashMap<ExprId, FuncLitInfo>,
    pub(crate) implicits: FxHashMap<(StmtId, u32), ObjId>,
    pub(crate) branches: FxHashMap<StmtId, StmtId>,
}

/// Index of an [`Info`] in the checker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InfoId(pub(crate) u32);

impl Info {
    pub(crate) fn for_tree(tree: &Tree) -> Info {
        let none = TypeAndMode { mode: Mode::None, ty: TypeId::INVALID };
        Info { exprs: vec![none; tree.expr_count()], objs: vec![None; tree.expr_count()], ..Info::default() }
    }

    /// Mode and type of an expression.
    pub fn expr(&self, e: ExprId) -> TypeAndMode {
        self.exprs.get(e.index()).copied().unwrap_or(TypeAndMode { mode: Mode::None, ty: TypeId::INVALID })
    }

    /// Type of an expression.
    pub fn ty(&self, e: ExprId) -> TypeId {
        self.expr(e).ty
    }

    /// Value of a constant expression.
    pub fn value(&self, e: ExprId) -> Option<&Value> {
        self.values.get(&e)
    }

    /// What a `Name` declares or uses (also the key of a struct literal has none), or a qualified identifier
    /// (`pkg.Name`, recorded at the selector).
    pub fn object(&self, e: ExprId) -> Option<ObjId> {
        self.objs.get(e.index()).copied().flatten()
    }

    /// What a selector selects; none for qualified identifiers.
    pub fn selection(&self, e: ExprId) -> Option<&Selection> {
        self.selections.get(&e)
    }

    /// Type arguments of a use of a generic function or of a method with type parameters. Recorded at the `Name` or
    /// `Selector` that denotes the function, explicit and inferred alike; canonical.
    pub fn instance(&self, e: ExprId) -> Option<&Arc<[TypeId]>> {
        self.instances.get(&e)
    }

    pub fn func_lit(&self, e: ExprId) -> Option<&FuncLitInfo> {
        self.func_lits.get(&e)
    }

    /// The variable of a type switch (`switch x := y.(type)`) in its clause number `clause`.
    pub fn type_switch_var(&self, switch: StmtId, clause: usize) -> Option<ObjId> {
        self.implicits.get(&(switch, clause as u32)).copied()
    }

    /// For `break` and `continue` the statement that is left or continued (`For`, `Range`, `Switch`, `TypeSwitch`,
    /// `Select`); for `goto` the `Labeled` statement.
    pub fn branch_target(&self, branch: StmtId) -> Option<StmtId> {
        self.branches.get(&branch).copied()
    }
}

/// A checked function body.
#[derive(Debug)]
pub struct BodyInfo {
    /// The facts about the body's own tree (`FuncDecl::body`).
    pub info: Info,
    pub file: FileRef,
    pub decl: FuncId,
    pub recv: Option<ObjId>,
    /// Unnamed and blank parameters have objects too.
    pub params: Vec<ObjId>,
    pub results: Vec<ObjId>,
}

/// The file that a body stands in.
#[derive(Clone)]
pub struct FileRef(pub Arc<File>);

impl std::fmt::Debug for FileRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileRef({:?})", self.0.id)
    }
}
