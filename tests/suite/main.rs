//! Runs every suite of case files; `tests/README.md` is the manual.

use libtest_mimic::{Arguments, Trial};

fn main() {
    let args = Arguments::from_args();
    let trials: Vec<Trial> = Vec::new();
    libtest_mimic::run(&args, trials).exit();
}
