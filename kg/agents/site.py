"""The site that tools ask over HTTP: one that is published, or one served here for them alone,
which bounds what a query may take and survives one that takes more.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode

from mcp.server.mcpserver.exceptions import ToolError

from kg.model.errors import ChanceryError
from kg.model.settings import Settings
from kg.remote import NotAnswered, read
from kg.store.embedded.confine import die_with_parent

MOST = 4 << 20  # bytes of an answer that are read
_PATIENCE = 90  # seconds, more than a server gives a query
_SERVE = ("serve", "--host", "127.0.0.1", "--port", "0", "--workers", "4")
_LISTENS = re.compile(r"Serving (http://\S+/) ")


class Refused(ChanceryError, ToolError):
    """There is no answer; the message says why."""


class Site:
    """A site by its address, which a server of our own tells once it listens; `words` are its
    title and what it is about.
    """

    def __init__(self, address: str, words: tuple[str, str], said: IO[str] | None = None) -> None:
        self._address, self.words, self._said = address, words, said

    def get(self, path: str, **parameters: object) -> Any:
        """The JSON of a page, by the parameters that are not empty."""
        given = urlencode({name: each for name, each in parameters.items() if each})
        return json.loads(self._read(f"{quote(path)}?{given}", "application/json"))

    def sparql(self, query: str) -> str:
        """The answer to a query: JSON of results, or the Turtle of a graph."""
        kinds = "application/sparql-results+json, text/turtle;q=0.9"
        return self._read("sparql", kinds, query)

    def _read(self, path: str, accept: str, query: str | None = None) -> str:
        address = self._address = self._address or self._listening()
        try:
            content = read(address + path, accept, query, patience=_PATIENCE, most=MOST)
        except NotAnswered as error:
            raise Refused(str(error)) from None
        if len(content) > MOST:
            raise Refused(f"the answer has more than {MOST >> 20} MB; ask for less, as by LIMIT")
        return content.decode()

    def _listening(self) -> str:
        for line in self._said or ():
            if found := _LISTENS.match(line):
                return found[1]
        raise Refused("the project cannot be served; standard error says why")


@contextmanager
def reached(where: str) -> Iterator[Site]:
    """The site at an http(s) address, or that of the project in a directory, while it is served."""
    if re.match(r"https?://", where):
        address = f"{where.rstrip('/')}/"
        told = Site(address, ("", "")).get("openapi.json")["info"]
        yield Site(address, (told["title"], told["summary"]))
        return
    if not Path(where).is_dir():
        raise Refused(f"{where!r} is neither a directory nor an http(s) address")
    settings, command = Settings.load(Path(where)), [sys.executable, "-m", "kg", *_SERVE, where]
    how: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, preexec_fn=die_with_parent, **how) as server:  # noqa: PLW1509 - one thread
        try:
            yield Site("", (settings.title, settings.description), server.stdout)
        finally:
            server.terminate()
