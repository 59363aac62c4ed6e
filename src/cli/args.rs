//! Arguments: Go's flags have one dash; both `-flag v` and `-flag=v` work, and so do two dashes.

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command};

/// The command line, taken apart.
pub struct Parsed {
    pub command: String,
    matches: clap::ArgMatches,
}

impl Parsed {
    /// The value of a flag; none if it was not given, or the command does not have it.
    pub fn value(&self, flag: &str) -> Option<&str> {
        self.matches.try_get_one::<String>(flag).ok().flatten().map(String::as_str)
    }

    pub fn flag(&self, flag: &str) -> bool {
        self.matches.try_get_one::<bool>(flag).ok().flatten().copied().unwrap_or(false)
    }

    /// What is not a flag: packages, files, and for `run` the program's own arguments.
    pub fn positional(&self) -> Vec<String> {
        self.matches.get_many::<String>("args").map(|args| args.cloned().collect()).unwrap_or_default()
    }
}

struct Flag {
    name: &'static str,
    /// Name of the value in the help; empty for booleans.
    value: &'static str,
    help: &'static str,
}

const fn flag(name: &'static str, value: &'static str, help: &'static str) -> Flag {
    Flag { name, value, help }
}

/// The flags of all commands that build.
const BUILD: &[Flag] = &[
    flag(
        "target",
        "board",
        "board, chip or system to build for: a name (see tinygo targets) or a .yaml file",
    ),
    flag("o", "file", "output file; its suffix chooses the format: .elf .hex .bin .uf2 .wasm .o .ll"),
    flag("opt", "level", "optimise: 0, 1, 2, s, z (default z: smallest)"),
    flag("gc", "gc", "garbage collector: none, leaking, conservative, precise"),
    flag("scheduler", "scheduler", "goroutine scheduler: none, tasks, cores, asyncify"),
    flag("panic", "strategy", "what a panic does: print, trap"),
    flag("serial", "port", "where print goes: none, uart, usb, rtt"),
    flag("stack-size", "bytes", "stack of a goroutine, for example 8KB"),
    flag("size", "form", "print the sizes of the program: none, short, full"),
    flag("tags", "tags", "further build tags, separated by spaces or commas"),
    flag("ldflags", "flags", "-X pkg.Name=value sets a string variable"),
    flag("mod", "mode", "module download mode, passed on to go: readonly, vendor, mod"),
    flag("overlay", "file", "JSON file that says which files stand for which, as in go build"),
    flag("no-debug", "", "leave out debug information"),
    flag("a", "", "make everything anew: take nothing that earlier builds have kept, and keep nothing"),
    flag("nobounds", "", "do not check indices"),
    flag("x", "", "print what is done"),
    flag("work", "", "print the temporary folder and keep it"),
    flag("timing", "", "print what each stage of the build took"),
    flag("dump-ir", "pass", "print the IR after a pass (\"all\": after every pass)"),
    flag("p", "n", "parallel jobs"),
];

/// The flags of `check`: those that decide which files are meant, and how errors are shown.
const CHECK: &[Flag] = &[
    flag("e", "", "print all errors, not only the first ten of a package"),
    flag("json", "", "print the errors as JSON to standard output, an object for each"),
    flag("pretty", "", "print the errors with their source lines"),
    flag("test", "", "check the packages with their tests"),
    flag("target", "board", "board, chip or system to check for: a name (see tinygo targets) or a file"),
    flag("tags", "tags", "further build tags, separated by spaces or commas"),
    flag("mod", "mode", "module download mode, passed on to go: readonly, vendor, mod"),
    flag("overlay", "file", "JSON file that says which files stand for which, as in go build"),
    flag("gc", "gc", "garbage collector, which is a build tag: none, leaking, conservative, precise"),
    flag("scheduler", "scheduler", "goroutine scheduler, also a build tag: none, tasks, cores, asyncify"),
    flag("serial", "port", "where print goes, also a build tag: none, uart, usb, rtt"),
    flag("x", "", "print what is done"),
    flag("timing", "", "print what each stage took"),
    flag("p", "n", "parallel jobs"),
];

