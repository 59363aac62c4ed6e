//! What can go wrong in code generation, as data.

use std::fmt;

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Error {
    /// LLVM has no such target, or we have no conventions for it.
    UnknownTarget { triple: String, reason: String },
    /// The IR asks for something that the target cannot do.
    Unsupported { func: String, what: String },
    /// The generated module is not well formed: a mistake of this compiler or of the IR handed to it.
    Invalid { func: String, text: String },
    /// LLVM's own diagnostics: broken inline assembly, a value out of range and the like.
    Llvm(Vec<String>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::UnknownTarget { triple, reason } => {
                write!(f, "cannot generate code for {triple}: {reason}")
            }
            Error::Unsupported { func, what } => write!(f, "{func}: {what}"),
            Error::Invalid { func, text } => write!(f, "internal error: invalid code for {func}: {text}"),
            Error::Llvm(texts) => write!(f, "{}", texts.join("\n")),
        }
    }
}

impl std::error::Error for Error {}
