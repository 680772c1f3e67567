"""The lists of what refers to each hub, in order, in a release's SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from rdflib.namespace import RDF

from kg.model.namespaces import CLM, OA
from kg.ontology import Ontology
from kg.store.embedded.build_store import BuildStore
from kg.store.references import ordered, query

_SCHEMA = """
CREATE TABLE reference_list (id INTEGER PRIMARY KEY, iri TEXT, property TEXT);
CREATE INDEX list_of ON reference_list (iri, property);
CREATE TABLE reference (
    list INTEGER, place INTEGER, subject TEXT, day TEXT, whole INTEGER, PRIMARY KEY (list, place)
) WITHOUT ROWID;
"""
_APART = f"property NOT LIKE '{RDF}%' AND property NOT LIKE '{OA}%' AND property NOT LIKE '{CLM}%'"
_ALL = 1 << 30


def list_references(store: Path, index: Path, ontology: Ontology) -> None:
    """Add the lists to the file `index`, which counts the references of hubs already.

    Claims, evidence and what is judged have lists of their own kind, and are left out.
    """
    built = BuildStore(store)
    wholes = [each.iri for each in ontology.playing("Whole")]
    with closing(sqlite3.connect(index, isolation_level=None)) as database:
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        database.execute("BEGIN")
        hubs = database.execute(
            f"SELECT iri, property FROM hub WHERE {_APART} ORDER BY iri, property"  # noqa: S608 - constants
        ).fetchall()
        database.executemany(
            "INSERT INTO reference_list VALUES (?, ?, ?)",
            ((number, *hub) for number, hub in enumerate(hubs)),
        )
        for number, (iri, by) in enumerate(hubs):
            rows = ((s, d, n, w) for s, d, n, w in built.select(query(iri, by, wholes, _ALL)))
            database.executemany(
                "INSERT INTO reference VALUES (?, ?, ?, ?, ?)",
                ((number, place, *each) for place, each in enumerate(ordered(rows))),
            )
        database.execute("COMMIT")
