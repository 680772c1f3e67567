"""Data flows one way: what each room may import, read from the code itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

# A room, and the rooms of ours that it may import; docs/architecture.md says the same in words.
BASE = {"kg.model", "kg.ontology"}
ROOMS: dict[str, set[str]] = {
    "kg.model": set(),
    "kg.ontology": {"kg.model"},
    "kg.queries": BASE | {"kg.store"},  # whose engine says whether one can be asked
    "kg.sheets": BASE,
    "kg.registers": BASE,
    "kg.mappers": BASE,
    "kg.judgement": {"kg.model"},
    "kg.store": {"kg.model"},
    "kg.build": BASE | {"kg", "kg.sheets", "kg.mappers", "kg.judgement", "kg.queries", "kg.store"},
    "kg.installation": {"kg.model"},
    "kg.scaffold": BASE,
    "kg.remote": {"kg", "kg.model"},
    "kg.agents": {"kg.model", "kg", "kg.remote", "kg.store"},  # a site's client
    "kg.api": BASE | {"kg", "kg.remote", "kg.store"},
    "kg.ask": BASE | {"kg.queries", "kg.store"},
    "web.site": BASE | {"kg", "kg.queries", "kg.store"},
    "web.serving": BASE | {"kg.store", "web.site", "web.app", "web.sparql"},
    "web.freezing": BASE | {"kg.store", "web.site"},
    "web.vendor": {"kg.model"},
}
# One page each: a noun knows the site and claims, never another noun.
NOUN = BASE | {"kg", "kg.queries", "kg.store", "web.site", "web.claims"}
FREE = {"kg.cli", "kg.__main__", "kg", "web", "web.app"}
# What stands in the way of a rule, each to be mended; a rule that is kept must leave this list.
DEBTS: set[tuple[str, str]] = {
    ("kg.build.processes", "kg.cli"),
}


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("kg", "web"):
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


MODULES = dict(modules())
# `module`, `module:name`: how a string names what is to be imported.
_MODULE = re.compile(r"([\w.]+)(?::[\w.]+)?\Z")
each_module = pytest.mark.parametrize("name", MODULES)


def imports(path: Path) -> set[str]:
    """What a module imports, by statement or by a string that names a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = _MODULE.match(node.value)
            if named and named[1] in MODULES:
                found.add(named[1])
    return found


def room(name: str) -> str:
    """The room of a module or of a name in one: `kg.store.query.Query` is in `kg.store`."""
    two = ".".join(name.split(".")[:2])
    known = {*ROOMS, *FREE} | {".".join(each.split(".")[:2]) for each in MODULES}
    return two if two in known else two.partition(".")[0]


def allowed(here: str) -> set[str]:
    return ROOMS.get(here, NOUN) | {here}


@each_module
def test_imports(name: str) -> None:
    """A module imports only from the rooms that its own room may see."""
    here = room(name)
    if here in FREE:
        return
    ours = {each for each in imports(MODULES[name]) if each.split(".")[0] in ("kg", "web")}
    foreign = {each for each in ours if room(each) not in allowed(here)}
    foreign = {each for each in foreign if (name, room(each)) not in DEBTS}
    assert not foreign, f"{name} ({here}) may not import {sorted(foreign)}"


@each_module
def test_only_the_store_touches_oxigraph(name: str) -> None:
    """The engine stays behind `kg.store`, so that another can take its place."""
    touched = {each for each in imports(MODULES[name]) if each.startswith("pyoxigraph")}
    if name.startswith("web"):
        touched -= {"pyoxigraph.RdfFormat", "pyoxigraph.QueryResultsFormat"}
    assert not touched or room(name) == "kg.store", f"{name} imports {sorted(touched)}"


@each_module
def test_pages_know_no_engine(name: str) -> None:
    """Pages ask the store's interface; which engine is behind it, the server's processes choose."""
    if name.startswith("web") and not name.startswith("web.serving"):
        assert not {each for each in imports(MODULES[name]) if "kg.store.embedded" in each}


def test_only_the_commands_see_both_ends() -> None:
    """Nothing but the commands knows both the build and the pages."""
    both = [
        name
        for name, path in MODULES.items()
        if (
            any(each.startswith("kg.build") for each in imports(path))
            and not name.startswith("kg.build")
        )
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
