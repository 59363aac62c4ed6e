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

use std::process::ExitCode;

use args::Parsed;

/// The compiler makes and drops many small vectors.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    end_with_the_reader();
    match args::parse(std::env::args_os()) {
        Ok(parsed) => dispatch(&parsed),
        Err(message) => {
            // Help that was asked for is no error.
            if message.use_stderr() {
                eprint!("{}", args::one_dash(&message.to_string()));
                ExitCode::FAILURE
            } else {
                print!("{}", args::one_dash(&message.to_string()));
                ExitCode::SUCCESS
            }
        }
    }
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

fn dispatch(parsed: &Parsed) -> ExitCode {
    if let Some(dir) = parsed.value("C")
        && let Err(error) = std::env::set_current_dir(dir)
    {
        eprintln!("-C {dir}: {error}");
        return ExitCode::FAILURE;
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
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            report::error(&error);
            ExitCode::FAILURE
        }
    }
}
