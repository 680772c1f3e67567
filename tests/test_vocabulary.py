"""Words of one domain come from the ontology alone: none stands in the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.model.namespaces import CLM
from kg.model.settings import Settings
from kg.ontology import Ontology
from kg.ontology.project import project_ontology
from tests.conftest import ROOT

ONTOLOGY = project_ontology(Settings.load(ROOT))
BASE = Ontology.load()
DIPLOMACY = [
    each
    for table in (ONTOLOGY.classes, ONTOLOGY.properties, ONTOLOGY.vocabulary, ONTOLOGY.schemes)
    for each in table.values()
    if ONTOLOGY.names.owns(each.iri) and not BASE.names.owns(each.iri)
]
NAMESPACES = {
    prefix: space for prefix, space in ONTOLOGY.names.own.items() if prefix not in BASE.names.own
}
# Local names, and the TYPE of `id/TYPE/SLUG`.
WORDS = {ONTOLOGY.names.short(each.iri) for each in DIPLOMACY} | {
    each.segment for each in ONTOLOGY.segments.values() if each in DIPLOMACY
}
FOREIGN = re.compile(rf"\b(?:{'|'.join(NAMESPACES)}):|{'|'.join(NAMESPACES.values())}")

# Words of any program: no sign of a vocabulary as a name in the code.
ORDINARY = {
    "Event", "Place", "State", "article", "cause", "effect", "end", "event", "host", "name",
    "place", "post", "purpose", "relation", "speaker", "start", "state", "status", "target",
    "within",
}  # fmt: skip
# Strings that are such a word, and no term: everywhere, or in one file.
STRINGS = {
    "name": "a key of JSON, YAML and tables",
    "status": "of HTTP, and of a process",
}
STRINGS_OF: dict[tuple[str, str], str] = {
    ("kg/agents/tools.py", "state"): "of a disagreement: open or settled",
    ("kg/build/publish/search_index.py", "start"): "a method of multiprocessing",
    ("kg/build/publish/disagreements.py", "state"): "of a disagreement: open or settled",
    ("kg/installation.py", "Name"): "a field of a distribution's metadata",
    (
        "kg/ontology/sentences.py",
        "speaker",
    ): "whoever makes a claim, in a sentence of any vocabulary",
    ("web/claims/sentences.py", "speaker"): "a name that sentences ask for, in any vocabulary",
    ("kg/sheets/checks.py", "within"): "a key of sheets, whichever property it stands for",
    ("kg/sheets/claims.py", "article"): "a key of sheets, whichever class it stands for",
    ("kg/sheets/claims.py", "speaker"): "a key of sheets: whom a claim is attributed to",
    ("kg/sheets/entities.py", "within"): "a key of sheets, whichever property it stands for",
    ("kg/store/lists.py", "within"): "a facet of lists, whichever property it stands for",
    ("web/days/page.py", "event"): "what a chart counts, whatever classes there are",
    ("web/disagreements/choosing.py", "state"): "of a disagreement: open or settled",
    ("web/documents/page.py", "Article"): "a type of schema.org",
    ("web/explorer/data.py", "start"): "a key of JSON, whichever properties say when",
    ("web/home/page.py", "event"): "what a chart counts, whatever classes there are",
    ("web/serving/wire/arriving.py", "host"): "a field of HTTP",
    ("web/serving/wire/heads.py", "host"): "a field of HTTP",
    ("web/site/metrics.py", "state"): "a label of a metric",
    ("web/sparql/operations.py", "post"): "a method of HTTP",
    ("web/views/pages.py", "target"): "an end of an edge in JSON",
}
FILES_OF = {
    "kg/api/graph.py": "examples on the graph of the seeds, which tests run as they stand",
    "kg/api/values.py": "examples on the graph of the seeds, which tests run as they stand",
    "web/site/short.py": "the dictionary that the short links of all releases are made with",
}
SOURCES = [
    path
    for package in ("kg", "web")
    for path in sorted((ROOT / package).rglob("*"))
    if path.suffix in (".py", ".rq", ".html", ".js", ".ttl")
    and "registers/us_state" not in path.as_posix()
    and "vendor" not in path.parts
    and "node_modules" not in path.parts
]
each_source = pytest.mark.parametrize(
    "path", SOURCES, ids=[each.relative_to(ROOT).as_posix() for each in SOURCES]
)


def strings(tree: ast.AST) -> Iterator[str]:
    """The strings of a module, and the fixed parts of those that are put together."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            yield node.value if isinstance(node.value, str) else node.value.decode("latin-1")


def identifiers(tree: ast.AST) -> Iterator[str]:
    """What a module calls its own, and what it asks others for."""
    for node in ast.walk(tree):
        for field in ("id", "attr", "name", "arg"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name


def variables(folder: Path) -> set[str]:
    """The variables of the queries in a folder, by which its modules read their rows."""
    texts = (each.read_text("utf-8") for each in folder.glob("*.rq"))
    return {name for text in texts for name in re.findall(r"\?(\w+)", text)}


@each_source
def test_no_word_of_diplomacy(path: Path) -> None:
    """Neither a prefixed name nor a local name, a segment or an identifier is diplomacy's."""
    text, file = path.read_text("utf-8"), path.relative_to(ROOT).as_posix()
    if file in FILES_OF:
        return
    assert not FOREIGN.findall(text)
    assert not {each for each in re.findall(r"\bid/([\w-]+)/", text) if each in WORDS}
    if path.suffix != ".py":
        return
    tree = ast.parse(text)
    said = {
        each
        for each in strings(tree)
        if (
            each in WORDS - set(STRINGS) - variables(path.parent) and (file, each) not in STRINGS_OF
        )
        or any(f"/{word}/" in each for word in WORDS)
    }
    assert not said, f"{file}: {sorted(said)} are terms of diplomacy: ask the ontology by role"
    called = {each for each in identifiers(tree) if each in WORDS - ORDINARY}
    assert not called, f"{file}: {sorted(called)} are terms of diplomacy"


@each_source
def test_terms_of_the_base_are_declared(path: Path) -> None:
    """Each `clm:x` and `CLM.x` that the code names is a term of kg/ontology/base."""
    text = path.read_text("utf-8")
    named = set(re.findall(r"\b(?:clm:|CLM\.)(\w+)", text))
    shapes = {each for each in named if each.endswith("Shape")}  # of what a release must satisfy
    undeclared = {each for each in named - shapes if BASE.find(f"{CLM}{each}") is None}
    assert not undeclared


def test_allowed_words_are_used() -> None:
    """An exception that nothing needs any more must go."""
    for file, word in STRINGS_OF:
        assert word in set(strings(ast.parse((ROOT / file).read_text("utf-8")))), (file, word)
    assert all((ROOT / file).exists() for file in FILES_OF)
