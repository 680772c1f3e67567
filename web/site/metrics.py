"""Counts of what was served, in memory that processes may share.

Each process writes into a column of its own and reading adds the columns up, so nobody waits for a
lock. A column is never cleared: who takes the place of a dead process counts on in it.
"""

from __future__ import annotations

import mmap
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from flask import Flask, Response, request

from web.site.problems import kinds

WIRE, OTHER = "wire", "other"  # routes that no blueprint has: refused bytes, and unknown addresses
_ROUTES = 32  # at most; the rest counts as `OTHER`
_STATUSES: tuple[int | str, ...] = (
    200, 204, 206, 301, 302, 303, 304, 307, 308, 400, 403, 404, 405, 406, 408, 410, 411, 412, 413,
    414, 415, 416, 417, 422, 429, 431, 499, 500, 501, 503, 505, OTHER,
)  # fmt: skip
_CACHES = ("hit", "miss", "none")
BOUNDS = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)  # seconds
_NOTHING: Mapping[str, Any] = {}
# Where things stand in what one route has of a column: requests by status and cache, a histogram
# (one number for each bound, one for what is beyond, and the sum), bytes.
_SECONDS = len(_STATUSES) * len(_CACHES)
_HISTOGRAM = len(BOUNDS) + 2
_BYTES = _SECONDS + _HISTOGRAM
_OF_ROUTE = _BYTES + 1
# And what stands in the column after all routes.
_ENGINE = _ROUTES * _OF_ROUTE
_CACHED = _ENGINE + _HISTOGRAM
_OUTCOMES = _CACHED + 1


