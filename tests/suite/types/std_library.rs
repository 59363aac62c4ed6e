//! The standard library has no errors: declarations and all bodies.

use super::{World, say};
use libtest_mimic::Failed;
use source::{Diagnostics, render};
use std::time::Instant;

const ROOTS: &[&str] = &["fmt", "sort", "strconv", "strings", "time"];

pub fn checks() -> Result<(), Failed> {
    let mut world = World::new();
    let packages = world.import(ROOTS)?;
    let (start, mut functions) = (Instant::now(), 0);
    for path in &packages {
        let id = world.known[path];
        world.checker.declare(id);
        for func in world.checker.store.package(id).funcs.clone() {
            world.checker.check_func_body(func);
            functions += 1;
        }
        world.checker.init_order(id);
    }
    let elapsed = start.elapsed();
    let mut collected = Diagnostics::default();
    collected.extend(&world.files, world.checker.take_errors());
    say(&format!(
        "types::std: {} packages, {} lines, {functions} functions checked in {elapsed:.2?}",
        packages.len(),
        world.lines
    ));
    if collected.has_errors() {
        return Err(render::package(&world.files, "std", &collected).into());
    }
    Ok(())
}
