"""Names in a search: which things its words may mean, and what else those are called."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.store.search.reading import FAMILY, INITIALS, MOST_WORDS, NAMED, Word, key, read

_ENTRIES = 3  # things of one name whose other names are tried
_BEGUN = 20  # things whose name begins with a word
_NAMES = 12  # other names that are tried for one


class Meant(NamedTuple):
    """Words from `start` to `end` that name things, the likeliest first, with how they do."""

    start: int
    end: int
    things: tuple[tuple[int, int], ...]  # how, id

    @property
    def initials(self) -> bool:
        """Whether the words are but the first letters of a name."""
        return self.things[0][0] == INITIALS


def named(index: sqlite3.Connection, keys: Iterable[str]) -> dict[str, tuple[tuple[int, int], ...]]:
    """The things of each key, as how and id, the best known first, those by initials last."""
    wanted = sorted(set(keys))
    marks = ",".join("?" * len(wanted))
    found = defaultdict[str, dict[int, int]](dict)
    for name, how, number in index.execute(
        f"SELECT key, how, id FROM alias WHERE key IN ({marks}) ORDER BY key, how, id",  # noqa: S608
        wanted,
    ):
        # Initials are what few are known by: USA is no name of Union of South Africa's alone.
        if how != INITIALS or 2 <= len(name) <= 5:
            found[name].setdefault(number, how)
    return {
        name: tuple((how, number) for number, how in sorted(things.items(), key=_rank))
        for name, things in found.items()
    }


def _rank(thing: tuple[int, int]) -> tuple[bool, int]:
    """Initials come last; otherwise entries are numbered best known first."""
    number, how = thing
    return how == INITIALS, number


def meanings(index: sqlite3.Connection, words: Sequence[Word]) -> list[Meant]:
    """The names in `words`, the longest at each place."""
    spans = [
        (start, end)
        for start in range(len(words))
        for end in range(min(len(words), start + MOST_WORDS), start, -1)
        if not any(each.phrase for each in words[start:end])
    ]
    known = named(index, (key(words[start:end]) for start, end in spans))
    found: list[Meant] = []
    done = 0
    for start, end in spans:
        things = known.get(key(words[start:end]))
        if things and start >= done:
            found.append(Meant(start, end, things))
            done = end
    return found


def begun(index: sqlite3.Connection, word: Word) -> tuple[tuple[int, int], ...]:
    """Things whose name begins with `word`, or with one of what it has several of: a Secretary of
    State for secretaries.
    """
    first = singular(word.key)
    found = index.execute(
        "SELECT DISTINCT how, id FROM alias WHERE key >= ? AND key < ? AND how = ? "
        "ORDER BY id LIMIT ?",
        [f"{first} ", f"{first}!", NAMED, _BEGUN],
    )
    return tuple(found.fetchall())


def singular(word: str) -> str:
    """One of what an English noun names several of."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s")


def others(index: sqlite3.Connection, meant: Meant, words: Sequence[Word]) -> Iterator[str]:
    """Other names of what is meant, and of what shares one of these, as phrases of FTS5.

    So the Soviet Union finds what is said of the U.S.S.R., and what is Russia's that has this name.
    """
    said = {each.text for each in words[meant.start : meant.end]}
    first = [number for how, number in meant.things if how != FAMILY][:_ENTRIES]
    names = _names(index, first)
    shared = named(index, (key(read(each)) for each in names))
    further = (number for things in shared.values() for how, number in things if how == NAMED)
    names |= _names(index, list(dict.fromkeys(further))[:_ENTRIES])
    for name in list(names)[:_NAMES]:
        phrase = " ".join(each.text for each in read(name, whole=True))
        if not said <= set(phrase.split()):
            yield f'"{phrase}"'


def _names(index: sqlite3.Connection, ids: Sequence[int]) -> dict[str, None]:
    marks = ",".join("?" * len(ids))
    found = index.execute(f"SELECT names FROM entry WHERE id IN ({marks}) ORDER BY id", ids)  # noqa: S608
    return {name: None for (names,) in found for name in names.split("\n") if len(name) < 60}
