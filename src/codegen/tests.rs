//! The public interface on small programs: every target gives an object with the symbols asked for.

use ir::builder::Builder;
use ir::{
    Cond, Const, Func, FuncId, Global, Intrinsic, Level, Op, Program, Signature, TargetLayout, Type, Value,
};
use object::{Object, ObjectSymbol};

use crate::{
    Definitions, Error, Machine, Opt, Options, Part, assemble, emit, emit_asm, emit_llvm_ir, emit_unit,
    fingerprint,
};

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
        (
            machine("i386-unknown-linux-musl", "pentium4", "+sse2,+x87", ""),
            TargetLayout { max_align: 4, ..L::BITS32 },
        ),
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
            let swapped = b.intrinsic(Intrinsic::ByteSwap, ty, [shifted]);
            let zeros = b.intrinsic(Intrinsic::Ctz, ty, [swapped]);
            let turned = b.intrinsic(Intrinsic::RotateLeft, ty, [zeros, a[1]]);
            b.ret([product, turned]);
        });
        add_func(&mut program, &format!("atomic{bits}"), &[Type::PTR, ty], &[ty], |b, a| {
            let one = b.intrinsic(Intrinsic::AtomicLoad, ty, [a[0]]);
            b.intrinsic_effect(Intrinsic::AtomicStore, [a[0], a[1]]);
            let two = b.intrinsic(Intrinsic::AtomicAdd, ty, [a[0], one]);
            let three = b.intrinsic(Intrinsic::AtomicSwap, ty, [a[0], two]);
            let ok = b.intrinsic(Intrinsic::AtomicCas, Type::I1, [a[0], three, two]);
            b.intrinsic_effect(Intrinsic::Fence, []);
            let result = b.select(ok, two, three);
            b.ret([result]);
        });
    }
    for (name, ty) in [("float32", Type::F32), ("float64", Type::F64)] {
        add_func(&mut program, name, &[ty, ty], &[ty, Type::I32], |b, a| {
            let quotient = b.binary(Op::Fdiv, a[0], a[1]);
            let root = b.intrinsic(Intrinsic::Sqrt, ty, [quotient]);
            let fused = b.intrinsic(Intrinsic::Fma, ty, [root, a[0], a[1]]);
            let floor = b.intrinsic(Intrinsic::Floor, ty, [fused]);
            let whole = b.convert(Op::Fptosi, Type::I32, floor);
            b.ret([floor, whole]);
        });
    }
    add_func(&mut program, "small", &[string, Type::I1], &[string, Type::I1], |b, a| {
        let length = b.extract(word, a[0], 1);
        let data = b.extract(Type::PTR, a[0], 0);
        let end = b.ptr_add(data, length);
        let tail = b.aggregate(string, [end, length]);
        b.ret([tail, a[1]]);
    });
    let big = add_func(&mut program, "big", &[record, Type::PTR], &[record], |b, a| {
        let flag = b.extract(Type::I1, a[0], 3);
        let other = b.load(record, a[1]);
        let merged = b.value(Op::Insert, record, [other, flag], ir::Aux::Int(3));
        b.store(a[1], a[0]);
        b.ret([merged]);
    });
    add_func(&mut program, "call_big", &[Type::PTR], &[Type::I64], |b, a| {
        let slot = b.value(Op::StackAlloc, Type::PTR, [], ir::Aux::Type(record));
        let zero = b.zero(record);
        let sig = Signature { params: vec![record, Type::PTR], results: vec![record] };
        let first = b.call(big, &sig, [zero, slot])[0];
        let code = b.func_addr(big);
        let second = b.call_indirect(sig, [code, first, a[0]])[0];
        let value = b.extract(Type::I64, second, 2);
        let address = b.global(counter);
        b.store(address, value);
        b.intrinsic_effect(Intrinsic::KeepAlive, [slot]);
        b.ret([value]);
    });
    add_func(&mut program, "places", &[], &[Type::PTR], |b, _| {
        let sp = b.intrinsic(Intrinsic::StackPointer, Type::PTR, []);
        let frame = b.intrinsic(Intrinsic::FrameAddress, Type::PTR, []);
        let same = b.icmp(Cond::Eq, sp, frame);
        let back = b.intrinsic(Intrinsic::ReturnAddress, Type::PTR, []);
        let result = b.select(same, sp, back);
        b.ret([result]);
    });
    add_func(&mut program, "stop", &[], &[], |b, _| {
        b.intrinsic_effect(Intrinsic::Trap, []);
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

/// What an object leaves undefined without being in the table of what package runtime provides.
fn not_builtin<'a>(file: &object::File<'a>, machine: &Machine) -> Vec<&'a str> {
    let known = crate::builtins(machine);
    let mut missing: Vec<&str> = file
        .symbols()
        .filter(|s| s.is_undefined())
        .filter_map(|s| s.name().ok())
        .filter(|name| !name.is_empty() && !known.contains(name) && !LINKER_MADE.contains(name))
        .collect();
    missing.sort_unstable();
    missing
}

