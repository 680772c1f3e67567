"""The states of a connection as two tables, in the manner of h11: what may come next, and how long.

docs/serving.md prints them. What waits is the front's; what is served is a child's.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Literal, NamedTuple

from kg.model.settings import Settings


class State(Enum):
    """What a connection waits for."""

    OPENED = "its first byte"
    HEAD = "the end of a head"
    BODY = "the end of a body"
    SERVING = "the answer"
    WRITING = "a reader that has not taken its answer"
    IDLE = "the next request"
    CLOSING = "the client's end, so that it can read the last answer (RFC 9112 §9.6)"
    CLOSED = "nothing"


class Event(Enum):
    """What ends a state."""

    HEAD_BEGAN = "part of a head"
    BODY_BEGAN = "part of a body"
    WHOLE = "a request"
    REFUSED = "none that can be served"
    WRITTEN = "answered"
    LAST = "answered for the last time"
    UNTAKEN = "the reader stalls"
    LATE = "too late"
    GONE = "the client is gone"


_END = {Event.LATE: State.CLOSED, Event.GONE: State.CLOSED}
_DONE = {Event.WRITTEN: State.IDLE, Event.LAST: State.CLOSING}
_REST = {
    Event.BODY_BEGAN: State.BODY,
    Event.WHOLE: State.SERVING,
    Event.REFUSED: State.CLOSING,
}
_READ = _REST | _END | {Event.HEAD_BEGAN: State.HEAD}

NEXT: Mapping[State, Mapping[Event, State]] = MappingProxyType({
    State.OPENED: _READ,
    State.HEAD: _READ,
    State.BODY: _REST | _END | {Event.LATE: State.CLOSING},
    State.SERVING: _DONE | _END | {Event.UNTAKEN: State.WRITING, Event.LATE: State.CLOSING},
    State.WRITING: _DONE | _END,
    State.IDLE: _READ,
    State.CLOSING: _END,
    State.CLOSED: {},
})  # fmt: skip


class Hold(NamedTuple):
    """Who holds a connection in a state, and for how long.

    `limit` is in seconds, or names the setting that has them; they count `since` the state began,
    the request's first byte, or the reader last took one. `late` is the kind of problem that is
    answered past that; where it is empty, the connection is closed without a word.
    """

    by: Literal["front", "child"]
    limit: float | str
    since: Literal["beginning", "first byte", "last byte"]
    late: str = ""

    def seconds(self, settings: Settings) -> float:
        """The limit under `settings`."""
        return getattr(settings, self.limit) if isinstance(self.limit, str) else self.limit


HOLDS: Mapping[State, Hold] = MappingProxyType({
    State.OPENED: Hold("front", 10.0, "beginning"),
    State.HEAD: Hold("front", "request_timeout", "first byte"),
    State.BODY: Hold("front", "request_timeout", "first byte", "request-timeout"),
    State.SERVING: Hold("child", "query_timeout", "beginning", "query-timeout"),
    State.WRITING: Hold("front", "request_timeout", "last byte"),
    State.IDLE: Hold("front", 60.0, "beginning"),
    State.CLOSING: Hold("front", 2.0, "beginning"),
})  # fmt: skip
