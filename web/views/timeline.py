"""Events in time: how many begin when, and each one drawn as precisely as its date is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as calendar

from kg.model.dates import bounds, ordinal, read_date
from kg.model.namespaces import CLM
from kg.model.rdf import Iri, Literal, Term, value_of
from kg.store import rows
from web.site import Site
from web.site.asking import ask
from web.site.charts import Bar, Chart, columns, interval, over_time
from web.site.dates import date, period
from web.site.names import Names, Thing
from web.site.paging import Paging
from web.site.period import Period
from web.site.tables import Table
from web.views.narrowing import Narrowing

ROWS = 50
_TICKS = 8
_ORDER = "ORDER BY ?first ?latest ?event"
_YEARS, _MONTHS = "-..-..$", "-..$"  # what is left out of a day to count by the longer
_OCCURRED = str(CLM.Occurred)


@dataclass(frozen=True, slots=True)
class Row:
    """One event as it is drawn.

    `spans` are drawn, each from `x` with `width`, per cent of the period: one, or where sources
    dispute a date, one for each date that is given. `begins` says that its beginning is in the
    period. `style` is the way its dates are known: `certain`, `uncertain` where only the month or
    the year is or they are disputed, `open` where no end is stated. `status` is what became of it,
    None where it occurred or nothing is told.
    """

    thing: Thing
    when: str
    kind: str
    status: Thing | None
    spans: tuple[tuple[float, float], ...]
    begins: bool
    style: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event with all dates that are taken as so; several where sources dispute them.

    `lasting` says that it has a beginning, rather than a day on which it was.
    """

    iri: Iri
    kind: Iri
    status: Iri
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    lasting: bool

    @property
    def disputed(self) -> bool:
        return len(self.begins) > 1 or len(self.ends) > 1

    @property
    def ended(self) -> bool:
        """Whether it is known to have ended."""
        return bool(self.ends) or not self.lasting


@dataclass(frozen=True, slots=True)
class Timeline:
    """A period's events, the earliest first; of all time the latest first.

    `chart` says when they begin, None where there is nothing to choose from. `around` are the
    periods to zoom out to, with their addresses.
    """

    total: int
    chart: Chart | None
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    around: tuple[tuple[str, str], ...]
    more: bool
    sparql: str


def timeline(site: Site, chosen: Narrowing, paging: Paging) -> Timeline:
    """The events of the chosen period, `ROWS` to a page."""
    classes = [each.iri for each in chosen.classes(site, "Occurrence", "Conclusion")]
    links = site.links()
    query = events_query(site, chosen, classes, limit=ROWS + 1, offset=paging.offset)
    found = rows(site.graph, query)
    listed = _events(found)
    window = _window(chosen.period, listed[:ROWS])
    names = site.names([each.iri for each in listed[:ROWS]])
    total, drawn = chart(site, chosen)
    return Timeline(
        total=total,
        chart=drawn,
        rows=tuple(_row(each, window, names) for each in listed[:ROWS]),
        ticks=_ticks(window),
        around=tuple((each.label, _at(site, chosen, each.name)) for each in chosen.period.path),
        more=len({(row["event"], row["kind"]) for row in found}) > ROWS,
        sparql=links.sparql(query),
    )


def table(site: Site, chosen: Narrowing, paging: Paging) -> Table:
    """The same events as rows, with their dates as the data have them."""
    classes = [each.iri for each in chosen.classes(site, "Occurrence", "Conclusion")]
    query = events_query(site, chosen, classes, limit=paging.size + 1, offset=paging.offset)
    events = _events(rows(site.graph, query))
    names = site.names(each.iri for each in events)
    return Table(
        name="timeline",
        columns=("event", "kind", "status", "begins", "ends"),
        things=frozenset({"event"}),
        rows=(
            (
                names.thing(each.iri),
                names.term(each.kind),
                names.term(each.status) if each.status else "",
                " or ".join(each.begins),
                " or ".join(each.ends),
            )
            for each in events[: paging.size]
        ),
        more=len(events) > paging.size,
    )


def chart(site: Site, chosen: Narrowing) -> tuple[int, Chart | None]:
    """How many events begin in the chosen period, and when: by year, or by month of one year."""
    first, last = chosen.period.bounds
    one = first is not None and last is not None and first.year == last.year
    counts = _counts(site, chosen, _MONTHS if one else _YEARS)
    total = sum(counts.values())
    if not one:
        years = {int(each): count for each, count in counts.items()}
        return total, over_time(
            "Events by time", years, lambda *ends: _at(site, chosen, interval(*ends)), "event"
        )
    months = [f"{chosen.period.name[:4]}-{month:02}" for month in range(1, 13)]
    bars = [
        Bar(date(each), counts[each], _at(site, chosen, each), date(each)[:3]) for each in months
    ]
    whole = len(chosen.period.name) == 4
    return total, columns("Events by month", bars, "event") if whole else None


def _at(site: Site, chosen: Narrowing, period: str) -> str:
    """The address of the timeline of another period."""
    return site.links().at("/timeline", **chosen.parameters(period=Period(period)))


