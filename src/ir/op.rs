//! The operations: one table that the printer, the reader and the verifier share.
//!
//! An instruction is an [`Op`], a type, value arguments and one [`Aux`]. The comment at each operation gives its
//! arguments, its aux and its result.

use crate::entity::{FuncId, GlobalId, RTypeId};
use crate::func::{Signature, Target};
use crate::program::Asm;
use crate::ty::Type;

/// What an instruction carries besides its type and its arguments.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum Aux {
    #[default]
    None,
    /// An immediate: the constant of `iconst` (sign-extended), the index of `extract`, `insert` and so on.
    Int(i64),
    /// The bits of a float constant, as an f64 (an f32 constant is stored widened).
    Float(u64),
    Func(FuncId),
    Global(GlobalId),
    Type(Type),
    /// A field of a struct type, by index.
    Field(Type, u32),
    RType(RTypeId),
    /// Conversion between interface types or into one: `from` is the concrete (or interface) type.
    Convert {
        from: RTypeId,
        to: RTypeId,
    },
    /// Type assertion on an interface of type `from`; with `ok`, failure is a result and not a panic.
    Assert {
        from: RTypeId,
        to: RTypeId,
        ok: bool,
    },
    /// Method `index` (in sorted order) of interface type `iface`.
    Method {
        iface: RTypeId,
        index: u32,
    },
    Cond(Cond),
    FloatCond(FloatCond),
    Check {
        check: Check,
        signed: bool,
    },
    Intrinsic(Intrinsic),
    Signature(Box<Signature>),
    Asm(Box<Asm>),
    /// Successors of a jump (one), a branch (then, else).
    Targets(Vec<Target>),
    Switch(Box<Switch>),
}

/// Case values and their successors; the last successor is the default.
#[derive(Clone, PartialEq, Debug)]
pub struct Switch {
    pub cases: Vec<i64>,
    pub targets: Vec<Target>,
}

/// Integer and pointer comparisons.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Cond {
    Eq,
    Ne,
    Slt,
    Sle,
    Sgt,
    Sge,
    Ult,
    Ule,
    Ugt,
    Uge,
}

/// Float comparisons, ordered except `Ne`, which is true for NaN as Go's `!=` is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FloatCond {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// Run-time checks of indexing and slicing, each with the values that Go's message prints.
///
/// `Index` demands `a < b`, all others `a <= b`, both unsigned after the operands were brought to one width; a
/// negative signed `a` fails (and prints negative).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Check {
    /// `s[a]` with length b.
    Index,
    /// `s[:a]` of a string or array of length b.
    SliceAlen,
    /// `s[:a]` of a slice of capacity b.
    SliceAcap,
    /// `s[a:b]`
    SliceB,
    /// `s[::a]` of an array of length b.
    Slice3Alen,
    /// `s[::a]` of a slice of capacity b.
    Slice3Acap,
    /// `s[:a:b]`
    Slice3B,
    /// `s[a:b:]`
    Slice3C,
    /// Slice of length b to an array of length a.
    SliceConvert,
}

/// Machine operations that are calls in Go and one instruction or an LLVM intrinsic below.
///
/// `T` is the instruction's type; atomics are sequentially consistent.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Intrinsic {
    /// (dst ptr, src ptr, bytes word): regions do not overlap.
    Memcpy,
    /// (dst ptr, src ptr, bytes word)
    Memmove,
    /// (dst ptr, bytes word)
    Memzero,
    /// (x T) -> T; the width for zero.
    Ctz,
    Clz,
    /// (x T) -> T
    Popcount,
    ByteSwap,
    BitReverse,
    RotateLeft,
    /// (x T) -> T on floats
    Sqrt,
    Floor,
    Ceil,
    TruncFloat,
    Fabs,
    /// (x T, y T) -> T
    CopySign,
    /// (x T, y T, z T) -> T
    Fma,
    /// (ptr) -> T
    AtomicLoad,
    /// (ptr, x)
    AtomicStore,
    /// (ptr, x T) -> old T
    AtomicAdd,
    AtomicAnd,
    AtomicOr,
    AtomicSwap,
    /// (ptr, old T, new T) -> i1 success
    AtomicCas,
    /// () -> ptr: address of the caller's frame, of the return address, the stack pointer.
    FrameAddress,
    ReturnAddress,
    StackPointer,
    /// (): stop here, abnormally.
    Trap,
    /// (): a compiler barrier and a fence.
    Fence,
    /// (ptr): keeps the value alive and its memory observable up to here.
    KeepAlive,
    /// wasm: () -> word current pages; (pages word) -> word old pages or -1.
    MemorySize,
    MemoryGrow,
}

