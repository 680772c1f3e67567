"""What a graph says in words: gathered in one pass over its lines, for the search index."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from rdflib.namespace import DCTERMS, SKOS

from kg.model.namespaces import CLM, SPOKEN
from kg.model.rdf import Parts, words_of
from kg.ontology import Property

_SCHEMA = """
CREATE TABLE said (
    iri TEXT, role INTEGER, language TEXT, words TEXT, PRIMARY KEY (iri, role, language, words)
) WITHOUT ROWID;
CREATE TABLE counted (iri TEXT, property TEXT, times INTEGER);
CREATE TABLE served (tenure TEXT, part TEXT, iri TEXT);
"""
# What the words of a triple are to its subject. Roles 0 to 3 can be a title, best first.
LABEL, GLOSS, QUOTE, NAME, TEXT, SOURCE, SORT = range(7)
_ROLES = {f"<{iri}>": role for role, iri in enumerate(SPOKEN)} | {
    f"<{CLM.statedIn}>": SOURCE,
    f"<{DCTERMS.isPartOf}>": SOURCE,
    f"<{SKOS.hiddenLabel}>": SORT,
}
_COUNTED = 50_000  # pairs of entity and property that are counted in memory, about 15 MB


class Words:
    """What a graph says in words, and by what each entity is referred to how often.

    It stands in a database of its own at `path`, for `build_index`. `entities` is what the IRIs of
    entities have in common; `served` are the properties that name who serves, and in which office.
    """

    def __init__(self, path: Path, entities: str, served: Iterable[Property] = ()) -> None:
        self._database = fresh(path, _SCHEMA)
        self._database.execute("BEGIN")
        self._own = f"<{entities}"
        self._served = {f"<{each.iri}>": each.role for each in served}
        self._evidence, self._claim = f"{entities}evidence/", f"{entities}claim/"
        self._counts = Counter[tuple[str, str]]()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store_counts()
        self._database.execute("COMMIT")
        self._database.close()

    def take(self, lines: Sequence[Parts]) -> None:
        """Keep the words of some subjects, and count what they refer to."""
        own = self._own
        said = [
            (self._speaker(subject[1:-1]), _ROLES[predicate], *words_of(rest))
            for subject, predicate, rest in lines
            if predicate in _ROLES and subject.startswith(own)
        ]
        self._database.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?)", said)
        served = [
            (subject[1:-1], self._served[predicate], rest[1 : rest.index(">")])
            for subject, predicate, rest in lines
            if predicate in self._served
        ]
        self._database.executemany("INSERT INTO served VALUES (?, ?, ?)", served)
        self._counts.update(
            (rest[: rest.index(">")], predicate)
            for _, predicate, rest in lines
            if rest.startswith(own)
        )
        if len(self._counts) > _COUNTED:
            self._store_counts()

    def _speaker(self, iri: str) -> str:
        """Whose words they are: a quote hangs on its selector, `id/evidence/DOC/ID/quote`, and is
        the claim's.
        """
        if not iri.startswith(self._evidence):
            return iri
        return self._claim + iri.removeprefix(self._evidence).removesuffix("/quote")

    def _store_counts(self) -> None:
        rows = ((iri[1:], name[1:-1], times) for (iri, name), times in self._counts.items())
        self._database.executemany("INSERT INTO counted VALUES (?, ?, ?)", rows)
        self._counts.clear()


def fresh(path: Path, schema: str) -> sqlite3.Connection:
    """A database to fill: a build that dies leaves a directory that nobody reads, so that no
    journal is needed.
    """
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;" + schema
    )
    return database
