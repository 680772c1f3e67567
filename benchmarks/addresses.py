"""Addresses of pages by kind, drawn from the tables of a release by a seeded generator.

Of some kinds there are few: whoever asks sends another Accept each time, as a server keeps what it
has answered.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urlencode

from kg.store.release import Release

PEOPLE = 400  # pages on two things are asked of so many that are best known
LISTED = ("person", "place", "post", "record", "state", "tenure", "visit")
_VALUES = (
    "SELECT facet.name, ref FROM value JOIN facet ON facet.id = facet "
    "JOIN thing ON thing.id = value.thing WHERE happening = ? AND instr(facet.name, ':') = 0 "
    "AND role NOT IN ('', 'rival')"
)


@dataclass(frozen=True, slots=True)
class Held:
    """What a release holds that addresses can name.

    `things` are the ends of addresses by kind, the best known first; `values` pairs of a facet and
    what it may be, of one event each time; `days` those on which events began.
    """

    things: Mapping[str, Sequence[str]]
    names: Sequence[str]
    values: Sequence[Sequence[tuple[str, str]]]
    days: Sequence[str]
    disputes: Sequence[tuple[str, str]]
    questions: Sequence[str]

    @classmethod
    def of(cls, release: Release, random: Random) -> Held:
        """Read the tables of `release`."""
        own, things = f"{release.manifest.base}id/", dict[str, list[str]]()
        with closing(sqlite3.connect(release.search)) as search:
            for iri, kind in search.execute(
                "SELECT iri, type FROM entry WHERE type <> 'claim' OR source <> '' ORDER BY id"
            ):
                things.setdefault(kind, []).append(iri.removeprefix(own))
            named = "SELECT title FROM entry WHERE type NOT IN ('claim', 'record') ORDER BY id"
            names = [name for (name,) in search.execute(named)]
            disputes = search.execute(
                "SELECT DISTINCT facet, value FROM disagreement_facet "
                "WHERE facet IN ('kind', 'state', 'type', 'source') ORDER BY 1, 2"
            ).fetchall()
        with closing(sqlite3.connect(release.happenings)) as tables:
            found = tables.execute(
                "SELECT happening.id, start_earliest FROM happening JOIN thing AS t ON t.id = kind "
                "WHERE start_earliest > 0 AND ref = 'visit' ORDER BY 1"
            ).fetchall()
            some = random.sample(found, min(len(found), 1000))
            values = [tables.execute(_VALUES, [number]).fetchall() for number, _ in some]
        days = [f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}" for _, day in some]
        return cls(things, names, values, days, disputes, [*release.manifest.questions])


def _thing(kind: str) -> Callable[[Held, Random], str]:
    return lambda held, random: f"/page/{random.choice(held.things[kind])}"


def _facets(path: str, most: int) -> Callable[[Held, Random], str]:
    """One to `most` facets that some event has, so that there is something to show."""

    def draw(held: Held, random: Random) -> str:
        own = random.choice([each for each in held.values if each])
        return (
            f"{path}?{urlencode(dict(random.sample(own, min(len(own), random.randint(1, most)))))}"
        )

    return draw


def _period(path: str) -> Callable[[Held, Random], str]:
    def draw(held: Held, random: Random) -> str:
        one, other = sorted(each[:4] for each in random.sample(held.days, 2))
        return f"{path}?period={one}/{other}"

    return draw


def _list(held: Held, random: Random) -> str:
    kind = random.choice([each for each in LISTED if each in held.things])
    return f"/page/{kind}/?page={random.randint(1, 1 + (len(held.things[kind]) - 1) // 100)}"


def _pair(kind: str, other: str) -> Callable[[Held, Random], str]:
    def draw(held: Held, random: Random) -> str:
        one, two = (random.choice(held.things[each][:PEOPLE]) for each in (kind, other))
        return f"/between/{min(one, two)}/{max(one, two)}" if one != two else draw(held, random)

    return draw


def _compared(held: Held, random: Random) -> str:
    one, other = sorted(random.sample(held.things["document"], 2))
    return f"/compare/{one.partition('/')[2]}/{other.partition('/')[2]}"


KINDS: Mapping[str, Callable[[Held, Random], str]] = {
    "home": lambda *_: "/",
    "list of a kind": _list,
    "events by facets": _facets("/visits", 2),
    "events of a period": _period("/visits"),
    "all events": lambda *_: "/visits",
    "map": lambda *_: "/map",
    "map of a period": _period("/map"),
    "timeline": lambda *_: "/timeline",
    "timeline of a period": _period("/timeline"),
    "disagreements": lambda held, random: (
        f"/disagreements?{urlencode([random.choice(held.disputes)])}"
    ),
    "search": lambda held, random: f"/search?q={quote(random.choice(held.names)[:80])}",
    "two people": _pair("person", "person"),
    "a person and a state": _pair("person", "state"),
    "two documents": _compared,
    "a day": lambda held, random: f"/on/{random.choice(held.days)}",
    "a claim": _thing("claim"),
    "a record": _thing("record"),
    "a visit": _thing("visit"),
    "a person": _thing("person"),
    "one of the best known people": lambda held, random: (
        f"/page/{random.choice(held.things['person'][:50])}"
    ),
    "a place": _thing("place"),
    "one of the best known places": lambda held, random: (
        f"/page/{random.choice(held.things['place'][:50])}"
    ),
    "a state": _thing("state"),
    "a post": _thing("post"),
    "a document": _thing("document"),
    "a saved question": lambda held, random: f"/queries/{random.choice(held.questions)}",
}


def drawn(release: Release, number: int, seed: int) -> dict[str, list[str]]:
    """`number` addresses of each kind; kinds of which the release has nothing are left out."""
    random = Random(seed)
    held, found = Held.of(release, random), dict[str, list[str]]()
    for kind, draw in KINDS.items():
        with suppress(KeyError, IndexError, ValueError):
            found[kind] = [draw(held, random) for _ in range(number)]
    return found