macro_rules! ops {
    ($($(#[$doc:meta])* $name:ident $text:literal $level:ident $kind:ident,)*) => {
        /// An operation.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Op { $($(#[$doc])* $name,)* }

        impl Op {
            pub const ALL: &'static [Op] = &[$(Op::$name,)*];
            /// The word of the text form.
            pub fn mnemonic(self) -> &'static str {
                match self { $(Op::$name => $text,)* }
            }
            pub fn kind(self) -> OpKind {
                match self { $(Op::$name => OpKind::$kind,)* }
            }
            /// Whether the operation is legal at `Level::Go` only.
            pub fn is_go(self) -> bool {
                match self { $(Op::$name => ops!(@level $level),)* }
            }
        }
    };
    (@level Go) => { true };
    (@level Any) => { false };
}

impl Op {
    /// Whether it makes an integer of two of its type.
    pub fn is_int_binary(self) -> bool {
        use Op::*;
        matches!(self, Add | Sub | Mul | Sdiv | Udiv | Srem | Urem | And | Or | Xor | Shl | Lshr | Ashr)
    }
}

/// How an operation behaves towards its surroundings.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OpKind {
    /// The result depends on the arguments only; dead when unused.
    Pure,
    /// Reads memory; dead when unused.
    Read,
    /// Allocates; dead when unused.
    Alloc,
    /// Writes, calls, may panic: never dead.
    Effect,
    /// Ends a block.
    End,
}