/// Every arithmetic operation, conversion and intrinsic on every type.
fn all_arithmetic(target: TargetLayout) -> Program {
    let mut program = Program::new(target);
    program.level = Level::Lowered;
    let ints = [Type::I8, Type::I16, Type::I32, Type::I64];
    let floats = [Type::F32, Type::F64];
    let mut number = 0;
    let mut next = || {
        number += 1;
        format!("f{number}")
    };
    let binary = |op: Op| move |b: &mut Builder, a: &[Value]| vec![b.binary(op, a[0], a[1])];
    let mut add = |params: &[Type], result: Type, write: &dyn Fn(&mut Builder, &[Value]) -> Vec<Value>| {
        add_func(&mut program, &next(), params, &[result], |b, a| {
            let results = write(b, a);
            b.ret(results);
        });
    };
    for ty in ints {
        for op in [
            Op::Add,
            Op::Sub,
            Op::Mul,
            Op::Sdiv,
            Op::Udiv,
            Op::Srem,
            Op::Urem,
            Op::And,
            Op::Shl,
            Op::Lshr,
            Op::Ashr,
        ] {
            add(&[ty, ty], ty, &binary(op));
        }
        for which in
            [Intrinsic::Ctz, Intrinsic::Clz, Intrinsic::Popcount, Intrinsic::ByteSwap, Intrinsic::BitReverse]
        {
            add(&[ty], ty, &|b, a| vec![b.intrinsic(which, ty, [a[0]])]);
        }
        add(&[ty, ty], ty, &|b, a| vec![b.intrinsic(Intrinsic::RotateLeft, ty, [a[0], a[1]])]);
        // Quotient and rest of the same operands are one call on some machines.
        add(&[ty, ty], ty, &|b, a| {
            let (quotient, rest) = (b.binary(Op::Sdiv, a[0], a[1]), b.binary(Op::Srem, a[0], a[1]));
            vec![b.binary(Op::Xor, quotient, rest)]
        });
        for float in floats {
            add(&[ty], float, &|b, a| vec![b.convert(Op::Sitofp, float, a[0])]);
            add(&[ty], float, &|b, a| vec![b.convert(Op::Uitofp, float, a[0])]);
            add(&[float], ty, &|b, a| vec![b.convert(Op::Fptosi, ty, a[0])]);
            add(&[float], ty, &|b, a| vec![b.convert(Op::Fptoui, ty, a[0])]);
        }
    }
    for ty in floats {
        for op in [Op::Fadd, Op::Fsub, Op::Fmul, Op::Fdiv] {
            add(&[ty, ty], ty, &binary(op));
        }
        use ir::FloatCond as F;
        for cond in [F::Eq, F::Ne, F::Lt, F::Le, F::Gt, F::Ge] {
            add(&[ty, ty], Type::I1, &|b, a| vec![b.fcmp(cond, a[0], a[1])]);
            // The opposite holds for NaN too: other library functions.
            add(&[ty, ty], Type::I1, &|b, a| {
                let holds = b.fcmp(cond, a[0], a[1]);
                let one = b.iconst(Type::I1, 1);
                vec![b.binary(Op::Xor, holds, one)]
            });
        }
        add(&[ty], ty, &|b, a| vec![b.convert(Op::Fneg, ty, a[0])]);
        for which in
            [Intrinsic::Sqrt, Intrinsic::Floor, Intrinsic::Ceil, Intrinsic::TruncFloat, Intrinsic::Fabs]
        {
            add(&[ty], ty, &|b, a| vec![b.intrinsic(which, ty, [a[0]])]);
        }
        add(&[ty, ty], ty, &|b, a| vec![b.intrinsic(Intrinsic::CopySign, ty, [a[0], a[1]])]);
        add(&[ty, ty, ty], ty, &|b, a| vec![b.intrinsic(Intrinsic::Fma, ty, a.to_vec())]);
    }
    add(&[Type::F32], Type::F64, &|b, a| vec![b.convert(Op::Fpext, Type::F64, a[0])]);
    add(&[Type::F64], Type::F32, &|b, a| vec![b.convert(Op::Fptrunc, Type::F32, a[0])]);
    program
}

