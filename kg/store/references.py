"""What refers to a thing by one property: by date, then by name, wholes after their parts.

A release carries the lists of its hubs (made by `kg.build.publish.references`); of what is no hub
the graph is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rdflib.namespace import RDFS

from kg.model.namespaces import CLM
from kg.model.rdf import Iri, path_of, text_of
from kg.store.tables import Tables

_QUERY = """
SELECT ?s ?day ?label ?whole WHERE {{
  {{ SELECT ?s WHERE {{ ?s {by} {iri} }} LIMIT {limit} }}
  OPTIONAL {{ ?s {first} ?day }}
  OPTIONAL {{ ?s {label} ?label }}
  OPTIONAL {{ ?s {wholes} ?whole . ?whole {by} {iri} }}
}}"""


class Referring(NamedTuple):
    """Who refers, its first day as ISO 8601 writes it, and whether others of the list are parts of
    it.
    """

    iri: Iri
    day: str
    whole: bool


def query(iri: Iri, by: Iri, wholes: Sequence[Iri], limit: int) -> str:
    """The query for up to `limit` of them, in no order; `wholes` lead from a part to its whole."""
    terms = {"iri": iri, "by": by, "first": str(CLM.startEarliest), "label": str(RDFS.label)}
    return _QUERY.format(
        **{name: text_of(each) for name, each in terms.items()}, wholes=path_of(wholes), limit=limit
    ).lstrip()


def ordered(rows: Iterable[tuple[str, str, str, str]]) -> list[Referring]:
    """The rows of `query`, of which a thing may have several."""
    told: dict[Iri, tuple[str, str]] = {}
    wholes = set()
    for iri, day, label, whole in rows:
        told[iri] = min(told.get(iri, (day, label)), (day, label))
        wholes.add(whole)

    def rank(iri: Iri) -> tuple[bool, bool, str, str, Iri]:
        day, label = told[iri]
        return iri in wholes, not day, day, label.casefold(), iri

    return [Referring(iri, told[iri][0], iri in wholes) for iri in sorted(told, key=rank)]


class ReferenceLists(Tables):
    """One connection to the lists of one release."""

    def counts(self, iri: Iri, by: Iri) -> tuple[int, int]:
        """How many refer to a hub, and how many of them are wholes; none for what is no hub."""
        found = self._tables.execute(
            "SELECT count(*), coalesce(sum(whole), 0) FROM reference "
            "WHERE list = (SELECT id FROM reference_list WHERE iri = ? AND property = ?)",
            [iri, by],
        )
        total, wholes = found.fetchone()
        return total, wholes

    def page(self, iri: Iri, by: Iri, start: int, size: int) -> list[Referring]:
        """Some of those that refer to a hub."""
        found = self._tables.execute(
            "SELECT subject, day, whole FROM reference WHERE place BETWEEN ? AND ? "
            "AND list = (SELECT id FROM reference_list WHERE iri = ? AND property = ?) "
            "ORDER BY place",
            [start, start + size - 1, iri, by],
        )
        return [Referring(subject, day, bool(whole)) for subject, day, whole in found]
