//! Bodies of functions.

use crate::Checker;
use crate::info::{BodyInfo, FileRef, Info};
use crate::object::{ObjId, ObjKind};

pub(crate) fn func_body(c: &mut Checker, func: ObjId) -> BodyInfo {
    let object = c.store.obj(func);
    let ObjKind::Func(f) = object.kind else { unreachable!("only functions have bodies") };
    let file = c.store.package(object.pkg).files[f.file as usize].file.clone();
    BodyInfo {
        info: Info::default(),
        file: FileRef(file),
        decl: f.decl,
        recv: None,
        params: Vec::new(),
        results: Vec::new(),
    }
}
