"""From IRIs to the addresses a reader may follow.

Pages link to where this server runs, whatever base the IRIs were minted under, so that a graph
published at example.org can be browsed on localhost. RDF keeps the IRIs as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, quote_plus, urlencode

from kg.model.iris import is_absolute
from kg.ontology.names import TermNames
from web.site.labelled import labelled

_PLAIN = re.compile(r"[A-Za-z0-9/._~-]*\Z")
_LINE = 200  # characters of a line that is worth keeping; a client's own may be long


@lru_cache(4096)
def _kept(line: str) -> str:
    return quote_plus(line)


def _quoted(line: str) -> str:
    return _kept(line) if len(line) <= _LINE else quote_plus(line)


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses on this server.

    `base` is the IRI under which the graph is published, `names` are those of the ontology's terms;
    `root` is the path under which this
    server is mounted, without its final `/` (WSGI's SCRIPT_NAME).
    """

    base: str
    names: TermNames
    root: str = ""

    def to(self, iri: str) -> str | None:
        """Where a reader goes for `iri`, or None where no link is safe (`javascript:`, `data:`)."""
        if iri.startswith(f"{self.base}id/"):
            return f"{self.root}/page/{self._path(iri, 'id/')}"
        if iri.startswith(f"{self.base}graph/"):
            return f"{self.root}/graph/{self._path(iri, 'graph/')}"
        if self.names.owns(iri):
            return f"{self.root}/ontology/{quote(self.names.short(iri))}".removesuffix("/")
        return iri if is_absolute(iri) else None

    def id(self, iri: str) -> str:
        """The path of `iri` on this server, the one that answers 303."""
        return f"{self.root}/id/{self._path(iri, 'id/')}"

    def data(self, iri: str, extension: str) -> str:
        """The description of `iri` in the format with this file extension."""
        if iri.startswith(f"{self.base}id/"):
            return f"{self.root}/data/{self._path(iri, 'id/')}.{extension}"
        return self.at("/describe", iri=iri, format=extension)

    def sparql(self, query: str) -> str:
        """The editor with `query`, and names, in it; a client that asks for results gets those."""
        query = labelled(query)
        # Most lines of a query are the same on each page, so the quoted line is cached.
        return f"{self.root}/sparql?query={'%0A'.join(map(_quoted, query.split(chr(10))))}"

    def at(self, path: str, **parameters: str | int) -> str:
        """`path` on this server."""
        return f"{self.root}{path}" + (f"?{urlencode(parameters)}" if parameters else "")

    def _path(self, iri: str, prefix: str) -> str:
        path = iri.removeprefix(f"{self.base}{prefix}")
        # A page asks for dozens of paths, and nearly all need no quoting.
        return path if _PLAIN.match(path) else quote(path, safe="/-._~:@!$&'()*+,;=")
