//! Suite `board`: every layout in boards/ld links, for every board that uses it, and has the symbols that the runtime
//! relies on, at the places it relies on.

use std::collections::BTreeMap;

use board::{Flavour, Root, Target};
use libtest_mimic::{Failed, Trial};
use object::{Object as _, ObjectSection as _, ObjectSymbol as _};

pub fn trials() -> Vec<Trial> {
    let root = Root::own();
    let mut trials = Vec::new();
    for name in board::names(&root) {
        let root = root.clone();
        trials.push(Trial::test(format!("board/{name}"), move || {
            let target = board::resolve(&name, &root)?;
            if target.linker.flavour == Flavour::Elf { layout(&target, &root) } else { Ok(()) }
        }));
    }
    trials.push(Trial::test("board/linux/amd64", move || {
        let target = board::host::target("linux", "amd64")?;
        linux(&target, &root)
    }));
    trials
}

/// A program's sections: code, constants, variables with and without value, and what the layout wants at its start.
/// `words` is how many words of zeroed memory it takes.
fn program(target: &Target, words: u64) -> String {
    let first = match () {
        () if has_tag(target, "rp2040") => {
            ".section .boot2, \"ax\", %progbits\n.space 252\n.section .isr_vector, \"a\", %progbits\n"
        }
        () if has_tag(target, "cortexm") => ".section .isr_vector, \"a\", %progbits\n",
        () if has_tag(target, "avr") => ".section .vectors, \"ax\", @progbits\n",
        () if has_tag(target, "tinygo.riscv") => ".section .init, \"ax\", @progbits\n",
        () => ".section .text.first, \"ax\", @progbits\n",
    };
    let entry = match () {
        () if has_tag(target, "cortexm") => "Reset_Handler",
        () if has_tag(target, "avr") => "__start",
        () => "_start",
    };
    let at = if has_tag(target, "cortexm") { '%' } else { '@' };
    let names = ["table", "constant", "variable", "zeroed", "numbers", "counts"];
    let refer = names.map(|name| format!("\t.long {name}\n")).concat();
    format!(
        "{first}\t.globl table\ntable:\n\t.long {entry}\n\
         \t.section .text.{entry}, \"ax\", {at}progbits\n\t.globl {entry}\n{entry}:\n{refer}\
         \t.section .rodata.c, \"a\", {at}progbits\n\t.globl constant\nconstant: .byte 1, 2, 3\n\
         \t.section .data.v, \"aw\", {at}progbits\n\t.globl variable\nvariable: .long 0x11223344\n\
         \t.section .bss.z, \"aw\", {at}nobits\n\t.globl zeroed\nzeroed: .space {}\n\
         \t.section .noptrdata, \"aw\", {at}progbits\n\t.globl numbers\nnumbers: .long 0x55667788\n\
         \t.section .noptrbss, \"aw\", {at}nobits\n\t.globl counts\ncounts: .space 4\n",
        words * 4
    )
}

fn has_tag(target: &Target, tag: &str) -> bool {
    target.build_tags.iter().any(|t| t == tag)
}

fn machine(target: &Target) -> codegen::Machine {
    codegen::Machine {
        triple: target.llvm.triple.clone(),
        cpu: target.llvm.cpu.clone(),
        features: target.llvm.features.clone(),
        abi: Some(target.llvm.abi.clone()).filter(|abi| !abi.is_empty()),
        ..codegen::Machine::default()
    }
}

fn link(target: &Target, root: &Root, words: u64) -> Result<Result<Vec<u8>, link::Error>, Failed> {
    let machine = machine(target);
    // The start-up files must assemble for this very CPU; they want a runtime to be linked.
    for source in &target.linker.assembly {
        codegen::assemble(&String::from_utf8(source.read(root)?.into_owned())?, &machine)
            .map_err(|e| format!("{}: {e}", source.display()))?;
    }
    let bytes = codegen::assemble(&program(target, words), &machine)?;
    let folder = tempfile::tempdir()?;
    let job = link::Job {
        flavour: link::Flavour::Elf,
        objects: vec![link::Object { name: "program".to_owned(), bytes }],
        script: board::linker_script(target, root)?,
        entry: target.linker.entry.clone(),
        args: target.linker.args.clone(),
        output: folder.path().join("program"),
        ..link::Job::default()
    };
    Ok(link::link(&job).map(|linked| linked.bytes))
}

fn check(condition: bool, what: impl FnOnce() -> String) -> Result<(), Failed> {
    if condition { Ok(()) } else { Err(what().into()) }
}

