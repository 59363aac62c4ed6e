//! Declarations at package level, resolved when first needed.

use crate::Checker;
use crate::package::PackageId;

/// Where an object is declared, and how far its resolution is.
#[derive(Debug)]
pub(crate) struct DeclInfo {}

pub(crate) fn package_declarations(c: &mut Checker, pkg: PackageId) {
    let _ = (c, pkg);
}
