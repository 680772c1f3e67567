"""From bytes to a request (RFC 9110, RFC 9112): pure, exact, and linear in its input."""

from __future__ import annotations

from web.serving.wire import bodies, heads
from web.serving.wire.outcomes import Arrived, Bounds, Incomplete, Refused

__all__ = ["Arrived", "Bounds", "Incomplete", "Refused", "arrive"]


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
    fields, keep, framed = heads.section(data[line_end:end], version, bounds)
    if target[0] == "/":  # origin-form, RFC 9112 §3.2.1
        path, _, query = target.partition("?")
    else:
        path, query, host = heads.other_form(method, target)
        if host:  # whatever Host said
            fields = {**fields, "host": host}
    body, length = b"", end
    if framed:
        found = bodies.body(data, end, fields, version, bounds)
        if isinstance(found, Incomplete):
            return found
        body, length = found
    return Arrived(method, path, query, fields, body, keep, length, version)
