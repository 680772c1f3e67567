"""SPARQL 1.1 Protocol §2.1: from a request to a query, read strictly from its bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from kg.model.formats import FORMATS, GRAPH_TYPES, RESULT_TYPES
from kg.model.iris import is_iri
from kg.model.settings import Settings
from kg.store import Query, ReadOnly, preflight
from web.site import negotiation
from web.site.http import Request
from web.site.problems import ProblemDetails, not_acceptable

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
METHODS = ("GET", "HEAD", "OPTIONS", "POST")
OFFERED = (*RESULT_TYPES, *GRAPH_TYPES)
# What clients send for these formats besides the registered names: of rows, and of graphs.
ALIASES = {
    alias: tuple(each.media_type for each in FORMATS if alias in each.aliases)
    for one in FORMATS
    for alias in one.aliases
}
# The values of `format=`, for links in browsers: extensions, which are suffixes of media types, too
# (RFC 6839).
SHORT = {
    one.extension: tuple(
        each.media_type
        for each in FORMATS
        if each is one or each.media_type.endswith(f"+{one.extension}")
    )
    for one in FORMATS
}
_ONCE = ("query", "timeout", "format")
_GRAPHS = ("default-graph-uri", "named-graph-uri")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class BadRequest(Exception):
    """A request that is no protocol operation."""

    def __init__(self, problem: ProblemDetails) -> None:
        super().__init__(problem.detail)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Operation:
    """What a request asks for: a query, or, without one, a description of the service."""

    query: Query | None
    parameters: Mapping[str, list[str]]


def read(request: Request, settings: Settings) -> Operation:
    """The operation that `request` asks for.

    Raises:
        BadRequest: it is none of the protocol's.
        QueryError: its query is no readable text, or an update.
    """
    if request.method not in METHODS:
        raise BadRequest(method_not_allowed(request.method))
    parameters = _parse(request.query)
    direct: bytes | None = None
    if request.method == "POST":
        direct = _body(request, parameters)
    if "update" in parameters:
        raise ReadOnly("This endpoint is read-only; it takes no 'update'.")
    _check_single(parameters)
    text = direct
    if direct is None and "query" in parameters:
        text = _latin(parameters["query"][0])
    elif direct is not None and "query" in parameters:
        raise _bad("two-queries", "The query stands in the body and in the URL; send it once.")
    if text is None:
        if request.method == "POST":
            raise _bad("no-query", "The form has no 'query' parameter.")
        return Operation(None, parameters)
    return Operation(
        Query(
            text=preflight.decode(text, settings.query_bytes),
            accept=accepted(request.headers.get("accept"), parameters),
            default_graphs=_graphs(parameters, "default-graph-uri"),
            named_graphs=_graphs(parameters, "named-graph-uri"),
            timeout=_timeout(parameters),
            base=f"{settings.base}sparql",
        ),
        parameters,
    )


def accepted_graphs(header: str | None, parameters: Mapping[str, list[str]]) -> tuple[str, ...]:
    """As `accepted`, for an answer that is a graph.

    Raises:
        BadRequest: the client accepts none of the formats of graphs.
    """
    found = tuple(each for each in accepted(header, parameters) if each in GRAPH_TYPES)
    if not found:
        raise BadRequest(not_acceptable(GRAPH_TYPES))
    return found


def accepted(header: str | None, parameters: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The media types that may answer, the best first: `format=` before the Accept header."""
    if "format" in parameters:
        name = parameters["format"][0]
        if name in SHORT:
            return SHORT[name]
        if name in OFFERED:
            return (name,)
        raise _bad("unknown-format", f"There is no format {name!r}; there are {', '.join(SHORT)}.")
    known = _known(header)
    if not known:
        raise BadRequest(not_acceptable(OFFERED))
    return known


@lru_cache(256)  # clients send few different headers, and reading one takes a tenth of a query
def _known(header: str | None) -> tuple[str, ...]:
    ranked = negotiation.ranked(header, (*OFFERED, *ALIASES))
    return tuple(dict.fromkeys(own for each in ranked for own in ALIASES.get(each, (each,))))