/// The flags of `test` beside those of all builds; most are passed on to the test program.
const TEST: &[Flag] = &[
    flag("v", "", "print all tests as they run"),
    flag("json", "", "print events in JSON, one a line, as go tool test2json describes them"),
    flag("run", "regexp", "run only the tests, examples and fuzz tests that match"),
    flag("skip", "regexp", "do not run the tests that match"),
    flag("list", "regexp", "list the tests that match instead of running them"),
    flag("count", "n", "run each test n times"),
    flag("short", "", "tell long-running tests to be short"),
    flag("failfast", "", "start no further tests after the first that fails"),
    flag("timeout", "duration", "end a test program that runs longer (default 10m; 0: never)"),
    flag("bench", "regexp", "run the benchmarks that match"),
    flag("benchmem", "", "print what benchmarks allocate"),
    flag("benchtime", "time", "run each benchmark for this long, or so many times: 2s, 100x"),
    flag("shuffle", "mode", "run the tests in random order: off, on, or a number to start from"),
    flag("parallel", "n", "how many tests that call t.Parallel run at once"),
    flag("cpu", "list", "run everything with each of these values of GOMAXPROCS"),
    flag("fullpath", "", "print whole paths in messages of tests"),
    flag("c", "", "compile the test program, but do not run it"),
];

const BOARD: &[Flag] = &[
    flag("port", "port", "serial port of the board, or several separated by commas"),
    flag("baudrate", "baud", "baud rate of the monitor"),
    flag("monitor", "", "show what the board prints after flashing"),
    flag("programmer", "method", "flash method instead of the board's own"),
    flag("timeout", "duration", "how long to wait for a UF2 volume (default 20s)"),
];

/// Name, what it does, usage of its arguments, its flags.
const COMMANDS: &[(&str, &str, &str, &[&[Flag]])] = &[
    ("build", "compile a package", "[package or files]", &[BUILD]),
    (
        "run",
        "compile a package and run it, in the target's emulator if it is a board",
        "package [arguments]",
        &[BUILD],
    ),
    (
        "flash",
        "compile a package, or take a .hex, .bin, .uf2 or .elf file, and program the board with it",
        "[package, files or image]",
        &[BUILD, BOARD],
    ),
    (
        "check",
        "report all errors of packages, as go build does, without building",
        "[packages or files]",
        &[CHECK],
    ),
    (
        "test",
        "build and run the tests of packages, as go test does",
        "[packages] [-args arguments]",
        &[BUILD, TEST],
    ),
    ("monitor", "show what the board prints, and send it what is typed", "", &[BUILD, BOARD]),
    ("ports", "list the serial ports and the boards behind them", "", &[]),
    ("targets", "list the boards and systems", "", &[]),
    ("info", "show what a target stands for", "[target]", &[BUILD, &[flag("json", "", "print JSON")]]),
    ("env", "print the environment of the compiler", "[names]", &[]),
    ("clean", "empty the cache", "", &[]),
    ("version", "print the version", "", &[]),
];

fn command() -> Command {
    let mut root = Command::new("tinygo")
        .about("Go for microcontrollers, WebAssembly and small native programs")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(false);
    for (name, about, usage, groups) in COMMANDS {
        let mut sub = Command::new(name).about(about);
        sub = sub.arg(argument(&flag("C", "dir", "change to this folder first")));
        for flag in groups.iter().copied().flatten() {
            sub = sub.arg(argument(flag));
        }
        let mut rest = Arg::new("args").action(ArgAction::Append).value_name(*usage).hide(usage.is_empty());
        rest = if *name == "run" {
            rest.trailing_var_arg(true).allow_hyphen_values(true).num_args(0..)
        } else {
            rest.num_args(0..)
        };
        root = root.subcommand(sub.arg(rest));
    }
    root
}