def events_query(
    site: Site, chosen: Narrowing, classes: list[Iri], *, limit: int, offset: int
) -> str:
    query = chosen.narrow(
        site,
        ask(
            __package__ or "",
            "timeline",
            site.ontology,
            kinds=classes,
            first=chosen.period.first,
            last=chosen.period.last,
            limit=limit,
            offset=offset,
        ),
    )
    latest_first = "ORDER BY DESC(?first) DESC(?latest) ?event"
    return query if chosen.period.name else query.replace(_ORDER, latest_first)


def _counts(site: Site, chosen: Narrowing, finer: str) -> Counter[str]:
    classes = [each.iri for each in chosen.classes(site, "Occurrence", "Conclusion")]
    query = chosen.narrow(
        site,
        ask(
            __package__ or "",
            "timeline_counts",
            site.ontology,
            kinds=classes,
            first=chosen.period.first,
            last=chosen.period.last,
            finer=Literal(finer),
        ),
    )
    return Counter(
        {
            value_of(row["bin"]): int(value_of(row["n"]))
            for row in rows(site.graph, query)
            if "bin" in row
        }
    )


def _events(found: Iterable[Mapping[str, Term]]) -> list[Event]:
    """Each event with all its dates and its first kind."""
    events: dict[Iri, list[Mapping[str, Term]]] = {}
    for row in found:
        events.setdefault(str(row["event"]), []).append(row)
    return [
        Event(
            iri=iri,
            kind=str(given[0]["kind"]),
            status=str(given[0].get("status", "")),
            begins=tuple(sorted({value_of(each.get("begins")) for each in given})),
            ends=tuple(sorted({value_of(each["end"]) for each in given if "end" in each})),
            lasting="start" in given[0],
        )
        for iri, given in events.items()
    ]


def _window(shown: Period, listed: Iterable[Event]) -> tuple[int, int]:
    """The days that the rows are drawn on: the period, or of all time what the page lists."""
    if shown.days:
        return shown.days
    days = [day for each in listed for date in each.begins + each.ends for day in _span(date)]
    return (min(days), max(days)) if days else (1, 2)


def _row(event: Event, window: tuple[int, int], names: Names) -> Row:
    low, high = window
    stated = [_span(each) for each in event.begins + event.ends]
    if not event.disputed:
        stated = [(stated[0][0], stated[-1][1] if event.ended else high)]
    uncertain = event.disputed or any(len(each) < 10 for each in event.begins + event.ends)
    return Row(
        thing=names.thing(event.iri),
        when=_when(event),
        kind=names.term(event.kind),
        status=names.thing(event.status) if event.status not in ("", _OCCURRED) else None,
        spans=tuple(_drawn(span, low, high) for span in stated),
        begins=stated[0][0] >= low and not uncertain,
        style="uncertain" if uncertain and event.ended else "certain" if event.ended else "open",
    )


def _drawn(span: tuple[int, int], low: int, high: int) -> tuple[float, float]:
    """Days as per cent of the window, from where and how many."""
    left = max(0.0, (span[0] - low) / (high - low))
    right = min(1.0, (span[1] - low) / (high - low))
    return round(100 * left, 3), round(100 * max(right - left, 0.0), 3)


def _when(event: Event) -> str:
    if event.disputed:
        told = (" or ".join(map(date, sorted(each))) for each in (event.begins, event.ends) if each)
        return f"{' to '.join(told)}: sources disagree"
    first = event.begins[0]
    if not event.ended:
        return f"from {date(first)}, no end stated"
    return period(first, event.ends[0] if event.ends else None)


def _ticks(window: tuple[int, int]) -> tuple[tuple[float, str], ...]:
    """At most `_TICKS` / 2 beginnings of years, months or days in the window, evenly apart."""
    low, high = window
    if low < 1 or high > calendar.max.toordinal():
        return ()  # of the calendar that `datetime` knows
    first, last = calendar.fromordinal(low), calendar.fromordinal(high - 1)
    if last.year - first.year > 2:
        days = [(calendar(year, 1, 1), str(year)) for year in range(first.year, last.year + 1)]
    elif high - low > 62:
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        starts = [calendar(each // 12, each % 12 + 1, 1) for each in months]
        days = [(day, f"{day:%b} {day.year}") for day in starts]
    else:
        starts = [calendar.fromordinal(day) for day in range(low, high)]
        days = [(day, f"{day.day} {day:%b}") for day in starts]
    inside = [(day.toordinal(), label) for day, label in days if low <= day.toordinal() < high]
    step = max(1, -(-2 * len(inside) // _TICKS))
    return tuple(
        (round(100 * (day - low) / (high - low), 2), label) for day, label in inside[::step]
    )


def _span(text: str) -> tuple[int, int]:
    """The days that a date may mean, as ordinals: the first, and the one after the last."""
    try:
        first, last = bounds(read_date(text))
    except ValueError:
        return 1, 2
    known = [ordinal(each) for each in (first, last) if each]
    return min(known), max(known) + 1
