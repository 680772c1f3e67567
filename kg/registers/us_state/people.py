"""Who is meant: names in remarks resolved to people by nation, office and date.

Full names are gathered first, across spellings; then names that are only a surname or a regnal
name go to the one person of that nation who bears it and is known in that office about that
date. Where two could be meant, nobody is taken: the name stays an unresolved mention.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kg.model.facts import Ref, Span
from kg.registers.us_state.names import alike, compatible, sound, tokens

YEAR = 365
# How far, in days, a surname may lie from the nearest date on which its bearer is known in that
# office. The nearest are settled first and widen what is known, until nothing more follows.
REACH = (YEAR // 2, YEAR, 2 * YEAR, 4 * YEAR, 8 * YEAR)
# How sure a name is: a full one; a surname by how far its bearer is known; one that stands alone.
FULL = Decimal("0.99")
NEAR = tuple(map(Decimal, ("0.98", "0.97", "0.95", "0.93", "0.9")))
ALONE = Decimal("0.9")
# A rival must be at least this much farther away, or the name is not sure.
MARGIN = 2 * YEAR
# Between two sightings in one office no more than this apart, nobody else held it.
TERM = 5 * YEAR
LIFETIME = 25 * YEAR
# Offices of which a nation has one holder at a time.
SINGLE = frozenset({"state", "government", "foreign"})
_GIVEN = re.compile(
    r"\b(?:King|Queen|Emperor|Sultan|Amir|Emir|Shah|Prince|Princess|Sheikh|Duke|Duchess|Pope)\b"
)
_SON = re.compile(r"\b(?:bin|ibn|bint|ben)\b", re.IGNORECASE)


class Sighting(NamedTuple):
    """A name as one row gives it.

    `day` counts days (`date.toordinal`); `nation` is what the text says or, where `stated` is
    false, what the row suggests. `key` is what the caller knows the sighting by. `visitor`, the
    nation that the row says the person `acts_for`, and the `span` of the words, are the caller's.
    """

    key: tuple[Ref, int]
    name: str
    title: str
    kind: str
    nation: str
    stated: bool
    day: int
    former: bool = False
    visitor: bool = False
    acts_for: str = ""
    span: Span = Span(0, 0)

    @property
    def words(self) -> tuple[str, ...]:
        return tokens(self.name)

    @property
    def given(self) -> bool:
        """Whether the name is a given one, as kings and princes bear it."""
        return _is_given(self.title, self.name)


@lru_cache(maxsize=1 << 14)
def _is_given(title: str, name: str) -> bool:
    return bool(_GIVEN.search(f"{title} {name}"))


@dataclass(slots=True, eq=False)
class Person:
    """Somebody, and what is known so far.

    `seen` are the days of sightings by kind of office, "" for all; `terms` are the spans of an
    office that are known exactly, and count instead of sightings.
    """

    ref: Ref | None = None
    names: Counter[str] = field(default_factory=Counter)
    spellings: set[tuple[str, ...]] = field(default_factory=set)
    nations: Counter[str] = field(default_factory=Counter)
    seen: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    terms: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    titles: Counter[str] = field(default_factory=Counter)

    def take(self, sighting: Sighting) -> None:
        """Learn from a sighting that is this person's."""
        self.names[sighting.name] += 1
        self.titles[sighting.title] += 1
        self.spellings.add(sighting.words)
        # What the text says of a nation weighs more than where the row was.
        self.nations[sighting.nation] += 3 if sighting.stated else 1
        insort(self.seen[""], sighting.day)
        if not sighting.former:
            insort(self.seen[sighting.kind], sighting.day)

    def absorb(self, other: Person) -> None:
        self.ref = self.ref or other.ref
        self.names += other.names
        self.titles += other.titles
        self.spellings |= other.spellings
        self.nations += other.nations
        for kind, days in other.seen.items():
            self.seen[kind] = sorted(self.seen[kind] + days)
        for kind, spans in other.terms.items():
            self.terms[kind] += spans

    def distance(self, kind: str, day: int, former: bool = False) -> float:
        """Days between `day` and the nearest one on which the person is known in that office."""
        if kind in self.terms and not former:
            inside = any(start - 31 <= day <= end + 31 for start, end in self.terms[kind])
            return 0 if inside else float("inf")
        days = self.seen.get("" if former else kind)
        if not days:
            return float("inf")
        if former:
            return 0 if days[0] <= day <= days[0] + 2 * LIFETIME else float("inf")
        at = bisect_left(days, day)
        before, after = days[max(at - 1, 0)], days[min(at, len(days) - 1)]
        if before <= day <= after and after - before <= TERM:
            return 0
        return min(abs(day - before), abs(day - after))

    def bears(self, words: tuple[str, ...], given: bool = False, family: bool = False) -> bool:
        """Whether the short name `words` is part of one of the person's names.

        A `given` name stands first in it, a `family` name last.
        """
        return any(
            len(spelling) >= len(words)
            and all(any(alike(word, each) for each in spelling) for word in words)
            and not (given and not alike(words[0], spelling[0]))
            and not (family and not alike(words[-1], spelling[-1]))
            for spelling in self.spellings
        )

    def holds(self, kind: str, day: int) -> bool:
        """Whether the person is known in that office before and after `day`, in two years."""
        if any(start <= day <= end for start, end in self.terms.get(kind, ())):
            return True
        days = self.seen.get(kind) or [0]
        at = bisect_left(days, day)
        around = days[max(at - 1, 0)], days[min(at, len(days) - 1)]
        return around[0] <= day <= around[1] and around[1] - around[0] <= 2 * YEAR

    def is_of(self, nation: str) -> bool:
        """Whether the person is of that nation, rather than once met there."""
        return 2 * self.nations[nation] >= max(self.nations.values(), default=1)

    @property
    def patronymic(self) -> bool:
        """Whether a name tells whose child this is, so that the tail of it names the father."""
        return any(_SON.search(name) for name in self.names)

    @property
    def label(self) -> str:
        """The fullest of the commonest spellings."""
        full = [name for name in self.names if len(tokens(name)) > 1] or list(self.names)
        return min(full, key=lambda name: (-self.names[name], -len(name), name))

    @property
    def nation(self) -> str:
        ranked = sorted(self.nations, key=lambda nation: (-self.nations[nation], nation))
        return ranked[0] if ranked else ""


