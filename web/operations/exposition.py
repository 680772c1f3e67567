"""Counts as Prometheus reads them: its text format 0.0.4, or OpenMetrics 1.0.0.

Both are lines of a name, labels and a number. All names and values are ours, and need no escapes.
The library for it would bring web servers, clients and collectors into every process.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from kg import __version__
from web.site.metrics import BOUNDS, FRONT, Total

PLAIN, OPENMETRICS = "text/plain", "application/openmetrics-text"
CONTENT_TYPES = {
    PLAIN: f"{PLAIN}; version=0.0.4; charset=utf-8",
    OPENMETRICS: f"{OPENMETRICS}; version=1.0.0; charset=utf-8",
}

_Sample = tuple[str, str, float]  # what follows the family's name, labels, value
_Family = tuple[str, str, str, Iterable[_Sample]]  # name, kind, meaning


def text(total: Total, release: str, media_type: str = PLAIN) -> bytes:
    """All counts, in one of the `CONTENT_TYPES`."""
    lines: list[str] = []
    for name, kind, meaning, samples in _families(total, release):
        suffix = "_total" if kind == "counter" else ""
        # In OpenMetrics it is the sample's alone, not the family's.
        family = name if media_type == OPENMETRICS else name + suffix
        lines += (f"# HELP {family} {meaning}", f"# TYPE {family} {kind}")
        lines += (f"{name}{suffix}{more}{labels} {value!r}" for more, labels, value in samples)
    end = ("# EOF",) if media_type == OPENMETRICS else ()
    return "\n".join((*lines, *end, "")).encode()


def _families(total: Total, release: str) -> Iterator[_Family]:
    yield "chancery_requests", "counter", "Requests by route, status and use of the cache.", [
        ("", _labels(route=route, status=status, cache=cache), number)
        for (route, status, cache), number in total.requests.items()
    ]  # fmt: skip
    yield "chancery_request_seconds", "histogram", "Seconds from a request to its response.", [
        sample
        for route, cells in total.seconds.items() for sample in _histogram(cells, route=route)
    ]  # fmt: skip
    yield "chancery_answer_bytes", "counter", "Bytes of bodies, as they are sent.", [
        ("", _labels(route=route), number) for route, number in total.sent.items()
    ]  # fmt: skip
    yield "chancery_queries", "counter", "Queries answered, and problems by their kind.", [
        ("", _labels(outcome=outcome), number) for outcome, number in total.outcomes.items()
    ]  # fmt: skip
    yield ("chancery_query_seconds", "histogram", "Seconds of answered queries in the engine.",
           _histogram(total.engine))  # fmt: skip
    for name, use in (("hits", "hit"), ("misses", "miss")):
        number = sum(n for (_, _, cache), n in total.requests.items() if cache == use)
        yield f"chancery_cache_{name}", "counter", f"Responses by the cache: {name}.", [
            ("", "", float(number))
        ]  # fmt: skip
    yield "chancery_cache_bytes", "gauge", "Size of all caches.", [("", "", total.cached)]
    for name, kept in FRONT.items() if total.front else ():
        yield f"chancery_{name}", kept.kind, kept.meaning, [
            ("", _labels(**{kept.label: value} if kept.label else {}), total.front[name, value])
            for value in kept.values
        ]  # fmt: skip
    yield "chancery_release", "gauge", "The release served.", [("", _labels(release=release), 1.0)]
    versions = _labels(version=__version__, python=platform.python_version())
    yield "chancery_build", "gauge", "The versions that serve.", [("", versions, 1.0)]


def _histogram(cells: Sequence[float], **names: object) -> Iterator[_Sample]:
    *counts, total = cells
    for bound, number in zip((*BOUNDS, "+Inf"), accumulate(counts), strict=True):
        yield "_bucket", _labels(**names, le=bound), number
    yield "_sum", _labels(**names), total
    yield "_count", _labels(**names), sum(counts)


def _labels(**names: object) -> str:
    pairs = [f'{name}="{value}"' for name, value in names.items()]
    return f"{{{','.join(pairs)}}}" if pairs else ""
