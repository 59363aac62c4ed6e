//! Tests of the crate as a whole: the chips of the tree against their datasheets, and broken files.

use std::collections::BTreeSet;

use crate::{Arch, Device, GoFile, generate, load, vector_table};

const CHIPS: [&str; 5] = [
    "svd/avr/ATmega328P.atdf.zst",
    "svd/avr/ATmega2560.atdf.zst",
    "svd/nordic/nrf51.svd.zst",
    "svd/raspberrypi/rp2040.svd.zst",
    "svd/sifive/e310x.svd.zst",
];

fn chip(file: &str) -> Device {
    let root = board::Root::own();
    let bytes = root.read(file).unwrap_or_else(|| panic!("{file} is missing"));
    load(file, &bytes).unwrap_or_else(|e| panic!("{e}"))
}

fn all(files: &[GoFile]) -> String {
    files.iter().map(|file| file.text.as_str()).collect()
}

fn wanted(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// Checks that each line stands in the text, whatever the blanks.
fn has(text: &str, lines: &[&str]) {
    let squeeze = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let known: BTreeSet<String> = text.lines().map(squeeze).collect();
    for line in lines {
        assert!(known.contains(*line), "{line} is missing");
    }
}

/// Address of a struct's field: instance address plus the offset in the comment behind the field.
fn address(device: &Device, files: &[GoFile], instance: &str, field: &str) -> u64 {
    let found =
        device.instances.iter().find(|i| i.name == instance).unwrap_or_else(|| panic!("no {instance}"));
    let head = format!("type {}_Type struct {{\n", device.blocks[found.block].name);
    let text = all(files);
    let body = text.split_once(&head).unwrap_or_else(|| panic!("no {head}")).1.split_once("\n}").unwrap().0;
    let line = body
        .lines()
        .find(|l| l.trim().starts_with(&format!("{field} ")))
        .unwrap_or_else(|| panic!("no {field}"));
    let offset = line.rsplit_once("// 0x").map(|(_, o)| u64::from_str_radix(o, 16).unwrap()).unwrap();
    found.address + offset
}

#[test]
fn atmega328p() {
    let device = chip(CHIPS[0]);
    assert_eq!((device.name.as_str(), device.cpu.as_str()), ("ATmega328P", "AVR8"));
    assert_eq!(device.signature, [0x1e, 0x95, 0x0f]);
    let segment =
        |name: &str| device.memory.iter().find(|s| s.name == name).map(|s| (s.origin, s.length, s.page));
    assert_eq!(segment("FLASH"), Some((0, 32768, 128)));
    assert_eq!(segment("IRAM"), Some((0x80_0100, 2048, 0)));
    let go = all(&generate(&device, "avr", None));
    has(
        &go,
        &[
            "package avr",
            "Device = \"ATmega328P\"",
            "PORTB = (*volatile.Register8)(unsafe.Pointer(uintptr(0x25)))",
            "DDRB = (*volatile.Register8)(unsafe.Pointer(uintptr(0x24)))",
            "PINB = (*volatile.Register8)(unsafe.Pointer(uintptr(0x23)))",
            "UBRR0L = (*volatile.Register8)(unsafe.Pointer(uintptr(0xc4)))",
            "UBRR0H = (*volatile.Register8)(unsafe.Pointer(uintptr(0xc5)))",
            "UDR0 = (*volatile.Register8)(unsafe.Pointer(uintptr(0xc6)))",
            "TCNT1L = (*volatile.Register8)(unsafe.Pointer(uintptr(0x84)))",
            "SPH = (*volatile.Register8)(unsafe.Pointer(uintptr(0x5e)))",
            "UCSR0A_UDRE0 = 0x20",
            "UCSR0A_UDRE0_Msk = 0x20",
            "TCCR0B_CS00 = 0x1",
            "TCCR0B_CS01 = 0x2",
            "TCCR0B_CS02 = 0x4",
            "TCCR0B_CS0_Msk = 0x7",
            "TCCR1B_WGM10 = 0x8",
            "TCCR1B_WGM12 = 0x8",
            "TCCR1B_WGM13 = 0x10",
            "TCCR0A_WGM01 = 0x2",
            "PCMSK1_PCINT0 = 0x1",
            "PCMSK1_PCINT8 = 0x1",
            "UCSR0C_UCSZ01 = 0x4",
            "WDTCSR_WDP3 = 0x20",
            "IRQ_TIMER0_OVF = 16",
            "IRQ_USART_RX = 18",
            "IRQ_max = 25",
        ],
    );
    assert!(!go.contains("LOCKBIT") && !go.contains("EXTENDED"), "fuses and lock bits are no registers");
    let table = vector_table(&device, Arch::Avr);
    assert_eq!(table.len(), 26);
    assert_eq!(table[0].as_deref(), Some("__vector_RESET"));
    assert_eq!(table[1].as_deref(), Some("__vector_INT0"));
    assert_eq!(table[18].as_deref(), Some("__vector_USART_RX"));
    assert_eq!(table[25].as_deref(), Some("__vector_SPM_Ready"));
}

#[test]
fn atmega2560() {
    let device = chip(CHIPS[1]);
    assert_eq!(device.signature, [0x1e, 0x98, 0x01]);
    let go = all(&generate(&device, "avr", None));
    has(
        &go,
        &[
            "PORTB = (*volatile.Register8)(unsafe.Pointer(uintptr(0x25)))",
            "PORTL = (*volatile.Register8)(unsafe.Pointer(uintptr(0x10b)))",
            "UDR3 = (*volatile.Register8)(unsafe.Pointer(uintptr(0x136)))",
            "IRQ_USART0_RX = 25",
            "EIND = (*volatile.Register8)(unsafe.Pointer(uintptr(0x5c)))",
        ],
    );
    assert_eq!(vector_table(&device, Arch::Avr).len(), 57);
}

#[test]
fn nrf51() {
    let device = chip(CHIPS[2]);
    assert_eq!((device.cpu.as_str(), device.nvic_prio_bits), ("CM0", 2));
    assert!(device.notice.starts_with("Copyright (c) 2013, Nordic Semiconductor ASA\nAll rights reserved."));
    let files = generate(&device, "nrf", None);
    let go = all(&files);
    has(
        &go,
        &[
            "UART0 = (*UART_Type)(unsafe.Pointer(uintptr(0x40002000)))",
            "GPIO = (*GPIO_Type)(unsafe.Pointer(uintptr(0x50000000)))",
            "TIMER1 = (*TIMER_Type)(unsafe.Pointer(uintptr(0x40009000)))",
            "PIN_CNF [32]volatile.Register32 // 0x700",
            "CC [4]volatile.Register32 // 0x540",
            "CH [16]PPI_CH_Type // 0x510",
            "UART_ENABLE_ENABLE_Pos = 0x0",
            "UART_ENABLE_ENABLE_Msk = 0x7",
            "UART_ENABLE_ENABLE_Enabled = 0x4",
            "UART_INTENSET_RXDRDY_Msk = 0x4",
            "GPIO_PIN_CNF_DIR_Output = 0x1",
            "IRQ_UART0 = 2",
            "IRQ_SPI0_TWI0 = 3",
            "IRQ_SPI0 = 3",
            "IRQ_TWI0 = 3",
            "IRQ_GPIOTE = 6",
        ],
    );
    for (instance, field, wanted) in [
        ("UART0", "ENABLE", 0x4000_2500),
        ("UART0", "PSELTXD", 0x4000_250c),
        ("UART0", "BAUDRATE", 0x4000_2524),
        ("GPIO", "OUTSET", 0x5000_0508),
        ("GPIO", "IN", 0x5000_0510),
        ("GPIOTE", "EVENTS_PORT", 0x4000_617c),
        ("TIMER2", "PRESCALER", 0x4000_a510),
        ("RTC1", "COUNTER", 0x4001_1504),
    ] {
        assert_eq!(address(&device, &files, instance, field), wanted, "{instance}.{field}");
    }
    let table = vector_table(&device, Arch::ArmV6M);
    assert_eq!(table[0].as_deref(), Some("_stack_top"));
    assert_eq!(table[4], None);
    assert_eq!(table[15].as_deref(), Some("SysTick_Handler"));
    assert_eq!(table[16 + 2].as_deref(), Some("UART0_IRQHandler"));
    assert_eq!(table[16 + 3].as_deref(), Some("SPI0_TWI0_IRQHandler"));
    assert_eq!(table.len(), 16 + 26);
}

#[test]
fn rp2040() {
    let device = chip(CHIPS[3]);
    let files = generate(&device, "rp", None);
    let go = all(&files);
    has(
        &go,
        &[
            "UART1 = (*UART0_Type)(unsafe.Pointer(uintptr(0x40038000)))",
            "PIO1 = (*PIO0_Type)(unsafe.Pointer(uintptr(0x50300000)))",
            "IRQ_IO_IRQ_BANK0 = 13",
            "IRQ_TIMER_IRQ_0 = 0",
            "RESETS_RESET_UART0 = 0x400000",
            "RESETS_RESET_IO_BANK0_Msk = 0x20",
            "IO_BANK0_GPIO0_CTRL_FUNCSEL_Pos = 0x0",
            "IO_BANK0_GPIO0_CTRL_OUTOVER_INVERT = 0x1",
            "PADS_BANK0_GPIO0_IE = 0x40",
            "// Copyright (c) 2020 Raspberry Pi (Trading) Ltd.",
        ],
    );
    for (instance, field, wanted) in [
        ("SIO", "GPIO_OUT_SET", 0xd000_0014),
        ("SIO", "GPIO_OE_CLR", 0xd000_0028),
        ("UART0", "UARTDR", 0x4003_4000),
        ("UART1", "UARTIBRD", 0x4003_8024),
        ("IO_BANK0", "GPIO25_CTRL", 0x4001_40cc),
        ("PADS_BANK0", "GPIO0", 0x4001_c004),
        ("TIMER", "TIMERAWL", 0x4005_4028),
        ("PIO0", "SM0_CLKDIV", 0x5020_00c8),
        ("WATCHDOG", "TICK", 0x4005_802c),
    ] {
        assert_eq!(address(&device, &files, instance, field), wanted, "{instance}.{field}");
    }
    assert_eq!(vector_table(&device, Arch::ArmV6M)[16 + 13].as_deref(), Some("IO_IRQ_BANK0_IRQHandler"));
}

#[test]
fn fe310() {
    let device = chip(CHIPS[4]);
    let files = generate(&device, "sifive", None);
    for (instance, field, wanted) in [
        ("GPIO0", "OUTPUT_VAL", 0x1001_200c),
        ("GPIO0", "IOF_EN", 0x1001_2038),
        ("UART0", "DIV", 0x1001_3018),
        ("UART1", "TXDATA", 0x1002_3000),
        ("PRCI", "PLLCFG", 0x1000_8008),
        ("CLINT", "MTIME", 0x0200_bff8),
        ("PLIC", "CLAIM", 0x0c20_0004),
        ("RTC", "RTCLO", 0x1000_0048),
        ("WDOG", "WDOGCOUNT", 0x1000_0008),
    ] {
        assert_eq!(address(&device, &files, instance, field), wanted, "{instance}.{field}");
    }
    has(&all(&files), &["IRQ_GPIO0 = 8", "IRQ_UART0 = 3", "PRIORITY [53]volatile.Register32 // 0x0"]);
    assert!(vector_table(&device, Arch::RiscV).is_empty());
}

#[test]
fn only_what_is_wanted() {
    let device = chip(CHIPS[2]);
    let names = wanted(&[
        "UART0",
        "ENABLE",
        "UART_ENABLE_ENABLE_Enabled",
        "SetENABLE",
        "GetPSELTXD",
        "SetINTENSET_CTS",
        "IRQ_UART0",
    ]);
    let files = generate(&device, "nrf", Some(&names));
    let go = all(&files);
    has(
        &go,
        &[
            "UART0 = (*UART_Type)(unsafe.Pointer(uintptr(0x40002000)))",
            "UART_ENABLE_ENABLE_Enabled = 0x4",
            "func (o *UART_Type) SetENABLE(value uint32) {",
            "o.ENABLE.Set(o.ENABLE.Get()&^0x7 | (value&0x7)<<0)",
            "func (o *UART_Type) SetINTENSET_CTS(value uint32) {",
            "func (o *UART_Type) GetPSELTXD() uint32 {",
        ],
    );
    assert!(!go.contains("TIMER_Type") && !go.contains("UART_ENABLE_ENABLE_Disabled"));
    assert_eq!(files.len(), 2, "{:?}", files.iter().map(|f| &f.name).collect::<Vec<_>>());
    assert!(go.len() < 12_000, "{} bytes", go.len());
    // Nothing wanted: only the index.
    assert_eq!(generate(&device, "nrf", Some(&BTreeSet::new())).len(), 1);
}

#[test]
fn same_input_same_text() {
    for file in CHIPS {
        assert_eq!(generate(&chip(file), "x", None), generate(&chip(file), "x", None), "{file}");
    }
}

#[test]
fn no_name_twice() {
    for file in CHIPS {
        let go = all(&generate(&chip(file), "x", None));
        let mut seen = BTreeSet::new();
        for line in go.lines().filter(|l| l.starts_with('\t') && !l.contains("//") && l.contains(" = ")) {
            let name = line.trim().split(' ').next().unwrap();
            assert!(seen.insert(name), "{file}: {name} is there twice");
        }
    }
}

/// Everything of a chip and what a program wants of it, methods included, in files of one package.
fn packages(file: &str) -> [Vec<GoFile>; 2] {
    let device = chip(file);
    let everything = generate(&device, "x", None);
    // All names that could be methods, so that every method is written.
    let mut names: BTreeSet<String> = device.instances.iter().map(|i| i.name.clone()).collect();
    for block in &device.blocks {
        for member in &block.members {
            let crate::Kind::Register(register) = &member.kind else { continue };
            for verb in ["Get", "Set"] {
                names.insert(format!("{verb}{}", member.name));
                names.extend(register.fields.iter().map(|f| format!("{verb}{}_{}", member.name, f.name)));
            }
        }
    }
    let methods = generate(&device, "x", Some(&names));
    [everything, methods]
}

#[test]
fn our_parser_takes_it() {
    for file in CHIPS {
        for go in packages(file).iter().flatten() {
            let files = source::FileSet::default();
            let id = files.add(&go.name, &go.name, go.text.clone().into_bytes());
            let mut errors = Vec::new();
            syntax::parse_file(&files.file(id), syntax::Mode::Full, &mut errors);
            assert!(errors.is_empty(), "{file}: {}: {:?}", go.name, errors.first());
        }
    }
}

/// Go's own compiler checks types and finds names that are declared twice. It has no package runtime/volatile, so one of
/// the same shape stands in for it.
#[test]
fn go_takes_it() {
    let Ok(version) = std::process::Command::new("go").arg("version").output() else {
        // Without Go the test above has to do.
        return;
    };
    assert!(version.status.success());
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("go.mod", "module m\n\ngo 1.21\n");
    let registers = [8, 16, 32, 64].map(|bits| {
        format!(
            "type Register{bits} struct{{ Reg uint{bits} }}\n\nfunc (r *Register{bits}) Get() uint{bits} {{ return r.Reg }}\n\
             func (r *Register{bits}) Set(value uint{bits}) {{ r.Reg = value }}\n"
        )
    });
    write("volatile/volatile.go", &format!("package volatile\n\n{}", registers.join("\n")));
    for (at, file) in CHIPS.iter().enumerate() {
        for (kind, files) in packages(file).iter().enumerate() {
            for go in files {
                let text = go.text.replace("\"runtime/volatile\"", "\"m/volatile\"");
                write(&format!("p{at}{kind}/{}", go.name), &text);
            }
        }
    }
    let built = std::process::Command::new("go")
        .args(["build", "-trimpath", "-gcflags=-e", "./..."])
        .current_dir(folder.path())
        .env("GOFLAGS", "-mod=mod")
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
}

/// What a board's file says about its chip is what the chip's file says.
#[test]
fn boards_and_chips_agree() {
    let root = board::Root::own();
    for name in board::names(&root) {
        let target = board::resolve(&name, &root).unwrap();
        let Some(source) = &target.device else { continue };
        let device = load(&source.source.display(), &source.source.read(&root).unwrap()).unwrap();
        assert_eq!(device.name, source.chip, "{name}");
        if let board::Flash::Stk500v1(stk) | board::Flash::Stk500v2(stk) = &target.flash {
            let segment = |name: &str| device.memory.iter().find(|s| s.name == name).unwrap();
            assert_eq!(device.signature, stk.signature, "{name}");
            assert_eq!(segment("FLASH").page, u64::from(stk.page), "{name}");
            assert!(stk.limit < segment("FLASH").length, "{name}: there is no room for the bootloader");
            let (ram, iram) = (target.region("ram").unwrap(), segment("IRAM"));
            assert_eq!((ram.origin, ram.length), (iram.origin, iram.length), "{name}");
        }
    }
}

/// Every file of svd/ is in the manifest, unchanged, with its licence beside it; and it can be read.
#[test]
fn the_manifest_is_right() {
    use sha2::Digest as _;
    let root = board::Root::own();
    let manifest = root.text("svd/manifest.yaml").unwrap();
    let mut listed = BTreeSet::new();
    let entries = manifest.split("\n\n").map(str::trim).filter(|entry| entry.contains(".zst:"));
    for entry in entries {
        let value = |key: &str| {
            let line = entry.lines().find_map(|l| l.trim().strip_prefix(key)?.strip_prefix(": "));
            line.unwrap_or_else(|| panic!("no {key} in:\n{entry}"))
        };
        let file = format!("svd/{}", entry.lines().find_map(|l| l.strip_suffix(':')).unwrap());
        let text = zstd::decode_all(&*root.read(&file).unwrap_or_else(|| panic!("no {file}"))).unwrap();
        let sum: String = sha2::Sha256::digest(&text).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(sum, value("sha256"), "{file}");
        assert_eq!(text.len().to_string(), value("bytes"), "{file}");
        for licence in value("licence-files").trim_matches(['[', ']']).split(", ") {
            assert!(root.read(&format!("svd/{licence}")).is_some(), "no svd/{licence}");
        }
        chip(&file);
        listed.insert(file);
    }
    let there: BTreeSet<String> = root.walk("svd").into_iter().filter(|f| f.ends_with(".zst")).collect();
    assert_eq!(there, listed);
}
