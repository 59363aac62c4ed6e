//! The syntax tree: arenas of small `Copy` nodes with `u32` ids, no lifetimes, `Send + Sync`.
//!
//! * A [`File`] has one [`Tree`] for everything at package level: declared names, types, signatures, initialisers and
//!   the function literals in them. **Every function declaration's body has a tree of its own** ([`FuncBody`]), parsed
//!   on demand in [`Mode::LazyBodies`](crate::Mode). Ids are only meaningful together with their tree.
//! * Ids are dense from 1, so later stages keep facts in plain vectors of length [`Tree::expr_count`],
//!   [`Tree::stmt_count`] ... indexed by `id.index()`. Nobody annotates the tree.
//! * Every identifier that declares something (variables, constants, types, functions, fields, parameters, methods)
//!   or that is looked up in a scope is an expression of kind [`ExprKind::Name`], so one table indexed by [`ExprId`]
//!   holds all definitions and uses. Labels, selected names and import names are plain [`Ident`]s.
//! * `Expr::pos` is the *characteristic* position (the operator of a binary expression, the selected name, the
//!   opening parenthesis of a call); messages mostly want the leftmost byte, [`Tree::start`].

use source::{FileId, Name, Pos};
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::sync::OnceLock;

use crate::build::Constraint;

mod op;
mod tree;

pub use op::{BinaryOp, UnaryOp};
pub use tree::Tree;

// ---------------------------------------------------------------------------------------------------- ids and lists

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// For dense side tables; 0 is never used.
            pub fn index(self) -> usize {
                self.0.get() as usize
            }

            /// The id that the next node gets, by the arena's length (slot 0 is always taken).
            pub(crate) fn from_len(len: usize) -> Self {
                Self(NonZeroU32::new(len as u32).unwrap_or(NonZeroU32::MIN))
            }

            /// The inverse of [`index`](Self::index); `None` for 0 and what does not fit.
            pub fn from_index(index: usize) -> Option<Self> {
                u32::try_from(index).ok().and_then(NonZeroU32::new).map(Self)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

id!(
    /// An expression or type of a [`Tree`].
    ExprId
);
id!(
    /// A statement of a [`Tree`].
    StmtId
);
id!(
    /// A declaration of a [`Tree`] (all but functions and imports can be local).
    DeclId
);

/// A range of one of the tree's side arrays; read it with [`Tree::exprs`], [`Tree::stmts`], [`Tree::fields`] ...
pub struct List<T> {
    pub(crate) start: u32,
    pub(crate) len: u32,
    element: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    pub const EMPTY: List<T> = List { start: 0, len: 0, element: PhantomData };

    pub(crate) fn new(start: usize, len: usize) -> List<T> {
        List { start: start as u32, len: len as u32, element: PhantomData }
    }

    pub fn len(self) -> usize {
        self.len as usize
    }

    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for List<T> {}
impl<T> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.start, self.len) == (other.start, other.len)
    }
}
impl<T> Eq for List<T> {}
impl<T> std::fmt::Debug for List<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.range())
    }
}

pub type ExprList = List<ExprId>;
pub type StmtList = List<StmtId>;
pub type DeclList = List<DeclId>;
pub type FieldList = List<Field>;
pub type CaseList = List<CaseClause>;
pub type CommList = List<CommClause>;

/// A range of the tree's text buffer: the raw source text of a literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// A name that is not looked up in a scope (label, selected name, import name), and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ident {
    pub pos: Pos,
    pub name: Name,
}

// ------------------------------------------------------------------------------------------------------ expressions

/// An expression or type. 24 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Expr {
    /// Characteristic position, documented at each kind; the leftmost one is [`Tree::start`].
    pub pos: Pos,
    pub kind: ExprKind,
}

