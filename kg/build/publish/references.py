"""The lists of what refers to each hub, in order, in a release's SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import closing
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path

from rdflib.namespace import RDF, RDFS

from kg.build.lines.by_property import ByProperty
from kg.model.namespaces import CLM, OA
from kg.model.rdf import Iri
from kg.ontology import Ontology
from kg.store.references import ordered

_SCHEMA = """
CREATE TABLE reference_list (id INTEGER PRIMARY KEY, iri TEXT, property TEXT);
CREATE INDEX list_of ON reference_list (iri, property);
CREATE TABLE reference (
    list INTEGER, place INTEGER, subject TEXT, day TEXT, whole INTEGER, PRIMARY KEY (list, place)
) WITHOUT ROWID;
"""
_APART = f"property NOT LIKE '{RDF}%' AND property NOT LIKE '{OA}%' AND property NOT LIKE '{CLM}%'"
_Values = Mapping[Iri, Sequence[str]]
_NONE = ("",)


def list_references(triples: ByProperty, index: Path, ontology: Ontology) -> None:
    """Add the lists to the file `index`, which counts the references of hubs already.

    Claims, evidence and what is judged have lists of their own kind, and are left out.
    """
    told = tuple(
        triples.grouped(*properties)
        for properties in (
            (CLM.startEarliest,),
            (RDFS.label,),
            (each.iri for each in ontology.playing("Whole")),
        )
    )
    with closing(sqlite3.connect(index, isolation_level=None)) as database:
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        database.execute("BEGIN")
        hubs = database.execute(
            f"SELECT property, iri FROM hub WHERE {_APART} ORDER BY property, iri"  # noqa: S608 - constants
        ).fetchall()
        numbers = count()
        for by, some in groupby(hubs, itemgetter(0)):
            found: dict[Iri, set[Iri]] = {iri: set() for _, iri in some}
            for subject, value in triples.pairs(by):
                if value in found:
                    found[value].add(subject)
            for (iri, subjects), number in zip(found.items(), numbers, strict=False):
                database.execute("INSERT INTO reference_list VALUES (?, ?, ?)", (number, iri, by))
                database.executemany(
                    "INSERT INTO reference VALUES (?, ?, ?, ?, ?)",
                    (
                        (number, place, *each)
                        for place, each in enumerate(ordered(_rows(subjects, *told)))
                    ),
                )
        database.execute("COMMIT")


def _rows(
    subjects: Set[Iri], days: _Values, labels: _Values, wholes: _Values
) -> Iterator[tuple[Iri, str, str, Iri]]:
    """Each with its first day, its name, and of what else that refers it is a part."""
    for each in subjects:
        day, *_ = days.get(each, _NONE)
        label, *_ = labels.get(each, _NONE)
        for whole in wholes.get(each, _NONE):
            yield each, day, label, whole if whole in subjects else ""