@dataclass(slots=True)
class Resolution:
    """The people found, who each sighting is and how surely, and which sightings stay open."""

    people: list[Person]
    who: dict[tuple[Ref, int], Person]
    unresolved: dict[tuple[Ref, int], str]
    sure: dict[tuple[Ref, int], Decimal]


def resolve(sightings: Sequence[Sighting], known: Iterable[Person]) -> Resolution:
    """Resolve all sightings of all data sets together. The order of the input decides nothing."""
    full = [each for each in sightings if len(each.words) > 1]
    short = sorted((each for each in sightings if len(each.words) == 1), key=lambda each: each.key)
    people, who = _gather(full, list(known))
    unresolved: dict[tuple[Ref, int], str] = {}
    index = _Index(people)
    open_ = short
    sure = dict.fromkeys(who, FULL)
    for reach, confidence in zip(REACH, NEAR, strict=True):
        while settled := [(each, person) for each in open_ if (person := index.find(each, reach))]:
            for sighting, person in settled:
                who[sighting.key] = person
                person.take(sighting)
                sure[sighting.key] = confidence
            open_ = [each for each in open_ if each.key not in who]
    for sighting in open_:
        rivals = index.rivals(sighting) or index.holders(sighting)
        if rivals:
            names = " or ".join(sorted({rival.label for rival in rivals}))
            unresolved[sighting.key] = f"{sighting.title} {sighting.name}: {names}, or another"
            continue
        person = index.namesake(sighting) or index.add(sighting)
        person.take(sighting)
        who[sighting.key] = person
        sure[sighting.key] = ALONE
    return Resolution(index.people, who, unresolved, sure)


def _gather(
    full: Sequence[Sighting], known: list[Person]
) -> tuple[list[Person], dict[tuple[Ref, int], Person]]:
    """One person for all spellings of one full name, close in time and of one nation."""
    group_of: dict[tuple[Ref, int], Person] = {}
    groups: list[Person] = []
    latest: tuple[tuple[str, ...], str, int] = ((), "", 0)
    for sighting in sorted(full, key=lambda each: (each.words, each.nation, each.day, each.key)):
        words, nation, day = latest
        if (words, nation) != (sighting.words, sighting.nation) or sighting.day - day > 2 * TERM:
            groups.append(Person())
        groups[-1].take(sighting)
        group_of[sighting.key] = groups[-1]
        latest = (sighting.words, sighting.nation, sighting.day)
    merged: dict[Person, Person] = {}
    blocks: dict[str, dict[Person, None]] = defaultdict(dict)
    # The best attested come first, so that rare spellings join common ones.
    ranked = sorted(groups, key=lambda each: -each.names.total())
    for person in [*known, *ranked]:
        keys = {sound(word) for spelling in person.spellings for word in spelling}
        rivals = [each for key in sorted(keys) for each in blocks[key]]
        match = min(
            (each for each in rivals if _same(each, person)),
            key=lambda each: _gap(each, person),
            default=None,
        )
        if match is not None:
            match.absorb(person)
        merged[person] = match or person
        for key in keys:
            blocks[key][merged[person]] = None
    people = list(dict.fromkeys(merged.values()))
    who = {key: merged[group] for key, group in group_of.items()}
    return people, who


