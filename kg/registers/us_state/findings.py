"""What a survey finds, in the least room: of each person a portrait, of each row its finding.

Findings are packed, those of a file together. Bytes hold no objects whose reference counts change,
so that the memory that they are in stays shared by all processes, and the process that maps a file
unpacks its findings alone.
"""

from __future__ import annotations

import pickle
import re
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, cast

from kg.model.facts import Ref, Span
from kg.registers.us_state.gazetteer import Gazetteer
from kg.registers.us_state.journeys import Journey
from kg.registers.us_state.people import SINGLE, Person, Sighting

# Offices that tell a post: the holder of one has it, not stands in, hopes for or has left it.
_POSTS = SINGLE | {"vice", "heir", "defense"}
# An office told this many times less often than another is taken for a slip, and not stated.
_SLIP = 10
_NOT_YET = re.compile(
    r"\b(?:Acting|Interim|Former|Provisional|Caretaker)\b|then-|outgoing|-(?:elect|designate)",
    re.IGNORECASE,
)


class Portrait(NamedTuple):
    """A person whom the rows of all data sets made known.

    `title` is the commonest, `nation` the one that they act for; `named` tells whether a row names
    them, rather than only the sheets or the corrections.
    """

    label: str
    names: tuple[str, ...]
    title: str
    nation: str
    named: bool

    @classmethod
    def of(cls, person: Person, named: bool) -> Portrait:
        titles = person.titles
        title = min(titles, key=lambda each: (-titles[each], each), default="")
        return cls(person.label, tuple(person.names), title, person.nation, named)


class Part(NamedTuple):
    """A person as one row names them, in which words: `visitor` where it is they who came.

    `post` is the nation and the title of the post that the row says they hold, if it does;
    `confidence` how sure it is that they are meant.
    """

    person: Ref
    visitor: bool
    post: tuple[str, str] | None
    span: Span
    confidence: Decimal

    @classmethod
    def of(
        cls,
        person: Person,
        ref: Ref,
        sighting: Sighting,
        confidence: Decimal,
        gazetteer: Gazetteer,
    ) -> Part:
        nation = sighting.acts_for or person.nation
        state = "/" not in nation and gazetteer.is_state(nation)
        post = (nation, _plain(sighting.title)) if state and _tells_post(person, sighting) else None
        return cls(ref, sighting.visitor, post, sighting.span, confidence)


class Finding(NamedTuple):
    """What the survey knows of a row.

    `parts` are the people who took part; `unresolved` the names that nobody could be sure of;
    `journey` the one that the stop belongs to, and `begun` that journey where it is the first.
    """

    parts: tuple[Part, ...] = ()
    unresolved: tuple[str, ...] = ()
    journey: Ref | None = None
    begun: Journey | None = None


NOTHING = Finding()


def pack(findings: Mapping[Ref, Finding]) -> bytes:
    """The findings of a file, by row, as bytes."""
    return zlib.compress(pickle.dumps(dict(findings), pickle.HIGHEST_PROTOCOL), 1)


def unpack(packed: bytes) -> Mapping[Ref, Finding]:
    """What `pack` packed in this build."""
    found = pickle.loads(zlib.decompress(packed))  # noqa: S301 - never from outside this process
    return cast("Mapping[Ref, Finding]", found)


def _tells_post(person: Person, sighting: Sighting) -> bool:
    if sighting.kind not in _POSTS or _NOT_YET.search(sighting.title):
        return False
    # "Prime Minister Lavrov", once among thirty-five rows, is a slip of the record.
    times = {kind: len(days) for kind, days in person.seen.items() if kind}
    return _SLIP * times.get(sighting.kind, 1) > max(times.values(), default=0)


def _plain(title: str) -> str:
    """A title without the honorifics that follow it: one post, however it is written."""
    return re.sub(r"\s+", " ", title.partition(" and ")[0]).strip()
