//! What can be wrong with a chip's description.

/// An error about a device file. Its text names the file and, where known, the place in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {message}")]
pub struct Error {
    pub file: String,
    pub message: String,
}

impl Error {
    pub(crate) fn new(file: &str, message: impl Into<String>) -> Error {
        Error { file: file.to_owned(), message: message.into() }
    }
}
