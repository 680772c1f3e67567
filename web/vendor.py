"""Keep the files of other projects as their authors published them.

`web/static/vendor/vendor.toml` names each package, its version, its licence and the SHA-256 of
each file. `python -m web.vendor` fetches them anew from their registry and verifies them;
`python -m web.vendor BOM` adds them to a bill of materials.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
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
    """One package at one version, of `npm` or `pypi`, and the files that we take from it."""

    registry: str
    name: str
    version: str
    licence: str
    files: tuple[File, ...]

    @property
    def purl(self) -> str:
        """Its name among packages of all registries (ECMA-427)."""
        return f"pkg:{self.registry}/{quote(self.name)}@{self.version}"


def packages(folder: Path = FOLDER) -> Iterator[Package]:
    """What `vendor.toml` declares, in its order."""
    table = tomllib.loads((folder / "vendor.toml").read_text("utf-8"))
    for each in table["package"]:
        yield Package(
            each.get("registry", "npm"),
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
    """Replace the files of `package` by those that its registry holds.

    Raises:
        VendorError: it could not be fetched, or a file differs from its checksum.
    """
    with tempfile.TemporaryDirectory() as scratch:
        if package.registry == "npm":
            command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
        else:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            command = [*pip, f"{package.name}=={package.version}"]
        packed = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
        if packed.returncode:
            raise VendorError(f"{command[-1]}: not fetched: {packed.stderr.strip()}")
        (archive,) = Path(scratch).iterdir()
        shutil.unpack_archive(archive, scratch, "zip" if archive.suffix == ".whl" else None)
        root = Path(scratch, "package" if package.registry == "npm" else "")
        for file in package.files:
            content = (root / file.source).read_bytes()
            verify(file, content)
            (folder / file.name).parent.mkdir(exist_ok=True)
            (folder / file.name).write_bytes(content)


def with_components(bom: dict[str, Any], found: Iterable[Package]) -> dict[str, Any]:
    """A CycloneDX bill of materials (ECMA-424) with the packages and their files besides."""
    added = [
        {
            "bom-ref": each.purl,
            "type": "library",
            "name": each.name,
            "version": each.version,
            "purl": each.purl,
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
