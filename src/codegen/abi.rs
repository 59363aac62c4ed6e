//! The calling convention, in one place: what of a signature goes where.
//!
//! Small values travel as first-class LLVM values. A big parameter is the address of memory that the callee only
//! reads; a big result is written to memory of the caller, whose address comes before the parameters. One direct
//! result is returned plainly, several as a struct. Empty values are not passed at all. LLVM moves a returned struct
//! that does not fit the return registers to memory by itself.

use inkwell::types::{BasicMetadataTypeEnum, BasicType, BasicTypeEnum, FunctionType};
use ir::{Signature, Type};

use crate::layouts::{Form, Layouts};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pass {
    Empty,
    Direct,
    /// By address.
    Indirect,
}

pub struct Abi<'c> {
    pub ty: FunctionType<'c>,
    pub params: Vec<Pass>,
    pub results: Vec<Pass>,
}

impl<'c> Abi<'c> {
    pub fn new(layouts: &Layouts<'c, '_>, sig: &Signature) -> Abi<'c> {
        let params: Vec<Pass> = sig.params.iter().map(|&ty| pass(layouts, ty)).collect();
        let results: Vec<Pass> = sig.results.iter().map(|&ty| pass(layouts, ty)).collect();
        let mut llvm_params: Vec<BasicMetadataTypeEnum> =
            results.iter().filter(|&&r| r == Pass::Indirect).map(|_| layouts.ptr.into()).collect();
        llvm_params.extend(
            sig.params.iter().filter_map(|&ty| layouts.value_type(ty)).map(BasicMetadataTypeEnum::from),
        );
        let direct: Vec<BasicTypeEnum> = sig
            .results
            .iter()
            .zip(&results)
            .filter(|(_, pass)| **pass == Pass::Direct)
            .filter_map(|(&ty, _)| layouts.value_type(ty))
            .collect();
        let ty = match direct.as_slice() {
            [] => layouts.ctx.void_type().fn_type(&llvm_params, false),
            [one] => one.fn_type(&llvm_params, false),
            several => layouts.ctx.struct_type(several, false).fn_type(&llvm_params, false),
        };
        Abi { ty, params, results }
    }

    pub fn indirect_results(&self) -> usize {
        self.results.iter().filter(|&&r| r == Pass::Indirect).count()
    }

    pub fn direct_results(&self) -> usize {
        self.results.iter().filter(|&&r| r == Pass::Direct).count()
    }
}

fn pass(layouts: &Layouts<'_, '_>, ty: Type) -> Pass {
    match layouts.form(ty) {
        Form::Empty => Pass::Empty,
        Form::Scalar(_) | Form::Small(_) => Pass::Direct,
        Form::Big => Pass::Indirect,
    }
}
