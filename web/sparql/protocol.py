"""SPARQL 1.1 Protocol §2.1: from a request to a query, read strictly from its bytes."""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kg.model.formats import FORMATS, GRAPH_TYPES, RESULT_TYPES, known_as
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
# Where clients say which format they want: Virtuoso's, Joseki's and Rasqal's names for one thing.
_FORMAT = ("format", "output", "results")
_ONCE = ("timeout",)


class BadRequest(Exception):
    """A request that is no protocol operation."""

    def __init__(self, problem: ProblemDetails) -> None:
        super().__init__(problem.detail)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Description:
    """What a request without a query asks for: a description of the service, as one of `accept`."""

    accept: tuple[str, ...]


def read(request: Request, settings: Settings) -> Query | Description:
    """What `request` asks for.

    Raises:
        BadRequest: it is no operation of the protocol.
        QueryError: its query is no readable text, an update, or more than an engine should see.
    """
    if request.method not in METHODS:
        raise BadRequest(method_not_allowed(request.method))
    texts, parameters = _parse(request.query)
    if request.method == "POST":
        _read_body(request, texts, parameters)
    if parameters:
        _check(parameters)
    if len(texts) > 1:
        raise _repeated("query")
    if not texts:
        if request.method == "POST":
            raise _bad("no-query", "The form has no 'query' parameter.")
        return Description(_of_graphs(accepted(request.headers.get("accept"), parameters)))
    default_graphs, named_graphs = _dataset(parameters) if parameters else (None, None)
    text = preflight.decode(texts[0], settings.query_bytes)
    return Query(
        text=text,
        accept=accepted(request.headers.get("accept"), parameters),
        default_graphs=default_graphs,
        named_graphs=named_graphs,
        timeout=_timeout(parameters) if parameters else None,
        base=f"{settings.base}sparql",
        seen=preflight.check(text, settings),
    )


def accepted(header: str | None, parameters: Mapping[str, list[str]]) -> tuple[str, ...]:
    """The media types that may answer, the best first: those that `format` and its like mean, where
    they are known, and behind them, or without them, those of the Accept header.
    """
    named = named_format(parameters)
    if named and not header:
        return named
    known = dict.fromkeys((*named, *_known(header)))
    if not known:
        raise BadRequest(not_acceptable(OFFERED))
    return tuple(known)


def named_format(parameters: Mapping[str, list[str]]) -> tuple[str, ...]:
    """What the first parameter that names a known format means by it, which may be many-valued."""
    for name in _FORMAT:
        for value in parameters.get(name, ()):
            if found := known_as(value):
                return tuple(each.media_type for each in found)
    return ()


def names_format(query: str) -> bool:
    """Whether the query string names a format of data."""
    if not any(f"{name}=" in query for name in _FORMAT):
        return False
    try:
        return bool(named_format(_parse(query)[1]))
    except BadRequest:
        return True  # of which a program is to be told


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


def _of_graphs(media_types: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(each for each in media_types if each in GRAPH_TYPES)
    if not found:
        raise BadRequest(not_acceptable(GRAPH_TYPES))
    return found


def _read_body(request: Request, texts: list[bytes], parameters: dict[str, list[str]]) -> None:
    """Add what the body of a POST says to what its URL does."""
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
        if texts:
            raise _bad("two-queries", "The query stands in the body and in the URL; send it once.")
        texts.append(request.body)
        return
    if media_type != FORM:
        found = repr(media_type) if media_type else "none"
        raise BadRequest(_unsupported(f"Content-Type: found {found}; allowed: {QUERY} or {FORM}."))
    more, others = _parse(request.body.decode("latin-1"))
    texts += more
    for name, values in others.items():
        parameters.setdefault(name, []).extend(values)


def _unsupported(detail: str) -> ProblemDetails:
    return ProblemDetails.of(
        "unsupported-media-type", detail, headers={"Accept-Post": f"{QUERY}, {FORM}"}
    )


def _parse(encoded: str) -> tuple[list[bytes], dict[str, list[str]]]:
    """The values of `query`, whose bytes `preflight.decode` judges, and all other parameters.

    WHATWG URL §5.1, but strict: a broken escape or text that is no UTF-8 is an error. `encoded` has
    one character for a byte.
    """
    texts: list[bytes] = []
    others: dict[str, list[str]] = {}
    for pair in encoded.split("&"):
        name, _, value = pair.partition("=")
        key = _text(name)
        if key == "query":
            texts.append(unescaped(value))
        elif pair:
            others.setdefault(key, []).append(_text(value))
    return texts, others


def unescaped(encoded: str) -> bytes:
    """The bytes that a name or a value of a form stands for.

    Raises:
        BadRequest: a `%` is followed by something else than two hexadecimal digits.
    """
    data = encoded.encode("latin-1").replace(b"+", b" ")
    if b"%" not in data:
        return data
    # An escape of quoted-printable is the same with another sign (RFC 2045 §6.7), and Python reads
    # those ten times faster. There `=` and line ends have a meaning, so they are escaped before.
    data = data.replace(b"=", b"%3D").replace(b"\r", b"%0D").replace(b"\n", b"%0A")
    text = a2b_qp(data.replace(b"%", b"="))
    if len(text) != len(data) - 2 * data.count(b"%"):  # a broken one shortens it by less
        raise _bad(
            "bad-encoding", f"A '%' must be followed by two hexadecimal digits: {encoded[:80]!r}."
        )
    return text


def _text(encoded: str) -> str:
    try:
        return unescaped(encoded).decode()
    except UnicodeDecodeError:
        raise _bad("bad-encoding", f"A parameter is not UTF-8: {encoded[:80]!r}.") from None


def _check(parameters: Mapping[str, list[str]]) -> None:
    if "update" in parameters:
        raise ReadOnly("This endpoint is read-only; it takes no 'update'.")
    for name in _ONCE:
        if len(parameters.get(name, ())) > 1:
            raise _repeated(name)


def _repeated(name: str) -> BadRequest:
    return _bad("repeated-parameter", f"The parameter '{name}' may be given once, not repeatedly.")


def _dataset(
    parameters: Mapping[str, list[str]],
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Protocol §2.1.4: a dataset in the request replaces that of the query and the default."""
    default, named = (
        _graphs(parameters, name) for name in ("default-graph-uri", "named-graph-uri")
    )
    return (default, named) if default or named else (None, None)


def _graphs(parameters: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
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
