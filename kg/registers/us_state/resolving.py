"""Who is meant: names in remarks resolved to people by nation, office and date.

Full names are gathered first, across spellings; then names that are only a surname or a regnal
name go to the one person of that nation who bears it and is known in that office about that
date. Where two could be meant, nobody is taken: the name stays a guess, for review.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.model.facts import Ref
from kg.registers.us_state.names import alike, compatible, numeral, sound
from kg.registers.us_state.people import LIFETIME, SINGLE, TERM, YEAR, Person, Sighting

Key = tuple[Ref, int]
# How far, in days, a surname may lie from the nearest date on which its bearer is known in that
# office. The nearest are settled first and widen what is known, until nothing more follows.
REACH = (YEAR // 2, YEAR, 2 * YEAR, 4 * YEAR, 8 * YEAR)
# How sure a name is: a full one; a surname by how far its bearer is known; a name of another state
# than the one where it was said; one that nothing else is known of; one of the dead. What is less
# sure than ENOUGH stays evidence, and is listed for review.
FULL, ALONE, ABROAD, GUESS, DEAD = map(Decimal, ("0.99", "0.9", "0.9", "0.5", "0.1"))
NEAR = tuple(map(Decimal, ("0.98", "0.97", "0.95", "0.93", "0.9")))
ENOUGH = Decimal("0.8")
# A rival must be at least this much farther away, or the name is not sure.
MARGIN = 2 * YEAR
# Two who are known by one surname alone, in one state, are one within this time.
NAMESAKE = 12 * YEAR


@dataclass(slots=True)
class Resolution:
    """The people found, who each sighting is and how surely, and why some are not sure."""

    people: list[Person]
    who: dict[Key, Person]
    sure: dict[Key, Decimal]
    unresolved: dict[Key, str]


def resolve(sightings: Sequence[Sighting], known: Iterable[Person]) -> Resolution:
    """Resolve all sightings of all data sets together. The order of the input decides nothing."""
    full = [each for each in sightings if len(each.words) > 1]
    open_ = sorted((each for each in sightings if len(each.words) == 1), key=lambda each: each.key)
    people, who = _gather(full, list(known))
    sure = dict.fromkeys(who, FULL)
    unresolved: dict[Key, str] = {}
    index = _Index(people)
    for reach, confidence in zip(REACH, NEAR, strict=True):
        while settled := [(each, person) for each in open_ if (person := index.find(each, reach))]:
            for sighting, person in settled:
                home = person.is_of(sighting.nation)
                who[sighting.key], sure[sighting.key] = person, confidence if home else ABROAD
                person.take(sighting)
            open_ = [each for each in open_ if each.key not in who]
    for sighting in open_:
        rivals = index.rivals(sighting)
        if others := rivals or index.holders(sighting):
            names = " or ".join(sorted({each.label for each in others}))
            unresolved[sighting.key] = f"{sighting.title} {sighting.name}: {names}, or another"
            if rivals:
                who[sighting.key], sure[sighting.key] = rivals[0], GUESS
            continue
        person = index.namesake(sighting)
        if person is None and sighting.role == "absent":
            continue  # a statue's, a street's: nobody who did anything here
        person = index.enter(sighting, person)
        who[sighting.key], sure[sighting.key] = person, ALONE
    return Resolution(index.people, who, sure, unresolved)


def _gather(
    full: Sequence[Sighting], known: list[Person]
) -> tuple[list[Person], dict[Key, Person]]:
    """One person for all spellings of one full name, close in time and of one nation."""
    group_of: dict[Key, Person] = {}
    groups: list[Person] = []
    latest: tuple[object, int] = ((), 0)
    for sighting in sorted(full, key=lambda each: (*_name_of(each), each.day, each.key)):
        name, day = latest
        if name != _name_of(sighting) or sighting.day - day > 2 * TERM:
            groups.append(Person())
        groups[-1].take(sighting)
        group_of[sighting.key] = groups[-1]
        latest = (_name_of(sighting), sighting.day)
    merged: dict[Person, Person] = {each: each for each in (*known, *groups)}
    # The longest names come first, so that each shorter one finds the person whose part it is; then
    # once more, since who took a name in may be one with another by it.
    ranked = sorted(groups, key=lambda each: (-_length(each), -each.names.total()))
    people = _merge([*known, *ranked], merged)
    people = _merge(people, merged)

    def last(person: Person) -> Person:
        while merged[person] is not person:
            person = merged[person]
        return person

    return people, {key: last(group) for key, group in group_of.items()}


def _name_of(sighting: Sighting) -> tuple[tuple[str, ...], int, str, str]:
    return sighting.words, numeral(sighting.name), sighting.nation, sighting.kind


def _length(person: Person) -> int:
    return max(map(len, person.spellings))


def _merge(people: Iterable[Person], merged: dict[Person, Person]) -> list[Person]:
    """Each person joined to the likeliest before them, of those who may be the same."""
    blocks: dict[str, dict[Person, None]] = defaultdict(dict)
    for person in people:
        keys = {sound(word) for spelling in person.spellings for word in spelling}
        rivals = dict.fromkeys(each for key in sorted(keys) for each in blocks[key])
        match = min(
            (each for each in rivals if _same(each, person)),
            key=lambda each: (not _fits(each, person), _gap(each, person)),
            default=None,
        )
        if match is not None:
            match.absorb(person)
            merged[person] = match
        for key in keys:
            blocks[key][match or person] = None
    return list(dict.fromkeys(person for block in blocks.values() for person in block))


def _same(one: Person, other: Person) -> bool:
    """Whether two spellings, which share the sound of a word, are one person's."""
    if (one.ref and other.ref and one.ref != other.ref) or (one.called and other.called):
        return False
    if (one.numbers and other.numbers and not one.numbers & other.numbers) or not (
        _can_be(one, other) and _can_be(other, one)
    ):
        return False
    gap = _gap(one, other)
    # Sheets name people without a nation, and of any time.
    shared = not one.nations or not other.nations or bool(one.nations.keys() & other.nations.keys())
    if shared and not (one.terms or other.terms) and _in_one_office(one, other):
        return True
    alone = bool(one.spellings & other.spellings) and (
        gap <= TERM or bool(one.numbers & other.numbers)
    )
    if gap > LIFETIME or not (shared or alone):
        return False
    close = gap <= 2 * TERM and not (one.patronymic or other.patronymic)
    return any(
        compatible(left, right, close)
        for left in one.spellings
        for right in other.spellings
        if len(left) > 1 and len(right) > 1
    )


