"""Answers that a child keeps, the least recently used leaving first.

They are found by the very bytes of a request, before these are parsed; and by what an answer
depends on, where another client asks the same in other words.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from web.site.http import Response

_REQUESTS = 4096  # whose bytes are remembered at once
_OVERHEAD = 2048  # bytes of headers, key and bookkeeping, measured roughly


@dataclass(frozen=True, slots=True)
class Kept:
    """A response, its bytes behind the date for a connection that persists, and what was asked."""

    response: Response
    data: bytes
    route: str
    method: str
    path: str


class Cache:
    """Responses within a budget of bytes."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._entries: OrderedDict[Hashable, Kept] = OrderedDict()
        self._requests: dict[bytes, Hashable] = {}
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

    def put(self, key: Hashable, kept: Kept) -> bool:
        """Keep it, unless it would push out more than an eighth of the others."""
        if len(kept.data) > self._budget // 8:
            return False
        self._drop(self._entries.pop(key, None))
        self._entries[key] = kept
        self.size += len(kept.data) + _OVERHEAD
        while self.size > self._budget:
            self._drop(self._entries.popitem(last=False)[1])
        return True

    def _drop(self, kept: Kept | None) -> None:
        if kept is not None:
            self.size -= len(kept.data) + _OVERHEAD
