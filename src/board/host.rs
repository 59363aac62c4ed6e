//! Targets of operating systems, built from GOOS and GOARCH instead of YAML.

use crate::error::Error;
use crate::suggest;
use crate::target::{
    CodeModel, Emulator, Flash, Flavour, Format, Gc, Kind, Linker, Llvm, PanicMode, Relocation, Scheduler,
    Serial, Source, Target,
};

/// What differs between the architectures of Linux.
struct Arch {
    goarch: &'static str,
    triple: &'static str,
    cpu: &'static str,
    features: &'static str,
    abi: &'static str,
    pointer_bits: u32,
    max_align: u32,
    /// Start-up code and stack switching.
    assembly: &'static [&'static str],
}

const ARCHES: [Arch; 5] = [
    Arch {
        goarch: "386",
        triple: "i386-unknown-linux-musl",
        cpu: "pentium4",
        features: "+cx8,+fxsr,+mmx,+sse,+sse2,+x87",
        abi: "",
        pointer_bits: 32,
        // int64 is aligned to four bytes there, in C as in Go.
        max_align: 4,
        assembly: &["runtime/asm_linux_386.S"],
    },
    Arch {
        goarch: "amd64",
        triple: "x86_64-unknown-linux-musl",
        cpu: "x86-64",
        features: "+cx8,+fxsr,+mmx,+sse,+sse2,+x87",
        abi: "",
        pointer_bits: 64,
        max_align: 8,
        assembly: &["runtime/asm_linux_amd64.S", "runtime/asm_amd64_sha.S"],
    },
    Arch {
        goarch: "arm",
        // GOARM defaults to 6, with hardware floating point.
        triple: "armv6-unknown-linux-musleabihf",
        cpu: "generic",
        features: "+armv6,+dsp,+fp64,+strict-align,+vfp2,-thumb-mode",
        abi: "",
        pointer_bits: 32,
        max_align: 8,
        assembly: &["runtime/asm_linux_arm.S"],
    },
    Arch {
        goarch: "arm64",
        triple: "aarch64-unknown-linux-musl",
        cpu: "generic",
        features: "+fp-armv8,+neon",
        abi: "",
        pointer_bits: 64,
        max_align: 8,
        assembly: &["runtime/asm_linux_arm64.S"],
    },
    Arch {
        goarch: "riscv64",
        triple: "riscv64-unknown-linux-musl",
        cpu: "generic-rv64",
        features: "+m,+a,+f,+d,+c",
        abi: "lp64d",
        pointer_bits: 64,
        max_align: 8,
        assembly: &["runtime/asm_linux_riscv64.S"],
    },
];

/// The target of a host operating system.
pub fn target(goos: &str, goarch: &str) -> Result<Target, Error> {
    // Android programs run on its Linux kernel, and Go's library treats them so.
    let goos = if goos == "android" { "linux" } else { goos };
    let arch = ARCHES.iter().find(|arch| goos == "linux" && arch.goarch == goarch);
    let Some(arch) = arch else {
        let name = format!("{goos}/{goarch}");
        let known: Vec<String> = ARCHES.iter().map(|arch| format!("linux/{}", arch.goarch)).collect();
        let nearest = suggest::nearest(&name, known.iter().map(String::as_str));
        return Err(Error::Unknown { name, nearest });
    };
    Ok(Target {
        name: format!("{goos}/{goarch}"),
        description: format!("Linux on {goarch}"),
        kind: Kind::Host,
        files: Vec::new(),
        llvm: Llvm {
            triple: arch.triple.to_owned(),
            cpu: arch.cpu.to_owned(),
            features: arch.features.to_owned(),
            abi: arch.abi.to_owned(),
            code_model: CodeModel::Default,
            relocation: Relocation::Static,
        },
        pointer_bits: arch.pointer_bits,
        int_bits: arch.pointer_bits,
        max_align: arch.max_align,
        goos: goos.to_owned(),
        goarch: goarch.to_owned(),
        build_tags: vec![goos.to_owned(), goarch.to_owned()],
        gc: Gc::Conservative,
        scheduler: Scheduler::Tasks,
        serial: Serial::None,
        panic: PanicMode::Print,
        // Address space: what is not touched is no memory. Library code recurses as deep as Go's stacks let it.
        goroutine_stack: if arch.pointer_bits == 64 { 64 << 20 } else { 256 << 10 },
        main_stack: 0,
        linker: Linker {
            flavour: Flavour::Elf,
            script: Some(Source::Tree("boards/ld/linux.ld".to_owned())),
            defsyms: Vec::new(),
            entry: Some("_start".to_owned()),
            assembly: arch.assembly.iter().map(|name| Source::Tree((*name).to_owned())).collect(),
            // The table of addresses that some machines' code wants lies among the variables.
            args: ["--gc-sections", "--no-nmagic", "--no-rosegment", "-z", "norelro"]
                .map(str::to_owned)
                .to_vec(),
        },
        memory: Vec::new(),
        device: None,
        interrupts: Vec::new(),
        clock: 0,
        chip: "generic".to_owned(),
        flash: Flash::None,
        programmers: Vec::new(),
        usb_ids: Vec::new(),
        touch_1200: false,
        usb: None,
        baud: 115_200,
        emulator: Emulator::Native,
        formats: vec![Format::Elf],
        pins: Vec::new(),
        default_uart: None,
        constants: Vec::new(),
    })
}

/// GOOS and GOARCH of all hosts.
pub fn names() -> Vec<String> {
    ARCHES.iter().map(|arch| format!("linux/{}", arch.goarch)).collect()
}
