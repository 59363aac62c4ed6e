//! `tests/codegen/*.ir`: lowered IR, compiled for every machine at `-opt=0` and `-opt=z`, linked with a few lines of
//! start-up code and run: on the host, in QEMU, simavr and node. `@test` gives 0, or the number of the check that
//! failed.
//!
//! In these files `word` stands for the integer type of the machine's pointers, and the line `target` is left out. A
//! comment `; only: host thumb …` names the families that can run the case (what needs soft floats or 64-bit division
//! has no business here on small machines: package runtime provides those).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use codegen::{Machine, Opt, Options};
use libtest_mimic::{Failed, Trial};

use crate::process;

/// Generous for what takes milliseconds: the machine may be busy.
const LIMIT: Duration = Duration::from_secs(30);

struct Runner {
    name: &'static str,
    /// What `; only:` calls it.
    family: &'static str,
    triple: &'static str,
    cpu: &'static str,
    features: &'static str,
    abi: &'static str,
    /// Start-up code and linker script in `tests/codegen/start`.
    start: &'static str,
    script: &'static str,
    /// The program that runs the linked file, which becomes the last argument.
    command: &'static [&'static str],
}

const fn runner(name: &'static str, family: &'static str, triple: &'static str) -> Runner {
    Runner { name, family, triple, cpu: "", features: "", abi: "", start: "", script: "", command: &[] }
}

const RUNNERS: &[Runner] = &[
    Runner { start: "x86_64.s", ..runner("x86_64", "host", "x86_64-unknown-linux-gnu") },
    Runner {
        cpu: "pentium4",
        features: "+cx8,+fxsr,+mmx,+sse,+sse2,+x87",
        start: "i386.s",
        command: &["qemu-i386"],
        ..runner("i386", "x86", "i386-unknown-linux-musl")
    },
    Runner {
        features: "+strict-align",
        start: "aarch64.s",
        script: "virt-aarch64.ld",
        command: &[
            "qemu-system-aarch64",
            "-M",
            "virt",
            "-cpu",
            "cortex-a53",
            "-nic",
            "none",
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "none",
            "-semihosting-config",
            "enable=on,target=native",
            "-kernel",
        ],
        ..runner("aarch64", "aarch64", "aarch64-unknown-none")
    },
    Runner {
        cpu: "cortex-m0",
        start: "thumb.s",
        script: "thumb.ld",
        command: &[
            "qemu-system-arm",
            "-M",
            "microbit",
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "none",
            "-semihosting-config",
            "enable=on,target=native",
            "-kernel",
        ],
        ..runner("thumbv6m", "thumb6", "thumbv6m-unknown-unknown-eabi")
    },
    Runner {
        cpu: "cortex-m3",
        start: "thumb.s",
        script: "thumb.ld",
        command: &[
            "qemu-system-arm",
            "-M",
            "lm3s6965evb",
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "none",
            "-semihosting-config",
            "enable=on,target=native",
            "-kernel",
        ],
        ..runner("thumbv7m", "thumb", "thumbv7m-unknown-unknown-eabi")
    },
    Runner {
        cpu: "generic-rv32",
        features: "+m,+a,+c,+zicsr",
        abi: "ilp32",
        start: "riscv.s",
        script: "virt-riscv.ld",
        command: &[
            "qemu-system-riscv32",
            "-M",
            "virt",
            "-bios",
            "none",
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "none",
            "-kernel",
        ],
        ..runner("riscv32imac", "riscv32", "riscv32-unknown-none-elf")
    },
    Runner {
        cpu: "generic-rv32",
        features: "+m,+c,+zicsr",
        abi: "ilp32",
        start: "riscv.s",
        script: "virt-riscv.ld",
        command: &[
            "qemu-system-riscv32",
            "-M",
            "virt",
            "-bios",
            "none",
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "none",
            "-kernel",
        ],
        ..runner("riscv32imc", "riscv32", "riscv32-unknown-none-elf")
    },
    Runner {
        cpu: "generic-rv64",
        features: "+m,+a,+f,+d,+c,+zicsr",
        abi: "lp64d",
        start: "riscv.s",
        script: "virt-riscv.ld",
        command: &[
            "qemu-system-riscv64",
            "-M",
            "virt",
            "-bios",
            "none",
            "-display",
            "none",
            "-monitor",
            "none",
            "-serial",
            "none",
            "-kernel",
        ],
        ..runner("riscv64", "riscv64", "riscv64-unknown-none-elf")
    },
    Runner {
        cpu: "atmega328p",
        start: "avr.s",
        script: "avr.ld",
        command: &["simavr", "-m", "atmega328p", "-f", "16000000"],
        ..runner("avr", "avr", "avr-unknown-unknown")
    },
    Runner {
        cpu: "generic",
        features: "+bulk-memory",
        command: &["node", "-e", NODE],
        ..runner("wasm32", "wasm", "wasm32-unknown-wasi")
    },
];

const NODE: &str = "WebAssembly.instantiate(require('fs').readFileSync(process.argv[1])) \
                    .then(m => process.exit(m.instance.exports.test()))";

