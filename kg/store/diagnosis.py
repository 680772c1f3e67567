"""A syntax error, explained: the line with a caret under the spot, and what may have been meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from kg.model.namespaces import TEXT
from kg.store.errors import QuerySyntax
from kg.store.preflight import position
from kg.store.scopes import BEYOND

_WIDTH = 120  # code points of a line that are shown around the spot
_WORD = 80  # code points of a word that is named
_UNDECLARED = "Prefix not found"
# What stands between a query's prefixed names and could be taken for one. A string left open goes
# on to the end, of its line or of the text, so that nothing is read twice.
_OPAQUE = re.compile(
    r"""
      \"{3}(?:[^"\\]++|\\.|"(?!""))*+(?:"{3})?+ | '{3}(?:[^'\\]++|\\.|'(?!''))*+(?:'{3})?+
    | "(?:[^"\\\n]++|\\.)*+"?+ | '(?:[^'\\\n]++|\\.)*+'?+ | <[^<>\s]*+> | \#[^\n]*+
    """,
    re.VERBOSE | re.DOTALL,
)
_PREFIX = re.compile(r"(?<![\w:?$@.-])((?:[A-Za-z][\w.-]*)?):")
_DECLARED = re.compile(r"\bPREFIX\s++([A-Za-z][\w.-]*+)?+\s*+:", re.IGNORECASE)
_FOUND = re.compile(r"\w+|\S")


def explain(
    error: QuerySyntax, query: str, prefixes: Mapping[str, str]
) -> tuple[str, dict[str, Any]]:
    """A sentence for the sender, and the further members of the problem document."""
    if error.line is None or error.column is None:
        return str(error), {}
    unknown = _undeclared(query, {**prefixes, "text": TEXT})
    if unknown and _is_to_blame(error, position(query, unknown.start())):
        # The engine's own position is behind the name, or behind the whole triple.
        line, column = position(query, unknown.start())
        detail = f"the prefix '{unknown[1]}:' is not declared. {_hint(unknown[1], prefixes)}"
        return _at(query, line, column, detail, {"prefixes": dict(prefixes)})
    detail = _reason(str(error), query, error.line, error.column)
    return _at(query, error.line, error.column, detail, {})


def _is_to_blame(error: QuerySyntax, place: tuple[int, int]) -> bool:
    """Whether an undeclared prefix at `place` is the fault: the engine says so by chance only.

    Behind another fault, what looks like a prefix may be the inside of a string left open.
    """
    if str(error) not in ("", BEYOND):
        return _UNDECLARED in str(error)
    return place <= (error.line or 0, error.column or 0)


def _at(
    query: str, line: int, column: int, detail: str, more: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    members = {"line": line, "column": column, "excerpt": excerpt(query, line, column), **more}
    return f"Line {line}, column {column}: {detail}", members


def excerpt(query: str, line: int, column: int) -> str:
    """The line at fault with a caret under the column; both count from 1."""
    start = max(0, column - 1 - _WIDTH // 2)
    shown = _line(query, line)[start : start + _WIDTH].replace("\t", " ")
    return f"{shown}\n{' ' * (column - 1 - start)}^"


def _line(query: str, line: int) -> str:
    lines = query.split("\n")
    return lines[line - 1].rstrip("\r") if line <= len(lines) else ""


def _undeclared(query: str, prefixes: Mapping[str, str]) -> re.Match[str] | None:
    """The first use of a prefix that is declared nowhere."""
    bare = _OPAQUE.sub(lambda opaque: re.sub(r"[^\n]", " ", opaque[0]), query)
    declared = {*_DECLARED.findall(bare), *prefixes}
    return next((each for each in _PREFIX.finditer(bare) if each[1] not in declared), None)


def _hint(unknown: str, prefixes: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(unknown, prefixes, 1, 0.5)
    if near:
        return f"Did you mean '{near[0]}:' (PREFIX {near[0]}: <{prefixes[near[0]]}>)?"
    return f"Add a line 'PREFIX {unknown}: <…>'. Predeclared are {', '.join(prefixes)}."


def _reason(message: str, query: str, line: int, column: int) -> str:
    if message:
        return f"{message.rstrip('.')}."
    found = _FOUND.search(_line(query, line)[column - 1 :])
    return (
        f"from {found[0][:_WORD]!r} on, this is not SPARQL." if found else "something is missing."
    )
