"""Words that no name has, as the names that they are near to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import product

from anyascii import anyascii
from rapidfuzz.distance import OSA

from kg.store.search.naming import meanings
from kg.store.search.reading import Word, fold, key

_LONGEST = 40  # characters of a word that is respelt, each of which is left out in turn
_NEAR = 3  # ways to spell a word that are tried


def respelt(index: sqlite3.Connection, words: Sequence[Word]) -> tuple[tuple[Word, ...], str]:
    """`words` as names of the graph have them, and the same as text.

    First those that nothing has are replaced; where nothing has the others together, these, too.
    """
    known = [_known(index, [each]) for each in words]
    ways = [
        [each] if there else list(_near(index, each)) or [each]
        for each, there in zip(words, known, strict=True)
    ]
    tried = list(product(*ways))[:9]
    if all(known):
        single = [list(_near(index, each))[:_NEAR] for each in words]
        tried = [
            (*words[:at], near, *words[at + 1 :])
            for at, found in enumerate(single)
            for near in found
        ][:27]
    found = next((each for each in tried if _known(index, each)), tried[0] if tried else words)
    return tuple(found), key(found)


def relaxed(index: sqlite3.Connection, words: Sequence[Word]) -> tuple[tuple[Word, ...], str]:
    """The longest name in `words`, of several the last, where nothing has all of them."""
    found = max(
        meanings(index, words),
        key=lambda each: (not each.initials, each.end - each.start, each.end),
        default=None,
    )
    left = tuple(words[found.start : found.end] if found else words)
    return left, key(left)


def _known(index: sqlite3.Connection, words: Sequence[Word]) -> bool:
    match = " AND ".join(each.match for each in words)
    return bool(
        index.execute("SELECT 1 FROM words WHERE words MATCH ? LIMIT 1", [match]).fetchone()
    )


def _near(index: sqlite3.Connection, word: Word) -> Iterator[Word]:
    """The words of names next to `word`, the nearest and commonest first; another script's letters
    as they sound.
    """
    text = word.key if word.key.isascii() else fold(anyascii(word.key))
    if word.phrase or not 4 <= len(text) <= _LONGEST:
        return
    if text != word.key and _known(index, [Word(text, text)]):
        yield Word(text, text)
        return
    forms = sorted({text, *(text[:i] + text[i + 1 :] for i in range(len(text)))})
    marks = ",".join("?" * len(forms))
    near = index.execute(
        f"SELECT word, max(entries) FROM spelling WHERE deletion IN ({marks}) GROUP BY word",  # noqa: S608
        forms,
    )
    ranked = sorted(near, key=lambda row: (OSA.distance(text, row[0]), -row[1], row[0]))
    for name, _ in ranked[:_NEAR]:
        yield Word(name, name)
