//! Tests of the crate as a whole: every board of the tree, and what happens with broken files.

use std::collections::BTreeMap;

use crate::target::{Emulator, Flash, Format, Kind};
use crate::{Error, Root, Target, host, linker_script, machine_go, names, resolve};

fn own(name: &str) -> Target {
    resolve(name, &Root::own()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// A tree with one small chip, and `board` as boards/b.yaml.
fn tree(board: &str) -> Root {
    let chip = "
kind: board
llvm: {triple: avr, cpu: atmega328p}
pointer-bits: 16
int-bits: 32
max-align: 1
goos: linux
goarch: arm
build-tags: [avr]
gc: none
scheduler: none
serial: none
goroutine-stack: 256
main-stack: 512
linker: {flavour: elf, script: boards/ld/x.ld}
memory:
  flash: {origin: 0, length: 32K}
  ram: {origin: 0x800100, length: 2K}
clock: 16MHz
flash: none
emulator: none
formats: [hex]
ports:
  PB: {first: 0, pins: 8}
";
    let files =
        [("boards/b.yaml", board), ("boards/chips/c.yaml", chip), ("boards/ld/x.ld", "SECTIONS\n{\n}\n")];
    Root::Memory(files.iter().map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec())).collect())
}

fn error(board: &str) -> String {
    match resolve("b", &tree(board)) {
        Ok(_) => panic!("no error for:\n{board}"),
        Err(e) => e.to_string(),
    }
}