def method_not_allowed(method: str) -> ProblemDetails:
    allowed = ", ".join(METHODS)
    return ProblemDetails.of(
        "method-not-allowed",
        f"{method} means nothing here; use one of {allowed}.",
        headers={"Allow": allowed},
    )


def _body(request: Request, parameters: dict[str, list[str]]) -> bytes | None:
    """The query of a direct POST; the fields of a form are added to `parameters`."""
    if request.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise BadRequest(_unsupported("A compressed body is not read here; send it as it is."))
    content_type = request.headers.get("content-type", "")
    media_type, *options = (part.strip().lower() for part in content_type.split(";"))
    if media_type == UPDATE:
        raise ReadOnly("This endpoint is read-only; it runs no update.")
    if any(
        name == "charset" and value.strip('"') not in ("utf-8", "utf8")
        for name, _, value in (option.partition("=") for option in options)
    ):
        raise BadRequest(
            _unsupported("A query is read as UTF-8 only (SPARQL 1.1 Protocol §2.1.3).")
        )
    if media_type == QUERY:
        return request.body
    if media_type != FORM:
        found = repr(media_type) if media_type else "none"
        raise BadRequest(_unsupported(f"Content-Type: found {found}; allowed: {QUERY} or {FORM}."))
    for name, values in _parse(request.body.decode("latin-1")).items():
        parameters.setdefault(name, []).extend(values)
    return None


def _unsupported(detail: str) -> ProblemDetails:
    return ProblemDetails.of(
        "unsupported-media-type", detail, headers={"Accept-Post": f"{QUERY}, {FORM}"}
    )


def _parse(encoded: str) -> dict[str, list[str]]:
    """WHATWG URL §5.1, but strict: a broken escape or text that is no UTF-8 is an error.

    The value of `query` keeps one character for a byte, for `preflight.decode` to judge.
    """
    parameters: dict[str, list[str]] = {}
    for pair in encoded.split("&"):
        if not pair:
            continue
        if _ESCAPE.search(pair):
            raise _bad(
                "bad-encoding", f"A '%' must be followed by two hexadecimal digits: {pair[:80]!r}."
            )
        name, _, value = pair.partition("=")
        key = _text(name)
        parameters.setdefault(key, []).append(
            _bytes(value).decode("latin-1") if key == "query" else _text(value)
        )
    return parameters


def _bytes(encoded: str) -> bytes:
    return unquote_to_bytes(encoded.replace("+", " ").encode("utf-8", "surrogateescape"))


def _latin(text: str) -> bytes:
    return text.encode("latin-1")


def _text(encoded: str) -> str:
    try:
        return _bytes(encoded).decode()
    except UnicodeDecodeError:
        raise _bad("bad-encoding", f"A parameter is not UTF-8: {encoded[:80]!r}.") from None


def _check_single(parameters: Mapping[str, list[str]]) -> None:
    for name in _ONCE:
        if len(parameters.get(name, ())) > 1:
            raise _bad(
                "repeated-parameter", f"The parameter '{name}' may be given once, not repeatedly."
            )


def _graphs(parameters: Mapping[str, list[str]], name: str) -> tuple[str, ...] | None:
    """Protocol §2.1.4: a dataset in the request replaces that of the query and the default."""
    if not any(each in parameters for each in _GRAPHS):
        return None
    graphs = tuple(dict.fromkeys(parameters.get(name, ())))
    for iri in graphs:
        if not is_iri(iri):
            raise _bad("bad-graph", f"{name}: {iri[:200]!r} is no absolute IRI.")
    return graphs


def _timeout(parameters: Mapping[str, list[str]]) -> float | None:
    if "timeout" not in parameters:
        return None
    found = parameters["timeout"][0]
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", found) or float(found) == 0:
        raise _bad("bad-timeout", f"timeout: found {found[:40]!r}; allowed: seconds above 0.")
    return float(found)


def _bad(slug: str, detail: str) -> BadRequest:
    return BadRequest(ProblemDetails.of(slug, detail))
