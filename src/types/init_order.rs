//! The order of package initialisation (specification: "Package initialization").

use crate::Checker;
use crate::object::ObjId;
use crate::package::{Initializer, PackageId};
use std::sync::Arc;
use syntax::ast::ExprId;

/// A variable declaration with one initialiser expression.
#[derive(Clone, Debug)]
pub(crate) struct VarInit {
    pub(crate) lhs: Vec<ObjId>,
    pub(crate) rhs: ExprId,
    pub(crate) file: u32,
}

pub(crate) fn init_order(c: &mut Checker, pkg: PackageId) -> Arc<[Initializer]> {
    let inits = &c.store.package(pkg).inits_of_vars;
    inits.iter().map(|i| Initializer { lhs: i.lhs.clone(), rhs: i.rhs, file: i.file }).collect()
}
