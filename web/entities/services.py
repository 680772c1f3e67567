"""Who held which post, when and how long, and when nobody on record did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as calendar

from kg.model.dates import Day, bounds, ordinal, read_date
from kg.model.rdf import Iri, Term, value_of
from kg.ontology import Ontology, Property
from kg.ontology.nouns import plural
from web.site.asking import ask
from web.site.charts import Chart, Lane, Span, spans, year
from web.site.dates import date, lasting, period
from web.site.names import Names, Thing

LIMIT = 200
_LATEST = 12  # are shown and drawn at once
_SHORT = 0.1  # years that one without an end, or a start, is drawn as long as


@dataclass(frozen=True, slots=True)
class Service:
    """One time of service; `other` is its office on the page of who served, and the reverse.

    Of several `starts` or `ends` sources disagree. Where it is only `attested`, they are the first
    and the last day of which a record tells. `latest` is the last day on which it may have ended.
    """

    iri: Iri
    other: Iri | None
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    latest: str
    attested: bool

    @property
    def contested(self) -> bool:
        return len(self.starts) > 1 or len(self.ends) > 1

    @property
    def days(self) -> tuple[int | None, int | None]:
        """Its first and its last day as ordinals, if stated: the widest of what they may be."""
        return _edge(self.starts, 0), _edge(self.ends, 1)


@dataclass(frozen=True, slots=True)
class Held:
    """A time of service as a page shows it, or without one, a time in which nobody on record
    served. `lasted` is how long it was, where both ends are known.
    """

    service: Thing | None
    other: Thing | None
    when: str
    lasted: str
    span: Span | None
    contested: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """The `latest` times of service with a chart of them, and the `earlier` ones, newest first.

    `title` is what the ontology calls them, `other` what it calls the other end of each;
    `of_office` says that they are an office's. `svg` is the address of the chart by itself.
    """

    of_office: bool
    title: str
    other: str
    latest: tuple[Held, ...]
    earlier: tuple[Held, ...]
    chart: Chart | None
    svg: str
    sparql: str

    @property
    def spans(self) -> tuple[Held, ...]:
        return tuple(each for each in self.latest + self.earlier if each.service)


def ends(ontology: Ontology) -> tuple[Property, ...]:
    """The properties that lead from a time of service to who serves, and to the office."""
    return ontology.playing("Holder", "Office")


def query(iri: Iri, ontology: Ontology) -> str:
    return ask("web.entities", "services", ontology, entity=iri, limit=LIMIT)


def read(found: Iterable[Mapping[str, Term]]) -> list[Service]:
    """The times of service in `found`, the latest first."""
    rows: dict[Iri, list[Mapping[str, Term]]] = defaultdict(list)
    for row in found:
        if "service" in row:
            rows[str(row["service"])].append(row)
    services = [_service(iri, given) for iri, given in rows.items()]
    return sorted(
        services, key=lambda each: (*each.starts[:1], *each.ends[-1:], each.iri), reverse=True
    )


def services(iri: Iri, found: list[Service], names: Names, *, of_office: bool) -> Services | None:
    if not found:
        return None
    ontology = names.ontology
    served = [each.label for each in ontology.kinds("Service")]
    others = [each.label for each in ontology.playing("Holder" if of_office else "Office")]
    title = plural(served[0]) if served else ""
    held = list(_with_gaps(found, names) if of_office else (_held(each, names) for each in found))
    cut = [place for place, each in enumerate(held) if each.service][:_LATEST][-1] + 1
    return Services(
        of_office=of_office,
        title=title,
        other=others[0] if others else "",
        latest=tuple(held[:cut]),
        earlier=tuple(held[cut:]),
        chart=_chart(title.capitalize(), held[:cut]),
        svg=f"{names.links.to(iri)}/services.svg",
        sparql=names.links.sparql(query(iri, ontology)),
    )


def _service(iri: Iri, rows: Sequence[Mapping[str, Term]]) -> Service:
    def told(*variables: str) -> tuple[str, ...]:
        named = next((each for each in variables if each in rows[0]), "")
        return tuple(sorted({value_of(row[named]) for row in rows if named in row}))

    others = (other for row in rows if isinstance(other := row.get("other"), str))
    return Service(
        iri=iri,
        other=next(others, None),
        starts=told("start", "first"),
        ends=told("end", "last"),
        latest=value_of(rows[0].get("latest")),
        attested="first" in rows[0],
    )


def _with_gaps(found: Sequence[Service], names: Names) -> Iterator[Held]:
    """The times in an office, and between two of them that in which nobody on record held it."""
    gaps: dict[Iri, Held] = {}  # before a service
    over: int | None = None  # the last day on which somebody surely may have served
    for each in sorted(found, key=lambda one: one.days[0] or 0):
        start, end = each.days
        if over is not None and start is not None and start > over + 1:
            gaps[each.iri] = _gap(over + 1, start - 1)
        over = None if end is None or each.attested else max(over or end, end)
    for each in found:
        yield _held(each, names)
        if each.iri in gaps:
            yield gaps[each.iri]


def _gap(first: int, last: int) -> Held:
    days = [calendar.fromordinal(each).isoformat() for each in (first, last)]
    when, lasted = period(*days), lasting(last - first + 1)
    words = f"nobody on record, {lasted}"
    return Held(None, None, when, lasted, Span(year(days[0]), year(days[1]), "gap", words))


def _held(each: Service, names: Names) -> Held:
    when = _when(each)
    start, end = each.days
    known = start is not None and end is not None and not each.attested and not each.contested
    exact = all(len(day) >= 10 for day in each.starts + each.ends)
    lasted = lasting((end or 0) - (start or 0) + 1) if known else ""
    return Held(
        service=names.thing(each.iri),
        other=names.thing(each.other) if each.other else None,
        when=when,
        lasted=lasted if exact or not lasted else f"about {lasted}",
        span=_span(each, f"{when}, {lasted}" if lasted else when),
        contested=each.contested,
    )


def _span(each: Service, words: str) -> Span | None:
    """As it is drawn: one that lacks an end, or a start, only as a beginning, or an end."""
    starts, ends = ([year(day) for day in days] for days in (each.starts, each.ends))
    if not starts and not ends:
        return None
    first = starts[0] if starts else ends[0] - _SHORT
    last = ends[-1] if ends else first + _SHORT
    exact = starts and ends and not each.attested
    style = "contested" if each.contested else "certain" if exact else "open"
    return Span(first, max(last, first), style, words)


def _chart(title: str, held: Sequence[Held]) -> Chart | None:
    """Each service on a line of its own, the time without one before it on the same."""
    lanes = []
    for place, each in enumerate(held):
        if each.service and each.span:
            before = held[place + 1] if place + 1 < len(held) else None
            gap = (before.span,) if before and not before.service and before.span else ()
            thing = each.other or each.service
            lanes.append(Lane(thing.label, (*gap, each.span), each.service.href or ""))
    return spans(title, lanes) if len(lanes) > 1 else None


def _when(each: Service) -> str:
    told = (" or ".join(map(date, days)) for days in (each.starts, each.ends) if days)
    if each.contested:
        return f"{' to '.join(told)}: sources disagree"
    if each.starts and each.ends:
        return f"{'attested ' if each.attested else ''}{period(each.starts[0], each.ends[0])}"
    one = (*each.starts, *each.ends)
    over = f", over by {date(each.latest)}" if each.starts and each.latest else ""
    return f"{'from' if each.starts else 'until'} {date(one[0])}{over}" if one else ""


def _edge(days: Sequence[str], side: int) -> int | None:
    """The earliest day that the first of `days` may mean, or the latest of the last."""
    found: list[Day | None] = []
    for day in days:
        try:
            found.append(bounds(read_date(day))[side])
        except ValueError:
            found.append(None)
    known = [ordinal(each) for each in found if each]
    return (max(known) if side else min(known)) if known else None