fn argument(flag: &Flag) -> Arg {
    let arg = Arg::new(flag.name).long(flag.name).help(flag.help);
    if flag.value.is_empty() {
        arg.num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .hide_possible_values(true)
            .value_name("bool")
            .value_parser(clap::value_parser!(bool))
    } else {
        arg.value_name(flag.value).allow_hyphen_values(true)
    }
}

/// Parses the command line; the error is text for the user, help included.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Parsed, clap::Error> {
    let args: Vec<String> = args.into_iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let matches = command().try_get_matches_from(two_dashes(args))?;
    let (name, matches) = matches.subcommand().expect("clap demands a subcommand");
    Ok(Parsed { command: name.to_owned(), matches: matches.clone() })
}

/// The text of help and errors with flags as Go writes them: one dash.
pub fn one_dash(text: &str) -> String {
    text.replace("      --", "       -")
        .replace("'--", "'-")
        .replace(" --", " -")
        .replace("[--", "[-")
        .replace("-help'", "-h'")
}

/// Turns `-flag` into `--flag`, up to the first argument of the program that `run` starts.
fn two_dashes(args: Vec<String>) -> Vec<String> {
    let is_run = args.get(1).is_some_and(|command| command == "run");
    let is_test = args.get(1).is_some_and(|command| command == "test");
    let mut done = Vec::with_capacity(args.len());
    let mut rest = args.into_iter();
    while let Some(arg) = rest.next() {
        if is_test && matches!(arg.as_str(), "-args" | "--args") {
            done.push("--".to_owned());
            done.push("--args".to_owned());
            done.extend(rest);
            break;
        }
        let is_flag = arg.len() > 1 && arg.starts_with('-') && !arg.starts_with("--");
        if is_flag && arg != "-h" {
            let takes_value = !arg.contains('=') && value_flags().any(|name| name == &arg[1..]);
            done.push(format!("-{arg}"));
            if takes_value {
                done.extend(rest.next());
            }
            continue;
        }
        let is_positional = !arg.starts_with('-') && done.len() > 1;
        done.push(arg);
        // What follows the package belongs to the program. (Several .go files make one package.)
        if is_run && is_positional && !done.last().is_some_and(|arg| arg.ends_with(".go")) {
            done.extend(rest);
            break;
        }
    }
    done
}

fn value_flags() -> impl Iterator<Item = &'static str> {
    BUILD
        .iter()
        .chain(BOARD)
        .chain(CHECK)
        .chain(TEST)
        .filter(|flag| !flag.value.is_empty())
        .map(|flag| flag.name)
        .chain(["C"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Parsed {
        match parse(line.split(' ').map(OsString::from)) {
            Ok(parsed) => parsed,
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn one_dash_and_two() {
        for line in ["tinygo build -target=arduino -o x.hex .", "tinygo build --target arduino --o=x.hex ."] {
            let p = parsed(line);
            assert_eq!(p.value("target"), Some("arduino"));
            assert_eq!(p.value("o"), Some("x.hex"));
            assert_eq!(p.positional(), ["."]);
            assert!(!p.flag("x"));
        }
        assert!(parsed("tinygo build -x .").flag("x"));
        assert!(!parsed("tinygo build -no-debug=false .").flag("no-debug"));
        assert_eq!(parsed("tinygo build -ldflags -X_main.v=-1 .").value("ldflags"), Some("-X_main.v=-1"));
    }

    #[test]
    fn a_program_keeps_its_arguments() {
        let p = parsed("tinygo run -target=wasip1 ./cmd -v --deep x");
        assert_eq!(p.positional(), ["./cmd", "-v", "--deep", "x"]);
        assert_eq!(p.value("target"), Some("wasip1"));
    }

    #[test]
    fn a_test_program_gets_what_follows_args() {
        let p = parsed("tinygo test -run X ./... -v -args -v y");
        assert_eq!(p.positional(), ["./...", "--args", "-v", "y"]);
        assert_eq!(p.value("run"), Some("X"));
        assert!(p.flag("v"));
    }

    #[test]
    fn the_definition_is_sound() {
        command().debug_assert();
    }
}
