"""Charts as SVG, from values alone: bars over time, bars of a ranking, spans of years.

What is drawn is told in words too: each bar is a link that says its count, and the numbers stand in
a table below. `web/static/charts.css` has the looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10

from markupsafe import Markup, escape

from kg.ontology.nouns import many, plural
from web.site.dates import date
from web.site.svg import cut, element, per, text

_HEAD, _PLOT, _FOOT = 18, 116, 22  # of bars over time: counts above, bars, names below
_ROW, _LANE = 38, 34
_SLOTS = 8  # bars are no wider than if there were so many
_COUNTED = 14  # bars that have room for their counts on a phone
_TICKS = 6
_FINE = 40  # years that are bars of their own
_NAME, _SHORT = 44, 28  # characters of a name that a phone has room for


@dataclass(frozen=True, slots=True)
class Bar:
    """A name and its count; `href` leads to what was counted, `tick` names it below its bar."""

    label: str
    count: int
    href: str = ""
    tick: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of years with their fractions. `style` is how it is known: `certain`, `uncertain`,
    `open`, `contested`, or `gap` where there is none; `words` say it. The less its `depth`, the
    paler it is.
    """

    start: float
    end: float
    style: str
    words: str
    depth: float = 1


@dataclass(frozen=True, slots=True)
class Lane:
    """A name with its spans, on a line of its own."""

    label: str
    spans: tuple[Span, ...]
    href: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, what it says in a sentence, and its numbers: a name, a text, an address.

    `narrow`: it has so few bars that it needs no whole column.
    """

    title: str
    description: str
    height: int
    marks: Markup
    heads: tuple[str, str] = ("", "")
    numbers: tuple[tuple[str, str, str], ...] = ()
    narrow: bool = False

    @property
    def svg(self) -> Markup:
        """The drawing as an element of a page, or of another drawing."""
        return element(
            "svg",
            Markup("").join([element("title", self.title), element("desc", self.description)])
            + self.marks,
            class_="chart",
            width="100%",
            height=self.height,
            role="group",
        )

    def figure(self, alone: str = "") -> Markup:
        """The drawing with its numbers as a table, and a link to it `alone`, as HTML."""
        rows = Markup("").join(
            element(
                "tr",
                element("th", _linked(label, href), scope="row")
                + element("td", told, class_="number"),
            )
            for label, told, href in self.numbers
        )
        heads = Markup("").join(element("th", each, scope="col") for each in self.heads)
        table = element(
            "table",
            element("caption", self.title, class_="hidden")
            + element("thead", element("tr", heads))
            + element("tbody", rows),
        )
        told = element("details", element("summary", "As a table") + table) if rows else ""
        link = element("a", "As a picture (SVG)", href=alone) if alone else ""
        style = "drawing narrow" if self.narrow else "drawing"
        return element("figure", self.svg + element("figcaption", told + link), class_=style)


def over_time(
    title: str,
    counts: Mapping[int, int],
    href: Callable[[int | None, int | None], str],
    noun: str,
) -> Chart:
    """A bar a year, or a decade or century where there are many; `href` leads from the first and
    last year of a bar to what it counts.

    A few of long before share a bar, so that they do not press the rest together, and a few of long
    after: such a bar has no first year, or no last one.
    """
    years = sorted(Counter(dict(counts)).elements())
    if not years:
        return columns(title, (), noun)
    first, last = _bulk(years)
    size = next((each for each in (1, 10, 100) if (last - first) / each < _FINE), 1000)
    bins = [(floor(first / size) + each) * size for each in range(last // size - first // size + 1)]
    early, late = years[0] < bins[0], years[-1] >= bins[-1] + size
    step = _step(len(bins) / _TICKS)
    found = Counter(each // size * size for each in years)
    bars = [
        Bar(
            _name(each, size),
            found[each],
            href(each, each + size - 1),
            _name(each, size) if each // size % step == 0 or len(bins) <= _TICKS else "",
        )
        for each in bins
    ]
    if early:
        count = sum(each < bins[0] for each in years)
        bars.insert(
            0, Bar(f"before {_name(bins[0], size)}", count, href(None, bins[0] - 1), "before")
        )
        bars[1:3] = [replace(each, tick="") for each in bars[1:3]]
    if late:
        end = bins[-1] + size
        count = sum(each >= end for each in years)
        bars.append(Bar(f"after {_name(bins[-1], size)}", count, href(end, None), ""))
    return columns(title, bars, noun)


def columns(title: str, bars: Sequence[Bar], noun: str) -> Chart:
    """A bar for each of `bars` in their order, upright, on a scale of their counts."""
    most = max((each.count for each in bars), default=1)
    counted = len(bars) <= _COUNTED
    top, step = (most, most) if counted else _scale(most)
    base, pitch = _HEAD + _PLOT, 100 / max(len(bars), _SLOTS)
    drawn = [_column(each, index * pitch, pitch, top, noun) for index, each in enumerate(bars)]
    lines = [
        text(f"{each.count:,}", (index + 0.43) * pitch, base - _high(each, top) - 4, "count")
        for index, each in enumerate(bars)
        if each.count
    ]
    if not counted:  # a scale then
        lines = [_rung(count, base - _PLOT * count / top) for count in range(step, top + 1, step)]
    ticks = [
        _tick(each.tick, index * pitch, (index + 0.86) * pitch, base + 16)
        for index, each in enumerate(bars)
        if each.tick
    ]
    floor_line = element("line", x1="0", x2="100%", y1=base + 0.5, y2=base + 0.5, class_="base")
    scale = element("g", Markup("").join([*lines, *ticks]), class_="scale", aria_hidden="true")
    return Chart(
        title,
        _told(bars, noun),
        base + _FOOT,
        Markup("").join([scale, *drawn, floor_line]),
        ("When", plural(noun).capitalize()),
        tuple((each.label, f"{each.count:,}", each.href) for each in bars if each.count),
        narrow=len(bars) <= _SLOTS,
    )


def ranking(title: str, bars: Sequence[Bar], noun: str) -> Chart:
    """A bar for each of `bars` in their order, lying, each with its name and count."""
    top = max((each.count for each in bars), default=1)
    drawn = []
    for index, each in enumerate(bars):
        y = index * _ROW
        marks = [
            element("rect", class_="reach", x="0", y=y, width="100%", height=_ROW - 4),
            text(cut(each.label, _NAME), 0, y + 15, "name"),
            text(f"{each.count:,}", 100, y + 15, "count end"),
            element("rect", class_="rail", x="0", y=y + 22, width="100%", height=6),
            _bar(0, y + 22, 100 * each.count / top, 6),
        ]
        drawn.append(_link(each, noun, marks))
    return Chart(title, _told(bars, noun), _ROW * len(bars), Markup("").join(drawn))


def spans(title: str, lanes: Sequence[Lane]) -> Chart:
    """Each of `lanes` on a line of its own over one scale of years."""
    ends = [day for lane in lanes for each in lane.spans for day in (each.start, each.end)]
    first, last = floor(min(ends, default=0)), ceil(max(ends, default=1))
    last = max(last, first + 1)
    step = _step((last - first) / _TICKS)
    height = _LANE * len(lanes)

    def at(year: float) -> float:
        return 100 * (year - first) / (last - first)

    marked = range(ceil(first / step) * step, last + 1, step)
    rungs = [
        element("line", class_="rung", x1=per(at(each)), x2=per(at(each)), y1=0, y2=height)
        for each in marked
    ]
    ticks = [_tick(_name(each, 1), at(each), at(each), height + 15) for each in marked]
    scale = element("g", Markup("").join([*rungs, *ticks]), class_="scale", aria_hidden="true")
    drawn = [_lane(each, index * _LANE, at) for index, each in enumerate(lanes)]
    told = f"{len(lanes):,} on a line of years from {_name(first, 1)} to {_name(last, 1)}."
    return Chart(title, told, height + _FOOT, Markup("").join([scale, *drawn]))


def year(iso: str) -> float:
    """A date of ISO 8601, of any precision, as a year and its fraction."""
    sign, rest = (-1, iso[1:]) if iso.startswith("-") else (1, iso)
    parts = [int(each) for each in rest[:10].split("-")] + [1, 1]
    return round(sign * parts[0] + (parts[1] - 1) / 12 + (parts[2] - 1) / 372, 4)


def interval(first: int | None, last: int | None) -> str:
    """Years as an address names a period: `2015`, `2010s`, or EDTF: `2010/2016`, `../1899`."""
    if first is None or last is None:
        return f"../{_edtf(last or 0)}" if first is None else f"{_edtf(first)}/.."
    if first == last:
        return _edtf(first)
    if first >= 0 and first % 10 == 0 and last == first + 9:
        return f"{first // 10:03}0s"
    return f"{_edtf(first)}/{_edtf(last)}"


def _edtf(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _bulk(years: Sequence[int]) -> tuple[int, int]:
    """The years between which nearly all lie, where that is less than half of the whole time."""
    edge = len(years) // 50
    first, last = years[edge], years[-1 - edge]
    return (first, last) if 2 * (last - first) < years[-1] - years[0] else (years[0], years[-1])


def _name(first: int, size: int) -> str:
    """A year, a decade, or the first year of a longer time."""
    return date(_edtf(first)) + ("s" if size > 1 and first > 0 else "")


def _scale(most: int) -> tuple[int, int]:
    """The top of a scale on which `most` fits, and its steps: two to four round ones."""
    step = _step(most / 3)
    return max(step * ceil(most / step), 1), step


def _step(least: float) -> int:
    """The least of 1, 2, 5, 10, 20, 50 and so on that is not below `least`."""
    power = 10 ** max(0, floor(log10(least))) if least >= 1 else 1
    return next(power * each for each in (1, 2, 5, 10) if power * each >= least)


def _told(bars: Sequence[Bar], noun: str) -> str:
    counted = [each for each in bars if each.count]
    if not counted:
        return f"No {plural(noun)}."
    most = max(counted, key=lambda each: each.count)
    total = sum(each.count for each in counted)
    return f"{many(total, noun)} in all; most in {most.label}: {most.count:,}."


def _column(each: Bar, x: float, pitch: float, top: int, noun: str) -> Markup:
    if not each.count:
        return Markup("")
    base, high = _HEAD + _PLOT, _high(each, top)
    marks = [
        element("rect", class_="reach", x=per(x), y=0, width=per(pitch), height=base),
        _bar(x, base - high, pitch * 0.86, high),
    ]
    return _link(each, noun, marks)


def _high(each: Bar, top: int) -> float:
    return max(1.5, round(_PLOT * each.count / top, 1))


def _lane(lane: Lane, y: int, at: Callable[[float], float]) -> Markup:
    drawn = [
        element(
            "rect",
            element("title", each.words),
            class_=each.style,
            x=per(at(each.start)),
            y=y + 19 + 2 * (each.style == "gap"),
            width=per(max(at(each.end) - at(each.start), 0.4)),
            height=6 if each.style == "gap" else 10,
            fill_opacity=round(each.depth, 2),
        )
        for each in lane.spans
    ]
    first = min((each.start for each in lane.spans), default=0.0)
    last = max((each.end for each in lane.spans), default=0.0)
    left = at(first) < 50
    style = "name" if left else "name end"
    name = text(cut(lane.label, _SHORT), at(first) if left else at(last), y + 14, style)
    told = "; ".join(each.words for each in lane.spans)
    marks = Markup("").join([*drawn, name])
    if not lane.href:
        return element("g", marks)
    return element("a", marks, href=lane.href, aria_label=f"{lane.label}: {told}")


def _link(each: Bar, noun: str, marks: Iterable[Markup]) -> Markup:
    told = f"{each.label}: {many(each.count, noun)}"
    inside = element("title", told) + Markup("").join(marks)
    return (
        element("a", inside, href=each.href, aria_label=told) if each.href else element("g", inside)
    )


def _bar(x: float, y: float, width: float, height: float) -> Markup:
    return element(
        "rect", class_="bar", x=per(x), y=round(y, 1), width=per(width), height=round(height, 1)
    )


def _tick(name: str, left: float, right: float, y: float) -> Markup:
    """A name below a bar; at the right edge it ends where the bar does."""
    return text(name, left, y, "tick") if left < 90 else text(name, right, y, "tick end")


def _rung(count: int, y: float) -> Markup:
    y = round(y) + 0.5
    line = element("line", class_="rung", x1="0", x2="100%", y1=y, y2=y)
    return line + text(f"{count:,}", 0, y - 3, "rank")


def _linked(label: str, href: str) -> Markup:
    return element("a", label, href=href) if href else escape(label)
