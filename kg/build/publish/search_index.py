"""The search index of a release: one SQLite file with full text, made for reading only.

An entry is a thing with a label, or a claim with words of its own. Entries are numbered by how
often the graph refers to them, so that a reader who stops early has seen the best known. What
is referred to very often is a hub, and its references are counted by property: a query would
take as long as there are many.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from kg.build.lines.words import GLOSS, LABEL, NAME, QUOTE, SOURCE, TEXT, fresh
from kg.model.iris import Minter

SCHEMA = """
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

HUB = 100  # references; whatever has more is a hub
_AT_ONCE = 32 << 20  # bytes of full text that are sorted at once; the fewer, the more to merge

# Labels in English first, then by tag. A claim's title is its gloss, else its quote; whatever is
# no title stays findable as a name or as text.
_FILL = f"""
INSERT INTO entry (iri, type, source, title, names, text)
SELECT iri, substr(iri, :start, instr(substr(iri, :start), '/') - 1), source, title, names, text
FROM (
    SELECT iri,
        coalesce(max(words) FILTER (WHERE role = {SOURCE}), '') AS source,
        (SELECT iif(role = {QUOTE}, '“' || words || '”', words) FROM heard.said AS best
         WHERE best.iri = said.iri AND role < {NAME}
         ORDER BY role, language <> 'en', language, words LIMIT 1) AS title,
        coalesce(group_concat(words, char(10)) FILTER (WHERE role IN ({LABEL}, {NAME})), '')
            AS names,
        coalesce(group_concat(words, char(10)) FILTER (WHERE role IN ({GLOSS}, {QUOTE}, {TEXT})),
            '') AS text
    FROM (SELECT * FROM heard.said ORDER BY iri, role, language, words) AS said
    GROUP BY iri
)
LEFT JOIN temp.mentioned USING (iri)
WHERE title IS NOT NULL
ORDER BY coalesce(times, 0) DESC, iri
"""  # noqa: S608 - only the numbers above


_ADD_UP = f"""
INSERT INTO temp.mentioned SELECT iri, sum(times) FROM heard.counted GROUP BY iri;
INSERT INTO hub
SELECT iri, property, sum(times) FROM heard.counted
WHERE iri IN (SELECT iri FROM temp.mentioned WHERE times > {HUB})
GROUP BY iri, property ORDER BY iri, property;
"""  # noqa: S608 - only the number above


def build_index(heard: Path, path: Path, minter: Minter) -> int:
    """Write the search index to `path`, from what `kg.build.lines.words.Words` has heard.

    The same lines give the same index, in whatever order they were heard.

    Returns:
        How many entries it holds.
    """
    with closing(fresh(path, SCHEMA)) as index:
        index.execute("ATTACH ? AS heard", [str(heard)])
        index.execute("BEGIN")
        # One by one: `executescript` would end the transaction.
        for statement in _ADD_UP.split(";"):
            index.execute(statement)
        index.execute(_FILL, {"start": len(minter.entity("")) + 1})
        index.execute("CREATE INDEX entry_by_iri ON entry (iri)")
        index.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?)", [_AT_ONCE])
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
