//! The `tinygo` command: the only crate that prints.

#![allow(clippy::print_stdout, clippy::print_stderr)] // this is where printing belongs

mod args;
mod board_port;
mod build;
mod check;
mod flash;
mod image;
mod info;
mod monitor;
mod options;
mod progress;
mod report;
mod run;
mod test;
mod test_events;
mod test_parts;

#[cfg(unix)]
use std::io::Write;

use args::Parsed;

/// The compiler makes and drops many small vectors.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SUCCESS: u8 = 0;
const FAILURE: u8 = 1;

fn main() {
    end_with_the_reader();
    let status = match args::parse(std::env::args_os()) {
        Ok(parsed) => dispatch(&parsed),
        Err(message) => {
            // Help that was asked for is no error.
            if message.use_stderr() {
                eprint!("{}", args::one_dash(&message.to_string()));
                FAILURE
            } else {
                print!("{}", args::one_dash(&message.to_string()));
                SUCCESS
            }
        }
    };
    end(status)
}

/// Ends without what the allocator and LLVM have set up for the end: they would tidy up memory that the system takes
/// back as it is, for a twentieth of the time that a small program's build takes.
#[cfg(unix)]
#[allow(unsafe_code)]
fn end(status: u8) -> ! {
    // As at the usual end, nobody is left to hear that this failed.
    let _ = std::io::stdout().flush();
    // SAFETY: all that a process has to be for this is to be there; it ends.
    unsafe { libc::_exit(status.into()) }
}

#[cfg(not(unix))]
fn end(status: u8) -> ! {
    std::process::exit(status.into())
}

/// `tinygo targets | head`: when nobody reads any more, there is nothing to say. The library's way of writing lines
/// panics then; the status is that of a command that the closed pipe ends.
fn end_with_the_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let message = panic.payload().downcast_ref::<String>();
        if message.is_some_and(|text| text.starts_with("failed printing to") && text.contains("Broken pipe"))
        {
            std::process::exit(128 + 13);
        }
        usual(panic);
    }));
}

/// Returns the exit status.
fn dispatch(parsed: &Parsed) -> u8 {
    if let Some(dir) = parsed.value("C")
        && let Err(error) = std::env::set_current_dir(dir)
    {
        eprintln!("-C {dir}: {error}");
        return FAILURE;
    }
    let result = match parsed.command.as_str() {
        "build" => build::command(parsed),
        "run" => run::command(parsed),
        "flash" => flash::command(parsed),
        "check" => check::command(parsed),
        "test" => test::command(parsed),
        "monitor" => monitor::command(parsed),
        "ports" => board_port::command(),
        "targets" => info::targets(),
        "info" => info::info(parsed),
        "env" => info::env(parsed),
        "version" => info::version(),
        "clean" => info::clean(),
        other => Err(anyhow::anyhow!("Unknown command: {other}; `tinygo help` lists the commands")),
    };
    match result {
        Ok(status) => status,
        Err(error) => {
            report::error(&error);
            FAILURE
        }
    }
}
