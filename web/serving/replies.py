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
from web.serving.clock import Clock
from web.serving.messages import Part
from web.serving.wire.arriving import Arrived, Refused
from web.serving.wire.sending import dated, head
from web.site.http import Request, Response
from web.site.metrics import OTHER, WIRE, Metrics
from web.site.mount import below, root_of
from web.site.problems import ProblemDetails
from web.sparql.endpoint import Endpoint, wants_page

_FIRST = b"HTTP/1.1 200 OK\r\n"  # of each answer that is kept
_ALWAYS = frozenset({"/health", "/metrics"})  # whoever watches the server must reach it
_CACHED = frozenset({"GET", "POST"})
_APART = frozenset({"if-none-match", "if-match", "if-modified-since", "range", "content-encoding"})


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
    """A response, the route that made it, the file that is its body; whether it is counted."""

    response: Response
    route: str
    file: Part | None = None
    counted: bool = False

    @property
    def size(self) -> int:
        """Bytes of its body."""
        return self.file.end - self.file.start if self.file else len(self.response.body)


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
        self._root = root_of(settings.base)
        self._cache = Cache(settings.cache_size << 20)
        self._clock = Clock()
        self._second = 0
        self._date = b""

    def repeated(self, data: bytes, sender: Sender) -> Reply | None:
        """The answer to a request of these very bytes, if it is kept."""
        kept = self._cache.repeated(data)
        return None if kept is None else self._again(kept, sender.peer)

    def refusal(self, refused: Refused, sender: Sender) -> Reply:
        """The answer to bytes that are no request."""
        problem = ProblemDetails.of(refused.slug, refused.detail)
        request = Request(method="GET", query="", headers={})
        made = Made(self._endpoint.problem(problem, request), WIRE)
        self._done(made, sender.peer, "", "", 0.0)
        return self._reply(made, keep=False)

    def answer(
        self, request: Arrived, data: bytes, sender: Sender, note: memoryview[float]
    ) -> Reply:
        """The answer to `request`, which `data` begins with. `note` is what the front sees."""
        start = self._clock.start()
        request = request._replace(path=below(request.path, self._root))
        client = self._clients.who(sender.peer, request.fields)
        account = self._accounts.find(client)
        refusal = self._accounts.refusal(account, start)
        note[CLIENT] = account  # only now, as the front counts what runs for it
        if refusal is not None and request.path not in _ALWAYS:
            made = Made(self._endpoint.problem(refusal, _plain(request)), WIRE)
            self._done(made, client, request.method, request.path, 0.0)
            return self._reply(made, keep=request.keep, version=request.version)
        key = _key(request)
        kept = self._cache.get(key) if key else None
        if kept is not None:
            if len(data) == request.length:
                self._cache.remember(data, key)
            return self._again(kept, client)
        made = self._made(request, client, note)
        reply = self._reply(made, keep=request.keep, version=request.version)
        seconds, used = self._clock.stop(start)
        self._accounts.charge(account, used, start + seconds)
        self._done(made, client, request.method, request.path, seconds)
        if key and made.file is None and self._lasts(reply, made.response):
            size = made.size
            if self._cache.wants(key, seconds, size):
                behind = reply.head[len(_FIRST) + len(self._date) :] + made.response.body[:]
                asked = {"method": request.method, "path": request.path, **made.response.log}
                self._cache.put(key, Kept(behind, size, made.route, asked))
                self._metrics.cached(self._cache.size)
        return reply

    def _again(self, kept: Kept, client: str) -> Reply:
        """What is kept, once more."""
        self._metrics.count(kept.route, 200, "hit", 0.0, kept.size)
        if self._log.kept:
            entry = {"client": client, **kept.asked, "status": 200, "bytes": kept.size, "ms": 0.0}
            self._log.entry(**{**entry, "cache": "hit"})
        return Reply(_FIRST + self._now() + kept.data)

    def _made(self, request: Arrived, client: str, note: memoryview[float]) -> Made:
        accept = request.fields.get("accept")
        page = accept is not None and "text/html" in accept

        def deadline(seconds: float) -> None:
            note[DEADLINE] = note[SINCE] + seconds

        if request.path == sparql.PATH:
            plain = _plain(request)
            if not (page and wants_page(plain)):
                return Made(self._endpoint.respond(plain, deadline), "sparql")
        note[PAGE] = page
        variables = wsgi.environ(request, client, self._server, self._root)
        variables["chancery.deadline"] = deadline
        answered = wsgi.ask(self._app, variables)
        log = variables["chancery.log"]
        response = Response(
            status=answered.status, headers=tuple(answered.headers), body=answered.body, log=log
        )
        return Made(response, log.get("route", OTHER), answered.file, counted=True)

    def _reply(self, made: Made, *, keep: bool, version: str = "1.1") -> Reply:
        response, file = made.response, made.file
        # RFC 9110 §8.6: a 304 could only say the length that a 200 would have.
        length = None if response.status == 304 else made.size
        line = head(response.status, response.headers, length, keep=keep, version=version)
        end = line.index(b"\n") + 1
        files = (file,) if file else ()
        return Reply(line[:end] + self._now() + line[end:], response.body, files, keep)

    def _lasts(self, reply: Reply, response: Response) -> bool:
        """Whether the answer is the same until the next release: it has a tag, may be stored, and
        does not expire before.
        """
        head, status = reply.head, response.status
        ends = b"no-store" in head or b"\nexpires: " in head
        return status == 200 and b"\netag: " in head and not ends

    def _now(self) -> bytes:
        """RFC 9110 §6.6.1: a server with a clock sends the date."""
        second = int(time.time())
        if second != self._second:
            self._second, self._date = second, dated(second)
        return self._date

    def _done(self, made: Made, client: str, method: str, path: str, seconds: float) -> None:
        """Count the response, and enter it in the log."""
        response = made.response
        if not made.counted:
            cache = "miss" if response.status == 200 else "none"
            self._metrics.count(
                made.route, response.status, cache, seconds, made.size, log=response.log
            )
        if self._log.kept:
            self._log.entry(
                client=client, method=method, path=path, status=response.status, bytes=made.size,
                ms=round(1000 * seconds, 2), **response.log,
            )  # fmt: skip


def _key(request: Arrived) -> Hashable:
    """All that an answer depends on but the release, of which the child has one alone; nothing for
    a request whose answer is not kept.
    """
    fields = request.fields
    plain = request.keep and request.version == "1.1"
    if not plain or request.method not in _CACHED or not _APART.isdisjoint(fields):
        return None
    get = fields.get
    sent = (get("content-type"), request.body) if request.method == "POST" else None
    spoken = None if request.path == sparql.PATH else get("accept-language")
    return request.path, request.query, get("accept"), get("accept-encoding"), spoken, sent


def _plain(request: Arrived) -> Request:
    return Request(
        method=request.method, query=request.query, headers=request.fields, body=request.body
    )
