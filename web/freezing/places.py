"""Where in a copy the answer of an address stands, and which addresses a copy cannot answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote

ABOUT = "/copy/"  # the page that says what a copy cannot do
# Each of them has that page in its own place, since readers and programs know its address.
ASKED = ("/search", "/sparql", "/reconcile")
# What only a server can answer, or what is told elsewhere in a copy.
_ABSENT = re.compile(
    r"/(?:(?:search|sparql|reconcile|describe|references|neighbourhood|metrics|health|compare/"
    r"|openapi\.json|llms\.txt|robots\.txt)\Z"
    r"|(?:s|cite|problems)/|(?:sparql|reconcile)/|page/.*\.(?:atom|svg)\Z"
    r"|data/.*\.(?:nt|nq|trig|rdf)\Z)"
)
_PAGES = re.compile(r"/(?:page|id|on|ontology|graph|between|compare|browse|review)(?:/|\Z)")
_FILE = re.compile(r"\.[a-z0-9]{2,8}\Z")
# States of a page that are few: parts of a list, its first facet, the part of a map.
_STATES = ({"page"}, {"facet"}, {"facet", "page"}, {"box"})
_DAY = re.compile(r"(/on/\d{4}-\d\d)-\d\d\Z", re.ASCII)
_LONGEST = 255  # bytes of the name of a file
_MOVED = {"/.well-known/void": "void.ttl", "/ontology?format=ttl": "ontology.ttl"}


@dataclass(frozen=True, slots=True)
class Place:
    """The file of an address, by its path below the copy; `anchor` is what follows a `#`."""

    path: str
    anchor: str = ""

    def seen_from(self, other: str, start: str = "") -> str:
        """As a link in the file `other`; or from anywhere, where `start` leads to the copy."""
        up = start or "../" * other.count("/")
        return up + quote(self.path, safe="/~@!$&'()*+,;=") + self.anchor


@dataclass(frozen=True, slots=True)
class Places:
    """All places of a copy. `years` have events: calendars go on for ever, and copies do not."""

    years: frozenset[str]

    def told(self, address: str) -> str:
        """The address that tells what `address` does: a day's is that of its month."""
        return _DAY.sub(r"\1", address)

    def of(self, address: str) -> Place | None:
        """Where the answer of `address`, a path on this server, stands; None: a copy has none."""
        address, mark, fragment = address.partition("#")
        path, _, query = address.partition("?")
        anchor = mark + fragment
        if address in _MOVED:
            return Place(_MOVED[address], anchor)
        if path in ASKED and not query:
            return Place(f"{path[1:]}/index.html", anchor)
        if _ABSENT.match(path) or (query and not _is_state(path, query)):
            return None
        if path.startswith("/on/") and path[4:8] not in self.years:
            return None
        file = unquote(path[1:])
        if any(part in (".", "..") or len(part.encode()) > _LONGEST for part in file.split("/")):
            return None
        state = quote(unquote(query), safe="=&").translate(str.maketrans("%=&/", "----"))
        if _FILE.search(file) and not _PAGES.match(path):
            head, dot, end = file.rpartition(".")
            return Place(f"{head}-{state}{dot}{end}" if state else file, anchor)
        folder = f"{file.rstrip('/')}/" if file else ""
        return Place(f"{folder}index-{state}.html" if state else f"{folder}index.html", anchor)


def _is_state(path: str, query: str) -> bool:
    given = dict(parse_qsl(query, keep_blank_values=True))
    if given.get("facet", "").isdecimal():  # a year, which has a page of its own
        return False
    return set(given) in _STATES and ("box" in given) == (path == "/world.svg")
