"""The client of Flask's tests, but over HTTP: what they ask of an app, asked of a live server."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, urlsplit

from werkzeug.test import Client

# Fields of the connection, and of the moment, which WSGI has not (PEP 3333).
_OF_SERVERS = {"connection", "date", "keep-alive", "transfer-encoding"}


def http_client(server: str) -> Client:
    """A client of `server`, given by its URL, with a connection for each request.

    `environ_overrides={"REMOTE_ADDR": "127.0.0.9"}` has it come from another address of loopback.
    """
    address = urlsplit(server)

    def forward(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """A WSGI application that is the live server's."""
        connection = http.client.HTTPConnection(
            str(address.hostname),
            address.port,
            timeout=60,
            source_address=(environ.get("REMOTE_ADDR", "127.0.0.1"), 0),
        )
        method, body = environ["REQUEST_METHOD"], environ["wsgi.input"].read()
        connection.putrequest(method, _target(environ), skip_host=True, skip_accept_encoding=True)
        for name, value in _fields(environ):
            connection.putheader(name, value.encode("latin-1"))
        if body or method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "close")
        connection.endheaders(body)
        with connection.getresponse() as response:
            content = response.read()
            fields = [each for each in response.getheaders() if each[0].lower() not in _OF_SERVERS]
            start_response(f"{response.status} {response.reason}", fields)
        connection.close()
        return [content]

    return Client(forward)


def _target(environ: dict[str, Any]) -> str:
    """The target as the test wrote it, as far as a request line can have it (RFC 9112 §3.2)."""
    path: str = environ["REQUEST_URI"].partition("?")[0]
    if not path.isascii() or not path.isprintable() or " " in path:
        path = quote(environ["PATH_INFO"].encode("latin-1"))
    query = environ["QUERY_STRING"]
    return f"{path}?{query}" if query else path


def _fields(environ: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").title(), value
    if environ.get("CONTENT_TYPE"):
        yield "Content-Type", environ["CONTENT_TYPE"]
