"""Data flows one way: what each room may import, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

# A room, and the rooms of ours that it may import; docs/architecture.md says the same in words.
TERMS = {"kg.facts", "kg.rdf", "kg.iris", "kg.vocab", "kg.errors", "kg.ontology"}
ROOMS: dict[str, set[str]] = {
    "kg.errors": set(),
    "kg.facts": set(),
    "kg.progress": set(),
    "kg.resources": set(),
    "kg.rdf": set(),
    "kg.vocab": set(),
    "kg.iris": {"kg.facts"},
    "kg.ontology": {"kg.rdf", "kg.vocab", "kg.errors"},
    "kg.settings": {"kg.errors", "kg.iris"},
    "kg.processes": {"kg.errors"},
    "kg.release": {"kg.errors"},
    "kg.queries": {"kg.errors", "kg.facts", "kg.rdf", "kg.vocab", "kg.iris"},
    "kg.sources": {"kg.facts", "kg.iris", "kg.ontology", "kg.errors"},
    "kg.mappers": {"kg.facts", "kg.rdf", "kg.iris", "kg.vocab", "kg.ontology"},
    "kg.harvest": {"kg.facts", "kg.rdf", "kg.mappers", "kg.sources"},
    "kg.store": {"kg.errors", "kg.settings", "kg.rdf", "kg.release", "kg.vocab"},
    "kg.validate": TERMS | {"kg.release", "kg.resources", "kg.store"},
    "kg.publish": TERMS | {"kg", "kg.harvest", "kg.settings", "kg.sources", "kg.store"},
    "kg.assembly": TERMS
    | {"kg", "kg.processes", "kg.progress", "kg.publish", "kg.release", "kg.settings"}
    | {"kg.store", "kg.validate"},
    "kg.workers": {"kg.harvest", "kg.processes", "kg.publish", "kg.sources"},
    "kg.scaffold": {"kg.errors"},
    "kg.ask": {
        "kg.errors",
        "kg.iris",
        "kg.queries",
        "kg.rdf",
        "kg.release",
        "kg.settings",
        "kg.store",
        "kg.vocab",
    },
    "web": TERMS | {"kg", "kg.store", "kg.settings", "kg.queries", "kg.release", "kg.resources"},
}
FREE = {"kg.pipeline", "kg.cli", "kg.__main__", "kg"}
OXIGRAPH = {"kg.store", "web"}


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("kg", "web"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(modules())
each_module = pytest.mark.parametrize("name", MODULES)


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(name: str) -> str:
    """The room of a module or of a name in one: `kg.store.pool.Pool` is in `kg.store`."""
    if name == "web" or name.startswith("web."):
        return "web"
    two = ".".join(name.split(".")[:2])
    return two if two in ROOMS or two in FREE else "kg"


def test_every_module_has_a_room() -> None:
    """A module that no rule names would be free of all of them."""
    tops = {".".join(name.split(".")[:2]) for name in MODULES if name.startswith("kg")}
    assert tops == {name for name in ROOMS if name != "web"} | FREE


@each_module
def test_imports(name: str) -> None:
    """A module imports only from the rooms that its own room may see."""
    here = room(name)
    if here in FREE:
        return
    ours = {each for each in imports(MODULES[name]) if each.split(".")[0] in ("kg", "web")}
    foreign = {each for each in ours if room(each) not in ROOMS[here] | {here}}
    assert not foreign, f"{name} ({here}) may not import {sorted(foreign)}"


@each_module
def test_only_the_store_touches_oxigraph(name: str) -> None:
    """The engine stays behind `kg.store`, so that another can take its place."""
    touched = {each for each in imports(MODULES[name]) if each.startswith("pyoxigraph")}
    if room(name) == "web":
        touched -= {"pyoxigraph.RdfFormat", "pyoxigraph.QueryResultsFormat"}
    assert not touched or room(name) == "kg.store", f"{name} imports {sorted(touched)}"


def test_only_the_cli_runs_pipeline_and_web() -> None:
    """Nothing but the commands sees both ends."""
    both = [
        name
        for name, path in MODULES.items()
        if any(each.startswith("kg.pipeline") or each == "kg.pipeline" for each in imports(path))
        or (name.startswith("kg") and any(each.startswith("web") for each in imports(path)))
    ]
    assert both == ["kg.cli"]


@each_module
def test_nothing_happens_at_import(name: str) -> None:
    """A module's top level declares; it opens, reads, starts and prints nothing."""
    doing = {"open", "print", "read_text", "read_bytes", "connect", "Popen", "run", "mkdir"}
    if name == "kg.__main__":
        return
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    top = [
        node
        for node in tree.body
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If))
    ]
    calls = [each for node in top for each in ast.walk(node) if isinstance(each, ast.Call)]
    names = {getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls}
    assert not names & doing


@each_module
def test_no_module_past_400_lines(name: str) -> None:
    """One idea a module."""
    assert len(MODULES[name].read_text("utf-8").splitlines()) <= 400


def test_median_length() -> None:
    """Half of all modules have 150 lines or fewer."""
    lengths = sorted(len(path.read_text("utf-8").splitlines()) for path in MODULES.values())
    assert lengths[len(lengths) // 2] <= 150
