"""The source matrix of an event: a row a property, a column a source, and where each is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.model.rdf import Iri
from web.claims.reading import StatedClaim
from web.claims.shown import family_of, standing_of, value
from web.site.names import Names, Thing
from web.site.standing import Standing
from web.site.subject import Subject
from web.site.values import Words


@dataclass(frozen=True, slots=True)
class Saying:
    """What one source says on one property. `standing` is None where it is plainly accepted."""

    shown: Thing | Words
    denied: bool
    standing: Standing | None
    href: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One property; a cell a source, empty where the source is silent."""

    name: str
    cells: tuple[tuple[Saying, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    sources: tuple[Thing, ...]
    rows: tuple[Row, ...]


def matrix(subject: Subject, claims: Sequence[StatedClaim], names: Names) -> Matrix | None:
    """Who says what of `subject`; None where fewer than two sources speak."""
    sayings: dict[tuple[Iri, Iri], list[Saying]] = {}
    for each in claims:
        cell = sayings.setdefault((each.predicate, each.source), [])
        saying = _saying(each, names)
        if all((saying.shown, saying.standing) != (other.shown, other.standing) for other in cell):
            cell.append(saying)
    claimed = {each.predicate for each in claims}
    for record in subject.records:
        for name, terms in subject.facts.items():
            if name not in claimed:  # else the record has claims of its own
                href = names.links.to(record)
                told = [Saying(value(term, names), False, None, href) for term in terms]
                sayings.setdefault((name, record), []).extend(told)
    sources = sorted(
        {source for _, source in sayings}, key=lambda iri: (iri not in subject.records, iri)
    )
    if len(sources) < 2:
        return None
    properties = sorted({name for name, _ in sayings}, key=names.rank)
    return Matrix(
        tuple(names.thing(source) for source in sources),
        tuple(
            Row(names.term(name), tuple(tuple(sayings.get((name, each), ())) for each in sources))
            for name in properties
        ),
    )


def _saying(claim: StatedClaim, names: Names) -> Saying:
    found = standing_of(claim, family_of(claim, names.ontology))
    plain = found.word == "accepted"
    href, shown = names.links.to(claim.iri), value(claim.object, names)
    return Saying(shown, not claim.positive, None if plain else found, href)
