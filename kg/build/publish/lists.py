"""The lists of things by kind, with what they can be narrowed by, in a release's SQLite file.

Things stand in the order of the names that lists order by. What happens has tables of its own
(`kg.build.publish.happenings`), and so have claims.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from kg.model.iris import Minter
from kg.model.namespaces import CLM
from kg.model.rdf import path_of, text_of
from kg.ontology import Ontology
from kg.ontology.facets import HAPPENINGS
from kg.store.embedded.build_store import BuildStore
from kg.store.lists import CENTURY, ROLES
from kg.store.search import fold

_SCHEMA = """
CREATE TABLE listed (type TEXT, place INTEGER, iri TEXT, PRIMARY KEY (type, place)) WITHOUT ROWID;
CREATE TABLE listed_facet (
    type TEXT, facet TEXT, value TEXT, place INTEGER, PRIMARY KEY (type, facet, value, place)
) WITHOUT ROWID;
CREATE TEMP TABLE apart (type TEXT PRIMARY KEY);
CREATE TEMP TABLE said (iri TEXT, facet TEXT, value TEXT);
"""
_NAME = "fold(coalesce(nullif(sort, ''), title))"
_FILL = (  # of constants alone
    f"INSERT INTO listed SELECT type, row_number() OVER (PARTITION BY type ORDER BY {_NAME}, iri), "  # noqa: S608 - constants
    "iri FROM entry WHERE type NOT IN (SELECT type FROM apart) ORDER BY 1, 2",
    "CREATE INDEX temp.said_of ON said (iri)",
    "INSERT INTO listed_facet SELECT DISTINCT type, facet, value, place FROM "  # noqa: S608 - constants
    f"(SELECT iri, 'facet' AS facet, upper(substr({_NAME}, 1, 1)) AS value FROM entry "
    "UNION ALL SELECT iri, facet, value FROM said) JOIN listed USING (iri) ORDER BY 1, 2, 3, 4",
)
_BASE = ("Claim", "Evidence", "Disagreement", "Side", "Decision")


def list_things(store: Path, index: Path, minter: Minter, ontology: Ontology) -> None:
    """Add the lists to the file `index`, which names the things already."""
    built, own = BuildStore(store), minter.entity("")
    apart = {each.segment for each in ontology.kinds(*HAPPENINGS)}
    apart |= {each.segment for each in ontology.classes.values() if each.name in _BASE}
    with closing(sqlite3.connect(index, isolation_level=None)) as database:
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        database.create_function("fold", 1, fold, deterministic=True)
        database.execute("BEGIN")
        database.executemany("INSERT INTO apart VALUES (?)", ([each] for each in sorted(apart)))
        database.executemany(
            "INSERT INTO said VALUES (?, ?, ?)",
            ((iri, name, value.removeprefix(own)) for iri, name, value in _said(built, ontology)),
        )
        for statement in _FILL:
            database.execute(statement)
        database.execute("COMMIT")


def _said(built: BuildStore, ontology: Ontology) -> Iterator[tuple[str, str, str]]:
    """Who held which office in whose name, and when; which places a place lies in."""
    serves, office, principal, around = (
        path_of(one.iri for one in ontology.playing(each)) for each in ("Holder", *ROLES.values())
    )
    first = text_of(str(CLM.startEarliest))
    asked = {
        "office": [f"?service {serves} ?thing ; {office} ?value"],
        "principal": [
            f"?service {serves} ?thing ; {office}/{principal} ?value",
            f"?thing {principal} ?value",
        ],
        "within": [f"?thing ({around})+ ?value FILTER NOT EXISTS {{ ?value {around} ?wider }}"],
        CENTURY: [f"?service {serves}|{office} ?thing ; {first} ?value"],
    }
    for name, patterns in asked.items():
        for pattern in patterns:
            for thing, value in built.select(f"SELECT DISTINCT ?thing ?value {{ {pattern} }}"):
                if name != CENTURY:
                    yield thing, name, value
                elif not value.startswith("-"):
                    yield thing, name, str((int(value[:4]) - 1) // 100 + 1)
