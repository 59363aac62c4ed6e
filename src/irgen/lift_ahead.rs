//! Promotes the variables of generated functions on a thread of its own, while others are being generated.

use std::sync::mpsc::{Receiver, Sender, channel};

use ir::{Func, FuncId, Types, Value};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};
use rustc_hash::FxHashSet;

use crate::lift::lift;
use crate::program::Gen;

/// So many functions are worth the way to the other thread.
const BATCH: usize = 256;

/// A function whose variables are all in memory still, and the objects that stay there.
type Unlifted = (FuncId, Func, FxHashSet<Value>);

/// Functions to promote the variables of, and the types that they name.
struct Batch {
    funcs: Vec<Unlifted>,
    types: Types,
}

#[derive(Default)]
pub(crate) struct LiftAhead {
    waiting: Vec<(FuncId, FxHashSet<Value>)>,
    worker: Option<Worker>,
    /// How many batches the other thread has.
    sent: usize,
}

struct Worker {
    to: Sender<Batch>,
    from: Receiver<Vec<Unlifted>>,
}

impl Worker {
    /// None where there are no more threads. It ends with the sender.
    fn start() -> Option<Worker> {
        let (to, batches) = channel::<Batch>();
        let (done, from) = channel();
        let work = move || {
            for Batch { mut funcs, types } in batches {
                funcs.iter_mut().for_each(|(_, func, keep)| lift(func, &types, keep));
                if done.send(funcs).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new().name("lift".to_owned()).spawn(work).ok().map(|_| Worker { to, from })
    }
}

impl Gen<'_> {
    /// The variables of a function that has just been generated are to be promoted, but for these objects.
    pub(crate) fn lift_later(&mut self, id: FuncId, keep: FxHashSet<Value>) {
        self.lifting.waiting.push((id, keep));
        if self.lifting.waiting.len() < BATCH {
            return;
        }
        if self.lifting.worker.is_none() {
            self.lifting.worker = Worker::start();
        }
        let funcs = self.take_unlifted();
        let types = self.program.types.clone();
        let Some(worker) = &self.lifting.worker else { return self.put_back(funcs) };
        match worker.to.send(Batch { funcs, types }) {
            Ok(()) => self.lifting.sent += 1,
            Err(back) => self.put_back(back.0.funcs),
        }
    }

    /// Promotes the variables of all functions that wait for it.
    pub(crate) fn lift_all(&mut self) {
        let mut funcs = self.take_unlifted();
        let types = &self.program.types;
        funcs.par_iter_mut().with_max_len(16).for_each(|(_, func, keep)| lift(func, types, keep));
        let worker = self.lifting.worker.as_ref();
        for _ in 0..std::mem::take(&mut self.lifting.sent) {
            // A panic there is one here.
            let lifted = worker.map(|worker| worker.from.recv().expect("the thread that lifts has ended"));
            funcs.extend(lifted.into_iter().flatten());
        }
        for (id, func, _) in funcs {
            self.define(id, func);
        }
    }

    /// Takes the functions that wait out of the program, which keeps their heads.
    fn take_unlifted(&mut self) -> Vec<Unlifted> {
        let waiting = std::mem::take(&mut self.lifting.waiting);
        let take = |(id, keep)| {
            let func = &mut self.program.funcs[id];
            let head = func.head();
            (id, std::mem::replace(func, head), keep)
        };
        waiting.into_iter().map(take).collect()
    }

    fn put_back(&mut self, funcs: Vec<Unlifted>) {
        for (id, func, keep) in funcs {
            self.define(id, func);
            self.lifting.waiting.push((id, keep));
        }
    }
}
