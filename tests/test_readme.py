"""What the README shows is what a reader gets: its commands, its question, its Python."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from flask import Flask

from kg.model.namespaces import CLM
from kg.model.rdf import Literal
from kg.store import Graph, rows
from kg.store.release import Release
from tests.conftest import ROOT, run_kg
from tests.diplomacy import PREFIXES

README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_question_and_table(graph: Graph) -> None:
    """The README's question has exactly the answer that its table shows."""
    (question,) = blocks("sparql")
    table = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in README.splitlines()
        if line.startswith("| ") and line.count("|") == 5
    ]
    head, *expected = table
    found = [
        [str(row[name].value) if isinstance(row.get(name), Literal) else "" for name in head]
        for row in rows(graph, question)
    ]
    assert found == expected


def test_turtle(release: Release) -> None:
    """Every triple of the README's Turtle is in the dump."""
    (turtle,) = blocks("turtle")
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    base = "http://localhost:8000/"
    shown = rdflib.Graph().parse(data=prefixes + turtle, format="turtle", publicID=base)
    assert len(shown) == 14
    assert set(shown) <= set(rdflib.Graph().parse(release.dumps / "chancery.ttl"))


def test_python(project: Path, release: Release) -> None:
    """The README's Python lines print what it says they print."""
    assert release.id
    (code,), (expected,) = blocks("python"), blocks("text")
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=project, capture_output=True, text=True
    )
    assert done.stdout == expected


def test_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The `kg` commands of the README run and print what it says they print."""
    monkeypatch.chdir(tmp_path)
    ran = 0
    for block in blocks("console"):
        for command, output in re.findall(r"^\$ (kg .*)\n((?:[^$].*\n)*)", block, re.MULTILINE):
            done = run_kg(*shlex.split(command)[1:])
            assert (done.returncode, done.stdout) == (0, output), done.stderr
            ran += 1
    assert ran == 2


def test_make_targets_exist() -> None:
    """`make serve` and `make test` are targets; a test of a fresh clone runs them."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^\$ make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_links_lead_somewhere() -> None:
    """Every relative link of the README names a file of the repository."""
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_size(release: Release, app: Flask) -> None:
    """The README's counts are those of the release, and of its home page."""
    counts = release.manifest.counts.classes
    named = {"document": "documents", "claim": "claims", "record": "records"}
    found = [f"{counts[str(CLM[name.capitalize()])]} {several}" for name, several in named.items()]
    assert f"{found[0]}, {found[1]} and {found[2]}" in README
    home = re.sub(r"<[^>]+>", "", app.test_client().get("/").text)
    for each in found:
        assert each in home
