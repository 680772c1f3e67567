"""What a child answers: from its cache, from the endpoint, or from the Flask app.

The endpoint is the one that Flask's view asks, too; here it is asked without Flask around it.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from mmap import mmap
from typing import NamedTuple, Protocol

from flask import Flask

from kg.model.settings import Settings
from web import sparql
from web.serving import wsgi
from web.serving.access import AccessLog
from web.serving.accounts import Accounts
from web.serving.board import CLIENT, DEADLINE, PAGE, SINCE
from web.serving.cache import Cache, Kept
from web.serving.clients import Clients
from web.serving.messages import Part
from web.serving.wire.arriving import Arrived, Refused
from web.serving.wire.sending import dated, head
from web.site.http import Request, Response, conditional
from web.site.metrics import OTHER, WIRE, Metrics
from web.site.problems import ProblemDetails
from web.sparql.endpoint import Endpoint, wants_page

_FIRST = b"HTTP/1.1 200 OK\r\n"  # of each answer that is kept
_ALWAYS = frozenset({"/health", "/metrics"})  # whoever watches the server must reach it
_CACHED = frozenset({"GET", "POST"})


class Sender(Protocol):
    """Where a request comes from."""

    peer: str


class Reply(NamedTuple):
    """Bytes to send: a head, a body or a file in its place; whether the connection persists."""

    head: bytes
    body: bytes | mmap = b""
    files: tuple[Part, ...] = ()
    keep: bool = True


class Made(NamedTuple):
    """A response, the route that made it, the file that is its body, and `hit` if it was kept.

    `counted`: the app has counted it.
    """

    response: Response
    route: str
    file: Part | None = None
    cache: str = "none"
    counted: bool = False


class Replies:
    """Answers requests with `app`, for the clients that have not used up what they may.

    `server` is the address that it listens on.
    """

    def __init__(
        self,
        app: Flask,
        *,
        settings: Settings,
        accounts: Accounts,
        metrics: Metrics,
        log: AccessLog,
        server: tuple[str, int],
    ) -> None:
        self._app = app
        self._endpoint: Endpoint = app.extensions["sparql"]
        self._metrics = metrics
        self._accounts = accounts
        self._clients = Clients(settings)
        self._log = log
        self._server = server
        self._cache = Cache(settings.cache_size << 20)
        self._second = 0
        self._date = b""

    def repeated(self, data: bytes, sender: Sender) -> Reply | None:
        """The answer to a request of these very bytes, if it is kept."""
        kept = self._cache.repeated(data)
        if kept is None:
            return None
        made = Made(kept.response, kept.route, None, "hit")
        self._count(made, 0.0)
        if self._log.kept:
            self._enter(sender.peer, kept.method, kept.path, made, 0.0)
        return Reply(self._head(_FIRST, kept.data))

    def refusal(self, refused: Refused, sender: Sender) -> Reply:
        """The answer to bytes that are no request."""
        problem = ProblemDetails.of(refused.slug, refused.detail)
        request = Request(method="GET", query="", headers={})
        made = Made(self._endpoint.problem(problem, request), WIRE)
        self._count(made, 0.0)
        self._enter(sender.peer, "", "", made, 0.0)
        return self._reply(made, keep=False)

    def answer(
        self, request: Arrived, data: bytes, sender: Sender, note: memoryview[float]
    ) -> Reply:
        """The answer to `request`, which `data` begins with. `note` is what the front sees."""
        start, used = time.monotonic(), time.thread_time()
        client, account = self._account(request, sender)
        note[CLIENT] = account
        refusal = self._accounts.refusal(account, start)
        if refusal is not None and request.path not in _ALWAYS:
            made = Made(self._endpoint.problem(refusal, _plain(request)), WIRE)
            reply = self._reply(made, keep=request.keep, version=request.version)
        else:
            made, reply = self._found(request, data, client, note)
        seconds = time.monotonic() - start
        self._accounts.charge(account, time.thread_time() - used, start + seconds)
        self._count(made, seconds)
        self._enter(client, request.method, request.path, made, seconds)
        return reply

    def _found(
        self, request: Arrived, data: bytes, client: str, note: memoryview[float]
    ) -> tuple[Made, Reply]:
        """What is kept for the request, or is made for it, and kept where it lasts."""
        key = _key(request)
        kept = self._cache.get(key)
        if kept is not None:
            response = conditional(kept.response, request.method, request.fields)
            made = Made(response, kept.route, None, "hit")
        else:
            made = self._made(request, client, note)
        reply = self._reply(made, keep=request.keep, version=request.version)
        plain = request.keep and request.version == "1.1" and request.method in _CACHED
        if plain and made.response.status == 200:
            if kept is None and made.file is None and _lasts(made.response):
                behind = reply.head[len(_FIRST) + len(self._date) :] + made.response.body[:]
                kept = Kept(made.response, behind, made.route, request.method, request.path)
                kept = kept if self._cache.put(key, kept) else None
                self._metrics.cached(self._cache.size)
            if kept is not None and len(data) == request.length:
                self._cache.remember(data, key)
        return made, reply

    def _made(self, request: Arrived, client: str, note: memoryview[float]) -> Made:
        accept = request.fields.get("accept")
        note[PAGE] = accept is not None and "text/html" in accept

        def deadline(seconds: float) -> None:
            note[DEADLINE] = note[SINCE] + seconds

        if request.path == sparql.PATH:
            plain = _plain(request)
            if not wants_page(plain):
                return Made(self._endpoint.respond(plain, deadline), "sparql", None, "miss")
        variables = wsgi.environ(request, client, self._server)
        variables["chancery.deadline"] = deadline
        answered = wsgi.ask(self._app, variables)
        log = variables["chancery.log"]
        response = Response(
            status=answered.status, headers=tuple(answered.headers), body=answered.body, log=log
        )
        return Made(response, log.get("route", OTHER), answered.file, "miss", counted=True)

    def _reply(self, made: Made, *, keep: bool, version: str = "1.1") -> Reply:
        response, file = made.response, made.file
        length = file.end - file.start if file else len(response.body)
        line = head(response.status, response.headers, length, keep=keep, version=version)
        end = line.index(b"\n") + 1
        return Reply(
            self._head(line[:end], line[end:]), response.body, (file,) if file else (), keep
        )

    def _head(self, first: bytes, rest: bytes) -> bytes:
        """RFC 9110 §6.6.1: a server with a clock sends the date."""
        second = int(time.time())
        if second != self._second:
            self._second, self._date = second, dated(second)
        return first + self._date + rest

    def _account(self, request: Arrived, sender: Sender) -> tuple[str, int]:
        """The client of the request, and its account."""
        client = self._clients.who(sender.peer, request.fields)
        return client, self._accounts.find(client)

    def _count(self, made: Made, seconds: float) -> None:
        if made.counted:
            return
        size = made.file.end - made.file.start if made.file else len(made.response.body)
        response = made.response
        self._metrics.count(
            made.route, response.status, made.cache, seconds, size, log=response.log
        )

    def _enter(self, client: str, method: str, path: str, made: Made, seconds: float) -> None:
        if self._log.kept:
            self._log.entry(
                client=client,
                method=method,
                path=path,
                status=made.response.status,
                bytes=len(made.response.body),
                ms=round(1000 * seconds, 2),
                **made.response.log,
                **({"cache": "hit"} if made.cache == "hit" else {}),
            )


def _key(request: Arrived) -> Hashable:
    """All that an answer depends on but the release, of which the child has one alone."""
    get = request.fields.get
    sent = (get("content-type"), request.body) if request.method == "POST" else None
    method = "GET" if request.method == "HEAD" else request.method
    return (
        method, request.path, request.query,
        get("accept"), get("accept-encoding"), get("range"), sent,
    )  # fmt: skip


def _plain(request: Arrived) -> Request:
    return Request(
        method=request.method, query=request.query, headers=request.fields, body=request.body
    )


def _lasts(response: Response) -> bool:
    """Whether the answer is the same until the next release: it has a tag, and may be stored."""
    named = dict(response.headers)
    return "ETag" in named and "no-store" not in named.get("Cache-Control", "")
