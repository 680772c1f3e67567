"""Content negotiation: which of the media types on offer a client likes best (RFC 9110 §12.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

HTML = "text/html"

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"({_NAME})/({_NAME})\Z")
_PARAMETER = re.compile(rf'\s*({_NAME})\s*=\s*({_NAME}|"(?:[^"\\]|\\.)*")\s*\Z')
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")
_PART = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')


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
    """The ranges of an Accept header. Malformed parts are left out."""
    ranges = []
    for part in _PART.findall(header):
        name, *parameters = part.split(";")
        match = _RANGE.match(name.strip().lower())
        quality = _quality(parameters)
        if match and quality is not None and (match[1] != "*" or match[2] == "*"):
            ranges.append(Range(match[1], match[2], quality))
    return ranges


def _quality(parameters: Sequence[str]) -> float | None:
    quality = 1.0
    for parameter in parameters:
        match = _PARAMETER.match(parameter)
        if not match:
            return None
        if match[1].lower() == "q":
            if not _QUALITY.match(match[2]):
                return None
            quality = float(match[2])
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


def prefers_html(header: str | None, offered: Sequence[str]) -> bool:
    """Whether a person is reading: HTML is liked better than each of the formats on offer.

    A client that takes anything gets data, so that command lines and libraries need no header.
    """
    return choose(header, [*offered, HTML]) == HTML


def _score(ranges: Sequence[Range], media_type: str) -> float:
    best = max(ranges, key=lambda each: (each.precedence(media_type), each.quality))
    return best.quality if best.precedence(media_type) else 0.0
