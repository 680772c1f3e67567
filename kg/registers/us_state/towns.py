"""Towns and buildings of the United States in the descriptions of visits."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from kg.model.facts import Entity, Mention, Ref, Span, Statement, Text
from kg.model.iris import slugify
from kg.registers.us_state.cities import Cities, City
from kg.registers.us_state.names import fold
from kg.registers.us_state.nations import US
from kg.registers.us_state.places import Places

COUNTRY = Ref(f"place/{US}")
# The states as descriptions abbreviate them; two letters are as the Postal Service writes them.
_STATES = """
    AL Ala. Alabama|AK Alaska|AZ Ariz. Arizona|AR Ark. Arkansas|CA Calif. California
    |CO Colo. Colorado|CT Conn. Connecticut|DE Del. Delaware|DC D.C.|FL Fla. Florida
    |GA Ga. Georgia|HI Hawaii|ID Idaho|IL Ill. Illinois|IN Ind. Indiana|IA Iowa|KS Kans. Kansas
    |KY Ky. Kentucky|LA La. Louisiana|ME Me. Maine|MD Md. Maryland|MA Mass. Massachusetts
    |MI Mich. Michigan|MN Minn. Minnesota|MS Miss. Mississippi|MO Mo. Missouri|MT Mont. Montana
    |NE Nebr. Neb. Nebraska|NV Nev. Nevada|NH N.H.|NJ N.J.|NM N.M. N.Mex.|NY N.Y.|NC N.C.|ND N.D.
    |OH Ohio|OK Okla. Oklahoma|OR Oreg. Oregon|PA Pa. Pennsylvania|RI R.I.|SC S.C.|SD S.D.
    |TN Tenn. Tennessee|TX Tex. Texas|UT Utah|VT Vt. Vermont|VA Va. Virginia|WA Wash. Washington
    |WV W.Va.|WI Wis. Wisconsin|WY Wyo. Wyoming"""
_SPACED = """
    NH New Hampshire|NJ New Jersey|NM New Mexico|NM N. Mex.|NY New York|NC North Carolina
    |ND North Dakota|RI Rhode Island|SC South Carolina|SD South Dakota|WV West Virginia
    |WV W. Va.|PR Puerto Rico"""
_WORD = r"[A-Z][\w’'-]*"
_NAME = rf"(?:(?:St|Ft|Mt)\. )?{_WORD}(?: (?:{_WORD}|of|the|du|de))*"
# A place stands after one of these, or in a list that one of these begins.
CODE = "US"
_BEFORE = r"\b(?:[Ii]n|[Aa]t|[Tt]o|[Nn]ear|[Ff]rom|[Vv]ia|[Tt]hrough|[Vv]isit(?:ed|s|ing)?)"
# New York is no place in "New York University"; it is in "New York June 3-5".
_GOES_ON = re.compile(
    r" (?!(?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sept|Oct|Nov|Dec))[A-Z]|-[A-Z]|[’']s\b"
)
_SURE, _LIKELY = Decimal("0.99"), Decimal("0.97")


class _Town(NamedTuple):
    ref: Ref
    label: str
    city: City | None


class Towns:
    """Finds them, and has the entities of those that were found."""

    def __init__(
        self,
        cities: Cities,
        sheet: Mapping[str, Ref],
        places: Places,
        nations: Collection[str],
    ) -> None:
        """`sheet` are the places of the sheets in the United States, by folded name; `nations`
        names of countries, which American towns bear too.
        """
        self._cities = cities
        self._sheet, self._places = sheet, places
        self._taken = {fold(each) for each in (*nations, *(name for _, name in _names_of_states()))}
        self._found: dict[Ref, _Town] = {}
        self._names: dict[Ref, set[str]] = defaultdict(set)
        self._states = {name: code for code, name in _names_of_states()}
        names = sorted(self._states, key=len, reverse=True)
        either = "|".join(map(re.escape, names))
        self._place = re.compile(rf"(?P<name>{_NAME})(?:,? \(?(?P<of>{either})(?!\w)\)?)?")
        self._before = re.compile(
            rf"(?P<opens>{_BEFORE})(?: the)? (?=[A-Z])|(?:,| and|, and) (?=[A-Z])"
        )

    def mentions(self, text: str) -> Iterator[Mention]:
        """The towns and buildings that a description says somebody was in, in its order."""
        listed = -1
        for before in self._before.finditer(text):
            if before.start() != listed and not before["opens"]:
                continue
            if (match := self._place.match(text, before.end())) is None:
                continue
            town, listed = self._town(text, match)
            if town is not None:
                sure = _SURE if match["of"] or town.ref in self._sheet.values() else _LIKELY
                span = Span(match.start(), listed)
                words = text[span.start : span.end]
                yield Mention(
                    column="description", span=span, words=words, names=town.ref, confidence=sure
                )

    def _town(self, text: str, match: re.Match[str]) -> tuple[_Town | None, int]:
        """What is named there, the longest name that is one, and where it ends."""
        for name, state, end in self._readings(match):
            town = None if _GOES_ON.match(text, end) else self._known(name, state)
            if town is not None:
                self._names[town.ref].add(name)
                return self._found.setdefault(town.ref, town), end
        return None, match.end("name")

    def _readings(self, match: re.Match[str]) -> Iterator[tuple[str, str, int]]:
        """The names that may stand there, with a state or without, and where each ends."""
        # "Chicago, New York" may be two towns: the first of them then is in no such state.
        state = self._states.get(match["of"] or "", "")
        listed = match["of"] in {"New York", "Washington"} and not match[0].endswith(")")
        if state and not (listed and self._cities.named(CODE, match["name"], state) is None):
            yield match["name"], state, match.end()
        words = match["name"].split()
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count])
            yield name, "", match.start() + len(name)

    def _known(self, name: str, state: str) -> _Town | None:
        plain = name.replace("Ft. ", "Fort ")
        ref = self._sheet.get(fold(plain)) or self._places.american.get(fold(plain))
        if ref is not None:
            return _Town(ref, plain, None)
        if state == "DC" or fold(plain) in self._taken:
            return None
        spelt = plain.replace("St. ", "Saint ")
        city = next(
            (each for name in (plain, spelt) if (each := self._cities.named(CODE, name, state))),
            None,
        )
        if city is None and not state:
            return None
        label = city.name if city else plain
        usual = not state or (city and self._cities.named(CODE, label) == city)
        suffix = "" if usual else f"-{state.lower()}"
        return _Town(Ref(f"{COUNTRY}/{slugify(label)}{suffix}"), label, city)

    def entities(self) -> Iterator[Entity]:
        """The places that were found, but for the descriptions of those in the sheets."""
        for ref, town in sorted(self._found.items()):
            row = self._places.rows.get(ref)
            label = row.label if row and row.label else town.label
            within = row.within if row and row.within else COUNTRY
            city = City(None, at=row.at) if row and row.at else town.city
            if ref in self._sheet.values():
                continue
            yield Entity(
                ref=ref,
                label=Text(label),
                alt_labels=tuple(Text(each) for each in sorted(self._names[ref] - {label})),
                description=(
                    Statement(ref, "within", within),
                    *(city.describe(ref) if city else ()),
                ),
            )


def _names_of_states() -> Iterator[tuple[str, str]]:
    for line in _STATES.split("|"):
        code, *names = line.split()
        yield from ((code, each) for each in (code, *names))
    for line in _SPACED.split("|"):
        code, _, name = line.strip().partition(" ")
        yield code, name
