"""Measures programs: measure.py native|wasm RUNS PROGRAM...

Runs the programs in turn, RUNS times, and prints a JSON list: for each its CPU times in seconds (user and system), what
it printed, and its exit status. Programs for WASI run in this process's wasmtime, and only the run counts, not the
compilation before it.
"""

import json
import os
import resource
import subprocess
import sys


def own_time():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def run_native(command):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = 0  # it has been waited for
    return usage.ru_utime + usage.ru_stime, output, os.waitstatus_to_exitcode(status)


def run_wasm(program):
    """In a process of its own, which gives the time on its last line."""
    _, output, status = run_native([sys.executable, __file__, "inside", program])
    *output, time = output.splitlines(keepends=True)
    return float(time), "".join(output), status


def compiled(program):
    """The file with the machine code of a program for WASI, made once."""
    import wasmtime

    path = program + ".compiled"
    if not os.path.exists(path):
        with open(path, "wb") as file:
            file.write(wasmtime.Module.from_file(wasmtime.Engine(), program).serialize())
    return path


def inside(program):
    import wasmtime

    store = wasmtime.Store(wasmtime.Engine())
    wasi = wasmtime.WasiConfig()
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    store.set_wasi(wasi)
    linker = wasmtime.Linker(store.engine)
    linker.define_wasi()
    instance = linker.instantiate(store, wasmtime.Module.deserialize_file(store.engine, program))
    start = own_time()
    status = 0
    try:
        instance.exports(store)["_start"](store)
    except wasmtime.ExitTrap as end:
        status = end.code
    time = own_time() - start
    sys.stderr.flush()
    print(time, flush=True)
    sys.exit(status)


def main():
    kind, runs, *programs = sys.argv[1:]
    if kind == "wasm":
        programs = [compiled(program) for program in programs]
    results = [{"times": [], "output": None, "status": 0} for _ in programs]
    for _ in range(int(runs)):
        for program, result in zip(programs, results):
            time, output, status = run_native([program]) if kind == "native" else run_wasm(program)
            result["times"].append(time)
            if result["output"] not in (None, output):
                output = "prints something else every time"
            result.update(output=output, status=status)
    json.dump(results, sys.stdout)


if sys.argv[1] == "inside":
    inside(sys.argv[2])
else:
    main()
