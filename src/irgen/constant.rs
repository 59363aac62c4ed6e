//! Constants of the checker as values and as initial data.

use ir::{Const, Type, Value};
use types::TypeId;
use types::constant::Value as Constant;

use crate::arith::Num;
use crate::func::FuncGen;
use crate::program::Gen;

impl FuncGen<'_, '_, '_> {
    /// A constant as a value of a type.
    pub fn const_value(&mut self, constant: &Constant, ty: TypeId) -> Value {
        let repr = self.repr(ty);
        match self.g.num(ty) {
            Num::Bool => self.bool_const(constant.as_bool().unwrap_or(false)),
            Num::Int { .. } => {
                let bits = int_bits(constant);
                self.iconst(repr, sign_extend(bits, repr))
            }
            Num::Float => {
                let value = float_of(constant, repr);
                self.b().fconst(repr, value)
            }
            Num::Complex => {
                let part = self.part_type(repr, 0);
                let (re, im) = (float_of(&constant.real(), part), float_of(&constant.imag(), part));
                let (re, im) = (self.b().fconst(part, re), self.b().fconst(part, im));
                self.aggregate(repr, [re, im])
            }
            Num::String => {
                let bytes = constant.as_bytes().unwrap_or_default();
                self.string(&bytes)
            }
            Num::Other if repr == Type::PTR => {
                // unsafe.Pointer(uintptr constant)
                let word = self.word();
                let value = self.iconst(word, sign_extend(int_bits(constant), word));
                self.b().convert(ir::Op::Inttoptr, Type::PTR, value)
            }
            Num::Other => self.constant_in_interface(constant, ty),
        }
    }

    /// A constant whose type is an interface holds its default type.
    fn constant_in_interface(&mut self, constant: &Constant, ty: TypeId) -> Value {
        use types::Basic;
        let basic = match constant {
            Constant::Bool(_) => Basic::Bool,
            Constant::Str(_) => Basic::String,
            Constant::Int(_) | Constant::Big(_) => Basic::Int,
            Constant::Complex(_) => Basic::Complex128,
            _ => Basic::Float64,
        };
        let value = self.const_value(constant, basic.id());
        self.make_iface(value, basic.id(), ty)
    }
}

impl Gen<'_> {
    /// A constant as initial data of a type; `None` for types without constants.
    pub fn const_data(&mut self, constant: &Constant, ty: TypeId) -> Option<Const> {
        let repr = self.repr(ty);
        Some(match self.num(ty) {
            Num::Bool => Const::Int(constant.as_bool()?.into()),
            Num::Int { .. } => Const::Int(sign_extend(int_bits(constant), repr)),
            Num::Float => Const::Float(float_of(constant, repr).to_bits()),
            Num::Complex => {
                let part = self.program.types.fields(repr)[0];
                Const::Aggregate(vec![
                    Const::Float(float_of(&constant.real(), part).to_bits()),
                    Const::Float(float_of(&constant.imag(), part).to_bits()),
                ])
            }
            Num::String => {
                let bytes = constant.as_bytes()?;
                if bytes.is_empty() {
                    return Some(Const::Zero);
                }
                let data = self.string_data(&bytes);
                Const::Aggregate(vec![Const::Addr(data, 0), Const::Int(self.word_data(bytes.len() as i64))])
            }
            Num::Other => return None,
        })
    }

    /// A length as initial data: words are stored sign-extended.
    pub fn word_data(&self, value: i64) -> i64 {
        sign_extend(value as u64, self.word())
    }

    /// The constant `T(c)` where that is a constant: numbers, strings from integers are left to run-time code.
    pub fn convert_const(&mut self, constant: &Constant, from: TypeId, to: TypeId) -> Option<Constant> {
        match (self.num(from), self.num(to)) {
            (a, b) if a == b => Some(constant.clone()),
            (Num::Int { .. }, Num::Int { .. }) => Some(constant.clone()),
            (Num::Int { .. } | Num::Float, Num::Float | Num::Complex) => Some(constant.clone()),
            (Num::Float, Num::Int { .. }) => constant.as_integer().map(Constant::from_big),
            // The checker has seen to it that nothing is lost: `T(1 + 0i)` where T is instantiated with float64.
            (Num::Complex, Num::Float) => Some(constant.real()),
            (Num::Complex, Num::Int { .. }) => constant.real().as_integer().map(Constant::from_big),
            _ => None,
        }
    }
}

/// The low 64 bits of an integer constant in two's complement.
pub(crate) fn int_bits(constant: &Constant) -> u64 {
    if let Some(bits) = constant.as_bits() {
        return bits;
    }
    match constant.as_integer().map(Constant::from_big) {
        Some(integer) => integer.as_bits().unwrap_or(0),
        // A rune or integer constant that came out of float arithmetic.
        None => constant.real().to_f64() as i64 as u64,
    }
}

/// Bits as the immediate of an integer type: sign-extended from its width, truth values 0 or 1.
pub(crate) fn sign_extend(bits: u64, ty: Type) -> i64 {
    match ty {
        Type::I1 => (bits & 1) as i64,
        Type::I8 => bits as i8 as i64,
        Type::I16 => bits as i16 as i64,
        Type::I32 => bits as i32 as i64,
        _ => bits as i64,
    }
}

fn float_of(constant: &Constant, ty: Type) -> f64 {
    if ty == Type::F32 { f64::from(constant.to_f32()) } else { constant.to_f64() }
}
