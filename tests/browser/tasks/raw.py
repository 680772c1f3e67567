"""The registers as they were published, read here by nothing of ours: what the answers must be."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """A journey's stop, or a visit to the United States. Dates are as in the file, YYYY-MM-DD."""

    id: str
    name: str
    start: str
    end: str
    country: str
    locale: str
    remarks: str


def secretaries(shared: Path) -> list[Row]:
    return list(_rows(shared / "data/hsg/travels/secretary-travels", "trip", "remarks"))


def presidents(shared: Path) -> list[Row]:
    return list(_rows(shared / "data/hsg/travels/president-travels", "trip", "remarks"))


def visits(shared: Path) -> list[Row]:
    return list(_rows(shared / "data/hsg/visits/data", "visit", "description"))


def chiefs(shared: Path, country: str) -> Iterator[tuple[str, str, str]]:
    """Who was chief of mission there: person, when they began, when they ended."""
    path = shared / "data/hsg/pocom/missions-countries" / f"{country}.xml"
    for chief in ET.parse(path).iter("chief"):
        yield (
            _text(chief, "person-id"),
            _text(chief, "started/date"),
            _text(chief, "ended/date"),
        )


def _rows(folder: Path, tag: str, words: str) -> Iterator[Row]:
    for path in sorted(folder.glob("*.xml")):
        for each in ET.parse(path).iter(tag):
            country = each.find("country" if tag == "trip" else "from")
            yield Row(
                _text(each, "id"),
                _text(each, "name" if tag == "trip" else "visitor"),
                _text(each, "start-date"),
                _text(each, "end-date"),
                "" if country is None else country.get("id", ""),
                _text(each, "locale"),
                _text(each, words),
            )


def _text(element: ET.Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else " ".join("".join(found.itertext()).split())
