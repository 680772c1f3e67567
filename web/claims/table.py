"""Claims as rows to take along."""

from __future__ import annotations

from collections.abc import Iterable

from web.claims.shown import Shown
from web.site.names import Thing
from web.site.tables import Cell, Table

_THINGS = ("claim", "subject", "property", "value", "source")


def table(name: str, claims: Iterable[Shown]) -> Table:
    """Each of `claims` with its passage, who makes it, and whether it is taken as so."""
    columns = (
        *_THINGS, "speakers", "how firmly", "denied", "accepted", "disputed",
        "independent sources", "quote", "where",
    )  # fmt: skip
    return Table(name, columns, map(_row, claims), things=frozenset(_THINGS))


def _row(shown: Shown) -> tuple[Cell, ...]:
    claim, passages = shown.claim, shown.passages
    return (
        Thing(claim.iri, shown.sentence.text),
        shown.subject,
        shown.relation,
        shown.object,
        Thing(claim.source, shown.cited.label),
        "; ".join(each.label for each in shown.speakers),
        shown.names.term(claim.modality),
        *("yes" if each else "no" for each in (not claim.positive, claim.accepted, claim.disputed)),
        claim.independent,
        " … ".join(quote for quote, _ in passages if quote),
        "; ".join(place for _, place in passages if place),
    )
