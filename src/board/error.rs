//! What can go wrong between a board's name and its [`crate::Target`].

use std::fmt;

/// An error about a target. Its text names the file, the line and the field, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No board has this name.
    #[error("unknown target \"{name}\"{}", did_you_mean(.nearest, "; run \"tinygo targets\" for the list"))]
    Unknown { name: String, nearest: Vec<String> },
    /// A file cannot be read.
    #[error("{file}: {why}")]
    Read { file: String, why: String },
    /// Something in a YAML file is wrong.
    #[error("{place}: {message}")]
    Invalid { place: Place, message: String },
}

/// A place in a YAML file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// 1-based; 0 if the field is nowhere in the file.
    pub line: usize,
    /// Dotted path, as in `linker.script`; empty if the file as a whole is wrong.
    pub field: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.field.is_empty() {
            write!(f, ": {}", self.field)?;
        }
        Ok(())
    }
}

/// `; did you mean "a" or "b"?`, or the alternative where nothing is near.
pub(crate) fn did_you_mean(nearest: &[String], otherwise: &str) -> String {
    match nearest {
        [] => otherwise.to_owned(),
        [one] => format!("; did you mean \"{one}\"?"),
        [first @ .., last] => format!("; did you mean \"{}\" or \"{last}\"?", first.join("\", \"")),
    }
}
