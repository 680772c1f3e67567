"""Who held which post, and when, drawn on one line of years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.model.rdf import Iri, Term, value_of
from web.site.asking import ask
from web.site.diplomacy import DIP
from web.site.names import Names, Thing
from web.site.values import date, period

LIMIT = 200
_LATEST = 12  # are shown at once
OF = frozenset((str(DIP.holder), str(DIP.post)))
_WIDTH, _MINIMUM = 420, 3  # of the drawing, in its own units


@dataclass(frozen=True, slots=True)
class Tenure:
    """One tenure; `other` is its post on a person's page and its holder on a post's."""

    iri: Iri
    other: Iri | None
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Span:
    """A tenure as a page shows it; `x` and `width` are units of the drawing, None without dates."""

    tenure: Thing
    other: Thing | None
    when: str
    x: float | None
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """Tenures drawn from the year `first` to `last`, where one of them is dated."""

    spans: tuple[Span, ...]
    first: int
    last: int

    width = _WIDTH

    @property
    def dated(self) -> bool:
        return any(each.x is not None for each in self.spans)


@dataclass(frozen=True, slots=True)
class Tenures:
    """The latest tenures, and the earlier ones on a line of their own, which may be centuries.

    `of_post` says that they are a post's.
    """

    of_post: bool
    latest: Line
    earlier: Line
    sparql: str

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.latest.spans + self.earlier.spans


def query(iri: Iri) -> str:
    return ask("web.entities", "tenures", entity=iri, limit=LIMIT)


def read(found: Iterable[Mapping[str, Term]]) -> list[Tenure]:
    """The tenures in `found`, the latest first."""
    tenures: dict[Iri, Tenure] = {}
    for row in found:
        if "tenure" in row:
            iri, other = str(row["tenure"]), row.get("other")
            tenures.setdefault(
                iri,
                Tenure(
                    iri,
                    other if isinstance(other, str) else None,
                    value_of(row.get("start")),
                    value_of(row.get("end")),
                ),
            )
    return sorted(
        tenures.values(), key=lambda each: (each.start or each.end, each.iri), reverse=True
    )


def tenures(iri: Iri, found: list[Tenure], names: Names, *, of_post: bool) -> Tenures | None:
    if not found:
        return None
    return Tenures(
        of_post=of_post,
        latest=_line(found[:_LATEST], names),
        earlier=_line(found[_LATEST:], names),
        sparql=names.links.sparql(query(iri)),
    )


def _line(found: list[Tenure], names: Names) -> Line:
    dates = [_year(each) for tenure in found for each in (tenure.start, tenure.end) if each]
    first, last = int(min(dates, default=0)), int(max(dates, default=0)) + 1
    return Line(tuple(_span(each, first, last, names) for each in found), first, last)


def _span(each: Tenure, first: int, last: int, names: Names) -> Span:
    scale = _WIDTH / (last - first)
    starts, ends = (_year(date) if date else None for date in (each.start, each.end))
    # One that lacks an end, or a start, is drawn to the edge only by its words: nothing says how
    # long it lasts.
    width = _MINIMUM if starts is None or ends is None else max(_MINIMUM, (ends - starts) * scale)
    known = starts if starts is not None else ends
    return Span(
        names.thing(each.iri),
        names.thing(each.other) if each.other else None,
        _when(each),
        None if known is None else round((known - first) * scale, 1),
        round(width, 1),
    )


def _when(each: Tenure) -> str:
    if each.start and each.end:
        return period(each.start, each.end)
    one = each.start or each.end
    return f"{'from' if each.start else 'until'} {date(one)}" if one else ""


def _year(iso: str) -> float:
    """A date as a year and its fraction."""
    month = int(iso[5:7]) if len(iso) >= 7 else 1
    return int(iso[:4]) + (month - 1) / 12
