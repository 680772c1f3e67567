"""Whose requests keep children long, so that nobody else waits among them.

A request is late after 10 ms, and who waits behind it is passed on. Where an address sends many
such requests, whoever shares its children would be passed on from one to the next, and wait each
time. So such an address has children of its own, which yield the processor to all others, until
it has been quiet for some seconds.
"""

from __future__ import annotations

import math

from web.serving.clients import Clients
from web.serving.connections import Connection
from web.serving.members import Member

_HALF = 2.0  # seconds, after which what was used counts half
_HEAVY = 0.1  # seconds, spent in requests that were late
_KNOWN = 10_000  # addresses


class Burden:
    """Counts the seconds of late requests by address."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._used: dict[str, tuple[float, float]] = {}  # seconds, and when that was so

    def add(self, peer: str, seconds: float, now: float) -> None:
        if len(self._used) >= _KNOWN:
            self._used.clear()
        self._used[peer] = self._now(peer, now) + seconds, now

    def heavy(self, peer: str, now: float) -> bool:
        """Whether requests from there keep children long."""
        return peer in self._used and self._now(peer, now) > _HEAVY

    def mixed(self, member: Member, served: Connection) -> bool:
        """Whether others than its sender wait behind the request that a child serves; those who
        come by a proxy are many.
        """
        peers = {each.peer for each in member.held.values()}
        return len(peers) > 1 or (len(member.held) > 1 and self._clients.names(served.peer))

    def _now(self, peer: str, now: float) -> float:
        seconds, since = self._used.get(peer, (0.0, now))
        return seconds * math.pow(2.0, (since - now) / _HALF)
