"""The days between which things began and ended, as a release gives them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.build import pipeline
from kg.cli import main
from kg.model.settings import Settings
from kg.store import rows
from kg.store.release import Release
from tests.conftest import graph_of
from web.app import create_app

Ask = Callable[[str], list[tuple[str, ...]]]

OFFICES = """
dataset: offices
title: Offices
records:
"""


def row(name: str, *statements: str) -> str:
    """A row about a tenure; a statement is `property value`, a thing where it has a slash."""
    lines = [
        f"  - id: {name}",
        f"    label: {name}",
        f"    about: tenure/{name}",
        "    statements:",
    ]
    for each in statements:
        prop, value = each.split()
        key = "object" if "/" in value and not value[0].isdigit() else "value"
        lines.append(f"      - {{property: {prop}, {key}: {value}}}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def asked(tmp_path: Path) -> Callable[..., Ask]:
    """Builds a project of rows and asks it."""

    def start(*found: str, entities: str = "") -> Ask:
        names = {each.split("id: ")[1].split()[0] for each in found}
        things = "".join(f"tenure/{name}: {{label: {name}}}\n" for name in sorted(names))
        things += "".join(f"person/{name}: {{label: {name}}}\n" for name in "abcdef")
        things += "post/mayor: {label: mayor}\n"
        (tmp_path / "seeds").mkdir()
        (tmp_path / "seeds" / "entities.yaml").write_text(things + entities)
        (tmp_path / "seeds" / "rows.yaml").write_text(OFFICES + "".join(found))
        settings = Settings.load(tmp_path)
        graph = graph_of(pipeline.build(settings), settings)
        return lambda query: [
            tuple(getattr(term, "value", term or "") for term in each.values())
            for each in rows(graph, query)
        ]

    return start


BOUNDS = """SELECT ?a ?b ?c ?d WHERE {{ BIND(<http://localhost:8000/id/{0}> AS ?it)
  OPTIONAL {{ GRAPH ?g {{ ?it clm:startEarliest ?a }} }} OPTIONAL {{ ?it clm:startLatest ?b }}
  OPTIONAL {{ ?it clm:endEarliest ?c }} OPTIONAL {{ ?it clm:endLatest ?d }} }}"""
HELD = ("holder person/a", "post post/mayor")


def test_bounds_stand_beside_what_is_stated(asked: Callable[..., Ask]) -> None:
    """A month and a year become days, in the graph of the date, which stays as stated."""
    ask = asked(row("a", *HELD, "start 1985-02", "end 1987"))
    assert ask(BOUNDS.format("tenure/a")) == [
        ("1985-02-01", "1985-02-28", "1987-01-01", "1987-12-31")
    ]
    stated = ask("SELECT (STR(?d) AS ?v) (DATATYPE(?d) AS ?t) { ?s dip:start ?d }")
    assert stated == [("1985-02", "http://www.w3.org/2001/XMLSchema#gYearMonth")]
    homes = ask("SELECT DISTINCT ?g (DATATYPE(?d) AS ?t) { GRAPH ?g { ?s clm:endLatest ?d } }")
    assert homes == [
        ("http://localhost:8000/graph/accepted", "http://www.w3.org/2001/XMLSchema#date")
    ]


def test_two_rows_of_one_thing(asked: Callable[..., Ask]) -> None:
    """Bounds span what is taken as so: one value each, however many rows disagree."""
    other = row("b", "start 1986-01-01").replace("about: tenure/b", "about: tenure/a")
    ask = asked(row("a", *HELD, "start 1985-02", "end 1987"), other)
    assert ask(BOUNDS.format("tenure/a")) == [
        ("1985-02-01", "1986-01-01", "1987-01-01", "1987-12-31")
    ]


def test_a_successor_bounds_a_service_without_an_end(asked: Callable[..., Ask]) -> None:
    """In an office of one holder the next one's beginning, whose service is named."""
    ask = asked(
        row("a", "holder person/a", "post post/mayor", "start 1900", "end 1903-06-01"),
        row("b", "holder person/b", "post post/mayor", "start 1903-06-02"),
        row("c", "holder person/c", "post post/mayor", "start 1910-05", "end 1912"),
        row("d", "holder person/d", "post post/mayor", "start 1912-12-01"),
    )
    assert ask("SELECT (STR(?last) AS ?l) ?by { <http://localhost:8000/id/tenure/b> "
               "clm:endLatest ?last ; clm:boundBy ?by }") == [
        ("1910-05-31", "http://localhost:8000/id/tenure/c")
    ]  # fmt: skip
    assert ask("SELECT ?t { ?t clm:boundBy ?by }") == [("http://localhost:8000/id/tenure/b",)]
    assert ask(BOUNDS.format("tenure/d")) == [("1912-12-01", "1912-12-01")]


def test_an_office_of_several_is_not_cut(asked: Callable[..., Ask]) -> None:
    """Where holders serve side by side, another's beginning says nothing."""
    ask = asked(
        row("a", "holder person/a", "post post/mayor", "start 1900-01-01", "end 1909-06-01"),
        row("b", "holder person/b", "post post/mayor", "start 1902-06-02"),
        row("c", "holder person/c", "post post/mayor", "start 1904-05-01", "end 1912-01-01"),
        row("d", "holder person/d", "post post/mayor", "start 1905-12-01", "end 1908-01-01"),
    )
    assert ask("SELECT ?t { ?t clm:boundBy ?by }") == []


def test_offices_of_several_without_an_end(asked: Callable[..., Ask]) -> None:
    """Beginnings on one day show it too."""
    ask = asked(
        *(row(n, f"holder person/{n}", "post post/mayor", "start 1956-03-07") for n in "abc"),
        row("d", "holder person/d", "post post/mayor", "start 1960-06-24"),
    )
    assert ask("SELECT ?t { ?t clm:boundBy ?by }") == []


def test_a_changed_title_is_followed(asked: Callable[..., Ask]) -> None:
    """Whoever speaks for one state to another is followed by the next, of whatever title."""
    posts = ("minister", "ambassador", "elsewhere")
    described = [
        row(post, "represents state/us", *["host state/norway"][: post != "elsewhere"])
        for post in posts
    ]
    names = ("state/us", "state/norway", *(f"post/{post}" for post in posts))
    ask = asked(
        row("a", "holder person/a", "post post/minister", "start 1940-08-02"),
        row("b", "holder person/b", "post post/elsewhere", "start 1940-09-01"),
        row("c", "holder person/c", "post post/ambassador", "start 1941-03-20"),
        *(each.replace("about: tenure/", "about: post/") for each in described),
        entities="".join(f"{name}: {{label: {name}}}\n" for name in names),
    )
    assert ask("SELECT ?t ?by { ?t clm:boundBy ?by }") == [
        ("http://localhost:8000/id/tenure/a", "http://localhost:8000/id/tenure/c")
    ]


SHEET = """
document: {id: letter, title: A letter, text: {sha256: "HASH", length: 99}, rights: None.}
entities:
  person/caesar: {label: Caesar}
  event/ides: {label: The Ides}
  event/october: {label: October}
  event/famine: {label: A famine}
  event/talk: {label: A talk}
claims:
  - {id: 1, subject: event/ides, property: onDate, value: "-0043-03-15", span: [0, 1]}
  - {id: 2, subject: event/october, property: onDate, value: "1917-10-25", julian: true,
     span: [0, 1]}
  - {id: 3, subject: event/famine, property: start, value: "1843-21~", span: [0, 1]}
  - {id: 4, subject: event/famine, property: end, value: "1846/..", span: [0, 1]}
  - {id: 5, subject: event/talk, property: onDate, value: "2015-05-12T15:30:00", span: [0, 1]}
"""


def test_edtf_of_a_sheet_is_stated_bounded_and_shown(tmp_path: Path) -> None:
    """BCE, the Julian calendar, about a season, open ends and a time of day: by the command, in
    SPARQL and over HTTP.
    """
    (tmp_path / "seeds" / "documents").mkdir(parents=True)
    (tmp_path / "seeds" / "documents" / "letter.yaml").write_text(SHEET.replace("HASH", "0" * 64))
    done = CliRunner().invoke(main, ["build", str(tmp_path)])
    assert done.exit_code == 0, done.output
    settings = Settings.load(tmp_path)
    graph = graph_of(Release.current(tmp_path), settings)
    stated = """SELECT (STRAFTER(STR(?s), "/id/") AS ?who) (STR(?v) AS ?value)
        (REPLACE(STR(DATATYPE(?v)), "^.*[/#]", "") AS ?type)
        (CONCAT(STR(COALESCE(?a, "..")), " ", STR(COALESCE(?b, "..")), " ", STR(COALESCE(?c, "..")),
            " ", STR(COALESCE(?d, ".."))) AS ?bounds) {
      GRAPH <http://localhost:8000/graph/accepted> {
        ?s dip:onDate|dip:start ?v
        OPTIONAL { ?s clm:startEarliest ?a } OPTIONAL { ?s clm:startLatest ?b }
        OPTIONAL { ?s clm:endEarliest ?c } OPTIONAL { ?s clm:endLatest ?d } } } ORDER BY ?who"""
    found = [
        tuple(getattr(term, "value", term) for term in row.values()) for row in rows(graph, stated)
    ]
    assert found == [
        ("event/famine", "1843-21~", "EDTF", "1842-12-01 1843-08-31 1846-01-01 .."),
        ("event/ides", "-0043-03-15", "date", " ".join(["-0043-03-15"] * 4)),
        ("event/october", "1917-10-25", "julianDate", " ".join(["1917-11-07"] * 4)),
        ("event/talk", "2015-05-12T15:30:00", "dateTime", " ".join(["2015-05-12"] * 4)),
    ]
    edtf = rows(graph, "SELECT ?s ?e { ?s clm:edtf ?e } ORDER BY ?s")
    assert [getattr(row["e"], "value", "") for row in edtf] == ["1917-11-07"]
    client = create_app(settings, graph).test_client()
    assert "44 BC" in client.get("/page/event/ides").text
    assert "25 October 1917 (Julian)" in client.get("/page/event/october").text
