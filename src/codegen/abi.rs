//! The calling convention, in one place: what of a signature goes where.
//!
//! Small values travel as first-class LLVM values. A big parameter is the address of memory that the callee only
//! reads; a big result, or a float too many, is written to memory of the caller, whose address comes before the parameters. One direct
//! result is returned plainly, several as a struct. Empty values are not passed at all. LLVM moves a returned struct
//! that does not fit the return registers to memory by itself.
//!
//! On 32-bit x86 C passes everything on the stack, and floats return on that of the 387, which changes signalling NaNs.
//! There the first three words travel in registers, as `-mregparm=3` has it, and floats as `-msseregparm` has it.

use inkwell::attributes::AttributeLoc;
use inkwell::types::{BasicMetadataTypeEnum, BasicType, BasicTypeEnum, FunctionType};
use ir::{Signature, Type, TypeData};

use crate::layouts::{Form, Layouts};
use crate::machine::Arch;

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
    /// Which of LLVM's parameters and results have to be marked, so that they travel in registers.
    pub marks: Marks,
}

#[derive(Default)]
pub struct Marks {
    pub params: Vec<u32>,
    pub result: bool,
}

/// How many words of parameters are in registers on 32-bit x86.
pub const X86_REGISTERS: u32 = 3;

impl<'c> Abi<'c> {
    pub fn new(layouts: &Layouts<'c, '_>, sig: &Signature) -> Abi<'c> {
        let params: Vec<Pass> = sig.params.iter().map(|&ty| pass(layouts, ty)).collect();
        let results = result_passes(layouts, sig);
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
        let marks =
            if layouts.arch == Arch::X86 { Marks::x86(layouts, sig, &results) } else { Marks::default() };
        Abi { ty, params, results, marks }
    }

    pub fn indirect_results(&self) -> usize {
        self.results.iter().filter(|&&r| r == Pass::Indirect).count()
    }

    pub fn direct_results(&self) -> usize {
        self.results.iter().filter(|&&r| r == Pass::Direct).count()
    }
}

impl Marks {
    pub fn places(&self) -> impl Iterator<Item = AttributeLoc> {
        let params = self.params.iter().map(|&index| AttributeLoc::Param(index));
        params.chain(self.result.then_some(AttributeLoc::Return))
    }

    /// From the first parameter on that finds too few registers, those of integers go on the stack. So does LLVM with the
    /// functions that it calls on its own; each side of a call has to know from the signature alone.
    fn x86(layouts: &Layouts<'_, '_>, sig: &Signature, results: &[Pass]) -> Marks {
        let passed = |ty: &&Type| pass(layouts, **ty) != Pass::Empty;
        let indirect = results.iter().filter(|&&result| result == Pass::Indirect).map(|_| 1);
        let words = indirect.chain(sig.params.iter().filter(passed).map(|&ty| words(layouts, ty)));
        let mut left = X86_REGISTERS;
        let mut params = Vec::new();
        for (words, index) in words.zip(0..) {
            match left.checked_sub(words) {
                Some(rest) => {
                    left = rest;
                    params.push(index);
                }
                None => left = 0,
            }
        }
        let direct = sig.results.iter().zip(results).filter(|(_, pass)| **pass == Pass::Direct);
        Marks { params, result: direct.map(|(&ty, _)| floats(layouts, ty)).sum::<usize>() > 0 }
    }
}

/// Results for which x86 has no vector register left go to memory: LLVM would return them on the 387's stack.
fn result_passes(layouts: &Layouts<'_, '_>, sig: &Signature) -> Vec<Pass> {
    let mut left = match layouts.arch {
        Arch::X86 => 3,
        Arch::X86_64 => 2,
        _ => usize::MAX,
    };
    let mut result = |&ty: &Type| match (pass(layouts, ty), floats(layouts, ty)) {
        (Pass::Direct, floats) if floats > left => Pass::Indirect,
        (pass, floats) => {
            left -= floats;
            pass
        }
    };
    sig.results.iter().map(&mut result).collect()
}

/// The general registers of 32 bits that a value takes.
fn words(layouts: &Layouts<'_, '_>, ty: Type) -> u32 {
    match pass(layouts, ty) {
        Pass::Empty => 0,
        Pass::Indirect => 1,
        Pass::Direct => layouts.leaves(ty).iter().map(|leaf| integer_words(layouts, leaf.ty)).sum(),
    }
}

fn integer_words(layouts: &Layouts<'_, '_>, scalar: Type) -> u32 {
    if is_float(layouts, scalar) { 0 } else { layouts.types.size(scalar).div_ceil(4) as u32 }
}

/// The floats of a value that is passed directly.
fn floats(layouts: &Layouts<'_, '_>, ty: Type) -> usize {
    match pass(layouts, ty) {
        Pass::Direct => layouts.leaves(ty).iter().filter(|leaf| is_float(layouts, leaf.ty)).count(),
        Pass::Empty | Pass::Indirect => 0,
    }
}

fn is_float(layouts: &Layouts<'_, '_>, scalar: Type) -> bool {
    matches!(layouts.types.data(scalar), TypeData::Float(_))
}

fn pass(layouts: &Layouts<'_, '_>, ty: Type) -> Pass {
    match layouts.form(ty) {
        Form::Empty => Pass::Empty,
        Form::Scalar(_) | Form::Small(_) => Pass::Direct,
        Form::Big => Pass::Indirect,
    }
}
