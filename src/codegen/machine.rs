//! The machine that code is generated for, and what the code generator must know about its architecture.

use std::sync::{Once, RwLock, RwLockReadGuard};

use inkwell::OptimizationLevel;
use inkwell::targets::{
    self, InitializationConfig, Target, TargetMachine, TargetMachineOptions, TargetTriple,
};

use crate::error::Error;

/// LLVM's options are globals of the process: back ends set some, all of LLVM reads them. Code generation, on any number
/// of threads, holds this shared; lld, which sets all of them back to their defaults, must have it to itself.
pub static LLVM_OPTIONS: RwLock<()> = RwLock::new(());

/// Until this is dropped nobody resets the options.
pub(crate) fn share_options() -> RwLockReadGuard<'static, ()> {
    LLVM_OPTIONS.read().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// A target in LLVM's terms.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Machine {
    /// `avr-unknown-unknown`, `thumbv6m-unknown-unknown-eabi`, `wasm32-unknown-wasi` …
    pub triple: String,
    /// `atmega328p`, `cortex-m0`, `generic-rv32` …; empty: the target's generic one.
    pub cpu: String,
    /// `+m,+c` …
    pub features: String,
    /// `ilp32`, `lp64d` … where the architecture has several.
    pub abi: Option<String>,
    pub code_model: CodeModel,
    pub reloc: Reloc,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum CodeModel {
    #[default]
    Default,
    Small,
    Medium,
    Large,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Reloc {
    #[default]
    Static,
    Pic,
}

/// `-opt`
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Opt {
    None,
    O1,
    O2,
    /// Small and still fast.
    Size,
    /// As small as possible.
    #[default]
    MinSize,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Options {
    pub machine: Machine,
    pub opt: Opt,
    /// DWARF.
    pub debug: bool,
    /// A section for every function and variable, so that the linker can drop them one by one (ELF only).
    pub function_sections: bool,
    /// Nobody may call some of the functions: the linker has to be able to drop each of them.
    pub library: bool,
    /// The program looks at its own calls: none may be missing on the stack or stand for another one.
    pub exact_calls: bool,
}

/// Instruction set families that differ in the code we hand to LLVM.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Arch {
    Avr,
    Arm,
    Aarch64,
    Riscv32,
    Riscv64,
    X86,
    X86_64,
    Wasm32,
}

impl Machine {
    pub fn arch(&self) -> Result<Arch, Error> {
        let name = self.triple.split('-').next().unwrap_or("");
        match name {
            "avr" => Ok(Arch::Avr),
            "aarch64" | "arm64" => Ok(Arch::Aarch64),
            "riscv32" => Ok(Arch::Riscv32),
            "riscv64" => Ok(Arch::Riscv64),
            "i386" | "i486" | "i586" | "i686" => Ok(Arch::X86),
            "x86_64" => Ok(Arch::X86_64),
            "wasm32" => Ok(Arch::Wasm32),
            _ if name.starts_with("thumb") || name.starts_with("arm") => Ok(Arch::Arm),
            _ => Err(Error::UnknownTarget {
                triple: self.triple.clone(),
                reason: "use avr, thumbv*, armv*, aarch64, riscv32, riscv64, i386, x86_64 or wasm32".into(),
            }),
        }
    }

    pub(crate) fn is_elf(&self) -> bool {
        !self.triple.starts_with("wasm")
    }

    /// The program runs on an operating system.
    pub(crate) fn has_system(&self) -> bool {
        self.triple.contains("-linux")
    }

    /// A Thumb target without interlocked instructions (v6-M).
    pub(crate) fn is_thumbv6m(&self) -> bool {
        self.triple.starts_with("thumbv6m")
    }

    pub(crate) fn has_feature(&self, name: &str) -> bool {
        self.features.split(',').any(|f| f.strip_prefix('+') == Some(name))
    }

    /// The widest atomic operation in bits that the machine has instructions for; 0: none.
    pub(crate) fn atomic_bits(&self, arch: Arch) -> u32 {
        match arch {
            Arch::X86_64 | Arch::Aarch64 => 64,
            Arch::Riscv64 if self.has_feature("a") => 64,
            Arch::Riscv32 if self.has_feature("a") => 32,
            // ARMv4T, v5 and v6-M lack ldrex/strex.
            Arch::Arm
                if self.is_thumbv6m()
                    || ["armv4", "armv5", "thumbv5"].iter().any(|v| self.triple.starts_with(v)) =>
            {
                0
            }
            Arch::Arm | Arch::X86 => 32,
            // WebAssembly has one thread here, AVR and the rest one core: see `atomics`.
            Arch::Avr | Arch::Wasm32 | Arch::Riscv32 | Arch::Riscv64 => 0,
        }
    }

    /// LLVM's view of the machine.
    pub(crate) fn target_machine(&self, opt: Opt) -> Result<TargetMachine, Error> {
        static TARGETS: Once = Once::new();
        TARGETS.call_once(|| Target::initialize_all(&InitializationConfig::default()));
        let arch = self.arch()?;
        let error = |reason: String| Error::UnknownTarget { triple: self.triple.clone(), reason };
        let triple = TargetTriple::create(&self.triple);
        let target = Target::from_triple(&triple).map_err(|e| error(e.to_string()))?;
        let level = match opt {
            // AVR has too few registers for the allocator of unoptimised code: it gives up on 64-bit values.
            Opt::None if arch != Arch::Avr => OptimizationLevel::None,
            Opt::None | Opt::O1 => OptimizationLevel::Less,
            Opt::O2 | Opt::Size | Opt::MinSize => OptimizationLevel::Default,
        };
        let reloc = match self.reloc {
            Reloc::Static => targets::RelocMode::Static,
            Reloc::Pic => targets::RelocMode::PIC,
        };
        let model = match self.code_model {
            CodeModel::Default => targets::CodeModel::Default,
            CodeModel::Small => targets::CodeModel::Small,
            CodeModel::Medium => targets::CodeModel::Medium,
            CodeModel::Large => targets::CodeModel::Large,
        };
        let mut features = self.features.clone();
        if arch == Arch::Riscv32 && opt == Opt::MinSize {
            // Functions save registers by calls: runtime/builtins/save_riscv32.S.
            features.push_str(",+save-restore");
        }
        let mut options = TargetMachineOptions::new()
            .set_cpu(&self.cpu)
            .set_features(&features)
            .set_level(level)
            .set_reloc_mode(reloc)
            .set_code_model(model);
        if let Some(abi) = &self.abi {
            options = options.set_abi(abi);
        }
        target.create_target_machine_from_options(&triple, options).ok_or_else(|| {
            error(format!("LLVM takes neither cpu {:?} nor features {:?}", self.cpu, self.features))
        })
    }
}