#[test]
fn library_calls_are_builtins() {
    let mut wrong = Vec::new();
    for (machine, layout) in machines() {
        let program = all_arithmetic(layout);
        for opt in [Opt::None, Opt::O2, Opt::MinSize] {
            let options = Options { machine: machine.clone(), opt, ..Options::default() };
            let bytes = emit(&program, &options).unwrap();
            let file = object::File::parse(&*bytes).unwrap();
            let missing = not_builtin(&file, &machine);
            if !missing.is_empty() {
                wrong.push(format!("{} {} {opt:?}: {missing:?}", machine.triple, machine.features));
            }
        }
    }
    assert!(wrong.is_empty(), "not in the table:\n{}", wrong.join("\n"));
}

#[test]
fn every_target_gives_an_object() {
    for (machine, layout) in machines() {
        let program = sampler(layout);
        for opt in [Opt::None, Opt::O2, Opt::Size, Opt::MinSize] {
            let triple = machine.triple.clone();
            let options = Options {
                machine: machine.clone(),
                opt,
                function_sections: true,
                debug: false,
                ..Options::default()
            };
            let bytes = emit(&program, &options).unwrap_or_else(|e| panic!("{triple} {opt:?}: {e}"));
            assert_eq!(bytes, emit(&program, &options).unwrap(), "{triple} {opt:?}: not deterministic");
            let file = object::File::parse(&*bytes).unwrap();
            let defined: Vec<&str> =
                file.symbols().filter(|s| !s.is_undefined()).filter_map(|s| s.name().ok()).collect();
            for name in EXPECTED {
                assert!(defined.contains(name), "{triple} {opt:?}: no {name} in {defined:?}");
            }
            let missing = not_builtin(&file, &machine);
            assert!(missing.is_empty(), "{triple} {opt:?}: no builtins: {missing:?}");
        }
    }
}

/// One function inlined into another: positions and the call chain are in the object.
const INLINED: &str = r#"
target ptr=8 int=8 align=8
level lowered
file "main.go"
file "lib.go"
loc !1 = 0:10:1
loc !2 = 0:12:5
loc !3 = 1:20:1
loc !4 = 1:42:9 inlined !2 @lib.twice

func @main.f(v0: i32) -> i32 exported symbol "f" !1 {
b0:
  v1 = mul.i32 v0, v0 !4
  v2 = call.i32 @lib.other(v1) !2
  ret v2 !2
}
func @lib.other(v0: i32) -> i32 noinline !3 {
b0:
  v1 = iconst.i32 3
  v2 = udiv.i32 v0, v1 !3
  ret v2
}
func @lib.twice(v0: i32) -> i32 !3 {
b0:
  v1 = mul.i32 v0, v0 !3
  ret v1
}
"#;

