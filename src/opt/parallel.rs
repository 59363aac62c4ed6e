//! Work on all functions at once, on as many threads as there are: for passes that change a function by itself.

use ir::{Func, FuncId, Program};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

/// Runs `change` on every function that has a body. Meanwhile the program has all of the functions' heads (name,
/// signature, attributes), but no body.
pub(crate) fn each_body(program: &mut Program, change: impl Fn(&Program, &mut Func) + Sync) {
    let mut taken: Vec<(FuncId, Func)> = Vec::new();
    for (id, func) in program.funcs.iter_mut().filter(|(_, func)| func.has_body()) {
        let head = Func {
            name: func.name.clone(),
            sig: func.sig.clone(),
            attrs: func.attrs.clone(),
            loc: func.loc,
            ..Func::default()
        };
        taken.push((id, std::mem::replace(func, head)));
    }
    let shared: &Program = program;
    taken.par_iter_mut().with_max_len(16).for_each(|(_, func)| change(shared, func));
    for (id, func) in taken {
        program.funcs[id] = func;
    }
}
