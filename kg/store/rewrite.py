"""Paths that end at a given node are begun there.

Oxigraph joins the patterns of a group by their size as it estimates it, and takes the first of
equals. To it `?v p ?m` and `?m q+ <end>` are equals, so for `?v p/q+ <end>`, which it reads as the
two in this order, it visits every `p` of the graph. Here the second is written before the others of
its block: `_:m q+ <end> . ?v p _:m`. docs/performance.md proves that the solutions are the same.
"""

from __future__ import annotations

import re
from itertools import count
from operator import itemgetter

# SPARQL 1.1 Query §19.8. A string left open runs to where it had to end: linear.
TOKEN = re.compile(
    r"""
      (?P<_> [ \t\r\n]+ | \#[^\r\n]* )
    | (?P<S> \"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3})? | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?
        | "(?:[^"\\\r\n]|\\.)*+"? | '(?:[^'\\\r\n]|\\.)*+'? | @[A-Za-z0-9-]+ )
    | (?P<I> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<V> [?$]\w+ )
    | (?P<B> _:(?:[\w-]|\.++(?=[\w-]))*+ )
    | (?P<N> (?:[\w-][\w.-]*+)?:(?:[\w:%-]|\\.|\.++(?=[\w:%\\-]))*+ | [\w-][\w.-]*+ )
    | (?P<P> [{}.;,()\[\]/|^*+?!] )
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
# A query, one character a token: IRI, variable, blank node, string, constant, `a`, punctuation as
# it stands, word, and O for what triples have not. A block is looked at from the first subject
# that is sure to be one; in it, a sequence of links whose last may be repeated and ends at an IRI.
_BLOCK = re.compile(r"(?<=[{}.])[IVB\[][IVBSCa.;,()\[\]/|^*+?!]*+")
_PATH = re.compile(r"(?<=[IVB;\[\]])(?:\^?[Ia]/)+(\^?[Ia][*+]I)(?=[.;\]]|\Z)")
_ENDS_BLOCK = frozenset("{}W")


def from_ends(query: str) -> str:
    """`query` with such paths turned round; itself, where there are none."""
    start = query.find("{")  # behind `SELECT *`, which is no path
    if query.find("*", start) < 0 and query.find("+", start) < 0:
        return query
    if "\\u" in query.lower():  # §19.2: an escape may stand for any character of the grammar
        return query
    tokens, kinds = lexed(query)
    taken = {token[0] for token in tokens if token.lastgroup == "B"}
    nodes = (node for number in count() if (node := f"_:end{number}") not in taken)
    edits: list[tuple[int, int, str]] = []
    for block in _BLOCK.finditer(kinds):
        if kinds[block.end() : block.end() + 1] not in _ENDS_BLOCK:
            continue
        for path in _PATH.finditer(kinds, *block.span()):
            node, begun = next(nodes), tokens[block.start()].start()
            link, end = tokens[path.start(1)].start(), tokens[path.end() - 1].end()
            slash = tokens[path.start(1) - 1].start()
            edits += [(begun, begun, f"{node} {query[link:end]} . "), (slash, end, f" {node} ")]
    return edited(query, sorted(edits, key=itemgetter(0)))


def edited(query: str, edits: list[tuple[int, int, str]]) -> str:
    """`query` with the text between each two positions replaced."""
    parts, done = [], 0
    for start, end, text in edits:
        parts += [query[done:start], text]
        done = end
    return "".join(parts) + query[done:]


def lexed(query: str) -> tuple[list[re.Match[str]], str]:
    """Its tokens but white space and comments, and as many characters for their kinds."""
    tokens = [each for each in TOKEN.finditer(query) if each.lastgroup != "_"]
    return tokens, "".join([each[0] if each.lastgroup == "P" else _kind(each) for each in tokens])


def _kind(token: re.Match[str]) -> str:
    kind, text = token.lastgroup, token[0]
    if kind != "N":
        return kind or "O"
    if ":" in text:
        return "I"
    if text == "a":
        return text
    return "C" if text[0] in "-0123456789" or text.lower() in ("true", "false") else "W"