ops! {
    // Constants.
    /// Int -> integer type.
    Iconst "iconst" Any Pure,
    /// Float -> f32 or f64.
    Fconst "fconst" Any Pure,
    /// -> the zero value of any type (null, 0, an aggregate of zeros).
    Zero "zero" Any Pure,
    /// Global -> ptr
    GlobalAddr "global" Any Pure,
    /// Func -> code
    FuncAddr "func" Any Pure,
    /// RType -> ptr: the type descriptor.
    RTypeAddr "rtype" Go Pure,

    // Integers: wrapping; both arguments and the result have the instruction's type.
    Add "add" Any Pure,
    Sub "sub" Any Pure,
    Mul "mul" Any Pure,
    /// Signed quotient, truncated; the most negative number divided by -1 is itself; the divisor is not zero.
    Sdiv "sdiv" Any Pure,
    Udiv "udiv" Any Pure,
    Srem "srem" Any Pure,
    Urem "urem" Any Pure,
    And "and" Any Pure,
    Or "or" Any Pure,
    Xor "xor" Any Pure,
    /// The count has the type of the value and is below its width: irgen makes Go's shifts from this.
    Shl "shl" Any Pure,
    Lshr "lshr" Any Pure,
    Ashr "ashr" Any Pure,
    /// Cond; integers or pointers -> i1
    Icmp "icmp" Any Pure,

    // Floats.
    Fadd "fadd" Any Pure,
    Fsub "fsub" Any Pure,
    Fmul "fmul" Any Pure,
    Fdiv "fdiv" Any Pure,
    Fneg "fneg" Any Pure,
    /// FloatCond; floats -> i1
    Fcmp "fcmp" Any Pure,

    /// (i1, a T, b T) -> T
    Select "select" Any Pure,

    // Conversions to the instruction's type.
    Trunc "trunc" Any Pure,
    Zext "zext" Any Pure,
    Sext "sext" Any Pure,
    /// Out of range: any value, but no trap.
    Fptosi "fptosi" Any Pure,
    Fptoui "fptoui" Any Pure,
    Sitofp "sitofp" Any Pure,
    Uitofp "uitofp" Any Pure,
    Fpext "fpext" Any Pure,
    Fptrunc "fptrunc" Any Pure,
    Ptrtoint "ptrtoint" Any Pure,
    Inttoptr "inttoptr" Any Pure,
    /// Between an integer and a float of the same width, and between code and ptr.
    Bitcast "bitcast" Any Pure,

    // Memory.
    /// Type -> ptr: a zeroed object that may outlive the function; escape analysis turns it into `stackalloc`.
    Alloc "alloc" Go Alloc,
    /// Type -> ptr: a zeroed object of this activation. In the entry block it is one slot; elsewhere each execution
    /// zeroes it again, and the same slot is reused.
    StackAlloc "stackalloc" Any Alloc,
    /// Type -> ptr: as `stackalloc`, but what it holds at first is left over from whatever was there before.
    StackSlot "stackslot" Any Alloc,
    /// (ptr) -> T
    Load "load" Any Read,
    /// (ptr, value)
    Store "store" Any Effect,
    /// (ptr) -> T, exactly once and in order.
    VolatileLoad "volatile_load" Any Effect,
    /// (ptr, value)
    VolatileStore "volatile_store" Any Effect,
    /// (ptr, word) -> ptr
    PtrAdd "ptradd" Any Pure,
    /// Field; (ptr) -> ptr
    FieldAddr "fieldaddr" Any Pure,
    /// Type (of the element); (ptr, index word) -> ptr
    ElemAddr "elemaddr" Any Pure,

    // Aggregates as values.
    /// Int; (aggregate) -> field or element T
    Extract "extract" Any Pure,
    /// Int; (aggregate T, value) -> T
    Insert "insert" Any Pure,
    /// (fields or elements...) -> T
    Aggregate "aggregate" Any Pure,

    // Calls. The results are those of the signature.
    /// Func; (arguments...)
    Call "call" Any Effect,
    /// Signature; (code, arguments...)
    CallIndirect "call_indirect" Any Effect,
    /// Signature (without the context); (func value ptr, arguments...): calls the code that the record starts with
    /// and passes the record as a last argument. A nil func value panics.
    CallClosure "call_closure" Go Effect,
    /// Method, (interface, arguments...). A nil interface panics.
    CallMethod "call_method" Go Effect,
    /// Intrinsic; (arguments...) -> T
    Intrinsic "intrinsic" Any Effect,
    /// Asm; (operands...) -> T
    Asm "asm" Any Effect,

    // Go's own.
    /// Func; (captured values...) -> ptr: a record `{code, captured...}`; the function takes it as its last parameter.
    MakeClosure "make_closure" Go Alloc,
    /// Type (of the element); (len int, cap int) -> slice. Panics on bad lengths.
    MakeSlice "make_slice" Go Effect,
    /// Convert; (value) -> interface: boxes unless the type is pointer-shaped.
    MakeIface "make_iface" Go Alloc,
    /// Convert; (interface) -> interface with fewer methods.
    ChangeIface "change_iface" Go Pure,
    /// Assert; (interface) -> value, or value and i1.
    TypeAssert "type_assert" Go Effect,
    /// RType (of the interface); (interface) -> ptr: descriptor of the dynamic type, null for nil.
    IfaceType "iface_type" Go Read,
    /// Check; (a, b)
    Check "check" Go Effect,
    /// (ptr)
    NilCheck "nilcheck" Go Effect,
    /// (divisor): panics if it is zero.
    CheckDiv "check_div" Go Effect,
    /// (count): panics if it is negative.
    CheckShift "check_shift" Go Effect,
    /// (func value ptr of a func()): a new goroutine.
    Go "go" Go Effect,
    /// (func value ptr of a func()): run when the function returns or panics. With a second operand, the function
    /// is the one whose `defer_frame` that is.
    Defer "defer" Go Effect,
    /// () -> ptr: the activation of this function, for `defer` in others that are part of it.
    DeferFrame "defer_frame" Go Effect,
    /// (): run what was deferred, last first.
    RunDefers "run_defers" Go Effect,
    /// () -> interface
    Recover "recover" Go Effect,
    /// (interface): does not return.
    Panic "panic" Go Effect,

    // Terminators.
    /// Targets
    Jump "jump" Any End,
    /// Targets (then, else); (i1)
    Br "br" Any End,
    /// Switch; (integer)
    Switch "switch" Any End,
    /// (results...)
    Ret "ret" Any End,
    Unreachable "unreachable" Any End,
}

