"""Events in time: how many begin when, and each one drawn as precisely as its date is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date as calendar

from kg.model.dates import bounds, ordinal, read_date
from kg.store.happenings import Happening, Happenings
from kg.store.selection import Selection
from web.site import Site
from web.site.asking import ask
from web.site.charts import Bar, Chart, columns, interval, over_time
from web.site.dates import date
from web.site.happenings import happenings, thing, when
from web.site.links import Links
from web.site.names import Thing
from web.site.paging import Paging
from web.site.period import Period
from web.site.tables import Table
from web.views.narrowing import Narrowing

ROWS = 50
_TICKS = 8
_LATEST = ("ORDER BY ?first ?latest ?event", "ORDER BY DESC(?first) DESC(?latest) ?event")


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
    status: Thing | None
    spans: tuple[tuple[float, float], ...]
    begins: bool
    style: str


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
    links = site.links()
    with happenings(site) as tables:
        listed = _listed(tables, site, chosen, paging)
        total, drawn = tables.total(_selection(site, chosen)), _chart(tables, site, chosen)
    window = _window(chosen.period, listed[:ROWS])
    return Timeline(
        total=total,
        chart=drawn,
        rows=tuple(_row(each, window, links) for each in listed[:ROWS]),
        ticks=_ticks(window),
        around=tuple((each.label, _at(site, chosen, each.name)) for each in chosen.period.path),
        more=len(listed) > ROWS,
        sparql=links.sparql(_query(site, chosen, limit=ROWS, offset=paging.offset)),
    )


def table(site: Site, chosen: Narrowing, paging: Paging) -> Table:
    """The same events as rows, with their dates as the data have them."""
    with happenings(site) as tables:
        events = _listed(tables, site, chosen, paging)
    links = site.links()
    return Table(
        name="timeline",
        columns=("event", "kind", "status", "begins", "ends"),
        things=frozenset({"event"}),
        rows=(
            (
                thing(links, each.thing),
                each.kind.label,
                each.status.label if each.status else "",
                " or ".join(each.begins),
                " or ".join(each.ends),
            )
            for each in events[: paging.size]
        ),
        more=len(events) > paging.size,
    )


def document(site: Site, chosen: Narrowing, paging: Paging) -> dict[str, object]:
    """The same events as JSON, with the records that tell of them."""
    with happenings(site) as tables:
        events = _listed(tables, site, chosen, paging)
        total = tables.total(_selection(site, chosen))
    return {
        "total": total,
        "events": [
            {
                "iri": each.thing.iri,
                "label": each.thing.label,
                "kind": each.kind.label,
                "status": each.status.label if each.status else None,
                "begins": each.begins,
                "ends": each.ends,
                "records": list(map(site.minter.entity, each.records)),
            }
            for each in events[: paging.size]
        ],
        "more": len(events) > paging.size,
    }


def chart(site: Site, chosen: Narrowing) -> Chart | None:
    """When the events of the chosen period begin: by year, or by month of one year."""
    with happenings(site) as tables:
        return _chart(tables, site, chosen)


def _chart(tables: Happenings, site: Site, chosen: Narrowing) -> Chart | None:
    first, last = chosen.period.bounds
    if first is None or last is None or first.year != last.year:
        years = tables.per_year(_selection(site, chosen))
        return over_time(
            "Events by time", years, lambda *ends: _at(site, chosen, interval(*ends)), "event"
        )
    if len(chosen.period.name) != 4:
        return None
    counts = tables.per_month(_selection(site, chosen))
    months = [f"{chosen.period.name}-{month:02}" for month in range(1, 13)]
    bars = [
        Bar(date(each), counts.get(int(each.replace("-", "")), 0), _at(site, chosen, each), name)
        for each in months
        for name in [date(each)[:3]]
    ]
    return columns("Events by month", bars, "event")


def _selection(site: Site, chosen: Narrowing) -> Selection:
    return replace(chosen.selection(site, "Occurrence", "Conclusion"), dated=True)


def _listed(
    tables: Happenings, site: Site, chosen: Narrowing, paging: Paging
) -> tuple[Happening, ...]:
    """A page of events, and the one after it; of all time the latest first."""
    return tables.rows(
        _selection(site, chosen),
        backwards=not chosen.period.name,
        start=paging.offset,
        size=paging.size + 1,
    )


def _at(site: Site, chosen: Narrowing, period: str) -> str:
    """The address of the timeline of another period."""
    return site.links().at("/timeline", **chosen.parameters(period=Period(period)))


def _query(site: Site, chosen: Narrowing, *, limit: int, offset: int) -> str:
    """The same events, asked of the graph."""
    query = ask(
        __package__ or "",
        "timeline",
        site.ontology,
        kinds=[each.iri for each in chosen.classes(site, "Occurrence", "Conclusion")],
        first=chosen.period.first,
        last=chosen.period.last,
        limit=limit,
        offset=offset,
    )
    query = chosen.narrow(site, query)
    return query if chosen.period.name else query.replace(*_LATEST)


def _window(shown: Period, listed: Iterable[Happening]) -> tuple[int, int]:
    """The days that the rows are drawn on: the period, or of all time what the page lists."""
    if shown.days:
        return shown.days
    days = [day for each in listed for date in each.begins + each.ends for day in _span(date)]
    return (min(days), max(days)) if days else (1, 2)


def _row(event: Happening, window: tuple[int, int], links: Links) -> Row:
    low, high = window
    disputed = len(event.begins) > 1 or len(event.ends) > 1
    ended = bool(event.ends) or not event.lasting
    stated = [_span(each) for each in event.begins + event.ends]
    if not disputed:
        stated = [(stated[0][0], stated[-1][1] if ended else high)]
    uncertain = disputed or any(len(each) < 10 for each in event.begins + event.ends)
    return Row(
        thing=thing(links, event.thing),
        when=when(event),
        status=thing(links, event.status) if event.status else None,
        spans=tuple(_drawn(span, low, high) for span in stated),
        begins=stated[0][0] >= low and not uncertain,
        style="uncertain" if uncertain and ended else "certain" if ended else "open",
    )


def _drawn(span: tuple[int, int], low: int, high: int) -> tuple[float, float]:
    """Days as per cent of the window, from where and how many."""
    left = max(0.0, (span[0] - low) / (high - low))
    right = min(1.0, (span[1] - low) / (high - low))
    return round(100 * left, 3), round(100 * max(right - left, 0.0), 3)


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
