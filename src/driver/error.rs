//! What can stop a build; every message says what, where, and what to do next.

use std::fmt;

/// An error that ends a build.
#[derive(Debug)]
pub enum Error {
    Root(std::io::Error),
    Board(board::Error),
    Load(load::Error),
    Device(String),
    /// Compile errors, rendered in Go's form, a block per package.
    Compile(String),
    /// The program reaches what its target cannot have; in the form of compile errors.
    Unavailable(String),
    /// A bug of this compiler: what it was doing, and what went wrong.
    Internal(String),
    Link(link::Error),
    /// The program does not fit; the table of its sizes is shown all the same.
    TooLarge {
        error: link::Error,
        sizes: Option<link::Sizes>,
    },
    Image(String),
    Io {
        path: String,
        error: std::io::Error,
    },
    /// A program, an engine or an emulator is missing: which, and how to get it.
    Missing {
        tool: String,
        hint: String,
    },
    /// Anything else, in words.
    Other(String),
}

impl Error {
    pub fn io(path: &std::path::Path, error: std::io::Error) -> Error {
        Error::Io { path: path.display().to_string(), error }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Root(error) => write!(f, "{error}"),
            Error::Board(error) => write!(f, "{error}"),
            Error::Load(error) => write!(f, "{error}"),
            Error::Device(text)
            | Error::Compile(text)
            | Error::Unavailable(text)
            | Error::Image(text)
            | Error::Other(text) => {
                write!(f, "{}", text.trim_end())
            }
            Error::Internal(text) => write!(
                f,
                "internal compiler error: {text}\nthis is a bug of tinygo; the program that shows it makes a good report"
            ),
            Error::Link(error) | Error::TooLarge { error, .. } => write!(f, "{error}"),
            Error::Io { path, error } => write!(f, "{path}: {error}"),
            Error::Missing { tool, hint } => write!(f, "{tool} not found: {hint}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<board::Error> for Error {
    fn from(error: board::Error) -> Error {
        Error::Board(error)
    }
}

impl From<link::Error> for Error {
    fn from(error: link::Error) -> Error {
        Error::Link(error)
    }
}

impl From<load::Error> for Error {
    fn from(error: load::Error) -> Error {
        Error::Load(error)
    }
}