def _can_be(one: Person, other: Person) -> bool:
    """Whether what is known exactly of one allows what was seen of the other."""
    if not all(one.alive(day) for day in other.seen.get("", ())):
        return False
    return all(
        any(one.distance(kind, day) == 0 for day in other.seen[kind])
        for kind in one.terms
        if other.seen.get(kind)
    )


def _fits(one: Person, other: Person) -> bool:
    """Whether an office of one is known exactly, and the other was seen in it."""
    return any(other.seen.get(kind) for kind in one.terms)


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
    if not (one.days and other.days):
        return 0
    spans = [(each.days[0], each.days[-1]) for each in (one, other)]
    return max(spans[0][0] - spans[1][1], spans[1][0] - spans[0][1], 0)


class _Index:
    """People by nation, and by the words of their names."""

    def __init__(self, people: list[Person]) -> None:
        self.people = people
        self._by_word: dict[str, dict[Person, None]] = defaultdict(dict)
        self._by_nation: dict[str, dict[Person, None]] = defaultdict(dict)
        self._bearers: dict[tuple[str, tuple[str, ...], bool], list[Person]] = {}
        self._minted: dict[str, dict[Person, set[Ref]]] = defaultdict(dict)
        for person in people:
            for word in {word for spelling in person.spellings for word in spelling}:
                self._by_word[word][person] = None
            for nation in person.nations:
                if person.is_of(nation):
                    self._by_nation[nation][person] = None

    def bearers(self, sighting: Sighting) -> list[Person]:
        """Those of the nation, or of one of the nations, whose name it may be."""
        found = (
            person
            for nation in (sighting.nation, *sighting.others)
            for person in self._of(nation, sighting.words, sighting.given)
            if _may_be(person, sighting) and person.distance("", sighting.day) <= 2 * LIFETIME
        )
        return [*dict.fromkeys(found)]

    def _of(self, nation: str, words: tuple[str, ...], given: bool) -> list[Person]:
        key = (nation, words, given)
        if key not in self._bearers:
            found = self._by_nation[nation]
            self._bearers[key] = [each for each in found if each.bears(words, given)]
        return self._bearers[key]

    def find(self, sighting: Sighting, reach: float) -> Person | None:
        """The one bearer of the name who fits, within `reach` days, if there is exactly one."""
        own = self.bearers(sighting)
        if not own and sighting.stated and not numeral(sighting.name):
            return None
        # Ali is Mohammed Ali rather than Liaquat Ali Khan.
        outer = [each for each in own if _borders(each, sighting.words)]
        found = _nearest(outer, sighting, reach) or _nearest(own, sighting, reach)
        if found is not None or (sighting.former and own):
            return found
        if not own:
            # Abroad, remarks name third parties: King Hussein in Cairo.
            others = [*self._abroad(sighting)]
            return _nearest(others, sighting, min(reach, YEAR)) or (
                _nearest(others, sighting, YEAR // 2, any_office=True) if reach > YEAR else None
            )
        # The same person in another office: a minister of old, now president; or long gone.
        if sighting.role == "absent" and reach == REACH[-1]:
            reach = LIFETIME
        found = _nearest(own, sighting, reach, any_office=True)
        if found is None or self.holders(sighting):
            return None
        # Whose offices are known exactly has no other: "President Kamilov" is a slip.
        slip = found.terms and sighting.kind in SINGLE and sighting.role != "absent"
        return None if slip else found

    def _abroad(self, sighting: Sighting) -> Iterator[Person]:
        """Those of any nation who are known by that very name; a king by his given one."""
        if sighting.given and sighting.kind not in {"state", "heir"}:
            return
        at = 0 if sighting.given else -1
        for person in self._by_word[sighting.words[0]]:
            known = any(spelling[at] == sighting.words[0] for spelling in person.spellings)
            kingly = person.given or not sighting.given
            if known and kingly and _may_be(person, sighting):
                yield person

    def rivals(self, sighting: Sighting) -> list[Person]:
        """Bearers of the name in that nation who could be meant, though none for sure."""
        return [
            each for each in self.bearers(sighting) if each.distance("", sighting.day) <= REACH[-1]
        ]

    def holders(self, sighting: Sighting) -> list[Person]:
        """Others who are known to hold the post, of which there is one, about that very day."""
        if sighting.kind not in SINGLE or sighting.former or sighting.role == "absent":
            return []
        words = sighting.words
        return [
            each
            for each in self._by_nation[sighting.nation]
            if each.holds(sighting.title, sighting.day) and not each.bears(words)
        ]

    def namesake(self, sighting: Sighting) -> Person | None:
        """Somebody known by that one name only, some years apart at most, and not at that time in
        another office of which there is one.
        """
        for person, rows in self._minted[sighting.nation].items():
            if sighting.key[0] in rows:
                continue  # one row names two
            one = person.bears(sighting.words) and person.given == sighting.given
            near = min(person.distance(each, sighting.day) for each in ("", "absent")) <= NAMESAKE
            if one and near and _may_be(person, sighting) and not _elsewhere(person, sighting):
                return person
        return None

    def enter(self, sighting: Sighting, person: Person | None) -> Person:
        """Enter a sighting of somebody who is known by such alone, maybe for the first time."""
        if person is None:
            person = Person()
            self.people.append(person)
        person.take(sighting)
        self._minted[sighting.nation].setdefault(person, set()).add(sighting.key[0])
        return person


def _borders(person: Person, words: tuple[str, ...]) -> bool:
    """Whether a name of the person begins or ends with the word, as the family's does."""
    return any(words[0] in (spelling[0], spelling[-1]) for spelling in person.spellings if spelling)


def _may_be(person: Person, sighting: Sighting) -> bool:
    there = sighting.role == "absent" or person.alive(sighting.day)
    return there and person.numbered(sighting.name)


def _elsewhere(person: Person, sighting: Sighting) -> bool:
    """Whether the person is known in another office at the time."""
    kinds = {kind for kind in person.seen if kind not in {"", "absent", sighting.kind}}
    return any(
        person.distance(kind, sighting.day) <= 31
        or (kind in SINGLE and person.seen[kind][0] < sighting.day < person.seen[kind][-1])
        for kind in kinds
        if person.seen[kind]
    )


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
    best = ranked[0][0]
    if best > reach or (len(ranked) > 1 and ranked[1][0] - best < (MARGIN if best else 1)):
        return None
    return people[ranked[0][1]]
