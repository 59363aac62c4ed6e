//! One link: what goes in, the arguments for lld, what comes out.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::error::{Error, Overflow};
use crate::lld::{self, Outcome};
use crate::section;
use crate::sizes::{self, Sizes};

/// Names of temporary files: wasm-ld's map, the archive with all objects.
const MAP: &str = "map";
const OBJECTS: &str = "objects.a";

/// Which of lld's drivers links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flavour {
    #[default]
    Elf,
    Wasm,
}

/// One object file, in memory.
#[derive(Clone, Debug)]
pub struct Object {
    /// What messages call it: an import path, a source file.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What is left out of the linked file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strip {
    #[default]
    Nothing,
    /// Debug information goes, symbols stay.
    Debug,
    /// Symbols and names go as well; in wasm also the custom sections `producers` and `target_features`.
    All,
}

/// Everything a link depends on.
#[derive(Clone, Debug, Default)]
pub struct Job {
    pub flavour: Flavour,
    /// Linked in this order.
    pub objects: Vec<Object>,
    /// Text of a linker script (ELF only). Firmware is linked with one, and then its segments are not aligned to
    /// pages in the file; a program for an operating system is linked without.
    pub script: Option<String>,
    /// Symbols set on the command line, as `--defsym=name=expression` (ELF only).
    pub defsyms: Vec<(String, String)>,
    /// The entry symbol; none: lld's default `_start`.
    pub entry: Option<String>,
    /// Further arguments for lld, as they are (`--gc-sections`, `--icf=all`, `-z`, `stack-size=65536` …).
    pub args: Vec<String>,
    pub strip: Strip,
    /// Where the linked file goes.
    pub output: PathBuf,
}

/// The linked file.
#[derive(Clone, Debug)]
pub struct Linked {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    pub sizes: Sizes,
    /// lld's warnings, one an item.
    pub warnings: Vec<String>,
}

/// Links `job` and writes `job.output`, which is untouched when the link fails.
pub fn link(job: &Job) -> Result<Linked, Error> {
    finish(job, run(job, &Files::of(job)?, job.script.as_deref(), &[])?)
}

/// Links a program with a section, the last one in memory, whose content depends on where lld puts all else: `make` gets
/// the linked program with all debug information.
pub fn link_with_section<E: From<Error>>(
    job: &mut Job,
    section: &str,
    make: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
) -> Result<Linked, E> {
    let files = Files::of(job)?;
    let strip = std::mem::take(&mut job.strip);
    let mut output = run(job, &files, job.script.as_deref(), &[])?;
    let content = make(&output.bytes)?;
    job.strip = strip;
    if job.strip != Strip::Nothing {
        output = run(job, &files, job.script.as_deref(), &[])?;
    }
    output.bytes = section::replace(output.bytes, section, &content).map_err(Error::Invalid)?;
    Ok(finish(job, output)?)
}

fn finish(job: &Job, output: Output) -> Result<Linked, Error> {
    let Output { bytes, zeroed, warnings } = output;
    let bytes = match (job.flavour, job.strip) {
        (Flavour::Wasm, Strip::All) => crate::image::wasm::without_custom(&bytes).map_err(Error::Invalid)?,
        _ => bytes,
    };
    let mut sizes = sizes::measure(&bytes).map_err(Error::Invalid)?;
    sizes.bss += zeroed;
    fs::write(&job.output, &bytes).map_err(|source| Error::io("write", &job.output, source))?;
    #[cfg(unix)]
    mark_executable(&job.output)?;
    Ok(Linked { path: job.output.clone(), bytes, sizes, warnings })
}

/// The sizes that a program would have on a chip with enough memory: links with every overflowing region of the
/// script enlarged, and writes nothing. For the table that stands beside [`Error::TooLarge`].
pub fn link_ignoring_overflow(job: &Job) -> Result<Sizes, Error> {
    let files = Files::of(job)?;
    let mut script = job.script.clone();
    // A larger flash can push a section that is loaded behind it; each round settles at least one region.
    for _ in 0..8 {
        match (run(job, &files, script.as_deref(), &["--noinhibit-exec"]), &script) {
            (Err(Error::TooLarge(overflows)), Some(text)) => {
                script = Some(enlarge(text, &overflows)?);
            }
            (Ok(output), _) => return sizes::measure(&output.bytes).map_err(Error::Invalid),
            (Err(error), _) => return Err(error),
        }
    }
    Err(Error::Invalid("the memory regions of the linker script cannot be enlarged enough".to_string()))
}

