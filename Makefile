# make demo    program an (emulated) Arduino Uno and watch its LED and its serial port
# make test    every test, as CI runs them
# make setup   what both do first: install what is missing (Debian 12 with Rust)
# make build   the tinygo command alone

SHELL      := /bin/bash
TARGET_DIR := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
TINYGO     := $(TARGET_DIR)/debug/tinygo
BENCH      := $(TARGET_DIR)/bench-avr

# Every recipe runs with the tools that setup has put below .tools/.
IN_ENV := source scripts/env.sh &&

build: setup
	@$(IN_ENV) cargo build

test: build bench
	@scripts/setup.sh tests
	$(IN_ENV) cargo test --workspace --lib --bins --tests --no-fail-fast

demo: build bench
	@$(IN_ENV) TINYGO=$(TINYGO) BENCH=$(BENCH) scripts/demo.sh

setup:
	@scripts/setup.sh

bench: setup
	@$(MAKE) --no-print-directory --silent -C tests/bench-avr OUT=$(BENCH)

.PHONY: build test demo setup bench
