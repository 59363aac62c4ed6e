#!/usr/bin/env python3
"""Fills svd/ from the packages that publish the vendors' register descriptions.

For maintainers: run it after changing SOURCES, look at the differences, commit. It downloads each package with the
registry's own client (cargo, pip), checks it against the sha256 below, compresses the files that it takes with zstd,
writes licence texts beside them and svd/manifest.yaml. Needs python3, cargo, pip and zstd.
"""

import hashlib
import io
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import xml.etree.ElementTree
import zipfile

SVD = pathlib.Path(__file__).resolve().parent.parent / "svd"

BSD3 = """\
{copyright}

Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions and the following
   disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
   disclaimer in the documentation and/or other materials provided with the distribution.

3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote products
   derived from this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES;
LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN
CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS
SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""


def file_text(path):
    """A licence that is a file of the package."""
    return lambda package, data: package(path).decode()


def svd_text():
    """A licence that stands in the SVD's licenseText element."""

    def text(package, data):
        root = xml.etree.ElementTree.fromstring(data)
        # Lines end in a written \\n and in a real line break.
        lines = (root.findtext("licenseText") or "").replace("\\n", "").splitlines()
        return "\n".join(line.strip() for line in lines).strip() + "\n"

    return text


def bsd3(copyright):
    """A file that only names BSD-3-Clause: the licence's text with the file's copyright line."""
    return lambda package, data: BSD3.format(copyright=copyright)


def section(path, heading):
    """A licence that is a section of a Markdown file."""

    def text(package, data):
        body = package(path).decode().split(heading, 1)[1].split("\n## ", 1)[0]
        return body.replace("[team]", "").replace("[RISC-V team]", "RISC-V team").strip() + "\n"

    return text


SOURCES = [
    {
        "registry": "crates.io", "package": "avr-device", "version": "0.9.0",
        "sha256": "3354d3534b5704c6ae2434c07350f6ee3ec4f07c73d09fe083eb4b3b2eb69dfd",
        "folder": "avr", "licence": "Apache-2.0",
        "files": {"vendor/atmega328p.atdf": "ATmega328P.atdf", "vendor/atmega2560.atdf": "ATmega2560.atdf"},
        "licences": {"LICENSE": file_text("vendor/LICENSE"), "LICENSE-APACHE-2.0": file_text("LICENSE-APACHE")},
    },
    {
        "registry": "PyPI", "package": "pyocd", "version": "0.46.0",
        "sha256": "f37c1ef65a1e78b42c9bccf4f34fbde98c4ea225e87534ee872e324aae230ba5",
        "folder": "nordic", "licence": "BSD-3-Clause",
        "files": {"pyocd/debug/svd/svd_data.zip!nrf51.svd": "nrf51.svd"},
        "licences": {"LICENSE": svd_text()},
    },
    {
        "registry": "crates.io", "package": "rp2040-pac", "version": "0.6.0",
        "sha256": "83cbcd3f7a0ca7bbe61dc4eb7e202842bee4e27b769a7bf3a4a72fa399d6e404",
        "folder": "raspberrypi", "licence": "BSD-3-Clause",
        "files": {"svd/rp2040.svd": "rp2040.svd"},
        "licences": {"LICENSE": bsd3("Copyright (c) 2020 Raspberry Pi (Trading) Ltd.")},
    },
    {
        "registry": "crates.io", "package": "e310x", "version": "0.12.0",
        "sha256": "d0edf103c72b301d8a96d1ff0ff252f8def1bd405ab3443e8382615c9b3268c1",
        "folder": "sifive", "licence": "ISC",
        "files": {"e310x.svd": "e310x.svd"},
        "licences": {"LICENSE": section("README.md", "## License")},
    },
]


def download(source, work):
    """The bytes of the package's archive, through the registry's client."""
    name, version = source["package"], source["version"]
    if source["registry"] == "PyPI":
        subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "-d", work, f"{name}=={version}"], check=True)
        archive = next(pathlib.Path(work).glob(f"{name}-{version}*"))
    else:
        project = pathlib.Path(work) / "fetch"
        (project / "src").mkdir(parents=True)
        (project / "src/lib.rs").touch()
        (project / "Cargo.toml").write_text(
            '[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]\n'
            f'{name} = {{ version = "={version}", default-features = false }}\n')
        env = {**os.environ, "CARGO_HOME": f"{work}/home"}
        subprocess.run(["cargo", "fetch", "--quiet"], cwd=project, check=True, env=env)
        archive = next(pathlib.Path(work, "home/registry/cache").glob(f"*/{name}-{version}.crate"))
    data = archive.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != source["sha256"]:
        sys.exit(f"{name} {version}: sha256 is {digest}, expected {source['sha256']}")
    return data


def opener(source, data):
    """A function from a path in the package to its bytes; `a.zip!b` looks into a zip inside."""
    def read(path):
        outer, _, inner = path.partition("!")
        if source["registry"] == "PyPI":
            content = zipfile.ZipFile(io.BytesIO(data)).read(outer)
        else:
            member = f"{source['package']}-{source['version']}/{outer}"
            content = tarfile.open(fileobj=io.BytesIO(data), mode="r:gz").extractfile(member).read()
        return zipfile.ZipFile(io.BytesIO(content)).read(inner) if inner else content
    return read


def main():
    manifest = ["# Where the files come from. Written by scripts/import-svd.py; do not edit.", ""]
    for source in SOURCES:
        with tempfile.TemporaryDirectory() as work:
            package = opener(source, download(source, work))
        folder = SVD / source["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        for path, name in source["files"].items():
            content = package(path)
            packed = subprocess.run(["zstd", "-19", "--single-thread", "-q", "-c"], input=content, stdout=subprocess.PIPE, check=True).stdout
            (folder / f"{name}.zst").write_bytes(packed)
            manifest += [
                f"{source['folder']}/{name}.zst:",
                f"  package: {source['registry']} {source['package']} {source['version']}",
                f"  package-sha256: {source['sha256']}",
                f"  path: {path}",
                f"  sha256: {hashlib.sha256(content).hexdigest()}",
                f"  bytes: {len(content)}",
                f"  licence: {source['licence']}",
                f"  licence-files: [{', '.join(source['folder'] + '/' + n for n in source['licences'])}]",
                "",
            ]
            print(f"{name}: {len(content)} -> {len(packed)} bytes")
        for name, text in source["licences"].items():
            lines = [w for line in text(package, content).splitlines() for w in (textwrap.wrap(line, 118, subsequent_indent=line[: len(line) - len(line.lstrip())]) or [""])]
            (folder / name).write_text("\n".join(line.rstrip() for line in lines).strip("\n") + "\n")
    (SVD / "manifest.yaml").write_text("\n".join(manifest).rstrip() + "\n")


if __name__ == "__main__":
    main()
