"""The endpoint: from a request to a response, without any web framework."""

from __future__ import annotations

from kg.settings import Settings
from kg.store import Graph, QueryError
from web import problems
from web.http import Headers, Request, Response
from web.problems import Problem
from web.sparql import protocol

# The Fetch standard, §3.2: any page of any site may ask this public endpoint.
CORS: Headers = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "Content-Length, ETag, Retry-After"),
)
_PREFLIGHT: Headers = (
    ("Access-Control-Allow-Methods", ", ".join(protocol.METHODS)),
    ("Access-Control-Allow-Headers", "Accept, Content-Type, If-None-Match"),
    ("Access-Control-Max-Age", "86400"),
    ("Allow", ", ".join(protocol.METHODS)),
)


class Endpoint:
    """Answers the SPARQL 1.1 Protocol for one graph."""

    def __init__(self, settings: Settings, graph: Graph) -> None:
        self._settings = settings
        self._graph = graph

    def respond(self, request: Request) -> Response:
        """The response, whatever happens; `Response.body` is complete or an error's."""
        try:
            return self._answer(request)
        except protocol.BadRequest as error:
            return self._problem(error.problem, request)
        except QueryError as error:
            return self._problem(problems.of_query(error), request)

    def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status=204, headers=CORS + _PREFLIGHT)
        operation = protocol.read(request, self._settings)
        if operation.query is None:
            raise protocol.BadRequest(protocol.not_acceptable())
        answer = self._graph.answer(operation.query, request.cancel)
        headers = (
            ("Content-Type", answer.media_type),
            ("Content-Length", str(len(answer.content))),
            ("Vary", "Accept"),
            *CORS,
        )
        return Response(
            status=200, headers=headers, body=b"" if request.method == "HEAD" else answer.content
        )

    def _problem(self, problem: Problem, request: Request) -> Response:
        body, content_type = problems.plain(
            problem, self._settings.base, request.headers.get("accept")
        )
        headers = (
            ("Content-Type", content_type),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Vary", "Accept"),
            *problem.headers.items(),
            *CORS,
        )
        return Response(
            status=problem.status, headers=headers, body=b"" if request.method == "HEAD" else body
        )