#[test]
fn debug_information_has_lines_and_inlined_calls() {
    let program = ir::text::read_program(INLINED).unwrap();
    for opt in [Opt::None, Opt::MinSize] {
        let machine = machine("x86_64-unknown-linux-gnu", "", "", "");
        let options = Options { machine, opt, debug: true, function_sections: true, ..Options::default() };
        let object = emit(&program, &options).unwrap();
        let file = object::File::parse(&*object).unwrap();
        let load = |id: gimli::SectionId| -> Result<_, gimli::Error> {
            use object::ObjectSection;
            let data =
                file.section_by_name(id.name()).and_then(|s| s.uncompressed_data().ok()).unwrap_or_default();
            Ok(data)
        };
        let sections = gimli::DwarfSections::load(load).unwrap();
        let dwarf = sections.borrow(|data| gimli::EndianSlice::new(data, gimli::LittleEndian));
        let header = dwarf.units().next().unwrap().unwrap();
        let unit = dwarf.unit(header).unwrap();
        let mut tags = Vec::new();
        let mut entries = unit.entries();
        while let Some(entry) = entries.next_dfs().unwrap() {
            tags.push(entry.tag());
        }
        assert!(tags.contains(&gimli::DW_TAG_inlined_subroutine), "{opt:?}: {tags:?}");
        let mut rows = unit.line_program.clone().unwrap().rows();
        let mut lines = Vec::new();
        while let Some((_, row)) = rows.next_row().unwrap() {
            lines.extend(row.line().map(|line| line.get()));
        }
        for line in [12, 42, 20] {
            assert!(lines.contains(&line), "{opt:?}: no line {line} in {lines:?}");
        }
    }
}

#[test]
fn units_link_by_hidden_symbols() {
    let program = ir::text::read_program(INLINED).unwrap();
    let machine = machine("x86_64-unknown-linux-gnu", "", "", "");
    let options = Options { machine, ..Options::default() };
    let ids: Vec<FuncId> = program.funcs.keys().collect();
    let definitions = Definitions::of(&program);
    let objects = [&ids[..1], &ids[1..]].map(|funcs| {
        let part = Part::Unit { funcs, globals: &[], definitions: &definitions };
        emit_unit(&program, &options, &part).unwrap()
    });
    let symbols = |index: usize, undefined: bool| -> Vec<String> {
        let file = object::File::parse(&*objects[index]).unwrap();
        let symbols = file.symbols().filter(|s| s.is_global() || s.is_undefined());
        symbols.filter(|s| s.is_undefined() == undefined).map(|s| s.name().unwrap().to_string()).collect()
    };
    assert_eq!(symbols(0, false), ["f"]);
    assert!(symbols(0, true).contains(&"lib.other".to_string()));
    assert_eq!(symbols(1, false), ["lib.other", "lib.twice"]);
}