/// What lld made.
struct Output {
    bytes: Vec<u8>,
    /// Zeroed data that the file does not show (WebAssembly only).
    zeroed: u64,
    warnings: Vec<String>,
}

/// The objects of a job as lld finds them.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn of(job: &Job) -> Result<Files, Error> {
        let folder = tempfile::Builder::new().prefix("tinygo-link-").tempdir();
        let folder =
            folder.map_err(|source| Error::io("create a folder in", &std::env::temp_dir(), source))?;
        let magic: &[u8] = match job.flavour {
            Flavour::Elf => b"\x7fELF",
            Flavour::Wasm => b"\0asm",
        };
        if let Some(object) = job.objects.iter().find(|object| !object.bytes.starts_with(magic)) {
            return Err(Error::Invalid(format!("{} is no object file", object.name)));
        }
        let path = folder.path().join(OBJECTS);
        let file = fs::File::create(&path).and_then(|file| archive(io::BufWriter::new(file), &job.objects));
        file.map_err(|source| Error::io("write", &path, source))?;
        Ok(Files { folder })
    }
}

/// Writes all objects into one file: making and finding a file for each piece of a program takes longer than reading
/// it. An archive in the form that ar(5) describes, without a table of symbols.
fn archive(mut file: impl io::Write, objects: &[Object]) -> io::Result<()> {
    file.write_all(b"!<arch>\n")?;
    for (index, Object { bytes, .. }) in objects.iter().enumerate() {
        // Time, owner, group and mode are of no interest.
        let (name, size) = (format!("{index}.o/"), bytes.len());
        write!(file, "{name:<16}{:<12}{:<6}{:<6}{:<8}{size:<10}`\n", 0, 0, 0, 0)?;
        file.write_all(bytes)?;
        if size % 2 != 0 {
            file.write_all(b"\n")?;
        }
    }
    file.flush()
}

fn run(job: &Job, files: &Files, script: Option<&str>, more: &[&str]) -> Result<Output, Error> {
    let folder = &files.folder;
    let output = folder.path().join("output");
    let mut args = arguments(job, script, folder.path(), &output)?;
    args.extend(more.iter().map(|arg| arg.to_string()));
    let (outcome, text) = lld::run(&args);
    let text = restore_names(&text, folder.path(), &job.objects);
    match outcome {
        Outcome::Done => {
            let bytes = fs::read(&output).map_err(|source| Error::io("read", &output, source))?;
            let zeroed = match job.flavour {
                Flavour::Elf => 0,
                Flavour::Wasm => fs::read_to_string(folder.path().join(MAP)).map_or(0, |map| zeroed(&map)),
            };
            Ok(Output { bytes, zeroed, warnings: crate::error::warnings(&text)? })
        }
        Outcome::Failed => Err(Error::from_lld(&text)),
        Outcome::Crashed => Err(Error::Crashed(text)),
    }
}

fn arguments(job: &Job, script: Option<&str>, folder: &Path, output: &Path) -> Result<Vec<String>, Error> {
    let mut args: Vec<String> = Vec::new();
    let mut add = |arg: &str| args.push(arg.to_string());
    match job.flavour {
        Flavour::Elf => {
            add("ld.lld");
            add("--build-id=none");
            if let Some(text) = script {
                let path = folder.join("script.ld");
                fs::write(&path, text).map_err(|source| Error::io("write", &path, source))?;
                add("--nmagic");
                add("-T");
                add(&path.display().to_string());
            }
            for (name, value) in &job.defsyms {
                add(&format!("--defsym={name}={value}"));
            }
        }
        Flavour::Wasm => {
            add("wasm-ld");
            add(&format!("-Map={}", folder.join(MAP).display()));
            if script.is_some() || !job.defsyms.is_empty() {
                return Err(Error::Invalid("WebAssembly is linked without script and defsyms".to_string()));
            }
        }
    }
    // One thread: programs are small, and starting threads costs more than they save.
    for arg in ["--threads=1", "--error-limit=0", "--no-demangle", "--color-diagnostics=never"] {
        add(arg);
    }
    if let Some(entry) = &job.entry {
        add(&format!("--entry={entry}"));
    }
    match job.strip {
        Strip::Nothing => {}
        Strip::Debug => add("--strip-debug"),
        Strip::All => add("--strip-all"),
    }
    if job.flavour == Flavour::Wasm && job.strip == Strip::All {
        // Numbers of functions and addresses have five bytes in objects, however small they are. lld shortens them only
        // where no debug information knows the places in the code.
        add("--compress-relocations");
    }
    job.args.iter().for_each(|arg| add(arg));
    add("--whole-archive");
    add(&folder.join(OBJECTS).display().to_string());
    add("-o");
    add(&output.display().to_string());
    Ok(args)
}

