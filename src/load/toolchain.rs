//! The installed Go.

use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use crate::error::{Error, NEWEST, OLDEST};

/// What `go env` tells about the Go on the PATH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    /// The go command: `go`, or where it is.
    pub command: PathBuf,
    pub goroot: PathBuf,
    pub gopath: PathBuf,
    /// `go1.27.3`
    pub version: String,
    /// The N of `go1.N`.
    pub minor: u32,
    pub goos: String,
    pub goarch: String,
    /// `sse2` or `softfloat`; empty unless GOARCH is 386.
    pub go386: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
struct Env {
    goroot: PathBuf,
    gopath: PathBuf,
    goversion: String,
    goos: String,
    goarch: String,
    #[serde(default)]
    go386: String,
}

impl Toolchain {
    /// Asks the `go` on the PATH. GOOS and GOARCH of the environment choose the host that is reported.
    pub fn find() -> Result<Toolchain, Error> {
        Toolchain::at("go".into())
    }

    /// Asks this go command.
    pub fn at(command: PathBuf) -> Result<Toolchain, Error> {
        let output = Command::new(&command)
            .args(["env", "-json", "GOROOT", "GOPATH", "GOVERSION", "GOOS", "GOARCH", "GO386"])
            .output()
            .map_err(|_| Error::NoGo)?;
        if !output.status.success() {
            return Err(Error::Go {
                command: "go env".to_owned(),
                text: String::from_utf8_lossy(&output.stderr).into_owned(),
            });
        }
        let env: Env = serde_json::from_slice(&output.stdout).map_err(|error| Error::Go {
            command: "go env".to_owned(),
            text: format!(
                "what it prints is not understood ({error}); is another program named go first in PATH?"
            ),
        })?;
        let minor = minor_version(&env.goversion)
            .filter(|minor| (OLDEST..=NEWEST).contains(minor))
            .ok_or_else(|| Error::Version(env.goversion.clone()))?;
        Ok(Toolchain {
            command,
            goroot: env.goroot,
            gopath: env.gopath,
            version: env.goversion,
            minor,
            goos: env.goos,
            goarch: env.goarch,
            go386: env.go386,
        })
    }
}

/// The N of `go1.N`, `go1.N.M`, `go1.Nrc1` or `devel go1.N-…`.
pub fn minor_version(version: &str) -> Option<u32> {
    let rest = &version[version.find("go1.")? + 4..];
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        assert_eq!(minor_version("go1.27.3"), Some(27));
        assert_eq!(minor_version("go1.26rc1"), Some(26));
        assert_eq!(minor_version("devel go1.28-abcdef"), Some(28));
        assert_eq!(minor_version("go2"), None);
        assert_eq!(minor_version(""), None);
    }
}
