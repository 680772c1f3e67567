"""What a survey finds, in the least room: of each person a portrait, of each row its finding.

Findings are packed, those of a file together. Bytes hold no objects whose reference counts change,
so that the memory that they are in stays shared by all processes, and the process that maps a file
unpacks its findings alone.
"""

from __future__ import annotations

import pickle
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, cast

from kg.model.facts import Mention, Ref, Span
from kg.registers.us_state.attested import Post, Served
from kg.registers.us_state.gazetteer import Gazetteer
from kg.registers.us_state.journeys import Journey
from kg.registers.us_state.names import family_first, tokens
from kg.registers.us_state.people import SINGLE, Person, Sighting
from kg.registers.us_state.resolving import DEAD, ENOUGH
from kg.registers.us_state.titles import kind_of, posts_of

# Offices that tell a post: the holder of one has it, not stands in, hopes for or has left it.
_POSTS = SINGLE | {"vice", "heir", "defense"}
# An office told this many times less often than another, which the person had within so many days,
# is taken for a slip, and not stated.
_SLIP, _AT_ONCE = 10, 180
_NOT_YET = re.compile(
    r"\b(?:Acting|Interim|Former|Provisional|Caretaker|late)\b|then-|outgoing|interim|-(?:elect|designate)",
    re.IGNORECASE,
)


# Where the name of the family stands first as it is.
_FAMILY_FIRST = frozenset(
    ("cambodia", "china", "korea-north", "korea-south", "laos", "taiwan", "vietnam", "burma")
)


class Portrait(NamedTuple):
    """A person whom the rows of all data sets made known.

    `title` is the commonest, `nation` the one that they act for; `named` tells whether a row names
    them, rather than only the sheets or the corrections; `sorted` is the name by which lists order
    them, `served` their times in posts.
    """

    label: str
    names: tuple[str, ...]
    title: str
    nation: str
    named: bool
    sorted: str
    served: tuple[tuple[Post, str, str], ...]

    @classmethod
    def of(cls, person: Person, named: bool, tenures: Iterable[Served]) -> Portrait:
        titles = person.titles
        title = min(titles, key=lambda each: (-titles[each], each), default="")
        short = [name for name in person.names if len(tokens(name)) == 1]
        return cls(
            person.label,
            tuple(person.names),
            title,
            person.nation if person.nations[person.nation] > 2 else "",
            named,
            person.label if person.nation in _FAMILY_FIRST else family_first(person.label, short),
            tuple((each.post, each.first.iso[:4], each.last.iso[:4]) for each in tenures),
        )


class Part(NamedTuple):
    """A person as one row names them, in which words.

    `role` is "traveller" where it is they who came, "along" and "absent" as `TitledName` has them.
    `posts` are the nations and titles of the posts that the row says they hold; `confidence` is how
    sure it is that they are meant, and `decision` the one by which a person said so.
    """

    person: Ref | None
    role: str
    posts: tuple[Post, ...]
    span: Span
    confidence: Decimal
    decision: Ref | None = None

    @classmethod
    def of(
        cls, person: Person | None, sighting: Sighting, confidence: Decimal, gazetteer: Gazetteer
    ) -> Part:
        if person is None:
            return cls(None, sighting.role, (), sighting.span, confidence)
        if sighting.role != "absent" and not person.alive(sighting.day):
            confidence = min(confidence, DEAD)
        posts = tuple(_posts(person, sighting, gazetteer))
        return cls(person.ref, sighting.role, posts, sighting.span, confidence)

    @property
    def visitor(self) -> bool:
        return self.role == "traveller"

    @property
    def sure(self) -> bool:
        return self.decision is not None or self.confidence >= ENOUGH


class Finding(NamedTuple):
    """What the survey knows of a row.

    `parts` are the people who took part; `unresolved` the names that nobody could be sure of;
    `journey` the one that the stop belongs to, `begun` that journey where it is the first, and
    `closes` whether it ends with this stop;
    `served` the times in posts that it attests; `towns` the places that its prose names, and
    `repeats` an earlier row that records the same.
    """

    parts: tuple[Part, ...] = ()
    unresolved: tuple[str, ...] = ()
    journey: Ref | None = None
    begun: Journey | None = None
    closes: bool = False
    served: tuple[Served, ...] = ()
    towns: tuple[Mention, ...] = ()
    repeats: Ref | None = None


NOTHING = Finding()


def pack(findings: Mapping[Ref, Finding]) -> bytes:
    """The findings of a file, by row, as bytes."""
    return zlib.compress(pickle.dumps(dict(findings), pickle.HIGHEST_PROTOCOL), 1)


def unpack(packed: bytes) -> Mapping[Ref, Finding]:
    """What `pack` packed in this build."""
    found = pickle.loads(zlib.decompress(packed))  # noqa: S301 - never from outside this process
    return cast("Mapping[Ref, Finding]", found)


def _posts(person: Person, sighting: Sighting, gazetteer: Gazetteer) -> Iterator[Post]:
    """The posts that a sighting says the person holds: of the nation that the words give, else of
    the one in which the person is known to have such an office.
    """
    if _NOT_YET.search(sighting.title):
        return
    titles = posts_of(sighting.title)
    for title in titles:
        kind = kind_of(title)
        nation = sighting.acts_for or person.nation_in(kind)
        state = nation and "/" not in nation and gazetteer.is_state(nation)
        if (
            state
            and kind in _POSTS
            and not (len(titles) == 1 and _slip(person, kind, sighting.day))
        ):
            yield nation, title


def _slip(person: Person, kind: str, day: int) -> bool:
    """Whether the person had no such office: "Prime Minister Lavrov", once in thirty-five rows."""
    if kind in person.terms and person.distance(kind, day):
        return True
    if kind not in SINGLE:
        return False
    others = {each: len(days) for each, days in person.seen.items() if each in _POSTS - {kind}}
    return any(
        _SLIP * len(person.seen[kind]) <= times and person.distance(each, day) <= _AT_ONCE
        for each, times in others.items()
    )
