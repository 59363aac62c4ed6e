//! The text form of the IR: printer and reader.
//!
//! ```text
//! target ptr=4 int=4 align=8
//! level go
//! file "main.go"                              files, in order
//! loc !1 = 0:3:5                              file:line:column
//! loc !2 = 0:9:1 inlined !1 @main.add
//! interrupt 4 @main.tick
//! global @main.counter: i32 = 5
//! global @"main.f·str1": [5 x i8] = "hello" constant
//! global @_edata: i8 external
//!
//! rtype %main.T struct {i32, ptr} {
//!   string "main.T"
//!   field "next" "main" %*main.T 4
//! }
//!
//! func @main.add(v0: i32, v1: i32) -> i32 noinline !1 {
//! b0:
//!   v2 = add.i32 v0, v1 !2
//!   v3 = icmp slt v2, v0
//!   br v3, b1, b2(v2)
//! b1:
//!   v4, v5 = call.(i32, ptr) @main.two(v2)
//!   ret v4
//! b2(v6: i32):
//!   ret v6
//! }
//! func @extern_c(i32, ptr) -> i32
//! ```
//!
//! An instruction is its results, the mnemonic with the type of its results (left out where the operation has only
//! one), what it carries, its arguments, its location. `;` starts a comment. Names are quoted unless they consist of
//! letters, digits and `_ . / $ · * # -`. The reader numbers values and blocks anew, in the order in which they are
//! mentioned; reading what was printed and printing it again gives the same text.

mod lex;
mod print;
mod read;
mod read_items;

pub use print::{print_const, print_func, print_inst, print_program, print_type};
pub use read::read_program;

/// What is wrong with a text, and where (both from 1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    pub line: u32,
    pub col: u32,
    pub message: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.col, self.message)
    }
}

impl std::error::Error for Error {}

/// The flags of functions by their words, for printer and reader.
type Flag = (&'static str, fn(&mut crate::FuncAttrs) -> &mut bool);
const FUNC_FLAGS: &[Flag] = &[
    ("exported", |a| &mut a.exported),
    ("wasm_export", |a| &mut a.wasm_export),
    ("noinline", |a| &mut a.noinline),
    ("always_inline", |a| &mut a.always_inline),
    ("noreturn", |a| &mut a.noreturn),
    ("returns_twice", |a| &mut a.returns_twice),
    ("cold", |a| &mut a.cold),
    ("interrupt", |a| &mut a.interrupt),
    ("naked", |a| &mut a.naked),
    ("c_abi", |a| &mut a.c_abi),
    ("recovers", |a| &mut a.recovers),
    ("unrecovered", |a| &mut a.unrecovered),
    ("nobounds", |a| &mut a.nobounds),
    ("callback", |a| &mut a.callback),
    ("marker", |a| &mut a.marker),
    ("only_go", |a| &mut a.only_go),
    ("only_deferred", |a| &mut a.only_deferred),
    ("calls_only_go", |a| &mut a.calls_only_go),
    ("calls_only_deferred", |a| &mut a.calls_only_deferred),
    ("resumable", |a| &mut a.resumable),
    ("checks_stack", |a| &mut a.checks_stack),
];

/// Whether a name needs no quotes.
fn is_bare(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_name_char)
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || "_./$·*#-".contains(c)
}

#[cfg(test)]
mod tests;
