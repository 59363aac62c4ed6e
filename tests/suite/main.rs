//! Runs every suite of case files; `tests/README.md` is the manual.

mod flash;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let args = Arguments::from_args();
    let mut trials: Vec<Trial> = Vec::new();
    trials.extend(flash::trials());
    libtest_mimic::run(&args, trials).exit();
}
