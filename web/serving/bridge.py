"""From RSGI, Granian's own interface, to the Flask app, which speaks WSGI (PEP 3333).

RSGI tells when a client has gone, which WSGI cannot; the app finds it in `chancery.cancel`. And in
`chancery.failure` it may find an exception that kept another process from answering.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from typing import Any, Protocol

from granian.rsgi import Scope
from werkzeug.wsgi import FileWrapper

from kg.store import Cancel

_WITH_FILE = (200, 206)
_RANGE = re.compile(r"bytes (\d+)-(\d+)/")
Fields = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Stream(Protocol):
    """A response sent in parts."""

    async def send_bytes(self, data: bytes, /) -> None: ...


class Exchange(Protocol):
    """What is used here of RSGI's protocol object: one request's body, and its response."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def client_disconnect(self) -> None: ...

    def response_bytes(self, status: int, headers: Fields, body: bytes, /) -> None: ...

    def response_file(self, status: int, headers: Fields, file: str, /) -> None: ...

    def response_file_range(
        self, status: int, headers: Fields, file: str, start: int, end: int, /
    ) -> None: ...

    def response_stream(self, status: int, headers: Fields, /) -> Stream: ...


def described(scope: Scope, sender: str) -> dict[str, str]:
    """What PEP 3333, "environ Variables", has of a request but its body."""
    host, _, port = scope.server.rpartition(":")
    variables = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        # WSGI's strings hold one character for a byte.
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": sender,
        "wsgi.url_scheme": scope.scheme,
    }
    for name, value in scope.headers.items():
        if name == "content-type":
            variables["CONTENT_TYPE"] = value
        elif name != "content-length":
            variables["HTTP_" + name.upper().replace("-", "_")] = value
    return variables


def environ(request: dict[str, str], body: bytes = b"") -> dict[str, Any]:
    """The whole environment of a `request` as `described`."""
    return {
        **request,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def client(scope: Scope, header: str) -> str:
    """The address of the client, without its port: as the proxy in front names it in `header`.

    Of a list the last entry counts: the proxy wrote it, and the client may have written the others.
    """
    if header:
        named = [value for name, value in scope.headers.items() if name == header]
        if named:
            return named[-1].rpartition(",")[2].strip()
    return scope.client.rpartition(":")[0]


def watch(protocol: Exchange, cancel: Cancel) -> asyncio.Future[None]:
    """Call `cancel` when the client goes, unless the watch is cancelled before."""
    gone = asyncio.ensure_future(protocol.client_disconnect())
    gone.add_done_callback(lambda done: None if done.cancelled() else cancel())
    return gone


@asynccontextmanager
async def watched(protocol: Exchange, cancel: Cancel) -> AsyncIterator[None]:
    """Call `cancel` when the client goes while the block runs."""
    gone = watch(protocol, cancel)
    try:
        yield
    finally:
        gone.cancel()


async def respond(
    app: Application,
    scope: Scope,
    protocol: Exchange,
    body: bytes,
    *,
    sender: str,
    threads: Executor,
    failure: Exception | None = None,
) -> int:
    """Have `app` answer `sender` in one of `threads`; the status that it gave.

    `failure` is what went wrong already, which the app has only to say.
    """
    loop = asyncio.get_running_loop()
    cancel = Cancel()
    started: list[tuple[int, Fields]] = []
    files: list[str] = []

    def start_response(status: str, headers: Fields, _: Any = None) -> None:
        started[:] = [(int(status[:3]), headers)]

    def wrap(file: Any, size: int = 8192) -> FileWrapper:
        """PEP 3333, "Optional Platform-Specific File Handling"."""
        files.append(str(file.name))
        return FileWrapper(file, size)

    def call() -> tuple[Iterator[bytes], bytes, bytes | None, Callable[[], None]]:
        variables = {
            **environ(described(scope, sender), body),
            "wsgi.file_wrapper": wrap,
            "chancery.cancel": cancel,
            "chancery.failure": failure,
        }
        parts = app(variables, start_response)
        close = getattr(parts, "close", lambda: None)
        if files and scope.method == "GET" and started[0][0] in _WITH_FILE:
            return iter(()), b"", None, close
        files.clear()
        iterator = iter(parts)
        return iterator, next(iterator, b""), next(iterator, None), close

    async with watched(protocol, cancel):
        iterator, first, second, close = await loop.run_in_executor(threads, call)
        status, headers = started[0]
        try:
            if files:
                _send_file(protocol, status, headers, files[0])
                return status
            if second is None:
                protocol.response_bytes(status, headers, first)
                return status
            stream = protocol.response_stream(status, headers)
            await stream.send_bytes(first)
            part: bytes | None = second
            while part is not None and not cancel.cancelled:
                await stream.send_bytes(part)
                part = await loop.run_in_executor(threads, next, iterator, None)
        finally:
            await loop.run_in_executor(threads, close)
    return status


def _send_file(protocol: Exchange, status: int, headers: Fields, file: str) -> None:
    """Leave the reading to the server, which reads as fast as the client takes.

    Parts of a stream it would keep in memory, all that the client has not taken yet.
    """
    found = next((value for name, value in headers if name == "Content-Range"), "")
    if found:
        first, last = _RANGE.findall(found)[0]
        protocol.response_file_range(status, headers, file, int(first), int(last) + 1)
    else:
        protocol.response_file(status, headers, file)
