"""The server's RSGI application: the endpoint by the short way, pages from workers beside the
store, all else through Flask in threads.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from flask import Flask
from granian.rsgi import Scope

from kg.model.settings import Settings
from kg.store import Answer, Cancel, QueryError, ServedGraph
from web import sparql
from web.serving import bridge, rendering
from web.serving.access import AccessLog
from web.site.cache import key_of
from web.site.http import Request, Response, conditional
from web.site.pages import Versioned
from web.site.problems import ProblemDetails
from web.sparql.endpoint import Endpoint, wants_page
from web.sparql.limits import TooMany

_CHUNK = 1 << 20
_HERE = 1 << 16  # bytes of an answer that the event loop itself may compress
_BODIES = frozenset({"POST", "PUT", "PATCH"})


class Front:
    """Answers from the cache in the event loop, has workers make what is not there, and runs the
    rest of `app` in `threads`.

    `largest` is the number of bytes that the body of a request may have.
    """

    def __init__(
        self, app: Flask, graph: ServedGraph, threads: Executor, log: AccessLog, largest: int
    ) -> None:
        settings: Settings = app.config["SETTINGS"]
        self._app = app
        self._endpoint: Endpoint = app.extensions["sparql"]
        self._pages = Versioned(app)
        self._graph = graph
        self._threads = threads
        self._log = log
        self._largest = largest
        self._patience = settings.request_timeout
        self._client_header = settings.client_header.lower()

    async def __call__(self, scope: Scope, protocol: bridge.Exchange) -> None:
        start = time.perf_counter()
        body = b""
        if scope.method in _BODIES:
            read = await self._read(scope, protocol)
            if isinstance(read, ProblemDetails):
                request = Request(method=scope.method, query="", headers=scope.headers)
                response = self._endpoint.problem(read, request)
                _send(protocol, response)
                return self._note(scope, start, response)
            body = read
        if scope.path == sparql.PATH:
            headers, query = scope.headers, scope.query_string
            kept = self._endpoint.cached(scope.method, query, headers, body)
            if kept is not None and len(kept.body) <= _CHUNK:
                _send(protocol, kept)
                return self._note(scope, start, kept)
            request = Request(
                method=scope.method,
                query=query,
                headers=headers,
                body=body,
                client=self._client(scope),
            )
            if kept is not None:
                response = await self._deliver(protocol, kept, request)
                return self._note(scope, start, response)
            if not wants_page(request):
                response = await self._query(request, protocol)
                return self._note(scope, start, response)
        elif (scope.method, scope.path) in self._pages:
            return self._note(scope, start, await self._page(scope, protocol))
        return self._note(scope, start, await self._flask(scope, protocol, body))

    async def _flask(
        self,
        scope: Scope,
        protocol: bridge.Exchange,
        body: bytes = b"",
        failure: Exception | None = None,
    ) -> Response:
        """Have a thread answer; what is known of the response, for the log."""
        status = await bridge.respond(
            self._app,
            scope,
            protocol,
            body,
            sender=self._client(scope),
            threads=self._threads,
            failure=failure,
        )
        return Response(status=status)

    async def _page(self, scope: Scope, protocol: bridge.Exchange) -> Response:
        """Answer a request for a page or for data; the response, for the log."""
        request = Request(
            method=scope.method,
            query=scope.query_string,
            headers=scope.headers,
            client=self._client(scope),
        )
        key = self._key(scope)
        kept = self._endpoint.cache.get(key)
        if kept is not None:
            response = conditional(kept, scope.method, scope.headers)
            return await self._deliver(protocol, response, request)
        wanted = rendering.request(scope, request.client)
        try:
            if self._graph.runs_program:
                with _watching(protocol, request.cancel) as watch:
                    reply = await self._graph.run(wanted, request.cancel, watch)
            else:
                reply = await asyncio.get_running_loop().run_in_executor(
                    self._threads, rendering.respond, self._app, wanted
                )
        except QueryError as error:
            return await self._flask(scope, protocol, failure=error)
        response = rendering.read(reply)
        if scope.method == "GET" and response.status == 200 and key == self._key(scope):
            self._endpoint.cache.put(key, response)
        return await self._deliver(protocol, response, request)

    def _key(self, scope: Scope) -> Hashable:
        return key_of(self._graph.release.id, scope.path, scope.query_string, scope.headers)

    async def _query(self, request: Request, protocol: bridge.Exchange) -> Response:
        """Answer the endpoint's request; the response, for the log."""
        pending = self._endpoint.prepare(request)
        if isinstance(pending, Response):
            _send(protocol, pending)
            return pending
        with _watching(protocol, request.cancel) as watch:
            outcome: Answer | QueryError
            try:
                outcome = await self._graph.answer_async(pending.query, request.cancel, watch)
            except QueryError as error:
                outcome = error
            if isinstance(outcome, Answer) and len(outcome.content) > _HERE:
                response = await asyncio.get_running_loop().run_in_executor(
                    self._threads, self._endpoint.finish, pending, outcome
                )
            else:
                response = self._endpoint.finish(pending, outcome)
            return await self._deliver(protocol, response, request)

    async def _deliver(
        self, protocol: bridge.Exchange, response: Response, request: Request
    ) -> Response:
        """Send `response`; what was sent, for the log.

        The server keeps in memory what a slow client has not taken yet. So a large answer counts
        among the queries of its client until it is taken.
        """
        if len(response.body) <= _CHUNK:
            _send(protocol, response)
            return response
        try:
            with self._endpoint.delivery(request.client):
                await _stream(protocol, response, request.cancel)
                await protocol.client_disconnect()  # which is also the end of the response
        except TooMany as refusal:
            response = self._endpoint.problem(refusal.problem, request)
            _send(protocol, response)
        return response

    async def _read(self, scope: Scope, protocol: bridge.Exchange) -> bytes | ProblemDetails:
        """The body; a problem where it is too large or too slow, and then it is read no further."""
        announced = scope.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > self._largest:
            return self._too_large()
        parts, size = [], 0
        try:
            async with asyncio.timeout(self._patience):
                async for part in protocol:
                    parts.append(part)
                    size += len(part)
                    if size > self._largest:
                        return self._too_large()
        except TimeoutError:
            return ProblemDetails.of(
                "request-timeout", f"The body did not arrive within {self._patience:g} s."
            )
        return b"".join(parts)

    def _too_large(self) -> ProblemDetails:
        return ProblemDetails.of(
            "request-too-large",
            f"The body has more than {self._largest} bytes, which is the limit here.",
        )

    def _client(self, scope: Scope) -> str:
        return bridge.client(scope, self._client_header)

    def _note(self, scope: Scope, start: float, response: Response) -> None:
        if not self._log.kept:  # what follows costs as much as an answer from the cache
            return
        self._log.add(
            {
                "client": self._client(scope),
                "method": scope.method,
                "path": scope.path,
                "status": response.status,
                "bytes": len(response.body),
                "ms": round(1000 * (time.perf_counter() - start), 2),
                **response.log,
            }
        )


@contextmanager
def _watching(protocol: bridge.Exchange, cancel: Cancel) -> Iterator[Callable[[], object]]:
    """Gives what to call when an answer takes long: only then is its client worth watching."""
    watches: list[asyncio.Future[None]] = []
    try:
        yield lambda: watches.append(bridge.watch(protocol, cancel))
    finally:
        for each in watches:
            each.cancel()


def _send(protocol: bridge.Exchange, response: Response) -> None:
    protocol.response_bytes(response.status, list(response.headers), response.body[:])


async def _stream(protocol: bridge.Exchange, response: Response, cancel: Cancel) -> None:
    """Send a large body in parts, so that it need not be copied as a whole."""
    stream = protocol.response_stream(response.status, list(response.headers))
    for start in range(0, len(response.body), _CHUNK):
        if cancel.cancelled:
            return
        await stream.send_bytes(response.body[start : start + _CHUNK])