def _same(one: Person, other: Person) -> bool:
    """Whether two spellings, which share the sound of a word, are one person's."""
    if one.ref and other.ref and one.ref != other.ref:
        return False
    gap = _gap(one, other)
    # Sheets name people without a nation, and of any time.
    shared = not one.nations or not other.nations or bool(one.nations.keys() & other.nations.keys())
    if shared and _in_one_office(one, other):
        return True
    if gap > LIFETIME or not (shared or (one.spellings & other.spellings and gap <= TERM)):
        return False
    close = gap <= TERM and not (one.patronymic or other.patronymic)
    return any(
        compatible(left, right, close) for left in one.spellings for right in other.spellings
    )


def _in_one_office(one: Person, other: Person) -> bool:
    """Benjamin and Binyamin: one family name, in an office of which there is one, in between the
    sightings of each other.
    """
    kinds = [kind for kind in SINGLE if one.seen.get(kind) and other.seen.get(kind)]
    family = any(
        alike(left[at], right[at])
        for left in one.spellings
        for right in other.spellings
        for at in (0, -1)
    )
    return family and any(
        all(rival.distance(kind, day) == 0 for day in days)
        for kind in kinds
        for days, rival in ((one.seen[kind], other), (other.seen[kind], one))
    )


def _gap(one: Person, other: Person) -> float:
    """Days between the times of two people; 0 where one is of any time."""
    spans = []
    for each in (one, other):
        days = [
            *each.seen[""],
            *(day for terms in each.terms.values() for term in terms for day in term),
        ]
        if not days:
            return 0
        spans.append((min(days), max(days)))
    return max(spans[0][0] - spans[1][1], spans[1][0] - spans[0][1], 0)


class _Index:
    """People by nation, and by the sounds of their names."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        self._by_sound: dict[str, list[Person]] = defaultdict(list)
        self._by_nation: dict[str, list[Person]] = defaultdict(list)
        self._bearers: dict[tuple[str, tuple[str, ...], bool], list[Person]] = {}
        self._minted: dict[tuple[str, str], list[Person]] = defaultdict(list)
        for person in people:
            for key in {sound(word) for spelling in person.spellings for word in spelling}:
                self._by_sound[key].append(person)
            for nation in person.nations:
                if person.is_of(nation):
                    self._by_nation[nation].append(person)

    def bearers(self, sighting: Sighting) -> list[Person]:
        """Those of the nation whose name it may be."""
        key = (sighting.nation, sighting.words, sighting.given)
        if key not in self._bearers:
            nation = self._by_nation[sighting.nation]
            self._bearers[key] = [each for each in nation if each.bears(key[1], key[2])]
        return self._bearers[key]

    def find(self, sighting: Sighting, reach: float) -> Person | None:
        """The one bearer of the name who fits, within `reach` days, if there is exactly one."""
        own = self.bearers(sighting)
        if not own and (sighting.former or sighting.stated):
            return None
        found = _nearest(own, sighting, reach)
        if found is not None or sighting.former:
            return found
        if not own:
            # Abroad, remarks name third parties: King Hussein in Cairo.
            words, given = sighting.words, sighting.given
            others = [
                each
                for each in self._by_sound[sound(words[0])]
                if each.bears(words, given=given, family=not given)
            ]
            return _nearest(others, sighting, min(reach, YEAR))
        # The same person in another office: a minister of old, now president.
        found = _nearest(own, sighting, reach, any_office=True)
        return None if found is None or self.holders(sighting) else found

    def rivals(self, sighting: Sighting) -> list[Person]:
        """Bearers of the name in that nation who could be meant, though none for sure."""
        return [
            each for each in self.bearers(sighting) if each.distance("", sighting.day) <= REACH[-1]
        ]

    def holders(self, sighting: Sighting) -> list[Person]:
        """Others who are known to hold the office, of which there is one, about that very day."""
        if sighting.kind not in SINGLE:
            return []
        words = sighting.words
        return [
            each
            for each in self._by_nation[sighting.nation]
            if each.holds(sighting.kind, sighting.day) and not each.bears(words)
        ]

    def namesake(self, sighting: Sighting) -> Person | None:
        """Somebody known by that one name only, in that office, some years apart at most."""
        words = sighting.words
        for person in self._minted[sighting.nation, sighting.kind]:
            if person.bears(words) and person.distance(sighting.kind, sighting.day) <= REACH[-1]:
                return person
        return None

    def add(self, sighting: Sighting) -> Person:
        """Enter somebody who is known by this sighting alone so far."""
        person = Person()
        self.people.append(person)
        self._minted[sighting.nation, sighting.kind].append(person)
        return person


def _nearest(
    people: Sequence[Person], sighting: Sighting, reach: float, any_office: bool = False
) -> Person | None:
    if not people:
        return None
    kind = "" if any_office else sighting.kind
    ranked = sorted(
        [
            (person.distance(kind, sighting.day, sighting.former), at)
            for at, person in enumerate(people)
        ]
    )
    if ranked[0][0] > reach:
        return None
    best = ranked[0][0]
    if len(ranked) > 1 and ranked[1][0] - best < (MARGIN if best else 1):
        return None
    return people[ranked[0][1]]
