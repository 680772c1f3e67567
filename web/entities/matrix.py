"""The source matrix: a row a property, a column a source, and where each is silent.

Where sources differ comes first; what nobody takes as fact (plans, opinions, allegations) last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.model.rdf import Iri
from web.claims.reading import StatedClaim
from web.claims.shown import Shown, show, value
from web.site.names import Names, Thing
from web.site.sources import Source
from web.site.standing import Family, Standing
from web.site.subject import Subject
from web.site.values import Words

# Of classes: where sources may tell of the same thing.
_TOLD = {"Occurrence", "Conclusion", "Condition"}


@dataclass(frozen=True, slots=True)
class Saying:
    """What one source says on one property. `standing` is None where it is plainly accepted;
    `claim` makes the statement, None where a row's own does.
    """

    shown: Thing | Words
    denied: bool
    standing: Standing | None
    claim: Shown | None


@dataclass(frozen=True, slots=True)
class Row:
    """One property; a cell a source, empty where the source is silent."""

    name: str
    cells: tuple[tuple[Saying, ...], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`sources` are documents and registers; of a register with one row of it, that row."""

    sources: tuple[Source, ...]
    bodies: tuple[Body, ...]


_Cells = dict[tuple[Iri, Iri], list[Saying]]


def matrix(
    subject: Subject, claims: Sequence[StatedClaim], contested: Iterable[Iri], names: Names
) -> Matrix | None:
    """Who says what of `subject`, where `contested` are the properties that sources differ on; None
    where fewer than two sources speak.
    """
    if not subject.roles & _TOLD:
        return None
    told: tuple[_Cells, _Cells] = ({}, {})
    spoken: dict[Iri, set[Iri]] = {}
    for each in (show(claim, names) for claim in claims):
        apart = each.family not in (None, Family.DENIAL)
        source = _column(each.claim.source, spoken, names)
        _add(told[apart].setdefault((each.claim.predicate, source), []), _saying(each))
    claimed = {each.predicate for each in claims}
    for record in subject.records:
        source = _column(record, spoken, names)
        for name in (each for each in subject.facts if each not in claimed):
            for term in subject.facts[name]:
                saying = Saying(value(term, names), False, None, None)
                _add(told[False].setdefault((name, source), []), saying)
    if len(spoken) < 2:
        return None
    order = sorted(spoken, key=lambda iri: (not names.source(iri).row, iri))
    order.sort(key=lambda iri: names.source(iri).kind != "register")
    rows = {
        apart: {name: _row(name, cells, order, names) for name in _properties(cells, names)}
        for apart, cells in enumerate(told)
    }
    differ = set(contested)
    bodies = (
        Body("Where they differ", tuple(row for name, row in rows[0].items() if name in differ)),
        Body("What else they state", tuple(r for name, r in rows[0].items() if name not in differ)),
        Body("Not taken as fact", tuple(rows[1].values())),
    )
    return Matrix(
        tuple(
            names.source(min(spoken[each])) if len(spoken[each]) == 1 else names.source(each)
            for each in order
        ),
        tuple(each for each in bodies if each.rows),
    )


def _column(iri: Iri, spoken: dict[Iri, set[Iri]], names: Names) -> Iri:
    """A document, or the register of a row."""
    column = names.source(iri).whole or iri
    spoken.setdefault(column, set()).add(iri)
    return column


def _add(cell: list[Saying], saying: Saying) -> None:
    if all((saying.shown, saying.standing) != (each.shown, each.standing) for each in cell):
        cell.append(saying)


def _properties(cells: _Cells, names: Names) -> list[Iri]:
    return sorted({name for name, _ in cells}, key=names.rank)


def _row(name: Iri, cells: _Cells, sources: Sequence[Iri], names: Names) -> Row:
    return Row(names.term(name), tuple(tuple(cells.get((name, each), ())) for each in sources))


def _saying(shown: Shown) -> Saying:
    plain = shown.standing.word == "accepted"
    denied = not shown.claim.positive
    return Saying(shown.object, denied, None if plain else shown.standing, shown)
