"""What each client may still use, in memory that all processes of a server share.

An account is one number, the moment at which it is full again ("theoretical arrival time" of the
generic cell rate algorithm, ITU-T I.371): time refills it without being told. There are no locks,
which a killed process could keep: each write is one store of eight bytes. What others charge to an
account between its reading and that store, within a microsecond, is lost; nobody can aim at that.
"""

from __future__ import annotations

import hashlib
import math
import mmap
import os

from kg.model.settings import Settings
from web.serving.clients import client_key
from web.site.problems import ProblemDetails

_ENTRIES = 4096
_BUCKET = 8  # entries in which a client may stand
_MINUTE = 60.0
_OWED = 60.0  # seconds that a client waits at most; what it owes beyond is let off
_LEAST = 1e-9  # seconds a minute, which no request is done in
SIZE = _ENTRIES * 3 * 8  # bytes of memory


class Accounts:
    """The accounts of the clients seen last; one that is full is the same as none.

    `memory` is `SIZE` bytes of zeros; where none is given, an anonymous map that is shared with the
    processes forked afterwards. Moments are those of `time.monotonic`, which processes share.
    """

    def __init__(self, settings: Settings, memory: mmap.mmap | None = None) -> None:
        self._seconds = settings.client_seconds
        self._pace = _MINUTE / max(self._seconds, _LEAST)  # seconds that refill a second of use
        self._at_once = settings.client_queries
        self._patience = math.ceil(settings.query_timeout)
        self._secret = os.urandom(16)  # so that nobody can choose whose bucket is theirs
        view = memoryview(memory if memory is not None else mmap.mmap(-1, SIZE))
        columns = [view[SIZE // 3 * each : SIZE // 3 * (each + 1)] for each in range(3)]
        self._clients = columns[0].cast("Q")  # 0: none yet
        self._full = columns[1].cast("d")
        self._running = columns[2].cast("d")
        self._known: dict[str, tuple[int, int]] = {}

    def find(self, client: str) -> int:
        """The account of the client at that address. Find it anew for each request: an account that
        lies still may become another's, save while something of it is `running`.
        """
        index, name = self._known.get(client, (0, 0))
        if name and self._clients[index] == name:
            return index
        text = client_key(client).encode(errors="replace")
        digest = hashlib.blake2b(text, digest_size=8, key=self._secret).digest()
        name = int.from_bytes(digest, "big") or 1
        index = self._place(name)
        if len(self._known) >= _ENTRIES:
            self._known.clear()
        self._known[client] = index, name
        return index

    def refusal(self, index: int, now: float) -> ProblemDetails | None:
        """Why the client may not be served now, if so."""
        if self._running[index] >= self._at_once:
            # Each query is over by then, whenever it began; an answer is when its client takes it.
            return _refused(
                f"You have {self._running[index]:.0f} queries running, or answers on their way to "
                f"you; {self._at_once} may be so at once.",
                self._patience,
            )
        wait = math.ceil(self._full[index] - now - _MINUTE)
        if wait > 0:
            return _refused(
                f"Your requests have used more than {self._seconds:g} seconds of computing a "
                f"minute. Try again in {wait} s.",
                wait,
            )
        return None

    def charge(self, index: int, seconds: float, now: float) -> None:
        """Charge `seconds` of computing to the client."""
        full = max(self._full[index], now) + seconds * self._pace
        self._full[index] = min(full, now + _MINUTE + _OWED)

    def running(self, index: int, more: int) -> None:
        """Count one more (1) or less (-1) that is running for the client, or on its way to it.

        One process alone may call this.
        """
        self._running[index] = max(0.0, self._running[index] + more)

    def _place(self, name: int) -> int:
        """Where the client of that name stands; a new one takes an empty place or the fullest."""
        first = name % (_ENTRIES // _BUCKET) * _BUCKET
        places = range(first, first + _BUCKET)
        for index in places:
            if self._clients[index] == name:
                return index
        index = min(places, key=lambda each: (self._running[each], self._full[each]))
        if not self._running[index]:  # else it has a part in another's account for now
            self._full[index] = 0.0
            self._clients[index] = name
        return index


def _refused(detail: str, wait: int) -> ProblemDetails:
    return ProblemDetails.of("client-limit", detail, headers={"Retry-After": str(wait)})
