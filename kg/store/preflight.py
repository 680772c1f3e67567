"""What can be told of a query before any engine reads it.

Oxigraph's parser is recursive: a few kilobytes of nested `{` end the process that parses them.
So length, depth and chains are counted here first, and what asks for another server or for an
update is refused with a clear word. (`kg.store.embedded.confine` makes it impossible, too.)
"""

from __future__ import annotations

import re

from kg.model.settings import Settings
from kg.store.errors import (
    FederationDisabled,
    QuerySyntax,
    QueryTooComplex,
    QueryTooLong,
    ReadOnly,
)

# SPARQL 1.1 Query §19.8: what may hold a bracket or a keyword that is none, then what is one.
_TOKEN = re.compile(
    r"""
      (?P<skip> \#[^\r\n]* | <[^<>"{}|^`\\\x00-\x20]*>
        | \"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
        | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'
        | [?$]\w+ | @[A-Za-z0-9-]+ | [\w.-]*:(?:[\w.:%-]|\\.)* )
    | (?P<word> [A-Za-z]\w* ) | (?P<open> [{(\[] ) | (?P<close> [})\]] )
    | (?P<chain> [!+\-*/|^&=<>,;.] )
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)
_PROLOGUE = frozenset({"BASE", "PREFIX", "VERSION"})
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def decode(text: bytes, longest: int) -> str:
    """The text of a query from its bytes, without a byte order mark.

    Raises:
        QueryTooLong: it has more than `longest` bytes.
        QuerySyntax: it is no UTF-8 or holds a NUL.
    """
    if len(text) > longest:
        raise QueryTooLong(f"The query has {len(text)} bytes; this endpoint reads up to {longest}.")
    try:
        query = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise QuerySyntax(
            f"The query is not UTF-8: byte {error.start + 1} is 0x{text[error.start]:02x}."
        ) from None
    if "\x00" in query:
        raise QuerySyntax("The query holds a NUL character.", *position(query, query.index("\x00")))
    return query


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at `index`."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def check(query: str, settings: Settings) -> bool:
    """Refuse what no engine should see; tell whether the query names its own dataset (`FROM`).

    Raises:
        QueryTooComplex: its brackets nest deeper than `query_depth`, or it has more operators and
            keywords than `query_operators`.
        FederationDisabled: it has a `SERVICE` clause.
        ReadOnly: it is an update.
    """
    depth = chain = 0
    deepest, longest_chain = settings.query_depth, settings.query_operators
    form = ""
    named = False
    for token in _TOKEN.finditer(unescaped(query)):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
            if depth > deepest:
                line, column = position(query, min(token.start(), len(query) - 1))
                raise QueryTooComplex(
                    f"Brackets nest deeper than {deepest} levels (line {line}, column {column})."
                )
        elif kind == "close":
            depth -= 1
        elif kind != "skip":
            chain += 1
            if kind == "word":
                word = token.group().upper()
                form = _keyword(word, form)
                named = named or word == "FROM"
    if chain > longest_chain:
        raise QueryTooComplex(
            f"The query has {chain} operators and keywords; up to {longest_chain} are run here."
        )
    return named


def _keyword(word: str, form: str) -> str:
    """The form of the query, known from the first keyword after the prologue."""
    if word == "SERVICE":
        raise FederationDisabled(
            "SERVICE is not available here: this endpoint asks no other server. "
            "Run the federated query at your own endpoint and name this one in SERVICE."
        )
    if form or word in _PROLOGUE:
        return form
    if word in _UPDATES:
        raise ReadOnly(f"{word} is an update, and this endpoint is read-only.")
    return word


def unescaped(query: str) -> str:
    """SPARQL 1.1 Query §19.2: a code point escape may stand anywhere, in a keyword too."""
    if "\\u" not in query and "\\U" not in query:
        return query

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code < 0x110000 else match[0]

    return _ESCAPE.sub(character, query)
