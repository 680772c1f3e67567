"""Answers that a child keeps, the least recently used leaving first.

They are found by the very bytes of a request, before these are parsed; and by what an answer
depends on, where another client asks the same in other words. What is made in no time is kept only
when it is asked for again: most queries are asked once, and keeping an answer takes time, too.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

_REQUESTS = 4096  # whose bytes, or whose keys, are remembered at once
_OVERHEAD = 1024  # bytes of key and bookkeeping, measured roughly
_DEAR = 0.001  # seconds; what takes longer is kept at once


class Kept(NamedTuple):
    """A response's bytes behind the date, for a connection that persists; how many of them are its
    body's; the route that made it; what the access log says of it.
    """

    data: bytes
    size: int
    route: str
    asked: Mapping[str, Any]


class Cache:
    """Responses within a budget of bytes."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._entries: OrderedDict[Hashable, Kept] = OrderedDict()
        self._requests: dict[bytes, Hashable] = {}
        self._asked: set[int] = set()
        self.size = 0

    def repeated(self, request: bytes) -> Kept | None:
        """The answer to a request of these very bytes."""
        key = self._requests.get(request)
        return None if key is None else self.get(key)

    def get(self, key: Hashable) -> Kept | None:
        """The answer that `key` stands for."""
        kept = self._entries.get(key)
        if kept is not None:
            self._entries.move_to_end(key)
        return kept

    def remember(self, request: bytes, key: Hashable) -> None:
        """Find what `key` stands for by these bytes, too."""
        if len(self._requests) >= _REQUESTS:
            self._requests.clear()
        self._requests[request] = key

    def wants(self, key: Hashable, seconds: float, size: int) -> bool:
        """Whether to keep an answer of so many bytes that took so long: unless it was cheap and is
        asked for the first time, or would push out more than an eighth of the others.
        """
        if size > self._budget // 8:
            return False
        known = hash(key)
        if seconds > _DEAR or known in self._asked:
            return True
        if len(self._asked) >= _REQUESTS:
            self._asked.clear()
        self._asked.add(known)
        return False

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep it."""
        self._drop(self._entries.pop(key, None))
        self._entries[key] = kept
        self.size += len(kept.data) + _OVERHEAD
        while self.size > self._budget:
            self._drop(self._entries.popitem(last=False)[1])

    def _drop(self, kept: Kept | None) -> None:
        if kept is not None:
            self.size -= len(kept.data) + _OVERHEAD
