"""What grows with the rows of the records, and what does not."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Collection
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pyoxigraph import Store

from benchmarks.copies import copy_records
from kg.build import pipeline
from kg.model.facts import Entity, Record
from kg.model.settings import Settings
from kg.model.sources import Known
from kg.registers.us_state.pocom import Pocom
from kg.registers.us_state.travels import Travels
from kg.registers.us_state.xml_rows import Report, XmlFile
from kg.store.embedded.load import load_quads, optimize

from .conftest import NAMES, SMALL, read_all

COPIES = 40


@pytest.fixture
def copied(tmp_path: Path, known: Known) -> Known:
    """Forty copies of the three small sources."""
    copy_records(SMALL, tmp_path / "copies", COPIES)
    return replace(known, paths={name: tmp_path / "copies" / name for name in NAMES})


def test_copies_have_rows_of_their_own(known: Known, copied: Known) -> None:
    """Forty copies have forty times the stops; the places and those met abroad are the same."""
    once, many = (read_all("travels", each).facts for each in (known, copied))
    stops, copies = ([each for each in facts if isinstance(each, Record)] for facts in (once, many))
    kinds = ("travels/", "presidents/")
    assert [sum(kind in each.ref for each in copies) for kind in kinds] == [
        COPIES * sum(kinds[0] in each.ref for each in stops),
        sum(kinds[1] in each.ref for each in stops),
    ]
    places = [
        {each.ref for each in facts if isinstance(each, Entity) and each.ref.type == "place"}
        for facts in (once, many)
    ]
    assert places[0] == places[1]


def test_a_source_holds_no_rows(known: Known) -> None:
    """What every process has of a source grows by some bytes a row, not by the row."""
    (path,) = known.paths["travels"].glob("secretary-travels/*.xml")
    before = len(pickle.dumps(Travels(known.paths["travels"], known).survey.take()))
    tree = ElementTree.parse(path)
    rows = list(tree.getroot())
    for number in range(500):
        for row in rows:
            copy = deepcopy(row)
            copy[0].text = f"{row[0].text}-{number}"
            tree.getroot().append(copy)
    tree.write(path)
    again = replace(known)
    after = len(pickle.dumps(Travels(again.paths["travels"], again).survey.take()))
    assert sum(1 for _ in ElementTree.parse(path).getroot()) == 501 * len(rows)
    assert after - before < 40 * 500 * len(rows)


def test_a_store_takes_lines_in_any_order(tmp_path: Path) -> None:
    """Twice loaded is once stored, whichever file a line is in."""
    lines = [f'<http://a/{at}> <http://a/p> "{at}" <http://a/g> .\n' for at in (3, 1, 2)]
    files = [tmp_path / "one.nq", tmp_path / "two.nq"]
    files[0].write_text("".join(lines))
    files[1].write_text(lines[1])
    load_quads(files, tmp_path / "store")
    load_quads(files[1:], tmp_path / "store")
    optimize(tmp_path / "store")
    assert len(Store.read_only(str(tmp_path / "store"))) == 3


def test_a_build_holds_all_copies(small_project: Path, copied: Known) -> None:
    """The manifest of a build of copies counts the rows of each."""
    once = pipeline.build(Settings.load(small_project)).manifest.counts.rows
    sources = {name: str(path) for name, path in copied.paths.items()}
    many = pipeline.build(Settings.load(small_project, sources=sources)).manifest.counts.rows
    assert many["visits"] == COPIES * once["visits"]
    assert many["travels/secretary"] == COPIES * once["travels/secretary"]


def test_a_store_that_is_read_from_its_directory_is_merged(small_project: Path) -> None:
    """Of a graph too large for memory each index is one file; of others, that of each load."""
    left = []
    for megabytes in (2048, 0):
        release = pipeline.build(Settings.load(small_project, store_memory=megabytes))
        store = release.directory / "store"
        left.append((len(Store.read_only(str(store))), len(list(store.glob("*.sst")))))
        shutil.rmtree(small_project / "build")
    (triples, files), (again, merged) = left
    assert triples == again
    assert merged < files


def test_who_is_named_in_their_own_file_is_read_once(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that came with a person's record is there for the rows that refer to them."""
    source = Pocom(known.paths["pocom"], known)
    letters = [each for each in source.partitions() if each.parent.name == "people"]
    assert [each for part in letters for each in source.read(part)]
    read: list[Path] = []
    original = XmlFile.read

    def watch(path: Path, name: str, partition: Report, roots: Collection[str]) -> XmlFile:
        read.append(path)
        return original(path, name, partition, roots)

    monkeypatch.setattr(XmlFile, "read", watch)
    for part in source.partitions():
        if part not in letters:
            list(source.read(part))
    assert read
    assert not [path for path in read if path.parent in letters]
