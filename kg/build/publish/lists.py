"""The lists of things by kind, with what they can be narrowed by, in a release's SQLite file.

Things stand in the order of the names that lists order by. What happens has tables of its own
(`kg.build.publish.happenings`), and so have claims.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

from kg.build.lines.by_property import ByProperty
from kg.model.iris import Minter
from kg.model.namespaces import CLM
from kg.ontology import Ontology
from kg.ontology.facets import HAPPENINGS
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
_FILL = (
    "CREATE TEMP TABLE named AS SELECT type, fold(coalesce(nullif(sort, ''), title)) AS name, iri "
    "FROM entry WHERE type NOT IN (SELECT type FROM apart)",
    "INSERT INTO listed SELECT type, row_number() OVER (PARTITION BY type ORDER BY name, iri), iri "
    "FROM named ORDER BY 1, 2",
    "CREATE INDEX temp.said_of ON said (iri)",
    "INSERT INTO listed_facet SELECT DISTINCT type, facet, value, place FROM "
    "(SELECT iri, 'facet' AS facet, upper(substr(name, 1, 1)) AS value FROM named "
    "UNION ALL SELECT iri, facet, value FROM said) JOIN listed USING (iri) ORDER BY 1, 2, 3, 4",
)
_BASE = ("Claim", "Evidence", "Disagreement", "Side", "Decision")


def list_things(triples: ByProperty, index: Path, minter: Minter, ontology: Ontology) -> None:
    """Add the lists to the file `index`, which names the things already."""
    own = minter.entity("")
    apart = {each.segment for each in ontology.kinds(*HAPPENINGS)}
    apart |= {each.segment for each in ontology.classes.values() if each.name in _BASE}
    with closing(sqlite3.connect(index, isolation_level=None)) as database:
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_SCHEMA}")
        database.create_function("fold", 1, fold, deterministic=True)
        database.execute("BEGIN")
        database.executemany("INSERT INTO apart VALUES (?)", ([each] for each in sorted(apart)))
        database.executemany(
            "INSERT INTO said VALUES (?, ?, ?)",
            ((iri, name, value.removeprefix(own)) for iri, name, value in _said(triples, ontology)),
        )
        for statement in _FILL:
            database.execute(statement)
        database.execute("COMMIT")


def _said(triples: ByProperty, ontology: Ontology) -> Iterator[tuple[str, str, str]]:
    """Who held which office in whose name, and when; which places a place lies in."""
    held, offices, principals, around = (
        triples.grouped(*(one.iri for one in ontology.playing(each)))
        for each in ("Holder", *ROLES.values())
    )
    office, principal, within = ROLES
    first = triples.grouped(CLM.startEarliest)
    for service in held.keys() | offices.keys():
        who, what = held.get(service, []), offices.get(service, [])
        for thing, one in product(who, what):
            yield thing, office, one
            yield from ((thing, principal, each) for each in principals.get(one, ()))
        for thing, day in product([*who, *what], first.get(service, ())):
            if not day.startswith("-"):
                yield thing, CENTURY, str((int(day[:4]) - 1) // 100 + 1)
    for thing, values in principals.items():
        yield from ((thing, principal, each) for each in values)
    for thing in around:
        wider = [thing]  # grows meanwhile, to end where places go round in a circle
        for each in wider:
            wider += (one for one in around.get(each, ()) if one not in wider)
        yield from ((thing, within, each) for each in wider if each not in around)
