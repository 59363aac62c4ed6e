#!/usr/bin/env bash
# The demo: an emulated Arduino Uno with its real boot loader on a serial port, `tinygo flash -monitor` on that port,
# and a verdict on what the LED and the serial line then do. `make demo` builds everything and calls this.
#
#   TINYGO  the tinygo command        BENCH  the folder that tests/bench-avr/Makefile has built
set -euo pipefail
cd "$(dirname "$0")/.."
: "${TINYGO:?is the tinygo command; run make demo}" "${BENCH:?is the folder of the AVR bench; run make demo}"

program=examples/blinky
clock=16000000 # Hz, of the Uno
pin=B5         # its LED
watch=6        # seconds to look at the LED
patience=90    # seconds until it must have begun, on a slow machine

bold='' dim='' lit='' off=''
if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' lit=$'\e[33;1m' off=$'\e[0m'; fi

work=$(mktemp -d)
bench='' tinygo=''
finish() {
    # shellcheck disable=SC2086 # an empty one is none
    kill $tinygo $bench 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

fail() {
    printf '\n%sFAIL%s: %s\n' "$bold" "$off" "$*" >&2
    if [ -s "$work/bench.log" ]; then sed 's/^/  bench: /' "$work/bench.log" >&2; fi
    exit 1
}

[ -d $program ] || fail "$program is missing"

# What the program promises: how long the LED stays as it is, and what it prints.
pace=$(sed -n 's/.*time\.Sleep(\(.*\)).*/\1/p' $program/*.go | grep Millisecond | grep -o '[0-9]\+' | head -n 1) ||
    fail "cannot find in $program how long it sleeps"
text=$(sed -n 's/.*print\(ln\)\?("\([^"]*\)".*/\2/p' $program/*.go | head -n 1)
[ -n "$text" ] || fail "cannot find in $program what it prints"

# The LED's changes ("pin B5 = 1 @cycle 4711"), shown as they happen and kept for the verdict.
show_led() {
    local line level cycle
    while read -r line; do
        if [[ ! $line =~ ^pin\ ..\ =\ ([01])\ @cycle\ ([0-9]+)$ ]]; then
            printf '%s\n' "$line" >>"$work/bench.log"
            continue
        fi
        level=${BASH_REMATCH[1]} cycle=${BASH_REMATCH[2]}
        echo "$cycle $level" >>"$work/edges"
        if [ "$level" = 1 ]; then
            printf '  %s(*) LED on %s  %sat %d.%03d s%s\n' "$lit" "$off" "$dim" $((cycle / clock)) $((cycle % clock * 1000 / clock)) "$off"
        else
            printf '  ( ) LED off  %sat %d.%03d s%s\n' "$dim" $((cycle / clock)) $((cycle % clock * 1000 / clock)) "$off"
        fi
    done
}

show_serial() {
    local line
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line%$'\r'}
        printf '%s\n' "$line" >>"$work/serial"
        printf '  serial: %s\n' "$line"
    done
}

alive() { kill -0 "$1" 2>/dev/null; }

touch "$work/edges" "$work/serial"
mkfifo "$work/led"
show_led <"$work/led" &
"$BENCH/bench-avr" --mcu atmega328p --freq $clock --boot "$BENCH/optiboot-atmega328p.elf" --realtime \
    --pty "$work/port" --watch $pin >/dev/null 2>"$work/led" &
bench=$!
for _ in {1..100}; do
    [ -e "$work/port" ] && break
    alive $bench || fail "the emulated board does not start"
    sleep 0.05
done
[ -e "$work/port" ] || fail "the emulated board has no serial port"

printf '%s$ tinygo flash -target=arduino -port=%s -monitor ./%s%s\n' "$bold" "$work/port" "$program" "$off"
set -m # its own process group: a script's other background programs ignore Ctrl-C
"$TINYGO" flash -target=arduino -port="$work/port" -monitor ./$program > >(show_serial) </dev/null &
tinygo=$!
set +m

# The text shows that the program runs and not only the boot loader, which may use the LED as well.
for ((tenths = 0; ; tenths++)); do
    grep -qF -- "$text" "$work/serial" && [ -s "$work/edges" ] && break
    alive $tinygo || { wait $tinygo && fail "tinygo ended by itself"; fail "tinygo failed"; }
    alive $bench || fail "the emulated board stopped"
    [ $tenths -lt $((patience * 10)) ] || fail "no sign of life from the program: $(wc -l <"$work/edges") LED changes, text \"$text\" not seen"
    sleep 0.1
done
begun=$(wc -l <"$work/edges")
sleep $watch
alive $tinygo || fail "tinygo ended while its monitor should run"

# Ctrl-C ends the monitor.
kill -INT -- -$tinygo
for _ in {1..50}; do
    alive $tinygo || break
    sleep 0.1
done
if alive $tinygo; then fail "the monitor does not end on Ctrl-C"; fi
tinygo=''

# Every change while we looked has to come in time. The chip counts its cycles, so a busy machine does not matter.
verdict=$(tail -n +$((begun + 1)) "$work/edges" | awk -v clock=$clock -v pace="$pace" -v watch=$watch '
    NR > 1 {
        ms = ($1 - last) * 1000 / clock
        off = (ms > pace ? ms - pace : pace - ms) * 100 / pace
        if (off > worst) worst = off
        if ($2 == level) twice = 1
        n++
    }
    { last = $1; level = $2 }
    END {
        # A busy machine may run the board slower than real time: half of the changes are enough.
        wanted = int(watch * 1000 / pace / 2)
        if (twice) print "bad the LED changed twice to the same level"
        else if (n < wanted) printf "bad the LED changed %d times in %d s; at least %d were to be seen\n", n, watch, wanted
        else if (worst > 1) printf "bad the LED changes up to %.2f %% off the pace of %d ms\n", worst, pace
        else printf "good the LED changed %d times, every %d ms as the program asks (worst deviation %.3f %%)\n", n + 1, pace, worst
    }')
lines=$(grep -cF -- "$text" "$work/serial")
[ "${verdict%% *}" = good ] || fail "${verdict#* }"
printf '\n%sPASS%s: %s;\n      the serial line said "%s" %d times\n' "$bold" "$off" "${verdict#* }" "$text" "$lines"
