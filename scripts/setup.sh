#!/usr/bin/env bash
# Installs what building and the demo need and this machine lacks: Debian packages, and below .tools/ the pinned
# packages of other registries; `setup.sh tests` also the Go releases whose corpora and libraries the tests use. Asks
# nothing, changes nothing when all is there, may be run again at any time.
#
# Debian 12 with Rust is expected. On another system it says what is missing and goes on with what it can do.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$PWD/.tools

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Debian package, and what shows that it, or a substitute from elsewhere, is there: a path, or a command.
llvm=/usr/lib/llvm-22
packages="
    llvm-22              $llvm/bin/llvm-mc
    llvm-22-dev          $llvm/lib/libLLVM-22.so
    liblld-22-dev        $llvm/include/lld/Common/Driver.h
    liblld-22            $llvm/lib/liblldELF.a
    lld-22               ld.lld-22
    libpolly-22-dev      $llvm/lib/libPolly.a
    libzstd-dev          /usr/include/zstd.h
    zlib1g-dev           /usr/include/zlib.h
    libudev-dev          /usr/include/libudev.h
    libelf-dev           /usr/include/gelf.h
    pkg-config           pkg-config
    g++                  g++
    make                 make
    simavr               simavr
    libsimavr-dev        /usr/include/simavr/sim_avr.h
    arduino-core-avr     /usr/share/arduino/hardware/arduino/avr/bootloaders/optiboot/optiboot.c
    avrdude              avrdude
    gcc-avr              avr-gcc
    avr-libc             /usr/lib/avr/include/avr/io.h
    qemu-system-arm      qemu-system-arm
    qemu-system-misc     qemu-system-riscv32
    qemu-user            qemu-aarch64
    nodejs               node
    npm                  npm
    python3              python3
    python3-pip          pip3
    debian-archive-keyring /usr/share/keyrings/debian-archive-keyring.gpg
"

missing_packages() {
    local package shown
    while read -r package shown; do
        case $shown in
            '') ;;
            /*) [ -e "$shown" ] || echo "$package" ;;
            *) command -v "$shown" >/dev/null || echo "$package" ;;
        esac
    done <<<"$packages"
}

# Runs a command up to five times: mirrors fail for a moment now and then.
patiently() {
    local pause
    for pause in 2 5 10 20 0; do
        if "$@" >"$log" 2>&1; then return 0; fi
        if [ "$pause" != 0 ]; then say "'$*' failed, trying again in $pause s"; sleep "$pause"; fi
    done
    cat "$log" >&2
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
    command -v apt-get >/dev/null || die "this is not Debian; please install what corresponds to: $*"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || die "not root and no sudo; as root: apt-get install $*"
    say "installing Debian packages: $*"
    patiently as_root apt-get update
    patiently as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" ||
        die "apt-get could not install the packages above"
}

# Whether there is a Go that tinygo works with.
go_fits() {
    local go=$1 version
    command -v "$go" >/dev/null || return 1
    version=$(GOTOOLCHAIN=local "$go" version 2>/dev/null) || return 1
    [[ $version =~ go1\.(24|25|26|27)([^0-9]|$) ]]
}

# The pinned packages of a registry are installed into a fresh folder, which replaces the old one when all went well.
# A copy of the file that pins them, beside it, tells the next run that nothing is to be done.
fresh() { cmp -s "$1" "$tools/$2.pins"; }

begin() {
    new=$tools/$1.new
    rm -rf "$new"
    mkdir -p "$new"
}

finish() {
    rm -rf "${tools:?}/$1"
    mv "$new" "$tools/$1"
    cp "$2" "$tools/$1.pins"
}

pip_install() {
    patiently python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$new" "$@"
}

# A Go toolchain in a folder of its own, by the file that pins it.
has_go() { fresh "$2" "$1" && go_fits "$tools/$1/go/bin/go"; }

install_go() {
    say "installing the Go toolchain of $2"
    begin "$1"
    pip_install -r "$2" || die "pip could not install $2"
    finish "$1" "$2"
    go_fits "$tools/$1/go/bin/go" || die "the installed Go toolchain does not run"
}

# One set-up at a time: two makes may run side by side.
mkdir -p "$tools"
exec 9>"$tools/lock"
flock 9

log=$(mktemp)
trap 'rm -f "$log"' EXIT

command -v cargo >/dev/null || die "cargo is missing: install Rust 1.89 or newer first"

missing=$(missing_packages)
# shellcheck disable=SC2086 # one word a package
if [ -n "$missing" ]; then install_packages $missing; fi

pins=tests/emulators/package-lock.json
if ! fresh $pins node; then
    say "installing emulators for node"
    begin node
    cp tests/emulators/package.json $pins "$new"
    patiently npm ci --prefix "$new" --ignore-scripts --no-audit --no-fund || die "npm could not install $pins"
    finish node $pins
fi

pins=tests/emulators/requirements.txt
if ! fresh $pins python; then
    say "installing wasmtime for Python"
    begin python
    pip_install --require-hashes -r $pins || die "pip could not install $pins"
    finish python $pins
fi

# Tests walk the library of one release of Go, whatever else is on the PATH.
pins=scripts/go.txt
if { [ "${1-}" = tests ] || ! go_fits go; } && ! has_go go $pins; then
    install_go go $pins
fi

# Sizes have bars for the library of this release, too.
pins=scripts/go-1.26.txt
if [ "${1-}" = tests ] && ! has_go go-1.26 $pins; then
    install_go go-1.26 $pins
fi

# Go's `test/` tree is in no toolchain, but in Debian's source package of the newest suite. A private package list,
# so that the system's own sources stay as they are; downloaded and unpacked, not installed.
download_go_tests() {
    local package version sum uri apt deb
    read -r package version sum <<<"$(grep -v '^#' "$1")"
    uri=$(apt-get indextargets --format '$(REPO_URI)' | head -n1)
    mkdir -p "$new/lists/partial" "$new/cache/archives/partial"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri sid main" >"$new/sources.list"
    # A mirror that lags behind is good enough: the package's sum is known.
    apt=(-o Acquire::Check-Valid-Until=false
        -o "Dir::Etc::SourceList=$new/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$new/lists" -o "Dir::Cache=$new/cache")
    patiently apt-get "${apt[@]}" update || return 1
    cd "$new"
    if apt-get "${apt[@]}" download "$package=$version" >"$log" 2>&1; then
        echo "$sum  $(ls ./*.deb)" | sha256sum --check --quiet || return 1
    else
        say "$package $version is not to be had any more, taking the newest"
        patiently apt-get "${apt[@]}" download "$package" || return 1
    fi
    deb=$(ls ./*.deb)
    dpkg-deb --fsys-tarfile "$deb" | tar -x --strip-components=4 --wildcards --no-wildcards-match-slash './usr/share/*/test'
    rm -rf lists cache sources.list "$deb"
}

pins=scripts/go-tests.txt
if [ "${1-}" = tests ] && ! fresh $pins go-tests; then
    if command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null; then
        say "fetching the test tree of Go"
        begin go-tests
        (download_go_tests "$PWD/$pins") || die "the test tree of Go could not be fetched"
        finish go-tests $pins
    else
        say "this is not Debian: suites that walk Go's test tree will find nothing below .tools/go-tests"
    fi
fi
