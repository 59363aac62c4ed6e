// Runs a WASI preview 1 program in node: node wasi.mjs program.wasm arguments
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { WASI } from "node:wasi";

const [file, ...args] = process.argv.slice(2);
// returnOnExit, the default from node 20 on: where proc_exit ends the process under running WebAssembly, as in Debian
// 12's node 18, one run in six of a larger program ends in a segmentation fault.
// Go's programs resolve paths from PWD on and look for a folder above that they were given.
const here = process.cwd();
const { TINYGO_WASI_ROOT: root, ...variables } = process.env;
const env = { ...variables, PWD: here };
const preopens = { [here]: ".", "/tmp": tmpdir() };
// Tests look into other folders of Go's tree, or make their own wherever they like.
if (root) preopens["/"] = root;
const options = { args: [file, ...args], env, preopens, returnOnExit: true };
const wasi = new WASI({ version: "preview1", ...options });
try {
  // Not getImportObject, which Debian 12's node 18 lacks.
  const imports = { wasi_snapshot_preview1: wasi.wasiImport };
  const { instance } = await WebAssembly.instantiate(await readFile(file), imports);
  process.exitCode = wasi.start(instance);
} catch (error) {
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 134;
}
