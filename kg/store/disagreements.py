"""Reads the table of disagreements that a release carries
(made by `kg.build.publish.disagreements`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.model.rdf import Iri
from kg.store.tables import Tables

MOST = 50  # values of a facet
Count = tuple[str, int]  # a value of a facet, and how many disagreements have it


@dataclass(frozen=True, slots=True)
class Selection:
    """What is chosen: values by facet (kind, state, source, subject, about, type), and days, as
    ordinals, in which what the disagreement is about may have begun.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None


class DisagreementTable(Tables):
    """One connection to the table of one release."""

    def find(self, chosen: Selection, start: int, size: int) -> list[Iri]:
        """Those that fit, open ones first."""
        where, values = _where(chosen)
        asked = f"SELECT iri FROM disagreement WHERE {where} ORDER BY place LIMIT ? OFFSET ?"  # noqa: S608 - constants
        return [iri for (iri,) in self._tables.execute(asked, [*values, size, start])]

    def total(self, chosen: Selection) -> int:
        """How many fit."""
        where, values = _where(chosen)
        asked = f"SELECT count(*) FROM disagreement WHERE {where}"  # noqa: S608 - constants
        (found,) = self._tables.execute(asked, values).fetchone()
        return int(found)

    def counts(self, facet: str, chosen: Selection) -> list[Count]:
        """The values of a facet among those that fit what is chosen of the others, the most
        frequent first.
        """
        others = {name: value for name, value in chosen.values.items() if name != facet}
        where, values = _where(Selection(others, chosen.first, chosen.last))
        asked = (
            "SELECT value, count(*) AS n FROM disagreement_facet JOIN disagreement USING (place) "  # noqa: S608 - constants
            f"WHERE facet = ? AND {where} GROUP BY value ORDER BY n DESC, value LIMIT {MOST}"
        )
        return self._tables.execute(asked, [facet, *values]).fetchall()

    def loudest(self, *kinds: str) -> Iri | None:
        """The one of these kinds on which most claims speak."""
        marks = ",".join("?" * len(kinds))
        asked = (
            "SELECT iri FROM disagreement_facet JOIN disagreement USING (place) "  # noqa: S608 - marks
            f"WHERE facet = 'kind' AND value IN ({marks}) ORDER BY voices DESC, iri LIMIT 1"
        )
        found = self._tables.execute(asked, kinds).fetchone()
        return str(found[0]) if found else None


def _where(chosen: Selection) -> tuple[str, list[str | int]]:
    terms, values = ["true"], list[str | int]()
    for facet, value in chosen.values.items():
        terms.append(
            "place IN (SELECT place FROM disagreement_facet WHERE facet = ? AND value = ?)"
        )
        values += (facet, value)
    if chosen.first is not None:
        terms.append("latest >= ?")
        values.append(chosen.first)
    if chosen.last is not None:
        terms.append("earliest <= ?")
        values.append(chosen.last)
    return " AND ".join(terms), values
