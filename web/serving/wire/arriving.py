"""From bytes to a request (RFC 9110, RFC 9112): pure, exact, and linear in its input."""

from __future__ import annotations

from web.serving.wire import bodies, heads
from web.serving.wire.outcomes import Arrived, Bounds, Incomplete, Refused

__all__ = ["Arrived", "Bounds", "Incomplete", "Refused", "arrive"]

_BODIES = frozenset({"content-length", "expect", "transfer-encoding"})


def arrive(data: bytes, bounds: Bounds, *, ended: bool = False) -> Arrived | Incomplete:
    """The first request of `data`; `ended`: the client has closed its side.

    Raises:
        Refused: it is malformed, past a bound, or cut short.
    """
    found = _first(data, bounds)
    if ended and isinstance(found, Incomplete):
        raise Refused(
            "bad-message", f"The connection ended after {len(data)} bytes, within a request."
        )
    return found


def _first(data: bytes, bounds: Bounds) -> Arrived | Incomplete:
    start, line_end, end = heads.bounds_of(data, bounds)
    if not end:
        return Incomplete(1, body=False, expects=False)
    method, target, _, minor = heads.request_line(data[start : line_end - 2])
    version = "1.0" if minor == "0" else "1.1"  # a later minor is served as 1.1 (RFC 9110 §2.5)
    fields = heads.fields_of(data[line_end:end], bounds)
    heads.check_host(fields, version)
    if target[0] == "/":  # origin-form, RFC 9112 §3.2.1
        path, _, query = target.partition("?")
    else:
        path, query = heads.other_form(method, target, fields)
    body, length = b"", end
    if not _BODIES.isdisjoint(fields):
        framed = bodies.body(data, end, fields, version, bounds)
        if isinstance(framed, Incomplete):
            return framed
        body, length = framed
    keep = version == "1.1"
    if "connection" in fields:  # RFC 9112 §9.3
        options = [each.strip(" \t") for each in fields["connection"].lower().split(",")]
        keep = (keep or "keep-alive" in options) and "close" not in options
    return Arrived(method, path, query, fields, body, keep, length, version)
