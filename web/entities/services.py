"""Who held which post, and when, drawn on one line of years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.model.rdf import Iri, Term, value_of
from kg.ontology import Ontology, Property
from web.site.asking import ask
from web.site.dates import date, period
from web.site.names import Names, Thing
from web.site.values import plural

LIMIT = 200
_LATEST = 12  # are shown at once
_WIDTH, _MINIMUM = 420, 3  # of the drawing, in its own units


@dataclass(frozen=True, slots=True)
class Service:
    """One time of service; `other` is its office on the page of who served, and the reverse.

    Where it is only `attested`, `start` and `end` are the first and the last day of which a record
    tells. `latest` is the last day on which it may have ended.
    """

    iri: Iri
    other: Iri | None
    start: str
    end: str
    latest: str
    attested: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A time of service as a page shows it; `x` and `width` are units of the drawing, None without
    dates.
    """

    service: Thing
    other: Thing | None
    when: str
    x: float | None
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    """Times drawn from the year `first` to `last`, where one of them is dated."""

    spans: tuple[Span, ...]
    first: int
    last: int

    width = _WIDTH

    @property
    def dated(self) -> bool:
        return any(each.x is not None for each in self.spans)


@dataclass(frozen=True, slots=True)
class Services:
    """The latest times of service, and the earlier ones on a line of their own, which may be
    centuries.

    `title` is what the ontology calls them, `other` what it calls the other end of each;
    `of_office` says that they are an office's.
    """

    of_office: bool
    title: str
    other: str
    latest: Line
    earlier: Line
    sparql: str

    @property
    def spans(self) -> tuple[Span, ...]:
        return self.latest.spans + self.earlier.spans


def ends(ontology: Ontology) -> tuple[Property, ...]:
    """The properties that lead from a time of service to who serves, and to the office."""
    return ontology.playing("Holder", "Office")


def query(iri: Iri, ontology: Ontology) -> str:
    return ask("web.entities", "services", ontology, entity=iri, limit=LIMIT)


def read(found: Iterable[Mapping[str, Term]]) -> list[Service]:
    """The times of service in `found`, the latest first."""
    services: dict[Iri, Service] = {}
    for row in found:
        if "service" in row:
            iri, other = str(row["service"]), row.get("other")
            services.setdefault(
                iri,
                Service(
                    iri,
                    other if isinstance(other, str) else None,
                    value_of(row.get("start") or row.get("first")),
                    value_of(row.get("end") or row.get("last")),
                    value_of(row.get("latest")),
                    attested="first" in row,
                ),
            )
    return sorted(
        services.values(), key=lambda each: (each.start or each.end, each.iri), reverse=True
    )


def services(iri: Iri, found: list[Service], names: Names, *, of_office: bool) -> Services | None:
    if not found:
        return None
    ontology = names.ontology
    served = [each.label for each in ontology.kinds("Service")]
    others = [each.label for each in ontology.playing("Holder" if of_office else "Office")]
    return Services(
        of_office=of_office,
        title=plural(served[0]) if served else "",
        other=others[0] if others else "",
        latest=_line(found[:_LATEST], names),
        earlier=_line(found[_LATEST:], names),
        sparql=names.links.sparql(query(iri, ontology)),
    )


def _line(found: list[Service], names: Names) -> Line:
    dates = [_year(each) for service in found for each in (service.start, service.end) if each]
    first, last = int(min(dates, default=0)), int(max(dates, default=0)) + 1
    return Line(tuple(_span(each, first, last, names) for each in found), first, last)


def _span(each: Service, first: int, last: int, names: Names) -> Span:
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


def _when(each: Service) -> str:
    if each.start and each.end:
        return f"{'attested ' if each.attested else ''}{period(each.start, each.end)}"
    one = each.start or each.end
    over = f", over by {date(each.latest)}" if each.start and each.latest else ""
    return f"{'from' if each.start else 'until'} {date(one)}{over}" if one else ""


def _year(iso: str) -> float:
    """A date as a year and its fraction."""
    month = int(iso[5:7]) if len(iso) >= 7 else 1
    return int(iso[:4]) + (month - 1) / 12
