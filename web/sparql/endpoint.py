"""The endpoint: from a request to a response, without any web framework."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from kg.model.formats import FORMATS
from kg.model.iris import Minter
from kg.model.rdf import Iri, value_of
from kg.model.settings import Settings
from kg.store import Answer, Graph, Query, QueryError, QuerySyntax, diagnosis, rows
from kg.store.serialise import serialise
from web.site import compression, etags, negotiation, problems
from web.site.http import OPEN, Headers, Request, Response, conditional
from web.site.problems import ProblemDetails
from web.sparql import protocol
from web.sparql.description import describe

_PREFLIGHT: Headers = (
    *OPEN,
    ("Access-Control-Allow-Methods", ", ".join(protocol.METHODS)),
    ("Access-Control-Max-Age", "86400"),
    ("Allow", ", ".join(protocol.METHODS)),
)
_VARY = ("Vary", "Accept, Accept-Encoding")
# Keep it, and ask whether it still holds: the next release may come any moment.
_LASTING: Headers = (_VARY, *OPEN, ("Cache-Control", "public, no-cache"))
_PASSING: Headers = (_VARY, *OPEN, ("Cache-Control", "no-store"))
_TYPES = {each.media_type: ("Content-Type", each.content_type) for each in FORMATS}
# Is told how many seconds a query may take, before it is run.
Deadline = Callable[[float], object]


class Endpoint:
    """Answers the SPARQL 1.1 Protocol for one graph."""

    def __init__(self, settings: Settings, graph: Graph, prefixes: Mapping[str, str]) -> None:
        self._settings = settings
        self._graph = graph
        self.prefixes = prefixes

    def respond(self, request: Request, deadline: Deadline | None = None) -> Response:
        """The response, whatever happens; its body is complete, or an error's."""
        if request.method == "OPTIONS":
            return Response(status=204, headers=_PREFLIGHT)
        try:
            asked = protocol.read(request, self._settings)
        except protocol.BadRequest as error:
            return self.problem(error.problem, request)
        except QueryError as error:
            return self.problem(problems.of_query(error), request)
        if isinstance(asked, protocol.Description):
            return self._described(asked, request)
        digest = _digest(self._graph.release.id, asked)
        lasting = asked.seen is not None and not asked.seen.volatile
        held = request.headers.get("if-none-match")
        if held and lasting and request.method in ("GET", "HEAD"):
            tag = etags.held(held, digest)
            if tag:
                return Response(status=304, headers=(*_LASTING, ("ETag", tag)))
        try:
            answer = self.ask(asked, deadline)
        except QueryError as error:
            return self.problem(self.explained(error, asked), request)
        return self._answered(answer, request, digest, lasting=lasting)

    def ask(self, query: Query, deadline: Deadline | None = None) -> Answer:
        """Run `query`.

        Raises:
            QueryError: there is no complete answer.
        """
        if deadline is not None:
            limit = self._settings.query_timeout
            deadline(min(query.timeout or limit, limit))
        return self._graph.answer(query)

    def explained(self, error: QueryError, query: Query) -> ProblemDetails:
        """The problem that `error` makes of `query`."""
        problem = problems.of_query(error)
        if isinstance(error, QuerySyntax):
            detail, members = diagnosis.explain(error, query.text, self.prefixes)
            return replace(problem, detail=detail, extra=members)
        return problem

    def problem(self, problem: ProblemDetails, request: Request) -> Response:
        """The response that tells `problem` to the sender of `request`."""
        body, content_type = problem.body(self._settings.base, request.headers.get("accept"))
        headers = (
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
            *_PASSING,
            *problem.headers.items(),
        )
        log = {"problem": problem.slug, "release": self._graph.release.id}
        response = Response(status=problem.status, headers=headers, body=body, log=log)
        return conditional(response, request.method, request.headers)

    def _answered(
        self, answer: Answer, request: Request, digest: str, *, lasting: bool
    ) -> Response:
        coding, body = compression.encode(
            request.headers.get("accept-encoding"), answer.media_type, answer.content
        )
        kept = (*_LASTING, ("ETag", etags.tag(digest, coding))) if lasting else _PASSING
        encoded = () if coding == "identity" else (("Content-Encoding", coding),)
        headers: Headers = (
            _TYPES[answer.media_type],
            ("Content-Length", str(len(body))),
            *encoded,
            *kept,
        )
        log = {
            "query": digest[:12],
            "release": answer.release,
            "engine_ms": round(1000 * answer.seconds, 2),
        }
        response = Response(status=200, headers=headers, body=body, log=log)
        return conditional(response, request.method, request.headers)

    def _described(self, asked: protocol.Description, request: Request) -> Response:
        release, meta = self._graph.release, Minter(self._settings.base).meta
        triples = describe(
            f"{self._settings.base}sparql",
            self._settings.title,
            self._settings.licence,
            {**release.manifest.counts.graphs, meta: self._size(meta)},
        )
        body = serialise(triples, asked.accept[0], self.prefixes)
        headers = (
            _TYPES[asked.accept[0]],
            ("Content-Length", str(len(body))),
            *_LASTING,
            ("ETag", etags.tag(etags.of_content(body))),
        )
        response = Response(status=200, headers=headers, body=body, log={"release": release.id})
        return conditional(response, request.method, request.headers)

    def _size(self, name: Iri) -> int:
        """The triples of a named graph that the manifest does not count."""
        found = rows(self._graph, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")
        return int(value_of(found[0]["n"]))


def _digest(release: str, query: Query) -> str:
    """What names the answer; none of the parts holds a NUL, and no name of a graph is empty."""
    parts = [release, query.text, *query.accept]
    if query.default_graphs is not None or query.named_graphs is not None:
        parts += ["", *(query.default_graphs or ()), "", *(query.named_graphs or ())]
    return etags.of_content("\0".join(parts).encode())


def wants_page(request: Request) -> bool:
    """Whether a person is to be answered: HTML is liked best, and no format of data is named."""
    accept = request.headers.get("accept")
    return (
        "text/html" in (accept or "")
        and not protocol.names_format(request.query)
        and negotiation.prefers_html(accept, protocol.OFFERED)
    )