pub fn trials(root: &Path) -> Vec<Trial> {
    let folder = root.join("codegen");
    let mut trials = Vec::new();
    for path in super::files(&folder, "ir") {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap_or_default();
        let only: Option<Vec<&str>> = text
            .lines()
            .find_map(|line| line.strip_prefix("; only:"))
            .map(|list| list.split_whitespace().collect());
        for runner in RUNNERS {
            if stem == "prelude" || only.as_ref().is_some_and(|only| !only.contains(&runner.family)) {
                continue;
            }
            for (word, opt) in [("0", Opt::None), ("2", Opt::O2), ("z", Opt::MinSize)] {
                let (folder, text) = (folder.clone(), text.clone());
                let name = format!("codegen::{stem}::{}-{word}", runner.name);
                trials.push(Trial::test(name, move || run(runner, &folder, &text, opt)));
            }
        }
    }
    trials
}

fn run(runner: &Runner, folder: &Path, text: &str, opt: Opt) -> Result<(), Failed> {
    let machine = Machine {
        triple: runner.triple.into(),
        cpu: runner.cpu.into(),
        features: runner.features.into(),
        abi: (!runner.abi.is_empty()).then(|| runner.abi.into()),
        // RISC-V programs at 0x80000000 are out of reach of the small model.
        code_model: if runner.family == "riscv64" { codegen::CodeModel::Medium } else { Default::default() },
        ..Machine::default()
    };
    let (target, word) = match runner.family {
        "avr" => ("target ptr=2 int=4 align=1", "i16"),
        "host" | "aarch64" | "riscv64" => ("target ptr=8 int=8 align=8", "i64"),
        "x86" => ("target ptr=4 int=4 align=4", "i32"),
        _ => ("target ptr=4 int=4 align=8", "i32"),
    };
    let prelude = fs::read_to_string(folder.join("prelude.ir"))?;
    let source = replace_word(&format!("{target}\nlevel lowered\n{text}\n{prelude}"), word);
    let program =
        ir::text::read_program(&source).map_err(|e| format!("line {} of the case: {e}", e.line - 2))?;
    ir::verify::verify(&program).map_err(|errors| format!("{errors:?}"))?;
    // Half of the runs carry debug information, which must not change what a program does.
    let options = Options {
        machine: machine.clone(),
        opt,
        debug: opt != Opt::O2,
        function_sections: opt != Opt::None,
        ..Options::default()
    };
    let mut objects = vec![object("case", codegen::emit(&program, &options)?)];
    if !runner.start.is_empty() {
        let start = fs::read_to_string(folder.join("start").join(runner.start))?;
        objects.push(object("start", codegen::assemble(&start, &machine)?));
    }
    if runner.triple.starts_with("riscv32") {
        // What small code saves registers with.
        let save = fs::read_to_string(folder.join("../../runtime/builtins/save_riscv32.S"))?;
        objects.push(object("save_riscv32", codegen::assemble(&save, &machine)?));
    }
    let temporary = tempfile::tempdir()?;
    let output = temporary.path().join("program");
    let wasm = runner.family == "wasm";
    let script = match runner.script {
        "" => None,
        name => Some(fs::read_to_string(folder.join("start").join(name))?),
    };
    let args: &[&str] =
        if wasm { &["--no-entry", "--export=test"] } else { &["--gc-sections", "-z", "noexecstack"] };
    let flavour = if wasm { link::Flavour::Wasm } else { link::Flavour::Elf };
    let args = args.iter().map(|arg| arg.to_string()).collect();
    link::link(&link::Job { flavour, objects, script, args, output: output.clone(), ..Default::default() })?;
    execute(runner, &output)
}

fn object(name: &str, bytes: Vec<u8>) -> link::Object {
    link::Object { name: name.into(), bytes }
}

/// `word` as a whole word.
fn replace_word(text: &str, with: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("word") {
        let (before, after) = (&rest[..at], &rest[at + 4..]);
        let part_of_name = |c: char| c.is_alphanumeric() || c == '_';
        out.push_str(before);
        let whole = !before.ends_with(part_of_name) && !after.starts_with(part_of_name);
        out.push_str(if whole { with } else { "word" });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn execute(runner: &Runner, program: &PathBuf) -> Result<(), Failed> {
    let mut command = match runner.command {
        [] => Command::new(program),
        [name, args @ ..] => {
            let mut command = Command::new(name);
            command.args(args).arg(program);
            command
        }
    };
    let outcome = process::execute(&mut command, LIMIT)
        .map_err(|e| format!("cannot run {:?}: {e}", command.get_program()))?;
    let Some(status) = outcome.status else {
        return Err(format!("the program did not end within {LIMIT:?}").into());
    };
    let printed = outcome.stdout + &outcome.stderr;
    // simavr has no exit status for its programs: they print a character from '0' on.
    let failed = match runner.family {
        "avr" => {
            let at = printed.find('=').ok_or_else(|| format!("no result printed: {printed}"))?;
            printed[at + 1..].chars().next().map_or(-1, |c| c as i32 - '0' as i32)
        }
        _ => status,
    };
    match failed {
        0 => Ok(()),
        ..0 => Err(format!("ended abnormally, status {failed}: {printed}").into()),
        check => Err(format!("check {check} failed").into()),
    }
}
