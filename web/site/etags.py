"""Strong entity tags that are known before an answer is made (RFC 9110 §8.8.3).

A release never changes, so the release, what is asked of it and the formats that may answer decide
the bytes; the coding is told by the tag's suffix.
"""

from __future__ import annotations

import hashlib
import re

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*+")')
_OWN = re.compile(r'"([0-9a-f]{32})(?:-(zstd|gzip))?"')


def digest(*parts: object) -> str:
    """What names the answer that depends on `parts` and on nothing else."""
    return of_content(repr(parts).encode())


def of_content(body: bytes) -> str:
    """What names an answer that is made at once: its own bytes."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def tag(known: str, coding: str = "identity") -> str:
    """The tag of the answer that `known` names, in a coding."""
    return f'"{known}"' if coding == "identity" else f'"{known}-{coding}"'


def held(if_none_match: str | None, known: str) -> str | None:
    """The tag among the client's that names the same answer, in whatever coding."""
    for match in _OWN.finditer(if_none_match or ""):
        if match[1] == known:
            return tag(known, match[2] or "identity")
    return None


def matches(if_none_match: str | None, present: str) -> bool:
    """Whether the field names the tag `present`, or any at all (RFC 9110 §13.1.2: `*`)."""
    sent = (if_none_match or "").strip()
    return sent == "*" or present in _TAG.findall(sent)
