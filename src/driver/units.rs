//! How a program is cut for LLVM, which works on the pieces in parallel, and whose work is kept from build to build.
//!
//! An object file is kept under a hash of all that it was made from, so after an edit LLVM sees what the edit has
//! changed and nothing else. Functions of different pieces are not inlined into each other any more (our own passes
//! have done so before), which costs some size. So programs that are to be small are left whole: those for boards,
//! and those without debug information. The tests of a package on a board are cut all the same, as they often are many
//! programs that differ by little; one that does not fit is made again as a whole.

use codegen::{Definitions, Part};
use ir::{Const, FuncId, GlobalId, Program};
use link::Object;
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::build::codegen_error;
use crate::cache::{Key, KeyBuilder};
use crate::config::Config;
use crate::error::Error;

/// What a piece weighs on average, in instructions: LLVM takes some 30 ms for them. The less, the less is done again
/// after an edit; the more, the less is done twice in a build of everything.
const WEIGHT: usize = 600;

/// Entries of the cache.
const KIND: &str = "units";

/// Some of the functions and globals.
#[derive(Default)]
struct Piece {
    funcs: Vec<FuncId>,
    globals: Vec<GlobalId>,
}

impl Piece {
    fn part<'a>(&'a self, definitions: &'a Definitions<'a>) -> Part<'a> {
        Part::Unit { funcs: &self.funcs, globals: &self.globals, definitions }
    }
}

/// The object files of a program: what the cache has, and the rest from LLVM, on as many threads as there are. One object
/// file if the program is to stay `whole`.
pub fn objects(
    program: &Program,
    config: &Config,
    options: &codegen::Options,
    whole: bool,
) -> Result<Vec<Object>, Error> {
    let definitions = Definitions::of(program);
    let pieces = if whole { Vec::new() } else { cut(program) };
    let parts: Vec<Part> = if pieces.is_empty() {
        vec![Part::Whole]
    } else {
        pieces.iter().map(|piece| piece.part(&definitions)).collect()
    };
    let keys: Vec<Option<Key>> =
        parts.par_iter().with_max_len(1).map(|part| key(program, options, part)).collect();
    let kept = |key: &Option<Key>| {
        let key = key.as_ref().filter(|_| !config.options.rebuild)?;
        config.cache.get(KIND, key)
    };
    let mut objects: Vec<Option<Vec<u8>>> = keys.par_iter().map(kept).collect();
    // LLVM takes longest, and begins with all that it has to do.
    let missing: Vec<usize> = (0..parts.len()).filter(|&index| objects[index].is_none()).collect();
    let make = |&index: &usize| {
        let bytes = codegen::emit_unit(program, options, &parts[index]).map_err(codegen_error)?;
        if let Some(key) = keys[index].as_ref().filter(|_| !config.options.rebuild) {
            config.cache.put(KIND, key, &bytes)?;
        }
        Ok(bytes)
    };
    let made: Vec<Result<Vec<u8>, Error>> = missing.par_iter().with_max_len(1).map(make).collect();
    if let Some(trace) = config.options.trace {
        let (made, all) = (missing.len(), parts.len());
        trace(&format!("llvm: {made} of {all} pieces, the others are those of earlier builds"));
    }
    for (&index, bytes) in missing.iter().zip(made) {
        objects[index] = Some(bytes?);
    }
    if !missing.is_empty() && !config.options.rebuild {
        config.cache.trim(KIND)?;
    }
    Ok(objects.into_iter().flatten().map(|bytes| Object { name: "program".to_owned(), bytes }).collect())
}

/// The name of a part's object file in the cache; none if this compiler cannot be told from others.
fn key(program: &Program, options: &codegen::Options, part: &Part) -> Option<Key> {
    let mut key = KeyBuilder::new("unit");
    key.add(&KeyBuilder::compiler()?).add(&codegen::fingerprint(program, options, part));
    Some(key.finish())
}

/// Whether a program stays whole: one that runs tests, if it has some of them only.
pub fn is_whole(config: &Config, some_tests: bool) -> bool {
    config.options.no_debug || config.target.is_baremetal() && !some_tests || config.is_wasm()
}

/// Pieces of the program, cut where the names say so: an edit moves no other cut than those beside it. Functions and
/// globals with a value are apart.
fn cut(program: &Program) -> Vec<Piece> {
    let mut funcs: Vec<FuncId> = program.funcs.keys().filter(|&id| program.funcs[id].has_body()).collect();
    funcs.sort_by_key(|&id| &program.funcs[id].name);
    let mut globals: Vec<GlobalId> =
        program.globals.keys().filter(|&id| !program.globals[id].external).collect();
    globals.sort_by_key(|&id| &program.globals[id].name);

    let mut pieces = vec![Piece::default()];
    let mut in_main = false;
    for id in funcs {
        let func = &program.funcs[id];
        // What is edited is mostly there.
        if std::mem::replace(&mut in_main, func.name.starts_with("main.")) != in_main {
            pieces.push(Piece::default());
        }
        pieces.last_mut().expect("never empty").funcs.push(id);
        if ends(&func.name, func.insts.len()) {
            pieces.push(Piece::default());
        }
    }
    pieces.push(Piece::default());
    for id in globals {
        let global = &program.globals[id];
        pieces.last_mut().expect("never empty").globals.push(id);
        // A constant costs LLVM about as much as an instruction.
        if ends(&global.name, parts(&global.init)) {
            pieces.push(Piece::default());
        }
    }
    pieces.retain(|piece| !piece.funcs.is_empty() || !piece.globals.is_empty());
    pieces
}

/// Whether a piece ends behind what has this name and weight: by chance, but always the same.
fn ends(name: &str, weight: usize) -> bool {
    // The low bits of FNV-1a are the worse ones.
    (ir::stable_hash(name.as_bytes()) >> 32) % (WEIGHT as u64) < weight as u64
}

fn parts(value: &Const) -> usize {
    match value {
        Const::Aggregate(values) => values.iter().map(parts).sum(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names in each piece of a program with functions of these names.
    fn pieces(names: &[String]) -> Vec<Vec<String>> {
        let mut text = "target ptr=8 int=8 align=8\nlevel lowered\n".to_owned();
        for name in names {
            text += &format!("func @{name}() {{\nb0:\n  v0 = iconst.i64 1\n  ret\n}}\n");
        }
        let mut program = ir::text::read_program(&text).unwrap();
        // A function of ten instructions ends a piece once in a hundred times.
        for (_, func) in program.funcs.iter_mut() {
            let inst = func.insts.values().next().unwrap().clone();
            (0..8).for_each(|_| {
                func.insts.push(inst.clone());
            });
        }
        let name = |id: &FuncId| program.funcs[*id].name.clone();
        cut(&program).iter().map(|piece| piece.funcs.iter().map(name).collect()).collect()
    }

    #[test]
    fn an_edit_moves_no_other_cut() {
        let mut names: Vec<String> = (0..1000).map(|number| format!("p.f{number:04}")).collect();
        let before = pieces(&names);
        assert!((5..20).contains(&before.len()), "{} pieces", before.len());
        names.insert(500, "p.f0499a".to_owned());
        names.rotate_left(300);
        let after = pieces(&names);
        let changed = after.iter().filter(|piece| !before.contains(piece)).count();
        assert!(changed <= 2, "{changed} of {} pieces changed", after.len());
    }
}
