"""The raw rows of travels, visits and POCOM, read by nothing of ours: what labels are made from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element


class Row(NamedTuple):
    """A stop or a visit: `ref` is `travels/3568`; `text` by the name of its column."""

    ref: str
    who: str
    start: str
    end: str
    country: str
    locale: str
    text: dict[str, str]


class Service(NamedTuple):
    """An appointment: `list` is the file of the country or position it stands in."""

    ref: str
    list: str
    person: str
    role: str
    started: str
    ended: str
    notes: str


def rows(hsg: Path) -> Iterator[Row]:
    for path in sorted((hsg / "travels").glob("*-travels/*.xml")):
        for trip in ElementTree.parse(path).getroot():
            yield _row("travels", trip, trip.get("who", ""), ("remarks",))
    for path in sorted((hsg / "visits" / "data").glob("*.xml")):
        for visit in ElementTree.parse(path).getroot():
            yield _row("visits", visit, "", ("visitor", "description"))


def _row(dataset: str, row: Element, who: str, columns: tuple[str, ...]) -> Row:
    place = row.find("country")
    if place is None:
        place = row.find("from")
    assert place is not None
    return Row(
        f"{dataset}/{_text(row, 'id')}",
        who,
        _text(row, "start-date"),
        _text(row, "end-date"),
        " ".join("".join(place.itertext()).split()),
        _text(row, "locale"),
        {name: _text(row, name) for name in columns},
    )


def services(hsg: Path) -> Iterator[Service]:
    """Those that were served, as the lists of countries and of positions give them."""
    for folder in ("missions-countries", "positions-principals"):
        for path in sorted((hsg / "pocom" / folder).glob("*.xml")):
            for group in ElementTree.parse(path).getroot():
                if group.tag in ("chiefs", "principals"):
                    for each in group:
                        yield _service(f"{folder}/{path.stem}", each)


def _service(where: str, row: Element) -> Service:
    started, ended = _text(row, "started/date"), _text(row, "ended/date")
    notes = (_text(row, f"{part}/note") for part in ("appointed", "arrived", "started", "ended"))
    return Service(
        _text(row, "id"),
        where,
        _text(row, "person-id"),
        _text(row, "role-title-id") or _text(row, "position-id"),
        started,
        ended,
        " | ".join(each for each in (*notes, _text(row, "note")) if each),
    )


def _text(element: Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def day(text: str) -> date | None:
    """The first day of a date of the registers; None where there is none."""
    parts = [int(each) for each in text.split("-")] if text else []
    try:
        return date(*[*parts, 1, 1][:3]) if parts else None
    except ValueError:
        return None
