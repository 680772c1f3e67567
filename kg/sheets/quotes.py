"""Where the words of a quote stand in a text, however either sets marks, dashes and lines."""

from __future__ import annotations

import re
import unicodedata

from kg.model.facts import Span

# One mark may be set as another of its kind.
_KINDS = ("'‘’‚‛′`´", '"“”„‟″«»', "-\u2010\u2011\u2012–—―−")  # noqa: RUF001 - the marks themselves
# What typesetting puts between two letters of a word: soft hyphens, joiners, a broken line.
_BREAK = "(?:[\u00ad\u200b-\u200d\u2060\ufeff]|[-\u2010]\u00ad?[ \t]*\r?\n[ \t]*)*"
_SPACE = "[\\s\u00ad\u200b\ufeff]+"
_AROUND = 24  # characters shown on either side of a passage


def find(quote: str, text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Every place between `start` and `end` of `text` where the words of `quote` stand."""
    pattern = _pattern(quote)
    inside = pattern.finditer(text, start, len(text) if end is None else end)
    return [Span(*match.span()) for match in inside]


def surroundings(span: Span, text: str) -> str:
    """A passage in its line of text, marked, short enough for a message."""
    before, after = text[max(0, span.start - _AROUND) : span.start], text[span.end :][:_AROUND]
    return " ".join(f"…{before}[{text[span.start : span.end]}]{after}…".split())


def _pattern(quote: str) -> re.Pattern[str]:
    words = unicodedata.normalize("NFC", quote.replace("\u00ad", "")).split()
    return re.compile(_SPACE.join(_BREAK.join(map(_mark, word)) for word in words))


def _mark(mark: str) -> str:
    for kind in _KINDS:
        if mark in kind:
            return f"[{re.escape(kind)}]"
    apart = unicodedata.normalize("NFD", mark)
    return re.escape(mark) if apart == mark else f"(?:{re.escape(mark)}|{re.escape(apart)})"
