"""What can be told of a query before any engine reads it.

Oxigraph's parser is recursive: a few kilobytes of nested `{` end the process that parses them.
So length, depth and chains are counted here first, and what asks for another server or for an
update is refused with a clear word. (`kg.store.embedded.confine` makes it impossible, too.)
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.model.settings import Settings
from kg.store.errors import (
    FederationDisabled,
    QuerySyntax,
    QueryTooComplex,
    QueryTooLong,
    ReadOnly,
)

# SPARQL 1.1 Query §19.8: as many tokens as there are that hold neither keyword nor bracket, then
# one that may. Quantifiers are possessive, so nothing is read twice and time is linear.
_IN_NAME = r"[\w.\xb7\u0300-\u036f\u203f\u2040-]"  # [167] PN_CHARS, and the dot
_PREFIX = rf"[^\W\d_]{_IN_NAME}*+(?<!\.)(?=:)"
_NAMES = rf"""
    \s\s*+ | [?$]\w++ | {_PREFIX} | :(?:{_IN_NAME}++|[:%]|\\.)*+
    | @[A-Za-z0-9-]++ | [0-9][0-9]*+(?:[eE][0-9]++)?
"""
_IN_IRI = r"""[^<>"{}|^`\\\x00-\x20]*+"""
_IRI = rf"<{_IN_IRI}(?:\\(?:u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}){_IN_IRI})*+>"
_OPAQUE = rf"""
    {_IRI} | \#[^\r\n]*+
    | \"{{3}}(?:[^"\\]++|\\.|"(?!""))*+\"{{3}} | "(?!"")(?:[^"\\\r\n]++|\\.)*+"
    | '{{3}}(?:[^'\\]++|\\.|'(?!''))*+'{{3}} | '(?!'')(?:[^'\\\r\n]++|\\.)*+'
"""
_MARKED = rf"""
    (?P<word> [A-Za-z]\w*+(?!{_IN_NAME}) ) | (?P<open> [{{(\[] ) | (?P<close> [}})\]] )
    | (?P<chain> [!+\-*/|^&=<>,;.] ) | (?P<run> [^\W\d_]{_IN_NAME}*+ )
    | (?P<blank> _:{_IN_NAME}*+ ) | (?P<quote> ["'] ) | (?P<other> . ) | \Z
"""
_TOKEN = re.compile(f"(?:{_NAMES}|{_OPAQUE})*+(?:{_MARKED})", re.VERBOSE | re.DOTALL)
# Behind a quote that opens no string, nothing is taken for granted to be text.
_BARE = re.compile(f"(?:{_NAMES})*+(?:{_MARKED})", re.VERBOSE | re.DOTALL)
# In letters, digits, dots and hyphens in a row that are no prefix.
_IN_RUN = re.compile(r"[0-9]++(?:[eE][0-9]++)?|(?P<word>[A-Za-z]\w*+)|(?P<chain>[.-])")
# The engine asks for no space between keywords, so they are looked for inside of words, too.
_TELLING = ("SERVICE", "FROM", "NOW", "RAND", "UUID", "BNODE")
# A query that reads rows, by the first of its keywords.
_ROWS = re.compile(
    rf"(?:\s*+(?:PREFIX\s++(?:{_PREFIX})?+:|BASE)\s*+{_IRI})*+\s*+(?:SELECT|ASK|DESCRIBE)(?![\w.:-])",
    re.IGNORECASE,
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
        query = text.removeprefix(BOM_UTF8).decode()
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


class Seen(NamedTuple):
    """What a query shows before it is run.

    `own_dataset`: it names its dataset (`FROM`). `volatile`: its answer differs from run to run,
    by a function (SPARQL 1.1 Query §17.4) or by a blank node that it makes (§10.2.1, §16.2.1).
    """

    own_dataset: bool
    volatile: bool


_PLAIN = Seen(own_dataset=False, volatile=False)


def check(query: str, settings: Settings) -> Seen:
    """Refuse what no engine should see; it ends at the first excess.

    Raises:
        QueryTooComplex: its brackets nest deeper than `query_depth`, or it has more operators and
            keywords than `query_operators`.
        FederationDisabled: it has a `SERVICE` clause.
        ReadOnly: it is an update.
    """
    if _is_plain(query, settings):
        return _PLAIN
    seen, escaped = _scan(query, settings)
    if escaped:  # outside of strings and IRIs, where §19.2 lets them stand for other characters
        again, _ = _scan(unescaped(query), settings)
        return Seen(*map(any, zip(seen, again, strict=True)))
    return seen


def _is_plain(query: str, settings: Settings) -> bool:
    """Whether counts alone show that a scan would find nothing: the short way for most queries."""
    capitals = query.upper()
    return (
        len(query) <= settings.query_operators
        and "\\" not in query
        and not any(map(capitals.__contains__, _TELLING))
        and query.count("{") + query.count("(") + query.count("[") <= settings.query_depth
        and _ROWS.match(query) is not None
    )


def _scan(query: str, settings: Settings) -> tuple[Seen, bool]:
    """What is seen in one pass, and whether a backslash stands outside of strings and IRIs."""
    operators = depth = template = 0
    words: list[str] = []
    fault = ""
    escaped = False
    for token in _tokens(query):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
            template = template or token.end()
        elif kind is not None and kind != "blank":
            operators += 1
            if kind == "word":
                words.append(token[kind])
            elif kind == "other":
                escaped = escaped or token[kind] == "\\"
        fault = _excess(query, token, depth, operators, settings)
        if fault:
            break
    form, telling = _judged(words)  # what it is says more than how large it is
    if fault:
        raise QueryTooComplex(fault)
    volatile = bool(telling - {"FROM"}) or (form == "CONSTRUCT" and _makes_nodes(query[:template]))
    return Seen("FROM" in telling, volatile), escaped


def _excess(
    query: str, token: re.Match[str], depth: int, operators: int, settings: Settings
) -> str:
    """What is too much at `token`; nothing is where the text is empty."""
    if depth > settings.query_depth:
        line, column = position(query, token.end() - 1)
        return (
            f"Brackets nest deeper than {settings.query_depth} levels "
            f"(line {line}, column {column})."
        )
    if operators > settings.query_operators:
        return f"The query has more than {settings.query_operators} operators and keywords."
    return ""


def _tokens(
    query: str, pattern: re.Pattern[str] = _TOKEN, start: int = 0
) -> Iterator[re.Match[str]]:
    for token in pattern.finditer(query, start):
        kind = token.lastgroup
        if kind == "run":
            yield from _IN_RUN.finditer(query, *token.span(kind))
        elif kind == "quote" and pattern is _TOKEN:
            yield from _tokens(query, _BARE, token.end())
            return
        else:
            yield token


def _judged(words: Sequence[str]) -> tuple[str, set[str]]:
    """The form of a query, its first keyword after the prologue, and its telling words."""
    capitals = " ".join(words).upper()
    telling = {word for word in _TELLING if word in capitals}
    form = next((word for word in capitals.split() if word not in _PROLOGUE), "")
    if form in _UPDATES:
        raise ReadOnly(f"{form} is an update, and this endpoint is read-only.")
    if "SERVICE" in telling:
        raise FederationDisabled(
            "SERVICE is not available here: this endpoint asks no other server. "
            "Run the federated query at your own endpoint and name this one in SERVICE."
        )
    return form, telling


def _makes_nodes(template: str) -> bool:
    """Whether a template holds blank nodes, collections or reifiers, new at each run."""
    opened = False
    for token in _tokens(template):
        if token.lastgroup == "open" and not opened:
            opened = True
        elif token.lastgroup in ("open", "blank") or token[0][-1:] in ("<", "~"):
            return True
    return False


def unescaped(query: str) -> str:
    """SPARQL 1.1 Query §19.2: a code point escape may stand anywhere, in a keyword too."""
    if "\\u" not in query and "\\U" not in query:
        return query

    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code < 0x110000 else match[0]

    return _ESCAPE.sub(character, query)
