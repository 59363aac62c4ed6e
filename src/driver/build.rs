//! The line from source to linked program.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use board::{Flavour, Target};
use link::{Job, Linked, Object, Sizes, Strip};
use load::{Graph, Request};
use source::{Diagnostic, Diagnostics, FileSet};
use types::{Checker, PackageId};

use crate::check_graph::package_source;
use crate::config::{Config, OptLevel};
use crate::error::Error;
use crate::listings::Listings;
use crate::output::{self, Output};
use crate::{builtins, directives, overlay, registers, test_imports, units, vectors};

/// A finished build.
pub struct Built {
    /// The linked file: ELF or wasm. For the outputs before linking, the object or the text.
    pub linked: Vec<u8>,
    /// What is made of it, if `-o` asked for an image.
    image: Option<Vec<u8>>,
    pub sizes: Option<Sizes>,
    /// Import paths by the folder of the source files.
    pub packages: BTreeMap<PathBuf, String>,
    /// The last element of the main package's path, or the name of its file: the default name of the output.
    pub name: String,
    pub warnings: Vec<String>,
    /// What each stage took, in order.
    pub times: Vec<(&'static str, Duration)>,
    /// The same of the passes of stage `opt`.
    pub pass_times: Vec<(&'static str, Duration)>,
    /// Texts that `-dump-ir` asked for: name of the pass, program.
    pub dumps: Vec<(String, String)>,
}

impl Built {
    /// What `-o` asked for.
    pub fn output(&self) -> &[u8] {
        self.image.as_deref().unwrap_or(&self.linked)
    }
}

/// Builds the program that the patterns name: at most one package, or Go files.
///
/// The order: our overlay needs the target; loading needs the overlay; checking wants every import checked before the
/// importer; IR is made of what main reaches only; passes see the whole program; LLVM gets what is left; the vector
/// table needs to know which interrupts the program handles; lld needs everything.
pub fn build(config: &Config, patterns: &[String], format: Output) -> Result<Built, Error> {
    build_with(config, patterns, load::Tests::None, None, format)
}

/// Builds the program that runs the tests of a package: these, or all if none are named.
pub fn build_tests(
    config: &Config,
    package: &str,
    kept: Option<&BTreeSet<String>>,
    format: Output,
) -> Result<Built, Error> {
    build_with(config, &[package.to_owned()], load::Tests::Main, kept, format)
}

fn build_with(
    config: &Config,
    patterns: &[String],
    tests: load::Tests,
    kept_tests: Option<&BTreeSet<String>>,
    format: Output,
) -> Result<Built, Error> {
    let mut clock = Clock::default();
    let work = work_folder()?;
    let overlay = overlay::overlay(config)?;
    clock.lap("overlay");

    let files = Arc::new(FileSet::default());
    let graph = load(config, patterns, &overlay, work.path(), &files, tests, kept_tests)?;
    clock.lap("load");

    let (mut checker, main) = check(config, &graph, &files)?;
    declares_main(&checker, main, &graph)?;
    clock.lap("check");

    let mut options = irgen_config(config)?;
    options.embeds = embeds(&graph);
    if kept_tests.is_some() {
        options.some_tests = true;
        options.init_when_used.extend(test_imports::named(&graph, &files));
    }
    if tests == load::Tests::Main {
        // What `testing.Testing` looks at.
        options.strings.insert("testing.testBinary".to_owned(), "1".to_owned());
    }
    let mut program = generate(&mut checker, main, &graph, &files, &options)?;
    clock.lap("irgen");

    let report = opt::run(&mut program, &opt_options(config)).map_err(|error| match error {
        opt::Error::NoSuchPass(_) => Error::Other(error.to_string()),
        error => Error::Internal(error.to_string()),
    })?;
    clock.lap("opt");
    let handlers = handlers(&program);

    let mut built = Built {
        linked: Vec::new(),
        image: None,
        sizes: None,
        packages: package_folders(&graph, &files),
        name: program_name(&graph, patterns, tests),
        warnings: graph.warnings.clone(),
        times: Vec::new(),
        pass_times: report.times,
        dumps: report.dumps.into_iter().map(|(pass, text)| (pass.to_owned(), text)).collect(),
    };
    let options = codegen_options(config, &program);
    match format {
        Output::LlvmIr => {
            built.linked = codegen::emit_llvm_ir(&program, &options).map_err(codegen_error)?.into_bytes();
        }
        Output::Object => built.linked = codegen::emit(&program, &options).map_err(codegen_error)?,
        Output::Bitcode => return Err(Error::Other("output .bc is not supported; use .ll or .o".to_owned())),
        Output::Linked | Output::Hex | Output::Bin | Output::Uf2 => {
            let whole = units::is_whole(config, kept_tests.is_some());
            let call_table = has_call_table(&program);
            let (objects, others) = rayon::join(
                || units::objects(&program, config, &options, whole),
                || other_objects(config, &handlers, call_table),
            );
            let (objects, others) = (objects?, others?);
            clock.lap("codegen");
            // They are large, and lld leaves the other threads alone.
            rayon::spawn(move || drop((checker, graph, files)));
            let linked = match link(config, objects, &others, call_table, work.path()) {
                // Nothing but the program as a whole helps a single test.
                Err(Error::TooLarge { .. }) if !whole && kept_tests.is_some_and(|kept| kept.len() == 1) => {
                    let objects = units::objects(&program, config, &options, true)?;
                    link(config, objects, &others, call_table, work.path())?
                }
                linked => linked?,
            };
            rayon::spawn(move || drop(program));
            clock.lap("link");
            if let Cow::Owned(image) = output::convert(&linked.bytes, format, &config.target)? {
                built.image = Some(image);
            }
            built.sizes = Some(linked.sizes);
            built.warnings = linked.warnings;
            built.linked = linked.bytes;
        }
    }
    clock.lap("output");
    built.times = clock.laps;
    if config.options.work {
        let kept = work.keep();
        built.warnings.push(format!("WORK={}", kept.display()));
    }
    Ok(built)
}

/// Loads the named package, which must be a program without syntax errors, and what it needs.
fn load(
    config: &Config,
    patterns: &[String],
    overlay: &load::Overlay,
    work: &Path,
    files: &FileSet,
    tests: load::Tests,
    kept_tests: Option<&BTreeSet<String>>,
) -> Result<Graph, Error> {
    let graph = load_graph(config, patterns, overlay, work, files, tests, kept_tests)?;
    for (package, errors) in &graph.errors {
        // A package with syntax errors is not checked for others.
        if errors.iter().any(Diagnostic::is_syntax_error) {
            let mut diagnostics = Diagnostics::default();
            diagnostics.extend(files, errors.iter().cloned());
            return Err(compile_error(files, &graph.packages[*package].path, &diagnostics));
        }
    }
    check_main(&graph)?;
    Ok(graph)
}

/// Loads the named packages, package runtime, and on boards package machine.
pub(crate) fn load_graph(
    config: &Config,
    patterns: &[String],
    overlay: &load::Overlay,
    work: &Path,
    files: &FileSet,
    tests: load::Tests,
    kept_tests: Option<&BTreeSet<String>>,
) -> Result<Graph, Error> {
    let mut implied = vec!["runtime".to_owned()];
    if config.target.is_baremetal() && overlay.packages.get("machine").is_some_and(|m| m.files.len() > 1) {
        implied.push("machine".to_owned());
    }
    let registers = registers::Registers::of(config);
    let make = |wanted: &_| registers.as_ref().map_or_else(|| Ok(Vec::new()), |r| r.generate(wanted));
    let listings = Listings { cache: &config.cache };
    let request = Request {
        generated: registers.as_ref().map(|r| load::Generated { path: r.package(), make: &make }),
        toolchain: &config.toolchain,
        dir: &config.dir,
        goos: &config.target.goos,
        goarch: &config.target.goarch,
        tags: &config.tags,
        overlay,
        work,
        flags: &config.options.mod_flags,
        patterns,
        implied: &implied,
        tests,
        kept_tests,
        trace: config.options.trace,
        listings: (!config.options.rebuild).then_some(&listings as &dyn load::Store),
    };
    Ok(load::load(&request, files)?)
}

/// A program has one main package.
fn check_main(graph: &Graph) -> Result<(), Error> {
    let mut named = graph.named();
    match (named.next(), named.next()) {
        (Some(main), None) if main.files.is_empty() => {
            Err(Error::Other(format!("no non-test Go files in {}", main.dir.display())))
        }
        (Some(main), None) if main.name == "main" => Ok(()),
        (Some(main), None) => {
            Err(Error::Other(format!("expected main package to have name \"main\", not {:?}", main.name)))
        }
        (Some(_), Some(_)) => {
            Err(Error::Other("name one package: a program has one main package".to_owned()))
        }
        (None, _) => Err(Error::Other("no package to build".to_owned())),
    }
}

/// Declares all packages and checks the user's in full.
pub(crate) fn check(
    config: &Config,
    graph: &Graph,
    files: &Arc<FileSet>,
) -> Result<(Checker, PackageId), Error> {
    let mut checker = Checker::new(files.clone(), sizes(&config.target));
    let mut ids: Vec<PackageId> = Vec::with_capacity(graph.packages.len());
    let mut main = None;
    for (i, package) in graph.packages.iter().enumerate() {
        if package.path == "unsafe" {
            ids.push(PackageId::UNSAFE);
            continue;
        }
        let imports: BTreeMap<String, PackageId> =
            package.imports.iter().map(|(path, &index)| (path.clone(), ids[index])).collect();
        let id = checker.add_package(package_source(package, imports, !package.standard));
        ids.push(id);
        if package.standard {
            checker.declare(id);
        } else {
            checker.check_all(id);
        }
        let mut errors = graph.errors_of(i);
        errors.append(&mut checker.take_errors());
        if !package.standard {
            directives::while_parsing(package, &mut errors);
        }
        if errors.is_empty() && !package.standard {
            errors = directives::after_types(package);
        }
        if !errors.is_empty() {
            say_who_imports(graph, &mut errors);
            let mut diagnostics = Diagnostics::default();
            diagnostics.extend(files, errors);
            return Err(compile_error(files, &package.path, &diagnostics));
        }
        if package.named {
            main = Some(id);
        }
    }
    let main = main.ok_or_else(|| Error::Other("no package to build".to_owned()))?;
    Ok((checker, main))
}

/// Adds the chain of imports to the first error in each package of the library: the target cannot have it, and the
/// mistake is not there but with who imports it.
fn say_who_imports(graph: &Graph, errors: &mut [Diagnostic]) {
    let mut seen = BTreeSet::new();
    for error in errors.iter_mut().filter(|error| error.related.is_empty()) {
        if let Some(package) = graph.package_at(error.pos)
            && graph.packages[package].standard
            && seen.insert(package)
        {
            let lines = graph.import_chain(package).into_iter();
            error.related.extend(lines.map(|line| (source::Pos::NONE, line)));
        }
    }
}

/// A program starts somewhere.
fn declares_main(checker: &Checker, main: PackageId, graph: &Graph) -> Result<(), Error> {
    let object = checker.store.package(main).lookup(source::Name::MAIN);
    if object.is_some_and(|object| checker.store.obj(object).func().is_some()) {
        return Ok(());
    }
    let path = graph.named().next().map_or("main", |package| package.path.as_str());
    Err(Error::Compile(format!("# {path}\nfunction main is undeclared in the main package")))
}

/// Typed source to IR.
pub(crate) fn generate(
    checker: &mut Checker,
    main: PackageId,
    graph: &Graph,
    files: &FileSet,
    options: &irgen::Config,
) -> Result<ir::Program, Error> {
    irgen::build(checker, files, main, options).map_err(|mut error| {
        say_who_imports(graph, &mut error.diagnostics);
        let mut diagnostics = Diagnostics::default();
        diagnostics.extend(files, error.diagnostics);
        let path = graph.named().next().map_or("main", |package| package.path.as_str());
        Error::Unavailable(source::render::package(files, path, &diagnostics))
    })
}

pub(crate) fn irgen_config(config: &Config) -> Result<irgen::Config, Error> {
    let triple = &config.target.llvm.triple;
    let is_one_of = |arches: &[&str]| arches.iter().any(|arch| triple.starts_with(arch));
    Ok(irgen::Config {
        init_when_used: overlay::init_when_used(config)?,
        missing: overlay::missing(config)?,
        wasm: config.is_wasm(),
        no_bounds: config.options.no_bounds,
        scheduler: config.scheduler != board::Scheduler::None,
        spins_yield: config.scheduler != board::Scheduler::None
            && !config.is_wasm()
            && !config.target.is_baremetal(),
        float_ops: irgen::FloatOps {
            sqrt: is_one_of(&["i386", "x86_64", "aarch64", "riscv64", "armv6", "wasm32"]),
            rounding: is_one_of(&["aarch64", "wasm32"]),
            fma: is_one_of(&["aarch64", "riscv64"]),
        },
        strings: config.options.set_strings.iter().cloned().collect(),
        ints: [
            ("runtime.stackSize".to_owned(), config.stack_size as i64),
            ("runtime.testStackSize".to_owned(), config.test_stack_size as i64),
            ("runtime.printsTrace".to_owned(), i64::from(!config.options.no_debug)),
        ]
        .into(),
        ..irgen::Config::new(layout(&config.target))
    })
}

/// The files that packages embed.
fn embeds(graph: &Graph) -> BTreeMap<String, irgen::Embeds> {
    let with_files = graph.packages.iter().filter(|package| !package.embed.is_empty());
    with_files
        .map(|package| {
            let path = crate::check_graph::path_in_source(package);
            (path, irgen::Embeds { dir: package.dir.clone(), files: package.embed.clone() })
        })
        .collect()
}

/// The interrupt handlers that are left, for the vector table.
fn handlers(program: &ir::Program) -> vectors::Handlers {
    let symbol = |func| codegen::symbol(program, func).to_owned();
    program.interrupts.iter().map(|(&number, &func)| (number as i32, symbol(func))).collect()
}

/// What is linked with every program for the target: vectors, start-up code, builtins; and the place for the table of
/// calls.
fn other_objects(
    config: &Config,
    handlers: &vectors::Handlers,
    call_table: bool,
) -> Result<Vec<Object>, Error> {
    let target = &config.target;
    let machine = machine(target);
    let assemble = |name: String, text: &str| -> Result<Object, Error> {
        Ok(Object { name, bytes: codegen::assemble(text, &machine).map_err(codegen_error)? })
    };
    let mut objects = Vec::new();
    if let Some(text) = vectors::table(target, handlers) {
        objects.push(assemble("interrupt vector".to_owned(), &text)?);
    }
    for source in &target.linker.assembly {
        let text = source.read(&config.root).map_err(Error::Root)?;
        objects.push(assemble(source.display(), &String::from_utf8_lossy(&text))?);
    }
    objects.extend(builtins::objects(config)?);
    if call_table {
        objects.push(assemble("call table".to_owned(), &link::trace::assembly())?);
    }
    Ok(objects)
}

fn link(
    config: &Config,
    mut objects: Vec<Object>,
    others: &[Object],
    call_table: bool,
    work: &Path,
) -> Result<Linked, Error> {
    objects.extend_from_slice(others);
    let target = &config.target;
    let mut job = Job {
        flavour: match target.linker.flavour {
            Flavour::Elf => link::Flavour::Elf,
            Flavour::Wasm => link::Flavour::Wasm,
        },
        objects,
        script: board::linker_script(target, &config.root).map_err(Error::Root)?,
        defsyms: target
            .linker
            .defsyms
            .iter()
            .map(|(name, value)| (name.clone(), format!("{value:#x}")))
            .collect(),
        entry: target.linker.entry.clone(),
        args: linker_args(config),
        strip: match (config.options.no_debug, config.is_wasm() || !target.is_baremetal()) {
            (false, _) => Strip::Nothing,
            (true, true) => Strip::All,
            (true, false) => Strip::Debug,
        },
        output: work.join("program"),
    };
    if let Some(trace) = config.options.trace {
        let tool = if job.flavour == link::Flavour::Wasm { "wasm-ld" } else { "ld.lld" };
        let names: Vec<&str> = job.objects.iter().map(|object| object.name.as_str()).collect();
        trace(&format!("{tool} {} -o {} {}", job.args.join(" "), job.output.display(), names.join(" ")));
    }
    let linked = if call_table {
        link::link_with_section(&mut job, link::trace::SECTION, |first| {
            link::trace::table(first).map_err(|e| Error::Internal(format!("call table: {e}")))
        })
    } else {
        link::link(&job).map_err(Error::Link)
    };
    let mut linked = linked.map_err(|error| match error {
        Error::Link(error @ link::Error::TooLarge(_)) => {
            Error::TooLarge { sizes: link::link_ignoring_overflow(&job).ok(), error }
        }
        error => error,
    })?;
    if target.build_tags.iter().any(|tag| tag == "rp2040") {
        link::image::rp2040::patch_boot2(&mut linked.bytes).map_err(Error::Image)?;
    }
    Ok(linked)
}

fn linker_args(config: &Config) -> Vec<String> {
    let target = &config.target;
    let mut args = target.linker.args.clone();
    if target.linker.flavour == Flavour::Wasm {
        // Elsewhere the linker script makes room. All goroutines run on the one stack.
        let size = target.main_stack.max(config.stack_size).next_multiple_of(16);
        args.extend(["-z".to_owned(), format!("stack-size={size}")]);
    }
    args
}

/// The layout rules of a target for the type checker.
pub(crate) fn sizes(target: &Target) -> types::Sizes {
    types::Sizes {
        pointer: u64::from(target.pointer_bits / 8),
        int: u64::from(target.int_bits / 8),
        max_align: u64::from(target.max_align),
    }
}

/// The same for the IR.
fn layout(target: &Target) -> ir::TargetLayout {
    ir::TargetLayout {
        ptr_bytes: u64::from(target.pointer_bits / 8),
        int_bytes: u64::from(target.int_bits / 8),
        max_align: u64::from(target.max_align),
    }
}

/// The target in LLVM's terms.
pub(crate) fn machine(target: &Target) -> codegen::Machine {
    let llvm = &target.llvm;
    codegen::Machine {
        triple: llvm.triple.clone(),
        cpu: llvm.cpu.clone(),
        features: llvm.features.clone(),
        abi: Some(llvm.abi.clone()).filter(|abi| !abi.is_empty()),
        code_model: match llvm.code_model {
            board::target::CodeModel::Medium => codegen::CodeModel::Medium,
            board::target::CodeModel::Large => codegen::CodeModel::Large,
            board::target::CodeModel::Small => codegen::CodeModel::Small,
            _ => codegen::CodeModel::Default,
        },
        reloc: match llvm.relocation {
            board::target::Relocation::Pic => codegen::Reloc::Pic,
            _ => codegen::Reloc::Static,
        },
    }
}

/// Whether the program looks at its own calls, or prints them.
fn has_call_table(program: &ir::Program) -> bool {
    program.globals.values().any(|global| global.symbol.as_deref() == Some(link::trace::SYMBOL))
}

fn codegen_options(config: &Config, program: &ir::Program) -> codegen::Options {
    codegen::Options {
        // The table is made from it.
        debug: !config.options.no_debug || has_call_table(program),
        exact_calls: program.func_named("runtime.callers").is_some(),
        ..machine_options(config)
    }
}

pub(crate) fn machine_options(config: &Config) -> codegen::Options {
    codegen::Options {
        machine: machine(&config.target),
        opt: match config.options.opt {
            OptLevel::None => codegen::Opt::None,
            OptLevel::O1 => codegen::Opt::O1,
            OptLevel::O2 => codegen::Opt::O2,
            OptLevel::Os => codegen::Opt::Size,
            OptLevel::Oz => codegen::Opt::MinSize,
        },
        debug: !config.options.no_debug,
        function_sections: true,
        library: false,
        exact_calls: false,
    }
}

/// Whether the linker script knows variables without pointers; the user's own may not.
fn separates(config: &Config) -> bool {
    let script = config.target.linker.script.as_ref().and_then(|script| script.read(&config.root).ok());
    script.is_some_and(|text| String::from_utf8_lossy(&text).contains(".noptrbss"))
}

pub(crate) fn opt_options(config: &Config) -> opt::Options {
    opt::Options {
        opt: match config.options.opt {
            OptLevel::None => opt::OptLevel::Zero,
            OptLevel::O1 => opt::OptLevel::One,
            OptLevel::O2 => opt::OptLevel::Two,
            OptLevel::Os => opt::OptLevel::S,
            OptLevel::Oz => opt::OptLevel::Z,
        },
        panic: match config.panic {
            board::PanicMode::Print => opt::Panic::Print,
            board::PanicMode::Trap => opt::Panic::Trap,
        },
        wasm: config.is_wasm(),
        separate: separates(config),
        dump: config.options.dump_ir.clone(),
        ..opt::Options::default()
    }
}

fn compile_error(files: &FileSet, path: &str, diagnostics: &Diagnostics) -> Error {
    Error::Compile(source::render::package(files, path, diagnostics))
}

pub(crate) fn codegen_error(error: codegen::Error) -> Error {
    Error::Internal(error.to_string())
}

/// The import path that the source files of a folder belong to.
fn package_folders(graph: &Graph, files: &FileSet) -> BTreeMap<PathBuf, String> {
    let mut folders = BTreeMap::new();
    for package in &graph.packages {
        for (id, _) in &package.files {
            if let Some(dir) = Path::new(&files.file(*id).path).parent() {
                folders.insert(dir.to_owned(), package.path.clone());
            }
        }
    }
    folders
}

/// What the program is called where nobody names it.
fn program_name(graph: &Graph, patterns: &[String], tests: load::Tests) -> String {
    if tests == load::Tests::Main {
        let path = graph.named().next().map_or("package.test", |main| main.path.as_str());
        return path.rsplit('/').next().unwrap_or(path).to_owned();
    }
    let from_file = patterns.iter().find(|pattern| pattern.ends_with(".go")).map(|pattern| {
        PathBuf::from(pattern)
            .file_stem()
            .map_or("main".to_owned(), |stem| stem.to_string_lossy().into_owned())
    });
    from_file
        .or_else(|| {
            let main = graph.named().next()?;
            Some(main.dir.file_name()?.to_string_lossy().into_owned())
        })
        .unwrap_or_else(|| "main".to_owned())
}

/// A temporary folder for the files of one build.
pub(crate) fn work_folder() -> Result<tempfile::TempDir, Error> {
    let folder = tempfile::Builder::new().prefix("tinygo-").tempdir();
    folder.map_err(|error| Error::io(Path::new("temporary folder"), error))
}

/// Takes the time of each stage.
struct Clock {
    last: Instant,
    laps: Vec<(&'static str, Duration)>,
}

impl Default for Clock {
    fn default() -> Clock {
        Clock { last: Instant::now(), laps: Vec::new() }
    }
}

impl Clock {
    fn lap(&mut self, stage: &'static str) {
        self.laps.push((stage, self.last.elapsed()));
        self.last = Instant::now();
    }
}
