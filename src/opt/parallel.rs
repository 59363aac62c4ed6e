//! Work on all functions at once, on as many threads as there are: for passes that change a function by itself.

use ir::entity::Entity;
use ir::{Func, FuncId, IndexVec, InstData, Program};
use rayon::iter::{
    IndexedParallelIterator, IntoParallelIterator, IntoParallelRefMutIterator, ParallelIterator,
};

/// Runs `change` on every function that has a body; gives what it returns, in the order of the program. Meanwhile the
/// program has all of the functions' heads (name, signature, attributes), but no body.
pub(crate) fn each_body<T: Send>(
    program: &mut Program,
    change: impl Fn(&Program, &mut Func) -> T + Sync,
) -> Vec<T> {
    let mut taken: Vec<(FuncId, Func)> = Vec::new();
    for (id, func) in program.funcs.iter_mut().filter(|(_, func)| func.has_body()) {
        let head = func.head();
        taken.push((id, std::mem::replace(func, head)));
    }
    let shared: &Program = program;
    let results = taken.par_iter_mut().with_max_len(16).map(|(_, func)| change(shared, func)).collect();
    for (id, func) in taken {
        program.funcs[id] = func;
    }
    results
}

/// The same, for changes that ask nothing of the program.
pub(crate) fn each_alone(program: &mut Program, change: impl Fn(&mut Func) + Sync + Send) {
    let funcs = program.funcs.as_mut_slice();
    funcs.par_iter_mut().with_max_len(64).filter(|func| func.has_body()).for_each(change);
}

/// Whether there is such an instruction anywhere.
pub(crate) fn any_inst(program: &Program, wanted: impl Fn(&InstData) -> bool + Sync) -> bool {
    let ids = (0..program.funcs.len()).into_par_iter().with_max_len(64).map(FuncId::from_index);
    ids.any(|id| program.funcs[id].placed().any(&wanted))
}

/// What `look` makes of each function.
pub(crate) fn of_each<T: Send>(
    program: &Program,
    look: impl Fn(FuncId, &Func) -> T + Sync,
) -> IndexVec<FuncId, T> {
    let ids = (0..program.funcs.len()).into_par_iter().with_max_len(64).map(FuncId::from_index);
    let found: Vec<T> = ids.map(|id| look(id, &program.funcs[id])).collect();
    found.into_iter().collect()
}

/// What `look` finds in each function that has a body, in the order of the program.
pub(crate) fn look_at_each<T: Send>(
    program: &Program,
    look: impl Fn(&Func) -> Option<T> + Sync,
) -> Vec<(FuncId, T)> {
    let found = |index: usize| {
        let id = FuncId::from_index(index);
        let func = Some(&program.funcs[id]).filter(|func| func.has_body());
        func.and_then(&look).map(|found| (id, found))
    };
    (0..program.funcs.len()).into_par_iter().with_max_len(64).filter_map(found).collect()
}
