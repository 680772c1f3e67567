"""Strong entity tags that are known before a query runs (RFC 9110 §8.8.3).

A release never changes, so the release, the query, its dataset and the formats that may answer it
decide the bytes; the coding is told by the tag's suffix.
"""

from __future__ import annotations

import hashlib
import re

from kg.store import Query

_TAG = re.compile(r'(?:W/)?"([0-9a-f]{32})(?:-(zstd|gzip))?"')
# Functions whose value differs from run to run (SPARQL 1.1 Query §17.4).
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\s*\(", re.IGNORECASE)


def digest(query: Query, release: str) -> str:
    """What names the answer to `query` in `release`."""
    parts = (release, query.text, query.accept, query.default_graphs, query.named_graphs)
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


def of_content(body: bytes) -> str:
    """The tag of what is made at once, and so named by its own bytes."""
    return tag(hashlib.blake2b(body, digest_size=16).hexdigest(), "identity")


def tag(known: str, coding: str) -> str:
    return f'"{known}"' if coding == "identity" else f'"{known}-{coding}"'


def matches(if_none_match: str | None, known: str) -> str | None:
    """The tag among the client's that names the same answer, in whatever coding."""
    for match in _TAG.finditer(if_none_match or ""):
        if match[1] == known:
            return tag(known, match[2] or "identity")
    return None


def volatile(query: str) -> bool:
    """Whether a second run could answer otherwise. A string that looks so counts, too."""
    return "(" in query and _VOLATILE.search(query) is not None