#[derive(Clone, Copy, Debug)]
pub enum ExprKind {
    /// Stands where a syntax error was reported; everybody ignores it silently.
    Bad,
    /// `x`, `_`, `int`: declaring or used.
    Name(Name),
    /// `1`, `0x1p-2`, `2i`, `'a'`, `"s"`; `text` is the source text with its quotes ([`Tree::text`]). A literal with a
    /// lexical error has `bad` set (the error is reported already) and must not be evaluated.
    Literal { kind: LitKind, bad: bool, text: Text },
    /// `T{a, k: b}`; inside another composite literal `ty` may be absent (elided). `pos` is the opening brace. Elements
    /// with a key are [`ExprKind::KeyValue`].
    Composite { ty: Option<ExprId>, elems: ExprList, rbrace: Pos },
    /// `k: v` in a composite literal. `pos` is the colon.
    KeyValue { key: ExprId, value: ExprId },
    /// `func(params) results { body }`. `ty` is a [`ExprKind::FuncType`], `body` a [`StmtKind::Block`]. `pos`: `func`.
    FuncLit { ty: ExprId, body: StmtId },
    /// `(x)`. `pos` is the opening parenthesis.
    Paren { x: ExprId, rparen: Pos },
    /// `x.sel`, also a qualified identifier. `pos` is that of the name `sel`.
    Selector { x: ExprId, sel: Name },
    /// `x[i]`, `F[int]`, `G[K, V]`: index or instantiation, one or more arguments. `pos` is the bracket.
    Index { x: ExprId, args: ExprList, rbrack: Pos },
    /// `x[lo:hi]`, or `x[lo:hi:max]` with `full`. `pos` is the opening bracket.
    Slice { full: bool, x: ExprId, lo: Option<ExprId>, hi: Option<ExprId>, max: Option<ExprId> },
    /// `x.(T)`. `pos` is the opening parenthesis.
    Assert { x: ExprId, ty: ExprId, rparen: Pos },
    /// `x.(type)` *outside* the head of a type switch, which the checker must reject. `pos` as for `Assert`.
    TypeGuard { x: ExprId, rparen: Pos },
    /// `f(args)`, `f(args...)` with `dots`: call, conversion or built-in. `pos` is the opening parenthesis.
    Call { dots: bool, fun: ExprId, args: ExprList, rparen: Pos },
    /// `-x`, `<-c`, `&x`, and `~T` in constraints. `pos` is the operator.
    Unary { op: UnaryOp, x: ExprId },
    /// `x + y`, and the union `A | B` in constraints. `pos` is the *operator*.
    Binary { op: BinaryOp, x: ExprId, y: ExprId },
    /// `*x`: indirection or pointer type. `pos` is the star.
    Star(ExprId),
    /// `[n]T`; `len` is `None` for `[...]T`. `pos` is the bracket.
    ArrayType { len: Option<ExprId>, elem: ExprId },
    /// `[]T`. `pos` is the bracket.
    SliceType { elem: ExprId },
    /// `struct { ... }`: a field without `name` is embedded. `pos` is the keyword.
    StructType { fields: FieldList, rbrace: Pos },
    /// `func(params) results`, also the signature of declarations and methods. `pos` is the first *bracket*, as in gc,
    /// whose messages do not count the keyword as part of the type.
    FuncType { params: FieldList, results: FieldList },
    /// `interface { ... }`: with `name` a method whose `ty` is a `FuncType`; without, an embedded type or union
    /// (`Binary` with [`BinaryOp::Or`], `Unary` with [`UnaryOp::Tilde`]). `pos` is the keyword.
    InterfaceType { elems: FieldList, rbrace: Pos },
    /// `map[K]V`. `pos` is the keyword.
    MapType { key: ExprId, value: ExprId },
    /// `chan T`, `<-chan T`, `chan<- T`. `pos` is the first token.
    ChanType { dir: ChanDir, elem: ExprId },
    /// `...T` as the type of a parameter; the checker rejects it anywhere but at the end. `pos` is `...`.
    Dots(ExprId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LitKind {
    Int,
    Float,
    Imag,
    Rune,
    String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChanDir {
    Both,
    /// `chan<- T`
    Send,
    /// `<-chan T`
    Recv,
}

/// A struct field, an interface element, a parameter, a result, a receiver, or a type parameter.
///
/// `a, b T` are two fields with the *same* `ty` id, so that a type is checked once.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The declaring `Name` expression; `None` for embedded fields and elements and for unnamed parameters.
    pub name: Option<ExprId>,
    /// The type; for a type parameter its constraint, for a method its `FuncType`. A `Bad` expression after an error.
    pub ty: ExprId,
    /// The tag of a struct field: a string literal.
    pub tag: Option<ExprId>,
}

// ------------------------------------------------------------------------------------------------------- statements

/// A statement.
#[derive(Clone, Copy, Debug)]
pub struct Stmt {
    /// The keyword; for `Assign`, `OpAssign`, `Define`, `IncDec` and `Send` the *operator*; for `Expr` and `Labeled`
    /// the start; for `Block` the opening brace.
    pub pos: Pos,
    pub kind: StmtKind,
}

#[derive(Clone, Copy, Debug)]
pub enum StmtKind {
    /// Stands where a syntax error was reported.
    Bad,
    /// Nothing: `;;`, or what follows a label at the end of a block. `pos` is where it would stand.
    Empty,
    /// `const`, `var` and `type` declarations; a group in parentheses is one statement.
    Decl(DeclList),
    /// `f()`, `<-c`, and whatever else stands alone (the checker says what "is not used").
    Expr(ExprId),
    /// `ch <- value`
    Send {
        chan: ExprId,
        value: ExprId,
    },
    /// `x++`, `x--`
    IncDec {
        x: ExprId,
        inc: bool,
    },
    /// `a, b = c, d`
    Assign {
        lhs: ExprList,
        rhs: ExprList,
    },
    /// `a, b := c, d`. The left sides are meant to be `Name`s; others are the checker's error ("non-name ...").
    Define {
        lhs: ExprList,
        rhs: ExprList,
    },
    /// `x op= y`
    OpAssign {
        op: BinaryOp,
        x: ExprId,
        y: ExprId,
    },
    /// `go f()`; that `call` is one is the checker's to verify.
    Go {
        call: ExprId,
    },
    /// `defer f()`; as `Go`.
    Defer {
        call: ExprId,
    },
    Return {
        results: ExprList,
    },
    /// `break`, `continue`, `goto`, `fallthrough`.
    Branch {
        kind: BranchKind,
        label: Option<Ident>,
    },
    /// `{ ... }`, also bodies of functions, `if`, `for`.
    Block {
        stmts: StmtList,
        rbrace: Pos,
    },
    /// `then` is a `Block`; `els` a `Block` or an `If`.
    If {
        init: Option<StmtId>,
        cond: ExprId,
        then: StmtId,
        els: Option<StmtId>,
    },
    /// Expression switch; without `tag` it is `switch true`.
    Switch {
        init: Option<StmtId>,
        tag: Option<ExprId>,
        cases: CaseList,
        rbrace: Pos,
    },
    /// `switch init; bind := x.(type) { ... }`; `bind` is a declaring `Name`, `guard` an [`ExprKind::TypeGuard`].
    TypeSwitch {
        init: Option<StmtId>,
        bind: Option<ExprId>,
        guard: ExprId,
        cases: CaseList,
        rbrace: Pos,
    },
    Select {
        cases: CommList,
        rbrace: Pos,
    },
    /// `for init; cond; post { }`, `for cond { }`, `for { }`.
    For {
        init: Option<StmtId>,
        cond: Option<ExprId>,
        post: Option<StmtId>,
        body: StmtId,
    },
    /// `for lhs := range x { }`, with `=` instead if not `define`, with empty `lhs` for `for range x`. More than two
    /// left sides are the checker's error.
    Range {
        define: bool,
        lhs: ExprList,
        x: ExprId,
        body: StmtId,
    },
    Labeled {
        label: Ident,
        stmt: StmtId,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BranchKind {
    Break,
    Continue,
    Goto,
    Fallthrough,
}

impl BranchKind {
    pub fn as_str(self) -> &'static str {
        match self {
            BranchKind::Break => "break",
            BranchKind::Continue => "continue",
            BranchKind::Goto => "goto",
            BranchKind::Fallthrough => "fallthrough",
        }
    }
}

/// `case a, b:` or `default:` of a switch or type switch.
#[derive(Clone, Copy, Debug)]
pub struct CaseClause {
    /// The keyword.
    pub pos: Pos,
    pub is_default: bool,
    pub exprs: ExprList,
    pub colon: Pos,
    pub body: StmtList,
}

/// `case comm:` or `default:` of a select.
#[derive(Clone, Copy, Debug)]
pub struct CommClause {
    /// The keyword.
    pub pos: Pos,
    /// `None` for `default`. Meant to be `Send`, `Expr`, `Assign` or `Define`; others are the checker's error.
    pub comm: Option<StmtId>,
    pub colon: Pos,
    pub body: StmtList,
}

// ----------------------------------------------------------------------------------------------------- declarations

/// A declaration; one *spec* each, so `var ( a int; b int )` is two.
#[derive(Clone, Copy, Debug)]
pub struct Decl {
    /// Where the spec begins (`import` path or name, the first declared name); for a function its name or its
    /// receiver's parenthesis.
    pub pos: Pos,
    /// Directives written above the declaration, a range of [`File::directives`]. Empty in bodies parsed on demand.
    pub pragmas: Pragmas,
    pub kind: DeclKind,
}

#[derive(Clone, Copy, Debug)]
pub enum DeclKind {
    /// `import local "path"`; `path` is a string literal, `local` may be `.` or `_`.
    Import { local: Option<Ident>, path: ExprId },
    /// `const names ty = values`, a line of a group. `iota` counts the group's lines. A line with neither type nor
    /// values repeats those of `implicit` (specification: "Constant declarations"), which then is another line of the
    /// group whose own `ty` and `values` are to be evaluated again with this line's `iota`; otherwise `implicit` is
    /// `None`.
    Const { names: ExprList, ty: Option<ExprId>, values: ExprList, iota: u32, implicit: Option<DeclId> },
    /// `var names ty = values`
    Var { names: ExprList, ty: Option<ExprId>, values: ExprList },
    /// `type name[params] ty`, or with `=` if `alias`.
    Type { name: ExprId, params: FieldList, alias: bool, ty: ExprId },
    /// A function or method: [`File::funcs`] at that index. Only at package level.
    Func(FuncId),
}

/// Index into [`File::funcs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FuncId(pub u32);

/// A range of [`File::directives`]; read it with [`File::pragmas`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pragmas {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

impl Pragmas {
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

/// A comment that means something: `//go:noinline`, `//go:linkname a b`, `//export f`, `//go:embed x y` ...
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The first slash.
    pub pos: Pos,
    /// Everything behind the slashes, trailing white space removed: `go:linkname a b`.
    pub text: Box<str>,
    /// Nothing but white space stands before it on its line.
    pub own_line: bool,
}

impl Directive {
    /// `go:linkname` of `go:linkname a b`; `export` of `export f`.
    pub fn verb(&self) -> &str {
        self.text.split([' ', '\t']).next().unwrap_or("")
    }

    /// What follows the verb, trimmed; quoted arguments (`go:embed`) are the reader's to split.
    pub fn args(&self) -> &str {
        self.text.find([' ', '\t']).map_or("", |at| self.text[at..].trim())
    }
}

/// A function or method declaration.
pub struct FuncDecl {
    /// The keyword `func`.
    pub pos: Pos,
    pub decl: DeclId,
    /// The declaring `Name`.
    pub name: ExprId,
    /// The receiver; its type may be parenthesised, a pointer, and an `Index` whose arguments are the `Name`s of the
    /// receiver's type parameters.
    pub recv: Option<Field>,
    pub type_params: FieldList,
    /// A [`ExprKind::FuncType`] in the file's tree.
    pub ty: ExprId,
    pub(crate) body: Option<BodySource>,
}

/// Where a body is, and the body once parsed.
pub(crate) struct BodySource {
    pub(crate) lbrace: Pos,
    pub(crate) rbrace: Pos,
    pub(crate) base: u32,
    pub(crate) parsed: OnceLock<FuncBody>,
}

/// The body of a function declaration, with a tree of its own.
pub struct FuncBody {
    pub tree: Tree,
    /// The body: a [`StmtKind::Block`].
    pub block: StmtId,
    /// What was found wrong when the body was parsed *on demand*. Empty in mode `Full`, where the errors are the
    /// file's.
    pub errors: Vec<source::Diagnostic>,
}

impl FuncDecl {
    /// Whether there is a body; without one the function is implemented elsewhere.
    pub fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// The body, if it has been parsed.
    pub fn parsed_body(&self) -> Option<&FuncBody> {
        self.body.as_ref()?.parsed.get()
    }

    /// The braces of the body.
    pub fn body_span(&self) -> Option<(Pos, Pos)> {
        self.body.as_ref().map(|b| (b.lbrace, b.rbrace))
    }

    /// The body, parsed now if it was skipped; `src` is the whole text of the declaration's file.
    pub fn body(&self, src: &[u8]) -> Option<&FuncBody> {
        let body = self.body.as_ref()?;
        Some(body.parsed.get_or_init(|| crate::parser::parse_body(src, body)))
    }

    /// The body, parsed anew and owned by the caller, who drops it when done with it; nothing is kept here.
    pub fn parse_body(&self, src: &[u8]) -> Option<FuncBody> {
        self.body.as_ref().map(|body| crate::parser::parse_body(src, body))
    }

    /// Forgets a parsed body; it will be parsed again when asked for.
    pub fn drop_body(&mut self) {
        if let Some(body) = &mut self.body {
            body.parsed = OnceLock::new();
        }
    }
}

// ------------------------------------------------------------------------------------------------------ file and tree

/// A source file.
pub struct File {
    pub id: FileId,
    /// `package name`; the empty name if the clause is missing (an error is reported then).
    pub package: Ident,
    /// Everything at package level, in source order: imports first.
    pub decls: Vec<DeclId>,
    pub funcs: Vec<FuncDecl>,
    pub tree: Tree,
    /// All directives in source order (`//go:linkname` may stand anywhere), without those of bodies parsed on demand.
    pub directives: Vec<Directive>,
    /// Directives between the start of the file and the package clause.
    pub package_pragmas: Pragmas,
    /// The `//go:build` line.
    pub build: Option<Constraint>,
    /// The language version that the build line implies, for instance `(1, 22)`: it overrides the module's.
    pub go_version: Option<(u32, u32)>,
    /// The end of the file.
    pub eof: Pos,
}

impl File {
    pub fn decl(&self, id: DeclId) -> &Decl {
        &self.tree[id]
    }

    pub fn func(&self, id: FuncId) -> &FuncDecl {
        &self.funcs[id.0 as usize]
    }

    pub fn pragmas(&self, pragmas: Pragmas) -> &[Directive] {
        &self.directives[pragmas.range()]
    }

    /// Drops declarations whose name `keep` refuses: functions `f`, methods `T.m`, types, and variables and constants
    /// declared one by one.
    pub fn retain_decls(&mut self, keep: impl Fn(&str) -> bool) {
        let decls = std::mem::take(&mut self.decls);
        self.decls =
            decls.into_iter().filter(|&id| self.decl_name(id).is_none_or(|name| keep(&name))).collect();
    }

    fn decl_name(&self, id: DeclId) -> Option<String> {
        let name = |e: ExprId| match self.tree[e].kind {
            ExprKind::Name(name) => Some(name.to_string()),
            _ => None,
        };
        match self.tree[id].kind {
            DeclKind::Import { .. } => None,
            DeclKind::Const { names, .. } | DeclKind::Var { names, .. } => match self.tree.exprs(names) {
                &[only] => name(only),
                _ => None,
            },
            DeclKind::Type { name: e, .. } => name(e),
            DeclKind::Func(func) => {
                let func = self.func(func);
                let own = name(func.name)?;
                let Some(recv) = &func.recv else { return Some(own) };
                let mut base = self.tree.unparen(recv.ty);
                loop {
                    base = match self.tree[base].kind {
                        ExprKind::Star(x) => self.tree.unparen(x),
                        ExprKind::Index { x, .. } => self.tree.unparen(x),
                        _ => break,
                    };
                }
                Some(format!("{}.{own}", name(base)?))
            }
        }
    }

    /// The imports: declaration, local name, path literal.
    pub fn imports(&self) -> impl Iterator<Item = (DeclId, Option<Ident>, ExprId)> + '_ {
        self.decls.iter().filter_map(|&id| match self.tree[id].kind {
            DeclKind::Import { local, path } => Some((id, local, path)),
            DeclKind::Const { .. } | DeclKind::Var { .. } | DeclKind::Type { .. } | DeclKind::Func(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_small_and_shareable() {
        fn shareable<T: Send + Sync>() {}
        shareable::<File>();
        assert!(size_of::<Expr>() <= 24);
        assert!(size_of::<Stmt>() <= 32);
        assert_eq!(size_of::<Option<ExprId>>(), 4);
    }
}