impl Op {
    pub fn is_terminator(self) -> bool {
        self.kind() == OpKind::End
    }
}

/// Which [`Aux`] an operation carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AuxKind {
    None,
    Int,
    Float,
    Func,
    Global,
    Type,
    Field,
    RType,
    Convert,
    Assert,
    Method,
    Cond,
    FloatCond,
    Check,
    Intrinsic,
    Signature,
    Asm,
    Targets,
    Switch,
}

impl Aux {
    pub fn kind(&self) -> AuxKind {
        match self {
            Aux::None => AuxKind::None,
            Aux::Int(_) => AuxKind::Int,
            Aux::Float(_) => AuxKind::Float,
            Aux::Func(_) => AuxKind::Func,
            Aux::Global(_) => AuxKind::Global,
            Aux::Type(_) => AuxKind::Type,
            Aux::Field(..) => AuxKind::Field,
            Aux::RType(_) => AuxKind::RType,
            Aux::Convert { .. } => AuxKind::Convert,
            Aux::Assert { .. } => AuxKind::Assert,
            Aux::Method { .. } => AuxKind::Method,
            Aux::Cond(_) => AuxKind::Cond,
            Aux::FloatCond(_) => AuxKind::FloatCond,
            Aux::Check { .. } => AuxKind::Check,
            Aux::Intrinsic(_) => AuxKind::Intrinsic,
            Aux::Signature(_) => AuxKind::Signature,
            Aux::Asm(_) => AuxKind::Asm,
            Aux::Targets(_) => AuxKind::Targets,
            Aux::Switch(_) => AuxKind::Switch,
        }
    }
}

impl Op {
    pub fn aux_kind(self) -> AuxKind {
        match self {
            Op::Iconst | Op::Extract | Op::Insert => AuxKind::Int,
            Op::Fconst => AuxKind::Float,
            Op::GlobalAddr => AuxKind::Global,
            Op::FuncAddr | Op::Call | Op::MakeClosure => AuxKind::Func,
            Op::RTypeAddr | Op::IfaceType => AuxKind::RType,
            Op::Icmp => AuxKind::Cond,
            Op::Fcmp => AuxKind::FloatCond,
            Op::Alloc | Op::StackAlloc | Op::StackSlot | Op::ElemAddr | Op::MakeSlice => AuxKind::Type,
            Op::FieldAddr => AuxKind::Field,
            Op::CallIndirect | Op::CallClosure => AuxKind::Signature,
            Op::CallMethod => AuxKind::Method,
            Op::Intrinsic => AuxKind::Intrinsic,
            Op::Asm => AuxKind::Asm,
            Op::MakeIface | Op::ChangeIface => AuxKind::Convert,
            Op::TypeAssert => AuxKind::Assert,
            Op::Check => AuxKind::Check,
            Op::Jump | Op::Br => AuxKind::Targets,
            Op::Switch => AuxKind::Switch,
            _ => AuxKind::None,
        }
    }

