"""Reads the search index that a release carries (built by `kg.build.publish.search_index`)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.store.search import respelling
from kg.store.search.naming import begun, meanings, named, others, singular
from kg.store.search.reading import FAMILY, INITIALS, NAMED, SHORT, Word, key, read
from kg.store.tables import Tables

# Entries are numbered best known first, so the first matches are the ones to rank and count.
# This bounds the time of a query that matches half of the graph.
MOST = 500
Match = tuple[int, str, str, float]  # id, type, source, score; a higher score is better
SNIPPET_WORDS = 24
_FEW = 3  # words of which one may be initials, and the least of their letters
_MEANT = 8  # things that a name may mean
_OPEN, _CLOSE = "\x02", "\x03"

# What is found by its names before what is found by an office, and both before any text.
_MATCHES = """
WITH found AS (SELECT id, type, source, weight, bm25(words, 8, 4, 2, 1) AS far,
        1.0 + length(entry.title) - length(replace(entry.title, ' ', '')) AS long
    FROM words JOIN entry ON id = words.rowid
    WHERE words MATCH :match AND (:kinds = '[]' OR type IN (SELECT value FROM json_each(:kinds)))
        AND (:source = '' OR source = :source)
        AND (type <> 'claim' OR (:claims AND source <> ''))  -- else a passage without a page
    LIMIT :most),
  titled AS (SELECT rowid AS id FROM words WHERE words MATCH '{title names} : (' || :match || ')'
    LIMIT :most),
  called AS (SELECT rowid AS id FROM words
    WHERE words MATCH '{title names offices} : (' || :match || ')' LIMIT :most)
SELECT id, type, source, weight - max(-20, min(0, far)) / 4
    + CASE WHEN id IN titled THEN 30 + 5 * min(1, :count / long)
        WHEN id IN called THEN 20 ELSE 0 END
FROM found
"""
_ALIASED = """
SELECT id, type, source, weight FROM entry WHERE id IN ({marks})
    AND (:kinds = '[]' OR type IN (SELECT value FROM json_each(:kinds)))
    AND (:source = '' OR source = :source)
"""
# What it is worth that all words together are a thing's name.
_WORTH = {NAMED: 40.0, SHORT: 36.0, FAMILY: 34.0, INITIALS: 24.0}


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry that was found.

    `kind` is the TYPE of its IRI. `snippet` is the passage that matched, as runs of text of which
    every second one is a match. `source` is the IRI of the document or data set that says it,
    `source_title` its label. A higher `score` is better.
    """

    iri: str
    kind: str
    title: str
    other_names: tuple[str, ...] = ()
    snippet: tuple[str, ...] = ()
    source: str = ""
    source_title: str = ""
    score: float = 0.0


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


@dataclass(frozen=True, slots=True)
class Named:
    """Words of a search that are a name, or a word that is none; `things` are what it may mean."""

    words: str
    whole: bool
    things: tuple[Hit, ...]


