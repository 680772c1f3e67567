"""Reads the search index that a release carries (built by `kg.build.publish.search_index`)."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import filterfalse
from pathlib import Path

# Entries are numbered best known first, so the first matches are the ones to rank and count.
# This bounds the time of a query that matches half of the graph.
MOST = 500
_LONGEST_WORD = 40  # characters of a word that is respelt, each of which is left out in turn
Match = tuple[int, str, str, float]  # id, type, source, score; a lower score is better
SNIPPET_WORDS = 24
_OPEN, _CLOSE = "\x02", "\x03"

_MATCHES = """
SELECT entry.id, type, source, bm25(words, 8, 4, 1)
    - (entry.title = :exact COLLATE NOCASE) * 100 + (type IN ('claim', 'record')) * 5 AS score
FROM words JOIN entry ON entry.id = words.rowid
WHERE words MATCH :match AND (:kind = '' OR type = :kind) AND (:source = '' OR source = :source)
    AND (:claims OR type <> 'claim')
LIMIT :most
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry that was found.

    `kind` is the TYPE of its IRI. `snippet` is the passage that matched, as runs of text of which
    every second one is a match. `source` is the IRI of the document or data set that says it,
    `source_title` its label.
    """

    iri: str
    kind: str
    title: str
    other_names: tuple[str, ...] = ()
    snippet: tuple[str, ...] = ()
    source: str = ""
    source_title: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of the counted hits have this value. `label` is for people."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """An answer.

    `corrected` is what was searched for instead, where a name was misspelt; `more` says that
    counting stopped at `total`.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    more: bool = False
    corrected: str = ""
    kinds: tuple[Facet, ...] = ()
    sources: tuple[Facet, ...] = ()


def fold(text: str) -> str:
    """Lower case without diacritics, as the index has it."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(filterfalse(unicodedata.combining, plain)).lower()


class SearchIndex:
    """One connection to the index of one release."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._index = connection

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[SearchIndex]:
        """Open the index at `path`. It never changes, so neither locks nor checks are needed."""
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            yield cls(connection)
        finally:
            connection.close()

    def find(
        self,
        query: str,
        *,
        kind: str = "",
        source: str = "",
        claims: bool = True,
        start: int = 0,
        size: int = 20,
    ) -> Found:
        """The entries that hold all words of `query`, the last one as a prefix, best first.

        `kind` and `source` narrow them; without `claims` only things with a name are left.
        """
        tokens = re.findall(r"\w+", fold(query.replace("\0", " ")))[:16]
        if not tokens:
            return Found()
        corrected = ""
        rows = self._rows(tokens, kind, source, claims)
        if not rows:
            tokens = [self._respell(token) for token in tokens]
            corrected = " ".join(tokens)
            rows = self._rows(tokens, kind, source, claims)
        page = [row[0] for row in rows[start : start + size]]
        snippets = self._snippets(tokens, page)
        titles = self._titles({row[2] for row in rows})
        return Found(
            tuple(self._hit(key, snippets.get(key, ()), titles) for key in page),
            len(rows),
            len(rows) == MOST,
            corrected if rows else "",
            _count([row[1] for row in rows], {}),
            _count([row[2] for row in rows if row[2]], titles),
        )

    def entry(self, iri: str) -> Hit | None:
        """The entry of one thing."""
        found = self._index.execute("SELECT id FROM entry WHERE iri = ?", [iri]).fetchone()
        return self._hit(found[0], (), {}) if found else None

    def references(self, iri: str) -> dict[str, int]:
        """How often a hub is referred to by each property; nothing for what is no hub."""
        counted = "SELECT property, times FROM hub WHERE iri = ?"
        return dict(self._index.execute(counted, [iri]).fetchall())

    def _hit(self, key: int, snippet: tuple[str, ...], titles: dict[str, str]) -> Hit:
        iri, kind, source, title, names = self._index.execute(
            "SELECT iri, type, source, title, names FROM entry WHERE id = ?", [key]
        ).fetchone()
        others = tuple(dict.fromkeys(each for each in names.split("\n") if each and each != title))
        return Hit(iri, kind, title, others, snippet, source, titles.get(source, ""))

    def _rows(self, tokens: list[str], kind: str, source: str, claims: bool) -> list[Match]:
        values = {
            "match": _match(tokens),
            "exact": " ".join(tokens),
            "kind": kind,
            "source": source,
            "claims": claims,
            "most": MOST,
        }
        found = self._index.execute(_MATCHES, values).fetchall()
        return sorted(found, key=lambda row: (row[3], row[0]))

    def _respell(self, token: str) -> str:
        """The nearest word of the names in the graph, where no entry has `token`."""
        known = "SELECT 1 FROM words WHERE words MATCH ? LIMIT 1"
        if (
            not 4 <= len(token) <= _LONGEST_WORD
            or self._index.execute(known, [_match([token])]).fetchone()
        ):
            return token
        forms = sorted({token, *(token[:i] + token[i + 1 :] for i in range(len(token)))})
        marks = ",".join("?" * len(forms))
        near = self._index.execute(
            f"SELECT DISTINCT word FROM spelling WHERE deletion IN ({marks})",  # noqa: S608 - marks
            forms,
        )
        return max(
            (word for (word,) in near),
            key=lambda word: (SequenceMatcher(None, token, word).ratio(), word),
            default=token,
        )

    def _snippets(self, tokens: list[str], ids: list[int]) -> dict[int, tuple[str, ...]]:
        marks = ",".join("?" * len(ids))
        found = self._index.execute(
            f"SELECT rowid, snippet(words, 2, ?, ?, '…', ?) FROM words "  # noqa: S608 - marks
            f"WHERE words MATCH ? AND rowid IN ({marks})",
            [_OPEN, _CLOSE, SNIPPET_WORDS, _match(tokens), *ids],
        )
        return {
            rowid: tuple(re.split(f"[{_OPEN}{_CLOSE}]", text))
            for rowid, text in found
            if _OPEN in text
        }

    def _titles(self, iris: set[str]) -> dict[str, str]:
        marks = ",".join("?" * len(iris))
        found = self._index.execute(
            f"SELECT iri, title FROM entry WHERE iri IN ({marks})",  # noqa: S608 - marks
            sorted(iris),
        )
        return dict(found.fetchall())


def _match(tokens: list[str]) -> str:
    """FTS5 query (sqlite.org/fts5.html §3): tokens hold no quotes, so quoting makes them safe."""
    return " ".join(f'"{token}"' for token in tokens) + " *"


def _count(values: list[str], labels: dict[str, str]) -> tuple[Facet, ...]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Facet(value, labels.get(value, value), count) for value, count in ranked[:12])
