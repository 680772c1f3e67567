"""Maps as SVG: a part of the world with marks that tell how much there is where.

Longitudes and latitudes are even steps, those of a longitude as much shorter as in the middle of
the map they are. Marks are placed by per cent and sized by pixels, so that a map fills the width it
has. What lies too near to be told apart shares a mark, which leads to a closer map: for a wide
window and for a phone by themselves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, dist, log10, radians

from markupsafe import Markup

from kg.model.rdf import Iri
from kg.ontology.nouns import many
from web.site.charts import Chart
from web.site.svg import INNER, element, looks, per
from web.site.world import Degrees, around, countries

ASPECT = 25 / 12  # also in charts.css
_WIDE, _NARROW = 1000, 358  # pixels that a map has at least, in a wide window and on a phone
_LEAST = 1.0  # degrees from north to south that a map shows at least
_NAMES = 12  # marks that are named where there is room
_SAMPLE = 24  # positions by which a country is found
_CELL = 40  # pixels; no two marks touch that are further apart
_LETTER, _LINE = 6.4, 14  # pixels


@dataclass(frozen=True, slots=True)
class View:
    """A part of the world, in degrees."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def parse(cls, written: str) -> View:
        """Read `west,south,east,north`, widened to the shape of a map.

        Raises:
            ValueError: it is no such part of the world.
        """
        west, south, east, north = map(float, written.split(","))
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            raise ValueError(written)
        return cls._fitting(west, south, east, north)

    @classmethod
    def around(cls, points: Iterable[Point]) -> View:
        """The part of the world in which `points` lie, with room about them; the world for none."""
        at = [(each.longitude, each.latitude) for each in points]
        if not at:
            return WORLD
        (west, south), (east, north) = (
            tuple(pick(each[axis] for each in at) for axis in (0, 1)) for pick in (min, max)
        )
        room = max((north - south) * 0.15, (east - west) * 0.1, _LEAST / 2)
        return cls._fitting(west - room, south - room, east + room, north + room)

    @classmethod
    def _fitting(cls, west: float, south: float, east: float, north: float) -> View:
        squeeze = cos(radians(min(abs(south + north) / 2, 70)))
        high = max(north - south, (east - west) * squeeze / ASPECT, _LEAST)
        wide = high * ASPECT / squeeze
        if wide > 200 or high > WORLD.north - WORLD.south:
            return WORLD
        across, up = (west + east) / 2, (south + north) / 2
        up = min(max(up, high / 2 - 90), 90 - high / 2)
        across = min(max(across, wide / 2 - 180), 180 - wide / 2)
        sides = (across - wide / 2, up - high / 2, across + wide / 2, up + high / 2)
        return cls(*(round(each, 2) for each in sides))

    def __str__(self) -> str:
        return ",".join(f"{each:g}" for each in (self.west, self.south, self.east, self.north))

    @property
    def wide(self) -> float:
        return self.east - self.west

    @property
    def high(self) -> float:
        return self.north - self.south

    @property
    def box(self) -> str:
        """As the `viewBox` of outlines, in tenths of a degree, north up."""
        sides = (self.west, -self.north, self.wide, self.high)
        return " ".join(f"{10 * each:g}" for each in sides)

    def at(self, point: Point) -> tuple[float, float]:
        """Where a point is on the map, per cent from the left and from the top."""
        across = 100 * (point.longitude - self.west) / self.wide
        return across, 100 * (self.north - point.latitude) / self.high

    def shows(self, point: Point) -> bool:
        across = self.west <= point.longitude <= self.east
        return across and self.south <= point.latitude <= self.north

    @property
    def wider(self) -> View:
        """The same place with twice as much about it."""
        grown = self.wide / 2, self.high / 2
        return View._fitting(
            self.west - grown[0], self.south - grown[1], self.east + grown[0], self.north + grown[1]
        )


WORLD = View(-180, -58, 180, 84)


