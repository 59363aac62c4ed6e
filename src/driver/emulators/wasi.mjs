// Runs a WASI preview 1 program in node: node wasi.mjs program.wasm arguments
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const [file, ...args] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args: [file, ...args], env: process.env, preopens: { ".": "." } });
try {
  // Not getImportObject, which Debian 12's node 18 lacks.
  const imports = { wasi_snapshot_preview1: wasi.wasiImport };
  const { instance } = await WebAssembly.instantiate(await readFile(file), imports);
  process.exitCode = wasi.start(instance);
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 134;
}
