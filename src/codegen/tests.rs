//! The public interface on small programs: every target gives an object with the symbols asked for.

use ir::builder::Builder;
use ir::{
    Cond, Const, Func, FuncId, Global, Intrinsic, Level, Op, Program, Signature, TargetLayout, Type, Value,
};
use object::{Object, ObjectSymbol};

use crate::{Machine, Opt, Options, emit};

fn machine(triple: &str, cpu: &str, features: &str, abi: &str) -> Machine {
    Machine {
        triple: triple.into(),
        cpu: cpu.into(),
        features: features.into(),
        abi: (!abi.is_empty()).then(|| abi.into()),
        ..Machine::default()
    }
}

fn machines() -> Vec<(Machine, TargetLayout)> {
    use TargetLayout as L;
    vec![
        (machine("avr-unknown-unknown", "atmega328p", "", ""), L::AVR),
        (machine("thumbv6m-unknown-unknown-eabi", "cortex-m0", "", ""), L::BITS32),
        (machine("thumbv7m-unknown-unknown-eabi", "cortex-m3", "", ""), L::BITS32),
        (machine("thumbv7em-unknown-unknown-eabi", "cortex-m4", "-vfp4d16sp", ""), L::BITS32),
        (machine("thumbv7em-unknown-unknown-eabihf", "cortex-m4", "", ""), L::BITS32),
        (machine("thumbv8m.main-unknown-unknown-eabi", "cortex-m33", "", ""), L::BITS32),
        (machine("riscv32-unknown-none-elf", "generic-rv32", "+m,+a,+c", "ilp32"), L::BITS32),
        (machine("riscv32-unknown-none-elf", "generic-rv32", "+m,+c,+zicsr", "ilp32"), L::BITS32),
        (machine("riscv64-unknown-none-elf", "generic-rv64", "+m,+a,+f,+d,+c", "lp64d"), L::BITS64),
        (machine("x86_64-unknown-linux-gnu", "", "", ""), L::BITS64),
        (machine("aarch64-unknown-linux-gnu", "", "", ""), L::BITS64),
        (machine("wasm32-unknown-wasi", "generic", "+bulk-memory", ""), L::BITS32),
    ]
}

fn add_func(
    program: &mut Program,
    name: &str,
    params: &[Type],
    results: &[Type],
    write: impl FnOnce(&mut Builder, &[Value]),
) -> FuncId {
    let sig = Signature { params: params.to_vec(), results: results.to_vec() };
    let mut func = Func::new(name, sig);
    func.attrs.exported = true;
    func.attrs.symbol = Some(name.to_string());
    let block = func.add_block();
    let args: Vec<Value> = params.iter().map(|&ty| func.add_param(block, ty)).collect();
    write(&mut Builder::new(&mut func, block), &args);
    program.add_func(func)
}

