"""Answers kept in memory, the least recently used leaving first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import replace

from web.site.http import Fields, Response

_LARGE = 1 << 20


def key_of(release: str, path: str, query: str, headers: Fields, sent: Hashable = None) -> Hashable:
    """All that an answer depends on; `sent` is what the request's body holds."""
    get = headers.get
    return release, path, query, get("accept"), get("accept-encoding"), sent


class Cache:
    """Responses within a budget of bytes."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._entries: OrderedDict[Hashable, Response] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0
        self.hits = 0
        self.misses = 0

    def get(self, key: Hashable) -> Response | None:
        with self._lock:
            response = self._entries.get(key)
            if response is None:
                self.misses += 1
            else:
                self.hits += 1
                self._entries.move_to_end(key)
            return response

    def put(self, key: Hashable, response: Response) -> None:
        """Keep `response`, unless it would push out more than an eighth of the others."""
        if len(response.body) > self._budget // 8:
            return
        body = response.body
        # A large body stays the file in memory that it is, since a copy takes as long as sending.
        # Each such answer holds a file descriptor; the process has few.
        if len(body) <= max(_LARGE, self._budget >> 8):
            body = body[:]
        kept = replace(response, body=body, log={**response.log, "cache": "hit"})
        with self._lock:
            old = self._entries.pop(key, None)
            self.size += _weight(kept) - (_weight(old) if old else 0)
            self._entries[key] = kept
            while self.size > self._budget:
                _, oldest = self._entries.popitem(last=False)
                self.size -= _weight(oldest)


def _weight(response: Response) -> int:
    return len(response.body) + 2048  # headers, key and bookkeeping, measured roughly