class Kept(NamedTuple):
    """A family that the front keeps: one number, or one for each value of a label."""

    kind: str
    meaning: str
    label: str = ""
    values: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The sums: requests by route, status and cache; seconds and bytes by route; outcomes by name;
    seconds in the engine; bytes of the caches; the families of the front by name and label.

    Seconds are numbers by `BOUNDS`, that of those beyond, and their sum.
    """

    requests: Mapping[tuple[str, int | str, str], float]
    seconds: Mapping[str, list[float]]
    sent: Mapping[str, float]
    outcomes: Mapping[str, float]
    engine: list[float]
    cached: float
    front: Mapping[tuple[str, str], float]


FRONT = {
    "children": Kept("gauge", "Processes that answer.", "state", ("idle", "busy", "late")),
    "connections": Kept(
        "gauge",
        "Connections, as docs/serving.md names their states.",
        "state",
        ("opened", "head", "body", "serving", "writing", "idle", "closing"),
    ),
    "waiting": Kept("gauge", "Requests that wait for a process."),
    "forks": Kept("counter", "Processes started."),
    "kills": Kept(
        "counter",
        "Processes that ended amid a request, by the problem that it became.",
        "reason",
        (
            "query-timeout",
            "memory-limit",
            "cancelled",
            "query-too-complex",
            "engine-failed",
            "engine-lost",
        ),
    ),
    "memory_bytes": Kept("gauge", "Memory of all processes."),
    "descriptors": Kept("gauge", "File descriptors of the process that accepts connections."),
}
_CELLS = {
    cell: at
    for at, cell in enumerate(
        (name, value) for name, kept in FRONT.items() for value in kept.values
    )
}


def size(columns: int) -> int:
    """Bytes of memory for that many processes that count."""
    return 8 * (len(_CELLS) + columns * _width())


class Metrics:
    """Counts by route, which is a blueprint's name, `WIRE` or `OTHER`.

    `memory` has `size(columns)` bytes of zeros, and is written at `column`, from 0; without it the
    counts are those of this process alone.
    """

    def __init__(
        self, routes: Iterable[str] = (), memory: mmap.mmap | None = None, column: int = 0
    ) -> None:
        starts = range(0, _ENGINE, _OF_ROUTE)
        self._routes = dict(zip((WIRE, OTHER, *sorted(routes)), starts, strict=False))
        self._at = {
            (route, status, cache): (first, first + number)
            for route, first in self._routes.items()
            for number, (status, cache) in enumerate(product(_STATUSES, _CACHES))
        }
        self._outcomes = {name: _OUTCOMES + at for at, name in enumerate(("answered", *kinds()))}
        self.share(memory or mmap.mmap(-1, size(1)), column)
        self._has_front = memory is not None

    def share(self, memory: mmap.mmap, column: int) -> None:
        """Count in that memory from now on; what was counted before is forgotten."""
        cells, width = memoryview(memory).cast("d"), _width()
        self._front = cells[: len(_CELLS)]
        starts = range(len(_CELLS), len(cells), width)
        self._columns = [cells[start : start + width] for start in starts]
        self._mine = self._columns[column]
        self._mine[_CACHED] = 0
        self._has_front = True

    def count(
        self,
        route: str,
        status: int,
        cache: str,
        seconds: float,
        sent: int,
        *,
        log: Mapping[str, Any] = _NOTHING,
    ) -> None:
        """Count a response of `sent` bytes after `seconds`.

        `cache` is `hit`, `miss` or `none`; `log` is what the access log says of the response.
        """
        first, cell = self._at.get((route, status, cache)) or self._beside(route, status, cache)
        mine = self._mine
        mine[cell] += 1
        mine[first + _BYTES] += sent
        _observe(mine, first + _SECONDS, seconds)
        if log:
            outcome = self._outcomes.get(log.get("problem", ""))
            if outcome is not None:
                mine[outcome] += 1
            elif cache != "hit" and "engine_ms" in log:
                mine[_OUTCOMES] += 1
                _observe(mine, _ENGINE, log["engine_ms"] / 1000)

    def cached(self, bytes_: int) -> None:
        """Note how much this process has in its cache."""
        self._mine[_CACHED] = bytes_

    def gauge(self, name: str, value: float, label: str = "") -> None:
        """Note what one of `FRONT` is now. Each has one writer."""
        self._front[_CELLS[name, label]] = value

    def add(self, name: str, label: str = "") -> None:
        """Count one more in one of `FRONT`. Each has one writer."""
        self._front[_CELLS[name, label]] += 1

    def front(self) -> Mapping[tuple[str, str], float]:
        """The families of the front by name and label, if there is one."""
        return {cell: self._front[at] for cell, at in _CELLS.items()} if self._has_front else {}

    def total(self) -> Total:
        """What all processes have counted."""
        nothing = bytes(8 * _width())
        used = [each for each in self._columns if each.tobytes() != nothing]
        columns = [each.tolist() for each in used or [self._mine]]
        cells = [sum(each) for each in zip(*columns, strict=True)]
        routes = {at: name for name, at in self._routes.items() if any(cells[at : at + _SECONDS])}
        return Total(
            requests={key: cells[at] for key, (_, at) in self._at.items() if cells[at]},
            seconds={name: cells[at + _SECONDS : at + _BYTES] for at, name in routes.items()},
            sent={name: cells[at + _BYTES] for at, name in routes.items()},
            outcomes={name: cells[at] for name, at in self._outcomes.items()},
            engine=cells[_ENGINE:_CACHED],
            cached=cells[_CACHED],
            front=self.front(),
        )

    def _beside(self, route: str, status: int, cache: str) -> tuple[int, int]:
        return self._at[
            route if route in self._routes else OTHER,
            status if status in _STATUSES else OTHER,
            cache if cache in _CACHES else "none",
        ]


def register(app: Flask) -> None:
    """Count what `app` answers, whatever serves it, in `app.extensions["metrics"]`.

    A request's route, and what the access log says of its response, stand in `chancery.log` of its
    environment then. A server that keeps responses puts `{"cache": "miss"}` there before.
    """
    metrics = app.extensions["metrics"] = Metrics({*app.blueprints, "static"})
    lock = threading.Lock()  # for servers that answer in threads

    def begin() -> None:
        environ = request.environ
        environ.setdefault("chancery.log", {})
        environ["chancery.began"] = time.perf_counter()

    def end(response: Response) -> Response:
        environ, status = request.environ, response.status_code
        log = environ.setdefault("chancery.log", {})
        route = log["route"] = request.blueprint or request.endpoint or OTHER
        if status != 200 or "ETag" not in response.headers:
            log.pop("cache", None)
        head = environ["REQUEST_METHOD"] == "HEAD"
        sent = 0 if head else response.calculate_content_length() or 0
        now = time.perf_counter()
        seconds = now - environ.get("chancery.began", now)
        with lock:
            metrics.count(route, status, log.get("cache", "none"), seconds, sent, log=log)
        return response

    app.before_request(begin)
    app.after_request(end)


def _width() -> int:
    """Numbers in a column."""
    return _OUTCOMES + 1 + len(kinds())


def _observe(cells: memoryview[float], at: int, seconds: float) -> None:
    cells[at + bisect_left(BOUNDS, seconds)] += 1
    cells[at + _HISTOGRAM - 1] += seconds
