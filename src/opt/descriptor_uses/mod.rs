//! Finds out of which type descriptors the name, the methods and what else stands behind the head are read, by following
//! descriptors from where they are put into interfaces to where package reflect and the runtime look at them. Of all others,
//! only the head is kept, by which interfaces are compared; what their elements, fields and methods lead to goes, too.
//!
//! ```text
//! json.Marshal(&p)            the descriptors of *Point, Point and its fields are read
//! sync.Map.Load(typ)          *reflect.rtype is in an interface as well, but only hashed and compared
//! ```
//!
//! Unlike `flow`, it knows memory only by the types of what is in it: a field is one, whatever struct it is in (variable
//! type analysis: Sundaresan et al., Practical virtual method call resolution for Java, 2000). That makes it quick enough
//! for programs in which `flow` gives up. Addresses are followed where the type does not tell what they lead to: to
//! variables and elements that are pointers, interfaces, strings or slices themselves.

mod analysis;
mod cells;
mod graph;
mod items;
mod operations;
mod rules;

use ir::Program;

use crate::flow::parts_of_keys;
use crate::pipeline::{Options, Result};
use analysis::Analysis;

pub(crate) fn run(program: &mut Program, _: &Options) -> Result<()> {
    let Some(uses) = Analysis::of(program) else { return Ok(()) };
    let in_keys = parts_of_keys(program);
    for (id, rtype) in program.rtypes.iter_mut() {
        rtype.unopened |= !uses.opened.contains(&id);
        rtype.unnamed |= !uses.named.contains(&id);
        rtype.unasked |= !uses.asked.contains(&id);
        if rtype.unopened && !in_keys.contains(&id) {
            rtype.drop_parts();
        }
    }
    Ok(())
}
