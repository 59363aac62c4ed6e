//! Files of Go's library, damaged, each checked among the others of its package: no panic, no hang, and whatever is
//! reported lies inside the files. All bodies of the damaged file are checked, those of the others every tenth time.
//!
//! `TINYGO_TEST_DAMAGE` says how many (1,000,000 takes some eight minutes of two cores in a release build), and
//! `TINYGO_TEST_DAMAGE_FROM` the number of the first, so that one input can be run again.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use libtest_mimic::{Failed, Trial};
use source::{Diagnostic, Diagnostics, FileSet, Pos, render};
use syntax::Mode;
use syntax::ast::File;
use types::{Checker, PackageId, PackageSource, Sizes};

use crate::syntax::fuzz::{Random, damage};

const DEFAULT_COUNT: u64 = 1500;

/// Far more than any of the inputs takes, even on a busy machine.
const TOO_LONG: Duration = Duration::from_secs(30);

/// The most memory that this may take.
const MEMORY: u64 = 1 << 30;

/// Packages whose files are damaged: small enough to be declared anew each time, and with everything in the language
/// among them.
const PACKAGES: [&str; 24] = [
    "bytes",
    "container/heap",
    "container/list",
    "context",
    "encoding/binary",
    "encoding/csv",
    "encoding/hex",
    "errors",
    "flag",
    "go/scanner",
    "go/token",
    "io",
    "iter",
    "log",
    "maps",
    "path",
    "slices",
    "sort",
    "strings",
    "sync",
    "text/scanner",
    "text/tabwriter",
    "unicode/utf8",
    "unique",
];

/// Every so many inputs the whole package is checked.
const WHOLE: u64 = 10;

/// Every so many inputs a thread starts again from the undamaged packages, so that nothing piles up.
const FRESH: u64 = 100;

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("check::damaged", run)]
}

/// The undamaged packages.
struct Library {
    files: Arc<FileSet>,
    checker: Checker,
    packages: Vec<Victim>,
}

/// A package to damage.
struct Victim {
    path: String,
    files: Vec<Arc<File>>,
    texts: Vec<Vec<u8>>,
    imports: BTreeMap<String, PackageId>,
}

fn library() -> Result<Library, String> {
    let toolchain = load::Toolchain::find().map_err(|error| error.to_string())?;
    let files = Arc::new(FileSet::default());
    let graph = super::load(&toolchain, ("linux", "amd64"), &PACKAGES, false, &files)?;
    let mut checker = Checker::new(files.clone(), Sizes::for_pointer_size(8));
    let mut ids = Vec::new();
    let mut packages = Vec::new();
    for package in &graph.packages {
        if package.path == "unsafe" {
            ids.push(PackageId::UNSAFE);
            continue;
        }
        let imports: BTreeMap<String, PackageId> =
            package.imports.iter().map(|(path, &index)| (path.clone(), ids[index])).collect();
        let trees: Vec<Arc<File>> = package.files.iter().map(|(_, file)| file.clone()).collect();
        if package.named {
            packages.push(Victim {
                path: package.path.clone(),
                files: trees.clone(),
                texts: package.files.iter().map(|(id, _)| files.file(*id).bytes.clone()).collect(),
                imports: imports.clone(),
            });
        }
        let id = checker.add_package(PackageSource {
            path: package.path.clone(),
            files: trees,
            imports,
            go_version: (1, toolchain.minor),
            is_user: false,
        });
        checker.declare(id);
        ids.push(id);
    }
    Ok(Library { files, checker, packages })
}

fn run() -> Result<(), Failed> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let count = number("TINYGO_TEST_DAMAGE").unwrap_or(DEFAULT_COUNT);
    let first = number("TINYGO_TEST_DAMAGE_FROM").unwrap_or(0);
    let library = Arc::new(library()?);
    let next = Arc::new(AtomicU64::new(first));
    let wrong: Arc<Mutex<Vec<String>>> = Arc::default();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    // What each thread is at, and since when.
    let mut workers = Vec::new();
    for _ in 0..threads {
        let at: Arc<Mutex<(u64, Instant)>> = Arc::new(Mutex::new((first, Instant::now())));
        let (library, next, wrong, place) = (library.clone(), next.clone(), wrong.clone(), at.clone());
        let work = move || work(&library, &next, first + count, &wrong, &place);
        // The stack that a main thread has.
        workers.push((std::thread::Builder::new().stack_size(8 << 20).spawn(work)?, at));
    }
    while workers.iter().any(|(thread, _)| !thread.is_finished()) {
        std::thread::sleep(Duration::from_millis(20));
        for (thread, at) in &workers {
            let (input, since) = *at.lock().unwrap_or_else(PoisonError::into_inner);
            if !thread.is_finished() && since.elapsed() > TOO_LONG {
                return Err(format!("input {input}: takes more than {TOO_LONG:?}").into());
            }
        }
    }
    let wrong = wrong.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(first) = wrong.first() {
        return Err(format!("{} of {count} inputs are wrong, for instance:\n{first}", wrong.len()).into());
    }
    let peak = super::peak_memory()?;
    super::say(&format!("check::damaged: {count} inputs, peak {} MB", peak >> 20));
    if peak > MEMORY && count > DEFAULT_COUNT {
        return Err("more than 1 GB".into());
    }
    Ok(())
}

