"""What happened in a period, or on one day of any year, in the order of time."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kg.store.happenings import Happening, Happenings
from kg.store.selection import Selection
from web.site import Site
from web.site.charts import Bar, Chart, columns
from web.site.dates import date as shown
from web.site.dates import period as spanned
from web.site.holdings import events, holdings
from web.site.links import Links
from web.site.paging import Paging
from web.site.period import Period

SIZE = 100
_ANY_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\Z", re.ASCII)
_CALENDAR = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """Something that happened; `when` is a text, `machine` the date for `<time>`."""

    label: str
    language: str
    href: str
    kind: str
    when: str
    machine: str


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another period: what it is called, and its relation, if it has one."""

    label: str
    href: str
    relation: str = ""


@dataclass(frozen=True, slots=True)
class DaysPage:
    """All that the page shows. Of what was in a year, `earlier` began before it. `ways` lead to
    periods around, before and after; `months` is the chart of a year; `timeline` the same period
    there, empty for a day of any year.
    """

    title: str
    total: int
    earlier: int
    rows: tuple[Row, ...]
    ways: tuple[Way, ...]
    months: Chart | None
    timeline: str
    previous: str
    next: str


def days_page(site: Site, name: str, paging: Paging) -> DaysPage:
    """The page of the period `name`.

    Raises:
        ValueError: it is no period.
    """
    links = site.links()
    yearly = _ANY_YEAR.match(name)
    if yearly:
        month, day = int(yearly[1]), int(yearly[2])
        date(2000, month, day)  # a leap year has them all
        title = f"{day} {calendar.month_name[month]}"
        chosen = Selection(kinds=events(site), day=100 * month + day)
    else:
        period = Period.parse(name)
        title = period.label
        first, last = period.bounds
        chosen = Selection(kinds=events(site), first=first, last=last)
    with Happenings.open(site.graph.release.happenings) as tables:
        total = tables.total(chosen)
        found = tables.rows(chosen, backwards=bool(yearly), start=paging.offset, size=SIZE)
        months = tables.per_month(chosen) if re.fullmatch(r"\d{4}", name, re.ASCII) else {}
    previous, following = paging.around(
        lambda page: links.at(f"/on/{name}", page=page), more=paging.offset + SIZE < total
    )
    return DaysPage(
        title=title,
        total=total,
        earlier=total - holdings(site).years.get(int(name), 0) if months else 0,
        rows=tuple(_row(each, links) for each in found),
        ways=tuple(_ways(name, links)),
        months=_chart(name, months, links) if months else None,
        timeline="" if yearly else links.at("/timeline", period=name),
        previous=previous,
        next=following,
    )


def _row(each: Happening, links: Links) -> Row:
    begins, ends = each.begins[:1], each.ends[:1]
    return Row(
        each.thing.label,
        each.thing.language,
        links.to(each.thing.iri) or "",
        each.kind.label,
        spanned(*begins, *ends) if begins else "",
        begins[0] if begins and _CALENDAR.match(begins[0]) else "",
    )


def _ways(name: str, links: Links) -> Iterator[Way]:
    """The year and the month that it lies in, those before and after it, the day in all years."""
    match = _CALENDAR.match(name)
    if not match:
        return
    for end in (4, 7):
        if len(name) > end:
            yield Way(shown(name[:end]), links.at(f"/on/{name[:end]}"))
    for step, relation in ((-1, "prev"), (1, "next")):
        year, month, day = (int(each or 0) for each in match.groups())
        near = _near(year, month, day, step)
        if near:
            yield Way(shown(near), links.at(f"/on/{near}"), relation)
    if len(name) == 10:
        yield Way(f"{shown(name)[:-5]} in all years", links.at(f"/on/{name[5:]}"))


def _near(year: int, month: int, day: int, step: int) -> str:
    """The year, month or day before or after; empty at the ends of the calendar."""
    try:
        if day:
            return str(date(year, month, day) + timedelta(days=step))
        count = year * 12 + (month or 1) - 1 + step * (1 if month else 12)
        found = date(count // 12, count % 12 + 1, 1)
    except (ValueError, OverflowError):
        return ""
    return f"{found:%Y-%m}" if month else f"{found.year:04}"


def _chart(year: str, months: dict[int, int], links: Links) -> Chart:
    names = ((f"{year}-{month:02}", int(year) * 100 + month) for month in range(1, 13))
    bars = [
        Bar(shown(name), months.get(number, 0), links.at(f"/on/{name}"), shown(name)[:3])
        for name, number in names
    ]
    return columns(f"Events in {year} by month", bars, "event")
