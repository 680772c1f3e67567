"""Reads the lists of things by kind that a release carries (made by `kg.build.publish.lists`)."""

from __future__ import annotations

from collections.abc import Mapping

from kg.model.rdf import Iri
from kg.store.tables import Tables

FIRST, CENTURY = "facet", "century"  # the first letter goes by the name it has in addresses
ROLES = {"office": "Office", "principal": "Principal", "within": "Surroundings"}


class ThingLists(Tables):
    """One connection to the lists of one release."""

    def page(
        self, kind: str, chosen: Mapping[str, str], start: int, size: int
    ) -> list[tuple[Iri, str]]:
        """Things of a TYPE with these values of facets, in the order of their names, and the name
        that puts them there, if it is another than they are called by.
        """
        where, values = _where(kind, chosen)
        asked = (
            "SELECT listed.iri, (SELECT sort FROM entry WHERE entry.iri = listed.iri) "  # noqa: S608 - constants
            f"FROM listed WHERE {where} ORDER BY place LIMIT ? OFFSET ?"
        )
        return self._tables.execute(asked, [*values, size, start]).fetchall()

    def total(self, kind: str, chosen: Mapping[str, str]) -> int:
        """How many there are."""
        where, values = _where(kind, chosen)
        asked = f"SELECT count(*) FROM listed WHERE {where}"  # noqa: S608 - constants
        return int(self._tables.execute(asked, values).fetchone()[0])

    def counts(
        self, kind: str, facet: str, chosen: Mapping[str, str], most: int
    ) -> list[tuple[str, int]]:
        """The most frequent values of a facet among those with what is chosen of the others."""
        others = {name: value for name, value in chosen.items() if name != facet}
        where, values = _where(kind, others)
        asked = (
            f"SELECT value, count(*) AS n FROM listed_facet WHERE facet = ? AND {where} "  # noqa: S608 - constants
            "GROUP BY value ORDER BY n DESC, value LIMIT ?"
        )
        return self._tables.execute(asked, [facet, *values, most]).fetchall()


def _where(kind: str, chosen: Mapping[str, str]) -> tuple[str, list[str]]:
    terms, values = ["type = ?"], [kind]
    for facet, value in chosen.items():
        terms.append(
            "place IN (SELECT place FROM listed_facet WHERE type = ? AND facet = ? AND value = ?)"
        )
        values += (kind, facet, value)
    return " AND ".join(terms), values
