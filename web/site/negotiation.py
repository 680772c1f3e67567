"""Content negotiation: which of the media types on offer a client likes best (RFC 9110 §12.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from werkzeug.exceptions import BadRequest

from kg.model.formats import GRAPHS, known_as

HTML = "text/html"
# What data is published in, by what clients call it: Turtle first.
_OF_GRAPHS = (
    {each.media_type: each.extension for each in GRAPHS}
    | {HTML: HTML}
    | {alias: each.extension for each in GRAPHS for alias in each.aliases}
)
AVAILABLE = [*(each.media_type for each in GRAPHS), HTML]

MOST = 100  # ranges of a header that are read; browsers send eight

# RFC 9110 §5.6. Quantifiers are possessive, so nothing is read twice and time is linear.
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_QUOTED = r'"(?:[^"\\]++|\\.)*+"'
_PAIR = rf";[ \t]*+({_NAME})[ \t]*+=[ \t]*+({_NAME}|{_QUOTED})"
_PARAMETER = re.compile(_PAIR)
_RANGE = re.compile(rf"[ \t]*+({_NAME})/({_NAME})((?:[ \t]*+{_PAIR})*+)[ \t]*+\Z")
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")
# A quoted string that is left open goes on to the end.
_PART = re.compile(r'(?:[^,"]++|"(?:[^"\\]++|\\.)*+"?+)++')


class Range(NamedTuple):
    """One part of an Accept header: `*` stands for any type, or any subtype."""

    type: str
    subtype: str
    quality: float

    def precedence(self, media_type: str) -> int:
        """How exactly it names `media_type` (RFC 9110 §12.5.1): 3 in full, 0 not at all."""
        if self.type == "*":
            return 1
        name, _, subtype = media_type.partition("/")
        if self.type != name:
            return 0
        return 2 if self.subtype == "*" else 3 * (self.subtype == subtype)


def parse(header: str) -> list[Range]:
    """The first `MOST` ranges of an Accept header. Malformed parts are left out."""
    ranges = []
    for part in islice(_PART.finditer(header), MOST):
        match = _RANGE.match(part[0])
        quality = _quality(match[3]) if match else None
        if match and quality is not None and (match[1] != "*" or match[2] == "*"):
            ranges.append(Range(match[1].lower(), match[2].lower(), quality))
    return ranges


def _quality(parameters: str) -> float | None:
    quality = 1.0
    for name, value in _PARAMETER.findall(parameters):
        if name.lower() == "q":
            if not _QUALITY.match(value):
                return None
            quality = float(value)
    return quality


def ranked(header: str | None, offered: Sequence[str]) -> tuple[str, ...]:
    """Those of `offered` that the client accepts, the best first.

    `offered` is in the server's order of preference, which decides between equals, and alone
    where the client states no preference that can be read.
    """
    ranges = parse(header or "")
    if not ranges:
        return tuple(offered)
    scored = [(_score(ranges, media_type), media_type) for media_type in offered]
    liked = [(score, media_type) for score, media_type in scored if score > 0]
    return tuple(media_type for _, media_type in sorted(liked, key=lambda each: -each[0]))


def choose(header: str | None, offered: Sequence[str]) -> str | None:
    """The best of `offered`; None where the client accepts none of them."""
    return next(iter(ranked(header, offered)), None)


def graph_format(header: str | None, given: str) -> str:
    """The file extension of the format of RDF that a client wants, or `HTML`; empty where it wants
    nothing that there is. `given` is its parameter `format`, which goes before the header.

    Raises:
        BadRequest: `given` names no format of RDF, nor a page.
    """
    if not given:
        return _OF_GRAPHS.get(choose(header, [*_OF_GRAPHS]) or "", "")
    if given == "html":
        return HTML
    found = next((each for each in known_as(given) if each in GRAPHS), None)
    if found is None:
        allowed = ", ".join([each.extension for each in GRAPHS] + ["html"])
        raise BadRequest(f"format: found {given[:80]!r}; allowed: {allowed}")
    return found.extension


def prefers_html(header: str | None, offered: Sequence[str]) -> bool:
    """Whether a person is reading: HTML is liked better than each of the formats on offer.

    A client that takes anything gets data, so that command lines and libraries need no header.
    """
    return choose(header, [*offered, HTML]) == HTML


def _score(ranges: Sequence[Range], media_type: str) -> float:
    best = max(ranges, key=lambda each: (each.precedence(media_type), each.quality))
    return best.quality if best.precedence(media_type) else 0.0
