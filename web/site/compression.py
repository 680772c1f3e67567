"""Compression of answers, where the client takes it and it pays (RFC 9110 §12.5.3, RFC 8878)."""

from __future__ import annotations

import gzip
import re
from mmap import mmap

import zstandard

SMALLEST = 1024  # bytes; below, the header costs what compression saves
# bytes; past this, a local network is faster than gzip, and zstd is not slower.
_LARGEST_GZIP = 1 << 24
_PART = re.compile(
    r"\s*+([a-zA-Z*][\w-]*+)\s*+(?:;\s*+[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?\s*+\Z"
)
_TEXT = re.compile(
    r"text/|application/(?:[\w.-]+\+)?(?:json|xml)|application/(?:n-|trig|javascript)|image/svg"
)


def choose(accept_encoding: str | None, content_type: str, length: int) -> str:
    """The coding to use: `zstd`, `gzip` or `identity`."""
    if not accept_encoding or length < SMALLEST or not _TEXT.match(content_type):
        return "identity"
    accepted = {}
    for part in accept_encoding.split(","):
        match = _PART.match(part)
        if match:
            accepted[match[1].lower()] = float(match[2] or 1)
    for coding in ("zstd", "gzip"):
        if accepted.get(coding, accepted.get("*", 0.0)) > 0:
            return "identity" if coding == "gzip" and length > _LARGEST_GZIP else coding
    return "identity"


def compress(body: bytes | mmap, coding: str) -> bytes | mmap:
    """`body` in `coding`. The same bytes give the same bytes, as a strong ETag demands."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=3).compress(memoryview(body))
    if coding == "gzip":
        return gzip.compress(body, compresslevel=5, mtime=0)
    return body


def encode(
    accept_encoding: str | None, content_type: str, body: bytes | mmap
) -> tuple[str, bytes | mmap]:
    """The coding to use, and `body` in it."""
    coding = choose(accept_encoding, content_type, len(body))
    return coding, compress(body, coding)
