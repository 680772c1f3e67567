"""Front-end files of other projects are there, whole and licensed."""

from __future__ import annotations

import pytest

from web.vendor import FOLDER, File, VendorError, packages, verify

FILES = [file for package in packages() for file in package.files]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_file_is_as_published(file: File) -> None:
    """Each vendored file has the SHA-256 that vendor.toml gives."""
    verify(file, (FOLDER / file.name).read_bytes())


def test_nothing_else_is_vendored() -> None:
    """No file lies in the folder that vendor.toml does not account for."""
    found = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    assert found == {file.name for file in FILES} | {"vendor.toml"}


def test_a_changed_file_is_told() -> None:
    """A file that was tampered with is refused by name."""
    with pytest.raises(VendorError, match=r"leaflet\.js: found SHA-256"):
        verify(next(file for file in FILES if file.name.endswith("leaflet.js")), b"alert(1)")


def test_licences_are_open() -> None:
    """Only permissive licences are shipped."""
    assert {package.licence for package in packages()} <= {"MIT", "ISC", "BSD-2-Clause"}
