"""How long the words of a request may be: one rule for its parameters and for parts of its path."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, request
from werkzeug.exceptions import BadRequest, NotFound

LONGEST = 2_000  # characters; IRIs are the longest
MOST = 100  # parameters of one request
_LENGTHS: Mapping[str, int] = {
    "q": 500,
    "prefix": 200,
    "queries": 262_144,  # JSON, of which `web.reconcile` bounds each text
    "extend": 262_144,
    "code": 65_536,  # of a short link, which holds a query
}
# Whole numbers, which `web.site.paging` bounds.
_NUMBERS = frozenset({"page", "per_page", "size", "limit"})
# `/sparql` reads its request itself, under `query_bytes`, wherever it is served.
_OWN = frozenset({"sparql.endpoint"})


def longest(name: str) -> int:
    """The characters that the parameter, or the part of a path, `name` may have."""
    return _LENGTHS.get(name, LONGEST)


def register(app: Flask) -> None:
    """Have `app` refuse what is longer, before any of it is looked at."""
    app.before_request(_check)


def _check() -> None:
    if request.endpoint in _OWN:
        return
    for part, value in (request.view_args or {}).items():
        if len(str(value)) > longest(part):
            raise NotFound(f"No address has more than {longest(part):,} characters in one part.")
    if request.query_string.count(b"&") >= MOST:
        raise BadRequest(f"A request may have up to {MOST} parameters.")
    for name, value in request.values.items(multi=True):
        if len(value) > longest(name) and name not in _NUMBERS:
            raise BadRequest(
                f"{name[:80]}: found {len(value):,} characters; allowed: up to {longest(name):,}"
            )
