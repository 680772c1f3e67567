"""What cannot be compared by value is kept apart where a query orders by it.

Oxigraph compares numbers by value, and values of different types by their words: 38 < 116, but
"116" < "2013" < "38". Its sort finds such a circle, and ends the process. SPARQL 1.1 Query §15.1
leaves the order of such values open. So numbers stand together here, as does each type whose order
is not that of its words; all others, dates of our era among them, are ordered by these.
"""

from __future__ import annotations

import re
from itertools import pairwise

from rdflib.namespace import XSD

from kg.store.rewrite import edited, lexed

_XSD = str(XSD)
_TIMES = ("dateTime", "time", "duration", "dayTimeDuration", "yearMonthDuration")
_WORDS = f'DATATYPE({{0}}) != <{_XSD}string> && LANG({{0}}) = "" && STRSTARTS(STR({{0}}), "-")'
_KINDS = ", ".join(f"<{_XSD}{each}>" for each in _TIMES)
_TYPE = (
    f"IF(isNumeric({{0}}), 1, IF(DATATYPE({{0}}) IN ({_KINDS}) || ({_WORDS}), DATATYPE({{0}}), 0))"
)
_ORDER = re.compile(r"\bORDER\b", re.IGNORECASE)
_WAYS = ("ASC", "DESC")
# Behind these a variable has values of any type: of any property, of a statement, of a function.
_ANY = re.compile(r"[?$]\w+|[),|*+]|.*[:/#](?:object|value)>?|AS|VALUES", re.IGNORECASE)


def by_type(query: str) -> str:
    """`query` with a condition on the type before each on a variable that may have several."""
    if not _ORDER.search(query) or "\\u" in query.lower():
        return query
    tokens, _ = lexed(query)
    words = [each[0] for each in tokens]
    edits: list[tuple[int, int, str]] = []
    for place in range(len(words) - 2):
        if [each.upper() for each in words[place : place + 2]] != ["ORDER", "BY"]:
            continue
        at, mixed = place + 2, _mixed(words[:place])
        while (end := _condition(words, at)) > at:
            *way, variable = [each for each in words[at:end] if each not in "()"]
            if end - at in (1, 4) and variable[0] in "?$" and variable[1:] in mixed:
                start, key = tokens[at].start(), _TYPE.format(variable)
                edits.append((start, start, f"{''.join(way)}({key}) "))
            at = end
    return edited(query, edits)


def _mixed(words: list[str]) -> set[str]:
    """The variables that may have numbers and other values."""
    inside = words.index("{") if "{" in words else 0
    pairs = pairwise(words[inside:])
    return {word[1:] for before, word in pairs if word[0] in "?$" and _ANY.fullmatch(before)} | {
        word[1:] for before, word in pairwise(words) if before.upper() == "AS"
    }


def _condition(words: list[str], at: int) -> int:
    """Where the condition at `at` ends; `at` itself where none begins."""
    if at < len(words) and words[at][0] in "?$":
        return at + 1
    if at < len(words) and words[at] != "(":
        called = words[at].upper() in _WAYS or words[at + 1 : at + 2] == ["("]
        return _closed(words, at + 1) if called and words[at] not in "{}" else at
    return _closed(words, at)


def _closed(words: list[str], at: int) -> int:
    depth = 0
    for place in range(at, len(words)):
        depth += (words[place] == "(") - (words[place] == ")")
        if depth == 0:
            return place + 1
    return at
