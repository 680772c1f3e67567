"""What text the graph can hold: the one rule for sheets, registers, tables and documents.

Words are what a page shows in a line: a name, a value, a quote. Prose is the text of a document,
which is kept as it is, since offsets count in it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from kg.model import limits


class Fault(NamedTuple):
    """What is wrong with a value, and what is allowed instead."""

    found: str
    allowed: str


# XML 1.0 §2.2 [2], which RDF/XML, SPARQL's XML results and feeds must keep to.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all of C0, DEL and C1 but tab and newline
_OVERRIDE = re.compile("[\u202d\u202e]")
# UAX #9 §3.1.2: what opens a direction, and what closes it again.
_DIRECTION = re.compile("[\u202a-\u202c\u2066-\u2069]")
_CLOSED_BY = {
    **dict.fromkeys("\u202a\u202b", "\u202c"),
    **dict.fromkeys("\u2066\u2067\u2068", "\u2069"),
}
_UNSEEN = frozenset(["Mn", "Mc", "Me", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs"])
# Hangul fillers and the blank of Braille are letters and symbols by category, and show nothing.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# RFC 5646 §2.1 `langtag` without private use: language, script, region, variants, extensions.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(-[a-wyz\d](-[a-z\d]{2,8})+)*\Z",
    re.IGNORECASE | re.ASCII,
)


def fault_in_words(text: str, most: int = limits.WORDS) -> Fault | None:
    """What keeps `text`, of at most `most` characters, from being shown; None: nothing does."""
    if len(text) > most:
        return Fault(f"{len(text):,} characters", f"at most {most:,}")
    if text.isascii() and text.isprintable() and text.strip():
        return None  # nearly all are so, which C finds out at once
    if found := _CONTROL.search(text) or _NOT_XML.search(text):
        return Fault(_named(found), "text without control characters (XML 1.0 §2.2)")
    if found := _OVERRIDE.search(text):
        return Fault(_named(found), "text that shows in the order in which it is written")
    if opened := _left_open(text):
        return Fault(f"U+{ord(opened):04X} that nothing closes", "each direction closed again")
    if not any(map(_shows, text)):
        return Fault(ascii(text[:20]) if text else "nothing", "text that can be seen")
    return None


def fault_in_prose(text: str) -> Fault | None:
    """What keeps `text` from being published whole; None where nothing does."""
    if len(text) > limits.PROSE:
        return Fault(f"{len(text):,} characters", f"at most {limits.PROSE:,}")
    if found := _NOT_XML.search(text):
        line = text.count("\n", 0, found.start()) + 1
        return Fault(
            f"{_named(found)}, in line {line} of the text", "text that XML can hold (XML 1.0 §2.2)"
        )
    return None


def is_language(tag: str) -> bool:
    """Whether `tag` is a language tag (RFC 5646), such as ru or zh-Hant."""
    return _LANGUAGE.match(tag) is not None


def _named(found: re.Match[str]) -> str:
    return f"U+{ord(found[0]):04X} at character {found.start() + 1}"


def _left_open(text: str) -> str:
    """The first mark of a direction that is not closed, which would turn the text around it."""
    opened: list[str] = []
    for mark in _DIRECTION.findall(text):
        if mark in _CLOSED_BY:
            opened.append(mark)
        elif opened and _CLOSED_BY[opened[-1]] == mark:
            opened.pop()
    return opened[0] if opened else ""


def _shows(mark: str) -> bool:
    """Letters, numbers, punctuation and symbols show; marks, spaces and formats alone do not."""
    return unicodedata.category(mark) not in _UNSEEN and mark not in _BLANK
