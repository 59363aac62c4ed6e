//! Runs `go list` and reads what it says about packages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::error::Error;

/// A package as `go list -json` prints it: the fields that we ask for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Listed {
    #[serde(default)]
    pub dir: PathBuf,
    pub import_path: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub standard: bool,
    /// Only there as a dependency, not named on the command line.
    #[serde(default)]
    pub dep_only: bool,
    #[serde(default)]
    pub go_files: Vec<String>,
    #[serde(default)]
    pub cgo_files: Vec<String>,
    /// Assembly.
    #[serde(default)]
    pub s_files: Vec<String>,
    #[serde(default)]
    pub embed_files: Vec<String>,
    #[serde(default)]
    pub imports: Vec<String>,
    /// Import path in the source to the package meant, where they differ (vendoring).
    #[serde(default)]
    pub import_map: BTreeMap<String, String>,
    pub module: Option<Module>,
    /// The package whose tests this is a variant for (with `-test`).
    #[serde(default)]
    pub for_test: String,
    pub error: Option<ListError>,
    #[serde(default)]
    pub deps_errors: Vec<ListError>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Module {
    pub path: String,
    pub go_version: Option<String>,
    #[serde(default)]
    pub main: bool,
}

#[derive(Debug, Deserialize, Clone)]
#[serde(rename_all = "PascalCase")]
pub struct ListError {
    #[serde(default)]
    pub import_stack: Vec<String>,
    #[serde(default)]
    pub pos: String,
    #[serde(default)]
    pub err: String,
}

const FIELDS: &str = "-json=Dir,ImportPath,Name,Standard,DepOnly,GoFiles,CgoFiles,SFiles,EmbedFiles,Imports,ImportMap,\
                      Module,ForTest,Error,DepsErrors";

/// What to ask.
pub struct Query<'a> {
    /// The go command.
    pub go: &'a Path,
    pub dir: &'a Path,
    pub goos: &'a str,
    pub goarch: &'a str,
    pub tags: &'a [String],
    pub overlay: Option<&'a Path>,
    /// Packages with their tests, and the packages of external tests.
    pub tests: bool,
    /// Passed on as they are: `-mod=vendor`, `-modfile=…`.
    pub flags: &'a [String],
    pub patterns: &'a [String],
    /// Told the command before it runs.
    pub trace: Option<fn(&str)>,
}

/// What a go list printed: objects, and what it says besides (warnings, downloads).
type Answer<T> = (Vec<T>, Vec<String>);

/// The packages that the patterns name, and all that they import, dependencies first.
pub fn list(query: &Query) -> Result<Answer<Listed>, Error> {
    let (text, said) = ask(query)?;
    Ok((parse(&text)?, said))
}

/// The same as text, which [`parse`] reads.
pub fn ask(query: &Query) -> Result<(Vec<u8>, Vec<String>), Error> {
    let test: &[&str] = if query.tests { &["-test"] } else { &[] };
    run(query, &[&["list", "-e", "-deps", FIELDS], test].concat())
}

fn run(query: &Query, words: &[&str]) -> Result<(Vec<u8>, Vec<String>), Error> {
    let mut command = Command::new(query.go);
    command.current_dir(query.dir).args(words);
    command.arg(format!("-tags={}", query.tags.join(",")));
    if let Some(overlay) = query.overlay {
        command.arg(format!("-overlay={}", overlay.display()));
    }
    command.args(query.flags).arg("--").args(query.patterns);
    command.env("GOOS", query.goos).env("GOARCH", query.goarch).env("CGO_ENABLED", "0");
    if let Some(trace) = query.trace {
        trace(&spelled(&command));
    }
    let output = command.output().map_err(|_| Error::NoGo)?;
    let text = String::from_utf8_lossy(&output.stderr);
    let said = text.lines().map(str::to_owned).collect();
    if !output.status.success() {
        // Without a package there is nothing to print in JSON: bad flags, no go.mod, a go.mod that asks for too much.
        return Err(Error::Packages(said));
    }
    Ok((output.stdout, said))
}

/// Reads the objects that go list prints.
pub fn parse<T: serde::de::DeserializeOwned>(text: &[u8]) -> Result<Vec<T>, Error> {
    let objects = serde_json::Deserializer::from_slice(text).into_iter::<T>();
    let failed =
        |error: serde_json::Error| Error::Go { command: "go list".to_owned(), text: error.to_string() };
    objects.map(|object| object.map_err(failed)).collect()
}

/// A package of the patterns of `tinygo test`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tested {
    pub import_path: String,
    #[serde(default)]
    pub dir: PathBuf,
    #[serde(default)]
    test_go_files: Vec<String>,
    #[serde(default)]
    x_test_go_files: Vec<String>,
    error: Option<ListError>,
}

impl Tested {
    pub fn has_tests(&self) -> bool {
        !self.test_go_files.is_empty() || !self.x_test_go_files.is_empty()
    }

    /// Why there is no such package.
    pub fn error(&self) -> Option<&str> {
        self.error.as_ref().map(|error| error.err.as_str())
    }
}

/// The packages that the patterns name, and whether they have tests.
pub fn list_tested(query: &Query) -> Result<Vec<Tested>, Error> {
    let fields = "-json=ImportPath,Dir,TestGoFiles,XTestGoFiles,Error";
    parse(&run(query, &["list", "-e", fields])?.0)
}

/// A command as one could type it: the variables that are set for it, then its words.
fn spelled(command: &Command) -> String {
    let mut words: Vec<String> = command
        .get_envs()
        .filter_map(|(name, value)| Some(format!("{}={}", name.to_str()?, value?.to_str()?)))
        .collect();
    words.push(command.get_program().to_string_lossy().into_owned());
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    words.join(" ")
}

/// The messages of all packages, each once, in the go command's form.
pub fn messages(listed: &[Listed]) -> Vec<String> {
    let mut messages: Vec<String> = Vec::new();
    for package in listed {
        for error in package.error.iter().chain(&package.deps_errors) {
            let message = message(listed, error);
            if !messages.contains(&message) {
                messages.push(message);
            }
        }
    }
    messages
}

/// A message with its place, or with the imports that led there where the go command shows these.
fn message(listed: &[Listed], error: &ListError) -> String {
    let ListError { import_stack, pos, err } = error;
    if err.contains("import cycle not allowed") && !import_stack.is_empty() {
        let mut text = format!("package {}", import_stack[0]);
        for pair in import_stack.windows(2) {
            text += &format!("\n\timports {}", pair[1]);
            if let Some(file) = importing_file(listed, &pair[0], &pair[1]) {
                text += &format!(" from {file}");
            }
        }
        return format!("{text}: {err}");
    }
    if err.starts_with("use of internal package") && !import_stack.is_empty() {
        let place = if pos.is_empty() { String::new() } else { format!("\n\t{pos}") };
        return format!("package {}{place}: {err}", import_stack.join("\n\timports "));
    }
    if pos.is_empty() { err.clone() } else { format!("{pos}: {err}") }
}

/// The first file of a package that imports another one.
fn importing_file<'a>(listed: &'a [Listed], package: &str, import: &str) -> Option<&'a str> {
    let package = listed.iter().find(|listed| listed.import_path == package)?;
    let imports = |name: &&String| {
        let text = std::fs::read_to_string(package.dir.join(name)).unwrap_or_default();
        text.contains(&format!("\"{import}\""))
    };
    package.go_files.iter().find(imports).map(String::as_str)
}