fn work(
    library: &Library,
    next: &AtomicU64,
    end: u64,
    wrong: &Mutex<Vec<String>>,
    place: &Mutex<(u64, Instant)>,
) {
    let mut state: Option<(Arc<FileSet>, Checker)> = None;
    for done in 0.. {
        let input = next.fetch_add(1, Ordering::Relaxed);
        if input >= end {
            return;
        }
        *place.lock().unwrap_or_else(PoisonError::into_inner) = (input, Instant::now());
        if done % FRESH == 0 || state.is_none() {
            let files = Arc::new(library.files.fork());
            state = Some((files.clone(), library.checker.fork(files)));
        }
        let Some((files, checker)) = &mut state else { return };
        let outcome = catch_unwind(AssertUnwindSafe(|| exercise(library, files, checker, input)));
        let message = match outcome {
            Ok(Ok(())) => continue,
            Ok(Err(message)) => message,
            Err(_) => "panic".to_owned(),
        };
        // What a panic leaves behind is not to be gone on with.
        state = None;
        wrong.lock().unwrap_or_else(PoisonError::into_inner).push(format!("input {input}: {message}"));
    }
}

/// Damages a file, and checks its package in full.
fn exercise(
    library: &Library,
    files: &Arc<FileSet>,
    checker: &mut Checker,
    input: u64,
) -> Result<(), String> {
    let mut random = Random(input.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let victim = &library.packages[random.below(library.packages.len())];
    let which = random.below(victim.texts.len());
    let text = if random.below(2) == 0 {
        damage(&victim.texts[which], &mut random)
    } else {
        let other = &library.packages[random.below(library.packages.len())];
        exchange(&victim.texts[which], &other.texts[random.below(other.texts.len())], &mut random)
    };
    let id = files.add("damaged.go", "./damaged.go", text);
    let mut errors = Vec::new();
    let file = files.file(id);
    let tree = Arc::new(syntax::parse_file(&file, Mode::Full, &mut errors));
    let mut trees = victim.files.clone();
    trees[which] = tree;
    let package = checker.add_package(PackageSource {
        path: victim.path.clone(),
        files: trees,
        imports: victim.imports.clone(),
        go_version: (1, 27),
        is_user: true,
    });
    if input.is_multiple_of(WHOLE) {
        checker.check_all(package);
    } else {
        checker.declare(package);
        for func in checker.store.package(package).funcs.clone() {
            let pos = checker.store.obj(func).pos;
            if (file.base..=file.end().0).contains(&pos.0) {
                checker.check_func_body(func);
            }
        }
    }
    errors.extend(checker.take_errors());
    // Where nothing is written yet, whatever the numbers say.
    let is_inside = |pos: Pos| match files.file_of(pos) {
        Some(file) => pos.0 >= file.base && pos.0 <= file.end().0,
        None => false,
    };
    for Diagnostic { pos, message, related, .. } in &errors {
        if !is_inside(*pos) || related.iter().any(|(pos, _)| !is_inside(*pos)) {
            return Err(format!("outside of the files: {message}"));
        }
    }
    let mut diagnostics = Diagnostics::unlimited();
    diagnostics.extend(files, errors);
    std::hint::black_box(render::package(files, &victim.path, &diagnostics));
    Ok(())
}

/// Words and signs doubled, removed, swapped, and taken from another file.
fn exchange(text: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut words = split(text);
    let others = split(other);
    for _ in 0..=random.below(5) {
        let at = random.below(words.len());
        match random.below(5) {
            0 if words.len() > 1 => drop(words.remove(at)),
            1 => words.insert(at, words[at]),
            2 => {
                let with = random.below(words.len());
                words.swap(at, with);
            }
            3 => words[at] = words[random.below(words.len())],
            _ => words[at] = others[random.below(others.len())],
        }
    }
    words.concat()
}

/// A text cut into words and single signs; at least one piece.
fn split(text: &[u8]) -> Vec<&[u8]> {
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let pieces: Vec<&[u8]> = text.chunk_by(|a, b| is_word(a) && is_word(b)).collect();
    if pieces.is_empty() { vec![b"package"] } else { pieces }
}
