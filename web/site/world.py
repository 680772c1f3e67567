"""The outlines of the countries: Natural Earth's, public domain, from the vendored TopoJSON.

A country is drawn in tenths of a degree, its north up, and knows which points lie in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

Degrees = tuple[float, float]  # longitude and latitude, WGS 84

_FILE = Path(__file__).parents[1] / "static" / "vendor" / "world-atlas" / "countries-110m.json"
_ANTARCTICA = "010"


@dataclass(frozen=True, slots=True)
class Country:
    """One country's rings; one that crosses the 180th meridian goes on past it. `box` is west,
    south, east and north.

    `path` is for the `d` of a path: whole tenths of degrees, each from the one before. What goes
    past the end of the map begins it, too.
    """

    rings: tuple[tuple[Degrees, ...], ...]
    box: tuple[float, float, float, float]
    path: str

    @property
    def middle(self) -> Degrees:
        """The middle of its largest ring."""
        ring = max(self.rings, key=lambda each: abs(_area(each)))
        across, up = ([each[axis] for each in ring] for axis in (0, 1))
        return (min(across) + max(across)) / 2, (min(up) + max(up)) / 2

    def holds(self, longitude: float, latitude: float) -> bool:
        """Whether a point lies within it: an odd number of borders east of it."""
        west, south, east, north = self.box
        if not south <= latitude <= north:
            return False
        return any(
            west <= longitude + turn <= east and self._holds(longitude + turn, latitude)
            for turn in (0, 360, -360)
        )

    def _holds(self, longitude: float, latitude: float) -> bool:
        crossed = sum(
            (y1 > latitude) != (y2 > latitude)
            and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1
            for ring in self.rings
            for (x1, y1), (x2, y2) in pairwise(ring)
        )
        return crossed % 2 == 1


@cache
def countries() -> tuple[Country, ...]:
    """All but Antarctica."""
    atlas = json.loads(_FILE.read_text("utf-8"))
    arcs = [list(_arc(each, atlas["transform"])) for each in atlas["arcs"]]
    return tuple(
        _country(tuple(_ring(each, arcs) for each in _rings(shape)))
        for shape in atlas["objects"]["countries"]["geometries"]
        if shape.get("id") != _ANTARCTICA
    )


@lru_cache(maxsize=4096)
def around(longitude: float, latitude: float) -> tuple[int, ...]:
    """The numbers of the countries that a point lies in: of the few thousand places that maps ask
    for, each is looked for once.
    """
    return tuple(at for at, each in enumerate(countries()) if each.holds(longitude, latitude))


def _country(rings: tuple[tuple[Degrees, ...], ...]) -> Country:
    across, up = ([each[axis] for ring in rings for each in ring] for axis in (0, 1))
    west, east = min(across), max(across)
    turns = [0, *([1] if west < -180 else []), *([-1] if east > 180 else [])]
    path = "".join(_path(ring, turn) for turn in turns for ring in rings)
    return Country(rings, (west, min(up), east, max(up)), path)


def _arc(deltas: Sequence[Degrees], transform: Any) -> Iterator[Degrees]:
    """The points of an arc, which is written as steps on a grid."""
    (wide, high), (west, south) = transform["scale"], transform["translate"]
    x = y = 0.0
    for step_x, step_y in deltas:
        x, y = x + step_x, y + step_y
        yield x * wide + west, y * high + south


def _rings(shape: Any) -> Iterator[list[int]]:
    for polygon in [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]:
        yield from polygon


def _ring(numbers: list[int], arcs: list[list[Degrees]]) -> tuple[Degrees, ...]:
    """The points of arcs one after another; the complement of a number is an arc backwards."""
    points: list[Degrees] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    made = points[:1]
    for x, y in points[1:]:
        turns = round((x - made[-1][0]) / 360)
        made.append((x - 360 * turns, y))
    return tuple(made)


def _path(ring: Sequence[Degrees], turn: int) -> str:
    at = [(round(10 * x) + 3600 * turn, round(-10 * y)) for x, y in ring]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(at) if (x1, y1) != (x2, y2)]
    return f"M{at[0][0]} {at[0][1]}l{' '.join(f'{x} {y}' for x, y in steps)}z" if steps else ""


def _area(ring: Sequence[Degrees]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2