@dataclass(frozen=True, slots=True)
class Point:
    """A place with how much there is. Some source puts `contested` of it elsewhere, and `claimed`
    more here, against what is accepted. `outline` is that of a country of which only the whole is
    known, for the `d` of a path.
    """

    iri: Iri
    label: str
    latitude: float
    longitude: float
    count: int
    contested: int = 0
    claimed: int = 0
    outline: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the map shows at one place: a point, or the first of several that share the mark."""

    points: tuple[Point, ...]
    count: int

    @property
    def doubted(self) -> bool:
        return any(each.contested or each.claimed for each in self.points)

    @property
    def radius(self) -> float:
        return _radius(self.count)

    def told(self, noun: str) -> str:
        first, others = self.points[0], len(self.points) - 1
        name = f"{first.label} and {many(others, 'other place')}" if others else first.label
        contested = sum(each.contested for each in self.points)
        claimed = sum(each.claimed for each in self.points)
        parts = [many(self.count, noun)] if self.count else []
        if contested:
            parts.append(f"{contested:,} of them contested")
        if claimed:
            parts.append(f"{claimed:,} placed here by a source, not accepted")
        return f"{name}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing of points: `noun` is what they count, `lists` is the address where that of a place
    is listed, `zoom` that of the map of another view, `outlines` that of the land. `stops` are
    joined by arcs in their order. A wide window shows it `width` pixels wide.
    """

    title: str
    view: View
    points: tuple[Point, ...]
    noun: str
    lists: Callable[[Iri], str]
    zoom: Callable[[View], str]
    outlines: str
    stops: tuple[Point, ...] = ()
    width: int = _WIDE

    @property
    def chart(self) -> Chart:
        """The map as a drawing that stands alone, with the land in it."""
        land = element("path", class_="land", d=land_in(self.view))
        height = round(INNER / ASPECT)
        return Chart(self.title, self.told, height, self._svg(self._placed(land)))

    @property
    def svg(self) -> Markup:
        """The map as an element of a page."""
        land = {"href": self.outlines, "preserveAspectRatio": "none"}
        return self._svg(element("image", "", width="100%", height="100%", **land))

    @property
    def told(self) -> str:
        """What it shows, in a sentence."""
        shown = [each for each in self.points if self.view.shows(each)]
        times = sum(each.count for each in shown)
        return f"{many(times, self.noun)} at {len(shown):,} place{'s' if len(shown) != 1 else ''}."

    def marks(self, width: float) -> list[Mark]:
        """The points of a map this wide, those too near to one another under one mark."""
        # Of each mark: its points, their count, and its place and radius in pixels.
        made: list[tuple[list[Point], int, float, float, float]] = []
        cells = defaultdict[tuple[int, int], list[int]](list)  # so that only what is near is tried
        points = (each for each in self.points if not each.outline and self.view.shows(each))
        for each in sorted(points, key=lambda one: (-one.count, one.label, one.iri)):
            radius = _radius(each.count)
            x, y = self._pixels(each, radius, width)
            column, row = int(x / _CELL), int(y / _CELL)
            near = sorted(
                number
                for across in (column - 1, column, column + 1)
                for down in (row - 1, row, row + 1)
                for number in cells.get((across, down), ())
            )
            for number in near:
                others, count, at_x, at_y, reach = made[number]
                if dist((x, y), (at_x, at_y)) < 0.95 * (radius + reach):
                    others.append(each)
                    count, reach = count + each.count, _radius(count + each.count)
                    at_x, at_y = self._pixels(others[0], reach, width)
                    made[number] = others, count, at_x, at_y, reach
                    break
            else:
                cells[column, row].append(len(made))
                made.append(([each], each.count, x, y, radius))
        return [Mark(tuple(some), count) for some, count, *_ in made]

    def _svg(self, land: Markup) -> Markup:
        areas = [each for each in self.points if each.outline and self.view.shows(each)]
        parts = [
            element("title", self.title),
            element("desc", self.told),
            land,
            *map(self._area, areas),
            self._ways(),
            element("g", self._layer(self.width), class_="wide"),
            element("g", self._layer(_NARROW), class_="narrow"),
        ]
        return element("svg", Markup("").join(parts), class_="chart world", role="group")

    def _placed(self, drawn: Markup) -> Markup:
        """What is drawn in tenths of degrees."""
        whole = {"viewBox": self.view.box, "preserveAspectRatio": "none"}
        return element("svg", drawn, width="100%", height="100%", **whole)

    def _pixels(self, point: Point, radius: float, width: float) -> tuple[float, float]:
        """Where a mark is on a map this wide, whole even at the edge."""
        across, down = self.view.at(point)
        edge, high = radius + 2, width / ASPECT
        x = min(max(across * width / 100, edge), width - edge)
        return x, min(max(down * high / 100, edge), high - edge)

    def _layer(self, width: float) -> Markup:
        made = self.marks(width)
        named = self._named(made, width)
        return Markup("").join(self._mark(each, width, named=each in named) for each in made)

    def _mark(self, mark: Mark, width: float, *, named: bool) -> Markup:
        first = mark.points[0]
        at = self._pixels(first, mark.radius, width)
        x, y = per(100 * at[0] / width), per(100 * at[1] / width * ASPECT)
        told, address = mark.told(self.noun), ""
        if len(mark.points) > 1:
            told, address = f"{told}. A closer map", self.zoom(View.around(mark.points))
        address = address or self.lists(first.iri)
        radius = round(mark.radius, 1)
        number = f"{mark.count:,}" if mark.count else "✕"
        parts = [
            element("title", told),
            element("circle", class_="reach", cx=x, cy=y, r=max(radius, 13)),
            element("circle", class_="spot" if mark.count else "contested", cx=x, cy=y, r=radius),
            element("text", number, class_="count", x=x, y=y, dy="0.36em"),
        ]
        if mark.doubted and mark.count:
            parts.append(element("circle", class_="ring", cx=x, cy=y, r=radius + 3))
        if named:
            name = element(
                "text", first.label, class_="called", x=x, y=y, dx=radius + 3, dy="0.36em"
            )
            parts.append(name)
        return element("a", Markup("").join(parts), href=address, aria_label=told)

    def _named(self, made: Sequence[Mark], width: float) -> list[Mark]:
        """The largest marks whose names have room right of them."""
        at = [(*self._pixels(each.points[0], each.radius, width), each.radius) for each in made]
        taken = [(x - r, y - r, x + r, y + r) for x, y, r in at]
        named: list[Mark] = []
        for each, (x, y, r) in zip(made, at, strict=True):
            right = x + r + 3 + _LETTER * len(each.points[0].label)
            name = (x + r + 1, y - _LINE / 2, right, y + _LINE / 2)
            if len(named) < _NAMES and right < width and not any(_meet(name, one) for one in taken):
                named.append(each)
                taken.append(name)
        return named

    def _area(self, area: Point) -> Markup:
        """A country of which no place is known: its outline, with the count in its middle."""
        x, y = map(per, self.view.at(area))
        told = f"{area.label}, no place in it known: {many(area.count, self.noun)}"
        depth = round(min(0.08 + 0.1 * log10(area.count), 0.4), 2)
        shape = element("path", class_="area", d=area.outline, fill_opacity=depth)
        count = element("text", f"{area.count:,}", class_="count whole", x=x, y=y, dy="0.36em")
        inside = element("title", told) + self._placed(shape) + count
        return element("a", inside, href=self.lists(area.iri), aria_label=told)

    def _ways(self) -> Markup:
        """Arcs from each stop to the next, bent to the left of the way."""
        ways = []
        for one, other in pairwise(self.stops):
            (x1, y1), (x2, y2) = self.view.at(one), self.view.at(other)
            bend_x, bend_y = (x1 + x2) / 2 + (y2 - y1) / 6, (y1 + y2) / 2 - (x2 - x1) / 6
            ways.append(f"M{x1:.2f} {y1:.2f}Q{bend_x:.2f} {bend_y:.2f} {x2:.2f} {y2:.2f}")
        if not ways:
            return Markup("")
        whole = {"viewBox": "0 0 100 100", "preserveAspectRatio": "none"}
        arcs = element("path", class_="way", d="".join(ways))
        return element("svg", arcs, width="100%", height="100%", **whole)


