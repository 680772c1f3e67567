"""What a source reads out of its rows, which do not show it, has its reason in the graph too."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.store.release import Release
from tests.conftest import run_kg
from tests.records.test_contributed import build

BASE = "http://localhost:8000/"
DAYS = """        for number in range(2, {last}):
            yield from row(number, "onDate", Date(str(1950 + number)))
"""
ROW = """        yield Record(ref=Ref("record/own/x"), label=Text("X"), about=Ref("event/e-1"),
            statements=(Statement(Ref("event/e-1"), "place", Ref("place/kenya")),),
"""
SHOWN = (
    ROW
    + """            fields=(("where", "Nairobi, Kenya"),))
"""
)
COLUMN = (
    ROW
    + """            fields=(("where", "East Africa"),), columns=(("place", "where"),))
"""
)


def lines(folder: Path, code: str) -> list[str]:
    """The dump of a project whose source ends so."""
    done = build(folder, code)
    assert done.returncode == 0, done.stderr
    with gzip.open(
        Release.current(folder).dumps / "chancery.nq.gz", "rt", encoding="utf-8"
    ) as dump:
        return list(dump)


def refused(folder: Path, graph: list[str]) -> str:
    """What `kg check --graph` has against the graph."""
    (folder / "graph.nq").write_text("".join(graph), "utf-8")
    return run_kg("check", folder, "--graph", folder / "graph.nq").stderr


def said(name: str) -> Callable[[str], bool]:
    return lambda line: name in line


def accepted(subject: str, name: str, value: str) -> str:
    prefix = "https://w3id.org/chancery/ns#"
    return f"<{BASE}id/{subject}> <{prefix}{name}> {value} <{BASE}graph/accepted> .\n"


GIVES = "id/dataset/own> <https://schema.org/variableMeasured>"
KENYA = f"<{BASE}id/place/kenya>"
YEAR = '"1776"^^<http://www.w3.org/2001/XMLSchema#gYear>'


def test_few_values_are_the_registers(tmp_path: Path) -> None:
    """Each stands by itself; another is refused."""
    graph = lines(tmp_path, DAYS.format(last=4))
    assert sum(map(said("id/evidence/own/-/onDate/"), graph)) > 3
    assert not any(map(said(GIVES), graph))
    assert refused(tmp_path, graph) == ""
    assert "reasoned" in refused(tmp_path, [*graph, accepted("event/e-1", "onDate", YEAR)])


def test_of_many_values_the_property_is_named(tmp_path: Path) -> None:
    """What is worked out row by row cannot be told from what is not; another property can."""
    graph = lines(tmp_path, DAYS.format(last=20))
    assert any(map(said(GIVES), graph))
    assert "reasoned" not in refused(tmp_path, [*graph, accepted("event/e-1", "onDate", YEAR)])
    assert "reasoned" in refused(tmp_path, [*graph, accepted("event/e-1", "place", KENYA)])


@pytest.mark.parametrize(("code", "evidence"), [(SHOWN, 0), (COLUMN, 1)], ids=["shown", "column"])
def test_a_field_shows_or_a_column_is_named(tmp_path: Path, code: str, evidence: int) -> None:
    """Words of the place stand in a field, or the source says in which column it is meant."""
    graph = lines(tmp_path, code)
    named = [*filter(said("id/evidence/own/x/where/place/kenya> <https://w3id"), graph)]
    assert len(named) == evidence
    assert refused(tmp_path, graph) == ""
    without = [line for line in graph if line not in named and "claims#field" not in line]
    assert "reasoned" in refused(tmp_path, without)
