"""Places of the records: one reference each, with coordinates where they are sure.

A locale is a place within its country, or within the one that stands in brackets after it:
"Dakar (Senegal)" under France is in Senegal. Two names are one place because GeoNames has them as
one city, or because a row of places.yaml says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from kg.model.facts import Entity, Ref, Statement, Text, Url
from kg.model.iris import slugify
from kg.model.sources import Known
from kg.registers.us_state.cities import Cities, City, geonames_iri
from kg.registers.us_state.corrections import Corrections
from kg.registers.us_state.countries import Countries, dated_names
from kg.registers.us_state.gaps import Point
from kg.registers.us_state.hsg_rows import Row
from kg.registers.us_state.names import fold
from kg.registers.us_state.nations import US
from kg.registers.us_state.places import PlaceRow, Places
from kg.registers.us_state.states import States
from kg.registers.us_state.towns import CODE, Towns

# Locales are cut at commas, but not within brackets, nor before initials: "Mexico, D.F.".
_COMMA = re.compile(r",(?![^()]*\))(?!\s*(?:[A-Z]\.)+[A-Z]?\s*(?:,|\Z))\s*")
_BRACKETS = re.compile(r"(?P<name>[^()]+?)\s*\((?P<region>[^)]+)\)\Z")
_NO_ROW = PlaceRow()


class Locale(NamedTuple):
    """A part of a locale field: the place that it would name by itself, its name and country."""

    ref: Ref
    name: str
    country: str


class Gazetteer(Countries):
    """Gives references to locales, too."""

    def __init__(
        self,
        known: Known,
        corrections: Corrections,
        labels: Mapping[str, Mapping[str, int]],
        places: Places | None = None,
        states: States | None = None,
    ) -> None:
        super().__init__(known, corrections, labels, states)
        self._places = places or Places()
        self._sheet_places = _sheet_places(known)
        self._names: dict[Ref, set[str]] = defaultdict(set)
        self._merged: dict[Ref, Ref] = {}
        self._found: dict[Ref, City] = {}
        self._capitals: dict[str, Point] = {}

    def towns(self, cities: Cities) -> Towns:
        """What finds the towns of the United States in prose."""
        known = {name: ref for (country, name), ref in self._sheet_places.items() if country == US}
        return Towns(cities, known, self._places, self.nations)

    def around(self, place: Ref) -> tuple[Ref, ...]:
        """The places around a place, nearest first: as a sheet says, else a row, else its slug."""
        found: list[Ref] = []
        while True:
            sheet = self._known.entities.get(place)
            told = sheet.description if sheet else ()
            outer = next(
                (value for _, name, value in told if name == "within" and isinstance(value, Ref)),
                None if sheet else self._within(place),
            )
            if outer is None or outer in found:
                return tuple(found)
            place = outer
            found.append(place)

    def _within(self, place: Ref) -> Ref | None:
        country, _, town = place.slug.partition("/")
        return self._row(place).within or (Ref(f"place/{country}") if town else None)

    def _row(self, place: Ref) -> PlaceRow:
        return self._places.rows.get(place, _NO_ROW)

    def locales(self, raw: str, locale: str) -> tuple[Ref, ...]:
        """The places of a locale field, in its order; the country itself where it is empty."""
        parts = (self.kept(each.ref) for each in self._parts(raw, locale))
        return tuple(dict.fromkeys(parts)) or (self.place(raw),)

    def kept(self, place: Ref) -> Ref:
        """The place itself, or the one that it was merged with."""
        place = self._places.kept.get(place, place)
        return self._merged.get(place, place)

    def _parts(self, raw: str, locale: str) -> Iterator[Locale]:
        for found, read in self._places.read.items():
            locale = locale.replace(found, read)
        for part in filter(str.strip, _COMMA.split(locale)):
            country, name = self.country(raw), part.strip(" .")
            brackets = _BRACKETS.match(name)
            if brackets:
                name = brackets["name"]
                country = self.nations.get(brackets["region"], country)
            sheet = self._sheet_places.get((country, fold(name)))
            slug = slugify(name) or slugify(part)
            yield Locale(sheet or Ref(f"place/{country}/{slug}"), name, country)

    def has_place(self, place: Ref) -> bool:
        return place in self._names or super().has_place(place)

    def regions(self, locales: Iterable[tuple[str, str]]) -> set[str]:
        """The countries that the places of `locales` are in."""
        places = {
            self.kept(each.ref) for raw, locale in locales for each in self._parts(raw, locale)
        }
        return {(place, *self.around(place))[-1].slug for place in places}

    def cities(self) -> Cities:
        """The cities of all countries that the records name, and of the United States."""
        return Cities(frozenset((*self._iso.values(), CODE)))

    def locate(self, locales: Iterable[tuple[str, str]], cities: Cities) -> None:
        """Find what each place is called, which city it is, and which of them are one.

        What is sent to another process is this, not the thirty thousand cities of the world.
        """
        codes: dict[Ref, str] = {}
        for raw, locale in locales:
            for each in self._parts(raw, locale):
                place = self._places.kept.get(each.ref, each.ref)
                self._names[place].add(each.name)
                codes[place] = self._iso.get(place.slug.partition("/")[0], "")
        one: dict[Url, Ref] = {
            value: ref
            for ref, sheet in self._known.entities.items()
            for _, name, value in sheet.description
            if ref.type == "place" and name == "skos:exactMatch" and isinstance(value, Url)
        }
        located = {
            place: city for place in codes if (city := self._city(cities, codes[place], place))
        }
        # Of places that are one, that which has a row, or is called as GeoNames calls it, is kept.
        alike = {
            place: fold(self.label(place)) == fold(city.name) for place, city in located.items()
        }
        for place, city in sorted(
            located.items(),
            key=lambda each: (each[0] not in self._places.rows, not alike[each[0]], each[0]),
        ):
            kept = one.setdefault(geonames_iri(city.id), place) if city.id else place
            if kept != place:
                self._merged[place] = kept
                self._names[kept] |= self._names.pop(place)
            elif place not in self._known.entities:
                self._found[place] = city
        self._capitals = {
            country: city.at
            for country, code in self._iso.items()
            if (city := cities.capital(code)) and city.at
        }

    def point_of(self, row: Row, last: bool) -> Point | None:
        """Where the first known place of a stop is, or the last; of a country, its capital."""
        places = self.locales(row.country, row.locale)
        points = map(self._point, reversed(places) if last else places)
        return next((each for each in points if each), None)

    def _point(self, place: Ref) -> Point | None:
        sheet = self._known.entities.get(place)
        told = {name: value for _, name, value in sheet.description} if sheet else {}
        north, east = told.get("wgs84:lat"), told.get("wgs84:long")
        if isinstance(north, Decimal) and isinstance(east, Decimal):
            return float(north), float(east)
        city = self._found.get(place)
        return city.at if city else self._capitals.get(place.slug)

    def _city(self, cities: Cities, code: str, place: Ref) -> City | None:
        """The city of a place: by its identifier, else by its name, else by the records' names."""
        row = self._places.rows.get(place)
        if row and (row.geonames or row.at):
            known = cities.of(row.geonames)
            return replace(known, at=row.at or known.at)
        if place in self._known.entities or "/" not in place.slug:
            return None
        names = [self.label(place), *(() if row else sorted(self._names[place]))]
        return next((city for name in names if (city := cities.find(code, name))), None)

    def label(self, place: Ref) -> str:
        """What a place is called: a sheet's word, a row's, else the name that made its slug."""
        if place in self._known.entities:
            return self._known.entities[place].label.value
        country, _, slug = place.slug.rpartition("/")
        if not country:
            return self.name(slug)
        names = sorted(self._names.get(place, ()))
        own = (each for each in names if slugify(each) == slug)
        return self._row(place).label or next(own, slug.replace("-", " ").title())

    def place_entities(self) -> Iterator[Entity]:
        """The places that were located, with all their names, and those that lead on to them."""
        around = {outer for place in self._names for outer in self.around(place)}
        dated = {Ref(f"place/{country}") for country in self._labels} & self._places.rows.keys()
        towns = {outer for outer in around if "/" in outer.slug}
        for place in sorted({*self._names, *towns, *dated}):
            row, label = self._row(place), self.label(place)
            names = {*self._names.get(place, ()), *(each.name for each in row.names)} - {label}
            within = self._within(place)
            described = [Statement(place, "within", within)] if within else []
            if city := self._found.get(place):
                described += city.describe(place)
            yield Entity(
                ref=place,
                label=Text(label),
                alt_labels=tuple(map(Text, sorted(names))),
                description=() if place in self._known.entities else tuple(described),
            )
            yield from dated_names(place, row.names)
            merged = (each for each, kept in self._merged.items() if kept == place)
            for each in sorted({*row.merges, *merged}):
                yield Entity.replaced(each, place)


def _sheet_places(known: Known) -> dict[tuple[str, str], Ref]:
    """Places of the sheets by country and name, so that records speak of the same ones."""
    places = {}
    for ref, entity in known.entities.items():
        for _, name, value in entity.description:
            if ref.type == "place" and name == "within" and isinstance(value, Ref):
                for text in (entity.label, *entity.alt_labels):
                    places[value.slug, fold(text.value)] = ref
    return places