def land_in(view: View) -> str:
    """The outlines of the countries that a view has a part of, for the `d` of a path."""
    shown = []
    for each in countries():
        west, south, east, north = each.box
        across = (west < view.east and view.west < east) or max(east, -west) > 180
        if across and south < view.north and view.south < north:
            shown.append(each.path)
    return "".join(shown)


def outlines(view: View) -> str:
    """The land of a view as a picture by itself, which the pages of a site share."""
    land = element("style", looks()) + element("path", class_="land", d=land_in(view))
    return element(
        "svg",
        land,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=view.box,
        preserveAspectRatio="none",
    )


def outline(positions: Sequence[tuple[float, float]]) -> tuple[str, Degrees] | None:
    """The outlines of the countries in which positions lie, latitude first, for the `d` of a path,
    and the middle of the first: what is known of an area without a position of its own.
    """
    few = positions[:: len(positions) // _SAMPLE + 1]
    held = Counter(at for latitude, longitude in few for at in around(longitude, latitude))
    # A place on a coast or border may lie beyond an outline as coarse as these.
    found = [countries()[at] for at, times in held.most_common() if 10 * times >= len(few)]
    return ("".join(each.path for each in found), found[0].middle) if found else None


def _radius(count: int) -> float:
    return 8 + 3 * log10(max(count, 1))


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
