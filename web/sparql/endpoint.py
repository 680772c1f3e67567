"""The endpoint: from a request to a response, without any web framework."""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

from kg.model.formats import content_type
from kg.model.settings import Settings
from kg.store import Answer, Graph, Query, QueryError, QuerySyntax, diagnosis, preflight
from kg.store.serialise import serialise
from web.site import compression, etags, negotiation, problems
from web.site.cache import Cache, key_of
from web.site.http import OPEN, Fields, Headers, Request, Response, conditional
from web.site.problems import ProblemDetails
from web.sparql import protocol
from web.sparql.description import describe
from web.sparql.limits import Limiter, TooMany
from web.sparql.metrics import Metrics

_PREFLIGHT: Headers = (
    ("Access-Control-Allow-Methods", ", ".join(protocol.METHODS)),
    ("Access-Control-Max-Age", "86400"),
    ("Allow", ", ".join(protocol.METHODS)),
)
_VARY = ("Vary", "Accept, Accept-Encoding")
# Keep it, and ask whether it still holds: the next release may come any moment.
_REVALIDATE = ("Cache-Control", "public, no-cache")
_NO_STORE = ("Cache-Control", "no-store")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A query that must run for a request. `digest` names its answer in `release`."""

    query: Query
    request: Request
    release: str
    digest: str
    volatile: bool
    start: float


class Endpoint:
    """Answers the SPARQL 1.1 Protocol for one graph."""

    def __init__(self, settings: Settings, graph: Graph, prefixes: Mapping[str, str]) -> None:
        self._settings = settings
        self._graph = graph
        self.prefixes = prefixes
        self.cache = Cache(settings.cache_size << 20)
        self._limiter = Limiter(settings.client_queries, settings.client_seconds)
        self.metrics = Metrics(graph, self.cache)

    def cached(
        self, method: str, query: str, headers: Fields, body: bytes = b""
    ) -> Response | None:
        """The answer to the same request, if it is kept: the short way, before any parsing."""
        response = self.cache.get(self._key(method, query, headers, body))
        return None if response is None else conditional(response, method, headers)

    def respond(self, request: Request) -> Response:
        """The response, whatever happens; its body is complete, or an error's."""
        pending = self.prepare(request)
        if isinstance(pending, Response):
            return pending
        outcome: Answer | QueryError
        try:
            outcome = self._graph.answer(pending.query)
        except QueryError as error:
            outcome = error
        return self.finish(pending, outcome)

    def prepare(self, request: Request) -> Response | Pending:
        """The response, or else the query that must be run for it; `finish` must follow that."""
        try:
            if request.method == "OPTIONS":
                return Response(status=204, headers=OPEN + _PREFLIGHT)
            operation = protocol.read(request, self._settings)
            if operation.query is None:
                return conditional(
                    self._description(request, operation), request.method, request.headers
                )
            query, release = operation.query, self._graph.release.id
            known = etags.digest(
                release, query.text, query.accept, query.default_graphs, query.named_graphs
            )
            volatile = preflight.check(query.text, self._settings).volatile
            if not volatile and request.method in ("GET", "HEAD"):
                held = etags.held(request.headers.get("if-none-match"), known)
                if held:
                    return Response(status=304, headers=(("ETag", held), _VARY, _REVALIDATE, *OPEN))
            self._limiter.enter(request.client)
        except (protocol.BadRequest, TooMany) as error:
            return self.problem(error.problem, request)
        except QueryError as error:
            return self.problem(problems.of_query(error), request)
        return Pending(
            query=query,
            request=request,
            release=release,
            digest=known,
            volatile=volatile,
            start=time.monotonic(),
        )

    def finish(self, pending: Pending, outcome: Answer | QueryError) -> Response:
        """The response that the outcome of the query makes."""
        self._limiter.leave(pending.request.client, time.monotonic() - pending.start)
        if isinstance(outcome, QueryError):
            return self.problem(self.explained(outcome, pending.query), pending.request)
        return self._answered(pending, outcome)

    def delivery(self, client: str) -> AbstractContextManager[None]:
        """Holds the place of a query of `client` while a large answer is on its way.

        Raises:
            TooMany: the client has no place left.
        """
        return self._limiter.delivery(client)

    def ask(self, query: Query, request: Request) -> Answer:
        """Run `query` for the client of `request`, within that client's limits.

        Raises:
            TooMany: the client has used up what it may use.
            QueryError: there is no complete answer.
        """
        self._limiter.enter(request.client)
        start = time.monotonic()
        try:
            answer = self._graph.answer(query)
        finally:
            self._limiter.leave(request.client, time.monotonic() - start)
        self.metrics.answered(answer)
        return answer

    def explained(self, error: QueryError, query: Query) -> ProblemDetails:
        """The problem that `error` makes of `query`."""
        self.metrics.queries.labels(error.slug).inc()
        problem = problems.of_query(error)
        if isinstance(error, QuerySyntax):
            detail, members = diagnosis.explain(error, query.text, self.prefixes)
            return replace(problem, detail=detail, extra=members)
        return problem

    def _answered(self, pending: Pending, answer: Answer) -> Response:
        self.metrics.answered(answer)
        request = pending.request
        coding, body = compression.encode(
            request.headers.get("accept-encoding"), answer.media_type, answer.content
        )
        headers: list[tuple[str, str]] = [
            ("Content-Type", content_type(answer.media_type)),
            ("Content-Length", str(len(body))),
            _VARY,
            *OPEN,
        ]
        if coding != "identity":
            headers.append(("Content-Encoding", coding))
        # A new release may have come since the tag was made.
        lasting = not pending.volatile and answer.release == pending.release
        if lasting:
            headers += [("ETag", etags.tag(pending.digest, coding)), _REVALIDATE]
        else:
            headers.append(_NO_STORE)
        response = Response(
            status=200,
            headers=tuple(headers),
            body=body,
            log={
                "query": pending.digest[:12],
                "release": answer.release,
                "engine_ms": round(1000 * answer.seconds, 2),
            },
        )
        if lasting:
            key = self._key(request.method, request.query, request.headers, request.body)
            self.cache.put(key, response)
        return conditional(response, request.method, request.headers)

    def _description(self, request: Request, operation: protocol.Operation) -> Response:
        media_types = protocol.accepted_graphs(request.headers.get("accept"), operation.parameters)
        release = self._graph.release
        graphs = release.manifest.counts.graphs
        triples = describe(
            f"{self._settings.base}sparql", self._settings.title, self._settings.licence, graphs
        )
        body = serialise(triples, media_types[0], self.prefixes)
        headers = (
            ("Content-Type", content_type(media_types[0])),
            ("Content-Length", str(len(body))),
            ("ETag", etags.tag(etags.of_content(body))),
            _VARY,
            _REVALIDATE,
            *OPEN,
        )
        return Response(status=200, headers=headers, body=body, log={"release": release.id})

    def problem(self, problem: ProblemDetails, request: Request) -> Response:
        body, content_type = problem.body(self._settings.base, request.headers.get("accept"))
        headers = (
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
            _NO_STORE,
            _VARY,
            *problem.headers.items(),
            *OPEN,
        )
        log = {"problem": problem.slug, "release": self._graph.release.id}
        return conditional(
            Response(status=problem.status, headers=headers, body=body, log=log),
            request.method,
            request.headers,
        )

    def _key(self, method: str, query: str, headers: Fields, body: bytes) -> Hashable:
        sent = (headers.get("content-type"), body) if method == "POST" else None
        return key_of(self._graph.release.id, "/sparql", query, headers, sent)


def wants_page(request: Request) -> bool:
    """Whether a person is to be answered: HTML is liked best, and no `format=` is given."""
    accept = request.headers.get("accept")
    return (
        "text/html" in (accept or "")
        and "format=" not in request.query
        and negotiation.prefers_html(accept, protocol.OFFERED)
    )
