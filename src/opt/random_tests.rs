//! Random functions give the same results before and after the passes that rewrite them, as the evaluator sees it.

use ir::builder::Builder;
use ir::{Aux, Block, Cond, Func, FuncId, Op, Program, Signature, Target, TargetLayout, Type, Value};

use crate::eval::run_with;
use crate::pipeline::{Options, run_pass};

struct Random(u64);

impl Random {
    fn next(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.next(list.len())]
    }

    /// Small numbers and the ends of the ranges, mostly.
    fn number(&mut self, ty: Type) -> i64 {
        let number = match self.next(4) {
            0 => self.next(5) as i64 - 2,
            1 => i64::MIN >> (64 - ty.bits()),
            2 => i64::MAX >> (64 - ty.bits()),
            _ => self.next(1 << 30) as i64 * 0x1_0001_0001,
        };
        crate::simplify::extend(number, ty)
    }
}

const TYPES: [Type; 5] = [Type::I1, Type::I8, Type::I16, Type::I32, Type::I64];
const CONDS: [Cond; 6] = [Cond::Eq, Cond::Ne, Cond::Slt, Cond::Sge, Cond::Ult, Cond::Ugt];

/// A function whose blocks branch forwards only, so that it ends.
fn function(random: &mut Random, program: &Program, name: &str, callees: &[FuncId]) -> Func {
    let params: Vec<Type> = (0..3).map(|_| random.pick(&TYPES)).collect();
    let result = random.pick(&TYPES);
    let mut func = Func::new(name, Signature { params: params.clone(), results: vec![result] });
    let count = 1 + random.next(6);
    let blocks: Vec<Block> = (0..count).map(|_| func.add_block()).collect();
    let mut values: Vec<Value> = params.iter().map(|&ty| func.add_param(blocks[0], ty)).collect();
    // Values of the entry dominate everything; those of other blocks are used there only.
    for &block in &blocks[1..] {
        for _ in 0..random.next(3) {
            func.add_param(block, random.pick(&TYPES));
        }
    }
    let shared = values.len();
    for (index, &block) in blocks.iter().enumerate() {
        let mut known = values.clone();
        known.extend(func.blocks[block].params.clone());
        for _ in 0..2 + random.next(8) {
            let value = instruction(random, program, &mut func, block, &known, callees);
            known.push(value);
        }
        if index == 0 {
            values = known.clone();
        }
        let later: Vec<Block> = blocks[index + 1..].to_vec();
        let mut b = Builder::new(&mut func, block);
        if later.is_empty() || random.next(8) == 0 {
            let value = of_type(random, &mut b, &known, result);
            b.ret([value]);
            continue;
        }
        let target = |random: &mut Random, b: &mut Builder, known: &[Value]| {
            let to = random.pick(&later);
            let types: Vec<Type> = b.func.blocks[to].params.iter().map(|&p| b.func.ty(p)).collect();
            Target { block: to, args: types.iter().map(|&ty| of_type(random, b, known, ty)).collect() }
        };
        if random.next(3) == 0 {
            let aux = Aux::Targets(vec![target(random, &mut b, &known)]);
            b.effect(Op::Jump, [], aux);
        } else {
            let cond = of_type(random, &mut b, &known, Type::I1);
            let aux = Aux::Targets(vec![target(random, &mut b, &known), target(random, &mut b, &known)]);
            b.effect(Op::Br, [cond], aux);
        }
    }
    debug_assert!(shared <= values.len());
    func
}

/// Some known value of a type, or a constant.
fn of_type(random: &mut Random, b: &mut Builder, known: &[Value], ty: Type) -> Value {
    let fitting: Vec<Value> = known.iter().copied().filter(|&v| b.func.ty(v) == ty).collect();
    if fitting.is_empty() || random.next(4) == 0 {
        let number = random.number(ty);
        return b.iconst(ty, number);
    }
    random.pick(&fitting)
}

fn instruction(
    random: &mut Random,
    program: &Program,
    func: &mut Func,
    block: Block,
    known: &[Value],
    callees: &[FuncId],
) -> Value {
    let mut b = Builder::new(func, block);
    let ty = random.pick(&TYPES);
    match random.next(8) {
        0 => {
            let (x, y) = (of_type(random, &mut b, known, ty), of_type(random, &mut b, known, ty));
            b.icmp(random.pick(&CONDS), x, y)
        }
        1 => {
            let cond = of_type(random, &mut b, known, Type::I1);
            let (x, y) = (of_type(random, &mut b, known, ty), of_type(random, &mut b, known, ty));
            b.select(cond, x, y)
        }
        2 => {
            let to = random.pick(&TYPES);
            let x = of_type(random, &mut b, known, ty);
            if to.bits() > ty.bits() {
                b.convert(random.pick(&[Op::Zext, Op::Sext]), to, x)
            } else if to.bits() < ty.bits() {
                b.convert(Op::Trunc, to, x)
            } else {
                x
            }
        }
        3 if !callees.is_empty() => {
            let callee = random.pick(callees);
            let sig = program.funcs[callee].sig.clone();
            let args: Vec<Value> = sig.params.iter().map(|&ty| of_type(random, &mut b, known, ty)).collect();
            b.call(callee, &sig, args)[0]
        }
        _ => {
            let op = random.pick(&[Op::Add, Op::Sub, Op::Mul, Op::And, Op::Or, Op::Xor]);
            let (x, y) = (of_type(random, &mut b, known, ty), of_type(random, &mut b, known, ty));
            b.binary(op, x, y)
        }
    }
}

#[test]
fn passes_keep_the_results_of_random_functions() {
    let options = Options { verify: true, ..Options::default() };
    for seed in 0..400 {
        let mut random = Random(seed * 77 + 1);
        let mut program = Program::new(TargetLayout::BITS32);
        let mut funcs = Vec::new();
        for index in 0..4 {
            let func = function(&mut random, &program, &format!("f{index}"), &funcs);
            funcs.push(program.add_func(func));
        }
        let before = program.clone();
        for pass in ["simplify", "inline", "simplify"] {
            if let Err(error) = run_pass(pass, &mut program, &options) {
                panic!("seed {seed}: {error}\n{}", ir::text::print_program(&before));
            }
        }
        for &func in &funcs {
            for _ in 0..6 {
                let args: Vec<i64> =
                    before.funcs[func].sig.params.iter().map(|&ty| random.number(ty)).collect();
                let (old, new) = (run_with(&before, func, &args), run_with(&program, func, &args));
                assert_eq!(
                    old,
                    new,
                    "seed {seed}: @f{} of {args:?}\n{}\n{}",
                    func.0,
                    ir::text::print_program(&before),
                    ir::text::print_program(&program)
                );
            }
        }
    }
}
