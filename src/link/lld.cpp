// lld's drivers behind one C function: lld has no C interface of its own.

#include "lld/Common/Driver.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>
#include <string>

LLD_HAS_DRIVER(elf)
LLD_HAS_DRIVER(wasm)

// Runs lld with `argv` (argv[0] is "ld.lld" or "wasm-ld" and chooses the driver). What lld prints is handed over in
// `*text`, to be released with lld_free_text. Returns lld's exit status, or -1 when it crashed and must not run again.
extern "C" int lld_run(const char *const *argv, size_t argc, char **text) {
  std::string printed;
  llvm::raw_string_ostream stream(printed);
  const lld::DriverDef drivers[] = {{lld::Gnu, &lld::elf::link}, {lld::Wasm, &lld::wasm::link}};
  lld::Result result = lld::lldMain({argv, argc}, stream, stream, drivers);
  stream.flush();
  *text = strdup(printed.c_str());
  return result.canRunAgain ? result.retCode : -1;
}

extern "C" void lld_free_text(char *text) { free(text); }
