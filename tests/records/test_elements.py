"""What breaks the table of a register is reported by its line, and nothing merges by accident."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from kg.model.errors import DataError
from kg.model.facts import Record
from kg.model.sources import Known
from kg.registers.us_state import elements
from kg.registers.us_state.elements import TYPES, Table
from kg.store.release import Release
from tests.conftest import run_kg

from .conftest import NAMES, Read, read_all

VISITS, TRIPS = "visits/data/1980.xml", "travels/secretary-travels/abel-anna.xml"
PRESIDENTS, MISSION = "travels/presidents/presidents.xml", "pocom/missions-countries/russia.xml"
PERSON = "pocom/people/a/abel-anna.xml"
TABLES = {name: each for name, each in vars(elements).items() if isinstance(each, Table)}
TABLES |= {f"MISSIONS/{tag}": each for tag, each in elements.MISSIONS.items()}


def spoil(small: Path, file: str, old: str, new: str) -> None:
    text = (small / file).read_text("utf-8")
    assert old in text
    (small / file).write_text(text.replace(old, new, 1), "utf-8")


def read_spoilt(small: Path, known: Known, file: str, old: str, new: str) -> Read:
    spoil(small, file, old, new)
    return read_all(file.partition("/")[0], known)


def records(read: Read) -> list[Record]:
    return [each for each in read.facts if isinstance(each, Record)]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_whole(name: str) -> None:
    """Each path has a type that is explained, below one that may hold it."""
    for path, element in TABLES[name].elements.items():
        assert element.type in TYPES
        above = path.rpartition("/")[0]
        assert not above or TABLES[name].elements[above].type != "rows"


# What is put in place of what, and the issue that it makes: line, field, found, reason. `kept` says
# whether the row stays in the graph.
FAULTS = [
    (VISITS, "<start-date>", "<start-date>1984-01-01</start-date>\n<start-date>", 6, "start-date",
     "1984-09-28", "given twice: the one of line 5 is read", True),
    (VISITS, "<visitor>Foreign Minister Andrei Gromyko</visitor>", "", 3, "visitor", "nothing",
     "missing", False),
    (VISITS, "Foreign Minister Andrei Gromyko", " ", 7, "visitor", "nothing", "empty", False),
    (VISITS, "Foreign Minister Andrei", "\u202eForeign", 7, "visitor", "U+202E at character 1",
     "left out with its row: not text that shows in the order in which it is written", False),
    (VISITS, '<from id="russia">', '<from id="russia" kind="x">', 8, "from/@kind", "x",
     "unknown attribute", True),
    (VISITS, "<visits>", "<visits><call>9</call>", 2, "call", "9", "unknown element", True),
    (VISITS, "<id>1</id>", '<v:id xmlns:v="urn:v">1</v:id>', 4, "{urn:v}id", "1",
     "unknown element", False),
    (VISITS, "<id>1</id>", f"<id>{'x' * 20_000_000}</id>", 4, "id", "x" * 500,
     "not an identifier of at most 120 letters, digits, '.', '_' and '-'", False),
    (TRIPS, "<id>2</id>", "<id>1</id>", 18, "id", "1", "left out: given before, in line 3", False),
    (TRIPS, 'role="secretary" ', "", 3, "@role", "nothing", "missing", True),
    (MISSION, "<person-id>", "<person-id>x</person-id><person-id>", 7, "person-id", "byrd-carl",
     "given twice: the one of line 7 is read", True),
    (MISSION, "<date>1985-02-11</date>", "<date>1985-02-11</date><date>1986</date>", 11,
     "appointed/date", "1986", "given twice: the one of line 11 is read", True),
    (PERSON, "<id>abel-anna</id>", "<id>byrd-carl</id>", 2, "id", "byrd-carl",
     "left out: a file is named by its id", False),
    (PERSON, "<birth>1930</birth>", "", 2, "birth", "nothing", "missing", True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "field", "found", "reason", "kept"),
    FAULTS,
    ids=[f"{each[0].rpartition('/')[2]}: {each[6]}"[:60] for each in FAULTS],
)
def test_a_broken_cardinality_is_reported(
    small: Path, known: Known, file: str, old: str, new: str,
    line: int, field: str, found: str, reason: str, kept: bool,
) -> None:  # fmt: skip
    """By file, line, element, and what was found; the rows around it stay."""
    before = len(records(read_all(file.partition("/")[0], known)))
    read = read_spoilt(small, known, file, old, new)
    issues = [(each.file, each.line, each.field, each.found, each.reason) for each in read.issues]
    assert issues.count((file, line, field, found, reason)) == 1, issues
    assert len(records(read)) == before - (not kept)


def test_a_term_given_twice(small: Path, known: Known) -> None:
    """Two presidents of one number would be one tenure with two holders: the first stays."""
    path = small / PRESIDENTS
    text = path.read_text("utf-8")
    row = text[text.index("    <president n") : text.index("</presidents>")]
    path.write_text(text.replace("</presidents>", f"{row}</presidents>"), "utf-8")
    read = read_all("travels", known)
    (issue,) = (each for each in read.issues if each.field == "@n")
    assert (issue.found, issue.reason) == ("1", "left out: given before, in line 4")
    assert sum(each.ref.startswith("record/presidents/") for each in records(read)) == 1


def test_a_row_in_a_comment_is_none(small: Path, known: Known) -> None:
    """An id that stands again in a comment is given once."""
    whole = (small / MISSION).read_text("utf-8")
    chief = whole[whole.index("        <chief>") : whole.index("</chief>")]
    spoil(small, MISSION, "    <chiefs>\n", f"    <chiefs>\n<!--{chief}</chief>-->\n")
    refs = [each.ref for each in records(read_all("pocom", known))]
    assert "record/pocom/ru-1985-byrd-01.3" not in refs


@pytest.mark.parametrize("file", [VISITS, TRIPS, PRESIDENTS, MISSION, PERSON])
def test_another_namespace_is_another_file(small: Path, known: Known, file: str) -> None:
    """A file whose root has the right name in a wrong namespace is refused, not read as empty."""
    root = (small / file).read_text("utf-8").split("<")[2].split(">")[0]
    name = root.split()[0]
    spoil(small, file, f"<{root}>", f'<{root} xmlns="urn:other">')
    with pytest.raises(DataError) as caught:
        read_all(file.partition("/")[0], known)
    (problem,) = caught.value.problems
    assert problem.line == 2
    assert problem.found == f"the root {{urn:other}}{name}"
    assert name in problem.allowed


def test_the_small_registers_keep_to_their_tables(known: Known) -> None:
    """Nothing of what the tables hold is missing where nothing is wrong."""
    reasons = Counter(each.reason for name in NAMES for each in read_all(name, known).issues)
    assert not {"missing", "empty", "unknown element", "unknown attribute"} & set(reasons)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("travels", "secretary-travels/abel-anna.xml", "president-travels/aaa.xml"),
     ("visits", "data/1980.xml", "data/1990.xml")],
)  # fmt: skip
def test_a_row_in_two_files(small: Path, known: Known, name: str, old: str, new: str) -> None:
    """The first file in their order keeps the row; the other reports each by its line."""
    before = records(read_all(name, known))
    shutil.copy(small / name / old, small / name / new)
    rows = (small / name / old).read_text("utf-8").count("<id>")
    first, second = sorted([old, new])
    read = read_all(name, known)
    assert sorted(each.ref for each in records(read)) == sorted(each.ref for each in before)
    again = [each for each in read.issues if each.reason == f"left out: given before, in {first}"]
    assert Counter(each.file for each in again) == {f"{name}/{second}": rows}
    assert all(each.line for each in again)


BROKEN = [
    (VISITS, "<visits>", "<visits", 3, "not well-formed (invalid token)"),
    (TRIPS, "</trips>", "", 0, "no element found"),
    (PRESIDENTS, "<presidents>", '<presidents xmlns="urn:x">', 2, "the root {urn:x}presidents"),
    (MISSION, "<country-mission>", "<mission>", 0, "mismatched tag"),
    (PERSON, "<?xml", "<!DOCTYPE x>\n<?xml", 1, "a DOCTYPE"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "found"), BROKEN)
def test_a_file_that_cannot_be_read(
    small: Path, small_project: Path, file: str, old: str, new: str, line: int, found: str
) -> None:
    """It stops the build by its name, or is left out and reported, as a setting says."""
    spoil(small, file, old, new)
    done = run_kg("build", small_project)
    assert done.returncode == 1
    place = rf"\n  {file}:{line or '[0-9]+'}: found {re.escape(found)}; allowed: "
    assert re.search(place, done.stderr)
    done = run_kg("build", small_project, KG_BROKEN_FILES="leave-out")
    assert done.returncode == 0, done.stderr
    issues = map(json.loads, Release.current(small_project).issues.read_text("utf-8").splitlines())
    left = [each for each in issues if each["reason"].startswith("the file is left out; allowed: ")]
    assert {(each["file"], each["found"]) for each in left} == {(file, found)}
    done = run_kg("build", small_project, KG_BROKEN_FILES="perhaps")
    assert (done.returncode, "allowed: stop or leave-out" in done.stderr) == (2, True)


def test_a_row_in_two_sources(small: Path, small_project: Path) -> None:
    """Two sources that both have a row refuse the build, naming both places."""
    (small_project / "again.py").write_text(AGAIN)
    kg = small_project / "kg.toml"
    kg.write_text(kg.read_text() + '\n[sources.again]\nuse = "again:Again"\n')
    done = run_kg("build", small_project)
    assert done.returncode == 1
    assert (
        "found the record 'record/visits/1' again; allowed: each identifier once; " in done.stderr
    )


AGAIN = """
from kg.model.facts import Record, Ref, Text


class Again:
    def partitions(self):
        return ["all"]

    def read(self, partition):
        ref, about = Ref("record/visits/1"), Ref("visit/x")
        yield Record(ref=ref, label=Text("x"), about=about, statements=())
"""
