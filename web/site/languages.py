"""Which language names are told in: the one that a reader likes best of those that the graph has.

RFC 9110 §12.5.4 (Accept-Language), RFC 4647 §3.4 (lookup).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

MOST = 50  # ranges of a header that are read; browsers send a few

_RANGE = re.compile(
    r"\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*"
    r"(?:;\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?\Z",
    re.ASCII,
)


def preferred(header: str | None, offered: Iterable[str], default: str) -> str:
    """One of `offered`, or `default` where the client asks for none of them."""
    known = {each.lower(): each for each in (default, *offered)}
    ranges = sorted(_ranges(header or ""), key=lambda each: -each[1])
    refused = {each for each, quality in ranges if not quality}
    for asked, quality in ranges:
        if quality and asked == "*":
            return default
        for tag in _shorter(asked) if quality else ():
            if tag in known and tag not in refused:
                return known[tag]
    return default


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    """Ranges with their weights, those that cannot be read left out."""
    for part in islice(header.split(","), MOST):
        match = _RANGE.match(part[:100])
        if match:
            yield match[1].lower(), float(match[2] or 1)


def _shorter(tag: str) -> Iterator[str]:
    """`tag`, then what is left of it, ever less: never with a single letter at its end."""
    parts = tag.split("-")
    while parts:
        yield "-".join(parts)
        del parts[-1:]
        while parts and len(parts[-1]) == 1:
            del parts[-1:]


def same(one: str, other: str) -> bool:
    """Whether two tags are the same, in whatever case (RFC 5646 §2.1.1)."""
    return one.lower() == other.lower()