/// Arithmetic, memory, aggregates of every form, atomics: a function for each.
fn sampler(target: TargetLayout) -> Program {
    let mut program = Program::new(target);
    program.level = Level::Lowered;
    let word = target.word();
    let string = program.types.string();
    let bytes = program.types.array(Type::I8, 100);
    let record = program.types.structure(&[Type::I8, bytes, Type::I64, Type::I1]);
    let mut counter = Global::new("counter", Type::I64);
    counter.exported = true;
    let counter = program.add_global(counter);
    for bits in [8, 16, 32, 64] {
        let ty = Type::int(bits);
        add_func(&mut program, &format!("arith{bits}"), &[ty, ty], &[ty, ty], |b, a| {
            let quotient = b.binary(Op::Sdiv, a[0], a[1]);
            let rest = b.binary(Op::Urem, a[0], a[1]);
            let product = b.binary(Op::Mul, quotient, rest);
            let shifted = b.binary(Op::Lshr, a[0], rest);
            let swapped = b.intrinsic(Intrinsic::ByteSwap, ty, vec![shifted]);
            let zeros = b.intrinsic(Intrinsic::Ctz, ty, vec![swapped]);
            let turned = b.intrinsic(Intrinsic::RotateLeft, ty, vec![zeros, a[1]]);
            b.ret(vec![product, turned]);
        });
        add_func(&mut program, &format!("atomic{bits}"), &[Type::PTR, ty], &[ty], |b, a| {
            let one = b.intrinsic(Intrinsic::AtomicLoad, ty, vec![a[0]]);
            b.intrinsic_effect(Intrinsic::AtomicStore, vec![a[0], a[1]]);
            let two = b.intrinsic(Intrinsic::AtomicAdd, ty, vec![a[0], one]);
            let three = b.intrinsic(Intrinsic::AtomicSwap, ty, vec![a[0], two]);
            let ok = b.intrinsic(Intrinsic::AtomicCas, Type::I1, vec![a[0], three, two]);
            b.intrinsic_effect(Intrinsic::Fence, vec![]);
            let result = b.select(ok, two, three);
            b.ret(vec![result]);
        });
    }
    for (name, ty) in [("float32", Type::F32), ("float64", Type::F64)] {
        add_func(&mut program, name, &[ty, ty], &[ty, Type::I32], |b, a| {
            let quotient = b.binary(Op::Fdiv, a[0], a[1]);
            let root = b.intrinsic(Intrinsic::Sqrt, ty, vec![quotient]);
            let fused = b.intrinsic(Intrinsic::Fma, ty, vec![root, a[0], a[1]]);
            let floor = b.intrinsic(Intrinsic::Floor, ty, vec![fused]);
            let whole = b.convert(Op::Fptosi, Type::I32, floor);
            b.ret(vec![floor, whole]);
        });
    }
    add_func(&mut program, "small", &[string, Type::I1], &[string, Type::I1], |b, a| {
        let length = b.extract(word, a[0], 1);
        let data = b.extract(Type::PTR, a[0], 0);
        let end = b.ptr_add(data, length);
        let tail = b.aggregate(string, vec![end, length]);
        b.ret(vec![tail, a[1]]);
    });
    let big = add_func(&mut program, "big", &[record, Type::PTR], &[record], |b, a| {
        let flag = b.extract(Type::I1, a[0], 3);
        let other = b.load(record, a[1]);
        let merged = b.value(Op::Insert, record, vec![other, flag], ir::Aux::Int(3));
        b.store(a[1], a[0]);
        b.ret(vec![merged]);
    });
    add_func(&mut program, "call_big", &[Type::PTR], &[Type::I64], |b, a| {
        let slot = b.value(Op::StackAlloc, Type::PTR, vec![], ir::Aux::Type(record));
        let zero = b.zero(record);
        let sig = Signature { params: vec![record, Type::PTR], results: vec![record] };
        let first = b.call(big, &sig, vec![zero, slot])[0];
        let code = b.func_addr(big);
        let second = b.call_indirect(sig, vec![code, first, a[0]])[0];
        let value = b.extract(Type::I64, second, 2);
        let address = b.global(counter);
        b.store(address, value);
        b.intrinsic_effect(Intrinsic::KeepAlive, vec![slot]);
        b.ret(vec![value]);
    });
    add_func(&mut program, "places", &[], &[Type::PTR], |b, _| {
        let sp = b.intrinsic(Intrinsic::StackPointer, Type::PTR, vec![]);
        let frame = b.intrinsic(Intrinsic::FrameAddress, Type::PTR, vec![]);
        let same = b.icmp(Cond::Eq, sp, frame);
        let back = b.intrinsic(Intrinsic::ReturnAddress, Type::PTR, vec![]);
        let result = b.select(same, sp, back);
        b.ret(vec![result]);
    });
    add_func(&mut program, "stop", &[], &[], |b, _| {
        b.intrinsic_effect(Intrinsic::Trap, vec![]);
        b.unreachable();
    });
    let table_type = program.types.structure(&[Type::CODE, Type::PTR, Type::I8, word, Type::F64]);
    let mut table = Global::new("table", table_type);
    table.exported = true;
    table.init = Const::Aggregate(vec![
        Const::Code(big),
        Const::Addr(counter, 4),
        Const::Int(-1),
        Const::Int(7),
        Const::Float(1.5f64.to_bits()),
    ]);
    program.add_global(table);
    program
}

const EXPECTED: &[&str] =
    &["counter", "arith64", "atomic8", "float64", "small", "big", "call_big", "places", "stop", "table"];

/// Undefined in WebAssembly objects until the linker makes them.
const LINKER_MADE: &[&str] = &["__stack_pointer", "__linear_memory", "__indirect_function_table"];

#[test]
fn every_target_gives_an_object() {
    for (machine, layout) in machines() {
        let program = sampler(layout);
        for opt in [Opt::None, Opt::O2, Opt::Size, Opt::MinSize] {
            let triple = machine.triple.clone();
            let options = Options { machine: machine.clone(), opt, function_sections: true, debug: false };
            let bytes = emit(&program, &options).unwrap_or_else(|e| panic!("{triple} {opt:?}: {e}"));
            assert_eq!(bytes, emit(&program, &options).unwrap(), "{triple} {opt:?}: not deterministic");
            let file = object::File::parse(&*bytes).unwrap();
            let defined: Vec<&str> =
                file.symbols().filter(|s| !s.is_undefined()).filter_map(|s| s.name().ok()).collect();
            for name in EXPECTED {
                assert!(defined.contains(name), "{triple} {opt:?}: no {name} in {defined:?}");
            }
            // What is left undefined is what package runtime promises to provide.
            let known = crate::builtins(&machine);
            let missing: Vec<&str> = file
                .symbols()
                .filter(|s| s.is_undefined())
                .filter_map(|s| s.name().ok())
                .filter(|name| !name.is_empty() && !known.contains(name) && !LINKER_MADE.contains(name))
                .collect();
            assert!(missing.is_empty(), "{triple} {opt:?}: no builtins: {missing:?}");
        }
    }
}