fn layout(target: &Target, root: &Root) -> Result<(), Failed> {
    let elf = link(target, root, 16)??;
    check(elf.len() < 4096, || format!("the ELF file has {} bytes", elf.len()))?;
    let file = object::File::parse(elf.as_slice())?;
    let symbols: BTreeMap<&str, u64> =
        file.symbols().filter_map(|s| Some((s.name().ok()?, s.address()))).collect();
    let at = |name: &str| symbols.get(name).copied().ok_or_else(|| Failed::from(format!("no symbol {name}")));
    let ram = target.region("ram").ok_or("no RAM")?;
    let code = target.region("flash").unwrap_or(ram);

    let boot2 = if has_tag(target, "rp2040") { 0x100 } else { 0 };
    check(at("table")? == code.origin + boot2, || format!("the program begins at {:#x}", symbols["table"]))?;
    check(at("_stack_top")? - at("_stack_bottom")? >= target.main_stack, || {
        "the stack is too small".to_owned()
    })?;
    if target.region("flash").is_some() {
        check(at("_stack_bottom")? == ram.origin, || "the stack is not at the bottom of RAM".to_owned())?;
    }
    check(at("_stack_size")? == target.main_stack, || "wrong _stack_size".to_owned())?;
    check(at("_sdata")? <= at("variable")? && at("variable")? + 4 <= at("_edata")?, || {
        "variable is not in .data".to_owned()
    })?;
    check(at("_sbss")? <= at("zeroed")? && at("zeroed")? + 64 <= at("_ebss")?, || {
        "zeroed is not in .bss".to_owned()
    })?;
    let searched =
        |name: &str| Ok::<bool, Failed>((at("_globals_start")?..at("_globals_end")?).contains(&at(name)?));
    check(searched("variable")? && searched("zeroed")?, || "the collector misses variables".to_owned())?;
    for name in ["numbers", "counts", "constant"] {
        check(!searched(name)?, || format!("the collector searches {name}"))?;
    }
    check(at("_sdata")? <= at("numbers")? && at("numbers")? + 4 <= at("_edata")?, || {
        "numbers is not in .data".to_owned()
    })?;
    check(at("_sbss")? <= at("counts")? && at("counts")? + 4 <= at("_ebss")?, || {
        "counts is not in .bss".to_owned()
    })?;
    check(at("_heap_start")? >= at("_ebss")?, || "the heap overlaps the variables".to_owned())?;
    check(at("_heap_end")? == ram.origin + ram.length, || "the heap does not end with RAM".to_owned())?;
    let in_ram =
        |name: &str| symbols.get(name).is_some_and(|a| (ram.origin..ram.origin + ram.length).contains(a));
    for name in ["variable", "zeroed", "_stack_top", "_heap_start"] {
        check(in_ram(name), || format!("{name} is not in RAM"))?;
    }
    // AVR reaches constants by loads from RAM only; elsewhere they stay in flash.
    check(in_ram("constant") == (has_tag(target, "avr") || target.region("flash").is_none()), || {
        "misplaced constant".to_owned()
    })?;
    // Words are copied and cleared four bytes at a time, or two on AVR.
    let unit = if has_tag(target, "avr") { 1 } else { 4 };
    for name in ["_sdata", "_edata", "_sidata", "_sbss", "_ebss"] {
        check(at(name)? % unit == 0, || format!("{name} is not aligned"))?;
    }
    stored_data(target, &elf, at("_sidata")?)?;
    if target.region("flash").is_some() {
        check(at("__flash_data_end")? == code.origin + code.length, || "wrong end of flash".to_owned())?;
        let data = file.section_by_name(".data").ok_or("no .data")?.size();
        check(at("__flash_data_start")? == at("_sidata")? + data, || "wrong start of free flash".to_owned())?;
    }

    match link(target, root, ram.length)? {
        Err(link::Error::TooLarge(regions)) => check(regions.iter().any(|r| r.region == "RAM"), || {
            format!("overflow of RAM is told as {regions:?}")
        }),
        other => Err(format!("four times the RAM: {:?}", other.map(|b| b.len())).into()),
    }
}

/// The value of `variable` lies where start-up code copies it from.
fn stored_data(target: &Target, elf: &[u8], sidata: u64) -> Result<(), Failed> {
    let segments = link::image::segments(elf)?;
    let found = segments.iter().any(|segment| {
        let offset = sidata.checked_sub(segment.addr.into()).and_then(|o| usize::try_from(o).ok());
        offset
            .and_then(|o| segment.data.get(o..))
            .is_some_and(|data| data.windows(4).take(16).any(|word| word == [0x44, 0x33, 0x22, 0x11]))
    });
    check(found, || format!("{}: the variable's value is not at _sidata ({sidata:#x})", target.name))
}

/// The host's layout: runs, is small, and has the collector's symbols around the variables.
fn linux(target: &Target, root: &Root) -> Result<(), Failed> {
    let elf = link(target, root, 1000)??;
    check(elf.len() < 2048, || format!("the ELF file has {} bytes", elf.len()))?;
    let file = object::File::parse(elf.as_slice())?;
    let symbols: BTreeMap<&str, u64> =
        file.symbols().filter_map(|s| Some((s.name().ok()?, s.address()))).collect();
    let inside = |name: &str| (symbols["_globals_start"]..symbols["_globals_end"]).contains(&symbols[name]);
    let right = inside("variable") && inside("zeroed") && !inside("constant") && !inside("counts");
    check(right, || "wrong globals".to_owned())
}