#[test]
fn every_board_resolves() {
    let root = Root::own();
    let names = names(&root);
    let wanted = [
        "arduino",
        "arduino-mega2560",
        "cortex-m-qemu",
        "hifive1b",
        "microbit",
        "pico",
        "riscv-qemu",
        "wasip1",
    ];
    for name in wanted {
        assert!(names.iter().any(|n| n == name), "{name} is missing");
    }
    assert!(names.is_sorted());
    for name in &names {
        let target = own(name);
        assert_eq!(&target.name, name);
        assert!(target.is_baremetal() == (target.kind != Kind::Wasm));
        if let Some(device) = &target.device {
            device.source.read(&root).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
        let script = linker_script(&target, &root).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(script.is_some(), target.is_baremetal());
        for file in &target.linker.assembly {
            file.read(&root).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }
}

#[test]
fn every_yaml_file_is_used() {
    let root = Root::own();
    let used: std::collections::BTreeSet<String> =
        names(&root).iter().flat_map(|name| own(name).files).collect();
    let all = root.walk("boards").into_iter().filter(|f| f.ends_with(".yaml"));
    assert_eq!(all.filter(|f| !used.contains(f)).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn build_tags_are_tinygos() {
    let tags = |name: &str| own(name).build_tags.join(",");
    assert_eq!(tags("arduino"), "avr,baremetal,linux,arm,atmega328p,atmega,avr5,arduino");
    assert_eq!(tags("arduino-mega2560"), "avr,baremetal,linux,arm,atmega2560,atmega,arduino_mega2560");
    assert_eq!(tags("microbit"), "cortexm,baremetal,linux,arm,nrf51822,nrf51,nrf,microbit");
    assert_eq!(tags("pico"), "cortexm,baremetal,linux,arm,rp2040,rp,pico");
    assert_eq!(tags("hifive1b"), "tinygo.riscv,baremetal,linux,arm,tinygo.riscv32,fe310,sifive,hifive1b");
    assert_eq!(tags("cortex-m-qemu"), "cortexm,baremetal,linux,arm,qemu,lm3s6965");
    assert_eq!(tags("riscv-qemu"), "tinygo.riscv,baremetal,linux,arm,tinygo.riscv32,virt,qemu");
    assert_eq!(tags("wasip1"), "tinygo.wasm");
    let arduino = own("arduino");
    let all = arduino.tags(arduino.gc, arduino.scheduler, arduino.serial, 2, &["mine".to_owned()]).join(",");
    let common = "tinygo,purego,osusergo,math_big_pure_go";
    assert_eq!(
        all,
        format!(
            "{},{common},gc.conservative,scheduler.none,serial.uart,tinygo.unicore,go1.1,go1.2,mine",
            tags("arduino")
        )
    );
}

#[test]
fn the_uno_has_its_facts() {
    let uno = own("Arduino");
    assert_eq!(uno.name, "arduino");
    assert_eq!(uno.pin("LED"), Some(5));
    assert_eq!(uno.pin("UART_TX_PIN"), Some(17));
    assert_eq!((uno.pointer_bits, uno.int_bits, uno.clock), (16, 32, 16_000_000));
    assert_eq!(uno.region("flash").map(|r| r.length), Some(32256));
    let Flash::Stk500v1(stk) = &uno.flash else { panic!("{:?}", uno.flash) };
    assert_eq!((stk.baud, stk.signature, stk.page, stk.limit), (115_200, [0x1e, 0x95, 0x0f], 128, 0x7e00));
    assert_eq!(uno.emulator, Emulator::Simavr { mcu: "atmega328p".to_owned(), frequency: 16_000_000 });
    assert_eq!(uno.formats[0], Format::Hex);
    assert_eq!(uno.usb_ids[0].to_string(), "2341:0043");
    assert_eq!(uno.files.last().map(String::as_str), Some("boards/arduino.yaml"));
}

#[test]
fn other_boards_have_their_leds() {
    assert_eq!(own("arduino-mega2560").pin("LED"), Some(15)); // PB7
    assert_eq!(own("pico").pin("LED"), Some(25));
    assert_eq!(own("hifive1b").pin("LED"), Some(22));
    assert_eq!(own("microbit").pin("LED_ROW_1"), Some(13));
    assert_eq!(own("wasi").files, ["boards/arch/wasm.yaml", "boards/wasip1.yaml", "boards/wasi.yaml"]);
}

#[test]
fn machine_go_has_the_board() {
    let go = machine_go(&own("pico"));
    for line in [
        "// Code generated from pico.yaml. DO NOT EDIT.",
        "package machine",
        "const Device = \"RP2040\"",
        "\tGPIO25 Pin = 25",
        "\tLED Pin = GPIO25",
        "\tUART_TX_PIN Pin = UART0_TX_PIN",
        "var DefaultUART = UART0",
        "\tusb_VID uint16 = 0x2e8a",
        "\tusb_STRING_PRODUCT = \"Pico\"",
        "const boardClock = 125000000",
        "\txoscFreq = 12",
    ] {
        assert!(go.lines().any(|l| l == line), "{line} is missing in:\n{go}");
    }
}

#[test]
fn generated_memory_block() {
    let script = linker_script(&own("pico"), &Root::own()).unwrap().unwrap();
    assert!(script.contains("    FLASH : ORIGIN = 0x10000000, LENGTH = 0x200000\n"), "{script}");
    assert!(script.contains("_stack_size = 0x2000;\n"));
    // A layout with its own MEMORY block stays as it is.
    let mut root = tree("inherits: [chips/c]\n");
    let Root::Memory(files) = &mut root else { panic!("not in memory") };
    files.insert("boards/ld/x.ld".to_owned(), b"MEMORY\n{\n}\n".to_vec());
    let target = resolve("b", &root).unwrap();
    assert_eq!(linker_script(&target, &root).unwrap().as_deref(), Some("MEMORY\n{\n}\n"));
}

#[test]
fn hosts() {
    for name in host::names() {
        let (goos, goarch) = name.split_once('/').unwrap();
        let target = host::target(goos, goarch).unwrap();
        assert_eq!((target.name.as_str(), target.kind), (name.as_str(), Kind::Host));
        assert_eq!(target.build_tags, [goos, goarch]);
        assert_eq!(target.int_bits, target.pointer_bits);
        for file in &target.linker.assembly {
            file.read(&Root::own()).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
        let script = linker_script(&target, &Root::own()).unwrap().unwrap();
        assert!(script.contains("_globals_start") && !script.contains("MEMORY"));
    }
    assert_eq!(host::target("android", "arm64").unwrap().goos, "linux");
    let text = host::target("linux", "amd46").unwrap_err().to_string();
    assert_eq!(text, "unknown target \"linux/amd46\"; did you mean \"linux/amd64\" or \"linux/arm64\"?");
}

#[test]
fn unknown_boards_get_a_suggestion() {
    let text = |name| resolve(name, &Root::own()).unwrap_err().to_string();
    assert_eq!(text("arduno"), "unknown target \"arduno\"; did you mean \"arduino\"?");
    assert_eq!(text("xyzzy42"), "unknown target \"xyzzy42\"; run \"tinygo targets\" for the list");
    assert_eq!(text("../arduino"), text("../arduino"));
    assert!(
        text("./none.yaml").starts_with("./none.yaml: cannot read the board file: "),
        "{}",
        text("./none.yaml")
    );
    assert!(resolve("chips/nrf51", &Root::own()).is_err());
    assert!(text("my.json").starts_with("my.json: cannot read the board file: "), "{}", text("my.json"));
}

#[test]
fn broken_files_say_where() {
    let ok = "inherits: [chips/c]\n";
    let cases: BTreeMap<&str, &str> = BTreeMap::from([
        ("flsh: none", "boards/b.yaml:2: unknown field \"flsh\"; did you mean \"flash\"?"),
        (
            "gc: fast",
            "boards/b.yaml:2: gc: invalid gc option 'fast': valid values are none, leaking, conservative, custom, precise, boehm",
        ),
        (
            "memory:\n  ram: {origin: 0, length: 2Q}",
            "boards/b.yaml:3: memory.ram.length: invalid size '2Q': write a number such as 2048, 0x800, 2K or 1M",
        ),
        ("memory:\n  ram: {origin: 0, length: 2K}", "boards/b.yaml:3: memory.ram: overlaps the region flash"),
        (
            "pins:\n  LED: PB9",
            "boards/b.yaml:3: pins.LED: no pin \"PB9\"; did you mean \"PB0\", \"PB1\" or \"PB2\"?",
        ),
        ("pins:\n  A: B\n  B: A", "boards/b.yaml:3: pins.A: is defined by itself, in a circle"),
        ("pins:\n  A: 255", "boards/b.yaml:3: pins.A: pin 255 is out of range: 0 to 254"),
        ("pins:\n  PB0: 1", "boards/b.yaml:3: pins.PB0: the chip already has a pin of this name"),
        ("pins:\n  A: 1\n  A: 2", "boards/b.yaml:3: pins: `A` is given twice"),
        ("build-tags: [avr]", "boards/b.yaml:2: build-tags: the tag \"avr\" is already there"),
        (
            "flash:\n  stk500v1: {bauds: 1}",
            "boards/b.yaml:3: flash.stk500v1: unknown field \"bauds\"; did you mean \"baud\"?",
        ),
        (
            "flash:\n  stk500v1: {baud: 1}",
            "boards/b.yaml: avr: is missing, here and in the files that this one inherits",
        ),
        (
            "flash:\n  stk500v9: {baud: 1}",
            "boards/b.yaml:3: flash: unknown value \"stk500v9\"; did you mean \"stk500v1\" or \"stk500v2\"?",
        ),
        ("pointer-bits: 24", "boards/b.yaml:2: pointer-bits: 24 is not one of 16, 32, 64"),
        (
            "usb-ids: [\"2341\"]",
            "boards/b.yaml:2: usb-ids[0]: invalid USB id '2341': write vendor and product in hexadecimal, as in \"2341:0043\"",
        ),
        ("main-stack: 2K", "boards/b.yaml:2: main-stack: leaves no memory for the program"),
        (
            "clock: 0",
            "boards/b.yaml:2: clock: a board needs the frequency at which its CPU runs, such as 16MHz",
        ),
    ]);
    for (line, wanted) in cases {
        assert_eq!(error(&format!("{ok}{line}\n")), wanted, "for: {line}");
    }
    assert_eq!(
        error("inherits: [chip/c]\n"),
        "boards/b.yaml:1: inherits[0]: there is no boards/chip/c.yaml; did you mean \"chips/c\"?"
    );
    assert_eq!(error("inherits: [b]\n"), "boards/b.yaml:1: inherits[0]: \"b\" inherits from itself");
    assert_eq!(error(""), "boards/b.yaml: kind: is missing, here and in the files that this one inherits");
    assert!(error("a: [\n").starts_with("boards/b.yaml:"), "{}", error("a: [\n"));
    assert!(error("- a\n").starts_with("boards/b.yaml:1: "), "{}", error("- a\n"));
}

#[test]
fn a_users_own_board() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("myboard.yaml");
    let text = "inherits: [arduino, ./more.yaml]\ndescription: Mine\nlinker:\n  script: ./my.ld\npins:\n  LED: PD7\n";
    std::fs::write(&path, text).unwrap();
    std::fs::write(dir.path().join("more.yaml"), "build-tags: [mine]\n").unwrap();
    std::fs::write(dir.path().join("my.ld"), "SECTIONS {}\n").unwrap();
    let root = Root::own();
    let target = resolve(path.to_str().unwrap(), &root).unwrap();
    assert_eq!((target.name.as_str(), target.description.as_str()), ("myboard", "Mine"));
    assert_eq!(target.pin("LED"), Some(23));
    assert_eq!(target.build_tags.last().map(String::as_str), Some("mine"));
    assert!(linker_script(&target, &root).unwrap().unwrap().ends_with("SECTIONS {}\n"));
    assert!(machine_go(&target).starts_with("// Code generated from myboard.yaml."));

    std::fs::write(&path, "inherits: [arduino]\nclock: fast\n").unwrap();
    let Error::Invalid { place, .. } = resolve(path.to_str().unwrap(), &root).unwrap_err() else { panic!() };
    assert_eq!((place.line, place.field.as_str()), (2, "clock"));
}

#[test]
fn the_generated_go_parses() {
    let mut targets: Vec<Target> = names(&Root::own()).iter().map(|name| own(name)).collect();
    targets.push(host::target("linux", "amd64").unwrap());
    for target in targets {
        let files = source::FileSet::default();
        let id = files.add("board.go", "board.go", machine_go(&target).into_bytes());
        let mut errors = Vec::new();
        syntax::parse_file(&files.file(id), syntax::Mode::Full, &mut errors);
        assert!(errors.is_empty(), "{}: {:?}", target.name, errors.first());
    }
}