/// A part that refers to functions, globals, types and positions; `other` comes before all of them.
fn part_of(other: &str, position: &str, offset: i64) -> Program {
    let text = format!(
        "target ptr=8 int=8 align=8\nlevel lowered\nfile \"other.go\"\nfile \"f.go\"\n\
         loc !1 = 0:1:1\nloc !2 = {position}\nloc !3 = 1:9:9 inlined !2 @g\n\
         {other}\
         global @table: [2 x i64] = {{1, 2}} constant\n\
         global @list: {{ptr, i64}} = {{@table + {offset}, 2}}\n\
         func @g(i64) -> i64 symbol \"c_g\"\n\
         func @f(v0: i64) -> i64 exported !2 {{\nb0:\n  v1 = global @list !2\n  v2 = load.i64 v1 !3\n  \
         v3 = add.i64 v0, v2 !2\n  v4 = call.i64 @g(v3) !2\n  ret v4 !2\n}}\n"
    );
    ir::text::read_program(&text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

#[test]
fn fingerprints_are_of_the_part_alone() {
    let options = Options {
        machine: machine("x86_64-unknown-linux-gnu", "", "", ""),
        debug: true,
        function_sections: true,
        ..Options::default()
    };
    let made = |program: &Program| {
        let definitions = Definitions::of(program);
        let funcs = [program.func_named("f").unwrap()];
        let globals = ["list", "table"].map(|name| program.global_named(name).unwrap());
        let part = Part::Unit { funcs: &funcs, globals: &globals, definitions: &definitions };
        (fingerprint(program, &options, &part), emit_unit(program, &options, &part).unwrap())
    };
    let other = "global @other: {ptr, {i64, f32}}\nfunc @before(i32)\nfunc @h() exported !1 {\nb0:\n  \
                 v0 = global @other\n  call @before(v1)\n  ret\n}\n"
        .replace("  call @before(v1)", "  v1 = iconst.i32 7\n  call @before(v1)");
    let base = made(&part_of("", "1:3:4", 0));
    // Everything has another number there.
    assert_eq!(base, made(&part_of(&other, "1:3:4", 0)));
    // A position, data.
    assert_ne!(base.0, made(&part_of("", "1:4:4", 0)).0);
    assert_ne!(base.0, made(&part_of("", "1:3:4", 8)).0);
    // What is said of a function that is only called.
    let mut cold = part_of("", "1:3:4", 0);
    let callee = cold.func_named("g").unwrap();
    cold.funcs[callee].attrs.cold = true;
    assert_ne!(base.0, made(&cold).0);
}

#[test]
fn mistakes_are_errors() {
    let x86 = machine("x86_64-unknown-linux-gnu", "", "", "");
    let program = |text: &str| ir::text::read_program(text).unwrap();
    let options = |machine: &Machine| Options { machine: machine.clone(), ..Options::default() };

    let unknown = machine("z80-unknown-unknown", "", "", "");
    let error = emit(&program(INLINED), &options(&unknown)).unwrap_err();
    assert!(matches!(error, Error::UnknownTarget { .. }), "{error}");
    let narrow = machine("thumbv6m-unknown-unknown-eabi", "", "", "");
    let error = emit(&program(INLINED), &options(&narrow)).unwrap_err();
    assert!(error.to_string().contains("4 bytes"), "{error}");
    let error = emit(&Program::new(TargetLayout::BITS64), &options(&x86)).unwrap_err();
    assert!(error.to_string().contains("lower it first"), "{error}");

    let error = assemble("\tfrobnicate %eax\n", &x86).unwrap_err();
    assert!(error.to_string().contains("frobnicate"), "{error}");
    let broken = "target ptr=8 int=8 align=8\nlevel lowered\n\
                  func @f() exported {\nb0:\n  asm \"frobnicate\", \"\"\n  ret\n}\n";
    let broken = broken.replace("\"frobnicate\", ", "\"frobnicate\" ");
    let error = emit(&program(&broken), &options(&x86)).unwrap_err();
    assert!(error.to_string().contains("invalid instruction mnemonic"), "{error}");
    let grow = "target ptr=8 int=8 align=8\nlevel lowered\n\
                func @f() -> i64 exported {\nb0:\n  v0 = intrinsic.i64 memory_size()\n  ret v0\n}\n";
    let error = emit(&program(grow), &options(&x86)).unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error}");
}

#[test]
fn texts_show_the_program() {
    let machine = machine("x86_64-unknown-linux-gnu", "", "", "");
    let program = ir::text::read_program(INLINED).unwrap();
    let options = Options { machine, ..Options::default() };
    assert!(emit_llvm_ir(&program, &options).unwrap().contains("define"));
    assert!(String::from_utf8(emit_asm(&program, &options).unwrap()).unwrap().contains("imull"));
}

/// Assembler text of a lowered program.
fn assembly(text: &str, machine: Machine, opt: Opt) -> String {
    let target = match machine.arch().unwrap() {
        crate::Arch::Avr => "target ptr=2 int=4 align=1",
        crate::Arch::X86_64 | crate::Arch::Aarch64 | crate::Arch::Riscv64 => "target ptr=8 int=8 align=8",
        crate::Arch::X86 => "target ptr=4 int=4 align=4",
        _ => "target ptr=4 int=4 align=8",
    };
    let mut program = ir::text::read_program(&format!("{target}\nlevel lowered\n{text}")).unwrap();
    for handler in program.interrupts.clone().into_values() {
        program.funcs[handler].attrs.interrupt = true;
    }
    let options = Options { machine, opt, debug: false, function_sections: true, ..Options::default() };
    String::from_utf8(emit_asm(&program, &options).unwrap()).unwrap()
}

/// `haystack` holds each of `parts` after the one before.
fn in_order(haystack: &str, parts: &[&str]) {
    let mut rest = haystack;
    for part in parts {
        let at = rest.find(part).unwrap_or_else(|| panic!("no {part:?} (in order) in:\n{haystack}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn interrupts_have_their_prologue() {
    let text = "global @count: i8 = zero exported\ninterrupt 5 @tick\n\
        func @tick() {\nb0:\n  v0 = global @count\n  v1 = volatile_load.i8 v0\n\
        v2 = iconst.i8 1\n  v3 = add.i8 v1, v2\n  volatile_store v0, v3\n  ret\n}\n";
    let all = machines();
    let by_triple = |part: &str| all.iter().find(|(m, _)| m.triple.contains(part)).unwrap().0.clone();
    let avr = assembly(text, by_triple("avr"), Opt::MinSize);
    in_order(&avr, &[".globl\ttick", "tick:", "push", "in\tr0, 63", "lds", "sts\tcount", "reti"]);
    let riscv = assembly(text, by_triple("riscv32"), Opt::MinSize);
    in_order(&riscv, &["tick:", "sw\t", "count", "lw\t", "mret"]);
    let thumb = assembly(text, by_triple("thumbv6m"), Opt::MinSize);
    in_order(&thumb, &["tick:", "ldr", "bx\tlr"]);
}

/// What a program does not call of a library has to be dropped, so none of its functions may share code with others.
#[test]
fn functions_of_a_library_have_sections() {
    let func = |name: &str| {
        format!(
            "func @{name}(v0: i32, v1: i32) -> i32 exported symbol \"{name}\" {{\nb0:\n  v2 = mul.i32 v0, v1\n\
             v3 = iconst.i32 77777\n  v4 = xor.i32 v2, v3\n  v5 = udiv.i32 v4, v1\n  v6 = mul.i32 v5, v3\n\
             ret v6\n}}\n"
        )
    };
    let text = format!("target ptr=4 int=4 align=8\nlevel lowered\n{}{}", func("f"), func("g"));
    let program = ir::text::read_program(&text).unwrap();
    let fits =
        |(machine, layout): &(Machine, TargetLayout)| *layout == TargetLayout::BITS32 && machine.is_elf();
    for (machine, _) in machines().into_iter().filter(fits) {
        let options = Options { machine, function_sections: true, library: true, ..Options::default() };
        let asm = String::from_utf8(emit_asm(&program, &options).unwrap()).unwrap();
        in_order(&asm, &[".section\t.text.f,", ".section\t.text.g,"]);
        assert!(!asm.contains("OUTLINED"), "{asm}");
    }
}

#[test]
fn registers_of_the_machine_take_one_instruction() {
    // PORTB is 0x25 in memory, 5 in I/O space.
    let text = "func @on() exported symbol \"on\" {\nb0:\n  v0 = iconst.i16 37\n  v1 = inttoptr.ptr v0\n\
        v2 = volatile_load.i8 v1\n  v3 = iconst.i8 32\n  v4 = or.i8 v2, v3\n  volatile_store v1, v4\n  ret\n}\n";
    let text = assembly(text, machine("avr-unknown-unknown", "atmega328p", "", ""), Opt::MinSize);
    in_order(&text, &["on:", "sbi\t5, 5", "ret"]);
}

#[test]
fn attributes_reach_the_object() {
    let text = "global @placed: i32 = 7 exported section \".noinit\"\n\
        func @start() exported naked symbol \"_start\" section \".init\" {\nb0:\n  asm \"nop\" \"\"\n  unreachable\n}\n\
        func @unused() {\nb0:\n  ret\n}\n";
    let thumb = machine("thumbv6m-unknown-unknown-eabi", "cortex-m0", "", "");
    let text = assembly(text, thumb, Opt::MinSize);
    in_order(&text, &[".section\t.init", "_start:", "nop", ".section\t.noinit", "placed:"]);
    assert!(!text.contains("unused:") && !text.contains("push"), "{text}");

    let text = "func @now(i32, {ptr, i32}) -> i64 wasm_import \"env\" \"now\"\n\
        func @run(v0: i32, v1: ptr) -> i64 exported wasm_export symbol \"run\" {\nb0:\n\
        v2 = aggregate.{ptr, i32} v1, v0\n  v3 = call.i64 @now(v0, v2)\n  ret v3\n}\n";
    let wasm = machine("wasm32-unknown-wasi", "generic", "", "");
    let text = assembly(text, wasm, Opt::MinSize);
    in_order(&text, &[".functype\tnow (i32, i32, i32) -> (i64)", "run:", "call\tnow"]);
    for part in [".import_module\tnow, env", ".import_name\tnow, now", ".export_name\trun, run"] {
        assert!(text.contains(part), "no {part} in:\n{text}");
    }
}

#[test]
fn no_tables_for_unwinding() {
    for (machine, layout) in machines() {
        let options = Options { machine: machine.clone(), ..Options::default() };
        let bytes = emit(&sampler(layout), &options).unwrap();
        let file = object::File::parse(&*bytes).unwrap();
        use object::ObjectSection;
        for section in file.sections() {
            let name = section.name().unwrap_or_default();
            assert!(!name.starts_with(".eh_frame"), "{} has {name}", machine.triple);
        }
    }
}

#[test]
fn wide_comparisons_are_short_on_avr() {
    let text = "func @g() exported symbol \"g\"\n\
        func @f(v0: i64, v1: i32) exported symbol \"f\" {\nb0:\n  v2 = iconst.i64 0\n  v3 = icmp slt v0, v2\n\
        br v3, b1, b2\nb1:\n  v4 = iconst.i32 100\n  v5 = icmp ult v1, v4\n  br v5, b3, b2\n\
        b2:\n  ret\nb3:\n  call @g()\n  ret\n}\n";
    let text = assembly(text, machine("avr-unknown-unknown", "atmega328p", "", ""), Opt::MinSize);
    // A condition that became a byte is masked before it is tested.
    assert!(!text.contains("andi"), "{text}");
}

#[test]
fn memory_functions_do_not_call_themselves() {
    let prelude = include_str!("../../tests/codegen/prelude.ir");
    for (machine, layout) in machines() {
        let word = format!("i{}", layout.ptr_bytes * 8);
        let text = assembly(&prelude.replace("word", &word), machine, Opt::O2);
        for line in text.lines().filter(|line| line.contains("mem")) {
            let call = ["call", "bl\t", "tail", "jmp", "b\t"].iter().any(|op| line.trim().starts_with(op));
            assert!(!call, "{line}");
        }
    }
}

/// Other back ends, at work on other threads, change what LLVM holds in globals.
#[test]
fn avr_beside_others() {
    use std::sync::atomic::{AtomicBool, Ordering};

    let [avr, wasm] = ["target ptr=2 int=4 align=1", "target ptr=4 int=4 align=8"].map(|target| {
        let text = include_str!("../../tests/codegen/arithmetic.ir");
        ir::text::read_program(&format!("{target}\nlevel lowered\n{text}")).expect("a case of the suite")
    });
    let options = |machine| Options {
        machine,
        opt: Opt::MinSize,
        debug: true,
        function_sections: true,
        ..Options::default()
    };
    let for_avr = options(machine("avr-unknown-unknown", "atmega328p", "", ""));
    let for_wasm = options(machine("wasm32-unknown-wasi", "generic", "", ""));
    let alone = emit(&avr, &for_avr).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                emit(&wasm, &for_wasm).unwrap();
            }
        });
        let is_same = (0..100).all(|_| emit(&avr, &for_avr).unwrap() == alone);
        done.store(true, Ordering::Relaxed);
        assert!(is_same);
    });
}
