"""A client on a socket: it comes from an address of its own, and sends what it likes."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode, urlsplit

JSON = "application/sparql-results+json"


class Reply(NamedTuple):
    """A response, and how many seconds it took."""

    status: int
    fields: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def slug(self) -> str:
        """The kind of problem that it is."""
        return str(self.json["type"]).rpartition("/")[2]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """One connection to `server`, from `source`."""

    def __init__(self, server: str, source: str = "127.0.0.1", timeout: float = 60) -> None:
        parts = urlsplit(server)
        self.socket = socket.create_connection(
            (str(parts.hostname), parts.port or 80), timeout=timeout, source_address=(source, 0)
        )
        self._rest = b""

    def send(self, path: str, body: bytes = b"", **fields: str) -> None:
        """Send a request: GET, or POST where there is a body."""
        lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", "Host: a"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        lines += [f"Content-Length: {len(body)}"] * bool(body)
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def ask(self, path: str, body: bytes = b"", **fields: str) -> Reply:
        start = time.monotonic()
        self.send(path, body, **fields)
        reply = self.read()
        return reply._replace(seconds=time.monotonic() - start)

    def query(self, text: str, **fields: str) -> Reply:
        return self.ask(asking(text), **{"Accept": JSON, **fields})

    def read(self) -> Reply:
        """The next response.

        Raises:
            ConnectionError: the server has closed before it was whole.
        """
        while b"\r\n\r\n" not in self._rest:
            self._more()
        head, _, rest = self._rest.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        named = (line.partition(":") for line in lines)
        fields = {name.lower(): value.strip() for name, _, value in named}
        length = int(fields.get("content-length", "0"))
        self._rest = rest
        while len(self._rest) < length:
            self._more()
        body, self._rest = self._rest[:length], self._rest[length:]
        return Reply(int(first.split(" ")[1]), fields, body, 0.0)

    def _more(self) -> None:
        part = self.socket.recv(1 << 18)
        if not part:
            raise ConnectionError(f"closed after {self._rest[:80]!r}")
        self._rest += part

    def ended(self, seconds: float) -> bool:
        """Whether the server closes it within that time; what it says before is thrown away."""
        self.socket.settimeout(seconds)
        try:
            while self.socket.recv(1 << 18):
                pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    def close(self) -> None:
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def asking(text: str, **parameters: str) -> str:
    """The target of a request that asks the endpoint."""
    return f"/sparql?{urlencode({'query': text, **parameters})}"
