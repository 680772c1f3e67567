"""The references say what the code says: nothing is undocumented."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

import kg
from docs import generate
from kg.model.settings import declared
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("name", "write"), [("cli.md", generate.commands), ("settings.md", generate.settings)]
)
def test_reference_is_current(name: str, write: object) -> None:
    """`make docs` has been run since the code changed."""
    assert callable(write)
    assert (ROOT / "docs" / name).read_text("utf-8") == write(), "run `make docs`"


def test_urls_are_current(app: Flask) -> None:
    """Every route stands in docs/urls.md."""
    assert (ROOT / "docs" / "urls.md").read_text("utf-8") == generate.urls(app), "run `make docs`"


def test_every_route_says_what_it_is(app: Flask) -> None:
    """Each view has a docstring, which is its line in docs/urls.md."""
    silent = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not app.view_functions[rule.endpoint].__doc__
    ]
    assert not silent


def test_every_setting_has_help() -> None:
    """A setting without help would be a riddle."""
    assert all(each.metadata["help"] for each in declared())


def test_variables_that_are_named_exist() -> None:
    """Every `KG_…` of the documentation is a setting's variable; `KG_SHARED` is the tests' own."""
    known = {f"KG_{each.name.upper()}" for each in declared()} | {"KG_SHARED"}
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    named = {
        name for page in pages for name in re.findall(r"\bKG_[A-Z_]+", page.read_text("utf-8"))
    }
    assert "KG_CLIENT_HEADER" in named
    assert named <= known


_ROOM = re.compile(r"(?<![\w/.-])(?:kg|web|tests|benchmarks)/[a-z_/.]*[a-z_/]")
_NAME = re.compile(r"(?<![\w/.-])(?!kg\.toml|web\.py)(?:kg|web)(?:\.[a-z_]+)+")


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_rooms_that_are_named_exist(path: Path) -> None:
    """A file, a folder or a module that the documentation names is there."""
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    for name in _ROOM.findall(text):
        assert (ROOT / name).exists(), name
    for name in _NAME.findall(text):
        where = ROOT / name.replace(".", "/")
        known = where.is_dir() or where.with_suffix(".py").exists()
        known |= name.removeprefix("kg.") in kg.__all__
        assert known or where.parent.with_suffix(".py").exists(), name  # or a name in a module