    /// The type of the result where the operation has only one possible.
    pub fn fixed_type(self) -> Option<Type> {
        match self {
            Op::Icmp | Op::Fcmp => Some(Type::I1),
            Op::GlobalAddr
            | Op::RTypeAddr
            | Op::Alloc
            | Op::StackAlloc
            | Op::StackSlot
            | Op::PtrAdd
            | Op::FieldAddr
            | Op::ElemAddr
            | Op::MakeClosure
            | Op::IfaceType => Some(Type::PTR),
            Op::FuncAddr => Some(Type::CODE),
            _ => None,
        }
    }
}

macro_rules! words {
    ($name:ident { $($variant:ident $text:literal,)* }) => {
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];
            /// The word of the text form.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
            pub fn from_word(word: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|item| item.word() == word)
            }
        }
    };
}

words!(Cond {
    Eq "eq",
    Ne "ne",
    Slt "slt",
    Sle "sle",
    Sgt "sgt",
    Sge "sge",
    Ult "ult",
    Ule "ule",
    Ugt "ugt",
    Uge "uge",
});

words!(FloatCond {
    Eq "eq",
    Ne "ne",
    Lt "lt",
    Le "le",
    Gt "gt",
    Ge "ge",
});

words!(Check {
    Index "index",
    SliceAlen "slice_alen",
    SliceAcap "slice_acap",
    SliceB "slice_b",
    Slice3Alen "slice3_alen",
    Slice3Acap "slice3_acap",
    Slice3B "slice3_b",
    Slice3C "slice3_c",
    SliceConvert "slice_convert",
});

words!(Intrinsic {
    Memcpy "memcpy",
    Memmove "memmove",
    Memzero "memzero",
    Ctz "ctz",
    Clz "clz",
    Popcount "popcount",
    ByteSwap "byte_swap",
    BitReverse "bit_reverse",
    RotateLeft "rotate_left",
    Sqrt "sqrt",
    Floor "floor",
    Ceil "ceil",
    TruncFloat "trunc_float",
    Fabs "fabs",
    CopySign "copy_sign",
    Fma "fma",
    AtomicLoad "atomic_load",
    AtomicStore "atomic_store",
    AtomicAdd "atomic_add",
    AtomicAnd "atomic_and",
    AtomicOr "atomic_or",
    AtomicSwap "atomic_swap",
    AtomicCas "atomic_cas",
    FrameAddress "frame_address",
    ReturnAddress "return_address",
    StackPointer "stack_pointer",
    Trap "trap",
    Fence "fence",
    KeepAlive "keep_alive",
    MemorySize "memory_size",
    MemoryGrow "memory_grow",
});

impl Cond {
    /// The condition that holds exactly when this one does not.
    pub fn inverse(self) -> Cond {
        match self {
            Cond::Eq => Cond::Ne,
            Cond::Ne => Cond::Eq,
            Cond::Slt => Cond::Sge,
            Cond::Sge => Cond::Slt,
            Cond::Sle => Cond::Sgt,
            Cond::Sgt => Cond::Sle,
            Cond::Ult => Cond::Uge,
            Cond::Uge => Cond::Ult,
            Cond::Ule => Cond::Ugt,
            Cond::Ugt => Cond::Ule,
        }
    }

    /// The condition on exchanged operands.
    pub fn swapped(self) -> Cond {
        match self {
            Cond::Eq | Cond::Ne => self,
            Cond::Slt => Cond::Sgt,
            Cond::Sgt => Cond::Slt,
            Cond::Sle => Cond::Sge,
            Cond::Sge => Cond::Sle,
            Cond::Ult => Cond::Ugt,
            Cond::Ugt => Cond::Ult,
            Cond::Ule => Cond::Uge,
            Cond::Uge => Cond::Ule,
        }
    }
}
