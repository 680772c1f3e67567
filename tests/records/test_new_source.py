"""The guide to a source of one's own works when it is followed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import ROOT, spawn_kg

from .conftest import Ask


def block(language: str) -> str:
    """The code block of that language in the section on a source of one's own."""
    guide = (ROOT / "docs" / "sources.md").read_text("utf-8")
    section = guide[guide.index("## A source of your own") :]
    found = re.search(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert found, f"docs/sources.md has no {language} block there"
    return found[1]


@pytest.fixture
def guided(tmp_path: Path) -> Path:
    """A project that follows the guide."""
    (tmp_path / "embassies.csv").write_text(block("csv"), "utf-8")
    (tmp_path / "embassies.py").write_text(block("python"), "utf-8")
    (tmp_path / "kg.toml").write_text(block("toml"), "utf-8")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "entities.yaml").write_text("place/kenya: {label: Kenya}\n", "utf-8")
    return tmp_path


def test_the_guide_adds_a_source(guided: Path, asking: Callable[[Release, Settings], Ask]) -> None:
    """Its module, its table and its rows make two events, and an issue with its line."""
    done = spawn_kg("build", guided)
    assert done.returncode == 0, done.stderr

    release, settings = Release.current(guided), Settings.load(guided)
    ask = asking(release, settings)
    rows = ask(
        "SELECT ?city ?date WHERE { ?event dip:onDate ?date ; dip:place ?place . "
        "?place rdfs:label ?city } ORDER BY ?date"
    )
    assert rows == [("Moscow", "1933-12-13"), ("Nairobi", "1964-03-02")]
    (issue,) = map(json.loads, release.issues.read_text("utf-8").splitlines())
    assert (issue["file"], issue["line"], issue["found"]) == ("embassies.csv", 4, "1964-13-02")
    counts = json.loads((release.directory / "manifest.json").read_text())["counts"]
    assert counts["rows"] == {"embassies": 2}
    assert ask("SELECT ?label WHERE { ?set a schema:Dataset ; rdfs:label ?label }") == [
        ("Embassies of the United States",)
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "sender =",
            "sendr =",
            "found 'sendr'; allowed: path, sender, use (did you mean 'sender'?)",
        ),
        ('path = "embassies.csv"', "", "the option 'path' is missing"),
        ('Embassies"', 'Embasies"', "embassies has no class 'Embasies'"),
        ("embassies:E", "embasies:E", "no module 'embasies', beside "),
        ("embassies:Embassies", "travles", "unknown 'travles'; allowed: pocom, "),
        ("embassies:Embassies", "queue:Embassies", "queue has no class 'Embassies'"),
        ('use = "embassies:Embassies"', "use = 3", "use: found 3; allowed: text"),
    ],
)
def test_what_cannot_be_found_is_named(guided: Path, old: str, new: str, said: str) -> None:
    """A name in `kg.toml` that leads nowhere is refused with what is allowed."""
    text = (guided / "kg.toml").read_text("utf-8")
    assert old in text
    (guided / "kg.toml").write_text(text.replace(old, new), "utf-8")
    done = spawn_kg("build", guided)
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("kg: sources: embassies: ")
    assert said in last


def test_files_of_the_project_are_not_taken_for_libraries(guided: Path) -> None:
    """A file by the name of a library is not run, and cannot be a source."""
    for name in ("orjson", "queue", "rdflib", "yaml", "calendar"):
        (guided / f"{name}.py").write_text("import sys; sys.exit('run by mistake')\n")
    command = [sys.executable, "-P", "-m", "kg", "build", "."]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=guided)
    assert done.returncode == 0, done.stderr
    text = (guided / "kg.toml").read_text("utf-8")
    (guided / "kg.toml").write_text(text.replace("embassies:E", "queue:E"), "utf-8")
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=guided)
    assert done.returncode == 2
    assert "queue.py has the name of a module that is installed" in done.stderr


def test_a_package_has_parts(guided: Path) -> None:
    """A source may be a package beside `kg.toml`, whose modules import one another."""
    (guided / "parts").mkdir()
    (guided / "parts" / "__init__.py").write_text("")
    (guided / "embassies.py").rename(guided / "parts" / "rows.py")
    (guided / "parts" / "main.py").write_text("from parts.rows import Embassies as Source\n")
    text = (guided / "kg.toml").read_text("utf-8")
    (guided / "kg.toml").write_text(text.replace("embassies:Embassies", "parts.main:Source"))
    assert spawn_kg("build", guided).returncode == 0


def test_an_option_of_the_command_names_another_path(guided: Path, tmp_path: Path) -> None:
    """`--source NAME=PATH` keeps the source's other options."""
    (tmp_path / "other.csv").write_text("id,state,city,opened\n7,mali,Bamako,1960-09-24\n")
    done = spawn_kg("build", guided, "--source", f"embassies={tmp_path}/other.csv")
    assert done.returncode == 0, done.stderr
    assert Release.current(guided).manifest.counts.rows == {"embassies": 1}