class SearchIndex(Tables):
    """One connection to the index of one release."""

    def find(
        self,
        query: str,
        *,
        kinds: Sequence[str] = (),
        source: str = "",
        claims: bool = True,
        start: int = 0,
        size: int = 20,
    ) -> Found:
        """The entries that hold all words of `query`, the last one as a prefix, best first.

        `kinds` and `source` narrow them; without `claims` only things with a name are left.
        """
        words = read(query)
        if not words:
            return Found()
        narrowed: dict[str, str | bool] = {
            "kinds": json.dumps(kinds),
            "source": source,
            "claims": claims,
        }
        match, rows = self._search(words, narrowed)
        corrected = ""
        for instead in (respelling.respelt, respelling.relaxed):
            if not rows:
                words, corrected = instead(self._tables, words)
                match, rows = self._search(words, narrowed)
        page = {row[0]: row[3] for row in rows[start : start + size]}
        snippets = self._snippets(match, list(page))
        titles = self._titles({row[2] for row in rows})
        return Found(
            tuple(
                self._hit(key, snippets.get(key, ()), titles, score) for key, score in page.items()
            ),
            len(rows),
            len(rows) >= MOST,
            corrected if rows else "",
            _count([row[1] for row in rows], {}),
            _count([row[2] for row in rows if row[2]], titles),
        )

    def entry(self, iri: str) -> Hit | None:
        """The entry of one thing."""
        found = self._tables.execute("SELECT id FROM entry WHERE iri = ?", [iri]).fetchone()
        return self._hit(found[0], (), {}) if found else None

    def names(self, query: str) -> tuple[Named, ...]:
        """The words of `query` in their order: names with what they may mean, and other words with
        what begins with them; each with the best known first.
        """
        words = read(query)
        plain = [each if each.phrase else replace(each, key=singular(each.key)) for each in words]
        spans = {each.start: each for each in meanings(self._tables, plain)}
        for each in meanings(self._tables, words):
            if each.end >= spans.get(each.start, each).end:
                spans[each.start] = each
        found, done = [], 0
        while done < len(words):
            meant = spans.get(done)
            if meant and meant.initials and (len(words) > _FEW or len(words[done].key) < _FEW):
                meant = None  # in a sentence, go is a word
            end = meant.end if meant else done + 1
            things = meant.things if meant else begun(self._tables, words[done])
            hits = tuple(self._hit(number, (), {}) for _, number in things[:_MEANT])
            found.append(Named(key(words[done:end]), meant is not None, hits))
            done = end
        return tuple(found)

    def references(self, iri: str) -> dict[str, int]:
        """How often a hub is referred to by each property; nothing for what is no hub."""
        counted = "SELECT property, times FROM hub WHERE iri = ?"
        return dict(self._tables.execute(counted, [iri]).fetchall())

    def _hit(
        self, key: int, snippet: tuple[str, ...], titles: dict[str, str], score: float = 0
    ) -> Hit:
        iri, kind, source, title, names = self._tables.execute(
            "SELECT iri, type, source, title, names FROM entry WHERE id = ?", [key]
        ).fetchone()
        others = tuple(dict.fromkeys(each for each in names.split("\n") if each and each != title))
        return Hit(iri, kind, title, others, snippet, source, titles.get(source, ""), score)

    def _search(
        self, words: Sequence[Word], narrowed: dict[str, str | bool]
    ) -> tuple[str, list[Match]]:
        """What FTS5 is asked, and what there is, best first."""
        match = self._match(words)
        found = self._tables.execute(
            _MATCHES, {"match": match, "most": MOST, "count": len(words), **narrowed}
        )
        scores = {row[0]: row for row in found.fetchall()}
        whole = key(words)
        worth = {number: _WORTH[how] for how, number in named(self._tables, [whole]).get(whole, ())}
        unknown = worth.keys() - scores.keys()
        marks = ",".join(map(str, sorted(unknown)[:MOST]))
        for row in self._tables.execute(_ALIASED.format(marks=marks), narrowed):
            scores[row[0]] = row
        rows = [(*row[:3], row[3] + worth.get(row[0], 0)) for row in scores.values()]
        return match, sorted(rows, key=lambda row: (-row[3], row[0]))

    def _match(self, words: Sequence[Word]) -> str:
        """FTS5 query (sqlite.org/fts5.html §3): the words, the last one as a beginning, or for a
        name in them another one of the same thing.
        """
        parts: list[str] = []
        done = 0
        for meant in meanings(self._tables, words):
            parts += _each(words, done, meant.start)
            said = " AND ".join(_each(words, meant.start, meant.end))
            parts.append(" OR ".join([f"({said})", *others(self._tables, meant, words)]))
            done = meant.end
        return " AND ".join(f"({part})" for part in [*parts, *_each(words, done, len(words))])

    def _snippets(self, match: str, ids: list[int]) -> dict[int, tuple[str, ...]]:
        marks = ",".join("?" * len(ids))
        found = self._tables.execute(
            f"SELECT rowid, snippet(words, 3, ?, ?, '…', ?) FROM words "  # noqa: S608 - marks
            f"WHERE words MATCH ? AND rowid IN ({marks})",
            [_OPEN, _CLOSE, SNIPPET_WORDS, match, *ids],
        )
        return {
            rowid: tuple(re.split(f"[{_OPEN}{_CLOSE}]", text))
            for rowid, text in found
            if _OPEN in text
        }

    def _titles(self, iris: set[str]) -> dict[str, str]:
        marks = ",".join("?" * len(iris))
        found = self._tables.execute(
            f"SELECT iri, title FROM entry WHERE iri IN ({marks})",  # noqa: S608 - marks
            sorted(iris),
        )
        return dict(found.fetchall())


def _each(words: Sequence[Word], start: int, end: int) -> list[str]:
    """These words in FTS5; the last of all may be the beginning of one."""
    beginning = end == len(words) and not words[-1].phrase
    found = [each.match for each in words[start:end]]
    return [*found[:-1], f"{found[-1]} *"] if found and beginning else found


def _count(values: list[str], labels: dict[str, str]) -> tuple[Facet, ...]:
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Facet(value, labels.get(value, value), count) for value, count in ranked[:12])
