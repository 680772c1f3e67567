"""The tables of what happens: chosen, counted and listed as the graph has it."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kg.build.lines.by_property import ByProperty
from kg.build.lines.observe import observed
from kg.build.lines.words import Words
from kg.build.publish.happenings import build_happenings
from kg.model.dates import Day
from kg.model.errors import DataError
from kg.model.iris import Minter
from kg.ontology import Ontology
from kg.store import Graph, rows
from kg.store.happenings import Happenings
from kg.store.release import Release
from kg.store.selection import Selection
from tests.diplomacy import ONTOLOGY

VISITS = ("visit", "meeting")
KERRY, LAVROV = "person/john-kerry", "person/sergey-lavrov"


@pytest.fixture(scope="module")
def tables(release: Release) -> Iterator[Happenings]:
    with Happenings.open(release.happenings) as tables:
        yield tables


def refs(tables: Happenings, chosen: Selection, size: int = 50) -> list[str]:
    return [each.thing.ref for each in tables.rows(chosen, size=size)]


def test_every_happening_is_there_once(tables: Happenings, graph: Graph) -> None:
    """Without a choice, wholes and parts included, all of a class are there."""
    asked = "SELECT DISTINCT ?e { ?e a ?c VALUES ?c { dip:Visit dip:Meeting } }"
    found = refs(tables, Selection(VISITS, wholes=True), size=1_000)
    assert sorted(found) == sorted(str(row["e"]).partition("/id/")[2] for row in rows(graph, asked))


def test_part_of_another_kind_counts_with_its_whole(release: Release, tmp_path: Path) -> None:
    """A meeting within a visit is counted where visits are not."""
    meeting, visit = "meeting/kerry-putin-2015-05", "visit/kerry-russia-2015-05"
    copy = Path(shutil.copy(release.happenings, tmp_path))
    with closing(sqlite3.connect(copy)) as changed, changed:
        of = "(SELECT happening.id FROM happening JOIN thing ON thing = thing.id WHERE ref = ?)"
        changed.execute(f"UPDATE happening SET whole = {of} WHERE id = {of}", [visit, meeting])
    with Happenings.open(copy) as tables:
        assert meeting not in refs(tables, Selection(VISITS, joined=True))
        assert meeting in refs(tables, Selection(("meeting",), joined=True))
        assert meeting in refs(tables, Selection(VISITS))


def test_row_has_its_dates_and_values(tables: Happenings) -> None:
    """Kerry in Sochi: the day, the record that tells it, where the place lies, the office."""
    (row,) = tables.rows(Selection(("visit",), (("place", ("place/sochi",)),)))
    assert row.begins == ("2015-05-12",)
    assert row.start == row.end == (Day(2015, 5, 12), Day(2015, 5, 12))
    assert row.records == ("record/travels/3568",)
    (place,) = row.values["place"]
    assert (place.label, place.latitude) == ("Sochi", pytest.approx(43.6, abs=0.1))
    assert [each.ref for each in row.values["office"]] == ["post/us-secretary-of-state"]
    assert {each.ref for each in row.values["counterpart"]} == {LAVROV, "person/vladimir-putin"}
    assert {each.ref for each in row.values["standing"]} == {"accepted", "disputed"}


@pytest.mark.parametrize(
    ("facet", "refs_chosen"),
    [
        ("place", ("place/russia",)),  # the country around the town
        ("counterpart", (LAVROV,)),
        ("standing", ("disputed",)),
        ("source", ("document/another-reset",)),
        ("office", ("post/us-secretary-of-state", "post/united-states/president")),
    ],
)
def test_facet_keeps_what_has_one_of_its_values(
    tables: Happenings, facet: str, refs_chosen: tuple[str, ...]
) -> None:
    """Each facet finds Kerry in Sochi, and its count is what the choice then has."""
    chosen = Selection(VISITS, ((facet, refs_chosen),))
    assert "visit/kerry-russia-2015-05" in refs(tables, chosen)
    counted = tables.facets(Selection(VISITS), [facet], 100)[facet]
    for each in counted.values:
        assert tables.total(Selection(VISITS, ((facet, (each.value.ref,)),))) == each.times
    assert tables.facets(chosen, [facet], 100)[facet] == counted


def test_period_is_when_it_may_have_been_going_on(tables: Happenings) -> None:
    """Both ends count, either may be open, and the years add up to what a year's choice has."""
    sochi = "visit/kerry-russia-2015-05"
    inside = Selection(VISITS, first=Day(2015, 5, 12), last=Day(2015, 5, 12))
    assert sochi in refs(tables, inside)
    assert sochi not in refs(tables, Selection(VISITS, first=Day(2015, 5, 13)))
    assert sochi not in refs(tables, Selection(VISITS, last=Day(2015, 5, 11)))
    for year, times in tables.per_year(Selection(VISITS)).items():
        within = Selection(VISITS, first=Day(year, 1, 1), last=Day(year, 12, 31))
        assert tables.total(within) == times
        assert tables.per_year(within) == {year: times}
        assert set(tables.per_month(within)) <= {year * 100 + month for month in range(1, 13)}


def test_order_is_total_both_ways(tables: Happenings) -> None:
    """By time or by name, backwards is the reverse of time, and pages miss nothing."""
    chosen = Selection(VISITS)
    everything = refs(tables, chosen)
    assert list(reversed(everything)) == [
        each.thing.ref for each in tables.rows(chosen, backwards=True)
    ]
    by_name = tables.rows(chosen, order="traveller")
    names = [each.values["traveller"][0].label for each in by_name if "traveller" in each.values]
    assert names == sorted(names, key=lambda name: name.rpartition(" ")[2])
    pages = (tables.rows(chosen, order="traveller", start=at, size=2) for at in range(0, 99, 2))
    assert tuple(each for page in pages for each in page) == by_name


def test_tables_are_the_same_bytes(release: Release, tmp_path: Path) -> None:
    """The same graph gives the same file."""
    minter, heard = Minter("http://localhost:8000/"), tmp_path / "words.sqlite"
    triples = ByProperty(tmp_path / "properties")
    dump = release.directory / "dumps" / "chancery.nq.gz"
    with gzip.open(dump, "rt", encoding="utf-8") as lines, Words(heard, minter.entity("")) as words:
        for _ in observed([lines.readlines()], words, triples):
            pass
    made = []
    for name in ("one", "other"):
        build_happenings(triples, heard, tmp_path / name, minter, ONTOLOGY)
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize("name", ["Player", "two words", "period"])
def test_facet_needs_a_name_for_addresses(tmp_path: Path, name: str) -> None:
    """What cannot stand in an address, or means something else there, is a fault."""
    (tmp_path / "game.ttl").write_text(
        "@prefix clm: <https://w3id.org/chancery/claims#> . @prefix g: <https://example.org/g#> .\n"
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        'g:by a owl:ObjectProperty ; rdfs:label "by"@en ; rdfs:range owl:Thing ;\n'
        f'  clm:facet "{name}"@en .\n'
    )
    with pytest.raises(DataError, match="clm:facet"):
        Ontology.load(tmp_path, namespaces={"g": "https://example.org/g#"})
