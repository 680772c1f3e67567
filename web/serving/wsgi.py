"""The Flask app, asked as PEP 3333 says, by a child that has a whole request."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from flask import Flask
from werkzeug.wsgi import FileWrapper

from web.serving.messages import Part
from web.serving.wire.arriving import Arrived

_RANGE = re.compile(r"bytes (\d+)-(\d+)/")
_WITH_FILE = (200, 206)
Fields = list[tuple[str, str]]


class Answered(NamedTuple):
    """What the app has answered; a large file is not read, but left to be sent."""

    status: int
    headers: Fields
    body: bytes
    file: Part | None


class _Files(list[Any]):
    """PEP 3333, "Optional Platform-Specific File Handling"."""

    def wrap(self, file: Any, size: int = 8192) -> FileWrapper:
        self.append(file)
        return FileWrapper(file, size)


def environ(request: Arrived, client: str, server: tuple[str, int], root: str) -> dict[str, Any]:
    """PEP 3333, "environ Variables", of an app below `root`."""
    variables: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": root,
        # WSGI's strings hold one character for a byte.
        "PATH_INFO": unquote_to_bytes(request.path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "REMOTE_ADDR": client,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "chancery.log": {"cache": "miss"},  # where the app says what it counts
    }
    for name, value in request.fields.items():
        if name == "content-type":
            variables["CONTENT_TYPE"] = value
        elif name not in ("content-length", "transfer-encoding"):  # the body is whole and plain
            variables["HTTP_" + name.upper().replace("-", "_")] = value
    return variables


def ask(app: Flask, variables: dict[str, Any]) -> Answered:
    """What `app` answers."""
    started: list[tuple[int, Fields]] = []
    files = _Files()

    def start_response(status: str, headers: Fields, _: Any = None) -> Callable[[bytes], object]:
        started[:] = [(int(status[:3]), headers)]
        return lambda _: None

    parts: Iterable[bytes] = app({**variables, "wsgi.file_wrapper": files.wrap}, start_response)
    try:
        status, headers = started[0]
        if files and variables["REQUEST_METHOD"] == "GET" and status in _WITH_FILE:
            return Answered(status, headers, b"", _part(files[0].fileno(), headers))
        return Answered(status, headers, b"".join(parts), None)
    finally:
        getattr(parts, "close", lambda: None)()


def _part(fd: int, headers: Fields) -> Part:
    """The part of the file that the response has, with a descriptor that outlives its object."""
    found = next((value for name, value in headers if name == "Content-Range"), "")
    start, end = 0, os.fstat(fd).st_size
    if found:
        first, last = _RANGE.findall(found)[0]
        start, end = int(first), int(last) + 1
    return Part(os.dup(fd), start, end)
