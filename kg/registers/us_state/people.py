"""Sightings of people in rows, and what is known of somebody from them."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from kg.model.facts import Ref, Span
from kg.registers.us_state.names import alike, numeral, plain, tokens
from kg.registers.us_state.titles import posts_of

YEAR = 365
# Between two sightings in one office no more than this apart, nobody else held it.
TERM = 5 * YEAR
LIFETIME = 25 * YEAR
# Offices of which a nation has one holder at a time.
SINGLE = frozenset({"state", "government", "foreign"})
# How old somebody is who acts, at least and at most.
_OF_AGE, _OLDEST = 15 * YEAR, 100 * YEAR
_GIVEN = re.compile(
    r"\b(?:King|Queen|Emperor|Empress|Sultan|Amir|Emir|Shah|Prince|Princess|Sheikh|(?:Grand )?Duke"
    r"|(?:Grand )?Duchess|Pope)\b"
)
_SON = re.compile(r"\b(?:bin|ibn|bint|ben)\b", re.IGNORECASE)


class Sighting(NamedTuple):
    """A name as one row gives it.

    `day` counts days (`date.toordinal`); `nation` is what the text says or, where `stated` is
    false, what the row suggests, and `others` what else it may mean. `key` is what the caller knows
    the sighting by. `visitor`, the nation that the row says the person `acts_for`, the `role` in
    which they are named, and the `span` of the words, are the caller's.
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
    others: tuple[str, ...] = ()
    role: str = ""

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

    `offices` counts kinds of office with the nation they are of; `seen` are the days of sightings
    by kind of office, "" for all, `held` by post; `terms` are the spans of an office that are known
    exactly, and count instead of sightings. `called` is what a person of the project calls them;
    `born` and `died` bound their life. `given` tells that they go by a given name, `numbers` by
    which number behind it.
    """

    ref: Ref | None = None
    called: str = ""
    born: int | None = None
    died: int | None = None
    names: Counter[str] = field(default_factory=Counter)
    spellings: set[tuple[str, ...]] = field(default_factory=set)
    nations: Counter[str] = field(default_factory=Counter)
    offices: Counter[tuple[str, str]] = field(default_factory=Counter)
    seen: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    held: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    terms: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    titles: Counter[str] = field(default_factory=Counter)
    numbers: set[int] = field(default_factory=set)
    given: bool = False

    def take(self, sighting: Sighting) -> None:
        """Learn from a sighting that is this person's."""
        self.call(sighting.name)
        self.titles[sighting.title] += 1
        self.given = self.given or sighting.given
        # What the text says of a nation weighs more than where the row was.
        weight = 3 if sighting.stated else 1
        self.nations[sighting.nation] += weight
        self.offices[sighting.kind, sighting.nation] += weight
        if sighting.role == "absent":
            insort(self.seen["absent"], sighting.day)
            return
        insort(self.seen[""], sighting.day)
        if not sighting.former:
            insort(self.seen[sighting.kind], sighting.day)
            for post in posts_of(sighting.title):
                insort(self.held[post], sighting.day)

    def call(self, name: str) -> None:
        """Learn a name."""
        self.names[name] += 1
        self.spellings.add(tokens(name))
        if number := numeral(name):
            self.numbers.add(number)

    def absorb(self, other: Person) -> None:
        self.ref = self.ref or other.ref
        self.called = self.called or other.called
        self.born, self.died = self.born or other.born, self.died or other.died
        self.names += other.names
        self.titles += other.titles
        self.spellings |= other.spellings
        self.nations += other.nations
        self.offices += other.offices
        self.numbers |= other.numbers
        self.given = self.given or other.given
        for mine, others in ((self.seen, other.seen), (self.held, other.held)):
            for kind, days in others.items():
                mine[kind] = sorted(mine[kind] + days)
        for kind, spans in other.terms.items():
            self.terms[kind] += spans

    def alive(self, day: int) -> bool:
        """Whether somebody who acts on `day` can be this person."""
        if self.born is not None and not self.born + _OF_AGE <= day <= self.born + _OLDEST:
            return False
        return self.died is None or day <= self.died

    def distance(self, kind: str, day: int, former: bool = False) -> float:
        """Days between `day` and the nearest one on which the person is known in that office."""
        if kind in self.terms and not former:
            return 0 if self._serves(self.terms[kind], day) else float("inf")
        if not kind and any(self._serves(terms, day) for terms in self.terms.values()):
            return 0
        days = self.days if former or not kind else self.seen.get(kind)
        if not days:
            return float("inf")
        if former:
            return 0 if days[0] <= day <= days[0] + 2 * LIFETIME else float("inf")
        at = bisect_left(days, day)
        before, after = days[max(at - 1, 0)], days[min(at, len(days) - 1)]
        if before <= day <= after and after - before <= TERM:
            return 0
        return min(abs(day - before), abs(day - after))

    @property
    def days(self) -> list[int]:
        """The days on which the person is known in any office: of terms, the first and the last."""
        spans = [day for terms in self.terms.values() for term in terms for day in term]
        return sorted([*self.seen.get("", ()), *spans]) if spans else self.seen.get("", [])

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

    def numbered(self, name: str) -> bool:
        """Whether the number in `name`, if it has one, can be this person's."""
        number = numeral(name)
        return not number or not self.numbers or number in self.numbers

    def holds(self, title: str, day: int) -> bool:
        """Whether rows have the person in the post before and after `day`, in two years."""
        for post in posts_of(title):
            days = self.held.get(post) or [0]
            at = bisect_left(days, day)
            around = days[max(at - 1, 0)], days[min(at, len(days) - 1)]
            if around[0] <= day <= around[1] and around[1] - around[0] <= 2 * YEAR:
                return True
        return False

    @staticmethod
    def _serves(terms: list[tuple[int, int]], day: int) -> bool:
        return any(start - 31 <= day <= end + 31 for start, end in terms)

    def is_of(self, nation: str) -> bool:
        """Whether the person is of that nation, rather than once met there."""
        return 2 * self.nations[nation] >= max(self.nations.values(), default=1)

    @property
    def patronymic(self) -> bool:
        """Whether a name tells whose child this is, so that the tail of it names the father."""
        return any(_SON.search(name) for name in self.names)

    @property
    def common(self) -> str:
        """The commonest of the full spellings, as rows write it."""
        full = [name for name in self.names if len(tokens(name)) > 1] or list(self.names)
        return min(full, key=lambda name: (-self.names[name], -len(name), name))

    @property
    def label(self) -> str:
        """What to call the person: a name, without title or address; one that has the given names
        too, where the commonest (Lopez Michelson) leaves them out.
        """
        if self.called:
            return self.called
        common = tokens(self.common)
        fuller = [name for name in self.names if _leaves_out(common, tokens(name))]
        best = min(fuller, key=lambda name: (-self.names[name], len(name), name), default="")
        return plain(best or self.common)

    @property
    def nation(self) -> str:
        ranked = sorted(self.nations, key=lambda nation: (-self.nations[nation], nation))
        return ranked[0] if ranked else ""

    def nation_in(self, kind: str) -> str:
        """The nation in which the person has offices of that kind."""
        found = {nation: times for (each, nation), times in self.offices.items() if each == kind}
        return min(found, key=lambda nation: (-found[nation], nation), default=self.nation)


def _leaves_out(short: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether a name has the words of a shorter one, and others before them."""
    starts = range(1, len(name) - len(short) + 1)
    return name[0] not in short and any(name[at : at + len(short)] == short for at in starts)
