"""The search index of a release: one SQLite file with full text, made for reading only.

An entry is a thing with a label, or a claim with words of its own. Entries are numbered by how
often the graph refers to them, so that a reader who stops early has seen the best known. What
is referred to very often is a hub, and its references are counted by property: a query would
take as long as there are many.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from rdflib.namespace import DCTERMS, RDFS, SKOS

from kg.iris import Minter
from kg.vocab import DIP, OA

SCHEMA = """
CREATE TEMP TABLE said (iri TEXT, role INTEGER, language TEXT, words TEXT);
CREATE TEMP TABLE counted (iri TEXT, property TEXT, times INTEGER);
CREATE TEMP TABLE mentioned (iri TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID;
CREATE TABLE hub (iri TEXT, property TEXT, times INTEGER, PRIMARY KEY (iri, property))
    WITHOUT ROWID;
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    iri TEXT NOT NULL, type TEXT NOT NULL, source TEXT NOT NULL,
    title TEXT NOT NULL, names TEXT NOT NULL, text TEXT NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5 (
    title, names, text, content = 'entry', content_rowid = 'id', prefix = '1 2 3',
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, words, col);
CREATE TABLE spelling (deletion TEXT, word TEXT, PRIMARY KEY (deletion, word)) WITHOUT ROWID;
"""

# What the words of a triple are to its subject. Roles 0 to 3 can be a title, best first.
LABEL, GLOSS, QUOTE, NAME, TEXT, SOURCE = range(6)
_ROLES = {
    f"<{RDFS.label}>": LABEL,
    f"<{DIP.gloss}>": GLOSS,
    f"<{OA.exact}>": QUOTE,
    f"<{SKOS.altLabel}>": NAME,
    f"<{DIP.fullText}>": TEXT,
    f"<{DIP.statedIn}>": SOURCE,
    f"<{DCTERMS.isPartOf}>": SOURCE,
}
_STRING = json.JSONDecoder()
HUB = 100  # references; whatever has more is a hub
_COUNTED = 200_000  # pairs of entity and property that are counted in memory, about 60 MB

# Labels in English first, then by tag. A claim's title is its gloss, else its quote; whatever is
# no title stays findable as a name or as text.
_FILL = f"""
INSERT INTO entry (iri, type, source, title, names, text)
SELECT iri, substr(iri, :start, instr(substr(iri, :start), '/') - 1), source, title, names, text
FROM (
    SELECT iri,
        coalesce(max(words) FILTER (WHERE role = {SOURCE}), '') AS source,
        (SELECT iif(role = {QUOTE}, '“' || words || '”', words) FROM temp.said AS best
         WHERE best.iri = said.iri AND role < {NAME}
         ORDER BY role, language <> 'en', language, words LIMIT 1) AS title,
        coalesce(group_concat(words, char(10)) FILTER (WHERE role IN ({LABEL}, {NAME})), '')
            AS names,
        coalesce(group_concat(words, char(10)) FILTER (WHERE role IN ({GLOSS}, {QUOTE}, {TEXT})),
            '') AS text
    FROM (SELECT * FROM temp.said ORDER BY iri, role, language, words) AS said
    GROUP BY iri
)
LEFT JOIN temp.mentioned USING (iri)
WHERE title IS NOT NULL
ORDER BY coalesce(times, 0) DESC, iri
"""  # noqa: S608 - only the numbers above


_ADD_UP = f"""
INSERT INTO temp.mentioned SELECT iri, sum(times) FROM temp.counted GROUP BY iri;
INSERT INTO hub
SELECT iri, property, sum(times) FROM temp.counted
WHERE iri IN (SELECT iri FROM temp.mentioned WHERE times > {HUB})
GROUP BY iri, property ORDER BY iri, property;
"""  # noqa: S608 - only the number above


def build_index(lines: Iterable[str], path: Path, minter: Minter) -> int:
    """Write the search index of a graph to `path`.

    `lines` are canonical N-Quads (as `kg.rdf.line` writes them), in any order. They are read once
    and not kept. The same set of lines gives the same index.

    Returns:
        How many entries it holds.
    """
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as index:
        # A build that dies leaves a directory that nobody reads, so no journal is needed.
        index.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;"
            + SCHEMA
        )
        index.execute("BEGIN")
        mentions = _Mentions(index)
        said = _said(lines, minter.entity(""), mentions)
        index.executemany("INSERT INTO said VALUES (?, ?, ?, ?)", said)
        mentions.store()
        # One by one: `executescript` would end the transaction.
        for statement in _ADD_UP.split(";"):
            index.execute(statement)
        index.execute("CREATE INDEX temp.by_iri ON said (iri, role)")
        index.execute(_FILL, {"start": len(minter.entity("")) + 1})
        index.execute("CREATE INDEX entry_by_iri ON entry (iri)")
        index.execute("INSERT INTO words (words) VALUES ('rebuild')")
        index.execute("INSERT INTO words (words) VALUES ('optimize')")
        names = index.execute(
            "SELECT DISTINCT term FROM vocabulary WHERE col <> 'text' AND length(term) > 3"
        ).fetchall()
        index.executemany(
            "INSERT INTO spelling VALUES (?, ?)",
            sorted((deletion, word) for (word,) in names for deletion in deletions(word)),
        )
        index.execute("COMMIT")
        (entries,) = index.execute("SELECT count(*) FROM entry").fetchone()
    return int(entries)


def deletions(word: str) -> set[str]:
    """The word, and each form of it with one letter left out.

    Two words that share such a form are at most two edits apart, so an equality look-up finds
    the candidates for a misspelt name (the symmetric deletion of SymSpell).
    """
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


class _Mentions:
    """How often each entity is referred to by each property. What memory cannot hold is stored."""

    def __init__(self, index: sqlite3.Connection) -> None:
        self._index = index
        self._counts = defaultdict[tuple[str, str], int](int)

    def add(self, iri: str, predicate: str) -> None:
        self._counts[iri, predicate] += 1
        if len(self._counts) == _COUNTED:
            self.store()

    def store(self) -> None:
        rows = ((*key, times) for key, times in self._counts.items())
        self._index.executemany("INSERT INTO counted VALUES (?, ?, ?)", rows)
        self._counts.clear()


def _said(
    lines: Iterable[str], entities: str, mentions: _Mentions
) -> Iterator[tuple[str, int, str, str]]:
    """What the graph says about each entity in words; counts by what it is mentioned."""
    evidence, claim = f"{entities}evidence/", f"{entities}claim/"
    own = f"<{entities}"
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        if rest.startswith(own):
            mentions.add(rest[1 : rest.index(">")], predicate[1:-1])
        role = _ROLES.get(predicate)
        if role is None or not subject.startswith(own):
            continue
        iri = subject[1:-1]
        # A quote hangs on its selector, `id/evidence/DOC/ID/quote`; it is the claim's.
        if iri.startswith(evidence):
            iri = claim + iri.removeprefix(evidence).removesuffix("/quote")
        yield iri, role, *_value(rest)


def _value(rest: str) -> tuple[str, str]:
    """Language and words of the object at the start of `rest`."""
    if rest.startswith("<"):
        return "", rest[1 : rest.index(">")]
    # Canonical N-Quads escapes as JSON does, so that JSON's parser, in C, reads its strings.
    words, end = _STRING.raw_decode(rest)
    return rest[end + 1 :].split(" ", 1)[0] if rest[end] == "@" else "", str(words)
