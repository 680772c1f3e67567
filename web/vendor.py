"""Keep the front-end files of other projects as their authors published them.

`web/static/vendor/vendor.toml` names each package, its version, its licence and the SHA-256 of
each file. `python -m web.vendor` fetches them anew from the npm registry and verifies them;
`python -m web.vendor BOM` adds them to a bill of materials.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kg.model.errors import ChanceryError

FOLDER = Path(__file__).parent / "static" / "vendor"


class VendorError(ChanceryError):
    """A vendored file is not the one that `vendor.toml` describes."""


@dataclass(frozen=True, slots=True)
class File:
    """One file: its path inside the package, its name in our folder, its SHA-256 in hex."""

    source: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Package:
    """One npm package at one version, and the files that we take from it."""

    name: str
    version: str
    licence: str
    files: tuple[File, ...]


def packages(folder: Path = FOLDER) -> Iterator[Package]:
    """What `vendor.toml` declares, in its order."""
    table = tomllib.loads((folder / "vendor.toml").read_text("utf-8"))
    for each in table["package"]:
        yield Package(
            each["name"],
            each["version"],
            each["licence"],
            tuple(File(file["source"], file["name"], file["sha256"]) for file in each["files"]),
        )


def verify(file: File, content: bytes) -> None:
    """Prove that `content` is what `file` promises.

    Raises:
        VendorError: it is not.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != file.sha256:
        raise VendorError(f"{file.name}: found SHA-256 {found}; allowed: {file.sha256}")


def fetch(package: Package, folder: Path = FOLDER) -> None:
    """Replace the files of `package` by those that the npm registry holds.

    Raises:
        VendorError: npm could not fetch it, or a file differs from its checksum.
    """
    with tempfile.TemporaryDirectory() as scratch:
        wanted = f"{package.name}@{package.version}"
        packed = subprocess.run(
            ["npm", "pack", "--silent", wanted],
            cwd=scratch,
            capture_output=True,
            text=True,
            check=False,
        )
        if packed.returncode:
            raise VendorError(f"{wanted}: npm pack failed: {packed.stderr.strip()}")
        with tarfile.open(next(Path(scratch).glob("*.tgz"))) as archive:
            for file in package.files:
                member = archive.extractfile(f"package/{file.source}")
                content = member.read() if member else b""
                verify(file, content)
                (folder / file.name).parent.mkdir(exist_ok=True)
                (folder / file.name).write_bytes(content)


def with_components(bom: dict[str, Any], found: Iterable[Package]) -> dict[str, Any]:
    """A CycloneDX bill of materials (ECMA-424) with the packages and their files besides."""
    added = [
        {
            "bom-ref": f"pkg:npm/{quote(each.name)}@{each.version}",
            "type": "library",
            "name": each.name,
            "version": each.version,
            "purl": f"pkg:npm/{quote(each.name)}@{each.version}",
            "licenses": [{"license": {"id": each.licence}}],
            "components": [
                {
                    "type": "file",
                    "name": file.name,
                    "hashes": [{"alg": "SHA-256", "content": file.sha256}],
                }
                for file in each.files
            ],
        }
        for each in found
    ]
    return {**bom, "components": [*bom.get("components", ()), *added]}


def main(bom: Path | None = None) -> int:
    """Fetch the files anew; or write the bill of materials `bom` with them to standard output."""
    if bom is not None:
        made = with_components(json.loads(bom.read_text("utf-8")), packages())
        sys.stdout.write(json.dumps(made, indent=2) + "\n")
        return 0
    for package in packages():
        try:
            fetch(package)
        except VendorError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        sys.stdout.write(f"{package.name} {package.version} ({package.licence}): as published\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*map(Path, sys.argv[1:])))
