"""The search index of a release: one SQLite file with full text, made for reading only.

An entry is a thing with a label, or a claim with words of its own. Entries are numbered by how
often the graph refers to them, so that a reader who stops early has seen the best known. What
is referred to very often is a hub, and its references are counted by property: a query would
take as long as there are many.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from nicknames import NickNamer

from kg.build.lines.words import (
    GLOSS,
    LABEL,
    NAME,
    QUOTE,
    SORT,
    SOURCE,
    TEXT,
    fresh,
)
from kg.model.iris import Minter
from kg.model.namespaces import SPOKEN
from kg.ontology import Ontology
from kg.store.search.reading import FAMILY, INITIALS, MOST_WORDS, NAMED, SHORT, key, read

SCHEMA = """
CREATE TEMP TABLE mentioned (iri TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID;
CREATE TEMP TABLE held (iri TEXT PRIMARY KEY, offices TEXT, times INTEGER) WITHOUT ROWID;
CREATE TABLE hub (iri TEXT, property TEXT, times INTEGER, PRIMARY KEY (iri, property))
    WITHOUT ROWID;
CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    iri TEXT NOT NULL, type TEXT NOT NULL, source TEXT NOT NULL,
    title TEXT NOT NULL, names TEXT NOT NULL, sort TEXT NOT NULL, offices TEXT NOT NULL,
    text TEXT NOT NULL, weight REAL NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5 (
    title, names, offices, text, content = 'entry', content_rowid = 'id', prefix = '1 2 3',
    tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, words, col);
CREATE TABLE spelling (deletion TEXT, word TEXT, entries INTEGER, PRIMARY KEY (deletion, word))
    WITHOUT ROWID;
CREATE TABLE property (id INTEGER PRIMARY KEY, iri TEXT);
CREATE TABLE literal (
    entry INTEGER, property INTEGER, language TEXT, spoken TEXT, subject TEXT,
    PRIMARY KEY (entry, property, language, spoken)
) WITHOUT ROWID;
CREATE TABLE alias (key TEXT, how INTEGER, id INTEGER, PRIMARY KEY (key, how, id)) WITHOUT ROWID;
"""

HUB = 100  # references; whatever has more is a hub
MOST_INITIALS = 5  # words of a name that is known by their first letters
LESSER = ("Occurrence", "Service", "Involvement")  # roles of what is found by what took part in it
_SPELT_OUT = re.compile(r"\w\w").match  # a given name that is no initial
_AT_ONCE = 32 << 20  # bytes of full text that are sorted at once; the fewer, the more to merge

# Labels in English first, then by tag. A claim's title is its gloss, else its quote; whatever is
# no title stays findable as a name or as text. Who served is found by the office, too, and weighs
# as much more as the office does.
_FILL = f"""
INSERT INTO entry (iri, type, source, title, names, sort, offices, text, weight)
SELECT iri, type, source, title, names, sort, coalesce(offices, ''), text,
    round(2 * ln(1 + coalesce(mentioned.times, 0)) + ln(1 + coalesce(held.times, 0))
        - CASE WHEN type IN ('claim', 'record', 'dataset') THEN 12 WHEN type IN (SELECT value FROM
            json_each(:lesser)) THEN 6 ELSE 0 END, 3)
FROM (
    SELECT iri, substr(iri, :start, instr(substr(iri, :start), '/') - 1) AS type,
        coalesce(max(words) FILTER (WHERE role = {SOURCE}), '') AS source,
        (SELECT iif(role = {QUOTE}, '“' || words || '”', words) FROM heard.said AS best
         WHERE best.iri = said.iri AND role < {NAME}
         ORDER BY role, language <> 'en', language, words LIMIT 1) AS title,
        coalesce(group_concat(words, char(10)) FILTER (WHERE role IN ({LABEL}, {NAME})), '')
            AS names,
        coalesce(min(words) FILTER (WHERE role = {SORT}), '') AS sort,
        coalesce(group_concat(words, char(10)) FILTER (WHERE role IN ({GLOSS}, {QUOTE}, {TEXT})),
            '') AS text
    FROM (SELECT * FROM heard.said ORDER BY iri, role, language, words) AS said
    GROUP BY iri
)
LEFT JOIN temp.mentioned USING (iri)
LEFT JOIN temp.held USING (iri)
WHERE title IS NOT NULL
ORDER BY coalesce(mentioned.times, 0) DESC, iri
"""  # noqa: S608 - only the numbers above

# A quote is its selector's, and in `said` the claim's.
_SAY = f"""
INSERT INTO literal
SELECT id, role, language, words,
    iif(role = {QUOTE}, ?2 || substr(iri, length(?1) + 1) || '/quote', '')
FROM heard.said JOIN entry USING (iri) WHERE role <= {TEXT} ORDER BY 1, 2, 3, 4
"""  # noqa: S608 - only the numbers above

_ADD_UP = f"""
INSERT INTO temp.mentioned SELECT iri, sum(times) FROM heard.counted GROUP BY iri;
INSERT INTO hub
SELECT iri, property, sum(times) FROM heard.counted
WHERE iri IN (SELECT iri FROM temp.mentioned WHERE times > {HUB})
GROUP BY iri, property ORDER BY iri, property;
INSERT INTO temp.held
SELECT iri, group_concat(words, char(10)), max(times) FROM (
    SELECT DISTINCT who.iri AS iri, words, coalesce(times, 0) AS times
    FROM heard.served AS who JOIN heard.served AS what USING (tenure)
    JOIN heard.said AS said ON said.iri = what.iri AND said.role = {LABEL}
    LEFT JOIN temp.mentioned ON mentioned.iri = what.iri
    WHERE who.part = 'Holder' AND what.part = 'Office' ORDER BY 1, 2
) GROUP BY iri;
"""  # noqa: S608 - only the numbers above


def build_index(heard: Path, path: Path, minter: Minter, ontology: Ontology) -> int:
    """Write the search index to `path`, from what `kg.build.lines.words.Words` has heard.

    The same lines give the same index, in whatever order they were heard.

    Returns:
        How many entries it holds.
    """
    lesser = sorted(each.segment for each in ontology.kinds(*LESSER) if each.segment)
    with closing(fresh(path, SCHEMA)) as index:
        index.create_function("ln", 1, math.log, deterministic=True)  # not every SQLite has it
        index.execute("ATTACH ? AS heard", [str(heard)])
        index.execute("BEGIN")
        # One by one: `executescript` would end the transaction.
        for statement in _ADD_UP.split(";"):
            index.execute(statement)
        start = len(minter.entity("")) + 1
        index.execute(_FILL, {"start": start, "lesser": json.dumps(lesser)})
        index.execute("CREATE INDEX entry_by_iri ON entry (iri)")
        index.executemany("INSERT INTO property VALUES (?, ?)", enumerate(SPOKEN))
        index.execute(_SAY, [minter.entity("claim/"), minter.entity("evidence/")])
        index.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?)", [_AT_ONCE])
        index.execute("INSERT INTO words (words) VALUES ('rebuild')")
        index.execute("INSERT INTO words (words) VALUES ('optimize')")
        spelt = index.execute(
            "SELECT term, sum(doc) FROM vocabulary WHERE col IN ('title', 'names') "
            "AND length(term) > 3 GROUP BY term"
        ).fetchall()
        index.executemany(
            "INSERT INTO spelling VALUES (?, ?, ?)",
            sorted((form, word, entries) for word, entries in spelt for form in deletions(word)),
        )
        named = index.execute(
            "SELECT id, title, names, sort FROM entry WHERE type NOT IN ('claim', 'record') "
            "AND type NOT IN (SELECT value FROM json_each(?))",
            [json.dumps(lesser)],
        ).fetchall()
        short = NickNamer()
        keys = {
            (name, how, number)
            for number, title, names, sort in named
            for name, how in aliases(title, names, sort, short)
        }
        index.executemany("INSERT INTO alias VALUES (?, ?, ?)", sorted(keys))
        index.execute("COMMIT")
        (entries,) = index.execute("SELECT count(*) FROM entry").fetchone()
    return int(entries)


def aliases(title: str, names: str, sort: str, short: NickNamer) -> Iterator[tuple[str, int]]:
    """What people type for a thing of these `names`, a line each, and how it is called so.

    `sort` is the name by which lists order it, a family's first; `short` knows Bill for William.
    """
    family, comma, after = sort.partition(",")
    surname, given = key(read(family)), [each.key for each in read(after, whole=True)]
    if comma and surname:
        yield surname, FAMILY
        for each in filter(_SPELT_OUT, given):
            for called in {each, *short.nicknames_of(each)}:
                yield f"{called} {surname}", SHORT
        letters = [each[0] for each in given[1:]]
        for initials in (letters, ["".join(letters)]) if letters else ():
            yield " ".join([given[0], *initials, surname]), SHORT
    for name in names.split("\n"):
        words = read(name)
        if 0 < len(words) <= MOST_WORDS and (not comma or key(words) != surname):
            yield key(words), NAMED
    words = read(title)
    if 1 < len(words) <= MOST_INITIALS:
        yield "".join(each.key[0] for each in words), INITIALS


def deletions(word: str) -> set[str]:
    """The word, and each form of it with one letter left out.

    Two words that share such a form are at most two edits apart, so an equality look-up finds
    the candidates for a misspelt name (the symmetric deletion of SymSpell).
    """
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
