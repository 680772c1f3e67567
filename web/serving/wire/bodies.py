"""The body of a request: by its length or in chunks (RFC 9112 §6 and §7).

`httptools` does not say where a request ends, nor how long a chunk is before all of it is there; so
chunks are cut here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from web.serving.wire import heads
from web.serving.wire.outcomes import Bounds, Incomplete, Refused

# RFC 9112 §7.1. Of extensions only the characters matter: all are dropped (§7.1.1).
_CHUNK = re.compile(rb"([0-9A-Fa-f]++)(?:[ \t]*+;[\t !-~\x80-\xff]*+)?\r\n")
_PART_OF_CHUNK = re.compile(rb"[0-9A-Fa-f]*+(?:[ \t]*+(?:;[\t !-~\x80-\xff]*+)?)?\r?")
_LINE = 4096  # bytes of a chunk's size and extensions


def body(
    data: bytes, start: int, fields: Mapping[str, str], version: str, bounds: Bounds
) -> tuple[bytes, int] | Incomplete:
    """The body that starts at `start`, and where it ends (RFC 9112 §6.3)."""
    waits = False
    if "expect" in fields and version == "1.1":  # RFC 9110 §10.1.1: HTTP/1.0 has none
        if fields["expect"].lower() != "100-continue":
            raise Refused("expectation-failed", "Expect may say '100-continue' alone.")
        waits = len(data) == start
    if "transfer-encoding" in fields:
        if version == "1.0":
            raise Refused("bad-message", "HTTP/1.0 has no Transfer-Encoding (RFC 9112 §6.1).")
        if fields["transfer-encoding"].lower() != "chunked":
            raise Refused("not-implemented", "The one transfer coding read here is 'chunked'.")
        return _chunks(data, start, bounds, waits=waits)
    size = int(fields.get("content-length", "").lstrip("0")[:20] or "0")
    if size > bounds.body:
        raise Refused("request-too-large", f"The body has {size} bytes; {bounds.body} are read.")
    end = start + size
    if end > len(data):
        return Incomplete(end - len(data), body=True, expects=waits)
    return data[start:end], end


def _chunks(
    data: bytes, start: int, bounds: Bounds, *, waits: bool
) -> tuple[bytes, int] | Incomplete:
    """The body in chunks from `start` on, and where its trailers end (RFC 9112 §7.1).

    What frames the chunks is bounded as fields are, since a request that grows is read anew.
    """
    parts: list[bytes] = []
    total = 0
    position = start
    while True:
        line = _CHUNK.match(data, position, position + _LINE)
        if not line:
            return _unfinished(data, position, waits=waits)
        size = int(line[1].lstrip(b"0")[:20] or b"0", 16)
        total += size
        framing = line.end() - start - (total - size)
        if total > bounds.body or framing > bounds.fields:
            raise Refused(
                "request-too-large",
                f"A body has at most {bounds.body} bytes, and {bounds.fields} around its chunks.",
            )
        position = line.end()
        if not size:
            break
        after = position + size
        if not b"\r\n".startswith(data[after : after + 2]):
            raise Refused("bad-message", "A chunk is longer than its size (RFC 9112 §7.1).")
        if after + 2 > len(data):  # then CR LF, and the last chunk, have to come, too
            return Incomplete(after + 7 - len(data), body=True, expects=False)
        parts.append(data[position:after])
        position = after + 2
    end = data.find(b"\r\n\r\n", position - 2, position + bounds.fields + 2) + 4
    if end == 3:
        heads.whole_lines(data[position : position + bounds.fields])
        if len(data) - position > bounds.fields + 1:
            raise Refused("fields-too-large", f"Trailers have more than {bounds.fields} bytes.")
        return Incomplete(1, body=True, expects=False)
    heads.parsed(data[position:end])  # dropped: RFC 9110 §6.5.1 has none that this server knows
    return b"".join(parts), end


def _unfinished(data: bytes, position: int, *, waits: bool) -> Incomplete:
    """Of a chunk's size not all is there; or it is none."""
    line = data[position : position + _LINE]
    if len(line) == _LINE or not _PART_OF_CHUNK.fullmatch(line):
        raise Refused("bad-message", "A chunk has no size (RFC 9112 §7.1).")
    return Incomplete(max(1, 5 - len(line)), body=True, expects=waits)