/// The bytes of zeroed data in a map of wasm-ld, whose rows are address, offset, size (hexadecimal) and name.
fn zeroed(map: &str) -> u64 {
    let size = |line: &str| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [_, _, size, name] = columns.as_slice() else { return None };
        // Rows of input sections read `object:(.bss.name)`.
        name.starts_with(".bss").then(|| u64::from_str_radix(size, 16).ok())?
    };
    map.lines().filter_map(size).sum()
}

/// Messages name the objects as the caller does, not by their place in the archive: lld says `objects.a(7.o)`, or
/// `7.o:(.text) in archive objects.a`.
fn restore_names(text: &str, folder: &Path, objects: &[Object]) -> String {
    let archive = folder.join(OBJECTS).display().to_string();
    let lines = text.split_inclusive('\n').map(|line| {
        let mut line = line.to_string();
        if line.contains(&archive) {
            for (index, object) in objects.iter().enumerate() {
                line = line.replace(&format!("{archive}({index}.o)"), &object.name);
                line = line.replace(&format!(" {index}.o:("), &format!(" {}:(", object.name));
            }
        }
        line.replace(&format!(" in archive {archive}"), "")
    });
    lines.collect::<String>().replace(&format!("{}/", folder.display()), "")
}

/// The script with `LENGTH` of each named region grown by what it lacks.
fn enlarge(script: &str, overflows: &[Overflow]) -> Result<String, Error> {
    let mut script = script.to_string();
    for Overflow { region, by_bytes } in overflows {
        let at = length_of(&script, region).ok_or_else(|| {
            Error::Invalid(format!(
                "the linker script has no region {region} with a LENGTH in its MEMORY command"
            ))
        })?;
        script.insert_str(at, &format!(" {by_bytes} +"));
    }
    Ok(script)
}

/// Where the expression after `LENGTH =` of a region begins.
fn length_of(script: &str, region: &str) -> Option<usize> {
    let words = words(script);
    let memory = words.iter().position(|&(_, word)| word == "MEMORY")?;
    let mut rest = words[memory..].iter().skip_while(|&&(_, word)| word != region);
    rest.next()?;
    let mut rest = rest.skip_while(|&&(_, word)| !["LENGTH", "len", "l"].contains(&word));
    rest.next()?;
    let &(at, word) = rest.next()?;
    (word == "=").then_some(at + 1)
}

/// Words and single other characters of a linker script with their offsets, without blanks and comments.
fn words(script: &str) -> Vec<(usize, &str)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$');
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(c) = script[at..].chars().next() {
        let rest = &script[at..];
        let length = if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or(rest.len(), |end| end + 4)
        } else if is_word(c) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        if !c.is_whitespace() && !rest.starts_with("/*") {
            words.push((at, &rest[..length]));
        }
        at += length;
    }
    words
}

/// As a linker does; a program for this machine is to be run.
#[cfg(unix)]
fn mark_executable(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).map_err(|source| Error::io("read", path, source))?;
    let mode = metadata.permissions().mode();
    // Whoever may read it may run it.
    let permissions = fs::Permissions::from_mode(mode | ((mode & 0o444) >> 2));
    fs::set_permissions(path, permissions).map_err(|source| Error::io("change", path, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_region_grows() {
        let script = "/* RAM */ MEMORY\n{ FLASH (rx) : ORIGIN = 0, LENGTH = 32K\n RAM (rw) : ORIGIN = 0x800100, LENGTH = 2K }";
        let grown = enlarge(script, &[Overflow { region: "RAM".to_string(), by_bytes: 7 }]).unwrap();
        assert!(grown.ends_with("LENGTH = 7 + 2K }"), "{grown}");
        assert!(grown.contains("LENGTH = 32K"), "{grown}");
        assert!(enlarge(script, &[Overflow { region: "XRAM".to_string(), by_bytes: 7 }]).is_err());
    }
}
