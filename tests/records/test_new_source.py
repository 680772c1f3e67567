"""The guide to a source of one's own works when it is followed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.build import pipeline
from kg.build.sources import REGISTRY
from kg.model.settings import Settings
from kg.store.release import Release
from tests.conftest import ROOT

from .conftest import Ask


def block(language: str) -> str:
    """The code block of that language in the section on a source of one's own."""
    guide = (ROOT / "docs" / "sources.md").read_text("utf-8")
    section = guide[guide.index("## A source of your own") :]
    found = re.search(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert found, f"docs/sources.md has no {language} block there"
    return found[1]


def test_the_guide_adds_a_source(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asking: Callable[[Release, Settings], Ask],
) -> None:
    """Its module, its line and its rows make two events, and an issue with its line."""
    (tmp_path / "embassies.csv").write_text(block("csv"), "utf-8")
    (tmp_path / "guide_embassies.py").write_text(block("python"), "utf-8")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "entities.yaml").write_text("place/kenya: {label: Kenya}\n", "utf-8")
    (tmp_path / "kg.toml").write_text('[sources]\nembassies = "embassies.csv"\n', "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for module in ("kg.build.sources", "kg.build.pipeline"):
        registry = {**REGISTRY, "embassies": "guide_embassies:Embassies"}
        monkeypatch.setattr(f"{module}.REGISTRY", registry)

    settings = Settings.load(tmp_path)
    release = pipeline.build(settings)

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
