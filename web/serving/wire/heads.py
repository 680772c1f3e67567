"""The head of a request: its line, its target and its fields (RFC 9112 §2 to §5).

The line and the target are read here, since `httptools` knows a fixed list of methods. Fields are
read by its parser, llhttp, behind a request line of our own: it is strict on each clause of
RFC 9112 §5 and §6, and accepts nothing that a proxy could read in another way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from web.serving.wire.outcomes import Bounds, Refused

# Possessive quantifiers: what was matched is never tried again, so that time is linear.
_EMPTY_LINES = re.compile(rb"(?:\r\n){0,8}+")  # RFC 9112 §2.2: at least one is ignored
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++"  # noqa: S105 (a token of RFC 9110 §5.6.2)
# A target may hold bytes past ASCII: curl sends them as typed, and they mean what their %XX do.
_LINE = re.compile(rf'({_TOKEN}) ([!-"$-~\x80-\xff]++) HTTP/(\d)\.(\d)', re.ASCII)
_SIMPLE = re.compile(r"GET /[!-~\x80-\xff]*+")  # HTTP/0.9
# RFC 3986 §3.2.2 and §3.2.3, without user information.
_NAME = r"(?:[\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*+"
_LITERAL = r"\[(?:[0-9A-Fa-f:.]++|v[0-9A-Fa-f]++\.[\w.~!$&'()*+,;=:-]++)\]"
_HOST = re.compile(rf"(?:{_NAME}|{_LITERAL})(?::\d*+)?", re.ASCII)
_ABSOLUTE = re.compile(r"https?://([^/?:][^/?]*+)([^?]*+)(?:\?(.*+))?", re.IGNORECASE)
_FRAMING = frozenset({"content-length", "expect", "transfer-encoding"})
_POST = b"POST / HTTP/1.1\r\n"
# What a request can have once; two might mean one thing to a proxy and another here.
_ONCE = frozenset({
    "authorization", "content-length", "content-type", "date", "from", "host", "if-modified-since",
    "if-range", "if-unmodified-since", "max-forwards", "range", "referer", "user-agent",
})  # fmt: skip


class Section(NamedTuple):
    """The fields of a request; whether the connection persists; whether a body may follow."""

    fields: Mapping[str, str]
    keep: bool
    framed: bool


def bounds_of(data: bytes, bounds: Bounds) -> tuple[int, int, int]:
    """Where the request line starts, the fields start, and the head ends; 0: not yet known."""
    empty = _EMPTY_LINES.match(data) if data.startswith(b"\r") else None
    start = empty.end() if empty else 0
    line_end = data.find(b"\r\n", start, start + bounds.line + 2) + 2
    if line_end == 1:
        whole_lines(data[start : start + bounds.line])
        if len(data) - start > bounds.line + 1:
            raise Refused("uri-too-long", f"The request line has more than {bounds.line} bytes.")
        return start, 0, 0
    end = data.find(b"\r\n\r\n", line_end - 2, line_end + bounds.fields + 2) + 4
    if end == 3:
        request_line(data[start : line_end - 2])
        whole_lines(data[line_end : line_end + bounds.fields])
        if len(data) - line_end > bounds.fields + 1:
            raise Refused("fields-too-large", f"Fields have more than {bounds.fields} bytes.")
        return start, line_end, 0
    return start, line_end, end


def whole_lines(data: bytes) -> None:
    """Refuse what will never become a head: its client may wait for an answer already."""
    lines = data.count(b"\r\n")
    bare = data.count(b"\n") != lines or data.count(b"\r") != lines + data.endswith(b"\r")
    if bare or b"\0" in data:
        raise Refused("bad-message", "A line does not end in CR LF, or holds NUL (RFC 9112 §2.2).")


def request_line(line: bytes) -> tuple[str, str, str, str]:
    """Method, target, and the two digits of the version (RFC 9112 §3)."""
    text = line.decode("latin-1")
    found = _LINE.fullmatch(text)
    if not found:
        if _SIMPLE.fullmatch(text):
            raise Refused("version-not-supported", "The request line names no version.")
        raise Refused(
            "bad-message", "The request line is not 'METHOD target HTTP/1.1' (RFC 9112 §3)."
        )
    if found[3] != "1":
        raise Refused("version-not-supported", f"HTTP/{found[3]}.{found[4]} is not spoken here.")
    return found.groups()  # type: ignore[return-value] # four strings, by the expression


class _Lines(list[tuple[bytes, bytes]]):
    """What the parser calls back; each call back costs, so there is one."""

    __slots__ = ()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.append((name, value))


def parsed(section: bytes) -> _Lines:
    """The lines of a field section with its empty line."""
    lines = _Lines()
    try:
        HttpRequestParser(lines).feed_data(_POST + section)
    except HttpParserUpgrade:  # RFC 9110 §7.8: Upgrade may be ignored
        pass
    except HttpParserError as error:
        if "Content-Length overflow" in str(error):
            raise Refused("request-too-large", "Content-Length is past any bound.") from None
        raise Refused("bad-message", f"{error} (RFC 9112 §5, §6).") from None
    return lines


@lru_cache(maxsize=256)  # a client sends the same with each request, and reading it takes longest
def section(data: bytes, version: str, bounds: Bounds) -> Section:
    """What a field section with its empty line says."""
    fields = fields_of(data, bounds)
    check_host(fields, version)
    keep = version == "1.1"
    if "connection" in fields:  # RFC 9112 §9.3
        options = [each.strip(" \t") for each in fields["connection"].lower().split(",")]
        keep = (keep or "keep-alive" in options) and "close" not in options
    return Section(fields, keep, framed=not _FRAMING.isdisjoint(fields))


def fields_of(section: bytes, bounds: Bounds) -> dict[str, str]:
    """The fields by their names in lower case; those of one name are joined (RFC 9110 §5.3)."""
    lines = parsed(section)
    if len(lines) > bounds.lines:
        raise Refused(
            "fields-too-large", f"There are {len(lines)} fields; {bounds.lines} are read."
        )
    fields: dict[str, str] = {}
    for raw_name, raw_value in lines:
        name = raw_name.decode("latin-1").lower()
        if "_" in name:  # in a WSGI environment (RFC 3875 §4.1.18) it would pass for one with "-"
            continue
        value = raw_value.decode("latin-1").rstrip(" \t")
        if name in fields:
            if name in _ONCE:
                raise Refused("bad-message", f"{name} is given twice (RFC 9110 §5.3).")
            value = f"{fields[name]}, {value}"
        fields[name] = value
    return fields


def check_host(fields: dict[str, str], version: str) -> None:
    """Refuse a Host that is missing or is none (RFC 9112 §3.2)."""
    host = fields.get("host")
    if host is None:
        if version == "1.1":
            raise Refused("bad-message", "Host is missing (RFC 9112 §3.2).")
    elif not _HOST.fullmatch(host):
        raise Refused("bad-message", "Host names no host (RFC 9112 §3.2).")


def other_form(method: str, target: str) -> tuple[str, str, str]:
    """Path, query and host of what is not in origin-form (RFC 9112 §3.2.2 to §3.2.4)."""
    if method == "CONNECT":
        raise Refused("not-implemented", "CONNECT is a proxy's.")
    if target == "*" and method == "OPTIONS":
        return target, "", ""
    found = _ABSOLUTE.fullmatch(target)
    if not found or not _HOST.fullmatch(found[1]):
        raise Refused(
            "bad-message", "The target is neither a path nor an http address (RFC 9112 §3.2)."
        )
    path = found[2] or ("*" if method == "OPTIONS" and found[3] is None else "/")
    return path, found[3] or "", found[1]
