"""Words looked up in single literals, for SPARQL (`kg.store.fulltext`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from kg.model.namespaces import SPOKEN
from kg.model.rdf import Iri, Literal
from kg.store.search.reading import LONGEST, fold
from kg.store.tables import connect

_ASKED = re.compile(r'"([^"]*)"|(\w+)(\*?)')
_MOST = 32  # words of one pattern

_FOUND = """
SELECT iif(subject = '', entry.iri, subject), property.iri, spoken, language, -rank FROM words
JOIN literal ON literal.entry = words.rowid JOIN entry ON entry.id = words.rowid
JOIN property ON property.id = property
WHERE words MATCH ? AND rank MATCH 'bm25(8, 4, 2, 1)' AND (? = '' OR property.iri = ?)
    AND (? = '' OR lower(language) = ? OR lower(language) LIKE ? || '-%')
ORDER BY rank, literal.entry, property, language, spoken
"""


class Spoken(NamedTuple):
    """A literal that has the words, whose it is by which property, and how near it is."""

    subject: Iri
    property: Iri
    literal: Literal
    score: float


def properties(index: Path) -> list[Iri]:
    """Whose literals can be looked up; a query that is only read has no index."""
    if not index.is_file():
        return list(SPOKEN)
    with closing(connect(index)) as tables:
        return [iri for (iri,) in tables.execute("SELECT iri FROM property ORDER BY id")]


def literals(index: Path, words: str, of: Iri, language: str, most: int) -> Iterator[Spoken]:
    """Up to `most` literals with all of `words`, the nearest first.

    `of` is the property, `language` a tag, both empty for any. Case and accents make no difference;
    what is in quotes is one phrase, and `word*` a beginning.
    """
    asked = [
        (re.findall(r"\w+", phrase or word), bool(star))
        for phrase, word, star in _ASKED.findall(fold(words[:LONGEST]))
        if phrase.strip() or word
    ][:_MOST]
    match = " AND ".join(
        f'"{" ".join(said)}"{" *" if star else ""}' for said, star in asked if said
    )
    if not match or not index.is_file():
        return
    tests = [_test(said, star=star) for said, star in asked if said]
    given = (match, of, of, language, language, language)
    with closing(connect(index)) as tables:
        for subject, by, text, tag, score in tables.execute(_FOUND, given):
            folded = " ".join(re.findall(r"\w+", fold(text)))
            if all(f" {folded} ".find(test) >= 0 for test in tests):
                yield Spoken(subject, by, Literal(text, language=tag), round(score, 4))
                most -= 1
                if not most:
                    return


def _test(said: list[str], *, star: bool) -> str:
    return f" {' '.join(said)}" + ("" if star else " ")
