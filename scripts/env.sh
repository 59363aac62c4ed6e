# shellcheck shell=bash
# Sourced by the Makefile's commands: puts what scripts/setup.sh installed below .tools/ where programs look for it.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The Go whose corpora the tests walk.
if [ -x "$root/.tools/go/go/bin/go" ]; then PATH=$root/.tools/go/go/bin:$PATH; fi

# The pinned emulators, and nothing that happens to lie elsewhere.
export NODE_PATH=$root/.tools/node/node_modules${NODE_PATH:+:$NODE_PATH}
export PYTHONPATH=$root/.tools/python${PYTHONPATH:+:$PYTHONPATH}
export PATH
