"""Whether two stops, days apart, are of one journey: docs/journeys.md has the rule."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from math import asin, cos, radians, sin, sqrt

from kg.registers.us_state.hsg_rows import Row

# A stop's first or last place, where it is known: degrees north and east.
Point = tuple[float, float]
Where = Callable[[Row, bool], Point | None]

WASHINGTON: Point = (38.895, -77.036)
MAX_GAP = 3
# In days of so many kilometres nobody came home and was abroad again: by sea, propeller and jet.
_DAILY = ((1940, 1000), (1958, 5000), (9999, 11000))
# Beyond this the detour by way of home is too long for one day between.
_DETOUR, _FAR = 3.5, 5000

_BY_SEA = re.compile(r"\b[Tt]ravell?ed by sea from\b")
_HOME = re.compile(r"(?:the )?(?:U\. ?S|United States|Washington|home)\b")
_EN_ROUTE = re.compile(r"\ben route to (?P<goal>[^.;]+)")
_RETURNING = re.compile(r"\b(?:while )?(?:returning|en route) (?:to (?:the )?U\. ?S|home|from)\b")
_RETURNED = re.compile(r"\b[Rr]eturned to (?:the )?(?:U\. ?S|United States|Washington)")
_LEFT = re.compile(r"\b(?:[Ll]eft (?:the )?U\. ?S|[Dd]eparted from Washington)")


def is_one(before: Row, after: Row, days: int, where: Where) -> bool | None:
    """Whether `after`, which begins `days` after `before` ended, goes on with its journey.

    None where neither the remarks nor the map tell; a day's gap is a night's flight.
    """
    if days <= 1:
        return True
    if days > MAX_GAP or _RETURNED.search(before.note) or _LEFT.search(after.note):
        return False
    if _told(before, after):
        return True
    start, end = where(before, True), where(after, False)
    if start is None or end is None:
        return None
    by_home = distance(start, WASHINGTON) + distance(WASHINGTON, end)
    detour = by_home / max(distance(start, end), 1)
    if by_home / days > _daily(before.end.iso):
        return True
    if before.note and _alike(before.note, after.note) and detour >= 2:
        return True
    far = min(distance(start, WASHINGTON), distance(WASHINGTON, end)) > _FAR
    if days == 2 and far and detour >= _DETOUR:
        return True
    return False if detour < 2 else None


def distance(one: Point, other: Point) -> float:
    """Kilometres on the great circle (haversine), on a sphere of 6,371 km."""
    north, east, north_too, east_too = map(radians, (*one, *other))
    half = sin((north_too - north) / 2) ** 2
    half += cos(north) * cos(north_too) * sin((east_too - east) / 2) ** 2
    return 12742 * asin(sqrt(half))


def days_between(ended: date, after: Row) -> int:
    return (date.fromisoformat(after.start.iso) - ended).days


def _told(before: Row, after: Row) -> bool:
    """Whether the remarks say that the one led to the other."""
    goals = [match["goal"] for match in _EN_ROUTE.finditer(before.note)]
    onward = any(not _HOME.match(goal) for goal in goals)
    return bool(onward or _BY_SEA.search(before.note) or _RETURNING.search(after.note))


def _daily(iso: str) -> int:
    return next(kilometres for until, kilometres in _DAILY if iso[:4] < str(until))


def _alike(one: str, other: str) -> bool:
    """Whether one errand took the traveller to both: "Good will trip." and the same again."""
    return one.partition(".")[0] == other.partition(".")[0]
