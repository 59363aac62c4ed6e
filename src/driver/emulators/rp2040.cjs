// Runs an RP2040 program in rp2040js: node rp2040.cjs program.bin
//
// UART0 is standard output and input. BKPT as a semihosting exit ends the run with that exit
// status: what package runtime does under tag emulator. With --watch N pin N's changes are printed to standard error as "pin N = 1 @nanos T"; --limit S ends the run
// after S simulated seconds with status 124; --drive N=1@S drives an input pin.
const fs = require("fs");
const { Simulator, ConsoleLogger, LogLevel } = require("rp2040js");

const args = process.argv.slice(2);
const watch = [], drive = [];
let file = "", limit = Infinity;
while (args.length > 0) {
  const arg = args.shift();
  if (arg === "--watch") watch.push(Number(args.shift()));
  else if (arg === "--limit") limit = Number(args.shift()) * 1e9;
  else if (arg === "--drive") {
    const [, pin, level, at] = /^(\d+)=([01])@([\d.]+)$/.exec(args.shift());
    drive.push({ pin: Number(pin), level: level === "1", at: Number(at) * 1e9 });
  } else file = arg;
}
drive.sort((a, b) => a.at - b.at);

const sim = new Simulator();
const chip = sim.rp2040;
chip.logger = new ConsoleLogger(LogLevel.Error);
chip.flash.fill(0xff);
chip.flash.set(fs.readFileSync(file));

let out = "";
const flush = () => {
  if (out !== "") fs.writeSync(1, Buffer.from(out, "latin1"));
  out = "";
};
chip.uart[0].onByte = (byte) => {
  out += String.fromCharCode(byte);
  if (byte === 10 || out.length > 200) flush();
};
// Input comes at the speed of the line, once the program listens: the receiver holds 32 bytes and drops what is more.
const input = [];
let nextByte = Infinity;
process.stdin.on("data", (data) => {
  for (const byte of data) input.push(byte);
  if (nextByte === Infinity) nextByte = 0;
});
const feed = () => {
  const line = chip.uart[0];
  const listens = line.enabled && line.rxEnabled && line.baudDivider > 0;
  if (listens) line.feedByte(input.shift());
  const wait = listens ? 10e9 / line.baudRate : 1e5;
  nextByte = input.length > 0 ? sim.clock.nanos + wait : Infinity;
};
process.stdin.on("error", () => {});
for (const pin of watch) {
  chip.gpio[pin].addListener((state) => {
    fs.writeSync(2, `pin ${pin} = ${state === 1 ? 1 : 0} @nanos ${Math.round(sim.clock.nanos)}\n`);
  });
}
const end = (status) => {
  flush();
  process.exit(status);
};
// Semihosting SYS_EXIT_EXTENDED: r1 points to the reason and the status.
chip.onBreak = () => {
  const [operation, block] = chip.core.registers;
  end(operation === 0x20 ? chip.readUint32(block + 4) & 255 : 125);
};

// The second-stage boot loader runs as on the chip; the boot ROM before it is not part of the emulator.
chip.core.PC = 0x10000000;
chip.core.registers[14] = 0; // as the boot ROM calls it
const step = () => {
  try {
    for (let i = 0; i < 20000; i++) {
      if (sim.clock.nanos >= nextByte) feed();
      if (chip.core.waiting) {
        const { nanosToNextAlarm } = sim.clock;
        sim.clock.tick(nanosToNextAlarm > 0 ? Math.min(nanosToNextAlarm, 1e6) : 1e3);
      } else {
        sim.clock.tick(chip.core.executeInstruction() * (1e9 / 125e6));
      }
    }
  } catch (error) {
    flush();
    console.error(`rp2040js: ${error.message} (pc ${chip.core.PC.toString(16)})`);
    process.exit(125);
  }
  while (drive.length > 0 && sim.clock.nanos >= drive[0].at) {
    const { pin, level } = drive.shift();
    chip.gpio[pin].setInputValue(level);
  }
  if (sim.clock.nanos > limit) end(124);
  setImmediate(step);
};
step();
